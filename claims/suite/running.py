"""The plugin's other half, there from the first claim on: collects claims, counts the evidence of those that ran.

:mod:`claims.suite.plugin` makes it a plugin of the run. What is counted travels with the test reports.
"""

from __future__ import annotations

import math
import os
import re
import shlex
import shutil
from collections.abc import Callable, Generator, Iterable
from functools import cache, wraps
from pathlib import Path
from typing import Any

import pytest

from claims.book import claim_paths, evidence_paths, module_name
from claims.command_line.claim_files import claim_files
from claims.command_line.graph import graph_of
from claims.suite import profiles
from claims.suite.certified import CounterexampleCheck, CounterexampleFile, claim_in
from claims.suite.claim import KINDS, Claim
from claims.suite.evidence import Evidence, write_atomically
from claims.suite.importing import import_all
from claims.suite.plugin import COUNTEREXAMPLE, EVIDENCE, TRAINED, trainer_options
from claims.suite.prover import NotCheckedError
from claims.suite.report import summary, tables
from claims.suite.telling import told

CLAIM_OF = {path: claim for claim in claim_paths() for path in evidence_paths(claim)}
"""From a file that holds evidence to the file that opens its claim."""

OPENINGS = set(CLAIM_OF.values())
NAMES = {path.parent.name if path.stem == "__init__" else path.stem for path in OPENINGS}
"""What claims are called."""
EXAMPLES = pytest.StashKey[int]()
FOUND = pytest.StashKey[Evidence]()
TIGHTNESS = pytest.StashKey[list[dict[str, Any]]]()
REPEATS = "__pytest_repeat_step_number"
"""What pytest-repeat parametrises a test with."""


def pytest_configure(config: pytest.Config) -> None:
    for kind, meaning in KINDS.items():
        config.addinivalue_line("markers", f"{kind}: {meaning}")
    config.addinivalue_line("markers", "ablates(theorem, hypothesis, change, fate): a cell of the ablation matrix")
    config.stash[FOUND] = Evidence()
    path = config.getoption("--claims-json")
    if path is not None and (not Path(path).absolute().parent.is_dir() or Path(path).is_dir()):
        raise pytest.UsageError(f"--claims-json is {path}; expected a file in a directory that exists")


def collectors(path: Path, parent: pytest.Collector) -> list[pytest.Collector]:
    """What a file of a chapter holds: the counterexamples to the claim that it opens, and evidence.

    Where ``-m`` asks for one kind of evidence, a file without its name in it is left alone, which is most of the time
    that ``-m formal`` would take; and where ``-k`` names a claim, one with that name neither in it nor in its path.
    """
    found: list[pytest.Collector] = []
    kind, word = parent.config.option.markexpr.strip(), parent.config.option.keyword.strip().lower()
    if word in NAMES and not mentions(path, word):
        return found
    if path in OPENINGS and (kind not in KINDS or kind == "exact"):  # which counterexamples are
        found.append(ClaimCounterexamples.from_parent(parent, path=path))
    if path in CLAIM_OF and (kind not in KINDS or re.search(rf"\b{kind}\b", path.read_text(encoding="utf-8"))):
        found.append(ClaimModule.from_parent(parent, path=path))
    return found


def mentions(path: Path, word: str) -> bool:
    """Whether a check in a file may have the word, in small letters, among the names that ``-k`` looks at."""
    return word in str(path).lower() or word in path.read_text(encoding="utf-8").lower()


def _named(config: pytest.Config) -> str | None:
    """The Hypothesis profile that the command line names."""
    name: str | None = config.getoption("--hypothesis-profile", default=None)
    return name


class ClaimModule(pytest.Module):
    """A file of evidence, imported under the profile of claims: @given takes the profile of that moment."""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        if not __debug__:
            raise self.CollectError(
                "python -O drops the asserts that evidence consists of; run it without -O and with PYTHONOPTIMIZE unset"
            )
        with profiles.chosen(_named(self.config)):
            import_all(self.config)
            found = list(super().collect())
        if hasattr(self.config, "workerinput"):  # from a worker of xdist a UsageError would not come through
            try:
                _check_definitions([each for each in found if isinstance(each, pytest.Item)])
            except pytest.UsageError as error:
                raise self.CollectError(str(error)) from None
        return found


