"""The flow of singular values and its bounds against other ways to compute them: JAX's derivative of the decomposition,
the flow of the product, SciPy's quadrature; what strategies promise, and what is refused."""

from __future__ import annotations

from random import Random

import jax
import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from scipy.integrate import quad

from solvers import FlowError, end_to_end, end_to_end_flow, frobenius_squared, imbalances, squared_distance
from solvers.flow import end_to_end_velocity, singular_value_flow, value_velocity, vector_velocities
from solvers.guarantees.rank_bias import at_effort, ceiling, effort, least_value, smaller_mode
from strategies import aligned_networks, diagonal, dimensions

jax.config.update("jax_enable_x64", True)

moved_decomposition = jax.jit(
    lambda matrix, velocity: jax.jvp(lambda w: jax.numpy.linalg.svd(w, full_matrices=False), (matrix,), (velocity,))
)


def state(shape, depth, seed):
    """W of distinct values, its complete bases, and a gradient."""
    random = np.random.default_rng(seed)
    count = min(shape)
    left, right = (np.linalg.qr(random.standard_normal((n, n)))[0] for n in shape)
    values = np.array([2.5, 1.25, 0.5])[:count]
    return (left[:, :count] * values) @ right[:, :count].T, left, values, right, random.standard_normal(shape)


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("shape", [(3, 3), (2, 4), (4, 2), (1, 3), (3, 1), (1, 1)])
def test_velocities_are_the_derivative_of_the_decomposition(shape, depth):
    """JAX's, along the velocity of the product that end_to_end_velocity has, up to the signs of vectors."""
    matrix, left, values, right, gradient = state(shape, depth, depth)
    velocity = end_to_end_velocity(matrix, gradient, depth=depth)
    (u, s, _), (du, ds, dvt) = moved_decomposition(matrix, velocity)
    assert np.allclose(s, values, atol=1e-12)
    slopes, layer_values = left.T @ gradient @ right, [float(x) for x in values ** (1 / depth)]
    for k in range(min(shape)):
        assert np.isclose(value_velocity(layer_values[k], slopes[k, k], depth), ds[k], atol=1e-9)
        turn, back = vector_velocities(layer_values, slopes, depth, k)
        sign = np.sign(left[:, k] @ u[:, k])
        assert np.allclose(left @ np.array(turn), sign * du[:, k], atol=1e-9)
        assert np.allclose(right @ np.array(back), sign * dvt[k], atol=1e-9)


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("shape", [(3, 3), (2, 4), (4, 2)])
def test_the_flow_is_that_of_the_product(shape, depth):
    """Values and W at three times."""
    matrix, _, values, _, shift = state(shape, depth, 7)
    objective, times = squared_distance(matrix + shift / 4), [0.0, 0.02, 0.05]
    found = singular_value_flow(matrix, objective, depth=depth, times=times)
    told = end_to_end_flow(matrix, objective, depth=depth, times=times)
    assert np.allclose(found.end_to_end, told.end_to_end, atol=1e-8)
    assert np.allclose(found.values, np.linalg.svd(told.end_to_end, compute_uv=False), atol=1e-8)
    assert np.allclose(found.values[0], values)
    assert np.allclose(found.left.mT @ found.left, np.eye(min(shape)), atol=1e-8)
    assert (found.left.shape, found.right.shape) == ((3, shape[0], min(shape)), (3, shape[1], min(shape)))
    assert (found.times == times).all()
    assert found.evaluations > 0


