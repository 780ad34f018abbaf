"""Two factors of one number, u v -> m, and the flow of one column times one row.

Gradient descent of l(u, v) = (u v - m)^2 / 2 with learning rate eta, r = u v - m:

    u <- u - eta r v,        v <- v - eta r u.

In p = u + v and q = u - v this is p <- (1 - eta r) p and q <- (1 + eta r) q. Numbers of every arithmetic, or arrays of
them. Gradient flow of 1/2 ||u v^T - A||_F^2 from |u| = |v| has a closed form, that of Oja's flow. Source: Du, Hu, Lee
(2018), arXiv:1806.00900, Section 3, for the models; the formulas are this project's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

import numpy as np
from flint import arb, fmpq
from numpy.typing import NDArray

from solvers.arithmetic import rational
from solvers.network.checks import check_steps
from solvers.shallow.checks import check_array

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class TwoFactors:
    """``left`` u, ``right`` v, ``target`` m and ``learning_rate`` eta. ValueError for a float that is not finite."""

    left: Any
    right: Any
    target: Any
    learning_rate: Any

    def __post_init__(self) -> None:
        for name in ("left", "right", "target", "learning_rate"):
            number = getattr(self, name)
            if number is None or isinstance(number, str | bytes | list | tuple | bool):
                raise TypeError(f"{name} is {number!r}; expected a number, or an array of numbers")
            if isinstance(number, float) and not isfinite(number):
                raise ValueError(f"{name} is {number}; expected a finite number")

    @property
    def is_float64(self) -> bool:
        """Whether u is an ordinary float."""
        return isinstance(self.left, float)

    @property
    def residual(self) -> Any:
        """r = u v - m."""
        return self.left * self.right - self.target

    @property
    def total(self) -> Any:
        """p = u + v."""
        return self.left + self.right

    @property
    def gap(self) -> Any:
        """q = u - v."""
        return self.left - self.right

    def step(self) -> TwoFactors:
        """The state after one step."""
        move = self.learning_rate * self.residual
        return replace(self, left=self.left - move * self.right, right=self.right - move * self.left)

    def descend(self, steps: int) -> TwoFactors:
        """The state after ``steps`` steps. TypeError or ValueError for what is no number of steps."""
        state = self
        for _ in range(check_steps(steps)):
            state = state.step()
        return state

    def exact(self) -> TwoFactors:
        """The same numbers as rationals."""
        return TwoFactors(*(rational(number) for number in self._numbers))

    def enclosed(self) -> TwoFactors:
        """The same numbers as balls of the precision that is set."""
        return TwoFactors(*(arb(rational(number)) for number in self._numbers))

    @property
    def _numbers(self) -> tuple[Any, ...]:
        return self.left, self.right, self.target, self.learning_rate


def growing_steps(start: fmpq, factor: fmpq, level: fmpq) -> int:
    """The least T >= 0 with start * factor^T >= level, for rationals start > 0 and factor > 1; ValueError for others.

    It is ceil(ln(level / start) / ln(factor)), or 0, without a logarithm's rounding.
    """
    if not start > 0:
        raise ValueError(f"start is {start}; expected a number > 0, which grows")
    if not factor > 1:
        raise ValueError(f"factor is {factor}; expected a number > 1")
    if level <= start:
        return 0
    near = (arb(level / start).log() / arb(factor).log()).mid()
    steps = max(int(float(near)) - 1, 0)
    reached = start * factor**steps
    while reached < level:
        reached, steps = reached * factor, steps + 1
    return steps


def rank_one_flow(
    target: FloatArray, left: FloatArray, right: FloatArray, times: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """u(t), v(t) at each of ``times`` >= 0 of the gradient flow of 1/2 ||u v^T - A||_F^2 from |u| = |v|, in float64.

    ``target`` A is (m, n), ``left`` u (m,), ``right`` v (n,), ``times`` (k,); the answer is (k, m) and (k, n). With
    z = (u, v) and J z = (A v, A^T u), |u| = |v| stays, the flow is Oja's, z' = J z - |z|^2 z / 2, and

        z(t) = e^{J t} z(0) / (1 + int_0^t |e^{J tau} z(0)|^2 dtau)^{1/2},

    both of which are divided by e^{s t}, s the greatest eigenvalue of J that z(0) has a part in, or 0, so that
    nothing overflows. That |u| = |v| is up to the caller, since two floats have equal norms by chance only.
    TypeError or ValueError for arrays that do not fit or are not finite, and for negative times.
    """
    check_array(target, "target", axes=2, expected="(m, n)")
    m, n = target.shape
    for vector, name, size in ((left, "left", m), (right, "right", n)):
        check_array(vector, name, axes=1, expected=f"({size},)")
        if vector.shape != (size,):
            raise ValueError(f"{name} has shape {vector.shape}; expected ({size},)")
    check_array(times, "times", axes=1, expected="(k,)")
    if (times < 0).any():
        raise ValueError(f"times has the entry {times.min()}; expected times >= 0")
    joint = np.block([[np.zeros((m, m)), target], [target.T, np.zeros((n, n))]])
    values, vectors = np.linalg.eigh(joint)
    parts = vectors.T @ np.concatenate([left, right])
    values, vectors, parts = values[parts != 0], vectors[:, parts != 0], parts[parts != 0]
    later, greatest = times[:, None], values.max(initial=0.0)
    moved = np.exp((values - greatest) * later) * parts
    # e^{-2 s t} int_0^t e^{2 l tau} dtau = e^{2 (max(l, 0) - s) t} (1 - e^{-2 |l| t}) / (2 |l|)
    doubled = 2 * np.abs(np.where(values == 0, 1.0, values))
    spread = np.where(values == 0, later, -np.expm1(-doubled * later) / doubled)
    integral = np.exp(2 * (np.maximum(values, 0) - greatest) * later) * spread
    length = np.sqrt(np.exp(-2 * greatest * times) + (integral * parts**2).sum(axis=1))
    state = (moved @ vectors.T) / length[:, None]
    return state[:, :m], state[:, m:]
