"""Modes are learned in stages, the largest singular value first: when, in which order, and how sharply.

Statement. Balanced modes of targets s_i > 0 flow from one strength u_0 > 0 (``mode_solutions``); t_i is the
time at which u_i = s_i / 2.

1. N = 2, u_0 < s: t = ln(s/u_0 - 1) / (2 s), exactly; u = f s at ln(f / (1 - f) (s/u_0 - 1)) / (2 s). So a mode goes
   from f = 1/10 to f = 9/10 in ln(81) / (2 s), whatever u_0, after a wait that grows with ln(1/u_0).
2. Order. For every N >= 2, t as a function of s rises up to s = r u_0 and falls from there on, with r = r_N > 2 defined
   by the integral of dy / (y^{2-2/N} (1-y)^2) from 1/r to 1/2 being 2^{2-2/N}. So for u_0 <= s_min / r_N modes reach
   half their value in decreasing order of s; for u_0 > s_min / r_N some larger s is later. r_2 = 4.5911...: ln(r - 1)
   = r / (r - 1); r_N falls with N (4.0807..., 3.9036... at N = 3, 4), so that u_0 <= s_min / 4.592 will do for every N.
   For N = 1 there are no stages: t = ln(2 - 2 u_0 / s) rises with s, and at u_0 = 0 all modes are at half together.
3. Stages, N = 2. When mode i is at half, a smaller one has u_k <= u_0 (s_i/u_0 - 1)^{s_k/s_i}, and a larger one has
   s_k - u_k <= (s_k^2 / u_0) (s_i/u_0 - 1)^{-s_k/s_i}: both tend to 0 with u_0, one mode being learned at a time.
4. N >= 3: (N-2) s u_0^{1-2/N} t -> 1 as u_0 -> 0.
5. Descent, N = 2, h = eta s < 2 (sqrt(2) - 1), L = ln(s/u_0 - 1) > 0: the first step T with u >= s / 2 satisfies
       L / ln((1 + h/2)^2 / (1 - h - h^2/4)) <= T < 1 + L / (2 ln(1 + h)).

Proof. 2: with x = u_0/s, t = s^{2/N-2} I / N, I = integral of dy / (y^{2-2/N} (1-y)) from x to 1/2, and dt/ds has the
sign of D(x) = x^{2/N-1} / (1-x) - (2-2/N) I, for which D' = x^{2/N-2} / (1-x)^2 > 0 and D(1/2) = 2^{2-2/N}; D(0+) is
minus infinity exactly for N >= 2. 5: with p = eta u, e = eta (s - u), p + e = h, a step multiplies u / (s - u) by
(1+e)^2 / (1 - 2p - pe), which rises with p, and p is in [0, h/2] up to half.

Hypotheses. As stated.
Source. SMG14 (arXiv:1312.6120), Section 1, for 1 and the picture; 2 with its bounds on u_0, 3 to 5 are this project's.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy
from flint import acb, arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.modes.experiments.stages import REDUCED, Run, Setting, predicted, run_one
from claims.modes.mode_solutions import time_between
from claims.suite import DLC, SMG14, Claim, Fate, Status, ablates, control, exact, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, Relation, Scalar, Verdict, compare, power, rational, settle
from solvers.flow import half_time
from solvers.network import singular_values
from strategies import regression

CLAIM = Claim(
    uid="DL-031",
    title="Learning in stages",
    statement=__doc__,
    sources=(SMG14.at("Section 1"), DLC.at("DL-031")),
    items=("9.4",),
    status=Status.THEOREM,
    hypotheses=("one u_0", "u_0 small", "N >= 2"),
)

BITS = 256
S, R, Q = (sympy.Symbol(name, positive=True) for name in ("s", "r", "q"))
U0, X = (sympy.Symbol(name, positive=True) for name in ("u_0", "x"))
EXPONENT = sympy.Symbol("a", real=True)
"""a = 1 - 2/N."""


def half(start: fmpq, s: fmpq, depth: int = 2) -> Scalar:
    """The time from u_0 to s / 2; item 1's formula at N = 2."""
    if depth == 2:
        return arb(s / start - 1).log() / (2 * s)
    return time_between(start, s / 2, s, depth)


