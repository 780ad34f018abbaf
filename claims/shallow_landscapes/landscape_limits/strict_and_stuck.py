"""Statement 3: no poor minimum, only strict saddles, and descent that stays above a floor, cycles or diverges."""

from collections.abc import Sequence

import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

import strategies
from claims.suite import control, exact, fewer, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare, rational
from solvers.descent import gradient_descent
from solvers.network import Problem, Weights, frobenius_squared, hessian, inertia, loss
from solvers.shallow import FactoredObjective, factored_descent

QUARTIC = FactoredObjective(arithmetic.exact([[1]]))  # 1/4 (u^2 - 1)^2


def moved(u: fmpq, rate: fmpq) -> fmpq:
    """u - eta f'(u)."""
    found: fmpq = u - rate * QUARTIC.gradient(arithmetic.exact([[u]]))[0, 0]
    return found


def cycles(u: fmpq, rate: fmpq) -> Comparison:
    """u' = -u."""
    return Comparison(moved(u, rate), "==", -u, "u(1) against -u(0)")


def grows(u: fmpq, rate: fmpq, factor: fmpq) -> Comparison:
    """|u'| >= factor |u|."""
    return Comparison(abs(moved(u, rate)), ">=", factor * abs(u), "|u(1)| against a multiple of |u(0)|")


@symbolic
def test_the_factor_of_a_step() -> None:
    """u' = u (1 + eta - eta u^2): -1 at u^2 = 1 + 2/eta, and with u^2 = 1 + 2s/eta it is 1 - 2s: in (-1, 1) for
    0 < s < 1, below -1 and falling for s > 1."""
    u, s = sympy.symbols("u s", real=True)
    eta = sympy.Symbol("eta", positive=True)
    f = (u**2 - 1) ** 2 / 4
    factor = 1 + eta - eta * u**2
    assert sympy.expand(u - eta * f.diff(u) - u * factor) == 0
    assert sympy.expand(factor.subs(u**2, 1 + 2 * s / eta) - (1 - 2 * s)) == 0
    assert set(sympy.solve(f.diff(u), u)) == {-1, 0, 1}
    assert f.diff(u, 2).subs(u, 0) == -1
    assert sympy.limit(f.diff(u, 2), u, sympy.oo) == sympy.oo  # no Lipschitz constant


SIZES = st.integers(1, 20).flatmap(lambda q: st.integers(q + 1, 6 * q).map(lambda p: fmpq(p, q)))


@exact
@given(SIZES, st.sampled_from([1, -1]), st.integers(1, 50))
def test_cycles_growth_beyond_and_shrinking_below(s: fmpq, sign: int, share: int) -> None:
    """All rational cycles are eta = 2/(s^2 - 1), u = +-s, s > 1. Beyond s |u| grows, in three steps by the factor of
    the first at least each, and in the first by no more; between 1 and s it shrinks."""
    rate, u = 2 / (s**2 - 1), sign * s
    assert compare(cycles(u, rate)).holds
    assert moved(moved(u, rate), rate) == u
    beyond = u * (1 + fmpq(share, 100))
    factor = rate * beyond**2 - 1 - rate
    assert factor > 1
    first = grows(beyond, rate, factor)
    assert first.left == first.right
    for _ in range(3):
        assert compare(grows(beyond, rate, factor)).holds
        beyond = moved(beyond, rate)
    below = sign * (1 + (s - 1) * fmpq(share, 51))
    assert compare(grows(below, rate, fmpq(1))).fails


def above_the_floor(weights: Weights, target: ObjectArray, values: Sequence[fmpq], times: fmpq | int = 1) -> Comparison:
    """l >= 1/2 sum of the squares of the negative eigenvalues of Phi."""
    floor = sum((value**2 for value in values if value < 0), start=fmpq(0)) / 2
    return Comparison(loss(weights, target), ">=", times * floor, "the loss against its floor")


@exact
@fewer(2)
@given(st.data(), st.integers(1, 3), st.integers(1, 200))
def test_two_layers_from_the_identity_stay_above_the_floor(data: st.DataObject, size: int, rate: int) -> None:
    """Phi = Q diag Q^T with a negative eigenvalue; three exact steps at eta = k/20, from 1/20 to 10."""
    basis = data.draw(strategies.orthogonal_matrices(size))
    values = [fmpq(-1, 2), *map(fmpq, data.draw(st.lists(st.integers(-3, 3), min_size=size - 1, max_size=size - 1)))]
    target = basis @ strategies.diagonal(size, size, values) @ basis.T
    problem = Problem((strategies.diagonal(size, size, [1] * size),) * 2, target, fmpq(rate, 20))
    for _ in range(3):
        problem = problem.step()
        assert (problem.weights[0] == problem.weights[1]).all()
        assert compare(above_the_floor(problem.weights, target, values)).holds


