(* Shared: a scalar network inside square matrices (DL-018 and DL-019, in d x d).

   Layer j is Q_{j+1} diag(w_j, s, ..., s) Q_j^T and the target is Q_N diag(phi, s^N, ..., s^N) Q_0^T, with orthogonal
   Q_j. The network has the margin and, at every step, the loss of the network w_0, w_1, ... with the target phi. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm scalar orthogonal scalar_modes deficiency_margin singular_values.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Inside.
Variables (R : rcfType) (m N : nat).
Definition square_widths : nat -> nat := fun _ => m.+1.
Variables (Q : forall j : nat, 'M[R]_(square_widths j)) (w : nat -> R) (phi s : R).
Local Notation d := square_widths.
Definition beside (j i : nat) : R := if i is 0%N then w j else s.
Definition beside_target (i : nat) : R := if i is 0%N then phi else s ^+ N.
Definition layers_inside : weights R d := turned Q (diagonals d beside).
Definition target_inside : 'M[R]_(d N, d 0%N) := Q N *m diagonal (d N) (d 0%N) beside_target *m (Q 0%N)^T.
Hypothesis orth : forall j, (Q j)^T *m Q j = 1%:M.

Lemma all_pass i : (i < m.+1)%N -> passes d 0 N i. Proof. by move=> im; apply/passesP. Qed.

Lemma others_stay eta t j : (j < N)%N -> scalar_descent N eta (s ^+ N) (fun _ => s) t j = s.
Proof.
move=> jN; rewrite equal_layers_stay_equal //; elim: t => // t IH.
by rewrite /mode iterS -/(mode _ _ _ _ _) IH /mode_step subrr mulr0 mulr0 subr0.
Qed.

Theorem loss_inside (eta : R) (t : nat) :
  sqnorm (residual target_inside (descent eta target_inside layers_inside t)) =
  scalar_residual N phi (scalar_descent N eta phi w t) ^+ 2.
Proof.
have [_ ->] := the_form_stays (diagonals d beside) (diagonal (d N) (d 0%N) beside_target) eta t orth.
pose b j i := if passes d 0 N i then scalar_descent N eta (beside_target i) (fun r => beside r i) t j else beside j i.
rewrite /residual /end_to_end (product_congr (W' := diagonals d b)) => [|j /andP [_ jN]]; last first.
  exact: modes_learn_apart.
rewrite -/(end_to_end N (diagonals d b)) -/(residual _ _) loss_of_modes minnn big_nat_recl //.
rewrite all_pass // big_nat big1 ?addr0 => [|i /andP [_ im]].
  by rewrite /b all_pass.
rewrite all_pass // /scalar_residual (eq_big_nat _ _ (F2 := fun _ => s)) => [|j /andP [_ jN]].
  by rewrite prodr_const_nat subn0 subrr expr0n.
by rewrite /b all_pass // others_stay.
Qed.

Theorem margin_inside (c : R) : c + `|scalar_residual N phi w| <= phi -> c + `|scalar_residual N phi w| <= s ^+ N ->
  has_margin target_inside (end_to_end N layers_inside) c.
Proof.
move=> le_phi le_s; rewrite /has_margin.
have -> : norm (end_to_end N layers_inside - target_inside) = `|scalar_residual N phi w|.
  by rewrite /norm (loss_inside 0 0 : sqnorm (residual _ _) = _) sqrtr_sqr.
have [_ enough] := least_singular_value beside_target (c + `|scalar_residual N phi w|) (orth N) (orth 0%N).
by apply: enough => -[|i] _; apply: le_trans (ler_norm _).
Qed.
End Inside.
