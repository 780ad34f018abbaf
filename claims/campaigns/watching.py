"""pytest inside a piece: which checks there are, and what becomes of one of them. In a process that ends afterwards."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Generator
from contextlib import nullcontext
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis.errors import Flaky, HypothesisException

from claims.book import module_name
from claims.campaigns.observing import Observer
from claims.campaigns.places import ROOT
from claims.campaigns.records import Failure, Fate, Piece, Ratio
from claims.suite.plugin import EVIDENCE
from claims.suite.profiles import CAMPAIGN

WIDE = 720720
"""Examples of a profile that every divisor up to 16 divides: what a check draws of them tells its own divisor."""

Answer = dict[str, Any]
"""In JSON's types."""


def collected(paths: list[str]) -> Answer:
    """The checks in ``paths`` that draw: their claim's uid, their name, and how many times fewer examples they draw."""
    collector = _Collector()
    code = _pytest(["--collect-only", "-q", f"--hypothesis-profile={CAMPAIGN}{WIDE}", *paths], collector)
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        return {"reason": collector.reason or f"pytest ended with exit code {int(code)}"}
    return {"checks": collector.checks}


def watched(piece: Piece) -> Answer:
    """What became of a piece, but for where and when."""
    watch = _Watch(piece)
    code = _pytest([*_options(piece), str(ROOT / piece.check)], watch)
    return watch.answer or {
        "fate": Fate.BROKEN.value,
        "reason": watch.reason or f"pytest ended with exit code {int(code)}, and ran no check of this name",
    }


def reproduce(piece: Piece) -> str:
    """The line that runs a piece again, and shows what it finds."""
    path, _, name = piece.check.partition("::")
    return shlex.join(["python", "-m", "pytest", "--pyargs", f"{module_name(ROOT / path)}::{name}", *_options(piece)])


def _options(piece: Piece) -> list[str]:
    return [f"--hypothesis-profile={CAMPAIGN}{piece.examples}", f"--hypothesis-seed={piece.seed}"]


def _pytest(arguments: list[str], plugin: object) -> int:
    """With the configuration of the checkout, or none, and no plugins but Hypothesis's and ours."""
    configuration = ROOT / "pyproject.toml"
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ.pop("PYTEST_ADDOPTS", None)
    options = [
        *("-c", str(configuration) if configuration.is_file() else os.devnull),
        *("--rootdir", str(ROOT)),
        *("-p", "no:cacheprovider"),
        *("-p", "hypothesispytest"),
        *("-p", "deep-linear-claims"),
    ]
    return int(pytest.main([*options, *arguments], plugins=[plugin]))


class _Reasons:
    """Why nothing was collected, in the last line of what pytest says."""

    reason = ""

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.reason = _last_line(report.longreprtext)


class _Collector(_Reasons):
    def __init__(self) -> None:
        self.checks: list[dict[str, Any]] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        from claims.suite import running

        for item in session.items:
            drawn = getattr(getattr(item, "obj", None), "_hypothesis_internal_use_settings", None)
            if drawn is not None and running.is_evidence(item):
                uid = running.claim_of(item).uid
                self.checks.append({"uid": uid, "name": item.nodeid, "fewer": round(WIDE / drawn.max_examples)})


class _Watch(_Reasons):
    """Sees the one check of a piece as it runs."""

    def __init__(self, piece: Piece) -> None:
        self._piece = piece
        self._error: BaseException | None = None
        self._seconds = 0.0
        self._observer: Observer | None = None
        self.answer: Answer | None = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        handle = getattr(getattr(item, "obj", None), "hypothesis", None)
        tight = item.get_closest_marker("control") is None
        self._observer = Observer(tight=tight)
        start = _processor_time()
        try:
            with self._observer.watching(handle) if handle else nullcontext():
                return (yield)
        except BaseException as error:
            self._error = error
            raise
        finally:
            self._seconds = _processor_time() - start

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        record = dict(entry for entry in report.user_properties if isinstance(entry, tuple)).get(EVIDENCE)
        if isinstance(record, dict):
            self.answer = self._answer(report, record)

    def _answer(self, report: pytest.TestReport, record: dict[str, Any]) -> Answer:
        reason = self._why_broken(report, record)
        fate = Fate.BROKEN if reason else Fate.FAILED if report.failed else Fate.PASSED
        observer = self._observer
        if fate is Fate.BROKEN or observer is None:
            return {"fate": Fate.BROKEN.value, "seconds": self._seconds, "reason": reason or "it was not called"}
        ratios = [*observer.ratios.values(), *_entered(record if fate is Fate.PASSED else {})]
        line = reproduce(self._piece)
        failures = [Failure({**record["failure"], "again": line}, line)] if fate is Fate.FAILED else []
        return {
            "fate": fate.value,
            "decided": observer.decided,
            "seconds": self._seconds,
            "verdicts": dict(sorted(observer.verdicts.items())),
            "ratios": [asdict(ratio) for ratio in ratios],
            "failures": [asdict(failure) for failure in failures],
        }

    def _why_broken(self, report: pytest.TestReport, record: dict[str, Any]) -> str:
        """Empty where the check passed or failed on an example."""
        error = self._error
        if record["not_checked"]:
            return str(record["not_checked"])
        if report.skipped or report.when != "call":
            return _last_line(report.longreprtext) or f"it was {report.outcome}"
        unhealthy = isinstance(error, HypothesisException) and not isinstance(error, Flaky)
        if unhealthy or isinstance(error, MemoryError):
            return ": ".join([type(error).__name__, *str(error).strip().splitlines()[:1]])
        return ""


def _processor_time() -> float:
    """Of this process, and of those that it has started and that have ended: a prover's, say."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def _entered(record: dict[str, Any]) -> list[Ratio]:
    """What a search entered in the table of constants."""
    return [Ratio(each["quantity"], each["observed"], each["guaranteed"]) for each in record.get("tightness", [])]


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].removeprefix("E").strip()[:400] if lines else ""
