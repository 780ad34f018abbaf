"""What trainers do instead of gradient descent: other algorithms, each written as a trainer in float64.

A rule takes ``(weights, inputs, outputs, learning_rate, steps)`` and returns the weights, or raises NotApplicable where
shapes do not allow it. Its name is what a diagnosis says. None is part of a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Layers: TypeAlias = list[Array]
Rule: TypeAlias = Callable[[Layers, Array, Array, float, int], Layers]
Gradient: TypeAlias = Callable[[Layers, Array, Array], Layers]


class NotApplicable(ValueError):  # noqa: N818 - no error, but an answer
    """The rule says nothing about such a network."""


def gradients(weights: Sequence[Array], inputs: Array, outputs: Array) -> Layers:
    """D_j for 1/2 ||W X - Y||_F^2."""
    return swept(weights, inputs, lambda predictions: predictions - outputs)


def swept(weights: Sequence[Array], inputs: Array, slope: Callable[[Array], Array]) -> Layers:
    """The gradients of a loss whose derivative at the predictions is ``slope``."""
    signals = [inputs]
    for matrix in weights:
        signals.append(matrix @ signals[-1])
    back = slope(signals[-1])
    found: Layers = []
    for matrix, signal in zip(reversed(weights), reversed(signals[:-1]), strict=True):
        found.append(back @ signal.T)
        back = matrix.T @ back
    return found[::-1]


def descending(gradient: Gradient) -> Rule:
    """Steps W_j - eta D_j with other D_j."""
    return moving(lambda step, weights, found, rate: [rate * each for each in found], gradient)


def moving(update: Callable[[int, Layers, Layers, float], Layers], gradient: Gradient = gradients) -> Rule:
    """Steps W_j - ``update(step, weights, gradients, learning rate)``; steps count from 1."""

    def train(weights: Layers, inputs: Array, outputs: Array, rate: float, steps: int) -> Layers:
        for step in range(1, steps + 1):
            moves = update(step, weights, gradient(weights, inputs, outputs), rate)
            weights = [matrix - move for matrix, move in zip(weights, moves, strict=True)]
        return weights

    return train


def remembering(make: Callable[[], Callable[[int, Layers, Layers, float], Layers]]) -> Rule:
    """The same with an update that has a memory, made anew for each run."""

    def train(weights: Layers, inputs: Array, outputs: Array, rate: float, steps: int) -> Layers:
        return moving(make())(weights, inputs, outputs, rate, steps)

    return train


def seeing(change: Callable[[Array, Array], tuple[Array, Array]]) -> Rule:
    """Gradient descent on changed data."""

    def train(weights: Layers, inputs: Array, outputs: Array, rate: float, steps: int) -> Layers:
        return descending(gradients)(weights, *change(inputs, outputs), rate, steps)

    return train


# Which layers, and when.


def _sequential(order: Callable[[int], Sequence[int]]) -> Rule:
    def train(weights: Layers, inputs: Array, outputs: Array, rate: float, steps: int) -> Layers:
        weights = list(weights)
        for _ in range(steps):
            for layer in order(len(weights)):
                weights[layer] = weights[layer] - rate * gradients(weights, inputs, outputs)[layer]
        return weights

    return train


def _only(trained: Callable[[int, int], bool]) -> Rule:
    """Only layers for which ``trained(layer, depth)`` move."""
    return moving(
        lambda step, weights, found, rate: [
            rate * each if trained(layer, len(found)) else 0 * each for layer, each in enumerate(found)
        ]
    )


def _turns(step: int, weights: Layers, found: Layers, rate: float) -> Layers:
    return [rate * each if layer == (step - 1) % len(found) else 0 * each for layer, each in enumerate(found)]


def _stale() -> Callable[[int, Layers, Layers, float], Layers]:
    held: list[Layers] = []

    def update(step: int, weights: Layers, found: Layers, rate: float) -> Layers:
        held.append(found)
        return [rate * each for each in held[max(step - 2, 0)]]

    return update


def _late() -> Callable[[int, Layers, Layers, float], Layers]:
    held: list[Layers] = []

    def update(step: int, weights: Layers, found: Layers, rate: float) -> Layers:
        held.append(found)
        return [rate * each for each in held[step - 2]] if step > 1 else [0 * each for each in found]

    return update


def _first_gradient() -> Callable[[int, Layers, Layers, float], Layers]:
    held: list[Layers] = []

    def update(step: int, weights: Layers, found: Layers, rate: float) -> Layers:
        held.append(found)
        return [rate * each for each in held[0]]

    return update


def _steps_changed(more: int) -> Rule:
    def train(weights: Layers, inputs: Array, outputs: Array, rate: float, steps: int) -> Layers:
        return descending(gradients)(weights, inputs, outputs, rate, max(steps + more, 0))

    return train


def _mean_of_iterates(weights: Layers, inputs: Array, outputs: Array, rate: float, steps: int) -> Layers:
    runs = [descending(gradients)(weights, inputs, outputs, rate, step) for step in range(steps + 1)]
    return [np.mean(layers, axis=0) for layers in zip(*runs, strict=True)]


# Other optimizers.


def adam(decay: float = 0.0) -> Rule:
    """Adam with its usual constants 0.9, 0.999 and 10^-8, and a decoupled weight decay."""

    def make() -> Callable[[int, Layers, Layers, float], Layers]:
        moments: list[Any] = [0.0, 0.0]

        def update(step: int, weights: Layers, found: Layers, rate: float) -> Layers:
            moments[0] = _mixed(moments[0], found, 0.9)
            moments[1] = _mixed(moments[1], [each**2 for each in found], 0.999)
            return [
                rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8) + rate * decay * matrix
                for first, second, matrix in zip(*moments, weights, strict=True)
            ]

        return update

    return remembering(make)


def _mixed(held: Any, found: Layers, weight: float) -> Layers:
    before = held if isinstance(held, list) else [0 * each for each in found]
    return [weight * old + (1 - weight) * new for old, new in zip(before, found, strict=True)]


def squares(weight: float, new: float, small: float) -> Rule:
    """RMSprop (weight, 1 - weight) and Adagrad (1, 1): gradients over roots of sums of their squares."""

    def make() -> Callable[[int, Layers, Layers, float], Layers]:
        held: list[Layers] = []

        def update(step: int, weights: Layers, found: Layers, rate: float) -> Layers:
            before = held[-1] if held else [0 * each for each in found]
            held.append([weight * old + new * each**2 for old, each in zip(before, found, strict=True)])
            return [rate * each / (np.sqrt(total) + small) for each, total in zip(found, held[-1], strict=True)]

        return update

    return remembering(make)


def nesterov(weight: float) -> Rule:
    """v = weight v + D, and a step along D + weight v."""

    def make() -> Callable[[int, Layers, Layers, float], Layers]:
        held: list[Layers] = []

        def update(step: int, weights: Layers, found: Layers, rate: float) -> Layers:
            before = held[-1] if held else [0 * each for each in found]
            held.append([weight * old + each for old, each in zip(before, found, strict=True)])
            return [rate * (each + weight * now) for each, now in zip(found, held[-1], strict=True)]

        return update

    return remembering(make)


def linear(
    scales: Sequence[float],
    divisor: Callable[[Array, Array], float],
    momenta: Sequence[float],
    decay: float,
    *,
    by_rate: bool,
) -> Rule:
    """W - eta s D - lambda W + beta (W - W before): s of each step, the last for those after it, times ``divisor`` of
    the data; beta from step 2 on; lambda is ``decay``, times eta with ``by_rate``."""

    def train(weights: Layers, inputs: Array, outputs: Array, rate: float, steps: int) -> Layers:
        before, shrunk = weights, decay * (rate if by_rate else 1)
        for step in range(1, steps + 1):
            factor = rate * _at(scales, step - 1) * divisor(inputs, outputs)
            kept = _at(momenta, step - 2) if step > 1 else 0.0
            moved = [
                matrix + kept * (matrix - old) - factor * each - shrunk * matrix
                for matrix, old, each in zip(weights, before, gradients(weights, inputs, outputs), strict=True)
            ]
            before, weights = weights, moved
        return weights

    return train


def _at(values: Sequence[float], place: int) -> float:
    return values[min(place, len(values) - 1)]


def shrinking(decay: float) -> Rule:
    """Gradients plus ``decay`` times the signs of the weights."""
    return moving(
        lambda step, weights, found, rate: [
            rate * (each + decay * np.sign(matrix)) for each, matrix in zip(found, weights, strict=True)
        ]
    )


def clamped(limit: float) -> Rule:
    """Weights whose entries are cut after every step."""

    def train(weights: Layers, inputs: Array, outputs: Array, rate: float, steps: int) -> Layers:
        for _ in range(steps):
            moved = descending(gradients)(weights, inputs, outputs, rate, 1)
            weights = [matrix.clip(-limit, limit) for matrix in moved]
        return weights

    return train


LAYER_FACTORS: dict[str, Callable[[Array, int, int], float]] = {
    "1/d_{j-1}": lambda matrix, layer, depth: 1 / matrix.shape[1],
    "1/d_j": lambda matrix, layer, depth: 1 / matrix.shape[0],
    "1/(d_{j-1} d_j)": lambda matrix, layer, depth: 1 / matrix.size,
    "1/sqrt(d_{j-1})": lambda matrix, layer, depth: matrix.shape[1] ** -0.5,
    "1/N": lambda matrix, layer, depth: 1 / depth,
    "1/j": lambda matrix, layer, depth: 1 / (layer + 1),
    "1/(N - j + 1)": lambda matrix, layer, depth: 1 / (depth - layer),
    "j": lambda matrix, layer, depth: float(layer + 1),
}
"""Factors of a layer's learning rate, of the layer, its place from 0, and the depth."""


