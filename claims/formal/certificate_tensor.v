(* Tensors sum_l lambda_l a_l^{(x) p} as forms sum_l lambda_l <a_l, y>^p, and that they are those of DL-037. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From DLC Require Import rational_numbers polynomial_identity certificate certificate_network certificate_landscape.
From DLC Require Import tensor_decomposition.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Definition tensor (n p : nat) (lambdas : seq Q) (components : matrix) : expr :=
  sum_over (size components) (fun l => multiple (nth zero lambdas l) (Pow (along_row n (nth [::] components l)) p)).

(* lambda_l > 0, orthonormal a_l, order p >= 3; in their basis f is tensor_decomposition.v's value. *)
Definition orthogonal_tensor (R : realFieldType) (n p : nat) (lambdas : seq Q) (components : matrix) (f : expr) :
  Prop := let r := size components in
  let lambda := fun l : 'I_r => number R (nth zero lambdas l) in
  let a := fun (l : 'I_r) (i : 'I_n) => number R (entry components l i) in
  [/\ (2 < p)%N, forall l, 0 < lambda l, forall l m, \sum_i a l i * a m i = (l == m)%:R &
      forall y : nat -> R, eval y f = value p.-2 lambda (fun l => \sum_i a l i * y i)].

Definition check_tensor (n p : nat) (lambdas : seq Q) (components : matrix) : bool :=
  let r := size components in
  [&& (2 < p)%N, all (fun l => ltq zero (nth zero lambdas l)) (iota 0 r) &
      every_entry r r (fun l m => Qeq_bool (sumq n (fun i => mulq (entry components l i) (entry components m i)))
        (if l == m then one else zero))].

Theorem tensor_shown (R : realFieldType) n p lambdas components f :
  check_tensor n p lambdas components -> f = tensor n p lambdas components ->
  orthogonal_tensor R n p lambdas components f.
Proof.
case/and3P => p2 /allP signs /every_entryP orthonormal ->; split=> // [l|l m|y].
- by rewrite -(number0 R) number_lt // signs // mem_iota add0n ltn_ord.
- have := number_eqb R (orthonormal l m); rewrite number_sum => E.
  transitivity (\sum_(i < n) number R (mulq (entry components l i) (entry components m i))).
    by apply: eq_bigr => i _; rewrite number_mul.
  by rewrite E -val_eqE /=; case: eqP => _; rewrite ?number1 ?number0.
rewrite /tensor eval_over /value; apply: eq_bigr => l _.
rewrite -[RHS]/(_ * _ ^+ p.-2.+2) -[eval _ _]/(number R _ * eval y (along_row n _) ^+ p) eval_over.
by case: p p2 {signs orthonormal} => [|[|p]].
Qed.
