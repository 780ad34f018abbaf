"""Widths (d_0, ..., d_N) of networks."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from strategies.arguments import check_range, check_whole
from strategies.built_once import built_once


@built_once
@st.composite
def dimensions(
    draw: st.DrawFn,
    *,
    min_depth: int = 1,
    max_depth: int = 6,
    max_width: int = 8,
    bottleneck: bool | None = None,
) -> tuple[int, ...]:
    """(d_0, ..., d_N) with min_depth <= N <= max_depth and every width in 1..max_width, rectangular both ways.

    ``bottleneck=False``: every hidden width is at least min(d_0, d_N), as a positive deficiency margin needs.
    ``bottleneck=True``: some hidden width is below it (so max_width >= 2 and max_depth >= 2). None: no condition.
    """
    check_range(min_depth, max_depth, ("min_depth", "max_depth"))
    check_whole(max_width, "max_width", least=1)
    if bottleneck is not None and not isinstance(bottleneck, bool):
        raise InvalidArgument(f"bottleneck is {bottleneck!r}; expected True, False or None")
    if bottleneck is True and (max_depth < 2 or max_width < 2):
        raise InvalidArgument(
            f"bottleneck=True with max_depth = {max_depth} and max_width = {max_width}; a bottleneck needs both >= 2"
        )
    least_end = 2 if bottleneck is True else 1
    least_depth = max(min_depth, 2) if bottleneck is True else min_depth
    ends = st.integers(least_end, max_width)
    inputs, outputs, depth = draw(ends), draw(ends), draw(st.integers(least_depth, max_depth))
    narrow = min(inputs, outputs)
    least = narrow if bottleneck is False else 1
    hidden = draw(st.lists(st.integers(least, max_width), min_size=depth - 1, max_size=depth - 1))
    if bottleneck is True:
        hidden[draw(st.integers(0, depth - 2))] = draw(st.integers(1, narrow - 1))
    return (inputs, *hidden, outputs)
