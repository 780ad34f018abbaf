"""Starts near zero: scalar networks, and weights of any size with a target of known modes."""

from collections.abc import Sequence

import numpy as np
from flint import fmpq
from hypothesis import strategies as st

from solvers import arithmetic
from solvers.arithmetic import ObjectArray, Scalar, rational
from strategies import diagonal, generic_weights, orthogonal_matrices, singular_value_lists

Layers = tuple[ObjectArray, ...]


def scalars(values: Sequence[Scalar]) -> Layers:
    """A network of width 1."""
    return tuple(np.array([[value]], dtype=object) for value in values)


@st.composite
def near_zero(draw: st.DrawFn, widths: tuple[int, ...]) -> tuple[Layers, ObjectArray, ObjectArray, ObjectArray, fmpq]:
    """Weights of any size down to 2^-12, Phi with a known largest singular pair: (weights, Phi, u, v, s)."""
    left, right = draw(orthogonal_matrices(widths[-1])), draw(orthogonal_matrices(widths[0]))
    values = [rational(s) for s in draw(singular_value_lists(min(widths[0], widths[-1])))]
    target = left @ diagonal(widths[-1], widths[0], values) @ right.T
    scale = fmpq(1, 2 ** draw(st.integers(0, 12)))
    weights = tuple(scale * arithmetic.exact(matrix) for matrix in draw(generic_weights(widths)))
    return weights, target, left[:, :1], right[:, :1], values[0]
