"""Statement 2: at width 1 and every depth, equal positive weights never reach a negative target."""

import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare
from solvers.descent import gradient_descent, loss_ball
from solvers.network import deficiency_margin, frobenius_squared, gradient_step, imbalances, layer_gradients, loss
from strategies import DATASETS, dyadic_matrices, real_problem, regression

SCALAR = arithmetic.exact([[1]])


@symbolic
def test_scalar_recurrence_of_the_network_for_many_depths() -> None:
    """Equal scalar layers w have D_j = w^{N-1} (w^N - Phi) for every j, from the network's own gradient code."""
    w, target = sympy.symbols("w Phi", real=True)
    for depth in range(1, 9):
        gradients = layer_gradients((sympy.Matrix([[w]]),) * depth, sympy.Matrix([[target]]))
        assert all(sympy.expand(d[0] - w ** (depth - 1) * (w**depth - target)) == 0 for d in gradients)


@symbolic
def test_scalar_invariant_for_every_depth() -> None:
    """w' = w - eta w^{N-1} (w^N + 1) lies in [(1 - 2 eta) w, w] for 0 < w <= 1, N >= 2 symbolic.

    w = exp(-x), x >= 0. Then w - w' = eta w w^{N-2} (w^N + 1) >= 0, and 2 - w^{N-2} (w^N + 1) is
    (1 - w^{N-2}) + (1 - w^{2N-2}), two terms 1 - exp(-k x) with k x >= 0.
    """
    x = sympy.Symbol("x", nonnegative=True)
    eta = sympy.Symbol("eta", positive=True)
    depth = sympy.Symbol("n", integer=True, nonnegative=True) + 2
    w = sympy.exp(-x)
    factor = w ** (depth - 2) * (w**depth + 1)
    moved = w - eta * w ** (depth - 1) * (w**depth + 1)
    assert (eta * w * factor).is_nonnegative
    assert sympy.simplify(w - moved - eta * w * factor) == 0
    assert sympy.simplify(2 - factor - (1 - w ** (depth - 2)) - (1 - w ** (2 * depth - 2))) == 0
    for exponent in (depth - 2, 2 * depth - 2):
        assert sympy.expand(exponent * x).is_nonnegative
        assert sympy.simplify(w**exponent - sympy.exp(-exponent * x)) == 0


@symbolic
@ablates("DL-004", "margin", "dropped", Fate.REFUTED)
def test_the_loss_exceeds_one_half_and_tends_to_it_for_every_depth() -> None:
    """l - 1/2 = w^N (w^N + 2) / 2 > 0 for w > 0. A decreasing sequence in (0, 1] converges to a fixed point, where
    w^{N-1} (w^N + 1) = 0; the second factor is positive, so the limit is w = 0, where l = 1/2."""
    w = sympy.Symbol("w", positive=True)
    depth = sympy.Symbol("N", integer=True, positive=True)
    value = (w**depth + 1) ** 2 / 2
    assert sympy.expand(value - sympy.Rational(1, 2) - w**depth * (w**depth + 2) / 2) == 0
    assert (w**depth * (w**depth + 2)).is_positive
    assert (sympy.Symbol("u", nonnegative=True) ** depth + 1).is_positive
    assert sympy.expand(value).subs(w**depth, 0).subs(w ** (2 * depth), 0) == sympy.Rational(1, 2)


@exact
@example(2, 64, 63)
@given(st.integers(2, 8), st.integers(1, 64), st.integers(1, 63))
def test_one_scalar_step_stays_in_the_unit_interval(depth: int, weight: int, rate: int) -> None:
    """From any w in (0, 1] with any eta in (0, 1/2): all layers stay equal, 0 < w' <= w, and l > 1/2."""
    w, eta = fmpq(weight, 64) * SCALAR, fmpq(rate, 128)
    moved = gradient_step((w,) * depth, -SCALAR, eta)
    assert all(matrix == moved[0] for matrix in moved)
    assert 0 < moved[0][0, 0] <= w[0, 0]
    assert compare(Comparison(loss(moved, -SCALAR), ">", fmpq(1, 2), "loss after a step")).holds


@sampled
@pytest.mark.parametrize("name", DATASETS)
def test_real_data_from_the_wrong_side(name: str) -> None:
    """From W(0) = -Phi/2, balanced and without margin: 300 steps of 1/100 leave the loss above that of W = 0."""
    problem = real_problem(name, (4,), start=-1 / 2, learning_rate=0.01)
    posed = problem.exact()
    assert compare(Comparison(deficiency_margin(posed.weights, posed.target), "<=", fmpq(0), "margin")).holds
    trajectory = gradient_descent(problem, steps=300, certify=True)
    at_zero = frobenius_squared(arithmetic.exact(regression(name).target)) / 2
    assert compare(Comparison(loss_ball(trajectory), ">", at_zero, "loss after 300 steps")).holds


@control
@ablates("DL-006", "eta < 1/2", "dropped", Fate.REFUTED)
def test_refuted_for_a_learning_rate_above_one_half() -> None:
    """Statement 2 needs eta < 1/2: at eta = 1, N = 2, w = 1 jumps to -1; at N = 3, eta = 1, it lands on Phi."""
    (moved, _) = gradient_step((SCALAR, SCALAR), -SCALAR, fmpq(1))
    assert moved == -SCALAR
    cubic = gradient_step((SCALAR,) * 3, -SCALAR, fmpq(1))
    assert compare(Comparison(loss(cubic, -SCALAR), ">", fmpq(1, 2), "loss")).fails


@control
@ablates("DL-006", "eta < 1/2", "eta <= 1/2", Fate.REFUTED)
@pytest.mark.parametrize("depth", [2, 3, 6])
def test_refuted_at_a_learning_rate_of_one_half(depth: int) -> None:
    """At eta = 1/2 exactly, w = 1 goes to 0, where l is 1/2 and not above."""
    moved = gradient_step((SCALAR,) * depth, -SCALAR, fmpq(1, 2))
    assert all(matrix == 0 for matrix in moved)
    assert compare(Comparison(loss(moved, -SCALAR), ">", fmpq(1, 2), "loss")).fails


@witness
@given(st.integers(2, 6), dyadic_matrices(1, 1))
def test_hypotheses_of_statement_two_hold_at_the_start(depth: int, rate: np.ndarray) -> None:
    """w_j(0) = 1 is balanced, in the invariant and has margin -1; depth 2 is the smallest."""
    weights = (SCALAR,) * depth
    assert all(b == 0 for b in imbalances(weights))
    assert deficiency_margin(weights, -SCALAR) == -1
