"""Statement 3: the limit of the risk, the term of order 1/p, and simulation."""

from functools import partial
from math import comb

import numpy as np
import pytest
import sympy
from flint import acb, arb, fmpq

from claims.shallow_trajectories.learning_spectra.moments import N, P, polynomial
from claims.suite import control, exact, sampled, symbolic, witness
from claims.suite.agreement import agree
from claims.suite.statistics import generator
from solvers.arithmetic import Comparison, Scalar, compare
from solvers.shallow import finite_size_term, limit_risk, risk, spectral_density_integral, spectral_integral
from solvers.shallow.wishart import grown

C = sympy.Symbol("c", positive=True)
HALF, QUARTER = sympy.Rational(1, 2), sympy.Rational(1, 4)
RATIOS = (fmpq(1, 4), fmpq(1, 2), fmpq(2))


def exact_term(order: int) -> sympy.Expr:
    """lim p (E tr S^k / p - int x^k dMP), by pairings."""
    finite = polynomial(order).subs(P, C * N)
    limit = sympy.limit(finite, N, sympy.oo)
    return sympy.expand(sympy.limit(sympy.expand(C * N * (finite - limit)), N, sympy.oo))


def stated_term(order: int, weight: sympy.Rational = QUARTER) -> sympy.Expr:
    """(h(l_-) + h(l_+)) / 4 - 1/(2 pi) int h da for h = x^k: |1 - r e^{ia}|^{2k}, r = sqrt c, has over a the mean
    sum C(k, j)^2 c^j. ``weight`` stands for 1/4."""
    root = sympy.sqrt(C)
    ends = (1 - root) ** (2 * order) + (1 + root) ** (2 * order)
    return sympy.expand(
        weight * ends - sympy.Rational(1, 2) * sum(comb(order, j) ** 2 * C**j for j in range(order + 1))
    )


@symbolic
@pytest.mark.parametrize("order", [1, 2, 3, 4, 5, 6])
def test_the_term_for_powers(order: int) -> None:
    """h = x^k, k = 1, ..., 6, for every c > 0; with 1/8 or 1/2 in place of 1/4 it fails."""
    assert sympy.expand(exact_term(order) - stated_term(order)) == 0
    for weight in (QUARTER / 2, HALF):
        assert sympy.expand(exact_term(order) - stated_term(order, weight)) != 0


@symbolic
@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_the_mean_over_the_angle(order: int) -> None:
    """1/pi int_0^pi (1 + c - 2 r cos a)^k da = sum C(k, j)^2 c^j, k <= 4."""
    r, a = sympy.symbols("r a", positive=True)
    mean = sympy.integrate(sympy.expand((1 + r**2 - 2 * r * sympy.cos(a)) ** order), (a, 0, sympy.pi)) / sympy.pi
    assert sympy.expand(mean - sum(comb(order, j) ** 2 * r ** (2 * j) for j in range(order + 1))) == 0


@exact
@pytest.mark.parametrize("ratio", [*RATIOS, fmpq(1)])
@pytest.mark.parametrize("order", [0, 1, 2, 3, 5])
def test_the_function_computes_the_term(ratio: fmpq, order: int) -> None:
    """finite_size_term against the exact term, in balls; h = 1 has none."""
    value = stated_term(order).subs(C, sympy.Rational(int(ratio.p), int(ratio.q)))
    expected = sympy.nsimplify(sympy.simplify(value), rational=True)
    found = agree(
        lambda: finite_size_term(lambda x: x**order, ratio),
        lambda: fmpq(int(expected.p), int(expected.q)),
        f"order {order}, c = {ratio}",
    )
    assert found.holds


@exact
@pytest.mark.parametrize("ratio", [fmpq(1, 4), fmpq(1, 2), fmpq(1), fmpq(3)])
def test_limits_in_time(ratio: fmpq) -> None:
    """t = 0: 1. t = 200, c < 1: c s / (1 - c), which is p / (n - p - 1) in the limit; c > 1: (1 - 1/c) + s / (c - 1).
    c = 1: the noise grows for ever."""
    assert agree(lambda: limit_risk(ratio, fmpq(0), fmpq(3)), lambda: 1, "t = 0").holds
    late = limit_risk(ratio, fmpq(200), fmpq(3))
    if ratio == 1:
        assert compare(Comparison(late, ">", limit_risk(ratio, fmpq(50), fmpq(3)) + 1, "c = 1")).holds
        return
    few = ratio / (1 - ratio) if ratio < 1 else 1 / (ratio - 1)
    end = 3 * few + max(1 - 1 / ratio, fmpq(0))
    assert compare(Comparison(abs(late - end), "<", arb(2) ** -20, f"c = {ratio}, t = 200")).holds


