"""The formal statements of the claims, read from their syntax trees: no claim is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from claims.book import CLAIMS, claim_paths, evidence_paths
from claims.formal.asking import Question

PARAMETERS = ("file", "theorem", "statement", "axioms")


@dataclass(frozen=True)
class Stated:
    """A call of :func:`claims.suite.prover.proved` in the evidence of a claim.

    ``claim`` is the file that opens the claim, ``path`` and ``line`` the call's place, ``check`` the test function and
    ``said`` its docstring; ``file`` is the one of ``claims/formal``.
    """

    claim: Path
    path: Path
    line: int
    check: str
    said: str
    file: str
    question: Question


@cache
def stated() -> tuple[Stated, ...]:
    """Those of all claims, in the book's order. ValueError where an argument is neither a string nor a name of one."""
    return tuple(each for claim in claim_paths() for each in stated_by(claim))


def stated_by(claim: Path) -> list[Stated]:
    """Those of one claim, by the file that opens it."""
    return [each for path in evidence_paths(claim) for each in _stated_in(claim, path)]


def stated_of(file: str) -> list[Stated]:
    """Those that a file of ``claims/formal`` proves."""
    return [each for each in stated() if each.file == file]


def _stated_in(claim: Path, path: Path) -> Iterator[Stated]:
    text = path.read_text(encoding="utf-8")
    if "proved(" not in text:
        return
    tree = ast.parse(text, str(path))
    names = _axioms() | _strings(tree)
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "proved":
                    file, theorem, statement, axioms = _arguments(call, names, path)
                    said = ast.get_docstring(function) or ""
                    question = Question(theorem, statement, axioms)
                    yield Stated(claim, path, call.lineno, function.name, said, file, question)


def _arguments(call: ast.Call, names: Mapping[str, ast.expr], path: Path) -> tuple[str, str, str, tuple[str, ...]]:
    given = dict(zip(PARAMETERS, call.args, strict=False)) | {str(each.arg): each.value for each in call.keywords}
    found = {"axioms": ()} | {name: _value(node, names) for name, node in given.items()}
    match [found.get(name) for name in PARAMETERS]:
        case [str(file), str(theorem), str(statement), tuple(axioms)]:
            return file, theorem, statement, axioms
    raise ValueError(
        f"{path}:{call.lineno}: {ast.unparse(call)} cannot be read without importing the module; "
        "expected strings, or names of strings in the module"
    )


def _value(node: ast.expr, names: Mapping[str, ast.expr]) -> object:
    if isinstance(node, ast.Name) and node.id in names:
        node = names[node.id]
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def _strings(tree: ast.Module) -> dict[str, ast.expr]:
    """Names of the module, and their values."""
    return {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }


@cache
def _axioms() -> dict[str, ast.expr]:
    """The sets of axioms that have a name."""
    path = CLAIMS / "formal" / "asking.py"
    return _strings(ast.parse(path.read_text(encoding="utf-8"), str(path)))
