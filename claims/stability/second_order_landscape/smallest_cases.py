"""Statement 3 in the smallest networks: what it says, and what falsified variants would say in its place."""

import operator
from collections.abc import Iterable

import pytest
from flint import fmpq

from claims.stability.second_order_landscape.hessian_identity import after, before, not_carried
from claims.stability.second_order_landscape.kinds import is_so, kind, least_form
from claims.stability.second_order_landscape.normal_form import is_zero
from claims.suite import control, witness
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.network import CriticalKind, Weights, curvature, end_to_end, hessian, inertia, layer_gradients
from strategies import diagonal, scalar_weights

GLOBAL, STRICT = CriticalKind.GLOBAL_MINIMUM, CriticalKind.STRICT_SADDLE
NOT_STRICT = CriticalKind.NON_STRICT_SADDLE
TWO_ONE = diagonal(2, 2, [2, 1])


def beside(*rest: int, carried: fmpq | int = 2) -> tuple[ObjectArray, ...]:
    """diag(carried, z_1), diag(1, z_2), ..., diag(1, z_N)."""
    return tuple(diagonal(2, 2, [carried if j == 0 else 1, z]) for j, z in enumerate(rest))


def least_eigenvalue_is(weights: Weights, target: ObjectArray, value: int) -> bool:
    """H - value has no negative eigenvalue, and 0 for one."""
    matrix = hessian(weights, target)
    shifted = inertia(matrix - diagonal(len(matrix), len(matrix), [value] * len(matrix)))
    return shifted[1] == 0 < shifted[2]


@witness
@pytest.mark.parametrize(
    ("rest", "least", "said"),
    [((0, 0, 0), 0, NOT_STRICT), ((1, 0, 0), -1, STRICT), ((0, 1, 0), -1, STRICT), ((0, 0, 1), -1, STRICT)],
)
def test_three_layers_beside_the_first_mode(rest: tuple[int, ...], least: int, said: CriticalKind) -> None:
    """Phi = diag(2, 1), the mode 2 carried: all z_j = 0 is not strict, one z_j = 1 is, with the eigenvalue -1."""
    weights = beside(*rest)
    assert all(is_zero(d) for d in layer_gradients(weights, TWO_ONE))
    assert kind(weights, TWO_ONE) is network.critical_kind(weights, TWO_ONE) is said
    assert is_so(weights, TWO_ONE, said, fmpq(0))
    assert least_eigenvalue_is(weights, TWO_ONE, least)


@witness
@pytest.mark.parametrize("rest", [(1, 0, 0), (0, 0, 1)])
def test_a_middle_of_full_rank_is_not_needed(rest: tuple[int, ...]) -> None:
    """rank W_2 = 1 < 2, and strict: the condition of DL-024 is enough alone."""
    assert network.rank(beside(*rest)[1]) == 1
    assert kind(beside(*rest), TWO_ONE) is STRICT


@witness
@pytest.mark.parametrize("depth", [3, 4, 5])
def test_a_tie_is_not_strict(depth: int) -> None:
    """Phi = I, all layers diag(1, 0): g = s = 1, and no negative eigenvalue; at the loss 1/2."""
    weights, target = beside(*([0] * depth), carried=1), diagonal(2, 2, [1, 1])
    assert kind(weights, target) is NOT_STRICT
    assert is_so(weights, target, NOT_STRICT, fmpq(0))


@witness
@pytest.mark.parametrize(("left", "said"), [(1, GLOBAL), (2, GLOBAL), (3, STRICT)])
@pytest.mark.parametrize("depth", [2, 3])
def test_a_bottleneck_with_the_smaller_the_same_and_the_larger_mode_left(
    depth: int, left: int, said: CriticalKind
) -> None:
    """Widths 2-1-..-1-2, Phi = diag(2, left), r = p = 1."""
    weights = (diagonal(1, 2, [2]), *(diagonal(1, 1, [1]),) * (depth - 2), diagonal(2, 1, [1]))
    target = diagonal(2, 2, [2, left])
    assert kind(weights, target) is network.critical_kind(weights, target) is said
    assert is_so(weights, target, said, fmpq(min(left, 2) ** 2, 2))


