(* DL-072 with balance (A), and so DL-013 in its own form, from depth N = 2 on, with 8 for the 2 of both.

   Every ||B_j(0)||_F <= delta, 8 N^2 delta <= c^{2/N}, eta s_1 F^2 <= delta and margin (i), as in sharper_constants.v,
   give what is proved there, and ||B_j(t)||_F <= (1 + s_d/s_1) delta at every step: E falls by 5/8 eta S in a step,
   which adds eta^2 S to ||B_j||_F at most. At N = 1 there is no balance. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm balancedness deficiency_margin bounds data_step sharper_constants.
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

(* 15 N e <= c^{2/N} and 7 N sum_j b_j <= c^{2/N}, for N >= 2, e <= delta and every b_j <= delta *)
Lemma limits_of_a (R : realDomainType) (n : nat) (x2 delta e : R) (b : nat -> R) : let K : R := n.+1%:R in (0 < n)%N ->
  0 <= e -> e <= delta -> (forall j, 0 <= b j) -> (forall j, (j < n)%N -> b j <= delta) ->
  8%:R * (K ^+ 2 * delta) <= x2 -> 15%:R * (K * e) <= x2 /\ 7%:R * (K * \sum_(0 <= j < n) b j) <= x2.
Proof.
move=> K n_gt0 e0 e_le b0 b_le small; have delta0 : 0 <= delta by apply: le_trans e_le.
have K0 : 0 <= K by rewrite ler0n.
have Kd : 0 <= K * delta by apply: mulr_ge0.
split; apply: le_trans small; rewrite expr2 -[K * K * delta]mulrA.
  apply: le_trans (_ : 15%:R * (K * delta) <= _); first by rewrite ler_wpmul2l ?ler0n // ler_wpmul2l.
  rewrite [8%:R * _]mulrA; apply: ler_wpmul2r => //; rewrite /K -natrM ler_nat.
  by apply: (@leq_trans (8 * 2)); rewrite // leq_mul2l.
apply: le_trans (_ : 8%:R * (K * \sum_(0 <= j < n) b j) <= _).
  by apply: ler_wpmul2r; rewrite ?ler_nat // mulr_ge0 // sumr_ge0.
have le : \sum_(0 <= j < n) b j <= \sum_(0 <= j < n) delta.
  by rewrite !big_nat; apply: ler_sum => j /andP [_]; apply: b_le.
rewrite ler_wpmul2l ?ler0n // ler_wpmul2l //; apply: le_trans le _.
by rewrite sumr_const_nat subn0 -mulr_natl; apply: ler_wpmul2r => //; rewrite /K ler_nat.
Qed.

Section BalanceA.
Variables (R : rcfType) (d : nat -> nat) (n p : nat) (x y eta s1 sd rho delta : R).
Let N := n.+1.
Let K : R := N%:R.
Variables (Q : 'M[R]_(d 0%N, p)) (Phi : 'M[R]_(d N, d 0%N)) (W0 : weights R d).
Hypotheses (inputs : (0 < d 0)%N) (outputs : (0 < d N)%N) (deep : (0 < n)%N).
Hypotheses (x_gt0 : 0 < x) (y_ge0 : 0 <= y) (eta_ge0 : 0 <= eta) (sd_gt0 : 0 < sd) (rho_ge0 : 0 <= rho).
Hypothesis Phi_le : bounded Phi ((y ^+ N) ^+ 2).
Hypothesis balanced : forall j, (j.+1 < N)%N -> norm (imbalance W0 j) <= delta.
Hypotheses (small : 8%:R * (K ^+ 2 * delta) <= x ^+ 2) (eta_delta : eta * s1 * (y ^+ N) ^+ 2 <= delta).
Hypothesis S_le : forall v : 'cV[R]_(d 0%N), sqnorm (Q^T *m v) <= s1 * sqnorm v.
Hypothesis S_ge : forall v : 'cV[R]_(d 0%N), sd * sqnorm v <= sqnorm (Q^T *m v).
Hypotheses (start : sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2) (margin : sigma_min_ge Phi (x ^+ N + rho)).
Let W := run eta Q Phi W0.
Let Sq t := sqnorm (residual Phi (W t) *m Q).
Let H t := residual Phi (W t) *m Q *m Q^T.

Let F0 : 0 <= y ^+ N. Proof. exact: exprn_ge0. Qed.
Let room : x ^+ N + rho <= y ^+ N. Proof. exact: sigma_min_bounded margin Phi_le. Qed.
Let xy : x <= y.
Proof. by rewrite -(@ler_pexpn2r _ N) ?nnegrE ?(ltW x_gt0) //; apply: le_trans room; rewrite ler_addl. Qed.
Let s1_gt0 : 0 < s1. Proof. exact: lt_le_trans sd_gt0 (sd_le_s1 inputs S_le S_ge). Qed.
Let s1_ge0 : 0 <= s1. Proof. exact: ltW. Qed.
Let limits := limits_of_a (b := fun j => norm (imbalance W0 j)) deep (mulr_ge0 (mulr_ge0 eta_ge0 s1_ge0) (sqr_ge0 _))
  eta_delta (fun j => norm_ge0 _) balanced small.

Let runs t : conclusion x eta sd Phi W0 Q t.
Proof.
have [es bs] := limits; exact: (theorem_data inputs outputs x_gt0 y_ge0 eta_ge0 sd_gt0 Phi_le
  (fun j => norm_ge0 _) (fun j _ => form_bounded_norm _) bs es rho_ge0 S_le S_ge start margin t).
Qed.

Let closer t : norm (residual Phi (W t)) <= rho.
Proof.
rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?norm_ge0 // sqr_norm -(ler_pmul2l sd_gt0).
apply: le_trans (S_ge_norm S_ge _) _; apply: le_trans start; elim: t => // t IH.
have [step _ _ _] := runs t; apply: le_trans step _; apply: le_trans IH; rewrite ler_pimull ?sqnorm_ge0 //.
by rewrite ler_subl_addr ler_addl !mulr_ge0 ?exprn_ge0 // ltW.
Qed.

Let falls t : Sq t.+1 + 5%:R / 4%:R * (eta * \sum_(0 <= i < N) sqnorm (layer_gradient (H t) (W t) i)) <= Sq t.
Proof.
have [r r0 rN] : exists2 r : R, 0 <= r & r ^+ N = 2%:R * y ^+ N by apply: roots_exist; rewrite mulr_ge0 ?ler0n.
have [_ _ _ [D [D0 DB Dsum]]] := runs t; have [es _] := limits.
have Q_le : bounded Q s1 by rewrite -[Q]trmxK; apply: bounded_tr.
have Gt : x ^+ N + norm (residual Phi (W t)) <= y ^+ N by apply: le_trans room; rewrite ler_add2l closer.
exact: (fall x_gt0 xy eta_ge0 s1_ge0 Q_le es Phi_le Gt D0 DB (lexx _) Dsum r0 rN).
Qed.

Let stays t j : (j.+1 < N)%N -> norm (imbalance (W t) j) <= (1 + sd / s1) * delta.
Proof.
move=> jN; pose part i s := norm (layer_gradient (H s) (W s) i) ^+ 2.
have moves T : eta ^+ 2 * (\sum_(0 <= s < T) (part j.+1 s + part j s)) + 4%:R / 5%:R * (eta * Sq T)
    <= 4%:R / 5%:R * (eta * Sq 0).
  elim: T => [|T IH]; first by rewrite big_geq // mulr0 add0r.
  apply: le_trans IH; rewrite big_nat_recr //= mulrDr -addrA ler_add2l.
  set S := \sum_(0 <= i < N) sqnorm (layer_gradient (H T) (W T) i).
  have pair : part j.+1 T + part j T <= S.
    rewrite /part !sqr_norm /S; apply: (@pair_le _ (fun i => sqnorm (layer_gradient _ _ i))) => // i.
    exact: sqnorm_ge0.
  apply: le_trans (_ : eta ^+ 2 * S + 4%:R / 5%:R * (eta * Sq T.+1) <= _).
    by rewrite ler_add2r ler_wpmul2l ?sqr_ge0.
  have -> : eta ^+ 2 * S + 4%:R / 5%:R * (eta * Sq T.+1) =
    4%:R / 5%:R * (eta * (Sq T.+1 + 5%:R / 4%:R * (eta * S))) by move: (Sq T.+1) (S) => *; field.
  by rewrite ler_wpmul2l ?divr_ge0 ?ler0n // ler_wpmul2l // falls.
have first : 4%:R / 5%:R * (eta * Sq 0) <= sd / s1 * delta.
  apply: le_trans (_ : eta * (sd * rho ^+ 2) <= _).
    apply: le_trans (_ : eta * Sq 0 <= _); last exact: ler_wpmul2l.
    by rewrite ler_pimull ?mulr_ge0 ?sqnorm_ge0 // ler_pdivr_mulr ?ltr0n // mul1r ler_nat.
  have -> : eta * (sd * rho ^+ 2) = sd / s1 * (eta * s1 * rho ^+ 2).
    by move: (rho ^+ 2) => q; field; rewrite gt_eqF.
  apply: ler_wpmul2l; first by rewrite divr_ge0 // ltW.
  apply: le_trans eta_delta; rewrite ler_wpmul2l ?mulr_ge0 // ler_expn2r ?nnegrE //.
  by apply: le_trans room; rewrite ler_addr exprn_ge0 // ltW.
have drifts := drift eta (fun V => residual Phi V *m Q *m Q^T) W0 t jN.
have -> : imbalance (W t) j = (imbalance (W t) j - imbalance W0 j) + imbalance W0 j by rewrite subrK.
apply: le_trans (norm_triangle _ _) _; rewrite mulrDl mul1r addrC; apply: ler_add; first exact: balanced.
apply: le_trans drifts _; apply: le_trans first; apply: le_trans (moves t).
by rewrite ler_addl mulr_ge0 ?divr_ge0 ?ler0n // mulr_ge0 // sqnorm_ge0.
Qed.

Theorem theorem_data_a t : let V := iter t (fun V => gradient_step eta (residual Phi V *m Q *m Q^T) V) W0 in
  [/\ sqnorm (residual Phi V *m Q) <= (1 - eta * sd * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0 *m Q),
      forall j, (j.+1 < N)%N -> norm (imbalance V j) <= (1 + sd / s1) * delta & sigma_min_ge (end_to_end N V) (x ^+ N)].
Proof. by have [_ rate away _] := runs t; split=> // j; apply: stays. Qed.
End BalanceA.
