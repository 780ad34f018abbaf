"""Problems: what they say of themselves, and their conversions between arithmetics."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import pytest
import sympy
from every_path import stacked
from flint import arb, fmpq
from hypothesis import example, given
from hypothesis import strategies as st
from jax_oracle import jax

from solvers import Enclosure, Problem, gradient_step
from strategies import dimensions, problems


@given(dimensions().flatmap(lambda widths: st.tuples(st.just(widths), problems(dimensions=st.just(widths)))))
def test_depth_and_dimensions(drawn):
    """(d_0, ..., d_N), input side first."""
    widths, problem = drawn
    assert problem.dimensions == widths
    assert problem.depth == len(widths) - 1


@given(problems())
def test_exact_and_back_is_the_same_problem(problem):
    """Rationals hold every float64 number."""
    rationals = problem.exact()
    assert isinstance(rationals.learning_rate, fmpq)
    assert all(isinstance(entry, fmpq) for entry in rationals.target.flat)
    back = rationals.nearest()
    assert all(map(np.array_equal, back.weights, problem.weights))
    assert np.array_equal(back.target, problem.target)
    assert back.learning_rate == problem.learning_rate


@given(problems())
def test_an_enclosed_problem_has_no_radius(problem):
    """A float64 problem is exactly itself."""
    for enclosure, matrix in zip(
        (*problem.enclosed().weights, problem.enclosed().target),
        (*problem.weights, problem.target),
        strict=True,
    ):
        assert isinstance(enclosure, Enclosure)
        assert np.array_equal(enclosure.value, matrix)
        assert not enclosure.radius.any()


def test_nearest_rounds_a_rational_problem():
    """1/3 becomes the float64 nearest to it, learning rate included."""
    third = np.array([[fmpq(1, 3)]], dtype=object)
    found = Problem((third,), third, fmpq(1, 3)).nearest()
    assert found.weights[0].tolist() == [[1 / 3]]
    assert (found.target.tolist(), found.learning_rate) == ([[1 / 3]], 1 / 3)
    assert found.weights[0].dtype == np.float64


def batches(**widths):
    """Problems of one shape, each with a learning rate of its own."""
    one_shape = dimensions(**widths).map(lambda shape: problems(dimensions=st.just(shape)))
    return one_shape.flatmap(lambda each: st.lists(each, min_size=1, max_size=3))


@given(batches())
def test_a_stack_has_the_depth_and_dimensions_of_its_networks(batch):
    """Leading axes count for neither, whether the target has one or not."""
    stack = stacked(batch)
    for target in (stack.target, batch[0].target):
        shared = Problem(stack.weights, target, 0.5)
        assert shared.dimensions == batch[0].dimensions
        assert shared.depth == batch[0].depth


@given(batches(max_depth=4))
@example([Problem((np.eye(1),), np.zeros((1, 1)), rate) for rate in (0.25, 0.5, 4.0)])
@example([Problem((np.eye(3),) * 2, np.zeros((3, 3)), rate) for rate in (0.25, 0.5, 4.0)])
def test_a_step_of_a_stack_is_one_of_each_network_at_its_own_learning_rate(batch):
    """An array of learning rates goes by network, also where their number is that of the columns: up to depth 4 a step
    of a dyadic network is exact, alone as in company."""
    stack = stacked(batch)
    after = stack.step()
    for k, problem in enumerate(batch):
        expected = gradient_step(problem.weights, problem.target, problem.learning_rate)
        assert all(np.array_equal(found[k], matrix) for found, matrix in zip(after.weights, expected, strict=True))
    assert np.array_equal(after.learning_rate, stack.learning_rate)
    assert np.array_equal(after.target, stack.target)


ONE = np.eye(2)
NAN = np.array([[1.0, np.nan], [0.0, 1.0]])
INFINITE = np.array([[-np.inf, 1.0], [0.0, 1.0]])
RATE = "expected a finite number >= 0"

REFUSED = {
    "nan in a layer": (((ONE, NAN), ONE, 0.1), ValueError, "weights[1] has the entry nan at (0, 1); expected finite"),
    "infinity in a layer": (((ONE, INFINITE), ONE, 0.1), ValueError, "weights[1] has the entry -inf at (0, 0)"),
    "nan in a target": (((ONE,), NAN, 0.1), ValueError, "target has the entry nan at (0, 1); expected finite entries"),
    "nan in a stack": (((np.stack([ONE, NAN]),), ONE, 0.1), ValueError, "weights[0] has the entry nan at (1, 0, 1)"),
    "JAX's layer": (((ONE, jax.numpy.eye(2)), ONE, 0.1), TypeError, "expected a NumPy array (convert with np.asarray)"),
    "JAX's target": (((ONE,), jax.numpy.eye(2), 0.1), TypeError, "expected a NumPy array (convert with np.asarray)"),
    "a mask": (((np.ma.masked_array(ONE, ONE > 0),), ONE, 0.1), TypeError, "weights[0] is a masked array; expected"),
    "rates for one network": (((ONE,), ONE, np.array([0.1, 0.2])), TypeError, "learning_rate is array([0.1, 0.2])"),
    "a rate without axes": (((ONE,), ONE, np.array(0.1)), TypeError, f"learning_rate is array(0.1); {RATE}"),
    "a rate a network too few": (
        ((np.stack([ONE] * 3),), ONE, np.full(2, 0.1)),
        ValueError,
        "learning_rate has shape (2,) and dtype float64; expected a number, or float64 of shape (3,)",
    ),
    "a rate beyond float64": (((ONE,), ONE, 10**400), ValueError, "learning_rate is 10^400 or more, beyond the range"),
    "one below it": (((ONE,), ONE, -(10**400)), ValueError, "learning_rate is -10^400 or more, beyond the range"),
    **{
        f"{rate!r} for the rate": (((ONE,), ONE, rate), error, f"learning_rate is {rate!r}; {RATE}")
        for error, rates in ((TypeError, ("0.1", b"1", None, 1j, True, [0.1])), (ValueError, (np.inf, float("nan"))))
        for rate in rates
    },
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_problem_is_refused_at_the_door(case):
    """By name, and with what would be right; not by the solver that meets it later."""
    parts, error, sentence = REFUSED[case]
    with pytest.raises(error, match=re.escape(sentence)):
        Problem(*parts)


RATES = (0.0, -0.5, 1, np.float32(0.5), np.int64(1), Fraction(1, 3), fmpq(1, 3), -fmpq(1), arb(1), sympy.Symbol("eta"))


@pytest.mark.parametrize("rate", RATES, ids=repr)
def test_learning_rates_of_every_arithmetic_are_let_in(rate):
    """Theorems name what is wrong with a rate below zero; a problem may have one."""
    assert Problem((ONE,), ONE, rate).learning_rate is rate


@pytest.mark.parametrize("size", [1e200, np.finfo(float).max])
def test_large_numbers_are_let_in(size):
    """Their squares overflow, they do not."""
    assert Problem((size * ONE,), -size * ONE, 0.1).weights[0][0, 0] == size


def test_a_step_beyond_the_range_of_float64_is_told_and_not_refused():
    """What a step did is a result."""
    with np.errstate(over="ignore", invalid="ignore"):
        after = Problem((1e300 * ONE, 1e300 * ONE), ONE, 0.1).step()
    assert not np.isfinite(after.weights[0]).all()
    assert after.dimensions == (2, 2, 2)
