"""Checks of what strategies are given: a bad argument raises Hypothesis's InvalidArgument with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import inf
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

Value = TypeVar("Value")


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


def check_positive(value: Any, name: str, *, most: float = inf) -> None:
    """A finite number, 0 < value <= most."""
    expected = "a finite number > 0" if most == inf else f"a number in (0, {most}]"
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        raise InvalidArgument(f"{name} is {value!r}; expected {expected}")
    if not (0 < value < inf and value <= most):
        raise InvalidArgument(f"{name} is {value!r}; expected {expected}")


def check_strategy(value: Any, name: str, default: Callable[[], st.SearchStrategy[Value]]) -> st.SearchStrategy[Value]:
    """A strategy, or the default one where it is None."""
    if value is None:
        return default()
    if not isinstance(value, st.SearchStrategy):
        raise InvalidArgument(f"{name} is {value!r}; expected a strategy, as in st.just({value!r})")
    return value


def check_dimensions(dimensions: Any) -> tuple[int, ...]:
    """(d_0, ..., d_N) with N >= 1 and every width >= 1."""
    if not isinstance(dimensions, tuple | list) or len(dimensions) < 2:
        raise InvalidArgument(f"dimensions is {dimensions!r}; expected (d_0, ..., d_N) with N >= 1")
    return tuple(check_whole(width, f"dimensions[{j}]", least=1) for j, width in enumerate(dimensions))


def check_no_bottleneck(dimensions: Any) -> tuple[int, ...]:
    """(d_0, ..., d_N) with no width below min(d_0, d_N)."""
    widths = check_dimensions(dimensions)
    least = min(widths[0], widths[-1])
    if min(widths) < least:
        raise InvalidArgument(f"dimensions drew {widths}, which has a bottleneck; expected every width >= {least}")
    return widths
