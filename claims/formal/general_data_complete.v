(* DL-072 Theorem 1 for data that are not white, complete, for balance (A) and for singular data.

   As sharper_constants_complete.v has it for (B): over the real numbers of MathComp-Analysis, whose three axioms these
   rest on. G = W - Phi, E(W) = |G Q|_F^2 / 2, data S = Q Q^T; T >= ln(E(0)/eps) / (eta s_d c^{2(N-1)/N}) steps give
   E(T) <= eps.

   enough_steps_a            every ||B_j(0)||_F <= delta = c^{2/N} / (2 N^2), eta <= delta / (s_1 F^2), margin (i)
   enough_steps_a_ii         the same with margin (ii)
   enough_steps_singular     (B) with margin (i), for singular S: V V^T S = S, and s_d is the least on V's columns
   enough_steps_singular_ii  the same with margin (ii)
   enough_steps_a_singular, enough_steps_a_singular_ii   (A) on singular data, with either margin

   Left out: sigma_min as a number (it is said as s |x| <= |A x|). *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From mathcomp Require Import boolp classical_sets reals topology normedtype derive sequences realfun exp.
From DLC Require Import network norm deficiency_margin bounds one_step linear_rate linear_rate_complete.
From DLC Require Import sharper_constants sharper_constants_complete sharper_constants_singular sharper_powers_data.
From DLC Require Import singular_data_imbalances.
Import GRing.Theory Num.Theory Order.TTheory.
Import numFieldNormedType.Exports.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope classical_set_scope.
Local Open Scope ring_scope.
Local Notation "a `^ x" := (exp_fun a x).

(* The rate and what is enough, from twice the loss at both ends *)
Lemma enough_of_rate (R : realType) (n : nat) (eta sd c x e0 e1 eps : R) (T : nat) : 0 < eta -> 0 < sd -> 0 < x ->
  (forall k, x ^+ k = c `^ (k%:R / n.+1%:R)) -> 0 <= 1 - eta * sd * x ^+ (n + n) -> 0 <= e0 -> 0 < eps ->
  e1 <= (1 - eta * sd * x ^+ (n + n)) ^+ T * e0 ->
  ln (e0 / 2%:R / eps) / (eta * sd * c `^ ((2 * (n.+1 - 1))%:R / n.+1%:R)) <= T%:R -> e1 / 2%:R <= eps.
Proof.
move=> eta0 sd0 x0 xk factor e00 eps0 rate; rewrite subn1 -xk mul2n -addnn; apply: enough_at_rate => //.
- by rewrite !mulr_gt0 ?exprn_gt0.
- by rewrite -subr_ge0.
- by rewrite divr_ge0 ?ler0n.
by rewrite [X in _ <= X]mulrA ler_wpmul2r ?invr_ge0 ?ler0n.
Qed.

(* delta and the limit on eta, in roots *)
Lemma limits_in_roots (R : realFieldType) (K x2 delta eta s1 F : R) : 0 < K -> 0 < s1 -> 0 < F ->
  delta = x2 / (2%:R * K ^+ 2) -> eta <= delta / (s1 * F ^+ 2) ->
  2%:R * (K ^+ 2 * delta) <= x2 /\ eta * s1 * F ^+ 2 <= delta.
Proof.
move=> K0 s10 F0 delta_is eta_limit; split.
  by rewrite mulrA mulrC delta_is divfK // mulf_neq0 ?pnatr_eq0 // gt_eqF ?exprn_gt0.
by rewrite -mulrA -ler_pdivl_mulr // mulr_gt0 ?exprn_gt0.
Qed.

Theorem enough_steps_a (R : realType) (d : nat -> nat) (N p : nat) (Q : 'M[R]_(d 0%N, p)) (Phi : 'M[R]_(d N, d 0%N))
  (W0 : weights R d) (c F eta s1 sd rho delta eps : R) (T : nat) :
  let E (W : weights R d) := sqnorm (residual Phi W *m Q) / 2%:R in
  let W t := iter t (fun V => gradient_step eta (residual Phi V *m Q *m Q^T) V) W0 in
  (0 < N)%N -> (0 < d 0%N)%N -> (0 < d N)%N -> 0 < c -> 0 < F -> 0 < eta -> 0 < sd -> 0 <= rho -> 0 < eps ->
  bounded Phi (F ^+ 2) -> delta = c `^ (2%:R / N%:R) / (2%:R * N%:R ^+ 2) ->
  (forall j, (j.+1 < N)%N -> norm (imbalance W0 j) <= delta) -> eta <= delta / (s1 * F ^+ 2) ->
  (forall v : 'cV[R]_(d 0%N), sqnorm (Q^T *m v) <= s1 * sqnorm v) ->
  (forall v : 'cV[R]_(d 0%N), sd * sqnorm v <= sqnorm (Q^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge Phi (c + rho) ->
  ln (E W0 / eps) / (eta * sd * c `^ ((2 * (N - 1))%:R / N%:R)) <= T%:R -> E (W T) <= eps.
