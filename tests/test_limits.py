"""Limits of theorems: one formula for numbers, intervals and symbols; and a learning rate must be positive."""

import numpy as np
import pytest
import sympy
from flint import arb, fmpq

from solvers import Problem
from solvers.arithmetic import exact
from solvers.guarantees import sharper_constants, theorem_one
from solvers.guarantees.limits import at_most

THEOREMS = [theorem_one, sharper_constants]
N, C, PHI = sympy.symbols("N c phi", positive=True)


@pytest.mark.parametrize("theorem", THEOREMS)
@pytest.mark.parametrize("depth", [1, 2, 3, 5])
def test_a_formula_of_symbols_is_that_of_numbers(theorem, depth):
    """At c = 2^-15 and Phi_F = 2^15, whose roots are rational at depths 1, 3 and 5 and irrational at 2."""
    c, phi = fmpq(1, 2**15), fmpq(2**15)
    at = {N: depth, C: sympy.Rational(1, 2**15), PHI: 2**15}
    for limit in (theorem.imbalance_limit, theorem.learning_rate_limit):
        quotient = arb(str(sympy.N(limit(N, C, PHI).subs(at), 60))) / arb(limit(depth, c, phi))
        assert abs(quotient - 1) < arb(2) ** -30


@pytest.mark.parametrize("theorem", THEOREMS)
def test_at_most_is_below_the_limit_and_near_it(theorem):
    """For a stack of float64 c and Phi_F."""
    margins, norms = np.array([0.1, 0.75, 3.0]), np.array([0.3, 1.0, 7.0])
    for limit in (theorem.imbalance_limit, theorem.learning_rate_limit):
        for found, c, phi in zip(at_most(limit, 3, margins, norms), margins, norms, strict=True):
            exactly = arb(limit(3, exact([[c]])[0, 0], exact([[phi]])[0, 0]))
            assert exactly * (1 - arb(2) ** -30) < arb(float(found)) <= exactly


@pytest.mark.parametrize("theorem", THEOREMS)
@pytest.mark.parametrize("rate", [fmpq(0), fmpq(-1)])
def test_a_learning_rate_that_is_not_positive_violates_the_hypotheses(theorem, rate):
    """0 < eta."""
    one = exact([[1]])
    assert theorem.violated(Problem((one,), one, rate), fmpq(1)).keys() == {"learning rate"}
