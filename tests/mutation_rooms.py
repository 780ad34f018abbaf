"""The rooms whose formulas are mutated: what of them is sampled together, and which tests meet it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mutation_sites import ROOT, Mutant, mutants, source

from claims.book import claim_paths, evidence_paths


def groups(room: str) -> dict[str, list[str]]:
    """The modules of a room, by what is sampled together: a claim's, or each alone."""
    if room == "claims":
        found = {opening: [relative(path) for path in evidence_paths(opening)] for opening in claim_paths()}
        return {relative(key.parent if key.stem == "__init__" else key): paths for key, paths in found.items()}
    return {relative(path): [relative(path)] for path in sorted((ROOT / room).rglob("*.py"))}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def chosen(room: str, sample: int, seed: int, only: str) -> list[Mutant]:
    """The mutants of a room, or so many of each group by the seed; none but those of paths that begin with ``only``."""
    found = []
    for group, paths in groups(room).items():
        every = [mutant for path in paths if path.startswith(only) for mutant in mutants(path)]
        drawn = random.Random(f"{seed} {group}").sample(every, len(every))
        few = set(drawn[: sample or None])
        found += [mutant for mutant in every if mutant in few]
    return found


def sessions(room: str, waiting: list[Mutant]) -> Iterator[tuple[list[str], list[Mutant]]]:
    """Where the tests are that are collected together, and the mutants that meet them."""
    for group, paths in groups(room).items():
        if part := [each for each in waiting if each.path in paths]:
            yield [group] if room == "claims" else users(group), part


CLAIMS_ASKED = 2
"""Of the claims that use a module of another room, so many are asked: those with the shortest evidence."""


def users(path: str) -> list[str]:
    """Of a module of solvers or strategies: the modules of tests that import it, and some of the claims that do."""
    names = set(re.findall(r"^(?:def |class )?(\w+)", source(path), re.MULTILINE))
    tests = [relative(each) for each in sorted((ROOT / "tests").glob("test_*.py")) if imports(each, path, names)]
    asked = {
        group: sum(len(source(each)) for each in paths)
        for group, paths in groups("claims").items()
        if any(imports(ROOT / each, path, names) for each in paths)
    }
    return tests + sorted(asked, key=lambda group: asked[group])[:CLAIMS_ASKED]


def imports(user: Path, path: str, names: set[str]) -> bool:
    """Whether a file imports a module, or one of its names from the module or from a package that it is in."""
    module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    package, _, name = module.rpartition(".")
    for origin, taken in imported(user):
        if f"{module}.".startswith(f"{origin}.") and (taken & names or (origin == package and name in taken)):
            return True
    return False


@cache
def imported(user: Path) -> list[tuple[str, set[str]]]:
    """What a file imports, by where from."""
    found = re.findall(r"^ *from ([\w.]+) import (\([^)]*\)|[^\n]*)", user.read_text(encoding="utf-8"), re.MULTILINE)
    return [(origin, set(re.findall(r"\w+", taken))) for origin, taken in found]
