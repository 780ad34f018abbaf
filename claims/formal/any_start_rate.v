(* DL-069 Two layers of any imbalance: two layers whose imbalance is large converge, at a linear rate.

   Depth 2, all widths d_0, d_1, d_2 = m, any target, gradient descent as in any_start.v, over any real closed field.
   B = W_2^T W_2 - W_1 W_1^T at the start has m eigenvalues of at least mu > 0: <z, B z> >= mu |z|^2 on the range of V,
   whose m columns are orthonormal. p bounds |Phi|_2, b bounds |B|_2, and C = y^2. No margin, no balance.

   two_layers_rate  L(t+1) <= (1 - eta mu/2) L(t) for every t, so L(t) <= (1 - eta mu/2)^t L(0), where
                    p + ||G(0)||_F <= C, 3/2 (C + b) <= M^2, 6 eta M^2 <= 1 and 4 eta L(0) <= mu
   rate_met         a start that meets all that, with a loss > 0 and a rate > 0

   Left out: eigenvalues as numbers; the mirror image, where B has d_0 eigenvalues of at most -mu. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm scalar balancedness deficiency_margin bounds end_layers step data_step any_start.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* |A^T y|^2 >= k |y|^2 for all y, if |A v|^2 >= k |v|^2 on a space of as many dimensions as A has rows *)
