"""The form of counterexample files: their keys and types, words and numbers. Nothing of it says that they are true."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import Any

NUMBER = r"(?:0|[1-9][0-9]*)(?:/[1-9][0-9]*)?"
LICENSE = "CC0-1.0"
REFUTES = {"claim": str, "statement": str, "hypothesis": str, "change": str, "source": str}
"""What every file says of what is false."""


def require(condition: bool, sentence: str) -> None:
    """Go on only if so; ValueError with the sentence if not."""
    if not condition:
        raise ValueError(sentence)


def check_shape(value: Any, shape: Any, place: str) -> None:
    """``value`` has the keys and types of ``shape``."""
    if isinstance(shape, dict):
        require(isinstance(value, dict), f"{place} is {brief(value)}; expected an object")
        missing, unknown = [k for k in shape if k not in value], [k for k in value if k not in shape]
        require(not missing, f"{place} has no {missing[:1]}; expected {', '.join(shape)}")
        require(not unknown, f"{place} has the unknown key {brief(unknown[:1])}; expected {', '.join(shape)}")
        for key, part in shape.items():
            check_shape(value[key], part, key)
    elif isinstance(shape, list):
        require(isinstance(value, list), f"{place} is {brief(value)}; expected a list")
        for part in value:
            check_shape(part, shape[0], place)
    else:
        require(type(value) is shape, f"{place} is {brief(value)}; expected {shape.__name__}")
        if shape is str:
            require(value.isprintable() and len(value) <= 8000, f"{place} is {brief(value)}; expected one line of text")


def brief(value: Any) -> str:
    """The beginning of what a file holds, for a sentence."""
    return f"{value!a:.60}"


def check_matrix(value: list[list[str]], rows: int, columns: int, place: str) -> None:
    """``value`` is a matrix of that shape, of numbers in lowest terms."""
    fits = len(value) == rows and all(len(row) == columns for row in value)
    require(fits, f"{place}: expected {rows} rows of {columns}, as widths has it")
    for row in value:
        for text in row:
            check_number(text)


def check_number(text: str) -> None:
    """A rational like -1/2 in lowest terms."""
    good = len(text) <= 600 and re.fullmatch(f"-?{NUMBER}", text) is not None and str(Fraction(text)) == text
    require(good, f"{brief(text)} is no number; expected one like 1/2, in lowest terms")


def check_words(entry: dict[str, Any], schema: str, more: dict[str, tuple[str, str]]) -> None:
    """Names, dates and prose that every counterexample has; ``more`` are values and the patterns that they have."""
    refutes = entry["refutes"]
    patterns = {
        "uid": (entry["uid"], r"DLX-[0-9]{3}"),
        "claim": (refutes["claim"], r"DL-[0-9]{3}|"),
        "sha256": (entry["sha256"], r"[0-9a-f]{64}"),
        "date": (entry["date"], r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    }
    for name, (value, pattern) in (patterns | more).items():
        require(re.fullmatch(pattern, value) is not None, f"{name} is {brief(value)}; expected the form {pattern}")
    require(entry["schema"] == schema, f"schema is {brief(entry['schema'])}; expected {schema}")
    require(entry["license"] == LICENSE, f"license is {brief(entry['license'])}; expected {LICENSE}")
    for name in ("title", "discoverer"):
        require(bool(entry[name].strip()), f"{name} is empty; expected words")
    for name in ("statement", "source") if refutes["claim"] else ("statement",):
        require(bool(refutes[name].strip()), f"{name} is empty; expected words")
    try:
        date.fromisoformat(entry["date"])
    except ValueError:
        raise ValueError(f"date is {entry['date']}; expected a day, as 2026-11-24") from None
