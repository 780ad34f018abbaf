r"""A claim's statement for a paper: its paragraphs, lists, displayed formulas and tables in LaTeX's own.

A display is a ``quote`` whose lines LaTeX may break, and columns are those of a ``tabular`` as wide as the text, so
that nothing leaves the page of an article. (In the narrow columns of a journal some lines do.) No package is needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from claims.command_line.formula_tokens import GREEK
from claims.command_line.mathematics import latex_sentence

MARK = re.compile(r"(\d+\.|-|\([a-z]\)) +(?=\S)")
"""What an item of a list begins with."""
HEAD = re.compile(r"((?:Proof|Notation) of [\w ,.-]*?|[A-Z][\w'-]*(?: [\w'(),-]+){0,4})[.:](?= \S|$)")
"""The words before the first full stop, where they are few and no formula."""
DISPLAY = 4
"""The indent of a display in the text around it; a table's columns are this far apart at least when squeezed."""
GAP_BETWEEN = 0.03
"""Of the line, between two columns."""
MOST_FOR_LABELS = 0.6
SHORT, SPARE = 24, 8
"""Letters of a column that is not broken though it has formulas, and how many more they may take when set; and of the
line, for all such columns beside a long one."""
MOST_FOR_WORDS = 0.34
"""Of the line, for a column of words beside formulas."""
LINE = 54
"""So many letters are about a line of a quotation in LaTeX's article."""
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
    last = blocks[-1] if blocks else None
    if kind == "text" and last is not None and last.kind == kind:
        begins |= last.lines[-1].endswith(".") and HEAD.match(line.strip()) is not None
    if last is not None and last.kind == kind and not (begins and kind == "text"):
        last.lines.append(line)
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
    return (
        rf"\emph{{{latex_sentence(head.group())}}}{' ' * (head.end() < len(text))}{latex_sentence(text[head.end() :])}"
    )


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


GAP = re.compile(r"(?<=\S) {2,}(?=\S)")


def _edges(lines: list[str]) -> list[int]:
    """Where columns begin: after an empty strip that is two wide, or where two lines begin again after a gap."""
    width = max(map(len, lines))
    empty = [all(line[column : column + 1] in ("", " ") for line in lines) for column in range(width)]
    rivers = [column for column in range(2, width) if empty[column - 2] and empty[column - 1] and not empty[column]]
    rivers = [edge for edge in rivers if sum(bool(line[:edge].strip() and line[edge:].strip()) for line in lines) > 1]
    edges = set(rivers)
    for begin, end in zip([0, *rivers], [*rivers, width], strict=True):
        starts = [begin + match.end() for line in lines for match in GAP.finditer(line[begin:end])]
        edges |= {start for start in starts if starts.count(start) > 1}
    return sorted(edges)


def _cells(line: str, edges: list[int]) -> list[str]:
    """A line cut at the columns' edges; one whose words reach over an edge at the next gap, or not at all."""
    cells, begin = [], 0
    for edge in edges:
        gap = GAP.search(line, max(begin, edge - 2))
        crossed = line[edge - 1 : edge + 1].strip() and line[:edge].strip() and line[edge - 2 : edge].strip()
        words = re.fullmatch(r"[\w .]*", line[begin:edge]) is not None
        cut = edge if not crossed or (words and line[edge - 1 : edge] == " ") else gap.end() if gap and words else begin
        cells.append(line[begin:cut])
        begin = cut
    return [*cells, line[begin:]]


def _table(lines: list[str], edges: list[int]) -> list[str]:
    """Words and short formulas get the room that they need, the others share the rest."""
    cells = [[cell.rstrip() for cell in _cells(line, edges)] for line in lines]
    common = min((len(row[0]) - len(row[0].lstrip()) for row in cells if row[0].strip()), default=0)
    cells = [[row[0][common:], *row[1:]] for row in cells]
    cells = _without_continuations(cells)
    columns = list(zip(*cells, strict=True))
    sizes = [max(map(_length, column)) for column in columns]
    count = len(sizes)
    if sum(sizes) <= NARROW:
        form, left = "l" * count, ""
    else:
        prose = [all("$" not in latex_sentence(cell) for cell in column) for column in columns]
        words = [min(size / LINE, MOST_FOR_WORDS) * only for size, only in zip(sizes, prose, strict=True)]
        labels = [word or (size + SPARE) / LINE * (size <= SHORT) for size, word in zip(sizes, words, strict=True)]
        if not all(labels) and sum(labels) <= MOST_FOR_LABELS:
            words = labels
        rest = sum(size + 5 for size, word in zip(sizes, words, strict=True) if not word) or 1
        free = 1 - GAP_BETWEEN * (count - 1) - sum(words)
        parts = [word or free * (size + 5) / rest for size, word in zip(sizes, words, strict=True)]
        form = rf"@{{\hspace{{{GAP_BETWEEN}\linewidth}}}}".join(rf"p{{{part:.3f}\linewidth}}" for part in parts)
        left = r"\raggedright "
    rows = [" & ".join(left + _indented(cell) for cell in row) + r" \tabularnewline" for row in cells]
    return [rf"\begin{{tabular}}{{@{{}}{form}@{{}}}}", *rows, r"\end{tabular}"]


def _without_continuations(cells: list[list[str]]) -> list[list[str]]:
    """Rows, a last cell that goes on in the next line joined to it."""
    rows: list[list[str]] = []
    for row in cells:
        if rows and not any(cell.strip() for cell in row[:-1]) and rows[-1][-1][-1:] not in (".", ",", ";", ":", ""):
            rows[-1][-1] += " " + row[-1].strip()
        else:
            rows.append(list(row))
    return rows


def _length(cell: str) -> int:
    """About how many letters wide it will be: a Greek one is one, and a script is small."""
    short = re.sub(
        r"[A-Za-z]{3,}(?=[ _^)/]|$)", lambda match: "g" if match.group() in GREEK else match.group(), cell.strip()
    )
    return len(re.sub(r"[_^{}]", "", short))
