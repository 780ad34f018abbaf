"""Data of special covariances: whatever the data the loss is E but for its minimum; white, nearly white, singular."""

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

import strategies
from claims.beyond_balance.general_data.starts import ONE, start
from claims.suite import control, exact, fewer
from solvers import arithmetic
from solvers.arithmetic import Comparison, lower_float, rational, settle, square_root, upper_float
from solvers.guarantees import general_data, sharper_constants
from solvers.guarantees.general_data import BALANCES, MARGINS, Balance, after_steps, excess, violated
from solvers.network import Problem, end_to_end, frobenius_squared, loss, regression, sigma_min, spectral_norm
from strategies import dimensions, dyadic_matrices, orthogonal_matrices

NARROW = dimensions(bottleneck=False, max_depth=3, max_width=3)


@exact
@fewer(2)
@given(st.data())
def test_the_loss_of_any_data(data: st.DataObject) -> None:
    """1/(2m) ||W X - Y||_F^2 - 1/(2m) ||Phi X - Y||_F^2 = E in rationals; S > 0 as X begins with the identity."""
    inputs, outputs, more = (data.draw(st.integers(1, 3)) for _ in range(3))
    x = arithmetic.exact(np.hstack([np.eye(inputs), data.draw(dyadic_matrices(inputs, more))]))
    w, y = (arithmetic.exact(data.draw(dyadic_matrices(outputs, columns))) for columns in x.shape)
    seen, samples = regression(x, y), x.shape[1]
    phi = seen.target
    lost, least = (frobenius_squared(matrix @ x - y) / (2 * samples) for matrix in (w, phi))
    assert lost - least == loss((w,), phi, covariance=seen.covariance)


@exact
@fewer(2)
@given(strategies.margin_problems(dimensions=NARROW))
def test_white_data_have_sharper_constants(drawn: strategies.MarginProblem) -> None:
    """S = I: what DL-013 assumes, at its largest learning rate, is what is assumed here, for either margin."""
    margin = rational(drawn.margin)
    problem = sharper_constants.with_largest_learning_rate(drawn.problem, margin)
    assert not sharper_constants.violated(problem, margin)
    inputs = problem.target.shape[1]
    white = Problem(problem.weights, problem.target, problem.learning_rate, covariance=np.eye(inputs))
    for margin_in in MARGINS:
        assert not violated(white, margin, balance="each", margin_in=margin_in)


@control
def test_more_than_sharper_constants_allow() -> None:
    """S = I and Phi = I of size 2: |Phi|_2 for Phi_F doubles the learning rate, which DL-013 refuses."""
    identity = [[1, 0], [0, 1]]
    problem = start([identity, identity], identity, fmpq(1, 8), identity)
    assert not violated(problem, ONE, balance="each")
    assert sharper_constants.learning_rate_limit(2, ONE, square_root(fmpq(2))) < fmpq(1, 15)


@exact
@fewer(4)
@given(st.data())
@pytest.mark.parametrize("balance", BALANCES)
def test_data_that_are_nearly_white(balance: Balance, data: st.DataObject) -> None:
    """S = I + eps A with |A|_2 <= 1, eps < 1: 1 + eps stands for s_1 and 1 - eps for s_d; from a margin in Frobenius's
    norm that is sqrt((1-eps)/(1+eps)) of what remains, the hypotheses follow. A margin of 2 c, ||W(0) - Phi||_F <=
    sigma_min(Phi) - 2 c, is so for eps <= (1 - x^2)/(1 + x^2), x = 1 - c / sigma_min(Phi)."""
    drawn = data.draw(strategies.margin_problems(dimensions=NARROW, perturb=False))
    problem, margin = drawn.problem, rational(drawn.margin) / 2
    rest = rational(upper_float(1 - margin / sigma_min(problem.exact().target)))
    most = min((1 - rest**2) / (1 + rest**2), fmpq(15, 16))
    width, eps = problem.target.shape[1], most * fmpq(data.draw(st.integers(1, 63)), 64)
    basis = data.draw(orthogonal_matrices(width))
    signs = data.draw(st.lists(st.sampled_from([-1, 0, 1]), min_size=width, max_size=width))
    covariance = basis @ np.diag([1 + eps * sign for sign in signs]) @ basis.T
    least, most = general_data.extreme_eigenvalues(covariance)
    assert 1 - eps <= least <= most <= 1 + eps
    posed = problem.exact()
    room = square_root((1 - eps) / (1 + eps)) * (sigma_min(posed.target) - margin)
    distance = square_root(frobenius_squared(end_to_end(posed.weights) - posed.target))
    limit = general_data.learning_rate_limit(posed.depth, margin, spectral_norm(posed.target), 1 + eps, balance)
    nearly = Problem(posed.weights, posed.target, rational(lower_float(limit)), covariance=covariance)
    assert settle(lambda: Comparison(distance, "<=", room, "distance")).holds
    assert not violated(nearly, margin, balance=balance)
    assert settle(lambda: after_steps(nearly, margin, 1, least=1 - eps)).holds


@exact
@fewer(2)
@given(st.data())
def test_singular_covariances(data: st.DataObject) -> None:
    """S = V S' V^T: a step and the passage to (W_1 V, W_2, ...) commute, E is the same, and W_1 does not move on the
    kernel."""
    widths = (data.draw(st.integers(2, 4)), *data.draw(dimensions(max_depth=3, max_width=3)))
    rank = data.draw(st.integers(1, widths[0] - 1))
    columns = data.draw(orthogonal_matrices(widths[0]))
    basis, kernel = columns[:, :rank], columns[:, rank:]
    inner = data.draw(strategies.positive_covariances(rank, most=4))
    target = arithmetic.exact(data.draw(dyadic_matrices(widths[-1], widths[0])))
    weights = tuple(map(arithmetic.exact, data.draw(strategies.generic_weights(widths))))
    problem = Problem(weights, target, fmpq(1, 16), covariance=basis @ inner @ basis.T)
    reduced, moved = general_data.on_the_range(problem, basis), problem.step()
    assert np.all(reduced.covariance == inner)
    again = general_data.on_the_range(moved, basis)
    assert all((a == b).all() for a, b in zip(again.weights, reduced.step().weights, strict=True))
    assert excess(problem) == excess(reduced)
    assert (moved.weights[0] @ kernel == problem.weights[0] @ kernel).all()


@control
def test_a_singular_covariance_as_it_is_is_refused() -> None:
    """S = diag(4, 0) is not positive definite; on its range the hypotheses are met, with c = 1."""
    problem = start([[[1, 5]], 1], [[1, -7]], fmpq(1, 120), [[4, 0], [0, 0]])
    for margin_in in MARGINS:
        assert "least eigenvalue of the covariance" in violated(problem, fmpq(1, 2), margin_in=margin_in)
        assert not violated(general_data.on_the_range(problem, [[1], [0]]), ONE, margin_in=margin_in)
