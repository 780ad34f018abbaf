"""The two derivatives of J_1: by the chain rule, as expectations, and as limits of quotients."""

from functools import partial

import numpy as np
import pytest
import sympy
from flint import acb, arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, symbolic
from claims.suite.agreement import agree, all_agree
from solvers import arithmetic
from solvers.arithmetic import ObjectArray
from solvers.shallow import Angle, relu_kernel, relu_kernel_gradient, relu_kernel_hessian, unit_kernel
from strategies import VectorPair, vector_pairs

r, s, c = sympy.symbols("r s c", positive=True)
"""|u|, |v| and u.v."""
TH = sympy.acos(c / (r * s))
J = r * s * unit_kernel(1, Angle.of(TH))


def same(one: sympy.Expr, other: sympy.Expr) -> bool:
    """Equality for r, s > 0 and |c| < r s; with c = r s cos th."""
    th = sympy.Symbol("th", positive=True)
    difference = (one - other).subs(c, r * s * sympy.cos(th)).subs(sympy.acos(sympy.cos(th)), th)
    root = sympy.sqrt(1 - sympy.cos(th) ** 2)
    return bool(sympy.simplify(difference.subs(root, sympy.sin(th))) == 0)


@symbolic
def test_the_first_derivative_in_every_dimension() -> None:
    """J_1 = F(|u|, u.v): K = F_r hat u + F_c v with F_r = |v| sin th/2pi, F_c = (pi - th)/2pi."""
    assert same(sympy.diff(J, r), s * sympy.sin(TH) / (2 * sympy.pi))
    assert same(sympy.diff(J, c), (sympy.pi - TH) / (2 * sympy.pi))


@symbolic
def test_the_second_derivative_in_every_dimension() -> None:
    """H = F_rr hat u hat u^T + F_rc (hat u v^T + v hat u^T) + F_cc v v^T + F_r/r (I - hat u hat u^T), and with v =
    s (cos th hat u + sin th hat p): 0 along hat u, 2 |p| along hat p, |p| off the plane, each over 2pi |u|."""
    first, mixed, last = sympy.diff(J, r, 2), sympy.diff(J, r, c), sympy.diff(J, c, 2)
    along, across = c / r, s * sympy.sin(TH)
    size = across / (2 * sympy.pi * r)
    assert same(first + 2 * mixed * along + last * along**2, sympy.S.Zero)
    assert same((mixed + last * along) * across, sympy.S.Zero)
    assert same(last * across**2 + sympy.diff(J, r) / r, 2 * size)
    assert same(sympy.diff(J, r) / r, size)


@symbolic
def test_the_second_derivative_as_an_expectation() -> None:
    """E delta(u.x) s(v.x) x x^T: a density 1/(|u| (2pi)^{1/2}) at 0, and z = hat p.x with E s(z) = 1/(2pi)^{1/2} off
    hat p, E s(z) z^2 = 2/(2pi)^{1/2} along it."""
    z, p = sympy.symbols("z p", positive=True)
    weight = sympy.exp(-(z**2) / 2) / sympy.sqrt(2 * sympy.pi)
    density = 1 / (r * sympy.sqrt(2 * sympy.pi))
    off = density * p * sympy.integrate(z * weight, (z, 0, sympy.oo))
    along = density * p * sympy.integrate(z**3 * weight, (z, 0, sympy.oo))
    assert sympy.simplify(off - p / (2 * sympy.pi * r)) == 0
    assert sympy.simplify(along - 2 * off) == 0


def gated_mean(pair: VectorPair) -> ObjectArray:
    """E 1(u.x > 0) s(v.x) x for |v| = 1 as balls, by polar integrals along hat u and hat p, whose radial part is 2."""
    radians, half = acb(pair.angle.radians), acb.pi() / 2
    ends = (radians - half, half)
    along = acb.integral(lambda phi, _: (phi - radians).cos() * phi.cos(), *ends).real / arb.pi()
    across = acb.integral(lambda phi, _: (phi - radians).cos() * phi.sin(), *ends).real / arb.pi()
    unit = pair.u / pair.u_length
    mean: ObjectArray = unit * along
    if pair.angle.sine == 0:  # across is an integral over an odd function, or over nothing
        return mean
    rest = (pair.v / pair.v_length - unit * pair.angle.cosine) / pair.angle.sine
    total: ObjectArray = mean + rest * across
    return total