def layerwise(factor: Callable[[Array, int, int], float]) -> Rule:
    """A learning rate for each layer."""
    return moving(
        lambda step, weights, found, rate: [
            rate * factor(each, layer, len(found)) * each for layer, each in enumerate(found)
        ]
    )


def geometric(first: float, ratio: float, order: int) -> Rule:
    """``first`` times eta in the first layer, or with ``order`` -1 the last, and ``ratio`` times that in each next."""
    return layerwise(lambda matrix, layer, depth: first * ratio ** (layer if order > 0 else depth - 1 - layer))


def weighted(weights_of_samples: Sequence[float]) -> Rule:
    """Each sample's error has a weight."""

    def gradient(weights: Layers, inputs: Array, outputs: Array) -> Layers:
        if inputs.shape[1] > len(weights_of_samples):
            raise NotApplicable
        factors = np.array(weights_of_samples[: inputs.shape[1]])
        return swept(weights, inputs, lambda predictions: factors * (predictions - outputs))

    return descending(gradient)


# Gradients that are cut or scaled.


def _norm(layers: Sequence[Array]) -> float:
    return float(np.sqrt(sum(float((each**2).sum()) for each in layers)))


def clipped(limit: float) -> Rule:
    """By the norm of all layers together."""
    return moving(
        lambda step, weights, found, rate: [rate * min(1.0, limit / (_norm(found) or 1.0)) * each for each in found]
    )