def test_where_values_meet_the_flow_stops():
    """W = diag(2, 1) towards [[0, 1], [-1, 3]] at N = 1, whose values meet: integrated through, or refused."""
    objective = squared_distance(np.array([[0.0, 1.0], [-1.0, 3.0]]))
    start, times = np.diag([2.0, 1.0]), [1.0]
    try:
        found = singular_value_flow(start, objective, depth=1, times=times).end_to_end
    except FlowError:
        return
    assert np.allclose(found, end_to_end_flow(start, objective, depth=1, times=times).end_to_end, atol=1e-6)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((np.eye(2), 2), r"start has the singular values \[1.0, 1.0\]; expected distinct ones > 0"),
        ((np.diag([1.0, 0.0]), 2), "expected distinct ones > 0"),
        ((np.diag([2.0, 1.0]), 0), "depth is 0; expected a whole number >= 1"),
    ],
)
def test_the_flow_refuses_by_name(arguments, sentence):
    start, depth = arguments
    with pytest.raises(ValueError, match=sentence):
        singular_value_flow(start, squared_distance(np.eye(2)), depth=depth, times=[1.0])


@pytest.mark.parametrize(
    ("values", "of", "depth", "sentence"),
    [
        ([2.0], 0, 2, r"layer_values has 1 entries; expected 2, slopes being \(2, 3\)"),
        ([2.0, 2.0], 1, 2, r"layer_values\[1\] is 2.0; expected a value > 0 that no other has"),
        ([2.0, 0.0], 1, 2, r"layer_values\[1\] is 0.0; expected a value > 0"),
        ([2.0, 1.0], 2, 2, "of is 2; expected at most 1, the last of the singular values"),
        ([2.0, 1.0], -1, 2, "of is -1; expected a whole number >= 0"),
        ([2.0, 1.0], 0, 0, "depth is 0; expected a whole number >= 1"),
    ],
)
def test_velocities_refuse_by_name(values, of, depth, sentence):
    with pytest.raises(ValueError, match=sentence):
        vector_velocities(values, np.ones((2, 3)), depth, of)


# The bias to low rank.


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 7])
def test_effort_by_quadrature(depth):
    """int dx / (N x^{2-2/N}), and its inverse."""
    for start, end in ((fmpq(1, 10), fmpq(3)), (fmpq(2), fmpq(1, 4)), (fmpq(1), fmpq(1))):
        told = quad(lambda x: x ** (2 / depth - 2) / depth, float(start), float(end), epsabs=1e-13)[0]
        found = effort(start, end, depth)
        assert abs(float(arb(found)) - told) < 1e-9
        assert abs(float(arb(at_effort(start, found, depth))) - float(end)) < 1e-12


@pytest.mark.parametrize("depth", [1, 2, 3, 5])
def test_bounds_by_integration(depth):
    """sigma_1' = k N sigma_1^{2-2/N}, sigma_2' = N sigma_2^{2-2/N}: the flow of L = -<diag(k, 1), W>, integrated."""
    slopes = -np.diag([3.0, 1.0])
    objective = type(squared_distance(slopes))(lambda w: (slopes * w).sum(axis=(-2, -1)), lambda w: slopes + 0 * w)
    flow = end_to_end_flow(np.diag([0.25, 0.25]), objective, depth=depth, times=[0.05, 0.1])
    for matrix in flow.end_to_end:
        most = smaller_mode(fmpq(*float(matrix[0, 0]).as_integer_ratio()), fmpq(1, 4), fmpq(3), depth)
        assert abs(float(arb(most)) - matrix[1, 1]) < 1e-8
        if depth > 2:
            assert matrix[1, 1] < float(arb(ceiling(fmpq(1, 4), fmpq(3), depth)))
    if depth > 1:
        fall = end_to_end_flow(
            np.array([[0.25]]),
            type(objective)(lambda w: w.sum(axis=(-2, -1)), lambda w: 1 + 0 * w),
            depth=depth,
            times=[1.0],
        )
        assert abs(float(arb(least_value(fmpq(1, 4), fmpq(1), fmpq(1), depth))) - fall.end_to_end[0, 0, 0]) < 1e-8