Lemma transposed_ge (R : rcfType) m h (A : 'M[R]_(m, h)) (V : 'M[R]_(h, m)) k : 0 < k -> V^T *m V = 1%:M ->
  (forall z : 'cV[R]_m, k * sqnorm (V *m z) <= sqnorm (A *m (V *m z))) ->
  forall y : 'cV[R]_m, k * sqnorm y <= sqnorm (A^T *m y).
Proof.
move=> k0 V1 AV y.
have Vz (z : 'cV[R]_m) : sqnorm (V *m z) = sqnorm z.
  by rewrite sqnorm_inner inner_left mulmxA V1 mul1mx -sqnorm_inner.
have sk : stretches (A *m V) (Num.sqrt k).
  move=> z; rewrite /norm -sqrtrM ?(ltW k0) // ler_wsqrtr // -mulmxA; have := AV z; by rewrite Vz.
have unit : A *m V \in unitmx.
  by rewrite -row_free_unit /row_free (stretches_rank _ sk) // sqrtr_gt0.
pose z := invmx (A *m V) *m y.
have yz : A *m (V *m z) = y by rewrite mulmxA /z mulKVmx.
have kz := AV z; rewrite yz Vz in kz.
have := sqnorm_ge0 y; rewrite le_eqVlt => /orP [/eqP <-|pos]; first by rewrite mulr0 sqnorm_ge0.
have C : sqnorm y ^+ 2 <= sqnorm (A^T *m y) * sqnorm z.
  have -> : sqnorm y = inner (A^T *m y) (V *m z) by rewrite sqnorm_inner -{2}yz inner_sym inner_left inner_sym.
  by rewrite -(Vz z); exact: cauchy_schwarz.
rewrite -(ler_pmul2r pos) -mulrA -expr2; apply: le_trans (ler_wpmul2l (ltW k0) C) _.
by rewrite mulrCA; apply: ler_wpmul2l => //; exact: sqnorm_ge0.
Qed.

Section Rate.
Variables (R : rcfType) (d : nat -> nat) (p y M eta b mu : R) (Phi : 'M[R]_(d 2%N, d 0%N)) (W0 : weights R d).
Variable V : 'M[R]_(d 1%N, d 2%N).
Hypotheses (p_ge0 : 0 <= p) (Phi_le : bounded Phi (p ^+ 2)).
Hypotheses (y_ge0 : 0 <= y) (start : p + norm (residual Phi W0) <= y ^+ 2).
Hypotheses (b_ge0 : 0 <= b) (balanced : form_bounded (imbalance W0 0) b).
Hypotheses (M_gt0 : 0 < M) (M_large : 3%:R / 2%:R * (y ^+ 2 + b) <= M ^+ 2).
Hypotheses (eta_ge0 : 0 <= eta) (eta_small : 6%:R * (eta * M ^+ 2) <= 1).
Hypotheses (mu_gt0 : 0 < mu) (V1 : V^T *m V = 1%:M).
Hypothesis positive : forall z : 'cV[R]_(d 2%N), mu * sqnorm z <= inner (V *m z) (imbalance W0 0 *m (V *m z)).
Hypothesis near : 2%:R * (eta * sqnorm (residual Phi W0)) <= mu.

Let W t := descent eta Phi W0 t.
Let G t := residual Phi (W t).
Let D t := layer_gradient (G t) (W t).

Let falls t : sqnorm (G t.+1) + eta * (sqnorm (D t 0%N) + sqnorm (D t 1%N)) <= sqnorm (G t).
Proof.
have large : (1 + 1 / 2%:R) * y ^+ 2 + 3%:R / 2%:R * (\sum_(0 <= j < 1) b) <= M ^+ 2.
  by apply: le_trans M_large; rewrite big_nat1; apply: eqle; field.
have small : 3%:R * (2%:R * (eta * M ^+ (1 + 1))) <= 1 by apply: le_trans eta_small; apply: eqle; ring.
have bal j : (j.+1 < 2)%N -> form_bounded (imbalance W0 j) b by case: j.
have [+ _ _] := every_start (n := 1) p_ge0 Phi_le y_ge0 start (fun _ => b_ge0) bal M_gt0 large eta_ge0 small t.
by rewrite big_nat_recr //= big_nat1.
Qed.

(* Along V the imbalance loses at most what the loss has paid for *)
Let kept t (z : 'cV[R]_(d 1%N)) : inner z (imbalance W0 0 *m z) + eta * sqnorm (G t) * sqnorm z
  <= inner z (imbalance (W t) 0 *m z) + eta * sqnorm (G 0%N) * sqnorm z.
Proof.
elim: t => [|t IH]; first exact: lexx.
have -> : imbalance (W t.+1) 0 = imbalance (W t) 0 + eta ^+ 2 *: ((D t 1%N)^T *m D t 1%N - D t 0%N *m (D t 0%N)^T).
  by rewrite -discrete_balancedness_law.
have split (B A C : 'M[R]_(d 1%N)) e :
    inner z ((B + e *: (A - C)) *m z) = inner z (B *m z) + e * (inner z (A *m z) - inner z (C *m z)).
  by rewrite mulmxDl innerDr -scalemxAl innerZr mulmxBl innerBr.
rewrite split.
have one : 0 <= inner z ((D t 1%N)^T *m D t 1%N *m z).
  by rewrite -mulmxA inner_sym inner_left trmxK -sqnorm_inner sqnorm_ge0.
have two : inner z (D t 0%N *m (D t 0%N)^T *m z) <= sqnorm (D t 0%N) * sqnorm z.
  rewrite -mulmxA inner_sym inner_left -sqnorm_inner; apply: le_trans (sqnorm_mul _ _) _.
  by rewrite sqnorm_tr.
have F : eta * sqnorm (G t.+1) + eta ^+ 2 * sqnorm (D t 0%N) <= eta * sqnorm (G t).
  rewrite expr2 -mulrA -mulrDr; apply: ler_wpmul2l => //; apply: le_trans (falls t); rewrite ler_add2l.
  by apply: ler_wpmul2l => //; rewrite ler_addl sqnorm_ge0.
have z0 := sqnorm_ge0 z; have F' := ler_wpmul2r z0 F.
have e2 : 0 <= eta ^+ 2 by exact: sqr_ge0.
move: IH F' two one; move: (inner _ _) (inner _ _) (inner _ _) (inner _ _) => c0 ct c1 c2 IH F' two one.
have H := ler_add IH (ler_add F' (ler_wpmul2l e2 (ler_add two one))).
rewrite -subr_ge0; rewrite -subr_ge0 in H; apply: le_trans H _; apply: eqle.
by move: (sqnorm _) (sqnorm _) (sqnorm _) (sqnorm _) => *; ring.
Qed.

Let rate t : sqnorm (G t.+1) <= (1 - eta * mu / 2%:R) * sqnorm (G t).
Proof.
have k0 : 0 < mu / 2%:R by rewrite divr_gt0 ?ltr0n.
have AV (z : 'cV[R]_(d 2%N)) : mu / 2%:R * sqnorm (V *m z) <= sqnorm (W t 1%N *m (V *m z)).
  have -> : sqnorm (V *m z) = sqnorm z by rewrite sqnorm_inner inner_left mulmxA V1 mul1mx -sqnorm_inner.
  have := kept t (V *m z).
  have -> : sqnorm (V *m z) = sqnorm z by rewrite sqnorm_inner inner_left mulmxA V1 mul1mx -sqnorm_inner.
  set v := V *m z => K.
  have P := positive z; rewrite -/v in P.
  have up : inner v (imbalance (W t) 0 *m v) <= sqnorm (W t 1%N *m v).
    rewrite /imbalance mulmxBl innerBr -!mulmxA ler_subl_addr.
    rewrite [X in X <= _]inner_sym inner_left trmxK -sqnorm_inner ler_addl inner_sym inner_left -sqnorm_inner.
    exact: sqnorm_ge0.
  apply: le_trans up.
  have z0 := sqnorm_ge0 z.
  have N := ler_wpmul2r z0 near.
  have g0 : 0 <= eta * sqnorm (G t) * sqnorm z by rewrite !mulr_ge0 ?sqnorm_ge0.
  have two : 2%:R * (mu / 2%:R * sqnorm z) <= 2%:R * inner v (imbalance (W t) 0 *m v).
    move: (inner v (imbalance (W t) 0 *m v)) (inner v (imbalance W0 0 *m v)) K P => ct c0 K P.
    have H := ler_add (ler_add P P) (ler_add (ler_add K K) N).
    have H' := ler_add H (ler_add g0 g0).
    rewrite -subr_ge0; rewrite -subr_ge0 in H'; apply: le_trans H' _; apply: eqle.
    by rewrite -/(G 0%N); move: (sqnorm (G 0%N)) (sqnorm (G t)) (sqnorm z) => *; field.
  by move: two; rewrite ler_pmul2l ?ltr0n.
have lower : mu / 2%:R * sqnorm (G t) <= sqnorm (D t 0%N).
  rewrite /D /layer_gradient product_nil trmx1 mulmx1 product_last // product_nil mulmx1.
  rewrite -[X in _ * sqnorm X]mul1mx -[sqnorm ((W t 1%N)^T *m _)]mul1r; apply: columns => v; rewrite mul1mx mul1r.
  exact: (transposed_ge k0 V1 AV).
have F := falls t; have e0 := mulr_ge0 eta_ge0 (sqnorm_ge0 (D t 1%N)).
have H := ler_add (ler_add F F) (ler_add (ler_add e0 e0)
  (ler_add (ler_wpmul2l eta_ge0 lower) (ler_wpmul2l eta_ge0 lower))).
rewrite -(@ler_pmul2l _ 2%:R) ?ltr0n // -subr_ge0; rewrite -subr_ge0 in H; apply: le_trans H _; apply: eqle.
by move: (sqnorm _) (sqnorm _) (sqnorm _) (sqnorm _) => *; field.
Qed.

Theorem two_layers_rate t : sqnorm (G t.+1) <= (1 - eta * mu / 2%:R) * sqnorm (G t)
  /\ sqnorm (G t) <= (1 - eta * mu / 2%:R) ^+ t * sqnorm (residual Phi W0).
Proof.
split; first exact: rate.
case: (lerP 0 (1 - eta * mu / 2%:R)) => c0.
  elim: t => [|t IH]; first by rewrite mul1r.
  by apply: le_trans (rate t) _; rewrite [_ ^+ t.+1]exprS -[X in _ <= X]mulrA; exact: ler_wpmul2l.
have zero s : sqnorm (G s) = 0.
  have := le_trans (sqnorm_ge0 _) (rate s); rewrite nmulr_rge0 // => le0.
  by apply/eqP; rewrite eq_le le0 sqnorm_ge0.
by rewrite zero -[residual Phi W0]/(G 0%N) zero mulr0.
Qed.
End Rate.

(* Widths 1, layers 0 and 1, target 1: B = 1, C = 2, M^2 = 9/2, eta = 1/27 *)
Theorem rate_met (R : rcfType) : exists (y M eta : R) (W0 : weights R ones) (V : 'M[R]_1),
  [/\ bounded (target 2 (1 : R)) (1 ^+ 2), 0 <= y, 1 + norm (residual (target 2 1) W0) = y ^+ 2,
      form_bounded (imbalance W0 0) 1 &
  [/\ 0 < M, 3%:R / 2%:R * (y ^+ 2 + 1) = M ^+ 2, 0 < eta, 6%:R * (eta * M ^+ 2) = 1 &
  [/\ V^T *m V = 1%:M, forall z : 'cV[R]_1, 1 * sqnorm z <= inner (V *m z) (imbalance W0 0 *m (V *m z)),
      2%:R * (eta * sqnorm (residual (target 2 1) W0)) <= 1 & 0 < sqnorm (residual (target 2 1) W0)]]].
Proof.
pose w j : R := if j is 0%N then 0 else 1.
have h0 : 0 < 9%:R / 2%:R :> R by rewrite divr_gt0 ?ltr0n.
exists (Num.sqrt 2%:R), (Num.sqrt (9%:R / 2%:R)), (1 / 27%:R), (scalars w), 1%:M.
have sq (a : R) : sqnorm (a%:M : 'M_1) = a ^+ 2 by rewrite /sqnorm !big_ord1 mxE eqxx.
have res0 : scalar_residual 2 1 w = -1 by rewrite /scalar_residual !big_nat_recr //= big_geq // mulr1 mul1r sub0r.
have r0 := residual_scalars 2 0 1 w 0; rewrite /descent /= /scalar_descent /= res0 in r0.
have r1 : sqnorm (residual (target 2 1) (scalars w)) = 1 by rewrite r0 sq sqrrN expr1n.
have B1 : imbalance (scalars w) 0 = 1%:M.
  by rewrite /imbalance /scalars !tr_scalar_mx -!scalar_mxM /= mulr1 mulr0 raddf0 subr0.
have s2 : Num.sqrt 2%:R ^+ 2 = 2%:R :> R by rewrite sqr_sqrtr ?ler0n.
have s9 : Num.sqrt (9%:R / 2%:R) ^+ 2 = 9%:R / 2%:R :> R by rewrite sqr_sqrtr // ltW.
have Phi_le : bounded (target 2 (1 : R)) (1 ^+ 2) by move=> x; rewrite /target mul1mx !expr1n mul1r.
split; [exact: Phi_le|exact: sqrtr_ge0|by rewrite /norm r1 sqrtr1 s2| |split].
- by move=> z; rewrite B1 mul1mx -sqnorm_inner mul1r ger0_norm // sqnorm_ge0.
- by rewrite sqrtr_gt0.
- by rewrite s2 s9; field.
- by rewrite divr_gt0 ?ltr01 ?ltr0n.
- by rewrite s9; field.
split.
- by rewrite trmx1 mul1mx.
- by move=> z; rewrite B1 !mul1mx mul1r -sqnorm_inner.
- by rewrite r1 mulr1 mul1r ler_pdivr_mulr ?ltr0n // mul1r ler_nat.
by rewrite r1 ltr01.
Qed.
