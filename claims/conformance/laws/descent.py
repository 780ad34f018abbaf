"""Descent from any start and in the set of Lemma 7 (DL-003), and a single layer (DL-004)."""

from __future__ import annotations

from functools import partial

import numpy as np
from flint import fmpq

from claims.conformance.laws.iterates import OwnStep, agreement
from claims.conformance.laws.law import Verdicts, law
from claims.conformance.laws.starts import falling, networks, states
from claims.convergence.descent_lemma.step import HALF, decrease, layer_norm, squared_gradients
from solvers.arithmetic import Comparison, Scalar, compare, lower_float, rational, square_root
from solvers.guarantees import theorem_one
from solvers.guarantees.limits import root
from solvers.network import Problem, end_to_end, frobenius_squared, imbalances, loss, sigma_min, spectral_norm
from strategies.whole_problems import in_descent_set


def certainly(*comparisons: Comparison) -> bool:
    """Whether a step starts within a law's hypotheses for certain."""
    return all(compare(each).holds for each in comparisons)


@law(
    "DL-004",
    "4.8",
    networks(most=1),
    says="one layer: L(t+1) = (1 - eta)^2 L(t), L = 1/2 ||W - Phi||_F^2",
    means="even a single layer does not approach its target at the rate of gradient descent",
)
def one_layer_contracts(step: OwnStep) -> Verdicts:
    """Any single layer, any learning rate."""
    posed = step.exact()
    before, after = loss(posed.weights, posed.target), loss(step.moved, posed.target)
    law_has = (1 - step.learning_rate) ** 2 * before
    yield agreement(np.array([after]), np.array([law_has]), np.array([before]), "L(t+1)")


def largest_layer(problem: Problem) -> Scalar:
    """M^{2N-2} of DL-003, statement 4, at the network of a problem."""
    depth, product = problem.depth, end_to_end(problem.weights)
    reach = spectral_norm(problem.target) + square_root(frobenius_squared(product - problem.target))
    square = (1 + fmpq(1, depth)) * root(reach, 2, depth)
    for matrix in imbalances(problem.weights):
        square = square + fmpq(3, 2) * spectral_norm(matrix)
    largest: Scalar = square ** (depth - 1)
    return largest


def falls_from_anywhere(problem: Problem) -> Comparison:
    """0 < eta <= 1 / (3N M^{2N-2}), the hypothesis of DL-003, statement 4."""
    eta = rational(problem.learning_rate)
    return Comparison(eta * 3 * problem.depth * largest_layer(problem), "<=", fmpq(1), "eta against its limit")


def falls(problem: Problem, *, share: fmpq = HALF) -> Comparison:
    """L(t+1) <= L(t) - share * eta sum_j ||D_j||_F^2; the law's share is 1/2."""
    product = end_to_end(problem.weights)
    gain = share * rational(problem.learning_rate) * squared_gradients(problem.weights, product - problem.target)
    return Comparison(
        loss(problem.step().weights, problem.target), "<=", loss(problem.weights, problem.target) - gain, "L(t+1)"
    )


@law(
    "DL-003",
    "4.4",
    falling(),
    says="from any start, eta <= 1 / (3N M^{2N-2}): L(t+1) <= L(t) - eta/2 sum_j ||D_j||_F^2",
    means="the loss falls by less in a step than the theory promises, so no number of steps that it names is enough",
)
def loss_falls_from_anywhere(step: OwnStep) -> Verdicts:
    """Any network, no margin, no balance."""
    if certainly(falls_from_anywhere(step.exact())):
        yield step.decide(falls)


def lemma_seven_margin(step: OwnStep) -> Scalar | None:
    """A c for which the hypotheses of Lemma 7 certainly hold before the step, None where there is none."""
    margin = lower_float(sigma_min(end_to_end(step.before.enclosed().weights)))
    if not (margin > 0 and in_descent_set(step.before, margin)):
        return None
    posed, depth = step.exact(), step.before.depth
    norm = square_root(frobenius_squared(posed.target))
    delta = theorem_one.imbalance_limit(depth, rational(margin), norm)
    limit = theorem_one.learning_rate_limit(depth, rational(margin), norm)
    sizes = [square_root(frobenius_squared(matrix)) for matrix in imbalances(posed.weights)]
    within = [Comparison(size, "<=", 2 * delta, "balance") for size in sizes]
    return rational(margin) if certainly(*within, Comparison(step.learning_rate, "<=", limit, "eta")) else None


@law(
    "DL-003",
    "4.2",
    states(),
    says="Lemma 7: L(t+1) <= L(t) - eta/2 sigma_min(W)^{2(N-1)/N} ||W - Phi||_F^2 and |W_j(t+1)|_2 <= (4 Phi_F)^{1/N}",
    means="the lemma that Theorem 1's proof repeats at every step does not hold of this trainer's steps",
)
def descent_lemma(step: OwnStep) -> Verdicts:
    """States anywhere in Lemma 7's set."""
    if lemma_seven_margin(step) is not None:
        yield step.decide(decrease)
        yield from (step.decide(partial(layer_norm, layer=j, constant=fmpq(4))) for j in range(step.before.depth))
