(* Gradient descent on a polynomial objective of factors u_0, u_1, ...: what no step changes, and where a flow can end.

   Certificates of the models u v ~ m and <diag(a), U U^T> ~ y, U = diag(u). *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import rational_numbers polynomial_identity certificate certificate_landscape.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* The models: 1/2 (u v - m)^2, and 1/4 (sum_i a_i u_i^2 - y)^2 with the error sum_(i > 0) u_i^4. *)
Definition two_factors (m : Q) : expr :=
  multiple (Qmake 1 2) (Pow (Sub (Mul (Var 0) (Var 1)) (Const m)) 2).
Definition diagonal_gap (a : seq Q) (y : Q) : expr :=
  Sub (sum_over (size a) (fun i => multiple (nth zero a i) (Pow (Var i) 2))) (Const y).
Definition diagonal_sensing (a : seq Q) (y : Q) : expr := quarter (Pow (diagonal_gap a y) 2).
Definition diagonal_error (a : seq Q) : expr := sum_over (size a).-1 (fun i => Pow (Var i.+1) 4).

(* The derivative of an expression in variable i. *)
Fixpoint slope_by (i : nat) (f : expr) : expr :=
  match f with
  | Const _ => Const zero
  | Var j => Const (if i == j then one else zero)
  | Add a b => Add (slope_by i a) (slope_by i b)
  | Mul a b => Add (Mul (slope_by i a) b) (Mul a (slope_by i b))
  | Pow a n =>
      (fix power n := if n is m.+1 then Add (Mul (slope_by i a) (Pow a m)) (Mul a (power m)) else Const zero) n
  end.

Section Descent.
Variable R : realFieldType.
Implicit Types x u : nat -> R.

