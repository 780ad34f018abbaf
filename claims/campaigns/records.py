"""What a campaign asks for, a :class:`Piece`, and what the ledger keeps of it, a :class:`Record`: plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Fate(Enum):
    """What became of a piece: the check passed, it failed on an example, or it could not be run to its end."""

    PASSED = "passed"
    FAILED = "failed"
    BROKEN = "broken"


@dataclass(frozen=True, order=True)
class Piece:
    """One check with one seed, 0 <= ``seed`` < 2^63: ``check`` is pytest's name of it from the directory above
    ``claims``, with slashes (``claims/balance/balancedness/laws.py::test_real_data[iris]``), ``examples`` what the
    profile says in place of 25: a check that draws k times fewer is asked for a k-th of it."""

    uid: str
    check: str
    seed: int
    examples: int


@dataclass(frozen=True)
class Place:
    """Where and with what: two records are of one version where ``files`` agree, whatever the rest says.

    ``files`` is the SHA-256 of the files of the three packages, ``commit`` that of the checkout, empty where there is
    none and with ``+`` behind it where files differ from it; ``tools`` are versions by name; ``machine`` is the system
    and the processor, in words, and names nobody.
    """

    files: str
    version: str
    commit: str
    python: str
    tools: Mapping[str, str]
    machine: str


@dataclass(frozen=True)
class Ratio:
    """The worst that was seen of one inequality: ``observed`` over ``guaranteed`` is 1 where equality is attained.

    ``state`` is where it was seen, in JSON, for a search to go on from; empty where the check did not tell.
    """

    quantity: str
    observed: float
    guaranteed: float
    state: str = ""


@dataclass(frozen=True)
class Failure:
    """A shrunk example: the sentence, the instance and the numbers as ``pytest claims`` tells them, and the line that
    reproduces it."""

    told: Mapping[str, str]
    reproduce: str


@dataclass(frozen=True)
class Record:
    """What came of a piece at a place.

    ``decided`` counts the generated examples on which the check passed, at most as many as were asked for: explicit
    ones, which each piece would repeat, and what shrinking tries, are none of them, and a broken piece counts nothing.
    ``verdicts`` are the comparisons that were decided, by the arithmetic that did; ``started`` is in seconds since
    1970, by the machine's own clock, which nothing rests on; ``seconds`` are of the processor's time, without what it
    takes to start.
    """

    piece: Piece
    place: Place
    fate: Fate
    decided: int
    seconds: float
    started: float
    verdicts: Mapping[str, int] = field(default_factory=dict)
    ratios: tuple[Ratio, ...] = ()
    failures: tuple[Failure, ...] = ()
    reason: str = ""
    """Why it is broken."""
