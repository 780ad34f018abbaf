"""Exact numbers, matrices and polynomials for ``check.py``, from Python's standard library alone.

A matrix is a list of rows of fractions. A polynomial is a dictionary from monomials ((name, power), ...) to non-zero
coefficients. Products are charged to a budget, so that no file can keep the checker busy for long.
"""

import re
from collections.abc import Sequence
from fractions import Fraction

Matrix = list[list[Fraction]]
Monomial = tuple[tuple[str, int], ...]
Polynomial = dict[Monomial, Fraction]

BUDGET = 20_000
SPENT = [0]
LONGEST = 600  # characters of a number in a file
FACTOR = r"(?:[0-9]+(?:/[1-9][0-9]*)?|[a-z]+(?:\^[1-9][0-9]?)?)"
TERM = rf"-?{FACTOR}(?:\*{FACTOR})*"


class NotVerified(ValueError):  # noqa: N818 - it is the checker's answer
    """Why a file is not verified, in a sentence."""


def require(condition: object, sentence: str) -> None:
    """Go on only if so."""
    if not condition:
        raise NotVerified(sentence)


def number(text: object) -> Fraction:
    """The rational that a string like -1/2 writes, in lowest terms."""
    good = isinstance(text, str) and len(text) <= LONGEST and re.fullmatch("-?[0-9]+(?:/[1-9][0-9]*)?", text, re.ASCII)
    require(
        good and str(Fraction(str(text))) == text, f"{text!a:.60} is no number; expected one like 1/2 in lowest terms"
    )
    return Fraction(str(text))


def charge(*numbers: Fraction) -> None:
    """Time grows with the square of the numbers' lengths."""
    bits = sum(part.bit_length() for one in numbers for part in one.as_integer_ratio())
    SPENT[0] += 1 + (bits**2 >> 18)
    require(SPENT[0] < BUDGET, "the numbers grow too long, or are too many, for the budget of a file")


def dot(left: list[Fraction], right: list[Fraction]) -> Fraction:
    """The inner product."""
    total = Fraction(0)
    for a, b in zip(left, right, strict=True):
        charge(a, b, total)
        total += a * b
    return total


def matrix(rows: Sequence[Sequence[object]], shape: tuple[int, int]) -> Matrix:
    """A matrix of the shape, from strings."""
    fits = len(rows) == shape[0] and all(len(row) == shape[1] for row in rows)
    require(fits, f"expected a matrix of {shape[0]} rows and {shape[1]} columns")
    return [[number(text) for text in row] for row in rows]


def transposed(a: Matrix) -> Matrix:
    """A^T."""
    return [list(column) for column in zip(*a, strict=True)]


def product(first: Matrix, *others: Matrix) -> Matrix:
    """A B C ..., from left to right."""
    for other in others:
        first = [[dot(row, column) for column in transposed(other)] for row in first]
    return first


def minus(a: Matrix, b: Matrix, times: Fraction = Fraction(1)) -> Matrix:
    """A - times B."""
    return [[x - times * y for x, y in zip(*rows, strict=True)] for rows in zip(a, b, strict=True)]


def inner(a: Matrix, b: Matrix) -> Fraction:
    """<A, B>, the sum of the products of entries; ||A||_F^2 for A = B."""
    return sum((dot(*rows) for rows in zip(a, b, strict=True)), start=Fraction(0))


def zero(*matrices: Matrix) -> bool:
    """All entries of all of them are 0."""
    return not any(any(row) for a in matrices for row in a)


def least_eigenvalue(gram: Matrix, shift: Fraction) -> int:
    """1, 0 or -1 as the least eigenvalue of a symmetric G is above, at or below the shift: pivots of G - shift I."""
    rows, result = [[x - shift * (i == j) for j, x in enumerate(row)] for i, row in enumerate(gram)], 1
    while rows:
        (pivot, *right), *rest = rows
        if pivot < 0 or (pivot == 0 and any(right)):
            return -1
        result = result if pivot else 0
        rows = [[x - dot([row[0]], [y]) / (pivot or 1) for x, y in zip(row[1:], right, strict=True)] for row in rest]
    return result


def constant(value: Fraction | int) -> Polynomial:
    """A number as a polynomial."""
    return {(): Fraction(value)} if value else {}


def variable(name: str) -> Polynomial:
    """A name as a polynomial."""
    return {((name, 1),): Fraction(1)}


def plus(p: Polynomial, q: Polynomial, factor: Fraction | int = 1) -> Polynomial:
    """p + factor q."""
    return {m: c for m in p | q if (c := p.get(m, Fraction(0)) + factor * q.get(m, Fraction(0)))}


def times(p: Polynomial, q: Polynomial) -> Polynomial:
    """p q."""
    total: Polynomial = {}
    for m, n in ((m, n) for m in p for n in q):
        charge(p[m], q[n])
        powers = {name: dict(m).get(name, 0) + dict(n).get(name, 0) for name, _ in m + n}
        key = tuple(sorted(powers.items()))
        total[key] = total.get(key, Fraction(0)) + p[m] * q[n]
    return plus(total, {})


def polynomial(text: str, values: dict[str, Polynomial]) -> Polynomial:
    """A sum of terms like -1/2*x^2*y, with polynomials put for its names."""
    good = re.fullmatch(f"{TERM}(?: [+-] {TERM})*", text, re.ASCII)
    require(good, f"{text!a:.60} is no polynomial; expected one like 1 - 2*x^2")
    total = constant(0)
    for term in text.replace(" - ", " + -").split(" + "):
        value = constant((-1) ** term.count("-"))
        for base, _, power in (factor.partition("^") for factor in term.lstrip("-").split("*")):
            for _ in range(int(power or 1)):
                value = times(value, constant(Fraction(base)) if base[0].isdigit() else values[base])
        total = plus(total, value)
    return total
