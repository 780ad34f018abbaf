"""The two laws for every depth and width and on drawn networks, and what is false beside them."""

from itertools import product

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import control, exact, sampled, symbolic, witness
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, Scalar, compare, decide, rational, square_root
from solvers.descent import Trajectory, gradient_descent, weight_error_bound
from solvers.network import Matrix, Problem, Weights, frobenius_squared, imbalances, layer_gradients, transpose
from strategies import DATA, DATASETS, dimensions, dyadic_matrices, problems, real_problem, real_regression


def flow_derivatives(weights: Weights, gradient: Matrix) -> list[Matrix]:
    """dB_j/dt under dW_j/dt = -D_j, for a loss whose end-to-end gradient is ``gradient``; zero, says the claim."""
    layers = network.backpropagate(weights, gradient)
    return [
        before @ transpose(d_before)
        + d_before @ transpose(before)
        - transpose(after) @ d_after
        - transpose(d_after) @ after
        for before, after, d_before, d_after in zip(weights, weights[1:], layers, layers[1:], strict=False)
    ]


def predicted_imbalances(problem: Problem, power: int = 2) -> list[Matrix]:
    """B_j + eta^power (D_{j+1}^T D_{j+1} - D_j D_j^T); the law has power 2."""
    gradients = layer_gradients(problem.weights, problem.target, **problem.data)
    return [
        b + problem.learning_rate**power * (transpose(after) @ after - before @ transpose(before))
        for b, before, after in zip(imbalances(problem.weights), gradients, gradients[1:], strict=False)
    ]


def law_holds(problem: Problem, predicted: list[Matrix]) -> bool:
    """Whether the imbalances after one step are exactly the predicted ones, in rationals."""
    return all((b == p).all() for b, p in zip(imbalances(problem.step().weights), predicted, strict=True))


# Symbolic: four layers stand for every depth. W_{1:j-1} and W_{j+2:N} are products of their own, of any size.


def _symbolic_network(names: str) -> tuple[sympy.MatrixSymbol, ...]:
    sizes = sympy.symbols(f"d:{len(names) + 1}", integer=True, positive=True)
    return tuple(sympy.MatrixSymbol(name, sizes[j + 1], sizes[j]) for j, name in enumerate(names))


SHAPES_OF_THE_CHAIN = ("SABP", "ABP", "SAB", "AB")
"""S = W_{1:j-1}, A = W_j, B = W_{j+1}, P = W_{j+2:N}, and the ends of the network, where S or P is missing."""


@symbolic
@pytest.mark.parametrize("names", SHAPES_OF_THE_CHAIN)
def test_flow_conserves_imbalance_for_every_depth_width_and_loss(names: str) -> None:
    """The derivative of B_j cancels to zero for an arbitrary end-to-end gradient G of symbolic size."""
    weights = _symbolic_network(names)
    gradient = sympy.MatrixSymbol("G", weights[-1].rows, weights[0].cols)
    derivative = flow_derivatives(weights, gradient)[names.index("A")]
    assert derivative.expand().doit() == sympy.ZeroMatrix(*derivative.shape)


@symbolic
@pytest.mark.parametrize("names", SHAPES_OF_THE_CHAIN)
def test_discrete_law_for_every_depth_and_width(names: str) -> None:
    """B_j(t+1) - B_j(t) - eta^2 (D_{j+1}^T D_{j+1} - D_j D_j^T) cancels to zero, with symbolic sizes, Phi and eta."""
    weights = _symbolic_network(names)
    target = sympy.MatrixSymbol("Phi", weights[-1].rows, weights[0].cols)
    problem = Problem(weights, target, sympy.Symbol("eta", positive=True))
    j = names.index("A")
    gap = imbalances(problem.step().weights)[j] - predicted_imbalances(problem)[j]
    assert gap.expand().doit().expand() == sympy.ZeroMatrix(*gap.shape)


