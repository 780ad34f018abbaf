"""Statement 3: |e| <= 1 at the two smallest weights is enough, at every depth."""

from itertools import combinations, pairwise

import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import given

from claims.stability.sharpness_along_descent.pair_law import factor, numbers, smallest_two
from claims.stability.sharpness_along_descent.two_layers import decided, falls
from claims.suite import Fate, ablates, control, exact, sampled, symbolic, witness
from solvers.arithmetic import Comparison, rational, settle
from solvers.flow import limit_squares, sharpness_change
from solvers.network import Problem
from strategies import scalar_chains, scalar_weights


def small_enough(problem: Problem, *, bound: fmpq | int = 1, pair: tuple[int, int] | None = None) -> bool:
    """|e_ij| <= ``bound``, which is 1, at ``pair``, which is that of the two smallest |w|."""
    i, j = smallest_two(problem) if pair is None else pair
    return bool(abs(factor(problem, i, j)) <= bound)


@symbolic
def test_growth_for_every_depth() -> None:
    """Step "growth", with a, a_2 the sums of y_l and y_l^2 outside K, b, b_2 those inside: dx = ds outside and ds + dg
    inside K. sum y dx = 0 gives ds, and dphi / Phi^2 = -sum y^2 dx; each term of the double sum is >= 0, as y_l >= y_k.
    Any N."""
    a, a2, b, b2, ds = sympy.symbols("a a_2 b b_2 ds")
    (moved,) = sympy.solve(a * ds + b * (ds + 1), ds)
    growth = -(a2 * moved + b2 * (moved + 1))
    assert sympy.simplify((a + b) * growth - (b * a2 - a * b2)) == 0
    inside, outside = sympy.symbols("y_k y_l", positive=True)
    assert sympy.expand(inside * outside**2 - outside * inside**2 - inside * outside * (outside - inside)) == 0


@symbolic
def test_all_pairs_for_every_depth() -> None:
    """Step "all pairs": |e_kl / e_ij| is |w_i w_j| / |w_k w_l|, at most 1 as |w_k| = |w_i| + s and |w_l| = |w_j| + t,
    s, t >= 0."""
    one, other, s, t = sympy.symbols("w_i w_j s t", nonnegative=True)
    excess = sympy.expand((one + s) * (other + t) - one * other)
    assert all(coefficient >= 0 for coefficient in sympy.Poly(excess, one, other, s, t).coeffs())


@exact
@given(scalar_chains())
def test_phi_falls_at_depths_two_to_six(problem: Problem) -> None:
    """The statement and each step of the proof, on exact steps: depths 2 to 6, |e| = 1 among the draws."""
    assert small_enough(problem)
    before, after = numbers(problem), numbers(problem.step())
    target = problem.target[0, 0]
    assert all(abs(factor(problem, k, other)) <= 1 for k, other in combinations(range(problem.depth), 2))
    order = sorted(range(problem.depth), key=lambda k: abs(before[k]))
    for k, other in pairwise(order):
        assert 0 <= after[other] ** 2 - after[k] ** 2 <= before[other] ** 2 - before[k] ** 2
    assert decided(falls(problem))
    if any(after[other] ** 2 - after[k] ** 2 != before[other] ** 2 - before[k] ** 2 for k, other in pairwise(order)):
        assert decided(
            settle(lambda: Comparison(sharpness_change(before, after, target), "<", fmpq(0), "a fall of phi"))
        )
    squares = limit_squares(before, target)
    assert all(squares[k].lower() <= squares[other].upper() for k, other in pairwise(order))


@sampled
@pytest.mark.parametrize("depth", [2, 3, 5])
def test_phi_falls_along_descent(depth: int) -> None:
    """Float64 runs of twenty starts, of both signs, at learning rates near the edge: at each of 40 states that they
    visit the exact step from it is judged, where the hypothesis holds there; most do, and none rises."""
    random = np.random.default_rng(depth)
    judged = fallen = 0
    for _ in range(20):
        weights = [float(w) for w in random.uniform(0.5, 2, depth) * random.choice([-1, 1], depth)]
        target, rate = float(random.uniform(0.5, 2)), float(random.uniform(0.3, 1.3) / depth)
        for _ in range(40):
            if not max(map(abs, weights)) < 1e6:
                break
            problem = Problem(
                scalar_weights(*map(rational, weights)), scalar_weights(rational(target))[0], rational(rate)
            )
            if small_enough(problem):
                judged += 1
                fallen += decided(falls(problem))
            weights = [float(w) for w in numbers(problem.step())]
    assert fallen == judged > 300


@control
@ablates("DL-063", "the two smallest", "the smallest and the third", Fate.REFUTED)
@ablates("DL-063", "|e| at most 1", "|e| <= 2", Fate.REFUTED)
@ablates("DL-063", "|e| at most 1", "dropped", Fate.REFUTED)
def test_refuted_for_another_pair() -> None:
    """w = (1, 2, 4), Phi = 1, eta = 1/14: |e| is 2 for the two smallest, 1 for the first and third, 1/2 for the last
    two; w' = (-3, 0, 3), and phi rises from about 45 to above 81."""
    problem = Problem(scalar_weights(1, 2, 4), scalar_weights(1)[0], fmpq(1, 14))
    assert numbers(problem.step()) == [-3, 0, 3]
    assert not small_enough(problem)
    assert small_enough(problem, pair=(0, 2))
    assert small_enough(problem, pair=(1, 2))
    assert small_enough(problem, bound=2)
    assert falls(problem).fails


@control
@ablates("DL-063", "the two smallest", "dropped", Fate.REFUTED)
def test_refuted_for_the_largest_two() -> None:
    """w = (1, 2, 40), Phi = 1, eta r pi = 40: the pair of the last two has |e| = 1/2, and phi rises."""
    problem = Problem(scalar_weights(1, 2, 40), scalar_weights(1)[0], fmpq(40, 79 * 80))
    assert small_enough(problem, pair=(1, 2))
    assert falls(problem).fails


@witness
def test_equality_and_strictness() -> None:
    """r = 0, and all |w| equal: no change. |e| = 1 at (1, 2): both squares become equal, and phi falls."""
    for weights, target, rate in (((1, 2, 3), 6, 5), ((2, -2, 2), 1, fmpq(1, 100))):
        problem = Problem(scalar_weights(*weights), scalar_weights(target)[0], fmpq(rate))
        before, after = numbers(problem), numbers(problem.step())
        assert small_enough(problem)
        assert sharpness_change(before, after, fmpq(target)) == 0
    problem = Problem(scalar_weights(1, 2, 3), scalar_weights(1)[0], fmpq(1, 15))
    after = numbers(problem.step())
    assert factor(problem, 0, 1) == 1
    assert after[0] ** 2 == after[1] ** 2
    assert sharpness_change(numbers(problem), after, fmpq(1)) < 0
