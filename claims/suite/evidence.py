"""The evidence that a run has produced: counted from test reports, printed as a table, written as JSON."""

from __future__ import annotations

import codecs
import contextlib
import importlib.metadata
import json
import os
import platform
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from claims.command_line.claim_files import claim_files
from claims.command_line.counterexample_files import fate_of
from claims.command_line.graph import Graph, rests_on
from claims.command_line.terminal import table
from claims.suite.claim import KINDS
from claims.suite.trained_evidence import TrainedEvidence

SCHEMA = "deep-linear-claims/evidence/6"
TOOLS = ("deep-linear-claims", "numpy", "python-flint", "sympy", "hypothesis", "pytest", "scikit-learn")


NOT_HERE = "not here"
"""In a cell: checks that could not be made where they ran."""


@dataclass
class Tally:
    """What ran for one claim and one kind of evidence.

    Of ``checks``, ``not_checked`` could not be made for want of a prover: they neither passed nor failed.
    """

    checks: int = 0
    failed: int = 0
    examples: int = 0
    seconds: float = 0.0
    not_checked: int = 0

    @property
    def made(self) -> int:
        """The checks that passed or failed."""
        return self.checks - self.not_checked

    def cell(self) -> str:
        """For the table: checks, generated examples after a slash, failures."""
        if self.checks and not self.made:
            return NOT_HERE
        text = f"{self.made}/{self.examples}" if self.examples else f"{self.made}"
        return f"{text} ({self.failed} FAILED)" if self.failed else text if self.checks else "-"


@dataclass
class Row:
    """A claim (in JSON's types, with its module) and its tallies by kind."""

    claim: dict[str, Any]
    evidence: dict[str, Tally] = field(default_factory=lambda: {kind: Tally() for kind in KINDS})

    @property
    def seconds(self) -> float:
        return sum(tally.seconds for tally in self.evidence.values())

    @property
    def made(self) -> int:
        return sum(tally.made for tally in self.evidence.values())

    @property
    def failed(self) -> bool:
        return any(tally.failed for tally in self.evidence.values())


@dataclass
class Check:
    """One check that ran, however often; ``not_checked`` says why it could not be made."""

    kind: str
    failed: bool = False
    not_checked: str = ""
    examples: int = 0
    seconds: float = 0.0
    ablations: list[dict[str, Any]] = field(default_factory=list)
    tightness: list[dict[str, Any]] = field(default_factory=list)
    failure: Mapping[str, str] | None = None

    @property
    def open(self) -> bool:
        """Whether it neither passed nor failed."""
        return bool(self.not_checked) and not self.failed


