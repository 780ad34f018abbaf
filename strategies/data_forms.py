"""Covariances and masks: what of a residual a loss sees, from everything to nothing, all of it exact."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from strategies.arguments import check_whole
from strategies.built_once import built_once
from strategies.matrices import dyadic_matrices

FloatMatrix = NDArray[np.float64]

LEAST_SCALE = 10
"""Features are scaled down by 2^10 at most: a condition number of 2^20, and more, comes up."""


@built_once
def covariances(size: int) -> st.SearchStrategy[FloatMatrix]:
    """S = D A A^T D of ``size`` features: float64, symmetric and positive semidefinite exactly, as rationals too.

    A is dyadic with 1 to size + 2 columns, the samples, so that every rank from 0 on comes up; D = diag(2^-k),
    0 <= k <= LEAST_SCALE, makes it ill-conditioned. Or S is the identity, to which it shrinks.
    """
    check_whole(size, "size", least=1)
    return st.one_of(st.builds(np.eye, st.just(size)), _of_samples(size), _of_samples(size, scaled=True))


@st.composite
def _of_samples(draw: st.DrawFn, size: int, *, scaled: bool = False) -> FloatMatrix:
    samples = draw(dyadic_matrices(size, draw(st.integers(1, size + 2))))
    exponents = st.lists(st.integers(0, LEAST_SCALE), min_size=size, max_size=size)
    scale = np.ldexp(1.0, [-k for k in draw(exponents)]) if scaled else np.ones(size)
    features = scale[:, None] * samples
    return features @ features.T


@built_once
def observations(rows: int, columns: int) -> st.SearchStrategy[NDArray[np.bool_]]:
    """Masks of a rows x columns target: all entries, none, a single one, or any; shrinks to all."""
    check_whole(rows, "rows", least=1)
    check_whole(columns, "columns", least=1)
    shape = (rows, columns)
    return st.one_of(
        st.builds(np.ones, st.just(shape), st.just(np.bool_)),
        st.builds(np.zeros, st.just(shape), st.just(np.bool_)),
        st.integers(0, rows * columns - 1).map(lambda place: np.arange(rows * columns).reshape(shape) == place),
        hnp.arrays(np.bool_, shape, elements=st.booleans(), fill=st.nothing()),
    )
