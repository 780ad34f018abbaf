(* Derivatives in an ordered field, with an error of the second order: sums, products, quotients and roots.

   [near_line f b a]: f(t) = b + a t + O(t^2) near 0, so that f(0) = b, and a is f's derivative there. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Definition near_line (R : realFieldType) (f : R -> R) (b a : R) : Prop :=
  exists C r : R, [/\ 0 <= C, 0 < r & forall t, `|t| <= r -> `|f t - (b + a * t)| <= C * t ^+ 2].

Section Rules.
Variable R : realFieldType.
Implicit Types (f g h s : R -> R) (a b c e k : R).

Lemma near_line_ext f g b a c e : f =1 g -> b = c -> a = e -> near_line f b a -> near_line g c e.
Proof. by move=> fg <- <- [C [r [C0 r0 le]]]; exists C, r; split=> // t tr; rewrite -fg le. Qed.

Lemma near_line_quadratic f b a c : (forall t, f t = b + a * t + c * t ^+ 2) -> near_line f b a.
Proof.
move=> E; exists `|c|, 1; split; rewrite ?ltr01 // => t _.
by rewrite E addrAC subrr add0r normrM (ger0_norm (sqr_ge0 t)).
Qed.

(* Two radii, and what is at most 1. *)
Lemma both_near f b a g c e : near_line f b a -> near_line g c e -> exists C D r : R,
  [/\ 0 <= C, 0 <= D, 0 < r /\ r <= 1 & forall t, `|t| <= r ->
  `|f t - (b + a * t)| <= C * t ^+ 2 /\ `|g t - (c + e * t)| <= D * t ^+ 2].
Proof.
case=> C [r [C0 r0 fC]] [D [q [D0 q0 gD]]]; exists C, D, (Num.min 1 (Num.min r q)); split=> //.
  by rewrite !lt_minr ltr01 r0 q0 le_minl lexx.
by move=> t; rewrite !le_minr => /and3P [_ tr tq]; split; [exact: fC|exact: gD].
Qed.

Lemma square_le1 (t : R) : `|t| <= 1 -> t ^+ 2 <= 1 /\ t ^+ 2 <= `|t|.
Proof.
move=> t1; rewrite -(real_normK (num_real t)); split; first by rewrite exprn_ile1.
by rewrite expr2 ler_pimulr.
Qed.

Lemma near_line_bound f b a C t : 0 <= C -> `|t| <= 1 -> `|f t - (b + a * t)| <= C * t ^+ 2 ->
  `|f t - b| <= (`|a| + C) * `|t|.
Proof.
move=> C0 t1 le; have -> : f t - b = (f t - (b + a * t)) + a * t by ring.
rewrite (le_trans (ler_norm_add _ _)) // mulrDl addrC ler_add ?normrM //.
by apply: le_trans le _; rewrite ler_wpmul2l //; case: (square_le1 t1).
Qed.

Lemma near_line_add f b a g c e : near_line f b a -> near_line g c e -> near_line (fun t => f t + g t) (b + c) (a + e).
Proof.
move=> nf ng; have [C [D [r [C0 D0 [r0 _] near]]]] := both_near nf ng; exists (C + D), r; split; rewrite ?addr_ge0 //.
move=> t /near [le_f le_g]; have -> : f t + g t - (b + c + (a + e) * t) = (f t - (b + a * t)) + (g t - (c + e * t)).
  by ring.
by rewrite (le_trans (ler_norm_add _ _)) // mulrDl ler_add.
Qed.

Lemma near_line_mul f b a g c e : near_line f b a -> near_line g c e ->
  near_line (fun t => f t * g t) (b * c) (b * e + a * c).
Proof.
move=> nf ng; have [C [D [r [C0 D0 [r0 r1] near]]]] := both_near nf ng.
pose F := `|b| + (`|a| + C); pose G := `|c| + `|e|.
have F0 : 0 <= F by rewrite !addr_ge0.
have G0 : 0 <= G by rewrite addr_ge0.
exists (F * D + C * G + `|a * e|), r; split; rewrite ?addr_ge0 ?mulr_ge0 // => t tr; have [le_f le_g] := near t tr.
have t1 := le_trans tr r1; have tt0 := sqr_ge0 t.
have -> : f t * g t - (b * c + (b * e + a * c) * t) =
    f t * (g t - (c + e * t)) + (f t - (b + a * t)) * (c + e * t) + a * e * t ^+ 2 by ring.
