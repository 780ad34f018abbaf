(* What is used of norms along a product of layers, without singular vectors.

   bounded A k       |A x|^2 <= k |x|^2 for every x, which is |A|_2^2 <= k
   form_bounded B k  |<z, B z>| <= k |z|^2 for every z, which for symmetric B is |B|_2 <= k
   ratios            ratios of norms along a product, each of which loses little of the one before
   roots_exist       N-th roots, by which real powers are written here: c = x^N for c^{1/N} = x *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Ratios.
Variable R : realFieldType.

(* If a_{k+1}/a_k >= r at k = 0 and ratio k loses at most D k, then a_{n+1} >= t^{n+1} a_0 where t <= r - sum D. *)
Lemma ratios (a D : nat -> R) n r t :
  0 <= t -> (forall k, 0 <= D k) -> t + \sum_(0 <= l < n) D l <= r -> (forall k, 0 <= a k) -> r * a 0%N <= a 1%N ->
  (forall k, (k < n)%N -> a k.+1 ^+ 2 <= a k * (a k.+2 + D k * a k.+1)) ->
  t ^+ n.+1 * a 0%N <= a n.+1.
Proof.
move=> t0 D0 tr a0 first next.
have ratio k : (k <= n)%N -> (r - \sum_(0 <= l < k) D l) * a k <= a k.+1.
  elim: k => [|k IH] kn; first by rewrite big_geq // subr0.
  have := a0 k.+1; rewrite le_eqVlt => /orP [/eqP <-|pos]; first by rewrite mulr0.
  have square := next k kn.
  have ak : 0 < a k.
    rewrite lt_def a0 andbT; apply/eqP => ak; move: square; rewrite ak mul0r.
    by rewrite leNgt exprn_gt0.
  have H1 : (r - \sum_(0 <= l < k) D l) * a k * a k.+1 <= a k * (a k.+2 + D k * a k.+1).
    by apply: le_trans square; rewrite expr2; apply: ler_wpmul2r; [exact: ltW|exact: IH (ltnW kn)].
  move: H1; rewrite [_ * a k]mulrC -mulrA ler_pmul2l // -ler_subl_addr => H1.
  apply: le_trans H1; rewrite le_eqVlt; apply/orP; left; apply/eqP; rewrite big_nat_recr //=.
  by move: (\sum_(0 <= l < k) D l) (D k) (a k.+1) => *; ring.
have low k : (k <= n)%N -> t <= r - \sum_(0 <= l < k) D l.
  move=> kn; rewrite ler_subr_addr; apply: le_trans tr; rewrite ler_add2l (big_cat_nat _ _ _ (leq0n k) kn) /= ler_addl.
  by apply: sumr_ge0.
have H k : (k <= n.+1)%N -> t ^+ k * a 0%N <= a k.
  elim: k => [|k IH] kn; first by rewrite mul1r.
  apply: le_trans (ratio k kn); rewrite exprS -mulrA.
  apply: le_trans (ler_wpmul2l t0 (IH (ltnW kn))) _.
  by apply: ler_wpmul2r => //; apply: low.
exact: H.
Qed.
End Ratios.

Section Adjoint.
Variable R : comRingType.
Lemma inner_left m n p (A : 'M[R]_(m, n)) (X : 'M[R]_(n, p)) Y : inner (A *m X) Y = inner X (A^T *m Y).
Proof. by rewrite /inner trmx_mul mulmxA. Qed.
Lemma inner_right m n p (B : 'M[R]_(n, p)) (X : 'M[R]_(m, n)) Y : inner (X *m B) Y = inner X (Y *m B^T).
Proof. by rewrite /inner trmx_mul -mulmxA mxtrace_mulC mulmxA. Qed.
Lemma inner_sym m n (A B : 'M[R]_(m, n)) : inner A B = inner B A.
Proof. by rewrite /inner -mxtrace_tr trmx_mul trmxK. Qed.
Lemma innerDr m n (A B C : 'M[R]_(m, n)) : inner A (B + C) = inner A B + inner A C.
Proof. by rewrite /inner mulmxDr mxtraceD. Qed.
Lemma innerZr m n (A B : 'M[R]_(m, n)) c : inner A (c *: B) = c * inner A B.
Proof. by rewrite /inner -scalemxAr mxtraceZ. Qed.
Lemma innerNr m n (A B : 'M[R]_(m, n)) : inner A (- B) = - inner A B.
Proof. by rewrite -scaleN1r innerZr mulN1r. Qed.
Lemma innerBr m n (A B C : 'M[R]_(m, n)) : inner A (B - C) = inner A B - inner A C.
Proof. by rewrite innerDr innerNr. Qed.
Lemma inner0r m n (A : 'M[R]_(m, n)) : inner A 0 = 0.
Proof. by rewrite -(scale0r A) innerZr mul0r. Qed.
End Adjoint.

Section Bounded.
Variable R : realFieldType.
Definition bounded m n (A : 'M[R]_(m, n)) (k : R) := forall x : 'cV[R]_n, sqnorm (A *m x) <= k * sqnorm x.

Lemma sqnorm0 m n : sqnorm (0 : 'M[R]_(m, n)) = 0.
Proof. by rewrite sqnorm_inner inner0r. Qed.

Lemma sqnorm_cols m n (A : 'M[R]_(m, n)) : sqnorm A = \sum_j sqnorm (col j A).
Proof.
rewrite /sqnorm exchange_big; apply: eq_bigr => j _; apply: eq_bigr => i _.
by rewrite big_ord1 mxE.
Qed.

(* An inequality between |A x| and |B x| for every x holds of matrices, in the Frobenius norm. *)
Lemma columns m n p q (A : 'M[R]_(m, n)) (B : 'M[R]_(p, n)) (a b : R) (X : 'M[R]_(n, q)) :
  (forall x : 'cV[R]_n, a * sqnorm (A *m x) <= b * sqnorm (B *m x)) -> a * sqnorm (A *m X) <= b * sqnorm (B *m X).
Proof.
move=> H; rewrite !(sqnorm_cols (_ *m _)) !mulr_sumr; apply: ler_sum => j _.
by rewrite !colE -!mulmxA; apply: H.
Qed.

Lemma bounded_left m n p (A : 'M[R]_(m, n)) k (X : 'M[R]_(n, p)) : bounded A k -> sqnorm (A *m X) <= k * sqnorm X.
Proof.
move=> H; rewrite -[sqnorm (A *m X)]mul1r -[X in k * sqnorm X]mul1mx.
by apply: columns => x; rewrite mul1r mul1mx.
Qed.

Lemma bounded_mul m n p (A : 'M[R]_(m, n)) (B : 'M[R]_(n, p)) a b :
  0 <= a -> bounded A a -> bounded B b -> bounded (A *m B) (a * b).
Proof.
move=> a0 HA HB x; rewrite -mulmxA; apply: le_trans (HA _) _.
by rewrite -mulrA ler_wpmul2l.
Qed.

Lemma bounded_tr m n (A : 'M[R]_(m, n)) k : 0 <= k -> bounded A k -> bounded A^T k.
Proof.
move=> k0 H y; set z := A^T *m y.
have := sqnorm_ge0 z; rewrite le_eqVlt => /orP [/eqP <-|pos]; first by rewrite mulr_ge0 // sqnorm_ge0.
rewrite -(ler_pmul2r pos) -expr2.
have -> : sqnorm z ^+ 2 = inner y (A *m z) ^+ 2.
  by rewrite {1}sqnorm_inner {1}/z inner_left trmxK.
apply: le_trans (cauchy_schwarz _ _) _; rewrite [k * _]mulrC -mulrA; apply: ler_wpmul2l; first exact: sqnorm_ge0.
exact: H.
Qed.

Lemma bounded_right m n p (B : 'M[R]_(n, p)) k (X : 'M[R]_(m, n)) : 0 <= k -> bounded B k ->
  sqnorm (X *m B) <= k * sqnorm X.
Proof.
move=> k0 H; rewrite -(sqnorm_tr (X *m B)) -(sqnorm_tr X) trmx_mul.
exact: bounded_left (bounded_tr k0 H).
Qed.

Lemma bounded_le m n (A : 'M[R]_(m, n)) k l : k <= l -> bounded A k -> bounded A l.
Proof. by move=> kl H x; apply: le_trans (H x) _; rewrite ler_wpmul2r // sqnorm_ge0. Qed.

Lemma bounded_1 n : bounded (1%:M : 'M[R]_n) 1.
Proof. by move=> x; rewrite mul1mx mul1r. Qed.

Lemma bounded_sqnorm m n (A : 'M[R]_(m, n)) : bounded A (sqnorm A).
Proof. by move=> x; apply: sqnorm_mul. Qed.

(* A product of k - i layers *)
Lemma bounded_product (d : nat -> nat) (W : weights R d) K i k : 0 <= K -> (i <= k)%N ->
  (forall l, (i <= l < k)%N -> bounded (W l) K) -> bounded (product W i k) (K ^+ (k - i)).
Proof.
move=> K0; elim: k => [|k IH].
  by rewrite leqn0 => /eqP -> _; rewrite product_nil; apply: bounded_1.
rewrite leq_eqVlt => /orP [/eqP <-|]; first by rewrite product_nil subnn => _; apply: bounded_1.
rewrite ltnS => ik H; rewrite product_last // subSn // exprS; apply: bounded_mul => //.
  by apply: H; rewrite ik leqnn.
by apply: IH => // l /andP [il lk]; apply: H; rewrite il ltnW.
Qed.
End Bounded.

Section NormBounds.
Variable R : rcfType.
(* the same with the norm, for a bound m^2 *)
Lemma norm_left m n p (A : 'M[R]_(m, n)) k (X : 'M[R]_(n, p)) : 0 <= k -> bounded A (k ^+ 2) -> norm (A *m X)
  <= k * norm X.
Proof.
move=> k0 H; rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?norm_ge0 ?mulr_ge0 ?norm_ge0 //.
by rewrite exprMn !sqr_norm bounded_left.
Qed.

Lemma norm_right m n p (B : 'M[R]_(n, p)) k (X : 'M[R]_(m, n)) : 0 <= k -> bounded B (k ^+ 2) -> norm (X *m B)
  <= k * norm X.
Proof.
move=> k0 H; rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?norm_ge0 ?mulr_ge0 ?norm_ge0 //.
by rewrite exprMn !sqr_norm bounded_right // sqr_ge0.
Qed.

Lemma inner_le m n (A B : 'M[R]_(m, n)) : `|inner A B| <= norm A * norm B.
Proof.
rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?mulr_ge0 ?norm_ge0 //.
by rewrite real_normK ?num_real // exprMn !sqr_norm cauchy_schwarz.
Qed.

Lemma norm_bounded m n (A : 'M[R]_(m, n)) k : 0 <= k ->
  (forall x : 'cV[R]_n, norm (A *m x) <= k * norm x) -> bounded A (k ^+ 2).
Proof.
move=> k0 H x; rewrite -!sqr_norm -exprMn; apply: ler_expn2r; rewrite ?nnegrE ?mulr_ge0 ?norm_ge0 //.
Qed.

Lemma boundedD m n (A B : 'M[R]_(m, n)) a b : 0 <= a -> 0 <= b ->
  bounded A (a ^+ 2) -> bounded B (b ^+ 2) -> bounded (A + B) ((a + b) ^+ 2).
Proof.
move=> a0 b0 HA HB; apply: norm_bounded; first exact: addr_ge0.
move=> x; rewrite mulmxDl mulrDl; apply: le_trans (norm_triangle _ _) _.
by apply: ler_add; apply: norm_left.
Qed.
End NormBounds.

(* Norms of products of the layers V i, ..., V (k-1), each bounded by m. *)
Section ProductNorms.
Variables (R : rcfType) (d : nat -> nat) (n : nat) (m : R).
Let N := n.+1.
Hypothesis m_gt0 : 0 < m.
Let m_ge0 : 0 <= m. Proof. exact: ltW. Qed.
Let mk_ge0 k : 0 <= m ^+ k. Proof. exact: exprn_ge0. Qed.

Lemma norm_product (V : weights R d) i k p (X : 'M[R]_(d i, p)) : (forall j, (j < N)%N -> bounded (V j) (m ^+ 2)) ->
  (i <= k <= N)%N -> norm (product V i k *m X) <= m ^+ (k - i) * norm X.
Proof.
move=> B /andP [ik kN]; apply: norm_left; first exact: mk_ge0.
rewrite -exprM mulnC exprM; apply: bounded_product => //.
by move=> l /andP [_ lk]; apply: B; apply: leq_trans kN.
Qed.

Lemma norm_product_right (V : weights R d) i k p (X : 'M[R]_(p, d k)) : (forall j, (j < N)%N ->
  bounded (V j) (m ^+ 2)) ->
  (i <= k <= N)%N -> norm (X *m product V i k) <= m ^+ (k - i) * norm X.
Proof.
move=> B /andP [ik kN]; apply: norm_right; first exact: mk_ge0.
rewrite -exprM mulnC exprM; apply: bounded_product => //.
by move=> l /andP [_ lk]; apply: B; apply: leq_trans kN.
Qed.

Lemma norm_product_tr (V : weights R d) i k p (X : 'M[R]_(d k, p)) : (forall j, (j < N)%N -> bounded (V j) (m ^+ 2)) ->
  (i <= k <= N)%N -> norm ((product V i k)^T *m X) <= m ^+ (k - i) * norm X.
Proof.
move=> B ikN; rewrite -(norm_tr (_ *m X)) -(norm_tr X) trmx_mul trmxK.
exact: norm_product_right.
Qed.
End ProductNorms.

(* The form z |-> <z, B z> is at most k |z|^2 in size: for symmetric B this is |B|_2 <= k. *)
Definition form_bounded (R : realDomainType) m (B : 'M[R]_m) (k : R) := forall z : 'cV[R]_m, `|inner z (B *m z)|
  <= k * sqnorm z.

Lemma form_bounded_norm (R : rcfType) m (B : 'M[R]_m) : form_bounded B (norm B).
Proof.
move=> z; apply: le_trans (inner_le _ _) _; rewrite -sqr_norm expr2 mulrCA; apply: ler_wpmul2l; first exact: norm_ge0.
exact: norm_mul.
Qed.

Section Bernoulli.
Variable R : realFieldType.
Lemma bernoulli (u : R) k : -1 <= u -> 1 + k%:R * u <= (1 + u) ^+ k.
Proof.
move=> u1; have u10 : 0 <= 1 + u by rewrite -ler_subl_addl sub0r.
elim: k => [|k IH]; first by rewrite mul0r addr0.
rewrite exprS; apply: le_trans (ler_wpmul2l u10 IH); rewrite mulrSr -subr_ge0.
have -> : (1 + u) * (1 + k%:R * u) - (1 + (k%:R + 1) * u) = k%:R * u ^+ 2 by move: (k%:R : R) => *; ring.
by rewrite mulr_ge0 ?ler0n ?sqr_ge0.
Qed.
Lemma eqle (a b : R) : a = b -> a <= b. Proof. by move=> ->. Qed.
End Bernoulli.

(* N-th roots exist, so nothing is lost by writing c = x^N and Phi_F = y^N. *)
Theorem roots_exist (R : rcfType) (n : nat) (a : R) : 0 <= a -> exists2 r, 0 <= r & r ^+ n.+1 = a.
Proof.
move=> a0; have b0 : 0 <= 1 + a by rewrite addr_ge0 // ler01.
have [|r /andP [r0 _] /rootP] := @poly_ivt R ('X^(n.+1) - a%:P) 0 (1 + a) b0.
  rewrite !hornerE !hornerXn expr0n /= sub0r oppr_le0 a0 /= subr_ge0.
  apply: le_trans (_ : 1 + a <= _); first by rewrite ler_addr ler01.
  by rewrite -{1}[1 + a]expr1; apply: ler_weexpn2l; rewrite ?ler_addl.
by rewrite !hornerE hornerXn => /eqP; rewrite subr_eq0 => /eqP root_r; exists r.
Qed.
