"""From W_j(0) = I up to the edge: the largest learning rate at which positive definite targets are learned (DL-065).

Let Phi be symmetric and positive definite with eigenvalues lambda, N >= 2, and W_1(0) = ... = W_N(0) = I. Gradient
descent converges to Phi if

    eta lambda_max^{2-2/N} <= 2/N    and    eta (1 - lambda_min) < 1.

At any larger eta lambda_max^{2-2/N} the end is unstable; where eta (1 - lambda) = 1 the eigenvalue is 0 after one step,
for ever. At the edge itself no linear rate is promised; :mod:`~solvers.guarantees.residual` has one for eta of half as
much or less.

Source: after P. Bartlett, D. Helmbold, P. Long (2018), arXiv:1802.06093; the limits are this project's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
from flint import arb, fmpq

from solvers.arithmetic import Comparison, Scalar, Verdict, exact, lower_float, power, rational, violated_by
from solvers.guarantees.residual import at_the_identity
from solvers.network.network import frobenius_squared, transpose
from solvers.network.problem import Problem
from solvers.network.spectrum import inertia, singular_values


def edge(largest: Scalar, depth: int) -> Scalar:
    """2 / (N lambda_max^{2-2/N}); a learning rate may be as large as that. A rational where it is one."""
    return 2 / (depth * power(largest, Fraction(2 * depth - 2, depth)))


def learning_rate_limit(eigenvalues: Sequence[Scalar], depth: int) -> Scalar:
    """The supremum of the learning rates allowed: the edge, or 1 / (1 - lambda_min) where that is less.

    ValueError for no eigenvalues, for one that is not certainly positive, and for depth < 2 (at N = 1 every
    0 < eta < 2 will do).
    """
    if depth < 2:
        raise ValueError(f"depth is {depth}; expected at least 2")
    if len(eigenvalues) == 0:
        raise ValueError("eigenvalues is empty; expected at least one")
    for value in eigenvalues:
        if not value > 0:
            raise ValueError(f"eigenvalues has {value}; expected numbers > 0")
    least = edge(eigenvalues[0], depth)
    for value in eigenvalues:
        least = _smaller(least, edge(value, depth))
        if not value >= 1:
            least = _smaller(least, 1 / (1 - value))
    return least


def _smaller(one: Scalar, other: Scalar) -> Scalar:
    """The smaller of two scalars; a ball around both where that is not certain."""
    if one <= other:
        return one
    return other if other <= one else arb(one).union(arb(other))


def hypotheses(problem: Problem) -> list[Comparison]:
    """What the theorem assumes of a problem of rationals, or of float64 numbers as the rationals that they are.

    W_j = I, symmetry and definiteness are decided exactly. 1 - lambda_min is compared by the inertia of
    Phi - (1 - 1/eta) I, so that eta (1 - lambda_min) < 1 is decided exactly too.
    """
    posed = problem.exact()
    start = at_the_identity(posed)
    if len(start) == 1:
        return start
    target, eta, size = posed.target, rational(posed.learning_rate), len(posed.target)
    symmetric = (target + transpose(target)) / 2
    positive, _, _ = inertia(symmetric)
    found = [
        *start,
        Comparison(fmpq(posed.depth), ">=", fmpq(2), "depth against 2"),
        Comparison(frobenius_squared(target - transpose(target)), "==", fmpq(0), "||Phi - Phi^T||_F^2"),
        Comparison(fmpq(positive), "==", fmpq(size), "positive eigenvalues of Phi's symmetric part against all"),
        Comparison(eta, ">", fmpq(0), "learning rate against 0"),
        Comparison(eta, "<=", edge(singular_values(target)[0], posed.depth), "learning rate against the edge"),
    ]
    if eta > 0:
        above, _, _ = inertia(symmetric - (1 - 1 / eta) * exact(np.eye(size)))
        found.append(Comparison(fmpq(above), "==", fmpq(size), "eigenvalues with eta (1 - lambda) < 1 against all"))
    return found


def violated(problem: Problem) -> dict[str, Verdict]:
    """The hypotheses that fail, by their sentences. ArithmeticError where one cannot be decided."""
    return violated_by(hypotheses, problem.exact())


def with_largest_learning_rate(problem: Problem) -> Problem:
    """The same float64 problem with the largest learning rate that the theorem certainly allows. Raises what
    :func:`learning_rate_limit` does."""
    values = singular_values(exact(problem.target))
    rate = lower_float(learning_rate_limit(values, problem.depth))
    while not rational(rate) * (1 - values[-1]) < 1:
        rate = math.nextafter(rate, 0)
    return replace(problem, learning_rate=rate)
