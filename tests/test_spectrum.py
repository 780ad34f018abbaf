"""Singular values, inertia and margins: against matrices built to have known ones."""

from __future__ import annotations

import time
from fractions import Fraction

import numpy as np
import pytest
from containment import contains
from flint import arb, ctx, fmpq
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.linalg import hadamard

from solvers import (
    Enclosure,
    deficiency_margin,
    inertia,
    sigma_min,
    singular_values,
    spectral_norm,
    symmetric_eigenvalues,
    transpose,
)
from solvers.arithmetic import balls, exact, nearest, rational
from solvers.network.spectrum import (
    SHARP,
    _descending,
    characteristic_polynomial,
    sigma_min_at_most,
    squared_singular_values,
    weighted_singular_values,
)
from strategies import (
    balanced_networks,
    diagonal,
    dimensions,
    dyadic_matrices,
    orthogonal_matrices,
    singular_value_lists,
    targets,
)

sizes = st.integers(1, 5)


@st.composite
def known_matrices(draw):
    """A matrix of rationals, and its singular values."""
    rows, columns = draw(sizes), draw(sizes)
    values = draw(singular_value_lists(min(rows, columns)))
    return draw(targets(rows, columns, singular_values=values)), [rational(value) for value in values]


@st.composite
def known_symmetric(draw):
    """A symmetric matrix of rationals, and its eigenvalues."""
    size = draw(sizes)
    values = draw(st.lists(st.integers(-2, 2).map(lambda k: Fraction(k, 2)), min_size=size, max_size=size))
    basis = draw(orthogonal_matrices(size))
    return basis @ diagonal(size, size, values) @ basis.T, values


@given(known_matrices())
def test_rational_singular_values_come_out_as_rationals(drawn):
    """With multiplicities, zeros included, largest first."""
    matrix, values = drawn
    assert singular_values(matrix) == values
    assert sigma_min(matrix) == values[-1]
    assert spectral_norm(matrix) == values[0]
    assert squared_singular_values(matrix) == [value**2 for value in values]


def test_squares_of_irrational_singular_values_stay_rational():
    """[[1, 1]] has the singular value sqrt(2), and its square is 2 itself, whichever Gram matrix is the smaller."""
    row = exact(np.array([[1.0, 1.0]]))
    assert squared_singular_values(row) == squared_singular_values(row.T) == [fmpq(2)]


@given(known_matrices())
def test_balls_contain_the_singular_values(drawn):
    """The float factorisation proposes, the residual in balls decides."""
    matrix, values = drawn
    found = singular_values(np.frompyfunc(arb, 1, 1)(matrix))
    assert len(found) == len(values)
    assert all(contains(ball, value) for ball, value in zip(found, values, strict=True))


@st.composite
def enclosed_matrices(draw):
    """An enclosure of a matrix of rationals with known singular values, on its boundary, and the values."""
    matrix, values = draw(known_matrices())
    value = nearest(matrix) + draw(st.sampled_from([0.0, 2.0**-40, -(2.0**-20), 0.25]))
    radius = np.vectorize(lambda gap: float(arb(gap).upper()) * (1 + 2.0**-50), otypes=[float])(
        abs(exact(value) - matrix)
    )
    return Enclosure(value, radius), values


@given(enclosed_matrices())
def test_enclosures_contain_the_singular_values_of_every_point(drawn):
    """Also of points on the boundary of a wide enclosure."""
    enclosure, values = drawn
    found = singular_values(enclosure)
    assert len(found) == len(values)
    assert all(contains(ball, value) for ball, value in zip(found, values, strict=True))


@given(dyadic_matrices(3, 4), st.integers(-30, 30))
def test_enclosures_of_floats_are_narrow(matrix, exponent):
    """The balls of a float64 matrix with entries up to 2^e are not wider than 2^(e-40): they decide."""
    scaled = matrix * 2.0**exponent
    for ball in singular_values(Enclosure.of(scaled)):
        assert ball.rad() <= arb(2) ** (exponent - 40)


@given(dyadic_matrices(2, 3))
@example(np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 0.0]]))
def test_irrational_singular_values_are_isolated_by_the_characteristic_polynomial(matrix):
    """For two rows s_1^2 and s_2^2 solve x^2 - t x + d = 0: the balls' squares contain both roots, from each side."""
    found = singular_values(exact(matrix))
    gram = exact(matrix) @ exact(matrix).T
    trace, determinant = gram[0, 0] + gram[1, 1], gram[0, 0] * gram[1, 1] - gram[0, 1] * gram[1, 0]
    squares = [arb(value) ** 2 for value in found]
    assert squares[0] + squares[1] - trace == 0 or contains(squares[0] + squares[1], trace)
    assert squares[0] * squares[1] - determinant == 0 or contains(squares[0] * squares[1], determinant)
    assert not squares[0] < squares[1]
    assert all(arb(value).rad() < 2.0**-40 for value in found)


