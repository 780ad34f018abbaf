"""The three statements as functions of rational weights, decided whether or not singular values are rational.

Spectra are compared as polynomials, spaces as projectors: nothing is rounded and no root is taken.
"""

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise

import numpy as np
from flint import fmpq, fmpq_mat, fmpq_poly

from claims.suite.symbols import matrix_power
from solvers import arithmetic
from solvers.arithmetic import ObjectArray
from solvers.network import Matrix, Weights, characteristic_polynomial, end_to_end, frobenius_squared, imbalances


def is_balanced(weights: Weights) -> bool:
    return all(frobenius_squared(b) == 0 for b in imbalances(weights))


def powers_of_the_ends(weights: Weights) -> bool:
    """Statement 1, in rationals."""
    depth, first, last = len(weights), weights[0], weights[-1]
    heads = [end_to_end(weights[:j]) for j in range(1, depth + 1)]
    tails = [end_to_end(weights[j:]) for j in reversed(range(depth))]
    return all(
        (head.T @ head == matrix_power(first.T @ first, n)).all()
        and (tail @ tail.T == matrix_power(last @ last.T, n)).all()
        for n, (head, tail) in enumerate(zip(heads, tails, strict=True), start=1)
    )


def squared_spectrum(matrix: Matrix) -> fmpq_poly:
    """The polynomial whose roots are the non-zero squared singular values of A, as often as they occur."""
    coefficients = characteristic_polynomial(matrix.T @ matrix).coeffs()
    nullity = next(k for k, coefficient in enumerate(coefficients) if coefficient != 0)
    return fmpq_poly(coefficients[nullity:])


def roots_to_the(polynomial: fmpq_poly, exponent: int) -> fmpq_poly:
    """The monic polynomial whose roots are the n-th powers of the roots: of the companion matrix's n-th power."""
    size = polynomial.degree()
    companion = fmpq_mat(size, size)
    for k in range(size):
        companion[k, size - 1] = -polynomial[k] / polynomial[size]
        if k > 0:
            companion[k, k - 1] = fmpq(1)
    return (companion**exponent).charpoly()


def shares_its_spectrum(weights: Weights, *, root: int | None = None) -> bool:
    """Statement 2, in rationals, whether or not the singular values are rational; ``root`` is N in the statement."""
    first, *others = [squared_spectrum(matrix) for matrix in weights]
    same = all(other == first for other in others)
    return same and squared_spectrum(end_to_end(weights)) == roots_to_the(first, root or len(weights))


def right_projector(matrix: Matrix, squares: Sequence[fmpq], chosen: fmpq) -> ObjectArray:
    """The projector on the eigenspace of A^T A at ``chosen``, by Lagrange's formula from all eigenvalues."""
    gram, identity = matrix.T @ matrix, arithmetic.exact(np.eye(matrix.shape[1]))
    factors = [(gram - identity * other) * (1 / (chosen - other)) for other in squares if other != chosen]
    result: ObjectArray = reduce(lambda product, factor: product @ factor, factors, identity)
    return result


def left_projector(matrix: Matrix, squares: Sequence[fmpq], chosen: fmpq) -> ObjectArray:
    """The projector on the left singular space: A R A^T / s^2 of the right one's R, and at s = 0 what is left over."""
    if chosen != 0:
        result: ObjectArray = matrix @ right_projector(matrix, squares, chosen) @ matrix.T * (1 / chosen)
        return result
    identity = arithmetic.exact(np.eye(len(matrix)))
    return reduce(lambda rest, s: rest - left_projector(matrix, squares, s), [s for s in squares if s != 0], identity)


def spaces_meet(weights: Weights, squares: Sequence[fmpq]) -> bool:
    """Statement 3, in rationals, for known squared singular values (0 is added to them)."""
    known = sorted({fmpq(0), *squares})
    return all(
        (left_projector(before, known, s) == right_projector(after, known, s)).all()
        for before, after in pairwise(weights)
        for s in known
    )
