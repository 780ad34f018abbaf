"""Mutants meet the tests that should notice them: a pytest session that collects once, and forks for every mutant.

Everything is imported and collected in one process, in which no test runs. A child first runs every test as it is, and
tells how long each takes and which functions it reaches. Then one child a mutant puts the mutated code into the
functions that are there, runs the tests that reach them, the quickest first, and ends at the first failure. Nothing is
written but the log.

A function's code is exchanged, so that whoever imported it has the mutated one. What is made of a constant is known to
many, parametrisations and strategies too, and so is what a module makes by its own functions while it is imported: so a
child of its own imports the project anew, with the mutated module in place of the one that is there, and collects the
tests again.
"""

from __future__ import annotations

import gc
import importlib.abc
import importlib.util
import json
import os
import sys
import tempfile
import threading
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import _lru_cache_wrapper
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from mutation_processes import ended, in_child
from mutation_sites import ROOT, Mutant, defaults_of, mutated

QUICK = ("exact", "control", "witness")

Function = tuple[str, str, int]
"""A file of the project, the name of an outermost function in it, and of a lambda the line."""


@dataclass
class Baseline:
    """What a test takes, in seconds, and which functions it reaches; ``passed`` without a mutant."""

    seconds: float
    passed: bool
    reached: set[Function] = field(default_factory=set)


def function_of(code: CodeType) -> Function | None:
    """The outermost function that some code is of, if that is in the project."""
    if not code.co_filename.startswith(f"{ROOT}{os.sep}"):
        return None
    name = code.co_qualname.split(".<locals>")[0]
    return os.path.relpath(code.co_filename, ROOT), name, code.co_firstlineno if name.endswith("<lambda>") else 0


def is_formal(item: pytest.Item) -> bool:
    """Whether a check is one of Coq's kernel, which does not read the formulas in Python."""
    return item.get_closest_marker("formal") is not None


def written_beside(item: pytest.Item) -> int:
    """A number that changes with the modules of the folder that a test is in."""
    return zlib.crc32(b"".join(path.read_bytes() for path in sorted(item.path.parent.glob("*.py"))))


def is_ours(function: Any) -> bool:
    """Whether a function is of the project."""
    return isinstance(function, FunctionType) and function_of(function.__code__) is not None


# In a child.


@dataclass
class Imported(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """What imports a module with a mutant in it, before anybody else does."""

    mutant: Mutant

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if name != self.mutant.module:
            return None
        where = ROOT / self.mutant.path
        package = where.name == "__init__.py"
        return importlib.util.spec_from_file_location(
            name, where, loader=self, submodule_search_locations=[str(where.parent)] if package else None
        )

    def exec_module(self, module: ModuleType) -> None:
        exec(compiled(self.mutant), vars(module))


class First:
    """The first test that fails, of those that read formulas in Python."""

    def __init__(self) -> None:
        self.test = ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if not is_formal(item)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.test:
            self.test = report.nodeid


def meet_anew(mutant: Mutant, options: list[str], tell: Callable[[Any], None]) -> None:
    """Import and collect with a mutant in place, and tell the first test that fails; or that they cannot be collected,
    which is seen as well."""
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", "")).startswith(f"{ROOT}{os.sep}") and not name.startswith("mutation"):
            del sys.modules[name]
    sys.meta_path.insert(0, Imported(mutant))
    first = First()
    status = pytest.main([*options, "-x"], plugins=[first])
    if first.test or status:
        tell(first.test or f"pytest ends with {int(status)}")


class Failures:
    """Whether the test that has just run failed."""

    def __init__(self) -> None:
        self.failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed = self.failed or report.failed


def run(item: pytest.Item, following: pytest.Item | None) -> bool:
    """Whether a test passes."""
    failures = Failures()
    item.config.pluginmanager.register(failures)
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    item.config.pluginmanager.unregister(failures)
    return not failures.failed


def baseline(items: list[pytest.Item], tell: Callable[[Any], None]) -> None:
    """Run every test as it is, with nothing cached from the one before, and tell what it takes and reaches."""
    known = caches()
    for item, following in zip(items, [*items[1:], None], strict=True):
        for cache in known:
            cache.cache_clear()
        seen = set[CodeType]()

        def note(frame: Any, event: str, argument: Any, seen: set[CodeType] = seen) -> None:
            seen.add(frame.f_code)

        start = time.process_time()
        threading.settrace(note)
        sys.settrace(note)
        passed = run(item, following)
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]
        reached = {each for each in map(function_of, seen) if each}
        tell(
            {"test": item.nodeid, "seconds": time.process_time() - start, "passed": passed, "reached": sorted(reached)}
        )


def caches() -> list[Any]:
    """The functions of the project that remember what they gave."""
    return [each for each in gc.get_objects() if isinstance(each, _lru_cache_wrapper) and is_ours(each.__wrapped__)]


def meet(mutant: Mutant, items: list[pytest.Item], tell: Callable[[Any], None]) -> None:
    """Put a mutant in, with nothing cached from the collection, and tell the first test that fails."""
    put_in(mutant)
    for cache in caches():
        cache.cache_clear()
    for item, following in zip(items, [*items[1:], None], strict=True):
        if not run(item, following):
            tell(item.nodeid)
            return


def put_in(mutant: Mutant) -> None:
    """Make a mutant of a function what runs."""
    (code,) = (each for each in codes(compiled(mutant)) if is_of(each, mutant))
    for each in gc.get_objects():
        if type(each) is FunctionType and is_of(each.__code__, mutant):
            each.__code__ = code
            if mutant.default:
                each.__defaults__, each.__kwdefaults__ = defaults_of(mutant, each.__globals__)  # type: ignore[assignment]


