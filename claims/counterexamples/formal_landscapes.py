"""Counterexamples about landscapes as theorems, in the words of ``certificate_landscape.v``: local minima and what is
lost. A model is a function of Coq's from its data to an objective."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from claims.counterexamples.critical_points import posed, sense, two_points
from claims.counterexamples.derivatives import derivatives, orbit
from claims.counterexamples.formal_curves import descent
from claims.counterexamples.formal_recurrences import recurrence
from claims.counterexamples.formal_rotations import up_to_rotations
from claims.counterexamples.formal_spheres import form_stated
from claims.counterexamples.formal_terms import (
    Parts,
    Stated,
    UnstatedError,
    conjunction,
    definite,
    flat,
    numbers,
    polynomial_term,
    q,
    rows,
    sequence,
    valued,
)
from claims.counterexamples.formal_units import unit_stated
from claims.counterexamples.landscapes import Landscape, grid
from claims.counterexamples.rationals import Matrix, number, polynomial, variable

Said = dict[str, Any]


def signal(model: Said) -> str:
    """Its columns, and the matrix."""
    z = grid(model["signal"], "signal")
    return f"{len(z[0])} {rows(z)}"


def factorization(model: Said, n: int, k: int) -> str:
    return f"factorization {n} {k} {rows(grid(model['target'], 'target'))}"


def completion(model: Said, n: int, k: int) -> str:
    return f"completion {n} {k} {rows(grid(model['pattern'], 'pattern'))} {signal(model)}"


def sensing(model: Said, n: int, k: int) -> str:
    seen = sequence(rows(grid(each, "matrices")) for each in model["matrices"])
    weights = rows(grid(model["coefficients"], "coefficients"))
    return f"sensing {n} {k} {q(number(model['identity']))} {seen} {weights} {signal(model)}"


def phase(model: Said, n: int, _: int) -> str:
    return f"phase {n} {rows(grid(model['vectors'], 'vectors'))} {rows(grid(model['signal'], 'signal'))}"


def quadratic(model: Said, n: int, k: int) -> str:
    losses = [polynomial_term(polynomial(text, {"s": variable("s")}), {"s": 0}) for text in model["losses"]]
    pairs = zip(map(numbers, grid(model["inputs"], "inputs")), losses, strict=True)
    return f"quadratic {n} {k} {sequence(f'({row}, {loss})' for row, loss in pairs)}"


MODELS: dict[str, Callable[[Said, int, int], str]] = {
    "factorization": factorization,
    "completion": completion,
    "sensing": sensing,
    "phase": phase,
    "quadratic": quadratic,
}
LEFT_OUT = {
    "completion": "that the pattern is connected, and that no entry of the signal is 0",
    "phase": "whether the vectors are enough, and of full spark or of signs",
    "sensing": "that delta is the measurements' isometry constant",
    "quadratic": "whether the losses are convex",
}
ALWAYS = ("certificate", "certificate_landscape", "certificate_rotations")


def landscape_stated(entry: Said) -> Stated:
    """The theorem of an entry about a landscape. UnstatedError where there is none."""
    model, said, name = entry["landscape"], entry["certificate"], entry["uid"].replace("-", "_")
    if model["model"] in OTHERS:
        return OTHERS[model["model"]](entry)
    if model["model"] not in MODELS:
        raise UnstatedError(f"there are no theorems for the model {model['model']}; check.py and verify.py decide it")
    if said["kind"] not in KINDS:
        raise UnstatedError(f"there is no theorem for the kind {said['kind']}; check.py and verify.py decide it")
    point = grid(said["point"], "point")
    objective = f"{name}_objective"
    definitions = f"Definition {objective} := {MODELS[model['model']](model, len(point), len(point[0]))}.\n"
    parts, words = KINDS[said["kind"]](model, said, objective, point)
    statement, proof = conjunction(parts, "realFieldType")
    left_out = {said["kind"]: LEFT_OUT.get(model["model"], "nothing")} | LEFT_OUT_OF
    return Stated(
        name=name,
        files=(*ALWAYS, *FILES.get(said["kind"], ())),
        definitions=definitions,
        statement=statement,
        proof=proof,
        words=f"Over every ordered field: {words}",
        leaves_out=left_out[said["kind"]],
    )


def supposed(model: Said, n: int) -> Parts:
    """Of a pattern that it is symmetric, of zeros and ones: with others the objective is 0 elsewhere too."""
    if model["model"] != "completion":
        return []
    p = rows(grid(model["pattern"], "pattern"))
    seen = f"(Qeq_bool (entry {p} i j) zero || Qeq_bool (entry {p} i j) one)"
    symmetric = f"Qeq_bool (entry {p} i j) (entry {p} j i)"
    return [(f"every_entry {n} {n} (fun i j => {seen} && {symmetric})", "by vm_compute")]


def minimum(model: Said, said: Said, objective: str, point: Matrix) -> tuple[Parts, str]:
    """A strict local minimum, at least up to rotations (of the negated objective, for maxima), and a better point."""
    f, sign, (_, better) = posed(model, point), sense(said), two_points(said)
    value, other = number(said["value"]), number(said["better_value"])
    lower, higher = (other, value) if sign > 0 else (value, other)
    shown = objective if sign > 0 else f"(negated {objective})"
    turned = f.turns and orbit(point) > 0
    parts = [
        *supposed(model, len(point)),
        valued(objective, point, said["value"]),
        valued(objective, better, said["better_value"]),
        (f"(number R {q(lower)} < number R {q(higher)})", "apply: number_lt; by vm_compute"),
        up_to_rotations(model, point, sign, shown) if turned else strict(f, point, sign, shown),
    ]
    words = f"a strict local {said['sense']} of {said['value']}, where {said['better_value']} is possible."
    return parts, words.replace(",", ", up to rotations of the columns,", 1) if turned else words


def strict(f: Landscape, point: Matrix, sign: int, objective: str) -> tuple[str, str]:
    """That the objective, which is ``sign`` times f, has a strict minimum there, and the proof."""
    value, _, second = derivatives(f.objective, point)
    c, heights, forms = definite([[sign * x / 2 for x in row] for row in second])
    return (
        f"strict_minimum R {len(second)} {objective} {numbers(flat(point))}",
        f"apply: (@minimum_shown _ _ _ _ {q(sign * value)} {q(c)} {numbers(heights)} {rows(forms)}); by vm_compute",
    )


def lost(model: Said, said: Said, objective: str, point: Matrix) -> tuple[Parts, str]:
    """The objective is 0 at the signal, and at a point with another product."""
    posed(model, point)  # refuses what is not of the model's form
    z = grid(model["signal"], "signal")
    seen = [row + [Fraction(0)] * (len(point[0]) - len(row)) for row in z]
    parts = [
        *supposed(model, len(point)),
        valued(objective, point, "0"),
        valued(objective, seen, "0"),
        (
            f"products_differ R {len(point)} {len(point[0])} {rows(point)} {len(z[0])} {rows(z)}",
            "apply: differ_shown; by vm_compute",
        ),
    ]
    return parts, "two signals have the same measurements, and another product with themselves."


KINDS: dict[str, Callable[[Said, Said, str, Matrix], tuple[Parts, str]]] = {
    "minimum": minimum,
    "lost": lost,
    "recurrence": recurrence,
    "descent": descent,
}
FILES = {
    "descent": ("polynomial_derivative", "certificate_descent"),
    "recurrence": ("polynomial_derivative", "certificate_recurrence"),
}
LEFT_OUT_OF = {"recurrence": "that the objective has no poor minimum, and its saddles are strict"}
OTHERS: dict[str, Callable[[Said], Stated]] = {"tensor": form_stated, "form": form_stated, "relu": unit_stated}
"""Models whose objectives are no polynomials, or are looked at on a sphere."""
