"""When modes are learned, where the layers are aligned with the target: each mode is then a scalar network (DL-029).

Aligned are layers W_j = Q_j S_j Q_{j-1}^T, with Q_0 and Q_N singular bases of Phi. Candidates for the columns of Q_j
are the images of those of Q_0, normalised; a mode whose image vanishes has none, and is not told of.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from claims.auditing.report import Finding, FloatArray, Rigour
from solvers import Problem
from solvers.flow.modes import half_time, mode_descent

ALIGNED = 1e-6
"""Of the layers' norm, what may lie off the modes for times to be told; how much it is stands in the report."""
MOST_TOLD = 6
MOST_DESCENT = 20_000
"""Steps of the scalar networks; what is later is told by the flow's closed form, where layers are balanced."""
BALANCED = 1e-6
"""How far a mode's entries may be from one another, of their size."""


class Modes(NamedTuple):
    """Diagonal entries (N, modes), singular values of Phi (modes,), and the part of the layers' norm off the modes."""

    layers: FloatArray
    targets: FloatArray
    off: float


def modes_of(problem: Problem) -> Modes | None:
    """The modes of layers as they are in the target's singular bases; None where an image of one vanishes."""
    left, values, right = np.linalg.svd(problem.target, full_matrices=False)
    count = min(len(values), *problem.dimensions)
    basis, entries, off, size = right[:count].T, [], 0.0, 0.0
    for number, matrix in enumerate(problem.weights):
        images = matrix @ basis
        norms = np.linalg.norm(images, axis=0)
        if (norms == 0).any():
            return None
        after = left[:, :count] if number == problem.depth - 1 else images / norms
        strengths = (after * images).sum(axis=0)
        off = max(off, float(np.linalg.norm(images - after * strengths)))
        off = max(off, float(np.linalg.norm(matrix.T @ after - basis * strengths)))
        size = max(size, float(np.linalg.norm(matrix)))
        entries.append(strengths)
        basis = after
    return Modes(np.array(entries), values[:count], off / size)


def mode_times(problem: Problem, learning_rate: float, most_steps: int) -> Iterator[Finding]:
    """The steps at which aligned modes are at half of their singular values for the first time."""
    modes = modes_of(problem)
    if modes is None or modes.off > ALIGNED:
        return
    learned = modes.targets > 0
    halves = half_steps(modes.layers[:, learned], modes.targets[learned], learning_rate, most_steps)
    told = [
        f"{target:.4g} at {'the start' if half == 0 else f'step {half:,}' if half is not None else 'no step seen'}"
        for target, half in zip(modes.targets[learned], halves, strict=True)
    ]
    more = f", and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else ""
    yield Finding(
        "mode_times",
        Rigour.ESTIMATE,
        f"aligned with Phi, but for {modes.off:.1g} of the norm: singular values are half learned, "
        f"{', '.join(told[:MOST_TOLD])}{more}",
        "DL-029",
        {"singular_values": modes.targets[learned].tolist(), "half_steps": halves, "off": modes.off},
    )


def half_steps(layers: FloatArray, targets: FloatArray, learning_rate: float, most_steps: int) -> list[int | None]:
    """The first steps at which u >= s / 2, mode by mode, by descent of the scalar networks, and late ones by the flow;
    None beyond the last."""
    found: list[int | None] = [None] * len(targets)
    state, step, block, most = layers, 0, 1024, min(most_steps, MOST_DESCENT)
    while step <= most and None in found:
        last = min(block, most - step + 1)
        try:
            seen = mode_descent(state, targets, learning_rate=learning_rate, steps=last, record=range(last))
        except ArithmeticError:
            return found
        reached = seen.strengths[:-1] >= targets / 2
        for mode in map(int, np.flatnonzero(reached.any(axis=0))):
            if found[mode] is None:
                found[mode] = step + int(reached[:, mode].argmax())
        state, step = seen.layers[-1], step + last
    for mode, each in enumerate(found):
        if each is not None or most == most_steps:
            continue
        entries, start = layers[:, mode], np.array([layers[:, mode].prod()])
        if entries.min() > 0 and np.ptp(entries) <= BALANCED * entries.max() and 0 < start[0] < targets[mode] / 2:
            late = half_time(start, targets[mode : mode + 1], depth=len(layers))[0] / learning_rate
            found[mode] = int(np.ceil(late)) if late <= most_steps else None
    return found