@given(known_matrices())
def test_float_singular_values_have_half_of_all_digits(drawn):
    """LAPACK's error is p(m, n) u |A|_2 for some low polynomial p: a wrong value is off by more than 2^-26 |A|_2."""
    matrix, values = drawn
    found = singular_values(nearest(matrix))
    assert all(isinstance(value, float) for value in found)
    assert all(abs(rational(a) - b) <= values[0] / 2**26 for a, b in zip(found, values, strict=True))


@given(balanced_networks((3, 2, 4, 3)))
def test_a_balanced_network_has_the_powers_of_its_layers(network):
    """The end-to-end singular values are the N-th powers of a layer's, and zeros beyond."""
    first, second, third = network.weights
    powers = [value**3 for value in network.layer_singular_values]
    assert singular_values(third @ second @ first) == [*powers, fmpq(0)]


@given(known_symmetric())
def test_inertia_counts_the_signs_of_the_eigenvalues(drawn):
    """Exactly, whatever multiplicities there are."""
    matrix, values = drawn
    counts = tuple(
        sum(test(value) for value in values) for test in (lambda x: x > 0, lambda x: x < 0, lambda x: x == 0)
    )
    assert inertia(matrix) == counts


def test_inertia_of_nearly_singular_matrices():
    """A determinant of 10^-60 has a sign."""
    tiny = fmpq(1, 10**60)
    one = fmpq(1)
    assert inertia(np.array([[one, one], [one, one + tiny]])) == (2, 0, 0)
    assert inertia(np.array([[one, one], [one, one - tiny]])) == (1, 1, 0)
    assert inertia(np.array([[one, one], [one, one]])) == (1, 0, 1)


def test_characteristic_polynomial_of_a_companion():
    """det(x I - [[0, -2], [1, 3]]) = x^2 - 3 x + 2."""
    coefficients = characteristic_polynomial(exact(np.array([[0.0, -2.0], [1.0, 3.0]]))).coeffs()
    assert coefficients == [2, -3, 1]


@given(known_matrices(), st.integers(1, 40))
def test_bounds_on_sigma_min_are_decided_exactly(drawn, bits):
    """True at equality and above, false below."""
    matrix, values = drawn
    square, nudge = values[-1] ** 2, fmpq(1, 2**bits)
    assert sigma_min_at_most(matrix, square)
    assert sigma_min_at_most(matrix, square + nudge)
    assert not sigma_min_at_most(matrix, square - nudge)


@st.composite
def networks_off_target(draw):
    """A balanced network, a target one entry away from its end-to-end matrix's place, and the exact margin."""
    widths = draw(dimensions(max_depth=1, max_width=4))
    rows, columns = widths[1], widths[0]
    values = draw(singular_value_lists(min(rows, columns)))
    target = draw(targets(rows, columns, singular_values=values))
    left, right = draw(orthogonal_matrices(rows)), draw(orthogonal_matrices(columns))
    distances = draw(st.sampled_from([(3, 4, 5), (0, 0, 0), (5, 12, 13)]))
    move = diagonal(rows, columns, [Fraction(d, 16) for d in distances[: min(rows, columns, 2)]])
    size = Fraction(distances[2] if min(rows, columns) > 1 else distances[0], 16)
    return target + left @ move @ right.T, target, rational(values[-1]) - rational(size)


@given(networks_off_target())
def test_deficiency_margin_is_the_rational_it_is_built_to_be(drawn):
    """sigma_min(Phi) - ||W - Phi||_F, exactly; in enclosures and balls it is contained."""
    weight, target, margin = drawn
    assert deficiency_margin((weight,), target) == margin
    rounded = (nearest(weight), nearest(target))
    near = deficiency_margin((exact(rounded[0]),), exact(rounded[1]))
    found = deficiency_margin((Enclosure.of(rounded[0]),), Enclosure.of(rounded[1]))
    assert found.overlaps(arb(near))
    as_balls = np.frompyfunc(arb, 1, 1)
    assert contains(deficiency_margin((as_balls(weight),), as_balls(target)), margin)


@given(networks_off_target())
def test_float_deficiency_margin_has_half_of_all_digits(drawn):
    """As LAPACK's singular values: off by at most 2^-26 (|Phi|_F + |W|_F), which bounds every number on the way."""
    weight, target, margin = drawn
    value = deficiency_margin((nearest(weight),), nearest(target))
    size = np.linalg.norm(nearest(weight)) + np.linalg.norm(nearest(target))
    assert abs(rational(float(value)) - margin) <= rational(float(size)) / 2**26