Proof.
case: N Phi => // n Phi E W _ inputs outputs c0 F0 eta0 sd0 rho0 eps0 Phi_le delta_is bal eta_limit S_le S_ge start
  margin.
have [x [x0 xN xk]] := root_of n c0; have [y [y0 yN _]] := root_of n F0.
have s10 : 0 < s1 by apply: lt_le_trans sd0 (sd_le_s1 inputs S_le S_ge).
have K0 : 0 < n.+1%:R :> R by rewrite ltr0n.
rewrite -xk in delta_is; have [small limit] := limits_in_roots K0 s10 F0 delta_is eta_limit.
have room := sigma_min_bounded outputs inputs (ltW F0) margin Phi_le.
rewrite -yN in Phi_le limit room; rewrite -xN in margin room.
have [_ rate _ _] := theorem_data_a inputs x0 (ltW y0) (ltW eta0) sd0 rho0 Phi_le bal small limit S_le S_ge outputs
  start margin T.
apply: (enough_of_rate eta0 sd0 x0 xk _ (sqnorm_ge0 _) eps0 rate).
exact: (factor_a inputs x0 (ltW y0) (ltW eta0) sd0 rho0 small limit S_le S_ge room).
Qed.

Theorem enough_steps_a_ii (R : realType) (d : nat -> nat) (N : nat) (Q : 'M[R]_(d 0%N)) (Phi : 'M[R]_(d N, d 0%N))
  (W0 : weights R d) (c F eta s sd rho delta eps : R) (T : nat) :
  let E (W : weights R d) := sqnorm (residual Phi W *m Q) / 2%:R in
  let W t := iter t (fun V => gradient_step eta (residual Phi V *m Q *m Q^T) V) W0 in
  (0 < N)%N -> (0 < d 0%N)%N -> 0 < c -> 0 < F -> 0 < eta -> 0 < s -> 0 < sd -> 0 <= rho -> 0 < eps ->
  bounded Phi (F ^+ 2) -> delta = c `^ (2%:R / N%:R) / (2%:R * N%:R ^+ 2) ->
  (forall j, (j.+1 < N)%N -> norm (imbalance W0 j) <= delta) -> eta <= delta / (s ^+ 2 * F ^+ 2) ->
  (forall v : 'cV[R]_(d 0%N), sqnorm (Q^T *m v) <= s ^+ 2 * sqnorm v) ->
  (forall v : 'cV[R]_(d 0%N), sd * sqnorm v <= sqnorm (Q^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> c + rho <= F -> Q \in unitmx ->
  sigma_min_ge (Phi *m Q) (c * s + norm (residual Phi W0 *m Q)) ->
  ln (E W0 / eps) / (eta * sd * c `^ ((2 * (N - 1))%:R / N%:R)) <= T%:R -> E (W T) <= eps.
Proof.
case: N Phi => // n Phi E W _ inputs c0 F0 eta0 s0 sd0 rho0 eps0 Phi_le delta_is bal eta_limit S_le S_ge start room
  invertible margin.
have [x [x0 xN xk]] := root_of n c0; have [y [y0 yN _]] := root_of n F0.
have K0 : 0 < n.+1%:R :> R by rewrite ltr0n.
rewrite -xk in delta_is; have [small limit] := limits_in_roots K0 (exprn_gt0 2 s0) F0 delta_is eta_limit.
rewrite -yN in Phi_le limit room; rewrite -xN in margin room.
have [_ rate _ _] := theorem_data_a_ii inputs x0 (ltW y0) (ltW eta0) sd0 rho0 Phi_le bal small limit S_le S_ge s0
  start room invertible margin T.
