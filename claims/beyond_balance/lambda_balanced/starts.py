"""Rational layers with D = c I, and rational scalar products whose Delta and r are rational."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq
from hypothesis import strategies as st

from claims.suite.statistics import generator
from solvers.arithmetic import ObjectArray
from solvers.arithmetic import exact as rationals
from strategies import diagonal, dyadic_matrices
from strategies.matrices import orthogonal_matrices


@dataclass(frozen=True)
class EqualImbalances:
    """W_1 (h x n) and W_2 (m x h) with D = c I, and a target."""

    weights: tuple[ObjectArray, ObjectArray]
    target: ObjectArray
    imbalance: fmpq


@st.composite
def equal_imbalances(draw: st.DrawFn) -> EqualImbalances:
    """Layers as :func:`assembled` makes them, widths 1 to 3; c = 0, or plus or minus the square of 1/2, 1 or 2,
    positive only for h <= m, negative only for h <= n. Targets of any rank, 0 included."""
    m, n, h = (draw(st.integers(1, 3)) for _ in range(3))
    root = fmpq(draw(st.sampled_from([1, 2, 4])), 2)
    sign = draw(st.sampled_from([0] + [1] * (h <= m) + [-1] * (h <= n)))
    scales = [fmpq(draw(st.integers(1, 8)) * draw(st.sampled_from([1, -1])), 2) for _ in range(min(m, n, h))]
    bases = (draw(orthogonal_matrices(n)), draw(orthogonal_matrices(h)), draw(orthogonal_matrices(m)))
    return EqualImbalances(
        assembled(bases, scales, sign, root), rationals(draw(dyadic_matrices(m, n, bits=1))), sign * root**2
    )


def assembled(
    bases: tuple[ObjectArray, ObjectArray, ObjectArray], scales: list[fmpq], sign: int, root: fmpq
) -> tuple[ObjectArray, ObjectArray]:
    """W_1 = U diag(a) V^T and W_2 = O diag(b) U^T with b_i^2 - a_i^2 = c for every i <= h, c = sign root^2.

    a, b = (p -+ c/p)/2 for the p of ``scales``, min(m, n, h) of them; beyond them one of a and b is 0, the other root.
    """
    right, middle, left = bases
    n, h, m = map(len, bases)
    c = sign * root**2
    first = [(p - c / p) / 2 for p in scales] + [root if sign < 0 else fmpq(0)] * (h - len(scales))
    second = [(p + c / p) / 2 for p in scales] + [root if sign > 0 else fmpq(0)] * (h - len(scales))
    return (
        middle @ diagonal(h, n, first[: min(h, n)]) @ right.T,
        left @ diagonal(m, h, second[: min(h, m)]) @ middle.T,
    )


def random_start(widths: tuple[int, int, int], imbalance: fmpq) -> EqualImbalances:
    """Widths n, h, m; c = 0 or 1; everything from a fixed seed, in reflections I - 2 v v^T / v^T v."""
    random = generator("DL-070", *widths, int(imbalance))

    def reflection(size: int) -> ObjectArray:
        v = rationals(random.integers(1, 4, (size, 1)))
        matrix: ObjectArray = rationals(np.eye(size)) - 2 * (v @ v.T) / (v.T @ v)[0, 0]
        return matrix

    n, h, m = widths
    scales = [fmpq(int(random.integers(2, 8)), 2) for _ in range(min(widths))]
    weights = assembled((reflection(n), reflection(h), reflection(m)), scales, int(imbalance), fmpq(1))
    return EqualImbalances(weights, rationals(random.integers(-4, 5, (m, n)) / 2), imbalance)


@dataclass(frozen=True)
class ScalarProduct:
    """W_1 (h x 1), W_2 (1 x h) and f, with rational Delta > 0, r and v_0, W_0 = Delta v_0 / (1 - v_0^2)."""

    weights: tuple[ObjectArray, ObjectArray]
    target: fmpq
    delta: fmpq
    rate: fmpq
    start: fmpq


@st.composite
def scalar_products(draw: st.DrawFn) -> ScalarProduct:
    """h = 1 to 3. On a unit vector u of rationals, W_1 = a u and W_2 = b u^T: Delta = |b^2 - a^2|, v_0 = a/b or b/a,
    whichever is less than 1 in size; or, from h = 2 on, W_1 and W_2^T orthogonal, where Delta = a^2 + b^2 and W_0 = 0.
    And f = +-Delta times 2/3, 3/8 or 4/15, whose r is rational."""
    h = draw(st.integers(1, 3))
    basis = draw(orthogonal_matrices(h))
    one, other = fmpq(draw(st.integers(0, 3)), 2), fmpq(draw(st.integers(4, 8)), 2)
    a, b = draw(st.permutations([one * draw(st.sampled_from([1, -1])), other]))
    if h > 1 and draw(st.booleans()):
        weights, delta, start = (basis[:, :1] * a, basis[:, 1:2].T * b), a**2 + b**2, fmpq(0)
    else:
        weights, delta = (basis[:, :1] * a, basis[:, :1].T * b), abs(b**2 - a**2)
        start = a / b if abs(a) < abs(b) else b / a
    share, root = draw(
        st.sampled_from([(fmpq(2, 3), fmpq(5, 3)), (fmpq(3, 8), fmpq(5, 4)), (fmpq(4, 15), fmpq(17, 15))])
    )
    return ScalarProduct(weights, delta * share * draw(st.sampled_from([1, -1])), delta, delta * root, start)


def as_matrix(number: Any) -> ObjectArray:
    """A number as a 1 x 1 matrix."""
    return np.array([[number]], dtype=object)
