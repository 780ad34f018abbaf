"""Statement 4: where R keeps its sign, and that no more is true."""

import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.stability.edge_of_stability.all_cycles import state
from claims.suite import Fate, ablates, control, exact, symbolic, witness
from solvers.arithmetic import square_root
from solvers.shallow import TwoFactors

SHARES = st.sampled_from([fmpq(1), fmpq(1, 2), fmpq(99, 100), fmpq(1, 20)])


def level(start: TwoFactors) -> fmpq:
    """2 mu + q^2."""
    sum_of_both: fmpq = 2 * start.target + start.gap**2
    return sum_of_both


def stays_below(start: TwoFactors, steps: int) -> bool:
    """R_0, ..., R_steps <= 0."""
    for _ in range(steps):
        if start.residual > 0:
            return False
        start = start.step()
    return bool(start.residual <= 0)


def overshooting(gap: fmpq, product: fmpq) -> TwoFactors:
    """A start with q_0 = ``gap`` and R_0 < 0 so near to 0 that R_1 > 0 where 2 mu + q_0^2 > 1: u is rational, near the
    root of u (u - q) = mu and below it."""
    root = square_root(gap**2 / 4 + product) + gap / 2
    near = fmpq(int(float(root) * 10**12) - 1, 10**12)
    return state(near, near - gap, product)


@symbolic
def test_the_quotient_of_two_residuals() -> None:
    """R'/R = (1 - R)^2 - 2 mu + mu R - q^2, its derivative in R is mu - 2 (1 - R), and at R = 0 it is 1 - 2 mu - q^2;
    R = p^2/4 - q^2/4 - mu."""
    u, v, mu, r, q = sympy.symbols("u v mu R q", real=True)
    here = TwoFactors(u, v, mu, 1)
    residual = u * v - mu
    formula = (1 - r) ** 2 - 2 * mu + mu * r - q**2
    assert sympy.expand(here.step().residual - residual * formula.subs({r: residual, q: u - v})) == 0
    assert sympy.expand(sympy.diff(formula, r) - (mu - 2 * (1 - r))) == 0
    assert sympy.expand(formula.subs(r, 0) - (1 - 2 * mu - q**2)) == 0
    assert sympy.expand(residual - (here.total**2 / 4 - here.gap**2 / 4 - mu)) == 0


@exact
@given(st.integers(-20, 20), SHARES, st.integers(0, 20))
def test_no_overshoot(gap: int, share: fmpq, place: int) -> None:
    """q from -20/21 to 20/21, 2 mu the rest of 1 or a share of it, p from 0 to where R_0 is nearly 0: four steps."""
    q = fmpq(gap, 21)
    product = share * (1 - q**2) / 2
    most = fmpq(int(float(4 * product + q**2) ** 0.5 * 10**6), 10**6)
    p = most * fmpq(place, 20)
    start = state((p + q) / 2, (p - q) / 2, product)
    assert level(start) == q**2 + share * (1 - q**2) <= 1
    assert start.residual <= 0
    assert stays_below(start, 4)


@control
@ablates("DL-064", "2 mu + q_0^2 at most 1", "2 mu + q_0^2 <= 11/10", Fate.REFUTED)
@ablates("DL-064", "2 mu + q_0^2 at most 1", "dropped", Fate.REFUTED)
@given(st.integers(0, 10), st.sampled_from([fmpq(10001, 10000), fmpq(11, 10), fmpq(3)]))
def test_refuted_beyond_one(tenths: int, excess: fmpq) -> None:
    """For every q_0, and 2 mu + q_0^2 = 1.0001, 11/10, 3, some start overshoots in the first step."""
    gap = fmpq(tenths, 10)
    start = overshooting(gap, (excess - gap**2) / 2)
    assert level(start) == excess
    assert start.residual < 0 < start.step().residual
    assert not stays_below(start, 1)


@witness
def test_the_boundary() -> None:
    """q_0 = 0, mu = 1/2: R falls to 0 from below, quadratically near it; at mu = 11/20 it passes."""
    start = state(fmpq(1, 2), fmpq(1, 2), fmpq(1, 2))
    assert level(start) == 1
    assert stays_below(start, 6)
    assert not stays_below(overshooting(fmpq(0), fmpq(11, 20)), 1)