def sign_of_slope(ratio: Scalar, depth: int) -> arb:
    """D(1 / ratio), whose sign is that of dt/ds at s = ratio u_0: D(1/2) less the integral of its derivative."""
    x, exponent = arb(1) / ratio, fmpq(2) - fmpq(2, depth)

    def derivative(y: acb, analytic: bool) -> acb:
        return (-exponent * y.log(analytic=analytic)).exp() / (1 - y) ** 2

    return arb(2) ** arb(exponent) - acb.integral(derivative, x, arb(1) / 2).real


@symbolic
def test_half_times_and_rise_times_of_two_layers() -> None:
    """Statement 1, from the closed form s g / (g - 1 + s/u_0), g = e^{2st}."""
    f = sympy.Symbol("f", positive=True)
    g = f / (1 - f) * (S / U0 - 1)
    assert sympy.cancel(S * g / (g - 1 + S / U0) - f * S) == 0
    assert sympy.simplify(g.subs(f, sympy.Rational(1, 2)) - (S / U0 - 1)) == 0
    assert sympy.cancel(g.subs(f, sympy.Rational(9, 10)) / g.subs(f, sympy.Rational(1, 10))) == 81


@symbolic
def test_order_for_every_depth() -> None:
    """Statement 2, a = 1 - 2/N any number: D' = x^{-(a+1)} / (1 - x)^2; dt/ds has D's sign; D at 1/2."""
    weight = Q ** (-(1 + EXPONENT)) / (1 - Q)  # I's integrand
    boundary = X ** (-EXPONENT) / (1 - X)
    slope = sympy.diff(boundary, X) + (1 + EXPONENT) * weight.subs(Q, X)
    assert sympy.simplify(slope * X ** (1 + EXPONENT) * (1 - X) ** 2 - 1) == 0
    # t = s^{-(1+a)} I(u_0 / s) / N, with dI/ds = weight(x) u_0 / s^2
    integral = sympy.Symbol("I", positive=True)
    moved = -(1 + EXPONENT) * integral / S + weight.subs(Q, X) * X / S  # over s^{-(1+a)}
    assert sympy.simplify(sympy.diff(S ** (-1 - EXPONENT), S) + (1 + EXPONENT) / S * S ** (-1 - EXPONENT)) == 0
    assert sympy.simplify(moved * S - (boundary - (1 + EXPONENT) * integral)) == 0
    half_way = boundary.subs(X, sympy.Rational(1, 2))
    assert sympy.simplify(half_way - 2 ** (1 + EXPONENT)) == 0


@symbolic
def test_the_integral_diverges_at_zero_from_depth_two_on() -> None:
    """y^{-(1+a)} >= 1/y on (0, 1) where a >= 0, that is N >= 2, and the integral of 1/y diverges; for N = 1, D is
    x / (1 - x) > 0, so that t rises with s. r_N falls with N since (2 y)^{-(2-2/N)} rises with N for y < 1/2."""
    more, n = sympy.Symbol("m", integer=True, nonnegative=True), sympy.Symbol("n", positive=True)
    assert sympy.simplify(1 - 2 / (2 + more)).is_nonnegative
    assert sympy.integrate(1 / Q, (Q, 0, sympy.Rational(1, 2))) == sympy.oo
    one = sympy.log(2 - 2 * U0 / S)
    assert sympy.simplify(sympy.diff(one, S) - U0 / (S * (S - U0))) == 0
    assert sympy.limit(one, U0, 0) == sympy.log(2)
    assert sympy.diff(2 - 2 / n, n).is_positive


@symbolic
def test_the_turning_point_of_two_layers() -> None:
    """N = 2: t = ln(r - 1) / (2 u_0 r) at s = r u_0; the slope has the sign of r / (r - 1) - ln(r - 1), which falls."""
    time = sympy.log(R - 1) / (2 * U0 * R)
    sign = R / (R - 1) - sympy.log(R - 1)
    assert sympy.simplify(sympy.diff(time, R) * 2 * U0 * R**2 - sign) == 0
    assert sympy.simplify(sympy.diff(sign, R) + R / (R - 1) ** 2) == 0


