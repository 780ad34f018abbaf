"""One step from drawn states, and runs of a few steps: decided in balls, in rationals where th = 0 or pi."""

from functools import partial

import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.shallow_trajectories.relu_teacher.one_point import State
from claims.suite import control, exact, fewer
from solvers import arithmetic, shallow
from solvers.arithmetic import Comparison, Scalar, compare, settle
from strategies import VectorPair, vector_pairs

RATES = st.one_of(st.integers(1, 15).map(lambda k: fmpq(k, 4)), st.sampled_from([fmpq(1, 2**40), 4 - fmpq(1, 2**40)]))
"""In (0, 4)."""
SMALL_RATES = st.one_of(st.integers(1, 8).map(lambda k: fmpq(k, 4)), st.just(fmpq(1, 2**40)))
"""In (0, 2]."""


def factor(state: State, rate: fmpq, *, half: fmpq | int = 2) -> Scalar:
    """1 - eta (2 - eta/2) kappa(th); ``half`` is the divisor of eta."""
    return 1 - rate * (2 - rate / half) * state.kappa


def step(pair: VectorPair, rate: fmpq, **changed: fmpq | int) -> Comparison:
    """|w' - w*|^2 <= (1 - eta (2 - eta/2) kappa(th)) |w - w*|^2."""
    state = State.of(pair)
    moved = state.distance_squared - 2 * rate * state.inner + rate**2 * state.gradient_squared
    return Comparison(moved, "<=", factor(state, rate, **changed) * state.distance_squared, "|w' - w*|^2")


@exact
@given(st.lists(st.tuples(vector_pairs(), RATES), min_size=10, max_size=10))
def test_one_step(states: list[tuple[VectorPair, fmpq]]) -> None:
    """eta from 2^-40 to 4 - 2^-40; th = 0 and pi, 2^-60 from both and between. So the distance never grows."""
    for pair, rate in states:
        assert settle(partial(step, pair, rate)).holds
        assert settle(partial(grows, pair, rate)).fails


def grows(pair: VectorPair, rate: fmpq) -> Comparison:
    """The factor is above 1."""
    return Comparison(factor(State.of(pair), rate), ">", fmpq(1), "1 - eta (2 - eta/2) kappa")


def turned(pair: VectorPair, rate: fmpq) -> Comparison:
    """th' < th: cot th' > cot th, by the vector w' that the solver's gradient gives."""
    moved = pair.u - rate * shallow.population_gradient(pair.u[None], pair.v[None])[0]
    along = moved @ pair.v / pair.v_length
    across = moved @ (pair.u - pair.v * (pair.u @ pair.v) / pair.v_length**2)
    size = pair.u_length * pair.angle.sine
    return Comparison(along * size, ">", across / size * pair.angle.cosine * pair.u_length, "cot th' against cot th")


@exact
@given(
    st.lists(
        st.tuples(vector_pairs(min_dimension=2, parallel=False, opposite=False), SMALL_RATES), min_size=4, max_size=4
    )
)
def test_the_angle_decreases(states: list[tuple[VectorPair, fmpq]]) -> None:
    """eta from 2^-40 to 2, both in dimensions 2 to 4; w' stays on its side of the line of w*: sin th' > 0."""
    for pair, rate in states:
        assert settle(partial(turned, pair, rate)).holds
        assert settle(partial(side, pair, rate)).holds


def side(pair: VectorPair, rate: fmpq) -> Comparison:
    """a > 0, so that w' is on the side of the line of w* on which w is."""
    a, _ = shallow.step_coefficients(pair.u_length / pair.v_length, pair.angle.sine, pair.angle.supplement, rate / 2)
    return Comparison(a, ">", fmpq(0), "a")


def square(number: Scalar) -> Scalar:
    """A product, since the power of a ball around 0 is unknown."""
    return number * number


def distances_squared(pair: VectorPair, rate: fmpq, steps: int) -> list[Scalar]:
    """|w_t - w*|^2 for t = 0, ..., steps and |w*| = 1, by the solver's coefficients, in the plane of w and w*. On the
    line of w*, where w' = w - eta/2 (w - w*) for w on the side of w* and (1 - eta/2) w beyond 0, in rationals."""
    along, across = pair.u_length / pair.v_length * pair.angle.cosine, pair.u_length / pair.v_length * pair.angle.sine
    found = [square(along - 1) + square(across)]
    for _ in range(steps):
        if across == 0:
            along = along - rate / 2 * (along - (1 if along > 0 else 0))
        else:
            length = arithmetic.square_root(square(along) + square(across))
            near = along > 0  # atan2 has its cut on the other side, and across may be a ball around 0
            supplement = arb.pi() - arb.atan2(arb(across), arb(along)) if near else arb.atan2(arb(across), -arb(along))
            a, b = shallow.step_coefficients(length, across / length, supplement, rate / 2)
            along, across = a * along / length + b, a * across / length
        found.append(square(along - 1) + square(across))
    return found


def rate_of(pair: VectorPair, rate: fmpq, step: int) -> Comparison:
    """|w_t - w*|^2 <= (1 - eta (2 - eta/2) kappa(th_0))^t |w_0 - w*|^2."""
    found = distances_squared(pair, rate, step)
    return Comparison(found[-1], "<=", factor(State.of(pair), rate) ** step * found[0], f"|w_t - w*|^2, t = {step}")


@exact
@fewer(2)
@given(vector_pairs(opposite=False), SMALL_RATES, st.sampled_from([1, 2, 3, 7, 12]))
def test_the_linear_rate(pair: VectorPair, rate: fmpq, steps: int) -> None:
    """Up to 12 steps in balls, eta from 2^-40 to 2, th_0 from 0 to 2^-60 below pi."""
    assert settle(partial(rate_of, pair, rate, steps)).holds


LINE = arithmetic.exact([1])


def on_the_line(start: fmpq) -> VectorPair:
    """w_0 = start w*, start > 0, d = 1."""
    return VectorPair(LINE * start, LINE, start, fmpq(1), (fmpq(0), fmpq(1)))


@control
@pytest.mark.parametrize("half", [fmpq(2002, 1000), fmpq(4)])
@given(rate=RATES)
def test_refuted_with_less_of_eta_squared(half: fmpq, rate: fmpq) -> None:
    """2 - eta/2.002 for 2 - eta/2: at th = 0 one step is (1 - eta/2)^2 exactly."""
    pair = on_the_line(fmpq(3))
    assert compare(step(pair, rate)).holds
    assert compare(step(pair, rate, half=half)).fails


@control
@pytest.mark.parametrize("rate", [fmpq(4), fmpq(5), 4 + fmpq(1, 2**40)])
def test_at_four_and_beyond(rate: fmpq) -> None:
    """From w*/2 a step of 4 leads to 3/2 w* and back, exactly; a longer one leads farther away."""
    start = on_the_line(fmpq(1, 2))
    before, after, again = distances_squared(start, rate, 2)
    assert compare(Comparison(after, "<=", before, "|w' - w*|^2")).holds == (rate == 4)
    assert (after == before == again) == (rate == 4)
