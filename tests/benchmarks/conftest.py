"""Benchmarks run only with ``--benchmark-only``, on one core; the session ends with their tables."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import speed_report
from threadpoolctl import threadpool_limits


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Without pytest-benchmark its option would be an unknown one; say how to get it instead."""
    if not pluginmanager.hasplugin("benchmark"):
        parser.addoption("--benchmark-only", action="store_true", help="needs pip install '.[bench]'")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Collect nothing here unless benchmarks are asked for; asked for, they must be able to run."""
    if not config.getoption("benchmark_only", default=False):
        return True
    if not config.pluginmanager.hasplugin("benchmark"):
        raise pytest.UsageError("the benchmarks need pytest-benchmark: pip install '.[bench]'")
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the tables, if anything was measured."""
    if speed_report.rates or speed_report.two_threads or speed_report.peak_memory:
        terminalreporter.section("descent speed")
        for line in speed_report.lines():
            terminalreporter.write_line(line)


@pytest.fixture(autouse=True, scope="session")
def one_core() -> Iterator[set[int]]:
    """Pin the session to one core before JAX starts its threads, and BLAS to one thread; yield all cores."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    with threadpool_limits(1):
        yield cores
    os.sched_setaffinity(0, cores)
