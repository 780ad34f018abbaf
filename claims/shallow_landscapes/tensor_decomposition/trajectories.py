"""Statements 3 and 4: where the flow, ascent and the power map go, exactly in one step and counted over uniform starts.

Power of the counts. Of 8192 uniform starts, the probability 2^{-d} of the poor maximum is tested at level 10^-9: a true
probability that is 0.042, 0.033, 0.025 away from it at d = 2, 3, 4 is noticed with probability 0.99.
"""

from fractions import Fraction
from functools import cache

import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from claims.suite import control, exact, sampled, symbolic, witness
from claims.suite.statistics import consistent, generator
from solvers.arithmetic import Comparison, ObjectArray, Verdict, compare, gamma, nearest, power, rational, upper_float
from solvers.shallow import HomogeneousPolynomial, log_ratio_velocity, power_map, sphere_ascent, sphere_flow
from strategies import unit_vectors

ROOTS = st.sampled_from([fmpq(1), fmpq(2), fmpq(1, 2), fmpq(3, 2), fmpq(2, 3)])
STARTS = 8192
FloatArray = NDArray[np.float64]
Rows = NDArray[np.bool_]


def tensor(roots: list[fmpq], degree: int) -> HomogeneousPolynomial:
    """sum lambda_i u_i^p with lambda_i = root_i^{p-2}."""
    places = np.eye(len(roots), dtype=int) * degree
    return HomogeneousPolynomial({tuple(map(int, e)): r ** (degree - 2) for e, r in zip(places, roots, strict=True)})


def weighted(roots: list[fmpq], u: ObjectArray) -> ObjectArray:
    """w_i, with the sign of u_i."""
    found: ObjectArray = np.array(roots, dtype=object) * u
    return found


@symbolic
def test_laws_of_flow_and_power_map_for_every_order() -> None:
    """p symbolic, u > 0: u_i'/u_i of the flow is p (lambda_i u_i^{p-2} - f); lambda^{1/(p-2)} times the i-th of Df is
    p times the (p-1)-th power of w_i."""
    p = sympy.Symbol("m", positive=True) + 2
    weight, entry, value = sympy.symbols("lambda u f", positive=True)
    velocity = sympy.diff(weight * entry**p, entry) - p * value * entry
    assert sympy.simplify(velocity / entry - p * (weight * entry ** (p - 2) - value)) == 0
    w = weight ** (1 / (p - 2)) * entry
    image = weight ** (1 / (p - 2)) * sympy.diff(weight * entry**p, entry)
    assert sympy.simplify(sympy.expand_log(sympy.log(image / p) - (p - 1) * sympy.log(w), force=True)) == 0


@exact
@given(st.data(), st.integers(2, 4), st.integers(3, 6))
def test_the_laws_at_rational_points(data: st.DataObject, dimension: int, degree: int) -> None:
    """Statement 3's law of the flow, and 4's: (w_i / w_j) of Df(u) is (w_i / w_j)^{p-1}, signs included."""
    u = data.draw(unit_vectors(dimension))
    roots = data.draw(st.lists(ROOTS, min_size=dimension, max_size=dimension))
    polynomial = tensor(roots, degree)
    w, image = weighted(roots, u), weighted(roots, polynomial.gradient(u))
    for i in range(dimension):
        for j in range(dimension):
            law = degree * (w[i] ** (degree - 2) - w[j] ** (degree - 2))
            assert compare(Comparison(log_ratio_velocity(polynomial, u, i, j), "==", law, "velocity")).holds
            mapped = (w[i] / w[j]) ** (degree - 1)
            assert compare(Comparison(image[i] / image[j], "==", mapped, "ratio after the power map")).holds


def one_step(roots: list[fmpq], u: ObjectArray, degree: int, rate: fmpq) -> ObjectArray:
    """u + eta (Df - p f u), which is not normalised."""
    ahead: ObjectArray = u + rate * tensor(roots, degree).riemannian_gradient(u)
    return ahead


def keeps_order(roots: list[fmpq], u: ObjectArray, degree: int, rate: fmpq) -> bool:
    """One step of ascent: signs stay; where w_i > w_j, w_i gains on |w_j| if it is positive, and if both are negative
    |w_j| comes nearer to |w_i|, and does not pass it where all are (odd p)."""
    ahead = one_step(roots, u, degree, rate)
    before, after = weighted(roots, u), weighted(roots, ahead)
    if not all(a * b > 0 for a, b in zip(before, after, strict=True)):
        return False
    pairs = [(i, j) for i in range(len(u)) for j in range(len(u)) if before[i] > before[j]]
    up = all(after[i] * before[j] > after[j] * before[i] for i, j in pairs if before[j] > 0)
    down = all(after[i] * before[j] > after[j] * before[i] for i, j in pairs if before[i] < 0)
    turned = any(after[i] <= after[j] for i, j in pairs if (before < 0).all())
    across = all(
        after[i] * abs(before[j]) > abs(after[j]) * before[i]
        for i, j in pairs
        if before[i] > 0 > before[j] and degree % 2
    )
    return up and across and ((down and not turned) or degree % 2 == 0)


