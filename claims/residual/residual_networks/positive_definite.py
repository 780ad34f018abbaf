"""Statement 2: every eigenvalue contracts at the rate q; the formulas are those of ``solvers.guarantees.residual``."""

import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.residual.residual_networks.complete_runs import check_complete_run
from claims.suite import Fate, ablates, control, exact, fewer, symbolic, witness
from solvers.arithmetic import Comparison, compare
from solvers.guarantees import residual
from solvers.network import deficiency_margin
from strategies import diagonal

W, ETA, R = sympy.symbols("w eta r", positive=True)
N = sympy.Symbol("N", integer=True, positive=True)
ONE = fmpq(1)
ROOTS = st.lists(st.integers(0, 16).map(lambda k: fmpq(k, 8)), min_size=1, max_size=3)
POSITIVE_ROOTS = st.lists(st.integers(1, 16).map(lambda k: fmpq(k, 8)), min_size=1, max_size=3)


@symbolic
def test_rate_for_every_depth() -> None:
    """Statement 2, N symbolic: (w - r) sum_i w^{N-1-i} r^i telescopes to w^N - r^N, so that w' - r is (w - r) times the
    factor; each of the N terms w^{2N-2-i} r^i is between m^{2N-2} and u^{2N-2}, its exponents being >= 0; and a factor
    in [0, 1] keeps w' between w and r."""
    i = sympy.Symbol("i", integer=True, nonnegative=True)
    term = (W - R) * W ** (N - 1 - i) * R**i
    part = W ** (N - i) * R**i  # part(i) - part(i + 1) telescopes from i = 0 to N - 1
    assert sympy.simplify(term - (part - part.subs(i, i + 1))) == 0
    assert sympy.simplify(part.subs(i, 0) - part.subs(i, N) - (W**N - R**N)) == 0
    total = sympy.Symbol("s")  # sum_i w^{N-1-i} r^i
    after = W - ETA * W ** (N - 1) * (W - R) * total
    assert sympy.simplify(after - R - (W - R) * (1 - ETA * W ** (N - 1) * total)) == 0
    more = sympy.Symbol("n", integer=True, nonnegative=True)
    a, b = sympy.symbols("a b", nonnegative=True)
    last = i + more  # N - 1 = i + n, for i = 0..N-1
    for sign in (1, -1):  # w = m e^a and r = m e^b, or u e^{-a} and u e^{-b}: the term over m^{2N-2}, or u^{2N-2}
        exponent = sign * ((2 * last - i) * a + i * b)
        assert (sign * exponent).expand().is_nonnegative
    factor = sympy.Symbol("f", nonnegative=True)
    assert sympy.expand((R + factor * (W - R)) - (factor * W + (1 - factor) * R)) == 0


@symbolic
def test_depth_one_and_the_limit_of_the_rate_for_every_depth() -> None:
    """N = 1: w' - lambda = (1 - eta) (w - lambda), any real lambda. dw'/dw is 1 - eta N r^{2N-2} at w = r."""
    real = sympy.Symbol("lambda", real=True)
    assert sympy.expand((W - ETA * (W - real)) - real - (1 - ETA) * (W - real)) == 0
    after = W - ETA * W ** (N - 1) * (W**N - R**N)
    assert sympy.simplify(sympy.diff(after, W).subs(W, R) - (1 - ETA * N * R ** (2 * N - 2))) == 0


@exact
@given(ROOTS, st.integers(1, 6), st.integers(1, 64), st.integers(0, 64))
def test_one_step_contracts_from_anywhere_between(roots: list[fmpq], depth: int, part: int, place: int) -> None:
    """Statement 2 from any w between 1 and r, eta up to its limit, that included, zero eigenvalues included: in
    rationals, so for all t, by induction."""
    bounds = residual.Bounds.of([r**depth for r in roots], depth)
    eta = fmpq(part, 64) * bounds.learning_rate
    for r in roots:
        w = 1 + (r - 1) * fmpq(place, 64)
        after = residual.moved(w, r**depth, depth, eta)
        assert compare(residual.contraction(w, r, after, bounds.rate(eta))).holds
        assert (w - r) * (after - r) >= 0


@exact
@fewer(2)
@given(POSITIVE_ROOTS, st.integers(2, 5), st.integers(48, 64))
def test_complete_runs_in_balls(roots: list[fmpq], depth: int, part: int) -> None:
    """Positive definite, eta at or near its limit: 100 steps, each contracting, and the whole by the product."""
    bounds = residual.Bounds.of([r**depth for r in roots], depth)
    check_complete_run([r**depth for r in roots], bounds, bounds.learning_rate * fmpq(part, 64), 100)