class Evidence:
    """Rows by uid, filled from what :mod:`claims.suite.running` attaches to test reports."""

    def __init__(self) -> None:
        self._claims: dict[str, dict[str, Any]] = {}
        self._checks: dict[tuple[str, str], Check] = {}
        self._counterexamples: dict[str, dict[str, Any]] = {}
        self.trained = TrainedEvidence()

    def add(
        self,
        claim: dict[str, Any],
        kind: str,
        *,
        check: str = "",
        failed: bool,
        examples: int,
        seconds: float,
        not_checked: str = "",
        ablations: Iterable[Mapping[str, str]] = (),
        tightness: Iterable[Mapping[str, Any]] = (),
        failure: Mapping[str, str] | None = None,
    ) -> None:
        """Enter a run of a check; what it says of weaker theorems and of constants counts if it passed.

        Of a ``check`` that ran several times, by its name, one is counted: failed if it ever did, with the most
        examples and the time of all. One without a name is a check of its own.
        """
        uid = claim["uid"]
        self._claims[uid] = claim
        entry = self._checks.setdefault((uid, check or f"number {len(self._checks)}"), Check(kind))
        entry.failed |= failed
        entry.not_checked = entry.not_checked or not_checked
        entry.examples = max(entry.examples, examples)
        entry.seconds += seconds
        entry.ablations = [{**cell, "claim": uid} for cell in ablations]
        entry.tightness = [{"claim": uid, **each} for each in tightness]
        entry.failure = entry.failure or failure

    def add_counterexample(self, record: Mapping[str, str], *, verified: bool, seconds: float) -> None:
        """Enter a counterexample of the catalogue, and whether what it says was found to be so.

        If it was, and it is one to a theorem without a hypothesis, that is a cell of the ablation matrix.
        """
        self._counterexamples[record["uid"]] = {**record, "verified": verified, "seconds": round(seconds, 3)}

    @property
    def rows(self) -> list[Row]:
        """In the order of the uids."""
        found = {uid: Row(self._claims[uid]) for uid in sorted(self._claims)}
        for (uid, _), check in self._checks.items():
            tally = found[uid].evidence[check.kind]
            tally.checks += 1
            tally.failed += check.failed
            tally.not_checked += check.open
            tally.examples += check.examples
            tally.seconds += check.seconds
        return list(found.values())

    @property
    def failures(self) -> list[tuple[dict[str, Any], Check]]:
        """The checks that failed, each with its claim, by uid."""
        failed = [(uid, check) for (uid, _), check in self._checks.items() if check.failed]
        return [(self._claims[uid], check) for uid, check in sorted(failed, key=lambda found: found[0])]

    @property
    def not_checked(self) -> list[tuple[str, Check]]:
        """The checks that could not be made, each with its claim's uid."""
        return [(uid, check) for (uid, _), check in self._checks.items() if check.open]

    def unsupported(self) -> dict[str, list[str]]:
        """For each claim that ran, those of which a check failed among all that it rests on, run or not."""
        failed = {row.claim["uid"] for row in self.rows if row.failed}
        uses = self._uses() if failed else {}
        return {row.claim["uid"]: sorted(failed & rests_on(row.claim["uid"], uses)) for row in self.rows}

    def _uses(self) -> Graph:
        """Of the claims that ran, and of all the others that may stand between two of them."""
        known = {uid: claim.uses for uid, claim in claim_files().items()}
        return known | {row.claim["uid"]: row.claim["uses"] for row in self.rows}

    def table(self, width: int | None = None) -> list[str]:
        """Lines of the evidence table; what does not fit in ``width`` is left out, sources first, then times.

        Where that is not enough the columns stand closer.
        """
        unsupported = self.unsupported()
        header = ["uid", "claim", "source", "status", *KINDS, "time"]
        body = [
            [
                row.claim["uid"],
                row.claim["title"],
                _first_source(row.claim["sources"]),
                _standing(row.claim["status"], unsupported[row.claim["uid"]]),
                *(tally.cell() for tally in row.evidence.values()),
                f"{row.seconds:.1f} s",
            ]
            for row in self.rows
        ]
        lines: list[str] = []
        for left_out, gap in (((), 2), (("source",), 2), (("source", "time"), 2), (("source", "time"), 1)):
            kept = [number for number, name in enumerate(header) if name not in left_out]
            shrinks = [
                kept.index(header.index(name)) for name in ("status", "source", "claim", *KINDS) if name not in left_out
            ]
            lines = table(
                [[row[number] for number in kept] for row in [header, *body]], width, shrinks, headings=(), gap=gap
            )
            if width is None or max(map(len, lines)) <= width:
                break
        return lines

    def ablation_matrix(self, width: int | None = None) -> list[str]:
        """Lines of the ablation matrix: for each theorem that ran, every hypothesis and every way to weaken it."""
        header = ["theorem", "hypothesis", "change", "then", "decided in"]
        cells: dict[tuple[str, str, str, str], set[str]] = {}
        for cell in self.ablations:
            key = (cell["theorem"], cell["hypothesis"], cell["change"], cell["fate"])
            cells.setdefault(key, set()).add(cell["claim"])
        body = [[*key, ", ".join(sorted(claims))] for key, claims in cells.items()]
        known = {(cell["theorem"], cell["hypothesis"]) for cell in self.ablations}
        for row in self.rows:
            empty = [name for name in row.claim["hypotheses"] if (row.claim["uid"], name) not in known]
            body += [[row.claim["uid"], hypothesis, "dropped", "-", "nothing that ran"] for hypothesis in empty]
        return table([header, *sorted(body)], width, shrinks=(2, 4), headings=()) if body else []

    def counterexample_table(self, width: int | None = None) -> list[str]:
        """Lines of the table of counterexamples: what each refutes, by which certificate, and if it is verified."""
        header = ["uid", "counterexample", "refutes", "certificate", "verified"]
        body = [
            [
                entry["uid"],
                entry["title"],
                f"{entry['claim']} with {entry['hypothesis']} {entry['change']}"
                if entry["hypothesis"]
                else f"more than {entry['claim']}",
                entry["kind"],
                "yes" if entry["verified"] else "NO",
            ]
            for entry in self.counterexamples
        ]
        return table([header, *body], width, shrinks=(1, 2), headings=()) if body else []

    def tightness_table(self, width: int | None = None) -> list[str]:
        """Lines of the table of constants: the worst that a search saw over what the theorem allows."""
        header = ["claim", "constant", "observed / guaranteed", "how it was searched"]
        body = [
            [entry["claim"], entry["quantity"], f"{entry['observed'] / entry['guaranteed']:.4g}", entry["how"]]
            for entry in self.tightness
        ]
        return table([header, *body], width, shrinks=(1, 3), headings=()) if body else []

    @property
    def ablations(self) -> list[dict[str, Any]]:
        """What passed checks say of weakened theorems, in an order that does not depend on the run's."""
        passed = [check for check in self._checks.values() if not (check.failed or check.open)]
        found = [cell for check in passed for cell in check.ablations]
        for entry in self._counterexamples.values():
            if entry["verified"] and entry["hypothesis"]:
                cell = {"theorem": entry["claim"], "hypothesis": entry["hypothesis"], "change": entry["change"]}
                found.append({**cell, "fate": fate_of(entry["kind"]), "claim": entry["uid"]})
        return sorted(found, key=lambda cell: tuple(cell.values()))

    @property
    def tightness(self) -> list[dict[str, Any]]:
        """What passed checks say of constants, by claim and quantity."""
        found = [each for check in self._checks.values() if not check.failed for each in check.tightness]
        return sorted(found, key=lambda entry: (entry["claim"], entry["quantity"]))

    @property
    def counterexamples(self) -> list[dict[str, Any]]:
        """Those that were checked, by uid."""
        return [self._counterexamples[uid] for uid in sorted(self._counterexamples)]

    def as_json(self, *, exit_status: int) -> dict[str, Any]:
        """The object that ``--claims-json`` writes; its schema is evidence.schema.json beside this file."""
        unsupported = self.unsupported()
        return {
            "schema": SCHEMA,
            "exit_status": exit_status,
            "tools": {"python": platform.python_version()} | dict(_versions(TOOLS)),
            "kinds": KINDS,
            "claims": [
                row.claim
                | {"rests_on_failed": unsupported[row.claim["uid"]]}
                | {"evidence": {kind: _json_tally(tally) for kind, tally in row.evidence.items()}}
                for row in self.rows
            ],
            "ablations": self.ablations,
            "tightness": self.tightness,
            "counterexamples": self.counterexamples,
            "trainer": self.trained.as_json(),
        }


