"""Models of shallow trajectories besides Gaussian units, for ``check.py``: on samples, and with two or more factors.

``Samples`` and ``Perceptron`` move rational weights by a step and know their mean loss; a unit at its kink is refused,
so that no convention for the slope at 0 matters. ``product`` and ``sensing`` are polynomials in their factors.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from claims.counterexamples.landscapes import grid
from claims.counterexamples.rationals import (
    Matrix,
    Polynomial,
    constant,
    dot,
    number,
    plus,
    require,
    times,
    transposed,
    variable,
)

Said = dict[str, Any]


def leaky(slope: Fraction, z: Fraction) -> tuple[Fraction, Fraction]:
    """The unit's output and slope."""
    require(z != 0, "a unit is at its kink")
    rate = Fraction(1) if z > 0 else slope
    return rate * z, rate


def slope_of(model: Said) -> Fraction:
    slope = number(model["slope"])
    require(0 <= slope <= 1, "slope: expected one from 0 to 1")
    return slope


class Samples:
    """1/2 mean (s(w . x) - s(truth . x))^2 over the rows x of ``data``; s has the slopes 1 and ``slope``."""

    def __init__(self, model: Said) -> None:
        self.slope, self.data = slope_of(model), grid(model["data"], "data")
        (self.truth,) = transposed(grid(model["truth"], "truth"))
        self.shape, self.pass_ = (len(self.truth), 1), 1

    def parts(self, w: list[Fraction]) -> list[tuple[Fraction, Fraction]]:
        """Residual and slope of each sample."""
        found = []
        for x in self.data:
            output, rate = leaky(self.slope, dot(w, x))
            wanted = dot(self.truth, x)
            found.append((output - (wanted if wanted > 0 else self.slope * wanted), rate))
        return found

    def loss(self, point: Matrix) -> Fraction:
        return sum((r * r for r, _ in self.parts(transposed(point)[0])), Fraction(0)) / (2 * len(self.data))

    def gradient(self, point: Matrix, _: int) -> Matrix:
        parts = self.parts(transposed(point)[0])
        found = [dot([r * s for r, s in parts], list(column)) for column in zip(*self.data, strict=True)]
        return [[g / len(self.data)] for g in found]


class Perceptron:
    """The hinge loss max(0, 1 - y N(x)), N(x) = v (sum_{i <= k} s(w_i . x) - sum_{k < i <= 2k} s(w_i . x)),
    v = (2k)^{-1/2} rational; the rows of a point are the w_i, and each step is for one sample, in turn."""

    def __init__(self, model: Said) -> None:
        self.slope, self.data = slope_of(model), grid(model["data"], "data")
        (self.labels,), k = grid([model["labels"]], "labels"), model["pairs"]
        good = len(self.labels) == len(self.data) and {*self.labels} <= {1, -1}
        require(good, "labels: expected 1 or -1 for each sample")
        require(k in (2, 8), "pairs: expected 2 or 8, so that 2k is a square")
        self.signs = [Fraction(1, math.isqrt(2 * k))] * k + [Fraction(-1, math.isqrt(2 * k))] * k
        self.shape, self.pass_ = (2 * k, len(self.data[0])), len(self.data)

    def margin(self, point: Matrix, sample: int) -> tuple[Fraction, list[Fraction]]:
        """y N(x), and y v s'(w_i . x)."""
        x, y = self.data[sample], self.labels[sample]
        units = [leaky(self.slope, dot(w, x)) for w in point]
        found = sum((y * v * out for v, (out, _) in zip(self.signs, units, strict=True)), Fraction(0))
        require(found != 1, "a sample is at the hinge's kink")
        return found, [y * v * rate for v, (_, rate) in zip(self.signs, units, strict=True)]

    def loss(self, point: Matrix) -> Fraction:
        margins = [self.margin(point, sample)[0] for sample in range(len(self.data))]
        return sum((max(1 - m, Fraction(0)) for m in margins), Fraction(0)) / len(margins)

    def gradient(self, point: Matrix, step: int) -> Matrix:
        sample = step % len(self.data)
        margin, slopes = self.margin(point, sample)
        return [[-(margin < 1) * slope * x for x in self.data[sample]] for slope in slopes]


@dataclass(frozen=True)
class Factors:
    """f as a polynomial in ``names``, and an ``error`` that is 0 at the truth alone, or less than 0 nowhere."""

    names: list[str]
    objective: Polynomial
    error: Polynomial


def product(model: Said) -> Factors:
    """1/2 (u v - m)^2, m = ``target`` > 0; the error is f itself."""
    target = number(model["target"])
    require(target > 0, "target: expected one > 0")
    gap = plus(times(variable("u"), variable("v")), constant(target), -1)
    half = times(constant(Fraction(1, 2)), times(gap, gap))
    return Factors(["u", "v"], half, half)


def sensing(model: Said) -> Factors:
    """1/4 (sum_i a_i u_i^2 - y)^2, U = diag(u), a = ``diagonal``, a_1 > 0, y = ``measured`` > 0, of which
    M = diag(y/a_1, 0, ..., 0) is the solution of least rank; the error is sum_{i > 1} u_i^4 <= |U U^T - M|_F^2."""
    a, y = diagonal(model)
    names = [f"u{chr(97 + i)}" for i in range(len(a))]
    squares = [times(variable(name), variable(name)) for name in names]
    gap, error = constant(-y), constant(0)
    for i, (value, square) in enumerate(zip(a, squares, strict=True)):
        gap = plus(gap, square, value)
        error = plus(error, times(square, square)) if i else error
    return Factors(names, times(constant(Fraction(1, 4)), times(gap, gap)), error)


def diagonal(model: Said) -> tuple[list[Fraction], Fraction]:
    """a and y."""
    (a,), y = grid([model["diagonal"]], "diagonal"), number(model["measured"])
    require(y > 0 and a[0] > 0 and len(a) >= 2, "expected a_1 > 0, two numbers or more on the diagonal, and y > 0")
    return a, y
