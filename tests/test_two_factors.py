"""Two factors: steps by automatic differentiation and fractions, whole numbers of steps by counting, the flow of rank
one by a matrix exponential and quadrature; what the strategy promises and reaches; bad input."""

from __future__ import annotations

from fractions import Fraction

import jax
import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from scipy.integrate import quad_vec
from scipy.linalg import expm

from solvers.shallow import TwoFactors, growing_steps, rank_one_flow
from strategies import two_factor_starts

jax.config.update("jax_enable_x64", True)

GRADIENT = jax.jit(jax.grad(lambda pair, m: (pair[0] * pair[1] - m) ** 2 / 2))


@pytest.mark.parametrize("seed", range(3))
def test_a_step_is_that_of_the_gradient(seed):
    """Small dyadic numbers, on which float64 is exact."""
    random = np.random.default_rng(seed)
    for u, v, m in random.integers(-16, 17, (20, 3)) / 4:
        moved = TwoFactors(u, v, m, 0.25).step()
        slope = GRADIENT(np.array([u, v]), m)
        assert (moved.left, moved.right) == (u - 0.25 * slope[0], v - 0.25 * slope[1])


@given(*[st.fractions(-3, 3, max_denominator=5)] * 4)
def test_every_arithmetic_makes_the_same_steps(u, v, m, eta):
    """Three steps of fractions, of rationals and of arrays; balls are around them."""
    start = TwoFactors(u, v, m, eta)
    plain = start.descend(3)
    known = start.exact().descend(3)
    assert (known.left, known.right) == (fmpq(plain.left.numerator, plain.left.denominator), known.right)
    wide = start.enclosed().descend(3)
    assert wide.left.overlaps(arb(known.left))
    assert wide.right.overlaps(arb(known.right))
    many = TwoFactors(
        np.array([start.exact().left] * 2), start.exact().right, known.target, known.learning_rate
    ).descend(3)
    assert (many.left == known.left).all()
    assert known.residual == known.left * known.right - known.target
    assert (known.total, known.gap) == (known.left + known.right, known.left - known.right)
    assert start.exact().descend(0) == start.exact()


@given(st.fractions(Fraction(1, 100), 5), st.sampled_from([fmpq(3, 2), fmpq(101, 100), fmpq(9)]), st.fractions(0, 5))
def test_growing_steps_counts(start, factor, level):
    """The least T with start * factor^T >= level, one factor after another."""
    here, top, count = fmpq(start.numerator, start.denominator), fmpq(level.numerator, level.denominator), 0
    found = growing_steps(here, factor, top)
    while here < top:
        here, count = here * factor, count + 1
    assert found == count


@pytest.mark.parametrize("shape", [(1, 1), (3, 2), (2, 4)])
@pytest.mark.parametrize("rank", [0, 1, 2])
def test_the_flow_of_rank_one_is_its_formula(shape, rank):
    """e^{J t} z_0 by SciPy's matrix exponential, its squared length integrated by quadrature: relative 1e-9, which is
    ten times the quadrature's own tolerance."""
    random = np.random.default_rng(shape[0])
    target = random.standard_normal((shape[0], rank)) @ random.standard_normal((rank, shape[1]))
    left, right = (random.standard_normal(size) for size in shape)
    right *= np.linalg.norm(left) / np.linalg.norm(right)
    joint = np.block([[np.zeros((shape[0], shape[0])), target], [target.T, np.zeros((shape[1], shape[1]))]])
    state, times = np.concatenate([left, right]), np.array([0.0, 0.3, 1.0, 2.5])
    found = np.concatenate(rank_one_flow(target, left, right, times), axis=1)
    assert found.shape == (4, sum(shape))
    for time, row in zip(times, found, strict=True):
        length, _ = quad_vec(lambda tau: ((expm(joint * tau) @ state) ** 2).sum(), 0, time, epsabs=1e-10, epsrel=1e-10)
        np.testing.assert_allclose(row, expm(joint * time) @ state / np.sqrt(1 + length), rtol=1e-9, atol=1e-9)


def test_the_flow_of_rank_one_arrives_and_does_not_overflow():
    """A = diag(4, 1) until t = 10^4: u v^T = diag(4, 0), and from e_2 alone diag(0, 1); from u = -v nothing is left."""
    target, times = np.diag([4.0, 1.0]), np.array([1e4])
    for left, right, limit in (
        ([0.6, 0.8], [0.0, 1.0], [[4, 0], [0, 0]]),
        ([0.0, 0.5], [0.0, 0.5], [[0, 0], [0, 1]]),
        ([0.0, 1.0], [0.0, -1.0], [[0, 0], [0, 0]]),
    ):
        u, v = rank_one_flow(target, np.array(left), np.array(right), times)
        np.testing.assert_allclose(np.outer(u[0], v[0]), limit, atol=1e-13)


