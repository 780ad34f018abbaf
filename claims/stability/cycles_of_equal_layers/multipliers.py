"""Statement 2: multipliers along and across, and for which a the cycle is stable."""

import pytest
import sympy
from flint import arb, fmpq, fmpz_poly
from hypothesis import given
from hypothesis import strategies as st

from claims.stability.cycles_of_equal_layers.one_cycle import RATIOS
from claims.suite import control, exact, symbolic, witness
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare
from solvers.arithmetic import exact as rationals
from solvers.descent.two_cycles import along_polynomials, cycle_multipliers, cycle_rate, problem_of_cycle, root_between
from solvers.network import characteristic_polynomial, hessian
from solvers.shallow.real_roots import real_roots
from strategies import scalar_weights

N = sympy.Symbol("N", integer=True, positive=True)

THRESHOLDS = {
    2: fmpq(123607, 100000),
    3: fmpq(124461, 100000),
    4: fmpq(124717, 100000),
    5: fmpq(124838, 100000),
    6: fmpq(124908, 100000),
    8: fmpq(124985, 100000),
    12: fmpq(125052, 100000),
}
"""a_N N/2 as stated, to five decimals."""


def roots_in_the_unit_interval(polynomial: fmpz_poly) -> list[arb]:
    """Its real roots in (0, 1), simple or not; 1 itself is not one of them."""
    simple, repeated = real_roots(polynomial)
    found = simple + repeated
    assert all(root > 0 or root < 0 or root == 0 for root in found)
    assert all(root > 1 or root < 1 or root == 1 for root in found)
    return [root for root in found if 0 < root < 1]


@symbolic
def test_both_multipliers_for_every_depth() -> None:
    """The Hessian's two eigenvalues from w^{2N-2} + r w^{N-2} off and w^{2N-2} on the diagonal; (N-1) r w^{N-2} at x
    and y by 1 - eta r w^{N-2} = c, 1/c; across (2-c)(2-1/c) = 5 - 2s, s = c + 1/c > 2, above -1 for s < 3."""
    w, eta, r, c, e = sympy.symbols("w eta r c E", positive=True)
    on, off = w ** (2 * N - 2), w ** (2 * N - 2) + r * w ** (N - 2)
    slope = eta * r * w ** (N - 2)
    along, across = 1 - eta * (on + (N - 1) * off), 1 - eta * (on - off)
    assert sympy.simplify(along - (1 - (N - 1) * slope - eta * N * w ** (2 * N - 2))) == 0
    assert sympy.simplify(across - (1 + slope)) == 0
    assert sympy.expand((1 + (1 - c)) * (1 + (1 - 1 / c)) - (5 - 2 * (c + 1 / c))) == 0
    assert sympy.expand((1 - (N - 1) * (1 - c) - N * e).subs(c, 1 / c) - (1 + (N - 1) * (1 / c - 1) - N * e)) == 0
    assert sympy.expand(c * (c + 1 / c - 2) - (c - 1) ** 2) == 0


@symbolic
@pytest.mark.parametrize("depth", [2, 3, 4])
def test_the_hessian_at_equal_layers(depth: int) -> None:
    """On and off the diagonal, of l itself."""
    layers = sympy.symbols(f"w1:{depth + 1}", positive=True)
    w, target = sympy.symbols("w Phi", positive=True)
    loss = (sympy.prod(layers) - target) ** 2 / 2
    equal = dict.fromkeys(layers, w)
    on = sympy.diff(loss, layers[0], 2).subs(equal)
    off = sympy.diff(loss, layers[0], layers[1]).subs(equal)
    r = w**depth - target
    assert sympy.expand(on - w ** (2 * depth - 2)) == 0
    assert sympy.expand(off - w ** (2 * depth - 2) - r * w ** (depth - 2)) == 0


