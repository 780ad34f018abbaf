"""A mode's flow solved: in closed form for two layers, balanced or not; implicitly at depth N; and as N grows.

Statement. The flow of a mode is da_j/dt = -(prod_{k != j} a_k) (u - s), u = a_1 ... a_N (``scalar_modes``).

1. N = 2, a = b > 0: u' = 2 u (s - u), u(t) = s e^{2st} / (e^{2st} - 1 + s/u_0); u_0 / (1 + 2 u_0 t) where s = 0. For
   a = -b < 0 or > 0, u = -a^2 obeys u' = -2 u (s - u) instead: the closed form for -u, with -s.
2. N = 2, any a and b: c = a^2 - b^2 does not change, u' = sqrt(c^2 + 4 u^2) (s - u). y = (a + b)^2 obeys
   y' = 2 s y - (y^2 - c^2) / 2, so with R = sqrt(4 s^2 + c^2), y_+- = 2 s +- R and E = e^{-R t}
       y(t) = (y_0 (y_+ - y_- E) + c^2 (1 - E)) / (y_0 (1 - E) + y_+ E - y_-),   u = (y - c^2 / y) / 4   (a + b != 0),
   for all t >= 0, and (a - b)^2 is the same with -s. So u -> s from every start with c != 0, s of either sign.
   SMG14's form is a = sqrt(c) cosh(x/2), b = sqrt(c) sinh(x/2), y = c e^x, for which x' = 2 s - c sinh x and, with
   z = tanh(x/2),  t = (1/R) [ln((R + c + 2 s z) / (R - c - 2 s z))] between the ends.
3. Any N, a_1 = ... = a_N = w > 0, s > 0: u' = N u^{2-2/N} (s - u). With x = (u/s)^{1/N}, and in the time s^{2-2/N} t,
   x' = x^{N-1} (1 - x^N), so s^{2-2/N} t = F(x) - F(x_0) with, for N >= 3 and the N-th roots of unity r^k,
       F(x) = x^{2-N} / (2-N) - (1/N) sum_k Re(r^{2k} ln(1 - x r^{-k})) = sum_{k >= 0} x^{Nk+2-N} / (Nk+2-N)  (x < 1),
   F(x) = ln x - ln|1 - x^2| / 2 for N = 2 and F(x) = -ln|1 - x| for N = 1.
4. In the time T = N t the equation tends to du/dT = u^2 (s - u) as N -> infinity, solved by
       T = ln(u (s - u_0) / (u_0 (s - u))) / s^2 + (1/u_0 - 1/u) / s,
   and so do its solutions: the time T_N in which depth N takes u_0 to u, over T_infinity, lies between u_0^{2/N}
   and u^{2/N}. So u_N(T) is u_infinity at a time between T s^{-2/N} and T u_0^{-2/N}, and u_N -> u_infinity.

Proof. Each is put into its equation. 4: the integrands of T_N and T_infinity have the quotient v^{2/N}, v between u_0
and u, which is monotone in v.

Hypotheses. As stated.
Source. SMG14 (arXiv:1312.6120), Section 1, its supplement for unbalanced modes and great depth. The closed form in y,
the signs in 1, the roots of unity and the sandwich in 4 are this project's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
import pytest
import sympy
from flint import acb, arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import DLC, SMG14, Claim, Fate, Status, ablates, control, exact, sampled, symbolic, witness
from solvers.arithmetic import Comparison, compare, power, settle
from solvers.flow import balanced_flow, gradient_flow, mode_gradients, two_layer_flow
from solvers.network import Problem
from strategies import DATASETS, real_problem, regression

CLAIM = Claim(
    uid="DL-030",
    title="The flow of a mode in closed form",
    statement=__doc__,
    sources=(SMG14.at("Section 1"), DLC.at("DL-030")),
    items=("9.2", "9.3"),
    status=Status.THEOREM,
    hypotheses=("a_j > 0", "balanced"),
)

T, Y0, U0 = (sympy.Symbol(name, positive=True) for name in ("t", "y_0", "u_0"))
S, A, B, C, U = sympy.symbols("s a b c u", real=True)
X = sympy.Symbol("x", positive=True)
N, K = sympy.Symbol("N", integer=True, positive=True), sympy.Symbol("k", integer=True, nonnegative=True)
RATE, DECAY = sympy.symbols("R E", positive=True)
ROOTS = (2 * S + RATE, 2 * S - RATE)
"""y_+ and y_-."""


def vanishes(expression: sympy.Expr) -> bool:
    """Zero, with R^2 = 4 s^2 + c^2."""
    numerator = sympy.expand(sympy.together(expression).as_numer_denom()[0])
    return bool(sympy.expand(sympy.rem(numerator, RATE**2 - 4 * S**2 - C**2, RATE)) == 0)


def riccati(initial: sympy.Expr, s: sympy.Expr) -> sympy.Expr:
    """y of statement 2 in terms of E, for y_0 and s."""
    up, down = 2 * s + RATE, 2 * s - RATE
    above = initial * (up - down * DECAY) + C**2 * (1 - DECAY)
    return above / (initial * (1 - DECAY) + up * DECAY - down)


def sigmoid(initial: Any, s: Any, growth: Any) -> Any:
    """Statement 1 with e^{2st} = ``growth``: s g / (g - 1 + s / u_0)."""
    return s * growth / (growth - 1 + s / initial)


@symbolic
def test_balanced_two_layers() -> None:
    """Statement 1, from the layers' own equations; s any real but 0, where it is the limit."""
    velocity = [-gradient for gradient in mode_gradients((A, B), S)]
    speed = sympy.expand(velocity[0] * B + A * velocity[1])
    assert sympy.expand(speed - (A**2 + B**2) * (S - A * B)) == 0
    assert sympy.expand(speed.subs(B, A) - 2 * A**2 * (S - A**2)) == 0  # u = a^2
    assert sympy.expand(speed.subs(B, -A) + 2 * (-(A**2)) * (S - (-(A**2)))) == 0  # u = -a^2
    growth = sympy.Symbol("g", positive=True)  # e^{2st}, so that g' = 2 s g
    u = sigmoid(U0, S, growth)
    assert vanishes(sympy.diff(u, growth) * 2 * S * growth - 2 * u * (S - u))
    assert vanishes(u.subs(growth, 1) - U0)
    at_zero = U0 / (1 + 2 * U0 * T)
    assert vanishes(1 / u - (1 - 1 / growth) / S - 1 / (U0 * growth))  # as s -> 0, (1 - e^{-2st}) / s -> 2 t
    assert sympy.expand(sympy.diff(-sympy.exp(-2 * S * T), S).subs(S, 0) + 1 / U0 - 1 / at_zero) == 0
    assert sympy.simplify(sympy.diff(at_zero, T) + 2 * at_zero**2) == 0


