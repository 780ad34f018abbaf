"""Statement 1: moments for every n and p, by pairings; the same by sums over a finite distribution; their limit."""

from fractions import Fraction
from itertools import product
from math import comb
from typing import Any

import numpy as np
import pytest
import sympy
from flint import fmpq

from claims.suite import Fate, ablates, control, exact, sampled, symbolic, witness
from claims.suite.agreement import agree
from claims.suite.cubature import NODES, WEIGHTS, gaussian_mean_of
from claims.suite.statistics import generator
from solvers.arithmetic import rational
from solvers.shallow import mean_moment, spectral_integral, wishart_moment

N, P = sympy.symbols("n p", positive=True)
SMALL = [(n, p) for n, p in product(range(1, 7), repeat=2) if n * p <= 4]


def polynomial(order: int) -> sympy.Expr:
    """E tr S^k / p in n and p."""
    terms = (count * N**a * P**b for (a, b), count in wishart_moment(order).items())
    return sympy.expand(sum(terms, start=sympy.Integer(0)) / (P * N**order))


STATED = {
    1: sympy.Integer(1),
    2: 1 + (P + 1) / N,
    3: (N**2 + P**2 + 3 * N * P + 3 * N + 3 * P + 4) / N**2,
}


def trace_of_power(matrices: Any, order: int) -> Any:
    """tr (X^T X)^k of a stack of whole numbers."""
    gram = matrices.mT @ matrices
    powers = np.linalg.matrix_power(gram, order)
    return np.trace(powers, axis1=-2, axis2=-1)


def enumerated(samples: int, inputs: int, order: int) -> fmpq:
    """E tr S^k / p for normal entries, as a sum over whole numbers."""
    total = gaussian_mean_of((samples, inputs), lambda x: trace_of_power(x, order))
    found: fmpq = total / (inputs * samples**order)
    return found


def of_signs(samples: int, inputs: int, order: int) -> fmpq:
    """E tr S^k / p for independent entries +-1."""
    signs = np.array(list(product((-1, 1), repeat=samples * inputs))).reshape(-1, samples, inputs)
    return fmpq(int(trace_of_power(signs, order).sum()), len(signs) * inputs * samples**order)


@symbolic
@pytest.mark.parametrize("order", STATED)
def test_moments_for_every_n_and_p(order: int) -> None:
    """k = 1, 2, 3, n and p symbols: every pairing of the 2k factors."""
    assert sympy.expand(polynomial(order) - STATED[order]) == 0


@symbolic
@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
def test_limits_are_narayana_numbers(order: int) -> None:
    """For p = c n, n -> oo: sum_r 1/k C(k, r) C(k, r + 1) c^r, for k <= 5."""
    c = sympy.Symbol("c", positive=True)
    limit = sympy.limit(polynomial(order).subs(P, c * N), N, sympy.oo)
    narayana = sum((comb(order, r) * comb(order, r + 1) // order) * c**r for r in range(order))
    assert sympy.expand(limit - narayana) == 0


@exact
@pytest.mark.parametrize("ratio", [Fraction(1, 9), Fraction(1, 2), Fraction(1), Fraction(7, 3), Fraction(4)])
@pytest.mark.parametrize("order", [0, 1, 2, 3, 4, 5])
def test_the_law_has_these_moments(ratio: Fraction, order: int) -> None:
    """int x^k dMP in balls, the mass at 0 included for c > 1: Narayana's numbers again, k <= 5; and mass 1 at k = 0."""
    c = rational(ratio)
    narayana = sum((fmpq(comb(order, r) * comb(order, r + 1), order) * c**r for r in range(order)), start=fmpq(0))
    expected = narayana if order else fmpq(1)
    assert agree(lambda: spectral_integral(lambda x: x**order, c), lambda: expected, f"k = {order}, c = {ratio}").holds


@exact
@pytest.mark.parametrize(("samples", "inputs"), SMALL)
@pytest.mark.parametrize("order", STATED)
def test_moments_by_enumeration(samples: int, inputs: int, order: int) -> None:
    """n p <= 4, 1 x 4 to 4 x 1: the polynomial is the mean over a distribution on -3, ..., 3, in rationals."""
    assert mean_moment(samples, inputs, order) == enumerated(samples, inputs, order)


@exact
def test_the_finite_distribution() -> None:
    """Its moments 0 to 7 are those of N(0, 1); the 8th is not, so that degree 7 is all."""
    moments = [fmpq(sum(w * x**k for w, x in zip(WEIGHTS, NODES, strict=True)), 360) for k in range(9)]
    assert moments[:8] == [1, 0, 1, 0, 3, 0, 15, 0]
    assert moments[8] != 105


@exact
@pytest.mark.parametrize("samples", [1, 2, 5])
@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
def test_one_input_is_chi_squared(samples: int, order: int) -> None:
    """p = 1: n^k E S^k = n (n + 2) ... (n + 2k - 2), the moments of chi squared, k <= 5."""
    rising = fmpq(1)
    for step in range(order):
        rising *= samples + 2 * step
    assert mean_moment(samples, 1, order) == rising / samples**order


@sampled
def test_simulated_moment() -> None:
    """tr S^2 / p over 20000 draws, n = 12 and p = 8, within 5 standard errors of 1 + (p + 1)/n. Power: a deviation of
    7.4 standard errors, 2 percent of the value, would be noticed with probability 0.99."""
    drawn = generator("DL-058", "moments").standard_normal((20000, 12, 8))
    gram = drawn.mT @ drawn / 12
    values = (gram**2).sum(axis=(1, 2)) / 8
    error = values.std(ddof=1) / np.sqrt(len(values))
    assert 7.4 * error < 0.02 * float(mean_moment(12, 8, 2))
    assert abs(values.mean() - float(mean_moment(12, 8, 2))) < 5 * error


@control
@ablates("DL-058", "normal entries", "dropped", Fate.REFUTED)
@pytest.mark.parametrize(("samples", "inputs"), [(1, 1), (2, 2), (3, 1), (1, 4)])
def test_refuted_for_signs(samples: int, inputs: int) -> None:
    """Entries +-1: E tr S^2 / p = 1 + (p - 1)/n, by enumeration."""
    assert of_signs(samples, inputs, 1) == mean_moment(samples, inputs, 1)
    assert of_signs(samples, inputs, 2) == 1 + fmpq(inputs - 1, samples)
    assert of_signs(samples, inputs, 2) != mean_moment(samples, inputs, 2)


@control
@pytest.mark.parametrize("term", [(0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (0, 2)])
def test_refuted_with_another_coefficient(term: tuple[int, int]) -> None:
    """Each coefficient of n^2 E tr S^3 / p, one more, is refuted by enumeration at n = p = 2."""
    a, b = term
    assert enumerated(2, 2, 3) + fmpq(2**a * 2**b, 4) != mean_moment(2, 2, 3)
    changed = STATED[3] + N**a * P**b / N**2
    assert sympy.expand(polynomial(3) - changed) != 0


@control
def test_refuted_without_the_finite_part() -> None:
    """1 + p/n, the limit, in place of 1 + (p + 1)/n: wrong at every n."""
    limit = sympy.Add(1, P / N)
    assert sympy.expand(polynomial(2) - limit) == 1 / N


@witness
def test_one_number() -> None:
    """n = p = 1: E x^2 = 1, E x^4 = 3, E x^6 = 15; k = 0 is E tr I / p = 1."""
    assert [mean_moment(1, 1, order) for order in range(4)] == [1, 1, 3, 15]
