"""The pytest plugin: collects claim modules, counts the evidence of those that ran, prints and writes it.

It is found through its entry point, so that ``pytest claims`` in a checkout and ``pytest --pyargs claims`` anywhere
collect the same modules. Counts travel with the test reports, so they are right under pytest-xdist too.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Generator
from functools import wraps
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

CLAIM_OF = {path: claim for claim in claim_paths() for path in evidence_paths(claim)}
"""From a file that holds evidence to the file that opens its claim."""

OPENINGS = set(CLAIM_OF.values())
EXAMPLES = pytest.StashKey[int]()
EVIDENCE = pytest.StashKey[Evidence]()
TIGHTNESS = pytest.StashKey[list[dict[str, Any]]]()
PROPERTY = "claims-evidence"
COUNTEREXAMPLE = "claims-counterexample"

pytest.register_assert_rewrite(*map(module_name, CLAIM_OF))
profiles.register()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("claims", "Deep Linear Claims")
    group.addoption("--claims-json", metavar="PATH", help="write the evidence table as JSON to PATH")


def pytest_configure(config: pytest.Config) -> None:
    for kind, meaning in KINDS.items():
        config.addinivalue_line("markers", f"{kind}: {meaning}")
    config.addinivalue_line("markers", "ablates(theorem, hypothesis, change, fate): a cell of the ablation matrix")
    for path in CLAIM_OF:
        config.addinivalue_line("python_files", str(path))
    config.stash[EVIDENCE] = Evidence()
    path = config.getoption("--claims-json")
    if path is not None and (not Path(path).absolute().parent.is_dir() or Path(path).is_dir()):
        raise pytest.UsageError(f"--claims-json is {path}; expected a file in a directory that exists")


@pytest.hookimpl(tryfirst=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Beside the file that opens a claim, its counterexamples. The default profile is loaded before any evidence is
    imported, since @given takes the profile of that moment."""
    path = file_path.resolve()
    if path in CLAIM_OF:
        profiles.load_default()
    return CounterexampleFile.from_parent(parent, path=file_path) if path in OPENINGS else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    evidence = [item for item in items if _is_evidence(item)]
    for item in evidence:
        _claim(item)
        _kind(item)
    if evidence:
        _check_graph()


def _is_evidence(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and item.path.resolve() in CLAIM_OF


def _claim(item: pytest.Item) -> Claim:
    return claim_in(CLAIM_OF[item.path.resolve()])


def _check_graph() -> None:
    """UsageError where a claim uses one that there is not, or itself, step by step."""
    try:
        graph_of(claim_files())
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error


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
    entries = request.node.stash.setdefault(TIGHTNESS, [])

    def enter(quantity: str, observed: float, guaranteed: float, how: str) -> None:
        if not (math.isfinite(observed) and math.isfinite(guaranteed) and observed > 0 and guaranteed > 0):
            raise ValueError(f"{quantity}: observed is {observed} and guaranteed {guaranteed}; expected numbers > 0")
        entries.append({"quantity": quantity, "observed": float(observed), "guaranteed": float(guaranteed), "how": how})

    return enter


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Count the generated examples whose check was passed, by wrapping what Hypothesis calls for each."""
    handle = getattr(getattr(item, "obj", None), "hypothesis", None) if _is_evidence(item) else None
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
    if _is_evidence(item) and ran:
        claim = _claim(item)
        record = {
            "claim": claim.as_json() | {"module": module_name(CLAIM_OF[item.path.resolve()])},
            "kind": _kind(item),
            "examples": item.stash.get(EXAMPLES, 0),
            "ablations": [
                dict(zip(("theorem", "hypothesis", "change", "fate"), mark.args, strict=True))
                for mark in item.iter_markers("ablates")
            ],
            "tightness": item.stash.get(TIGHTNESS, []),
        }
        report.user_properties.append((PROPERTY, record))
    return report


class _Log:
    """Gathers reports where they all arrive: in the one process, or in xdist's controller."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        record: Any
        for name, record in report.user_properties:
            if name == COUNTEREXAMPLE:
                evidence = self.config.stash[EVIDENCE]
                evidence.add_counterexample(record, verified=report.passed, seconds=report.duration)
            if name == PROPERTY and not (report.skipped and report.when == "setup"):
                self.config.stash[EVIDENCE].add(
                    record["claim"],
                    record["kind"],
                    failed=not report.passed,
                    examples=record["examples"],
                    seconds=report.duration,
                    ablations=record["ablations"],
                    tightness=record["tightness"],
                )


def pytest_sessionstart(session: pytest.Session) -> None:
    session.config.pluginmanager.register(_Log(session.config), "claims-log")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    path = session.config.getoption("--claims-json")
    on_worker = hasattr(session.config, "workerinput")
    nothing_ran = session.config.option.collectonly or exitstatus == pytest.ExitCode.USAGE_ERROR
    if path is None or on_worker or nothing_ran:
        return
    write_atomically(Path(path).absolute(), session.config.stash[EVIDENCE].as_json(exit_status=int(exitstatus)))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    evidence = config.stash[EVIDENCE]
    if not evidence.rows and not evidence.counterexamples:
        return
    width = shutil.get_terminal_size().columns if terminalreporter.isatty else None
    for title, lines in (
        ("evidence: checks that ran / examples generated for them", evidence.table(width) if evidence.rows else []),
        ("counterexamples: what each refutes, decided in exact arithmetic", evidence.counterexample_table(width)),
        ("ablation: what is left of a theorem when a hypothesis is changed", evidence.ablation_matrix(width)),
        ("tightness: how far constants are from what was seen", evidence.tightness_table(width)),
    ):
        if lines:
            terminalreporter.section(title)
        for line in lines:
            terminalreporter.write_line(line)
    path = config.getoption("--claims-json")
    if path is not None:
        terminalreporter.write_line(f"written as JSON to {path}")
