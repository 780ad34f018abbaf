"""Theorem 1's own margin, sigma_min(Phi) - ||W(0) - Phi||_F >= c, is not enough where the data are not white.

One output, two inputs, S = diag(1, 1/kappa), Phi = (0, 1). The first coordinate of W dies fast and takes the second
with it, as they share their layers; what is left is a W below c, and to that the rate belongs. By symmetry the layers
after the first stay equal, so that a step is one of three numbers: W_1 = (u, v), and a for every other layer.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx, fmpq

from claims.beyond_balance.general_data.starts import ONE, limit, start
from claims.suite import Fate, ablates, control
from solvers.arithmetic import Comparison, compare, square_root
from solvers.guarantees.general_data import Balance, decay_exponent, excess, violated
from solvers.network import Problem, end_to_end, frobenius_squared

SINE = fmpq(3, 5)


def shrinking(depth: int, c: fmpq, condition: int, balance: Balance, sine: fmpq = SINE) -> tuple[Problem, fmpq]:
    """W(0) - Phi = (1 - c) (sine, -cosine) but for rounding, balanced; a margin of c less 2^-40; eta at its limit for
    that margin, and F = |Phi|_2 = 1."""
    first, second = (1 - c) * sine, 1 - (1 - c) * square_root(1 - sine**2)
    length = float(first**2 + second**2) ** 0.5
    layer = length ** (1 / depth)
    row = [float(first) / length * layer, float(second) / length * layer]
    covariance = [[1, 0], [0, fmpq(1, condition)]]
    margin = c - fmpq(1, 2**40)
    rate = limit(depth, margin, ONE, covariance, balance)
    return start([[row], *[layer] * (depth - 1)], [[0, 1]], rate, covariance), margin


def trajectory(problem: Problem) -> Iterator[Any]:
    """(W, E) at t = 0, 1, ..., in balls."""
    u, v = map(arb, problem.weights[0][0])
    a, eta = arb(problem.weights[1][0, 0]), arb(problem.learning_rate)
    assert problem.covariance is not None
    slow, rest = problem.covariance[1, 1], problem.depth - 2
    while True:
        inner = a**rest
        outer = inner * a
        x, y = outer * u, outer * v
        along = slow * (y - 1)
        yield np.array([[x, y]], dtype=object), (x * x + along * (y - 1)) / 2
        move = eta * outer
        a, u, v = a - eta * inner * (x * u + along * v), u - move * x, v - move * along


def other_margin(problem: Problem, c: fmpq) -> Comparison:
    """||W(0) - Phi||_F <= sigma_min(Phi) - c."""
    distance = square_root(frobenius_squared(end_to_end(problem.weights) - problem.target))
    return Comparison(distance, "<=", 1 - c, "||W(0) - Phi||_F against the margin")


@control
@pytest.mark.parametrize("balance", ["each", "sum"])
@pytest.mark.parametrize("depth", [2, 3, 12])
def test_three_numbers_are_the_network(depth: int, balance: Balance) -> None:
    """Two steps in rationals, to the last digit of the balls; a control of the reduction, not of the theorem."""
    problem, _ = shrinking(depth, fmpq(1, 5), 40, balance)
    with ctx.workprec(4096):
        steps = trajectory(problem)
        for _ in range(3 if depth < 12 else 2):
            product, energy = next(steps)
            wanted = end_to_end(problem.weights)
            assert all(abs(x - y) < arb(2) ** -4000 for x, y in zip(product[0], wanted[0], strict=True))
            assert abs(energy - excess(problem)) < arb(2) ** -4000
            problem = problem.step()


@control
@ablates("DL-072", "margin", "(i) in Frobenius's norm: sigma_min(W)", Fate.REFUTED)
@pytest.mark.parametrize(
    ("depth", "c", "condition", "sine", "share", "most"),
    [(3, fmpq(1, 20), 10**6, fmpq(7, 25), fmpq(2, 5), 30_000), (12, fmpq(1, 5), 40, SINE, fmpq(7, 20), 12_000)],
)
@pytest.mark.parametrize("balance", ["each", "sum"])
def test_refuted_that_sigma_min_stays(
    balance: Balance, depth: int, c: fmpq, condition: int, sine: fmpq, share: fmpq, most: int
) -> None:
    """|W| falls below 2/5 c at depth 3, below 7/20 c at depth 12."""
    problem, margin = shrinking(depth, c, condition, balance, sine)
    assert compare(other_margin(problem, margin)).holds
    assert violated(problem, margin, balance=balance).keys() == {"|G(0)|_S against the margin"}
    found = next(t for t, (w, _) in enumerate(trajectory(problem)) if t > most or (w * w).sum() < (share * c) ** 2)
    assert 0 < found < most


@control
@ablates("DL-072", "margin", "(i) in Frobenius's norm: a step's rate", Fate.RATE)
@pytest.mark.parametrize("balance", ["each", "sum"])
def test_refuted_that_every_step_has_the_rate(balance: Balance) -> None:
    """Depth 12, c = 1/5, S = diag(1, 1/40): some step takes less than eta s_d c^{2-2/N} of E, which no step from the
    margin (i) does. In all E has fallen by more than is promised, so the number of steps is not refuted."""
    problem, margin = shrinking(12, fmpq(1, 5), 40, balance)
    assert compare(other_margin(problem, margin)).holds
    assert violated(problem, margin, balance=balance).keys() == {"|G(0)|_S against the margin"}
    kept = 1 - problem.learning_rate * decay_exponent(12, margin, fmpq(1, 40))
    steps = trajectory(problem)
    _, initial = next(steps)
    before = initial
    for t, (_, energy) in enumerate(steps, start=1):
        if energy > kept * before:
            break
        assert energy <= kept * before, f"undecided at step {t}"
        assert t < 13_000
        before = energy
    assert energy < kept**t * initial
