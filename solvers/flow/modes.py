"""Modes of a deep linear network: k scalar networks side by side, their descent and their flow in closed form.

Where all layers are diagonal in matching bases, W_j = Q_j S_j Q_{j-1}^T (claim DL-029, ``scalar_modes``), mode i of
an N-layer network is N numbers a_1, ..., a_N, the i-th diagonal entries, with a target s and a strength u:

    u = a_1 a_2 ... a_N,    da_j/dt = -(prod_{k != j} a_k) (u - s),    or a_j <- a_j - eta (prod_{k != j} a_k) (u - s).

``layers`` is an array of shape (N, modes), input side first, ``targets`` one of shape (modes,); times of a flow are
steps of descent times the learning rate. Closed forms (claim DL-030, ``mode_solutions``): every start at
N = 2, and balanced modes, a_1 = ... = a_N > 0 and s > 0, at every N, where du/dt = N u^{2-2/N} (s - u).

Source: Saxe, McClelland, Ganguli (2014), arXiv:1312.6120; the form for unbalanced layers is this project's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.network.checks import check_learning_rate, check_plain, check_record, check_steps

FloatArray = NDArray[np.float64]

BISECTIONS = 64
"""Halvings of an interval of at most a few thousand: what is left is below the rounding of its ends."""


@dataclass(frozen=True)
class ModeTrajectory:
    """What gradient descent did to the modes: ``layers`` (steps recorded, N, modes) at the steps ``recorded``, the
    first of which is 0 and the last ``steps``."""

    layers: FloatArray
    targets: FloatArray
    learning_rate: float
    steps: int
    recorded: NDArray[np.int64]

    @property
    def strengths(self) -> FloatArray:
        """u = a_1 ... a_N of each mode, of shape (steps recorded, modes)."""
        product: FloatArray = self.layers.prod(axis=1)
        return product


class ModeDivergenceError(ArithmeticError):
    """A mode overflowed: ``step`` is the first step at which an entry is not finite, ``trajectory`` what came before
    it."""

    def __init__(self, step: int, trajectory: ModeTrajectory) -> None:
        self.step = step
        self.trajectory = trajectory
        super().__init__(
            f"gradient descent left the range of float64 at step {step} (learning_rate "
            f"{trajectory.learning_rate:g}); a smaller learning_rate may converge; the error's .trajectory holds "
            f"the {step} steps before it"
        )

    def __reduce__(self) -> tuple[type[ModeDivergenceError], tuple[int, ModeTrajectory]]:
        return (ModeDivergenceError, (self.step, self.trajectory))


def mode_gradients(layers: Sequence[Any] | FloatArray, targets: Any) -> list[Any]:
    """(prod_{k != j} a_k) (u - s) for j = 1..N, in any arithmetic: ``layers[j]`` and ``targets`` are numbers, or
    arrays of one shape with an entry a mode. Raises ValueError for no layers."""
    if len(layers) == 0:
        raise ValueError("layers is empty; expected at least one, since depth starts at 1")
    before = [layers[0]]  # before[j] = a_1 ... a_{j+1}
    for layer in layers[1:]:
        before.append(before[-1] * layer)
    back = before[-1] - targets
    gradients = []
    for j in range(len(layers) - 1, 0, -1):
        gradients.append(back * before[j - 1])
        back = back * layers[j]
    gradients.append(back)
    return gradients[::-1]


def mode_step(layers: Sequence[Any] | FloatArray, targets: Any, learning_rate: Any) -> list[Any]:
    """One step of gradient descent on all layers at once, in the arithmetic of ``layers``."""
    gradients = mode_gradients(layers, targets)
    return [layer - learning_rate * gradient for layer, gradient in zip(layers, gradients, strict=True)]


def mode_descent(
    layers: FloatArray, targets: FloatArray, *, learning_rate: float, steps: int, record: Iterable[int] = ()
) -> ModeTrajectory:
    """Run ``steps`` steps of gradient descent on every mode.

    ``layers`` is float64 of shape (N, modes), ``targets`` (modes,). Layers are recorded at step 0, at the last step,
    and at each step named in ``record``. The arrays passed in are not changed. Raises TypeError or ValueError for bad
    input, and :class:`ModeDivergenceError` at the first step at which an entry is not finite.
    """
    _check_modes(layers, targets)
    rate, last = check_learning_rate(learning_rate), check_steps(steps)
    wanted = set(check_record(record, last))
    state, kept = layers.copy(), []
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(last):
            if step in wanted:
                kept.append(state)
            moved = np.array(mode_step(state, targets, rate))
            if not np.isfinite(moved).all():
                seen = np.array([*(s for s in sorted(wanted) if s < step), step], dtype=np.int64)
                whole = np.array([*kept[: len(seen) - 1], state])
                raise ModeDivergenceError(step + 1, ModeTrajectory(whole, targets.copy(), rate, step, seen))
            state = moved
    recorded = np.array(sorted(wanted | {last}), dtype=np.int64)
    return ModeTrajectory(np.array([*kept, state]), targets.copy(), rate, last, recorded)


def two_layer_flow(layers: FloatArray, targets: FloatArray, times: FloatArray) -> FloatArray:
    """(a, b) at the given times, of shape (times, 2, modes): the flow of two layers in closed form, from every start.

    With c = a^2 - b^2, which does not change, R = sqrt(4 s^2 + c^2), E = exp(-R t) and y = (a + b)^2:

        y(t) = (y_0 (y_+ - y_- E) + c^2 (1 - E)) / (y_0 (1 - E) + y_+ E - y_-),    y_+- = 2 s +- R,

    sums of terms >= 0; (a - b)^2 is the same with -s for s. Nothing cancels but in the last addition: every entry is
    within (64 + 8 R t) 2^-53 of |a| + |b|, underflow aside. ``layers`` is float64 of shape (2, modes), ``targets``
    (modes,), ``times`` (times,), each >= 0.
    Raises TypeError or ValueError for bad input.
    """
    _check_modes(layers, targets)
    if len(layers) != 2:
        raise ValueError(f"layers has shape {layers.shape}; expected two layers, (2, {targets.size})")
    _check_times(times)
    plus, minus = layers[0] + layers[1], layers[0] - layers[1]
    c = plus * minus
    rate = np.hypot(2 * targets, c)
    safe = np.where(rate > 0, rate, 1.0)
    up = _root_over_rate(targets, c, safe)  # y_+ / R, and -y_- / R below
    down = _root_over_rate(-targets, c, safe)
    t = times[:, None]
    decay = np.exp(-rate * t)
    spent = np.where(rate > 0, -np.expm1(-rate * t) / safe, t)  # (1 - E) / R, t in the limit R = 0
    sums = _grown(plus, up, down, c, decay, spent)
    differences = _grown(minus, down, up, c, decay, spent)
    return np.stack([(sums + differences) / 2, (sums - differences) / 2], axis=1)


def _root_over_rate(targets: FloatArray, c: FloatArray, rate: FloatArray) -> FloatArray:
    """1 + 2 s / R, as (c/R)^2 / (1 - 2 s / R) where s < 0, so that nothing cancels."""
    part = 2 * targets / rate
    return np.where(part >= 0, 1 + part, (c / rate) ** 2 / (1 - np.minimum(part, 0)))


def _grown(
    start: FloatArray, up: FloatArray, down: FloatArray, c: FloatArray, decay: FloatArray, spent: FloatArray
) -> FloatArray:
    """The root of y(t) with the sign of ``start``, the root of y(0); both parts of the quotient over R."""
    initial = start**2
    above = initial * (up + down * decay) + c**2 * spent
    below = initial * spent + up * decay + down
    return np.sign(start) * np.sqrt(np.divide(above, below, out=np.zeros_like(above), where=above > 0))


def mode_time(strengths: FloatArray, start: FloatArray, targets: FloatArray, *, depth: int) -> FloatArray:
    """The time at which the flow of a balanced mode of depth N takes u from ``start`` to ``strengths``.

    With x = (u/s)^{1/N} it is (F(x) - F(x_0)) / s^{2-2/N}, F(x) = -x^{2-N} / (N-2) - (1/N) sum_k Re(w^{2k} log(1 -
    x w^{-k})) over the N-th roots of unity w^k; F = ln x - ln|1 - x^2| / 2 at N = 2 and -ln|1 - x| at N = 1. Arrays of
    one shape, all entries > 0; ``strengths`` and ``start`` on one side of ``targets``, which is reached at time
    infinity. A strength that the flow has left behind has a negative time. Raises TypeError or ValueError for bad
    input.
    """
    count = _check_depth(depth)
    for array, name in ((strengths, "strengths"), (start, "start"), (targets, "targets")):
        _check_positive(array, name, np.shape(targets))
    if (np.sign(strengths - targets) * np.sign(start - targets) < 0).any() or (start == targets).any():
        raise ValueError("strengths has an entry that the flow does not reach; expected start and it on one side of s")
    with np.errstate(divide="ignore"):  # at the target itself, at time infinity
        end, begin = (
            _antiderivative(np.log(u / targets), np.log(abs(u - targets) / targets), count) for u in (strengths, start)
        )
    time: FloatArray = (end - begin) / targets ** (2 - 2 / count)
    return time


def _antiderivative(log: FloatArray, gap: FloatArray, depth: int) -> FloatArray:
    """F at x = (u/s)^{1/N}, from ln(u/s) and ln|1 - u/s|."""
    if depth == 1:
        return -gap
    if depth == 2:
        return (log - gap) / 2
    x = np.exp(log / depth)
    roots = np.exp(2j * np.pi * np.arange(1, depth) / depth)
    others = np.log(1 - x[..., None] / roots)  # of k = 1..N-1; they add up to ln|1 - x^N| - ln|1 - x|
    first = gap - others.real.sum(axis=-1)
    found: FloatArray = x ** (2 - depth) / (2 - depth) - (first + (roots**2 * others).real.sum(axis=-1)) / depth
    return found


def balanced_flow(start: FloatArray, targets: FloatArray, times: FloatArray, *, depth: int) -> FloatArray:
    """u at the given times, of shape (times, modes), for balanced modes of depth N: du/dt = N u^{2-2/N} (s - u).

    In closed form at N = 1 and N = 2; from N = 3 on :func:`mode_time` is inverted by bisection in ln(u / |s - u|),
    which grows at the rate N s u^{1-2/N}. ``start`` and ``targets`` are float64 of shape (modes,) with entries > 0,
    ``times`` (times,) with entries >= 0. Raises TypeError or ValueError for bad input.
    """
    count = _check_depth(depth)
    _check_positive(targets, "targets", None)
    _check_positive(start, "start", targets.shape)
    _check_times(times)
    if count == 1:
        return targets + (start - targets) * np.exp(-times[:, None])
    if count == 2:
        roots = np.sqrt(start)
        flow: FloatArray = two_layer_flow(np.stack([roots, roots]), targets, times).prod(axis=1)
        return flow
    t, moving = times[:, None], np.where(start == targets, targets / 2, start)  # what starts at its target stays
    below, distance = moving < targets, abs(targets - moving)
    first = np.log(moving) - np.log(distance)
    ends = [first + t * count * targets * u ** (1 - 2 / count) for u in (moving, targets)]
    low, high = np.minimum(*ends), np.maximum(*ends)
    begin = _antiderivative(np.log(moving / targets), np.log(distance / targets), count)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        log = _log_ratio(middle, below)
        late = (_antiderivative(log, log - middle, count) - begin) / targets ** (2 - 2 / count) > t
        low, high = np.where(late, low, middle), np.where(late, middle, high)
    return np.where(start == targets, targets, targets * np.exp(_log_ratio((low + high) / 2, below)))


def _log_ratio(logit: FloatArray, below: NDArray[np.bool_]) -> FloatArray:
    """ln(u/s) for ln(u / |s - u|) = z: u = s / (1 + exp(-z)) below s, s / (1 - exp(-z)) above."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.where(below, np.logaddexp(0, -logit), np.log(-np.expm1(-logit)))


