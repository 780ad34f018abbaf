(* The margin is needed (DL-006): three balanced starts without a positive margin, from each of which the loss stays
   away from 0 for ever.

   1. Symmetric layers: N even, W_j(0) = I, Phi symmetric with negative eigenvalues. Under any learning rate W(t) is
      positive semidefinite and l(t) >= 1/2 sum of the squares of any orthonormal negative eigenvalues.
   2. The wrong sign: widths 1, Phi = -1, w_j(0) = 1, 0 < eta < 1/2: l(t) > 1/2 for ever, and w -> 0, so l -> 1/2.
   3. Zero: stationary; and its margin is not positive.

   Controls: N odd in 1 (learned in one step), eta = 1/2 in 2 (the saddle is met), N = 1 in 2 (learned).
   That all layers stay equal, symmetric, and commute with Phi is in residual_networks.v. sqnorm (residual ..) is 2 l.
   Left out: in 3 for which Phi the margin is exactly 0. sigma_min(A) >= s is said as s |x| <= |A x|. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm scalar deficiency_margin orthogonal residual_networks.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section EvenDepth.
Variables (R : realFieldType) (n m : nat) (eta : R) (Phi : 'M[R]_n.+1).
Hypothesis symmetric : Phi^T = Phi.
Local Notation d := (constant_width n).
Local Notation N := (m + m)%N.
Let W t : 'M[R]_n.+1 := end_to_end N (descent eta (Phi : 'M[R]_(d N, d 0)) (equal_layers 1) t).

(* W(t) = A^m^T A^m, hence x^T W(t) x >= 0 for every x and t, under any learning rate. *)
Lemma end_to_end_is_a_square t : W t = (layer N eta Phi t ^+ m)^T *m layer N eta Phi t ^+ m.
Proof.
by rewrite /W end_to_end_power // tr_exp ?(proj1 (layer_symmetric_commutes _ _ symmetric _)) // exprD.
Qed.

Theorem end_to_end_psd (t k : nat) (X : 'M[R]_(n.+1, k)) (i : 'I_k) : 0 <= (X^T *m W t *m X) i i.
Proof.
rewrite end_to_end_is_a_square mulmxA -trmx_mul -mulmxA mxE.
by apply: sumr_ge0 => l _; rewrite mxE -expr2 sqr_ge0.
Qed.

