(* DL-013 Sharper constants for Theorem 1, in its own form: the powers of c and N that it names, 8 for its 2.

   delta <= c^{2/N} / (8 N^2) and eta <= delta / Phi_F^2 give L(t) <= (1 - eta c^{2(N-1)/N})^t L(0), balance within
   2 delta and sigma_min(W(t)) >= c, for every t. Roots for powers: c = x^N, Phi_F = y^N; depth N = n+1. From N = 2 on
   it is sharper_powers_data.v of white data; at N = 1 the rate is exact.
   Left out: the constant 2 of the claim, for which 8 stands here; sigma_min as a number. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm deficiency_margin bounds one_step linear_rate sharper_constants.
From DLC Require Import sharper_powers_data.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* DL-013 with 8 for its 2: delta <= c^{2/N} / (8 N^2), eta <= delta / Phi_F^2 *)
Theorem sharper_powers (R : rcfType) (d : nat -> nat) (n : nat) (x y eta delta : R) (Phi : 'M[R]_(d n.+1, d 0%N))
    (W0 : weights R d) : (0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
  has_margin Phi (end_to_end n.+1 W0) (x ^+ n.+1) ->
  (forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta) ->
  8%:R * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 -> eta * (y ^+ n.+1) ^+ 2 <= delta ->
  forall t : nat, let W := descent eta Phi W0 t in
  [/\ sqnorm (residual Phi W) <= (1 - eta * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0),
      forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W j) <= 2%:R * delta &
      sigma_min_ge (end_to_end n.+1 W) (x ^+ n.+1)].
Proof.
move=> inputs outputs x0 y0 PhiF eta0 margin balanced small eta_delta t W.
have xy : x <= y := x_le_y eta inputs outputs x0 y0 PhiF margin.
case: n Phi PhiF margin balanced small eta_delta outputs @W => [|n] Phi PhiF margin balanced small eta_delta outputs W.
  have eta1 : eta <= 1.
    have y2 : 0 < y ^+ 2 by rewrite exprn_gt0 // (lt_le_trans x0).
    rewrite -(ler_pmul2r y2) mul1r; apply: le_trans (eta_delta) _.
    apply: le_trans (_ : x ^+ 2 <= _); last by rewrite ler_expn2r ?nnegrE // ltW.
    apply: le_trans small; rewrite expr1n mul1r ler_pemull ?ler1n //.
    by apply: le_trans eta_delta; rewrite mulr_ge0 ?sqr_ge0.
  have a0 : 0 <= 1 - eta by rewrite subr_ge0.
  have a1 : 1 - eta <= 1 by rewrite ler_subl_addr ler_addl.
  split=> //; first by rewrite depth_one mulr1 ler_wpmul2r ?sqnorm_ge0 // ler_wiexpn2l // mul2n -addnn leq_addr.
  apply: margin_is_kept margin _; apply: norm_le.
  by rewrite [X in X <= _](depth_one eta Phi W0 t) ler_pimull ?sqnorm_ge0 // exprn_ile1.
have Phi_le : bounded Phi ((y ^+ n.+2) ^+ 2) by rewrite -PhiF sqr_norm; apply: bounded_sqnorm.
have white (v : 'cV[R]_(d 0%N)) : sqnorm ((1%:M : 'M[R]_(d 0%N))^T *m v) = 1 * sqnorm v by rewrite trmx1 mul1mx mul1r.
have start : sqnorm (residual Phi W0 *m (1%:M : 'M[R]_(d 0%N))) <= 1 * norm (residual Phi W0) ^+ 2.
  by rewrite mulmx1 mul1r sqr_norm.
have limit : eta * 1 * (y ^+ n.+2) ^+ 2 <= delta by rewrite mulr1.
have := theorem_data_a inputs outputs (ltn0Sn n) x0 y0 eta0 ltr01 (norm_ge0 _) Phi_le balanced small limit
  (fun v => eqle (white v)) (fun v => eqle (esym (white v))) start margin t.
rewrite -[iter t _ W0]/(run eta 1%:M Phi W0 t) run_descent !mulmx1 !mulr1 divr1; case=> rate stays away.
by rewrite mulmx1 in rate; split.
Qed.
