"""What a run of ``pytest claims`` said: its evidence JSON, read and looked at before anything of it is shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claims.command_line.claim_files import SUITE, ClaimFile
from claims.command_line.counterexample_files import CounterexampleFile
from claims.command_line.errors import UsageError
from claims.command_line.records import version

LARGEST = 64 * 2**20
"""Bytes of a file; a whole run's is half a million."""
SAME = ("title", "statement", "status", "hypotheses", "uses")
"""What a run's claims have in common with those that are here."""
CELL = ("theorem", "hypothesis", "change", "fate", "claim")


@dataclass(frozen=True)
class Tally:
    """What ran for one kind of evidence."""

    checks: int
    failed: int
    not_checked: int
    examples: int
    seconds: float


@dataclass(frozen=True)
class Run:
    """By uid: tallies by kind, claims of which a check failed among all that one rests on, whether a counterexample was
    verified. ``ablations`` are (theorem, hypothesis, change, fate, claim) of checks that passed, ``tightness`` is as in
    the JSON."""

    exit_status: int
    tools: dict[str, str]
    tallies: dict[str, dict[str, Tally]]
    rests_on_failed: dict[str, tuple[str, ...]]
    verified: dict[str, bool]
    ablations: frozenset[tuple[str, ...]]
    tightness: tuple[dict[str, Any], ...]

    def failed(self, uid: str) -> int:
        """The checks of a claim that failed."""
        return sum(tally.failed for tally in self.tallies.get(uid, {}).values())

    @property
    def broken(self) -> int:
        """The checks that failed, of all claims."""
        return sum(map(self.failed, self.tallies))

    @property
    def checks(self) -> int:
        """Those that passed or failed."""
        found = [tally for tallies in self.tallies.values() for tally in tallies.values()]
        return sum(tally.checks - tally.not_checked for tally in found)

    @property
    def examples(self) -> int:
        return sum(tally.examples for tallies in self.tallies.values() for tally in tallies.values())


def read_run(path: Path, claims: Mapping[str, ClaimFile], entries: Mapping[str, CounterexampleFile]) -> Run:
    """UsageError where the file is none that ``--claims-json`` wrote, or is of other claims than those here."""
    content = _content(path)
    _check_form(path, content)
    _check_same(path, content, claims)
    _check_same_entries(path, content, entries)
    return Run(
        exit_status=content["exit_status"],
        tools=content["tools"],
        tallies={
            claim["uid"]: {kind: Tally(**tally) for kind, tally in claim["evidence"].items()}
            for claim in content["claims"]
        },
        rests_on_failed={claim["uid"]: tuple(claim["rests_on_failed"]) for claim in content["claims"]},
        verified={entry["uid"]: entry["verified"] for entry in content["counterexamples"]},
        ablations=frozenset(tuple(cell[name] for name in CELL) for cell in content["ablations"]),
        tightness=tuple(content["tightness"]),
    )


def _content(path: Path) -> Any:
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            raise UsageError(f"--evidence is {path}, which is no file of at most {LARGEST} bytes; {EXPECTED}")
        return json.loads(path.read_text(encoding="utf-8"), parse_constant=_refused)
    except (OSError, ValueError, RecursionError) as error:
        if isinstance(error, UsageError):
            raise
        raise UsageError(f"--evidence is {path}, which cannot be read as JSON ({error}); {EXPECTED}") from error


EXPECTED = "expected what `pytest claims --claims-json FILE` writes"


def _refused(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON's")


def _check_form(path: Path, content: Any) -> None:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    schema = json.loads((SUITE / "evidence.schema.json").read_text(encoding="utf-8"))
    if error := best_match(Draft202012Validator(schema).iter_errors(content)):
        where = "".join(f"[{part!r}]" for part in error.absolute_path)
        raise UsageError(
            f"--evidence is {path}, where {where or 'the whole'} is wrong: {_short(error.message)}; {EXPECTED}"
        )


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:100]} ... {text[-95:]}"


def _check_same(path: Path, content: Any, claims: Mapping[str, ClaimFile]) -> None:
    """The run was one of these claims: their words are shown, and the run's numbers beside them."""
    if (other := content["tools"]["deep-linear-claims"]) != version():
        raise UsageError(f"--evidence is {path}, of version {other}; expected a run of this one, {version()}")
    for claim in content["claims"]:
        known = claims.get(claim["uid"])
        if known is None:
            raise UsageError(f"--evidence is {path}, which has {claim['uid']}; expected uids of claims that there are")
        for name in SAME:
            value = getattr(known, name)
            if claim[name] != (list(value) if isinstance(value, tuple) else value):
                raise UsageError(
                    f"--evidence is {path}, where {claim['uid']} has another {name} than here; "
                    "expected a run of these files"
                )


def _check_same_entries(path: Path, content: Any, entries: Mapping[str, CounterexampleFile]) -> None:
    for entry in content["counterexamples"]:
        known = entries.get(entry["uid"])
        if known is None or known.sha256 != entry["sha256"]:
            raise UsageError(
                f"--evidence is {path}, where {entry['uid']} is not the counterexample that is here; "
                "expected a run of these files"
            )
