"""The proofs of 3 and 4: one layer at a time in every dimension, then the constants for every k and every N."""

from functools import reduce
from operator import matmul

import pytest
import sympy

from claims.suite import symbolic
from claims.suite.symbols import is_zero, matrix_power, network_symbols
from solvers.network import end_to_end, imbalances


@symbolic
@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_one_layer_at_a_time(count: int) -> None:
    """Each replacement in 3 is the stated sum of m products, each with B_i once and 2(k-1) more factors W or W^T."""
    weights, _ = network_symbols(count)
    grams = [matrix.T @ matrix for matrix in weights]
    stages = [matrix_power(grams[0], count)]
    for i in range(1, count):  # W_{1:i}^T (W_{i+1}^T W_{i+1})^{k-i} W_{1:i}
        stages.append(end_to_end(weights[:i]).T @ matrix_power(grams[i], count - i) @ end_to_end(weights[:i]))
    assert is_zero(stages[-1] - end_to_end(weights).T @ end_to_end(weights))
    for i, b in enumerate(imbalances(weights), start=1):
        head, x, m = end_to_end(weights[:i]), weights[i - 1] @ weights[i - 1].T, count - i
        change = stages[i] - stages[i - 1]
        for r in range(m):
            factors = [grams[i]] * r + [b] + [x] * (m - 1 - r)
            assert 2 * (len(factors) - 1) + 2 * i == 2 * (count - 1)
            change -= head.T @ reduce(matmul, factors) @ head
        assert is_zero(change)


@symbolic
def test_the_costs_add_up_for_every_count() -> None:
    """sum_{m=1}^{k-1} m = k(k-1)/2."""
    k, m = sympy.symbols("k m", integer=True, positive=True)
    assert sympy.simplify(sympy.summation(m, (m, 1, k - 1)) - k * (k - 1) / 2) == 0


@symbolic
@pytest.mark.parametrize("count", [2, 3, 4, 5, 6])
def test_no_smaller_constant_does(count: int) -> None:
    """Scalars with w_i^2 = 1 - (i-1) delta: the distance 1 - prod_i w_i^2 is k(k-1)/2 delta - O(delta^2)."""
    delta = sympy.Symbol("delta", positive=True)
    distance = sympy.expand(1 - sympy.prod([1 - i * delta for i in range(count)]))
    assert distance.coeff(delta, 0) == 0
    assert distance.coeff(delta, 1) == sympy.Rational(count * (count - 1), 2)


@symbolic
def test_the_norm_bound_for_every_depth() -> None:
    """The proof of 4 with symbolic N: with x = delta / M^2 < 2^{-1/N} / (3 N^2), |W|_2^2 / M^{2N} > 1/2.

    Bernoulli's z^N >= 1 - N (1 - z) for z = 1 - (N-1) x = 1/(1 + w) in (0, 1]: equality at z = 1, and the derivative of
    the difference, -N (1 - z^{N-1}), is not positive since (N-1) ln z is not. What is left is linear in x.
    """
    n = sympy.Symbol("N", integer=True, positive=True)
    x, w = sympy.symbols("x w", nonnegative=True)
    z = sympy.Symbol("z", positive=True)
    bernoulli = z**n - (1 - n * (1 - z))
    assert bernoulli.subs(z, 1) == 0
    assert sympy.simplify(sympy.diff(bernoulli, z) + n * (1 - z ** (n - 1))) == 0
    assert (-(n - 1) * sympy.log(1 + w)).is_nonpositive
    share = (1 - n * (n - 1) * x) - n * (n - 1) / 2 * x
    limit = 1 / (3 * n**2)  # 2^{-1/N} < 1 makes x smaller still
    assert sympy.simplify(share.subs(x, limit) - sympy.Rational(1, 2) - 1 / (2 * n)) == 0
    above_zero = sympy.expand(sympy.cancel(3 * n**2 * (1 - (n - 1) * limit)).subs(n, 1 + w))  # z > 0
    assert above_zero == 3 + 5 * w + 3 * w**2
