"""Layers of ReLU units that are alike in blocks of three: descent towards the identity, in four numbers at any width.

K = 3m units u_j in R^K, and the teachers e_1, ..., e_K. A state (a, b, c, d) is the layer of

    u_j = a e_j + b e_j' + c e_j'' + d (sum of the e_i of all other blocks),    j' after j in its block, j'' after j',

where a block of three closes to a circle. All units have the same length and, within blocks and across them, the same
angles. So the gradient of l(U) = 1/2 E (sum_j s(u_j.x) - sum_j s(x_j))^2, x ~ N(0, I), s(z) = max(z, 0),

    u_j / 2 + sum_{k != j} K(u_j, u_k) - sum_k K(u_j, e_k),

K as in :mod:`solvers.shallow.arc_cosine`, is again of this form. Written once, for floats, balls and SymPy expressions;
K too may be a number of these, or a symbol.

Source: this project (DL-051).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from solvers.arithmetic import elementary
from solvers.network import Matrix
from solvers.shallow.checks import check_coordinates

BLOCK = 3


class BlockState(NamedTuple):
    """(a, b, c, d): along the unit's own teacher, the next one and the one after it, and all of other blocks."""

    own: Any
    following: Any
    last: Any
    others: Any


def rotated_blocks(scale: Any, tangent: Any) -> BlockState:
    """The layer ``scale`` * R, where R turns each block by phi about (1, 1, 1), tan(phi/2) = 3^{1/2} ``tangent``.

    Its entries are rational where the two numbers are: a = (1 - t^2)/(1 + 3t^2), b, c = 2t (t +- 1)/(1 + 3t^2).
    """
    whole = 1 + 3 * tangent * tangent
    return BlockState(
        scale * (1 - tangent * tangent) / whole,
        scale * (2 * tangent * (tangent + 1)) / whole,
        scale * (2 * tangent * (tangent - 1)) / whole,
        scale * 0,
    )


def block_layer(state: BlockState, units: int) -> Matrix:
    """The K x K matrix of which the rows are the units u_j. Raises ValueError unless K is a positive multiple of 3."""
    if not isinstance(units, int | np.integer) or units <= 0 or units % BLOCK:
        raise ValueError(f"units is {units!r}; expected 3, 6, 9, ...")
    own, following, last, others = state
    block = [[own, following, last], [last, own, following], [following, last, own]]
    return np.array(
        [
            [block[j % BLOCK][i % BLOCK] if i // BLOCK == j // BLOCK else others for i in range(units)]
            for j in range(units)
        ]
    )


def block_length_squared(state: BlockState, units: Any) -> Any:
    """|u_j|^2, the same for all units."""
    return _across(state, units) + state.own * state.own


def block_distance_squared(state: BlockState, units: Any) -> Any:
    """|u_j - e_j|^2, the same for all units; ||U - I||_F^2 is K times as much."""
    return _across(state, units) + (state.own - 1) * (state.own - 1)


def block_potential(state: BlockState, units: Any) -> Any:
    """g = sum_j (|e_j| - |u_j|) = K (1 - |u_j|)."""
    return units * (1 - elementary.sqrt(block_length_squared(state, units)))


def block_gradient(state: BlockState, units: Any) -> BlockState:
    """The gradient block of u_j, as a state. Raises ValueError where all four numbers are 0: no angle is defined."""
    check_coordinates(state)
    own, following, last, others = state
    rest, total = units - BLOCK, own + following + last
    square = block_length_squared(state, units)
    length = elementary.sqrt(square)
    pi = elementary.pi(length)
    inside = _of_cosine((own * following + following * last + last * own + rest * others * others) / square)
    outside = _of_cosine((2 * total * others + (rest - BLOCK) * others * others) / square)
    across = elementary.sqrt(_across(state, units))
    near = (across / length, elementary.atan2(across, own))
    teachers = [near, *(_of_cosine(entry / length) for entry in (following, last, others))]
    sines = sum(sine for sine, _ in teachers[:BLOCK]) + rest * teachers[BLOCK][0]
    along = pi + 2 * inside[0] + rest * outside[0] - sines / length
    within, beyond = pi - inside[1], pi - outside[1]
    pulls = [pi - angle for _, angle in teachers]
    twice = 2 * pi
    return BlockState(
        (along * own + within * (following + last) + beyond * rest * others - pulls[0]) / twice,
        (along * following + within * (last + own) + beyond * rest * others - pulls[1]) / twice,
        (along * last + within * (own + following) + beyond * rest * others - pulls[2]) / twice,
        (along * others + 2 * within * others + beyond * (total + (rest - BLOCK) * others) - pulls[3]) / twice,
    )


def block_inner(first: BlockState, second: BlockState, units: Any) -> Any:
    """<u_j, v_j> of the units of two layers, the same for all j."""
    return sum(x * y for x, y in zip(first[:BLOCK], second[:BLOCK], strict=True)) + (units - BLOCK) * (
        first.others * second.others
    )


def block_step(state: BlockState, units: Any, learning_rate: Any) -> BlockState:
    """One step of gradient descent."""
    gradient = block_gradient(state, units)
    return BlockState(*(entry - learning_rate * slope for entry, slope in zip(state, gradient, strict=True)))


def _across(state: BlockState, units: Any) -> Any:
    """The square of the part of u_j that is orthogonal to e_j."""
    return state.following * state.following + state.last * state.last + (units - BLOCK) * state.others * state.others


def _of_cosine(cosine: Any) -> tuple[Any, Any]:
    """The sine and the angle in [0, pi]."""
    sine = elementary.sqrt((1 - cosine) * (1 + cosine))
    return sine, elementary.atan2(sine, cosine)
