"""Networks of width 1 in rationals, and the same in d x d: the objects of statements 1 to 4."""

from itertools import pairwise

from flint import fmpq
from hypothesis import strategies as st

from solvers.network import Problem
from strategies import diagonal, orthogonal_matrices

UNIT = fmpq(1)
UNITS = st.integers(1, 63).map(lambda k: fmpq(k, 64))


def posed(weights: list[fmpq], rate: fmpq, target: fmpq = UNIT) -> Problem:
    """A network of width 1, in rationals."""
    return Problem(tuple(diagonal(1, 1, [w]) for w in weights), diagonal(1, 1, [target]), rate)


def values(problem: Problem) -> list[fmpq]:
    """The weights of a network of width 1."""
    return [matrix[0, 0] for matrix in problem.weights]


@st.composite
def in_d_dimensions(draw: st.DrawFn, problem: Problem) -> Problem:
    """W_j = Q_j diag(w_j, I) Q_{j-1}^T and Phi = Q_N Q_0^T of size 1 to 3."""
    size = draw(st.integers(1, 3))
    bases = [draw(orthogonal_matrices(size)) for _ in range(problem.depth + 1)]
    layers = [diagonal(size, size, [w, *[UNIT] * (size - 1)]) for w in values(problem)]
    weights = tuple(after @ layer @ before.T for layer, (before, after) in zip(layers, pairwise(bases), strict=True))
    return Problem(weights, bases[-1] @ bases[0].T, problem.learning_rate)
