"""Statement 4 in rationals: values, spectra and which points are global, for M of any signs."""

from collections.abc import Sequence
from itertools import combinations

from flint import fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, exact
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare
from solvers.network import inertia
from strategies import FactoredPoint, gaussian_points

Values = Sequence[fmpq]


def trace_of_residual(left_out: Values, r: int) -> fmpq:
    """tau."""
    return -2 * sum(left_out, start=fmpq(0)) / (2 + r)


def critical_value(left_out: Values, r: int) -> fmpq:
    """L."""
    lost = sum(left_out, start=fmpq(0))
    return (sum((value**2 for value in left_out), start=fmpq(0)) + lost**2 / (2 + r)) / 2


def block(squares: Values, *, trace: int) -> ObjectArray:
    """4 diag(s) + 2 s^{1/2} (s^{1/2})^T, ``trace`` being the 2, for s whose roots are rational."""
    roots = [[arithmetic.square_root(square)] for square in squares]
    column = arithmetic.exact(roots).reshape(len(roots), 1)
    result: ObjectArray = trace * column @ column.T
    for i, square in enumerate(squares):
        result[i, i] += 4 * square
    return result


def spectrum(point: FactoredPoint, *, scale: int = 2, trace: int = 2) -> fmpq_poly:
    """The characteristic polynomial of H as stated."""
    r, k, tau = point.rank, point.width, trace_of_residual(point.left_out, point.rank)
    values = [scale * (inside - outside) for inside in point.caught for outside in point.left_out]
    values += [tau - 2 * outside for outside in point.left_out] * (k - r)
    values += [2 * (one + other) for one, other in combinations(point.squares, 2)]
    values += [fmpq(0)] * (r * (k - r) + r * (r - 1) // 2)
    product = network.characteristic_polynomial(block(point.squares, trace=trace)) if r else fmpq_poly([1])
    for value in values:
        product *= fmpq_poly([-value, 1])
    return product


def is_top(caught: Values, left_out: Values) -> bool:
    """Whether no eigenvalue left out is above one in I."""
    return all(inside >= outside for inside in caught for outside in left_out)


def is_least(caught: Values, left_out: Values, width: int) -> bool:
    """Which points are said to be global, for M of any signs."""
    if len(caught) == width:
        return is_top(caught, left_out)
    return all(2 * outside <= trace_of_residual(left_out, len(caught)) for outside in left_out)


def is_least_psd(caught: Values, left_out: Values, width: int) -> bool:
    """The same for M >= 0."""
    return sum(left_out, start=fmpq(0)) == 0 or (len(caught) == width and is_top(caught, left_out))


def critical_values(values: Values, width: int) -> list[Scalar]:
    """L at all critical points, least first: one for each I with all s_i > 0."""
    found = set()
    for r in range(min(width, len(values)) + 1):
        for chosen in combinations(range(len(values)), r):
            left_out = [value for a, value in enumerate(values) if a not in chosen]
            if all(values[i] > trace_of_residual(left_out, r) / 2 for i in chosen):
                found.add(critical_value(left_out, r))
    return sorted(found)


def check(point: FactoredPoint) -> None:
    """All that 4 says of a critical point."""
    assert all(entry == 0 for entry in point.objective.gradient(point.factor).ravel())
    value = point.objective.value(point.factor)
    expected = critical_value(point.left_out, point.rank)
    assert compare(Comparison(value, "==", expected, "L at the critical point")).holds
    matrix = point.objective.hessian(point.factor)
    assert network.characteristic_polynomial(matrix) == spectrum(point)
    least = critical_values(point.eigenvalues, point.width)[0]
    assert (value == least) == is_least(point.caught, point.left_out, point.width) == (inertia(matrix)[1] == 0)
    assert compare(Comparison(value, ">=", least, "L against the least critical value")).holds


@exact
@given(gaussian_points())
def test_the_landscape_for_positive_semidefinite_targets(point: FactoredPoint) -> None:
    """4, M >= 0: n, k <= 5, lambda_i = 0 in I, ties; the two ways to say which are global agree."""
    check(point)
    told = is_least(point.caught, point.left_out, point.width)
    assert told == is_least_psd(point.caught, point.left_out, point.width)


@exact
@ablates("DL-039", "semidefinite", "dropped", Fate.TRUE)
@given(gaussian_points(psd=False))
def test_the_landscape_for_targets_of_any_signs(point: FactoredPoint) -> None:
    """4, M of any signs, inside I and out."""
    check(point)


@exact
@given(st.lists(st.integers(-6, 8), min_size=1, max_size=5), st.integers(1, 5))
def test_exactly_one_value_belongs_to_points_without_negative_eigenvalues(values: list[int], width: int) -> None:
    """4: for any eigenvalues, roots rational or not: of all I with s_i > 0 those that are said to be global, and there
    are some, have the least L, and all others a greater one."""
    eigenvalues = [fmpq(value) for value in values]
    least = critical_values(eigenvalues, width)[0]
    seen = 0
    for r in range(min(width, len(values)) + 1):
        for chosen in combinations(range(len(values)), r):
            caught = [eigenvalues[i] for i in chosen]
            left_out = [value for a, value in enumerate(eigenvalues) if a not in chosen]
            if any(value <= trace_of_residual(left_out, r) / 2 for value in caught):
                continue
            told = is_least(caught, left_out, width)
            seen += told
            assert told == (critical_value(left_out, r) == least)
    assert seen > 0
