"""Verdicts: what holds, what fails, what stays undecided, and which arithmetic said so."""

from math import isqrt

import numpy as np
import pytest
from flint import arb, ctx, fmpq

from solvers import Problem, end_to_end, frobenius_squared
from solvers.arithmetic import Comparison, Outcome, Verdict, compare, decide, decide_all, settle, square_root
from solvers.arithmetic.verdict import PRECISIONS

RELATIONS = ("<=", "<", ">=", ">", "==")
FLOATS, EXACT = "float64 with a rounding bound", "rationals with balls of {} bits"


def scalar_problem(*weights, target):
    """A network of 1 x 1 layers."""
    return Problem(tuple(np.array([[weight]]) for weight in weights), np.array([[target]]), 0.5)


@pytest.mark.parametrize("of", [fmpq, arb], ids=["fmpq", "arb"])
@pytest.mark.parametrize(("left", "right", "true"), [(1, 2, "<= <"), (2, 2, "<= >= =="), (2, 1, ">= >")])
@pytest.mark.parametrize("relation", RELATIONS)
def test_exact_numbers_are_always_decided(of, left, right, true, relation):
    """Rationals, and balls of radius zero: each relation holds or fails as it does for integers."""
    verdict = compare(Comparison(of(left), relation, of(right), "two whole numbers"))
    assert verdict.outcome is (Outcome.HOLDS if relation in true.split() else Outcome.FAILS)
    assert (verdict.holds, verdict.fails) == (relation in true.split(), relation not in true.split())
    assert (verdict.left, verdict.right) == (left, right)


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("sides", [(arb(1, 0.5), fmpq(1)), (fmpq(1), arb(1, 0.5)), (arb(1, 0.5), arb(1.25, 0.5))])
def test_overlapping_balls_are_undecided(sides, relation):
    """Neither holds nor fails, for every relation."""
    verdict = compare(Comparison(sides[0], relation, sides[1], "overlap"))
    assert verdict.outcome is Outcome.UNDECIDED
    assert not verdict.holds
    assert not verdict.fails


@pytest.mark.parametrize(
    ("relation", "outcome"), [*zip(RELATIONS, ["holds", "holds", "fails", "fails", "fails"], strict=True)]
)
def test_separate_balls_are_decided(relation, outcome):
    """[0.5, 1.5] against [2.5, 3.5]."""
    assert compare(Comparison(arb(1, 0.5), relation, arb(3, 0.5), "separate")).outcome.value == outcome


BALL = arb(1, 0.5)
BELOW = dict(zip(RELATIONS, ["holds", "undecided", "undecided", "fails", "undecided"], strict=True))
"""Of a ball and its upper end, or of its lower end and it: <= is certain, > is not true, the rest is not known."""
ABOVE = dict(zip(RELATIONS, ["undecided", "fails", "holds", "undecided", "undecided"], strict=True))


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize(
    ("left", "right", "outcomes"),
    [
        (BALL, BALL.upper(), BELOW),
        (BALL.lower(), BALL, BELOW),
        (BALL.upper(), BALL, ABOVE),
        (BALL, BALL.lower(), ABOVE),
    ],
)
def test_a_ball_and_its_end_decide_only_what_the_common_point_leaves(left, right, outcomes, relation):
    """The ends are exact numbers, so that the two have one point in common and no more."""
    assert (BALL.upper() - BALL.mid() == BALL.rad()) is (BALL.mid() - BALL.lower() == BALL.rad()) is True
    assert compare(Comparison(left, relation, right, "touching")).outcome.value == outcomes[relation]


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("other", [fmpq(1), arb(1), arb.nan()], ids=["fmpq", "arb", "nan"])
def test_nan_is_undecided_on_either_side(relation, other):
    """What could be anything decides nothing."""
    for left, right in ((arb.nan(), other), (other, arb.nan())):
        assert compare(Comparison(left, relation, right, "nan")).outcome is Outcome.UNDECIDED


@pytest.mark.parametrize("outcome", Outcome)
def test_no_verdict_has_a_truth_value(outcome):
    """``assert verdict`` is an error, whatever the outcome."""
    verdict = Verdict(outcome, 0.0, "<=", 1.0, "s", "a")
    with pytest.raises(TypeError, match=r"assert verdict\.holds or verdict\.fails"):
        bool(verdict)


