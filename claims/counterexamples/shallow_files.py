"""Counterexamples about trajectories of shallow models as their files have them; ``shallow_counterexample.schema.json``
has the meanings.

A model with its exact data stands below ``shallow``; points, learning rates and values stand in the certificate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claims.counterexamples.landscape_files import POLYNOMIAL, ModelCounterexample, check_parts, content_of
from claims.counterexamples.shallow_certificates import SHALLOW
from claims.counterexamples.shapes import REFUTES, brief, check_shape, check_words, require

SHALLOW_MODELS: dict[str, dict[str, Any]] = {
    "units": {"scale": str, "maps": [[[str]]], "truth": [[str]]},
    "samples": {"slope": str, "data": [[str]], "truth": [[str]]},
    "perceptron": {"slope": str, "pairs": int, "data": [[str]], "labels": [str]},
    "sensing": {"diagonal": [str], "measured": str},
    "product": {"target": str},
}
"""What a file holds of each model, besides ``model``; [x] is a list of x."""

SHALLOW_KINDS: dict[str, dict[str, Any]] = {
    "poor": {"factor": str, "direction": [[str]], "value": str},
    "flat": {"direction": [[str]]},
    "returns": {"learning_rate": str, "factors": [str], "directions": [[[str]]], "value": str},
    "kept": {"point": [[str]], "kept": [[str]], "value": str},
    "limit": {"start": str, "point": [[str]], "value": str},
}
"""What a certificate of each kind holds, besides ``kind``."""

SHALLOW_FORM: dict[str, Any] = {
    "schema": str,
    "uid": str,
    "title": str,
    "refutes": REFUTES,
    "shallow": dict,
    "certificate": dict,
    "discoverer": str,
    "date": str,
    "license": str,
    "sha256": str,
}
REAL = rf"{POLYNOMIAL}|\({POLYNOMIAL}\)/\({POLYNOMIAL}\)"
"""A number with pi and root, the square root of 3."""
WORDS = {"model", "kind", "pairs"}
REALS = {"factor", "factors", "learning_rate", "value"}
"""Keys below which there are such numbers; below all others but ``WORDS`` there are rationals."""


@dataclass(frozen=True)
class ShallowCounterexample(ModelCounterexample):
    """With its model."""

    shallow: Mapping[str, Any]


def shallow_counterexample(entry: dict[str, Any], path: Path) -> ShallowCounterexample:
    """The entry as an object, if its form is right."""
    check_shape(entry, SHALLOW_FORM, "the file")
    parts = (("shallow", "model", SHALLOW_MODELS), ("certificate", "kind", SHALLOW_KINDS))
    check_parts(entry, parts, WORDS | REALS)
    for part, _, _ in parts:
        for key in REALS & entry[part].keys():
            check_reals(key, entry[part][key])
    check_words(entry, SHALLOW, {})
    return ShallowCounterexample(**content_of(entry, path))


def check_reals(key: str, value: str | list[str]) -> None:
    """A number, or a list of one to 16, in the letters pi and root; "every" for a learning rate."""
    texts = [value] if isinstance(value, str) else value
    require(1 <= len(texts) <= 16, f"{key}: expected 1 to 16 numbers")
    for text in texts:
        good = len(text) <= 600 and re.fullmatch(REAL, text, re.ASCII) is not None
        letters = set(re.findall("[a-z]+", text)) <= {"pi", "root"}
        fits = (good and letters) or (key == "learning_rate" and text == "every")
        require(fits, f"{brief(text)} is no number; expected one like 1/2 or (3*root + 2*pi)/(pi + 1)")
