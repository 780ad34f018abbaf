"""The deficiency margin of a random network with one output is positive with probability near, and below, one half.

Statement. Let d_N = 1, Phi != 0, all entries of W_1, ..., W_N independent N(0, s^2); W = W_N ... W_1, r = ||W||, theta
the angle between W and Phi, h = r / (2 ||Phi||).

1. W is rotation invariant: given the layers above the first, W is N(0, s^2 ||v||^2 I) with v = W_N ... W_2. So W/r is
   uniform on the sphere and independent of r.
2. The margin is positive if and only if cos theta > h (and W != 0, which has margin 0).
3. P(margin > 0 | r) = 1/2 I_{1 - h^2}((d_0 - 1)/2, 1/2) for 0 < r < 2 ||Phi||, a spherical cap, and 0 for
   r >= 2 ||Phi||. At d_0 = 1, the degenerate case, cos theta is +-1 and the cap is 1/2 (the limit of the formula).
4. The cap decreases in h: below 1/2 for d_0 >= 2 and r > 0, and exactly 1/2 for d_0 = 1 and r < 2 ||Phi||. Without
   the condition on r the probability is below 1/2 for every d_0, N and s > 0. It tends to 1/2 as s -> 0.
5. The margin itself is at most r, and E r^2 = s^{2N} d_0 d_1 ... d_{N-1}: as s -> 0 it tends to 0 in probability.

Proof. 1. The entries of v W_1 are combinations of those of W_1, with coefficients v (x) I, whose Gram matrix is
||v||^2 I. Its trace is E r^2 given v, and so on up the layers. 2. ||Phi||^2 - ||W - Phi||^2 = 2 <W, Phi> - r^2. 3. For
normal x in R^d, d >= 2, q = x_1^2 / ||x||^2 has density q^{-1/2} (1-q)^{(d-3)/2} / B(1/2, (d-1)/2), and the sign of x_1
is fair and independent of q. 4. The derivative in h is minus the density of cos theta; r >= 2 ||Phi|| has positive
probability. As s -> 0, h -> 0 in probability and the cap is continuous in h and bounded. 5. ||W - Phi|| >= ||Phi|| - r,
and Markov's inequality.

Hypotheses. One output, Phi != 0, any depth and widths.
Source. ACGH19 (arXiv:1810.02281), Claim 3, whose probability this makes exact. "Below 1/2 given r" needs d_0 >= 2: at
d_0 = 1 it is exactly 1/2, and the smallest counterexample is a control below.
Sampled with fixed seeds; the tests' level and what they trust are in ``statistics``.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
import pytest
import sympy
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sympy.matrices.expressions.kronecker import combine_kronecker

from claims.initialization.random_layers import product_tail
from claims.suite import ACGH19, DLC, Claim, Fate, Status, ablates, control, exact, sampled, symbolic, witness
from claims.suite.statistics import consistent, gaussian_networks, generator, positive, squared_norms
from solvers import arithmetic
from solvers.arithmetic import Comparison, Enclosure, ObjectArray, Scalar, compare, rational, settle
from solvers.network import Problem, deficiency_margin, end_to_end, frobenius_squared, transpose
from strategies import problems, regression

FloatMatrix = NDArray[np.float64]

CLAIM = Claim(
    uid="DL-015",
    title="Margin of a random scalar-output network",
    statement=__doc__,
    sources=(ACGH19.at("Claim 3"), DLC.at("DL-015")),
    items=("6.2",),
    status=Status.THEOREM,
    hypotheses=("normal entries", "one output", "Phi != 0"),
)


def gap(product: Any, target: Any) -> Any:
    """(2 Phi - W) W^T = ||Phi||^2 - ||W - Phi||^2, positive where the margin is, in any arithmetic."""
    return (target + target - product) @ transpose(product)


def cap(inputs: int, ratio_squared: Scalar) -> arb:
    """P(cos theta > h) in R^{d_0}, given h^2 > 0: statement 3."""
    rest = 1 - arb(ratio_squared)
    if rest <= 0:
        return arb(0)
    return arb(1) / 2 if inputs == 1 else rest.beta_lower(arb(inputs - 1) / 2, arb(1) / 2, 1) / 2


def polynomial_cap(inputs: int, ratio: Fraction) -> Fraction:
    """The same for odd d_0 >= 3, rational: 1/2 - int_0^h (1 - t^2)^{(d_0-3)/2} dt / (2 int_0^1 of the same)."""
    t = sympy.Symbol("t")
    primitive = sympy.integrate((1 - t**2) ** ((inputs - 3) // 2), t)
    value = sympy.Rational(1, 2) - primitive.subs(t, sympy.Rational(ratio)) / (2 * primitive.subs(t, 1))
    return Fraction(int(value.p), int(value.q))


@symbolic
def test_end_to_end_is_isotropic_given_the_layers_above() -> None:
    """vec(v W_1) = (v (x) I) vec(W_1) for d_1 and d_0 symbolic: the covariance is s^2 (v (x) I)(v (x) I)^T =
    s^2 (v v^T) (x) I, a multiple of I; its trace s^2 ||v||^2 d_0 is E r^2 given v, and by induction statement 5's."""
    width, inputs = sympy.symbols("d_1 d_0", integer=True, positive=True)
    v = sympy.MatrixSymbol("v", 1, width)
    coefficients = sympy.KroneckerProduct(v, sympy.Identity(inputs))
    covariance = combine_kronecker((coefficients * coefficients.T).doit())
    assert covariance == sympy.KroneckerProduct(v * v.T, sympy.Identity(inputs))
    assert sympy.trace(sympy.Identity(inputs)) == inputs


