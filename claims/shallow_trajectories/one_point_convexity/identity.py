"""Statement 1: the identity in rationals, on samples of any kind and on real data; and what it needs."""

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy
from flint import fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, attained, compare
from strategies import dyadic_matrices


def relu_slope(at_zero: int | fmpq = 0) -> Callable[[Any], Any]:
    """s'(z): 1, 0, and any number at 0."""
    slope: Callable[[Any], Any] = np.frompyfunc(
        lambda z: fmpq(1) if z > 0 else fmpq(0) if z < 0 else fmpq(at_zero), 1, 1
    )
    return slope


def dots(units: ObjectArray, inputs: ObjectArray) -> ObjectArray:
    """u_j.x, one row a sample."""
    found: ObjectArray = inputs @ units.T
    return found


def mean(numbers: ObjectArray) -> fmpq:
    """Over the samples."""
    total: fmpq = sum(numbers.tolist(), start=fmpq(0)) / len(numbers)
    return total


class Sample:
    """The numbers of the statement for units, teachers and inputs (n, d): f, f*, D, l and <grad l, U - U*>.

    ``weights`` are the units' output weights, ``noise`` is added to the labels, and a unit's value is s'(z) z to the
    power 1 or ``power``, of which the slope is ``power`` s'(z) z^{power - 1}: the variants that controls refute.
    """

    def __init__(
        self,
        units: ObjectArray,
        teachers: ObjectArray,
        inputs: ObjectArray,
        *,
        at_zero: int | fmpq = 0,
        weights: tuple[int, ...] | None = None,
        noise: int = 0,
        power: int = 1,
    ) -> None:
        v = arithmetic.exact(np.ones(len(units), dtype=int) if weights is None else np.array(weights))
        z, z_star = dots(units, inputs), dots(teachers, inputs)
        slope, on = relu_slope(at_zero)(z), relu_slope()(z_star)
        self.outputs = (slope * z**power) @ v
        self.labels = (on * z_star**power) @ v + noise
        self.mismatch = (abs(z_star) * abs(on - slope)) @ v
        self.residual = self.outputs - self.labels
        self.loss = mean(self.residual**2) / 2
        gradient = (self.residual[:, None] * (power * slope * z ** (power - 1) * v)).T @ inputs / len(inputs)
        self.inner = sum((gradient * (units - teachers)).ravel().tolist(), start=fmpq(0))

    def identity(self) -> Comparison:
        """<grad l, U - U*> = 2 l + E (f - f*) D."""
        right = 2 * self.loss + mean(self.residual * self.mismatch)
        return Comparison(self.inner, "==", right, "<grad l, U - U*> and 2 l + E (f - f*) D")

    def never_negative(self) -> Comparison:
        """D >= 0, at its least sample."""
        return Comparison(min(self.mismatch.tolist()), ">=", fmpq(0), "D")

    def lower_bound(self, factor: int | fmpq = 1) -> Comparison:
        """2 l - <grad l, U - U*> <= (2 l E D^2)^{1/2}, as x |x| <= 2 l E D^2; ``factor`` on the right."""
        lost = 2 * self.loss - self.inner
        right = factor * 2 * self.loss * mean(self.mismatch**2)
        return Comparison(lost * abs(lost), "<=", right, "what one-point convexity loses")

    def convex_if_patterns_agree(self) -> Comparison:
        """<grad l, U - U*> >= 2 l if D = 0 wherever f < f*; elsewhere, E over the samples with f < f* as it is."""
        lost = mean((self.residual < 0) * -self.residual * self.mismatch)
        return Comparison(self.inner, ">=", 2 * self.loss - lost, "one-point convexity, but where f < f* and D > 0")


SIZES = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 5))
STATES = SIZES.flatmap(
    lambda sizes: st.tuples(
        dyadic_matrices(sizes[0], sizes[1], bits=1),
        dyadic_matrices(sizes[0], sizes[1], bits=1),
        dyadic_matrices(sizes[2], sizes[1], bits=1),
    )
)
"""Units, teachers and inputs: K = 1 to 4, d = 1 to 3, n = 1 to 5; zeros, ties and equal rows among them."""

FLOATS = tuple[np.ndarray[Any, Any], ...]


def instance(state: FLOATS) -> tuple[ObjectArray, ObjectArray, ObjectArray]:
    """In rationals."""
    units, teachers, inputs = (arithmetic.exact(part) for part in state)
    return units, teachers, inputs


@symbolic
def test_each_unit_contributes_its_share_of_d() -> None:
    """s(z*) - s'(z) z* for z* = +-p, p >= 0, and the slope a of the unit: a = 0 or 1 off z = 0, any a in [0, 1] at 0;
    f - sum s'(z) z* = (f - f*) + D for any number of units, a term each."""
    p, a, f, labels = sympy.symbols("p a f f_star", nonnegative=True)
    for teacher, on in ((p, 1), (-p, 0)):
        share = on * teacher - a * teacher
        assert sympy.expand(share - p * sympy.Abs(on - a).subs(sympy.Abs(a - 1), 1 - a)) == 0
        assert share.subs(a, on) == 0
        assert share.subs(a, 1 - on) == p
    d = sympy.Symbol("D")
    assert sympy.expand((f - labels) * (f - (labels - d)) - ((f - labels) ** 2 + (f - labels) * d)) == 0


