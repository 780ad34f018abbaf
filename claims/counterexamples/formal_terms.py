"""Numbers, matrices and polynomials of a counterexample as terms of Coq's, as ``claims/formal`` reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from claims.counterexamples.rationals import Matrix, Polynomial, dot


class UnstatedError(ValueError):
    """Why the kernel does not check a counterexample: there is no theorem that says what it says."""


@dataclass(frozen=True)
class Stated:
    """A counterexample as a theorem: Coq's definitions, statement and proof; in words; and what it leaves out.

    ``files`` are those of ``claims/formal`` that it rests on, the statement's own ones.
    """

    name: str
    files: tuple[str, ...]
    definitions: str
    statement: str
    proof: str
    words: str
    leaves_out: str = "nothing"


def q(value: Fraction) -> str:
    """A rational."""
    top, bottom = value.as_integer_ratio()
    return f"(Qmake ({top}) {bottom})"


def sequence(items: Iterable[str]) -> str:
    return "[:: " + "; ".join(items) + "]"


def numbers(values: Iterable[Fraction]) -> str:
    return sequence(map(q, values))


def rows(matrix: Sequence[Sequence[Fraction]]) -> str:
    """A matrix, row by row."""
    return sequence(map(numbers, matrix))


def naturals(values: Iterable[int]) -> str:
    return sequence(map(str, values)) + "%N"


def polynomial_term(f: Polynomial, places: Mapping[str, int]) -> str:
    """A polynomial, with a number for each of its names."""
    terms = []
    for monomial, coefficient in sorted(f.items()):
        powers = [f"Var {places[name]}" if k == 1 else f"Pow (Var {places[name]}) {k}" for name, k in monomial if k]
        terms.append(f"Mul (Const {q(coefficient)}) (Prod {sequence(powers)})" if powers else f"Const {q(coefficient)}")
    return f"(Sum {sequence(terms)})"


Conjugate = list[tuple[Fraction, list[Fraction], list[Fraction]]]


def conjugate(s: Matrix) -> Conjugate:
    """Vectors t of a basis with t^T S t' = 0 for any two of them: (t^T S t, t, S t) each.

    So S is the sum of (S t)(S t)^T / (t^T S t) over those where this is not 0, and S t = 0 for the others.
    """
    size = range(len(s))
    left = [[Fraction(i == j) for j in size] for i in size]
    found: Conjugate = []
    while left:
        images = [[dot(row, t) for row in s] for t in left]
        values = [dot(t, image) for t, image in zip(left, images, strict=True)]
        k = next((i for i, value in enumerate(values) if value), None)
        if k is None:
            pairs = ((i, j) for i in range(len(left)) for j in range(len(left)) if dot(left[i], images[j]))
            k, other = next(pairs, (0, 0))
            if k == other:
                return found + [(Fraction(0), t, image) for t, image in zip(left, images, strict=True)]
            left[k] = [x + y for x, y in zip(left[k], left[other], strict=True)]
            continue
        t, image, value = left.pop(k), images[k], values[k]
        left = [[x - dot(u, image) / value * y for x, y in zip(u, t, strict=True)] for u in left]
        found.append((value, t, image))
    return found


def squares(s: Matrix) -> tuple[list[Fraction], Matrix]:
    """Numbers d_k and vectors l_k with x^T S x = sum_k d_k (l_k . x)^2; no d_k is < 0 where S is semidefinite."""
    parts = [(1 / value, image) for value, _, image in conjugate(s) if value]
    return [d for d, _ in parts], [image for _, image in parts]
