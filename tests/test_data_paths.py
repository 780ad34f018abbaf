"""Gradient descent on problems with a covariance or a mask: every path, and what records, stops and certifies them."""

from __future__ import annotations

import re
from itertools import pairwise

import jax_oracle
import numpy as np
import pytest
from every_path import (
    FAST_WAYS,
    WAYS,
    bound_of,
    check_close,
    check_same_run,
    differences,
    distance,
    network,
    run,
    slowed,
    stacked,
    with_safe_rate,
)
from flint import arb, ctx
from hypothesis import example, given
from hypothesis import strategies as st

from solvers import (
    DivergenceError,
    Problem,
    balanced_factors,
    end_to_end,
    gradient_descent,
    gradient_flow,
    inertia,
    loss,
    loss_ball,
    perturbed_gradient_descent,
    regression,
    weight_error_bound,
)
from solvers.arithmetic import TINY, UNIT, exact, rational, upper_float
from solvers.descent.compress import compress
from solvers.descent.paths import kernel
from solvers.network.definiteness import shortfall
from strategies import covariances, dimensions, problems

ANY = ("white", "covariance", "mask")
SEEN = ANY[1:]


def with_data(problem: Problem, form: str, seed: int = 0) -> Problem:
    """A covariance of as many samples as inputs, of 53 bits, or a mask of about half the entries."""
    generator = np.random.default_rng(seed)
    if form == "mask":
        mask = generator.random(problem.target.shape) < 0.5
        return Problem(problem.weights, problem.target, problem.learning_rate, mask=mask)
    size = problem.dimensions[0]
    factor = generator.standard_normal((size, size)) / np.sqrt(size)
    return Problem(problem.weights, problem.target, problem.learning_rate, covariance=factor @ factor.T)


EDGES = [with_data(network(*shape, seed=1), form) for shape in [(3, 4, 2), (2, 4, 3), (1, 1), (5, 2)] for form in SEEN]
UNIFORM = [with_data(network(*[width] * 4, seed=width), form) for width in range(1, 9) for form in SEEN]


@pytest.mark.parametrize("way", FAST_WAYS)
@given(batch=st.lists(problems(data=ANY).map(slowed), min_size=1, max_size=4))
@example(batch=EDGES)
@example(batch=EDGES[:1])
@example(batch=UNIFORM)  # uniform ones are unrolled
def test_twenty_steps_are_those_of_the_reference(way, batch):
    """Mixed shapes and losses: weights within the two runs' bounds, and what is recorded with them."""
    options = {"record": range(20), "certify": True}
    expected = run("reference", batch, 20, **options)
    for left, right in zip(run(way, batch, 20, **options), expected, strict=True):
        check_close(left, right)


@pytest.mark.parametrize("way", WAYS)
def test_losses_of_three_forms_in_one_batch(way):
    """One shape, in any order: each network is as if alone, to the bit but on "lanes"."""
    plain = network(3, 4, 2, seed=1)
    batch = [plain, *(with_data(plain, form) for form in SEEN), plain]
    for order in (batch, batch[::-1]):
        for problem, found in zip(order, run(way, order, 20, certify=True), strict=True):
            alone = run(way, problem, 20, certify=True)
            (check_close if way == "lanes" else check_same_run)(found, alone)


@pytest.mark.parametrize("way", WAYS)
@given(problem=problems(dimensions=dimensions(max_depth=3, max_width=3), data=SEEN).map(slowed))
def test_three_steps_are_the_exact_ones_up_to_the_bound(way, problem):
    """Weights and loss of the exact descent, in rationals; the bounds are finite, and no more than 2^-30."""
    (found,) = run(way, [problem], 3, certify=True)
    posed = problem.exact()
    for _ in range(3):
        posed = posed.step()
    allowed = bound_of(found)
    assert distance(found.weights, posed.weights) <= allowed < arb(2) ** -30
    truth = arb(loss(posed.weights, posed.target, **posed.data))
    assert loss_ball(found).overlaps(truth)


