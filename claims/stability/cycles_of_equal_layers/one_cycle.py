"""Statement 1: which equal layers have a positive cycle of two, and that there is one only."""

from collections.abc import Callable
from fractions import Fraction

import pytest
import sympy
from flint import arb, fmpq, fmpz_poly
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, symbolic, witness
from solvers.arithmetic import Comparison, Scalar, power, settle
from solvers.descent.two_cycles import cycle_of_equal_layers, cycle_rate, problem_of_cycle
from solvers.guarantees.residual import moved
from solvers.shallow.real_roots import real_roots

N = sympy.Symbol("N", integer=True, positive=True)
RATIOS = st.builds(lambda p, q: fmpq(p, p + q), st.integers(1, 60), st.integers(1, 60))
"""c = y/x in (0, 1)."""


def step(z: Scalar, depth: int, a: Scalar) -> Scalar:
    """f(z): Phi = 1 and eta = a."""
    result: Scalar = moved(z, fmpq(1), depth, a)
    return result


def step_polynomial(depth: int, a: fmpq) -> fmpz_poly:
    """q f(z) for a = p/q, as a polynomial in z."""
    p, q = int(a.p), int(a.q)
    z = fmpz_poly([0, 1])
    return q * z - p * z ** (depth - 1) * (z**depth - fmpz_poly([1]))


def positive_cycle_points(depth: int, a: fmpq) -> int:
    """How many z > 0 have f(f(z)) = z != f(z) > 0: all real roots of f(f(z)) - z divided by f(z) - z, isolated."""
    q, once = int(a.q), step_polynomial(depth, a)
    z = fmpz_poly([0, 1])
    # q f(f) with f = once/q: common denominator q^(2N-1)
    degree = 2 * depth - 1
    powers = q * once * q ** (degree - 1) - int(a.p) * (once**degree - once ** (depth - 1) * q**depth)
    whole = powers - q ** (degree + 1) * z
    fixed = once - q * z
    quotient, rest = divmod(whole, fixed)
    assert rest == fmpz_poly([0])
    simple, repeated = real_roots(quotient)
    return sum(bool(root > 0 and step(root, depth, a) > 0 and root != 1) for root in simple + repeated)


@symbolic
def test_the_formula_in_h_for_every_depth() -> None:
    """eta x^{2N-2} and Phi/x^N at c = e^{-2h}, as exponentials: E = e^{2(N-1)h} 2 sinh h cosh((N-1)h)/sinh Nh and
    Phi/x^N = e^{-Nh} cosh((2N-1)h)/cosh((N-1)h), whose exponents cancel in a. N and h symbols."""
    h = sympy.Symbol("h", positive=True)
    c = sympy.exp(-2 * h)

    def sinh(m: sympy.Expr) -> sympy.Expr:
        return (sympy.exp(m * h) - sympy.exp(-m * h)) / 2

    def cosh(m: sympy.Expr) -> sympy.Expr:
        return (sympy.exp(m * h) + sympy.exp(-m * h)) / 2

    first = (1 - c) * (1 + c ** (N - 1)) / (c ** (N - 1) * (1 - c**N))
    target = (1 + c ** (2 * N - 1)) / (1 + c ** (N - 1))
    expected = sympy.exp(2 * (N - 1) * h) * 2 * sinh(sympy.Integer(1)) * cosh(N - 1) / sinh(N)
    goal = sympy.exp(-N * h) * cosh(2 * N - 1) / cosh(N - 1)
    assert sympy.simplify(sympy.expand(sympy.together(first / expected - 1).as_numer_denom()[0])) == 0
    assert sympy.simplify(sympy.expand(sympy.together(target / goal - 1).as_numer_denom()[0])) == 0
    assert sympy.expand(2 * (N - 1) - N * (2 - 2 / N)) == 0  # of e^h
    assert sympy.expand(1 - (2 - 2 / N) + (1 - 2 / N)) == 0  # of cosh((N-1)h)


@symbolic
def test_a_rises_for_every_depth() -> None:
    """2 sinh h cosh(mh) = sinh((m+1)h) - sinh((m-1)h) telescopes over m = N-1, N-3, ..., 1-N to 2 sinh Nh; and the
    three terms of d ln a/dh, with tanh((2N-1)h) and the mean replaced by T and (N-1) T, add to 2(N-1) T."""
    h, m = sympy.symbols("h m", positive=True)
    product = 2 * sympy.sinh(h) * sympy.cosh(m * h) - sympy.sinh((m + 1) * h) + sympy.sinh((m - 1) * h)
    assert sympy.simplify(product.rewrite(sympy.exp)) == 0
    k = sympy.Symbol("k", integer=True)
    assert sympy.expand((N - 1 - 2 * k) - 1 - ((N - 1 - 2 * (k + 1)) + 1)) == 0  # the next term begins where one ends
    t = sympy.Symbol("T", positive=True)
    bound = (2 - 2 / N) * (2 * N - 1) * t - (1 - 2 / N) * (N - 1) * t - (N - 1) * t
    assert sympy.simplify(bound - 2 * (N - 1) * t) == 0
    slope = sympy.diff(m * sympy.tanh(m), m)  # m tanh m rises
    assert sympy.simplify(slope - sympy.tanh(m) - m / sympy.cosh(m) ** 2) == 0


