(* DL-012 The ledger of Theorem 1: its constants close for every depth N = n+1, over any ordered field.

   Roots for real powers: c = x^N and Phi_F = y^N with 0 < x <= y; h^N = 8 and mu^2 = h, so that M = mu y has
   M^2 = (8 Phi_F^2)^{1/N}. Every quotient is multiplied out.

   total_drift_closes      row 15: 4 eta M^{2(N-1)} Phi_F^2 / 2 <= delta c^{2(N-1)/N}
   learning_rate_closes    row 15: eta Phi_F^2 <= delta
   remainder_range_closes  row 5's range: N eta M^{N-2} Phi_F <= 1/2
   norm_bound_applies      2 delta <= Phi_F^{2/N} / (30 N^2), which the source's Lemma 6 asks for *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network bounds.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Lemma six n : (6 * n + 2 = n.+1 * 2 + 2 * n + 2 * n)%N.
Proof.
have -> : (6 * n = 2 * n + 2 * n + 2 * n)%N by rewrite -!mulnDl.
by rewrite (mulnC n.+1) mulnS addnC !addnA.
Qed.

Section Constants.
Variables (R : realFieldType) (n : nat) (x y h mu eta delta : R).
Let N := n.+1.
Let K : R := N%:R.
Hypotheses (x_gt0 : 0 < x) (xy : x <= y) (mu_ge1 : 1 <= mu) (h_is : h = mu ^+ 2) (h_root : h ^+ N = 8%:R)
  (eta_ge0 : 0 <= eta).
(* eta <= c^{(4N-2)/N} / (6144 N^3 Phi_F^{(6N-4)/N}) *)
Hypothesis eta_limit : eta * (6144%:R * K ^+ 3 * y ^+ (6 * n + 2)) <= x ^+ (4 * n + 2).
(* delta = c^2 / (256 N^3 Phi_F^{2(N-1)/N}) *)
Hypothesis delta_is : delta * (256%:R * K ^+ 3 * y ^+ (2 * n)) = x ^+ (2 * n + 2).

Let y_gt0 : 0 < y. Proof. exact: lt_le_trans xy. Qed.
Let K_ge1 : 1 <= K. Proof. by rewrite /K -[1]/(1%:R) ler_nat. Qed.
Let h_ge1 : 1 <= h. Proof. by rewrite h_is exprn_ege1. Qed.
Let h_gt0 : 0 < h. Proof. exact: lt_le_trans h_ge1. Qed.

Lemma h_power_le k : (k <= N)%N -> h ^+ k <= 8%:R.
Proof. by move=> kN; rewrite -h_root; apply: ler_weexpn2l. Qed.


Let pos k : 0 < y ^+ k. Proof. exact: exprn_gt0. Qed.
Let K_gt0 : 0 < K. Proof. exact: lt_le_trans K_ge1. Qed.
Let x_le_y k : x ^+ k <= y ^+ k. Proof. by apply: ler_expn2r; rewrite ?nnegrE //; apply: ltW. Qed.

Lemma eta_at_most : eta * (6144%:R * K ^+ 3 * y ^+ (2 * n)) <= 1.
Proof.
rewrite -(ler_pmul2r (pos (4 * n + 2))) mul1r; apply: le_trans (x_le_y _); apply: le_trans eta_limit.
by rewrite -!mulrA -exprD addnA -mulnDl.
Qed.

Lemma delta_at_most : delta * (256%:R * K ^+ 3) <= y ^+ 2.
Proof.
rewrite -(ler_pmul2r (pos (2 * n))) -[_ * y ^+ (2 * n)]mulrA delta_is -exprD [(2 + _)%N]addnC; exact: x_le_y.
Qed.

(* 4.5: 4 eta M^{2(N-1)} (Phi_F^2 / 2) <= delta c^{2(N-1)/N} *)
Theorem total_drift_closes : 4%:R * eta * (h ^+ n * y ^+ (2 * n)) * (y ^+ (2 * n + 2) / 2%:R) <= delta * x ^+ (2 * n).
Proof.
have c0 : 0 < 256%:R * K ^+ 3 * y ^+ (2 * n) by rewrite !mulr_gt0 ?exprn_gt0 ?ltr0n.
rewrite -(ler_pmul2r c0) [X in _ <= X]mulrAC delta_is -exprD.
have -> : (2 * n + 2 + 2 * n = 4 * n + 2)%N by rewrite addnAC -mulnDl.
apply: le_trans eta_limit.
have split6 : y ^+ (6 * n + 2) = y ^+ (2 * n) * y ^+ (2 * n + 2) * y ^+ (2 * n).
  by rewrite -!exprD; congr (_ ^+ _); rewrite addnA addnAC -!mulnDl.
rewrite split6; set a := y ^+ (2 * n); set b := y ^+ (2 * n + 2); set k := K ^+ 3.
have -> : 4%:R * eta * (h ^+ n * a) * (b / 2%:R) * (256%:R * k * a) = h ^+ n * (512%:R * (eta * k * a * b * a)).
  by rewrite /a /b /k; move: (h ^+ n) (y ^+ _) (y ^+ _) (K ^+ 3) => *; field.
have -> : eta * (6144%:R * k * (a * b * a)) = 12%:R * (512%:R * (eta * k * a * b * a)).
  by rewrite /a /b /k; move: (y ^+ _) (y ^+ _) (K ^+ 3) => *; ring.
apply: ler_wpmul2r; first by rewrite !mulr_ge0 ?ler0n ?exprn_ge0 // ltW.
by apply: le_trans (h_power_le (leqnSn n)) _; rewrite ler_nat.
Qed.

(* Row 15 *)
Theorem learning_rate_closes : eta * (y ^+ N) ^+ 2 <= delta.
Proof.
have c0 : 0 < 256%:R * K ^+ 3 * y ^+ (2 * n) by rewrite !mulr_gt0 ?exprn_gt0 ?ltr0n.
rewrite -(ler_pmul2r c0) delta_is -(ler_pmul2r (pos (2 * n))).
apply: le_trans (_ : x ^+ (4 * n + 2) <= _); last first.
  have -> : (4 * n + 2 = (2 * n + 2) + 2 * n)%N by rewrite addnAC -mulnDl.
  by rewrite exprD; apply: ler_wpmul2l; rewrite // exprn_ge0 // ltW.
apply: le_trans eta_limit.
have split6 : y ^+ (6 * n + 2) = (y ^+ N) ^+ 2 * y ^+ (2 * n) * y ^+ (2 * n).
  by rewrite -exprM -!exprD -six.
rewrite split6; move: ((y ^+ N) ^+ 2) (exprn_ge0 2 (ltW (pos N))) (y ^+ (2 * n)) (ltW (pos (2 * n))) => a a0 b b0.
have q0 : 0 <= eta * (K ^+ 3 * (a * b * b)) by rewrite !mulr_ge0 ?exprn_ge0 // ltW.
have -> : eta * a * (256%:R * K ^+ 3 * b) * b = 256%:R * (eta * (K ^+ 3 * (a * b * b))) by move: (K ^+ 3) => *; ring.
have -> : eta * (6144%:R * K ^+ 3 * (a * b * b)) = 6144%:R * (eta * (K ^+ 3 * (a * b * b))).
  by move: (K ^+ 3) => *; ring.
by apply: ler_wpmul2r; rewrite // ler_nat.
Qed.

(* 4.6's range, N eta M^{N-2} ||G||_F <= 1/2; mu^N for mu^{N-2}, so that N = 1 is no exception *)
Theorem remainder_range_closes : K * eta * mu ^+ N * y ^+ (2 * n) <= 1 / 2%:R.
Proof.
have mu0 : 0 < mu by apply: lt_le_trans mu_ge1.
have mu3 : mu ^+ N <= 3%:R.
  rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?exprn_ge0 ?ler0n ?(ltW mu0) //.
  by rewrite -exprM mulnC exprM -h_is h_root -natrX ler_nat.
have kk : K <= K ^+ 3 by rewrite -{1}[K]expr1; apply: ler_weexpn2l.
have g0 : 0 <= eta * y ^+ (2 * n) by rewrite mulr_ge0 // ltW.
have e6 : 6144%:R * (K ^+ 3 * (eta * y ^+ (2 * n))) <= 1.
  by apply: le_trans eta_at_most; apply: eqle; move: (K ^+ 3) (y ^+ _) => *; ring.
rewrite ler_pdivl_mulr ?ltr0n //; apply: le_trans e6.
have -> : K * eta * mu ^+ N * y ^+ (2 * n) * 2%:R = (mu ^+ N * 2%:R) * (K * (eta * y ^+ (2 * n))).
  by move: (mu ^+ N) (y ^+ _) => *; ring.
have six : 3%:R * 2%:R <= 6144%:R :> R.
  have -> : 3%:R * 2%:R = 6%:R :> R by rewrite -natrM.
  by rewrite ler_nat.
have a1 : mu ^+ N * 2%:R <= 6144%:R by apply: le_trans six; rewrite ler_pmul2r ?ltr0n.
have a2 : K * (eta * y ^+ (2 * n)) <= K ^+ 3 * (eta * y ^+ (2 * n)) by apply: ler_wpmul2r.
apply: ler_pmul => //; last by apply: mulr_ge0 => //; apply: ltW.
by apply: mulr_ge0; rewrite ?ler0n // exprn_ge0 // ltW.
Qed.

(* 2.6's hypothesis for C = 2 Phi_F and 2 delta: 2 delta <= Phi_F^{2/N} / (30 N^2) <= C^{2/N} / (30 N^2) *)
Theorem norm_bound_applies : 2%:R * delta * (30%:R * K ^+ 2) <= y ^+ 2.
Proof.
have d0 : 0 <= delta.
  have c0 : 0 < 256%:R * K ^+ 3 * y ^+ (2 * n) by rewrite !mulr_gt0 ?exprn_gt0 ?ltr0n.
  by rewrite -(pmulr_lge0 _ c0) delta_is exprn_ge0 // ltW.
apply: le_trans delta_at_most.
have -> : 2%:R * delta * (30%:R * K ^+ 2) = delta * (60%:R * K ^+ 2) by move: (K ^+ 2) => *; ring.
apply: ler_wpmul2l => //; apply: ler_pmul; rewrite ?ler0n ?exprn_ge0 ?(ltW K_gt0) ?ler_nat //.
exact: ler_weexpn2l.
Qed.
End Constants.
