(* DL-001 Whitening: on white inputs the regression loss is half the squared distance to a target, plus a constant.

   X (d_0 x m) holds the inputs as columns, Y (d_N x m) their outputs; Phi = Y X^T / m. Over any ordered field.

   any_inputs    whatever X is: the excess is tr(W (S - I) W^T) / 2, S = X X^T / m
   white_inputs  S = I: no excess *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm bounds.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Whitening.
Variables (R : realFieldType) (p q m : nat) (W : 'M[R]_(p, q)) (X : 'M[R]_(q, m)) (Y : 'M[R]_(p, m)).
Let M : R := m%:R.
Let S : 'M[R]_q := M^-1 *: (X *m X^T).
Let Phi : 'M[R]_(p, q) := M^-1 *: (Y *m X^T).

Theorem any_inputs : (0 < m)%N -> sqnorm (W *m X - Y) / (2%:R * M)
  = sqnorm (W - Phi) / 2%:R + (sqnorm Y / (2%:R * M) - sqnorm Phi / 2%:R) + \tr (W *m (S - 1%:M) *m W^T) / 2%:R.
Proof.
move=> m0; have M0 : M != 0 by rewrite pnatr_eq0 -lt0n.
have minus a b (A B : 'M[R]_(a, b)) : sqnorm (A - B) = sqnorm A - inner A B *+ 2 + sqnorm B.
  by rewrite sqnormD innerNr mulNrn -scaleN1r sqnorm_scale sqrrN expr1n mul1r.
have trace : \tr (W *m (S - 1%:M) *m W^T) = M^-1 * sqnorm (W *m X) - sqnorm W.
  rewrite mulmxBr mulmx1 mulmxBl raddfB /=; congr (_ - _).
    rewrite /S -scalemxAr -scalemxAl mxtraceZ; congr (_ * _).
    by rewrite -(sqnorm_tr (W *m X)) sqnorm_inner /inner trmxK trmx_mul !mulmxA.
  by rewrite -(sqnorm_tr W) sqnorm_inner /inner trmxK.
have cross : inner (W *m X) Y = M * inner W Phi.
  by rewrite inner_right /Phi innerZr mulrA divff ?mul1r.
rewrite !minus trace cross; move: (sqnorm (W *m X)) (sqnorm W) (inner W Phi) (sqnorm Y) (sqnorm Phi) M M0 =>
  a b c e f k k0.
by field.
Qed.

Theorem white_inputs : (0 < m)%N -> S = 1%:M ->
  sqnorm (W *m X - Y) / (2%:R * M) = sqnorm (W - Phi) / 2%:R + (sqnorm Y / (2%:R * M) - sqnorm Phi / 2%:R).
Proof. by move=> m0 white; rewrite any_inputs // white subrr mulmx0 mul0mx mxtrace0 mul0r addr0. Qed.
End Whitening.
