"""Elementary functions in each arithmetic: floats as NumPy has them, balls that contain, symbols among numbers too."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy
from flint import arb, fmpq

from solvers.arithmetic import elementary

X = sympy.Symbol("x", positive=True)
MIXED = np.array([1, X], dtype=object)


@pytest.mark.parametrize("name", ["sin", "cos", "sqrt"])
def test_functions_of_one_number_in_each_arithmetic(name):
    """At 1/2: the float is in the ball up to its rounding; of a symbol among numbers, SymPy's."""
    function = getattr(elementary, name)
    number, ball = function(0.5), function(fmpq(1, 2))
    assert number == getattr(math, name)(0.5)
    assert abs(ball - arb(number)) < 2.0**-50
    assert (function(np.array([0.5, 0.5])) == number).all()
    assert function(MIXED)[1] == getattr(sympy, name)(X)
    assert function.__name__ == name


def test_the_angle_of_a_point_in_each_arithmetic():
    """Of (-1, 1): 3 pi / 4; of (1, x) SymPy's, whichever of the two is the symbol."""
    assert elementary.atan2(1.0, -1.0) == math.atan2(1, -1)
    assert abs(elementary.atan2(fmpq(1), fmpq(-1)) - 3 * arb.pi() / 4) < 2.0**-50
    assert elementary.atan2(X, sympy.Integer(1)) == sympy.atan2(X, 1)
    assert elementary.atan2(1, X) == sympy.atan2(1, X)


def test_symbols_among_numbers_are_symbolic():
    """An array is, of which an entry is; floats and balls are not."""
    assert elementary.is_symbolic(MIXED)
    assert elementary.pi(MIXED) == sympy.pi
    assert not elementary.is_symbolic(np.array([1, fmpq(1)], dtype=object))
    assert elementary.pi(fmpq(1)).contains(arb.pi().mid())
    assert elementary.pi(np.ones(2)) == math.pi


@pytest.mark.parametrize("number", [float, fmpq, sympy.Integer], ids=["float64", "rational", "symbolic"])
def test_the_direction_of_a_vector_and_of_none(number):
    """(3, 4), an eighth of it, and 0: (3/5, 4/5) twice, and 0."""
    vectors = np.array([[number(3), number(4)], [number(3) / 8, number(4) / 8], [number(1), number(2)]])
    found = elementary.direction(vectors, np.array([number(5), number(5) / 8, number(0)]))
    one = [number(3) / 5, number(4) / 5]
    assert (found == np.array([one, one, [number(0), number(0)]])).all()


def test_the_direction_of_what_may_be_zero_is_any():
    """A length in [0, 1] leaves of an entry that it is in [-1, 1], and no more."""
    (found,) = elementary.direction(np.array([arb(0, 1)]), arb(0.5, 0.5))
    assert found.contains(-1)
    assert found.contains(1)
    assert max(-found.lower(), found.upper()) <= 1 + 2.0**-20
