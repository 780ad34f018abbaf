"""Critical points of orthogonal tensors on the sphere, by construction, in exact rationals.

    f(u) = sum_{i <= d} lambda_i <a_i, u>^p,   lambda_i > 0, a_i an orthonormal basis, p >= 3, |u| = 1,

has its critical points where lambda_i u_i^{p-2} = c on the support of u_i = <a_i, u>. Here a rational unit vector with
a given support comes first, then lambda_i = (rho |u_i|)^{-(p-2)}: its (p-2)-th roots are rational.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import fmpq
from hypothesis import strategies as st

from solvers.arithmetic import ObjectArray, exact
from solvers.shallow import HomogeneousPolynomial, sum_of_powers
from strategies.arguments import check_range, check_whole
from strategies.built_once import built_once
from strategies.matrices import orthogonal_matrices


@dataclass(frozen=True)
class TensorPoint:
    """A critical unit vector ``point`` of ``polynomial`` = sum_i lambda_i <a_i, u>^p.

    ``coefficients`` are the lambda_i, ``basis`` has the a_i as rows, ``support`` are the indices i with <a_i, u> != 0
    and ``level`` is c = f(u).
    """

    polynomial: HomogeneousPolynomial
    point: ObjectArray
    coefficients: tuple[fmpq, ...]
    basis: ObjectArray
    support: tuple[int, ...]
    level: fmpq

    @property
    def dimension(self) -> int:
        """d."""
        return len(self.coefficients)

    @property
    def degree(self) -> int:
        """p."""
        return self.polynomial.degree


@st.composite
def tensor_points(
    draw: st.DrawFn, *, min_dimension: int = 1, max_dimension: int = 4, min_degree: int = 3, max_degree: int = 6
) -> TensorPoint:
    """Critical points of every support and sign of orthogonal tensors with rational (p-2)-th roots of lambda_i.

    p even: each sign is free; p odd: all signs are that of c. Shrinks to d = 1, p = 3, f(u) = u^3 at u = 1.
    """
    check_range(min_dimension, max_dimension, ("min_dimension", "max_dimension"))
    check_range(min_degree, max_degree, ("min_degree", "max_degree"), least=3)
    d, p = draw(st.integers(min_dimension, max_dimension)), draw(st.integers(min_degree, max_degree))
    size = draw(st.integers(1, d))
    support = tuple(sorted(draw(st.permutations(range(d)))[:size]))
    unit = [abs(entry) for entry in draw(unit_vectors(size))]
    free = 1 if p % 2 else size
    signs = (draw(st.lists(st.sampled_from([1, -1]), min_size=free, max_size=free)) * size)[:size]
    scale = draw(st.sampled_from([fmpq(1), fmpq(2), fmpq(1, 2)]))
    roots = [draw(st.sampled_from([fmpq(1), fmpq(2), fmpq(1, 2), fmpq(2, 3), fmpq(1, 4)])) for _ in range(d)]
    inward = exact(np.zeros(d))
    for i, entry, sign in zip(support, unit, signs, strict=True):
        roots[i] = 1 / (scale * entry)
        inward[i] = entry * sign
    coefficients = tuple(root ** (p - 2) for root in roots)
    basis = draw(orthogonal_matrices(d))
    level = coefficients[support[0]] * inward[support[0]] ** (p - 2)
    polynomial = sum_of_powers(coefficients, basis, p)
    return TensorPoint(polynomial, basis.T @ inward, coefficients, basis, support, level)


@built_once
@st.composite
def unit_vectors(draw: st.DrawFn, size: int) -> ObjectArray:
    """Rational unit vectors without a zero entry: e_1 reflected, e_1 - 2 v v_1 / (v . v); shrinks to (1,) or to
    that of v = (1, ..., 1).

    The first entry is 0 only where 2 v_1^2 = v . v, which v_1 + 1 in place of v_1 does not satisfy as well.
    """
    check_whole(size, "size", least=1)
    v = draw(st.lists(st.sampled_from([1, 2, 3, -1, -2, -3]), min_size=size, max_size=size))
    v[0] = abs(v[0])
    if 2 * v[0] ** 2 == sum(entry**2 for entry in v):
        v[0] += 1
    square = sum(entry**2 for entry in v)
    result: ObjectArray = np.array([fmpq((i == 0) * square - 2 * v[0] * entry, square) for i, entry in enumerate(v)])
    return result if size > 1 else -result
