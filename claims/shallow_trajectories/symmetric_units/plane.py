"""Statements 1 to 3: the formulas against the gradient of the layer, the line and its saddle, and the order."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, symbolic, witness
from solvers import arithmetic, shallow
from solvers.arithmetic import Comparison, ObjectArray, elementary, settle

Rule = Callable[[shallow.UnitCoordinates, Any, Any], shallow.UnitCoordinates]

NUMBERS = st.builds(fmpq, st.integers(-24, 24), st.sampled_from([1, 8, 8, 8, 1000]))
PAIRS = st.builds(shallow.UnitCoordinates, NUMBERS, NUMBERS)
STATES = PAIRS.map(lambda state: state if any(state) else shallow.UnitCoordinates(fmpq(1), fmpq(1)))
"""x and y of any signs and order, equal ones among them, not both 0."""


def truth(units: int) -> ObjectArray:
    """e_1, ..., e_K."""
    return arithmetic.exact(np.eye(units, dtype=int))


def near_zero(entries: Any) -> bool:
    """Whether every ball may be 0."""
    return all(arb(entry).contains(0) for entry in np.ravel(entries))


def largest_rate(units: int) -> arb:
    """2pi/(pi + K - 2)."""
    found: arb = 2 * arb.pi() / (arb.pi() + units - 2)
    return found


def along_the_line(state: shallow.UnitCoordinates, units: Any, two: int = 2) -> Any:
    """K/2 (x - z) for x = y."""
    return units * (state.own - shallow.symmetric_saddle(units)) / two


def ordered(state: shallow.UnitCoordinates, units: int, rate: arb) -> Comparison:
    """(x - y)(x' - y') > 0, or x' = y' where x = y."""
    after = shallow.symmetric_step(state, fmpq(units), rate)
    before = state.own - state.others
    if before == 0:
        return Comparison(abs(after.own - after.others), "<=", arb(2) ** -20, "x' - y', of x = y")
    return Comparison(before * (after.own - after.others), ">", fmpq(0), "(x - y)(x' - y')")


def curvature(units: Any) -> Any:
    """-K/(2pi z (K-1)^{1/2}), the eigenvalue along I - J/K."""
    saddle = shallow.symmetric_saddle(units)
    return -units / (2 * elementary.pi(saddle) * saddle * elementary.sqrt(units - 1))


@exact
@given(STATES, st.integers(2, 5))
@example(shallow.UnitCoordinates(fmpq(1), fmpq(0)), 3)
@example(shallow.UnitCoordinates(fmpq(-1), fmpq(1)), 2)
def test_the_form_is_kept(state: shallow.UnitCoordinates, units: int) -> None:
    """The layer's gradient is grad_x on the diagonal and grad_y off it, in balls, K = 2 to 5."""
    found = shallow.population_gradient(shallow.symmetric_layer(state, units), truth(units))
    assert near_zero(found - shallow.symmetric_layer(shallow.symmetric_gradient(state, fmpq(units)), units))


@symbolic
def test_the_line_and_the_curvature_for_every_k() -> None:
    """On x = y > 0 with th = ps, ph = 0; and the sums of the proof with |p|^2 = (K-1)/K."""
    k, x = sympy.symbols("K x", positive=True)
    angle = sympy.atan2(sympy.sqrt(k - 1), 1)
    sine = sympy.sqrt((k - 1) / k)
    pi = sympy.pi
    slope = pi * x + (k - 1) * pi * x - x * (sine + (k - 1) * sine) / (x * sympy.sqrt(k)) - (pi - angle)
    difference = slope / (2 * pi) - along_the_line(shallow.UnitCoordinates(x, x), k)
    assert sympy.simplify(sympy.expand(difference).subs(k, 1 + sympy.Symbol("m", positive=True))) == 0
    square = (k - 1) / k
    length = sympy.sqrt(square)
    inner = k * square  # sum over j of sum_k (p_j.p_k)^2 = |p_j|^2
    form = -(k * length * k * square + inner / length) / (2 * pi * shallow.symmetric_saddle(k) * sympy.sqrt(k))
    eigenvalue = form / (k * square)
    gap = sympy.simplify((eigenvalue / curvature(k)).subs(k, 1 + sympy.Symbol("m", positive=True)))
    assert gap == 1


@symbolic
def test_the_order_for_every_k() -> None:
    """2pi (grad_x - grad_y) = (x - y) b - (ps - th), b as in the proof, by the solver's formulas."""
    k, x, y, al, th, ps, ph = sympy.symbols("K x y al th ps ph", real=True)
    pull = al * (sympy.sin(th) + (k - 1) * sympy.sin(ps))
    own = sympy.pi * x + (k - 1) * (x * sympy.sin(ph) + (sympy.pi - ph) * y) - x * pull - (sympy.pi - th)
    others = sympy.pi * y + (k - 1) * y * sympy.sin(ph) + (sympy.pi - ph) * (x + (k - 2) * y) - y * pull
    others -= sympy.pi - ps
    b = ph + (k - 1) * sympy.sin(ph) - pull
    assert sympy.expand(own - others - ((x - y) * b - (ps - th))) == 0
    below = (sympy.pi - ph - sympy.sin(ph)) + (k - 2) * (1 - sympy.sin(ph)) + pull  # sin ph <= pi - ph, sin ph <= 1
    assert sympy.expand(sympy.pi + k - 2 - b - below) == 0


