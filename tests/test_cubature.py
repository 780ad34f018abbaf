"""Means of polynomials in normal numbers as finite sums: against the moments of N(0, 1), and what is refused."""

from math import prod

import pytest

from claims.suite.cubature import MOST_OF_THREE, gaussian_mean_of, three_point_mean


def normal_moment(order: int) -> int:
    """E u^k: the product of the odd numbers below k, for even k."""
    return 0 if order % 2 else prod(range(1, order, 2))


@pytest.mark.parametrize("order", range(8))
def test_seven_points_have_the_moments_up_to_seven(order):
    assert gaussian_mean_of((1, 1), lambda entries: entries[:, 0, 0] ** order) == normal_moment(order)


def test_seven_points_do_not_have_the_eighth():
    assert gaussian_mean_of((1, 1), lambda entries: entries[:, 0, 0] ** 8) != normal_moment(8)


@pytest.mark.parametrize(("left", "right"), [(0, 0), (2, 0), (4, 0), (2, 4), (1, 5), (3, 3), (5, 5)])
def test_three_points_have_the_moments_up_to_five(left, right):
    """Of two matrices, one entry of each."""

    def values(matrices):
        return matrices[0][:, 0, 1] ** left * matrices[1][:, 0, 0] ** right

    found = three_point_mean([(1, 2), (1, 1)], values, degree=left + right)
    assert found == normal_moment(left) * normal_moment(right)


def test_three_points_do_not_have_the_sixth():
    assert three_point_mean([(1, 1)], lambda matrices: matrices[0][:, 0, 0] ** 6, degree=6) != normal_moment(6)


def test_what_is_refused():
    with pytest.raises(ValueError, match=rf"expected 1 to {MOST_OF_THREE} entries together"):
        three_point_mean([(3, 3), (1, 2)], lambda matrices: matrices, degree=2)
    with pytest.raises(ValueError, match="degree is 3; expected an even number"):
        three_point_mean([(1, 1)], lambda matrices: matrices, degree=3)