@witness
@pytest.mark.parametrize(("zeros", "said"), [(1, None), (2, STRICT), (3, NOT_STRICT), (4, NOT_STRICT)])
def test_scalar_layers(zeros: int, said: CriticalKind | None) -> None:
    """Widths 1, N = 4, Phi = 1: with one zero the point is not critical; this is 4 of DL-024."""
    weights, one = scalar_weights(*[0] * zeros, *[1] * (4 - zeros)), arithmetic.exact([[1]])
    critical = all(is_zero(d) for d in layer_gradients(weights, one))
    assert critical == (said is not None)
    if said is not None:
        assert kind(weights, one) is said
        assert is_so(weights, one, said, fmpq(0))


def the_ends(depth: int) -> Iterable[tuple[int, int]]:
    """The pivot (1, N) alone."""
    return [(1, depth)]


def neighbours(depth: int) -> Iterable[tuple[int, int]]:
    """The pivots (i, i + 1) alone."""
    return [(i, i + 1) for i in range(1, depth)]


def no_pivots(depth: int) -> Iterable[tuple[int, int]]:
    """None at all."""
    return []


def rest_alone(weights: Weights, target: ObjectArray, i: int, j: int) -> bool:
    """R_ij = 0 as the only way of being tight."""
    return is_zero(not_carried(weights, i, j))


def residual_alone(weights: Weights, target: ObjectArray, i: int, j: int) -> bool:
    """C_i G^T A_j = 0 as the only way of being tight."""
    residual = end_to_end(weights) - target
    return is_zero(before(weights, i) @ residual.T @ after(weights, j))


FALSE = [
    ({"pivots": the_ends}, (1, 0, 0), 1, NOT_STRICT),
    ({"pivots": the_ends}, (0, 0, 1), 1, NOT_STRICT),
    ({"pivots": neighbours}, (0, 1, 0), 1, NOT_STRICT),
    ({"pivots": no_pivots}, (1, 0, 0), 1, NOT_STRICT),
    ({"tight": rest_alone}, (0, 0, 0), 1, STRICT),
    ({"tight": residual_alone}, (0, 0, 0), 1, STRICT),
    ({"beats": operator.ge}, (0, 0, 0), 2, STRICT),
    ({"beats": operator.lt}, (0, 0, 0), 3, NOT_STRICT),
    ({"width": 1}, (0, 0, 0), 1, GLOBAL),
]
"""What is put in place of a part of 3; z; the mode left beside 2; what the falsified statement says."""


@control
@pytest.mark.parametrize(("change", "rest", "left", "said"), FALSE)
def test_refuted_with_a_part_replaced(
    change: dict[str, object], rest: tuple[int, ...], left: int, said: CriticalKind
) -> None:
    """N = 3, Phi = diag(2, left), W_j = diag(2, z_1), diag(1, z_2), diag(1, z_3): another kind than it is."""
    weights, target = beside(*rest), diagonal(2, 2, [2, left])
    wrong = kind(weights, target, **change)  # type: ignore[arg-type]
    assert wrong is said
    assert not is_so(weights, target, wrong, fmpq(0))
    assert is_so(weights, target, kind(weights, target), fmpq(0))


@control
@pytest.mark.parametrize("share", [fmpq(1, 2), fmpq(99, 100)])
def test_refuted_with_a_smaller_share_of_the_residual(share: fmpq) -> None:
    """The bound is attained by a turn: Phi = diag(2, 1), z = 0, V_1 = 2 e_1 e_2^T, V_3 = e_2 e_1^T, with 4 = 8/2."""
    weights, nothing = beside(0, 0, 0), 0 * TWO_ONE
    turn = arithmetic.exact([[0, 1], [0, 0]])
    direction = (2 * turn, nothing, turn.T)
    form = curvature(weights, TWO_ONE, direction)
    assert form == least_form(weights, TWO_ONE, direction) == 4
    bound = least_form(weights, TWO_ONE, direction, share=share)
    assert compare(Comparison(form, ">=", bound, "the Hessian's form")).fails
