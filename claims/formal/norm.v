(* Frobenius' norm: its square over an ordered ring, and the norm itself, a square root, over a real closed field. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Ordered.
Variable R : realDomainType.

Lemma sqnorm_ge0 m n (A : 'M[R]_(m, n)) : 0 <= sqnorm A.
Proof. by apply: sumr_ge0 => i _; apply: sumr_ge0 => j _; apply: sqr_ge0. Qed.

Lemma sqnorm_eq0 m n (A : 'M[R]_(m, n)) : sqnorm A = 0 -> A = 0.
Proof.
move=> A0; apply/matrixP => i j; rewrite mxE; apply/eqP; rewrite -sqrf_eq0.
move/eqP: A0; rewrite /sqnorm psumr_eq0; last by move=> ? _; apply: sumr_ge0 => ? _; apply: sqr_ge0.
move/allP/(_ i); rewrite mem_index_enum psumr_eq0; last by move=> ? _; apply: sqr_ge0.
by move/(_ isT)/allP/(_ j); rewrite mem_index_enum; apply.
Qed.

Lemma cauchy_schwarz_sum (I : finType) (f g : I -> R) :
  (\sum_i f i * g i) ^+ 2 <= (\sum_i f i ^+ 2) * (\sum_i g i ^+ 2).
Proof.
set a := \sum_i f i ^+ 2; set b := \sum_i g i ^+ 2; set c := \sum_i f i * g i.
have b0 : 0 <= b by apply: sumr_ge0 => i _; apply: sqr_ge0.
have expand (x y z : R) : y * (x * y - z ^+ 2) = y ^+ 2 * x - (y * z + y * z) * z + z ^+ 2 * y by ring.
have square (x y p q : R) : x ^+ 2 * p ^+ 2 - (x * y + x * y) * (p * q) + y ^+ 2 * q ^+ 2 = (x * p - y * q) ^+ 2.
  by ring.
have key : 0 <= b * (a * b - c ^+ 2).
  have -> : b * (a * b - c ^+ 2) = \sum_i (b * f i - c * g i) ^+ 2.
    transitivity (\sum_i (b ^+ 2 * f i ^+ 2 - (b * c + b * c) * (f i * g i) + c ^+ 2 * g i ^+ 2)).
      by rewrite big_split sumrB /= -!mulr_sumr -/a -/b -/c; apply: expand.
    by apply: eq_bigr => i _; apply: square.
  by apply: sumr_ge0 => i _; apply: sqr_ge0.
move: b0; rewrite le_eqVlt => /orP [/eqP b0|b0]; last by move: key; rewrite pmulr_rge0 // subr_ge0.
have g0 i : g i = 0.
  apply/eqP; rewrite -sqrf_eq0; move/esym/eqP: b0; rewrite /b psumr_eq0; last by move=> ? _; apply: sqr_ge0.
  by move/allP/(_ i); rewrite mem_index_enum; apply.
rewrite -b0 mulr0 /c big1 ?expr0n // => i _; by rewrite g0 mulr0.
Qed.

Lemma sqnorm_mul m n p (A : 'M[R]_(m, n)) (B : 'M[R]_(n, p)) : sqnorm (A *m B) <= sqnorm A * sqnorm B.
Proof.
rewrite /sqnorm [X in _ <= _ * X]exchange_big /= mulr_suml; apply: ler_sum => i _.
rewrite mulr_sumr; apply: ler_sum => j _; rewrite mxE; exact: cauchy_schwarz_sum.
Qed.

Lemma sqnorm_tr m n (A : 'M[R]_(m, n)) : sqnorm A^T = sqnorm A.
Proof. by rewrite /sqnorm exchange_big /=; apply: eq_bigr => i _; apply: eq_bigr => j _; rewrite mxE. Qed.

Lemma sqnorm_scale m n (c : R) (A : 'M[R]_(m, n)) : sqnorm (c *: A) = c ^+ 2 * sqnorm A.
Proof.
rewrite /sqnorm mulr_sumr; apply: eq_bigr => i _; rewrite mulr_sumr; apply: eq_bigr => j _.
by rewrite mxE exprMn.
Qed.

Lemma innerE m n (A B : 'M[R]_(m, n)) : inner A B = \sum_(k : 'I_m * 'I_n) A k.1 k.2 * B k.1 k.2.
Proof.
rewrite -(pair_bigA _ (fun i j => A i j * B i j)) exchange_big /=; apply: eq_bigr => j _.
by rewrite mxE; apply: eq_bigr => i _; rewrite mxE.
Qed.

Lemma sqnormE m n (A : 'M[R]_(m, n)) : sqnorm A = \sum_(k : 'I_m * 'I_n) A k.1 k.2 ^+ 2.
Proof. by rewrite -(pair_bigA _ (fun i j => A i j ^+ 2)). Qed.

Lemma cauchy_schwarz m n (A B : 'M[R]_(m, n)) : inner A B ^+ 2 <= sqnorm A * sqnorm B.
Proof. by rewrite innerE !sqnormE; apply: cauchy_schwarz_sum. Qed.

Lemma sqnormD m n (A B : 'M[R]_(m, n)) : sqnorm (A + B) = sqnorm A + inner A B *+ 2 + sqnorm B.
Proof.
rewrite innerE !sqnormE -sumrMnl -!big_split /=; apply: eq_bigr => k _.
by rewrite mxE; move: (A _ _) (B _ _) => *; ring.
Qed.
End Ordered.

Section Norm.
Variable R : rcfType.
Definition norm m n (A : 'M[R]_(m, n)) : R := Num.sqrt (sqnorm A).

Lemma norm_ge0 m n (A : 'M[R]_(m, n)) : 0 <= norm A. Proof. exact: sqrtr_ge0. Qed.
Lemma sqr_norm m n (A : 'M[R]_(m, n)) : norm A ^+ 2 = sqnorm A. Proof. by rewrite sqr_sqrtr // sqnorm_ge0. Qed.

Lemma norm_le m n p q (A : 'M[R]_(m, n)) (B : 'M[R]_(p, q)) : sqnorm A <= sqnorm B -> norm A <= norm B.
Proof. exact: ler_wsqrtr. Qed.

Lemma norm_mul m n p (A : 'M[R]_(m, n)) (B : 'M[R]_(n, p)) : norm (A *m B) <= norm A * norm B.
Proof. by rewrite /norm -sqrtrM ?sqnorm_ge0 // ler_wsqrtr // sqnorm_mul. Qed.

Lemma norm_tr m n (A : 'M[R]_(m, n)) : norm A^T = norm A. Proof. by rewrite /norm sqnorm_tr. Qed.

Lemma norm_scale m n c (A : 'M[R]_(m, n)) : norm (c *: A) = `|c| * norm A.
Proof. by rewrite /norm sqnorm_scale sqrtrM ?sqr_ge0 // sqrtr_sqr. Qed.

Lemma norm_triangle m n (A B : 'M[R]_(m, n)) : norm (A + B) <= norm A + norm B.
Proof.
rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?addr_ge0 ?norm_ge0 //.
rewrite sqrrD !sqr_norm sqnormD ler_add2r ler_add2l ler_pmuln2r //.
apply: le_trans (ler_norm _) _; rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?mulr_ge0 ?norm_ge0 //.
by rewrite real_normK ?num_real // exprMn !sqr_norm cauchy_schwarz.
Qed.

Lemma norm_opp m n (A : 'M[R]_(m, n)) : norm (- A) = norm A.
Proof. by rewrite -scaleN1r norm_scale normrN normr1 mul1r. Qed.

Lemma norm_sum m n T (F : nat -> 'M[R]_(m, n)) : norm (\sum_(0 <= t < T) F t) <= \sum_(0 <= t < T) norm (F t).
Proof.
elim: T => [|T IH].
  rewrite !big_geq // /norm -sqrtr0 ler_wsqrtr // /sqnorm big1 // => i _.
  by rewrite big1 // => j _; rewrite mxE expr0n.
by rewrite !big_nat_recr //= (le_trans (norm_triangle _ _)) // ler_add2r.
Qed.
End Norm.