@symbolic
def test_margin_is_an_angle() -> None:
    """||Phi||^2 - ||W - Phi||^2 = 2 <W, Phi> - ||W||^2 for any d_0, which is r (2 ||Phi|| cos theta - r)."""
    inputs = sympy.Symbol("d_0", integer=True, positive=True)
    product, target = (sympy.MatrixSymbol(name, 1, inputs) for name in ("W", "Phi"))
    difference = target * target.T - (product - target) * (product - target).T - gap(product, target)
    odd = product * target.T - target * product.T  # 1 x 1, so its own transpose, with the other sign: zero
    assert (difference - odd).expand().doit() == sympy.ZeroMatrix(1, 1)
    assert (odd + odd.T).expand().doit() == sympy.ZeroMatrix(1, 1)
    r, norm, cosine = sympy.symbols("r Phi c", real=True)
    assert sympy.expand(2 * r * norm * cosine - r**2 - r * (2 * norm * cosine - r)) == 0


@symbolic
def test_margin_is_at_most_the_norm() -> None:
    """||W - Phi||^2 - (||Phi|| - r)^2 = 2 r ||Phi|| (1 - cos theta) >= 0."""
    r, norm, cosine = sympy.symbols("r Phi c", real=True)
    distance_squared = r**2 - 2 * r * norm * cosine + norm**2
    assert sympy.expand(distance_squared - (norm - r) ** 2 - 2 * r * norm * (1 - cosine)) == 0


@symbolic
def test_law_of_the_cosine_for_every_dimension() -> None:
    """x_1^2 = q tau and ||x||^2 - x_1^2 = (1-q) tau are chi^2 of 1 and d - 1 degrees; with Jacobian tau, integrated
    over tau > 0, the density of q = cos^2 is that of Beta(1/2, (d-1)/2), for symbolic d >= 2. So 1 - q is
    Beta((d-1)/2, 1/2) and P(cos > h) = P(1 - q < 1 - h^2) / 2 = I_{1-h^2}((d-1)/2, 1/2) / 2."""
    d, q, tau = sympy.symbols("d q tau", positive=True)

    def powers_of_chi_squared(degrees: Any) -> tuple[Any, Any]:
        """The exponent of x, and the constant, in x^{k/2-1} exp(-x/2) / (2^{k/2} Gamma(k/2))."""
        return degrees / 2 - 1, 2 ** (degrees / 2) * sympy.gamma(degrees / 2)

    (first, one), (second, other) = powers_of_chi_squared(sympy.Integer(1)), powers_of_chi_squared(d - 1)
    scale = sympy.integrate(tau ** sympy.expand(first + second + 1) * sympy.exp(-tau / 2), (tau, 0, sympy.oo))
    density = q**first * (1 - q) ** second * scale / (one * other)
    beta = sympy.gamma(sympy.Rational(1, 2)) * sympy.gamma((d - 1) / 2) / sympy.gamma(d / 2)
    quotient = density / (q ** sympy.Rational(-1, 2) * (1 - q) ** ((d - 3) / 2) / beta)
    assert sympy.expand(sympy.expand_log(sympy.log(quotient), force=True)) == 0