@symbolic
@pytest.mark.parametrize("names", SHAPES_OF_THE_CHAIN)
def test_discrete_law_for_every_loss(names: str) -> None:
    """The same for an arbitrary end-to-end gradient G of symbolic size."""
    weights, eta = _symbolic_network(names), sympy.Symbol("eta", positive=True)
    gradients = network.backpropagate(weights, sympy.MatrixSymbol("G", weights[-1].rows, weights[0].cols))
    moved = [matrix - eta * d for matrix, d in zip(weights, gradients, strict=True)]
    j = names.index("A")
    drift = transpose(gradients[j + 1]) @ gradients[j + 1] - gradients[j] @ transpose(gradients[j])
    gap = imbalances(moved)[j] - imbalances(weights)[j] - eta**2 * drift
    assert gap.expand().doit().expand() == sympy.ZeroMatrix(*gap.shape)


@exact
@given(problems(), st.data())
def test_flow_conserves_imbalance_for_any_gradient(problem: Problem, data: st.DataObject) -> None:
    """For an arbitrary rational G, the gradient of any loss, dB_j/dt is exactly zero."""
    gradient = arithmetic.exact(data.draw(dyadic_matrices(*problem.target.shape)))
    for derivative in flow_derivatives(problem.exact().weights, gradient):
        assert (derivative == 0 * derivative).all()


@exact
@given(problems(data=DATA))
def test_one_step_changes_imbalance_by_the_exact_law(problem: Problem) -> None:
    """In rationals, for any network, target and learning rate (0 < eta <= 8), white or with a covariance or a mask of
    any rank and size, none and all included."""
    posed = problem.exact()
    assert law_holds(posed, predicted_imbalances(posed))


def drift_bound(problem: Problem, layer: int, steps: int) -> Comparison:
    """||B_j(T) - B_j(0)||_F^2 <= (eta^2 sum_t (||D_{j+1}||_F^2 + ||D_j||_F^2))^2."""
    start, total = imbalances(problem.weights)[layer], rational(0)
    for _ in range(steps):
        gradients = layer_gradients(problem.weights, problem.target, **problem.data)
        total = total + frobenius_squared(gradients[layer]) + frobenius_squared(gradients[layer + 1])
        problem = problem.step()
    eta = rational(problem.learning_rate)
    moved = frobenius_squared(imbalances(problem.weights)[layer] - start)
    return Comparison(moved, "<=", (eta**2 * total) ** 2, f"squared drift of B_{layer + 1} after {steps} steps")


@sampled
@given(problems(dimensions=dimensions(min_depth=2), data=DATA), st.data())
def test_drift_is_bounded_by_the_squared_gradients(problem: Problem, data: st.DataObject) -> None:
    """Two steps from any network, float64 first."""
    layer = data.draw(st.integers(0, problem.depth - 2))
    assert decide(lambda posed: drift_bound(posed, layer, 2), problem).holds


def slack_of_imbalances(norm: Scalar, error: Scalar) -> Scalar:
    """4 M E + 2 E^2: weights at most E from others, of norm at most M, have imbalances at most that from theirs."""
    return 4 * norm * error + 2 * error**2


@witness
def test_the_slack_of_imbalances_is_attained_but_for_its_square() -> None:
    """Scalars (M, M), and (M - E, M + E) beside them: the imbalance moves by 4 M E."""
    norm, error = fmpq(3), fmpq(1, 8)
    moved = (norm + error) ** 2 - (norm - error) ** 2
    assert moved == slack_of_imbalances(norm, error) - 2 * error**2


def stays_within(trajectory: Trajectory, limit: Scalar) -> list[Comparison]:
    """max_j ||B_j||_F of the exact descent <= limit at the last step: the computed one plus what rounding can add."""
    error = weight_error_bound(trajectory)
    slack = slack_of_imbalances(arb(trajectory.largest_norm) * (1 + arb(2) ** -40), error)
    weights, step = [arithmetic.exact(matrix) for matrix in trajectory.weights], trajectory.steps
    return [
        Comparison(square_root(frobenius_squared(b)) + slack, "<=", limit, f"||B_{j + 1}||_F at step {step}")
        for j, b in enumerate(imbalances(weights))
    ]


