"""Threads whose float64 rounds otherwise, or has no subnormal numbers: there floats decide nothing, and say so."""

from __future__ import annotations

import re
import threading

import numpy as np
import pytest
from flint import arb, fmpq
from float_modes import FLUSHED, MODES, in_mode, set_mode

from claims.conformance.laws.iterates import OwnStep
from solvers import Enclosure, Problem, end_to_end, gradient_descent
from solvers.arithmetic import Comparison, Interval, decide, enclosure, lower_float, rational, rounding, upper_float
from solvers.arithmetic import verdict as verdicts
from solvers.arithmetic.rounding import TINY, UNIT, check_floats, floats_decide, keeps_subnormals, rounds_to_nearest

SMALL = Problem((np.array([[2.0**-515]]), np.array([[2.0**-515]])), np.array([[0.0]]), 0.5)
"""W = 2^-1030, below the normal numbers."""
THIRDS = Problem((np.array([[1 / 3]]), np.array([[1 / 7]])), np.array([[0.0]]), 0.5)


def is_positive(posed):
    """W > 0."""
    return Comparison(end_to_end(posed.weights)[0, 0], ">", fmpq(0), "W is positive")


def is_the_product(posed):
    """W >= w_2 w_1 as float64 has it: false, since that is rounded up."""
    return Comparison(end_to_end(posed.weights)[0, 0], ">=", rational(1 / 3 * (1 / 7)), "W is at least its rounding")


def sentence(mode: str) -> str:
    fault = "takes subnormal numbers for zeros" if mode in FLUSHED else "does not round to nearest"
    return f"float64 is refused: this thread {fault}"


def test_floats_decide_here():
    """In a thread as it is started."""
    assert floats_decide()
    check_floats()
    verdict = decide(is_positive, SMALL)
    assert (verdict.holds, verdict.arithmetic) == (True, "float64 with a rounding bound")


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_is_noticed_and_named(mode):
    """Flushed results alone, flushed operands alone, and each direction of rounding."""
    found = in_mode(mode, lambda: (floats_decide(), rounds_to_nearest(), keeps_subnormals()))
    assert found == (False, mode in FLUSHED, mode not in FLUSHED)
    with pytest.raises(FloatingPointError, match=f"{sentence(mode)}; expected IEEE 754's arithmetic"):
        in_mode(mode, check_floats)


@pytest.mark.parametrize("mode", MODES)
def test_rationals_decide_in_place_of_floats_and_say_why(mode):
    """2^-515 * 2^-515 > 0 is true, and a product that is rounded up is above the true one, in every mode."""
    for statement, problem, holds in ((is_positive, SMALL, True), (is_the_product, THIRDS, False)):
        found = in_mode(mode, lambda statement=statement, problem=problem: decide(statement, problem))
        assert found.holds is holds
        assert found.arithmetic == f"rationals with balls of 64 bits; {sentence(mode)}"


@pytest.mark.parametrize("mode", [mode for mode in FLUSHED if mode != "subnormal operands flushed"])
def test_without_the_refusal_a_true_statement_fails(mode, monkeypatch):
    """What it is for: the bound of 4 smallest subnormals is flushed with the product that it bounds."""
    monkeypatch.setattr(verdicts, "floats_decide", lambda: True)
    monkeypatch.setattr(enclosure, "check_floats", lambda: None)
    found = in_mode(mode, lambda: decide(is_positive, SMALL))
    assert (found.fails, found.arithmetic) == (True, "float64 with a rounding bound")


def test_the_mode_is_of_a_thread_and_its_threads():
    """While one flushes, this one does not; a thread that it starts does."""
    seen = {}

    def elder():
        set_mode("both flushed")
        younger = threading.Thread(target=lambda: seen.update(younger=floats_decide()))
        younger.start()
        younger.join()
        seen["elder"] = floats_decide()
        ready.set()
        go_on.wait(10)

    ready, go_on = threading.Event(), threading.Event()
    thread = threading.Thread(target=elder)
    thread.start()
    assert ready.wait(10)
    seen["here"] = floats_decide()
    go_on.set()
    thread.join()
    assert seen == {"elder": False, "younger": False, "here": True}


