"""Load, list and write counterexample files; their form is ``claims/suite/counterexample.schema.json``.

What is loaded has the form and the digest that it should have; whether it is true is decided by
``claims.counterexamples.verify`` and, independently of every solver, by ``check.py``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from flint import fmpq

from claims.counterexamples import check
from claims.counterexamples.critical_points import LANDSCAPES
from claims.counterexamples.landscape_files import LANDSCAPE, LandscapeCounterexample, landscape_counterexample
from claims.counterexamples.shallow_certificates import SHALLOW
from claims.counterexamples.shallow_files import SHALLOW_FORM, ShallowCounterexample, shallow_counterexample
from claims.counterexamples.shapes import (
    NUMBER,
    REFUTES,
    brief,
    check_matrix,
    check_number,
    check_shape,
    check_words,
    require,
)
from claims.suite.evidence import replacing
from solvers import Problem
from solvers.arithmetic import ObjectArray

SCHEMA = "deep-linear-claims/counterexample/1"
SHIPPED = Path(__file__).resolve().parent

START = {"margin": str, "imbalance_squared": str, "loss": str}
KINDS: dict[str, dict[str, Any]] = {
    "stationary": {"mode": [[str]], "steps": int, "loss": str},
    "cycle": {"mode": [[str]], "steps": int, "period": int, "loss": str},
    "structure": {"mode": [[str]], "loss": str},
    "invariant": {
        "mode": [[str]],
        "steps": int,
        "names": [str],
        "set": [[str]],
        "squares": [[str]],
        "loss": [str],
        "growth": [[str]],
    },
    "rank": {"loss": str},
    "identity": {"of": str, "direction": [[[str]]], "value": str},
    "finite": {"steps": int, "violates": str, "exponent": str},
}
"""What a certificate of each kind holds, besides ``kind`` and ``start``; [x] is a list of x."""

SHAPE: dict[str, Any] = {
    "schema": str,
    "uid": str,
    "title": str,
    "refutes": REFUTES,
    "widths": [int],
    "weights": [[[str]]],
    "target": [[str]],
    "learning_rate": str,
    "certificate": dict,
    "discoverer": str,
    "date": str,
    "license": str,
    "sha256": str,
}
HYPOTHESES = ("", "margin", "width", "balance", "learning rate")


@dataclass(frozen=True)
class Counterexample:
    """What a file says, in JSON's types, and where it is; counterexample.schema.json has the meanings."""

    uid: str
    title: str
    refutes: Mapping[str, str]
    widths: tuple[int, ...]
    weights: list[list[list[str]]]
    target: list[list[str]]
    learning_rate: str
    certificate: Mapping[str, Any]
    discoverer: str
    date: str
    license: str
    content_hash: str
    path: Path

    @property
    def kind(self) -> str:
        """The kind of its certificate."""
        return str(self.certificate["kind"])

    def problem(self, learning_rate: fmpq | None = None) -> Problem:
        """Weights, target and learning rate as exact rationals.

        Raises ValueError where ``learning_rate`` is given though the file has one, or is missing or out of the range
        that the file allows.
        """
        every = self.learning_rate.startswith("every")
        if every != (learning_rate is not None):
            wanted = "expected one as an argument" if every else "expected none as an argument"
            raise ValueError(f"learning_rate of {self.uid} is {self.learning_rate}; {wanted}")
        rate = exact_number(self.learning_rate) if learning_rate is None else learning_rate
        most = self.learning_rate.removeprefix("every at most ")
        if rate <= 0 or (self.learning_rate not in ("every", most) and rate > exact_number(most)):
            raise ValueError(f"learning_rate is {rate}; expected {self.learning_rate}, and > 0")
        return Problem(tuple(exact_matrix(weight) for weight in self.weights), exact_matrix(self.target), rate)


Entry = Counterexample | LandscapeCounterexample | ShallowCounterexample


def load(path: str | Path) -> Entry:
    """The counterexample in a file; ValueError with a sentence where it is damaged or of another form."""
    try:
        return _entry(check.read(path), Path(path))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def catalogue() -> dict[str, Entry]:
    """Every counterexample shipped, by its uid, in the order of the uids; ValueError where a name does not fit."""
    found = {}
    for path in sorted(SHIPPED.glob("DLX-*.json")):
        entry = load(path)
        if entry.uid != path.stem:
            raise ValueError(f"{path} holds {entry.uid}; expected the name of the file")
        found[entry.uid] = entry
    return found


