"""Complete landscapes: closed forms, an independent search, rotations, refusals, and a line that is lost."""

from __future__ import annotations

import re
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import root

from claims.suite import fewer
from solvers.arithmetic import exact, nearest
from solvers.shallow import (
    HomogeneousPolynomial,
    Landscape,
    UncertifiedLandscape,
    certify_landscape,
    landscape,
    spin_glass,
    sum_of_powers,
)
from strategies import tensor_points

ALL_REAL = {
    (4, 0, 0): 4, (3, 0, 1): -12, (2, 2, 0): 18, (2, 1, 1): 24, (2, 0, 2): 24, (1, 2, 1): 48,
    (1, 1, 2): 12, (0, 4, 0): -3, (0, 3, 1): -12, (0, 2, 2): -18, (0, 1, 3): -16, (0, 0, 4): 4,
}  # fmt: skip


def middle(point):
    """The centre of a box."""
    return nearest(point.point)


def assert_consistent(found: Landscape) -> None:
    """Boxes near unit vectors, disjoint; u and -u both there, with the index that parity gives; index sum; order."""
    f, d, p = found.polynomial, found.polynomial.dimension, found.polynomial.degree
    assert sum((-1) ** point.index for point in found.points) == 1 - (-1) ** d
    assert sum(found.counts.values()) == len(found.points)
    assert len(found.points) <= 2 * (p if d == 2 else p * p - p + 1)
    values = [float(point.value) for point in found.points]
    assert values == sorted(values, reverse=True)
    for i, point in enumerate(found.points):
        length = (point.point * point.point).sum()
        assert length.contains(arb(1))
        assert all(float(entry.rad()) < 1e-15 for entry in point.point)
        assert f.value(point.point).overlaps(point.value)
        others = [q for q in found.points if all(a.overlaps(-b) for a, b in zip(point.point, q.point, strict=True))]
        assert [q.index for q in others] == [point.index if p % 2 == 0 else d - 1 - point.index]
        for other in found.points[:i]:
            assert any(not a.overlaps(b) for a, b in zip(point.point, other.point, strict=True))
        hessian = np.linalg.eigvalsh(f.riemannian_hessian(middle(point)))
        assert (hessian < -1e-9).sum() == point.index
        assert point.kind == {0: "minimum", d - 1: "maximum"}.get(point.index, "saddle")
    assert len(found.maxima) + len(found.saddles) + len(found.minima) == len(found.points)