def _standing(status: str, unsupported: list[str]) -> str:
    """A claim's status; a run in which what it rests on failed leaves it in the air."""
    return f"{status}, rests on {', '.join(unsupported)} which FAILED" if unsupported else status


def _first_source(sources: list[dict[str, str]]) -> str:
    """The first source and how many more the JSON names."""
    first = f"{sources[0]['key']} {sources[0]['place']}".strip()
    return f"{first} +{len(sources) - 1}" if len(sources) > 1 else first


def _json_tally(tally: Tally) -> dict[str, float]:
    return {
        "checks": tally.checks,
        "failed": tally.failed,
        "not_checked": tally.not_checked,
        "examples": tally.examples,
        "seconds": round(tally.seconds, 3),
    }


def _versions(names: Iterable[str]) -> Iterable[tuple[str, str]]:
    return ((name, importlib.metadata.version(name)) for name in names)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file that takes the place of ``path`` where the block ends well; otherwise ``path`` stays what it was.

    Whoever reads ``path`` meanwhile sees all of the old content or all of the new; the mode is the umask's.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o666 & ~umask)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise


def write_atomically(path: Path, content: dict[str, Any]) -> None:
    """Write JSON so that ``path`` holds either what it held or all of the new content; the mode is the umask's."""
    with replacing(path) as file:
        text = codecs.getwriter("utf-8")(file)
        json.dump(content, text, indent=2, ensure_ascii=False, allow_nan=False)
        text.write("\n")
