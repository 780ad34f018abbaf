"""Units: what an inequality says depends neither on the scale of the weights nor on that of the data.

With every W_j times s > 0 the end-to-end matrix is multiplied by s^N, and what a step of descent makes of it is too, if

    Phi -> s^N Phi,    c -> s^N c,    eta -> s^{2-2N} eta;

losses and accuracies are multiplied by s^{2N}. With a covariance S -> t S and eta -> eta / t descent is what it was,
but the loss is t times as large. So both sides of an inequality are multiplied by one number, whatever that is: their
ratio and the verdict stay. A wrong power of Phi_F, of c or of eta is seen, also where all numbers happen to be near 1.
A side that is 0 has a ratio with nothing; then the other is to be multiplied by one power of s, and of t: a sum of
what has different units is not.
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
DATA_SCALES = (fmpq(7, 2), fmpq(3, 5))
"""Of the data."""
ONE = fmpq(1)

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
    """Whether the sides of two comparisons have one ratio, and the verdicts are the same where both are decided.

    Of a side that is 0 in both, :func:`has_units` asks more.
    """
    gap = abs(arb(one.left) * arb(other.right) - arb(other.left) * arb(one.right))
    size = abs(arb(one.left) * arb(other.right))
    verdicts = {compare(one).outcome, compare(other).outcome} - {Outcome.UNDECIDED}
    return bool(gap <= NEARLY * size) and one.relation == other.relation and len(verdicts) < 2


def has_units(sides: Sequence[Comparison], scales: Sequence[fmpq]) -> bool:
    """Whether what is compared with 0, if anything is, is multiplied by one power of the scale, whatever the scale is.

    The comparisons are one and the same, first as it is and then at each scale. 0 against 0 has no units.
    """
    if sides[0].left != 0 and sides[0].right != 0:
        return True
    before, *after = (arb(each.left if each.left != 0 else each.right) for each in sides)
    powers = [(each / before).log() / arb(scale).log() for each, scale in zip(after, scales, strict=True)]
    return all(bool(abs(power - powers[0]) <= NEARLY) for power in powers)


def check_units(says: Says, problem: Problem, margin: Scalar = ONE) -> None:
    """Assert that nothing that is said of a problem depends on its units."""
    kinds = [[(scale, ONE) for scale in SCALES]]
    if problem.covariance is not None:
        kinds.append([(ONE, data_scale) for data_scale in DATA_SCALES])
    with ctx.workprec(BITS):
        before = says(problem.exact(), margin)
        assert before, "nothing is said; expected a comparison"
        for kind in kinds:
            after = [says(rescaled(problem, *scales), margin * scales[0] ** problem.depth) for scales in kind]
            for one, *others in zip(before, *after, strict=True):
                for other, (scale, data_scale) in zip(others, kind, strict=True):
                    said = f"{one.sentence}: depends on units, at scales {scale} and {data_scale}"
                    assert same_ratio(one, other), said
                units = has_units([one, *others], [scale * data_scale for scale, data_scale in kind])
                assert units, f"{one.sentence}: depends on units; expected one power of them against 0"


def drawn_problem(widths: Sequence[int], rate: fmpq, *, seed: int = 0, covariance: bool = False) -> Problem:
    """Weights and a target of eighths without any structure, so that every norm is another number."""
    numbers = np.random.default_rng(seed)

    def matrix(rows: int, columns: int) -> np.ndarray:
        return numbers.integers(-8, 8, (rows, columns)) / 8 + np.eye(rows, columns)

    weights = tuple(exact(matrix(after, before)) for before, after in pairwise(widths))
    root = exact(matrix(widths[0], widths[0]))
    data = root @ root.T if covariance else None
    return Problem(weights, exact(matrix(widths[-1], widths[0])), rate, covariance=data)
