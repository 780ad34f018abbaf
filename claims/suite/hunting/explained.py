"""What a predicate raised, said to its author."""

from __future__ import annotations

import re

MEMORY = 1 << 30
"""Bytes that a hunt may take beside what it has taken before its first problem."""

NEEDS_MEMORY = f"needs more than {MEMORY >> 30} GiB of memory"

ADVICE = {
    r"'Number' object is not (subscriptable|iterable)": "this is one number, and no series or matrix",
    r"'bool(_)?' object is not iterable": "all and any take many, as in all(loss[t] > 0 for t in range(steps + 1))",
    r"truth value of an array": "matrices are compared entry by entry: write (a == b).all()",
    r"index \d+ is out of bounds": "widths differ from problem to problem; --given 'min(widths) > 1'",
    r"mismatch|could not be broadcast": "shapes differ from problem to problem; --given 'widths[0] == widths[1]'",
    r"is_zero|Division by zero|division by zero": "leave such problems out, as with --given 'loss[0] > 0'",
}
"""What to do about what Python, NumPy and FLINT say."""


def explained(error: BaseException) -> str:
    """The end of a sentence that begins with the predicate."""
    if isinstance(error, MemoryError):
        return NEEDS_MEMORY
    said = f"raised {type(error).__name__}: {error}"
    return next((f"{said}; {advice}" for words, advice in ADVICE.items() if re.search(words, str(error))), said)
