"""Statement 1 in rationals: the proof's direction at minima and saddles, and what the bound is without its parts."""

from fractions import Fraction

import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, fewer, witness
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare, power, settle
from solvers.guarantees.stability import least_sharpness
from solvers.network import Weights, curvature, end_to_end, frobenius_squared, hessian, inertia
from strategies import CriticalPoint, critical_points, diagonal, dimensions, scalar_weights, zero_weights


def bound(depth: int, norm: Scalar, *, share: fmpq | int = 1, shift: Fraction | int = 0) -> Scalar:
    """share N sigma^{2-2/N + shift}."""
    found: Scalar = share * least_sharpness(depth, norm) * power(norm, shift)
    return found


def proof_direction(weights: Weights, u: ObjectArray, v: ObjectArray) -> tuple[ObjectArray, ...]:
    """V_j = A_j^T u v^T C_j^T."""
    return network.backpropagate(weights, u @ v.T)


def top_pair(point: CriticalPoint) -> tuple[ObjectArray, ObjectArray, fmpq]:
    """u, v and sigma of the largest mode, which is carried."""
    return point.left[:, :1], point.right[:, :1], point.singular_values[0]


def quotient(weights: Weights, target: ObjectArray, direction: Weights) -> fmpq:
    """<V, H V> / ||V||^2, at most lambda_max(H)."""
    value: fmpq = curvature(weights, target, direction) / sum(frobenius_squared(v) for v in direction)
    return value


MINIMA = critical_points(dimensions=dimensions(max_depth=5, max_width=4), least_rank=1, minimum=True)

BOTTLENECKS = critical_points(
    dimensions=dimensions(bottleneck=True, max_depth=4, max_width=4), least_rank=1, minimum=True
)

SADDLES = critical_points(
    dimensions=st.lists(st.integers(2, 3), min_size=4, max_size=5).map(tuple),
    rest="tight",
    leading=True,
    least_rank=1,
    rank_left=True,
)


def decided(point: CriticalPoint) -> None:
    """<V, H V> >= ||V||^4 and ||V||^2 >= N sigma^{2-2/N} at one point."""
    u, v, norm = top_pair(point)
    direction = proof_direction(point.weights, u, v)
    square = sum((frobenius_squared(part) for part in direction), start=fmpq(0))
    value = quotient(point.weights, point.target, direction)
    assert compare(Comparison(value, ">=", square, "<V, H V> / ||V||^2 against ||V||^2")).holds
    assert settle(lambda: Comparison(square, ">=", bound(len(point.weights), norm), "||V||^2")).holds


@exact
@given(MINIMA)
def test_minima_are_not_flatter(point: CriticalPoint) -> None:
    """N = 1, ..., 5, widths 1-4; any bases of the hidden layers, any rank of Phi, ties."""
    assert point.is_global
    decided(point)


@exact
@fewer(2)
@given(BOTTLENECKS)
def test_minima_across_a_bottleneck_are_not_flatter(point: CriticalPoint) -> None:
    """G != 0 where Phi has more modes than the narrowest layer lets through."""
    decided(point)


@exact
@fewer(2)
@given(BOTTLENECKS, st.sampled_from([fmpq(3), fmpq(1, 2)]))
def test_rescaled_weights_are_as_far_above(point: CriticalPoint, scale: fmpq) -> None:
    """W_j c and Phi c^N: the quotient and the bound to the power N both grow by c^{N (2N-2)}."""
    u, v, norm = top_pair(point)
    depth = len(point.weights)
    weights, target = tuple(matrix * scale for matrix in point.weights), point.target * scale**depth
    before, after = (
        quotient(layers, phi, proof_direction(layers, u, v))
        for layers, phi in ((point.weights, point.target), (weights, target))
    )
    assert after == before * scale ** (2 * depth - 2)
    ratio = bound(depth, norm * scale**depth) / bound(depth, norm)
    assert ratio == scale ** (2 * depth - 2) or arb(ratio).contains(scale ** (2 * depth - 2))


@exact
@fewer(3)
@given(SADDLES)
def test_saddles_without_negative_curvature_are_not_flatter(point: CriticalPoint) -> None:
    """N = 3, 4, W != 0; by DL-061."""
    assert not point.is_global
    decided(point)


