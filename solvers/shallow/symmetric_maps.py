"""Self-adjoint linear maps T on symmetric matrices: what a shallow objective sees of U U^T - M.

| constructor | T X | whose landscape |
| --- | --- | --- |
| :func:`identity_map` | X | matrix factorisation |
| :func:`mask` | X on the entries of a graph, 0 elsewhere | matrix completion |
| :func:`measurements` | sum_l w_l A_l <A_l, X> | matrix sensing |
| :func:`phase_measurements` | sum_l w_l a_l a_l^T (a_l^T X a_l) | phase retrieval, quadratic activation |
| :func:`gaussian_mean` | 2 X + tr(X) I, the mean of a a^T (a^T X a), a ~ N(0, I) | the same, in the mean |
| :func:`combination` | c X + sum_{ab} C_ab B_a <B_b, X> | the exact instances of matrix sensing |
| :func:`from_form` | the map with a given quadratic form <X, T X> in the entries of X | the same |

The rules use ``@``, ``+``, ``*`` and sums, so that they run on float64 arrays (with leading batch axes), on object
arrays of rationals or balls, the first two on :class:`solvers.arithmetic.Enclosure`, and :func:`identity_map` and
:func:`gaussian_mean` on SymPy's matrix expressions too. T is meant to be positive semidefinite; that is not checked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from solvers import arithmetic
from solvers.arithmetic import Enclosure, ObjectArray
from solvers.network import Matrix, transpose
from solvers.shallow.checks import check_array, check_symmetric

Rule = Callable[[tuple[Any, ...], Matrix], Matrix]


@dataclass(frozen=True)
class SymmetricMap:
    """T as its ``name``, the ``arrays`` that define it, and the ``rule`` (arrays, X) -> T X.

    ``size`` is n where the arrays fix it, else None. Call it on X of shape (n, n), or (..., n, n) in float64.
    """

    name: str
    arrays: tuple[Any, ...]
    rule: Rule
    size: int | None = None

    def __call__(self, matrix: Matrix) -> Matrix:
        return self.rule(self.arrays, matrix)

    def exact(self) -> SymmetricMap:
        """The same numbers as exact rationals."""
        return replace(self, arrays=tuple(map(arithmetic.exact, self.arrays)))

    def balls(self) -> SymmetricMap:
        """The same numbers as balls at the current precision."""
        return replace(self, arrays=tuple(map(arithmetic.balls, self.arrays)))

    def nearest(self) -> SymmetricMap:
        """The nearest float64 numbers."""
        return replace(self, arrays=tuple(map(arithmetic.nearest, self.arrays)))

    def form(self, size: int) -> ObjectArray:
        """G = (<B_a, T B_b>) over the basis of :func:`coordinate_basis`, in rationals: <X, T X> = x^T G x with x the
        entries of X on and above the diagonal. T is psd iff G is; its spectrum is that of G relative to
        :func:`coordinate_gram`."""
        basis = coordinate_basis(size)
        images = self.exact()(basis).reshape(len(basis), -1)
        found: ObjectArray = basis.reshape(len(basis), -1) @ images.T
        return found


def coordinate_basis(size: int) -> ObjectArray:
    """E_ii and E_ij + E_ji, i < j, as rationals of shape (n (n+1)/2, n, n), in the order of ``numpy.triu_indices``."""
    rows, columns = np.triu_indices(size)
    basis = np.zeros((len(rows), size, size))
    basis[np.arange(len(rows)), rows, columns] = 1
    basis[np.arange(len(rows)), columns, rows] = 1
    return arithmetic.exact(basis)


def coordinate_gram(size: int) -> ObjectArray:
    """Their inner products: the diagonal matrix with 1 for E_ii and 2 for E_ij + E_ji."""
    rows, columns = np.triu_indices(size)
    return arithmetic.exact(np.diag(np.where(rows == columns, 1.0, 2.0)))


def identity_map() -> SymmetricMap:
    """T X = X."""
    return SymmetricMap("identity", (), _identity)


def gaussian_mean() -> SymmetricMap:
    """T X = 2 X + tr(X) I, the mean of a a^T <a a^T, X> over standard Gaussian vectors a."""
    return SymmetricMap("Gaussian mean", (), _gaussian_mean)


def mask(pattern: Matrix) -> SymmetricMap:
    """T X = X on the entries where the symmetric n x n ``pattern`` is 1, zero where it is 0.

    The pattern is the adjacency matrix of a graph; a 1 on the diagonal is a loop. Raises TypeError or ValueError for
    anything but a symmetric float64, boolean or rational matrix of zeros and ones.
    """
    entries = pattern.astype(np.float64) if getattr(pattern, "dtype", None) == np.dtype(bool) else pattern
    check_symmetric(entries, "pattern")
    if not ((entries == 0) | (entries == 1)).all():
        raise ValueError("pattern has an entry other than 0 and 1; expected the adjacency matrix of a graph")
    return SymmetricMap("mask", (entries,), _mask, len(entries))


def measurements(matrices: Matrix, weights: Any = None) -> SymmetricMap:
    """T X = sum_l w_l A_l <A_l, X> for symmetric ``matrices`` A_l, of shape (m, n, n), and ``weights`` w_l >= 0 (1)."""
    check_array(matrices, "matrices", axes=3, expected="(m, n, n)")
    check_symmetric(matrices, "matrices")
    return SymmetricMap("measurements", (matrices, _weights(weights, matrices)), _measurements, matrices.shape[-1])


def phase_measurements(vectors: Matrix, weights: Any = None) -> SymmetricMap:
    """T X = sum_l w_l a_l a_l^T (a_l^T X a_l) for ``vectors`` a_l, rows of an (m, n) array, ``weights`` w_l >= 0."""
    check_array(vectors, "vectors", axes=2, expected="(m, n)")
    return SymmetricMap("phase measurements", (vectors, _weights(weights, vectors)), _phase, vectors.shape[-1])


def combination(matrices: Matrix, coefficients: Matrix, *, identity: Any = 0) -> SymmetricMap:
    """T X = c X + sum_{ab} C_ab B_a <B_b, X> for symmetric ``matrices`` B_a, (m, n, n), symmetric ``coefficients`` C,
    (m, m), and c = ``identity``."""
    check_array(matrices, "matrices", axes=3, expected="(m, n, n)")
    check_symmetric(matrices, "matrices")
    check_symmetric(coefficients, "coefficients")
    if len(coefficients) != len(matrices):
        raise ValueError(
            f"coefficients has shape {coefficients.shape} but there are {len(matrices)} matrices; "
            f"expected ({len(matrices)}, {len(matrices)})"
        )
    scalar = np.array(identity, dtype=matrices.dtype)
    if matrices.dtype == np.dtype(object):
        scalar = arithmetic.exact(scalar)
    return SymmetricMap("combination", (matrices, coefficients, scalar), _combination, matrices.shape[-1])


def from_form(form: Matrix) -> SymmetricMap:
    """The T with <X, T X> = x^T G x, x the n (n+1)/2 entries of X on and above the diagonal, row by row.

    ``form`` is the symmetric matrix G. (T X)_ii is (G x)_ii and (T X)_ij half of (G x)_ij.
    """
    check_symmetric(form, "form")
    size = int((np.sqrt(8 * len(form) + 1) - 1) / 2)
    if size * (size + 1) // 2 != len(form):
        raise ValueError(f"form has shape {form.shape}; expected n (n + 1) / 2 rows for some n")
    return SymmetricMap("form", (form,), _form, size)


def _weights(weights: Any, data: Matrix) -> Any:
    exactly = data.dtype == np.dtype(object)
    if weights is None:
        weights = np.ones(len(data))
    found = np.asarray(weights, dtype=object if exactly else np.float64)
    if found.shape != (len(data),):
        raise ValueError(f"weights has shape {found.shape}; expected ({len(data)},), one for each measurement")
    found = arithmetic.exact(found) if exactly and not any(map(_is_ball, found)) else found
    if not all(weight >= 0 for weight in found):
        raise ValueError("weights has a negative entry; expected numbers >= 0, for a positive semidefinite map")
    return found


def _is_ball(number: Any) -> bool:
    return type(number).__name__ == "arb"


def _identity(_: tuple[Any, ...], matrix: Matrix) -> Matrix:
    return matrix


def _gaussian_mean(_: tuple[Any, ...], matrix: Matrix) -> Matrix:
    if not hasattr(matrix, "dtype"):  # SymPy
        from sympy import Identity, trace  # only those who bring symbols pay for the import

        return 2 * matrix + trace(matrix) * Identity(matrix.shape[0])
    places = np.arange(matrix.shape[-1])
    traces = matrix[..., places, places].sum(axis=-1)
    unit = np.eye(len(places), dtype=int).astype(matrix.dtype)
    return matrix * 2 + unit * np.asarray(traces)[..., None, None]


def _mask(arrays: tuple[Any, ...], matrix: Matrix) -> Matrix:
    (pattern,) = arrays
    if isinstance(matrix, Enclosure):
        return Enclosure(matrix.value * pattern, matrix.radius * pattern)
    return matrix * pattern


def _measurements(arrays: tuple[Any, ...], matrix: Matrix) -> Matrix:
    matrices, weights = arrays
    flat = matrices.reshape(len(matrices), -1)
    seen = matrix.reshape(*matrix.shape[:-2], -1) @ flat.T
    return ((seen * weights) @ flat).reshape(matrix.shape)


def _phase(arrays: tuple[Any, ...], matrix: Matrix) -> Matrix:
    vectors, weights = arrays
    seen = ((matrix @ vectors.T) * vectors.T).sum(axis=-2)
    return (vectors.T * (seen * weights)[..., None, :]) @ vectors


def _combination(arrays: tuple[Any, ...], matrix: Matrix) -> Matrix:
    matrices, coefficients, scalar = arrays
    flat = matrices.reshape(len(matrices), -1)
    seen = matrix.reshape(*matrix.shape[:-2], -1) @ flat.T
    return matrix * scalar[()] + ((seen @ coefficients) @ flat).reshape(matrix.shape)


def _form(arrays: tuple[Any, ...], matrix: Matrix) -> Matrix:
    (form,) = arrays
    rows, columns = np.triu_indices(matrix.shape[-1])
    image = matrix[..., rows, columns] @ form
    result = matrix * 0
    result[..., rows, columns] = image / 2
    return result + transpose(result)
