"""Statement 2: the steps of its proof in any dimension, all real critical points of scalar layers, and one layer."""

from itertools import product
from math import prod

import pytest
import sympy
from flint import fmpq, fmpq_poly

from claims.suite import control, exact, symbolic, witness
from claims.suite.relations import vanishes
from solvers import arithmetic
from solvers.guarantees.weight_decay import carried, roots
from solvers.network import decayed_gradients
from solvers.shallow.real_roots import real_roots
from strategies import diagonal, scalar_weights

SIZES = sympy.symbols("d_0 d_1 d_2 r", integer=True, positive=True)
d_0, d_1, d_2, r = SIZES
A, B = sympy.MatrixSymbol("A", d_1, d_0), sympy.MatrixSymbol("B", d_2, d_1)
P, S, T = sympy.MatrixSymbol("P", d_0, r), sympy.MatrixSymbol("S", r, r), sympy.MatrixSymbol("T", r, r)
SINGULAR = [
    (P.T * P, sympy.Identity(r)),
    (A.T * A * P, P * S * S),
    (P.T * A.T * A, S * S * P.T),
    *((each.T, each) for each in (S, T)),
    (S * T, sympy.Identity(r)),
    (T * S, sympy.Identity(r)),
]
"""A P = Q S: P are right singular vectors of A with the positive values S, and T = S^{-1}."""

BALANCED = [(B.T * B, A * A.T)]


@symbolic
def test_singular_vectors_pass_from_layer_to_layer() -> None:
    """With Q = A P S^{-1}: Q^T Q = I, and (B^T B) Q = Q S^2 where the layers A, B are balanced; not without."""
    q = A * P * T
    assert vanishes(q.T * q - sympy.Identity(r), SINGULAR)
    assert vanishes(B.T * B * q - q * S * S, [*BALANCED, *SINGULAR])
    assert not vanishes(B.T * B * q - q * S * S, SINGULAR)


@symbolic
def test_the_ends_are_singular_pairs_of_the_target() -> None:
    """W_1 = Q_1 S Q_0^T, W_{2:N} = Q_N E Q_1^T with E = S^{N-1}, M = S^N: Q_1^T F_1 is E (M Q_0^T - Q_N^T Phi) +
    lambda S Q_0^T; so Q_N^T Phi = (M + lambda E^{-1} S) Q_0^T. Of the other end, F_N Q_{N-1} likewise."""
    lam, outputs = sympy.Symbol("lambda"), sympy.Symbol("d_N", integer=True, positive=True)
    first, inner, last = P, sympy.MatrixSymbol("Q", d_1, r), sympy.MatrixSymbol("U", outputs, r)
    e, m = sympy.MatrixSymbol("E", r, r), sympy.MatrixSymbol("M", r, r)
    phi = sympy.MatrixSymbol("Phi", outputs, d_0)
    orthonormal = [(each.T * each, sympy.Identity(r)) for each in (first, inner, last)]
    relations = [*orthonormal, (S.T, S), (e.T, e), (m.T, m)]
    whole = last * m * first.T
    later = last * e * inner.T
    gradient = later.T * (whole - phi) + lam * inner * S * first.T
    told = e * (m * first.T - last.T * phi) + lam * S * first.T
    assert vanishes(inner.T * gradient - told, relations)
    earlier = inner * e * first.T
    other = (whole - phi) * earlier.T + lam * last * S * inner.T
    assert vanishes(other * inner - ((last * m - phi * first) * e + lam * last * S), relations)


def last_layer(sigma: fmpq, decay: fmpq, depth: int) -> fmpq_poly:
    """A polynomial whose real roots hold w_N of all real critical points of N scalar layers, by elimination."""
    layers = sympy.symbols(f"w1:{depth + 1}")
    target, lam = (sympy.Rational(str(number)) for number in (sigma, decay))
    equations = [prod(layers[:j] + layers[j + 1 :]) * (prod(layers) - target) + lam * layers[j] for j in range(depth)]
    basis = sympy.groebner(equations, *layers, order="lex")
    univariate = sympy.Poly(basis.exprs[-1], layers[-1])
    return fmpq_poly([fmpq(int(c.p), int(c.q)) for c in reversed(univariate.all_coeffs())])


