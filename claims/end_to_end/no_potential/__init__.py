"""From three layers on the preconditioned flow of one output descends no function: it is more than regularisation.

Statement. One output, d >= 2 inputs, a loss L of the row W, g = dL/dW, p = 2 - 2/N. The flow of N balanced layers is
-F with F = ||W||^p (g + (N-1) (<g, W> / ||W||^2) W), F(0) = 0 (``end_to_end_dynamics``).

1. Constant g: dF_1/dw_2 - dF_2/dw_1 = ||W||^{p-2} (p - (N-1)) (w_2 g_1 - w_1 g_2), and the same for every two inputs.
   p - (N-1) = -(N-1)(N-2)/N is 0 for N = 1 and N = 2 only.
2. Any L. Around the half disc with the diameter from -v to v, for any v != 0 and on either side of it, with
   o(t) = L(t v) - L(-t v):  circulation of F = ||v||^p (N int_0^1 t^p o'(t) dt - o(1)).
   A term c t^k of L(t v) adds 2 c ||v||^p ((N-1) k - p) / (k + p) to it where k is odd, and nothing where k is even.
3. If N >= 3 and L is C^1 with g(0) != 0, then F is the gradient of no function, in no neighbourhood of 0.
4. N = 1: F is the gradient of L. N = 2: for constant g it is that of ||W|| <W, g>, and for 1/2 ||W - Phi||^2 that of
   2/3 ||W||^3 - ||W|| <W, Phi>; but it is none where L(t v) is a polynomial whose only odd terms are t^3 and perhaps t.

Proof. 1 and the potentials of 4: by differentiation. 2: on the half circle W is orthogonal to the path, so that only
||v||^p g counts, whose integral is that of dL; on the diameter F is N ||t v||^p times g along it. 3: a gradient has
circulation 0. With v = r g(0), L(t v) - L(-t v) = 2 t <g(0), v> up to what vanishes faster as r -> 0, so that the
circulation over 2 ||v||^p <g(0), v> tends to ((N-1) - p) / (1 + p) > 0.

Hypotheses. N >= 3; g(0) != 0; two inputs or more (with one, F is the gradient of its integral); L is differentiable
at 0. Each is needed. Of other outputs nothing is said.
Source. ACH18 (arXiv:1802.06509), Theorem 2, which does not mention that two inputs are needed. 1, 2, the potentials and
what is said of N = 2 are this project's.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from flint import acb, arb, fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from claims.suite import ACH18, DLC, Claim, Fate, Status, ablates, control, exact, fewer, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare, rational
from solvers.flow import end_to_end_velocity, one_output_velocity
from solvers.network import Objective, power_regression
from strategies import dyadic_matrices, regression

CLAIM = Claim(
    uid="DL-027",
    title="No potential from three layers on",
    statement=__doc__,
    sources=(ACH18.at("Theorem 2"), DLC.at("DL-027")),
    items=("8.4",),
    status=Status.THEOREM,
    hypotheses=("depth", "gradient at zero", "inputs", "differentiable at zero"),
)

N = sympy.Symbol("N", integer=True, positive=True)
POWER = 2 - 2 / N


def share(depth: int, k: int) -> fmpq:
    """((N-1) k - p) / (k + p): what an odd term t^k of L(t v) has in the circulation, over 2 c ||v||^p."""
    p = fmpq(2 * (depth - 1), depth)
    return ((depth - 1) * k - p) / (k + p)


def circulation(line: fmpq_poly, depth: int) -> fmpq:
    """Statement 2 over ||v||^p, for a loss that is the polynomial ``line`` along t v."""
    odd = range(1, line.degree() + 1, 2)
    return sum((2 * line[k] * share(depth, k) for k in odd), start=fmpq(0))


def l_p_on_line(inputs: ObjectArray, outputs: ObjectArray, v: ObjectArray, power: int) -> fmpq_poly:
    """1/(p m) sum_n (t v.x_n - y_n)^p as a polynomial in t, for one output and an even p."""
    total = fmpq_poly([0])
    for slope, value in zip((v @ inputs).ravel(), outputs.ravel(), strict=True):
        total += fmpq_poly([-value, slope]) ** power
    mean: fmpq_poly = total / (power * inputs.shape[1])
    return mean


# Symbolic: w_1, w_2 are any two coordinates, ``rest`` the squares of the others and ``other`` their part of <g, W>.

W1, W2, G1, G2, OTHER = sympy.symbols("w_1 w_2 g_1 g_2 other", real=True)
REST, R, A = sympy.symbols("rest R a", positive=True)
NORM, ALONG = sympy.sqrt(W1**2 + W2**2 + REST), W1 * G1 + W2 * G2 + OTHER


def component(w: sympy.Expr, g: sympy.Expr, depth: sympy.Expr) -> sympy.Expr:
    """F_i for constant g."""
    p = 2 - 2 / sympy.sympify(depth)
    return NORM**p * g + (depth - 1) * NORM ** (p - 2) * ALONG * w


@symbolic
def test_curl_for_every_depth_and_number_of_inputs() -> None:
    """Statement 1, N a symbol; (N-1)(N-2)/N has no other roots."""
    curl = sympy.diff(component(W1, G1, N), W2) - sympy.diff(component(W2, G2, N), W1)
    stated = NORM ** (POWER - 2) * (POWER - (N - 1)) * (W2 * G1 - W1 * G2)
    n = sympy.Symbol("n", positive=True)
    gap = sympy.expand((curl - stated).subs(NORM**2, n**2) / n ** (POWER - 4))
    assert sympy.expand(sympy.powsimp(gap).subs(n**2, NORM**2)) == 0
    assert sympy.simplify(POWER - (N - 1) + (N - 1) * (N - 2) / N) == 0
    assert sympy.solveset((N - 1) * (N - 2), N, sympy.S.Complexes) == {1, 2}


def power_along(w: tuple[Any, Any], tangent: tuple[Any, Any], norm: sympy.Expr) -> sympy.Expr:
    """<F, W'> where W = ``w`` and W' = ``tangent`` in a plane in which g has the parts g_1 and g_2."""
    gw, gt, wt = (
        sum(x * y for x, y in zip(*pair, strict=True)) for pair in (((G1, G2), w), ((G1, G2), tangent), (w, tangent))
    )
    return norm**POWER * (gt + (N - 1) * gw * wt / norm**2)


@symbolic
def test_circulation_around_half_discs_for_every_depth_and_loss() -> None:
    """For any g: <F, W'> is R^p <g, W'> on the circle W = R (c, s), N ||W||^p <g, W'> on the diameter W = t R (1, 0),
    where t^k, k odd, adds 2 c (N k / (k + p) - 1)."""
    c, s = sympy.symbols("c s", real=True)
    t, k = sympy.symbols("t k", positive=True)
    on_circle = power_along((R * c, R * s), (-R * s, R * c), R)
    assert sympy.expand(on_circle / R**POWER - (-R * s * G1 + R * c * G2)) == 0
    on_diameter = power_along((t * R, 0), (R, 0), t * R)
    assert sympy.expand(on_diameter / (t * R) ** POWER - N * R * G1) == 0
    integral = sympy.integrate(k * t ** (A + k - 1), (t, 0, 1))
    assert sympy.cancel(N * integral - 1 - ((N - 1) * k - A) / (k + A)) == 0


@symbolic
def test_every_share_is_positive_from_three_layers_on() -> None:
    """(N-1) k - p = (m+2) k - 2 + 2/N > 0 for N = m + 3 and k = 1 + i; at N = 2 it is k - 1, at N = 1 it is 0."""
    m, i = sympy.symbols("m i", integer=True, nonnegative=True)
    above = sympy.expand(((N - 1) * (1 + i) - POWER).subs(N, m + 3))
    assert (above - 2 / (m + 3)).simplify() == sympy.expand((m + 2) * (1 + i) - 2)
    assert sympy.expand((m + 2) * (1 + i) - 2).is_nonnegative
    k = sympy.Symbol("k")
    assert sympy.simplify(((N - 1) * k - POWER).subs(N, 2) - (k - 1)) == 0
    assert sympy.simplify(((N - 1) * k - POWER).subs(N, 1)) == 0


@symbolic
def test_potentials_of_two_layers_in_any_number_of_inputs() -> None:
    """F = grad ||W|| <W, g>; and with g = W - Phi, ||W|| g + <g, W> W / ||W|| = grad (2/3 ||W||^3 - ||W|| <W, Phi>)."""
    for w, g in ((W1, G1), (W2, G2)):
        assert sympy.simplify(sympy.diff(NORM * ALONG, w) - component(w, g, sympy.Integer(2))) == 0
        whitened = NORM * (w - g) + (NORM**2 - ALONG) * w / NORM  # ALONG is <W, Phi> here
        potential = sympy.Rational(2, 3) * NORM**3 - NORM * ALONG
        assert sympy.simplify(sympy.diff(potential, w) - whitened) == 0


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


ASKED = 1e-7
"""Of SciPy's quadratures, absolute and relative."""