class ClaimCounterexamples(CounterexampleFile):
    """The counterexamples to a claim; to find them the claim is imported, under its profile."""

    def collect(self) -> Iterable[CounterexampleCheck]:
        with profiles.chosen(_named(self.config)):
            return list(super().collect())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    _check_definitions(items)


def _check_definitions(items: list[pytest.Item]) -> None:
    """UsageError where a claim, or what marks one of its checks, is not as it should be."""
    evidence = [item for item in items if is_evidence(item)]
    for item in evidence:
        _kind(item)
    if evidence:
        _check_graph()
        for opening in dict.fromkeys(CLAIM_OF[_resolved(item.path)] for item in evidence):
            _check_controls(opening)
        for item in evidence:
            _check_ablations(item)


def is_evidence(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and _resolved(item.path) in CLAIM_OF


@cache
def _resolved(path: Path) -> Path:
    """Asked for several times of every check, and each time dozens of system calls."""
    return path.resolve()


def claim_of(item: pytest.Item) -> Claim:
    return claim_in(CLAIM_OF[_resolved(item.path)])


@cache
def _as_json(opening: Path) -> dict[str, Any]:
    """The claim that a file opens, as each of its checks brings it along."""
    return claim_in(opening).as_json() | {"module": module_name(opening)}


def _check_graph() -> None:
    """UsageError where two claims have one uid, or a claim uses one that there is not, or itself, step by step."""
    try:
        graph_of(claim_files())
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error


def _check_controls(opening: Path) -> None:
    """UsageError where no check of a claim, chosen or not, is a control."""
    texts = (path.read_text(encoding="utf-8") for path in evidence_paths(opening))
    if not any(re.search(r"^@(pytest\.mark\.)?control$", text, re.MULTILINE) for text in texts):
        raise pytest.UsageError(
            f"{claim_in(opening).uid} ({opening}) has no control; expected a check of a variant that is false, "
            "which refutes it and is marked @control"
        )


def _check_ablations(item: pytest.Item) -> None:
    """UsageError where a check says what becomes of a hypothesis that the theorem does not have."""
    for theorem, hypothesis, *_ in (mark.args for mark in item.iter_markers("ablates")):
        claim = claim_files().get(theorem)
        if claim is None:
            raise pytest.UsageError(f"{item.nodeid} ablates {theorem}; expected the uid of a claim that there is")
        if hypothesis not in claim.hypotheses:
            raise pytest.UsageError(
                f"{item.nodeid} ablates the hypothesis {hypothesis!r} of {theorem}; "
                f"expected one of {', '.join(map(repr, claim.hypotheses)) or 'those that its Claim lists: none'}"
            )


def _kind(item: pytest.Item) -> str:
    kinds = [kind for kind in KINDS if item.get_closest_marker(kind)]
    if len(kinds) != 1:
        raise pytest.UsageError(
            f"{item.nodeid} is marked {', '.join(kinds) or 'with no kind of evidence'}; "
            f"expected exactly one of {', '.join(KINDS)}"
        )
    return kinds[0]


@pytest.fixture
def tightness(request: pytest.FixtureRequest) -> Callable[[str, float, float, str], None]:
    """``tightness(quantity, observed, guaranteed, how)``: the worst that a search found of a constant, for the table.

    ``how`` says how it was searched. Raises ValueError where the numbers are not finite and positive.
    """
    entries = request.node.stash[TIGHTNESS] = []  # anew where a check is run again

    def enter(quantity: str, observed: float, guaranteed: float, how: str) -> None:
        if not (math.isfinite(observed) and math.isfinite(guaranteed) and observed > 0 and guaranteed > 0):
            raise ValueError(f"{quantity}: observed is {observed} and guaranteed {guaranteed}; expected numbers > 0")
        entries.append({"quantity": quantity, "observed": float(observed), "guaranteed": float(guaranteed), "how": how})

    return enter


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Count the generated examples whose check was passed, by wrapping what Hypothesis calls for each."""
    if not is_evidence(item):
        return (yield)
    handle = getattr(getattr(item, "obj", None), "hypothesis", None)
    with profiles.chosen(_named(item.config)):
        if handle is None:
            return (yield)
        inner = handle.inner_test
        item.stash[EXAMPLES] = 0

        @wraps(inner)
        def counted(*args: Any, **kwargs: Any) -> Any:
            result = inner(*args, **kwargs)
            item.stash[EXAMPLES] += 1
            return result

        handle.inner_test = counted
        try:
            return (yield)
        finally:
            handle.inner_test = inner


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    ran = report.when == "call" or (report.when == "setup" and not report.passed)
    if isinstance(item, CounterexampleCheck) and ran:
        report.user_properties.append((COUNTEREXAMPLE, item.record()))
    if isinstance(item, pytest.Function) and is_evidence(item) and ran:
        record = {
            "check": _check(item),
            "claim": _as_json(CLAIM_OF[_resolved(item.path)]),
            "kind": _kind(item),
            "examples": item.stash.get(EXAMPLES, 0),
            "ablations": [
                dict(zip(("theorem", "hypothesis", "change", "fate"), mark.args, strict=True))
                for mark in item.iter_markers("ablates")
            ],
            "tightness": item.stash.get(TIGHTNESS, []),
            "not_checked": _not_checked(call),
            "failure": told(call.excinfo.value, _place(item)) if report.failed and call.excinfo else None,
        }
        report.user_properties.append((EVIDENCE, record))
    return report


def _check(item: pytest.Function) -> str:
    """What a check is counted by: its test function and its parameters, but for the number of a repetition."""
    indices = item.callspec.indices if hasattr(item, "callspec") else {}
    ours = sorted((name, index) for name, index in indices.items() if name != REPEATS)
    return f"{item.path}::{item.originalname} {ours}"


def _not_checked(call: pytest.CallInfo[None]) -> str:
    """Why a check could not be made here, empty where it could."""
    return str(call.excinfo.value) if call.excinfo and call.excinfo.errisinstance(NotCheckedError) else ""


def _place(item: pytest.Item) -> str:
    """The arguments of a pytest that runs this check alone, where this one was started."""
    path = os.path.relpath(item.path, item.config.invocation_params.dir)
    named = _named(item.config)
    return shlex.join([f"{path}::{item.name}", *([f"--hypothesis-profile={named}"] if named else [])])


def count(config: pytest.Config, report: pytest.TestReport, name: str, record: Any) -> None:
    """Enter what a report brings. What pytest-rerunfailures runs again counts when it was run for the last time."""
    evidence = config.stash[FOUND]
    if str(report.outcome) == "rerun":
        return
    if name == TRAINED:
        evidence.trained.add(record, outcome=str(report.outcome), seconds=report.duration)
    elif name == COUNTEREXAMPLE:
        evidence.add_counterexample(record, verified=report.passed, seconds=report.duration)
    elif not (report.skipped and report.when == "setup"):
        evidence.add(
            record["claim"],
            record["kind"],
            check=record["check"],
            failed=not (report.passed or record["not_checked"]),
            not_checked=record["not_checked"],
            examples=record["examples"],
            seconds=report.duration,
            ablations=record["ablations"],
            tightness=record["tightness"],
            failure=record["failure"],
        )


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    path = session.config.getoption("--claims-json")
    on_worker = hasattr(session.config, "workerinput")
    nothing_ran = session.config.option.collectonly or exitstatus == pytest.ExitCode.USAGE_ERROR
    if path is None or on_worker or nothing_ran:
        return
    write_atomically(Path(path).absolute(), session.config.stash[FOUND].as_json(exit_status=int(exitstatus)))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    evidence = config.stash[FOUND]
    if not (evidence.rows or evidence.counterexamples or evidence.trained):
        return
    width = shutil.get_terminal_size().columns if terminalreporter.isatty else None
    for title, lines in tables(evidence, config.getoption("--claims-report"), width):
        terminalreporter.section(title)
        for line in lines:
            terminalreporter.write_line(line)
    terminalreporter.section("claims")
    for line in summary(evidence, config.getoption("--claims-report"), config.getoption("--claims-json"), width):
        terminalreporter.write_line(line)
    options = trainer_options(config)
    if options and not evidence.trained:
        terminalreporter.write_line(
            f"{options.source} is {options.name}, and no check used it; pytest --pyargs claims.conformance has those "
            "that do"
        )
