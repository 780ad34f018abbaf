"""Records and places as text and back: canonical JSON, which a digest pins, and which is checked before it is believed.

Canonical are sorted keys, no spaces, ASCII, and Python's shortest numbers: one record has one text. Its digest is the
SHA-256 of that text, in which the place stands by its own digest. A digest tells damage from data; it is no signature,
and whoever writes a ledger can write what he likes into it.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from claims.campaigns.errors import LedgerError
from claims.campaigns.records import Failure, Fate, Piece, Place, Ratio, Record

LONGEST = 2**20
"""Characters of a text that tells something: a state, an instance, a reason."""
LONGEST_NAME = 2000
"""Characters of a name: of a check, a quantity, a tool."""
LONGEST_RECORD = 2**22
"""Characters of a record."""
MOST = 1000
"""Entries of a list or of a table within a record."""
LARGEST = 2**63 - 1

UID, CHECK = re.compile(r"DL-[0-9]{3}"), re.compile(r".+\.py::.+")
VERSION, HEXADECIMAL = re.compile(r"[0-9A-Za-z.+!_-]*"), re.compile(r"[0-9a-f]{64}")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def place_text(place: Place) -> str:
    """LedgerError where the place is none."""
    return canonical(vars(_place({**vars(place), "tools": dict(place.tools)})))


def read_place(text: object) -> Place:
    """The place that a text tells; LedgerError where it tells none."""
    return _place(_read(text))


def record_text(record: Record, place: str) -> str:
    """The record's text, in which ``place`` is the digest of its place."""
    return canonical(_written(record, place))


def checked(record: Record) -> Record:
    """The record, its numbers floats where they may be; LedgerError where it is none that a ledger holds."""
    found = _record(_written(record, ""), record.place)
    if (length := len(record_text(found, ""))) > LONGEST_RECORD:
        raise LedgerError(f"of {record.piece.check}: {length} characters; expected at most {LONGEST_RECORD}")
    return found


def _written(record: Record, place: str) -> dict[str, Any]:
    return {
        "piece": vars(record.piece),
        "place": place,
        "fate": record.fate.value,
        "decided": record.decided,
        "seconds": record.seconds,
        "started": record.started,
        "verdicts": dict(record.verdicts),
        "ratios": [vars(ratio) for ratio in record.ratios],
        "failures": [{"told": dict(each.told), "reproduce": each.reproduce} for each in record.failures],
        "reason": record.reason,
    }


def read_record(text: object, place: Place) -> Record:
    """The record that a text tells, ``place`` being that whose digest it names; LedgerError where it tells none."""
    return _record(_read(text), place)


def _read(text: object) -> Any:
    if not isinstance(text, str) or len(text) > LONGEST_RECORD:
        raise LedgerError(f"a record is no text, or longer than {LONGEST_RECORD} characters")
    try:
        return json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise LedgerError(f"a record is no JSON: {error}") from None


def _refused(number: str) -> NoReturn:
    raise ValueError(f"{number} is no number of JSON")


def _place(value: Any) -> Place:
    fields = _fields(value, "a place", "files", "version", "commit", "python", "tools", "machine")
    texts = {key: _text(text, f"a place's {key}", LONGEST_NAME) for key, text in fields.items() if key != "tools"}
    for key in ("version", "commit", "python"):
        if not VERSION.fullmatch(texts[key]):
            raise LedgerError(f"a place's {key} is {texts[key][:80]!r}; expected letters, digits and . + ! _ -")
    if not HEXADECIMAL.fullmatch(texts["files"]):
        raise LedgerError(f"a place's files are {texts['files'][:80]!r}; expected a SHA-256")
    tools = _table(fields["tools"], "a place's tools")
    return Place(**texts, tools={key: _text(text, f"the version of {key}", LONGEST_NAME) for key, text in tools})


def _record(value: Any, place: Place) -> Record:
    keys = ("decided", "seconds", "started", "verdicts", "ratios", "failures", "reason")
    fields = _fields(value, "a record", "piece", "place", "fate", *keys)
    piece = _piece(fields["piece"])
    what = f"of {piece.check}, seed {piece.seed}:"
    verdicts = _table(fields["verdicts"], f"{what} verdicts")
    record = Record(
        piece=piece,
        place=place,
        fate=_fate(fields["fate"], what),
        decided=_count(fields["decided"], f"{what} decided"),
        seconds=_number(fields["seconds"], f"{what} seconds"),
        started=_number(fields["started"], f"{what} started"),
        verdicts={key: _count(number, f"{what} verdicts by {key}") for key, number in verdicts},
        ratios=tuple(_ratio(each, what) for each in _list(fields["ratios"], f"{what} ratios")),
        failures=tuple(_failure(each, what) for each in _list(fields["failures"], f"{what} failures")),
        reason=_text(fields["reason"], f"{what} reason"),
    )
    _check_sense(record, what)
    return record


