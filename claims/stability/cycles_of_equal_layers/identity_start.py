"""Statement 4: positive definite targets from W_j = I, at learning rates up to the edge."""

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.stability.cycles_of_equal_layers.up_to_the_edge import nears
from claims.suite import Fate, ablates, control, exact, sampled, witness
from solvers.arithmetic import Comparison, Scalar, compare, rational
from solvers.descent import gradient_descent
from solvers.descent.two_cycles import cycle_of_equal_layers, cycle_rate, problem_of_cycle
from solvers.guarantees import from_identity, residual
from solvers.network import Problem, loss
from strategies import diagonal

ROOTS = st.lists(st.integers(1, 24).map(lambda k: fmpq(k, 8)), min_size=1, max_size=3)
"""lambda^{1/N}, from 1/8 to 3."""


def scalar(depth: int, target: fmpq, rate: fmpq) -> Problem:
    """Layers 1."""
    return Problem((diagonal(1, 1, [1]),) * depth, diagonal(1, 1, [target]), rate)


@exact
@given(ROOTS, st.integers(2, 5), st.sampled_from([fmpq(1), fmpq(63, 64), fmpq(1, 2)]))
def test_eigenvalues_are_led_to_their_ends(roots: list[fmpq], depth: int, share: fmpq) -> None:
    """eta a share of its supremum, 1 where that is allowed, and all hypotheses as comparisons: for each eigenvalue
    twelve pairs of exact steps of z = w / lambda^{1/N}, each of which leads towards 1."""
    values = [root**depth for root in roots]
    limit = from_identity.learning_rate_limit(values, depth)
    eta = share * limit
    if any(eta * (1 - value) >= 1 for value in values):
        eta = fmpq(63, 64) * limit
    assert isinstance(eta, fmpq)
    problem = Problem(
        (diagonal(len(roots), len(roots), [1] * len(roots)),) * depth, diagonal(len(roots), len(roots), values), eta
    )
    assert from_identity.violated(problem) == {}
    for root in roots:
        a = eta * root ** (2 * depth - 2)
        z = 1 / root
        for _ in range(12):
            if z == 1:
                break
            assert compare(towards(z, depth, a)).holds
            z = rounded(residual.moved(residual.moved(z, fmpq(1), depth, a), fmpq(1), depth, a))