@exact
@given(st.integers(-16, 16).map(lambda k: fmpq(k, 8)), st.integers(1, 64).map(lambda k: fmpq(k, 64)))
def test_complete_runs_at_depth_one(value: fmpq, eta: fmpq) -> None:
    """N = 1: w(t) - lambda = (1 - eta)^t (1 - lambda), an equality, for eigenvalues of either sign."""
    w = fmpq(1)
    for t in range(30):
        assert w - value == (1 - eta) ** t * (1 - value)
        w = residual.moved(w, value, 1, eta)


@control
@ablates("DL-032", "start", "dropped", Fate.REFUTED)
def test_refuted_from_zero() -> None:
    """N = 2, lambda = 1: w = 0 stays, though eta is at its limit 1/2; statement 2 would halve the distance or more."""
    bounds = residual.Bounds.of([ONE], 2)
    after = residual.moved(fmpq(0), ONE, 2, bounds.learning_rate)
    assert compare(residual.contraction(fmpq(0), ONE, after, bounds.rate(bounds.learning_rate))).fails


@control
@ablates("DL-032", "learning rate", "dropped", Fate.REFUTED)
def test_refuted_without_a_limit_of_the_learning_rate() -> None:
    """N = 1, lambda = 1/2 and eta = 3: every step doubles the distance."""
    value, w = fmpq(1, 2), ONE
    assert residual.Bounds.of([value], 1).rate(fmpq(3)) < -1
    for t in range(10):
        assert w - value == (-2) ** t * (1 - value)
        w = residual.moved(w, value, 1, fmpq(3))


@control
@ablates("DL-032", "learning rate", "x 1.01", Fate.RATE)
@pytest.mark.parametrize("depth", [1, 2, 3, 6])
@pytest.mark.parametrize("excess", [fmpq(101, 100), fmpq(1000001, 1000000)])
def test_refuted_for_any_larger_learning_rate(depth: int, excess: fmpq) -> None:
    """lambda = r^N with r just below 1, so u = 1; eta = x / N, x > 1: w passes r, and 1 - eta N m^{2N-2} < 0."""
    r = 1 - (excess - 1) / (4 * depth)
    bounds = residual.Bounds.of([r**depth], depth)
    eta = excess * bounds.learning_rate
    assert bounds.rate(eta) < 0
    after = residual.moved(ONE, r**depth, depth, eta)
    assert after < r
    assert compare(residual.contraction(ONE, r, after, bounds.rate(eta))).fails


@control
def test_refuted_with_a_better_rate() -> None:
    """1 - eta N m^{2N-2} is what a step near r does: with 101/100 N it fails at N = 2, lambda = 1/4, w = r + 1/1000."""
    r = fmpq(1, 2)
    bounds = residual.Bounds.of([r**2], 2)
    eta = bounds.learning_rate
    w = r + fmpq(1, 1000)
    after = residual.moved(w, r**2, 2, eta)
    assert compare(residual.contraction(w, r, after, bounds.rate(eta))).holds
    assert compare(residual.contraction(w, r, after, bounds.rate(eta * fmpq(101, 100)))).fails


@witness
def test_smallest_parameters() -> None:
    """N = 1, d = 1, eta = 1 = 1 / (N u^0): one step reaches lambda, and the rate is 0."""
    bounds = residual.Bounds.of([fmpq(3)], 1)
    assert bounds.learning_rate == 1
    assert bounds.rate(ONE) == 0
    assert residual.moved(ONE, fmpq(3), 1, ONE) == 3
    assert residual.Bounds.of([fmpq(0)], 1).rate(ONE) == 0  # m^0 = 1 where m = 0
    assert residual.moved(ONE, fmpq(0), 1, ONE) == 0


@witness
def test_positive_definite_targets_far_from_the_identity() -> None:
    """Phi = diag(4, 1/4): no margin for Theorem 1, and statement 2 holds at N = 2 with eta = 1/8, rate 15/16."""
    target = diagonal(2, 2, [4, fmpq(1, 4)])
    margin = deficiency_margin((diagonal(2, 2, [1, 1]),) * 2, target)
    assert compare(Comparison(margin, "<", fmpq(0), "margin of I")).holds
    bounds = residual.Bounds.of([fmpq(4), fmpq(1, 4)], 2)
    assert bounds.learning_rate == fmpq(1, 8)
    assert bounds.rate(fmpq(1, 8)) == fmpq(15, 16)
    check_complete_run([fmpq(4), fmpq(1, 4)], bounds, fmpq(1, 8), 200)
