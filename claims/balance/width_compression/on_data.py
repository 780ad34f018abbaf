"""Statement 5: covariances, under which U_0 must be invariant, and masks, which leave the hidden layers to compress."""

from itertools import pairwise

import numpy as np
from flint import fmpq
from hypothesis import given

from claims.balance.width_compression import subspaces
from claims.suite import control, exact, sampled, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.descent.compress import compress
from solvers.network import Problem, end_to_end, layer_gradients, loss, outer_gradient
from strategies import dimensions, problems, real_regression

small = dimensions(max_depth=3, max_width=4)


def closure(problem: Problem, *, invariant: bool = True) -> list[ObjectArray]:
    """The smallest closed subspaces for a covariance, those of G = R S, with S U_0 in U_0 unless that is dropped; for a
    mask those between the whole spaces at both ends."""
    gradient = outer_gradient(subspaces.residual_of(problem), **problem.data)
    if problem.mask is not None:
        outputs, inputs = gradient.shape
        ends = (arithmetic.exact(np.eye(size)) for size in (inputs, outputs))
        return subspaces.closed_under(problem.weights, *ends)
    rows = subspaces.span(gradient)
    while True:
        spaces = subspaces.closed_under(problem.weights, rows, subspaces.span(gradient.T))
        if not invariant or subspaces.is_inside(spaces[0] @ problem.covariance, spaces[0]):
            return spaces
        rows = subspaces.span(spaces[0], spaces[0] @ problem.covariance)


def rest_stays(problem: Problem, spaces: list[ObjectArray], steps: int) -> bool:
    """Whether D_j = P_j D_j P_{j-1} at each of the steps, and so C_j is what it was."""
    for _ in range(steps):
        gradients = layer_gradients(problem.weights, problem.target, **problem.data)
        if not subspaces.is_zero(subspaces.outer_parts(gradients, spaces)):
            return False
        problem = problem.step()
    return True


def projected(problem: Problem, spaces: list[ObjectArray]) -> Problem:
    """The small network in the whole spaces: P_j W_j P_{j-1}, P_N Phi P_0 and P_0 S P_0, or the same mask."""
    projections = [subspaces.projection(space) for space in spaces]
    weights = tuple(
        after @ matrix @ before for matrix, (before, after) in zip(problem.weights, pairwise(projections), strict=True)
    )
    covariance = None if problem.covariance is None else projections[0] @ problem.covariance @ projections[0]
    target = projections[-1] @ problem.target @ projections[0]
    return Problem(weights, target, problem.learning_rate, covariance=covariance, mask=problem.mask)


@exact
@given(problems(dimensions=small, data=("covariance", "mask")))
def test_the_rest_stays_and_the_small_network_learns_alone(problem: Problem) -> None:
    """Two steps, over the rationals: gradients inside the closure, and weights and loss those of the small network."""
    whole = problem.exact()
    spaces = closure(whole)
    assert rest_stays(whole, spaces, 2)
    inner, rest = projected(whole, spaces), subspaces.outer_parts(whole.weights, spaces)
    for _ in range(2):
        losses = [loss(each.weights, each.target, **each.data) for each in (whole, inner)]
        assert compare(Comparison(losses[0], "==", losses[1], "loss of the whole and of the small network")).holds
        whole, inner = whole.step(), inner.step()
        assert subspaces.equal(whole.weights, [a + b for a, b in zip(inner.weights, rest, strict=True)])


@sampled
def test_the_solver_compresses_to_the_closure_on_real_data() -> None:
    """Correlated features, and a chessboard of the map, behind two hidden layers of width 16, one with a pair mixed:
    ``solvers.descent.compress`` finds the smallest closed subspaces, those of the same numbers as rationals."""
    data = real_regression("linnerud")
    mixing = np.eye(16) / 2
    mixing[0, 5] = 1 / 4
    weights = (np.eye(16, 3) / 2, mixing, np.eye(3, 16))
    chessboard = np.indices((3, 3)).sum(axis=0) % 2
    for problem in (data.problem(weights, 0.01), Problem(weights, data.target, 0.01, mask=chessboard)):
        found = compress(problem)
        assert found is not None
        assert found.ranks == tuple(map(len, closure(problem.exact()))) == (3, 4, 4, 3)


def from_zero(*row: int) -> Problem:
    """One layer W = 0 towards a row, S = diag(1, 2): G = -row S, and the rows of later gradients are row S^k."""
    target, covariance = arithmetic.exact(np.array([row])), arithmetic.exact(np.diag([1.0, 2.0]))
    return Problem((0 * target,), target, fmpq(1, 4), covariance=covariance)


@control
def test_refuted_without_invariance_under_the_covariance() -> None:
    """The line of the first gradient holds it, and not the second, which S has turned."""
    problem = from_zero(1, 1)
    spaces = closure(problem, invariant=False)
    assert [len(space) for space in spaces] == [1, 1]
    assert rest_stays(problem, spaces, 1)
    assert not rest_stays(problem, spaces, 2)
    assert rest_stays(problem, closure(problem), 4)


@control
def test_refuted_that_the_residual_is_what_must_be_inside() -> None:
    """S = diag(1, 0) does not see the second input: R = -(1, 1) is outside of U_0 = span(e_1), which is closed."""
    seen = arithmetic.exact(np.diag([1.0, 0.0]))
    white = from_zero(1, 1)
    problem = Problem(white.weights, white.target, fmpq(1, 4), covariance=seen)
    spaces = closure(problem)
    assert not subspaces.is_inside(subspaces.residual_of(problem), spaces[0])
    assert rest_stays(problem, spaces, 4)


@control
def test_refuted_for_a_mask_between_the_subspaces_of_its_first_gradient() -> None:
    """Widths 3, every U_j = span(e_1, e_2 + e_3) closed for G = M * R and the layers: with M hiding the entry (1, 3)
    the second gradient leaves them, with M = 1 none does."""
    identity, gradient = arithmetic.exact(np.eye(3)), arithmetic.exact([[1, 0, 0], [0, 1, 1], [0, 1, 1]])
    weights = (arithmetic.exact([[1, 1, 1], [0, 1, 0], [0, 0, 1]]), identity)
    all_seen = np.ones((3, 3))
    spaces = subspaces.closed_under(weights, subspaces.span(gradient), subspaces.span(gradient.T))
    assert [len(space) for space in spaces] == [2, 2, 2]
    whole = Problem(weights, weights[0] - gradient, fmpq(1, 4), mask=all_seen)
    hidden = Problem(weights, whole.target, fmpq(1, 4), mask=all_seen - np.eye(3)[[0]].T @ np.eye(3)[[2]])
    assert rest_stays(whole, spaces, 3)
    assert rest_stays(hidden, spaces, 1)
    assert not rest_stays(hidden, spaces, 2)
    assert rest_stays(hidden, closure(hidden), 3)


@witness
def test_an_eigenvector_of_the_covariance_is_compressed_to_a_line() -> None:
    """A row in an eigenspace of S is as good as white data; and where nothing is seen nothing is in reach."""
    assert [len(space) for space in closure(from_zero(1, 0))] == [1, 1]
    line = from_zero(1, 1)
    blind = Problem(line.weights, line.target, fmpq(1, 4), covariance=arithmetic.exact(np.zeros((2, 2))))
    assert [len(space) for space in closure(blind)] == [0, 0]
    assert end_to_end(blind.step().weights).tolist() == end_to_end(blind.weights).tolist()
