"""Every promise of the strategies, checked exactly on what they draw."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from flint import fmpq
from hypothesis import find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from claims.suite.profiles import fewer
from solvers import (
    deficiency_margin,
    end_to_end,
    frobenius_squared,
    imbalances,
    inertia,
    sigma_min,
    singular_values,
    spectral_norm,
)
from solvers.arithmetic import Comparison, decide, exact, gamma, nearest, power, rational, square_root
from solvers.guarantees.theorem_one import decay_exponent, imbalance_limit, learning_rate_limit
from strategies import (
    DATA,
    MarginProblem,
    approximately_balanced_weights,
    balanced_networks,
    balanced_weights,
    covariances,
    descent_states,
    diagonal,
    dimensions,
    directions,
    dyadic_matrices,
    fractions,
    generic_weights,
    learning_rates,
    margin_problems,
    observations,
    orthogonal_matrices,
    problems,
    singular_value_lists,
    symmetric_states,
    targets,
    there_and_back,
    whole_problems,
)
from strategies.networks import _reach, perturbed
from strategies.whole_problems import residuals

sizes = st.integers(1, 5)
small_networks = dimensions(max_depth=4, max_width=4)


def assert_decided(problem, left, relation, right, sentence):
    """The hypothesis is certain; a verdict that is undecided is a failure."""
    verdict = decide(lambda posed: Comparison(left(posed), relation, right(posed), sentence), problem)
    assert verdict.holds, verdict


def is_dyadic(matrix, bits):
    """Every entry is an integer over 2^bits."""
    return bool(np.all(matrix * 2.0**bits == np.round(matrix * 2.0**bits)))


@given(st.data(), sizes, sizes, st.integers(1, 3), st.integers(0, 5))
def test_dyadic_matrices_have_entries_over_the_stated_power_of_two(data, rows, columns, bound, bits):
    """k / 2^bits with |entry| <= bound, in float64, of the shape asked for."""
    matrix = data.draw(dyadic_matrices(rows, columns, bound=bound, bits=bits))
    assert matrix.dtype == np.float64
    assert matrix.shape == (rows, columns)
    assert is_dyadic(matrix, bits)
    assert abs(matrix).max() <= bound


@given(st.data(), st.integers(1, 8))
def test_orthogonal_matrices_are_orthogonal_exactly(data, size):
    """Q Q^T = Q^T Q = I over the rationals."""
    q = data.draw(orthogonal_matrices(size))
    assert all(isinstance(entry, fmpq) for entry in q.flat)
    assert np.array_equal(q @ q.T, exact(np.eye(size)))
    assert np.array_equal(q.T @ q, exact(np.eye(size)))


@given(st.data(), sizes)
def test_singular_value_lists_are_sorted_multiples_of_a_quarter_with_the_stated_rank(data, count):
    """Largest first, in [1/4, 3], and exactly count - rank zeros at the end."""
    rank = data.draw(st.none() | st.integers(0, count))
    values = data.draw(singular_value_lists(count, rank=rank))
    positive = [value for value in values if value != 0]
    assert len(values) == count
    assert values == sorted(values, reverse=True)
    assert all(Fraction(1, 4) <= value <= 3 and (4 * value).denominator == 1 for value in positive)
    assert rank is None or len(positive) == rank


def test_diagonal_puts_its_values_on_the_diagonal_and_zeros_elsewhere():
    """A 3 x 2 example, entry by entry."""
    half = fmpq(1, 2)
    assert np.array_equal(diagonal(3, 2, [half, Fraction(1, 3)]), [[half, 0], [0, fmpq(1, 3)], [0, 0]])


@given(st.data(), sizes, sizes)
def test_targets_have_the_singular_values_given(data, rows, columns):
    """All of them, exactly, from the characteristic polynomial of the Gram matrix."""
    values = data.draw(singular_value_lists(min(rows, columns)))
    target = data.draw(targets(rows, columns, singular_values=values))
    assert target.shape == (rows, columns)
    assert singular_values(target) == [rational(value) for value in values]


@given(st.data(), sizes, sizes)
def test_targets_have_the_rank_given(data, rows, columns):
    """Counted by the singular values that are not exactly zero."""
    rank = data.draw(st.integers(0, min(rows, columns)))
    target = data.draw(targets(rows, columns, rank=rank))
    assert sum(value != 0 for value in singular_values(target)) == rank


@given(st.data(), small_networks)
def test_generic_weights_are_dyadic_and_chain(data, widths):
    """k/8 in [-2, 2], W_j of shape (d_j, d_{j-1})."""
    weights = data.draw(generic_weights(widths))
    assert [matrix.shape for matrix in weights] == [(after, before) for before, after in pairwise(widths)]
    assert all(is_dyadic(matrix, 3) and abs(matrix).max() <= 2 for matrix in weights)


@given(st.data(), small_networks)
def test_balanced_networks_are_balanced_with_the_stated_spectrum_exactly(data, widths):
    """Every imbalance is the zero matrix; every layer, and the product, has the singular values that are stated."""
    rank = data.draw(st.none() | st.integers(0, min(widths)))
    network = data.draw(balanced_networks(widths, rank=rank))
    values, depth = list(network.layer_singular_values), len(widths) - 1
    assert all(entry == 0 for b in imbalances(network.weights) for entry in b.flat)
    assert values == sorted(values, reverse=True)
    assert len(values) == min(widths)
    assert rank is None or sum(value != 0 for value in values) == rank
    for matrix, (before, after) in zip(network.weights, pairwise(widths), strict=True):
        assert matrix.shape == (after, before)
        assert singular_values(matrix) == values + [0] * (min(before, after) - len(values))
    powers = [value**depth for value in values]
    assert singular_values(end_to_end(network.weights)) == powers + [0] * (min(widths[0], widths[-1]) - len(values))


@given(there_and_back())
def test_networks_there_and_back_are_balanced_exactly(weights):
    """Two layers at least, every imbalance the zero matrix."""
    assert len(weights) >= 2
    assert all(entry == 0 for b in imbalances(weights) for entry in b.flat)


@given(st.data(), small_networks)
def test_balanced_weights_are_balanced_and_of_the_stated_rank(data, widths):
    """The same promise without the spectrum."""
    rank = data.draw(st.integers(0, min(widths)))
    weights = data.draw(balanced_weights(widths, rank=rank))
    assert all(entry == 0 for b in imbalances(weights) for entry in b.flat)
    assert [sum(value != 0 for value in singular_values(matrix)) for matrix in weights] == [rank] * len(weights)


@given(st.data(), dimensions(), st.sampled_from([1e-10, 2.0**-8, Fraction(1, 10), 3, 1e6]))
def test_approximately_balanced_weights_stay_within_the_imbalance_exactly(data, widths, imbalance):
    """||B_j||_F^2 <= imbalance^2 over the rationals, for every j."""
    weights = data.draw(approximately_balanced_weights(widths, imbalance=imbalance))
    assert [matrix.shape for matrix in weights] == [(after, before) for before, after in pairwise(widths)]
    for b in imbalances([exact(matrix) for matrix in weights]):
        assert frobenius_squared(b) <= rational(imbalance) ** 2


@settings(max_examples=100)
@given(approximately_balanced_weights((3, 3, 3), imbalance=1e-14))
def test_weights_stay_within_an_imbalance_that_is_near_their_own_rounding(weights):
    """Where the perturbation and the rounding of the balanced weights add up, the perturbation gives way."""
    for b in imbalances([exact(matrix) for matrix in weights]):
        assert frobenius_squared(b) <= rational(1e-14) ** 2


@pytest.mark.parametrize("second", [1 + 2.0**-52, 1 - 2.0**-53, 1 + 2.0**-50])
@pytest.mark.parametrize("imbalance", [3e-16, 4.5e-16, 1e-16, 1e-15])
def test_the_bound_on_the_imbalance_is_its_square_in_rationals(second, imbalance):
    """Layers 1 and 1 +- a rounding or four: refused where w_2^2 - w_1^2 is beyond the bound, and only there. At 3e-16
    the bound to another power allows 10^-8 or nothing at all."""
    weights = (np.eye(1), np.full((1, 1), second))
    allowed = abs(rational(second) ** 2 - 1) <= rational(imbalance)
    drawn = perturbed(weights, imbalance=imbalance)
    if allowed:
        moved = find(drawn, lambda _: True)
        assert abs(rational(moved[1].item()) ** 2 - rational(moved[0].item()) ** 2) <= rational(imbalance)
    else:
        with pytest.raises(InvalidArgument, match=rf"imbalance is {imbalance!r}, below the rounding of weights"):
            find(drawn, lambda _: True)


@pytest.mark.parametrize(("moves", "imbalance", "reach"), [((1, 0), 3.0, 1), ((1, -1), 2.0, 1 / 2), ((0, 0), 2.5, 0.5)])
def test_a_perturbation_starts_where_the_imbalance_is_reached(moves, imbalance, reach):
    """Layers 1 and 1, moved by s along ``moves``: |(1+s)^2 - 1| = 2 s + s^2, |(1-s)^2 - (1+s)^2| = 4 s; and where
    nothing moves, the s of 4 s + 2 s^2."""
    ones = (np.eye(1), np.eye(1))
    assert _reach(ones, tuple(np.full((1, 1), float(move)) for move in moves), imbalance) == reach


@given(dimensions(min_depth=2, max_depth=4, max_width=5))
def test_dimensions_stay_in_the_ranges_given(widths):
    """2 <= N <= 4 and widths in 1..5."""
    assert 2 <= len(widths) - 1 <= 4
    assert all(1 <= width <= 5 for width in widths)


@given(symmetric_states(), symmetric_states(depths=(3,), at_identity=True))
def test_symmetric_states_commute_and_have_the_eigenvalues_stated(state, start):
    """Equal symmetric layers; Phi with a negative eigenvalue, and the trace of itself and of its square."""
    assert state.depth in (2, 4, 6)
    assert start.depth == 3
    assert (start.layer == exact(np.eye(len(start.layer)))).all()
    for each in (state, start):
        layer, target, values = each.layer, each.target, each.eigenvalues
        assert each.weights == (layer,) * each.depth
        assert (layer == layer.T).all()
        assert (target == target.T).all()
        assert (layer @ target == target @ layer).all()
        assert min(values) < 0
        assert all(abs(value) <= 3 and (4 * value).q == 1 for value in values)
        assert sum(target.diagonal()) == sum(values)
        assert frobenius_squared(target) == sum(value**2 for value in values)


@given(dimensions(bottleneck=False), dimensions(bottleneck=True))
def test_bottlenecks_are_absent_or_present_as_asked(without, having):
    """A hidden width below min(d_0, d_N), never or always."""
    assert min(without) == min(without[0], without[-1])
    assert min(having[1:-1]) < min(having[0], having[-1])


@given(learning_rates(), fractions())
def test_learning_rates_and_fractions_are_dyadic_and_in_range(rate, fraction):
    """m / 2^k in (0, 8]; k/64 in (0, 1]."""
    assert 0 < rate <= 8
    assert (rate * 2**20).is_integer()
    assert 0 < fraction <= 1
    assert (fraction * 64).is_integer()


@given(st.data(), sizes, sizes, st.sampled_from([0, 0.25, 1]))
def test_directions_have_a_norm_between_the_least_and_one(data, rows, columns, least):
    """Up to the rounding of one norm and three operations."""
    direction = data.draw(directions((rows, columns), least=least))
    slack = 1 + rational(gamma(rows * columns + 5))
    squared = frobenius_squared(exact(direction))
    assert direction.shape == (rows, columns)
    assert (rational(least) / slack) ** 2 <= squared <= slack**2


@given(problems())
def test_problems_are_dyadic_networks_with_a_target_that_fits(problem):
    """Weights and target k/8 in [-2, 2]; the constructor of Problem has checked the shapes."""
    assert all(is_dyadic(matrix, 3) and abs(matrix).max() <= 2 for matrix in (*problem.weights, problem.target))
    assert 0 < problem.learning_rate <= 8


@given(problems(dimensions=st.just((2, 3, 4))))
def test_problems_take_the_dimensions_given(problem):
    """Every draw has them."""
    assert problem.dimensions == (2, 3, 4)


@given(st.integers(1, 6).flatmap(covariances))
def test_covariances_are_exact_and_positive_semidefinite(covariance):
    """Symmetric and no negative eigenvalue, in rationals; no entry needs more than 53 bits, since all are multiples of
    2^-26 below 2^6 (8 samples of features up to 2)."""
    assert (covariance == covariance.T).all()
    assert inertia(exact(covariance))[1] == 0
    assert is_dyadic(covariance, 26)
    assert abs(covariance).max() <= 32


@given(st.data())
def test_observations_are_masks_of_the_shape_asked_for(data):
    """Booleans."""
    rows, columns = data.draw(sizes), data.draw(sizes)
    mask = data.draw(observations(rows, columns))
    assert mask.dtype == np.bool_
    assert mask.shape == (rows, columns)


@pytest.mark.parametrize("form", DATA)
@given(data=st.data())
def test_problems_have_the_data_asked_for(form, data):
    """White, with a covariance, or with a mask; of several forms, one of them."""
    problem = data.draw(problems(data=form))
    assert (problem.covariance is not None, problem.mask is not None) == (form == "covariance", form == "mask")
    assert not data.draw(problems(data=("covariance", "mask"))).is_white


MARGIN_VARIANTS = {
    "default": {},
    "unperturbed": {"perturb": False},
    "half": {"least_fraction": 0.5},
    "at_the_target": {"least_fraction": 1},
    "away_from_the_target": {"least_distance": 0.75},
    "shallow": {"max_depth": 2},
    "square": {"dimensions": st.just((4, 5, 4))},
}


def target_norm(posed):
    """Phi_F in the problem's arithmetic."""
    return square_root(frobenius_squared(posed.target))


