"""Statements 1 to 4 for drawn layers, and the conserved rate where widths promise one."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flint import fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from claims.beyond_balance.any_imbalance import lemma
from claims.suite import exact, witness
from claims.suite.agreement import agree
from solvers import arithmetic
from solvers.arithmetic import Comparison, settle, square_root
from solvers.guarantees import any_imbalance as theorem
from solvers.network import end_to_end, frobenius_squared, imbalances, inertia, sigma_min

BALANCED = lemma.TwoLayers(
    (arithmetic.exact(np.eye(2)) * 2, arithmetic.exact(np.eye(2)) * 2), arithmetic.exact(np.eye(2))
)


@exact
@given(lemma.two_layers())
@example(BALANCED)
def test_the_gap_lemma(layers: lemma.TwoLayers) -> None:
    """Of both layers, up to 2^-60; widths from 1, bottlenecks, layers of 0 and balance included."""
    for each in (layers, layers.swapped):
        verdict = lemma.decided(lemma.gap_lemma, each)
        assert verdict.holds, verdict


@exact
@given(lemma.two_layers())
@example(BALANCED)
def test_the_rate_of_the_flow(layers: lemma.TwoLayers) -> None:
    """S >= 2 alpha L up to 2^-60, for any target; alpha >= alpha_0."""
    verdict = lemma.decided(lemma.flow_rate, layers)
    assert verdict.holds, verdict

    def both_gaps() -> Any:
        fresh = replace(layers)
        return fresh.gaps[0] + fresh.swapped.gaps[0]

    assert agree(lambda: theorem.imbalance_rate(layers.weights), both_gaps).holds
    assert settle(
        lambda: Comparison(replace(layers).rate + lemma.SLACK, ">=", both_gaps(), "alpha against alpha_0")
    ).holds


@exact
@given(lemma.two_layers())
@example(BALANCED)
def test_the_norms(layers: lemma.TwoLayers) -> None:
    """Of both layers, up to 2^-60."""
    for each in (layers, layers.swapped):
        verdict = lemma.decided(lemma.norm_bound, each)
        assert verdict.holds, verdict


@exact
@given(lemma.two_layers(outputs=1, inputs=1))
def test_one_output_and_one_input(layers: lemma.TwoLayers) -> None:
    """||W_1||^2 + ||W_2||^2 = (Delta^2 + 4 W^2)^{1/2} = alpha, h = 1 to 5, within 2^-60; and S = 2 alpha L."""
    first, second = layers.weights
    squares = frobenius_squared(first) + frobenius_squared(second)
    assert agree(lambda: squares, lambda: replace(layers).rate).holds
    assert layers.descent == 2 * squares * layers.loss

    def closed() -> Any:
        values = replace(layers).eigenvalues
        delta = theorem.positive_part(values[0]) + theorem.positive_part(-values[-1])
        return square_root(delta**2 + 4 * (second @ first)[0, 0] ** 2)

    assert agree(lambda: squares, closed).holds


@exact
@given(st.integers(1, 2), st.integers(1, 2), st.integers(0, 1), st.data())
def test_wide_layers_promise_a_rate(outputs: int, inputs: int, more: int, data: st.DataObject) -> None:
    """h >= m + n and (W_2^T, W_1) of rank m + n: m positive and n negative eigenvalues, so alpha_0 > 0. The layers are
    a drawn matrix over 32 plus 4 times an identity, whose columns are independent."""
    hidden = outputs + inputs + more
    drawn = data.draw(lemma.two_layers(outputs=outputs, inputs=inputs))
    both = arithmetic.exact(np.eye(hidden, outputs + inputs)) * 4
    rows = min(hidden, len(drawn.weights[0]))
    both[:rows, :outputs] += drawn.weights[1].T[:rows] / 32
    both[:rows, outputs:] += drawn.weights[0][:rows] / 32
    weights = (both[:, outputs:], both[:, :outputs].T)
    assert inertia(imbalances(weights)[0]) == (outputs, inputs, more)
    assert settle(lambda: Comparison(theorem.imbalance_rate(weights), ">", fmpq(0), "alpha_0")).holds


@witness
@pytest.mark.parametrize("size", [1, 2, 3])
def test_balanced_square_layers(size: int) -> None:
    """D = 0: alpha = 2 sigma_min(W), the flow's rate of balanced layers with its N, and alpha_0 = 0."""
    layer = arithmetic.exact(np.diag(np.arange(1.0, size + 1)))
    layers = lemma.TwoLayers((layer, layer), layer)
    assert layers.rate == 2 * sigma_min(end_to_end(layers.weights)) == 2
    assert theorem.imbalance_rate(layers.weights) == 0
    assert lemma.decided(lemma.flow_rate, layers).holds
