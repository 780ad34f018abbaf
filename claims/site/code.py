"""Code in HTML: a file's lines in the colours of its language, and where its test functions begin and end."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from markupsafe import Markup, escape
from pygments.lexer import Lexer
from pygments.lexers import PythonLexer, get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

CLASSES = (
    (String.Doc, "d"),
    (String, "s"),
    (Comment, "c"),
    (Keyword, "k"),
    (Operator.Word, "k"),
    (Number, "m"),
    (Name.Decorator, "a"),
    (Name.Function, "f"),
    (Name.Class, "f"),
)
"""What has a colour: few kinds, so that a page stays small; the first that fits."""


@dataclass(frozen=True)
class Function:
    """A test function in a file: its first and last line, decorators included, and its docstring."""

    first: int
    last: int
    said: str


@cache
def python_lines(path: Path) -> tuple[Markup, ...]:
    """A Python file's lines."""
    return tuple(_lines(path.read_text(encoding="utf-8"), PythonLexer(stripnl=False)))


@cache
def coq(text: str) -> Markup:
    """A statement of Coq's, in which words alone have a colour: it is mostly numbers and signs."""
    return Markup("\n").join(_lines(text.strip(), get_lexer_by_name("coq"), words_only=True))


@cache
def functions(path: Path) -> dict[str, Function]:
    """The functions of a file, by name."""
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    return {
        node.name: Function(
            min([node.lineno, *(each.lineno for each in node.decorator_list)]),
            node.end_lineno or node.lineno,
            ast.get_docstring(node) or "",
        )
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }


def code_of(path: Path, name: str) -> Markup:
    """One function of a file."""
    function = functions(path)[name]
    return Markup("\n").join(python_lines(path)[function.first - 1 : function.last])


def _lines(text: str, lexer: Lexer, *, words_only: bool = False) -> Iterator[Markup]:
    """Every span ends in the line in which it begins, and neighbours of one colour are one."""
    line: list[tuple[str, str]] = []
    for kind, value in lexer.get_tokens(text):
        for number, part in enumerate(value.split("\n")):
            if number:
                yield _spans(line)
                line = []
            if part:
                plain = part.isspace() or (words_only and not part.isalpha())
                line.append(("" if plain else _letter(kind), part))
    if line:
        yield _spans(line)


def _spans(line: list[tuple[str, str]]) -> Markup:
    """A line of parts, each with the letter of its colour."""
    runs = ((letter, escape("".join(part for _, part in run))) for letter, run in groupby(line, key=itemgetter(0)))
    return Markup("").join(Markup(f'<span class="{letter}">{run}</span>') if letter else run for letter, run in runs)


@cache
def _letter(kind: _TokenType) -> str:
    return next((letter for coloured, letter in CLASSES if kind in coloured), "")
