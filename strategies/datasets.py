"""Real regression data, whitened: problems that every trajectory claim is run on.

Both sets are bundled with scikit-learn, so nothing is downloaded. Features and outputs are centred and scaled to unit
variance, then the features are whitened (:mod:`solvers.network.whitening`); Phi is the least-squares map of the
whitened data.

- ``diabetes``: 442 patients, 10 features, disease progression a year later (Efron et al. 2004): Phi is 1 x 10.
- ``linnerud``: 20 men, 3 exercises, 3 physiological measures (Tenenhaus 1998): Phi is 3 x 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_diabetes, load_linnerud

from solvers.network.initialization import balanced_factors
from solvers.network.problem import Problem
from solvers.network.whitening import WhitenedRegression, whitened_regression

_LOADERS = {"diabetes": load_diabetes, "linnerud": load_linnerud}

DATASETS = tuple(_LOADERS)


@cache
def regression(name: str) -> WhitenedRegression:
    """The whitened data set of that name; ValueError names the known ones."""
    if name not in _LOADERS:
        raise ValueError(f"name is {name!r}; expected one of {', '.join(DATASETS)}")
    features, outputs = _LOADERS[name](return_X_y=True)
    inputs = _standardised(np.asarray(features, dtype=np.float64).T)
    result = whitened_regression(inputs, _standardised(np.atleast_2d(np.asarray(outputs, dtype=np.float64).T)))
    for array in (result.inputs, result.outputs, result.target):
        array.flags.writeable = False  # cached: shared by every caller
    return result


def real_problem(name: str, hidden: Sequence[int], *, start: float, learning_rate: float) -> Problem:
    """Train towards a real target Phi from the balanced factors of ``start`` * Phi.

    ``hidden`` are the hidden widths, () for depth 1. The deficiency margin is sigma_min(Phi) - |1 - start| Phi_F.
    """
    target = regression(name).target
    dimensions = (target.shape[1], *hidden, target.shape[0])
    return Problem(balanced_factors(start * target, dimensions), target, learning_rate)


def row_target(inputs: int) -> NDArray[np.float64]:
    """A target with one output, 1 x d_0: the diabetes data's for ten inputs, else 1, 2, 1, 2, ..."""
    return regression("diabetes").target if inputs == 10 else np.array([[1.0 + k % 2 for k in range(inputs)]])


def _standardised(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = rows - rows.mean(axis=1, keepdims=True)
    scaled: NDArray[np.float64] = centred / centred.std(axis=1, keepdims=True)
    return scaled
