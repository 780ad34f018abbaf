"""Leaky units with hinge loss: against plain fractions, automatic differentiation, balls and batches; the bound; the
strategies of separable samples, whose promises are checked exactly."""

from __future__ import annotations

from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from sklearn.datasets import load_iris

from solvers.arithmetic import balls, exact, nearest, rational, settle
from solvers.arithmetic.verdict import Comparison
from solvers.shallow import LeakyNetwork, UpdateBound, cyclic_descent, hinge_descent, hinge_step, update_bound
from strategies import SEPARABLE, leaky_networks, real_separable, separable_samples

jax.config.update("jax_enable_x64", True)

CASES = st.integers(1, 3).flatmap(
    lambda d: st.tuples(separable_samples(min_dimension=d, max_dimension=d), leaky_networks(dimension=d))
)


def fraction(number):
    """An exact rational of the standard library."""
    return Fraction(int(number.p), int(number.q))


def plain_run(network, samples, rate, steps, moves_at_one):
    """The definition in lists of fractions: sample after sample, from the first one on; weights and updates."""
    k = network.units
    rows = [[fraction(entry) for entry in row] for row in network.weights]
    v, al = fraction(network.output), fraction(network.slope)
    at_zero = fraction(network.slope_at_zero)
    updates = 0
    for step in range(steps):
        x = [fraction(entry) for entry in samples.vectors[step % len(samples.vectors)]]
        y = fraction(samples.labels[step % len(samples.vectors)])
        z = [sum(a * b for a, b in zip(row, x, strict=True)) for row in rows]
        units = [value if value >= 0 else al * value for value in z]
        margin = y * v * (sum(units[:k]) - sum(units[k:]))
        if margin < 1 or (moves_at_one and margin == 1):
            updates += 1
            for i, value in enumerate(z):
                slope = 1 if value > 0 else al if value < 0 else at_zero
                sign = 1 if i < k else -1
                rows[i] = [a + rate * sign * v * y * slope * b for a, b in zip(rows[i], x, strict=True)]
    return rows, updates


@given(CASES, st.sampled_from([Fraction(1, 3), Fraction(2), Fraction(1)]), st.booleans())
def test_a_run_is_that_of_the_definition(case, rate, moves_at_one):
    """Two passes, every weight and the number of updates."""
    samples, network = case
    rows, updates = plain_run(network, samples, rate, 2 * len(samples.labels), moves_at_one)
    run = hinge_descent(
        network,
        samples.vectors,
        samples.labels,
        learning_rate=rational(rate),
        order=[*range(len(samples.labels))] * 2,
        moves_at_one=moves_at_one,
    )
    assert run.updates == updates
    assert [[fraction(entry) for entry in row] for row in run.network.weights] == rows


def loss(weights, vector, label, slope):
    """max(0, 1 - y N(x)) for v = 1/2, k = 2."""
    products = weights @ vector
    units = jnp.where(products > 0, products, slope * products)
    return jnp.maximum(0.0, 1 - label * 0.5 * (units[:2].sum() - units[2:].sum()))


LOSS, GRADIENT = jax.jit(loss), jax.jit(jax.grad(loss))


@pytest.mark.parametrize("label", [1.0, -1.0])
@pytest.mark.parametrize("slope", [1.0, 0.25, 0.125])
def test_a_step_is_that_of_the_gradient(label, slope):
    """200 draws of entries that are odd multiples of 1/4 and 1/8, so that float64 is exact and no kink is met."""
    random, updates = np.random.default_rng(7), 0
    for _ in range(200):
        weights = (2 * random.integers(-4, 4, (4, 3)) + 1) / 4
        vector = (2 * random.integers(-4, 4, 3) + 1) / 8
        value = label * LeakyNetwork(weights, 0.5, slope).value(vector)
        if not (weights @ vector).all() or value == 1:
            continue
        assert LOSS(weights, vector, label, slope) == max(0, 1 - value)
        after, updated = hinge_step(LeakyNetwork(weights, 0.5, slope), vector, label, 0.5)
        np.testing.assert_array_equal(after.weights, weights - 0.5 * GRADIENT(weights, vector, label, slope))
        assert updated == (value < 1)
        updates += updated
    assert 100 <= updates < 200


@given(CASES)
def test_a_batch_is_its_members(case):
    """Starts W, 2W, -W and 0 at once, in rationals: the same updates and weights as alone."""
    samples, network = case
    factors = [fmpq(1), fmpq(2), fmpq(-1), fmpq(0)]

    def run(weights):
        start = LeakyNetwork(weights, network.output, network.slope, network.slope_at_zero)
        return hinge_descent(
            start, samples.vectors, samples.labels, learning_rate=fmpq(1), order=range(len(samples.labels))
        )

    together = run(np.stack([network.weights * factor for factor in factors]))
    for place, factor in enumerate(factors):
        alone = run(network.weights * factor)
        assert together.updates[place] == alone.updates
        assert together.clean[place] == alone.clean
        assert (together.network.weights[place] == alone.network.weights).all()


