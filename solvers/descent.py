"""Gradient descent, W_j(t+1) = W_j(t) - eta D_j(t), all layers at once, with what was seen on the way.

The plain reference: one sweep a step, three products a hidden layer, float64. Source: ACGH19 (arXiv:1810.02281),
equation (4) with the loss 1/2 ||W - Phi||_F^2.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.checks import check_float_problem, check_learning_rate, check_steps, check_stop_at_loss
from solvers.network import imbalances

FloatMatrix = NDArray[np.float64]


@dataclass(frozen=True)
class Trajectory:
    """What gradient descent did.

    ``recorded`` holds the steps at which ``loss``, ``imbalance`` (max_j ||B_j||_F, 0 for depth 1) and ``sigma_min``
    (of the end-to-end matrix) were taken; the first is 0 and the last is ``steps``. ``residual_sum`` is
    sum_{t < steps} ||W(t) - Phi||_F and ``largest_norm`` is max_{t,j} ||W_j(t)||_F; both bound rounding
    errors (:mod:`solvers.rounding`).
    """

    weights: tuple[FloatMatrix, ...]
    target: FloatMatrix
    learning_rate: float
    steps: int
    recorded: NDArray[np.int64]
    loss: FloatMatrix
    imbalance: FloatMatrix
    sigma_min: FloatMatrix
    residual_sum: float
    largest_norm: float


class DivergenceError(ArithmeticError):
    """The weights overflowed: ``step`` is the first step at which the loss or a layer's squared norm is not finite,
    ``trajectory`` what came before it."""

    def __init__(self, step: int, trajectory: Trajectory) -> None:
        self.step = step
        self.trajectory = trajectory
        super().__init__(
            f"gradient descent left the range of float64 at step {step} (learning_rate "
            f"{trajectory.learning_rate:g}); a smaller learning_rate may converge; the error's .trajectory holds "
            f"the {step} steps before it"
        )

    def __reduce__(self) -> tuple[type[DivergenceError], tuple[int, Trajectory]]:
        return (DivergenceError, (self.step, self.trajectory))


def gradient_descent(
    weights: Sequence[FloatMatrix],
    target: FloatMatrix,
    *,
    learning_rate: float,
    steps: int,
    record: Iterable[int] = (),
    stop_at_loss: float | None = None,
) -> Trajectory:
    """Run ``steps`` steps of gradient descent from ``weights`` on 1/2 ||W_N ... W_1 - target||_F^2.

    Parameters: float64 ``weights[j]`` of shape (d_{j+1}, d_j) and ``target`` of shape (d_N, d_0); ``learning_rate``
    >= 0; values are recorded at step 0, at the last step, and at each step named in ``record`` (for example
    ``range(0, steps, 100)``); the run ends early at the first step whose loss is <= ``stop_at_loss``.

    The arrays passed in are not changed. Raises TypeError or ValueError for bad input, and
    :class:`DivergenceError` at the first step whose loss or squared norm of the weights is not finite.
    """
    check_float_problem(weights, target)
    rate = check_learning_rate(learning_rate)
    last = check_steps(steps)
    if not isinstance(record, Iterable):
        raise TypeError(f"record is {record!r}; expected the steps to record, for example range(0, steps, 100)")
    wanted = {check_steps(step, "record entry") for step in record}
    if max(wanted, default=0) > last:
        raise ValueError(f"record asks for step {max(wanted)}; expected none beyond steps = {last}")
    enough = check_stop_at_loss(stop_at_loss)
    run = _Run(weights, target, rate)
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(last + 1):
            value = run.look()
            if not math.isfinite(value):
                raise DivergenceError(step, run.before())
            done = step == last or value <= enough
            if done or step == 0 or step in wanted:
                run.record(step, value)
            if done:
                break
            run.advance()
    return run.trajectory()


class _Run:
    """The state of one run, in buffers that live as long as it does.

    All weights are views of one flat array and all gradients of another, so that one subtraction updates every
    layer; a step costs 3(N-1) matrix products. ``prefixes[j]`` is W_j ... W_1, the last one the end-to-end matrix;
    ``backs[j]`` is (W_N ... W_{j+1})^T (W - Phi), the last one the residual and the first one D_1.
    """

    def __init__(self, weights: Sequence[FloatMatrix], target: FloatMatrix, learning_rate: float) -> None:
        shapes = [matrix.shape for matrix in weights]
        self.flat = np.concatenate([matrix.ravel() for matrix in weights])
        self.flat_gradient = np.empty_like(self.flat)
        self.previous = self.flat.copy()
        self.weights = _views(self.flat, shapes)
        self.flat_layers = [matrix.reshape(-1) for matrix in self.weights]
        self.gradients = _views(self.flat_gradient, shapes)
        inputs = shapes[0][1]
        self.prefixes = [self.weights[0], *(np.empty((shape[0], inputs)) for shape in shapes[1:])]
        self.backs = [self.gradients[0], *(np.empty((shape[0], inputs)) for shape in shapes[1:])]
        self.residual = self.backs[-1]
        self.transposed_weights = [matrix.T for matrix in self.weights]
        self.transposed_prefixes = [matrix.T for matrix in self.prefixes]
        self.target = target.copy()
        self.learning_rate = learning_rate
        self.step = 0
        self.residual_norm = 0.0
        self.residual_sum = self.previous_sum = 0.0
        self.largest_squared = 0.0
        self.rows: list[tuple[int, float, float, float]] = []

    def look(self) -> float:
        """The loss at the current weights; NaN where it or their squared norm has overflowed."""
        for j in range(1, len(self.weights)):
            np.dot(self.weights[j], self.prefixes[j - 1], out=self.prefixes[j])
        np.subtract(self.prefixes[-1], self.target, out=self.residual)
        squared = float(np.vdot(self.residual, self.residual))
        norm_squared = max([float(row.dot(row)) for row in self.flat_layers])
        if not math.isfinite(squared + norm_squared):
            return math.nan
        self.residual_norm = math.sqrt(squared)
        self.largest_squared = max(self.largest_squared, norm_squared)
        return squared / 2

    def advance(self) -> None:
        """One step, from what ``look`` has left in the buffers."""
        self.previous_sum = self.residual_sum
        self.residual_sum += self.residual_norm
        for j in range(len(self.weights) - 1, 0, -1):
            np.dot(self.backs[j], self.transposed_prefixes[j - 1], out=self.gradients[j])
            np.dot(self.transposed_weights[j], self.backs[j], out=self.backs[j - 1])
        self.previous[:] = self.flat
        self.flat_gradient *= self.learning_rate
        self.flat -= self.flat_gradient
        self.step += 1

    def record(self, step: int, value: float) -> None:
        imbalance = max((_frobenius(b) for b in imbalances(self.weights)), default=0.0)
        spectrum = np.linalg.svd(self.prefixes[-1], compute_uv=False)
        self.rows.append((step, value, imbalance, float(spectrum[-1])))

    def before(self) -> Trajectory:
        """The trajectory up to the last finite step, which it records."""
        if self.step > 0:
            self.flat[:] = self.previous
            self.step -= 1
            self.residual_sum = self.previous_sum
            value = self.look()
            if self.rows[-1][0] != self.step:
                self.record(self.step, value)
        return self.trajectory()

    def trajectory(self) -> Trajectory:
        columns = list(zip(*self.rows, strict=True)) or [(), (), (), ()]
        return Trajectory(
            weights=tuple(matrix.copy() for matrix in self.weights),
            target=self.target,
            learning_rate=self.learning_rate,
            steps=self.step,
            recorded=np.array(columns[0], dtype=np.int64),
            loss=np.array(columns[1], dtype=np.float64),
            imbalance=np.array(columns[2], dtype=np.float64),
            sigma_min=np.array(columns[3], dtype=np.float64),
            residual_sum=self.residual_sum,
            largest_norm=math.sqrt(self.largest_squared),
        )


def _views(flat: FloatMatrix, shapes: Sequence[tuple[int, ...]]) -> tuple[FloatMatrix, ...]:
    ends = np.cumsum([math.prod(shape) for shape in shapes])
    return tuple(piece.reshape(shape) for piece, shape in zip(np.split(flat, ends[:-1]), shapes, strict=True))


def _frobenius(matrix: FloatMatrix) -> float:
    """||A||_F, scaled so that it overflows only where it must."""
    scale = float(abs(matrix).max())
    return scale * float(np.linalg.norm(matrix / scale)) if scale > 0 else 0.0
