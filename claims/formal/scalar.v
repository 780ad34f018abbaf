(* Scalar networks, of which all widths are 1, as a special case of network.v: gradient descent on their matrices is
   gradient descent on their numbers, at every step, and layers that are equal stay equal. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network.
Import GRing.Theory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Scalar.
Variable R : comRingType.
(* All widths are 1. *)
Definition ones : nat -> nat := fun _ => 1%N.

(* The network with layers w 0, w 1, ... *)
Definition scalars (w : nat -> R) : weights R ones := fun j => (w j)%:M.

Definition target N (phi : R) : 'M[R]_(ones N, ones 0) := phi%:M.

(* w_{N-1} ... w_0 - phi, its derivative in w_j, the step and its iterates. *)
Definition scalar_residual (N : nat) (phi : R) (w : nat -> R) : R := \prod_(0 <= l < N) w l - phi.
Definition scalar_gradient (N : nat) (phi : R) (w : nat -> R) (j : nat) : R :=
  (\prod_(j.+1 <= l < N) w l) * scalar_residual N phi w * \prod_(0 <= l < j) w l.
Definition scalar_step (N : nat) (eta phi : R) (w : nat -> R) (j : nat) : R := w j - eta * scalar_gradient N phi w j.
Definition scalar_descent N eta phi (w : nat -> R) (t : nat) : nat -> R := iter t (scalar_step N eta phi) w.

Lemma product_scalars w i k : (i <= k)%N -> product (scalars w) i k = (\prod_(i <= l < k) w l)%:M.
Proof.
elim: k => [|k IH]; first by rewrite leqn0 => /eqP ->; rewrite product_nil big_geq.
rewrite leq_eqVlt => /orP [/eqP ->|]; first by rewrite product_nil big_geq.
rewrite ltnS => le_ik; rewrite product_last // IH // big_nat_recr //= mulrC.
by rewrite -scalar_mxM.
Qed.

Lemma descent_step_scalars N eta phi w j : (j < N)%N ->
  descent_step eta (target N phi) (scalars w) j = (scalar_step N eta phi w j)%:M.
Proof.
move=> jN; rewrite /descent_step /gradient_step /layer_gradient /residual /end_to_end /target.
rewrite !product_scalars // !tr_scalar_mx -raddfB /= -!scalar_mxM.
by rewrite scale_scalar_mx -raddfB.
Qed.

(* Gradient descent on the matrices of size 1 is scalar gradient descent, at every step. *)
Theorem descent_scalars N eta phi w t j : (j < N)%N ->
  descent eta (target N phi) (scalars w) t j = (scalar_descent N eta phi w t j)%:M.
Proof.
elim: t j => // t IH j jN; rewrite /descent iterS -/(descent _ _ _ _).
rewrite (descent_step_congr _ _ (W' := scalars (scalar_descent N eta phi w t))) //; first exact: descent_step_scalars.
Qed.

Theorem residual_scalars N eta phi w t :
  residual (target N phi) (descent eta (target N phi) (scalars w) t)
  = (scalar_residual N phi (scalar_descent N eta phi w t))%:M.
Proof.
rewrite /residual /end_to_end (product_congr (W' := scalars (scalar_descent N eta phi w t))).
  by rewrite product_scalars // -raddfB.
by move=> l /andP [_ lN]; rewrite descent_scalars.
Qed.

Lemma scalar_descentS N eta phi w t j :
  scalar_descent N eta phi w t.+1 j = scalar_step N eta phi (scalar_descent N eta phi w t) j.
Proof. by rewrite /scalar_descent iterS. Qed.

Lemma scalar_step_congr N eta phi w w' : (forall l, (l < N)%N -> w l = w' l) ->
  forall j, (j < N)%N -> scalar_step N eta phi w j = scalar_step N eta phi w' j.
Proof.
move=> eqw j jN; rewrite /scalar_step /scalar_gradient /scalar_residual eqw //.
have E a b : (b <= N)%N -> \prod_(a <= l < b) w l = \prod_(a <= l < b) w' l.
  by move=> bN; apply: eq_big_nat => l /andP [_ lb]; apply: eqw; apply: leq_trans bN.
by rewrite !E // ltnW.
Qed.

(* Equal layers stay equal: w' = w - eta w^{N-1} (w^N - phi). *)
Definition mode_step N (eta phi u : R) := u - eta * (u ^+ N.-1 * (u ^+ N - phi)).
Definition mode N eta phi (u : R) t := iter t (mode_step N eta phi) u.

Theorem equal_layers_stay_equal N eta phi u t j : (j < N)%N ->
  scalar_descent N eta phi (fun _ => u) t j = mode N eta phi u t.
Proof.
elim: t j => // t IH j jN; rewrite scalar_descentS (scalar_step_congr _ _ (w' := fun _ => mode N eta phi u t)) //.
rewrite /mode iterS -/(mode _ _ _ _ _) /mode_step /scalar_step /scalar_gradient /scalar_residual.
rewrite !prodr_const_nat !subn0; congr (_ - _ * _).
by rewrite mulrAC -exprD; congr (_ ^+ _ * _); case: N jN {IH} => // M jM; rewrite subSS subnK.
Qed.
End Scalar.
