"""What there is to show: the claims, the counterexamples, and the evidence of a run where one is given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claims.command_line.claim_files import ClaimFile, claim_files
from claims.command_line.counterexample_files import CounterexampleFile, counterexample_files
from claims.command_line.graph import Graph, graph_of


@dataclass(frozen=True)
class Material:
    """Claims and counterexamples by uid, the graph of ``uses``, and what a run and a ledger said, None without."""

    claims: dict[str, ClaimFile]
    counterexamples: dict[str, CounterexampleFile]
    uses: Graph
    evidence: dict[str, Any] | None = None
    ledger: Path | None = None
    figures: Path | None = None


def material(
    evidence: dict[str, Any] | None = None, ledger: Path | None = None, figures: Path | None = None
) -> Material:
    """All that this project has, with what is given."""
    claims = claim_files()
    return Material(claims, counterexample_files(), graph_of(claims), evidence, ledger, figures)