@symbolic
def test_modes_are_learned_one_at_a_time() -> None:
    """Statement 3, with A = s_i/u_0 - 1, so that g = A^{s_k/s_i} when mode i is at half: s_k g / (g - 1 + s_k/u_0) is
    at most u_0 g since g >= 1; s_k - u_k = s_k (s_k/u_0 - 1) / (g - 1 + s_k/u_0) is at most s_k^2 / (u_0 g). For
    s_k = q s_i the bounds are of the order u_0^{1-q} and u_0^{q-1}."""
    g, k = sympy.Symbol("g", positive=True), sympy.Symbol("s_k", positive=True)
    u = k * g / (g - 1 + k / U0)
    assert sympy.simplify(U0 * g - u - U0 * g * (g - 1) / (g - 1 + k / U0)) == 0
    rest = k**2 / (U0 * g) - (k - u)
    assert sympy.simplify(rest - k / (U0 * g) * (k * (k / U0 - 1) + U0 * g) / (g - 1 + k / U0)) == 0
    less, more = sympy.Rational(1, 3), 3
    assert sympy.limit(U0 * (S / U0 - 1) ** less, U0, 0, "+") == 0
    assert sympy.limit((more * S) ** 2 / U0 * (S / U0 - 1) ** (-more), U0, 0, "+") == 0
    power_of_start = sympy.symbols("q", positive=True)
    assert sympy.simplify(U0 * (S / U0) ** power_of_start / U0 ** (1 - power_of_start) / S**power_of_start) == 1


@symbolic
def test_great_depths_wait_for_a_power_of_the_start() -> None:
    """Statement 4, a = 1 - 2/N in (0, 1): the integrand of I is y^{-(1+a)} plus y^{-a} / (1 - y). x^a times the first's
    integral is (1 - (2x)^a) / a, and tends to 1/a; the second is integrable. And s^{-(1+a)} x^{-a} / (N a) is
    1 / ((N-2) s u_0^a)."""
    a, depth = EXPONENT, sympy.Symbol("N", integer=True, positive=True)
    assert sympy.simplify(1 / (Q ** (1 + a) * (1 - Q)) - Q ** (-1 - a) - Q ** (-a) / (1 - Q)) == 0
    first = (X ** (-a) - 2**a) / a
    assert sympy.simplify(sympy.diff(first, X) + X ** (-1 - a)) == 0
    assert sympy.simplify(sympy.expand(first * X**a * a - 1 + (2 * X) ** a)) == 0
    assert sympy.expand(depth * (1 - 2 / depth) - (depth - 2)) == 0
    assert sympy.powsimp(sympy.expand_power_base(S ** (-(1 + a)) * (U0 / S) ** (-a) * S * U0**a)) == 1


@symbolic
def test_a_step_multiplies_the_odds() -> None:
    """Statement 5: u' = u (1 + e)^2, s - u' = (s - u) (1 - 2 p - p e); the factor's logarithm rises with p at fixed
    h, with the slope (3 e + 3 p + e^2 + p e) over a positive number; at p = 0 it is 2 ln(1 + h), at p = h/2 the other.
    Up to half 2 p + p e <= h + h^2/4 < 1, so that u stays below s."""
    p, e, h, eta, u, w = sympy.symbols("p e h eta u w", nonnegative=True)
    moved = (w + eta * w * (S - w**2)) ** 2
    assert sympy.expand(moved - w**2 * (1 + eta * (S - w**2)) ** 2) == 0
    left = S - u * (1 + eta * (S - u)) ** 2
    assert sympy.expand(left - (S - u) * (1 - 2 * eta * u - eta * u * eta * (S - u))) == 0
    factor = (1 + h - p) ** 2 / (1 - 2 * p - p * (h - p))
    slope = sympy.diff(sympy.log(factor), p).subs(h, e + p)
    gain = 3 * e + 3 * p + e**2 + p * e
    assert sympy.simplify(slope - gain / ((1 + e) * (1 - 2 * p - p * e))) == 0
    assert gain.is_nonnegative
    assert sympy.simplify(factor.subs(p, 0) - (1 + h) ** 2) == 0
    assert sympy.simplify(factor.subs(p, h / 2) - (1 + h / 2) ** 2 / (1 - h - h**2 / 4)) == 0
    assert sympy.expand((1 - h - h**2 / 4).subs(h, 2 * (sympy.sqrt(2) - 1))) == 0


