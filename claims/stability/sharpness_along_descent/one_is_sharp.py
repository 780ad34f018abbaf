"""Statement 4: beyond |e| = 1 phi can rise, at every depth from three on; and what is open below the target."""

from math import prod

import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.stability.sharpness_along_descent.every_depth import small_enough
from claims.stability.sharpness_along_descent.pair_law import factor, numbers
from claims.stability.sharpness_along_descent.two_layers import decided, falls
from claims.suite import Fate, ablates, control, exact, sampled, symbolic, witness
from solvers.arithmetic import Comparison, settle
from solvers.flow import limit_sharpness
from solvers.network import Problem
from strategies import scalar_chains, scalar_weights


def rising(depth: int, a: fmpq, q: fmpq) -> Problem:
    """w = (a, ..., a, q a), Phi = 1, and eta such that e = q^2 at the two smallest."""
    return at_factor([a] * (depth - 1) + [q * a], q**2)


def at_factor(weights: list[fmpq], e: fmpq) -> Problem:
    """Phi = 1, and eta such that e_12 = ``e``."""
    product = prod(weights, start=fmpq(1))
    rate = e * weights[0] * weights[1] / (product * (product - 1))
    return Problem(scalar_weights(*weights), scalar_weights(1)[0], rate)


@symbolic
def test_the_family_for_every_depth() -> None:
    """eta r w_1 ... w_N = q^2 a^2: a - q^2 a^2/a = -c a and q a - q^2 a^2/(q a) = 0; the gaps c a^2 before and
    (c a)^2 after; and (c^2 a^2)^2 - N (1 + c a^2) > 0 for a^2 = (2N + t)/c^3, c = 1/(1 + u), t > 0, u >= 0, N >= 1; as
    well as c a^2 >= 1 and c^2 a^2 >= 1 there. Any N >= 3 uses g'^{N-1} >= g'^2 and (1 + g)^{1/(N-1)} <= 1 + g.

    For every c > 0 with c^3 a^2 = 2N + t and g = c a^2 = 1 + w, w >= 0: g'^2 = (2N + t) g > N (1 + g)."""
    a, q = sympy.symbols("a q", positive=True)
    c = q**2 - 1
    assert sympy.expand(a - q**2 * a**2 / a + c * a) == 0
    assert sympy.simplify(q * a - q**2 * a**2 / (q * a)) == 0
    assert sympy.expand((q * a) ** 2 - a**2 - c * a**2) == 0
    t, u, more = sympy.symbols("t u n", nonnegative=True)
    depth, small = 1 + more, 1 / (1 + u)
    square = (2 * depth + t) / small**3
    excess = sympy.expand(sympy.simplify((small**2 * square) ** 2 - depth * (1 + small * square)))
    terms = sympy.Poly(excess, t, u, more).terms()
    assert all(coefficient > 0 for _, coefficient in terms)
    assert excess.subs({t: 0, u: 0, more: 0}) > 0
    w = sympy.Symbol("w", nonnegative=True)
    assert sympy.expand((c**2 * a**2) ** 2 - (c**3 * a**2) * (c * a**2)) == 0
    beyond = sympy.Poly(sympy.expand((2 * depth + t) * (1 + w) - depth * (2 + w)), t, w, more)
    assert all(coefficient > 0 for _, coefficient in beyond.terms())
    for gap in (small * square, small**2 * square):
        assert all(coefficient >= 0 for coefficient in sympy.Poly(sympy.expand(gap - 1), t, u, more).coeffs())


@exact
@ablates("DL-063", "|e| at most 1", "x 1.003", Fate.REFUTED)
@given(
    st.integers(3, 6),
    st.sampled_from([fmpq(1414, 1000), fmpq(11, 10), fmpq(1001, 1000), fmpq(2), fmpq(5)]),
    st.integers(1, 9),
)
def test_phi_rises(depth: int, q: fmpq, more: int) -> None:
    """N = 3 to 6, e = q^2 from 1.002 to 25, a^2 from just above 2N/c^3 or 1: the step, phi before and after."""
    least = 2 * depth / (q**2 - 1) ** 3
    a = fmpq(int(float(least) ** 0.5) + more)
    assert a**2 > least
    assert (q**2 - 1) * a**2 >= 1
    problem = rising(depth, a, q)
    assert factor(problem, 0, 1) == q**2
    assert numbers(problem.step()) == [a - q**2 * a] * (depth - 1) + [0]
    assert falls(problem).fails
    gap, later = (q**2 - 1) * a**2, (q**2 - 1) ** 2 * a**2
    before, after = numbers(problem), numbers(problem.step())
    assert settle(lambda: Comparison(limit_sharpness(before, 1), "<", depth * (1 + gap), "phi before")).holds
    assert settle(lambda: Comparison(limit_sharpness(after, 1), ">", later ** (depth - 1), "phi after")).holds


@exact
@pytest.mark.parametrize("depth", [3, 4, 5, 6])
def test_phi_rises_without_reaching_zero(depth: int) -> None:
    """w = (10, ..., 10, 11), eta r w_1 ... w_N = 120: e = 6/5 and w' = (-2, ..., -2, 1/11). At N = 3, eta = 6/60445 and
    phi goes from 9.26 to 16.92."""
    problem = at_factor([fmpq(10)] * (depth - 1) + [fmpq(11)], fmpq(6, 5))
    assert numbers(problem.step()) == [-2] * (depth - 1) + [fmpq(1, 11)]
    assert falls(problem).fails
    if depth == 3:
        assert problem.learning_rate == fmpq(6, 60445)
        before, after = (limit_sharpness(numbers(each), 1) for each in (problem, problem.step()))
        assert 9.25 < before < 9.27
        assert 16.91 < after < 16.93


@control
@pytest.mark.parametrize("depth", [3, 4, 5, 6])
def test_refuted_rise_at_one(depth: int) -> None:
    """The same weights with e = 1 (and 999/1000) in place of 6/5: phi falls."""
    for e in (fmpq(1), fmpq(999, 1000)):
        problem = at_factor([fmpq(10)] * (depth - 1) + [fmpq(11)], e)
        assert small_enough(problem)
        assert falls(problem).holds


@control
def test_refuted_rise_at_two_layers() -> None:
    """Statement 4 needs N >= 3: at N = 2 the same family falls, by statement 2."""
    for a in (fmpq(10), fmpq(1000)):
        assert falls(rising(2, a, fmpq(11, 10))).holds
        assert falls(rising(3, a, fmpq(11, 10))).fails


@sampled
@ablates("DL-063", "|e| at most 1", "|e| <= sqrt 2 where 0 < w_1 ... w_N < Phi", Fate.OPEN)
@given(scalar_chains(min_depth=3, shares=st.sampled_from([fmpq(7, 5), fmpq(141421, 100000), fmpq(11, 10)]), below=True))
def test_no_rise_below_the_target_was_found(problem: Problem) -> None:
    """The open part: 25 exact steps by default, 2500 in the thorough profile."""
    assert not small_enough(problem)
    assert decided(falls(problem))


@witness
def test_just_beyond_one() -> None:
    """e = 1001/1000, w = (10^4, 10^4, 10^4 + 1): phi goes from 283 to 1297."""
    problem = at_factor([fmpq(10**4), fmpq(10**4), fmpq(10**4 + 1)], fmpq(1001, 1000))
    before, after = (limit_sharpness(numbers(each), 1) for each in (problem, problem.step()))
    assert 282 < before < 283
    assert 1296 < after < 1298
