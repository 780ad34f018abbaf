"""Layers of small random entries are nearly balanced, with high probability.

Statement. Let all entries of W_1, ..., W_N be independent N(0, s^2), W_j of shape d_j x d_{j-1}, d_max the largest
width.

1. E ||B_j||_F^2 = s^4 [ (d_{j+1} + d_{j-1}) d_j (d_j + 1) + (d_{j+1} - d_{j-1})^2 d_j ] for j = 1..N-1.
2. For every delta > 0, P(the weights are delta-balanced) >= 1 - 10 delta^{-2} N s^4 d_max^3.
3. More is true: the expectations add up to at most 2 (N-1) s^4 d_max^2 (d_max + 1) <= 4 (N-1) s^4 d_max^3, which can
   stand in place of 10 N s^4 d_max^3. The first is attained by equal widths, both at width 1.

Proof. 1. With A = W_{j+1} (m x n) and C = W_j (n x k), ||B_j||_F^2 = tr (A^T A)^2 - 2 tr (A^T A)(C C^T) + tr (C C^T)^2.
By Wick's formula the expectation of a product of entries is the sum over pairings of equal matrices; a pairing
contributes the number of index values that it leaves free, a monomial in m, n, k. 2 and 3. For widths at most d the
sum over j is at most (N-1) 2 d^2 (d+1) s^4 (one inequality of polynomials, below), P(||B_j||_F > delta) <=
E ||B_j||_F^2 / delta^2 (Markov), and the probabilities of the N-1 events add up at most.

Hypotheses. Any depth, any widths, s > 0. At depth 1 there is nothing to balance, and the bound is below 1.
Source. 2: ACGH19 (arXiv:1810.02281), Claim 2. 1 and 3: this project. No data enters: the claim is of networks alone.
Sampled with fixed seeds; the tests' level and what they trust are in ``statistics``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, partial
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pytest
import sympy
from flint import acb, arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import ACGH19, DLC, Claim, Fate, Status, ablates, control, exact, sampled, symbolic, witness
from claims.suite.statistics import consistent, gaussian_networks, generator, positive, squared_norms
from solvers import arithmetic
from solvers.arithmetic import Comparison, Enclosure, Scalar, compare, rational, settle
from solvers.network import frobenius_squared, imbalances

CLAIM = Claim(
    uid="DL-014",
    title="Random layers are nearly balanced",
    statement=__doc__,
    sources=(ACGH19.at("Claim 2"), DLC.at("DL-014")),
    items=("6.1",),
    status=Status.THEOREM,
    hypotheses=("normal entries", "independent entries"),
)

SIZES = sympy.symbols("m n k", positive=True)  # d_{j+1}, d_j, d_{j-1}


def moment(after: Any, width: Any, before: Any, *, square: int = 1) -> Any:
    """E ||B_j||_F^2 / s^4 of statement 1; the control leaves the last term out."""
    return (after + before) * width * (width + 1) + square * (after - before) ** 2 * width


def total_moment(dimensions: Sequence[int]) -> int:
    """sum_j E ||B_j||_F^2 / s^4."""
    return sum(
        moment(after, width, before)
        for before, width, after in zip(dimensions, dimensions[1:], dimensions[2:], strict=False)
    )


def bound(dimensions: Sequence[int], scale: fmpq, delta_squared: fmpq, *, constant: Scalar, power: int = 4) -> Scalar:
    """1 - constant delta^{-2} N s^4 d_max^3, the constant being 10."""
    return 1 - constant * (len(dimensions) - 1) * scale**power * max(dimensions) ** 3 / delta_squared


# Wick's formula for sizes that are symbols. A letter is an entry: its matrix and the names of its two indices.

Letter = tuple[str, str, str]


def pairings(letters: Sequence[Letter]) -> Iterator[list[tuple[Letter, Letter]]]:
    """All ways to pair entries of equal matrices."""
    if not letters:
        yield []
        return
    first, *others = letters
    for place, partner in enumerate(others):
        if partner[0] == first[0]:
            for rest in pairings(others[:place] + others[place + 1 :]):
                yield [(first, partner), *rest]


def free_indices(pairing: list[tuple[Letter, Letter]]) -> list[str]:
    """One name for each index that is still free when paired entries are the same entry."""
    same = {name: name for pair in pairing for letter in pair for name in letter[1:]}
    for left, right in pairing:
        for one, other in zip(left[1:], right[1:], strict=True):
            old, new = same[one], same[other]
            same = {name: new if root == old else root for name, root in same.items()}
    return sorted(set(same.values()))


def expectation(letters: Sequence[Letter]) -> sympy.Expr:
    """E of the product of the entries (of variance 1), summed over all indices; an index's size is its initial."""
    size = dict(zip("mnk", SIZES, strict=True))
    return sympy.Add(*(sympy.Mul(*(size[name[0]] for name in free_indices(p))) for p in pairings(letters)))