def half_times_differ(low: fmpq, more: fmpq, depth: int, relation: Relation) -> Verdict:
    """Whether from u_0 = 1 the half-time of s = low + more is less (or greater) than that of s = low."""
    return settle(
        lambda: Comparison(half(fmpq(1), low + more, depth), relation, half(fmpq(1), low, depth), "two half-times")
    )


SMALL = st.integers(1, 1000).map(lambda k: fmpq(k, 64))


@exact
@given(SMALL, SMALL, st.integers(2, 9))
def test_the_larger_value_is_first_from_a_small_start(low: fmpq, more: fmpq, depth: int) -> None:
    """N = 2..9, s >= 4.592 u_0."""
    verdict = half_times_differ(fmpq(4592, 1000) + low, more, depth, "<")
    assert verdict.holds, verdict


@exact
@given(st.integers(0, 63), st.integers(1, 64), st.integers(1, 9))
def test_the_larger_value_is_last_from_a_start_near_half(low: int, more: int, depth: int) -> None:
    """N = 1..9, 2 u_0 <= s <= 3.5 u_0: the other way round."""
    verdict = half_times_differ(2 + fmpq(low, 64), fmpq(more * 3, 64 * 6), depth, ">")
    assert verdict.holds, verdict


@exact
@pytest.mark.parametrize(("depth", "turn"), [(2, "4.5911"), (3, "4.0807"), (4, "3.9036"), (10, "3.6601")])
def test_turning_points(depth: int, turn: str) -> None:
    """r_N lies between the decimals given and one more in the last place, decided in balls by a rigorous quadrature."""
    low = rational(Fraction(turn))
    for ratio, relation in ((low, ">"), (low + fmpq(1, 10**4), "<")):
        with ctx.workprec(64):
            verdict = compare(Comparison(sign_of_slope(ratio, depth), relation, fmpq(0), "slope of the half-time"))  # type: ignore[arg-type]
            assert verdict.holds, verdict


def crossing(start: Scalar, s: Scalar, rate: fmpq) -> int:
    """The first step at which u >= s / 2, N = 2 equal layers, in balls; ArithmeticError where a ball cannot tell."""
    w, step = power(start, Fraction(1, 2)), 0
    with ctx.workprec(4 * BITS):
        w = arb(w)
        while w * w < s / 2:
            w, step = w + rate * w * (s - w * w), step + 1
        if not w * w >= s / 2:
            raise ArithmeticError(f"step {step}: u is within rounding of s / 2")
    return step


def check_crossing(step: int, start: Scalar, s: Scalar, rate: fmpq) -> None:
    """Statement 5's two bounds."""

    def bounds() -> list[Comparison]:
        h, wait = arb(rate * s), arb(s / start - 1).log()
        fast = ((1 + h / 2) ** 2 / (1 - h - h * h / 4)).log()
        return [
            Comparison(arb(step), ">=", wait / fast, "first step at half, from below"),
            Comparison(arb(step), "<", 1 + wait / (2 * (1 + h).log()), "first step at half, from above"),
        ]

    for which in range(2):
        verdict = settle(lambda which=which: bounds()[which])  # type: ignore[misc]
        assert verdict.holds, verdict


@exact
@given(st.integers(3, 2000), st.integers(1, 16), st.integers(1, 52))
def test_first_step_at_half(ratio: int, target: int, part: int) -> None:
    """Statement 5 for s/u_0 in 3..2000, s in 1/4..4, h = eta s up to 52/64 < 0.828: descent run in balls."""
    s = fmpq(target, 4)
    start, rate = s / ratio, fmpq(part, 64) / s
    check_crossing(crossing(start, s, rate), start, s, rate)


