(* DL-072 Theorem 1 for data that are not white, and DL-013, complete: real powers, the logarithm, the number of steps.

   Over the real numbers of MathComp-Analysis, whose three axioms these rest on. G = W - Phi, E(W) = |G Q|_F^2 / 2, data
   S = Q Q^T with s_d <= S <= s_1; b j bounds |B_j(0)|_2 and F bounds |Phi|_2.

   enough_steps_data        N sum_j b_j <= c^{2/N} / 7, eta <= c^{2/N} / (15 N s_1 F^2), |G(0)|_S <= sqrt(s_d) rho and
                            sigma_min(Phi) >= c + rho: T >= ln(E(0)/eps) / (eta s_d c^{2(N-1)/N}) steps give E(T) <= eps
   enough_steps_data_ii     the same from sigma_min(Phi Q) >= c sqrt(s_1) + |G(0)|_S
   enough_steps_own_powers  the claim's own form, delta = c^{2/N} / (2 N^2), eta <= delta / Phi_F^2, white data:
                            T >= ln(l(0)/eps) / (eta c^{2(N-1)/N}) steps give l(T) <= eps

   Left out: sigma_min as a number (it is said as s |x| <= |A x|); singular S. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From mathcomp Require Import boolp classical_sets reals topology normedtype derive sequences realfun exp.
From DLC Require Import network norm deficiency_margin bounds one_step linear_rate linear_rate_complete.
From DLC Require Import sharper_constants sharper_powers.
Import GRing.Theory Num.Theory Order.TTheory.
Import numFieldNormedType.Exports.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope classical_set_scope.
Local Open Scope ring_scope.
Local Notation "a `^ x" := (exp_fun a x).

(* A linear rate and its number of steps: (1 - z)^T e_0 <= eps where T >= ln(e_0/eps) / z *)
Lemma enough_at_rate (R : realType) (z e0 e1 eps : R) (T : nat) : 0 < z -> z <= 1 -> 0 <= e0 -> 0 < eps ->
  e1 <= (1 - z) ^+ T * e0 -> ln (e0 / eps) / z <= T%:R -> e1 <= eps.
Proof.
move=> z0 z1 e00 eps0 rate enough; apply: le_trans rate _.
move: e00; rewrite le_eqVlt => /orP [/eqP <-|pos]; first by rewrite mulr0 ltW.
have power_le : (1 - z) ^+ T <= expR (- (T%:R * z)).
  rewrite -[- (T%:R * z)]mulrN expRMm; apply: ler_expn2r; rewrite ?nnegrE ?(ltW (expR_gt0 _)) ?subr_ge0 //.
  by apply: one_minus_le_exp; apply: ltW.
apply: le_trans (ler_wpmul2r (ltW pos) power_le) _.
have positive : e0 / eps \is Num.pos by rewrite posrE; apply: divr_gt0.
rewrite -ler_pdivl_mulr //; have -> : eps / e0 = expR (- ln (e0 / eps)) by rewrite expRN (lnK positive) [RHS]invf_div.
by rewrite ler_expR ler_opp2 -ler_pdivr_mulr.
Qed.

Section Powers.
Variable R : realType.
Lemma root_of (c : R) n : 0 < c -> exists x : R, [/\ 0 < x, x ^+ n.+1 = c
  & forall k, x ^+ k = c `^ (k%:R / n.+1%:R)].
Proof.
move=> c0; exists (c `^ (n.+1%:R)^-1); split; first exact: exp_fun_gt0.
  exact: root_power.
by move=> k; rewrite power_of_root.
Qed.
End Powers.

Theorem enough_steps_data (R : realType) (d : nat -> nat) (N p : nat) (Q : 'M[R]_(d 0%N, p)) (Phi : 'M[R]_(d N, d 0%N))
  (W0 : weights R d) (b : nat -> R) (c F eta s1 sd rho eps : R) (T : nat) :
  let E (W : weights R d) := sqnorm (residual Phi W *m Q) / 2%:R in
  let W t := iter t (fun V => gradient_step eta (residual Phi V *m Q *m Q^T) V) W0 in
  (0 < N)%N -> (0 < d 0%N)%N -> (0 < d N)%N -> 0 < c -> 0 < F -> 0 < eta -> 0 < sd -> 0 <= rho -> 0 < eps ->
  bounded Phi (F ^+ 2) ->
  (forall j, 0 <= b j) -> (forall j, (j.+1 < N)%N -> form_bounded (imbalance W0 j) (b j)) ->
  N%:R * (\sum_(0 <= j < N.-1) b j) <= c `^ (2%:R / N%:R) / 7%:R ->
  eta <= c `^ (2%:R / N%:R) / (15%:R * N%:R * s1 * F ^+ 2) ->
  (forall v : 'cV[R]_(d 0%N), sqnorm (Q^T *m v) <= s1 * sqnorm v) ->
  (forall v : 'cV[R]_(d 0%N), sd * sqnorm v <= sqnorm (Q^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge Phi (c + rho) ->
  ln (E W0 / eps) / (eta * sd * c `^ ((2 * (N - 1))%:R / N%:R)) <= T%:R -> E (W T) <= eps.
Proof.
case: N Phi => // n Phi E W _ inputs outputs c0 F0 eta0 sd0 rho0 eps0 Phi_le b0 bal b_small eta_limit S_le S_ge start
  margin enough.
have K0 : 0 < n.+1%:R :> R by rewrite ltr0n.
have [x [x0 xN xk]] := root_of n c0; have [y [y0 yN _]] := root_of n F0.
rewrite -yN in Phi_le eta_limit; rewrite -xN in margin; rewrite -xk in b_small; rewrite -xk in eta_limit.
have s10 : 0 < s1.
  apply: lt_le_trans sd0 _; have [v v1] : exists v : 'cV[R]_(d 0%N), sqnorm v = 1.
    by case: (d 0%N) inputs => // k _; exists (delta_mx 0 0); rewrite -sqr_norm norm_delta expr1n.
  by have := le_trans (S_ge v) (S_le v); rewrite v1 !mulr1.
have small : 7%:R * (n.+1%:R * \sum_(0 <= j < n) b j) <= x ^+ 2 by rewrite mulrC -ler_pdivl_mulr ?ltr0n.
have es : 15%:R * (n.+1%:R * (eta * s1 * (y ^+ n.+1) ^+ 2)) <= x ^+ 2.
  have q0 : 0 < 15%:R * n.+1%:R * s1 * (y ^+ n.+1) ^+ 2 by rewrite !mulr_gt0 ?exprn_gt0 ?ltr0n.
  rewrite ler_pdivl_mulr // in eta_limit; apply: le_trans eta_limit; apply: eqle.
  by move: ((y ^+ n.+1) ^+ 2) (n.+1%:R : R) => *; ring.
have [_ rate _ _] := theorem_data inputs outputs x0 (ltW y0) (ltW eta0) sd0 Phi_le b0 bal small es rho0
  S_le S_ge start margin T.
rewrite -[run _ _ _ _ T]/(W T) in rate.
have room := sigma_min_bounded outputs inputs (exprn_ge0 n.+1 (ltW y0)) margin Phi_le.
have z0 : 0 < eta * sd * x ^+ (n + n) by rewrite !mulr_gt0 ?exprn_gt0.
have z1 : eta * sd * x ^+ (n + n) <= 1.
  by rewrite -subr_ge0; apply: (factor_ge0 inputs x0 (ltW y0) (ltW eta0) sd0 S_le S_ge rho0 room es).
apply: (enough_at_rate z0 z1 _ eps0 _ _ (e0 := E W0)).
- by rewrite divr_ge0 ?sqnorm_ge0 ?ler0n.
- by rewrite /E [X in _ <= X]mulrA; apply: ler_wpmul2r; rewrite ?invr_ge0 ?ler0n //; apply: rate.
- by move: enough; rewrite subn1 -xk mul2n addnn.
Qed.

(* The same with margin (ii), s = sqrt s_1 and Q any square root of S. *)
Theorem enough_steps_data_ii (R : realType) (d : nat -> nat) (N : nat) (Q : 'M[R]_(d 0%N)) (Phi : 'M[R]_(d N, d 0%N))
  (W0 : weights R d) (b : nat -> R) (c F eta s sd rho eps : R) (T : nat) :
  let E (W : weights R d) := sqnorm (residual Phi W *m Q) / 2%:R in
  let W t := iter t (fun V => gradient_step eta (residual Phi V *m Q *m Q^T) V) W0 in
  (0 < N)%N -> (0 < d 0%N)%N -> 0 < c -> 0 < F -> 0 < eta -> 0 < s -> 0 < sd -> 0 <= rho -> 0 < eps ->
  bounded Phi (F ^+ 2) ->
  (forall j, 0 <= b j) -> (forall j, (j.+1 < N)%N -> form_bounded (imbalance W0 j) (b j)) ->
  N%:R * (\sum_(0 <= j < N.-1) b j) <= c `^ (2%:R / N%:R) / 7%:R ->
  eta <= c `^ (2%:R / N%:R) / (15%:R * N%:R * s ^+ 2 * F ^+ 2) ->
  (forall v : 'cV[R]_(d 0%N), sqnorm (Q^T *m v) <= s ^+ 2 * sqnorm v) ->
  (forall v : 'cV[R]_(d 0%N), sd * sqnorm v <= sqnorm (Q^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> c + rho <= F -> Q \in unitmx ->
  sigma_min_ge (Phi *m Q) (c * s + norm (residual Phi W0 *m Q)) ->
  ln (E W0 / eps) / (eta * sd * c `^ ((2 * (N - 1))%:R / N%:R)) <= T%:R -> E (W T) <= eps.
Proof.
case: N Phi => // n Phi E W _ inputs c0 F0 eta0 s0 sd0 rho0 eps0 Phi_le b0 bal b_small eta_limit S_le S_ge start
  room invertible margin enough.
have K0 : 0 < n.+1%:R :> R by rewrite ltr0n.
have [x [x0 xN xk]] := root_of n c0; have [y [y0 yN _]] := root_of n F0.
rewrite -yN in Phi_le eta_limit; rewrite -xN in margin; rewrite -xN -yN in room.
rewrite -xk in b_small; rewrite -xk in eta_limit.
have s10 : 0 < s ^+ 2 by rewrite exprn_gt0.
have small : 7%:R * (n.+1%:R * \sum_(0 <= j < n) b j) <= x ^+ 2 by rewrite mulrC -ler_pdivl_mulr ?ltr0n.
have es : 15%:R * (n.+1%:R * (eta * s ^+ 2 * (y ^+ n.+1) ^+ 2)) <= x ^+ 2.
  have q0 : 0 < 15%:R * n.+1%:R * s ^+ 2 * (y ^+ n.+1) ^+ 2 by rewrite !mulr_gt0 ?exprn_gt0 ?ltr0n.
  rewrite ler_pdivl_mulr // in eta_limit; apply: le_trans eta_limit; apply: eqle.
  by move: ((y ^+ n.+1) ^+ 2) (n.+1%:R : R) => *; ring.
have [_ rate _ _] := theorem_data_ii inputs x0 (ltW y0) (ltW eta0) sd0 Phi_le b0 bal small es rho0 s0 erefl
  S_le S_ge start room invertible margin T.
rewrite -[run _ _ _ _ T]/(W T) in rate.
have z0 : 0 < eta * sd * x ^+ (n + n) by rewrite !mulr_gt0 ?exprn_gt0.
have z1 : eta * sd * x ^+ (n + n) <= 1.
  by rewrite -subr_ge0; apply: (factor_ge0 inputs x0 (ltW y0) (ltW eta0) sd0 S_le S_ge rho0 room es).
apply: (enough_at_rate z0 z1 _ eps0 _ _ (e0 := E W0)).
- by rewrite divr_ge0 ?sqnorm_ge0 ?ler0n.
- by rewrite /E [X in _ <= X]mulrA; apply: ler_wpmul2r; rewrite ?invr_ge0 ?ler0n //; apply: rate.
- by move: enough; rewrite subn1 -xk mul2n addnn.
Qed.

Theorem enough_steps_own_powers (R : realType) (d : nat -> nat) (N : nat) (Phi : 'M[R]_(d N, d 0%N)) (W0 : weights R d)
  (c eta delta eps : R) (T : nat) :
  let loss (W : weights R d) := sqnorm (residual Phi W) / 2%:R in
  (0 < N)%N -> (0 < d 0%N)%N -> (0 < d N)%N -> 0 < c -> 0 < eta -> 0 < eps -> has_margin Phi (end_to_end N W0) c ->
  delta = c `^ (2%:R / N%:R) / (2%:R * N%:R ^+ 2) -> (forall j, (j.+1 < N)%N -> norm (imbalance W0 j) <= delta) ->
  eta <= delta / norm Phi ^+ 2 -> ln (loss W0 / eps) / (eta * c `^ ((2 * (N - 1))%:R / N%:R)) <= T%:R ->
  loss (descent eta Phi W0 T) <= eps.
Proof.
case: N Phi => // n Phi loss _ inputs outputs c0 eta0 eps0 margin delta_is bal eta_limit enough.
set K : R := n.+1%:R in delta_is; have K0 : 0 < K by rewrite ltr0n.
have room := margin_size outputs inputs margin.
have F0 : 0 < norm Phi by apply: lt_le_trans c0 (le_trans _ room); rewrite ler_addl norm_ge0.
have [x [x0 xN xk]] := root_of n c0; have [y [y0 yN _]] := root_of n F0.
rewrite -xN in margin; rewrite -xk in delta_is.
have p0 : 0 < 2%:R * K ^+ 2 by rewrite mulr_gt0 ?ltr0n ?exprn_gt0.
have small : 2%:R * (K ^+ 2 * delta) <= x ^+ 2 by rewrite mulrA mulrC delta_is divfK // gt_eqF.
have es : eta * (y ^+ n.+1) ^+ 2 <= delta by rewrite yN -ler_pdivl_mulr ?exprn_gt0.
have [rate _ _] := sharper_powers inputs outputs x0 (ltW y0) (esym yN) (ltW eta0) margin bal small es T.
have z0 : 0 < eta * x ^+ (n + n) by rewrite mulr_gt0 ?exprn_gt0.
have xy : x <= y.
  rewrite -(@ler_pexpn2r _ n.+1) ?nnegrE ?(ltW x0) ?(ltW y0) // yN xN.
  by apply: le_trans room; rewrite ler_addl norm_ge0.
have z1 : eta * x ^+ (n + n) <= 1.
  have x2 : 0 < x ^+ 2 by apply: exprn_gt0.
  have d0 : 0 <= delta by apply: le_trans es; rewrite mulr_ge0 ?sqr_ge0 ?(ltW eta0).
  rewrite -(ler_pmul2r x2) mul1r; apply: le_trans (_ : delta <= _); last first.
    apply: le_trans small; rewrite mulrA ler_pemull // mulr_ege1 ?exprn_ege1 ?ler1n //.
  apply: le_trans es; rewrite -mulrA; apply: ler_wpmul2l; first exact: ltW.
  have -> : x ^+ (n + n) * x ^+ 2 = (x ^+ n.+1) ^+ 2.
    by rewrite -exprD -exprM mulSn [(n * 2)%N]mulnC mul2n -addnn addnC.
  by rewrite ler_expn2r ?nnegrE ?exprn_ge0 ?(ltW x0) ?(ltW y0) // ler_expn2r ?nnegrE ?(ltW x0) ?(ltW y0).
apply: (enough_at_rate z0 z1 _ eps0 _ _ (e0 := loss W0)).
- by rewrite divr_ge0 ?sqnorm_ge0 ?ler0n.
- by rewrite /loss [X in _ <= X]mulrA; apply: ler_wpmul2r; rewrite ?invr_ge0 ?ler0n //; apply: rate.
- by move: enough; rewrite subn1 -xk mul2n addnn.
Qed.
