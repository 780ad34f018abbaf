"""The flow's rate, depth one, and the two hypotheses of Lemma 7 that need not be assumed; for every depth."""

import pytest
import sympy
from flint import arb, fmpq

from claims.convergence.descent_lemma.step import HALF
from claims.suite import Fate, ablates, symbolic
from claims.suite.symbols import as_words, is_one, is_zero
from solvers.guarantees import theorem_one
from solvers.network import backpropagate


@symbolic
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_gradients_of_a_balanced_network_in_its_singular_bases(depth: int) -> None:
    """With W_j = S for all j, D_j has entries s_r^{N-j} G_rq s_q^{j-1}."""
    s = sympy.symbols("s:2", nonnegative=True)
    gradient = sympy.Matrix(2, 2, sympy.symbols("g:4", real=True))
    layers = backpropagate((sympy.diag(*s),) * depth, gradient)
    for j, layer in enumerate(layers, start=1):
        expected = sympy.Matrix(2, 2, lambda r, q, j=j: s[r] ** (depth - j) * gradient[r, q] * s[q] ** (j - 1))
        assert sympy.expand(layer - expected) == sympy.zeros(2, 2)


@symbolic
def test_every_term_of_the_flow_rate_is_large_for_every_depth() -> None:
    """s_r^{2(N-j)} s_q^{2(j-1)} >= m^{2(N-1)} when s_r, s_q >= m > 0, for symbolic N and j: all N terms of an
    invertible square W; one term, j = 1 or j = N, is left where s_q or s_r may be 0."""
    m = sympy.Symbol("m", positive=True)
    a, b = sympy.symbols("a b", nonnegative=True)
    after, before = sympy.symbols("after before", integer=True, nonnegative=True)  # N - j and j - 1
    log_quotient = 2 * after * sympy.log(1 + a / m) + 2 * before * sympy.log(1 + b / m)
    quotient = ((m + a) / m) ** (2 * after) * ((m + b) / m) ** (2 * before)
    assert sympy.simplify(sympy.exp(log_quotient) / quotient) == 1
    assert log_quotient.is_nonnegative
    assert log_quotient.subs(before, 0).is_nonnegative


@symbolic
def test_the_drift_is_a_difference_of_two_squares_in_any_dimension() -> None:
    """||X - Y||_F^2 = ||X||_F^2 + ||Y||_F^2 - 2 <X, Y> for X = E^T E, Y = D D^T, symbolic sizes. <X, Y> is ||E D||_F^2,
    as cyclic words have one trace; ||E^T E||_F <= ||E||_F^2, as a sum of squares is at most the square of the sum."""
    below, here, above = sympy.symbols("d_0 d_1 d_2", integer=True, positive=True)
    d, e = sympy.MatrixSymbol("D", here, below), sympy.MatrixSymbol("E", above, here)
    x, y = e.T * e, d * d.T
    assert is_zero((x - y).T * (x - y) - x.T * x - y.T * y + x.T * y + y.T * x)
    letters, moved = (as_words(word).args for word in (x.T * y, (e * d).T * (e * d)))
    assert tuple(letters[-1:] + letters[:-1]) == moved
    s, t = sympy.symbols("s t", nonnegative=True)
    assert sympy.expand((s + t) ** 2 - s**2 - t**2).is_nonnegative


@symbolic
def test_depth_one_for_every_learning_rate_up_to_one() -> None:
    """At depth 1 a step multiplies the loss by (1 - eta)^2 (``linear_rate``) and the lemma allows 1 - eta;
    the difference eta (1 - eta) is not negative for 0 <= eta <= 1."""
    rest = sympy.Symbol("rest", nonnegative=True)  # 1 - eta
    eta = sympy.Symbol("eta", nonnegative=True)
    gap = (1 - eta) - (1 - eta) ** 2
    assert sympy.expand(gap - eta * (1 - eta)) == 0
    assert (eta * rest).is_nonnegative


@symbolic
@ablates("DL-003", "norms", "dropped", Fate.TRUE)
def test_the_norms_need_not_be_assumed_for_every_depth() -> None:
    """|W_j|_2^2 <= |W|_2^{2/N} + 3 (N-1) delta (``proof_ledger``, row 1), and c <= |W|_2 <= 2 Phi_F.
    In units of Phi_F^{2/N}, u = 1/N: 4^u + 3 u^2 (1-u) / 64 <= 16^u, as 16^u - 4^u >= 4^u - 1 >= u log 4 >= u."""
    phi = sympy.Symbol("phi", positive=True)
    depth, more = sympy.Symbol("N", positive=True), sympy.Symbol("n", nonnegative=True)
    delta = theorem_one.imbalance_limit(depth, 2 * phi, phi)
    share = sympy.simplify(3 * (depth - 1) * delta / phi ** (2 / depth))
    assert sympy.simplify(share - 3 * (depth - 1) / (64 * depth**3)) == 0
    assert sympy.simplify(sympy.expand((2 * phi) ** (2 / depth)) / phi ** (2 / depth) - 4 ** (1 / depth)) == 0
    left = sympy.expand(sympy.numer(sympy.together((1 / depth - share).subs(depth, 1 + more))))
    assert left.is_positive
    assert (sympy.log(4) - 1).is_positive


@symbolic
@ablates("DL-003", "residual", "dropped", Fate.TRUE)
def test_the_residual_need_not_be_bounded_for_every_depth() -> None:
    """The norms give |W|_2 <= 4 Phi_F, so |G|_2 <= 5 Phi_F and x = c / Phi_F <= 4; rows 3 and 6 of
    ``proof_ledger`` then keep more than half:

    (N-1) 2 delta / sigma^{2/N} <= (N-1)/(8 N^3) <= 1/64,  N y <= 5/6 g,  eta N M^{2N-2} <= 2/3 g,  g = 4^{-4/N} / N^2,
    and g <= 1/9 for N >= 2. At depth 1 every eta <= 1 will do (above), and eta <= 16/6144."""
    c, phi = sympy.symbols("c phi", positive=True)
    depth = sympy.Symbol("N", positive=True)
    rate, delta = theorem_one.learning_rate_limit(depth, c, phi), theorem_one.imbalance_limit(depth, c, phi)
    largest = (4 * phi) ** (1 / depth)
    g = 4 ** (-4 / depth) / depth**2
    for whole, bound in (
        ((depth - 1) * 2 * delta / c ** (2 / depth), (depth - 1) / (8 * depth**3) * 4 ** (-2 / depth)),
        (depth * rate * largest ** (depth - 2) * 5 * phi, 5 * g / 6),
        (rate * depth * largest ** (2 * depth - 2), 2 * g / 3),
    ):
        assert is_one(whole.subs(c, 4 * phi) / bound)
    more = sympy.Symbol("n", nonnegative=True)  # N = 3 + n: (N-1) / (8 N^3) <= 1/64
    assert all(8 * (n - 1) <= n**3 for n in (1, 2))
    assert sympy.expand((3 + more) ** 3 - 8 * (2 + more)).is_positive
    assert fmpq(1, 4) / 16 < fmpq(1, 9)  # g at N = 2; from N = 3 on 1/N^2 <= 1/9
    ny, curvature = fmpq(5, 54), fmpq(2, 27)
    tau = ny / 2 * arb(ny).exp()
    kept = 1 - tau - curvature / 2 * (1 + tau) ** 2
    assert kept * fmpq(64, 65) > HALF