def half_time(start: FloatArray, targets: FloatArray, *, depth: int) -> FloatArray:
    """The time at which a balanced mode reaches half its target: ln(s/u_0 - 1) / (2 s) at N = 2."""
    return mode_time(targets / 2, start, targets, depth=depth)


def _check_modes(layers: Any, targets: Any) -> None:
    _check_array(layers, "layers", 2, "(layers, modes)")
    _check_array(targets, "targets", 1, "(modes,)")
    if layers.shape[1] != targets.size:
        raise ValueError(
            f"targets has shape {targets.shape} but layers has {layers.shape[1]} modes; expected ({layers.shape[1]},)"
        )


def _check_array(array: Any, name: str, axes: int, expected: str) -> None:
    check_plain(array, name)
    if not isinstance(array, np.ndarray) or array.dtype != np.dtype(np.float64):
        raise TypeError(f"{name} is not a float64 array; expected dtype float64")
    if array.ndim != axes or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}; expected {expected}, none of them 0")
    if not np.isfinite(array).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"{name} has the entry {array[place]} at {place}; expected finite entries")


def _check_times(times: Any) -> None:
    _check_array(times, "times", 1, "(times,)")
    if (times < 0).any():
        raise ValueError(f"times has the entry {times.min()}; expected times >= 0")


def _check_positive(array: Any, name: str, shape: tuple[int, ...] | None) -> None:
    _check_array(array, name, 1, "(modes,)")
    if shape is not None and array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}; expected {shape}, an entry a mode")
    if (array <= 0).any():
        raise ValueError(f"{name} has the entry {array.min()}; expected entries > 0")


def _check_depth(depth: Any) -> int:
    count = check_steps(depth, "depth")
    if count == 0:
        raise ValueError("depth is 0; expected a whole number >= 1")
    return count
