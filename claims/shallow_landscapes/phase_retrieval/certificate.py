"""Statement 2: restricted isometry of the mean, designs that equal it, and landscapes under the certificate."""

from itertools import product

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, fewer, sampled, symbolic, witness
from solvers import arithmetic, shallow
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.network import characteristic_polynomial
from solvers.shallow.real_roots import real_roots
from strategies import dyadic_matrices, orthogonal_matrices
from strategies.matrices import FloatMatrix

POOR = ([[2, 0], [0, 2], [1, 1]], [[1], [1]])
"""The vectors and x of statement 3."""


def extreme_eigenvalues(linear_map: shallow.SymmetricMap, n: int) -> tuple[arb, arb]:
    """The least and the largest eigenvalue of T on Sym(n), as balls around certified roots."""
    gram = shallow.coordinate_gram(n)
    operator = linear_map.form(n) / gram.diagonal()[:, None]
    simple, repeated = real_roots(characteristic_polynomial(operator).numer())
    values = sorted([*simple, *repeated], key=float)
    return values[0], values[-1]


def certificate(linear_map: shallow.SymmetricMap, n: int, ratio: int | fmpq = 3) -> Comparison:
    """The largest eigenvalue is less than ``ratio`` times the least."""
    least, largest = extreme_eigenvalues(linear_map, n)
    return Comparison(largest, "<", ratio * least, "the ratio of T's eigenvalues")


def design(n: int) -> tuple[ObjectArray, ObjectArray]:
    """e_1, ..., e_n with weight 2^n and (1, +-1, ..., +-1) with weight 1."""
    signs = [[1, *rest] for rest in product([1, -1], repeat=n - 1)]
    vectors = arithmetic.exact([*np.eye(n, dtype=int).tolist(), *signs])
    return vectors, arithmetic.exact([2**n] * n + [1] * len(signs))


def rank_two(first: FloatMatrix, second: FloatMatrix, sign: int) -> ObjectArray:
    """p p^T +- q q^T."""
    p, q = arithmetic.exact(first), arithmetic.exact(second)
    found: ObjectArray = p @ p.T + sign * (q @ q.T)
    return found


def isometry(y: ObjectArray) -> tuple[Comparison, Comparison]:
    """2 |Y|^2 <= <Y, T Y> <= 4 |Y|^2, T the mean's."""
    seen, square = shallow.inner(y, shallow.gaussian_mean()(y)), shallow.inner(y, y)
    return Comparison(2 * square, "<=", seen, "lower isometry"), Comparison(seen, "<=", 4 * square, "upper isometry")


@symbolic
def test_two_eigenvalues_bound_the_trace() -> None:
    """Rank 2, eigenvalues a and b, any n: <Y, T Y> = 2 (a^2 + b^2) + (a + b)^2, at least 2 |Y|^2, with equality at
    b = -a, and 4 |Y|^2 minus it is (a - b)^2: equality at a = b. A ratio r is delta = (r - 1) / (r + 1), below 1/2
    iff r < 3."""
    a, b = sympy.symbols("a b", real=True)
    form, square = 2 * (a**2 + b**2) + (a + b) ** 2, a**2 + b**2
    assert sympy.expand(form - 2 * square - (a + b) ** 2) == 0
    assert sympy.expand(4 * square - form - (a - b) ** 2) == 0
    r = sympy.Symbol("r", positive=True)
    delta = (r - 1) / (r + 1)
    assert sympy.cancel((1 + delta) / (1 - delta) - r) == 0
    assert sympy.cancel(delta - sympy.Rational(1, 2) - (r - 3) / (2 * (r + 1))) == 0