def test_a_pass_is_clean_only_when_it_makes_no_update():
    """Two starts: one needs two updates and then a clean pass, the other none; passes go on for both."""
    starts = exact([[[0], [0]], [[5], [-5]]])
    network = LeakyNetwork(starts, fmpq(1, 2), fmpq(1))
    one = exact([1])
    short = cyclic_descent(network, one[:, None], one, learning_rate=fmpq(1), passes=2)
    assert short.clean.tolist() == [False, True]
    run = cyclic_descent(network, one[:, None], one, learning_rate=fmpq(1), passes=9)
    assert (run.updates.tolist(), run.clean.tolist(), run.passes) == ([2, 0], [True, True], 3)
    assert cyclic_descent(network, one[:, None], one, learning_rate=fmpq(1), passes=0).passes == 0


@given(CASES)
def test_balls_are_around_the_rationals(case):
    """64 bits, al = 1/3 and v = 2/3 among them. Where y N(x) = 1 exactly, balls may be undecided, and are not asked."""
    samples, network = case
    vector, label = samples.vectors[0], samples.labels[0]
    if label * network.value(vector) == 1:
        return
    known, updated = hinge_step(network, vector, label, fmpq(1, 3))
    with ctx.workprec(64):
        wide = LeakyNetwork(balls(network.weights), arb(network.output), arb(network.slope), arb(network.slope_at_zero))
        after, same = hinge_step(wide, balls(vector), int(label.p), arb(fmpq(1, 3)))
    assert same == updated
    with ctx.workprec(256):
        for ball, entry in zip(after.weights.ravel(), known.weights.ravel(), strict=True):
            assert ball.contains(arb(entry))
            assert ball.rad() < 2.0**-50


def test_undecided_signs_are_an_error():
    """A ball around 0, and a margin around 1."""
    around = arb(0, 1)
    with pytest.raises(ArithmeticError, match="a sign is undecided"):
        hinge_step(LeakyNetwork(np.array([[around], [arb(1)]]), arb(1), arb(1)), balls(exact([1])), 1, arb(1))
    wide = np.array([[arb(1, 0.125)], [arb(0)]])
    with pytest.raises(ArithmeticError, match="whether y N"):
        hinge_step(LeakyNetwork(wide, arb(1), arb(1)), balls(exact([1])), 1, arb(1))


@given(CASES, st.sampled_from([fmpq(1), fmpq(1, 7), fmpq(9)]), st.integers(0, 300))
def test_the_bound_without_a_root(case, rate, updates):
    """T <= A + r is T <= A or (T - A)^2 <= r^2, in rationals: the same verdict as by balls."""
    samples, network = case
    bound = update_bound(network, samples.vectors, samples.labels, samples.separator, rate)
    span = (samples.separator**2).sum()
    assert bound.separator_squared == span
    assert bound.radius_squared == max((vector**2).sum() for vector in samples.vectors)
    assert bound.start_squared == (network.weights**2).sum()
    al, gain = network.slope, 2 * network.units * network.output**2
    rest = updates - span * bound.radius_squared / al - 2 * span / (rate * gain * al**2)
    holds = rest <= 0 or rest**2 <= 4 * bound.start_squared * span / (rate**2 * gain * al**2)
    found = settle(lambda: Comparison(fmpq(updates), "<=", bound.value(), "updates"))
    assert found.holds == holds
    assert found.fails != holds


def test_other_factors_and_powers():
    """B = 2, rho = 3, R_0 = 5, al = 1/2, eta = 1/4, g = 1: 36/al + 32/al^2 + 80/al."""
    bound = UpdateBound(fmpq(4), fmpq(9), fmpq(25), fmpq(1, 2), fmpq(1, 4), fmpq(1))
    assert bound.value() == 2 * 36 + 4 * 32 + 2 * 80
    assert bound.value((1, 0, 0), (3, 0, 0)) == 8 * 36
    assert bound.value((0, 1, 0), (0, 1, 0)) == 2 * 16
    assert bound.value((0, 0, 3), (0, 0, 2)) == 4 * 3 * 40


NETWORK = LeakyNetwork(np.zeros((4, 2)), 0.5, 0.5)
X, Y, B = np.eye(2), np.ones(2), np.ones(2)
RATE = {"learning_rate": 1.0}