def correction(ratio: fmpq, time: fmpq, noise: Scalar | int) -> arb:
    """The term of order 1/p of the risk."""
    t = arb(time)
    forgotten = finite_size_term(lambda x: (-2 * x * t).exp(), ratio)
    learnt = finite_size_term(lambda x: (1 - (-x * t).exp()) * grown(x, time), ratio)
    return forgotten + arb(ratio) * noise * learnt


@exact
@pytest.mark.parametrize("ratio", RATIOS)
def test_the_correction_in_time(ratio: fmpq) -> None:
    """t = 0: none. t = 200: that of noise p/(n - p - 1) for c < 1 and n/(p - n - 1) for c > 1, which is s c^2/(1 - c)^2
    and s c/(c - 1)^2."""
    assert agree(lambda: correction(ratio, fmpq(0), 3), lambda: 0, "t = 0").holds
    expected = 3 * (ratio if ratio < 1 else 1) * ratio / (1 - ratio) ** 2
    late = correction(ratio, fmpq(200), 3)
    assert compare(Comparison(abs(late - expected), "<", arb(2) ** -20, f"c = {ratio}, t = 200")).holds


@sampled
@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("time", [fmpq(1, 4), fmpq(1), fmpq(4)])
def test_simulation_agrees(ratio: fmpq, time: fmpq) -> None:
    """60 draws, the smaller side 50, noise 1: the mean risk is within 5 standard errors of the limit with its term of
    order 1/p. Power: 7.4 standard errors, at most 2.5 percent of the risk, would be noticed with probability 0.99."""
    inputs = 50 if ratio < 1 else int(50 * ratio)
    samples = int(inputs / ratio)
    drawn = generator("DL-058", "limit", str(ratio)).standard_normal((60, samples, inputs))
    values = np.linalg.eigvalsh(drawn.mT @ drawn / samples)
    found = risk(np.maximum(values, 0), samples, float(time), 1.0)
    error = found.std(ddof=1) / np.sqrt(len(found))
    limit = limit_risk(ratio, time, 1)
    assert 7.4 * error < 0.025 * float(limit)
    assert abs(found.mean() - float(limit + correction(ratio, time, 1) / inputs)) < 5 * error


@control
@pytest.mark.parametrize("order", [2, 3])
def test_refuted_without_the_mass_at_zero(order: int) -> None:
    """c = 2, h = (1 + x)^k: without (1 - 1/c) h(0) the integral is not what the moments say."""
    moments = [1, 1, 1 + 2, 1 + 3 * 2 + 2 * 2]
    expected = sum(comb(order, k) * moments[k] for k in range(order + 1))
    for integral, holds in ((spectral_integral, True), (spectral_density_integral, False)):
        found = agree(partial(integral, lambda x: (1 + x) ** order, fmpq(2)), lambda: expected, "with the moments")
        assert found.holds if holds else found.fails


@control
def test_refuted_that_the_limit_is_exact() -> None:
    """c = 1/2, t = 1, noise 1: the mean of 4000 draws with p = 4 is ten standard errors from the limit alone."""
    drawn = generator("DL-058", "small").standard_normal((4000, 8, 4))
    found = risk(np.linalg.eigvalsh(drawn.mT @ drawn / 8).astype(np.float64), 8, 1.0, 1.0)
    error = found.std(ddof=1) / np.sqrt(len(found))
    assert abs(found.mean() - float(limit_risk(fmpq(1, 2), fmpq(1), 1))) > 10 * error


@witness
def test_stopping_early_helps() -> None:
    """c = 1/2, noise 1: the risk falls from 1 below 0.46 at t = 3/2 and rises to 1 again as t -> infinity."""
    early, best, late = (limit_risk(fmpq(1, 2), time, 1) for time in (fmpq(1, 10), fmpq(3, 2), fmpq(100)))
    assert compare(Comparison(best, "<", fmpq(46, 100), "t = 3/2")).holds
    assert compare(Comparison(early, ">", fmpq(8, 10), "t = 1/10")).holds
    assert compare(Comparison(late, ">", fmpq(99, 100), "t = 100")).holds


@witness
def test_the_quotient_is_entire() -> None:
    """(1 - exp(-x t)) / x at x = 0 is t, and x times it is 1 - exp(-x t)."""
    assert grown(acb(0), fmpq(3)) == 3
    x = acb(2, 1)
    assert (x * grown(x, fmpq(3)) - (1 - (-3 * x).exp())).contains(acb(0))