@pytest.mark.parametrize("degree", [1, 2, 3, 7])
def test_equally_spaced_points_of_the_circle(degree):
    """f = Re (x + iy)^p has its 2p points at multiples of pi / p, alternating maxima of value 1 and minima of -1."""
    terms = {(degree - k, k): (-1) ** (k // 2) * comb(degree, k) for k in range(0, degree + 1, 2)}
    found = certify_landscape(HomogeneousPolynomial(terms))
    assert_consistent(found)
    assert found.counts == {"maximum": degree, "minimum": degree}
    angles = sorted(np.arctan2(middle(point)[1], middle(point)[0]) % (2 * np.pi) for point in found.points)
    turned = np.array(angles) * degree / np.pi
    assert np.abs(np.sort(np.round(turned) % (2 * degree)) - np.arange(2 * degree)).max() == 0
    assert all(point.value.contains(1 if point.kind == "maximum" else -1) for point in found.points)


def test_an_ellipsoid_has_its_axes():
    """p = 2: +-e_i with value lambda_i, index by order of the eigenvalues."""
    found = certify_landscape(sum_of_powers([1, 2, 3], np.eye(3), 2))
    assert_consistent(found)
    assert [(point.index, round(float(point.value))) for point in found.points] == [(2, 3)] * 2 + [(1, 2)] * 2 + [
        (0, 1)
    ] * 2


@fewer(2)
@given(tensor_points(min_dimension=2, max_dimension=3, max_degree=4))
def test_orthogonal_tensors_have_the_points_of_their_closed_form(tensor):
    """3^d - 1 (p = 4) or 2 (2^d - 1) (p = 3) points; the constructed one is in exactly one box, with c in its value;
    its index is d - k for c > 0 and k - 1 for c < 0, k the size of its support."""
    d, p, k = tensor.dimension, tensor.degree, len(tensor.support)
    found = certify_landscape(tensor.polynomial)
    assert_consistent(found)
    assert len(found.points) == (3**d - 1 if p % 2 == 0 else 2 * (2**d - 1))
    (home,) = (q for q in found.points if all(a.overlaps(arb(b)) for a, b in zip(q.point, tensor.point, strict=True)))
    assert home.value.overlaps(arb(tensor.level))
    assert home.index == (d - k if tensor.level > 0 else k - 1)


def test_points_that_meet_in_many_projections():
    """x^4 + z^4 + 4/9 y^4: lines of it meet in the first five projections that are tried, and in a later one do not."""
    found = certify_landscape(sum_of_powers([1, Fraction(4, 9), 1], np.eye(3), 4))
    assert_consistent(found)
    assert len(found.points) == 26


def test_the_quartic_with_thirteen_real_lines():
    """All 13 lines that degree 4 allows are real, and a minimum lies above a saddle: 1.652 and -2.060."""
    found = certify_landscape(HomogeneousPolynomial(ALL_REAL))
    assert_consistent(found)
    assert found.counts == {"maximum": 8, "saddle": 12, "minimum": 6}
    highest, lowest = found.minima[0].value, found.saddles[-1].value
    assert highest > lowest
    assert (f"{float(highest):.3f}", f"{float(lowest):.3f}") == ("1.652", "-2.060")


@pytest.mark.parametrize(("dimension", "degree"), [(2, 3), (2, 5), (3, 3), (3, 4), (3, 5)])
def test_a_search_from_many_points_finds_nothing_else(dimension, degree):
    """SciPy's root finder from 150 random points: every zero it reaches is in a box, and it reaches every line."""
    for seed in range(2):
        f = spin_glass(dimension, degree, seed)
        found = certify_landscape(f)
        assert_consistent(found)
        boxes = np.stack([middle(point) for point in found.points])

        def system(unknown, f=f):
            u, mu = unknown[:-1], unknown[-1]
            return np.append(f.gradient(u) - mu * u, (u @ u - 1) / 2)

        reached = set()
        for start in np.random.default_rng(seed).standard_normal((150, dimension)):
            u = start / np.linalg.norm(start)
            end = root(system, np.append(u, degree * f.value(u)), tol=1e-12)
            if end.success and np.abs(end.fun).max() < 1e-9:
                for u in (end.x[:-1], -end.x[:-1]):
                    distances = np.linalg.norm(boxes - u, axis=1)
                    assert distances.min() < 1e-6
                    reached.add(int(np.argmin(distances)))
        assert len(reached) == len(boxes)


def turned(f, rotation):
    """v -> f(Q^T v) for a rational Q, by its values: the table from sums of powers is not at hand, so by expansion."""
    total = {}
    for exponents, coefficient in f.table.items():
        product = {(0, 0, 0): fmpq(1)}
        for i, exponent in enumerate(exponents):
            for _ in range(exponent):
                step = {}
                for e, c in product.items():
                    for j in range(3):
                        raised = (*e[:j], e[j] + 1, *e[j + 1 :])
                        step[raised] = step.get(raised, fmpq(0)) + c * rotation[j, i]
                product = step
        for e, c in product.items():
            total[e] = total.get(e, fmpq(0)) + coefficient * c
    return HomogeneousPolynomial(total)


def test_a_rotation_rotates_the_landscape():
    """The same values and indices, at the turned points."""
    rotation = exact(np.array([[1.0, -2, 2], [2, -1, -2], [2, 2, 1]])) / 3
    for f in (spin_glass(3, 3, 5), HomogeneousPolynomial(ALL_REAL)):
        before, after = certify_landscape(f), certify_landscape(turned(f, rotation))
        assert before.counts == after.counts
        for point in before.points:
            image = rotation @ point.point
            (home,) = (q for q in after.points if all(a.overlaps(b) for a, b in zip(q.point, image, strict=True)))
            assert home.index == point.index
            assert home.value.overlaps(point.value)


def test_even_powers_of_the_length_change_nothing():
    """|u|^2 f has infinitely many complex critical lines, and on the sphere the landscape of f."""
    f = spin_glass(3, 2, 0)
    doubled = {}
    for exponents, coefficient in f.table.items():
        for i in range(3):
            raised = tuple(e + 2 * (i == j) for j, e in enumerate(exponents))
            doubled[raised] = doubled.get(raised, fmpq(0)) + coefficient
    before, after = certify_landscape(f), certify_landscape(HomogeneousPolynomial(doubled))
    assert after.counts == before.counts
    assert all(a.value.overlaps(b.value) for a, b in zip(after.points, before.points, strict=True))


def test_nearly_degenerate_points_are_told_apart():
    """u_1^3 + 2^-40 u_2^3 on the circle: near (0, 1) two points within 2^-40 of one another, and six points in all."""
    found = certify_landscape(HomogeneousPolynomial({(3, 0): 1, (0, 3): Fraction(1, 2**40)}))
    assert_consistent_counts(found)
    assert len(found.points) == 6


def assert_consistent_counts(found):
    """The index sum alone, where float64 cannot tell the Hessian's sign."""
    assert sum((-1) ** point.index for point in found.points) == 1 - (-1) ** found.polynomial.dimension


def tampered(monkeypatch, change):
    """critical_lines with its proposals and its count changed."""
    whole = landscape.critical_lines

    def changed(f):
        lines = whole(f)
        return landscape.CriticalLines(*change(lines.count, lines.proposals.copy()))

    monkeypatch.setattr(landscape, "critical_lines", changed)
    monkeypatch.setattr(landscape, "PRECISIONS", (128, 256))


LOST = {
    "a proposal": lambda count, proposals: (count, proposals[1:]),
    "all proposals": lambda count, proposals: (count, proposals[:0]),
    "one twice": lambda count, proposals: (count, np.concatenate([-proposals[1:2], proposals[1:]])),
}


@pytest.mark.parametrize("lost", LOST)
def test_lines_without_a_proposal_are_searched_for(monkeypatch, lost):
    """The landscape is the same; without the search fewer boxes than lines are refused."""
    f = spin_glass(3, 3, 0)
    expected = certify_landscape(f)
    tampered(monkeypatch, LOST[lost])
    found = certify_landscape(f)
    assert found.counts == expected.counts
    assert all(a.value.overlaps(b.value) for a, b in zip(found.points, expected.points, strict=True))
    monkeypatch.setattr(landscape, "SEARCHES", 0)
    with pytest.raises(UncertifiedLandscape, match="could not be told apart and classified with 256 bits"):
        certify_landscape(f)


def test_a_list_that_is_not_complete_is_refused(monkeypatch):
    """One line more than there are is never found; one less is a contradiction."""
    f = spin_glass(3, 3, 0)
    with monkeypatch.context() as patch:
        tampered(patch, lambda count, proposals: (count + 1, proposals))
        with pytest.raises(UncertifiedLandscape, match="could not be told apart and classified with 256 bits"):
            certify_landscape(f)
    tampered(monkeypatch, lambda count, proposals: (count - 1, proposals))
    with pytest.raises(AssertionError, match="5 critical lines where there are at most 4; this is a defect"):
        certify_landscape(f)


def test_a_wrong_index_is_noticed(monkeypatch):
    """Poincare and Hopf."""
    monkeypatch.setattr(landscape, "_index", lambda f, u: 0)
    with pytest.raises(AssertionError, match="the indices add up to 10, against Poincare and Hopf"):
        certify_landscape(spin_glass(3, 3, 1))


REFUSED = {
    "four variables": (sum_of_powers([1] * 4, np.eye(4), 3), "polynomial has dimension 4; expected 2 or 3 variables"),
    "one variable": (HomogeneousPolynomial({(3,): 1}), "polynomial has dimension 1; expected 2 or 3 variables"),
    "balls": (HomogeneousPolynomial({(3, 0): arb(1)}), "polynomial has coefficients that are balls; expected exact"),
    "constant": (sum_of_powers([1, 1], np.eye(2), 2), "polynomial is constant on the sphere, where every point is"),
    "zero": (HomogeneousPolynomial({(2, 1): 0}), "polynomial is constant on the sphere"),
    "cube": (HomogeneousPolynomial({(3, 0): 1}), "polynomial has a degenerate critical point, or two that meet in"),
    "axis": (HomogeneousPolynomial({(0, 3): 1}), "near (1, 0); expected nondegenerate critical points"),
    "two of three": (sum_of_powers([1, 1], np.eye(3)[:2], 4), "polynomial has a degenerate critical point"),
    "a great circle": (sum_of_powers([1, 1, 2], np.eye(3), 2), "polynomial has infinitely many critical lines"),
    "degree in three": (spin_glass(3, 11, 0), "polynomial has degree 11 in 3 variables; expected at most 10"),
    "degree": (spin_glass(2, 61, 0), "polynomial has degree 61 in 2 variables; expected at most 60"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_certified_is_refused_with_the_reason(case):
    """A ValueError that says which."""
    polynomial, sentence = REFUSED[case]
    with pytest.raises(UncertifiedLandscape, match=re.escape(sentence)):
        certify_landscape(polynomial)
    assert issubclass(UncertifiedLandscape, ValueError)


def test_what_is_no_polynomial_is_refused():
    """TypeError."""
    with pytest.raises(TypeError, match="polynomial is a dict; expected a HomogeneousPolynomial"):
        certify_landscape({(3, 0): 1})


@settings(max_examples=10)
@given(st.integers(0, 10**6), st.sampled_from([3, 4]))
def test_random_landscapes_obey_the_parity_of_their_number(seed, degree):
    """N = 2p mod 4 in two variables, N = 2 mod 4 in three."""
    assert len(certify_landscape(spin_glass(2, degree, seed)).points) % 4 == 2 * degree % 4
    assert len(certify_landscape(spin_glass(3, degree, seed)).points) % 4 == 2
