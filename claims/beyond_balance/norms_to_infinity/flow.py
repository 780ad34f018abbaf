"""Statement 2: what gradient flow does to the determinant of balanced layers, for any loss."""

from typing import Any

import numpy as np
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.beyond_balance.norms_to_infinity.completion import determinant
from claims.end_to_end.end_to_end_dynamics.law import velocity
from claims.suite import exact, symbolic
from claims.suite.symbols import matrix_power
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.arithmetic import exact as rationals
from solvers.network import Weights, end_to_end
from strategies import balanced_networks, dyadic_matrices


def adjugate(matrix: Any) -> Any:
    """adj W of a 2 x 2 matrix, W adj W = det W I: the derivative of det W along V is tr (adj W V)."""
    return np.array([[matrix[1, 1], -matrix[0, 1]], [-matrix[1, 0], matrix[0, 0]]])


def rate_of_determinant(weights: Weights, gradient: Any) -> Any:
    """d/dt det W along gradient flow of any layers: tr (adj W W')."""
    return (adjugate(end_to_end(weights)) @ velocity(weights, gradient)).trace()


def stated_rate(weights: Weights, gradient: Any) -> Any:
    """-N det W tr (V S^{1-2/N} U^T H), S > 0, balanced layers: V S^{1-2/N} U^T = W^{-1} (W_N W_N^T)^{N-1}."""
    product, last = end_to_end(weights), weights[-1]
    inverse = adjugate(product) / determinant(product)
    turned = inverse @ matrix_power(last @ last.T, len(weights) - 1) if len(weights) > 1 else inverse
    return -len(weights) * determinant(product) * (turned @ gradient).trace()


@symbolic
def test_exponents_for_every_depth() -> None:
    """In units of 1/N: of S^{-1}, S^{2(N-j)/N} and S^{2(j-1)/N} together 1 - 2/N, for symbolic N and j; and so many
    terms as layers. That tr (adj W V) is the derivative of det W, for symbols."""
    depth, j = sympy.symbols("N j", positive=True)
    assert sympy.simplify(-1 + 2 * (depth - j) / depth + 2 * (j - 1) / depth - (1 - 2 / depth)) == 0
    a, b, c, d, e, f, g, h, t = sympy.symbols("a:h t")
    matrix, direction = np.array([[a, b], [c, d]]), np.array([[e, f], [g, h]])
    derivative = sympy.diff(determinant(matrix + t * direction), t).subs(t, 0)
    assert sympy.expand(derivative - (adjugate(matrix) @ direction).trace()) == 0


GRADIENTS = dyadic_matrices(2, 2).map(rationals)
DEPTHS = st.integers(2, 5)


@exact
@given(DEPTHS.flatmap(lambda depth: balanced_networks((2,) * (depth + 1), rank=2)), GRADIENTS)
def test_the_rate_of_the_determinant(network: Any, gradient: ObjectArray) -> None:
    """Exactly balanced 2 x 2 layers of rank two, depth 2 to 5, ties included, and any dL/dW."""
    weights = network.weights
    found = Comparison(rate_of_determinant(weights, gradient), "==", stated_rate(weights, gradient), "rate of det W")
    verdict = compare(found)
    assert verdict.holds, verdict


@exact
@given(DEPTHS.flatmap(lambda depth: balanced_networks((2,) * (depth + 1), rank=1)), GRADIENTS)
def test_a_determinant_of_zero_stays(network: Any, gradient: ObjectArray) -> None:
    """Of rank one the rate is 0, whatever dL/dW."""
    verdict = compare(Comparison(rate_of_determinant(network.weights, gradient), "==", fmpq(0), "rate of det W = 0"))
    assert verdict.holds, verdict