@symbolic
def test_the_hyperbola_and_the_speed_on_it() -> None:
    """Statement 2: c' = 0, a^2 + b^2 = sqrt(c^2 + 4 u^2), and the equations of (a + b)^2 and (a - b)^2."""
    a_velocity, b_velocity = (-gradient for gradient in mode_gradients((A, B), S))
    c, u, y, x = A**2 - B**2, A * B, (A + B) ** 2, (A - B) ** 2
    assert sympy.expand(A * a_velocity - B * b_velocity) == 0
    assert sympy.expand((A**2 + B**2) ** 2 - c**2 - 4 * u**2) == 0
    for value, s in ((y, S), (x, -S)):
        moved = sympy.diff(value, A) * a_velocity + sympy.diff(value, B) * b_velocity
        assert sympy.expand(moved - 2 * s * value + (value**2 - c**2) / 2) == 0
    assert sympy.expand(x * y - c**2) == 0
    assert sympy.expand(y - x - 4 * u) == 0


@symbolic
def test_unbalanced_closed_form() -> None:
    """Statement 2 for every real s and c, R > 0: y solves its equation and starts at y_0; (a - b)^2, by the same
    formula with -s from c^2 / y_0, is c^2 / y; and E -> 0 leads to y_+, where u = s. All four terms of y are >= 0,
    since R^2 - 4 s^2 = c^2 >= 0, and they are not all 0 for y_0 > 0 and E > 0."""
    y = riccati(Y0, S)
    assert vanishes(-RATE * DECAY * sympy.diff(y, DECAY) - 2 * S * y + (y**2 - C**2) / 2)
    assert vanishes(y.subs(DECAY, 1) - Y0)
    assert vanishes(riccati(C**2 / Y0, -S) * y - C**2)
    assert vanishes(y.subs(DECAY, 0) - ROOTS[0])
    assert vanishes(ROOTS[0] * ROOTS[1] + C**2)
    assert vanishes((ROOTS[0] + ROOTS[1]) / 4 - S)
    assert sympy.expand(RATE**2 - 4 * S**2).subs(RATE, sympy.sqrt(4 * S**2 + C**2)).expand().is_nonnegative
    balanced = y.subs(C, 0).subs(RATE, 2 * S).subs(Y0, 4 * U0) / 4
    assert sympy.cancel(balanced - sigmoid(U0, S, 1 / DECAY)) == 0


