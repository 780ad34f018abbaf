"""What a squared error is divided by: the conventions, by name, and the factor kappa of their gradients.

Against 1/2 ||W X - Y||_F^2, whose gradient at the end-to-end matrix is (W X - Y) X^T, every other convention only
multiplies the gradient, and so the learning rate, by a number kappa.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flint import fmpq


@dataclass(frozen=True)
class Loss:
    """``formula`` in words of the arrays, ``scale(m, d_N)`` the factor kappa."""

    name: str
    formula: str
    scale: Callable[[int, int], fmpq]


LOSSES = {
    each.name: each
    for each in (
        Loss("half-sum", "1/2 ||W X - Y||_F^2", lambda samples, outputs: fmpq(1)),
        Loss("sum", "||W X - Y||_F^2", lambda samples, outputs: fmpq(2)),
        Loss("half-mean-of-samples", "1/(2 m) ||W X - Y||_F^2", lambda samples, outputs: fmpq(1, samples)),
        Loss("mean-of-samples", "1/m ||W X - Y||_F^2", lambda samples, outputs: fmpq(2, samples)),
        Loss("half-mean", "1/(2 m d_N) ||W X - Y||_F^2", lambda samples, outputs: fmpq(1, samples * outputs)),
        Loss("mean", "1/(m d_N) ||W X - Y||_F^2", lambda samples, outputs: fmpq(2, samples * outputs)),
    )
}
"""``mean`` is torch's MSELoss and optax's, where their mean is over all entries."""

_NUMBERS = {"": fmpq(1), "2": fmpq(2), "1/2": fmpq(1, 2), "4": fmpq(4), "1/4": fmpq(1, 4)}
_DIVISORS: dict[str, Callable[[int, int], int]] = {
    "": lambda samples, outputs: 1,
    "m": lambda samples, outputs: samples,
    "d_N": lambda samples, outputs: outputs,
    "m d_N": lambda samples, outputs: samples * outputs,
}


def _quotient(number: fmpq, divisor: Callable[[int, int], int], *, inverse: bool) -> Callable[[int, int], fmpq]:
    return lambda samples, outputs: number * fmpq(divisor(samples, outputs)) ** (1 if inverse else -1)


def _scales() -> dict[str, Callable[[int, int], fmpq]]:
    """A number, over m, d_N or both, or times these; the plainest first."""
    found = {}
    for over, divisor in _DIVISORS.items():
        for shown, number in _NUMBERS.items():
            for inverse in (False, True) if over else (False,):
                name = _name(shown, over, inverse)
                if name:
                    found[name] = _quotient(number, divisor, inverse=inverse)
    return found


def _name(number: str, over: str, inverse: bool) -> str:
    if not over:
        return number
    if inverse:
        return f"{number} {over}".strip()
    top, _, bottom = (number or "1").partition("/")
    below = f"{bottom} {over}".strip()
    return f"{top}/({below})" if " " in below else f"{top}/{below}"


SCALES = _scales()
"""Factors of a learning rate, by name: functions of m and d_N."""


def check_loss(loss: object) -> Loss:
    """The convention of a name; ValueError for one that is none."""
    if isinstance(loss, str) and loss in LOSSES:
        return LOSSES[loss]
    raise ValueError(f"loss is {loss!r}; expected one of {', '.join(LOSSES)}")
