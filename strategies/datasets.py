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
from flint import arb, arb_mat
from numpy.typing import NDArray

from solvers.arithmetic import ObjectArray, balls, exact
from solvers.network.initialization import balanced_factors
from solvers.network.network import frobenius_squared
from solvers.network.problem import Problem
from solvers.network.regression import Regression
from solvers.network.regression import regression as unwhitened
from solvers.network.whitening import WhitenedRegression, whitened_regression

DATASETS = ("diabetes", "linnerud")


@cache
def regression(name: str) -> WhitenedRegression:
    """The whitened data set of that name; ValueError names the known ones."""
    features, outputs = _load(name)
    result = whitened_regression(_standardised(features), _standardised(np.atleast_2d(outputs)))
    for array in (result.inputs, result.outputs, result.target):
        array.flags.writeable = False  # cached: shared by every caller
    return result


@cache
def covariance(name: str) -> NDArray[np.float64]:
    """X X^T / m of a real data set's features, standardised: positive definite, and symmetric exactly."""
    features, _ = _load(name)
    matrix = np.corrcoef(features)
    symmetric: NDArray[np.float64] = np.tril(matrix) + np.tril(matrix, -1).T
    symmetric.flags.writeable = False  # cached: shared by every caller
    return symmetric


@cache
def real_regression(name: str, *, scaled: bool = True) -> Regression:
    """A real data set that is not whitened: features centred and scaled to unit variance, or as they are.

    The outputs are centred and scaled in both. The covariance is well or ill-conditioned accordingly: of ``diabetes``
    the condition number is 470 or 1.0 10^6, of ``linnerud`` 9.0 or 2.3 10^3.
    """
    features, outputs = _load(name, plain=not scaled)
    result = unwhitened(_standardised(features) if scaled else features, _standardised(np.atleast_2d(outputs)))
    for array in (result.covariance, result.cross_covariance, result.target):
        array.flags.writeable = False  # cached: shared by every caller
    return result


def real_problem(name: str, hidden: Sequence[int], *, start: float, learning_rate: float) -> Problem:
    """Train towards a real target Phi from the balanced factors of ``start`` * Phi.

    ``hidden`` are the hidden widths, () for depth 1. The deficiency margin is sigma_min(Phi) - |1 - start| Phi_F.
    """
    target = regression(name).target
    dimensions = (target.shape[1], *hidden, target.shape[0])
    return Problem(balanced_factors(start * target, dimensions), target, learning_rate)


def _load(name: str, *, plain: bool = False) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Features and outputs, a column a sample; ``plain`` ones in the units of the measurement."""
    from sklearn import datasets  # a second, for those who use real data only

    if name not in DATASETS:
        raise ValueError(f"name is {name!r}; expected one of {', '.join(DATASETS)}")
    own = {"scaled": False} if plain and name == "diabetes" else {}
    features, outputs = getattr(datasets, f"load_{name}")(return_X_y=True, **own)
    return np.asarray(features, dtype=np.float64).T, np.asarray(outputs, dtype=np.float64).T


def real_modes(name: str) -> tuple[list[arb], list[ObjectArray], ObjectArray]:
    """Balls around the singular values of a real target, largest first, and around unit left singular vectors; and Phi.

    At the precision of ``flint.ctx``. Phi is of full rank and not higher than wide. With S = Phi Phi^T, vector i is
    column k of prod_{j != i} (S - s_j^2 I), scaled, for the k with the largest entry on the diagonal.
    """
    target = exact(regression(name).target)
    gram, identity = target @ target.T, balls(np.eye(len(target)))
    found = arb_mat(len(gram), len(gram), [arb(entry) for entry in gram.ravel()]).eig()
    squares = sorted((value.real for value in found), key=float, reverse=True)
    vectors = []
    for i in range(len(squares)):
        product = identity
        for other in squares[:i] + squares[i + 1 :]:
            product = product @ (gram - identity * other)
        column = max(range(len(gram)), key=lambda k: float(product[k, k] ** 2))
        vector = product[:, column : column + 1]
        vectors.append(vector / frobenius_squared(vector).sqrt())
    return [square.sqrt() for square in squares], vectors, target


def row_target(inputs: int) -> NDArray[np.float64]:
    """A target with one output, 1 x d_0: the diabetes data's for ten inputs, else 1, 2, 1, 2, ..."""
    return regression("diabetes").target if inputs == 10 else np.array([[1.0 + k % 2 for k in range(inputs)]])


def _standardised(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = rows - rows.mean(axis=1, keepdims=True)
    scaled: NDArray[np.float64] = centred / centred.std(axis=1, keepdims=True)
    return scaled