@symbolic
def test_the_designs_equal_the_mean_for_every_n() -> None:
    """The mean of (+-u_1 ... +-u_n)^4 over the 2^{n-1} sign vectors is 3 Q^2 - 2 F, Q = sum u_i^2, F = sum u_i^4, and
    that of the squares is Q: by induction, a further u taking both signs. With 2^n on the axes the sum is 2^{n-1} times
    2 F + 3 Q^2 - 2 F, n a symbol; and written out for n = 2, 3, 4, in the design itself."""
    n, a, last = sympy.Symbol("n", integer=True, positive=True), sympy.Symbol("a"), sympy.Symbol("u")
    square, fourth = sympy.symbols("Q F")
    for power, mean, longer in (
        (2, {2: square}, square + last**2),
        (4, {2: square, 4: 3 * square**2 - 2 * fourth}, 3 * (square + last**2) ** 2 - 2 * (fourth + last**4)),
    ):
        both = sympy.Poly(((a + last) ** power + (a - last) ** power) / 2, a).as_dict()
        found = sum(coefficient * mean.get(exponent, 1) for (exponent,), coefficient in both.items())
        assert set(both) <= {(0,), *((k,) for k in mean)}
        assert sympy.expand(found - longer) == 0
    whole = 2**n * fourth + 2 ** (n - 1) * (3 * square**2 - 2 * fourth) - 3 * 2 ** (n - 1) * square**2
    assert sympy.simplify(whole) == 0
    for size in (2, 3, 4):
        u = sympy.symbols(f"u1:{size + 1}")
        vectors, weights = design(size)
        rows = [sum(int(a.p) * ui for a, ui in zip(row, u, strict=True)) for row in vectors.tolist()]
        total = sum(int(w.p) * row**4 for w, row in zip(weights.tolist(), rows, strict=True))
        assert sympy.expand(total - 3 * 2 ** (size - 1) * sum(ui**2 for ui in u) ** 2) == 0


@exact
@given(
    st.integers(1, 4).flatmap(lambda n: st.tuples(dyadic_matrices(n, 1), dyadic_matrices(n, 1))),
    st.sampled_from([1, -1]),
)
def test_the_mean_keeps_lengths_on_rank_two(columns: tuple[FloatMatrix, FloatMatrix], sign: int) -> None:
    """2 |Y|^2 <= <Y, T Y> <= 4 |Y|^2, Y = p p^T +- q q^T, n = 1 to 4."""
    y = rank_two(*columns, sign)
    assert all(compare(bound).holds for bound in isometry(y))


@exact
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_designs_have_the_form_of_the_mean(n: int) -> None:
    """T of the design is 2^{n-1} times the mean's, entry by entry, exactly; the ratio is 1 + n/2, or 1 for n = 1, < 3
    iff n <= 3."""
    vectors, weights = design(n)
    linear_map = shallow.phase_measurements(vectors, weights)
    assert (linear_map.form(n) == 2 ** (n - 1) * shallow.gaussian_mean().form(n)).all()
    least, largest = extreme_eigenvalues(shallow.gaussian_mean(), n)
    ratio = 1 + fmpq(n, 2) if n > 1 else fmpq(1)
    assert (largest - ratio * least).contains(0)
    assert compare(certificate(linear_map, n)).holds == (n <= 3)
    assert compare(certificate(linear_map, n)).fails == (n > 3)


@exact
@given(dyadic_matrices(2, 2), st.data())
def test_the_plane_s_design_is_eight_times_the_mean(columns: FloatMatrix, data: st.DataObject) -> None:
    """sum w ((a.z)^2 - (a.x)^2)^2 = 8 f(z), weights 4, 4, 1, 1, for any z and x."""
    z, x = arithmetic.exact(columns[:, :1]), arithmetic.exact(columns[:, 1:])
    vectors, weights = arithmetic.exact([[1, 0], [0, 1], [1, 1], [1, -1]]), arithmetic.exact([4, 4, 1, 1])
    sums = (weights[:, None] * ((vectors @ z) ** 2 - (vectors @ x) ** 2) ** 2).sum()
    assert compare(
        Comparison(sums, "==", 8 * shallow.FactoredObjective(x @ x.T, shallow.gaussian_mean()).value(z), "8 f")
    ).holds


@exact
@fewer(3)
@given(
    orthogonal_matrices(2),
    st.lists(st.sampled_from([fmpq(17, 20), fmpq(1), fmpq(23, 20)]), min_size=4, max_size=4),
    st.sampled_from([(1, 0), (1, 1), (3, -1), (2, 5)]),
)
def test_certified_planes_are_benign(turn: ObjectArray, factors: list[fmpq], truth: tuple[int, int]) -> None:
    """n = 2: the design turned, its weights changed by up to 15% (ratio at most 2 * 23/17 < 3). All critical points,
    certified: the only minima are +-x, and every other has a negative eigenvalue."""
    vectors, weights = design(2)
    linear_map = shallow.phase_measurements(vectors @ turn.T, weights * np.array(factors))
    assert compare(certificate(linear_map, 2)).holds
    x = arithmetic.exact([[truth[0]], [truth[1]]])
    points = shallow.plane_landscape(shallow.FactoredObjective(x @ x.T, linear_map))
    assert [point.kind for point in points[:2]] == ["minimum", "minimum"]
    assert all(point.value.contains(0) for point in points[:2])
    assert len(points) > 2
    assert all(point.inertia[1] > 0 for point in points[2:])


