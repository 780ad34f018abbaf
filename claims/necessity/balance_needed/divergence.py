"""Statements 2 and 3: a set that a step leads farther into, and a start with a margin that leads there."""

import pytest
import sympy
from flint import arb, fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from claims.necessity.balance_needed.scalar_networks import UNIT, UNITS, in_d_dimensions, posed, values
from claims.suite import Fate, ablates, control, exact, symbolic, witness
from solvers.arithmetic import Comparison, compare
from solvers.network import Problem, deficiency_margin, loss

RATES = st.builds(lambda k, power: fmpq(k) / fmpq(2) ** power, st.integers(1, 5), st.integers(-2, 20))
PARTS = st.integers(0, 64).map(lambda k: fmpq(k, 64))

ETA = sympy.Symbol("eta", positive=True)
MORE = sympy.Symbol("n", integer=True, nonnegative=True)  # N - 2


def one_large_weight(depth: int, margin: fmpq, rate: fmpq) -> Problem:
    """Statement 3, with the largest a that it allows."""
    r = min(margin, rate * margin * (1 - margin))
    small = min(r / 2, rate * r ** (2 * depth - 1) / (20 * (1 + rate)))
    return posed([margin / small ** (depth - 1), *[small] * (depth - 1)], rate)


def in_the_set(rate: fmpq, depth: int, low: fmpq, high: fmpq, *, factor: int = 20) -> bool:
    """The condition of statement 2 on B, C and eta, with its constant."""
    return bool(2 <= low <= high and rate * low ** (2 * depth - 1) >= factor * high)


def next_ends(rate: fmpq, depth: int, high: fmpq) -> tuple[fmpq, fmpq]:
    """Statement 2's bounds of |w_j| after a step, 14 C and 5/4 eta C^{2N-1}."""
    return 14 * high, fmpq(5, 4) * rate * high ** (2 * depth - 1)


def ends(problem: Problem) -> tuple[fmpq, fmpq]:
    """The smallest and the largest |w_j|."""
    sizes = [abs(w) for w in values(problem)]
    return min(sizes), max(sizes)


@witness
def test_the_ends_are_the_smallest_and_the_largest_layer() -> None:
    """Of 3, -5 and 4."""
    assert ends(posed([fmpq(3), fmpq(-5), fmpq(4)], fmpq(1))) == (fmpq(3), fmpq(5))


