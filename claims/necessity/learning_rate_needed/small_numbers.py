"""The cycles and jumps in small numbers: by hand, and in float64 without rounding."""

import pytest
from flint import fmpq

from claims.necessity.learning_rate_needed.cycles import four_cycle, two_cycle
from claims.necessity.learning_rate_needed.scalar_networks import equal_layers, only_the_learning_rate_fails, orbit
from claims.suite import sampled, witness
from solvers.arithmetic import rational
from solvers.descent import gradient_descent


@sampled
@pytest.mark.parametrize(
    ("depth", "p", "target", "rate", "cycle"),
    [(2, 2, 3, 1 / 2, (2, 1)), (2, 3, 7, 1.0, (3, -3)), (4, 2, 12, 1 / 8, (2, -2)), (2, 2, 3, 1.0, (2, 0, 0))],
)
def test_dyadic_cycles_are_exact_in_float64(
    depth: int, p: int, target: int, rate: float, cycle: tuple[int, ...]
) -> None:
    """10001 steps of the float64 solver, without rounding: it is where the period says, and the loss is exact."""
    problem = equal_layers(depth, fmpq(p), fmpq(target), rational(rate))
    trajectory = gradient_descent(problem.nearest(), steps=10_001, record=range(4))
    expected = [(fmpq(w) ** depth - target) ** 2 / 2 for w in cycle]
    assert [float(value) for value in trajectory.loss[: len(cycle)]] == [float(value) for value in expected]
    assert all(matrix == cycle[1] for matrix in trajectory.weights)


@witness
def test_the_cycles_in_small_numbers() -> None:
    """N = 2: 1 -> 2 -> 1 at Phi = 3, eta = 1/2; 5/2 -> -5/2 at Phi = 4, eta = 8/9; 1 -> 2 -> -1 -> -2 at Phi = 11/5,
    eta = 5/6. N = 3: 1 -> 2 -> 1 at Phi = 33/5, eta = 5/28. Onto the saddle: N = 2, w = 2, Phi = 3, eta = 1."""
    assert two_cycle(2, fmpq(2), fmpq(1)) == (fmpq(3), fmpq(1, 2))
    assert orbit(equal_layers(2, fmpq(5, 2), fmpq(4), fmpq(8, 9)), 2) == [fmpq(5, 2), fmpq(-5, 2), fmpq(5, 2)]
    assert only_the_learning_rate_fails(equal_layers(2, fmpq(5, 2), fmpq(4), fmpq(8, 9)), fmpq(7, 4))
    assert not only_the_learning_rate_fails(equal_layers(2, fmpq(5, 2), fmpq(4), fmpq(1, 10**8)), fmpq(7, 4))
    assert four_cycle(2, fmpq(1), fmpq(2)) == (fmpq(11, 5), fmpq(5, 6))
    assert two_cycle(3, fmpq(2), fmpq(1)) == (fmpq(33, 5), fmpq(5, 28))
    assert orbit(equal_layers(2, fmpq(2), fmpq(3), fmpq(1)), 2) == [2, 0, 0]
