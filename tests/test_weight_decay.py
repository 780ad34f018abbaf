"""Weight decay: F against automatic differentiation and its own parts, thresholds against NumPy's roots and a grid,
critical points by construction, and what is refused."""

from __future__ import annotations

from random import Random

import jax
import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from solvers import (
    Enclosure,
    end_to_end,
    frobenius_squared,
    hessian,
    imbalances,
    layer_gradients,
    loss,
    singular_values,
)
from solvers.arithmetic import exact
from solvers.guarantees.weight_decay import (
    better_than_zero,
    carried,
    carried_at_switch,
    cost,
    existence,
    least_cost,
    roots,
    slope_sign,
)
from solvers.network import (
    decayed_gradients,
    decayed_hessian,
    decayed_hessian_vector_product,
    decayed_loss,
    decayed_step,
    rank,
)
from strategies import DecayPoint, decay_points, dimensions, generic_weights, problems

jax.config.update("jax_enable_x64", True)

small = dimensions(max_depth=3, max_width=3)
rates = st.sampled_from([1.0, 0.25, -0.5])


def penalised(weights, target, decays):
    """F, written down anew for JAX."""
    product = weights[0]
    for matrix in weights[1:]:
        product = matrix @ product
    return 0.5 * ((product - target) ** 2).sum() + sum(
        0.5 * decay * (matrix**2).sum() for decay, matrix in zip(decays, weights, strict=True)
    )


automatic_gradient, automatic_hessian = jax.jit(jax.grad(penalised)), jax.jit(jax.hessian(penalised))


@given(problems(dimensions=st.sampled_from([(2, 3, 2), (1, 2, 3, 2), (3, 2)])), rates, rates)
def test_gradients_and_hessian_agree_with_automatic_differentiation(problem, first, later):
    """One decay a layer; up to depth 3 dyadic networks are exact in float64."""
    weights, target = problem.weights, problem.target
    decays = [first, *([later] * (len(weights) - 1))]
    expected = automatic_gradient(weights, target, decays)
    for found, told in zip(decayed_gradients(weights, target, decays), expected, strict=True):
        assert (found == np.asarray(told)).all()
    assert decayed_loss(weights, target, decays) == float(penalised(weights, target, decays))
    blocks = automatic_hessian(weights, target, decays)
    whole = np.block(
        [
            [np.asarray(b).reshape(v.size, w.size) for b, w in zip(row, weights, strict=True)]
            for row, v in zip(blocks, weights, strict=True)
        ]
    )
    assert (decayed_hessian(weights, target, decays) == whole).all()


@given(problems(dimensions=small), rates, st.data())
def test_the_parts_add_up_in_rationals(problem, decay, data):
    """The loss and what the penalty adds; a step; the Hessian's product with a direction."""
    posed, lam = problem.exact(), fmpq(str(0)) + fmpq(*decay.as_integer_ratio())
    weights, target = posed.weights, posed.target
    penalty = lam / 2 * sum(frobenius_squared(w) for w in weights)
    assert decayed_loss(weights, target, lam) == loss(weights, target) + penalty
    for w, d, moved in zip(
        weights,
        layer_gradients(weights, target),
        decayed_step(weights, target, lam, posed.learning_rate),
        strict=True,
    ):
        assert (moved == w - posed.learning_rate * d - posed.learning_rate * lam * w).all()
    matrix = decayed_hessian(weights, target, lam)
    assert (matrix == hessian(weights, target) + lam * exact(np.eye(len(matrix)))).all()
    along = tuple(map(exact, data.draw(generic_weights(problem.dimensions))))
    product = decayed_hessian_vector_product(weights, target, lam, along)
    flat = np.concatenate([v.ravel() for v in along])
    assert (np.concatenate([piece.ravel() for piece in product]) == matrix @ flat).all()


@given(problems(dimensions=small))
def test_enclosures_contain_the_exact_step(problem):
    """Where float64 rounds: weights and target divided by 3."""
    weights, target = tuple(w / 3 for w in problem.weights), problem.target / 3
    found = decayed_step(tuple(map(Enclosure.of, weights)), Enclosure.of(target), 0.3, 0.1)
    truth = decayed_step(tuple(map(exact, weights)), exact(target), *(fmpq(*x.as_integer_ratio()) for x in (0.3, 0.1)))
    for enclosure, told in zip(found, truth, strict=True):
        assert (abs(exact(enclosure.value) - told) <= exact(enclosure.radius)).all()


