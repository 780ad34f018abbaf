"""The pytest plugin as every run in the environment loads it: it waits for a claim, and until then does nothing.

It is found through its entry point, so that ``pytest claims`` in a checkout and ``pytest --pyargs claims`` anywhere
collect the same modules. Whoever runs pytest on something else has it too: so nothing heavy is imported here, and
markers, Hypothesis profiles and all that counts evidence (:mod:`claims.suite.running`) come with the first claim.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from claims.book import CHAPTERS, CLAIMS

RUNNING = "deep-linear-claims-running"
EVIDENCE = "claims-evidence"
COUNTEREXAMPLE = "claims-counterexample"
TRAINED = "claims-trained"
"""Under these names what is counted travels with the test reports, so that it is right under pytest-xdist too."""

REPORTS = ("summary", "ablation", "counterexamples", "tightness", "all")
CONFORMANCE = CLAIMS / "conformance" / "__init__.py"
"""Where a trainer is held to the claims."""

FOLDERS = tuple(f"{CLAIMS / chapter}{os.sep}" for chapter in CHAPTERS)

INI = {
    "claims_trainer": "the trainer that is held to the claims, pkg.module:train",
    "claims_trainer_dtype": "the format that it computes in",
    "claims_trainer_loss": "what its loss is divided by",
}
"""What --claims-trainer and the options beside it say, in a configuration file; in capitals, in the environment."""

pytest.register_assert_rewrite(*(f"{CLAIMS.name}.{chapter}" for chapter in CHAPTERS))


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("claims", "Deep Linear Claims")
    group.addoption("--claims-json", metavar="PATH", help="write the evidence table as JSON to PATH")
    group.addoption(
        "--claims-trainer",
        metavar="MODULE:FUNCTION",
        help="hold this trainer to the claims' laws, and to the probes; also CLAIMS_TRAINER, or claims_trainer = ...",
    )
    group.addoption("--claims-trainer-dtype", metavar="DTYPE", help="the format that it computes in (default: float64)")
    group.addoption("--claims-trainer-loss", metavar="LOSS", help="what its loss is divided by (default: half-sum)")
    group.addoption(
        "--claims-trainer-transposed", action="store_true", help="its matrices are transposed: weights (in, out)"
    )
    for name, meaning in INI.items():
        parser.addini(name, meaning, default="")
    group.addoption(
        "--claims-report",
        choices=REPORTS,
        default="summary",
        help="the table to print in full beside that of the evidence (default: a line for each)",
    )


@dataclass(frozen=True)
class TrainerOptions:
    """What the command line, the environment or a configuration file, in this order, says of a trainer; ``source``
    names where the trainer is from."""

    name: str
    dtype: str
    loss: str
    transposed: bool
    source: str


def trainer_options(config: pytest.Config) -> TrainerOptions | None:
    """None where no trainer is named."""
    said = {name: _said(config, name) for name in INI}
    name, source = said["claims_trainer"]
    if not name:
        return None
    dtype, loss = said["claims_trainer_dtype"][0] or "float64", said["claims_trainer_loss"][0] or "half-sum"
    return TrainerOptions(name, dtype, loss, bool(config.getoption("--claims-trainer-transposed")), source)


def _said(config: pytest.Config, name: str) -> tuple[str, str]:
    """What is said under a name, and where."""
    option, variable = "--" + name.replace("_", "-"), name.upper()
    values = [(config.getoption(option), option), (os.environ.get(variable), variable), (config.getini(name), name)]
    return next(((str(value), source) for value, source in values if value), ("", ""))


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Before Hypothesis's own: a profile of ours must be known where the command line names it."""
    profile = config.getoption("--hypothesis-profile", default=None) or ""
    if profile.startswith("claims"):
        from claims.suite import profiles

        profiles.register_named(profile)
    config.pluginmanager.register(_Reports(config), "deep-linear-claims-reports")
    if config.getoption("--claims-json") is not None:
        _running(config)


def _running(config: pytest.Config) -> ModuleType:
    """What runs claims, made a plugin of this run when it is first wanted."""
    from claims.suite import running

    if not config.pluginmanager.has_plugin(RUNNING):
        config.pluginmanager.register(running, RUNNING)
    return running


def _trained(config: pytest.Config) -> ModuleType:
    """What holds a trainer to the claims, made a plugin of this run when it is first wanted."""
    _running(config)
    from claims.suite import trained

    if not config.pluginmanager.has_plugin(TRAINED):
        config.pluginmanager.register(trained, TRAINED)
    return trained


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """A claim's file is collected our way, whether or not its name looks like a test's."""
    found = yield
    path = file_path.resolve()
    if path == CONFORMANCE and (options := trainer_options(parent.config)):
        return list(_trained(parent.config).collectors(path, parent, options))
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
            if entry[0] in (EVIDENCE, COUNTEREXAMPLE, TRAINED):
                _running(self.config).count(self.config, report, *entry)