def test_deficiency_margin_of_a_deep_network():
    """W = 2 * 3 * 1/2 = 3 against Phi = 5: sigma_min(Phi) = 5, distance 2, margin 3."""
    weights = tuple(np.array([[entry]]) for entry in (2.0, 3.0, 0.5))
    assert deficiency_margin(weights, np.array([[5.0]])) == 3.0
    assert deficiency_margin(tuple(map(exact, weights)), exact([[5.0]])) == 3


def test_nothing_is_claimed_of_an_enclosure_that_overflowed():
    """Non-finite entries give balls that are no number."""
    broken = Enclosure(np.array([[np.inf, 1.0]]), np.array([[0.0, 0.0]]))
    assert [ball.is_nan() for ball in singular_values(broken)] == [True]


@pytest.mark.parametrize("precision", [53, 200])
def test_irrational_values_follow_the_precision(precision):
    """The singular values of [[1, 1], [0, 1]] are the golden ratio and its inverse."""
    with ctx.workprec(precision):
        high, low = singular_values(exact(np.array([[1.0, 1.0], [0.0, 1.0]])))
        golden = (1 + arb(5).sqrt()) / 2
        assert high.overlaps(golden)
        assert low.overlaps(1 / golden)
        assert high.rad() < arb(2) ** (8 - precision)


def test_singular_values_of_a_transpose_are_the_same():
    """Wide and tall matrices take the smaller Gram matrix."""
    matrix = exact(np.arange(6.0).reshape(2, 3))
    ours, theirs = singular_values(matrix), singular_values(transpose(matrix))
    assert len(ours) == 2
    assert all(arb(a).overlaps(arb(b)) for a, b in zip(ours, theirs, strict=True))
    assert singular_values(balls(np.zeros((2, 3))))[0] == 0


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_poor_factorisation_proposes_and_does_not_decide(side, monkeypatch):
    """A = U S V^T with no residual but U or V far from orthogonal: the balls still contain the true values."""
    matrix = np.array([[1.0, 0.5], [0.0, 1.0]])
    values = singular_values(exact(matrix))
    bases = (matrix, np.eye(2)) if side == "left" else (np.eye(2), matrix)
    monkeypatch.setattr(np.linalg, "svd", lambda _, **__: (bases[0], np.ones(2), bases[1]))
    found = singular_values(Enclosure.of(matrix))
    assert all(ball.contains(arb(value)) for ball, value in zip(found, values, strict=True))
    assert all(ball.is_finite() for ball in found)


@pytest.mark.parametrize("exponent", [2, 30, 60, 400])
def test_values_that_floats_cannot_tell_apart_come_in_order(exponent):
    """[[1, t], [0, 1]] has sigma_1 sigma_2 = 1 and sigma_1 > sigma_2, however small t is: never the other way round."""
    matrix = exact(np.array([[1.0, 2.0**-exponent], [0.0, 1.0]]))
    first, second = singular_values(matrix)
    assert not first < second
    with ctx.workprec(4 * exponent):
        first, second = singular_values(matrix)
        assert first > 1 > second


@given(known_symmetric())
def test_eigenvalues_of_symmetric_matrices(known):
    """Largest first, in every arithmetic: rational where they are, in balls that contain them, and LAPACK's."""
    symmetric, values = known
    expected = sorted((rational(value) for value in values), reverse=True)
    assert symmetric_eigenvalues(symmetric) == expected
    for ball, value in zip(symmetric_eigenvalues(balls(symmetric)), expected, strict=True):
        assert arb(ball).contains(arb(value))
        assert arb(ball).rad() < 1e-9
    found = symmetric_eigenvalues(nearest((symmetric + symmetric.T) / 2))
    assert np.allclose(found, [float(value) for value in expected], rtol=1e-12, atol=1e-12)


@given(st.integers(1, 5).flatmap(lambda size: dyadic_matrices(size, size)))
def test_eigenvalues_of_enclosures_contain_the_exact_ones(matrix):
    symmetric = matrix + matrix.T
    for ball, value in zip(
        symmetric_eigenvalues(Enclosure.of(symmetric)), symmetric_eigenvalues(exact(symmetric)), strict=True
    ):
        assert arb(ball).overlaps(arb(value))
        assert arb(ball).rad() < 1e-9 * (1 + abs(symmetric).max())


def test_eigenvalues_of_what_is_not_symmetric():
    with pytest.raises(ValueError, match=r"symmetric is not a symmetric matrix; expected A = A\^T"):
        symmetric_eigenvalues(exact(np.array([[1.0, 2.0], [3.0, 4.0]])))
    with pytest.raises(ValueError, match=r"symmetric is not a symmetric matrix; expected A = A\^T"):
        symmetric_eigenvalues(np.ones((2, 3)))


