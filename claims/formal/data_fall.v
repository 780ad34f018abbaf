(* DL-072, rows 5 to 9: what one step on any data does, given a bound M of every |W_j|_2. Both balances rest on it.

   S = Q Q^T <= s_1, G = W - Phi, E = |G Q|_F^2 / 2, H = G S, and the layers move along E's gradient. With v such that
   eta M^{N-2} ||H||_F <= v (written so that N = 1 is no exception), z = eta s_1 N M^{2N-2} and tau = (N-1)/2 v (1 +
   v)^{N-2}, kept = 1 - tau - z/2 (1 + tau)^2. Where kept >= 5/8, E falls by 5/8 eta sum ||D_j||_F^2. From N = 1 on
   kept >= 5/8 where z <= 2/5 and N v <= 1/5; at N = 1 also where z <= 1/2. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm balancedness deficiency_margin bounds end_layers step.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* 1 - kept *)
Definition lost (R : realFieldType) (n : nat) (v z : R) : R :=
  let tau := n%:R / 2%:R * (v * (1 + v) ^+ n.-1) in tau + z / 2%:R * (1 + tau) ^+ 2.

Section Lost.
Variable R : realFieldType.

Lemma tau_small (n : nat) (v : R) : 0 <= v -> n.+1%:R * v <= 1 / 5%:R ->
  n%:R / 2%:R * (v * (1 + v) ^+ n.-1) <= 46%:R / 375%:R.
Proof.
move=> v_ge0 Kv; have kv k : (k <= n.+1)%N -> k%:R * v <= 1 / 5%:R.
  by move=> kN; apply: le_trans Kv; rewrite ler_wpmul2r // ler_nat.
have -> : n%:R / 2%:R * (v * (1 + v) ^+ n.-1) = n%:R * v * ((1 + v) ^+ n.-1 / 2%:R).
  by move: (v) (n%:R : R) (_ ^+ _) => *; field.
have pN : (n.-1 <= n.+1)%N by rewrite (leq_trans (leq_pred n)) // leqnSn.
have a0 : 0 <= n.-1%:R * v by rewrite mulr_ge0 ?ler0n.
have aq := kv _ pN.
have a2 : 2%:R * (n.-1%:R * v) <= 1.
  apply: le_trans (ler_wpmul2l (ler0n _ 2) aq) _; rewrite mulrA mulr1 ler_pdivr_mulr ?ltr0n // mul1r.
  by rewrite ler_nat.
