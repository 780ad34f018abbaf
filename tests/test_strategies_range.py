"""What the strategies reach, and that they reject nothing on the way."""

from collections import Counter
from random import Random

import numpy as np
import pytest
from flint import fmpq
from hypothesis import Phase, find, given, settings
from hypothesis.statistics import collector

from solvers import end_to_end, frobenius_squared, imbalances, inertia, sigma_min, spectral_norm
from solvers.arithmetic import exact, lower_float, rational, square_root
from solvers.arithmetic.formats import FORMATS
from solvers.guarantees.theorem_one import imbalance_limit, learning_rate_limit
from strategies import (
    DATA,
    approximately_balanced_weights,
    balanced_networks,
    covariances,
    descent_states,
    dimensions,
    directions,
    dyadic_matrices,
    generic_weights,
    margin_problems,
    observations,
    orthogonal_matrices,
    problems,
    rounded_steps,
    singular_value_lists,
    symmetric_states,
    targets,
)


def reached(strategy, condition):
    """Find a draw that meets the condition among 500, unshrunk: ``find`` raises NoSuchExample where there is none."""
    quick = settings(database=None, deadline=None, max_examples=500, phases=[Phase.generate])
    return find(strategy, condition, settings=quick, random=Random(0))


WIDTHS = {
    **{f"depth {depth}": lambda d, depth=depth: len(d) - 1 == depth for depth in range(1, 7)},
    **{f"width {width}": lambda d, width=width: width in d[1:-1] for width in range(1, 9)},
    "wide input": lambda d: d[0] == 8 and d[-1] == 1,
    "wide output": lambda d: d[0] == 1 and d[-1] == 8,
    "square": lambda d: d[0] == d[-1] >= 4,
    "all one wide": lambda d: set(d) == {1} and len(d) > 2,
}
BOTH = {
    "a bottleneck": lambda d: min(d) < min(d[0], d[-1]),
    "no bottleneck": lambda d: len(d) > 2 and min(d) == min(d[0], d[-1]) > 1,
}


@pytest.mark.parametrize("kind", WIDTHS | BOTH)
def test_dimensions_reach(kind):
    """Every depth and width, rectangular both ways, with a bottleneck and without."""
    reached(dimensions(), (WIDTHS | BOTH)[kind])


@pytest.mark.parametrize("kind", WIDTHS)
def test_dimensions_without_bottleneck_reach(kind):
    """The same where a margin needs wide hidden layers."""
    reached(dimensions(bottleneck=False), WIDTHS[kind])


def test_the_least_bottleneck_is_reached():
    """Of depth 2 and widths at most 2 there is one: 2-1-2."""
    reached(dimensions(bottleneck=True, max_depth=2, max_width=2), lambda widths: widths == (2, 1, 2))


@pytest.mark.parametrize("rank", range(4))
def test_targets_and_networks_reach_every_rank(rank):
    """0, deficient and full, when no rank is asked for."""
    reached(singular_value_lists(3), lambda values: sum(value > 0 for value in values) == rank)
    reached(balanced_networks((3, 3, 3)), lambda n: sum(value > 0 for value in n.layer_singular_values) == rank)


@pytest.mark.parametrize("entry", [-3.0, -2.75, 2.75, 3.0])
def test_dyadic_matrices_reach_every_entry(entry):
    """Both bounds, and what is next to them."""
    reached(dyadic_matrices(1, 1, bound=3, bits=2), lambda matrix: matrix.item() == entry)


@pytest.mark.parametrize("value", [fmpq(k, 4) for k in range(1, 13)], ids=str)
def test_singular_values_reach_every_quarter(value):
    """1/4, 1/2, ..., 3."""
    reached(singular_value_lists(2), lambda values: rational(values[0]) == value)


def test_targets_reach_matrices_that_are_not_diagonal():
    """Their singular bases are drawn on both sides."""
    reached(targets(2, 2), lambda phi: all(entry != 0 for entry in phi.flat))
    reached(orthogonal_matrices(2), lambda q: q[0, 0] * q[1, 1] - q[0, 1] * q[1, 0] == -1)
    reached(orthogonal_matrices(3), lambda q: all(entry.q != 1 for entry in q.flat))


COVARIANCES = {
    "identity": lambda s: (s == np.eye(3)).all(),
    "zero": lambda s: not s.any(),
    **{f"rank {rank}": lambda s, rank=rank: inertia(exact(s))[0] == rank for rank in range(4)},
    "correlated": lambda s: s[0, 1] != 0 != s[1, 2],
    "a condition number above 2^20": lambda s: np.linalg.eigvalsh(s)[-1] > 2**20 * np.linalg.eigvalsh(s)[0] > 0,
}


