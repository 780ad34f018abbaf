"""Statement 1: an entry that is not observed is seen with zero length, whatever the scale."""

from itertools import combinations_with_replacement

import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import control, exact, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.shallow import SymmetricMap, coordinate_gram, inner, mask
from strategies import MaskGraph, dyadic_matrices, masks
from strategies.matrices import FloatMatrix


def unit(size: int, i: int, j: int) -> ObjectArray:
    """E_ij + E_ji."""
    found = arithmetic.exact(np.zeros((size, size)))
    found[i, j] += 1
    found[j, i] += 1
    return found


def bounds(linear_map: SymmetricMap, scale: fmpq, delta: fmpq, matrix: ObjectArray) -> tuple[Comparison, Comparison]:
    """(1 - delta) |X|^2 <= c <X, T X> <= (1 + delta) |X|^2."""
    length, seen = inner(matrix, matrix), scale * inner(matrix, linear_map(matrix))
    return (
        Comparison((1 - delta) * length, "<=", seen, "the lower isometry bound"),
        Comparison(seen, "<=", (1 + delta) * length, "the upper isometry bound"),
    )


def unobserved(graph: MaskGraph) -> list[tuple[int, int]]:
    """The places i <= j that are not in Omega."""
    places = combinations_with_replacement(range(len(graph.pattern)), 2)
    return [place for place in places if place not in graph.edges]


SCALES = st.sampled_from([fmpq(1), fmpq(1, 1000), fmpq(7), fmpq(10**6), fmpq(-1)])
BELOW_ONE = st.sampled_from([fmpq(0), fmpq(1, 2), fmpq(999, 1000)])


@symbolic
def test_what_an_unobserved_entry_adds_in_any_dimension() -> None:
    """<X, T X> = sum_{ab} omega_ab X_ab^2 at X_ab = d_ai d_bj + d_aj d_bi, with d^2 = d: omega_ij + omega_ji and, from
    the mixed terms, 2 omega_ij if i = j. So it is 0 where (i, j) is not observed; n, i, j and omega symbols."""
    n, a, b, i, j = sympy.symbols("n a b i j", integer=True, positive=True)
    omega, delta = sympy.IndexedBase("omega"), sympy.KroneckerDelta

    def total(entries: sympy.Expr) -> tuple[sympy.Expr, sympy.Basic]:
        found = sympy.summation(sympy.summation(omega[a, b] * entries, (a, 1, n)), (b, 1, n))
        value, condition = found.args[0]
        return value, condition

    plain = total(delta(a, i) * delta(b, j) + delta(a, j) * delta(b, i))
    assert plain == (omega[i, j] + omega[j, i], (i <= n) & (j <= n))
    mixed, _ = total(2 * delta(a, i) * delta(b, j) * delta(a, j) * delta(b, i))
    assert mixed.subs(i, j) == 2 * omega[j, j]
    assert mixed.subs({i: 1, j: 2}) == 0


@exact
@given(st.integers(1, 4).flatmap(masks), SCALES, BELOW_ONE)
def test_an_unobserved_entry_breaks_the_lower_bound(graph: MaskGraph, scale: fmpq, delta: fmpq) -> None:
    """Every unobserved entry of graphs on 1 to 4 vertices, delta up to 999/1000; an observed one keeps to c = 1."""
    size = len(graph.pattern)
    for place in unobserved(graph):
        lower, _ = bounds(graph.linear_map, scale, delta, unit(size, *place))
        assert compare(lower).fails
    for place in graph.edges:
        assert all(compare(bound).holds for bound in bounds(graph.linear_map, fmpq(1), fmpq(0), unit(size, *place)))


@exact
@given(st.integers(1, 4).flatmap(lambda n: st.tuples(masks(n), dyadic_matrices(n, n))))
def test_with_delta_one_every_matrix_keeps_to_the_bounds(drawn: tuple[MaskGraph, FloatMatrix]) -> None:
    """0 <= <X, T X> <= 2 |X|^2, as the eigenvalues of T are 0 and 1: its form is the Gram matrix on Omega."""
    graph, raw = drawn
    matrix = arithmetic.exact(raw)
    matrix = matrix + matrix.T
    assert all(compare(bound).holds for bound in bounds(graph.linear_map, fmpq(1), fmpq(1), matrix))
    size = len(graph.pattern)
    seen = [graph.pattern[i, j] for i, j in zip(*np.triu_indices(size), strict=True)]
    assert (graph.linear_map.form(size) == coordinate_gram(size) * np.array(seen)).all()


@control
@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_refuted_for_all_entries(size: int) -> None:
    """The bound does hold with delta = 0 where Omega is everything, at every E_ij + E_ji."""
    everything = mask(arithmetic.exact(np.ones((size, size))))
    places = list(combinations_with_replacement(range(size), 2))
    assert places
    for place in places:
        assert all(compare(bound).holds for bound in bounds(everything, fmpq(1), fmpq(0), unit(size, *place)))


@control
@pytest.mark.parametrize("delta", [fmpq(0), fmpq(1, 2), fmpq(1)])
def test_refuted_with_a_scale_outside_of_the_bounds(delta: fmpq) -> None:
    """Omega everything: c = 1 - delta and 1 + delta are within the bounds, and 10^-9 less or more is not."""
    everything, matrix, little = mask(arithmetic.exact(np.ones((2, 2)))), unit(2, 0, 1), fmpq(1, 10**9)
    for scale, beyond, which in ((1 - delta, -little, 0), (1 + delta, little, 1)):
        assert compare(bounds(everything, scale, delta, matrix)[which]).holds
        assert compare(bounds(everything, scale + beyond, delta, matrix)[which]).fails


@witness
def test_delta_one_is_the_least_there_is() -> None:
    """n = 2, Omega = {11, 12}: at 2 E_22 the lower bound is an equality at delta = 1, and fails at any below."""
    seen = mask(arithmetic.exact([[1, 1], [1, 0]]))
    lower, _ = bounds(seen, fmpq(1), fmpq(1), unit(2, 1, 1))
    assert lower.left == lower.right == 0
    assert compare(bounds(seen, fmpq(1), 1 - fmpq(1, 10**9), unit(2, 1, 1))[0]).fails
