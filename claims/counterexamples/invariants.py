"""Invariant sets of counterexamples, by SymPy: what is to be shown, and that the certificate's sums of products do so.

The step is the solvers' own, on layers of symbols; texts are read by SymPy.
"""

from __future__ import annotations

import re
from typing import Any

import sympy
from flint import fmpq

from claims.counterexamples.catalogue import Counterexample, exact_number
from claims.counterexamples.trajectories import (
    after,
    along_the_mode,
    any_rate,
    as_sympy,
    largest_rate,
    posed,
    require,
    symbolic,
)
from solvers import Problem, gradient_step, loss

ETA = sympy.Symbol("eta")
HIGHEST = 40  # degree of a polynomial in a file
FACTOR = r"([0-9]+(/[1-9][0-9]*)?|[a-z]+(\^[1-9][0-9]?)?)"
TERM = rf"-?{FACTOR}(\*{FACTOR})*"


def expression(text: str, names: set[str]) -> Any:
    """A polynomial in the names, as SymPy reads it; nothing but names, whole numbers and + - * / ^ is let through."""
    require(re.fullmatch(rf"{TERM}( [+-] {TERM})*", text) is not None, f"{text!a:.60} is no polynomial")
    known = {name: sympy.Symbol(name) for name in names}
    found = sympy.parse_expr(text.replace("^", "**"), local_dict=known)
    require({symbol.name for symbol in found.free_symbols} <= names, f"{text!a:.60} has an unknown name")
    degree = sympy.Poly(found, *known.values()).total_degree() if known else 0
    require(degree <= HIGHEST, f"{text!a:.60} is of degree {degree}; expected at most {HIGHEST}")
    return found


def obligations(entry: Counterexample) -> dict[str, tuple[Any, list[Any]]]:
    """What has to be >= 0, by a name for each, and the polynomials >= 0 that imply it, of an invariant set; in SymPy.

    The step is the solvers' own, on layers of symbols along the certificate's mode.
    """
    said, net = entry.certificate, along_the_mode(entry, posed(entry))
    require(all(w.shape == (1, 1) for w in net.weights), "expected layers of width 1, or a mode")
    names, eta = said["names"], ETA if any_rate(entry) else as_sympy(net.learning_rate)
    require("eta" not in names, "eta is the learning rate, and no name of a weight")
    layers = tuple(sympy.Matrix([[sympy.Symbol(name)]]) for name in names)
    target = symbolic(net.target)
    moved = gradient_step(layers, target, eta)
    later = {name: matrix[0] for name, matrix in zip(names, moved, strict=True)}
    letters = {*names, "eta"}
    given = [expression(text, letters).subs(ETA, eta) for _, text, _ in said["set"]]
    step = {sympy.Symbol(name): value for name, value in later.items()}
    found = {
        f"{letter} after a step": (value.subs(step, simultaneous=True), given)
        for (letter, _, proof), value in zip(said["set"], given, strict=True)
        if proof or value.free_symbols - {ETA}
    }
    found["the loss"] = (loss(layers, target) - expression(said["loss"][0], set()), given)
    for text, factor, _ in said["growth"]:
        value = expression(text, letters).subs(ETA, eta)
        grown = value.subs(step, simultaneous=True)
        found[f"the growth of {text}"] = (grown - expression(factor, set()) * value, given)
    return found


def shown_invariant(entry: Counterexample, problem: Problem) -> str:
    """The start is in the set, and each obligation is the sum of products that the certificate has for it."""
    said, every = entry.certificate, any_rate(entry)
    require(said["steps"] == 0 or not every, "steps need a learning rate")
    there = after(along_the_mode(entry, problem), said["steps"])
    here = {name: as_sympy(w[0, 0]) for name, w in zip(said["names"], there.weights, strict=True)}
    places = [(sympy.Symbol(name), value) for name, value in here.items()]
    require(all(here[name] == as_sympy(w[0, 0]) for name, w in zip(said["names"], there.weights, strict=True)), "names")
    eta = ETA if every else as_sympy(problem.learning_rate)
    names = {*said["names"], "eta"}
    for _, text, _ in said["set"]:
        value = expression(text, names).subs(places).subs(ETA, eta)
        require(_nonnegative(value, entry), f"at the start {text} is not >= 0")
    letters = {letter: expression(text, names).subs(ETA, eta) for letter, text, *_ in [*said["set"], *said["squares"]]}
    proofs = {f"{letter} after a step": proof for letter, _, proof in said["set"]}
    proofs |= {"the loss": said["loss"][1]} | {f"the growth of {text}": proof for text, _, proof in said["growth"]}
    for name, (value, _) in obligations(entry).items():
        require(_is_sum_of_products(proofs[name], letters, {letter for letter, _ in said["squares"]}), f"{name}: signs")
        proof = expression(proofs[name], set(letters))
        put = {sympy.Symbol(letter): polynomial for letter, polynomial in letters.items()}
        require(sympy.expand(value - proof.subs(put, simultaneous=True)) == 0, f"{name} is not the sum of products")
    for text, factor, _ in said["growth"]:
        starts = expression(text, names).subs(places).subs(ETA, eta)
        require(bool(starts > 0) and exact_number(factor) > 1, f"{text} does not grow")
    require(exact_number(said["loss"][0]) > 0, "the least loss is 0")
    return f"in an invariant set with a loss of at least {said['loss'][0]}"


def _is_sum_of_products(text: str, letters: dict[str, Any], squares: set[str]) -> bool:
    """No minus stands in it, and squared letters have even powers; 0 is the empty sum."""
    order = sorted(letters)
    terms = sympy.Poly(expression(text, set(letters)), *map(sympy.Symbol, order)).terms()
    even = all(
        power % 2 == 0 for powers, _ in terms for letter, power in zip(order, powers, strict=True) if letter in squares
    )
    return even and "-" not in text


def _nonnegative(value: Any, entry: Counterexample) -> bool:
    """At every learning rate that is meant: a polynomial of degree 1 in it, by its ends."""
    if not value.free_symbols:
        return bool(value >= 0)
    polynomial = sympy.Poly(value, ETA)
    ends = [polynomial.eval(0), polynomial.eval(as_sympy(largest_rate(entry) or fmpq(1)))]
    if entry.learning_rate == "every":
        ends[1] = polynomial.LC()
    return polynomial.degree() <= 1 and all(bool(end >= 0) for end in ends)
