"""The margin of a balanced start with one output is a non-central chi^2, and large enough with any p below one half.

Statement. Let d_N = 1, Phi != 0, A (1 x d_0) have independent N(0, s^2) entries, and let the weights at step 0 be those
of Procedure 1 (``balanced_initialization``) for A, so that W(0) = A.

1. For 0 <= c <= ||Phi||, P(margin >= c) = P(||A - Phi|| <= ||Phi|| - c) is the cdf at (||Phi|| - c)^2 / s^2 of the
   non-central chi^2 with d_0 degrees of freedom and non-centrality ||Phi||^2 / s^2: the mixture of chi^2 laws with
   d_0 + 2i degrees and weights exp(-m) m^i / i!, m = ||Phi||^2 / (2 s^2). It is below 1/2, even for c = 0.
2. For every p in (0, 1/2), d_0 >= 1 and s <= ||Phi|| / sqrt(a d_0^2): P(margin >= s^2 d_0 / (2 ||Phi||)) >= p, where
   a = (e + 2)^2 / (2 pi e^4), e = 1/2 - p.
3. The same with a = 1 for p = 1/20.

Proof. 1. A / s is N(0, I), shifted by Phi / s; both sides have the same Laplace transform. The margin is >= 0 where
2 <A, Phi> >= ||A||^2, so only where <A, Phi> > 0. 2. Let sigma = s / ||Phi||, Z = <A, Phi> / (s ||Phi||), Q =
||A||^2 / s^2, c = s^2 d_0 / (2 ||Phi||), which is below ||Phi||. The margin is at least c where sigma^2 Q - 2 sigma Z
<= -sigma^2 d_0, or Z >= sigma (d_0 + Q) / 2. For sigma <= x / d_0, x = 1 / sqrt(a), this holds where Z >= x (1 + M) / 2
and Q < M d_0, so with probability at least 1/2 - x (1 + M) / (2 sqrt(2 pi)) - 1/M (Markov, E Q = d_0). M = 2 / e and
the a above make this p. 3. Take M = 2: from d_0 = 28 on P(Z >= 3/2) - P(Q >= 2 d_0) > 1/20, the latter at most
(2/e)^{d_0/2} (Chernoff; this e is Euler's); below, the cdf itself at sigma = 1 / d_0 is above 1/20, and the event
shrinks as sigma grows.

Hypotheses. As stated.
Source. ACGH19 (arXiv:1810.02281), Theorem 2, of which this is the probabilistic part, with its constants not hidden.
Sampled with fixed seeds; the tests' level and what they trust are in ``statistics``.
"""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pytest
import sympy
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from claims.suite import ACGH19, DLC, Claim, Fate, Status, ablates, control, exact, sampled, symbolic, witness
from claims.suite.statistics import (
    consistent,
    gaussian_networks,
    generator,
    non_central_chi_squared,
    positive,
    squared_norms,
)
from solvers import arithmetic
from solvers.arithmetic import Comparison, Enclosure, Scalar, compare, rational, square_root, upper_float
from solvers.network import balanced_factors, deficiency_margin, end_to_end, frobenius_squared
from strategies import regression

FloatMatrix = NDArray[np.float64]

CLAIM = Claim(
    uid="DL-034",
    title="Margin of a balanced start",
    statement=__doc__,
    sources=(ACGH19.at("Theorem 2"), DLC.at("DL-034")),
    items=("6.4",),
    status=Status.THEOREM,
    hypotheses=("normal entries", "one output", "small entries", "p < 1/2"),
)

TWENTIETH = fmpq(1, 20)
"""The p that belongs to a = 1."""


def margin_probability(inputs: int, ratio_squared: Scalar, margin: Scalar) -> arb:
    """P(margin >= c): ``ratio_squared`` = s^2 / ||Phi||^2, ``margin`` = c / ||Phi||."""
    return non_central_chi_squared(inputs, 1 / ratio_squared, (1 - margin) ** 2 / ratio_squared)


def constant(e: Any, pi: Any) -> Any:
    """a = (e + 2)^2 / (2 pi e^4), in the arithmetic of e and pi."""
    return (e + 2) ** 2 / (2 * pi * e**4)


def promise(inputs: int, ratio_squared: fmpq, probability: fmpq) -> Comparison:
    """P(margin >= s^2 d_0 / (2 ||Phi||)) >= p."""
    chance = margin_probability(inputs, ratio_squared, ratio_squared * inputs / 2)
    return Comparison(chance, ">=", probability, f"margin for d_0 = {inputs}, s^2 = {ratio_squared} ||Phi||^2")


# Statement 1


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


COUNT = 500


