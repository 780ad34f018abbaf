"""A statement's structure, read from indents, marks and gaps: paragraphs, lists, displays, and tables of columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MARK = re.compile(r"(\d+\.|-|\([a-z]\)) +(?=\S)")
"""What an item of a list begins with."""
HEAD = re.compile(r"((?:Proof|Notation) of [\w ,.=<>()-]*?|[A-Z][\w'-]*(?: [\w'(),-]+){0,4})[.:](?= \S|$)")
"""The words before the first full stop, where they are few and no formula."""
DISPLAY = 4
"""The indent of a display in the text around it; a table's columns are this far apart at least when squeezed."""
GAP = re.compile(r"(?<=\S) {2,}(?=\S)")


@dataclass
class Block:
    """Lines of one kind: ``text``, ``plain`` text without opening words, ``display``, or an ``item`` with its mark and
    blocks of its own."""

    kind: str
    lines: list[str] = field(default_factory=list)
    mark: str = ""
    blocks: list[Block] = field(default_factory=list)


def blocks(lines: list[str]) -> list[Block]:
    """The text's structure, read from indents and marks."""
    found: list[Block] = []
    item: Block | None = None
    hanging, after_blank = 0, True
    for line in lines:
        indent = len(line) - len(line.lstrip())
        mark = MARK.match(line.lstrip()) if indent < DISPLAY else None
        if not line.strip():
            after_blank = True
            if item is None and found and found[-1].kind == "display":
                found[-1].lines.append("")
            continue
        if mark:
            item = Block("item", mark=mark.group(1))
            hanging = indent + mark.end()
            found.append(item)
            _add(item.blocks, "text", " " * hanging + line.lstrip()[mark.end() :], True)
        else:
            if indent == 0 and item is not None:
                item = None
            if item is not None:
                _add(item.blocks, "text" if indent == hanging else "display", line, after_blank)
            else:
                _add(found, "display" if indent >= DISPLAY else "text", line, after_blank)
        after_blank = False
    return found


def _add(found: list[Block], kind: str, line: str, begins: bool) -> None:
    """To the last block if it is one of its kind, else to a new one; a display goes on after an empty line."""
    last = found[-1] if found else None
    if kind == "text" and last is not None and last.kind == kind:
        begins |= last.lines[-1].endswith(".") and HEAD.match(line.strip()) is not None
    if last is not None and last.kind == kind and not (begins and kind == "text"):
        last.lines.append(line)
    else:
        found.append(Block(kind, [line]))


def headed(text: str) -> tuple[str, str]:
    """A paragraph's opening words, "Proof of 2." or "Source.", and the rest of it; none where it begins otherwise."""
    head = HEAD.match(text)
    if head is None or (head.end() == len(text) and len(text.split()) > 2 and not text.startswith("Proof of")):
        return "", text
    return head.group(), text[head.end() :]


def display_lines(block: Block) -> list[str]:
    """The lines of a display, from the column on where its text begins; empty ones between its parts."""
    least = min(len(line) - len(line.lstrip()) for line in block.lines if line)
    return "\n".join(line[least:] for line in block.lines).strip("\n").split("\n")


def rows(lines: list[str]) -> list[list[str]]:
    """The cells of a display that is a table; empty where its lines have no columns in common."""
    edges = _edges(lines)
    if not edges:
        return []
    cells = [[cell.rstrip() for cell in _cells(line, edges)] for line in lines]
    common = min((len(row[0]) - len(row[0].lstrip()) for row in cells if row[0].strip()), default=0)
    return _without_continuations([[row[0][common:], *row[1:]] for row in cells])


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


def _without_continuations(cells: list[list[str]]) -> list[list[str]]:
    """Rows, a last cell that goes on in the next line joined to it."""
    found: list[list[str]] = []
    for row in cells:
        if found and not any(cell.strip() for cell in row[:-1]) and found[-1][-1][-1:] not in (".", ",", ";", ":", ""):
            found[-1][-1] += " " + row[-1].strip()
        else:
            found.append(list(row))
    return found