@given(st.booleans().flatmap(lambda one_sign: st.tuples(st.just(one_sign), two_factor_starts(one_sign=one_sign))))
def test_starts_meet_the_hypotheses(case):
    """m > 0, p != 0, u v <= m, 0 < eta (2m + q^2) <= 1, and u v > 0 where that is asked for."""
    one_sign, start = case
    assert start.target > 0
    assert start.total != 0
    assert start.residual <= 0
    assert 0 < start.learning_rate * (2 * start.target + start.gap**2) <= 1
    assert not one_sign or start.left * start.right > 0


REACHED = {
    "the truth": lambda s: s.residual == 0,
    "half of the target": lambda s: s.left * s.right == s.target / 2,
    "the largest rate": lambda s: s.learning_rate * (2 * s.target + s.gap**2) == 1,
    "opposite signs": lambda s: s.left * s.right < 0,
    "one factor 0": lambda s: s.left * s.right == 0,
    "a small p": lambda s: abs(s.total) < fmpq(1, 1000),
    "a large q": lambda s: s.gap**2 > 100 * s.target,
    "both negative": lambda s: s.left < 0 and s.right < 0,
}


@pytest.mark.parametrize("kind", REACHED)
def test_what_starts_reach(kind):
    """Each of these is drawn."""
    quick = settings(max_examples=3000, database=None, phases=[Phase.generate])
    find(two_factor_starts(), REACHED[kind], settings=quick)


def test_what_starts_shrink_to():
    """u = v = m = 1, eta = 1/2."""
    found = find(
        two_factor_starts(), lambda s: True, settings=settings(database=None, phases=[Phase.generate, Phase.shrink])
    )
    assert (found.left, found.right, found.target, found.learning_rate) == (1, 1, 1, fmpq(1, 2))


def test_a_bad_argument_is_refused():
    """InvalidArgument, when an example is drawn."""

    @settings(max_examples=1, database=None)
    @given(two_factor_starts(one_sign=1))
    def draw(_):
        pass

    with pytest.raises(InvalidArgument, match="one_sign is 1; expected True or False"):
        draw()


A, U, V, TIMES = np.ones((2, 3)), np.ones(2), np.ones(3), np.array([0.0, 1.0])

BAD = {
    "a text": (lambda: TwoFactors("1", 1, 1, 1), "left is '1'; expected a number"),
    "nothing": (lambda: TwoFactors(1, 1, None, 1), "target is None; expected a number"),
    "a list": (lambda: TwoFactors(1, [1], 1, 1), "right is .1.; expected a number, or an array of numbers"),
    "nan": (lambda: TwoFactors(1.0, 1.0, 1.0, float("nan")), "learning_rate is nan; expected a finite number"),
    "infinity": (lambda: TwoFactors(1.0, float("inf"), 1.0, 1.0), "right is inf; expected a finite number"),
    "half a step": (lambda: TwoFactors(1.0, 1.0, 1.0, 1.0).descend(0.5), "steps is 0.5; expected a whole number >= 0"),
    "steps below 0": (lambda: TwoFactors(1.0, 1.0, 1.0, 1.0).descend(-1), "steps is -1; expected a whole number >= 0"),
    "growth from 0": (lambda: growing_steps(fmpq(0), fmpq(2), fmpq(1)), "start is 0; expected a number > 0"),
    "no growth": (lambda: growing_steps(fmpq(1), fmpq(1), fmpq(2)), "factor is 1; expected a number > 1"),
    "a vector for A": (lambda: rank_one_flow(U, U, V, TIMES), r"target has shape \(2,\); expected \(m, n\)"),
    "a longer u": (lambda: rank_one_flow(A, V, V, TIMES), r"left has shape \(3,\); expected \(2,\)"),
    "a shorter v": (lambda: rank_one_flow(A, U, U, TIMES), r"right has shape \(2,\); expected \(3,\)"),
    "nan in A": (lambda: rank_one_flow(A * np.nan, U, V, TIMES), r"target has the entry nan at \(0, 0\)"),
    "a list of times": (lambda: rank_one_flow(A, U, V, [0.0]), "times is a list; expected an array"),
    "a time below 0": (lambda: rank_one_flow(A, U, V, -TIMES), "times has the entry -1.0; expected times >= 0"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_by_name(case):
    """TypeError or ValueError, with the argument and what would be right."""
    call, sentence = BAD[case]
    with pytest.raises((TypeError, ValueError), match=sentence):
        call()
