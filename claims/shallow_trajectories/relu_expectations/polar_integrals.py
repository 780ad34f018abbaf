"""The kernels are integrals over the cone where both units are active."""

import math
from functools import partial

import numpy as np
import pytest
import sympy
from flint import acb, arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, symbolic, witness
from claims.suite.agreement import agree
from solvers import arithmetic, shallow
from solvers.arithmetic import Scalar
from solvers.shallow import Angle, unit_kernel
from strategies import VectorPair, vector_pairs

KERNELS = (shallow.half_space_probability, shallow.relu_kernel, shallow.squared_relu_kernel)


def stated(degree: int, angle: Angle, *, sine: int = 3, square: int = 2, power: int = 1) -> Scalar:
    """The statement's J_0, J_1, J_2 for |u| = |v| = 1; the keywords are the constants of J_2, and of J_1 the power of
    pi - th."""
    if degree == 2:
        shape = sine * angle.sine * angle.cosine + angle.supplement * (1 + square * angle.cosine * angle.cosine)
    else:
        shape = angle.supplement if degree == 0 else angle.sine + angle.supplement**power * angle.cosine
    value: Scalar = shape / (2 * angle.pi)
    return value


def polar(degree: int, pair: VectorPair) -> arb:
    """The proof's integral for |u| = |v| = 1 as a ball; the radial part is 2^n n!."""
    radians, half = acb(pair.angle.radians), acb.pi() / 2
    cone = acb.integral(lambda phi, _: (phi.cos() * (phi - radians).cos()) ** degree, radians - half, half).real
    integral: arb = cone * 2**degree * math.factorial(degree) / (2 * arb.pi())
    return integral


def over(degree: int, pair: VectorPair, scale: fmpq) -> Scalar:
    """J_n of the vectors as drawn, over ``scale``."""
    value: Scalar = KERNELS[degree](pair.u, pair.v) / scale
    return value


th, phi, radius = sympy.symbols("th phi r", positive=True)


@symbolic
@pytest.mark.parametrize("degree", [0, 1, 2])
def test_the_integral_at_every_angle(degree: int) -> None:
    """Both factors, by SymPy, and the solver's formula and the statement's; every dimension by rotation."""
    radial = sympy.integrate(radius ** (2 * degree + 1) * sympy.exp(-(radius**2) / 2), (radius, 0, sympy.oo))
    assert radial == 2**degree * sympy.factorial(degree)
    product = sympy.expand(sympy.expand_trig(sympy.cos(phi) * sympy.cos(phi - th)) ** degree)
    cone = sympy.integrate(product, (phi, th - sympy.pi / 2, sympy.pi / 2))
    angle = Angle.of(th)
    for formula in (unit_kernel(degree, angle), stated(degree, angle)):
        assert sympy.simplify(sympy.expand_trig(radial * cone / (2 * sympy.pi) - formula)) == 0


@symbolic
def test_the_mean_of_a_unit() -> None:
    """int_0^oo z exp(-z^2/2) dz / (2pi)^{1/2}, for |u| = 1; the solver's formula, for every length."""
    z, length = sympy.symbols("z length", positive=True)
    mean = sympy.integrate(z * sympy.exp(-(z**2) / 2), (z, 0, sympy.oo)) / sympy.sqrt(2 * sympy.pi)
    assert sympy.simplify(shallow.mean_relu(np.array([length], dtype=object)) - length * mean) == 0


@exact
@pytest.mark.parametrize("degree", [0, 1, 2])
@given(pairs=st.lists(vector_pairs(), min_size=4, max_size=4))
def test_the_integral_of_drawn_pairs(degree: int, pairs: list[VectorPair]) -> None:
    """In balls, against acb.integral; dimensions 1 to 4, lengths from 1/1000 to 1000, th from 0 to pi and 2^-60 from
    both."""
    for pair in pairs:
        units = pair.u / pair.u_length, pair.v / pair.v_length
        assert agree(partial(KERNELS[degree], *units), partial(polar, degree, pair)).holds
        scale = (pair.u_length * pair.v_length) ** degree
        assert agree(partial(over, degree, pair, scale), partial(KERNELS[degree], *units)).holds


U, V = arithmetic.exact([1, 0]), arithmetic.exact(np.array([fmpq(3, 5), fmpq(4, 5)]))
HALF = VectorPair(U, V, fmpq(1), fmpq(1), (fmpq(1), fmpq(2)))
"""tan(th/2) = 1/2."""
CHANGES = [(2, {"sine": 2}), (2, {"sine": 4}), (2, {"square": 1}), (2, {"square": 3}), (1, {"power": 2})]


@control
@pytest.mark.parametrize(("degree", "changed"), CHANGES)
def test_refuted_with_other_constants(degree: int, changed: dict[str, int]) -> None:
    """3 sin th cos th, 1 + 2 cos^2 th, and pi - th to the first power, at tan(th/2) = 1/2."""
    assert agree(lambda: stated(degree, HALF.angle), lambda: polar(degree, HALF)).holds
    assert agree(lambda: stated(degree, HALF.angle, **changed), lambda: polar(degree, HALF)).fails


@control
@pytest.mark.parametrize("degree", [0, 1, 2])
def test_refuted_with_the_angle_itself(degree: int) -> None:
    """th in place of pi - th."""

    def swapped() -> Angle:
        angle = HALF.angle
        return Angle(angle.supplement, angle.radians, angle.sine, angle.cosine, angle.pi)

    assert agree(lambda: stated(degree, swapped()), lambda: polar(degree, HALF)).fails


@witness
@pytest.mark.parametrize(("degree", "value"), [(0, fmpq(1, 2)), (1, fmpq(2)), (2, fmpq(24))])
def test_the_two_ends(degree: int, value: fmpq) -> None:
    """u = v = (2,): 4^n E 1(x > 0) x^{2n}; u = -v: 0, exactly."""
    u, kernel = arithmetic.exact([2]), KERNELS[degree]
    assert agree(lambda: kernel(u, u), lambda: value).holds
    assert kernel(u, -u) == 0


@control
@ablates("DL-043", "Gaussian data", "dropped", Fate.REFUTED)
def test_refuted_for_signs() -> None:
    """x uniform on (+-1, +-1), mean 0 and covariance I; u = (1, 0), v = (1, 1): P = 1/4, not 3/8; E s(u.x) = 1/2."""
    inputs = arithmetic.exact([[a, b] for a in (1, -1) for b in (1, -1)])
    u, v = arithmetic.exact([1, 0]), arithmetic.exact([1, 1])
    assert (inputs.T @ inputs / 4 == arithmetic.exact(np.eye(2))).all()
    both = fmpq(sum(1 for x in inputs if x @ u > 0 and x @ v > 0), len(inputs))
    assert agree(lambda: KERNELS[0](u, v), lambda: both).fails
    mean = sum((max(x @ u, fmpq(0)) for x in inputs), start=fmpq(0)) / len(inputs)
    assert agree(lambda: shallow.mean_relu(u), lambda: mean).fails