@symbolic
def test_the_angle_on_the_hyperbola() -> None:
    """SMG14's variables, c > 0, with e = e^{x/2}: y = c e^x, x' = 2 s - c sinh x, and dt/dz of the logarithm,
    z = tanh(x/2), sinh x = 2 z / (1 - z^2)."""
    c, e, z = sympy.Symbol("c", positive=True), sympy.Symbol("e", positive=True), sympy.Symbol("z", real=True)
    a, b = sympy.sqrt(c) * (e + 1 / e) / 2, sympy.sqrt(c) * (e - 1 / e) / 2  # cosh(x/2) and sinh(x/2)
    y = c * e**2
    assert sympy.expand(a**2 - b**2 - c) == 0
    assert sympy.expand((a + b) ** 2 - y) == 0
    angular = 2 * S - c * (e**2 - e**-2) / 2
    assert sympy.expand(angular * e / 2 * sympy.diff(y, e) - 2 * S * y + (y**2 - c**2) / 2) == 0  # e' = e x' / 2
    turned = (1 - z**2) / 2 * (2 * S - C * 2 * z / (1 - z**2))
    time = sympy.log((RATE + C + 2 * S * z) / (RATE - C - 2 * S * z)) / RATE
    assert vanishes(sympy.diff(time, z) - 1 / sympy.cancel(turned))


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
    # no term but that of k = 0 at N = 2 divides by 0: N (1 - k) = 2 with k >= 0 has no other solution
    assert [(n, k) for n in range(1, 50) for k in range(50) if n * k + 2 - n == 0] == [(2, 0)]


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


@symbolic
def test_the_limit_of_great_depth() -> None:
    """Statement 4: dT = dv / (v^{2-2/N} (s - v)) over dv / (v^2 (s - v)) is v^{2/N}, monotone in v and 1 in the limit;
    T of the limit; and T u^2 (s - u), by which a shift of ln T moves u, tends to 0 at s, so that it is bounded and
    |u_N - u_infinity| <= const |ln u_0^{2/N}| or |ln s^{2/N}|, at all times alike."""
    v, s = sympy.symbols("v s", positive=True)
    quotient = v**2 * (s - v) / (v ** (2 - 2 / N) * (s - v))
    assert sympy.simplify(quotient - v ** (2 / N)) == 0
    assert sympy.diff(v ** (2 / N), v).is_positive
    depth = sympy.Symbol("N", positive=True)
    assert sympy.limit(v ** (2 / depth), depth, sympy.oo) == 1
    for gap in (s - v, v - s):  # below and above s
        start = sympy.Symbol("d_0", positive=True)  # |s - u_0|
        time = sympy.log(v * start / (U0 * gap)) / s**2 + (1 / U0 - 1 / v) / s
        assert sympy.cancel(sympy.diff(time, v) - 1 / (v**2 * (s - v))) == 0
    near = sympy.Symbol("g", positive=True)  # s - u
    assert sympy.limit(sympy.log((s - near) / near) * (s - near) ** 2 * near, near, 0, "+") == 0


BITS = 256
FINE = fmpq(1, 2**128)
"""Two enclosures of 256 bits of the same number are at most so far apart."""


