"""Statement 3: the equation for N symbolic, its implicit solution as a series and by roots of unity, in balls too."""

from fractions import Fraction

import numpy as np
import sympy
from flint import acb, arb, ctx, fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from claims.modes.mode_solutions.times import BITS, FINE, antiderivative, passages, time_between
from claims.suite import control, exact, symbolic, witness
from solvers.arithmetic import Comparison, compare, power, settle
from solvers.flow import balanced_flow, mode_gradients

X = sympy.Symbol("x", positive=True)

N, K = sympy.Symbol("N", integer=True, positive=True), sympy.Symbol("k", integer=True, nonnegative=True)


@symbolic
def test_balanced_modes_of_every_depth() -> None:
    """Statement 3's equation: u = w^N with w' = w^{N-1} (s - w^N), N symbolic; its scaling to s = 1; and for the layers
    of N = 1..7 that w' is their own."""
    w, s = sympy.symbols("w s", positive=True)
    speed = w ** (N - 1) * (s - w**N)
    assert sympy.simplify(sympy.diff(w**N, w) * speed - N * (w**N) ** (2 - 2 / N) * (s - w**N)) == 0
    scaled = speed.subs(w, s ** (1 / N) * X) / s ** (1 / N)
    assert sympy.simplify(sympy.expand_power_base(scaled / s ** (2 - 2 / N)) - X ** (N - 1) * (1 - X**N)) == 0
    for depth in range(1, 8):
        assert all(sympy.expand(gradient + speed.subs(N, depth)) == 0 for gradient in mode_gradients((w,) * depth, s))


@symbolic
def test_implicit_solution_as_a_series_for_every_depth() -> None:
    """F' = 1 / (x^{N-1} (1 - x^N)) for N symbolic: the terms' derivatives are x^{1-N} times a geometric series."""
    term = X ** (N * K + 2 - N) / (N * K + 2 - N)
    small = sympy.Symbol("q", positive=True)  # x^N
    assert sympy.powsimp(sympy.diff(term, X) * X / (N * K + 2 - N)) == X ** (N * K + 2 - N) / (N * K + 2 - N)
    total = sympy.Sum(small**K, (K, 0, sympy.oo)).doit()
    assert total.args[0] == (1 / (1 - small), small < 1)
    # no term but that of k = 0 at N = 2 divides by 0: for k = 1 + m it is N m + 2
    assert sympy.expand((N * K + 2 - N).subs(K, 1 + K)).is_positive
    assert sympy.solve((N * K + 2 - N).subs(K, 0), N) == [2]


@symbolic
def test_implicit_solution_by_roots_of_unity_for_every_depth() -> None:
    """1 / (x^{N-1} (1 - x^N)) = x^{1-N} + x / (1 - x^N), and x / (x^N - 1), N >= 2, is the sum of r^2 / (N (x - r))
    over the N-th roots r of 1: its poles are simple, with those residues since r^N = 1, N symbolic. The logarithm's
    branch does not matter: 1 - x / r is on the negative axis for r = 1 and x > 1 alone. N = 3..6 are multiplied out."""
    r, z = sympy.Symbol("r", nonzero=True), sympy.Symbol("z")
    assert sympy.simplify(1 / (X ** (N - 1) * (1 - X**N)) - X ** (1 - N) - X / (1 - X**N)) == 0
    residue = r / sympy.diff(r**N - 1, r)
    assert sympy.simplify(residue / (r**2 / N) - r ** (-N)) == 0
    assert sympy.cancel(sympy.diff(-(r**2) * sympy.log(1 - X / r), X) + r**2 / (X - r)) == 0
    for depth in range(3, 7):
        total = sum(z ** (2 * k) * sympy.prod(X - z**m for m in range(depth) if m != k) for k in range(depth))
        assert sympy.rem(sympy.expand(total - depth * X), sympy.cyclotomic_poly(depth, z), z) == 0
    for found, depth in ((sympy.log(X) - sympy.log(1 - X**2) / 2, 2), (-sympy.log(1 - X), 1)):
        assert sympy.cancel(sympy.diff(found, X) - 1 / (X ** (depth - 1) * (1 - X**depth))) == 0


@exact
@given(passages(), st.integers(1, 12))
@example((fmpq(2), fmpq(3, 2), fmpq(1)), 1)
@example((fmpq(2), fmpq(3, 2), fmpq(1)), 2)
@example((fmpq(1, 2), fmpq(3, 4), fmpq(1)), 2)
def test_implicit_solution_is_the_integral_of_the_equation(passage: tuple[fmpq, fmpq, fmpq], depth: int) -> None:
    """F by roots of unity against a rigorous quadrature of 1 / (x^{N-1} (1 - x^N)), in balls, from below and above."""
    start, end, s = passage
    with ctx.workprec(BITS):
        begin, finish = (arb(power(u / s, Fraction(1, depth))) for u in (start, end))
        found = acb.integral(lambda x, _: 1 / (x ** (depth - 1) * (1 - x**depth)), begin, finish).real
        time = found / power(s, Fraction(2 * depth - 2, depth))
        assert time > 0
        gap = abs(time - time_between(start, end, s, depth))
        assert compare(Comparison(gap, "<=", FINE, f"time at depth {depth}: closed form and quadrature")).holds


@exact
@given(st.integers(3, 9), st.integers(1, 56))
def test_implicit_solution_as_a_series(depth: int, place: int) -> None:
    """F(x) for x = place/64 is above every partial sum, and above it by at most a geometric series."""

    def bounds(terms: int) -> list[Comparison]:
        x = arb(fmpq(place, 64))
        powers = [depth * k + 2 - depth for k in range(terms + 1)]
        rest = antiderivative(x, depth) - sum(x**k / k for k in powers[:-1])
        most = x ** powers[-1] / powers[-1] / (1 - x**depth)
        return [Comparison(rest, ">", fmpq(0), "rest of the series"), Comparison(rest, "<", most, "rest of the series")]

    for terms in range(1, 5):
        for which in range(2):
            assert settle(lambda terms=terms, which=which: bounds(terms)[which]).holds  # type: ignore[misc]


@control
def test_refuted_with_the_residues_of_another_power() -> None:
    """r^k in place of r^{2k}: the quadrature at depth 3 disagrees."""
    with ctx.workprec(BITS):
        x, y = arb(1) / 4, arb(1) / 2
        found = acb.integral(lambda z, _: 1 / (z * z * (1 - z**3)), x, y).real
        wrong = antiderivative(y, 3) - antiderivative(x, 3)
        assert compare(Comparison(abs(found - wrong), "<=", FINE, "depth 3")).holds
        for k in range(1, 3):
            root = acb.exp_pi_i(acb(fmpq(2 * k, 3)))
            for z, sign in ((y, 1), (x, -1)):
                wrong += sign * ((root * root - root) * (1 - acb(z) / root).log()).real / 3
        assert compare(Comparison(abs(found - wrong), "<=", FINE, "depth 3, wrong residues")).fails


@witness
def test_depth_one() -> None:
    """N = 1 is included: u' = s - u, s - u = (s - u_0) e^{-t}: half the way takes ln 2."""
    with ctx.workprec(BITS):
        gap = abs(time_between(fmpq(1, 4), fmpq(5, 8), fmpq(1), 1) - arb(2).log())
        assert compare(Comparison(gap, "<=", FINE, "time for half the way")).holds
    assert balanced_flow(np.array([0.25]), np.array([1.0]), np.array([0.0]), depth=1)[0, 0] == 0.25
