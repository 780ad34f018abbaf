"""A report as lines of text, for a terminal and for pipes."""

from __future__ import annotations

from collections.abc import Iterator

from claims.auditing.report import Answer, AuditReport, Judgement, Run

GAP = "  "
APPLIES = {Answer.HOLDS: "applies", Answer.FAILS: "does not apply", Answer.UNDECIDED: "undecided"}
HOLDS = APPLIES | {Answer.HOLDS: "holds"}


def lines_of(report: AuditReport) -> Iterator[str]:
    """The whole report."""
    depth = len(report.dimensions) - 1
    yield f"{depth} layer{'s' if depth > 1 else ''}, {' -> '.join(map(str, report.dimensions))}"
    for each in report.findings:
        yield _line(each.rigour.value, each.sentence + (f" ({each.uid})" if each.uid else ""))
    yield ""
    at = f" at learning rate {number(report.learning_rate)}" if report.learning_rate is not None else ""
    yield f"guarantees{at}, to a loss of {number(report.to_loss)}"
    for judgement in report.judgements:
        yield from _judgement(judgement)
    if report.run:
        yield ""
        yield from _run(report.run, report.to_loss)
    if report.certified_from:
        yield from _certified_from(report)
    if report.rebalanced:
        yield ""
        yield from _rebalanced(report)


def rewritten(report: AuditReport) -> Iterator[str]:
    """Of layers that were written: which guarantees apply to them."""
    holding = [each for each in report.judgements if each.counts]
    yield "written, in the type of the file" + ("" if holding else ": no guarantee applies to what was written")
    for each in holding:
        yield from _judgement(each)


def number(value: float) -> str:
    """To four digits."""
    return f"{value:.4g}"


def _line(label: str, text: str) -> str:
    return f"{label:<9}{GAP}{text}"


def _judgement(judgement: Judgement) -> Iterator[str]:
    answer = APPLIES[judgement.applies] if judgement.holds is None else HOLDS[judgement.holds]
    constants = f", {judgement.constants}" if judgement.constants else ""
    yield f"{GAP}{judgement.uid} {judgement.name} {answer}{constants}"
    stated = (*judgement.hypotheses, *judgement.rate_hypotheses)
    told = [each for each in stated if each.answer is Answer.FAILS]
    for each in told or (each for each in stated if each.answer is Answer.UNDECIDED):
        yield f"{GAP * 2}{each}"
    if judgement.learning_rate_limit is not None:
        yield f"{GAP * 2}certified up to learning rate {number(judgement.learning_rate_limit)}"
    if judgement.steps is not None and judgement.learning_rate is not None:
        yield f"{GAP * 2}guaranteed at learning rate {number(judgement.learning_rate)} after {judgement.steps:,} steps"


def _run(run: Run, to_loss: float) -> Iterator[str]:
    if run.diverged:
        end = f"overflows in step {run.steps + 1:,}"
    else:
        low, high = map(number, run.loss)
        size = low if low == high else f"between {low} and {high}"
        end = f"has a loss of {size} after {run.steps:,} steps{'' if run.reached else f', above {number(to_loss)}'}"
    yield _line(run.rigour.value, f"a run at learning rate {number(run.learning_rate)} ({run.chosen}) {end}")
    if run.not_met:
        yield _line("", f"along it no guarantee is met: {run.not_met}")


def _certified_from(report: AuditReport) -> Iterator[str]:
    later = report.certified_from
    if later is None:
        return
    after = f"{later.further:,} more steps are enough" if later.further else "the loss is reached there"
    yield _line("certified", f"from step {later.step:,} on {later.uid} holds ({later.constants}): {after}")


def _rebalanced(report: AuditReport) -> Iterator[str]:
    other = report.rebalanced
    if other is None:
        return
    moved = f"the product moves by at most {number(other.change)}, and ||B_j||_F is at most {number(other.imbalance)}"
    yield _line("certified", f"rebalanced, that is by balanced layers of the same shapes: {moved}")
    changed = [
        after
        for before, after in zip(report.judgements, other.judgements, strict=True)
        if (before.applies, before.holds) != (after.applies, after.holds)
    ]
    if not changed:
        yield _line("", "no answer changes")
    for each in changed:
        yield from _judgement(each)
    if changed and other.run:
        yield from _run(other.run, report.to_loss)
