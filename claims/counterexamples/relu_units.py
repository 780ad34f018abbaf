"""Sums of ReLU units on Gaussian inputs, for ``check.py``: loss, gradient and Hessian, exactly.

    l(w) = scale E (sum_i s(u_i . x) - sum_i s(v_i . x))^2,   u_i = P_i w, v_i = P_i truth, x ~ N(0, I), s = max(., 0)

with ``maps`` P_i: patches of one filter, or rows of a matrix of weights. Taken from DL-043, and not shown here, are

    J(u, v) = E s(u . x) s(v . x) = (area + (pi - th) <u, v>) / 2pi,   area = |u| |v| sin th,   th the angle,

and its derivatives. With t = (pi - th)/2pi, where dJ/du = K, dK/du = H and dK/dv = M,

    K = area / (2pi |u|^2) u + t v,
    H = (area / |u|^2 (I - u u^T / |u|^2) + p p^T / area) / 2pi,   p = v - <u, v> / |u|^2 u,   0 where area = 0,
    M = t I + (u v^T + v u^T - <u, v> (u u^T / |u|^2 + v v^T / |v|^2)) / (2pi area),           t I where area = 0.

A point is w = c z, c > 0 a number, z rational. All pairs of P_i z and v_j must have |cos th| in {0, 1/2, 3^{1/2}/2, 1},
so that t is rational. J is homogeneous, which is why c stands outside of all sums.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from claims.counterexamples.constants import (
    PI,
    Number,
    Numbers,
    added,
    multiplied,
    rational,
    sandwiched,
    scaled,
    square_root,
    total,
)
from claims.counterexamples.landscapes import grid
from claims.counterexamples.rationals import Matrix, inner, minus, number, product, require, transposed

Said = dict[str, Any]
ANGLES = {Fraction(1): Fraction(0), Fraction(3, 4): Fraction(1, 6), Fraction(1, 4): Fraction(1, 3)}
"""th / pi by cos^2 th, for 0 < cos th."""
LARGEST = 8  # units
TWO_PI = PI * rational(2)


def outer(u: Matrix, v: Matrix) -> Matrix:
    """u v^T."""
    return product(u, transposed(v))


def unit(size: int) -> Matrix:
    return [[Fraction(i == j) for j in range(size)] for i in range(size)]


class Pair:
    """Two vectors that are not 0: <u, v>, t = (pi - th)/2pi and the area |u| |v| sin th."""

    def __init__(self, u: Matrix, v: Matrix) -> None:
        self.u, self.v, self.dot = u, v, inner(u, v)
        self.squares = inner(u, u), inner(v, v)
        q = self.squares[0] * self.squares[1]
        require(q > 0, "a unit is 0")
        turn = ANGLES.get(self.dot**2 / q) if self.dot else Fraction(1, 2)
        require(turn is not None, "an angle between units is no multiple of pi/6, or one of pi/4")
        self.t = (1 - ((turn or Fraction(0)) if self.dot >= 0 else 1 - (turn or Fraction(0)))) / 2
        self.area = square_root(q - self.dot**2)

    def value(self) -> Number:
        """J."""
        return self.area / TWO_PI + rational(self.t * self.dot)

    def slope(self) -> Numbers:
        """K, a column."""
        return added(scaled(self.u, self.area / (TWO_PI * rational(self.squares[0]))), scaled(self.v, rational(self.t)))

    def bend(self) -> Numbers:
        """H."""
        square, size = self.squares[0], unit(len(self.u))
        if self.area.zero():
            return scaled(size, rational(0))
        p = minus(self.v, self.u, self.dot / square)
        across = minus(size, outer(self.u, self.u), 1 / square)
        first = scaled(across, self.area / (TWO_PI * rational(square)))
        return added(first, scaled(outer(p, p), rational(1) / (TWO_PI * self.area)))

    def gate(self) -> Numbers:
        """M."""
        size = scaled(unit(len(self.u)), rational(self.t))
        if self.area.zero():
            return size
        swap = minus(outer(self.u, self.v), outer(self.v, self.u), Fraction(-1))
        for vector, square in zip((self.u, self.v), self.squares, strict=True):
            swap = minus(swap, outer(vector, vector), self.dot / square)
        return added(size, scaled(swap, rational(1) / (TWO_PI * self.area)))


@dataclass(frozen=True)
class Units:
    """The model at a point w = factor direction."""

    scale: Fraction
    maps: list[Matrix]
    truth: Matrix
    factor: Number
    direction: Matrix

    def pairs(self, left: Matrix, right: Matrix) -> list[list[Pair]]:
        """P_i left and P_j right."""
        return [[Pair(product(p, left), product(q, right)) for q in self.maps] for p in self.maps]

    def loss(self) -> Number:
        """l."""
        sums = [
            total([pair.value() for row in self.pairs(*points) for pair in row])
            for points in ((self.direction,) * 2, (self.direction, self.truth), (self.truth,) * 2)
        ]
        c = self.factor
        return (c * c * sums[0] - rational(2) * c * sums[1] + sums[2]) * rational(self.scale)

    def gradient(self) -> Numbers:
        """dl/dw, a column."""
        parts = [self._slopes(self.pairs(self.direction, other)) for other in (self.direction, self.truth)]
        found = added(multiplied(parts[0], self.factor), multiplied(parts[1], rational(-1)))
        return multiplied(found, rational(2 * self.scale))

    def _slopes(self, pairs: list[list[Pair]]) -> Numbers:
        """sum_ij P_i^T K(u_i, .)"""
        each = zip(self.maps, pairs, strict=True)
        return added(*[sandwiched(p, pair.slope(), unit(1)) for p, row in each for pair in row])

    def hessian(self) -> Numbers:
        """d^2 l/dw^2."""
        own, mixed = (self.pairs(self.direction, other) for other in (self.direction, self.truth))
        gates = [
            sandwiched(p, pair.gate(), q)
            for p, row in zip(self.maps, own, strict=True)
            for q, pair in zip(self.maps, row, strict=True)
        ]
        inverse = rational(-1) / self.factor
        found = added(*gates, self._bends(own), multiplied(self._bends(mixed), inverse))
        return multiplied(found, rational(2 * self.scale))

    def _bends(self, pairs: list[list[Pair]]) -> Numbers:
        """sum_ij P_i^T H(u_i, .) P_i"""
        return added(*[sandwiched(p, pair.bend(), p) for p, row in zip(self.maps, pairs, strict=True) for pair in row])


def units(model: Said, factor: Number, direction: Matrix) -> Units:
    """The model that a file holds, at a point."""
    scale, truth = number(model["scale"]), grid(model["truth"], "truth")
    maps = [grid(rows, "maps") for rows in model["maps"]]
    require(scale > 0 and factor.sign() > 0, "expected a scale and a factor > 0")
    require(1 <= len(maps) <= LARGEST, f"maps: expected 1 to {LARGEST} matrices")
    shapes = {(len(p), len(p[0])) for p in maps}
    fits = len(shapes) == 1 and len(truth[0]) == len(direction[0]) == 1
    fits = fits and len(truth) == len(direction) == len(maps[0][0])
    require(fits, "expected maps of one shape, and columns for them")
    return Units(scale, maps, truth, factor, direction)
