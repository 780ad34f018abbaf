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
    *("gaussian_units", "certificate_gaussian", "certificate_gaussian_sums"),
    *("certificate_gaussian_points", "certificate_gaussian_cases"),
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
    point = f"units_poor {{}} {ratio(said['factor'])} {rows(grid(said['direction'], 'direction'))}"
    words = f"the gradient is 0, the Hessian positive definite and the loss {said['value']}, where 0 is possible"
    return f"{point} {ratio(said['value'])}", words


def flat(said: Said) -> tuple[str, str]:
    """The direction."""
    return f"units_flat {{}} {rows(grid(said['direction'], 'direction'))}", "the Hessian at the truth is singular"


def returned(said: Said) -> tuple[str, str]:
    """Learning rate, points and value."""
    points = [grid(each, "directions") for each in said["directions"]]
    if len(said["factors"]) != len(points):
        raise ValueError("factors: expected one for each direction")
    if (said["learning_rate"] == "every") != (len(points) == 1):
        raise ValueError("learning_rate: every is for a point that stays")
    rate = "None" if len(points) == 1 else f"(Some {ratio(said['learning_rate'])})"
    path = f"{rate} {sequence(map(ratio, said['factors']))} {sequence(map(rows, points))} {ratio(said['value'])}"
    what = "stays where it is" if len(points) == 1 else f"recurs with period {len(points)}"
    return f"units_return {{}} {path}", f"descent {what}, with a loss of at least {said['value']} for ever"


CASES = {"poor": (poor, "poor_shown"), "flat": (flat, "flat_shown"), "returns": (returned, "units_return_shown")}
TITLE = "what the title says of the data and of the learning rate"
KERNEL = "that the loss is the expectation, whose kernel and its derivatives are taken as they are"
LEFT_OUT = {"poor": ", and that such a point is a strict local minimum", "flat": "", "returns": f"; {TITLE}"}


def gaussian_stated(entry: Said, name: str) -> Stated:
    """The theorem of an entry about units."""
    model, kind = entry["shallow"], entry["certificate"]["kind"]
    maps, truth = [grid(each, "maps") for each in model["maps"]], grid(model["truth"], "truth")
    say, shown = CASES[kind]
    what, words = say(entry["certificate"])
    units = f"pi angle {len(maps[0])} {len(maps[0][0])} {q(number(model['scale']))} {name}_maps {rows(truth)}"
    said = what.format(units)
    return Stated(
        name=name,
        files=GAUSSIAN,
        definitions=f"Definition {name}_maps := {sequence(map(rows, maps))}.\n",
        statement=f"forall (R : rcfType) (pi : R) (angle : R -> R), is_angle pi angle ->\n  {said}",
        proof=f"move=> R pi angle angles; apply: ({shown} angles); by vm_compute",
        words=f"Over every real closed field, with the angles that pi and arccos give: {words}.",
        leaves_out=KERNEL + LEFT_OUT[kind],
    )