def test_a_stack_of_networks_is_each_of_them():
    """Leading axes broadcast as everywhere."""
    random = np.random.default_rng(0)
    weights = tuple(random.integers(-4, 5, shape) / 4 for shape in ((5, 3, 2), (5, 2, 3)))
    target = random.integers(-4, 5, (2, 2)) / 4
    moved, values = decayed_step(weights, target, 0.5, 0.25), decayed_loss(weights, target, 0.5)
    for k in range(5):
        alone = tuple(w[k] for w in weights)
        assert values[k] == decayed_loss(alone, target, 0.5)
        assert all((m[k] == a).all() for m, a in zip(moved, decayed_step(alone, target, 0.5, 0.25), strict=True))


@pytest.mark.parametrize("function", [decayed_loss, decayed_gradients, decayed_hessian])
@pytest.mark.parametrize(
    ("decay", "error", "sentence"),
    [
        ((0.5,), ValueError, "decay has 1 entries; expected a number, or a sequence of 2, one a layer"),
        (True, TypeError, "decay is True; expected a number, or a sequence of 2"),
        ("1", TypeError, "decay is '1'; expected a number"),
        (None, TypeError, "decay is None; expected a number"),
        (float("nan"), ValueError, "decay is nan; expected a number, or a sequence of 2, one a layer, finite"),
        ((0.5, float("inf")), ValueError, "finite"),
        (np.ones(2), TypeError, "expected a number, or a sequence of 2"),
    ],
)
def test_bad_decays_are_refused_by_name(function, decay, error, sentence):
    with pytest.raises(error, match=sentence):
        function((np.ones((2, 2)), np.ones((2, 2))), np.ones((2, 2)), decay)


# Thresholds, against NumPy's roots and a search over a grid.


@given(st.integers(0, 40), st.integers(1, 40), st.integers(2, 6))
def test_roots_are_those_of_the_polynomial(eighths, decay, depth):
    """s^{2N-2} - sigma s^{N-2} + lambda, as NumPy finds them: as many, and near."""
    sigma, lam = fmpq(eighths, 8), fmpq(decay, 16)
    polynomial = np.zeros(2 * depth - 1)
    polynomial[0], polynomial[-1] = 1, decay / 16
    polynomial[depth] -= eighths / 8
    told = np.roots(polynomial)
    told = sorted(root.real for root in told if abs(root.imag) < 1e-5 and root.real > 1e-9)
    found = roots(sigma, lam, depth)
    if len(found) == 2 * (len(told) == 2):  # else a double root, or nearly: NumPy is not told how many there are
        assert np.allclose([float(arb(s)) for s in found], told, atol=1e-6)
    else:
        assert len(found) == 1
        assert depth == 2 or abs(float(slope_sign(found[0], lam, depth))) < 1e-3
    for s in found:
        assert abs(float(arb(carried(s, lam, depth))) - eighths / 8) < 1e-12


@pytest.mark.parametrize("depth", [2, 3, 4, 5])
@pytest.mark.parametrize("sigma", [fmpq(1), fmpq(5, 2)])
def test_least_cost_is_the_least_on_a_grid(sigma, depth):
    """Over s in [0, 2] in steps of 1/1000, for lambda on both sides of both thresholds."""
    grid = np.linspace(0, 2, 2001)
    star, critical = float(better_than_zero(sigma, depth)), float(existence(sigma, depth))
    for level in (star / 2, 0.99 * star, 1.01 * star, critical, 1.5 * critical):
        decay = fmpq(round(level * 1024), 1024)
        searched = cost(grid, float(sigma), float(decay), depth).min()
        least = float(arb(least_cost(sigma, decay, depth)))
        assert least <= searched < least + 1e-4
        assert (searched < float(sigma) ** 2 / 2) == (float(decay) < star)


def test_the_switch_is_where_both_cost_the_same():
    """N = 3, sigma = 2, lambda = 1: s = 1; N = 5, sigma = 3: 3^{3/5} (3/4)^{8/5}."""
    assert least_cost(fmpq(2), fmpq(1), 3) == 2
    assert carried_at_switch(fmpq(2), 3) == 1
    assert carried_at_switch(fmpq(2), 2) == 0
    star = better_than_zero(fmpq(3), 5)
    assert star.overlaps(arb(27).root(5) * (arb(3) / 4) ** arb(fmpq(8, 5)))
    assert abs(star - arb(27).root(5) * (arb(3) / 4) ** arb(fmpq(8, 5))) < fmpq(1, 2**40)


