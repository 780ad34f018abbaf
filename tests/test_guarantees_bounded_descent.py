"""The learning rate that is safe from any start: its formulas by hand, its hypotheses, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given, settings
from jax_oracle import data_gradients

from solvers import Problem
from solvers.arithmetic import compare, exact, rational
from solvers.guarantees import bounded_descent
from solvers.guarantees.bounded_descent import along, energy, falls, largest_rate, reach, violated
from strategies import safe_starts, start_stacks

THIRD = fmpq(1, 3)


def scalars(*layers, rate=THIRD, target=1, covariance=None):
    """One unit a layer, in rationals."""
    weights = tuple(exact([[layer]]) for layer in layers)
    seen = None if covariance is None else exact([[covariance]])
    return Problem(weights, exact([[target]]), rate, covariance=seen)


def test_formulas_by_hand():
    """N = 2 and 3, C = 8 or 4, b = 10, s_1 = 5: each power and each constant."""
    assert bounded_descent.layer_bound_squared(2, fmpq(4), fmpq(10)) == fmpq(3, 2) * 4 + 15
    assert bounded_descent.layer_bound_squared(3, fmpq(8), fmpq(10)) == fmpq(4, 3) * 4 + 15
    assert bounded_descent.imbalance_rise(3, fmpq(8)) == fmpq(2, 9) * 4
    assert bounded_descent.learning_rate_limit(3, fmpq(7), fmpq(5)) == fmpq(1, 9 * 5 * 49)
    assert bounded_descent.learning_rate_limit(1, fmpq(7), fmpq(5)) == fmpq(1, 15)


def test_a_formula_of_symbols_is_that_of_numbers():
    """At N = 5, C = 2^-15, b = 1/8 and M^2 = 3."""
    n, c, b, m, s = sympy.symbols("N C b m s", positive=True)
    at = {n: 5, c: sympy.Rational(1, 2**15), b: sympy.Rational(1, 8), m: 3, s: 7}
    small, eighth = fmpq(1, 2**15), fmpq(1, 8)
    pairs = [
        (bounded_descent.layer_bound_squared(n, c, b), bounded_descent.layer_bound_squared(5, small, eighth)),
        (bounded_descent.imbalance_rise(n, c), bounded_descent.imbalance_rise(5, small)),
        (bounded_descent.learning_rate_limit(n, m, s), bounded_descent.learning_rate_limit(5, fmpq(3), fmpq(7))),
    ]
    for symbolic, number in pairs:
        assert abs(arb(str(sympy.N(symbolic.subs(at), 60))) / arb(number) - 1) < arb(2) ** -30


def test_a_start_by_hand():
    """Layers 1 and 3, Phi = 1: C = 1 + 2, b = 8, M^2 = 9/2 + 12, eta <= 1/99; at S = 4 a quarter of it."""
    for covariance, least in ((None, 1), (1, 1), (4, 4)):
        problem = scalars(1, 3, covariance=covariance)
        assert reach(problem) == 3
        assert energy(problem) == 2 * least
        assert bounded_descent.layer_bound(problem) == fmpq(33, 2)
        assert largest_rate(problem) == fmpq(1, 99 * least)
        assert not violated(replace(problem, learning_rate=fmpq(1, 99 * least)))
        found = violated(replace(problem, learning_rate=fmpq(1, 99 * least) + fmpq(1, 10**12)))
        assert found.keys() == {"learning rate against its limit"}
        assert violated(replace(problem, learning_rate=fmpq(0))).keys() == {"learning rate"}


def test_c_has_the_least_eigenvalue_and_the_limit_the_largest():
    """S = diag(4, 1/9), Phi = (3, 4), G(0) = (1, 3): |G|_S^2 = 5, C = 5 + 3 sqrt(5), eta <= 1 / 12 at depth 1."""
    covariance = np.array([[fmpq(4), fmpq(0)], [fmpq(0), fmpq(1, 9)]], dtype=object)
    problem = Problem((exact([[4, 7]]),), exact([[3, 4]]), fmpq(1, 100), covariance=covariance)
    assert abs(arb(reach(problem)) - 5 - 3 * arb(5).sqrt()) < arb(2) ** -40
    assert abs(arb(largest_rate(problem)) - arb(1) / 12) < arb(2) ** -50


@settings(max_examples=15)
@given(start_stacks(size=3))
def test_the_safe_learning_rate_of_floats(stack):
    """Certainly within the limit, and within 2^-20 of it; exact where the enclosure of S does not tell."""
    for k in range(len(stack)):
        problem = bounded_descent.with_safe_learning_rate(stack[k].problem)
        assert problem.learning_rate > 0
        assert not violated(problem)
        larger = replace(problem, learning_rate=problem.learning_rate * (1 + 2.0**-20))
        assert violated(larger).keys() == {"learning rate against its limit"}


@settings(max_examples=15)
@given(start_stacks(size=1))
def test_the_gradient_is_that_of_automatic_differentiation(stack):
    """S_t on data of any covariance, to half the digits: where S is ill-conditioned D_j cancels."""
    problem = stack[0].problem
    found = data_gradients(problem.weights, problem.target, covariance=problem.covariance)
    square = sum(float(np.sum(each**2)) for each in found)
    assert np.isclose(float(arb(bounded_descent.gradients_squared(problem.exact()))), square, rtol=1e-6)


def test_along_says_the_same_number_of_things_at_every_step():
    """E, each layer, and from t = 1 on the imbalance."""
    said = [each for _, each in along(scalars(1, 2, 3, rate=fmpq(1, 10**6)), 3)]
    assert [len(each) for each in said] == [4, 5, 5]
    assert all(compare(one).holds for each in said for one in each)


@settings(max_examples=20)
@given(safe_starts())
def test_safe_starts_meet_the_hypotheses(problem):
    """Exactly."""
    assert not violated(problem)
    assert problem.learning_rate > 0


def test_where_all_is_zero_every_learning_rate_is_safe():
    """The limit is infinite; at depth 1 it is 1/3 whatever the start."""
    assert largest_rate(scalars(0, 0, target=0)) == arb.pos_inf()
    assert largest_rate(scalars(0, target=0)) == fmpq(1, 3)
    assert not violated(scalars(0, 0, target=0, rate=rational(10**9)))


MASKED = Problem((exact([[1, 1]]),), exact([[1, 1]]), fmpq(1), mask=np.array([[1, 0]]))
BAD = [
    (lambda: reach(scalars(1, covariance=0)), "covariance has the least eigenvalue 0; expected one > 0"),
    (lambda: largest_rate(MASKED), "problem has a mask; expected a covariance, or neither"),
    (lambda: bounded_descent.gradient_bound(scalars(1), 0), "steps is 0; expected a whole number >= 1"),
]


@pytest.mark.parametrize(("call", "sentence"), BAD)
def test_bad_arguments(call, sentence):
    """Each error names the argument and what would be right."""
    with pytest.raises(ValueError, match=sentence):
        call()


def test_the_bound_on_the_least_gradient_by_hand():
    """2 E(0) / (eta T) = 1 / (4/3): E(0) = 1/2, eta = 1/3, T = 4."""
    assert bounded_descent.gradient_bound(scalars(2), 4) == fmpq(3, 4)


def test_another_share_is_asked_for_by_name():
    """Depth 1, eta = 1/3: 5/6 of eta S_t is what a step keeps."""
    problem = scalars(2)
    assert compare(falls(problem, share=fmpq(5, 6))).holds
    assert compare(falls(problem, share=fmpq(5, 6) + fmpq(1, 10**9))).fails
