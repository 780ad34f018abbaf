"""Steps of a trainer from its own iterates: what it was given, what it made of it, and how far rounding can reach.

A trainer is asked for W(1), W(2), W(3) from one start, each time anew. Its step from W(t), as it returned it, to W(t+1)
is held to what is said of one exact step from that W(t): so a law of one step is a law of every step, by induction over
the trainer's own iterates, and no rounding adds up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq
from numpy.typing import NDArray

from claims.conformance.laws.trainers import HeldTrainer, UnusableTrainerError
from claims.conformance.steps import flushes
from solvers.arithmetic import (
    Enclosure,
    ObjectArray,
    Outcome,
    Verdict,
    compare,
    exact,
    floats_decide,
    rational,
    upper_float,
)
from solvers.descent.rounded_step import rounding_bound
from solvers.network import Matrix, Problem

FloatArray = NDArray[np.float64]
Weights = tuple[FloatArray, ...]

BITS = 256
"""Of the balls that decide where float64 does not."""


@dataclass(frozen=True)
class Stepped(Problem):
    """A problem at a trainer's iterate, in enclosures or balls; its step is the trainer's, which happens once.

    The step is the set of all matrices within rounding of those that the trainer returned, so that of an honest trainer
    it holds the exact step: what holds of the whole set is certain, and so is what holds of none of it.
    """

    moved: tuple[Matrix, ...] = ()

    def __post_init__(self) -> None:
        """Made of checked numbers."""

    def step(self) -> Problem:
        return self._with(weights=self.moved, moved=())


@dataclass(frozen=True)
class OwnStep:
    """Step ``number`` (1 is the first) of a trainer, from ``before``, which are numbers of its format, to ``after``;
    the exact step from ``before`` is within ``radius`` of ``after``, entry by entry, if the trainer is honest.

    ``start`` is what was drawn, before its numbers were rounded to the format."""

    start: Problem
    number: int
    before: Problem
    learning_rate: fmpq
    after: Weights
    radius: Weights

    @property
    def problem(self) -> Problem:
        """At ``before``, with the learning rate as it is: in float64 where that is a float, else in rationals."""
        if rational(self.before.learning_rate) == self.learning_rate:
            return self.before
        return replace(self.before.exact(), learning_rate=self.learning_rate)

    def enclosed(self) -> Stepped:
        """In float64 with bounds of its rounding, where the learning rate is a float."""
        moved = tuple(map(Enclosure, self.after, self.radius))
        weights = tuple(map(Enclosure.of, self.before.weights))
        return Stepped(weights, Enclosure.of(self.before.target), float(self.before.learning_rate), moved=moved)

    def exact(self) -> Stepped:
        """In rationals before the step, and balls after it."""
        posed = self.before.exact()
        return Stepped(posed.weights, posed.target, self.learning_rate, moved=self.moved)

    @property
    def moved(self) -> tuple[Matrix, ...]:
        """After the step, in balls of the radius."""
        return tuple(map(_balls, self.after, self.radius))

    def decide(self, statement: Any) -> Verdict:
        """The verdict on a claim's own statement of a problem and its step, float64 first. Undecided where some of what
        rounding can reach is on one side, and some on the other."""
        if self.problem is self.before and floats_decide():
            with np.errstate(over="ignore", invalid="ignore"):
                verdict = compare(statement(self.enclosed()), "float64 with a rounding bound")
            if verdict.outcome is not Outcome.UNDECIDED:
                return verdict
        with ctx.workprec(BITS):
            return compare(statement(self.exact()))


@dataclass(frozen=True, repr=False)
class Agreement(Verdict):
    """A verdict on an equality: ``left`` is how far off a number is, ``right`` how far off rounding can put it, and the
    sentence says both numbers."""


def agreement(found: Matrix, predicted: Matrix, unmoved: Matrix, name: str) -> Agreement:
    """Whether balls around what a trainer made agree with a law that is an equality, entry by entry.

    It fails where a ball does not hold the predicted number; the sentence is of the entry that is farthest off, in
    radii. Where every ball also holds the unmoved number, rounding can hide the whole step, and nothing is decided.
    """
    told = False
    share, worst = fmpq(-1), Agreement(Outcome.UNDECIDED, 0, "<=", 0, name, "balls")
    for place in np.ndindex(found.shape):
        ball, number, still = arb(found[place]), arb(predicted[place]), arb(unmoved[place])
        told = told or not ball.overlaps(still)
        off, radius = _middle(abs(arb(_middle(ball)) - number)), _middle(arb(ball.rad()))
        if (many := off / radius if radius else fmpq(10**300 if off else 0)) > share:
            where = "".join(f"[{index}]" for index in place) if found.size > 1 else ""
            said = f"{name}{where} is {float(ball.mid()):.9g}, by the law {float(number.mid()):.9g}"
            outcome = Outcome.HOLDS if ball.overlaps(number) else Outcome.FAILS
            share, worst = many, Agreement(outcome, float(off), "<=", float(radius), said, "balls")
    return worst if worst.fails or told else replace(worst, outcome=Outcome.UNDECIDED)


def own_steps(trainer: HeldTrainer, start: Problem, steps: int) -> Iterator[OwnStep]:
    """The trainer's first steps on a problem, whose numbers are first rounded to the trainer's format.

    They end where the format does: where its learning rate is 0, or a product may overflow.
    """
    probe = trainer.posed(start)
    before = probe.weights
    target = probe.outputs[:, : probe.inputs.shape[0]] * 2  # X begins with 1/2 I
    for number in range(1, steps + 1):
        right = trainer.step(probe, before)
        rate = right.learning_rate * right.scale
        try:
            bound = rounding_bound(right, trainer.format, flush=flushes(before, trainer.format))
        except ValueError:
            return
        if rate == 0:
            return
        after = trainer.after(probe, number)
        if not all(np.isfinite(matrix).all() for matrix in after):
            raise UnusableTrainerError(
                f"{trainer.name} leaves entries that are not finite after step {number}, though every product is finite"
                f" in {trainer.format.name}\n{trainer.call(probe, number)}"
            )
        radius = tuple(_floats(matrix) for matrix in bound)
        yield OwnStep(start, number, Problem(before, target, float(rate)), rate, after, radius)
        before = after


def _middle(ball: arb) -> fmpq:
    mantissa, exponent = ball.mid().man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


def _floats(bound: ObjectArray) -> FloatArray:
    entries = [upper_float(entry) for entry in bound.ravel()]
    return np.array(entries, dtype=np.float64).reshape(bound.shape)


def _balls(matrix: FloatArray, radius: FloatArray) -> Matrix:
    result = exact(matrix)
    for place in np.ndindex(result.shape):
        result[place] = arb(rational(float(matrix[place])), float(radius[place]))
    return result
