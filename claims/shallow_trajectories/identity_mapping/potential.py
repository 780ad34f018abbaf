"""Statement 1: the potential as a mean, against the kernels and against samples; and its square below the loss."""

import numpy as np
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import control, exact, sampled, symbolic, witness
from claims.suite.statistics import consistent, generator
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, elementary, settle
from solvers.shallow import mean_relu, population_loss


def lengths(units: ObjectArray) -> arb:
    """sum_j |u_j|."""
    return arb(elementary.sqrt((units * units).sum(axis=-1)).sum())


def potential(units: ObjectArray, teachers: ObjectArray) -> arb:
    """g."""
    return lengths(teachers) - lengths(units)


def below_the_loss(units: ObjectArray, teachers: ObjectArray, four: int | fmpq = 4) -> Comparison:
    """g^2 <= 4pi l."""
    g = potential(units, teachers)
    return Comparison(g * g, "<=", four * arb.pi() * population_loss(units, teachers), "the squared potential")


@st.composite
def layers(draw: st.DrawFn) -> tuple[ObjectArray, ObjectArray]:
    """1 to 4 units and 1 to 4 teachers in R^1 to R^3, of whole entries, none zero."""
    size = draw(st.integers(1, 3))
    rows = st.lists(st.integers(-4, 4), min_size=size, max_size=size).map(lambda row: row if any(row) else [1] * size)
    units, teachers = (draw(st.lists(rows, min_size=1, max_size=4)) for _ in range(2))
    return arithmetic.exact(units), arithmetic.exact(teachers)


@symbolic
def test_the_mean_of_a_unit() -> None:
    """int_0^oo z exp(-z^2/2) dz / (2pi)^{1/2} = 1/(2pi)^{1/2}; and l and g at U = (1 - g/K) I, for every K."""
    z, g, k = sympy.symbols("z g K", positive=True)
    density = sympy.exp(-(z**2) / 2) / sympy.sqrt(2 * sympy.pi)
    assert sympy.integrate(z * density, (z, 0, sympy.oo)) == 1 / sympy.sqrt(2 * sympy.pi)
    assert sympy.integrate(z**2 * density, (z, 0, sympy.oo)) == sympy.Rational(1, 2)
    square = k / 2 + k * (k - 1) / (2 * sympy.pi)
    loss = (g / k) ** 2 * square / 2
    assert sympy.simplify(g**2 / (4 * sympy.pi * loss) - 1 / (1 + (sympy.pi - 1) / k)) == 0


@exact
@given(layers())
def test_the_potential_is_a_mean(drawn: tuple[ObjectArray, ObjectArray]) -> None:
    """(2pi)^{1/2} (sum E s(u*.x) - sum E s(u.x)), in balls, by the solver's means."""
    units, teachers = drawn
    means = [mean_relu(rows).sum() for rows in (teachers, units)]
    assert ((2 * arb.pi()).sqrt() * (means[0] - means[1]) - potential(units, teachers)).contains(0)


@exact
@given(layers())
def test_its_square_is_below_the_loss(drawn: tuple[ObjectArray, ObjectArray]) -> None:
    """At different f and f*; where f = f*, in which balls decide nothing, both are 0."""
    units, teachers = drawn
    if population_loss(units, teachers).contains(0):
        assert potential(units, teachers).contains(0)
    else:
        assert settle(lambda: below_the_loss(units, teachers)).holds


def above_the_mean(factor: float) -> int:
    """Of 200 samples of 100 normal inputs, in how many the mean of f* - f is above ``factor`` g/(2pi)^{1/2}; K = 5."""
    random = generator("DL-051", "potential")
    units, teachers = np.eye(5) / 2, np.eye(5)
    inputs = random.standard_normal((200, 100, 5))
    outputs = [np.maximum(inputs @ rows.T, 0).sum(axis=-1) for rows in (teachers, units)]
    return int(((outputs[0] - outputs[1]).mean(axis=1) > factor * 2.5 / np.sqrt(2 * np.pi)).sum())


@sampled
def test_samples_agree_with_the_potential() -> None:
    """g = 5/2: above 9/10 of it with chance at least 3/4, above 11/10 with at most 1/4, at level 10^-9. Of 200
    samples: notices chances that are off by 0.28."""
    assert consistent(above_the_mean(0.9), 200, ">=", fmpq(3, 4), "above 9/10", notices=fmpq(28, 100)).holds
    assert consistent(above_the_mean(1.1), 200, "<=", fmpq(1, 4), "above 11/10", notices=fmpq(28, 100)).holds


@control
def test_refuted_by_samples_with_other_numbers() -> None:
    """The same for 1.2 g and 0.8 g."""
    assert consistent(above_the_mean(0.9 * 1.2), 200, ">=", fmpq(3, 4), "above 9/10").fails
    assert consistent(above_the_mean(1.1 * 0.8), 200, "<=", fmpq(1, 4), "above 11/10").fails


@control
def test_refuted_with_less_than_four() -> None:
    """4 (1 - 1/10): at U = (1 - 1/K) I, K = 30, where g = 1."""
    teachers = arithmetic.exact(np.eye(30, dtype=int))
    units = teachers * (1 - fmpq(1, 30))
    assert settle(lambda: below_the_loss(units, teachers)).holds
    assert settle(lambda: below_the_loss(units, teachers, fmpq(36, 10))).fails


@witness
def test_the_truth_and_one_unit() -> None:
    """g = 0 at the truth; K = 1, u = u*/2 = 1/2: g = 1/2 and l = 1/16, so that 4pi l is pi/4."""
    one = arithmetic.exact([[1]])
    assert potential(one, one).contains(0)
    assert (potential(one / 2, one) - fmpq(1, 2)).contains(0)
    assert (population_loss(one / 2, one) - fmpq(1, 16)).contains(0)
    assert (below_the_loss(one / 2, one).right - arb.pi() / 4).contains(0)