def norm_power(copies: int) -> sympy.Expr:
    """E ||B||_F^{2 copies}: every factor is one of the three traces, with indices n1, n2 of its own."""
    total = sympy.Integer(0)
    for chosen in product(((1, "AA"), (-2, "AC"), (1, "CC")), repeat=copies):
        letters: list[Letter] = []
        for copy, (_, kinds) in enumerate(chosen):
            for half, kind in enumerate(kinds):  # (A^T A)_{n1 n2} or (C C^T)_{n1 n2}
                for n in (f"n1{copy}", f"n2{copy}"):
                    inner = f"{copy}{half}"
                    letters.append(("A", "m" + inner, n) if kind == "A" else ("C", n, "k" + inner))
        total += prod(factor for factor, _ in chosen) * expectation(letters)
    return sympy.expand(total)


@symbolic
def test_moment_for_all_widths() -> None:
    """Statement 1 as an identity of polynomials in the three widths."""
    assert sympy.expand(norm_power(1) - moment(*SIZES)) == 0


@symbolic
@pytest.mark.parametrize("order", ["kmn", "knm", "nkm"])
def test_moment_is_largest_at_equal_widths(order: str) -> None:
    """moment(m, n, k) <= 2 d^2 (d + 1) for d the largest: in each order of the widths (k <= m without loss, as the
    moment is symmetric), with non-negative differences as variables, no coefficient of the gap is negative."""
    m, n, k = SIZES
    x, y, z, e = sympy.symbols("x y z e", nonnegative=True)
    rising = (1 + x, 1 + x + y, 1 + x + y + z)
    values = dict(zip(order, rising, strict=True))
    largest = rising[-1] + e
    gap = 2 * largest**2 * (largest + 1) - moment(values["m"], values["n"], values["k"])
    assert all(coefficient >= 0 for coefficient in sympy.Poly(gap, x, y, z, e).coeffs())
    assert sympy.expand(moment(m, n, k) - moment(k, n, m)) == 0
    assert sympy.expand(moment(m, m, m) - 2 * m**2 * (m + 1)) == 0


@symbolic
def test_constants_of_the_union_bound() -> None:
    """(N-1) 2 d^2 (d+1) <= 4 (N-1) d^3 <= 10 N d^3 for all N, d >= 1; the first with equality at d = 1 alone."""
    t, u = sympy.symbols("t u", nonnegative=True)
    d, depth = 1 + t, 1 + u
    first = 4 * (depth - 1) * d**3 - (depth - 1) * 2 * d**2 * (d + 1)
    second = 10 * depth * d**3 - 4 * (depth - 1) * d**3
    for gap in (first, second):
        assert all(coefficient >= 0 for coefficient in sympy.Poly(gap, t, u).coeffs())
    assert sympy.factor(first).subs(t, 0) == 0
    assert sympy.Poly(second, t, u).coeffs()[-1] == 10


@symbolic
def test_law_of_one_hidden_unit_between_pairs() -> None:
    """Widths 2-1-2: B_1 / s^2 is the difference of two chi^2 of two degrees, P(|B_1| > t s^2) = exp(-t/2), and its
    variance is what statement 1 says."""
    t, x, y = sympy.symbols("t x y", positive=True)
    density = sympy.exp(-x / 2) / 2
    beyond = sympy.integrate(density, (x, t + y, sympy.oo))
    tail = 2 * sympy.integrate(sympy.expand(density.subs(x, y) * beyond), (y, 0, sympy.oo))
    assert sympy.simplify(tail - sympy.exp(-t / 2)) == 0
    assert sympy.integrate(2 * t * tail, (t, 0, sympy.oo)) == moment(2, 1, 2) == 8


