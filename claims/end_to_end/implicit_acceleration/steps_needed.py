"""How many steps each depth needs, exactly: statement 1 in balls and rationals, statement 2 on drawn regressions."""

from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.end_to_end.implicit_acceleration.quartic import REACHED, START, balanced, quartic, residual_after, step
from claims.suite import control, exact, sampled
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare
from solvers.network import end_to_end
from strategies import dyadic_matrices, orthogonal_matrices


@exact
def test_depth_one_needs_five_hundred_steps_at_every_learning_rate() -> None:
    """r_2 after 499 steps at the supremum of the rates that do not diverge: L > 1/1000 by w_2 alone, in balls."""
    with ctx.workprec(128):
        q, residual = 2 / (10 - arb(START[0])) ** 2, 1 - arb(START[1])
        assert 3 * q * residual**2 < 1
        left = residual_after(499, q, residual)
        assert compare(Comparison(left**4 / 2, ">", REACHED, "least loss of depth 1 after 499 steps")).holds


@exact
def test_two_layers_need_a_hundred_and_forty_five() -> None:
    """In balls of 256 bits: what is reached in step 145, and not before."""
    with ctx.workprec(256):
        weights = tuple(arithmetic.balls(layer) for layer in balanced(START, fmpq(1, 64), 2))
        for count in range(146):
            verdict = compare(Comparison(quartic(end_to_end(weights), (10, 1)), "<=", REACHED, f"loss at {count}"))
            assert verdict.holds if count == 145 else verdict.fails
            weights = step(weights, (10, 1), arb(fmpq(87, 2**15)))


@exact
def test_three_layers_need_two() -> None:
    """In rationals."""
    weights, rate = balanced(START, fmpq(1, 64), 3), fmpq(6800, 2**21)
    for count in range(3):
        verdict = compare(Comparison(quartic(end_to_end(weights), (10, 1)), "<=", REACHED, f"loss at {count}"))
        assert verdict.holds if count == 2 else verdict.fails
        weights = step(weights, (10, 1), rate)


@exact
@given(st.data())
def test_depth_one_is_done_after_one_step_on_drawn_regressions(data: st.DataObject) -> None:
    """Statement 2 in rationals: X = sqrt(m) times rows of an orthogonal matrix, two outputs, any start."""
    samples = data.draw(st.sampled_from([1, 4]))
    inputs = data.draw(st.integers(1, samples))
    x = data.draw(orthogonal_matrices(samples))[:inputs] * (1 if samples == 1 else 2)
    y, w = (arithmetic.exact(data.draw(dyadic_matrices(2, size))) for size in (samples, inputs))

    def gradient(at: ObjectArray) -> ObjectArray:
        found: ObjectArray = (at @ x - y) @ x.T * fmpq(1, samples)
        return found

    after = gradient(w - gradient(w))
    assert (after == 0 * after).all()


@sampled
@given(st.integers(-60, 60), st.integers(0, 31))
def test_no_drawn_learning_rate_beats_the_bound(exponent: int, mantissa: int) -> None:
    """Depth 1 at eta = (1 + k/32) 2^(e/4 - 5), about the whole range of floats that matters: 499 steps, in balls."""
    with ctx.workprec(256):
        q = 2 * (1 + arb(mantissa) / 32) * arb(2) ** (arb(exponent) / 4 - 5)
        first: Scalar = 10 - arb(START[0])
        second: Scalar = 1 - arb(START[1])
        for _ in range(499):
            loss = (first**4 + second**4) / 2
            assert loss > REACHED
            if q * first**2 >= 2:  # it never falls from here on
                break
            first, second = residual_after(1, q, first), residual_after(1, q, second)


@control
def test_refuted_that_depth_one_needs_six_hundred() -> None:
    """At q = 2 / r_1(0)^2, w_2 alone is near enough after 600 steps: the bound is not far from what it bounds."""
    with ctx.workprec(128):
        left = residual_after(600, 2 / (10 - arb(START[0])) ** 2, 1 - arb(START[1]))
        assert compare(Comparison(left**4 / 2, ">", REACHED, "least loss of depth 1 after 600 steps")).fails
