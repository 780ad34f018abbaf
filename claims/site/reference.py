"""The public names of solvers and strategies, as the API reference shows them: a page for each module that has some.

pdoc reads the modules, since it takes docstrings as they are. Sphinx reads them as reStructuredText, in which a norm
|A| is a substitution, W_ is a link and a formula that stands apart flows into one line. Signatures are as their
modules write them, as ``weights: Weights``: what an alias stands for is longer, and says less.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pdoc import doc

PACKAGES = ("solvers", "strategies")


@dataclass(frozen=True)
class Entry:
    """A public name: ``kind`` is class, function, constant, method or property; ``declared`` is how it is called, as
    Python writes it."""

    name: str
    kind: str
    declared: str
    docstring: str
    members: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Module:
    """A module with public names: ``package`` is where users import them from."""

    name: str
    package: str
    docstring: str
    entries: tuple[Entry, ...]


def modules() -> tuple[Module, ...]:
    """Every module that has public names, package by package, in alphabetical order."""
    found = []
    for package in PACKAGES:
        names: dict[str, list[str]] = {}
        for name in importlib.import_module(package).__all__:
            names.setdefault(home(package, name), []).append(name)
        found += [_module(module, package, names[module]) for module in sorted(names)]
    return tuple(found)


def home(package: str, name: str) -> str:
    """The module that defines what a package has from another one."""
    source = inspect.getsource(importlib.import_module(package))
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if name == (alias.asname or alias.name):
                    return home(node.module, alias.name)
    return package


def _module(name: str, package: str, names: list[str]) -> Module:
    """Its public names in the order in which it defines them."""
    documented = doc.Module(importlib.import_module(name))
    entries = tuple(_entry(each) for each in documented.members.values() if each.name in names)
    return Module(name, package, documented.docstring, entries)


def _entry(documented: Any) -> Entry:
    name, value = documented.name, documented.obj if documented.kind != "variable" else None
    if documented.kind == "class":
        members = tuple(_members(documented))
        declared = f"class {name}" if members and members[0].kind == "value" else f"class {name}{_signature(value)}"
        return Entry(name, "class", declared, documented.docstring, members)
    if documented.kind == "function":
        return Entry(name, "function", f"def {name}{_signature(value)}", documented.docstring)
    return Entry(name, "constant", f"{name} = {documented.default_value_str}", documented.docstring)


def _members(documented: Any) -> Iterator[Entry]:
    """Of a class, what is public: its own methods and properties that say what they do, an enumeration's values."""
    for member in documented.own_members:
        if member.name.startswith("_"):
            continue
        if member.kind == "function" and member.docstring:
            declared = f"{'@classmethod ' * member.is_classmethod}def {member.name}{_signature(member.obj)}"
            yield Entry(member.name, "method", declared, member.docstring)
        elif member.kind == "variable" and member.docstring:
            yield Entry(member.name, "property", member.name, member.docstring)
        elif member.kind == "variable" and isinstance(member.default_value, documented.obj):
            yield Entry(member.name, "value", f"{member.name} = {member.default_value.value!r}", "")


class _Words:
    """What a signature shows as it is written."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __repr__(self) -> str:
        return self.words


def _signature(value: Any) -> str:
    """With the annotations in the module's own words; the arguments that it is called with, in one line."""
    signature = inspect.signature(value)
    parameters = [
        each.replace(annotation=_annotation(each.annotation), default=_default(each.default))
        for each in signature.parameters.values()
    ]
    returns = inspect.Signature.empty if inspect.isclass(value) else _annotation(signature.return_annotation)
    return str(signature.replace(parameters=parameters, return_annotation=returns))


def _annotation(annotation: Any) -> Any:
    """Hypothesis makes ``hypothesis.strategies.SearchStrategy[ForwardRef('X')]`` of a strategy's own words."""
    if annotation is inspect.Signature.empty:
        return annotation
    words = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return _Words(re.sub(r"\b(hypothesis\.strategies|st)\.", "", re.sub(r"ForwardRef\('([^']*)'\)", r"\1", words)))


def _default(default: Any) -> Any:
    """A function by its name; its address would differ from run to run."""
    return _Words(default.__name__) if inspect.isfunction(default) else default
