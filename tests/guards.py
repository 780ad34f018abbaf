"""Copies of the checkers in which one guard at a time lets everything pass.

A guard is a condition of ``require``, each part of an ``and``, and each link of a chain like a < b < c. A copy tells
which guards were false, and has the same answers as the original while no guard is off.
"""

from __future__ import annotations

import ast
import importlib
import importlib.abc
import importlib.machinery
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

PACKAGE = "claims.counterexamples"


@dataclass
class Guards:
    """What there is to switch off: ``places`` says where each guard stands, ``false`` which were false, ``off`` which
    one lets pass."""

    places: list[str] = field(default_factory=list)
    false: set[int] = field(default_factory=set)
    off: int = -1

    def __call__(self, number: int, value: Any) -> Any:
        if value:
            return value
        self.false.add(number)
        return (number == self.off and True) or value


class _Numbered(ast.NodeTransformer):
    """Puts a call around each guard."""

    def __init__(self, guards: Guards, name: str) -> None:
        self.guards, self.name = guards, name

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        if isinstance(node.op, ast.And):
            node.values = [self.guard(value) for value in node.values]
            return node
        return self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        return self.links(node) if len(node.ops) > 1 else self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id == "require":
            node.args[0] = self.guard(node.args[0])
            return node
        return self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        return node

    def guard(self, node: ast.expr) -> Any:
        """The node, of whose parts each is a guard, or it is one itself."""
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
            return self.visit_BoolOp(node)
        if isinstance(node, ast.Compare) and len(node.ops) > 1:
            return self.links(node)
        self.guards.places.append(f"{self.name}:{node.lineno} {ast.unparse(node)}")
        number = ast.Constant(len(self.guards.places) - 1)
        return ast.Call(ast.Name("__guard__", ast.Load()), [number, self.visit(node)], [])

    def links(self, node: ast.Compare) -> ast.AST:
        sides = [node.left, *node.comparators]
        parts = [
            self.guard(ast.copy_location(ast.Compare(left, [op], [right]), node))
            for left, op, right in zip(sides, node.ops, sides[1:], strict=False)
        ]
        return ast.BoolOp(ast.And(), parts)


class _Loader(importlib.machinery.SourceFileLoader):
    guards: Guards

    def get_code(self, fullname: str) -> Any:
        path = self.get_filename(fullname)
        tree = _Numbered(self.guards, fullname.rpartition(".")[2]).visit(ast.parse(Path(path).read_text("utf-8")))
        return compile(ast.fix_missing_locations(tree), path, "exec")

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["__guard__"] = self.guards
        super().exec_module(module)


@dataclass
class _Finder(importlib.abc.MetaPathFinder):
    names: set[str]
    guards: Guards

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        if fullname not in self.names:
            return None
        found = importlib.machinery.PathFinder.find_spec(fullname, path)
        assert found
        assert found.origin
        loader = _Loader(fullname, found.origin)
        loader.guards = self.guards
        return importlib.util.spec_from_file_location(fullname, found.origin, loader=loader)


def copies(*names: str, guarded: tuple[str, ...]) -> tuple[Guards, list[ModuleType]]:
    """Modules of the counterexamples, anew, with guards in some of them; what others have of the originals stays."""
    guards = Guards()
    every = {f"{PACKAGE}.{path.stem}" for path in Path(sys.modules[PACKAGE].__path__[0]).glob("[a-z]*.py")}
    kept = {name: sys.modules.pop(name) for name in every if name in sys.modules}
    package = sys.modules[PACKAGE]
    finder = _Finder({f"{PACKAGE}.{name}" for name in guarded}, guards)
    sys.meta_path.insert(0, finder)
    try:
        return guards, [importlib.import_module(f"{PACKAGE}.{name}") for name in names]
    finally:
        sys.meta_path.remove(finder)
        for name in every:
            sys.modules.pop(name, None)
        sys.modules.update(kept)
        for name, module in kept.items():
            setattr(package, name.rpartition(".")[2], module)