def is_below(weights: Weights, target: ObjectArray, level: Scalar) -> bool:
    """Whether lambda_max(H) < level, for a rational level."""
    assert isinstance(level, fmpq)
    matrix = hessian(weights, target)
    shifted = diagonal(len(matrix), len(matrix), [level] * len(matrix)) - matrix
    return inertia(shifted)[0] == len(matrix)


@control
@ablates("DL-062", "second order", "dropped", Fate.REFUTED)
def test_refuted_at_strict_saddles() -> None:
    """N = 2, Phi = diag(1, 1/100), the second mode carried by factors 1/10: lambda_max = 101/100, the bound is 2."""
    tenth = arithmetic.exact([[0, fmpq(1, 10)]])
    weights, target = (tenth, tenth.T), diagonal(2, 2, [1, fmpq(1, 100)])
    assert network.critical_kind(weights, target) is network.CriticalKind.STRICT_SADDLE
    assert is_below(weights, target, bound(2, fmpq(1)))
    assert is_below(weights, target, fmpq(102, 100))
    assert not is_below(weights, target, fmpq(101, 100))


@control
@pytest.mark.parametrize("depth", [3, 4])
@ablates("DL-062", "product", "dropped", Fate.REFUTED)
def test_refuted_at_zero(depth: int) -> None:
    """Widths 2, Phi = I, all layers zero: no negative eigenvalue, lambda_max = 0."""
    weights, target = zero_weights((2,) * (depth + 1)), diagonal(2, 2, [1, 1])
    assert network.critical_kind(weights, target) is network.CriticalKind.NON_STRICT_SADDLE
    assert is_below(weights, target, bound(depth, fmpq(1)))


SCALES = [fmpq(1, 3), fmpq(1), fmpq(3)]


@witness
@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("layer", SCALES)
def test_equal_scalars_attain_it(depth: int, layer: fmpq) -> None:
    """All layers w, Phi = w^N: lambda_max = N w^{2N-2}."""
    weights, norm = scalar_weights(*[layer] * depth), layer**depth
    target = diagonal(1, 1, [norm])
    assert not is_below(weights, target, bound(depth, norm))
    assert is_below(weights, target, bound(depth, norm) * fmpq(1001, 1000))


@control
@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5])
@pytest.mark.parametrize(
    ("layer", "change"),
    [
        (fmpq(1), {"share": fmpq(1001, 1000)}),
        (fmpq(1), {"share": 2}),
        (fmpq(3), {"shift": 1}),
        (fmpq(1, 3), {"shift": -1}),
    ],
)
def test_refuted_with_another_constant_or_exponent(depth: int, layer: fmpq, change: dict[str, fmpq | int]) -> None:
    """At equal scalars."""
    weights, norm = scalar_weights(*[layer] * depth), layer**depth
    assert is_below(weights, diagonal(1, 1, [norm]), bound(depth, norm, **change))  # type: ignore[arg-type]


@control
@pytest.mark.parametrize("depth", [2, 3, 4])
def test_refuted_with_a_slightly_different_exponent(depth: int) -> None:
    """2 - 2/N + 1/N and 2 - 2/N - 1/N, at layers 3 and 1/3: rational, since sigma = 3^N or 3^{-N}."""
    for layer, shift in ((fmpq(3), Fraction(1, depth)), (fmpq(1, 3), Fraction(-1, depth))):
        weights, norm = scalar_weights(*[layer] * depth), layer**depth
        assert is_below(weights, diagonal(1, 1, [norm]), bound(depth, norm, shift=shift))


@exact
@fewer(2)
@given(critical_points(dimensions=dimensions(max_depth=3, max_width=3), least_rank=1, minimum=True))
def test_the_whole_hessian_agrees(point: CriticalPoint) -> None:
    """By inertia: some eigenvalue is at least the proof's quotient; the product has norm sigma."""
    u, v, norm = top_pair(point)
    assert (end_to_end(point.weights) @ v == norm * u).all()
    value = quotient(point.weights, point.target, proof_direction(point.weights, u, v))
    assert not is_below(point.weights, point.target, value)
