(* Units of ReLU networks stay balanced (DL-011), at one hidden layer of a network of any depth.

   H are the layer's inputs, W its weights and Z = W H its pre-activations, A its outputs phi(Z), V the weights of the
   next layer, Gn the gradient of the loss in that layer's pre-activations, S the numbers taken as phi'(Z). All depths,
   widths, data and losses are in H and Gn. Statement 1 is the case A = S * Z, of which Euler's identity is the proof.
   Left out: that in_gradient and out_gradient are what the chain rule gives, and gradient flow. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* Entry by entry. *)
Definition times (R : comRingType) m n (A B : 'M[R]_(m, n)) : 'M[R]_(m, n) := \matrix_(i, j) (A i j * B i j).
(* The products of row i of A with row i of B, and of column i with column i. *)
Definition row_inner (R : comRingType) m n (A B : 'M[R]_(m, n)) (i : 'I_m) : R := \sum_j A i j * B i j.
Definition column_inner (R : comRingType) m n (A B : 'M[R]_(m, n)) (i : 'I_n) : R := \sum_j A j i * B j i.
(* ||W[i,:]||^2 - ||V[:,i]||^2 *)
Definition unit_imbalance (R : comRingType) m n p (W : 'M[R]_(n, m)) (V : 'M[R]_(p, n)) (i : 'I_n) : R :=
  row_inner W W i - column_inner V V i.

Section Gradients.
Variables (R : comRingType) (m n p q : nat) (H : 'M[R]_(m, q)) (A S : 'M[R]_(n, q)).
Variables (V : 'M[R]_(p, n)) (Gn : 'M[R]_(p, q)).
(* Of W and of V. *)
Definition in_gradient : 'M[R]_(n, m) := times (V^T *m Gn) S *m H^T.
Definition out_gradient : 'M[R]_(p, n) := Gn *m A^T.
End Gradients.

(* 2. Any activation: what the two products differ by. *)
Theorem difference_of_products (R : comRingType) (m n p q : nat) (H : 'M[R]_(m, q)) (W : 'M[R]_(n, m))
    (A S : 'M[R]_(n, q)) (V : 'M[R]_(p, n)) (Gn : 'M[R]_(p, q)) (i : 'I_n) :
  column_inner V (out_gradient A Gn) i - row_inner W (in_gradient H S V Gn) i =
  \sum_k (V^T *m Gn) i k * (A i k - (W *m H) i k * S i k).
Proof.
have -> : row_inner W (in_gradient H S V Gn) i = \sum_k (V^T *m Gn) i k * ((W *m H) i k * S i k).
  rewrite /row_inner /in_gradient; transitivity (\sum_j \sum_k W i j * ((V^T *m Gn) i k * S i k * H j k)).
    by apply: eq_bigr => j _; rewrite mxE mulr_sumr; apply: eq_bigr => k _; rewrite [times _ _ i k]mxE [H^T k j]mxE.
  rewrite exchange_big /=; apply: eq_bigr => k _; rewrite [(W *m H) i k]mxE mulr_suml mulr_sumr.
  by apply: eq_bigr => j _; move: (W i j) (H j k) (S i k) ((V^T *m Gn) i k) => *; ring.
have -> : column_inner V (out_gradient A Gn) i = \sum_k (V^T *m Gn) i k * A i k.
  rewrite /column_inner /out_gradient; transitivity (\sum_j \sum_k V j i * (Gn j k * A i k)).
    by apply: eq_bigr => j _; rewrite mxE mulr_sumr; apply: eq_bigr => k _; rewrite [A^T k i]mxE.
  rewrite exchange_big /=; apply: eq_bigr => k _; rewrite [(V^T *m Gn) i k]mxE mulr_suml.
  by apply: eq_bigr => j _; rewrite mxE; move: (V j i) (Gn j k) (A i k) => *; ring.
by rewrite -sumrB; apply: eq_bigr => k _; rewrite mulrBr.
Qed.

(* 1. Where A = S * Z the products are the same, whatever S is at a kink. *)
Theorem same_products (R : comRingType) (m n p q : nat) (H : 'M[R]_(m, q)) (W : 'M[R]_(n, m)) (S : 'M[R]_(n, q))
    (V : 'M[R]_(p, n)) (Gn : 'M[R]_(p, q)) (i : 'I_n) :
  let A := times (W *m H) S in row_inner W (in_gradient H S V Gn) i = column_inner V (out_gradient A Gn) i.
Proof.
move=> A; apply/eqP; rewrite eq_sym -subr_eq0 difference_of_products big1 // => k _.
by rewrite [A i k]mxE subrr mulr0.
Qed.

(* Leaky units, of slope a where z > 0 and b elsewhere, are of that form, with any slope at 0. *)
Theorem leaky_units (R : realDomainType) (a b s z : R) :
  (z != 0 -> s = if 0 < z then a else b) -> (if 0 < z then a else b) * z = z * s.
Proof.
have [->|z0] := eqVneq z 0; first by rewrite mulr0 mul0r.
by move=> ->; rewrite // mulrC.
Qed.

(* 2. The converse: nothing but phi(z) = z phi'(z) makes them the same for every gradient. *)
Theorem nothing_else (R : comRingType) (m n q : nat) (H : 'M[R]_(m, q)) (W : 'M[R]_(n, m)) (A S : 'M[R]_(n, q)) :
  (forall (V : 'M[R]_n) (Gn : 'M[R]_(n, q)) (i : 'I_n),
    row_inner W (in_gradient H S V Gn) i = column_inner V (out_gradient A Gn) i) ->
  forall i k, A i k = (W *m H) i k * S i k.
Proof.
move=> same i k; apply/eqP; rewrite -subr_eq0; apply/eqP.
have := difference_of_products H W A S 1%:M (delta_mx i k) i.
rewrite -same subrr trmx1 mul1mx (bigD1 k) //= big1 ?addr0 => [|l lk].
  by rewrite mxE !eqxx mul1r.
by rewrite mxE (negPf lk) andbF mul0r.
Qed.

(* 3. Descent, exactly. *)
Theorem unit_law_of_descent (R : comRingType) (m n p q : nat) (eta : R) (H : 'M[R]_(m, q)) (W : 'M[R]_(n, m))
    (S : 'M[R]_(n, q)) (V : 'M[R]_(p, n)) (Gn : 'M[R]_(p, q)) (i : 'I_n) :
  let A := times (W *m H) S in let D := in_gradient H S V Gn in let E := out_gradient A Gn in
  unit_imbalance (W - eta *: D) (V - eta *: E) i = unit_imbalance W V i + eta ^+ 2 * unit_imbalance D E i.
Proof.
move=> A D E; have same : row_inner W D i = column_inner V E i by exact: same_products.
have square (I : finType) (x y : I -> R) : \sum_j (x j - eta * y j) * (x j - eta * y j) =
    \sum_j x j * x j - (eta * \sum_j x j * y j) *+ 2 + eta ^+ 2 * \sum_j y j * y j.
  rewrite !mulr_sumr -sumrMnl -sumrB -big_split /=; apply: eq_bigr => j _; ring.
have row : row_inner (W - eta *: D) (W - eta *: D) i =
    row_inner W W i - (eta * row_inner W D i) *+ 2 + eta ^+ 2 * row_inner D D i.
  by rewrite -square; apply: eq_bigr => j _; rewrite !mxE.
have column : column_inner (V - eta *: E) (V - eta *: E) i =
    column_inner V V i - (eta * column_inner V E i) *+ 2 + eta ^+ 2 * column_inner E E i.
  by rewrite -square; apply: eq_bigr => j _; rewrite !mxE.
by rewrite /unit_imbalance row column same; ring.
Qed.