TWO = (fmpq(1, 2), fmpq(-1))


def long_run(rate: float) -> tuple[Weights, ObjectArray]:
    """Where 500 float64 steps from the identity end for Phi = diag(1/2, -1); Phi."""
    target = strategies.diagonal(2, 2, TWO)
    run = gradient_descent(Problem((np.eye(2), np.eye(2)), arithmetic.nearest(target), rate), steps=500)
    return tuple(map(arithmetic.exact, run.weights)), target


@sampled
@pytest.mark.parametrize("rate", [0.01, 0.1, 0.5, 1.0])
def test_a_long_run_from_the_identity(rate: float) -> None:
    """At four learning rates: diagonal and equal throughout, l >= 1/2 at the end, exactly."""
    layers, target = long_run(rate)
    assert (layers[0] == layers[1]).all()
    found = above_the_floor(layers, target, TWO)
    assert found.right == fmpq(1, 2)
    assert compare(found).holds


@control
@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_refuted_for_a_higher_floor(rate: float) -> None:
    """1001/1000 of it, at the ends of the same runs: they come as near to it as one likes."""
    assert compare(above_the_floor(*long_run(rate), TWO, fmpq(1001, 1000))).fails


@sampled
def test_an_open_set_diverges() -> None:
    """eta = 1/4: 64 float64 starts in (3, 4] overflow, and 64 in [1, 2.99] end within 10^-6 of +-1."""
    outside = np.linspace(3.001, 4.0, 64).reshape(-1, 1, 1)
    inside = np.linspace(1.0, 2.99, 64).reshape(-1, 1, 1)
    objective = QUARTIC.nearest()
    assert factored_descent(objective, outside, learning_rate=0.25, steps=2000).diverged.all()
    run = factored_descent(objective, inside, learning_rate=0.25, steps=2000)
    assert not run.diverged.any()
    near = [compare(Comparison((abs(rational(float(u))) - 1) ** 2, "<=", fmpq(1, 10**12), "u")) for u in run.point.flat]
    assert all(verdict.holds for verdict in near)


@control
def test_refuted_that_strict_saddles_and_no_poor_minima_are_enough() -> None:
    """eta = 1/4, u = 3: f = 16 for ever; 0 is strict and +-1 are global, so both halves hold."""
    assert [inertia(QUARTIC.hessian(arithmetic.exact([[u]]))) for u in (0, 1, -1)] == [(0, 1, 0), (1, 0, 0), (1, 0, 0)]
    after = QUARTIC.value(arithmetic.exact([[moved(fmpq(3), fmpq(1, 4))]]))
    assert compare(Comparison(after, "<", fmpq(16), "f after a step from 3")).fails


@control
@pytest.mark.parametrize("two", [fmpq(199, 100), fmpq(201, 100)])
def test_refuted_for_another_place_of_the_cycle(two: fmpq) -> None:
    """u = 3 with eta = 199/800 or 201/800, so u^2 = 1 + 1.99/eta or 1 + 2.01/eta: no cycle, shrinking or growing."""
    rate = two / 8
    assert compare(cycles(fmpq(3), rate)).fails
    assert compare(grows(fmpq(3), rate, fmpq(1))).holds is (two > 2)


@control
def test_refuted_that_every_two_layer_start_is_trapped() -> None:
    """W_1 = W_2 = I replaced by W_1 = -I: for Phi = -1 the loss is 0 at once."""
    one = arithmetic.exact([[1]])
    assert compare(Comparison(loss((-one, one), -one), ">=", fmpq(1, 2), "loss")).fails


@witness
def test_the_limit_of_the_trapped_run_is_a_strict_saddle() -> None:
    """Phi = -1, N = 2: zero has the eigenvalues +-1, and descent from (1, 1) goes there: 1 - 2 eta after a step."""
    one = arithmetic.exact([[1]])
    assert inertia(hessian((0 * one, 0 * one), -one)) == (1, 1, 0)
    stepped = Problem((one, one), -one, fmpq(1, 4)).step()
    assert stepped.weights[0][0, 0] == fmpq(1, 2)
    assert frobenius_squared(stepped.weights[0] - stepped.weights[1]) == 0
