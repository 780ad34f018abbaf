"""Statement 6: at depth 1 the distance from the target is multiplied by 1 - eta."""

import pytest
import sympy
from flint import fmpq

from claims.necessity.learning_rate_needed.scalar_networks import ETA, equal_layers, orbit
from claims.suite import Fate, ablates, control, sampled, symbolic
from solvers.arithmetic import Comparison, compare
from solvers.descent import gradient_descent
from solvers.network import deficiency_margin, gradient_step, loss
from strategies import DATASETS, real_problem


@symbolic
@ablates("DL-004", "learning rate", "dropped", Fate.REFUTED)
def test_depth_one_diverges_beyond_two_in_any_dimension() -> None:
    """W' - Phi = (1 - eta) (W - Phi), symbolic sizes; for eta = 2 + s, (1 - eta)^2 = (1 + s)^2 = 1 + s (2 + s)."""
    rows, columns = sympy.symbols("d_1 d_0", integer=True, positive=True)
    weight, target = (sympy.MatrixSymbol(name, rows, columns) for name in ("W", "Phi"))
    (after,) = gradient_step((weight,), target, ETA)
    assert (after - target - (1 - ETA) * (weight - target)).expand().doit() == sympy.ZeroMatrix(rows, columns)
    s = sympy.Symbol("s", nonnegative=True)
    assert sympy.expand((1 - (2 + s)) ** 2 - 1 - s * (2 + s)) == 0


@sampled
@pytest.mark.parametrize("name", DATASETS)
def test_real_data_beyond_two(name: str) -> None:
    """Depth 1 from 31/32 Phi, eta = 5/2: each step multiplies the loss by 9/4, in rationals; a float run agrees."""
    problem = real_problem(name, (), start=31 / 32, learning_rate=2.5)
    posed = problem.exact()
    assert compare(Comparison(deficiency_margin(posed.weights, posed.target), ">", fmpq(0), "margin")).holds
    after = posed.step()
    assert loss(after.weights, after.target) == fmpq(9, 4) * loss(posed.weights, posed.target)
    trajectory = gradient_descent(problem, steps=50)
    assert trajectory.loss[-1] > 2.2**50 * trajectory.loss[0]


@control
def test_refuted_divergence_at_depth_one_with_eta_two() -> None:
    """Statement 6 needs eta > 2: at 2 the loss stays."""
    problem = equal_layers(1, fmpq(3), fmpq(2), fmpq(2))
    assert orbit(problem, 2) == [3, 1, 3]
