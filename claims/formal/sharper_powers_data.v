(* DL-072 with balance (A), and so DL-013 in its own form, with the constant 2 of both, at every depth.

   Every ||B_j(0)||_F <= delta, 2 N^2 delta <= c^{2/N}, eta s_1 F^2 <= delta, and margin (i) or (ii) as in
   sharper_constants.v, give for every t: E(t+1) <= (1 - eta s_d c^{2(N-1)/N}) E(t), the rate, sigma_min(W(t)) >= c, and
   ||B_j(t)||_F <= (1 + s_d/s_1) delta: E falls by 5/8 eta S in a step, which adds eta^2 S to ||B_j||_F at most.

   While ||B_j||_F <= 2 delta: with r^N = 2 F - c >= |W|_2 every |W_j|_2^2 <= M^2 = r^2 (1 + 3 (N-1) / (2 N^2)), and
   sharper_limits.v has eta s_1 N M^{2N-2} <= 2/5, at N >= 2. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm balancedness deficiency_margin bounds end_layers step data_fall sharper_limits.
From DLC Require Import sharper_constants.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Lemma pair_le (R : realDomainType) (f : nat -> R) (m j : nat) : (forall i, 0 <= f i) -> (j.+1 < m)%N ->
  f j.+1 + f j <= \sum_(0 <= i < m) f i.
Proof.
move=> f0; elim: m => // m IH; rewrite ltnS leq_eqVlt => /orP [/eqP <-|jm]; rewrite big_nat_recr //=.
  by rewrite [X in X <= _]addrC ler_add2r big_nat_recr //= ler_addr sumr_ge0.
by apply: le_trans (IH jm) _; rewrite ler_addl.
Qed.

Section Step.
Variables (R : rcfType) (d : nat -> nat) (n p : nat) (x y eta s1 delta : R).
Let N := n.+1.
Let K : R := N%:R.
Variables (Q : 'M[R]_(d 0%N, p)) (Phi : 'M[R]_(d N, d 0%N)) (W : weights R d).
Hypotheses (x_gt0 : 0 < x) (y_ge0 : 0 <= y) (eta_ge0 : 0 <= eta) (s1_ge0 : 0 <= s1) (Q_le : bounded Q s1).
Hypotheses (small : 2%:R * (K ^+ 2 * delta) <= x ^+ 2) (eta_delta : eta * s1 * (y ^+ N) ^+ 2 <= delta).
Let G := residual Phi W.
Let H := G *m Q *m Q^T.
Let W' := gradient_step eta H W.
Let S := \sum_(0 <= i < N) sqnorm (layer_gradient H W i).
Hypotheses (Phi_le : bounded Phi ((y ^+ N) ^+ 2)) (G_le : x ^+ N + norm G <= y ^+ N).
Hypothesis balanced : forall j, (j.+1 < N)%N -> norm (imbalance W j) <= 2%:R * delta.

Let K_gt0 : 0 < K. Proof. by rewrite ltr0n. Qed.
Let delta_ge0 : 0 <= delta.
Proof. by apply: le_trans eta_delta; apply: mulr_ge0 (mulr_ge0 _ _) (sqr_ge0 _). Qed.
Let c_gt0 : 0 < x ^+ N. Proof. exact: exprn_gt0. Qed.
Let F_ge0 : 0 <= y ^+ N. Proof. exact: exprn_ge0. Qed.
Let cF : x ^+ N <= y ^+ N. Proof. by apply: le_trans G_le; rewrite ler_addl norm_ge0. Qed.
Let F_gt0 : 0 < (y ^+ N) ^+ 2. Proof. exact: exprn_gt0 _ (lt_le_trans c_gt0 cF). Qed.

Variable r : R.
Hypotheses (r_ge0 : 0 <= r) (rN : r ^+ N = 2%:R * y ^+ N - x ^+ N).
Let x_le_r : x <= r.
Proof.
rewrite -(@ler_pexpn2r _ N) ?nnegrE ?(ltW x_gt0) // rN ler_subr_addr.
by apply: le_trans (ler_add cF cF) _; rewrite mulr_natl mulr2n.
Qed.
Let r_gt0 : 0 < r. Proof. exact: lt_le_trans x_le_r. Qed.
Let g : R := 1 + 3%:R * n%:R / (2%:R * K ^+ 2).
Let g_ge1 : 1 <= g. Proof. by rewrite ler_addl divr_ge0 ?mulr_ge0 ?ler0n ?exprn_ge0 ?ltW. Qed.
Let g_gt0 : 0 < g. Proof. exact: lt_le_trans g_ge1. Qed.
Let M := r * Num.sqrt g.
Let M_gt0 : 0 < M. Proof. by rewrite mulr_gt0 // sqrtr_gt0. Qed.
Let M2 : M ^+ 2 = r ^+ 2 * g. Proof. by rewrite exprMn sqr_sqrtr // ltW. Qed.
Let r_le_M : r <= M. Proof. by rewrite ler_pemulr // -sqrtr1 ler_wsqrtr. Qed.

Let two_delta : 0 <= 2%:R * delta. Proof. by rewrite mulr_ge0 ?ler0n. Qed.

Let layers j : (j < N)%N -> bounded (W j) (M ^+ 2).
Proof.
have WC : bounded (end_to_end N W) ((r ^+ 2) ^+ N).
  have -> : end_to_end N W = Phi + G by rewrite /G /residual addrC subrK.
  have GG : bounded G (norm G ^+ 2) by rewrite sqr_norm; apply: bounded_sqnorm.
  apply: bounded_le (boundedD F_ge0 (norm_ge0 _) Phi_le GG).
  rewrite exprAC ler_expn2r ?nnegrE ?addr_ge0 ?norm_ge0 ?exprn_ge0 // rN ler_subr_addr addrAC -addrA.
  by rewrite mulr_natl mulr2n ler_add2l.
move=> jN; apply: bounded_le (layer_norms two_delta balanced (sqr_ge0 r) WC jN).
rewrite M2 /g mulrDr mulr1 ler_add2l.
apply: le_trans (_ : x ^+ 2 * (3%:R * n%:R / (2%:R * K ^+ 2)) <= _); last first.
  rewrite ler_wpmul2r ?divr_ge0 ?mulr_ge0 ?ler0n ?exprn_ge0 ?(ltW K_gt0) // ler_expn2r ?nnegrE ?(ltW x_gt0) //.
have e : 0 <= 3%:R * n%:R / (2%:R * K ^+ 2) by rewrite divr_ge0 ?mulr_ge0 ?ler0n ?exprn_ge0 ?(ltW K_gt0).
apply: le_trans (ler_wpmul2r e small); apply: eqle; move: (n%:R : R) => k.
by field; rewrite gt_eqF.
Qed.

Let Z := s1 * (eta * M ^+ (n + n) * K).
Let Z_ge0 : 0 <= Z. Proof. by rewrite !mulr_ge0 ?exprn_ge0 // ltW. Qed.

Let powers : M ^+ (n + n) = r ^+ (n + n) * g ^+ n.
Proof. by rewrite addnn -muln2 mulnC exprM M2 exprMn -exprM. Qed.

Let Z_le : (0 < n)%N -> Z <= 2%:R / 5%:R.
Proof.
move=> n0; rewrite ler_pdivl_mulr ?ltr0n // -(ler_pmul2r F_gt0).
have s : x ^+ N + r ^+ N = 2%:R * y ^+ N by rewrite rN addrC subrK.
have limit := enough_of_the_limit n0 (ltW x_gt0) x_le_r y_ge0 s; rewrite -/N -/K -/g in limit.
have K2 : 0 < K * 2%:R by rewrite mulr_gt0 ?ltr0n.
rewrite -(ler_pmul2l K2); have A0 : 0 <= 5%:R * (r ^+ (n + n) * g ^+ n) by rewrite !mulr_ge0 ?exprn_ge0 ?ler0n // ltW.
have -> : K * 2%:R * (Z * 5%:R * (y ^+ N) ^+ 2)
  = 5%:R * (r ^+ (n + n) * g ^+ n) * (2%:R * (K ^+ 2 * (eta * s1 * (y ^+ N) ^+ 2))).
  by rewrite /Z powers; move: (r ^+ _) (g ^+ n) ((y ^+ N) ^+ 2) (K) => *; ring.
have k2 : 0 <= K ^+ 2 by rewrite sqr_ge0.
have le2 : 2%:R * (K ^+ 2 * (eta * s1 * (y ^+ N) ^+ 2)) <= x ^+ 2.
  by apply: le_trans small; rewrite ler_wpmul2l ?ler0n // ler_wpmul2l.
apply: le_trans (ler_wpmul2l A0 le2) _.
have -> : 5%:R * (r ^+ (n + n) * g ^+ n) * x ^+ 2 = 5%:R * (x ^+ 2 * r ^+ (n + n) * g ^+ n).
  by move: (r ^+ _) (g ^+ n) (x ^+ 2) => *; ring.
by apply: le_trans limit _; apply: eqle; move: ((y ^+ N) ^+ 2) (K) => *; ring.
Qed.

Let H_le : norm H <= s1 * norm G.
Proof.
rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?norm_ge0 ?mulr_ge0 ?norm_ge0 // exprMn !sqr_norm.
apply: le_trans (bounded_right _ s1_ge0 (bounded_tr s1_ge0 Q_le)) _; rewrite expr2 -mulrA ler_wpmul2l //.
exact: bounded_right.
Qed.

Let v := eta * M ^+ n * norm H / M.
Let v_ge0 : 0 <= v. Proof. by rewrite divr_ge0 ?(ltW M_gt0) // !mulr_ge0 ?exprn_ge0 ?norm_ge0 // ltW. Qed.
Let step_small : eta * M ^+ n * norm H <= M * v.
Proof. by rewrite /v [X in _ <= X]mulrC divfK ?gt_eqF. Qed.

Let v_le : 2%:R * (K * v) <= Z.
Proof.
have GM : 2%:R * norm G <= M ^+ N.
  apply: le_trans (_ : r ^+ N <= _); last by rewrite ler_expn2r ?nnegrE ?(ltW M_gt0).
  rewrite rN ler_subr_addr; apply: le_trans (_ : 2%:R * (x ^+ N + norm G) <= _); last by rewrite ler_wpmul2l ?ler0n.
  by rewrite mulrDr addrC ler_add2r ler_pemull ?ler1n // ltW.
rewrite -(ler_pmul2l M_gt0); have -> : M * (2%:R * (K * v)) = eta * M ^+ n * K * (2%:R * norm H).
  by rewrite /v; move: (M ^+ n) (norm H) (K) => *; field; rewrite gt_eqF.
have a0 : 0 <= eta * M ^+ n * K by rewrite !mulr_ge0 ?exprn_ge0 // ltW.
apply: le_trans (_ : eta * M ^+ n * K * (s1 * M ^+ N) <= _).
  rewrite ler_wpmul2l //; apply: le_trans (_ : 2%:R * (s1 * norm G) <= _); first by rewrite ler_wpmul2l ?ler0n.
  by rewrite mulrCA ler_wpmul2l.
by apply: eqle; rewrite /Z exprD exprS; move: (M ^+ n) (K) => *; ring.
Qed.

Let kept : lost n v Z <= 3%:R / 8%:R.
Proof.
case: (posnP n) => [n0|n0].
  rewrite n0; apply: lost_at_depth_one; rewrite ler_pdivl_mulr ?ltr0n // /Z n0 /K /N n0 expr0 !mulr1.
  have := le_trans (ler_wpmul2l (ler0n R 2) (ler_wpmul2l (sqr_ge0 K) eta_delta)) small.
  rewrite /K /N n0 !expr1 expr1n mul1r => le; have y2 := F_gt0; rewrite /N n0 expr1 in y2.
  rewrite -(ler_pmul2r y2) mul1r; have -> : s1 * eta * 2%:R * y ^+ 2 = 2%:R * (eta * s1 * y ^+ 2) by ring.
  by apply: le_trans le _; have := cF; rewrite /N n0 !expr1 => xy; rewrite ler_expn2r ?nnegrE ?(ltW x_gt0).
apply: lost_small => //; last exact: Z_le.
rewrite -(@ler_pmul2l _ 2%:R) ?ltr0n //; apply: le_trans v_le _; apply: le_trans (Z_le n0) _.
by apply: eqle; field.
Qed.

(* rows 8 to 10 *)
Lemma fall_a : sqnorm (residual Phi W' *m Q) + 5%:R / 4%:R * (eta * S) <= sqnorm (G *m Q).
Proof. exact: fall_below eta_ge0 M_gt0 v_ge0 s1_ge0 Q_le layers step_small kept. Qed.

Lemma gradient_large_a : sigma_min_ge (end_to_end N W) (x ^+ N) -> x ^+ (n + n) * sqnorm H <= 5%:R / 4%:R * S.
Proof.
apply: (@gradient_large_below _ _ _ x (n%:R * (2%:R * delta)) W (fun _ => 2%:R * delta)) => //.
- move=> j jN z; apply: le_trans (form_bounded_norm _ z) _; rewrite ler_wpmul2r ?sqnorm_ge0 //; exact: balanced.
- by rewrite sumr_const_nat subn0 -[(_ * _) *+ n]mulr_natl.
apply: le_trans small; have -> : 4%:R * (n%:R * (2%:R * delta)) = 2%:R * (4%:R * n%:R * delta).
  by move: (n%:R : R) => *; ring.
rewrite ler_wpmul2l ?ler0n // ler_wpmul2r // /K /N -subr_ge0 mulrSr.
have -> : (n%:R + 1) ^+ 2 - 4%:R * n%:R = (n%:R - 1) ^+ 2 :> R by move: (n%:R : R) => *; ring.
exact: sqr_ge0.
Qed.

Lemma balance_a j : (j.+1 < N)%N ->
  norm (imbalance W' j) + 4%:R / 5%:R * (eta * sqnorm (residual Phi W' *m Q))
  <= norm (imbalance W j) + 4%:R / 5%:R * (eta * sqnorm (G *m Q)).
Proof.
move=> jN; rewrite discrete_balancedness_law //; set V := layer_gradient H W j.+1; set U := layer_gradient H W j.
have two : sqnorm V + sqnorm U <= S.
  by apply: (@pair_le _ (fun i => sqnorm (layer_gradient H W i))) => // i; apply: sqnorm_ge0.
have moved : norm (imbalance W j + eta ^+ 2 *: (V^T *m V - U *m U^T)) <= norm (imbalance W j) + eta ^+ 2 * S.
  apply: le_trans (norm_triangle _ _) _; rewrite ler_add2l norm_scale ger0_norm ?sqr_ge0 //.
  apply: ler_wpmul2l; first exact: sqr_ge0.
  apply: le_trans two; apply: le_trans (norm_triangle _ _) _; rewrite norm_opp.
  by apply: ler_add; apply: le_trans (norm_mul _ _) _; rewrite norm_tr -expr2 sqr_norm.
apply: le_trans (ler_add moved (lexx _)) _; rewrite -addrA ler_add2l.
have -> : eta ^+ 2 * S + 4%:R / 5%:R * (eta * sqnorm (residual Phi W' *m Q))
  = 4%:R / 5%:R * (eta * (sqnorm (residual Phi W' *m Q) + 5%:R / 4%:R * (eta * S))).
  by move: (sqnorm _) S => *; field.
by rewrite ler_wpmul2l ?divr_ge0 ?ler0n // ler_wpmul2l // fall_a.
Qed.
End Step.

Section Trajectory.
Variables (R : rcfType) (d : nat -> nat) (n p : nat) (x y eta s1 sd rho delta : R).
Let N := n.+1.
Let K : R := N%:R.
Variables (Q : 'M[R]_(d 0%N, p)) (Phi : 'M[R]_(d N, d 0%N)) (W0 : weights R d).
Hypotheses (inputs : (0 < d 0)%N) (x_gt0 : 0 < x) (y_ge0 : 0 <= y) (eta_ge0 : 0 <= eta) (sd_gt0 : 0 < sd).
Hypothesis rho_ge0 : 0 <= rho.
Hypothesis Phi_le : bounded Phi ((y ^+ N) ^+ 2).
Hypothesis balanced : forall j, (j.+1 < N)%N -> norm (imbalance W0 j) <= delta.
Hypotheses (small : 2%:R * (K ^+ 2 * delta) <= x ^+ 2) (eta_delta : eta * s1 * (y ^+ N) ^+ 2 <= delta).
Hypothesis S_le : forall v : 'cV[R]_(d 0%N), sqnorm (Q^T *m v) <= s1 * sqnorm v.
Hypothesis S_ge : forall v : 'cV[R]_(d 0%N), sd * sqnorm v <= sqnorm (Q^T *m v).
Let W := run eta Q Phi W0.
Let Sq t := sqnorm (residual Phi (W t) *m Q).

(* what a start of either margin has *)
Section Ball.
Hypotheses (start : sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2) (room : x ^+ N + rho <= y ^+ N).
Hypothesis ball : forall V : 'M[R]_(d N, d 0%N), sqnorm ((V - Phi) *m Q) <= sqnorm (residual Phi W0 *m Q) ->
  sigma_min_ge V (x ^+ N).

Let s1_gt0 : 0 < s1. Proof. exact: lt_le_trans sd_gt0 (sd_le_s1 inputs S_le S_ge). Qed.
Let s1_ge0 : 0 <= s1. Proof. exact: ltW. Qed.
Let Q_le : bounded Q s1. Proof. by rewrite -[Q]trmxK; apply: bounded_tr. Qed.
Let Sq_ge0 t : 0 <= Sq t. Proof. exact: sqnorm_ge0. Qed.
Let F_ge0 : 0 <= y ^+ N. Proof. exact: exprn_ge0. Qed.
Let delta_ge0 : 0 <= delta.
Proof. by apply: le_trans eta_delta; apply: mulr_ge0 (mulr_ge0 _ _) (sqr_ge0 _). Qed.
Let c_ge0 : 0 <= x ^+ N. Proof. by rewrite exprn_ge0 // ltW. Qed.

(* row 11 *)
Lemma drift_a : 4%:R / 5%:R * (eta * Sq 0) <= sd / s1 * delta.
Proof.
apply: le_trans (_ : eta * (sd * rho ^+ 2) <= _).
  apply: le_trans (_ : eta * Sq 0 <= _); last exact: ler_wpmul2l.
  by rewrite ler_pimull ?mulr_ge0 // ler_pdivr_mulr ?ltr0n // mul1r ler_nat.
have -> : eta * (sd * rho ^+ 2) = sd / s1 * (eta * s1 * rho ^+ 2).
  by move: (rho ^+ 2) => q; field; rewrite gt_eqF.
apply: ler_wpmul2l; first by rewrite divr_ge0 // ltW.
apply: le_trans eta_delta; rewrite ler_wpmul2l ?mulr_ge0 // ler_expn2r ?nnegrE //.
by apply: le_trans room; rewrite ler_addr.
Qed.

Definition invariant_a t := Sq t <= Sq 0 /\
  forall j, (j.+1 < N)%N -> norm (imbalance (W t) j) + 4%:R / 5%:R * (eta * Sq t) <= (1 + sd / s1) * delta.

Let balanced_a t : invariant_a t -> forall j, (j.+1 < N)%N -> norm (imbalance (W t) j) <= (1 + sd / s1) * delta.
Proof.
move=> [_ I] j /I; apply: le_trans; rewrite ler_addl mulr_ge0 ?divr_ge0 ?ler0n // mulr_ge0 //.
Qed.

Let twice t : invariant_a t -> forall j, (j.+1 < N)%N -> norm (imbalance (W t) j) <= 2%:R * delta.
Proof.
move=> I j jN; apply: le_trans (balanced_a I jN) _; rewrite ler_wpmul2r //.
have -> : 2%:R = 1 + 1 :> R by ring.
by rewrite ler_add2l ler_pdivr_mulr // mul1r (sd_le_s1 inputs S_le S_ge).
Qed.

Let close t : invariant_a t -> x ^+ N + norm (residual Phi (W t)) <= y ^+ N.
Proof.
case=> closer _; apply: le_trans room; rewrite ler_add2l -(@ler_pexpn2r _ 2) ?nnegrE ?norm_ge0 // sqr_norm.
by rewrite -(ler_pmul2l sd_gt0); apply: le_trans (S_ge_norm S_ge _) _; apply: le_trans closer start.
Qed.

Let r_exists : exists2 r : R, 0 <= r & r ^+ N = 2%:R * y ^+ N - x ^+ N.
Proof.
apply: roots_exist; rewrite subr_ge0; apply: le_trans (_ : y ^+ N <= _); last by rewrite ler_pemull ?ler1n.
by apply: le_trans room; rewrite ler_addl.
Qed.

Lemma always_a t : invariant_a t.
Proof.
elim: t => [|t I].
  split=> // j jN; rewrite mulrDl mul1r; apply: ler_add; [exact: balanced|exact: drift_a].
have [r r0 rN] := r_exists; split.
  have [closer _] := I; apply: le_trans closer.
  apply: le_trans (fall_a x_gt0 y_ge0 eta_ge0 s1_ge0 Q_le small eta_delta Phi_le (close I) (twice I) r0 rN).
  by rewrite ler_addl mulr_ge0 ?divr_ge0 ?ler0n // mulr_ge0 // sumr_ge0 // => *; apply: sqnorm_ge0.
move=> j jN; have [_ before] := I; apply: le_trans (before j jN).
exact: (balance_a x_gt0 y_ge0 eta_ge0 s1_ge0 Q_le small eta_delta Phi_le (close I) (twice I) r0 rN).
Qed.

Definition conclusion_a t := [/\ Sq t.+1 <= (1 - eta * sd * x ^+ (n + n)) * Sq t,
  Sq t <= (1 - eta * sd * x ^+ (n + n)) ^+ t * Sq 0,
  forall j, (j.+1 < N)%N -> norm (imbalance (W t) j) <= (1 + sd / s1) * delta
  & sigma_min_ge (end_to_end N (W t)) (x ^+ N)].

Let sigma t : sigma_min_ge (end_to_end N (W t)) (x ^+ N).
Proof. by have [closer _] := always_a t; apply: ball. Qed.

Let every_step_a t : Sq t.+1 <= (1 - eta * sd * x ^+ (n + n)) * Sq t.
Proof.
have I := always_a t; have [r r0 rN] := r_exists.
have step := fall_a x_gt0 y_ge0 eta_ge0 s1_ge0 Q_le small eta_delta Phi_le (close I) (twice I) r0 rN.
have grad := gradient_large_a Q Phi x_gt0 eta_ge0 s1_ge0 small eta_delta (twice I) (sigma t).
rewrite mulrBl mul1r ler_subr_addr; apply: le_trans step; rewrite ler_add2l.
have -> : eta * sd * x ^+ (n + n) * Sq t = eta * (x ^+ (n + n) * (sd * Sq t)) by move: (Sq t) (x ^+ _) => *; ring.
have xk : 0 <= x ^+ (n + n) by rewrite exprn_ge0 // ltW.
have := ler_wpmul2l eta_ge0 (le_trans (ler_wpmul2l xk (gram_ge_norm sd_gt0 S_ge _)) grad).
by rewrite [eta * (5%:R / 4%:R * _)]mulrCA.
Qed.

Lemma factor_a : 0 <= 1 - eta * sd * x ^+ (n + n).
Proof.
have x2 : 0 < x ^+ 2 by apply: exprn_gt0.
have xk : 0 <= x ^+ (n + n) by rewrite exprn_ge0 // ltW.
rewrite subr_ge0 -(ler_pmul2r x2) mul1r; apply: le_trans (_ : eta * s1 * x ^+ (n + n) * x ^+ 2 <= _).
  by rewrite ler_wpmul2r ?(ltW x2) // ler_wpmul2r // ler_wpmul2l // (sd_le_s1 inputs S_le S_ge).
have -> : eta * s1 * x ^+ (n + n) * x ^+ 2 = eta * s1 * (x ^+ N) ^+ 2.
  by rewrite -mulrA -exprD -exprM /N mulSn [(n * 2)%N]mulnC mul2n -addnn addnC.
apply: le_trans (_ : delta <= _).
  apply: le_trans eta_delta; rewrite ler_wpmul2l ?mulr_ge0 // ler_expn2r ?nnegrE //.
  by apply: le_trans room; rewrite ler_addl.
by apply: le_trans small; rewrite mulrA ler_pemull // mulr_ege1 ?exprn_ege1 ?ler1n.
Qed.

Theorem run_in_ball_a t : conclusion_a t.
Proof.
split; [exact: every_step_a| |exact: balanced_a (always_a t)|exact: sigma].
elim: t => [|t IH]; first by rewrite mul1r.
by apply: le_trans (every_step_a t) _; rewrite exprS -[X in _ <= X]mulrA ler_wpmul2l // factor_a.
Qed.
End Ball.

(* margin (i) *)
Theorem theorem_data_a : (0 < d N)%N -> sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 ->
  sigma_min_ge Phi (x ^+ N + rho) -> forall t, conclusion_a t.
Proof.
move=> outputs start margin t; have F0 : 0 <= y ^+ N by apply: exprn_ge0.
apply: (run_in_ball_a start).
  exact: sigma_min_bounded margin Phi_le.
move=> V VE; apply: sigma_min_near margin _.
rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?norm_ge0 // sqr_norm -(ler_pmul2l sd_gt0).
exact: le_trans (S_ge_norm S_ge _) (le_trans VE start).
Qed.
End Trajectory.

(* margin (ii), Q any square root of S, s = sqrt s_1 *)
Theorem theorem_data_a_ii (R : rcfType) (d : nat -> nat) (n : nat) (x y eta s sd rho delta : R) (Q : 'M[R]_(d 0%N))
    (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d) :
  (0 < d 0%N)%N -> 0 < x -> 0 <= y -> 0 <= eta -> 0 < sd -> 0 <= rho -> bounded Phi ((y ^+ n.+1) ^+ 2) ->
  (forall j, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta) -> 2%:R * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 ->
  eta * s ^+ 2 * (y ^+ n.+1) ^+ 2 <= delta -> (forall v : 'cV[R]_(d 0%N), sqnorm (Q^T *m v) <= s ^+ 2 * sqnorm v) ->
  (forall v : 'cV[R]_(d 0%N), sd * sqnorm v <= sqnorm (Q^T *m v)) -> 0 < s ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> x ^+ n.+1 + rho <= y ^+ n.+1 -> Q \in unitmx ->
  sigma_min_ge (Phi *m Q) (x ^+ n.+1 * s + norm (residual Phi W0 *m Q)) ->
  forall t, conclusion_a x eta (s ^+ 2) sd delta Q Phi W0 t.
Proof.
move=> inputs x_gt0 y_ge0 eta_ge0 sd_gt0 rho_ge0 Phi_le balanced small eta_delta S_le S_ge s0 start room Qu margin t.
apply: (run_in_ball_a inputs x_gt0 y_ge0 eta_ge0 sd_gt0 rho_ge0 Phi_le balanced small eta_delta S_le S_ge start room).
move=> V VE; apply: (margin_ii _ s0 Qu _ margin); first by rewrite exprn_ge0 // ltW.
  by rewrite -[Q]trmxK; apply: bounded_tr => //; rewrite sqr_ge0.
exact: norm_le.
Qed.
