"""Statement 1 in rationals: every critical point's spectrum, n = 1 to 5, in any coordinates; and what it excludes."""

import numpy as np
import pytest
from flint import fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, fewer, sampled, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.network import inertia
from solvers.network.spectrum import characteristic_polynomial
from solvers.shallow import FactoredObjective, factored_descent, gaussian_mean, phase_measurements, plane_landscape
from strategies import orthogonal_matrices

PAIRS = {
    3: ([fmpq(1), fmpq(1)], [fmpq(1, 3), fmpq(-1, 3), fmpq(2, 3)]),
    4: ([fmpq(1), fmpq(1), fmpq(1)], [fmpq(0), fmpq(0), fmpq(0), fmpq(1)]),
}
"""n -> x and z with <x, z> = 0 and |z|^2 = |x|^2 / 3."""

SCALES = st.sampled_from([fmpq(1), fmpq(1, 2), fmpq(-3), fmpq(7, 4)])


def column(entries: list[fmpq], size: int) -> ObjectArray:
    """With zeros below."""
    return arithmetic.exact([*entries, *([fmpq(0)] * (size - len(entries)))])[:, None]


def objective(x: ObjectArray) -> FactoredObjective:
    """f of the mean."""
    return FactoredObjective(x @ x.T, gaussian_mean())


def expected(kind: str, square: fmpq, n: int) -> tuple[fmpq, list[fmpq]]:
    """f and the eigenvalues that the statement gives to "zero", "truth" and "orthogonal"."""
    if kind == "zero":
        return 3 * square**2 / 4, [-square] * (n - 1) + [-3 * square]
    if kind == "truth":
        return fmpq(0), [2 * square] * (n - 1) + [6 * square]
    return 2 * square**2 / 3, [-2 * square, 2 * square] + [fmpq(0)] * (n - 2)


def check_point(kind: str, x: ObjectArray, z: ObjectArray) -> None:
    """Critical, with that value and that characteristic polynomial."""
    f, square = objective(x), (x.T @ x)[0, 0]
    value, eigenvalues = expected(kind, square, len(x))
    assert (f.gradient(z) == 0).all()
    assert compare(Comparison(f.value(z), "==", value, f"f at {kind}")).holds
    polynomial = fmpq_poly([1])
    for eigenvalue in eigenvalues:
        polynomial = polynomial * fmpq_poly([-eigenvalue, 1])
    assert characteristic_polynomial(f.hessian(z)) == polynomial


@exact
@fewer(2)
@given(st.integers(1, 5).flatmap(lambda n: st.tuples(orthogonal_matrices(n), st.just(n))), SCALES)
def test_zero_and_the_truth(drawn: tuple[ObjectArray, int], scale: fmpq) -> None:
    """n = 1 to 5, x a rational vector turned at random; n = 1 has these only."""
    rotation, n = drawn
    x = rotation @ (scale * column([fmpq(2), fmpq(-1), fmpq(1, 2)][:n], n))
    check_point("zero", x, 0 * x)
    for sign in (1, -1):
        check_point("truth", x, sign * x)


@exact
@fewer(2)
@given(st.integers(3, 5).flatmap(lambda n: st.tuples(orthogonal_matrices(n), st.just(n))), SCALES)
def test_the_saddles_orthogonal_to_the_truth(drawn: tuple[ObjectArray, int], scale: fmpq) -> None:
    """n = 3, 4 and 5, from rational pairs; strict, and not isolated for n >= 3."""
    rotation, n = drawn
    x, z = (rotation @ (scale * column(part, n)) for part in PAIRS[min(n, 4)])
    check_point("orthogonal", x, z)
    check_point("orthogonal", x, -z)
    assert inertia(objective(x).hessian(z)) == (1, 1, n - 2)


