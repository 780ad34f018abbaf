(* Forms on the unit sphere: values and strict minima.

   A list of rationals that is not 0 stands for the unit vector along it ([direction]). f is a form in n variables. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import rational_numbers polynomial_identity certificate certificate_landscape.
From DLC Require Import polynomial_derivative.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Definition is_form (R : rcfType) (n p : nat) (f : expr) : Prop :=
  variables_below n f /\ forall (c : R) (y : nat -> R), eval (fun i => c * y i) f = c ^+ p * eval y f.
Definition length_of (R : rcfType) (n : nat) (y : nat -> R) : R := Num.sqrt (\sum_(i < n) y i ^+ 2).
Definition direction (R : rcfType) (n : nat) (u : seq Q) (i : nat) : R :=
  (length_of n (at_point R u))^-1 * at_point R u i.

Section Sphere.
Variables (R : rcfType) (n : nat).
Implicit Types (f : expr) (y z : nat -> R).

Definition on_sphere y : Prop := \sum_(i < n) y i ^+ 2 = 1.
Definition strict_minimum_on_sphere f y : Prop :=
  exists2 e : R, 0 < e & forall z, on_sphere z -> (forall i, (i < n)%N -> `|z i - y i| <= e) ->
  (exists2 i, (i < n)%N & z i != y i) -> eval y f < eval z f.
End Sphere.

(* u is not 0, with |u|^2 = s. *)
Definition check_form (n p : nat) (f : expr) : bool := variables_below n f && homogeneous p f.
Definition square_of (n : nat) (u : seq Q) : Q := sumq n (fun i => powq (nth zero u i) 2).
Definition check_length (n : nat) (u : seq Q) (s : Q) : bool := Qeq_bool (square_of n u) s && ltq zero s.
Definition signed_square (q : Q) : Q := mulq q (if Qle_bool zero q then q else subq zero q).
Definition check_below (n p : nat) (f : expr) (u v : seq Q) (s t : Q) (a b : Q) : bool :=
  [&& check_form n p f, check_length n u s, check_length n v t, check_value f u a && check_value f v b &
      ltq (mulq (signed_square a) (powq t p)) (mulq (signed_square b) (powq s p))].
(* f + m (|y|^2 - s) + k (|y|^2 - s)^2, which is f on the sphere of radius |u|. *)
Definition away_from (n : nat) (s : Q) : expr := Sub (sum_over n (fun i => Pow (Var i) 2)) (Const s).
Definition penalised (n : nat) (f : expr) (s m k : Q) : expr :=
  Add f (Add (multiple m (away_from n s)) (multiple k (Pow (away_from n s) 2))).
Definition check_minimum_on_sphere (n p : nat) (f : expr) (u : seq Q) (s m k value c : Q) (ds : seq Q) (ls : matrix) :
  bool := [&& check_form n p f, check_length n u s & check_minimum n (penalised n f s m k) u value c ds ls].

Section Directions.
Variables (R : rcfType) (n : nat).
Implicit Types (f : expr) (y : nat -> R) (u : seq Q).
Local Notation size_of u := (length_of n (at_point R u)).

Theorem form_shown p f : check_form n p f -> is_form R n p f.
Proof. by case/andP => inside same_degree; split=> // c y; apply: eval_homogeneous. Qed.

Lemma square_shown u : number R (square_of n u) = \sum_(i < n) at_point R u i ^+ 2.
Proof. by rewrite number_sum; apply: eq_bigr => i _; rewrite number_pow. Qed.

Lemma length_shown u s : check_length n u s -> 0 < size_of u /\ size_of u ^+ 2 = number R s.
Proof.
case/andP => /(number_eqb R) + /(number_gt0 R) s0; rewrite square_shown => is_s.
by rewrite /length_of is_s sqrtr_gt0 sqr_sqrtr // ltW.
Qed.

Lemma direction_on_sphere u s : check_length n u s -> on_sphere n (direction R n u).
Proof.
case/length_shown => r0 rs; rewrite /on_sphere /direction; under eq_bigr => i _ do rewrite exprMn.
rewrite -mulr_sumr -[X in _ * X]sqr_sqrtr -/(size_of u); last by apply: sumr_ge0 => i _; apply: sqr_ge0.
by rewrite -exprMn mulVf ?expr1n // gt_eqF.
Qed.

Lemma direction_value d f u : homogeneous d f ->
  eval (direction R n u) f = (size_of u)^-1 ^+ d * eval (at_point R u) f.
Proof. by move=> same_degree; rewrite -eval_homogeneous. Qed.

Lemma number_signed q : number R (signed_square q) = number R q * `|number R q|.
Proof.
rewrite number_mul; congr (_ * _); case: ifP => [/(number_ge0 R) q0|/negbT q0]; first by rewrite ger0_norm.
by rewrite number_sub number0 sub0r ltr0_norm // -(number0 R); apply: number_lt.
Qed.

(* a / r^p < b / q^p by their squares with their signs. *)
Lemma signed_lt (a b : R) : a * `|a| < b * `|b| -> a < b.
Proof.
apply: contraTT; rewrite -!leNgt => ba; have [b0|b0] := leP 0 b.
  by rewrite !ger0_norm ?(le_trans b0 ba) // ler_pmul // (le_trans b0 ba).
have [a0|a0] := leP 0 a.
  apply: le_trans (_ : 0 <= _); last by rewrite mulr_ge0.
  by rewrite nmulr_rle0.
rewrite !ltr0_norm // !mulrN ler_opp2 -mulrNN -[X in _ <= X]mulrNN.
by rewrite ler_pmul ?ler_opp2 // oppr_ge0 ltW.
Qed.

Theorem below_shown p f u v s t a b : check_below n p f u v s t a b ->
  eval (direction R n u) f < eval (direction R n v) f.
Proof.
case/and5P => /andP [_ same_degree] /length_shown [r0 rs] /length_shown [q0 qt].
case/andP => /(@value_shown R) is_a /(@value_shown R) is_b /(number_lt R).
rewrite ![number R (mulq (signed_square _) (powq _ _))]number_mul !number_signed !number_pow -rs -qt.
rewrite !(direction_value _ same_degree) is_a is_b.
move: (size_of u) (size_of v) r0 q0 => r q r0 q0 less; apply: signed_lt.
have rp : 0 < r ^+ p by rewrite exprn_gt0.
have qp : 0 < q ^+ p by rewrite exprn_gt0.
have scaled_by (x y : R) : 0 < x -> x^-1 * y * `|x^-1 * y| = (y * `|y|) / x ^+ 2.
  by move=> x0; rewrite normrM gtr0_norm ?invr_gt0 // mulrACA -invfM -expr2 mulrC.
rewrite !exprVn !scaled_by // ltr_pdivr_mulr ?exprn_gt0 // [X in _ < X]mulrAC ltr_pdivl_mulr ?exprn_gt0 //.
by rewrite -!exprM ![(2 * _)%N]mulnC !exprM in less.
Qed.

Theorem minimum_on_sphere_shown p f u s m k value c ds ls :
  check_minimum_on_sphere n p f u s m k value c ds ls -> strict_minimum_on_sphere n f (direction R n u).
Proof.
case/and3P => /andP [_ same_degree] /length_shown [r0 rs] /(minimum_shown R) [e e0 least].
set r := size_of u in r0 rs; have rn0 : r != 0 by rewrite gt_eqF.
have is_f y : \sum_(i < n) y i ^+ 2 = r ^+ 2 -> eval y (penalised n f s m k) = eval y f.
  move=> y_r; have gap0 : eval y (away_from n s) = 0 by rewrite eval_sub eval_over /= y_r rs subrr.
  have -> : eval y (penalised n f s m k) =
    eval y f + (number R m * eval y (away_from n s) + number R k * eval y (away_from n s) ^+ 2) by [].
  by rewrite gap0 expr0n !mulr0 !addr0.
exists (e / r) => [|z z1 near [i i_n differs]]; first exact: divr_gt0.
have back j : r * (z j - direction R n u j) = r * z j - at_point R u j.
  by rewrite mulrBr /direction -/r mulrA divff // mul1r.
have r_z : \sum_(j < n) (r * z j) ^+ 2 = r ^+ 2.
  by under eq_bigr => j _ do rewrite exprMn; rewrite -mulr_sumr z1 mulr1.
have r_u : \sum_(j < n) at_point R u j ^+ 2 = r ^+ 2 by rewrite sqr_sqrtr // sumr_ge0 // => j _; apply: sqr_ge0.
have := least (fun j => r * z j); rewrite (is_f _ r_z) (is_f _ r_u).
rewrite (direction_value _ same_degree) -/r (eval_homogeneous _ _ same_degree) => less.
rewrite exprVn ltr_pdivr_mull ?exprn_gt0 //; apply: less.
  by move=> j j_n; rewrite -back normrM (gtr0_norm r0) mulrC -ler_pdivl_mulr // near.
by exists i => //; rewrite -subr_eq0 -back mulf_neq0 // subr_eq0.
Qed.
End Directions.
