"""Statements 3 and 4: where descent ends, in float64, the ends taken exactly; near the identity, and without it."""

from functools import cache

import numpy as np
import pytest
from flint import arb, fmpq
from numpy.typing import NDArray

from claims.shallow_trajectories.symmetric_units.convergence import arrives
from claims.suite import Fate, ablates, control, exact, sampled, witness
from claims.suite.statistics import consistent, generator
from solvers import arithmetic, shallow
from solvers.arithmetic import Comparison, compare
from solvers.guarantees.relu_teachers import learning_rate_limit, radius
from solvers.network import frobenius_squared

FloatArray = NDArray[np.float64]

DRAWS = 20


def proposed_gradient(units: FloatArray, teachers: FloatArray) -> FloatArray:
    """dl/dW of a stack by matrix products, near enough to propose: some 10^-8, since cosines lose small angles."""

    def pull(other: FloatArray) -> FloatArray:
        one, two = (np.linalg.norm(rows, axis=-1) for rows in (units, other))
        cosine = np.clip(units @ other.mT / (one[..., :, None] * two[..., None, :]), -1, 1)
        along = (np.sqrt(1 - cosine**2) @ two[..., None]) / one[..., None]
        found: FloatArray = (along * units + (np.pi - np.arccos(cosine)) @ other) / (2 * np.pi)
        return found

    return pull(units) - pull(teachers)


@cache
def ends(units: int, deviation: float, steps: int, *, identity: bool, moved: bool = False) -> tuple[FloatArray, ...]:
    """U after so many steps at nine tenths of DL-049's largest rate from DRAWS starts, and their teachers U*."""
    random = generator("DL-051", units, int(identity), int(moved))
    scale, one = units**-0.5, np.eye(units)
    u = identity * one + deviation * scale * random.standard_normal((DRAWS, units, units))
    teachers = np.tile(one, (DRAWS, 1, 1))
    if moved:
        teachers = teachers + 0.1 * scale * random.standard_normal(teachers.shape)
    rate = 0.9 * float(learning_rate_limit(units))
    for _ in range(steps):
        u = u - rate * proposed_gradient(u, teachers)
    return u, teachers


def successes(found: tuple[FloatArray, ...]) -> int:
    """In how many the loss is at most 1/1000, in balls."""
    pairs = [(arithmetic.exact(u), arithmetic.exact(teachers)) for u, teachers in zip(*found, strict=True)]
    losses = [shallow.population_loss(*pair) for pair in pairs]
    verdicts = [compare(Comparison(loss, "<=", fmpq(1, 1000), "l at the end")) for loss in losses]
    assert all(verdict.holds or verdict.fails for verdict in verdicts)
    return sum(verdict.holds for verdict in verdicts)


def in_the_ball(u: FloatArray) -> bool:
    """Whether ||U - I||_F <= 1/(25K), exactly: from there DL-049 proves convergence."""
    units = len(u)
    gap = frobenius_squared(arithmetic.exact(u) - arithmetic.exact(np.eye(units)))
    return compare(Comparison(gap, "<=", radius(units) ** 2, "the squared distance at the end")).holds


@sampled
@pytest.mark.parametrize("units", [12, 20])
def test_starts_near_the_identity_come_to_it(units: int) -> None:
    """Entries of W_0 of deviation 0.3 K^{-1/2}: spectral norms up to about 0.6. All ends are in the ball of DL-049."""
    found = ends(units, 0.3, 20 * units, identity=True)[0]
    assert len(found) == DRAWS
    assert all(in_the_ball(u) for u in found)


@sampled
def test_so_do_they_with_other_teachers() -> None:
    """K = 12, U* = I + W*: with chance at least 19/20, at level 10^-9. Of 20 draws: notices a chance that is
    lower by 0.72."""
    found = successes(ends(12, 0.3, 250, identity=True, moved=True))
    assert consistent(found, DRAWS, ">=", fmpq(19, 20), "near", notices=fmpq(72, 100)).holds


@sampled
@pytest.mark.parametrize("units", [60, 150])
def test_turned_blocks_come_to_the_truth(units: int) -> None:
    """tan(phi/2) = 3^{1/2}/12, g_0 = 2, eta = 4/K, in four numbers: ||U - I||_F <= 1/(25K) within 10^4 steps."""
    state = shallow.BlockState(*map(float, shallow.rotated_blocks(1 - fmpq(2, units), fmpq(1, 12))))
    for _ in range(10**4):
        if units * shallow.block_distance_squared(state, float(units)) < 0.99 * float(radius(units)) ** 2:
            break
        state = shallow.block_step(state, float(units), 4 / units)
    exactly = shallow.BlockState(*map(arithmetic.rational, state))
    gap = units * shallow.block_distance_squared(exactly, fmpq(units))
    assert compare(Comparison(gap, "<=", radius(units) ** 2, "the squared distance at the end")).holds


@control
@ablates("DL-051", "near the identity", "dropped", Fate.REFUTED)
def test_refuted_without_the_identity() -> None:
    """K = 12: the chance that starts near the identity have is refuted; more than half of the starts are stuck."""
    found = successes(ends(12, 0.1, 1000, identity=False))
    assert found < DRAWS / 2
    assert consistent(found, DRAWS, ">=", fmpq(19, 20), "without the identity").fails
    found = successes(ends(12, 0.3, 240, identity=True))
    assert consistent(found, DRAWS, ">=", fmpq(19, 20), "with it", notices=fmpq(72, 100)).holds


@control
@ablates("DL-051", "near the identity", "far from it", Fate.REFUTED)
def test_refuted_far_from_the_identity() -> None:
    """K = 6, U_0 = J/2 - I/4: never comes to I (DL-050, order), and with x and y exchanged it does."""
    assert not arrives(shallow.UnitCoordinates(fmpq(1, 4), fmpq(1, 2)), 6, learning_rate_limit(6) / 2)
    assert arrives(shallow.UnitCoordinates(fmpq(1, 2), fmpq(1, 4)), 6, learning_rate_limit(6) / 2)


@exact
def test_a_start_in_every_spectral_ball() -> None:
    """U_0 = I + r (J/K - I), 0 < r < 1, has ||W_0||_2 = r, and comes to I, in balls: K = 2, 3, 5, 10."""
    for units in (2, 3, 5, 10):
        for r in (fmpq(1, 10), fmpq(1, 2), fmpq(999, 1000)):
            start = shallow.UnitCoordinates(1 - r + r / units, r / units)
            assert arrives(start, units, learning_rate_limit(units) / 2)


@witness
def test_the_proposed_gradient() -> None:
    """At 20 random states, within 10^-6 of the solver's, which is at least 10^3 times as much as is lost."""
    random = np.random.default_rng(51)
    units, teachers = random.standard_normal((2, 20, 5, 5))
    gap = abs(proposed_gradient(units, teachers) - shallow.population_gradient(units, teachers)).max()
    assert gap < 1e-6


@witness
def test_the_truth_is_at_rest() -> None:
    """W_0 = W*: the gradient vanishes, with teachers that are not orthonormal too."""
    teachers = arithmetic.exact([[1, fmpq(1, 10)], [fmpq(-1, 5), fmpq(9, 10)]])
    assert all(arb(entry).contains(0) for entry in shallow.population_gradient(teachers, teachers).ravel())
