"""Whether a covariance is positive semidefinite: exactly for rationals, up to what forming it rounds for float64.

S = X X^T / m that was formed in float64 from m samples is within gamma_{m+1} sqrt(S_ii S_kk) of the exact one, entry by
entry (Higham, Accuracy and Stability of Numerical Algorithms, Section 3.5, and Cauchy and Schwarz). So where the exact
one is singular, the formed one may have negative eigenvalues, but none below -gamma_{m+1} tr S. That level, for
SAMPLES samples, is what a float64 covariance may fall short by; what is refused certainly does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import arb, fmpq
from numpy.typing import NDArray

from solvers.arithmetic import Enclosure, exact, gamma, rational
from solvers.network.checks import FLOAT
from solvers.network.spectrum import inertia

SAMPLES = 2**20
"""The level that they give is 2^-33 tr S: no more samples than these need to be added up one after another."""


def check_positive_semidefinite(covariance: Any) -> None:
    """A symmetric float64 matrix or one of rationals, or a stack of them; others are taken at their word."""
    if not isinstance(covariance, np.ndarray):
        return
    if covariance.dtype == FLOAT:
        _check_float(covariance.reshape(-1, *covariance.shape[-2:]))
    elif all(isinstance(entry, fmpq) for entry in covariance.flat):
        for k, matrix in enumerate(covariance.reshape(-1, *covariance.shape[-2:])):
            negative = inertia(matrix)[1]
            if negative:
                raise ValueError(_sentence(covariance, k, f"has {negative} negative eigenvalue(s)"))


def shortfall(covariance: NDArray[np.float64]) -> arb:
    """b >= 0 such that no eigenvalue of a symmetric float64 matrix is below -b, certainly; 0 where all are clearly
    positive.

    With LAPACK's S = V L V^T + E and ||V^T V - I||_F <= a < 1, each eigenvalue of V L V^T is one of L times a number
    between 1 - a and 1 + a (Ostrowski), and those of S are within ||E||_F of them (Weyl).
    """
    values, vectors = np.linalg.eigh(covariance)
    basis = Enclosure.of(vectors)
    defect = (basis.mT @ basis - Enclosure.of(np.eye(len(values)))).frobenius_squared().upper().sqrt()
    error = (
        (basis @ Enclosure.of(np.diag(values)) @ basis.mT - Enclosure.of(covariance)).frobenius_squared().upper().sqrt()
    )
    least = arb(float(values[0]))
    short = error - least * (1 - defect if values[0] > 0 else 1 + defect)
    if not (defect < 1 and short.is_finite()):
        return arb.pos_inf()
    return short.upper().nonnegative_part()


def _check_float(stack: Any) -> None:
    """LAPACK's eigenvalues decide where they are far from the level, which is many times their error, and the exact
    inertia of S + level I where they are near."""
    if not stack.size:
        return
    scale = np.abs(stack).max(axis=(-2, -1), keepdims=True)
    unit = stack / np.where(scale > 0, scale, 1.0)
    level = gamma(SAMPLES + 1) * np.maximum(np.trace(unit, axis1=-2, axis2=-1), 0.0)
    least = np.linalg.eigvalsh(unit)[..., 0]
    for k in np.flatnonzero(least < -level / 2):
        if least[k] < -2 * level[k] or _below(stack[k]):
            value = float(least[k] * scale[k, 0, 0])
            raise ValueError(_sentence(stack, int(k), f"has the eigenvalue {value:.3g}"))


def _below(matrix: Any) -> bool:
    """Whether some eigenvalue is below the level, exactly."""
    numbers: Any = exact(matrix)
    level = rational(gamma(SAMPLES + 1)) * sum(numbers[i, i] for i in range(len(numbers)))
    return inertia(numbers + exact(np.eye(len(numbers))) * max(level, fmpq(0)))[1] > 0


def _sentence(covariance: Any, k: int, fault: str) -> str:
    where = f"covariance[{k}]" if covariance.ndim > 2 and len(covariance) > 1 else "covariance"
    return f"{where} is not positive semidefinite: it {fault}; expected none below 0"
