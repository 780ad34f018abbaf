(* Balance is needed in d x d too (DL-018, 4): W_j = Q_j diag(w_j, 1, ..., 1) Q_{j-1}^T and the target Q_N Q_0^T, any
   orthogonal Q_j, have the margin and at every step the loss of the scalar networks of balance_needed.v. *)
From mathcomp Require Import all_ssreflect all_algebra.
From DLC Require Import network norm scalar scalar_modes deficiency_margin balance_needed scalar_in_matrices.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Lemma orthogonal_target (R : rcfType) (m N : nat) (Q : forall j, 'M[R]_(square_widths m j)) :
  target_inside N Q 1 1 = Q N *m (Q 0%N)^T.
Proof.
have one : diagonal m.+1 m.+1 (beside_target N 1 1) = 1%:M :> 'M[R]_m.+1.
  apply/matrixP => i j; rewrite !mxE val_eqE; congr (_ *+ _).
  by case: i => [[|i] /= _]; rewrite // expr1n.
by rewrite /target_inside one mulmx1.
Qed.

Theorem onto_a_saddle_in_matrices (R : rcfType) (m n : nat) (eta e : R) (w : nat -> R)
    (Q : forall j, 'M[R]_(square_widths m j)) (t : nat) : let N := n.+3 in
  let W0 := layers_inside Q w 1 in let Phi := Q N *m (Q 0%N)^T in
  (forall j, (Q j)^T *m Q j = 1%:M) -> 0 < eta -> 0 < e < 1 -> w 1%N = w 0%N -> w 0%N ^+ 2 = eta * e * (1 + e) ->
  \prod_(2 <= l < N) w l = (eta * e)^-1 ->
  [/\ 0 < 1 - e, has_margin Phi (end_to_end N W0) (1 - e) & sqnorm (residual Phi (descent eta Phi W0 t.+1)) = 1].
Proof.
move=> N W0 Phi orth eta0 /andP [e0 e1] equal first others.
have res : scalar_residual N 1 w = e := residual_is_e eta0 e0 equal first others.
rewrite /Phi -orthogonal_target; split; first by rewrite subr_gt0.
  have le : 1 - e + `|scalar_residual N 1 w| <= 1 by rewrite res ger0_norm ?(ltW e0) // subrK.
  by apply: margin_inside => //; rewrite expr1n.
have [v0 _ _ _ _] := one_step_onto_a_saddle eta0 e0 equal first others t.
by rewrite loss_inside // /scalar_residual big_ltn // v0 mul0r sub0r sqrrN expr1n.
Qed.

Theorem divergence_in_matrices (R : rcfType) (n : nat) (eta c : R) : 0 < eta -> 0 < c < 1 -> let N := n.+2 in
  exists w : nat -> R, forall (m : nat) (Q : forall j, 'M[R]_(square_widths m j)), (forall j, (Q j)^T *m Q j = 1%:M) ->
  let W0 := layers_inside Q w 1 in let Phi := Q N *m (Q 0%N)^T in
  has_margin Phi (end_to_end N W0) c /\
  forall t, (14%:R ^+ t * 2%:R) ^+ N - 1 <= norm (residual Phi (descent eta Phi W0 t.+1)).
Proof.
move=> eta0 c01 N; have [w [margin grows]] := divergence_from_every_margin n eta0 c01.
exists w => m Q orth W0 Phi; rewrite /Phi -orthogonal_target; split=> [|t].
  have le : c + `|scalar_residual N 1 w| <= 1 by rewrite -margin subrK.
  by apply: margin_inside => //; rewrite expr1n.
by apply: le_trans (grows t) _; rewrite /norm loss_inside // sqrtr_sqr.
Qed.
