(* Points c z of sums of ReLU units on Gaussian inputs: where the gradient is 0 and the Hessian positive definite or
   singular, and to which descent returns. Each is shown by polynomials in pi and the root of 3. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network rational_numbers polynomial_identity certificate certificate_landscape.
From DLC Require Import certificate_network certificate_returns gaussian_units.
From DLC Require Import certificate_gaussian certificate_gaussian_sums.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* A symmetric form on n variables, by its pivots: h_00 > 0, and h_00 h_ij - h_0i h_0j for i, j > 0. *)
Fixpoint positive_form (n : nat) (h : nat -> nat -> expr) : bool :=
  if n is p.+1 then is_positive (h 0%N 0%N) && positive_form p (fun i j =>
    Sub (Mul (h 0%N 0%N) (h i.+1 j.+1)) (Mul (h 0%N i.+1) (h 0%N j.+1))) else true.

Section Form.
Variables (R : rcfType) (pi : R).
Hypothesis pi3 : 3%:R < pi.
Local Notation at_constants := (eval (constants pi)).

Lemma pivots_shown n h : positive_form n h ->
  (forall i j, (i < n)%N -> (j < n)%N -> at_constants (h i j) = at_constants (h j i)) ->
  forall x : nat -> R, (exists2 i, (i < n)%N & x i != 0) ->
  0 < \sum_(i < n) \sum_(j < n) x i * at_constants (h i j) * x j.
