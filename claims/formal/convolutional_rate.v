(* One filter on patches apart (DL-046): one step turns the filter towards w*, and bounds how its length moves.

   w = r u with u and v = w* of length 1; c = u.v is the cosine of the angle, s is to be its sine. The tangent of half
   the angle of two vectors is [half_tangent]. The angle theta and pi come in as numbers: only 0 <= s <= theta < pi is
   used.
   Left out: that theta is the angle; the rate, which needs that it falls; that the gradient is that of the loss. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm one_point_convexity.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Filter.
Variables (R : rcfType) (d : nat).
Implicit Types (u v w : 'I_d -> R).

Definition length_of w : R := Num.sqrt (dot w w).
Definition half_tangent u v : R :=
  Num.sqrt (dot u u * dot v v - dot u v ^+ 2) / (length_of u * length_of v + dot u v).
Definition combined (a b : R) u v (i : 'I_d) : R := a * u i + b * v i.

Lemma dotC u v : dot u v = dot v u. Proof. by apply: eq_bigr => i _; rewrite mulrC. Qed.
Lemma dot_combined a b u v w : dot (combined a b u v) w = a * dot u w + b * dot v w.
Proof. by rewrite /dot !mulr_sumr -big_split; apply: eq_bigr => i _; rewrite mulrDl !mulrA. Qed.

(* The lengths of combinations of two unit vectors; and their half angle with the second. *)
Theorem half_angle_falls (a b : R) u v : dot u u = 1 -> dot v v = 1 -> -1 < dot u v -> 0 <= a -> 0 < b ->
  let w := combined a b u v in
  [/\ 0 < length_of w, a + b * dot u v <= length_of w <= a + b &
      half_tangent w v <= a / (a + b) * half_tangent u v].
Proof.
move=> u1 v1 c_gt a0 b0 w; set c := dot u v in c_gt *.
have ab0 : 0 < a + b by rewrite ltr_paddl.
have wv : dot w v = a * c + b by rewrite /w dot_combined v1 mulr1.
have ww : dot w w = a ^+ 2 + b ^+ 2 + 2%:R * (a * b * c).
  rewrite /w dot_combined dotC dot_combined u1 (dotC v u) -/c [dot v _]dotC dot_combined v1 -/c; ring.
have c_le : c ^+ 2 <= 1.
  have : 0 <= dot (combined (- c) 1 v u) (combined (- c) 1 v u) by apply: sumr_ge0 => i _; rewrite -expr2 sqr_ge0.
  rewrite dot_combined dotC dot_combined v1 -/c [dot u _]dotC dot_combined (dotC v u) -/c u1.
  have -> : - c * (- c * 1 + 1 * c) + 1 * (- c * c + 1 * 1) = 1 - c ^+ 2 by ring.
  by rewrite subr_ge0.
have s0 : 0 <= 1 - c ^+ 2 by rewrite subr_ge0.
have c1 : c <= 1.
  rewrite (le_trans (ler_norm c)) // -(@ler_pexpn2r _ 2) ?nnegrE ?normr_ge0 ?ler01 //.
  by rewrite expr1n real_normK ?num_real.
have ww0 : 0 < dot w w.
  have -> : dot w w = (a - b) ^+ 2 + 2%:R * (a * b * (1 + c)) by rewrite ww; ring.
  move: a0; rewrite le_eqVlt => /orP [/eqP <-|a_gt].
    by rewrite sub0r sqrrN !mul0r mulr0 addr0 exprn_gt0.
  by rewrite ltr_paddl ?sqr_ge0 // mulr_gt0 ?ltr0n // !mulr_gt0 // -ltr_subl_addl sub0r.
have len0 : 0 < length_of w by rewrite sqrtr_gt0.
have len2 : length_of w ^+ 2 = dot w w by rewrite sqr_sqrtr // ltW.
have low : a + b * c <= length_of w.
  have [neg|pos] := lerP (a + b * c) 0; first exact: le_trans neg (ltW len0).
  rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?(ltW pos) ?(ltW len0) // len2 ww -subr_ge0.
  have -> : a ^+ 2 + b ^+ 2 + 2%:R * (a * b * c) - (a + b * c) ^+ 2 = b ^+ 2 * (1 - c ^+ 2) by ring.
  by rewrite mulr_ge0 ?sqr_ge0.
have high : length_of w <= a + b.
  rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?(ltW len0) ?(ltW ab0) // len2 ww -subr_ge0.
  have -> : (a + b) ^+ 2 - (a ^+ 2 + b ^+ 2 + 2%:R * (a * b * c)) = 2%:R * (a * b * (1 - c)) by ring.
  by rewrite !mulr_ge0 ?ler0n ?subr_ge0 // ltW.
split=> //; first by rewrite low.
have one1 : length_of v = 1 by rewrite /length_of v1 sqrtr1.
have one2 : length_of u = 1 by rewrite /length_of u1 sqrtr1.
rewrite /half_tangent one1 one2 u1 v1 !mulr1 wv -/c.
have -> : dot w w - (a * c + b) ^+ 2 = a ^+ 2 * (1 - c ^+ 2) by rewrite ww; ring.
rewrite sqrtrM ?sqr_ge0 // sqrtr_sqr ger0_norm //; set q := Num.sqrt _; have q0 : 0 <= q by apply: sqrtr_ge0.
have c0 : 0 < 1 + c by rewrite -ltr_subl_addl sub0r.
have enough : (a + b) * (1 + c) <= length_of w + (a * c + b).
  have -> : (a + b) * (1 + c) = (a + b * c) + (a * c + b) by ring.
  by rewrite ler_add2r.
have -> : a / (a + b) * (q / (1 + c)) = a * q / ((a + b) * (1 + c)) by rewrite invfM mulrACA.
rewrite ler_wpmul2l ?mulr_ge0 // lef_pinv ?posrE ?mulr_gt0 //.
by apply: lt_le_trans enough; rewrite mulr_gt0.
Qed.

(* One step of gradient descent from r u, where the gradient is S r u - ((s + k - 1) u + (pi - theta) v)/(pi k). *)
Definition filter_step (pi k theta s eta r : R) u v (i : 'I_d) : R :=
  r * u i - eta * ((pi + k - 1) / (pi * k) * (r * u i) - ((s + k - 1) * u i + (pi - theta) * v i) / (pi * k)).

Theorem filter_turns (pi k theta s eta r : R) u v : let S := (pi + k - 1) / (pi * k) in let p := 1 - eta * S in
  let a := p * r + eta * (s + k - 1) / (pi * k) in let b := eta * (pi - theta) / (pi * k) in
  let c := dot u v in let h := pi - s - (pi - theta) * c in let w := filter_step pi k theta s eta r u v in
  dot u u = 1 -> dot v v = 1 -> -1 < c -> 0 <= s -> s <= theta < pi -> 1 <= k ->
  0 < eta -> eta * S <= 1 -> 0 < r ->
  [/\ 0 <= a, 0 < b, 0 < length_of w & half_tangent w v <= a / (a + b) * half_tangent u v] /\
  [/\ a + b <= p * r + eta * S, - (eta * h / (pi * k)) <= length_of w - 1 - p * (r - 1) &
      length_of w - 1 - p * (r - 1) <= - (eta * (theta - s) / (pi * k))].
Proof.
move=> S p a b c h w u1 v1 c_gt s0 /andP [s_le theta_lt] k1 eta0 etaS r0.
have pi0 : 0 < pi by apply: le_lt_trans theta_lt; apply: le_trans s_le.
have pk0 : 0 < pi * k by rewrite mulr_gt0 // (lt_le_trans ltr01).
have pk : pi * k != 0 by rewrite gt_eqF.
have p0 : 0 <= p by rewrite subr_ge0.
have a0 : 0 <= a.
  by rewrite addr_ge0 ?mulr_ge0 ?(ltW r0) // ?invr_ge0 ?(ltW pk0) ?(ltW eta0) // -addrA addr_ge0 // subr_ge0.
have b0 : 0 < b by rewrite divr_gt0 // mulr_gt0 // subr_gt0.
have same : w =1 combined a b u v.
  move=> i; rewrite /w /filter_step /combined /a /b /p /S; move: (u i) (v i) => x y; field.
  by move: pk; rewrite mulf_eq0 negb_or => /andP [-> ->].
have dots x : dot w x = dot (combined a b u v) x by apply: eq_bigr => i _; rewrite same.
have dots2 : dot w w = dot (combined a b u v) (combined a b u v) by apply: eq_bigr => i _; rewrite same.
have len : length_of w = length_of (combined a b u v) by rewrite /length_of dots2.
have tangent : half_tangent w v = half_tangent (combined a b u v) v by rewrite /half_tangent len dots2 dots.
have [len0 /andP [low high] falls] := half_angle_falls u1 v1 c_gt a0 b0; rewrite len tangent.
have [pi_neq k_neq] : pi != 0 /\ k != 0 by move: pk; rewrite mulf_eq0 negb_or => /andP [].
have sum : a + b = p * r + eta * S - eta * (theta - s) / (pi * k).
  by rewrite /a /b /S; field; rewrite pi_neq k_neq.
have sum_c : a + b * c = p * r + eta * S - eta * h / (pi * k).
  by rewrite /a /b /h /S; field; rewrite pi_neq k_neq.
have shift x : x - 1 - p * (r - 1) = x - (p * r + eta * S) by rewrite /p; ring.
split; split=> //.
- by rewrite sum ler_subl_addr ler_addl divr_ge0 ?(ltW pk0) // mulr_ge0 ?(ltW eta0) // subr_ge0.
- by rewrite shift ler_subr_addl -sum_c.
by rewrite shift ler_subl_addl -sum.
Qed.
End Filter.

(* All that it asks for can be met: at a right angle, with 3 in the place of pi. *)
Theorem filter_turns_met (R : rcfType) : let pi : R := 3%:R in let k : R := 1 in let S := (pi + k - 1) / (pi * k) in
  let u (i : 'I_2) : R := (i == 0)%:R in let v (i : 'I_2) : R := (i == 1)%:R in
  [/\ dot u u = 1, dot v v = 1, (-1 : R) < dot u v, (1 : R) <= 3%:R / 2%:R < pi &
      [/\ 1 <= k, 1 * S <= 1 & half_tangent u v = 1]].
Proof.
move=> pi k S u v; have [u1 v1 c0] : [/\ dot u u = 1, dot v v = 1 & dot u v = 0].
  by rewrite /dot !big_ord_recl !big_ord0 /u /v /= !mulr1 !mulr0 !addr0 !add0r.
have three : 3%:R != 0 :> R by rewrite pnatr_eq0.
split=> //; first by rewrite c0 oppr_lt0 ltr01.
  by rewrite ler_pdivl_mulr ?ltr0n // mul1r ler_nat ltr_pdivr_mulr ?ltr0n // -natrM ltr_nat.
split; rewrite ?lexx //; first by rewrite /S /k addrK mulr1 mul1r divff.
by rewrite /half_tangent /length_of u1 v1 c0 expr0n subr0 mulr1 sqrtr1 mulr1 addr0 divr1.
Qed.