def check_stages(setting: Setting, found: Run) -> None:
    """What a float64 run of the whole network measures is what its modes do in balls; in order; at N = 2 within
    statement 5's bounds, and within h and a step of the flow's half-time."""
    values = singular_values(arithmetic.exact(regression(setting.dataset).target))
    assert list(found.half_steps) == sorted(found.half_steps)
    start, rate = rational(found.start), rational(setting.learning_rate)
    for step, s in zip(found.half_steps, values, strict=True):
        assert int(step) == crossing(start, s, rate)
        check_crossing(int(step), start, s, rate)


@sampled
@pytest.mark.parametrize("start", REDUCED.starts)
def test_real_target_in_stages(start: float) -> None:
    """linnerud, three singular values, two layers: predicted and measured half-times. (The full experiment is
    ``python -m claims.modes.experiments.stages``.)"""
    check_stages(REDUCED, run_one(REDUCED, 2, start))


@sampled
def test_real_target_in_stages_at_depth_three() -> None:
    """N = 3: in order, and each a step or two after the flow's half-time: Euler's method is late where speed rises."""
    setting = Setting(starts=(1e-2,), depths=(3,))
    found = run_one(setting, 3, 1e-2)
    late = found.half_steps - predicted(setting, 3, 1e-2) / setting.learning_rate
    assert list(found.half_steps) == sorted(found.half_steps)
    assert ((late > 0) & (late < 3)).all()


@sampled
@given(st.integers(3, 40), st.lists(st.integers(10, 400), min_size=1, max_size=4, unique=True), st.integers(2, 6))
def test_solver_half_times_are_in_order(fraction: int, targets: list[int], depth: int) -> None:
    """solvers.flow.modes.half_time on float64, u_0 = s_min / 5 and less."""
    values = np.array(sorted(targets, reverse=True), dtype=np.float64) / 64
    start = np.full(len(values), values.min() * 3 / (5 * fraction))
    times = half_time(start, values, depth=depth)
    assert (np.diff(times) > 0).all()


@control
@ablates("DL-031", "one u_0", "dropped", Fate.REFUTED)
def test_refuted_for_different_starts() -> None:
    """s = 2 from 1/1000 is later than s = 1 from 1/10, though both are small."""
    slow, fast = half(fmpq(1, 1000), fmpq(2)), half(fmpq(1, 10), fmpq(1))
    assert compare(Comparison(slow, "<", fast, "half-time of the larger")).fails


@control
@ablates("DL-031", "u_0 small", "dropped", Fate.REFUTED)
def test_refuted_for_a_start_that_is_not_small() -> None:
    """u_0 = 1, s = 3 and 4, below half of both: the larger is later, ln 3 / 8 > ln 2 / 6, as 27 > 16."""
    assert 3**3 > 2**4
    assert compare(Comparison(half(fmpq(1), fmpq(4)), "<", half(fmpq(1), fmpq(3)), "half-time of the larger")).fails


@control
@ablates("DL-031", "u_0 small", "u_0 <= s_min / 4.59", Fate.REFUTED)
def test_refuted_just_above_the_bound_on_the_start() -> None:
    """N = 2, s_min = 4.59 u_0, where r_2 = 4.5911: s = 4.5905 u_0 is later than s_min."""
    small, large = fmpq(459, 100), fmpq(45905, 10000)
    with ctx.workprec(BITS):
        verdict = compare(Comparison(half(fmpq(1), large), "<", half(fmpq(1), small), "half-time of the larger"))
    assert verdict.fails


