"""``check_trainer``: the probes are run, the steps compared, and the verdict told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from flint import fmpq

from claims.conformance.behaviour import behaviour
from claims.conformance.cases import Case
from claims.conformance.diagnosis import diagnosis
from claims.conformance.losses import SCALES, Loss, check_loss
from claims.conformance.probes import Probe, probes
from claims.conformance.report import Check, ConformanceError, ConformanceReport, Outcome
from claims.conformance.running import Given, Trainer
from claims.conformance.snippets import snippet
from claims.conformance.steps import Course, checked, course
from solvers.arithmetic.formats import FORMATS, Format
from solvers.network.checks import check_steps

ADAPTERS = "claims.conformance.adapters"
BEHAVIOUR = "2-3-2, three samples"
"""The probe of the questions that are not about steps."""


def check_trainer(
    train: Trainer,
    *,
    dtype: Any = None,
    loss: str = "half-sum",
    steps: int = 3,
    transposed: bool = False,
    expected_failures: Mapping[str, str] = {},
    variants: Sequence[Callable[[Trainer], Trainer]] = (),
    on_fail: Literal["raise", "return"] = "raise",
    up_to_scale: bool = False,
) -> ConformanceReport:
    """Whether ``train`` is gradient descent on the squared error of a deep linear network, step by step.

    ``train(weights, inputs, outputs, learning_rate, steps)`` returns the weights after ``steps`` steps of full-batch
    gradient descent: NumPy arrays of ``dtype``, ``weights`` a list with ``weights[j]`` of shape (d_{j+1}, d_j),
    ``inputs`` (d_0, m), ``outputs`` (d_N, m). With ``transposed`` every array is transposed: weights (in, out), samples
    in rows.

    - ``dtype``: float64 (the default), float32, float16, bfloat16 or tf32, by name or as NumPy's type; numbers of the
      last two come in arrays of float32, and are returned in such.
    - ``loss``: the convention that the trainer differentiates, one of LOSSES.
    - ``expected_failures``: by name of a check or of a probe, the reason why it may fail.
    - ``variants``: functions that make another trainer of ``train`` (a compiler's, say); each is checked too.
    - ``on_fail``: "raise" a ConformanceError, an AssertionError with the report, or "return" the report.
    - ``up_to_scale``: a trainer whose every step is right with another named factor of the learning rate conforms too.

    Raises TypeError or ValueError for bad arguments; whatever the trainer raises is a failed check.
    """
    given = Given(check_dtype(dtype), _check_bool(transposed, "transposed"))
    convention = check_loss(loss)
    _check_arguments(train, variants, on_fail, up_to_scale)
    if check_steps(steps) == 0:
        raise ValueError("steps is 0; expected at least 1")
    runs = [_run(train, given, steps, "")]
    runs += [_run(variant(train), given, steps, f"{_named(variant)}: ") for variant in variants]
    compared, scale = _verdict(runs, given.format, convention, steps, up_to_scale=up_to_scale)
    checks = _expected([*compared, *(check for run in runs for check in run.behaviour)], expected_failures)
    report = ConformanceReport(
        trainer_name(train),
        given.format.name,
        convention.name,
        convention.formula,
        tuple(_with_snippet(check, train, given) for check in checks),
        _diagnosed(train, runs[0], compared, convention, given),
        scale,
    )
    if on_fail == "raise" and not report.conforms:
        raise ConformanceError(report)
    return report


@dataclass(frozen=True)
class Run:
    """What the trainer, or under a ``prefix`` a variant of it, did on each probe, and how it behaves."""

    prefix: str
    courses: tuple[Course, ...]
    behaviour: tuple[Check, ...]


def _run(trainer: Trainer, given: Given, steps: int, prefix: str) -> Run:
    asked = probes(given.format)
    courses = tuple(course(trainer, given, probe, steps) for probe in asked)
    behaving = behaviour(trainer, given, _probe(asked, BEHAVIOUR))
    return Run(prefix, courses, tuple(_prefixed(check, prefix) for check in behaving))


def _diagnosed(train: Trainer, run: Run, compared: Sequence[Check], loss: Loss, given: Given) -> str:
    """Of a trainer that does the same twice; what is random is explained by nothing. One that stops at some shapes only
    is asked again with every array transposed."""
    if any(check.name == "determinism" and check.outcome is Outcome.WRONG for check in run.behaviour):
        return ""
    if any(each.ended for each in run.courses) and not all(each.ended for each in run.courses):
        turned = replace(given, transposed=not given.transposed)
        courses = [course(train, turned, probe, 1) for probe in probes(given.format)]
        steps = (check for each in courses for check in checked(each, given.format, loss, 1))
        if all(check.outcome is Outcome.RIGHT for check in steps):
            return f"arrays the other way round, which are transposed={turned.transposed}"
    return diagnosis([Case.of(each, compared, loss, given.format) for each in run.courses])


def check_dtype(dtype: Any) -> Format:
    """A format by name, by NumPy's type or by what is written like one ("torch.float32"); None for float64."""
    if dtype is None:
        return FORMATS["float64"]
    if isinstance(dtype, Format):
        return dtype
    name = getattr(dtype, "name", None) or getattr(dtype, "__name__", None) or str(dtype).rpartition(".")[2]
    if name in FORMATS:
        return FORMATS[name]
    raise ValueError(f"dtype is {dtype!r}; expected one of {', '.join(FORMATS)}")


def trainer_name(train: Any) -> str:
    """``package.module:function`` where there is such a name; ``torch_trainer(...)`` for one of these."""
    module, name = getattr(train, "__module__", None), getattr(train, "__qualname__", None)
    if module == ADAPTERS and name:
        return str(name)
    return f"{module}:{name}" if module and name else type(train).__name__


def _check_bool(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{name} is {value!r}; expected True or False")
    return value


def _check_arguments(train: Any, variants: Any, on_fail: Any, up_to_scale: Any) -> None:
    if not callable(train):
        raise TypeError(
            f"train is a {type(train).__name__}; expected a function of weights, inputs, outputs, learning_rate, steps"
        )
    if isinstance(variants, str | Mapping) or not isinstance(variants, Iterable) or not all(map(callable, variants)):
        raise TypeError(f"variants is {variants!r}; expected functions that make a trainer of a trainer")
    if on_fail not in ("raise", "return"):
        raise ValueError(f"on_fail is {on_fail!r}; expected 'raise' or 'return'")
    _check_bool(up_to_scale, "up_to_scale")


def _named(variant: Any) -> str:
    return str(getattr(variant, "__name__", type(variant).__name__))


def _probe(asked: Sequence[Probe], name: str) -> Probe:
    return next(probe for probe in asked if probe.name == name)


def _prefixed(check: Check, prefix: str) -> Check:
    return replace(check, name=prefix + check.name, probe=prefix + check.probe if check.probe else "")


def _compared(runs: Sequence[Run], limits: Format, loss: Loss, steps: int) -> Iterator[Check]:
    """One by one, so that whoever needs only the first wrong one need not wait."""
    for run in runs:
        for each in run.courses:
            yield from (_prefixed(check, run.prefix) for check in checked(each, limits, loss, steps))


def _verdict(
    runs: Sequence[Run], limits: Format, loss: Loss, steps: int, *, up_to_scale: bool
) -> tuple[list[Check], str]:
    """The checks of the steps; with ``up_to_scale``, where some are wrong, those under the first other factor of the
    learning rate under which all are right, and its name."""
    checks = list(_compared(runs, limits, loss, steps))
    if not up_to_scale or all(check.outcome is Outcome.RIGHT for check in checks):
        return checks, ""
    for name, scale in SCALES.items():
        other = Loss(loss.name, loss.formula, _product(loss, scale))
        if all(check.outcome is Outcome.RIGHT for check in _compared(runs, limits, other, steps)):
            return list(_compared(runs, limits, other, steps)), name
    return checks, ""


def _product(loss: Loss, scale: Callable[[int, int], fmpq]) -> Callable[[int, int], fmpq]:
    return lambda samples, outputs: loss.scale(samples, outputs) * scale(samples, outputs)


def _expected(checks: Sequence[Check], expected_failures: Mapping[str, str]) -> tuple[Check, ...]:
    """With the failures that were expected told apart, and the passes that were not."""
    if not isinstance(expected_failures, Mapping):
        raise TypeError(f"expected_failures is {expected_failures!r}; expected the reasons by name of check or probe")
    names = {name for check in checks for name in (check.name, check.question)}
    for name, reason in expected_failures.items():
        if name not in names:
            raise ValueError(f"expected_failures names {name!r}; expected one of {', '.join(sorted(names))}")
        if not isinstance(reason, str) or not reason.strip():
            raise ValueError(f"expected_failures[{name!r}] is {reason!r}; expected the reason")
    right = dict.fromkeys(names, True)
    for check in checks:
        right[check.question] &= check.outcome is Outcome.RIGHT
        right[check.name] &= check.outcome is Outcome.RIGHT
    return tuple(_judged(check, expected_failures, right) for check in checks)


def _judged(check: Check, expected_failures: Mapping[str, str], right: Mapping[str, bool]) -> Check:
    """A probe that was expected to fail passes unexpectedly where all its steps are right."""
    expected = next((name for name in (check.name, check.question) if name in expected_failures), None)
    if expected is None or (check.outcome is Outcome.RIGHT and not right[expected]):
        return check
    outcome = Outcome.UNEXPECTED if right[expected] else Outcome.EXPECTED
    return replace(check, outcome=outcome, reason=expected_failures[expected])


def _with_snippet(check: Check, train: Any, given: Given) -> Check:
    """Of a wrong step of the trainer itself: a variant has no name to call it by."""
    if check.outcome is not Outcome.WRONG or not check.probe:
        return check
    probe = next((probe for probe in probes(given.format) if probe.name == check.probe), None)
    return check if probe is None else replace(check, snippet=snippet(check, trainer_name(train), given, probe))
