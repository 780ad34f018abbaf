"""Each hypothesis of each formal statement is removed in turn: without it the theorem must not prove the statement.

Not a test: it takes minutes. ``python tests/without_hypotheses.py`` goes through all statements of the claims, and
``python tests/without_hypotheses.py linear_rate.v`` through those of a file. A hypothesis is what stands before an
arrow of the statement's own, of its conclusion or of a conjunct of that; or a conjunct of such a hypothesis.

For a file, one run of Coq tries each statement without each of its hypotheses, by the theorem itself and by the theorem
with its premises found among the other hypotheses. It tells each that could be removed, and ends with 1 where there is
one that EXCEPTIONS does not name, or one that leaves no well-formed statement behind.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from claims.formal.asking import preamble
from claims.formal.building import built
from claims.formal.coq import Coq, prover
from claims.formal.sources import Sources, shipped
from claims.formal.statements import stated

EXCEPTIONS: dict[tuple[str, str], str] = {}
"""Hypotheses that are stated and not needed, by theorem and text, each with the reason why it stands there."""

TOKEN = re.compile(r"<->|->|,|(?<!\\)\b(?:in|forall|exists|fun|let)\b|[()\[\]{}]")
OPENS, CLOSES, BINDS = "([{", ")]}", ("forall", "exists", "fun", "let")
CONJUNCTION = re.compile(r"\[(?:/\\|&&)(.*)\]", re.DOTALL)
SECONDS = 20
"""The most that one attempt may take: what is proved without a hypothesis is so in far less."""


def premises(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """For each arrow of ``text[start:end]`` and of its conclusion: where its left side begins and ends, and it ends."""
    depth, begins, bound = 0, start, False
    for token in TOKEN.finditer(text, start, end):
        sign = token[0]
        if sign in OPENS:
            depth += 1
        elif sign in CLOSES:
            depth -= 1
        elif depth or sign == "<->":
            continue
        elif sign in BINDS:
            bound = True
        elif sign in (",", "in"):  # a quantifier or a definition ends here
            begins, bound = token.end(), False
        elif not bound:
            yield begins, token.start(), token.end()
            begins = token.end()
    yield from _premises_of_parts(text, begins, end)


def _premises_of_parts(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Those of a conclusion that is a conjunction, or in parentheses."""
    conclusion = text[start:end]
    offset = start + len(conclusion) - len(conclusion.lstrip())
    conclusion = conclusion.strip()
    if conclusion.startswith("(") and _closing(conclusion) == len(conclusion) - 1:
        yield from premises(text, offset + 1, offset + len(conclusion) - 1)
    for first, last in conjuncts(conclusion):
        yield from premises(text, offset + first, offset + last)


