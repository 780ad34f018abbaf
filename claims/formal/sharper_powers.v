(* DL-013 Sharper constants for Theorem 1, in its own form: its constant 2 and the powers of c and N that it names.

   delta <= c^{2/N} / (2 N^2) and eta <= delta / Phi_F^2 give L(t) <= (1 - eta c^{2(N-1)/N})^t L(0), balance within
   2 delta and sigma_min(W(t)) >= c, for every t. Roots for powers: c = x^N, Phi_F = y^N; depth N = n+1. It is
   sharper_powers_data.v of white data.
   Left out: sigma_min as a number. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm deficiency_margin bounds sharper_constants sharper_powers_data.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* DL-013: delta <= c^{2/N} / (2 N^2), eta <= delta / Phi_F^2 *)
Theorem sharper_powers (R : rcfType) (d : nat -> nat) (n : nat) (x y eta delta : R) (Phi : 'M[R]_(d n.+1, d 0%N))
    (W0 : weights R d) : (0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
  has_margin Phi (end_to_end n.+1 W0) (x ^+ n.+1) ->
  (forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta) ->
  2%:R * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 -> eta * (y ^+ n.+1) ^+ 2 <= delta ->
  forall t : nat, let W := descent eta Phi W0 t in
  [/\ sqnorm (residual Phi W) <= (1 - eta * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0),
      forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W j) <= 2%:R * delta &
      sigma_min_ge (end_to_end n.+1 W) (x ^+ n.+1)].
Proof.
move=> inputs outputs x0 y0 PhiF eta0 margin balanced small eta_delta t W.
have Phi_le : bounded Phi ((y ^+ n.+1) ^+ 2) by rewrite -PhiF sqr_norm; apply: bounded_sqnorm.
have white (v : 'cV[R]_(d 0%N)) : sqnorm ((1%:M : 'M[R]_(d 0%N))^T *m v) = 1 * sqnorm v by rewrite trmx1 mul1mx mul1r.
have start : sqnorm (residual Phi W0 *m (1%:M : 'M[R]_(d 0%N))) <= 1 * norm (residual Phi W0) ^+ 2.
  by rewrite mulmx1 mul1r sqr_norm.
have limit : eta * 1 * (y ^+ n.+1) ^+ 2 <= delta by rewrite mulr1.
have := theorem_data_a inputs x0 y0 eta0 ltr01 (norm_ge0 _) Phi_le balanced small limit
  (fun v => eqle (white v)) (fun v => eqle (esym (white v))) outputs start margin t.
by rewrite /conclusion_a !run_descent !mulmx1 !mulr1 divr1; case.
Qed.
