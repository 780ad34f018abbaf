(* The algebra of a deep linear network over any commutative ring: what the theorems of this folder speak of.

   Widths are d 0, d 1, ..., weights W 0, W 1, ... with W j : d (j+1) x d j. The network of depth N uses the first N of
   them, so that the papers' W_{j+1} is W j here, and W_{j:k} is product W (j-1) k. These definitions are part of every
   statement: tests/test_formal_definitions.py compares them with what solvers.network computes. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
Import GRing.Theory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Network.
Variables (R : comRingType) (d : nat -> nat).

Definition weights := forall j, 'M[R]_(d j.+1, d j).

(* product W i k = W (k-1) ... W i : d k x d i, for i <= k; the identity where k = i (pid_mx is 1 there). *)
Fixpoint product (W : weights) (i k : nat) : 'M[R]_(d k, d i) :=
  if k is l.+1 then if (i <= l)%N then W l *m product W i l else pid_mx (d i) else pid_mx (d i).

(* The papers' W_{1:N}. *)
Definition end_to_end (N : nat) (W : weights) : 'M[R]_(d N, d 0) := product W 0 N.

(* Gradient of the papers' layer j+1 where G = dL/dW is the gradient in the product: W_{j+2:N}^T G W_{1:j}^T. *)
Definition layer_gradient (N : nat) (G : 'M[R]_(d N, d 0)) (W : weights) (j : nat) : 'M[R]_(d j.+1, d j) :=
  (product W j.+1 N)^T *m G *m (product W 0 j)^T.

(* A step of gradient descent, all layers at once; the network has those below N. *)
Definition gradient_step (N : nat) (eta : R) (G : 'M[R]_(d N, d 0)) (W : weights) : weights :=
  fun j => W j - eta *: layer_gradient G W j.

(* Imbalance of neighbours: the papers' B_{j+1} = W_{j+2}^T W_{j+2} - W_{j+1} W_{j+1}^T. *)
Definition imbalance (W : weights) (j : nat) : 'M[R]_(d j.+1) := (W j.+1)^T *m W j.+1 - W j *m (W j)^T.

(* Gradient descent on 1/2 ||W_{1:N} - Phi||_F^2, all layers at once. *)
Definition residual (N : nat) (Phi : 'M[R]_(d N, d 0)) (W : weights) := end_to_end N W - Phi.

Definition descent_step N eta (Phi : 'M[R]_(d N, d 0)) W := gradient_step eta (residual Phi W) W.

Definition descent N eta (Phi : 'M[R]_(d N, d 0)) (W : weights) (t : nat) : weights :=
  iter t (descent_step eta Phi) W.

(* Squared Frobenius norm; twice the loss is sqnorm (residual Phi W). *)
Definition sqnorm m n (A : 'M[R]_(m, n)) : R := \sum_i \sum_j A i j ^+ 2.

(* Frobenius' inner product, tr(A^T B). *)
Definition inner m n (A B : 'M[R]_(m, n)) : R := \tr (A^T *m B).

Lemma product_nil W i : product W i i = 1%:M.
Proof. by case: i => [|i] /=; rewrite ?ltnn pid_mx_1. Qed.

Lemma product_last W i k : (i <= k)%N -> product W i k.+1 = W k *m product W i k.
Proof. by move=> /= ->. Qed.

Lemma product_first W i k : (i < k)%N -> product W i k = product W i.+1 k *m W i.
Proof.
elim: k => // k IH; rewrite ltnS leq_eqVlt => /orP [/eqP <-|lt_ik].
  by rewrite product_last // !product_nil mulmx1 mul1mx.
by rewrite product_last ?(ltnW lt_ik) // IH // product_last // mulmxA.
Qed.

Lemma product_cat W i j k : (i <= j <= k)%N -> product W i k = product W j k *m product W i j.
Proof.
elim: k => [|k IH].
  case/andP; rewrite leqn0 => ij /eqP j0; move: ij; rewrite j0 leqn0 => /eqP ->.
  by rewrite product_nil mulmx1.
case/andP=> le_ij; rewrite leq_eqVlt => /orP [/eqP <-|]; first by rewrite product_nil mul1mx.
rewrite ltnS => le_jk; rewrite !product_last ?(leq_trans le_ij) // IH ?le_ij // mulmxA //.
Qed.

Lemma product_congr W W' i k : (forall l, (i <= l < k)%N -> W l = W' l) -> product W i k = product W' i k.
Proof.
elim: k => // k IH eqW /=; case: ifP => // le_ik.
rewrite (eqW k); last by rewrite le_ik leqnn.
by rewrite IH // => l /andP [il lk]; apply: eqW; rewrite il /=; apply: ltnW.
Qed.

Lemma descent_step_congr N eta (Phi : 'M[R]_(d N, d 0)) W W' : (forall l, (l < N)%N -> W l = W' l) ->
  forall j, (j < N)%N -> descent_step eta Phi W j = descent_step eta Phi W' j.
Proof.
move=> eqW j jN; have E i k : (k <= N)%N -> product W i k = product W' i k.
  by move=> kN; apply: product_congr => l /andP [_ lk]; apply: eqW; apply: leq_trans lk kN.
rewrite /descent_step /gradient_step /layer_gradient /residual /end_to_end.
by rewrite (eqW j jN) (E j.+1 N (leqnn N)) (E 0%N N (leqnn N)) (E 0%N j (ltnW jN)).
Qed.

(* One step from layers that differ from W by multiples of D. *)
Lemma mulmx_step (eta : R) m n p (A B : 'M[R]_(m, n)) (X Y : 'M[R]_(n, p)) :
  (A - eta *: B) *m (X - eta *: Y) = A *m X - eta *: (B *m X + A *m Y) + eta ^+ 2 *: (B *m Y).
Proof.
rewrite mulmxBl !mulmxBr -!scalemxAl -!scalemxAr.
move: (A *m X) (A *m Y) (B *m X) (B *m Y) => a b c e; apply/matrixP=> i k; rewrite !mxE.
move: (a i k) (b i k) (c i k) (e i k) => *; ring.
Qed.

Lemma trmx_step (eta : R) m n (A B : 'M[R]_(m, n)) : (A - eta *: B)^T = A^T - eta *: B^T.
Proof. by apply/matrixP=> i k; rewrite !mxE. Qed.

Lemma sqnorm_inner m n (A : 'M[R]_(m, n)) : sqnorm A = inner A A.
Proof.
rewrite /sqnorm /inner exchange_big /=; apply: eq_bigr => j _.
by rewrite mxE; apply: eq_bigr => i _; rewrite mxE expr2.
Qed.
End Network.
