"""Statement 1: the whole spectrum of two units at any angle, in balls, and the least eigenvalue against its cube."""

from itertools import product

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given

from claims.suite import Fate, ablates, control, exact, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, Scalar, attained, compare, settle
from solvers.network import least_pivot, null_space
from solvers.shallow import Angle, angle_between, gated_eigenvalues, population_hessian
from strategies import VectorPair, vector_pairs


def least_eigenvalue(angle: Angle) -> Scalar:
    """(th - sin th)/2pi."""
    found: Scalar = (angle.radians - angle.sine) / (2 * angle.pi)
    return found


def bounds(angle: Angle, *, twenty: int = 20, twelve: int = 12) -> tuple[Comparison, Comparison]:
    """th^3 (1 - th^2/20)/12pi <= lambda_min <= th^3/12pi."""
    cube, least = angle.radians**3 / (twelve * angle.pi), least_eigenvalue(angle)
    lower = Comparison(cube * (1 - angle.radians**2 / twenty), "<=", least, "lower bound of lambda_min")
    return lower, Comparison(least, "<=", cube, "upper bound of lambda_min")


def spectrum(u: ObjectArray, v: ObjectArray) -> list[tuple[Scalar, ObjectArray]]:
    """The eigenvalues 1/2 +- m with their eigenvectors (a, +-a), 2d of them; u and v independent."""
    one, other = (w / arithmetic.square_root((w * w).sum()) for w in (u, v))
    kappa, middle, top = gated_eigenvalues(angle_between(u, v))
    inner = [(top, one + other), (kappa, one - other)]
    inner += [(middle, column) for column in null_space(np.stack([u, v])).T]
    return [
        (fmpq(1, 2) + sign * m, np.concatenate([a, sign * a])) for (m, a), sign in product(inner, (fmpq(1), fmpq(-1)))
    ]


def above(hessian: ObjectArray, bound: fmpq) -> Comparison:
    """H - bound I is positive definite, by its least pivot."""
    shifted = hessian - bound * np.eye(len(hessian), dtype=object)
    return Comparison(least_pivot(shifted), ">", fmpq(0), f"a pivot of H - {bound}")


def is_eigenvector(hessian: ObjectArray, eigenvalue: Scalar, vector: ObjectArray) -> bool:
    """Whether H v - lambda v may be 0, entry by entry."""
    return all(arb(entry).contains(0) for entry in hessian @ vector - vector * eigenvalue)


@symbolic
def test_two_blocks_come_apart() -> None:
    """[[I/2, M], [M, I/2]] on (a, +-a), for every d and M; 1/2 less the top of M is (th - sin th)/2pi; and the bounds,
    by derivatives at 0, of which the last is 1 - cos t >= 0."""
    th, t = sympy.symbols("th t", positive=True)
    matrix, vector = sympy.symbols("M a", commutative=False)
    for sign in (1, -1):
        image = (vector / 2 + matrix * sign * vector, matrix * vector + sign * vector / 2)
        expected = (sympy.Rational(1, 2) + sign * matrix) * vector
        assert all(sympy.expand(row - factor * expected) == 0 for row, factor in zip(image, (1, sign), strict=True))
    symbolic_angle = Angle.of(th)
    top = gated_eigenvalues(symbolic_angle)[2]
    assert sympy.simplify(sympy.Rational(1, 2) - top - least_eigenvalue(symbolic_angle)) == 0
    above = t**3 / 6 - (t - sympy.sin(t))
    below = (t - sympy.sin(t)) - t**3 / 6 + t**5 / 120
    for excess, order in ((above, 3), (below, 5)):
        assert all(sympy.diff(excess, t, k).subs(t, 0) == 0 for k in range(order))
        assert sympy.expand(sympy.diff(excess, t, order) - (1 - sympy.cos(t))) == 0


