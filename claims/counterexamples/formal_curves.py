"""Points of second order that are no minima, by a curve that leads down, in the words of ``certificate_descent.v``."""

from __future__ import annotations

from typing import Any

from claims.counterexamples.critical_points import posed, sense
from claims.counterexamples.derivatives import derivatives
from claims.counterexamples.formal_terms import (
    Parts,
    flat,
    numbers,
    polynomial_term,
    q,
    rows,
    sequence,
    squares,
    valued,
    whole,
)
from claims.counterexamples.rationals import Matrix, number, polynomial, variable

Said = dict[str, Any]


def curve_term(said: Said) -> str:
    """The curve's entries, row by row, in variable 0."""
    if [len(row) for row in said["curve"]] != [len(row) for row in said["point"]]:
        raise ValueError("curve: expected the shape of the point")
    entries = (polynomial(text, {"t": variable("t")}) for row in said["curve"] for text in row)
    return sequence(polynomial_term(entry, {"t": 0}) for entry in entries)


def descent(model: Said, said: Said, objective: str, point: Matrix) -> tuple[Parts, str]:
    """No first-order change, no curvature of one sign, and a curve along which it falls (rises, for maxima)."""
    sign, u, curve = sense(said), numbers(flat(point)), curve_term(said)
    value, change, power = number(said["value"]), number(said["coefficient"]), whole(said, "power")
    shown = objective if sign > 0 else f"(negated {objective})"
    _, _, second = derivatives(posed(model, point).objective, point)
    heights, forms = squares([[sign * x for x in row] for row in second])
    n = len(second)
    parts = [
        valued(objective, point, said["value"]),
        (
            f"second_order_point {n} {shown} (at_point R {u})",
            f"apply: (@second_order_shown R _ _ _ {numbers(heights)} {rows(forms)}); by vm_compute",
        ),
        (
            f"changes_along R {objective} {curve} {q(value)} {q(change)} {power}",
            "apply: changes_shown; by vm_compute",
        ),
        (
            f"no_minimum {n} {shown} (at_point R {u})",
            f"apply: (@descent_shown R _ _ {curve} _ {q(sign * value)} {q(sign * change)} {power}); by vm_compute",
        ),
    ]
    return parts, (
        f"a point of second order that is no local {said['sense']}: along a curve the value changes by "
        f"{said['coefficient']} t^{power}."
    )
