(* DL-003 Descent lemma: each step lowers the loss by half of what the flow would.

   Depth N = n+1, all widths, over any real closed field. Roots for real powers: c = x^N, Phi_F = y^N, sigma = s^N. The
   loss is half of sqnorm (residual Phi W).

   flow_inequality  statement 1: S = sum ||D_j||_F^2 >= sigma^{2(N-1)/N} ||G||_F^2 under exact balance
   lemma_seven      statement 2, a single step from any state of the set, at Theorem 1's constants
   norms_after      statement 3: |W_j(t+1)|_2 <= (4 Phi_F)^{1/N}
   drift_after      statement 3: ||B_j(t+1) - B_j(t)||_F <= 2 eta^2 M^{2(N-1)} ||G||_F^2 where M bounds the |W_j|_2
   expansion        the loss along any direction of all layers: the derivative is sum_j <D_j, V_j>, exactly

   Neither the norms nor more of the residual than ||G||_F <= Phi_F is assumed in lemma_seven.
   Left out: that the flow exists and dL/dt = -S along it; its factor N where W is square and invertible; sigma_min as a
   number (it is said as s |x| <= |A x|). *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm balancedness deficiency_margin bounds end_layers step one_step.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* 4.1: under gradient flow dL/dt = - sum ||D_j||^2, which exact balance bounds by - sigma^{2(N-1)/N} ||G||^2
  (sigma^2 = s^N). *)
Theorem flow_inequality (R : rcfType) (d : nat -> nat) (n : nat) (W : weights R d) (s c : R) (G : 'M[R]_(d n.+1,
  d 0%N)) :
  (forall j, (j.+1 < n.+1)%N -> imbalance W j = 0) -> 0 < s -> 0 <= c -> c ^+ 2 = s ^+ n.+1 ->
  sigma_min_ge (end_to_end n.+1 W) c ->
  s ^+ n * sqnorm G <= \sum_(0 <= j < n.+1) sqnorm (layer_gradient G W j).
Proof.
move=> bal s0 c0 cs sigma.
have B j : (j.+1 < n.+1)%N -> norm (imbalance W j) <= 0 by move=> jN; rewrite bal // /norm sqnorm0 sqrtr0.
have := first_order_frobenius (lexx 0) B G s0 c0 cs sigma.
by rewrite mulr0 addr0 exprS -mulrA ler_pmul2l.
Qed.

