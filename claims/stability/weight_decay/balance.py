"""Statement 1: the identity behind balance, the law of a step and of the flow, and what breaks them."""

from typing import Any

import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, sampled, symbolic, witness
from claims.suite.symbols import is_zero
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, attained, compare, decide, rational
from solvers.network import Matrix, Problem, Weights, backpropagate, frobenius_squared, imbalances, transpose
from strategies import DATASETS, dimensions, dyadic_matrices, problems, real_problem, scalar_weights

DECAYS = st.sampled_from([fmpq(1), fmpq(1, 2), fmpq(1, 8), fmpq(3), fmpq(-1), fmpq(-3, 2)])
"""Of both signs: the identities do not ask for lambda > 0."""


def from_gradients(weights: Weights, gradients: Weights) -> list[Matrix]:
    """W_{j+1}^T F_{j+1} - F_j W_j^T, which is lambda B_j, says the claim."""
    return [
        transpose(weights[j + 1]) @ gradients[j + 1] - gradients[j] @ transpose(weights[j])
        for j in range(len(weights) - 1)
    ]


def law(weights: Weights, layers: Weights, decay: Any, rate: Any, shrink: int = 2, power: int = 2) -> list[Matrix]:
    """(1 - eta lambda)^shrink B_j + eta^power (D_{j+1}^T D_{j+1} - D_j D_j^T); the statement has the powers 2 and 2."""
    factor = (1 - rate * decay) ** shrink
    return [
        factor * b + rate**power * (transpose(after) @ after - before @ transpose(before))
        for b, before, after in zip(imbalances(weights), layers, layers[1:], strict=False)
    ]


def step(weights: Weights, layers: Weights, decay: Any, rate: Any) -> tuple[Matrix, ...]:
    """W_j - eta (D_j + lambda W_j) for the layers' gradients of any loss."""
    return tuple(w - rate * (d + decay * w) for w, d in zip(weights, layers, strict=True))


# Symbolic: A = W_j and B = W_{j+1}; S = W_{1:j-1} and P = W_{j+2:N} are products of any number of layers, or missing.


@symbolic
@ablates("DL-066", "decay", "negative, for balance", Fate.TRUE)
@pytest.mark.parametrize("names", ["SABP", "ABP", "SAB", "AB"])
def test_the_identity_and_both_laws_for_every_depth_width_and_loss(names: str) -> None:
    """G = dL/dW, lambda and eta are symbols, and so are the sizes; lambda of any sign."""
    sizes = sympy.symbols(f"d:{len(names) + 1}", integer=True, positive=True)
    weights = tuple(sympy.MatrixSymbol(name, sizes[j + 1], sizes[j]) for j, name in enumerate(names))
    layers = backpropagate(weights, sympy.MatrixSymbol("G", sizes[-1], sizes[0]))
    decay, rate, j = sympy.Symbol("lambda"), sympy.Symbol("eta"), names.index("A")

    gradients = tuple(d + decay * w for d, w in zip(layers, weights, strict=True))
    assert is_zero(from_gradients(weights, gradients)[j] - decay * imbalances(weights)[j])
    flow = -(gradients[j + 1].T * weights[j + 1] + weights[j + 1].T * gradients[j + 1])
    flow += gradients[j] * weights[j].T + weights[j] * gradients[j].T
    assert is_zero(flow + 2 * decay * imbalances(weights)[j])
    moved = imbalances(step(weights, layers, decay, rate))[j]
    assert is_zero(moved - law(weights, layers, decay, rate)[j])
    assert not is_zero(moved - law(weights, layers, decay, rate, shrink=1)[j])


@exact
@ablates("DL-066", "decay", "negative, for balance", Fate.TRUE)
@given(problems(), DECAYS, st.data())
def test_the_identity_and_the_law_in_rationals(problem: Problem, decay: fmpq, data: st.DataObject) -> None:
    """For any network, learning rate and gradient G, and for lambda of both signs."""
    weights, rate = problem.exact().weights, problem.exact().learning_rate
    layers = backpropagate(weights, arithmetic.exact(data.draw(dyadic_matrices(*problem.target.shape))))
    gradients = tuple(d + decay * w for d, w in zip(layers, weights, strict=True))
    moved = imbalances(step(weights, layers, decay, rate))
    for b, told in zip(imbalances(weights), from_gradients(weights, gradients), strict=True):
        assert (decay * b == told).all()
    for b, told in zip(moved, law(weights, layers, decay, rate), strict=True):
        assert (b == told).all()


def after_steps(problem: Problem, decay: float, layer: int, steps: int, *, share: fmpq | int = 1) -> Comparison:
    """||B_j(T) - k^{2T} B_j(0)||_F <= eta^2 sum_t k^{2(T-1-t)} (||D_{j+1}||_F^2 + ||D_j||_F^2), k = 1 - eta lambda,
    squared: the law, T times; a control takes a ``share`` of the bound. ``decay`` and 1 - eta lambda must be floats
    exactly."""
    rate, weights = problem.learning_rate, problem.weights
    lam = decay if isinstance(rate, float) else rational(decay)
    kept, expected, total = 1 - rate * lam, imbalances(weights)[layer], rational(0)
    for _ in range(steps):
        layers = network.layer_gradients(weights, problem.target)
        size = frobenius_squared(layers[layer]) + frobenius_squared(layers[layer + 1])
        total = rational(kept) ** 2 * total + size
        expected = kept * (kept * expected)
        weights = network.decayed_step(weights, problem.target, lam, rate)
    moved = frobenius_squared(imbalances(weights)[layer] - expected)
    bound = (share * rational(rate) ** 2 * total) ** 2
    return Comparison(moved, "<=", bound, f"squared drift of B_{layer + 1} from its decay after {steps} steps")


