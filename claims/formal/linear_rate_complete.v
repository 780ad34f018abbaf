(* DL-021 Theorem 1 word for word: real powers, the logarithm, and its number of steps T.

   Over the real numbers of MathComp-Analysis, whose three axioms it rests on: propositional and functional
   extensionality, and constructive indefinite description.

   theorem_one_of_ACGH19  T >= ln(l(0)/eps) / (eta c^{2(N-1)/N}) steps give l(T) <= eps
   nearly_half_the_steps  T over 63/32 does

   Left out: sigma_min as a number (it is said as s |x| <= |A x|). *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From mathcomp Require Import boolp classical_sets reals topology normedtype derive sequences realfun exp.
From DLC Require Import network norm deficiency_margin bounds one_step linear_rate.
Import GRing.Theory Num.Theory Order.TTheory.
Import numFieldNormedType.Exports.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope classical_set_scope.
Local Open Scope ring_scope.
Local Notation "a `^ x" := (exp_fun a x).

Section Exponential.
Variable R : realType.
Lemma one_minus_le_exp (z : R) : 0 <= z -> 1 - z <= expR (- z).
Proof.
rewrite le_eqVlt => /orP [/eqP <-|z0]; first by rewrite subr0 oppr0 expR0.
have zlt : - z < 0 by rewrite oppr_lt0.
have [|c] := MVT zlt (fun x _ => is_derive_expR x); first by apply/continuous_subspaceT => ?; exact: continuous_expR.
rewrite in_itv /= => /andP [_ c0].
rewrite expR0 sub0r opprK => e.
have c1 : expR c * z <= z.
  rewrite ger_pmull // -expR0 ler_expR; exact: ltW.
by rewrite ler_subl_addr -ler_subl_addl e.
Qed.

Lemma power_of_root (a : R) k n : (a `^ (n.+1%:R)^-1) ^+ k = a `^ (k%:R / n.+1%:R).
Proof. by rewrite /exp_fun -expRMm mulrA. Qed.

Lemma root_power (a : R) n : 0 < a -> (a `^ (n.+1%:R)^-1) ^+ n.+1 = a.
Proof. by move=> a0; rewrite power_of_root divff ?pnatr_eq0 // exp_funr1. Qed.
End Exponential.

(* r = 1 is Theorem 1, r = 63/32 its 4.10: T nearly halves. *)
Lemma enough_steps (R : realType) (d : nat -> nat) (N : nat) (Phi : 'M[R]_(d N, d 0%N)) (W0 : weights R d)
  (c eta eps r : R) (T : nat) :
  let loss (W : weights R d) := sqnorm (residual Phi W) / 2%:R in
  (0 < N)%N -> (0 < d 0%N)%N -> (0 < d N)%N -> 0 < c -> has_margin Phi (end_to_end N W0) c ->
  (forall j, (j.+1 < N)%N -> norm (imbalance W0 j) <= c ^+ 2 / (256%:R * N%:R ^+ 3 * norm Phi `^ ((2 * (N - 1))%:R /
    N%:R))) ->
  0 < eta -> eta <= c `^ ((4 * N - 2)%:R / N%:R) / (6144%:R * N%:R ^+ 3 * norm Phi `^ ((6 * N - 4)%:R / N%:R)) ->
  0 < eps -> 0 < r <= 63%:R / 32%:R -> ln (loss W0 / eps) / (r * (eta * c `^ ((2 * (N - 1))%:R / N%:R))) <= T%:R ->
  loss (descent eta Phi W0 T) <= eps.
Proof.
case: N Phi => // n Phi loss _ inputs outputs c0 margin balanced eta0 eta_limit eps0 /andP [r0 r_le] enough.
set K : R := n.+1%:R in balanced eta_limit enough; pose x := c `^ K^-1; pose y := norm Phi `^ K^-1.
have x0 : 0 < x by apply: exp_fun_gt0.
have y0 : 0 < y by apply: exp_fun_gt0.
have xN : x ^+ n.+1 = c by apply: root_power.
have PhiF : 0 < norm Phi.
  by apply: lt_le_trans c0 _; apply: le_trans (margin_size outputs inputs margin); rewrite ler_addl norm_ge0.
have yN : norm Phi = y ^+ n.+1 by rewrite /y root_power.
have e2 : (2 * (n.+1 - 1) = 2 * n)%N by rewrite subn1.
have e4 : (4 * n.+1 - 2 = 4 * n + 2)%N by rewrite mulnS addnC -addnBA.
have e6 : (6 * n.+1 - 4 = 6 * n + 2)%N by rewrite mulnS addnC -addnBA.
move: balanced eta_limit enough; rewrite e2 e4 e6 -!power_of_root -/K -/x -/y => balanced eta_limit enough.
rewrite -xN in margin.
have K0 : 0 < K by rewrite ltr0n.
pose delta := c ^+ 2 / (256%:R * K ^+ 3 * y ^+ (2 * n)).
have p1 : 0 < 256%:R * K ^+ 3 * y ^+ (2 * n) by rewrite !mulr_gt0 ?ltr0n ?exprn_gt0.
have p2 : 0 < 6144%:R * K ^+ 3 * y ^+ (6 * n + 2) by rewrite !mulr_gt0 ?ltr0n ?exprn_gt0.
have delta_is : delta * (256%:R * K ^+ 3 * y ^+ (2 * n)) = x ^+ (2 * n + 2).
  rewrite /delta divfK ?gt_eqF // -xN -exprM; congr (_ ^+ _).
  by rewrite mulSn mulnC addnC mulnC.
rewrite ler_pdivl_mulr // in eta_limit.
have [rate _ _] := theorem_one inputs outputs x0 (ltW y0) yN (ltW eta0) margin balanced delta_is eta_limit T.
have xy := x_le_y eta inputs outputs x0 (ltW y0) yN margin.
pose z := eta * x ^+ (2 * n).
have z0 : 0 < z by rewrite mulr_gt0 ?exprn_gt0.
have small : 6144%:R * z <= 1.
  have xk : 0 < x ^+ (4 * n + 2) by apply: exprn_gt0.
  rewrite -(ler_pmul2r xk) mul1r; apply: le_trans eta_limit.
  have -> : 6144%:R * z * x ^+ (4 * n + 2) = eta * (6144%:R * 1 * x ^+ (6 * n + 2)).
    have -> : (6 * n + 2 = 2 * n + (4 * n + 2))%N by rewrite addnA -mulnDl.
    by rewrite /z [x ^+ (2 * n + _)]exprD; move: (x ^+ (4 * n + 2)) (x ^+ (2 * n)) => *; ring.
  apply: ler_wpmul2l; first exact: ltW.
  apply: ler_pmul; rewrite ?mulr_ge0 ?ler01 ?ler0n ?exprn_ge0 ?(ltW x0) //.
    by apply: ler_wpmul2l; rewrite ?ler0n // exprn_ege1 // ler1n.
  by apply: ler_expn2r; rewrite ?nnegrE ?(ltW x0) ?(ltW y0).
have f_le : 1 - 63%:R / 32%:R * z <= 1 - r * z.
  by rewrite ler_add2l ler_opp2 ler_wpmul2r // ltW.
have f0 : 0 <= 1 - 63%:R / 32%:R * z.
  rewrite subr_ge0; apply: le_trans small; apply: ler_wpmul2r; first exact: ltW.
  apply: le_trans (_ : 2%:R <= _); last by rewrite ler_nat.
  by rewrite ler_pdivr_mulr ?ltr0n // -natrM ler_nat.
have power_le : (1 - 63%:R / 32%:R * z) ^+ T <= expR (- (T%:R * (r * z))).
  rewrite -[- (T%:R * (r * z))]mulrN expRMm; apply: ler_expn2r; rewrite ?nnegrE ?(ltW (expR_gt0 _)) //.
  by apply: le_trans f_le _; apply: one_minus_le_exp; rewrite mulr_ge0 // ltW.
have l0 : 0 <= loss W0 by rewrite divr_ge0 ?sqnorm_ge0 ?ler0n.
have decay : loss (descent eta Phi W0 T) <= expR (- (T%:R * (r * z))) * loss W0.
  rewrite /loss [X in _ <= X]mulrA; apply: ler_wpmul2r; first by rewrite invr_ge0 ler0n.
  apply: le_trans rate _; rewrite addnn -mul2n -/z; apply: ler_wpmul2r => //; exact: sqnorm_ge0.
apply: le_trans decay _.
move: l0; rewrite le_eqVlt => /orP [/eqP <-|l0]; first by rewrite mulr0 ltW.
have positive : loss W0 / eps \is Num.pos by rewrite posrE; apply: divr_gt0.
rewrite -ler_pdivl_mulr //; have -> : eps / loss W0 = expR (- ln (loss W0 / eps)) by rewrite expRN (lnK positive)
  [RHS]invf_div.
rewrite ler_expR ler_opp2; move: enough; rewrite ler_pdivr_mulr //; exact: mulr_gt0.
Qed.

Section Statement.
Variables (R : realType) (d : nat -> nat) (N : nat) (Phi : 'M[R]_(d N, d 0)) (W0 : weights R d) (c eta eps : R) (T :
  nat).
Let K : R := N%:R.
Let Phi_F := norm Phi.
Let loss (W : weights R d) := sqnorm (residual Phi W) / 2%:R.
Hypotheses (depth : (0 < N)%N) (inputs : (0 < d 0)%N) (outputs : (0 < d N)%N) (c_gt0 : 0 < c).
Hypothesis margin : has_margin Phi (end_to_end N W0) c.
Hypothesis balanced : forall j, (j.+1 < N)%N -> norm (imbalance W0 j)
  <= c ^+ 2 / (256%:R * K ^+ 3 * Phi_F `^ ((2 * (N - 1))%:R / K)).
Hypotheses (eta_gt0 : 0 < eta) (eta_limit : eta <= c `^ ((4 * N - 2)%:R / K)
  / (6144%:R * K ^+ 3 * Phi_F `^ ((6 * N - 4)%:R / K))).
Hypothesis eps_gt0 : 0 < eps.

Theorem theorem_one_of_ACGH19 : ln (loss W0 / eps) / (eta * c `^ ((2 * (N - 1))%:R / K)) <= T%:R ->
  loss (descent eta Phi W0 T) <= eps.
Proof.
move=> enough; apply: (enough_steps depth inputs outputs c_gt0 margin balanced eta_gt0 eta_limit eps_gt0 (r := 1)).
  by rewrite ltr01 ler_pdivl_mulr ?ltr0n // mul1r ler_nat.
by rewrite mul1r.
Qed.

(* 4.10 *)
Theorem nearly_half_the_steps : ln (loss W0 / eps) / (63%:R / 32%:R * (eta * c `^ ((2 * (N - 1))%:R / K))) <= T%:R ->
  loss (descent eta Phi W0 T) <= eps.
Proof.
move=> enough; apply: (enough_steps depth inputs outputs c_gt0 margin balanced eta_gt0 eta_limit eps_gt0 _ enough).
by rewrite lexx andbT divr_gt0 // ltr0n.
Qed.
End Statement.
