"""A rectified linear unit at a local minimum, in the words of ``certificate_relu.v``."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from claims.counterexamples.critical_points import sense
from claims.counterexamples.formal_terms import Stated, conjunction, flat, numbers, q, sequence
from claims.counterexamples.landscapes import grid
from claims.counterexamples.rationals import Matrix, number, require

Said = dict[str, Any]


def unit_stated(entry: Said) -> Stated:
    """A local minimum, and a better point."""
    said, name = entry["certificate"], entry["uid"].replace("-", "_")
    data, point, better = (
        grid(rows, "a matrix") for rows in (entry["landscape"]["data"], said["point"], said["better"])
    )
    require(said["kind"] == "minimum" and sense(said) > 0, "expected a minimum")
    columns = len(point) == len(better) == 4 and {len(row) for row in (*point, *better)} == {1}
    require(columns, "expected columns of four numbers")
    least, other = q(number(said["value"])), q(number(said["better_value"]))
    pairs = f"{name}_data"
    statement, proof = conjunction(
        [
            _valued(pairs, point, said["value"]),
            _valued(pairs, better, said["better_value"]),
            (f"(number R {other} < number R {least})", "apply: number_lt; by vm_compute"),
            (
                f"unit_minimum R {pairs} {numbers(flat(point))}",
                f"apply: (@unit_minimum_shown _ _ _ {q(near(data, point))}); by vm_compute",
            ),
        ],
        "realFieldType",
    )
    words = f"a local minimum of {said['value']}, where {said['better_value']} is possible."
    return Stated(
        name=name,
        files=("certificate", "certificate_landscape", "certificate_relu"),
        definitions=f"Definition {pairs} := {sequence(f'({q(x)}, {q(y)})' for x, y in data)}.\n",
        statement=statement,
        proof=proof,
        words=f"Over every ordered field: {words}",
    )


def _valued(pairs: str, point: Matrix, value: str) -> tuple[str, str]:
    return (
        f"(unit_loss {pairs} (at_point R {numbers(flat(point))}) = number R {q(number(value))})",
        "apply: unit_loss_shown; by vm_compute",
    )


def near(data: Matrix, point: Matrix) -> Fraction:
    """How far each of the four numbers can move so that the unit is on for the same inputs: some e > 0, or 0."""
    (w,), (b,) = point[:2]
    return min(abs(w * x + b) / (abs(x) + 1) for x, _ in data) / 2
