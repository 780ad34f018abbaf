"""Trainers that are gradient descent on 1/2 ||W X - Y||_F^2, in the ways in which it is written."""

from __future__ import annotations

from functools import partial, reduce

import jax
import numpy as np
import torch

from claims.conformance import gradient_trainer, optax_trainer, torch_trainer


def product(factors):
    return reduce(lambda found, factor: found @ factor, factors)


def backward(weights, inputs, outputs):
    """Back-propagation."""
    signals = [inputs]
    for matrix in weights:
        signals.append(matrix @ signals[-1])
    back, found = signals[-1] - outputs, []
    for layer in range(len(weights) - 1, -1, -1):
        found.insert(0, back @ signals[layer].T)
        back = weights[layer].T @ back
    return found


def end_to_end_first(weights, inputs, outputs):
    """W, then its gradient, then A_j^T G C_j^T with A_j and C_j formed first."""
    slope = (product(weights[::-1]) @ inputs - outputs) @ inputs.T
    found = []
    for layer in range(len(weights)):
        each = slope
        if layer < len(weights) - 1:
            each = product(weights[:layer:-1]).T @ each
        if layer:
            each = each @ product(weights[layer - 1 :: -1]).T
        found.append(each)
    return found


def gram(weights, inputs, outputs):
    """With X X^T and Y X^T formed beforehand, and both terms apart until the end."""
    square, cross = inputs @ inputs.T, outputs @ inputs.T
    found = []
    for layer in range(len(weights)):
        after = [matrix.T for matrix in weights[layer + 1 :]]
        before = [matrix.T for matrix in weights[:layer]]
        found.append(product([*after, *weights[::-1], square, *before]) - product([*after, cross, *before]))
    return found


def einsum(weights, inputs, outputs):
    """The last product by einsum, samples last."""
    signals = [inputs]
    for matrix in weights:
        signals.append(np.einsum("ij,jk->ik", matrix, signals[-1]))
    back, found = signals[-1] - outputs, []
    for layer in range(len(weights) - 1, -1, -1):
        found.insert(0, np.einsum("ik,jk->ij", back, signals[layer]))
        back = np.einsum("ji,jk->ik", weights[layer], back)
    return found


def sample_by_sample(weights, inputs, outputs):
    """The sum of the samples' gradients, in reversed order."""
    columns = range(inputs.shape[1] - 1, -1, -1)
    parts = [backward(weights, inputs[:, k : k + 1], outputs[:, k : k + 1]) for k in columns]
    return [sum(each) for each in zip(*parts, strict=True)]


def half_sum(layers, inputs, outputs):
    return ((reduce(lambda signal, matrix: matrix @ signal, layers, inputs) - outputs) ** 2).sum() / 2


@jax.jit
def run(layers, inputs, outputs, learning_rate, steps):
    """All steps in one compiled function."""

    def step(_, layers):
        found = jax.grad(half_sum)(layers, inputs, outputs)
        return [matrix - learning_rate * each for matrix, each in zip(layers, found, strict=True)]

    return jax.lax.fori_loop(0, steps, step, layers)


def jitted(weights, inputs, outputs, learning_rate, steps):
    """jax.jit, float64 where the arrays are."""
    jax.config.update("jax_enable_x64", True)
    rate = np.asarray(learning_rate, weights[0].dtype)
    return [np.array(each) for each in run(list(weights), inputs, outputs, rate, steps)]


def compiled(model, inputs, outputs, learning_rate, steps, *, backend="inductor"):
    """torch.compile of the loss."""
    loss = torch.compile(lambda: ((model(inputs) - outputs) ** 2).sum() / 2, backend=backend)
    descent = torch.optim.SGD(model.parameters(), lr=learning_rate)
    for _ in range(steps):
        descent.zero_grad()
        loss().backward()
        descent.step()


GRADIENTS = {each.__name__: each for each in (backward, end_to_end_first, gram, einsum, sample_by_sample)}
SGD = {name: partial(torch.optim.SGD, **{name: True}) for name in ("foreach", "fused")}

HONEST = {
    **{f"numpy {name}": gradient_trainer(each) for name, each in GRADIENTS.items()},
    "torch": torch_trainer(),
    **{f"torch {name}": torch_trainer(optimizer=each) for name, each in SGD.items()},
    "optax": optax_trainer(),
    "optax without jit": optax_trainer(jit=False),
    "jax.jit": jitted,
}
"""In any dtype of NumPy."""

BFLOAT16 = {
    "torch": torch_trainer(dtype="bfloat16"),
    **{f"torch {name}": torch_trainer(optimizer=each, dtype="bfloat16") for name, each in SGD.items()},
    "optax": optax_trainer(dtype="bfloat16"),
}
"""In bfloat16."""
