r"""A claim's statement for a paper: its paragraphs, lists, displayed formulas and tables in LaTeX's own.

A display is a ``quote`` whose lines LaTeX may break, and columns are those of a ``tabular`` that is as wide as the text,
so that nothing leaves the page however narrow it is. No package is needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from claims.command_line.mathematics import latex_sentence

MARK = re.compile(r"(\d+\.|-|\([a-z]\)) +(?=\S)")
"""What an item of a list begins with."""
HEAD = re.compile(r"((?:Proof|Notation) of [\w ,.-]*?|[A-Z][\w'-]*(?: [\w'(),-]+){0,4})[.:](?= \S|$)")
"""The words before the first full stop, where they are few and no formula."""
DISPLAY = 4
"""The indent of a display in the text around it; a table's columns are this far apart at least when squeezed."""
NARROW = 44
"""A table of fewer characters fits in the narrowest column of a journal as it is."""


@dataclass
class Block:
    """Lines of one kind: ``text``, ``display`` or an ``item`` with its mark and blocks of its own."""

    kind: str
    lines: list[str] = field(default_factory=list)
    mark: str = ""
    blocks: list[Block] = field(default_factory=list)


def latex_statement(statement: str) -> str:
    """Paragraphs in a ``sloppypar``, which lets words stand apart rather than lines stick out."""
    written = _written(_blocks(statement.strip().splitlines()))
    return "\n".join([r"\begin{sloppypar}", *written, r"\end{sloppypar}"])


def _blocks(lines: list[str]) -> list[Block]:
    """The text's structure, read from indents and marks."""
    blocks: list[Block] = []
    item: Block | None = None
    hanging, after_blank = 0, True
    for line in lines:
        indent = len(line) - len(line.lstrip())
        mark = MARK.match(line.lstrip()) if indent < DISPLAY else None
        if not line.strip():
            after_blank = True
            if item is None and blocks and blocks[-1].kind == "display":
                blocks[-1].lines.append("")
            continue
        if mark:
            item = Block("item", mark=mark.group(1))
            hanging = indent + mark.end()
            blocks.append(item)
            _add(item.blocks, "text", " " * hanging + line.lstrip()[mark.end() :], True)
        else:
            if indent == 0 and item is not None:
                item = None
            if item is not None:
                _add(item.blocks, "text" if indent == hanging else "display", line, after_blank)
            else:
                _add(blocks, "display" if indent >= DISPLAY else "text", line, after_blank)
        after_blank = False
    return blocks


def _add(blocks: list[Block], kind: str, line: str, begins: bool) -> None:
    """To the last block if it is one of its kind, else to a new one; a display goes on after an empty line."""
    if blocks and blocks[-1].kind == kind and not (begins and kind == "text" and blocks[-1].lines):
        blocks[-1].lines.append(line)
    else:
        blocks.append(Block(kind, [line]))


def _written(blocks: list[Block]) -> list[str]:
    """LaTeX's lines; neighbouring items are one list."""
    lines: list[str] = []
    for position, block in enumerate(blocks):
        before = blocks[position - 1] if position else None
        after = blocks[position + 1] if position + 1 < len(blocks) else None
        if block.kind == "item":
            if before is None or before.kind != "item":
                lines.append(r"\begin{itemize}")
            lines += [rf"\item[{_label(block.mark)}]", *_written(block.blocks)]
            if after is None or after.kind != "item":
                lines.append(r"\end{itemize}")
        elif block.kind == "display":
            lines += _display([line for line in block.lines if line])
        else:
            lines += [*([""] if before is not None and before.kind == "text" else []), _paragraph(block.lines)]
    return lines


def _label(mark: str) -> str:
    return r"\textbullet" if mark == "-" else mark


def _paragraph(lines: list[str]) -> str:
    """With the words that it opens with set apart."""
    text = " ".join(line.strip() for line in lines)
    head = HEAD.match(text)
    if head is None or (head.end() == len(text) and len(text.split()) > 2):
        return latex_sentence(text)
    return rf"\emph{{{latex_sentence(head.group())}}}{' ' * (head.end() < len(text))}{latex_sentence(text[head.end() :])}"


def _display(lines: list[str]) -> list[str]:
    """A formula a line, or the rows of a table where they have columns."""
    least = min(len(line) - len(line.lstrip()) for line in lines)
    lines = [line[least:] for line in lines]
    edges = _edges(lines)
    rows = _table(lines, edges) if edges else [_indented(line) for line in lines]
    ends = [*(rf"{row} \\" for row in rows[:-1]), rows[-1]] if not edges else rows
    return [r"\begin{quote}\raggedright", *ends, r"\end{quote}"]


def _indented(line: str) -> str:
    """A line of a display, as far to the right as it is."""
    space = len(line) - len(line.lstrip())
    parts = [latex_sentence(part) for part in re.split(r" {2,}", line.strip())]
    return (rf"\hspace*{{{min(space, 16) / 2:g}em}}" if space else "") + r"\quad ".join(parts)


def _edges(lines: list[str]) -> list[int]:
    """Where columns begin: after a gap, and in two lines or more at the same place."""
    starts = [match.end() for line in lines for match in re.finditer(r"(?<=\S) {2,}(?=\S)", line)]
    return sorted({start for start in starts if starts.count(start) > 1})


def _cells(line: str, edges: list[int]) -> list[str]:
    """A line cut at the columns' edges, where a word begins there, and at gaps for what has been pushed out of place."""
    cuts = [edge for edge in edges if edge < len(line) and line[edge - 1] == " " != line[edge]]
    pushed = [match.end() for match in re.finditer(r"(?<=\S) {2,}(?=\S)", line) if match.end() not in cuts]
    cells, begin = [], 0
    for place, edge in enumerate(edges):
        cut = edge if edge in cuts else next((p for p in pushed if p > edges[place - 1] * bool(place)), None)
        if cut is None or cut <= begin:
            cells.append("")
            continue
        cells.append(line[begin:cut])
        begin = cut
    return [*cells, line[begin:]]


def _table(lines: list[str], edges: list[int]) -> list[str]:
    cells = [[cell.rstrip() for cell in _cells(line, edges)] for line in lines]
    sizes = [max(len(row[column].strip()) for row in cells) for column in range(len(edges) + 1)]
    if sum(sizes) <= NARROW:
        columns, left = "@{}" + "l" * len(sizes) + "@{}", ""
    else:
        gap = 0.03
        free = 1 - gap * (len(sizes) - 1)
        wide = [max(size, 6) for size in sizes]
        parts = [rf"p{{{free * size / sum(wide):.3f}\linewidth}}" for size in wide]
        columns, left = "@{}" + rf"@{{\hspace{{{gap}\linewidth}}}}".join(parts) + "@{}", r"\raggedright "
    rows = [" & ".join(left + _indented(cell) for cell in row) + r" \tabularnewline" for row in cells]
    return [rf"\begin{{tabular}}{{{columns}}}", *rows, r"\end{tabular}"]