@exact
@pytest.mark.parametrize("x", [(1, 1), (3, 0), (2, -1)])
def test_the_whole_landscape_in_the_plane(x: tuple[int, int]) -> None:
    """n = 2, where z = (X / 3)^{1/2} x'/|x'| is irrational: five critical points, certified, with their values."""
    truth = arithmetic.exact([[x[0]], [x[1]]])
    points = plane_landscape(objective(truth))
    assert [point.kind for point in points] == ["minimum", "minimum", "saddle", "saddle", "maximum"]
    square = fmpq(x[0] ** 2 + x[1] ** 2)
    values = [fmpq(0), fmpq(0), 2 * square**2 / 3, 2 * square**2 / 3, 3 * square**2 / 4]
    assert all((point.value - value).contains(0) for point, value in zip(points, values, strict=True))


@sampled
def test_descent_from_everywhere_finds_the_truth() -> None:
    """n = 10, 300 starts N(0, I / 4): each ends with f <= 10^-12, exactly, at the worst of them."""
    random = np.random.default_rng(38)
    x = random.integers(-4, 5, (10, 1)) / 8
    f = objective(arithmetic.exact(x))
    ends = factored_descent(f.nearest(), random.standard_normal((300, 10, 1)) / 2, learning_rate=0.05, steps=800)
    worst = arithmetic.exact(ends.point[int(ends.value[:, -1].argmax())])
    assert compare(Comparison(f.value(worst), "<=", fmpq(1, 10**12), "f at the end")).holds


@control
@ablates("DL-038", "x not zero", "dropped", Fate.REFUTED)
def test_refuted_for_x_zero() -> None:
    """x = 0, n = 3: 0 is critical, and then it is a global minimum with the Hessian 0, not strict."""
    nothing = column([], 3)
    assert inertia(objective(nothing).hessian(nothing)) == (0, 0, 3)
    assert compare(Comparison(objective(nothing).value(nothing), ">", fmpq(0), "f at a point that is not +-x")).fails


@control
@pytest.mark.parametrize("n", [3, 4])
def test_refuted_that_the_saddles_are_nondegenerate(n: int) -> None:
    """n >= 3: n - 2 eigenvalues are 0, and there are other such points beside."""
    x, z = (column(part, n) for part in PAIRS[n])
    assert inertia(objective(x).hessian(z))[2] == n - 2 > 0


@control
@pytest.mark.parametrize("ratio", [fmpq(3, 4), fmpq(3, 2), fmpq(1001, 1000)])
def test_refuted_with_another_radius(ratio: fmpq) -> None:
    """z orthogonal to x with |z|^2 other than X / 3, by a factor ratio^2: not critical."""
    x, z = (column(entries, 4) for entries in PAIRS[4])
    assert (objective(x).gradient(z) == 0).all()
    assert not (objective(x).gradient(ratio * z) == 0).all()


@control
def test_refuted_with_a_mean_of_signs() -> None:
    """The mean over a in {-1, 1}^2, x = e_1: e_2 has f = 0 and is no +-x. The Gaussian mean has f = 1 there."""
    first, second = arithmetic.exact([[1], [0]]), arithmetic.exact([[0], [1]])
    signs = phase_measurements(arithmetic.exact([[1, 1], [1, -1]]), arithmetic.exact([1, 1]) / 2)
    means = {"normal": objective(first), "signs": FactoredObjective(first @ first.T, signs)}
    above = {name: compare(Comparison(f.value(second), ">", fmpq(0), "f at e_2")) for name, f in means.items()}
    assert means["normal"].value(second) == 1
    assert above["normal"].holds
    assert above["signs"].fails


@witness
def test_one_dimension_has_three_critical_points() -> None:
    """n = 1: f' = 3 z (z^2 - x^2); the maximum has the curvature -3 X, there being no -X."""
    x = column([fmpq(2)], 1)
    assert expected("zero", fmpq(4), 1) == (fmpq(12), [fmpq(-12)])
    check_point("zero", x, 0 * x)
    check_point("truth", x, x)
