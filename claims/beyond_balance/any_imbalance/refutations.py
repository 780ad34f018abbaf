"""What is false: eigenvalues left out or taken for others, larger constants, no gap, other depths."""

from functools import partial

import numpy as np
import pytest
from flint import fmpq

from claims.beyond_balance.any_imbalance.lemma import TwoLayers, decided, flow_rate, gap_lemma, norm_bound
from claims.beyond_balance.any_imbalance.single_steps import SHARE, falls, kept, states
from claims.suite import Fate, ablates, control
from solvers import Problem, loss
from solvers.arithmetic import Comparison, attained, compare, rational
from solvers.arithmetic import exact as rationals
from solvers.guarantees import any_imbalance as theorem
from solvers.network import end_to_end, layer_gradients

NEAR = fmpq(1, 10**6)
"""More than what these inequalities are decided up to."""


def scalars(first: int | fmpq, second: int | fmpq, target: int | fmpq = 0) -> TwoLayers:
    """Widths 1-1-1."""
    return TwoLayers((rationals([[first]]), rationals([[second]])), rationals([[target]]))


@control
def test_refuted_without_nu() -> None:
    """w_1 = 2, w_2 = 1: a = 1, mu = 0, nu = 3 and W^2 = 4 = (1 - 0)(1 + 3); without nu 1 < 4."""
    assert decided(gap_lemma, scalars(2, 1)).holds
    assert decided(lambda layers: attained(gap_lemma(layers), NEAR), scalars(2, 1)).holds
    assert decided(partial(gap_lemma, below=0), scalars(2, 1)).fails
    assert decided(partial(gap_lemma, below=fmpq(99, 100)), scalars(2, 1)).fails


@control
def test_refuted_with_more_of_mu() -> None:
    """w_1 = 1, w_2 = 2: a = 4, mu = 3, nu = 0 and W^2 = 4 = (4 - 3)(4 + 0)."""
    assert decided(gap_lemma, scalars(1, 2)).holds
    assert decided(lambda layers: attained(gap_lemma(layers), NEAR), scalars(1, 2)).holds
    assert decided(partial(gap_lemma, above=fmpq(101, 100)), scalars(1, 2)).fails


@control
def test_refuted_with_the_first_eigenvalue() -> None:
    """lam_1 for lam_m: W_2 = diag(2, 1), W_1 = 0: a = 1, and (1 - 4)(1 + 0) < 0."""
    layers = TwoLayers((rationals(np.zeros((2, 2))), rationals(np.diag([2.0, 1.0]))), rationals(np.eye(2)))
    assert decided(gap_lemma, layers).holds
    assert decided(partial(gap_lemma, rank=1), layers).fails


@control
def test_refuted_with_a_larger_rate() -> None:
    """201/100 alpha for 2 alpha at widths 1-1-1 and 1-2-1, where it is attained; 4 W^2 is needed in the norms."""
    orthogonal = TwoLayers((rationals([[1], [2]]), rationals([[3, 1]])), rationals([[7]]))
    for layers in (scalars(2, 1, 5), orthogonal):
        assert decided(flow_rate, layers).holds
        assert decided(lambda posed: attained(flow_rate(posed), NEAR), layers).holds
        assert decided(partial(flow_rate, times=fmpq(201, 100)), layers).fails
        assert decided(norm_bound, layers).holds
    assert decided(lambda posed: attained(norm_bound(posed), NEAR), scalars(2, 1)).holds
    assert decided(partial(norm_bound, share=fmpq(399, 400)), scalars(2, 1)).fails


@control
@ablates("DL-069", "gap of the imbalance", "dropped", Fate.REFUTED)
def test_refuted_without_a_gap() -> None:
    """W_1 = W_2 = 0 of width 1: alpha_0 = 0, and the loss never falls; no rate is promised, and a rate of 1/100 in its
    place is missed at once."""
    layers = scalars(0, 0, 1)
    problem = Problem(layers.weights, layers.target, fmpq(1, 10))
    (found,) = theorem.hypotheses(problem)
    assert compare(found).fails
    moved = problem.step()
    assert loss(moved.weights, moved.target) == loss(problem.weights, problem.target)
    assert compare(theorem.after_steps(problem, 1)).holds
    late = Comparison(
        loss(moved.weights, moved.target), "<=", loss(problem.weights, problem.target) * fmpq(99, 100), ""
    )
    assert compare(late).fails


@control
@ablates("DL-069", "two layers", "dropped", Fate.REFUTED)
def test_refuted_for_three_layers() -> None:
    """w_1 = 2, w_2 = 0, w_3 = 0, Phi = 1: of the imbalances -4 and 0 one has a gap, and the gradients are 0."""
    weights, target = tuple(rationals([[w]]) for w in (2, 0, 0)), rationals([[1]])
    rate = theorem.imbalance_rate(weights[:2])
    assert rate == 4
    assert all((gradient == 0).all() for gradient in layer_gradients(weights, target))
    with pytest.raises(ValueError, match="weights has 3 layers; expected 2"):
        theorem.imbalance_rate(weights)
    rest = loss(weights, target)
    assert compare(Comparison(fmpq(0), ">=", 2 * rate * rest, "rate of three layers")).fails


@control
def test_refuted_with_more_than_a_half_of_the_fall() -> None:
    """51/100 for 1/3 in statement 5: w_1 = w_2 = 1, a residual of 10^-4, eta (2 + |G|) = 1."""
    residual = fmpq(1, 10**4)
    layers = scalars(1, 1, 1 - residual)
    problem = Problem(layers.weights, layers.target, 1 / (2 + residual))
    assert compare(kept(problem, SHARE)).holds
    assert compare(kept(problem, fmpq(51, 100))).fails


@control
def test_refuted_beyond_four_thirds_of_the_learning_rate() -> None:
    """eta (2 + |G|) = 27/20 at the same place: less than a third of eta S is kept."""
    residual = fmpq(1, 10**4)
    layers = scalars(1, 1, 1 - residual)
    problem = Problem(layers.weights, layers.target, fmpq(27, 20) / (2 + residual))
    assert compare(kept(problem, SHARE)).fails


@control
def test_refuted_with_nine_times_the_rate_of_descent() -> None:
    """1 - 3 eta alpha_0 for 1 - eta alpha_0/3: w_1 = 0, w_2 = 1, Phi = 1/100: at the theorem's learning rate the loss
    falls by about 2 eta alpha_0."""
    layers = scalars(0, 1, fmpq(1, 100))
    limit = theorem.largest_learning_rate(Problem(layers.weights, layers.target, fmpq(1)))
    problem = Problem(layers.weights, layers.target, rational(limit))
    assert not theorem.violated(problem)
    assert compare(theorem.after_steps(problem, 2)).holds
    assert compare(theorem.after_steps(problem, 2, times=9)).fails


@control
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_refuted_for_steps_six_times_as_long(seed: int) -> None:
    """eta (|W_1|^2 + |W_2|^2 + |G|) up to 6: of 500 states at least one certainly keeps no third of eta S."""
    fall, needed = falls(states(seed, (1, 1, 1), reach=6.0), SHARE)
    assert (fall.high < needed.low).any()


@control
def test_the_flow_has_no_rate_at_a_saddle_of_balanced_layers() -> None:
    """alpha is 0 with alpha_0 and sigma_min(W): W = 0, and the end-to-end matrix does not move."""
    layers = scalars(0, 0, 1)
    assert layers.rate == 0
    assert (end_to_end(layers.weights) == 0).all()
    assert layers.descent == 0
