"""The hypotheses of Theorem 1 of ACGH19 (arXiv:1810.02281), as formulas in the arithmetic of their arguments.

c is the margin, Phi_F = ||Phi||_F, N the depth. Each is one line, so that its constant can be read, and broken.
"""

from __future__ import annotations

from fractions import Fraction

from solvers.arithmetic import Scalar, power


def imbalance_limit(depth: int, margin: Scalar, target_norm: Scalar) -> Scalar:
    """delta = c^2 / (256 N^3 Phi_F^{2(N-1)/N})."""
    return power(margin, 2) / (256 * depth**3 * power(target_norm, Fraction(2 * (depth - 1), depth)))


def learning_rate_limit(depth: int, margin: Scalar, target_norm: Scalar) -> Scalar:
    """c^{(4N-2)/N} / (6144 N^3 Phi_F^{(6N-4)/N}), the largest learning rate the theorem allows."""
    return power(margin, Fraction(4 * depth - 2, depth)) / (
        6144 * depth**3 * power(target_norm, Fraction(6 * depth - 4, depth))
    )


def decay_exponent(depth: int, margin: Scalar) -> Scalar:
    """c^{2(N-1)/N}: the theorem promises l(T) <= l(0) exp(-eta c^{2(N-1)/N} T)."""
    return power(margin, Fraction(2 * (depth - 1), depth))
