"""Statement 3: descent errs on one side of the flow; each step in rationals, its exponent in balls, runs from small
starts."""

from fractions import Fraction
from functools import partial

import pytest
import sympy
from flint import arb, ctx, fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare, settle
from solvers.shallow import ModeSquares, commuting_step, descent_exponent

BETAS = st.sampled_from([Fraction(p, q) for q in range(1, 6) for p in range(q + 1)])
"""In [0, 1], both ends among them."""
PARTS = st.builds(lambda k, q: fmpq(min(k, q - 1), q), st.integers(1, 63), st.sampled_from([2, 64, 10**6]))
"""In (0, 1)."""


def growths(squares: ModeSquares, beta: Fraction, measured: fmpq, rate: fmpq) -> ModeSquares:
    """s_1'/s_1 and s_2'/s_2 of a step."""
    moved = commuting_step(squares, arithmetic.rational(beta), measured, rate)
    return ModeSquares(moved.signal / squares.signal, moved.null / squares.null)


def not_lowered(squares: ModeSquares, beta: Fraction, measured: fmpq, rate: fmpq) -> Comparison:
    """(s_2'/s_2)^q >= (s_1'/s_1)^p for beta = p/q: rationals decide it."""
    signal, null = growths(squares, beta, measured, rate)
    return Comparison(null**beta.denominator, ">=", signal**beta.numerator, f"s_2 over s_1^beta, beta = {beta}")


def raised_at_most(
    squares: ModeSquares, beta: Fraction, measured: fmpq, rate: fmpq, share: int | fmpq = 1
) -> Comparison:
    """s_2'/s_2 <= (s_1'/s_1)^gamma; ``share`` times eta y stands for the eta y of gamma."""
    signal, null = growths(squares, beta, measured, rate)
    exponent = descent_exponent(arithmetic.rational(beta), share * rate * measured)
    return Comparison(null, "<=", arb(signal) ** exponent, f"s_2 over s_1^gamma, beta = {beta}")


def still_below(squares: ModeSquares, beta: Fraction, measured: fmpq, rate: fmpq) -> list[Comparison]:
    """0 <= r'/r <= 1 - 2 eta s_1."""
    moved = commuting_step(squares, arithmetic.rational(beta), measured, rate)
    before, after = (each.signal + arithmetic.rational(beta) * each.null - measured for each in (squares, moved))
    return [
        Comparison(after / before, ">=", fmpq(0), "r'/r"),
        Comparison(after / before, "<=", 1 - 2 * rate * squares.signal, "r'/r"),
    ]


def state(part: fmpq, share: fmpq, beta: Fraction, measured: fmpq) -> ModeSquares:
    """s_1 + beta s_2 = (1 - part) y, s_1 a share of it; for beta = 0, s_2 = share y."""
    seen = (1 - part) * measured
    if beta == 0:
        return ModeSquares(seen, share * measured)
    return ModeSquares(share * seen, (1 - share) * seen / arithmetic.rational(beta))


@symbolic
def test_a_step_for_every_beta_and_rate() -> None:
    """s_1, s_2, beta, eta, y symbols: r' as in the proof; and the derivatives that make gamma grow with z."""
    a, b, beta, eta, y, z = sympy.symbols("s_1 s_2 beta eta y z", positive=True)
    r = a + beta * b - y
    moved = commuting_step(ModeSquares(a, b), beta, y, eta)
    bracket = 1 - 2 * eta * (a + beta**2 * b) + eta**2 * r * (a + beta**3 * b)
    assert sympy.expand(moved.signal + beta * moved.null - y - r * bracket) == 0
    s = a + beta * b
    assert sympy.expand((2 - eta * r) * eta * s - 2 * eta * y - eta * (s - y) * (2 - eta * s)) == 0
    phi = (1 + z) * sympy.log(1 + z)
    slope = sympy.diff(descent_exponent(beta, z), z) * sympy.log(1 + z) ** 2 * (1 + z) * (1 + beta * z)
    assert sympy.simplify(slope - beta * phi + phi.subs(z, beta * z)) == 0
    assert sympy.simplify(sympy.diff(phi, z, 2) - 1 / (1 + z)) == 0
    assert sympy.limit(descent_exponent(beta, z), z, 0) == beta
    x = sympy.Symbol("x", negative=True)
    bernoulli = 1 - beta * x - (1 - x) ** beta
    assert bernoulli.subs(x, 0) == 0
    assert sympy.simplify(sympy.diff(bernoulli, x) + beta * (1 - (1 - x) ** (beta - 1))) == 0