@symbolic
def test_cap_decreases_from_one_half_for_every_dimension() -> None:
    """d/dh of the incomplete beta integral up to 1 - h^2 is -2 (1 - h^2)^{(d-3)/2}, so that of the cap is minus the
    density of cos theta, negative for 0 < h < 1; at h = 0 the cap is half of the whole."""
    d, h, p = sympy.symbols("d h p", positive=True)
    integrand = p ** ((d - 1) / 2 - 1) * (1 - p) ** sympy.Rational(-1, 2)
    slope = integrand.subs(p, 1 - h**2) * sympy.diff(1 - h**2, h)
    assert sympy.simplify(slope + 2 * (1 - h**2) ** ((d - 3) / 2)) == 0
    assert compare(Comparison(cap(7, fmpq(0)), "==", arb(1) / 2, "half of the sphere")).holds


@symbolic
@pytest.mark.parametrize(
    ("inputs", "formula"),
    [(2, "acos(h)/pi"), (3, "(1-h)/2"), (4, "(acos(h)-h*sqrt(1-h**2))/pi"), (5, "(2-3*h+h**3)/4")],
)
def test_cap_in_closed_form(inputs: int, formula: str) -> None:
    """The density of cos theta integrated from h to 1, for d_0 = 2..5; from 1/2 at h = 0 down to 0 at h = 1."""
    h, t = sympy.symbols("h t", positive=True)
    expected = sympy.sympify(formula, locals={"h": h})
    half = sympy.Rational(1, 2)
    beta = sympy.gamma(half) * sympy.gamma(half * (inputs - 1)) / sympy.gamma(half * inputs)
    primitive = sympy.integrate((1 - t**2) ** (half * (inputs - 3)), t)
    assert sympy.simplify((primitive.subs(t, 1) - primitive.subs(t, h)) / beta - expected).rewrite(sympy.asin) == 0
    assert (expected.subs(h, 0), expected.subs(h, 1)) == (half, 0)


RATIOS = st.integers(1, 64).map(lambda k: Fraction(k, 64))


@exact
@given(RATIOS, st.integers(1, 10).map(lambda k: 2 * k + 1))
def test_cap_against_rationals(ratio: Fraction, inputs: int) -> None:
    """Odd d_0 from 3 to 21, where the cap is a polynomial in h: the ball of the beta function holds its value."""
    with ctx.workprec(256):
        difference = cap(inputs, rational(ratio) ** 2) - rational(polynomial_cap(inputs, ratio))
        assert abs(difference) < arb(2) ** -200


@exact
@given(RATIOS.filter(lambda ratio: ratio < 1), st.integers(2, 12), st.integers(1, 8))
def test_cap_is_below_one_half_and_decreasing(ratio: Fraction, inputs: int, smaller: int) -> None:
    """Statement 4 for even and odd d_0 >= 2, in balls."""
    large, small = rational(ratio) ** 2, (rational(ratio) * smaller / 9) ** 2
    for left, right in ((large, small), (small, fmpq(0))):
        verdict = settle(partial(less_than, inputs, left, right))
        assert verdict.holds, verdict


