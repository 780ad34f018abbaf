"""Layers that are alike in blocks: four numbers against the whole layer, by kernels, differences and Monte Carlo."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
from flint import arb, ctx, fmpq

from solvers import arithmetic
from solvers.shallow import (
    BlockState,
    block_distance_squared,
    block_gradient,
    block_inner,
    block_layer,
    block_length_squared,
    block_potential,
    block_step,
    relu_kernel,
    relu_kernel_gradient,
    rotated_blocks,
)

STATE = BlockState(0.8, 0.1, -0.05, 0.03)


def whole_gradient(layer, teachers):
    """From the kernels, a pair at a time."""
    rows = []
    for j, unit in enumerate(layer):
        row = unit / 2
        for k, other in enumerate(layer):
            row = row + (relu_kernel_gradient(unit, other) if k != j else 0) - relu_kernel_gradient(unit, teachers[k])
        rows.append(row)
    return np.array(rows)


@pytest.mark.parametrize("units", [3, 6, 12])
def test_the_gradient_is_that_of_the_whole_layer(units):
    found = block_layer(block_gradient(STATE, units), units)
    assert found == pytest.approx(whole_gradient(block_layer(STATE, units), np.eye(units)), abs=1e-14)


def test_the_gradient_in_balls():
    state = rotated_blocks(fmpq(9, 10), fmpq(-1, 12))._replace(others=fmpq(1, 50))
    layer = block_layer(state, 6)
    expected = whole_gradient(layer, arithmetic.exact(np.eye(6)))
    found = block_layer(block_gradient(state, fmpq(6)), 6)
    assert all(arb(a - b).contains(0) for a, b in zip(found.ravel(), expected.ravel(), strict=True))


def test_the_gradient_is_the_derivative_of_the_loss():
    """By central differences in 200 bits: the loss changes by K times the inner product of the gradients."""
    units, h = 6, fmpq(1, 2**40)

    def loss(state):
        layer, teachers = block_layer(state, units), arithmetic.exact(np.eye(units))
        pairs = [(u, v) for u in layer for v in layer]
        crossed = [(u, e) for u in layer for e in teachers]
        kernels = [sum(relu_kernel(u, v) for u, v in found) for found in (pairs, crossed)]
        return kernels[0] / 2 - kernels[1]

    state = BlockState(fmpq(4, 5), fmpq(1, 10), fmpq(-1, 20), fmpq(3, 100))
    with ctx.workprec(200):
        for name in state._fields:
            ahead, behind = (state._replace(**{name: getattr(state, name) + sign * h}) for sign in (1, -1))
            move = BlockState(*(fmpq(int(field == name)) for field in state._fields))
            slope = units * block_inner(block_gradient(state, fmpq(units)), move, units)
            assert abs(float((loss(ahead) - loss(behind)) / (2 * h) - slope)) < 1e-18


def test_lengths_distances_and_the_potential():
    layer = block_layer(STATE, 9)
    assert block_length_squared(STATE, 9) == pytest.approx((layer[4] ** 2).sum())
    assert block_distance_squared(STATE, 9) == pytest.approx(((layer - np.eye(9)) ** 2).sum() / 9)
    assert block_potential(STATE, 9) == pytest.approx(9 - np.linalg.norm(layer, axis=1).sum())
    other = BlockState(0.2, 0.4, -0.1, 0.7)
    assert block_inner(STATE, other, 9) == pytest.approx((layer * block_layer(other, 9)).sum() / 9)


def test_the_step_is_down_the_gradient():
    after = block_layer(block_step(STATE, 6, 0.25), 6)
    layer = block_layer(STATE, 6)
    assert after == pytest.approx(layer - 0.25 * whole_gradient(layer, np.eye(6)), abs=1e-14)


def test_blocks_turn_about_the_diagonal():
    """Orthogonal, of determinant 1, with the axis (1, 1, 1) and tan(phi/2) = 3^{1/2} t; and with symbols."""
    layer = block_layer(rotated_blocks(fmpq(1), fmpq(1, 12)), 3)
    assert (layer @ layer.T == arithmetic.exact(np.eye(3))).all()
    assert (layer.sum(axis=1) == fmpq(1)).all()
    assert np.linalg.det(layer.astype(float)) == pytest.approx(1)
    assert (np.trace(layer.astype(float)) - 1) / 2 == pytest.approx(np.cos(2 * np.arctan(np.sqrt(3) / 12)))
    t = sympy.Symbol("t", positive=True)
    assert sympy.simplify(block_length_squared(rotated_blocks(sympy.Integer(1), t), 3) - 1) == 0


@pytest.mark.parametrize("units", [0, -3, 4, 3.0, "3"])
def test_the_number_of_units_is_a_multiple_of_three(units):
    with pytest.raises(ValueError, match=r"units is .*; expected 3, 6, 9"):
        block_layer(STATE, units)


def test_units_of_length_zero_have_no_gradient():
    with pytest.raises(ValueError, match=r"state is .*; expected not all of its numbers to be 0"):
        block_gradient(BlockState(0.0, 0.0, 0.0, 0.0), 6)
