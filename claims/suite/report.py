"""What a run prints at its end: the evidence table, what else was asked for, and last what one wants to know first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from claims.command_line.terminal import fill
from claims.suite.claim import EXPECTED
from claims.suite.evidence import Evidence, Row
from claims.suite.telling import lines_of

MOST_NAMED = 12
"""Uids in one sentence."""


def tables(evidence: Evidence, report: str, width: int | None) -> Iterator[tuple[str, list[str]]]:
    """The tables to print in full, each with its title: that of the evidence, and those that ``report`` asks for."""
    drawn = {
        "evidence": ("evidence: checks that ran / examples generated for them", evidence.table),
        "counterexamples": (
            "counterexamples: what each refutes, decided in exact arithmetic",
            evidence.counterexample_table,
        ),
        "ablation": (
            "ablation: what is left of a theorem when a hypothesis is changed",
            evidence.ablation_matrix,
        ),
        "tightness": ("tightness: how far constants are from what was seen", evidence.tightness_table),
        "trainer": (f"trainer: laws at the steps of {evidence.trained.name}", evidence.trained.table),
    }
    always = {"evidence": bool(evidence.rows), "trainer": bool(evidence.trained)}
    for name, (title, draw) in drawn.items():
        wanted = always.get(name, report in (name, "all"))
        if wanted and (lines := draw(width)):
            yield title, lines


def summary(evidence: Evidence, report: str, written: str | None, width: int | None) -> list[str]:
    """The run's last lines: a line for each table that is not printed, each failure at its claim, and the result."""
    said = [*_in_short(evidence, report), *_where(evidence, report, written)]
    result = [*_verified(evidence), *_not_checked(evidence), *_failed(evidence), *_refuting(evidence), *_open(evidence)]
    result += evidence.trained.summary()
    return [*_told(evidence), *(line for each in [*said, *result] for line in fill(each, width, "", "  ").split("\n"))]


def _in_short(evidence: Evidence, report: str) -> Iterator[str]:
    fates = Counter(cell["fate"] for cell in evidence.ablations)
    if fates and report not in ("ablation", "all"):
        weakened = len({cell["theorem"] for cell in evidence.ablations})
        counted = ", ".join(f"{number} {fate}" for fate, number in sorted(fates.items()))
        yield f"ablation: {_number(weakened, 'theorem')} with a hypothesis changed: {counted}"
    if evidence.tightness and report not in ("tightness", "all"):
        attained = sum(each["observed"] == each["guaranteed"] for each in evidence.tightness)
        yield f"tightness: {_number(len(evidence.tightness), 'constant')} searched, {attained} attained"


def _where(evidence: Evidence, report: str, written: str | None) -> Iterator[str]:
    """Where the rest is."""
    if report != "all" and (evidence.ablations or evidence.tightness or evidence.counterexamples):
        yield "in full: --claims-report=all, or one of ablation, counterexamples, tightness"
    if written is not None:
        yield f"written as JSON to {written}"


def _told(evidence: Evidence) -> Iterator[str]:
    """Each failure at its claim."""
    for claim, check in evidence.failures:
        statement = claim["statement"].strip().splitlines()[0]
        yield f"FAILED {claim['uid']} {claim['title']} ({check.kind}): {statement}"
        yield from lines_of(check.failure) if check.failure else ()


def _verified(evidence: Evidence) -> Iterator[str]:
    rows = evidence.rows
    if not rows:
        return
    unsupported = evidence.unsupported()
    good = [row for row in rows if row.made and not row.failed and not unsupported[row.claim["uid"]]]
    tallies = [tally for row in good for tally in row.evidence.values()]
    decided = _number(sum(tally.examples for tally in tallies), "generated instance")
    yield (
        f"verified: {_number(len(good), 'claim')} of {len(rows)}, by {_number(sum(t.made for t in tallies), 'check')}"
        f" that decided {decided}"
    )
    if part := [row.claim["uid"] for row in good if _in_part(row)]:
        yield f"in part, without every kind of evidence: {_names(part)}"


def _in_part(row: Row) -> bool:
    return not all(row.evidence[kind].made for kind in EXPECTED)


def _not_checked(evidence: Evidence) -> Iterator[str]:
    """What no prover was there for, and the line that installs one."""
    for reason, count in Counter(check.not_checked for _, check in evidence.not_checked).items():
        uids = sorted({uid for uid, check in evidence.not_checked if check.not_checked == reason})
        yield f"neither passed nor failed: {_number(count, 'formal proof')} of {_names(uids)}, {reason}"


def _failed(evidence: Evidence) -> Iterator[str]:
    unsupported = evidence.unsupported()
    for row in evidence.rows:
        if row.failed:
            uid = row.claim["uid"]
            number = sum(tally.failed for tally in row.evidence.values())
            resting = [each for each, failed in unsupported.items() if uid in failed]
            rests = f"; on it rest {_names(resting)}" if resting else ""
            yield f"FAILED: {uid} {row.claim['title']}, {_number(number, 'check')}{rests}"


def _refuting(evidence: Evidence) -> Iterator[str]:
    entries = evidence.counterexamples
    if entries:
        verified = sum(entry["verified"] for entry in entries)
        yield f"counterexamples: {verified} of {len(entries)} verified"
    if wrong := [entry["uid"] for entry in entries if not entry["verified"]]:
        yield f"NOT VERIFIED: {_names(wrong)}"


def _open(evidence: Evidence) -> Iterator[str]:
    """Claims that are open questions, whatever ran."""
    rows = [row.claim for row in evidence.rows if row.claim["status"] == "open"]
    if rows:
        yield "open: " + ", ".join(f"{claim['uid']} {claim['title']}" for claim in rows)


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _names(uids: list[str]) -> str:
    more = len(uids) - MOST_NAMED
    return ", ".join(uids[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
