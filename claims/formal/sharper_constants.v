(* DL-072 Theorem 1 for data that are not white; S = 1 is DL-013 with N in place of N^2.

   Data S = Q Q^T with s_d <= S <= s_1 (Q = X / sqrt m, or 1 for whitened data), G = W - Phi, E = |G Q|_F^2 / 2,
     which is
   the regression loss less its minimum (loss_of_data). Depth N = n+1, all widths, every step t, over any real closed
   field. Roots for powers: c = x^N, F = y^N. b_j bounds |B_j(0)|_2; F bounds |Phi|_2; c > 0.

   theorem_data         7 N sum_j b_j <= c^{2/N}, 15 N eta s_1 F^2 <= c^{2/N}, |G(0)|_S <= sqrt(s_d) rho and
                        sigma_min(Phi) >= c + rho give, for every t: E(t+1) <= (1 - eta s_d c^{2(N-1)/N}) E(t),
                          the rate,
                        sigma_min(W(t)) >= c, and bounds b_j(t) of |B_j(t)|_2 with 4 N sum_j b_j(t) <= c^{2/N}
   theorem_data_ii      the same from sigma_min(Phi Q) >= c sqrt(s_1) + |G(0)|_S
   whitened             S = 1: gradient descent on |W - Phi|_F^2 / 2 from a start of margin c
   whitened_frobenius   the same with ||B_j(0)||_F for b_j
   hypotheses_met_data  every depth has a start that meets the hypotheses, with a loss > 0

   Left out: sigma_min as a number (it is said as s |x| <= |A x|); singular S. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm scalar balancedness deficiency_margin bounds end_layers step data_step.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* ||V X - Y||_F^2 = ||(V - Phi) X||_F^2 + min, Phi the least-squares solution: so Q = X / sqrt m,
  and the gradient is (V - Phi) Q Q^T *)
