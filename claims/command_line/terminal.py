"""Text for a terminal: columns that fit, prose that is filled, colour where wanted; pipes get all of it, plain."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

PROSE = 100
"""No line of prose is longer, however wide the terminal."""


def columns() -> int | None:
    """The terminal's width; None where the output is no terminal, and nothing is to be cut or filled."""
    return shutil.get_terminal_size().columns if _is_terminal() else None


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _coloured(text: str, code: int) -> str:
    wanted = _is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return f"\x1b[{code}m{text}\x1b[0m" if wanted and text else text


def bold(text: str) -> str:
    return _coloured(text, 1)


def warning(text: str) -> str:
    return _coloured(text, 33)


def table(rows: Sequence[Sequence[str]], width: int | None, shrinks: Sequence[int] = ()) -> list[str]:
    """Rows in columns, a text for each row; where they do not fit in ``width`` some of its cells take several lines.

    ``shrinks`` are the columns that may be made narrower, the first of them first; none is made narrower than a word.
    """
    sizes = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    for column in shrinks if width is not None else ():
        excess = sum(sizes) + 2 * (len(sizes) - 1) - (width or 0)
        word = max(len(word) for row in rows for word in row[column].split())
        sizes[column] = min(sizes[column], max(sizes[column] - excess, word))
    return ["\n".join(_lines(row, sizes)) for row in rows]


def _lines(row: Sequence[str], sizes: Sequence[int]) -> list[str]:
    cells = [_wrapped(cell, size) for cell, size in zip(row, sizes, strict=True)]
    return [
        "  ".join(part.ljust(size) for part, size in zip(parts, sizes, strict=True)).rstrip()
        for parts in zip_longest(*cells, fillvalue="")
    ]


def _wrapped(text: str, size: int) -> list[str]:
    return textwrap.wrap(text, size, break_long_words=False, break_on_hyphens=False) if len(text) > size else [text]


def fill(text: str, width: int | None, indent: str = "", hanging: str | None = None) -> str:
    """One paragraph, its lines no longer than ``width``; the later ones begin with ``hanging``."""
    return textwrap.fill(
        text,
        min(width or PROSE, PROSE),
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


MARK = re.compile(r"\s*(?:\d+\.|-|\([a-z]\)) +")
"""What an item of a list begins with."""
BEGINS = re.compile(rf"{MARK.pattern}|[A-Z]\w*(?: \w+){{0,2}}[.:] ")
"""What a line begins with that is no continuation of the one before: a mark, or words in the manner of "Source."."""


def refilled(text: str, width: int | None) -> str:
    """Prose of several paragraphs and lists for a narrow terminal; formulas, indented by four, stay as they are.

    Unchanged where it fits as it is, or the output is no terminal.
    """
    lines = text.splitlines()
    if width is None or all(len(line) <= width for line in lines):
        return text
    parts: list[list[str]] = []
    for line in lines:
        formula = line.startswith("    ")
        if (
            parts
            and parts[-1][0]
            and line
            and not formula
            and not BEGINS.match(line)
            and not parts[-1][0].startswith("    ")
        ):
            parts[-1].append(line)
        else:
            parts.append([line])
    return "\n".join(_refilled_part(part, width) for part in parts)


def _refilled_part(part: list[str], width: int) -> str:
    """A paragraph, its later lines indented as they are, or as the text after an item's mark."""
    if len(part) == 1 and len(part[0]) <= width:
        return part[0]
    mark = MARK.match(part[0])
    hanging = " " * mark.end() if mark else _indent(part[-1])
    return fill(" ".join(line.strip() for line in part), width, _indent(part[0]), hanging)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def print_json(value: Any) -> None:
    """For a program to read."""
    print(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))