def assert_nearly_balanced(drawn: MarginProblem, multiple: int):
    """Every ||B_j||_F^2 <= (multiple * delta)^2."""
    depth, c = drawn.problem.depth, rational(drawn.margin)
    for j in range(depth - 1):
        assert_decided(
            drawn.problem,
            lambda posed, j=j: frobenius_squared(imbalances(posed.weights)[j]),
            "<=",
            lambda posed: power(multiple * imbalance_limit(depth, c, target_norm(posed)), 2),
            f"imbalance {j + 1} is within {multiple} delta",
        )


def assert_learning_rate_allowed(drawn: MarginProblem):
    """0 < eta <= the limit of Theorem 1."""
    depth, c = drawn.problem.depth, rational(drawn.margin)
    assert drawn.problem.learning_rate > 0
    assert_decided(
        drawn.problem,
        lambda posed: rational(posed.learning_rate),
        "<=",
        lambda posed: learning_rate_limit(depth, c, target_norm(posed)),
        "the learning rate is allowed",
    )


@pytest.mark.parametrize("variant", MARGIN_VARIANTS)
@fewer(2)
@given(data=st.data())
def test_margin_problems_meet_every_hypothesis_of_theorem_one(variant, data):
    """Margin >= c > 0, imbalance <= delta, learning rate <= limit: each one decided."""
    drawn = data.draw(margin_problems(**MARGIN_VARIANTS[variant]))
    c = rational(drawn.margin)
    assert drawn.margin > 0
    assert_decided(
        drawn.problem,
        lambda posed: deficiency_margin(posed.weights, posed.target),
        ">=",
        lambda posed: c,
        "the margin is at least c",
    )
    assert_nearly_balanced(drawn, 1)
    assert_learning_rate_allowed(drawn)