@symbolic
def test_three_layers() -> None:
    """At N = 3, c a symbol: -(2c^5 + c^4 + c^3 - 4c^2 - 3) (3c^5 + 4c^3 - c^2 - c - 2) / (c^3 (c^2+c+1)^2)."""
    c = sympy.Symbol("c", positive=True)
    first = (1 + c**2) / (c**2 * (1 + c + c**2))
    along = (1 - 2 * (1 - c) - 3 * first) * (1 + 2 * (1 / c - 1) - 3 * first * c**4)
    top = (2 * c**5 + c**4 + c**3 - 4 * c**2 - 3) * (3 * c**5 + 4 * c**3 - c**2 - c - 2)
    assert sympy.simplify(along + top / (c**3 * (c**2 + c + 1) ** 2)) == 0


def derivative_of_two_steps(depth: int, x: fmpq, y: fmpq) -> ObjectArray:
    """(I - eta H(y)) (I - eta H(x)), H the Hessian of the network."""
    target, eta = problem_of_cycle(depth, x, y)
    steps = []
    for w in (y, x):
        h = hessian(scalar_weights(*[w] * depth), scalar_weights(target)[0])
        steps.append(rationals([[fmpq(i == j) - eta * h[i, j] for j in range(depth)] for i in range(depth)]))
    product: ObjectArray = steps[0] @ steps[1]
    return product


def rational_multipliers(depth: int, ratio: fmpq) -> tuple[fmpq, fmpq]:
    """Along and across of a rational cycle."""
    along, across = cycle_multipliers(depth, ratio)
    assert isinstance(along, fmpq)
    assert isinstance(across, fmpq)
    return along, across


@exact
@given(st.integers(2, 5), RATIOS, st.integers(1, 5))
def test_multipliers_are_the_eigenvalues(depth: int, ratio: fmpq, x: int) -> None:
    """The characteristic polynomial of the derivative of two steps has along once and across N - 1 times, exactly."""
    along, across = rational_multipliers(depth, ratio)
    found = characteristic_polynomial(derivative_of_two_steps(depth, fmpq(x), x * ratio))
    assert found(along) == found(across) == 0
    assert sum(found.coeffs()) == (1 - along) * (1 - across) ** (depth - 1)
    assert found(fmpq(2)) == (2 - along) * (2 - across) ** (depth - 1)


@exact
@pytest.mark.parametrize("depth", range(2, 13))
def test_the_cycle_is_stable_on_one_interval(depth: int) -> None:
    """All roots in (0, 1) of P + Q and P - Q, along = P/Q: one of the first, c_N, none of the second, and along is > -1
    near c = 1; across is in (-1, 1) at c_N and above. So, a being monotone, stable if and only if 2/N < a < a_N."""
    top, bottom = along_polynomials(depth)
    (flip,) = roots_in_the_unit_interval(top + bottom)
    assert roots_in_the_unit_interval(top - bottom) == []
    near, far = fmpq(999, 1000), fmpq(1, 1000)
    assert far < flip < near
    assert -1 < cycle_multipliers(depth, near)[0] < 1
    assert cycle_multipliers(depth, far)[0] < -1
    assert flip + 1 / flip < 3
    threshold = depth * arb(cycle_rate(depth, flip)) / 2
    assert fmpq(6, 5) < threshold < fmpq(5, 4) + fmpq(1, 1000)
    if depth in THRESHOLDS:
        assert abs(threshold - THRESHOLDS[depth]) < fmpq(1, 200000)


def limit_rate(s: Scalar) -> arb:
    """s cosh(2s)^2 / (sinh s cosh s)."""
    s = arb(s)
    return s * (2 * s).cosh() ** 2 / (s.sinh() * s.cosh())


def limit_along(s: Scalar) -> arb:
    """The limit of along at c = e^{-2s/N}: N E -> 2s coth s e^{2s}, and N E c^{2N-2} -> 2s coth s e^{-2s}."""
    s = arb(s)
    both = 2 * s * s.cosh() / s.sinh()
    return (1 - 2 * s - both * (2 * s).exp()) * (1 + 2 * s - both * (-2 * s).exp())


