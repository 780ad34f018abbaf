"""Statements 3 and 4 in rationals: a poor minimum with 2n - 1 vectors, and what fewer vectors, or signs, lose."""

from itertools import combinations, product

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, sampled, witness
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.network import inertia
from solvers.network.spectrum import characteristic_polynomial
from solvers.shallow import FactoredObjective, factored_descent, phase_measurements, plane_landscape
from strategies import dyadic_matrices
from strategies.matrices import FloatMatrix

VECTORS = arithmetic.exact([[2, 0], [0, 2], [1, 1]])


X, Z = arithmetic.exact([[1], [1]]), arithmetic.exact([[1], [-1]])


def full_spark(vectors: ObjectArray) -> bool:
    """Any n of the vectors are independent."""
    n = vectors.shape[1]
    return all(network.rank(vectors[list(rows)]) == n for rows in combinations(range(len(vectors)), n))


def lost_pair(vectors: ObjectArray) -> tuple[ObjectArray, ObjectArray]:
    """x = u + v and z = u - v, u orthogonal to the first n - 1 of the vectors and v to the others. Not x = 0: the last
    entry of either that is not 0 is 1."""
    n = vectors.shape[1]
    u, v = (network.null_space(part)[:, :1] if len(part) else first_axis(n) for part in _groups(vectors))
    return u + v, u - v


def _groups(vectors: ObjectArray) -> tuple[ObjectArray, ObjectArray]:
    most = vectors.shape[1] - 1
    return vectors[:most], vectors[most:]


def first_axis(n: int) -> ObjectArray:
    """e_1."""
    return arithmetic.exact(np.eye(n)[:, :1])


def tells_apart(vectors: ObjectArray, x: ObjectArray, z: ObjectArray) -> bool:
    """(a.x)^2 != (a.z)^2 for one of the vectors."""
    return bool(((vectors @ x) ** 2 != (vectors @ z) ** 2).any())


def loses_one(vectors: ObjectArray) -> bool:
    """Whether some x, z != +-x are not told apart: some split of the vectors spans R^n on neither side."""
    n, m = vectors.shape[1], len(vectors)

    def short(rows: list[int]) -> bool:
        return not rows or network.rank(vectors[rows]) < n

    splits = ([k for k in range(m) if bits >> k & 1] for bits in range(2**m))
    return any(short(rows) and short([k for k in range(m) if k not in rows]) for rows in splits)


@exact
def test_the_poor_minimum() -> None:
    """f = 4, H = [[28, -4], [-4, 28]] = 32 I - 4 J, whose characteristic polynomial has the roots 24 and 32."""
    f = FactoredObjective(X @ X.T, phase_measurements(VECTORS))
    assert len(VECTORS) == 2 * 2 - 1
    assert full_spark(VECTORS)
    assert (f.gradient(Z) == 0).all()
    assert compare(Comparison(f.value(Z), "==", fmpq(4), "f(z)")).holds
    assert (f.hessian(Z) == arithmetic.exact([[28, -4], [-4, 28]])).all()
    assert characteristic_polynomial(f.hessian(Z)).coeffs() == [24 * 32, -(24 + 32), 1]
    assert inertia(f.hessian(Z)) == (2, 0, 0)


@exact
def test_there_are_nine_critical_points() -> None:
    """All of them, certified: f = 0, 0, 4, 4 at minima, 32/5 at four saddles, 12 at the maximum 0."""
    points = plane_landscape(FactoredObjective(X @ X.T, phase_measurements(VECTORS)))
    assert [point.kind for point in points] == ["minimum"] * 4 + ["saddle"] * 4 + ["maximum"]
    values = [fmpq(0)] * 2 + [fmpq(4)] * 2 + [fmpq(32, 5)] * 4 + [fmpq(12)]
    assert all(point.value.overlaps(arb(value)) for point, value in zip(points, values, strict=True))
    assert all(entry.contains(0) for entry in points[-1].point[:, 0].tolist())


@exact
@given(st.integers(2, 4).flatmap(lambda n: st.integers(0, 2 * n - 2).flatmap(lambda m: dyadic_matrices(max(m, 1), n))))
def test_fewer_vectors_lose_some_x(raw: FloatMatrix) -> None:
    """n = 2 to 4, m <= 2n - 2, any vectors, zero ones and equal ones too: x and z != +-x with the same squares."""
    vectors = arithmetic.exact(raw)
    x, z = lost_pair(vectors)
    assert not tells_apart(vectors, x, z)
    assert x.any()
    assert (x != z).any()
    assert (x != -z).any()
    assert FactoredObjective(x @ x.T, phase_measurements(vectors)).value(z) == 0
    assert loses_one(vectors)


@exact
@given(st.integers(2, 4).flatmap(lambda n: dyadic_matrices(2 * n - 1, n)))
def test_independent_vectors_lose_none(raw: FloatMatrix) -> None:
    """n = 2 to 4, m = 2n - 1: those any n of which are independent lose none."""
    vectors = arithmetic.exact(raw)
    if full_spark(vectors):
        assert not loses_one(vectors)


