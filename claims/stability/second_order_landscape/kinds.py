"""Statement 3 in rationals: the kind that it names against inertias, at critical points with tight and loose pivots."""

import math
import operator
from collections.abc import Callable, Iterable
from itertools import combinations

from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.stability.second_order_landscape.hessian_identity import after, before, derivative, not_carried
from claims.stability.second_order_landscape.normal_form import drawn_direction, is_zero, part
from claims.suite import Fate, ablates, exact, fewer
from solvers import network
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.network import CriticalKind, Weights, curvature, frobenius_squared, hessian, inertia, rank
from strategies import CriticalPoint, critical_points, dimensions

Tight = Callable[[Weights, ObjectArray, int, int], bool]
Pivots = Callable[[int], Iterable[tuple[int, int]]]


def is_tight(weights: Weights, target: ObjectArray, i: int, j: int) -> bool:
    """R_ij = 0 or C_i G^T A_j = 0."""
    residual = network.end_to_end(weights) - target
    seen = before(weights, i) @ residual.T @ after(weights, j)
    return is_zero(not_carried(weights, i, j)) or is_zero(seen)


def all_pivots(depth: int) -> Iterable[tuple[int, int]]:
    """i < j, numbered from 1."""
    return combinations(range(1, depth + 1), 2)


def left_and_carried(weights: Weights, target: ObjectArray) -> tuple[fmpq, fmpq | None]:
    """g = |G|_2 and s = sigma_r(W), or None for r = 0."""
    product = network.end_to_end(weights)
    r = rank(product)
    g = network.spectral_norm(product - target)
    return g, network.singular_values(product)[r - 1] if r else None


def kind(
    weights: Weights,
    target: ObjectArray,
    *,
    beats: Callable[[fmpq, fmpq], bool] = operator.gt,
    tight: Tight = is_tight,
    pivots: Pivots = all_pivots,
    width: int | None = None,
) -> CriticalKind:
    """What 3 says of a critical point, by its definitions; ``beats`` stands for g > s, ``width`` for p."""
    g, s = left_and_carried(weights, target)
    r = rank(network.end_to_end(weights))
    p = min(weights[0].shape[1], *(len(matrix) for matrix in weights)) if width is None else width
    larger = s is not None and beats(g, s)
    if g == 0 or (r == p and not larger):
        return CriticalKind.GLOBAL_MINIMUM
    if larger or not all(tight(weights, target, i, j) for i, j in pivots(len(weights))):
        return CriticalKind.STRICT_SADDLE
    return CriticalKind.NON_STRICT_SADDLE


def is_so(weights: Weights, target: ObjectArray, said: CriticalKind, least: fmpq) -> bool:
    """Whether a kind is right, by the loss and the signs of the Hessian's eigenvalues; ``least`` is the tail."""
    if network.loss(weights, target) == least:
        return said is CriticalKind.GLOBAL_MINIMUM
    strict = inertia(hessian(weights, target))[1] > 0
    return said is (CriticalKind.STRICT_SADDLE if strict else CriticalKind.NON_STRICT_SADDLE)


def decided(point: CriticalPoint) -> CriticalKind:
    """The kind, asserted to be right, and found by ranks too; with a direction where it is strict."""
    said = kind(point.weights, point.target)
    assert is_so(point.weights, point.target, said, point.least_loss)
    assert network.critical_kind(point.weights, point.target) is said
    direction = network.negative_curvature(point.weights, point.target)
    assert (direction is None) == (said is not CriticalKind.STRICT_SADDLE)
    if direction is not None:
        form = curvature(point.weights, point.target, direction)
        assert compare(Comparison(form, "<", fmpq(0), "curvature along the direction")).holds
    return said


ANY = critical_points(dimensions=dimensions(min_depth=2, max_depth=4, max_width=3))

ROOMY = st.lists(st.integers(2, 3), min_size=4, max_size=5).map(tuple)
"""Widths 2 and 3, N = 3 and 4."""

LOOSE = critical_points(dimensions=st.one_of(ROOMY, st.just((2, 2, 2))), rest="loose", leading=True)


@exact
@given(ANY)
def test_every_critical_point_is_of_the_kind_that_is_said(point: CriticalPoint) -> None:
    """N = 2, 3, 4, widths 1-3: bottlenecks, any rank of Phi, ties."""
    decided(point)


