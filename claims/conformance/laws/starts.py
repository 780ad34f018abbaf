"""Starts for laws: what strategies draw, at learning rates at which three steps stay in a format's range."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from flint import fmpq
from hypothesis import strategies as st

from claims.modes.scalar_modes.aligned import aligned_networks
from solvers.arithmetic import ObjectArray, exact, lower_float
from solvers.guarantees import residual
from solvers.network import Problem, end_to_end, imbalances, layer_gradients
from strategies import descent_states, dimensions, fractions, margin_problems, problems, symmetric_states


def moderate(problem: Problem) -> Problem:
    """The same network and target; the learning rate is lowered to a power of two at which no entry moves by more than
    a quarter of 1 + the largest."""
    size = 1 + max(float(np.abs(matrix).max()) for matrix in problem.weights)
    steepest = max(float(np.abs(matrix).max()) for matrix in layer_gradients(problem.weights, problem.target))
    most = 2.0 ** math.floor(math.log2(size / 4 / (1 + steepest)))
    return replace(problem, learning_rate=min(problem.learning_rate, most))


def networks(least: int = 1, most: int = 4) -> st.SearchStrategy[Problem]:
    """Any network of depth ``least`` to ``most``, widths 1 to 4."""
    return problems(dimensions=dimensions(min_depth=least, max_depth=most, max_width=4)).map(moderate)


def gently(problem: Problem, fraction: float) -> Problem:
    """At a fraction of about the largest learning rate at which the loss falls from any start (DL-003, 4)."""
    depth, norm = problem.depth, float(np.linalg.norm(problem.target, 2))
    residual = float(np.linalg.norm(end_to_end(problem.weights) - problem.target))
    unbalanced = sum(float(np.linalg.norm(b, 2)) for b in imbalances(problem.weights))
    square = (1 + 1 / depth) * (norm + residual) ** (2 / depth) + 1.5 * unbalanced
    return replace(problem, learning_rate=fraction / (3 * depth * (square + 2.0**-20) ** (depth - 1)))


def falling() -> st.SearchStrategy[Problem]:
    """Any network of depth 1 to 4, widths 1 to 4, at a learning rate at which the loss falls."""
    drawn = problems(dimensions=dimensions(max_depth=4, max_width=4))
    return st.builds(gently, drawn, fractions())


def near_targets() -> st.SearchStrategy[Problem]:
    """Theorem 1's problems with margins of at least half of sigma_min(Phi), at its own learning rate."""
    drawn = margin_problems(
        dimensions=dimensions(bottleneck=False, max_depth=3, max_width=3), least_fraction=1 / 2, least_distance=1 / 4
    )
    return drawn.map(lambda each: each.problem)


def near_targets_falling() -> st.SearchStrategy[Problem]:
    """The same networks, at a learning rate at which the loss falls from any start: thousands of times as large."""
    return st.builds(gently, near_targets(), fractions())


def identities() -> st.SearchStrategy[Problem]:
    """Two or four layers I of sizes 1 to 4, Phi diagonal with a negative eigenvalue."""

    def posed(eigenvalues: tuple[fmpq, ...], depth: int) -> Problem:
        layer = np.eye(len(eigenvalues))
        return moderate(Problem((layer,) * depth, np.diag([float(value) for value in eigenvalues]), 1.0))

    return symmetric_states(depths=(2, 4), at_identity=True).map(lambda state: posed(state.eigenvalues, state.depth))


@st.composite
def wrong_signs(draw: st.DrawFn) -> Problem:
    """Equal scalar layers in (0, 1], Phi = -1, depths 2 to 6, learning rates below 1/2."""
    layer = np.array([[draw(st.integers(1, 64)) / 64]])
    return Problem((layer,) * draw(st.integers(2, 6)), np.array([[-1.0]]), draw(st.integers(1, 63)) / 128)


@st.composite
def at_zero(draw: st.DrawFn) -> Problem:
    """All layers 0, depths 2 to 4, any target."""
    problem = draw(networks(2))
    return replace(problem, weights=tuple(0 * matrix for matrix in problem.weights))


@st.composite
def between_one_and_the_root(draw: st.DrawFn) -> Problem:
    """Equal diagonal layers whose entries are between 1 and the root r of the target's, depths 2 to 4."""
    depth = draw(st.integers(2, 4))
    roots = draw(st.lists(st.integers(0, 16), min_size=1, max_size=3))
    place = draw(st.integers(0, 64)) / 64
    layer = np.diag([1 + (root / 8 - 1) * place for root in roots])
    target = np.diag([(root / 8) ** depth for root in roots])
    limit = residual.Bounds.of([exact(target)[i, i] for i in range(len(roots))], depth).learning_rate
    return Problem((layer,) * depth, target, lower_float(limit) * draw(fractions()))


@dataclass(frozen=True)
class Aligned(Problem):
    """A network whose layers are diagonal in ``bases``, signed permutations, which every format has exactly."""

    bases: tuple[ObjectArray, ...] = ()


@st.composite
def aligned(draw: st.DrawFn) -> Aligned:
    """Depths 1 to 6, widths 1 to 4, rectangular both ways, bottlenecks too; entries multiples of 1/4 in [-2, 2]."""
    drawn = draw(aligned_networks())
    bases = tuple(draw(signed_permutations(len(basis))) for basis in drawn.bases)
    problem = moderate(replace(drawn, bases=bases).problem().nearest())
    return Aligned(problem.weights, problem.target, problem.learning_rate, bases=bases)


def signed_permutations(size: int) -> st.SearchStrategy[ObjectArray]:
    """Of rationals; shrinks to I."""

    def made(order: list[int], signs: list[int]) -> ObjectArray:
        return exact(np.eye(size)[order] * np.array(signs)[:, None])

    signs = st.lists(st.sampled_from([1, -1]), min_size=size, max_size=size)
    return st.builds(made, st.permutations(range(size)), signs)


def states() -> st.SearchStrategy[Problem]:
    """Anywhere in the set of Lemma 7, depths 1 to 3."""
    return descent_states(max_depth=3).map(lambda each: each.problem)
