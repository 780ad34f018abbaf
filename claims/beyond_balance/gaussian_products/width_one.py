"""Statement 3: products of normal numbers."""

from functools import partial

import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.beyond_balance.gaussian_products import CLAIM
from claims.suite import exact, sampled, symbolic, witness
from claims.suite.statistics import consistent, gaussian_networks, generator, positive, product_tail
from solvers.arithmetic import Comparison, Enclosure, Scalar, settle
from solvers.network import end_to_end

BASE, BETTER = fmpq(882, 1000), fmpq(858, 1000)
ORDER = fmpq(2, 3)
RATE = fmpq(1, 10)


def moment(order: Scalar) -> arb:
    """E |u|^q of one normal number: 2^{q/2} Gamma((q + 1)/2) / pi^{1/2}."""
    q = arb(order)
    return 2 ** (q / 2) * ((q + 1) / 2).gamma() / arb.pi().sqrt()


def markov_base(order: Scalar) -> arb:
    """E |u|^q e^{q/10}: P(|w| >= e^{-N/10}) is at most its N-th power."""
    return moment(order) * (arb(order) * RATE).exp()


def tail(depth: int, exponent: Scalar = RATE) -> arb:
    """P(|w| >= e^{-N exponent}), at N = 1 by the error function and at N = 2 by an integral of one variable."""
    least = (-depth * arb(exponent)).exp()
    return (least / arb(2).sqrt()).erfc() if depth == 1 else product_tail(least)


@symbolic
def test_moment_for_every_real_order() -> None:
    """The integral of |x|^q against the normal density, for symbolic q > 0; the product is that of N factors."""
    x, q = sympy.symbols("x q", positive=True)
    mean = 2 * sympy.integrate(x**q * sympy.exp(-(x**2) / 2), (x, 0, sympy.oo)) / sympy.sqrt(2 * sympy.pi)
    closed = 2 ** (q / 2) * sympy.gamma((q + 1) / 2) / sympy.sqrt(sympy.pi)
    assert sympy.simplify(sympy.gammasimp(mean / closed)) == 1


def markov(order: fmpq, base: fmpq) -> Comparison:
    """That the order q gives the base."""
    return Comparison(markov_base(order), "<=", base, f"the base of q = {order}")


@exact
def test_the_bases() -> None:
    """Those of the statement."""
    assert settle(partial(markov, fmpq(1), BASE)).holds
    assert settle(partial(markov, ORDER, BETTER)).holds


@exact
@given(st.integers(1, 800).map(lambda hundredths: fmpq(hundredths, 100)))
def test_no_order_gives_a_base_below_the_best(q: fmpq) -> None:
    """8576/10000 is below E |u|^q e^{q/10} for every q that is drawn, 1/100 to 8."""
    verdict = settle(lambda: Comparison(markov_base(q), ">", fmpq(8576, 10000), f"the base of q = {q}"))
    assert verdict.holds, verdict


@witness
def test_the_best_base_and_the_least_that_there_can_be() -> None:
    """q = 0.6644 gives 0.8577; P(|w| >= e^{-1/10}) = 0.365... at N = 1."""
    assert settle(partial(markov, fmpq(6644, 10000), fmpq(8577, 10000))).holds
    assert settle(lambda: Comparison(tail(1), ">=", fmpq(365, 1000), "P at depth 1")).holds
    assert settle(lambda: Comparison(tail(1), "<", fmpq(366, 1000), "P at depth 1")).holds


@exact
@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize("base", [BASE, BETTER])
def test_bound_against_exact_probabilities(depth: int, base: fmpq) -> None:
    verdict = settle(lambda: Comparison(tail(depth), "<=", base**depth, f"P at depth {depth}"))
    assert verdict.holds, verdict


COUNT = 4000


def large_numbers(depth: int) -> int:
    """Of COUNT products of normal numbers, how many certainly are at least e^{-N/10} in size; the others are not."""
    layers = gaussian_networks((1,) * (depth + 1), 1.0, COUNT, generator(CLAIM.uid, "one", depth))
    least = (-depth * arb(RATE)).exp()
    value, radius = float(least.mid()), 2.0**-50
    product = end_to_end([Enclosure.of(layer) for layer in layers])
    above = [Enclosure(sign * product.value[:, 0, 0] - value, product.radius[:, 0, 0] + radius) for sign in (1, -1)]
    return int((positive(above[0]) | positive(above[1])).sum())


@sampled
@pytest.mark.parametrize("depth", [1, 2, 3, 5, 8, 12])
def test_frequency_of_large_numbers(depth: int) -> None:
    """P(|w| >= e^{-N/10}) <= (858/1000)^N. Notices a probability that is higher by 0.1."""
    what = f"|w| >= e^-N/10 at depth {depth}"
    assert consistent(large_numbers(depth), COUNT, "<=", BETTER**depth, what, notices=fmpq(1, 10)).holds


@sampled
@pytest.mark.parametrize("depth", [1, 2])
def test_frequency_where_the_probability_is_known(depth: int) -> None:
    """Both tails at depth 1 and 2. Notices a probability that is off by 0.07."""
    found = large_numbers(depth)
    exact_tail = partial(tail, depth)
    assert consistent(found, COUNT, "==", exact_tail(), f"the law at depth {depth}", notices=fmpq(7, 100)).holds
