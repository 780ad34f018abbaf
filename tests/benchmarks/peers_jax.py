"""JAX peers: what one writes first (``jax.grad`` on dots), and tuned by hand for small matrices.

Every call of ``compiled_*`` traces and compiles anew; steps are an argument of what it returns, not a constant, so
that a warm run of any length compiles nothing. Conversion from and to NumPy is inside what is timed.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from instances import FloatMatrix, Instance

try:
    import jax
    import jax.numpy as jnp
except ImportError as error:
    raise ImportError("the benchmarks compare with JAX: pip install '.[bench]'") from error

jax.config.update("jax_enable_x64", True)

Weights = tuple[FloatMatrix, ...]
Run = Callable[[Instance, int], Weights]


def compiled_per_shape() -> Run:
    """jax.jit of a fori_loop of ``w - rate * jax.grad(loss)``, vmapped over a stack."""

    def loss(weights: Weights, target: FloatMatrix) -> FloatMatrix:
        product = weights[0]
        for matrix in weights[1:]:
            product = matrix @ product
        return 0.5 * ((product - target) ** 2).sum()

    @jax.jit
    def descend(weights: Weights, target: FloatMatrix, rate: float, steps: int) -> Weights:
        gradient = jax.vmap(jax.grad(loss)) if target.ndim == 3 else jax.grad(loss)

        def step(_: int, weights: Weights) -> Weights:
            return tuple(w - rate * g for w, g in zip(weights, gradient(weights, target), strict=True))

        return jax.lax.fori_loop(0, steps, step, weights)

    def run(instance: Instance, steps: int) -> Weights:
        return tuple(np.asarray(matrix) for matrix in descend(*instance, steps))

    return run


def compiled_without_dots() -> Run:
    """Gradient by hand, multiply-adds of whole matrices in place of dots, networks on the last axis."""
    return compiled_by_hand(blocks=False)


def compiled_by_hand(*, blocks: bool = True) -> Run:
    """The same by rows, and a block of networks at a time, where that pays.

    Found by trial on 2-2-2, 4-4-4-4 and 8-8-8-8-8 (jaxlib 0.10): multiply-adds of whole rows of the result, kept from
    being fused into one another, beat entry by entry, whole matrices, dots, and no barrier; a single network is
    fastest with whole matrices.
    """

    @jax.jit
    def descend(weights: Weights, target: FloatMatrix, rate: float, steps: int) -> Weights:
        networks = target.shape[-1]
        small = sum(matrix.shape[0] * matrix.shape[1] for matrix in weights) <= 64
        size = networks if networks % 128 or not blocks else 128 if small else 32
        multiply = _by_rows if networks > 1 and blocks else _by_matrices

        def descend_block(block: tuple[Weights, FloatMatrix]) -> Weights:
            return _descend(*block, rate, steps, multiply)

        if size == networks:
            return descend_block((weights, target))
        pieces = jax.tree.map(lambda a: jnp.moveaxis(a.reshape(*a.shape[:2], -1, size), 2, 0), (weights, target))
        after = jax.lax.map(descend_block, pieces)
        return tuple(jnp.moveaxis(matrix, 0, 2).reshape(*matrix.shape[1:3], networks) for matrix in after)

    def run(instance: Instance, steps: int) -> Weights:
        if instance.target.ndim == 2:
            weights, target = tuple(w[..., None] for w in instance.weights), instance.target[..., None]
            return tuple(np.asarray(matrix)[..., 0] for matrix in descend(weights, target, instance.rate, steps))
        weights, target = jax.tree.map(lambda a: np.moveaxis(a, 0, -1), (instance.weights, instance.target))
        return tuple(
            np.moveaxis(np.asarray(matrix), -1, 0) for matrix in descend(weights, target, instance.rate, steps)
        )

    return run


def compiled_padded(width: int = 8, depth: int = 6) -> Callable[[list[Instance], int], list[Weights]]:
    """Networks of mixed shapes as one stack: padded with zeros, and to one depth with frozen identity layers.

    Zero rows and columns stay zero by themselves; an identity layer stays because its learning rate is 0. Layers of
    one shape let a scan go over them, which compiles one layer instead of six; :func:`_by_matrices` compiles faster
    than rows and so wins at 1000 steps, though its steps are slower.
    """

    def step(weights: FloatMatrix, target: FloatMatrix, rates: FloatMatrix) -> FloatMatrix:
        def forward(prefix: FloatMatrix, layer: FloatMatrix) -> Weights:
            return _by_matrices(layer, prefix), prefix

        def backward(back: FloatMatrix, layer: tuple[FloatMatrix, ...]) -> Weights:
            matrix, prefix, rate = layer
            after = matrix - rate * _by_matrices(back, prefix.swapaxes(0, 1))
            return _by_matrices(matrix.swapaxes(0, 1), back), after

        product, prefixes = jax.lax.scan(forward, weights[0], weights[1:])
        back, after = jax.lax.scan(backward, product - target, (weights[1:], prefixes, rates[1:]), reverse=True)
        return jnp.concatenate([(weights[0] - rates[0] * back)[None], after])

    @jax.jit
    def descend(weights: FloatMatrix, target: FloatMatrix, rates: FloatMatrix, steps: int) -> FloatMatrix:
        return jax.lax.fori_loop(0, steps, lambda _, weights: step(weights, target, rates), weights)

    def run(instances: list[Instance], steps: int) -> list[Weights]:
        weights = np.zeros((depth, width, width, len(instances)))
        target = np.zeros((width, width, len(instances)))
        rates = np.zeros((depth, len(instances)))
        for index, instance in enumerate(instances):
            outputs, inputs = instance.target.shape
            target[:outputs, :inputs, index] = instance.target
            rates[: len(instance.weights), index] = instance.rate
            weights[len(instance.weights) :, :outputs, :outputs, index] = np.eye(outputs)
            for layer, matrix in enumerate(instance.weights):
                weights[layer, : matrix.shape[0], : matrix.shape[1], index] = matrix
        after = np.asarray(descend(weights, target, rates, steps))
        return [
            tuple(after[layer, : m.shape[0], : m.shape[1], index] for layer, m in enumerate(instance.weights))
            for index, instance in enumerate(instances)
        ]

    return run


def _by_rows(left: FloatMatrix, right: FloatMatrix) -> FloatMatrix:
    """(a, b, networks) times (b, c, networks): each row as b multiply-adds, the whole not fused with what follows."""
    inner = range(1, left.shape[1])
    rows = [sum((row[j] * right[j] for j in inner), row[0] * right[0]) for row in left]
    return jax.lax.optimization_barrier(jnp.stack(rows))


def _by_matrices(left: FloatMatrix, right: FloatMatrix) -> FloatMatrix:
    """The same as b multiply-adds of whole matrices."""
    return sum((left[:, j, None] * right[None, j] for j in range(1, left.shape[1])), left[:, 0, None] * right[None, 0])


def _descend(weights: Weights, target: FloatMatrix, rate: float, steps: int, multiply: Callable) -> Weights:
    """Gradient descent with the gradient by hand, networks on the last axis."""

    def step(_: int, weights: Weights) -> Weights:
        prefixes = [weights[0]]
        for matrix in weights[1:]:
            prefixes.append(multiply(matrix, prefixes[-1]))
        back = prefixes.pop() - target
        after = []
        for matrix, prefix in zip(weights[:0:-1], prefixes[::-1], strict=True):
            after.append(matrix - rate * multiply(back, prefix.swapaxes(0, 1)))
            back = multiply(matrix.swapaxes(0, 1), back)
        return (weights[0] - rate * back, *after[::-1])

    return jax.lax.fori_loop(0, steps, step, weights)
