(* DL-071 Descent from any start comes to rest: the loss falls for ever, at an explicit learning rate.

   Depth N = n+1, all widths, bottlenecks too, any target, any start W0, every step t, over any real closed field. No
   margin, no balance, no rank. Twice the loss is sqnorm (residual Phi W); S_t = sum_j ||D_j||_F^2; p bounds |Phi|_2,
   b0 j bounds |B_j(0)|_2. Roots for real powers: p + ||G(0)||_F <= C = y^N, so that y^2 = C^{2/N}.

       M^2 >= (1 + 1/N) C^{2/N} + 3/2 sum_j b0 j,     3 N eta M^{2N-2} <= 1.

   every_start       for every t: the loss falls by eta/2 S_t, |W_j(t)|_2 <= M, and there are bounds b_j(t) of
                     |B_j(t)|_2 with sum_j b_j(t) <= sum_j b0 j + 2/(3N) C^{2/N}
   small_gradient    after T steps, eta T S_t <= ||G(0)||_F^2 for some t < T
   some_rate         whatever W0 and Phi, there is such a learning rate eta > 0
   two_layers        depth 2, a step from any state: the loss falls by eta/3 S where
                     eta (|W_1|_2^2 + |W_2|_2^2 + |G|_2) <= 1
   imbalance_needed  without b0 in M^2 every_start is false

   Left out: that the weights converge to a critical point (Lojasiewicz). *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm scalar balancedness bounds end_layers step data_step.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Run.
Variables (R : rcfType) (d : nat -> nat) (n : nat) (p y M eta : R).
Let N := n.+1.
Let K : R := N%:R.
Variables (Phi : 'M[R]_(d N, d 0)) (W0 : weights R d) (b0 : nat -> R).
Hypotheses (p_ge0 : 0 <= p) (Phi_le : bounded Phi (p ^+ 2)).
Hypotheses (y_ge0 : 0 <= y) (start : p + norm (residual Phi W0) <= y ^+ N).
Hypotheses (b0_ge0 : forall j, 0 <= b0 j) (balanced : forall j, (j.+1 < N)%N -> form_bounded (imbalance W0 j) (b0 j)).
Hypotheses (M_gt0 : 0 < M) (M_large : (1 + 1 / K) * y ^+ 2 + 3%:R / 2%:R * (\sum_(0 <= j < n) b0 j) <= M ^+ 2).
Hypotheses (eta_ge0 : 0 <= eta) (eta_small : 3%:R * (K * (eta * M ^+ (n + n))) <= 1).

Let W t := descent eta Phi W0 t.
Let G t := residual Phi (W t).
Let S t := \sum_(0 <= j < N) sqnorm (layer_gradient (G t) (W t) j).

Let K_gt0 : 0 < K. Proof. by rewrite ltr0n. Qed.
Let M_ge0 : 0 <= M. Proof. exact: ltW. Qed.
Let b0_sum : 0 <= 3%:R / 2%:R * (\sum_(0 <= j < n) b0 j).
Proof. by apply: mulr_ge0; [rewrite divr_ge0 ?ler0n|apply: sumr_ge0]. Qed.

Let y_le_M : y <= M.
Proof.
rewrite -(@ler_pexpn2r _ 2) ?nnegrE //; apply: le_trans M_large.
rewrite -[X in X <= _]addr0; apply: ler_add => //; rewrite ler_pemull ?sqr_ge0 // ler_addl.
by rewrite divr_ge0 ?ler01 // ltW.
Qed.

Let v := eta * M ^+ (n + n).
Let v_ge0 : 0 <= v. Proof. by rewrite mulr_ge0 // exprn_ge0. Qed.
Let Kv : K * v <= 1 / 3%:R. Proof. by rewrite ler_pdivl_mulr ?ltr0n // mulrC. Qed.
Let kv k : (k <= N)%N -> k%:R * v <= 1 / 3%:R.
Proof. by move=> kN; apply: le_trans Kv; rewrite ler_wpmul2r // /K ler_nat. Qed.
Let tau := n%:R / 2%:R * (v * (1 + v) ^+ n.-1).

(* 3/2 (2/(3N)) C^{2/N} is what M^2 leaves for the drift of the imbalance *)
Let drift_small : 2%:R * (eta * sqnorm (G 0%N)) <= 2%:R / (3%:R * K) * y ^+ 2.
Proof.
have g : sqnorm (G 0%N) <= (y ^+ N) ^+ 2.
  rewrite -sqr_norm; apply: ler_expn2r; rewrite ?nnegrE ?norm_ge0 ?exprn_ge0 //.
  by apply: le_trans start; rewrite ler_addr.
have yN : (y ^+ N) ^+ 2 = y ^+ (n + n) * y ^+ 2.
  by rewrite -exprD -exprM /N mulSn [(n * 2)%N]mulnC mul2n -addnn addnC.
have yn : y ^+ (n + n) <= M ^+ (n + n) by apply: ler_expn2r.
have small : 3%:R * K * (eta * y ^+ (n + n)) <= 1.
  apply: le_trans eta_small; rewrite -mulrA ler_pmul2l ?ltr0n // ler_pmul2l //; exact: ler_wpmul2l.
rewrite -mulrA ler_pmul2l ?ltr0n //; apply: le_trans (ler_wpmul2l eta_ge0 g) _.
rewrite yN mulrA; apply: ler_wpmul2r; first exact: sqr_ge0.
by rewrite -[X in _ <= X]mul1r ler_pdivl_mulr ?mulr_gt0 ?ltr0n // mulrC.
Qed.

(* What holds at every step: the loss is at most that of the start, and what the imbalance gained was paid for by it *)
Let invariant t := norm (G t) <= norm (G 0%N) /\ exists D : nat -> R, [/\ forall j, 0 <= D j,
  forall j, (j.+1 < N)%N -> form_bounded (imbalance (W t) j) (D j) &
  \sum_(0 <= j < n) D j + 2%:R * (eta * sqnorm (G t)) <= \sum_(0 <= j < n) b0 j + 2%:R * (eta * sqnorm (G 0%N))].

Let sum_small (D : nat -> R) t :
  \sum_(0 <= j < n) D j + 2%:R * (eta * sqnorm (G t)) <= \sum_(0 <= j < n) b0 j + 2%:R * (eta * sqnorm (G 0%N)) ->
  \sum_(0 <= j < n) D j <= \sum_(0 <= j < n) b0 j + 2%:R / (3%:R * K) * y ^+ 2.
Proof.
move=> H; apply: le_trans (_ : \sum_(0 <= j < n) D j + 2%:R * (eta * sqnorm (G t)) <= _).
  by rewrite ler_addl; apply: mulr_ge0; [exact: ler0n|apply: mulr_ge0 => //; exact: sqnorm_ge0].
by apply: le_trans H _; rewrite ler_add2l.
Qed.

Let layers t : invariant t -> forall j, (j < N)%N -> bounded (W t j) (M ^+ 2).
Proof.
case=> closer [D [D0 DB /sum_small Dsum]] j jN.
have WC : bounded (end_to_end N (W t)) ((y ^+ 2) ^+ N).
  have -> : end_to_end N (W t) = Phi + G t by rewrite /G /residual addrC subrK.
  have GG : bounded (G t) (norm (G t) ^+ 2) by rewrite sqr_norm; apply: bounded_sqnorm.
  apply: bounded_le (boundedD p_ge0 (norm_ge0 _) Phi_le GG); rewrite exprAC.
  apply: ler_expn2r; rewrite ?nnegrE ?addr_ge0 ?norm_ge0 ?exprn_ge0 //.
  by apply: le_trans start; rewrite ler_add2l.
have := layer_norms_sum D0 DB Dsum (sqr_ge0 y) WC jN; apply: bounded_le; apply: le_trans M_large.
apply: eqle; move: (\sum_(0 <= j0 < n) b0 j0) => b; rewrite -/K; field.
by rewrite gt_eqF.
Qed.

Let tau_small : tau <= 19%:R / 81%:R.
Proof.
have -> : tau = n%:R * v * ((1 + v) ^+ n.-1 / 2%:R) by rewrite /tau; move: (v) (n%:R : R) (_ ^+ _) => *; field.
have pN : (n.-1 <= N)%N by rewrite (leq_trans (leq_pred n)) // leqnSn.
have a0 : 0 <= n.-1%:R * v by rewrite mulr_ge0 ?ler0n.
have aq := kv pN.
have a2 : 2%:R * (n.-1%:R * v) <= 1.
  apply: le_trans (ler_wpmul2l (ler0n _ 2) aq) _; rewrite mulrA mulr1 ler_pdivr_mulr ?ltr0n // mul1r.
  by rewrite ler_nat.
have power : (1 + v) ^+ n.-1 <= 38%:R / 27%:R.
  apply: le_trans (power_near_one v_ge0 a2) _; move: (n.-1%:R * v) a0 aq => a a0 aq; rewrite -subr_ge0.
  have -> : 38%:R / 27%:R - (1 + a + 2%:R / 3%:R * a ^+ 2) = (1 / 3%:R - a) * (11%:R / 9%:R + 2%:R / 3%:R * a).
    by field.
  apply: mulr_ge0; first by rewrite subr_ge0.
  by apply: addr_ge0; [rewrite divr_ge0 ?ler0n|rewrite mulr_ge0 // divr_ge0 ?ler0n].
have half : (1 + v) ^+ n.-1 / 2%:R <= 38%:R / 27%:R / 2%:R by apply: ler_wpmul2r; rewrite ?invr_ge0 ?ler0n.
have p0 : 0 <= (1 + v) ^+ n.-1 / 2%:R by rewrite divr_ge0 ?ler0n // exprn_ge0 // addr_ge0 ?ler01.
have nv0 : 0 <= n%:R * v by rewrite mulr_ge0 ?ler0n.
apply: le_trans (ler_pmul nv0 p0 (kv (leqnSn n)) half) _.
by apply: eqle; field.
Qed.

Let tau_ge0 : 0 <= tau.
Proof. by rewrite mulr_ge0 ?divr_ge0 ?ler0n // mulr_ge0 // exprn_ge0 // addr_ge0 ?ler01. Qed.

Let S_ge0 t : 0 <= S t. Proof. by apply: sumr_ge0 => *; apply: sqnorm_ge0. Qed.

(* A step from a state where the invariant holds *)
Let falls t : invariant t -> sqnorm (G t.+1) + eta * S t <= sqnorm (G t).
Proof.
move=> I; have before := layers I; case: I => closer _.
have Gle : bounded (G t) (norm (G t) ^+ 2) by rewrite sqr_norm; apply: bounded_sqnorm.
have small : eta * M ^+ n * norm (G t) <= M * v.
  have GM : norm (G t) <= M ^+ N.
    apply: le_trans closer _; apply: le_trans (_ : y ^+ N <= _); last exact: ler_expn2r.
    by apply: le_trans start; rewrite ler_addr.
  have e0 : 0 <= eta * M ^+ n by rewrite mulr_ge0 // exprn_ge0.
  apply: le_trans (ler_wpmul2l e0 GM) _; apply: eqle; rewrite /v exprD /N [M ^+ n.+1]exprS.
  by move: (M ^+ n) => *; ring.
have A := step_inner eta_ge0 M_gt0 (norm_ge0 (G t)) v_ge0 before Gle small.
have B := step_square eta_ge0 M_gt0 (norm_ge0 (G t)) v_ge0 before Gle small.
rewrite -/(S t) -/tau in A B; move: A B; set E := _ - end_to_end N (W t) => A B.
have -> : G t.+1 = G t + E by rewrite /G /E /residual [RHS]addrC addrA subrK.
have eS : 0 <= eta * S t by apply: mulr_ge0.
have t1 : (1 + tau) ^+ 2 <= (100%:R / 81%:R) ^+ 2.
  have -> : 100%:R / 81%:R = 1 + 19%:R / 81%:R :> R by field.
  have t19 : 0 <= 19%:R / 81%:R :> R by rewrite divr_ge0 ?ler0n.
  by apply: ler_expn2r; rewrite ?nnegrE ?addr_ge0 ?ler01 // ler_add2l tau_small.
have EE : sqnorm E <= 1 / 3%:R * (100%:R / 81%:R) ^+ 2 * (eta * S t).
  apply: le_trans B _; apply: le_trans (_ : K * v * (1 + tau) ^+ 2 * (eta * S t) <= _).
    by apply: eqle; rewrite /v -/K; move: (M ^+ _) tau (S t) => *; ring.
  apply: ler_wpmul2r => //; apply: ler_pmul; rewrite ?sqr_ge0 //; apply: mulr_ge0 => //; exact: ltW.
have A2 : inner (G t) E *+ 2 <= - (2%:R * (1 - 19%:R / 81%:R) * (eta * S t)).
  rewrite -[_ *+ 2]mulr_natl; apply: le_trans (ler_wpmul2l (ler0n _ 2) A) _; rewrite mulrN ler_opp2.
  have -> : 2%:R * (eta * (1 - tau) * S t) = 2%:R * (1 - tau) * (eta * S t) by move: (tau) (S t) => *; ring.
  apply: ler_wpmul2r => //; apply: ler_wpmul2l; rewrite ?ler0n // ler_add2l ler_opp2.
  exact: tau_small.
rewrite sqnormD; have re (a1 a2 a3 a4 : R) : a2 + (a3 + a4) <= 0 -> a1 + a2 + a3 + a4 <= a1 by rewrite -!addrA ger_addl.
apply: re; apply: le_trans (ler_add A2 (ler_add EE (lexx _))) _.
move: (eta * S t) eS => e e0.
have -> : - (2%:R * (1 - 19%:R / 81%:R) * e) + (1 / 3%:R * (100%:R / 81%:R) ^+ 2 * e + e)
  = - (449%:R / (81%:R * 243%:R) * e) by field.
by rewrite oppr_le0; apply: mulr_ge0 e0; rewrite divr_ge0 ?mulr_ge0 ?ler0n.
Qed.

Let next t : invariant t -> invariant t.+1.
Proof.
move=> I; have fall := falls I; case: I => closer [D [D0 DB Dsum]].
have less : sqnorm (G t.+1) <= sqnorm (G t) by apply: le_trans fall; rewrite ler_addl mulr_ge0.
split; first by apply: le_trans closer; apply: norm_le.
exists (next_bound eta 1%:M Phi (W t) D); split.
- exact: next_bound_ge0.
- move=> j jN; have := next_balanced eta (1%:M : 'M_(d 0)) Phi DB jN.
  by rewrite trmx1 !mulmx1.
apply: le_trans Dsum; rewrite /next_bound trmx1 !mulmx1 -/(G t) big_split /= -addrA ler_add2l -mulr_sumr big_split /=.
have A : \sum_(0 <= j < n) sqnorm (layer_gradient (G t) (W t) j.+1) <= S t.
  by rewrite /S big_nat_recl //= ler_addr sqnorm_ge0.
have B : \sum_(0 <= j < n) sqnorm (layer_gradient (G t) (W t) j) <= S t.
  by rewrite /S big_nat_recr //= ler_addl sqnorm_ge0.
apply: le_trans (_ : eta ^+ 2 * (S t + S t) + 2%:R * (eta * sqnorm (G t.+1)) <= _).
  by rewrite ler_add2r; apply: ler_wpmul2l; [exact: sqr_ge0|exact: ler_add].
have -> : eta ^+ 2 * (S t + S t) + 2%:R * (eta * sqnorm (G t.+1)) = 2%:R * (eta * (sqnorm (G t.+1) + eta * S t)).
  by move: (sqnorm _) (S t) => *; ring.
by apply: ler_wpmul2l; [exact: ler0n|apply: ler_wpmul2l].
Qed.

Let always t : invariant t.
Proof. by elim: t => [|t IH]; [split=> //; exists b0; split|apply: next]. Qed.

Theorem every_start t : [/\ sqnorm (G t.+1) + eta * S t <= sqnorm (G t),
  forall j, (j < N)%N -> bounded (W t j) (M ^+ 2)
  & exists D : nat -> R, [/\ forall j, 0 <= D j, forall j, (j.+1 < N)%N -> form_bounded (imbalance (W t) j) (D j)
    & \sum_(0 <= j < n) D j <= \sum_(0 <= j < n) b0 j + 2%:R / (3%:R * K) * y ^+ 2]].
Proof.
have I := always t; split; [exact: falls|exact: layers|].
by case: I => _ [D [D0 DB /sum_small Dsum]]; exists D.
Qed.

Theorem small_gradient T : (0 < T)%N -> exists2 t, (t < T)%N & eta * T%:R * S t <= sqnorm (residual Phi W0).
Proof.
have total k : sqnorm (G k) + eta * (\sum_(0 <= t < k) S t) <= sqnorm (G 0%N).
  elim: k => [|k IH]; first by rewrite big_geq // mulr0 addr0.
  apply: le_trans IH; rewrite big_nat_recr //= mulrDr [X in _ + X]addrC addrA ler_add2r.
  exact: (falls (always k)).
have small k : exists2 t, (t < k.+1)%N & k.+1%:R * S t <= \sum_(0 <= t < k.+1) S t.
  elim: k => [|k [t tk H]]; first by exists 0%N; rewrite // mul1r big_nat1.
  case: (lerP (S t) (S k.+1)) => le.
    exists t; first exact: leqW.
    by rewrite big_nat_recr //= mulrSr mulrDl mul1r; apply: ler_add.
  exists k.+1 => //; rewrite big_nat_recr //= mulrSr mulrDl mul1r ler_add2r; apply: le_trans H.
  by apply: ler_wpmul2l; rewrite ?ler0n // ltW.
case: T => // T _; have [t tT H] := small T; exists t => //.
apply: le_trans (total T.+1); rewrite -mulrA; apply: le_trans (ler_wpmul2l eta_ge0 H) _.
by rewrite ler_addr sqnorm_ge0.
Qed.
End Run.

(* Whatever the start: the loss falls at every step, at some learning rate > 0 *)
Theorem some_rate (R : rcfType) (d : nat -> nat) (n : nat) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d) :
  exists2 eta : R, 0 < eta & forall t, let W := descent eta Phi W0 t in
  sqnorm (residual Phi (descent eta Phi W0 t.+1))
  + eta * (\sum_(0 <= j < n.+1) sqnorm (layer_gradient (residual Phi W) W j)) <= sqnorm (residual Phi W).
Proof.
have C0 : 0 <= norm Phi + norm (residual Phi W0) by rewrite addr_ge0 ?norm_ge0.
have [y y0 yN] := roots_exist n C0; pose b0 j := norm (imbalance W0 j).
have b00 j : 0 <= b0 j by exact: norm_ge0.
pose m2 := (1 + 1 / n.+1%:R) * y ^+ 2 + 3%:R / 2%:R * (\sum_(0 <= j < n) b0 j).
have m20 : 0 <= m2.
  by rewrite addr_ge0 // mulr_ge0 ?sqr_ge0 ?addr_ge0 ?ler01 ?divr_ge0 ?ler01 ?ler0n //; apply: sumr_ge0.
have M0 : 0 < 1 + m2 by rewrite (lt_le_trans ltr01) // ler_addl.
have M_large : m2 <= (1 + m2) ^+ 2.
  by apply: le_trans (_ : 1 + m2 <= _); [rewrite ler_addr ler01|rewrite expr2 ler_pemulr ?(ltW M0) // ler_addl].
have P0 : 0 < 3%:R * (n.+1%:R * (1 + m2) ^+ (n + n)) by rewrite !mulr_gt0 ?ltr0n ?exprn_gt0.
pose eta := (3%:R * (n.+1%:R * (1 + m2) ^+ (n + n)))^-1.
have eta0 : 0 < eta by rewrite invr_gt0.
have small : 3%:R * (n.+1%:R * (eta * (1 + m2) ^+ (n + n))) <= 1.
  by rewrite [n.+1%:R * (eta * _)]mulrCA [3%:R * (eta * _)]mulrCA mulVf ?gt_eqF.
have Phi_le : bounded Phi (norm Phi ^+ 2) by rewrite sqr_norm; apply: bounded_sqnorm.
exists eta => // t /=.
by have [] := every_start (norm_ge0 _) Phi_le y0 (eqle (esym yN)) b00 (fun j _ => form_bounded_norm _) M0 M_large
  (ltW eta0) small t.
Qed.

(* Depth 2, a single step from any state: the loss falls by eta/3 S where eta (|W_1|_2^2 + |W_2|_2^2 + |G|_2) <= 1 *)
Theorem two_layers (R : rcfType) (d : nat -> nat) (a b g eta : R) (Phi : 'M[R]_(d 2%N, d 0%N)) (W : weights R d) :
  0 <= a -> 0 <= b -> 0 <= g -> 0 <= eta -> bounded (W 0%N) (a ^+ 2) -> bounded (W 1%N) (b ^+ 2) ->
  bounded (residual Phi W) (g ^+ 2) -> eta * (a ^+ 2 + b ^+ 2 + g) <= 1 ->
  sqnorm (residual Phi (descent_step eta Phi W))
  + 2%:R / 3%:R * (eta * (\sum_(0 <= j < 2) sqnorm (layer_gradient (residual Phi W) W j))) <= sqnorm (residual Phi W).
Proof.
move=> a0 b0 g0 e0 Wa Wb Gg small; set G := residual Phi W.
have D1 : layer_gradient G W 0 = (W 1%N)^T *m G.
  by rewrite /layer_gradient product_nil trmx1 mulmx1 product_last // product_nil mulmx1.
have D2 : layer_gradient G W 1 = G *m (W 0%N)^T.
  by rewrite /layer_gradient product_nil trmx1 mul1mx product_last // product_nil mulmx1.
have prod (V : weights R d) : end_to_end 2 V = V 1%N *m V 0%N.
  by rewrite /end_to_end product_last // product_last // product_nil mulmx1.
rewrite big_nat_recr //= big_nat1 D1 D2.
set X := (W 1%N)^T *m G; set Y := G *m (W 0%N)^T.
set E := eta ^+ 2 *: (Y *m X) - eta *: (W 1%N *m X + Y *m W 0%N).
have apart (V : zmodType) (p q r s f : V) : p - q + (s - r) - f = p - f + (s + (- q - r)).
  by rewrite addrAC (addrAC p) -(addrA (p - f)) (addrCA (- q)).
have -> : residual Phi (descent_step eta Phi W) = G + E.
  rewrite /residual prod /descent_step /gradient_step D1 D2 -/X -/Y /G /residual prod.
  rewrite mulmxBl !mulmxBr -!scalemxAl -!scalemxAr scalerA -expr2 /E scalerDr opprB opprD.
  exact: apart.
have GP : inner G (W 1%N *m X + Y *m W 0%N) = sqnorm X + sqnorm Y.
  rewrite innerDr; congr (_ + _); rewrite inner_sym sqnorm_inner; first by rewrite inner_left.
  by rewrite inner_right.
have x0 := norm_ge0 X; have y0 := norm_ge0 Y.
have GYX : inner G (Y *m X) <= g * (norm X * norm Y).
  apply: le_trans (ler_norm _) _; rewrite inner_sym inner_left; apply: le_trans (inner_le _ _) _.
  rewrite mulrCA; apply: ler_wpmul2l => //; rewrite -(norm_tr Y); exact: norm_right.
have YX1 : norm (Y *m X) <= g * a * norm X.
  apply: norm_left; first exact: mulr_ge0.
  by rewrite exprMn; apply: bounded_mul; rewrite ?sqr_ge0 //; apply: bounded_tr; rewrite ?sqr_ge0.
have YX2 : norm (Y *m X) <= b * g * norm Y.
  apply: norm_right; first exact: mulr_ge0.
  by rewrite exprMn; apply: bounded_mul; rewrite ?sqr_ge0 //; apply: bounded_tr; rewrite ?sqr_ge0.
have WX : norm (W 1%N *m X) <= b * norm X by exact: norm_left.
have YW : norm (Y *m W 0%N) <= a * norm Y by exact: norm_right.
rewrite -!sqr_norm in GP *; move: x0 y0 GP GYX YX1 YX2 WX YW.
set x := norm X; set y := norm Y => x0 y0 GP GYX YX1 YX2 WX YW.
pose q := Num.sqrt ((a ^+ 2 + b ^+ 2) * (x ^+ 2 + y ^+ 2)).
have Q0 : 0 <= (a ^+ 2 + b ^+ 2) * (x ^+ 2 + y ^+ 2) by rewrite mulr_ge0 ?addr_ge0 ?sqr_ge0.
have q0 : 0 <= q by exact: sqrtr_ge0.
have q2 : q ^+ 2 = (a ^+ 2 + b ^+ 2) * (x ^+ 2 + y ^+ 2) by exact: sqr_sqrtr.
have q_ge (c e : R) : 0 <= c -> 0 <= e -> c ^+ 2 + e ^+ 2 = a ^+ 2 + b ^+ 2 -> c * x + e * y <= q.
  move=> c0 d0 ce; rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?addr_ge0 ?mulr_ge0 // q2 -ce -subr_ge0.
  have -> : (c ^+ 2 + e ^+ 2) * (x ^+ 2 + y ^+ 2) - (c * x + e * y) ^+ 2 = (c * y - e * x) ^+ 2 by ring.
  exact: sqr_ge0.
pose h := eta * g; have h0 : 0 <= h by exact: mulr_ge0.
have both : norm (Y *m X) <= g / 2%:R * q.
  rewrite -(@ler_pmul2l _ 2%:R) ?ltr0n //; have -> : 2%:R * (g / 2%:R * q) = g * q by field.
  apply: le_trans (_ : g * (a * x + b * y) <= _); last by apply: ler_wpmul2l => //; exact: q_ge.
  rewrite mulr_natl mulr2n; apply: le_trans (ler_add YX1 YX2) _; apply: eqle; ring.
have PE : norm (W 1%N *m X + Y *m W 0%N) <= q.
  apply: le_trans (norm_triangle _ _) _; apply: le_trans (ler_add WX YW) _.
  by apply: q_ge => //; rewrite addrC.
have h2 : 0 <= 1 + h / 2%:R by rewrite addr_ge0 ?ler01 ?divr_ge0 ?ler0n.
have E_le : norm E <= eta * q * (1 + h / 2%:R).
  apply: le_trans (norm_triangle _ _) _; rewrite norm_opp !norm_scale !ger0_norm ?sqr_ge0 //.
  apply: le_trans (ler_add (ler_wpmul2l (sqr_ge0 _) both) (ler_wpmul2l e0 PE)) _.
  by apply: eqle; rewrite /h; field.
have EE : norm E ^+ 2 <= eta * (a ^+ 2 + b ^+ 2) * (1 + h / 2%:R) ^+ 2 * (eta * (x ^+ 2 + y ^+ 2)).
  apply: le_trans (_ : (eta * q * (1 + h / 2%:R)) ^+ 2 <= _).
    by apply: ler_expn2r; rewrite ?nnegrE ?norm_ge0 ?mulr_ge0.
  by rewrite !exprMn q2; apply: eqle; move: (h) => k; ring.
have GE : inner G E *+ 2 <= (h - 2%:R) * (eta * (x ^+ 2 + y ^+ 2)).
  rewrite /E innerBr !innerZr GP -[_ *+ 2]mulr_natl.
  have xy : 2%:R * (x * y) <= x ^+ 2 + y ^+ 2.
    by rewrite -subr_ge0; have -> : x ^+ 2 + y ^+ 2 - 2%:R * (x * y) = (x - y) ^+ 2; [ring|exact: sqr_ge0].
  have -> : (h - 2%:R) * (eta * (x ^+ 2 + y ^+ 2))
    = 2%:R * (eta ^+ 2 * (g * ((x ^+ 2 + y ^+ 2) / 2%:R)) - eta * (x ^+ 2 + y ^+ 2)) by rewrite /h; field.
  apply: ler_wpmul2l; rewrite ?ler0n // ler_add2r; apply: ler_wpmul2l; first exact: sqr_ge0.
  apply: le_trans GYX _; apply: ler_wpmul2l => //; rewrite ler_pdivl_mulr ?ltr0n // mulrC; exact: xy.
have small' : eta * (a ^+ 2 + b ^+ 2) <= 1 - h by rewrite ler_subr_addr /h -mulrDr.
have less (a1 a2 a3 a4 : R) : a2 + (a3 + a4) <= 0 -> a1 + a2 + a3 + a4 <= a1 by rewrite -!addrA ger_addl.
rewrite sqr_norm sqnormD -!sqr_norm; apply: less; apply: le_trans (ler_add GE (ler_add EE (lexx _))) _.
have e1 : 0 <= eta * (x ^+ 2 + y ^+ 2) by rewrite mulr_ge0 // addr_ge0 ?sqr_ge0.
move: (eta * (x ^+ 2 + y ^+ 2)) e1 => e e1; rewrite -mulrDl -mulrDl; apply: mulr_le0_ge0 e1.
apply: le_trans (_ : h - 2%:R + ((1 - h) * (1 + h / 2%:R) ^+ 2 + 2%:R / 3%:R) <= _).
  by rewrite ler_add2l ler_add2r; apply: ler_wpmul2r => //; exact: sqr_ge0.
have -> : h - 2%:R + ((1 - h) * (1 + h / 2%:R) ^+ 2 + 2%:R / 3%:R)
  = - (3%:R / 4%:R * (h - 2%:R / 3%:R) ^+ 2 + h ^+ 3 / 4%:R) by move: (h) => k; field.
rewrite oppr_le0 addr_ge0 // ?divr_ge0 ?exprn_ge0 ?ler0n // mulr_ge0 ?sqr_ge0 // divr_ge0 ?ler0n //.
Qed.

(* Without the imbalance in M^2 every_start is false: depth 2, layers 100 and 0, target 1. There C = 2, so M^2 = 3 and
   eta = 1/18 would do, and after the step G is 4991/9 *)
Theorem imbalance_needed (R : rcfType) : ~ forall (d : nat -> nat) (n : nat) (p y M eta : R)
    (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d), 0 <= p -> bounded Phi (p ^+ 2) -> 0 <= y ->
  p + norm (residual Phi W0) <= y ^+ n.+1 -> 0 < M -> (1 + 1 / n.+1%:R) * y ^+ 2 <= M ^+ 2 -> 0 <= eta ->
  3%:R * (n.+1%:R * (eta * M ^+ (n + n))) <= 1 ->
  sqnorm (residual Phi (descent eta Phi W0 1)) <= sqnorm (residual Phi W0).
Proof.
pose w j : R := if j is 0%N then 100%:R else 0.
pose eta : R := 1 / 18%:R.
have sq (a : R) : sqnorm (a%:M : 'M_1) = a ^+ 2 by rewrite /sqnorm !big_ord1 mxE eqxx.
have res0 : scalar_residual 2 1 w = -1 by rewrite /scalar_residual !big_nat_recr //= big_geq // mulr0 sub0r.
have r0 := residual_scalars 2 eta 1 w 0; rewrite /descent /= /scalar_descent /= res0 in r0.
have r1 : scalar_residual 2 1 (scalar_descent 2 eta 1 w 1) = 4991%:R / 9%:R.
  rewrite /scalar_residual !big_nat_recr //= big_geq // /scalar_descent /= /scalar_step /scalar_gradient res0.
  by rewrite !big_nat1 !big_geq // /eta /w; field.
have n1 : norm (residual (target 2 1) (scalars w)) = 1 by rewrite r0 /norm sq sqrrN expr1n sqrtr1.
have s2 : Num.sqrt 2%:R ^+ 2 = 2%:R :> R by rewrite sqr_sqrtr ?ler0n.
have s3 : Num.sqrt 3%:R ^+ 2 = 3%:R :> R by rewrite sqr_sqrtr ?ler0n.
have Phi_le : bounded (target 2 (1 : R)) (1 ^+ 2) by move=> x; rewrite /target mul1mx !expr1n mul1r.
have y0 : 0 <= Num.sqrt 2%:R :> R by exact: sqrtr_ge0.
have M0 : 0 < Num.sqrt 3%:R :> R by rewrite sqrtr_gt0 ltr0n.
have e0 : 0 <= eta by rewrite divr_ge0 ?ler01 ?ler0n.
have start : 1 + norm (residual (target 2 1) (scalars w)) <= Num.sqrt 2%:R ^+ 2 by rewrite n1 s2.
have large : (1 + 1 / 2%:R) * Num.sqrt 2%:R ^+ 2 <= Num.sqrt 3%:R ^+ 2 :> R by rewrite s2 s3; apply: eqle; field.
have small : 3%:R * (2%:R * (eta * Num.sqrt 3%:R ^+ 2)) <= 1 by rewrite s3 /eta; apply: eqle; field.
move=> /(_ ones 1%N 1 _ _ eta (target 2 1) (scalars w) ler01 Phi_le y0 start M0 large e0 small).
rewrite residual_scalars r1 sq r0 sq sqrrN expr1n leNgt.
by rewrite exprn_egt1 // ltr_pdivl_mulr ?ltr0n // mul1r ltr_nat.
Qed.