@exact
@pytest.mark.parametrize("depth", [2, 3])
@pytest.mark.parametrize(("s", "decay"), [(fmpq(1), fmpq(1, 2)), (fmpq(1, 2), fmpq(1, 2)), (fmpq(1), fmpq(4))])
def test_scalar_layers_have_no_other_critical_points(depth: int, s: fmpq, decay: fmpq) -> None:
    """Phi = sigma(s): w_N is 0 or +-s for one of the roots s, by Groebner bases; all choices of signs with a positive
    product are critical, all others not. s is the larger root at N = 2, and in the first case."""
    sigma = carried(s, decay, depth)
    every = roots(sigma, decay, depth)
    polynomial = last_layer(sigma, decay, depth)
    assert len([t for part in real_roots(polynomial.numer()) for t in part]) == 1 + 2 * len(every)
    assert polynomial(fmpq(0)) == polynomial(s) == polynomial(-s) == 0
    for signs in product((1, -1), repeat=depth):
        weights = scalar_weights(*(sign * s for sign in signs))
        gradients = decayed_gradients(weights, diagonal(1, 1, [sigma]), decay)
        assert (not any(d.any() for d in gradients)) == (prod(signs) > 0)


@exact
@pytest.mark.parametrize("depth", [2, 3])
def test_zero_alone_is_critical_beyond_the_last_threshold(depth: int) -> None:
    """sigma = 1, lambda = 1: above lambda_c for N = 3, where it is 3/4^{4/3} < 1/2; at it for N = 2."""
    assert roots(fmpq(1), fmpq(1), depth) == []
    polynomial = last_layer(fmpq(1), fmpq(1), depth)
    assert [t for part in real_roots(polynomial.numer()) for t in part] == [0]


@control
@pytest.mark.parametrize("power", [-1, 1])
def test_refuted_with_another_power_of_s(power: int) -> None:
    """N = 3, widths 1, s = 2, lambda = 1: sigma = s^3 + lambda s^{2-N} is critical; with s^{2-N-1} or s^{2-N+1} not."""
    weights = scalar_weights(2, 2, 2)
    for shift in (0, power):
        sigma = carried(fmpq(2), fmpq(2) ** shift, 3)
        gradients = decayed_gradients(weights, diagonal(1, 1, [sigma]), fmpq(1))
        assert any(d.any() for d in gradients) == (shift != 0)


@control
def test_refuted_where_the_ends_are_no_singular_pair() -> None:
    """N = 2, W = e_1 e_1^T through one unit, lambda = 1, Phi = [[2, 1], [0, 0]]: <e_1, Phi e_1> = sigma(1) = 2, but
    Phi^T e_1 is not 2 e_1."""
    weights, target = (arithmetic.exact([[1, 0]]), arithmetic.exact([[1], [0]])), arithmetic.exact([[2, 1], [0, 0]])
    assert any(d.any() for d in decayed_gradients(weights, target, fmpq(1)))
    target[0, 1] = fmpq(0)
    assert not any(d.any() for d in decayed_gradients(weights, target, fmpq(1)))


@witness
def test_one_layer() -> None:
    """N = 1, lambda = 1/2: W = 2/3 Phi is critical, and W = 0 is only for Phi = 0."""
    target = arithmetic.exact([[3, 0, 1], [1, 2, 0]])
    assert not decayed_gradients((target * fmpq(2, 3),), target, fmpq(1, 2))[0].any()
    assert decayed_gradients((0 * target,), target, fmpq(1, 2))[0].any()
    assert not decayed_gradients((0 * target,), 0 * target, fmpq(1, 2))[0].any()