def digest(entry: Mapping[str, Any]) -> str:
    """SHA-256 of everything but ``sha256`` itself, as JSON in ASCII with sorted keys and without spaces."""
    rest = {key: value for key, value in entry.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def write(entry: Mapping[str, Any], path: str | Path) -> Entry:
    """Write an entry with its schema and digest, atomically, and return it as :func:`load` would.

    Raises ValueError where load would refuse it; the file is then as it was.
    """
    written, text = _written(entry, Path(path))
    with replacing(Path(path).absolute()) as file:
        file.write(text.encode())
    return written


def text(entry: Mapping[str, Any]) -> str:
    """What :func:`write` would write; raises ValueError where it would."""
    return _written(entry, Path(f"{entry.get('uid')}.json"))[1]


def _written(entry: Mapping[str, Any], path: Path) -> tuple[Entry, str]:
    complete = {"schema": SCHEMA} | {key: value for key, value in entry.items() if key != "sha256"}
    complete["sha256"] = digest(complete)
    order = {LANDSCAPES: LANDSCAPE, SHALLOW: SHALLOW_FORM}.get(complete["schema"], SHAPE)
    ordered = {key: complete[key] for key in sorted(complete, key=lambda key: (*order, key).index(key))}
    written, readable = _entry(ordered, path), f"{_readable(ordered)}\n"
    size = len(readable.encode())
    require(size <= check.LARGEST, f"the file has {size} bytes; expected at most {check.LARGEST}")
    return written, readable


def _readable(value: Any, indent: str = "") -> str:
    """JSON with an indent of two, and lists of numbers and words, such as the rows of matrices, on one line each."""
    inner = f"{indent}  "
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {_readable(part, inner)}" for key, part in value.items()]
    elif isinstance(value, list) and any(isinstance(part, list) for part in value):
        parts = [_readable(part, inner) for part in value]
    else:
        return json.dumps(value, ensure_ascii=False)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    lines = ",\n".join(inner + part for part in parts)
    return f"{opening}\n{lines}\n{indent}{closing}"


def exact_number(text: str) -> fmpq:
    """The rational that a string like -1/2 writes; ValueError for another."""
    check_number(text)
    numerator, _, denominator = text.partition("/")
    return fmpq(int(numerator), int(denominator or 1))


def exact_matrix(rows: list[list[str]]) -> ObjectArray:
    """A matrix of rationals from rows of strings."""
    matrix = np.empty((len(rows), len(rows[0])), dtype=object)
    for place in np.ndindex(matrix.shape):
        matrix[place] = exact_number(rows[place[0]][place[1]])
    return matrix


def _entry(entry: dict[str, Any], path: Path) -> Entry:
    """The entry as an object of its schema, if its form is right."""
    schema = entry.get("schema")
    if schema == SHALLOW:
        return shallow_counterexample(entry, path)
    return (landscape_counterexample if schema == LANDSCAPES else _counterexample)(entry, path)


def _counterexample(entry: dict[str, Any], path: Path) -> Counterexample:
    """The entry as an object, if its form is right."""
    check_shape(entry, SHAPE, "the file")
    kind = entry["certificate"].get("kind")
    require(isinstance(kind, str) and kind in KINDS, f"kind is {kind!r}; expected one of {', '.join(KINDS)}")
    check_shape(entry["certificate"], {"kind": str, "start": START} | KINDS[kind], "certificate")
    _check_words(entry)
    _check_numbers(entry)
    rest = {key: value for key, value in entry.items() if key not in ("schema", "widths", "sha256")}
    return Counterexample(**rest, widths=tuple(entry["widths"]), content_hash=entry["sha256"], path=path)


def _check_words(entry: dict[str, Any]) -> None:
    """Names, dates and the closed sets of words."""
    refutes = entry["refutes"]
    more = {
        "learning_rate": (entry["learning_rate"], rf"{NUMBER}|every|every at most {NUMBER}"),
        "margin": (entry["certificate"]["start"]["margin"], rf"-?{NUMBER}|at least {NUMBER}|negative"),
        "change": (refutes["change"], rf"|dropped|exactly 0|one less, margin exactly 0|x {NUMBER}"),
    }
    check_words(entry, SCHEMA, more)
    require(refutes["hypothesis"] in HYPOTHESES, f"hypothesis is {brief(refutes['hypothesis'])}; expected a known one")
    require((refutes["hypothesis"] == "") == (refutes["change"] == ""), "hypothesis and change: expected both, or none")
    require(bool(refutes["claim"]) or refutes["hypothesis"] == "", "hypothesis: expected none without a claim")


def _check_numbers(entry: dict[str, Any]) -> None:
    """Shapes of the matrices, and every number in lowest terms."""
    widths = entry["widths"]
    in_range = 2 <= len(widths) <= 9 and all(1 <= width <= 16 for width in widths)
    require(in_range, f"widths is {brief(widths)}; expected 2 to 9 whole numbers from 1 to 16")
    require(len(entry["weights"]) == len(widths) - 1, f"weights: expected {len(widths) - 1} matrices")
    for j, weight in enumerate(entry["weights"]):
        check_matrix(weight, widths[j + 1], widths[j], f"weights[{j}]")
    check_matrix(entry["target"], widths[-1], widths[0], "target")
    start = entry["certificate"]["start"]
    for text in (entry["learning_rate"], start["margin"], start["imbalance_squared"], start["loss"]):
        last = text.rpartition(" ")[2]
        if last not in ("every", "negative"):
            check_number(last)