def antiderivative(x: arb, depth: int) -> arb:
    """F(x), x > 0, x != 1, as a ball."""
    if depth == 1:
        return -abs(1 - x).log()
    if depth == 2:
        return x.log() - abs(1 - x * x).log() / 2
    total = arb(0)
    for k in range(depth):
        root = acb.exp_pi_i(acb(fmpq(2 * k, depth)))
        logarithm = acb(abs(1 - x).log()) if k == 0 else (1 - acb(x) / root).log()
        total += (root * root * logarithm).real
    return arb(1) / ((2 - depth) * x ** (depth - 2)) - total / depth


def time_between(start: fmpq, end: fmpq, s: fmpq, depth: int) -> arb:
    """Statement 3's t from u = start to u = end."""
    ends = [arb(power(u / s, Fraction(1, depth))) for u in (start, end)]
    return (antiderivative(ends[1], depth) - antiderivative(ends[0], depth)) / power(s, Fraction(2 * depth - 2, depth))


def limit_time(start: fmpq, end: fmpq, s: fmpq) -> arb:
    """Statement 4's T from u = start to u = end."""
    return arb(end * (s - start) / (start * (s - end))).log() / s**2 + (1 / start - 1 / end) / s


@st.composite
def passages(draw: st.DrawFn) -> tuple[fmpq, fmpq, fmpq]:
    """(u_0, u, s): u between u_0 and s, from below or above; s a multiple of 1/8 in (0, 4]."""
    s = fmpq(draw(st.integers(1, 32)), 8)
    start = fmpq(draw(st.integers(1, 63)), 64) if draw(st.booleans()) else 1 + fmpq(draw(st.integers(1, 64)), 16)
    part = fmpq(draw(st.integers(1, 63)), 64)
    return s * start, s * (start + (1 - start) * part), s


@exact
@given(passages(), st.integers(1, 12))
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
@given(passages(), st.sampled_from([1, 2, 3, 4, 7, 30, 200]))
def test_times_at_depth_n_are_within_the_sandwich(passage: tuple[fmpq, fmpq, fmpq], depth: int) -> None:
    """u_0^{2/N} < T_N / T_infinity < u^{2/N} (or the other way round), decided in balls; depths up to 200."""
    start, end, s = passage

    def inside(root: fmpq, relation: str) -> Comparison:
        quotient = depth * time_between(start, end, s, depth) / limit_time(start, end, s)
        return Comparison(quotient, relation, power(root, Fraction(2, depth)), f"T_N / T_infinity, N = {depth}")  # type: ignore[arg-type]

    for root, relation in ((min(start, end), ">"), (max(start, end), "<")):
        verdict = settle(partial(inside, root, relation))
        assert verdict.holds, verdict


@dataclass(frozen=True)
class RationalMode:
    """s, c and R = sqrt(4 s^2 + c^2), all rational (a Pythagorean triple), and y_0 > 0."""

    s: fmpq
    c: fmpq
    rate: fmpq
    initial: fmpq

    def after(self, decay: fmpq) -> fmpq:
        """y where E = e^{-Rt} is ``decay``."""
        up, down = 2 * self.s + self.rate, 2 * self.s - self.rate
        above = self.initial * (up - down * decay) + self.c**2 * (1 - decay)
        return above / (self.initial * (1 - decay) + up * decay - down)

    def strength(self, y: fmpq) -> fmpq:
        """u = a b."""
        return (y - self.c**2 / y) / 4


@st.composite
def rational_modes(draw: st.DrawFn) -> RationalMode:
    """s and c of both signs, one of them 0 too, but not both."""
    p, q = draw(st.integers(0, 6)), draw(st.integers(1, 6))
    c, double = draw(st.permutations([fmpq(p * p - q * q), fmpq(2 * p * q)]))
    signs = [draw(st.sampled_from([1, -1])) for _ in range(2)]
    return RationalMode(signs[0] * double / 2, signs[1] * c, fmpq(p * p + q * q), fmpq(draw(st.integers(1, 64)), 8))


@exact
@given(rational_modes(), st.integers(1, 64), st.integers(1, 64))
def test_unbalanced_closed_form_is_a_flow(mode: RationalMode, first: int, second: int) -> None:
    """In rationals: flowing on from where it got to is flowing on; y > 0; and u moves towards s and never past it."""
    decays = fmpq(first, 64), fmpq(second, 64)
    once = mode.after(decays[0])
    assert once > 0
    assert replace(mode, initial=once).after(decays[1]) == mode.after(decays[0] * decays[1])
    before, now = (abs(mode.strength(y) - mode.s) for y in (mode.initial, once))
    assert compare(Comparison(now, "<=", before, "distance of u from s")).holds
    assert (mode.strength(once) - mode.s) * (mode.strength(mode.initial) - mode.s) >= 0


