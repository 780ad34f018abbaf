"""Stochastic gradient descent on one hidden layer of leaky units with hinge loss, in every arithmetic that has signs.

    N(x) = v (sum_{i <= k} sg(w_i.x) - sum_{i <= k} sg(u_i.x)),     sg(z) = z for z > 0, al z for z < 0.

The weights are one array W of shape (2k, d), first the w_i, then the u_i; v is fixed. On a sample (x, y), y = +-1, the
loss is max(0, 1 - y N(x)), and where y N(x) < 1 a step of learning rate eta is

    w_i <- w_i + eta v y sg'(w_i.x) x,      u_i <- u_i - eta v y sg'(u_i.x) x,

with any value of sg'(0) between al and 1. At y N(x) = 1 a step moves or not, as the hinge's subgradient has it.
Everything is linear in the steps made, so rationals do not grow. Float64 (with leading batch axes), rationals, and
balls as long as they decide every sign. Source: Brutzkus, Globerson, Malach, Shalev-Shwartz (2018), arXiv:1710.10174.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

import numpy as np
from flint import fmpq

from solvers import arithmetic
from solvers.arithmetic import ObjectArray, Scalar, square_root
from solvers.network import Matrix
from solvers.network.checks import check_steps
from solvers.shallow.checks import check_array


@dataclass(frozen=True)
class LeakyNetwork:
    """``weights`` W (2k, d) or (..., 2k, d); ``output`` v > 0; ``slope`` al; ``slope_at_zero`` sg'(0), al unless given.

    No number but the sign of v is looked at, so that al outside of (0, 1] can be tried. TypeError or ValueError for
    weights of another shape, and for numbers that are not finite.
    """

    weights: Matrix
    output: Any
    slope: Any
    slope_at_zero: Any = None

    def __post_init__(self) -> None:
        weights = self.weights
        check_array(weights, "weights", axes=max(getattr(weights, "ndim", 2), 2), expected="(2k, d)")
        if weights.shape[-2] % 2:
            raise ValueError(f"weights has shape {weights.shape}; expected an even number of rows, w_i and then u_i")
        check_positive(self.output, "output")
        for name, number in (("slope", self.slope), ("slope_at_zero", self.slope_at_zero)):
            if isinstance(number, float) and not isfinite(number):
                raise ValueError(f"{name} is {number}; expected a finite number")

    @property
    def units(self) -> int:
        """k, half the number of units."""
        return int(self.weights.shape[-2]) // 2

    @property
    def dimension(self) -> int:
        """d."""
        return int(self.weights.shape[-1])

    @property
    def gain_squared(self) -> Any:
        """2k v^2, which is 1 for v = 1 / sqrt(2k)."""
        return 2 * self.units * self.output**2

    def slopes(self, products: Matrix) -> Matrix:
        """sg' at w_i.x and u_i.x; ArithmeticError where a ball does not decide its sign."""
        zero = products == 0
        if not ((products > 0) | (products < 0) | zero).all():
            raise ArithmeticError("a sign is undecided; expected a higher precision, or rationals")
        at_zero = self.slope if self.slope_at_zero is None else self.slope_at_zero
        return np.where(products > 0, products * 0 + 1, np.where(zero, at_zero, self.slope))

    def value(self, vector: Matrix) -> Any:
        """N(x) for x of shape (d,)."""
        products = self.weights @ vector
        return self.output * (self._signs() * self.slopes(products) * products).sum(axis=-1)

    def _signs(self) -> Any:
        return np.repeat([1, -1], self.units)


def hinge_step(
    network: LeakyNetwork, vector: Matrix, label: Any, learning_rate: Any, *, moves_at_one: bool = False
) -> tuple[LeakyNetwork, Any]:
    """One step on (x, y), x of shape (d,) and y = +-1, and whether it was an update: True or False, an array of these
    for a batch.

    ``moves_at_one`` tells whether y N(x) = 1 is an update. TypeError or ValueError for another shape or label.
    """
    check_array(vector, "vector", axes=1, expected=f"({network.dimension},)")
    if vector.shape != (network.dimension,):
        raise ValueError(f"vector has shape {vector.shape}; expected ({network.dimension},)")
    if not (label == 1 or label == -1):
        raise ValueError(f"label is {label}; expected 1 or -1")
    check_positive(learning_rate, "learning_rate")
    return _step(network, vector, label, learning_rate, moves_at_one)


def _step(
    network: LeakyNetwork, vector: Matrix, label: Any, learning_rate: Any, moves_at_one: bool
) -> tuple[LeakyNetwork, Any]:
    products = network.weights @ vector
    signed = network._signs() * network.slopes(products)
    margin = label * network.output * (signed * products).sum(axis=-1)
    updates = margin <= 1 if moves_at_one else margin < 1
    if not np.all(updates | (margin > 1 if moves_at_one else margin >= 1)):
        raise ArithmeticError("whether y N(x) < 1 is undecided; expected a higher precision, or rationals")
    move = (learning_rate * network.output * label) * signed[..., None] * vector
    moved = np.where(np.asarray(updates)[..., None, None], network.weights + move, network.weights)
    return replace(network, weights=moved), updates if np.ndim(updates) else bool(updates)


@dataclass(frozen=True)
class HingeRun:
    """The last ``network``; how many steps were ``updates``; how many ``passes`` were begun; whether the last pass made
    none (``clean``), so that y N(x) >= 1 on every sample. Arrays of the batch's shape where the weights are a batch."""

    network: LeakyNetwork
    updates: Any
    passes: int
    clean: Any