Section LemmaSeven.
Variables (R : rcfType) (d : nat -> nat) (n : nat) (x y s eta delta : R).
Let N := n.+1.
Let K : R := N%:R.
Variables (Phi : 'M[R]_(d N, d 0)) (W : weights R d).
Hypotheses (x_gt0 : 0 < x) (xy : x <= y) (eta_ge0 : 0 <= eta).
Hypothesis delta_is : delta * (256%:R * K ^+ 3 * y ^+ (2 * n)) = x ^+ (2 * n + 2).
Hypothesis eta_limit : eta * (6144%:R * K ^+ 3 * y ^+ (6 * n + 2)) <= x ^+ (4 * n + 2).
Hypotheses (Phi_le : norm Phi <= y ^+ N) (G_le : norm (residual Phi W) <= y ^+ N).
Hypothesis balanced : forall j, (j.+1 < N)%N -> norm (imbalance W j) <= 2%:R * delta.
Let W' := descent_step eta Phi W.

Let y_gt0 : 0 < y. Proof. exact: lt_le_trans xy. Qed.
Let x_le k : x ^+ k <= y ^+ k. Proof. by apply: ler_expn2r; rewrite ?nnegrE // ltW. Qed.
Let yk k : 0 < y ^+ k. Proof. exact: exprn_gt0. Qed.
Let xk k : 0 <= x ^+ k. Proof. by apply: exprn_ge0; apply: ltW. Qed.
Let K_ge1 : 1 <= K. Proof. by rewrite ler1n. Qed.
Let K_ge0 : 0 <= K. Proof. exact: le_trans K_ge1. Qed.
Let delta_ge0 : 0 <= delta.
Proof.
have c0 : 0 < 256%:R * K ^+ 3 * y ^+ (2 * n) by rewrite !mulr_gt0 ?exprn_gt0 ?ltr0n.
by rewrite -(pmulr_lge0 _ c0) delta_is.
Qed.

Let delta_small : 256%:R * (K ^+ 2 * delta) <= x ^+ 2.
Proof.
rewrite -(ler_pmul2r (yk (2 * n))); apply: le_trans (_ : x ^+ (2 * n + 2) <= _); last first.
  by rewrite exprD mulrC; apply: ler_wpmul2l.
rewrite -delta_is; apply: le_trans (_ : 256%:R * (K ^+ 3 * delta) * y ^+ (2 * n) <= _).
  apply: ler_wpmul2r; first exact: ltW.
  apply: ler_wpmul2l; rewrite ?ler0n //; apply: ler_wpmul2r => //; exact: ler_weexpn2l.
by apply: eqle; move: (y ^+ _) (K ^+ 3) => *; ring.
Qed.

Let eta_small : 6144%:R * (eta * K * y ^+ (n + n)) <= 1.
Proof.
have e : eta * (6144%:R * K ^+ 3 * y ^+ (2 * n)) <= 1.
  rewrite -(ler_pmul2r (yk (4 * n + 2))) mul1r; apply: le_trans (x_le _); apply: le_trans eta_limit.
  by rewrite -!mulrA -exprD addnA -mulnDl.
have K2 : K <= K ^+ 3 by rewrite -{1}[K]expr1; apply: ler_weexpn2l.
apply: le_trans e; rewrite addnn -mul2n.
have -> : 6144%:R * (eta * K * y ^+ (2 * n)) = (6144%:R * K) * (eta * y ^+ (2 * n)).
  by move: (y ^+ _) => *; ring.
have -> : eta * (6144%:R * K ^+ 3 * y ^+ (2 * n)) = (6144%:R * K ^+ 3) * (eta * y ^+ (2 * n)).
  by move: (y ^+ _) (K ^+ 3) => *; ring.
apply: ler_wpmul2r; first by rewrite mulr_ge0 // ltW.
by apply: ler_wpmul2l; rewrite ?ler0n.
Qed.

Let kd_ge : 16%:R <= 256%:R :> R. Proof. by rewrite ler_nat. Qed.
Let ke_ge : 27%:R <= 6144%:R :> R. Proof. by rewrite ler_nat. Qed.

(* Statement 2: 2 L(t+1) <= 2 L(t) - eta sigma^{2(N-1)/N} ||G||_F^2, and 63/32 of it *)
Theorem lemma_seven : x <= s -> sigma_min_ge (end_to_end N W) (s ^+ N) ->
  sqnorm (residual Phi W') <= sqnorm (residual Phi W) - 63%:R / 32%:R * (eta * s ^+ (2 * n)) * sqnorm (residual Phi W).
Proof.
move=> xs sigma; have r0 : 0 <= 63%:R / 32%:R :> R by rewrite divr_ge0 ?ler0n.
have rl : 63%:R / 32%:R * (1 + 2%:R / 256%:R) <= 2%:R - 27%:R / 6144%:R :> R.
  have e : 2%:R - 27%:R / 6144%:R = 63%:R / 32%:R * (1 + 2%:R / 256%:R) + 47%:R / 4096%:R :> R by field.
  by rewrite e ler_addl divr_ge0 ?ler0n.
have := one_step_rate x_gt0 xy eta_ge0 delta_ge0 kd_ge ke_ge r0 rl delta_small eta_small Phi_le G_le balanced xs sigma.
by rewrite mulrBl mul1r mul2n -addnn.
Qed.

(* Statement 3, the norms *)
Theorem norms_after m j : 0 <= m -> m ^+ N = 4%:R * y ^+ N -> (j < N)%N -> bounded (W' j) (m ^+ 2).
Proof.
exact: (layers_after x_gt0 xy eta_ge0 delta_ge0 kd_ge ke_ge delta_small eta_small Phi_le G_le balanced).
Qed.
End LemmaSeven.

(* Statement 3, the drift; row 13 has M^2 = (8 Phi_F^2)^{1/N}, which bounds the |W_j|_2^2 *)
Theorem drift_after (R : rcfType) (d : nat -> nat) (n : nat) (eta m : R) (G : 'M[R]_(d n.+1, d 0%N)) (W :
  weights R d) j :
  0 < m -> (forall i, (i < n.+1)%N -> bounded (W i) (m ^+ 2)) -> (j.+1 < n.+1)%N ->
  norm (imbalance (gradient_step eta G W) j - imbalance W j) <= 2%:R * (eta ^+ 2 * m ^+ (2 * n) * norm G ^+ 2).
Proof.
move=> m0 before jN; rewrite discrete_balancedness_law // addrAC subrr add0r norm_scale ger0_norm ?sqr_ge0 //.
have Gle : bounded G (norm G ^+ 2) by rewrite sqr_norm; apply: bounded_sqnorm.
have one i : (i < n.+1)%N -> norm (layer_gradient G W i) <= m ^+ n * norm G.
  move=> iN; have i_n : (i <= n)%N by []; rewrite /layer_gradient -mulmxA.
  have H1 := norm_product_tr m0 (G *m (product W 0 i)^T) before (_ : (i.+1 <= n.+1 <= n.+1)%N).
  apply: le_trans (H1 _) _; first by rewrite iN leqnn.
  have H2 : norm (G *m (product W 0 i)^T) <= m ^+ i * norm G.
    rewrite -(norm_tr (G *m _)) -(norm_tr G) trmx_mul trmxK -[i in m ^+ i]subn0.
    by apply: (norm_product (n := n) m0 _ before); rewrite leq0n ltnW.
  rewrite subSS; apply: le_trans (ler_wpmul2l (exprn_ge0 _ (ltW m0)) H2) _.
  by rewrite mulrA -exprD subnK.
have sq i : (i < n.+1)%N -> norm (layer_gradient G W i) * norm (layer_gradient G W i) <= m ^+ (2 * n) * norm G ^+ 2.
  move=> iN; rewrite mul2n -addnn exprD -expr2.
  have -> : m ^+ n * m ^+ n * norm G ^+ 2 = (m ^+ n * norm G) ^+ 2 by move: (m ^+ n) (norm G) => *; ring.
  by apply: ler_expn2r; rewrite ?nnegrE ?norm_ge0 ?mulr_ge0 ?norm_ge0 ?exprn_ge0 ?(ltW m0) ?one.
have -> : 2%:R * (eta ^+ 2 * m ^+ (2 * n) * norm G ^+ 2)
  = eta ^+ 2 * (m ^+ (2 * n) * norm G ^+ 2 + m ^+ (2 * n) * norm G ^+ 2).
  by move: (m ^+ _) (norm G) => *; ring.
apply: ler_wpmul2l; first exact: sqr_ge0.
apply: le_trans (norm_triangle _ _) _; rewrite norm_opp; apply: ler_add.
  by apply: le_trans (norm_mul _ _) _; rewrite norm_tr; apply: sq.
by apply: le_trans (norm_mul _ _) _; rewrite norm_tr; apply: sq; apply: ltnW.
Qed.

(* The loss along any direction V of all layers, over any commutative ring: l(W + e V) = l(W) + e sum_j <D_j,
  V_j> up to a
   multiple of e^2 (rest does not depend on e's sign or size but as a polynomial: it is given for every e). *)
Section Expansion.
Variables (R : comRingType) (d : nat -> nat).
Definition moved_along (e : R) (V W : weights R d) : weights R d := fun j => W j + e *: V j.

Lemma product_expansion (V W : weights R d) (e : R) k : exists rest : 'M[R]_(d k, d 0%N),
  product (moved_along e V W) 0 k = product W 0 k + e *: (\sum_(0 <= j < k) product W j.+1 k *m V j *m product W 0 j)
                              + e ^+ 2 *: rest.
Proof.
elim: k => [|k [rest IH]].
  by exists 0; rewrite !product_nil big_geq // !scaler0 !addr0.
pose P := \sum_(0 <= j < k) product W j.+1 k *m V j *m product W 0 j.
exists (W k *m rest + V k *m P + e *: (V k *m rest)).
rewrite (@product_last _ _ _ 0 k) // IH -/P (@product_last _ _ W 0 k) //.
have -> : \sum_(0 <= j < k.+1) product W j.+1 k.+1 *m V j *m product W 0 j = W k *m P + V k *m product W 0 k.
  rewrite big_nat_recr // product_nil mul1mx; congr (_ + _); rewrite mulmx_sumr; apply: eq_big_nat => j /andP [_ jk].
  by rewrite product_last // !mulmxA.
rewrite /moved_along; move: P (product W 0 k) => P A; rewrite mulmxDl !mulmxDr -!scalemxAl -!scalemxAr.
move: (W k *m A) (W k *m P) (W k *m rest) (V k *m A) (V k *m P) (V k *m rest) => a p r b q t.
by apply/matrixP => i j; rewrite !mxE; move: (a i j) (p i j) (r i j) (b i j) (q i j) (t i j) => *; ring.
Qed.
End Expansion.

Theorem expansion (R : realDomainType) (d : nat -> nat) (N : nat) (Phi : 'M[R]_(d N, d 0%N)) (V W : weights R d) (e :
  R) :
  exists rest : 'M[R]_(d N, d 0%N),
  let G := residual Phi W in let P := \sum_(0 <= j < N) product W j.+1 N *m V j *m product W 0 j in
  residual Phi (moved_along e V W) = G + e *: P + e ^+ 2 *: rest
  /\ sqnorm (residual Phi (moved_along e V W))
     = sqnorm G + 2%:R * e * (\sum_(0 <= j < N) inner (layer_gradient G W j) (V j))
       + e ^+ 2 * (sqnorm (P + e *: rest) + 2%:R * inner G rest).
Proof.
have [rest E] := product_expansion V W e N; exists rest => G P.
have res : residual Phi (moved_along e V W) = G + e *: P + e ^+ 2 *: rest.
  by rewrite /G /residual /end_to_end E -/P [LHS]addrAC; congr (_ + _); exact: addrAC.
split=> //; rewrite res -addrA sqnormD.
have -> : e *: P + e ^+ 2 *: rest = e *: (P + e *: rest) by rewrite scalerDr scalerA expr2.
have first : inner G P = \sum_(0 <= j < N) inner (layer_gradient G W j) (V j).
  have push k : inner G (\sum_(0 <= j < k) product W j.+1 N *m V j *m product W 0 j)
      = \sum_(0 <= j < k) inner (layer_gradient G W j) (V j).
    elim: k => [|k IH]; first by rewrite !big_geq // inner0r.
    rewrite !big_nat_recr //= innerDr IH; congr (_ + _).
    by rewrite inner_sym inner_right inner_left inner_sym /layer_gradient mulmxA.
  exact: push.
rewrite sqnorm_scale innerZr innerDr innerZr first -[(e * _) *+ 2]mulr_natl.
have gather (a q i s : R) : a + 2%:R * (e * (s + e * i)) + e ^+ 2 * q = a + 2%:R * e * s + e ^+ 2 * (q + 2%:R * i).
  by ring.
exact: gather.
Qed.
