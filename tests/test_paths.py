"""Every path of gradient descent against the reference, automatic differentiation, exact rationals and itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import chain, pairwise
from threading import Barrier

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
    scalar,
    slowed,
    stacked,
    with_safe_rate,
)
from flint import arb, ctx
from hypothesis import example, given
from hypothesis import strategies as st

from solvers import Problem, end_to_end, gradient_descent, gradient_step
from solvers.arithmetic import TINY, UNIT, exact, rational
from strategies import dimensions, margin_problems, problems

mixed_batches = st.lists(problems().map(slowed), min_size=1, max_size=4)
ZEROS = Problem((np.zeros((2, 3)), np.zeros((4, 2))), np.ones((4, 3)), 0.25)
AT_REST = Problem((np.zeros((2, 3)), np.zeros((4, 2))), np.zeros((4, 3)), 0.25)
TO_ZERO = Problem((np.full((2, 3), 0.25), np.full((1, 2), 0.75)), np.zeros((1, 3)), 0.125)
EDGES = [scalar(1 / 3, target=2 / 3, rate=1 / 7), scalar(0.3, -0.7, target=1, rate=1 / 7), ZEROS, AT_REST, TO_ZERO]


@st.composite
def one_shape(draw, *, most=4):
    """Several problems of one shape."""
    widths = draw(dimensions())
    return draw(st.lists(problems(dimensions=st.just(widths)).map(slowed), min_size=1, max_size=most))


@pytest.mark.parametrize("way", FAST_WAYS)
@given(batch=mixed_batches)
@example(batch=EDGES)
@example(batch=EDGES[:1])
@example(batch=[network(*[width] * 4, seed=width) for width in range(1, 9)])  # uniform ones are unrolled
def test_twenty_steps_are_those_of_the_reference(way, batch):
    """Mixed batches of all shapes: weights within the two runs' bounds, and what is recorded with them."""
    options = {"record": range(20), "certify": True}
    expected = run("reference", batch, 20, **options)
    for left, right in zip(run(way, batch, 20, **options), expected, strict=True):
        check_close(left, right)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("problem", [*EDGES, network(3, 8, 2, 5, seed=1)])
def test_learning_rate_zero_stays_bit_for_bit(way, problem):
    """W - 0 D = W, and every recorded value keeps its bits."""
    (found,) = run(way, [Problem(problem.weights, problem.target, 0.0)], 40, record=range(40))
    assert all(map(np.array_equal, found.weights, problem.weights))
    assert len(found.recorded) == 41
    assert all(len(np.unique(values, axis=0)) == 1 for values in (found.loss, found.imbalance, found.sigma_min))


@pytest.mark.parametrize("way", [None, "closed form", *WAYS])
def test_the_empty_batch(way):
    """No networks: an empty list, and a stack whose leading axis is 0, at depth 1 (every path) and 3."""
    assert run(way or "tiles", [], 10, record=range(10)) == []
    for dims in [(2, 3)] if way == "closed form" else [(2, 3), (3, 2, 4, 3)]:
        weights = tuple(np.zeros((0, b, a)) for a, b in pairwise(dims))
        problem = Problem(weights, np.zeros((dims[-1], dims[0])), np.zeros(0))
        options = {"record": range(3), "stop_at_loss": 0.5, "certify": way != "closed form"}
        found = run(way, problem, 10, **options) if way else gradient_descent(problem, steps=10, **options)
        assert [matrix.shape for matrix in found.weights] == [matrix.shape for matrix in weights]
        assert found.recorded.shape == found.loss.shape == found.sigma_min.shape == (0, 4)
        assert found.imbalance.shape == (0, 4, len(dims) - 2)
        assert found.steps.shape == found.diverged.shape == (0,)
        assert way == "closed form" or found.residual_sum.shape == found.largest_norm.shape == (0,)