@pytest.mark.parametrize("way", [*WAYS, None])
@pytest.mark.parametrize("shape", [(3, 4, 2), (2, 4, 3), (4, 4, 4, 4), (5, 3), (40, 3, 33), (33, 2, 40)])
def test_the_white_loss_is_a_special_case(way, shape):
    """S = I and M = 1: the very same numbers, on every path, with every look; one alone and twenty side by side."""
    options = {"record": range(0, 50, 7), "certify": True, "stop_at_loss": 0.01}
    for count in (1, 20):
        plain = [network(*shape, seed=seed) for seed in range(count)]
        expected = run(way, plain, 50, **options) if way else gradient_descent(plain, steps=50, **options)
        for data in ({"covariance": np.eye(shape[0])}, {"mask": np.ones((shape[-1], shape[0]))}):
            batch = [Problem(p.weights, p.target, p.learning_rate, **data) for p in plain]
            found = run(way, batch, 50, **options) if way else gradient_descent(batch, steps=50, **options)
            for left, right in zip(found, expected, strict=True):
                assert set(differences(left, right)) <= {"residual_sum", *data}
                assert abs(left.residual_sum - right.residual_sum) <= 100 * UNIT * right.residual_sum
                assert weight_error_bound(left) >= weight_error_bound(right)


def test_the_white_loss_is_a_special_case_of_the_closed_form_and_of_compression():
    """Depth 1, and layers wide enough to be compressed: the very same numbers."""
    for shape, steps in (((5, 3), 1000), ((3, 90, 4), 30)):
        plain = network(*shape, seed=3)
        expected = gradient_descent(plain, steps=steps, record=range(0, steps, 7))
        assert expected.path in ("closed form", "compress, dots", "compress, kernel")
        for data in ({"covariance": np.eye(shape[0])}, {"mask": np.ones((shape[-1], shape[0]))}):
            posed = Problem(plain.weights, plain.target, plain.learning_rate, **data)
            found = gradient_descent(posed, steps=steps, record=range(0, steps, 7))
            if len(shape) == 2 or "covariance" in data:
                assert set(differences(found, expected)) <= set(data)
            else:  # a mask is compressed in other bases
                assert distance(found.weights, expected.weights) <= arb(2) ** -40


@given(st.lists(problems(dimensions=st.just((3, 2, 2)), data="covariance").map(slowed), min_size=1, max_size=9))
@example([with_data(network(4, 4, 4, 4, seed=k), "mask", k) for k in range(9)])
def test_a_stack_is_its_networks(batch):
    """One stack with an S or M for each, or for all: the same bits as a list."""
    whole = stacked(batch)
    found = gradient_descent(whole, steps=12, record=range(12), certify=True)
    expected = gradient_descent(batch, steps=12, record=range(12), certify=True)
    for k, trajectory in enumerate(expected):
        assert all(np.array_equal(a[k], b) for a, b in zip(found.weights, trajectory.weights, strict=True))
        assert np.array_equal(found.loss[k], trajectory.loss)
    (name, part), *_ = ((name, part) for name, part in whole.data.items() if part is not None)
    shared = Problem(whole.weights, whole.target, whole.learning_rate, **{name: part[0]})
    found = gradient_descent(shared, steps=12)
    alone = [Problem(p.weights, p.target, p.learning_rate, **{name: part[0]}) for p in batch]
    for k, trajectory in enumerate(gradient_descent(alone, steps=12)):
        assert all(np.array_equal(a[k], b) for a, b in zip(found.weights, trajectory.weights, strict=True))


@pytest.mark.parametrize("form", SEEN)
@pytest.mark.parametrize("way", WAYS)
def test_networks_that_stop_leave_the_others_alone(way, form):
    """Forty networks that reach the loss at different steps, ranks closed on the way: each is as if alone, to the bit
    but on "lanes", where the order of sums depends on how many there are."""
    batch = [with_safe_rate(with_data(network(3, 4, 3, seed=k), form, k)) for k in range(40)]
    starts = [float(loss(problem.weights, problem.target, **problem.data)) for problem in batch]
    options = {"stop_at_loss": float(np.median(starts)) / 2, "certify": True}
    found = run(way, batch, 400, **options)
    assert len({trajectory.steps for trajectory in found}) > 10
    for problem, trajectory in list(zip(batch, found, strict=True))[::8]:
        (check_close if way == "lanes" else check_same_run)(trajectory, run(way, [problem], 400, **options)[0])
        truth = loss(trajectory.weights, problem.target, **problem.data)
        assert abs(trajectory.loss[-1] - truth) <= 2.0**-40 * (1 + truth)