@sampled
def test_descent_under_the_certificate_in_space() -> None:
    """n = 3: the seven vectors of the design, weights changed by up to 9% (ratio below 3), 200 starts: f <= 10^-12 at
    the worst end, exactly."""
    vectors, weights = design(3)
    changes = arithmetic.exact([fmpq(100 + k, 100) for k in (9, -9, 3, 5, -7, 8, -2)])
    linear_map = shallow.phase_measurements(vectors, weights * changes / 8)
    assert compare(certificate(linear_map, 3)).holds
    x = arithmetic.exact([[fmpq(1)], [fmpq(1, 2)], [fmpq(-1)]])
    f = shallow.FactoredObjective(x @ x.T, linear_map)
    starts = np.random.default_rng(2).standard_normal((200, 3, 1))
    run = shallow.factored_descent(f.nearest(), starts, learning_rate=0.02, steps=1500)
    worst = arithmetic.exact(run.point[int(run.value[:, -1].argmax())])
    assert compare(Comparison(f.value(worst), "<=", fmpq(1, 10**12), "f at the end")).holds


@control
@ablates("DL-038", "eigenvalue ratio", "dropped", Fate.REFUTED)
def test_refuted_without_the_certificate() -> None:
    """Statement 3's vectors have a larger ratio, and a minimum that is not +-x."""
    vectors, x = (arithmetic.exact(part) for part in POOR)
    linear_map = shallow.phase_measurements(vectors)
    assert compare(certificate(linear_map, 2)).fails
    points = shallow.plane_landscape(shallow.FactoredObjective(x @ x.T, linear_map))
    assert any(point.kind == "minimum" and point.value > 0 for point in points)


@control
@ablates("DL-038", "eigenvalue ratio", "4 for 3", Fate.REFUTED)
def test_refuted_with_four_for_three() -> None:
    """Statement 3's vectors and (1, -1) with weight 199/100: a ratio below 3.88, and still a poor minimum."""
    vectors, x = [*POOR[0], [1, -1]], POOR[1]
    linear_map = shallow.phase_measurements(arithmetic.exact(vectors), arithmetic.exact([1, 1, 1, fmpq(199, 100)]))
    assert compare(certificate(linear_map, 2, ratio=fmpq(388, 100))).holds
    truth = arithmetic.exact(x)
    points = shallow.plane_landscape(shallow.FactoredObjective(truth @ truth.T, linear_map))
    assert any(point.kind == "minimum" and point.value > 0 for point in points)


@control
@pytest.mark.parametrize("weight", [fmpq(3), fmpq(5), fmpq(1)])
def test_refuted_with_another_weight_on_the_axes(weight: fmpq) -> None:
    """n = 2, weights w, w, 1, 1: the form is a multiple of the mean's for w = 4 only."""
    vectors, _ = design(2)
    form = shallow.phase_measurements(vectors, arithmetic.exact([weight, weight, 1, 1])).form(2)
    assert (form * 2 != shallow.gaussian_mean().form(2) * form[1, 1]).any()
    four = shallow.phase_measurements(*design(2)).form(2)
    assert (four * shallow.gaussian_mean().form(2)[1, 1] == shallow.gaussian_mean().form(2) * four[1, 1]).all()


@control
def test_refuted_for_rank_three() -> None:
    """Y = I, n = 3: <Y, T Y> = 15 > 4 |Y|^2 = 12, so the upper bound needs the rank 2."""
    y = arithmetic.exact(np.eye(3))
    assert compare(isometry(y)[1]).fails


@witness
def test_both_bounds_are_attained() -> None:
    """n = 2: E_11 - E_22 has 2 |Y|^2 and E_11 + E_22 has 4 |Y|^2, so delta = 1/3 cannot be less."""
    for sign, which in ((-1, 0), (1, 1)):
        bound = isometry(rank_two(np.array([[1.0], [0.0]]), np.array([[0.0], [1.0]]), sign))[which]
        assert compare(bound).holds
        assert compare(bound._replace(relation="<")).fails
