"""The bound and the thresholds of weight decay do not depend on units."""

import pytest
from flint import fmpq

from claims.stability.weight_decay.bound import lower_bound
from claims.suite import exact
from claims.suite.scaling import check_units, drawn_problem
from solvers.arithmetic import Comparison, Scalar
from solvers.guarantees.weight_decay import better_than_zero, existence
from solvers.network import Problem, decayed_loss, frobenius_squared, spectral_norm


def said(problem: Problem, margin: Scalar) -> list[Comparison]:
    """With lambda = ||W_1||_F^{2N-2} / 8, which has the units of a sharpness."""
    decay = frobenius_squared(problem.weights[0]) ** (problem.depth - 1) / 8
    norm = spectral_norm(problem.target)
    least = lower_bound(problem.weights, problem.target, decay)
    return [
        Comparison(decayed_loss(problem.weights, problem.target, decay), ">=", least, "F against its bound"),
        Comparison(decay, "<=", better_than_zero(norm, problem.depth), "lambda where zero is no minimum"),
        *([Comparison(decay, "<=", existence(norm, problem.depth), "lambda_c")] if problem.depth > 2 else []),
    ]


@exact
@pytest.mark.parametrize("widths", [(2, 3, 2), (2, 2, 3, 2), (2, 2, 2, 2, 2)])
def test_nothing_depends_on_units(widths: tuple[int, ...]) -> None:
    """The ratios of both sides are the same in other units."""
    check_units(said, drawn_problem(widths, fmpq(1, 50)))