@pytest.mark.parametrize("form", SEEN)
@pytest.mark.parametrize("way", WAYS)
def test_divergence_is_that_of_the_reference(way, form):
    """The step at which an entry is not finite, and the steps before it."""
    problem = with_data(network(3, 4, 3, seed=5), form)
    problem = Problem(problem.weights, problem.target, 4.0, **problem.data)
    with pytest.raises(DivergenceError) as expected:
        run("reference", problem, 200)
    with pytest.raises(DivergenceError) as found:
        run(way, problem, 200)
    assert found.value.step == expected.value.step > 2


def test_a_loss_is_never_below_zero():
    """R in the null space of S, of 53 bits: <R, R S> is rounding of either sign; a negative stop_at_loss stops none."""
    generator, seen = np.random.default_rng(0), []
    for _ in range(50):
        factor = generator.standard_normal((3, 1))
        hidden = np.linalg.svd(factor @ factor.T)[0][:, 1:]
        target = generator.standard_normal((2, 2)) @ hidden.T
        problem = Problem((np.zeros((2, 3)), np.zeros((2, 2))), target, 0.1, covariance=factor @ factor.T)
        seen.append(loss(problem.weights, problem.target, **problem.data))
        for way in WAYS:
            found = run(way, [problem], 20, record=range(20), stop_at_loss=-1e-300, certify=True)[0]
            assert found.steps == 20
            assert (found.loss >= 0).all()
            assert found.residual_sum >= 0
        noiseless = perturbed_gradient_descent(
            problem, steps=20, radius=0.0, gradient_threshold=0.0, wait=1, seed=0, stop_at_loss=-1e-300
        ).trajectory
        assert noiseless.steps == 20
        assert noiseless.loss.min() >= 0
    assert min(seen) < 0 < max(seen)


def eigenvalue_bound(problem: Problem, steps: int) -> arb:
    """||W(t) - computed W(t)||_F of the closed form with a covariance or mask.

    LAPACK's modes are those of S + E, |E| <= 10 d u |S| (its modest p(n) at most 10 n), with V orthogonal as far: each
    of t factors I - eta S, of norm at most 1 here, moves by eta |E|, and the two rotations by 20 d u each. The power of
    one mode is within (5 max(t, |x|) + 8) u as in :mod:`test_paths`, and products and sums add d + 4 more roundings
    of numbers up to ||W(0)|| + 2 ||Phi||.
    """
    residual = exact(problem.weights[0]) - exact(problem.target)
    start, target, length = (
        arb(sum(entry * entry for entry in matrix.ravel())).sqrt()
        for matrix in (exact(problem.weights[0]), exact(problem.target), residual)
    )
    size, rate = problem.target.shape[1], arb(problem.learning_rate)
    norm = arb(1) if problem.covariance is None else arb(float(np.linalg.norm(problem.covariance, 2))) * 2
    moved = steps * rate * 10 * size * UNIT * norm + 40 * size * UNIT + UNIT * (5 * steps + 8)
    return 4 * moved * length + 2 * (size + 4) * UNIT * (start + 2 * target) + 8 * residual.size * arb(TINY)


@given(
    problems(dimensions=dimensions(max_depth=1, max_width=4), data=SEEN),
    st.floats(0, 1),
    st.sampled_from([0, 1, 2, 20, 300, 10**4]),
)
@example(with_data(network(3, 2, seed=1), "covariance"), 1 / 3, 300)
def test_the_closed_form_is_the_exact_one(problem, share, steps):
    """Depth 1 against Phi + (W(0) - Phi) (I - eta S)^t in balls of 300 bits, for eta |S| <= 1."""
    norm = 1.0 if problem.covariance is None else max(1.0, float(np.linalg.norm(problem.covariance)))
    problem = Problem((problem.weights[0] / 3,), problem.target / 7, share / norm, **problem.data)
    found = run("closed form", problem, steps)
    with ctx.workprec(300):
        rate, start, target = rational(problem.learning_rate), exact(problem.weights[0]), exact(problem.target)
        if problem.mask is not None:
            truth = target + (start - target) * np.where(problem.mask, arb(1 - rate) ** steps, arb(1))
        else:
            factor = np.frompyfunc(arb, 1, 1)(exact(np.eye(len(problem.covariance))) - rate * exact(problem.covariance))
            truth = target + (start - target) @ power(factor, steps)
        gaps = [(a - b) * (a - b) for a, b in zip(truth.ravel(), exact(found.weights[0]).ravel(), strict=True)]
        assert sum(gaps, arb(0)).nonnegative_part().sqrt() <= eigenvalue_bound(problem, steps)
    assert found.loss[-1] >= 0