Proof.
elim: n h => [|n IH] h /=; first by move=> _ _ x [].
case/andP => /(positive_shown pi3) pivot /IH rest symmetric x [i i_n xi].
set a := at_constants (h 0%N 0%N) in pivot; pose b (j : 'I_n) := at_constants (h 0%N j.+1).
pose y (j : nat) := x j.+1; pose cross := \sum_(j < n) b j * y j.
pose inner := \sum_(i < n) \sum_(j < n) y i * at_constants (h i.+1 j.+1) * y j.
have -> : \sum_(i < n.+1) \sum_(j < n.+1) x i * at_constants (h i j) * x j =
    a * x 0%N ^+ 2 + 2%:R * x 0%N * cross + inner.
  rewrite big_ord_recl big_ord_recl /= -/a; under [X in _ + X = _]eq_bigr do rewrite big_ord_recl /=.
  rewrite big_split /= addrA -/inner; congr (_ + _); rewrite -addrA; congr (_ + _).
    by rewrite expr2 mulrA [x 0%N * a]mulrC.
  rewrite /cross mulr_sumr -big_split; apply: eq_bigr => j _ /=.
  rewrite !/bump !leq0n !add1n (symmetric j.+1 0%N) ?ltnS // -/(b j) -/(y j).
  by move: (b j) (y j) (x 0%N) => r s t; ring.
rewrite -(pmulr_rgt0 _ pivot).
have -> : a * (a * x 0%N ^+ 2 + 2%:R * x 0%N * cross + inner) =
    (a * x 0%N + cross) ^+ 2 + (a * inner - cross ^+ 2) by ring.
have -> : a * inner - cross ^+ 2 = \sum_(i < n) \sum_(j < n) y i * at_constants
    (Sub (Mul (h 0%N 0%N) (h i.+1 j.+1)) (Mul (h 0%N i.+1) (h 0%N j.+1))) * y j.
  rewrite /inner expr2 {1}/cross mulr_sumr mulr_suml -sumrB; apply: eq_bigr => l _.
  rewrite mulr_sumr /cross mulr_sumr -sumrB; apply: eq_bigr => j _.
  rewrite eval_sub /= -/a -/(b l) -/(b j).
  by move: (at_constants _) (b l) (b j) (y l) (y j) => *; ring.
have [/existsP [j yj]|/existsPn none] := boolP [exists j : 'I_n, y j != 0].
  apply: ltr_paddl; first exact: sqr_ge0.
  apply: rest; last by exists j.
  by move=> p q p_n q_n; rewrite !eval_sub /= (symmetric p.+1) ?ltnS //; congr (_ - _); apply: mulrC.
have y0 j : (j < n)%N -> y j = 0 by move=> jn; have := none (Ordinal jn); rewrite negbK => /eqP.
rewrite (_ : cross = 0) ?addr0; last by rewrite /cross big1 // => j _; rewrite y0 ?mulr0.
rewrite big1 => [|p _]; last by rewrite big1 // => q _; rewrite y0 ?mul0r.
rewrite addr0 exprn_even_gt0 //= mulf_neq0 ?(lt0r_neq0 pivot) //; case: i i_n xi => [//|i] i_n xi.
by move: xi; rewrite -/(y i) y0 ?eqxx.
Qed.
End Form.

Section Points.
Variables (m n : nat) (scale : Q) (maps : seq matrix) (truth : matrix).
Definition gap_of_loss (c value : expr * expr) (z : matrix) : expr :=
  Sub (Mul value.2 (multiple scale (Add (Sub (Mul (Pow c.1 2) (values_in m n maps z z))
      (multiple (Qmake 2 1) (Mul (Mul c.1 c.2) (values_in m n maps z truth))))
      (Mul (Pow c.2 2) (values_in m n maps truth truth)))))
    (multiple (Qmake 2 1) (Mul (Var 0) (Mul (Pow c.2 2) value.1))).
Definition gradient_in (c : expr * expr) (z : matrix) (l : nat) : expr :=
  Sub (Mul c.1 (slopes_in m n maps z z l)) (Mul c.2 (slopes_in m n maps z truth l)).
Definition hessian_in (c : expr * expr) (z : matrix) (l l' : nat) : expr :=
  Sub (Mul c.1 (Add (gates_in m n maps z l l') (bends_in m n maps z z l l')))
    (Mul c.2 (bends_in m n maps z truth l l')).

Definition positive_ratio (c : expr * expr) : bool := is_positive c.1 && is_positive c.2.
Definition good_point (c : expr * expr) (z : matrix) : bool :=
  [&& positive_ratio c, shaped n 1 z, good_pairs m n maps z z & good_pairs m n maps z truth].
Definition good_units : bool :=
  [&& ltq zero scale, all (shaped m n) maps, shaped n 1 truth & good_pairs m n maps truth truth].
End Points.

Section PointValues.
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

Lemma two_sums (V : lmodType R) (x y : R) (F G : 'I_k -> 'I_k -> V) :
  \sum_i \sum_j (x *: F i j + y *: G i j) = x *: (\sum_i \sum_j F i j) + y *: (\sum_i \sum_j G i j).
Proof.
rewrite !scaler_sumr -big_split; apply: eq_bigr => i _; rewrite !scaler_sumr -big_split.
exact: eq_bigr.
Qed.

Lemma three_sums (x y : R) (F G H : 'I_k -> 'I_k -> R) : \sum_i \sum_j (x * F i j + y * G i j + H i j) =
  x * (\sum_i \sum_j F i j) + y * (\sum_i \sum_j G i j) + \sum_i \sum_j H i j.
Proof.
rewrite !mulr_sumr -!big_split; apply: eq_bigr => i _; rewrite !mulr_sumr -!big_split.
exact: eq_bigr.
Qed.

Lemma ratio_gt0 c : positive_ratio c -> 0 < at_constants c.1 /\ 0 < at_constants c.2.
Proof. by case/andP => /(positive_shown pi3) a /(positive_shown pi3) b. Qed.
Lemma real_value_gt0 c : positive_ratio c -> 0 < real_value pi c.
Proof. by case/ratio_gt0 => a b; rewrite divr_gt0. Qed.

Lemma loss_at_truth : loss_at t = 0.
Proof.
rewrite /units_loss big1 ?mulr0 // => i _; rewrite big1 // => j _.
by move: (pair_value _ _ _ _) => x; ring.
Qed.

Lemma gap_shown c value z : good_units m n scale maps truth -> good_point m n maps truth c z -> positive_ratio value ->
  at_constants (gap_of_loss m n scale maps truth c value z) =
  T * at_constants c.2 ^+ 2 * at_constants value.2 * (loss_at (at_point c z) - real_value pi value).
Proof.
case/and4P => _ _ _ good_tt /and4P [ratio _ good_zz good_zt] positive_value.
have [_ b0] := ratio_gt0 ratio; have [_ v0] := ratio_gt0 positive_value; have c0 := real_value_gt0 ratio.
have E : T * loss_at (at_point c z) = number R scale * (real_value pi c ^+ 2 * at_constants (values_in m n maps z z) -
    2%:R * real_value pi c * at_constants (values_in m n maps z truth) + at_constants (values_in m n maps truth truth)).
  rewrite -(values_shown angles good_zz) -(values_shown angles good_zt) -(values_shown angles good_tt) /units_loss.
  set C := real_value pi c in c0 *.
  have step i j : pair_value pi angle (P i *m at_point c z) (P j *m at_point c z) -
      2%:R * pair_value pi angle (P i *m at_point c z) (P j *m t) + pair_value pi angle (P i *m t) (P j *m t) =
    C ^+ 2 * pair_value pi angle (P i *m mx R n 1 z) (P j *m mx R n 1 z) +
      - (2%:R * C) * pair_value pi angle (P i *m mx R n 1 z) (P j *m t) + pair_value pi angle (P i *m t) (P j *m t).
    by rewrite -!scalemxAr value_scale // value_left // mulNr mulrA expr2.
  under eq_bigr => i _ do under eq_bigr => j _ do rewrite step.
  rewrite three_sums; move: (\sum_i _) (\sum_i _) (\sum_i _) => x y s.
  by ring.
have apart (p ct cb vb vt s V0 V1 V2 L : R) : cb != 0 -> vb != 0 ->
    2%:R * p * L = s * ((ct / cb) ^+ 2 * V0 - 2%:R * (ct / cb) * V1 + V2) ->
    vb * (s * (ct ^+ 2 * V0 - 2%:R * (ct * cb * V1) + cb ^+ 2 * V2)) - 2%:R * (p * (cb ^+ 2 * vt)) =
    2%:R * p * cb ^+ 2 * vb * (L - vt / vb).
  move=> cb0 vb0 same; have -> : 2%:R * p * cb ^+ 2 * vb * (L - vt / vb) =
    cb ^+ 2 * vb * (2%:R * p * L) - 2%:R * p * cb ^+ 2 * vt by field.
  by rewrite same; field.
have two : number R (Qmake 2 1) = 2%:R by rewrite /number /= divr1.
rewrite -(apart _ (at_constants c.1) _ _ _ _ _ _ _ _ _ _ E) ?lt0r_neq0 // /gap_of_loss eval_sub; congr (_ - _).
  rewrite -[LHS]/(at_constants value.2 * (number R scale * (at_constants (Sub (Mul (Pow c.1 2) (values_in m n maps z z))
    (multiple (Qmake 2 1) (Mul (Mul c.1 c.2) (values_in m n maps z truth)))) + at_constants (Mul (Pow c.2 2)
    (values_in m n maps truth truth))))) eval_sub /= two.
  by [].
by rewrite /= two.
Qed.

(* Its sign is that of loss - value. *)
Lemma gap_factor c value z : good_units m n scale maps truth -> good_point m n maps truth c z -> positive_ratio value ->
  exists2 f, 0 < f & at_constants (gap_of_loss m n scale maps truth c value z) =
    f * (loss_at (at_point c z) - real_value pi value).
Proof.
move=> units good ratio; rewrite gap_shown //; eexists; last by [].
have /and4P [ratio_c _ _ _] := good; have [_ b0] := ratio_gt0 ratio_c; have [_ v0] := ratio_gt0 ratio.
by rewrite !mulr_gt0 ?exprn_gt0 ?ltr0n.
Qed.

Lemma units_gradient_shown c z (l : 'I_n) : good_point m n maps truth c z -> gradient_at 0 (at_point c z) l 0 =
  number R scale / (pi * at_constants c.2) * at_constants (gradient_in m n maps truth c z l).
Proof.
case/and4P => ratio _ good_zz good_zt; have [a0 b0] := ratio_gt0 ratio; have c0 := real_value_gt0 ratio.
have step i j : (P i)^T *m (pair_slope pi angle (P i *m at_point c z) (P j *m at_point c z) -
      pair_slope pi angle (P i *m at_point c z) (P j *m t)) =
    real_value pi c *: ((P i)^T *m pair_slope pi angle (P i *m mx R n 1 z) (P j *m mx R n 1 z)) +
      -1 *: ((P i)^T *m pair_slope pi angle (P i *m mx R n 1 z) (P j *m t)).
  by rewrite -!scalemxAr slope_scale // slope_left // mulmxBr -scalemxAr scaleN1r.
rewrite /units_gradient; under eq_bigr => i _ do under eq_bigr => j _ do rewrite step.
rewrite two_sums mxE [X in _ * X]mxE [X in _ * (X + _)]mxE [X in _ * (_ + X)]mxE eval_sub /=.
rewrite -(slopes_shown angles l good_zz) -(slopes_shown angles l good_zt) /real_value.
move: (_ l 0) (_ l 0) (lt0r_neq0 b0) (lt0r_neq0 pi0) => x y b_neq0 pi_neq0.
by field; rewrite b_neq0.
Qed.

Lemma mapped c z i : P i *m at_point c z = real_value pi c *: (P i *m mx R n 1 z).
Proof. by rewrite scalemxAr. Qed.

Lemma hessian_step (C : R) (p r : 'M[R]_(m, n)) (u w v : 'cV[R]_m) : 0 < C ->
  p^T *m pair_gate pi angle (C *: u) (C *: w) *m r +
    p^T *m (pair_bend pi (C *: u) (C *: w) - pair_bend pi (C *: u) v) *m p =
  1 *: (1 *: (p^T *m pair_gate pi angle u w *m r) + 1 *: (p^T *m pair_bend pi u w *m p)) +
    - C^-1 *: (p^T *m pair_bend pi u v *m p).
Proof.
move=> C0; rewrite gate_scale // bend_scale // bend_left // divff ?lt0r_neq0 // !scale1r -addrA; congr (_ + _).
rewrite mulmxBr mulmxBl; congr (_ + _).
by rewrite -scalemxAr -scalemxAl scaleNr.
Qed.

Lemma units_hessian_shown c z (l l' : 'I_n) : good_point m n maps truth c z -> hessian_at (at_point c z) l l' =
  number R scale / (pi * at_constants c.1) * at_constants (hessian_in m n maps truth c z l l').
Proof.
case/and4P => ratio _ good_zz good_zt; have [a0 b0] := ratio_gt0 ratio; have c0 := real_value_gt0 ratio.
rewrite /units_hessian; under eq_bigr => i _ do under eq_bigr => j _ do rewrite !mapped hessian_step //.
have apart (s p ca cb g b d x y w : R) : ca != 0 -> cb != 0 -> p != 0 ->
    2%:R * p * x = g -> 2%:R * p * y = b -> 2%:R * p * w = d ->
    2%:R * s * (x + y + - (ca / cb)^-1 * w) = s / (p * ca) * (ca * (g + b) - cb * d).
  by move=> na nb np <- <- <-; field; rewrite na nb np.
rewrite two_sums two_sums !scale1r mxE [X in _ * X]mxE [X in _ * (X + _)]mxE [X in _ * (_ + X)]mxE eval_sub.
exact: apart (lt0r_neq0 a0) (lt0r_neq0 b0) (lt0r_neq0 pi0) (gates_shown angles l l' good_zz)
  (bends_shown angles l l' good_zz) (bends_shown angles l l' good_zt).
Qed.
End PointValues.