def test_exact_problems_are_decided_as_ever():
    """There floats would not decide, and nothing is refused."""
    found = in_mode("both flushed", lambda: decide(is_positive, SMALL_EXACTLY))
    assert (found.holds, found.arithmetic) == (True, "rationals with balls of 64 bits")


SMALL_EXACTLY = SMALL.exact()
ONE, PAIR = Enclosure.of(np.eye(2)), Interval.of(np.ones(2))
OPERATIONS = {
    "a sum": lambda: ONE + ONE,
    "a difference": lambda: ONE - ONE,
    "a multiple": lambda: 2.0 * ONE,
    "a product": lambda: ONE @ ONE,
    "a norm": ONE.frobenius_squared,
    "an inner product": lambda: ONE.inner(ONE),
    "an entry": lambda: ONE[0, 0],
    "the entries": ONE.entries,
    "an interval": lambda: Interval.of(1.0),
    "a sum of intervals": lambda: PAIR + PAIR,
    "a product of intervals": lambda: PAIR * PAIR,
    "a quotient of intervals": lambda: PAIR / PAIR,
    "a root of an interval": lambda: PAIR.root(2),
    "a certified run": lambda: gradient_descent(THIRDS, steps=3, certify=True),
    "a bound above": lambda: upper_float(fmpq(1, 10**320)),
    "a bound below": lambda: lower_float(fmpq(-1, 10**320)),
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_carries_a_bound_refuses(operation):
    """Each alone, with the sentence; where it is asked for without deciding anything, too."""
    OPERATIONS[operation]()
    with pytest.raises(FloatingPointError, match=re.escape(sentence("both flushed"))):
        in_mode("both flushed", OPERATIONS[operation])


def test_what_carries_no_bound_goes_on():
    """A run that nobody certifies, and products that are only proposed."""
    assert in_mode("both flushed", lambda: gradient_descent(THIRDS, steps=3)).steps == 3


@pytest.mark.parametrize("number", [TINY, -TINY, 2.0**-1023, np.float64(3 * TINY)])
def test_a_subnormal_number_is_exactly_its_rational_or_refused(number):
    """Never zero, whatever this thread takes it for."""
    expected, read = rational(number), set()
    for mode in MODES:
        try:
            assert in_mode(mode, lambda: rational(number)) == expected
            read.add(mode)
        except FloatingPointError:
            continue
    assert read >= MODES.keys() - FLUSHED


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("zero", [0.0, -0.0, np.float64(0), 0, False])
def test_zero_is_zero(mode, zero):
    """In every mode."""
    assert in_mode(mode, lambda: rational(zero)) == 0


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("number", [fmpq(1, 3), fmpq(-1, 3), fmpq(0), fmpq(10**40, 3), arb(2).sqrt()])
def test_float_bounds_enclose_in_every_mode(mode, number):
    """Of normal numbers, and of zero."""
    low, high = in_mode(mode, lambda: (lower_float(number), upper_float(number)))
    assert arb(rational(low)) <= number <= arb(rational(high))


@pytest.mark.parametrize("mode", MODES)
def test_the_constants_are_the_same_wherever_they_are_compiled(mode):
    """The file, compiled and run in a thread of the mode: what is folded there would be kept in its bytecode."""
    with open(rounding.__file__, encoding="utf-8") as file:
        text = file.read()

    def names():
        found = {"__name__": "rounding"}
        exec(compile(text, rounding.__file__, "exec"), found)
        return found

    found = in_mode(mode, names)
    assert (
        (found["TINY"].hex(), found["UNIT"].hex())
        == (TINY.hex(), UNIT.hex())
        == ("0x0.0000000000001p-1022", "0x1.0000000000000p-53")
    )


def test_a_trainers_step_is_decided_in_rationals():
    """Conformance's own ladder has the same first rung."""
    step = OwnStep(SMALL, 1, SMALL, rational(1 / 2), SMALL.weights, tuple(0 * layer for layer in SMALL.weights))
    assert step.decide(is_positive).arithmetic == "float64 with a rounding bound"
    found = in_mode("both flushed", lambda: step.decide(is_positive))
    assert (found.holds, found.arithmetic) == (True, "exact rationals and balls")