def power(matrix, exponent):
    """A^t by squaring."""
    if exponent == 0:
        return np.frompyfunc(arb, 1, 1)(np.eye(len(matrix)))
    half = power(matrix, exponent // 2)
    return half @ half @ matrix if exponent % 2 else half @ half


@given(problems(dimensions=dimensions(max_depth=1), data=SEEN).map(slowed), st.sampled_from([0, 1, 7, 20]))
def test_the_closed_form_agrees_with_the_reference(problem, steps):
    """Within both derived bounds; what is recorded on the way is what a shorter run ends with; stops where it does."""
    expected = run("reference", problem, steps, record=range(steps), certify=True)
    found = run("closed form", problem, steps, record=range(steps), stop_at_loss=-1.0)
    allowed = eigenvalue_bound(problem, steps) + bound_of(expected)
    assert distance(found.weights, expected.weights) <= allowed
    for step in range(steps):
        assert found.loss[step] == run("closed form", problem, step).loss[-1]


@pytest.mark.parametrize("form", SEEN)
def test_the_closed_form_takes_mixed_batches_and_stops(form):
    """Lists of several shapes, the loss reached at different steps; networks in a stack that overflow leave the others
    alone."""
    shapes = [(3, 2), (2, 4), (3, 2), (1, 1)] * 3
    batch = [with_data(network(*shape, seed=k), form, k) for k, shape in enumerate(shapes)]
    found = gradient_descent(batch, steps=1000, stop_at_loss=0.05)
    for problem, trajectory in zip(batch, found, strict=True):
        assert trajectory.path == "closed form"
        alone = gradient_descent(problem, steps=1000, stop_at_loss=0.05)
        assert differences(trajectory, alone) == []
    rates = np.array([0.01, 1e3])
    pair = stacked([batch[0], batch[2]])
    both = gradient_descent(Problem(pair.weights, pair.target, rates, **pair.data), steps=200)
    assert both.diverged.tolist() == [False, True]
    assert np.array_equal(both.weights[0][0], gradient_descent(batch[0], steps=200).weights[0])


@pytest.mark.parametrize("form", SEEN)
def test_the_closed_form_stops_where_single_steps_do(form):
    """At the first loss that is low enough: that of what is seen."""
    problem = with_data(network(3, 2, seed=2), form)
    lowest = float(loss(problem.weights, problem.target, **problem.data)) / 10
    expected = run("reference", [problem], 2000, stop_at_loss=lowest)[0]
    found = run("closed form", [problem], 2000, stop_at_loss=lowest)[0]
    assert 10 < found.steps == expected.steps < 2000
    assert abs(found.loss[-1] - expected.loss[-1]) <= 2.0**-40


def test_the_closed_form_moves_nothing_that_is_not_seen():
    """S = diag(1, 0): to the bit, however many steps there are."""
    start, target = np.array([[1 / 3, 1 / 7]]), np.array([[0.1, 1e3 / 3]])
    for steps in (1, 10, 10**6):
        problem = Problem((start,), target, 0.25, covariance=np.diag([1.0, 0.0]))
        (found,) = run("closed form", problem, steps).weights
        assert found[0, 1] == start[0, 1]
        assert abs(found[0, 0] - (0.1 + 0.75**steps * (1 / 3 - 0.1))) <= 4 * UNIT


@pytest.mark.parametrize("form", SEEN)
@pytest.mark.parametrize("shape", [(3, 90, 4), (4, 60, 3), (3, 90, 70, 4), (3, 50, 50, 50, 2)])
def test_compressed_runs_are_the_whole_ones(form, shape):
    """Wide hidden layers, balanced where there are several: a few subspaces move, and all that is recorded is that of
    the whole network."""
    plain = network(*shape, seed=7)
    weights = plain.weights if len(shape) == 3 else balanced_factors(end_to_end(plain.weights), shape)
    problem = with_data(Problem(weights, plain.target, plain.learning_rate), form)
    compression = compress(problem)
    assert max(compression.ranks) <= shape[0] + shape[-1]
    found = gradient_descent(problem, steps=40, record=range(40))
    assert found.path.startswith("compress")
    expected = run("dots", problem, 40, record=range(40), certify=True)
    assert distance(found.weights, expected.weights) <= arb(2) ** -40
    for name in ("loss", "imbalance", "sigma_min"):
        assert abs(getattr(found, name) - getattr(expected, name)).max() <= 2.0**-36


def test_the_covariance_decides_what_is_compressed():
    """A residual of one row in an eigenvector of S stays in one dimension; in two eigenvectors it takes both, which the
    white loss does not: U_0 is invariant under S."""
    weights = (np.zeros((3, 3)), np.zeros((2, 3)))
    for row, ranks in (([1.0, 0.0, 0.0], 1), ([1.0, 1.0, 0.0], 2), ([1.0, 1.0, 1.0], 2)):
        target = np.array([row, [0.0] * 3])
        problem = Problem(weights, target, 0.1, covariance=np.diag([1.0, 2.0, 2.0]))
        assert compress(problem).ranks[0] == ranks
        assert compress(Problem(weights, target, 0.1)).ranks[0] == 1
    seen = Problem(weights, np.eye(2, 3), 0.1, mask=np.eye(2, 3))
    assert compress(seen).ranks == (3, 0, 2)


@given(problems(data=SEEN).map(slowed))
def test_perturbed_descent_without_noise_is_gradient_descent(problem):
    """Radius 0: the reference, bit for bit."""
    expected = run("reference", problem, 15, record=range(15))
    found = perturbed_gradient_descent(
        problem, steps=15, radius=0.0, gradient_threshold=0.0, wait=1, seed=0, record=range(15)
    ).trajectory
    assert differences(found, expected) == []


@pytest.mark.parametrize("form", SEEN)
def test_the_flow_is_the_limit_of_descent(form):
    """Euler's method with 2^k steps to time 1, extrapolated once, is within 1e-5 of the flow, and far nearer than it is
    without: the flow is of the same loss."""
    problem = with_data(network(3, 4, 2, seed=9), form)
    flow = gradient_flow(problem, times=[0.0, 1.0])
    ends = []
    for k in (10, 11):
        posed = Problem(problem.weights, problem.target, 2.0**-k, **problem.data)
        ends.append(end_to_end(gradient_descent(posed, steps=2**k).weights))
    gaps = [np.linalg.norm(end - flow.end_to_end[-1]) for end in (ends[0], ends[1], 2 * ends[1] - ends[0])]
    assert gaps[2] < 1e-5
    assert gaps[2] < gaps[1] / 50 < gaps[0] / 50
    assert flow.loss[-1] == loss([w[-1] for w in flow.weights], problem.target, **problem.data)
    assert flow.loss[-1] < flow.loss[0]


@given(covariances(3))
@example(np.eye(3))
@example(np.zeros((3, 3)))
@example(np.outer([1.0, 0.125, 0.25], [1.0, 0.125, 0.25]))
def test_the_shortfall_bounds_the_least_eigenvalue(covariance):
    """b = 0 for the identity; for a third of a covariance, which rounds, b is at least what that falls short by, which
    exact inertias decide, and no more than a few roundings."""
    third = covariance / 3
    short = shortfall(third)
    assert short <= 2.0**-40 * float(np.linalg.norm(third)) + 2.0**-500
    assert shortfall(np.eye(3)) == 0
    moved = exact(third) + exact(np.eye(3)) * rational(upper_float(short))
    assert inertia(moved)[1] == 0


def test_the_shortfall_of_what_is_not_definite():
    """diag(1, -1/8): b is at least 1/8, and hardly more."""
    assert arb(0.125) <= shortfall(np.diag([1.0, -0.125])) <= arb(0.1250001)


@pytest.mark.parametrize("way", WAYS)
def test_bounds_of_long_runs_are_finite(way):
    """Thousands of steps with a covariance of rank 2 of 4, of 53 bits: two runs within bounds that are below 1e-6."""
    inputs = np.random.default_rng(0).standard_normal((2, 40))
    data = regression(np.vstack([inputs, inputs[::-1]]), inputs[:1] - 0.5 * inputs[1:])
    problem = with_safe_rate(data.problem(network(4, 3, 1, seed=0).weights, 0.0))
    steps = 2000
    found, expected = (run(each, problem, steps, certify=True) for each in (way, "dots"))
    assert check_close(found, expected) <= arb(10) ** -6
    ball = loss_ball(found)
    assert ball.is_finite()
    assert ball.overlaps(loss_ball(expected))


@pytest.mark.parametrize("scale", [0.25, 1.0, 4.0])
def test_bounds_know_how_large_the_covariance_is(scale):
    """S = c I at learning rate eta / c: the weights of the white loss to the bit, and so a bound that must not be
    smaller; here it is at most four times as large. Escape from a small start makes the white one a thousandfold."""
    plain = network(3, 3, 3, seed=4)
    weights = tuple(matrix / 16 for matrix in plain.weights)
    expected = gradient_descent(Problem(weights, plain.target, 1 / 32), steps=300, certify=True)
    problem = Problem(weights, plain.target, 1 / 32 / scale, covariance=scale * np.eye(3))
    found = gradient_descent(problem, steps=300, certify=True)
    assert all(map(np.array_equal, found.weights, expected.weights))
    single = gradient_descent(Problem(weights, plain.target, 1 / 32), steps=1, certify=True)
    assert weight_error_bound(expected) > 1000 * 300 * weight_error_bound(single)
    assert weight_error_bound(expected) <= weight_error_bound(found) <= 4 * weight_error_bound(expected)


@given(problems(dimensions=dimensions(max_depth=4), data=SEEN).map(slowed))
def test_one_step_agrees_with_automatic_differentiation(problem):
    """On the fastest path: W_j - eta D_j within the rounding of both."""
    (found,) = gradient_descent([problem], steps=1)
    gradients = jax_oracle.data_gradients(problem.weights, problem.target, **problem.data)
    allowed = jax_oracle.data_gradient_tolerance(problem.weights, problem.target, **problem.data)
    rate = problem.learning_rate
    for matrix, moved, gradient, tolerance in zip(problem.weights, found.weights, gradients, allowed, strict=True):
        most = rate * tolerance + 16 * 8 * UNIT * (abs(matrix) + rate * abs(gradient) + rate * tolerance)
        assert (abs(moved - (matrix - rate * gradient)) <= most).all()


BAD = {
    "covariances for half": (
        {"covariance": np.ones((2, 2, 2))},
        "covariance holds 2 networks but weights[0] holds 5; expected 5",
    ),
    "masks for half": ({"mask": np.ones((2, 4, 2))}, "mask holds 2 networks but weights[0] holds 5; expected 5"),
}


@pytest.mark.parametrize("case", BAD)
def test_stacks_with_data_for_other_networks(case):
    """As for targets."""
    data, sentence = BAD[case]
    weights = tuple(np.ones((5, b, a)) for a, b in pairwise((2, 3, 4)))
    with pytest.raises(ValueError, match=re.escape(sentence)):
        gradient_descent(Problem(weights, np.ones((4, 2)), 0.1, **data), steps=1)


def test_exact_data_do_not_run_in_float64():
    """A covariance of rationals beside float64 weights."""
    posed = Problem((np.ones((1, 2)),), np.ones((1, 2)), 0.1, covariance=exact(np.eye(2)))
    for function in (lambda: gradient_descent(posed, steps=1), lambda: compress(posed)):
        with pytest.raises(TypeError, match="covariance is not a float64 array; expected dtype float64"):
            function()
    with pytest.raises(TypeError, match="covariance is not a float64 array"):
        gradient_flow(posed, times=[1.0])


def test_a_kernel_built_from_an_older_source_is_not_used(monkeypatch):
    """Its functions would be called with arguments that they do not know."""
    monkeypatch.setattr(kernel, "VERSION", 1)
    assert kernel._library.__wrapped__() is None
