"""Learning rates beside those of guarantees: below one the loss falls in every step, above another no minimum is
stable.

What they promise is less than convergence to a wanted loss, so that they are findings and no guarantees.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from flint import arb

from claims.auditing.deciding import is_small
from claims.auditing.report import Finding, Rigour
from solvers import Problem, inertia, singular_values, spectral_norm
from solvers.arithmetic import lower_float, power, upper_float
from solvers.guarantees import bounded_descent, from_identity
from solvers.network.spectrum import symmetric_eigenvalues


def rates(problem: Problem) -> Iterator[Finding]:
    """The findings about learning rates, of a float64 problem."""
    yield from _safe(problem)
    if problem.is_white:
        yield from _stable(problem)
        yield from _identity(problem)


def _safe(problem: Problem) -> Iterator[Finding]:
    """DL-071: from any start."""
    enclosed = problem.enclosed()
    if enclosed.covariance is not None and not symmetric_eigenvalues(enclosed.covariance)[-1] > 0:
        return
    limit = arb(bounded_descent.largest_rate(enclosed))
    if not limit.is_finite() or not lower_float(limit) > 0:
        return
    safe = lower_float(limit)
    yield Finding(
        "safe",
        Rigour.CERTIFIED,
        f"at learning rates up to {safe:.4g} the loss falls in every step, and descent comes to rest",
        "DL-071",
        {"learning_rate": safe},
    )


def _stable(problem: Problem) -> Iterator[Finding]:
    """DL-062: 2 / (N |Phi|_2^{2-2/N}), by what it is certainly at most."""
    norm = arb(lower_float(spectral_norm(problem.enclosed().target)))
    if not norm > 0:
        return
    stable = upper_float(2 / (problem.depth * power(norm, Fraction(2 * problem.depth - 2, problem.depth))))
    if np.isfinite(stable):
        yield Finding(
            "stable",
            Rigour.CERTIFIED,
            f"at learning rates above {stable:.4g} no minimum is stable",
            "DL-062",
            {"learning_rate": stable},
        )


def _identity(problem: Problem) -> Iterator[Finding]:
    """DL-065: from W_j = I to a positive definite target, decided in rationals."""
    size = len(problem.target)
    start = all(matrix.shape == (size, size) and (matrix == np.eye(size)).all() for matrix in problem.weights)
    symmetric = problem.target.shape == (size, size) and (problem.target == problem.target.T).all()
    if problem.depth < 2 or not start or not symmetric or not is_small(problem):
        return
    target = problem.exact().target
    if inertia(target)[0] < size:
        return
    below = lower_float(from_identity.learning_rate_limit(singular_values(target), problem.depth))
    yield Finding(
        "identity",
        Rigour.CERTIFIED,
        f"from the identity this target is learned at every learning rate below {below:.4g}, in its own time",
        "DL-065",
        {"learning_rate": below},
    )
