(* DL-005 What sigma_min(A) >= s says of singular values, over any real closed field and for every shape: where
   A = U D V^T with orthogonal U and V, and D has f_0, f_1, ... on its diagonal and zeros beside it, it says that no
   |f_i| is less than s.
   Left out: that each A is such a product. *)
From mathcomp Require Import all_ssreflect all_algebra.
From DLC Require Import network norm orthogonal scalar_modes deficiency_margin.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Values.
Variable R : rcfType.
Implicit Types (f : nat -> R) (s : R).

Lemma norm_isometry m n p (Q : 'M[R]_(m, n)) (A : 'M[R]_(n, p)) : Q^T *m Q = 1%:M -> norm (Q *m A) = norm A.
Proof. by move=> orth; rewrite /norm sqnorm_isometry. Qed.

Lemma at_diagonal m n f (x : 'cV[R]_n) (i : 'I_m) (j : 'I_n) : i = j :> nat -> (diagonal m n f *m x) i 0 = f j * x j 0.
Proof.
move=> ij; rewrite mxE (bigD1 j) //= big1 ?addr0 => [|k kj]; rewrite mxE ij ?eqxx //.
by rewrite (_ : (j == k :> nat) = false) ?mul0r //; apply/negbTE; rewrite eq_sym.
Qed.

Lemma sqnorm_at_diagonal m n f (x : 'cV[R]_n) : (n <= m)%N ->
  sqnorm (diagonal m n f *m x) = \sum_(j < n) (f j * x j 0) ^+ 2.
Proof.
move=> nm; rewrite /sqnorm; under eq_bigr do rewrite big_ord1.
rewrite (bigID (fun i : 'I_m => (i < n)%N)) /= [X in _ + X]big1 ?addr0 => [|i]; last first.
  rewrite -leqNgt => ni; rewrite mxE big1 ?expr0n // => j _; rewrite mxE.
  by rewrite (_ : (i == j :> nat) = false) ?mul0r // gtn_eqF // (leq_trans (ltn_ord j)).
rewrite (big_ord_narrow nm); apply: eq_bigr => j _.
by rewrite (@at_diagonal m n f x _ j).
Qed.

Lemma stretches_of_values m n (U : 'M[R]_m) (V : 'M[R]_n) f s : U^T *m U = 1%:M -> V^T *m V = 1%:M -> (n <= m)%N ->
  stretches (U *m diagonal m n f *m V^T) s <-> forall i, (i < n)%N -> s <= `|f i|.
Proof.
move=> orthU orthV nm; have back : V^T^T *m V^T = 1%:M by rewrite trmxK (mulmx1C orthV).
split=> [big i i_n|le x].
  pose j := Ordinal i_n; have := big (V *m delta_mx j 0); rewrite -!mulmxA [V^T *m _]mulmxA orthV mul1mx.
  rewrite (norm_isometry _ orthU) (norm_isometry _ orthV) /norm sqnorm_at_diagonal //.
  have -> : sqnorm (delta_mx j 0 : 'cV[R]_n) = 1.
    rewrite /sqnorm; under eq_bigr do rewrite big_ord1 mxE andbT.
    rewrite (bigD1 j) //= eqxx expr1n big1 ?addr0 // => k /negbTE ->.
    by rewrite expr0n.
  have -> : \sum_(l < n) (f l * (delta_mx j 0 : 'cV[R]_n) l 0) ^+ 2 = f i ^+ 2.
    rewrite (bigD1 j) //= mxE !eqxx mulr1 big1 ?addr0 // => k /negbTE kj.
    by rewrite mxE kj mulr0 expr0n.
  by rewrite sqrtr1 mulr1 sqrtr_sqr.
have [neg|pos] := lerP s 0; first by apply: le_trans (norm_ge0 _); rewrite mulr_le0_ge0 ?norm_ge0.
rewrite -!mulmxA (norm_isometry _ orthU) -(norm_isometry x back); move: (V^T *m x) => y.
rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?mulr_ge0 ?norm_ge0 ?(ltW pos) // exprMn !sqr_norm sqnorm_at_diagonal //.
rewrite /sqnorm mulr_sumr; apply: ler_sum => j _; rewrite big_ord1 exprMn ler_wpmul2r ?sqr_ge0 //.
by rewrite -(real_normK (num_real (f j))) ler_pexpn2r ?nnegrE ?normr_ge0 ?(ltW pos) // le.
Qed.

Theorem least_singular_value m n (U : 'M[R]_m) (V : 'M[R]_n) f s : U^T *m U = 1%:M -> V^T *m V = 1%:M ->
  sigma_min_ge (U *m diagonal m n f *m V^T) s <-> forall i, (i < minn m n)%N -> s <= `|f i|.
Proof.
move=> orthU orthV; rewrite /sigma_min_ge; case: leqP => [nm|mn].
  by apply: stretches_of_values.
have -> : (U *m diagonal m n f *m V^T)^T = V *m diagonal n m f *m U^T.
  rewrite !trmx_mul trmxK mulmxA; congr (_ *m _ *m _); apply/matrixP => i j.
  by rewrite !mxE eq_sym; case: eqP => // ->.
exact: stretches_of_values orthV orthU (ltnW mn).
Qed.
End Values.