@exact
@given(st.data(), st.integers(2, 4), st.integers(3, 6), st.sampled_from([fmpq(1, 2**k) for k in (0, 1, 5, 30)]))
def test_a_step_of_ascent_keeps_signs_and_order(data: st.DataObject, dimension: int, degree: int, share: fmpq) -> None:
    """At eta p^2 max lambda = 0.999, and below: signs, and the order of w, as along the flow."""
    u = data.draw(unit_vectors(dimension))
    roots = data.draw(st.lists(ROOTS, min_size=dimension, max_size=dimension))
    largest = max(root ** (degree - 2) for root in roots)
    assert keeps_order(roots, u, degree, share / (degree**2 * largest) * fmpq(999, 1000))


@control
@pytest.mark.parametrize(
    ("u", "rate"),
    [((3, 4), fmpq(-1, 10)), ((3, -4), fmpq(-1, 10)), ((-3, -4), fmpq(-1, 10)), ((-3, -4), fmpq(1))],
)
def test_each_part_of_the_order_is_asked_for(u: tuple[int, int], rate: fmpq) -> None:
    """p = 3, lambda = 1: a step backwards loses the order of two positive, of mixed and of two negative entries, and
    eta = 1 turns -(3, 4) / 5, each the only reason; at eta = 1/10 all is kept."""
    point, roots = np.array([fmpq(entry, 5) for entry in u]), [fmpq(1), fmpq(1)]
    assert keeps_order(roots, point, 3, fmpq(1, 10))
    assert all(a * b > 0 for a, b in zip(point, one_step(roots, point, 3, rate), strict=True))
    assert not keeps_order(roots, point, 3, rate)


def negative_starts(roots: list[fmpq], degree: int, starts: FloatArray, ends: FloatArray) -> Rows:
    """Which starts are the poor maximum's, after a check that every end is decided, and is where statement 3 says.

    f grows and w keeps its order (one step, above). So an end with f < 0 and negative signs is the poor maximum's; one
    with f above the value of every critical point of a support with i and others, i its largest w, is +-a_i's.
    """
    d, scales = len(roots), nearest(np.array(roots, dtype=object))
    values = tensor(roots, degree).value(ends)
    error = gamma(8 * degree * d) * float(max(roots)) ** (degree - 2)  # of the value, and of |u| = 1, in float64
    negative = (starts < 0).all(axis=1) & (degree % 2 == 1)
    start, end = (abs(u) if degree % 2 == 0 else u for u in (starts, ends))
    assert ((end < 0).all(axis=1) == negative).all()
    assert (values[negative] < -error).all()
    winner = np.argmax(start * scales, axis=1)
    assert (np.argmax(end * scales, axis=1) == winner)[~negative].all()
    others = np.array([max(pair_level(roots, i, j, degree) for j in range(d) if j != i) for i in range(d)])
    assert (values > others[winner] + error)[~negative].all()
    return np.asarray(negative)


def pair_level(roots: list[fmpq], i: int, j: int, degree: int) -> float:
    """c on {i, j}, (root_i^{-2} + root_j^{-2})^{-(p-2)/2}, rounded up; more components make it smaller."""
    return upper_float(power(1 / roots[i] ** 2 + 1 / roots[j] ** 2, Fraction(2 - degree, 2)))


@witness
@pytest.mark.parametrize("degree", [3, 4, 5])
def test_the_level_of_a_pair_is_that_of_its_critical_point(degree: int) -> None:
    """roots = (4, 3): at u = (3, 4) / 5 the gradient along the sphere is 0, and f is the level, up to rounding."""
    roots, u = [fmpq(4), fmpq(3)], np.array([fmpq(3, 5), fmpq(4, 5)])
    assert (tensor(roots, degree).riemannian_gradient(u) == 0 * u).all()
    value, level = tensor(roots, degree).value(u), rational(pair_level(roots, 0, 1, degree))
    assert value <= level <= value * (1 + fmpq(1, 2**50))


@cache
def poor_ends(weights: tuple[int, ...], degree: int) -> int:
    """How many of 8192 uniform starts ascend to the poor maximum."""
    roots = [fmpq(weight) for weight in weights]
    starts = generator("DL-037", degree, *weights).standard_normal((STARTS, len(roots)))
    rate = fmpq(9, 10) / (degree**2 * max(roots) ** (degree - 2))
    assert rate * degree**2 * max(roots) ** (degree - 2) < 1  # what keeps the order
    run = sphere_ascent(tensor(roots, degree), starts, learning_rate=float(rate), steps=200)
    return int(negative_starts(roots, degree, starts, run.point).sum())


def poor_probability(found: int, probability: fmpq) -> Verdict:
    """The count against a probability; notices one that is off by 0.05."""
    what = "uniform starts that end at the poor maximum"
    return consistent(found, STARTS, "==", probability, what, notices=fmpq(5, 100))


