(* Singular data (DL-072) with balance (A), asked as the balance is of (W_1 V, W_2, ..), with its own constant 2.

   As sharper_constants_singular.v has it for (B): V V^T Q = Q, and s_d <= V^T S V <= s_1. *)
From mathcomp Require Import all_ssreflect all_algebra.
From DLC Require Import network norm deficiency_margin bounds sharper_constants sharper_constants_singular.
From DLC Require Import sharper_powers_data.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Lemma from_narrow_a (R : rcfType) (d : nat -> nat) (r p n : nat) (x eta s1 sd delta : R) (V : 'M[R]_(d 0%N, r))
    (Q : 'M[R]_(d 0%N, p)) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d) (t : nat) : V *m V^T *m Q = Q ->
  let W u := iter u (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0 in
  conclusion_a (d := narrowed d r) x eta s1 sd delta (V^T *m Q) (narrow_target V Phi) (first_turned V W0) t ->
  [/\ sqnorm (residual Phi (W t) *m Q) <= (1 - eta * sd * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0 *m Q),
      forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance (first_turned V (W t)) j) <= (1 + sd / s1) * delta,
      sigma_min_ge (end_to_end n.+1 (W t) *m V) (x ^+ n.+1)
    & W t 0%N *m (1%:M - V *m V^T) = W0 0%N *m (1%:M - V *m V^T)].
Proof.
move=> range W; rewrite /conclusion_a (narrow_seen eta Phi W0 range t) (narrow_product eta Phi W0 range t).
have first := narrow_seen eta Phi W0 range 0.
case=> _ rate bal away; split=> //; first by rewrite -first.
  move=> j jN; have := bal j jN; rewrite /imbalance !(narrow_layer eta Phi W0 range t); exact.
exact: (kernel_stays Phi eta range W0 t).
Qed.

(* margin (i) *)
Theorem theorem_data_a_singular (R : rcfType) (d : nat -> nat) (r p n : nat) (x y eta s1 sd rho delta : R)
    (V : 'M[R]_(d 0%N, r)) (Q : 'M[R]_(d 0%N, p)) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d) :
  (0 < r)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> 0 <= eta -> 0 < sd -> 0 <= rho -> V *m V^T *m Q = Q ->
  bounded (Phi *m V) ((y ^+ n.+1) ^+ 2) ->
  (forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance (first_turned V W0) j) <= delta) ->
  2%:R * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 -> eta * s1 * (y ^+ n.+1) ^+ 2 <= delta ->
  (forall v : 'cV[R]_r, sqnorm ((V^T *m Q)^T *m v) <= s1 * sqnorm v) ->
  (forall v : 'cV[R]_r, sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge (Phi *m V) (x ^+ n.+1 + rho) ->
  let W t := iter t (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0 in forall t : nat,
  [/\ sqnorm (residual Phi (W t) *m Q) <= (1 - eta * sd * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0 *m Q),
      forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance (first_turned V (W t)) j) <= (1 + sd / s1) * delta,
      sigma_min_ge (end_to_end n.+1 (W t) *m V) (x ^+ n.+1)
    & W t 0%N *m (1%:M - V *m V^T) = W0 0%N *m (1%:M - V *m V^T)].
Proof.
move=> inputs outputs x0 y0 eta0 sd0 rho0 range Phi_le bal small limit S_le S_ge start margin W t.
rewrite -(narrow_seen eta Phi W0 range 0) in start.
exact: (from_narrow_a range (@theorem_data_a R (narrowed d r) n p x y eta s1 sd rho delta (V^T *m Q)
  (narrow_target V Phi) (first_turned V W0) inputs x0 y0 eta0 sd0 rho0 Phi_le bal small limit S_le S_ge outputs start
  margin t)).
Qed.

(* margin (ii), Q of as many columns as S has rank, s = sqrt s_1 *)
Theorem theorem_data_a_singular_ii (R : rcfType) (d : nat -> nat) (r n : nat) (x y eta s sd rho delta : R)
    (V Q : 'M[R]_(d 0%N, r)) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d) :
  (0 < r)%N -> 0 < x -> 0 <= y -> 0 <= eta -> 0 < s -> 0 < sd -> 0 <= rho -> V *m V^T *m Q = Q ->
  bounded (Phi *m V) ((y ^+ n.+1) ^+ 2) ->
  (forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance (first_turned V W0) j) <= delta) ->
  2%:R * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 -> eta * s ^+ 2 * (y ^+ n.+1) ^+ 2 <= delta ->
  (forall v : 'cV[R]_r, sqnorm ((V^T *m Q)^T *m v) <= s ^+ 2 * sqnorm v) ->
  (forall v : 'cV[R]_r, sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> x ^+ n.+1 + rho <= y ^+ n.+1 -> V^T *m Q \in unitmx ->
  sigma_min_ge (Phi *m Q) (x ^+ n.+1 * s + norm (residual Phi W0 *m Q)) ->
  let W t := iter t (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0 in forall t : nat,
  [/\ sqnorm (residual Phi (W t) *m Q) <= (1 - eta * sd * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0 *m Q),
      forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance (first_turned V (W t)) j) <= (1 + sd / s ^+ 2) * delta,
      sigma_min_ge (end_to_end n.+1 (W t) *m V) (x ^+ n.+1)
    & W t 0%N *m (1%:M - V *m V^T) = W0 0%N *m (1%:M - V *m V^T)].
Proof.
move=> inputs x0 y0 eta0 s0 sd0 rho0 range Phi_le bal small limit S_le S_ge start room Qu margin W t.
have seen := narrow_seen eta Phi W0 range 0.
have start' : sqnorm (residual (narrow_target V Phi) (first_turned V W0) *m (V^T *m Q)) <= sd * rho ^+ 2.
  by rewrite seen.
have margin' : sigma_min_ge (narrow_target V Phi *m (V^T *m Q)) (x ^+ n.+1 * s +
    norm (residual (narrow_target V Phi) (first_turned V W0) *m (V^T *m Q))).
  by rewrite seen /narrow_target -mulmxA [V *m (V^T *m Q)]mulmxA range.
exact: (from_narrow_a range (@theorem_data_a_ii R (narrowed d r) n x y eta s sd rho delta (V^T *m Q)
  (narrow_target V Phi) (first_turned V W0) inputs x0 y0 eta0 sd0 rho0 Phi_le bal small limit S_le S_ge s0 start' room
  Qu margin' t)).
Qed.
