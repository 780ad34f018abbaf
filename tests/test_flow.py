"""Both flows against closed forms, against automatic differentiation, and against one another's invariants.

What SciPy asks of itself is atol + rtol |W| a step; a step takes at least twelve evaluations. So evaluations times that
bounds the sum of what it asked for, and an error is that sum times what the flow makes of an error on the way, where
this is known; elsewhere it is compared at two tolerances.
"""

from __future__ import annotations

import pickle
import re
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from solvers import FlowError, Problem, end_to_end_flow, end_to_end_velocity, gradient_flow
from solvers.arithmetic import exact, nearest
from solvers.flow.product_flow import fractional_power, multipliers, one_output_velocity
from solvers.network.objective import Objective, power_regression, squared_distance
from strategies import balanced_networks, dimensions, dyadic_matrices, problems
from tests import jax_oracle

TIMES = [0.0, 0.25, 1.0, 3.0]
TOLERANCES = [(1e-6, 1e-9), (1e-10, 1e-12)]


def asked(found):
    """The sum of the errors that the integrator asked for."""
    largest = max(float(np.linalg.norm(layer, axis=(1, 2)).max()) for layer in found.weights)
    return found.evaluations * (found.rtol * largest + found.atol)


@pytest.mark.parametrize(("rtol", "atol"), TOLERANCES)
def test_depth_one_decays_exponentially(rtol, atol):
    """W(t) = Phi + (W(0) - Phi) e^{-t}; errors shrink."""
    start, target = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, 1.0]]), np.array([[2.0, 0.0, 1.0], [1.0, -1.0, 4.0]])
    found = gradient_flow(Problem((start,), target, 0.0), times=TIMES, rtol=rtol, atol=atol)
    stated = target + (start - target) * np.exp(-found.times)[:, None, None]
    assert np.linalg.norm(found.end_to_end - stated, axis=(1, 2)).max() <= asked(found)
    assert np.allclose(
        found.loss, ((start - target) ** 2).sum() / 2 * np.exp(-2 * found.times), rtol=100 * rtol, atol=0
    )
    assert found.imbalance.shape == (4, 0)
    alone = end_to_end_flow(start, squared_distance(target), depth=1, times=TIMES, rtol=rtol, atol=atol)
    assert np.linalg.norm(alone.end_to_end - stated, axis=(1, 2)).max() <= asked(found)


@pytest.mark.parametrize(("rtol", "atol"), TOLERANCES)
@pytest.mark.parametrize("start", [0.01, 1.0, 3.0])
def test_two_scalars_follow_the_logistic_law(start, rtol, atol):
    """u(t) = s e^{2st} / (e^{2st} - 1 + s / u_0), s = 2; an error grows by at most s / u_0 or 1."""
    root, s = np.array([[np.sqrt(start)]]), 2.0
    found = gradient_flow(Problem((root, root), np.array([[s]]), 0.0), times=TIMES, rtol=rtol, atol=atol)
    growth = np.exp(2 * s * found.times)
    stated = s * growth / (growth - 1 + s / start)
    allowed = 4 * max(1.0, s / start) * asked(found)
    assert abs(found.end_to_end[:, 0, 0] - stated).max() <= allowed
    alone = end_to_end_flow(root @ root, squared_distance(np.array([[s]])), depth=2, times=TIMES, rtol=rtol, atol=atol)
    assert abs(alone.end_to_end[:, 0, 0] - stated).max() <= allowed
    assert alone.rank == 1


@given(problems(dimensions=dimensions(max_depth=4, max_width=3)))
def test_imbalances_are_conserved(problem):
    """||B_j|| moves by at most 4 |W| times the error of a layer, up to one over the curvature at the start."""
    largest = max(1.0, *(float(np.linalg.norm(layer)) for layer in problem.weights))
    residual = float(np.sqrt(2 * squared_distance(problem.target).value(_product(problem.weights))))
    scale = problem.depth * largest ** (2 * problem.depth) * (1 + residual)
    found = gradient_flow(problem, times=[0, 0.5 / scale, 1 / scale])
    moved = abs(found.imbalance - found.imbalance[0]).max(initial=0.0)
    assert moved <= 4 * (largest + residual) * 10 * asked(found)
    assert (np.diff(found.loss) <= asked(found) * (1 + residual) * largest**problem.depth * problem.depth).all()


