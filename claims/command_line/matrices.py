"""Exact matrices for people and for LaTeX."""

from __future__ import annotations

import re
from fractions import Fraction

from claims.command_line.landscape_data import Rows
from claims.command_line.terminal import PROSE, fill

LATEX_WIDE = 50
"""A matrix with more digits in a row is not one equation."""


def matrix_lines(names: list[str], matrix: Rows, width: int | None) -> list[str]:
    """``W_1 = W_2 = [ 1  1/2 ]`` with entries in columns; where a line would not fit, one entry a paragraph."""
    texts = [[str(entry) for entry in row] for row in matrix]
    sizes = [max(map(len, column)) for column in zip(*texts, strict=True)]
    left = "".join(f"{name} = " for name in names)
    lines = [
        (left if not i else " " * len(left))
        + "[ "
        + "  ".join(entry.rjust(size) for entry, size in zip(row, sizes, strict=True))
        + " ]"
        for i, row in enumerate(texts)
    ]
    if len(lines[0]) <= min(width or PROSE, PROSE):
        return lines
    return [
        fill(" = ".join(f"{name}[{i},{j}]" for name in names) + f" = {entry}", width, hanging="    ")
        for i, row in enumerate(texts, start=1)
        for j, entry in enumerate(row, start=1)
    ]


def latex_number(number: Fraction) -> str:
    r"""``-\frac{1}{2}``, which needs no package."""
    if number.denominator == 1:
        return str(number)
    sign = "-" if number < 0 else ""
    return rf"{sign}\frac{{{abs(number.numerator)}}}{{{number.denominator}}}"


def latex_equation(names: list[str], matrix: Rows) -> str:
    """A displayed equation, on a line; of a matrix too wide for a page one for each entry, its digits broken."""
    sizes = [
        max(len(str(max(abs(x.numerator), x.denominator))) for x in column) for column in zip(*matrix, strict=True)
    ]
    if sum(size + 2 for size in sizes) > LATEX_WIDE:
        return "\n".join([r"\begin{quote}\raggedright", *_latex_entries(names, matrix), r"\end{quote}"])
    return rf"\[ {' = '.join(map(latex_name, names))} = {latex_matrix(matrix)} \]"


def _latex_entries(names: list[str], matrix: Rows) -> list[str]:
    return [
        rf"${' = '.join(rf'{latex_name(name)}[{i},{j}]' for name in names)} = {_breakable(entry)}$ \par"
        for i, row in enumerate(matrix, start=1)
        for j, entry in enumerate(row, start=1)
    ]


def _breakable(number: Fraction) -> str:
    """With places for LaTeX to break, every few digits."""
    return re.sub(r"(\d{8})(?=\d)", r"\1\\allowbreak ", str(number)).replace("/", r"/\allowbreak ")


def latex_matrix(matrix: Rows) -> str:
    """An array in brackets, which has no limit on its columns and needs no package; a number where it is 1 x 1."""
    if len(matrix) == len(matrix[0]) == 1:
        return latex_number(matrix[0][0])
    rows = r" \\ ".join(" & ".join(map(latex_number, row)) for row in matrix)
    return rf"\left(\begin{{array}}{{{'r' * len(matrix[0])}}} {rows} \end{{array}}\right)"


def latex_name(name: str) -> str:
    """``W_1`` as ``W_{1}``, ``Phi`` as a Greek letter, ``M`` as it is."""
    letter, _, index = name.partition("_")
    return rf"{letter}_{{{index}}}" if index else letter if len(letter) == 1 else rf"\{letter}"