BAD = {
    "weights of a list": (lambda: LeakyNetwork([[0.0]], 0.5, 0.5), "weights is a list"),
    "one axis": (lambda: LeakyNetwork(np.zeros(4), 0.5, 0.5), r"weights has shape \(4,\); expected \(2k, d\)"),
    "an odd number of rows": (
        lambda: LeakyNetwork(np.zeros((3, 2)), 0.5, 0.5),
        r"weights has shape \(3, 2\); expected an even number of rows",
    ),
    "no rows": (lambda: LeakyNetwork(np.zeros((0, 2)), 0.5, 0.5), "weights has shape"),
    "nan in weights": (lambda: LeakyNetwork(np.full((2, 1), np.nan), 0.5, 0.5), "weights has the entry nan"),
    "v = 0": (lambda: LeakyNetwork(np.zeros((4, 2)), 0, 0.5), "output is 0; expected a finite number > 0"),
    "v < 0": (lambda: LeakyNetwork(np.zeros((4, 2)), fmpq(-1), 0.5), "output is -1; expected"),
    "v of a text": (lambda: LeakyNetwork(np.zeros((4, 2)), "1", 0.5), "output is '1'; expected"),
    "an infinite v": (lambda: LeakyNetwork(np.zeros((4, 2)), np.inf, 0.5), "output is inf; expected"),
    "al = nan": (lambda: LeakyNetwork(np.zeros((4, 2)), 0.5, np.nan), "slope is nan; expected a finite number"),
    "sg'(0) = nan": (
        lambda: LeakyNetwork(np.zeros((4, 2)), 0.5, 0.5, np.inf),
        "slope_at_zero is inf; expected a finite number",
    ),
    "a longer sample": (lambda: hinge_step(NETWORK, np.ones(3), 1, 1.0), r"vector has shape \(3,\); expected \(2,\)"),
    "a matrix for a sample": (lambda: hinge_step(NETWORK, X, 1, 1.0), r"vector has shape \(2, 2\); expected \(2,\)"),
    "label 0": (lambda: hinge_step(NETWORK, B, 0, 1.0), "label is 0; expected 1 or -1"),
    "eta = 0": (lambda: hinge_step(NETWORK, B, 1, 0.0), "learning_rate is 0.0; expected a finite number > 0"),
    "eta = nan": (lambda: hinge_step(NETWORK, B, 1, np.nan), "learning_rate is nan; expected a finite number > 0"),
    "eta of none": (lambda: hinge_step(NETWORK, B, 1, None), "learning_rate is None; expected a finite number > 0"),
    "vectors of another width": (
        lambda: hinge_descent(NETWORK, np.eye(3), np.ones(3), order=[0], **RATE),
        r"vectors has shape \(3, 3\); expected \(n, 2\)",
    ),
    "nan in vectors": (
        lambda: hinge_descent(NETWORK, X * np.nan, Y, order=[0], **RATE),
        r"vectors has the entry nan at \(0, 0\)",
    ),
    "labels of another number": (
        lambda: hinge_descent(NETWORK, X, np.ones(3), order=[0], **RATE),
        r"labels has shape \(3,\); expected \(2,\)",
    ),
    "labels 0 and 1": (
        lambda: hinge_descent(NETWORK, X, np.array([0.0, 1.0]), order=[0], **RATE),
        r"labels has an entry that is neither 1 nor -1; expected \+-1",
    ),
    "passes of a float": (lambda: cyclic_descent(NETWORK, X, Y, passes=2.0, **RATE), "passes is 2.0; expected"),
    "passes below 0": (lambda: cyclic_descent(NETWORK, X, Y, passes=-1, **RATE), "passes is -1; expected"),
    "a longer separator": (
        lambda: update_bound(NETWORK, X, Y, np.ones(3), 1.0),
        r"separator has shape \(3,\); expected \(2,\)",
    ),
    "a separator that is too short": (
        lambda: update_bound(NETWORK, X, Y, np.array([1.0, 0.75]), 1.0),
        "separator has y <b, x> = 3/4 on sample 1; expected at least 1 on each",
    ),
    "al = 0 in the bound": (
        lambda: update_bound(LeakyNetwork(np.zeros((4, 2)), 0.5, 0.0), X, Y, B, 1.0),
        r"slope is 0.0; expected one in \(0, 1\]",
    ),
    "al > 1 in the bound": (
        lambda: update_bound(LeakyNetwork(np.zeros((4, 2)), 0.5, 1.5), X, Y, B, 1.0),
        r"slope is 1.5; expected one in \(0, 1\]",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_by_name(case):
    """TypeError or ValueError, with the argument and what would be right."""
    call, sentence = BAD[case]
    with pytest.raises((TypeError, ValueError), match=sentence):
        call()


@given(separable_samples())
def test_separable_samples_are_separated(samples):
    """y = +-1, y <b, x> >= 1, and 1 is attained; halves."""
    products = samples.labels * (samples.vectors @ samples.separator)
    assert min(products) == 1
    assert {int(label.p) for label in samples.labels} <= {1, -1}
    assert all((2 * entry).q == 1 for entry in samples.vectors.ravel())


@given(st.tuples(st.integers(1, 3), st.booleans()).flatmap(lambda t: leaky_networks(dimension=t[0], normalised=t[1])))
def test_leaky_networks_have_their_slopes_in_order(network):
    """0 < al <= sg'(0) <= 1, v > 0."""
    assert 0 < network.slope <= network.slope_at_zero <= 1
    assert network.output > 0


@given(leaky_networks(dimension=2, normalised=True))
def test_normalised_networks(network):
    """2k v^2 = 1."""
    assert network.gain_squared == 1


REACHED = {
    "both labels": lambda s: len(set(map(str, s.labels))) == 2,
    "one label": lambda s: len(s.labels) == 5 and len(set(map(str, s.labels))) == 1,
    "three dimensions": lambda s: s.vectors.shape[1] == 3,
    "one dimension": lambda s: s.vectors.shape[1] == 1 and len(s.labels) > 1,
    "equal samples": lambda s: len(s.labels) > 1 and (s.vectors[0] == s.vectors[1]).all(),
    "opposite samples": lambda s: len(s.labels) > 1 and (s.vectors[0] == -s.vectors[1]).all(),
    "a long separator": lambda s: (s.separator**2).sum() > 20,
    "an obtuse pair of one label": lambda s: (
        len(s.labels) > 1 and s.labels[0] == s.labels[1] and s.vectors[0] @ s.vectors[1] < 0
    ),
}


@pytest.mark.parametrize("kind", REACHED)
def test_what_separable_samples_reach(kind):
    """Each of these is drawn."""
    find(separable_samples(), REACHED[kind], settings=settings(max_examples=3000, database=None))


def test_what_they_shrink_to():
    """The sample 1 of the label 1, and W = 0 with al = 1."""
    quick = settings(database=None, phases=[Phase.generate, Phase.shrink])
    samples = find(separable_samples(), lambda s: True, settings=quick)
    assert (samples.vectors.tolist(), samples.labels.tolist()) == ([[fmpq(1)]], [fmpq(1)])
    network = find(leaky_networks(dimension=1), lambda n: True, settings=quick)
    assert not network.weights.any()
    assert (network.slope, network.units) == (1, 1)


BAD_DRAWS = [
    (lambda: separable_samples(min_dimension=0), "min_dimension is 0"),
    (lambda: separable_samples(min_dimension=3, max_dimension=2), "max_dimension"),
    (lambda: separable_samples(min_samples=0), "min_samples is 0"),
    (lambda: separable_samples(max_samples=1.5), "max_samples is 1.5"),
    (lambda: leaky_networks(dimension=0), "dimension is 0"),
    (lambda: leaky_networks(dimension=1, normalised=1), "normalised is 1; expected True or False"),
]


@pytest.mark.parametrize("case", range(len(BAD_DRAWS)))
def test_bad_arguments_are_refused_by_name(case):
    """InvalidArgument, when an example is drawn."""
    make, sentence = BAD_DRAWS[case]

    @settings(max_examples=1, database=None)
    @given(make())
    def draw(_):
        pass

    with pytest.raises(InvalidArgument, match=sentence):
        draw()


@pytest.mark.parametrize(("name", "classes", "size"), [("iris", (50, 100), 5), ("digits", (178, 182), 64)])
def test_real_samples(name, classes, size):
    """Classes and shapes as published; the least y <b, x> is exactly 1; entries in [0, 1] and dyadic."""
    samples = real_separable(name)
    assert samples.vectors.shape == (sum(classes), size)
    assert (int((samples.labels == 1).sum()), int((samples.labels == -1).sum())) == classes
    assert min(samples.labels * (samples.vectors @ samples.separator)) == 1
    assert all(0 <= entry <= 1 and 128 % int(entry.q) == 0 for entry in samples.vectors.ravel())
    assert (exact(nearest(samples.vectors)) == samples.vectors).all()


def test_the_lengths_of_iris_are_those_that_were_published():
    """Tenths of a centimetre, here of 128: what scikit-learn has in centimetres, and a one beside them."""
    lengths, _ = load_iris(return_X_y=True)
    found = nearest(real_separable("iris").vectors)
    assert (found[:, :4] * 128 / 10 == lengths).all()
    assert (found[:, 4] == 1).all()


def test_an_unknown_real_sample_is_refused():
    """With the names that are known."""
    with pytest.raises(ValueError, match=f"name is 'wine'; expected one of {', '.join(SEPARABLE)}"):
        real_separable("wine")
