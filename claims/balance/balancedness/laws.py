"""The two laws and the bound of 2 delta: for every depth and width, on drawn networks, and what they need."""

from fractions import Fraction

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, sampled, symbolic, witness
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, Scalar, compare, decide, lower_float, rational, square_root
from solvers.descent import Trajectory, gradient_descent, weight_error_bound
from solvers.guarantees import theorem_one
from solvers.network import Matrix, Problem, Weights, frobenius_squared, imbalances, layer_gradients, transpose
from strategies import DATASETS, MarginProblem, dimensions, dyadic_matrices, margin_problems, problems, real_problem


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
    gradients = layer_gradients(problem.weights, problem.target)
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
def test_total_drift_of_theorem_one_is_below_delta_for_every_depth() -> None:
    """4 eta M^{2(N-1)} L(0) / c^{2(N-1)/N} < delta at the largest eta; M^2 = (8 Phi_F^2)^{1/N}, L(0) = Phi_F^2 / 2.

    Every power of c and Phi_F cancels; 8^{(N-1)/N} < 8 does the rest. Together with the law and the descent lemma
    (``descent_lemma``, DL-003) this is statement 3.
    """
    c, phi = sympy.symbols("c phi", positive=True)
    depth = sympy.Symbol("N", integer=True, positive=True)
    rate = c ** ((4 * depth - 2) / depth) / (6144 * depth**3 * phi ** ((6 * depth - 4) / depth))
    delta = c**2 / (256 * depth**3 * phi ** (2 * (depth - 1) / depth))
    drift = 4 * rate * (8 * phi**2) ** ((depth - 1) / depth) * (phi**2 / 2) / c ** (2 * (depth - 1) / depth)
    quotient = sympy.powsimp(sympy.expand_power_base(sympy.simplify(drift / delta), force=True), force=True)
    assert quotient.free_symbols == {depth}
    assert sympy.simplify(sympy.log(quotient * 12 / 8 ** ((depth - 1) / depth))) == 0
    assert sympy.Rational(8, 12) < 1
    for n in (1, 2, 3, 7, 1000):  # the formulas above are those the strategies use
        bound = rational(4) * arithmetic.power(fmpq(8), Fraction(n - 1, n)) / 2
        limits = theorem_one.learning_rate_limit, theorem_one.imbalance_limit
        largest_rate, delta = (limit(n, fmpq(1), fmpq(1)) for limit in limits)
        used = largest_rate * bound / delta
        assert compare(Comparison(used, "<", fmpq(1), f"drift over delta at depth {n}")).holds


@exact
@given(problems(), st.data())
def test_flow_conserves_imbalance_for_any_gradient(problem: Problem, data: st.DataObject) -> None:
    """For an arbitrary rational G, the gradient of any loss, dB_j/dt is exactly zero."""
    gradient = arithmetic.exact(data.draw(dyadic_matrices(*problem.target.shape)))
    for derivative in flow_derivatives(problem.exact().weights, gradient):
        assert (derivative == 0 * derivative).all()


@exact
@given(problems())
def test_one_step_changes_imbalance_by_the_exact_law(problem: Problem) -> None:
    """In rationals, for any network, target and learning rate (0 < eta <= 8)."""
    posed = problem.exact()
    assert law_holds(posed, predicted_imbalances(posed))


def drift_bound(problem: Problem, layer: int, steps: int) -> Comparison:
    """||B_j(T) - B_j(0)||_F^2 <= (eta^2 sum_t (||D_{j+1}||_F^2 + ||D_j||_F^2))^2."""
    start, total = imbalances(problem.weights)[layer], rational(0)
    for _ in range(steps):
        gradients = layer_gradients(problem.weights, problem.target)
        total = total + frobenius_squared(gradients[layer]) + frobenius_squared(gradients[layer + 1])
        problem = problem.step()
    eta = rational(problem.learning_rate)
    moved = frobenius_squared(imbalances(problem.weights)[layer] - start)
    return Comparison(moved, "<=", (eta**2 * total) ** 2, f"squared drift of B_{layer + 1} after {steps} steps")


@sampled
@given(problems(dimensions=dimensions(min_depth=2)), st.data())
def test_drift_is_bounded_by_the_squared_gradients(problem: Problem, data: st.DataObject) -> None:
    """Two steps from any network, float64 first."""
    layer = data.draw(st.integers(0, problem.depth - 2))
    assert decide(lambda posed: drift_bound(posed, layer, 2), problem).holds


def stays_within(trajectory: Trajectory, limit: Scalar) -> list[Comparison]:
    """max_j ||B_j||_F of the exact descent <= limit at the last step: the computed one plus what rounding can add.

    Weights at most E from the computed ones, of norm at most M, have imbalances at most 4 M E + 2 E^2 from theirs.
    """
    error = weight_error_bound(trajectory)
    slack = 4 * arb(trajectory.largest_norm) * (1 + arb(2) ** -40) * error + 2 * error**2
    weights, step = [arithmetic.exact(matrix) for matrix in trajectory.weights], trajectory.steps
    return [
        Comparison(square_root(frobenius_squared(b)) + slack, "<=", limit, f"||B_{j + 1}||_F at step {step}")
        for j, b in enumerate(imbalances(weights))
    ]