def float_circulation(objective: Objective, v: np.ndarray, e: np.ndarray, depth: int) -> tuple[float, float]:
    """The circulation of F = -dW/dt by SciPy's quadrature of the solver's own field, and its estimate of the error."""

    def speed(w: np.ndarray, tangent: np.ndarray) -> float:
        return -float((end_to_end_velocity(w, objective.gradient(w), depth=depth) * tangent).sum())

    parts = [
        quad(lambda t: speed(t * v, v), -1, 0, epsabs=ASKED, epsrel=ASKED),
        quad(lambda t: speed(t * v, v), 0, 1, epsabs=ASKED, epsrel=ASKED),
        quad(
            lambda a: speed(v * np.cos(a) + e * np.sin(a), e * np.cos(a) - v * np.sin(a)),
            0,
            np.pi,
            epsabs=ASKED,
            epsrel=ASKED,
        ),
    ]
    return sum(value for value, _ in parts), sum(error for _, error in parts)


def agrees(objective: Objective, v: np.ndarray, e: np.ndarray, depth: int) -> bool:
    """Statement 2 for the solver's field, up to the errors that SciPy's quadratures estimate, and were asked for."""

    def odd_slope(t: float) -> float:
        return float(((objective.gradient(t * v) + objective.gradient(-t * v)) * v).sum())

    p, length = 2 - 2 / depth, float(np.linalg.norm(v))
    integral, error = quad(lambda t: t**p * odd_slope(t), 0, 1, epsabs=ASKED, epsrel=ASKED)
    stated = length**p * (depth * integral - float(objective.value(v) - objective.value(-v)))
    found, errors = float_circulation(objective, v, e, depth)
    asked = ASKED * (1 + abs(stated) + length**p * float(abs(objective.value(v)) + abs(objective.value(-v))))
    return bool(abs(found - stated) <= errors + depth * length**p * error + asked)


