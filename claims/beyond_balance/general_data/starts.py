"""Starts of rationals for the controls, and the conclusions of a step that each of them breaks."""

from collections.abc import Sequence
from typing import Any

from flint import fmpq

from solvers.arithmetic import Comparison, exact, lower_float, rational
from solvers.guarantees.general_data import Balance, excess, extreme_eigenvalues, learning_rate_limit
from solvers.network import Problem

ONE = fmpq(1)


def start(layers: Sequence[Any], target: Any, rate: Any, covariance: Any) -> Problem:
    """A problem of rationals: numbers, or matrices as lists."""
    weights = tuple(map(_matrix, layers))
    return Problem(weights, _matrix(target), rational(rate), covariance=_matrix(covariance))


def _matrix(value: Any) -> Any:
    return exact(value if isinstance(value, list) else [[value]])


def limit(depth: int, margin: fmpq, norm: fmpq, covariance: Any, balance: Balance) -> fmpq:
    """The largest learning rate, rounded down to a float64 number."""
    most = extreme_eigenvalues(_matrix(covariance))[1]
    return rational(lower_float(learning_rate_limit(depth, margin, norm, most, balance)))


def rises(problem: Problem) -> Comparison:
    """E(1) > E(0)."""
    after, before = (excess(each) for each in (problem.step(), problem))
    return Comparison(after, ">", before, "E after a step against E before")
