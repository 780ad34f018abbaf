"""The files of ``claims/formal``: what each imports, how it opens, and the digest of it and of all that it rests on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cache

from claims.book import CLAIMS

FORMAL = CLAIMS / "formal"
"""The folder."""

Sources = Mapping[str, str]
"""Texts by name, as in ``{"network.v": "..."}``."""

OPENING = re.compile(
    r"From\s+[\w.]+\s+Require\s+Import\s+[\w.\s]+|(Require\s+)?Import\s+[\w.\s]+"
    r"|Local\s+Open\s+Scope\s+\w+|Set\s+Implicit\s+Arguments|Unset\s+Strict\s+Implicit|Unset\s+Printing\s+Implicit\s+Defensive"
)
"""The sentences that a file opens with, so that its statements are read as it reads them."""

OURS = re.compile(r"From\s+DLC\s+Require\s+Import\s+([\w\s]+)")


@cache
def shipped() -> Sources:
    """Those of this project."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(FORMAL.glob("*.v"))}


def line_of(theorem: str, text: str) -> int | None:
    """The line in which a text states a theorem, by the last part of its name."""
    found = re.search(rf"^\s*(Theorem|Lemma|Corollary) {re.escape(theorem.rpartition('.')[2])}\b", text, re.MULTILINE)
    return text.count("\n", 0, found.start(1)) + 1 if found else None


TOKEN = re.compile(r'"(?:[^"]|"")*"|\(\*|\*\)')


def without_comments(text: str) -> str:
    """A text of Coq's without its comments, which may be nested; each becomes a space. What is quoted is no comment."""
    kept, depth, start = [], 0, 0
    for token in TOKEN.finditer(text):
        if token[0] == "(*":
            kept.append(text[start : token.start()] if not depth else "")
            depth += 1
        elif token[0] == "*)" and depth:
            depth -= 1
            start = token.end()
            kept.append("" if depth else " ")
    return "".join(kept) + ("" if depth else text[start:])


def sentences(text: str) -> list[str]:
    """A text of Coq's in its sentences, without comments, what is quoted, and the dots that end them."""
    bare = re.sub(r'"(?:[^"]|"")*"', '""', without_comments(text))
    return [sentence.strip() for sentence in re.split(r"\.(?:\s|$)", bare) if sentence.strip()]


COMMAND = re.compile(r"[-+*{}\s]*(#\[|[A-Z]\w*)")
"""How a sentence begins that is no tactic, behind the marks that lead through a proof."""

ALLOWED = re.compile(
    r"(Lemma|Theorem|Corollary|Goal|Definition|Fixpoint|Record|Inductive|Proof|Qed|Defined|Section|End|Implicit Types?"
    r"|Let|Variables?|Hypothes[ie]s|Local (Notation|Arguments|Definition)|Axiom|Parameter|Conjecture|Admitted)\b"
)
"""The commands that change nothing of how what follows is read, and the file's own; axioms are found by the kernel."""

SECTIONED = re.compile(r"(Let|Variables?|Hypothes[ie]s)\b")
"""Those that stand for a section only, and would stay outside of one."""


@cache
def unfit(text: str) -> str | None:
    """Why a file must not be asked: a sentence of it might change how a statement is read. None where there is none.

    A statement is read after the file is imported, so that a notation, a coercion or a canonical structure of the file
    would be a part of it. So a file has definitions, theorems, and what ends with it or with a section.
    """
    depth = 0
    for sentence in sentences(text):
        if (found := COMMAND.match(sentence)) is None:
            continue
        command = sentence[found.start(1) :]
        if found[1] == "#[" or not (ALLOWED.match(command) or OPENING.fullmatch(command)):
            return f"{command!r} is none of the commands that a proof's file has"
        if ":>" in command and command.startswith(("Record", "Inductive")):
            return f"{command!r} declares a coercion"
        if SECTIONED.match(command) and not depth:
            return f"{command!r} stands outside of a section"
        depth += command.startswith("Section ") - command.startswith("End ")
    return None


def opening(text: str) -> list[str]:
    """The imports, scopes and settings that stand before all else."""
    found = []
    for sentence in sentences(text):
        if not OPENING.fullmatch(sentence):
            break
        found.append(" ".join(sentence.split()))
    return found


def imports(text: str) -> list[str]:
    """The files of ours that a file imports."""
    named = [OURS.fullmatch(sentence) for sentence in opening(text)]
    return [f"{name}.v" for found in named if found for name in found[1].split()]


def in_order(file: str, sources: Sources) -> list[str]:
    """All that a file rests on, each after what it imports, and the file last.

    KeyError where there is no such file, or one imports a file that there is not; ValueError where they go in a circle.
    """
    found: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ValueError(f"{' imports '.join([*above, name])}; expected no circle")
        if name not in sources:
            importing = f"{above[-1]} imports" if above else "asked was"
            raise KeyError(f"{importing} {name}; expected one of {', '.join(sources)}")
        if name not in found:
            for each in imports(sources[name]):
                visit(each, (*above, name))
            found.append(name)

    visit(file, ())
    return found


def digests(file: str, sources: Sources, prover: str) -> dict[str, str]:
    """For a file and all that it rests on, in order, a digest of its text, of its imports' digests and the prover's."""
    found: dict[str, str] = {}
    for name in in_order(file, sources):
        parts = [prover, name, sources[name], *(found[each] for each in imports(sources[name]))]
        found[name] = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return found