(* The loss is at least half the sum of squares of any negative eigenvalues of Phi, at every step. *)
Theorem loss_stays_above (k : nat) (V : 'M[R]_(n.+1, k)) (lambda : 'I_k -> R) (t : nat) :
  V^T *m V = 1%:M -> (forall i, lambda i <= 0) -> Phi *m V = V *m diag_mx (\row_i lambda i) ->
  \sum_i lambda i ^+ 2 <= sqnorm (residual (Phi : 'M[R]_(d N, d 0))
                             (descent eta (Phi : 'M[R]_(d N, d 0)) (equal_layers 1) t)).
Proof.
move=> orth neg eigen; rewrite /residual -/(W t).
apply: (@le_trans _ _ (sqnorm (V^T *m (W t - Phi) *m V))); last first.
  rewrite -sqnorm_tr trmx_mul; apply: le_trans (sqnorm_orthonormal _ orth) _.
  by rewrite sqnorm_tr; apply: sqnorm_orthonormal.
rewrite /sqnorm; apply: ler_sum => i _; rewrite (bigD1 i) //=.
apply: (@le_trans _ _ ((V^T *m (W t - Phi) *m V) i i ^+ 2)); last first.
  by rewrite ler_addl; apply: sumr_ge0 => j _; apply: sqr_ge0.
rewrite mulmxBr mulmxBl -[V^T *m Phi *m V]mulmxA eigen mulmxA orth mul1mx.
have l0 : 0 <= - lambda i by rewrite oppr_ge0.
have A0 := end_to_end_psd t V i; move: (V^T *m W t *m V) A0 => A A0.
rewrite !mxE eqxx mulr1n -[lambda i ^+ 2]sqrrN; apply: ler_expn2r; rewrite ?nnegrE; [exact: l0|exact: addr_ge0|].
by rewrite ler_addr.
Qed.
End EvenDepth.

(* The control of 1: for odd N and Phi = -1, width 1, the learning rate 1 learns the target in one step. *)
Theorem odd_depth_learns (R : comRingType) (m : nat) : let N := (m + m).+1 in
  scalar_residual N (-1 : R) (scalar_descent N 1 (-1) (fun _ => 1) 1) = 0.
Proof.
have all_minus j : (j < (m + m).+1)%N -> scalar_descent (m + m).+1 1 (-1 : R) (fun _ => 1) 1 j = -1.
  by move=> jN; rewrite equal_layers_stay_equal // /mode /mode_step /= !expr1n; ring.
rewrite /= /scalar_residual (eq_big_nat _ _ (F2 := fun _ => -1)) => [|l /andP [_ lN]]; last exact: all_minus.
by rewrite prodr_const_nat subn0 exprS exprD -exprMn mulrNN mulr1 expr1n mulr1 subrr.
Qed.

(* 2. Every layer: 0 < w_j(t+1) <= w_j(t) <= 1; all layers are equal; the loss is above 1/2 for ever. N = n + 2. *)
Theorem wrong_sign (R : realFieldType) (n : nat) (eta : R) (t j : nat) : let N := n.+2 in
  let w := scalar_descent N eta (-1) (fun _ => 1) in
  0 < eta < 1 / 2%:R -> (j < N)%N ->
  [/\ w t j = w t 0%N, 0 < w t.+1 j, w t.+1 j <= w t j, w t j <= 1 &
      1 / 2%:R < scalar_residual N (-1) (w t) ^+ 2 / 2%:R].
Proof.
move=> N w /andP [eta0 eta1] jN; rewrite /w !equal_layers_stay_equal //.
have minus : (-1 : R) < 0 by rewrite oppr_lt0 ltr01.
have small : eta * (1 - -1) < 1 by rewrite opprK -[1 + 1]/(2%:R) -ltr_pdivl_mulr // ltr0n.
have [a b c e] := negative_eigenvalue n eta0 minus small t; split=> //.
rewrite ltr_pmul2r ?invr_gt0 ?ltr0n // /scalar_residual.
have -> : \prod_(0 <= l < N) scalar_descent N eta (-1) (fun _ => 1) t l = mode N eta (-1) 1 t ^+ N.
  rewrite -[N in _ ^+ N]subn0 -prodr_const_nat; apply: eq_big_nat => l /andP [_ lN].
  by rewrite equal_layers_stay_equal.
by move: e; rewrite sqrrN expr1n.
Qed.

(* w -> 0, so that l -> 1/2. *)
Theorem wrong_sign_limit (R : archiFieldType) (n : nat) (eta eps : R) : 0 < eta < 1 / 2%:R -> 0 < eps ->
  exists T, forall t, (T <= t)%N -> 0 < scalar_descent n.+2 eta (-1) (fun _ => 1) t 0 < eps.
Proof.
move=> /andP [eta0 eta1] eps0; have minus : (-1 : R) < 0 by rewrite oppr_lt0 ltr01.
have small : eta * (1 - -1) < 1 by rewrite opprK -[1 + 1]/(2%:R) -ltr_pdivl_mulr // ltr0n.
have [T late] := negative_eigenvalue_limit n eta0 minus small eps0.
by exists T => t Tt; rewrite equal_layers_stay_equal //; apply: late.
Qed.

(* Controls of 2: at eta = 1/2 the first step leads to 0; and with N = 1 the layer becomes negative: it learns. *)
Theorem one_half_is_too_large (R : realFieldType) (n : nat) :
  scalar_descent n.+2 (1 / 2%:R : R) (-1) (fun _ => 1) 1 0 = 0.
Proof.
rewrite equal_layers_stay_equal // /mode /= /mode_step !expr1n.
by field.
Qed.

Theorem one_layer_learns (R : realFieldType) (eta : R) (t : nat) :
  scalar_residual 1 (-1) (scalar_descent 1 eta (-1) (fun _ => 1) t) = (1 - eta) ^+ t * 2%:R.
Proof.
rewrite /scalar_residual big_nat1 equal_layers_stay_equal // /mode opprK.
elim: t => [|t IH]; first by rewrite /= mul1r.
rewrite iterS; move: (iter t _ _) IH => w IH.
by rewrite exprS -mulrA -IH /mode_step expr0 expr1; ring.
Qed.

(* 3. Zero: no layer ever moves, and no margin of W = 0 is positive. *)
Theorem zero_is_stationary (R : comRingType) (d : nat -> nat) (N : nat) (eta : R)
    (Phi : 'M[R]_(d N, d 0%N)) (t j : nat) :
  (1 < N)%N -> descent eta Phi (fun j => 0) t j = 0.
Proof.
move=> N2; elim: t j => // t IH j.
have p0 i k : (i < k)%N -> product (descent eta Phi (fun j => 0) t) i k = 0.
  by case: k => // k; rewrite ltnS => ik; rewrite product_last // IH mul0mx.
rewrite /descent iterS -/(descent _ _ _ _) /descent_step /gradient_step IH /layer_gradient.
have [j1|j1] := ltnP j.+1 N; first by rewrite (p0 _ _ j1) trmx0 !mul0mx scaler0 subrr.
by rewrite [product _ 0 j](p0 _ _) ?trmx0 ?mulmx0 ?scaler0 ?subrr // -ltnS (leq_trans N2).
Qed.

Theorem zero_has_no_margin (R : rcfType) (m n : nat) (Phi : 'M[R]_(m.+1, n.+1)) (c : R) : has_margin Phi 0 c -> c <= 0.
Proof.
have bound p q (A : 'M[R]_(p.+1, q.+1)) : stretches A (c + norm A) -> c <= 0.
  move=> /(_ (const_mx 1)) big; have x0 : 0 < norm (const_mx 1 : 'cV[R]_q.+1).
    rewrite /norm sqrtr_gt0 /sqnorm big_ord_recl big_ord1 mxE expr1n.
    by rewrite ltr_spaddl ?ltr01 //; apply: sumr_ge0 => i _; rewrite big_ord1 sqr_ge0.
  by have := le_trans big (norm_mul _ _); rewrite ler_pmul2r // -[X in _ <= X]add0r ler_add2r.
rewrite /has_margin /sigma_min_ge sub0r norm_opp; case: ifP => _; first exact: bound.
by rewrite -norm_tr; apply: bound.
Qed.
