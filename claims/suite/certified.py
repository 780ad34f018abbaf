"""Counterexamples as checks of the run: each is verified under the claim that it bears on, twice.

They are collected where the claim opens: ``pytest claims/convergence/linear_rate/__init__.py::DLX-001`` runs one of
them, and ``-k``, ``-x`` and ``-n`` mean for them what they mean for every check.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from claims.book import module_name
from claims.suite.claim import Claim

if TYPE_CHECKING:
    from claims.counterexamples.catalogue import Entry


@cache
def shipped() -> tuple[Entry, ...]:
    """The catalogue, read once in a run."""
    from claims.counterexamples.catalogue import catalogue  # it writes as the evidence does, so it imports claims.suite

    return tuple(catalogue().values())


def claim_in(path: Path) -> Claim:
    """The claim that a file opens. UsageError where it has none."""
    claim = getattr(importlib.import_module(module_name(path)), "CLAIM", None)
    if not isinstance(claim, Claim):
        raise pytest.UsageError(f"{path} has no CLAIM; expected CLAIM = Claim(uid=..., ...)")
    return claim


class CounterexampleFile(pytest.File):
    """The counterexamples that bear on the claim that a file opens."""

    def collect(self) -> Iterable[CounterexampleCheck]:
        claim = claim_in(self.path)
        try:
            entries = shipped()
        except ValueError as error:
            raise self.CollectError(f"{error}") from None
        for entry in entries:
            if entry.refutes["claim"] == claim.uid:
                yield CounterexampleCheck.from_parent(self, name=entry.uid, entry=entry)


class CounterexampleCheck(pytest.Item):
    """One counterexample, verified by the solvers and SymPy and by the independent checker."""

    def __init__(self, *, entry: Entry, **more: Any) -> None:
        super().__init__(**more)
        self.entry = entry
        self.add_marker(pytest.mark.exact)

    def runtest(self) -> None:
        from claims.counterexamples.check import check
        from claims.counterexamples.verify import verify

        verify(self.entry)
        check(self.entry.path)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """A file that is not verified is a sentence, not a traceback."""
        if isinstance(excinfo.value, ValueError):
            return f"{self.entry.path} is not verified: {excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int, str]:
        return self.entry.path, 0, f"{self.entry.uid}: {self.entry.title}"

    def record(self) -> dict[str, Any]:
        """What the evidence says of it, whether it is verified or not."""
        entry = self.entry
        return {
            "uid": entry.uid,
            "title": entry.title,
            "claim": entry.refutes["claim"],
            "hypothesis": entry.refutes["hypothesis"],
            "change": entry.refutes["change"],
            "kind": entry.kind,
            "sha256": entry.content_hash,
        }
