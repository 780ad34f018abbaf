"""What a claim is: a statement with a permanent name, a source and a status; kinds of evidence as pytest markers."""

from __future__ import annotations

import re
import sys
from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import Any

import pytest

UID = r"DL-\d{3}"

if getattr(pytest.mark, "_config", None) is not None and "claims.suite.plugin" not in sys.modules:
    raise pytest.Collector.CollectError(
        "claims are collected and counted by a plugin that this run has not loaded: PYTEST_DISABLE_PLUGIN_AUTOLOAD is "
        "set, or -p no:deep-linear-claims given; expected neither, or -p claims.suite.plugin"
    )


class DefinitionError(ValueError, pytest.Collector.CollectError):
    """A claim, or what marks its checks, that is not well formed: pytest's collection tells it as a sentence."""


class Status(Enum):
    """Where a statement stands; its evidence is another matter."""

    THEOREM = "theorem"
    REFUTED = "refuted"
    OPEN = "open"


@dataclass(frozen=True)
class Source:
    """A paper, and (after :meth:`at`) the place in it."""

    key: str
    authors: str
    title: str
    venue: str
    identifier: str
    place: str = ""

    def at(self, place: str) -> Source:
        """The same paper at a statement, as in ``ACGH19.at("Theorem 1")``."""
        return replace(self, place=place)

    def __str__(self) -> str:
        return f"{self.key} {self.place}".strip()


@dataclass(frozen=True)
class Claim:
    """A statement of the theory. ``uid`` (DL-0xx) never changes its meaning and is never used again.

    ``statement`` is the module's docstring, so that what is cited and what is read are one text; ``items`` are the
    numbers of the statements in it, as the project's list of theorems has them; ``hypotheses`` names those that the
    ablation matrix has a row for; ``uses`` names the uids of the claims that the proof rests on. Raises
    DefinitionError, a ValueError, for a malformed uid, an empty statement, or what is no tuple, Source or Status.
    """

    uid: str
    title: str
    statement: str | None
    sources: tuple[Source, ...]
    items: tuple[str, ...]
    status: Status
    hypotheses: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not re.fullmatch(UID, self.uid):
            raise DefinitionError(f"uid is {self.uid!r}; expected DL- and three digits, as in DL-001")
        for used in self.uses:
            if not re.fullmatch(UID, used) or used == self.uid:
                raise DefinitionError(
                    f"uses of {self.uid} names {used!r}; expected the uids of other claims, as in DL-001"
                )
        if not (self.statement or "").strip():
            raise DefinitionError(f"statement of {self.uid} is empty; expected the module's docstring")
        if not self.sources:
            raise DefinitionError(f"sources of {self.uid} is empty; expected at least one")
        if not isinstance(self.status, Status):
            raise DefinitionError(
                f"status of {self.uid} is {self.status!r}; expected one of {', '.join(map(str, Status))}"
            )
        for name, kind in FIELDS.items():
            value = getattr(self, name)
            if not (isinstance(value, tuple) and all(isinstance(each, kind) for each in value)):
                raise DefinitionError(f"{name} of {self.uid} is {value!r}; expected a tuple of {kind.__name__}")

    def as_json(self) -> dict[str, Any]:
        """The claim in JSON's types."""
        return asdict(self) | {
            "status": self.status.value,
            "sources": [asdict(source) for source in self.sources],
        }


FIELDS = {"sources": Source, "items": str, "hypotheses": str, "uses": str}
"""What the tuples of a claim are tuples of."""

KINDS = {
    "formal": "a theorem stated in Coq, and checked by its kernel",
    "symbolic": "proved by SymPy, for every depth and dimension where the mathematics allows",
    "exact": "decided in exact rational or ball arithmetic on generated or stored instances",
    "sampled": "Hypothesis draws problems, float64 solvers run them, exact arithmetic decides where rounding could",
    "control": "a falsified variant (a hypothesis dropped, a constant strengthened) is refuted",
    "witness": "the hypotheses can be met; the boundary case",
}

EXPECTED = tuple(kind for kind in KINDS if kind != "formal")
"""What every claim has; formal proofs are few, and each is one more."""

formal = pytest.mark.formal
symbolic = pytest.mark.symbolic
exact = pytest.mark.exact
sampled = pytest.mark.sampled
control = pytest.mark.control
witness = pytest.mark.witness
