"""What is false with another constant or without a hypothesis, and the ends th = 0 and th = pi."""

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given

from claims.suite import Fate, ablates, control, witness
from claims.suite.agreement import all_agree
from solvers import arithmetic, shallow
from solvers.arithmetic import Comparison, ObjectArray, Scalar, Verdict, compare, settle
from solvers.network import inertia
from solvers.shallow import Angle
from strategies import VectorPair, vector_pairs


def kappa(angle: Angle, *, sign: int = -1, factor: fmpq | int = 1) -> Scalar:
    """factor (pi - th + sign sin th) / 2pi; the statement's for -1 and 1."""
    value: Scalar = factor * (angle.supplement + sign * angle.sine) / (2 * angle.pi)
    return value


def bounded(pair: VectorPair, y: ObjectArray, **changed: int | fmpq) -> Verdict:
    """y^T M y >= kappa |y|^2."""

    def sides() -> Comparison:
        left = y @ shallow.gated_covariance(pair.u, pair.v) @ y
        return Comparison(left, ">=", kappa(pair.angle, **changed) * (y @ y), "y^T M y")  # type: ignore[arg-type]

    return settle(sides)


def across(pair: VectorPair) -> ObjectArray:
    """hat u - hat v."""
    difference: ObjectArray = pair.u / pair.u_length - pair.v / pair.v_length
    return difference


@control
@pytest.mark.parametrize("changed", [{"sign": 1}, {"sign": 0}, {"factor": fmpq(1001, 1000)}])
@given(pair=vector_pairs(min_dimension=2, parallel=False, opposite=False))
def test_refuted_with_a_larger_kappa(pair: VectorPair, changed: dict[str, int | fmpq]) -> None:
    """At every drawn th: + for -, no sin th, and .1 per cent more, along hat u - hat v; 999/1000 holds."""
    assert bounded(pair, across(pair), **changed).fails
    assert bounded(pair, across(pair), factor=fmpq(999, 1000)).holds


@control
def test_refuted_with_the_other_reflection() -> None:
    """-R for R: the least eigenvalue would be along hat u + hat v."""
    u, v = arithmetic.exact([1, 0]), arithmetic.exact([0, 1])
    pair = VectorPair(u, v, fmpq(1), fmpq(1), (fmpq(1), fmpq(1)))
    matrix = shallow.gated_covariance(u, v)
    assert all_agree(lambda: shallow.gated_covariance(u, v) @ (u - v), lambda: (u - v) * kappa(pair.angle)).holds
    assert all_agree(lambda: shallow.gated_covariance(u, v) @ (u + v), lambda: (u + v) * kappa(pair.angle)).fails
    assert compare(Comparison(matrix[0, 1], ">", fmpq(0), "the entry of R between u and v")).holds


@control
@ablates("DL-044", "Gaussian data", "dropped", Fate.REFUTED)
def test_refuted_for_signs() -> None:
    """x uniform on (+-1, +-1), u = (1, 0), v = (0, 1): M = 1/4 [[1, 1], [1, 1]] has the eigenvalue 0."""
    inputs = arithmetic.exact([[a, b] for a in (1, -1) for b in (1, -1)])
    u, v = arithmetic.exact([1, 0]), arithmetic.exact([0, 1])
    both = inputs[[bool(x @ u > 0 and x @ v > 0) for x in inputs]]
    matrix = both.T @ both / len(inputs)
    assert inertia(matrix) == (1, 0, 1)
    pair = VectorPair(u, v, fmpq(1), fmpq(1), (fmpq(1), fmpq(1)))
    y = across(pair)
    assert settle(lambda: Comparison(y @ matrix @ y, ">=", kappa(pair.angle) * (y @ y), "y^T M y")).fails


@control
@ablates("DL-044", "angle below pi", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_refuted_at_pi(size: int) -> None:
    """u = -v: never both active, M = 0 exactly."""
    u = arithmetic.exact(np.arange(1, size + 1))
    matrix = shallow.gated_covariance(u, -3 * u)
    assert matrix.shape == (size, size)
    assert not [entry for entry in matrix.ravel() if entry != 0]


@witness
@pytest.mark.parametrize("size", [1, 2, 3])
def test_parallel_units_see_half_of_the_data(size: int) -> None:
    """th = 0: M = I/2, of which kappa(0) = 1/2 is the only eigenvalue."""
    u = arithmetic.exact(np.arange(1, size + 1))
    half = arithmetic.exact(np.eye(size)) / 2
    assert all_agree(lambda: shallow.gated_covariance(u, 3 * u), lambda: half).holds
    assert shallow.angle_between(u, 3 * u).sine == 0


@witness
@pytest.mark.parametrize("bits", [10, 100])
def test_kappa_is_positive_next_to_pi(bits: int) -> None:
    """pi - th = about 2^-bits: kappa > 0, about (pi - th)^3/12pi: more than 99 and less than 101 per cent of it."""

    def ratio() -> arb:
        angle = Angle.of_half(fmpq(2) ** (bits + 1), fmpq(1))
        found: arb = kappa(angle) * 12 * arb.pi() / angle.supplement**3
        return found

    assert settle(lambda: Comparison(ratio(), ">", fmpq(99, 100), "kappa over its first term")).holds
    assert settle(lambda: Comparison(ratio(), "<", fmpq(101, 100), "kappa over its first term")).holds