def hinge_descent(
    network: LeakyNetwork,
    vectors: Matrix,
    labels: Matrix,
    *,
    learning_rate: Any,
    order: Iterable[int],
    moves_at_one: bool = False,
) -> HingeRun:
    """Steps on the samples whose numbers ``order`` gives, one pass.

    ``vectors`` is (n, d), ``labels`` (n,) of +-1. TypeError or ValueError for what is not.
    """
    check_samples(network, vectors, labels, learning_rate)
    total: Any = 0
    for place in order:
        network, moved = _step(network, vectors[place], labels[place], learning_rate, moves_at_one)
        total = total + moved
    return HingeRun(network, total, 1, total == 0)


def cyclic_descent(
    network: LeakyNetwork,
    vectors: Matrix,
    labels: Matrix,
    *,
    learning_rate: Any,
    passes: int,
    moves_at_one: bool = False,
) -> HingeRun:
    """Pass after pass through the samples in their order, until one makes no update (of any of a batch), at most
    ``passes`` of them."""
    last, total, done, clean = check_steps(passes, "passes"), 0, 0, np.False_
    while done < last and not np.all(clean):
        run = hinge_descent(
            network,
            vectors,
            labels,
            learning_rate=learning_rate,
            order=range(len(vectors)),
            moves_at_one=moves_at_one,
        )
        network, total, done, clean = run.network, total + run.updates, done + 1, run.clean
    return HingeRun(network, total, done, clean)


@dataclass(frozen=True)
class UpdateBound:
    """How many updates there are at most, from exact numbers:

        T <= B^2 rho^2 / al + 2 B^2 / (eta g^2 al^2) + 2 R_0 B / (eta g al).

    B^2 = |b|^2 = ``separator_squared`` for some b with y <b, x> >= 1 on all samples; rho^2 = ``radius_squared`` is at
    least each |x|^2; R_0^2 = ``start_squared`` = ||W_0||_F^2; g^2 = 2k v^2 = ``gain_squared``.
    """

    separator_squared: fmpq
    radius_squared: fmpq
    start_squared: fmpq
    slope: fmpq
    learning_rate: fmpq
    gain_squared: fmpq

    def value(self, factors: tuple[Any, Any, Any] = (1, 2, 2), powers: tuple[int, int, int] = (1, 2, 1)) -> Scalar:
        """The bound; other ``factors`` and ``powers`` of 1/al give other bounds. A rational, or a ball."""
        span, rate = self.separator_squared, self.learning_rate
        terms = (
            span * self.radius_squared,
            span / (rate * self.gain_squared),
            square_root(self.start_squared * span / self.gain_squared) / rate,
        )
        parts = [factor * term / self.slope**power for factor, term, power in zip(factors, terms, powers, strict=True)]
        total: Scalar = parts[0] + parts[1] + parts[2]
        return total


def update_bound(
    network: LeakyNetwork, vectors: Matrix, labels: Matrix, separator: Matrix, learning_rate: Any
) -> UpdateBound:
    """The bound for a start and samples, for any order of them; ValueError where ``separator`` b has some
    y <b, x> < 1, or al is not in (0, 1]."""
    check_samples(network, vectors, labels, learning_rate)
    check_array(separator, "separator", axes=1, expected=f"({network.dimension},)")
    if separator.shape != (network.dimension,):
        raise ValueError(f"separator has shape {separator.shape}; expected ({network.dimension},)")
    points, direction = arithmetic.exact(vectors), arithmetic.exact(separator)
    margins = arithmetic.exact(labels) * (points @ direction)
    if (margins < 1).any():
        place = int(np.argmax(margins < 1))
        raise ValueError(f"separator has y <b, x> = {margins[place]} on sample {place}; expected at least 1 on each")
    slope = arithmetic.rational(network.slope)
    if not 0 < slope <= 1:
        raise ValueError(f"slope is {network.slope}; expected one in (0, 1]")
    return UpdateBound(
        _squared(direction),
        max(_squared(point) for point in points),
        _squared(arithmetic.exact(network.weights).ravel()),
        slope,
        arithmetic.rational(learning_rate),
        2 * network.units * arithmetic.rational(network.output) ** 2,
    )


def check_samples(network: LeakyNetwork, vectors: Matrix, labels: Matrix, learning_rate: Any) -> None:
    """Samples that fit the network, labels +-1, and a learning rate > 0."""
    check_array(vectors, "vectors", axes=2, expected=f"(n, {network.dimension})")
    if vectors.shape[1] != network.dimension:
        raise ValueError(f"vectors has shape {vectors.shape}; expected (n, {network.dimension})")
    check_array(labels, "labels", axes=1, expected=f"({len(vectors)},)")
    if labels.shape != (len(vectors),):
        raise ValueError(f"labels has shape {labels.shape}; expected ({len(vectors)},)")
    if not ((labels == 1) | (labels == -1)).all():
        raise ValueError("labels has an entry that is neither 1 nor -1; expected +-1")
    check_positive(learning_rate, "learning_rate")


def check_positive(number: Any, name: str) -> None:
    """A number > 0 of any arithmetic, finite where it is a float."""
    if number is None or isinstance(number, str | bytes | complex | bool | list | tuple | np.ndarray):
        raise TypeError(f"{name} is {number!r}; expected a finite number > 0")
    if not number > 0 or (isinstance(number, float) and not isfinite(number)):
        raise ValueError(f"{name} is {number}; expected a finite number > 0")


def _squared(vector: ObjectArray) -> fmpq:
    return sum((entry * entry for entry in vector), start=fmpq(0))
