"""Units that stay alike: two numbers against the whole layer, by kernels, and differences."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
from flint import arb, ctx, fmpq

from solvers import arithmetic
from solvers.shallow import (
    UnitCoordinates,
    angle_between,
    population_gradient,
    population_loss,
    symmetric_angles,
    symmetric_gradient,
    symmetric_layer,
    symmetric_saddle,
    symmetric_step,
)

STATES = [UnitCoordinates(0.7, 0.2), UnitCoordinates(-0.3, 0.6), UnitCoordinates(0.0, 0.5), UnitCoordinates(1.0, -2.0)]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("units", [2, 3, 6])
def test_the_gradient_is_that_of_the_whole_layer(state, units):
    found = symmetric_layer(symmetric_gradient(state, units), units)
    assert found == pytest.approx(population_gradient(symmetric_layer(state, units), np.eye(units)), abs=1e-14)


def test_one_unit():
    assert symmetric_gradient(UnitCoordinates(0.5, 0.0), 1).own == pytest.approx(-0.25)


def test_the_gradient_is_the_derivative_of_the_loss():
    """By central differences in 200 bits: dl = K (grad_x dx + (K-1) grad_y dy)."""
    units, h = 4, fmpq(1, 2**40)
    state, teachers = UnitCoordinates(fmpq(3, 4), fmpq(1, 5)), arithmetic.exact(np.eye(4))
    with ctx.workprec(200):
        slope = symmetric_gradient(state, fmpq(units))
        for name, expected in (("own", units * slope.own), ("others", units * (units - 1) * slope.others)):
            ahead, behind = (
                population_loss(symmetric_layer(state._replace(**{name: getattr(state, name) + move}), units), teachers)
                for move in (h, -h)
            )
            assert abs(float((ahead - behind) / (2 * h) - expected)) < 1e-18


@pytest.mark.parametrize("state", STATES)
def test_the_angles_are_those_of_the_layer(state):
    layer = symmetric_layer(state, 5)
    pairs = [(layer[0], np.eye(5)[0]), (layer[0], np.eye(5)[1]), (layer[0], layer[1])]
    for (sine, angle), (u, v) in zip(symmetric_angles(state, 5), pairs, strict=True):
        assert angle == pytest.approx(angle_between(u, v).radians)
        assert sine == pytest.approx(np.sin(angle), abs=1e-12)


def test_the_step_and_stacks_of_states():
    x, y = np.array([0.7, -0.3]), np.array([0.2, 0.6])
    after = symmetric_step(UnitCoordinates(x, y), np.array([3.0, 5.0]), 0.25)
    for i, units in enumerate((3, 5)):
        layer = symmetric_layer(UnitCoordinates(x[i], y[i]), units)
        expected = layer - 0.25 * population_gradient(layer, np.eye(units))
        assert symmetric_layer(UnitCoordinates(after.own[i], after.others[i]), units) == pytest.approx(expected)


@pytest.mark.parametrize("units", [1, 2, 7, 1000])
def test_the_saddle_is_critical(units):
    with ctx.workprec(128):
        saddle = symmetric_saddle(fmpq(units))
        assert all(arb(entry).contains(0) for entry in symmetric_gradient(UnitCoordinates(saddle, saddle), fmpq(units)))
    assert float(saddle) == pytest.approx(float(symmetric_saddle(float(units))))


def test_symbols():
    k = sympy.Symbol("K", positive=True)
    assert sympy.simplify(symmetric_saddle(k).subs(k, 1) - 1) == 0


@pytest.mark.parametrize("units", [0, -1, 2.0, "2"])
def test_the_number_of_units_is_whole(units):
    with pytest.raises(ValueError, match=r"units is .*; expected a whole number >= 1"):
        symmetric_layer(STATES[0], units)


@pytest.mark.parametrize("zero", [0.0, fmpq(0), np.array([1.0, 0.0])])
def test_units_of_length_zero_have_no_angles(zero):
    for function in (symmetric_gradient, symmetric_angles):
        with pytest.raises(ValueError, match=r"state is .*; expected not all of its numbers to be 0"):
            function(UnitCoordinates(zero, 0 * zero), 3)
