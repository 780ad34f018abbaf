"""Numbers, matrices and polynomials of a counterexample as terms of Coq's, as ``claims/formal`` reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from claims.counterexamples.rationals import Matrix, Polynomial, dot, minus, number

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


def definite(form: Matrix) -> tuple[Fraction, list[Fraction], Matrix]:
    """c > 0 and ``squares`` that add up to the form with c |x|^2, where it is positive definite; else some that do not
    prove it."""
    c, unit = Fraction(1), range(len(form))
    while c > SMALLEST:
        rest = minus(form, [[c * (i == j) for j in unit] for i in unit])
        if all(value >= 0 for value, _, _ in conjugate(rest)):
            break
        c /= 2
    return c, *squares(rest)