def _check_sense(record: Record, what: str) -> None:
    """LedgerError where the parts of a record do not go together."""
    if record.decided > record.piece.examples:
        raise LedgerError(f"{what} decided is {record.decided}; expected at most the {record.piece.examples} examples")
    if record.failures and record.fate is not Fate.FAILED:
        raise LedgerError(f"{what} the fate is {record.fate.value!r}, and there are failures; expected none")
    if bool(record.reason) != (record.fate is Fate.BROKEN):
        raise LedgerError(f"{what} the fate is {record.fate.value!r}; expected a reason if and only if it is broken")


def _piece(value: Any) -> Piece:
    fields = _fields(value, "a piece", "uid", "check", "seed", "examples")
    uid, check = (_text(fields[key], f"a piece's {key}", LONGEST_NAME) for key in ("uid", "check"))
    if not UID.fullmatch(uid):
        raise LedgerError(f"a piece's uid is {uid[:80]!r}; expected that of a claim, as DL-004")
    if not (CHECK.fullmatch(check) and check.isprintable()):
        raise LedgerError(f"a piece's check is {check[:80]!r}; expected pytest's name of one, FILE.py::TEST")
    examples = _count(fields["examples"], f"of {check}: examples")
    if examples == 0:
        raise LedgerError(f"of {check}: examples is 0; expected at least 1")
    return Piece(uid, check, _count(fields["seed"], f"of {check}: seed"), examples)


def _fate(value: Any, what: str) -> Fate:
    try:
        return Fate(value)
    except ValueError:
        names = ", ".join(repr(each.value) for each in Fate)
        raise LedgerError(f"{what} the fate is {str(value)[:80]!r}; expected one of {names}") from None


def _ratio(value: Any, what: str) -> Ratio:
    fields = _fields(value, f"{what} a ratio", "quantity", "observed", "guaranteed", "state")
    ratio = Ratio(
        quantity=_text(fields["quantity"], f"{what} a quantity", LONGEST_NAME),
        observed=_number(fields["observed"], f"{what} observed"),
        guaranteed=_number(fields["guaranteed"], f"{what} guaranteed"),
        state=_text(fields["state"], f"{what} a state"),
    )
    if not (ratio.guaranteed and math.isfinite(ratio.observed / ratio.guaranteed)):
        raise LedgerError(f"{what} {ratio.observed!r} over {ratio.guaranteed!r}; expected a finite ratio")
    return ratio


def _failure(value: Any, what: str) -> Failure:
    fields = _fields(value, f"{what} a failure", "told", "reproduce")
    told = _table(fields["told"], f"{what} what is told")
    return Failure({key: _text(text, f"{what} {key}") for key, text in told}, _text(fields["reproduce"], what))


def _fields(value: Any, what: str, *names: str) -> Mapping[str, Any]:
    if not isinstance(value, dict) or set(value) != set(names):
        raise LedgerError(f"{what} is not of the form that it has here; expected the keys {', '.join(names)}")
    return value


def _table(value: Any, what: str) -> list[tuple[str, Any]]:
    if not isinstance(value, dict) or len(value) > MOST:
        raise LedgerError(f"{what} are no table; expected at most {MOST} names, each with its value")
    return [(_text(key, what, LONGEST_NAME), each) for key, each in value.items()]


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list | tuple) or len(value) > MOST:
        raise LedgerError(f"{what} are no list; expected one of at most {MOST} entries")
    return list(value)


def _text(value: Any, what: str, longest: int = LONGEST) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise LedgerError(f"{what} is no text, or too long a one; expected at most {longest} characters")
    return value


def _count(value: Any, what: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST:
        raise LedgerError(f"{what} is {str(value)[:80]}; expected a whole number, at least 0 and below 2^63")
    return value


def _number(value: Any, what: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= LARGEST:
        raise LedgerError(f"{what} is {str(value)[:80]}; expected a number, at least 0 and below 2^63")
    return float(value)
