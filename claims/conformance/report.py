"""What a trainer came to: a check for each question that it was asked, and the report of them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

SCHEMA = "deep-linear-claims/conformance/1"


class Outcome(Enum):
    """What a check came to. ``UNDECIDED``: nothing could be compared, since an earlier step had gone astray."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPECTED = "fails as expected"
    UNEXPECTED = "passes unexpectedly"
    UNDECIDED = "not checked"


@dataclass(frozen=True)
class Deviation:
    """An entry that is farther from the exact step than its bound: W_``layer`` at ``row``, ``column``, layers from 1.

    ``before``, ``exact``, ``yours`` and ``bound`` are float64, the nearest ones; ``ratio`` is the error over the bound.
    A float64 number is within the bound exactly if it is in [``low``, ``high``].
    """

    layer: int
    row: int
    column: int
    before: float
    exact: float
    yours: float
    bound: float
    ratio: float
    low: float
    high: float


@dataclass(frozen=True)
class Check:
    """One question. ``name`` is what ``expected_failures`` calls it: "scalar, depth 1, step 2", or "determinism".

    ``probe`` and ``step`` are those of a step of training, "" and 0 for the other questions. ``ratio`` is the largest
    error over its bound, None where there is none; ``seen`` the least relative error of the gradient that the step
    would have shown. ``snippet`` is Python that shows a failure again.
    """

    name: str
    outcome: Outcome
    sentence: str
    probe: str = ""
    step: int = 0
    ratio: float | None = None
    seen: float | None = None
    deviation: Deviation | None = None
    snippet: str = ""
    reason: str = ""

    @property
    def question(self) -> str:
        """The probe of a step, else the check's own name: ``expected_failures`` may name that too."""
        return self.probe or self.name


@dataclass(frozen=True)
class ConformanceReport:
    """The verdict on a trainer: ``conforms``, and why not.

    ``checks`` has every question in order. ``diagnosis`` is a guess at what the trainer does instead, never part of the
    verdict; "" where there is none. ``scale`` is the factor of the learning rate with which the trainer conforms, where
    ``up_to_scale`` was asked for and one other than 1 was found.
    """

    trainer: str
    dtype: str
    loss: str
    formula: str
    checks: tuple[Check, ...]
    diagnosis: str = ""
    scale: str = ""

    @property
    def conforms(self) -> bool:
        """Whether every check is right, or fails as was expected; what could not be checked does not count as right."""
        return not self.failures

    @property
    def failures(self) -> tuple[Check, ...]:
        """What is wrong or could not be checked, and was not expected to."""
        return self._with(Outcome.WRONG, Outcome.UNDECIDED)

    @property
    def steps(self) -> tuple[Check, ...]:
        """The checks that are steps of training."""
        return tuple(check for check in self.checks if check.probe)

    @property
    def seen(self) -> float | None:
        """The least relative error of the whole gradient that some step that is right would certainly have shown."""
        return min((check.seen for check in self._right_steps if check.seen is not None), default=None)

    @property
    def ratio(self) -> float | None:
        """The largest error of a step over its bound, wrong ones included."""
        return max((check.ratio for check in self.steps if check.ratio is not None), default=None)

    @property
    def _right_steps(self) -> tuple[Check, ...]:
        return tuple(check for check in self.steps if check.outcome is Outcome.RIGHT)

    def as_json(self) -> dict[str, Any]:
        """The report in JSON's types, as ``conformance.schema.json`` beside this file says."""
        from claims.command_line.records import version

        checks = [asdict(check) | {"outcome": check.outcome.value} for check in self.checks]
        found = {"conforms": self.conforms, "scale": self.scale, "diagnosis": self.diagnosis, "seen": self.seen}
        asked = {"trainer": self.trainer, "dtype": self.dtype, "loss": self.loss}
        return {"schema": SCHEMA, "version": version(), **asked, **found, "checks": checks}

    def __str__(self) -> str:
        return "\n".join([self._verdict(), *(f"  {line}" for line in self._lines())])

    def _with(self, *outcomes: Outcome) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.outcome in outcomes)

    def _verdict(self) -> str:
        told = f"{self.trainer} is NOT gradient descent on {self.formula}"
        expected = self._with(Outcome.EXPECTED)
        if self.conforms and expected:
            return f"{told}, as expected: {len(expected)} of {len(self.checks)} checks fail, each with a reason"
        if self.conforms:
            scaled = f" with learning rate x {self.scale}" if self.scale else ""
            return f"{self.trainer} is gradient descent on {self.formula}{scaled}, as far as {self.dtype} shows it"
        wrong = [check for check in self.failures if check.probe]
        if not wrong:
            return f"{told}, though its steps are: {', '.join(check.name for check in self.failures)}"
        outside = sum(check.ratio is not None for check in wrong)
        counts = {"are outside the bound": outside, "have no answer to compare": len(wrong) - outside}
        said = [f"{count} of {len(self.steps)} steps {what}" for what, count in counts.items() if count]
        return f"{told}: {' and '.join(said)}"

    def _lines(self) -> list[str]:
        lines = []
        if self.failures:
            lines += _first(self.failures[0], self.steps)
        others = [check for check in self.failures if not check.probe]
        lines += [f"{check.name}: {check.sentence}" for check in others if check is not self.failures[0]]
        if self.diagnosis:
            lines.append(f"diagnosis: {self.diagnosis} (a hint, not part of the verdict)")
        for outcome in (Outcome.EXPECTED, Outcome.UNEXPECTED):
            lines += [f"{outcome.value}: {check.name} ({check.reason})" for check in self._with(outcome)]
        right = [check.name for check in self._with(Outcome.RIGHT) if not check.probe]
        if right:
            lines.append(f"right: {', '.join(right)}")
        if self.failures and self.failures[0].snippet:
            lines += ["reproduce:", *(f"    {line}" for line in self.failures[0].snippet.splitlines())]
        return lines + ([self._power()] if self.conforms else [])

    def _power(self) -> str:
        ratios = [check.ratio for check in self._right_steps if check.ratio is not None]
        if self.seen is None or not ratios:
            return "no step was right"
        return (
            f"largest error: {max(ratios):.2g} of its bound; what a pass cannot have seen: relative errors of the "
            f"gradient below {self.seen:.1g}, networks wider than 4 or deeper than 3, more than "
            f"{max(check.step for check in self.steps)} steps"
        )


class ConformanceError(AssertionError):
    """A trainer that does not conform; ``report`` says how."""

    def __init__(self, report: ConformanceReport) -> None:
        self.report = report
        super().__init__(str(report))


def _first(check: Check, steps: Sequence[Check]) -> list[str]:
    if not check.probe:
        return [f"first: {check.name}", f"  {check.sentence}"]
    right = [other.step for other in steps if other.probe == check.probe and other.outcome is Outcome.RIGHT]
    before = [step for step in right if step < check.step]
    aside = f"   (step {before[-1]} is right)" if before else ""
    lines = [f'first: probe "{check.probe}", step {check.step}{aside}']
    found = check.deviation
    if found is None:
        return [*lines, f"  {check.sentence}"]
    place = "" if (found.row, found.column) == (0, 0) else f"[{found.row}, {found.column}]"
    return [
        *lines,
        f"  W_{found.layer}{place} after step {check.step - 1}   {found.before!r}   exact step {check.step}   "
        f"{found.exact!r}   yours   {found.yours!r}",
        f"  error {abs(found.yours - found.exact):.2g} = {found.ratio:.2g} times the bound {found.bound:.2g}",
    ]
