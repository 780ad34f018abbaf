"""Cycles of two: points and multipliers by automatic differentiation, instances in rationals, enclosures; bad input."""

from __future__ import annotations

import re

import jax
import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from solvers.descent.two_cycles import (
    TwoCycle,
    along_polynomials,
    cycle_multipliers,
    cycle_of_equal_layers,
    cycle_rate,
    cycles_of_two_numbers,
    problem_of_cycle,
    root_between,
)
from solvers.flow import mode_step

jax.config.update("jax_enable_x64", True)


def two_steps(weights, target, rate):
    """Two steps of descent on (prod w - Phi)^2 / 2 by automatic differentiation."""
    slope = jax.grad(lambda w: (w.prod() - target) ** 2 / 2)
    for _ in range(2):
        weights = weights - rate * slope(weights)
    return weights


def check_by_differentiation(cycle: TwoCycle, target: float, rate: float) -> None:
    """Back after two steps, not after one, and the derivative's eigenvalues: along once, across N - 1 times; relative
    1e-9, as float64 has 1e-16 and no number here is above 10^4."""
    weights = np.array([float(w) for w in cycle.points[0]])
    np.testing.assert_allclose(two_steps(weights, target, rate), weights, rtol=1e-9)
    other = np.array([float(w) for w in cycle.points[1]])
    np.testing.assert_allclose(two_steps(other, target, rate), other, rtol=1e-9)
    assert abs(weights - other).max() > 1e-3
    derivative = np.asarray(jax.jacobian(two_steps)(weights, target, rate))
    expected = sorted([float(cycle.along)] + [float(cycle.across)] * (len(weights) - 1))
    np.testing.assert_allclose(np.sort(np.linalg.eigvals(derivative).real), expected, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("product", [0.3, 1.01, 1.2025, 1.7, 2.0, 5.0])
def test_cycles_of_two_numbers_by_differentiation(product):
    """All of the list, whose length is as said; eta = 1."""
    found = cycles_of_two_numbers(product)
    assert len(found) == 1 + 2 * (product > 1) + (product < 2)
    for cycle in found:
        check_by_differentiation(cycle, product, 1.0)


@pytest.mark.parametrize("depth", [2, 3, 4, 7])
@pytest.mark.parametrize("excess", [1.01, 1.2, 2.0, 30.0])
def test_cycles_of_equal_layers_by_differentiation(depth, excess):
    """a = excess times 2/N, Phi = 1."""
    rate = excess * 2 / depth
    cycle = cycle_of_equal_layers(depth, rate)
    assert len(cycle.points[0]) == depth
    assert cycle.points[0][0] > cycle.points[1][0] > 0
    check_by_differentiation(cycle, 1.0, rate)


def test_there_is_none_up_to_two_over_the_depth():
    """At 2/N itself not, just above it yes."""
    for depth in (2, 3, 5):
        edge = fmpq(2, depth)
        assert cycle_of_equal_layers(depth, edge) is None
        assert cycle_of_equal_layers(depth, edge / 3) is None
        assert cycle_of_equal_layers(depth, edge * fmpq(10**9 + 1, 10**9)) is not None


@given(st.integers(2, 6), st.integers(1, 30), st.integers(1, 30))
def test_problems_of_cycles_alternate(depth, p, q):
    """In rationals: the step of all layers, and a for the ratio."""
    x, y = fmpq(p + q, 7), fmpq(p, 7)
    target, rate = problem_of_cycle(depth, x, y)
    assert problem_of_cycle(depth, y, x) == (target, rate)
    assert mode_step([x] * depth, target, rate) == [y] * depth
    assert mode_step([y] * depth, target, rate) == [x] * depth
    scaled = cycle_rate(depth, y / x)
    assert (arb(scaled) ** depth).overlaps(arb(rate**depth * target ** (2 * depth - 2)))
    found, (along, across) = cycle_of_equal_layers(depth, float(scaled)), cycle_multipliers(depth, y / x)
    assert float(found.along) == pytest.approx(float(along), rel=1e-4, abs=1e-4)
    assert float(found.across) == pytest.approx(float(across), rel=1e-4, abs=1e-4)


@given(st.integers(2, 8), st.integers(1, 99))
def test_the_polynomials_are_the_multiplier(depth, percent):
    """P(c) / Q(c) in rationals."""
    ratio = fmpq(percent, 100)
    top, bottom = along_polynomials(depth)
    along, across = cycle_multipliers(depth, ratio)
    assert top(ratio) / bottom(ratio) == along
    assert across == 5 - 2 * ratio - 2 / ratio


def test_equal_layers_of_depth_two_are_two_numbers():
    """a is mu there."""
    found, known = cycle_of_equal_layers(2, fmpq(6, 5)), cycles_of_two_numbers(fmpq(6, 5))[0]
    scale = arb(fmpq(6, 5)).sqrt()  # units of Phi^{1/2}, against those of eta^{-1/2}
    for one, other in zip(found.points, known.points, strict=True):
        assert all((scale * a).overlaps(b) for a, b in zip(one, other, strict=True))
    assert found.along.overlaps(arb(known.along))
    assert found.across.overlaps(arb(known.across))


def test_stability_is_decided_or_left_open():
    """True, False, and None for a ball around 1."""
    state = ((fmpq(1), fmpq(1)), (fmpq(2), fmpq(2)))
    assert TwoCycle(state, fmpq(1, 2), fmpq(-1, 2)).is_stable is True
    assert TwoCycle(state, fmpq(1), fmpq(0)).is_stable is False
    assert TwoCycle(state, fmpq(0), fmpq(-2)).is_stable is False
    assert TwoCycle(state, arb(1, 0.1), fmpq(0)).is_stable is None


@pytest.mark.parametrize("bits", [30, 64, 300])
def test_roots_are_enclosed(bits):
    """sqrt 2, from either side, to the precision that is set."""
    with ctx.workprec(bits):
        for sign in (1, -1):
            root = root_between(lambda x, s=sign: s * (x * x - 2), fmpq(1), fmpq(2))
            assert root.overlaps(arb(2).sqrt())
            assert root.rel_accuracy_bits() > bits - 4


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda: cycles_of_two_numbers(0), ValueError, "product is 0; expected eta Phi > 0"),
        (lambda: cycle_of_equal_layers(1, 1), ValueError, "depth is 1; expected a whole number >= 2"),
        (lambda: cycle_of_equal_layers(2.0, 1), TypeError, "depth is 2.0; expected a whole number >= 2"),
        (lambda: cycle_of_equal_layers(True, 1), TypeError, "depth is True; expected a whole number >= 2"),
        (lambda: cycle_of_equal_layers(2, -1), ValueError, "rate is -1; expected eta Phi^(2-2/N) > 0"),
        (lambda: cycle_rate(2, fmpq(0)), ValueError, "ratio is 0; expected a number in (0, 1]"),
        (lambda: cycle_multipliers(2, fmpq(-1)), ValueError, "ratio is -1; expected a number in (0, 1]"),
        (lambda: problem_of_cycle(2, 1, 1), ValueError, "x and y are 1 and 1; expected two different numbers > 0"),
        (lambda: problem_of_cycle(2, 1, 0), ValueError, "x and y are 1 and 0; expected two different numbers > 0"),
        (lambda: root_between(lambda x: x, fmpq(1), fmpq(2)), ValueError, "expected opposite signs"),
        (lambda: cycles_of_two_numbers(float("inf")), ValueError, "inf is not a rational number"),
    ],
)
def test_bad_input_is_named(call, error, sentence):
    """The argument, what was wrong, what would be right."""
    with pytest.raises(error, match=re.escape(sentence)):
        call()