@pytest.mark.parametrize("function", [better_than_zero, existence, carried_at_switch])
def test_thresholds_refuse_what_they_are_not_for(function):
    with pytest.raises(ValueError, match=r"depth is 1; expected a whole number >= 2"):
        function(fmpq(1), 1)
    with pytest.raises(ValueError, match=r"sigma is -1; expected a singular value, >= 0"):
        function(fmpq(-1), 2)


def test_roots_refuse_what_they_are_not_for():
    with pytest.raises(ValueError, match=r"decay is 0; expected a number > 0"):
        roots(fmpq(1), fmpq(0), 3)
    with pytest.raises(ValueError, match=r"sigma is -1; expected a singular value"):
        least_cost(fmpq(-1), fmpq(1), 3)


# Critical points.


@given(st.one_of(decay_points(), decay_points(minima=True)))
def test_critical_points_are_what_is_said_of_them(point):
    """Gradients zero, balanced, of the stated rank, Phi's singular values, and the modes that are carried."""
    assert not any(entry != 0 for d in decayed_gradients(point.weights, point.target, point.decay) for entry in d.flat)
    assert all(frobenius_squared(b) == 0 for b in imbalances(point.weights))
    assert {rank(w) for w in point.weights} == {point.rank}
    assert singular_values(point.target) == sorted([*point.caught, *point.left_out], reverse=True)
    assert point.depth == len(point.dimensions) - 1
    product = end_to_end(point.weights)
    for i, (s, sigma) in enumerate(zip(point.roots, point.caught, strict=True)):
        u, v = point.left[:, i], point.right[:, i]
        assert carried(s, point.decay, point.depth) == sigma
        assert (product @ v == s**point.depth * u).all()
        assert (point.target @ v == sigma * u).all()


@given(decay_points(minima=True))
def test_minima_are_minima(point):
    """Larger roots, prefixes, and nothing above lambda left out where N = 2 has room."""
    assert all(slope_sign(s, point.decay, point.depth) > 0 for s in point.roots)
    assert all(b <= sigma for b in point.left_out for sigma in point.caught)
    if point.depth == 2 and point.rank < min(point.dimensions):
        assert all(b <= point.decay for b in point.left_out)


def sign(point, i):
    """Of the slope at s_i."""
    return slope_sign(point.roots[i], point.decay, point.depth)


KINDS = {
    "zero": lambda p: p.rank == 0 and any(p.left_out),
    "a double root": lambda p: p.rank > 0 and sign(p, -1) == 0,
    "a smaller root": lambda p: p.rank > 0 and sign(p, 0) < 0,
    "two roots of one equation": lambda p: p.rank > 1 and p.caught[0] == p.caught[1] and p.roots[0] != p.roots[1],
    "equal modes carried": lambda p: p.rank > 1 and p.roots[0] == p.roots[1],
    "one of two equal modes left out": lambda p: set(p.caught) & set(p.left_out),
    "a larger mode left out": lambda p: p.rank and p.left_out and max(p.left_out) > max(p.caught),
    "lambda left out": lambda p: p.depth == 2 and p.decay in p.left_out,
    "wide": lambda p: p.dimensions[0] > p.dimensions[-1],
    "high": lambda p: p.dimensions[0] < p.dimensions[-1],
    "a target of less than full rank": lambda p: 0 in p.left_out,
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_reached(kind):
    """Within 1000 draws."""
    quick = settings(
        database=None,
        deadline=None,
        max_examples=1000,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    find(decay_points(), KINDS[kind], settings=quick, random=Random(0))


def test_they_shrink_to_zero_weights():
    quick = settings(database=None, deadline=None, max_examples=50, phases=[Phase.generate, Phase.shrink])
    found = find(decay_points(), lambda p: True, settings=quick, random=Random(0))
    assert found.dimensions == (1, 1, 1)
    assert not any(entry for w in found.weights for entry in w.flat)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"minima": 1}, "minima is 1; expected True or False"),
        ({"dimensions": (2, 2, 2)}, "dimensions is .*; expected a strategy"),
        ({"dimensions": st.just((2, 2))}, r"dimensions drew \(2, 2\); expected depth >= 2"),
    ],
)
def test_bad_arguments_are_refused_by_name(options, sentence):
    """InvalidArgument, when an example is drawn."""

    @settings(max_examples=1, database=None)
    @given(decay_points(**options))
    def draw(point):
        assert isinstance(point, DecayPoint)

    with pytest.raises(InvalidArgument, match=sentence):
        draw()