def less_than(inputs: int, left: fmpq, right: fmpq) -> Comparison:
    """The cap at h^2 = ``left`` is below that at ``right``; at 0 it is 1/2."""
    return Comparison(cap(inputs, left), "<", cap(inputs, right), f"caps at d_0 = {inputs}")


ONE_OUTPUT = st.lists(st.integers(1, 6), min_size=1, max_size=4).map(lambda widths: (*widths, 1))


@exact
@given(problems(dimensions=ONE_OUTPUT))
def test_margin_is_positive_where_the_angle_says_so(problem: Problem) -> None:
    """Statements 2 and 5 for any rational network and target: the sign of (2 Phi - W) W^T, and margin <= r."""
    posed = problem.exact()
    product = end_to_end(posed.weights)
    sign = gap(product, posed.target)[0, 0]
    if sign == 0:
        assert frobenius_squared(posed.target) == frobenius_squared(product - posed.target)  # margin exactly 0
        return
    verdict = settle(lambda: Comparison(deficiency_margin(posed.weights, posed.target), ">", fmpq(0), "margin"))
    assert verdict.fails if sign < 0 else verdict.holds
    if (product * posed.target).sum() ** 2 != frobenius_squared(product) * frobenius_squared(posed.target):
        assert settle(lambda: smaller_than_norm(posed, product)).holds


def smaller_than_norm(posed: Problem, product: ObjectArray) -> Comparison:
    """margin < r, strict where W is not a multiple of Phi."""
    norm = arithmetic.square_root(frobenius_squared(product))
    return Comparison(deficiency_margin(posed.weights, posed.target), "<", norm, "margin against r")


COUNT = 800


def networks(
    hidden: tuple[int, ...], target: FloatMatrix, size: float, count: int = COUNT
) -> tuple[NDArray[np.bool_], Enclosure]:
    """Which of ``count`` random networks certainly have a positive margin, and r^2 of each.

    s is chosen so that the root of E r^2 is ``size`` times ||Phi||.
    """
    inputs = target.shape[1]
    dimensions = (inputs, *hidden, 1)
    scale = (size * float(np.linalg.norm(target)) / float(np.prod([inputs, *hidden])) ** 0.5) ** (
        1 / len(dimensions[1:])
    )
    weights = gaussian_networks(dimensions, scale, count, generator(CLAIM.uid, *dimensions, str(size)))
    product = end_to_end([Enclosure.of(layer) for layer in weights])
    inner = gap(product, Enclosure.of(target))
    return positive(Enclosure(inner.value[:, 0, 0], inner.radius[:, 0, 0])), squared_norms(product)


def promised(inputs: int, norms: Enclosure, target: FloatMatrix, *, factor: int = 4) -> arb:
    """The mean of the caps, each given its own r: h^2 = r^2 / (4 ||Phi||^2)."""
    whole = factor * frobenius_squared(arithmetic.exact(target))
    squares = (arb(float(value), float(radius)) for value, radius in zip(norms.value, norms.radius, strict=True))
    return sum((cap(inputs, square / whole) for square in squares), arb(0)) / len(norms.value)


def some_target(inputs: int) -> FloatMatrix:
    """Any direction does: 1, 3/2, -2, 5/2, ... with small denominators."""
    return np.array([[(-1.0) ** k * (1 + k / 2) for k in range(inputs)]])


# Given the radii the networks are independent, each with its own cap for probability. Hoeffding (Annals of Mathematical
# Statistics 27, 1956, Theorem 4): beyond one from the mean, the tails of their number are at most those of the
# binomial number whose probability is the mean of the caps. So the binomial test keeps its level.


@sampled
@pytest.mark.parametrize(
    ("inputs", "hidden"), [(1, (5,)), (1, (2, 3)), (2, ()), (2, (1,)), (3, (4, 4, 4)), (8, (2, 3))]
)
@pytest.mark.parametrize("size", [0.25, 1.0])
def test_frequency_of_positive_margins(inputs: int, hidden: tuple[int, ...], size: float) -> None:
    """Statement 3 through networks of depths 1 to 4, both tails; r about a quarter of ||Phi||, and about ||Phi||."""
    target = some_target(inputs)
    found, norms = networks(hidden, target, size)
    verdict = consistent(int(found.sum()), COUNT, "==", promised(inputs, norms, target), f"margin > 0, {hidden}")
    assert verdict.holds, verdict


