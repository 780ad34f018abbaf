"""What is false nearby: another sign, unbalanced layers, another factor or power of the depth."""

import numpy as np
from flint import fmpq

from claims.suite import Fate, ablates, control
from solvers.arithmetic import Comparison, compare
from solvers.flow import mode_gradients, two_layer_flow

ONE = fmpq(1)


def speed(layers: tuple[fmpq, ...], s: fmpq) -> fmpq:
    """u' of the flow, by the product rule, in rationals."""
    total = fmpq(0)
    for j, gradient in enumerate(mode_gradients(layers, s)):
        others = ONE
        for k, layer in enumerate(layers):
            others *= layer if k != j else ONE
        total -= others * gradient
    return total


@control
@ablates("DL-030", "a_j > 0", "dropped", Fate.REFUTED)
def test_refuted_for_a_negative_strength() -> None:
    """a = 1, b = -1, s = 1: u' = 4, where 2 u (s - u) = -4. Such a mode ends at 0; the closed form is for -u, -s."""
    assert speed((ONE, -ONE), ONE) == 4
    assert compare(Comparison(speed((ONE, -ONE), ONE), "==", 2 * (-ONE) * 2, "u' at u = -1")).fails
    assert two_layer_flow(np.array([[1.0], [-1.0]]), np.array([1.0]), np.array([40.0])).prod(axis=1)[0, 0] < 0


@control
@ablates("DL-030", "balanced", "dropped", Fate.REFUTED)
def test_refuted_for_unbalanced_layers() -> None:
    """a = 2, b = 1/2: u = 1 moves at 17/4 (s - u), not at 2 u (s - u); (2, 1, 1/2) not at 3 u^{4/3} (s - u)."""
    two, half = fmpq(2), fmpq(1, 2)
    assert speed((two, half), fmpq(3)) == fmpq(17, 2)
    assert compare(Comparison(speed((two, half), fmpq(3)), "==", fmpq(4), "u' at N = 2")).fails
    assert compare(Comparison(speed((two, ONE, half), fmpq(3)), "==", fmpq(6), "u' at N = 3")).fails


@control
def test_refuted_without_the_factor_of_depth() -> None:
    """u' = u^{2-2/N} (s - u) holds at N = 1 alone; u' = N u^{2-1/N} (s - u) is wrong at N = 2, u = 4."""
    half = fmpq(1, 2)
    for depth in range(1, 6):
        without = half ** (2 * depth - 2) * (2 - half**depth)
        verdict = compare(Comparison(speed((half,) * depth, fmpq(2)), "==", without, f"u' at N = {depth}"))
        assert verdict.holds if depth == 1 else verdict.fails
    wrong = fmpq(2) * 8 * (6 - 4)  # u^{3/2} = 8
    assert compare(Comparison(speed((fmpq(2),) * 2, fmpq(6)), "==", wrong, "u' at N = 2")).fails