@exact
@given(PARTS, PARTS, BETAS, st.integers(-128, 15).map(lambda k: fmpq(k, 16)))
@example(fmpq(1, 2), fmpq(1, 2), Fraction(1, 2), fmpq(0))
@example(fmpq(1, 2), fmpq(1, 2), Fraction(4, 5), fmpq(999, 1000))
def test_a_step_does_not_lower_the_quotient(one: fmpq, other: fmpq, beta: Fraction, x: fmpq) -> None:
    """Any s_1 and s_2, eta r = x < 1 of either sign: y = s_1 + beta s_2 - x, eta = 1."""
    squares = ModeSquares(10 * one, 10 * other)
    measured = squares.signal + arithmetic.rational(beta) * squares.null - x
    assert compare(not_lowered(squares, beta, measured, fmpq(1))).holds


@exact
@given(PARTS, PARTS, BETAS, PARTS, st.sampled_from([fmpq(1), fmpq(1, 1000), fmpq(50)]))
@example(fmpq(1, 10**6), fmpq(1, 2), Fraction(1), fmpq(10**6 - 1, 10**6), fmpq(1))
def test_a_step_from_below(part: fmpq, share: fmpq, beta: Fraction, fraction: fmpq, measured: fmpq) -> None:
    """r < 0 anywhere, eta <= 1/(2y): 0 <= r'/r <= 1 - 2 eta s_1, and the exponent gamma."""
    squares = state(part, share, beta, measured)
    for rate in (fraction / (2 * measured), 1 / (2 * measured)):
        assert all(compare(comparison).holds for comparison in still_below(squares, beta, measured, rate))
        assert compare(not_lowered(squares, beta, measured, rate)).holds
        if 0 < beta < 1:
            assert settle(lambda rate=rate: raised_at_most(squares, beta, measured, rate)).holds  # type: ignore[misc]
            exponent = arb(descent_exponent(arithmetic.rational(beta), rate * measured))
            assert compare(Comparison(exponent, ">", arithmetic.rational(beta), "gamma")).holds


@control
def test_refuted_that_the_residual_shrinks_faster() -> None:
    """s_1 = 1/2, next to no s_2, beta = 1/2, y = 1, eta = 1/1000: with 21/10 for the 2 it would not hold."""
    rate, squares = fmpq(1, 1000), ModeSquares(fmpq(1, 2), fmpq(1, 10**6))
    least, most = still_below(squares, Fraction(1, 2), fmpq(1), rate)
    assert compare(least).holds
    assert compare(most).holds
    assert compare(most._replace(right=most.right - rate * squares.signal / 10)).fails


def end(alpha: arb, beta: Fraction, rate: fmpq, steps: int) -> ModeSquares:
    """s_1 and s_2 after descent with y = 1."""
    squares = ModeSquares(alpha * alpha, alpha * alpha)
    for _ in range(steps):
        squares = commuting_step(squares, arithmetic.rational(beta), 1, rate)
    return squares


@sampled
@pytest.mark.parametrize("beta", [Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)])
@pytest.mark.parametrize("digits", [2, 10])
def test_runs_end_between_the_two_curves(beta: Fraction, digits: int) -> None:
    """y = 1, eta = 1/2 and 1/8, alpha = 10^-2 and 10^-10, 400 steps in balls: |r| < 10^-6 and both curves."""
    for rate in (fmpq(1, 2), fmpq(1, 8)):
        with ctx.workprec(600):
            alpha, exponent = arb(fmpq(1, 10**digits)), arithmetic.rational(beta)
            signal, null = end(alpha, beta, rate, 400)
            gamma = descent_exponent(exponent, rate)
            assert compare(Comparison(abs(signal + exponent * null - 1), "<", fmpq(1, 10**6), "|r|")).holds
            low, high = (alpha ** (2 - 2 * power) * signal**power for power in (arb(exponent), gamma))
            assert compare(Comparison(low, "<=", null, "s_2 and flow's curve")).holds
            assert compare(Comparison(null, "<=", high, "s_2 and descent's curve")).holds


@control
def test_refuted_that_descent_has_the_exponent_of_the_flow() -> None:
    """beta = 1/2, y = 1, eta = 1/2, alpha = 10^-40: s_2 is above 1000 alpha, the flow's exponent being 1 and descent's
    2 - 2 ln(5/4)/ln(3/2), 0.899...; with 1/100 more than that it is below s_2 too, so that gamma is the exponent."""
    with ctx.workprec(1200):
        alpha = arb(fmpq(1, 10**40))
        null = end(alpha, Fraction(1, 2), fmpq(1, 2), 400).null
        exponent = 2 - 2 * descent_exponent(fmpq(1, 2), fmpq(1, 2))
        assert compare(Comparison(null, "<=", alpha**exponent, "s_2")).holds
        assert compare(Comparison(null, "<=", 1000 * alpha, "s_2")).fails
        assert compare(Comparison(null, "<=", alpha ** (exponent + fmpq(1, 100)), "s_2")).fails


