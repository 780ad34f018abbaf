(* What is shown of sums of ReLU units on Gaussian inputs: poor points, flat directions at the truth, and descent that
   returns. Each theorem takes Booleans that the kernel computes. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network rational_numbers polynomial_identity certificate certificate_landscape.
From DLC Require Import certificate_network certificate_returns gaussian_units.
From DLC Require Import certificate_gaussian certificate_gaussian_sums certificate_gaussian_points.
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

Definition plain_one : expr * expr := (Const one, Const one).
Definition check_flat (x : matrix) : bool :=
  [&& good_units, good_point plain_one truth, shaped n 1 x && ~~ vanishes n 1 x &
      for_all (fun l => is_nought (sum_over n (fun j => multiple (entry x j 0) (hessian_in plain_one truth l j))))].

Definition ratio_moves (rate : option (expr * expr)) (c d : expr * expr) (z y : matrix) (l : nat) : bool :=
  if rate is Some e then
    is_nought (Sub (Sub (Mul (Mul (Var 0) e.2) (Mul (Mul c.1 d.2) (Const (entry z l 0))))
        (Mul (multiple scale e.1) (Mul d.2 (gradient_in c z l))))
      (Mul (Mul (Var 0) e.2) (Mul (Mul d.1 c.2) (Const (entry y l 0)))))
  else is_nought (gradient_in c z l).
Definition ratio_apart (c d : expr * expr) (z y : matrix) (l : nat) : bool :=
  let e := Sub (Mul (Mul c.1 d.2) (Const (entry z l 0))) (Mul (Mul d.1 c.2) (Const (entry y l 0))) in
  is_positive e || is_positive (multiple (Qmake (-1) 1) e).
Definition check_units_return (rate : option (expr * expr)) (cs : seq (expr * expr)) (zs : seq matrix)
    (value : expr * expr) : bool :=
  let q := size zs in let c r := nth plain_one cs r in let z r := nth [::] zs r in
  let gap r := gap_of_loss (c r) value (z r) in
  [&& good_units && (0 < q)%N, positive_ratio value && (if rate is Some e then positive_ratio e else q == 1%N),
      all (fun r => good_point (c r) (z r) && (is_nought (gap r) || is_positive (gap r))) (iota 0 q),
      has (fun r => is_nought (gap r)) (iota 0 q) &
      all (fun r => for_all (ratio_moves rate (c r) (c (r.+1 %% q)%N) (z r) (z (r.+1 %% q)%N))) (iota 0 q) &&
        all (fun r => has (ratio_apart (c r) (c 0%N) (z r) (z 0%N)) (iota 0 n)) (iota 1 q.-1)].
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

Definition rates_in (rate : option (expr * expr)) (eta : R) : Prop :=
  if rate is Some e then eta = real_value pi e else 0 < eta.
Definition units_return (rate : option (expr * expr)) (cs : seq (expr * expr)) (zs : seq matrix)
    (value : expr * expr) : Prop :=
  0 < number R scale /\ returns gradient_at loss_at (rates_in rate) (size zs)
    (fun r => at_point (nth plain_one cs r) (nth [::] zs r)) (real_value pi value).
Definition units_poor (c : expr * expr) (z : matrix) (value : expr * expr) : Prop :=
  0 < number R scale /\
  poor_point pi angle k (number R scale) all_maps t (at_point c z) (real_value pi value).
Definition units_flat (x : matrix) : Prop :=
  0 < number R scale /\ (mx R n 1 x != 0 /\ hessian_at t *m mx R n 1 x = 0).

Lemma for_allP f (l : 'I_n) : for_all n f -> f (val l).
Proof. by move/allP; apply; rewrite mem_iota ltn_ord. Qed.

Lemma loss_is c z value : good_units m n scale maps truth -> good_point m n maps truth c z -> positive_ratio value ->
  is_nought (gap_of_loss m n scale maps truth c value z) -> loss_at (at_point c z) = real_value pi value.
Proof.
move=> units good ratio /(zero_shown pi) /eqP; have [f f0 ->] := gap_factor angles units good ratio.
by rewrite mulf_eq0 gt_eqF //= subr_eq0 => /eqP.
Qed.

Lemma loss_above c z value : good_units m n scale maps truth -> good_point m n maps truth c z -> positive_ratio value ->
  is_positive (gap_of_loss m n scale maps truth c value z) -> real_value pi value <= loss_at (at_point c z).
Proof.
move=> units good ratio /(positive_shown pi3); have [f f0 ->] := gap_factor angles units good ratio.
by rewrite pmulr_rgt0 // subr_gt0 => /ltW.
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

Theorem flat_shown x : check_flat m n scale maps truth x -> units_flat x.
Proof.
case/and4P => units good /andP [_ not0] no_image; have /and4P [/(number_gt0 R) scale0 _ _ _] := units; split=> //.
have one1 : real_value pi plain_one = 1 by rewrite /real_value /= number1 divr1.
have at_truth : hessian_at (at_point plain_one truth) = hessian_at t by rewrite one1 scale1r.
split.
  apply: contra not0 => /eqP /matrixP is0; apply/allP => i; rewrite mem_iota => i_n.
  apply/allP => j; rewrite mem_iota => j_1.
  apply: contraT => /(number_neq R); have := is0 (Ordinal i_n) (Ordinal j_1); rewrite !mxE /= => ->.
  by rewrite number0 eqxx.
rewrite -at_truth; apply/matrixP => l j; rewrite ord1 mxE [RHS]mxE; have := zero_shown pi (for_allP l no_image).
rewrite eval_over => sum0; have none : \sum_(i < n) number R (entry x i 0) *
  at_constants (hessian_in m n maps truth plain_one truth l i) = 0 by exact: sum0.
rewrite -[RHS](mulr0 (number R scale / (pi * at_constants plain_one.1))) -[X in _ = _ * X]none mulr_sumr.
have outwards (a h b : R) : a * h * b = a * (b * h) by ring.
apply: eq_bigr => i _; rewrite (units_hessian_shown angles scale l i good) [mx R n 1 x i 0]mxE.
exact: outwards.
Qed.

Lemma apart_shown c d z y l : positive_ratio c -> positive_ratio d -> (l < n)%N -> ratio_apart c d z y l ->
  at_point c z != at_point d y.
Proof.
move=> /(ratio_gt0 angles) [_ c0] /(ratio_gt0 angles) [_ d0] l_n differ; apply: contraT.
rewrite negbK => /eqP /matrixP /(_ (Ordinal l_n) 0); rewrite !mxE /= /real_value => same.
have : at_constants c.1 * at_constants d.2 * number R (entry z l 0) -
    at_constants d.1 * at_constants c.2 * number R (entry y l 0) = 0.
  have -> : at_constants c.1 * at_constants d.2 * number R (entry z l 0) -
      at_constants d.1 * at_constants c.2 * number R (entry y l 0) = at_constants c.2 * at_constants d.2 *
      (at_constants c.1 / at_constants c.2 * number R (entry z l 0) -
        at_constants d.1 / at_constants d.2 * number R (entry y l 0)).
    move: (at_constants c.1) (at_constants d.1) (number R _) (number R _) (lt0r_neq0 c0) (lt0r_neq0 d0) => *.
    by field; apply/andP.
  by rewrite same subrr mulr0.
move=> zero_difference; have minus : number R (Qmake (-1) 1) = -1 by rewrite /number /= divr1.
case/orP: differ => /(positive_shown pi3).
  by rewrite eval_sub /= zero_difference ltxx.
rewrite -[eval _ _]/(number R (Qmake (-1) 1) * at_constants (Sub (Mul (Mul c.1 d.2) (Const (entry z l 0)))
  (Mul (Mul d.1 c.2) (Const (entry y l 0))))) eval_sub /= zero_difference mulr0.
by rewrite ltxx.
Qed.

Lemma moves_shown rate c d z y eta : good_units m n scale maps truth -> good_point m n maps truth c z ->
  positive_ratio d -> (if rate is Some e then positive_ratio e else true) ->
  (if rate is None then c = d /\ z = y else True) ->
  rates_in rate eta -> for_all n (ratio_moves m n scale maps truth rate c d z y) ->
  at_point c z - eta *: gradient_at 0 (at_point c z) = at_point d y.
Proof.
move=> units good ratio_d ratio_e same allows moves; apply/matrixP => l j; rewrite ord1 2!mxE [X in _ + X]mxE.
rewrite [X in _ - X]mxE (units_gradient_shown angles) //; have := for_allP l moves; rewrite /ratio_moves.
have /and4P [ratio_c _ _ _] := good; have [_ b0] := ratio_gt0 angles ratio_c; have [_ d0] := ratio_gt0 angles ratio_d.
case: rate {moves} ratio_e same allows => [e|] ratio_e same allows /(zero_shown pi).
  have [_ e0] := ratio_gt0 angles ratio_e; rewrite eval_sub => /eqP; rewrite subr_eq0 => /eqP.
  rewrite eval_sub allows !mxE.
  have apart (p s ct cb dt db et eb g zl yl : R) : p != 0 -> cb != 0 -> db != 0 -> eb != 0 ->
      p * eb * (ct * db * zl) - s * et * (db * g) = p * eb * (dt * cb * yl) ->
      ct / cb * zl - et / eb * (s / (p * cb) * g) = dt / db * yl.
    move=> np nc nd ne moved; have -> : ct / cb * zl - et / eb * (s / (p * cb) * g) =
      (p * eb * (ct * db * zl) - s * et * (db * g)) / (p * eb * cb * db) by field; rewrite np nc nd ne.
    by rewrite moved; field; rewrite np nc nd ne.
  exact: apart (lt0r_neq0 pi0) (lt0r_neq0 b0) (lt0r_neq0 d0) (lt0r_neq0 e0).
by move=> ->; rewrite !mulr0 subr0 !mxE; case: same => -> ->.
Qed.

Theorem units_return_shown rate cs zs value : check_units_return m n scale maps truth rate cs zs value ->
  units_return rate cs zs value.
Proof.
case/and5P => /andP [units q0] /andP [ratio ratio_e] /allP points /hasP [s sq met] /andP [/allP moves /allP shorter].
have /and4P [/(number_gt0 R) scale0 _ _ _] := units; split=> //.
set q := size zs in q0 ratio_e points sq moves shorter *.
have {}points r : (r < q)%N -> let c := nth plain_one cs r in let z := nth [::] zs r in
    good_point m n maps truth c z /\ (is_nought (gap_of_loss m n scale maps truth c value z)
      || is_positive (gap_of_loss m n scale maps truth c value z)).
  by move=> rq; have := points r; rewrite mem_iota rq => /(_ isT) /andP [].
have ratios r : (r < q)%N -> positive_ratio (nth plain_one cs r).
  by case/points => /and4P [].
have at_q u : (u %% q < q)%N by rewrite ltn_mod.
apply: returns_shown => // [eta allows|r /andP [r0 rq]|r rq||].
- split=> [|u]; first by case: rate ratio_e allows {moves} => [e /(real_value_gt0 angles) e0 ->|_].
  have := moves (u %% q)%N; rewrite mem_iota at_q => /(_ isT) here.
  have -> : (u.+1 %% q = (u %% q).+1 %% q)%N by rewrite -addn1 -(modnDml u 1 q) addn1.
  apply: moves_shown here => //.
  + by case: (points _ (at_q u)).
  + exact: ratios.
  + by case: rate ratio_e {moves allows}.
  by case: rate ratio_e {moves allows} => // /eqP ->; rewrite !modn1.
- have := shorter r; rewrite mem_iota r0 add1n prednK // => /(_ rq) /hasP [l]; rewrite mem_iota => l_n.
  by apply: apart_shown; rewrite ?ratios.
- have [good /orP [is_value|above]] := points r rq; last exact: loss_above.
  by rewrite (loss_is units good ratio is_value).
- move: sq; rewrite mem_iota => sq; exists s => //; have [good _] := points s sq.
  exact: (loss_is units good ratio met).
exact: (real_value_gt0 angles).
Qed.
End Cases.
