(* DL-012, rows 1 to 3 of the ledger: layer norms, end layers, first order. Every depth N = n+1, all widths.

   b_j bounds the imbalance of layers j+1 and j+2 as a form, |<z, B_j z>| <= b_j |z|^2, and b their sum; where every
   ||B_j||_F <= D this is b_j = D and b = (N-1) D, the ledger's own (frobenius, at the end). No singular vectors:
     for any x the
   ratios |W_{1:k+1} x|^2 / |W_{1:k} x|^2 lose b_k at most, by Cauchy and Schwarz; and for sigma_min(W_{2:N}) the
   start y = A^T (A A^T)^{-1} v stands for the least singular vector. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm deficiency_margin bounds.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Core.
Variable R : realFieldType.

Lemma gram_cauchy m n (A : 'M[R]_(m, n)) (v : 'cV[R]_n) : sqnorm (A *m v) ^+ 2 <= sqnorm v * sqnorm (A^T *m (A *m v)).
Proof. by rewrite {1}sqnorm_inner inner_left cauchy_schwarz. Qed.

Lemma gram_unit m p q (A : 'M[R]_(m, p)) (V : 'M[R]_(q, p)) (c : R) : 0 < c ->
  (forall w : 'cV[R]_m, c * sqnorm w <= sqnorm (V *m (A^T *m w))) -> A *m A^T \in unitmx.
Proof.
move=> c0 H; rewrite -row_free_unit -kermx_eq0; set K := kermx _.
have KA : K *m A = 0.
  have : sqnorm (K *m A)^T = 0.
    rewrite sqnorm_inner /inner trmxK trmx_mul mulmxA -(mulmxA K).
    by rewrite mulmx_ker mul0mx mxtrace0.
  by rewrite sqnorm_tr; apply: sqnorm_eq0.
have : c * sqnorm (1%:M *m K^T) <= 1 * sqnorm (V *m A^T *m K^T).
  by apply: columns => x; rewrite mul1mx mul1r -mulmxA.
rewrite mul1mx mul1r -mulmxA -trmx_mul KA trmx0 mulmx0 sqnorm0 pmulr_rle0 // => le0.
have : sqnorm K^T = 0 by apply/eqP; rewrite eq_le le0 sqnorm_ge0.
by rewrite sqnorm_tr => /sqnorm_eq0 ->.
Qed.

(* A the layers but one, V the one at the end, so that |V y| along A y does not fall by more than B. *)
Lemma end_core m p q (A : 'M[R]_(m, p)) (V : 'M[R]_(q, p)) n (s B : R) : 0 < s -> 0 <= B ->
  (forall w : 'cV[R]_m, s ^+ n.+1 * sqnorm w <= sqnorm (V *m (A^T *m w))) ->
  (forall y : 'cV[R]_p, (s + B) * sqnorm y <= sqnorm (V *m y) -> s ^+ n * sqnorm y <= sqnorm (A *m y)) ->
  forall v : 'cV[R]_m, s ^+ n.+1 * sqnorm v <= (s + B) * sqnorm (A^T *m v).
Proof.
move=> s0 B0 Hend Hratio v.
have sn0 k : 0 < s ^+ k by apply: exprn_gt0.
have sD0 : 0 < s + B by apply: lt_le_trans s0 _; rewrite ler_addl.
have unit := gram_unit (sn0 n.+1) Hend.
pose w := invmx (A *m A^T) *m v; pose y := A^T *m w.
have Ay : A *m y = v by rewrite /y /w !mulmxA mulmxV // mul1mx.
have := sqnorm_ge0 v; rewrite le_eqVlt => /orP [/eqP <-|v0].
  by rewrite mulr0 mulr_ge0 ?sqnorm_ge0 ?(ltW sD0).
have wv : sqnorm y ^+ 2 <= sqnorm w * sqnorm v.
  by rewrite {1}sqnorm_inner {1}/y inner_left trmxK Ay cauchy_schwarz.
have yv : sqnorm v ^+ 2 <= sqnorm (A^T *m v) * sqnorm y.
  have -> : sqnorm v ^+ 2 = inner (A^T *m v) y ^+ 2 by rewrite inner_left trmxK Ay -sqnorm_inner.
  exact: cauchy_schwarz.
have claim : s ^+ n.+1 * sqnorm y <= (s + B) * sqnorm v.
  rewrite leNgt; apply/negP => bad.
  have y0 : 0 < sqnorm y.
    rewrite lt_def sqnorm_ge0 andbT; apply/eqP => y0; move: bad; rewrite y0 mulr0.
    by rewrite ltNge mulr_ge0 ?(ltW sD0) ?(ltW v0).
  have big : (s + B) * sqnorm y <= sqnorm (V *m y).
    rewrite -(ler_pmul2r v0); apply: le_trans (_ : s ^+ n.+1 * sqnorm w * sqnorm v <= _); last first.
      by rewrite ler_pmul2r // Hend.
    rewrite -mulrA; apply: le_trans (ler_wpmul2l (ltW (sn0 _)) wv).
    rewrite expr2 mulrA mulrAC; apply: ler_wpmul2r; [exact: ltW|exact: ltW].
  have := Hratio y big; rewrite Ay => low.
  move: bad; apply/negP; rewrite -leNgt.
  apply: le_trans (_ : s * sqnorm v <= _); first by rewrite exprS -mulrA ler_pmul2l.
  by rewrite ler_pmul2r // ler_addl.
rewrite -(ler_pmul2r v0) -mulrA -expr2.
apply: le_trans (ler_wpmul2l (ltW (sn0 n.+1)) yv) _.
rewrite mulrCA mulrAC [X in _ <= X]mulrC; apply: ler_wpmul2l => //; exact: sqnorm_ge0.
Qed.
End Core.

Section Layers.
Variables (R : rcfType) (d : nat -> nat) (n : nat) (W : weights R d) (D : nat -> R) (b : R).
Let N := n.+1.
Hypotheses (D_ge0 : forall j, 0 <= D j) (balanced : forall j, (j.+1 < N)%N -> form_bounded (imbalance W j) (D j)).
Hypothesis sum_le : \sum_(0 <= j < n) D j <= b.

Lemma near j (z : 'cV[R]_(d j.+1)) : (j.+1 < N)%N ->
  `|sqnorm (W j.+1 *m z) - sqnorm ((W j)^T *m z)| <= D j * sqnorm z.
Proof.
move=> jN; have -> : sqnorm (W j.+1 *m z) - sqnorm ((W j)^T *m z) = inner z (imbalance W j *m z).
  by rewrite !sqnorm_inner !inner_left trmxK -innerBr /imbalance mulmxBl !mulmxA.
exact: balanced.
Qed.

Lemma next_le j (z : 'cV[R]_(d j.+1)) : (j.+1 < N)%N -> sqnorm (W j.+1 *m z) <= sqnorm ((W j)^T *m z) + D j * sqnorm z.
Proof. by move=> /(near z); rewrite ler_norml => /andP [_]; rewrite ler_subl_addl. Qed.

Lemma last_le j (z : 'cV[R]_(d j.+1)) : (j.+1 < N)%N -> sqnorm ((W j)^T *m z) <= sqnorm (W j.+1 *m z) + D j * sqnorm z.
Proof. by move=> /(near z); rewrite distrC ler_norml => /andP [_]; rewrite ler_subl_addl. Qed.

Lemma up i k (y : 'cV[R]_(d i)) r t : 0 <= t -> t + \sum_(0 <= l < k) D (l + i)%N <= r -> (k + i < N)%N ->
  r * sqnorm y <= sqnorm (W i *m y) -> t ^+ k.+1 * sqnorm y <= sqnorm (product W i (k.+1 + i) *m y).
Proof.
move=> t0 tr kN first; pose a l := sqnorm (product W i (l + i) *m y).
have a0 : a 0%N = sqnorm y by rewrite /a product_nil mul1mx.
have a1 : a 1%N = sqnorm (W i *m y) by rewrite /a product_last // product_nil mulmx1.
rewrite -a0 -/(a k.+1); apply: (ratios (D := fun l => D (l + i)%N) t0 _ tr); rewrite ?a0 ?a1 //.
  by move=> l; apply: sqnorm_ge0.
move=> l lk; rewrite /a.
have e q : (i <= q)%N -> product W i q.+1 *m y = W q *m (product W i q *m y) by move=> iq;
  rewrite product_last // mulmxA.
have e1 : product W i (l.+1 + i) *m y = W (l + i)%N *m (product W i (l + i) *m y) by apply: e; apply: leq_addl.
have e2 : product W i (l.+2 + i) *m y = W (l + i).+1 *m (product W i (l.+1 + i) *m y) by apply: e; apply: leqW;
  apply: leq_addl.
rewrite e2; apply: le_trans (_ : _ <= sqnorm (product W i (l + i) *m y) * sqnorm ((W (l
  + i)%N)^T *m (product W i (l.+1 + i) *m y))) _.
  by rewrite e1; apply: gram_cauchy.
apply: ler_wpmul2l; first exact: sqnorm_ge0.
by apply: last_le; apply: leq_ltn_trans kN; rewrite -addSn leq_add2r.
Qed.

Lemma down k (y : 'cV[R]_(d k.+1)) r t : 0 <= t -> t + \sum_(0 <= l < k) D l <= r -> (k < N)%N ->
  r * sqnorm y <= sqnorm ((W k)^T *m y) -> t ^+ k.+1 * sqnorm y <= sqnorm ((product W 0 k.+1)^T *m y).
Proof.
move=> t0 tr kN first; pose p i := sqnorm ((product W i k.+1)^T *m y); pose a l := p (k.+1 - l)%N.
have e i : (i < k.+1)%N -> (product W i k.+1)^T *m y = (W i)^T *m ((product W i.+1 k.+1)^T *m y).
  by move=> ik; rewrite product_first // trmx_mul mulmxA.
have a0 : a 0%N = sqnorm y by rewrite /a /p subn0 product_nil trmx1 mul1mx.
have a1 : a 1%N = sqnorm ((W k)^T *m y) by rewrite /a /p subn1 /= e // product_nil trmx1 mul1mx.
have ak : a k.+1 = sqnorm ((product W 0 k.+1)^T *m y) by rewrite /a /p subnn.
have tr' : t + \sum_(0 <= l < k) D (k.+1 - l.+2)%N <= r.
  apply: le_trans tr; rewrite ler_add2l le_eqVlt; apply/orP; left; apply/eqP.
  by rewrite [RHS]big_nat_rev; apply: eq_bigr => l _; rewrite add0n subSS.
rewrite -a0 -ak; apply: (ratios (D := fun l => D (k.+1 - l.+2)%N) t0 _ tr'); rewrite ?a0 ?a1 //.
  by move=> l; apply: sqnorm_ge0.
move=> l lk; rewrite /a.
have e2 : (k.+1 - l = (k.+1 - l.+2).+2)%N by rewrite subSS subnSK // -subSn // ltnW.
have e1 : (k.+1 - l.+1 = (k.+1 - l.+2).+1)%N by rewrite !subSS subnSK.
rewrite e1 e2; move: (k.+1 - l.+2)%N (leq_subr l.+2 k.+1) e2 => i _ e2.
have ik : (i.+2 <= k.+1)%N by rewrite -e2 leq_subr.
rewrite /p; apply: le_trans (_ : _ <= sqnorm ((product W i.+2 k.+1)^T *m y)
  * sqnorm (W i.+1 *m ((product W i.+1 k.+1)^T *m y))) _.
  by rewrite (e i.+1) // -{2}[W i.+1]trmxK; apply: gram_cauchy.
apply: ler_wpmul2l; first exact: sqnorm_ge0.
rewrite (e i); last exact: ltnW.
by apply: next_le; apply: leq_ltn_trans kN.
Qed.

Lemma down_end k (y : 'cV[R]_(d k)) t : 0 <= t -> (k < N)%N ->
  (t + \sum_(0 <= l < k) D l) * sqnorm y <= sqnorm (W k *m y) -> t ^+ k * sqnorm y <= sqnorm ((product W 0 k)^T *m y).
Proof.
case: k y => [|k] y t0 kN big; first by rewrite expr0 mul1r product_nil trmx1 mul1mx.
apply: (down t0 (lexx _) (ltnW kN)); rewrite -(ler_add2r (D k * sqnorm y)); apply: le_trans (next_le y kN).
by apply: le_trans big; rewrite -mulrDl big_nat_recr //= addrA.
Qed.

Lemma up_end k (y : 'cV[R]_(d 1)) t : 0 <= t -> (k < N)%N ->
  (t + \sum_(0 <= l < k) D l) * sqnorm y <= sqnorm ((W 0%N)^T *m y) -> t ^+ k * sqnorm y
    <= sqnorm (product W 1 k.+1 *m y).
Proof.
case: k => [|k] t0 kN big; first by rewrite expr0 mul1r product_nil mul1mx.
have := @up 1 k y _ t t0 (lexx _); rewrite !addn1; apply=> //.
rewrite -(ler_add2r (D 0%N * sqnorm y)); apply: le_trans (last_le y (leq_ltn_trans (ltn0Sn k) kN)).
apply: le_trans big; rewrite -mulrDl big_nat_recl //= [D 0%N + _]addrC addrA.
by under eq_bigr do rewrite addn1.
Qed.

(* "layer norms", from the nearer end: |W_{j+1}|^2 <= t + 3/2 b where |W|^2 <= C < t^N *)
Theorem layer_norms_below (C t : R) : 0 <= t -> 0 <= C -> C < t ^+ N -> bounded (end_to_end N W) C ->
  forall j, (j < N)%N -> bounded (W j) (t + 3%:R / 2%:R * b).
Proof.
move=> t0 C0 Ct WC; have b0 : 0 <= b by apply: le_trans sum_le; apply: sumr_ge0.
have tb0 : 0 <= t + b by apply: addr_ge0.
have no (z : R) (s : R) : 0 <= s -> t ^+ N * s <= z -> z <= C * s -> s = 0.
  move=> s0 H1 H2; have := le_trans H1 H2; move: s0; rewrite le_eqVlt => /orP [/eqP <- //|s0].
  by rewrite ler_pmul2r // leNgt Ct.
have first : bounded (W 0%N) (t + b).
  move=> x; rewrite leNgt; apply/negP => bad.
  have n0 : (n + 0 < N)%N by rewrite addn0.
  have tr : t + \sum_(0 <= l < n) D (l + 0)%N <= t + b by rewrite ler_add2l; under eq_bigr do rewrite addn0.
  have big : t ^+ N * sqnorm x <= sqnorm (end_to_end N W *m x).
    by have := @up 0 n x _ t t0 tr n0 (ltW bad); rewrite [(n.+1 + 0)%N]addn0.
  have x0 := sqnorm_eq0 (no _ _ (sqnorm_ge0 _) big (WC x)).
  by move: bad; rewrite x0 mulmx0 !sqnorm0 mulr0 ltxx.
have last : bounded (W n)^T (t + b).
  move=> x; rewrite leNgt; apply/negP => bad.
  have big : t ^+ N * sqnorm x <= sqnorm ((end_to_end N W)^T *m x).
    by apply: (down t0 _ _ (ltW bad)) => //; rewrite ler_add2l.
  have x0 := sqnorm_eq0 (no _ _ (sqnorm_ge0 _) big (bounded_tr C0 WC x)).
  by move: bad; rewrite x0 mulmx0 !sqnorm0 mulr0 ltxx.
have D0 i k : 0 <= \sum_(i <= l < k) D l by apply: sumr_ge0.
have forward j : (j < N)%N -> bounded (W j) (t + b + \sum_(0 <= l < j) D l).
  elim: j => [|j IH] jN x; first by rewrite big_geq // addr0; apply: first.
  apply: le_trans (next_le x jN) _; rewrite big_nat_recr //= addrA [X in _ <= X]mulrDl ler_add2r.
  by apply: bounded_tr; [exact: addr_ge0|apply: IH; apply: ltnW].
have backward i : (i <= n)%N -> bounded (W (n - i)%N) (t + b + \sum_(n - i <= l < n) D l).
  elim: i => [|i IH] iN.
    by rewrite subn0 big_geq // addr0 -[W n]trmxK; apply: bounded_tr.
  have ji : (n - i = (n - i.+1).+1)%N by rewrite subnSK.
  have := IH (ltnW iN); rewrite ji; have jn : ((n - i.+1) < n)%N by rewrite -ji leq_subr.
  move: (n - i.+1)%N jn => j jn H; rewrite -[W j]trmxK; apply: bounded_tr => [|x]; first exact: addr_ge0.
  apply: le_trans (last_le x _) _; first by [].
  rewrite big_ltn // [D j + _]addrC addrA [X in _ <= X]mulrDl ler_add2r.
  exact: H.
move=> j jN; have jn : (j <= n)%N by [].
have total : \sum_(0 <= l < j) D l + \sum_(j <= l < n) D l <= b by rewrite -(big_cat_nat _ _ _ (leq0n j) jn).
have half (u v : R) : u + v <= b -> u <= v -> t + b + u <= t + 3%:R / 2%:R * b.
  move=> uv le_uv; have -> : 3%:R / 2%:R * b = b + b / 2%:R by field.
  rewrite -addrA !ler_add2l ler_pdivl_mulr ?ltr0n // mulr_natr mulr2n; apply: le_trans uv.
  by rewrite ler_add2l.
have [le_uv|/ltW le_vu] := leP (\sum_(0 <= l < j) D l) (\sum_(j <= l < n) D l).
  by apply: bounded_le (forward j jN); apply: half total le_uv.
have := backward (n - j)%N (leq_subr _ _); rewrite subKn //; apply: bounded_le.
by apply: half le_vu; rewrite addrC.
Qed.

Let b_ge0 : 0 <= b. Proof. by apply: le_trans sum_le; apply: sumr_ge0. Qed.
Let sum_to_b k t : (k <= n)%N -> t + \sum_(0 <= l < k) D l <= t + b.
Proof.
move=> kn; rewrite ler_add2l; apply: le_trans sum_le; rewrite [X in _ <= X](big_cat_nat _ _ _ (leq0n k) kn) /=.
by rewrite ler_addl; apply: sumr_ge0.
Qed.

(* Row 2: sigma_min(W_{2:N})^2 >= sigma^2 / (sigma^{2/N} + b) where d_N <= d_0; s is sigma^{2/N} *)
Theorem end_layers_wide (s : R) : 0 < s ->
  (forall w : 'cV[R]_(d N), s ^+ N * sqnorm w <= sqnorm ((end_to_end N W)^T *m w)) ->
  forall v : 'cV[R]_(d N), s ^+ N * sqnorm v <= (s + b) * sqnorm ((product W 1 N)^T *m v).
Proof.
move=> s0 sigma; apply: (@end_core R _ _ _ (product W 1 N) (W 0%N)^T n s b s0 b_ge0) => [w|y big].
  by rewrite mulmxA -trmx_mul -product_first.
apply: up_end (ltW s0) (leqnn _) _; apply: le_trans big; apply: ler_wpmul2r; first exact: sqnorm_ge0.
exact: sum_to_b.
Qed.

(* Row 2, the mirror image: sigma_min(W_{1:N-1}) where d_0 <= d_N *)
Theorem end_layers_tall (s : R) : 0 < s ->
  (forall w : 'cV[R]_(d 0), s ^+ N * sqnorm w <= sqnorm (end_to_end N W *m w)) ->
  forall v : 'cV[R]_(d 0), s ^+ N * sqnorm v <= (s + b) * sqnorm (product W 0 n *m v).
Proof.
move=> s0 sigma; have := @end_core R _ _ _ (product W 0 n)^T (W n) n s b s0 b_ge0; rewrite trmxK; apply=> [w|y big].
  by rewrite mulmxA -product_last //; apply: sigma.
apply: down_end (ltW s0) (leqnn _) _; apply: le_trans big; apply: ler_wpmul2r; first exact: sqnorm_ge0.
exact: sum_to_b.
Qed.

(* Row 3: sigma^2 ||G||_F^2 <= (sigma^{2/N} + b) sum ||D_j||_F^2, for any G of its shape; sigma^2 = s^N *)
Theorem first_order (s c : R) (G : 'M[R]_(d N, d 0)) : 0 < s -> 0 <= c -> c ^+ 2 = s ^+ N ->
  sigma_min_ge (end_to_end N W) c ->
  s ^+ N * sqnorm G <= (s + b) * \sum_(0 <= j < N) sqnorm (layer_gradient G W j).
Proof.
move=> s0 c0 cs sigma.
have sb0 : 0 <= s + b by rewrite addr_ge0 ?(ltW s0).
have sq m q (x : 'cV[R]_m) (z : 'cV[R]_q) : c * norm x <= norm z -> s ^+ N * sqnorm x <= sqnorm z.
  move=> H; rewrite -cs -!sqr_norm -exprMn; apply: ler_expn2r; rewrite ?nnegrE ?mulr_ge0 ?norm_ge0 //.
have sum_ge j : (j < N)%N -> sqnorm (layer_gradient G W j) <= \sum_(0 <= l < N) sqnorm (layer_gradient G W l).
  move=> jN; rewrite big_mkord (bigD1 (Ordinal jN)) //= ler_addl.
  by apply: sumr_ge0 => *; apply: sqnorm_ge0.
rewrite /sigma_min_ge in sigma; case: ifP sigma => _ sigma.
  apply: le_trans (ler_wpmul2l sb0 (sum_ge n (leqnn _))).
  rewrite /layer_gradient product_nil trmx1 mul1mx -(sqnorm_tr G) -(sqnorm_tr (G *m _)) trmx_mul trmxK.
  rewrite -[X in s ^+ N * sqnorm X]mul1mx; apply: columns => v; rewrite mul1mx.
  by apply: end_layers_tall => // w; apply: sq; apply: sigma.
apply: le_trans (ler_wpmul2l sb0 (sum_ge 0%N (ltn0Sn _))).
rewrite /layer_gradient product_nil trmx1 mulmx1.
rewrite -[X in s ^+ N * sqnorm X]mul1mx; apply: columns => v; rewrite mul1mx.
by apply: end_layers_wide => // w; apply: sq; apply: sigma.
Qed.

(* Row 1, the limit of layer_norms_below *)
Theorem layer_norms_sum (t : R) : 0 <= t -> bounded (end_to_end N W) (t ^+ N) ->
  forall j, (j < N)%N -> bounded (W j) (t + 3%:R / 2%:R * b).
Proof.
move=> t0 Wt j jN z; apply/ler_addgt0Pr => e e0.
have z0 : 0 < sqnorm z + 1 by rewrite ltr_paddl ?ltr01 // sqnorm_ge0.
pose h := e / (sqnorm z + 1); have h0 : 0 < h by rewrite divr_gt0.
have th0 : 0 <= t + h by rewrite addr_ge0 // ltW.
have lt : t ^+ N < (t + h) ^+ N by rewrite ltr_expn2r ?nnegrE // ltr_addl.
apply: le_trans (layer_norms_below th0 (exprn_ge0 _ t0) lt Wt jN z) _.
rewrite addrAC mulrDl ler_add2l /h mulrAC ler_pdivr_mulr // ler_wpmul2l ?(ltW e0) //.
by rewrite ler_addl ler01.
Qed.
End Layers.

(* The ledger's own form: ||B_j||_F <= D. *)
Section Frobenius.
Variables (R : rcfType) (d : nat -> nat) (n : nat) (W : weights R d) (D : R).
Let N := n.+1.
Hypotheses (D_ge0 : 0 <= D) (balanced : forall j, (j.+1 < N)%N -> norm (imbalance W j) <= D).

Let form j : (j.+1 < N)%N -> form_bounded (imbalance W j) D.
Proof.
move=> jN z; apply: le_trans (form_bounded_norm _ z) _; apply: ler_wpmul2r; first exact: sqnorm_ge0.
exact: balanced.
Qed.

Let total : \sum_(0 <= j < n) D <= n%:R * D.
Proof. by rewrite sumr_const_nat subn0 mulr_natl. Qed.

(* Row 1: |W_{j+1}|_2^2 <= |W|_2^{2/N} + 3/2 (N-1) D; t is |W|_2^{2/N} *)
Theorem layer_norms t : 0 <= t -> bounded (end_to_end N W) (t ^+ N) ->
  forall j, (j < N)%N -> bounded (W j) (t + 3%:R / 2%:R * (n%:R * D)).
Proof. by move=> t0; exact: (layer_norms_sum (fun _ => D_ge0) form total t0). Qed.

(* Row 3: sigma^2 ||G||_F^2 <= (sigma^{2/N} + (N-1) D) S, for any G of its shape; s is sigma^{2/N} *)
Theorem first_order_frobenius (s c : R) (G : 'M[R]_(d N, d 0)) : 0 < s -> 0 <= c -> c ^+ 2 = s ^+ N ->
  sigma_min_ge (end_to_end N W) c ->
  s ^+ N * sqnorm G <= (s + n%:R * D) * \sum_(0 <= j < N) sqnorm (layer_gradient G W j).
Proof. exact: (first_order (fun _ => D_ge0) form total). Qed.
End Frobenius.
