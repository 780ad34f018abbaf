"""Singular values, margins and inertia, in floats to propose and in exact arithmetic to decide.

- float64: LAPACK's singular values.
- rationals: the eigenvalues of the Gram matrix are the roots of its characteristic polynomial, isolated by FLINT;
  rational ones come out as rationals, the others as balls at the precision of ``flint.ctx`` (or, where a tie is to be
  decided, as algebraic numbers).
- enclosures and balls: a float64 factorisation U S V^T proposes, residuals decide. If
  ||A - U S V^T||_F <= r, ||U^T U - I||_F <= a < 1 and ||V^T V - I||_F <= b < 1 then
  s_i sqrt((1 - a)(1 - b)) - r <= sigma_i(A) <= s_i sqrt((1 + a)(1 + b)) + r
  (Ostrowski and Weyl; S. M. Rump, Verified bounds for singular values, BIT 51, 2011).
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from flint import arb, fmpq, fmpq_mat, fmpq_poly
from numpy.typing import NDArray

from solvers.arithmetic import Algebraic, Enclosure, ObjectArray, Scalar, algebraic, balls, exact, rational, square_root
from solvers.network.checks import check_float_matrix, check_single_matrix, check_target
from solvers.network.network import Matrix, Weights, end_to_end, frobenius_squared, transpose

SHARP = 32
"""Up to this least side enclosed spectra are of balls; beyond, n^3 of them would take seconds."""


def singular_values(matrix: Matrix) -> list[Any]:
    """The min(rows, columns) singular values of one matrix, largest first, in its arithmetic.

    Raises TypeError or ValueError for what is not a single matrix, and for float64 entries that are not finite.
    """
    check_single_matrix(matrix, "matrix")
    if isinstance(matrix, Enclosure):
        return _enclosed_singular_values(matrix.value, _in_balls(matrix))
    if matrix.dtype != np.dtype(object):
        check_float_matrix(matrix, "matrix")
        return [float(value) for value in np.linalg.svd(matrix, compute_uv=False)]
    if isinstance(matrix.flat[0], arb):
        return _enclosed_singular_values(np.asarray(matrix, dtype=np.float64), matrix)
    return _exact_singular_values(matrix)


def symmetric_eigenvalues(symmetric: Matrix) -> list[Any]:
    """All eigenvalues of one symmetric matrix, largest first, in its arithmetic.

    Of float64 LAPACK's; of rationals exact where rational, balls elsewhere; of balls and enclosures balls: with a
    float64 factorisation Q L Q^T, ||A - Q L Q^T||_F <= r and ||Q^T Q - I||_F <= a < 1 every eigenvalue is within
    a |l_i| + r of l_i (Ostrowski and Weyl). Raises TypeError or ValueError for what is not a single square matrix, for
    float64 entries that are not finite, and where A^T is certainly not A.
    """
    check_single_matrix(symmetric, "symmetric")
    check_square(symmetric)
    if isinstance(symmetric, Enclosure):
        return _enclosed_eigenvalues(symmetric.value, _in_balls(symmetric))
    if symmetric.dtype != np.dtype(object):
        check_float_matrix(symmetric, "symmetric")
        return [float(value) for value in np.linalg.eigvalsh(symmetric)[::-1]]
    if isinstance(symmetric.flat[0], arb):
        return _enclosed_eigenvalues(np.asarray(symmetric, dtype=np.float64), symmetric)
    return _descending(_roots(symmetric))


def squared_singular_values(matrix: Matrix) -> list[Any]:
    """The squares, largest first, as the singular values of the smaller Gram matrix: rational wherever they are."""
    check_single_matrix(matrix, "matrix")
    gram = _small_gram(matrix)
    if isinstance(gram, Enclosure) or not isinstance(gram.flat[0], fmpq):
        return singular_values(gram)
    return _descending(_nonnegative_roots(gram))


def sigma_min(matrix: Matrix) -> Any:
    """The min(rows, columns)-th largest singular value."""
    return singular_values(matrix)[-1]


def spectral_norm(matrix: Matrix) -> Any:
    """The largest singular value |A|_2."""
    return singular_values(matrix)[0]


def weighted_singular_values(matrix: Matrix, covariance: Matrix) -> list[Any]:
    """The singular values of A S^{1/2}, largest first, for one matrix A and a positive definite S of its arithmetic.

    Of rationals: roots of the characteristic polynomial of A S A^T, or of A^T A S where A is higher than wide. Of
    enclosures and balls: the singular values of A L, where S = L L^T. Raises ValueError where the shapes do not fit.
    """
    check_single_matrix(matrix, "matrix")
    check_single_matrix(covariance, "covariance")
    rows, columns = matrix.shape
    if covariance.shape != (columns, columns):
        raise ValueError(
            f"covariance has shape {covariance.shape} but matrix has shape {matrix.shape}; expected {columns, columns}"
        )
    if not isinstance(matrix, Enclosure) and matrix.dtype != np.dtype(object):
        values, basis = np.linalg.eigh(covariance)
        return singular_values(matrix @ basis * np.sqrt(np.maximum(values, 0.0)))
    if isinstance(matrix, Enclosure) or isinstance(matrix.flat[0], arb):
        left, right = (each.entries() if isinstance(each, Enclosure) else each for each in (matrix, covariance))
        product = left @ _cholesky(right)
        return _enclosed_singular_values(np.asarray(product, dtype=np.float64), product)
    if rows <= columns:
        return _square_roots_of_eigenvalues(matrix @ covariance @ transpose(matrix))
    return _square_roots_of_eigenvalues(transpose(matrix) @ matrix @ covariance)


def _cholesky(symmetric: ObjectArray) -> ObjectArray:
    """The lower triangular L with S = L L^T, in balls; no numbers where S is not certainly positive definite."""
    size = len(symmetric)
    lower: ObjectArray = balls(np.zeros((size, size)))
    for k in range(size):
        before = lower[k, :k]
        pivot = (symmetric[k, k] - (before * before).sum()).sqrt()  # python-flint's power has no square of a ball at 0
        lower[k, k] = pivot
        for i in range(k + 1, size):
            lower[i, k] = (symmetric[i, k] - (lower[i, :k] * lower[k, :k]).sum()) / pivot
    return lower


def deficiency_margin(weights: Weights, target: Matrix) -> Any:
    """sigma_min(Phi) - ||W - Phi||_F; "W has margin c > 0" if it is >= c (ACGH19, Definition 2)."""
    product = end_to_end(weights)
    check_target(weights, target)
    distance_squared = frobenius_squared(product - target)
    if isinstance(distance_squared, float):
        return sigma_min(target) - np.sqrt(distance_squared)
    return sigma_min(target) - square_root(distance_squared)


def inertia(symmetric: ObjectArray) -> tuple[int, int, int]:
    """Numbers of (positive, negative, zero) eigenvalues of a symmetric matrix of rationals, exactly.

    The characteristic polynomial has real roots only, so Descartes' rule of signs counts them without error.
    """
    check_single_matrix(symmetric, "symmetric")
    check_square(symmetric)
    coefficients = characteristic_polynomial(symmetric).coeffs()
    zero = next(k for k, coefficient in enumerate(coefficients) if coefficient != 0)
    positive = _sign_changes(coefficients)
    return positive, len(symmetric) - zero - positive, zero


def sigma_min_at_most(matrix: ObjectArray, bound_squared: fmpq) -> bool:
    """Whether sigma_min(A)^2 <= s, for a matrix of rationals and a rational s, exactly: some eigenvalue of
    (Gram matrix - s I) is not positive."""
    gram = _small_gram(matrix)
    return inertia(gram - bound_squared * exact(np.eye(len(gram))))[0] < len(gram)


def check_square(symmetric: Matrix) -> None:
    """Raise ValueError for a single matrix that is not square, or certainly not symmetric."""
    entries = symmetric.entries() if isinstance(symmetric, Enclosure) else symmetric
    if entries.shape[0] != entries.shape[1] or (entries != entries.T).any():
        raise ValueError("symmetric is not a symmetric matrix; expected A = A^T")


def characteristic_polynomial(square: ObjectArray) -> fmpq_poly:
    """det(x I - A) of a matrix of rationals."""
    size = len(square)
    return fmpq_mat(size, size, [rational(entry) for entry in square.ravel()]).charpoly()


def _sign_changes(coefficients: list[fmpq]) -> int:
    signs = [coefficient > 0 for coefficient in coefficients if coefficient != 0]
    return sum(before != after for before, after in itertools.pairwise(signs))


def _small_gram(matrix: Matrix) -> Matrix:
    rows, columns = matrix.shape
    return matrix @ transpose(matrix) if rows <= columns else transpose(matrix) @ matrix


def _exact_singular_values(matrix: ObjectArray) -> list[Scalar]:
    return _square_roots_of_eigenvalues(_small_gram(matrix))


def _square_roots_of_eigenvalues(square: ObjectArray) -> list[Scalar]:
    """Largest first, of a matrix of rationals that has real eigenvalues >= 0 only."""
    return _descending([square_root(value) for value in _nonnegative_roots(square)])


def _nonnegative_roots(square: ObjectArray) -> list[Scalar]:
    return [value.nonnegative_part() if isinstance(value, arb) else value for value in _roots(square)]


def _roots(square: ObjectArray) -> list[Scalar]:
    """The eigenvalues of a matrix of rationals that are all real, as of a symmetric one, in no order."""
    eigenvalues: list[Scalar] = []
    _, factors = characteristic_polynomial(square).numer().factor()
    for factor, multiplicity in factors:
        if factor.degree() == 1:
            roots: list[Any] = [fmpq(-factor[0], factor[1])]
        elif algebraic.ACTIVE.get():
            roots = algebraic.real_roots(factor)
        else:
            roots = [root.real for root, _ in factor.complex_roots()]  # type: ignore[misc, has-type]
        eigenvalues += multiplicity * roots
    return eigenvalues


def _in_balls(matrix: Enclosure) -> ObjectArray | Enclosure:
    """The entries as balls, whose products are the sharper ones; of a large matrix the enclosure as it is, whose
    products run at BLAS speed."""
    if min(matrix.shape) > SHARP:
        return matrix
    sharp: ObjectArray = matrix.entries()
    return sharp


def _sure(entries: ObjectArray | Enclosure) -> Any:
    """From float64 matrices to the arithmetic of ``entries``."""
    return Enclosure.of if isinstance(entries, Enclosure) else np.frompyfunc(arb, 1, 1)


def _enclosed_eigenvalues(proposal: NDArray[np.float64], entries: ObjectArray | Enclosure) -> list[arb]:
    if not np.isfinite(proposal).all():
        return [arb.nan()] * len(proposal)
    values, basis = np.linalg.eigh(proposal)
    sure = _sure(entries)
    vectors = sure(basis)
    distance = frobenius_squared(entries - vectors @ sure(np.diag(values)) @ vectors.mT).upper().sqrt()
    defect = frobenius_squared(vectors.mT @ vectors - sure(np.eye(len(basis)))).upper().sqrt()
    if not defect < 1:
        return [arb.nan()] * len(proposal)
    centres = [arb(float(value)) for value in values[::-1]]
    return [(value - abs(value) * defect - distance).union(value + abs(value) * defect + distance) for value in centres]


def _descending(values: list[Scalar]) -> list[Scalar]:
    """Largest first. A value whose place is certain stays what it is; in any other place k the k-th largest number is
    between the k-th largest of the lower ends and the k-th largest of the upper ends."""
    ordered = sorted(values, key=_midpoint, reverse=True)
    if all(before >= after for before, after in itertools.pairwise(ordered)):
        return ordered
    lows, highs = (sorted((end(arb(each)) for each in values), reverse=True) for end in (arb.lower, arb.upper))
    return [
        value
        if all(other >= value for other in ordered[:k]) and all(value >= other for other in ordered[k + 1 :])
        else lows[k].union(highs[k])
        for k, value in enumerate(ordered)
    ]


def _midpoint(value: Scalar) -> fmpq | Algebraic:
    if not isinstance(value, arb):
        return value
    mantissa, exponent = value.mid().man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


def _enclosed_singular_values(proposal: NDArray[np.float64], entries: ObjectArray | Enclosure) -> list[arb]:
    if not np.isfinite(proposal).all():
        return [arb.nan()] * min(proposal.shape)
    left, values, right = np.linalg.svd(proposal, full_matrices=False)
    middle = np.diag(values)
    sure = _sure(entries)
    residual = entries - sure(left) @ sure(middle) @ sure(right)
    distance = frobenius_squared(residual).upper().sqrt()
    low, high = arb(1), arb(1)
    for basis in (left.T, right):
        defect = frobenius_squared(sure(basis) @ sure(basis.T) - sure(np.eye(len(basis)))).upper().sqrt()
        low, high = low * (1 - defect), high * (1 + defect)
    return [
        (arb(float(value)) * low.sqrt() - distance).union(arb(float(value)) * high.sqrt() + distance).nonnegative_part()
        for value in values
    ]
