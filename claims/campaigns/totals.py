"""What the records of one version come to, claim by claim."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from claims.campaigns.records import Failure, Fate, Piece, Ratio, Record


@dataclass(frozen=True)
class Worst:
    """The worst ratio of a quantity, and the piece that saw it."""

    ratio: Ratio
    piece: Piece

    @property
    def looseness(self) -> float:
        return looseness(self.ratio)

    @property
    def value(self) -> float:
        return self.ratio.observed / self.ratio.guaranteed


def looseness(ratio: Ratio) -> float:
    """How far a ratio is from 1, at which equality is attained: the same for a ratio and its inverse."""
    return abs(math.log(value)) if (value := ratio.observed / ratio.guaranteed) else math.inf


@dataclass(frozen=True)
class Totals:
    """Of one claim: ``decided`` counts instances as they were drawn, of which a small space gives some twice;
    ``checks`` those that ran, ``pieces`` what was counted, ``broken`` what could not be run and counts nothing;
    ``seconds`` are of processors; ``worst`` is of each quantity, the tightest first."""

    uid: str
    decided: int
    checks: int
    pieces: int
    broken: int
    seconds: float
    verdicts: Mapping[str, int]
    worst: tuple[Worst, ...]
    failures: tuple[tuple[Piece, Failure], ...]
    failed: int

    def as_json(self) -> dict[str, object]:
        return {
            "uid": self.uid,
            "decided": self.decided,
            "checks": self.checks,
            "pieces": self.pieces,
            "broken": self.broken,
            "failed": self.failed,
            "core_seconds": round(self.seconds, 3),
            "verdicts": dict(self.verdicts),
            "worst": [vars(each.ratio) | {"ratio": each.value} | vars(each.piece) for each in self.worst],
            "failures": [vars(piece) | {"told": dict(f.told), "reproduce": f.reproduce} for piece, f in self.failures],
        }


def totals(records: Iterable[Record]) -> dict[str, Totals]:
    """By uid, of records of one version in the order of their identities."""
    claims: dict[str, list[Record]] = {}
    for record in each_once(records):
        claims.setdefault(record.piece.uid, []).append(record)
    return {uid: _total(uid, claims[uid]) for uid in sorted(claims)}


def each_once(records: Iterable[Record]) -> Iterator[Record]:
    """Those that count, of records of one version in the order of their identities. Pieces of one check with one seed
    and other numbers of examples begin with the same examples: one is counted, one that failed if there is one, and the
    longest."""
    for _, same in groupby(records, key=lambda record: (record.piece.check, record.piece.seed)):
        yield max(same, key=_standing)


def _standing(record: Record) -> tuple[bool, bool, int]:
    return record.fate is Fate.FAILED, record.fate is Fate.PASSED, record.piece.examples


def _total(uid: str, records: list[Record]) -> Totals:
    ran = [record for record in records if record.fate is not Fate.BROKEN]
    verdicts: Counter[str] = Counter()
    worst: dict[tuple[str, str], Worst] = {}
    for record in ran:
        verdicts.update(record.verdicts)
        for ratio in record.ratios:
            found, key = Worst(ratio, record.piece), (record.piece.check, ratio.quantity)
            worst[key] = min(worst.get(key, found), found, key=_order)
    return Totals(
        uid=uid,
        decided=sum(record.decided for record in ran),
        checks=len({record.piece.check for record in ran}),
        pieces=len(ran),
        broken=len(records) - len(ran),
        seconds=math.fsum(record.seconds for record in ran),
        verdicts=dict(sorted(verdicts.items())),
        worst=tuple(sorted(worst.values(), key=_order)),
        failures=tuple((record.piece, failure) for record in ran for failure in record.failures),
        failed=sum(record.fate is Fate.FAILED for record in ran),
    )


def _order(found: Worst) -> tuple[float, Piece, str, str]:
    return found.looseness, found.piece, found.ratio.quantity, found.ratio.state
