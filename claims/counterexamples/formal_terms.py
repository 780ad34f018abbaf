"""Numbers, matrices and polynomials of a counterexample as terms of Coq's, as ``claims/formal`` reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from claims.counterexamples.rationals import Matrix, Polynomial, dot, least_eigenvalue, minus, number

SMALLEST = Fraction(1, 2**20)


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


def whole(said: Mapping[str, Any], key: str) -> int:
    """A number of steps, say: a statement takes it as it is written, so it must be no text."""
    if type(said[key]) is not int or said[key] < 0:
        raise ValueError(f"{key}: expected a whole number")
    return int(said[key])


def flat(point: Matrix) -> list[Fraction]:
    """A point's entries, row by row."""
    return [x for row in point for x in row]


Parts = list[tuple[str, str]]
"""What a theorem says, and the proof of each."""


def conjunction(parts: Parts, field: str) -> tuple[str, str]:
    """The statement that all parts hold over every field of a kind, and its proof."""
    *first, last = [part for part, _ in parts]
    statement = f"forall R : {field},\n  [/\\ " + ",\n  ".join(first) + f" &\n  {last}]"
    return statement, "move=> R; split; [" + " | ".join(proof for _, proof in parts) + "]"


def valued(objective: str, point: Matrix, value: str) -> tuple[str, str]:
    """An objective's value at a point."""
    return (
        f"(eval (at_point R {numbers(flat(point))}) {objective} = number R {q(number(value))})",
        "apply: value_shown; by vm_compute",
    )


def polynomial_term(f: Polynomial, places: Mapping[str, int]) -> str:
    """A polynomial, with a number for each of its names."""
    terms = []
    for monomial, coefficient in sorted(f.items()):
        powers = [f"Var {places[name]}" if k == 1 else f"Pow (Var {places[name]}) {k}" for name, k in monomial if k]
        terms.append(f"Mul (Const {q(coefficient)}) (Prod {sequence(powers)})" if powers else f"Const {q(coefficient)}")
    return f"(Sum {sequence(terms)})"


Row = list[Fraction]
Conjugate = list[tuple[Fraction, Row, Row]]


def conjugate(s: Matrix) -> Conjugate:
    """Vectors t of a basis with t^T S t' = 0 for any two of them: (t^T S t, t, S t) each.

    So S is the sum of (S t)(S t)^T / (t^T S t) over those where this is not 0, and S t = 0 for the others.
    """
    left = [([Fraction(i == j) for j in range(len(s))], list(row)) for i, row in enumerate(s)]  # t and S t
    found: Conjugate = []
    while left:
        values = [dot(*pair) for pair in left]
        k = next((i for i, value in enumerate(values) if value), None)
        if k is None:
            pairs = ((i, j) for i in range(len(left)) for j in range(len(left)) if dot(left[i][0], left[j][1]))
            k, other = next(pairs, (0, 0))
            if k == other:
                return found + [(Fraction(0), t, image) for t, image in left]
            left[k] = _combined(left[k], left[other], Fraction(1))
            continue
        t, image = left.pop(k)
        left = [_combined(pair, (t, image), -dot(pair[0], image) / values[k]) for pair in left]
        found.append((values[k], t, image))
    return found


def _combined(first: tuple[Row, Row], second: tuple[Row, Row], factor: Fraction) -> tuple[Row, Row]:
    """first + factor second, of vectors and of their images."""
    one, other = ([x + factor * y for x, y in zip(*pair, strict=True)] for pair in zip(first, second, strict=True))
    return one, other


def squares(s: Matrix) -> tuple[list[Fraction], Matrix]:
    """Numbers d_k and vectors l_k with x^T S x = sum_k d_k (l_k . x)^2; no d_k is < 0 where S is semidefinite."""
    parts = [(1 / value, image) for value, _, image in conjugate(s) if value]
    return [d for d, _ in parts], [image for _, image in parts]


def definite(form: Matrix) -> tuple[Fraction, list[Fraction], Matrix]:
    """c > 0 and ``squares`` that add up to the form with c |x|^2, where it is positive definite; else some that do not
    prove it."""
    c = Fraction(1)
    while c > SMALLEST and least_eigenvalue(form, c) < 0:
        c /= 2
    return c, *squares(minus(form, [[c * (i == j) for j in range(len(form))] for i in range(len(form))]))