def rounded(z: fmpq) -> fmpq:
    """A number of 40 bits near z: the next state to be judged, as exact ones grow beyond bounds."""
    return fmpq(int(z.p * 2**40 // z.q), 2**40)


def towards(z: Scalar, depth: int, a: Scalar) -> Comparison:
    """(f(f(z)) - z)(1 - z) > 0."""
    twice = residual.moved(residual.moved(z, fmpq(1), depth, a), fmpq(1), depth, a)
    return Comparison((twice - z) * (1 - z), ">", fmpq(0), "two steps, towards 1")


@exact
@given(st.integers(2, 6), st.integers(1, 40))
def test_a_cycle_from_the_identity_beyond_the_edge(depth: int, more: int) -> None:
    """For every c = 1 - 1/(more + 1) the problem of the cycle {1, c}: from the identity it alternates, in rationals; it
    breaks the edge alone of the hypotheses, by a factor as near to 1 as one likes."""
    ratio = 1 - fmpq(1, more + 1)
    problem = scalar(depth, *problem_of_cycle(depth, 1, ratio))
    once = problem.step()
    assert [layer[0, 0] for layer in once.weights] == [ratio] * depth
    assert [layer[0, 0] for layer in once.step().weights] == [1] * depth
    assert from_identity.violated(problem).keys() == {"learning rate against the edge"}
    excess = depth * arb(cycle_rate(depth, ratio)) / 2 - 1
    assert 0 < excess < 3 * fmpq(depth, more + 1) ** 2 or more < 4 * depth


@sampled
@pytest.mark.parametrize("depth", [2, 3, 5])
def test_matrices_are_learned_just_below_the_edge(depth: int) -> None:
    """Five targets Q diag(..) Q^T of size 3, eigenvalues in [1/4, 2], at 31/32 of the supremum: float64 descent of the
    whole network, whose loss after 250 steps is less than a millionth of that after 10."""
    random, problems = np.random.default_rng(depth), []
    for _ in range(5):
        values = random.uniform(0.25, 2, 3)
        basis = np.linalg.qr(random.standard_normal((3, 3)))[0]
        target = basis * values @ basis.T
        rate = 31 / 32 * float(arb(from_identity.learning_rate_limit([rational(value) for value in values], depth)))
        problems.append(Problem((np.eye(3),) * depth, (target + target.T) / 2, rate))
    trajectories = gradient_descent(problems, steps=250, record=[10])
    assert len(trajectories) == 5
    for trajectory in trajectories:
        before, after = float(trajectory.loss[-2]), float(trajectory.loss[-1])
        assert after < before / 1e6


@control
@ablates("DL-065", "edge", "dropped", Fate.REFUTED)
@ablates("DL-065", "edge", "eta up to 2.000001 / (N lambda_max^{2-2/N})", Fate.REFUTED)
@pytest.mark.parametrize("depth", [2, 3, 10])
def test_refuted_just_beyond_the_edge(depth: int) -> None:
    """a is above 2/N by less than a millionth: {1, c} with c = 1 - 1/(2000 N)."""
    ratio = 1 - fmpq(1, 2000 * depth)
    target, eta = problem_of_cycle(depth, 1, ratio)
    problem = scalar(depth, target, eta)
    assert (problem.step().step().weights[0] == problem.weights[0]).all()
    assert loss(problem.weights, problem.target) > 0
    assert 1 < depth * arb(cycle_rate(depth, ratio)) / 2 < fmpq(1000001, 1000000)
    assert eta * (1 - target) == 1 - ratio


@control
@ablates("DL-065", "eta (1 - lambda_min) below 1", "<= 1", Fate.REFUTED)
@ablates("DL-065", "eta (1 - lambda_min) below 1", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("depth", [2, 3, 4])
def test_refuted_where_an_eigenvalue_is_lost(depth: int) -> None:
    """lambda = 1/8, eta = 8/7, below the edge: w is 0 from step 1 on. At eta = 44/35 and N = 3 it is -1/10, from where
    it rises, but never to 0: each step multiplies it by a number in (0, 1)."""
    problem = scalar(depth, fmpq(1, 8), fmpq(8, 7))
    assert problem.step().weights[0][0, 0] == 0
    assert problem.step().step().weights[0][0, 0] == 0
    (sentence,) = from_identity.violated(problem)
    assert sentence == "eigenvalues with eta (1 - lambda) < 1 against all"
    if depth == 3:
        lost = scalar(3, fmpq(1, 8), fmpq(44, 35))
        w = lost.step().weights[0][0, 0]
        assert w == fmpq(-1, 10)
        largest = fmpq(44, 35) * -w * (-(w**3) + fmpq(1, 8))  # eta |w|^{N-2} (|w|^N + lambda), which falls with |w|
        assert 0 < largest < 1
        assert from_identity.violated(lost).keys() == {sentence}


@control
def test_refuted_by_the_slower_theorem_alone() -> None:
    """lambda = 4, N = 2, eta = 1/4: DL-032's limit is 1/8; here the edge itself is allowed, and 1/4 + 1/1000 is not."""
    values = [fmpq(4)]
    assert residual.Bounds.of(values, 2).learning_rate == fmpq(1, 8)
    assert from_identity.learning_rate_limit(values, 2) == fmpq(1, 4)
    assert from_identity.violated(scalar(2, fmpq(4), fmpq(1, 4))) == {}
    assert from_identity.violated(scalar(2, fmpq(4), fmpq(251, 1000)))


@witness
def test_the_cycle_of_three_layers_from_the_identity() -> None:
    """N = 3, Phi = 4149/5125, eta = 1025/976: 1, 4/5, 1, ...; and the same Phi at the edge has none."""
    problem = scalar(3, fmpq(4149, 5125), fmpq(1025, 976))
    assert problem.step().weights[0][0, 0] == fmpq(4, 5)
    edge = from_identity.edge(fmpq(4149, 5125), 3)
    assert compare(Comparison(edge, "<", fmpq(1025, 976), "the edge")).holds
    assert cycle_of_equal_layers(3, fmpq(2, 3)) is None
    assert nears(fmpq(9, 10), 3, fmpq(2, 3))
