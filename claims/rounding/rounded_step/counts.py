"""The counts and lemmas of the proof, in symbols."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
import sympy

from claims.suite import control, symbolic
from solvers.descent.rounded_step import summed_indices

UNIT, A, B, K, T = sympy.symbols("u a b k t", positive=True)


def gamma(roundings: sympy.Expr) -> sympy.Expr:
    """g(n)."""
    return roundings * UNIT / (1 - roundings * UNIT)


def associations(first: int, last: int) -> Iterator[list[int]]:
    """For each way to multiply the factors first..last, the places between factors in the order of its sums."""
    if first == last:
        yield []
    for cut in range(first, last):
        for before in associations(first, cut):
            for after in associations(cut + 1, last):
                yield [*before, *after, cut]


def chain(depth: int, layer: int, *, data: bool) -> list[tuple[sympy.Symbol, sympy.Symbol]]:
    """The shapes of the factors of A_j^T W X (C_j X)^T, or A_j^T W C_j^T, with symbols for the dimensions."""
    d, m = sympy.symbols(f"d:{depth + 1}"), sympy.Symbol("m")
    weights = [(d[j + 1], d[j]) for j in range(depth)]
    inputs = [(d[0], m)] if data else []
    transposed = [shape[::-1] for shape in [*weights[layer + 1 :], *inputs, *weights[:layer]]]
    after = depth - 1 - layer
    return [*transposed[:after], *reversed(weights), *inputs, *transposed[after:]]


@symbolic
@pytest.mark.parametrize("data", [True, False])
@pytest.mark.parametrize(("depth", "layer"), [(n, j) for n in (1, 2, 3) for j in range(n)])
def test_every_association_sums_over_the_same_indices(depth: int, layer: int, data: bool) -> None:
    """All 1 to 132 associations at depth 1 to 3, dimensions and m symbols: those of the statement."""
    shapes = chain(depth, layer, data=data)
    assert all(before[1] == after[0] for before, after in pairwise(shapes))
    d, m = sympy.symbols(f"d:{depth + 1}"), sympy.Symbol("m")
    stated = sum(summed_indices(d, layer, m if data else None))
    found = {sum(shapes[place][1] for place in order) for order in associations(0, len(shapes) - 1)}
    assert found == {stated}


@symbolic
def test_the_indices_of_a_product_of_any_length() -> None:
    """S(i, l) = F(l-1) - F(i), F the sums of dimensions, solves S(i, l) = S(i, k) + d_k + S(k, l), i, k, l symbols."""
    total = sympy.Function("F")
    i, k, j = sympy.symbols("i k l", integer=True)

    def strictly_between(first: sympy.Symbol, last: sympy.Symbol) -> sympy.Expr:
        return total(last - 1) - total(first)

    middle = total(k) - total(k - 1)
    assert strictly_between(i, k) + middle + strictly_between(k, j) == strictly_between(i, j)


@symbolic
def test_factors_of_two_sub_products_add_up() -> None:
    """1 + g(a) times 1 + g(b) is at most 1 + g(a + b): the denominators differ by a b u^2."""
    whole, parts = 1 + gamma(A + B), (1 + gamma(A)) * (1 + gamma(B))
    assert sympy.simplify(1 / parts - 1 / whole) == A * B * UNIT**2


@control
def test_one_rounding_less_does_not_contain_a_product_of_factors() -> None:
    """Not 1 + g(a + b - 1): at a = b = 1 the two differ by u / (1 - u)^2."""
    short = 1 + gamma(A + B - 1)
    lost = sympy.simplify(((1 + gamma(A)) * (1 + gamma(B)) - short).subs({A: 1, B: 1}))
    assert sympy.simplify(lost - UNIT / (1 - UNIT) ** 2) == 0


@symbolic
def test_the_largest_and_the_smallest_product_of_factors() -> None:
    """(1 + u)^n - 1 <= g(n) and 1 - (1 - u)^n <= g(n): by one factor more, n symbolic, if it holds for n."""
    n = sympy.Symbol("n", positive=True)
    above = sympy.simplify((1 + gamma(n + 1)) - (1 + gamma(n)) * (1 + UNIT))
    assert sympy.simplify(above * (1 - n * UNIT) * (1 - (n + 1) * UNIT) - (n + 1) * UNIT**2) == 0
    below = sympy.simplify((1 - gamma(n)) * (1 - UNIT) - (1 - gamma(n + 1)))
    common = sympy.expand(sympy.simplify(below * (1 - n * UNIT) * (1 - (n + 1) * UNIT)))
    assert sympy.expand(common - UNIT**2 * (1 + n + 2 * n * (1 - (n + 1) * UNIT))) == 0


@symbolic
def test_errors_of_underflow_multiply() -> None:
    """(1 + k a)(1 + k b)(1 + k t) - (1 + k (a + b + k a b + t)) has no negative coefficient, k, a, b, t symbols."""
    stated = (1 + K * A) * (1 + K * B) * (1 + K * T)
    polynomial = sympy.Poly(sympy.expand(stated - (1 + K * (A + B + K * A * B + T))), K, A, B, T)
    assert polynomial.coeffs()
    assert all(coefficient > 0 for coefficient in polynomial.coeffs())


@symbolic
def test_the_last_subtraction() -> None:
    """(w - x)(1 + d) + e - (w - y) = (1 + d)(y - x) + d (w - y) + e, y the exact update."""
    w, x, y, d, e = sympy.symbols("w x y d e")
    assert sympy.expand((w - x) * (1 + d) + e - (w - y) - ((1 + d) * (y - x) + d * (w - y) + e)) == 0
