"""Binomial tails against sums of rationals, the test at its level, seeds, and signs outside rounding."""

import ast
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from containment import contains
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.book import CLAIMS
from claims.suite.statistics import (
    LEVEL,
    binomial_tail,
    consistent,
    gaussian_networks,
    generator,
    least_noticed,
    non_central_chi_squared,
    positive,
    power,
    product_tail,
    squared_norms,
)
from solvers import Enclosure, imbalances
from solvers.arithmetic import rational


def summed(outcomes, trials, p):
    """P(X in outcomes), a sum of rationals."""
    return sum((comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in outcomes), Fraction(0))


@st.composite
def counts(draw):
    """Trials, successes and a rational probability, ends included."""
    trials = draw(st.integers(1, 40))
    return draw(st.integers(0, trials)), trials, Fraction(draw(st.integers(0, 24)), 24)


@given(counts())
def test_tails_contain_the_sum_of_their_terms(drawn):
    """Both sides, for probabilities 0 and 1 too."""
    successes, trials, p = drawn
    for side, outcomes in (("<=", range(successes + 1)), (">=", range(successes, trials + 1))):
        ball = binomial_tail(successes, trials, rational(p), side)
        assert contains(ball, rational(summed(outcomes, trials, p)))
        assert ball.rad() < arb(2) ** -200


