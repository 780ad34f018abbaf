"""Units: what an inequality says depends neither on the scale of the weights nor on that of the data.

With every W_j times s > 0 the end-to-end matrix is multiplied by s^N, and what a step of descent makes of it is too, if

    Phi -> s^N Phi,    c -> s^N c,    eta -> s^{2-2N} eta;

losses and accuracies are multiplied by s^{2N}. With a covariance S -> t S and eta -> eta / t descent is what it was,
but the loss is t times as large. So both sides of an inequality are multiplied by one number, whatever that is: their
ratio and the verdict stay. A wrong power of Phi_F, of c or of eta is seen, also where all numbers happen to be near 1.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from flint import arb, ctx, fmpq

from solvers.arithmetic import Comparison, Outcome, Scalar, compare, exact
from solvers.network import Problem

SCALES = (fmpq(2, 3), fmpq(5))
"""Of the weights; no power of the one is one of the other."""
ONE, DATA_SCALE = fmpq(1), fmpq(7, 2)

BITS, NEARLY = 256, fmpq(1, 2**64)
"""Ratios are the same up to NEARLY, in balls of so many bits: a wrong power of a scale, 3/2 to the 1/8 say, moves them
by far more."""

Says = Callable[[Problem, Scalar], Sequence[Comparison]]
"""What is said of a problem and a margin c; what asks for no margin leaves it aside."""


def rescaled(problem: Problem, scale: fmpq, data_scale: fmpq = ONE) -> Problem:
    """The same problem in other units, in rationals: W_j, Phi and eta as above, and the covariance if there is one."""
    posed = problem.exact()
    depth = posed.depth
    return replace(
        posed,
        weights=tuple(scale * matrix for matrix in posed.weights),
        target=scale**depth * posed.target,
        learning_rate=posed.learning_rate / scale ** (2 * depth - 2) / data_scale,
        covariance=None if posed.covariance is None else data_scale * posed.covariance,
    )


def same_ratio(one: Comparison, other: Comparison) -> bool:
    """Whether the sides of two comparisons have one ratio, and the verdicts are the same where both are decided."""
    gap = abs(arb(one.left) * arb(other.right) - arb(other.left) * arb(one.right))
    size = abs(arb(one.left) * arb(other.right))
    same = bool(gap <= NEARLY * size) or one.left == other.left == 0
    verdicts = {compare(one).outcome, compare(other).outcome} - {Outcome.UNDECIDED}
    return same and one.relation == other.relation and len(verdicts) < 2


def check_units(says: Says, problem: Problem, margin: Scalar = ONE) -> None:
    """Assert that nothing that is said of a problem depends on its units."""
    scales = [(scale, ONE) for scale in SCALES]
    if problem.covariance is not None:
        scales.append((ONE, DATA_SCALE))
    with ctx.workprec(BITS):
        before = says(problem.exact(), margin)
        assert before, "nothing is said; expected a comparison"
        for scale, data_scale in scales:
            after = says(rescaled(problem, scale, data_scale), margin * scale**problem.depth)
            for one, other in zip(before, after, strict=True):
                assert same_ratio(one, other), f"{one.sentence}: depends on units, at scales {scale} and {data_scale}"


def drawn_problem(widths: Sequence[int], rate: fmpq, *, seed: int = 0, covariance: bool = False) -> Problem:
    """Weights and a target of eighths without any structure, so that every norm is another number."""
    numbers = np.random.default_rng(seed)

    def matrix(rows: int, columns: int) -> np.ndarray:
        return numbers.integers(-8, 8, (rows, columns)) / 8 + np.eye(rows, columns)

    weights = tuple(exact(matrix(after, before)) for before, after in pairwise(widths))
    root = exact(matrix(widths[0], widths[0]))
    data = root @ root.T if covariance else None
    return Problem(weights, exact(matrix(widths[-1], widths[0])), rate, covariance=data)