def _closing(text: str) -> int:
    """Where what opens at the beginning closes."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign in OPENS) - (sign in CLOSES)
        if depth == 0:
            return place
    return -1


def conjuncts(text: str) -> list[tuple[int, int]]:
    """Where A, B and C are in ``[/\\ A, B & C]``, in ``[&& A, B & C]`` and in ``A /\\ B /\\ C``."""
    listed = CONJUNCTION.fullmatch(text)
    if listed and _closing(text) != len(text) - 1:
        listed = None
    inside, start = (text[:-1], listed.start(1)) if listed else (text, 0)
    signs = re.compile(r"&&|,|&|[()\[\]{}]|\b(?:forall|exists)\b" if listed else r"/\\|[()\[\]{}]|->|,")
    depth, parts, bound, begins = 0, [], False, start
    for token in signs.finditer(inside, start):
        sign = token[0]
        if sign in OPENS:
            depth += 1
        elif sign in CLOSES:
            depth -= 1
        elif depth or sign == "&&":
            continue
        elif sign in ("forall", "exists"):
            bound = True
        elif sign == "," and bound:
            bound = False
        elif not listed and sign in ("->", ","):
            return []  # the conjunction is below a quantifier or an arrow
        else:
            parts.append((begins, token.start()))
            begins, bound = token.end(), False
    return [*parts, (begins, len(inside))] if parts else []


def hypotheses(statement: str) -> list[tuple[str, str]]:
    """Each hypothesis of a statement, and the statement without it."""
    found = []
    for first, last, after in premises(statement, 0, len(statement)):
        found.append((_tidy(statement[first:last]), f"{statement[:first]} {statement[after:]}"))
        hypothesis = statement[first:last].strip()
        if hypothesis.startswith("(") and _closing(hypothesis) == len(hypothesis) - 1:
            hypothesis = hypothesis[1:-1].strip()
        parts = [hypothesis[begin:end].strip() for begin, end in conjuncts(hypothesis)]
        for part in parts:
            rest = [f"({each})" for each in parts if each != part]
            joint = " && " if hypothesis.startswith("[&&") else " /\\ "
            whole = f"({joint.join(rest)})" if rest else "True"
            if not hypothesis.startswith("[/\\"):
                found.append((_tidy(part), f"{statement[:first]} {whole} -> {statement[after:]}"))
                continue
            listed = f"[/\\ {', '.join(rest[:-1])} & {rest[-1]}]" if len(rest) > 1 else rest[0]
            found.append((_tidy(part), f"{statement[:first]} {listed} -> {statement[after:]}"))
    return found


def _tidy(text: str) -> str:
    return " ".join(text.split())


def attempts(theorem: str, rests: Sequence[tuple[int, str]]) -> str:
    """The sentences that try to prove each statement by the theorem, and print how far they came."""
    lines = []
    for number, rest in rests:
        found = f"{theorem}; first [eassumption | by [] | by apply: ltW | by apply: ltnW]"
        lines += [
            f"Definition stated_{number} : Prop := ({rest.strip()}).",
            f'Goal stated_{number}. Proof. first [timeout {SECONDS} (exact ({theorem})); idtac {number} "proved"',
            f'| timeout {SECONDS} (unfold stated_{number}; intros; eapply {found}); idtac {number} "proved"',
            f'| idtac {number} "needed"]. Abort.',
        ]
    return "\n".join(lines) + "\n"


def tried(file: str, asked: Sequence[tuple[str, str]], sources: Sources, coq: Coq) -> list[str]:
    """Of each theorem and statement without a hypothesis: "needed", "proved", or what Coq says of a malformed one."""
    folders = built(file, sources, coq)
    found: dict[int, str] = {}
    with tempfile.TemporaryDirectory() as scratch:

        def ask(numbers: Sequence[int]) -> None:
            text = preamble(file, sources)
            for number in numbers:
                theorem, rest = asked[number]
                text += attempts(f"@DLC.{Path(file).stem}.{theorem}", [(number, rest)])
            question = Path(scratch) / "question.v"
            question.write_text(text, encoding="utf-8")
            run = coq.run(question, folders, seconds=3600)
            found.update({int(number): verdict for number, verdict in re.findall(r"^(\d+) (\w+)$", run.stdout, re.M)})
            left = [number for number in numbers if number not in found]
            if run.returncode and left:  # the first of them is the one that it does not read
                found[left[0]] = f"cannot be stated: {_tidy(run.stderr)}"
                ask(left[1:])

        if asked:
            ask(range(len(asked)))
    return [found.get(number, "not tried") for number in range(len(asked))]


def unneeded(
    file: str, statements: Sequence[tuple[str, str]], sources: Sources, coq: Coq
) -> tuple[int, list[tuple[str, str, str]]]:
    """How many hypotheses the statements of a file have; those that are not needed, by theorem and text, and why."""
    cases = [(theorem, text, rest) for theorem, statement in statements for text, rest in hypotheses(statement)]
    verdicts = tried(file, [(theorem, rest) for theorem, _, rest in cases], sources, coq)
    wrong = [
        (theorem, text, verdict)
        for (theorem, text, _), verdict in zip(cases, verdicts, strict=True)
        if verdict != "needed" and (theorem, text) not in EXCEPTIONS
    ]
    return len(cases), wrong


def main(files: Sequence[str]) -> int:
    number, bad = 0, 0
    for file in dict.fromkeys(each.file for each in stated() if not files or each.file in files):
        statements = [(each.question.theorem, each.question.statement) for each in stated() if each.file == file]
        found, wrong = unneeded(file, statements, shipped(), prover())
        number, bad = number + found, bad + len(wrong)
        print(f"{file}: {found} hypotheses of {len(statements)} statements", flush=True)
        for theorem, text, verdict in wrong:
            print(f"  {theorem}, without {text}: {verdict}", flush=True)
    print(f"{number} hypotheses removed; {bad} of them were not needed, or could not be removed")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
