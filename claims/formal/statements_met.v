(* What the statements of DL-003, DL-009 and DL-010 ask for can be met, at every depth and not in a trivial way. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm scalar bounds deficiency_margin linear_rate balanced_initialization.
From DLC Require Import balanced_spectrum approximately_balanced_spectrum.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* DL-003, statements 2 and 3: with sigma = c, a loss and a learning rate that are not 0. *)
Theorem one_step_met (R : rcfType) (n : nat) : let K : R := n.+1%:R in let Phi := target n.+1 (1 : R) in
  exists (x eta delta : R) (W : weights R ones),
  [/\ 0 < x <= 1, 0 < eta, delta * (256%:R * K ^+ 3 * 1 ^+ (2 * n)) = x ^+ (2 * n + 2),
      eta * (6144%:R * K ^+ 3 * 1 ^+ (6 * n + 2)) <= x ^+ (4 * n + 2) &
  [/\ norm Phi <= 1 ^+ n.+1, norm (residual Phi W) <= 1 ^+ n.+1,
      forall j, (j.+1 < n.+1)%N -> norm (imbalance W j) <= 2%:R * delta,
      sigma_min_ge (end_to_end n.+1 W) (x ^+ n.+1) & 0 < sqnorm (residual Phi W)]].
Proof.
move=> K Phi; have [x [eta [delta [W [x0 eta0 PhiF margin [balanced delta_eq eta_le loss]]]]]] := hypotheses_met R n.
have size := margin_size (ltn0Sn 0) (ltn0Sn 0) margin; rewrite -/Phi PhiF expr1n in size.
have c0 : 0 <= x ^+ n.+1 by rewrite exprn_ge0 // ltW.
exists x, eta, delta, W; split=> //.
  by rewrite x0 -(@ler_pexpn2r _ n.+1) ?nnegrE ?(ltW x0) // expr1n (le_trans _ size) // ler_addl norm_ge0.
split=> //; first by rewrite /Phi PhiF.
- by rewrite expr1n; apply: le_trans size; rewrite ler_addr.
- move=> j _; have delta0 : 0 <= delta by apply: le_trans (balanced j); apply: norm_ge0.
  by apply: le_trans (balanced j) _; rewrite ler_pemull // ler1n.
exact: margin_is_kept margin (lexx _).
Qed.

(* DL-009: at every depth, for all widths, with a product that is not 0. *)
Theorem balanced_met (R : comRingType) (d : nat -> nat) (n : nat) : (forall j, (0 < d j)%N) ->
  exists W : weights R d, (forall j, imbalance W j = 0) /\ end_to_end n.+1 W != 0.
Proof.
move=> wide; pose E j : 'M[R]_(d j, 1) := pid_mx 1.
have orth j : (E j)^T *m E j = 1%:M by rewrite /E tr_pid_mx pid_mx_id // pid_mx_1.
have [product balanced] := procedure_one n (const_mx 1) orth; exists (factored E (fun _ => const_mx 1)); split=> //.
apply/eqP => zero; have : (E n.+1)^T *m (end_to_end n.+1 (factored E (fun _ => const_mx 1))) *m E 0%N = 0.
  by rewrite zero mulmx0 mul0mx.
rewrite product -!mulmxA orth mulmx1 mulmxA orth mul1mx => /(congr1 (fun A : 'M_1 => A 0 0))/eqP.
by rewrite !mxE eqxx mulr1n expr1n oner_eq0.
Qed.

(* DL-010, statement 3: met, and attained at k = 2 with an imbalance that is not 0 for |a| < m. *)
Theorem nearly_balanced_met (R : rcfType) (a m : R) : let W := scalars (fun j => if j is 0%N then m else a) in
  let delta := `|a ^+ 2 - m ^+ 2| in `|a| <= m ->
  [/\ forall j, (j < 2)%N -> bounded (W j) (m ^+ 2), forall j, (j.+1 < 2)%N -> norm (imbalance W j) <= delta &
      norm ((product W 0 2)^T *m product W 0 2 - power ((W 0%N)^T *m W 0%N) 2) = 'C(2, 2)%:R * (delta * m ^+ 2)].
Proof.
move=> W delta le_m; have m0 : 0 <= m by apply: le_trans le_m.
have norm1 (c : R) : norm (c%:M : 'M_1) = `|c| by rewrite /norm /sqnorm !big_ord1 mxE eqxx sqrtr_sqr.
have gap : norm (imbalance W 0) = delta.
  by rewrite /imbalance /W /scalars !tr_scalar_mx -!scalar_mxM -raddfB /= norm1 /delta !expr2.
split.
- move=> j j2; have small : (if j is 0%N then m else a) ^+ 2 <= m ^+ 2.
    by case: j j2 => [|[|//]] _; rewrite ?lexx // -[X in X <= _]real_normK ?num_real // ler_pexpn2r ?nnegrE.
  by move=> v; rewrite /W /scalars mul_scalar_mx sqnorm_scale ler_wpmul2r ?sqnorm_ge0.
- by case=> // _; rewrite gap.
by rewrite /W powers_attained -/W gap.
Qed.
