"""Statements 4 and 5: starts followed in balls into the explicit ball of DL-049; and a certified poor minimum."""

from functools import cache, reduce

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, sampled, witness
from solvers import arithmetic, shallow
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare
from solvers.guarantees.relu_teachers import learning_rate_limit, radius
from solvers.network import frobenius_squared, least_pivot

STEPS, BITS = 400, 512


def distance_squared(state: shallow.UnitCoordinates, units: int, goal: tuple[int, int] = (1, 0)) -> Scalar:
    """||W - W*||_F^2, or from another state."""
    own, others = state.own - goal[0], state.others - goal[1]
    found: Scalar = units * (own * own + (units - 1) * others * others)
    return found


def arrives(start: shallow.UnitCoordinates, units: int, rate: fmpq, goal: tuple[int, int] = (1, 0)) -> bool:
    """Whether within STEPS steps, in balls of BITS bits, descent is certainly in the ball of DL-049."""
    state = start
    with ctx.workprec(BITS):
        for _ in range(STEPS):
            near = Comparison(distance_squared(state, units, goal), "<=", radius(units) ** 2, "the squared distance")
            if compare(near).holds:
                return True
            state = shallow.symmetric_step(state, fmpq(units), rate)
    return False


WIDTHS = st.sampled_from([2, 3, 5, 10, 50])
UNIT = st.builds(lambda k, q: fmpq(min(k, q), q), st.integers(1, 64), st.sampled_from([64, 8, 10**4]))
"""In (0, 1], 1 among them."""


def between_zero_and(x: fmpq, part: fmpq) -> shallow.UnitCoordinates:
    """(x, y) with y = x (1 - part): 0 <= y < x."""
    return shallow.UnitCoordinates(x, x * (1 - part))


@exact
@given(WIDTHS, st.builds(between_zero_and, UNIT, UNIT), st.sampled_from([fmpq(1), fmpq(1, 2)]))
@example(2, shallow.UnitCoordinates(fmpq(1), fmpq(10**9 - 1, 10**9)), fmpq(1))
@example(50, shallow.UnitCoordinates(fmpq(1, 10**9), fmpq(0)), fmpq(1))
def test_starts_below_the_line_come_to_the_truth(units: int, start: shallow.UnitCoordinates, part: fmpq) -> None:
    """Statement 4 for each start; eta <= 8/(K+4), as DL-049 has it, at 4/(K+4) and 2/(K+4)."""
    assert arrives(start, units, part * learning_rate_limit(units) / 2)


@exact
@ablates("DL-050", "y not negative", "dropped", Fate.OPEN)
@ablates("DL-050", "x at most 1", "dropped", Fate.OPEN)
@given(WIDTHS, st.integers(-24, 24), st.integers(1, 24))
def test_so_do_others_below_the_line(units: int, eighths: int, less: int) -> None:
    """y < x, of any sign and size up to 3: nothing else was seen."""
    x = fmpq(eighths, 8)
    assert arrives(shallow.UnitCoordinates(x, x - fmpq(less, 8)), units, learning_rate_limit(units) / 2)


@sampled
def test_a_grid_of_starts_ends_at_the_truth() -> None:
    """K = 2, 3, 5, 10, 30 in float64: 10^4 starts in [-3, 3]^2, y < x, 100 steps: all ends, taken exactly, are in the
    ball."""
    random = np.random.default_rng(50)
    for units in (2, 3, 5, 10, 30):
        x, y = np.sort(random.uniform(-3, 3, (2, 10**4)), axis=0)[::-1]
        state = shallow.UnitCoordinates(x, y)
        for _ in range(100):
            state = shallow.symmetric_step(state, float(units), float(learning_rate_limit(units) / 2))
        worst = np.hypot(state.own - 1, state.others).argmax()
        end = shallow.UnitCoordinates(*(arithmetic.rational(part[worst]) for part in state))
        assert compare(Comparison(distance_squared(end, units), "<=", radius(units) ** 2, "at the worst end")).holds


