"""Statement 3, n = 3: a strict local minimum above zero of an incoherent, identifiable M, in rationals."""

import numpy as np
import pytest
import sympy
from flint import fmpq

from claims.shallow_landscapes.matrix_completion.identifiability import identifiable
from claims.suite import control, exact, sampled, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.network import inertia
from solvers.network.spectrum import characteristic_polynomial
from solvers.shallow import FactoredObjective, factored_descent, mask

OMEGA = ((0, 1), (0, 2), (1, 1), (2, 2))


Z = arithmetic.exact([[1], [1], [1]])


U = arithmetic.exact([[0], [-1], [1]])


def objective(places: tuple[tuple[int, int], ...], z: ObjectArray) -> FactoredObjective:
    """f for M = z z^T."""
    pattern = np.zeros((len(z), len(z)), dtype=int)
    for i, j in places:
        pattern[i, j] = pattern[j, i] = 1
    return FactoredObjective(z @ z.T, mask(arithmetic.exact(pattern)))


def is_poor_strict_minimum(f: FactoredObjective, u: ObjectArray) -> bool:
    """Critical, the Hessian positive definite, and f(u) > 0, which +-z attain."""
    still = bool((f.gradient(u) == 0).all())
    return still and inertia(f.hessian(u))[0] == len(u) and f.value(u) > 0


@exact
def test_the_point_its_hessian_and_its_eigenvalues() -> None:
    """f = 1; the characteristic polynomial is (t - 2) (t^2 - 4 t + 2), of roots 2 and 2 +- 2^{1/2}."""
    f = objective(OMEGA, Z)
    pattern = f.linear_map.arrays[0]
    assert identifiable(pattern)
    assert is_poor_strict_minimum(f, U)
    assert compare(Comparison(f.value(U), "==", fmpq(1), "f")).holds
    hessian = f.hessian(U)
    assert (hessian == arithmetic.exact([[2, -1, -1], [-1, 2, 0], [-1, 0, 2]])).all()
    t = sympy.Symbol("t")
    found = sum(int(c.p) * t**k for k, c in enumerate(characteristic_polynomial(hessian).coeffs()))
    assert sympy.roots(found, t) == {sympy.Integer(2): 1, 2 + sympy.sqrt(2): 1, 2 - sympy.sqrt(2): 1}


@exact
@pytest.mark.parametrize("scale", [fmpq(1, 3), fmpq(1), fmpq(5)])
def test_it_is_there_at_every_scale(scale: fmpq) -> None:
    """z -> c z, u -> c u: f is c^4 and the Hessian c^2 times as large."""
    f = objective(OMEGA, scale * Z)
    assert is_poor_strict_minimum(f, scale * U)
    assert f.value(scale * U) == scale**4


@control
@pytest.mark.parametrize("places", [*(tuple(p for p in OMEGA if p != left) for left in OMEGA)])
def test_refuted_with_one_place_less(places: tuple[tuple[int, int], ...]) -> None:
    """None of the four observed places can be left out: u is not a strict poor minimum any more."""
    assert not is_poor_strict_minimum(objective(places, Z), U)


@control
@pytest.mark.parametrize("more", [(0, 0), (1, 2)])
def test_refuted_with_one_place_more(more: tuple[int, int]) -> None:
    """Nor can 11 be observed too (u_1 = 0 then has curvature 1 less: singular), or 23 (not critical)."""
    assert not is_poor_strict_minimum(objective((*OMEGA, more), Z), U)


@control
def test_refuted_that_incoherent_and_identifiable_is_enough() -> None:
    """z = (1, 1, 1) is as incoherent as can be, n max_i z_i^2 / |z|^2 = 1, and M identifiable: "f = 0 at every strict
    local minimum" fails at u."""
    f = objective(OMEGA, Z)
    assert len(Z) * (Z * Z).max() == (Z.T @ Z)[0, 0]
    assert identifiable(f.linear_map.arrays[0])
    assert inertia(f.hessian(U)) == (3, 0, 0)
    assert compare(Comparison(f.value(U), "==", fmpq(0), "f at a strict local minimum")).fails


@sampled
def test_descent_ends_there() -> None:
    """400 starts N(0, I): each ends at +-z or +-u, the latter (an observation) more than once in ten and less than nine
    times. The end furthest from them has a value, in rationals, within 10^{-12} of 0 or of 1."""
    f = objective(OMEGA, Z)
    starts = np.random.default_rng(36).standard_normal((400, 3, 1))
    ends = factored_descent(f.nearest(), starts, learning_rate=0.1, steps=400).point
    near = np.stack(
        [np.minimum(abs(ends - p).max((1, 2)), abs(ends + p).max((1, 2))) for p in map(arithmetic.nearest, (Z, U))]
    )
    which = near.argmin(axis=0)
    for kind, level in enumerate((fmpq(0), fmpq(1))):
        rows = np.flatnonzero(which == kind)
        assert 40 <= len(rows) <= 360
        worst = arithmetic.exact(ends[rows[near[kind, rows].argmax()]])
        gap = abs(f.value(worst) - level)
        assert compare(Comparison(gap, "<=", fmpq(1, 10**12), "distance of the values")).holds


@witness
def test_the_truth_is_a_strict_minimum_of_the_same_instance() -> None:
    """At z the Hessian is positive definite and f = 0."""
    f = objective(OMEGA, Z)
    assert f.value(Z) == 0
    assert inertia(f.hessian(Z)) == (3, 0, 0)
