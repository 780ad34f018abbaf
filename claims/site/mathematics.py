"""Statements as HTML: paragraphs, lists, displays and tables as they stand in a docstring, formulas as MathML.

The structure is read by :mod:`claims.command_line.structure` and the formulas are found by
:mod:`claims.command_line.mathematics`, as for ``cite``: a page and a paper say the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import groupby

from markupsafe import Markup, escape

from claims.command_line.mathematics import Part, parts
from claims.command_line.structure import Block, blocks, display_lines, headed, rows
from claims.site.alignment import RELATION, alignment
from claims.site.mathml import BLOCK, INLINE, LARGE, RELATIONS, formula_html

WIDE = 40
"""A display of more characters may be wider than a telephone: it scrolls, also by keyboard."""
SHORT = 24
"""A cell of no more characters stays in one line."""
ROLE = re.compile(r":(?:func|class|mod|meth|attr|exc|data):`(~?)([\w.]+)`")
"""How a docstring names something that has one of its own; "~" leaves out where it is from."""
GAP = re.compile(r" {2,}")
BESIDE = re.compile(rf" +({'|'.join(map(re.escape, RELATIONS))}) +")
"""A relation is spaced as one, with whatever gaps it was typed."""
QUOTE = "\0"
"""A typewriter's double quote, until it is known whether it opens or closes."""


@cache
def sentence_html(text: str) -> Markup:
    """A line of text with its formulas."""
    return _sentence(text, INLINE, breaks=True)


def statement_html(text: str) -> Markup:
    """A docstring's paragraphs, lists, displays and tables; what it names with a role, as :func:`name`, is code."""
    return blocks_html(blocks(ROLE.sub(_named, text).strip().splitlines()))


def _named(role: re.Match[str]) -> str:
    short, name = role.groups()
    return f"``{name.rpartition('.')[2] if short else name}``"


def blocks_html(found: Sequence[Block]) -> Markup:
    """Neighbouring items are one list."""
    written: list[str] = []
    for tag, group in groupby(found, key=_tag):
        neighbours = list(group)
        written += [_list(tag, neighbours)] if tag else map(_block, neighbours)
    return Markup("\n".join(written))


def _sentence(text: str, style: str, *, breaks: bool) -> Markup:
    """Words, each with what stands beside it without a space; a line ends at spaces, and in a long formula."""
    written: list[str] = []
    found = parts(text, stacked=not style)
    for spaces, group in groupby(found, key=lambda part: part.source.isspace()):
        written.append(" " if spaces else _tied(list(group), style, breaks=breaks))
    return Markup(_quoted("".join(written)))


def _tied(word: Sequence[Part], style: str, *, breaks: bool) -> str:
    """Browsers would end a line between a formula and the comma behind it."""
    spans: list[list[str]] = [[]]
    for part in word:
        first, *others = formula_html(part.tokens, style, breaks=breaks) if part.formula else [_words(part)]
        spans[-1].append(first)
        spans += [[piece] for piece in others]
    return "<wbr>".join(map(_span, spans))


def _span(pieces: Sequence[str]) -> str:
    html = "".join(pieces)
    return f'<span class="tied">{html}</span>' if len(pieces) > 1 and "<math" in html else html


def _words(part: Part) -> str:
    token = part.tokens[0]
    if token.kind == "code":
        return f"<code>{escape(token.text.strip('`'))}</code>"
    if token.kind == "dots":
        return "…"
    if token.kind == "reference":
        return f'<span class="tied">{escape(token.text)}</span>'
    return QUOTE if token.text == '"' else str(escape(token.text))


def _quoted(html: str) -> str:
    pieces = html.split(QUOTE)
    return "".join(piece + "“”"[at % 2] for at, piece in enumerate(pieces[:-1])) + pieces[-1]


def _block(block: Block) -> str:
    if block.kind == "text":
        return _paragraph(block.lines)
    if block.kind == "plain":
        return f"<p>{sentence_html(' '.join(block.lines))}</p>"
    found = groupby(display_lines(block), key=bool)
    return "\n".join(_display(list(lines)) for written, lines in found if written)


