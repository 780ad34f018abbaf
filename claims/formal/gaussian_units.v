(* Sums of ReLU units on Gaussian inputs: loss, gradient and Hessian by the kernel E s(u . x) s(v . x), s = max(., 0).

   Taken from the claim of that kernel, and not shown here, are J = E s(u . x) s(v . x) and its derivatives, K by u and
   of K by u (H) and by v (M). Angles are those of arccos: the numbers pi and angle x of any real closed field that has
   them where [is_angle] says so. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Models.
Variables (R : rcfType) (pi : R) (angle : R -> R).

(* What is used of pi and of arccos. *)
Definition is_angle : Prop :=
  [/\ 3%:R < pi, angle 1 = 0 /\ angle 0 = pi / 2%:R, angle (Num.sqrt 3%:R / 2%:R) = pi / 6%:R,
      angle 2%:R^-1 = pi / 3%:R & forall x, 0 <= x <= 1 -> angle (- x) = pi - angle x].

Section Pair.
Variables (m : nat).
Implicit Types u v : 'cV[R]_m.
Definition dot u v : R := \sum_i u i 0 * v i 0.
Definition cosine u v : R := dot u v / (Num.sqrt (dot u u) * Num.sqrt (dot v v)).
Definition area u v : R := Num.sqrt (dot u u * dot v v - dot u v ^+ 2).
(* (pi - th) / 2 pi *)
Definition turn u v : R := (pi - angle (cosine u v)) / (2%:R * pi).
Definition across u v : 'cV[R]_m := v - (dot u v / dot u u) *: u.
(* J, K, H and M; a quotient by an area of 0 is 0. *)
Definition pair_value u v : R := area u v / (2%:R * pi) + turn u v * dot u v.
Definition pair_slope u v : 'cV[R]_m := (area u v / (2%:R * pi * dot u u)) *: u + turn u v *: v.
Definition pair_bend u v : 'M[R]_m := (2%:R * pi)^-1 *:
  ((area u v / dot u u) *: (1%:M - (dot u u)^-1 *: (u *m u^T)) + (area u v)^-1 *: (across u v *m (across u v)^T)).
Definition pair_gate u v : 'M[R]_m := turn u v *: 1%:M + (2%:R * pi * area u v)^-1 *:
  (u *m v^T + v *m u^T - dot u v *: ((dot u u)^-1 *: (u *m u^T) + (dot v v)^-1 *: (v *m v^T))).
End Pair.

(* scale E (sum_i s(P_i w . x) - sum_i s(P_i truth . x))^2, with k maps P_i. *)
Section Units.
Variables (m n k : nat) (scale : R) (maps : nat -> 'M[R]_(m, n)) (truth : 'cV[R]_n).
Definition units_loss (w : 'cV[R]_n) : R := scale * \sum_(i < k) \sum_(j < k)
  (pair_value (maps i *m w) (maps j *m w) - 2%:R * pair_value (maps i *m w) (maps j *m truth)
    + pair_value (maps i *m truth) (maps j *m truth)).
Definition units_gradient (_ : nat) (w : 'cV[R]_n) : 'cV[R]_n := (2%:R * scale) *: \sum_(i < k) \sum_(j < k)
  (maps i)^T *m (pair_slope (maps i *m w) (maps j *m w) - pair_slope (maps i *m w) (maps j *m truth)).
Definition units_hessian (w : 'cV[R]_n) : 'M[R]_n := (2%:R * scale) *: \sum_(i < k) \sum_(j < k)
  ((maps i)^T *m pair_gate (maps i *m w) (maps j *m w) *m maps j
    + (maps i)^T *m (pair_bend (maps i *m w) (maps j *m w) - pair_bend (maps i *m w) (maps j *m truth)) *m maps i).

(* A point with gradient 0, a positive definite Hessian and a loss > 0, where the truth has loss 0. *)
Definition poor_point (w : 'cV[R]_n) (value : R) : Prop :=
  [/\ units_gradient 0 w = 0, forall x : 'cV[R]_n, x != 0 -> 0 < (x^T *m units_hessian w *m x) 0 0,
      units_loss w = value, 0 < value & units_loss truth = 0].
End Units.

(* Positive factors. *)
Section Scaled.
Variables (m : nat) (c d : R).
Hypotheses (c0 : 0 < c) (d0 : 0 < d).
Implicit Types u v : 'cV[R]_m.
Let c_neq0 : c != 0. Proof. exact: lt0r_neq0. Qed.
Let d_neq0 : d != 0. Proof. exact: lt0r_neq0. Qed.

Lemma dot_scale (x y : R) u v : dot (x *: u) (y *: v) = x * y * dot u v.
Proof. by rewrite /dot mulr_sumr; apply: eq_bigr => i _; rewrite !mxE mulrACA. Qed.

Lemma tr_scale (x : R) p q (A : 'M[R]_(p, q)) : (x *: A)^T = x *: A^T.
Proof. by apply/matrixP => i j; rewrite !mxE. Qed.

Lemma root_scale x y : 0 < x -> Num.sqrt (x * x * y) = x * Num.sqrt y :> R.
Proof. by move=> x0; rewrite -expr2 sqrtrM ?sqr_ge0 // sqrtr_sqr gtr0_norm. Qed.

Lemma turn_scale u v : turn (c *: u) (d *: v) = turn u v.
Proof.
rewrite /turn /cosine !dot_scale !root_scale // (mulrACA c _ d) -mulf_div divff ?mul1r //.
by rewrite mulf_neq0.
Qed.

Lemma area_scale u v : area (c *: u) (d *: v) = c * d * area u v.
Proof.
rewrite /area !dot_scale -root_scale ?mulr_gt0 //; congr (Num.sqrt _); ring.
Qed.

Lemma value_scale u v : pair_value (c *: u) (d *: v) = c * d * pair_value u v.
Proof. by rewrite /pair_value turn_scale area_scale dot_scale; ring. Qed.

Lemma slope_scale u v : pair_slope (c *: u) (d *: v) = d *: pair_slope u v.
Proof.
rewrite /pair_slope turn_scale area_scale dot_scale scalerDr !scalerA; congr (_ *: _ + _ *: _); last by rewrite mulrC.
by rewrite !invfM; move: (dot u u)^-1 pi^-1 2%:R^-1 => x y z; field.
Qed.

Lemma across_scale u v : across (c *: u) (d *: v) = d *: across u v.
Proof.
rewrite /across !dot_scale scalerBr !scalerA; congr (_ - _ *: _).
by rewrite !invfM; move: (dot u u)^-1 => x; field.
Qed.

Lemma bend_scale u v : pair_bend (c *: u) (d *: v) = (d / c) *: pair_bend u v.
Proof.
rewrite /pair_bend across_scale area_scale !dot_scale; apply/matrixP => i j.
rewrite !tr_scale -!scalemxAl -!scalemxAr !mxE !invfM; move: (dot u u)^-1 (area u v)^-1 pi^-1 2%:R^-1 => x y z t.
by move: (\sum_j0 u _ _ * _) (\sum_j0 across u v _ _ * _) (_ == _)%:R => r s e; field; rewrite c_neq0 d_neq0.
Qed.

Lemma gate_scale u v : pair_gate (c *: u) (d *: v) = pair_gate u v.
Proof.
rewrite /pair_gate turn_scale area_scale !dot_scale; congr (_ + _); apply/matrixP => i j.
rewrite !tr_scale -!scalemxAl -!scalemxAr !mxE !invfM.
by move: (dot u u)^-1 (dot v v)^-1 (area u v)^-1 pi^-1 2%:R^-1 => x y z s t;
  move: (\sum_j u _ _ * v^T _ _) (\sum_j v _ _ * u^T _ _) (\sum_j u _ _ * u^T _ _) (\sum_j v _ _ * v^T _ _) => *; field;
  rewrite c_neq0 d_neq0.
Qed.
End Scaled.

(* One of the two. *)
Section Left.
Variables (m : nat) (c : R).
Hypothesis c0 : 0 < c.
Implicit Types u v : 'cV[R]_m.

Lemma value_left u v : pair_value (c *: u) v = c * pair_value u v.
Proof. by rewrite -[v in LHS]scale1r value_scale ?ltr01 // mulr1. Qed.
Lemma slope_left u v : pair_slope (c *: u) v = pair_slope u v.
Proof. by rewrite -[v in LHS]scale1r slope_scale ?ltr01 // scale1r. Qed.
Lemma bend_left u v : pair_bend (c *: u) v = c^-1 *: pair_bend u v.
Proof. by rewrite -[v in LHS]scale1r bend_scale ?ltr01 // mul1r. Qed.
End Left.
End Models.
