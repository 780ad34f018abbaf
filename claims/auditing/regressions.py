"""From data X and Y to the target and the covariance in float64, and how far these are from those of the data."""

from __future__ import annotations

import numpy as np
from flint import arb

from claims.auditing.report import Finding, FloatArray, Rigour
from solvers import frobenius_squared, regression
from solvers.arithmetic import exact, square_root, upper_float

MOST_NUMBERS = 200_000
"""Products in X X^T; with more of them the distance to the exact least-squares map is estimated."""


def of_data(inputs: FloatArray, outputs: FloatArray) -> tuple[FloatArray, FloatArray | None, tuple[Finding, ...]]:
    """Phi, S (None where it is the identity), and a finding. TypeError or ValueError where X and Y are no data."""
    rounded = regression(inputs, outputs)
    target, covariance = rounded.target, rounded.covariance
    samples, least = inputs.shape[1], float(rounded.least_loss)
    values: dict[str, float | int | None] = {"samples": samples, "least_loss": least}
    counted = f"{samples:,} sample{'s' if samples > 1 else ''}"
    said = f"{counted}, whose loss 1/(2m) ||W X - Y||_F^2 is at least {least:.4g} (told below without that)"
    if inputs.shape[0] * inputs.size <= MOST_NUMBERS:
        sure = regression(exact(inputs), exact(outputs))
        off = [
            upper_float(arb(square_root(frobenius_squared(exact(mine) - theirs))))
            for mine, theirs in ((covariance, sure.covariance), (target, sure.target))
        ]
        values |= {"covariance_off": off[0], "target_off": off[1]}
        said += f"; S and Phi are those of the data up to {off[0]:.1g} and {off[1]:.1g}"
        rigour = Rigour.CERTIFIED
    else:
        said += "; S and Phi are those of the data up to rounding, which was not bounded"
        rigour = Rigour.ESTIMATE
    white = bool((covariance == np.eye(len(covariance))).all())
    return target, None if white else covariance, (Finding("data", rigour, said, "DL-001", values),)
