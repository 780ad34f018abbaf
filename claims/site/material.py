"""What there is to show: the claims, the counterexamples, and the evidence of a run where one is given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from claims.command_line.claim_files import ClaimFile, claim_files
from claims.command_line.counterexample_files import CounterexampleFile, counterexample_files
from claims.command_line.graph import Graph, graph_of
from claims.command_line.ledger_totals import VersionTotals, read_versions
from claims.site.running import Run, read_run


@dataclass(frozen=True)
class Material:
    """Claims and counterexamples by uid, the graph of ``uses``, what a run said (None without one), a directory with
    the experiments' figures, and the versions of a ledger, that at hand first."""

    claims: dict[str, ClaimFile]
    counterexamples: dict[str, CounterexampleFile]
    uses: Graph
    run: Run | None = None
    figures: Path | None = None
    versions: tuple[VersionTotals, ...] = ()


def material(evidence: Path | None = None, figures: Path | None = None, ledger: Path | None = None) -> Material:
    """All that this project has, with what is given. UsageError where that is not what it should be."""
    claims, entries = claim_files(), counterexample_files()
    run = None if evidence is None else read_run(evidence, claims, entries)
    versions = () if ledger is None else tuple(read_versions(ledger))
    return Material(claims, entries, graph_of(claims), run, figures, versions)