def clipped_with_room(limit: float) -> Rule:
    """The same with the norm and 10^-6, as PyTorch has it."""
    return moving(
        lambda step, weights, found, rate: [rate * min(1.0, limit / (_norm(found) + 1e-6)) * each for each in found]
    )


def clipped_layers(limit: float) -> Rule:
    """By the norm of each layer."""
    return moving(
        lambda step, weights, found, rate: [rate * min(1.0, limit / (_norm([each]) or 1.0)) * each for each in found]
    )


def clipped_entries(limit: float) -> Rule:
    """By entry."""
    return moving(lambda step, weights, found, rate: [rate * each.clip(-limit, limit) for each in found])


def _normalised(step: int, weights: Layers, found: Layers, rate: float) -> Layers:
    return [rate * each / (_norm(found) or 1.0) for each in found]


def _normalised_layers(step: int, weights: Layers, found: Layers, rate: float) -> Layers:
    return [rate * each / (_norm([each]) or 1.0) for each in found]


def _trust(step: int, weights: Layers, found: Layers, rate: float) -> Layers:
    return [rate * _norm([matrix]) / (_norm([each]) or 1.0) * each for matrix, each in zip(weights, found, strict=True)]


def _centred_gradient(step: int, weights: Layers, found: Layers, rate: float) -> Layers:
    return [rate * (each - each.mean(axis=1, keepdims=True)) for each in found]


# Other gradients.


def _squares(weights: Sequence[Array], inputs: Array, outputs: Array) -> None:
    shapes = {matrix.shape for matrix in weights}
    if len(shapes) > 1 or len({*next(iter(shapes))}) > 1:
        raise NotApplicable


def _read_transposed(weights: Layers, inputs: Array, outputs: Array) -> Layers:
    _squares(weights, inputs, outputs)
    return [each.T for each in gradients([matrix.T for matrix in weights], inputs, outputs)]


def _reversed(weights: Layers, inputs: Array, outputs: Array) -> Layers:
    _squares(weights, inputs, outputs)
    return gradients(weights[::-1], inputs, outputs)[::-1]


def _turned(weights: Layers, inputs: Array, outputs: Array) -> Layers:
    _squares(weights, inputs, outputs)
    return [each.T for each in gradients(weights, inputs, outputs)]


