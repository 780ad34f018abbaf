(* Controls of DL-003, DL-004, DL-005, DL-013 and DL-072: their theorems without a hypothesis, or with a constant
   changed, are false. Each is the negation of the very statement but for what its name says, over every real closed
   field.

   DL-004  rate_without_margin         layers 0, 0: nothing moves
           rate_without_balance        depth 3: one step onto a saddle, at Theorem 1's own learning rate
           rate_at_any_learning_rate   depth 1, eta = 3: the loss is four times as large after a step
   DL-003  flow_without_sigma, lemma_seven_at_any_learning_rate
   DL-005  half_of_the_distance, margin_and_farther
   DL-013  sharper_without_margin, sharper_without_balance, sharper_at_any_learning_rate
   DL-072  data_at_the_learning_rate_of_white_data, data_at_the_rate_of_the_largest_eigenvalue *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm scalar balancedness deficiency_margin bounds linear_rate sharper_constants.
From DLC Require Import balance_needed.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Starts.
Variable R : rcfType.

Lemma sqnorm_scalar (a : R) : sqnorm (a%:M : 'M_1) = a ^+ 2.
Proof. by rewrite -sqr_norm norm_scalar real_normK ?num_real. Qed.

Lemma stretches_scalar (a s : R) : 0 <= s -> s <= `|a| -> sigma_min_ge (a%:M : 'M_1) s.
Proof.
move=> s0 sa; rewrite /sigma_min_ge leqnn => v; rewrite mul_scalar_mx norm_scale; apply: ler_wpmul2r => //.
exact: norm_ge0.
Qed.

Lemma norm_target N : norm (target N (1 : R)) = 1 ^+ N.
Proof. by rewrite norm_scalar normr1 expr1n. Qed.

(* Two layers 0, target 1: nothing moves, and twice the loss is 1 *)
Lemma zero_start eta t : sqnorm (residual (target 2 1) (descent eta (target 2 1) (scalars (fun _ => 0 : R)) t)) = 1.
Proof.
have still s : (fun j => scalar_descent 2 eta 1 (fun _ => 0) s j) =1 (fun _ => 0 : R).
  elim: s => // s IH j; rewrite scalar_descentS /scalar_step /scalar_gradient IH.
  have z i : \prod_(i <= l < 2) scalar_descent 2 eta 1 (fun _ => 0) s l = if (i < 2)%N then 0 else 1 :> R.
    by case: ltnP => i2; [rewrite big_ltn // IH mul0r|rewrite big_geq].
  case: j => [|j]; first by rewrite z !mul0r mulr0 subr0.
  by rewrite [\prod_(0 <= l < j.+1) _]big_ltn // IH mul0r !mulr0 subr0.
rewrite residual_scalars /scalar_residual big_ltn // still mul0r sub0r sqnorm_scalar sqrrN expr1n //.
Qed.

Lemma zero_balanced j : norm (imbalance (scalars (fun _ => 0 : R)) j) = 0.
Proof. by rewrite /imbalance /scalars tr_scalar_mx subrr /norm sqnorm0 sqrtr0. Qed.

(* Three layers on their way to a saddle, target 1 *)
Lemma saddle_start eta : 0 < eta -> exists W0 : weights R ones,
  [/\ has_margin (target 3 1) (end_to_end 3 W0) ((1 / 2%:R) ^+ 3), sqnorm (residual (target 3 1) W0) = (1 / 2%:R) ^+ 2
    & sqnorm (residual (target 3 1) (descent eta (target 3 1) W0 1)) = 1].
Proof.
move=> eta0; have e0 : 0 < 1 / 2%:R :> R by rewrite divr_gt0 ?ltr01 ?ltr0n.
have e1 : (0 < 1 / 2%:R :> R) && (1 / 2%:R < 1 :> R).
  by rewrite e0 ltr_pdivr_mulr ?ltr0n // mul1r ltr1n.
have [w [w1 w0 rest]] := saddle_hypotheses_met 0 eta0 e0.
have res : scalar_residual 3 1 w = 1 / 2%:R by apply: (residual_is_e eta0 e0 w1 w0 rest).
have [_ after _] := one_step_onto_a_saddle_network 0 eta0 e1 w1 w0 rest.
exists (scalars w).
have R0 : residual (target 3 1) (scalars w) = (1 / 2%:R)%:M by have := residual_scalars 3 eta 1 w 0; rewrite res.
split; last by rewrite after sqnorm_scalar sqrrN expr1n.
  rewrite /has_margin -/(residual _ _) R0 norm_scalar ger0_norm ?ltW //; apply: stretches_scalar.
    by rewrite addr_ge0 ?exprn_ge0 ?ltW.
  rewrite normr1; have one : 1 / 2%:R + 1 / 2%:R = 1 :> R by field.
  by rewrite -[X in _ <= X]one ler_add2r -[X in _ <= X]expr1; apply: ler_wiexpn2l; rewrite // ltW //; case/andP: e1.
by rewrite R0 sqnorm_scalar.
Qed.

(* One layer 1/2, target 1, at any learning rate *)
Let half : R := 1 / 2%:R.
Lemma one_layer_start eta : let W0 := scalars (fun _ => half) in
  [/\ has_margin (target 1 1) (end_to_end 1 W0) half, sqnorm (residual (target 1 1) W0) = half ^+ 2
    & sqnorm (residual (target 1 1) (descent eta (target 1 1) W0 1)) = (1 - eta) ^+ 2 * half ^+ 2].
Proof.
move=> W0; have h0 : 0 <= half by rewrite divr_ge0 ?ler01 ?ler0n.
have R0 : residual (target 1 1) W0 = (- half)%:M.
  have := residual_scalars 1 0 1 (fun _ => half) 0; rewrite /scalar_residual big_nat1 => ->; congr (_%:M).
  by rewrite /= /half; field.
have L0 : sqnorm (residual (target 1 1) W0) = half ^+ 2 by rewrite R0 sqnorm_scalar sqrrN.
split=> //; last by rewrite depth_one muln1 L0.
rewrite /has_margin -/(residual _ _) R0 norm_scalar normrN ger0_norm //; apply: stretches_scalar.
  exact: addr_ge0.
by rewrite normr1 (_ : half + half = 1) //; rewrite /half; field.
Qed.
End Starts.


(* A rate f < 1 whose claim fails *)
Lemma refuted (R : realFieldType) (a b f : R) : 0 < b -> f < 1 -> b <= a -> ~ a <= f * b.
Proof.
move=> b0 f1 ba af; have := le_trans ba af; rewrite ler_pmull // => bf.
by have := le_lt_trans bf f1; rewrite ltxx.
Qed.

Section Constants.
Variables (R : rcfType) (k : R).
Hypothesis k_gt0 : 0 < k.
Lemma limit_met n x : exists2 a : R, a * (k * n.+1%:R ^+ 3 * 1) = x & 0 < x -> 0 < a.
Proof.
have p0 : 0 < k * n.+1%:R ^+ 3 * 1 by rewrite mulr1 mulr_gt0 ?exprn_gt0 ?ltr0n.
by exists (x / (k * n.+1%:R ^+ 3 * 1)); [rewrite divfK // gt_eqF|move=> x0; rewrite divr_gt0].
Qed.
End Constants.

(* DL-004 *)
Section TheoremOne.
Variable R : rcfType.
Let half : R := 1 / 2%:R.
Let h0 : 0 < half. Proof. by rewrite divr_gt0 ?ltr01 ?ltr0n. Qed.
Let k256 : 0 < 256%:R :> R. Proof. by rewrite ltr0n. Qed.
Let k6144 : 0 < 6144%:R :> R. Proof. by rewrite ltr0n. Qed.
Let r0 : 0 < 63%:R / 32%:R :> R. Proof. by rewrite divr_gt0 ?ltr0n. Qed.
Let below (z : R) : 0 < z -> 1 - 63%:R / 32%:R * z < 1. Proof. by move=> z0; rewrite gtr_addl oppr_lt0 mulr_gt0. Qed.

Theorem rate_without_margin : ~ forall (d : nat -> nat) (n : nat) (x y eta delta : R) (Phi : 'M[R]_(d n.+1, d 0%N))
    (W0 : weights R d),
  (0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
  (forall j, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta) ->
  delta * (256%:R * n.+1%:R ^+ 3 * y ^+ (2 * n)) = x ^+ (2 * n + 2) ->
  eta * (6144%:R * n.+1%:R ^+ 3 * y ^+ (6 * n + 2)) <= x ^+ (4 * n + 2) ->
  forall t, sqnorm (residual Phi (descent eta Phi W0 t))
            <= (1 - 63%:R / 32%:R * (eta * x ^+ (n + n))) ^+ t * sqnorm (residual Phi W0).
Proof.
move=> H; have [eta eta_is /(_ ltr01) eta0] := limit_met k6144 1 1;
  have [delta d_is /(_ ltr01) d0] := limit_met k256 1 1.
have bal j : (j.+1 < 2)%N -> norm (imbalance (scalars (fun _ => 0 : R)) j) <= delta by rewrite zero_balanced ltW.
have := H ones 1%N 1 1 eta delta (target 2 1) _ isT isT ltr01 ler01 (norm_target R 2) (ltW eta0) bal.
rewrite !expr1n d_is eta_is => /(_ erefl (lexx _) 1%N); rewrite zero_start expr1 mulr1.
have := zero_start eta 0; rewrite /descent /= => ->.
by apply: refuted; rewrite ?ltr01 ?below.
Qed.

Theorem rate_without_balance : ~ forall (d : nat -> nat) (n : nat) (x y eta delta : R) (Phi : 'M[R]_(d n.+1, d 0%N))
    (W0 : weights R d),
  (0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
  has_margin Phi (end_to_end n.+1 W0) (x ^+ n.+1) ->
  delta * (256%:R * n.+1%:R ^+ 3 * y ^+ (2 * n)) = x ^+ (2 * n + 2) ->
  eta * (6144%:R * n.+1%:R ^+ 3 * y ^+ (6 * n + 2)) <= x ^+ (4 * n + 2) ->
  forall t, sqnorm (residual Phi (descent eta Phi W0 t))
            <= (1 - 63%:R / 32%:R * (eta * x ^+ (n + n))) ^+ t * sqnorm (residual Phi W0).
Proof.
move=> H; have hk k : 0 < half ^+ k by apply: exprn_gt0.
have [eta eta_is /(_ (hk _)) eta0] := limit_met k6144 2 (half ^+ (4 * 2 + 2)).
have [delta d_is _] := limit_met k256 2 (half ^+ (2 * 2 + 2)).
have [W0 [margin start after]] := saddle_start eta0.
have := H ones 2%N half 1 eta delta (target 3 1) W0 isT isT h0 ler01 (norm_target R 3) (ltW eta0) margin.
rewrite !expr1n d_is eta_is => /(_ erefl (lexx _) 1%N); rewrite after start expr1.
apply: (refuted (hk 2%N)); first by rewrite below // mulr_gt0.
apply: exprn_ile1; first exact: ltW.
by rewrite ler_pdivr_mulr ?ltr0n // mul1r ler1n.
Qed.

Let one_layer_balanced (delta : R) j : (j.+1 < 1)%N -> norm (imbalance (scalars (fun _ => half)) j) <= delta.
Proof. by []. Qed.

Theorem rate_at_any_learning_rate : ~ forall (d : nat -> nat) (n : nat) (x y eta delta : R)
    (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d),
  (0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
  has_margin Phi (end_to_end n.+1 W0) (x ^+ n.+1) -> (forall j, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta) ->
  delta * (256%:R * n.+1%:R ^+ 3 * y ^+ (2 * n)) = x ^+ (2 * n + 2) ->
  forall t, sqnorm (residual Phi (descent eta Phi W0 t))
            <= (1 - 63%:R / 32%:R * (eta * x ^+ (n + n))) ^+ t * sqnorm (residual Phi W0).
Proof.
move=> H; have [margin start after] := one_layer_start (3%:R : R).
have [delta d_is _] := limit_met k256 0 (half ^+ (2 * 0 + 2)).
have := H ones 0%N half 1 3%:R delta (target 1 1) _ isT isT h0 ler01 (norm_target R 1) (ler0n _ _) margin
  (@one_layer_balanced _).
rewrite expr1n d_is => /(_ erefl 1%N); rewrite after start expr1.
apply: refuted; [exact: exprn_gt0|by rewrite below // mulr_gt0 ?exprn_gt0 ?ltr0n|].
have four : (1 - 3%:R) ^+ 2 = 4%:R :> R by ring.
by rewrite four ler_pemull ?ler1n // exprn_ge0 // ltW.
Qed.

(* DL-003 *)
Theorem flow_without_sigma : ~ forall (d : nat -> nat) (n : nat) (W : weights R d) (s c : R)
    (G : 'M[R]_(d n.+1, d 0%N)),
  (forall j, (j.+1 < n.+1)%N -> imbalance W j = 0) -> 0 < s -> 0 <= c -> c ^+ 2 = s ^+ n.+1 ->
  s ^+ n * sqnorm G <= \sum_(0 <= j < n.+1) sqnorm (layer_gradient G W j).
Proof.
move=> H; pose W := scalars (fun _ => 0 : R).
have bal j : (j.+1 < 2)%N -> imbalance W j = 0 by rewrite /imbalance /W /scalars tr_scalar_mx subrr.
have := H ones 1%N W 1 1 (target 2 1) bal ltr01 ler01; rewrite !expr1n mul1r => /(_ erefl).
rewrite sqnorm_scalar expr1n !big_nat_recl // big_geq // /layer_gradient !product_scalars //.
rewrite !big_nat1 !big_geq // !tr_scalar_mx raddf0 !mul0mx mulmx0 !sqnorm0 !add0r => bad.
by have := lt_le_trans ltr01 bad; rewrite ltxx.
Qed.

Theorem lemma_seven_at_any_learning_rate : ~ forall (d : nat -> nat) (n : nat) (x y s eta delta : R)
    (Phi : 'M[R]_(d n.+1, d 0%N)) (W : weights R d),
  0 < x -> x <= y -> 0 <= eta -> delta * (256%:R * n.+1%:R ^+ 3 * y ^+ (2 * n)) = x ^+ (2 * n + 2) ->
  norm Phi <= y ^+ n.+1 -> norm (residual Phi W) <= y ^+ n.+1 ->
  (forall j, (j.+1 < n.+1)%N -> norm (imbalance W j) <= 2%:R * delta) ->
  x <= s -> sigma_min_ge (end_to_end n.+1 W) (s ^+ n.+1) ->
  sqnorm (residual Phi (descent_step eta Phi W))
  <= sqnorm (residual Phi W) - 63%:R / 32%:R * (eta * s ^+ (2 * n)) * sqnorm (residual Phi W).
Proof.
move=> H; have [margin start after] := one_layer_start (3%:R : R).
have [delta d_is _] := limit_met k256 0 (half ^+ (2 * 0 + 2)).
have half1 : half <= 1 by rewrite ler_pdivr_mulr ?ltr0n // mul1r ler1n.
have close : norm (residual (target 1 1) (scalars (fun _ => half))) <= 1 ^+ 1.
  rewrite expr1n -(@ler_pexpn2r _ 2) ?nnegrE ?norm_ge0 ?ler01 // sqr_norm start expr1n.
  by apply: exprn_ile1 => //; apply: ltW.
have sigma : sigma_min_ge (end_to_end 1 (scalars (fun _ => half))) (half ^+ 1).
  by apply: (margin_is_kept margin); apply: lexx.
have := H ones 0%N half 1 half 3%:R delta (target 1 1) (scalars (fun _ => half)) h0 half1 (ler0n _ _).
rewrite expr1n d_is => /(_ erefl); rewrite (norm_target R 1)
  => /(_ (lexx _) close (@one_layer_balanced _) (lexx _) sigma).
rewrite -[descent_step _ _ _]/(descent 3%:R (target 1 1) (scalars (fun _ => half)) 1) after start.
rewrite -[X in _ <= X - _]mul1r -mulrBl; apply: refuted;
  [exact: exprn_gt0|by rewrite below // mulr_gt0 ?exprn_gt0 ?ltr0n|].
have four : (1 - 3%:R) ^+ 2 = 4%:R :> R by ring.
by rewrite four ler_pemull ?ler1n // exprn_ge0 // ltW.
Qed.
End TheoremOne.

(* DL-005 *)
Section Margin.
Variable R : rcfType.
Let half : R := 1 / 2%:R.
Let h0 : 0 <= half. Proof. by rewrite divr_ge0 ?ler01 ?ler0n. Qed.
Let h1 : half + half = 1. Proof. by rewrite /half; field. Qed.

(* target 1, start 0: sigma_min(Phi) - ||W - Phi||_F / 2 = 1/2 *)
Theorem half_of_the_distance : ~ forall (m n : nat) (Phi W W' : 'M[R]_(m, n)) (c : R),
  sigma_min_ge Phi (c + norm (W - Phi) / 2%:R) -> norm (W' - Phi) <= norm (W - Phi) -> sigma_min_ge W' c.
Proof.
move=> H; have dist : norm (0 - target 1 (1 : R)) = 1 by rewrite sub0r norm_opp norm_target expr1n.
have big : sigma_min_ge (target 1 (1 : R)) (half + norm (0 - target 1 (1 : R)) / 2%:R).
  by rewrite dist h1; apply: stretches_scalar; rewrite ?ler01 // normr1.
have /(_ 1%:M) := H _ _ _ _ 0 half big (lexx _); rewrite mul0mx norm_scalar normr1 mulr1 /norm sqnorm0 sqrtr0.
by rewrite leNgt divr_gt0 ?ltr01 ?ltr0n.
Qed.

(* the target itself has margin 1, and 0 is farther *)
Theorem margin_and_farther : ~ forall (m n : nat) (Phi W W' : 'M[R]_(m, n)) (c : R),
  has_margin Phi W c -> sigma_min_ge W' c.
Proof.
move=> H; have big : has_margin (target 1 (1 : R)) (target 1 1) 1.
  by rewrite /has_margin subrr /norm sqnorm0 sqrtr0 addr0; apply: stretches_scalar; rewrite ?ler01 // normr1.
have /(_ 1%:M) := H _ _ _ _ 0 1 big; rewrite mul0mx norm_scalar normr1 mulr1 /norm sqnorm0 sqrtr0.
by rewrite leNgt ltr01.
Qed.
End Margin.

(* DL-013 *)
Section Sharper.
Variable R : rcfType.
Let half : R := 1 / 2%:R.
Let h0 : 0 < half. Proof. by rewrite divr_gt0 ?ltr01 ?ltr0n. Qed.
Let limit n (x : R) : 0 < x -> exists2 delta : R, 2%:R * (n.+1%:R ^+ 2 * delta) = x & 0 < delta.
Proof.
move=> x0; have p0 : 0 < 2%:R * n.+1%:R ^+ 2 :> R by rewrite mulr_gt0 ?exprn_gt0 ?ltr0n.
by exists (x / (2%:R * n.+1%:R ^+ 2)); [rewrite mulrA mulrC divfK // gt_eqF|rewrite divr_gt0].
Qed.
Let below (z : R) : 0 < z -> 1 - z < 1. Proof. by move=> z0; rewrite gtr_addl oppr_lt0. Qed.

Theorem sharper_without_margin : ~ forall (d : nat -> nat) (n : nat) (x y eta delta : R) (Phi : 'M[R]_(d n.+1, d 0%N))
    (W0 : weights R d),
  (0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
  (forall j, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta) ->
  2%:R * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 -> eta * (y ^+ n.+1) ^+ 2 <= delta ->
  forall t, sqnorm (residual Phi (descent eta Phi W0 t)) <= (1 - eta * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0).
Proof.
move=> H; have [delta d_is d0] := limit 1 ltr01.
have bal j : (j.+1 < 2)%N -> norm (imbalance (scalars (fun _ => 0 : R)) j) <= delta by rewrite zero_balanced ltW.
have := H ones 1%N 1 1 delta delta (target 2 1) _ isT isT ltr01 ler01 (norm_target R 2) (ltW d0) bal.
rewrite !expr1n d_is !mulr1 => /(_ (lexx _) (lexx _) 1%N); rewrite zero_start expr1.
have := zero_start delta 0; rewrite /descent /= => ->.
by apply: refuted; rewrite ?ltr01 ?below.
Qed.

Theorem sharper_without_balance : ~ forall (d : nat -> nat) (n : nat) (x y eta delta : R) (Phi : 'M[R]_(d n.+1, d 0%N))
    (W0 : weights R d),
  (0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
  has_margin Phi (end_to_end n.+1 W0) (x ^+ n.+1) ->
  2%:R * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 -> eta * (y ^+ n.+1) ^+ 2 <= delta ->
  forall t, sqnorm (residual Phi (descent eta Phi W0 t)) <= (1 - eta * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0).
Proof.
move=> H; have hk k : 0 < half ^+ k by apply: exprn_gt0.
have [delta d_is d0] := limit 2 (hk 2%N); have [W0 [margin start after]] := saddle_start d0.
have := H ones 2%N half 1 delta delta (target 3 1) W0 isT isT h0 ler01 (norm_target R 3) (ltW d0) margin.
rewrite !expr1n d_is mulr1 => /(_ (lexx _) (lexx _) 1%N); rewrite after start expr1.
apply: (refuted (hk 2%N)); first by rewrite below // mulr_gt0.
apply: exprn_ile1; first exact: ltW.
by rewrite ler_pdivr_mulr ?ltr0n // mul1r ler1n.
Qed.

Theorem sharper_at_any_learning_rate : ~ forall (d : nat -> nat) (n : nat) (x y eta delta : R)
    (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d),
  (0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
  has_margin Phi (end_to_end n.+1 W0) (x ^+ n.+1) -> (forall j, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta) ->
  2%:R * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 ->
  forall t, sqnorm (residual Phi (descent eta Phi W0 t)) <= (1 - eta * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0).
Proof.
move=> H; have [margin start after] := one_layer_start (3%:R : R).
have hk k : 0 < half ^+ k by apply: exprn_gt0.
have [delta d_is d0] := limit 0 (hk 2%N).
have bal j : (j.+1 < 1)%N -> norm (imbalance (scalars (fun _ => half)) j) <= delta by [].
have := H ones 0%N half 1 3%:R delta (target 1 1) _ isT isT h0 ler01 (norm_target R 1) (ler0n _ _) margin bal.
rewrite d_is => /(_ (lexx _) 1%N); rewrite after start expr1.
apply: (refuted (hk 2%N)); first by rewrite below // mulr_gt0 ?ltr0n.
have four : (1 - 3%:R) ^+ 2 = 4%:R :> R by ring.
by rewrite four ler_pemull ?ler1n // ltW.
Qed.
End Sharper.

(* DL-072: S = q^2 of size 1, depth 1 *)
Section Data.
Variable R : rcfType.
Let half : R := 1 / 2%:R.
Let h0 : 0 < half. Proof. by rewrite divr_gt0 ?ltr01 ?ltr0n. Qed.
Let h1 : half + half = 1. Proof. by rewrite /half; field. Qed.
Let W0 := scalars (fun _ => half).
Let Phi := target 1 (1 : R).

Let after (q eta : R) : sqnorm (residual Phi (gradient_step eta (residual Phi W0 *m q%:M *m q%:M^T) W0) *m q%:M)
  = (1 - eta * q ^+ 2) ^+ 2 * sqnorm (residual Phi W0 *m q%:M).
Proof.
have R0 W : residual Phi W = W 0%N - 1%:M by rewrite /residual /end_to_end product_last // product_nil mulmx1.
rewrite !R0 /gradient_step /layer_gradient !product_nil !trmx1 mul1mx mulmx1 /W0 /scalars tr_scalar_mx -raddfB /=.
rewrite -!scalar_mxM scale_scalar_mx -!raddfB /= -!scalar_mxM !sqnorm_scalar; ring.
Qed.

Let start (q : R) : sqnorm (residual Phi W0 *m q%:M) = q ^+ 2 * half ^+ 2.
Proof.
rewrite /residual /end_to_end product_last // product_nil mulmx1 /W0 /scalars /Phi /target -raddfB -scalar_mxM.
by rewrite sqnorm_scalar /half; field.
Qed.

Let norms (q : R) (v : 'cV[R]_1) : sqnorm ((q%:M : 'M[R]_1)^T *m v) = q ^+ 2 * sqnorm v.
Proof. by rewrite tr_scalar_mx mul_scalar_mx sqnorm_scale. Qed.

Let Phi_le : bounded Phi ((1 ^+ 1) ^+ 2). Proof. by move=> v; rewrite mul1mx !expr1n mul1r. Qed.
Let b0 (j : nat) : (0 : R) <= (fun _ => 0) j. Proof. by []. Qed.
Let bal j : (j.+1 < 1)%N -> form_bounded (imbalance W0 j) ((fun _ => 0) j). Proof. by []. Qed.
Let b_small : 7%:R * (1%:R * \sum_(0 <= j < 0) (fun _ => 0 : R) j) <= half ^+ 2.
Proof. by rewrite big_geq // !mulr0 sqr_ge0. Qed.
Let margin : sigma_min_ge Phi (half ^+ 1 + half).
Proof. by rewrite expr1 h1; apply: stretches_scalar; rewrite ?ler01 // normr1. Qed.

Theorem data_at_the_learning_rate_of_white_data : ~ forall (d : nat -> nat) (n : nat) (x y eta s1 sd rho : R)
    (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d) (b : nat -> R),
  (0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> 0 <= eta -> 0 < sd -> bounded Phi ((y ^+ n.+1) ^+ 2) ->
  (forall j, 0 <= b j) -> (forall j, (j.+1 < n.+1)%N -> form_bounded (imbalance W0 j) (b j)) ->
  7%:R * (n.+1%:R * \sum_(0 <= j < n) b j) <= x ^+ 2 ->
  15%:R * (n.+1%:R * (eta * (y ^+ n.+1) ^+ 2)) <= x ^+ 2 -> 0 <= rho ->
  forall (p : nat) (Q : 'M[R]_(d 0%N, p)),
  (forall v : 'cV[R]_(d 0%N), sqnorm (Q^T *m v) <= s1 * sqnorm v) ->
  (forall v : 'cV[R]_(d 0%N), sd * sqnorm v <= sqnorm (Q^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge Phi (x ^+ n.+1 + rho) ->
  sqnorm (residual Phi (gradient_step eta (residual Phi W0 *m Q *m Q^T) W0) *m Q)
  <= (1 - eta * sd * x ^+ (n + n)) * sqnorm (residual Phi W0 *m Q).
Proof.
move=> H; pose eta := half ^+ 2 / 15%:R; have eta0 : 0 < eta by rewrite divr_gt0 ?exprn_gt0 ?ltr0n.
pose q := Num.sqrt (3%:R / eta); have q2 : q ^+ 2 = 3%:R / eta by rewrite sqr_sqrtr // divr_ge0 ?ler0n ?ltW.
have q20 : 0 < q ^+ 2 by rewrite q2 divr_gt0 ?ltr0n.
have limit : 15%:R * (1%:R * (eta * (1 ^+ 1) ^+ 2)) <= half ^+ 2.
  by rewrite !expr1n mulr1 mul1r /eta mulrC divfK // pnatr_eq0.
have S_le (v : 'cV[R]_1) : sqnorm ((q%:M : 'M[R]_1)^T *m v) <= q ^+ 2 * sqnorm v by rewrite norms.
have S_ge (v : 'cV[R]_1) : q ^+ 2 * sqnorm v <= sqnorm ((q%:M : 'M[R]_1)^T *m v) by rewrite norms.
have close : sqnorm (residual Phi W0 *m q%:M) <= q ^+ 2 * half ^+ 2 by rewrite start.
have := H ones 0%N half 1 eta (q ^+ 2) (q ^+ 2) half Phi W0 (fun _ => 0) isT isT h0 ler01 (ltW eta0) q20 Phi_le b0 bal
  b_small limit (ltW h0) 1%N q%:M S_le S_ge close margin.
have three : eta * q ^+ 2 = 3%:R by rewrite q2 mulrC divfK // gt_eqF.
rewrite after three start; apply: (refuted (mulr_gt0 q20 (exprn_gt0 2 h0))).
  by rewrite mulr1 gtr_addl oppr_lt0 ltr0n.
have four : (1 - 3%:R) ^+ 2 = 4%:R :> R by ring.
by rewrite four ler_pemull ?ler1n // mulr_ge0 ?sqr_ge0.
Qed.

Theorem data_at_the_rate_of_the_largest_eigenvalue : ~ forall (d : nat -> nat) (n : nat) (x y eta s1 sd rho : R)
    (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d) (b : nat -> R),
  (0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> 0 <= eta -> 0 < sd -> bounded Phi ((y ^+ n.+1) ^+ 2) ->
  (forall j, 0 <= b j) -> (forall j, (j.+1 < n.+1)%N -> form_bounded (imbalance W0 j) (b j)) ->
  7%:R * (n.+1%:R * \sum_(0 <= j < n) b j) <= x ^+ 2 ->
  15%:R * (n.+1%:R * (eta * s1 * (y ^+ n.+1) ^+ 2)) <= x ^+ 2 -> 0 <= rho ->
  forall (p : nat) (Q : 'M[R]_(d 0%N, p)),
  (forall v : 'cV[R]_(d 0%N), sqnorm (Q^T *m v) <= s1 * sqnorm v) ->
  (forall v : 'cV[R]_(d 0%N), sd * sqnorm v <= sqnorm (Q^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge Phi (x ^+ n.+1 + rho) ->
  sqnorm (residual Phi (gradient_step eta (residual Phi W0 *m Q *m Q^T) W0) *m Q)
  <= (1 - eta * s1 * x ^+ (n + n)) * sqnorm (residual Phi W0 *m Q).
Proof.
move=> H; pose z := half ^+ 2 / 15%:R; have z0 : 0 < z by rewrite divr_gt0 ?exprn_gt0 ?ltr0n.
pose eta := z / 4%:R; have eta0 : 0 < eta by rewrite divr_gt0 ?ltr0n.
have ez : eta * 4%:R = z by rewrite /eta divfK // pnatr_eq0.
have limit : 15%:R * (1%:R * (eta * 4%:R * (1 ^+ 1) ^+ 2)) <= half ^+ 2.
  by rewrite ez !expr1n mulr1 mul1r /z mulrC divfK // pnatr_eq0.
have S_le (v : 'cV[R]_1) : sqnorm ((1%:M : 'M[R]_1)^T *m v) <= 4%:R * sqnorm v.
  by rewrite norms expr1n mul1r ler_pemull ?ler1n ?sqnorm_ge0.
have S_ge (v : 'cV[R]_1) : 1 * sqnorm v <= sqnorm ((1%:M : 'M[R]_1)^T *m v) by rewrite norms expr1n.
have close : sqnorm (residual Phi W0 *m (1%:M : 'M[R]_1)) <= 1 * half ^+ 2 by rewrite start expr1n.
have := H ones 0%N half 1 eta 4%:R 1 half Phi W0 (fun _ => 0) isT isT h0 ler01 (ltW eta0) ltr01 Phi_le b0 bal
  b_small limit (ltW h0) 1%N 1%:M S_le S_ge close margin.
rewrite after start expr1n mulr1 mul1r ez ler_pmul2r ?exprn_gt0 // mulr1 leNgt => /negP; apply.
have -> : (1 - eta) ^+ 2 = 1 - z + (z / 2%:R + (z / 4%:R) ^+ 2) by rewrite /eta; field.
by rewrite ltr_addl; apply: ltr_paddr; [apply: sqr_ge0|rewrite divr_gt0 ?ltr0n].
Qed.
End Data.
