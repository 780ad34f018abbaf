(* DL-047, One step: for 0 < eta <= 2 the angle with the teacher v falls, while it is none of 0 and pi; so it falls at
   every step.

   The gradient is w / 2 - K(w, v) with K of gaussian_units.v. The angle is any decreasing function of the cosine that
   is at most pi, as arccos is.
   Left out: that this is the gradient of 1/2 E (s(w.x) - s(v.x))^2; the angles 0 and pi. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import gaussian_units gated_covariance.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Falls.
Variables (R : rcfType) (pi : R) (angle : R -> R) (m : nat).
Implicit Types (u v w : 'cV[R]_m).
Local Notation len u := (length_of_vector u).

Definition teacher_gradient v w : 'cV[R]_m := 2%:R^-1 *: w - pair_slope pi angle w v.
Definition teacher_step (eta : R) v w : 'cV[R]_m := w - eta *: teacher_gradient v w.
(* What is used of arccos, on [-1, 1]. *)
Definition decreasing_angle : Prop :=
  angle (-1) <= pi /\ forall c c', -1 <= c -> c < c' -> c' <= 1 -> angle c' < angle c.

(* Between w and v the cosine is larger than at w. *)
Section Between.
Variables (a b : R) (w v : 'cV[R]_m).
Hypotheses (a0 : 0 < a) (b0 : 0 < b) (independent : 0 < gram_of_two w v).
Local Notation w' := (a *: w + b *: v).

Lemma gram_between : gram_of_two w' v = a ^+ 2 * gram_of_two w v.
Proof.
rewrite /gram_of_two !dot_combination ![dot _ w']dot_sym !dot_combination (dot_sym v w).
by move: (dot w w) (dot v v) (dot w v) => *; ring.
Qed.

Lemma independent_between : 0 < gram_of_two w' v.
Proof. by rewrite gram_between mulr_gt0 ?exprn_gt0. Qed.

Lemma cosine_between : cosine w v < cosine w' v.
Proof.
have [p0 q0] := lengths_gt0 independent; have [r0 _] := lengths_gt0 independent_between.
have /ltr_normlP [g_low g_high] := dot_between independent.
rewrite /cosine -!/(len _) ltr_pdivr_mulr ?mulr_gt0 // mulrAC ltr_pdivl_mulr ?mulr_gt0 // !mulrA ltr_pmul2r //.
have square : len w' ^+ 2 = a ^+ 2 * len w ^+ 2 + 2%:R * a * b * dot w v + b ^+ 2 * len v ^+ 2.
  rewrite !square_of_length dot_combination ![dot _ w']dot_sym !dot_combination (dot_sym v w).
  by move: (dot w w) (dot v v) (dot w v) => *; ring.
rewrite dot_combination -(square_of_length v); move: (len w') r0 square.
move: (dot w v) (len w) (len v) p0 q0 g_low g_high => g p q p0 q0 g_low g_high r r0 square.
have gap0 : 0 < p * q - g by rewrite subr_gt0.
have [g0|g0] := lerP 0 g.
  have below : r <= a * p + b * q.
    rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?(ltW r0) ?addr_ge0 ?mulr_ge0 ?(ltW a0) ?(ltW b0) ?(ltW p0) ?(ltW q0) //.
    rewrite square -subr_ge0 (_ : _ - _ = 2%:R * (a * b) * (p * q - g)); last by ring.
    by rewrite !mulr_ge0 ?ler0n ?(ltW a0) ?(ltW b0) // ltW.
  apply: le_lt_trans (ler_wpmul2l g0 below) _; rewrite -subr_gt0.
  by rewrite (_ : _ - _ = b * q * (p * q - g)) ?mulr_gt0 //; ring.
have above : a * p ^+ 2 + b * g <= r * p.
  apply: le_trans (ler_norm _) _; rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?normr_ge0 ?mulr_ge0 ?(ltW r0) ?(ltW p0) //.
  rewrite real_normK ?num_real // exprMn square -subr_ge0.
  rewrite (_ : _ - _ = b ^+ 2 * ((p * q - g) * (p * q + g))); last by ring.
  by rewrite mulr_ge0 ?sqr_ge0 // mulr_ge0 ?(ltW gap0) // -ler_subl_addr sub0r ltW.
rewrite -(ltr_pmul2r p0) -mulrA; apply: le_lt_trans (_ : g * (a * p ^+ 2 + b * g) < _).
  by rewrite ler_wnmul2l // ltW.
rewrite -subr_gt0 (_ : _ - _ = b * ((p * q - g) * (p * q + g))); last by ring.
by rewrite !mulr_gt0 // -ltr_subl_addr sub0r.
Qed.
End Between.

Hypothesis pi0 : 0 < pi.
Variables (eta : R) (v : 'cV[R]_m).
Hypothesis eta2 : 0 < eta <= 2%:R.

Lemma step_between w : 0 < gram_of_two w v -> angle (cosine w v) < pi -> exists a b : R,
  [/\ 0 < a, 0 < b & teacher_step eta v w = a *: w + b *: v].
Proof.
move=> independent below; have [p0 q0] := lengths_gt0 independent; have [A0 _] := area_gt0 independent.
have /andP [eta0 eta_le] := eta2.
exists (1 - eta / 2%:R + eta * (area w v / (2%:R * pi * dot w w))), (eta * turn pi angle w v); split.
- apply: ltr_paddl; first by rewrite subr_ge0 ler_pdivr_mulr ?ltr0n // mul1r.
  by rewrite mulr_gt0 // divr_gt0 // !mulr_gt0 ?ltr0n // -square_of_length exprn_gt0.
- by rewrite mulr_gt0 // divr_gt0 ?subr_gt0 // mulr_gt0 ?ltr0n.
apply/matrixP => i j; rewrite ord1 /teacher_step /teacher_gradient /pair_slope !mxE.
by move: (turn _ _ _ _) (area w v / _) (2%:R^-1) (w i 0) (v i 0) => c A h x y; ring.
Qed.

(* Each step, and each of the run. *)
Theorem angle_falls w : decreasing_angle -> 0 < gram_of_two w v ->
  0 < gram_of_two (teacher_step eta v w) v /\ angle (cosine (teacher_step eta v w) v) < angle (cosine w v).
Proof.
move=> [at_most falls] independent; have one u : 0 < gram_of_two u v -> -1 < cosine u v < 1.
  move=> apart; have [p0 q0] := lengths_gt0 apart; have /ltr_normlP [low high] := dot_between apart.
  by rewrite /cosine -!/(len _) ltr_pdivl_mulr ?ltr_pdivr_mulr ?mulr_gt0 // mul1r mulN1r high ltr_oppl low.
have /andP [w_low w_high] := one w independent.
have below : angle (cosine w v) < pi by apply: lt_le_trans at_most; apply: falls; rewrite ?lexx ?(ltW w_high).
have [a [b [a0 b0 ->]]] := step_between independent below.
have apart := independent_between b a0 independent; split=> //; have /andP [_ high] := one _ apart.
by apply: falls; rewrite ?(ltW w_low) ?(ltW high) // cosine_between.
Qed.

Theorem angles_fall w t : decreasing_angle -> 0 < gram_of_two w v -> let W s := iter s (teacher_step eta v) w in
  0 < gram_of_two (W t) v /\ angle (cosine (W t.+1) v) < angle (cosine (W t) v).
Proof.
move=> falls independent W; suff apart : 0 < gram_of_two (W t) v by split=> //; case: (angle_falls falls apart).
by elim: t => [//|t IH]; case: (angle_falls falls IH).
Qed.
End Falls.

(* Control: on the teacher's own ray the angle stays what it is. *)
Theorem angle_need_not_fall (R : rcfType) (pi : R) (angle : R -> R) (m : nat) (eta : R) (v : 'cV[R]_m) :
  0 < pi -> decreasing_angle pi angle -> 0 < eta <= 2%:R -> 0 < dot v v ->
  ~ forall w, angle (cosine (teacher_step pi angle eta v w) v) < angle (cosine w v).
Proof.
move=> pi0 [at_most falls] /andP [eta0 eta2] v0 /(_ v).
have one : cosine v v = 1 by rewrite /cosine -expr2 -/(length_of_vector v) square_of_length divff // gt_eqF.
have flat : area v v = 0 by rewrite /area -expr2 subrr sqrtr0.
have turn0 : 0 < turn pi angle v v.
  rewrite /turn one divr_gt0 ?mulr_gt0 ?ltr0n // subr_gt0 (lt_le_trans _ at_most) //.
  by apply: falls; rewrite ?lexx // ltr_oppl (lt_trans _ ltr01) // oppr_lt0 ltr01.
pose c := 1 - eta / 2%:R + eta * turn pi angle v v.
have c0 : 0 < c.
  by apply: ltr_paddl; [rewrite subr_ge0 ler_pdivr_mulr ?ltr0n // mul1r | rewrite mulr_gt0].
have -> : teacher_step pi angle eta v v = c *: v.
  apply/matrixP => i j; rewrite /teacher_step /teacher_gradient /pair_slope flat mul0r scale0r add0r !mxE /c.
  by move: (turn _ _ _ _) (2%:R^-1) (v i j) => t h x; ring.
have -> : cosine (c *: v) v = cosine v v; last by rewrite ltxx.
rewrite /cosine; have -> : dot (c *: v) v = c * dot v v.
  by rewrite /dot mulr_sumr; apply: eq_bigr => i _; rewrite mxE mulrA.
by rewrite dot_scale root_scale // -[X in _ / X]mulrA -mulf_div divff ?mul1r // gt_eqF.
Qed.

(* The suppositions can be met over every field of the kind. *)
Theorem decreasing_angle_met (R : rcfType) (pi : R) : 0 < pi -> decreasing_angle pi (fun c => pi * ((1 - c) / 2%:R)).
Proof.
move=> pi0; split=> [|c c' _ lt _]; first by rewrite opprK -mulr2n divff ?pnatr_eq0 // mulr1.
by rewrite ltr_pmul2l // ltr_pmul2r ?invr_gt0 ?ltr0n // ltr_add2l ltr_opp2.
Qed.
