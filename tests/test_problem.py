"""Problems: what they say of themselves, and their conversions between arithmetics."""

from __future__ import annotations

import numpy as np
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from solvers import Enclosure, Problem
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
