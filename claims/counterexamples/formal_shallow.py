"""Counterexamples about trajectories of shallow models as theorems: points to which descent returns, what no step
changes, and where a flow can end."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from claims.counterexamples.formal_gaussian import TITLE, gaussian_stated
from claims.counterexamples.formal_terms import Stated, UnstatedError, numbers, q, rows, sequence, whole
from claims.counterexamples.landscapes import grid
from claims.counterexamples.rationals import number

Said = dict[str, Any]
Parts = list[tuple[str, str]]
"""Propositions, and the tactics that prove them."""
FACTORS = ("certificate", "certificate_landscape", "certificate_factors")
LEAKY = ("certificate", "certificate_returns", "certificate_leaky")


def column(rows: Any, key: str) -> list[Fraction]:
    """The numbers of a column."""
    found = grid(rows, key)
    if len(found[0]) != 1:
        raise ValueError(f"{key}: expected a column")
    return [x for (x,) in found]


def positive(value: Fraction) -> tuple[str, str]:
    return f"0 < number R {q(value)}", "apply: number_gt0; by vm_compute"


def factors(model: Said) -> tuple[str, str, Parts]:
    """Objective and error, and what is supposed of the model."""
    if model["model"] == "product":
        f = f"two_factors {q(number(model['target']))}"
        return f, f, [positive(number(model["target"]))]
    (a,), y = grid([model["diagonal"]], "diagonal"), number(model["measured"])
    return f"diagonal_sensing {numbers(a)} {q(y)}", f"diagonal_error {numbers(a)}", [positive(a[0]), positive(y)]


def kept(entry: Said, name: str) -> Stated:
    """<a, u> is the same after every step."""
    said, (f, error, supposed) = entry["certificate"], factors(entry["shallow"])
    a, point = column(said["kept"], "kept"), column(said["point"], "point")
    count = 2 if entry["shallow"]["model"] == "product" else len(entry["shallow"]["diagonal"])
    if not len(a) == len(point) == count or not any(a):
        raise ValueError("kept: expected one number for each factor, not all 0")
    k = next(i for i, x in enumerate(a) if x)
    keeps = f"keeps R {name}_objective {name}_error {numbers(point)} {numbers(a)} {q(number(said['value']))}"
    return Stated(
        name=name,
        files=FACTORS,
        definitions=f"Definition {name}_objective := {f}.\nDefinition {name}_error := {error}.\n",
        **written("realFieldType", [*supposed, (keeps, f"apply: (@kept_shown _ _ _ _ _ _ {k}); by vm_compute")]),
        words=f"Over every ordered field: an error of at least {said['value']} at every learning rate, for ever.",
        leaves_out="nothing" if entry["shallow"]["model"] == "product" else "that U stays diagonal",
    )


def limit(entry: Said, name: str) -> Stated:
    """The flow's path has one point where it can end."""
    model, said = entry["shallow"], entry["certificate"]
    (a,), y, alpha = grid([model["diagonal"]], "diagonal"), number(model["measured"]), number(said["start"])
    powers = sequence(f"({x.numerator}, {x.denominator})" for x in a)
    s = column(said["point"], "point")
    if min(a) < 0 or len(s) != len(a):
        raise ValueError("point: expected one number for each of the diagonal, and these >= 0")
    rest = f"{numbers(a)} {q(y)} {q(alpha)} {powers}%N {numbers(s)} {q(number(said['value']))}"
    return Stated(
        name=name,
        files=FACTORS,
        definitions="",
        **written("rcfType", [positive(y), (f"flow_ends R {rest}", "apply: flow_shown; by vm_compute")]),
        words=f"Over every real closed field: on the flow's path one point is at rest, with the error {said['value']}.",
        leaves_out="that U stays diagonal, and that the flow converges to a point with positive coordinates",
    )


def returns(entry: Said, name: str) -> Stated:
    """Descent goes through the points in their order for ever, from one of leaky units."""
    model, said = entry["shallow"], entry["certificate"]
    points, data = [grid(each, "directions") for each in said["directions"]], grid(model["data"], "data")
    if set(said["factors"]) != {"1"} or len(said["factors"]) != len(points):
        raise ValueError("factors: expected 1 for each direction")
    if (said["learning_rate"] == "every") != (len(points) == 1):
        raise ValueError("learning_rate: every is for a point that stays")
    rate = "None" if len(points) == 1 else f"(Some {q(number(said['learning_rate']))})"
    path = f"{rate} {sequence(map(rows, points))} {q(number(said['value']))}"
    size, slope = f"{len(data)} {len(data[0])}", q(number(model["slope"]))
    if model["model"] == "samples":
        recurs = f"samples_recur R {size} {slope} {rows(data)} {rows(grid(model['truth'], 'truth'))} {path}"
    else:
        labels, k = [[number(text)] for text in model["labels"]], whole(model, "pairs")
        outer = q(Fraction(1, math.isqrt(2 * k)))
        recurs = f"perceptron_recurs R {size} {k} {slope} {outer} {rows(data)} {rows(labels)} {path}"
    shown = f"apply: {recurs.split()[0]}_shown; by vm_compute"
    what = "stays where it is" if len(points) == 1 else f"recurs with period {len(points)}"
    return Stated(
        name=name,
        files=LEAKY,
        definitions="",
        **written("realFieldType", [(recurs, shown)]),
        words=f"Over every ordered field: descent {what}, with a loss of at least {said['value']} for ever.",
        leaves_out=f"that what moves the weights is the derivative of the loss, and {TITLE}",
    )


def written(fields: str, parts: Parts) -> dict[str, str]:
    """Statement and proof."""
    *first, last = [part for part, _ in parts]
    both = "[/\\ " + ",\n  ".join(first) + f" &\n  {last}]" if first else last
    tactics = " | ".join(tactic for _, tactic in parts)
    return {
        "statement": f"forall R : {fields},\n  {both}",
        "proof": f"move=> R; split; [{tactics}]" if first else f"move=> R; {tactics}",
    }


KINDS: dict[str, dict[str, Callable[[Said, str], Stated]]] = {
    "units": dict.fromkeys(("poor", "flat", "returns"), gaussian_stated),
    "samples": {"returns": returns},
    "perceptron": {"returns": returns},
    "product": {"kept": kept},
    "sensing": {"kept": kept, "limit": limit},
}


def shallow_stated(entry: Said) -> Stated:
    """The theorem of an entry about a trajectory. UnstatedError where there is none."""
    model, kind = entry["shallow"]["model"], entry["certificate"]["kind"]
    if kind not in KINDS.get(model, {}):
        raise UnstatedError(f"there is no theorem for {kind} and the model {model}; check.py and verify.py decide it")
    return KINDS[model][kind](entry, entry["uid"].replace("-", "_"))
