"""Statement 5: within 1/2 of the identity Theorem 1 applies, by ``solvers.guarantees.near_identity``."""

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from claims.suite import Fate, ablates, control, fewer, sampled, witness
from solvers.arithmetic import Comparison, ObjectArray, compare, decide, rational
from solvers.guarantees import near_identity, theorem_one
from solvers.network import deficiency_margin
from strategies import covariance, diagonal, directions


def identity(size: int) -> ObjectArray:
    """I in rationals."""
    return diagonal(size, size, [1] * size)


def check_theorem_one(target: NDArray[np.float64], depth: int) -> None:
    """Statement 5: the margin of the layers I is above its bound, and Theorem 1's hypotheses hold."""
    problem, size = near_identity.from_identity(target, depth), len(target)
    assert not near_identity.violated(problem)
    if (target == np.eye(size)).all():
        assert deficiency_margin(problem.exact().weights, problem.exact().target) == 1
    elif size > 1 or target[0, 0] > 1:  # d = 1 and Phi < 1 attain the bound
        verdict = decide(near_identity.margin_bound, problem)
        assert verdict.holds, verdict
    margin = rational(theorem_one.certain_margin(problem))
    assert margin > 0
    assert not theorem_one.violated(problem.exact(), margin)


@sampled
@fewer(2)
@given(st.integers(1, 4), st.integers(1, 6), st.data())
def test_near_the_identity_theorem_one_applies(size: int, depth: int, data: st.DataObject) -> None:
    """Any direction, not only symmetric ones, ||Phi - I||_F up to 63/128."""
    check_theorem_one(np.eye(size) + 63 / 128 * data.draw(directions((size, size))), depth)


@sampled
@pytest.mark.parametrize(("name", "share"), [("linnerud", 1 / 4), ("diabetes", 1 / 8)])
def test_shrunken_real_covariances(name: str, share: float) -> None:
    """I + share (C - I), a covariance shrunken towards the identity until it is within 1/2: depths 1 to 3."""
    matrix = covariance(name)
    target = np.eye(len(matrix)) + share * (matrix - np.eye(len(matrix)))
    for depth in (1, 2, 3):
        check_theorem_one(target, depth)


@control
@ablates("DL-032", "||Phi - I||_F < 1/2", "dropped", Fate.REFUTED)
@ablates("DL-032", "||Phi - I||_F < 1/2", "<= 1/2", Fate.REFUTED)
@pytest.mark.parametrize(("size", "least"), [(1, fmpq(1, 2)), (3, fmpq(1, 2)), (2, fmpq(-1))])
def test_refuted_at_the_boundary_and_beyond(size: int, least: fmpq) -> None:
    """Phi = diag(1/2, 1, ...): ||Phi - I||_F = 1/2 and the margin is exactly 0; Phi = diag(-1, 1): it is negative."""
    target = diagonal(size, size, [least] + [1] * (size - 1))
    margin = deficiency_margin((identity(size),) * 2, target)
    assert compare(Comparison(margin, ">", fmpq(0), "margin of I")).fails


@control
@ablates("DL-032", "||Phi - I||_F < 1/2", "|Phi - I|_2 < 1/2", Fate.REFUTED)
def test_refuted_in_the_spectral_norm() -> None:
    """Phi = 3/5 I, d = 4: |Phi - I|_2 = 2/5, but sigma_min(Phi) - ||Phi - I||_F = 3/5 - 4/5."""
    margin = deficiency_margin((identity(4),) * 2, identity(4) * fmpq(3, 5))
    assert compare(Comparison(margin, "==", fmpq(-1, 5), "margin of I")).holds


@witness
def test_on_the_other_side_of_the_boundary() -> None:
    """||Phi - I||_F = 1/2 from above, Phi = 3/2: the margin is 1; a margin needs no 1/2, only 1/2 suffices always."""
    assert deficiency_margin((identity(1),), identity(1) * fmpq(3, 2)) == 1