def _product(weights):
    found = weights[0]
    for layer in weights[1:]:
        found = layer @ found
    return found


def runge_kutta(problem, end, steps):
    """The classical method with gradients by automatic differentiation."""
    weights, h = list(problem.weights), end / steps

    def slope(at):
        return [-d for d in jax_oracle.gradients(at, problem.target)]

    def moved(by, factor):
        return [w + factor * h * d for w, d in zip(weights, by, strict=True)]

    for _ in range(steps):
        k1 = slope(weights)
        k2 = slope(moved(k1, 0.5))
        k3 = slope(moved(k2, 0.5))
        k4 = slope(moved(k3, 1.0))
        weights = [w + h / 6 * (a + 2 * b + 2 * c + d) for w, a, b, c, d in zip(weights, k1, k2, k3, k4, strict=True)]
    return weights


def test_against_another_method_and_automatic_differentiation():
    """Three rectangular layers, unbalanced: within what Runge and Kutta's own step lengths differ by."""
    rng = np.random.default_rng(0)
    weights = tuple(rng.normal(size=shape) / 2 for shape in ((3, 2), (4, 3), (2, 4)))
    problem = Problem(weights, rng.normal(size=(2, 2)), 0.0)
    found = gradient_flow(problem, times=[1.5])
    coarse, fine = (runge_kutta(problem, 1.5, steps) for steps in (50, 100))
    for layer, a, b in zip(found.weights, coarse, fine, strict=True):
        assert np.linalg.norm(a - b) < 1e-6
        assert np.linalg.norm(layer[0] - b) <= np.linalg.norm(a - b) + asked(found)


@given(dimensions(max_depth=5, max_width=4).flatmap(balanced_networks), st.data())
def test_velocity_is_the_sum_of_exact_fractional_powers(network, data):
    """The float field against Lagrange's formula in rationals; half of the digits tell a wrong power from rounding."""
    depth, product = len(network.weights), _product(network.weights)
    gradient = data.draw(dyadic_matrices(*product.shape))
    known = [fmpq(0), *(s ** (2 * depth) for s in network.layer_singular_values)]
    stated = 0 * product
    for j in range(1, depth + 1):
        left = fractional_power(product @ product.T, Fraction(depth - j, depth), known)
        stated = stated - left @ exact(gradient) @ fractional_power(product.T @ product, Fraction(j - 1, depth), known)
    rank = sum(s > 0 for s in network.layer_singular_values)
    found = end_to_end_velocity(nearest(product), gradient, depth=depth, rank=rank)
    scale = (
        depth * max(1.0, float(network.layer_singular_values[0])) ** (2 * depth - 2) * (1 + np.linalg.norm(gradient))
    )
    assert abs(found - nearest(stated)).max() <= 2.0**-26 * scale


def test_multipliers_by_the_sum_that_defines_them():
    """In rationals, zeros included."""
    left, right = [fmpq(2), fmpq(0)], [fmpq(1, 3), fmpq(2), fmpq(0)]
    for depth in (1, 2, 5):
        stated = [[sum(a ** (depth - j) * b ** (j - 1) for j in range(1, depth + 1)) for b in right] for a in left]
        assert multipliers(left, right, depth) == stated


def test_singular_starts_keep_their_rank():
    """Depth 6 from rank 1 in 3 x 2: the flow of the layers agrees, which knows of no rank.

    The layers are s^{1/6} q_j q_{j-1}^T. (Factors of a decomposition in floats would have a second singular value of
    the sixth root of rounding, about 10^-3, which grows.)
    """
    start = np.outer([1.0, 2.0, 0.5], [0.5, -0.25])
    target = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    size = np.linalg.norm(start)
    directions = [
        np.array([2.0, -1.0]) / np.sqrt(5),
        *(np.eye(d)[0] for d in (2, 3, 2, 2, 2)),
        np.array([1.0, 2.0, 0.5]),
    ]
    directions[-1] /= np.linalg.norm(directions[-1])
    weights = tuple(size ** (1 / 6) * np.outer(after, before) for before, after in pairwise(directions))
    layers = gradient_flow(Problem(weights, target, 0.0), times=[0.1, 0.5])
    alone = end_to_end_flow(start, squared_distance(target), depth=6, times=[0.1, 0.5])
    assert alone.rank == 1
    assert alone.sigma_min.max() < 1e-8
    assert np.linalg.norm(layers.end_to_end - alone.end_to_end) < 1e-6
    assert np.linalg.norm(layers.end_to_end[1] - start) > 0.1