Theorem loss_of_data (R : realDomainType) m n k (V Phi : 'M[R]_(m, n)) (X : 'M[R]_(n, k)) (Y : 'M[R]_(m, k)) :
  Phi *m X *m X^T = Y *m X^T -> sqnorm (V *m X - Y) = sqnorm ((V - Phi) *m X) + sqnorm (Phi *m X - Y).
Proof.
move=> normal; have -> : V *m X - Y = (V - Phi) *m X + (Phi *m X - Y) by rewrite mulmxBl addrA subrK.
have zero : (Phi *m X - Y) *m X^T = 0 by rewrite mulmxBl normal subrr.
by rewrite sqnormD inner_right zero inner0r mul0rn addr0.
Qed.

Section Size.
Variable R : rcfType.
Lemma norm_delta n : norm (delta_mx 0 0 : 'cV[R]_n.+1) = 1.
Proof.
rewrite /norm /sqnorm (bigD1 0) //= big_ord1 !mxE !eqxx expr1n big1 ?addr0 ?sqrtr1 // => i /negbTE i0.
by rewrite big_ord1 mxE i0 expr0n.
Qed.

Lemma stretches_bounded m n (A : 'M[R]_(m, n)) s F : (0 < n)%N -> 0 <= F -> stretches A s ->
  bounded A (F ^+ 2) -> s <= F.
Proof.
case: n A => // n A _ F0 /(_ (delta_mx 0 0)) H B.
rewrite norm_delta mulr1 in H; apply: le_trans H _.
by apply: le_trans (norm_left _ F0 B) _; rewrite norm_delta mulr1.
Qed.

Lemma sigma_min_bounded m n (A : 'M[R]_(m, n)) s F : (0 < m)%N -> (0 < n)%N -> 0 <= F -> sigma_min_ge A s ->
  bounded A (F ^+ 2) -> s <= F.
Proof.
rewrite /sigma_min_ge => m0 n0 F0; case: ifP => _ H B; first exact: stretches_bounded H B.
exact: stretches_bounded H (bounded_tr (sqr_ge0 _) B).
Qed.

End Size.

Section Trajectory.
Variables (R : rcfType) (d : nat -> nat) (n p : nat) (x y eta s1 sd rho : R).
Let N := n.+1.
Let K : R := N%:R.
Variables (Q : 'M[R]_(d 0, p)) (Phi : 'M[R]_(d N, d 0)) (W0 : weights R d) (b0 : nat -> R).

(* Gradient descent on |(W_{1:N} - Phi) Q|_F^2 / 2 *)
Definition data_step (W : weights R d) : weights R d := gradient_step eta (residual Phi W *m Q *m Q^T) W.
Definition run t : weights R d := iter t data_step W0.
Let W := run.
Let G t := residual Phi (W t).

Hypotheses (inputs : (0 < d 0)%N) (outputs : (0 < d N)%N).
Hypotheses (x_gt0 : 0 < x) (y_ge0 : 0 <= y) (eta_ge0 : 0 <= eta) (sd_gt0 : 0 < sd).
Hypothesis S_le : forall v : 'cV[R]_(d 0), sqnorm (Q^T *m v) <= s1 * sqnorm v.
Hypothesis S_ge : forall v : 'cV[R]_(d 0), sd * sqnorm v <= sqnorm (Q^T *m v).
Hypothesis Phi_le : bounded Phi ((y ^+ N) ^+ 2).
(* what a margin is for: |G(0)|_S <= sqrt s_d rho, c + rho <= F, and sigma_min(V) >= c wherever E(V) <= E(0) *)
Hypotheses (rho_ge0 : 0 <= rho) (start : sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2) (start_room : x ^+ N
  + rho <= y ^+ N).
Hypothesis ball : forall V : 'M[R]_(d N, d 0), sqnorm ((V - Phi) *m Q) <= sqnorm (residual Phi W0 *m Q)
  -> sigma_min_ge V (x ^+ N).
Hypotheses (b0_ge0 : forall j, 0 <= b0 j) (balanced : forall j, (j.+1 < N)%N -> form_bounded (imbalance W0 j) (b0 j)).
Hypothesis b0_small : 7%:R * (K * \sum_(0 <= j < n) b0 j) <= x ^+ 2.
Hypothesis eta_small : 15%:R * (K * (eta * s1 * (y ^+ N) ^+ 2)) <= x ^+ 2.

Let F0 : 0 <= y ^+ N. Proof. exact: exprn_ge0. Qed.

Lemma c_le_F : x <= y.
Proof.
rewrite -(@ler_pexpn2r _ N) ?nnegrE ?(ltW x_gt0) //; apply: le_trans start_room.
by rewrite ler_addl.
Qed.

Lemma sd_le_s1 : sd <= s1.
Proof.
suff : exists2 v : 'cV[R]_(d 0), sqnorm v = 1 & true.
  by case=> v v1 _; have := le_trans (S_ge v) (S_le v); rewrite v1 !mulr1.
case: (d 0) inputs => // k _; exists (delta_mx 0 0) => //.
by rewrite -sqr_norm norm_delta expr1n.
Qed.

Let s1_ge0 : 0 <= s1. Proof. exact: le_trans (ltW sd_gt0) sd_le_s1. Qed.
Let Q_le : bounded Q s1. Proof. by rewrite -[Q]trmxK; apply: bounded_tr. Qed.

Lemma S_ge_norm (A : 'M[R]_(d N, d 0)) : sd * sqnorm A <= sqnorm (A *m Q).
Proof.
rewrite -(sqnorm_tr A) -(sqnorm_tr (A *m Q)) trmx_mul -[X in sd * sqnorm X]mul1mx -[sqnorm (Q^T *m _)]mul1r.
by apply: columns => v; rewrite mul1mx mul1r.
Qed.

Lemma gram_ge (v : 'cV[R]_(d 0)) : sd * sqnorm (Q^T *m v) <= sqnorm (Q *m (Q^T *m v)).
Proof.
have := gram_cauchy Q^T v; rewrite trmxK; have := S_ge v; move: (sqnorm_ge0 (Q^T *m v)).
rewrite le_eqVlt => /orP [/eqP <- _ _|pos]; first by rewrite mulr0 sqnorm_ge0.
move=> Sv C; rewrite -(ler_pmul2r pos) -mulrA -expr2.
apply: le_trans (ler_wpmul2l (ltW sd_gt0) C) _; rewrite mulrA [X in _ <= X]mulrC.
by apply: ler_wpmul2r; [exact: sqnorm_ge0|exact: Sv].
Qed.

Lemma gram_ge_norm (A : 'M[R]_(d N, d 0)) : sd * sqnorm (A *m Q) <= sqnorm (A *m Q *m Q^T).
Proof.
rewrite -(sqnorm_tr (A *m Q)) -(sqnorm_tr (A *m Q *m Q^T)) !trmx_mul trmxK mulmxA -[sqnorm (Q *m _ *m _)]mul1r.
by apply: columns => v; rewrite mul1r -mulmxA; apply: gram_ge.
Qed.

Definition invariant_b t := sqnorm (G t *m Q) <= sqnorm (G 0%N *m Q) /\
  exists D : nat -> R, [/\ forall j, 0 <= D j, forall j, (j.+1 < N)%N -> form_bounded (imbalance (W t) j) (D j)
  & \sum_(0 <= j < n) D j + 8%:R / 5%:R * (eta * sqnorm (G t *m Q)) <= \sum_(0 <= j < n) b0 j
    + 8%:R / 5%:R * (eta * sqnorm (G 0%N *m Q))].

Lemma residual_le t : invariant_b t -> norm (G t) <= rho.
Proof.
case=> closer _; rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?norm_ge0 // sqr_norm -(ler_pmul2l sd_gt0).
apply: le_trans (S_ge_norm _) _; exact: le_trans closer start.
Qed.

Lemma drift_small (D : nat -> R) t :
  \sum_(0 <= j < n) D j + 8%:R / 5%:R * (eta * sqnorm (G t *m Q)) <= \sum_(0 <= j < n) b0 j
    + 8%:R / 5%:R * (eta * sqnorm (G 0%N *m Q)) ->
  4%:R * (K * \sum_(0 <= j < n) D j) <= x ^+ 2.
Proof.
move=> H; have K0 : 0 <= K by rewrite ler0n.
have e0 : 0 <= 8%:R / 5%:R :> R by rewrite divr_ge0 ?ler0n.
have g : eta * sqnorm (G 0%N *m Q) <= eta * s1 * (y ^+ N) ^+ 2.
  rewrite -mulrA; apply: ler_wpmul2l => //; apply: le_trans start _; apply: ler_pmul;
    rewrite ?(ltW sd_gt0) ?sqr_ge0 ?sd_le_s1 //.
  by apply: ler_expn2r; rewrite ?nnegrE //; apply: le_trans start_room; rewrite ler_addr exprn_ge0 // ltW.
have H' : \sum_(0 <= j < n) D j <= \sum_(0 <= j < n) b0 j + 8%:R / 5%:R * (eta * s1 * (y ^+ N) ^+ 2).
  apply: le_trans (_ : \sum_(0 <= j < n) D j + 8%:R / 5%:R * (eta * sqnorm (G t *m Q)) <= _).
    by rewrite ler_addl; apply: mulr_ge0 => //; apply: mulr_ge0 => //; exact: sqnorm_ge0.
  by apply: le_trans H _; rewrite ler_add2l; apply: ler_wpmul2l.
have KH := ler_wpmul2l K0 H'.
rewrite -(@ler_pmul2l _ (7%:R * 75%:R)) ?mulr_gt0 ?ltr0n //.
apply: le_trans (_ : 7%:R * 75%:R * (4%:R * (K * (\sum_(0 <= j < n) b0 j + 8%:R / 5%:R * (eta * s1 * (y ^+ N)
  ^+ 2)))) <= _).
  by apply: ler_wpmul2l; rewrite ?mulr_ge0 ?ler0n //; apply: ler_wpmul2l; rewrite ?ler0n.
have -> : 7%:R * 75%:R * (4%:R * (K * (\sum_(0 <= j < n) b0 j + 8%:R / 5%:R * (eta * s1 * (y ^+ N) ^+ 2))))
  = 300%:R * (7%:R * (K * \sum_(0 <= j < n) b0 j)) + 224%:R * (15%:R * (K * (eta * s1 * (y ^+ N) ^+ 2))).
  by move: (\sum_(0 <= j < n) b0 j) ((y ^+ N) ^+ 2) K => *; field.
apply: le_trans (_ : 300%:R * x ^+ 2 + 224%:R * x ^+ 2 <= _).
  by apply: ler_add; apply: ler_wpmul2l; rewrite ?ler0n.
rewrite -mulrDl; apply: ler_wpmul2r; first exact: sqr_ge0.
by rewrite -natrD -natrM ler_nat.
Qed.

Let room t : invariant_b t -> x ^+ N + norm (G t) <= y ^+ N.
Proof. by move=> I; apply: le_trans start_room; rewrite ler_add2l residual_le. Qed.

Let r_exists : exists2 r : R, 0 <= r & r ^+ N = 2%:R * y ^+ N.
Proof. by apply: roots_exist; rewrite mulr_ge0 ?ler0n. Qed.

Lemma next_b t : invariant_b t -> invariant_b t.+1.
Proof.
move=> I; have Gt := room I; case: I => closer [D [D0 DB Dsum]]; have [r r0 rN] := r_exists.
have b_small := drift_small Dsum.
have step := fall x_gt0 c_le_F eta_ge0 s1_ge0 Q_le eta_small Phi_le Gt D0 DB (lexx _) b_small r0 rN.
have e0 : 0 <= 5%:R / 4%:R * (eta * \sum_(0 <= i < N) sqnorm (layer_gradient (G t *m Q *m Q^T) (W t) i)).
  by apply: mulr_ge0; [rewrite divr_ge0 ?ler0n|apply: mulr_ge0 => //; apply: sumr_ge0 => *; apply: sqnorm_ge0].
split; first by apply: le_trans closer; apply: le_trans step; rewrite ler_addl.
exists (next_bound eta Q Phi (W t) D); split.
- exact: next_bound_ge0.
- exact: next_balanced.
- apply: le_trans Dsum.
  exact: (next_sum x_gt0 c_le_F eta_ge0 s1_ge0 Q_le eta_small Phi_le Gt D0 DB (lexx _) b_small r0 rN).
Qed.

Lemma always_b t : invariant_b t.
Proof. by elim: t => [|t IH]; [split=> //; exists b0; split|apply: next_b]. Qed.

Theorem stays_away t : sigma_min_ge (end_to_end N (W t)) (x ^+ N).
Proof. by have [closer _] := always_b t; apply: ball. Qed.

(* the sum of the (operator-norm) imbalances stays within c^{2/N} / (4N) *)
Theorem sum_stays_bounded t : exists D : nat -> R, [/\ forall j, 0 <= D j,
  forall j, (j.+1 < N)%N -> form_bounded (imbalance (W t) j) (D j) & 4%:R * (K * \sum_(0 <= j < n) D j) <= x ^+ 2].
Proof. by have [_ [D [D0 DB /drift_small Dsum]]] := always_b t; exists D. Qed.

(* E(t+1) <= (1 - eta s_d c^{2(N-1)/N}) E(t) *)
Theorem every_step_b t : sqnorm (G t.+1 *m Q) <= (1 - eta * sd * x ^+ (n + n)) * sqnorm (G t *m Q).
Proof.
have I := always_b t; have Gt := room I; case: I => closer [D [D0 DB Dsum]]; have [r r0 rN] := r_exists.
have b_small := drift_small Dsum.
have step := fall x_gt0 c_le_F eta_ge0 s1_ge0 Q_le eta_small Phi_le Gt D0 DB (lexx _) b_small r0 rN.
have grad := gradient_large Q Phi x_gt0 D0 DB (lexx _) b_small (stays_away t).
have HG := gram_ge_norm (G t).
rewrite mulrBl mul1r ler_subr_addr; apply: le_trans step; rewrite ler_add2l.
have -> : eta * sd * x ^+ (n + n) * sqnorm (G t *m Q) = eta * (x ^+ (n + n) * (sd * sqnorm (G t *m Q))).
  by move: (sqnorm _) (x ^+ _) => *; ring.
have xk : 0 <= x ^+ (n + n) by rewrite exprn_ge0 // ltW.
have := ler_wpmul2l eta_ge0 (le_trans (ler_wpmul2l xk HG) grad).
by rewrite [eta * (5%:R / 4%:R * _)]mulrCA.
Qed.
Lemma factor_ge0 : 0 <= 1 - eta * sd * x ^+ (n + n).
Proof.
have y_gt0 : 0 < y by apply: lt_le_trans c_le_F.
have y2 : 0 < y ^+ 2 by apply: exprn_gt0.
have yk : 0 <= y ^+ (n + n) by apply: exprn_ge0.
have xk : 0 <= x ^+ (n + n) by apply: exprn_ge0; apply: ltW.
have es : 0 <= eta * s1 by apply: mulr_ge0.
have a0 : 0 <= eta * sd by apply: mulr_ge0 => //; apply: ltW.
have a1 : eta * sd <= eta * s1 := ler_wpmul2l eta_ge0 sd_le_s1.
have xy : x ^+ (n + n) <= y ^+ (n + n) by apply: ler_expn2r; rewrite ?nnegrE ?(ltW x_gt0) // c_le_F.
rewrite subr_ge0; apply: le_trans (ler_pmul a0 xk a1 xy) _.
rewrite -(ler_pmul2r y2) mul1r; apply: le_trans (_ : x ^+ 2 <= _); last first.
  by apply: ler_expn2r; rewrite ?nnegrE ?(ltW x_gt0) // c_le_F.
have e : eta * s1 * y ^+ (n + n) * y ^+ 2 = eta * s1 * (y ^+ N) ^+ 2.
  by rewrite -[_ * y ^+ 2]mulrA -exprD -exprM /N mulSn [(n * 2)%N]mulnC mul2n -addnn addnC.
rewrite e; apply: le_trans eta_small; have p0 : 0 <= eta * s1 * (y ^+ N) ^+ 2 by apply: mulr_ge0 => //; apply: sqr_ge0.
rewrite mulrA ler_pemull // mulr_ege1 // ?ler1n //.
Qed.

Theorem linear_rate_b t : sqnorm (G t *m Q) <= (1 - eta * sd * x ^+ (n + n)) ^+ t * sqnorm (G 0%N *m Q).
Proof.
elim: t => [|t IH]; first by rewrite mul1r.
apply: le_trans (every_step_b t) _; rewrite [_ ^+ t.+1]exprS -[X in _ <= X]mulrA; exact: (ler_wpmul2l factor_ge0 IH).
Qed.

Theorem run_in_ball t : [/\ sqnorm (G t.+1 *m Q) <= (1 - eta * sd * x ^+ (n + n)) * sqnorm (G t *m Q),
  sqnorm (G t *m Q) <= (1 - eta * sd * x ^+ (n + n)) ^+ t * sqnorm (G 0%N *m Q),
  sigma_min_ge (end_to_end N (W t)) (x ^+ N)
  & exists D : nat -> R, [/\ forall j, 0 <= D j, forall j, (j.+1 < N)%N -> form_bounded (imbalance (W t) j) (D j)
    & 4%:R * (K * \sum_(0 <= j < n) D j) <= x ^+ 2]].
Proof. by split; [apply: every_step_b|apply: linear_rate_b|apply: stays_away|apply: sum_stays_bounded]. Qed.
End Trajectory.

(* margin (ii): sigma_min(Phi S^{1/2}) >= c sqrt s_1 + |G(0)|_S *)
Lemma margin_ii (R : rcfType) m n (Phi V : 'M[R]_(m, n)) (Q : 'M[R]_n) c s e : 0 <= c -> 0 < s -> Q \in unitmx ->
  bounded Q (s ^+ 2) ->
  sigma_min_ge (Phi *m Q) (c * s + e) -> norm ((V - Phi) *m Q) <= e -> sigma_min_ge V c.
Proof.
move=> c0 s0 Qu Qs big; rewrite mulmxBl => close; move: (sigma_min_near big close).
rewrite /sigma_min_ge; case: ifP => _ H v.
  have := H (invmx Q *m v); rewrite -mulmxA mulKVmx // => H'; apply: le_trans H'; rewrite -mulrA;
    apply: ler_wpmul2l => //.
  by rewrite -{1}[v](mulKVmx Qu); apply: norm_left => //; apply: ltW.
have := H v; rewrite trmx_mul -mulmxA => H'; rewrite -(ler_pmul2l s0) mulrA [s * c]mulrC; apply: le_trans H' _.
by apply: norm_left; [exact: ltW|apply: bounded_tr => //; exact: sqr_ge0].
Qed.

Section Margins.
Variables (R : rcfType) (d : nat -> nat) (n : nat) (x y eta s1 sd rho : R).
Let N := n.+1.
Let K : R := N%:R.
Variables (Phi : 'M[R]_(d N, d 0)) (W0 : weights R d) (b0 : nat -> R).
Hypotheses (inputs : (0 < d 0)%N) (outputs : (0 < d N)%N).
Hypotheses (x_gt0 : 0 < x) (y_ge0 : 0 <= y) (eta_ge0 : 0 <= eta) (sd_gt0 : 0 < sd).
Hypothesis Phi_le : bounded Phi ((y ^+ N) ^+ 2).
Hypotheses (b0_ge0 : forall j, 0 <= b0 j) (balanced : forall j, (j.+1 < N)%N -> form_bounded (imbalance W0 j) (b0 j)).
Hypothesis b0_small : 7%:R * (K * \sum_(0 <= j < n) b0 j) <= x ^+ 2.
Hypothesis eta_small : 15%:R * (K * (eta * s1 * (y ^+ N) ^+ 2)) <= x ^+ 2.
Hypothesis rho_ge0 : 0 <= rho.

Definition conclusion p (Q : 'M[R]_(d 0, p)) t := [/\
  sqnorm (residual Phi (run eta Q Phi W0 t.+1) *m Q) <= (1 - eta * sd * x ^+ (n + n))
    * sqnorm (residual Phi (run eta Q Phi W0 t) *m Q),
  sqnorm (residual Phi (run eta Q Phi W0 t) *m Q) <= (1 - eta * sd * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0 *m Q),
  sigma_min_ge (end_to_end N (run eta Q Phi W0 t)) (x ^+ N)
  & exists D : nat -> R, [/\ forall j, 0 <= D j, forall j, (j.+1 < N)%N ->
    form_bounded (imbalance (run eta Q Phi W0 t) j) (D j)
    & 4%:R * (K * \sum_(0 <= j < n) D j) <= x ^+ 2]].

(* margin (i): |G(0)|_S <= sqrt s_d rho, sigma_min(Phi) >= c + rho *)
Theorem theorem_data p (Q : 'M[R]_(d 0, p)) :
  (forall v : 'cV[R]_(d 0), sqnorm (Q^T *m v) <= s1 * sqnorm v) -> (forall v : 'cV[R]_(d 0), sd * sqnorm v
    <= sqnorm (Q^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge Phi (x ^+ N + rho) -> forall t, conclusion Q t.
Proof.
move=> S_le S_ge start margin t; have F0 : 0 <= y ^+ N by apply: exprn_ge0.
apply: (run_in_ball inputs x_gt0 y_ge0 eta_ge0 sd_gt0 S_le S_ge Phi_le rho_ge0 start _ _ b0_ge0 balanced b0_small
  eta_small).
  exact: sigma_min_bounded margin Phi_le.
move=> V VE; apply: sigma_min_near margin _.
rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?norm_ge0 // sqr_norm -(ler_pmul2l sd_gt0).
exact: le_trans (S_ge_norm S_ge _) (le_trans VE start).
Qed.

(* margin (ii), Q = S^{1/2} or any square root of S: sigma_min(Phi Q) >= c sqrt s_1 + |G(0)|_S and F >= c
  + |G(0)|_S / sqrt s_d (s = sqrt s_1) *)
Theorem theorem_data_ii (Q : 'M[R]_(d 0)) s : 0 < s -> s ^+ 2 = s1 ->
  (forall v : 'cV[R]_(d 0), sqnorm (Q^T *m v) <= s1 * sqnorm v) -> (forall v : 'cV[R]_(d 0), sd * sqnorm v
    <= sqnorm (Q^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> x ^+ N + rho <= y ^+ N -> Q \in unitmx ->
  sigma_min_ge (Phi *m Q) (x ^+ N * s + norm (residual Phi W0 *m Q)) -> forall t, conclusion Q t.
Proof.
move=> s0 ss S_le S_ge start room Qu margin t.
apply: (run_in_ball inputs x_gt0 y_ge0 eta_ge0 sd_gt0 S_le S_ge Phi_le rho_ge0 start room _ b0_ge0 balanced b0_small
  eta_small).
move=> V VE; apply: (margin_ii _ s0 Qu _ margin); first by rewrite exprn_ge0 // ltW.
  by rewrite ss -[Q]trmxK; apply: bounded_tr => //; rewrite -ss sqr_ge0.
exact: norm_le.
Qed.
End Margins.

(* Whitened data, S = I: gradient descent on |W_{1:N} - Phi|_F^2 / 2 as in network.v. b0 j bounds |B_j(0)|_2;
  norm (imbalance W0 j) will do. *)
Section Whitened.
Variables (R : rcfType) (d : nat -> nat) (n : nat) (x y eta : R).
Let N := n.+1.
Let K : R := N%:R.
Variables (Phi : 'M[R]_(d N, d 0)) (W0 : weights R d).
Hypotheses (inputs : (0 < d 0)%N) (outputs : (0 < d N)%N).
Hypotheses (x_gt0 : 0 < x) (y_ge0 : 0 <= y) (eta_ge0 : 0 <= eta) (Phi_le : bounded Phi ((y ^+ N) ^+ 2)).
Hypothesis margin : has_margin Phi (end_to_end N W0) (x ^+ N).
Hypothesis eta_small : 15%:R * (K * (eta * (y ^+ N) ^+ 2)) <= x ^+ 2.

Lemma run_descent t : run eta 1%:M Phi W0 t = descent eta Phi W0 t.
Proof.
rewrite /run /descent; elim: t => // t; rewrite !iterS => ->.
by rewrite /data_step /descent_step trmx1 !mulmx1.
Qed.

Section Form.
Variable b0 : nat -> R.
Hypotheses (b0_ge0 : forall j, 0 <= b0 j) (balanced : forall j, (j.+1 < N)%N -> form_bounded (imbalance W0 j) (b0 j)).
Hypothesis b0_small : 7%:R * (K * \sum_(0 <= j < n) b0 j) <= x ^+ 2.

Theorem whitened t : [/\ sqnorm (residual Phi (descent eta Phi W0 t.+1)) <= (1 - eta * x ^+ (n + n))
  * sqnorm (residual Phi (descent eta Phi W0 t)),
  sqnorm (residual Phi (descent eta Phi W0 t)) <= (1 - eta * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0),
  sigma_min_ge (end_to_end N (descent eta Phi W0 t)) (x ^+ N)
  & exists D : nat -> R, [/\ forall j, 0 <= D j, forall j, (j.+1 < N)%N ->
    form_bounded (imbalance (descent eta Phi W0 t) j) (D j)
    & 4%:R * (K * \sum_(0 <= j < n) D j) <= x ^+ 2]].
Proof.
have S_le (v : 'cV[R]_(d 0)) : sqnorm ((1%:M : 'M[R]_(d 0))^T *m v) <= 1 * sqnorm v by rewrite trmx1 mul1mx mul1r.
have S_ge (v : 'cV[R]_(d 0)) : 1 * sqnorm v <= sqnorm ((1%:M : 'M[R]_(d 0))^T *m v) by rewrite trmx1 mul1mx mul1r.
have start : sqnorm (residual Phi W0 *m (1%:M : 'M[R]_(d 0))) <= 1 * norm (residual Phi W0)
  ^+ 2 by rewrite mulmx1 mul1r sqr_norm.
have es : 15%:R * (K * (eta * 1 * (y ^+ N) ^+ 2)) <= x ^+ 2 by rewrite mulr1.
have := theorem_data inputs outputs x_gt0 y_ge0 eta_ge0 ltr01 Phi_le b0_ge0 balanced b0_small es (norm_ge0 _)
  S_le S_ge start margin t.
by rewrite /conclusion !run_descent !mulmx1 !mulr1.
Qed.
End Form.

(* the same with Frobenius norms: sum_j ||B_j(0)||_F <= c^{2/N}/(7N) and F = ||Phi||_F *)
Hypothesis frobenius_small : 7%:R * (K * \sum_(0 <= j < n) norm (imbalance W0 j)) <= x ^+ 2.
Theorem whitened_frobenius t : [/\ sqnorm (residual Phi (descent eta Phi W0 t.+1)) <= (1 - eta * x ^+ (n + n))
  * sqnorm (residual Phi (descent eta Phi W0 t)),
  sqnorm (residual Phi (descent eta Phi W0 t)) <= (1 - eta * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0)
  & sigma_min_ge (end_to_end N (descent eta Phi W0 t)) (x ^+ N)].
Proof.
by have [] := @whitened (fun j => norm (imbalance W0 j)) (fun j => norm_ge0 _) (fun j _ =>
  form_bounded_norm _) frobenius_small t.
Qed.
End Whitened.

Section Met.
Variable R : rcfType.
Lemma norm_scalar (a : R) : norm (a%:M : 'M[R]_1) = `|a|.
Proof. by rewrite /norm /sqnorm !big_ord1 mxE eqxx sqrtr_sqr. Qed.

Theorem hypotheses_met_data (n : nat) : let K : R := n.+1%:R in exists (x eta : R) (W0 : weights R ones),
  [/\ 0 < x, 0 < eta, bounded (target n.+1 (1 : R)) ((1 ^+ n.+1) ^+ 2), has_margin (target n.+1 1)
    (end_to_end n.+1 W0) (x ^+ n.+1) &
  [/\ 15%:R * (K * (eta * (1 ^+ n.+1) ^+ 2)) = x ^+ 2,
      7%:R * (K * \sum_(0 <= j < n) norm (imbalance W0 j)) <= x ^+ 2 &
      0 < sqnorm (residual (target n.+1 1) W0)]].
Proof.
move=> K; have h0 : 0 <= 1 / 2%:R :> R by rewrite divr_ge0 ?ler01 ?ler0n.
have [x x0 xN] := roots_exist n h0.
have x_gt0 : 0 < x.
  rewrite lt_def x0 andbT; apply/eqP => xz; move/eqP: xN; rewrite xz expr0n /= mul1r eq_sym invr_eq0.
  by rewrite pnatr_eq0.
have K0 : 0 < 15%:R * K by rewrite mulr_gt0 ?ltr0n.
exists x, (x ^+ 2 / (15%:R * K)), (scalars (fun _ => x)).
have W1 : end_to_end n.+1 (scalars (fun _ => x)) = (1 / 2%:R)%:M.
  by rewrite /end_to_end product_scalars // prodr_const_nat subn0 xN.
have half : (1 / 2%:R - 1 : R) = - (1 / 2%:R) by field.
have pos : 0 < 1 / 2%:R :> R by rewrite divr_gt0 ?ltr01 ?ltr0n.
split.
- exact: x_gt0.
- by apply: divr_gt0 => //; apply: exprn_gt0.
- by move=> v; rewrite /target mul1mx !expr1n mul1r.
- rewrite /has_margin /sigma_min_ge W1 xN /target -raddfB /= norm_scalar half normrN ger0_norm // => v.
  by rewrite mul1mx (_ : 1 / 2%:R + 1 / 2%:R = 1) ?mul1r //; field.
split.
- by rewrite !expr1n mulr1 mulrA mulrC divfK // gt_eqF.
- rewrite big1 ?mulr0 ?sqr_ge0 // => j _.
  have -> : imbalance (scalars (fun _ => x)) j = 0 by rewrite /imbalance /scalars tr_scalar_mx subrr.
  by rewrite /norm sqnorm0 sqrtr0.
rewrite /residual W1 /target -raddfB /= half -sqr_norm norm_scalar normrN ger0_norm //.
exact: exprn_gt0.
Qed.
End Met.
