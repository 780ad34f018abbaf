"""Statements 3 and 4 on networks: any at all, those at the largest imbalance that 4 allows, and float64 ones."""

from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from flint import fmpq
from hypothesis import example, given
from hypothesis import strategies as st

import strategies
from claims.balance.approximately_balanced_spectrum.layers import gram_power, layer_norm, posed
from claims.suite import exact, sampled
from solvers import arithmetic
from solvers.arithmetic import ObjectArray, decide
from solvers.network import Matrix, Problem

small = strategies.dimensions(min_depth=2, max_depth=4, max_width=4)


def every_statement(problem: Problem) -> list[str]:
    """What does not hold of 3 (both halves, each k >= 2) and 4 (each layer)."""
    checks = [
        partial(gram_power, count=k, mirror=mirror) for k in range(2, problem.depth + 1) for mirror in (False, True)
    ]
    checks += [partial(layer_norm, layer=j) for j in range(problem.depth)]
    verdicts = [decide(check, problem) for check in checks]
    return [repr(verdict) for verdict in verdicts if not verdict.holds]


@exact
@given(small.flatmap(strategies.generic_weights))
def test_any_network_is_as_balanced_as_it_is(weights: tuple[Matrix, ...]) -> None:
    """Statements 3 and 4 at the network's own delta, M and least C, far from balance: no network is excluded."""
    assert every_statement(posed(weights).exact()) == []


@st.composite
def at_the_limit(draw: st.DrawFn) -> tuple[ObjectArray, ...]:
    """Rational networks W_j = Q_j D_j Q_{j-1}^T around balance, at the largest delta of statement 4 or near it.

    D_j = D + t E_j with E_j of entries 0..3, t chosen so that 3 N^2 delta is near |W_1|_2^2.
    """
    widths = draw(small)
    depth, count = len(widths) - 1, min(widths)
    values = [arithmetic.rational(value) for value in draw(strategies.singular_value_lists(count, rank=count))]
    step = values[0] / (depth**2 * draw(st.sampled_from([6, 20, 60, 600])))
    bases = [draw(strategies.orthogonal_matrices(width)) for width in widths]
    shifts = [draw(st.lists(st.integers(0, 3), min_size=count, max_size=count)) for _ in range(depth)]
    diagonals = [[value + step * shift for value, shift in zip(values, moves, strict=True)] for moves in shifts]
    return tuple(
        after @ strategies.diagonal(len(after), len(before), entries) @ before.T
        for entries, (before, after) in zip(diagonals, pairwise(bases), strict=True)
    )


@exact
@given(at_the_limit())
@example(tuple(strategies.diagonal(2, 2, [s, s]) for s in (1, fmpq(25, 24))))  # 3 is attained, delta irrational
@example(strategies.scalar_weights(*(1 - fmpq(j, 40) for j in range(6))))  # beyond the depths that are drawn
def test_around_the_largest_imbalance(weights: tuple[ObjectArray, ...]) -> None:
    """Statements 3 and 4 where both hypotheses of 4 are close to equality, in rationals."""
    assert every_statement(posed(weights)) == []


@sampled
@given(small.flatmap(lambda widths: strategies.approximately_balanced_weights(widths, imbalance=1 / 16)))
def test_float_networks_near_balance(weights: tuple[Matrix, ...]) -> None:
    """Balanced networks and perturbations that keep them 1/16-balanced; float64 first."""
    assert every_statement(posed(weights)) == []


@sampled
@pytest.mark.parametrize("name", strategies.DATASETS)
def test_real_data(name: str) -> None:
    """The balanced factors of a real target, as they are and with every layer moved by 1/16 in its first column."""
    weights = strategies.real_problem(name, (4, 3), start=0.75, learning_rate=0.0).weights
    moved = [matrix + np.eye(*matrix.shape)[:, :1] / 16 for matrix in weights]
    assert every_statement(posed(weights)) == []
    assert every_statement(posed(moved)) == []
