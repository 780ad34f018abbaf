(* A point of a sum of ReLU units on Gaussian inputs where the gradient is 0, the Hessian positive definite, and the
   loss more than at the truth: by Booleans that the kernel computes. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network rational_numbers polynomial_identity certificate certificate_landscape.
From DLC Require Import certificate_network certificate_returns gaussian_units.
From DLC Require Import certificate_gaussian certificate_gaussian_points.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Checks.
Variables (m n : nat) (scale : Q) (maps : seq matrix) (truth : matrix).
Local Notation gap_of_loss := (gap_of_loss m n scale maps truth).
Local Notation gradient_in := (gradient_in m n maps truth).
Local Notation hessian_in := (hessian_in m n maps truth).
Local Notation good_point := (good_point m n maps truth).
Local Notation good_units := (good_units m n scale maps truth).
Definition for_all (f : nat -> bool) : bool := all f (iota 0 n).
Definition check_poor (c : expr * expr) (z : matrix) (value : expr * expr) : bool :=
  [&& good_units, good_point c z, positive_ratio value && is_nought (gap_of_loss c value z),
      for_all (fun l => is_nought (gradient_in c z l)) &
      for_all (fun i => for_all (fun j => is_nought (Sub (hessian_in c z i j) (hessian_in c z j i)))) &&
        positive_form n (hessian_in c z)].
End Checks.

Section Cases.
Variables (R : rcfType) (pi : R) (angle : R -> R).
Hypothesis angles : is_angle pi angle.
Variables (m n : nat) (scale : Q) (maps : seq matrix) (truth : matrix).
Local Notation k := (size maps).
Local Notation at_constants := (eval (constants pi)).
Local Notation "'P' i" := (mx R m n (nth [::] maps i)) (at level 10, i at next level).
Local Notation all_maps := (fun i => mx R m n (nth [::] maps i)).
Local Notation t := (mx R n 1 truth).
Local Notation T := (2%:R * pi).
Local Notation at_point c z := (real_value pi c *: mx R n 1 z).
Local Notation loss_at := (units_loss pi angle k (number R scale) all_maps t).
Local Notation gradient_at := (units_gradient pi angle k (number R scale) all_maps t).
Local Notation hessian_at := (units_hessian pi angle k (number R scale) all_maps t).

Let pi3 : 3%:R < pi. Proof. by case: angles. Qed.
Let pi0 : 0 < pi. Proof. by apply: lt_trans pi3; rewrite ltr0n. Qed.
Let T0 : T != 0. Proof. by rewrite mulf_neq0 ?pnatr_eq0 ?lt0r_neq0. Qed.

Definition units_poor (c : expr * expr) (z : matrix) (value : expr * expr) : Prop :=
  0 < number R scale /\
  poor_point pi angle k (number R scale) all_maps t (at_point c z) (real_value pi value).

Lemma for_allP f (l : 'I_n) : for_all n f -> f (val l).
Proof. by move/allP; apply; rewrite mem_iota ltn_ord. Qed.

Lemma loss_is c z value : good_units m n scale maps truth -> good_point m n maps truth c z -> positive_ratio value ->
  is_nought (gap_of_loss m n scale maps truth c value z) -> loss_at (at_point c z) = real_value pi value.
Proof.
move=> units good ratio /(zero_shown pi) /eqP; rewrite (gap_shown angles) // mulf_eq0 subr_eq0.
have /and4P [ratio_c _ _ _] := good; have [_ b0] := ratio_gt0 angles ratio_c; have [_ v0] := ratio_gt0 angles ratio.
by case/orP => [|/eqP //]; rewrite gt_eqF // !mulr_gt0 ?exprn_gt0 ?ltr0n.
Qed.

Theorem poor_shown c z value : check_poor m n scale maps truth c z value -> units_poor c z value.
Proof.
case/and5P => units good /andP [ratio is_value] no_gradient /andP [symmetric form].
have /and4P [/(number_gt0 R) scale0 _ _ _] := units; have /and4P [ratio_c _ _ _] := good.
have [a0 b0] := ratio_gt0 angles ratio_c; split=> //; split.
- apply/matrixP => l j; rewrite ord1 (units_gradient_shown angles) // (zero_shown pi (for_allP l no_gradient)) mulr0.
  by rewrite mxE.
- move=> x x0; have -> : (x^T *m hessian_at (at_point c z) *m x) 0 0 = number R scale / (pi * at_constants c.1) *
      \sum_(i < n) \sum_(j < n) x i 0 * at_constants (hessian_in m n maps truth c z i j) * x j 0.
    rewrite [in RHS]exchange_big /= mxE mulr_sumr; apply: eq_bigr => j _; rewrite mxE mulr_suml mulr_sumr.
    have outwards (a K h b : R) : a * (K * h) * b = K * (a * h * b) by ring.
    by apply: eq_bigr => i _; rewrite mxE (units_hessian_shown angles) //; apply: outwards.
  rewrite (pmulr_rgt0 _ (divr_gt0 scale0 (mulr_gt0 pi0 a0))).
  pose y (i : nat) := oapp (fun o : 'I_n => x o 0) 0 (insub i).
  have yE (i : 'I_n) : x i 0 = y i by rewrite /y valK.
  under eq_bigr => i _ do under eq_bigr => j _ do rewrite !yE.
  apply: (pivots_shown pi3 form) => [i j i_n j_n|].
    have := for_allP (Ordinal j_n) (for_allP (Ordinal i_n) symmetric).
    by move/(zero_shown pi); rewrite eval_sub => /eqP; rewrite subr_eq0 => /eqP.
  by have /cV0Pn [i xi] := x0; exists i; rewrite // -yE.
- exact: (loss_is units good ratio is_value).
- exact: (real_value_gt0 angles).
exact: loss_at_truth.
Qed.
End Cases.
