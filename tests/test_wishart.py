"""Linear regression on random data against other ways to compute it: SciPy's matrix exponential and quadrature, sums
over permutations, a finite distribution; and what its functions refuse."""

import re
from itertools import product
from math import factorial

import numpy as np
import pytest
from flint import arb, fmpq
from scipy.integrate import quad
from scipy.linalg import expm

from claims.suite.cubature import gaussian_mean_of
from solvers.shallow import (
    classification_limit,
    finite_size_term,
    limit_risk,
    mean_moment,
    regression_flow,
    risk,
    spectral_density_integral,
    spectral_integral,
    spiked_density_integral,
    spiked_integral,
    wishart_moment,
)


def density(x, c):
    """Marchenko and Pastur's, from its ends as they are defined."""
    low, high = (1 - c**0.5) ** 2, (1 + c**0.5) ** 2
    return np.sqrt((x - low) * (high - x)) / (2 * np.pi * c * x)


@pytest.mark.parametrize("ratio", [0.25, 0.5, 2.0])
@pytest.mark.parametrize("h", [lambda x: x * x, lambda x: (-2 * x).exp(), lambda x: 1 / (3 + x)])
def test_integrals_by_quadrature(ratio, h):
    ends = (1 - ratio**0.5) ** 2, (1 + ratio**0.5) ** 2
    value = quad(lambda x: float(arb(h(arb(x)))) * density(x, ratio), *ends)[0]
    assert float(spectral_density_integral(h, ratio)) == pytest.approx(value, rel=1e-8)
    mass = max(1 - 1 / ratio, 0) * float(arb(h(arb(0))))
    assert float(spectral_integral(h, ratio)) == pytest.approx(value + mass, rel=1e-8)


@pytest.mark.parametrize(("ratio", "signal"), [(0.5, 2), (2.0, 1), (1.5, 2)])
def test_spiked_integrals_by_quadrature(ratio, signal):
    ends, top = ((1 - ratio**0.5) ** 2, (1 + ratio**0.5) ** 2), ratio + 1 + signal + ratio / signal
    value = quad(lambda x: x * np.sqrt((x - ends[0]) * (ends[1] - x)) / (2 * np.pi * (top - x)), *ends)[0]
    assert float(spiked_density_integral(lambda x: x, ratio, signal)) == pytest.approx(value, rel=1e-8)
    atom = max(signal**2 - ratio, 0) / signal * top
    assert float(spiked_integral(lambda x: x, ratio, signal)) == pytest.approx(value + atom, rel=1e-8)


def cycles(permutation):
    left, count = set(range(len(permutation))), 0
    while left:
        count, place = count + 1, left.pop()
        while (place := permutation[place]) in left:
            left.remove(place)
    return count


@pytest.mark.parametrize("order", range(1, 7))
def test_number_of_pairings_and_symmetry(order):
    """n = p = 1: (2k - 1)!!; and tr (X^T X)^k = tr (X X^T)^k exchanges n and p."""
    counted = wishart_moment(order)
    assert sum(counted.values()) == factorial(2 * order) // (2**order * factorial(order))
    assert counted == {(b, a): count for (a, b), count in counted.items()}


@pytest.mark.parametrize("samples", [1, 2, 3])
def test_many_samples_of_one_input(samples):
    """E |x|^{2k} for k = 1, 2, 3 by a sum over whole numbers; k = 0 is 1 at any size."""
    assert mean_moment(samples, 5, 0) == 1
    for order in (1, 2, 3):
        found = gaussian_mean_of((samples,), lambda x, order=order: (x * x).sum(axis=1) ** order)
        assert mean_moment(samples, 1, order) == found / samples**order


def test_means_of_monomials():
    """E x^a y^b is the product of both means, a, b <= 7; degree 8 is beyond it."""
    normal = (1, 0, 1, 0, 3, 0, 15, 0)
    for a, b in product(range(8), repeat=2):
        found = gaussian_mean_of((2,), lambda x, a=a, b=b: x[:, 0] ** a * x[:, 1] ** b)
        assert found == normal[a] * normal[b]
    assert gaussian_mean_of((1, 1), lambda x: x[:, 0, 0] ** 8) != 105
    for shape in ((7,), (2, 4), (0,)):
        with pytest.raises(ValueError, match=re.escape(f"shape is {shape}; expected 1 to 6 entries")):
            gaussian_mean_of(shape, lambda x: x)


