"""Where descent must not go, and where it must: the margin is needed (DL-006), residual networks (DL-032)."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

import numpy as np
from flint import fmpq

from claims.conformance.laws.iterates import OwnStep
from claims.conformance.laws.law import Verdicts, law
from claims.conformance.laws.starts import at_zero, between_one_and_the_root, identities, wrong_signs
from claims.necessity.margin_needed.symmetric_layers import keeps_the_symmetric_invariant, negative_part
from solvers.arithmetic import Comparison, Relation, compare, power, rational
from solvers.guarantees import residual
from solvers.network import Problem, loss


def equal_and_diagonal(step: OwnStep) -> bool:
    """Whether all layers before the step are one diagonal matrix, to the last bit."""
    first, *others = step.before.weights
    return all((matrix == first).all() for matrix in others) and not (first - np.diag(np.diag(first))).any()


def loss_against(problem: Problem, *, relation: Relation, bound: fmpq) -> Comparison:
    """L(t+1) against a number."""
    return Comparison(loss(problem.step().weights, problem.target), relation, bound, "L(t+1)")


def layer_against(problem: Problem, *, layer: int, relation: Relation, bound: fmpq) -> Comparison:
    """A scalar layer after the step against a number."""
    return Comparison(problem.step().weights[layer][0, 0], relation, bound, f"w_{layer + 1}(t+1)")


@law(
    "DL-006",
    "5.1",
    identities(),
    says="equal layers, N even, Phi symmetric: L(t+1) >= 1/2 sum of the squares of Phi's negative eigenvalues",
    means="the trainer reaches targets that gradient descent cannot reach: what is proved impossible is no limit to it",
)
def negative_eigenvalues_are_not_learned(step: OwnStep) -> Verdicts:
    """From the identity, Phi diagonal."""
    posed = step.exact()
    if equal_and_diagonal(step) and keeps_the_symmetric_invariant(posed.weights, posed.target):
        floor = negative_part(tuple(posed.target.diagonal()))
        yield step.decide(partial(loss_against, relation=">=", bound=floor))


@law(
    "DL-006",
    "5.2",
    wrong_signs(),
    says="equal scalar layers w in (0, 1], Phi = -1, eta < 1/2: 0 < w(t+1) <= w(t) and L(t+1) > 1/2",
    means="the trainer passes a point that stops gradient descent, or moves away from it",
)
def wrong_sign_is_never_left(step: OwnStep) -> Verdicts:
    """Depths 2 to 6."""
    w = float(step.before.weights[0][0, 0])
    if equal_and_diagonal(step) and 0 < w <= 1:
        for j in range(step.before.depth):
            yield step.decide(partial(layer_against, layer=j, relation=">", bound=fmpq(0)))
            yield step.decide(partial(layer_against, layer=j, relation="<=", bound=rational(w)))
        yield step.decide(partial(loss_against, relation=">", bound=fmpq(1, 2)))


@law(
    "DL-006",
    "5.3",
    at_zero(),
    says="W_1 = ... = W_N = 0, N >= 2, is stationary for every target",
    means="the trainer moves where every gradient is exactly zero: it adds noise, a bias, or something else of its own",
)
def zero_is_stationary(step: OwnStep) -> Verdicts:
    """Exactly, in every format."""
    moved = max(float(abs(matrix).max()) for matrix in step.after)
    yield compare(Comparison(rational(moved), "<=", fmpq(0), "the largest |entry| of W(t+1)"))


@law(
    "DL-032",
    "10.2",
    between_one_and_the_root(),
    says="equal layers, eigenvalues w between 1 and r = lambda^{1/N}: |w(t+1) - r| <= (1 - eta N m^{2N-2}) |w(t) - r|",
    means="a residual network does not approach its target at the rate that is proved for it",
)
def residual_layers_contract(step: OwnStep) -> Verdicts:
    """Phi diagonal and positive semidefinite."""
    if not equal_and_diagonal(step):
        return
    posed, depth = step.exact(), step.before.depth
    values = list(posed.target.diagonal())
    bounds = residual.Bounds.of(values, depth)
    for i, value in enumerate(values):
        w, r = posed.weights[0][i, i], power(value, Fraction(1, depth))
        between = (w < r and w >= 1) or (w > r and w <= 1)
        for layer in step.moved if between else ():
            yield compare(residual.contraction(w, r, layer[i, i], bounds.rate(step.learning_rate)))
