"""The mean of ||B_j||_F^2: Wick's formula for widths that are symbols, and all networks of a three-point law."""

from collections.abc import Sequence
from functools import cache
from itertools import product
from math import prod
from typing import Any

import pytest
import sympy
from flint import fmpq

from claims.suite import exact, symbolic
from claims.suite.cubature import three_point_mean
from claims.suite.wick import Letter, free_indices, pairings
from solvers.arithmetic import Comparison, compare
from solvers.network import frobenius_squared, imbalances

SIZES = sympy.symbols("m n k", positive=True)  # d_{j+1}, d_j, d_{j-1}


def moment(after: Any, width: Any, before: Any, *, square: int = 1) -> Any:
    """E ||B_j||_F^2 / s^4 of statement 1; the control leaves the last term out."""
    return (after + before) * width * (width + 1) + square * (after - before) ** 2 * width


def total_moment(dimensions: Sequence[int]) -> int:
    """sum_j E ||B_j||_F^2 / s^4."""
    return sum(
        moment(after, width, before)
        for before, width, after in zip(dimensions, dimensions[1:], dimensions[2:], strict=False)
    )


def expectation(letters: Sequence[Letter]) -> sympy.Expr:
    """E of the product of the entries (of variance 1), summed over all indices; an index's size is its initial."""
    size = dict(zip("mnk", SIZES, strict=True))
    return sympy.Add(*(sympy.Mul(*(size[name[0]] for name in free_indices(p))) for p in pairings(letters)))


def norm_power(copies: int) -> sympy.Expr:
    """E ||B||_F^{2 copies}: every factor is one of the three traces, with indices n1, n2 of its own."""
    total = sympy.Integer(0)
    for chosen in product(((1, "AA"), (-2, "AC"), (1, "CC")), repeat=copies):
        letters: list[Letter] = []
        for copy, (_, kinds) in enumerate(chosen):
            for half, kind in enumerate(kinds):  # (A^T A)_{n1 n2} or (C C^T)_{n1 n2}
                for n in (f"n1{copy}", f"n2{copy}"):
                    inner = f"{copy}{half}"
                    letters.append(("A", "m" + inner, n) if kind == "A" else ("C", n, "k" + inner))
        total += prod(factor for factor, _ in chosen) * expectation(letters)
    return sympy.expand(total)


@cache
def variance() -> sympy.Expr:
    """Var ||B||_F^2 for all widths, of degree 4 in them."""
    return sympy.expand(norm_power(2) - norm_power(1) ** 2)


@symbolic
def test_moment_for_all_widths() -> None:
    """Statement 1 as an identity of polynomials in the three widths."""
    assert sympy.expand(norm_power(1) - moment(*SIZES)) == 0


@symbolic
@pytest.mark.parametrize("order", ["kmn", "knm", "nkm"])
def test_moment_is_largest_at_equal_widths(order: str) -> None:
    """moment(m, n, k) <= 2 d^2 (d + 1) for d the largest: in each order of the widths (k <= m without loss, as the
    moment is symmetric), with non-negative differences as variables, no coefficient of the gap is negative."""
    m, n, k = SIZES
    x, y, z, e = sympy.symbols("x y z e", nonnegative=True)
    rising = (1 + x, 1 + x + y, 1 + x + y + z)
    values = dict(zip(order, rising, strict=True))
    largest = rising[-1] + e
    gap = 2 * largest**2 * (largest + 1) - moment(values["m"], values["n"], values["k"])
    assert all(coefficient >= 0 for coefficient in sympy.Poly(gap, x, y, z, e).coeffs())
    assert sympy.expand(moment(m, n, k) - moment(k, n, m)) == 0
    assert sympy.expand(moment(m, m, m) - 2 * m**2 * (m + 1)) == 0


@symbolic
def test_variance_where_the_law_is_known() -> None:
    """Wick's formula at degree eight: E B^4 is 16 * 9 for B = 2 u v (widths 1-1-1), 24 * 2^4 for widths 2-1-2."""
    at = {sizes: variance().subs(dict(zip(SIZES, sizes, strict=True))) for sizes in ((1, 1, 1), (2, 1, 2))}
    assert at == {(1, 1, 1): 144 - 4**2, (2, 1, 2): 384 - 8**2}


SMALL = [(k, n, m) for k, n, m in product(range(1, 5), repeat=3) if k <= m and n * (k + m) <= 8]


def third_point_mean(dimensions: tuple[int, int, int]) -> fmpq:
    """E ||B||_F^2 with all networks of a law of three points enumerated: of degree 4 in each entry, and in all."""
    before, width, after = dimensions

    def values(layers: Sequence[Any]) -> Any:
        (imbalance,) = imbalances(layers)
        return frobenius_squared(imbalance)

    return three_point_mean([(width, before), (after, width)], values, degree=4)


@exact
@pytest.mark.parametrize("dimensions", SMALL)
def test_moment_by_quadrature_of_all_networks(dimensions: tuple[int, int, int]) -> None:
    """Statement 1 through the imbalances of 9 to 6561 networks, an equality of rationals."""
    before, width, after = dimensions
    mean = third_point_mean(dimensions)
    assert compare(Comparison(mean, "==", fmpq(moment(after, width, before)), f"moment at {dimensions}")).holds