@pytest.mark.parametrize("shape", [(6, 3), (3, 6), (4, 4), (1, 1)])
def test_flow_by_matrix_exponentials(shape):
    """The affine flow as one exponential of a matrix with one row more; times 0 to 20, more inputs than samples too."""
    random = np.random.default_rng(sum(shape))
    x, y, start = (
        random.standard_normal((2, *shape)),
        random.standard_normal((2, shape[0])),
        random.standard_normal((2, shape[1])),
    )
    times = np.array([0.0, 0.5, 3.0, 20.0])
    found = regression_flow(x, y, times, start)
    assert found.shape == (2, 4, shape[1])
    for i, (step, time) in product(range(2), enumerate(times)):
        matrix = np.zeros((shape[1] + 1,) * 2)
        matrix[:-1, :-1] = -x[i].T @ x[i] / shape[0]
        matrix[:-1, -1] = x[i].T @ y[i] / shape[0]
        expected = (expm(matrix * time) @ np.append(start[i], 1))[:-1]
        np.testing.assert_allclose(found[i, step], expected, rtol=1e-9, atol=1e-9)


def test_risk_without_time_and_with_all_of_it():
    """t = 0: 1. A zero eigenvalue, also where it is computed as -10^-17, keeps its part and learns no noise."""
    values = np.array([[0.0, 2.0], [-1e-17, 2.0]])
    np.testing.assert_array_equal(risk(values, 4, 0.0, 5.0), 1)
    np.testing.assert_allclose(risk(values, 4, 1e3, 5.0), 0.5 + 5 / 4 / 2, rtol=1e-12)
    assert float(limit_risk(fmpq(1, 2), fmpq(0), 5)) == pytest.approx(1)


def test_risks_of_a_stack_are_those_of_its_spectra():
    """Eigenvalues along the last of three axes, p = 2: by hand at t = ln 2, where exp(-x t) = 2^-x."""
    values = np.array([[[0.0, 1.0], [1.0, 2.0], [3.0, 1.0]], [[2.0, 2.0], [0.0, 0.0], [4.0, 1.0]]])
    time, kept = np.log(2), 2.0**-values
    learnt = np.where(values > 0, (1 - kept) ** 2 / np.maximum(values, 1), 0).sum(axis=2)
    np.testing.assert_allclose(risk(values, 4, time, 3.0), (kept**2).sum(axis=2) / 2 + 3 / 4 * learnt, rtol=1e-14)


def test_the_limit_of_many_samples():
    """c -> 0: S -> I, so the risk tends to exp(-2 t), and the term of order 1/p to that of h at 1."""
    small = fmpq(1, 10**8)
    assert float(limit_risk(small, fmpq(1), 1)) == pytest.approx(np.exp(-2), rel=1e-6)
    assert float(finite_size_term(lambda x: x * x, small)) == pytest.approx(1e-8, rel=1e-3)


X, Y, W, T = np.ones((3, 2)), np.ones(3), np.zeros(2), np.ones(1)
BAD = {
    "order": (lambda: wishart_moment(-1), ValueError, "order is -1; expected a whole number >= 0"),
    "large order": (lambda: wishart_moment(7), ValueError, "order is 7; expected at most 6"),
    "half": (lambda: mean_moment(1, 2.5, 1), ValueError, "inputs is 2.5; expected a whole number >= 1"),
    "no samples": (lambda: mean_moment(0, 1, 1), ValueError, "samples is 0; expected a whole number >= 1"),
    "ratio": (lambda: spectral_integral(lambda x: x, 0), ValueError, "ratio is 0; expected a positive number"),
    "ratio nan": (lambda: limit_risk(float("nan"), 1, 1), ValueError, "nan is not a rational number"),
    "signal": (lambda: classification_limit(1, 1, 1, 0), ValueError, "signal is 1; expected a positive number whose"),
    "negative": (lambda: classification_limit(1, -2, 1, 0), ValueError, "signal is -2; expected a positive number"),
    "time": (lambda: risk(np.ones(2), 3, -1.0, 0.0), ValueError, "time is -1.0; expected at least 0"),
    "list": (lambda: risk([1.0], 3, 1.0, 0.0), TypeError, "eigenvalues is a list; expected an array"),
    "labels": (lambda: regression_flow(X, W, T, W), ValueError, "labels has shape (2,); expected (3,)"),
    "start": (lambda: regression_flow(X, Y, T, Y), ValueError, "start has shape (3,); expected"),
    "times": (
        lambda: regression_flow(X, Y, np.float64(1), W),
        TypeError,
        "times is a float64; expected an array",
    ),
    "backwards": (
        lambda: regression_flow(X, Y, -T, W),
        ValueError,
        "times has the entry -1.0; expected",
    ),
    "one axis": (
        lambda: regression_flow(W, W, T, W),
        ValueError,
        "inputs has shape (2,); expected (..., n, p)",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input(name):
    call, error, sentence = BAD[name]
    with pytest.raises(error, match=re.escape(sentence)):
        call()
