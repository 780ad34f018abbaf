(* DL-009 Balanced layers share a spectrum: the powers, over any commutative ring, for every depth and width.

   powers_of_the_first_layer  statement 1: W_{1:k}^T W_{1:k} = (W_1^T W_1)^k. power A k is A^k

   Left out: its mirror image, for the last layer; statements 2 and 3, which speak of singular values. *)
From mathcomp Require Import all_ssreflect all_algebra.
From DLC Require Import network.
Import GRing.Theory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Definition power (R : comRingType) n (A : 'M[R]_n) (k : nat) : 'M[R]_n := iter k (mulmx A) 1%:M.

(* A (B A)^k = (A B)^k A *)
Lemma power_swap (R : comRingType) m n (A : 'M[R]_(m, n)) (B : 'M[R]_(n, m)) k :
  A *m power (B *m A) k = power (A *m B) k *m A.
Proof.
elim: k => [|k IH]; first by rewrite /power /= mulmx1 mul1mx.
by rewrite /power !iterS -!/(power _ _) -[RHS]mulmxA -IH !mulmxA.
Qed.

Section Powers.
Variables (R : comRingType) (d : nat -> nat) (N : nat) (W : weights R d).
Hypothesis balanced : forall j, (j.+1 < N)%N -> imbalance W j = 0.

Let neighbours j : (j.+1 < N)%N -> (W j.+1)^T *m W j.+1 = W j *m (W j)^T.
Proof. by move=> jN; apply/eqP; rewrite -subr_eq0 -/(imbalance W j) balanced. Qed.

Let inputs_of k m i : k = (i + m)%N -> (k <= N)%N ->
  (product W i k)^T *m product W i k = power ((W i)^T *m W i) m.
Proof.
elim: m i => [|m IH] i; first by rewrite addn0 => -> _; rewrite product_nil trmx1 mulmx1.
move=> ki kN; have ik : (i < k)%N by rewrite ki addnS ltnS leq_addr.
rewrite product_first // trmx_mul -mulmxA [X in _ *m X]mulmxA IH ?addSnnS //.
case: m ki {IH} => [|m] ki; first by rewrite /power /= mul1mx mulmx1.
have iN : (i.+1 < N)%N by apply: leq_trans kN; rewrite ki !addnS !ltnS leq_addr.
by rewrite neighbours // -power_swap mulmxA.
Qed.

Theorem powers_of_the_first_layer k : (k <= N)%N -> (product W 0 k)^T *m product W 0 k = power ((W 0%N)^T *m W 0%N) k.
Proof. exact: inputs_of. Qed.

End Powers.
