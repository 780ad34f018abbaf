"""Drawn pairs: R in exact rationals, M in balls against it, against polar integrals and against simulation."""

from functools import partial

import numpy as np
from flint import acb, arb, ctx, fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import exact, fewer, sampled
from claims.suite.agreement import agree, all_agree
from claims.suite.means import has_mean
from claims.suite.statistics import BITS, generator
from solvers import arithmetic, shallow
from solvers.arithmetic import ObjectArray
from solvers.network import characteristic_polynomial, inertia
from strategies import VectorPair, vector_pairs


def swap(pair: VectorPair) -> ObjectArray:
    """R: hat u + hat v and hat u - hat v are eigenvectors, of 1 and -1; 0 off the plane. Where th = 0 or pi one of them
    is 0, and so is sin th."""
    a, b = pair.u / pair.u_length, pair.v / pair.v_length
    matrix: ObjectArray = arithmetic.exact(np.zeros((len(a), len(a))))
    for vector, sign in ((a + b, 1), (a - b, -1)):
        if vector @ vector != 0:
            matrix = matrix + np.outer(vector, vector) * fmpq(sign) / (vector @ vector)
    return matrix


def stated(pair: VectorPair) -> ObjectArray:
    """((pi - th) I + sin th R) / 2pi, as balls."""
    angle, unit = pair.angle, arithmetic.exact(np.eye(len(pair.u)))
    matrix: ObjectArray = (unit * angle.supplement + swap(pair) * angle.sine) / (2 * angle.pi)
    return matrix


@exact
@given(st.lists(vector_pairs(), min_size=4, max_size=4))
def test_r_swaps_and_has_the_eigenvalues_said(pairs: list[VectorPair]) -> None:
    """Exactly; dimensions 1 to 4. I + R >= 0 with one zero eigenvalue for 0 < th < pi: so M >= kappa I, and sharp."""
    for pair in pairs:
        a, b, matrix = pair.u / pair.u_length, pair.v / pair.v_length, swap(pair)
        assert (matrix @ a == b).all()
        assert (matrix @ b == a).all()
        size, unit = len(a), arithmetic.exact(np.eye(len(a)))
        if pair.is_parallel or pair.is_opposite:
            continue  # sin th = 0: M is (pi - th) I / 2pi, and kappa its only eigenvalue
        assert characteristic_polynomial(matrix) == fmpq_poly([-1, 0, 1]) * fmpq_poly([0, 1]) ** (size - 2)
        assert inertia(unit + matrix) == (size - 1, 0, 1)


@exact
@given(st.lists(vector_pairs(), min_size=4, max_size=4))
def test_m_is_what_is_stated_and_takes_v_to_k(pairs: list[VectorPair]) -> None:
    """The solver's M and K in balls; the least eigenvalue along hat u - hat v."""
    for pair in pairs:
        matrix, unit = partial(shallow.gated_covariance, pair.u, pair.v), pair.v / pair.v_length
        assert all_agree(matrix, partial(stated, pair)).holds
        gradient = partial(shallow.relu_kernel_gradient, pair.u, unit)
        assert all_agree(lambda matrix=matrix, unit=unit: matrix() @ unit, gradient).holds  # type: ignore[misc]
        across = pair.u / pair.u_length - unit
        assert all_agree(
            lambda matrix=matrix, across=across: matrix() @ across,  # type: ignore[misc]
            lambda pair=pair, across=across: across * shallow.gated_eigenvalues(pair.angle)[0],  # type: ignore[misc]
        ).holds


def form(pair: VectorPair, y: ObjectArray) -> arb:
    """E 1(both active) (y.x)^2 for y in the plane and off it: 2/2pi times a polar integral, and J_0 |y|^2 off it."""
    radians, half = acb(pair.angle.radians), acb.pi() / 2
    unit = pair.u / pair.u_length
    rest = pair.v / pair.v_length - unit * pair.angle.cosine
    across = rest / pair.angle.sine if pair.angle.sine != 0 else 0 * rest
    one, other = y @ unit, y @ across
    cone = acb.integral(lambda t, _: (one * t.cos() + other * t.sin()) ** 2, radians - half, half).real
    outside = (y @ y - one**2 - other**2) * pair.angle.supplement
    value: arb = (2 * cone + outside) / (2 * arb.pi())
    return value


@exact
@given(vector_pairs(), st.lists(st.integers(-2, 2), min_size=4, max_size=4))
def test_m_is_the_covariance(pair: VectorPair, entries: list[int]) -> None:
    """y^T M y as an integral; dimensions 1 to 4, th from 0 to pi."""
    y = arithmetic.exact(entries[: len(pair.u)])
    assert agree(lambda: y @ shallow.gated_covariance(pair.u, pair.v) @ y, lambda: form(pair, y)).holds


COUNT, SCALE = 100_000, 2**20


@sampled
@fewer(5)
@given(vector_pairs(unit=True))
def test_m_is_the_covariance_of_drawn_data(pair: VectorPair) -> None:
    """Of 100,000 x, d = 1 to 4: u^T M v = d E 1(both) (u.y)(v.y) with y = x/|x|, in units of 2^-20. A mean that is off
    by .0145 is noticed with probability .99, since the variance is at most 1/4."""
    size = len(pair.u)
    x = generator("DL-044", size).standard_normal((COUNT, size))
    y = x / np.sqrt((x**2).sum(axis=1, keepdims=True))
    one, other = y @ arithmetic.nearest(pair.u), y @ arithmetic.nearest(pair.v)
    products = np.where((one > 0) & (other > 0), one * other, 0)
    numbers = np.minimum(np.rint(products * SCALE), SCALE).astype(int).tolist()
    with ctx.workprec(BITS):
        expected = arb(pair.u @ shallow.gated_covariance(pair.u, pair.v) @ pair.v) / size * SCALE
    assert has_mean(numbers, expected, SCALE, "(u.y)(v.y) where both are active").holds
