"""Whole numbers as options of commands: one way to read them, and one sentence where there is none."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable

FORMS = re.compile(r"0*([0-9]{1,20})|([0-9]{1,4})\^([0-9]{1,2})|([0-9]{1,20})[eE]\+?([0-9]{1,2})", re.ASCII)
"""``1000000``, ``10^6`` and ``1e6``; none so long that to compute it takes time."""
LONG = 10**6
"""From here on a limit is told as a power of ten, if it is one, beside the ways to write such numbers."""


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """What reads a whole number from ``least`` to ``most``, for argparse, whose error says what would be right."""
    forms = ", as in 10000, 10^6 or 1e6" if most >= LONG else ""

    def read(text: str) -> int:
        number = _read(text)
        if number is None or not least <= number <= most:
            raise argparse.ArgumentTypeError(f"{text!r}; expected a whole number from {least} to {_told(most)}{forms}")
        return number

    return read


def _read(text: str) -> int | None:
    match = FORMS.fullmatch(text)
    if not match:
        return None
    plain, base, power, digits, zeros = match.groups()
    return int(plain) if plain else int(base) ** int(power) if base else int(digits) * 10 ** int(zeros)


def _told(limit: int) -> str:
    zeros = len(str(limit)) - 1
    return f"10^{zeros}" if limit >= LONG and limit == 10**zeros else str(limit)