def test_the_start_is_returned_for_time_zero_and_nothing_is_changed():
    """Times may begin at 0 or later; arrays passed in stay as they were."""
    problem = Problem((np.array([[0.5]]), np.array([[2.0]])), np.array([[3.0]]), 0.1)
    before = [layer.copy() for layer in problem.weights]
    only = gradient_flow(problem, times=[0])
    assert only.evaluations == 0
    assert only.end_to_end.tolist() == [[[1.0]]]
    assert only.loss.tolist() == [2.0]
    assert only.imbalance.tolist() == [[3.75]]
    late, both = gradient_flow(problem, times=[1.0]), gradient_flow(problem, times=(0, 1))
    assert np.array_equal(late.weights[0][-1], both.weights[0][-1])
    assert all(np.array_equal(a, b) for a, b in zip(before, problem.weights, strict=True))
    assert end_to_end_flow(np.eye(2), squared_distance(np.eye(2)), depth=2, times=[0]).loss.tolist() == [0.0]


def test_a_flow_that_leaves_the_range_of_floats():
    """L = -w^4 / 4 has w' = w^3, infinite at t = 1/2; two balanced layers make it worse."""
    down = Objective(lambda w: -((w**4).sum()) / 4, lambda w: -(w**3))
    one = np.array([[1.0]])
    with pytest.raises(FlowError, match=r"could not be integrated to times\[1\] = 0.75") as caught:
        gradient_flow(Problem((one,), one, 0.0), objective=down, times=[0.25, 0.75, 1.0])
    assert (caught.value.reached, caught.value.time) == (1, 0.75)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    with pytest.raises(FlowError, match=r"times\[0\] = 1 ") as caught:
        end_to_end_flow(one, down, depth=2, times=[1.0])
    assert caught.value.reached == 0
    with pytest.raises(FlowError, match=r"times\[0\] = 1 "):
        gradient_flow(Problem((one * 1e200,), one, 0.0), objective=down, times=[1.0])
    with pytest.raises(FlowError, match=r"times\[0\] = 1 "):  # a first step to what is not a number
        end_to_end_flow(one * 1e120, down, depth=2, times=[1.0])


def power_loss(inputs, outputs, power):
    """Written anew, for automatic differentiation."""
    import jax
    import jax.numpy as jnp

    return jax.grad(lambda w: (jnp.abs(w @ inputs - outputs) ** power).sum() / (power * inputs.shape[1]))


@pytest.mark.parametrize("power", [1.5, 2, 3, 4, 6.5, 12])
def test_gradient_of_power_regression_by_automatic_differentiation(power):
    """Within the rounding of sums of |W| |X| + |Y| to the p - 1, times |X|."""
    rng = np.random.default_rng(1)
    w, x, y = rng.normal(size=(2, 3)), rng.normal(size=(3, 7)), rng.normal(size=(2, 7))
    objective = power_regression(x, y, power=power)
    bound = (abs(w) @ abs(x) + abs(y)) ** (power - 1) @ abs(x).T / 7
    assert (abs(objective.gradient(w) - np.asarray(power_loss(x, y, power)(w))) <= 200 * 2.0**-53 * bound).all()
    stated = (abs(w @ x - y) ** power).sum() / (power * 7)
    assert objective.value(w) == pytest.approx(stated, rel=200 * 2.0**-53)


@pytest.mark.parametrize(
    "objective", [squared_distance(np.ones((2, 3))), power_regression(np.eye(3), np.ones((2, 3)), power=4)]
)
def test_objectives_take_stacks(objective):
    """One value and one gradient for each matrix."""
    stack = np.arange(24.0).reshape(4, 2, 3) / 8
    assert objective.value(stack).tolist() == [objective.value(matrix) for matrix in stack]
    assert np.array_equal(objective.gradient(stack), [objective.gradient(matrix) for matrix in stack])