@given(margin_problems(least_fraction=0.5, least_distance=1, max_depth=3))
def test_margin_problems_keep_the_stated_distance_and_the_stated_least_fraction(drawn):
    """Half of sigma_min is the margin, half the distance: both lie nearer to a half than to what they exclude."""
    smallest = float(sigma_min(drawn.problem.target))
    distance = float(np.linalg.norm(end_to_end(drawn.problem.weights) - drawn.problem.target))
    assert 0.25 * smallest < drawn.margin < 0.75 * smallest
    assert 0.25 * smallest < distance < 0.75 * smallest


@given(descent_states())
def test_descent_states_meet_every_condition_of_lemma_seven(drawn):
    """|W_j|_2^N <= 4 Phi_F, |W - Phi|_2 <= Phi_F, 2 delta-balanced, sigma_min(W) >= c > 0, eta allowed."""
    problem, depth, c = drawn.problem, drawn.problem.depth, rational(drawn.margin)
    assert drawn.margin > 0
    for j in range(depth):
        assert_decided(
            problem,
            lambda posed, j=j: power(spectral_norm(posed.weights[j]), depth),
            "<=",
            lambda posed: 4 * target_norm(posed),
            f"the norm of layer {j + 1} is allowed",
        )
    assert_decided(
        problem,
        lambda posed: spectral_norm(end_to_end(posed.weights) - posed.target),
        "<=",
        target_norm,
        "the residual is within Phi_F",
    )
    assert_decided(problem, lambda posed: sigma_min(end_to_end(posed.weights)), ">=", lambda posed: c, "sigma_min >= c")
    assert_nearly_balanced(drawn, 2)
    assert_learning_rate_allowed(drawn)


