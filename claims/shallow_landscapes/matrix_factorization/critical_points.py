"""Statements 0 to 5 in rationals, at critical points of every kind: k against n and the rank, ties, signs."""

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
from flint import fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

import strategies
from claims.suite import exact, fewer
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.network import frobenius_squared, inertia
from solvers.shallow import FactoredObjective, inner, symmetric_product

Values = Sequence[fmpq]
Rule = Callable[[fmpq, fmpq], fmpq]


def on_a_line(objective: FactoredObjective, point: ObjectArray, direction: ObjectArray, t: fmpq) -> Comparison:
    """0: f(U + t V) against the polynomial whose coefficients are the gradient's and the Hessian's form."""
    moved, square = symmetric_product(point, direction), direction @ direction.T
    line = objective.value(point) + t * inner(objective.gradient(point), direction)
    line += t**2 / 2 * objective.hessian_form(point, direction)
    line += t**3 / 2 * inner(moved, objective.linear_map(square)) + t**4 / 4 * inner(
        square, objective.linear_map(square)
    )
    return Comparison(objective.value(point + t * direction), "==", line, "f on a line")


def critical_value(left_out: Values) -> fmpq:
    """1: what f is where I leaves out these eigenvalues."""
    return sum((value**2 for value in left_out), start=fmpq(0)) / 4


