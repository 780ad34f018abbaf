(* DL-066, Weight decay: balance at critical points, and the law of a step of descent.

   decayed_identity              Its statement 1, over any commutative ring, for any gradient G in the product, so for
                                 any loss: lambda B_j = W_{j+1}^T F_{j+1} - F_j W_j^T with F_j = D_j + lambda W_j.
   critical_points_are_balanced  So over any field, where all F_j vanish and lambda does not, every B_j is zero.
   decayed_law                   B_j' = (1 - eta lambda)^2 B_j + eta^2 (D_{j+1}^T D_{j+1} - D_j D_j^T).

   Left out: that F_j is the gradient of the loss and the penalty, and the flow. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network balancedness.
Import GRing.Theory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Identities.
Variables (R : comRingType) (d : nat -> nat) (N : nat).
Implicit Types (W : weights R d) (G : 'M[R]_(d N, d 0)).

Lemma first_order_terms_agree_transposed W G j : (j.+1 < N)%N ->
  (W j.+1)^T *m layer_gradient G W j.+1 = layer_gradient G W j *m (W j)^T.
Proof. by move=> jN; rewrite -[LHS]trmxK trmx_mul trmxK (first_order_terms_agree W G jN) trmx_mul trmxK. Qed.

Lemma mulmx_shrunk (s e : R) m n p (A B : 'M[R]_(m, n)) (X Y : 'M[R]_(n, p)) :
  (s *: A - e *: B) *m (s *: X - e *: Y) = s ^+ 2 *: (A *m X) - (s * e) *: (B *m X + A *m Y) + e ^+ 2 *: (B *m Y).
Proof.
rewrite mulmxBl !mulmxBr -!scalemxAl -!scalemxAr !scalerA.
move: (A *m X) (A *m Y) (B *m X) (B *m Y) => a b c f; apply/matrixP=> i k; rewrite !mxE.
move: (a i k) (b i k) (c i k) (f i k) => *; ring.
Qed.

Theorem decayed_identity W G (lambda : R) j : (j.+1 < N)%N ->
  lambda *: imbalance W j = (W j.+1)^T *m (layer_gradient G W j.+1 + lambda *: W j.+1)
                            - (layer_gradient G W j + lambda *: W j) *m (W j)^T.
Proof.
move=> jN; rewrite /imbalance mulmxDr mulmxDl -scalemxAr -scalemxAl (first_order_terms_agree_transposed W G jN).
by rewrite opprD addrACA subrr add0r scalerBr.
Qed.

Theorem decayed_law W G (lambda eta : R) j : (j.+1 < N)%N ->
  imbalance (fun i => W i - eta *: (layer_gradient G W i + lambda *: W i)) j =
  (1 - eta * lambda) ^+ 2 *: imbalance W j
  + eta ^+ 2 *: ((layer_gradient G W j.+1)^T *m layer_gradient G W j.+1
                 - layer_gradient G W j *m (layer_gradient G W j)^T).
Proof.
move=> jN; have H := first_order_terms_agree W G jN; have H' := first_order_terms_agree_transposed W G jN.
have shrunk i : W i - eta *: (layer_gradient G W i + lambda *: W i)
                = (1 - eta * lambda) *: W i - eta *: layer_gradient G W i.
  by rewrite scalerDr scalerBl scale1r scalerA opprD addrA addrAC.
have trmx_shrunk m n (s e : R) (A B : 'M[R]_(m, n)) : (s *: A - e *: B)^T = s *: A^T - e *: B^T.
  by apply/matrixP=> i k; rewrite !mxE.
rewrite /imbalance !shrunk !trmx_shrunk !mulmx_shrunk H H'.
move: ((W j.+1)^T *m W j.+1) (W j *m (W j)^T) ((layer_gradient G W j.+1)^T *m layer_gradient G W j.+1) => A B C.
move: (layer_gradient G W j *m (layer_gradient G W j)^T) (layer_gradient G W j *m (W j)^T) => E X.
move: (W j *m (layer_gradient G W j)^T) => Y.
apply/matrixP=> i k; rewrite !mxE.
move: (A i k) (B i k) (C i k) (E i k) (X i k) (Y i k) => *; ring.
Qed.
End Identities.

Theorem critical_points_are_balanced (R : fieldType) (d : nat -> nat) (N : nat) (W : weights R d)
    (G : 'M[R]_(d N, d 0%N)) (lambda : R) :
  lambda != 0 -> (forall i, (i < N)%N -> layer_gradient G W i + lambda *: W i = 0) ->
  forall j, (j.+1 < N)%N -> imbalance W j = 0.
Proof.
move=> lambda0 critical j jN; have := decayed_identity W G lambda jN.
rewrite !critical ?(ltnW jN) // mulmx0 mul0mx subr0 => /eqP.
by rewrite scaler_eq0 (negPf lambda0) => /eqP.
Qed.
