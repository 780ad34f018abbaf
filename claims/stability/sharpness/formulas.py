"""Statement 3: lambda_max by smaller matrices, in rationals; what holds of it where something is left."""

import pytest
from flint import arb, fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from claims.stability.sharpness.equality import is_attained
from claims.stability.sharpness.lower_bound import MINIMA
from claims.suite import Fate, ablates, control, exact, fewer
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, compare
from solvers.network import Weights, end_to_end, fitted_kernel, fitted_sharpness, hessian, sharpness
from strategies import CriticalPoint, critical_points, diagonal, dimensions, generic_weights, scalar_weights

NARROW = st.builds(
    lambda ends, width, depth: (ends[0], *[width] * (depth - 1), ends[1]),
    st.tuples(st.integers(2, 4), st.integers(2, 4)),
    st.integers(1, 2),
    st.integers(2, 4),
)
"""All hidden widths alike."""


def without_zeros(polynomial: fmpq_poly) -> fmpq_poly:
    """Divided by the largest power of x in it."""
    coefficients = polynomial.coeffs()
    first = next(k for k, coefficient in enumerate(coefficients) if coefficient != 0)
    return fmpq_poly(coefficients[first:])


@exact
@fewer(2)
@given(dimensions(max_depth=4, max_width=3).flatmap(generic_weights))
def test_fitted_networks_have_the_spectrum_of_the_kernel(weights: Weights) -> None:
    """G = 0: H and sum_j (A_j A_j^T) x (C_j^T C_j) have the same characteristic polynomial but for powers of x."""
    layers = tuple(arithmetic.exact(matrix) for matrix in weights)
    full, kernel = hessian(layers, end_to_end(layers)), fitted_kernel(layers)
    found, expected = (without_zeros(network.characteristic_polynomial(matrix)) for matrix in (full, kernel))
    assert found == expected


def same_top(point: CriticalPoint) -> None:
    """The largest roots of both characteristic polynomials are a root of their common divisor, and nothing is above."""
    full, kernel = hessian(point.weights, point.target), fitted_kernel(point.weights)
    first, second = (network.characteristic_polynomial(matrix) for matrix in (full, kernel))
    common = first.gcd(second)
    level = largest_root(common)
    for polynomial in (first, second):
        rest = polynomial
        while (divisor := rest.gcd(common)).degree() > 0:
            rest = rest // divisor
        if rest.degree() > 0:
            assert compare(Comparison(largest_root(rest), "<", level, "other eigenvalues against the common one")).holds


def largest_root(polynomial: fmpq_poly) -> arb:
    """Of a polynomial with real roots alone, as a ball."""
    _, factors = polynomial.numer().factor()
    roots = [root.real for factor, _ in factors for root, _ in factor.complex_roots()]  # type: ignore[misc, has-type]
    top: arb = max(roots, key=lambda root: float(root.upper()))
    return top


@exact
@fewer(3)
@given(critical_points(dimensions=NARROW, least_rank=1, minimum=True))
def test_narrow_networks_have_the_kernels_top(point: CriticalPoint) -> None:
    """All hidden widths 1 or 2, N = 2, 3, 4, with G != 0 too: the largest eigenvalues are the same algebraic number."""
    same_top(point)


@exact
@fewer(3)
@given(critical_points(dimensions=dimensions(min_depth=2, max_depth=2, max_width=3), least_rank=1, minimum=True))
def test_two_layers_have_the_kernels_top_at_every_minimum(point: CriticalPoint) -> None:
    """Any widths: G = 0, or d_1 = r."""
    same_top(point)


@exact
@fewer(2)
@given(MINIMA)
def test_one_output_and_scalars(point: CriticalPoint) -> None:
    """The kernel is sum_j ||A_j||^2 C_j^T C_j for d_N = 1, of the point's own first output; Phi^2 sum_j w_j^{-2}."""
    weights = (*point.weights, arithmetic.exact([[1] + [0] * (len(point.target) - 1)]))
    depth = len(weights)
    expected = 0 * weights[0].T @ weights[0]
    for j in range(1, depth + 1):
        tail = end_to_end(weights[j:]) if j < depth else arithmetic.exact([[1]])
        head = end_to_end(weights[: j - 1]) if j > 1 else diagonal(len(expected), len(expected), [1] * len(expected))
        expected = expected + network.frobenius_squared(tail) * (head.T @ head)
    assert (fitted_kernel(weights) == expected).all()


@exact
@given(st.lists(st.fractions(-3, 3, max_denominator=4).filter(bool), min_size=1, max_size=6))
def test_scalar_layers(values: list[fmpq]) -> None:
    """Phi^2 sum_j w_j^{-2}; any signs, N up to 6."""
    weights = scalar_weights(*values)
    phi = end_to_end(weights)[0, 0]
    expected = sum((phi**2 / matrix[0, 0] ** 2 for matrix in weights), start=fmpq(0))
    assert fitted_sharpness(weights) == expected
    assert is_attained(weights, end_to_end(weights), expected)


@control
@pytest.mark.parametrize("w", [fmpq(3, 2), fmpq(2)])
@ablates("DL-062", "fitted", "dropped", Fate.REFUTED)
def test_refuted_where_a_mode_is_left_and_a_layer_is_wider(w: fmpq) -> None:
    """Widths 2-1-2-2, Phi = I, (1, 0), (1, 0)^T, diag(1, w): a minimum with lambda_max = 2 + w^2, the kernel's is
    max(3, 1 + w^2)."""
    weights = (arithmetic.exact([[1, 0]]), arithmetic.exact([[1], [0]]), diagonal(2, 2, [1, w]))
    target = diagonal(2, 2, [1, 1])
    assert network.critical_kind(weights, target) is network.CriticalKind.GLOBAL_MINIMUM
    assert is_attained(weights, target, 2 + w**2)
    assert fitted_sharpness(weights) == max(fmpq(3), 1 + w**2)
    assert compare(Comparison(sharpness(weights, target), "==", arb(fitted_sharpness(weights)), "lambda_max")).fails
