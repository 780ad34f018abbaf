(* DL-010 Nearly balanced layers nearly share a spectrum: the powers of its statement 3, for every depth and width.

   Over any real closed field, with delta >= ||B_j||_F and m^2 >= |W_j|_2^2 for every layer (bounded A k is
   |A|_2^2 <= k; power A k is A^k):

   powers_of_the_first_layer_nearly  ||W_{1:k}^T W_{1:k} - (W_1^T W_1)^k||_F <= k(k-1)/2 delta m^{2(k-1)}
   powers_of_the_last_layer_nearly   the mirror image, for the last k layers
   replaced_layer                    why: A^T ((X + B)^k - X^k) A is at most k delta m^{2k}
   powers_attained                   equality at k = 2, by scalar layers

   Left out: statements 1 and 2, which speak of singular values; 4 stands in end_layers.v in the form
   |W_j|_2^2 <= C^{2/N} + 3/2 (N-1) delta; that no smaller constant does for k >= 3. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm scalar bounds balanced_spectrum.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Replacement.
Variables (R : rcfType) (m delta : R).
Hypothesis m_ge0 : 0 <= m.
Let m2_ge0 k : 0 <= (m ^+ 2) ^+ k. Proof. by rewrite !exprn_ge0. Qed.

Lemma bounded_power p (X : 'M[R]_p) k : bounded X ((m ^+ 2) ^+ 2) -> bounded (power X k) (((m ^+ 2) ^+ k) ^+ 2).
Proof.
move=> X_le; elim: k => [|k IH]; first by rewrite expr1n; apply: bounded_1.
by rewrite [(m ^+ 2) ^+ k.+1]exprS exprMn; apply: bounded_mul => //; apply: sqr_ge0.
Qed.

(* Y^k - X^k, one factor at a time *)
Lemma power_near p (X Y : 'M[R]_p) k : bounded X ((m ^+ 2) ^+ 2) -> bounded Y ((m ^+ 2) ^+ 2) ->
  norm (Y - X) <= delta ->
  norm (power Y k - power X k) <= k%:R * (delta * (m ^+ 2) ^+ k.-1).
Proof.
move=> X_le Y_le near; elim: k => [|k IH]; first by rewrite subrr /norm sqnorm0 sqrtr0 mul0r.
have -> : power Y k.+1 - power X k.+1 = Y *m (power Y k - power X k) + (Y - X) *m power X k.
  by rewrite /power !iterS -!/(power _ _) mulmxBr mulmxBl addrA subrK.
apply: le_trans (norm_triangle _ _) _; rewrite [k.+1%:R]mulrSr mulrDl mul1r; apply: ler_add.
  apply: le_trans (norm_left _ (exprn_ge0 2 m_ge0) Y_le) _; apply: le_trans (ler_wpmul2l (exprn_ge0 2 m_ge0) IH) _.
  case: k {IH} => [|k]; first by rewrite !mul0r mulr0.
  by apply: eqle; rewrite /= [(m ^+ 2) ^+ k.+1]exprS; move: ((m ^+ 2) ^+ k) (m ^+ 2) (k.+1%:R : R) => *; ring.
apply: le_trans (norm_right _ (m2_ge0 k) (bounded_power _ X_le)) _.
by rewrite mulrC; apply: ler_wpmul2r.
Qed.

(* A layer A more, from Y^k to (A A^T)^{k+1}, where Y is nearly A^T A *)
Lemma replaced_layer p q (A : 'M[R]_(p, q)) (P Y : 'M[R]_q) k e : bounded A (m ^+ 2) -> bounded Y ((m ^+ 2) ^+ 2) ->
  norm (Y - A^T *m A) <= delta -> norm (P - power Y k) <= e ->
  norm (A *m P *m A^T - power (A *m A^T) k.+1) <= m ^+ 2 * (e + k%:R * (delta * (m ^+ 2) ^+ k.-1)).
Proof.
move=> A_le Y_le near close; have At_le := bounded_tr (sqr_ge0 m) A_le.
have X_le : bounded (A^T *m A) ((m ^+ 2) ^+ 2) by rewrite [(m ^+ 2) ^+ 2]expr2; apply: bounded_mul => //;
  apply: sqr_ge0.
have -> : power (A *m A^T) k.+1 = A *m power (A^T *m A) k *m A^T by rewrite power_swap -mulmxA power_right.
rewrite -mulmxBl -mulmxBr expr2 -mulrA; apply: le_trans (norm_right _ m_ge0 At_le) _; apply: ler_wpmul2l => //.
apply: le_trans (norm_left _ m_ge0 A_le) _; apply: ler_wpmul2l => //.
have -> : P - power (A^T *m A) k = P - power Y k + (power Y k - power (A^T *m A) k) by rewrite addrA subrK.
by apply: le_trans (norm_triangle _ _) _; apply: ler_add => //; apply: power_near.
Qed.

Lemma next_cost k : m ^+ 2 * ('C(k, 2)%:R * (delta * (m ^+ 2) ^+ k.-1) + k%:R * (delta * (m ^+ 2) ^+ k.-1))
  <= 'C(k.+1, 2)%:R * (delta * (m ^+ 2) ^+ k).
Proof.
rewrite binS bin1 natrD; case: k => [|k]; first by rewrite !mul0r addr0 mulr0 mul0r.
by apply: eqle; rewrite /= [(m ^+ 2) ^+ k.+1]exprS; move: ((m ^+ 2) ^+ k) (m ^+ 2) (k.+1%:R : R) (_%:R : R) => *; ring.
Qed.
End Replacement.

Section Powers.
Variables (R : rcfType) (d : nat -> nat) (N : nat) (W : weights R d) (m delta : R).
Hypothesis m_ge0 : 0 <= m.
Hypothesis layers : forall j, (j < N)%N -> bounded (W j) (m ^+ 2).
Hypothesis balanced : forall j, (j.+1 < N)%N -> norm (imbalance W j) <= delta.

Let gram j : (j < N)%N -> bounded ((W j)^T *m W j) ((m ^+ 2) ^+ 2).
Proof.
move=> jN; rewrite [(m ^+ 2) ^+ 2]expr2; apply: bounded_mul; rewrite ?sqr_ge0 //; last exact: layers.
by apply: bounded_tr (layers jN); apply: sqr_ge0.
Qed.

Let cogram j : (j < N)%N -> bounded (W j *m (W j)^T) ((m ^+ 2) ^+ 2).
Proof.
move=> jN; rewrite [(m ^+ 2) ^+ 2]expr2; apply: bounded_mul; rewrite ?sqr_ge0 //; first exact: layers.
by apply: bounded_tr (layers jN); apply: sqr_ge0.
Qed.

Let norm_0 p : norm (1%:M - power (1%:M : 'M[R]_p) 0) = 0. Proof. by rewrite subrr /norm sqnorm0 sqrtr0. Qed.

Lemma inputs_of k l i : k = (i + l)%N -> (k <= N)%N ->
  norm ((product W i k)^T *m product W i k - power ((W i)^T *m W i) l) <= 'C(l, 2)%:R * (delta * (m ^+ 2) ^+ l.-1).
Proof.
elim: l i => [|l IH] i; first by rewrite addn0 => -> _; rewrite product_nil trmx1 mulmx1 norm_0 mul0r.
move=> ki kN; have ik : (i < k)%N by rewrite ki addnS ltnS leq_addr.
apply: le_trans (next_cost m delta l).
case: l ki IH => [|l] ki IH.
  have k1 : k = i.+1 by rewrite ki addn1.
  rewrite k1 product_last // product_nil mulmx1 /power /= mulmx1 subrr /norm sqnorm0 sqrtr0.
  by rewrite !mul0r addr0 mulr0.
have iN : (i.+1 < N)%N by apply: leq_trans kN; rewrite ki !addnS !ltnS leq_addr.
have ki' : k = (i.+1 + l.+1)%N by rewrite ki addSnnS.
have := replaced_layer m_ge0 (bounded_tr (sqr_ge0 m) (layers (ltnW iN))) (gram iN) _ (IH _ ki' kN).
rewrite trmxK => /(_ _ (balanced iN)); apply: le_trans; apply: eqle; congr (norm (_ - _)).
by rewrite product_first // trmx_mul !mulmxA.
Qed.

Lemma outputs_of i l k : k = (i + l)%N -> (k < N)%N ->
  norm (product W i k.+1 *m (product W i k.+1)^T - power (W k *m (W k)^T) l.+1)
    <= 'C(l.+1, 2)%:R * (delta * (m ^+ 2) ^+ l).
Proof.
elim: l k => [|l IH] k ki kN.
  move: ki; rewrite addn0 => <-; rewrite product_last // product_nil mulmx1 /power /= mulmx1 subrr /norm sqnorm0 sqrtr0.
  by rewrite mul0r.
case: k ki kN => [|k] ki kN; first by rewrite addnS in ki.
have {}ki : k = (i + l)%N by move: ki; rewrite addnS => -[].
rewrite (@product_last _ _ W i k.+1) ?ki ?leqW ?leq_addr // -ki trmx_mul mulmxA -[X in X *m _]mulmxA.
apply: le_trans (next_cost m delta l.+1).
apply: (replaced_layer m_ge0 (Y := W k *m (W k)^T)); first exact: layers.
- by apply: cogram; apply: ltnW.
- by rewrite -norm_opp opprB; apply: balanced.
- by apply: IH => //; apply: ltnW.
Qed.
End Powers.

(* Statement 3, both halves; 'C(k, 2) is k(k-1)/2 *)
Section Statement.
Variables (R : rcfType) (d : nat -> nat) (n : nat) (W : weights R d) (m delta : R).
Let N := n.+1.
Hypotheses (m_ge0 : 0 <= m) (layers : forall j, (j < N)%N -> bounded (W j) (m ^+ 2)).
Hypothesis balanced : forall j, (j.+1 < N)%N -> norm (imbalance W j) <= delta.

Theorem powers_of_the_first_layer_nearly k : (k <= N)%N ->
  norm ((product W 0 k)^T *m product W 0 k - power ((W 0%N)^T *m W 0%N) k) <= 'C(k, 2)%:R * (delta * m ^+ (2 * k.-1)).
Proof. by move=> kN; rewrite exprM; apply: (inputs_of m_ge0 layers balanced). Qed.

Theorem powers_of_the_last_layer_nearly i : (i <= n)%N ->
  norm (product W i N *m (product W i N)^T - power (W n *m (W n)^T) (N - i))
    <= 'C(N - i, 2)%:R * (delta * m ^+ (2 * (n - i))).
Proof.
by move=> iN; rewrite exprM subSn //; apply: (outputs_of m_ge0 layers balanced); rewrite // subnKC.
Qed.
End Statement.

(* Attained at k = 2: scalar layers W_1 = m, W_2 = a, so that delta = |a^2 - m^2| *)
Theorem powers_attained (R : rcfType) (a m : R) : let W := scalars (fun j => if j is 0 then m else a) in
  norm ((product W 0 2)^T *m product W 0 2 - power ((W 0%N)^T *m W 0%N) 2)
  = 'C(2, 2)%:R * (norm (imbalance W 0) * m ^+ (2 * 2.-1)).
Proof.
move=> W; have norm1 (c : R) : norm (c%:M : 'M_1) = `|c| by rewrite /norm /sqnorm !big_ord1 mxE eqxx sqrtr_sqr.
rewrite mul1r product_scalars // /W !big_nat_recl // big_geq // mulr1 /power /= /scalars /imbalance !tr_scalar_mx
  mulmx1 -!scalar_mxM -!raddfB /= !norm1.
rewrite -[m ^+ _]ger0_norm ?exprn_even_ge0 // -normrM; congr (`| _ |); ring.
Qed.
