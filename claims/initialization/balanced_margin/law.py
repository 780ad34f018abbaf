"""The law of the margin: the non-central chi^2, proved for every d_0, and computed without it for d_0 = 1 and 3."""

from itertools import product
from typing import Any

import pytest
import sympy
from flint import acb, arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import exact, symbolic
from claims.suite.statistics import non_central_chi_squared
from solvers.arithmetic import Scalar


def margin_probability(inputs: int, ratio_squared: Scalar, margin: Scalar) -> arb:
    """P(margin >= c): ``ratio_squared`` = s^2 / ||Phi||^2, ``margin`` = c / ||Phi||."""
    return non_central_chi_squared(inputs, 1 / ratio_squared, (1 - margin) ** 2 / ratio_squared)


@symbolic
def test_mixture_is_the_law_of_the_shifted_normal_for_every_dimension() -> None:
    """E exp(t ||z + mu||^2), z in R^d, w = 1 - 2t > 0, determines the law.

    One coordinate gives w^{-1/2} exp(mu_i^2 t / w), the square being completed, so all of them w^{-d/2} exp(2 m t / w)
    with 2m = ||mu||^2. chi^2 with k degrees gives w^{-k/2}: its density times exp(t x) is w^{1-k/2} times the density
    at w x. So the mixture of k = d + 2i gives w^{-d/2} exp(-m) sum_i (m / w)^i / i!, the same.
    """
    x, mu, w, m, k = sympy.symbols("x mu w m k", positive=True)
    t = (1 - w) / 2
    completed = -w / 2 * (x - mu * (1 - w) / w) ** 2 + mu**2 * t / w
    assert sympy.expand(t * (x + mu) ** 2 - x**2 / 2 - completed) == 0

    def log_density(at: Any) -> Any:  # of chi^2, but for its constant
        return (k / 2 - 1) * sympy.log(at) - at / 2

    tilted = log_density(x) + t * x - (1 - k / 2) * sympy.log(w)
    assert sympy.expand(sympy.expand_log(tilted - log_density(w * x))) == 0
    assert sympy.expand(-m + m / w - 2 * m * t / w) == 0  # the sum is exp(m / w)


def integrated(inputs: int, ratio: Scalar, margin: Scalar) -> arb:
    """The same for every d_0 >= 2 without the mixture: with the component of A along Phi given, the others are within
    a ball, by the central chi^2 of d_0 - 1 degrees, P(k/2, y) = y^{k/2} exp(-y) 1F1(1, k/2 + 1, y) / Gamma(k/2 + 1).

    With q = (||Phi|| - c) / s and the component ||Phi|| / s + q sin a, a in [-pi/2, pi/2], y = q^2 cos^2 a / 2.
    """
    radius, centre, shape = arb((1 - margin) / ratio), 1 / arb(ratio), arb(inputs - 1) / 2

    def density(angle: acb, _: bool) -> acb:
        across = radius * angle.cos()
        y, along = across * across / 2, centre + radius * angle.sin()
        ball = (across / arb(2).sqrt()) ** (inputs - 1) * (-y).exp() * y.hypgeom_1f1(1, shape + 1) / (shape + 1).gamma()
        return (-along * along / 2).exp() / (2 * arb.pi()).sqrt() * ball * across

    half = acb(arb.pi() / 2)
    whole: arb = acb.integral(density, -half, half).real
    return whole


@exact
@pytest.mark.parametrize("inputs", [2, 4, 5, 6, 10])
def test_probability_against_the_integral(inputs: int) -> None:
    """Even d_0 too, and the d_0 = 10 of the real data, for small and large s and c."""
    with ctx.workprec(96):
        for ratio, margin in product((fmpq(1, 3), fmpq(2)), (fmpq(0), fmpq(1, 2))):
            truth = integrated(inputs, ratio, margin)
            assert abs(margin_probability(inputs, ratio**2, margin) - truth) < arb(2) ** -60


QUARTERS = st.integers(1, 40).map(lambda k: fmpq(k, 4))


def normal_density(x: arb) -> arb:
    """Of N(0, 1)."""
    return (-x * x / 2).exp() / (2 * arb.pi()).sqrt()


@exact
@given(QUARTERS, st.integers(0, 10).map(lambda k: fmpq(k, 10)))
def test_probability_with_one_and_three_inputs(ratio: fmpq, margin: fmpq) -> None:
    """Without the chi^2: A within ||Phi|| - c of Phi is an interval at d_0 = 1, by the error function, and a ball at
    d_0 = 3, whose slices leave (f(q - r) - f(q + r)) / q less, f the normal density; s = ``ratio`` ||Phi||."""
    with ctx.workprec(192):
        centre, radius, half = 1 / arb(ratio), arb((1 - margin) / ratio), arb(2).sqrt()
        one = (((radius - centre) / half).erf() + ((radius + centre) / half).erf()) / 2
        near, far = (normal_density(centre + sign * radius) for sign in (-1, 1))
        for inputs, truth in ((1, one), (3, one - (near - far) / centre)):
            assert abs(margin_probability(inputs, ratio**2, margin) - truth) < arb(2) ** -100
