"""What a check was given, as JSON of exact numbers: a state from which a search can go on."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq, fmpz

LENGTH = 8192
"""Of the longest state that is kept."""


class _UntoldError(TypeError):
    """Something that is no exact number, and not made of such."""


def state_of(drawn: Mapping[str, Any]) -> str:
    """Arguments by name: floats as they are, rationals as ``"1/3"``, arrays as lists, dataclasses by their fields.

    Empty where something else is among them, or it is longer than :data:`LENGTH`.
    """
    try:
        text = json.dumps(_told(dict(drawn)), sort_keys=True, allow_nan=False, separators=(",", ":"))
    except (_UntoldError, RecursionError):
        return ""
    return text if len(text) <= LENGTH else ""


def _told(value: Any) -> Any:
    match value:
        case None | bool() | str():
            return value
        case Enum():
            return value.name
        case fmpq() | fmpz() | Fraction():
            return str(value)
        case np.ndarray():
            return _told(value.tolist())
        case int() | np.integer():
            return int(value)
        case float() if math.isfinite(value):
            return float(value)
        case list() | tuple():
            return [_told(each) for each in value]
        case dict():
            return {str(name): _told(each) for name, each in value.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {each.name: _told(getattr(value, each.name)) for each in fields(value)}
    raise _UntoldError(type(value).__name__)
