"""Statement 5: saddles above maxima and minima above saddles, exactly; a degenerate polynomial."""

from collections.abc import Sequence

import pytest
from flint import arb, fmpq

from claims.suite import Fate, ablates, control, exact, witness
from solvers.arithmetic import Comparison, ObjectArray, Verdict, compare
from solvers.arithmetic import exact as rationals
from solvers.network import inertia
from solvers.shallow import HomogeneousPolynomial, Landscape, SpherePoint, UncertifiedLandscape, certify_landscape
from solvers.shallow.critical_lines import count_critical_lines
from solvers.shallow.sphere import sum_of_powers
from strategies import diagonal

THIRTEEN: dict[tuple[int, ...], int] = {
    (4, 0, 0): 4, (3, 0, 1): -12, (2, 2, 0): 18, (2, 1, 1): 24, (2, 0, 2): 24, (1, 2, 1): 48,
    (1, 1, 2): 12, (0, 4, 0): -3, (0, 3, 1): -12, (0, 2, 2): -18, (0, 1, 3): -16, (0, 0, 4): 4,
}  # fmt: skip


def above(higher: Sequence[SpherePoint], lower: Sequence[SpherePoint], sentence: str) -> Verdict:
    """Whether the highest of some points is above the lowest of others."""
    first, second = max(higher, key=lambda p: float(p.value)), min(lower, key=lambda p: float(p.value))
    return compare(Comparison(first.value, ">", second.value, sentence))


def ordered(landscape: Landscape) -> bool:
    """Whether the index is ordered by energy: no minimum above a saddle, no saddle above a maximum."""
    minima = above(landscape.minima, landscape.saddles, "a minimum above a saddle")
    saddles = above(landscape.saddles, landscape.maxima, "a saddle above a maximum")
    assert minima.holds or minima.fails
    assert saddles.holds or saddles.fails
    return minima.fails and saddles.fails


def index(polynomial: HomogeneousPolynomial, u: ObjectArray) -> int:
    """That of a nondegenerate critical point with rational entries, |u| = 1."""
    assert (u * u).sum() == 1
    assert not polynomial.riemannian_gradient(u).any()
    _, negative, zero = inertia(polynomial.riemannian_hessian(u))
    assert zero == 1
    return negative


@exact
def test_all_thirteen_lines_are_real_and_a_minimum_is_above_a_saddle() -> None:
    """The integer polynomial, certified completely: 26 points, values to the digits that are given."""
    landscape = certify_landscape(HomogeneousPolynomial(THIRTEEN))
    assert landscape.lines == count_critical_lines(landscape.polynomial) == 1 + 3 + 9
    assert landscape.counts == {"maximum": 8, "saddle": 12, "minimum": 6}
    assert above(landscape.minima, landscape.saddles, "a minimum above a saddle").holds
    highest = max(landscape.minima, key=lambda p: float(p.value)).value
    lowest = min(landscape.saddles, key=lambda p: float(p.value)).value
    assert abs(highest - arb("1.6525")) < arb("0.0005")
    assert abs(lowest + arb("2.05965")) < arb("0.00005")


@exact
def test_a_maximum_below_a_saddle_in_a_diagonal_tensor() -> None:
    """lambda = (1, 1, 1/4), complete: 6 maxima, the lowest 1/4; the highest saddle 1/2."""
    landscape = certify_landscape(sum_of_powers([1, 1, fmpq(1, 4)], diagonal(3, 3, [1, 1, 1]), 4))
    assert landscape.counts == {"maximum": 6, "saddle": 12, "minimum": 8}
    assert above(landscape.saddles, landscape.maxima, "a saddle above a maximum").holds
    values = [sorted({round(20 * float(p.value)) for p in points}) for points in (landscape.maxima, landscape.saddles)]
    assert values == [[5, 20], [4, 10]]  # of 1/4 and 1, of 1/5 and 1/2
    assert all(p.value.overlaps(fmpq(round(20 * float(p.value)), 20)) for p in landscape.maxima + landscape.saddles)


@exact
def test_the_same_at_rational_points() -> None:
    """16 u_1^4 + 9 u_2^4 + u_3^4: e_3 is a strict maximum of value 1, (3, 4, 0) / 5 a saddle of value 144/25."""
    polynomial = sum_of_powers([16, 9, 1], diagonal(3, 3, [1, 1, 1]), 4)
    top, saddle = rationals([0, 0, 1]), rationals([fmpq(3, 5), fmpq(4, 5), 0])
    assert (index(polynomial, top), index(polynomial, saddle)) == (2, 1)
    assert polynomial.value(saddle) == fmpq(144, 25) > polynomial.value(top) == 1


@control
def test_refuted_that_index_is_ordered_by_energy() -> None:
    """Neither instance is; u_1^4 + u_2^4 + u_3^4 is, and so is a quadratic form."""
    identity = diagonal(3, 3, [1, 1, 1])
    assert not ordered(certify_landscape(HomogeneousPolynomial(THIRTEEN)))
    assert not ordered(certify_landscape(sum_of_powers([1, 1, fmpq(1, 4)], identity, 4)))
    assert ordered(certify_landscape(sum_of_powers([1, 1, 1], identity, 4)))
    assert ordered(certify_landscape(sum_of_powers([1, 2, 3], identity, 2)))


@control
def test_refuted_that_all_lines_are_real_with_another_sign() -> None:
    """Any one coefficient's sign changed, but that of u_1^4: fewer than 13 lines."""
    others = sorted(THIRTEEN)[:-1]
    assert len(others) == 11
    assert all(count_critical_lines(HomogeneousPolynomial(THIRTEEN | {e: -THIRTEEN[e]})) < 13 for e in others)


@control
@ablates("DL-040", "nondegenerate", "that every f is", Fate.REFUTED)
def test_refuted_that_every_polynomial_is_nondegenerate() -> None:
    """u_1^3 on the circle: at e_2 the Hessian is 0, and f takes both signs beside it."""
    polynomial = HomogeneousPolynomial({(3, 0): 1, (0, 3): 0})
    u = rationals([0, 1])
    assert not polynomial.riemannian_gradient(u).any()
    assert not polynomial.riemannian_hessian(u).any()
    for k in (1, 10, 40):
        t = fmpq(1, 2**k)
        beside = [rationals([sign * 2 * t / (1 + t * t), (1 - t * t) / (1 + t * t)]) for sign in (1, -1)]
        assert polynomial.value(beside[0]) > polynomial.value(u) == 0 > polynomial.value(beside[1])
    with pytest.raises(UncertifiedLandscape, match="degenerate"):
        certify_landscape(polynomial)


@witness
def test_where_the_order_turns_in_diagonal_tensors() -> None:
    """lambda = (1, 1, l): the lowest maximum l meets the highest saddle 1/2 at l = 1/2; ordered above, not below."""
    identity = diagonal(3, 3, [1, 1, 1])
    assert ordered(certify_landscape(sum_of_powers([1, 1, fmpq(501, 1000)], identity, 4)))
    assert not ordered(certify_landscape(sum_of_powers([1, 1, fmpq(499, 1000)], identity, 4)))
