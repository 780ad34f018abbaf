"""Larger learning rates, smaller bounds and larger shares, refuted."""

from dataclasses import replace

import pytest
from flint import arb, fmpq

from claims.beyond_balance.bounded_descent.rows import ROWS
from claims.beyond_balance.bounded_descent.starts import ONE, scalars
from claims.beyond_balance.bounded_descent.state import AnyState
from claims.suite import Fate, ablates, control
from claims.suite.ledger import Row
from solvers.arithmetic import Comparison, compare, exact, lower_float, rational
from solvers.guarantees import bounded_descent
from solvers.guarantees.bounded_descent import energy, falls, violated
from solvers.guarantees.general_data import total_imbalance
from solvers.network import Problem, imbalances

RATE = {"learning rate against its limit"}


def at(problem: Problem, bound_squared: fmpq | arb, most: fmpq = ONE) -> Problem:
    """The problem at the learning rate of another M^2, rounded down to a float64 number."""
    limit = bounded_descent.learning_rate_limit(problem.depth, arb(bound_squared), most)
    return replace(problem, learning_rate=rational(lower_float(limit)))


@control
@ablates("DL-071", "learning rate", "dropped", Fate.REFUTED)
@ablates("DL-071", "learning rate", "x 17 at depths 1 to 8 and 64", Fate.REFUTED)
@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5, 6, 7, 8, 64])
def test_refuted_with_seventeen_times_the_learning_rate(depth: int) -> None:
    """Phi = 1 and equal layers of 1 + 10^-4, or 1 + 10^-6 at depth 64: the loss rises. So 1/N is right, and 1/3 within
    17 of it at these depths."""
    layer = 1 + fmpq(1, 10**4 if depth < 10 else 10**6)
    problem = bounded_descent.with_safe_learning_rate(scalars([layer] * depth).nearest()).exact()
    assert not violated(problem)
    assert compare(falls(problem)).holds
    larger = replace(problem, learning_rate=17 * problem.learning_rate)
    assert violated(larger).keys() == RATE
    assert compare(falls(larger)).fails
    assert energy(larger.step()) > energy(larger)


@control
@ablates("DL-071", "imbalance", "dropped", Fate.REFUTED)
def test_refuted_without_the_imbalance_in_the_bound() -> None:
    """Layers 100 and 0, Phi = 1: C = 2, M^2 would be 3 and eta = 1/18; the loss goes from 1/2 to 24910081/162."""
    problem = scalars([100, 0])
    assert bounded_descent.reach(problem) == 2
    without = replace(problem, learning_rate=1 / (6 * bounded_descent.layer_bound_squared(2, fmpq(2), fmpq(0))))
    assert without.learning_rate == fmpq(1, 18)
    assert violated(without).keys() == RATE
    assert energy(without) == fmpq(1, 2)
    assert energy(without.step()) == fmpq(24910081, 162)


@control
@ablates("DL-071", "imbalance", "9/10 b for 3/2 b at depth 64", Fate.REFUTED)
def test_refuted_with_less_of_the_imbalance() -> None:
    """63 layers of 100 and one of 0, Phi = 1: b = 10^4, and with 9/10 b in M^2 the loss rises; with 3/2 b it falls."""
    problem = scalars([*[100] * 63, 0])
    reach, imbalance = bounded_descent.reach(problem), total_imbalance(problem.weights)
    assert imbalance == 10**4
    fewer = at(problem, bounded_descent.layer_bound_squared(64, reach, imbalance * fmpq(9, 10) / fmpq(3, 2)))
    assert energy(fewer.step()) > energy(fewer)
    assert compare(falls(at(problem, bounded_descent.layer_bound(problem)))).holds


@control
@ablates("DL-071", "learning rate", "97/100 C^{2/N} for (1 + 1/N) C^{2/N} at depth 64", Fate.REFUTED)
def test_refuted_with_less_of_the_product() -> None:
    """64 equal layers of 1 + 10^-6, Phi = 1: at eta for 97/100 C^{2/N} the loss rises."""
    problem = scalars([1 + fmpq(1, 10**6)] * 64)
    part = bounded_descent.layer_bound_squared(64, bounded_descent.reach(problem), fmpq(0)) * fmpq(64 * 97, 65 * 100)
    fewer = at(problem, part)
    assert energy(fewer.step()) > energy(fewer)


@control
@pytest.mark.parametrize("scale", [fmpq(1, 100), fmpq(100)], ids=str)
def test_other_powers_of_the_product_are_refuted(scale: fmpq) -> None:
    """Layers and target of another size: with M^2 of power 1/N for 2/N the loss rises at 100, and with 3/N at 1/100."""
    depth, power = 4, 1 if scale > 1 else 3
    layer = scale * (1 + fmpq(1, 10**4))
    problem = scalars([layer] * depth, scale**depth)
    reach = arb(bounded_descent.reach(problem))
    other = at(problem, fmpq(depth + 1, depth) * reach ** (arb(power) / depth))
    assert violated(other).keys() == RATE
    assert energy(other.step()) > energy(other)


