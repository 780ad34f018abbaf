"""``landscape``: every critical point of a polynomial on the circle or the sphere, and the proof that these are all."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from claims.command_line.numbers import whole_number
from claims.command_line.polynomials import Table, polynomial_text, read_polynomial
from claims.command_line.terminal import bold, columns, fill, print_json, table

if TYPE_CHECKING:
    from flint import arb

    from solvers.shallow import Landscape, SpherePoint

DIGITS, MOST_DIGITS = 12, 30
"""Printed by default; and at most, since there are as many in 128 bits."""
EXAMPLES = """\
examples:
  %(prog)s 'x^4 + y^4 - 3*x^2*y^2'
  %(prog)s 'x^3 + 2*y^3 + z^3/2' --json
  %(prog)s '(x^2 + 2*y^2)*z + x*y*z' --digits 30
  %(prog)s '300: 1, 030: 2, 003: 3, 111: -1/2'
  %(prog)s '{(30, 0): 1, (0, 30): 0.5}'

exit code: 0 certified, 1 no complete list can be proved (degenerate, or too
large), 2 the polynomial was not understood
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "List every critical point of a homogeneous polynomial on the circle (x, y) or\n"
        "the sphere (x, y, z), and prove that there are no others: the real critical\n"
        "lines are counted exactly, each is enclosed in a box that holds one alone, its\n"
        "index is decided in balls. The polynomial is an expression with + - * / ^ and\n"
        "brackets, or a table of exponents and coefficients. Numbers are exact as\n"
        "written: 0.1 is a tenth. Degrees: up to 60 on the circle, 8 on the sphere."
    )
    parser.epilog = EXAMPLES
    parser.add_argument("polynomial", metavar="POLYNOMIAL", help="quoted; one that begins with a - after a --")
    parser.add_argument(
        "--dimension", type=int, choices=(2, 3), help="where no z is in it: 3 for the sphere (default: 2)"
    )
    parser.add_argument(
        "--digits",
        type=whole_number(1, MOST_DIGITS),
        default=DIGITS,
        metavar="K",
        help="to print, 1 to 30 (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="for a program to read")


def run(arguments: argparse.Namespace) -> int:
    terms = read_polynomial(arguments.polynomial, arguments.dimension)
    from flint import fmpq

    from solvers.shallow import HomogeneousPolynomial, UncertifiedLandscape, certify_landscape

    polynomial = HomogeneousPolynomial({e: fmpq(c.numerator, c.denominator) for e, c in terms.items()})
    try:
        landscape = certify_landscape(polynomial)
    except UncertifiedLandscape as error:
        print(f"not certified: {error}", file=sys.stderr)
        return 1
    found = as_json(terms, landscape, arguments.digits)
    if arguments.json:
        print_json(found)
    else:
        _print(found, columns())
    return 0


def as_json(terms: Table, landscape: Landscape, digits: int) -> dict[str, Any]:
    """The landscape in JSON's types; numbers as decimals whose last digit is right to one unit."""
    d, p = landscape.polynomial.dimension, landscape.polynomial.degree
    return {
        "polynomial": polynomial_text(terms),
        "dimension": d,
        "degree": p,
        "points": [_point(point, digits) for point in landscape.points],
        "counts": {kind: landscape.counts.get(kind, 0) for kind in ("maximum", "saddle", "minimum")},
        "proof": {
            "real_critical_lines": landscape.lines,
            "boxes": len(landscape.points),
            "sum_of_signs": sum((-1) ** point.index for point in landscape.points),
            "euler_characteristic": 1 - (-1) ** d,
            "most_lines_at_this_degree": sum((p - 1) ** k for k in range(d)),
        },
    }


def _point(point: SpherePoint, digits: int) -> dict[str, Any]:
    return {
        "kind": point.kind,
        "index": point.index,
        "value": _decimal(point.value, digits),
        "point": [_decimal(entry, digits) for entry in point.point],
        "certified_digits": min(_certified_digits(number) for number in (point.value, *point.point)),
    }


def _decimal(number: arb, digits: int) -> str:
    """As many as asked for of the digits that the ball certifies, the last one to a unit."""
    if number.contains(0) and _certified_digits(number) > digits:
        return "0"
    return str(number.str(digits, radius=False))


def _certified_digits(number: arb) -> int:
    """How many decimals after the point the ball's radius leaves, relative to 1 or to the number if it is larger."""
    from flint import arb

    radius, size = arb(number.rad()), abs(arb(number.mid())) + 1
    if radius == 0:
        return 9999
    return max(0, int(float(-(radius / size).log() / arb(10).log())))


def _print(found: dict[str, Any], width: int | None) -> None:
    proof, counts, names = found["proof"], found["counts"], "xyz"[: found["dimension"]]
    where = "circle" if found["dimension"] == 2 else "sphere"
    print(bold(fill(f"f = {found['polynomial']}", width, hanging="    ")))
    shown = [f"{count} {_plural(kind, count)}" for kind, count in counts.items() if count]
    print(fill(f"on the {where}: {len(found['points'])} critical points, {', '.join(shown)}", width), end="\n\n")
    rows = [["kind", "index", "value", *names, "certified"]]
    for point in found["points"]:
        digits = f"{point['certified_digits']} digits" if point["certified_digits"] < 9999 else "exact"
        rows.append([point["kind"], str(point["index"]), point["value"], *point["point"], digits])
    aligned = _aligned(rows, range(2, 3 + len(names)))
    print(*table(aligned, width), sep="\n", end="\n\n")
    signs = proof["sum_of_signs"]
    lines, most = proof["real_critical_lines"], proof["most_lines_at_this_degree"]
    for sentence in (
        f"Complete: {lines} real critical {'line' if lines == 1 else 'lines'}, counted exactly (degree "
        f"{found['degree']} has {most} at most), and {proof['boxes']} boxes, disjoint, two a line, with exactly one "
        "critical point in each (Krawczyk).",
        f"Check: the sum of (-1)^index is {signs}, the Euler characteristic of the {where} (Poincare-Hopf).",
        "Numbers are right to one unit of the last digit shown, and a 0 to as many digits; `certified` counts those "
        "after the point that the proof gives.",
    ):
        print(fill(sentence, width))


def _aligned(rows: list[list[str]], numeric: range) -> list[list[str]]:
    """With a blank where other numbers of the column have a minus."""
    return [
        [f" {cell}" if i in numeric and not cell.startswith("-") else cell for i, cell in enumerate(row)]
        for row in rows
    ]


def _plural(kind: str, count: int) -> str:
    return kind if count == 1 else {"maximum": "maxima", "minimum": "minima", "saddle": "saddles"}[kind]
