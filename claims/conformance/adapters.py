"""Trainers of a framework's own parts: a PyTorch model and optimizer, an optax optimizer, a gradient.

Each returns a trainer as :func:`claims.conformance.check_trainer` takes it: NumPy arrays, ``weights[j]`` of shape
(d_{j+1}, d_j), samples in columns. Frameworks are imported where a trainer is made of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

from claims.conformance.running import Trainer

NARROW = "bfloat16"
"""NumPy has no such type: its numbers come in arrays of float32."""


def gradient_trainer(gradient: Callable[[list[Any], Any, Any], Any]) -> Trainer:
    """Steps W_j - eta D_j with the D_j that ``gradient(weights, inputs, outputs)`` returns, one for each layer."""
    _check_callable(gradient, "gradient", "a function of weights, inputs and outputs")

    def train(weights: list[Any], inputs: Any, outputs: Any, learning_rate: float, steps: int) -> list[Any]:
        weights = list(weights)
        for _ in range(steps):
            gradients = gradient(weights, inputs, outputs)
            weights = [
                matrix - matrix.dtype.type(learning_rate) * np.asarray(each)
                for matrix, each in zip(weights, gradients, strict=True)
            ]
        return weights

    return _named(train, "gradient_trainer", gradient)


def torch_trainer(
    fit: Callable[[Any, Any, Any, float, int], object] | None = None,
    *,
    optimizer: Callable[..., Any] | None = None,
    loss: Callable[[Any, Any], Any] | None = None,
    dtype: str | None = None,
) -> Trainer:
    """A trainer of a torch.nn.Sequential of Linear layers without biases.

    ``fit(model, inputs, outputs, learning_rate, steps)`` trains the model in place; inputs (m, d_0) and outputs
    (m, d_N), samples in rows as PyTorch has them. Without it a loop over the whole batch does, with
    ``optimizer(parameters, lr=...)`` (torch.optim.SGD) and ``loss(predictions, outputs)`` (1/2 the sum of squares).
    ``dtype="bfloat16"`` trains in that; else the dtype is that of the arrays. Raises TypeError for bad arguments.
    """
    import torch  # only those who bring its parts pay for the import

    if fit is not None and (optimizer is not None or loss is not None):
        raise TypeError("torch_trainer is given fit, and an optimizer or a loss beside it; expected one or the other")
    _check_dtype(dtype)
    descend = fit or _torch_loop(optimizer or torch.optim.SGD, loss or _half_sum)
    _check_callable(descend, "fit", "a function of model, inputs, outputs, learning_rate and steps")

    def tensor(matrix: Any) -> Any:
        found = torch.tensor(matrix)
        return found.to(torch.bfloat16) if dtype == NARROW else found

    def train(weights: list[Any], inputs: Any, outputs: Any, learning_rate: float, steps: int) -> list[Any]:
        layers = [torch.nn.Linear(matrix.shape[1], matrix.shape[0], bias=False) for matrix in weights]
        for layer, matrix in zip(layers, weights, strict=True):
            layer.weight = torch.nn.Parameter(tensor(matrix))
        model = torch.nn.Sequential(*layers)
        descend(model, tensor(inputs.T), tensor(outputs.T), learning_rate, steps)
        found = [layer.weight.detach() for layer in layers]
        return [(each.float() if dtype == NARROW else each).numpy().copy() for each in found]

    return _named(train, "torch_trainer", fit, optimizer, loss)


def optax_trainer(
    optimizer: Callable[[float], Any] | None = None,
    *,
    loss: Callable[[Any, Any], Any] | None = None,
    dtype: str | None = None,
    jit: bool = True,
) -> Trainer:
    """A loop over the whole batch with ``optimizer(learning_rate)``, an optax transformation (optax.sgd).

    ``loss(predictions, outputs)`` is 1/2 the sum of squares where it is not given; both are (d_N, m). ``jit`` compiles
    the step. ``dtype="bfloat16"`` trains in that; else the dtype is that of the arrays. Raises TypeError for bad
    arguments.
    """
    import jax
    import optax

    _check_dtype(dtype)
    made = optimizer or optax.sgd
    _check_callable(made, "optimizer", "a function of the learning rate, as optax.sgd")
    measured = loss or _half_sum

    def objective(weights: Any, inputs: Any, outputs: Any) -> Any:
        signal = inputs
        for matrix in weights:
            signal = matrix @ signal
        return measured(signal, outputs)

    @cache  # compiled once for each learning rate and shape
    def stepping(learning_rate: float) -> tuple[Any, Any]:
        transformation = made(learning_rate)

        def step(layers: Any, state: Any, inputs: Any, outputs: Any) -> Any:
            updates, state = transformation.update(jax.grad(objective)(layers, inputs, outputs), state, layers)
            return optax.apply_updates(layers, updates), state

        return transformation.init, jax.jit(step) if jit else step

    def train(weights: list[Any], inputs: Any, outputs: Any, learning_rate: float, steps: int) -> list[Any]:
        with _wide(jax):
            narrow = dtype == NARROW
            kind = jax.numpy.bfloat16 if narrow else None
            layers, *data = jax.tree.map(lambda each: jax.numpy.asarray(each, kind), (list(weights), inputs, outputs))
            start, step = stepping(learning_rate)
            state = start(layers)
            for _ in range(steps):
                layers, state = step(layers, state, *data)
            return [np.array(each.astype(jax.numpy.float32) if narrow else each) for each in layers]

    return _named(train, "optax_trainer", optimizer, loss)


def _torch_loop(optimizer: Callable[..., Any], loss: Callable[[Any, Any], Any]) -> Callable[..., object]:
    def fit(model: Any, inputs: Any, outputs: Any, learning_rate: float, steps: int) -> None:
        descent = optimizer(model.parameters(), lr=learning_rate)
        for _ in range(steps):
            descent.zero_grad()
            loss(model(inputs), outputs).backward()
            descent.step()

    return fit


def _half_sum(predictions: Any, outputs: Any) -> Any:
    return ((predictions - outputs) ** 2).sum() / 2


def _wide(jax: Any) -> Any:
    """JAX with float64, for the time of a call: the function has moved between versions."""
    if hasattr(jax, "enable_x64"):
        return jax.enable_x64(True)
    return import_module("jax.experimental").enable_x64()


def _check_dtype(dtype: Any) -> None:
    if dtype not in (None, NARROW):
        raise ValueError(f"dtype is {dtype!r}; expected None, for that of the arrays, or {NARROW!r}")


def _check_callable(function: Any, name: str, expected: str) -> None:
    if not callable(function):
        raise TypeError(f"{name} is {function!r}; expected {expected}")


def _named(train: Trainer, maker: str, *parts: Any) -> Trainer:
    """Under the names of what it is made of, so that a report tells them."""
    names = [getattr(part, "__qualname__", None) or type(part).__qualname__ for part in parts if part is not None]
    train.__qualname__ = f"{maker}({', '.join(names)})"
    return train
