(* One leaky unit on realisable data (DL-048): its distance from the teacher falls in every step, for any samples.

   The samples x_n may have any weights p_n >= 0 (1/n in the claim). The slope s at 0 may be any number in [a, 1].
   Left out: that the gradient is the derivative of the loss where it has one. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm one_point_convexity.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Unit.
Variables (R : realFieldType) (d m : nat) (x : 'I_m -> 'I_d -> R).
Implicit Types (q e : 'I_m -> R) (u v w b : 'I_d -> R) (z : R).

Definition leaky (a z : R) : R := if 0 < z then z else a * z.
Definition slope_of (a : R) (s : R -> R) : Prop :=
  forall z, [/\ a <= s z <= 1, 0 < z -> s z = 1 & z < 0 -> s z = a].
(* f_w - f_v, the gradient of sum_n p_n (f_w - f_v)^2 / 2 in w, a step, rho, and |w - v|^2. *)
Definition gap (a : R) w v (n : 'I_m) : R := leaky a (dot w (x n)) - leaky a (dot v (x n)).
Definition pull q e (i : 'I_d) : R := \sum_n q n * (e n * x n i).
Definition slope_gradient (p : 'I_m -> R) (a : R) (s : R -> R) w v : 'I_d -> R :=
  pull (fun n => p n * s (dot w (x n))) (gap a w v).
Definition unit_step (p : 'I_m -> R) (a : R) (s : R -> R) (eta : R) v w (i : 'I_d) : R :=
  w i - eta * slope_gradient p a s w v i.
Definition seen (p : 'I_m -> R) (a : R) (s : R -> R) w v : R := \sum_n p n * s (dot w (x n)) * gap a w v n ^+ 2.
Definition apart u v : R := \sum_i (u i - v i) ^+ 2.
Definition bounded_samples q (lambda : R) : Prop :=
  forall b, \sum_n q n * dot b (x n) ^+ 2 <= lambda * dot b b.

Lemma pull_along q e b : dot (pull q e) b = \sum_n q n * (e n * dot b (x n)).
Proof.
rewrite /dot /pull; transitivity (\sum_i \sum_n q n * (e n * (b i * x n i))).
  by apply: eq_bigr => i _; rewrite mulr_suml; apply: eq_bigr => n _; rewrite -!mulrA [x n i * _]mulrC.
by rewrite exchange_big; apply: eq_bigr => n _; rewrite -!mulr_sumr.
Qed.

Lemma pull_bound q e lambda : (forall n, 0 <= q n) -> 0 < lambda -> bounded_samples q lambda ->
  dot (pull q e) (pull q e) <= lambda * \sum_n q n * e n ^+ 2.
Proof.
move=> q0 l0 below; set g := pull q e; set rho := \sum_n _; have := below g; set g2 := dot g g; set seen2 := \sum_n _.
have : 0 <= \sum_n q n * (lambda * e n - dot g (x n)) ^+ 2 by apply: sumr_ge0 => n _; rewrite mulr_ge0 ?sqr_ge0.
have -> : \sum_n q n * (lambda * e n - dot g (x n)) ^+ 2 = lambda ^+ 2 * rho - 2%:R * (lambda * g2) + seen2.
  rewrite {1}/g2 pull_along -/g /rho /seen2 !mulr_sumr -sumrB -big_split /=.
  by apply: eq_bigr => n _; move: (q n) (e n) (dot _ _) => *; ring.
move=> ge le; rewrite -subr_ge0 -(pmulr_rge0 _ l0); apply: le_trans ge _.
apply: le_trans (_ : lambda ^+ 2 * rho - 2%:R * (lambda * g2) + lambda * g2 <= _); first by rewrite ler_add2l.
by rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.

Lemma apart_step w v g eta : apart (fun i => w i - eta * g i) v =
  apart w v - 2%:R * eta * dot g (fun i => w i - v i) + eta ^+ 2 * dot g g.
Proof.
rewrite /apart /dot !mulr_sumr -sumrB -big_split /=; apply: eq_bigr => i _.
by move: (w i) (v i) (g i) => *; ring.
Qed.

Lemma dot_sub w v b : dot (fun i => w i - v i) b = dot w b - dot v b.
Proof. by rewrite /dot -sumrB; apply: eq_bigr => i _; rewrite mulrBl. Qed.

(* A step where each sample pulls towards v by at least the square of its gap. *)
Lemma falls q e w v eta lambda : (forall n, 0 <= q n) -> 0 < lambda -> bounded_samples q lambda -> 0 <= eta ->
  (forall n, q n * e n ^+ 2 <= q n * (e n * (dot w (x n) - dot v (x n)))) ->
  let rho := \sum_n q n * e n ^+ 2 in let along := dot (pull q e) (fun i => w i - v i) in
  [/\ rho <= along, dot (pull q e) (pull q e) <= lambda * rho &
      apart (fun i => w i - eta * pull q e i) v <= apart w v - 2%:R * eta * along + eta ^+ 2 * (lambda * rho)].
Proof.
move=> q0 l0 below eta0 pulls rho along; have small := pull_bound e q0 l0 below; split=> //.
  by rewrite /along pull_along; apply: ler_sum => n _; rewrite dot_sub.
by rewrite apart_step ler_add2l ler_wpmul2l ?sqr_ge0.
Qed.

(* s'(z) e (z - y) >= s'(z) e^2, e = s(z) - s(y): of s(z) and z - s(z) neither falls. *)
Lemma leaky_pulls a s z y : 0 <= a <= 1 -> slope_of a s ->
  let e := leaky a z - leaky a y in s z * e ^+ 2 <= s z * (e * (z - y)).
Proof.
move=> /andP [a0 a1] slope /=; set e := _ - _; have [/andP [low _] _ _] := slope z.
have s0 : 0 <= s z by apply: le_trans a0 low.
rewrite ler_wpmul2l // -subr_ge0 expr2 -mulrBr /e.
have up t : 0 < t -> leaky a t = t by rewrite /leaky => ->.
have down t : t <= 0 -> leaky a t = a * t by rewrite leNgt /leaky => /negbTE ->.
have c0 : 0 <= 1 - a by rewrite subr_ge0.
have [z0|z0] := lerP z 0; have [y0|y0] := lerP y 0; rewrite ?(up _ z0) ?(up _ y0) ?(down _ z0) ?(down _ y0).
- have -> : (a * z - a * y) * (z - y - (a * z - a * y)) = a * (1 - a) * (z - y) ^+ 2 by ring.
  by rewrite mulr_ge0 ?sqr_ge0 // mulr_ge0.
- have -> : (a * z - y) * (z - y - (a * z - y)) = (y - a * z) * (1 - a) * (- z) by ring.
  by rewrite mulr_ge0 ?oppr_ge0 // mulr_ge0 // subr_ge0 (le_trans _ (ltW y0)) // mulr_ge0_le0.
- have -> : (z - a * y) * (z - y - (z - a * y)) = (z - a * y) * (1 - a) * (- y) by ring.
  by rewrite mulr_ge0 ?oppr_ge0 // mulr_ge0 // subr_ge0 (le_trans _ (ltW z0)) // mulr_ge0_le0.
- by rewrite subrr mulr0.
Qed.

(* One step, for any samples; lambda is any positive bound of their covariance. *)
Theorem leaky_step p a s eta lambda w v : (forall n, 0 <= p n) -> 0 <= a <= 1 -> slope_of a s -> 0 <= eta ->
  0 < lambda -> bounded_samples p lambda ->
  apart (unit_step p a s eta v w) v <= apart w v - eta * (2%:R - eta * lambda) * seen p a s w v.
Proof.
move=> p0 a01 slope eta0 l0 below; have /andP [a0 _] := a01.
have s01 z : 0 <= s z <= 1 by have [/andP [low ->] _ _] := slope z; rewrite (le_trans a0 low).
pose q n := p n * s (dot w (x n)).
have q0 n : 0 <= q n by rewrite mulr_ge0 //; have /andP [] := s01 (dot w (x n)).
have below_q : bounded_samples q lambda.
  move=> b; apply: le_trans (below b); apply: ler_sum => n _; rewrite ler_wpmul2r ?sqr_ge0 //.
  by rewrite ler_pimulr //; have /andP [] := s01 (dot w (x n)).
have pulls n : q n * gap a w v n ^+ 2 <= q n * (gap a w v n * (dot w (x n) - dot v (x n))).
  by rewrite /q -!mulrA ler_wpmul2l //; apply: leaky_pulls.
have [along _ step] := falls q0 l0 below_q eta0 pulls.
apply: le_trans step _; rewrite -/(seen p a s w v) -addrA ler_add2l.
have -> : - (eta * (2%:R - eta * lambda) * seen p a s w v) =
  - (2%:R * eta * seen p a s w v) + eta ^+ 2 * (lambda * seen p a s w v) by ring.
by rewrite ler_add2r ler_opp2 ler_wpmul2l // mulr_ge0.
Qed.

(* rho >= a (f_w - f_v)^2, twice the loss times a. *)
Lemma seen_ge p a s w v : (forall n, 0 <= p n) -> slope_of a s ->
  a * (\sum_n p n * gap a w v n ^+ 2) <= seen p a s w v.
Proof.
move=> p0 slope; rewrite mulr_sumr; apply: ler_sum => n _; rewrite mulrA ler_wpmul2r ?sqr_ge0 // mulrC ler_wpmul2l //.
by have [/andP []] := slope (dot w (x n)).
Qed.

Lemma apart_ge0 u v : 0 <= apart u v. Proof. by apply: sumr_ge0 => i _; apply: sqr_ge0. Qed.

(* Interpolation: what the slopes see, and with a > 0 the losses, have a sum. *)
Theorem interpolation p a s eta lambda w v T : (forall n, 0 <= p n) -> 0 <= a <= 1 -> slope_of a s -> 0 < eta ->
  0 < lambda -> eta * lambda < 2%:R -> bounded_samples p lambda ->
  let W t := iter t (unit_step p a s eta v) w in let loss u := (\sum_n p n * gap a u v n ^+ 2) / 2%:R in
  \sum_(0 <= t < T) seen p a s (W t) v <= apart w v / (eta * (2%:R - eta * lambda)) /\
  (0 < a -> \sum_(0 <= t < T) loss (W t) <= apart w v / (2%:R * a * eta * (2%:R - eta * lambda))).
Proof.
move=> p0 a01 slope eta0 l0 rate below W loss; have c0 : 0 < eta * (2%:R - eta * lambda).
  by rewrite mulr_gt0 // subr_gt0.
have first : \sum_(0 <= t < T) seen p a s (W t) v <= apart w v / (eta * (2%:R - eta * lambda)).
  rewrite ler_pdivl_mulr // mulrC mulr_sumr -subr_ge0.
  apply: le_trans (apart_ge0 (W T) v) _; elim: T => [|T IH]; first by rewrite big_geq // subr0.
  rewrite big_nat_recr //= opprD addrA.
  by apply: le_trans (leaky_step (W T) v p0 a01 slope (ltW eta0) l0 below) _; rewrite ler_add2r.
split=> // a0; have -> : 2%:R * a * eta * (2%:R - eta * lambda) = (eta * (2%:R - eta * lambda)) * (2%:R * a) by ring.
rewrite invfM mulrA ler_pdivl_mulr ?mulr_gt0 ?ltr0n //; apply: le_trans first.
rewrite mulr_suml; apply: ler_sum => t _; apply: le_trans (seen_ge (W t) v p0 slope).
by rewrite /loss -mulrA [_^-1 * _]mulrA [2%:R^-1 * _]mulVf ?pnatr_eq0 // mul1r mulrC.
Qed.
End Unit.

(* Equality for one sample and a = 1, at every learning rate; at eta = 2 the distance then never falls. *)
Section Sharp.
Variable R : realFieldType.
Definition unit_weights (n : 'I_1) : R := 1.
Definition one_sample (n : 'I_1) (i : 'I_1) : R := 1.

Lemma one_gap a (w v : 'I_1 -> R) n : gap one_sample a w v n = leaky a (w 0) - leaky a (v 0).
Proof. by rewrite /gap /dot !big_ord1 !mulr1. Qed.

Theorem leaky_step_attained (eta : R) (w v : 'I_1 -> R) : let s (_ : R) := 1 : R in
  [/\ slope_of 1 s, bounded_samples one_sample unit_weights 1 &
      apart (unit_step one_sample unit_weights 1 s eta v w) v =
      apart w v - eta * (2%:R - eta * 1) * seen one_sample unit_weights 1 s w v].
Proof.
have linear z : leaky 1 z = z :> R by rewrite /leaky mul1r; case: ifP.
split=> [z|b|]; first by split; rewrite ?lexx.
  by rewrite /dot !big_ord1 /unit_weights /one_sample !mul1r mulr1 expr2.
rewrite /apart /seen /unit_step /slope_gradient /pull !big_ord1 !one_gap !linear /unit_weights /one_sample.
by move: (w 0) (v 0) => *; ring.
Qed.

(* With 3 for the 2 it is false. *)
Theorem leaky_step_not_three : ~ forall (d m : nat) (x : 'I_m -> 'I_d -> R) (p : 'I_m -> R) (a : R) (s : R -> R)
    (eta lambda : R) (w v : 'I_d -> R), (forall n, 0 <= p n) -> 0 <= a <= 1 -> slope_of a s -> 0 <= eta ->
  0 < lambda -> bounded_samples x p lambda ->
  apart (unit_step x p a s eta v w) v <= apart w v - eta * (3%:R - eta * lambda) * seen x p a s w v.
Proof.
move=> stronger; pose w (i : 'I_1) : R := 1; pose v (i : 'I_1) : R := 0.
have [slope below attained] := leaky_step_attained 1 w v.
have := stronger _ _ one_sample unit_weights 1 _ 1 1 w v (fun _ => ler01) _ slope ler01 ltr01 below.
have seen1 : seen one_sample unit_weights 1 (fun _ => 1 : R) w v = 1.
  by rewrite /seen big_ord1 one_gap /leaky ltr01 ltxx mulr0 subr0 expr1n !mulr1.
rewrite ler01 lexx attained seen1 => /(_ isT); rewrite ler_add2l ler_opp2 !mulr1 !mul1r ler_add2r ler_nat.
by [].
Qed.
End Sharp.
