"""A homogeneous polynomial as someone types it: 'x^4 - 3*x*y^3', or exponents and coefficients, '400: 4, 211: -1/2'.

Read as syntax and never run: numbers, the variables, + - * / ^ and brackets. Numbers are exact as written: 0.1 is a
tenth.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from fractions import Fraction

from claims.command_line.errors import UsageError

VARIABLES = ("x", "y", "z")
LONGEST = 20_000
"""Characters."""
LARGEST_DEGREE = 60
"""Of a power, and of anything on the way; what can be certified is less."""
LONGEST_NUMBER = 200
"""Digits."""
SHAPE = "expected a polynomial in x and y, or in x, y and z, as in 'x^4 + y^4 - 3*x^2*y^2'"

Table = dict[tuple[int, ...], Fraction]
"""Exponents of x, y, z -> coefficient, none of them 0."""


def read_polynomial(text: str, dimension: int | None = None) -> Table:
    """Exponents and coefficients of a homogeneous polynomial that is not 0, over 2 variables, or 3 where there is a z.

    ``dimension`` says how many, where the text does not. Raises UsageError, naming what would be right.
    """
    if len(text) > LONGEST:
        raise UsageError(f"the polynomial has {len(text)} characters; expected at most {LONGEST}")
    table = _exponent_table(text) if ":" in text else _expression(text)
    if not table:
        raise UsageError("the polynomial is 0, so that every point is critical; expected one that is not")
    return _over(_homogeneous(table), dimension)


def _homogeneous(table: Table) -> Table:
    degrees = sorted({sum(exponents) for exponents in table})
    if len(degrees) > 1:
        lowest, highest = (next(e for e in table if sum(e) == degree) for degree in (degrees[0], degrees[-1]))
        raise UsageError(
            f"the polynomial is not homogeneous: {monomial(lowest)} has degree {degrees[0]} and {monomial(highest)} "
            f"has degree {degrees[-1]}; expected one degree in all terms"
        )
    if degrees == [0]:
        raise UsageError(f"the polynomial is a number; {SHAPE}")
    return table


def _over(table: Table, dimension: int | None) -> Table:
    """The table over as many variables as are asked for."""
    size = len(next(iter(table)))
    if dimension is not None and dimension < size:
        raise UsageError(f"the polynomial has {size} variables; expected x and y alone in dimension {dimension}")
    return {exponents + (0,) * ((dimension or size) - size): c for exponents, c in table.items()}


def monomial(exponents: tuple[int, ...]) -> str:
    """``x^2*y``, or ``1``."""
    factors = (f"{name}^{e}" if e > 1 else name for name, e in zip(VARIABLES, exponents, strict=False) if e)
    return "*".join(factors) or "1"


def polynomial_text(table: Table) -> str:
    """As it would be typed, highest power of x first."""
    words = []
    for exponents, coefficient in sorted(table.items(), reverse=True):
        size = "" if abs(coefficient) == 1 else f"{abs(coefficient)}*"
        words += ["-" if coefficient < 0 else "+", size + monomial(exponents)]
    text = " ".join(words)
    return text.removeprefix("+ ") if words[0] == "+" else "-" + text.removeprefix("- ")


def _expression(text: str) -> Table:
    source = text.replace("^", "**").strip()
    try:
        body = ast.parse(source, mode="eval").body
        return _Reader(source, 3 if "z" in source else 2).read(body)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        if isinstance(error, UsageError):
            raise
        hint = "; a product needs a *, as in 3*x*y" if re.search(r"[\dxyz)]\s*[xyz(]", text) else ""
        raise UsageError(f"the polynomial {_short(text)} cannot be read{hint}; {SHAPE}") from None


class _Reader:
    """Turns what the whitelist has into tables; ``source`` has the numbers as they were written."""

    def __init__(self, source: str, size: int) -> None:
        self.source, self.one = source, (0,) * size

    def read(self, node: ast.expr) -> Table:
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return _kept({self.one: _number(ast.get_source_segment(self.source, node) or "")})
            case ast.Name(id=name) if name in VARIABLES:
                return {tuple(int(name == variable) for variable in VARIABLES[: len(self.one)]): Fraction(1)}
            case ast.Name(id=name):
                raise UsageError(f"the polynomial has the unknown name {name!r}; {SHAPE}")
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.read(operand)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return {exponents: -c for exponents, c in self.read(operand).items()}
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return _power({self.one: Fraction(1)}, self.read(left), self._exponent(right))
            case ast.BinOp(left=left, op=operation, right=right) if type(operation) in OPERATIONS:
                return OPERATIONS[type(operation)](self.read(left), self.read(right))
        written = ast.get_source_segment(self.source, node) or ast.dump(node)
        raise UsageError(
            f"the polynomial has {_short(written)}; expected only numbers, x, y, z, the signs + - * / ^ and brackets"
        )

    def _exponent(self, node: ast.expr) -> int:
        value = _as_number(self.read(node))
        if value is None or value.denominator != 1 or not 0 <= value <= LARGEST_DEGREE:
            written = ast.get_source_segment(self.source, node)
            raise UsageError(f"the exponent {written} is not one; expected a whole number from 0 to {LARGEST_DEGREE}")
        return int(value)


def _as_number(table: Table) -> Fraction | None:
    """The number that a table is, if it is one."""
    return sum(table.values(), start=Fraction(0)) if not any(map(any, table)) else None


def _sum(left: Table, right: Table) -> Table:
    total = dict(left)
    for exponents, c in right.items():
        total[exponents] = total.get(exponents, Fraction(0)) + c
    return _kept(total)


def _product(left: Table, right: Table) -> Table:
    total: Table = {}
    for first, c in left.items():
        for second, d in right.items():
            exponents = tuple(a + b for a, b in zip(first, second, strict=True))
            total[exponents] = total.get(exponents, Fraction(0)) + c * d
    return _kept(total)


def _quotient(left: Table, right: Table) -> Table:
    divisor = _as_number(right)
    if divisor is None:
        raise UsageError(f"the polynomial is divided by {polynomial_text(right)}; expected division by numbers alone")
    if divisor == 0:
        raise UsageError("the polynomial is divided by 0; expected another number")
    return {exponents: c / divisor for exponents, c in left.items()}


def _power(result: Table, base: Table, exponent: int) -> Table:
    for _ in range(exponent):
        result = _product(result, base)
    return result


def _kept(table: Table) -> Table:
    """The table without zeros; UsageError where it has grown too large."""
    for exponents, c in table.items():
        if sum(exponents) > LARGEST_DEGREE:
            raise UsageError(f"the polynomial has a term of degree {sum(exponents)}; expected at most {LARGEST_DEGREE}")
        if max(abs(c.numerator), c.denominator).bit_length() > 4 * LONGEST_NUMBER:
            raise UsageError(f"the polynomial has a coefficient of more than {LONGEST_NUMBER} digits; expected fewer")
    return {exponents: c for exponents, c in table.items() if c}


OPERATIONS: dict[type[ast.operator], Callable[[Table, Table], Table]] = {
    ast.Add: _sum,
    ast.Sub: lambda left, right: _sum(left, {exponents: -c for exponents, c in right.items()}),
    ast.Mult: _product,
    ast.Div: _quotient,
}

KEY = r"\(\s*\d{1,3}\s*(?:,\s*\d{1,3}\s*){1,2},?\s*\)|\d{2,3}"
VALUE = r"[-+]?[\d./eE]+(?:[-+]\d+)?"
ENTRY = re.compile(rf"\s*({KEY})\s*:\s*({VALUE})\s*(?:[,;\s]\s*|$)")


def _exponent_table(text: str) -> Table:
    """'400: 4, 211: -1/2', each digit an exponent; or '(4, 0, 0): 4, (2, 1, 1): -1/2', with braces or without."""
    body, found, position = text.strip().removeprefix("{").removesuffix("}"), {}, 0
    while position < len(body):
        match = ENTRY.match(body, position)
        if match is None:
            raise UsageError(
                f"the table of exponents cannot be read at {_short(body[position:])}; expected exponents and "
                "coefficients, as in '400: 4, 211: -1/2' or '(4, 0, 0): 4, (2, 1, 1): -1/2'"
            )
        key = match[1]
        exponents = tuple(map(int, re.findall(r"\d+", key) if "(" in key else key))
        if exponents in found:
            raise UsageError(f"the table of exponents has {key} twice; expected it once")
        found[exponents] = _number(match[2])
        position = match.end()
    if len({len(exponents) for exponents in found}) > 1:
        raise UsageError("the table of exponents has two in one term and three in another; expected as many in each")
    return _kept(found)


def _number(text: str) -> Fraction:
    """Exactly as written."""
    try:
        power = re.search(r"[eE]([-+]?\d+)$", text)
        if power and abs(int(power[1])) > LONGEST_NUMBER:
            raise UsageError(f"the number {_short(text)} has more than {LONGEST_NUMBER} digits; expected fewer")
        return Fraction(text.replace("_", ""))
    except (ValueError, ZeroDivisionError) as error:
        if isinstance(error, UsageError):
            raise
        raise UsageError(f"{_short(text)} is not a number; expected one as in 3, -1/2 or 0.25") from None


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
