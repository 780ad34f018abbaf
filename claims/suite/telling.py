"""A failed check in a few lines: what was compared, on which smallest instance, and the line that runs it again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

INSTANCE = re.compile(r"(Falsifying|Failing) [a-z ]*: ")
"""What Hypothesis begins with where it shows an instance; older versions falsify."""

LINES = 16
"""Of an instance; the whole of it is in the traceback."""


def told(error: BaseException, place: str) -> dict[str, str]:
    """What a report brings of a failure: ``place`` is what pytest is to be given so that it runs this check alone."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    notes = [note.strip() for note in getattr(error, "__notes__", ())]
    lines = str(error).strip().splitlines()
    return {
        "said": lines[0] if lines else type(error).__name__,
        "instance": next((_cut(note) for note in notes if INSTANCE.match(note)), ""),
        "again": f"python -m pytest {place}",
        "blob": next((_decorator(note) for note in notes if "@reproduce_failure(" in note), ""),
    }


def _cut(instance: str) -> str:
    lines = instance.splitlines()
    return "\n".join([*lines[:LINES], "..."] if len(lines) > LINES else lines)


def _decorator(note: str) -> str:
    """``@reproduce_failure(...)`` out of the sentence that Hypothesis puts around it."""
    start = note.index("@reproduce_failure(")
    return note[start : note.index(")", start) + 1]


def lines_of(failure: Mapping[str, str]) -> Iterator[str]:
    """For people to read."""
    yield f"  {failure['said']}"
    yield from (f"    {line}" for line in failure["instance"].splitlines())
    yield f"  again: {failure['again']}"
    if failure["blob"]:
        yield f"  or on another machine with {failure['blob']}"
