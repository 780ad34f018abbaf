"""Networks in the form of the claim, drawn in rationals, against the scalar networks that are to be their modes."""

from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import mul

import numpy as np
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import exact
from solvers.arithmetic import ObjectArray, rational
from solvers.flow import mode_step
from solvers.network import Problem, loss
from strategies import diagonal, dimensions, learning_rates, orthogonal_matrices


@dataclass(frozen=True)
class AlignedNetwork:
    """S_1, ..., S_N (rectangular, diagonal) and S, bases Q_0, ..., Q_N and a learning rate, all of rationals."""

    layers: tuple[ObjectArray, ...]
    target: ObjectArray
    bases: tuple[ObjectArray, ...]
    learning_rate: fmpq

    @property
    def modes(self) -> int:
        """How many modes pass through every width."""
        return min(len(basis) for basis in self.bases)

    def problem(self) -> Problem:
        """W_j = Q_j S_j Q_{j-1}^T, Phi = Q_N S Q_0^T."""
        target = self.bases[-1] @ self.target @ self.bases[0].T
        return Problem(self.in_bases(self.layers), target, self.learning_rate)

    def in_bases(self, layers: tuple[ObjectArray, ...]) -> tuple[ObjectArray, ...]:
        """Q_j S_j Q_{j-1}^T."""
        return tuple(
            after @ matrix @ before.T for matrix, (before, after) in zip(layers, pairwise(self.bases), strict=True)
        )

    def predicted(self, steps: int) -> tuple[ObjectArray, ...]:
        """S_1, ..., S_N after so many steps by statement 2."""
        moving = [matrix.diagonal()[: self.modes].copy() for matrix in self.layers]
        for _ in range(steps):
            moving = mode_step(moving, self.target.diagonal()[: self.modes], self.learning_rate)
        layers = tuple(matrix.copy() for matrix in self.layers)
        for matrix, entries in zip(layers, moving, strict=True):
            for i, entry in enumerate(entries):
                matrix[i, i] = entry
        return layers


@st.composite
def aligned_networks(draw: st.DrawFn) -> AlignedNetwork:
    """Depths 1..6, widths 1..4, rectangular both ways, bottlenecks too; entries multiples of 1/4 in [-2, 2]."""
    widths = draw(dimensions(max_width=4))
    quarters = st.integers(-8, 8).map(lambda k: fmpq(k, 4))

    def drawn(rows: int, columns: int) -> ObjectArray:
        count = min(rows, columns)
        return diagonal(rows, columns, draw(st.lists(quarters, min_size=count, max_size=count)))

    layers = tuple(drawn(rows, columns) for columns, rows in pairwise(widths))
    bases = tuple(draw(orthogonal_matrices(width)) for width in widths)
    return AlignedNetwork(layers, drawn(widths[-1], widths[0]), bases, rational(draw(learning_rates())))


def in_the_form(weights: tuple[ObjectArray, ...], bases: tuple[ObjectArray, ...]) -> bool:
    """Whether every Q_j^T W_j Q_{j-1} is diagonal."""
    return all(
        entry == 0
        for matrix, (before, after) in zip(weights, pairwise(bases), strict=True)
        for (i, k), entry in np.ndenumerate(after.T @ matrix @ before)
        if i != k
    )


@exact
@given(aligned_networks())
def test_several_steps_in_rationals(drawn: AlignedNetwork) -> None:
    """Statements 1 to 3, entry by entry, at every step: four steps at depths 1 and 2, three at 3, two beyond."""
    problem, depth = drawn.problem(), len(drawn.layers)
    for step in range({1: 5, 2: 5, 3: 4}.get(depth, 3)):
        layers = drawn.predicted(step)
        assert in_the_form(problem.weights, drawn.bases)
        assert all((a == b).all() for a, b in zip(problem.weights, drawn.in_bases(layers), strict=True))
        own = fmpq(0)
        for i, s in enumerate(drawn.target.diagonal()):
            through = reduce(mul, (matrix[i, i] for matrix in layers)) if i < drawn.modes else fmpq(0)
            own += (through - s) ** 2 / 2
        assert loss(problem.weights, problem.target) == own
        problem = problem.step()
