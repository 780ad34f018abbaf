"""What a certificate speaks of, by the project's solvers: a network after some steps, or its part along a mode."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import sympy
from flint import fmpq

from claims.counterexamples.catalogue import Counterexample, exact_matrix, exact_number
from solvers import Problem
from solvers.arithmetic import ObjectArray, rational

LONGEST = 200_000
"""Bits of a number in the weights: beyond, a file asks for too many steps."""


def require(condition: bool, sentence: str) -> None:
    """Go on only if so; ValueError with the sentence if not."""
    if not condition:
        raise ValueError(sentence)


def any_rate(entry: Counterexample) -> bool:
    """The entry speaks of every learning rate, or of every one up to a number."""
    return entry.learning_rate.startswith("every")


def largest_rate(entry: Counterexample) -> fmpq | None:
    """The largest learning rate that is meant, where any is: 1 stands for all; None where the entry has its own."""
    if not any_rate(entry):
        return None
    most = entry.learning_rate.removeprefix("every at most ")
    return fmpq(1) if most == entry.learning_rate else exact_number(most)


def posed(entry: Counterexample) -> Problem:
    """The entry's problem, with the largest learning rate that is meant where any is."""
    return entry.problem(largest_rate(entry))


def after(problem: Problem, steps: int) -> Problem:
    """The problem after so many steps; ValueError where the numbers grow too long."""
    for _ in range(steps):
        problem = problem.step()
        bits = max(int(part).bit_length() for w in problem.weights for x in w.ravel() for part in (x.p, x.q))
        require(bits <= LONGEST, f"the numbers grow beyond {LONGEST} bits; expected fewer steps")
    return problem


def along_the_mode(entry: Counterexample, problem: Problem) -> Problem:
    """The network of width 1 along the vectors of the certificate; the problem itself where it names none."""
    vectors = [exact_matrix([vector])[0] for vector in entry.certificate["mode"]]
    if not vectors:
        return problem
    require([len(v) for v in vectors] == list(entry.widths), "mode: expected a vector for each width")
    sizes = {str(v @ v) for v in vectors}
    require(len(sizes) == 1 and vectors[0] @ vectors[0] > 0, "mode: expected vectors of one length")

    def along(a: ObjectArray, v: ObjectArray, u: ObjectArray) -> ObjectArray:
        value = (u @ a @ v) / (v @ v)
        require(bool((a @ v == value * u).all() and (a.T @ u == value * v).all()), "mode: the vectors are none")
        return np.array([[value]], dtype=object)

    weights = tuple(along(a, v, u) for a, (v, u) in zip(problem.weights, pairwise(vectors), strict=True))
    return Problem(weights, along(problem.target, vectors[0], vectors[-1]), problem.learning_rate)


def as_sympy(value: fmpq) -> Any:
    """A rational in SymPy."""
    return sympy.Rational(int(value.p), int(value.q))


def symbolic(matrix: ObjectArray) -> Any:
    """A matrix of rationals in SymPy."""
    return sympy.Matrix([[as_sympy(rational(value)) for value in row] for row in matrix])
