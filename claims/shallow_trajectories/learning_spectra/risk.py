"""Statement 2: the risk given the data, and the mean of its noise as t -> infinity."""

from itertools import pairwise, product

import numpy as np
import pytest
import sympy
from flint import fmpq, fmpq_mat

from claims.suite import control, exact, sampled, symbolic, witness
from claims.suite.means import mean_bound
from claims.suite.statistics import generator
from solvers.arithmetic import Comparison, compare
from solvers.shallow import regression_flow, risk

T, X, S, M = sympy.symbols("t x s m", positive=True)


def noise_at_infinity(samples: int, inputs: int, shift: int = 1) -> fmpq | None:
    """The mean of 1/n tr (I - exp(-S t))^2 S^{-1} as t -> infinity, None where infinite; ``shift`` stands for 1."""
    few, many = sorted((samples, inputs))
    return fmpq(few, many - few - shift) if many - few > shift else None


def inverse_chi_squared(degrees: int) -> sympy.Expr:
    """E 1/chi^2_m, by its density."""
    density = X ** (sympy.Rational(degrees, 2) - 1) * sympy.exp(-X / 2)
    weight = 2 ** sympy.Rational(degrees, 2) * sympy.gamma(sympy.Rational(degrees, 2))
    return sympy.integrate(density / X, (X, 0, sympy.oo)) / weight


@symbolic
def test_the_flow_in_one_eigendirection() -> None:
    """w(t) = (1 - exp(-x t)) (w* + noise/x) solves w' = -(x w - x w* - noise), w(0) = 0; its squared error is
    exp(-2 x t) w*^2 + ((1 - exp(-x t))/x)^2 noise^2 in the mean over independent signs, and noise = X^T e / n has the
    mean square s x / n: the two terms of the risk."""
    truth, noise = sympy.symbols("w e", real=True)
    path = (1 - sympy.exp(-X * T)) * (truth + noise / X)
    assert sympy.simplify(sympy.diff(path, T) + X * path - X * truth - noise) == 0
    assert path.subs(T, 0) == 0
    squared = sympy.expand((path - truth) ** 2)
    averaged = (squared + squared.subs(noise, -noise)) / 2
    stated = sympy.exp(-2 * X * T) * truth**2 + ((1 - sympy.exp(-X * T)) / X) ** 2 * noise**2
    assert sympy.simplify(averaged - stated) == 0
    samples = sympy.Symbol("n", positive=True)
    assert sympy.simplify(stated.subs({truth: 0, noise: sympy.sqrt(S * X / samples)})) == sympy.simplify(
        S / samples * (1 - sympy.exp(-X * T)) ** 2 / X
    )


@symbolic
@pytest.mark.parametrize("degrees", [3, 4, 5, 8, 11])
def test_the_mean_of_inverse_chi_squared(degrees: int) -> None:
    """1/(m - 2), here for five m; for every m it is Gamma(m/2 - 1) / (2 Gamma(m/2))."""
    assert inverse_chi_squared(degrees) == sympy.Rational(1, degrees - 2)
    ratio = sympy.gamma(M / 2 - 1) / (2 * sympy.gamma(M / 2))
    assert sympy.simplify(sympy.gammasimp(ratio) - 1 / (M - 2)) == 0


@symbolic
@pytest.mark.parametrize("degrees", [1, 2])
def test_infinite_for_one_and_two_degrees(degrees: int) -> None:
    """So |n - p| <= 1 leaves m = |n - p| + 1 degrees: infinite."""
    assert inverse_chi_squared(degrees) == sympy.oo
    assert noise_at_infinity(5 + degrees - 1, 5) is None


@exact
@pytest.mark.parametrize("samples", [1, 2, 3, 4, 7])
def test_one_input(samples: int) -> None:
    """p = 1: E 1/chi^2_n = 1/(n - 2), and n = 1, p = 1..: the same with n and p exchanged."""
    mean = inverse_chi_squared(samples)
    found = noise_at_infinity(samples, 1)
    assert (mean == sympy.oo) if found is None else (mean == sympy.Rational(int(found.p), int(found.q)))
    assert noise_at_infinity(1, samples) == found


