"""Statement 2: at N = 2 phi falls exactly where eta |r| is at most sqrt 2, or where both weights are of one size."""

import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.stability.sharpness_along_descent.pair_law import numbers
from claims.suite import Fate, ablates, control, exact, symbolic, witness
from solvers.arithmetic import Comparison, Verdict, settle, square_root
from solvers.flow import limit_sharpness, sharpness_change
from solvers.network import Problem
from strategies import scalar_chains, scalar_weights

NEAR_ROOT = [fmpq(7, 5), fmpq(141421, 100000), fmpq(141422, 100000), fmpq(3, 2), fmpq(1), fmpq(5)]
"""eta |r| on both sides of sqrt 2, which no rational number is."""


def small_enough(problem: Problem, *, bound: fmpq | int = 2) -> bool:
    """b = 0, or eta^2 r^2 <= ``bound``, which is 2."""
    u, v = numbers(problem)
    r = u * v - problem.target[0, 0]
    return bool(u**2 == v**2 or (problem.learning_rate * r) ** 2 <= bound)


def falls(problem: Problem) -> Verdict:
    """phi(w') <= phi(w)."""
    before, after = numbers(problem), numbers(problem.step())
    target = problem.target[0, 0]
    return settle(lambda: Comparison(sharpness_change(before, after, target), "<=", fmpq(0), "change of phi"))


def decided(verdict: Verdict) -> bool:
    """The verdict as a truth value; undecided is an error."""
    assert verdict.holds or verdict.fails
    return verdict.holds


@symbolic
def test_phi_at_two_layers() -> None:
    """x, y > 0 with x - y = b and x y = Phi^2: (x + y)^2 = b^2 + 4 Phi^2, and Phi^2 (1/x + 1/y) = x + y; and
    (1 - y)^2 <= 1 exactly where y (y - 2) <= 0."""
    x, y = sympy.symbols("x y", positive=True)
    assert sympy.expand((x + y) ** 2 - ((x - y) ** 2 + 4 * x * y)) == 0
    assert sympy.simplify(x * y * (1 / x + 1 / y) - (x + y)) == 0
    assert sympy.expand((1 - y) ** 2 - 1 - y * (y - 2)) == 0


@exact
@given(scalar_chains(max_depth=2, shares=st.sampled_from(NEAR_ROOT)))
def test_phi_falls_if_and_only_if(problem: Problem) -> None:
    """Both directions; b = 0, r = 0, weights 0 and of both signs among the draws."""
    assert decided(falls(problem)) == small_enough(problem)


@exact
@given(st.lists(st.integers(-40, 40), min_size=2, max_size=2), st.integers(1, 40))
def test_the_formula_for_phi(weights: list[int], target: int) -> None:
    """(b^2 + 4 Phi^2)^{1/2} is in the ball of the general definition."""
    u, v = (fmpq(weight, 8) for weight in weights)
    formula = square_root((u**2 - v**2) ** 2 + 4 * fmpq(target, 8) ** 2)
    assert limit_sharpness([u, v], fmpq(target, 8)).overlaps(1 * formula)
    assert not limit_sharpness([u, v], fmpq(target, 8)).overlaps(formula * fmpq(1001, 1000))


@control
@ablates("DL-063", "eta |r| at most sqrt 2", "dropped", Fate.REFUTED)
@ablates("DL-063", "eta |r| at most sqrt 2", "eta |r| <= 3/2", Fate.REFUTED)
@pytest.mark.parametrize("rate", [fmpq(3, 4), fmpq(141422, 200000)])
def test_refuted_beyond_the_root_of_two(rate: fmpq) -> None:
    """w = (3, 1), Phi = 1, r = 2: at eta = 3/4 phi^2 rises from 68 to 104, and just beyond sqrt 2 / 2 it rises too;
    so the rule with 9/4 for 2 is refuted."""
    problem = Problem(scalar_weights(3, 1), scalar_weights(1)[0], rate)
    assert falls(problem).fails
    assert not small_enough(problem)
    assert small_enough(problem, bound=fmpq(9, 4))


@control
def test_refuted_with_one_for_the_root_of_two() -> None:
    """eta |r| = 7/5: phi falls, though eta |r| > 1; so 1 for 2 is no equivalence."""
    problem = Problem(scalar_weights(3, 1), scalar_weights(1)[0], fmpq(7, 10))
    assert falls(problem).holds
    assert small_enough(problem)
    assert not small_enough(problem, bound=1)


@witness
def test_equal_sizes_never_change() -> None:
    """b = 0: phi is 2 Phi for ever, at any learning rate; and the rise from 68 to 104 in full."""
    problem = Problem(scalar_weights(5, -5), scalar_weights(1)[0], fmpq(3))
    assert falls(problem).holds
    before = Problem(scalar_weights(3, 1), scalar_weights(1)[0], fmpq(3, 4))
    after = numbers(before.step())
    assert (after[0] ** 2 - after[1] ** 2) ** 2 + 4 == 104
    assert (3**2 - 1) ** 2 + 4 == 68
