(* DL-013 Sharper constants for Theorem 1, in its own form: the powers of c and N that it names, 32 for its 2.

   delta <= c^{2/N} / (32 N^2) and eta <= delta / Phi_F^2 give L(t) <= (1 - eta c^{2(N-1)/N})^t L(0),
     balance within 2 delta
   and sigma_min(W(t)) >= c, for every t. Roots for powers: c = x^N, Phi_F = y^N; depth N = n+1.
   Left out: the constant 2 of the claim, for which 32 stands here; sigma_min as a number. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm balancedness deficiency_margin bounds end_layers step one_step linear_rate.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section SharperPowers.
Variables (R : rcfType) (d : nat -> nat) (n : nat) (x y eta delta : R).
Let N := n.+1.
Let K : R := N%:R.
Variables (Phi : 'M[R]_(d N, d 0)) (W0 : weights R d).
Hypotheses (inputs : (0 < d 0)%N) (outputs : (0 < d N)%N).
Hypotheses (x_gt0 : 0 < x) (y_ge0 : 0 <= y) (Phi_F : norm Phi = y ^+ N) (eta_ge0 : 0 <= eta).
Hypothesis margin : has_margin Phi (end_to_end N W0) (x ^+ N).
Hypothesis balanced : forall j, (j.+1 < N)%N -> norm (imbalance W0 j) <= delta.

Let xy : x <= y. Proof. exact: (x_le_y eta inputs outputs x_gt0 y_ge0 Phi_F margin). Qed.
Let y_gt0 : 0 < y. Proof. exact: lt_le_trans xy. Qed.
Let x_le k : x ^+ k <= y ^+ k. Proof. by apply: ler_expn2r; rewrite ?nnegrE // ltW. Qed.
Let yk k : 0 < y ^+ k. Proof. exact: exprn_gt0. Qed.
Let xk k : 0 <= x ^+ k. Proof. by apply: exprn_ge0; apply: ltW. Qed.
Let K_ge1 : 1 <= K. Proof. by rewrite ler1n. Qed.
Let K_ge0 : 0 <= K. Proof. exact: le_trans K_ge1. Qed.

(* DL-013 with 32 for its 2: delta <= c^{2/N} / (32 N^2), eta <= delta / Phi_F^2 *)
Theorem sharper_powers : 32%:R * (K ^+ 2 * delta) <= x ^+ 2 -> eta * (y ^+ N) ^+ 2 <= delta ->
  forall t, [/\ sqnorm (residual Phi (descent eta Phi W0 t)) <= (1 - eta * x ^+ (n + n))
    ^+ t * sqnorm (residual Phi W0),
    forall j, (j.+1 < N)%N -> norm (imbalance (descent eta Phi W0 t) j) <= 2%:R * delta &
    sigma_min_ge (end_to_end N (descent eta Phi W0 t)) (x ^+ N)].
Proof.
move=> delta_small eta_delta.
have delta0 : 0 <= delta by apply: le_trans eta_delta; rewrite mulr_ge0 ?sqr_ge0.
have Kd : 0 <= K ^+ 2 * delta by rewrite mulr_ge0 ?exprn_ge0.
rewrite -[eta * x ^+ (n + n)]mul1r.
apply: (@whole_run _ _ _ _ _ _ delta 32%:R 32%:R 1 _ _ inputs outputs x_gt0 y_ge0 Phi_F eta_ge0 _ _ _ _ _ _ eta_delta
  margin balanced) => //; rewrite -/N -/K ?ler_nat ?ler01 //.
  have e : 2%:R - 27%:R / 32%:R = 1 * (1 + 2%:R / 32%:R) + 3%:R / 32%:R :> R by field.
  by rewrite e ler_addl divr_ge0 ?ler0n.
rewrite -(ler_pmul2r (yk 2)) mul1r; apply: le_trans (x_le 2); apply: le_trans delta_small.
rewrite -[32%:R * _ * y ^+ 2]mulrA; apply: ler_wpmul2l; rewrite ?ler0n //.
have -> : eta * K * y ^+ (n + n) * y ^+ 2 = K * (eta * (y ^+ N) ^+ 2).
  by rewrite (exprD y n n) [y ^+ N]exprS; move: (y ^+ n) => *; ring.
apply: le_trans (ler_wpmul2l K_ge0 eta_delta) _; apply: ler_wpmul2r => //.
by rewrite expr2 ler_pemull.
Qed.
End SharperPowers.
