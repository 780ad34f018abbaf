"""Counterexamples about landscapes as their files have them; ``landscape_counterexample.schema.json`` has the meanings.

They have no widths and weights: a model with its exact data takes their place, and points stand in the certificate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claims.counterexamples.critical_points import LANDSCAPES
from claims.counterexamples.rationals import TERM
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

MODELS: dict[str, dict[str, Any]] = {
    "factorization": {"target": [[str]]},
    "completion": {"pattern": [[str]], "signal": [[str]]},
    "sensing": {
        "identity": str,
        "matrices": [[[str]]],
        "coefficients": [[str]],
        "signal": [[str]],
        "delta": str,
    },
    "phase": {"vectors": [[str]], "signal": [[str]], "full_spark": bool},
    "quadratic": {"inputs": [[str]], "losses": [str]},
    "tensor": {"order": int, "coefficients": [str], "components": [[str]]},
    "form": {"names": [str], "polynomial": str},
    "relu": {"data": [[str]]},
}
"""What a file holds of each model, besides ``model``; [x] is a list of x."""

BETTER = {"point": [[str]], "value": str, "better": [[str]], "better_value": str}
LANDSCAPE_KINDS: dict[str, dict[str, Any]] = {
    "minimum": {"sense": str} | BETTER,
    "descent": {"sense": str, "point": [[str]], "value": str, "curve": [[str]], "coefficient": str, "power": int},
    "order": {"points": [[[str]]], "values": [str], "indices": [int]},
    "recurrence": {"learning_rate": str, "period": int} | BETTER,
    "lost": {"point": [[str]]},
}
"""What a certificate of each kind holds, besides ``kind``."""

LANDSCAPE: dict[str, Any] = {
    "schema": str,
    "uid": str,
    "title": str,
    "refutes": REFUTES,
    "landscape": dict,
    "certificate": dict,
    "discoverer": str,
    "date": str,
    "license": str,
    "sha256": str,
}
POLYNOMIAL = f"{TERM}(?: [+-] {TERM})*"
WORDS = {"model", "kind", "sense", "losses", "names", "polynomial", "curve", "delta", "full_spark", "order"}
"""Keys below which there are words, polynomials or whole numbers, and no rationals."""


@dataclass(frozen=True)
class ModelCounterexample:
    """What a file about a model says beside the model, in JSON's types, and where it is."""

    uid: str
    title: str
    refutes: Mapping[str, str]
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


@dataclass(frozen=True)
class LandscapeCounterexample(ModelCounterexample):
    """With its landscape."""

    landscape: Mapping[str, Any]


def check_parts(entry: dict[str, Any], parts: Iterable[tuple[str, str, Mapping[str, Any]]], others: set[str]) -> None:
    """Each part, as ("landscape", "model", what a file holds of each), with rationals below all keys but ``others``."""
    for part, name, known in parts:
        said = entry[part].get(name)
        require(isinstance(said, str) and said in known, f"{name} is {brief(said)}; expected one of {', '.join(known)}")
        check_shape(entry[part], {name: str} | known[said], part)
        check_numbers({key: value for key, value in entry[part].items() if key not in others})


def content_of(entry: dict[str, Any], path: Path) -> dict[str, Any]:
    """What an object has of an entry, which refutes a statement of its own: no hypothesis is dropped or changed."""
    require(entry["refutes"]["hypothesis"] == entry["refutes"]["change"] == "", "hypothesis and change: expected none")
    rest = {key: value for key, value in entry.items() if key not in ("schema", "sha256")}
    return {**rest, "content_hash": entry["sha256"], "path": path}


def landscape_counterexample(entry: dict[str, Any], path: Path) -> LandscapeCounterexample:
    """The entry as an object, if its form is right."""
    check_shape(entry, LANDSCAPE, "the file")
    check_parts(entry, (("landscape", "model", MODELS), ("certificate", "kind", LANDSCAPE_KINDS)), WORDS)
    for text in _polynomials(entry):
        good = re.fullmatch(POLYNOMIAL, text, re.ASCII)
        require(good is not None, f"{brief(text)} is no polynomial; expected one like 1 - 2*x^2")
    for text in entry["landscape"].get("names", []):
        require(re.fullmatch("[a-z]+", text) is not None, f"{brief(text)} is no name; expected small letters")
    more = {
        "delta": (entry["landscape"].get("delta", "0"), rf"(sqrt )?{NUMBER}"),
        "sense": (entry["certificate"].get("sense", "minimum"), "minimum|maximum"),
    }
    check_words(entry, LANDSCAPES, more)
    check_number(entry["landscape"].get("delta", "0").rpartition(" ")[2])
    return LandscapeCounterexample(**content_of(entry, path))


def _polynomials(entry: dict[str, Any]) -> list[str]:
    model, said = entry["landscape"], entry["certificate"]
    found = [*model.get("losses", []), *(text for row in said.get("curve", []) for text in row)]
    return [*found, *([model["polynomial"]] if "polynomial" in model else [])]


def check_numbers(parts: dict[str, Any]) -> None:
    """Numbers in lowest terms, in matrices of 1 to 16 rows and columns."""
    for key, value in parts.items():
        matrices = value if isinstance(value, list) and value and _is_matrix(value[0]) else [value]
        for one in matrices:
            if _is_matrix(one):
                good = len(one) <= 16 and 1 <= len(one[0]) <= 16
                require(good, f"{key}: expected a matrix of 1 to 16 rows and columns")
                check_matrix(one, len(one), len(one[0]), key)
            else:
                for text in one if isinstance(one, list) else [one]:
                    if isinstance(text, str):
                        check_number(text)
        empty = value == [] or any(one == [] for one in matrices)
        require(not empty, f"{key} is empty; expected numbers")


def _is_matrix(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, list) and _flat(row) for row in value)


def _flat(row: list[Any]) -> bool:
    return not any(isinstance(each, list) for each in row)
