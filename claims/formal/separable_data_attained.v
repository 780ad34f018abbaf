(* The order of the bound of separable_data.v is attained (DL-053), al^-2 included: one point x = 1, y = 1, and all 2k
   weights - v / al (R0 = 1 / al). The sample is seen with y N < 1 at every step t with eta al^2 t < 1, so that
   T >= 1 / (eta al^2), against a bound of 1 / al + 4 / (eta al^2). *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import separable_data separable_data_network.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Attained.
Variables (R : rcfType) (k : nat) (al eta : R) (kink : nat -> 'I_k + 'I_k -> R) (hinge_kink : nat -> R).
Hypotheses (k0 : (0 < k)%N) (al0 : 0 < al) (eta0 : 0 < eta).
Let v := second_layer R k.
Let W0 : 'I_k + 'I_k -> 'I_1 -> R := fun _ _ => - (v / al).
Let x : nat -> 'I_1 -> R := fun _ _ => 1.
Let y : nat -> R := fun _ => 1.
Let W := sgd al eta x y kink hinge_kink W0.
Let line t : 'I_k + 'I_k -> 'I_1 -> R := fun i _ => v * (unit_sign R i * (eta * al * t%:R) - 1 / al).

Lemma v_gt0 : 0 < v.
Proof. by rewrite /v /second_layer invr_gt0 sqrtr_gt0 ltr0n muln_gt0. Qed.

Lemma dot_line t i : dot (line t i) (x t) = v * (unit_sign R i * (eta * al * t%:R) - 1 / al).
Proof. by rewrite /dot big_ord1 mulr1. Qed.

Lemma below t i : eta * al ^+ 2 * t%:R < 1 -> dot (line t i) (x t) < 0.
Proof.
move=> early; rewrite dot_line pmulr_rlt0 ?v_gt0 // subr_lt0.
have pos : 0 <= eta * al * t%:R by rewrite !mulr_ge0 ?ler0n // ltW.
apply: le_lt_trans (_ : eta * al * t%:R < _).
  case: i => i; first by rewrite /= mul1r.
  by rewrite /= mulN1r; apply: le_trans (_ : 0 <= _) => //; rewrite oppr_le0.
rewrite ltr_pdivl_mulr //; have -> : eta * al * t%:R * al = eta * al ^+ 2 * t%:R by ring.
exact: early.
Qed.

Lemma output_line t : eta * al ^+ 2 * t%:R < 1 -> output al (line t) (x t) = eta * al ^+ 2 * t%:R.
Proof.
move=> early; rewrite output_net /net.
have -> : \sum_i unit_sign R i * leaky al (dot (line t i) (x t)) =
  \sum_(i : 'I_k + 'I_k) (v * (eta * al ^+ 2 * t%:R) - unit_sign R i * v).
  apply: eq_bigr => i _; rewrite /leaky leNgt below //= dot_line.
  have := signs_sq R i; move: (unit_sign R i) => s s2.
  have n0 : al != 0 by rewrite gt_eqF.
  have -> : s * (al * (v * (s * (eta * al * t%:R) - 1 / al))) = s ^+ 2 * (v * (eta * al ^+ 2 * t%:R)) - s * v by field.
  by rewrite s2 mul1r.
have S0 : \sum_(i : 'I_k + 'I_k) unit_sign R i * v = 0.
  rewrite big_sumType /= -big_split /= big1 // => i _.
  by rewrite mul1r mulN1r subrr.
rewrite sumrB S0 subr0 sumr_const -mulr_natr.
have := second_layerP R k0; rewrite -/v => E.
have -> : v * (v * (eta * al ^+ 2 * t%:R) * #|{: 'I_k + 'I_k}|%:R) =
  v ^+ 2 * #|{: 'I_k + 'I_k}|%:R * (eta * al ^+ 2 * t%:R) by ring.
by rewrite E mul1r.
Qed.

Lemma on_the_line t : (forall s, (s < t)%N -> eta * al ^+ 2 * s%:R < 1) -> forall i j, W t i j = line t i j.
Proof.
elim: t => [|t IH] early i j; first by rewrite /line mulr0 mulr0 sub0r mulrN mul1r.
have {}IH := IH (fun s st => early s (ltnW st)).
have now : eta * al ^+ 2 * t%:R < 1 by exact: early.
have outW : output al (W t) (x t) = eta * al ^+ 2 * t%:R.
  rewrite -output_line // !output_net; rewrite /net; congr (_ * _); apply: eq_bigr => l _.
  by congr (_ * leaky _ _); apply: eq_bigr => c _; rewrite IH.
have dotW : dot (W t i) (x t) < 0.
  by rewrite (_ : dot _ _ = dot (line t i) (x t)) ?below //; apply: eq_bigr => c _; rewrite IH.
rewrite /W sgdS -/W outW /hinge_slope /y mul1r now /slope dotW.
rewrite ltNge (ltW dotW) /= IH /line -/v [t.+1%:R]mulrSr /x.
by move: (unit_sign R i) (1 / al) => s c; ring.
Qed.

Theorem attained n : eta * al ^+ 2 * n%:R < 1 -> updates al eta x y kink hinge_kink W0 n.+1 = n.+1.
Proof.
move=> early.
have all_early s : (s < n.+1)%N -> eta * al ^+ 2 * s%:R < 1.
  move=> sn; apply: le_lt_trans early; apply: ler_wpmul2l; first by rewrite mulr_ge0 ?exprn_ge0 ?ltW.
  by rewrite ler_nat.
rewrite /updates -[RHS](size_iota 0); apply/eqP; rewrite -all_count; apply/allP => t.
rewrite mem_iota /= add0n => tn; rewrite mul1r.
have same := on_the_line (fun s st => all_early s (ltn_trans st tn)).
rewrite (_ : output al _ _ = output al (line t) (x t)); first by rewrite output_line ?all_early.
rewrite !output_net /net; congr (_ * _); apply: eq_bigr => l _.
by congr (_ * leaky _ _); apply: eq_bigr => c _; rewrite -same.
Qed.

Theorem frobenius_start : frobenius W0 = 1 / al.
Proof.
rewrite /frobenius /sqnorm2.
have -> : \sum_i \sum_j W0 i j ^+ 2 = (1 / al) ^+ 2.
  transitivity (\sum_(i : 'I_k + 'I_k) (v / al) ^+ 2).
    by apply: eq_bigr => i _; rewrite big_ord1 sqrrN.
  rewrite sumr_const -mulr_natr exprMn mulrAC; have := second_layerP R k0; rewrite -/v => ->.
  by rewrite exprMn expr1n.
by rewrite sqrtr_sqr ger0_norm // divr_ge0 ?ler01 // ltW.
Qed.
End Attained.
