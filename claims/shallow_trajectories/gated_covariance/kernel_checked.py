"""The eigenvalues of M, both bounds and K = M v, checked by Coq's kernel.

There M is its closed form, ``pair_gate``; ``turn`` is (pi - th)/(2 pi) and ``sine_part`` sin th/(2 pi), so that their
difference is kappa. ``gram_of_two u v`` is |u|^2 |v|^2 - (u.v)^2, positive where u and v are independent.
"""

from claims.suite import formal
from claims.suite.prover import proved

BETWEEN = """
forall (R : rcfType) (pi : R) (angle : R -> R) (m : nat) (u v x : 'cV[R]_m), 0 < pi ->
(turn pi angle u v - sine_part pi u v) * dot x x <= dot x (pair_gate pi angle u v *m x)
  <= (turn pi angle u v + sine_part pi u v) * dot x x
"""

ATTAINED = r"""
forall (R : rcfType) (pi : R) (angle : R -> R) (m : nat) (u v : 'cV[R]_m), 0 < gram_of_two u v ->
forall s : R, s ^+ 2 = 1 ->
let x := length_of_vector v *: u + (s * length_of_vector u) *: v in
0 < dot x x /\ pair_gate pi angle u v *m x = (turn pi angle u v + s * sine_part pi u v) *: x
"""

NO_LARGER = """
forall (R : rcfType) (pi : R) (angle : R -> R) (m : nat) (u v : 'cV[R]_m), 0 < gram_of_two u v ->
forall c : R, (forall x : 'cV[R]_m, c * dot x x <= dot x (pair_gate pi angle u v *m x)) ->
c <= turn pi angle u v - sine_part pi u v
"""

OF_THE_SECOND = """
forall (R : rcfType) (pi : R) (angle : R -> R) (m : nat) (u v : 'cV[R]_m), 0 < gram_of_two u v ->
pair_gate pi angle u v *m v = pair_slope pi angle u v
"""


@formal
def test_kappa_is_a_bound() -> None:
    """M >= kappa I, and at most the largest eigenvalue, in any dimension, for all u and v. Leaves out: that M is an
    expectation; that kappa decreases."""
    proved("gated_covariance.v", "gated_covariance_between", BETWEEN)


@formal
def test_the_bisectors_are_eigenvectors() -> None:
    """|v| u + s |u| v for s = 1 and s = -1, with the largest and the least eigenvalue. Leaves out: that M is the
    expectation; the eigenvectors off the plane."""
    proved("gated_covariance.v", "gated_covariance_attained", ATTAINED)


@formal
def test_no_larger_number_would_do() -> None:
    """A control, proved: kappa is the largest c with M >= c I. Leaves out: that M is the expectation."""
    proved("gated_covariance.v", "no_larger_bound", NO_LARGER)


@formal
def test_the_slope_is_m_times_the_second() -> None:
    """M(u, v) v = K(u, v). Leaves out: that K is the derivative of J_1 by u, and M that of K by v."""
    proved("gated_covariance.v", "gate_of_the_second", OF_THE_SECOND)