@pytest.mark.parametrize("float_side", [1.0, np.float64(1), 1, True])
def test_floats_and_integers_decide_nothing(float_side):
    """TypeError names the sentence and the type, on either side."""
    for left, right in ((float_side, fmpq(1)), (arb(1), float_side)):
        with pytest.raises(TypeError, match=f"some sentence: a side is a {type(float_side).__name__}; expected"):
            compare(Comparison(left, "<=", right, "some sentence"))


def test_a_verdict_prints_its_sentence_numbers_relation_outcome_and_arithmetic():
    """All that a failed assertion needs to show."""
    verdict = compare(Comparison(fmpq(1, 2), ">", fmpq(3, 4), "half exceeds three quarters"), "by hand")
    assert str(verdict) == "half exceeds three quarters: 0.5 > 0.75 fails (by hand)"


def test_numbers_beyond_float64_are_decided_and_shown_as_infinite():
    """10^400 has no float64; the verdict on it is as certain as any."""
    verdict = compare(Comparison(fmpq(10**400), "<=", fmpq(10**400 + 1), "large"))
    assert verdict.holds
    assert verdict.left == float("inf")


def squared_distance(relation, right):
    """||W - Phi||_F^2 against a rational."""

    def statement(posed):
        value = frobenius_squared(end_to_end(posed.weights) - posed.target)
        return Comparison(value, relation, fmpq(right), "squared distance")

    return statement


@pytest.mark.parametrize(("relation", "outcome"), [("<", "fails"), (">", "holds"), (">=", "holds"), ("==", "fails")])
def test_floats_decide_what_lies_outside_their_rounding(relation, outcome):
    """2 * 3 - 1 = 5, 25 against 24."""
    verdict = decide(squared_distance(relation, 24), scalar_problem(2.0, 3.0, target=1.0))
    assert (verdict.outcome.value, verdict.arithmetic) == (outcome, FLOATS)


@pytest.mark.parametrize(("relation", "outcome"), [("<", "fails"), (">", "holds"), ("==", "fails"), ("<=", "fails")])
def test_a_difference_below_rounding_is_decided_in_rationals(relation, outcome):
    """(1 + 2^-30)(1 - 2^-30) is 1 in float64 and 1 - 2^-60 in truth, so its distance from 1 is 2^-60 and not 0."""
    problem = scalar_problem(1 + 2.0**-30, 1 - 2.0**-30, target=1.0)
    assert (problem.weights[0] @ problem.weights[1]).item() == 1.0
    verdict = decide(squared_distance(relation, 0), problem)
    assert (verdict.outcome.value, verdict.arithmetic) == (outcome, EXACT.format(64))
    assert verdict.left == 2.0**-120


def test_equality_is_decided_in_rationals():
    """5^2 = 25 needs an exact rung: a float bound never proves an equality."""
    verdict = decide(squared_distance("==", 25), scalar_problem(2.0, 3.0, target=1.0))
    assert verdict.holds
    assert verdict.arithmetic == EXACT.format(64)


@pytest.mark.parametrize(("digits", "bits"), [(5, 64), (40, 256), (200, 1024), (700, 4096)])
def test_precision_grows_until_roots_are_told_apart(digits, bits):
    """sqrt(2) against its first decimals, cut off: decided where the ball is thinner than what is missing."""
    scale = 10**digits
    below = fmpq(isqrt(2 * scale**2), scale)
    problem = scalar_problem(1.0, target=1.0).exact()
    verdict = decide(lambda posed: Comparison(square_root(fmpq(2)), ">", below, "root of two"), problem)
    assert verdict.holds
    assert verdict.arithmetic == EXACT.format(bits)


def test_an_equality_of_irrational_roots_is_decided_by_algebraic_numbers():
    """sqrt(2) sqrt(3) = sqrt(6) is true, and balls never prove it: <= holds, < fails."""
    for relation in RELATIONS:

        def statement(posed, relation=relation):
            return Comparison(square_root(fmpq(2)) * square_root(fmpq(3)), relation, square_root(fmpq(6)), "roots")

        verdict = decide(statement, scalar_problem(1.0, target=1.0))
        assert verdict.outcome is (Outcome.HOLDS if "=" in relation else Outcome.FAILS)
        assert verdict.arithmetic == "algebraic numbers"


