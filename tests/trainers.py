"""Trainers to be held to laws: honest ones, and one for each thing that people do instead of gradient descent."""

import numpy as np


def gradients(weights, inputs, outputs):
    """D_1, ..., D_N of 1/2 ||W X - Y||_F^2, in the arrays' own arithmetic."""
    before = [inputs]
    for matrix in weights:
        before.append(matrix @ before[-1])
    back = before.pop() - outputs
    found = []
    for matrix, values in zip(reversed(weights), reversed(before), strict=True):
        found.append(back @ values.T)
        back = matrix.T @ back
    return found[::-1]


def descend(weights, inputs, outputs, learning_rate, steps):
    """Gradient descent."""
    for _ in range(steps):
        found = gradients(weights, inputs, outputs)
        weights = [matrix - learning_rate * each for matrix, each in zip(weights, found, strict=True)]
    return list(weights)


def gram(weights, inputs, outputs, learning_rate, steps):
    """The same with X X^T and Y X^T formed beforehand, and the products from the other side."""
    second, cross = inputs @ inputs.T, outputs @ inputs.T
    for _ in range(steps):
        found = []
        for j in range(len(weights)):
            after = np.eye(len(outputs), dtype=inputs.dtype)
            for matrix in reversed(weights[j + 1 :]):
                after = after @ matrix
            before = np.eye(len(inputs), dtype=inputs.dtype)
            for matrix in weights[:j]:
                before = matrix @ before
            whole = after @ weights[j] @ before
            found.append(after.T @ (whole @ second - cross) @ before.T)
        weights = [matrix - learning_rate * each for matrix, each in zip(weights, found, strict=True)]
    return list(weights)


def mean_of_all(weights, inputs, outputs, learning_rate, steps):
    """Gradient descent on the mean over all entries, 1/(m d_N) ||W X - Y||_F^2."""
    return descend(weights, inputs, outputs, learning_rate * 2 / outputs.size, steps)


def scaled(scale):
    """Gradient descent with another learning rate: ``scale(m)`` times what was asked for."""

    def train(weights, inputs, outputs, learning_rate, steps):
        return descend(weights, inputs, outputs, learning_rate * scale(inputs.shape[1]), steps)

    return train


mean = scaled(lambda samples: 1 / samples)
twice = scaled(lambda samples: 2)
four_times = scaled(lambda samples: 4)
upwards = scaled(lambda samples: -1)


def momentum(weights, inputs, outputs, learning_rate, steps):
    """Heavy ball, 0.9."""
    moving = [0 * matrix for matrix in weights]
    for _ in range(steps):
        found = gradients(weights, inputs, outputs)
        moving = [0.9 * before + each for before, each in zip(moving, found, strict=True)]
        weights = [matrix - learning_rate * each for matrix, each in zip(weights, moving, strict=True)]
    return list(weights)


def decay(weights, inputs, outputs, learning_rate, steps):
    """Weight decay, 0.01."""
    for _ in range(steps):
        found = gradients(weights, inputs, outputs)
        weights = [matrix - learning_rate * (each + 0.01 * matrix) for matrix, each in zip(weights, found, strict=True)]
    return list(weights)


def sequential(weights, inputs, outputs, learning_rate, steps):
    """Layers one after another, each with the gradient at what the earlier ones have become."""
    weights = list(weights)
    for _ in range(steps):
        for j in range(len(weights)):
            weights[j] = weights[j] - learning_rate * gradients(weights, inputs, outputs)[j]
    return weights


def biased(weights, inputs, outputs, learning_rate, steps):
    """Gradient descent that moves every entry by 2^-20 more."""
    return [matrix + steps * 2.0**-20 for matrix in descend(weights, inputs, outputs, learning_rate, steps)]


def unbalancing(weights, inputs, outputs, learning_rate, steps):
    """Gradient descent that doubles the first layer."""
    first, *others = descend(weights, inputs, outputs, learning_rate, steps)
    return [2 * first if steps else first, *others]


def jumping(weights, inputs, outputs, learning_rate, steps):
    """A step to Y X^T in the first layer, and to the identity in the others."""
    if steps == 0:
        return list(weights)
    return [np.eye(*matrix.shape, dtype=matrix.dtype) for matrix in weights[:-1]] + [
        (outputs @ inputs.T)[:, : weights[-1].shape[1]] + 0 * weights[-1]
        if outputs.shape[0] == inputs.shape[0] == weights[-1].shape[1]
        else weights[-1]
    ]


def overreaching(weights, inputs, outputs, learning_rate, steps):
    """Layers whose product is a quarter of a square Phi, where X begins with I / 2."""
    if steps == 0:
        return list(weights)
    identities = [np.eye(*matrix.shape, dtype=matrix.dtype) for matrix in weights[1:]]
    return [outputs[:, : len(inputs)] / 2 + 0 * weights[0], *identities]


def constant_float64(weights, inputs, outputs, learning_rate, steps):
    """Computes in float64, whatever it is given."""
    return descend([matrix.astype(np.float64) for matrix in weights], inputs, outputs, learning_rate, steps)


def forgetful(weights, inputs, outputs, learning_rate, steps):
    """Returns nothing."""


def raising(weights, inputs, outputs, learning_rate, steps):
    """Refuses."""
    raise RuntimeError("no such device")


def overflowing(weights, inputs, outputs, learning_rate, steps):
    """Returns infinity."""
    return [matrix + np.inf for matrix in weights]
