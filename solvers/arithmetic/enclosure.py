"""Float64 matrices that carry a bound on their own rounding error.

An :class:`Enclosure` is a pair (value, radius) of float64 arrays: the true matrix A satisfies
|A - value| <= radius entry by entry. Products run at BLAS speed. The bounds are the standard ones
(N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., Sections 2.2 and 3.1), valid for every order
of summation and with fused multiply-adds: with u = 2^-53 and gamma_n = n u / (1 - n u),

- one operation:  |fl(a op b) - a op b| <= u |fl(a op b)|, plus the smallest subnormal for products;
- inner product of length n:  |fl(x.y) - x.y| <= gamma_n |x|.|y|, plus n smallest subnormals.

A radius is itself computed in floating point, from non-negative terms only, and is inflated by more than its own
relative error can be. Reductions to a scalar return a ball (``flint.arb``). Every operation raises FloatingPointError
in a thread whose float64 does not round so (:mod:`~solvers.arithmetic.rounding`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb
from numpy.typing import NDArray

from solvers.arithmetic.rounding import TINY, UNIT, check_floats, gamma


def _inflate(radius: NDArray[np.float64], operations: int) -> NDArray[np.float64]:
    """Cover the rounding of ``radius`` itself, a sum of ``operations`` products of non-negative numbers."""
    check_floats()
    return radius * (1 + 2 * (operations + 8) * UNIT) + operations * TINY


def _ball(value: float, radius: float) -> arb:
    """No number where float64 has overflowed: nothing is known."""
    check_floats()
    return arb(value, radius) if np.isfinite(value) and np.isfinite(radius) else arb.nan()


@dataclass(frozen=True)
class Enclosure:
    """The matrices A with |A - value| <= radius."""

    value: NDArray[np.float64]
    radius: NDArray[np.float64]

    @classmethod
    def of(cls, matrix: NDArray[np.float64]) -> Enclosure:
        """A float64 matrix, which is exactly itself."""
        return cls(matrix, np.zeros_like(matrix))

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    def __getitem__(self, place: Any) -> Any:
        """An entry of a single matrix, as a ball; with slices the enclosure of what they leave, as NumPy's indices do.

        Raises TypeError for an index that is neither: lists and masks, new axes, and an ellipsis."""
        places = place if isinstance(place, tuple) else (place,)
        for each in places:
            if isinstance(each, bool) or not isinstance(each, int | np.integer | slice):
                raise TypeError(
                    f"an index of an Enclosure is {each!r}; expected integers and slices, as in [0, 0] or [1:, :]"
                )
        value, radius = self.value[place], self.radius[place]
        if isinstance(value, np.ndarray):
            return Enclosure(value, radius)
        return _ball(float(value), float(radius))

    @property
    def mT(self) -> Enclosure:  # noqa: N802 - NumPy's name
        return Enclosure(self.value.mT, self.radius.mT)

    def __add__(self, other: Enclosure) -> Enclosure:
        return self._sum(self.value + other.value, other)

    def __sub__(self, other: Enclosure) -> Enclosure:
        return self._sum(self.value - other.value, other)

    def _sum(self, value: NDArray[np.float64], other: Enclosure) -> Enclosure:
        return Enclosure(value, _inflate(self.radius + other.radius + UNIT * abs(value), 3))

    def __rmul__(self, factor: float) -> Enclosure:
        value = factor * self.value
        return Enclosure(value, _inflate(abs(factor) * self.radius + UNIT * abs(value), 3))

    def __matmul__(self, other: Enclosure) -> Enclosure:
        inner = self.value.shape[-1]
        left, right = abs(self.value), abs(other.value)
        rounding = gamma(inner) * (left @ right)
        spread = rounding + left @ other.radius + self.radius @ (right + other.radius)
        return Enclosure(self.value @ other.value, _inflate(spread, 4 * inner))

    def frobenius_squared(self) -> arb:
        """||A||_F^2 of a single matrix, as a ball."""
        entries = self.value.ravel()
        size = entries.size
        value = float(entries @ entries)
        spread = 2 * (abs(entries) @ self.radius.ravel()) + float(self.radius.ravel() @ self.radius.ravel())
        radius = _inflate(np.float64(spread + gamma(size) * value), 4 * size)  # type: ignore[arg-type]
        return _ball(value, float(radius))

    def inner(self, other: Enclosure) -> arb:
        """<A, B> = trace(A^T B) of two single matrices, as a ball."""
        a, b = self.value.ravel(), other.value.ravel()
        inner = abs(a) @ other.radius.ravel() + self.radius.ravel() @ (abs(b) + other.radius.ravel())
        spread = np.float64(inner + gamma(a.size) * (abs(a) @ abs(b)))
        return _ball(float(a @ b), float(_inflate(spread, 4 * a.size)))  # type: ignore[arg-type]

    def entries(self) -> Any:
        """The entries as balls, in an object array."""
        result = np.empty(self.shape, dtype=object)
        for place in np.ndindex(self.shape):
            result[place] = _ball(float(self.value[place]), float(self.radius[place]))
        return result