@symbolic
def test_variance_where_the_law_is_known() -> None:
    """Wick's formula at degree eight: E B^4 is 16 * 9 for B = 2 u v (widths 1-1-1), 24 * 2^4 for widths 2-1-2."""
    at = {sizes: variance().subs(dict(zip(SIZES, sizes, strict=True))) for sizes in ((1, 1, 1), (2, 1, 2))}
    assert at == {(1, 1, 1): 144 - 4**2, (2, 1, 2): 384 - 8**2}


SMALL = [(k, n, m) for k, n, m in product(range(1, 5), repeat=3) if k <= m and n * (k + m) <= 8]


def third_point_mean(dimensions: tuple[int, int, int]) -> fmpq:
    """E ||B||_F^2 over entries 0 and +-sqrt(3) of probabilities 2/3, 1/6, 1/6, all networks enumerated.

    ||B||_F^2 has degree 4 in each entry and the three points have the first five moments of N(0, 1): it is the
    Gaussian expectation (Gauss-Hermite quadrature). Entries / sqrt(3) and so B / 3 are integers, exact in float64.
    """
    before, width, after = dimensions
    count = width * (before + after)
    entries = np.array(list(product((0.0, 1.0, -1.0), repeat=count)))
    first = entries[:, : width * before].reshape(-1, width, before)
    second = entries[:, width * before :].reshape(-1, after, width)
    (imbalance,) = imbalances((first, second))
    probability = 4.0 ** (entries == 0).sum(axis=1)  # in units of 6^-count
    return 9 * fmpq(int(probability @ frobenius_squared(imbalance)), 6**count)


@exact
@pytest.mark.parametrize("dimensions", SMALL)
def test_moment_by_quadrature_of_all_networks(dimensions: tuple[int, int, int]) -> None:
    """Statement 1 through the imbalances of 9 to 6561 networks, an equality of rationals."""
    before, width, after = dimensions
    mean = third_point_mean(dimensions)
    assert compare(Comparison(mean, "==", fmpq(moment(after, width, before)), f"moment at {dimensions}")).holds


def product_tail(x: Scalar) -> arb:
    """P(|u v| > x) for independent normal u and v: 2/pi int_0^oo exp(-x cosh t) / cosh t dt (K_0 integrated over x).

    Beyond T = 6 the integrand is below 2 exp(-t - x cosh 6).
    """
    value = acb.integral(lambda t, _: (-acb(arb(x)) * t.cosh()).exp() / t.cosh(), 0, 6).real
    rest = 2 * (-6 - arb(x) * arb(6).cosh()).exp()
    return 2 / arb.pi() * value.union(value + rest)


def certain_probability(dimensions: tuple[int, ...], ratio: fmpq) -> arb:
    """P(|B_1| <= t s^2), t = ``ratio``: widths 2-1-2 above, and 1-1-1, where B_1 = 2 s^2 u v."""
    return 1 - ((-arb(ratio) / 2).exp() if dimensions == (2, 1, 2) else product_tail(ratio / 2))


@exact
@given(st.sampled_from([(2, 1, 2), (1, 1, 1)]), st.integers(1, 400), st.integers(1, 64))
def test_bound_against_exact_probabilities(dimensions: tuple[int, ...], numerator: int, scale: int) -> None:
    """Statements 2 and 3 where the probability is known, for delta = t s^2 from where the bound is negative to where
    it is near 1."""
    ratio, s = fmpq(numerator, 8), fmpq(scale, 16)
    delta_squared = (ratio * s**2) ** 2
    for limit in (bound(dimensions, s, delta_squared, constant=fmpq(10)), 1 - total_moment(dimensions) / ratio**2):
        assert settle(partial(promise, dimensions, ratio, limit)).holds


def promise(dimensions: tuple[int, ...], ratio: fmpq, limit: Scalar) -> Comparison:
    """The probability is at least the limit."""
    return Comparison(certain_probability(dimensions, ratio), ">=", limit, f"P(|B_1| <= {ratio} s^2) at {dimensions}")


SHAPES = [(1, 1, 1), (2, 1, 2), (4, 1, 1, 4), (3, 4, 2), (1, 2, 3, 2, 1), (5, 1, 6, 1, 3), (6,) * 5]
COUNT = 2000


def balanced_count(dimensions: Sequence[int], scale: float, delta_squared: float, count: int = COUNT) -> int:
    """How many of ``count`` random networks are certainly delta-balanced; the others certainly are not."""
    weights = gaussian_networks(dimensions, scale, count, generator(CLAIM.uid, *dimensions))
    within = np.ones(count, dtype=bool)
    for imbalance in imbalances([Enclosure.of(layer) for layer in weights]):
        within &= positive(Enclosure.of(np.full(count, delta_squared)) - squared_norms(imbalance))
    return int(within.sum())


