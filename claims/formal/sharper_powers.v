(* DL-013 Sharper constants for Theorem 1, in its own form: its constant 2 and the powers of c and N that it names.

   delta <= c^{2/N} / (2 N^2) and eta <= delta / Phi_F^2 give L(t) <= (1 - eta c^{2(N-1)/N})^t L(0), balance within
   2 delta and sigma_min(W(t)) >= c, for every t. Roots for powers: c = x^N, Phi_F = y^N; depth N = n+1. It is
   sharper_powers_data.v of white data.
   Left out: sigma_min as a number. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm scalar deficiency_margin bounds sharper_constants sharper_powers_data.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* DL-013: delta <= c^{2/N} / (2 N^2), eta <= delta / Phi_F^2 *)
Theorem sharper_powers (R : rcfType) (d : nat -> nat) (n : nat) (x y eta delta : R) (Phi : 'M[R]_(d n.+1, d 0%N))
    (W0 : weights R d) : (0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
  has_margin Phi (end_to_end n.+1 W0) (x ^+ n.+1) ->
  (forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta) ->
  2%:R * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 -> eta * (y ^+ n.+1) ^+ 2 <= delta ->
  forall t : nat, let W := descent eta Phi W0 t in
  [/\ sqnorm (residual Phi W) <= (1 - eta * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0),
      forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W j) <= 2%:R * delta &
      sigma_min_ge (end_to_end n.+1 W) (x ^+ n.+1)].
Proof.
move=> inputs outputs x0 y0 PhiF eta0 margin balanced small eta_delta t W.
have Phi_le : bounded Phi ((y ^+ n.+1) ^+ 2) by rewrite -PhiF sqr_norm; apply: bounded_sqnorm.
have white (v : 'cV[R]_(d 0%N)) : sqnorm ((1%:M : 'M[R]_(d 0%N))^T *m v) = 1 * sqnorm v by rewrite trmx1 mul1mx mul1r.
have start : sqnorm (residual Phi W0 *m (1%:M : 'M[R]_(d 0%N))) <= 1 * norm (residual Phi W0) ^+ 2.
  by rewrite mulmx1 mul1r sqr_norm.
have limit : eta * 1 * (y ^+ n.+1) ^+ 2 <= delta by rewrite mulr1.
have := theorem_data_a inputs x0 y0 eta0 ltr01 (norm_ge0 _) Phi_le balanced small limit
  (fun v => eqle (white v)) (fun v => eqle (esym (white v))) outputs start margin t.
by rewrite /conclusion_a !run_descent !mulmx1 !mulr1 divr1; case.
Qed.

(* The hypotheses can be met, at every depth, by a start with a loss and the largest learning rate. *)
Theorem hypotheses_met_powers (R : rcfType) (n : nat) : exists (x eta delta : R) (W0 : weights R ones),
  [/\ [/\ 0 < x, 0 < eta & norm (target n.+1 (1 : R)) = 1 ^+ n.+1],
      has_margin (target n.+1 1) (end_to_end n.+1 W0) (x ^+ n.+1),
      forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta,
      2%:R * (n.+1%:R ^+ 2 * delta) = x ^+ 2 /\ eta * (1 ^+ n.+1) ^+ 2 = delta
    & 0 < sqnorm (residual (target n.+1 1) W0)].
Proof.
pose h : R := 1 / 2%:R; have h0 : 0 < h by rewrite divr_gt0 ?ltr01 ?ltr0n.
have half : h + h = 1 by rewrite /h; field.
have [x x0 xN] := roots_exist n (ltW h0).
have x_gt0 : 0 < x.
  by rewrite lt_def x0 andbT; apply/eqP => xz; move: h0; rewrite -xN xz expr0n /= ltxx.
have K0 : 0 < 2%:R * n.+1%:R ^+ 2 :> R by rewrite mulr_gt0 ?exprn_gt0 ?ltr0n.
pose delta := x ^+ 2 / (2%:R * n.+1%:R ^+ 2); have d0 : 0 < delta by rewrite divr_gt0 ?exprn_gt0.
have far : residual (target n.+1 (1 : R)) (scalars (fun _ => x)) = (- h)%:M.
  rewrite /residual /end_to_end product_scalars // prodr_const_nat subn0 xN -raddfB.
  by congr (_%:M); rewrite /h; field.
exists x, delta, delta, (scalars (fun _ => x)); split.
- by split=> //; rewrite norm_scalar normr1 expr1n.
- rewrite /has_margin -/(residual _ _) far norm_scalar normrN (ger0_norm (ltW h0)) xN half /sigma_min_ge /= => v.
  by rewrite mul1mx mul1r.
- move=> j _; rewrite /imbalance /scalars tr_scalar_mx subrr /norm sqnorm0 sqrtr0; exact: ltW.
- by rewrite mulrA mulrC divfK ?gt_eqF // !expr1n mulr1.
by rewrite far -sqr_norm norm_scalar normrN exprn_gt0 // normr_gt0 gt_eqF.
Qed.
