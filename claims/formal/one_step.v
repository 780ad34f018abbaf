(* DL-003 and DL-012: one step of gradient descent from a state of Theorem 1, with constants kept open.

   Depth N = n+1. Roots for real powers: c = x^N, Phi_F = y^N. The state: ||W - Phi||_F <= Phi_F, ||B_j||_F <= 2 delta,
   sigma_min(W) >= s^N for some s >= x. The constants: kd N^2 delta <= c^{2/N} and ke N eta Phi_F^{2(N-1)/N} <= 1 for
   any kd >= 16, ke >= 27. With S = sum ||D_j||_F^2

       2 L(t+1) <= 2 L(t) - (2 - 27/ke) eta S,          s^{2(N-1)} ||G||_F^2 <= (1 + 2/kd) S.

   Why it closes for every depth without e: (1 + 1/(4N))^N lies between 5/4 and 4/3. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm balancedness deficiency_margin bounds end_layers step.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Step.
Variables (R : rcfType) (d : nat -> nat) (n : nat) (x y eta delta kd ke rho : R).
Let N := n.+1.
Let K : R := N%:R.
Hypotheses (x_gt0 : 0 < x) (xy : x <= y) (eta_ge0 : 0 <= eta) (delta_ge0 : 0 <= delta).
Hypotheses (kd_ge : 16%:R <= kd) (ke_ge : 27%:R <= ke) (rho_ge0 : 0 <= rho) (rho_le : rho * (1 + 2%:R / kd)
  <= 2%:R - 27%:R / ke).
Hypothesis delta_small : kd * (K ^+ 2 * delta) <= x ^+ 2.
Hypothesis eta_small : ke * (eta * K * y ^+ (n + n)) <= 1.

Let y_gt0 : 0 < y. Proof. exact: lt_le_trans xy. Qed.
Let y_ge0 : 0 <= y. Proof. exact: ltW. Qed.
Let K_ge1 : 1 <= K. Proof. by rewrite ler1n. Qed.
Let K_gt0 : 0 < K. Proof. exact: lt_le_trans K_ge1. Qed.
Let K_ge0 : 0 <= K. Proof. exact: ltW. Qed.
Let kd_gt0 : 0 < kd. Proof. by apply: lt_le_trans kd_ge; rewrite ltr0n. Qed.
Let ke_gt0 : 0 < ke. Proof. by apply: lt_le_trans ke_ge; rewrite ltr0n. Qed.
Let u : R := (4%:R * K)^-1.
Let u_gt0 : 0 < u. Proof. by rewrite invr_gt0 mulr_gt0 ?ltr0n. Qed.
Let u_ge0 : 0 <= u. Proof. exact: ltW. Qed.
Let Ku : 4%:R * K * u = 1.
Proof. by rewrite /u divff // mulf_neq0 ?pnatr_eq0 // gt_eqF. Qed.
Let u_le : u <= 1.
Proof.
by rewrite -Ku ler_pemull // mulr_ege1 // ler1n.
Qed.
Let g := 1 + u.
Let g_ge1 : 1 <= g. Proof. by rewrite ler_addl. Qed.
Let g_ge0 : 0 <= g. Proof. exact: le_trans g_ge1. Qed.
Let gk_ge1 k : 1 <= g ^+ k. Proof. exact: exprn_ege1. Qed.
Let gk_ge0 k : 0 <= g ^+ k. Proof. exact: exprn_ge0. Qed.
Let yk_gt0 k : 0 < y ^+ k. Proof. exact: exprn_gt0. Qed.
Let yk_ge0 k : 0 <= y ^+ k. Proof. exact: ltW. Qed.

Lemma gN_ge : 5%:R <= 4%:R * g ^+ N.
Proof.
have H : 1 + K * u <= g ^+ N by apply: bernoulli; apply: le_trans u_ge0; rewrite ler_oppl oppr0 ler01.
apply: le_trans (ler_wpmul2l (ler0n _ 4) H); apply: eqle.
have -> : 4%:R * (1 + K * u) = 4%:R + 4%:R * K * u by ring.
by rewrite Ku; ring.
Qed.

Lemma gN_le : g ^+ N <= 4%:R / 3%:R.
Proof.
have b : 1 - K * u <= (1 - u) ^+ N.
  by rewrite -mulrN; apply: bernoulli; rewrite ler_opp2.
have half : 3%:R <= 4%:R * (1 - u) ^+ N.
  apply: le_trans (ler_wpmul2l (ler0n _ 4) b); apply: eqle.
  have -> : 4%:R * (1 - K * u) = 4%:R - 4%:R * K * u by ring.
  by rewrite Ku; ring.
have p : g ^+ N * (1 - u) ^+ N <= 1.
  rewrite -exprMn; have -> : g * (1 - u) = 1 - u ^+ 2 by rewrite /g; ring.
  apply: exprn_ile1; last by rewrite ler_subl_addr ler_addl sqr_ge0.
  by rewrite subr_ge0 exprn_ile1.
rewrite ler_pdivl_mulr ?ltr0n //.
apply: le_trans (ler_wpmul2l (gk_ge0 N) half) _; rewrite mulrCA -[X in _ <= X]mulr1.
by apply: ler_wpmul2l; rewrite ?ler0n.
Qed.

Lemma gn_le k : g ^+ (n * k) <= (4%:R / 3%:R) ^+ k.
Proof.
rewrite exprM; apply: ler_expn2r; rewrite ?nnegrE ?divr_ge0 ?ler0n //.
by apply: le_trans gN_le; apply: ler_weexpn2l => //; apply: leqnSn.
Qed.

Let eta' := eta * K * y ^+ (n + n).
Let eta'_ge0 : 0 <= eta'. Proof. by rewrite !mulr_ge0. Qed.
Let eta'_le : 16%:R * eta' <= 1.
Proof. by apply: le_trans eta_small; apply: ler_wpmul2r => //; apply: le_trans ke_ge; rewrite ler_nat. Qed.
Let eta'_ke : eta' <= ke^-1.
Proof. by rewrite -[ke^-1]mul1r ler_pdivl_mulr // mulrC. Qed.

Let m0 := y * g ^+ 4.
Lemma m0_gt0 : 0 < m0. Proof. by rewrite mulr_gt0 // exprn_gt0 // (lt_le_trans ltr01). Qed.
Lemma y_le_m0 : y <= m0. Proof. exact: ler_pemulr. Qed.
Lemma m0n_le : m0 ^+ n <= 4%:R * y ^+ n.
Proof.
rewrite exprMn mulrC; apply: ler_wpmul2r => //; rewrite -exprM mulnC.
apply: le_trans (gn_le 4) _; rewrite expr_div_n ler_pdivr_mulr ?exprn_gt0 ?ltr0n //.
by rewrite -!natrX -natrM ler_nat.
Qed.
Variables (Phi : 'M[R]_(d N, d 0)) (W : weights R d).
Let G := residual Phi W.
Let W' := descent_step eta Phi W.
Let S := \sum_(0 <= i < N) sqnorm (layer_gradient G W i).
Hypotheses (Phi_le : norm Phi <= y ^+ N) (G_le : norm G <= y ^+ N).
Hypothesis balanced : forall j, (j.+1 < N)%N -> norm (imbalance W j) <= 2%:R * delta.
Variable s : R.
Hypotheses (xs : x <= s) (sigma : sigma_min_ge (end_to_end N W) (s ^+ N)).

Let D_ge0 : 0 <= 2%:R * delta. Proof. by rewrite mulr_ge0 ?ler0n. Qed.
Let x2y2 : x ^+ 2 <= y ^+ 2. Proof. by apply: ler_expn2r; rewrite ?nnegrE // ltW. Qed.

Lemma layers_before j : (j < N)%N -> bounded (W j) (m0 ^+ 2).
Proof.
move=> jN; pose t := y ^+ 2 * g ^+ 7; pose C := (2%:R * y ^+ N) ^+ 2.
have t0 : 0 <= t by rewrite mulr_ge0.
have WC : bounded (end_to_end N W) C.
  apply: bounded_le (bounded_sqnorm _); rewrite -sqr_norm.
  apply: ler_expn2r; rewrite ?nnegrE ?norm_ge0 ?mulr_ge0 ?ler0n //.
  have -> : end_to_end N W = G + Phi by rewrite /G /residual subrK.
  apply: le_trans (norm_triangle _ _) _; rewrite mulr_natl mulr2n; exact: ler_add.
have Ct : C < t ^+ N.
  have -> : t ^+ N = (g ^+ N) ^+ 7 * (y ^+ N) ^+ 2 by rewrite /t exprMn !(exprAC _ N) mulrC.
  rewrite /C exprMn ltr_pmul2r; last by apply: exprn_gt0.
  move: gN_ge (gk_ge0 N); set a := g ^+ N => a_ge a0.
  have two : 3%:R <= 2%:R * a ^+ 2.
    rewrite -(@ler_pmul2l _ 8%:R) ?ltr0n // (_ : 8%:R * (2%:R * a ^+ 2) = (4%:R * a) ^+ 2); last by ring.
    apply: le_trans (_ : 5%:R ^+ 2 <= _); first by rewrite -natrX -natrM ler_nat.
    by apply: ler_expn2r; rewrite ?nnegrE ?ler0n // mulr_ge0 ?ler0n.
  rewrite -(@ltr_pmul2l _ 32%:R) ?ltr0n // (_ : 32%:R * a ^+ 7 = (2%:R * a ^+ 2) ^+ 3 * (4%:R * a)); last by ring.
  apply: lt_le_trans (_ : 3%:R ^+ 3 * 5%:R <= _); first by rewrite -!natrX -!natrM ltr_nat.
  apply: ler_pmul; rewrite ?exprn_ge0 ?ler0n //.
  by apply: ler_expn2r; rewrite ?nnegrE ?ler0n // mulr_ge0 ?ler0n ?sqr_ge0.
have form i : (i.+1 < N)%N -> form_bounded (imbalance W i) (2%:R * delta).
  move=> iN z; apply: le_trans (form_bounded_norm _ z) _; apply: ler_wpmul2r; first exact: sqnorm_ge0.
  exact: balanced.
have total : \sum_(0 <= i < n) (2%:R * delta) <= n%:R * (2%:R * delta) by rewrite sumr_const_nat subn0 -[(_ * _)
  *+ n]mulr_natl.
have := layer_norms_below (fun _ => D_ge0) form total t0 (sqr_ge0 _) Ct WC jN; apply: bounded_le.
have nK : 3%:R / 2%:R * n%:R <= 2%:R * K.
  apply: ler_pmul; rewrite ?divr_ge0 ?ler0n // ?ler_nat ?leqnSn //.
  by rewrite ler_pdivr_mulr ?ltr0n // -natrM ler_nat.
have d8 : 16%:R * (K ^+ 2 * delta) <= y ^+ 2.
  apply: le_trans x2y2; apply: le_trans delta_small; apply: ler_wpmul2r; first by rewrite mulr_ge0 ?sqr_ge0.
  exact: kd_ge.
apply: le_trans (_ : t + y ^+ 2 * u <= _).
  rewrite ler_add2l [3%:R / 2%:R * _]mulrA; apply: le_trans (ler_wpmul2r D_ge0 nK) _.
  apply: le_trans (ler_wpmul2r u_ge0 d8); apply: eqle.
  have -> : 16%:R * (K ^+ 2 * delta) * u = (4%:R * K * u) * (2%:R * K * (2%:R * delta)) by ring.
  by rewrite Ku mul1r.
have -> : m0 ^+ 2 = t + y ^+ 2 * (g ^+ 7 * u) by rewrite /m0 /t /g; ring.
by rewrite ler_add2l; apply: ler_wpmul2l => //; rewrite ler_pemull.
Qed.

Let h : R := 4%:R / (ke * K).
Let h_ge0 : 0 <= h. Proof. by rewrite divr_ge0 ?ler0n ?mulr_ge0 // ltW. Qed.
Let Kh : K * h = 4%:R * ke^-1.
Proof. by rewrite /h invfM mulrC -!mulrA mulVf ?mulr1 ?gt_eqF. Qed.
Let ke_inv : 27%:R * ke^-1 <= 1. Proof. by rewrite ler_pdivr_mulr // mul1r. Qed.
Let ke_inv0 : 0 <= ke^-1. Proof. by rewrite invr_ge0 ltW. Qed.

Let step_small : eta * m0 ^+ n * norm G <= m0 * h.
Proof.
have c4 : 0 <= 4%:R * y ^+ n by rewrite mulr_ge0 ?ler0n.
apply: le_trans (_ : eta * (4%:R * y ^+ n) * y ^+ N <= _).
  by apply: ler_pmul; rewrite ?mulr_ge0 ?exprn_ge0 ?norm_ge0 ?(ltW m0_gt0) //; apply: ler_wpmul2l => //; exact: m0n_le.
rewrite -(ler_pmul2l K_gt0) [K * (m0 * h)]mulrCA Kh.
apply: le_trans (_ : y * (4%:R * eta') <= _).
  by apply: eqle; rewrite /eta' exprD [y ^+ N]exprS; move: (y ^+ n) => *; ring.
apply: ler_pmul; rewrite ?mulr_ge0 ?ler0n ?y_le_m0 //.
by apply: ler_wpmul2l; rewrite ?ler0n.
Qed.

Let power_h k : (k <= N)%N -> (1 + h) ^+ k <= 7%:R / 6%:R.
Proof.
move=> kN; have kh : k%:R * h <= 4%:R * ke^-1 by rewrite -Kh ler_wpmul2r // /K ler_nat.
have a0 : 0 <= k%:R * h by rewrite mulr_ge0 ?ler0n.
have a1 : 27%:R * (k%:R * h) <= 4%:R.
  apply: le_trans (ler_wpmul2l (ler0n _ 27) kh) _; rewrite mulrCA -[X in _ <= X]mulr1.
  by apply: ler_wpmul2l; rewrite ?ler0n.
have a2 : 2%:R * (k%:R * h) <= 1.
  rewrite -(@ler_pmul2l _ 27%:R) ?ltr0n // mulrCA mulr1; apply: le_trans (ler_wpmul2l (ler0n _ 2) a1) _.
  by rewrite -natrM ler_nat.
apply: le_trans (power_near_one h_ge0 a2) _; move: (k%:R * h) a0 a1 => a a0 a1; rewrite -subr_ge0.
have -> : 7%:R / 6%:R - (1 + a + 2%:R / 3%:R * a ^+ 2)
  = ((4%:R - 27%:R * a) * (2%:R / 81%:R * a + 89%:R / (27%:R * 81%:R)) + 17%:R / (2%:R * 27%:R * 81%:R)) by field.
rewrite addr_ge0 ?divr_ge0 ?mulr_ge0 ?ler0n // ?subr_ge0 // addr_ge0 ?mulr_ge0 ?invr_ge0 ?mulr_ge0 ?ler0n //.
Qed.

(* Row 12: |W_j(t+1)|_2^N <= 4 Phi_F; m is the root *)
Theorem layers_after m j : 0 <= m -> m ^+ N = 4%:R * y ^+ N -> (j < N)%N -> bounded (W' j) (m ^+ 2).
Proof.
have Gle : bounded G (norm G ^+ 2) by rewrite sqr_norm; apply: bounded_sqnorm.
move=> m_ge0 mN jN; have := after eta_ge0 m0_gt0 (norm_ge0 G) h_ge0 layers_before Gle step_small jN => H.
have h1 : 0 <= 1 + h by rewrite addr_ge0 ?ler01.
have p0 : 0 <= m0 * (1 + h) by rewrite mulr_ge0 // ltW // m0_gt0.
apply: bounded_le H; apply: ler_expn2r; rewrite ?nnegrE //.
rewrite -(@ler_pexpn2r _ N) ?nnegrE // mN exprMn /m0 exprMn -mulrA mulrC; apply: ler_wpmul2r => //.
apply: le_trans (_ : (4%:R / 3%:R) ^+ 4 * (7%:R / 6%:R) <= _).
  apply: ler_pmul; rewrite ?exprn_ge0 //; last exact: power_h.
  rewrite -exprM mulnC exprM; apply: ler_expn2r; rewrite ?nnegrE ?divr_ge0 ?ler0n ?exprn_ge0 //.
  exact: gN_le.
have -> : (4%:R / 3%:R) ^+ 4 * (7%:R / 6%:R) = 4%:R - 76%:R / 243%:R :> R by field.
by rewrite ler_subl_addr ler_addl divr_ge0 ?ler0n.
Qed.

(* Rows 6 and 10: with kept = 1 - 27/(2 ke) *)
Theorem fall_of_the_loss : sqnorm (residual Phi W') <= sqnorm G - eta * (2%:R - 27%:R / ke) * S.
Proof.
have Gle : bounded G (norm G ^+ 2) by rewrite sqr_norm; apply: bounded_sqnorm.
have S_ge0 : 0 <= S by apply: sumr_ge0 => *; apply: sqnorm_ge0.
have m00 k : 0 <= m0 ^+ k by rewrite exprn_ge0 // ltW // m0_gt0.
have -> : residual Phi W' = G + (end_to_end N W' - end_to_end N W).
  by rewrite /G /residual [RHS]addrC addrA subrK.
have A := step_inner eta_ge0 m0_gt0 (norm_ge0 G) h_ge0 layers_before Gle step_small.
have B := step_square eta_ge0 m0_gt0 (norm_ge0 G) h_ge0 layers_before Gle step_small.
rewrite -/W' -/S in A B; move: A B; set tau := n%:R / 2%:R * _; set E := end_to_end N W' - _ => A B.
have tau0 : 0 <= tau by rewrite mulr_ge0 ?divr_ge0 ?ler0n // mulr_ge0 // exprn_ge0 // addr_ge0 ?ler01.
have tau_le : tau <= 7%:R / 3%:R * ke^-1.
  have -> : tau = n%:R * h * ((1 + h) ^+ n.-1 / 2%:R) by rewrite /tau; move: (h) (n%:R : R) (_ ^+ _) => *; field.
  apply: le_trans (_ : 4%:R * ke^-1 * (7%:R / 6%:R / 2%:R) <= _); last by apply: eqle; move: (ke^-1) => *; field.
  have nh : n%:R * h <= 4%:R * ke^-1 by rewrite -Kh ler_wpmul2r // ler_nat leqnSn.
  have qh : (1 + h) ^+ n.-1 / 2%:R <= 7%:R / 6%:R / 2%:R.
    apply: ler_wpmul2r; first by rewrite invr_ge0 ler0n.
    by apply: power_h; rewrite (leq_trans (leq_pred n)) // leqnSn.
  apply: (ler_pmul _ _ nh qh); first by rewrite mulr_ge0 ?ler0n.
  by rewrite divr_ge0 ?ler0n // exprn_ge0 // addr_ge0 ?ler01.
have tau1 : 1 + tau <= 88%:R / 81%:R.
  have -> : 88%:R / 81%:R = 1 + 7%:R / 81%:R :> R by field.
  rewrite ler_add2l; apply: le_trans tau_le _.
  have -> : 7%:R / 81%:R = 7%:R / 3%:R * 27%:R^-1 :> R by field.
  apply: ler_wpmul2l; first by rewrite divr_ge0 ?ler0n.
  by rewrite -[27%:R^-1]mul1r ler_pdivl_mulr ?ltr0n // mulrC.
have z_le : eta * N%:R * m0 ^+ (n + n) <= 16%:R * ke^-1.
  rewrite exprD; apply: le_trans (_ : eta * K * (4%:R * y ^+ n * (4%:R * y ^+ n)) <= _).
    by apply: ler_wpmul2l; [exact: mulr_ge0|apply: ler_pmul => //; exact: m0n_le].
  apply: le_trans (ler_wpmul2l (ler0n _ 16) eta'_ke); apply: eqle.
  by rewrite /eta' exprD; move: (y ^+ n) => *; ring.
have square : (1 + tau) ^+ 2 <= (88%:R / 81%:R) ^+ 2.
  by apply: ler_expn2r; rewrite ?nnegrE ?divr_ge0 ?ler0n // addr_ge0 ?ler01.
have eS : 0 <= eta * S by exact: mulr_ge0.
rewrite sqnormD -addrA ler_add2l -[inner _ _ *+ 2]mulr_natl.
apply: le_trans (_ : 2%:R * - (eta * (1 - tau) * S) + 16%:R * ke^-1 * (88%:R / 81%:R) ^+ 2 * (eta * S) <= _).
  apply: ler_add; first by apply: ler_wpmul2l; rewrite ?ler0n.
  apply: le_trans B _; apply: le_trans (_ : eta * N%:R * m0 ^+ (n + n) * (1 + tau) ^+ 2 * (eta * S) <= _).
    by apply: eqle; move: (m0 ^+ _) (N%:R : R) => *; ring.
  apply: ler_wpmul2r => //; apply: ler_pmul; rewrite ?sqr_ge0 //.
  by rewrite mulr_ge0 // mulr_ge0.
have identity (e S' t k : R) : - (e * (2%:R - 27%:R * k) * S')
    - (2%:R * - (e * (1 - t) * S') + 16%:R * k * (88%:R / 81%:R) ^+ 2 * (e * S'))
  = e * S' * (2%:R * (7%:R / 3%:R * k - t) + k * (22625%:R / (81%:R * 81%:R))) by field.
rewrite -subr_ge0 identity mulr_ge0 // addr_ge0 // ?mulr_ge0 ?ler0n ?subr_ge0 //.
by rewrite invr_ge0 mulr_ge0 ?ler0n.
Qed.

Let S_ge0 : 0 <= S. Proof. by apply: sumr_ge0 => *; apply: sqnorm_ge0. Qed.

Let s_gt0 : 0 < s. Proof. exact: lt_le_trans xs. Qed.

Lemma gradient_is_large : s ^+ (n + n) * sqnorm G <= (1 + 2%:R / kd) * S.
Proof.
have s2 : 0 < s ^+ 2 by apply: exprn_gt0.
have c0 : 0 <= s ^+ N by apply: exprn_ge0; apply: ltW.
have := first_order_frobenius D_ge0 balanced G s2 c0 (exprAC _ _ _) sigma; rewrite -/S => H.
rewrite -(ler_pmul2l s2); have -> : s ^+ 2 * (s ^+ (n + n) * sqnorm G) = (s ^+ 2) ^+ N * sqnorm G.
  by rewrite mulrA -exprD -exprM addnn -mul2n -mulnS.
apply: le_trans H _; rewrite [s ^+ 2 * (_ * S)]mulrA; apply: ler_wpmul2r => //.
rewrite [s ^+ 2 * _]mulrDr mulr1 ler_add2l [s ^+ 2 * (_ / _)]mulrA ler_pdivl_mulr //.
apply: le_trans (_ : 2%:R * x ^+ 2 <= _); last first.
  by rewrite mulrC; apply: ler_wpmul2r; rewrite ?ler0n //; apply: ler_expn2r; rewrite ?nnegrE ?(ltW x_gt0) ?(ltW s_gt0).
apply: le_trans (ler_wpmul2l (ler0n _ 2) delta_small).
have -> : n%:R * (2%:R * delta) * kd = 2%:R * (kd * (n%:R * delta)) by move: (n%:R : R) => *; ring.
apply: ler_wpmul2l; rewrite ?ler0n //; apply: ler_wpmul2l; first exact: ltW.
apply: ler_wpmul2r => //; apply: le_trans (_ : K <= _); first by rewrite /K ler_nat leqnSn.
by rewrite expr2 ler_pemull.
Qed.

(* 4.2, 4.3 (Lemma 7), with rho/2 for 1/2: L(t+1) <= L(t)
  - rho/2 eta s^{2(N-1)} ||G||^2 for every s^N that sigma_min(W) reaches *)
Theorem one_step_rate : sqnorm (residual Phi W') <= (1 - rho * (eta * s ^+ (n + n))) * sqnorm G.
Proof.
apply: le_trans fall_of_the_loss _; rewrite mulrBl mul1r ler_add2l ler_opp2.
apply: le_trans (_ : eta * rho * ((1 + 2%:R / kd) * S) <= _).
  have -> : rho * (eta * s ^+ (n + n)) * sqnorm G = eta * rho * (s ^+ (n + n) * sqnorm G).
    by move: (s ^+ _) (sqnorm G) => *; ring.
  by apply: ler_wpmul2l gradient_is_large; rewrite mulr_ge0.
by rewrite mulrA; apply: ler_wpmul2r => //; rewrite -mulrA; apply: ler_wpmul2l.
Qed.

Theorem loss_falls : sqnorm (residual Phi W') + eta * S <= sqnorm G.
Proof.
rewrite -ler_subr_addr; apply: le_trans fall_of_the_loss _; rewrite ler_add2l ler_opp2.
apply: ler_wpmul2r => //; rewrite ler_pemulr // -[X in X <= _](addrK (27%:R / ke)) ler_add2r.
by rewrite (_ : 2%:R = 1 + 1) ?ler_add2l ?ler_pdivr_mulr ?mul1r.
Qed.

(* "potential": ||B_j||_F + 2 eta L does not rise *)
Theorem potential j : (j.+1 < N)%N ->
  norm (imbalance W' j) + eta * sqnorm (residual Phi W') <= norm (imbalance W j) + eta * sqnorm G.
Proof.
move=> jN; rewrite /W' /descent_step -/G discrete_balancedness_law //.
set B := imbalance W j; set V := layer_gradient G W j.+1; set U := layer_gradient G W j.
have two : sqnorm V + sqnorm U <= S.
  have jN' : (j < N)%N by apply: ltnW.
  rewrite /S big_mkord (bigD1 (Ordinal jN)) //= (bigD1 (Ordinal jN')) /=; last first.
    by apply/eqP => /(congr1 val) /= /eqP; rewrite ltn_eqF.
  by rewrite addrA ler_addl; apply: sumr_ge0 => *; apply: sqnorm_ge0.
have moved : norm (B + eta ^+ 2 *: (V^T *m V - U *m U^T)) <= norm B + eta ^+ 2 * S.
  apply: le_trans (norm_triangle _ _) _; rewrite ler_add2l norm_scale ger0_norm ?sqr_ge0 //.
  apply: ler_wpmul2l; first exact: sqr_ge0.
  apply: le_trans two; apply: le_trans (norm_triangle _ _) _; rewrite norm_opp.
  by apply: ler_add; apply: le_trans (norm_mul _ _) _; rewrite norm_tr -expr2 sqr_norm.
apply: le_trans (_ : norm B + eta ^+ 2 * S + eta * sqnorm (residual Phi W') <= _); first by rewrite ler_add2r.
rewrite -addrA ler_add2l expr2 -mulrA -mulrDr; apply: ler_wpmul2l => //.
by rewrite addrC loss_falls.
Qed.
End Step.