@pytest.mark.parametrize("side", [lambda: arb(2).log() + arb(3).log(), lambda: arb(square_root(fmpq(2))).log() * 2])
def test_an_equality_of_logarithms_stays_undecided_beyond_the_last_precision(side):
    """log 2 + log 3 = log 6 and 2 log sqrt(2) = log 2: of no algebraic numbers, and balls have had the last word."""
    whole = arb(6).log() if side() > 1 else arb(2).log()
    verdict = settle(lambda: Comparison(side(), "==", whole, "logarithms"))
    assert verdict.outcome is Outcome.UNDECIDED
    assert verdict.arithmetic == EXACT.format(PRECISIONS[-1])


def test_exact_problems_never_meet_floats():
    """The first rung of a problem of rationals is rationals."""
    seen = []

    def statement(posed):
        seen.append(type(posed.target.flat[0]))
        return Comparison(frobenius_squared(posed.target), ">=", fmpq(0), "norm")

    assert decide(statement, scalar_problem(1.0, target=1.0).exact()).holds
    assert seen == [fmpq]


def test_rungs_are_tried_in_order_and_no_further_than_needed():
    """Floats at 64 bits, then each precision, while the answer is undecided."""
    seen = []

    def statement(posed):
        seen.append(ctx.prec)
        return Comparison(arb(0) if len(seen) == 4 else arb.nan(), "<=", fmpq(0), "late")

    assert decide(statement, scalar_problem(1.0, target=1.0)).holds
    assert seen == [64, 64, 256, 1024]


@pytest.mark.parametrize("precision", [53, 113])
def test_the_precision_of_balls_is_what_it_was_before(precision):
    """After a decision, after an undecided statement, and after an exception on any rung."""
    problem = scalar_problem(1.0, target=1.0)
    before, ctx.prec = ctx.prec, precision
    try:
        assert decide(squared_distance("==", 0), problem).holds
        assert ctx.prec == precision
        decide(lambda posed: Comparison(arb.nan(), "<=", fmpq(0), "never"), problem)
        assert ctx.prec == precision
        for rung in (1, 3):
            with pytest.raises(RuntimeError, match="on rung"):
                decide(raising_on(rung), problem)
            assert ctx.prec == precision
    finally:
        ctx.prec = before


def raising_on(rung):
    """A statement that is undecided until it raises."""
    calls = []

    def statement(posed):
        calls.append(posed)
        if len(calls) == rung:
            raise RuntimeError(f"on rung {rung}")
        return Comparison(arb.nan(), "<=", fmpq(0), "never")

    return statement


def test_statements_decided_together_keep_the_arithmetic_that_decided_each():
    """One by floats, one by rationals, one never; a verdict once decided is not asked for again."""

    def statements(posed):
        value = frobenius_squared(end_to_end(posed.weights) - posed.target)
        return [
            Comparison(value, "<", fmpq(26), "outside rounding"),
            Comparison(value, "==", fmpq(25), "an equality"),
            Comparison(arb.nan(), "<", fmpq(25), "never"),
        ]

    verdicts = decide_all(statements, scalar_problem(2.0, 3.0, target=1.0))
    assert [verdict.outcome for verdict in verdicts] == [Outcome.HOLDS, Outcome.HOLDS, Outcome.UNDECIDED]
    assert [verdict.arithmetic for verdict in verdicts] == [FLOATS, EXACT.format(64), EXACT.format(PRECISIONS[-1])]


def test_numbers_without_a_problem_are_settled_at_growing_precision():
    """sqrt(2) against 40 of its decimals, recomputed at 256 bits."""
    below = fmpq(isqrt(2 * 10**80), 10**40)
    verdict = settle(lambda: Comparison(square_root(fmpq(2)), ">", below, "root of two"))
    assert verdict.holds
    assert verdict.arithmetic == EXACT.format(256)


def test_overflow_in_the_float_rung_is_decided_in_rationals():
    """1e200^2 is no float64, and no warning either."""
    verdict = decide(squared_distance(">", 0), scalar_problem(1e200, 1e200, target=1.0))
    assert verdict.holds
    assert verdict.arithmetic == EXACT.format(64)
