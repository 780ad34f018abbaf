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


TESTS_ASKED, CLAIMS_ASKED = 6, 3
"""Of the modules of tests that use a module of another room, and of the claims that do, so many are asked."""


FAR = ("auditing", "campaigns", "command_line", "conformance", "counterexamples", "site", "suite.hunting")


def is_far(test: Path) -> bool:
    """Whether a module of tests is of what stands on the rooms: it takes long, and sees little of a formula."""
    return any(origin.startswith(tuple(f"claims.{far}" for far in FAR)) for origin, _ in imported(test))


def users(path: str) -> list[str]:
    """Of a module of solvers or strategies: the modules of tests that import most of it, and the claims. Of one that
    none imports, those that import most of its package."""
    words = re.findall(r"^(?:def |class )?(\w+)", source(path), re.MULTILINE)
    defined = set(words) - {"def", "class", "from", "import"}
    near = [each for each in sorted((ROOT / "tests").glob("test_*.py")) if not is_far(each)]
    tests = {relative(each): taken(each, path, defined) for each in near}
    claims = {
        group: sum(taken(ROOT / each, path, defined) for each in paths) for group, paths in groups("claims").items()
    }
    if not any((*tests.values(), *claims.values())) and not path.endswith("__init__.py"):
        return users(relative((ROOT / path).parent / "__init__.py"))
    return [*most(tests, TESTS_ASKED, path), *most(claims, CLAIMS_ASKED, path)]


def most(taken_by: dict[str, int], count: int, path: str) -> list[str]:
    """The first ones, of which those that bear the module's name, and none that take nothing."""
    name = Path(path).stem
    users = [user for user in taken_by if taken_by[user]]
    return sorted(users, key=lambda user: (name not in user, -taken_by[user]))[:count]


def taken(user: Path, path: str, defined: set[str]) -> int:
    """How many of a module's names a file takes, from it or from a package that it is in: all where it takes the
    module itself, or where that is a package's."""
    module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    package, _, name = module.rpartition(".")
    return sum(
        len(defined if origin == package and name in found else found if origin == module else found & defined)
        for origin, found in imported(user)
        if f"{module}.".startswith(f"{origin}.")
    )


@cache
def imported(user: Path) -> list[tuple[str, set[str]]]:
    """What a file imports, by where from."""
    found = re.findall(r"^ *from ([\w.]+) import (\([^)]*\)|[^\n]*)", user.read_text(encoding="utf-8"), re.MULTILINE)
    return [(origin, set(re.findall(r"\w+", taken))) for origin, taken in found]
