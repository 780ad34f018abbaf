"""What the claim modules say of themselves, read from their syntax trees: no claim is imported.

``CLAIM = Claim(...)`` is evaluated here, in the little of Python that it is written in: constants, tuples, names of
constants and of sources, ``.at(place)``, members of an enumeration. Tests compare the result with the imported claims.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from claims.book import CLAIMS, chapter_of, claim_paths, evidence_paths, module_name
from claims.command_line.errors import UsageError

SUITE = CLAIMS / "suite"
SOURCE_FIELDS = ("key", "authors", "title", "venue", "identifier", "place")
DOCSTRING = "__doc__"


@dataclass(frozen=True)
class Ablation:
    """A cell of the ablation matrix: what a check says of ``theorem`` under ``change`` of ``hypothesis``."""

    theorem: str
    hypothesis: str
    change: str
    fate: str


@dataclass(frozen=True)
class Check:
    """A test function of a claim: its kind of evidence, where it stands, what theorems it ablates."""

    name: str
    kind: str
    path: Path
    line: int
    ablations: tuple[Ablation, ...]


@dataclass(frozen=True)
class ClaimFile:
    """A claim and its module; the fields of :class:`claims.suite.Claim` have the types of its ``as_json``."""

    uid: str
    title: str
    statement: str
    sources: tuple[dict[str, str], ...]
    items: tuple[str, ...]
    status: str
    hypotheses: tuple[str, ...]
    uses: tuple[str, ...]
    path: Path
    line: int

    @property
    def module(self) -> str:
        return module_name(self.path)

    @property
    def chapter(self) -> str:
        return chapter_of(self.path)

    @property
    def source(self) -> str:
        """The key of the first source, and how many more there are."""
        first = self.sources[0]["key"]
        return f"{first} +{len(self.sources) - 1}" if len(self.sources) > 1 else first

    def as_json(self) -> dict[str, Any]:
        """In JSON's types, with the chapter, the module (or package), its file and the line of the claim."""
        places = {"chapter": self.chapter, "module": self.module, "path": str(self.path), "line": self.line}
        return asdict(self) | places


@cache
def claim_files(directory: Path = CLAIMS) -> dict[str, ClaimFile]:
    """Every claim in the chapters of a directory, by uid. UsageError where a module's claim cannot be read, or two have
    one uid."""
    found: dict[str, ClaimFile] = {}
    for path in claim_paths(directory):
        claim = read(path)
        if claim.uid in found:
            raise UsageError(f"{claim.uid} is the uid of {found[claim.uid].path} and of {path}")
        found[claim.uid] = claim
    return dict(sorted(found.items()))


def read(path: Path) -> ClaimFile:
    """The claim of one module. What stands below the claim is not looked at: that is what makes listing fast."""
    text = path.read_text(encoding="utf-8")
    claim = re.search(r"^CLAIM = Claim\(\n.*?^\)$", text, re.MULTILINE | re.DOTALL)
    tree = ast.parse(text[: claim.end()] if claim else text, str(path))
    names = {**_suite_names(), **_assigned(tree), DOCSTRING: ast.Constant(ast.get_docstring(tree, clean=False) or "")}
    call = names.get("CLAIM")
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Claim"):
        raise UsageError(f"{path} has no claim; expected CLAIM = Claim(uid=..., title=..., ...)")
    fields = {str(keyword.arg): _value(keyword.value, names, path) for keyword in call.keywords}
    missing = {"uid", "title", "statement", "sources", "items", "status"} - fields.keys()
    if missing or call.args:
        raise UsageError(f"{path}:{call.lineno}: Claim lacks {', '.join(sorted(missing))}; expected them by name")
    return ClaimFile(**{"hypotheses": (), "uses": ()} | fields, path=path, line=call.lineno)


@cache
def checks(claim: Path) -> tuple[Check, ...]:
    """The test functions of a claim, by its path: file by file, in the order of each file."""
    return tuple(check for path in evidence_paths(claim) for check in _checks_of(path))


def _checks_of(path: Path) -> Iterator[Check]:
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    names = {**_suite_names(), **_assigned(tree)}
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
            for kind in _kinds(function):
                cells = tuple(_ablations(function, names, path))
                yield Check(function.name, kind, path, function.lineno, cells)


def bearing_on(uid: str) -> list[tuple[ClaimFile, Check]]:
    """Every check, in any claim, that says what becomes of a theorem without one of its hypotheses."""
    return [
        (claim, check)
        for claim in claim_files().values()
        if any(uid in path.read_text(encoding="utf-8") for path in evidence_paths(claim.path))
        for check in checks(claim.path)
        if any(cell.theorem == uid for cell in check.ablations)
    ]


@cache
def kinds() -> dict[str, str]:
    """The kinds of evidence and what each means, in the order of the evidence table."""
    found = _assigned(ast.parse((SUITE / "claim.py").read_text(encoding="utf-8")))["KINDS"]
    return dict(ast.literal_eval(found))


def _kinds(function: ast.FunctionDef) -> Iterator[str]:
    """The markers among a function's decorators that name a kind of evidence."""
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Name) and decorator.id in kinds():
            yield decorator.id


def _ablations(function: ast.FunctionDef, names: Mapping[str, ast.expr], path: Path) -> Iterator[Ablation]:
    """Of the whole function, and of single rows of its parameters."""
    for node in (each for decorator in function.decorator_list for each in ast.walk(decorator)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ablates":
            yield Ablation(*(_value(argument, names, path) for argument in node.args))


@cache
def _suite_names() -> dict[str, ast.expr]:
    """What a claim module imports from ``claims.suite``: sources, and members of Status and Fate as "Status.OPEN"."""
    found: dict[str, ast.expr] = {}
    for name in ("sources", "claim", "ablation"):
        tree = ast.parse((SUITE / f"{name}.py").read_text(encoding="utf-8"), name)
        found |= _assigned(tree)
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                found |= {f"{node.name}.{member}": value for member, value in _assigned(node).items()}
    return found


def _assigned(node: ast.Module | ast.ClassDef) -> dict[str, ast.expr]:
    """Names that are assigned to once, as in ``NAME = value``, and their values."""
    return {
        statement.targets[0].id: statement.value
        for statement in node.body
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    }


def _value(node: ast.expr, names: Mapping[str, ast.expr], path: Path) -> Any:
    """What an expression is, in JSON's types (tuples for lists): a source is a dictionary, a status its word."""
    match node:
        case ast.Constant(value):
            return value
        case ast.Tuple(elements):
            return tuple(_value(element, names, path) for element in elements)
        case ast.Name(name) if name in names:
            return _value(names[name], names, path)
        case ast.Attribute(ast.Name(owner), member) if f"{owner}.{member}" in names:
            return _value(names[f"{owner}.{member}"], names, path)
        case ast.Call(ast.Name("Source"), arguments, keywords):
            given = dict(zip(SOURCE_FIELDS, (_value(each, names, path) for each in arguments), strict=False))
            given |= {str(keyword.arg): _value(keyword.value, names, path) for keyword in keywords}
            return dict.fromkeys(SOURCE_FIELDS, "") | given
        case ast.Call(ast.Attribute(source, "at"), [place]):
            return _value(source, names, path) | {"place": _value(place, names, path)}
    raise UsageError(f"{path}:{node.lineno}: {ast.unparse(node)} cannot be read without importing the module")
