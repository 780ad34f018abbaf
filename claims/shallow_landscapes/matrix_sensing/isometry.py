"""What all of the statements share: delta of a map, decided exactly, and what a point is for f."""

from enum import Enum

import numpy as np
from flint import fmpq

from claims.suite import control, witness
from solvers.arithmetic import Comparison, ObjectArray, compare, exact
from solvers.network import frobenius_squared, inertia
from solvers.shallow import FactoredObjective, SymmetricMap, coordinate_gram, identity_map, mask, measurements


class Kind(Enum):
    """What the gradient and the inertia of the Hessian tell of a point."""

    REGULAR = "not critical"
    GLOBAL = "f = 0"
    STRICT = "a negative eigenvalue"
    POOR = "f > 0, none negative, and none zero but along the rotations of U"
    FLAT = "f > 0, none negative, some zero beyond the rotations of U"


def kind(objective: FactoredObjective, factor: ObjectArray) -> Kind:
    """In rationals. The rotations U Q span the directions U A, A skew: k (k - 1)/2 of them where U has rank k."""
    if frobenius_squared(objective.gradient(factor)) != 0:
        return Kind.REGULAR
    if objective.value(factor) == 0:
        return Kind.GLOBAL
    _, negative, zero = inertia(objective.hessian(factor))
    if negative:
        return Kind.STRICT
    rotations = inertia(factor.T @ factor)[0] == factor.shape[1] and factor.shape[1] * (factor.shape[1] - 1) // 2
    return Kind.POOR if zero == rotations else Kind.FLAT


def has_isometry(linear_map: SymmetricMap, size: int, delta_squared: fmpq) -> bool:
    """Whether |<X, T X> - |X|^2| <= delta |X|^2 for all symmetric X, of any rank, given delta^2.

    With G the form of T - id and D that of the identity: G D^{-1} G <= delta^2 D.
    """
    gram = coordinate_gram(size)
    change = linear_map.form(size) - gram
    inverse = np.array([1 / entry for entry in np.diag(gram)], dtype=object)
    return inertia(gram * delta_squared - (change * inverse) @ change)[1] == 0


@witness
def test_the_identity_has_delta_zero() -> None:
    """T = id, and T X = sum of A_l <A_l, X> over an orthonormal basis of Sym(2) with weights."""
    assert has_isometry(identity_map(), 3, fmpq(0))
    basis = exact([[[1, 0], [0, 0]], [[0, 1], [1, 0]], [[0, 0], [0, 1]]])
    assert has_isometry(measurements(basis, exact([1, 0.5, 1])), 2, fmpq(0))


@control
def test_refuted_for_a_mask_that_leaves_an_entry_out() -> None:
    """delta = 1 exactly: X = E_12 + E_21 is not seen; 1 - 1/1000 is refuted."""
    left_out = mask(exact([[1, 0], [0, 1]]))
    assert has_isometry(left_out, 2, fmpq(1))
    assert not has_isometry(left_out, 2, fmpq(999, 1000))


@witness
def test_kinds_on_the_line() -> None:
    """n = k = 1, M = 1: f = (u^2 - 1)^2 / 4 is strict at 0, global at 1, and not critical at 2."""
    objective = FactoredObjective(exact([[1]]))
    kinds = [kind(objective, exact([[u]])) for u in (0, 1, 2)]
    assert kinds == [Kind.STRICT, Kind.GLOBAL, Kind.REGULAR]
    assert compare(Comparison(objective.value(exact([[0]])), "==", fmpq(1, 4), "f(0)")).holds