@sampled
@pytest.mark.parametrize("roots", [(1, 1), (1, 2), (1, 1, 1), (2, 1, 3), (1, 1, 1, 1)])
def test_ascent_ends_at_the_poor_maximum_with_probability_two_to_the_minus_d(roots: tuple[int, ...]) -> None:
    """p = 3, from 8192 uniform starts; d = 2, 3, 4; equal and other lambda_i = roots. The others end at a_i with i the
    argmax of w at the start."""
    found = poor_ends(roots, 3)
    assert poor_probability(found, fmpq(1, 2 ** len(roots))).holds


@sampled
@pytest.mark.parametrize("degree", [3, 4, 5])
def test_the_flow_ends_where_the_largest_is(degree: int) -> None:
    """Three uniform starts and a negative one, d = 3, lambda_i^{1/(p-2)} = 1, 2, 3/2, time 8, an ODE solver's end."""
    roots = [fmpq(1), fmpq(2), fmpq(3, 2)]
    starts = generator("DL-037", "flow", degree).standard_normal((4, 3))
    starts[0] = -abs(starts[0])
    times = np.array([0.0, 8.0])
    ends = np.array([sphere_flow(tensor(roots, degree), start, times=times)[-1] for start in starts])
    assert negative_starts(roots, degree, starts, ends).any() == (degree % 2 == 1)


@sampled
@pytest.mark.parametrize("degree", [3, 4, 5])
def test_the_power_map_ends_at_the_largest(degree: int) -> None:
    """2048 uniform starts, d = 4, in float64: +-a_i with i the argmax of w at the start, and a_i at odd p, from
    negative starts too. Steps: until (p-1)^t times the least log w_i / w_j is 4: f is then above all other critical
    values."""
    roots = [fmpq(1), fmpq(2), fmpq(3, 2), fmpq(1, 2)]
    starts = generator("DL-037", "power", degree).standard_normal((2048, 4))
    logs = np.sort(np.log(abs(starts * nearest(np.array(roots)))), axis=1)
    u, steps = starts, int(np.ceil(np.log(4 / (logs[:, -1] - logs[:, -2]).min()) / np.log(degree - 1)))
    for _ in range(steps):
        u = power_map(tensor(roots, degree), u)
    turned = abs(starts) if degree % 2 else starts  # the first step of odd order forgets signs
    assert not negative_starts(roots, degree, turned, u).any()
    assert degree % 2 == 0 or (starts < 0).all(axis=1).any()


@control
@pytest.mark.parametrize("wrong", [fmpq(1, 8), fmpq(1, 3), fmpq(1, 2), fmpq(29, 100)])
def test_refuted_that_another_probability_fits(wrong: fmpq) -> None:
    """d = 2: 2^{-d-1}, 1/(d+1), 2^{-(d-1)} and 0.29 against the same count as 1/4."""
    found = poor_ends((1, 1), 3)
    assert poor_probability(found, fmpq(1, 4)).holds
    assert poor_probability(found, wrong).fails


@control
def test_refuted_that_ascent_keeps_signs_at_any_learning_rate() -> None:
    """p = 3, lambda = 1, u = -(3, 4) / 5, eta = 8: u_2 turns positive. At eta = 1/10 the order is kept."""
    u, roots = -np.array([fmpq(3, 5), fmpq(4, 5)]), [fmpq(1), fmpq(1)]
    assert keeps_order(roots, u, 3, fmpq(1, 10))
    assert not keeps_order(roots, u, 3, fmpq(8))
    assert one_step(roots, u, 3, fmpq(8))[1] > 0


@control
def test_refuted_laws_with_another_exponent() -> None:
    """p = 4, w = (1, 2)-proportional at u = (3, 4) / 5, roots (4, 6): the power is not p-2 or p, the velocity not that
    of lambda u^{p-1}."""
    u, roots = np.array([fmpq(3, 5), fmpq(4, 5)]), [fmpq(4), fmpq(6)]
    polynomial = tensor(roots, 4)
    w, image = weighted(roots, u), weighted(roots, polynomial.gradient(u))
    velocity = log_ratio_velocity(polynomial, u, 1, 0)
    for exponent, relation in ((2, False), (3, True), (4, False)):
        mapped = Comparison(image[1] / image[0], "==", (w[1] / w[0]) ** exponent, "ratio after the power map")
        law = Comparison(velocity, "==", 4 * (w[1] ** (exponent - 1) - w[0] ** (exponent - 1)), "velocity")
        assert compare(mapped).holds is compare(law).holds is relation


@witness
def test_a_tie_stays_a_tie_and_the_power_map_leaves_negative_starts() -> None:
    """w_1 = w_2: the power map keeps them equal, so the argmax must be alone. u = -(3, 4) / 5 at p = 3 maps to the
    positive quadrant, where the flow stays in the negative one."""
    u, roots = np.array([fmpq(3, 5), fmpq(4, 5)]), [fmpq(4), fmpq(3)]
    image = weighted(roots, tensor(roots, 3).gradient(u))
    assert image[0] == image[1]
    assert (tensor([fmpq(1), fmpq(1)], 3).gradient(-u) > 0).all()
    assert (one_step([fmpq(1), fmpq(1)], -u, 3, fmpq(1, 10)) < 0).all()