@witness
def test_what_stays_within_a_limit_and_nothing_less() -> None:
    """Scalars (1, 1/2) at their target 1/2, which do not move: |B_1| = 3/4 is within 3/4 + 2^-40, and not within 3/4
    itself, since the rounding that is allowed for is added."""
    problem = Problem((np.eye(1), np.eye(1) / 2), np.eye(1) / 2, 0.25)
    trajectory = gradient_descent(problem, steps=3, certify=True)
    (within,), (beyond,) = (stays_within(trajectory, fmpq(3, 4) + room) for room in (fmpq(1, 2**40), fmpq(0)))
    assert compare(within).holds
    assert compare(beyond).fails


@sampled
@pytest.mark.parametrize("name", DATASETS)
def test_real_data(name: str) -> None:
    """Depth 3 on real data at learning rate 1/100, 2000 steps: the drift stays below the bound of statement 2."""
    problem = real_problem(name, (4, 3), start=0.75, learning_rate=0.01)
    posed = problem.exact()
    assert law_holds(posed, predicted_imbalances(posed))
    trajectory = gradient_descent(problem, steps=2000, certify=True)
    # On a path of curvature at most K with eta K <= 1, sum_t sum_j ||D_j||^2 <= 2 L(0) / eta.
    norm, residual = arb(trajectory.largest_norm), (2 * arb(float(trajectory.loss.max()))).sqrt()
    assert 0.01 * (3 * norm**4 + 2 * norm * residual) < 0.99
    limit = 2 * arb(0.01) * arb(float(trajectory.loss[0]))
    assert all(compare(comparison).holds for comparison in stays_within(trajectory, limit))


@sampled
@pytest.mark.parametrize("name", DATASETS)
def test_real_data_as_they_are(name: str) -> None:
    """The same on features that are correlated as they are, of a depth-3 network's 2000 steps."""
    data = real_regression(name)
    white = real_problem(name, (4, 3), start=0.75, learning_rate=0.01)
    problem = data.problem(white.weights, 0.01)
    posed = problem.exact()
    assert law_holds(posed, predicted_imbalances(posed))
    trajectory = gradient_descent(problem, steps=2000, certify=True)
    # As above, with curvature at most K = a (3 M^4 + 2 M ||R||), a >= |S|.
    norm, start = arb(trajectory.largest_norm), arb(float(trajectory.loss[0]))
    seen = arb(float(np.linalg.norm(data.covariance))) * (1 + arb(2) ** -40)
    assert 0.01 * (3 * seen * norm**4 + 2 * norm * (2 * seen * start).sqrt()) < 0.99
    assert all(compare(comparison).holds for comparison in stays_within(trajectory, 2 * arb(0.01) * start))


@control
def test_refuted_with_the_gradients_of_another_loss() -> None:
    """The D_j of the law are those of the loss that is descended: those of the white one are wrong for a covariance and
    for a mask, already for one output."""
    weights = (np.eye(2), np.array([[1.0, 2.0]]))
    target = np.array([[0.0, 1.0]])
    for data in ({"covariance": np.diag([1.0, 4.0])}, {"mask": np.array([[1.0, 0.0]])}):
        problem = Problem(weights, target, 0.5, **data).exact()
        white = Problem(weights, target, 0.5).exact()
        assert law_holds(problem, predicted_imbalances(problem))
        assert not law_holds(problem, predicted_imbalances(white))