@control
def test_refuted_with_a_smaller_gamma() -> None:
    """99/100 eta y in gamma: fails where r is near -y; 101/100 is more than is said."""
    squares = ModeSquares(fmpq(1, 10**6), fmpq(1, 10**6))
    said, less, more = (
        partial(raised_at_most, squares, Fraction(1, 2), fmpq(1), fmpq(1, 2), *share)
        for share in ((), (fmpq(99, 100),), (fmpq(101, 100),))
    )
    assert settle(said).holds
    assert settle(less).fails
    assert said().right < more().right


@control
@ablates("DL-055", "learning rate", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("beta", [Fraction(0), Fraction(1)])
def test_refuted_for_a_larger_learning_rate(beta: Fraction) -> None:
    """eta y = 51/100: near r = 0 a step leads beyond it, for beta = 0 and 1; eta y = 1/2 does not."""
    squares = state(fmpq(1, 1000), fmpq(1, 2), beta, fmpq(1))
    assert all(compare(comparison).holds for comparison in still_below(squares, beta, fmpq(1), fmpq(1, 2)))
    assert compare(still_below(squares, beta, fmpq(1), fmpq(51, 100))[0]).fails


@control
@ablates("DL-055", "beta from 0 to 1", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("beta", [Fraction(-1, 2), Fraction(11, 10), Fraction(2)])
def test_refuted_for_other_beta(beta: Fraction) -> None:
    """beta < 0 or > 1: the quotient falls, at eta r = -1/2 and at eta r = 1/4."""
    for x in (fmpq(-1, 2), fmpq(1, 4)):
        measured = 1 + arithmetic.rational(beta) - x
        signal, null = growths(ModeSquares(fmpq(1), fmpq(1)), beta, measured, fmpq(1))
        if beta < 0:
            assert compare(Comparison(null**2 * signal, ">=", fmpq(1), "s_2 over s_1^beta")).fails
        else:
            assert compare(not_lowered(ModeSquares(fmpq(1), fmpq(1)), beta, measured, fmpq(1))).fails


@control
@ablates("DL-055", "small start", "dropped", Fate.REFUTED)
def test_refuted_from_above() -> None:
    """alpha^2 = 1, beta = 1/2, y = 1: r = 1/2, and a step with eta = 1/2 lowers s_1 and raises s_2 over s_1^gamma; from
    alpha^2 = 1/2, r = -1/4, it does neither."""
    above, below = (ModeSquares(fmpq(1, q), fmpq(1, q)) for q in (1, 2))
    for squares, holds in ((above, False), (below, True)):
        verdict = settle(lambda s=squares: raised_at_most(s, Fraction(1, 2), fmpq(1), fmpq(1, 2)))  # type: ignore[misc]
        assert verdict.holds is holds
        assert verdict.fails is not holds
        assert (growths(squares, Fraction(1, 2), fmpq(1), fmpq(1, 2)).signal > 1) is holds


@control
def test_refuted_for_steps_across_zero() -> None:
    """beta = 1/2: at eta r = 117/100 the quotient does not fall, at 118/100 it does: 4 - 2^{3/2} is between them.
    Nor does it at 7, beyond 4 + 2^{3/2}."""
    for x, holds in ((fmpq(117, 100), True), (fmpq(118, 100), False), (fmpq(68, 10), False), (fmpq(7), True)):
        squares = ModeSquares(fmpq(1), fmpq(1))
        verdict = compare(not_lowered(squares, Fraction(1, 2), fmpq(3, 2) - x, fmpq(1)))
        assert verdict.holds is holds
        assert verdict.fails is not holds
    assert settle(lambda: Comparison(4 - arb(8).sqrt(), ">", fmpq(117, 100), "4 - 2^{3/2}")).holds
    assert settle(lambda: Comparison(4 - arb(8).sqrt(), "<", fmpq(118, 100), "4 - 2^{3/2}")).holds


@witness
def test_at_the_boundary() -> None:
    """alpha^2 (1 + beta) = y: r = 0 at the start, and nothing moves. From alpha = 1/2 with beta = 1/2, y = 1, eta = 1/2
    a step leads to s_1 = (21/32)^2 and s_2 = (37/64)^2."""
    start = ModeSquares(fmpq(2, 3), fmpq(2, 3))
    assert commuting_step(start, fmpq(1, 2), fmpq(1), fmpq(1, 2)) == start
    moved = commuting_step(ModeSquares(fmpq(1, 4), fmpq(1, 4)), fmpq(1, 2), fmpq(1), fmpq(1, 2))
    assert moved == (fmpq(21, 32) ** 2, fmpq(37, 64) ** 2)
