(* Separable data (DL-053) word for word: k units of each sign, v = 1 / sqrt(2k), norms as square roots, SGD as an
   iteration with any subgradients. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import separable_data.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Network.
Variables (R : rcfType) (k d : nat) (al eta : R).
Let unit := ('I_k + 'I_k)%type.
Let weights := unit -> 'I_d -> R.
Definition second_layer : R := (Num.sqrt (2 * k)%N%:R)^-1.
Definition unit_sign (i : unit) : R := if i is inl _ then 1 else -1.

(* N(x) = v (sum_i sg(w_i . x) - sum_i sg(u_i . x)) *)
Definition output (W : weights) (a : 'I_d -> R) : R :=
  second_layer * (\sum_(i < k) leaky al (dot (W (inl i)) a) - \sum_(i < k) leaky al (dot (W (inr i)) a)).

Lemma output_net W a : output W a = net al unit_sign second_layer W a.
Proof.
rewrite /output /net; congr (_ * _); rewrite big_sumType /=; congr (_ + _).
  by apply: eq_bigr => i _; rewrite mul1r.
by rewrite -sumrN; apply: eq_bigr => i _; rewrite mulN1r.
Qed.

(* The slope of leaky at z, with c at the kink; the slope of the hinge at m, with c at the kink. *)
Definition slope (c z : R) : R := if 0 < z then 1 else if z < 0 then al else c.
Definition hinge_slope (c m : R) : R := if m < 1 then 1 else if 1 < m then 0 else c.

Lemma slopeP c z : al <= c <= 1 -> is_slope al z (slope c z).
Proof.
by case/andP => c0 c1; have a1 := le_trans c0 c1; rewrite /slope; split; case: ltgtP.
Qed.

Lemma hinge_slopeP c m : 0 <= c <= 1 -> is_hinge_slope m (hinge_slope c m).
Proof. by case/andP => c0 c1; rewrite /hinge_slope; split; case: ltgtP; rewrite ?ler01. Qed.

(* Sample x t with label y t at step t; kink t i and hinge_kink t are the subgradients where there is a choice. *)
Variables (x : nat -> 'I_d -> R) (y : nat -> R) (kink : nat -> unit -> R) (hinge_kink : nat -> R) (W0 : weights).

Definition length (a : 'I_d -> R) : R := Num.sqrt (dot a a).
Definition frobenius (W : weights) : R := Num.sqrt (sqnorm2 W).

(* - d/dW max(0, 1 - y N(x)) = h y v sign_i sg'(W_i . x) x *)
Definition sgd_step (t : nat) (W : weights) : weights := fun i j =>
  W i j + eta * (hinge_slope (hinge_kink t) (y t * output W (x t)) * y t * (second_layer * unit_sign i)
                 * slope (kink t i) (dot (W i) (x t)) * x t j).
Fixpoint sgd (t : nat) : weights := if t is s.+1 then sgd_step s (sgd s) else W0.

Definition updates (n : nat) : nat := count (fun t => y t * output (sgd t) (x t) < 1) (iota 0 n).

Variables (b : 'I_d -> R) (rho : R).
Hypotheses (k0 : (0 < k)%N) (al0 : 0 < al) (eta0 : 0 < eta)
  (kinks : forall t i, al <= kink t i <= 1) (hinge_kinks : forall t, 0 <= hinge_kink t <= 1)
  (labels : forall t, y t = 1 \/ y t = -1)
  (x_norm : forall t, length (x t) <= rho)
  (separable : forall t, 1 <= y t * dot b (x t)).

Lemma second_layerP : second_layer ^+ 2 * #|{: unit}|%:R = 1.
Proof.
rewrite card_sum card_ord addnn -mul2n /second_layer exprVn sqr_sqrtr ?ler0n // mulVf //.
by rewrite pnatr_eq0 muln_eq0 /= -lt0n.
Qed.

Lemma dot_ge0 (a : 'I_d -> R) : 0 <= dot a a.
Proof. by apply: sumr_ge0 => j _; rewrite -expr2 sqr_ge0. Qed.

Lemma sqnorm2_ge0 (W : weights) : 0 <= sqnorm2 W.
Proof. by apply: sumr_ge0 => i _; apply: sumr_ge0 => j _; exact: sqr_ge0. Qed.

Lemma labels_sq t : y t ^+ 2 = 1.
Proof. by case: (labels t) => ->; rewrite ?sqrrN expr1n. Qed.

Lemma signs_sq i : unit_sign i ^+ 2 = 1.
Proof. by case: i => i; rewrite /= ?sqrrN expr1n. Qed.

Lemma sgdS t i j : sgd t.+1 i j = sgd t i j
  + eta * (hinge_slope (hinge_kink t) (y t * output (sgd t) (x t)) * y t * (second_layer * unit_sign i)
           * slope (kink t i) (dot (sgd t i) (x t)) * x t j).
Proof. by []. Qed.

Theorem separable_data n :
  (updates n)%:R <= length b ^+ 2 * rho ^+ 2 / al + 2%:R * length b ^+ 2 / (eta * al ^+ 2)
                    + 2%:R * frobenius W0 * length b / (eta * al).
Proof.
rewrite /updates -sum1_count big_mkcond /=.
have -> : (\sum_(t <- iota 0 n) (if (y t * output (sgd t) (x t) < 1)%R then 1 else 0) =
  \sum_(0 <= t < n) (y t * net al unit_sign second_layer (sgd t) (x t) < 1)%R)%N.
  by rewrite /index_iota subn0; apply: eq_bigr => t _; rewrite output_net; case: ifP.
have hs t : is_hinge_slope (y t * net al unit_sign second_layer (sgd t) (x t))
  (hinge_slope (hinge_kink t) (y t * output (sgd t) (x t))) by rewrite output_net; exact: hinge_slopeP.
have xn t : dot (x t) (x t) <= rho ^+ 2.
  rewrite -(sqr_sqrtr (dot_ge0 (x t))); apply: ler_expn2r; last exact: x_norm.
    by rewrite nnegrE sqrtr_ge0.
  by rewrite nnegrE; apply: le_trans (x_norm t); exact: sqrtr_ge0.
apply: (updates_bounded al0 eta0 signs_sq second_layerP labels_sq (fun t i => slopeP _ (kinks t i)) hs sgdS
  (sqrtr_ge0 _) (sqrtr_ge0 _) separable _ xn) => //.
- by rewrite sqr_sqrtr // dot_ge0.
- by rewrite sqr_sqrtr // sqnorm2_ge0.
Qed.

(* With the choice 0 at the hinge's kink, updates counts exactly the steps that move the weights. *)
Theorem moves t : hinge_kink t = 0 ->
  (y t * output (sgd t) (x t) < 1) <-> ~ (forall i j, sgd t.+1 i j = sgd t i j).
Proof.
have hs s : is_hinge_slope (y s * net al unit_sign second_layer (sgd s) (x s))
  (hinge_slope (hinge_kink s) (y s * output (sgd s) (x s))) by rewrite output_net; exact: hinge_slopeP.
move=> c0; split=> [|moved].
  rewrite output_net => low.
  exact: (update_is_nonzero al0 eta0 signs_sq second_layerP (fun t i => slopeP _ (kinks t i)) hs sgdS separable low).
rewrite ltNge; apply/negP => high; apply: moved => i j.
rewrite sgdS /hinge_slope c0 ltNge high /=.
by case: ifP => _; rewrite !mul0r mulr0 addr0.
Qed.
End Network.
