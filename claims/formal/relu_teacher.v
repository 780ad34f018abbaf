(* One ReLU unit and a teacher (DL-047): one point and one step, from what the gated covariance is at least and at most.

   The samples are any, with any weights p_n >= 0: of x ~ N(0, I) the two hypotheses are that E 1(w.x > 0) x x^T = I/2
   and that E 1(w.x > 0) 1(v.x > 0) x x^T >= kappa I (DL-044). Left out: distributions that are not finite, and so the
   Gaussian one with its kappa; the angle; that the gradient is the derivative of the loss. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm one_point_convexity leaky_unit.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Teacher.
Variables (R : realFieldType) (d m : nat) (x : 'I_m -> 'I_d -> R) (p : 'I_m -> R).
Implicit Types (u v w b : 'I_d -> R).

Definition gate w (n : 'I_m) : R := if 0 < dot w (x n) then 1 else 0.
Definition gated w (n : 'I_m) : R := p n * gate w n.
(* The gradient of sum_n p_n (s(w.x) - s(v.x))^2 / 2, s(z) = max(z, 0), and a step. *)
Definition relu_gradient w v : 'I_d -> R := pull x (gated w) (gap x 0 w v).
Definition relu_step (eta : R) v w (i : 'I_d) : R := w i - eta * relu_gradient w v i.
Definition both_gates (kappa : R) w v : Prop :=
  forall b, kappa * dot b b <= \sum_n p n * (gate w n * gate v n) * dot b (x n) ^+ 2.

Hypothesis p0 : forall n, 0 <= p n.

Lemma gated_ge0 w n : 0 <= gated w n. Proof. by rewrite mulr_ge0 // /gate; case: ifP; rewrite ?ler01. Qed.

Lemma relu_pulls w v n : gated w n * gap x 0 w v n ^+ 2 <=
  gated w n * (gap x 0 w v n * (dot w (x n) - dot v (x n))).
Proof.
pose s (z : R) : R := if 0 < z then 1 else 0; have slope : slope_of 0 s.
  move=> z; rewrite /s; split=> [|->//|z0]; first by case: ifP; rewrite ?lexx ?ler01.
  by rewrite ltNge (ltW z0).
have := leaky_pulls (dot w (x n)) (dot v (x n)) (_ : 0 <= 0 <= 1) slope; rewrite lexx ler01 => /(_ isT) pulls.
by rewrite /gated /gate -!mulrA ler_wpmul2l.
Qed.

(* <grad l, w - v> is at least rho >= 2 |grad l|^2, and at least kappa |w - v|^2. *)
Theorem relu_one_point (kappa : R) w v : bounded_samples x (gated w) (1 / 2%:R) -> both_gates kappa w v ->
  let along := dot (relu_gradient w v) (fun i => w i - v i) in
  let rho := \sum_n gated w n * gap x 0 w v n ^+ 2 in
  [/\ rho <= along, 2%:R * dot (relu_gradient w v) (relu_gradient w v) <= rho & kappa * apart w v <= along].
Proof.
move=> below above along rho; have half0 : 0 < 1 / 2%:R :> R by rewrite divr_gt0 ?ltr01 ?ltr0n.
have [ge small _] := falls (gated_ge0 w) half0 below (lexx 0) (relu_pulls w v).
split=> //; first by rewrite -ler_pdivl_mull ?ltr0n // -[_^-1]mul1r.
have -> : apart w v = dot (fun i => w i - v i) (fun i => w i - v i) by apply: eq_bigr => i _; rewrite expr2.
apply: le_trans (above _) _; rewrite /along pull_along; apply: ler_sum => n _.
rewrite !dot_sub /gated -!mulrA ler_wpmul2l // /gate; case: ifP => [w1|_]; last by rewrite !mul0r.
rewrite !mul1r /gap /leaky w1; case: ifP => [v1|/negbT v0]; rewrite ?mul1r ?expr2 // !mul0r subr0.
by rewrite mulr_ge0 ?(ltW w1) // subr_ge0 (le_trans _ (ltW w1)) // leNgt.
Qed.

Theorem relu_one_step (kappa eta : R) w v : bounded_samples x (gated w) (1 / 2%:R) -> both_gates kappa w v ->
  0 <= eta <= 4%:R -> apart (relu_step eta v w) v <= (1 - eta * (2%:R - eta / 2%:R) * kappa) * apart w v.
Proof.
move=> below above /andP [eta0 eta4]; have [ge small along] := relu_one_point below above.
set a := dot _ _ in ge along *; rewrite /relu_step apart_step -/a; set rho := \sum_n _ in ge small.
set g2 := dot _ _ in small *; rewrite -addrA mulrBl mul1r ler_add2l.
have c0 : 0 <= eta * (2%:R - eta / 2%:R).
  by rewrite mulr_ge0 // subr_ge0 ler_pdivr_mulr ?ltr0n // -natrM.
apply: le_trans (_ : - (eta * (2%:R - eta / 2%:R) * a) <= _); last first.
  by move: c0; move: (eta * _) => c c0; rewrite -mulrA ler_opp2 ler_wpmul2l.
have -> : - (eta * (2%:R - eta / 2%:R) * a) = - (2%:R * eta * a) + eta ^+ 2 * (a / 2%:R).
  by move: (2%:R^-1) (a) => h b; ring.
rewrite ler_add2l ler_wpmul2l ?sqr_ge0 // ler_pdivl_mulr ?ltr0n // mulrC; exact: le_trans small ge.
Qed.

(* While the two hypotheses hold, with one kappa, there is one rate. *)
Theorem relu_rate (kappa eta : R) w v T : let W t := iter t (relu_step eta v) w in
  (forall t, (t < T)%N -> bounded_samples x (gated (W t)) (1 / 2%:R) /\ both_gates kappa (W t) v) ->
  0 <= eta <= 4%:R -> eta * (2%:R - eta / 2%:R) * kappa <= 1 ->
  apart (W T) v <= (1 - eta * (2%:R - eta / 2%:R) * kappa) ^+ T * apart w v.
Proof.
move=> W gates eta04 kappa1; elim: T gates => [|T IH] gates; first by rewrite mul1r.
have [below above] := gates T (leqnn _); rewrite exprS -mulrA.
apply: le_trans (relu_one_step below above eta04) _; rewrite ler_wpmul2l ?subr_ge0 // IH // => t tT.
by apply: gates; apply: ltnW.
Qed.
End Teacher.

(* Equality on one sample, at every learning rate: so both hypotheses can be met, and no factor can be larger. *)
Section Sharp.
Variable R : realFieldType.
Definition half_weight (n : 'I_1) : R := 1 / 2%:R.
Definition only (z : R) (i : 'I_1) : R := z.

Theorem relu_step_attained (eta r : R) : 0 < r ->
  [/\ bounded_samples (one_sample R) (gated (one_sample R) half_weight (only r)) (1 / 2%:R),
      both_gates (one_sample R) half_weight (1 / 2%:R) (only r) (only 1) &
      apart (relu_step (one_sample R) half_weight eta (only 1) (only r)) (only 1) =
      (1 - eta * (2%:R - eta / 2%:R) * (1 / 2%:R)) * apart (only r) (only 1)].
Proof.
move=> r0; have value z : dot (only z) (one_sample R 0) = z by rewrite /dot big_ord1 mulr1.
have on z : 0 < z -> gate (one_sample R) (only z) 0 = 1 by move=> z0; rewrite /gate value z0.
have seen b : dot b (one_sample R 0) ^+ 2 = dot b b by rewrite /dot !big_ord1 mulr1 expr2.
split=> [b|b|]; rewrite ?big_ord1 ?seen /gated ?on ?ltr01 // ?mulr1 //.
rewrite /apart /relu_step /relu_gradient /pull !big_ord1 /gated on // /gap !value /leaky r0 ltr01.
rewrite /half_weight /only /one_sample; move: (2%:R^-1) => h; ring.
Qed.
End Sharp.