@exact
@given(STATES, st.sampled_from([fmpq(0), fmpq(1, 2), fmpq(1)]))
@example((np.array([[0.0]]), np.array([[1.0]]), np.array([[1.0]])), fmpq(1, 2))
@example((np.array([[-1.0]]), np.array([[1.0]]), np.array([[1.0]])), fmpq(0))
def test_the_identity_holds_for_any_sample(state: FLOATS, at_zero: fmpq) -> None:
    """Equality of rationals; D >= 0; the lower bound; and where alone one-point convexity is lost."""
    sample = Sample(*instance(state), at_zero=at_zero)
    assert compare(sample.identity()).holds
    assert compare(sample.never_negative()).holds
    assert compare(sample.lower_bound()).holds
    assert compare(sample.convex_if_patterns_agree()).holds


@sampled
def test_the_identity_holds_on_real_images() -> None:
    """digits: 1797 images of 64 pixels, whole numbers, 12 units and 12 teachers with whole entries in [-9, 9], 5 draws:
    in float64, exactly, since all numbers are whole and below 2^53. D > 0 and f < f* do occur together."""
    from sklearn.datasets import load_digits

    inputs = np.asarray(load_digits(return_X_y=True)[0], dtype=np.float64)
    random, both = np.random.default_rng(52), 0
    for _ in range(5):
        units, teachers = random.integers(-9, 10, (2, 12, 64)).astype(np.float64)
        z, z_star = inputs @ units.T, inputs @ teachers.T
        residual = np.maximum(z, 0).sum(axis=1) - np.maximum(z_star, 0).sum(axis=1)
        mismatch = (np.abs(z_star) * ((z > 0) != (z_star > 0))).sum(axis=1)
        gradient = ((z > 0) * residual[:, None]).T @ inputs
        inner, right = (gradient * (units - teachers)).sum(), (residual**2).sum() + (residual * mismatch).sum()
        assert np.abs(residual).max() * np.abs(inputs).max() * inputs.size * 12 * 18 < 2**53
        assert inner == right
        both += int(((residual < 0) & (mismatch > 0)).sum())
    assert both > 0


def small() -> tuple[ObjectArray, ObjectArray, ObjectArray]:
    """Two units in the plane, three inputs; one unit is off where its teacher is on."""
    return instance((np.array([[1.0, 1.0], [-1.0, 0.5]]), np.eye(2), np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 2.0]])))


@control
@ablates("DL-052", "realisable labels", "dropped", Fate.REFUTED)
def test_refuted_with_noise_in_the_labels() -> None:
    """1 added to each label."""
    assert compare(Sample(*small()).identity()).holds
    assert compare(Sample(*small(), noise=1).identity()).fails


@control
@ablates("DL-052", "output weights one", "dropped", Fate.REFUTED)
def test_refuted_with_an_output_weight_minus_one() -> None:
    """The identity stays, with D = sum v_j ..., but D is negative at the first input, where f > f*."""
    assert compare(Sample(*small()).never_negative()).holds
    sample = Sample(*small(), weights=(1, -1))
    turned = Sample(*small(), weights=(-1, 1))
    assert compare(turned.identity()).holds
    assert compare(sample.identity()).holds
    assert compare(sample.never_negative()).fails


@control
@ablates("DL-052", "homogeneous unit", "dropped", Fate.REFUTED)
def test_refuted_for_squared_units() -> None:
    """max(z, 0)^2 in place of max(z, 0)."""
    assert compare(Sample(*small(), power=2).identity()).fails


@control
def test_refuted_with_another_factor() -> None:
    """2 l E D^2 is not to be had smaller: at u.x < 0 < u*.x, K = 1, there is equality."""
    dead = instance((np.array([[-1.0]]), np.array([[1.0]]), np.array([[1.0]])))
    assert compare(Sample(*dead).lower_bound()).holds
    assert compare(attained(Sample(*dead).lower_bound())).holds
    assert compare(Sample(*dead).lower_bound(fmpq(999, 1000))).fails


@control
def test_refuted_that_it_is_one_point_convex_everywhere() -> None:
    """K = 2, d = 1: u = (1, -1), u* = (2, 2) at x = 1: 2 l = 9, D = 2 and <grad l, U - U*> = 3 > 0; with u = (-1, -1)
    nothing moves: 0 = 2 l - E (f* - f) D < 2 l."""
    for entries, inner in (((1.0, -1.0), 3), ((-1.0, -1.0), 0)):
        sample = Sample(*instance((np.array(entries)[:, None], np.full((2, 1), 2.0), np.ones((1, 1)))))
        assert compare(Comparison(sample.inner, "==", fmpq(inner), "<grad l, U - U*>")).holds
        assert compare(Comparison(sample.inner, ">=", 2 * sample.loss, "one-point convexity")).fails


@witness
def test_where_patterns_agree_it_is_twice_the_loss() -> None:
    """All patterns agree: D = 0 and <grad l, U - U*> = 2 l > 0; the truth has 0 = 0."""
    state = instance((2 * np.eye(2), np.eye(2), np.array([[1.0, -1.0], [3.0, 2.0]])))
    sample = Sample(*state)
    assert not sample.mismatch.any()
    assert sample.inner == 2 * sample.loss > 0
    truth = Sample(state[1], state[1], state[2])
    assert truth.inner == truth.loss == 0