def starts_with_margin(target: FloatMatrix, scale: float, margin: float, hidden: tuple[int, ...]) -> int:
    """How many of COUNT random A certainly have ||A - Phi|| <= ||Phi|| - c, the others certainly not; the networks that
    Procedure 1 makes of them agree. ``margin`` is c / ||Phi||, a short dyadic number."""
    inputs = target.shape[1]
    (matrices,) = gaussian_networks((inputs, 1), scale, COUNT, generator(CLAIM.uid, inputs, repr(scale), repr(margin)))
    factors = [balanced_factors(matrix, (inputs, *hidden, 1)) for matrix in matrices]
    weights = [Enclosure.of(np.stack(layers)) for layers in zip(*factors, strict=True)]
    allowed = (1 - margin) ** 2 * squared_norms(Enclosure.of(target[np.newaxis]))
    direct, through = (
        positive(allowed - squared_norms(computed - Enclosure.of(target)))
        for computed in (Enclosure.of(matrices), end_to_end(weights))
    )
    assert (direct == through).all()
    return int(direct.sum())


def target_of(inputs: int) -> FloatMatrix:
    """The diabetes target for 10 inputs, else 1, 2, 1, 2, ..."""
    return regression("diabetes").target if inputs == 10 else np.array([[1.0 + k % 2 for k in range(inputs)]])


@sampled
@pytest.mark.parametrize(
    ("inputs", "margin", "ratio"),
    [
        *product([1, 2, 5, 10], [0.0], [0.125]),
        *product([1, 2, 5, 10], [0.125], [0.5]),
        *product([1, 2], [0.5], [0.5]),
        (1, 0.5, 1.0),
    ],
)
def test_frequency_of_margins(inputs: int, margin: float, ratio: float) -> None:
    """Both tails, s = ratio ||Phi||, through networks of depth 3 (d_0 - 3 - 2 - 1); d_0 = 10 is real data."""
    target = target_of(inputs)
    scale = ratio * float(np.linalg.norm(target))
    squared = rational(scale) ** 2 / frobenius_squared(arithmetic.exact(target))
    found = starts_with_margin(target, scale, margin, (3, 2))
    verdict = consistent(found, COUNT, "==", margin_probability(inputs, squared, rational(margin)), "margin >= c")
    assert verdict.holds, verdict


# Statements 2 and 3


@symbolic
def test_explicit_constants_for_every_dimension() -> None:
    """The margin from Z and Q; the bound at M = 2 / e is p = 1/2 - e; Chernoff's bound at M = 2; and the least Z that
    will do rises with sigma where sigma d_0 <= 1."""
    sigma, d, q, z, e, m = sympy.symbols("sigma d Q Z e M", positive=True)
    distance = sigma**2 * q - 2 * sigma * z + 1
    at_the_edge = distance.subs(z, sigma * (d + q) / 2)  # decreasing in Z
    assert sympy.expand((1 - sigma**2 * d / 2) ** 2 - at_the_edge - sigma**4 * d**2 / 4) == 0
    root_of_a = sympy.sqrt(constant(e, sympy.pi))
    left_over = sympy.Rational(1, 2) - (1 + m) / (2 * root_of_a * sympy.sqrt(2 * sympy.pi)) - 1 / m
    assert sympy.simplify(left_over.subs(m, 2 / e) - (sympy.Rational(1, 2) - e)) == 0
    theta = (1 - 1 / m) / 2
    chernoff = sympy.log(1 - 2 * theta) * (-d / 2) - theta * m * d  # of E exp(theta Q) exp(-theta M d)
    assert sympy.expand(sympy.expand_log(chernoff.subs(m, 2) - d / 2 * (sympy.log(2) - 1))) == 0
    least_z = sympy.solve(distance - (1 - sigma**2 * d / 2) ** 2, z)[0]
    slope = sympy.expand(sympy.diff(least_z, sigma))
    assert sympy.expand(slope - (q / 2 + d / 2 - sympy.Rational(3, 8) * (sigma * d) ** 2)) == 0  # 1/2 > 3/8


@exact
def test_a_equal_to_one_for_one_twentieth() -> None:
    """Statement 3: the cdf for d_0 <= 27 at the largest s, and the tail bound for all others, which rises with d_0."""
    for inputs in range(1, 28):
        assert compare(promise(inputs, fmpq(1, inputs**2), TWENTIETH)).holds
    rest = (arb(3) / 2 / arb(2).sqrt()).erfc() / 2 - (arb(2) * (-arb(1)).exp()) ** 14
    assert compare(Comparison(rest, ">=", TWENTIETH, "margin for d_0 >= 28")).holds


@exact
@given(st.integers(1, 14), st.integers(1, 4), st.integers(1, 4))
def test_explicit_a_for_any_probability(part: int, inputs: int, smaller: int) -> None:
    """Statement 2 for p = part / 40 up to 0.35, at the largest s it allows and below."""
    p = fmpq(part, 40)
    e = fmpq(1, 2) - p
    a = fmpq(math.ceil(upper_float(constant(e, arb.pi()))))
    assert compare(promise(inputs, 1 / (a * inputs**2 * smaller), p)).holds


# Controls


@control
@ablates("DL-034", "small entries", "a / 16", Fate.REFUTED)
def test_refuted_with_a_sixteenth_of_a() -> None:
    """a = 1/16 in place of 1 with d_0 = 10: s = 2/5 ||Phi||, c = 4/5 ||Phi||; the margin has probability below 1/20, in
    balls and counted on the real target."""
    assert compare(promise(10, fmpq(4, 25), TWENTIETH)).fails
    scale = 0.4 * float(np.linalg.norm(target_of(10)))
    found = starts_with_margin(target_of(10), scale, 0.75, (3,))  # a smaller c, and more starts that have it
    assert consistent(found, COUNT, ">=", TWENTIETH, "margin with s too large").fails


