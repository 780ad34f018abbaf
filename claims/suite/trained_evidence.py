"""What a run has found of a trainer: kept apart from the evidence of the claims, which says nothing of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from claims.command_line.terminal import table


class TrainedEvidence:
    """Laws and probes by name, filled from what :mod:`claims.suite.trained` attaches to test reports."""

    def __init__(self) -> None:
        self._trainer: dict[str, str] = {}
        self._checks: dict[str, dict[str, Any]] = {}

    def __bool__(self) -> bool:
        return bool(self._checks)

    def add(self, record: dict[str, Any], *, outcome: str, seconds: float) -> None:
        """Enter a check: ``outcome`` is pytest's. Of one that ran several times a failure is kept."""
        found = {**record, "outcome": OUTCOMES[outcome], "seconds": round(seconds, 3)}
        if not found.pop("asked"):
            found["outcome"] = ERROR
        self._trainer = found.pop("trainer")
        before = self._checks.get(found["check"])
        if before is None or before["outcome"] not in (OUTCOMES["failed"], ERROR):
            self._checks[found["check"]] = found

    @property
    def name(self) -> str:
        """The trainer's, with its format and its loss where it is not the plain one."""
        trainer = self._trainer or dict.fromkeys(("name", "dtype", "loss"), "-")
        return f"{trainer['name']} ({trainer['dtype']}, {trainer['loss']})"

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        """Laws, or probes, in the order in which they ran."""
        return [check for check in self._checks.values() if check["kind"] == kind]

    def table(self, width: int | None = None) -> list[str]:
        """Lines of the table of laws: at how many of its own steps each held, was undecided, or had nothing to say."""
        header = ["claim", "item", "law", "held", "undecided", "outside", "result"]
        body = [
            [
                check["claim"],
                check["item"],
                check["check"],
                *(str(check.get(name, "-")) for name in ("held", "undecided", "outside")),
                check["outcome"] if check["outcome"] == "holds" else check["outcome"].upper(),
            ]
            for check in self.of_kind("law")
        ]
        return table([header, *body], width, shrinks=(2,), headings=()) if body else []

    def summary(self) -> Iterator[str]:
        """A sentence for what was found, and one for what was not."""
        if not self:
            return
        laws, probes = self.of_kind("law"), self.of_kind("probe")
        holding = [check for check in laws if check["outcome"] == "holds"]
        steps, open_ones = (sum(check.get(name, 0) for check in laws) for name in ("held", "undecided"))
        right = sum(check["outcome"] == "holds" for check in probes)
        yield (
            f"trainer {self.name}: {len(holding)} of {len(laws)} laws hold, at {steps} of its own steps, {open_ones} "
            f"more undecided within rounding; {right} of {len(probes)} probes right"
        )
        yield "no other check used the trainer: what is said of claims is of the project's own solvers"
        if slow := [f"{check['check']} ({check['left_out']} starts)" for check in laws if check.get("left_out")]:
            yield f"left out, for want of time: {', '.join(slow)}; --hypothesis-profile=claims-thorough leaves out none"
        if undecided := [check["check"] for check in laws if check["outcome"] == "undecided"]:
            yield f"UNDECIDED at every step, which is no pass: {', '.join(undecided)}"
        if broken := [f"{check['check']} ({check['claim']})" for check in laws if check["outcome"] == "broken"]:
            yield f"BROKEN by {self._trainer['name']}: {', '.join(broken)}"
        if unasked := [check["check"] for check in self._checks.values() if check["outcome"] == ERROR]:
            yield f"ERROR, and so not asked: {'; '.join(unasked)}"
        if wrong := [check["check"] for check in probes if check["outcome"] == "broken"]:
            yield f"WRONG on probes: {'; '.join(wrong)}"

    def as_json(self) -> dict[str, Any] | None:
        """For ``--claims-json``: whose trainer it was, and what was found; None where there was none."""
        if not self:
            return None
        return {**self._trainer, "used_by_other_checks": False, "checks": list(self._checks.values())}


ERROR = "error"
"""What could not be asked, for a reason that is not the trainer's."""

OUTCOMES = {"passed": "holds", "failed": "broken", "skipped": "undecided"}
"""Of a check, by what pytest calls it."""