@exact
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("samples", "inputs"), [(2, 1), (2, 2), (5, 3), (6, 4)])
def test_the_inverse_is_a_distance(seed: int, samples: int, inputs: int) -> None:
    """1/(A^{-1})_11, A = X^T X of whole numbers, is |x_1|^2 less the part of it in the span of the other columns."""
    x = generator("DL-058", "distance", seed, samples, inputs).integers(-4, 5, (samples, inputs))
    gram = fmpq_mat([[fmpq(int(entry)) for entry in row] for row in x.T @ x])
    assert gram.det() != 0
    distance = gram[0, 0]
    if inputs > 1:
        rest = fmpq_mat([[gram[i, j] for j in range(1, inputs)] for i in range(1, inputs)])
        cross = fmpq_mat([[gram[i, 0]] for i in range(1, inputs)])
        distance -= (cross.transpose() * rest.solve(cross))[0, 0]
    assert 1 / gram.inv()[0, 0] == distance > 0


@sampled
@pytest.mark.parametrize(("samples", "inputs"), [(12, 4), (4, 12), (30, 10)])
def test_noise_by_simulation(samples: int, inputs: int) -> None:
    """1/n tr S^{-1} (of what is not 0) over 20000 draws, cut off at 4 times its mean so that a bound for bounded
    numbers applies: below the mean stated, at level 10^-9; and above 0.9 of it. What is noticed is a tenth."""
    drawn = generator("DL-058", "noise", samples, inputs).standard_normal((20000, samples, inputs))
    small = drawn.mT @ drawn if samples >= inputs else drawn @ drawn.mT
    values = np.trace(np.linalg.inv(small), axis1=1, axis2=2)
    stated = noise_at_infinity(samples, inputs)
    assert stated is not None
    scale = 1000
    parts = [min(int(value * scale / float(stated)), 4 * scale) for value in values]
    deviation = mean_bound(parts, 4 * scale) + 1
    assert compare(Comparison(deviation, "<", fmpq(scale, 10), "what is noticed")).holds
    mean = fmpq(sum(parts), len(parts))
    assert compare(Comparison(mean - deviation, "<=", fmpq(scale), "cut off and rounded down: below")).holds
    assert compare(Comparison(mean + deviation, ">=", fmpq(9 * scale, 10), "and not far below")).holds


@sampled
@pytest.mark.parametrize(("samples", "inputs"), [(6, 4), (4, 6), (1, 1)])
def test_the_risk_is_that_of_the_flow(samples: int, inputs: int) -> None:
    """Over every basis vector as w* and as noise, the flow's squared errors add up to the risk; float64, to 10^-9."""
    x = generator("DL-058", "flow", samples, inputs).standard_normal((samples, inputs))
    times = np.array([0.0, 0.3, 2.0, 50.0])
    values = np.maximum(np.linalg.eigvalsh(x.T @ x / samples), 0)
    zero = np.zeros(inputs)
    truths = np.stack([regression_flow(x, x @ w, times, zero) - w for w in np.eye(inputs)])
    noises = np.stack([regression_flow(x, e, times, zero) for e in np.eye(samples)])
    for step, time in enumerate(times):
        found = (truths[:, step] ** 2).sum() / inputs + 3 * (noises[:, step] ** 2).sum()
        assert abs(found - risk(values, samples, float(time), 3.0)) <= 1e-9 * (1 + found)


@control
def test_refuted_with_another_shift() -> None:
    """n - p in place of n - p - 1, or n - p - 2: not the mean for p = 1."""
    for shift, samples in product((0, 2), (5, 7)):
        found = noise_at_infinity(samples, 1, shift)
        assert found is not None
        assert inverse_chi_squared(samples) != sympy.Rational(int(found.p), int(found.q))


@witness
def test_more_data_can_hurt() -> None:
    """At p = 10 the noise grows with n up to n = 8, is infinite for n = 9, 10, 11, and falls from 12 on."""
    found = [noise_at_infinity(n, 10) for n in range(1, 40)]
    below, around, above = found[:8], found[8:11], found[11:]
    assert around == [None] * 3
    assert all(a < b for a, b in pairwise(below))  # type: ignore[operator]
    assert all(a > b for a, b in pairwise(above))  # type: ignore[operator]
