"""Hypothesis profiles for claims, and for them alone.

``claims`` is the default, ``claims-ci`` the same, derandomised, where Hypothesis sees that it runs in CI, and
``claims-thorough`` draws a hundred times as much. ``claims-campaign-4000`` is that of a campaign's piece, which draws
4000 by its seed alone. Hypothesis is imported where a profile is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypothesis import settings

EXAMPLES = 25
OURS = {"default": "claims", "ci": "claims-ci"}
"""What stands for the two profiles that Hypothesis chooses by itself."""
CAMPAIGN = "claims-campaign-"
"""Before a number: the profile of a piece that draws so many."""


@cache
def register() -> None:
    """Make the three profiles known, so that ``--hypothesis-profile`` finds them."""
    from hypothesis import HealthCheck, settings

    common = settings(
        settings.get_profile("default"),
        deadline=None,
        max_examples=EXAMPLES,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.register_profile("claims", common)
    settings.register_profile("claims-ci", common, derandomize=True, database=None, print_blob=True)
    settings.register_profile("claims-thorough", common, max_examples=100 * EXAMPLES)


def register_named(name: str) -> None:
    """Make the three profiles known, and the one of a campaign where ``name`` is such a one's.

    What a piece draws depends on its seed alone: nothing is kept from other runs, no example that is written beside the
    check is tried once more, and how healthy a strategy is, is for ``pytest claims`` to say. Hypothesis draws constants
    of the modules that are loaded too, so these are the same wherever a piece is run.
    """
    register()
    if match := re.fullmatch(rf"{CAMPAIGN}([1-9][0-9]*)", name):
        from hypothesis import HealthCheck, Phase, settings

        import solvers  # noqa: F401
        import strategies  # noqa: F401

        settings.register_profile(
            name,
            settings.get_profile("claims"),
            max_examples=int(match[1]),
            derandomize=False,
            database=None,
            print_blob=True,
            phases=(Phase.generate, Phase.target, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )


def load_default() -> None:
    """Choose ours where nobody has chosen one."""
    from hypothesis import settings

    register()
    current = settings.get_current_profile_name()
    settings.load_profile(OURS.get(current, current))


@contextmanager
def chosen(named: str | None) -> Iterator[None]:
    """Inside, the profile of claims: the one that the command line names, or :func:`load_default`'s. @given takes the
    profile of the moment at which it decorates."""
    from hypothesis import settings

    before = settings.get_current_profile_name()
    if not named:
        load_default()
    try:
        yield
    finally:
        settings.load_profile(before)


def is_thorough() -> bool:
    """Whether there is time for what takes minutes."""
    from hypothesis import settings

    return settings.get_current_profile_name() == "claims-thorough"


def fewer(divisor: int) -> settings:
    """The profile's number of examples divided, for checks of which one takes a second: scales with the profile."""
    from hypothesis import settings

    return settings(max_examples=max(1, settings().max_examples // divisor))