@sampled
@fewer(3)
@given(dyadic_matrices(3, 4), dyadic_matrices(1, 4), st.integers(1, 6), st.sampled_from([2, 3, 3.5, 4]))
def test_the_field_of_the_solver_circulates_as_stated(
    inputs: np.ndarray, outputs: np.ndarray, depth: int, power: float
) -> None:
    """l_p regression, powers that are no polynomials included, around a half disc in R^3."""
    v, e = np.array([[0.75, -0.5, 0.0]]), np.array([[0.5, 0.75, 0.0]])
    assert agrees(power_regression(inputs, outputs, power=power), v, e, depth)


def diabetes(power: int) -> tuple[Objective, np.ndarray, fmpq_poly]:
    """l_p regression on the whitened diabetes data, v = -Phi, and the loss along t v, exactly."""
    data = regression("diabetes")
    v = -data.target  # the direction of g(0) at p = 2
    line = l_p_on_line(arithmetic.exact(data.inputs), arithmetic.exact(data.outputs), arithmetic.exact(v), power)
    return power_regression(data.inputs, data.outputs, power=power), v, line


@sampled
@pytest.mark.parametrize("power", [2, 4])
def test_real_data(power: int) -> None:
    """l_2 and l_4 regression on real data, depths 3 to 6: not zero, exactly; and so circulates the solver's field."""
    objective, v, line = diabetes(power)
    for depth in (3, 4, 5, 6):
        assert compare(Comparison(circulation(line, depth), ">", fmpq(0), "circulation over ||v||^p")).holds
    e = np.roll(v, 1)
    e -= v * (e @ v.T) / (v @ v.T)
    assert agrees(objective, v, e * np.linalg.norm(v) / np.linalg.norm(e), 3)


@sampled
def test_two_layers_have_no_potential_on_real_data_with_the_fourth_power() -> None:
    """Statement 4's last part: the l_4 loss has an odd term t^3 along v, and the circulation is not zero at N = 2."""
    _, _, line = diabetes(4)
    assert line[3] != 0
    assert compare(Comparison(circulation(line, 2), "==", fmpq(0), "circulation over ||v||^p at N = 2")).fails


def row(*entries: int) -> ObjectArray:
    return arithmetic.exact(np.array([entries], dtype=np.float64))


@control
@ablates("DL-027", "depth", "dropped", Fate.REFUTED)
def test_refuted_at_depth_one() -> None:
    """F is g itself, the gradient of L, with g(0) != 0."""
    g = row(3, -1)
    assert (one_output_velocity(row(1, 2), g, depth=1, norm=fmpq(1)) == -g).all()


@control
@ablates("DL-027", "depth", "N >= 2", Fate.REFUTED)
def test_refuted_at_depth_two_for_a_linear_loss() -> None:
    """g = (0, 1): F is the gradient of f = ||W|| w_2. At W = (3, 4), norm 5: (w_1 w_2 / 5, 5 + w_2^2 / 5)."""
    w1, w2 = sympy.symbols("w_1 w_2", real=True)
    potential = sympy.sqrt(w1**2 + w2**2) * w2
    at = {w1: 3, w2: 4}
    found = one_output_velocity(row(3, 4), row(0, 1), depth=2, norm=fmpq(5))
    for w, value in zip((w1, w2), found.ravel(), strict=True):
        assert sympy.diff(potential, w).subs(at) == -sympy.Rational(int(value.p), int(value.q))
    assert circulation(fmpq_poly([0, 1]), 2) == 0