def test_whitened_regression_is_a_squared_distance():
    """Same gradient as 1/2 ||W - Phi||^2 where X X^T / m = I."""
    x, y, w = 2 * np.eye(4)[:2], np.arange(4.0)[None], np.array([[3.0, -1.0]])
    phi = y @ x.T / 4
    assert np.array_equal(power_regression(x, y, power=2).gradient(w), squared_distance(phi).gradient(w))


def test_fractional_powers_by_hand():
    """diag(4, 9)^{1/2} = diag(2, 3) in another basis; 0^0 = 1; balls where the root is irrational."""
    turn = exact(np.array([[3.0, 4.0], [-4.0, 3.0]])) / 5
    matrix = turn @ exact(np.diag([4.0, 9.0])) @ turn.T
    assert (
        fractional_power(matrix, Fraction(1, 2), [fmpq(4), fmpq(9)]) == turn @ exact(np.diag([2.0, 3.0])) @ turn.T
    ).all()
    zero = exact(np.zeros((2, 2)))
    assert (fractional_power(zero, 0, [fmpq(0)]) == exact(np.eye(2))).all()
    assert (fractional_power(zero, Fraction(1, 3), [fmpq(0)]) == zero).all()
    root = fractional_power(exact(np.array([[2.0]])), Fraction(1, 2), [fmpq(2)])[0, 0]
    assert root**2 < fmpq(2) + fmpq(1, 2**40)
    assert root**2 > fmpq(2) - fmpq(1, 2**40)