@sampled
def test_frequency_of_six_thousand() -> None:
    """Widths 2-20-1, where r varies little, about 2 ||Phi||: enough to tell h from h sqrt(4/3), as the test shows."""
    target = some_target(2)
    found, norms = networks((20,), target, 2.0, count=6000)
    right, wrong = promised(2, norms, target), promised(2, norms, target, factor=3)
    assert consistent(int(found.sum()), len(found), "==", right, "margin > 0").holds
    assert consistent(int(found.sum()), len(found), "==", wrong, "margin > 0, h^2 = r^2 / (3 ||Phi||^2)").fails


@sampled
@pytest.mark.parametrize("hidden", [(), (3, 2)])
def test_real_target(hidden: tuple[int, ...]) -> None:
    """The whitened diabetes data: Phi is 1 x 10."""
    target = regression("diabetes").target
    found, norms = networks(hidden, target, 0.5)
    assert consistent(int(found.sum()), COUNT, "==", promised(10, norms, target), "margin > 0 on diabetes").holds


@sampled
@pytest.mark.parametrize("hidden", [(), (4,), (3, 2)])
def test_one_half_as_the_entries_shrink(hidden: tuple[int, ...]) -> None:
    """Real target, root of E r^2 at 2^-12 ||Phi||: a half, within what COUNT networks can tell; and every margin is
    at most r, below 1 per cent of ||Phi|| with a frequency that Markov's inequality promises."""
    target = regression("diabetes").target
    found, norms = networks(hidden, target, 2.0**-12)
    assert consistent(int(found.sum()), COUNT, "==", fmpq(1, 2), "margin > 0 for small entries").holds
    limit = float(np.sum(target**2)) / 10**4
    small = int(positive(Enclosure.of(np.full(COUNT, limit)) - norms).sum())
    assert consistent(small, COUNT, ">=", 1 - fmpq(10**4, 2**23), "r at most ||Phi|| / 100").holds


@sampled
@pytest.mark.parametrize("ratio", [0.5, 2.0])
def test_without_the_condition_on_r(ratio: float) -> None:
    """Widths 1-1-1, Phi = s^2 ratio / 2: P(0 < w < 2 Phi) = 1/2 - P(|u v| > ratio) / 2, below 1/2, both tails."""
    weights = gaussian_networks((1, 1, 1), 1.0, COUNT, generator(CLAIM.uid, "111", str(ratio)))
    inner = gap(end_to_end([Enclosure.of(layer) for layer in weights]), Enclosure.of(np.array([[ratio / 2]])))
    found = int(positive(Enclosure(inner.value[:, 0, 0], inner.radius[:, 0, 0])).sum())
    probability = (1 - product_tail(rational(ratio))) / 2
    assert compare(Comparison(probability, "<", fmpq(1, 2), "the probability")).holds
    assert consistent(found, COUNT, "==", probability, "margin > 0 at widths 1-1-1").holds


@control
def test_refuted_with_half_the_angle() -> None:
    """h = r / ||Phi|| in place of r / (2 ||Phi||)."""
    target = some_target(3)
    found, norms = networks((5,), target, 1.0)
    wrong = promised(3, norms, target, factor=1)
    assert consistent(int(found.sum()), COUNT, "==", wrong, "margin > 0, h twice as large").fails


@control
def test_refuted_that_the_probability_is_one_half() -> None:
    """At r near ||Phi|| it is well below; so the limit of small s is one."""
    found, _ = networks((5,), some_target(3), 1.0)
    assert consistent(int(found.sum()), COUNT, ">=", fmpq(1, 2), "margin > 0 with probability 1/2").fails


