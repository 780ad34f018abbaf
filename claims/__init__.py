"""The theory of gradient descent on deep linear networks, one module a claim; ``pytest claims`` verifies it.

The modules beside this file are the table of contents; the machinery is in ``claims.suite``. ``claims.audit`` asks of a
network which theorem applies to it (:mod:`claims.auditing`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claims.auditing import audit as audit

__all__ = ["audit"]


def __getattr__(name: str) -> Any:
    """``audit``, imported when it is asked for, so that ``import claims`` costs nothing."""
    if name in __all__:
        import claims.auditing

        return getattr(claims.auditing, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
