(* Curves that leave a unit vector and lead down: it is no local minimum of a form on the sphere. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import rational_numbers polynomial_identity certificate certificate_landscape polynomial_derivative.
From DLC Require Import certificate_descent certificate_sphere.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Definition no_minimum_on_sphere (R : rcfType) (n : nat) (f : expr) (y : nat -> R) : Prop :=
  forall e, 0 < e -> exists z : nat -> R,
  [/\ on_sphere n z, forall i, (i < n)%N -> `|z i - y i| <= e & eval z f < eval y f].
(* f on a curve, whose points may have any length l, is value l^p + c t^k + O(t^{k+1}). *)
Definition changes_on_sphere (R : rcfType) (n p : nat) (f : expr) (curve : seq expr) (value c : Q) (k : nat) : Prop :=
  exists C : R, forall t, `|t| <= 1 ->
  `|eval (on_curve curve t) f - number R value * length_of n (on_curve curve t) ^+ p - number R c * t ^+ k| <=
  C * `|t| ^+ k.+1.

(* p is even, or the value is 0. *)
Definition curve_square (n : nat) (curve : seq expr) : expr := sum_over n (fun i => Pow (nth (Const zero) curve i) 2).
Definition check_change_on_sphere (n p : nat) (f : expr) (curve : seq expr) (value c : Q) (k : nat) : bool :=
  (~~ odd p || Qeq_bool value zero) &&
  check_change f curve (Mul (Const value) (Pow (curve_square n curve) p./2)) c k.
Definition check_descent_on_sphere (n p : nat) (f : expr) (curve : seq expr) (u : seq Q) (value c : Q) (k : nat) :=
  [&& check_form n p f && check_length n u one, check_curve_start n curve u && check_value f u value,
      from_degree 1 (Sub (curve_square n curve) (Const one)), ltq c zero &
      check_change_on_sphere n p f curve value c k].

Section Curves.
Variables (R : rcfType) (n : nat).
Implicit Types (f : expr) (curve : seq expr) (u : seq Q).

Lemma square_on_curve curve (t : R) : eval (fun _ => t) (curve_square n curve) = \sum_(i < n) on_curve curve t i ^+ 2.
Proof. by rewrite /curve_square eval_over. Qed.

Lemma before_shown p (curve : seq expr) value (t : R) : ~~ odd p || Qeq_bool value zero ->
  eval (fun _ => t) (Mul (Const value) (Pow (curve_square n curve) p./2)) =
  number R value * length_of n (on_curve curve t) ^+ p.
Proof.
rewrite [eval _ _]/= -/(eval _ (curve_square n curve)) square_on_curve.
case/orP => [even|/(number_eqb R) ->]; last by rewrite number0 !mul0r.
rewrite -[in RHS](odd_double_half p) (negPf even) add0n -mul2n exprM sqr_sqrtr //.
by apply: sumr_ge0 => i _; apply: sqr_ge0.
Qed.

Theorem changes_on_sphere_shown p f curve value c k :
  check_change_on_sphere n p f curve value c k -> changes_on_sphere R n p f curve value c k.
Proof.
case/andP => even /(change_shown R) [C _ change]; exists C => t t1.
by rewrite -before_shown //; apply: change.
Qed.

Theorem descent_on_sphere_shown p f curve u value c k :
  check_descent_on_sphere n p f curve u value c k -> no_minimum_on_sphere n f (direction R n u).
Proof.
case/and5P => /andP [/andP [_ same_degree] unit_u] /andP [/(curve_start_shown R) [W W0 near]].
move=> /(@value_shown R) is_value unit_start /(number_lt R) + /andP [even /(change_shown R) [C C0 change]] e e0.
rewrite number0 => c0.
have [r0 r1] := length_shown R unit_u; rewrite number1 in r1.
have length1 : length_of n (at_point R u) = 1 by apply/eqP; rewrite -sqrp_eq1 ?ltW // r1.
have y_u i : direction R n u i = at_point R u i by rewrite /direction length1 invr1 mul1r.
pose V := weight R (normal (Sub (curve_square n curve) (Const one))); pose d := Num.min (e / 4%:R) 2%:R^-1.
have V0 : 0 <= V by apply: weight_ge0.
have d0 : 0 < d by rewrite lt_minr divr_gt0 ?invr_gt0 ?ltr0n.
have [de d2] : d <= e / 4%:R /\ d <= 2%:R^-1 by rewrite !le_minl !lexx orbT.
have [t [t0 t1 small down]] := some_step change c0 C0 (addr_ge0 W0 V0) d0.
have t_norm : `|t| = t by rewrite gtr0_norm.
have Wt : W * t <= d by apply: le_trans small; rewrite ler_pmul2r // ler_addl.
have Vt : V * t <= d by apply: le_trans small; rewrite ler_pmul2r // ler_addr.
pose g := on_curve curve t; pose l := length_of n g.
have sum0 : 0 <= \sum_(i < n) g i ^+ 2 by apply: sumr_ge0 => i _; apply: sqr_ge0.
have ll : l ^+ 2 = \sum_(i < n) g i ^+ 2 by rewrite sqr_sqrtr.
have l0 : 0 <= l by apply: sqrtr_ge0.
have l_square : `|l ^+ 2 - 1| <= d.
  have := from_degree_small unit_start (_ : `|t| <= 1); rewrite t_norm t1 => /(_ isT).
  by rewrite eval_sub square_on_curve -ll expr1 [eval _ (Const _)]number1 => /le_trans; apply.
have l1 : `|l - 1| <= d.
  apply: le_trans l_square; rewrite -[X in _ - X](expr1n _ 2) subr_sqr normrM ler_pemulr ?normr_ge0 //.
  by rewrite ger0_norm ?addr_ge0 ?ler01 // ler_addr.
have l_half : 2%:R^-1 <= l.
  move: (le_trans l1 d2); rewrite ler_norml => /andP [+ _]; rewrite ler_subr_addr; apply: le_trans.
  by rewrite [X in _ + X](splitr 1) mul1r addKr.
have lp : 0 < l by apply: lt_le_trans l_half; rewrite invr_gt0 ltr0n.
exists (fun i => l^-1 * g i); split.
- rewrite /on_sphere; under eq_bigr => i _ do rewrite exprMn.
  by rewrite -mulr_sumr -ll -exprMn mulVf ?expr1n // gt_eqF.
- move=> i i_n; rewrite y_u.
  have u1 : `|at_point R u i| <= 1.
    rewrite -(ler_pexpn2r (_ : 0 < 2)%N) ?nnegrE ?normr_ge0 ?ler01 // expr1n.
    apply: le_trans (entry_le (at_point R u) i_n) _; rewrite /length2 -square_shown.
    by case/andP: unit_u => /(number_eqb R) -> _; rewrite number1.
  have -> : l^-1 * g i - at_point R u i = l^-1 * ((g i - at_point R u i) - at_point R u i * (l - 1)).
    by have l_neq0 : l != 0 by [rewrite gt_eqF]; field.
  rewrite normrM gtr0_norm ?invr_gt0 // mulrC ler_pdivr_mulr //.
  apply: le_trans (_ : d + d <= _).
    rewrite (le_trans (ler_norm_sub _ _)) // ler_add //.
      by apply: le_trans Wt; have := near t; rewrite t_norm t1 => /(_ isT) /(_ i i_n).
    by rewrite normrM -[X in _ <= X]mul1r ler_pmul ?normr_ge0.
  apply: le_trans (_ : e / 2%:R <= _); last by rewrite ler_pmul2l.
  have -> : e / 2%:R = e / 4%:R + e / 4%:R by field.
  exact: ler_add.
rewrite (eval_homogeneous _ _ same_degree) exprVn mulrC ltr_pdivr_mulr ?exprn_gt0 //.
by rewrite (eval_ext _ y_u) is_value -before_shown.
Qed.
End Curves.