@symbolic
@ablates("DL-004", "balance", "dropped", Fate.REFUTED)
@pytest.mark.parametrize(("factor", "growth"), [(20, 14), (4, 2)])
def test_divergence_is_an_induction_for_every_depth(factor: int, growth: int) -> None:
    """Statement 2 with B = 2 (1 + b), N = 2 + n and eta B^{2N-1} = 20 C + s, all symbols: what is left is >= 0. With 4
    for 20 and 2 for 14 too."""
    b, s, extra = sympy.symbols("b s extra", nonnegative=True)
    c = sympy.Symbol("C", positive=True)
    depth, low = MORE + 2, 2 * (1 + b)
    decay = sympy.Symbol("decay")  # B^{-N} = 1/4 exp(-(n log 2 + N log(1 + b))) <= 1/4
    exponent = MORE * sympy.log(2) + depth * sympy.log(1 + b)
    assert exponent.is_nonnegative
    assert sympy.simplify(low**-depth * 4 * sympy.exp(exponent)) == 1
    assert sympy.simplify(low ** (depth - 1) * (low**depth - 1) / low ** (2 * depth - 1) - (1 - low**-depth)) == 0
    least = (factor * c + s) * (1 - decay) - c  # eta B^{N-1} (B^N - 1) - C
    assert sympy.expand(least - growth * c - 3 * s / 4 - (factor * c + s) * (sympy.Rational(1, 4) - decay)) == 0
    high = low + extra  # C >= B, for C^{-N} <= 1/4 in eta C^{N-1} (C^N + 1) <= 5/4 eta C^{2N-1}
    assert sympy.simplify(high ** (depth - 1) * (high**depth + 1) / high ** (2 * depth - 1) - 1 - high**-depth) == 0
    again = ETA * (growth * c) ** (2 * depth - 1) - factor * sympy.Rational(5, 4) * ETA * c ** (2 * depth - 1)
    assert sympy.simplify(again / (ETA * c ** (2 * depth - 1)) - (growth ** (2 * depth - 1) - 5 * factor // 4)) == 0
    assert sympy.expand(2 * depth - 1 - 3 - 2 * MORE) == 0
    assert growth**3 > 5 * factor // 4  # and growth^{2n} >= 1


@symbolic
@ablates("DL-004", "balance", "dropped", Fate.REFUTED)
def test_every_learning_rate_and_margin_has_a_start_that_diverges_for_every_depth() -> None:
    """Statement 3: the step to w_1 + eta a^{N-1} (1-c) and a + k/a; with B = r/a and C = (1 + eta) / a^{N-1} the
    condition eta B^{2N-1} >= 20 C is a^N <= eta r^{2N-1} / (20 (1 + eta)), and a^N <= a."""
    a, c, r = sympy.symbols("a c r", positive=True)
    depth = MORE + 2
    product, large = c, c / a ** (depth - 1)
    assert sympy.simplify(large * a ** (depth - 1) - product) == 0
    other = a - ETA * (product / a) * (product - 1)
    assert sympy.simplify(other - a - ETA * c * (1 - c) / a) == 0
    quotient = ETA * (r / a) ** (2 * depth - 1) / (20 * (1 + ETA) / a ** (depth - 1))
    allowed = ETA * r ** (2 * depth - 1) / (20 * (1 + ETA)) / a**depth
    assert sympy.simplify(sympy.expand_power_base(quotient / allowed, force=True)) == 1
    t = sympy.Symbol("t", nonnegative=True)  # a = 1 / (1 + t) <= 1
    assert (sympy.log(1 + t) * (depth - 1)).is_nonnegative  # a^N <= a, and c / a <= c / a^{N-1}


@exact
@example(2, [fmpq(0)] * 6, [True] * 5)  # the lower bound is attained
@example(3, [fmpq(0)] * 6, [False] * 5)  # beyond eta C^{2N-1}
@example(2, [*[fmpq(0)] * 5, fmpq(1, 4)], [False, True, *[True] * 3])  # beyond 6/5 eta C^{2N-1}
@given(st.integers(2, 5), st.lists(PARTS, min_size=6, max_size=6), st.lists(st.booleans(), min_size=5, max_size=5))
def test_one_step_from_anywhere_in_the_set(depth: int, places: list[fmpq], signs: list[bool]) -> None:
    """Statement 2: B, C, eta and the weights drawn, the ends of [B, C] and the smallest B and eta included."""
    low = 2 + 8 * places[0]
    high = low + 8 * places[1]
    rate = 20 * high / low ** (2 * depth - 1) * (1 + 4 * places[5])
    sizes = [low, high, *(low + (high - low) * place for place in places[2:])][:depth]
    weights = [w if sign else -w for w, sign in zip(sizes, signs, strict=False)]
    assert in_the_set(rate, depth, low, high)
    after = posed(weights, rate).step()
    least, most = ends(after)
    assert all((before > 0) != (now > 0) for before, now in zip(weights, values(after), strict=True))
    below, above = next_ends(rate, depth, high)
    assert below <= least <= most <= above
    assert in_the_set(rate, depth, below, above)
    assert in_the_set(rate, depth, least, most)


@exact
@given(st.sampled_from([2, 3, 4]), UNITS, RATES, st.data())
@ablates("DL-004", "balance", "dropped", Fate.REFUTED)
def test_from_a_margin_to_divergence(depth: int, margin: fmpq, rate: fmpq, data: st.DataObject) -> None:
    """Statement 3, in rationals: margin c exactly; after one step in the set, and the loss grows in the next."""
    scalar = one_large_weight(depth, margin, rate)
    problem = data.draw(in_d_dimensions(scalar))
    assert compare(Comparison(deficiency_margin(problem.weights, problem.target), "==", margin, "margin")).holds
    once = scalar.step()
    assert in_the_set(rate, depth, *ends(once))
    assert loss(problem.step().weights, problem.target) == loss(once.weights, once.target)
    twice = once.step()
    assert ends(twice)[0] >= 14 * ends(once)[1]
    assert loss(twice.weights, twice.target) > loss(once.weights, once.target)


@control
def test_refuted_upper_bound_without_the_quarter() -> None:
    """With eta C^{2N-1}: N = 3, w_j = -2, so w = -8, and eta = 5/4 with eta B^5 = 20 C: next are 43 > 40."""
    rate, low = fmpq(5, 4), fmpq(2)
    assert rate * low**5 == 20 * low
    after = posed([-low] * 3, rate).step()
    assert values(after) == [43] * 3
    most = ends(after)[1]
    assert compare(Comparison(most, "<=", rate * low**5, "|w_j| against eta C^(2N-1)")).fails
    assert compare(Comparison(most, "<=", fmpq(5, 4) * rate * low**5, "|w_j| against 5/4 eta C^(2N-1)")).holds


@control
def test_refuted_upper_bound_with_six_fifths() -> None:
    """N = 2, w = (-2, 2), eta = 10: next is 98 = 49/40 eta C^3; and 5/4 eta C^3 - 2 is attained for every eta."""
    for rate in (fmpq(10), fmpq(10**6)):
        most = ends(posed([fmpq(-2), fmpq(2)], rate).step())[1]
        assert most == next_ends(rate, 2, fmpq(2))[1] - 2
        assert compare(Comparison(most, "<=", fmpq(6, 5) * rate * 2**3, "|w_j| against 6/5 eta C^3")).fails


@control
def test_refuted_with_less_than_twenty() -> None:
    """N = 2, w = (2, 2), a learning rate a hundredth less than the set has: next are below 14 C."""
    for rate, inside in ((fmpq(5), True), (fmpq(99, 20), False)):
        assert in_the_set(rate, 2, fmpq(2), fmpq(2)) == inside
        least = ends(posed([fmpq(2)] * 2, rate).step())[0]
        assert compare(Comparison(least, ">=", next_ends(rate, 2, fmpq(2))[0], "|w_j| against 14 C")).holds == inside


@control
def test_refuted_with_eight_thirds_in_place_of_twenty() -> None:
    """eta = 2/3, w = (2, 2), Phi = 1: eta B^3 = 8/3 C, and the step is to (-2, -2) and back."""
    problem = posed([fmpq(2)] * 2, fmpq(2, 3))
    assert problem.learning_rate * 8 == fmpq(8, 3) * 2
    assert values(problem.step()) == [-2, -2]
    assert values(problem.step().step()) == [2, 2]
    assert not in_the_set(problem.learning_rate, 2, fmpq(2), fmpq(2), factor=4)


@control
def test_refuted_with_one_in_place_of_two() -> None:
    """B = C = 1 and any eta >= 20: w = Phi, and nothing moves. At N = 2 and B = C = 19/10 next are below 14 C."""
    problem = posed([UNIT, UNIT], fmpq(20))
    assert values(problem.step()) == [1, 1]
    low = fmpq(19, 10)
    rate = 20 / low**2
    assert not in_the_set(rate, 2, low, low)
    assert ends(posed([low] * 2, rate).step())[0] < next_ends(rate, 2, low)[0]


@witness
@pytest.mark.parametrize("signs", [(1, 1), (-1, -1)])
def test_the_lower_bound_is_attained_at_the_smallest_parameters(signs: tuple[int, int]) -> None:
    """N = 2, B = C = 2, eta = 5, so that eta B^3 = 20 C: |w_j'| = 28 = 14 C."""
    assert ends(posed([fmpq(-2), fmpq(3)], fmpq(5))) == (fmpq(2), fmpq(3))
    after = posed([fmpq(2 * sign) for sign in signs], fmpq(5)).step()
    assert values(after) == [-28 * sign for sign in signs]


@witness
def test_the_upper_bound_is_nearly_attained() -> None:
    """N = 3, w_j = -2, as eta grows: |w_j'| / (eta C^5) = 9/8 - 2 / (32 eta), the 1 + C^{-N} of the proof."""
    rate = fmpq(10**6)
    most = ends(posed([fmpq(-2)] * 3, rate).step())[1]
    assert most / (rate * 32) == fmpq(9, 8) - 2 / (32 * rate)
    assert arb(most / (rate * 32)) > 1
