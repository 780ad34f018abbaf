r"""A claim's statement for a paper: its paragraphs, lists, displayed formulas and tables in LaTeX's own.

A display is a ``quote`` whose lines LaTeX may break, and columns are those of a ``tabular`` as wide as the text, so
that nothing leaves the page of an article. (In the narrow columns of a journal some lines do.) No package is needed.
"""

from __future__ import annotations

import re

from claims.command_line.formula_tokens import GREEK
from claims.command_line.mathematics import latex_sentence
from claims.command_line.structure import Block, blocks, display_lines, headed, rows

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


def latex_statement(statement: str) -> str:
    """Paragraphs in a ``sloppypar``, which lets words stand apart rather than lines stick out."""
    written = _written(blocks(statement.strip().splitlines()))
    return "\n".join([r"\begin{sloppypar}", *written, r"\end{sloppypar}"])


def _written(found: list[Block]) -> list[str]:
    """LaTeX's lines; neighbouring items are one list."""
    lines: list[str] = []
    for position, block in enumerate(found):
        before = found[position - 1] if position else None
        after = found[position + 1] if position + 1 < len(found) else None
        if block.kind == "item":
            if before is None or before.kind != "item":
                lines.append(r"\begin{itemize}")
            lines += [rf"\item[{_label(block.mark)}]", *_written(block.blocks)]
            if after is None or after.kind != "item":
                lines.append(r"\end{itemize}")
        elif block.kind == "display":
            lines += _display([line for line in display_lines(block) if line])
        else:
            lines += [*([""] if before is not None and before.kind == "text" else []), _paragraph(block.lines)]
    return lines


def _label(mark: str) -> str:
    return r"\textbullet" if mark == "-" else mark


def _paragraph(lines: list[str]) -> str:
    """With the words that it opens with set apart."""
    text = " ".join(line.strip() for line in lines)
    head, rest = headed(text)
    if not head:
        return latex_sentence(text)
    return rf"\emph{{{latex_sentence(head)}}}{' ' * bool(rest)}{latex_sentence(rest)}"


def _display(lines: list[str]) -> list[str]:
    """A formula a line, or the rows of a table where they have columns."""
    cells = rows(lines)
    written = _table(cells) if cells else [rf"{_indented(line)} \\" for line in lines[:-1]] + [_indented(lines[-1])]
    return [r"\begin{quote}\raggedright", *written, r"\end{quote}"]


def _indented(line: str) -> str:
    """A line of a display, as far to the right as it is."""
    space = len(line) - len(line.lstrip())
    parts = [latex_sentence(part) for part in re.split(r" {2,}", line.strip())]
    return (rf"\hspace*{{{min(space, 16) / 2:g}em}}" if space else "") + r"\quad ".join(parts)


def _table(cells: list[list[str]]) -> list[str]:
    """Words and short formulas get the room that they need, the others share the rest."""
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
    written = [" & ".join(left + _indented(cell) for cell in row) + r" \tabularnewline" for row in cells]
    return [rf"\begin{{tabular}}{{@{{}}{form}@{{}}}}", *written, r"\end{tabular}"]


def _length(cell: str) -> int:
    """About how many letters wide it will be: a Greek one is one, and a script is small."""
    short = re.sub(
        r"[A-Za-z]{3,}(?=[ _^)/]|$)", lambda match: "g" if match.group() in GREEK else match.group(), cell.strip()
    )
    return len(re.sub(r"[_^{}]", "", short))
