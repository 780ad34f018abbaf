"""A step of gradient descent in any floating-point format, simulated in exact rationals, in any association and order.

Every operation is done exactly and rounded to the format (:mod:`solvers.arithmetic.formats`). What a program is free to
do is a choice: which neighbours in a chain of matrices are multiplied first, in which order an inner product is added
up, whether multiply-adds are fused, where Y is subtracted, and where the learning rate and the parts of kappa come in.
Choices are taken from a ``random.Random``; :class:`Plain` ones are those of a textbook.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Protocol, TypeAlias

import numpy as np
from flint import fmpq

from solvers.arithmetic import ObjectArray
from solvers.arithmetic.formats import Format
from solvers.descent.rounded_step import Step

Factor: TypeAlias = Any
"""A matrix of rationals, or a rational that multiplies every entry."""


class Choices(Protocol):
    """What a program is free to choose."""

    def below(self, count: int) -> int:
        """One of 0, ..., count - 1."""


class Plain:
    """The first of everything: from the left, residual first, scalars last."""

    def below(self, count: int) -> int:
        return 0


@dataclass(frozen=True)
class Drawn:
    """Choices of a random generator."""

    generator: random.Random

    def below(self, count: int) -> int:
        return self.generator.randrange(count)


@dataclass(frozen=True)
class Machine:
    """Arithmetic in ``format``; ``flush`` sets what is subnormal to zero, ``fused`` rounds a b + c once."""

    format: Format
    choices: Choices
    flush: bool = False
    fused: bool = False

    def rounded(self, number: fmpq) -> fmpq:
        """fl(x)."""
        return self.format.nearest(number, flush=self.flush)

    def scaled(self, scalar: fmpq, factor: Factor) -> Factor:
        """A scalar times a scalar or a matrix."""
        if isinstance(factor, fmpq):
            return self.rounded(scalar * factor)
        return self._entrywise(lambda entry: self.rounded(scalar * entry), factor)

    def difference(self, one: ObjectArray, other: ObjectArray) -> ObjectArray:
        """fl(A - B)."""
        return self._entrywise(self.rounded, one - other)

    def product(self, left: Factor, right: Factor) -> Factor:
        """Of two factors of a chain."""
        if isinstance(left, fmpq):
            return self.scaled(left, right)
        if isinstance(right, fmpq):
            return self.scaled(right, left)
        left, right = (self._entrywise(self._factor, each) for each in (left, right))
        result = np.empty((left.shape[0], right.shape[1]), dtype=object)
        for row, column in np.ndindex(*result.shape):
            result[row, column] = self._sum(list(zip(left[row], right[:, column], strict=True)))
        return result

    def chain(self, factors: Sequence[Factor]) -> Factor:
        """The product of neighbours, in an association of the machine's choice."""
        rest = list(factors)
        while len(rest) > 1:
            place = self.choices.below(len(rest) - 1)
            rest[place : place + 2] = [self.product(rest[place], rest[place + 1])]
        return rest[0]

    def _factor(self, number: fmpq) -> fmpq:
        return self.format.factor(number, flush=self.flush)

    def _sum(self, pairs: list[tuple[fmpq, fmpq]]) -> fmpq:
        """The sum of the products: one after another from a place of choice, fused or not; or in a tree of choice."""
        start = self.choices.below(len(pairs))
        pairs = [*pairs[start:], *pairs[:start]]
        if self.fused:
            first = self.rounded(pairs[0][0] * pairs[0][1])
            return reduce(lambda total, pair: self.rounded(total + pair[0] * pair[1]), pairs[1:], first)
        terms = [self.rounded(a * b) for a, b in pairs]
        while len(terms) > 1:
            place = self.choices.below(len(terms) - 1)
            terms[place : place + 2] = [self.rounded(terms[place] + terms[place + 1])]
        return terms[0]

    def _entrywise(self, function: Any, matrix: ObjectArray) -> ObjectArray:
        result = np.empty(matrix.shape, dtype=object)
        for place in np.ndindex(matrix.shape):
            result[place] = function(matrix[place])
        return result


def simulated_step(step: Step, machine: Machine, parts: Sequence[fmpq] = ()) -> tuple[ObjectArray, ...]:
    """W_1+, ..., W_N+ as the machine computes them.

    ``parts`` are the numbers whose product is kappa, each rounded to the format where it is none of it; there are
    len(parts) + 1 multiplications by scalars. Raises OverflowError where a number is beyond the format's range, and
    ValueError where the parts do not make kappa.
    """
    if reduce(lambda product, part: product * part, parts, fmpq(1)) != step.scale:
        raise ValueError(f"parts are {list(map(str, parts))}; expected numbers whose product is {step.scale}")
    scalars = [machine.rounded(each) for each in (step.learning_rate, *parts)]
    return tuple(
        machine.difference(matrix, simulated_update(step, layer, machine, scalars))
        for layer, matrix in enumerate(step.weights)
    )


def simulated_update(step: Step, layer: int, machine: Machine, scalars: Sequence[fmpq]) -> ObjectArray:
    """eta D_j for j = ``layer`` + 1: Y is subtracted after some factors have come to both sides of W X and of Y."""
    inputs = [] if step.inputs is None else [step.inputs]
    left = [matrix.T for matrix in step.weights[layer + 1 :]]
    right = [*(each.T for each in inputs), *(matrix.T for matrix in step.weights[:layer])]
    outer, inner = (machine.choices.below(len(side) + 1) for side in (left, right))
    before = machine.choices.below(len(scalars) + 1)
    minuend, subtrahend = (
        machine.chain(_mixed([*left[len(left) - outer :], *middle, *right[:inner]], scalars[:before], machine.choices))
        for middle in ([*reversed(step.weights), *inputs], [step.outputs])
    )
    factors = [*left[: len(left) - outer], machine.difference(minuend, subtrahend), *right[inner:]]
    update: ObjectArray = machine.chain(_mixed(factors, scalars[before:], machine.choices))
    return update


def _mixed(factors: list[Factor], scalars: Sequence[fmpq], choices: Choices) -> list[Factor]:
    """With the scalars at places of choice; by default after all factors."""
    mixed = list(factors)
    for scalar in scalars:
        mixed.insert(len(mixed) - choices.below(len(mixed) + 1), scalar)
    return mixed
