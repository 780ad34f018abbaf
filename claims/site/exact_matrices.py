"""Exact matrices and their names as MathML, and as text for who does not see it."""

from __future__ import annotations

from fractions import Fraction
from html.entities import html5

from markupsafe import Markup, escape

from claims.command_line.landscape_data import Rows


def matrix_math(names: list[str], rows: Rows) -> Markup:
    """``W_1 = W_2 = (1 1/2)`` as a displayed formula; a number without brackets where it is 1 x 1."""
    left = "".join(f"{_name(name)}<mo>=</mo>" for name in names)
    said = escape(" = ".join([*names, _text(rows)]))
    return Markup(f'<math display="block" alttext="{said}"><mrow>{left}{_matrix(rows)}</mrow></math>')


def _text(rows: Rows) -> str:
    """As in Matlab's notation."""
    if len(rows) == len(rows[0]) == 1:
        return str(rows[0][0])
    return f"[{'; '.join(', '.join(map(str, row)) for row in rows)}]"


def _matrix(rows: Rows) -> str:
    if len(rows) == len(rows[0]) == 1:
        return _number(rows[0][0])
    inside = "".join(f"<mtr>{''.join(f'<mtd>{_number(x)}</mtd>' for x in row)}</mtr>" for row in rows)
    return f'<mo stretchy="true">(</mo><mtable>{inside}</mtable><mo stretchy="true">)</mo>'


def _number(number: Fraction) -> str:
    sign, size = ("<mo>−</mo>" if number < 0 else ""), abs(number)
    if size.denominator == 1:
        return f"<mrow>{sign}<mn>{size.numerator}</mn></mrow>"
    return f"<mrow>{sign}<mfrac><mn>{size.numerator}</mn><mn>{size.denominator}</mn></mfrac></mrow>"


def _name(name: str) -> str:
    """``W_1`` with its index below, ``Phi`` as a Greek letter."""
    letter, _, index = name.partition("_")
    shown = f"<mi>{html5.get(f'{letter};', letter) if len(letter) > 1 else letter}</mi>"
    return f"<msub>{shown}<mn>{index}</mn></msub>" if index else shown