rewrite [X in _ <= X]mulrDl [X in _ <= X + _]mulrDl (le_trans (ler_norm_add _ _)) // ler_add //; last first.
  by rewrite normrM (ger0_norm tt0).
rewrite (le_trans (ler_norm_add _ _)) // ler_add // normrM.
  rewrite -mulrA ler_pmul // -[f t](subrK b) addrC (le_trans (ler_norm_add _ _)) // ler_add //.
  by apply: le_trans (near_line_bound C0 t1 le_f) _; rewrite ler_pimulr // addr_ge0.
rewrite [X in _ <= X]mulrAC ler_pmul // (le_trans (ler_norm_add _ _)) // ler_add //.
by rewrite normrM ler_pimulr.
Qed.

Lemma near_line_constant b : near_line (fun _ => b) b 0.
Proof. by apply: (@near_line_quadratic _ _ _ 0) => t; rewrite !mul0r !addr0. Qed.

Lemma near_line_power f a n : near_line f 1 a -> near_line (fun t => f t ^+ n) 1 (n%:R * a).
Proof.
move=> nf; elim: n => [|n IH]; first by rewrite mul0r; apply: near_line_constant.
apply: near_line_ext (near_line_mul nf IH) => [t||]; first by rewrite exprS.
  by rewrite mul1r.
by rewrite mul1r mulr1 -[n.+1]addn1 natrD mulrDl mul1r.
Qed.

