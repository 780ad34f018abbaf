"""Tightness as a campaign: each search of DL-022 is a piece with a seed, and goes on from the worst states in a ledger.

A ledger is data. So a ratio in it counts for nothing here: its state is decided again, by the claim's own code, and
what that finds is believed.
"""

from __future__ import annotations

import hashlib
import shlex
import threading
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from claims.campaigns.places import here
from claims.campaigns.records import Failure, Fate, Piece, Ratio, Record
from claims.campaigns.totals import looseness
from claims.convergence.tightness import searches
from claims.convergence.tightness.searches import SEARCHES, Search, StateError
from claims.convergence.tightness.states import measured
from claims.convergence.tightness.suprema import ATTAINED
from claims.necessity.balance_needed.too_little_balance import REFUTED
from claims.suite import profiles
from solvers.arithmetic import verdict
from strategies.worst_states import search as search_from

UID, FOLDER = "DL-022", "claims/convergence/tightness"
KEPT = "claims/campaigns/tightness.json"
"""The ledger of this repository's own campaign, as it is exported; README's table is made of it."""


@dataclass(frozen=True)
class Task:
    """A piece, and the states, as text, from which it goes on beside its own draws; ``files`` are the campaign's."""

    quantity: str
    piece: Piece
    files: str
    starts: tuple[str, ...]


def task(quantity: str, starts: Iterable[str], *, examples: int, seed: int, number: int) -> Task:
    """The ``number``-th piece of a search in a campaign; its seed is of all this, so that a piece is what it was."""
    check, begun = f"{FOLDER}/{SEARCHES[quantity].test}", tuple(starts)
    told = hashlib.sha256("\0".join([str(seed), str(number), check, *begun]).encode()).digest()
    piece = Piece(UID, check, int.from_bytes(told[:8], "big") >> 1, examples)
    return Task(quantity, piece, here().files, begun)


_ALONE = threading.Lock()
"""Verdicts, precision and profile are a process's: of several threads one runs a piece at a time."""


def run(task: Task) -> Record:
    """What a search found, in a worker."""
    with _ALONE:
        return _run(task)


def _run(task: Task) -> Record:
    started, clock = time.time(), time.process_time()
    record = Record(task.piece, here(), Fate.BROKEN, 0, 0.0, started)
    if here().files != task.files:
        return replace(record, reason=f"the files of this worker are {here().files[:12]}, not {task.files[:12]}")
    verdicts: Counter[str] = Counter()
    try:
        with _counting(verdicts), profiles.chosen(None):
            record = _searched(task, record)
    except Exception as error:  # whatever it is, the other pieces go on
        record = replace(record, reason=f"{type(error).__name__}: {error}")
    return replace(record, seconds=time.process_time() - clock, verdicts=dict(verdicts))


@contextmanager
def _counting(verdicts: Counter[str]) -> Iterator[None]:
    def count(found: verdict.Verdict) -> None:
        verdicts[found.arithmetic] += 1

    verdict.OBSERVERS.append(count)
    try:
        yield
    finally:
        verdict.OBSERVERS.remove(count)


def _searched(task: Task, record: Record) -> Record:
    search, piece = SEARCHES[task.quantity], task.piece
    known = [searches.read_state(search, text) for text in task.starts]
    starts = {state.widths: state.point for state in known}
    widths, point = search_from(
        search.ratio, search.shapes, lemma=search.lemma, examples=piece.examples, seed=piece.seed, starts=starts
    )
    text = searches.state_text(search, widths, point)
    try:
        observed, guaranteed = searches.decided_again(search, text)
    except StateError as error:
        return replace(record, fate=Fate.FAILED, failures=(_failure(search, text, str(error)),))
    return replace(record, fate=Fate.PASSED, decided=1, ratios=(Ratio(search.quantity, observed, guaranteed, text),))


def _failure(search: Search, text: str, sentence: str) -> Failure:
    code = (
        "from claims.convergence.tightness.searches import SEARCHES, decided_again; "
        f"print(decided_again(SEARCHES[{search.quantity!r}], {text!r}))"
    )
    return Failure({"sentence": sentence, "instance": text}, shlex.join(["python", "-c", code]))


def lost(task: Task, why: str) -> Record:
    """Of a piece that never answered."""
    return Record(task.piece, here(), Fate.BROKEN, 0, 0.0, time.time(), reason=why)


def by_quantity(records: Iterable[Record]) -> dict[str, list[Ratio]]:
    """The ratios with a state, of whatever version, as they say the tightest first."""
    found: dict[str, list[Ratio]] = {quantity: [] for quantity in SEARCHES}
    for record in records:
        for ratio in record.ratios if record.piece.uid == UID and record.fate is Fate.PASSED else ():
            if ratio.quantity in found and ratio.state:
                found[ratio.quantity].append(ratio)
    for ratios in found.values():
        ratios.sort(key=lambda ratio: (looseness(ratio), ratio.state))
    return found


@dataclass(frozen=True)
class Believed:
    """The tightest state that was decided again, if there is one, and why others were not believed."""

    ratio: Ratio | None
    refused: tuple[str, ...] = ()


def believed(search: Search, ratios: Iterable[Ratio]) -> Believed:
    """States are decided again until none of those left even says that it is tighter."""
    best: Ratio | None = None
    refused = []
    for ratio in ratios:
        if best is not None and looseness(best) <= looseness(ratio):
            break
        try:
            observed, guaranteed = searches.decided_again(search, ratio.state)
        except StateError as error:
            refused.append(str(error))
            continue
        found = replace(ratio, observed=observed, guaranteed=guaranteed)
        best = min(best or found, found, key=looseness)
    return Believed(best, tuple(refused))


class Worst:
    """The worst state of each constant that is known: of those that a ledger has, and that were decided again."""

    def __init__(self, records: Iterable[Record]) -> None:
        ratios = by_quantity(records)
        self.known = {quantity: believed(search, ratios[quantity]) for quantity, search in SEARCHES.items()}

    def starts(self, quantity: str) -> tuple[str, ...]:
        ratio = self.known[quantity].ratio
        return (ratio.state,) if ratio else ()

    def learn(self, record: Record) -> tuple[Ratio | None, Ratio] | None:
        """What a record makes tighter, before and after."""
        for ratio in record.ratios:
            before = self.known[ratio.quantity].ratio
            if before is None or looseness(ratio) < looseness(before):
                self.known[ratio.quantity] = Believed(ratio)
                return before, ratio
        return None


def tasks(worst: Worst, done: Collection[Piece], *, rounds: int, examples: int, seed: int) -> Iterator[Task]:
    """A search of each constant in each round, each from what is known when it begins; not what was ``done``."""
    for number in range(rounds):
        for quantity in SEARCHES:
            found = task(quantity, worst.starts(quantity), examples=examples, seed=seed, number=number)
            if found.piece not in done:
                yield found


def table(found: Mapping[str, Believed]) -> list[tuple[str, str]]:
    """Each quantity with its ratio: of a search the ledger's, else that of the state that the claim builds itself."""
    rows = {quantity: _four(*measured(bound())) for quantity, bound in ATTAINED.items()}
    rows |= {quantity: _four(*sides()) for quantity, sides in REFUTED.items()}
    for quantity, each in found.items():
        rows[quantity] = _four(each.ratio.observed, each.ratio.guaranteed) if each.ratio else "not in the ledger"
    return sorted(rows.items())


def _four(observed: float, guaranteed: float) -> str:
    return f"{observed / guaranteed:.4g}"
