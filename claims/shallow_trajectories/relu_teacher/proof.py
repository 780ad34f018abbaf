"""The identities of the proof in the plane of w and w*, by SymPy: for every dimension, every |w|, |w*| and th."""

from typing import Any

import sympy

from claims.shallow_trajectories.relu_teacher.one_point import State
from claims.suite import symbolic
from solvers.shallow import Angle, gated_eigenvalues, step_coefficients, unit_kernel

th = sympy.Symbol("th", positive=True)
r, s, eta = sympy.symbols("r s eta", positive=True)
"""|w|, |w*| and the step."""
SINE, COSINE, PI = sympy.sin(th), sympy.cos(th), sympy.pi
STATE = State(r, s, COSINE, SINE / (2 * PI), (PI - th) / (2 * PI))
SWAP = sympy.Matrix([[COSINE, SINE], [SINE, -COSINE]])
W, TRUTH = sympy.Matrix([r, 0]), sympy.Matrix([s * COSINE, s * SINE])
GATED = ((PI - th) * sympy.eye(2) + SINE * SWAP) / (2 * PI)
REST = (th * sympy.eye(2) - SINE * SWAP) / (2 * PI)
"""M(w, w*), and M(w, -w*): pi - th for th, and -R for R."""
GRADIENT = W / 2 - GATED * TRUTH


def zero(expression: Any) -> bool:
    """Whether it is 0 for all values of the symbols: a polynomial in cos th, and sin th at most once, after sin^2."""
    written = sympy.expand(sympy.expand_trig(sympy.expand(expression)))
    return bool(sympy.expand(written.subs(SINE**3, SINE * (1 - COSINE**2)).subs(SINE**2, 1 - COSINE**2)) == 0)


@symbolic
def test_the_state_has_the_formulas_of_the_statement() -> None:
    """grad l = w/2 - M(w, w*) w*; rho = |w|^2/2 - 2 w^T M w* + w*^T M w*, since M(w, w) = I/2."""
    assert zero((GRADIENT.T * (W - TRUTH))[0] - STATE.inner)
    assert zero((GRADIENT.T * GRADIENT)[0] - STATE.gradient_squared)
    assert zero((W.T * W / 2 - 2 * W.T * GATED * TRUTH + TRUTH.T * GATED * TRUTH)[0] - STATE.rho)
    assert zero(((W - TRUTH).T * (W - TRUTH))[0] - STATE.distance_squared)
    assert zero(STATE.kernel - r * s * unit_kernel(1, Angle.of(th)))
    assert zero(STATE.kappa - gated_eigenvalues(Angle.of(th))[0])


@symbolic
def test_both_gates_together_are_half_of_the_data() -> None:
    """M(w, w*) + M(w, -w*) = I/2."""
    assert all(zero(entry) for entry in GATED + REST - sympy.eye(2) / 2)


@symbolic
def test_the_first_inequality_by_what_is_left() -> None:
    """<grad l, w - w*> - rho = J_1(w, -w*) = |w| |w*| (sin th - th cos th)/2pi, which is 0 at th = 0 and has the
    derivative |w| |w*| th sin th/2pi >= 0."""
    rest: Any = STATE.inner - STATE.rho
    opposite = (-W.T * REST * TRUTH)[0]
    assert zero(rest - opposite)
    assert zero(rest - r * s * unit_kernel(1, Angle.of(PI - th)))
    assert zero(sympy.diff(rest, th) - r * s * th * SINE / (2 * PI))
    assert rest.subs(th, 0) == 0


@symbolic
def test_what_is_left_of_the_second_inequality() -> None:
    """(th (pi - th) + (2 th - pi) sin th cos th - sin^2 th) |w*|^2/2pi^2, whatever |w| is: 0 at th = 0 and pi."""
    rest = STATE.rho - 2 * STATE.gradient_squared
    left = (th * (PI - th) + (2 * th - PI) * SINE * COSINE - SINE**2) * s**2 / (2 * PI**2)
    assert zero(rest - left)
    assert left.subs(th, 0) == left.subs(th, PI) == 0


@symbolic
def test_the_third_inequality_as_a_sum() -> None:
    """<grad l, w - w*> = (w - w*)^T M(w, w*)(w - w*) + w^T M(w, -w*) w + J_1(w, -w*)."""
    gap, opposite = W - TRUTH, (-W.T * REST * TRUTH)[0]
    assert zero(STATE.inner - (gap.T * GATED * gap)[0] - (W.T * REST * W)[0] - opposite)


@symbolic
def test_the_step_by_the_inequalities() -> None:
    """|w' - w*|^2 = D^2 - eta (2 - eta/2) I - eta^2 (I/2 - |grad l|^2), I the inner product."""
    distance, inner, square = sympy.symbols("D I G")
    moved = distance**2 - 2 * eta * inner + eta**2 * square
    assert zero(moved - (distance**2 - eta * (2 - eta / 2) * inner - eta**2 * (inner / 2 - square)))


@symbolic
def test_the_step_in_its_plane() -> None:
    """w - eta grad l = a hat w + b w*; by the solver's coefficients for |w*| = 1 and the rate eta/2 of E (.)^2."""
    a = r * (1 - eta / 2) + eta * s * SINE / (2 * PI)
    b = eta * (PI - th) / (2 * PI)
    moved = W - eta * GRADIENT - a * W / r - b * TRUTH
    assert all(zero(entry) for entry in moved)
    one, other = step_coefficients(r, SINE, PI - th, eta / 2)
    assert zero(one - a.subs(s, 1))
    assert zero(other - b)


@symbolic
def test_the_rate_at_angle_zero_is_that_of_a_linear_unit() -> None:
    """1 - eta (2 - eta/2)/2 = (1 - eta/2)^2."""
    assert zero(1 - eta * (2 - eta / 2) / 2 - (1 - eta / 2) ** 2)
