"""Width compression: what it promises of its parts, that it is the smallest, where it gives up and where it refuses."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from claims.balance.width_compression.planted import planted_problems
from claims.balance.width_compression.subspaces import closure
from solvers import Problem, balanced_factors, end_to_end, gradient_step, imbalances, layer_gradients, loss
from solvers.arithmetic import UNIT, gamma
from solvers.descent.compress import CLEAR, Compression, RankError, compress
from strategies import problems

any_planted = st.one_of(planted_problems(max_depth=4, max_width=6), planted_problems(max_width=8, dyadic=True))


def frobenius(matrix) -> float:
    return float(np.linalg.norm(matrix))


def absolute(matrix) -> float:
    """b(A), as the module states it."""
    entries = abs(matrix)
    return min(frobenius(matrix), math.sqrt(entries.sum(axis=0).max() * entries.sum(axis=1).max()))


def unit(problem: Problem) -> float:
    """The rounding level of a matrix with b = 1."""
    return 4 * sum(problem.dimensions) * UNIT


def residual_level(problem: Problem) -> float:
    return unit(problem) * (math.prod(map(absolute, problem.weights)) + absolute(problem.target))


def slack(problem: Problem) -> float:
    """Relative error of what is computed with the bases, ||.||_F: Q^T Q = I within c d k u (Higham, Theorem 19.4, the
    small constant c at most 10), three factors Q, V, Q^T at most, and products within gamma_n besides."""
    n = sum(problem.dimensions)
    return 4 * 10 * n * max(problem.dimensions) * UNIT


def layer_errors(problem: Problem, found: Compression) -> list[float]:
    """How far Q V Q^T + C may be from W_j in ||.||_F: the backward error that the module states, and the slack."""
    return [
        (math.sqrt(before + after) + 1) * unit(problem) * absolute(matrix) + slack(problem) * frobenius(matrix)
        for matrix, (before, after) in zip(problem.weights, pairwise(found.ranks), strict=True)
    ]


def residual_error(problem: Problem) -> float:
    """How far Q_N S Q_0^T may be from R in ||.||_F."""
    scale = math.prod(map(frobenius, problem.weights)) + frobenius(problem.target)
    return 2 * math.sqrt(min(problem.target.shape)) * residual_level(problem) + slack(problem) * scale


def product_error(problem: Problem, found: Compression) -> float:
    """||W - W'||_F for layers within their errors: one factor's error at a time."""
    errors = layer_errors(problem, found)
    norms = [frobenius(matrix) + error for matrix, error in zip(problem.weights, errors, strict=True)]
    whole = math.prod(norms)
    return sum(error * whole / norm for error, norm in zip(errors, norms, strict=True) if norm) + slack(problem) * whole


def compressed(problem: Problem) -> Compression:
    """Its compression; networks whose rank is not clear in float64 are not what the test is about."""
    try:
        found = compress(problem)
    except RankError:
        assume(False)
    assert found is not None
    return found


def orthogonal(generator, size):
    v = generator.standard_normal(size)
    return np.eye(size) - np.outer(v, v) * (2 / (v @ v))


def eyes(*widths):
    """Layers that begin with an identity and end with zeros."""
    return tuple(np.eye(rows, columns) for columns, rows in pairwise(widths))


@given(st.one_of(any_planted.map(lambda planted: planted.problem.nearest()), problems()))
@example(Problem(eyes(1, 1), np.array([[3.0]]), 0.1))
@example(Problem(eyes(1, 1), np.array([[1.0]]), 0.1))
@example(Problem(eyes(1, 5, 1), np.array([[3.0]]), 0.1))
@example(Problem(eyes(4, 2), np.zeros((2, 4)), 0.1))
def test_bases_are_orthonormal_closed_and_give_the_weights_back(problem):
    """Every promise on the parts, each to the stated backward error."""
    found = compressed(problem)
    errors = layer_errors(problem, found)
    for basis, rank, width in zip(found.bases, found.ranks, problem.dimensions, strict=True):
        assert basis.shape == (width, max(1, rank))
        expected = np.eye(rank) if rank else np.zeros((1, 1))
        assert frobenius(basis.T @ basis - expected) <= slack(problem)
        assert rank < width or (basis == np.eye(width)).all()
    outside = [np.eye(len(basis)) - basis @ basis.T for basis in found.bases]
    parts = zip(problem.weights, found.complement, pairwise(found.bases), pairwise(outside), errors, strict=True)
    for matrix, rest, (before, after), (not_before, not_after), error in parts:
        assert frobenius(not_after @ matrix @ before) <= error
        assert frobenius(after.T @ matrix @ not_before) <= error
        assert frobenius(after.T @ rest) <= error
        assert frobenius(rest @ before) <= error
        assert frobenius(not_after @ matrix @ not_before - rest) <= error
    for matrix, again, error in zip(problem.weights, found.expand(found.problem.weights), errors, strict=True):
        assert frobenius(matrix - again) <= error
    residual = end_to_end(problem.weights) - problem.target
    small = end_to_end(found.problem.weights) - found.problem.target
    bound = residual_error(problem) + product_error(problem, found)
    assert frobenius(residual - found.bases[-1] @ small @ found.bases[0].T) <= bound
    assert found.problem.learning_rate == problem.learning_rate


@given(any_planted)
def test_dimensions_are_the_exact_ones(planted):
    """Those of the smallest closed subspaces over the rationals, for networks in rational and in dyadic bases."""
    exact = planted.problem
    smallest = closure(exact.weights, end_to_end(exact.weights) - exact.target)
    assert compressed(exact.nearest()).ranks == tuple(len(space) for space in smallest)


@given(problems())
def test_dimensions_are_the_exact_ones_of_any_dyadic_network(problem):
    """Nothing planted, nothing rounded."""
    exact = problem.exact()
    smallest = closure(exact.weights, end_to_end(exact.weights) - exact.target)
    assert compressed(problem).ranks == tuple(len(space) for space in smallest)


@given(any_planted)
def test_loss_imbalance_and_singular_values_are_those_of_the_parts(planted):
    """||R||, ||B_j|| and the singular values are 1-Lipschitz: they differ by what R, B_j and W differ by."""
    problem = planted.problem.nearest()
    found = compressed(problem)
    inner, errors = found.problem, layer_errors(problem, found)
    norms = [math.sqrt(2 * loss(each.weights, each.target)) for each in (problem, inner)]
    assert abs(norms[0] - norms[1]) <= residual_error(problem) + product_error(problem, found)

    assert found.imbalance.shape == (problem.depth - 1,)
    sizes = [(frobenius(matrix), error) for matrix, error in zip(problem.weights, errors, strict=True)]
    moving, whole = ([frobenius(b) for b in imbalances(each.weights)] for each in (inner, problem))
    for k, pair in enumerate(pairwise(sizes)):
        error = sum((2 + slack(problem)) * (norm + e) * e + slack(problem) * norm**2 for norm, e in pair)
        assert abs(whole[k] - math.hypot(moving[k], found.imbalance[k])) <= error

    count = min(problem.target.shape)
    (inputs, *_, outputs), (low, *_, high) = problem.dimensions, found.ranks
    assert found.singular_values.shape == (min(inputs - low, outputs - high),)
    values = np.linalg.svd(end_to_end(inner.weights), compute_uv=False)
    union = sorted([*values, *found.singular_values, *[0.0] * count], reverse=True)[:count]
    expected = np.linalg.svd(end_to_end(problem.weights), compute_uv=False)
    assert abs(expected - union).max() <= product_error(problem, found)


def slowed(problem: Problem) -> Problem:
    """The largest power of two for a learning rate that twice the norms at step 0 allow."""
    depth, norm = problem.depth, 2 * math.hypot(1, *map(frobenius, problem.weights))
    curvature = depth * norm ** (2 * depth) + depth * norm**depth * (norm**depth + frobenius(problem.target))
    return replace(problem, learning_rate=2.0 ** -math.ceil(math.log2(curvature)))


@given(any_planted, st.sampled_from([1, 20]))
def test_steps_of_the_small_network_are_steps_of_the_whole(planted, steps):
    """Expanded after some steps. As in solvers/descent/error_bound.py, two runs e apart are at most (1 + eta N M^{N-1}
    g) e apart a step later, g >= ||R||, plus eta M^{N-1} times the residual's error, plus both steps' rounding."""
    problem = slowed(planted.problem.nearest())
    found = compressed(problem)
    depth, eta, target = problem.depth, problem.learning_rate, problem.target
    whole, small = problem.weights, found.problem.weights
    most = 1.01 * max(1.0, 2 * math.hypot(*map(frobenius, whole)))
    g = most**depth + frobenius(target)
    step_rounding = eta * 4 * gamma(2 * sum(problem.dimensions)) * most ** (depth - 1) * g + 4 * UNIT * most
    constant = eta * most ** (depth - 1) * residual_error(problem) + 2 * math.sqrt(depth) * step_rounding
    error = math.hypot(*layer_errors(problem, found))
    for _ in range(steps):
        whole = gradient_step(whole, target, eta)
        small = gradient_step(small, found.problem.target, eta)
        error = (1 + eta * depth * most ** (depth - 1) * g) * error + constant
        assert max(map(frobenius, whole)) <= most  # what the bound assumes
    gap = math.hypot(*(frobenius(a - b) for a, b in zip(whole, found.expand(small), strict=True)))
    assert gap <= error + slack(problem) * most


@given(any_planted, st.integers(1, 3))
def test_expanding_a_batch_expands_each(planted, count):
    """Leading axes are kept."""
    problem = planted.problem.nearest()
    found = compressed(problem)
    layers = found.problem.weights
    batch = tuple(np.stack([[scale * matrix] for scale in range(count)]) for matrix in layers)
    whole = found.expand(batch)
    for scale in range(count):
        single = found.expand(tuple(scale * matrix for matrix in layers))
        for many, one, rest in zip(whole, single, found.complement, strict=True):
            assert many.shape == (count, 1, *one.shape)
            assert frobenius(many[scale, 0] - one) <= slack(problem) * (frobenius(one) + frobenius(rest))


@pytest.mark.parametrize("exponent", [-500, -150, 0, 150, 500])
def test_powers_of_two_change_nothing(exponent):
    """W_1 = W_2 = I and Phi = I + 3 e_1 e_2^T, scaled: the plane of e_1 and e_2, from 2^-1000 to 2^1000."""
    target = np.eye(6)
    target[0, 1] = 3
    scaled = tuple(2.0**exponent * matrix for matrix in eyes(6, 6, 6))
    found = compress(Problem(scaled, 4.0**exponent * target, 0.1))
    assert found.ranks == (2, 2, 2)
    assert (found.singular_values == 4.0**exponent).all()


def no_motion(found: Compression) -> bool:
    """Whether no layer of the small network has a gradient."""
    return not any(gradient.any() for gradient in layer_gradients(found.problem.weights, found.problem.target))


@pytest.mark.parametrize("weights", [eyes(3, 4, 2), eyes(1, 1), eyes(5, 5, 5, 5)])
@pytest.mark.parametrize("error", [0.0, 2.0**-53])
def test_without_a_residual_all_is_complement(weights, error):
    """R = 0, or R at rounding level: {0} everywhere, one zero column for it, and the weights themselves for C."""
    target = end_to_end(weights) * (1 + error) + error
    found = compress(Problem(weights, target, 0.5), worthwhile=0.01) or compress(Problem(weights, target, 0.5))
    assert found.ranks == (0,) * (len(weights) + 1)
    assert all(basis.shape[1] == 1 and not basis.any() for basis in found.bases)
    assert all((rest == matrix).all() for rest, matrix in zip(found.complement, weights, strict=True))
    assert all(map(np.array_equal, found.expand(found.problem.weights), weights))
    assert no_motion(found)
    assert loss(found.problem.weights, found.problem.target) == 0
    assert (found.singular_values == np.linalg.svd(end_to_end(weights), compute_uv=False)).all()
    assert found.imbalance.tolist() == [frobenius(b) for b in imbalances(weights)]


def test_the_saddle_at_zero_has_a_residual_and_no_motion():
    """Zero weights: the residual reaches both ends and nothing between; its loss is kept."""
    target = np.diag([3.0, 1.0, 0.0])
    found = compress(Problem(tuple(0 * matrix for matrix in eyes(3, 4, 4, 3)), target, 0.1))
    assert found.ranks == (2, 0, 0, 2)
    assert no_motion(found)
    assert loss(found.problem.weights, found.problem.target) == pytest.approx(5.0, rel=8 * UNIT)
    assert found.singular_values.tolist() == [0.0]


@pytest.mark.parametrize("width", [8, 40, 512])
def test_balanced_networks_shrink_to_their_targets(width):
    """Four outputs, rotated hidden layers: at most 4 + 4 dimensions at the input, 4 elsewhere, and nothing beside."""
    generator = np.random.default_rng(width)
    start, target = generator.standard_normal((2, 4, width)) / math.sqrt(width)
    first, second, third = balanced_factors(start, (width, width, width, 4))
    left, right = orthogonal(generator, width), orthogonal(generator, width)
    problem = Problem((left @ first, right @ second @ left.T, third @ right.T), target, 0.1)
    found = compress(problem)
    assert found.ranks == (8, 4, 4, 4)
    assert not any(rest.any() for rest in found.complement)
    assert (found.imbalance == 0).all()
    for matrix, again, error in zip(
        problem.weights, found.expand(found.problem.weights), layer_errors(problem, found), strict=True
    ):
        assert frobenius(matrix - again) <= error


@pytest.mark.parametrize("condition", [1e1, 1e3, 1e5, 1e7])
def test_residuals_of_large_condition_do_not_hide_what_the_layers_show(condition):
    """Directions that the residual gives only up to rounding times its condition, layers of condition 3 give well."""
    for seed in range(5):
        generator = np.random.default_rng(seed)
        inputs = orthogonal(generator, 24)[:3]
        start = orthogonal(generator, 3) @ np.diag([3.0, 2.0, 1.0]) @ inputs
        residual = orthogonal(generator, 3) @ np.diag([1, condition**-0.5, 1 / condition]) @ inputs
        first, second, third = balanced_factors(start, (24, 24, 24, 3))
        left, right = orthogonal(generator, 24), orthogonal(generator, 24)
        weights = (left @ first, right @ second @ left.T, third @ right.T)
        assert compress(Problem(weights, start - residual, 0.1)).ranks == (3, 3, 3, 3)


@pytest.mark.parametrize("rank", [1, 16, 30])
def test_networks_near_the_identity_shrink_to_the_residual(rank):
    """W_j = I of width 130 and Phi = I + a matrix of low rank, found from a sketch of 16 columns, or without one: the
    span of its rows and columns, and ones for the rest of the spectrum."""
    generator = np.random.default_rng(rank)
    left, right = generator.standard_normal((2, 130, rank)) / 12
    problem = Problem(eyes(130, 130, 130), np.eye(130) + left @ right.T, 0.1)
    found = compress(problem)
    assert found.ranks == (2 * rank,) * 3
    assert abs(found.singular_values - 1).max() <= product_error(problem, found)
    assert len(found.singular_values) == 130 - 2 * rank


@pytest.mark.parametrize("widths", [(24, 24, 24, 24), (24, 24, 24, 1), (1, 24, 24, 24), (24, 30)])
def test_generic_networks_are_the_whole_or_not_worthwhile(widths):
    """Everything is in reach: bases and weights are kept as they are, and with a limit there is no compression."""
    generator = np.random.default_rng(0)
    weights = tuple(generator.standard_normal((rows, columns)) / 5 for columns, rows in pairwise(widths))
    problem = Problem(weights, generator.standard_normal((widths[-1], widths[0])), 0.1)
    found = compress(problem)
    assert found.ranks == widths
    assert all((basis == np.eye(width)).all() for basis, width in zip(found.bases, widths, strict=True))
    assert all((a == b).all() for a, b in zip(found.problem.weights, weights, strict=True))
    assert not any(rest.any() for rest in found.complement)
    assert compress(problem, worthwhile=0.999) is None
    assert compress(problem, worthwhile=0.5) is None
    assert compress(problem, worthwhile=7).ranks == found.ranks


def cost(widths):
    """The stated number of multiplications of a step."""
    return 3 * min(widths[0], widths[-1]) * sum(before * after for before, after in pairwise(widths))


@given(any_planted)
def test_giving_up_is_exactly_where_the_result_would_cost_too_much(planted):
    """The formula that the docstring gives, just below and just above it."""
    problem = planted.problem.nearest()
    ranks = [max(1, rank) for rank in compressed(problem).ranks]
    share = cost(ranks) / cost(problem.dimensions)
    assert compress(problem, worthwhile=share * 0.999) is None
    assert compress(problem, worthwhile=share * 1.001) is not None


def bent(size: float) -> Problem:
    """The residual is e_1 e_1^T and the layers are I, but W_2 has the entry ``size``: W_2^T W_2 e_1 leaves the line."""
    second = np.array([[1.0, 0.0], [size, 1.0]])
    identity = np.eye(2)
    return Problem((identity, second, identity, identity), second - np.diag([1.0, 0.0]), 0.1)


def faint(size: float) -> Problem:
    """The residual is diag(1, ``size``)."""
    return Problem(eyes(2, 2, 2), np.eye(2) + np.diag([1.0, size]), 0.1)


LEVELS = {bent: unit(bent(0.0)), faint: residual_level(faint(0.0))}


@pytest.mark.parametrize("place", [1.25, 2.0**8, CLEAR / 1.25])
def test_a_singular_value_between_rounding_and_clear_is_an_error(place):
    """It names the matrix, the value and both thresholds, and says what would be right."""
    level = LEVELS[faint]
    sentence = (
        f"the residual has the singular value {place * level:.3g} outside the subspaces found so far; expected at most "
        f"{level:.3g}, what rounding leaves, or at least {CLEAR * level:.3g}, what rounding cannot make"
    )
    with pytest.raises(RankError, match=re.escape(sentence)):
        compress(faint(place * level))


@pytest.mark.parametrize("place", [2.0**6, CLEAR / 1.25])
def test_a_layer_between_rounding_and_clear_is_an_error(place):
    """Part of the value, since the bases have been moved towards one another before it is measured."""
    level = LEVELS[bent]
    with pytest.raises(RankError, match=r"^weights\[[012]\] has the singular value") as raised:
        compress(bent(place * level))
    value, low, high = map(float, re.findall(r"\d\S*e-\d+", str(raised.value)))
    assert (low, high) == (float(f"{level:.3g}"), float(f"{CLEAR * level:.3g}"))
    assert low < value <= place * level


@pytest.mark.parametrize("build", [bent, faint])
@pytest.mark.parametrize(("place", "rank"), [(0.0, 1), (0.75, 1), (1.25 * CLEAR, 2), (2.0**12 * CLEAR, 2)])
def test_a_singular_value_at_rounding_is_dropped_and_a_clear_one_kept(build, place, rank):
    """On both sides of the gap."""
    assert max(compress(build(place * LEVELS[build])).ranks) == rank


def test_what_is_clear_in_numbers():
    """At width 2 and depth 2 a relative 10^-9 counts, 10^-10 is not clear, and 10^-15 is rounding."""
    assert compress(faint(1e-9)).ranks == (2, 2, 2)
    assert compress(faint(1e-15)).ranks == (1, 1, 1)
    with pytest.raises(RankError):
        compress(faint(1e-10))


@pytest.mark.parametrize("size", [1e-3, 1e-6, 1e-9])
def test_bases_stay_orthonormal_where_a_new_direction_is_short(size):
    """U_1 has f_1 from the input side already when W_2^T brings f_1 + ``size`` f_2, in bases that round."""
    generator = np.random.default_rng(0)
    inputs, hidden, outputs = (np.linalg.qr(generator.standard_normal((8, 8)))[0] for _ in range(3))
    first, second = np.outer(hidden[0], inputs[0]), np.outer(outputs[0], hidden[0] + size * hidden[1])
    found = compress(Problem((first, second), second @ first - np.outer(outputs[0], inputs[0]), 0.1))
    assert found.ranks == (1, 2, 1)
    assert frobenius(found.bases[1].T @ found.bases[1] - np.eye(2)) <= slack(found.problem)


def test_an_unclear_residual_of_a_network_of_zeros_is_an_error():
    """Nothing is in reach between the ends, and the bases there stay empty."""
    target = np.diag([1.0, 256 * LEVELS[faint]])
    with pytest.raises(RankError, match=r"the residual has the singular value"):
        compress(Problem(tuple(0 * matrix for matrix in eyes(2, 2, 2, 2, 2)), target, 0.1))


def test_norms_beyond_the_range_of_floats_are_an_error():
    """There is no rounding level then."""
    weights = tuple(1e200 * matrix for matrix in eyes(2, 2, 2))
    with pytest.raises(RankError, match=r"the product of the weights' norms overflows; expected one below 1e308"):
        compress(Problem(weights, np.eye(2), 0.1))


GOOD = Problem(eyes(2, 3, 2), np.diag([2.0, 1.0]), 0.1)
STACK = Problem(tuple(matrix[None] for matrix in GOOD.weights), GOOD.target, 0.1)
NAN = replace(GOOD)
object.__setattr__(NAN, "target", np.array([[1.0, np.nan], [0.0, 1.0]]))  # a Problem is refused where it is made


@pytest.mark.parametrize(
    ("problem", "options", "error", "sentence"),
    [
        (GOOD.weights, {}, TypeError, "problem is a tuple; expected a Problem"),
        (GOOD.exact(), {}, TypeError, "weights[0] is not a float64 array; expected dtype float64"),
        (STACK, {}, ValueError, "weights[0] has shape (1, 3, 2); expected two axes"),
        (NAN, {}, ValueError, "target has the entry nan at (0, 1); expected finite entries"),
        (replace(GOOD, learning_rate=-1.0), {}, ValueError, "learning_rate is -1.0; expected a finite number >= 0"),
        (GOOD, {"worthwhile": "1"}, TypeError, "worthwhile is '1'; expected a number > 0"),
        (GOOD, {"worthwhile": True}, TypeError, "worthwhile is True; expected a number > 0"),
        (GOOD, {"worthwhile": 0}, ValueError, "worthwhile is 0; expected a number > 0"),
        (GOOD, {"worthwhile": math.nan}, ValueError, "worthwhile is nan; expected a number > 0"),
    ],
)
def test_bad_input_is_refused(problem, options, error, sentence):
    """By name, with what would be right."""
    with pytest.raises(error, match=re.escape(sentence)):
        compress(problem, **options)


@pytest.mark.parametrize(
    ("weights", "error", "sentence"),
    [
        ((), ValueError, "weights is empty"),
        (([[1.0]], [[1.0]]), TypeError, "weights[0] is a list; expected a matrix"),
        (GOOD.weights, ValueError, "weights has layers of shapes ((3, 2), (2, 3)); expected ((1, 1), (1, 1))"),
        ((np.eye(1),), ValueError, "weights has layers of shapes ((1, 1),); expected ((1, 1), (1, 1))"),
    ],
)
def test_weights_of_other_shapes_are_not_expanded(weights, error, sentence):
    """The compression of ``GOOD`` has width 1."""
    with pytest.raises(error, match=re.escape(sentence)):
        compress(GOOD).expand(weights)