def _tag(block: Block) -> str:
    """Of the list that an item belongs to: of dots, of numbers, or of letters in brackets."""
    if block.kind != "item":
        return ""
    return "ul" if block.mark == "-" else 'ol class="lettered"' if block.mark.startswith("(") else "ol"


def _list(tag: str, items: Sequence[Block]) -> str:
    return f"<{tag}>\n{''.join(map(_item, items))}</{tag[:2]}>"


def _item(item: Block) -> str:
    """With its own number, as a list may begin with 0."""
    mark = item.mark.strip("().")
    value = "" if mark == "-" else f' value="{mark if mark.isdigit() else ord(mark) - ord("a") + 1}"'
    return f"<li{value}>{blocks_html(item.blocks)}</li>\n"


def _paragraph(lines: Sequence[str]) -> str:
    """With the words that it opens with set apart."""
    head, rest = headed(" ".join(line.strip() for line in lines))
    label = f'<strong class="label">{sentence_html(head)}</strong>{" " * bool(rest)}' if head else ""
    return f"<p>{label}{sentence_html(rest)}</p>"


def _display(lines: Sequence[str]) -> str:
    """A line each, or a table where they have columns or relations below each other."""
    cells = rows(list(lines)) or [[line] for line in lines]
    place = alignment([row[0] for row in cells])
    inside = _table(cells, place) if place is not None or len(cells[0]) > 1 else "\n".join(map(_line, lines))
    scrolls = ' tabindex="0" role="group" aria-label="formula"' if max(map(len, lines)) > WIDE else ""
    return f'<div class="display"{scrolls}>\n{inside}\n</div>'


def _line(line: str) -> str:
    return f'<div class="line"{_indent(line)}>{_spaced(line, breaks=False)}</div>'


def _indent(line: str) -> str:
    """As far to the right as it is."""
    indent = len(line) - len(line.lstrip())
    return f' style="--indent: {indent}"' if indent else ""


def _spaced(line: str, *, breaks: bool) -> str:
    """Where the text has a gap there is one; in a line that is one formula alone this is a block."""
    found = GAP.split(BESIDE.sub(r" \1 ", line.strip()))
    style = BLOCK if len(found) == 1 and not breaks and _is_formula(found[0]) else LARGE
    return '<span class="gap"></span>'.join(_sentence(part, style, breaks=breaks) for part in found)


def _is_formula(text: str) -> bool:
    """But for what ends it."""
    found = parts(text)
    return found[0].formula and all(part.source in (",", ".", ";", ":") for part in found[1:])


def _table(cells: Sequence[Sequence[str]], place: int | None) -> str:
    kinds = list(map(_kind, zip(*cells, strict=True)))
    written = ("".join([_first(row[0], place), *map(_cell, row[1:], kinds[1:])]) for row in cells)
    return "<table>\n" + "\n".join(f"<tr>{row}</tr>" for row in written) + "\n</table>"


def _kind(column: Sequence[str]) -> str:
    """Of a column of relations alone: it is spaced as these are."""
    return "relation" if all(cell.strip() in (*RELATIONS, "") for cell in column) else ""


def _first(cell: str, place: int | None) -> str:
    """A row's first cell; two, where it is cut before a relation. What goes on behind one stands behind it."""
    if place is None:
        return _cell(cell)
    right = cell[place:]
    kind = _kind([right]) or ("right" if RELATION.match(right) else "under")
    return _cell(cell[:place].rstrip(), "left") + _cell(right.lstrip(), kind)


def _cell(cell: str, kind: str = "") -> str:
    kinds = f"{kind} whole".strip() if len(cell) <= SHORT else kind
    listed = f' class="{kinds}"' if kinds else ""
    indent = _indent(cell) if kind != "relation" else ""
    return f"<td{listed}{indent}>{_spaced(cell, breaks=True)}</td>"
