(* Shared: matrices with orthonormal columns leave the squared Frobenius norm as it is, or make it smaller. *)
From mathcomp Require Import all_ssreflect all_algebra.
From DLC Require Import network norm.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section CommutativeRing.
Variable R : comRingType.

Lemma sqnorm_trace m n (A : 'M[R]_(m, n)) : sqnorm A = \tr (A^T *m A).
Proof. exact: sqnorm_inner. Qed.

Lemma sqnorm_transpose m n (A : 'M[R]_(m, n)) : sqnorm A^T = sqnorm A.
Proof. by rewrite /sqnorm exchange_big /=; apply: eq_bigr => i _; apply: eq_bigr => j _; rewrite mxE. Qed.

(* ||Q A|| = ||A|| where Q^T Q = I. *)
Lemma sqnorm_isometry m n p (Q : 'M[R]_(m, n)) (A : 'M[R]_(n, p)) : Q^T *m Q = 1%:M -> sqnorm (Q *m A) = sqnorm A.
Proof. by move=> orth; rewrite !sqnorm_trace trmx_mul -mulmxA [Q^T *m _]mulmxA orth mul1mx. Qed.

(* ||A Q^T|| = ||A|| where Q^T Q = I. *)
Lemma sqnorm_isometry_right m n p (Q : 'M[R]_(m, n)) (A : 'M[R]_(p, n)) :
  Q^T *m Q = 1%:M -> sqnorm (A *m Q^T) = sqnorm A.
Proof. by move=> orth; rewrite -sqnorm_transpose trmx_mul trmxK sqnorm_isometry // sqnorm_transpose. Qed.

Lemma sqnorm_diagonal n (w : 'rV[R]_n) : sqnorm (diag_mx w) = \sum_i w 0 i ^+ 2.
Proof.
rewrite /sqnorm; apply: eq_bigr => i _; rewrite (bigD1 i) //= big1 ?addr0 => [|j ij]; rewrite !mxE ?eqxx //.
by rewrite eq_sym (negPf ij) expr0n.
Qed.
End CommutativeRing.

(* ||V^T M|| <= ||M|| where V^T V = I. *)
Lemma sqnorm_orthonormal (R : realFieldType) m p q (M : 'M[R]_(m, p)) (V : 'M[R]_(m, q)) :
  V^T *m V = 1%:M -> sqnorm (V^T *m M) <= sqnorm M.
Proof.
move=> orth; pose P := M - V *m (V^T *m M).
have -> : M = P + V *m (V^T *m M) by rewrite /P subrK.
have VP : V^T *m P = 0 by rewrite /P mulmxBr [V^T *m (V *m _)]mulmxA orth mul1mx subrr.
have PV : P^T *m V = 0 by rewrite -[LHS]trmxK trmx_mul trmxK VP trmx0.
rewrite mulmxDr VP [V^T *m (V *m _)]mulmxA orth mul1mx add0r; move: P VP PV => P VP PV.
rewrite sqnormD; have -> : inner P (V *m (V^T *m M)) = 0.
  have E : P^T *m (V *m (V^T *m M)) = 0 by rewrite mulmxA PV mul0mx.
  by rewrite /inner E mxtrace0.
by rewrite mul0rn addr0 (sqnorm_isometry _ orth) ler_addr sqnorm_ge0.
Qed.