@sampled
@pytest.mark.parametrize("dimensions", SHAPES)
@pytest.mark.parametrize("promised", [0.5, 0.95])
def test_frequency_of_balanced_networks(dimensions: tuple[int, ...], promised: float) -> None:
    """delta is chosen so that statement 2, and then statement 3, promise a half or 95 per cent; s = 1/4."""
    scale = 0.25
    leading = 10 * (len(dimensions) - 1) * max(dimensions) ** 3
    for amount in (leading, total_moment(dimensions)):
        delta_squared = amount * scale**4 / (1 - promised)
        limit = 1 - amount * rational(scale) ** 4 / rational(delta_squared)
        found = balanced_count(dimensions, scale, delta_squared)
        assert consistent(found, COUNT, ">=", limit, f"delta-balanced {dimensions}").holds


@sampled
@pytest.mark.parametrize("dimensions", [(2, 1, 2), (1, 1, 1)])
@pytest.mark.parametrize("ratio", [0.5, 2.0])
def test_frequency_where_the_probability_is_known(dimensions: tuple[int, ...], ratio: float) -> None:
    """Both tails: the networks sampled have the law that the exact checks use; s = 1/2."""
    found = balanced_count(dimensions, 0.5, ratio**2 * 0.5**4)
    probability = certain_probability(dimensions, rational(ratio))
    assert consistent(found, COUNT, "==", probability, f"|B_1| <= {ratio} for {dimensions}").holds


GROUPS, GROUP = 60, 1000


@cache
def variance() -> sympy.Expr:
    """Var ||B||_F^2 for all widths, of degree 4 in them."""
    return sympy.expand(norm_power(2) - norm_power(1) ** 2)


def groups_that_agree(dimensions: tuple[int, int, int], claimed: int) -> int:
    """In how many of GROUPS groups the mean of ||B||_F^2 is within t of ``claimed``, t^2 = 4 Var / GROUP.

    By Chebyshev's inequality with the exact variance, each is with probability at least 3/4 where the claim is true.
    """
    before, width, after = dimensions
    weights = gaussian_networks(dimensions, 1.0, GROUPS * GROUP, generator(CLAIM.uid, "moment", *dimensions))
    norms = squared_norms(*imbalances([Enclosure.of(layer) for layer in weights]))
    total, radius = (part.reshape(GROUPS, GROUP) for part in (norms.value, norms.radius))
    ones = Enclosure.of(np.ones((GROUP, 1)))
    deviation = (Enclosure(total, radius) @ ones) - Enclosure.of(np.full((GROUPS, 1), float(GROUP * claimed)))
    squared = squared_norms(Enclosure(deviation.value[:, :, None], deviation.radius[:, :, None]))
    allowed = float(4 * GROUP * variance().subs(dict(zip(SIZES, (after, width, before), strict=True))))
    return int(positive(Enclosure.of(np.full(GROUPS, allowed)) - squared).sum())


MOMENT_SHAPES = [(1, 1, 1), (2, 1, 2), (1, 3, 5), (4, 2, 1), (3, 3, 3), (1, 4, 1), (6, 2, 2)]


@sampled
@pytest.mark.parametrize("dimensions", MOMENT_SHAPES)
def test_mean_of_the_squared_imbalance(dimensions: tuple[int, int, int]) -> None:
    """Statement 1 on 60 groups of a thousand networks: at least three quarters of the groups agree, says Chebyshev."""
    before, width, after = dimensions
    agree = groups_that_agree(dimensions, moment(after, width, before))
    assert consistent(agree, GROUPS, ">=", fmpq(3, 4), f"groups that agree at {dimensions}").holds


@control
@pytest.mark.parametrize("dimensions", [(1, 3, 5), (6, 2, 2), (4, 2, 1)])
def test_refuted_without_the_square_term(dimensions: tuple[int, int, int]) -> None:
    """With (d_{j+1} - d_{j-1})^2 d_j left out, both the groups and the exact quadrature say no."""
    before, width, after = dimensions
    agree = groups_that_agree(dimensions, moment(after, width, before, square=0))
    assert consistent(agree, GROUPS, ">=", fmpq(3, 4), f"groups that agree at {dimensions}").fails
    wrong = fmpq(moment(2, 2, 1, square=0))
    assert compare(Comparison(third_point_mean((1, 2, 2)), "==", wrong, "moment at 1-2-2")).fails


