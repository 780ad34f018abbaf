(* Singular data (DL-072): every S = Q Q^T that is not 0 has what sharper_constants_singular.v asks for.

   Over any real closed field, r = rank Q: there is a V of r orthonormal columns that span Q's range, so that V V^T Q =
   Q; a root Q U of S that has r columns, with V^T Q U invertible; and 0 < s_d and s_1 with s_d <= V^T S V <= s_1. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm bounds end_layers.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Range.
Variable R : rcfType.

(* Gram and Schmidt, one column after another *)
Lemma orthonormal_columns (m p : nat) (Q : 'M[R]_(m, p)) : exists (r : nat) (V : 'M[R]_(m, r)) (B : 'M[R]_(p, r)),
  [/\ V^T *m V = 1%:M, V *m V^T *m Q = Q & V = Q *m B].
Proof.
elim: p Q => [|p IH] Q.
  by exists 0%N, 0, 0; split; [apply/matrixP => -[]|apply/matrixP => i -[]|rewrite mulmx0].
rewrite -[Q](@hsubmxK R m 1 p).
move: (@lsubmx R m 1 p Q) (@rsubmx R m 1 p Q) => a A.
have [r [V [B [VV VA VB]]]] := IH A.
pose u := a - V *m (V^T *m a).
have Vu : V^T *m u = 0 by rewrite mulmxBr mulmxA VV mul1mx subrr.
have [u0|u0] := eqVneq u 0.
  exists r, V, (col_mx (0 : 'M[R]_(1, r)) B : 'M[R]_(1 + p, r)); split=> //.
    apply: etrans (mul_mx_row (V *m V^T) a A) _; rewrite VA; congr row_mx.
    by apply/eqP; rewrite eq_sym -subr_eq0 -mulmxA -/u u0.
  by apply/esym; apply: etrans (mul_row_col a A 0 B) _; rewrite mulmx0 add0r.
have n0 : 0 < norm u.
  rewrite lt_def norm_ge0 andbT; apply: contraNneq u0 => nu.
  by apply/eqP/sqnorm_eq0; rewrite -sqr_norm nu expr0n.
pose w := (norm u)^-1 *: u.
have ww : w^T *m w = 1%:M.
  rewrite /w [(_ *: u)^T]linearZ /= -scalemxAl -scalemxAr scalerA [u^T *m u]mx11_scalar scale_scalar_mx.
  have -> : (u^T *m u) 0 0 = norm u ^+ 2 by rewrite sqr_norm sqnorm_inner /inner /mxtrace big_ord1.
  by rewrite -invfM -expr2 mulVf // expf_neq0 // gt_eqF.
have Vw : V^T *m w = 0 by rewrite /w -scalemxAr Vu scaler0.
have wV : w^T *m V = 0 by rewrite -[w^T *m V]trmxK trmx_mul trmxK Vw trmx0.
have wA : w^T *m A = 0 by rewrite -VA -mulmxA [w^T *m _]mulmxA wV mul0mx.
have wa : w *m (w^T *m a) = u.
  have -> : w^T *m a = (norm u)%:M.
    rewrite -[a](subrK (V *m (V^T *m a))) -/u mulmxDr [w^T *m (V *m _)]mulmxA wV mul0mx addr0.
    have uw : u = norm u *: w by rewrite /w scalerA divff ?gt_eqF // scale1r.
    by rewrite [X in _ *m X]uw -scalemxAr ww scalemx1.
  by rewrite mul_mx_scalar /w scalerA divff ?gt_eqF // scale1r.
pose C : 'M[R]_(1 + p, r + 1) := block_mx 0 ((norm u)^-1)%:M B (- (norm u)^-1 *: (B *m (V^T *m a))).
exists (r + 1)%N, (row_mx V w), C; split.
- by rewrite tr_row_mx mul_col_row VV Vw wV ww -scalar_mx_block.
- rewrite tr_row_mx mul_row_col; apply: etrans (mul_mx_row _ a A) _.
  by rewrite !mulmxDl VA -[w *m w^T *m A]mulmxA wA mulmx0 addr0 -!mulmxA wa /u addrC subrK.
apply/esym; apply: etrans (mul_row_block a A _ _ _ _) _; rewrite mulmx0 add0r -VB mul_mx_scalar.
by rewrite -scalemxAr [A *m (B *m _)]mulmxA -VB scaleNr -scalerBr /w /u mulmxA.
Qed.

Lemma columns_of_rank (m p : nat) (Q : 'M[R]_(m, p)) : exists (V : 'M[R]_(m, \rank Q)) (B : 'M[R]_(p, \rank Q)),
  [/\ V^T *m V = 1%:M, V *m V^T *m Q = Q & V = Q *m B].
Proof.
have [r [V [B [VV VQ VB]]]] := orthonormal_columns Q; have rank_is : r = \rank Q.
  apply/eqP; rewrite eqn_leq; apply/andP; split.
    apply: leq_trans (_ : \rank V <= _)%N; last by rewrite VB mxrankM_maxl.
    by rewrite -[X in (X <= _)%N](@mxrank1 R) -VV mxrankM_maxr.
  by rewrite -VQ -mulmxA; apply: leq_trans (mxrankM_maxl _ _) (rank_leq_col _).
by move: V B VV VQ VB; rewrite rank_is => V B VV VQ VB; exists V, B.
Qed.

Theorem singular_data_have_a_basis (m p : nat) (Q : 'M[R]_(m, p)) : Q != 0 ->
  exists (V : 'M[R]_(m, \rank Q)) (U : 'M[R]_(p, \rank Q)) (s1 sd : R),
  [/\ (0 < \rank Q)%N /\ V^T *m V = 1%:M, V *m V^T *m Q = Q,
      Q *m U *m (Q *m U)^T = Q *m Q^T /\ V^T *m (Q *m U) \in unitmx, 0 < sd
      & forall v : 'cV[R]_(\rank Q), sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v) <= s1 * sqnorm v /\
      sqnorm ((V^T *m (Q *m U))^T *m v) = sqnorm ((V^T *m Q)^T *m v)].
Proof.
move=> Q0; have rank0 : (0 < \rank Q)%N by rewrite lt0n mxrank_eq0.
have [V [B [VV VQ VB]]] := columns_of_rank Q.
have [U UQ] : exists U : 'M[R]_(p, \rank Q), U *m U^T *m Q^T = Q^T.
  by have [U [? [_ UQ _]]] := columns_of_rank Q^T; move: U UQ; rewrite mxrank_tr => U UQ; exists U.
have B0 : 0 < sqnorm B.
  rewrite lt_def sqnorm_ge0 andbT; apply: contraTneq rank0 => /sqnorm_eq0 Bz; move: VV.
  rewrite VB Bz mulmx0 mulmx0 -leqNgt leqn0 => /esym/(congr1 mxrank); rewrite mxrank1 mxrank0.
  by move=> /eqP.
have low (v : 'cV[R]_(\rank Q)) : (sqnorm B)^-1 * sqnorm v <= sqnorm ((V^T *m Q)^T *m v).
  rewrite ler_pdivr_mull //; have [->|v0] := eqVneq (sqnorm v) 0; first by rewrite mulr_ge0 ?sqnorm_ge0.
  have pos : 0 < sqnorm v by rewrite lt_def v0 sqnorm_ge0.
  have e : sqnorm v = inner (B *m v) ((V^T *m Q)^T *m v).
    rewrite trmx_mul trmxK -mulmxA -inner_left mulmxA -VB inner_left mulmxA VV mul1mx; exact: sqnorm_inner.
  rewrite -(ler_pmul2r pos) -expr2 [X in X ^+ 2]e; apply: le_trans (cauchy_schwarz _ _) _; rewrite mulrAC.
  by rewrite ler_wpmul2r ?sqnorm_ge0 // sqnorm_mul.
have same (v : 'cV[R]_(\rank Q)) : sqnorm ((V^T *m (Q *m U))^T *m v) = sqnorm ((V^T *m Q)^T *m v).
  rewrite !trmx_mul trmxK -!mulmxA sqnorm_inner inner_left trmxK [U *m (U^T *m _)]mulmxA.
  by rewrite [U *m U^T *m (Q^T *m _)]mulmxA UQ -sqnorm_inner.
exists V, U, (sqnorm (V^T *m Q)^T), (sqnorm B)^-1; split=> //.
- split; first by rewrite trmx_mul -mulmxA [U *m (U^T *m Q^T)]mulmxA UQ.
  have : (V^T *m (Q *m U)) *m (V^T *m (Q *m U))^T \in unitmx.
    apply: (@gram_unit _ _ _ _ _ (1%:M) (sqnorm B)^-1); first by rewrite invr_gt0.
    by move=> v; rewrite mul1mx same; apply: low.
  by rewrite unitmx_mul => /andP [].
- by rewrite invr_gt0.
by move=> v; rewrite same low sqnorm_mul.
Qed.
End Range.
