"""Networks of width 1 with equal layers, their orbits, and the same as one mode of a network in d x d."""

from itertools import pairwise

import pytest
import sympy
from flint import fmpq
from hypothesis import strategies as st

from claims.suite import symbolic
from solvers.arithmetic import Comparison, compare
from solvers.guarantees import theorem_one
from solvers.network import Problem, deficiency_margin, frobenius_squared, gradient_step, imbalances
from strategies import diagonal, orthogonal_matrices

TOO_LARGE = {"learning rate against its limit"}
SIZES = st.builds(fmpq, st.integers(1, 12), st.integers(1, 4))
P, Q, PHI, ETA = sympy.symbols("p q Phi eta", positive=True)
N = sympy.Symbol("N", integer=True, positive=True)


def equal_layers(depth: int, w: fmpq, target: fmpq, rate: fmpq) -> Problem:
    """A network of width 1 with equal layers, in rationals."""
    return Problem((diagonal(1, 1, [w]),) * depth, diagonal(1, 1, [target]), rate)


def orbit(problem: Problem, steps: int) -> list[fmpq]:
    """The layers of a network of width 1 at steps 0..steps; they stay equal."""
    seen = []
    for _ in range(steps + 1):
        (w,) = {matrix[0, 0] for matrix in problem.weights}
        seen.append(w)
        problem = problem.step()
    return seen


def only_the_learning_rate_fails(problem: Problem, margin: fmpq) -> bool:
    """Balanced exactly, with exactly this positive margin, and eta above Theorem 1's limit."""
    assert all(frobenius_squared(b) == 0 for b in imbalances(problem.weights))
    assert compare(Comparison(deficiency_margin(problem.weights, problem.target), "==", margin, "margin")).holds
    return margin > 0 and theorem_one.violated(problem, margin).keys() == TOO_LARGE


@st.composite
def in_d_dimensions(draw: st.DrawFn, problem: Problem) -> tuple[Problem, fmpq]:
    """One mode is that of ``problem``, the others are at their minimum; bases any rational ones; and the margin."""
    depth, size = problem.depth, draw(st.integers(1, 3))
    (w,), (target,) = problem.weights[0][0], problem.target[0]
    residual = abs(w**depth - target)
    others = [1 + residual + draw(st.integers(0, 4)) for _ in range(size - 1)]
    bases = [draw(orthogonal_matrices(size)) for _ in range(depth + 1)]
    layer = diagonal(size, size, [w, *others])
    weights = tuple(after @ layer @ before.T for before, after in pairwise(bases))
    goal = bases[-1] @ diagonal(size, size, [target, *(s**depth for s in others)]) @ bases[0].T
    return Problem(weights, goal, problem.learning_rate), min([target, *(s**depth for s in others)]) - residual


def moved(w: sympy.Expr, depth: sympy.Expr, target: sympy.Expr, rate: sympy.Expr) -> sympy.Expr:
    """w - eta w^{N-1} (w^N - Phi)."""
    return w - rate * w ** (depth - 1) * (w**depth - target)


def vanishes(expression: sympy.Expr) -> bool:
    return bool(sympy.simplify(sympy.expand(sympy.together(expression).as_numer_denom()[0])) == 0)


@symbolic
@pytest.mark.parametrize("depth", range(1, 8))
def test_the_scalar_recurrence_is_the_networks_own_step(depth: int) -> None:
    """Equal layers of width 1 stay equal; a change of two layers' signs changes nothing else."""
    w = sympy.Symbol("w", real=True)
    layers = (sympy.Matrix([[w]]),) * depth
    after = gradient_step(layers, sympy.Matrix([[PHI]]), ETA)
    assert all(sympy.expand(matrix[0] - moved(w, depth, PHI, ETA)) == 0 for matrix in after)
    if depth >= 2:
        turned = gradient_step((-layers[0], -layers[1], *layers[2:]), sympy.Matrix([[PHI]]), ETA)
        assert [-turned[0], -turned[1], *turned[2:]] == list(after)