THREE = AnyState(scalars([3, 3, 0], 1, fmpq(1, 1000), 1), ONE)
SINGLE = AnyState(scalars([2], 1, fmpq(1, 3), 1), ONE)
PAIR = AnyState(scalars([1, 1], 1, fmpq(1, 100), 1), ONE)
PAIR_APART = AnyState(scalars([1, 1], fmpq(1, 2), fmpq(1, 100), 1), ONE)
I2 = [[1, 0], [0, 1]]
TWISTED = Problem((exact(I2),) * 2, exact([[1, fmpq(-1, 2)], [0, 1]]), fmpq(1, 10**4), covariance=exact(I2))
SMALLER = {
    "end norms": (fmpq(99, 100), THREE),
    "layer norms": (fmpq(99, 100), THREE),
    "bounded": (fmpq(66, 100), PAIR),
    "kept": (fmpq(84, 100), SINGLE),
    "descent": (fmpq(49, 100), PAIR_APART),
    "falls": (fmpq(84, 100), SINGLE),
    "law": (fmpq(99, 100), AnyState(scalars([1, 0], 1, fmpq(1, 10), 1), ONE)),
    "drift": (fmpq(1, 2), AnyState(TWISTED, ONE)),
    "total drift": (fmpq(99, 100), SINGLE),
}
"""For each row a stronger constant, and a state that refutes it; (3, 3, 0) has |W_1|^2 = |W_2|^2 = 9 = b and W = 0."""


@control
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_refuted_with_a_stronger_constant(row: Row) -> None:
    """Each row's own constant holds at the state."""
    constant, state = SMALLER[row.name]
    assert row.says(state)
    assert all(compare(said).holds for said in row.says(state))
    assert any(compare(said).fails for said in row.statement(state, constant))


@control
def test_refuted_with_a_larger_share() -> None:
    """Depth 1, eta = 1/3: a step keeps 5/6 of eta S_t, so that 84/100 is too much."""
    problem = scalars([2], 1, fmpq(1, 3))
    assert not violated(problem)
    assert compare(falls(problem, share=fmpq(5, 6))).holds
    assert compare(falls(problem, share=fmpq(84, 100))).fails


@control
def test_refuted_that_the_imbalance_does_not_rise() -> None:
    """Widths 1, 1, 2, the residual across the second layer: b rises, by less than is allowed."""
    weights = exact([[1]]), exact([[1], [0]])
    problem = Problem(weights, exact([[1], [fmpq(1, 2)]]), fmpq(1, 20))
    assert not violated(problem)
    after = problem.step().weights
    assert total_imbalance(weights) == 0
    assert imbalances(after)[0][0, 0] > 0
    rise = bounded_descent.imbalance_rise(2, bounded_descent.reach(problem))
    assert compare(Comparison(total_imbalance(after), "<=", rise, "b after a step")).holds


@control
def test_refuted_with_a_quarter_of_the_gradient_bound() -> None:
    """Depth 1, T = 1, eta = 1/3: S_0 = 2 E(0) is within 2 E(0) / eta, and not within a quarter of it."""
    problem = scalars([2], 1, fmpq(1, 3))
    bound = bounded_descent.gradient_bound(problem, 1)
    assert bounded_descent.gradients_squared(problem) <= bound
    assert bounded_descent.gradients_squared(problem) > bound / 4


@control
@ablates("DL-071", "learning rate", "s_1 left out", Fate.REFUTED)
def test_refuted_without_the_largest_eigenvalue() -> None:
    """S = 64, W = 1 + 10^-4, Phi = 1: at the learning rate for S = 1 the loss rises, at depths 1 to 3."""
    for depth in (1, 2, 3):
        problem = scalars([1 + fmpq(1, 10**4)] * depth, 1, ONE, 64)
        white = at(problem, bounded_descent.layer_bound(problem))
        assert violated(white).keys() == RATE
        assert energy(white.step()) > energy(white)
        assert compare(falls(at(problem, bounded_descent.layer_bound(problem), fmpq(64)))).holds


@control
@ablates("DL-071", "positive definite", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("least", [fmpq(0), fmpq(1, 10**6)], ids=["singular", "ill-conditioned"])
def test_refuted_without_the_least_eigenvalue(least: fmpq) -> None:
    """S = diag(1, s_d), Phi = (1, 0), W(0) = (9/10, 256): the data hardly see how large W is, and with s_1 for s_d in C
    the loss explodes."""
    covariance = exact([[1, 0], [0, least]])
    first = exact([[fmpq(9, 160), 16]])
    problem = Problem((first, exact([[16]])), exact([[1, 0]]), ONE, covariance=covariance)
    reach = 1 + (2 * arb(energy(problem))).sqrt()
    bound = bounded_descent.layer_bound_squared(2, reach, total_imbalance(problem.weights))
    blind = at(problem, bound)
    assert energy(blind.step()) > 10 * energy(blind)
    if least > 0:
        assert violated(blind).keys() == RATE
    else:
        with pytest.raises(ValueError, match="least eigenvalue 0; expected one > 0"):
            violated(blind)
