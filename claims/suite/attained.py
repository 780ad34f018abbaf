"""Whether an inequality is attained: what tells its own constant from every weaker one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from solvers.arithmetic import Comparison


def attained(said: Comparison, part: Any = 0) -> Comparison:
    """|left - right| <= ``part`` |right|: that the two sides of an inequality are equal, or as near as that.

    A control shows that a stronger constant fails; this, at the same instance, that the stated one is no weaker than
    it looks.
    """
    left: Any = said.left
    right: Any = said.right
    sentence = f"{said.sentence}: attained"
    return said._replace(left=abs(left - right), relation="<=", right=part * abs(right), sentence=sentence)
