(* Critical points without curvature of one sign, and curves that lead down from them: no local minima for all that. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm rational_numbers polynomial_identity certificate certificate_network.
From DLC Require Import certificate_landscape polynomial_derivative.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* In variables below n. *)
Definition second_order_point (R : realFieldType) (n : nat) (f : expr) (y : nat -> R) : Prop :=
  forall w : 'rV[R]_n, gradient_along f y w = 0 /\ 0 <= hessian_along f y w.
Definition no_minimum (R : realFieldType) (n : nat) (f : expr) (y : nat -> R) : Prop :=
  forall e, 0 < e -> exists2 z : nat -> R, (forall i, (i < n)%N -> `|z i - y i| <= e) & eval z f < eval y f.

(* A curve is a list of polynomials in variable 0. Along it f is value + c t^k + O(t^{k+1}). *)
Definition on_curve (R : realFieldType) (curve : seq expr) (t : R) (i : nat) : R :=
  eval (fun _ => t) (nth (Const zero) curve i).
Definition changes_along (R : realFieldType) (f : expr) (curve : seq expr) (value c : Q) (k : nat) : Prop :=
  exists C : R, forall t, `|t| <= 1 ->
  `|eval (on_curve curve t) f - number R value - number R c * t ^+ k| <= C * `|t| ^+ k.+1.

(* H - r I for the second derivatives H at u; and H + k u u^T as a sum of squares. *)
Definition hessian_at (n : nat) (f : expr) (u : seq Q) (r : Q) : matrix :=
  fill n n (fun i j => subq (value_at u (partial i (partial j f))) (if i == j then r else zero)).
Definition check_squares (n : nat) (h : matrix) (u : seq Q) (k : Q) (ds : seq Q) (ls : matrix) : bool :=
  all (fun l => Qle_bool zero (nth zero ds l)) (iota 0 (size ds)) && every_entry n n (fun i j =>
    Qeq_bool (addq (entry h i j) (mulq k (mulq (nth zero u i) (nth zero u j))))
      (sumq (size ds) (fun l => mulq (nth zero ds l) (mulq (entry ls l i) (entry ls l j))))).
Definition check_second_order (n : nat) (f : expr) (u : seq Q) (ds : seq Q) (ls : matrix) : bool :=
  all (fun i => Qeq_bool (value_at u (partial i f)) zero) (iota 0 n) &&
  check_squares n (hessian_at n f u zero) u zero ds ls.

(* f along the curve is [before] + c t^k + terms of higher degree. *)
Definition from_degree (k : nat) (f : expr) : bool := all (fun t => (k <= size t.1)%N) (normal f).
Definition restricted (curve : seq expr) (f : expr) : expr := subst (fun i => nth (Const zero) curve i) f.
Definition check_change (f : expr) (curve : seq expr) (before : expr) (c : Q) (k : nat) : bool :=
  from_degree k.+1 (Sub (restricted curve f) (Add before (Mul (Const c) (Pow (Var 0) k)))).
Definition check_curve_start (n : nat) (curve : seq expr) (u : seq Q) : bool :=
  all (fun i => from_degree 1 (Sub (nth (Const zero) curve i) (Const (nth zero u i)))) (iota 0 n).
Definition check_descent (n : nat) (f : expr) (curve : seq expr) (u : seq Q) (value c : Q) (k : nat) : bool :=
  [&& check_curve_start n curve u, check_change f curve (Const value) c k, ltq c zero & check_value f u value].

Section Points.
Variables (R : realFieldType) (n : nat).
Implicit Types (w : 'rV[R]_n) (f : expr) (u : seq Q).

Lemma hessian_shown f u r w : hessian_along f (at_point R u) w - number R r * (\sum_i w 0 i ^+ 2) =
  \sum_i \sum_j w 0 i * w 0 j * number R (entry (hessian_at n f u r) i j).
Proof.
have diagonal : number R r * (\sum_i w 0 i ^+ 2) =
    \sum_i \sum_(j < n) w 0 i * w 0 j * (if i == j then number R r else 0).
  rewrite mulr_sumr; apply: eq_bigr => i _; rewrite (bigD1 i) //= eqxx big1 ?addr0 => [|j /negPf].
    by rewrite mulrC expr2.
  by rewrite eq_sym => ->; rewrite mulr0.
rewrite diagonal -sumrB; apply: eq_bigr => i _; rewrite -sumrB; apply: eq_bigr => j _.
rewrite entry_fill // number_sub number_value mulrBr -val_eqE /=; congr (_ - _ * _).
by case: ifP; rewrite ?number0.
Qed.

Lemma square_of_sum (F : 'I_n -> R) : (\sum_i F i) ^+ 2 = \sum_i \sum_j F i * F j.
Proof. by rewrite expr2 big_distrlr. Qed.

Lemma squares_shown h u k ds ls w : check_squares n h u k ds ls ->
  number R k * (\sum_i w 0 i * at_point R u i) ^+ 2 = 0 -> 0 <= \sum_i \sum_j w 0 i * w 0 j * number R (entry h i j).
Proof.
case/andP => /allP heights /every_entryP equal_to none.
suff -> : \sum_i \sum_j w 0 i * w 0 j * number R (entry h i j) = \sum_(l < size ds) number R (nth zero ds l) *
    (\sum_i w 0 i * number R (entry ls l i)) ^+ 2.
  apply: sumr_ge0 => l _; rewrite mulr_ge0 ?sqr_ge0 // number_ge0 // heights //.
  by rewrite mem_iota add0n ltn_ord.
have {}none : number R k * (\sum_i \sum_j (w 0 i * at_point R u i) * (w 0 j * at_point R u j)) = 0.
  by rewrite -square_of_sum.
transitivity (\sum_i (\sum_j w 0 i * w 0 j * number R (entry h i j) +
    number R k * (\sum_j (w 0 i * at_point R u i) * (w 0 j * at_point R u j)))).
  by rewrite big_split /= -mulr_sumr none addr0.
under [RHS]eq_bigr => l _ do rewrite square_of_sum mulr_sumr.
rewrite exchange_big; apply: eq_bigr => i _ /=.
rewrite mulr_sumr -big_split /=; under [RHS]eq_bigr => l _ do rewrite mulr_sumr.
rewrite exchange_big; apply: eq_bigr => j _ /=.
have := number_eqb R (equal_to i j); rewrite number_add number_sum !number_mul -!/(at_point R u _) => E.
transitivity (w 0 i * w 0 j * (number R (entry h i j) + number R k * (at_point R u i * at_point R u j))).
  by move: (number R (entry h i j)) (number R k) (at_point R u i) (at_point R u j) (w 0 i) (w 0 j) => *; ring.
rewrite E mulr_sumr; apply: eq_bigr => l _; rewrite !number_mul.
by move: (number R (entry ls l i)) (number R (entry ls l j)) (number R _) (w 0 i) (w 0 j) => *; ring.
Qed.

Theorem second_order_shown f u ds ls : check_second_order n f u ds ls -> second_order_point n f (at_point R u).
Proof.
case/andP => /allP critical psd w; split.
  rewrite /gradient_along big1 // => i _; rewrite -number_value (number_eqb R (critical i _)) ?number0 ?mulr0 //.
  by rewrite mem_iota add0n ltn_ord.
have := squares_shown (w := w) psd; rewrite number0 mul0r => /(_ erefl).
by rewrite -hessian_shown number0 mul0r subr0.
Qed.
End Points.

Section Curves.
Variable R : realFieldType.
Implicit Types (f : expr) (curve : seq expr).

Lemma weight_ge0 (p : poly) : 0 <= weight R p.
Proof. by apply: sumr_ge0 => t _; apply: normr_ge0. Qed.

Lemma from_degree_small k f (t : R) : from_degree k f -> `|t| <= 1 ->
  `|eval (fun _ => t) f| <= weight R (normal f) * `|t| ^+ k.
Proof.
move=> high t1; move: high; rewrite /from_degree -at_normal /at_poly /weight; elim: (normal f) => [|m p IH] /=.
  by rewrite !big_nil normr0 mul0r.
case/andP => deg /IH rest; rewrite !big_cons mulrDl (le_trans (ler_norm_add _ _)) // ler_add //.
rewrite normrM ler_wpmul2l ?normr_ge0 // /at_monomial big_const_seq count_predT iter_mulr_1 normrX.
by rewrite -(subnKC deg) exprD ler_pimulr ?exprn_ge0 // exprn_ile1.
Qed.

Lemma change_shown f curve before c k : check_change f curve before c k ->
  exists2 C : R, 0 <= C & forall t, `|t| <= 1 ->
  `|eval (on_curve curve t) f - eval (fun _ => t) before - number R c * t ^+ k| <= C * `|t| ^+ k.+1.
Proof.
move=> change; exists (weight R (normal (Sub (restricted curve f) (Add before (Mul (Const c) (Pow (Var 0) k)))))).
  exact: weight_ge0.
by move=> t t1; have := from_degree_small change t1; rewrite eval_sub eval_subst /= opprD addrA.
Qed.

Lemma curve_start_shown n curve u : check_curve_start n curve u -> exists2 W : R, 0 <= W & forall t, `|t| <= 1 ->
  forall i, (i < n)%N -> `|on_curve curve t i - at_point R u i| <= W * `|t|.
Proof.
move/allP => starts; pose g i := Sub (nth (Const zero) curve i) (Const (nth zero u i)).
exists (\sum_(i < n) weight R (normal (g i))); first by apply: sumr_ge0 => i _; apply: weight_ge0.
move=> t t1 i i_n; have := starts i; rewrite mem_iota => /(_ i_n) /from_degree_small /(_ t1).
rewrite eval_sub expr1 => le; apply: le_trans le _; rewrite ler_wpmul2r //.
by rewrite (bigD1 (Ordinal i_n)) //= ler_addl sumr_ge0 // => j _; apply: weight_ge0.
Qed.

(* What falls by |c| t^k falls at some small t. *)
Lemma some_step (F V : R -> R) (c C W e : R) k :
  (forall t, `|t| <= 1 -> `|F t - V t - c * t ^+ k| <= C * `|t| ^+ k.+1) -> c < 0 -> 0 <= C -> 0 <= W -> 0 < e ->
  exists t, [/\ 0 < t, t <= 1, W * t <= e & F t < V t].
Proof.
move=> change c0 C0 W0 e0; pose t := Num.min 1 (Num.min (e / (W + 1)) (- c / (C + 1) / 2%:R)).
have W1 : 0 < W + 1 by rewrite ltr_paddl ?ltr01.
have C1 : 0 < C + 1 by rewrite ltr_paddl ?ltr01.
have c1 : 0 < - c by rewrite oppr_gt0.
have t0 : 0 < t by rewrite /t !lt_minr ltr01 !divr_gt0 // ltr0n.
have t1 : t <= 1 by rewrite /t le_minl lexx.
have [tW tC] : t <= e / (W + 1) /\ t <= - c / (C + 1) / 2%:R by rewrite /t !le_minl !lexx !orbT.
exists t; split=> //.
  move: tW; rewrite ler_pdivl_mulr // => /(le_trans _); apply.
  by rewrite mulrC ler_pmul2l // ler_addl ler01.
have norm_t : `|t| = t by rewrite gtr0_norm.
have := change t; rewrite norm_t t1 => /(_ isT) /(le_trans (ler_norm _)).
rewrite ler_subl_addr exprSr mulrA mulrAC -mulrDl => le.
rewrite -subr_lt0; apply: le_lt_trans le _; rewrite pmulr_llt0 ?exprn_gt0 //.
have : C * t <= - c / 2%:R.
  have : t * (C + 1) <= - c / 2%:R by rewrite -ler_pdivl_mulr // mulrAC.
  by apply: le_trans; rewrite mulrC ler_pmul2l // ler_addl ler01.
move=> Ct; apply: le_lt_trans (ler_add Ct (lexx c)) _.
have -> : - c / 2%:R + c = c / 2%:R by rewrite {2}(splitr c) mulNr addrA addNr add0r.
by rewrite pmulr_llt0 // invr_gt0 ltr0n.
Qed.

Theorem changes_shown f curve value c k :
  check_change f curve (Const value) c k -> changes_along R f curve value c k.
Proof. by case/change_shown => C _ change; exists C. Qed.

Theorem descent_shown n f curve u value c k :
  check_descent n f curve u value c k -> no_minimum n f (at_point R u).
Proof.
case/and4P => /curve_start_shown [W W0 near] /change_shown [C C0 change] /(number_lt R) c0 /value_shown is_value e e0.
rewrite number0 in c0; have [t [t0 t1 Wt down]] := some_step change c0 C0 W0 e0.
exists (on_curve curve t) => [i i_n|]; last by rewrite is_value.
by apply: le_trans (near t _ i i_n) _; rewrite gtr0_norm.
Qed.
End Curves.
