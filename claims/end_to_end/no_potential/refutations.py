"""What is false nearby: each hypothesis dropped, and other signs that F might have had of being no gradient."""

import numpy as np
import pytest
import sympy
from flint import fmpq, fmpq_poly

from claims.end_to_end.no_potential.circulation import circulation, l_p_on_line, share
from claims.end_to_end.no_potential.proof import G1, G2, NORM, OTHER, POWER, REST, W1, W2, N, curl
from claims.suite import Fate, ablates, control, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.flow import one_output_velocity


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
    inputs, outputs, v = row(1, 0, 3).T, row(2), row(1, -1, 2)
    there, back = (circulation(l_p_on_line(inputs, outputs, sign * v, 4), 3) for sign in (1, -1))
    assert there + back == 0
    assert there != 0


@control
def test_refuted_curl_without_the_second_part() -> None:
    """||W||^p g alone has a curl at N = 2, where F has none."""
    two = sympy.Integer(2)
    at = {W1: 1, W2: 2, G1: 3, G2: -1, OTHER: 5, REST: 4}
    assert sympy.simplify(curl(two)) == 0
    assert curl(two, second=0).subs(at) == sympy.Rational(7, 3)


@witness
def test_circulation_fades_only_as_the_disc_does() -> None:
    """Over ||v||^{p+1} it is the same for half discs of every size where g is constant."""
    for shrink in (1, 2, 1024):
        assert circulation(fmpq_poly([0, fmpq(1, shrink)]), 5) * shrink == 2 * share(5, 1)