(* What [slope_by] means: along variable i the objective is a polynomial in t, and this is its derivative at t = 0. *)
Definition moved_along x (i : nat) (t : R) (j : nat) : R := if i == j then x j + t else x j.
Definition differentiates (f : expr) : Prop :=
  forall x i, exists2 p : {poly R}, forall t, p.[t] = eval (moved_along x i t) f & p^`().[0] = eval x (slope_by i f).
Fixpoint along_variable x (i : nat) (f : expr) : {poly R} :=
  match f with
  | Const q => (number R q)%:P
  | Var j => (x j)%:P + (if i == j then 'X else 0)
  | Add a b => along_variable x i a + along_variable x i b
  | Mul a b => along_variable x i a * along_variable x i b
  | Pow a n => along_variable x i a ^+ n
  end.

Theorem slopes_differentiate f : differentiates f.
Proof.
move=> x i; exists (along_variable x i f).
  move=> t; elim: f => [q|j|a IHa b IHb|a IHa b IHb|a IHa n] /=; rewrite ?hornerE ?horner_exp ?IHa ?IHb //.
  by rewrite /moved_along; case: eqP; rewrite !hornerE.
have at0 g : (along_variable x i g).[0] = eval x g.
  elim: g => [q|j|a IHa b IHb|a IHa b IHb|a IHa n] /=; rewrite ?hornerE ?horner_exp ?IHa ?IHb //.
  by case: eqP; rewrite !hornerE.
elim: f => [q|j|a IHa b IHb|a IHa b IHb|a IHa n] /=; rewrite ?derivE ?hornerE ?IHa ?IHb ?at0 ?number0 //.
  by case: eqP; rewrite ?derivE ?hornerE ?number0 ?number1.
elim: n => [|n IH] /=; first by rewrite ?derivE ?hornerE number0.
by rewrite exprS derivM !hornerE IH IHa at0 horner_exp at0.
Qed.

(* Every variable at once. *)
Definition factors_step (eta : R) (f : expr) u : nat -> R := fun i => u i - eta * eval u (slope_by i f).
Definition factors_descent (eta : R) (f : expr) u (t : nat) : nat -> R := iter t (factors_step eta f) u.

(* <a, u> *)
Definition form_at (a : seq Q) u : R := \sum_(i < size a) number R (nth zero a i) * u i.
(* For every learning rate <a, u> stays what it is at the start, the error at the value and more, and no larger value
   would do for all points with that <a, u>. *)
Definition keeps (f error : expr) (start a : seq Q) (value : Q) : Prop :=
  let kept := form_at a (at_point R start) in
  [/\ forall eta t, let u := factors_descent eta f (at_point R start) t in
        form_at a u = kept /\ number R value <= eval u error,
      exists2 u, form_at a u = kept & eval u error = number R value,
      0 < number R value & differentiates f].
End Descent.

(* Variable k by the others where <a, u> = level, and what is computed. *)
Definition level_of (a start : seq Q) : Q := sumq (size a) (fun i => mulq (nth zero a i) (nth zero start i)).
Definition others (a : seq Q) (k : nat) : expr :=
  sum_over (size a) (fun i => multiple (if i == k then zero else nth zero a i) (Var i)).
Definition solved (a : seq Q) (k : nat) (level : Q) (j : nat) : expr :=
  if j == k then multiple (Qinv (nth zero a k)) (Sub (Const level) (others a k)) else Var j.
Definition form_change (f : expr) (a : seq Q) : expr :=
  sum_over (size a) (fun i => multiple (nth zero a i) (slope_by i f)).
Fixpoint paired (m : monomial) : bool :=
  match m with [::] => true | [:: i, j & rest] => (i == j) && paired rest | _ => false end.
Definition even_terms (f : poly) : bool := all (fun t => paired t.1 && Qle_bool zero t.2) f.
Definition check_keeps (f error : expr) (start a : seq Q) (value : Q) (k : nat) : bool :=
  let s := solved a k (level_of a start) in
  [&& (k < size a)%N, ~~ Qeq_bool (nth zero a k) zero, equal (subst s (form_change f a)) (Const zero),
      even_terms (normal (Sub (subst s error) (Const value))) &
      equal (subst (fun _ => Const zero) (subst s error)) (Const value) && ltq zero value].

Section Kept.
Variable R : realFieldType.
Implicit Types u : nat -> R.

Lemma level_form a start : number R (level_of a start) = form_at a (at_point R start).
Proof. by rewrite /level_of number_sum; apply: eq_bigr => i _; rewrite number_mul. Qed.

Lemma paired_ge0 u m : paired m -> 0 <= at_monomial u m.
Proof.
move: {2}(size m) (leqnn (size m)) => n; elim: n m => [|n IH] [|i [|j m]] //= small; rewrite /at_monomial;
  try by rewrite big_nil ler01.
case/andP => /eqP <- /IH nonneg; rewrite !big_cons mulrA -expr2 mulr_ge0 ?sqr_ge0 //.
by apply: nonneg; rewrite -ltnS (leq_trans _ small).
Qed.

Lemma even_ge0 u f : even_terms f -> 0 <= at_poly u f.
Proof.
rewrite /at_poly; elim: f => [|[m q] f IH] /=; first by rewrite big_nil.
by case/andP => /andP [pairs /(number_ge0 R) q0] /IH rest; rewrite big_cons addr_ge0 // mulr_ge0 // paired_ge0.
Qed.

Lemma number_invq q : ~~ Qeq_bool q zero -> number R (Qinv q) * number R q = 1.
Proof.
move=> q0; rewrite -number_mul -number1; apply: number_eq; rewrite /mulq Qred_correct Qmult_comm.
by apply: Qmult_inv_r => E; move/negP: q0; apply; apply/Qeq_bool_iff.
Qed.

Lemma eval_others a k u : (k < size a)%N ->
  form_at a u = number R (nth zero a k) * u k + eval u (others a k).
Proof.
move=> k_n; rewrite /form_at (bigD1 (Ordinal k_n)) //=; congr (_ + _).
rewrite eval_over [in RHS](bigD1 (Ordinal k_n)) //= eqxx number0 mul0r add0r.
by apply: eq_bigr => i; rewrite -val_eqE /= => /negPf ->.
Qed.

Lemma eval_solved a k level u f : (k < size a)%N -> ~~ Qeq_bool (nth zero a k) zero ->
  form_at a u = number R level -> eval u (subst (solved a k level) f) = eval u f.
Proof.
move=> k_n a0 at_level; rewrite eval_subst; apply: eval_ext => j; rewrite /solved.
case: eqP => [->|//]; rewrite -[eval u _]/(number R (Qinv (nth zero a k)) * eval u (Sub (Const level) (others a k))).
rewrite eval_sub -[eval u (Const _)]/(number R level) -at_level (eval_others _ k_n) addrK mulrA number_invq //.
by rewrite mul1r.
Qed.

Theorem kept_shown f error start a value k : check_keeps f error start a value k -> keeps R f error start a value.
Proof.
case/and5P => k_n a0 no_change even /andP [met /(number_gt0 R) value0].
set level := level_of a start in no_change even *.
have above u : form_at a u = number R level -> number R value <= eval u error.
  move=> /(eval_solved error k_n a0) <-; rewrite -subr_ge0 -[number R value]/(eval u (Const value)) -eval_sub.
  by rewrite -at_normal even_ge0.
have stays eta u : form_at a u = number R level -> form_at a (factors_step eta f u) = number R level.
  move=> at_level; rewrite /form_at /factors_step; under eq_bigr do rewrite mulrBr mulrCA.
  rewrite sumrB -mulr_sumr -/(form_at a u) at_level -[X in _ * X](eval_over u (size a) (fun i =>
    multiple (nth zero a i) (slope_by i f))) -/(form_change f a) -(eval_solved (form_change f a) k_n a0 at_level).
  by rewrite (identity u no_change) /= number0 mulr0 subr0.
rewrite /keeps -level_form -/level; split=> //; last exact: slopes_differentiate.
  move=> eta t /=; have at_level : form_at a (factors_descent eta f (at_point R start) t) = number R level.
    by elim: t => [|t IH]; [rewrite level_form | apply: stays].
  by split=> //; apply: above.
pose u j := eval (fun _ => 0 : R) (solved a k level j); exists u; last first.
  rewrite -(eval_subst (fun _ => 0) (solved a k level)) -[RHS]/(eval (fun _ => 0) (Const value)) -(identity _ met).
  by rewrite [RHS]eval_subst; apply: eval_ext => i /=; rewrite number0.
have none v : (forall j, j != k -> v j = 0) -> eval v (others a k) = 0 :> R.
  move=> v0; rewrite eval_over big1 // => i _ /=; case: eqP => [_|/eqP /v0 ->]; rewrite ?number0 ?mul0r ?mulr0 //.
rewrite (eval_others _ k_n) none => [|j /negPf jk]; last by rewrite /u /solved jk.
rewrite addr0 /u /solved eqxx -[eval _ _]/(number R (Qinv (nth zero a k)) * eval _ (Sub (Const level) (others a k))).
by rewrite eval_sub none // subr0 mulrA [X in X * _]mulrC number_invq // mul1r.
Qed.
End Kept.

(* Where the flow u' = - grad f from u = (alpha, ..., alpha) can end, f that of diagonal_sensing, a_i = p_i / q_i.

   Its path has alpha^p u_i^q = alpha^q u_0^p: the difference g of the two sides has g' = - <grad g, grad f> = - p r g,
   r = sum_i a_i u_i^2 - y. On that path one point alone has positive coordinates and gradient 0. *)
Definition power_of (ps : seq (nat * nat)) (i : nat) : nat * nat := nth (0%N, 1%N) ps i.
Definition path_of (alpha : Q) (ps : seq (nat * nat)) (i : nat) : expr :=
  let: (p, q) := power_of ps i in
  Sub (multiple (powq alpha p) (Pow (Var i) q)) (multiple (powq alpha q) (Pow (Var 0) p)).
Definition fall_of (n : nat) (g f : expr) : expr := sum_over n (fun i => Mul (slope_by i g) (slope_by i f)).

Definition flow_ends (R : rcfType) (a : seq Q) (y alpha : Q) (ps : seq (nat * nat)) (s : seq Q) (value : Q) : Prop :=
  let f := diagonal_sensing a y in
  let on_path (u : nat -> R) := forall i, (i < size a)%N -> eval u (path_of alpha ps i) = 0 in
  let rests (u : nat -> R) := forall i, (i < size a)%N -> 0 < u i /\ eval u (slope_by i f) = 0 in
  [/\ 0 < number R alpha /\ on_path (fun _ => number R alpha),
      forall u i, (i < size a)%N -> eval (R := R) u (fall_of (size a) (path_of alpha ps i) f) =
        (eval u (diagonal_gap a y) *+ (power_of ps i).1) * eval u (path_of alpha ps i),
      exists2 u, on_path u & rests u,
      forall u, on_path u -> rests u ->
        (forall i, (i < size a)%N -> u i ^+ 2 = number R (nth zero s i)) /\ eval u (diagonal_error a) = number R value &
      0 < number R value /\ differentiates R f].

Definition check_path (a : seq Q) (alpha : Q) (ps : seq (nat * nat)) (s : seq Q) (i : nat) : bool :=
  let: (p, q) := power_of ps i in
  [&& Qle_bool zero (nth zero a i), (0 < q)%N, ltq zero (nth zero s i) &
      Qeq_bool (mulq (powq alpha (p * 2)) (powq (nth zero s i) q)) (mulq (powq alpha (q * 2)) (powq (nth zero s 0) p))].
Definition check_fall (a : seq Q) (y alpha : Q) (ps : seq (nat * nat)) (i : nat) : bool :=
  let f := diagonal_sensing a y in
  equal (fall_of (size a) (path_of alpha ps i) f)
    (Mul (Sum (nseq (power_of ps i).1 (diagonal_gap a y))) (path_of alpha ps i)) &&
  equal (slope_by i f) (Mul (diagonal_gap a y) (multiple (nth zero a i) (Var i))).
Definition check_flow (a : seq Q) (y alpha : Q) (ps : seq (nat * nat)) (s : seq Q) (value : Q) : bool :=
  [&& (0 < size a)%N && ltq zero (nth zero a 0), ltq zero alpha,
      all (check_path a alpha ps s) (iota 0 (size a)), all (check_fall a y alpha ps) (iota 0 (size a)) &
      [&& Qeq_bool (level_of a s) y, Qeq_bool (sumq (size a).-1 (fun i => powq (nth zero s i.+1) 2)) value &
          ltq zero value]].

Section Flow.
Variables (R : rcfType) (a : seq Q) (y alpha : Q) (ps : seq (nat * nat)) (s : seq Q) (value : Q).
Hypothesis checked : check_flow a y alpha ps s value.
Implicit Types u w : nat -> R.
Let n := size a.
Let coefficient i : R := number R (nth zero a i).
Let gap u : R := eval u (diagonal_gap a y).
Let on_path u := forall i, (i < n)%N -> eval u (path_of alpha ps i) = 0.
Let positive_all u := forall i, (i < n)%N -> 0 < u i.

Let n0 : (0 < n)%N. Proof. by case/and5P: checked => /andP []. Qed.
Let coefficient0 : 0 < coefficient 0. Proof. by case/and5P: checked => /andP [_ /(number_gt0 R)]. Qed.
Let alpha0 : 0 < number R alpha. Proof. by case/and5P: checked => _ /(number_gt0 R). Qed.
Let path_checked i : (i < n)%N -> check_path a alpha ps s i.
Proof. by case/and5P: checked => _ _ /allP each _ _ i_n; apply: each; rewrite mem_iota. Qed.
Let fall_checked i : (i < n)%N -> check_fall a y alpha ps i.
Proof. by case/and5P: checked => _ _ _ /allP each _ i_n; apply: each; rewrite mem_iota. Qed.

Lemma path_value u i : let: (p, q) := power_of ps i in
  eval u (path_of alpha ps i) = number R alpha ^+ p * u i ^+ q - number R alpha ^+ q * u 0%N ^+ p.
Proof. by rewrite /path_of; case: power_of => p q; rewrite eval_sub /= !number_pow. Qed.

Lemma gap_value u : gap u = \sum_(i < n) coefficient i * u i ^+ 2 - number R y.
Proof. by rewrite /gap /diagonal_gap eval_sub eval_over. Qed.

Lemma le_on_path u w : on_path u -> on_path w -> positive_all u -> positive_all w -> u 0%N <= w 0%N ->
  forall i, (i < n)%N -> u i <= w i.
Proof.
move=> u_on w_on u0 w0 le i i_n; have := path_checked i_n; rewrite /check_path.
have := u_on i i_n; have := w_on i i_n; have := path_value u i; have := path_value w i.
case: power_of => p q -> -> /eqP; rewrite subr_eq0 => /eqP E_w /eqP; rewrite subr_eq0 => /eqP E_u /and4P [_ q0 _ _].
rewrite -(ler_pexpn2r q0) ?nnegrE ?(ltW (u0 _ i_n)) ?(ltW (w0 _ i_n)) //.
rewrite -(ler_pmul2l (exprn_gt0 p alpha0)) E_u E_w ler_wpmul2l ?exprn_ge0 ?(ltW alpha0) //.
by rewrite ler_expn2r ?nnegrE ?(ltW (u0 _ n0)) ?(ltW (w0 _ n0)).
Qed.

Lemma lt_on_path u w : on_path u -> on_path w -> positive_all u -> positive_all w -> u 0%N < w 0%N -> gap u < gap w.
Proof.
move=> u_on w_on u0 w0 lt; have le := le_on_path u_on w_on u0 w0 (ltW lt).
rewrite !gap_value ltr_add2r (bigD1 (Ordinal n0)) //= [X in _ < X](bigD1 (Ordinal n0)) //=.
apply: ltr_le_add; first by rewrite ltr_pmul2l // ltr_expn2r ?nnegrE ?(ltW (u0 _ _)).
apply: ler_sum => i _; have := path_checked (ltn_ord i); rewrite /check_path; case: power_of => p q.
case/and4P => /(number_ge0 R) a0 _ _ _; rewrite ler_wpmul2l // ler_expn2r ?nnegrE ?le //.
- by rewrite ltW ?u0.
by rewrite ltW ?w0.
Qed.

Let ending i : R := Num.sqrt (number R (nth zero s i)).
Let ending_gt0 : positive_all ending.
Proof.
move=> i /path_checked; rewrite /check_path; case: power_of => p q /and4P [_ _ /(number_gt0 R) s0 _].
by rewrite sqrtr_gt0.
Qed.
Let ending_sqr i : (i < n)%N -> ending i ^+ 2 = number R (nth zero s i).
Proof. by move/ending_gt0; rewrite sqrtr_gt0 => /ltW; apply: sqr_sqrtr. Qed.
Let ending_on_path : on_path ending.
Proof.
move=> i i_n; have := path_value ending i; have := path_checked i_n; rewrite /check_path; case: power_of => p q.
case/and4P => _ _ _ /(number_eqb R); rewrite !number_mul !number_pow => E ->; apply/eqP; rewrite subr_eq0.
rewrite -(eqr_expn2 (n := 2)) ?mulr_ge0 ?exprn_ge0 ?(ltW alpha0) ?(ltW (ending_gt0 _)) //.
rewrite !(exprMn _ (number R alpha ^+ _)) -!(exprM (number R alpha)) (exprAC (ending i)) (exprAC (ending 0%N)).
by rewrite !ending_sqr // E.
Qed.
Let ending_gap : gap ending = 0.
Proof.
case/and5P: checked => _ _ _ _ /and3P [/(number_eqb R) E _ _]; rewrite gap_value -E /level_of number_sum.
by apply/eqP; rewrite subr_eq0; apply/eqP/eq_bigr => i _; rewrite number_mul ending_sqr.
Qed.

Let slope_value u i : (i < n)%N -> eval u (slope_by i (diagonal_sensing a y)) = gap u * (coefficient i * u i).
Proof. by case/fall_checked/andP => _ /(identity u). Qed.

Theorem flow_shown : flow_ends R a y alpha ps s value.
Proof.
case/and5P: (checked) => _ _ _ _ /and3P [_ /(number_eqb R) is_value /(number_gt0 R) value0].
split; last by split=> //; apply: slopes_differentiate.
- split=> // i i_n; have := path_value (fun _ => number R alpha) i; case: power_of => p q ->.
  by rewrite -!exprD addnC subrr.
- move=> u i i_n; have /andP [/(identity u) -> _] := fall_checked i_n; rewrite /=; congr (_ * _).
  by elim: (power_of ps i).1 => [|m IH] /=; rewrite ?number0 ?mulr0n // mulrS IH.
- exists ending => // i i_n; split; [exact: ending_gt0 | by rewrite slope_value // ending_gap mul0r].
move=> u on rest; have u0 i (i_n : (i < n)%N) := proj1 (rest i i_n).
have gap0 : gap u = 0.
  have /eqP := proj2 (rest _ n0); rewrite slope_value // mulf_eq0 => /orP [/eqP //|].
  by rewrite gt_eqF // mulr_gt0 ?u0.
have first : u 0%N = ending 0%N.
  case: (ltgtP (u 0%N) (ending 0%N)) => // /lt_on_path; rewrite gap0 ending_gap ltxx => absurd; exfalso.
    by have := absurd on ending_on_path u0 ending_gt0.
  by have := absurd ending_on_path on ending_gt0 u0.
have same i : (i < n)%N -> u i = ending i.
  have [le ge] : u 0%N <= ending 0%N /\ ending 0%N <= u 0%N by rewrite first lexx.
  move=> i_n; apply/eqP; rewrite eq_le (le_on_path on ending_on_path u0 ending_gt0 le i_n).
  exact: le_on_path ending_on_path on ending_gt0 u0 ge i i_n.
split=> [i i_n|]; first by rewrite same // ending_sqr.
rewrite -is_value number_sum /diagonal_error eval_over; apply: eq_bigr => i _ /=.
have i_n : (i.+1 < n)%N by rewrite -(prednK n0) ltnS.
by rewrite number_mul number_mul number1 mulr1 same // (exprM _ 2 2) ending_sqr.
Qed.
End Flow.
