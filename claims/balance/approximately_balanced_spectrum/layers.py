"""Statements 3 and 4 as comparisons, at a network's own delta and M and the least C that 4 allows."""

from collections.abc import Sequence
from fractions import Fraction

from claims.suite.symbols import matrix_power
from solvers import arithmetic
from solvers.arithmetic import Comparison, Scalar, square_root
from solvers.network import Matrix, Problem, Weights, end_to_end, frobenius_squared, imbalances, transpose
from solvers.network.spectrum import squared_singular_values
from solvers.network.stacks import largest


def squared_imbalance(weights: Weights) -> Scalar:
    """delta^2 = max_j ||B_j||_F^2."""
    found: Scalar = largest([frobenius_squared(b) for b in imbalances(weights)])
    return found


def squared_norm(matrix: Matrix) -> Scalar:
    """|A|_2^2."""
    largest_square: Scalar = squared_singular_values(matrix)[0]
    return largest_square


def reversed_network(weights: Weights) -> tuple[Matrix, ...]:
    """W_N^T, ..., W_1^T: balanced as the network is, with the two halves of statement 3 exchanged."""
    return tuple(transpose(matrix) for matrix in reversed(weights))


def gram_power(problem: Problem, count: int, *, share: Fraction = Fraction(1), mirror: bool = False) -> Comparison:
    """Statement 3, squared, at k = ``count``, with its constant multiplied by ``share``."""
    weights = reversed_network(problem.weights) if mirror else problem.weights
    head, first = end_to_end(weights[:count]), weights[0]
    gap = frobenius_squared(transpose(head) @ head - matrix_power(transpose(first) @ first, count))
    constant = arithmetic.rational(Fraction(count * (count - 1), 2) * share)
    norm = largest([squared_norm(matrix) for matrix in weights])
    bound = constant**2 * squared_imbalance(weights) * norm ** (2 * (count - 1))  # no root: equality can be seen
    return Comparison(gap, "<=", bound, f"squared distance of Gram matrix and power, k = {count}")


def layer_norm(problem: Problem, layer: int, *, constant: Fraction = Fraction(3), power: int = 2) -> Comparison:
    """Statement 4 for the least C that its hypotheses allow, C^2 = max(|W|_2^2, (constant N^power delta)^N), so that
    every network is an instance: |W_j|_2^{2N} <= 2 C^2."""
    weights, depth = problem.weights, problem.depth
    scale = arithmetic.rational(constant) * depth**power * square_root(squared_imbalance(weights))
    square = largest([squared_norm(end_to_end(weights)), scale**depth])
    return Comparison(squared_norm(weights[layer]) ** depth, "<=", 2 * square, f"|W_{layer + 1}|_2^(2N)")


def posed(weights: Sequence[Matrix]) -> Problem:
    """The weights as a problem; no statement here depends on the target."""
    return Problem(tuple(weights), 0 * end_to_end(weights), 0.0)
