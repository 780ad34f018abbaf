"""Theorem 1 for data that are not white: its formulas by hand, each hypothesis once alone, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from solvers import Problem
from solvers.arithmetic import Enclosure, balls, compare, exact, lower_float, rational
from solvers.descent import gradient_descent
from solvers.guarantees import general_data
from solvers.guarantees.general_data import BALANCES, MARGINS, violated
from solvers.network.spectrum import inertia, singular_values, weighted_singular_values
from strategies import dyadic_matrices, positive_covariances

THOUSANDTH = fmpq(1, 1000)


def scalars(*layers, rate=THOUSANDTH, covariance=9, target=1):
    """One unit a layer, in rationals."""
    weights = tuple(exact([[layer]]) for layer in layers)
    return Problem(weights, exact([[target]]), rate, covariance=exact([[covariance]]))


def test_limits_by_hand():
    """N = 2 and 3, c = 8 or 4, F = 3, s_1 = 5: each power and each constant."""
    assert general_data.imbalance_limit(2, fmpq(4), "each") == fmpq(4, 8)
    assert general_data.imbalance_limit(3, fmpq(8), "each") == fmpq(4, 18)
    assert general_data.imbalance_limit(2, fmpq(4), "sum") == fmpq(4, 14)
    assert general_data.imbalance_limit(3, fmpq(8), "sum") == fmpq(4, 21)
    assert general_data.learning_rate_limit(2, fmpq(4), 3, 5, "each") == fmpq(4, 8 * 5 * 9)
    assert general_data.learning_rate_limit(3, fmpq(8), 3, 5, "sum") == fmpq(4, 45 * 5 * 9)
    assert general_data.kept_imbalance(3, fmpq(8), fmpq(2), "each") == fmpq(3, 2) * fmpq(4, 18)
    assert general_data.kept_imbalance(3, fmpq(8), fmpq(2), "sum") == fmpq(4, 12)
    assert general_data.decay_exponent(3, fmpq(8), fmpq(7)) == 7 * 16
    assert general_data.decay_exponent(1, fmpq(8), fmpq(7)) == 7


@pytest.mark.parametrize("balance", BALANCES)
def test_a_formula_of_symbols_is_that_of_numbers(balance):
    """At c = 2^-15, F = 2^15, s_1 = 3."""
    n, c, f, s = sympy.symbols("N c F s", positive=True)
    at = {n: 5, c: sympy.Rational(1, 2**15), f: 2**15, s: 3}
    numbers = fmpq(1, 2**15), fmpq(2**15), fmpq(3)
    pairs = [
        (general_data.imbalance_limit(n, c, balance), general_data.imbalance_limit(5, numbers[0], balance)),
        (general_data.learning_rate_limit(n, c, f, s, balance), general_data.learning_rate_limit(5, *numbers, balance)),
        (general_data.decay_exponent(n, c, s), general_data.decay_exponent(5, numbers[0], numbers[2])),
    ]
    for symbolic, number in pairs:
        assert abs(arb(str(sympy.N(symbolic.subs(at), 60))) / arb(number) - 1) < arb(2) ** -30


def test_the_norm_and_the_room_by_hand():
    """S = diag(4, 1/9), Phi = (2, 1), G(0) = (1, 3): |G|_S^2 = 5, and F is larger with the margin in the data."""
    covariance = exact(np.diag([4, 1])) * exact([[1, 0], [0, 1]])
    covariance[1, 1] = fmpq(1, 9)
    problem = Problem((exact([[3, 4]]),), exact([[2, 1]]), fmpq(1, 100), covariance=covariance)
    assert general_data.excess(problem) == fmpq(5, 2)
    assert general_data.extreme_eigenvalues(covariance) == (fmpq(1, 9), fmpq(4))
    assert compare_equal(general_data.norm_bound(problem, fmpq(1, 2), "weights"), arb(5).sqrt())
    assert compare_equal(general_data.norm_bound(problem, fmpq(1, 2), "data"), arb(1) / 2 + 3 * arb(5).sqrt())
    assert compare_equal(general_data.room(problem, fmpq(1, 2), "weights"), (arb(5).sqrt() - arb(1) / 2) / 3)
    assert compare_equal(general_data.room(problem, fmpq(1, 2), "data"), (arb(145) / 9).sqrt() - 1)


def compare_equal(left, right):
    return abs(arb(left) - right) < arb(2) ** -40


RATE, MARGIN = "learning rate against its limit", "|G(0)|_S against the margin"
SUM, EACH = "sum of |B_j|_2 against its limit", "||B_1||_F against delta"
LIMITS = {"each": fmpq(1, 8), "sum": fmpq(1, 14)}


@pytest.mark.parametrize("margin_in", MARGINS)
@pytest.mark.parametrize("balance", BALANCES)
def test_each_hypothesis_is_once_the_only_one_that_fails(balance, margin_in):
    """Depth 2, Phi = 1, S = 9 and c = 3/4 or 49/64: each at its limit to a part in 10^9, and just beyond, alone."""
    small, c, first = fmpq(1, 10**9), fmpq(3, 4), fmpq(866, 1000)
    part = c * LIMITS[balance]
    seconds = [rational(lower_float((arb(first) ** 2 + arb(part) * (1 + sign * small)).sqrt())) for sign in (-1, 1)]
    limit = c / ({"each": 8, "sum": 30}[balance] * 9)
    assert first * seconds[0] > c
    even = scalars(fmpq(7, 8), fmpq(7, 8), rate=limit / 2)
    cases = {
        "": (scalars(first, seconds[0], rate=limit), c),
        EACH if balance == "each" else SUM: (scalars(first, seconds[1], rate=limit), c),
        RATE: (scalars(first, seconds[0], rate=limit * (1 + small)), c),
        "learning rate": (scalars(first, seconds[0], rate=fmpq(0)), c),
        MARGIN: (even, fmpq(49, 64) + small),
    }
    assert not violated(even, fmpq(49, 64), balance=balance, margin_in=margin_in)
    for name, (problem, margin) in cases.items():
        assert violated(problem, margin, balance=balance, margin_in=margin_in).keys() == {name} - {""}, name


def test_a_margin_of_zero_and_a_singular_covariance_are_no_hypotheses():
    """c > 0 and s_d > 0 are said of their own."""
    assert "margin c" in violated(scalars(1, 1), 0)
    for margin_in in MARGINS:
        found = violated(replace(scalars(1, 1), covariance=exact([[0]])), fmpq(1, 2), margin_in=margin_in)
        assert "least eigenvalue of the covariance" in found


def test_a_covariance_that_rounding_made_indefinite_is_not_positive_definite():
    """Two features, one a third of the other, in float64: its least eigenvalue is negative."""
    inputs = np.array([[1.0, 2.0, 4.0], [1 / 3, 2 / 3, 4 / 3]])
    covariance = inputs @ inputs.T
    assert inertia(exact(covariance))[1] == 1
    problem = Problem((np.eye(2),), np.eye(2), 0.001, covariance=covariance)
    for margin_in in MARGINS:
        assert "least eigenvalue of the covariance" in violated(problem, 0.5, margin_in=margin_in)


def test_depth_one_has_no_balance():
    """Nothing is said of it."""
    problem = scalars(fmpq(15, 16), rate=fmpq(1, 1000))
    for balance in BALANCES:
        said = general_data.hypotheses(problem, fmpq(1, 2), balance=balance)
        assert not [each for each in said if "B_" in each.sentence]


@pytest.mark.parametrize("margin_in", MARGINS)
@pytest.mark.parametrize("balance", BALANCES)
def test_the_largest_learning_rate_and_margin_of_floats(balance, margin_in):
    """Both within 2^-40 of what they may be, and certainly not more."""
    covariance = np.array([[2.0, 0.5], [0.5, 1.0]])
    weights = (np.eye(2), np.array([[1.0, 0.125], [0.0, 1.0]]))
    problem = Problem(weights, np.eye(2), 0.0, covariance=covariance)
    c = general_data.certain_margin(problem, margin_in)
    found = general_data.with_largest_learning_rate(problem, c, balance=balance, margin_in=margin_in)
    wide = {SUM, EACH}
    assert not violated(found, c, balance=balance, margin_in=margin_in).keys() - wide
    larger = replace(found, learning_rate=found.learning_rate * (1 + 2.0**-40))
    assert RATE in violated(larger, c, balance=balance, margin_in=margin_in)
    assert MARGIN in violated(found, c + 2.0**-40, balance=balance, margin_in=margin_in)


def test_the_number_of_steps():
    """The least T with ln 2 <= T eta s_d c^{2/3 * 2}: c = 1/8, s_d = 9, eta = 1/100, so 9/1600 T."""
    problem = scalars(fmpq(1, 2), fmpq(1, 2), fmpq(1, 2), rate=fmpq(1, 100))
    assert general_data.enough_steps(problem, fmpq(1, 8), fmpq(2), fmpq(1)) == 124  # 123.2
    assert general_data.enough_steps(problem.nearest(), fmpq(1, 8), fmpq(2), fmpq(1)) == 124
    assert general_data.enough_steps(problem, fmpq(1, 8), fmpq(1), fmpq(2)) == 0


def test_after_steps_is_a_power():
    """Depth 1: E falls by (1 - 9 eta)^2 a step, and the bound by 1 - 9 eta; times and least are factors of the 9."""
    problem = scalars(fmpq(1, 2), rate=fmpq(1, 100))
    said = general_data.after_steps(problem, fmpq(1, 2), 3)
    start = general_data.excess(problem)
    assert said.left == start * fmpq(91, 100) ** 6
    assert said.right == start * fmpq(91, 100) ** 3
    assert compare(said).holds
    assert general_data.after_steps(problem, fmpq(1, 2), 1, times=2).right == start * fmpq(82, 100)
    assert general_data.after_steps(problem, fmpq(1, 2), 1, least=fmpq(1)).right == start * fmpq(99, 100)


def test_the_guarantee_of_a_run_is_that_of_its_steps():
    """Depth 1, S = 9: E after 100 certified steps is (1 - 9 eta)^200 E(0), and the bound is (1 - 9 eta)^100 E(0)."""
    problem = scalars(fmpq(3, 4), rate=fmpq(1, 1000)).nearest()
    trajectory = gradient_descent(problem, steps=100, certify=True)
    said = general_data.guarantee(trajectory, problem, fmpq(1, 2))
    assert compare(said).holds
    posed = problem.exact()
    start, kept = general_data.excess(posed), 1 - 9 * arb(posed.learning_rate)
    assert abs(arb(said.right) / (start * kept**100) - 1) < arb(2) ** -40
    assert compare(said._replace(right=start * kept**199)).holds
    assert compare(said._replace(right=start * kept**201)).fails


@given(st.data())
def test_weighted_singular_values_in_every_arithmetic(data):
    """Of A S^{1/2}, as of A L where S = L L^T: floats, rationals, enclosures and balls agree; wide and high A."""
    rows, columns = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    matrix = data.draw(dyadic_matrices(rows, columns))
    covariance = exact(data.draw(positive_covariances(columns, most=3)))
    floats = np.array(covariance, dtype=np.float64)
    wanted = singular_values(matrix @ np.linalg.cholesky(floats))
    exactly = weighted_singular_values(exact(matrix), covariance)
    assert len(exactly) == min(rows, columns)
    assert np.allclose([float(arb(value)) for value in exactly], wanted, rtol=0, atol=1e-6)
    assert np.allclose(weighted_singular_values(matrix, floats), wanted, rtol=0, atol=1e-6)
    rounded = exact(floats)
    of_floats = weighted_singular_values(exact(matrix), rounded)
    enclosed = weighted_singular_values(Enclosure.of(matrix), Enclosure.of(floats))
    in_balls = weighted_singular_values(balls(matrix), balls(rounded))
    for found in (enclosed, in_balls):
        assert all(arb(value).overlaps(ball) for value, ball in zip(of_floats, found, strict=True))
        assert all(ball.rad() < arb(2) ** -20 for ball in found)


def test_weighted_singular_values_that_do_not_fit():
    """The error names the covariance."""
    with pytest.raises(
        ValueError, match=r"covariance has shape \(1, 1\) but matrix has shape \(2, 3\); expected \(3, 3"
    ):
        weighted_singular_values(np.ones((2, 3)), np.ones((1, 1)))


BAD = [
    (lambda: general_data.imbalance_limit(2, fmpq(1), "all"), "balance is 'all'; expected one of each, sum"),
    (lambda: general_data.learning_rate_limit(2, fmpq(1), 1, 1, ""), "balance is ''; expected one of each, sum"),
    (lambda: violated(scalars(1), 1, margin_in="x"), "margin_in is 'x'; expected one of weights, data"),
    (lambda: violated(scalars(1), -1), "margin is -1; expected a number >= 0"),
    (lambda: general_data.certain_margin(scalars(1), "both"), "margin_in is 'both'; expected"),
    (
        lambda: violated(Problem((exact([[1]]),), exact([[1]]), fmpq(1)), 1),
        "problem has no covariance; expected one, the identity for data that are white",
    ),
    (
        lambda: general_data.on_the_range(scalars(1), [[2]]),
        "basis has columns that are not orthonormal; expected V\\^T V = I",
    ),
    (
        lambda: general_data.on_the_range(two_inputs(), [[1], [0]]),
        "basis does not span the range of the covariance; expected S V V\\^T = S",
    ),
]


def two_inputs():
    return Problem((exact([[1, 1]]),), exact([[1, 1]]), fmpq(1), covariance=exact(np.eye(2)))


@pytest.mark.parametrize(("call", "sentence"), BAD)
def test_bad_arguments(call, sentence):
    """Each error names the argument and what would be right."""
    with pytest.raises(ValueError, match=sentence):
        call()