@sampled
@given(st.lists(margin_problems(dimensions=dimensions(min_depth=2, bottleneck=False)), min_size=1, max_size=3))
def test_weights_stay_twice_delta_balanced(batch: list[MarginProblem]) -> None:
    """200 steps of Theorem 1 at its own learning rate; floats run, a derived rounding bound and balls decide."""
    trajectories = gradient_descent([drawn.problem for drawn in batch], steps=200, certify=True)
    for drawn, trajectory in zip(batch, trajectories, strict=True):
        norm = square_root(frobenius_squared(drawn.problem.exact().target))
        limit = 2 * theorem_one.imbalance_limit(drawn.problem.depth, rational(drawn.margin), norm)
        assert all(compare(comparison).holds for comparison in stays_within(trajectory, limit))


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


@control
@ablates("DL-002", "learning rate", "dropped", Fate.REFUTED)
def test_refuted_that_a_larger_learning_rate_keeps_two_delta() -> None:
    """A thousand times Theorem 1's learning rate on a non-normal start leaves 2 delta in one step."""
    identity = np.eye(2)
    target = identity + np.array([[0.0, 0.5], [0.0, 0.0]])
    problem = Problem((identity, identity), target, 0.0).exact()
    norm, margin = square_root(frobenius_squared(problem.target)), fmpq(1, 4)
    rate = fmpq(1, 4)
    assert rate > 1000 * theorem_one.learning_rate_limit(2, margin, norm)
    assert network.deficiency_margin(problem.weights, problem.target) > margin
    b = imbalances(Problem(problem.weights, problem.target, rate).step().weights)[0]
    limit = 2 * theorem_one.imbalance_limit(2, margin, norm)
    assert compare(Comparison(square_root(frobenius_squared(b)), "<=", limit, "||B_1||_F after one step")).fails


@control
@ablates("DL-002", "balance", "dropped", Fate.REFUTED)
def test_refuted_without_balance_at_the_start() -> None:
    """At the target, margin 1, nothing moves: layers 2 and 1/2 keep ||B_1||_F = 15/4 for ever, above 2 delta."""
    one = np.array([[1.0]])
    problem = Problem((2 * one, one / 2), one, 0.0).exact()
    after = Problem(problem.weights, problem.target, theorem_one.learning_rate_limit(2, fmpq(1), fmpq(1))).step()
    assert network.deficiency_margin(after.weights, after.target) == 1
    b = imbalances(after.weights)[0]
    limit = 2 * theorem_one.imbalance_limit(2, fmpq(1), fmpq(1))
    assert compare(Comparison(square_root(frobenius_squared(b)), "<=", limit, "||B_1||_F at every step")).fails


@control
@ablates("DL-002", "margin", "dropped", Fate.REFUTED)
def test_refuted_without_the_margin() -> None:
    """W_1 = W_2 = R I, R = 2^14, exactly balanced and of full rank, far from Phi, c = 1, eta at its limit: the first
    step moves B_1 by eta^2 R^2 ||Phi^T Phi - Phi Phi^T||_F > 2 delta."""
    layer, target = 2.0**14 * np.eye(2), np.array([[1.0, 1.0], [0.0, 1.0]])
    problem = Problem((layer, layer), target, 0.0).exact()
    norm = square_root(frobenius_squared(problem.target))
    rate = rational(lower_float(theorem_one.learning_rate_limit(2, fmpq(1), norm)))
    margin = network.deficiency_margin(problem.weights, problem.target)
    assert compare(Comparison(margin, "<=", fmpq(0), "margin")).holds
    assert network.sigma_min(problem.weights[0]) == 2**14
    b = imbalances(Problem(problem.weights, problem.target, rate).step().weights)[0]
    limit = 2 * theorem_one.imbalance_limit(2, fmpq(1), norm)
    assert compare(Comparison(square_root(frobenius_squared(b)), "<=", limit, "||B_1||_F after one step")).fails


@witness
def test_depth_one_has_no_imbalance_and_zero_weights_are_balanced() -> None:
    """The smallest parameters: depth 1, width 1, zero weights."""
    one, zero = arithmetic.exact(np.array([[1.0]])), arithmetic.exact(np.array([[0.0]]))
    assert imbalances((one,)) == ()
    assert imbalances((zero, zero))[0] == 0


@witness
def test_imbalance_is_kept_exactly_where_gradients_agree() -> None:
    """Equal scalar layers stay equal under descent too: the O(eta^2) term can vanish."""
    one = np.array([[1.0]])
    problem = Problem((one, one), 3 * one, 0.5).exact()
    assert imbalances(problem.step().weights)[0] == imbalances(problem.weights)[0] == 0
    assert problem.step().weights[0] != problem.weights[0]
