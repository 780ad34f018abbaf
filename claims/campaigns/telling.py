"""What a ledger says, in words. Its text is anybody's: nothing of it reaches a terminal but what can be read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import fsum

from claims.campaigns.records import Place
from claims.campaigns.totals import Totals

UNITS = (("hour", 3600), ("minute", 60), ("second", 1))
SHORT = 12
"""Digits of a SHA-256 that tell two apart."""


def readable(text: str) -> str:
    """With every character that is not printed, a line's end too, as its escape."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)


def sentence(found: Totals) -> str:
    """As in: decided on 3,214,000 instances, 12 CPU-hours, worst ratio 0.893."""
    parts = [f"decided on {counted(found.decided, 'instance')}", processor_time(found.seconds)]
    parts += [f"worst ratio {found.worst[0].value:.4g}"] if found.worst else []
    parts += [f"FAILED in {counted(found.failed, 'piece')}"] if found.failed else []
    parts += [f"{counted(found.broken, 'broken piece')} not counted"] if found.broken else []
    return ", ".join(parts)


def in_all(claims: Collection[Totals]) -> str:
    """Of all claims together, as in: 3,214,000 instances of 72 claims, 12 CPU-hours."""
    decided, seconds = sum(each.decided for each in claims), fsum(each.seconds for each in claims)
    return f"{counted(decided, 'instance')} of {counted(len(claims), 'claim')}, {processor_time(seconds)}"


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def processor_time(seconds: float) -> str:
    """In the largest unit of which there is one."""
    unit, size = next((each for each in UNITS if seconds >= each[1]), UNITS[-1])
    number = f"{seconds / size:,.3g}"
    return f"{number} CPU-{unit}{'' if number == '1' else 's'}"


def version_words(files: str, places: Sequence[Place]) -> str:
    """The versions and commits that its places say, and the files that they are of."""
    versions = sorted({place.version for place in places})
    commits = sorted({f"commit {_short(place.commit)}" if place.commit else "no commit" for place in places})
    return ", ".join([*versions, *commits, f"files {files[:SHORT]}"])


def _short(commit: str) -> str:
    """With the + of a checkout that differs from it."""
    return commit if len(commit) <= SHORT + 1 else commit[:SHORT] + "+" * commit.endswith("+")