@exact
@fewer(2)
@ablates("DL-061", "distinct", "dropped", Fate.TRUE)
@ablates("DL-061", "full rank", "dropped", Fate.TRUE)
@given(
    st.integers(0, 1).flatmap(lambda r: critical_points(dimensions=ROOMY, rest="tight", rank_left=True, least_rank=r))
)
def test_tight_pivots_leave_the_values_to_decide(point: CriticalPoint) -> None:
    """Room everywhere, all pivots tight by construction: strict iff a larger mode is left than one that W carries."""
    left = [s for i, s in enumerate(point.singular_values) if i not in point.captured]
    carried = [point.singular_values[i] for i in point.captured]
    strict = bool(carried) and max(left) > min(carried)
    assert decided(point) is (CriticalKind.STRICT_SADDLE if strict else CriticalKind.NON_STRICT_SADDLE)


@exact
@fewer(2)
@given(st.one_of(critical_points(dimensions=ROOMY, rest="loose", leading=True, least_rank=1), LOOSE))
def test_a_loose_pivot_is_enough(point: CriticalPoint) -> None:
    """The largest modes carried, one pivot loose by construction: strict."""
    assert decided(point) is CriticalKind.STRICT_SADDLE


@exact
@fewer(2)
@given(ANY, st.lists(st.sampled_from([fmpq(3), fmpq(-1, 2)]), min_size=4, max_size=4))
def test_rescaled_layers_are_of_the_same_kind(point: CriticalPoint, scales: list[fmpq]) -> None:
    """W_j c_j and Phi c_1 ... c_N, signs included."""
    factors = scales[: len(point.weights)]
    weights = tuple(matrix * factor for matrix, factor in zip(point.weights, factors, strict=True))
    target = point.target * math.prod(factors)
    assert kind(weights, target) is kind(point.weights, point.target)


@exact
@fewer(2)
@given(critical_points(dimensions=ROOMY, rest="zero", leading=True, rank_left=True))
def test_nothing_beside_the_largest_modes_is_not_strict(point: CriticalPoint) -> None:
    """N >= 3: every inner R is Z = 0, and Z_1 = 0 = Z_N close the others; ties between g and s among them."""
    assert decided(point) is CriticalKind.NON_STRICT_SADDLE


@exact
@fewer(2)
@given(critical_points(dimensions=dimensions(min_depth=2, max_depth=5, max_width=4)))
def test_tight_by_ranks_and_by_definition(point: CriticalPoint) -> None:
    """rank W_{i+1:j-1} = r iff R_ij = 0, rank C_i Phi^T A_j = r iff C_i G^T A_j = 0; up to N = 5, widths 1-4."""
    weights, target, r = point.weights, point.target, point.rank
    residual = network.end_to_end(weights) - target
    for i, j in all_pivots(len(weights)):
        middle = part(weights, i + 1, j - 1, len(weights[i - 1]))
        assert (rank(middle) == r) == is_zero(not_carried(weights, i, j))
        read, written = before(weights, i), after(weights, j)
        assert (rank(read @ target.T @ written) == r) == is_zero(read @ residual.T @ written)
    loose = [(i, j) for i, j in all_pivots(len(weights)) if not is_tight(weights, target, i, j)]
    assert network.loose_pivots(weights, target) == loose


def least_form(weights: Weights, target: ObjectArray, direction: Weights, *, share: fmpq | int = 1) -> fmpq:
    """||P dW P'||^2 + (1 - share g/s) (||B||^2 + ||C||^2), with 0 for the last term for r = 0."""
    moved, product = derivative(weights, direction), network.end_to_end(weights)
    inverse = network.pseudo_inverse(product)
    onto, back = product @ inverse, inverse @ product
    inner = frobenius_squared(onto @ moved @ back)
    across = frobenius_squared(onto @ moved) + frobenius_squared(moved @ back) - 2 * inner
    g, s = left_and_carried(weights, target)
    return fmpq(inner + (1 - share * g / s) * across) if s is not None else fmpq(0)


TIGHT = critical_points(dimensions=ROOMY, rest="tight", leading=True, least_rank=1)


@exact
@fewer(2)
@given(TIGHT, st.data())
def test_the_form_is_bounded_below_where_all_pivots_are_tight(point: CriticalPoint, data: st.DataObject) -> None:
    """Any direction; minima and non-strict saddles."""
    direction = drawn_direction(data, point.weights)
    bound = least_form(point.weights, point.target, direction)
    form = curvature(point.weights, point.target, direction)
    assert compare(Comparison(form, ">=", bound, "the Hessian's form")).holds