@sampled
@given(problems(dimensions=dimensions(min_depth=2, max_depth=4, max_width=5)), st.data())
def test_the_drift_from_exponential_decay_is_bounded_by_the_squared_gradients(
    problem: Problem, data: st.DataObject
) -> None:
    """Two steps from any network, float64 first; eta and lambda dyadic."""
    decay, layer = data.draw(st.sampled_from([1.0, 0.5, 0.125])), data.draw(st.integers(0, problem.depth - 2))
    assert decide(lambda posed: after_steps(posed, decay, layer, 2), problem).holds


@sampled
@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("layer", [0, 1])
def test_real_data(name: str, layer: int) -> None:
    """Depth 3, lambda = 1/4, eta = 1/128: two steps, float64 first."""
    problem = real_problem(name, (4, 3), start=0.75, learning_rate=1 / 128)
    assert decide(lambda posed: after_steps(posed, 0.25, layer, 2), problem).holds


# What is false nearby.


@control
@ablates("DL-066", "equal decay", "dropped", Fate.REFUTED)
def test_refuted_for_unequal_decay() -> None:
    """Widths 1, w = (1, 2), Phi = 4, lambda = (4, 1): critical, and B = 3; lambda_2 w_2^2 = lambda_1 w_1^2 instead."""
    weights, target = scalar_weights(1, 2), arithmetic.exact([[4]])
    assert [d[0, 0] for d in network.decayed_gradients(weights, target, (fmpq(4), fmpq(1)))] == [0, 0]
    assert compare(Comparison(imbalances(weights)[0][0, 0], "==", fmpq(0), "B at a critical point")).fails


@control
@ablates("DL-066", "decay", "dropped", Fate.REFUTED)
def test_refuted_without_decay() -> None:
    """lambda = 0: w = (1, 4), Phi = 4 is critical, and B = 15."""
    weights, target = scalar_weights(1, 4), arithmetic.exact([[4]])
    assert [d[0, 0] for d in network.decayed_gradients(weights, target, fmpq(0))] == [0, 0]
    assert compare(Comparison(imbalances(weights)[0][0, 0], "==", fmpq(0), "B at a critical point")).fails


@control
@pytest.mark.parametrize(("shrink", "power"), [(1, 2), (2, 1), (3, 2), (2, 3), (0, 2)])
def test_refuted_with_other_powers(shrink: int, power: int) -> None:
    """w = (1, 2), Phi = 3, eta = 1/2, lambda = 1."""
    weights, target, rate, decay = scalar_weights(1, 2), arithmetic.exact([[3]]), fmpq(1, 2), fmpq(1)
    layers = network.layer_gradients(weights, target)
    moved = imbalances(network.decayed_step(weights, target, decay, rate))[0][0, 0]
    assert moved == law(weights, layers, decay, rate)[0][0, 0]
    told = law(weights, layers, decay, rate, shrink, power)[0][0, 0]
    assert compare(Comparison(moved, "==", told, "B after a step")).fails


@control
def test_refuted_with_a_smaller_drift() -> None:
    """w = (0, 2), Phi = 3, lambda = 1/2, eta = 1/4: D_2 = 0, and one step attains the bound, and 99/100 of it fails."""
    problem = Problem(scalar_weights(0, 2), arithmetic.exact([[3]]), fmpq(1, 4))
    assert compare(after_steps(problem, 0.5, 0, 1)).holds
    assert compare(attained(after_steps(problem, 0.5, 0, 1))).holds
    assert compare(after_steps(problem, 0.5, 0, 1, share=fmpq(99, 100))).fails


@control
def test_refuted_that_descent_never_leaves_balance() -> None:
    """W_1 = W_2 = I, Phi = e_1 e_2^T, eta = lambda = 1/2: balanced, and one step later it is not."""
    identity = arithmetic.exact([[1, 0], [0, 1]])
    moved = network.decayed_step((identity,) * 2, arithmetic.exact([[0, 1], [0, 0]]), fmpq(1, 2), fmpq(1, 2))
    assert compare(Comparison(frobenius_squared(imbalances(moved)[0]), "==", fmpq(0), "||B||_F^2")).fails


@witness
def test_the_imbalance_can_vanish_in_one_step() -> None:
    """eta lambda = 1 and D_j = 0 (W_1 W_2 = Phi = 0): from w = (0, 3), B = 9, both layers go to 0."""
    weights = scalar_weights(0, 3)
    moved = network.decayed_step(weights, arithmetic.exact([[0]]), fmpq(2), fmpq(1, 2))
    assert (imbalances(weights)[0][0, 0], imbalances(moved)[0][0, 0]) == (9, 0)
