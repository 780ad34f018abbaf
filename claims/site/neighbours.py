"""What a claim uses and what uses it, as a small picture: the page has the same as two lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, ACROSS, BETWEEN, DOWN = 64, 24, 6, 10, 44
"""Of a box; boxes in a row; between two boxes; and between two groups of rows."""


@dataclass(frozen=True)
class Box:
    """``x`` and ``y`` are its upper left corner; ``role`` is "uses", "self" or "user"."""

    uid: str
    role: str
    x: float
    y: float

    @property
    def middle(self) -> float:
        return self.x + WIDTH / 2


@dataclass(frozen=True)
class Picture:
    """Boxes, and curves from what uses to what is used, as paths of SVG."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    curves: tuple[str, ...]


def picture(uid: str, uses: Sequence[str], users: Sequence[str]) -> Picture | None:
    """What is used stands below, what uses above; None for a claim that stands alone."""
    if not uses and not users:
        return None
    across = min(ACROSS, max(len(uses), len(users), 1))
    width = across * (WIDTH + BETWEEN) - BETWEEN
    above = list(_placed(users, "user", width, 1))
    own = Box(uid, "self", (width - WIDTH) / 2, _bottom(above) + DOWN if above else 1)
    below = list(_placed(uses, "uses", width, own.y + HEIGHT + DOWN))
    curves = [_curve(own, box) if box.role == "uses" else _curve(box, own) for box in [*above, *below]]
    return Picture(width, _bottom([*above, own, *below]) + 1, (*above, own, *below), tuple(curves))


def _placed(uids: Sequence[str], role: str, width: float, top: float) -> Iterator[Box]:
    for begin in range(0, len(uids), ACROSS):
        row = uids[begin : begin + ACROSS]
        left = (width - len(row) * (WIDTH + BETWEEN) + BETWEEN) / 2
        for column, uid in enumerate(row):
            yield Box(uid, role, left + column * (WIDTH + BETWEEN), top + begin // ACROSS * (HEIGHT + BETWEEN))


def _bottom(boxes: Sequence[Box]) -> float:
    return max(box.y for box in boxes) + HEIGHT


def _curve(user: Box, used: Box) -> str:
    """From the lower edge of one box to the upper edge of the other."""
    begin, end = user.y + HEIGHT, used.y
    half = (begin + end) / 2
    return f"M{user.middle:g} {begin:g}C{user.middle:g} {half:g} {used.middle:g} {half:g} {used.middle:g} {end:g}"