def compiled(mutant: Mutant) -> CodeType:
    """The module with the mutant in it."""
    return compile(mutated(mutant), str(ROOT / mutant.path), "exec", dont_inherit=True)


def codes(code: CodeType) -> Iterator[CodeType]:
    """Some code and what is defined in it."""
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from codes(each)


def is_of(code: CodeType, mutant: Mutant) -> bool:
    """Whether some code is of the function that a mutant is in. Lambdas of one line are told by where they end."""
    if (code.co_qualname, code.co_firstlineno) != (mutant.owner, mutant.first):
        return False
    if code.co_filename != str(ROOT / mutant.path):
        return False
    ends = ((line or 0, column or 0) for _, line, _, column in code.co_positions())
    return not mutant.owner.endswith("<lambda>") or max(ends) == mutant.end


# In the parent.


Running = dict[int, tuple[Mutant, Path, int]]
"""Children by their processes: the mutant, where it is told what came of it, the number of tests that it meets."""


@dataclass
class Mutations:
    """The plugin: after collection, in place of running the tests."""

    mutants: list[Mutant]
    options: list[str]
    """Those of pytest, and the tests."""
    log: Path
    known: Path
    jobs: int
    patience: float
    told: Callable[[dict[str, Any]], None]
    grace: float = 10.0
    """The seconds that a mutant has beside four times what its tests take."""

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.items = {item.nodeid: item for item in session.items if not is_formal(item)}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Interrupted("tests could not be collected")
        with tempfile.TemporaryDirectory(prefix="mutation") as folder:
            self.tests = self.baselines(folder)
            self.passing = [test for test, each in self.tests.items() if each.passed]
            self.by_function: dict[Function, list[str]] = defaultdict(list)
            for test in self.passing:
                for function in self.tests[test].reached:
                    self.by_function[function].append(test)
            self.killers: dict[str, Counter[str]] = defaultdict(Counter)
            self.all_of_them(folder)
        return True

    def baselines(self, folder: str) -> dict[str, Baseline]:
        """What is known of every test, from the last time, where nothing beside it is written anew."""
        beside = {name: written_beside(item) for name, item in self.items.items()}
        known = [each for each in read_lines(self.known) if each.get("beside") == beside.get(each["test"], 0)]
        missing = [item for name, item in self.items.items() if name not in {each["test"] for each in known}]
        if missing:
            process, told = in_child(lambda tell: baseline(missing, tell), 7200, folder)
            status, found, error, _ = ended(process, told)
            found = [each | {"beside": beside[each["test"]]} for each in found]
            with self.known.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(each) + "\n" for each in found)
            if status:
                raise RuntimeError(
                    f"the tests as they are ended with status {status} after {len(found)} tests: {error}"
                )
            known += found
        return {
            each["test"]: Baseline(each["seconds"], each["passed"], {tuple(one) for one in each["reached"]})
            for each in known
            if each["test"] in self.items
        }

    def chosen(self, mutant: Mutant) -> list[str]:
        """The tests that should notice a mutant, those first that noticed others of its module, then the quick ones."""
        path = mutant.path
        line = mutant.first if mutant.owner.endswith("<lambda>") else 0
        reach = self.by_function[path, mutant.owner, line]
        killers = self.killers[mutant.path]

        def order(test: str) -> tuple[Any, ...]:
            quick = any(self.items[test].get_closest_marker(kind) for kind in QUICK)
            return -killers[test], not quick, self.tests[test].seconds

        found, total = [], 0.0
        for test in sorted(reach, key=order):
            total += self.tests[test].seconds
            if total <= self.patience or not found:
                found.append(test)
        return found

    def all_of_them(self, folder: str) -> None:
        """So many at once, each outcome logged when it is there."""
        waiting = list(reversed(self.mutants))
        running: Running = {}
        while waiting or running:
            if waiting and len(running) < self.jobs:
                self.start(waiting.pop(), running, folder)
            else:
                self.finish(running)

    def start(self, mutant: Mutant, running: Running, folder: str) -> None:
        """A child that meets the mutant, if a test reaches it; of what is made at import, all that were collected."""
        anew = not mutant.owner or mutant.at_import
        tests = self.passing if anew else self.chosen(mutant)
        if not tests:
            self.write(mutant, "unreached")
            return
        items = [self.items[test] for test in tests]
        limit = self.grace + 4 * sum(self.tests[test].seconds for test in tests)
        if not anew:
            process, told = in_child(lambda tell: meet(mutant, items, tell), limit, folder)
        else:
            process, told = in_child(lambda tell: meet_anew(mutant, self.options, tell), 2 * limit, folder)
        running[process] = mutant, told, len(tests)

    def finish(self, running: Running) -> None:
        """The next child that ends."""
        process = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT).si_pid
        mutant, told, count = running.pop(process)
        status, lines, error, seconds = ended(process, told)
        outcome = "killed" if lines else "timeout" if os.WIFSIGNALED(status) else "broken" if status else "survived"
        self.killers[mutant.path].update(lines)
        self.write(mutant, outcome, by=lines[0] if lines else error, seconds=round(seconds, 2), tests=count)

    def write(self, mutant: Mutant, outcome: str, *, by: str = "", seconds: float = 0.0, tests: int = 0) -> None:
        """A line of the log."""
        entry = dict(zip(("path", "owner", "text", "mutation", "nth"), mutant.key, strict=True))
        entry |= {"line": mutant.line, "outcome": outcome, "by": by, "seconds": seconds, "tests": tests}
        with self.log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(entry) + "\n")
        self.told(entry)


def read_lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
