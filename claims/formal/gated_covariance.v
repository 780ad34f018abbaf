(* DL-044, The gated covariance: M(u, v) lies between (pi - th - sin th) / 2 pi and (pi - th + sin th) / 2 pi, and has
   both as eigenvalues, along u / |u| - v / |v| and u / |u| + v / |v|.

   M is [pair_gate] of gaussian_units.v, sin th the area of u and v by |u| |v|. pi and angle x may be any numbers,
   pi > 0 for the bounds; beyond these u and v are independent.
   Left out: that M is E 1(u.x > 0, v.x > 0) x x^T. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import gaussian_units.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Covariance.
Variables (R : rcfType) (pi : R) (angle : R -> R) (m : nat).
Implicit Types (u v x : 'cV[R]_m).

Definition gram_of_two u v : R := dot u u * dot v v - dot u v ^+ 2.
Definition length_of_vector u : R := Num.sqrt (dot u u).
(* sin th / 2 pi *)
Definition sine_part u v : R := area u v / (2%:R * pi * (length_of_vector u * length_of_vector v)).
Local Notation len u := (length_of_vector u).

Lemma dot_sym u v : dot u v = dot v u.
Proof. by apply: eq_bigr => i _; rewrite mulrC. Qed.

Lemma dot_self_ge0 u : 0 <= dot u u.
Proof. by apply: sumr_ge0 => i _; rewrite -expr2 sqr_ge0. Qed.

Lemma square_of_length u : (len u) ^+ 2 = dot u u.
Proof. by rewrite sqr_sqrtr ?dot_self_ge0. Qed.

Lemma gram_of_lengths u v : gram_of_two u v = ((len u) * (len v)) ^+ 2 - dot u v ^+ 2.
Proof. by rewrite exprMn !square_of_length. Qed.

Lemma dot_combination (a b : R) u v x : dot (a *: u + b *: v) x = a * dot u x + b * dot v x.
Proof.
by rewrite /dot !mulr_sumr -big_split; apply: eq_bigr => i _; rewrite !mxE mulrDl !mulrA.
Qed.

Section Independent.
Variables (u v : 'cV[R]_m).
Hypothesis independent : 0 < gram_of_two u v.

Lemma lengths_gt0 : 0 < (len u) /\ 0 < (len v).
Proof.
have : 0 < dot u u * dot v v by apply: lt_le_trans independent _; rewrite ler_subl_addr ler_addl sqr_ge0.
rewrite !sqrtr_gt0 => positive; have := dot_self_ge0 u; rewrite le_eqVlt => /orP [/eqP u0|u0].
  by move: positive; rewrite -u0 mul0r ltxx.
by split=> //; move: positive; rewrite pmulr_rgt0.
Qed.

Lemma dot_between : `|dot u v| < (len u) * (len v).
Proof.
have [p0 q0] := lengths_gt0; have pq0 := mulr_gt0 p0 q0.
rewrite -(@ltr_pexpn2r _ 2) ?nnegrE ?normr_ge0 ?(ltW pq0) // real_normK ?num_real //.
by rewrite -subr_gt0 -gram_of_lengths.
Qed.

(* The determinant of the inner products of u, v and x. *)
Lemma gram_of_three x :
  dot u x ^+ 2 * dot v v + dot v x ^+ 2 * dot u u - 2%:R * dot u x * dot v x * dot u v <= gram_of_two u v * dot x x.
Proof.
set a := dot u x; set b := dot v x; set g := dot u v; set A := gram_of_two u v.
pose s := a * dot v v - b * g; pose t := b * dot u u - a * g.
have : 0 <= \sum_i (A * x i 0 - s * u i 0 - t * v i 0) ^+ 2 by apply: sumr_ge0 => i _; apply: sqr_ge0.
have -> : \sum_i (A * x i 0 - s * u i 0 - t * v i 0) ^+ 2 = A ^+ 2 * dot x x + s ^+ 2 * dot u u + t ^+ 2 * dot v v +
    - (2%:R * A * s) * dot u x + - (2%:R * A * t) * dot v x + 2%:R * s * t * dot u v.
  rewrite /dot !mulr_sumr -!big_split /=; apply: eq_bigr => i _.
  by move: (A) (s) (t) (x i 0) (u i 0) (v i 0) => *; ring.
rewrite -/a -/b -/g; have -> : A ^+ 2 * dot x x + s ^+ 2 * dot u u + t ^+ 2 * dot v v + - (2%:R * A * s) * a +
    - (2%:R * A * t) * b + 2%:R * s * t * g =
    A * (A * dot x x - (a ^+ 2 * dot v v + b ^+ 2 * dot u u - 2%:R * a * b * g)).
  by rewrite /s /t /A /gram_of_two -/g; move: (dot x x) (dot u u) (dot v v) (a) (b) (g) => *; ring.
by rewrite pmulr_rge0 // subr_ge0.
Qed.

Local Notation M := (pair_gate pi angle u v).

Lemma gate_entry x i : (M *m x) i 0 = turn pi angle u v * x i 0 + (2%:R * pi * area u v)^-1 *
  (dot v x * u i 0 + dot u x * v i 0 -
    dot u v * ((dot u u)^-1 * (dot u x * u i 0) + (dot v v)^-1 * (dot v x * v i 0))).
Proof.
have outer (a b : 'cV[R]_m) : a *m b^T *m x = dot b x *: a.
  rewrite -mulmxA [b^T *m x]mx11_scalar mul_mx_scalar; congr (_ *: _); rewrite mxE.
  by apply: eq_bigr => j _; rewrite mxE.
by rewrite /pair_gate mulmxDl -!scalemxAl mul1mx mulmxBl mulmxDl -scalemxAl mulmxDl -!scalemxAl !outer !mxE.
Qed.

Lemma gate_form x : dot x (M *m x) = turn pi angle u v * dot x x + (2%:R * pi * area u v)^-1 *
  (2%:R * dot u x * dot v x - dot u v * (dot u x ^+ 2 / dot u u + dot v x ^+ 2 / dot v v)).
Proof.
set k := _^-1; set c := turn _ _ _ _; set a := dot u x; set b := dot v x; set g := dot u v.
have sums c1 c2 c3 : \sum_i (c1 * (x i 0 * x i 0) + c2 * (u i 0 * x i 0) + c3 * (v i 0 * x i 0)) =
    c1 * dot x x + c2 * dot u x + c3 * dot v x by rewrite /dot !mulr_sumr -!big_split.
have -> : dot x (M *m x) = c * dot x x + (k * (b - g / dot u u * a)) * dot u x + (k * (a - g / dot v v * b)) * dot v x.
  rewrite -sums; apply: eq_bigr => i _; rewrite gate_entry -/c -/k -/a -/b -/g.
  by move: (dot u u)^-1 (dot v v)^-1 (x i 0) (u i 0) (v i 0) => *; ring.
by rewrite -/a -/b; move: (dot u u)^-1 (dot v v)^-1 => *; ring.
Qed.

Lemma area_gt0 : 0 < area u v /\ area u v ^+ 2 = gram_of_two u v.
Proof. by rewrite /area sqrtr_gt0 sqr_sqrtr // ltW. Qed.

(* sin th / 2 pi = k area^2 / |u| |v| for the factor k above. *)
Lemma sine_part_is : sine_part u v = (2%:R * pi * area u v)^-1 * (gram_of_two u v / (len u * len v)).
Proof.
have [A0 <-] := area_gt0; have [p0 q0] := lengths_gt0; rewrite /sine_part !invfM.
by move: (2%:R^-1) (pi^-1) => h o; field; rewrite !gt_eqF.
Qed.

Lemma between_independent x : 0 < pi ->
  (turn pi angle u v - sine_part u v) * dot x x <= dot x (M *m x) <= (turn pi angle u v + sine_part u v) * dot x x.
Proof.
move=> pi0; have [p0 q0] := lengths_gt0; have [A0 _] := area_gt0; have pq0 := mulr_gt0 p0 q0.
have k0 : 0 < (2%:R * pi * area u v)^-1 by rewrite invr_gt0 !mulr_gt0 ?ltr0n.
have := gram_of_three x; rewrite gate_form sine_part_is; move: (turn _ _ _ _) (_^-1) k0 => c k k0.
move: (dot u x) (dot v x) (dot x x) dot_between => a b X; rewrite -!square_of_length; move: (dot u v) => g.
move: (len u) (len v) p0 q0 pq0 (gram_of_two u v) => p q p0 q0 pq0 A /ltr_normlP [g_low g_high] three.
have low : 0 <= (p * q - g) * (a / p + b / q) ^+ 2 by rewrite mulr_ge0 ?sqr_ge0 // subr_ge0 ltW.
have high : 0 <= (p * q + g) * (a / p - b / q) ^+ 2.
  by rewrite mulr_ge0 ?sqr_ge0 // -ler_subl_addr sub0r ltW.
have bound : (a ^+ 2 * q ^+ 2 + b ^+ 2 * p ^+ 2 - 2%:R * a * b * g) / (p * q) <= A * X / (p * q).
  by rewrite ler_pmul2r ?invr_gt0.
pose F := 2%:R * a * b - g * (a ^+ 2 / p ^+ 2 + b ^+ 2 / q ^+ 2).
have F_low : 0 <= F + A * X / (p * q).
  apply: le_trans low _; have -> : (p * q - g) * (a / p + b / q) ^+ 2 =
    F + (a ^+ 2 * q ^+ 2 + b ^+ 2 * p ^+ 2 - 2%:R * a * b * g) / (p * q) by rewrite /F; field; rewrite !gt_eqF.
  by rewrite ler_add2l.
have F_high : 0 <= A * X / (p * q) - F.
  apply: le_trans high _; have -> : (p * q + g) * (a / p - b / q) ^+ 2 =
    (a ^+ 2 * q ^+ 2 + b ^+ 2 * p ^+ 2 - 2%:R * a * b * g) / (p * q) - F by rewrite /F; field; rewrite !gt_eqF.
  by rewrite ler_add2r.
apply/andP; split; rewrite -/F -subr_ge0.
  have -> : c * X + k * F - (c - k * (A / (p * q))) * X = k * (F + A * X / (p * q)).
    by move: (F) => f; field; rewrite !gt_eqF.
  by rewrite mulr_ge0 // ltW.
have -> : (c + k * (A / (p * q))) * X - (c * X + k * F) = k * (A * X / (p * q) - F).
  by move: (F) => f; field; rewrite !gt_eqF.
by rewrite mulr_ge0 // ltW.
Qed.

(* q u + s p v for s = 1 and s = -1: the bisectors, times |u| |v|. *)
Theorem gated_covariance_attained (s : R) : s ^+ 2 = 1 -> let x := len v *: u + (s * len u) *: v in
  0 < dot x x /\ M *m x = (turn pi angle u v + s * sine_part u v) *: x.
Proof.
move=> s1 x; have [p0 q0] := lengths_gt0; have [A0 A2] := area_gt0; have pq0 := mulr_gt0 p0 q0.
have ux : dot u x = len v * len u ^+ 2 + s * len u * dot u v.
  by rewrite dot_sym dot_combination -square_of_length (dot_sym v).
have vx : dot v x = len v * dot u v + s * len u * len v ^+ 2.
  by rewrite dot_sym dot_combination -square_of_length.
have /ltr_normlP [g_low g_high] := dot_between; split.
  have -> : dot x x = 2%:R * (len u * len v) * (len u * len v + s * dot u v).
    rewrite dot_combination ux vx; move: (len u) (len v) (dot u v) => p q g.
    have -> : q * (q * p ^+ 2 + s * p * g) + s * p * (q * g + s * p * q ^+ 2) =
      q ^+ 2 * p ^+ 2 + 2%:R * s * p * q * g + s ^+ 2 * (p ^+ 2 * q ^+ 2) by ring.
    by rewrite s1; ring.
  rewrite !mulr_gt0 ?ltr0n // -ltr_subl_addr sub0r.
  have : (s - 1) * (s + 1) = 0 by rewrite -subr_sqr_1 s1 subrr.
  move/eqP; rewrite mulf_eq0 subr_eq0 addr_eq0 => /orP [] /eqP ->.
    by rewrite mul1r.
  by rewrite mulN1r opprK.
apply/matrixP => i j; rewrite ord1 gate_entry ux vx sine_part_is gram_of_lengths !mxE -!square_of_length.
move: (_^-1) (turn _ _ _ _) (u i 0) (v i 0) (dot u v) (len u) (len v) p0 q0 => k c y z g p q p0 q0.
have -> : (c + s * (k * (((p * q) ^+ 2 - g ^+ 2) / (p * q)))) * (q * y + s * p * z) =
    c * (q * y + s * p * z) + k * ((q * g + s * p * q ^+ 2) * y + (q * p ^+ 2 + s * p * g) * z -
      g * ((p ^+ 2)^-1 * ((q * p ^+ 2 + s * p * g) * y) + (q ^+ 2)^-1 * ((q * g + s * p * q ^+ 2) * z))) +
    (s ^+ 2 - 1) * (k * (p * q - g ^+ 2 / (p * q)) * p * z) by field; rewrite !gt_eqF.
by rewrite s1 subrr mul0r addr0.
Qed.

Theorem no_larger_bound (c : R) : (forall x, c * dot x x <= dot x (M *m x)) -> c <= turn pi angle u v - sine_part u v.
Proof.
have one : (-1) ^+ 2 = 1 :> R by rewrite sqrrN expr1n.
have [positive Mx] := gated_covariance_attained one; set x := _ + _ in positive Mx; move=> /(_ x).
by rewrite Mx -[x in dot x (_ *: _)]scale1r dot_scale mul1r ler_pmul2r // mulN1r.
Qed.

(* M(u, v) v = K(u, v), the slope of u's kernel. *)
Theorem gate_of_the_second : M *m v = pair_slope pi angle u v.
Proof.
have [p0 q0] := lengths_gt0; have [A0 A2] := area_gt0; apply/matrixP => i j; rewrite ord1 gate_entry !mxE.
have := A2; rewrite /gram_of_two -!square_of_length; move: (area u v) A0 => A A0.
move: (turn _ _ _ _) (u i 0) (v i 0) (dot u v) => c y z g.
move: (len u) (len v) p0 q0 => p q p0 q0 square.
have -> : q ^+ 2 * y + g * z - g * ((p ^+ 2)^-1 * (g * y) + (q ^+ 2)^-1 * (q ^+ 2 * z)) = A ^+ 2 / p ^+ 2 * y.
  by rewrite square; field; rewrite !gt_eqF.
by rewrite !invfM; move: (2%:R^-1) (pi^-1) => h o; field; rewrite !gt_eqF.
Qed.
End Independent.

(* On one line M is a multiple of I, and sin th = 0. *)
Theorem gated_covariance_between u v x : 0 < pi ->
  (turn pi angle u v - sine_part u v) * dot x x <= dot x (pair_gate pi angle u v *m x)
    <= (turn pi angle u v + sine_part u v) * dot x x.
Proof.
have [dependent _|independent] := lerP (gram_of_two u v) 0; last exact: between_independent.
have flat : area u v = 0 by rewrite /area ler0_sqrtr.
by rewrite gate_form /sine_part flat mulr0 invr0 !mul0r subr0 !addr0 lexx.
Qed.
End Covariance.
