"""Numbers with pi and the square root of 3 for ``check.py``, from Python's standard library alone.

A number is a quotient of two polynomials in pi and root, root^2 = 3, with rational coefficients, and is written like
(3*root + 2*pi)/(3*root + 5*pi). It is 0 only where the numerator is, because pi is transcendental. Its sign is decided
by rationals around pi (Machin: pi = 16 arctan(1/5) - 4 arctan(1/239), by alternating series) and around root.
"""

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from claims.counterexamples.rationals import Matrix, Polynomial, constant, plus, polynomial, require, times, variable

BITS = 320
NAMES = {name: variable(name) for name in ("pi", "root")}
ONE = constant(1)


def arctangent(inverse: int) -> tuple[Fraction, Fraction]:
    """Rationals around arctan(1/inverse): two partial sums, one after the other."""
    parts = [Fraction((-1) ** k, (2 * k + 1) * inverse ** (2 * k + 1)) for k in range(BITS // 4)]
    return sum(parts[:-1], Fraction(0)), sum(parts, Fraction(0))


def enclosures() -> dict[str, tuple[Fraction, Fraction]]:
    """Rationals below and above pi and root."""
    (low, high), (less, more) = (sorted(arctangent(inverse)) for inverse in (5, 239))
    below = math.isqrt(3 << 2 * BITS)
    return {
        "pi": (16 * low - 4 * more, 16 * high - 4 * less),
        "root": (Fraction(below, 1 << BITS), Fraction(below + 1, 1 << BITS)),
    }


AROUND = enclosures()


def reduced(p: Polynomial) -> Polynomial:
    """With 3 for root^2."""
    total = constant(0)
    for monomial, coefficient in p.items():
        powers = dict(monomial)
        twice, once = divmod(powers.pop("root", 0), 2)
        rest = tuple(sorted((powers | ({"root": 1} if once else {})).items()))
        total = plus(total, {rest: coefficient * 3**twice})
    return total


def sign(p: Polynomial) -> int:
    """1, 0 or -1 for a polynomial in pi and root."""
    if not p:
        return 0
    low = high = Fraction(0)
    for monomial, coefficient in p.items():
        ends = [coefficient * math.prod(AROUND[name][end] ** power for name, power in monomial) for end in (0, 1)]
        low, high = low + min(ends), high + max(ends)
    require(low > 0 or high < 0, "the sign of a number is not decided by so many digits of pi")
    return 1 if low > 0 else -1


@dataclass(frozen=True)
class Number:
    """``top`` / ``bottom``."""

    top: Polynomial
    bottom: Polynomial

    def __add__(self, other: "Number") -> "Number":
        if self.bottom == other.bottom:
            return Number(plus(self.top, other.top), self.bottom)
        crossed = plus(reduced(times(self.top, other.bottom)), reduced(times(other.top, self.bottom)))
        return Number(crossed, reduced(times(self.bottom, other.bottom)))

    def __mul__(self, other: "Number") -> "Number":
        return Number(reduced(times(self.top, other.top)), reduced(times(self.bottom, other.bottom)))

    def __neg__(self) -> "Number":
        return self * rational(-1)

    def __sub__(self, other: "Number") -> "Number":
        return self + -other

    def __truediv__(self, other: "Number") -> "Number":
        require(other.top, "a division by 0")
        return self * Number(other.bottom, other.top)

    def zero(self) -> bool:
        return not self.top

    def sign(self) -> int:
        return sign(self.top) * sign(self.bottom)


Numbers = list[list[Number]]


def rational(value: Fraction | int) -> Number:
    """A rational number."""
    return Number(constant(value), ONE)


PI = Number(NAMES["pi"], ONE)


def real(text: object) -> Number:
    """The number that a string writes: a polynomial in pi and root, or a quotient of two in parentheses."""
    require(isinstance(text, str) and len(text) <= 600, f"{text!a:.60} is no number; expected a string of one")
    parts = re.fullmatch(r"\(([^()]+)\)/\(([^()]+)\)", str(text))
    top, bottom = (reduced(polynomial(part, NAMES)) for part in (parts.groups() if parts else (str(text), "1")))
    require(bottom, f"{text!a:.60} is no number; expected a denominator that is not 0")
    return Number(top, bottom)


def square_root(value: Fraction) -> Number:
    """The root of a rational >= 0 that is a rational, or a rational times the root of 3."""
    for part, name in ((value, ONE), (value / 3, NAMES["root"])):
        root = Fraction(math.isqrt(part.numerator), math.isqrt(part.denominator))
        if root**2 == part:
            return Number(times(constant(root), name), ONE)
    require(False, f"the root of {value!s:.40} is no rational number, nor one times the root of 3")
    raise AssertionError


def scaled(a: Matrix, factor: Number) -> Numbers:
    """A matrix of rationals times a number."""
    return [[factor * rational(x) for x in row] for row in a]


def added(*matrices: Numbers) -> Numbers:
    """Their sum."""
    total = matrices[0]
    for each in matrices[1:]:
        total = [[x + y for x, y in zip(*rows, strict=True)] for rows in zip(total, each, strict=True)]
    return total


def multiplied(a: Numbers, factor: Number) -> Numbers:
    """A matrix times a number."""
    return [[x * factor for x in row] for row in a]


def sandwiched(left: Matrix, a: Numbers, right: Matrix) -> Numbers:
    """left^T A right, for rational matrices on both sides."""
    half = [[combined(p, q) for q in columns(a)] for p in columns(left)]
    return [[combined(q, row) for q in columns(right)] for row in half]


def columns(a: list[list[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*a, strict=True)]


def combined(weights: list[Fraction], numbers: list[Number]) -> Number:
    """<weights, numbers>."""
    return total([rational(x) * y for x, y in zip(weights, numbers, strict=True) if x])


def total(parts: list[Number]) -> Number:
    found = rational(0)
    for part in parts:
        found = found + part
    return found


def positive_definite(a: Numbers) -> bool:
    """Of a symmetric matrix, by its pivots."""
    rows = a
    while rows:
        (pivot, *right), *rest = rows
        if pivot.sign() <= 0:
            return False
        rows = [[x - row[0] * y / pivot for x, y in zip(row[1:], right, strict=True)] for row in rest]
    return True