@exact
@given(STATES, st.sampled_from([2, 3, 4, 10, 1000]), st.sampled_from([fmpq(1), fmpq(1, 2), fmpq(1, 100)]))
@example(shallow.UnitCoordinates(fmpq(1), fmpq(999, 1000)), 2, fmpq(1))
def test_a_step_keeps_the_order(state: shallow.UnitCoordinates, units: int, part: fmpq) -> None:
    """(x - y)(x' - y') > 0 at any state, up to the largest learning rate; and b < pi + K - 2."""
    assert settle(lambda: ordered(state, units, part * largest_rate(units))).holds
    (sin_th, _), (sin_ps, _), (sin_ph, ph) = shallow.symmetric_angles(state, fmpq(units))
    length = elementary.sqrt(state.own * state.own + (units - 1) * state.others * state.others)
    b = ph + (units - 1) * sin_ph - (sin_th + (units - 1) * sin_ps) / length
    assert settle(lambda: Comparison(arb(b), "<", arb.pi() + units - 2, "b")).holds


@exact
@pytest.mark.parametrize("units", [2, 3, 4])
def test_the_saddle_of_the_layer(units: int) -> None:
    """In balls: the gradient vanishes, H J = (K/2) J and H (I - J/K) = curvature (I - J/K), which is negative."""
    saddle = shallow.symmetric_saddle(fmpq(units))
    assert near_zero(shallow.symmetric_gradient(shallow.UnitCoordinates(saddle, saddle), fmpq(units)))
    near = arithmetic.rational(float(saddle))
    layer = shallow.symmetric_layer(shallow.UnitCoordinates(near, near), units)
    hessian = shallow.population_hessian(layer, truth(units))
    ones = arithmetic.exact(np.ones((units, units), dtype=int))
    for direction, value in ((ones, fmpq(units, 2)), (truth(units) - ones / units, curvature(fmpq(units)))):
        rest = hessian @ direction.ravel() - direction.ravel() * value
        assert all(settle(partial(small, entry)).holds for entry in rest)
    assert settle(lambda: Comparison(curvature(fmpq(units)), "<", fmpq(-units, 4), "the curvature")).holds


def small(entry: Any) -> Comparison:
    """Below 2^-40, the point being a rational next to the saddle."""
    return Comparison(abs(arb(entry)), "<", arb(2) ** -40, "an entry of H v - lambda v")


@exact
@given(st.builds(fmpq, st.integers(1, 64), st.sampled_from([1, 16, 10**6])), st.integers(2, 50))
def test_the_gradient_on_the_line(x: fmpq, units: int) -> None:
    """grad_x = grad_y = (K/2)(x - z), in balls; so x' - z = (1 - eta K/2)(x - z)."""
    state = shallow.UnitCoordinates(x, x)
    slope = shallow.symmetric_gradient(state, fmpq(units))
    assert near_zero(np.array(slope) - along_the_line(state, fmpq(units)))


@control
@ablates("DL-050", "learning rate", "dropped", Fate.REFUTED)
def test_refuted_for_a_large_learning_rate() -> None:
    """K = 50, (10, 0): with eta = 1/5 the order is turned; with the largest rate 0.122... it is not."""
    state = shallow.UnitCoordinates(fmpq(10), fmpq(0))
    assert settle(lambda: ordered(state, 50, largest_rate(50))).holds
    assert settle(lambda: ordered(state, 50, arb(1) / 5)).fails


@control
def test_refuted_with_a_slightly_larger_learning_rate() -> None:
    """K = 2, where the largest rate is 2: opposite units turn their order at 2.002, if they are long, and not at 2."""
    state = shallow.UnitCoordinates(fmpq(1000), fmpq(-1000))
    assert settle(lambda: ordered(state, 2, largest_rate(2))).holds
    assert settle(lambda: ordered(state, 2, fmpq(1001, 1000) * largest_rate(2))).fails


@control
def test_refuted_with_another_slope_on_the_line() -> None:
    """K/3 (x - z) is not the gradient."""
    state = shallow.UnitCoordinates(fmpq(1), fmpq(1))
    slope = shallow.symmetric_gradient(state, fmpq(3)).own
    assert near_zero(slope - along_the_line(state, fmpq(3)))
    assert not near_zero(slope - along_the_line(state, fmpq(3), 3))


@control
def test_refuted_that_the_form_is_kept_for_other_teachers() -> None:
    """With the teacher 2 e_1 for e_1, K = 3, the units are not alike after a step."""
    layer, teachers = shallow.symmetric_layer(shallow.UnitCoordinates(fmpq(1), fmpq(1, 2)), 3), truth(3)
    teachers[0, 0] = fmpq(2)
    slope = shallow.population_gradient(layer, teachers)
    assert not near_zero(slope[0, 0] - slope[1, 1])


@witness
def test_the_truth_and_one_unit() -> None:
    """(1, 0) is critical for K = 1, 2, 3 and 100; for K = 1, z = 1 is the truth."""
    for units in (1, 2, 3, 100):
        assert near_zero(shallow.symmetric_gradient(shallow.UnitCoordinates(fmpq(1), fmpq(0)), fmpq(units)))
    assert near_zero(shallow.symmetric_saddle(fmpq(1)) - 1)