@control
@ablates("DL-031", "N >= 2", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("start", [fmpq(1, 4), fmpq(1, 10**9)])
def test_refuted_at_depth_one(start: fmpq) -> None:
    """N = 1: s = 2 is at half after s = 1, however small u_0 > 0."""
    with ctx.workprec(BITS):
        large, small = half(start, fmpq(2), 1), half(start, fmpq(1), 1)
        assert compare(Comparison(large, "<", small, "half-time of the larger")).fails
        assert compare(Comparison(large, "<", arb(2).log(), "half-time below ln 2")).holds


@control
def test_refuted_half_time_without_the_minus_one() -> None:
    """ln(s/u_0) / (2 s) is too late by ln(s / (s - u_0)) / (2 s): u > s / 2 there. s = 1, u_0 = 1/4, e^{2t} = 4."""
    u = fmpq(4) / (4 - 1 + 4)
    assert compare(Comparison(u, "==", fmpq(1, 2), "strength at ln(s/u_0) / (2 s)")).fails
    assert fmpq(3) / (3 - 1 + 4) == fmpq(1, 2)


@control
def test_refuted_that_descent_keeps_the_flows_time() -> None:
    """h = 1/2, s/u_0 = 10^6: T is neither the flow's t / eta nor the next whole number; Euler is late by a fifth."""
    s, start, rate = fmpq(1), fmpq(1, 10**6), fmpq(1, 2)
    step, flow = crossing(start, s, rate), half(start, s) / rate
    check_crossing(step, start, s, rate)
    assert compare(Comparison(arb(step), "<=", flow + 1, "first step at half against the flow")).fails


@control
def test_refuted_that_descent_is_never_early() -> None:
    """From u_0 = s / 3 on a step multiplies the odds by more than e^{2h}: at h = 0.017312 half is reached in 20 steps,
    when the flow's time is 20.02; the lower bound of statement 5 cannot be L / (2 h)."""
    s, start, rate = fmpq(1), fmpq(1, 3), fmpq(17312, 10**6)
    step = crossing(start, s, rate)
    check_crossing(step, start, s, rate)
    assert compare(Comparison(arb(step), ">=", half(start, s) / rate, "first step at half against the flow")).fails


@control
def test_refuted_that_stages_need_no_small_start() -> None:
    """s = (2, 1): when mode 1 is at half, mode 2 has u / s = 0.44 for u_0 = 1/4 and less than 1/40 for u_0 = 10^-4."""
    with ctx.workprec(BITS):
        for start, relation, bound in ((fmpq(1, 4), ">", fmpq(2, 5)), (fmpq(1, 10**4), "<", fmpq(1, 40))):
            g = power(2 / start - 1, Fraction(1, 2))
            verdict = compare(Comparison(g / (g - 1 + 1 / start), relation, bound, "strength of the smaller mode"))  # type: ignore[arg-type]
            assert verdict.holds, verdict


@witness
def test_boundary_starts() -> None:
    """u_0 = s / 2 is at half at once, and u_0 above has left it behind; equal s have equal times."""
    assert half(fmpq(1), fmpq(2)) == 0
    assert half(fmpq(3, 4), fmpq(1)) < 0
    first, second = half_time(np.array([0.1, 0.1]), np.array([1.0, 1.0]), depth=3)
    assert first == second


@witness
def test_a_bound_below_the_turning_point_serves_every_depth() -> None:
    """At s = 4.592 u_0 the slope is negative for N = 2, 3, 10, 10^6: and at s = 2 u_0 it is positive."""
    with ctx.workprec(64):
        for depth in (2, 3, 10, 10**6):
            assert sign_of_slope(fmpq(4592, 1000), depth) < 0
            assert sign_of_slope(fmpq(2), depth) > 0


@witness
def test_three_stages_in_numbers() -> None:
    """s = (3, 2, 1), u_0 = 1/1000: half-times 1.33, 1.90 and 3.45, rise times 0.73, 1.10 and 2.20."""
    times = [half(fmpq(1, 1000), fmpq(s)) for s in (3, 2, 1)]
    for time, expected in zip(times, ("1.334", "1.900", "3.453"), strict=True):
        assert compare(Comparison(abs(time - arb(expected)), "<", fmpq(1, 1000), "half-time")).holds
    assert math.isclose(float(arb(81).log() / 6), 0.732, abs_tol=1e-3)
