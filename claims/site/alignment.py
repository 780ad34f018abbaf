"""Lines of a display whose relations stand below each other, as they were typed, cut there into two columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from claims.site.mathml import RELATIONS

RELATION = re.compile(rf"(?:^|(?<= ))({'|'.join(map(re.escape, RELATIONS))})(?: |$)")

BEHIND = (2, 3)
"""How far behind the beginning of a relation what follows it begins."""


def alignment(lines: Sequence[str]) -> int | None:
    """The column at which every line has a relation or goes on after one; None where there is none for all of them."""
    places = [[found.start() for found in RELATION.finditer(line) if _outside(line[: found.start()])] for line in lines]
    for place in sorted({place for each in places for place in each}):
        related = [place in each for each in places]
        begun = any(line[:place].strip() for line in lines)
        if begun and len(lines) > 1 and all(map(_fits, lines, related, [place] * len(lines))):
            return place
    return None


def _outside(text: str) -> bool:
    """Whether no bracket is open, nor a bar."""
    return all(text.count(opening) == text.count(closing) for opening, closing in ("()", "[]", "{}")) and not (
        text.replace("||", "").count("|") % 2
    )


def _fits(line: str, related: bool, place: int) -> bool:
    """It has the relation there, or begins behind it, a space away."""
    return related or len(line) - len(line.lstrip()) - place in BEHIND
