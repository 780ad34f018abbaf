"""Minima of functions of U U^T as theorems, in the words of ``certificate_rotations.v``: strict up to rotations.

Let U have independent columns, let those of V be a basis of what is orthogonal to them, and U + v a point beside U.
Then (U + v)(U + v)^T = U U^T + P, where

    U^T P U = S,  V^T P U = E (U + v)^T U,  V^T P V = E E^T,  with S = U^T (U v^T + v U^T + v v^T) U and E = V^T v.

So P is a polynomial in the entries of S, E and v, and each of its terms has a factor in S or E.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from claims.counterexamples.derivatives import columns, composed, entries, linear, name, total
from claims.counterexamples.formal_terms import (
    UnstatedError,
    conjugate,
    definite,
    numbers,
    polynomial_term,
    q,
    rows,
    sequence,
)
from claims.counterexamples.landscapes import Rows, grid, quarter
from claims.counterexamples.rationals import (
    Matrix,
    Polynomial,
    constant,
    number,
    plus,
    polynomial,
    product,
    times,
    transposed,
    variable,
)

Said = dict[str, Any]


# The objectives as functions of X = U U^T


def apart(model: Said, x: Rows) -> Rows:
    """X - M, where M is given or Z Z^T."""
    z = grid(model["signal"], "signal") if "signal" in model else []
    target = product(z, transposed(z)) if z else grid(model["target"], "target")
    return added(x, constants([[-m for m in row] for row in target]))


def factorization(model: Said, x: Rows) -> Polynomial:
    return quarter([(1, p) for row in apart(model, x) for p in row])


def completion(model: Said, x: Rows) -> Polynomial:
    shown = zip(grid(model["pattern"], "pattern"), apart(model, x), strict=True)
    return quarter([seen for pair in shown for seen in zip(*pair, strict=True)])


def sensing(model: Said, x: Rows) -> Polynomial:
    gap, weights = apart(model, x), grid(model["coefficients"], "coefficients")
    seen = [total([linear(*pair) for pair in zip(grid(b, "matrices"), gap, strict=True)]) for b in model["matrices"]]
    mixed = [times(one, linear(row, seen)) for one, row in zip(seen, weights, strict=True)]
    return plus(quarter([(number(model["identity"]), p) for row in gap for p in row]), total(mixed), Fraction(1, 4))


def quadratic(model: Said, x: Rows) -> Polynomial:
    outputs = [linear(row, [linear(row, column) for column in x]) for row in grid(model["inputs"], "inputs")]
    return total([polynomial(text, {"s": s}) for text, s in zip(model["losses"], outputs, strict=True)])


OBJECTIVES = {"factorization": factorization, "completion": completion, "sensing": sensing, "quadratic": quadratic}


# Matrices of polynomials


def constants(a: Matrix) -> Rows:
    return [[constant(x) for x in row] for row in a]


def flipped(a: Rows) -> Rows:
    return [list(column) for column in zip(*a, strict=True)]


def multiplied(first: Rows, *others: Rows) -> Rows:
    for other in map(flipped, others):
        first = [[total([times(*pair) for pair in zip(row, c, strict=True)]) for c in other] for row in first]
    return first


def added(*parts: Rows) -> Rows:
    return [[total([*entries]) for entries in zip(*same, strict=True)] for same in zip(*parts, strict=True)]


def variables(letter: str, height: int, width: int) -> Rows:
    return [[variable(f"{letter}{name(i, j)}") for j in range(width)] for i in range(height)]


def symmetric(letter: str, size: int) -> Rows:
    return [[variable(f"{letter}{name(min(i, j), max(i, j))}") for j in range(size)] for i in range(size)]


# The step of the product


@dataclass(frozen=True)
class Step:
    """P in the entries of S, E and v; ``moves`` are S and E in those of v, by their names; ``left`` has left U = 1."""

    product: Rows
    moves: dict[str, Polynomial]
    left: Matrix


def dual(basis: Matrix) -> Matrix:
    """The rows in the same span, with inner product 1 with their own row of the basis and 0 with the others."""
    parts = conjugate(product(basis, transposed(basis)))
    inverse = product(transposed([t for _, t, _ in parts]), [[x / value for x in t] for value, t, _ in parts])
    return product(inverse, basis)


def step(point: Matrix) -> Step:
    """From a point with independent columns; UnstatedError where they are not."""
    width, across = len(point[0]), [t for value, t, _ in conjugate(product(point, transposed(point))) if not value]
    if len(across) != len(point) - width:
        raise UnstatedError("the columns of the minimum depend on each other; check.py and verify.py decide it")
    u, v, left = constants(point), flipped(columns(point)), dual(transposed(point))
    s, down = symmetric("s", width), multiplied(flipped(u), v)
    gram, turned = constants(product(transposed(point), point)), flipped(down)
    inside = added(multiplied(gram, turned), multiplied(down, gram), multiplied(down, turned))
    change = multiplied(flipped(constants(left)), s, constants(left))
    moves = named(s, inside)
    if across:
        e, out = variables("e", len(across), width), constants(dual(across))
        mixed = multiplied(flipped(out), e, flipped(added(u, v)), u, constants(left))
        change = added(change, mixed, flipped(mixed), multiplied(flipped(out), e, flipped(e), out))
        moves |= named(e, multiplied(constants(across), v))
    return Step(change, moves, left)


def named(keys: Rows, values: Rows) -> dict[str, Polynomial]:
    """What each of the variables is."""
    pairs = [pair for same in zip(keys, values, strict=True) for pair in zip(*same, strict=True)]
    return {key: value for (((key, _),),), value in pairs}


# The theorem


def up_to_rotations(model: Said, point: Matrix, sign: int, objective: str) -> tuple[str, str]:
    """That the objective, which is ``sign`` times the model's, has a minimum there, and the proof."""
    near, n, k = step(point), len(point), len(point[0])
    x = symmetric("x", n)
    whole = times(constant(sign), OBJECTIVES[model["model"]](model, x))
    around = composed(whole, moved(x, product(point, transposed(point)), near, [*entries(point)]))
    c, heights, forms = definite(second_order(around, [*near.moves]))
    steps = {key: place for place, key in enumerate(entries(point))}
    places = {key: place for place, key in enumerate([*near.moves, *steps])}
    certificate = [
        q(around.get((), Fraction(0))),
        polynomial_term(whole, {f"x{name(i, j)}": i * n + j for i in range(n) for j in range(n)}),
        sequence(polynomial_term(move, steps) for move in near.moves.values()),
        sequence(sequence(polynomial_term(p, places) for p in row) for row in near.product),
        *(rows(near.left), q(c), numbers(heights), rows(forms)),
    ]
    return (
        f"minimum_up_to_rotations R {n} {k} {objective} {numbers(each for row in point for each in row)}",
        f"apply: (@minimum_up_to_rotations_shown _ _ _ _ _ {' '.join(certificate)}); by vm_compute",
    )


def moved(x: Rows, at: Matrix, near: Step, steps: list[str]) -> dict[str, Polynomial]:
    """The entries of X = U U^T + P in those of S and E, where v is 0 but for these."""
    inside = {key: variable(key) for key in near.moves} | dict.fromkeys(steps, constant(0))
    return named(x, added(constants(at), [[composed(p, inside) for p in row] for row in near.product]))


def second_order(f: Polynomial, names: list[str]) -> Matrix:
    """The form of the terms of degree 2."""

    def entry(one: str, other: str) -> Fraction:
        if one == other:
            return f.get(((one, 2),), Fraction(0))
        first, second = sorted((one, other))
        return f.get(((first, 1), (second, 1)), Fraction(0)) / 2

    return [[entry(one, other) for other in names] for one in names]