@exact
@given(rational_modes())
def test_every_unbalanced_mode_learns_its_target(mode: RationalMode) -> None:
    """At E = 2^-80, |u - s| is below a bound of the order of E where c != 0, s of either sign; y_+ itself has u = s.
    Where c = 0 and s < 0 the mode ends at u = 0."""
    end = 2 * mode.s + mode.rate
    if end == 0:
        assert mode.c == 0
        assert 0 < mode.strength(mode.after(fmpq(1, 2**80))) < fmpq(1, 2**60)
        return
    assert mode.strength(end) == mode.s
    gap = abs(mode.strength(mode.after(fmpq(1, 2**80))) - mode.s)
    assert compare(Comparison(gap, "<=", fmpq(1, 2**60), "distance of u from s")).holds


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


# Flows integrated by SciPy: DOP853 bounds no error of a trajectory, so each is run at two tolerances


def nearer_to_the_closed_form(problem: Problem, times: np.ndarray, closed: np.ndarray) -> bool:
    """Whether the flow at rtol = 1e-12 is nearer to the closed form than to the flow at rtol = 1e-10."""
    coarse, fine = (
        gradient_flow(problem, times=times, rtol=rtol, atol=rtol / 100).end_to_end for rtol in (1e-10, 1e-12)
    )
    return bool(abs(fine - closed).max() < abs(fine - coarse).max())


@sampled
@pytest.mark.parametrize("depth", [1, 2, 3, 5])
@pytest.mark.parametrize("name", DATASETS)
def test_real_data_balanced(name: str, depth: int) -> None:
    """Towards a real target from s_i / 2 in its own singular bases, all layers balanced, to time 10."""
    target, times = regression(name).target, np.linspace(0.0, 10.0, 11)
    left, values, right = np.linalg.svd(target, full_matrices=False)
    problem = real_problem(name, (4,) * (depth - 1), start=0.5, learning_rate=0.0)
    modes = balanced_flow(values / 2, values, times, depth=depth)
    assert nearer_to_the_closed_form(problem, times, left @ (modes[:, :, None] * right))


@sampled
@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("sign", [1, -1])
def test_real_data_unbalanced(name: str, sign: int) -> None:
    """W_1 = 1/4 in the singular bases and W_2 = +-Phi: with the wrong sign too, u passes 0 and learns."""
    target, times = regression(name).target, np.linspace(0.0, 40.0, 21)
    left, values, right = np.linalg.svd(target, full_matrices=False)
    problem = Problem((np.eye(len(right[0])) / 4, sign * target), target, 0.0)
    layers = two_layer_flow(np.stack([np.full(len(values), 1 / 4), sign * values]), values, times)
    strengths = layers.prod(axis=1)
    assert nearer_to_the_closed_form(problem, times, left @ (strengths[:, :, None] * right))
    assert (abs(strengths[-1] - values) < abs(strengths[0] - values)).all()


ONE = fmpq(1)


def speed(layers: tuple[fmpq, ...], s: fmpq) -> fmpq:
    """u' of the flow, by the product rule, in rationals."""
    total = fmpq(0)
    for j, gradient in enumerate(mode_gradients(layers, s)):
        others = ONE
        for k, layer in enumerate(layers):
            others *= layer if k != j else ONE
        total -= others * gradient
    return total


@control
@ablates("DL-030", "a_j > 0", "dropped", Fate.REFUTED)
def test_refuted_for_a_negative_strength() -> None:
    """a = 1, b = -1, s = 1: u' = 4, where 2 u (s - u) = -4. Such a mode ends at 0; the closed form is for -u, -s."""
    assert speed((ONE, -ONE), ONE) == 4
    assert compare(Comparison(speed((ONE, -ONE), ONE), "==", 2 * (-ONE) * 2, "u' at u = -1")).fails
    assert two_layer_flow(np.array([[1.0], [-1.0]]), np.array([1.0]), np.array([40.0])).prod(axis=1)[0, 0] < 0


