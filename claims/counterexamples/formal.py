"""Counterexamples through Coq's kernel: each becomes a theorem about gradient descent over every ordered field.

``stated`` turns an entry into a theorem of ``claims/formal``: its numbers as definitions, what it says as a statement,
and a proof that lets the kernel compute. ``verdicts`` has them proved, all in one run of Coq's where that passes, else
one by one. Neither trusts ``check.py`` or ``verify.py``: what an entry says wrongly the kernel does not accept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from claims.counterexamples.critical_points import LANDSCAPES
from claims.counterexamples.formal_landscapes import landscape_stated
from claims.counterexamples.formal_networks import network_stated
from claims.counterexamples.formal_shallow import shallow_stated
from claims.counterexamples.formal_terms import Stated, UnstatedError
from claims.counterexamples.rationals import SPENT
from claims.counterexamples.shallow_certificates import SHALLOW
from claims.formal.asking import Question, answers
from claims.formal.coq import Coq
from claims.formal.sources import in_order, shipped

Entry = dict[str, Any]
KERNEL = "Coq's kernel"
NETWORKS = "deep-linear-claims/counterexample/1"
FORMS: dict[str, Callable[[Entry], Stated]] = {
    NETWORKS: network_stated,
    LANDSCAPES: landscape_stated,
    SHALLOW: shallow_stated,
}
ALWAYS = ("rational_numbers", "polynomial_identity")
OPENING = """(* Counterexamples of the catalogue, made from their files. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From DLC Require Import {files}.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.
"""


@dataclass(frozen=True)
class Verdict:
    """Whether the kernel accepts a counterexample's theorem; None where there is no such theorem. ``said`` is what it
    shows, in words, or why not; ``theorem`` is what was asked, in Coq's terms."""

    proved: bool | None
    said: str
    theorem: str = ""


def stated(entry: Entry) -> Stated:
    """The theorem. UnstatedError where there is none; ValueError where the entry cannot be read as one."""
    if entry["schema"] not in FORMS:
        raise UnstatedError(f"there are no theorems for the form {entry['schema']!a:.60}")
    SPENT[0] = 0  # each entry has a budget of its own
    try:
        return FORMS[entry["schema"]](entry)
    except (ArithmeticError, AttributeError, LookupError, TypeError) as error:
        raise ValueError(f"malformed: {type(error).__name__}, {error!a:.90}") from None


def written(theorems: Sequence[Stated]) -> str:
    """A file of Coq's with these theorems and their proofs."""
    files = dict.fromkeys([*ALWAYS, *(file for each in theorems for file in each.files)])
    return OPENING.format(files=" ".join(files)) + "".join(
        f"\n{each.definitions}Theorem {each.name} : {each.statement}.\nProof. {each.proof}. Qed.\n" for each in theorems
    )


def verdicts(entries: Mapping[str, Entry], coq: Coq) -> dict[str, Verdict]:
    """What the kernel says of each, by the names that they are given."""
    found, theorems = {}, {}
    for name, entry in entries.items():
        try:
            theorems[name] = stated(entry)
        except UnstatedError as error:
            found[name] = Verdict(None, str(error))
        except ValueError as error:
            found[name] = Verdict(False, str(error))
    return {name: {**found, **proofs(theorems, coq)}[name] for name in entries}


def proofs(theorems: Mapping[str, Stated], coq: Coq) -> dict[str, Verdict]:
    """In one file, where no two are of one name and all are accepted; else one by one."""
    together = {each.name for each in theorems.values()}
    if theorems and len(together) == len(theorems):
        file, text = f"{min(together)}_to_{max(together)}.v", written([*theorems.values()])
        questions = {name: Question(each.name, each.statement) for name, each in theorems.items()}
        found = answers(file, [*questions.values()], {**shipped(), file: text}, coq)
        if len(theorems) == 1 or all(answer.proved for answer in found.values()):
            return {name: _verdict(theorems[name], found[question]) for name, question in questions.items()}
    return {name: proofs({name: each}, coq)[name] for name, each in theorems.items()}


def _verdict(theorem: Stated, answer: Any) -> Verdict:
    asked = f"{theorem.definitions}Theorem {theorem.name} : {theorem.statement}."
    if not answer.proved:
        return Verdict(False, f"the kernel does not accept the theorem: {answer.said}", asked)
    return Verdict(True, f"{theorem.words} Leaves out: {theorem.leaves_out}.", asked)


def files_asked(entries: Sequence[Entry]) -> set[str]:
    """The files of ``claims/formal`` that the theorems of these entries rest on."""
    found = {f"{name}.v" for name in ALWAYS}
    for entry in entries:
        try:
            found |= {f"{name}.v" for name in stated(entry).files}
        except UnstatedError:
            continue
    return {below for file in found for below in in_order(file, shipped())}
