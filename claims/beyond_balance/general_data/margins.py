"""What a margin is for: wherever E is no larger than at the start, sigma_min(W) >= c and |G|_2 + c <= F."""

from functools import partial
from typing import Any

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.beyond_balance.general_data.starts import start
from claims.suite import control, exact, fewer, witness
from solvers.arithmetic import Comparison, ObjectArray, lower_float, rational, settle, square_root
from solvers.guarantees.general_data import MARGINS, MarginIn, excess, norm_bound, violated
from solvers.network import Problem, sigma_min, spectral_norm
from solvers.network.network import loss_of
from strategies import MarginProblem, data_problems, dyadic_matrices


@exact
@fewer(4)
@given(st.data())
@pytest.mark.parametrize("margin_in", MARGINS)
def test_the_ball_of_the_start(margin_in: MarginIn, data: st.DataObject) -> None:
    """At W = Phi + A with |A|_S = |G(0)|_S, A in any direction, and in those of Phi's smallest singular pair."""
    drawn: MarginProblem = data.draw(data_problems(balance="sum", margin_in=margin_in))
    posed, c = drawn.problem.exact(), rational(drawn.margin)
    left, _, right = np.linalg.svd(drawn.problem.target, full_matrices=False)
    worst = np.outer(left[:, -1], right[-1])
    for each in (worst, -worst, data.draw(dyadic_matrices(*worst.shape))):
        direction: ObjectArray = np.vectorize(rational, otypes=[object])(each)
        product = posed.target + _scaled(direction, posed)
        assert settle(partial(_large, product, c)).holds
        assert settle(partial(_near, product, posed, c, margin_in)).holds


def _large(product: ObjectArray, c: fmpq) -> Comparison:
    return Comparison(sigma_min(product), ">=", c, "sigma_min(W)")


def _near(product: ObjectArray, posed: Problem, c: fmpq, margin_in: MarginIn) -> Comparison:
    bound = norm_bound(posed, c, margin_in)
    return Comparison(spectral_norm(product - posed.target) + c, "<=", bound, "|G|_2 + c")


def _scaled(direction: ObjectArray, posed: Problem) -> ObjectArray:
    """So that |A|_S is |G(0)|_S less 2^-40 of it, since both bounds may be attained; 0 where it is 0."""
    square = 2 * loss_of(direction, covariance=posed.covariance)
    found: ObjectArray = 0 * direction
    if square != 0:
        ratio = rational(lower_float(square_root(2 * excess(posed) / square)))
        found = (1 - fmpq(1, 2**40)) * ratio * direction
    return found


@control
@pytest.mark.parametrize("margin_in", MARGINS)
def test_no_larger_ball_will_do(margin_in: MarginIn) -> None:
    """Phi = (1, 0), c = 1/2: sigma_min(W) = c at a point as far from Phi as W(0), for either margin; less beyond."""
    covariance = [[fmpq(1, 4), 0], [0, 1]] if margin_in == "weights" else [[1, 0], [0, fmpq(1, 4)]]
    one = [[[fmpq(3, 2), 0]], [[fmpq(1, 2), 0]], [[fmpq(1, 2) - fmpq(1, 1000), 0]]]
    first, mirrored, beyond = (start([each], [[1, 0]], fmpq(1, 1000), covariance) for each in one)
    energies = [excess(each) for each in (first, mirrored, beyond)]
    assert energies[0] == energies[1] < energies[2]
    assert not violated(first, fmpq(1, 2), margin_in=margin_in)
    assert violated(beyond, fmpq(1, 2), margin_in=margin_in).keys() == {"|G(0)|_S against the margin"}
    assert sigma_min(mirrored.weights[0]) == fmpq(1, 2) > sigma_min(beyond.weights[0])


@witness
def test_neither_margin_implies_the_other() -> None:
    """S = diag(1, 1/16), c = 1/2: Phi = (0, 1) and W(0) = (0, 3/4) have (i) only, Phi = (1, 0) and W(0) = (1, 2) have
    (ii) only."""
    covariance = [[1, 0], [0, fmpq(1, 16)]]
    cases: dict[MarginIn, Any] = {"weights": ([[0, 1]], [[0, fmpq(3, 4)]]), "data": ([[1, 0]], [[1, 2]])}
    for margin_in, (target, product) in cases.items():
        problem = start([product], target, fmpq(1, 10**4), covariance)
        (other,) = (each for each in MARGINS if each != margin_in)
        assert not violated(problem, fmpq(1, 2), margin_in=margin_in)
        assert violated(problem, fmpq(1, 2), margin_in=other).keys() == {"|G(0)|_S against the margin"}


@witness
def test_the_norm_of_the_second_margin_is_attained() -> None:
    """S = diag(1, 1/16), c = 1/2, Phi = (1, 0) and W(0) = (1, 2): F = c + |G(0)|_S / sqrt(s_d) = 5/2 = c + |G(0)|_2."""
    problem = start([[[1, 2]]], [[1, 0]], fmpq(1, 10**4), [[1, 0], [0, fmpq(1, 16)]])
    distance = spectral_norm(problem.weights[0] - problem.target)
    assert norm_bound(problem, fmpq(1, 2), "data") == fmpq(1, 2) + distance == fmpq(5, 2)
    assert norm_bound(problem, fmpq(1, 2), "weights") == 1