@exact
@given(vector_pairs(min_dimension=2, parallel=False, opposite=False))
def test_the_whole_spectrum(pair: VectorPair) -> None:
    """2d eigenvectors of the Hessian at the truth, d = 2 to 4, any lengths and angles; two of each kind for each m."""
    teachers = np.stack([pair.u, pair.v])
    hessian = population_hessian(teachers, teachers)
    found = spectrum(pair.u, pair.v)
    assert len(found) == len(hessian)
    assert all(is_eigenvector(hessian, value, vector) for value, vector in found)


@exact
@given(vector_pairs(min_dimension=2, parallel=False))
def test_the_least_eigenvalue_is_a_third_power(pair: VectorPair) -> None:
    """Both bounds, at angles down to 2^-60, and th = pi."""
    assert settle(lambda: bounds(pair.angle)[0]).holds
    assert settle(lambda: bounds(pair.angle)[1]).holds


@sampled
def test_the_least_eigenvalue_of_lapack() -> None:
    """20 pairs of normal vectors in R^3, proposed by LAPACK; decided by pivots in balls of H - (lambda -+ 2^-30) I."""
    random, near = np.random.default_rng(49), fmpq(1, 2**30)
    for teachers in random.standard_normal((20, 2, 3)):
        proposed = arithmetic.rational(np.linalg.eigvalsh(population_hessian(teachers, teachers))[0])
        known = arithmetic.exact(teachers)
        hessian = population_hessian(known, known)
        assert compare(above(hessian, proposed - near)).holds
        assert compare(above(hessian, proposed + near)).fails
        gap = abs(arb(least_eigenvalue(angle_between(*known)) - proposed))
        assert compare(Comparison(gap, "<", near, "from the formula")).holds


@control
@pytest.mark.parametrize("changed", [{"twenty": 21}, {"twelve": 13}])
def test_refuted_with_other_constants(changed: dict[str, int]) -> None:
    """21 for 20 or 13 for 12, at a small angle."""

    def bound(which: int, **constants: int) -> Comparison:
        return bounds(Angle.of_half(fmpq(1), fmpq(2**10)), **constants)[which]

    assert settle(lambda: bound(0)).holds
    assert settle(lambda: bound(1)).holds
    assert settle(lambda: attained(bound(0), fmpq(1, 2**26))).holds
    which = 0 if "twenty" in changed else 1
    assert settle(lambda: bound(which, **changed)).fails


@control
@ablates("DL-049", "orthonormal teachers", "distinct directions only", Fate.REFUTED)
def test_refuted_for_teachers_at_an_acute_angle() -> None:
    """Two unit teachers with tan(th/2) = 1/3: the least eigenvalue is below 1/20, though W is the truth."""
    teachers = arithmetic.exact([[1, 0], [fmpq(4, 5), fmpq(3, 5)]])
    hessian = population_hessian(teachers, teachers)
    assert compare(above(hessian, fmpq(0))).holds
    assert compare(above(hessian, fmpq(1, 20))).fails


@control
def test_refuted_for_equal_teachers() -> None:
    """th = 0: (a, -a) is in the kernel of H, for every a."""
    teachers = arithmetic.exact([[1, 2], [3, 6]])
    hessian = population_hessian(teachers, teachers)
    for a in np.eye(2, dtype=int):
        assert is_eigenvector(hessian, fmpq(0), arithmetic.exact([*a, *-a]))
    assert not is_eigenvector(hessian, fmpq(0), arithmetic.exact([1, 0, 1, 0]))


@witness
def test_right_and_straight_angles() -> None:
    """th = pi/2: 1/4 - 1/2pi, as for K orthonormal teachers; th = pi: 1/2, in one dimension too."""
    right, straight = Angle.of_half(fmpq(1), fmpq(1)), Angle.of_half(fmpq(1), fmpq(0))
    assert arb(least_eigenvalue(right) - fmpq(1, 4) + 1 / (2 * arb.pi())).contains(0)
    assert arb(least_eigenvalue(straight) - fmpq(1, 2)).contains(0)
    line = arithmetic.exact([[1], [-2]])
    hessian = population_hessian(line, line) - arithmetic.exact(np.eye(2)) / 2
    assert all(arb(entry).contains(0) for entry in hessian.ravel())