@control
def test_refuted_when_layers_are_updated_one_after_another() -> None:
    """Updating W_2 with the gradient at the new W_1 breaks the law, already for scalars."""
    one = np.array([[1.0]])
    problem = Problem((2 * one, one), one, 0.5).exact()
    first, _ = problem.step().weights
    _, second = network.gradient_step((first, problem.weights[1]), problem.target, problem.learning_rate)
    assert imbalances((first, second))[0] != predicted_imbalances(problem)[0]


@control
def test_refuted_with_eta_in_place_of_its_square() -> None:
    """B moves by eta^2, not by eta: at eta = 1/2 the two differ."""
    one = np.array([[1.0]])
    problem = Problem((2 * one, one), 3 * one, 0.5).exact()
    assert law_holds(problem, predicted_imbalances(problem))
    assert not law_holds(problem, predicted_imbalances(problem, power=1))


@control
def test_refuted_where_one_entry_of_one_imbalance_is_another() -> None:
    """Three layers I, Phi = diag(2, 3): every entry of B_1 and of B_2 is asked for."""
    identity = np.eye(2)
    problem = Problem((identity, identity, identity), np.diag([2.0, 3.0]), 0.5).exact()
    predicted = predicted_imbalances(problem)
    assert law_holds(problem, predicted)
    for layer, place in product((0, 1), np.ndindex(2, 2)):
        changed = [matrix.copy() for matrix in predicted]
        changed[layer][place] += 1
        assert not law_holds(problem, changed)


@control
def test_refuted_that_descent_keeps_exact_balance() -> None:
    """W_1 = W_2 = I is balanced; one step towards a non-normal target with eta = 1/2 is not."""
    identity, target = np.eye(2), np.array([[0.0, 1.0], [0.0, 0.0]])
    problem = Problem((identity, identity), target, 0.5).exact()
    assert all(frobenius_squared(b) == 0 for b in imbalances(problem.weights))
    moved = frobenius_squared(imbalances(problem.step().weights)[0])
    assert compare(Comparison(moved, "==", fmpq(0), "squared imbalance after one step")).fails


@control
def test_refuted_that_the_drift_bound_has_half_the_constant() -> None:
    """The bound is attained: with D_1 = 0 (W_2 = 0) the drift is all eta^2 ||D_2||_F^2, so no constant below 1 does."""
    one, zero = np.array([[1.0]]), np.array([[0.0]])
    problem = Problem((one, zero), one, 0.5).exact()
    moved, _, bound, sentence = drift_bound(problem, 0, 1)
    assert compare(Comparison(moved, "==", bound, sentence)).holds
    assert compare(Comparison(moved, "<=", bound / 4, sentence + ", half the constant")).fails


@witness
def test_depth_one_has_no_imbalance_and_zero_weights_are_balanced() -> None:
    """The smallest parameters: depth 1, width 1, zero weights."""
    one, zero = arithmetic.exact(np.array([[1.0]])), arithmetic.exact(np.array([[0.0]]))
    assert imbalances((one,)) == ()
    assert imbalances((zero, zero))[0] == 0


@witness
def test_what_nothing_is_seen_of_stays() -> None:
    """S = 0, or a mask of zeros: every gradient vanishes, and the law says that no B_j moves, which is so."""
    weights, target = (np.eye(2), np.array([[1.0, 2.0]])), np.array([[0.0, 1.0]])
    for data in ({"covariance": np.zeros((2, 2))}, {"mask": np.zeros((1, 2))}):
        problem = Problem(weights, target, 0.5, **data).exact()
        assert (predicted_imbalances(problem)[0] == imbalances(problem.weights)[0]).all()
        assert law_holds(problem, predicted_imbalances(problem))


@witness
def test_imbalance_is_kept_exactly_where_gradients_agree() -> None:
    """Equal scalar layers stay equal under descent too: the O(eta^2) term can vanish."""
    one = np.array([[1.0]])
    problem = Problem((one, one), 3 * one, 0.5).exact()
    assert imbalances(problem.step().weights)[0] == imbalances(problem.weights)[0] == 0
    assert problem.step().weights[0] != problem.weights[0]
