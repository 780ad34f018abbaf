"""What an audit says: findings, each with its rigour; guarantees, hypothesis by hypothesis; the run; the rebalanced
network. Plain data, for people and for JSON.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.network.checks import MOST_STEPS as CHECKED_STEPS

FloatArray = NDArray[np.float64]
MOST_STEPS = CHECKED_STEPS
"""A guarantee of more steps is told, and counts for nothing."""


class Rigour(Enum):
    """How far a line can be trusted."""

    EXACT = "exact"
    """Decided in rational numbers."""
    CERTIFIED = "certified"
    """Decided in balls, or in float64 that bounds its own rounding."""
    ESTIMATE = "estimate"
    """Computed in float64, without a bound."""


class Answer(Enum):
    """The three answers to whether something holds."""

    HOLDS = "holds"
    FAILS = "fails"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Finding:
    """A line of the report: ``name`` and ``values`` are for programs, ``uid`` is of the claim it rests on."""

    name: str
    rigour: Rigour
    sentence: str
    uid: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "rigour": self.rigour.value,
            "uid": self.uid or None,
            "sentence": self.sentence,
            "values": plain(self.values),
        }


@dataclass(frozen=True)
class Hypothesis:
    """One of a guarantee's: ``left relation right``. Where an inequality of positive numbers fails, the one that is too
    large is ``factor`` times the other."""

    sentence: str
    left: float
    relation: str
    right: float
    answer: Answer
    rigour: Rigour

    @property
    def factor(self) -> float | None:
        if self.relation == "==":
            return None
        least, most = (self.right, self.left) if self.relation in ("<=", "<") else (self.left, self.right)
        return most / least if self.answer is Answer.FAILS and least > 0 and most > 0 else None

    def __str__(self) -> str:
        if self.answer is Answer.UNDECIDED and math.isnan(self.left):
            return f"{self.sentence}: undecided"
        factor = f", by a factor of {self.factor:.3g}" if self.factor is not None else ""
        return f"{self.sentence}: {self.left:.4g} {self.relation} {self.right:.4g} {self.answer.value}{factor}"

    def as_json(self) -> dict[str, Any]:
        return {
            "sentence": self.sentence,
            "left": plain(self.left),
            "relation": self.relation,
            "right": plain(self.right),
            "answer": self.answer.value,
            "rigour": self.rigour.value,
            "factor": plain(self.factor),
        }


@dataclass(frozen=True)
class Judgement:
    """What a guarantee says of a network at one state.

    ``applies`` is the answer to all hypotheses but those of the learning rate, ``holds`` to all of them (None where no
    learning rate was given). ``learning_rate_limit`` is the largest that it certainly allows, where it applies;
    ``steps`` are those that it guarantees to the wanted loss, at the learning rate that was given where it holds, and
    else at ``learning_rate_limit``: ``learning_rate`` says which.
    """

    uid: str
    name: str
    constants: str
    hypotheses: tuple[Hypothesis, ...]
    rate_hypotheses: tuple[Hypothesis, ...]
    applies: Answer
    holds: Answer | None
    learning_rate_limit: float | None
    learning_rate: float | None
    steps: int | None
    promise: str

    @property
    def counts(self) -> bool:
        """Whether it promises the wanted loss after steps that someone could take."""
        return self.steps is not None and self.steps <= MOST_STEPS

    def as_json(self) -> dict[str, Any]:
        return {
            "uid": self.uid,
            "name": self.name,
            "constants": self.constants,
            "hypotheses": [each.as_json() for each in self.hypotheses],
            "learning_rate_hypotheses": [each.as_json() for each in self.rate_hypotheses],
            "applies": self.applies.value,
            "holds": self.holds.value if self.holds else None,
            "learning_rate_limit": self.learning_rate_limit,
            "learning_rate": self.learning_rate,
            "steps": self.steps,
            "promise": self.promise,
        }


@dataclass(frozen=True)
class Run:
    """A float64 run: the loss of the exact descent at ``steps`` is in ``loss`` where ``rigour`` is certified.

    ``curve`` are (step, loss) pairs for a figure. ``chosen`` says where the learning rate is from. ``diverged`` tells
    that the weights overflowed in the step after ``steps``. Where no guarantee is met along the run ``not_met`` says
    what is missing at its end.
    """

    learning_rate: float
    chosen: str
    steps: int
    reached: bool
    diverged: bool
    loss: tuple[float, float]
    rigour: Rigour
    curve: tuple[tuple[int, float], ...]
    not_met: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "learning_rate": self.learning_rate,
            "chosen": self.chosen,
            "steps": self.steps,
            "reached": self.reached,
            "diverged": self.diverged,
            "loss": plain(list(self.loss)),
            "rigour": self.rigour.value,
            "not_met": self.not_met or None,
            "curve": [[step, plain(loss)] for step, loss in self.curve],
        }


@dataclass(frozen=True)
class CertifiedFrom:
    """A guarantee whose hypotheses the exact descent meets at ``step``, though not at the start: from there on it
    promises the wanted loss after ``further`` steps, at most."""

    uid: str
    name: str
    constants: str
    step: int
    loss: float
    further: int

    def as_json(self) -> dict[str, Any]:
        return {
            "uid": self.uid,
            "name": self.name,
            "constants": self.constants,
            "step": self.step,
            "loss": plain(self.loss),
            "further": self.further,
        }


@dataclass(frozen=True)
class Rebalanced:
    """Layers of the same shapes that are balanced, and whose product is at most ``change`` away in ||.||_F."""

    weights: tuple[FloatArray, ...]
    change: float
    imbalance: float
    judgements: tuple[Judgement, ...]
    run: Run | None

    @property
    def largest_learning_rate(self) -> float | None:
        return largest(self.judgements)

    def as_json(self) -> dict[str, Any]:
        return {
            "change": plain(self.change),
            "imbalance": plain(self.imbalance),
            "guarantees": [each.as_json() for each in self.judgements],
            "largest_learning_rate": self.largest_learning_rate,
            "run": self.run.as_json() if self.run else None,
        }


@dataclass(frozen=True)
class AuditReport:
    """All that an audit found; ``str`` is for people, :meth:`as_json` for programs.

    ``largest_learning_rate`` is the largest that a guarantee certainly allows from this start, None where none applies.
    """

    dimensions: tuple[int, ...]
    learning_rate: float | None
    to_loss: float
    findings: tuple[Finding, ...]
    judgements: tuple[Judgement, ...]
    run: Run | None
    certified_from: CertifiedFrom | None
    rebalanced: Rebalanced | None

    @property
    def largest_learning_rate(self) -> float | None:
        return largest(self.judgements)

    @property
    def certified(self) -> bool:
        """Whether a guarantee that counts holds at the start, at the learning rate that was given or at one of its own,
        or further on along the run."""
        holding = (each for each in self.judgements if self.learning_rate is None or each.holds is Answer.HOLDS)
        return self.certified_from is not None or any(each.counts for each in holding)

    def finding(self, name: str) -> Finding:
        """The finding of that name. KeyError where there is none."""
        for each in self.findings:
            if each.name == name:
                return each
        raise KeyError(f"{name!r}; expected one of {', '.join(each.name for each in self.findings)}")

    def judgement(self, uid: str) -> Judgement:
        """What the guarantee of a claim says. KeyError where none of that uid was asked."""
        for each in self.judgements:
            if each.uid == uid:
                return each
        raise KeyError(f"{uid!r}; expected one of {', '.join(each.uid for each in self.judgements)}")

    def as_json(self) -> dict[str, Any]:
        return {
            "dimensions": list(self.dimensions),
            "learning_rate": self.learning_rate,
            "to_loss": self.to_loss,
            "certified": self.certified,
            "findings": [each.as_json() for each in self.findings],
            "guarantees": [each.as_json() for each in self.judgements],
            "largest_learning_rate": self.largest_learning_rate,
            "run": self.run.as_json() if self.run else None,
            "certified_from": self.certified_from.as_json() if self.certified_from else None,
            "rebalanced": self.rebalanced.as_json() if self.rebalanced else None,
        }

    def __str__(self) -> str:
        from claims.auditing.text import lines_of

        return "\n".join(lines_of(self))


def largest(judgements: tuple[Judgement, ...]) -> float | None:
    """The largest learning rate that a guarantee allows which applies, and counts."""
    limits = (each.learning_rate_limit for each in judgements if each.counts)
    return max((limit for limit in limits if limit is not None), default=None)


def plain(value: Any) -> Any:
    """In JSON's types; None for what it has not, infinity and not-a-number."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value