LONG = {
    10**3: ("reference", [network(3, 2, 4, seed=2), network(8, 1, seed=4), network(2, 2, 2, 2, 2, seed=5)], FAST_WAYS),
    10**4: ("reference", [network(2, 3, 1, seed=6)], FAST_WAYS),
    10**5: ("dots", [network(2, 3, 1, seed=6)], [way for way in FAST_WAYS if way.startswith("kernel")]),
}
"""Steps, a path to compare with (the slower ones only where they take seconds at most), networks, and paths."""


@pytest.mark.parametrize("steps", LONG)
def test_long_runs_are_within_the_bounds(steps):
    """The bounds of thousands of steps are finite for runs that converge, and two certified runs are within them."""
    other, batch, ways = LONG[steps]
    options = {"record": range(0, steps, steps // 50), "certify": True}
    expected = run(other, batch, steps, **options)
    for way in ways:
        for left, right in zip(run(way, batch, steps, **options), expected, strict=True):
            check_close(left, right)


def closed_form_error(problem: Problem, steps: int) -> arb:
    """||W(t) - computed W(t)||_F of the closed form, W(t) = Phi + (1 - eta)^t R with R = W(0) - Phi.

    R rounds by u, the product by u, the sum by u of the result. The power: for eta < 1/2 it is exp(t log1p(-eta));
    with the mathematical library's functions within 4 u (two units in the last place), its argument x is within 5 u |x|
    and the result within e^{5 u |x|} (1 + 4 u). Otherwise 1 - eta rounds by u, t times over, and the power by 4 u. All
    of it is below (5 max(t, |x|) + 8) u relative to (1 - eta)^t for x as below, twice that for products of errors.
    Near the start, where it is W(0) + (1 - (1 - eta)^t) (Phi - W(0)), 1 - (1 - eta)^t is at most 1/2 and |x|
    below 1: an absolute error of (5 |x| + 4) u, times ||R||, which is at most twice (1 - eta)^t ||R||.
    Underflow: one TINY for each of three operations and each entry, carried into the sum unchanged.
    """
    residual, rate = exact(problem.weights[0]) - exact(problem.target), rational(problem.learning_rate)
    length = arb(sum(entry * entry for entry in residual.ravel())).sqrt()
    exponent = abs(steps * (1 - arb(rate)).log()) if problem.learning_rate < 0.5 else arb(steps)
    moved = abs(1 - arb(rate)) ** steps * length
    whole = moved + arb(sum(entry * entry for entry in exact(problem.target).ravel())).sqrt()
    return 2 * UNIT * (5 * exponent + 8) * moved + 2 * UNIT * whole + 3 * residual.size * arb(TINY)


@given(problems(dimensions=dimensions(max_depth=1)), st.floats(0, 2), st.sampled_from([0, 1, 2, 20, 300, 10**4, 10**6]))
@example(scalar(1 / 3, target=0, rate=0.0), 1e-9 / 3, 10**6)
@example(scalar(1 / 3, target=1, rate=0.0), 0.4999999, 100)
def test_the_closed_form_is_the_exact_one(problem, rate, steps):
    """Depth 1 against Phi + (1 - eta)^t (W(0) - Phi) in balls of 300 bits."""
    problem = Problem((problem.weights[0] / 3,), problem.target / 7, rate)
    found = run("closed form", problem, steps)
    with ctx.workprec(300):
        factor = arb(1 - rational(rate)) ** steps
        target = exact(problem.target)
        truth = target + (exact(problem.weights[0]) - target) * factor
        gap = sum(
            ((a - b) * (a - b) for a, b in zip(truth.ravel(), exact(found.weights[0]).ravel(), strict=True)), arb(0)
        )
        assert gap.nonnegative_part().sqrt() <= closed_form_error(problem, steps)


@given(problems(dimensions=dimensions(max_depth=1)).map(slowed), st.sampled_from([0, 1, 7, 20]))
def test_the_closed_form_agrees_with_the_reference(problem, steps):
    """Within both derived bounds, at every recorded step."""
    expected = run("reference", problem, steps, record=range(steps), certify=True)
    found = run("closed form", problem, steps, record=range(steps))
    allowed = closed_form_error(problem, steps) + bound_of(expected)
    assert distance(found.weights, expected.weights) <= allowed
    for step in range(steps):
        here = Problem(problem.weights, problem.target, problem.learning_rate)
        assert found.loss[step] == run("closed form", here, step).loss[-1]


@pytest.mark.parametrize("way", WAYS)
@given(problem=problems().map(slowed))
def test_one_step_is_that_of_automatic_differentiation(way, problem):
    """W - eta D for JAX's D: apart by eta times the gradients' tolerance, and the update's rounding, 2 u a number."""
    problem = Problem(problem.weights, problem.target, 2.0**-6)
    (found,) = run(way, [problem], 1)
    gradients = jax_oracle.gradients(problem.weights, problem.target)
    tolerances = jax_oracle.gradient_tolerance(problem.weights, problem.target)
    for new, old, gradient, tolerance in zip(found.weights, problem.weights, gradients, tolerances, strict=True):
        rounding = 4 * UNIT * (abs(old) + abs(gradient) / 64)
        assert (abs(new - (old - gradient / 64)) <= tolerance / 64 + rounding).all()


@pytest.mark.parametrize("way", WAYS)
@given(batch=st.lists(problems(dimensions=dimensions(max_depth=4)), min_size=1, max_size=3))
def test_one_step_is_exact_on_dyadic_networks(way, batch):
    """Up to depth 4 no partial sum of W_j - eta D_j needs more than 53 bits: the float64 step is the rational one."""
    for problem, found in zip(batch, run(way, batch, 1), strict=True):
        rationals = problem.exact()
        expected = gradient_step(rationals.weights, rationals.target, rationals.learning_rate)
        assert all((exact(a) == b).all() for a, b in zip(found.weights, expected, strict=True))


@pytest.mark.parametrize("way", WAYS)
@given(problem=problems(dimensions=dimensions(max_depth=2, max_width=2)))
def test_two_steps_are_exact_while_arithmetic_is_dyadic(way, problem):
    """At depth and width 2 with eta = 1/2, two steps need fewer than 53 bits."""
    problem = Problem(problem.weights, problem.target, 0.5)
    expected = problem.exact().step().step()
    (found,) = run(way, [problem], 2)
    assert all((exact(a) == b).all() for a, b in zip(found.weights, expected.weights, strict=True))


@st.composite
def dyadic_rotations(draw, size):
    """Signed permutations, and from four dimensions on the rotation H / 2 of four of them: exact on dyadic entries."""
    order = draw(st.permutations(range(size)))
    signs = draw(st.lists(st.sampled_from([1.0, -1.0]), min_size=size, max_size=size))
    rotation = np.eye(size)[order] * signs
    if size >= 4 and draw(st.booleans()):
        two = np.array([[1.0, 1.0], [1.0, -1.0]])
        rotation[:4] = np.kron(two, two) / 2 @ rotation[:4]
    return rotation


@st.composite
def rotated_problems(draw):
    """A dyadic problem, orthogonal bases Q_0..Q_N, and the same problem in these bases."""
    problem = with_safe_rate(draw(problems()))
    bases = [draw(dyadic_rotations(width)) for width in problem.dimensions]
    weights = tuple(
        after @ matrix @ before.T for matrix, before, after in zip(problem.weights, bases, bases[1:], strict=False)
    )
    return problem, bases, Problem(weights, bases[-1] @ problem.target @ bases[0].T, problem.learning_rate)


@pytest.mark.parametrize("way", WAYS)
@given(drawn=rotated_problems())
def test_a_change_of_basis_changes_nothing_else(way, drawn):
    """W_j -> Q_j W_j Q_{j-1}^T, exact at the start: turned back, the run in the other bases is within the bounds."""
    problem, bases, turned = drawn
    left, right = (run(way, [each], 10, certify=True)[0] for each in (problem, turned))
    assert np.array_equal(end_to_end(turned.weights), bases[-1] @ end_to_end(problem.weights) @ bases[0].T)
    back = [
        exact(after).T @ exact(matrix) @ exact(before)
        for matrix, before, after in zip(right.weights, bases, bases[1:], strict=False)
    ]
    assert distance(left.weights, back) <= bound_of(left, right)


@pytest.mark.parametrize("way", WAYS)
@given(problem=problems().map(slowed))
def test_the_transposed_network_runs_transposed(way, problem):
    """W^T = W_1^T ... W_N^T: bit for bit where a path starts from the cheaper end, else within the bounds."""
    weights = tuple(np.ascontiguousarray(matrix.T) for matrix in reversed(problem.weights))
    turned = Problem(weights, np.ascontiguousarray(problem.target.T), problem.learning_rate)
    left, right = (run(way, [each], 10, certify=True)[0] for each in (problem, turned))
    back = tuple(matrix.T for matrix in reversed(right.weights))
    assert distance(left.weights, back) <= bound_of(left, right)
    if way not in ("reference", "tiles") and problem.dimensions[0] != problem.dimensions[-1]:
        assert all(map(np.array_equal, left.weights, back))


def close_or_same(way, left, right):
    """The same bits; but NumPy's einsum sums a single lane in another order than several."""
    if way == "lanes":
        check_close(left, right)
    else:
        check_same_run(left, right)


@pytest.mark.parametrize("way", WAYS)
@given(batch=st.lists(problems().map(slowed), min_size=2, max_size=5), data=st.data())
def test_a_permuted_batch_gives_permuted_results(way, batch, data):
    """Whatever the neighbours, in a sequence of mixed shapes."""
    order = data.draw(st.permutations(range(len(batch))))
    options = {"record": range(0, 20, 5), "certify": True}
    found, permuted = run(way, batch, 20, **options), run(way, [batch[k] for k in order], 20, **options)
    for left, right in zip((found[k] for k in order), permuted, strict=True):
        assert differences(left, right) == []


@pytest.mark.parametrize("way", WAYS)
@given(batch=st.lists(problems().map(slowed), min_size=1, max_size=4))
def test_a_network_alone_is_as_in_a_batch(way, batch):
    """Neighbours of other shapes, or of the same one, change nothing."""
    options = {"record": range(0, 20, 5), "certify": True}
    for problem, found in zip(batch, run(way, batch, 20, **options), strict=True):
        close_or_same(way, run(way, problem, 20, **options), found)


@pytest.mark.parametrize("way", WAYS)
@given(batch=one_shape(most=10), data=st.data())
def test_a_stack_is_a_sequence_of_its_networks(way, batch, data):
    """Every field of the stack's trajectory, row by row, permuted or not."""
    options = {"record": range(0, 20, 5), "certify": True}
    order = data.draw(st.permutations(range(len(batch))))
    whole = run(way, stacked([batch[k] for k in order]), 20, **options)
    alone_in_order = run(way, batch, 20, **options)
    for i, k in enumerate(order):
        alone = alone_in_order[k]
        assert all(map(np.array_equal, (matrix[i] for matrix in whole.weights), alone.weights))
        for name in ("steps", "recorded", "loss", "imbalance", "sigma_min", "diverged", "residual_sum", "largest_norm"):
            assert np.array_equal(getattr(whole, name)[i], getattr(alone, name)), name


UNROLLED = [(1, 1, 1), (2, 3, 1), (10, 5, 3, 1), (1, 18, 17, 2), (2, 2, 2), (2, 5, 3), (3, 3, 3), (4, 4, 4, 4)]
UNROLLED += [(3, 7, 4), (4, 9, 6), (5, 7, 6), (6, 5, 9), (7, 9, 7), (8, 8, 8), (1, 7), (9, 8, 10)]


@pytest.mark.parametrize("shape", UNROLLED)
def test_code_for_one_shape_gives_the_bits_of_any_other(shape):
    """Eight side by side or one after another, from either end, looked at or not: each is code of its own."""
    batch = [network(*shape, seed=seed) for seed in range(9)]
    turned = [
        Problem(tuple(matrix.T for matrix in reversed(each.weights)), each.target.T, each.learning_rate)
        for each in batch
    ]
    expected = run("reference", batch, 30, certify=True)
    for way in (way for way in WAYS if way.startswith("kernel")):
        looked_at = run(way, batch, 30, certify=True)
        for found, wanted, one in zip(run(way, batch, 30), looked_at, run("kernel one", batch, 30), strict=True):
            assert all(map(np.array_equal, found.weights, wanted.weights))
            assert all(map(np.array_equal, found.weights, one.weights))
        for found, back in zip(looked_at, run(way, turned, 30), strict=True):
            same = (np.array_equal(a, b.T) for a, b in zip(found.weights, reversed(back.weights), strict=True))
            assert shape[0] == shape[-1] or all(same)
        check_close(looked_at[-1], expected[-1])


@given(one_shape())
def test_a_stack_may_share_target_and_learning_rate(batch):
    """One target and one learning rate for all are those of each."""
    shared = [Problem(problem.weights, batch[0].target, 2.0**-40) for problem in batch]
    whole = stacked(shared)
    short = gradient_descent(Problem(whole.weights, batch[0].target, 2.0**-40), steps=9)
    long = gradient_descent(whole, steps=9)
    assert differences(short, long, apart=("target", "learning_rate")) == []
    assert np.array_equal(short.target, batch[0].target)
    assert short.learning_rate == 2.0**-40


@pytest.mark.parametrize("way", WAYS)
@given(
    batch=st.lists(problems().map(slowed), min_size=1, max_size=3), first=st.integers(0, 20), second=st.integers(0, 20)
)
def test_a_run_in_two_parts_is_bit_for_bit_one_run(way, batch, first, second):
    """Nothing but the weights is carried from step to step."""
    whole, parts = run(way, batch, first + second), run(way, batch, first)
    again = [Problem(part.weights, part.target, part.learning_rate) for part in parts]
    for left, right in zip(whole, run(way, again, second), strict=True):
        assert all(map(np.array_equal, left.weights, right.weights))
        assert [left.loss[-1], left.sigma_min[-1]] == [right.loss[-1], right.sigma_min[-1]]


@given(margin_problems(max_depth=4), st.integers(1, 3))
def test_what_is_chosen_unasked_is_within_the_bounds_too(drawn, copies):
    """Under the hypotheses of the linear rate, alone and in a batch."""
    expected = run("reference", drawn.problem, 50, certify=True)
    for found in gradient_descent([drawn.problem] * copies, steps=50, certify=True):
        check_close(found, expected)


def test_two_threads_do_not_meet():
    """Two batches at once, on each kind of kernel and on NumPy's paths, give the bits that each gives alone."""
    batches = [[network(3, 2, 4, seed=seed) for seed in range(10)], [network(8, 9, 8, seed=1), network(2, 2, seed=2)]]
    for path in dict.fromkeys([None, "tiles", "lanes", "dots"]):
        steps = 20_000 if path is None else 500
        alone = [gradient_descent(batch, steps=steps, path=path, certify=True) for batch in batches]
        start = Barrier(2)

        def together(batch, start=start, steps=steps, path=path):
            start.wait()
            return gradient_descent(batch, steps=steps, path=path, certify=True)

        with ThreadPoolExecutor(2) as threads:
            found = list(threads.map(together, batches))
        for left, right in zip(chain(*found), chain(*alone), strict=True):
            check_same_run(left, right)
