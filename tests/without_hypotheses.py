"""Each hypothesis of each formal statement is removed in turn: without it the theorem must not prove the statement.

Not a test: it takes minutes. ``python tests/without_hypotheses.py`` goes through all statements of the claims, and
``python tests/without_hypotheses.py linear_rate.v`` through those of a file. A hypothesis is what stands before an
arrow of the statement's own, or a conjunct of it. It tells each that could be removed, and ends with 1 where there is
one that EXCEPTIONS does not name.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from claims.formal.asking import Question, answers
from claims.formal.coq import prover
from claims.formal.sources import shipped
from claims.formal.statements import Stated, stated

EXCEPTIONS: dict[tuple[str, str], str] = {}
"""Hypotheses that are stated and not needed, by theorem and text, each with the reason why it stands there."""

TOKEN = re.compile(r"->|,|\bin\b|[()\[\]{}]")


def hypotheses(statement: str) -> Iterator[tuple[str, str]]:
    """Each hypothesis of a statement, and the statement without it."""
    depth, start, found = 0, 0, []
    for token in TOKEN.finditer(statement):
        sign = token[0]
        if sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        elif depth == 0 and sign == "->":
            found.append((start, token.start(), token.end()))
            start = token.end()
        elif depth == 0:  # a quantifier or a definition ends here
            start = token.end()
    for first, last, after in found:
        text = statement[first:last].strip()
        yield text, statement[:first] + " " + statement[after:]
        parts = conjuncts(text)
        for part in parts:
            rest = [each for each in parts if each != part]
            joined = f"[/\\ {', '.join(rest[:-1])} & {rest[-1]}]" if len(rest) > 1 else rest[0]
            yield part, f"{statement[:first]} ({joined}) -> {statement[after:]}"


def conjuncts(text: str) -> list[str]:
    """A, B and C of ``[/\\ A, B & C]``; of anything else nothing."""
    if not (text.startswith("[/\\") and text.endswith("]")):
        return []
    depth, parts, start, inside = 0, [], 0, text[3:-1]
    for place, sign in enumerate(inside):
        depth += (sign in "([{") - (sign in ")]}")
        if depth == 0 and sign in ",&" and not inside[:place].endswith("&") and inside[place + 1 : place + 2] != "&":
            if sign == "," and re.match(r"\s*(forall|exists)\b", inside[start:place]):
                continue  # that of a quantifier
            parts.append(inside[start:place].strip())
            start = place + 1
    return [*parts, inside[start:].strip()]


def unneeded(each: Stated) -> list[str]:
    """The hypotheses without which the theorem proves what is stated all the same."""
    asked = {
        Question(each.question.theorem, rest, each.question.axioms): text
        for text, rest in hypotheses(each.question.statement)
    }
    if not asked:
        return []
    found = answers(each.file, list(asked), shipped(), prover())
    return [text for question, text in asked.items() if found[question].proved]


def main(files: list[str]) -> int:
    tried, wrong = 0, 0
    for each in stated():
        if files and each.file not in files:
            continue
        number = len(list(hypotheses(each.question.statement)))
        bad = [text for text in unneeded(each) if (each.question.theorem, text) not in EXCEPTIONS]
        tried, wrong = tried + number, wrong + len(bad)
        print(f"{each.file} {each.question.theorem}: {number} hypotheses", *(f"NOT NEEDED: {text}" for text in bad))
    print(f"{tried} hypotheses removed; {wrong} of them were not needed")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
