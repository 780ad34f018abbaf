"""NumPy as one would write it, torch as one would write it, and the roof of matrix products alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from instances import FloatMatrix, Instance

try:
    import torch
except ImportError as error:
    raise ImportError("the benchmarks compare with PyTorch: pip install '.[bench]'") from error


def naive(instance: Instance, steps: int) -> tuple[FloatMatrix, ...]:
    """The reference every peer is checked against: 3(N-1) products ``@`` a step, of stacks where there is one."""
    weights, target, rate = list(instance.weights), instance.target, instance.rate
    for _ in range(steps):
        prefixes = [weights[0]]
        for matrix in weights[1:]:
            prefixes.append(matrix @ prefixes[-1])
        back = prefixes[-1] - target
        for j in range(len(weights) - 1, 0, -1):
            gradient = back @ prefixes[j - 1].mT
            back = weights[j].mT @ back
            weights[j] = weights[j] - rate * gradient
        weights[0] = weights[0] - rate * back
    return tuple(weights)


def torch_sgd(instance: Instance, steps: int) -> tuple[FloatMatrix, ...]:
    """Autograd and torch.optim.SGD on one thread; ``@`` of a stack is torch.bmm."""
    torch.set_num_threads(1)
    weights = [torch.tensor(matrix, requires_grad=True) for matrix in instance.weights]
    target = torch.tensor(instance.target)
    optimizer = torch.optim.SGD(weights, lr=instance.rate)
    for _ in range(steps):
        optimizer.zero_grad()
        product = weights[0]
        for matrix in weights[1:]:
            product = matrix @ product
        (0.5 * ((product - target) ** 2).sum()).backward()
        optimizer.step()
    return tuple(matrix.detach().numpy() for matrix in weights)


def products_alone(dimensions: Sequence[int], steps: int) -> None:
    """The dgemm roof: the 3(N-1) products of a step by bound ``a.dot(b, out)``, and nothing else."""
    inputs = dimensions[0]
    calls = []
    for before, after in pairwise(dimensions[1:]):
        for rows, inner, columns in ((after, before, inputs), (before, after, inputs), (after, inputs, before)):
            left, right = np.ones((rows, inner)), np.ones((inner, columns))
            calls.append((left.dot, right, np.empty((rows, columns))))
    for _ in range(steps):
        for dot, right, out in calls:
            dot(right, out)
