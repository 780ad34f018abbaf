"""Text for a terminal: tables that fit, prose that is filled, colour where wanted; pipes get all of it, plain.

Tables, colour and progress are rich's, which is imported where there is something to print. Its markup is off: a
statement is full of brackets.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from rich.console import RenderableType

PROSE = 100
"""No line of prose is longer, however wide the terminal."""
ENDLESS = 1_000_000
"""What rich is told of the width: what must fit has been made to, and a pipe has no end."""
GAP = 2
"""Between two columns of a table."""
EMPHASIS, WARNING = "bold", "yellow"
BAR = 24
"""The width of a progress bar."""


def columns() -> int | None:
    """The terminal's width; None where the output is no terminal, and nothing is to be cut or filled."""
    return shutil.get_terminal_size().columns if _is_terminal() else None


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _rendered(what: RenderableType) -> list[str]:
    """Lines as they are to be printed, by the caller: what becomes of a reader who has left is his to say."""
    from rich.console import Console

    colours: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
    console = Console(color_system=colours, force_terminal=_is_terminal(), width=ENDLESS, highlight=False)
    with console.capture() as captured:
        console.print(what)
    return [line.rstrip() for line in captured.get().removesuffix("\n").split("\n")]


def _styled(text: str, style: str) -> str:
    from rich.text import Text

    return "\n".join(_rendered(Text(text, style)))


def bold(text: str) -> str:
    return _styled(text, EMPHASIS)


def warning(text: str) -> str:
    return _styled(text, WARNING)


def table(
    rows: Sequence[Sequence[str]],
    width: int | None,
    shrinks: Sequence[int] = (),
    *,
    headings: Collection[int] = (0,),
    warnings: Collection[int] = (),
    gap: int = GAP,
) -> list[str]:
    """Lines of a table; where its rows do not fit in ``width`` some of their cells take several lines.

    ``shrinks`` are the columns that may be made narrower, the first of them first; none is made narrower than a word.
    ``headings`` and ``warnings`` are the rows that stand out, ``gap`` is what is between two columns.
    """
    from rich.table import Table
    from rich.text import Text

    found = Table(box=None, padding=(0, gap, 0, 0), pad_edge=False, show_header=False)
    for size in _sizes(rows, width, shrinks, gap):
        found.add_column(width=size)
    for number, row in enumerate(rows):
        style = EMPHASIS if number in headings else WARNING if number in warnings else ""
        found.add_row(*map(Text, row), style=style)
    return _rendered(found)


def _sizes(rows: Sequence[Sequence[str]], width: int | None, shrinks: Sequence[int], gap: int) -> list[int]:
    """The columns' widths: those of their longest cells, or as much less as must be."""
    from rich.cells import cell_len

    sizes = [max(map(cell_len, cells)) for cells in zip(*rows, strict=True)]
    for column in shrinks if width is not None else ():
        excess = sum(sizes) + gap * (len(sizes) - 1) - (width or 0)
        word = max((cell_len(word) for row in rows for word in row[column].split()), default=0)
        sizes[column] = min(sizes[column], max(sizes[column] - excess, word))
    return sizes


@contextmanager
def progress(*, stays: bool = False) -> Iterator[Callable[[float, str], None]]:
    """A function to be told which fraction is done, and words to stand beside the bar.

    The bar is drawn on standard error ten times a second, and ``stays`` as it was last or is taken away; what is
    printed meanwhile stands above it. Nothing is drawn where standard error is no terminal.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda fraction, words: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    shown = Progress(
        BarColumn(BAR),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
        console=Console(stderr=True, highlight=False, force_terminal=True),
        transient=not stays,
    )
    with shown:
        task = shown.add_task("", total=1.0)
        yield lambda fraction, words: shown.update(task, completed=fraction, description=words)


DIGITS = re.compile(r"\d{30}")
"""A number that may have to be broken; other words are not."""


def fill(text: str, width: int | None, indent: str = "", hanging: str | None = None) -> str:
    """One paragraph, its lines no longer than ``width``; the later ones begin with ``hanging``. A line where the output
    is no terminal."""
    if width is None:
        return indent + text.replace("\n", " ")
    return textwrap.fill(
        text,
        min(width, PROSE),
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=DIGITS.search(text) is not None,
        break_on_hyphens=False,
    )


MARK = re.compile(r"\s*(?:\d+\.|-|\([a-z]\)) +")
"""What an item of a list begins with."""
BEGINS = re.compile(rf"{MARK.pattern}|Differs from the source\. |[A-Z]\w*(?: \w+){{0,2}}[.:] ")
"""What a line begins with that is no continuation of the one before: a mark, or words in the manner of "Source."."""


def refilled(text: str, width: int | None) -> str:
    """Prose of several paragraphs and lists for a narrow terminal; formulas, indented by four, keep their lines, and
    one that is too long goes on further to the right.

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
    if part[0].startswith("    "):
        return fill(part[0].strip(), width, _indent(part[0]), _indent(part[0]) + "    ")
    mark = MARK.match(part[0])
    hanging = " " * mark.end() if mark else _indent(part[-1])
    return fill(" ".join(line.strip() for line in part), width, _indent(part[0]), hanging)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def print_json(value: Any) -> None:
    """For a program to read."""
    print(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))