@pytest.mark.parametrize("kind", COVARIANCES)
def test_covariances_reach(kind):
    """Every rank, well and ill-conditioned."""
    reached(covariances(3), COVARIANCES[kind])


@pytest.mark.parametrize("count", range(7))
def test_observations_reach(count):
    """Every number of entries, none and all included."""
    reached(observations(2, 3), lambda mask: mask.sum() == count)


@pytest.mark.parametrize("form", DATA)
def test_problems_reach_every_form(form):
    """White, with a covariance and with a mask."""
    names = {"white": (False, False), "covariance": (True, False), "mask": (False, True)}
    reached(problems(data=DATA), lambda p: (p.covariance is not None, p.mask is not None) == names[form])


def largest_imbalance_squared(weights):
    """max_j ||B_j||_F^2, exactly."""
    return max(frobenius_squared(b) for b in imbalances([exact(matrix) for matrix in weights]))


@pytest.mark.parametrize("imbalance", [1e-6, 0.25, 4.0])
def test_approximately_balanced_weights_reach_half_of_what_is_allowed(imbalance):
    """The imbalance is no formality, whatever its size."""
    drawn = approximately_balanced_weights((2, 2, 2), imbalance=imbalance)
    reached(drawn, lambda weights: 4 * largest_imbalance_squared(weights) > rational(imbalance) ** 2)


def phi_norm(drawn):
    """||Phi||_F, exactly."""
    return square_root(frobenius_squared(exact(drawn.problem.target)))


def relative_imbalance_above(part, multiple):
    """Whether max_j ||B_j||_F is above a part of ``multiple`` delta, delta for the c that is drawn."""

    def condition(drawn):
        if drawn.problem.depth == 1:
            return False
        delta = imbalance_limit(drawn.problem.depth, rational(drawn.margin), phi_norm(drawn))
        return bool(largest_imbalance_squared(drawn.problem.weights) > (part * multiple * delta) ** 2)

    return condition


def at_the_learning_rate_limit(drawn):
    """Whether eta is the largest float that is certainly allowed."""
    limit = learning_rate_limit(drawn.problem.depth, rational(drawn.margin), phi_norm(drawn))
    return drawn.problem.learning_rate == lower_float(limit)


def residual(drawn):
    """W(0) - Phi."""
    return end_to_end(drawn.problem.weights) - drawn.problem.target


MARGIN_KINDS = {
    "depth 1": lambda m: m.problem.depth == 1,
    "depth 6": lambda m: m.problem.depth == 6,
    "wide": lambda m: max(m.problem.dimensions) == 8,
    "rectangular": lambda m: m.problem.dimensions[0] > m.problem.dimensions[-1] > 1,
    "rectangular the other way": lambda m: 1 < m.problem.dimensions[0] < m.problem.dimensions[-1],
    "margin near zero": lambda m: m.margin < sigma_min(m.problem.target) / 16,
    "margin near sigma_min": lambda m: 0.9 * sigma_min(m.problem.target) < m.margin and residual(m).any(),
    "above half of delta": relative_imbalance_above(fmpq(1, 2), 1),
    "at the learning rate limit": at_the_learning_rate_limit,
    "far below the learning rate limit": lambda m: not at_the_learning_rate_limit(m),
    "ill-conditioned target": lambda m: spectral_norm(m.problem.target) >= 8 * sigma_min(m.problem.target),
}


@pytest.mark.parametrize("kind", MARGIN_KINDS)
def test_margin_problems_reach(kind):
    """Every corner of the hypotheses of Theorem 1."""
    reached(margin_problems(), MARGIN_KINDS[kind])


def beyond_the_farther_root(drawn):
    """Whether |G|_2 <= ||W - G||_F holds with an interval of shorter G in the same direction for which it does not."""
    g, w = residual(drawn), end_to_end(drawn.problem.weights)
    if not g.any():
        return False
    e = g / spectral_norm(g)
    a, half = np.sum(e**2) - 1, np.sum(w * e)
    discriminant = half**2 - a * np.sum(w**2)
    return half > 0 and discriminant > 0 and a * spectral_norm(g) > half