@symbolic
def test_the_limit_of_great_depth() -> None:
    """N E = N (1-c)(1+c^{N-1})/(c^{N-1}(1-c^N)) and (N-1)(1-c) at c = e^{-2s/N}, by SymPy's limit."""
    s = sympy.Symbol("s", positive=True)
    c = sympy.exp(-2 * s / N)
    assert sympy.limit(N * (1 - c), N, sympy.oo) == 2 * s
    ends = (1 + sympy.exp(-2 * s)) / (sympy.exp(-2 * s) * (1 - sympy.exp(-2 * s)))
    assert sympy.simplify((2 * s * ends - 2 * s * sympy.coth(s) * sympy.exp(2 * s)).rewrite(sympy.exp)) == 0
    rate = 2 * s * ends * ((1 + sympy.exp(-4 * s)) / (1 + sympy.exp(-2 * s))) ** 2 / 2
    assert sympy.simplify((rate - s * sympy.cosh(2 * s) ** 2 / (sympy.sinh(s) * sympy.cosh(s))).rewrite(sympy.exp)) == 0


@exact
def test_the_threshold_of_great_depth() -> None:
    """A zero of limit_along + 1 in a ball, and 1.25165 there; at N = 200 along and a N/2 are within 1/50 of limits."""
    zero = root_between(lambda s: limit_along(s) + 1, fmpq(1, 10), fmpq(1))
    assert abs(limit_rate(zero) - fmpq(125165, 100000)) < fmpq(1, 200000)
    ratio = (-2 * zero / 200).exp()
    assert abs(arb(cycle_multipliers(200, ratio)[0]) + 1) < fmpq(1, 50)
    assert abs(100 * arb(cycle_rate(200, ratio)) - limit_rate(zero)) < fmpq(1, 50)


@control
@pytest.mark.parametrize("depth", [2, 3, 8])
def test_refuted_on_the_other_side_of_each_threshold(depth: int) -> None:
    """c just below c_N has along < -1 and just above not; at c + 1/c = 3 across is -1, and beyond it below."""
    top, bottom = along_polynomials(depth)
    (flip,) = roots_in_the_unit_interval(top + bottom)
    below, above = (fmpq(int(float(flip) * 10**6) + k, 10**6) for k in (-1, 2))
    for ratio, stable in ((below, False), (above, True)):
        along, _ = cycle_multipliers(depth, ratio)
        assert compare(Comparison(along * along, "<", fmpq(1), "along squared")).holds == stable
    for ratio, stable in ((fmpq(382, 1000), True), (fmpq(381, 1000), False)):
        assert (ratio + 1 / ratio < 3) == stable
        assert (cycle_multipliers(depth, ratio)[1] > -1) == stable


@control
def test_refuted_with_other_coefficients() -> None:
    """N = 3, {1, 4/5}: with 4 for 5, or 3 for 2, across is no eigenvalue; nor is along with N for N - 1."""
    c = fmpq(4, 5)
    found = characteristic_polynomial(derivative_of_two_steps(3, fmpq(1), c))
    along, across = rational_multipliers(3, c)
    assert found(along) == found(across) == 0
    e = (1 + c**2) / (c**2 * (1 + c + c**2))
    wrong = (1 - 3 * (1 - c) - 3 * e) * (1 + 3 * (1 / c - 1) - 3 * e * c**4)
    for value in (4 - 2 * (c + 1 / c), 5 - 3 * (c + 1 / c), wrong):
        assert found(value) != 0


@witness
def test_the_multipliers_in_small_numbers() -> None:
    """N = 3, {1, 4/5}: -7953633/14884000 and 9/10. N = 2, {5/4, 4/5}: -56161/80000 and 119/200."""
    assert list(cycle_multipliers(3, fmpq(4, 5))) == [fmpq(-7953633, 14884000), fmpq(9, 10)]
    assert list(cycle_multipliers(2, fmpq(16, 25))) == [fmpq(-56161, 80000), fmpq(119, 200)]
