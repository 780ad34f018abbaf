"""Statements 3 and 4: gradient descent of two layers that mirror each other, and one step of any layers."""

from typing import Any

import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.beyond_balance.norms_to_infinity import completion
from claims.suite import exact, sampled, symbolic
from solvers import backpropagate
from solvers.arithmetic import Comparison, ObjectArray, compare, settle
from solvers.arithmetic import exact as rationals
from solvers.network import end_to_end, sigma_min, spectral_norm
from strategies import dyadic_matrices

SQUARES = dyadic_matrices(2, 2).map(rationals)
RATES = st.integers(1, 64).map(lambda k: fmpq(k, 16))


def identity(depth: int, number: Any = 1) -> tuple[Any, ...]:
    """N layers W_j = I."""
    return tuple(rationals(np.eye(2)) * number for _ in range(depth))


@symbolic
def test_mirrored_layers_stay_so() -> None:
    """W_2 = W_1^T = U gives W_2' = W_1'^T = (I - eta H) U, for symbols; det U U^T = (det U)^2."""
    a, b, c, d, rate = sympy.symbols("a b c d eta")
    layer = np.array([[a, b], [c, d]])
    first, second = completion.descent_step((layer.T, layer), rate)
    gradient = completion.completion_gradient(layer @ layer.T)
    for found, stated in ((first.T, second), (second, layer - rate * gradient @ layer)):
        assert all(sympy.expand(entry) == 0 for entry in (found - stated).ravel())
    square = completion.determinant(layer @ layer.T)
    assert sympy.expand(square - completion.determinant(layer) ** 2) == 0


@symbolic
def test_one_step_from_the_identity_for_every_depth() -> None:
    """W_j - eta D_j = [[1, eta], [eta, 1 - eta]] for each layer, as every product of identities is I; the roots of its
    determinant."""
    rate = sympy.Symbol("eta", positive=True)
    gradient = completion.completion_gradient(np.array(sympy.eye(2).tolist()))
    (layer,) = completion.descent_step((np.array(sympy.eye(2).tolist()),), rate)
    assert (layer == np.array(sympy.eye(2).tolist()) - rate * gradient).all()
    determinant = sympy.expand(completion.determinant(layer))
    assert determinant == 1 - rate - rate**2
    assert sympy.solve(determinant, rate) == [(sympy.sqrt(5) - 1) / 2]


@exact
@given(SQUARES, RATES)
def test_mirrored_layers_after_a_step(layer: ObjectArray, rate: fmpq) -> None:
    """Any U and any learning rate to 4: det W >= 0 after the step, and the bounds where 0 < L <= 3/8."""
    first, second = completion.descent_step((layer.T, layer), rate)
    assert (first == second.T).all()
    holds_of(second @ first)


def holds_of(matrix: ObjectArray) -> bool:
    """Asserts det W >= 0 and, where 0 < L <= 3/8, both bounds: whether there was something to say."""
    assert completion.determinant(matrix) >= 0
    value = completion.completion_loss(matrix)
    if not 0 < value <= completion.LARGEST:
        return False
    for verdict in (settle(lambda: completion.entry_is_large(matrix)), compare(completion.near_rank_one(matrix))):
        assert verdict.holds, verdict
    return True


@sampled
@pytest.mark.parametrize("rate", [1 / 64, 1 / 8, 1 / 4])
def test_runs_of_mirrored_layers(rate: float) -> None:
    """From U = I, 2000 float64 steps of U, and W = U U^T for that very U in rationals, every 200 steps: the bounds hold
    at every one of them, and the entry grows to 2.9 at least."""
    layer, seen = np.eye(2), []
    for step in range(1, 2001):
        layer = layer - rate * completion.completion_gradient(layer @ layer.T) @ layer
        if step % 200 == 0:
            exactly = rationals(layer)
            assert holds_of(exactly @ exactly.T)
            seen.append(float(layer[0] @ layer[0]))
    assert len(seen) == 10
    assert max(seen) >= 2.9


@exact
@given(st.integers(1, 4).flatmap(lambda depth: st.tuples(*[SQUARES] * depth)), RATES)
def test_a_small_step_keeps_the_sign_of_each_layer(weights: tuple[ObjectArray, ...], rate: fmpq) -> None:
    """Any layers, depth 1 to 4: the learning rate is the drawn one, or so much of it that eta |D_j|_2 < sigma_min(W_j)
    for every j, decided in balls; a singular layer meets no such condition and is moved by its identity."""
    weights = tuple(layer if completion.determinant(layer) else layer + rationals(np.eye(2)) * 4 for layer in weights)
    gradients = backpropagate(weights, completion.completion_gradient(end_to_end(weights)))
    while not all(is_small(layer, rate * gradient) for layer, gradient in zip(weights, gradients, strict=True)):
        rate /= 2
    for before, after in zip(weights, completion.descent_step(weights, rate), strict=True):
        product = completion.determinant(before) * completion.determinant(after)
        assert compare(Comparison(product, ">", fmpq(0), "det W_j before times after")).holds


def is_small(layer: ObjectArray, change: ObjectArray) -> bool:
    """Whether |change|_2 < sigma_min(layer), both being 2 x 2, certainly."""
    return settle(lambda: Comparison(spectral_norm(change), "<", sigma_min(layer), "eta |D_j|_2")).holds


@exact
@pytest.mark.parametrize("depth", [1, 2, 3, 4, 7])
@pytest.mark.parametrize(("rate", "negative"), [(fmpq(61, 100), False), (fmpq(62, 100), True), (fmpq(1), True)])
def test_from_the_identity_the_sign_is_lost_at_odd_depth(depth: int, rate: fmpq, negative: bool) -> None:
    """det W(1) = (1 - eta - eta^2)^N, with (5^{1/2} - 1)/2 = 0.618 between the learning rates."""
    found = completion.determinant(end_to_end(completion.descent_step(identity(depth), rate)))
    assert found == (1 - rate - rate**2) ** depth
    assert (found < 0) == (negative and depth % 2 == 1)
