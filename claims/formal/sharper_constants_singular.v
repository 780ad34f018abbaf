(* Singular data (DL-072): descent on them is descent of the network (W_1 V, W_2, ..., W_N) on data that are not.

   S = Q Q^T, and V has orthonormal columns that span its range at least: V V^T Q = Q. [first_turned] puts W_1 V in the
   place of W_1; its data are V^T Q, and its target Phi V. On what is orthogonal to V, W_1 never moves. Balance (B).

   theorem_data_singular, _ii   (B) with margin (i) and (ii)
   hypotheses_met_singular      every depth has such a start, with a loss > 0, for both
   singular_without_range       without V V^T Q = Q W_1 moves there *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm deficiency_margin bounds sharper_constants.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Definition narrowed (d : nat -> nat) (r : nat) (j : nat) : nat := if j is 0%N then r else d j.

Section Singular.
Variables (R : comRingType) (d : nat -> nat) (r p n : nat) (V : 'M[R]_(d 0%N, r)) (Q : 'M[R]_(d 0%N, p)).
Variables (Phi : 'M[R]_(d n.+1, d 0%N)) (eta : R).
Implicit Type W : weights R d.

Definition first_turned W : weights R (narrowed d r) :=
  fun j => match j return 'M[R]_(d j.+1, narrowed d r j) with 0%N => W 0%N *m V | i.+1 => W i.+1 end.

Lemma turned_product W k : product (first_turned W) 0 k.+1 = product W 0 k.+1 *m V.
Proof.
elim: k => [|k IH]; first by rewrite !product_last // !product_nil !mulmx1.
by rewrite product_last // IH [in RHS]product_last // mulmxA.
Qed.

Lemma turned_rest W j k : product (first_turned W) j.+1 k.+1 = product W j.+1 k.+1.
Proof.
elim: k => [|k IH]; first by [].
change ((if (j < k.+1)%N then W k.+1 *m product (first_turned W) j.+1 k.+1 else pid_mx (d j.+1)) =
  (if (j < k.+1)%N then W k.+1 *m product W j.+1 k.+1 else pid_mx (d j.+1))).
by rewrite IH.
Qed.

(* The gradients in the products, of both networks, and their steps. *)
Definition wide_step W : weights R d := gradient_step eta (residual Phi W *m Q *m Q^T) W.
Definition narrow_step (U : weights R (narrowed d r)) : weights R (narrowed d r) :=
  gradient_step eta
    (residual (Phi *m V : 'M[R]_(narrowed d r n.+1, narrowed d r 0%N)) U *m (V^T *m Q) *m (V^T *m Q)^T) U.
Hypothesis range : V *m V^T *m Q = Q.

Lemma turned_residual W :
  residual (Phi *m V : 'M[R]_(narrowed d r n.+1, narrowed d r 0%N)) (first_turned W) = residual Phi W *m V.
Proof. by rewrite /residual /end_to_end turned_product mulmxBl. Qed.

Lemma turned_seen W : residual (Phi *m V : 'M[R]_(narrowed d r n.+1, narrowed d r 0%N)) (first_turned W) *m (V^T *m Q)
  = residual Phi W *m Q.
Proof. by rewrite turned_residual -mulmxA [V *m (V^T *m Q)]mulmxA range. Qed.

Lemma turned_step W j : narrow_step (first_turned W) j = first_turned (wide_step W) j.
Proof.
rewrite /narrow_step turned_seen; case: j => [|j].
  change (first_turned (wide_step W) 0%N) with (wide_step W 0%N *m V).
  rewrite /wide_step /gradient_step /layer_gradient turned_rest !product_nil !trmx1 !mulmx1 [RHS]mulmxBl -scalemxAl.
  by rewrite trmx_mul trmxK !mulmxA.
change (first_turned (wide_step W) j.+1) with (wide_step W j.+1).
rewrite /wide_step /gradient_step /layer_gradient turned_rest turned_product.
have same (P : 'M[R]_(d j.+1, d 0%N)) : (V^T *m Q)^T *m (P *m V)^T = Q^T *m P^T.
  by rewrite -[in RHS]range !trmx_mul !trmxK !mulmxA.
move: (product W 0 j.+1) (product W j.+2 n.+1) (residual Phi W) => P A G; by rewrite -!mulmxA same.
Qed.

Lemma narrow_step_congr U U' j : (forall l, U l = U' l) -> narrow_step U j = narrow_step U' j.
Proof.
move=> same; have E i k : product U i k = product U' i k by apply: product_congr => l _; apply: same.
by rewrite /narrow_step /gradient_step /layer_gradient /residual /end_to_end !E same.
Qed.

Theorem singular_descent W t j : iter t narrow_step (first_turned W) j = first_turned (iter t wide_step W) j.
Proof.
elim: t j => // t IH j; rewrite iterS (narrow_step_congr _ (U' := first_turned (iter t wide_step W))) //.
exact: turned_step.
Qed.

Theorem kernel_stays W t : iter t wide_step W 0%N *m (1%:M - V *m V^T) = W 0%N *m (1%:M - V *m V^T).
Proof.
elim: t => // t <-; rewrite iterS; move: (iter t wide_step W) => U.
rewrite /wide_step /gradient_step /layer_gradient product_nil trmx1 mulmx1 mulmxBl -scalemxAl.
have zero : Q^T *m (1%:M - V *m V^T) = 0.
  have same : (1%:M - V *m V^T)^T = 1%:M - V *m V^T by rewrite linearB /= trmx1 trmx_mul trmxK.
  by rewrite -[LHS]trmxK trmx_mul trmxK same mulmxBl mul1mx range subrr trmx0.
by rewrite -!mulmxA zero !mulmx0 scaler0 subr0.
Qed.
End Singular.

(* What is proved of the narrow network, told of the wide one *)
Section Narrow.
Variables (R : rcfType) (d : nat -> nat) (r p n : nat) (eta : R) (V : 'M[R]_(d 0%N, r)) (Q : 'M[R]_(d 0%N, p)).
Variables (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d).
Hypothesis range : V *m V^T *m Q = Q.
Let W u := iter u (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0.
Definition narrow_target : 'M[R]_(narrowed d r n.+1, narrowed d r 0%N) := Phi *m V.
Let U u := run eta (V^T *m Q) narrow_target (first_turned V W0) u.

Lemma narrow_layer u j : U u j = first_turned V (W u) j.
Proof. exact: (singular_descent Phi eta range W0 u j). Qed.

Lemma narrow_product u : end_to_end n.+1 (U u) = end_to_end n.+1 (W u) *m V.
Proof.
rewrite -turned_product; exact: (@product_congr R (narrowed d r) (U u) (first_turned V (W u)) 0 n.+1
  (fun l _ => narrow_layer u l)).
Qed.

Lemma narrow_seen u : residual narrow_target (U u) *m (V^T *m Q) = residual Phi (W u) *m Q.
Proof.
rewrite /residual narrow_product -mulmxBl -/(residual Phi (W u)) -mulmxA; congr (_ *m _).
by rewrite mulmxA range.
Qed.

Lemma from_narrow x sd t : conclusion x eta sd narrow_target (first_turned V W0) (V^T *m Q) t ->
  [/\ sqnorm (residual Phi (W t.+1) *m Q) <= (1 - eta * sd * x ^+ (n + n)) * sqnorm (residual Phi (W t) *m Q),
      sqnorm (residual Phi (W t) *m Q) <= (1 - eta * sd * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0 *m Q),
      sigma_min_ge (end_to_end n.+1 (W t) *m V) (x ^+ n.+1)
    & W t 0%N *m (1%:M - V *m V^T) = W0 0%N *m (1%:M - V *m V^T)].
Proof.
have first : residual narrow_target (first_turned V W0) *m (V^T *m Q) = residual Phi W0 *m Q := narrow_seen 0.
rewrite /conclusion (narrow_seen t.+1) (narrow_seen t) narrow_product first; case=> step rate away _; split=> //.
exact: (kernel_stays Phi eta range W0 t).
Qed.
End Narrow.

(* margin (i) *)
Theorem theorem_data_singular (R : rcfType) (d : nat -> nat) (r p n : nat) (x y eta s1 sd rho : R)
    (V : 'M[R]_(d 0%N, r)) (Q : 'M[R]_(d 0%N, p)) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d) (b : nat -> R) :
  (0 < r)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> 0 <= eta -> 0 < sd -> V *m V^T *m Q = Q ->
  bounded (Phi *m V) ((y ^+ n.+1) ^+ 2) ->
  (forall j : nat, 0 <= b j) ->
  (forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance (first_turned V W0) j) (b j)) ->
  7%:R * (n.+1%:R * \sum_(0 <= j < n) b j) <= x ^+ 2 ->
  15%:R * (n.+1%:R * (eta * s1 * (y ^+ n.+1) ^+ 2)) <= x ^+ 2 -> 0 <= rho ->
  (forall v : 'cV[R]_r, sqnorm ((V^T *m Q)^T *m v) <= s1 * sqnorm v) ->
  (forall v : 'cV[R]_r, sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge (Phi *m V) (x ^+ n.+1 + rho) ->
  let W t := iter t (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0 in forall t : nat,
  [/\ sqnorm (residual Phi (W t.+1) *m Q) <= (1 - eta * sd * x ^+ (n + n)) * sqnorm (residual Phi (W t) *m Q),
      sqnorm (residual Phi (W t) *m Q) <= (1 - eta * sd * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0 *m Q),
      sigma_min_ge (end_to_end n.+1 (W t) *m V) (x ^+ n.+1)
    & W t 0%N *m (1%:M - V *m V^T) = W0 0%N *m (1%:M - V *m V^T)].
Proof.
move=> inputs outputs x0 y0 eta0 sd0 range Phi_le b0 balanced small es rho0 S_le S_ge start margin W t.
have start' : sqnorm (residual (Phi *m V : 'M[R]_(narrowed d r n.+1, narrowed d r 0%N)) (first_turned V W0)
    *m (V^T *m Q)) <= sd * rho ^+ 2 by rewrite turned_seen.
exact: (from_narrow range (@theorem_data R (narrowed d r) n x y eta s1 sd rho (Phi *m V) (first_turned V W0) b inputs
  outputs x0 y0 eta0 sd0 Phi_le b0 balanced small es rho0 p (V^T *m Q) S_le S_ge start' margin t)).
Qed.

(* margin (ii), Q of as many columns as S has rank, s = sqrt s_1 *)
Theorem theorem_data_singular_ii (R : rcfType) (d : nat -> nat) (r n : nat) (x y eta s sd rho : R)
    (V Q : 'M[R]_(d 0%N, r)) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d) (b : nat -> R) :
  (0 < r)%N -> 0 < x -> 0 <= y -> 0 <= eta -> 0 < s -> 0 < sd -> V *m V^T *m Q = Q ->
  bounded (Phi *m V) ((y ^+ n.+1) ^+ 2) ->
  (forall j : nat, 0 <= b j) ->
  (forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance (first_turned V W0) j) (b j)) ->
  7%:R * (n.+1%:R * \sum_(0 <= j < n) b j) <= x ^+ 2 ->
  15%:R * (n.+1%:R * (eta * s ^+ 2 * (y ^+ n.+1) ^+ 2)) <= x ^+ 2 -> 0 <= rho ->
  (forall v : 'cV[R]_r, sqnorm ((V^T *m Q)^T *m v) <= s ^+ 2 * sqnorm v) ->
  (forall v : 'cV[R]_r, sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> x ^+ n.+1 + rho <= y ^+ n.+1 -> V^T *m Q \in unitmx ->
  sigma_min_ge (Phi *m Q) (x ^+ n.+1 * s + norm (residual Phi W0 *m Q)) ->
  let W t := iter t (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0 in forall t : nat,
  [/\ sqnorm (residual Phi (W t.+1) *m Q) <= (1 - eta * sd * x ^+ (n + n)) * sqnorm (residual Phi (W t) *m Q),
      sqnorm (residual Phi (W t) *m Q) <= (1 - eta * sd * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0 *m Q),
      sigma_min_ge (end_to_end n.+1 (W t) *m V) (x ^+ n.+1)
    & W t 0%N *m (1%:M - V *m V^T) = W0 0%N *m (1%:M - V *m V^T)].
Proof.
move=> inputs x0 y0 eta0 s0 sd0 range Phi_le b0 balanced small es rho0 S_le S_ge start room Qu margin W t.
have start' : sqnorm (residual (Phi *m V : 'M[R]_(narrowed d r n.+1, narrowed d r 0%N)) (first_turned V W0)
    *m (V^T *m Q)) <= sd * rho ^+ 2 by rewrite turned_seen.
have margin' : sigma_min_ge ((Phi *m V : 'M[R]_(narrowed d r n.+1, narrowed d r 0%N)) *m (V^T *m Q)) (x ^+ n.+1 * s +
    norm (residual (Phi *m V : 'M[R]_(narrowed d r n.+1, narrowed d r 0%N)) (first_turned V W0) *m (V^T *m Q))).
  by rewrite turned_seen // -mulmxA [V *m (V^T *m Q)]mulmxA range.
exact: (from_narrow range (@theorem_data_ii R (narrowed d r) n x y eta (s ^+ 2) sd rho (Phi *m V) (first_turned V W0) b
  inputs x0 y0 eta0 sd0 Phi_le b0 balanced small es rho0 (V^T *m Q) s s0 erefl S_le S_ge start' room Qu margin' t)).
Qed.

(* Hypotheses that can be met, at every depth and with either margin: two inputs of which the second is not seen, and a
   first layer that is not 0 there. *)
Section Met.
Variable R : rcfType.
Definition two_inputs (j : nat) : nat := if j is 0%N then 2%N else 1%N.
(* the input that is seen *)
Definition seen_input : 'M[R]_(two_inputs 0, 1) := delta_mx 0 0.
Definition two_input_layers (x : R) : weights R two_inputs :=
  fun j => match j return 'M[R]_(two_inputs j.+1, two_inputs j) with
    0%N => x *: delta_mx 0 0 + delta_mx 0 1 | i.+1 => x%:M end.

Let V := seen_input.
Let V1 : V^T *m V = 1%:M.
Proof. by apply/matrixP => i j; rewrite trmx_delta mul_delta_mx !ord1 !mxE. Qed.

(* the input that is not seen *)
Let e : 'cV[R]_2 := delta_mx 1 0.
Let e0 : e != 0.
Proof. by apply/eqP => /matrixP/(_ 1 0)/eqP; rewrite !mxE !eqxx oner_eq0. Qed.
Let unseen : V^T *m e = 0.
Proof. by rewrite /V /seen_input trmx_delta mul_delta_mx_cond mulr0n. Qed.

Let product_is x k : product (two_input_layers x) 0 k.+1 = x ^+ k *: two_input_layers x 0%N.
Proof.
elim: k => [|k IH]; first by rewrite product_last // product_nil mulmx1 scale1r.
by rewrite product_last // IH mul_scalar_mx scalerA exprS.
Qed.

Let first x : two_input_layers x 0%N *m V = x%:M.
Proof.
apply/matrixP => i j; rewrite mulmxDl -scalemxAl /V /seen_input !mul_delta_mx_cond !ord1 !mxE /=.
by rewrite !mulr1n mulr1 addr0.
Qed.

Let turned x j : imbalance (first_turned V (two_input_layers x)) j = 0.
Proof.
case: j => [|j]; rewrite /imbalance /first_turned /= ?first !tr_scalar_mx subrr //.
Qed.

Theorem hypotheses_met_singular (n : nat) : let K : R := n.+1%:R in exists (x eta rho : R)
    (Phi : 'M[R]_(two_inputs n.+1, two_inputs 0)) (W0 : weights R two_inputs),
  [/\ [/\ 0 < x, 0 < eta, 0 <= rho & x ^+ n.+1 + rho <= 1 ^+ n.+1],
      [/\ V *m V^T *m V = V, V *m V^T \notin unitmx, V^T *m V \in unitmx
        & forall v : 'cV[R]_1, sqnorm ((V^T *m V)^T *m v) = 1 * sqnorm v],
      [/\ bounded (Phi *m V) ((1 ^+ n.+1) ^+ 2), 15%:R * (K * (eta * 1 * (1 ^+ n.+1) ^+ 2)) = x ^+ 2
        & forall j, (j.+1 < n.+1)%N -> form_bounded (imbalance (first_turned V W0) j) 0],
      [/\ 0 < sqnorm (residual Phi W0 *m V), sqnorm (residual Phi W0 *m V) <= 1 * rho ^+ 2,
          sigma_min_ge (Phi *m V) (x ^+ n.+1 + rho)
        & sigma_min_ge (Phi *m V) (x ^+ n.+1 * 1 + norm (residual Phi W0 *m V))]
    & W0 0%N *m (1%:M - V *m V^T) != 0].
Proof.
move=> K; pose h : R := 1 / 2%:R; have h0 : 0 < h by rewrite divr_gt0 ?ltr01 ?ltr0n.
have [x x0 xN] := roots_exist n (ltW h0).
have x_gt0 : 0 < x.
  by rewrite lt_def x0 andbT; apply/eqP => xz; move: h0; rewrite -xN xz expr0n /= ltxx.
have K0 : 0 < 15%:R * K by rewrite mulr_gt0 ?ltr0n.
have half : h + h = 1 by rewrite /h; field.
exists x, (x ^+ 2 / (15%:R * K)), h, (V^T : 'M[R]_(two_inputs n.+1, two_inputs 0)), (two_input_layers x).
have seen : residual (V^T : 'M[R]_(two_inputs n.+1, two_inputs 0)) (two_input_layers x) *m V = (- h)%:M.
  rewrite /residual /end_to_end product_is mulmxBl -scalemxAl first V1 scale_scalar_mx -exprSr xN -raddfB.
  by congr (_%:M); rewrite /h; field.
have loss : sqnorm (residual (V^T : 'M[R]_(two_inputs n.+1, two_inputs 0)) (two_input_layers x) *m V) = h ^+ 2.
  by rewrite seen -sqr_norm norm_scalar normrN ger0_norm ?(ltW h0).
have stretched s : s = 1 -> sigma_min_ge ((V^T : 'M[R]_(two_inputs n.+1, two_inputs 0)) *m V) s.
  by move=> ->; rewrite /sigma_min_ge V1 /= => v; rewrite mul1mx mul1r.
split.
- by rewrite x_gt0 ltW // xN half expr1n lexx divr_gt0 ?exprn_gt0.
- split; rewrite -?mulmxA ?V1 ?mulmx1 ?unitmx1 //; last by move=> v; rewrite trmx1 mul1mx mul1r.
  apply: contra e0 => /mulKmx/(_ e); rewrite -mulmxA unseen !mulmx0 => <-; exact: eqxx.
- split; first by move=> v; rewrite V1 mul1mx !expr1n mul1r.
    by rewrite !expr1n !mulr1 mulrA mulrC divfK // gt_eqF.
  by move=> j _ z; rewrite turned mul0mx inner0r normr0 mul0r.
- rewrite loss xN mul1r mulr1 /norm loss sqrtr_sqr ger0_norm ?(ltW h0) //.
  by split; [exact: exprn_gt0|exact: lexx|apply: stretched; exact: half|apply: stretched; exact: half].
apply/eqP => zero; have : (two_input_layers x 0%N *m (1%:M - V *m V^T)) *m e = 0 by rewrite zero mul0mx.
rewrite -mulmxA mulmxBl mul1mx -mulmxA unseen mulmx0 subr0 mulmxDl -scalemxAl !mul_delta_mx_cond mulr0n scaler0 add0r.
by move/matrixP/(_ 0 0)/eqP; rewrite !mxE oner_eq0.
Qed.

(* Without V V^T Q = Q the first layer moves on the kernel of V^T: data of two inputs, one layer, one step. *)
Theorem singular_without_range : ~ forall (d : nat -> nat) (r p n : nat) (x y eta s1 sd rho : R)
    (V : 'M[R]_(d 0%N, r)) (Q : 'M[R]_(d 0%N, p)) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d) (b : nat -> R),
  (0 < r)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> 0 <= eta -> 0 < sd ->
  bounded (Phi *m V) ((y ^+ n.+1) ^+ 2) -> (forall j : nat, 0 <= b j) ->
  (forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance (first_turned V W0) j) (b j)) ->
  7%:R * (n.+1%:R * \sum_(0 <= j < n) b j) <= x ^+ 2 ->
  15%:R * (n.+1%:R * (eta * s1 * (y ^+ n.+1) ^+ 2)) <= x ^+ 2 -> 0 <= rho ->
  (forall v : 'cV[R]_r, sqnorm ((V^T *m Q)^T *m v) <= s1 * sqnorm v) ->
  (forall v : 'cV[R]_r, sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge (Phi *m V) (x ^+ n.+1 + rho) ->
  let W t := iter t (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0 in forall t : nat,
  W t 0%N *m (1%:M - V *m V^T) = W0 0%N *m (1%:M - V *m V^T).
Proof.
move=> moves; pose h : R := 1 / 2%:R; have h0 : 0 < h by rewrite divr_gt0 ?ltr01 ?ltr0n.
have half : h + h = 1 by rewrite /h; field.
pose Phi : 'M[R]_(two_inputs 1, two_inputs 0) := V^T; pose eta := h ^+ 2 / 15%:R.
have eta0 : 0 < eta by rewrite divr_gt0 ?exprn_gt0 ?ltr0n.
pose W0 : weights R two_inputs := fun j => match j return 'M[R]_(two_inputs j.+1, two_inputs j) with
  0%N => V^T + h *: e^T | i.+1 => 0 end.
have far : residual Phi W0 *m 1%:M = h *: e^T.
  by rewrite mulmx1 /residual /end_to_end product_last // product_nil mulmx1 /W0 /Phi addrC addKr.
have ee : e^T *m e = 1%:M.
  by apply/matrixP => i j; rewrite trmx_delta mul_delta_mx !ord1 !mxE.
have size : sqnorm (residual Phi W0 *m 1%:M) = h ^+ 2.
  by rewrite far sqnorm_scale -sqnorm_tr trmxK sqnorm_inner /inner ee mxtrace1 mulr1.
have one (v : 'cV[R]_1) : sqnorm ((V^T *m (1%:M : 'M[R]_2))^T *m v) = 1 * sqnorm v.
  by rewrite mulmx1 trmxK mul1r !sqnorm_inner inner_left mulmxA V1 mul1mx.
have PhiV : bounded (Phi *m V) ((1 ^+ 1) ^+ 2) by move=> v; rewrite /Phi V1 mul1mx !expr1n mul1r.
have bal j : (j.+1 < 1)%N -> form_bounded (imbalance (first_turned V W0) j) ((fun _ => 0) j) by [].
have sum : 7%:R * (1%:R * \sum_(0 <= j < 0) (fun _ => 0 : R) j) <= h ^+ 2 by rewrite big_geq // !mulr0 sqr_ge0.
have limit : 15%:R * (1%:R * (eta * 1 * (1 ^+ 1) ^+ 2)) <= h ^+ 2.
  by rewrite !expr1n !mulr1 mul1r mulrC divfK // pnatr_eq0.
have start : sqnorm (residual Phi W0 *m 1%:M) <= 1 * h ^+ 2 by rewrite size mul1r.
have margin : sigma_min_ge (Phi *m V) (h ^+ 1 + h).
  by rewrite expr1 half /Phi /sigma_min_ge V1 /= => v; rewrite mul1mx mul1r.
have /(congr1 (fun A => (A *m e) 0 0)) := moves two_inputs 1%N 2%N 0%N h 1 eta 1 1 h V 1%:M Phi W0 (fun _ => 0) isT isT
  h0 ler01 (ltW eta0) ltr01 PhiV (fun _ => lexx _) bal sum limit (ltW h0) (fun v => eqle (one v))
  (fun v => eqle (esym (one v))) start margin 1%N.
rewrite /= far /gradient_step /layer_gradient !product_nil !trmx1 mul1mx !mulmx1 -!mulmxA.
have kernel : (1%:M - V *m V^T) *m e = e by rewrite mulmxBl mul1mx -mulmxA unseen mulmx0 subr0.
rewrite kernel mulmxBl /W0 mulmxDl unseen add0r -!scalemxAl ee !mxE eqxx !mulr1.
by move/eqP; rewrite subr_eq addrC -subr_eq subrr eq_sym mulf_eq0 !gt_eqF.
Qed.
End Met.