ONE = np.array([[1.0]])
P = Problem((ONE, ONE), ONE, 0.0)
EXACT = exact(np.array([[1.0, 2.0], [2.0, 1.0]]))
BAD = {
    "no problem": (lambda: gradient_flow((ONE,), times=[1.0]), TypeError, "problem is a tuple; expected a Problem"),
    "an exact problem": (lambda: gradient_flow(P.exact(), times=[1.0]), TypeError, "weights[0] is not a float64 array"),
    "a stack": (
        lambda: gradient_flow(Problem((np.ones((3, 1, 1)),), ONE, 0.0), times=[1.0]),
        ValueError,
        "weights[0] has shape (3, 1, 1); expected two axes",
    ),
    "an infinite target": (
        lambda: gradient_flow(Problem((ONE,), ONE * np.inf, 0.0), times=[1.0]),
        ValueError,
        "target has the entry inf at (0, 0); expected finite entries",
    ),
    "no times": (
        lambda: gradient_flow(P, times=[]),
        ValueError,
        "times has shape (0,); expected one axis and at least",
    ),
    "one time": (lambda: gradient_flow(P, times=1.0), ValueError, "times has shape (); expected one axis"),
    "words": (lambda: gradient_flow(P, times=["now"]), TypeError, "times is ['now']; expected numbers, 0 <= times[0]"),
    "an infinite time": (
        lambda: gradient_flow(P, times=[np.inf]),
        ValueError,
        "times has the entry inf; expected finite",
    ),
    "a time before": (lambda: gradient_flow(P, times=[-1.0]), ValueError, "times[0] is -1.0; expected times >= 0"),
    "times going back": (
        lambda: gradient_flow(P, times=[0, 2, 1]),
        ValueError,
        "times[2] is 1.0 after 2.0; expected increasing times",
    ),
    "a time twice": (
        lambda: gradient_flow(P, times=[1, 1]),
        ValueError,
        "times[1] is 1.0 after 1.0; expected increasing",
    ),
    "complex times": (lambda: gradient_flow(P, times=[1j]), TypeError, "expected numbers, 0 <= times[0]"),
    "rtol too small": (
        lambda: gradient_flow(P, times=[1], rtol=1e-15),
        ValueError,
        "rtol is 1e-15; expected a number in",
    ),
    "rtol nan": (lambda: gradient_flow(P, times=[1], rtol=np.nan), ValueError, "rtol is nan; expected a number in"),
    "rtol 1": (lambda: gradient_flow(P, times=[1], rtol=1.0), ValueError, "rtol is 1.0; expected a number in"),
    "atol 0": (lambda: gradient_flow(P, times=[1], atol=0.0), ValueError, "atol is 0.0; expected a finite number > 0"),
    "atol infinite": (
        lambda: gradient_flow(P, times=[1], atol=np.inf),
        ValueError,
        "atol is inf; expected a finite number",
    ),
    "atol True": (
        lambda: gradient_flow(P, times=[1], atol=True),
        TypeError,
        "atol is True; expected a finite number > 0",
    ),
    "depth 0": (
        lambda: end_to_end_flow(ONE, squared_distance(ONE), depth=0, times=[1]),
        ValueError,
        "depth is 0; expected a whole number >= 1",
    ),
    "depth 1.5": (
        lambda: end_to_end_flow(ONE, squared_distance(ONE), depth=1.5, times=[1]),
        TypeError,
        "depth is 1.5; expected a whole number",
    ),
    "a vector": (
        lambda: end_to_end_flow(np.ones(2), squared_distance(ONE), depth=1, times=[1]),
        ValueError,
        "start has shape (2,); expected two axes",
    ),
    "integers": (
        lambda: end_to_end_velocity(np.eye(2, dtype=int), np.eye(2), depth=1),
        TypeError,
        "matrix has dtype int64; expected float64",
    ),
    "another shape": (
        lambda: end_to_end_velocity(np.ones((2, 3)), np.ones((3, 2)), depth=1),
        ValueError,
        "gradient has shape (3, 2) but the network maps R^3 to R^2; expected (2, 3)",
    ),
    "too high a rank": (
        lambda: end_to_end_velocity(np.ones((2, 3)), np.ones((2, 3)), depth=1, rank=3),
        ValueError,
        "rank is 3; expected at most 2",
    ),
    "power 1": (lambda: power_regression(ONE, ONE, power=1), ValueError, "power is 1.0; expected a finite number > 1"),
    "power nan": (
        lambda: power_regression(ONE, ONE, power=np.nan),
        ValueError,
        "power is nan; expected a finite number",
    ),
    "power text": (
        lambda: power_regression(ONE, ONE, power="4"),
        TypeError,
        "power is '4'; expected a finite number > 1",
    ),
    "samples": (
        lambda: power_regression(np.ones((2, 3)), np.ones((1, 4)), power=2),
        ValueError,
        "outputs has 4 samples but inputs has 3; expected one column a sample in both",
    ),
    "a target with nan": (lambda: squared_distance(ONE * np.nan), ValueError, "target has the entry nan at (0, 0)"),
    "a matrix that is not symmetric": (
        lambda: fractional_power(exact(np.array([[1.0, 2.0], [0.0, 1.0]])), 1, [fmpq(1)]),
        ValueError,
        "symmetric is not a symmetric matrix; expected A = A^T",
    ),
    "a missing eigenvalue": (lambda: fractional_power(EXACT, 1, [fmpq(3)]), ValueError, "lacks one of the matrix"),
    "a negative eigenvalue": (
        lambda: fractional_power(EXACT, Fraction(1, 2), [fmpq(3), fmpq(-1)]),
        ValueError,
        "power of -1, a negative number",
    ),
    "a negative exponent": (
        lambda: fractional_power(EXACT, -1, [fmpq(3)]),
        ValueError,
        "exponent is -1; expected one >= 0",
    ),
    "two outputs": (
        lambda: one_output_velocity(EXACT, EXACT, depth=2, norm=fmpq(1)),
        ValueError,
        "row has shape (2, 2); expected one row or one column",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_with_a_sentence(name):
    """The argument's name, what was wrong, what would be right."""
    call, error, sentence = BAD[name]
    with pytest.raises(error, match=re.escape(sentence)):
        call()


def test_the_velocity_of_one_output_by_hand():
    """W = (12, 16) / 5 of norm 4, g = (1, 0): <g, W> W / ||W||^2 = (9, 12) / 25, and 4^{2-2/N} is 1, 4, 8; of a column
    too."""
    row, gradient = exact(np.array([[12, 16]])) / 5, exact(np.array([[1, 0]]))
    for depth, speed, stated in ((1, 1, [[25, 0]]), (2, 4, [[34, 12]]), (4, 8, [[52, 36]])):
        expected = exact(np.array(stated)) * fmpq(-speed, 25)
        assert (one_output_velocity(row, gradient, depth=depth, norm=fmpq(4)) == expected).all()
        assert (one_output_velocity(row.T, gradient.T, depth=depth, norm=fmpq(4)) == expected.T).all()
