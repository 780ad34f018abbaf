"""Statement 4: the closed form against gradient flow as an integrator follows it; its rate and its end, in balls."""

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given

from claims.shallow_trajectories.unbalanced_factorization.rank_one import RankOneState, states
from claims.suite import control, exact, sampled
from claims.suite.statistics import generator
from solvers.arithmetic import Comparison, attained, settle
from solvers.flow import gradient_flow
from solvers.network import Problem
from solvers.shallow import rank_one_flow

TIMES = np.array([0.0, 0.1, 0.5, 2.0, 8.0])


def gaps(shape: tuple[int, int], scale: float, unequal: float) -> tuple[float, float]:
    """How far the closed form, and the flow integrated at 1e-6, are from the flow integrated at 1e-11."""
    random = generator("DL-056", *shape, int(100 * scale))
    target = random.standard_normal(shape)
    left, right = (random.standard_normal(size) for size in shape)
    left, right = scale * left / np.linalg.norm(left), unequal * scale * right / np.linalg.norm(right)
    posed = Problem((right[None, :], left[:, None]), target, 0.0)
    coarse, fine = (gradient_flow(posed, times=TIMES, rtol=rtol, atol=rtol).weights for rtol in (1e-6, 1e-11))
    known = rank_one_flow(target, left, right, TIMES)
    closed = (known[1][:, None, :], known[0][:, :, None])
    apart = [sum(float(np.abs(a - b).sum()) for a, b in zip(one, fine, strict=True)) for one in (closed, coarse)]
    return apart[0], apart[1]


@sampled
@pytest.mark.parametrize("scale", [0.1, 1.0, 3.0])
@pytest.mark.parametrize("shape", [(1, 1), (3, 2), (2, 5)])
def test_the_closed_form_is_the_flow(shape: tuple[int, int], scale: float) -> None:
    """Gaussian A, u and v, until t = 8: the closed form is nearer to a fine integration than a coarse one is."""
    closed, coarse = gaps(shape, scale, 1.0)
    assert 0 < closed < coarse


@control
@pytest.mark.parametrize("shape", [(1, 1), (3, 2), (2, 5)])
def test_refuted_for_norms_that_differ_by_a_hundredth(shape: tuple[int, int]) -> None:
    """The same comparison with |v_0| = 1.01 |u_0|."""
    closed, coarse = gaps(shape, 1.0, 1.01)
    assert closed > coarse > 0


def eigenparts(state: RankOneState) -> list[tuple[fmpq, fmpq]]:
    """J's eigenvalues, each with the square of z_0's part along an eigenvector: s_i and -s_i, and 0 for the rest."""
    x, y = state.bases[0].T @ state.left, state.bases[1].T @ state.right
    found, count = [], len(state.values)
    for value, a, b in zip(state.values, x, y, strict=False):
        found += [(value, (a + b) ** 2 / 2), (-value, (a - b) ** 2 / 2)]
    return found + [(fmpq(0), rest**2) for rest in (*x[count:], *y[count:])]


def has_top(state: RankOneState) -> bool:
    """A != 0 and a != 0."""
    return state.values[0] > 0 and any(part for value, part in eigenparts(state) if value == state.values[0])


def grown(parts: list[tuple[fmpq, fmpq]], time: fmpq) -> arb:
    """|e^{Jt} z_0|^2 for the parts."""
    return sum((part * (2 * arb(value) * time).exp() for value, part in parts), arb(0))


def rate(state: RankOneState, time: fmpq, *, factor: int = 1) -> Comparison:
    """Off the top eigenspace, squared, against e^{-2 ``factor`` (s_1 - s_2) t} |b|^2/|a|^2 times what is in it."""
    parts = eigenparts(state)
    top = state.values[0]
    inside, outside = ([each for each in parts if (each[0] == top) is here] for here in (True, False))
    second = max(value for value, _ in outside)
    a, b = (sum((part for _, part in these), fmpq(0)) for these in (inside, outside))
    bound = (-2 * factor * arb(top - second) * time).exp() * (b / a) * grown(inside, time)
    return Comparison(grown(outside, time), "<=", bound * (1 + arb(2) ** -60), f"off the top eigenspace at t = {time}")


@exact
@given(states().filter(has_top))
def test_the_part_off_the_top_eigenspace_falls_at_the_gap(state: RankOneState) -> None:
    """At t = 1/2, 2 and 8, any sizes, ties and signs; to 2^-60 of it, as there is equality where b is along one s_2."""
    for time in (fmpq(1, 2), fmpq(2), fmpq(8)):
        assert settle(lambda: rate(state, time)).holds  # noqa: B023


@control
def test_refuted_at_twice_the_gap() -> None:
    """A = diag(2, 1), u = v = (1, 1): s_1 - s_2 = 1."""
    one = np.array([[fmpq(1), fmpq(0)], [fmpq(0), fmpq(1)]])
    state = RankOneState(one * [[2], [1]], [fmpq(2), fmpq(1)], one.sum(axis=1), one.sum(axis=1), (one, one))
    assert settle(lambda: rate(state, fmpq(2))).holds
    assert settle(lambda: attained(rate(state, fmpq(2)), fmpq(1, 2**50))).holds
    assert settle(lambda: rate(state, fmpq(2), factor=2)).fails


@exact
@given(states().filter(has_top))
def test_the_end_has_the_greatest_singular_value(state: RankOneState) -> None:
    """|z(t)|^2 by the closed form, the integral done: 2 s_1 to 2^-20 of it at t = 100 (s_1 - s_2 is 1/2 or more)."""
    parts, top, time = eigenparts(state), state.values[0], fmpq(100)
    whole = arb(1)
    for value, part in parts:
        whole += part * ((2 * arb(value) * time).exp() - 1) / (2 * value) if value else part * time
    assert abs(grown(parts, time) / whole / (2 * top) - 1) < arb(2) ** -20