@exact
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_powers_of_different_numbers_lose_none(n: int) -> None:
    """n = 1 to 4, the 2n - 1 vectors (1, t, t^2, ...), t = 1, 2, ...: any n are independent, and none is lost."""
    vectors = arithmetic.exact([[t**k for k in range(n)] for t in range(1, 2 * n)])
    assert len(vectors) == 2 * n - 1
    assert full_spark(vectors)
    assert not loses_one(vectors)


@witness
def test_opposite_vectors_are_not_added_up_to_zero() -> None:
    """n = 2, a = (1, 0) and (-1, 0): u and v are parallel, and x = u + v is not 0, but z is."""
    vectors = arithmetic.exact([[1, 0], [-1, 0]])
    x, z = lost_pair(vectors)
    assert x.any()
    assert not z.any()
    assert not tells_apart(vectors, x, z)


@sampled
def test_descent_ends_at_the_poor_minimum_too() -> None:
    """400 starts N(0, I): each ends at +-x or at +-(1, -1), the latter (an observation) in between a tenth and half of
    them; the worst end has an f within 10^{-12} of 0 or of 4, exactly."""
    f = FactoredObjective(X @ X.T, phase_measurements(VECTORS))
    starts = np.random.default_rng(5).standard_normal((400, 2, 1))
    run = factored_descent(f.nearest(), starts, learning_rate=0.01, steps=400)
    high = run.value[:, -1] > 2
    assert 40 <= int(high.sum()) <= 200
    for rows, level in ((~high, fmpq(0)), (high, fmpq(4))):
        gaps = abs(run.value[rows, -1] - float(level))
        gap = abs(f.value(arithmetic.exact(run.point[rows][int(gaps.argmax())])) - level)
        assert compare(Comparison(gap, "<=", fmpq(1, 10**12), "distance of the values")).holds


@control
@ablates("DL-038", "2n - 1 vectors", "2n - 2", Fate.REFUTED)
@ablates("DL-038", "2n - 1 vectors", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("n", [2, 3, 4])
def test_refuted_with_one_vector_less(n: int) -> None:
    """2n - 2 vectors (1, t, t^2, ...), any n of which are independent: some x is lost."""
    vectors = arithmetic.exact([[t**k for k in range(n)] for t in range(1, 2 * n - 1)])
    assert full_spark(vectors)
    assert loses_one(vectors)
    assert not tells_apart(vectors, *lost_pair(vectors))


@control
@ablates("DL-038", "any n independent", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("n", [2, 3, 4, 6])
@pytest.mark.parametrize("seed", range(3))
def test_refuted_for_any_number_of_signs(n: int, seed: int) -> None:
    """a in {-1, 1}^n, up to all 2^n of them: e_1 and e_2 are not told apart; for n >= 3 there are more than 2n - 1, and
    n of them that are independent."""
    everything = arithmetic.exact(list(product([1, -1], repeat=n)))
    some = everything[np.random.default_rng(seed).permutation(len(everything))[: max(1, len(everything) >> seed)]]
    first, second = arithmetic.exact(np.eye(n)[:, :1]), arithmetic.exact(np.eye(n)[:, 1:2])
    assert not tells_apart(some, first, second)
    assert network.rank(everything) == n
    assert loses_one(everything) if n <= 3 else len(everything) > 2 * n - 1


@control
def test_refuted_that_the_sum_of_three_squares_is_benign() -> None:
    """ "Every strict local minimum has f = 0" with 2n - 1 vectors, none of which is lost: fails at (1, -1)."""
    f = FactoredObjective(X @ X.T, phase_measurements(VECTORS))
    assert not loses_one(VECTORS)
    assert compare(Comparison(f.value(Z), "==", fmpq(0), "f at a strict local minimum")).fails


@control
@pytest.mark.parametrize(
    ("weight", "minima"), [(fmpq(0), 4), (fmpq(3, 2), 4), (fmpq(199, 100), 4), (fmpq(201, 100), 2), (fmpq(4), 2)]
)
def test_refuted_with_enough_of_a_fourth_vector(weight: fmpq, minima: int) -> None:
    """(1, -1) beside them: the two poor minima are there while its weight is below 2, and gone above it."""
    vectors = np.vstack([VECTORS, arithmetic.exact([[1, -1]])])
    linear_map = phase_measurements(vectors, arithmetic.exact([1, 1, fmpq(1), weight]))
    points = plane_landscape(FactoredObjective(X @ X.T, linear_map))
    assert [point.kind for point in points].count("minimum") == minima


@witness
def test_four_vectors_tell_everything_in_the_plane() -> None:
    """n = 2: m = 3 = 2n - 1 loses none, and neither do the axes and (1, 1), (1, -1); the axes alone lose (1, 1)."""
    assert not loses_one(VECTORS)
    assert loses_one(VECTORS[:2])
    assert not tells_apart(VECTORS[:2], X, Z)
    assert tells_apart(VECTORS, X, Z)


@witness
def test_one_vector_is_enough_in_one_dimension() -> None:
    """n = 1: 2n - 1 = 1 vector a != 0 gives x^2; none loses 1 and 2."""
    assert not loses_one(arithmetic.exact([[3]]))
    assert loses_one(arithmetic.exact([[0]]))