@exact
@given(st.lists(vector_pairs(), min_size=4, max_size=4))
def test_the_first_derivative_is_the_gated_mean(pairs: list[VectorPair]) -> None:
    """In balls; dimensions 1 to 4, th from 0 to pi and 2^-60 from both."""
    for pair in pairs:
        unit = pair.v / pair.v_length
        assert all_agree(partial(relu_kernel_gradient, pair.u, unit), partial(gated_mean, pair)).holds


SMALL = fmpq(1, 2**400)
"""Third derivatives are below 2^200 for sin th >= 2^-60 and lengths from 1/1000 on; at th = 0 and pi the error of a
quotient is below 2^-300 too."""


def quotient(pair: VectorPair, direction: ObjectArray) -> ObjectArray:
    """(K(u + h y) - K(u - h y)) / 2h for h = SMALL, for |v| = 1 and |u| = 1."""
    u, v = pair.u / pair.u_length, pair.v / pair.v_length
    up, down = (relu_kernel_gradient(u + sign * SMALL * direction, v) for sign in (1, -1))
    moved: ObjectArray = (up - down) / (2 * SMALL)
    return moved


@exact
@given(vector_pairs(min_dimension=2), st.lists(st.integers(-2, 2), min_size=4, max_size=4))
def test_the_second_derivative_is_the_limit_of_quotients(pair: VectorPair, entries: list[int]) -> None:
    """In balls; dimensions 2 to 4, th = 0 and pi too. In dimension 1 both are 0."""
    y = arithmetic.exact(entries[: len(pair.u)])
    u, v = pair.u / pair.u_length, pair.v / pair.v_length
    assert all_agree(lambda: relu_kernel_hessian(u, v) @ y, lambda: quotient(pair, y)).holds


@exact
@given(vector_pairs())
def test_homogeneity(pair: VectorPair) -> None:
    """u.K = J_1, and the second derivative is 0 along u; lengths as drawn: J_1 over |u| |v|, the other over |v|."""
    u, v, scale = pair.u, pair.v, pair.u_length * pair.v_length
    assert agree(lambda: (u @ relu_kernel_gradient(u, v)) / scale, lambda: relu_kernel(u, v) / scale).holds
    assert all_agree(lambda: relu_kernel_hessian(u, v) @ u / pair.v_length, lambda: 0 * u).holds


@control
@pytest.mark.parametrize("power", [0, 2])
def test_refuted_with_another_power_of_the_length(power: int) -> None:
    """d^2 J_1/du^2 falls as 1/|u|: |u| = 2, th = pi/2, along hat p, where 1/(pi |u|) is 1/2pi."""
    u, v = arithmetic.exact([2, 0]), arithmetic.exact([0, 1])
    unit = arithmetic.exact([1, 0])
    assert agree(lambda: relu_kernel_hessian(u, v)[1, 1], lambda: relu_kernel_hessian(unit, v)[1, 1] / 2).holds
    assert agree(lambda: relu_kernel_hessian(u, v)[1, 1], lambda: relu_kernel_hessian(unit, v)[1, 1] / 2**power).fails


@control
def test_refuted_without_the_second_term() -> None:
    """K without |v| sin th hat u is the gradient only where u and v are parallel; nor is it with th for pi - th."""
    u, v = arithmetic.exact([1, 0]), arithmetic.exact(np.array([fmpq(3, 5), fmpq(4, 5)]))
    pair = VectorPair(u, v, fmpq(1), fmpq(1), (fmpq(1), fmpq(2)))

    def without() -> ObjectArray:
        short: ObjectArray = v * (u @ relu_kernel_gradient(u, v) - pair.angle.sine / (2 * arb.pi())) / (u @ v)
        return short

    assert all_agree(without, lambda: gated_mean(pair)).fails
    assert all_agree(without, lambda: v * pair.angle.supplement / (2 * arb.pi())).holds


@control
@ablates("DL-043", "u not zero", "dropped", Fate.REFUTED)
def test_refuted_at_zero() -> None:
    """A derivative K at 0 would have K.e = J_1(e, v) = -J_1(-e, v); at right angles to v both are 1/2pi."""
    e, v = arithmetic.exact([1, 0]), arithmetic.exact([0, 1])
    assert agree(lambda: relu_kernel(e, v), lambda: -relu_kernel(-e, v)).fails
