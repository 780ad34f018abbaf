"""Statement 4: the limit of great depth, and how far a finite depth is from it."""

from fractions import Fraction
from functools import partial

import sympy
from flint import ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.modes.mode_solutions.times import BITS, limit_time, passages, time_between
from claims.suite import control, exact, symbolic
from solvers.arithmetic import Comparison, compare, power, settle

U0, N = sympy.Symbol("u_0", positive=True), sympy.Symbol("N", integer=True, positive=True)


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


@control
def test_refuted_without_rescaling_time() -> None:
    """In the time t itself nothing converges: the time from 1/2 to 3/4, s = 1, is below 2 T_infinity / N."""
    with ctx.workprec(BITS):
        whole = limit_time(fmpq(1, 2), fmpq(3, 4), fmpq(1))
        times = [time_between(fmpq(1, 2), fmpq(3, 4), fmpq(1), depth) for depth in (8, 64, 512)]
        for depth, time in zip((8, 64, 512), times, strict=True):
            assert compare(Comparison(time, "<", 2 * whole / depth, f"time at depth {depth}")).holds


@control
def test_refuted_that_a_finite_depth_is_the_limit() -> None:
    """T_N = T_infinity fails at N = 10, and where s <= 1 depth N is the faster."""
    with ctx.workprec(BITS):
        quotient = 10 * time_between(fmpq(1, 2), fmpq(3, 4), fmpq(1), 10) / limit_time(fmpq(1, 2), fmpq(3, 4), fmpq(1))
    assert compare(Comparison(quotient, "==", fmpq(1), "T_N / T_infinity at N = 10")).fails
    assert quotient < 1
