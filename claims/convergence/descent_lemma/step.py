"""What is said of a step of gradient descent, and of the flow, as formulas."""

from flint import fmpq

from solvers import network
from solvers.arithmetic import Comparison, ObjectArray, Scalar, rational
from solvers.guarantees.limits import root
from solvers.network import Problem, backpropagate, end_to_end, frobenius_squared, imbalances, loss

HALF = fmpq(1, 2)
NORM_AFTER = fmpq(9, 4)


def decrease(problem: Problem, *, share: fmpq = HALF) -> Comparison:
    """L(t+1) <= L(t) - share * eta sigma_min(W)^{2(N-1)/N} ||G||_F^2; the lemma's share is 1/2."""
    product = end_to_end(problem.weights)
    rate = root(network.sigma_min(product), 2 * (problem.depth - 1), problem.depth)
    gain = share * rational(problem.learning_rate) * rate * frobenius_squared(product - problem.target)
    before, after = loss(problem.weights, problem.target), loss(problem.step().weights, problem.target)
    return Comparison(after, "<=", before - gain, "descent, L(t+1) <= L(t) - gain")


def drift(problem: Problem, layer: int, *, squared: int = 2, size: int = 5) -> Comparison:
    """||B_j(t+1) - B_j(t)||_F^2 <= 2 (eta^2 M^{2(N-1)} ||G||_F^2)^2 with M^2 = (5 Phi_F^2)^{1/N}; Lemma 2 has 4 for
    the ``squared`` constant 2, and for the ``size`` 5 it has 8."""
    moved = imbalances(problem.step().weights)[layer] - imbalances(problem.weights)[layer]
    largest = root(size * frobenius_squared(problem.target), problem.depth - 1, problem.depth)
    residual = frobenius_squared(end_to_end(problem.weights) - problem.target)
    bound = rational(problem.learning_rate) ** 2 * largest * residual
    return Comparison(frobenius_squared(moved), "<=", squared * bound**2, f"squared drift of B_{layer + 1} in one step")


def layer_norm(problem: Problem, layer: int, *, constant: fmpq = NORM_AFTER) -> Comparison:
    """|W_j(t+1)|_2^{2N} <= (9/4 Phi_F)^2; Lemma 2 has 4 for 9/4."""
    norm = network.spectral_norm(problem.step().weights[layer])
    bound = constant**2 * frobenius_squared(problem.target)
    return Comparison(norm ** (2 * problem.depth), "<=", bound, f"|W_{layer + 1}|_2^(2N) after one step")


def squared_gradients(weights: tuple[ObjectArray, ...], gradient: ObjectArray) -> Scalar:
    """sum_j ||D_j||_F^2 = -dL/dt under the flow."""
    total: Scalar = fmpq(0)
    for layer in backpropagate(weights, gradient):
        total = total + frobenius_squared(layer)
    return total
