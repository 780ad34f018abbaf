"""Gradient descent on a polynomial that returns for ever, in the words of ``certificate_recurrence.v``."""

from __future__ import annotations

from typing import Any

from claims.counterexamples.critical_points import posed, two_points
from claims.counterexamples.formal_terms import Parts, flat, numbers, q, rows, valued, whole
from claims.counterexamples.landscapes import grid
from claims.counterexamples.rationals import Matrix, number

Said = dict[str, Any]


def recurrence(model: Said, said: Said, objective: str, point: Matrix) -> tuple[Parts, str]:
    """What descent is there, in DL-035's words; its period and its least value; and a better point."""
    (_, better), least, rate = two_points(said), q(number(said["value"])), q(number(said["learning_rate"]))
    period = whole(said, "period")
    posed(model, point)  # refuses what is not of the model's form
    size, other = f"{len(point)} {len(point[0])}", q(number(said["better_value"]))
    parts = [
        (
            f"factors R {size} {rows(grid(model['target'], 'target'))} {objective}",
            "by apply: factorization_shown; [vm_compute|]",
        ),
        (
            f"keeps_returning R {len(flat(point))} {objective} {rate} {numbers(flat(point))} {period} {least}",
            "apply: recurrence_shown; by vm_compute",
        ),
        valued(objective, better, said["better_value"]),
        (f"(number R {other} < number R {least})", "apply: number_lt; by vm_compute"),
    ]
    return parts, (
        f"descent returns after {period} steps, for ever, and its value is {said['value']} at least, where "
        f"{said['better_value']} is possible."
    )