apply: (enough_of_rate eta0 sd0 x0 xk _ (sqnorm_ge0 _) eps0 rate).
exact: (factor_a inputs x0 (ltW y0) (ltW eta0) sd0 rho0 small limit S_le S_ge room).
Qed.

(* (B)'s limit, in roots *)
Lemma limit_in_roots_b (R : realFieldType) (K x2 eta s1 F : R) : 0 < K -> 0 < s1 -> 0 < F ->
  eta <= x2 / (15%:R * K * s1 * F ^+ 2) -> 15%:R * (K * (eta * s1 * F ^+ 2)) <= x2.
Proof.
move=> K0 s10 F0; have q0 : 0 < 15%:R * K * s1 * F ^+ 2 by rewrite !mulr_gt0 ?exprn_gt0 ?ltr0n.
by rewrite ler_pdivl_mulr // => limit; apply: le_trans limit; apply: eqle; ring.
Qed.

Theorem enough_steps_singular (R : realType) (d : nat -> nat) (N r p : nat) (V : 'M[R]_(d 0%N, r))
  (Q : 'M[R]_(d 0%N, p)) (Phi : 'M[R]_(d N, d 0%N)) (W0 : weights R d) (b : nat -> R) (c F eta s1 sd rho eps : R)
  (T : nat) :
  let E (W : weights R d) := sqnorm (residual Phi W *m Q) / 2%:R in
  let W t := iter t (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0 in
  (0 < N)%N -> (0 < r)%N -> (0 < d N)%N -> 0 < c -> 0 < F -> 0 < eta -> 0 < sd -> 0 <= rho -> 0 < eps ->
  V *m V^T *m Q = Q -> bounded (Phi *m V) (F ^+ 2) ->
  (forall j, 0 <= b j) -> (forall j, (j.+1 < N)%N -> form_bounded (imbalance (first_turned V W0) j) (b j)) ->
  N%:R * (\sum_(0 <= j < N.-1) b j) <= c `^ (2%:R / N%:R) / 7%:R ->
  eta <= c `^ (2%:R / N%:R) / (15%:R * N%:R * s1 * F ^+ 2) ->
  (forall v : 'cV[R]_r, sqnorm ((V^T *m Q)^T *m v) <= s1 * sqnorm v) ->
  (forall v : 'cV[R]_r, sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge (Phi *m V) (c + rho) ->
  ln (E W0 / eps) / (eta * sd * c `^ ((2 * (N - 1))%:R / N%:R)) <= T%:R -> E (W T) <= eps.
Proof.
case: N Phi => // n Phi E W _ inputs outputs c0 F0 eta0 sd0 rho0 eps0 range Phi_le b0 bal b_small eta_limit S_le S_ge
  start margin.
have [x [x0 xN xk]] := root_of n c0; have [y [y0 yN _]] := root_of n F0.
have s10 : 0 < s1 by apply: lt_le_trans sd0 (sd_le_s1 (d := narrowed d r) inputs S_le S_ge).
have K0 : 0 < n.+1%:R :> R by rewrite ltr0n.
have room := sigma_min_bounded outputs inputs (ltW F0) margin Phi_le.
rewrite -xk in b_small eta_limit; rewrite -xN in margin room; rewrite -yN in Phi_le eta_limit room.
have small : 7%:R * (n.+1%:R * \sum_(0 <= j < n) b j) <= x ^+ 2 by rewrite mulrC -ler_pdivl_mulr ?ltr0n.
have es := limit_in_roots_b K0 s10 (exprn_gt0 n.+1 y0) eta_limit.
have [_ rate _ _] := theorem_data_singular inputs outputs x0 (ltW y0) (ltW eta0) sd0 range Phi_le b0 bal small es rho0
  S_le S_ge start margin T.
apply: (enough_of_rate eta0 sd0 x0 xk _ (sqnorm_ge0 _) eps0 rate).
exact: (factor_ge0 (d := narrowed d r) inputs x0 (ltW y0) (ltW eta0) sd0 S_le S_ge rho0 room es).
Qed.

Theorem enough_steps_singular_ii (R : realType) (d : nat -> nat) (N r : nat) (V Q : 'M[R]_(d 0%N, r))
  (Phi : 'M[R]_(d N, d 0%N)) (W0 : weights R d) (b : nat -> R) (c F eta s sd rho eps : R) (T : nat) :
  let E (W : weights R d) := sqnorm (residual Phi W *m Q) / 2%:R in
  let W t := iter t (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0 in
  (0 < N)%N -> (0 < r)%N -> 0 < c -> 0 < F -> 0 < eta -> 0 < s -> 0 < sd -> 0 <= rho -> 0 < eps ->
  V *m V^T *m Q = Q -> bounded (Phi *m V) (F ^+ 2) ->
  (forall j, 0 <= b j) -> (forall j, (j.+1 < N)%N -> form_bounded (imbalance (first_turned V W0) j) (b j)) ->
  N%:R * (\sum_(0 <= j < N.-1) b j) <= c `^ (2%:R / N%:R) / 7%:R ->
  eta <= c `^ (2%:R / N%:R) / (15%:R * N%:R * s ^+ 2 * F ^+ 2) ->
  (forall v : 'cV[R]_r, sqnorm ((V^T *m Q)^T *m v) <= s ^+ 2 * sqnorm v) ->
  (forall v : 'cV[R]_r, sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> c + rho <= F -> V^T *m Q \in unitmx ->
  sigma_min_ge (Phi *m Q) (c * s + norm (residual Phi W0 *m Q)) ->
  ln (E W0 / eps) / (eta * sd * c `^ ((2 * (N - 1))%:R / N%:R)) <= T%:R -> E (W T) <= eps.
Proof.
case: N Phi => // n Phi E W _ inputs c0 F0 eta0 s0 sd0 rho0 eps0 range Phi_le b0 bal b_small eta_limit S_le S_ge start
  room invertible margin.
have [x [x0 xN xk]] := root_of n c0; have [y [y0 yN _]] := root_of n F0.
have K0 : 0 < n.+1%:R :> R by rewrite ltr0n.
rewrite -xk in b_small eta_limit; rewrite -xN in margin room; rewrite -yN in Phi_le eta_limit room.
have small : 7%:R * (n.+1%:R * \sum_(0 <= j < n) b j) <= x ^+ 2 by rewrite mulrC -ler_pdivl_mulr ?ltr0n.
have es := limit_in_roots_b K0 (exprn_gt0 2 s0) (exprn_gt0 n.+1 y0) eta_limit.
have [_ rate _ _] := theorem_data_singular_ii inputs x0 (ltW y0) (ltW eta0) s0 sd0 range Phi_le b0 bal small es rho0
  S_le S_ge start room invertible margin T.
apply: (enough_of_rate eta0 sd0 x0 xk _ (sqnorm_ge0 _) eps0 rate).
exact: (factor_ge0 (d := narrowed d r) inputs x0 (ltW y0) (ltW eta0) sd0 S_le S_ge rho0 room es).
Qed.

Theorem enough_steps_a_singular (R : realType) (d : nat -> nat) (N r p : nat) (V : 'M[R]_(d 0%N, r))
  (Q : 'M[R]_(d 0%N, p)) (Phi : 'M[R]_(d N, d 0%N)) (W0 : weights R d) (c F eta s1 sd rho delta eps : R) (T : nat) :
  let E (W : weights R d) := sqnorm (residual Phi W *m Q) / 2%:R in
  let W t := iter t (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0 in
  (0 < N)%N -> (0 < r)%N -> (0 < d N)%N -> 0 < c -> 0 < F -> 0 < eta -> 0 < sd -> 0 <= rho -> 0 < eps ->
  V *m V^T *m Q = Q -> bounded (Phi *m V) (F ^+ 2) -> delta = c `^ (2%:R / N%:R) / (2%:R * N%:R ^+ 2) ->
  (forall j, (j.+1 < N)%N -> norm (imbalance (first_turned V W0) j) <= delta) -> eta <= delta / (s1 * F ^+ 2) ->
  (forall v : 'cV[R]_r, sqnorm ((V^T *m Q)^T *m v) <= s1 * sqnorm v) ->
  (forall v : 'cV[R]_r, sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge (Phi *m V) (c + rho) ->
  ln (E W0 / eps) / (eta * sd * c `^ ((2 * (N - 1))%:R / N%:R)) <= T%:R -> E (W T) <= eps.
Proof.
case: N Phi => // n Phi E W _ inputs outputs c0 F0 eta0 sd0 rho0 eps0 range Phi_le delta_is bal eta_limit S_le S_ge
  start margin.
have [x [x0 xN xk]] := root_of n c0; have [y [y0 yN _]] := root_of n F0.
have s10 : 0 < s1 by apply: lt_le_trans sd0 (sd_le_s1 (d := narrowed d r) inputs S_le S_ge).
have K0 : 0 < n.+1%:R :> R by rewrite ltr0n.
rewrite -xk in delta_is; have [small limit] := limits_in_roots K0 s10 F0 delta_is eta_limit.
have room := sigma_min_bounded outputs inputs (ltW F0) margin Phi_le.
rewrite -yN in Phi_le limit room; rewrite -xN in margin room.
have [rate _ _ _] := theorem_data_a_singular inputs outputs x0 (ltW y0) (ltW eta0) sd0 rho0 range Phi_le bal small
  limit S_le S_ge start margin T.
apply: (enough_of_rate eta0 sd0 x0 xk _ (sqnorm_ge0 _) eps0 rate).
exact: (factor_a (d := narrowed d r) inputs x0 (ltW y0) (ltW eta0) sd0 rho0 small limit S_le S_ge room).
Qed.

Theorem enough_steps_a_singular_ii (R : realType) (d : nat -> nat) (N r : nat) (V Q : 'M[R]_(d 0%N, r))
  (Phi : 'M[R]_(d N, d 0%N)) (W0 : weights R d) (c F eta s sd rho delta eps : R) (T : nat) :
  let E (W : weights R d) := sqnorm (residual Phi W *m Q) / 2%:R in
  let W t := iter t (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0 in
  (0 < N)%N -> (0 < r)%N -> 0 < c -> 0 < F -> 0 < eta -> 0 < s -> 0 < sd -> 0 <= rho -> 0 < eps ->
  V *m V^T *m Q = Q -> bounded (Phi *m V) (F ^+ 2) -> delta = c `^ (2%:R / N%:R) / (2%:R * N%:R ^+ 2) ->
  (forall j, (j.+1 < N)%N -> norm (imbalance (first_turned V W0) j) <= delta) -> eta <= delta / (s ^+ 2 * F ^+ 2) ->
  (forall v : 'cV[R]_r, sqnorm ((V^T *m Q)^T *m v) <= s ^+ 2 * sqnorm v) ->
  (forall v : 'cV[R]_r, sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> c + rho <= F -> V^T *m Q \in unitmx ->
  sigma_min_ge (Phi *m Q) (c * s + norm (residual Phi W0 *m Q)) ->
  ln (E W0 / eps) / (eta * sd * c `^ ((2 * (N - 1))%:R / N%:R)) <= T%:R -> E (W T) <= eps.
Proof.
case: N Phi => // n Phi E W _ inputs c0 F0 eta0 s0 sd0 rho0 eps0 range Phi_le delta_is bal eta_limit S_le S_ge start
  room invertible margin.
have [x [x0 xN xk]] := root_of n c0; have [y [y0 yN _]] := root_of n F0.
have K0 : 0 < n.+1%:R :> R by rewrite ltr0n.
rewrite -xk in delta_is; have [small limit] := limits_in_roots K0 (exprn_gt0 2 s0) F0 delta_is eta_limit.
rewrite -yN in Phi_le limit room; rewrite -xN in margin room.
have [rate _ _ _] := theorem_data_a_singular_ii inputs x0 (ltW y0) (ltW eta0) s0 sd0 rho0 range Phi_le bal small
  limit S_le S_ge start room invertible margin T.
apply: (enough_of_rate eta0 sd0 x0 xk _ (sqnorm_ge0 _) eps0 rate).
exact: (factor_a (d := narrowed d r) inputs x0 (ltW y0) (ltW eta0) sd0 rho0 small limit S_le S_ge room).
Qed.
