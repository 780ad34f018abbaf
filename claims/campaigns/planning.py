"""Which pieces make up a campaign: how many examples of which check, with which seeds, one after another.

What adds up are the checks that draw. Those that are proofs, or look at an instance of their own, say the same each
time: they are for ``pytest claims``, and no part of a campaign.

**How many.** ``pytest claims`` draws 25 examples for each check, and a k-th of that where the check says ``fewer(k)``.
A campaign draws P in place of 25, so that all checks together draw what was asked for: the shares are those of ``pytest
claims``, and none is smaller. An instance is counted as often as it is drawn: each piece begins with the simplest one,
and where there are few some come again. A check that runs out of instances (it decides fewer than it was asked for) is
given no more pieces, and the others draw more instead.

**Pieces.** The first of a check is as large as in ``pytest claims``; what it took, here or in a campaign before, says
how large one of about a minute is. Whichever check is furthest behind is given the next piece, so that a campaign that
is stopped has drawn something of each; where the time is limited, the share is what all checks can have in it.

**Seeds.** Piece number i of a check has a seed by a hash of the campaign's own seed, the check and i. One that has run
is not run again: the same command goes on where it was stopped, and two campaigns with other seeds repeat nothing.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from claims.campaigns.records import Fate, Piece, Record
from claims.campaigns.totals import each_once
from claims.suite.profiles import EXAMPLES

SECONDS = 60.0
"""Of processor time that a piece is to take."""
GROWTH = 100
"""A piece is at most so many times larger than all of the check's before it: the first ones are short, and measure
badly."""
REST = 0.02
"""Of the time that may be spent: less is left over."""
BROKEN = 3
"""A check of which so many pieces are broken is given no more."""
UNBOUNDED = 10**12
"""Instances of a campaign without a limit."""
LARGEST_SEED = 2**53
"""Whole numbers below it are the same in every program that reads JSON."""


@dataclass(frozen=True)
class Check:
    """A check that draws, by its claim and pytest's name of it; ``fewer`` times fewer examples than the profile."""

    uid: str
    name: str
    fewer: int

    def asked(self, examples: int) -> int:
        """Of Hypothesis, under a profile of so many examples."""
        return max(1, examples // self.fewer)


@dataclass
class Progress:
    """What a check was given and has done: ``given`` and ``done`` are examples of the profile, ``decided`` instances;
    ``ended`` says why it is given no more."""

    check: Check
    given: int = 0
    done: int = 0
    decided: int = 0
    seconds: float = 0.0
    broken: int = 0
    number: int = 0
    ended: Fate | None = None
    exhausted: bool = False
    used: set[int] = field(default_factory=set)

    def enter(self, record: Record) -> None:
        """What came of a piece; ``given`` was told when it was given out."""
        if record.fate is Fate.BROKEN:
            self.given -= record.piece.examples
            self.broken += 1
            self.ended = Fate.BROKEN if self.broken >= BROKEN else self.ended
            return
        self.done += record.piece.examples
        self.decided += record.decided
        self.seconds += record.seconds
        if record.fate is Fate.FAILED:
            self.ended = Fate.FAILED
        elif record.decided < self.check.asked(record.piece.examples):
            self.exhausted, self.ended = True, self.ended or Fate.PASSED

    @property
    def cost(self) -> float:
        """Seconds for an example of the profile."""
        return self.seconds / self.done if self.done else 0.0

    def wants(self, share: int) -> bool:
        """Whether it is to be given another piece."""
        behind = not self.given or self.check.asked(self.given) < self.check.asked(share)
        return behind and self.ended is None

    def has(self, share: int) -> bool:
        """Whether nothing of it is to come any more."""
        return self.ended is not None or (self.done > 0 and self.check.asked(self.done) >= self.check.asked(share))

    def size(self, share: int) -> int:
        """Of the next piece, in examples of the profile: a multiple of ``fewer``, about a minute's, no more than is
        left of ``share`` but for a rest that is not worth a piece."""
        times = self.check.fewer
        measured = min(self.done * GROWTH, int(SECONDS / max(self.cost, 1e-6)))
        wanted = measured if self.done else EXAMPLES
        left = share - self.given
        examples = left if left < 1.5 * wanted else wanted
        return max(1, examples // times) * times

    def seed(self, campaign: int) -> int:
        """The next one that has not been run."""
        while True:
            seed = seed_of(campaign, self.check.name, self.number)
            self.number += 1
            if seed not in self.used:
                return seed


def seed_of(campaign: int, check: str, number: int) -> int:
    """Of piece ``number`` of a check in the campaign of this seed."""
    digest = hashlib.sha256(f"{campaign}\0{check}\0{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % LARGEST_SEED


class Plan:
    """The pieces of a campaign of ``examples`` instances, in ``core_seconds`` at most; ``kept`` are the records of the
    same files that are there already, and count, in the order of their identities."""

    def __init__(
        self,
        checks: Sequence[Check],
        examples: int,
        seed: int,
        kept: Iterable[Record] = (),
        core_seconds: float = float("inf"),
    ) -> None:
        self.progress = {check.name: Progress(check) for check in checks}
        self.examples, self.seed, self.core_seconds = examples, seed, core_seconds
        self.spent = 0.0
        """Seconds of processors, in this run."""
        for record in each_once(kept):
            self._keep(record)
        self.share = 0
        self._raise_share()

    def _keep(self, record: Record) -> None:
        progress = self.progress.get(record.piece.check)
        if progress is not None and record.fate is not Fate.BROKEN:  # one that is broken is run again
            progress.used.add(record.piece.seed)
            progress.given += record.piece.examples
            progress.enter(record)

    @property
    def decided(self) -> int:
        return sum(progress.decided for progress in self.progress.values())

    @property
    def broken(self) -> bool:
        """Whether a check could not be run."""
        return any(progress.ended is Fate.BROKEN for progress in self.progress.values())

    @property
    def live(self) -> list[Progress]:
        """Of the checks that are given pieces."""
        return [progress for progress in self.progress.values() if progress.ended is None]

    def _raise_share(self) -> bool:
        """Make the share such that the checks together decide what was asked for; whether that made it larger."""
        share = max(self.share, EXAMPLES)
        while (missing := self.examples - self._expected(share)) > 0 and self.live:
            share += max(1, int(missing / sum(1 / progress.check.fewer for progress in self.live)))
        larger, self.share = share > self.share, share
        return larger

    def expected(self) -> int:
        """Instances that there will be, if every check that is given pieces has its share."""
        return self._expected(self.share)

    def finished(self, uid: str) -> bool:
        """Whether every check of a claim has its share, or is given no more."""
        own = (progress for progress in self.progress.values() if progress.check.uid == uid)
        return all(progress.has(self.share) for progress in own)

    def _expected(self, share: int) -> int:
        """Instances, if every check that is given pieces has its share."""
        ended = sum(progress.decided for progress in self.progress.values() if progress.ended is not None)
        return ended + sum(progress.check.asked(max(share, progress.given)) for progress in self.live)

    def pieces(self) -> Iterator[Piece]:
        """One after another; each depends on what was entered before it. Where what is out must come first, they end,
        and begin again."""
        while True:
            given = False
            for piece in self._round(min(self.share, self._affordable())):
                given = True
                yield piece
            if not given and not self._raise_share():
                return

    def _round(self, share: int) -> Iterator[Piece]:
        """Until every check has so much; whichever is furthest behind is next."""
        behind = [(each.given, order, each) for order, each in enumerate(self.live)]
        heapq.heapify(behind)
        while behind and self.spent < self.core_seconds:
            _, order, progress = heapq.heappop(behind)
            if progress.wants(share):
                yield self._piece(progress, share)
                heapq.heappush(behind, (progress.given, order, progress))

    def _affordable(self) -> int:
        """The share that all checks can have in the time that is left, as they have taken it so far; nobody gets more
        than the first piece before each has been measured."""
        if self.core_seconds == float("inf"):
            return self.share
        live = self.live
        if not all(progress.done for progress in live):
            return EXAMPLES
        out = sum(progress.cost * (progress.given - progress.done) for progress in live)
        left = self.core_seconds - self.spent - out
        if left < max(SECONDS, REST * self.core_seconds):
            return 0
        cost = sum(progress.cost for progress in live)
        return int((left + sum(progress.cost * progress.given for progress in live)) / max(cost, 1e-9))

    def _piece(self, progress: Progress, share: int) -> Piece:
        examples = progress.size(share)
        progress.given += examples
        return Piece(progress.check.uid, progress.check.name, progress.seed(self.seed), examples)

    def enter(self, record: Record) -> None:
        """What came of a piece that was given out."""
        self.spent += record.seconds
        self.progress[record.piece.check].enter(record)

    def fraction(self) -> float:
        """Of what is to be done that is done: of the instances, or of the time where that is further."""
        instances = min(1.0, self.decided / self.examples) if self.examples else 1.0
        return max(instances, min(1.0, self.spent / self.core_seconds))