@control
@ablates("DL-034", "small entries", "dropped", Fate.REFUTED)
def test_refuted_with_entries_of_any_size() -> None:
    """s = 2 ||Phi||, d_0 = 1: c = 2 ||Phi||, and no margin is above ||Phi||, which A = Phi attains."""
    one = arithmetic.exact(np.eye(1))
    assert deficiency_margin((one,), one) == 1 < fmpq(2**2, 2)
    for start in (0, fmpq(1, 2), 2, -1):
        assert deficiency_margin((start * one,), one) < 1


@control
@ablates("DL-034", "p < 1/2", "dropped", Fate.REFUTED)
def test_refuted_that_the_probability_reaches_one_half() -> None:
    """Even a margin of 0 has probability below 1/2: ||Phi||^2 - ||A - Phi||^2 = 2 <A, Phi> - ||A||^2, for any s; in
    balls for s = ||Phi|| / 2 and ||Phi|| / 4."""
    sigma, z, q = sympy.symbols("sigma Z Q", positive=True)
    gap = 1 - (sigma**2 * q - 2 * sigma * z + 1)  # in units of ||Phi||^2; so Z must be at least sigma Q / 2 > 0
    assert sympy.expand(gap - 2 * sigma * (z - sigma * q / 2)) == 0
    for inputs, ratio_squared in product((1, 2, 5), (fmpq(1, 4), fmpq(1, 16))):
        chance = margin_probability(inputs, ratio_squared, fmpq(0))
        assert compare(Comparison(chance, ">=", fmpq(1, 2), "margin >= 0")).fails


@control
@ablates("DL-034", "normal entries", "dropped", Fate.REFUTED)
def test_refuted_for_signs() -> None:
    """A = +-s with equal probability, d_0 = 1, s = ||Phi||: margin ||Phi|| or -||Phi||, so one above ||Phi|| / 2 has
    probability 1/2, in place of P(1/2 <= A <= 3/2) = 0.24 for normal A."""
    one = arithmetic.exact(np.eye(1))
    margins = [deficiency_margin((sign * one,), one) for sign in (1, -1)]
    assert margins == [1, -1]
    likely = margin_probability(1, fmpq(1), fmpq(1, 2))
    assert compare(Comparison(fmpq(1, 2), "==", likely, "margin >= 1/2 for signs")).fails


@control
@ablates("DL-034", "one output", "dropped", Fate.REFUTED)
def test_refuted_with_two_outputs() -> None:
    """Phi of rank 1 with two rows: the margin is -||A - Phi||_F, never above 0, but the cdf with four degrees is."""
    target = arithmetic.exact(np.array([[1.0, 0.0], [0.0, 0.0]]))
    for matrix in (target, target / 2, arithmetic.exact(np.eye(2))):
        gap = square_root(frobenius_squared(matrix - target))
        assert compare(Comparison(deficiency_margin((matrix,), target), "==", -gap, "margin")).holds
    assert compare(Comparison(margin_probability(4, fmpq(1), fmpq(1, 4)), ">", fmpq(0), "the cdf")).holds


@control
def test_refuted_with_another_chi_squared() -> None:
    """d_0 = 1, s = ||Phi||, c = 0: without the non-centrality of 1, with one degree too many, with a non-centrality
    of 4."""
    found = starts_with_margin(np.eye(1), 1.0, 0.0, ())
    assert consistent(found, COUNT, "==", margin_probability(1, fmpq(1), fmpq(0)), "margin >= 0").holds
    for degrees, noncentrality in ((1, 0), (2, 1), (1, 4)):
        wrong = non_central_chi_squared(degrees, fmpq(noncentrality), fmpq(1))
        assert consistent(found, COUNT, "==", wrong, "margin >= 0").fails


# Witnesses


@witness
def test_ends_of_the_range_of_margins() -> None:
    """c = ||Phi||: A = Phi alone, probability 0; c = 0: inside (0, 1); and the ends of the interval at d_0 = 1 have the
    margin exactly."""
    assert margin_probability(1, fmpq(1), fmpq(1)) < arb(2) ** -300
    assert 0 < margin_probability(3, fmpq(1), fmpq(0)) < 1
    one = arithmetic.exact(np.eye(1))
    assert [deficiency_margin((start * one,), one) for start in (fmpq(1, 2), fmpq(3, 2))] == [fmpq(1, 2)] * 2


@witness
def test_constants_at_the_ends_of_p() -> None:
    """a is 15.9 at p = 0, so that a d_0 >= 1 and c < ||Phi|| always; it is near 2 / (pi e^4) towards p = 1/2."""
    constants = [constant(e, arb.pi()) for e in (fmpq(1, 2), fmpq(1, 10**6))]
    assert 15 < constants[0] < 16
    assert 1 < constants[1] * arb.pi() / 2 / 10**24 < 1 + arb(10) ** -5
