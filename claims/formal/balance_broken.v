(* Controls of DL-002, Layers stay balanced: its law with eta for eta^2, or for layers that are updated one after
   another, is false, over the integers already.

   not_of_first_order          eta in place of eta^2
   not_one_after_another       layers updated one after another, each by its own gradient at that time *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm scalar balancedness.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* Depth 2, all sizes 1, G = 1: D_0 = w_1, D_1 = w_0 *)
Lemma two_layers (R : comRingType) (w : nat -> R) : let G := target 2 (1 : R) in
  layer_gradient G (scalars w) 0 = (w 1%N)%:M /\ layer_gradient G (scalars w) 1 = (w 0%N)%:M.
Proof.
rewrite /layer_gradient !product_scalars // !big_nat1 !big_geq // !tr_scalar_mx /target -!scalar_mxM.
by rewrite !mulr1 !mul1r.
Qed.

Theorem not_of_first_order : ~ forall (R : comRingType) (d : nat -> nat) (N : nat) (W : weights R d)
    (G : 'M[R]_(d N, d 0%N)) (eta : R) (j : nat), (j.+1 < N)%N ->
  imbalance (gradient_step eta G W) j =
  imbalance W j + eta *: ((layer_gradient G W j.+1)^T *m layer_gradient G W j.+1
                          - layer_gradient G W j *m (layer_gradient G W j)^T).
Proof.
pose w j : int := if j is 0%N then 1 else 0.
move/(_ _ ones 2%N (scalars w) (target 2 1) 2%:Z 0%N isT); have [D0 D1] := two_layers w.
rewrite /imbalance /gradient_step D0 D1 /scalars !tr_scalar_mx.
by move/(congr1 (fun A : 'M_1 => A 0 0)); rewrite !mxE !big_ord1 !mxE.
Qed.

(* The layers below j have moved already *)
Definition step_one_after_another (R : comRingType) (d : nat -> nat) (N : nat) (eta : R) (G : 'M[R]_(d N, d 0%N))
  (W W' : weights R d) := forall j, (j < N)%N ->
  W' j = W j - eta *: ((product W j.+1 N)^T *m G *m (product W' 0 j)^T).

Theorem not_one_after_another : ~ forall (R : comRingType) (d : nat -> nat) (N : nat) (W W' : weights R d)
    (G : 'M[R]_(d N, d 0%N)) (eta : R) (j : nat), step_one_after_another eta G W W' -> (j.+1 < N)%N ->
  imbalance W' j =
  imbalance W j + eta ^+ 2 *: ((layer_gradient G W j.+1)^T *m layer_gradient G W j.+1
                               - layer_gradient G W j *m (layer_gradient G W j)^T).
Proof.
pose w (j : nat) : int := 1; pose w' j : int := if j is 0%N then 0 else 1.
move/(_ _ ones 2%N (scalars w) (scalars w') (target 2 1) 1 0%N); have [D0 D1] := two_layers w.
rewrite D0 D1 => H; have /H {H} : step_one_after_another 1 (target 2 1) (scalars w) (scalars w').
  case=> [|[|//]] _; rewrite !product_scalars // ?big_nat1 ?big_geq // /target /scalars !tr_scalar_mx -!scalar_mxM.
    by rewrite scale1r !mulr1 subrr raddf0.
  by rewrite scale1r /w' mulr0 raddf0 subr0.
move/(_ isT)/(congr1 (fun A : 'M_1 => A 0 0)); rewrite /imbalance /scalars !tr_scalar_mx.
by rewrite !mxE !big_ord1 !mxE.
Qed.
