"""Questions to the kernel: does a theorem prove a statement, and on which axioms does it rest?

A question is a file of its own, apart from the proof's, that Coq compiles:

    <imports and scopes of the proof's file, and the file itself>
    Definition stated_1 : Prop := (<statement>).
    Definition proof_1 : stated_1 := @DLC.<file>.<theorem>.
    Redirect "proof_1" Print Assumptions proof_1.

So the kernel has compared what is stated with what was proved, the statement leaves no hole to be filled, and the
proof's file has no say in what is printed.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from claims.formal.building import UnprovedError, built, compiled, indented
from claims.formal.coq import Coq, TimeLimitError
from claims.formal.sources import Sources, digests, in_order, opening
from claims.formal.store import alone, folder, seal

CLASSICAL = (
    "mathcomp.classical.boolp.functional_extensionality_dep",
    "mathcomp.classical.boolp.propositional_extensionality",
    "mathcomp.classical.boolp.constructive_indefinite_description",
)
"""The axioms of MathComp-Analysis: functional and propositional extensionality, and indefinite description."""

CLOSED = "Closed under the global context"
NAME = r"[A-Za-z_][\w']*(\.[A-Za-z_][\w']*)*"
REFUSED = {
    r"\.(\s|$)": "ends a sentence",
    r"\(\*|\*\)": "begins or ends a comment",
    r'"': "has a quotation mark",
    r"ltac\s*:": "has a tactic",
    r"\b(stated|proof|axiom)_\d": "has a name of the question's own",
}
"""What a statement must not have, as it could say more than a term: print a verdict of its own, say."""


@dataclass(frozen=True)
class Question:
    """Does ``theorem`` prove ``statement`` on these axioms, all of them and no others? Their names are full ones."""

    theorem: str
    statement: str
    axioms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """Whether it does, what is to be said where not, and what Coq has printed of the axioms."""

    proved: bool
    said: str = ""
    printed: str = ""


@cache
def _how() -> str:
    """How it is asked, so that a verdict is kept no longer than that."""
    files = (Path(__file__).with_name(f"{name}.py") for name in ("asking", "sources"))
    return "".join(file.read_text(encoding="utf-8") for file in files)


_ANSWERED: dict[str, Answer] = {}
"""By the question's digest, for as long as the process runs. Passed ones are stored as files too, each with a seal on
the question, on the compiled files, and on what Coq has printed: where one of them is another it is asked again."""


def malformed(question: Question) -> str | None:
    """Why a question cannot be asked, None where it can: a statement is one term, with its parentheses paired."""
    for what in (question.theorem, *question.axioms):
        if not re.fullmatch(NAME, what, re.ASCII):
            return f"{what!r} is no name; expected one as in discrete_balancedness_law"
    for pattern, why in REFUSED.items():
        if found := re.search(pattern, question.statement.rstrip()):
            line = question.statement.rstrip()[: found.start()].count("\n") + 1
            return f"the statement {why} in line {line}; expected one term"
    depth = 0
    for sign in question.statement:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth < 0:
            break
    if depth:
        return "the statement has parentheses without a partner; expected one term"
    return None if question.statement.strip() else "the statement is empty; expected one term"


def preamble(file: str, sources: Sources) -> str:
    """What a statement of a file is read under: its imports and scopes, all files of ours that it rests on, itself."""
    *below, last = (Path(name).stem for name in in_order(file, sources))
    first = [f"From DLC Require Import {' '.join(below)}"] if below else []
    mathcomp = [each for each in opening(sources[file]) if re.match(r"From (mathcomp|Coq|HB)\b", each)]
    lines = [*mathcomp, *first, *opening(sources[file]), f"From DLC Require Import {last}"]
    return "".join(f"{each}.\n" for each in lines)


def asked(file: str, questions: Sequence[Question]) -> str:
    """The sentences that ask."""
    lines = []
    for number, question in enumerate(questions, 1):
        lines += [
            f"Definition stated_{number} : Prop := (",
            question.statement.strip(),
            ").",
            f"Definition proof_{number} : stated_{number} := @DLC.{Path(file).stem}.{question.theorem}.",
            f'Redirect "proof_{number}" Print Assumptions proof_{number}.',
        ]
        for index, axiom in enumerate(question.axioms, 1):
            lines += [
                f"Definition axiom_{number}_{index} := @{axiom}.",
                f'Redirect "axiom_{number}_{index}" Print Assumptions axiom_{number}_{index}.',
            ]
    return "\n".join(lines) + "\n"


def answers(file: str, questions: Sequence[Question], sources: Sources, coq: Coq) -> dict[Question, Answer]:
    """For each question on a file its answer: of those not answered before all are asked in one run of coqc, and each
    by itself where that run fails, so that a wrong one hides no other."""
    found = {each: Answer(False, why) for each in questions if (why := malformed(each))}
    try:
        names = digests(file, sources, coq.digest)
    except (KeyError, ValueError) as error:
        return dict.fromkeys(questions, Answer(False, str(error.args[0])))
    opened = preamble(file, sources)

    def place(question: Question) -> str:
        return hashlib.sha256(f"{_how()}\0{names[file]}\0{opened}{asked(file, [question])}".encode()).hexdigest()

    def unknown() -> list[Question]:
        below = compiled(file, sources, coq) if any(place(each) not in _ANSWERED for each in questions) else None
        for each in questions:
            if (answer := _known(place(each), below)) and each not in found:
                found[each] = answer
        return [each for each in dict.fromkeys(questions) if each not in found]

    if unknown():
        with alone(f"asking-{names[file][:32]}"):
            new = _asked_anew(file, unknown(), opened, sources, coq)
            below = compiled(file, sources, coq)
            for question, answer in new.items():
                _keep(place(question), below, answer)
            found |= new
    return found


def _known(digest: str, below: str | None) -> Answer | None:
    kept = folder() / f"{digest}.proved"
    if digest not in _ANSWERED and below is not None and kept.is_file():
        sealed, _, printed = kept.read_bytes().decode(errors="replace").partition("\n")
        if sealed == seal(digest, below, printed):
            _ANSWERED[digest] = Answer(True, printed=printed)
    return _ANSWERED.get(digest)


def _keep(digest: str, below: str | None, answer: Answer) -> None:
    _ANSWERED[digest] = answer
    if answer.proved and below is not None:
        kept = f"{seal(digest, below, answer.printed)}\n{answer.printed}"
        (folder() / f"{digest}.proved").write_text(kept, encoding="utf-8", newline="")


def _asked_anew(
    file: str, questions: list[Question], opened: str, sources: Sources, coq: Coq
) -> dict[Question, Answer]:
    if not questions:
        return {}
    try:
        folders = built(file, sources, coq)
        return _ask(file, questions, opened, folders, coq)
    except (UnprovedError, TimeLimitError) as error:
        return dict.fromkeys(questions, Answer(False, str(error)))


def _ask(file: str, questions: list[Question], opened: str, folders: list[Path], coq: Coq) -> dict[Question, Answer]:
    """In one run where it passes, else one by one."""
    with tempfile.TemporaryDirectory(dir=folder(), prefix="asking-") as scratch:
        text = Path(scratch) / "question.v"
        text.write_text(opened + asked(file, questions), encoding="utf-8")
        try:
            run = coq.run(text, folders)
            refused = run.stderr if run.returncode else ""
        except TimeLimitError as error:
            refused = str(error)
        if not refused:
            return {each: _answer(each, number, Path(scratch)) for number, each in enumerate(questions, 1)}
    if len(questions) == 1:
        (question,) = questions
        return {question: Answer(False, f"{_told(file, question)}\nIt says:\n{indented(refused)}")}
    return {each: _ask(file, [each], opened, folders, coq)[each] for each in questions}


def _told(file: str, question: Question) -> str:
    return f"Coq does not accept that {question.theorem} of {file} proves\n{indented(question.statement)}"


def _answer(question: Question, number: int, scratch: Path) -> Answer:
    """By what is printed of the assumptions: those of the proof must be those of the axioms."""
    names = [f"proof_{number}", *(f"axiom_{number}_{index}" for index in range(1, len(question.axioms) + 1))]
    printed = [(scratch / f"{name}.out").read_text(encoding="utf-8") for name in names]
    rests_on, *axioms = map(_assumptions, printed)
    allowed = set().union(*axioms)
    if rests_on == allowed:
        return Answer(True, printed="".join(printed))
    said = [f"{question.theorem} rests on other axioms than it says."]
    said += [f"It rests on, without saying so: {each}" for each in sorted(rests_on - allowed)]
    said += [f"It does not rest on: {each}" for each in sorted(allowed - rests_on)]
    return Answer(False, "\n".join(said))


def _assumptions(printed: str) -> set[str]:
    """The entries of a list of assumptions, each on one line; of what looks otherwise all is one entry."""
    text = printed.strip()
    if text == CLOSED:
        return set()
    first, *rest = text.split("\n")
    if first.strip() != "Axioms:" or not rest:
        return {" ".join(text.split())}
    entries = re.split(r"\n(?=\S)", "\n".join(rest))
    return {" ".join(entry.split()) for entry in entries}
