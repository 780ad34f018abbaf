(* DL-004 Theorem 1 of Arora, Cohen, Golowich and Hu: gradient descent on a deep linear network converges linearly.

   Every depth N = n+1, all widths, every step t, over any real closed field. Roots for real powers: c = x^N,
   Phi_F = y^N (roots_exist in bounds.v). The loss is half of sqnorm (residual Phi W). Hypotheses: d_0, d_N > 0; margin
   c > 0; ||B_j(0)||_F <= delta; 0 <= eta <= its limit. Nothing else.

   theorem_one         its own constants: L(t) <= (1 - 63/32 eta c^{2(N-1)/N})^t L(0), so also the rate 1 that it
                       claims; the weights stay 2 delta-balanced, and sigma_min(W(t)) >= c
   descent_with_sigma  the descent lemma at every step, with sigma_min(W(t)) in place of c
   whole_run           the common form, constants kd >= 16 and ke >= 27 kept open
   depth_one           depth 1, where the loss law is an equality
   hypotheses_met      every depth has a start that meets all hypotheses, with a loss > 0

   Left out: sigma_min as a number (it is said as s |x| <= |A x|). Real powers and the number of steps T stand in
   linear_rate_complete.v. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm scalar balancedness deficiency_margin bounds end_layers step one_step.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Trajectory.
Variables (R : rcfType) (d : nat -> nat) (n : nat) (x y eta delta kd ke rho : R).
Let N := n.+1.
Let K : R := N%:R.
Variables (Phi : 'M[R]_(d N, d 0)) (W0 : weights R d).
Hypotheses (inputs : (0 < d 0)%N) (outputs : (0 < d N)%N).
Hypotheses (x_gt0 : 0 < x) (y_ge0 : 0 <= y) (Phi_F : norm Phi = y ^+ N) (eta_ge0 : 0 <= eta).
Hypotheses (kd_ge : 16%:R <= kd) (ke_ge : 27%:R <= ke) (rho_ge0 : 0 <= rho) (rho_le : rho * (1 + 2%:R / kd)
  <= 2%:R - 27%:R / ke).
Hypothesis delta_small : kd * (K ^+ 2 * delta) <= x ^+ 2.
Hypothesis eta_small : ke * (eta * K * y ^+ (n + n)) <= 1.
Hypothesis eta_delta : eta * (y ^+ N) ^+ 2 <= delta.
Hypothesis margin : has_margin Phi (end_to_end N W0) (x ^+ N).
Hypothesis balanced : forall j, (j.+1 < N)%N -> norm (imbalance W0 j) <= delta.

Let W t := descent eta Phi W0 t.
Let G t := residual Phi (W t).

Lemma start_size : x ^+ N + norm (G 0%N) <= y ^+ N.
Proof. by rewrite -Phi_F; apply: margin_size. Qed.

Lemma x_le_y : x <= y.
Proof.
rewrite -(@ler_pexpn2r _ N) ?nnegrE ?(ltW x_gt0) //; apply: le_trans start_size.
by rewrite ler_addl norm_ge0.
Qed.

Lemma start_le : norm (G 0%N) <= y ^+ N.
Proof. by apply: le_trans start_size; rewrite ler_addr exprn_ge0 // ltW. Qed.

Lemma delta_ge0 : 0 <= delta.
Proof. by apply: le_trans eta_delta; rewrite mulr_ge0 ?sqr_ge0. Qed.

Definition invariant t := norm (G t) <= norm (G 0%N) /\
  forall j, (j.+1 < N)%N -> norm (imbalance (W t) j) + eta * sqnorm (G t) <= delta + eta * sqnorm (G 0%N).

Lemma from_invariant t : invariant t -> [/\ norm (G t) <= y ^+ N,
  forall j, (j.+1 < N)%N -> norm (imbalance (W t) j) <= 2%:R * delta & sigma_min_ge (end_to_end N (W t)) (x ^+ N)].
Proof.
case=> closer kept; split; first exact: le_trans closer start_le.
  move=> j jN; apply: le_trans (_ : norm (imbalance (W t) j) + eta * sqnorm (G t) <= _).
    by rewrite ler_addl mulr_ge0 ?sqnorm_ge0.
  apply: le_trans (kept j jN) _; rewrite mulr_natl mulr2n ler_add2l; apply: le_trans eta_delta.
  apply: ler_wpmul2l => //; rewrite -sqr_norm; apply: ler_expn2r; rewrite ?nnegrE ?norm_ge0 ?exprn_ge0 //.
  exact: start_le.
exact: margin_is_kept margin closer.
Qed.

Lemma next t : invariant t -> invariant t.+1.
Proof.
move=> I; have [Gt Bt St] := from_invariant I; case: I => closer kept.
have Phi_le : norm Phi <= y ^+ N by rewrite Phi_F.
have step := loss_falls x_gt0 x_le_y eta_ge0 delta_ge0 kd_ge ke_ge delta_small eta_small Phi_le Gt Bt.
split; first apply: le_trans closer.
  apply: norm_le; apply: le_trans step; rewrite /G /W /descent iterS ler_addl mulr_ge0 //.
  by apply: sumr_ge0 => *; apply: sqnorm_ge0.
move=> j jN; apply: le_trans (kept j jN).
exact: (potential x_gt0 x_le_y eta_ge0 delta_ge0 kd_ge ke_ge delta_small eta_small Phi_le Gt Bt).
Qed.

Lemma always t : invariant t.
Proof. by elim: t => [|t IH]; [split=> // j jN; rewrite ler_add2r; apply: balanced|apply: next]. Qed.

(* 2.3, 3.1 *)
Theorem stays_balanced t j : (j.+1 < N)%N -> norm (imbalance (W t) j) <= 2%:R * delta.
Proof. by move=> jN; have [_ B _] := from_invariant (always t); apply: B. Qed.

Theorem stays_away_from_zero t : sigma_min_ge (end_to_end N (W t)) (x ^+ N).
Proof. by have [] := from_invariant (always t). Qed.

(* 4.2: L(t+1) <= L(t) - rho/2 eta s^{2(N-1)} ||G(t)||^2 with s = sigma_min(W(t))^{1/N} *)
Theorem descent_with_sigma t s : x <= s -> sigma_min_ge (end_to_end N (W t)) (s ^+ N) ->
  sqnorm (G t.+1) <= (1 - rho * (eta * s ^+ (n + n))) * sqnorm (G t).
Proof.
move=> xs St; have [Gt Bt _] := from_invariant (always t); have Phi_le : norm Phi <= y ^+ N by rewrite Phi_F.
exact: (one_step_rate x_gt0 x_le_y eta_ge0 delta_ge0 kd_ge ke_ge rho_ge0 rho_le delta_small eta_small Phi_le Gt Bt xs
  St).
Qed.

Let f := 1 - rho * (eta * x ^+ (n + n)).

Theorem every_step t : sqnorm (G t.+1) <= f * sqnorm (G t).
Proof. by apply: descent_with_sigma => //; apply: stays_away_from_zero. Qed.

Lemma rho_le2 : rho <= 2%:R.
Proof.
have kd0 : 0 < kd by apply: lt_le_trans kd_ge; rewrite ltr0n.
have ke0 : 0 < ke by apply: lt_le_trans ke_ge; rewrite ltr0n.
apply: le_trans (_ : rho * (1 + 2%:R / kd) <= _).
  by apply: ler_pemulr => //; rewrite ler_addl divr_ge0 ?ler0n // ltW.
by apply: le_trans rho_le _; rewrite ler_subl_addr ler_addl divr_ge0 ?ler0n // ltW.
Qed.

Lemma f_ge0 : 0 <= f.
Proof.
have xk0 : 0 <= x ^+ (n + n) by apply: exprn_ge0; apply: ltW.
rewrite subr_ge0; apply: le_trans eta_small; apply: le_trans (_ : ke * (eta * x ^+ (n + n)) <= _).
  apply: ler_wpmul2r; first exact: mulr_ge0.
  by apply: le_trans rho_le2 _; apply: le_trans ke_ge; rewrite ler_nat.
apply: ler_wpmul2l; first by apply: le_trans ke_ge; rewrite ler0n.
rewrite -mulrA; apply: ler_wpmul2l => //.
apply: le_trans (_ : y ^+ (n + n) <= _); last by rewrite ler_pemull ?exprn_ge0 // ler1n.
by apply: ler_expn2r; rewrite ?nnegrE ?(ltW x_gt0) // x_le_y.
Qed.

(* The loss falls by the factor 1 - rho eta c^{2(N-1)/N} at least, at every step (4.10: rho up to 2). *)
Theorem linear_rate t : sqnorm (G t) <= f ^+ t * sqnorm (G 0%N).
Proof.
elim: t => [|t IH]; first by rewrite mul1r.
apply: le_trans (every_step t) _; rewrite exprS -mulrA; apply: ler_wpmul2l => //; exact: f_ge0.
Qed.
Theorem whole_run t : [/\ sqnorm (G t) <= f ^+ t * sqnorm (G 0%N),
  forall j, (j.+1 < N)%N -> norm (imbalance (W t) j) <= 2%:R * delta & sigma_min_ge (end_to_end N (W t)) (x ^+ N)].
Proof. by split; [apply: linear_rate|apply: stays_balanced|apply: stays_away_from_zero]. Qed.
End Trajectory.

Lemma six n : (6 * n + 2 = n.+1 * 2 + 2 * n + 2 * n)%N.
Proof.
have -> : (6 * n = 2 * n + 2 * n + 2 * n)%N by rewrite -!mulnDl.
by rewrite (mulnC n.+1) mulnS addnC !addnA.
Qed.

(* Theorem 1 with its own constants. *)
Section TheoremOne.
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

(* delta = c^2 / (256 N^3 Phi_F^{2(N-1)/N}), eta <= c^{(4N-2)/N} / (6144 N^3 Phi_F^{(6N-4)/N}) *)
Theorem theorem_one : delta * (256%:R * K ^+ 3 * y ^+ (2 * n)) = x ^+ (2 * n + 2) ->
  eta * (6144%:R * K ^+ 3 * y ^+ (6 * n + 2)) <= x ^+ (4 * n + 2) ->
  forall t, [/\ sqnorm (residual Phi (descent eta Phi W0 t)) <= (1 - 63%:R / 32%:R * (eta * x ^+ (n + n)))
    ^+ t * sqnorm (residual Phi W0),
    forall j, (j.+1 < N)%N -> norm (imbalance (descent eta Phi W0 t) j) <= 2%:R * delta &
    sigma_min_ge (end_to_end N (descent eta Phi W0 t)) (x ^+ N)].
Proof.
move=> delta_is eta_limit.
have delta0 : 0 <= delta.
  have c0 : 0 < 256%:R * K ^+ 3 * y ^+ (2 * n) by rewrite !mulr_gt0 ?exprn_gt0 ?ltr0n.
  by rewrite -(pmulr_lge0 _ c0) delta_is.
have K2 : K <= K ^+ 3 by rewrite -{1}[K]expr1; apply: ler_weexpn2l.
apply: (@whole_run _ _ _ _ _ _ delta 256%:R 6144%:R (63%:R / 32%:R)
  _ _ inputs outputs x_gt0 y_ge0 Phi_F eta_ge0 _ _ _ _ _ _ _ margin balanced); rewrite -/N -/K.
- by rewrite ler_nat.
- by rewrite ler_nat.
- by rewrite divr_ge0 ?ler0n.
- have e : 2%:R - 27%:R / 6144%:R = 63%:R / 32%:R * (1 + 2%:R / 256%:R) + 47%:R / 4096%:R :> R by field.
  by rewrite e ler_addl divr_ge0 ?ler0n.
- rewrite -(ler_pmul2r (yk (2 * n))); apply: le_trans (_ : x ^+ (2 * n + 2) <= _); last first.
    by rewrite exprD mulrC; apply: ler_wpmul2l.
  rewrite -delta_is; apply: le_trans (_ : 256%:R * (K ^+ 3 * delta) * y ^+ (2 * n) <= _).
    apply: ler_wpmul2r; first exact: ltW.
    apply: ler_wpmul2l; rewrite ?ler0n //; apply: ler_wpmul2r => //; exact: ler_weexpn2l.
  by apply: eqle; move: (y ^+ _) (K ^+ 3) => *; ring.
- have e : eta * (6144%:R * K ^+ 3 * y ^+ (2 * n)) <= 1.
    rewrite -(ler_pmul2r (yk (4 * n + 2))) mul1r; apply: le_trans (x_le _); apply: le_trans eta_limit.
    by rewrite -!mulrA -exprD addnA -mulnDl.
  apply: le_trans e; rewrite addnn -mul2n.
  have -> : 6144%:R * (eta * K * y ^+ (2 * n)) = (6144%:R * K) * (eta * y ^+ (2 * n)) by move: (y ^+ _) => *; ring.
  have -> : eta * (6144%:R * K ^+ 3 * y ^+ (2 * n)) = (6144%:R * K ^+ 3) * (eta * y ^+ (2 * n)) by move: (y ^+ _)
    (K ^+ 3) => *; ring.
  apply: ler_wpmul2r; first by rewrite mulr_ge0 // ltW.
  by apply: ler_wpmul2l; rewrite ?ler0n.
- have c0 : 0 < 256%:R * K ^+ 3 * y ^+ (2 * n) by rewrite !mulr_gt0 ?exprn_gt0 ?ltr0n // (lt_le_trans ltr01).
  rewrite -(ler_pmul2r c0) delta_is -(ler_pmul2r (yk (2 * n))).
  apply: le_trans (_ : x ^+ (4 * n + 2) <= _); last first.
    have -> : (4 * n + 2 = (2 * n + 2) + 2 * n)%N by rewrite addnAC -mulnDl.
    by rewrite exprD; apply: ler_wpmul2l.
  apply: le_trans eta_limit; rewrite -exprM.
  have -> : y ^+ (6 * n + 2) = y ^+ (N * 2) * y ^+ (2 * n) * y ^+ (2 * n) by rewrite -!exprD six.
  have pos : 0 <= K ^+ 3 * (y ^+ (N * 2) * y ^+ (2 * n) * y ^+ (2 * n)).
    by apply: mulr_ge0; [exact: exprn_ge0|apply: mulr_ge0; [apply: mulr_ge0|]; apply: ltW].
  apply: le_trans (_ : eta * (256%:R * (K ^+ 3 * (y ^+ (N * 2) * y ^+ (2 * n) * y ^+ (2 * n)))) <= _).
    by apply: eqle; move: (y ^+ _) (y ^+ (2 * n)) (K ^+ 3) => *; ring.
  rewrite -[6144%:R * _ * _]mulrA; apply: ler_wpmul2l => //; apply: ler_wpmul2r => //.
  by rewrite ler_nat.
Qed.

End TheoremOne.

(* 4.8 *)
Theorem depth_one (R : comRingType) (d : nat -> nat) (eta : R) (Phi : 'M[R]_(d 1%N, d 0%N)) (W0 : weights R d) t :
  sqnorm (residual Phi (descent eta Phi W0 t)) = (1 - eta) ^+ (2 * t) * sqnorm (residual Phi W0).
Proof.
have end1 (W : weights R d) : end_to_end 1 W = W 0%N by rewrite /end_to_end product_last // product_nil mulmx1.
have H : residual Phi (descent eta Phi W0 t) = (1 - eta) ^+ t *: residual Phi W0.
  elim: t => [|t IH]; first by rewrite scale1r.
  rewrite exprS -scalerA -IH /descent iterS; move: (iter t _ _) => W.
  rewrite /residual !end1 /descent_step /gradient_step /layer_gradient !product_nil !trmx1 mul1mx mulmx1 /residual end1.
  by rewrite scalerBl scale1r addrAC.
rewrite H mulnC exprM !sqnorm_inner /inner; move: (residual _ _) => G.
by rewrite [(_ *: G)^T]linearZ /= -scalemxAl -scalemxAr !mxtraceZ mulrA expr2.
Qed.

Section Met.
Variable R : rcfType.
Lemma norm_scalar (a : R) : norm (a%:M : 'M_1) = `|a|.
Proof. by rewrite /norm /sqnorm !big_ord1 mxE eqxx sqrtr_sqr. Qed.

(* Layers of size 1 x 1, all equal to the N-th root of 1/2, target 1: margin 1/2, exact balance,
  a loss that is not 0. *)
Theorem hypotheses_met (n : nat) : let K : R := n.+1%:R in exists (x eta delta : R) (W0 : weights R ones),
  [/\ 0 < x, 0 < eta, norm (target n.+1 (1 : R)) = 1 ^+ n.+1, has_margin (target n.+1 1) (end_to_end n.+1 W0)
    (x ^+ n.+1) &
  [/\ forall j, norm (imbalance W0 j) <= delta,
      delta * (256%:R * K ^+ 3 * 1 ^+ (2 * n)) = x ^+ (2 * n + 2),
      eta * (6144%:R * K ^+ 3 * 1 ^+ (6 * n + 2)) <= x ^+ (4 * n + 2) &
      0 < sqnorm (residual (target n.+1 1) W0)]].
Proof.
move=> K; have h0 : 0 <= 1 / 2%:R :> R by rewrite divr_ge0 ?ler01 ?ler0n.
have [x x0 xN] := roots_exist n h0.
have x_gt0 : 0 < x.
  rewrite lt_def x0 andbT; apply/eqP => xz; move/eqP: xN; rewrite xz expr0n /= mul1r eq_sym invr_eq0.
  by rewrite pnatr_eq0.
have K0 : 0 < K by rewrite ltr0n.
have [q q0 qE] : exists2 q : R, 0 < q & q = 256%:R * K ^+ 3 by eexists; [|reflexivity]; apply: mulr_gt0;
  [rewrite ltr0n|apply: exprn_gt0].
have [p p0 pE] : exists2 p : R, 0 < p & p = 6144%:R * K ^+ 3 by eexists; [|reflexivity]; apply: mulr_gt0;
  [rewrite ltr0n|apply: exprn_gt0].
rewrite -qE -pE {qE pE}.
exists x, (x ^+ (4 * n + 2) / p), (x ^+ (2 * n + 2) / q), (scalars (fun _ => x)).
have W1 : end_to_end n.+1 (scalars (fun _ => x)) = (1 / 2%:R)%:M.
  by rewrite /end_to_end product_scalars // prodr_const_nat subn0 xN.
have half : (1 / 2%:R - 1 : R) = - (1 / 2%:R) by field.
have pos : 0 < 1 / 2%:R :> R by rewrite divr_gt0 ?ltr01 ?ltr0n.
split.
- exact: x_gt0.
- by apply: divr_gt0 => //; apply: exprn_gt0.
- by rewrite norm_scalar normr1 expr1n.
- rewrite /has_margin /sigma_min_ge W1 xN /target -raddfB /= norm_scalar half normrN ger0_norm // => v.
  by rewrite mul1mx (_ : 1 / 2%:R + 1 / 2%:R = 1) ?mul1r //; field.
split.
- move=> j; have -> : imbalance (scalars (fun _ => x)) j = 0 by rewrite /imbalance /scalars tr_scalar_mx subrr.
  by rewrite /norm sqnorm0 sqrtr0; apply: divr_ge0; [apply: exprn_ge0|apply: ltW].
- by rewrite expr1n mulr1 divfK // gt_eqF.
- by rewrite expr1n mulr1 divfK // gt_eqF.
rewrite /residual W1 /target -raddfB /= half -sqr_norm norm_scalar normrN ger0_norm //.
exact: exprn_gt0.
Qed.
End Met.
