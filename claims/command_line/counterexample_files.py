"""Counterexample files as they are: JSON with exact rationals, whose form and digest are right; no arithmetic is done.

A network has widths, weights, a target and a learning rate; landscapes and trajectories of shallow models have a model
and points in their place.

They are read by check.py, which imports nothing but Python's standard library; ``check`` verifies what they say.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from claims.book import CLAIMS
from claims.command_line.landscape_data import OBJECTIVES, Rows, landscape_data, latex_sentence, lettered, sentences
from claims.command_line.shallow_data import (
    SHALLOW_OBJECTIVES,
    latex_fact,
    shallow_data,
    shallow_matrices,
    shallow_sentences,
)
from claims.counterexamples import check

FOLDER = CLAIMS / "counterexamples"


@dataclass(frozen=True)
class CounterexampleFile:
    """A counterexample as its file has it; ``content`` is the JSON object."""

    content: dict[str, Any]
    path: Path

    @property
    def uid(self) -> str:
        return str(self.content["uid"])

    @property
    def title(self) -> str:
        return str(self.content["title"])

    @property
    def claim(self) -> str:
        """The uid of the claim that it bears on; empty where it bears on none of them."""
        return str(self.content["refutes"]["claim"])

    @property
    def hypothesis(self) -> str:
        """The one of that claim that does not hold; empty for a false strengthening."""
        return str(self.content["refutes"]["hypothesis"])

    @property
    def change(self) -> str:
        """What becomes of which hypothesis, as in "balance dropped"; empty for a false strengthening."""
        return f"{self.hypothesis} {self.content['refutes']['change']}".strip()

    @property
    def sha256(self) -> str:
        return str(self.content["sha256"])

    @property
    def model(self) -> str:
        """The name of a landscape's or a shallow model; empty for a network."""
        return str(self.content[self.room]["model"]) if self.room else ""

    @property
    def room(self) -> str:
        """The key below which the model stands; empty for a network."""
        return next((key for key in ("landscape", "shallow") if key in self.content), "")

    @property
    def objective(self) -> tuple[str, str]:
        """Of the model, in words and in LaTeX."""
        return (SHALLOW_OBJECTIVES if self.room == "shallow" else OBJECTIVES)[self.model]

    @property
    def data(self) -> dict[str, Any]:
        """Of a model, everything in it and its certificate by key, numbers as fractions."""
        return (shallow_data if self.room == "shallow" else landscape_data)(self.content)

    @property
    def sentences(self) -> list[str]:
        """Of a model, what stands beside the matrices."""
        return (shallow_sentences if self.room == "shallow" else sentences)(self.content)

    @property
    def latex_sentences(self) -> list[str]:
        """The same in LaTeX."""
        return list(map(latex_fact if self.room == "shallow" else latex_sentence, self.sentences))

    @property
    def weights(self) -> list[Rows]:
        """W_1 first."""
        return [_fractions(matrix) for matrix in self.content["weights"]]

    @property
    def target(self) -> Rows:
        return _fractions(self.content["target"])

    @property
    def learning_rate(self) -> Fraction | str:
        """A number, or the words for every one, as in "every at most 1/2"."""
        rate = str(self.content["learning_rate"])
        return rate if rate.startswith("every") else Fraction(rate)

    @property
    def matrices(self) -> list[tuple[list[str], Rows]]:
        """W_1, ..., W_N and Phi with their names; neighbours that are equal stand once, with all their names. Of a
        model its matrices, and the certificate's points."""
        if self.model:
            return (shallow_matrices if self.room == "shallow" else lettered)(self.content)
        named = [(f"W_{j}", matrix) for j, matrix in enumerate(self.weights, start=1)]
        groups = [list(group) for _, group in groupby(named, key=itemgetter(1))]
        return [([name for name, _ in group], group[0][1]) for group in groups] + [(["Phi"], self.target)]

    @property
    def kind(self) -> str:
        """Of its certificate."""
        return str(self.content["certificate"]["kind"])

    @property
    def fate(self) -> str:
        """What is left of the claim without the hypothesis, by :func:`fate_of`."""
        return fate_of(self.kind)


def fate_of(kind: str) -> str:
    """A word of :class:`claims.suite.Fate`: a finite certificate is about finitely many steps, after which descent may
    converge still."""
    return "rate refuted" if kind == "finite" else "refuted"


@cache
def counterexample_files() -> dict[str, CounterexampleFile]:
    """Every counterexample that is shipped, by uid."""
    return {entry.uid: entry for entry in map(read, sorted(FOLDER.glob("DLX-*.json")))}


def read(path: Path) -> CounterexampleFile:
    """One file. ValueError where it is no small JSON file, or not what its digest was taken of."""
    return CounterexampleFile(check.read(path), path)


def _fractions(matrix: list[list[str]]) -> Rows:
    return [[Fraction(entry) for entry in row] for row in matrix]
