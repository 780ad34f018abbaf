"""What is left of a theorem without one of its hypotheses, or with a weaker one: marks for the ablation matrix."""

from __future__ import annotations

import re
from enum import Enum

import pytest

from claims.suite.claim import DefinitionError

_ABLATES = pytest.mark.ablates


class Fate(Enum):
    """What a passed check says of the changed theorem."""

    REFUTED = "refuted"
    RATE = "rate refuted"
    TRUE = "still true"
    OPEN = "open"


def ablates(theorem: str, hypothesis: str, change: str, fate: Fate) -> pytest.MarkDecorator:
    """Mark a check that decides what becomes of ``theorem`` (a uid) under ``change`` of one of its hypotheses.

    ``hypothesis`` is one that the claim lists in ``hypotheses``; ``change`` is "dropped" or says how it is weakened,
    as in "x 10". The cell of the matrix is filled by checks that ran and passed, and names the claim they stand in.
    Where the theorem promises convergence, REFUTED is for descent that does not converge, for all time, and RATE for a
    step that misses the rate that is promised, after which it may converge still. TRUE is for a proof, symbolic or
    formal, and OPEN for a search that found nothing. Raises DefinitionError, a ValueError, for a malformed uid, an
    empty change or what is no Fate; where the theorem has no such hypothesis, the collection is refused.
    """
    if not re.fullmatch(r"DL-\d{3}", theorem):
        raise DefinitionError(f"theorem is {theorem!r}; expected DL- and three digits, as in DL-004")
    if not hypothesis or not change:
        raise DefinitionError(f"hypothesis is {hypothesis!r} and change is {change!r}; expected both to say something")
    if not isinstance(fate, Fate):
        raise DefinitionError(f"fate is {fate!r}; expected one of {', '.join(map(str, Fate))}")
    return _ABLATES(theorem, hypothesis, change, fate.value)