(* Where s is 1 at 0 it is not far below that near 0. *)
Lemma near_one s k : near_line s 1 k -> exists B C r : R, [/\ 0 <= B, 0 <= C, 0 < r /\ r <= 1 & forall t, `|t| <= r ->
  [/\ `|s t - (1 + k * t)| <= C * t ^+ 2, `|s t - 1| <= B * `|t|, B * `|t| <= 2%:R^-1 & 2%:R^-1 <= s t]].
Proof.
move=> ns; have [C [D [r [C0 _ [r0 r1] near]]]] := both_near ns ns; pose B := `|k| + C.
have B0 : 0 <= B by rewrite addr_ge0.
have B1 : 0 < B + 1 by apply: ltr_paddl.
exists B, C, (Num.min r (2%:R^-1 / (B + 1))); split=> //.
  by rewrite lt_minr r0 divr_gt0 ?invr_gt0 ?ltr0n // le_minl r1.
move=> t; rewrite le_minr => /andP [tr tB]; have [le _] := near t tr; have t1 := le_trans tr r1.
have small : B * `|t| <= 2%:R^-1.
  move: tB; rewrite ler_pdivl_mulr // => /(le_trans _); apply.
  by rewrite mulrC ler_wpmul2l // ler_addl ler01.
have one := near_line_bound C0 t1 le; split=> //.
have := le_trans one small; rewrite ler_norml => /andP [+ _]; rewrite ler_subr_addr; apply: le_trans.
by rewrite [X in _ + X](splitr 1) mul1r addKr.
Qed.

Lemma near_line_div f b a s k : near_line f b a -> near_line s 1 k -> near_line (fun t => f t / s t) b (a - b * k).
Proof.
move=> nf ns; pose l t := b + (a - b * k) * t.
have nl : near_line l b (a - b * k) by apply: (@near_line_quadratic _ _ _ 0) => t; rewrite mul0r addr0.
have [C [D [r [C0 D0 [r0 r1] near]]]] := both_near nf (near_line_mul ns nl).
have [B [E [q [_ _ [q0 q1] half]]]] := near_one ns.
exists (2%:R * (C + D)), (Num.min r q); split; [by rewrite mulr_ge0 ?ler0n // addr_ge0|by rewrite lt_minr r0|].
move=> t; rewrite le_minr => /andP [/near [le_f le_l] /half [_ _ _ s_half]].
have s0 : 0 < s t by apply: lt_le_trans s_half; rewrite invr_gt0 ltr0n.
have -> : f t / s t - (b + (a - b * k) * t) = (f t - s t * l t) / s t by rewrite /l; field; rewrite gt_eqF.
rewrite normrM normfV (gtr0_norm s0) ler_pdivr_mulr //.
have le : `|f t - s t * l t| <= (C + D) * t ^+ 2.
  have -> : f t - s t * l t = (f t - (b + a * t)) - (s t * l t - (1 * b + (1 * (a - b * k) + k * b) * t)) by ring.
  by rewrite (le_trans (ler_norm_sub _ _)) // [X in _ <= X]mulrDl ler_add.
have two : 1 <= 2%:R * s t.
  by rewrite -ler_pdivr_mull ?ltr0n // mulr1.
apply: le_trans le _; have -> : 2%:R * (C + D) * t ^+ 2 * s t = 2%:R * s t * ((C + D) * t ^+ 2) by ring.
by rewrite ler_pemull // mulr_ge0 ?sqr_ge0 // addr_ge0.
Qed.

Lemma power_error n : exists2 K : R, 0 <= K & forall z, `|z| <= 1 -> `|(1 + z) ^+ n - 1 - n%:R * z| <= K * z ^+ 2.
Proof.
elim: n => [|n [K K0 IH]]; first by exists 0 => // z _; rewrite expr0 subrr mul0r subrr normr0 mul0r.
exists (2%:R * K + n%:R); first by rewrite addr_ge0 ?mulr_ge0 ?ler0n.
move=> z z1; have -> : (1 + z) ^+ n.+1 - 1 - n.+1%:R * z = (1 + z) * ((1 + z) ^+ n - 1 - n%:R * z) + n%:R * z ^+ 2.
  by rewrite exprS -[n.+1]addn1 natrD; move: ((1 + z) ^+ n) (n%:R) => p m; ring.
rewrite (le_trans (ler_norm_add _ _)) // [X in _ <= X]mulrDl ler_add //; last first.
  by rewrite ger0_norm // mulr_ge0 ?ler0n ?sqr_ge0.
rewrite normrM -mulrA ler_pmul ?IH // (le_trans (ler_norm_add _ _)) // normr1 -[2%:R]/(1 + 1) ler_add2l //.
Qed.

Lemma near_line_root n h s k : near_line s 1 k -> (forall t, 0 <= s t -> 0 <= h t /\ h t ^+ n.+1 = s t) ->
  near_line h 1 (k / n.+1%:R).
Proof.
move=> ns root; have [B [C [r [B0 C0 [r0 r1] near]]]] := near_one ns; have [K K0 error] := power_error n.+1.
have n0 : 0 < n.+1%:R :> R by rewrite ltr0n.
exists ((C + K * B ^+ 2) / n.+1%:R), r; split=> //.
  by rewrite divr_ge0 ?ler0n // addr_ge0 // mulr_ge0 ?sqr_ge0.
move=> t /near [le le1 small half]; have [h0 hn] : 0 <= h t /\ h t ^+ n.+1 = s t.
  by apply: root; apply: le_trans half; rewrite invr_ge0 ler0n.
pose z := h t - 1; have z_small : `|z| <= B * `|t|.
  apply: le_trans le1; rewrite -hn subrX1 normrM ler_pemulr // big_ord_recl expr0 ger0_norm.
    by rewrite ler_addl sumr_ge0 // => i _; rewrite exprn_ge0.
  by rewrite addr_ge0 ?ler01 // sumr_ge0 // => i _; rewrite exprn_ge0.
have z1 : `|z| <= 1 by apply: le_trans z_small (le_trans small _); rewrite invf_le1 ?ltr0n // ler1n.
have h_z : 1 + z = h t by rewrite /z addrC subrK.
have := error z z1; rewrite h_z hn => err.
have -> : h t - (1 + k / n.+1%:R * t) = (s t - (1 + k * t) - (s t - 1 - n.+1%:R * z)) / n.+1%:R.
  by rewrite /z; move: (n.+1%:R) n0 => m m0; field; rewrite gt_eqF.
rewrite normrM normfV (gtr0_norm n0) [X in _ <= X]mulrAC ler_pmul2r ?invr_gt0 // mulrDl.
rewrite (le_trans (ler_norm_sub _ _)) // ler_add // (le_trans err) // -mulrA ler_wpmul2l //.
by rewrite -(real_normK (num_real z)) -(real_normK (num_real t)) -exprMn ler_expn2r ?nnegrE ?mulr_ge0.
Qed.
End Rules.
