"""Statements 2 and 3 in rationals: points of every kind are critical, and their Hessians have the stated spectra."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from flint import fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import control, exact, witness
from solvers import arithmetic, network
from solvers.arithmetic import ObjectArray
from solvers.guarantees.weight_decay import carried, slope_sign
from solvers.network import decayed_gradients, decayed_hessian, inertia
from strategies import DecayPoint, decay_points, diagonal

WIDE = st.sampled_from([(2, 2, 2), (3, 2, 3), (2, 3, 2), (3, 3, 2), (2, 2, 3, 2), (2, 3, 2, 3), (2, 2, 2, 2, 2)])
"""Room for two modes."""

POINTS = st.one_of(decay_points(), decay_points(dimensions=WIDE), decay_points(dimensions=WIDE))

Inertia = tuple[int, int, int]


def pair_form(s: fmpq, t: fmpq, decay: fmpq, depth: int) -> ObjectArray:
    """The form of a pair of modes in (x_1, ..., x_N, y_1, ..., y_N), the entries (i, k) and (k, i) of V_1, ..., V_N:

    (sum_j s^{N-j} t^{j-1} x_j)^2 + (sum_j t^{N-j} s^{j-1} y_j)^2 + lambda (|x|^2 + |y|^2)
    - 2 lambda sum_{j<l} ((t/s)^{l-j-1} x_l y_j + (s/t)^{l-j-1} y_l x_j).
    """
    places = range(depth)
    one = arithmetic.exact([[s ** (depth - 1 - j) * t**j] for j in places])
    other = one[::-1]
    across = arithmetic.exact(np.zeros((depth, depth)))  # row of x, column of y
    for j, k in combinations(places, 2):
        across[k, j] = -decay * (t / s) ** (k - j - 1)
        across[j, k] = -decay * (s / t) ** (k - j - 1)
    identity = arithmetic.exact(np.eye(depth)) * decay
    result: ObjectArray = np.block([[one @ one.T + identity, across], [across.T, other @ other.T + identity]])
    return result


def difference_sign(s: fmpq, t: fmpq, decay: fmpq, depth: int) -> fmpq:
    """(sigma(s) - sigma(t)) / (s^N - t^N), the derivative where s = t: its sign."""
    apart: fmpq = slope_sign(s, decay, depth)
    if s != t:
        apart = (carried(s, decay, depth) - carried(t, decay, depth)) / (s**depth - t**depth)
    return apart


def spectrum(point: DecayPoint, minus: int = 2) -> fmpq_poly:
    """The characteristic polynomial of the Hessian as stated, N - ``minus`` for N - 2 in the second line."""
    n, r, lam, widths = point.depth, point.rank, point.decay, point.dimensions
    values = [2 * lam] * (r * (n - 1)) + [n * s ** (2 * n - 2) - (n - minus) * lam for s in point.roots]
    for s, sigma in zip(point.roots, point.caught, strict=True):
        values += [s ** (n - 2) * (sigma + sign * b) for b in point.left_out for sign in (1, -1)]
        values += [s ** (n - 2) * sigma] * abs(widths[-1] - widths[0])
    for width in widths[1:-1]:
        values += [fmpq(0), 2 * lam] * (r * (width - r))
    if n == 2:
        values += [lam + sign * b for b in point.left_out for sign in (1, -1)] * (widths[1] - r)
    pairs = [pair_form(s, t, lam, n) for s, t in combinations(point.roots, 2)]
    size = sum(matrix.size for matrix in point.weights)
    values += [lam] * (size - len(values) - sum(map(len, pairs)))
    result = fmpq_poly([1])
    for value in values:
        result *= fmpq_poly([-value, 1])
    for form in pairs:
        result *= network.characteristic_polynomial(form)
    return result


def signs(point: DecayPoint) -> Inertia:
    """(positive, negative, zero) eigenvalues as stated."""
    n, r, lam, widths = point.depth, point.rank, point.decay, point.dimensions
    deciding = [slope_sign(s, lam, n) for s in point.roots]
    deciding += [difference_sign(s, t, lam, n) for s, t in combinations(point.roots, 2)]
    deciding += [sigma - b for sigma in point.caught for b in point.left_out]
    if n == 2:
        deciding += [lam - b for b in point.left_out] * (widths[1] - r)
    negative = sum(value < 0 for value in deciding)
    rotations = sum(r * (r - 1) // 2 + r * (width - r) for width in widths[1:-1])
    zero = sum(value == 0 for value in deciding) + rotations
    return sum(matrix.size for matrix in point.weights) - negative - zero, negative, zero


def is_semidefinite(point: DecayPoint) -> bool:
    """The condition of 3 for a Hessian that is positive semidefinite."""
    n, lam = point.depth, point.decay
    larger = all(slope_sign(s, lam, n) >= 0 for s in point.roots)
    ordered = all(b <= sigma for sigma in point.caught for b in point.left_out)
    room = n == 2 and point.rank < min(point.dimensions)
    return larger and ordered and not (room and any(b > lam for b in point.left_out))


@exact
@given(POINTS)
def test_critical_points_and_the_spectra_of_their_hessians(point: DecayPoint) -> None:
    """2 and 3: depths 2 to 4, widths 1 to 3, larger, smaller and double roots, ties, zeros, left out and carried. The
    characteristic polynomial is the product over all the stated eigenvalues and forms."""
    assert all(entry == 0 for d in decayed_gradients(point.weights, point.target, point.decay) for entry in d.flat)
    assert {network.rank(matrix) for matrix in point.weights} == {point.rank}
    matrix = decayed_hessian(point.weights, point.target, point.decay)
    assert network.characteristic_polynomial(matrix) == spectrum(point)
    found = inertia(matrix)
    assert found == signs(point)
    assert (found[1] == 0) == is_semidefinite(point)


PARTS = st.integers(1, 12).map(lambda k: fmpq(k, 4))


@exact
@given(PARTS, PARTS, st.integers(2, 6), st.sampled_from([fmpq(1, 16), fmpq(1, 2), fmpq(1), fmpq(4), fmpq(20)]))
def test_the_signs_of_a_pair(s: fmpq, t: fmpq, depth: int, decay: fmpq) -> None:
    """3: N - 1 zeros, N - 1 positive eigenvalues, and two that go with the quotients; N up to 6."""
    sign = difference_sign(s, t, decay, depth)
    assert inertia(pair_form(s, t, decay, depth)) == (depth + (sign > 0), int(sign < 0), depth - 1 + (sign == 0))


@exact
@given(PARTS, PARTS, st.integers(2, 6), st.sampled_from([fmpq(1, 16), fmpq(1), fmpq(20)]))
def test_the_quotients_of_a_pair(s: fmpq, t: fmpq, depth: int, decay: fmpq) -> None:
    """3's proof: the form is least, for given entries u and v of dW, where its derivative is a multiple of theirs: for
    (u, v) = (1, 1) at equal x_j and y_j, where it is 2 (sigma(s) - sigma(t)) / (s^N - t^N), for (1, -1) at a turn of
    both ends, where it is 2 (sigma(s) + sigma(t)) / (s^N + t^N)."""
    t = t + (s == t)  # s = t is the limit
    form, places = pair_form(s, t, decay, depth), range(depth)
    u, v = ([s ** (depth - 1 - j) * t**j for j in places], [t ** (depth - 1 - j) * s**j for j in places])
    zeros = [fmpq(0)] * depth
    for sign in (1, -1):
        if sign == 1:
            x = y = [(s - t) / (s**depth - t**depth)] * depth
        else:
            both = s**depth + t**depth
            x = [s / both, *zeros[2:], t / both]
            y = [-t / both, *zeros[2:], -s / both]
        quotient = (carried(s, decay, depth) - sign * carried(t, decay, depth)) / (s**depth - sign * t**depth)
        slope = form @ np.array([*x, *y], dtype=object)
        assert (slope == quotient * np.array([*u, *(sign * entry for entry in v)], dtype=object)).all()
        entries = [sum(a * b for a, b in zip(*pair, strict=True)) for pair in ((u, x), (v, y))]
        assert entries == [1, sign]


@exact
@given(decay_points(dimensions=WIDE), st.integers(1, 3))
def test_nothing_else_of_this_form_is_critical(point: DecayPoint, eighths: int) -> None:
    """2: with the sigma_i carried moved by 1/8, 2/8 or 3/8 of themselves only zero stays critical."""
    more = diagonal(len(point.left), len(point.right), [sigma * fmpq(eighths, 8) for sigma in point.caught])
    target = point.target + point.left @ more @ point.right.T
    gradients = decayed_gradients(point.weights, target, point.decay)
    assert any(entry != 0 for d in gradients for entry in d.flat) == (point.rank > 0)


# What is false nearby, and the smallest cases. s = 1 throughout, so that sigma = 1 + lambda.


def simple(depth: int, decay: fmpq, left_out: list[fmpq], *, hidden: int = 2, carry: bool = True) -> DecayPoint:
    """One mode carried with s = 1, or none, in the coordinate axes; the hidden widths are ``hidden``."""
    caught = [1 + decay] if carry else []
    n = len(caught) + len(left_out)
    widths = (n, *([hidden] * (depth - 1)), n)
    ones = [fmpq(1)] * len(caught)
    layers = []
    for before, after in pairwise(widths):
        layer = arithmetic.exact(np.zeros((after, before)))
        layer[: len(ones), : len(ones)] = arithmetic.exact(np.eye(len(ones)))
        layers.append(layer)
    basis = arithmetic.exact(np.eye(n))
    target = basis * np.array([*caught, *left_out], dtype=object)
    return DecayPoint(tuple(layers), target, decay, basis, basis, tuple(ones), tuple(caught), tuple(left_out))


EPSILON = fmpq(1, 1000)


@witness
@pytest.mark.parametrize("depth", [2, 3, 4, 5])
@pytest.mark.parametrize("by", [-EPSILON, fmpq(0), EPSILON])
def test_where_a_mode_left_out_makes_a_saddle(depth: int, by: fmpq) -> None:
    """lambda = 1/4, sigma = 5/4 carried, and another of 5/4 + by left out, through hidden width 1 (N = 2) or 2."""
    point = simple(depth, fmpq(1, 4), [fmpq(5, 4) + by], hidden=1 if depth == 2 else 2)
    found = inertia(decayed_hessian(point.weights, point.target, point.decay))
    assert found == signs(point)
    assert (found[1] == 0) == is_semidefinite(point) == (by <= 0)


@witness
@pytest.mark.parametrize("by", [-EPSILON, fmpq(0), EPSILON])
@pytest.mark.parametrize("carry", [False, True])
def test_two_layers_hold_no_mode_above_lambda_back(by: fmpq, carry: bool) -> None:
    """N = 2, lambda = 1/4, room for one mode more, and one of lambda + by left out; the same at zero."""
    point = simple(2, fmpq(1, 4), [fmpq(1, 4) + by], carry=carry)
    found = inertia(decayed_hessian(point.weights, point.target, point.decay))
    assert found == signs(point)
    assert (found[1] == 0) == is_semidefinite(point) == (by <= 0)
    full = simple(2, fmpq(1, 4), [fmpq(1, 4) + by], hidden=1)  # no room: nothing but sigma_1 counts
    assert inertia(decayed_hessian(full.weights, full.target, full.decay))[1] == 0


@witness
@pytest.mark.parametrize("depth", [3, 4, 5])
@pytest.mark.parametrize("by", [-EPSILON, fmpq(0), EPSILON])
def test_where_the_root_is_double(depth: int, by: fmpq) -> None:
    """Widths 1, s = 1: lambda = N/(N-2) + by."""
    point = simple(depth, fmpq(depth, depth - 2) + by, [], hidden=1)
    found = inertia(decayed_hessian(point.weights, point.target, point.decay))
    assert found == signs(point) == (depth - (by >= 0), int(by > 0), int(by == 0))


@control
@pytest.mark.parametrize("minus", [0, 1, 3])
def test_refuted_with_another_multiple_of_lambda(minus: int) -> None:
    """Widths 1, N = 3, s = 1, lambda = 1: 2, 2 and 3 - 1."""
    point = simple(3, fmpq(1), [], hidden=1)
    found = network.characteristic_polynomial(decayed_hessian(point.weights, point.target, point.decay))
    assert found == spectrum(point)
    assert found != spectrum(point, minus=minus)


@control
def test_refuted_that_a_larger_mode_may_be_left_out() -> None:
    """N = 3, lambda = 1/4, 5/4 carried and 2 left out: a negative eigenvalue, s (sigma_i - sigma_b) = -3/4."""
    point = simple(3, fmpq(1, 4), [fmpq(2)])
    matrix = decayed_hessian(point.weights, point.target, point.decay)
    assert inertia(matrix)[1] == 1
    assert network.characteristic_polynomial(matrix)(fmpq(-3, 4)) == 0


@control
@pytest.mark.parametrize("left_out", [[], [fmpq(1)]])
def test_refuted_at_one_layer_where_no_mode_can_be_left_out(left_out: list[fmpq]) -> None:
    """N = 1, lambda = 1/2: s = 1 carries sigma = 3/2, W = Phi / (1 + lambda); with sigma = 1 left out it is not
    critical."""
    point = simple(1, fmpq(1, 2), left_out)
    gradient = decayed_gradients(point.weights, point.target, point.decay)[0]
    assert (not gradient.any()) == (not left_out)