def in_h(depth: int, h: arb, *, exponent: Fraction | None = None) -> arb:
    """a by the formula in h; 2 - 2/N is the statement's exponent of cosh((2N-1)h)."""
    n = depth
    return (
        2 * h.sinh() / (n * h).sinh()
        * arb(power(((2 * n - 1) * h).cosh(), exponent or Fraction(2 * n - 2, n)))
        / arb(power(((n - 1) * h).cosh(), Fraction(n - 2, n)))
    )  # fmt: skip


@exact
@given(st.integers(2, 7), RATIOS)
def test_the_formula_in_h(depth: int, ratio: fmpq) -> None:
    """It meets eta Phi^{2-2/N} of the rational cycle 1, c; d ln a/dh, by a difference, is as large as said."""
    h = -arb(ratio).log() / 2
    target, eta = problem_of_cycle(depth, fmpq(1), ratio)
    a = eta * power(target, Fraction(2 * depth - 2, depth))
    assert in_h(depth, h).overlaps(arb(a))
    assert not in_h(depth, h, exponent=Fraction(2)).overlaps(arb(a))
    assert arb(cycle_rate(depth, ratio)).overlaps(arb(a))
    step_in_h = arb(fmpq(1, 64))
    least = 2 * (depth - 1) * ((depth - 1) * h).tanh() * step_in_h
    assert in_h(depth, h + step_in_h).log() - in_h(depth, h).log() > least
    assert settle(lambda: Comparison(cycle_rate(depth, ratio), ">", fmpq(2, depth), "a against 2/N")).holds


@exact
@given(st.integers(2, 7), RATIOS, st.integers(1, 9))
def test_every_pair_alternates(depth: int, ratio: fmpq, x: int) -> None:
    """x and y = c x in rationals; eta and Phi scale as they should, so that a is the same."""
    target, eta = problem_of_cycle(depth, x, x * ratio)
    assert moved(fmpq(x), target, depth, eta) == x * ratio
    assert moved(x * ratio, target, depth, eta) == x
    first, rate = problem_of_cycle(depth, 1, ratio)
    assert eta**depth * target ** (2 * depth - 2) == rate**depth * first ** (2 * depth - 2)


@exact
@pytest.mark.parametrize("depth", [2, 3, 4])
@pytest.mark.parametrize("excess", [fmpq(1, 2), fmpq(1), fmpq(11, 10), fmpq(5, 4), fmpq(2)])
def test_one_cycle_beyond_the_edge_and_none_before(depth: int, excess: fmpq) -> None:
    """a = excess times 2/N: the real roots of f(f(z)) - z, all of them, show two points of it or none; the solver's
    ball alternates. At the edge itself 1 is a double root, and no cycle."""
    a = excess * fmpq(2, depth)
    assert positive_cycle_points(depth, a) == (2 if excess > 1 else 0)
    cycle = cycle_of_equal_layers(depth, a)
    assert (cycle is None) == (excess <= 1)
    if cycle is not None:
        x, y = cycle.points[0][0], cycle.points[1][0]
        assert arb(step(x, depth, a)).overlaps(arb(y))
        assert arb(step(y, depth, a)).overlaps(arb(x))


@control
@ablates("DL-065", "a above 2/N", "a >= 2/N", Fate.REFUTED)
@ablates("DL-065", "a above 2/N", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("depth", [2, 3, 4, 9])
def test_refuted_at_and_below_the_edge(depth: int) -> None:
    """No cycle at 2/N or half of it; one at 2/N and a millionth more, whose c is near 1."""
    edge = fmpq(2, depth)
    assert cycle_of_equal_layers(depth, edge) is None
    assert cycle_of_equal_layers(depth, edge / 2) is None
    cycle = cycle_of_equal_layers(depth, edge * fmpq(1000001, 1000000))
    assert cycle is not None
    assert arb(cycle.points[1][0]) / arb(cycle.points[0][0]) > fmpq(99, 100)


@control
def test_refuted_with_another_scaling() -> None:
    """eta Phi, or eta Phi^2, in place of eta Phi^{2-2/N}: not the same for the cycles {1, 4/5} and {2, 8/5}, N = 3."""
    rates: list[Callable[[fmpq, fmpq], fmpq]] = [lambda phi, eta: eta * phi, lambda phi, eta: eta * phi**2]
    for rate in rates:
        assert rate(*problem_of_cycle(3, 1, fmpq(4, 5))) != rate(*problem_of_cycle(3, 2, fmpq(8, 5)))


@witness
def test_small_cycles() -> None:
    """N = 3: {1, 4/5} at Phi = 4149/5125, eta = 1025/976; N = 2: {5/4, 4/5} at eta Phi = 481/400."""
    assert problem_of_cycle(3, 1, fmpq(4, 5)) == (fmpq(4149, 5125), fmpq(1025, 976))
    target, eta = problem_of_cycle(2, fmpq(5, 4), fmpq(4, 5))
    assert target * eta == fmpq(481, 400)
    assert cycle_rate(2, fmpq(1)) == 1
    assert arb(cycle_rate(5, fmpq(1))).overlaps(arb(fmpq(2, 5)))
