(* DL-013 Sharper constants for Theorem 1, in its own form: the powers of c and N that it names, 8 for its 2.

   delta <= c^{2/N} / (8 N^2) and eta <= delta / Phi_F^2 give L(t) <= (1 - eta c^{2(N-1)/N})^t L(0), balance within
   2 delta and sigma_min(W(t)) >= c, for every t. Roots for powers: c = x^N, Phi_F = y^N; depth N = n+1. From N = 2 on
   the start meets the hypotheses of sharper_constants.v; at N = 1 the rate is exact.
   Left out: the constant 2 of the claim, for which 8 stands here; sigma_min as a number. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm balancedness deficiency_margin bounds data_step one_step linear_rate.
From DLC Require Import sharper_constants.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Lemma pair_le (R : realDomainType) (f : nat -> R) (m j : nat) : (forall i, 0 <= f i) -> (j.+1 < m)%N ->
  f j.+1 + f j <= \sum_(0 <= i < m) f i.
Proof.
move=> f0; elim: m => // m IH; rewrite ltnS leq_eqVlt => /orP [/eqP <-|jm]; rewrite big_nat_recr //=.
  by rewrite [X in X <= _]addrC ler_add2r big_nat_recr //= ler_addr sumr_ge0.
by apply: le_trans (IH jm) _; rewrite ler_addl.
Qed.

Section SharperPowers.
Variables (R : rcfType) (d : nat -> nat) (n : nat) (x y eta delta : R).
Let N := n.+1.
Let K : R := N%:R.
Variables (Phi : 'M[R]_(d N, d 0)) (W0 : weights R d).
Hypotheses (inputs : (0 < d 0)%N) (outputs : (0 < d N)%N).
Hypotheses (x_gt0 : 0 < x) (y_ge0 : 0 <= y) (Phi_F : norm Phi = y ^+ N) (eta_ge0 : 0 <= eta).
Hypothesis margin : has_margin Phi (end_to_end N W0) (x ^+ N).
Hypothesis balanced : forall j, (j.+1 < N)%N -> norm (imbalance W0 j) <= delta.

Let xy : x <= y. Proof. exact: (x_le_y eta inputs outputs x_gt0 y_ge0 Phi_F margin). Qed.
Let K_ge1 : 1 <= K. Proof. by rewrite ler1n. Qed.
Let K_ge0 : 0 <= K. Proof. exact: le_trans K_ge1. Qed.
Let room : x ^+ N + norm (residual Phi W0) <= y ^+ N. Proof. by rewrite -Phi_F; apply: margin_size. Qed.
Let Phi_le : bounded Phi ((y ^+ N) ^+ 2). Proof. by rewrite -Phi_F sqr_norm; apply: bounded_sqnorm. Qed.

(* Where the start and the learning rate are those of sharper_constants.v. *)
Section Deep.
Hypothesis eta_small : 15%:R * (K * (eta * (y ^+ N) ^+ 2)) <= x ^+ 2.
Hypothesis balance_small : 7%:R * (K * \sum_(0 <= j < n) norm (imbalance W0 j)) <= x ^+ 2.
Let W t := descent eta Phi W0 t.
Let Sq t := sqnorm (residual Phi (W t)).

Let runs t := @whitened R d n x y eta Phi W0 inputs outputs x_gt0 y_ge0 eta_ge0 Phi_le margin eta_small
  (fun j => norm (imbalance W0 j)) (fun j => norm_ge0 _) (fun j _ => form_bounded_norm _) balance_small t.

Let closer t : norm (residual Phi (W t)) <= norm (residual Phi W0).
Proof.
apply: norm_le; elim: t => // t IH; apply: le_trans IH; have [step _ _ _] := runs t; apply: le_trans step _.
by rewrite ler_pimull ?sqnorm_ge0 // ler_subl_addr ler_addl mulr_ge0 // exprn_ge0 // ltW.
Qed.

Let falls t : Sq t.+1 + 5%:R / 4%:R * (eta * \sum_(0 <= i < N) sqnorm (layer_gradient (residual Phi (W t)) (W t) i))
  <= Sq t.
Proof.
have [r r0 rN] : exists2 r : R, 0 <= r & r ^+ N = 2%:R * y ^+ N.
  by apply: roots_exist; rewrite mulr_ge0 ?ler0n ?exprn_ge0.
have [_ _ _ [D [D0 DB Dsum]]] := runs t; have one : bounded (1%:M : 'M[R]_(d 0)) 1 by move=> v; rewrite mul1mx mul1r.
have es : 15%:R * (K * (eta * 1 * (y ^+ N) ^+ 2)) <= x ^+ 2 by rewrite mulr1.
have Gt : x ^+ N + norm (residual Phi (W t)) <= y ^+ N by apply: le_trans room; rewrite ler_add2l closer.
have := fall x_gt0 xy eta_ge0 ler01 one es Phi_le Gt D0 DB (lexx _) Dsum r0 rN.
by rewrite !mulmx1 trmx1 mulmx1.
Qed.

Lemma deep_balance t j : (j.+1 < N)%N -> eta * (y ^+ N) ^+ 2 <= delta -> norm (imbalance (W t) j) <= 2%:R * delta.
Proof.
move=> jN eta_delta; pose part i s := norm (layer_gradient (residual Phi (W s)) (W s) i) ^+ 2.
have moves T : eta ^+ 2 * (\sum_(0 <= s < T) (part j.+1 s + part j s)) + 4%:R / 5%:R * (eta * Sq T)
    <= 4%:R / 5%:R * (eta * Sq 0).
  elim: T => [|T IH]; first by rewrite big_geq // mulr0 add0r.
  apply: le_trans IH; rewrite big_nat_recr //= mulrDr -addrA ler_add2l.
  set S := \sum_(0 <= i < N) sqnorm (layer_gradient (residual Phi (W T)) (W T) i).
  have pair : part j.+1 T + part j T <= S.
    rewrite /part !sqr_norm /S; apply: (@pair_le _ (fun i => sqnorm (layer_gradient _ _ i))) => // i.
    exact: sqnorm_ge0.
  apply: le_trans (_ : eta ^+ 2 * S + 4%:R / 5%:R * (eta * Sq T.+1) <= _).
    by rewrite ler_add2r ler_wpmul2l ?sqr_ge0.
  have -> : eta ^+ 2 * S + 4%:R / 5%:R * (eta * Sq T.+1) =
    4%:R / 5%:R * (eta * (Sq T.+1 + 5%:R / 4%:R * (eta * S))) by move: (Sq T.+1) (S) => *; field.
  by rewrite ler_wpmul2l ?divr_ge0 ?ler0n // ler_wpmul2l // falls.
have start : 4%:R / 5%:R * (eta * Sq 0) <= delta.
  have le : eta * Sq 0 <= delta.
    apply: le_trans eta_delta; apply: ler_wpmul2l => //; rewrite /Sq -sqr_norm.
    rewrite ler_expn2r ?nnegrE ?norm_ge0 ?exprn_ge0 //.
    by apply: le_trans room; rewrite ler_addr exprn_ge0 // ltW.
  apply: le_trans le; rewrite ler_pimull ?mulr_ge0 ?sqnorm_ge0 // ler_pdivr_mulr ?ltr0n // mul1r ler_nat //.
have drifts := drift eta (fun V => residual Phi V) W0 t jN.
have -> : imbalance (W t) j = (imbalance (W t) j - imbalance W0 j) + imbalance W0 j by rewrite subrK.
apply: le_trans (norm_triangle _ _) _; rewrite mulr_natl mulr2n; apply: ler_add (balanced jN).
apply: le_trans drifts _; apply: le_trans start; apply: le_trans (moves t).
by rewrite ler_addl mulr_ge0 ?divr_ge0 ?ler0n // mulr_ge0 // sqnorm_ge0.
Qed.
End Deep.

Lemma deep_powers : (0 < n)%N -> 8%:R * (K ^+ 2 * delta) <= x ^+ 2 -> eta * (y ^+ N) ^+ 2 <= delta ->
  15%:R * (K * (eta * (y ^+ N) ^+ 2)) <= x ^+ 2 /\
  7%:R * (K * \sum_(0 <= j < n) norm (imbalance W0 j)) <= x ^+ 2.
Proof.
move=> n_gt0 small eta_delta; have delta0 : 0 <= delta by apply: le_trans eta_delta; rewrite mulr_ge0 ?sqr_ge0.
have Kd : 0 <= K * delta by apply: mulr_ge0.
split; apply: le_trans small; rewrite expr2 -[K * K * delta]mulrA.
  apply: le_trans (_ : 15%:R * (K * delta) <= _); first by rewrite ler_wpmul2l ?ler0n // ler_wpmul2l.
  rewrite [8%:R * _]mulrA; apply: ler_wpmul2r => //; rewrite /K -natrM ler_nat.
  by apply: (@leq_trans (8 * 2)); rewrite // leq_mul2l.
apply: le_trans (_ : 8%:R * (K * \sum_(0 <= j < n) norm (imbalance W0 j)) <= _).
  by apply: ler_wpmul2r; rewrite ?ler_nat // mulr_ge0 // sumr_ge0 // => j _; apply: norm_ge0.
have le : \sum_(0 <= j < n) norm (imbalance W0 j) <= \sum_(0 <= j < n) delta.
  by rewrite !big_nat; apply: ler_sum => j /andP [_ jn]; apply: balanced.
rewrite ler_wpmul2l ?ler0n // ler_wpmul2l //; apply: le_trans le _.
rewrite sumr_const_nat subn0 -mulr_natl; apply: ler_wpmul2r => //; rewrite /K ler_nat; exact: leqnSn.
Qed.
End SharperPowers.

(* DL-013 with 8 for its 2: delta <= c^{2/N} / (8 N^2), eta <= delta / Phi_F^2 *)
Theorem sharper_powers (R : rcfType) (d : nat -> nat) (n : nat) (x y eta delta : R) (Phi : 'M[R]_(d n.+1, d 0%N))
    (W0 : weights R d) : (0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
  has_margin Phi (end_to_end n.+1 W0) (x ^+ n.+1) ->
  (forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta) ->
  8%:R * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 -> eta * (y ^+ n.+1) ^+ 2 <= delta ->
  forall t : nat, let W := descent eta Phi W0 t in
  [/\ sqnorm (residual Phi W) <= (1 - eta * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0),
      forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W j) <= 2%:R * delta &
      sigma_min_ge (end_to_end n.+1 W) (x ^+ n.+1)].
Proof.
move=> inputs outputs x0 y0 PhiF eta0 margin balanced small eta_delta t W.
have xy : x <= y := x_le_y eta inputs outputs x0 y0 PhiF margin.
case: n Phi PhiF margin balanced small eta_delta outputs @W => [|n] Phi PhiF margin balanced small eta_delta outputs W.
  have eta1 : eta <= 1.
    have y2 : 0 < y ^+ 2 by rewrite exprn_gt0 // (lt_le_trans x0).
    rewrite -(ler_pmul2r y2) mul1r; apply: le_trans (eta_delta) _.
    apply: le_trans (_ : x ^+ 2 <= _); last by rewrite ler_expn2r ?nnegrE // ltW.
    apply: le_trans small; rewrite expr1n mul1r ler_pemull ?ler1n //.
    by apply: le_trans eta_delta; rewrite mulr_ge0 ?sqr_ge0.
  have a0 : 0 <= 1 - eta by rewrite subr_ge0.
  have a1 : 1 - eta <= 1 by rewrite ler_subl_addr ler_addl.
  split=> //; first by rewrite depth_one mulr1 ler_wpmul2r ?sqnorm_ge0 // ler_wiexpn2l // mul2n -addnn leq_addr.
  apply: margin_is_kept margin _; apply: norm_le.
  by rewrite [X in X <= _](depth_one eta Phi W0 t) ler_pimull ?sqnorm_ge0 // exprn_ile1.
have [es bs] := deep_powers eta0 balanced (ltn0Sn n) small eta_delta.
have Phi_le : bounded Phi ((y ^+ n.+2) ^+ 2) by rewrite -PhiF sqr_norm; apply: bounded_sqnorm.
have [_ rate away] := whitened_frobenius inputs outputs x0 y0 eta0 Phi_le margin es bs t.
split=> // j jN; exact: (deep_balance inputs outputs x0 y0 PhiF eta0 margin balanced es bs t jN eta_delta).
Qed.
