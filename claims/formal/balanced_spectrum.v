(* DL-009 Balanced layers share a spectrum, for every depth and width.

   powers_of_the_first_layer  statement 1: W_{1:k}^T W_{1:k} = (W_1^T W_1)^k, over any commutative ring; power A k is
                              A^k
   powers_of_the_last_layer   its mirror image, for the last layers
   same_nonzero_spectrum      statement 2, all layers: x^{d_k} char(W_j^T W_j) = x^{d_j} char(W_k^T W_k), so that the
                              squared singular values other than 0 agree, with their multiplicities
   shared_bases               statement 3, over any field: the eigenspaces of W_j W_j^T are those of
                              W_{j+1}^T W_{j+1}
   Controls: powers_need_balance, powers_need_every_pair, powers_are_of_order_k

   Left out: singular values as numbers; that the eigenvalues of A^N are the N-th powers of those of A. *)
From mathcomp Require Import all_ssreflect all_algebra.
From DLC Require Import network scalar.
Import GRing.Theory Num.Theory.
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

Lemma power_right (R : comRingType) n (A : 'M[R]_n) k : power A k *m A = power A k.+1.
Proof. by have := power_swap A 1%:M k; rewrite mul1mx mulmx1 => <-. Qed.

(* Sylvester: A^T A and A A^T have one characteristic polynomial up to a power of x *)
Lemma sylvester (R : comRingType) m n (A : 'M[R]_(m, n)) (B : 'M[R]_(n, m)) :
  'X ^+ n * char_poly (A *m B) = 'X ^+ m * char_poly (B *m A).
Proof.
pose a := map_mx polyC A; pose b := map_mx polyC B.
pose M := block_mx 'X%:M a b 1%:M.
have one : \det M = char_poly (A *m B).
  have E : M *m block_mx 1%:M 0 (- b) 1%:M = block_mx ('X%:M - a *m b) a 0 1%:M.
    by rewrite mulmx_block !mulmx1 !mulmx0 !add0r mulmxN mul1mx subrr.
  have := congr1 determinant E; rewrite det_mulmx det_lblock !det1 !mulr1 det_ublock det1 mulr1 => ->.
  by rewrite /char_poly /char_poly_mx map_mxM.
have two : 'X ^+ n * \det M = 'X ^+ m * char_poly (B *m A).
  have E : block_mx 1%:M 0 (- b) 'X%:M *m M = block_mx 'X%:M a 0 ('X%:M - b *m a).
    rewrite mulmx_block !mul1mx !mul0mx !addr0 mulNmx mul_mx_scalar mul_scalar_mx addNr mulmx1 mulNmx.
    by rewrite addrC.
  have := congr1 determinant E; rewrite det_mulmx det_lblock det1 mul1r det_scalar => ->.
  by rewrite det_ublock det_scalar /char_poly /char_poly_mx map_mxM.
by rewrite -one.
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

Let outputs_of i l k : k = (i + l)%N -> (k < N)%N ->
  product W i k.+1 *m (product W i k.+1)^T = power (W k *m (W k)^T) l.+1.
Proof.
elim: l k => [|l IH] k ki kN.
  by move: ki; rewrite addn0 => <-; rewrite product_last // product_nil mulmx1 /power /= mulmx1.
case: k ki kN => [|k] ki kN; first by rewrite addnS in ki.
have {}ki : k = (i + l)%N by move: ki; rewrite addnS => -[].
rewrite (@product_last _ _ W i k.+1) ?ki ?leqW ?leq_addr // -ki trmx_mul mulmxA -[X in X *m _]mulmxA.
by rewrite (IH k ki (ltnW kN)) -(neighbours kN) power_swap -mulmxA power_right.
Qed.

Theorem powers_of_the_last_layer n i : N = n.+1 -> (i <= n)%N ->
  product W i n.+1 *m (product W i n.+1)^T = power (W n *m (W n)^T) (n.+1 - i).
Proof. by move=> Nn iN; rewrite subSn //; apply: outputs_of; rewrite ?subnKC ?Nn. Qed.

Let step_of j : (j.+1 < N)%N ->
  'X ^+ d j.+1 * char_poly ((W j)^T *m W j) = 'X ^+ d j * char_poly ((W j.+1)^T *m W j.+1).
Proof. by move=> jN; rewrite neighbours // sylvester. Qed.

Theorem same_nonzero_spectrum j k : (j < N)%N -> (k < N)%N ->
  'X ^+ d k * char_poly ((W j)^T *m W j) = 'X ^+ d j * char_poly ((W k)^T *m W k).
Proof.
have from_first l : (l < N)%N -> 'X ^+ d l * char_poly ((W 0%N)^T *m W 0%N) = 'X ^+ d 0%N * char_poly ((W l)^T *m W l).
  elim: l => // l IH lN; apply: (monic_lreg (monicXn _ (d l))).
  by rewrite mulrCA IH ?(ltnW lN) // mulrCA step_of // mulrCA.
move=> jN kN; apply: (monic_lreg (monicXn _ (d 0%N))).
by rewrite mulrCA -from_first // mulrCA from_first // mulrCA.
Qed.
End Powers.

(* Statement 3: the left singular space of a layer, for each singular value (0 included), is the right one of the
  next *)
Theorem shared_bases (R : fieldType) (d : nat -> nat) (N : nat) (W : weights R d) j a :
  (forall i, (i.+1 < N)%N -> imbalance W i = 0) -> (j.+1 < N)%N ->
  eigenspace (W j *m (W j)^T) a = eigenspace ((W j.+1)^T *m W j.+1) a.
Proof.
move=> bal jN; have -> : (W j.+1)^T *m W j.+1 = W j *m (W j)^T; last by [].
by apply/eqP; rewrite -subr_eq0 -/(imbalance W j) bal.
Qed.

(* Controls. Scalar layers 1, 2: the powers fail. Scalar layers 1, 1, 2: the first pair in balance is not enough. The
   power k - 1 for k: the scalar layer 2. *)
Lemma powers_of_scalars (w : nat -> int) k : (product (scalars w) 0 k)^T *m product (scalars w) 0 k
  = power ((scalars w 0%N)^T *m scalars w 0%N) k -> (\prod_(0 <= l < k) w l) ^+ 2 = (w 0%N ^+ 2) ^+ k.
Proof.
have -> : power ((scalars w 0%N)^T *m scalars w 0%N) k = ((w 0%N ^+ 2) ^+ k)%:M.
  elim: k => // k IH; rewrite /power iterS -/(power _ _) IH /scalars tr_scalar_mx -!scalar_mxM.
  by rewrite [in RHS]exprS expr2.
rewrite product_scalars // tr_scalar_mx -scalar_mxM => /(congr1 (fun A : 'M_1 => A 0 0)); rewrite !mxE eqxx !mulr1n.
by rewrite expr2.
Qed.

Theorem powers_need_balance : ~ forall (R : comRingType) (d : nat -> nat) (N : nat) (W : weights R d) (k : nat),
  (k <= N)%N -> (product W 0 k)^T *m product W 0 k = power ((W 0%N)^T *m W 0%N) k.
Proof.
move/(_ _ _ 2%N (scalars (fun j => if j is 0%N then 1 else 2%:Z)) 2%N (leqnn _))/powers_of_scalars.
by rewrite !big_nat_recl // big_geq.
Qed.

Theorem powers_need_every_pair : ~ forall (R : comRingType) (d : nat -> nat) (N : nat) (W : weights R d),
  imbalance W 0 = 0 -> (product W 0 N)^T *m product W 0 N = power ((W 0%N)^T *m W 0%N) N.
Proof.
pose w j : int := if j is 2%N then 2 else 1; move/(_ _ _ 3%N (scalars w)) => H.
have {H} /H : imbalance (scalars w) 0 = 0 by rewrite /imbalance /scalars /= !tr_scalar_mx subrr.
by move/powers_of_scalars; rewrite !big_nat_recl // big_geq.
Qed.

Theorem powers_are_of_order_k : ~ forall (R : comRingType) (d : nat -> nat) (N : nat) (W : weights R d) (k : nat),
  (forall j, (j.+1 < N)%N -> imbalance W j = 0) -> (k <= N)%N ->
  (product W 0 k)^T *m product W 0 k = power ((W 0%N)^T *m W 0%N) k.-1.
Proof.
move/(_ _ _ 1%N (scalars (fun _ => 2%:Z)) 1%N) => H;
  have {}H := H (fun j (jN : (j.+1 < 1)%N) => match notF jN with end) (leqnn _); move: H.
rewrite product_scalars // big_nat1 tr_scalar_mx -scalar_mxM => /(congr1 (fun A : 'M_1 => A 0 0)).
by rewrite !mxE.
Qed.
