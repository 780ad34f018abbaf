"""Strategies that are built once. Hypothesis validates each that it has not seen, which costs as much as to draw."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from hypothesis.strategies import SearchStrategy

Arguments = ParamSpec("Arguments")
Drawn = TypeVar("Drawn")

KEPT = 1024
"""The most of one kind; then those that were not asked for the longest are built anew."""


def built_once(build: Callable[Arguments, SearchStrategy[Drawn]]) -> Callable[Arguments, SearchStrategy[Drawn]]:
    """The same strategy for the same numbers, words and widths; for any other arguments a new one each time.

    Numbers are the same if they are of one type: True is not 1, and 1.0 is neither. What raises is not kept.
    """
    kept: Any = lru_cache(KEPT, typed=True)(build)

    @wraps(build)
    def strategy(*args: Arguments.args, **kwargs: Arguments.kwargs) -> SearchStrategy[Drawn]:
        known = all(map(_same_if_equal, (*args, *kwargs.values())))
        found: SearchStrategy[Drawn] = (kept if known else build)(*args, **kwargs)
        return found

    return strategy


def _same_if_equal(argument: Any) -> bool:
    """Whether another of its type that equals it says the same."""
    if type(argument) is tuple:
        return all(type(each) is int for each in argument)
    return argument is None or type(argument) in (bool, int, float, str)
