"""Statement 2 in rationals, at drawn critical points and directions, and what happens to it without its parts."""

from collections.abc import Callable
from itertools import combinations

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.stability.second_order_landscape.normal_form import ANY, drawn_direction, part
from claims.suite import Fate, ablates, control, exact
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.network import Weights, curvature, end_to_end, frobenius_squared, pseudo_inverse
from strategies import CriticalPoint, scalar_weights

Rests = Callable[[Weights, int, int], ObjectArray]


def before(weights: Weights, i: int) -> ObjectArray:
    """C_i = W_{1:i-1}."""
    return part(weights, 1, i - 1, weights[0].shape[1])


def after(weights: Weights, j: int) -> ObjectArray:
    """A_j = W_{j+1:N}."""
    return part(weights, j + 1, len(weights), len(weights[-1]))


def not_carried(weights: Weights, i: int, j: int) -> ObjectArray:
    """R_ij = W_{i+1:j-1} - C_j W^+ A_i for layers i < j."""
    inverse = pseudo_inverse(end_to_end(weights))
    carried: ObjectArray = before(weights, j) @ inverse @ after(weights, i)
    middle: ObjectArray = part(weights, i + 1, j - 1, len(weights[i - 1])) - carried
    return middle


def everything(weights: Weights, i: int, j: int) -> ObjectArray:
    """W_{i+1:j-1}, falsely in place of R_ij."""
    return part(weights, i + 1, j - 1, len(weights[i - 1]))


def derivative(weights: Weights, direction: Weights) -> ObjectArray:
    """dW."""
    terms = [after(weights, j) @ v @ before(weights, j) for j, v in enumerate(direction, 1)]
    moved: ObjectArray = sum(terms[1:], start=terms[0])
    return moved


def split_form(
    weights: Weights, target: ObjectArray, direction: Weights, *, twice: int = 2, rests: Rests = not_carried
) -> fmpq:
    """The right side of 2, with ``twice`` for 2 in the second term and ``rests`` for R_ij."""
    residual, moved = end_to_end(weights) - target, derivative(weights, direction)
    value = frobenius_squared(moved)
    value += twice * (residual * (moved @ pseudo_inverse(end_to_end(weights)) @ moved)).sum()
    for i, j in combinations(range(1, len(weights) + 1), 2):
        middle = direction[j - 1] @ rests(weights, i, j) @ direction[i - 1]
        value += 2 * (residual * (after(weights, j) @ middle @ before(weights, i))).sum()
    return fmpq(value)


@exact
@given(ANY, st.data())
def test_the_hessian_along_any_direction(point: CriticalPoint, data: st.DataObject) -> None:
    """N = 2, 3, 4, widths 1-4, any subset of modes, any rank of Phi, ties."""
    direction = drawn_direction(data, point.weights)
    value = split_form(point.weights, point.target, direction)
    actual = curvature(point.weights, point.target, direction)
    assert compare(Comparison(value, "==", actual, "the Hessian's form")).holds


UP = scalar_weights(2, 1, 1)
AGAIN = scalar_weights(1, 1, 1)
CARRIED = (arithmetic.exact([[1, 0]]), arithmetic.exact([[1], [0]]))
LEFT = arithmetic.exact([[1, 0], [0, 1]])
ACROSS = (arithmetic.exact([[0, 1]]), arithmetic.exact([[0], [1]]))


@control
@pytest.mark.parametrize("wrong", [{"twice": 1}, {"twice": 3}, {"rests": everything}])
def test_refuted_with_another_coefficient_or_with_all_of_the_middle(wrong: dict[str, object]) -> None:
    """Widths 2-1-2, Phi = I, W = diag(1, 0), V across: 2 - 2 = 0, with the second term alone."""
    assert split_form(CARRIED, LEFT, ACROSS) == curvature(CARRIED, LEFT, ACROSS) == 0
    value = split_form(CARRIED, LEFT, ACROSS, **wrong)  # type: ignore[arg-type]
    assert compare(Comparison(value, "==", fmpq(0), "the Hessian's form")).fails


@control
@ablates("DL-061", "critical", "dropped", Fate.REFUTED)
def test_refuted_at_weights_that_are_not_critical() -> None:
    """Scalars 2, 1, 1 with Phi = 1, V = (1, 1, 1): dW = 5, G = 1, d2W = 4: 25 + 8 is the form, 25 + 25 is said."""
    one = arithmetic.exact([[1]])
    actual, value = curvature(UP, one, AGAIN), split_form(UP, one, AGAIN)
    assert actual == 33
    assert compare(Comparison(value, "==", actual, "the Hessian's form")).fails
