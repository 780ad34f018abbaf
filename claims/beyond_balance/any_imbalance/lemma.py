"""The two layers as formulas read them, and strategies for them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flint import fmpq
from hypothesis import strategies as st

from solvers.arithmetic import Comparison, ObjectArray, Verdict, settle, square_root
from solvers.arithmetic import exact as rationals
from solvers.guarantees import any_imbalance as theorem
from solvers.network import frobenius_squared, imbalances, layer_gradients, loss, symmetric_eigenvalues
from solvers.network.spectrum import spectral_norm, squared_singular_values
from strategies import dyadic_matrices

SLACK = fmpq(1, 2**60)
"""Both sides of these inequalities may be one number, which balls cannot tell: they are decided up to this."""


@dataclass(frozen=True)
class TwoLayers:
    """W_1 (h x n), W_2 (m x h) and Phi of exact rationals."""

    weights: tuple[ObjectArray, ObjectArray]
    target: ObjectArray

    @property
    def outputs(self) -> int:
        return len(self.weights[1])

    @property
    def inputs(self) -> int:
        return int(self.weights[0].shape[1])

    @cached_property
    def eigenvalues(self) -> list[Any]:
        """lam_1 >= ... >= lam_h of D."""
        (imbalance,) = imbalances(self.weights)
        return symmetric_eigenvalues(imbalance)

    @cached_property
    def swapped(self) -> "TwoLayers":
        """The transposed network, W^T = W_1^T W_2^T: its imbalance is -D."""
        first, second = self.weights
        return TwoLayers((second.T, first.T), self.target.T)

    @cached_property
    def squared(self) -> Any:
        """sig_m(W_2)^2, 0 where m > h."""
        return square_at(self.weights[1], self.outputs)

    @cached_property
    def gaps(self) -> tuple[Any, Any]:
        """mu = lam_m(D)^+ and nu = (-lam_h(D))^+."""
        lowest = theorem.eigenvalue(self.eigenvalues, len(self.eigenvalues))
        return theorem.positive_gap(self.eigenvalues, self.outputs), theorem.positive_part(-lowest)

    @property
    def squared_product(self) -> Any:
        """sig_m(W)^2."""
        return square_at(self.weights[1] @ self.weights[0], self.outputs)

    @property
    def least(self) -> Any:
        """f(mu, nu, sig_m(W))."""
        return theorem.squared_singular_value(*self.gaps, square_root(self.squared_product))

    @property
    def rate(self) -> Any:
        """alpha."""
        return self.least + self.swapped.least

    @property
    def descent(self) -> Any:
        """S = -dL/dt."""
        return sum(frobenius_squared(gradient) for gradient in layer_gradients(self.weights, self.target))

    @property
    def loss(self) -> Any:
        return loss(self.weights, self.target)


def square_at(matrix: ObjectArray, k: int) -> Any:
    """sig_k^2, 0 beyond the size."""
    values = squared_singular_values(matrix)
    return values[k - 1] if k <= len(values) else fmpq(0)


def gap_lemma(
    layers: TwoLayers, *, above: fmpq | int = 1, below: fmpq | int = 1, rank: int | None = None
) -> Comparison:
    """Statement 1; controls take ``above`` times mu, ``below`` times nu, or lam_k for another k (``rank``)."""
    a, (mu, nu) = layers.squared, layers.gaps
    if rank is not None:
        mu = theorem.positive_gap(layers.eigenvalues, rank)
    return Comparison((a - above * mu) * (a + below * nu) + SLACK, ">=", layers.squared_product, "the gap lemma")


def flow_rate(layers: TwoLayers, *, times: fmpq | int = 2) -> Comparison:
    """S >= 2 alpha L."""
    return Comparison(layers.descent + SLACK, ">=", times * layers.rate * layers.loss, "the rate of the flow")


def norm_bound(layers: TwoLayers, *, share: fmpq | int = 1) -> Comparison:
    """Statement 4 for W_2; a control takes a ``share`` of 4 |W|_2^2."""
    top = theorem.eigenvalue(layers.eigenvalues, 1)
    second, product = spectral_norm(layers.weights[1]), spectral_norm(layers.weights[1] @ layers.weights[0])
    bound = (top + square_root(top**2 + share * 4 * product**2)) / 2
    return Comparison(second**2, "<=", bound + SLACK, "|W_2|_2^2 against its bound")


@st.composite
def two_layers(draw: st.DrawFn, *, outputs: int | None = None, inputs: int | None = None) -> TwoLayers:
    """Widths 1 to 3 outside and 1 to 5 inside, dyadic entries; either layer 0, or 8 times the other in size, or the
    second -W_1^T, so that D is 0."""
    m = outputs or draw(st.integers(1, 3))
    n = inputs or draw(st.integers(1, 3))
    h = draw(st.integers(1, 5))
    first = rationals(draw(dyadic_matrices(h, n, bits=1)))
    second = rationals(draw(dyadic_matrices(m, h, bits=1)))
    kind = draw(st.sampled_from(["any", "first", "second", "balanced"]))
    if kind == "balanced" and m == n:
        second = -first.T
    scale = fmpq(draw(st.sampled_from([0, 1, 8])))
    first, second = (first * scale if kind == "first" else first), (second * scale if kind == "second" else second)
    return TwoLayers((first, second), rationals(draw(dyadic_matrices(len(second), n, bits=1))))


def decided(statement: Callable[[TwoLayers], Comparison], layers: TwoLayers) -> Verdict:
    """A statement of layers, read anew at each precision."""
    return settle(lambda: statement(replace(layers)))
