"""Samples that a hyperplane through the origin separates, by construction, in exact rationals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from flint import fmpq
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from scipy.optimize import linprog

from solvers.arithmetic import ObjectArray, exact, nearest
from solvers.shallow import LeakyNetwork
from strategies.arguments import check_range, check_whole


@dataclass(frozen=True)
class SeparableSamples:
    """``vectors`` x (n, d) and ``labels`` y = +-1 (n,) with y <b, x> >= 1 for ``separator`` b, equal to 1 for some."""

    vectors: ObjectArray
    labels: ObjectArray
    separator: ObjectArray


@st.composite
def separable_samples(
    draw: st.DrawFn, *, min_dimension: int = 1, max_dimension: int = 3, min_samples: int = 1, max_samples: int = 5
) -> SeparableSamples:
    """b is drawn, then the x, whose signs are the labels; b is divided by the least |<b, x>|. Entries of x are halves.

    An x orthogonal to b is moved along b. Samples may be equal, opposite or parallel; both labels occur, or one.
    Shrinks to the sample (1, 1) in one dimension.
    """
    check_range(min_dimension, max_dimension, ("min_dimension", "max_dimension"))
    check_range(min_samples, max_samples, ("min_samples", "max_samples"))
    d, n = draw(st.integers(min_dimension, max_dimension)), draw(st.integers(min_samples, max_samples))
    raw = draw(st.lists(st.integers(-2, 2), min_size=d, max_size=d))
    direction = exact(np.array(raw if any(raw) else [1, *raw[1:]]))
    points = []
    for _ in range(n):
        halves = draw(st.lists(st.integers(-4, 4), min_size=d, max_size=d))
        point = exact(np.array(halves)) * fmpq(1, 2)
        points.append(point if point @ direction != 0 else point + direction)
    vectors = np.stack(points)
    products = vectors @ direction
    labels = np.array([fmpq(1) if product > 0 else fmpq(-1) for product in products])
    return SeparableSamples(vectors, labels, direction / min(abs(product) for product in products))


SLOPES = (fmpq(1), fmpq(1, 2), fmpq(1, 3), fmpq(3, 4), fmpq(1, 10))


@st.composite
def leaky_networks(draw: st.DrawFn, *, dimension: int, normalised: bool = False) -> LeakyNetwork:
    """Networks of k = 1, 2, 3 or 8, slopes al in (0, 1], sg'(0) at both ends of [al, 1] or between, weights of halves.

    ``normalised``: k = 2 or 8, where v = 1 / sqrt(2k) is rational; else v is any rational. Shrinks to W = 0, al = 1.
    """
    check_whole(dimension, "dimension", least=1)
    if not isinstance(normalised, bool):
        raise InvalidArgument(f"normalised is {normalised!r}; expected True or False")
    units = draw(st.sampled_from([2, 8] if normalised else [1, 2, 3, 8]))
    output = fmpq(1, 2 if units == 2 else 4)
    if not normalised:
        output *= draw(st.sampled_from([fmpq(1), fmpq(3), fmpq(1, 2), fmpq(2, 3)]))
    slope, place = draw(st.sampled_from(SLOPES)), draw(st.sampled_from([fmpq(0), fmpq(1), fmpq(1, 3)]))
    halves = st.lists(st.integers(-4, 4), min_size=2 * units * dimension, max_size=2 * units * dimension)
    weights = exact(np.array(draw(halves)).reshape(2 * units, dimension)) * fmpq(1, 2)
    return LeakyNetwork(weights, output, slope, slope + place * (1 - slope))


SEPARABLE = ("iris", "digits")


@cache
def real_separable(name: str) -> SeparableSamples:
    """Real samples of two classes; ValueError names the known ones.

    - ``iris``: setosa or not, 150 flowers, four lengths in units of 12.8 cm and the constant 1 (Fisher 1936).
    - ``digits``: 0 or 1, 360 images of 64 pixels in [0, 1] (Kaynak 1995).

    A linear programme of floats proposes b of least sum of absolute values; rationals scale it to the least margin 1.
    """
    if name not in SEPARABLE:
        raise ValueError(f"name is {name!r}; expected one of {', '.join(SEPARABLE)}")
    vectors, labels = _iris() if name == "iris" else _digits()
    signed = nearest(labels)[:, None] * nearest(vectors)
    size = vectors.shape[1]
    both = linprog(np.ones(2 * size), A_ub=np.hstack([-signed, signed]), b_ub=-np.ones(len(signed)))
    direction = exact(both.x[:size] - both.x[size:])
    return SeparableSamples(vectors, labels, direction / min(labels * (vectors @ direction)))


def _iris() -> tuple[ObjectArray, ObjectArray]:
    from sklearn.datasets import load_iris  # a second, for those who use real data only

    lengths, kinds = load_iris(return_X_y=True)
    tenths = exact(np.rint(10 * lengths)) / fmpq(128)  # given in tenths of a centimetre; dyadic now
    return np.hstack([tenths, exact(np.ones((len(tenths), 1)))]), exact(np.where(kinds == 0, 1, -1))


def _digits() -> tuple[ObjectArray, ObjectArray]:
    from sklearn.datasets import load_digits

    images, digits = load_digits(return_X_y=True)
    return exact(images[digits < 2] / 16), exact(np.where(digits[digits < 2] == 0, 1, -1))
