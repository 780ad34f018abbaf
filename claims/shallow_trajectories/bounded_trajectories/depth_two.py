"""Statement 1: any two layers, in rationals; what it rests on, and that its constants cannot be smaller."""

from typing import Any

import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import example, given

from claims.suite import control, exact, symbolic
from claims.suite.relations import trace_vanishes
from claims.suite.symbols import network_symbols
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare
from solvers.network import Problem, end_to_end, frobenius_squared, imbalances, transpose
from strategies import DATASETS, dimensions, problems, real_problem

NOTHING = np.array([[0.0]])


def grams(weights: tuple[Any, ...]) -> list[Any]:
    """W_1 W_1^T and W_2^T W_2 of a network of depth 2."""
    first, second = weights
    return [first @ transpose(first), transpose(second) @ second]


def depth_two(problem: Problem, four: int | fmpq = 4, share: int | fmpq = 1) -> list[Comparison]:
    """Statement 1, ||Q||_F <= (b + sqrt(b^2 + 4 w^2)) / 2, as q^2 - w^2 <= b q, squared where the left side is
    positive: rationals decide it. ``four`` and ``share`` stand for the 4 and for the coefficient of b."""
    w = frobenius_squared(end_to_end(problem.weights)) * four / 4
    b = frobenius_squared(imbalances(problem.weights)[0]) * share**2
    sizes = [frobenius_squared(gram) for gram in grams(problem.weights)]
    names = "||W_1 W_1^T||_F", "||W_2^T W_2||_F"
    return [Comparison(max(q - w, fmpq(0)) ** 2, "<=", b * q, name) for q, name in zip(sizes, names, strict=True)]


def scalars(*layers: float | fmpq) -> Problem:
    """A network of width 1, in rationals."""
    one = [np.array([[arithmetic.rational(layer)]], dtype=object) for layer in layers]
    return Problem(tuple(one), arithmetic.exact(NOTHING), fmpq(0))


@symbolic
def test_the_traces_for_every_width() -> None:
    """tr PQ - tr W^T W = 0 and tr PQ - tr Q^2 - tr BQ = 0 = tr PQ - tr P^2 + tr BP, with symbolic widths."""
    weights, _ = network_symbols(2)
    q, p = grams(weights)
    product, imbalance = end_to_end(weights), imbalances(weights)[0]
    assert trace_vanishes(p * q - q * q - imbalance * q)
    assert trace_vanishes(p * q - p * p + imbalance * p)
    first, second = weights
    assert not trace_vanishes(p * q - q * q)
    middle = sympy.Symbol
    left = [middle(name, commutative=False) for name in ("W2'", "W2", "W1", "W1'")]
    assert trace_vanishes(sympy.Mul(*left) - sympy.Mul(left[3], *left[:3]))  # tr PQ = tr W^T W, by rotation
    assert product == second * first


@symbolic
def test_the_quadratic_inequality() -> None:
    """x^2 - b x - w^2 > 0 for every x beyond the larger root, and 0 at it."""
    b, w, more = sympy.symbols("b w y", nonnegative=True)
    root = (b + sympy.sqrt(b**2 + 4 * w**2)) / 2
    x = root + more
    assert sympy.expand(x**2 - b * x - w**2 - more**2 - more * sympy.sqrt(b**2 + 4 * w**2)) == 0


@exact
@given(problems(dimensions=dimensions(min_depth=2, max_depth=2)))
@example(scalars(0, 0))
@example(scalars(3, -2))
@example(scalars(0, 5))
def test_depth_two(problem: Problem) -> None:
    """Any widths up to 8, ranks, zeros and ties, in rationals; at width 1 with equality for the larger of the two."""
    comparisons = depth_two(problem.exact())
    assert all(compare(comparison).holds for comparison in comparisons)
    if problem.dimensions[1] == 1:
        assert any(left == right for left, _, right, _ in comparisons)


@exact
@pytest.mark.parametrize("name", DATASETS)
def test_real_start(name: str) -> None:
    """The layers from which descent on real data starts."""
    problem = real_problem(name, (4,), start=0.75, learning_rate=0.01)
    assert all(compare(comparison).holds for comparison in depth_two(problem.exact()))


@control
@pytest.mark.parametrize(("four", "share"), [(fmpq(399, 100), 1), (4, fmpq(99, 100))])
def test_refuted_with_smaller_constants(four: int | fmpq, share: int | fmpq) -> None:
    """4 and the coefficient of ||B||_F cannot be smaller: layers 3 and 2 of width 1 attain both."""
    instance = scalars(3, 2)
    assert all(compare(comparison).holds for comparison in depth_two(instance))
    assert any(compare(comparison).fails for comparison in depth_two(instance, four, share))
