"""Counterexamples about sums of Gaussian ReLU units as theorems, in the words of ``gaussian_units.v``.

Numbers with pi and the root of 3 are quotients of polynomials in two variables, both > 0: the kernel shows signs by
coefficients, after pi = 3 + x and root = 1 + y.
"""

from __future__ import annotations

from typing import Any

from claims.counterexamples.constants import real, sign
from claims.counterexamples.formal_terms import Stated, polynomial_term, q, rows, sequence
from claims.counterexamples.landscapes import grid
from claims.counterexamples.rationals import number, plus

Said = dict[str, Any]
GAUSSIAN = (
    *("certificate", "certificate_landscape", "certificate_network", "certificate_returns"),
    *("gaussian_units", "certificate_gaussian", "certificate_gaussian_points", "certificate_gaussian_cases"),
)
PLACES = {"pi": 0, "root": 1}


def ratio(text: object) -> str:
    """A number, with a denominator > 0."""
    value = real(text)
    factor = 1 if sign(value.bottom) > 0 else -1
    top, bottom = (polynomial_term(plus({}, part, factor), PLACES) for part in (value.top, value.bottom))
    return f"({top}, {bottom})"


def poor(said: Said) -> tuple[str, str]:
    """Point and value; and in words."""
    point = f"{ratio(said['factor'])} {rows(grid(said['direction'], 'direction'))}"
    words = f"the gradient is 0, the Hessian positive definite and the loss {said['value']}, where 0 is possible"
    return f"{point} {ratio(said['value'])}", words


def gaussian_stated(entry: Said, name: str) -> Stated:
    """The theorem of an entry about units."""
    model = entry["shallow"]
    maps, truth = [grid(each, "maps") for each in model["maps"]], grid(model["truth"], "truth")
    what, words = poor(entry["certificate"])
    units = f"pi angle {len(maps[0])} {len(maps[0][0])} {q(number(model['scale']))} {name}_maps {rows(truth)}"
    return Stated(
        name=name,
        files=GAUSSIAN,
        definitions=f"Definition {name}_maps := {sequence(map(rows, maps))}.\n",
        statement=f"forall (R : rcfType) (pi : R) (angle : R -> R), is_angle pi angle ->\n  units_poor {units} {what}",
        proof="move=> R pi angle angles; apply: (poor_shown angles); by vm_compute",
        words=f"Over every real closed field, with the angles that pi and arccos give: {words}.",
        leaves_out="that the loss is the expectation, whose kernel and its derivatives are taken as they are, and that "
        "such a point is a strict local minimum",
    )