DESCENT_KINDS = {
    "depth 1": lambda m: m.problem.depth == 1,
    "depth 6": lambda m: m.problem.depth == 6,
    "no margin": lambda m: np.linalg.norm(residual(m)) > 2 * sigma_min(m.problem.target),
    "residual near Phi_F": lambda m: spectral_norm(residual(m)) > 0.9 * np.linalg.norm(m.problem.target),
    "residual beyond the farther root": beyond_the_farther_root,
    "c above Phi_F": lambda m: m.margin > np.linalg.norm(m.problem.target),
    "c far below sigma_min": lambda m: m.margin < sigma_min(end_to_end(m.problem.weights)) / 8,
    "above half of 2 delta": relative_imbalance_above(fmpq(1, 2), 2),
    "at the learning rate limit": at_the_learning_rate_limit,
}


@pytest.mark.parametrize("kind", DESCENT_KINDS)
def test_descent_states_reach(kind):
    """Every corner of the set of Lemma 7."""
    reached(descent_states(), DESCENT_KINDS[kind])


STRATEGIES = {
    "dimensions": dimensions(),
    "bottlenecks": dimensions(bottleneck=True),
    "orthogonal_matrices": orthogonal_matrices(8),
    "directions": directions((8, 8)),
    "targets": targets(8, 8),
    "generic_weights": dimensions().flatmap(generic_weights),
    "balanced_networks": dimensions(max_width=5).flatmap(balanced_networks),
    "approximately_balanced_weights": dimensions(max_width=5).flatmap(
        lambda widths: approximately_balanced_weights(widths, imbalance=0.01)
    ),
    "covariances": covariances(6),
    "observations": observations(4, 3),
    "problems": problems(),
    "problems with data": problems(data=DATA),
    "margin_problems": margin_problems(),
    "descent_states": descent_states(),
    "symmetric_states": symmetric_states(),
}


def odd_part(number: fmpq) -> int:
    """Of +-k 2^e the odd k > 0."""
    whole = abs(int(number.p))
    return whole // (whole & -whole)


BITS = FORMATS["float16"].precision
NUMBERS = {
    "zero": lambda x: x == 0,
    "a negative number": lambda x: x < 0,
    "a power of two": lambda x: x > 0 and odd_part(x) == 1,
    "the number after a power of two": lambda x: x > 0 and odd_part(x) == 2 ** (BITS - 1) + 1,
    "the number before a power of two": lambda x: x > 0 and odd_part(x) == 2**BITS - 1,
    "any number": lambda x: x > 0 and 2 ** (BITS - 1) + 16 < odd_part(x) < 2**BITS - 16,
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_rounded_steps_reach_numbers_of_every_kind(kind):
    """Zero, both signs, the neighbours of a power of two, and others of all bits."""
    steps = rounded_steps(format=FORMATS["float16"])
    reached(steps, lambda drawn: any(NUMBERS[kind](x) for w in drawn.step.weights for x in w.ravel()))


KAPPAS = {
    "1": lambda m, d: fmpq(1),
    "2": lambda m, d: fmpq(2),
    "1/m": lambda m, d: fmpq(1, m),
    "2/(m d_N)": lambda m, d: fmpq(2, m * d),
}


def kappas(drawn):
    """The four kappas of a drawn step, by m, the columns of its outputs, and d_N, their rows."""
    rows, columns = drawn.step.outputs.shape
    return {name: of(columns, rows) for name, of in KAPPAS.items()}


@pytest.mark.parametrize("kind", KAPPAS)
def test_rounded_steps_reach_every_kappa(kind):
    """With m = 3 and d_N = 2 or 3, where all four differ."""
    steps = rounded_steps(format=FORMATS["float16"], samples=3)
    reached(steps, lambda drawn: len(drawn.step.outputs) > 1 and drawn.step.scale == kappas(drawn)[kind])


@given(rounded_steps(format=FORMATS["float16"]))
def test_rounded_steps_have_no_other_kappa(drawn):
    """And it is the product of its parts."""
    assert drawn.step.scale in kappas(drawn).values()
    assert drawn.step.scale == np.prod([fmpq(1), *drawn.parts])


@pytest.mark.parametrize("name", STRATEGIES)
def test_strategies_reject_nothing(name):
    """No assumption fails and no filter gives up: Hypothesis's own statistics count no invalid draw.

    (Its attempts cut short at a size of its choosing are another matter, and count as overruns.)
    """

    @settings(database=None, deadline=None, max_examples=50, phases=[Phase.generate])
    @given(STRATEGIES[name])
    def drawing(drawn):
        pass

    gathered = []
    with collector.with_value(gathered.append):
        drawing()
    statuses = Counter(case["status"] for case in gathered[0]["generate-phase"]["test-cases"])
    assert statuses["valid"] >= 50
    assert statuses["invalid"] == 0
