"""Checks of what strategies are given: a bad argument raises Hypothesis's InvalidArgument with a sentence."""

from __future__ import annotations

from typing import Any

from hypothesis.errors import InvalidArgument


def check_whole(value: Any, name: str, *, least: int) -> int:
    """A whole number >= least."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidArgument(f"{name} is {value!r}; expected a whole number >= {least}")
    if value < least:
        raise InvalidArgument(f"{name} is {value}; expected a whole number >= {least}")
    return value


def check_range(low: int, high: int, names: tuple[str, str], *, least: int = 1) -> None:
    """Two whole numbers, least <= low <= high."""
    check_whole(low, names[0], least=least)
    check_whole(high, names[1], least=least)
    if low > high:
        raise InvalidArgument(f"{names[0]} is {low} but {names[1]} is {high}; expected {names[0]} <= {names[1]}")


def check_dimensions(dimensions: Any) -> tuple[int, ...]:
    """(d_0, ..., d_N) with N >= 1 and every width >= 1."""
    if not isinstance(dimensions, tuple | list) or len(dimensions) < 2:
        raise InvalidArgument(f"dimensions is {dimensions!r}; expected (d_0, ..., d_N) with N >= 1")
    return tuple(check_whole(width, f"dimensions[{j}]", least=1) for j, width in enumerate(dimensions))
