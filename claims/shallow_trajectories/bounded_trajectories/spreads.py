"""Networks in general position, from which statement 2 is sampled."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from solvers.network import Problem
from strategies import dimensions


@dataclass(frozen=True)
class Spread:
    """What a network in general position is drawn from."""

    widths: tuple[int, ...]
    seed: int
    scales: tuple[int, ...]
    rank: int

    def problem(self) -> Problem:
        """Layers of 20-bit odd numbers times 2^scale, the first of at most the rank asked for; no target."""
        random = np.random.default_rng(self.seed)

        def odd(*shape: int) -> NDArray[np.float64]:
            found: NDArray[np.float64] = random.choice((-1.0, 1.0), shape) * (
                2.0 * random.integers(0, 2**19, shape) + 1
            )
            return found

        shapes = [(rows, columns) for columns, rows in pairwise(self.widths)]
        layers = [odd(*shape) for shape in shapes]
        if self.rank < min(shapes[0]):
            layers[0] = odd(shapes[0][0], self.rank) @ odd(self.rank, shapes[0][1])
        weights = tuple(layer * 2.0**scale for layer, scale in zip(layers, self.scales, strict=True))
        return Problem(weights, np.zeros((self.widths[-1], self.widths[0])), 0.0)


@st.composite
def spreads(draw: st.DrawFn) -> Spread:
    """Depths 2 to 6, widths 1 to 8 (not all 1), layers scaled apart by up to 2^12."""
    widths = draw(dimensions(min_depth=2))
    if max(widths) == 1:
        widths = (2, *widths[1:])
    scales = draw(st.lists(st.integers(-6, 6), min_size=len(widths) - 1, max_size=len(widths) - 1))
    return Spread(widths, draw(st.integers(0, 2**32 - 1)), tuple(scales), draw(st.integers(1, 8)))
