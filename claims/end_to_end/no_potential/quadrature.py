"""The circulation on drawn regressions: positive in rationals, and met by a rigorous quadrature of F in balls."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from flint import acb, arb, fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from claims.end_to_end.no_potential.circulation import circulation, l_p_on_line, share
from claims.suite import exact, fewer, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare, rational
from solvers.network import loss, outer_gradient
from strategies import covariances, dyadic_matrices, observations


def rows(inputs: int) -> st.SearchStrategy[ObjectArray]:
    """Non-zero rows of dyadic rationals."""

    def moved(row: np.ndarray) -> ObjectArray:
        return arithmetic.exact(row if row.any() else row + np.eye(1, inputs))

    return dyadic_matrices(1, inputs).map(moved)


@st.composite
def regressions(draw: st.DrawFn) -> tuple[ObjectArray, ObjectArray]:
    """Samples (2 to 4 inputs, 1 to 5 samples) and outputs with g(0) = -X y^{p-1} / m != 0 for p = 2 and 4: the first
    sample is orthogonal to no other one's sum (it is e_1 and the others do not see e_1)."""
    inputs, samples = draw(st.integers(2, 4)), draw(st.integers(1, 5))
    data = draw(dyadic_matrices(inputs, samples))
    data[:, 0], data[0, 1:] = np.eye(inputs)[0], 0
    outputs = draw(rows(samples))
    outputs[0, 0] = outputs[0, 0] if outputs[0, 0] else fmpq(1)
    return arithmetic.exact(data), outputs


depths = st.integers(3, 9)


@exact
@given(regressions(), depths, st.sampled_from([2, 4, 6]))
def test_regressions_have_no_potential(drawn: tuple[ObjectArray, ObjectArray], depth: int, power: int) -> None:
    """Around the half disc on g(0) / 2^40 the circulation is positive, in rationals; for p = 2 around every one."""
    inputs, outputs = drawn
    gradient = -(outputs ** (power - 1)) @ inputs.T / inputs.shape[1]
    for shrink in (2**40, 1) if power == 2 else (2**40,):
        found = circulation(l_p_on_line(inputs, outputs, gradient * fmpq(1, shrink), power), depth)
        assert compare(Comparison(found, ">", fmpq(0), "circulation over ||v||^p")).holds


BALLS = np.frompyfunc(lambda x: acb(rational(x)), 1, 1)


def around_half_annulus(gradient: Callable[[Any], Any], hole: fmpq, inputs: int, depth: int) -> arb:
    """The circulation of F, term by term, around the half disc on e_1 without that on ``hole`` e_1, by Arb's rigorous
    quadrature (to 2^-30): near 0 F is not analytic."""
    p, pi, inner = acb(fmpq(2 * (depth - 1), depth)), acb(arb.pi()), acb(hole)
    e1, e2 = BALLS(np.eye(inputs)[:1]), BALLS(np.eye(inputs)[1:2])

    def integral(unit: Any, turned: Any, norm: Any, speed: Any) -> arb:
        """Along ||W|| ``unit``, with W' = ``speed`` ``turned``."""

        def integrand(t: acb, analytic: bool) -> acb:
            u, n = unit(t), norm(t)
            g = gradient(u * n)
            field = (g + u * ((depth - 1) * (g * u).sum())) * n.pow(p, analytic=analytic)
            found: acb = (field * turned(t)).sum() * speed
            return found

        return acb.integral(integrand, 0, 1, abs_tol=arb(2) ** -30).real

    def on_circle(radius: acb) -> arb:
        def unit(t: acb) -> Any:
            return e1 * (pi * t).cos() + e2 * (pi * t).sin()

        return integral(unit, lambda t: e2 * (pi * t).cos() - e1 * (pi * t).sin(), lambda t: radius, radius * pi)

    out = integral(lambda t: e1, lambda t: e1, lambda t: inner + (1 - inner) * t, 1 - inner)
    back = integral(lambda t: -e1, lambda t: e1, lambda t: 1 - (1 - inner) * t, 1 - inner)
    return back + out + on_circle(acb(1)) - on_circle(inner)


def stated_around(line: fmpq_poly, hole: fmpq, depth: int) -> Scalar:
    """The same by statement 2: that around the disc on e_1 less that around the one on ``hole`` e_1."""
    shrunk = arithmetic.power(hole, Fraction(2 * (depth - 1), depth))
    return circulation(line, depth) - shrunk * circulation(line(fmpq_poly([0, hole])), depth)


@exact
@fewer(8)
@given(regressions(), st.integers(1, 6), st.sampled_from([2, 4]))
def test_circulation_by_rigorous_quadrature(drawn: tuple[ObjectArray, ObjectArray], depth: int, power: int) -> None:
    """F integrated in balls meets statement 2 within 2^-20, for N = 1 and 2 too."""
    inputs, outputs = drawn
    x, y, count, hole = BALLS(inputs), BALLS(outputs), inputs.shape[1], fmpq(1, 8)

    def gradient(w: Any) -> Any:
        residual = w @ x - y
        return (residual if power == 2 else residual * residual * residual) @ x.T * acb(fmpq(1, count))

    found = around_half_annulus(gradient, hole, len(inputs), depth)
    e1 = arithmetic.exact(np.eye(1, len(inputs)))
    stated = stated_around(l_p_on_line(inputs, outputs, e1, power), hole, depth)
    assert compare(Comparison(abs(found - stated), "<=", fmpq(1, 2**20), "circulation by quadrature")).holds


@exact
@given(st.integers(2, 4).flatmap(lambda size: st.tuples(rows(size), observations(1, size), covariances(size))), depths)
def test_covariances_and_masks_have_no_potential(drawn: tuple[ObjectArray, np.ndarray, np.ndarray], depth: int) -> None:
    """L(t v) of 1/2 (W - Phi) S (W - Phi)^T, and of a mask, which for one output is S = diag(M): on v = g(0) the
    circulation is positive, in rationals; where g(0) = 0 the loss is even, and it vanishes."""
    target, mask, covariance = drawn
    for seen in (arithmetic.exact(covariance), arithmetic.exact(np.diag(mask[0].astype(np.float64)))):
        gradient = outer_gradient(-target, covariance=seen)
        ends = [loss((v,), target, covariance=seen) for v in (gradient, 0 * gradient, -gradient)]
        line = fmpq_poly([ends[1], (ends[0] - ends[2]) / 2, (ends[0] + ends[2]) / 2 - ends[1]])
        found = circulation(line, depth)
        positive = Comparison(found, ">", fmpq(0), "circulation over ||v||^p")
        vanishes = Comparison(found, "==", fmpq(0), "circulation over ||v||^p")
        assert compare(positive if (gradient != 0 * gradient).any() else vanishes).holds


@witness
def test_three_layers_and_two_inputs_by_hand() -> None:
    """N = 3, L = w_1, v = (1, 0), p = 4/3: 2 (2 - 4/3) / (1 + 4/3) = 4/7, by the formula and by quadrature in balls."""
    assert share(3, 1) * 2 == circulation(fmpq_poly([0, 1]), 3) == fmpq(4, 7)
    found = around_half_annulus(lambda _: BALLS(np.eye(1, 2)), fmpq(1, 8), 2, 3)
    shrunk = fmpq(1, 2**7)  # (1/8)^{p+1}
    assert stated_around(fmpq_poly([0, 1]), fmpq(1, 8), 3) == fmpq(4, 7) * (1 - shrunk)
    assert compare(Comparison(found, ">", fmpq(1, 2), "circulation of F")).holds