def test_exact_where_it_is_rational():
    """N = 3: p = 1/3."""
    assert effort(fmpq(1, 8), fmpq(1, 27), 3) == -1
    assert at_effort(fmpq(1, 8), fmpq(-1), 3) == fmpq(1, 27)
    assert smaller_mode(fmpq(1), fmpq(1, 1000), fmpq(2), 3) == fmpq(8, 1331)
    assert ceiling(fmpq(1, 1000), fmpq(2), 3) == fmpq(1, 125)
    assert least_value(fmpq(1, 8), fmpq(1), fmpq(1), 3) == fmpq(1, 27)


REFUSED = [
    (effort, (fmpq(0), fmpq(1), 2), "start is 0; expected a number > 0"),
    (effort, (fmpq(1), fmpq(-1), 3), "end is -1; expected a number > 0"),
    (effort, (fmpq(1), fmpq(1), 0), "depth is 0; expected a whole number >= 1"),
    (at_effort, (fmpq(1), fmpq(1), 3), "spent is 1; expected less than"),
    (smaller_mode, (fmpq(1), fmpq(1), fmpq(0), 3), "ratio is 0; expected a number > 0"),
    (ceiling, (fmpq(1), fmpq(2), 2), "depth is 2; expected at least 3"),
    (ceiling, (fmpq(1), fmpq(1), 3), "ratio is 1; expected more than 1"),
    (ceiling, (fmpq(0), fmpq(2), 3), "start is 0; expected a number > 0"),
    (least_value, (fmpq(1), fmpq(1), fmpq(1), 1), "depth is 1; expected at least 2"),
]


@pytest.mark.parametrize(("function", "arguments", "sentence"), REFUSED)
def test_bounds_refuse_by_name(function, arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        function(*arguments)


# Networks with known bases.


@given(dimensions(max_depth=4, max_width=4).flatmap(aligned_networks))
def test_aligned_networks_are_what_is_said_of_them(network):
    """Balanced, W = left S^N right^T, the first value simple and positive, zeros beyond the smallest width."""
    assert all(frobenius_squared(b) == 0 for b in imbalances(network.weights))
    shape = len(network.left), len(network.right)
    powers = diagonal(*shape, [a**network.depth for a in network.values])
    assert (end_to_end(network.weights) == network.left @ powers @ network.right.T).all()
    assert all((q.T @ q == diagonal(len(q), len(q), [1] * len(q))).all() for q in (network.left, network.right))
    first, *others = network.values
    assert first > 0
    assert (8 * first).q == 1 == int((8 * first).p) % 2
    assert first not in others
    smallest = min(network.weights[0].shape[1], *(len(w) for w in network.weights))
    assert len(network.values) == min(shape)
    assert not any(network.values[smallest:])


KINDS = {
    "two equal others": lambda n: len(n.values) == 3 and n.values[1] == n.values[2] > 0,
    "a zero": lambda n: 0 in n.values,
    "the simple one not the largest": lambda n: max(n.values) > n.values[0],
    "a bottleneck": lambda n: len(n.weights[0]) == 1 and len(n.values) == 3,
}


@pytest.mark.parametrize("kind", KINDS)
def test_aligned_networks_reach(kind):
    """Within 500 draws."""
    quick = settings(database=None, deadline=None, max_examples=500, phases=[Phase.generate])
    widths = st.sampled_from([(3, 3, 3), (3, 1, 3)])
    find(widths.flatmap(aligned_networks), KINDS[kind], settings=quick, random=Random(0))


def test_aligned_networks_shrink_to_diagonal_layers():
    quick = settings(database=None, deadline=None, max_examples=100, phases=[Phase.generate, Phase.shrink])
    found = find(aligned_networks((2, 2)), lambda n: True, settings=quick, random=Random(0))
    assert found.weights[0].tolist() == [[fmpq(1, 8), 0], [0, 1]]


def test_aligned_networks_refuse_bad_widths():
    @settings(max_examples=1, database=None)
    @given(aligned_networks((2,)))
    def draw(network):
        assert network.depth == 1

    with pytest.raises(InvalidArgument, match=r"dimensions is \(2,\); expected"):
        draw()