have power : (1 + v) ^+ n.-1 <= 92%:R / 75%:R.
  apply: le_trans (power_near_one v_ge0 a2) _; move: (n.-1%:R * v) a0 aq => a a0 aq; rewrite -subr_ge0.
  have -> : 92%:R / 75%:R - (1 + a + 2%:R / 3%:R * a ^+ 2) = (1 / 5%:R - a) * (17%:R / 15%:R + 2%:R / 3%:R * a).
    by field.
  apply: mulr_ge0; first by rewrite subr_ge0.
  by apply: addr_ge0; [rewrite divr_ge0 ?ler0n|rewrite mulr_ge0 // divr_ge0 ?ler0n].
have half : (1 + v) ^+ n.-1 / 2%:R <= 92%:R / 75%:R / 2%:R by apply: ler_wpmul2r; rewrite ?invr_ge0 ?ler0n.
have p0 : 0 <= (1 + v) ^+ n.-1 / 2%:R by rewrite divr_ge0 ?ler0n // exprn_ge0 // addr_ge0 ?ler01.
have nv0 : 0 <= n%:R * v by rewrite mulr_ge0 ?ler0n.
apply: le_trans (ler_pmul nv0 p0 (kv _ (leqnSn n)) half) _.
by apply: eqle; field.
Qed.

Lemma lost_small (n : nat) (v z : R) : 0 <= v -> n.+1%:R * v <= 1 / 5%:R -> 0 <= z -> z <= 2%:R / 5%:R ->
  lost n v z <= 3%:R / 8%:R.
Proof.
move=> v_ge0 Kv z0 z_le; rewrite /lost /=; have := tau_small v_ge0 Kv; set tau := n%:R / 2%:R * _ => tau_le.
have tau0 : 0 <= tau by rewrite mulr_ge0 ?divr_ge0 ?ler0n // mulr_ge0 // exprn_ge0 // addr_ge0 ?ler01.
have t1 : (1 + tau) ^+ 2 <= (421%:R / 375%:R) ^+ 2.
  have -> : 421%:R / 375%:R = 1 + 46%:R / 375%:R :> R by field.
  apply: ler_expn2r; rewrite ?nnegrE ?addr_ge0 ?ler01 ?divr_ge0 ?ler0n //.
  by rewrite ler_add2l.
have z2 : z / 2%:R <= 1 / 5%:R.
  have -> : 1 / 5%:R = 2%:R / 5%:R / 2%:R :> R by field.
  by rewrite ler_wpmul2r ?invr_ge0 ?ler0n.
have z20 : 0 <= z / 2%:R by rewrite divr_ge0 ?ler0n.
apply: le_trans (ler_add tau_le (ler_pmul z20 (sqr_ge0 _) z2 t1)) _.
have -> : 46%:R / 375%:R + 1 / 5%:R * (421%:R / 375%:R) ^+ 2
  = 3%:R / 8%:R - 1447%:R / (2%:R * (20%:R * 375%:R * 375%:R)) :> R by field.
by rewrite ler_subl_addr ler_addl divr_ge0 ?mulr_ge0 ?ler0n.
Qed.

Lemma lost_at_depth_one (v z : R) : z <= 1 / 2%:R -> lost 0 v z <= 3%:R / 8%:R.
Proof.
move=> z_le; rewrite /lost !mul0r add0r addr0 expr1n mulr1 ler_pdivr_mulr ?ltr0n //; apply: le_trans z_le _.
have -> : 3%:R / 8%:R * 2%:R = 1 / 2%:R + 1 / 4%:R :> R by field.
by rewrite ler_addl divr_ge0 ?ler01 ?ler0n.
Qed.
End Lost.

Section Fall.
Variables (R : rcfType) (d : nat -> nat) (n p : nat) (M v eta s1 : R).
Let N := n.+1.
Variables (Q : 'M[R]_(d 0%N, p)) (Phi : 'M[R]_(d N, d 0%N)) (W : weights R d).
Hypotheses (eta_ge0 : 0 <= eta) (M_gt0 : 0 < M) (v_ge0 : 0 <= v) (s1_ge0 : 0 <= s1) (Q_le : bounded Q s1).
Let G := residual Phi W.
Let H := G *m Q *m Q^T.
Let W' := gradient_step eta H W.
Let S := \sum_(0 <= i < N) sqnorm (layer_gradient H W i).
Let z := s1 * (eta * M ^+ (n + n) * N%:R).
Hypothesis layers : forall j, (j < N)%N -> bounded (W j) (M ^+ 2).
Hypotheses (step_small : eta * M ^+ n * norm H <= M * v) (kept : lost n v z <= 3%:R / 8%:R).

Let S_ge0 : 0 <= S. Proof. by apply: sumr_ge0 => *; apply: sqnorm_ge0. Qed.

Theorem fall_below : sqnorm (residual Phi W' *m Q) + 5%:R / 4%:R * (eta * S) <= sqnorm (G *m Q).
Proof.
have Hle : bounded H (norm H ^+ 2) by rewrite sqr_norm; apply: bounded_sqnorm.
have A := step_inner eta_ge0 M_gt0 (norm_ge0 H) v_ge0 layers Hle step_small.
have B := step_square eta_ge0 M_gt0 (norm_ge0 H) v_ge0 layers Hle step_small.
rewrite -/W' -/S in A B; move: A B kept; rewrite /lost /=; set tau := n%:R / 2%:R * _.
set E := end_to_end N W' - _ => A B k.
have -> : residual Phi W' *m Q = G *m Q + E *m Q.
  by rewrite -mulmxDl; congr (_ *m _); rewrite /G /E /residual [RHS]addrC addrA subrK.
have EQ : sqnorm (E *m Q) <= z * (1 + tau) ^+ 2 * (eta * S).
  apply: le_trans (bounded_right _ s1_ge0 Q_le) _; apply: le_trans (ler_wpmul2l s1_ge0 B) _.
  have same (m s l t : R) : s1 * (eta ^+ 2 * l * m * (1 + t) ^+ 2 * s)
      = s1 * (eta * m * l) * (1 + t) ^+ 2 * (eta * s) by ring.
  exact: eqle (same _ _ _ _).
have GE : inner (G *m Q) (E *m Q) = inner H E by rewrite inner_sym inner_right inner_sym.
rewrite sqnormD GE -[inner H E *+ 2]mulr_natl -!addrA ger_addl; apply: le_trans (_ : 2%:R * - (eta * (1 - tau) * S) +
  (z * (1 + tau) ^+ 2 * (eta * S) + 5%:R / 4%:R * (eta * S)) <= _).
  by apply: ler_add; [rewrite ler_wpmul2l ?ler0n|rewrite ler_add2r].
have same (t a s : R) : 2%:R * - (eta * (1 - t) * s) + (a * (1 + t) ^+ 2 * (eta * s) + 5%:R / 4%:R * (eta * s))
  = 2%:R * (eta * s) * (t + a / 2%:R * (1 + t) ^+ 2 - 3%:R / 8%:R) by field.
by rewrite same mulr_ge0_le0 ?subr_le0 // !mulr_ge0 ?ler0n.
Qed.
End Fall.

(* Row 9, without the step: c = x^N and b <= c^{2/N} / 4 *)
Lemma gradient_large_below (R : rcfType) (d : nat -> nat) (n : nat) (x b : R) (W : weights R d) (D : nat -> R)
    (H : 'M[R]_(d n.+1, d 0%N)) : 0 < x -> (forall j, 0 <= D j) ->
  (forall j, (j.+1 < n.+1)%N -> form_bounded (imbalance W j) (D j)) -> \sum_(0 <= j < n) D j <= b ->
  4%:R * b <= x ^+ 2 -> sigma_min_ge (end_to_end n.+1 W) (x ^+ n.+1) ->
  x ^+ (n + n) * sqnorm H <= 5%:R / 4%:R * \sum_(0 <= i < n.+1) sqnorm (layer_gradient H W i).
Proof.
move=> x_gt0 D_ge0 balanced sum_le b_small sigma.
have x2 : 0 < x ^+ 2 by apply: exprn_gt0.
have c0 : 0 <= x ^+ n.+1 by apply: exprn_ge0; apply: ltW.
have := first_order D_ge0 balanced sum_le H x2 c0 (exprAC _ _ _) sigma; set S := \sum_(0 <= i < _) _ => F.
have S_ge0 : 0 <= S by apply: sumr_ge0 => *; apply: sqnorm_ge0.
rewrite -(ler_pmul2l x2); have -> : x ^+ 2 * (x ^+ (n + n) * sqnorm H) = (x ^+ 2) ^+ n.+1 * sqnorm H.
  by rewrite mulrA -exprD -exprM addnn -mul2n -mulnS.
apply: le_trans F _; rewrite mulrA; apply: ler_wpmul2r => //.
have -> : x ^+ 2 * (5%:R / 4%:R) = x ^+ 2 + x ^+ 2 / 4%:R by field.
by rewrite ler_add2l ler_pdivl_mulr ?ltr0n // mulrC.
Qed.
