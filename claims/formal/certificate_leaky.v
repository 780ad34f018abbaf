(* One leaky unit on samples, and a network of leaky units on the hinge loss: points to which their descent returns.

   A unit has the slopes 1 and a, and at 0 any slope kink; the hinge has at its kink any slope bend. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From DLC Require Import network rational_numbers certificate certificate_network certificate_returns.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Models.
Variable R : realFieldType.
Definition leaky (a z : R) : R := if 0 < z then z else a * z.
Definition leaky_slope (a kink z : R) : R := if 0 < z then 1 else if z < 0 then a else kink.
Definition hinge (z : R) : R := if z < 1 then 1 - z else 0.
Definition hinge_slope (bend z : R) : R := if z < 1 then -1 else if 1 < z then 0 else bend.

(* 1/2 mean (s(x . w) - s(x . truth))^2 over the rows x of X *)
Section Samples.
Variables (N d : nat) (a kink : R) (X : 'M[R]_(N, d)) (truth : 'cV[R]_d).
Definition residuals (w : 'cV[R]_d) : 'cV[R]_N := map_mx (leaky a) (X *m w) - map_mx (leaky a) (X *m truth).
Definition samples_loss (w : 'cV[R]_d) : R := (N * 2)%:R^-1 * sqnorm (residuals w).
Definition samples_gradient (_ : nat) (w : 'cV[R]_d) : 'cV[R]_d :=
  N%:R^-1 *: (X^T *m \matrix_(i, j) (residuals w i j * leaky_slope a kink ((X *m w) i j))).
End Samples.

(* hinge(y N(x)), N(x) = sum_l v_l s(w_l . x), v = (c, ..., c, - c, ..., - c), the first half c; w_l are the rows of W.
   The loss is the mean over the samples (x_i, y_i), and step t is for sample t modulo N. *)
Section Perceptron.
Variables (N d k : nat) (a kink bend c : R) (X : 'M[R]_(N, d)) (y : 'cV[R]_N).
Definition signs (l : nat) : R := if (l < k)%N then c else - c.
Definition sample_margin (W : 'M[R]_(k + k, d)) (i : 'I_N) : R :=
  y i 0 * \sum_(l < k + k) signs l * leaky a ((W *m X^T) l i).
Definition hinge_loss (W : 'M[R]_(k + k, d)) : R := N%:R^-1 * \sum_i hinge (sample_margin W i).
Definition sample_gradient (W : 'M[R]_(k + k, d)) (i : 'I_N) : 'M[R]_(k + k, d) :=
  hinge_slope bend (sample_margin W i) *:
    \matrix_(l < k + k, j < d) (y i 0 * (signs l * leaky_slope a kink ((W *m X^T) l i)) * X i j).
Definition turn_gradient (t : nat) (W : 'M[R]_(k + k, d)) : 'M[R]_(k + k, d) :=
  \sum_(i < N | (val i == t %% N)%N) sample_gradient W i.
End Perceptron.
End Models.

(* On lists of rationals. *)
Definition list_leaky (a z : Q) : Q := if ltq zero z then z else mulq a z.
Definition list_slope (a z : Q) : Q := if ltq zero z then one else a.
Definition inverse (n : nat) : Q := Qmake 1 (Pos.of_nat n).
Definition no_kink (m n : nat) (a : matrix) : bool := every_entry m n (fun i j => ~~ Qeq_bool (entry a i j) zero).

Section Lists.
Variables (N d : nat) (a : Q) (data truth : matrix).
Definition list_residuals (w : matrix) : matrix :=
  let z := mul N d 1 data w in let wanted := mul N d 1 data truth in
  fill N 1 (fun i j => subq (list_leaky a (entry z i j)) (list_leaky a (entry wanted i j))).
Definition list_samples_loss (w : matrix) : Q := mulq (inverse (N * 2)) (square N 1 (list_residuals w)).
Definition list_samples_gradient (_ : nat) (w : matrix) : matrix :=
  let seen := fill N 1 (fun i j => mulq (entry (list_residuals w) i j) (list_slope a (entry (mul N d 1 data w) i j))) in
  let sum := mul d N 1 (tr N d data) seen in fill d 1 (fun i j => mulq (inverse N) (entry sum i j)).
Definition check_samples (rate : option Q) (points : seq matrix) (least : Q) : bool :=
  [&& (0 < N)%N, shaped N d data, shaped d 1 truth, Qle_bool zero a && Qle_bool a one &
      check_returns d 1 1 list_samples_gradient list_samples_loss (fun w => no_kink N 1 (mul N d 1 data w))
        rate points least].

Variables (k : nat) (c : Q) (labels : matrix).
Definition list_signs (l : nat) : Q := if (l < k)%N then c else Qopp c.
Definition before (W : matrix) : matrix := mul (k + k) d N W (tr N d data).
Definition list_margin (W : matrix) (i : nat) : Q :=
  let z := before W in
  mulq (entry labels i 0) (sumq (k + k) (fun l => mulq (list_signs l) (list_leaky a (entry z l i)))).
Definition list_hinge (z : Q) : Q := if ltq z one then subq one z else zero.
Definition list_hinge_loss (W : matrix) : Q := mulq (inverse N) (sumq N (fun i => list_hinge (list_margin W i))).
Definition list_turn_gradient (i : nat) (W : matrix) : matrix :=
  let z := before W in let slope := if ltq (list_margin W i) one then Qopp one else zero in
  let unit l := mulq (entry labels i 0) (mulq (list_signs l) (list_slope a (entry z l i))) in
  fill (k + k) d (fun l j => mulq slope (mulq (unit l) (entry data i j))).
Definition check_perceptron (rate : option Q) (points : seq matrix) (least : Q) : bool :=
  [&& (0 < N)%N && shaped N d data, Qle_bool zero a && Qle_bool a one,
      shaped N 1 labels && all (fun i => Qeq_bool (mulq (entry labels i 0) (entry labels i 0)) one) (iota 0 N),
      [&& (0 < k)%N, ltq zero c & Qeq_bool (mulq c c) (inverse (k + k))] &
      check_returns (k + k) d N list_turn_gradient list_hinge_loss
        (fun W => no_kink (k + k) N (before W) && all (fun i => ~~ Qeq_bool (list_margin W i) one) (iota 0 N))
        rate points least].
End Lists.

Section Agreement.
Variable R : realFieldType.
Implicit Types (q z a : Q).

Lemma number_ltE p q : (number R p < number R q) = ltq p q.
Proof.
case lt: (ltq p q); first exact: number_lt.
by apply/negbTE; rewrite -leNgt; apply: number_le; move/negbFE: lt.
Qed.

Lemma number_lt1 q : (number R q < 1) = ltq q one.
Proof. by rewrite -number1 number_ltE. Qed.

Lemma number_eqE p q : (number R p == number R q) = Qeq_bool p q.
Proof.
apply/eqP/idP => [E|/(number_eqb R) //]; have le x y : number R x = number R y -> Qle_bool x y.
  by move=> xy; apply: contraT => /(@number_lt R); rewrite xy ltxx.
by apply/Qeq_bool_iff; apply: Qle_antisym; apply/Qle_bool_iff; apply: le.
Qed.

Lemma number_inverse n : (0 < n)%N -> number R (inverse n) = n%:R^-1.
Proof. by move=> n0; rewrite /number /inverse /= mul1r Nat2Pos.id // => E; rewrite E in n0. Qed.

Lemma number_leaky a z : number R (list_leaky a z) = leaky (number R a) (number R z).
Proof.
by rewrite /list_leaky /leaky -number0 number_ltE; case: ifP; rewrite ?number_mul.
Qed.

Lemma number_slope a kink z : ~~ Qeq_bool z zero ->
  number R (list_slope a z) = leaky_slope (number R a) kink (number R z).
Proof.
rewrite -number_eqE number0 /list_slope /leaky_slope -number_ltE number0 => z0.
by case: ltrgtP z0; rewrite ?number1.
Qed.

Section Samples.
Variables (N d : nat) (a : Q) (kink : R) (data truth : matrix).
Hypothesis N0 : (0 < N)%N.
Let X := mx R N d data.
Let v := mx R d 1 truth.

Lemma mx_residuals w : residuals (number R a) X v (mx R d 1 w) = mx R N 1 (list_residuals N d a data truth w).
Proof.
rewrite /residuals -!mx_mul [RHS]mx_fill; apply/matrixP => i j.
by rewrite !mxE number_sub !number_leaky.
Qed.

Lemma number_samples_loss w :
  samples_loss (number R a) X v (mx R d 1 w) = number R (list_samples_loss N d a data truth w).
Proof.
by rewrite /samples_loss mx_residuals number_mul number_square number_inverse // muln_gt0 N0.
Qed.

Lemma mx_samples_gradient t w : no_kink N 1 (mul N d 1 data w) ->
  samples_gradient (number R a) kink X v t (mx R d 1 w) = mx R d 1 (list_samples_gradient N d a data truth t w).
Proof.
move=> /every_entryP smooth; rewrite /samples_gradient mx_residuals -mx_mul [RHS]mx_fill.
set seen := \matrix_(i, j) _; have -> : seen = mx R N 1 (fill N 1 (fun i j =>
    mulq (entry (list_residuals N d a data truth w) i j) (list_slope a (entry (mul N d 1 data w) i j)))).
  rewrite mx_fill; apply/matrixP => i j; rewrite !mxE number_mul (number_slope a kink) //.
by rewrite -mx_tr -mx_mul; apply/matrixP => i j; rewrite !mxE number_mul number_inverse.
Qed.
End Samples.

(* From the first of the points, whatever a unit's slope at 0 is taken to be. *)
Definition samples_recur N d a data truth rate points least : Prop :=
  0 <= number R a <= 1 /\ forall kink : R,
  returns (samples_gradient (number R a) kink (mx R N d data) (mx R d 1 truth))
    (samples_loss (number R a) (mx R N d data) (mx R d 1 truth)) (allowed_rates rate) (size points)
    (fun r => mx R d 1 (nth [::] points r)) (number R least).

Theorem samples_recur_shown N d a data truth rate points least :
  check_samples N d a data truth rate points least -> samples_recur N d a data truth rate points least.
Proof.
case/and5P => N0 _ _ /andP [/(number_ge0 R) a0 /(number_le R)]; rewrite number1 => a1 checked.
rewrite /samples_recur a0; split=> // kink; apply: (list_returns _ _ checked) => [t w smooth|w].
  by rewrite mx_samples_gradient.
exact: number_samples_loss.
Qed.

Section Perceptron.
Variables (N d k : nat) (a c : Q) (kink bend : R) (data labels : matrix).
Hypothesis N0 : (0 < N)%N.
Let X := mx R N d data.
Let y := mx R N 1 labels.

Lemma number_signs l : number R (list_signs k c l) = signs k (number R c) l.
Proof. by rewrite /list_signs /signs; case: ifP; rewrite ?number_opp. Qed.

Lemma mx_before W : mx R (k + k) d W *m X^T = mx R (k + k) N (before N d data k W).
Proof. by rewrite mx_mul mx_tr. Qed.

Lemma number_margin W (i : 'I_N) :
  sample_margin (number R a) (number R c) X y (mx R (k + k) d W) i = number R (list_margin N d a data k c labels W i).
Proof.
rewrite /sample_margin mx_before number_mul number_sum !mxE; congr (_ * _); apply: eq_bigr => l _.
by rewrite number_mul number_signs number_leaky !mxE.
Qed.

Lemma number_hinge_loss W : hinge_loss (number R a) (number R c) X y (mx R (k + k) d W) =
  number R (list_hinge_loss N d a data k c labels W).
Proof.
rewrite /hinge_loss number_mul number_inverse // number_sum; congr (_ * _); apply: eq_bigr => i _.
rewrite number_margin /hinge /list_hinge number_lt1.
by case: ifP; rewrite ?number_sub ?number1 ?number0.
Qed.

Lemma mx_turn_gradient t W :
  no_kink (k + k) N (before N d data k W) &&
    all (fun i => ~~ Qeq_bool (list_margin N d a data k c labels W i) one) (iota 0 N) ->
  turn_gradient (number R a) kink bend (number R c) X y t (mx R (k + k) d W) =
    mx R (k + k) d (list_turn_gradient N d a data k c labels (t %% N)%N W).
Proof.
case/andP => /every_entryP smooth /allP off; have tN : (t %% N < N)%N by rewrite ltn_mod.
rewrite /turn_gradient (big_pred1 (Ordinal tN)) => [|i]; last by rewrite -[RHS]val_eqE.
have := off (t %% N)%N; rewrite mem_iota tN -number_eqE number1 => /(_ isT) off_t.
have slope : hinge_slope bend (number R (list_margin N d a data k c labels W (t %% N)%N)) =
    number R (if ltq (list_margin N d a data k c labels W (t %% N)%N) one then Qopp one else zero).
  rewrite /hinge_slope -number_lt1; case: ltrgtP off_t => // _ _; rewrite ?number0 //.
  by rewrite number_opp number1.
rewrite /sample_gradient number_margin slope mx_before [RHS]mx_fill; apply/matrixP => l j.
rewrite !mxE !number_mul number_signs (number_slope a kink) //; exact: (smooth l (Ordinal tN)).
Qed.
End Perceptron.

Definition perceptron_recurs N d k a c data labels rate points least : Prop :=
  [/\ 0 <= number R a <= 1, 0 < number R c /\ number R c ^+ 2 = (k + k)%:R^-1,
      forall i, mx R N 1 labels i 0 ^+ 2 = 1 &
      forall kink bend : R,
      returns (turn_gradient (number R a) kink bend (number R c) (mx R N d data) (mx R N 1 labels))
        (hinge_loss (number R a) (number R c) (mx R N d data) (mx R N 1 labels)) (allowed_rates rate) (size points)
        (fun r => mx R (k + k) d (nth [::] points r)) (number R least)].

Theorem perceptron_recurs_shown N d k a c data labels rate points least :
  check_perceptron N d a data k c labels rate points least -> perceptron_recurs N d k a c data labels rate points least.
Proof.
case/and5P => /andP [N0 _] /andP [/(number_ge0 R) a0 /(number_le R)]; rewrite number1 => a1.
case/andP => _ /allP labelled /and3P [k0 /(number_gt0 R) c0 /(number_eqb R) c2] checked; split.
- by rewrite a0.
- by move: c2; rewrite number_mul number_inverse ?addn_gt0 ?k0 // -expr2.
- move=> i; rewrite mxE; have := labelled i; rewrite mem_iota ltn_ord => /(_ isT) /(number_eqb R).
  by rewrite number_mul number1 -expr2.
move=> kink bend; apply: (list_returns _ _ checked) => [t W smooth|W]; first exact: mx_turn_gradient.
exact: number_hinge_loss.
Qed.
End Agreement.