@control
def test_refuted_with_constant_one_tenth() -> None:
    """Widths 2-1-2 at delta = 4 s^2: 1 - 16 C / 16 = 9/10, but the probability is 1 - exp(-2) = 0.865."""
    limit = bound((2, 1, 2), fmpq(1), fmpq(16), constant=fmpq(1, 10))
    assert compare(Comparison(certain_probability((2, 1, 2), fmpq(4)), ">=", limit, "constant 1/10")).fails
    found = balanced_count((2, 1, 2), 1.0, 16.0, 10 * COUNT)
    assert consistent(found, 10 * COUNT, ">=", limit, "constant 1/10").fails


@control
def test_refuted_with_constant_one_half() -> None:
    """Widths 1-1-1 at delta = 7/2 s^2: 1 - 2 C / (49/4) = 45/49 = 0.918, but the probability is 0.90."""
    limit = bound((1, 1, 1), fmpq(1), fmpq(49, 4), constant=fmpq(1, 2))
    assert compare(Comparison(certain_probability((1, 1, 1), fmpq(7, 2)), ">=", limit, "constant 1/2")).fails


@control
def test_refuted_with_the_square_of_s() -> None:
    """s^2 in place of s^4: at s = 32, delta = s^2, widths 2-1-2, the bound -159 turns into 1 - 160 / 1024 = 0.84, but
    the probability is 0.39."""
    scale, ratio = fmpq(32), fmpq(1)
    wrong = bound((2, 1, 2), scale, (ratio * scale**2) ** 2, constant=fmpq(10), power=2)
    assert compare(Comparison(certain_probability((2, 1, 2), ratio), ">=", wrong, "with s^2")).fails


@control
@ablates("DL-014", "normal entries", "dropped", Fate.REFUTED)
def test_refuted_for_entries_that_only_share_the_variance() -> None:
    """Entries 0 or +-s/sqrt(q) of probabilities 1 - q, q/2, q/2 at q = 1/20: of widths 1-1-1, |B_1| = s^2/q with
    probability 2 q (1 - q) = 0.095, but the bound at delta just below s^2/q leaves 20 q^2 = 0.05: normality is used."""
    q = fmpq(1, 20)
    not_balanced = 2 * q * (1 - q)
    delta = fmpq(999, 1000) / q
    limit = bound((1, 1, 1), fmpq(1), delta**2, constant=fmpq(10))
    assert compare(Comparison(1 - not_balanced, ">=", limit, "entries of the same variance")).fails


@control
@ablates("DL-014", "independent entries", "dropped", Fate.REFUTED)
def test_refuted_for_entries_that_are_equal_within_a_layer() -> None:
    """Normal entries, all u in W_1 and all v in W_2, widths d-d-d at d = 100: B_1 is d (v^2 - u^2) times the matrix of
    ones, and v^2 - u^2 = 2 u' v' with u', v' normal and independent; at delta = s^2 d^2 the bound is 4/5, but
    P(|v^2 - u^2| <= 1) is 0.6."""
    width = 100
    limit = bound((width,) * 3, fmpq(1), fmpq(width) ** 4, constant=fmpq(10))
    assert limit == fmpq(4, 5)
    small = arithmetic.exact(np.ones((3, 3)))
    (imbalance,) = imbalances((2 * small, 5 * small))
    assert frobenius_squared(imbalance) == (3 * 3 * (5**2 - 2**2)) ** 2
    verdict = compare(Comparison(certain_probability((1, 1, 1), fmpq(1)), ">=", limit, "entries equal within a layer"))
    assert verdict.fails, verdict


@witness
def test_smallest_parameters() -> None:
    """Depth 1 has no imbalance and the bound is below 1; at depth 2 and width 1 the expectation is 4 s^4, that of
    statement 3 with equality; the bound says something from delta^2 = 20 s^4 on."""
    assert imbalances(gaussian_networks((2, 3), 1.0, 1, generator("depth one"))) == ()
    assert bound((2, 3), fmpq(1), fmpq(1), constant=fmpq(10)) < 1
    assert third_point_mean((1, 1, 1)) == moment(1, 1, 1) == 2 * 1 * 2 == 4
    assert bound((1, 1, 1), fmpq(1), fmpq(20), constant=fmpq(10)) == 0
