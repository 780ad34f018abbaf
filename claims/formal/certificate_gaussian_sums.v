(* Sums of ReLU units on Gaussian inputs: what certificate_gaussian.v has of two vectors, summed over pairs of maps. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From DLC Require Import network rational_numbers polynomial_identity certificate certificate_landscape.
From DLC Require Import certificate_network gaussian_units certificate_gaussian.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* At x and at y in the place of the weights; times 2 pi. *)
Section Sums.
Variables (m n : nat) (maps : seq matrix).
Local Notation k := (size maps).
Definition unit_at (x : matrix) (i : nat) : matrix := mul m n 1 (nth [::] maps i) x.
Definition over_maps (f : nat -> nat -> expr) : expr := sum_over k (fun i => sum_over k (f i)).
Definition good_pairs (x y : matrix) : bool :=
  all (fun i => all (fun j => good_pair m (unit_at x i) (unit_at y j)) (iota 0 k)) (iota 0 k).
Definition values_in (x y : matrix) : expr := over_maps (fun i j => value_in m (unit_at x i) (unit_at y j)).
Definition slopes_in (x y : matrix) (l : nat) : expr := over_maps (fun i j =>
  sum_over m (fun a => multiple (entry (nth [::] maps i) a l) (slope_in m (unit_at x i) (unit_at y j) a))).
Definition sandwich (p q : matrix) (h : nat -> nat -> expr) (l l' : nat) : expr :=
  sum_over m (fun b => multiple (entry q b l') (sum_over m (fun a => multiple (entry p a l) (h a b)))).
Definition bends_in (x y : matrix) (l l' : nat) : expr := over_maps (fun i j =>
  sandwich (nth [::] maps i) (nth [::] maps i) (bend_in m (unit_at x i) (unit_at y j)) l l').
Definition gates_in (x : matrix) (l l' : nat) : expr := over_maps (fun i j =>
  sandwich (nth [::] maps i) (nth [::] maps j) (gate_in m (unit_at x i) (unit_at x j)) l l').
End Sums.

Section SumValues.
Variables (R : rcfType) (pi : R) (angle : R -> R).
Hypothesis angles : is_angle pi angle.
Variables (m n : nat) (maps : seq matrix).
Local Notation k := (size maps).
Local Notation at_constants := (eval (constants pi)).
Local Notation P i := (mx R m n (nth [::] maps i)).
Local Notation T := (2%:R * pi).

Lemma map_shown x i : P i *m mx R n 1 x = mx R m 1 (unit_at m n maps x i).
Proof. by rewrite mx_mul. Qed.

Lemma pair_good x y (i j : 'I_k) : good_pairs m n maps x y -> good_pair m (unit_at m n maps x i) (unit_at m n maps y j).
Proof. by move=> /allP /(_ i); rewrite mem_iota ltn_ord => /(_ isT) /allP; apply; rewrite mem_iota ltn_ord. Qed.

Lemma over_maps_shown f (F : 'I_k -> 'I_k -> R) : (forall i j, T * F i j = at_constants (f (val i) (val j))) ->
  T * (\sum_(i < k) \sum_(j < k) F i j) = at_constants (over_maps maps f).
Proof.
move=> same; rewrite eval_over mulr_sumr; apply: eq_bigr => i _; rewrite eval_over mulr_sumr.
by apply: eq_bigr => j _; apply: same.
Qed.

Lemma values_shown x y : good_pairs m n maps x y ->
  T * (\sum_(i < k) \sum_(j < k) pair_value pi angle (P i *m mx R n 1 x) (P j *m mx R n 1 y)) =
  at_constants (values_in m n maps x y).
Proof. by move=> good; apply: over_maps_shown => i j; rewrite !map_shown (pair_value_shown angles) // pair_good. Qed.

Lemma slopes_shown x y (l : 'I_n) : good_pairs m n maps x y ->
  T * (\sum_(i < k) \sum_(j < k) (P i)^T *m pair_slope pi angle (P i *m mx R n 1 x) (P j *m mx R n 1 y)) l 0 =
  at_constants (slopes_in m n maps x y l).
Proof.
move=> good; rewrite summxE; under eq_bigr do rewrite summxE.
apply: over_maps_shown => i j; rewrite !map_shown mxE mulr_sumr eval_over; apply: eq_bigr => a _.
by rewrite mulrCA (pair_slope_shown angles) ?pair_good // !mxE.
Qed.

Lemma sandwich_shown (p q : matrix) (H : 'M[R]_m) h (l l' : 'I_n) :
  (forall a b, T * H a b = at_constants (h (val a) (val b))) ->
  T * ((mx R m n p)^T *m H *m mx R m n q) l l' = at_constants (sandwich m p q h l l').
Proof.
move=> same; rewrite mxE mulr_sumr eval_over; apply: eq_bigr => b _ /=.
rewrite mulrA mulrC mxE; congr (_ * _); rewrite mxE mulr_sumr eval_over; apply: eq_bigr => a _ /=.
by rewrite mulrCA same !mxE.
Qed.

Lemma bends_shown x y (l l' : 'I_n) : good_pairs m n maps x y ->
  T * (\sum_(i < k) \sum_(j < k) (P i)^T *m pair_bend pi (P i *m mx R n 1 x) (P j *m mx R n 1 y) *m P i) l l' =
  at_constants (bends_in m n maps x y l l').
Proof.
move=> good; rewrite summxE; under eq_bigr do rewrite summxE.
apply: over_maps_shown => i j; rewrite !map_shown; apply: sandwich_shown => a b.
by rewrite (pair_bend_shown angles) ?pair_good.
Qed.

Lemma gates_shown x (l l' : 'I_n) : good_pairs m n maps x x ->
  T * (\sum_(i < k) \sum_(j < k) (P i)^T *m pair_gate pi angle (P i *m mx R n 1 x) (P j *m mx R n 1 x) *m P j) l l' =
  at_constants (gates_in m n maps x l l').
Proof.
move=> good; rewrite summxE; under eq_bigr do rewrite summxE.
apply: over_maps_shown => i j; rewrite !map_shown; apply: sandwich_shown => a b.
by rewrite (pair_gate_shown angles) ?pair_good.
Qed.
End SumValues.
