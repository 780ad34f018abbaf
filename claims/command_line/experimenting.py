"""``experiment``: run one of the experiments that stand in the chapters, or list them."""

from __future__ import annotations

import argparse
import ast
import importlib
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from pathlib import Path

from claims.book import CHAPTERS, CLAIMS
from claims.command_line.errors import UsageError
from claims.command_line.terminal import columns, print_json, table

EXAMPLES = """\
examples:
  %(prog)s
  %(prog)s stages --out figures --reduced
  %(prog)s trade_off --out figures --jobs 4
  %(prog)s stages --help
"""


@dataclass(frozen=True)
class Experiment:
    """A module with a ``main`` in the ``experiments`` of a chapter; ``summary`` is its docstring's first line."""

    name: str
    chapter: str
    module: str
    summary: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.usage = "%(prog)s [-h] [--json] [NAME --out DIR [--reduced]]"
    parser.description = (
        "Run an experiment, which repeats what a paper shows in a figure, and write its\n"
        "numbers (JSON) and its figure (PNG, SVG). Without a NAME they are listed."
    )
    parser.epilog = EXAMPLES
    parser.add_argument("name", metavar="NAME", nargs="?", help="what follows it is for the experiment: NAME --help")
    parser.add_argument("--json", action="store_true", help="the list, for a program to read")


def run(arguments: argparse.Namespace) -> int:
    known = {experiment.name: experiment for experiment in experiments()}
    if arguments.name is None:
        _print_list(list(known.values()), as_json=arguments.json)
        return 0
    if arguments.name not in known:
        near = " or ".join(get_close_matches(arguments.name, known)) or f"one of {', '.join(known)}"
        raise UsageError(f"there is no experiment {arguments.name!r}; did you mean {near}?")
    return int(importlib.import_module(known[arguments.name].module).main(arguments.passed_on))


def _print_list(found: list[Experiment], *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(experiment) for experiment in found])
    else:
        rows = [[experiment.name, experiment.chapter, experiment.summary] for experiment in found]
        print(*table([["experiment", "chapter", "what it shows"], *rows], columns(), shrinks=(2,)), sep="\n")


def experiments(claims: Path = CLAIMS) -> list[Experiment]:
    """Every experiment, chapter by chapter, found without importing any. ValueError where two have one name."""
    found: dict[str, Experiment] = {}
    for chapter in CHAPTERS:
        for path in sorted((claims / chapter / "experiments").glob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
            if not any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body):
                continue
            if path.stem in found:
                raise ValueError(f"{path.stem} is an experiment of {found[path.stem].chapter} and of {chapter}")
            summary = (ast.get_docstring(tree) or "").partition("\n")[0]
            found[path.stem] = Experiment(path.stem, chapter, f"claims.{chapter}.experiments.{path.stem}", summary)
    return list(found.values())
