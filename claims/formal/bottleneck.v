(* A bottleneck bounds the loss (DL-020): the rank of a product, and Eckart's and Young's bound, over any real field.

   The squared singular values of Phi are a_0 >= a_1 >= ... >= 0: Phi^T Phi = Q diag(a) Q^T with Q orthogonal.
   sqnorm is twice the loss. Left out: that every Phi has such a Q. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm bounds orthogonal.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Lemma rank_of_part (F : fieldType) (d : nat -> nat) (W : weights F d) (i j k : nat) :
  (i <= j <= k)%N -> (\rank (product W i k) <= d j)%N.
Proof.
move=> ijk; rewrite (product_cat W ijk); apply: leq_trans (mxrankM_maxr _ _) _; exact: rank_leq_row.
Qed.

(* A product has at most the rank of its narrowest layer. *)
Theorem rank_of_product (F : fieldType) (d : nat -> nat) (N j : nat) (W : weights F d) :
  (j <= N)%N -> (\rank (end_to_end N W) <= d j)%N.
Proof. by move=> jN; apply: rank_of_part. Qed.

Section Kernel.
Variables (R : realFieldType) (m n : nat) (A : 'M[R]_(m, n)).

Lemma gram_free r (B : 'M[R]_(r, n)) : row_free B -> B *m B^T \in unitmx.
Proof.
move=> freeB; rewrite -row_free_unit -kermx_eq0; apply/eqP/row_matrixP => i; rewrite row0.
set v := row i _; have vB : v *m (B *m B^T) = 0 by apply/sub_kermxP; apply: row_sub.
have : v *m B = 0.
  apply: sqnorm_eq0; rewrite -sqnorm_tr sqnorm_inner /inner trmxK trmx_mul.
  by rewrite -mulmxA [B *m (_ *m _)]mulmxA mulmxA vB mul0mx mxtrace0.
by move/eqP; rewrite mulmx_free_eq0 // => /eqP.
Qed.

(* The orthogonal projection on the vectors that A takes to 0. *)
Lemma kernel_projection : exists P : 'M[R]_n,
  [/\ P^T = P, P *m P = P, A *m P = 0 & \tr P = (n - \rank A)%:R].
Proof.
have [B [freeB [C AB]]] : exists B : 'M[R]_(\rank A, n), row_free B /\ exists C, A = C *m B.
  by exists (row_base A); split; [exact: row_base_free|exists (col_base A); rewrite mulmx_base].
have U : B *m B^T \in unitmx by apply: gram_free.
pose I := invmx (B *m B^T); pose S := B^T *m I *m B.
have BS : B *m S = B by rewrite /S !mulmxA mulmxV // mul1mx.
have SS : S *m S = S by rewrite {1}/S -mulmxA BS.
have ST : S^T = S.
  by rewrite /S !trmx_mul trmxK mulmxA /I trmx_inv trmx_mul trmxK.
exists (1%:M - S); split.
- by rewrite linearB /= trmx1 ST.
- by rewrite mulmxBr mulmx1 mulmxBl mul1mx SS subrr subr0.
- by rewrite mulmxBr mulmx1 {2}AB -mulmxA BS -AB subrr.
rewrite linearB /= mxtrace1 /S -mulmxA mxtrace_mulC -mulmxA mulVmx // mxtrace1 natrB //.
exact: rank_leq_col.
Qed.
End Kernel.

(* sum_i a_i t_i is least where weights t_i in [0, 1] of sum n - k are on the smallest a_i. *)
Lemma weights_on_the_tail (R : realFieldType) (n k : nat) (a t : nat -> R) : (k <= n)%N ->
  (forall i j, (i <= j)%N -> a j <= a i) -> (forall i, 0 <= a i) ->
  (forall i, (i < n)%N -> 0 <= t i <= 1) -> (n - k)%:R <= \sum_(0 <= i < n) t i ->
  \sum_(k <= i < n) a i <= \sum_(0 <= i < n) a i * t i.
Proof.
move=> kn mono a0 t01 tsum; rewrite -subr_ge0.
have [e|lt_kn] := eqVneq k n.
  rewrite e [X in _ - X]big_geq // subr0 big_nat; apply: sumr_ge0 => i /andP [_ iN].
  by apply: mulr_ge0; [exact: a0|case/andP: (t01 i iN)].
apply: le_trans (_ : a k * (\sum_(0 <= i < n) t i - (n - k)%:R) <= _); first by rewrite mulr_ge0 // subr_ge0.
have -> : (n - k)%:R = \sum_(k <= i < n) (1 : R) by rewrite sumr_const_nat.
rewrite !(@big_cat_nat _ _ _ k 0 n) //= mulrBr mulrDr !mulr_sumr -!addrA -!sumrB.
apply: ler_add.
  rewrite big_nat [X in _ <= X]big_nat; apply: ler_sum => i /andP [_ ik].
  by apply: ler_wpmul2r (mono _ _ (ltnW ik)); case/andP: (t01 i (leq_trans ik kn)).
rewrite big_nat [X in _ <= X]big_nat; apply: ler_sum => i /andP [ki iN].
rewrite -subr_ge0 mulr1 (_ : a i * t i - a i - (a k * t i - a k) = (a k - a i) * (1 - t i)); last by ring.
by apply: mulr_ge0; rewrite subr_ge0; [exact: mono|case/andP: (t01 i iN)].
Qed.

(* 1. The tail, of matrices. *)
Theorem eckart_young (R : realFieldType) (m n k : nat) (Phi W : 'M[R]_(m, n)) (Q : 'M[R]_n) (a : nat -> R) :
  Phi^T *m Phi = Q *m diag_mx (\row_i a i) *m Q^T -> Q^T *m Q = 1%:M ->
  (forall i j, (i <= j)%N -> a j <= a i) -> (forall i, 0 <= a i) -> (\rank W <= k <= n)%N ->
  \sum_(k <= i < n) a i <= sqnorm (W - Phi).
Proof.
move=> gram orth mono a0 /andP [rk kn].
have [P [PT PP WP trP]] := kernel_projection W.
have orth' : Q *m Q^T = 1%:M by apply: mulmx1C.
have contraction : sqnorm ((W - Phi) *m P) <= sqnorm (W - Phi).
  have : W - Phi = (W - Phi) *m P + (W - Phi) *m (1%:M - P) by rewrite -mulmxDr addrCA subrr addr0 mulmx1.
  move: (W - Phi) => E eE; rewrite {2}eE sqnormD.
  have -> : inner (E *m P) (E *m (1%:M - P)) = 0.
    by rewrite inner_right PT -mulmxA mulmxBl mul1mx PP subrr mulmx0 /inner mulmx0 mxtrace0.
  by rewrite mul0rn addr0 ler_addl sqnorm_ge0.
apply: le_trans contraction; rewrite mulmxBl WP sub0r -scaleN1r sqnorm_scale sqrrN expr1n mul1r.
pose T := Q^T *m P *m Q.
have TT : T *m T = T by rewrite /T -!mulmxA [Q *m (Q^T *m _)]mulmxA orth' mul1mx [P *m (P *m _)]mulmxA PP.
have Tsym : T^T = T by rewrite /T !trmx_mul trmxK PT mulmxA.
have Tii i : T i i = \sum_j T i j ^+ 2.
  have sym j : T j i = T i j by rewrite -{1}Tsym mxE.
  by rewrite -{1}TT mxE; apply: eq_bigr => j _; rewrite sym expr2.
have t01 i : 0 <= T i i <= 1.
  have T0 : 0 <= T i i by rewrite Tii; apply: sumr_ge0 => j _; exact: sqr_ge0.
  rewrite T0 /=; have : T i i ^+ 2 <= T i i.
    by rewrite [X in _ <= X]Tii (bigD1 i) //= ler_addl; apply: sumr_ge0 => j _; exact: sqr_ge0.
  move: T0; rewrite le_eqVlt => /orP [/eqP <-|T0]; first by rewrite ler01.
  by rewrite expr2 ger_pmulr.
have -> : sqnorm (Phi *m P) = \sum_(0 <= i < n) a i * (if insub i is Some l then T l l else 0).
  have -> : sqnorm (Phi *m P) = \tr (diag_mx (\row_i a i) *m T).
    rewrite sqnorm_inner /inner trmx_mul PT -mulmxA [Phi^T *m _]mulmxA gram mulmxA mxtrace_mulC !mulmxA PP.
    by rewrite mxtrace_mulC !mulmxA mxtrace_mulC !mulmxA.
  rewrite big_mkord /mxtrace; apply: eq_bigr => i _; by rewrite valK mul_diag_mx !mxE.
apply: weights_on_the_tail => // [i iN|]; first by rewrite insubT.
rewrite big_mkord (eq_bigr (fun i => T i i)) => [|i _]; last by rewrite valK.
rewrite -/(mxtrace T) /T mxtrace_mulC mulmxA orth' mul1mx trP ler_nat leq_sub2l //.
Qed.

(* 1. For every weight of a network: some d_j <= k. *)
Theorem loss_above_the_tail (R : realFieldType) (d : nat -> nat) (N j k : nat) (Phi : 'M[R]_(d N, d 0%N))
    (W : weights R d) (Q : 'M[R]_(d 0%N)) (a : nat -> R) : (j <= N)%N -> (d j <= k <= d 0)%N ->
  Phi^T *m Phi = Q *m diag_mx (\row_i a i) *m Q^T -> Q^T *m Q = 1%:M ->
  (forall i j, (i <= j)%N -> a j <= a i) -> (forall i, 0 <= a i) ->
  \sum_(k <= i < d 0%N) a i <= sqnorm (residual Phi W).
Proof.
move=> jN /andP [jk kd] gram orth mono a0; apply: (eckart_young gram) => //.
by rewrite kd andbT (leq_trans (rank_of_product W jN)).
Qed.

(* 2. It is attained, of matrices of rank at most k, by Phi on its first k right singular vectors. *)
Theorem truncation (R : realFieldType) (m n k : nat) (Phi : 'M[R]_(m, n)) (Q : 'M[R]_n) (a : nat -> R) :
  Phi^T *m Phi = Q *m diag_mx (\row_i a i) *m Q^T -> Q^T *m Q = 1%:M -> (k <= n)%N ->
  let W := Phi *m Q *m pid_mx k *m Q^T in (\rank W <= k)%N /\ sqnorm (W - Phi) = \sum_(k <= i < n) a i.
Proof.
move=> gram orth kn W; have orth' : Q *m Q^T = 1%:M by apply: mulmx1C.
split.
  apply: leq_trans (mxrankM_maxl _ _) _; apply: leq_trans (mxrankM_maxr _ _) _.
  by rewrite rank_pid_mx.
have -> : W - Phi = Phi *m Q *m (pid_mx k - 1%:M) *m Q^T.
  by rewrite mulmxBr mulmx1 mulmxBl -[Phi *m Q *m Q^T]mulmxA orth' mulmx1.
rewrite sqnorm_isometry_right // sqnorm_inner /inner trmx_mul trmx_mul -!mulmxA [Phi^T *m _]mulmxA gram.
rewrite -!mulmxA [Q^T *m (Q *m _)]mulmxA orth mul1mx [Q^T *m (Q *m _)]mulmxA orth mul1mx.
have -> : pid_mx k - 1%:M = diag_mx (\row_(i < n) (if (k <= i)%N then -1 else 0)) :> 'M[R]_n.
  apply/matrixP => i j; rewrite !mxE -val_eqE /=; case: (_ == _ :> nat); case: leqP => _.
  all: rewrite /= ?mulr1n ?mulr0n ?subrr ?oppr0 ?sub0r //.
rewrite tr_diag_mx !mulmx_diag mxtrace_diag.
rewrite (eq_bigr (fun i : 'I_n => if (k <= i)%N then a i else 0)) => [|i _]; last first.
  by rewrite !mxE; case: (k <= i)%N; ring.
rewrite -(big_mkord xpredT (fun i => if (k <= i)%N then a i else 0)) (big_cat_nat _ _ _ (leq0n k) kn) /=.
rewrite big_nat big1 ?add0r => [|i /andP [_ ik]]; last by rewrite leqNgt ik.
by rewrite big_nat [RHS]big_nat; apply: eq_bigr => i /andP [-> _].
Qed.