@control
@ablates("DL-027", "gradient at zero", "dropped", Fate.REFUTED)
def test_refuted_where_the_gradient_vanishes_at_zero() -> None:
    """L = 1/2 ||W||^2: F = N ||W||^p W is the gradient of N ||W||^{p+2} / (p + 2), for every N."""
    for w in (W1, W2):
        field = NORM**POWER * (w + (N - 1) * w)
        assert sympy.simplify(sympy.diff(N * NORM ** (POWER + 2) / (POWER + 2), w) - field) == 0
    assert circulation(fmpq_poly([0, 0, 1]), 3) == 0


@control
@ablates("DL-027", "inputs", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("sign", [1, -1])
def test_refuted_with_one_input(sign: int) -> None:
    """L = w: F = N |w|^p is the derivative of N w |w|^p / (p + 1), on both sides of 0, for every N."""
    size = sympy.Symbol("x", positive=True)  # w = +-x
    potential = N * sign * size**POWER * size / (POWER + 1)
    assert sympy.simplify(sympy.diff(potential, size) * sign - N * size**POWER) == 0
    moved = one_output_velocity(row(8 * sign), row(1), depth=3, norm=fmpq(8))
    assert moved[0, 0] == -3 * 16  # |w|^p = 8^{4/3}


@control
@ablates("DL-027", "differentiable at zero", "dropped", Fate.REFUTED)
def test_refuted_for_a_loss_with_a_corner_at_zero() -> None:
    """L = ||W||, ||g|| = 1 everywhere else: F is the gradient of N ||W||^{p+1} / (p + 1), for every N."""
    for w in (W1, W2):
        field = NORM**POWER * (w / NORM + (N - 1) * (NORM**2 / NORM) * w / NORM**2)
        assert sympy.simplify(sympy.diff(N * NORM ** (POWER + 1) / (POWER + 1), w) - field) == 0


@control
def test_refuted_that_two_layers_always_have_a_potential() -> None:
    """L = (w_1 - 1)^4 / 4, N = 2: L(t e_1) has the odd terms -t^3 and -t, and the circulation is -1."""
    line = l_p_on_line(row(1, 0).T, row(1), row(1, 0), 4)
    assert line.coeffs() == [fmpq(1, 4), -1, fmpq(3, 2), -1, fmpq(1, 4)]
    assert compare(Comparison(circulation(line, 2), "==", fmpq(0), "circulation")).fails
    assert circulation(line, 2) == -1


@control
def test_refuted_that_the_whole_circle_shows_it() -> None:
    """Around a circle at 0 F circulates as R^p dL, that is by 0: the two half discs at v and -v cancel, N = 3."""
    line = fmpq_poly([0, 1, 5, -2])
    flipped = fmpq_poly([0, -1, 5, 2])
    assert circulation(line, 3) + circulation(flipped, 3) == 0
    assert circulation(line, 3) != 0


@control
def test_refuted_curl_without_the_second_part() -> None:
    """p ||W||^{p-2} (w_2 g_1 - w_1 g_2) alone, the curl of ||W||^p g, would not vanish at N = 2."""
    p = POWER.subs(N, 2)
    assert p == 1
    assert p - (2 - 1) == 0


@witness
def test_three_layers_and_two_inputs_by_hand() -> None:
    """N = 3, L = w_1, v = (1, 0), p = 4/3: 2 (2 - 4/3) / (1 + 4/3) = 4/7, by the formula and by quadrature in balls."""
    assert share(3, 1) * 2 == circulation(fmpq_poly([0, 1]), 3) == fmpq(4, 7)
    found = around_half_annulus(lambda _: BALLS(np.eye(1, 2)), fmpq(1, 8), 2, 3)
    shrunk = fmpq(1, 2**7)  # (1/8)^{p+1}
    assert stated_around(fmpq_poly([0, 1]), fmpq(1, 8), 3) == fmpq(4, 7) * (1 - shrunk)
    assert compare(Comparison(found, ">", fmpq(1, 2), "circulation of F")).holds


@witness
def test_circulation_fades_only_as_the_disc_does() -> None:
    """Over ||v||^{p+1} it is the same for half discs of every size where g is constant."""
    for shrink in (1, 2, 1024):
        assert circulation(fmpq_poly([0, fmpq(1, shrink)]), 5) * shrink == 2 * share(5, 1)