@control
@ablates("DL-030", "balanced", "dropped", Fate.REFUTED)
def test_refuted_for_unbalanced_layers() -> None:
    """a = 2, b = 1/2: u = 1 moves at 17/4 (s - u), not at 2 u (s - u); (2, 1, 1/2) not at 3 u^{4/3} (s - u)."""
    two, half = fmpq(2), fmpq(1, 2)
    assert speed((two, half), fmpq(3)) == fmpq(17, 2)
    assert compare(Comparison(speed((two, half), fmpq(3)), "==", fmpq(4), "u' at N = 2")).fails
    assert compare(Comparison(speed((two, ONE, half), fmpq(3)), "==", fmpq(6), "u' at N = 3")).fails


@control
def test_refuted_without_the_factor_of_depth() -> None:
    """u' = u^{2-2/N} (s - u) holds at N = 1 alone; u' = N u^{2-1/N} (s - u) is wrong at N = 2, u = 4."""
    half = fmpq(1, 2)
    for depth in range(1, 6):
        without = half ** (2 * depth - 2) * (2 - half**depth)
        verdict = compare(Comparison(speed((half,) * depth, fmpq(2)), "==", without, f"u' at N = {depth}"))
        assert verdict.holds if depth == 1 else verdict.fails
    wrong = fmpq(2) * 8 * (6 - 4)  # u^{3/2} = 8
    assert compare(Comparison(speed((fmpq(2),) * 2, fmpq(6)), "==", wrong, "u' at N = 2")).fails


@control
def test_refuted_without_rescaling_time() -> None:
    """In the time t itself nothing converges: the time from 1/2 to 3/4, s = 1, is below 2 T_infinity / N."""
    with ctx.workprec(BITS):
        whole = limit_time(fmpq(1, 2), fmpq(3, 4), ONE)
        times = [time_between(fmpq(1, 2), fmpq(3, 4), ONE, depth) for depth in (8, 64, 512)]
        for depth, time in zip((8, 64, 512), times, strict=True):
            assert compare(Comparison(time, "<", 2 * whole / depth, f"time at depth {depth}")).holds


@control
def test_refuted_that_a_finite_depth_is_the_limit() -> None:
    """T_N = T_infinity fails at N = 10, and where s <= 1 depth N is the faster."""
    with ctx.workprec(BITS):
        quotient = 10 * time_between(fmpq(1, 2), fmpq(3, 4), ONE, 10) / limit_time(fmpq(1, 2), fmpq(3, 4), ONE)
    assert compare(Comparison(quotient, "==", ONE, "T_N / T_infinity at N = 10")).fails
    assert quotient < 1


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
        gap = abs(time_between(fmpq(1, 4), fmpq(5, 8), ONE, 1) - arb(2).log())
        assert compare(Comparison(gap, "<=", FINE, "time for half the way")).holds
    assert balanced_flow(np.array([0.25]), np.array([1.0]), np.array([0.0]), depth=1)[0, 0] == 0.25


@witness
def test_an_unbalanced_mode_turns_round() -> None:
    """s = 3/2, c = 4, y_0 = 1: u goes from -15/4 through 0, at y = 4, to 3/2. The balanced mode with s = 1, u_0 = 1/4
    stays above 0."""
    mode = RationalMode(fmpq(3, 2), fmpq(4), fmpq(5), ONE)
    assert mode.strength(mode.initial) == fmpq(-15, 4)
    assert mode.strength(fmpq(4)) == 0
    assert mode.after(fmpq(2, 7)) == 4
    still = RationalMode(ONE, fmpq(0), fmpq(2), ONE)
    assert all(still.strength(still.after(fmpq(k, 8))) > 0 for k in range(1, 9))


@witness
def test_at_the_target_nothing_moves() -> None:
    """u_0 = s in the closed form: y_0 = y_+; and u_0 = s at N = 2, balanced."""
    mode = RationalMode(fmpq(3, 2), fmpq(4), fmpq(5), fmpq(8))
    assert mode.after(fmpq(1, 3)) == 8
    assert sigmoid(fmpq(3), fmpq(3), fmpq(7)) == 3
