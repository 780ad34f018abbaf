"""One filter with ReLU on patches of samples: loss and gradient.

    l(w) = (1/n) sum_i (f(w, x_i) - y_i)^2,   f(w, x) = (1/k) sum_{j <= k} s(w.x[j]),   s(z) = max(z, 0),

x[j] in R^d the j-th of the k patches of a sample, which may overlap or not. The conventions are those of
:mod:`solvers.shallow.relu_descent`, which has the expectation for patches that are independent.

Source: Brutzkus, Globerson (2017).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from solvers.network import Matrix
from solvers.network.homogeneous import piecewise_linear
from solvers.shallow.checks import check_array

RELU = piecewise_linear(1, 0)


@dataclass(frozen=True)
class PatchSamples:
    """``patches`` (n, k, d) are the x_i[j] and ``outputs`` (n,) the y_i, float64 or exact rationals.

    Raises TypeError or ValueError for anything else. The derivative of s at 0 is taken to be 0.
    """

    patches: Matrix
    outputs: Matrix

    def __post_init__(self) -> None:
        check_array(self.patches, "patches", axes=3, expected="(n, k, d)")
        check_array(self.outputs, "outputs", axes=1, expected="(n,)")
        if len(self.outputs) != len(self.patches):
            raise ValueError(
                f"outputs has shape {self.outputs.shape}; expected ({len(self.patches)},), one for each of the samples"
            )

    @classmethod
    def of_filter(cls, patches: Matrix, truth: Matrix) -> PatchSamples:
        """Samples whose outputs are f(w*, x_i), w* = ``truth`` (d,)."""
        check_array(patches, "patches", axes=3, expected="(n, k, d)")
        return cls(patches, _outputs(patches, _checked(truth[None], "truth", patches))[0])

    def outputs_of(self, filters: Matrix) -> Matrix:
        """f(w, x_i), shape (B, n), of filters (B, d)."""
        return _outputs(self.patches, _checked(filters, "filters", self.patches))

    def value(self, filters: Matrix) -> Any:
        """l(w), shape (B,), of filters (B, d)."""
        return ((self.outputs_of(filters) - self.outputs) ** 2).sum(axis=-1) / len(self.outputs)

    def gradient(self, filters: Matrix) -> Matrix:
        """dl/dw, shape (B, d): (2/nk) sum_i r_i sum_j s'(w.x_i[j]) x_i[j], r_i the residuals."""
        residuals = self.outputs_of(filters) - self.outputs
        samples, count, size = self.patches.shape
        flat = self.patches.reshape(-1, size)
        seen = RELU.derivative(filters @ flat.T).reshape(-1, samples, count) * residuals[:, :, None]
        return seen.reshape(len(filters), -1) @ flat * 2 / (samples * count)


def _outputs(patches: Matrix, filters: Matrix) -> Matrix:
    samples, count, size = patches.shape
    before = filters @ patches.reshape(-1, size).T
    return RELU.value(before).reshape(-1, samples, count).sum(axis=-1) / count


def _checked(filters: Matrix, name: str, patches: Matrix) -> Matrix:
    check_array(filters, name, axes=2, expected="(B, d)")
    if filters.shape[1] != patches.shape[2]:
        raise ValueError(f"{name} has shape {filters.shape}; expected (B, {patches.shape[2]}), as patches has")
    return filters
