"""How far a step of gradient descent in a floating-point format may be from the exact one, entry by entry.

The step. With kappa > 0, data X (d_0 x m) and Y (d_N x m), A_j = W_N ... W_{j+1} and C_j = W_{j-1} ... W_1,

    W_j+ = W_j - eta D_j,    D_j = kappa A_j^T (W X - Y) (C_j X)^T;

where a target is given, D_j = kappa A_j^T (W - Phi) C_j^T. Let M_j be the sum of what is added and subtracted in it,

    M_j = kappa |A_j|^T (|W_N| ... |W_1| |X| + |Y|) (|C_j| |X|)^T,    |C_j| = |W_{j-1}| ... |W_1|, |A_j| alike.

The bound. u is the format's unit, tau its largest error of underflow (:mod:`solvers.arithmetic.formats`). Then

    |computed W_j+ - W_j+| <= (1 + u) (eta g(n_j) M_j + U_j) + u |W_j+| + tau,    g(n) = n u / (1 - n u),

    n_j = (d_{j+1} + ... + d_N) + (d_0 + ... + d_{N-1}) + m + (d_0 + ... + d_{j-2}) + 1 + q     (data),
    n_j = (d_{j+1} + ... + d_N) + (d_1 + ... + d_{N-1}) + (d_0 + ... + d_{j-2}) + 1 + q         (target),

the last sum of dimensions being empty for j = 1, for every algorithm that

- contracts one index at a time, by sums of products, in any association of the matrices and any order of summation,
  with or without fused multiply-adds, products being shared, recomputed or formed beforehand (X X^T and Y X^T, say);
- subtracts Y, or what becomes of it, anywhere on the way;
- multiplies a monomial by eta and the parts of kappa in at most q roundings, anywhere on the way;
- subtracts the result once from W_j, which is rounded once more.

Proof. An entry of eta D_j is a sum of monomials. Each passes, on the way to a sum over an index of dimension k, at most
one product and k - 1 additions, whatever their order. Which indices are summed over does not depend on the association:
d_{j+1}, ..., d_N for A_j^T; d_{N-1}, ..., d_1 and, with data, d_0 for W X; with data m; and d_0, ..., d_{j-2} for
C_j^T, if there is one. A monomial of Y passes some of these. One subtraction and q multiplications are left: each
monomial is multiplied by at most n_j factors 1 + d, |d| <= u, and their product is 1 + t with |t| <= g(n_j) (Higham,
Lemma 3.1). The last subtraction x -> fl(W_j - x) = (W_j - x)(1 + d) + e adds u |W_j+ + (eta D_j - x)| + tau.

Underflow. Let nu(A) be the largest of 1, the row sums and the column sums of |A|, V_j the product of nu over the
factors of M_j (a sum for |W| |X| + |Y|), times max(1, eta) and 2 max(1, kappa), which no product of some of kappa's
parts may exceed, and k the largest index summed over. If
the error of underflow of two computed factors L and R is at most a and b in units of their V, (1 + g) included, then
that of L R is at most a + b + k a b + 2 k tau, since an entry takes at most 2 k operations. So 1 + k times it is at
most the product over all c operations on matrices and scalars of 1 + 2 k^2 tau, c <= 3 N + 1 + 2 q:

    U_j = (1 + g(n_j)) V_j 2 c k tau / (1 - 2 c k^2 tau).

Conditions. n_j u < 1; 2 c k^2 tau < 1; no overflow: |W_j| + (1 + g(n_j)) V_j + U_j at most the largest number. Where
subnormals are flushed, no entry given is one. Formats that round the factors of products first (TF32) multiply a
monomial by two more factors 1 + d', |d'| <= u', for each index summed over, and add two operations that underflow.

Not covered: products of Strassen's kind, and sums that are accumulated in W_j itself.
Source: this project; the model is N. J. Higham's, Accuracy and Stability of Numerical Algorithms, Sections 2.2 and 3.1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from flint import arb, fmpq

from solvers.arithmetic import ObjectArray, exact, rational
from solvers.arithmetic.formats import Format, check_format
from solvers.network.checks import check_chain, check_single_matrix, check_steps
from solvers.network.network import backpropagate, end_to_end

ONE = fmpq(1)
SCALINGS = 4
"""q: enough for eta, and a kappa of 2/(m d_N) that is formed in one rounding and applied, or in two."""


@dataclass(frozen=True)
class Step:
    """One step on kappa/2 ||W X - Y||_F^2, its numbers exact: ``fmpq`` in object arrays.

    ``outputs`` is Y, or the target Phi where ``inputs`` is None. Make one with :meth:`of`.
    """

    weights: tuple[ObjectArray, ...]
    outputs: ObjectArray
    learning_rate: fmpq
    inputs: ObjectArray | None = None
    scale: fmpq = ONE

    @classmethod
    def of(
        cls, weights: Sequence[Any], outputs: Any, learning_rate: Any, *, inputs: Any = None, scale: Any = 1
    ) -> Step:
        """From floats, rationals or integers; ``weights[j]`` (d_{j+1}, d_j), ``inputs`` (d_0, m), ``outputs`` (d_N, m).

        Raises TypeError or ValueError where the parts do not fit or are not finite, for a learning rate below 0 and a
        scale that is not positive.
        """
        layers = tuple(exact(matrix) for matrix in weights)
        check_chain(layers)
        data = None if inputs is None else exact(inputs)
        step = cls(layers, exact(outputs), rational(learning_rate), data, rational(scale))
        for j, matrix in enumerate(layers):
            check_single_matrix(matrix, f"weights[{j}]")
        check_single_matrix(step.outputs, "outputs")
        rows = (layers[-1].shape[0], layers[0].shape[1])
        if data is not None:
            check_single_matrix(data, "inputs")
            if len(data) != rows[1]:
                raise ValueError(f"inputs has shape {data.shape}; expected {rows[1]} rows, as weights[0] has columns")
            rows = (rows[0], data.shape[1])
        if step.outputs.shape != rows:
            raise ValueError(f"outputs has shape {step.outputs.shape}; expected {rows}")
        if step.learning_rate < 0:
            raise ValueError(f"learning_rate is {learning_rate!r}; expected a number >= 0")
        if step.scale <= 0:
            raise ValueError(f"scale is {scale!r}; expected a number > 0")
        return step

    @property
    def dimensions(self) -> tuple[int, ...]:
        """(d_0, ..., d_N)."""
        return (self.weights[0].shape[1], *(len(matrix) for matrix in self.weights))

    @property
    def samples(self) -> int | None:
        """m; None where a target is given."""
        return None if self.inputs is None else int(self.inputs.shape[1])

    @cached_property
    def gradients(self) -> tuple[ObjectArray, ...]:
        """D_j, kappa included."""
        return self._swept(self.weights, self.inputs, -self.outputs)

    @cached_property
    def moved(self) -> tuple[ObjectArray, ...]:
        """W_j+, exactly."""
        return tuple(
            matrix - self.learning_rate * gradient
            for matrix, gradient in zip(self.weights, self.gradients, strict=True)
        )

    @cached_property
    def magnitudes(self) -> tuple[ObjectArray, ...]:
        """M_j: D_j with every entry in absolute value and nothing subtracted."""
        inputs = None if self.inputs is None else abs(self.inputs)
        return self._swept(tuple(abs(matrix) for matrix in self.weights), inputs, abs(self.outputs))

    def _swept(
        self, weights: tuple[ObjectArray, ...], inputs: ObjectArray | None, added: ObjectArray
    ) -> tuple[ObjectArray, ...]:
        product = end_to_end(weights)
        gradient = product + added if inputs is None else (product @ inputs + added) @ inputs.T
        return tuple(self.scale * each for each in backpropagate(weights, gradient))


def summed_indices(dimensions: Sequence[Any], layer: int, samples: Any = None) -> tuple[Any, ...]:
    """The dimensions that an entry of D_j is summed over, j = ``layer`` + 1; ``samples`` is m, None with a target.

    Dimensions are numbers, or symbols.
    """
    data = () if samples is None else (dimensions[0], samples)
    return (*dimensions[layer + 2 :], *dimensions[1:-1], *data, *dimensions[:layer])


def roundings(step: Step, scalings: int = SCALINGS) -> tuple[int, ...]:
    """n_1, ..., n_N."""
    return tuple(sum(_summed(step, layer)) + 1 + scalings for layer in range(len(step.weights)))


def rounding_bound(
    step: Step,
    format: Format | str,
    *,
    flush: bool = True,
    scalings: int = SCALINGS,
    count: Callable[[Step, int], Sequence[int]] = roundings,
) -> tuple[ObjectArray, ...]:
    """For each layer the bound above on |computed W_j+ - W_j+|, exact rationals in the shape of W_j.

    ``format`` is a Format or the name of one; ``flush`` tells that subnormal numbers may be flushed to zero; ``count``
    counts n_j. Raises ValueError where a condition is not met: a number given that is none of the format's, or is
    subnormal with ``flush``; n_j u >= 1; a product that may overflow.
    """
    limits, scalings = check_format(format), check_steps(scalings, "scalings")
    _check_numbers(step, limits, flush)
    unit, tau = limits.unit, limits.underflow(flush=flush)
    bounds = []
    for layer, roundings_of_layer in enumerate(count(step, scalings)):
        relative = 1 + limits.gamma(roundings_of_layer)
        if limits.product_precision is not None:
            relative *= 1 + limits.product_gamma(2 * len(_summed(step, layer)))
        size = _size(step, layer)
        lost = relative * size * _underflow(step, layer, limits, tau, scalings)
        if abs(step.weights[layer]).max() + relative * size + lost > limits.largest:
            raise ValueError(
                f"a product of weights[{layer}]'s gradient may be {float(arb(size)):.3g}; expected a smaller "
                f"one, so that the products of every association are finite in {limits.name}"
            )
        error = step.learning_rate * (relative - 1) * step.magnitudes[layer] + lost
        bounds.append((1 + unit) * error + unit * abs(step.moved[layer]) + tau)
    return tuple(bounds)


def _summed(step: Step, layer: int) -> tuple[int, ...]:
    return summed_indices(step.dimensions, layer, step.samples)


def _underflow(step: Step, layer: int, limits: Format, tau: fmpq, scalings: int) -> fmpq:
    """2 c k tau / (1 - 2 c k^2 tau)."""
    operations = 3 * len(step.weights) + 1 + 2 * scalings
    if limits.product_precision is not None:
        operations += 6 * len(step.weights)
    largest = max(_summed(step, layer), default=1)
    rest = 1 - 2 * operations * largest**2 * tau
    if rest <= 0:
        raise ValueError(f"sums of {largest} products underflow in {limits.name}; expected a smaller dimension")
    return 2 * operations * largest * tau / rest


def _size(step: Step, layer: int) -> fmpq:
    """V_j."""
    sizes = [_nu(matrix) for matrix in step.weights]
    inputs = fmpq(1) if step.inputs is None else _nu(step.inputs)
    residual = prod(sizes, start=inputs) + _nu(step.outputs)
    others = prod([*sizes[:layer], *sizes[layer + 1 :]], start=inputs)
    return residual * others * max(fmpq(1), step.learning_rate) * 2 * max(fmpq(1), step.scale)


def _nu(matrix: ObjectArray) -> fmpq:
    """The largest of 1, the row sums and the column sums of |A|."""
    absolute = abs(matrix)
    largest: fmpq = max(fmpq(1), *absolute.sum(axis=0), *absolute.sum(axis=1))
    return largest


def _check_numbers(step: Step, limits: Format, flush: bool) -> None:
    named = [(f"weights[{j}]", matrix) for j, matrix in enumerate(step.weights)]
    named += [("outputs", step.outputs), ("learning_rate", np.array([step.learning_rate], dtype=object))]
    named += [] if step.inputs is None else [("inputs", step.inputs)]
    for name, matrix in named:
        for number in matrix.ravel():
            if not limits.holds(number) or (flush and 0 < abs(number) < limits.smallest_normal):
                kind = "a normal number of" if flush else "a number of"
                raise ValueError(f"{name} has an entry {float(number)!r}; expected {kind} {limits.name}, or 0")