def _back_without_transposes(weights: Layers, inputs: Array, outputs: Array) -> Layers:
    """W_{j+1} ... W_N (W X - Y) (C_j X)^T: W for W^T in the sweep back."""
    _squares(weights, inputs, outputs)
    signals = [inputs]
    for matrix in weights:
        signals.append(matrix @ signals[-1])
    back = signals[-1] - outputs
    found: Layers = []
    for matrix, signal in zip(reversed(weights), reversed(signals[:-1]), strict=True):
        found.append(back @ signal.T)
        back = matrix @ back
    return found[::-1]


def _forward_without_transposes(weights: Layers, inputs: Array, outputs: Array) -> Layers:
    """A_j^T (W X - Y) X^T W_1 ... W_{j-1}: C_j for C_j^T, in another order."""
    _squares(weights, inputs, outputs)
    predictions = inputs
    for matrix in weights:
        predictions = matrix @ predictions
    found: Layers = []
    for layer in range(len(weights)):
        each = (predictions - outputs) @ inputs.T
        for matrix in weights[:layer]:
            each = each @ matrix
        for matrix in weights[:layer:-1]:
            each = matrix.T @ each
        found.append(each)
    return found


def _of_loss(slope: Callable[[Array], Array]) -> Rule:
    return descending(lambda weights, inputs, outputs: swept(weights, inputs, lambda found: slope(found - outputs)))


def _with_biases(layers: Callable[[int, int], bool]) -> Rule:
    """Biases from zero, trained beside the weights and not returned."""

    def train(weights: Layers, inputs: Array, outputs: Array, rate: float, steps: int) -> Layers:
        weights = list(weights)
        biases = [np.zeros((len(matrix), 1)) for matrix in weights]
        for _ in range(steps):
            signals = [inputs]
            for matrix, bias in zip(weights, biases, strict=True):
                signals.append(matrix @ signals[-1] + bias)
            back = signals[-1] - outputs
            for layer in range(len(weights) - 1, -1, -1):
                before = weights[layer]
                weights[layer] = before - rate * back @ signals[layer].T
                if layers(layer, len(weights)):
                    biases[layer] = biases[layer] - rate * back.sum(axis=1, keepdims=True)
                back = before.T @ back
        return weights

    return train


def _activated(function: Callable[[Array], Array], slope: Callable[[Array], Array]) -> Rule:
    """With an activation after every layer but the last."""

    def gradient(weights: Layers, inputs: Array, outputs: Array) -> Layers:
        signals, before = [inputs], [inputs]
        for layer, matrix in enumerate(weights):
            before.append(matrix @ signals[-1])
            signals.append(function(before[-1]) if layer < len(weights) - 1 else before[-1])
        back = signals[-1] - outputs
        found: Layers = []
        for layer in range(len(weights) - 1, -1, -1):
            found.append(back @ signals[layer].T)
            back = weights[layer].T @ back * (slope(before[layer]) if layer else 1)
        return found[::-1]

    return descending(gradient)


def _residual(weights: Layers, inputs: Array, outputs: Array) -> Layers:
    _squares(weights, inputs, outputs)
    return gradients([matrix + np.eye(len(matrix)) for matrix in weights], inputs, outputs)


# Other data.


def _whitened(inputs: Array, outputs: Array) -> tuple[Array, Array]:
    values, vectors = np.linalg.eigh(inputs @ inputs.T / inputs.shape[1])
    if values[0] <= 1e-9 * values[-1]:
        raise NotApplicable
    return vectors @ (vectors.T @ inputs / np.sqrt(values)[:, None]), outputs


def _standardised(inputs: Array, outputs: Array) -> tuple[Array, Array]:
    spread = inputs.std(axis=1, keepdims=True)
    if not spread.all():
        raise NotApplicable
    return (inputs - inputs.mean(axis=1, keepdims=True)) / spread, outputs


def _centred(inputs: Array, outputs: Array) -> tuple[Array, Array]:
    return inputs - inputs.mean(axis=1, keepdims=True), outputs


def _both_centred(inputs: Array, outputs: Array) -> tuple[Array, Array]:
    return inputs - inputs.mean(axis=1, keepdims=True), outputs - outputs.mean(axis=1, keepdims=True)


def _unit_columns(inputs: Array, outputs: Array) -> tuple[Array, Array]:
    return inputs / np.linalg.norm(inputs, axis=0), outputs


def _one_by_one(weights: Layers, inputs: Array, outputs: Array, rate: float, steps: int) -> Layers:
    for step in range(steps):
        k = step % inputs.shape[1]
        weights = descending(gradients)(weights, inputs[:, k : k + 1], outputs[:, k : k + 1], rate, 1)
    return weights


