"""Problems: what they say of themselves, and their conversions between arithmetics."""

from __future__ import annotations

import numpy as np
from every_path import stacked
from flint import fmpq
from hypothesis import example, given
from hypothesis import strategies as st

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