def test_a_tail_of_many_trials():
    """P(X >= 2^14 + 1 of 2^15) at p = 1/2 is 1/2 minus half the central term."""
    trials = 2**15
    exact = (1 - Fraction(comb(trials, trials // 2), 2**trials)) / 2
    ball = binomial_tail(trials // 2 + 1, trials, fmpq(1, 2), ">=")
    assert abs(ball - arb(rational(exact))) < arb(2) ** -50


@pytest.mark.parametrize(("successes", "trials", "p"), [(-1, 3, 1), (4, 3, 1), (1, 3, 2), (1, 3, -1)])
def test_impossible_counts_and_probabilities_are_refused(successes, trials, p):
    """ValueError names the argument."""
    with pytest.raises(ValueError, match="successes is" if p == 1 else "probability is"):
        binomial_tail(successes, trials, fmpq(p), "<=")


@given(counts(), st.sampled_from(["<=", "==", ">="]))
def test_what_is_consistent_is_what_the_tails_say(drawn, relation):
    """With LEVEL from above and below: "==" is failed by either side at half the level."""
    successes, trials, p = drawn
    low = summed(range(successes + 1), trials, p)
    high = summed(range(successes, trials + 1), trials, p)
    tail = {"<=": high, ">=": low, "==": 2 * min(low, high)}[relation]
    verdict = consistent(successes, trials, relation, rational(p), "coins")
    assert verdict.holds == (rational(tail) >= LEVEL)
    assert verdict.fails == (rational(tail) < LEVEL)


def test_the_level_is_where_coins_turn_into_evidence():
    """All heads: 29 of 29 fair coins have 2^-29 > 10^-9, 30 of 30 do not; two-sided the 30th is needed once more."""
    half = fmpq(1, 2)
    assert consistent(29, 29, "<=", half, "heads").holds
    assert consistent(30, 30, "<=", half, "heads").fails
    assert consistent(30, 30, ">=", half, "heads").holds
    assert consistent(30, 30, "==", half, "heads").holds
    assert consistent(31, 31, "==", half, "heads").fails
    assert consistent(0, 31, "==", half, "heads").fails


def test_a_key_gives_the_same_numbers_and_another_key_others():
    """Seeds are fixed by what they are for."""
    first, again, other = (generator(*key).standard_normal(4) for key in (("a", 1), ("a", 1), ("a", 2)))
    assert (first == again).all()
    assert (first != other).any()


def test_networks_have_their_widths_and_scale():
    """(count, d_j, d_{j-1}) each; a scale of 0 gives zeros; another scale multiplies the same numbers."""
    ones, fours, zeros = (gaussian_networks((3, 2, 4), scale, 5, generator("shape")) for scale in (1.0, 4.0, 0.0))
    assert [layer.shape for layer in ones] == [(5, 2, 3), (5, 4, 2)]
    assert all((4 * one == four).all() for one, four in zip(ones, fours, strict=True))
    assert not any(layer.any() for layer in zeros)


@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 2**32))
def test_squared_norms_enclose_the_rational_ones(rows, columns, seed):
    """Of imbalances of float64 networks, matrix by matrix."""
    weights = gaussian_networks((columns, rows, columns), 1.0, 3, np.random.default_rng(seed))
    (enclosed,) = imbalances([Enclosure.of(layer) for layer in weights])
    found = squared_norms(enclosed)
    assert found.value.shape == (3,)
    to_rational = np.frompyfunc(rational, 1, 1)
    for k in range(3):
        (exact,) = imbalances([to_rational(layer[k]) for layer in weights])
        truth = (exact * exact).sum()
        assert abs(rational(found.value[k]) - truth) <= rational(found.radius[k])


def normal_density(x):
    """Of N(0, 1)."""
    return (-x * x / 2).exp() / (2 * arb.pi()).sqrt()


@pytest.mark.parametrize("shift", [fmpq(1, 8), fmpq(2), fmpq(20)])
@pytest.mark.parametrize("root", [fmpq(1, 4), fmpq(2), fmpq(19), fmpq(23)])
def test_non_central_chi_squared_of_one_and_three_degrees(shift, root):
    """P((z + b)^2 <= a^2) by the error function; two degrees more take (phi(a - b) - phi(a + b)) / b off."""
    with ctx.workprec(256):
        a, b, half = arb(root), arb(shift), arb(2).sqrt()
        one = (((a - b) / half).erf() + ((a + b) / half).erf()) / 2
        three = one - (normal_density(a - b) - normal_density(a + b)) / b
        for degrees, truth in ((1, one), (3, three)):
            found = non_central_chi_squared(degrees, shift**2, root**2)
            assert found.overlaps(truth)
            assert found.rad() < arb(2) ** -60


@pytest.mark.parametrize("value", [fmpq(1, 100), fmpq(3), fmpq(200)])
def test_central_chi_squared_of_even_degrees(value):
    """1 - exp(-x/2) and 1 - (1 + x/2) exp(-x/2), and no more for a non-centrality of 10^-30."""
    with ctx.workprec(256):
        rest = (-arb(value) / 2).exp()
        for degrees, truth in ((2, 1 - rest), (4, 1 - (1 + arb(value) / 2) * rest)):
            assert non_central_chi_squared(degrees, fmpq(0), value).overlaps(truth)
            assert abs(non_central_chi_squared(degrees, fmpq(1, 10**30), value) - truth) < arb(10) ** -25


def test_tail_of_a_product_at_its_end_and_by_its_mean():
    """P(|u v| > 0) = 1; and sums of the tail with step 1/64 enclose its integral E |u v| = 2 / pi, as it falls."""
    assert product_tail(fmpq(0)).overlaps(arb(1))
    tails = [product_tail(fmpq(k, 64)) for k in range(16 * 64)]
    above = sum(tails, arb(0)) / 64
    assert above - arb(1) / 64 < 2 / arb.pi() < above


def test_signs_are_those_outside_rounding():
    """Positive and negative; zero, and anything the radius reaches, is an error and not a guess."""
    values = Enclosure(np.array([1.0, -1.0]), np.array([0.5, 0.5]))
    assert positive(values).tolist() == [True, False]
    for value, radius in ((0.0, 0.0), (1.0, 1.0), (-1.0, 1.5), (np.nan, 0.0)):
        with pytest.raises(ArithmeticError, match="1 of 1 signs"):
            positive(Enclosure(np.array([value]), np.array([radius])))


@given(counts(), st.integers(0, 24), st.sampled_from(["<=", "==", ">="]))
def test_power_against_the_sum_of_what_is_refused(drawn, truth, relation):
    """P(the test fails) where another probability is true: the sum over the counts that the test itself refuses."""
    _, trials, p = drawn
    true = Fraction(truth, 24)
    refused = [k for k in range(trials + 1) if consistent(k, trials, relation, rational(p), "coins").fails]
    assert abs(power(trials, relation, float(p), float(true)) - summed(refused, trials, true)) < 1e-9


def test_the_least_deviation_that_is_noticed():
    """1000 fair coins: 0.14 is noticed and 0.13 is not, on either side; 29 coins notice nothing, 30 do."""
    half = fmpq(1, 2)
    assert least_noticed(1000, "==", half) == fmpq(14, 100)
    assert power(1000, "==", 0.5, 0.64) >= 0.99 > power(1000, "==", 0.5, 0.63)
    assert power(1000, "==", 0.5, 0.36) >= 0.99 > power(1000, "==", 0.5, 0.37)
    assert least_noticed(29, "<=", half) is None
    assert least_noticed(30, "<=", half) == half
    assert least_noticed(100, ">=", fmpq(1, 20)) is None, "no success at all is too likely"
    assert least_noticed(500, ">=", fmpq(1, 20)) == fmpq(1, 20)


def test_a_test_that_is_too_weak_for_what_it_states_is_refused():
    """ValueError names the argument, and so it does where the deviation leaves no probability."""
    half = fmpq(1, 2)
    assert consistent(500, 1000, "==", half, "heads", notices=fmpq(14, 100)).holds
    for notices in (fmpq(13, 100), fmpq(51, 100)):
        with pytest.raises(ValueError, match=r"heads: notices is 0\.\d+, but 1000 trials do not notice"):
            consistent(500, 1000, "==", half, "heads", notices=notices)


def calls_of_consistent():
    """Each call in a claim: its place, whether ``.fails`` is asked of it at once, and whether it states its power."""
    for path in sorted(CLAIMS.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        refuted = {
            id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "fails"
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "consistent":
                stated = any(keyword.arg == "notices" for keyword in node.keywords)
                yield f"{path.name}:{node.lineno}", id(node) in refuted, stated


def test_every_check_that_is_to_hold_states_its_power():
    """In all claims; a control is seen refuted, and needs none."""
    calls = list(calls_of_consistent())
    assert len(calls) > 40
    assert [place for place, refuted, stated in calls if not refuted and not stated] == []
