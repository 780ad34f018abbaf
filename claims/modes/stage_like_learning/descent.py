"""Statement 5: the first step at half of gradient descent, in balls, drawn and on a real target run as a network."""

from fractions import Fraction

import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.modes.experiments.stages import REDUCED, Run, Setting, predicted, run_one
from claims.modes.stage_like_learning.half_times import half
from claims.suite import control, exact, sampled, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, Scalar, compare, power, rational, settle
from solvers.network import singular_values
from strategies import regression

BITS = 1024


def crossing(start: Scalar, s: Scalar, rate: fmpq) -> int:
    """The first step at which u >= s / 2, N = 2 equal layers, in balls; ArithmeticError where a ball cannot tell."""
    w, step = power(start, Fraction(1, 2)), 0
    with ctx.workprec(BITS):
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
    ``python -m claims experiment stages``.)"""
    check_stages(REDUCED, run_one(REDUCED, 2, start))


@sampled
def test_real_target_in_stages_at_depth_three() -> None:
    """N = 3: in order, and each a step or two after the flow's half-time: Euler's method is late where speed rises."""
    setting = Setting(starts=(1e-2,), depths=(3,))
    found = run_one(setting, 3, 1e-2)
    late = found.half_steps - predicted(setting, 3, 1e-2) / setting.learning_rate
    assert list(found.half_steps) == sorted(found.half_steps)
    assert ((late > 0) & (late < 3)).all()


@witness
def test_no_step_is_needed_at_half() -> None:
    """u_0 = s / 2 is at half at step 0; a ball that only touches s / 2 is neither at half nor before."""
    assert crossing(fmpq(1), fmpq(2), fmpq(1, 10)) == 0
    with pytest.raises(ArithmeticError, match="within rounding"):
        crossing(arb(1, 2**-20), fmpq(2), fmpq(1, 10))


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