def spectrum(
    caught: Values,
    left_out: Values,
    width: int,
    *,
    pair: Rule = lambda one, other: one + other,
    across: Rule = lambda inside, outside: inside - outside,
    idle: Callable[[fmpq], fmpq] = lambda outside: -outside,
) -> list[fmpq]:
    """2: the nk eigenvalues."""
    r = len(caught)
    values = [pair(caught[i], caught[j]) for i in range(r) for j in range(i, r)]
    values += [across(inside, outside) for inside in caught for outside in left_out]
    values += [idle(outside) for outside in left_out] * (width - r)
    return values + [fmpq(0)] * (r * (width - r) + r * (r - 1) // 2)


def least_eigenvalue(caught: Values, left_out: Values, width: int) -> fmpq:
    """3: at a critical point that is not global."""
    return -max(left_out) if len(caught) < width else min(caught) - max(left_out)


def is_global(caught: Values, left_out: Values, width: int) -> bool:
    """3: whether these are the largest min(k, p) eigenvalues."""
    positive = sorted((value for value in (*caught, *left_out) if value > 0), reverse=True)
    return sorted(caught, reverse=True) == positive[:width]


def critical_values(values: Values, width: int) -> list[fmpq]:
    """1: f at all critical points, without repetition, least first: one for each set I."""
    positive = [a for a, value in enumerate(values) if value > 0]
    sets = (chosen for r in range(min(width, len(positive)) + 1) for chosen in combinations(positive, r))
    left = ([value for a, value in enumerate(values) if a not in chosen] for chosen in sets)
    return sorted({critical_value(each) for each in left})


def has_spectrum(matrix: ObjectArray, values: Values) -> bool:
    """Whether the characteristic polynomial is the product of x - value."""
    product = fmpq_poly([1])
    for value in values:
        product *= fmpq_poly([-value, 1])
    return bool(network.characteristic_polynomial(matrix) == product)


def shifted(matrix: ObjectArray, value: fmpq) -> ObjectArray:
    """H - value I."""
    result: ObjectArray = matrix - arithmetic.exact(np.eye(len(matrix))) * value
    return result


def vanish(array: ObjectArray) -> bool:
    """Whether every entry is exactly 0."""
    return all(entry == 0 for entry in array.ravel())


@exact
@fewer(2)
@given(st.data(), st.integers(1, 3), st.integers(1, 3))
def test_the_common_form_for_every_self_adjoint_map(data: st.DataObject, n: int, k: int) -> None:
    """0: five coefficients of f(U + t V), for T with any spectrum in [0, 2] in any basis of Sym(n), any U, V, M."""
    linear_map = data.draw(strategies.near_isometries(n, delta=1)).linear_map
    half = arithmetic.exact(data.draw(strategies.dyadic_matrices(n, n)))
    point, direction = (arithmetic.exact(data.draw(strategies.dyadic_matrices(n, k))) for _ in range(2))
    objective = FactoredObjective(half + half.T, linear_map)
    for t in (fmpq(1), fmpq(-1), fmpq(2), fmpq(1, 3)):
        assert compare(on_a_line(objective, point, direction, t)).holds
    form = inner(direction, objective.hessian_vector_product(point, direction))
    assert compare(Comparison(form, "==", objective.hessian_form(point, direction), "<V, H V>")).holds


@exact
@given(strategies.factorization_points())
def test_values_spectra_and_which_are_global(point: strategies.FactoredPoint) -> None:
    """1 to 3: gradient 0, f, the characteristic polynomial of H; global, or the least eigenvalue is as stated."""
    caught, left_out, width = point.caught, point.left_out, point.width
    assert vanish(point.objective.gradient(point.factor))
    value = point.objective.value(point.factor)
    assert compare(Comparison(value, "==", critical_value(left_out), "f at the critical point")).holds
    matrix = point.objective.hessian(point.factor)
    assert has_spectrum(matrix, spectrum(caught, left_out, width))
    least = critical_values(point.eigenvalues, width)[0]
    assert is_global(caught, left_out, width) == (value == least)
    if value == least:
        assert inertia(matrix)[1] == 0
        return
    bottom = least_eigenvalue(caught, left_out, width)
    assert compare(Comparison(bottom, "<", fmpq(0), "the least eigenvalue")).holds
    positive, negative, zero = inertia(shifted(matrix, bottom))
    assert (negative, zero > 0, positive + zero) == (0, True, len(matrix))


def bound_of_few(caught: Values, left_out: Values, width: int, *, factor: int = 1) -> Comparison:
    """3: the least eigenvalue is at most -factor lambda_p, lambda_p the least positive eigenvalue of M."""
    lowest = min(value for value in (*caught, *left_out) if value > 0)
    return Comparison(least_eigenvalue(caught, left_out, width), "<=", -factor * lowest, "the least eigenvalue")


@exact
@given(st.lists(st.sampled_from([fmpq(k, 2) for k in range(-4, 9)]), min_size=1, max_size=5), st.data())
def test_the_least_eigenvalue_where_few_are_positive(values: list[fmpq], data: st.DataObject) -> None:
    """3, p <= k: at every I but the global one the least eigenvalue is at most -lambda_p; where p alone is left out it
    is that."""
    positive = [a for a, value in enumerate(values) if value > 0]
    width = len(positive) + data.draw(st.integers(0, 2))
    checked = 0
    for r in range(len(positive)):
        for chosen in combinations(positive, r):
            caught = [values[i] for i in chosen]
            left_out = [value for a, value in enumerate(values) if a not in chosen]
            assert not is_global(caught, left_out, width)
            verdict = compare(bound_of_few(caught, left_out, width))
            assert verdict.holds
            lowest = min(values[a] for a in positive)
            if r == len(positive) - 1 and max(left_out) == lowest:
                assert least_eigenvalue(caught, left_out, width) == -lowest
                checked += 1
    assert (checked > 0) == (len(positive) > 0)


@exact
@given(strategies.factorization_points())
def test_no_other_critical_point_is_a_local_maximum(point: strategies.FactoredPoint) -> None:
    """4: <U, H U> = 2 ||U U^T||^2, which is positive but at zero."""
    objective, here = point.objective, point.factor
    form, square = objective.hessian_form(here, here), frobenius_squared(here @ here.T)
    assert compare(Comparison(form, "==", 2 * square, "<U, H U>")).holds
    assert (square > 0) == (point.rank > 0)


@exact
@given(st.lists(st.integers(-1, 3), min_size=1, max_size=4), st.integers(1, 3), st.integers(0, 40), st.data())
def test_when_zero_is_a_local_maximum(values: list[int], width: int, halvings: int, data: st.DataObject) -> None:
    """4: H is negative definite if M > 0; else f is higher at t q p^T, M q = lambda q, lambda <= 0, for any t."""
    n = len(values)
    basis = data.draw(strategies.orthogonal_matrices(n))
    objective = FactoredObjective(basis @ strategies.diagonal(n, n, values) @ basis.T)
    zero = arithmetic.exact(np.zeros((n, width)))
    if min(values) > 0:
        assert inertia(objective.hessian(zero)) == (0, n * width, 0)
        return
    step = basis[:, [int(np.argmin(values))]] @ arithmetic.exact(np.eye(width))[:1] / 2**halvings
    assert compare(Comparison(objective.value(zero + step), ">", objective.value(zero), "f next to zero")).holds


def dimension_of_minima(r: int, width: int) -> int:
    """5: of the set of minimisers."""
    return r * (width - r) + r * (r - 1) // 2


def further_zeros(n: int, r: int, width: int) -> int:
    """5: zeros of the Hessian at a minimiser beyond that."""
    return (n - r) * (width - r)


@exact
@given(st.data(), st.integers(1, 4), st.integers(0, 4), st.integers(0, 2))
def test_columns_beyond_the_rank(data: st.DataObject, n: int, r: int, more: int) -> None:
    """5: at minima of psd M, k >= rank M: zeros counted, and f(U + t V) = f + t^4/4 ||V V^T||^2 for V = Y D R^T."""
    r = min(r, n)
    k = max(r + more, 1)
    basis, right = data.draw(strategies.orthogonal_matrices(n)), data.draw(strategies.orthogonal_matrices(k))
    roots = data.draw(st.lists(st.integers(1, 3), min_size=r, max_size=r))
    here = basis @ strategies.diagonal(n, k, roots) @ right
    objective = FactoredObjective(here @ here.T)
    assert inertia(objective.hessian(here))[1:] == (0, dimension_of_minima(r, k) + further_zeros(n, r, k))
    if further_zeros(n, r, k) == 0:
        return
    entries = arithmetic.exact(data.draw(strategies.dyadic_matrices(n - r, k - r)))
    direction = basis[:, r:] @ entries @ right[r:]
    t = fmpq(3, 2)
    growth = t**4 / 4 * frobenius_squared(direction @ direction.T)
    assert compare(Comparison(objective.value(here + t * direction), "==", growth, "f along a flat direction")).holds
