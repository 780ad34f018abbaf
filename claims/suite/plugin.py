"""The pytest plugin as every run in the environment loads it: it waits for a claim, and until then does nothing.

It is found through its entry point, so that ``pytest claims`` in a checkout and ``pytest --pyargs claims`` anywhere
collect the same modules. Whoever runs pytest on something else has it too: so nothing heavy is imported here, and
markers, Hypothesis profiles and all that counts evidence (:mod:`claims.suite.running`) come with the first claim.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path
from types import ModuleType

import pytest

from claims.book import CHAPTERS, CLAIMS

RUNNING = "deep-linear-claims-running"
EVIDENCE = "claims-evidence"
COUNTEREXAMPLE = "claims-counterexample"
"""Under these names what is counted travels with the test reports, so that it is right under pytest-xdist too."""

REPORTS = ("summary", "ablation", "counterexamples", "tightness", "all")
FOLDERS = tuple(f"{CLAIMS / chapter}{os.sep}" for chapter in CHAPTERS)

pytest.register_assert_rewrite(*(f"{CLAIMS.name}.{chapter}" for chapter in CHAPTERS))


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("claims", "Deep Linear Claims")
    group.addoption("--claims-json", metavar="PATH", help="write the evidence table as JSON to PATH")
    group.addoption(
        "--claims-report",
        choices=REPORTS,
        default="summary",
        help="the table to print in full beside that of the evidence (default: a line for each)",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Before Hypothesis's own: a profile of ours must be known where the command line names it."""
    if (config.getoption("--hypothesis-profile", default=None) or "").startswith("claims"):
        from claims.suite import profiles

        profiles.register()
    config.pluginmanager.register(_Reports(config), "deep-linear-claims-reports")
    if config.getoption("--claims-json") is not None:
        _running(config)


def _running(config: pytest.Config) -> ModuleType:
    """What runs claims, made a plugin of this run when it is first wanted."""
    from claims.suite import running

    if not config.pluginmanager.has_plugin(RUNNING):
        config.pluginmanager.register(running, RUNNING)
    return running


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """A claim's file is collected our way, whether or not its name looks like a test's."""
    found = yield
    path = file_path.resolve()
    if not str(path).startswith(FOLDERS):
        return found
    running = _running(parent.config)
    ours = path in running.OPENINGS or path in running.CLAIM_OF
    return [
        *running.collectors(path, parent),
        *(each for each in found if not (ours and isinstance(each, pytest.Module))),
    ]


class _Reports:
    """Sees reports where they all arrive: in the one process, or in xdist's controller, which collects nothing."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for entry in report.user_properties:
            if entry[0] in (EVIDENCE, COUNTEREXAMPLE):
                _running(self.config).count(self.config, report, *entry)