def test_large_matrices_are_enclosed_at_blas_speed():
    """Beyond balls, products of enclosures: exact singular values and eigenvalues lie in the intervals, which stay
    narrow; a radius widens them by no more than itself times the size."""
    rng = np.random.default_rng(0)
    size = 2 * SHARP
    signs = hadamard(size).astype(np.float64)  # orthogonal up to 1/8
    values = np.arange(1.0, size + 1)
    matrix = signs @ np.diag(values) / 8  # exact: of small whole numbers over 8
    started = time.perf_counter()
    singular = singular_values(Enclosure.of(matrix))
    assert time.perf_counter() - started < 5
    for found, expected in zip(singular, values[::-1], strict=True):
        assert found.contains(arb(expected))
        assert found.rad() < 1e-9
    mixed = values * (-1) ** np.arange(size)
    symmetric = signs @ np.diag(mixed) @ signs.T / 64
    eigenvalues = symmetric_eigenvalues(Enclosure.of(symmetric))
    for found, expected in zip(eigenvalues, sorted(mixed, reverse=True), strict=True):
        assert found.contains(arb(expected))
        assert found.rad() < 1e-9
    moved = Enclosure(matrix + 1e-3 * rng.uniform(-1, 1, matrix.shape), np.full(matrix.shape, 1e-3))
    for found, expected in zip(singular_values(moved), values[::-1], strict=True):
        assert found.contains(arb(expected))
        assert found.rad() < 1e-3 * size * 1.01


def ordered_balls():
    """Balls of any widths about numbers that are close to each other, and the numbers that were drawn from them."""
    centre, radius, place = st.integers(0, 40), st.sampled_from([0, 1, 2, 30]), st.integers(-4, 4)
    return st.lists(st.tuples(centre, radius, place), min_size=1, max_size=5)


@given(ordered_balls())
@example([(20, 1, 0), (19, 1, 0), (18, 30, 4)])
@example([(20, 0, 0), (19, 30, 4), (19, 0, 0)])
def test_the_order_of_overlapping_balls_is_sound(drawn):
    """The k-th ball contains the k-th largest of the numbers, and what is a rational and in its place stays one."""
    values = [fmpq(centre, 16) if radius == 0 else arb(centre, radius) / 16 for centre, radius, _ in drawn]
    numbers = [fmpq(4 * centre + radius * place, 64) for centre, radius, place in drawn]
    found = _descending(values)
    assert len(found) == len(values)
    for ball, number in zip(found, sorted(numbers, reverse=True), strict=True):
        assert ball == number if isinstance(ball, fmpq) else contains(ball, number)
    if all(radius == 0 for _, radius, _ in drawn):
        assert found == sorted(values, reverse=True)


def test_three_balls_that_overlap():
    """10 +- 1/1000, 9.9995 +- 1/1000 and 9.999 +- 2: any of them may be the largest, the second and the least."""
    centres, radii = (fmpq(10), fmpq(19999, 2000), fmpq(9999, 1000)), (fmpq(1, 1000), fmpq(1, 1000), fmpq(2))
    wide, *others = (arb(c - r).union(arb(c + r)) for c, r in [*zip(centres, radii, strict=True)][::-1])
    largest, second, least = _descending([others[1], others[0], wide])
    assert contains(largest, centres[2] + radii[2])
    assert contains(least, centres[2] - radii[2])
    assert contains(second, centres[1] - radii[1])
    assert contains(second, centres[0] + radii[0])
    assert second.rad() < 0.002


def test_what_is_certainly_in_its_place_is_not_widened():
    """Rationals among balls of which two overlap."""
    found = _descending([fmpq(1), arb(5, 0.5), arb(5.25, 0.5), fmpq(7), fmpq(1, 2)])
    assert [value for value in found if isinstance(value, fmpq)] == [fmpq(7), fmpq(1), fmpq(1, 2)]
    assert all(contains(ball, number) for ball in found[1:3] for number in (fmpq(5), fmpq(21, 4)))


def test_an_entry_of_the_root_of_a_covariance_may_be_a_ball_at_zero():
    """S_32 - S_31 S_21 is 0 up to rounding: |e_3|_S is 1 all the same, no NaN."""
    covariance = np.array([[1, 0.1, 0.1], [0.1, 1, 0.01], [0.1, 0.01, 1]])
    (found,) = weighted_singular_values(Enclosure.of(np.eye(3)[2:]), Enclosure.of(covariance))
    assert contains(found, fmpq(1))
    assert found.rad() < 1e-12


def test_eigenvalues_of_what_overflowed_are_no_numbers():
    """One entry that is no number leaves none of them known."""
    for number in (np.inf, np.nan):
        for size in (2, 3, 4):
            entries = np.eye(size)
            entries[0, -1] = entries[-1, 0] = number
            found = symmetric_eigenvalues(Enclosure.of(entries))
            assert [value.is_nan() for value in found] == [True] * size
