"""Power series in t with coefficients in exact arithmetic, and the flow's own, from nothing but its equation.

A series is the list of its coefficients, numbers or matrices, lowest first. The flow of rational layers has rational
coefficients, and so have the closed forms: that two analytic functions agree is decided coefficient by coefficient.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from flint import fmpq

from solvers.arithmetic import exact
from solvers.flow.lambda_balanced import riccati_matrix, stacked
from solvers.network import Weights

Series = list[Any]


def times(left: Series, right: Series, product: Callable[[Any, Any], Any] = lambda a, b: a * b) -> Series:
    """The product of two series of one length; of matrices with ``product``."""
    count = len(left)
    return [
        sum((product(left[i], right[k - i]) for i in range(1, k + 1)), product(left[0], right[k])) for k in range(count)
    ]


def matrix_times(left: Series, right: Series) -> Series:
    """The product of two series of matrices."""
    return times(left, right, lambda a, b: a @ b)


def inverse(series: Series, product: Callable[[Any, Any], Any], one: Any) -> Series:
    """The inverse of a series that begins with the unit ``one``."""
    found = [one]
    for k in range(1, len(series)):
        found.append(
            -sum((product(series[i], found[k - i]) for i in range(2, k + 1)), product(series[1], found[k - 1]))
        )
    return found


def transposed(series: Series) -> Series:
    return [matrix.T for matrix in series]


def flow_of_layers(weights: Weights, target: Any, count: int) -> Series:
    """The first coefficients of W(t) = W_2(t) W_1(t), from W_1' = W_2^T R and W_2' = R W_1^T with R = Phi - W."""
    first, second = [weights[0]], [weights[1]]
    for k in range(1, count):
        product = matrix_times(second, first)
        rest = [target - product[0], *(-each for each in product[1:])]
        first.append(matrix_times(transposed(second), rest)[-1] / k)
        second.append(matrix_times(rest, transposed(first[:-1]))[-1] / k)
    return matrix_times(second, first)


def exponential(matrix: Any, count: int) -> Series:
    """e^{A t}."""
    found = [exact(np.eye(len(matrix)))]
    for k in range(1, count):
        found.append(found[-1] @ matrix / k)
    return found


def riccati_solution(
    weights: Weights, target: Any, imbalance: Any, count: int, *, square: int | fmpq = 1, turn: int = 1
) -> Series:
    """Statement 2's W(t); controls multiply Gamma by ``square`` and E by ``turn``."""
    flow, start = riccati_matrix(target, turn * imbalance), stacked(weights)
    grown = [each @ start for each in exponential(flow, count)]
    rates = matrix_times(transposed(grown), grown)  # the derivative of M
    one = exact(np.eye(start.shape[1]))
    inner = [one, *(square * rates[k - 1] / k for k in range(1, count))]
    middle = inverse(inner, lambda a, b: a @ b, one)
    whole = matrix_times(matrix_times(grown, middle), transposed(grown))
    inputs = target.shape[1]
    return [each[inputs:, :inputs] for each in whole]


def scalar_solution(
    delta: fmpq, target: fmpq, rate: fmpq, start: fmpq, count: int, *, doubled: int | fmpq = 2
) -> Series:
    """Statement 4's W(t) from Delta, f, r and v_0 = ``start``, all rational; a control puts another number for the 2 in
    v_+-."""
    ends = [(-delta + sign * rate) / (doubled * target) for sign in (1, -1)]
    ratio = (start - ends[0]) / (start - ends[1])
    decay, term = [ratio], ratio
    for k in range(1, count):
        term = term * -rate / k
        decay.append(term)
    above = [ends[0] - decay[0] * ends[1], *(-each * ends[1] for each in decay[1:])]
    below = [1 - decay[0], *(-each for each in decay[1:])]
    v = quotient(above, below)
    square = times(v, v)
    rest = [1 - square[0], *(-each for each in square[1:])]
    return quotient([delta * each for each in v], rest)


def quotient(above: Sequence[Any], below: Sequence[Any]) -> Series:
    """Of two series of numbers, the second not 0 at 0."""
    found: Series = []
    for k in range(len(above)):
        found.append((above[k] - sum(below[i] * found[k - i] for i in range(1, k + 1))) / below[0])
    return found