def batches(size: int) -> Rule:
    """A step is an epoch of steps on ``size`` samples each."""

    def train(weights: Layers, inputs: Array, outputs: Array, rate: float, steps: int) -> Layers:
        for _ in range(steps):
            for k in range(0, inputs.shape[1], size):
                chosen = slice(k, k + size)
                weights = descending(gradients)(weights, inputs[:, chosen], outputs[:, chosen], rate, 1)
        return weights

    return train


def _first_batch(size: int) -> Rule:
    return seeing(lambda inputs, outputs: (inputs[:, :size], outputs[:, :size]))


def rounded_rate(kind: type[np.floating[Any]]) -> Rule:
    """A learning rate that is stored in another format."""
    return moving(lambda step, weights, found, rate: [float(kind(rate)) * each for each in found])


def rules() -> Iterator[tuple[str, Rule]]:
    """By name, those that have no parameter to be found."""
    yield "layers updated one after another, from the first", _sequential(range)
    yield "layers updated one after another, from the last", _sequential(lambda depth: range(depth - 1, -1, -1))
    yield "the first layer does not move", _only(lambda layer, depth: layer > 0)
    yield "the last layer does not move", _only(lambda layer, depth: layer < depth - 1)
    yield "only the first layer moves", _only(lambda layer, depth: layer == 0)
    yield "only the last layer moves", _only(lambda layer, depth: layer == depth - 1)
    yield "one layer moves a step, in turn", moving(_turns)
    yield "the weights do not move", _only(lambda layer, depth: False)
    yield "the gradient of the step before", remembering(_stale)
    yield "the gradient of the step before, and no first step", remembering(_late)
    yield "the gradient of the first step", remembering(_first_gradient)
    yield "one step too many", _steps_changed(1)
    yield "one step too few", _steps_changed(-1)
    yield "the mean of the iterates is returned", _mean_of_iterates
    yield "Adam", adam()
    yield "AdamW with weight decay 0.01", adam(0.01)
    yield "RMSprop", squares(0.99, 0.01, 1e-8)
    yield "RMSprop with 0.9", squares(0.9, 0.1, 1e-8)
    yield "Adagrad", squares(1.0, 1.0, 1e-10)
    yield "sign descent", moving(lambda step, weights, found, rate: [rate * np.sign(each) for each in found])
    yield "normalised gradient", moving(_normalised)
    yield "gradient normalised layer by layer", moving(_normalised_layers)
    yield "layers' rates scaled by ||W_j|| / ||D_j||", moving(_trust)
    yield "gradients less their rows' means", moving(_centred_gradient)
    yield "weights read transposed", descending(_read_transposed)
    yield "weights read in reversed order", descending(_reversed)
    yield "gradients transposed", descending(_turned)
    yield "back-propagation by W_j in place of W_j^T", descending(_back_without_transposes)
    yield "W_1 ... W_{j-1} in place of its transpose", descending(_forward_without_transposes)
    yield "trained biases", _with_biases(lambda layer, depth: True)
    yield "a trained bias of the last layer", _with_biases(lambda layer, depth: layer == depth - 1)
    yield "ReLU between layers", _activated(lambda x: np.maximum(x, 0), lambda x: (x > 0).astype(np.float64))
    yield "tanh between layers", _activated(np.tanh, lambda x: 1 - np.tanh(x) ** 2)
    yield "layers are W_j + I", descending(_residual)
    yield "absolute error", _of_loss(np.sign)
    yield "Huber's loss", _of_loss(lambda residual: residual.clip(-1, 1))
    yield "log-cosh loss", _of_loss(np.tanh)
    yield "whitened inputs", seeing(_whitened)
    yield "centred inputs", seeing(_centred)
    yield "centred inputs and outputs", seeing(_both_centred)
    yield "standardised inputs", seeing(_standardised)
    yield "inputs of unit length", seeing(_unit_columns)
    yield "only the first sample", _first_batch(1)
    yield "only the last sample", seeing(lambda inputs, outputs: (inputs[:, -1:], outputs[:, -1:]))
    yield (
        "all but the last sample",
        seeing(
            lambda inputs, outputs: (
                inputs[:, : max(1, inputs.shape[1] - 1)],
                outputs[:, : max(1, inputs.shape[1] - 1)],
            )
        ),
    )
    yield "one sample a step, in turn", _one_by_one
    for size in (1, 2, 8, 16, 32, 64, 100, 128):
        yield f"an epoch a step, in batches of {size}", batches(size)
        if size > 1:
            yield f"only the first {size} samples", _first_batch(size)
    yield "a learning rate rounded to float32", rounded_rate(np.float32)
    yield "a learning rate rounded to float16", rounded_rate(np.float16)
