"""What makes a margin of s^2 d_0 / (2 ||Phi||) likely: a for every p < 1/2, and a = 1 for one twentieth."""

import math
from typing import Any

import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.initialization.balanced_margin.law import margin_probability
from claims.suite import exact, symbolic
from solvers.arithmetic import Comparison, compare, upper_float
from solvers.guarantees.theorem_two import TWENTIETH


def constant(e: Any, pi: Any) -> Any:
    """a = (e + 2)^2 / (2 pi e^4), in the arithmetic of e and pi."""
    return (e + 2) ** 2 / (2 * pi * e**4)


def promise(inputs: int, ratio_squared: fmpq, probability: fmpq) -> Comparison:
    """P(margin >= s^2 d_0 / (2 ||Phi||)) >= p."""
    chance = margin_probability(inputs, ratio_squared, ratio_squared * inputs / 2)
    return Comparison(chance, ">=", probability, f"margin for d_0 = {inputs}, s^2 = {ratio_squared} ||Phi||^2")


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
