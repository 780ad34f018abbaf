"""How much balance is too little, at depth 2: 3073 times Theorem 1's delta, and 12.01 times the sharper theorem's."""

from collections.abc import Callable
from functools import partial
from types import ModuleType

import pytest
from flint import arb, fmpq

from claims.suite import Fate, ablates, control
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare, decide, lower_float, rational
from solvers.guarantees import sharper_constants, theorem_one
from solvers.network import Problem, deficiency_margin, frobenius_squared, imbalances
from strategies import diagonal


def too_little(layer: fmpq, t: fmpq, part: fmpq, guarantee: ModuleType) -> tuple[float, float]:
    """||B_1||_F at a start from which the guarantee fails, and its delta.

    Widths 1-1-2, Phi = (1 - t^2, 2 t) / (1 + t^2) of norm 1, W = (Phi_1, 0), W_1 = a, eta a ``part`` of its limit:
    G is orthogonal to W, so only W_2 answers to it, and a step takes it to (1 - eta a^2) G, while the guarantee wants
    the loss times exp(-eta c). That is more than it gets for a^2 below about c/2, and ||B_1||_F = (Phi_1 / a)^2 - a^2,
    about 3/2 c."""
    along, across = (1 - t**2) / (1 + t**2), 2 * t / (1 + t**2)
    weights = (diagonal(1, 1, [layer]), arithmetic.exact([[along / layer], [fmpq(0)]]))
    target = arithmetic.exact([[along], [across]])
    margin = 1 - across
    assert compare(Comparison(deficiency_margin(weights, target), "==", margin, "margin")).holds
    step = part * rational(lower_float(guarantee.learning_rate_limit(2, margin, fmpq(1))))
    problem = Problem(weights, target, step)
    (imbalance,) = imbalances(weights)
    size, limit = abs(imbalance[0, 0]), guarantee.imbalance_limit(2, margin, fmpq(1))
    assert compare(Comparison(size, "<=", limit, "||B_1||_F against delta")).fails
    assert (
        frobenius_squared(problem.step().weights[1] @ problem.step().weights[0] - target)
        == ((1 - step * layer**2) * across) ** 2
    )
    assert decide(lambda one: theorem_one.after_one_step(one, margin), problem).fails
    return float(arb(size)), float(arb(limit))


ROOT = fmpq(7071, 10000)
"""Just below (1/2)^{1/2}."""

REFUTED: dict[str, Callable[[], tuple[float, float]]] = {
    "4 imbalance at the start, depth 2": partial(too_little, ROOT, fmpq(1, 2**20), fmpq(1), theorem_one),
    "DL-013 imbalance at the start, depth 2": partial(
        too_little, fmpq(707, 1000), fmpq(1, 2**14), fmpq(1, 2**10), sharper_constants
    ),
}
"""By quantity, the start that is as near to the guarantee's delta as is known."""


@control
@pytest.mark.parametrize(
    ("quantity", "times"),
    [
        pytest.param(
            "4 imbalance at the start, depth 2",
            3073,
            marks=ablates("DL-004", "balance", "x 3073 at depth 2", Fate.RATE),
        ),
        pytest.param(
            "DL-013 imbalance at the start, depth 2",
            12.01,
            marks=ablates("DL-013", "balance", "x 12.01 at depth 2", Fate.RATE),
        ),
    ],
)
def test_refuted_with_a_residual_that_only_a_small_layer_sees(
    quantity: str, times: float, tightness: Callable[[str, float, float, str], None]
) -> None:
    """With an imbalance of at most so many times delta, and hardly less."""
    size, limit = REFUTED[quantity]()
    assert (1 - 2.0**-10) * times * limit < size <= times * limit
    tightness(quantity, size, limit, "no search: widths 1-1-2, a residual orthogonal to W, small W_1")