@control
def test_refuted_that_a_fixed_margin_stays_likely() -> None:
    """A margin of ||Phi|| / 100 has probability near 0 and not 1/2 as s -> 0 (margin <= r)."""
    target = some_target(3)
    _, norms = networks((5,), target, 2.0**-12)
    limit = float(np.sum(target**2)) / 10**4
    at_most = COUNT - int(positive(Enclosure.of(np.full(COUNT, limit)) - norms).sum())
    assert consistent(at_most, COUNT, "==", fmpq(1, 2), "r, and so perhaps the margin, above ||Phi|| / 100").fails


@control
@ablates("DL-015", "normal entries", "dropped", Fate.REFUTED)
def test_refuted_for_entries_that_are_not_normal() -> None:
    """Signs +-s in place of normal entries, d_0 = 2, N = 1, Phi = (1, 0), s = 1/2: r = s sqrt(2) always, and two of the
    four signs have a positive margin, 1/2 in place of the cap acos(sqrt(2) / 4) / pi."""
    target, half = arithmetic.exact(np.array([[1.0, 0.0]])), fmpq(1, 2)
    signs = [arithmetic.exact(np.array([[x, y]])) * half for x in (1, -1) for y in (1, -1)]
    assert sum(gap(product, target)[0, 0] > 0 for product in signs) == 2
    assert compare(Comparison(half, "==", cap(2, fmpq(1, 8)), "the cap")).fails


@control
@ablates("DL-015", "one output", "dropped", Fate.REFUTED)
def test_refuted_with_two_outputs() -> None:
    """Phi of rank 1 with two rows: ||W - Phi|| >= 0 = sigma_min(Phi), so no W has a positive margin, while the cap with
    d_0 d_N = 4 for d_0 is positive: at W = Phi / 2, whose angle is 0, the margin is not."""
    target = arithmetic.exact(np.array([[1.0, 0.0], [0.0, 0.0]]))
    margin = deficiency_margin((target / 2,), target)
    assert compare(Comparison(margin, ">", fmpq(0), "margin of Phi / 2, at angle 0")).fails
    assert compare(Comparison(cap(4, fmpq(1, 16)), ">", fmpq(0), "the cap at h = 1/4")).holds


@control
@ablates("DL-015", "Phi != 0", "dropped", Fate.REFUTED)
@given(problems(dimensions=ONE_OUTPUT))
def test_refuted_with_a_target_of_zero(problem: Problem) -> None:
    """Phi = 0: the margin -r is never positive, so its probability is 0 for every s and does not tend to 1/2."""
    posed = problem.exact()
    margin = deficiency_margin(posed.weights, 0 * posed.target)
    assert compare(Comparison(arb(margin), ">", fmpq(0), "margin for Phi = 0")).fails


@control
def test_refuted_that_it_is_below_one_half_given_r_with_one_input() -> None:
    """d_0 = 1, r = ||Phi||: of W = Phi and W = -Phi, equally likely, the first has a positive margin."""
    one = arithmetic.exact(np.array([[1.0]]))
    positive_margins = [deficiency_margin((sign * one,), one) > 0 for sign in (1, -1)]
    probability = fmpq(sum(positive_margins), 2)
    assert compare(Comparison(probability, "==", cap(1, fmpq(1, 4)), "the cap at d_0 = 1")).holds
    assert compare(Comparison(probability, "<", fmpq(1, 2), "below one half given r")).fails


@witness
def test_boundary_of_the_cap() -> None:
    """W = 2 Phi has margin exactly 0: at r = 2 ||Phi|| no direction has a positive one, just below it this one has."""
    target = arithmetic.exact(np.array([[3.0, 4.0]]))
    assert deficiency_margin((2 * target,), target) == 0
    assert deficiency_margin((2 * target * fmpq(99, 100),), target) > 0
    assert deficiency_margin((0 * target,), target) == 0
    assert cap(2, fmpq(1)) == cap(1, fmpq(1)) == cap(3, fmpq(2)) == 0
