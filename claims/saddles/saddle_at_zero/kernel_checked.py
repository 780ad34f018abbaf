"""Statements 1 to 4 for every depth and all widths, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

LOSS_ON_LINES = """
forall (R : comRingType) (d : nat -> nat) (N : nat) (Phi : 'M[R]_(d N, d 0%N)) (V : weights R d) (t : R),
sqnorm (residual Phi (scaled t V)) =
sqnorm Phi - (t ^+ N * inner Phi (end_to_end N V)) *+ 2 + (t ^+ N) ^+ 2 * sqnorm (end_to_end N V)
"""

ZERO_IS_CRITICAL = """
forall (R : comRingType) (d : nat -> nat) (N : nat) (G : 'M[R]_(d N, d 0%N)) (j : nat),
(1 < N)%N -> layer_gradient G (fun j => 0) j = 0
"""

FLAT = """
forall (R : comRingType) (d : nat -> nat) (n : nat) (Phi : 'M[R]_(d n.+3, d 0%N)) (V : weights R d),
exists q : {poly R}, forall t, sqnorm (residual Phi (scaled t V)) = sqnorm Phi + t ^+ 3 * q.[t]
"""

GRADIENT_NEAR_ZERO = r"""
forall (R : comRingType) (d : nat -> nat) (Phi : 'M[R]_(d 2%N, d 0%N)) (V : weights R d) (t : R),
layer_gradient (residual Phi (scaled t V)) (scaled t V) 0
  = t *: - ((V 1%N)^T *m Phi) + t ^+ 3 *: ((V 1%N)^T *m (V 1%N *m V 0%N)) /\
layer_gradient (residual Phi (scaled t V)) (scaled t V) 1
  = t *: - (Phi *m (V 0%N)^T) + t ^+ 3 *: (V 1%N *m V 0%N *m (V 0%N)^T)
"""

EIGENVECTORS_AT_ZERO = r"""
forall (R : comRingType) (m n h : nat) (Phi : 'M[R]_(m, n)) (u : 'cV[R]_m) (v : 'cV[R]_n) (x : 'cV[R]_h) (s e : R),
Phi *m v = s *: u -> Phi^T *m u = s *: v -> e ^+ 2 = 1 ->
let V1 := x *m v^T in let V2 := - (e *: (u *m x^T)) in
- (V2^T *m Phi) = (e * s) *: V1 /\ - (Phi *m V1^T) = (e * s) *: V2
"""

FALLS_AND_RISES = """
forall (R : realFieldType) (d : nat -> nat) (n : nat) (Phi : 'M[R]_(d n.+1, d 0%N)),
Phi != 0 -> (forall j, (0 < j < n.+1)%N -> (0 < d j)%N) ->
exists V U : weights R d, forall t : R, 0 < t <= 1 ->
  sqnorm (residual Phi (scaled t V)) < sqnorm Phi < sqnorm (residual Phi (scaled t U))
"""


@formal
def test_loss_on_lines() -> None:
    """Over any commutative ring (sqnorm is twice the loss). Leaves out: nothing."""
    proved("saddle_at_zero.v", "loss_on_lines", LOSS_ON_LINES)


@formal
def test_zero_is_critical() -> None:
    """Whatever the gradient G in the product is. Leaves out: nothing."""
    proved("saddle_at_zero.v", "zero_is_critical", ZERO_IS_CRITICAL)


@formal
def test_flat_from_depth_three() -> None:
    """N = n + 3: no terms of order 1 and 2 along any line. Leaves out: that a form which is 0 on lines is 0."""
    proved("saddle_at_zero.v", "flat", FLAT)


@formal
def test_hessian_at_depth_two() -> None:
    """N = 2: the Hessian at zero is the part of first order. Leaves out: nothing."""
    proved("saddle_at_zero.v", "gradient_near_zero", GRADIENT_NEAR_ZERO)


@formal
def test_eigenvectors_at_depth_two() -> None:
    """For e = 1 and e = -1. Leaves out: that there are singular vectors, and that these span."""
    proved("saddle_at_zero.v", "eigenvectors_at_zero", EIGENVECTORS_AT_ZERO)


@formal
def test_falls_and_rises_arbitrarily_near() -> None:
    """N = n + 1, Phi != 0, no hidden width 0. Leaves out: nothing."""
    proved("saddle_at_zero.v", "falls_and_rises", FALLS_AND_RISES)