@given(st.data())
def test_descent_states_have_the_margin_where_it_is_the_largest(data):
    """With every fraction 1 the margin leaves room for W's own rounding."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole_problems, "fractions", lambda: st.just(1.0))
        drawn = data.draw(descent_states(max_depth=3))
    assert whole_problems.in_descent_set(drawn.problem, drawn.margin)


SMALL_STARTS = [np.array([[0.25]]), np.array([[0.25], [0.5]]), np.array([[0.25, 0.0], [0.0, 0.5]])]


@given(st.sampled_from(SMALL_STARTS).flatmap(lambda start: st.tuples(st.just(start), residuals(start))))
def test_residuals_are_within_the_norm_of_what_they_leave(drawn):
    """|G|_2 <= ||W - G||_F, for starts so small that most directions would lead too far."""
    start, residual = drawn
    assert spectral_norm(residual) <= (1 + 2.0**-40) * np.linalg.norm(start - residual)


@given(st.data(), sizes, sizes)
def test_residuals_are_never_longer_than_sixteen_starts_or_the_far_root(data, rows, columns):
    """|G|_2 <= 16 ||W||_F; or beyond the far root, at most 2 (half + ||.||) / a with a >= 1/4: 16 ||W||_F ||E||_F."""
    start = nearest(data.draw(targets(rows, columns, rank=min(rows, columns))))
    residual = data.draw(residuals(start))
    assert np.linalg.norm(residual) <= 17 * min(rows, columns) * np.linalg.norm(start)


def test_limits_of_theorem_one_have_the_printed_constants():
    """At N = 2, c = 1/4, Phi_F = 4: all powers are rational."""
    c, norm = fmpq(1, 4), fmpq(4)
    assert imbalance_limit(2, c, norm) == c**2 / (256 * 8 * norm)
    assert learning_rate_limit(2, c, norm) == c**3 / (6144 * 8 * norm**4)
    assert decay_exponent(2, c) == c
    assert imbalance_limit(1, c, norm) == c**2 / 256
    assert learning_rate_limit(1, c, norm) == c**2 / (6144 * norm**2)
    assert decay_exponent(1, c) == 1
