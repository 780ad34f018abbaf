"""What theorems promise of layers that start at the identity: hypotheses violated one by one, limits by hand."""

from dataclasses import replace

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from solvers.arithmetic import Comparison, compare, exact, lower_float, rational
from solvers.descent import gradient_descent
from solvers.guarantees import near_identity, residual, theorem_one
from solvers.network import Problem, loss
from strategies import diagonal, orthogonal_matrices

RATE = "learning rate against its limit"
DEFINITE = "positive eigenvalues of Phi's symmetric part against all"


def from_identity(target, depth=2, rate=1 / 16):
    """Float64 layers I."""
    target = np.array(target, dtype=float)
    return Problem((np.eye(len(target)),) * depth, target, rate)


GOOD = from_identity([[2, 1], [1, 3]])


@pytest.mark.parametrize("problem", [GOOD, GOOD.exact()], ids=["float64", "rationals"])
def test_all_hypotheses_of_the_rate_can_hold(problem):
    """A positive definite target far from the identity."""
    assert residual.violated(problem) == {}
    assert near_identity.violated(problem).keys() == {"||Phi - I||_F^2 against 1/4"}


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (replace(GOOD, weights=(np.eye(2), np.eye(2) * 1.25)), "||W_2 - I||_F^2 at step 0"),
        (replace(GOOD, weights=(-np.eye(2), np.eye(2))), "||W_1 - I||_F^2 at step 0"),
        (from_identity([[2, 1], [1 + 2.0**-50, 3]]), "||Phi - Phi^T||_F^2"),
        (from_identity([[2, 2], [2, 2]]), DEFINITE),
        (from_identity([[1, 0], [0, -(2.0**-1000)]]), DEFINITE),
        (replace(GOOD, learning_rate=1.0), RATE),
        (replace(GOOD, learning_rate=0.0), "learning rate against 0"),
        (Problem((np.ones((3, 2)), np.ones((2, 3))), np.eye(2), 0.25), "largest width against the smallest"),
    ],
    ids=["a layer", "a sign", "asymmetric", "semidefinite", "indefinite", "large", "zero", "widths"],
)
def test_each_hypothesis_of_the_rate_is_violated_alone(problem, sentence):
    """By one bit, where that can be."""
    assert residual.violated(problem).keys() == {sentence}
    assert residual.violated(problem.exact()).keys() == {sentence}


@pytest.mark.parametrize(
    ("eigenvalues", "depth", "limit", "rate"),
    [
        ([3], 1, fmpq(1), fmpq(0)),
        ([4], 2, fmpq(1, 8), fmpq(3, 4)),
        ([4, fmpq(1, 4)], 2, fmpq(1, 8), fmpq(15, 16)),
        ([fmpq(1, 4)], 2, fmpq(1, 2), fmpq(3, 4)),
        ([8, 1], 3, fmpq(1, 48), fmpq(15, 16)),
        ([2], 2, fmpq(1, 4), fmpq(1, 2)),
        ([0], 3, fmpq(1, 3), fmpq(1)),
        ([0], 1, fmpq(1), fmpq(0)),
    ],
)
def test_limits_and_rates_by_hand(eigenvalues, depth, limit, rate):
    """1 / (N u^{2N-2}) and, at that learning rate, 1 - eta N m^{2N-2}: rationals where they are, even if u is not."""
    bounds = residual.Bounds.of([fmpq(value) for value in eigenvalues], depth)
    assert bounds.learning_rate == limit
    assert bounds.rate(bounds.learning_rate) == rate
    target = diagonal(len(eigenvalues), len(eigenvalues), eigenvalues)
    assert residual.Bounds.of_target(target, depth) == bounds


def test_ends_of_the_spectrum_by_hand():
    """u = 2 and m = 1/2 for 4 and 1/4 at N = 2; 1 where all eigenvalues are on its other side."""
    bounds = residual.Bounds.of([fmpq(4), fmpq(1, 4)], 2)
    assert (bounds.upper, bounds.lower) == (2, fmpq(1, 2))
    assert residual.Bounds.of([fmpq(4)], 2).lower == 1
    assert residual.Bounds.of([fmpq(1, 4)], 2).upper == 1


def test_a_ball_around_one_is_neither_above_nor_below():
    """Its bounds contain both answers."""
    bounds = residual.Bounds.of([arb(1, 0.125)], 2)
    for value in (fmpq(7, 8), fmpq(1), fmpq(9, 8)):
        known = residual.Bounds.of([value], 2)
        assert bounds.largest.contains(arb(known.largest))
        assert bounds.smallest.contains(arb(known.smallest))


@pytest.mark.parametrize(("numerator", "held"), [(8, True), (9, False)])
def test_the_limit_itself_is_allowed(numerator, held):
    """eta = 1/8 for diag(4, 1) at N = 2, and no 1/64 more."""
    problem = from_identity(np.diag([4.0, 1.0]), rate=numerator / 64)
    assert (residual.violated(problem) == {}) == held


def test_the_bound_on_the_loss_by_hand():
    """Phi = 4, N = 2, eta = 1/8: q = 3/4, u = 2, so (2 * 2 * (3/4)^T)^2 (1 - 2)^2 / 2 = 8 (9/16)^T."""
    target = exact([[4]])
    assert [residual.loss_bound(target, 2, fmpq(1, 8), steps) for steps in (0, 1, 2)] == [8, fmpq(9, 2), fmpq(81, 32)]


