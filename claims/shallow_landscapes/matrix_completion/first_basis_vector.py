"""Statement 2 for z = e_1: the condition on all small graphs, and its probability, counted exactly and drawn."""

from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.shallow_landscapes.matrix_completion.identifiability import is_other, misfit, patterns
from claims.suite import control, exact, sampled, symbolic
from claims.suite.statistics import consistent, generator
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare
from strategies import MaskGraph, masks

DRAWS = 40_000


def identifies_e1(pattern: ObjectArray) -> bool:
    """(1, 1) and, for each j > 1, (1, j) or (j, j)."""
    rest = range(1, len(pattern))
    return bool(pattern[0, 0] == 1 and all(pattern[0, j] == 1 or pattern[j, j] == 1 for j in rest))


def chance(p: Any, size: Any) -> Any:
    """p (1 - (1 - p)^2)^{n-1}, of rationals or symbols."""
    return p * (1 - (1 - p) ** 2) ** (size - 1)


def first(size: int) -> ObjectArray:
    """e_1."""
    return arithmetic.exact(np.eye(size)[:, :1])


def another(pattern: ObjectArray) -> ObjectArray:
    """0 where (1, 1) is not observed, else e_1 + e_j for a j of which neither (1, j) nor (j, j) is."""
    size = len(pattern)
    if pattern[0, 0] != 1:
        return arithmetic.exact(np.zeros((size, 1)))
    left = next(j for j in range(1, size) if pattern[0, j] != 1 and pattern[j, j] != 1)
    found: ObjectArray = first(size) + arithmetic.exact(np.eye(size)[:, left : left + 1])
    return found


@exact
def test_the_condition_on_all_graphs_of_three_vertices() -> None:
    """64 graphs. Where it holds u_1^2 - 1 and each u_j^2 lie in the ideal of the equations, so that u = +-e_1 over the
    reals and beyond; where it fails another u fits. 3^2 * 2 = 18 graphs satisfy it."""
    u = sympy.symbols("u1:4")
    held = 0
    for pattern in patterns(3):
        pairs = [place for place in combinations_with_replacement(range(3), 2) if pattern[place] == 1]
        basis = sympy.groebner([u[i] * u[j] - int(i == j == 0) for i, j in pairs] or [sympy.Integer(0)], *u)
        follows = [basis.contains(poly) for poly in (u[0] ** 2 - 1, u[1] ** 2, u[2] ** 2)]
        assert all(follows) == identifies_e1(pattern)
        held += identifies_e1(pattern)
        if not identifies_e1(pattern):
            assert is_other(another(pattern), first(3))
            assert misfit(pattern, first(3), another(pattern)) == 0
    assert held == 18


@exact
@given(st.integers(1, 6).flatmap(masks))
def test_another_u_fits_wherever_the_condition_fails(graph: MaskGraph) -> None:
    """Graphs on 1 to 6 vertices."""
    if not identifies_e1(graph.pattern):
        u = another(graph.pattern)
        assert is_other(u, first(len(u)))
        assert compare(Comparison(misfit(graph.pattern, first(len(u)), u), "==", fmpq(0), "misfit")).holds


@symbolic
def test_the_probability_is_that_of_all_graphs_added_up() -> None:
    """n = 1, 2, 3 as polynomials in p, over all 2, 8 and 64 graphs; and for every n the factors of the product are
    those of disjoint pairs of entries, 1 - (1 - p)^2 = p^2 + 2 p (1 - p) each."""
    p = sympy.Symbol("p")
    for size in (1, 2, 3):
        total = sympy.Integer(0)
        for pattern in patterns(size):
            upper = [int(pattern[i, j] == 1) for i, j in combinations_with_replacement(range(size), 2)]
            weight = p ** sum(upper) * (1 - p) ** (len(upper) - sum(upper))
            total += weight * int(identifies_e1(pattern))
        assert sympy.expand(total - chance(p, size)) == 0
    assert sympy.expand(p**2 + 2 * p * (1 - p) - (1 - (1 - p) ** 2)) == 0


@symbolic
def test_the_probability_tends_to_zero() -> None:
    """Every q^2 in (0, 1), q = 1 - p, is g / (1 + g) with g > 0; then 1 - q^2 = 1 / (1 + g), whose powers tend to 0."""
    g, q, n = sympy.symbols("g q n", positive=True)
    here = chance(1 - q, n).subs(q, sympy.sqrt(g / (1 + g)))
    assert sympy.simplify(here / ((1 - sympy.sqrt(g / (1 + g))) * (1 / (1 + g)) ** (n - 1))) == 1
    assert sympy.limit((1 + g) ** (1 - n), n, sympy.oo) == 0


def count(size: int, p: fmpq) -> int:
    """How many of DRAWS random sets of places satisfy the condition: only the first row and the diagonal matter."""
    random = generator("DL-036", size)
    row, diagonal = (random.random((DRAWS, size)) < float(p) for _ in range(2))
    return int((row[:, 0] & (row[:, 1:] | diagonal[:, 1:]).all(axis=1)).sum())


CASES = ((2, fmpq(1, 2)), (4, fmpq(1, 4)), (6, fmpq(1, 2)), (10, fmpq(3, 4)))


@sampled
@pytest.mark.parametrize(("size", "p"), CASES)
def test_random_sets_of_places_have_that_probability(size: int, p: fmpq) -> None:
    """40,000 draws each, at level 10^-9. Notices a probability that is off by 0.03."""
    assert consistent(count(size, p), DRAWS, "==", chance(p, size), f"n = {size}", notices=fmpq(3, 100)).holds


@control
@pytest.mark.parametrize(("size", "p"), CASES)
def test_refuted_with_other_exponents(size: int, p: fmpq) -> None:
    """n for n - 1, and without (j, j): p^n, on the same draws."""
    found = count(size, p)
    assert consistent(found, DRAWS, "==", chance(p, size + 1), "exponent n").fails
    assert consistent(found, DRAWS, "==", p**size, "first row only").fails
