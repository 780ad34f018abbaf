(* DL-072 Theorem 1 for data that are not white: one step, S = Q Q^T, s_d <= S <= s_1, with N in place of N^2.

   Q is X / sqrt m, or 1 for whitened data. G = W - Phi, E = |G Q|_F^2 / 2, H = G S, and the layers move along E's
   gradient. Roots for powers: c = x^N, F = y^N with |Phi|_2 <= F. The state: c + ||G||_F <= F, sigma_min(W) >= c,
     bounds
   D j of |B_j|_2 whose sum b has 4 N b <= c^{2/N}. The rate: 15 N eta s_1 F^2 <= c^{2/N}. Then with S = sum ||D_j||_F^2
   E falls by 5/8 eta S, c^{2(N-1)/N} ||H||_F^2 <= 5/4 S, and sum_j D j + 16/5 eta E does not rise. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm balancedness deficiency_margin bounds end_layers step data_fall.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Step.
Variables (R : rcfType) (d : nat -> nat) (n p : nat) (x y eta s1 b : R).
Let N := n.+1.
Let K : R := N%:R.
Variables (Q : 'M[R]_(d 0, p)) (Phi : 'M[R]_(d N, d 0)) (W : weights R d) (D : nat -> R).
Hypotheses (x_gt0 : 0 < x) (xy : x <= y) (eta_ge0 : 0 <= eta) (s1_ge0 : 0 <= s1).
Hypothesis Q_le : bounded Q s1.
Hypothesis eta_small : 15%:R * (K * (eta * s1 * (y ^+ N) ^+ 2)) <= x ^+ 2.
Let G := residual Phi W.
Let H := G *m Q *m Q^T.
Let W' := gradient_step eta H W.
Let S := \sum_(0 <= i < N) sqnorm (layer_gradient H W i).
Hypotheses (Phi_le : bounded Phi ((y ^+ N) ^+ 2)) (G_le : x ^+ N + norm G <= y ^+ N).
Hypotheses (D_ge0 : forall j, 0 <= D j) (balanced : forall j, (j.+1 < N)%N -> form_bounded (imbalance W j) (D j)).
Hypotheses (sum_le : \sum_(0 <= j < n) D j <= b) (b_small : 4%:R * (K * b) <= x ^+ 2).

Let y_gt0 : 0 < y. Proof. exact: lt_le_trans xy. Qed.
Let y_ge0 : 0 <= y. Proof. exact: ltW. Qed.
Let K_ge1 : 1 <= K. Proof. by rewrite ler1n. Qed.
Let K_gt0 : 0 < K. Proof. exact: lt_le_trans K_ge1. Qed.
Let K_ge0 : 0 <= K. Proof. exact: ltW. Qed.
Let b_ge0 : 0 <= b. Proof. by apply: le_trans sum_le; apply: sumr_ge0. Qed.
Let S_ge0 : 0 <= S. Proof. by apply: sumr_ge0 => *; apply: sqnorm_ge0. Qed.
Let w : R := 3%:R / (16%:R * K).
Let w_ge0 : 0 <= w. Proof. by rewrite divr_ge0 ?mulr_ge0 ?ler0n. Qed.
Let Kw : 16%:R * (K * w) = 3%:R.
Proof. by rewrite /w mulrA mulrCA divff ?mulr1 // mulf_neq0 ?pnatr_eq0 // gt_eqF. Qed.

Lemma wN_le : (1 + w) ^+ n <= 155%:R / 128%:R.
Proof.
have nw : 16%:R * (n%:R * w) <= 3%:R.
  by rewrite -Kw; apply: ler_wpmul2l; rewrite ?ler0n // ler_wpmul2r // /K ler_nat leqnSn.
have a0 : 0 <= n%:R * w by rewrite mulr_ge0 ?ler0n.
have a2 : 2%:R * (n%:R * w) <= 1.
  rewrite -(@ler_pmul2l _ 16%:R) ?ltr0n // mulrCA mulr1; apply: le_trans (ler_wpmul2l (ler0n _ 2) nw) _.
  by rewrite -natrM ler_nat.
apply: le_trans (power_near_one w_ge0 a2) _; move: (n%:R * w) a0 nw => a a0 a1; rewrite -subr_ge0.
have -> : 155%:R / 128%:R - (1 + a + 2%:R / 3%:R * a ^+ 2) = (3%:R - 16%:R * a) * (a / 24%:R + 9%:R / 128%:R) by field.
by rewrite mulr_ge0 ?subr_ge0 // addr_ge0 ?divr_ge0 ?ler0n.
Qed.

Variable r : R.
Hypotheses (r_ge0 : 0 <= r) (rN : r ^+ N = 2%:R * y ^+ N).
Let y_le_r : y <= r.
Proof.
rewrite -(@ler_pexpn2r _ N) ?nnegrE // rN mulr_natl mulr2n ler_addl exprn_ge0 //.
Qed.
Let r_gt0 : 0 < r. Proof. exact: lt_le_trans y_le_r. Qed.
Let M := r * (1 + w).
Let w1_ge1 : 1 <= 1 + w. Proof. by rewrite ler_addl. Qed.
Let w1_ge0 : 0 <= 1 + w. Proof. exact: le_trans w1_ge1. Qed.
Lemma M_gt0 : 0 < M. Proof. by rewrite mulr_gt0 // (lt_le_trans ltr01). Qed.
Let M_ge0 : 0 <= M. Proof. exact: ltW M_gt0. Qed.
Lemma r_le_M : r <= M. Proof. exact: ler_pemulr. Qed.

Lemma layers j : (j < N)%N -> bounded (W j) (M ^+ 2).
Proof.
move=> jN; pose C := (2%:R * y ^+ N - x ^+ N) ^+ 2.
have c0 : 0 < x ^+ N by apply: exprn_gt0.
have F0 : 0 <= y ^+ N by apply: exprn_ge0.
have cF : x ^+ N <= y ^+ N by apply: le_trans G_le; rewrite ler_addl norm_ge0.
have Fc : 0 <= 2%:R * y ^+ N - x ^+ N.
  by rewrite subr_ge0 mulr_natl mulr2n; apply: le_trans cF _; rewrite ler_addl.
have WC : bounded (end_to_end N W) C.
  have -> : end_to_end N W = Phi + G by rewrite /G /residual addrC subrK.
  have GG : bounded G (norm G ^+ 2) by rewrite sqr_norm; apply: bounded_sqnorm.
  apply: bounded_le (boundedD F0 (norm_ge0 _) Phi_le GG).
  apply: ler_expn2r; [by rewrite nnegrE; apply: addr_ge0 F0 (norm_ge0 _)|by rewrite nnegrE|].
  by rewrite ler_subr_addl addrCA mulr_natl mulr2n ler_add2l.
have Ct : C < (r ^+ 2) ^+ N.
  rewrite exprAC rN /C ltr_expn2r ?nnegrE ?mulr_ge0 ?ler0n // ltr_subl_addr ltr_addl //.
have := layer_norms_below D_ge0 balanced sum_le (sqr_ge0 r) (sqr_ge0 _) Ct WC jN; apply: bounded_le.
have w2 : 0 <= 2%:R * w by rewrite mulr_ge0 ?ler0n.
have xr : x ^+ 2 <= r ^+ 2 by apply: ler_expn2r; rewrite ?nnegrE ?(ltW x_gt0) // (le_trans xy).
apply: le_trans (_ : r ^+ 2 + 2%:R * w * r ^+ 2 <= _); last first.
  rewrite -subr_ge0; have -> : M ^+ 2 - (r ^+ 2 + 2%:R * w * r ^+ 2) = (r * w) ^+ 2 by rewrite /M; ring.
  exact: sqr_ge0.
rewrite ler_add2l; apply: le_trans (_ : 2%:R * w * x ^+ 2 <= _); last exact: (ler_wpmul2l w2 xr).
apply: le_trans (_ : 2%:R * w * (4%:R * (K * b)) <= _); last exact: (ler_wpmul2l w2 b_small).
apply: eqle; have -> : 2%:R * w * (4%:R * (K * b)) = 16%:R * (K * w) * b / 2%:R by field.
by rewrite Kw; field.
Qed.

Let Z := eta * M ^+ (n + n) * K.
Let Z_ge0 : 0 <= Z. Proof. by rewrite !mulr_ge0 // exprn_ge0. Qed.

Lemma Z_le : s1 * Z <= 2%:R / 5%:R.
Proof.
have yN : 0 < (y ^+ N) ^+ 2 by rewrite !exprn_gt0.
have a : s1 * (eta * r ^+ (n + n) * K) <= 4%:R / 15%:R.
  rewrite ler_pdivl_mulr ?ltr0n // -(ler_pmul2r yN).
  have -> : s1 * (eta * r ^+ (n + n) * K) * 15%:R * (y ^+ N) ^+ 2 = r ^+ (n + n) * (15%:R * (K * (eta * s1 * (y ^+ N)
    ^+ 2))).
    by move: (r ^+ _) (y ^+ N) => *; ring.
  have rn0 : 0 <= r ^+ (n + n) by apply: exprn_ge0.
  apply: le_trans (ler_wpmul2l rn0 eta_small) _.
  apply: le_trans (_ : r ^+ (n + n) * r ^+ 2 <= _).
    by apply: ler_wpmul2l => //; apply: ler_expn2r; rewrite ?nnegrE ?(ltW x_gt0) // (le_trans xy).
  have -> : r ^+ (n + n) * r ^+ 2 = (r ^+ N) ^+ 2 by rewrite -exprD -exprM /N mulSn [(n * 2)%N]mulnC mul2n -addnn addnC.
  by rewrite rN exprMn -natrX.
have P0 : 0 <= (1 + w) ^+ n by apply: exprn_ge0.
have c : (1 + w) ^+ n * (1 + w) ^+ n <= 155%:R / 128%:R * (155%:R / 128%:R) by apply: ler_pmul => //; apply: wN_le.
have -> : s1 * Z = s1 * (eta * r ^+ (n + n) * K) * ((1 + w) ^+ n * (1 + w) ^+ n).
  by rewrite /Z /M exprMn (exprD (1 + w)); move: (r ^+ _) ((1 + w) ^+ n) => *; ring.
have a0 : 0 <= s1 * (eta * r ^+ (n + n) * K) by rewrite !mulr_ge0 // exprn_ge0.
apply: le_trans (ler_pmul a0 (mulr_ge0 P0 P0) a c) _.
have -> : 2%:R / 5%:R = 4%:R / 15%:R * (155%:R / 128%:R * (155%:R / 128%:R)) + 551%:R / (480%:R * 128%:R) :> R by field.
by rewrite ler_addl divr_ge0 ?mulr_ge0 ?ler0n.
Qed.

Lemma H_le : norm H <= s1 * norm G.
Proof.
rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?norm_ge0 ?mulr_ge0 ?norm_ge0 // exprMn !sqr_norm.
apply: le_trans (bounded_right _ s1_ge0 (bounded_tr s1_ge0 Q_le)) _; rewrite expr2 -mulrA; apply: ler_wpmul2l => //.
exact: bounded_right.
Qed.

Let q : R := 1 / 5%:R.

Lemma H_small : eta * M ^+ n * norm H * N%:R <= M * q.
Proof.
have Mn0 k : 0 <= M ^+ k by apply: exprn_ge0.
have GM : 2%:R * norm G <= M ^+ N.
  apply: le_trans (_ : r ^+ N <= _); last by apply: ler_expn2r; rewrite ?nnegrE // r_le_M.
  rewrite rN; apply: ler_wpmul2l; rewrite ?ler0n //; apply: le_trans G_le.
  by rewrite ler_addr exprn_ge0 // ltW.
rewrite -(@ler_pmul2l _ 2%:R) ?ltr0n //.
apply: le_trans (_ : eta * M ^+ n * (s1 * (2%:R * norm G)) * K <= _).
  have -> : 2%:R * (eta * M ^+ n * norm H * N%:R) = eta * M ^+ n * (2%:R * norm H) * K by rewrite -/K;
    move: (norm H) (M ^+ n) => *; ring.
  apply: ler_wpmul2r => //; apply: ler_wpmul2l; first exact: mulr_ge0.
  by rewrite mulrCA; apply: ler_wpmul2l; rewrite ?ler0n // H_le.
apply: le_trans (_ : eta * M ^+ n * (s1 * M ^+ N) * K <= _).
  apply: ler_wpmul2r => //; apply: ler_wpmul2l; first exact: mulr_ge0.
  exact: ler_wpmul2l.
have -> : eta * M ^+ n * (s1 * M ^+ N) * K = M * (s1 * Z) by rewrite /Z exprD [M ^+ N]exprS; move: (M ^+ n) => *; ring.
have -> : 2%:R * (M * q) = M * (2%:R / 5%:R) by rewrite /q; field.
by apply: ler_wpmul2l => //; exact: Z_le.
Qed.

Let v := q / K.
Let v_ge0 : 0 <= v. Proof. by rewrite divr_ge0 // divr_ge0 ?ler01 ?ler0n. Qed.
Let Kv : K * v = q. Proof. by rewrite /v mulrC divfK // gt_eqF. Qed.
Let step_small : eta * M ^+ n * norm H <= M * v.
Proof. by rewrite -(ler_pmul2r K_gt0) -[M * v * K]mulrA [v * K]mulrC Kv; exact: H_small. Qed.

Theorem fall : sqnorm (residual Phi W' *m Q) + 5%:R / 4%:R * (eta * S) <= sqnorm (G *m Q).
Proof.
apply: (fall_below eta_ge0 M_gt0 v_ge0 s1_ge0 Q_le layers step_small); apply: lost_small Z_le => //.
  by rewrite [_ * v]Kv.
exact: mulr_ge0.
Qed.

Hypothesis sigma : sigma_min_ge (end_to_end N W) (x ^+ N).

Lemma gradient_large : x ^+ (n + n) * sqnorm H <= 5%:R / 4%:R * S.
Proof.
apply: gradient_large_below x_gt0 D_ge0 balanced sum_le _ sigma; apply: le_trans b_small.
by rewrite ler_wpmul2l ?ler0n // ler_pemull.
Qed.

(* sum over the layers of the bounds, after the step *)
Definition next_bound j : R := D j + eta ^+ 2 * (sqnorm (layer_gradient H W j.+1) + sqnorm (layer_gradient H W j)).

Lemma next_bound_ge0 j : 0 <= next_bound j.
Proof. by rewrite addr_ge0 // mulr_ge0 ?sqr_ge0 // addr_ge0 ?sqnorm_ge0. Qed.

Lemma next_balanced j : (j.+1 < N)%N -> form_bounded (imbalance W' j) (next_bound j).
Proof.
move=> jN z; rewrite discrete_balancedness_law // mulmxDl innerDr /next_bound mulrDl.
apply: le_trans (ler_norm_add _ _) _; apply: ler_add; first exact: balanced.
set V := layer_gradient H W j.+1; set U := layer_gradient H W j.
rewrite -scalemxAl innerZr normrM ger0_norm ?sqr_ge0 // -[X in _ <= X]mulrA; apply: ler_wpmul2l; first exact: sqr_ge0.
apply: le_trans (form_bounded_norm _ z) _; apply: ler_wpmul2r; first exact: sqnorm_ge0.
apply: le_trans (norm_triangle _ _) _; rewrite norm_opp.
by apply: ler_add; apply: le_trans (norm_mul _ _) _; rewrite norm_tr -expr2 sqr_norm.
Qed.

Lemma next_sum : \sum_(0 <= j < n) next_bound j + 8%:R / 5%:R * (eta * sqnorm (residual Phi W' *m Q))
  <= \sum_(0 <= j < n) D j + 8%:R / 5%:R * (eta * sqnorm (G *m Q)).
Proof.
rewrite /next_bound big_split /= -addrA ler_add2l -mulr_sumr big_split /=.
have A : \sum_(0 <= j < n) sqnorm (layer_gradient H W j.+1) <= S by rewrite /S big_nat_recl //= ler_addr sqnorm_ge0.
have B : \sum_(0 <= j < n) sqnorm (layer_gradient H W j) <= S by rewrite /S big_nat_recr //= ler_addl sqnorm_ge0.
apply: le_trans (_ : eta ^+ 2 * (S + S) + 8%:R / 5%:R * (eta * sqnorm (residual Phi W' *m Q)) <= _).
  by rewrite ler_add2r; apply: ler_wpmul2l; [exact: sqr_ge0|exact: ler_add].
have -> : eta ^+ 2 * (S + S) + 8%:R / 5%:R * (eta * sqnorm (residual Phi W' *m Q))
   = 8%:R / 5%:R * (eta * (sqnorm (residual Phi W' *m Q) + 5%:R / 4%:R * (eta * S))).
  by move: (sqnorm _) S => *; field.
by apply: ler_wpmul2l; [rewrite divr_ge0 ?ler0n|apply: ler_wpmul2l => //; exact: fall].
Qed.
End Step.
