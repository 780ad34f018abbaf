(* The lists of certificate.v are the network of network.v: products, gradients, steps, losses and imbalances agree. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network rational_numbers certificate.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Agreement.
Variable R : realFieldType.

(* The matrix that a list of rows writes. *)
Definition mx (m n : nat) (a : matrix) : 'M[R]_(m, n) := \matrix_(i, j) number R (entry a i j).

Lemma entry_fill m n f i j : (i < m)%N -> (j < n)%N -> entry (fill m n f) i j = f i j.
Proof. by move=> im jn; rewrite /entry /fill nth_mkseq // nth_mkseq. Qed.

Lemma mx_fill m n f : mx m n (fill m n f) = \matrix_(i, j) number R (f i j).
Proof. by apply/matrixP => i j; rewrite !mxE entry_fill. Qed.

Lemma mx_mul m n p a b : mx m p (mul m n p a b) = mx m n a *m mx n p b.
Proof.
rewrite mx_fill; apply/matrixP => i k; rewrite !mxE number_sum; apply: eq_bigr => j _.
by rewrite !mxE number_mul.
Qed.

Lemma mx_tr m n a : mx n m (tr m n a) = (mx m n a)^T.
Proof. by rewrite mx_fill; apply/matrixP => i j; rewrite !mxE. Qed.

Lemma mx_less m n b c a : mx m n (less m n b c a) = mx m n b - number R c *: mx m n a.
Proof. by rewrite mx_fill; apply/matrixP => i j; rewrite !mxE number_sub number_mul. Qed.

Lemma mx_unit n : mx n n (unit n) = 1%:M.
Proof.
rewrite mx_fill; apply/matrixP => i j; rewrite !mxE -val_eqE /=.
by case: eqP => _; rewrite ?number1 ?number0.
Qed.

Lemma number_square m n a : number R (square m n a) = sqnorm (mx m n a).
Proof.
rewrite number_sum; apply: eq_bigr => i _; rewrite number_sum; apply: eq_bigr => j _.
by rewrite number_mul !mxE expr2.
Qed.

Lemma every_entryP m n f : every_entry m n f -> forall (i : 'I_m) (j : 'I_n), f i j.
Proof. by move=> /allP E i j; apply: (allP (E i _)); rewrite mem_iota add0n ltn_ord. Qed.

Lemma mx_same m n a b : same m n a b -> mx m n a = mx m n b.
Proof. by move/every_entryP => E; apply/matrixP => i j; rewrite !mxE; apply: number_eqb. Qed.

Lemma mx_vanishes m n a : vanishes m n a -> mx m n a = 0.
Proof. by move/every_entryP => E; apply/matrixP => i j; rewrite !mxE (number_eqb R (E i j)) number0. Qed.

Variable p : network.
Implicit Type ws : seq matrix.
Local Notation d := (width p).
Local Notation N := (depth p).

Definition layers ws : weights R d := fun j => mx (d j.+1) (d j) (nth [::] ws j).
Definition goal : 'M[R]_(d N, d 0) := mx (d N) (d 0) (target p).

Lemma chain_product ws i k : (i <= k)%N -> mx (d k) (d i) (chain p ws i k) = product (layers ws) i k.
Proof.
elim: k => [|k IH]; first by rewrite leqn0 => /eqP ->; rewrite product_nil mx_unit.
rewrite leq_eqVlt => /orP [/eqP ->|]; first by rewrite product_nil /= ltnn mx_unit.
by rewrite ltnS => ik; rewrite product_last //= ik mx_mul IH.
Qed.

Lemma rest_residual ws : mx (d N) (d 0) (rest p ws) = residual goal (layers ws).
Proof. by rewrite mx_less number1 scale1r chain_product. Qed.

Lemma slope_gradient ws j : (j < N)%N ->
  mx (d j.+1) (d j) (slope p (rest p ws) ws j) = layer_gradient (residual goal (layers ws)) (layers ws) j.
Proof. by move=> jN; rewrite !mx_mul !mx_tr !chain_product // rest_residual. Qed.

Lemma move_step rate ws j : (j < N)%N ->
  layers (move p rate ws) j = descent_step (number R rate) goal (layers ws) j.
Proof. by move=> jN; rewrite /layers /move nth_mkseq // mx_less slope_gradient. Qed.

Theorem run_descent rate t ws j : (j < N)%N ->
  layers (run p rate t ws) j = descent (number R rate) goal (layers ws) t j.
Proof.
elim: t j => // t IH j jN; rewrite /run /descent !iterS move_step //.
by apply: descent_step_congr => // l lN; apply: IH.
Qed.

(* Two networks whose layers agree have one loss. *)
Definition loss (W : weights R d) : R := sqnorm (residual goal W) / 2%:R.
Lemma loss_congr W W' : (forall j, (j < N)%N -> W j = W' j) -> loss W = loss W'.
Proof.
move=> E; rewrite /loss /residual /end_to_end (@product_congr _ _ W W') // => l /andP [_ lN]; exact: E.
Qed.

Lemma number_loss ws : number R (loss_of p ws) = loss (layers ws).
Proof. by rewrite number_mul number_square rest_residual /loss mulrC /number /= mul1r. Qed.

Lemma loss_run rate t ws : number R (loss_of p (run p rate t ws)) = loss (descent (number R rate) goal (layers ws) t).
Proof. by rewrite number_loss; apply: loss_congr => j; apply: run_descent. Qed.

Lemma number_balance ws j : number R (balance_square p ws j) = sqnorm (imbalance (layers ws) j).
Proof. by rewrite number_square mx_less !mx_mul !mx_tr number1 scale1r. Qed.

Lemma same_layers_eq ws ws' : same_layers p ws ws' -> forall j, (j < N)%N -> layers ws j = layers ws' j.
Proof. by move=> /allP E j jN; apply: mx_same; apply: E; rewrite mem_iota. Qed.

Lemma no_slope_gradient ws : no_slope p ws ->
  forall j, (j < N)%N -> layer_gradient (residual goal (layers ws)) (layers ws) j = 0.
Proof. by move=> /allP E j jN; rewrite -slope_gradient // mx_vanishes // E // mem_iota. Qed.
End Agreement.