@control
@ablates("DL-050", "y below x", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("units", [2, 3, 6])
def test_refuted_above_the_line(units: int) -> None:
    """(1/4, 3/4) never comes to (1, 0), by the order (statement 3); in STEPS steps it does not. For K = 2 it comes to
    (0, 1)."""
    start = shallow.UnitCoordinates(fmpq(1, 4), fmpq(3, 4))
    assert arrives(shallow.UnitCoordinates(start.others, start.own), units, learning_rate_limit(units) / 2)
    assert not arrives(start, units, learning_rate_limit(units) / 2)
    assert arrives(start, units, learning_rate_limit(units) / 2, (0, 1)) == (units == 2)


@control
@ablates("DL-050", "y below x", "y = x", Fate.REFUTED)
def test_refuted_on_the_line() -> None:
    """y = x = 1: (statement 2)."""
    assert not arrives(shallow.UnitCoordinates(fmpq(1), fmpq(1)), 3, learning_rate_limit(3) / 2)


@cache
def other_end(units: int) -> shallow.UnitCoordinates:
    """Where (1/10, 3/5) ends, in float64 after 2000 steps, as rationals."""
    state = shallow.UnitCoordinates(np.float64(0.1), np.float64(0.6))
    for _ in range(2000):
        state = shallow.symmetric_step(state, float(units), float(learning_rate_limit(units) / 2))
    return shallow.UnitCoordinates(*(arithmetic.rational(part) for part in state))


REACH = fmpq(1, 2**34)
"""r in the proof of statement 5."""


def convex_around(units: int, state: shallow.UnitCoordinates, least: fmpq) -> Comparison:
    """H >= m I wherever no entry of W is farther than r from the layer's.

    H is in a matrix of balls; what their radii add to the middle has at most the largest sum of a row for its norm.
    """
    layer = shallow.symmetric_layer(state, units)
    around = np.frompyfunc(lambda entry: arb(entry) + arb(0, 1) * REACH, 1, 1)(layer)
    hessian = shallow.population_hessian(around, np.frompyfunc(arb, 1, 1)(truth(units)))
    radii = np.frompyfunc(lambda entry: arb(entry.rad()), 1, 1)(hessian).sum(axis=1)
    middle = np.frompyfunc(lambda entry: arb(entry.mid()), 1, 1)(hessian)
    shifted = middle - np.eye(len(hessian), dtype=object) * (least + reduce(arb.max, radii))
    return Comparison(least_pivot(shifted), ">", fmpq(0), "a pivot of H - m I")


def truth(units: int) -> ObjectArray:
    """e_1, ..., e_K."""
    return arithmetic.exact(np.eye(units, dtype=int))


def gradient_small(units: int, state: shallow.UnitCoordinates, least: fmpq) -> Comparison:
    """|grad l|^2 < (m r/2)^2."""
    slope = shallow.symmetric_layer(shallow.symmetric_gradient(state, fmpq(units)), units)
    return Comparison(frobenius_squared(slope), "<", (least * REACH / 2) ** 2, "the squared gradient")


MINIMA = [
    (6, "-0.66339", "0.33070", "0.0556", fmpq(1, 1000)),
    (7, "-0.71262", "0.28349", "0.0622", fmpq(1, 200)),
    (8, "-0.74932", "0.24806", "0.0677", fmpq(1, 100)),
]
"""K, how x, y and l begin, and m."""


@exact
@pytest.mark.parametrize(("units", "x", "y", "value", "least"), MINIMA)
def test_a_poor_minimum(units: int, x: str, y: str, value: str, least: fmpq) -> None:
    """Statement 5, and l is far above 0."""
    state = other_end(units)
    assert str(float(state.own)).startswith(x)
    assert str(float(state.others)).startswith(y)
    with ctx.workprec(128):
        assert compare(convex_around(units, state, least)).holds
        assert compare(gradient_small(units, state, least)).holds
        loss = shallow.population_loss(shallow.symmetric_layer(state, units), truth(units))
    assert str(float(loss)).startswith(value)


@control
@pytest.mark.parametrize("units", [3, 5])
def test_refuted_that_it_is_a_minimum_for_fewer_units(units: int) -> None:
    """K = 3 and 5: as small a gradient, and a negative eigenvalue."""
    state = other_end(units)
    with ctx.workprec(128):
        assert compare(gradient_small(units, state, fmpq(1, 1000))).holds
        assert compare(convex_around(units, state, fmpq(0))).fails


@witness
def test_starts_above_the_line_end_there() -> None:
    """K = 6, 100 starts with y > x in [-3, 3]^2: all end within 10^-6 of the poor minimum, in float64."""
    random = np.random.default_rng(51)
    y, x = np.sort(random.uniform(-3, 3, (2, 100)), axis=0)[::-1]
    state = shallow.UnitCoordinates(x, y)
    for _ in range(2000):
        state = shallow.symmetric_step(state, 6.0, float(learning_rate_limit(6) / 2))
    end = other_end(6)
    gaps = [abs(arithmetic.rational(a) - b) for part, b in zip(state, end, strict=True) for a in part]
    assert compare(Comparison(max(gaps), "<=", fmpq(1, 10**6), "the largest gap")).holds
