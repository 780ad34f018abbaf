(* DL-002, Layers stay balanced: a step of gradient descent moves the imbalance by O(eta^2), exactly.

   discrete_balancedness_law  Its statement 2, over any commutative ring, for any gradient G in the product, so for any
                              loss: B_j' = B_j + eta^2 (D_{j+1}^T D_{j+1} - D_j D_j^T).
   first_order_terms_agree    The reason, and the algebra of statement 1: D_{j+1}^T W_{j+1} = W_j D_j^T.
   drift                      The sum of the law over T steps, in Frobenius' norm, over any real closed field.

   Left out: of statement 1 the flow itself, as its time derivative is no matter of algebra. Statement 3 stands with
   Theorem 1. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Balancedness.
Variables (R : comRingType) (d : nat -> nat) (N : nat).
Implicit Types (W : weights R d) (G : 'M[R]_(d N, d 0)).

(* D_{j+1}^T W_{j+1} = W_j D_j^T: the terms of first order in eta cancel. *)
Lemma first_order_terms_agree W G j : (j.+1 < N)%N ->
  (layer_gradient G W j.+1)^T *m W j.+1 = W j *m (layer_gradient G W j)^T.
Proof.
move=> lt_jN; rewrite /layer_gradient.
rewrite (product_first W lt_jN) (product_last W (leq0n j)) !trmx_mul !trmxK !mulmxA //.
Qed.

Theorem discrete_balancedness_law W G (eta : R) j : (j.+1 < N)%N ->
  imbalance (gradient_step eta G W) j =
  imbalance W j + eta ^+ 2 *: ((layer_gradient G W j.+1)^T *m layer_gradient G W j.+1
                               - layer_gradient G W j *m (layer_gradient G W j)^T).
Proof.
move=> lt_jN; have H := first_order_terms_agree W G lt_jN.
rewrite /imbalance /gradient_step.
move: (layer_gradient G W j.+1) (layer_gradient G W j) H => V D H.
have H' : (W j.+1)^T *m V = D *m (W j)^T by rewrite -[LHS]trmxK trmx_mul trmxK H trmx_mul trmxK.
rewrite !trmx_step !mulmx_step H H'.
move: (_ *m W j.+1) (W j *m (W j)^T) (V^T *m V) (D *m D^T) (_ *m D^T) (D *m _) => A B C E X Y.
apply/matrixP=> i k; rewrite !mxE; move: (A i k) (B i k) (C i k) (E i k) (X i k) (Y i k) => *; ring.
Qed.
End Balancedness.

Section Drift.
Variables (R : rcfType) (d : nat -> nat) (N : nat) (eta : R) (G : weights R d -> 'M[R]_(d N, d 0)) (W0 : weights R d).
(* Gradient descent on any loss of W_{1:N}, whose gradient at the weights W is G W. *)
Definition iterate t : weights R d := iter t (fun W => gradient_step eta (G W) W) W0.
Let D t j := layer_gradient (G (iterate t)) (iterate t) j.

Theorem drift j T : (j.+1 < N)%N ->
  norm (imbalance (iterate T) j - imbalance (iterate 0) j)
  <= eta ^+ 2 * \sum_(0 <= t < T) (norm (D t j.+1) ^+ 2 + norm (D t j) ^+ 2).
Proof.
move=> jN; elim: T => [|T IH].
  by rewrite subrr big_geq // mulr0 -(scale0r (imbalance (iterate 0) j)) norm_scale normr0 mul0r.
rewrite big_nat_recr //= mulrDr.
have law := discrete_balancedness_law (iterate T) (G (iterate T)) eta jN.
rewrite -[gradient_step _ _ _]/(iterate T.+1) in law; rewrite law -/(D T j.+1) -/(D T j) addrAC.
apply: le_trans (norm_triangle _ _) _; apply: ler_add => //.
rewrite norm_scale ger0_norm ?sqr_ge0 //; apply: ler_wpmul2l; first exact: sqr_ge0.
apply: le_trans (norm_triangle _ _) _; rewrite norm_opp; apply: ler_add; rewrite expr2.
  by apply: le_trans (norm_mul _ _) _; rewrite norm_tr.
by apply: le_trans (norm_mul _ _) _; rewrite norm_tr.
Qed.
End Drift.