@pytest.mark.parametrize(
    ("accuracy", "steps"), [(fmpq(9), 0), (fmpq(8), 0), (fmpq(7), 1), (fmpq(4), 2), (fmpq(81, 33), 3)]
)
def test_enough_steps_by_hand(accuracy, steps):
    """The least T with 8 (9/16)^T <= eps."""
    assert residual.enough_steps(from_identity([[4.0]], rate=1 / 8), accuracy) == steps


def test_one_step_is_enough_where_the_rate_is_zero():
    """Depth 1 and eta = 1: the target is reached, to any accuracy."""
    problem = from_identity([[3.0]], depth=1, rate=1.0)
    assert residual.enough_steps(problem, fmpq(1, 10**9)) == 1
    after = problem.exact().step()
    assert loss(after.weights, after.target) == 0


POSITIVE = st.integers(1, 16).map(lambda k: fmpq(k, 4))


@given(st.lists(POSITIVE, min_size=1, max_size=2), st.integers(1, 3), st.integers(1, 4), st.data())
def test_the_loss_of_networks_is_within_its_bound(eigenvalues, depth, part, data):
    """Two steps in rationals, any basis, a quarter to all of the largest learning rate."""
    basis, size = data.draw(orthogonal_matrices(len(eigenvalues))), len(eigenvalues)
    target = basis @ diagonal(size, size, eigenvalues) @ basis.T
    limit = residual.Bounds.of(eigenvalues, depth).learning_rate
    eta = rational(lower_float(limit)) * part / 4
    problem = Problem((diagonal(size, size, [1] * size),) * depth, target, eta)
    assert residual.violated(problem) == {}
    for steps in range(3):
        bound = residual.loss_bound(target, depth, problem.learning_rate, steps)
        assert compare(Comparison(loss(problem.weights, target), "<=", bound, "loss")).holds
        problem = problem.step()


def test_a_run_is_within_its_guarantee_and_a_stalled_one_is_not():
    """An eighth of the largest learning rate, for the rounding bound's sake; weights still at I break the promise."""
    largest = residual.with_largest_learning_rate(GOOD).learning_rate
    problem = replace(GOOD, learning_rate=largest / 8)
    steps = residual.enough_steps(problem, fmpq(1, 100))
    trajectory = gradient_descent(problem, steps=steps, certify=True)
    assert residual.violated(problem) == {}
    assert residual.violated(replace(GOOD, learning_rate=largest)) == {}
    assert compare(residual.guarantee(trajectory)).holds
    stalled = replace(trajectory, weights=problem.weights)
    assert compare(residual.guarantee(stalled)).fails


def test_a_step_contracts_by_hand():
    """lambda = 4, N = 2, eta = 1/8: from 1 to 1 + 3/8, so |w - 2| falls from 1 to 5/8 <= 3/4."""
    after = residual.moved(fmpq(1), fmpq(4), 2, fmpq(1, 8))
    assert after == fmpq(11, 8)
    comparison = residual.contraction(fmpq(1), fmpq(2), after, fmpq(3, 4))
    assert (comparison.left, comparison.right) == (fmpq(5, 8), fmpq(3, 4))


NEAR = near_identity.from_identity(np.array([[1.25, 0.25], [0.0, 1.0]]), 3)


def test_near_the_identity_theorem_one_applies_to_any_direction():
    """Phi is not symmetric; the learning rate is Theorem 1's largest, and a little more is too much."""
    assert NEAR.depth == 3
    assert near_identity.violated(NEAR) == {}
    margin = fmpq(*theorem_one.certain_margin(NEAR).as_integer_ratio())
    assert margin > 0
    assert theorem_one.violated(NEAR, margin) == {}
    more = replace(NEAR, learning_rate=NEAR.learning_rate * 1.01)
    assert theorem_one.violated(more, margin).keys() == {RATE}


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (replace(NEAR, weights=(np.eye(2), np.eye(2), np.diag([1.0, 1 + 2.0**-52]))), "||W_3 - I||_F^2 at step 0"),
        (from_identity([[0.5]]), "||Phi - I||_F^2 against 1/4"),
        (from_identity([[1.5]]), "||Phi - I||_F^2 against 1/4"),
        (from_identity([[0.6, 0], [0, 0.6]]), "||Phi - I||_F^2 against 1/4"),
        (Problem((np.ones((1, 2)),), np.ones((1, 2)), 0.25), "largest width against the smallest"),
    ],
    ids=["a layer", "below", "above", "the spectral norm is not enough", "widths"],
)
def test_each_hypothesis_near_the_identity_is_violated_alone(problem, sentence):
    """The strict 1/2 included."""
    assert near_identity.violated(problem).keys() == {sentence}


def test_the_margin_by_hand():
    """Phi = 3/4: 3/4 - 1/4 = 1/2 = 1 - 2 * 1/4."""
    comparison = near_identity.margin_bound(from_identity([[0.75]]).exact())
    assert (comparison.left, comparison.relation, comparison.right) == (fmpq(1, 2), ">=", fmpq(1, 2))
