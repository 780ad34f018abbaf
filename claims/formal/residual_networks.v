(* Residual networks (DL-032): descent from the identity, symmetric targets.

   1. Eigenvalues move apart: all layers stay equal to a polynomial A(t) in Phi, and A(t) v = w(t) v for an eigenvector
      v of Phi, with w(0) = 1 and w' = w - eta w^{N-1} (w^N - lambda).
   2. A positive semidefinite target is learned, mode by mode and as a matrix.
   3. An eigenvalue 0 is learned at the stated rate.
   4. A negative eigenvalue is not learned, at any depth N >= 2.
   5. Near the identity the hypotheses of Theorem 1 hold.

   Conventions: width n + 1, so that matrices are a ring. The eigenvalue is lambda = r^N, so no roots are taken.
   Left out: in 3 that the quotient w(t+1) / w(t) tends to 1; the sharpness of the rate; odd N and eta just above the
   bound of 4. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm scalar deficiency_margin orthogonal.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* All widths are n + 1. *)
Definition constant_width (n : nat) : nat -> nat := fun _ => n.+1.

Section Layers.
Variables (R : comRingType) (n : nat).
Local Notation d := (constant_width n).
Variables (N : nat) (eta : R) (Phi : 'M[R]_n.+1).
Hypothesis symmetric : Phi^T = Phi.

Definition equal_layers (A : 'M[R]_n.+1) : weights R d := fun _ => A.

Definition layer_step (A : 'M[R]_n.+1) : 'M[R]_n.+1 := A - eta *: (A ^+ N.-1 * (A ^+ N - Phi)).
Definition layer (t : nat) : 'M[R]_n.+1 := iter t layer_step 1.

Lemma product_equal A i k : (i <= k)%N -> product (equal_layers A) i k = A ^+ (k - i).
Proof.
elim: k => [|k IH]; first by rewrite leqn0 => /eqP ->; rewrite product_nil.
rewrite leq_eqVlt => /orP [/eqP ->|]; first by rewrite product_nil subnn expr0.
by rewrite ltnS => ik; rewrite product_last // IH // subSn // exprS.
Qed.

Lemma tr_exp (A : 'M[R]_n.+1) k : A^T = A -> (A ^+ k)^T = A ^+ k.
Proof.
move=> sA; elim: k => [|k IH]; rewrite ?trmx1 // exprS trmx_mul IH sA.
exact: etrans (esym (exprSr A k)) (exprS A k).
Qed.

Lemma layer_symmetric_commutes (t : nat) : (layer t)^T = layer t /\ GRing.comm (layer t) Phi.
Proof.
elim: t => [|t [sA cA]]; first by rewrite /layer /= trmx1; split=> //; apply: commr_sym; apply: commr1.
rewrite /layer iterS -/(layer t) /layer_step; move: (layer t) sA cA => A sA cA.
have cX k l : GRing.comm (A ^+ k) (A ^+ l - Phi).
  apply: commrB; first by apply: commrX; apply: commr_sym; apply: commrX.
  by apply: commr_sym; apply: commrX; apply: commr_sym.
split.
  rewrite trmx_step sA trmx_mul tr_exp // linearB /= tr_exp // symmetric; congr (_ - _ *: _).
  exact: esym (cX N.-1 N).
apply: commr_sym; apply: commrB; first exact: commr_sym.
rewrite /GRing.comm -scalerAr -scalerAl; congr (_ *: _).
apply: commrM; first by apply: commrX; apply: commr_sym.
by apply: commrB => //; apply: commrX; apply: commr_sym.
Qed.

(* All layers stay equal, to a polynomial in Phi. *)
Theorem layers_stay_equal (t j : nat) : (j < N)%N ->
  descent eta (Phi : 'M[R]_(d N, d 0)) (equal_layers 1) t j = layer t.
Proof.
elim: t j => // t IH j jN; rewrite /descent iterS -/(descent _ _ _ _).
rewrite (descent_step_congr _ _ (W' := equal_layers (layer t))) // /descent_step /gradient_step /layer_gradient.
have [sA cA] := layer_symmetric_commutes t.
rewrite /layer iterS -/(layer t) /layer_step /residual /end_to_end !product_equal //.
rewrite !subn0 !tr_exp //; congr (_ - _ *: _).
have cX : GRing.comm (layer t ^+ N - Phi) (layer t ^+ j).
  apply: commr_sym; apply: commrB; first by apply: commrX; apply: commr_sym; apply: commrX.
  by apply: commr_sym; apply: commrX; apply: commr_sym.
rewrite -[LHS]/(layer t ^+ (N - j.+1) * (layer t ^+ N - Phi) * layer t ^+ j) -mulrA cX mulrA -exprD.
by congr (_ ^+ _ * _); case: N jN => // M jM; rewrite subSS subnK.
Qed.

Theorem end_to_end_power (t : nat) :
  end_to_end N (descent eta (Phi : 'M[R]_(d N, d 0)) (equal_layers 1) t) = layer t ^+ N.
Proof.
rewrite /end_to_end (product_congr (W' := equal_layers (layer t))) ?product_equal ?subn0 //.
by move=> l /andP [_ lN]; exact: layers_stay_equal.
Qed.

(* On eigenvectors (the columns of V, with eigenvalues lambda) the layers follow the scalar modes. *)
Lemma eigenvectors_powers k (V : 'M[R]_(n.+1, k)) (A : 'M[R]_n.+1) (w : 'rV[R]_k) l :
  A *m V = V *m diag_mx w -> A ^+ l *m V = V *m diag_mx (\row_i w 0 i ^+ l).
Proof.
move=> AV; elim: l => [|l IH].
  by rewrite mul1mx -[LHS]mulmx1; congr (_ *m _); apply/matrixP => i j; rewrite !mxE expr0.
rewrite exprSr -mulmxA AV mulmxA IH -mulmxA mulmx_diag; congr (_ *m diag_mx _).
by apply/rowP => i; rewrite !mxE exprSr.
Qed.

Theorem modes (k : nat) (V : 'M[R]_(n.+1, k)) (lambda : 'I_k -> R) (t : nat) :
  Phi *m V = V *m diag_mx (\row_i lambda i) ->
  layer t *m V = V *m diag_mx (\row_i mode N eta (lambda i) 1 t).
Proof.
move=> eigen; elim: t => [|t IH].
  by rewrite /layer /= mul1mx -[LHS]mulmx1; congr (_ *m _); apply/matrixP => i j; rewrite !mxE.
rewrite /layer !iterS -/(layer t); move: (layer t) IH => A IH.
rewrite /layer_step mulmxBl IH -scalemxAl -mulmxA mulmxBl eigen (eigenvectors_powers _ IH) -mulmxBr mulmxA.
rewrite (eigenvectors_powers _ IH) -mulmxA scalemxAr -mulmxBr; congr (_ *m _).
rewrite -raddfB /= mulmx_diag; apply/matrixP => i j; rewrite !mxE /mode_step.
by case: (i == j); rewrite ?mulr1n // !mulr0n mulr0 subr0.
Qed.
End Layers.

(* 2. A mode with the target r^N, r >= 0, between bounds m <= r <= u with m <= 1 <= u. *)
Section Contraction.
Variables (R : realFieldType) (n : nat) (r m u eta : R).
Local Notation N := n.+1.
Hypotheses (m_ge0 : 0 <= m) (mr : m <= r) (ru : r <= u) (m1 : m <= 1) (u1 : 1 <= u).
Hypotheses (eta_gt0 : 0 < eta) (eta_le : eta * (N%:R * u ^+ (n + n)) <= 1).
Let w t := mode N eta (r ^+ N) 1 t.

Lemma powers_between (v : R) i : m <= v <= u -> (i < N)%N -> m ^+ n <= v ^+ (N.-1 - i) * r ^+ i <= u ^+ n.
Proof.
move=> /andP [mv vu] iN; have v0 := le_trans m_ge0 mv; have r0 := le_trans m_ge0 mr.
have u0 := le_trans r0 ru.
have e a : a ^+ n = a ^+ (N.-1 - i) * a ^+ i :> R by rewrite -exprD subnK // -ltnS.
by rewrite !e; apply/andP; split; apply: ler_pmul; rewrite ?exprn_ge0 //; apply: ler_expn2r; rewrite ?nnegrE.
Qed.

Lemma contraction_step (v : R) : m <= v <= u ->
  exists2 f, 0 <= f <= 1 - eta * (N%:R * m ^+ (n + n)) & mode_step N eta (r ^+ N) v - r = f * (v - r).
Proof.
move=> vmu; have /andP [mv vu] := vmu; have v0 := le_trans m_ge0 mv; have r0 := le_trans m_ge0 mr.
have u0 := le_trans r0 ru.
pose S := \sum_(i < N) v ^+ (N.-1 - i) * r ^+ i.
have term (i : 'I_N) := powers_between vmu (ltn_ord i).
have S_ge : N%:R * m ^+ n <= S.
  by rewrite mulr_natl -[in X in X <= _](card_ord N) -sumr_const; apply: ler_sum => i _; case/andP: (term i).
have S_le : S <= N%:R * u ^+ n.
  by rewrite mulr_natl -[in X in _ <= X](card_ord N) -sumr_const; apply: ler_sum => i _; case/andP: (term i).
have vn_ge : m ^+ n <= v ^+ n by apply: ler_expn2r; rewrite ?nnegrE.
have vn_le : v ^+ n <= u ^+ n by apply: ler_expn2r; rewrite ?nnegrE.
have m0 k : 0 <= m ^+ k by rewrite exprn_ge0.
have nn0 : 0 <= N%:R :> R by rewrite ler0n.
exists (1 - eta * (v ^+ n * S)).
  apply/andP; split.
    rewrite subr_ge0; apply: le_trans eta_le; rewrite ler_pmul2l // exprD [N%:R * _]mulrCA.
    by apply: ler_pmul => //; rewrite ?exprn_ge0 //; apply: le_trans S_ge; rewrite mulr_ge0.
  rewrite ler_add2l ler_opp2 ler_pmul2l // exprD [N%:R * _]mulrCA; apply: ler_pmul => //.
  by rewrite mulr_ge0.
have factor (a s : R) : v - eta * (a * ((v - r) * s)) - r = (1 - eta * (a * s)) * (v - r) by ring.
by rewrite /mode_step subrXX; apply: factor.
Qed.

Theorem modes_contract (t : nat) :
  m <= w t <= u /\ `|w t.+1 - r| <= (1 - eta * (N%:R * m ^+ (n + n))) * `|w t - r|.
Proof.
have one (v : R) : m <= v <= u ->
    `|mode_step N eta (r ^+ N) v - r| <= (1 - eta * (N%:R * m ^+ (n + n))) * `|v - r|.
  move=> mvu; have [f /andP [f0 f1] ->] := contraction_step mvu.
  by rewrite normrM ger0_norm // ler_wpmul2r.
have stays : m <= w t <= u.
  elim: t => [|t IH]; first by rewrite /w /= m1.
  have [f /andP [f0 f1] E] := contraction_step IH; rewrite /w /mode iterS -/(mode _ _ _ _ _) -/(w t).
  have f_le1 : f <= 1.
    apply: le_trans f1 _; rewrite ler_subl_addr ler_addl mulr_ge0 ?(ltW eta_gt0) // mulr_ge0 ?ler0n //.
    by rewrite exprn_ge0.
  have -> : mode_step N eta (r ^+ N) (w t) = f * w t + (1 - f) * r.
    by rewrite -[LHS](subrK r) E; move: (w t) => *; ring.
  have g0 : 0 <= 1 - f by rewrite subr_ge0.
  have c a : a = f * a + (1 - f) * a :> R by ring.
  case/andP: IH => a b; apply/andP; split; [rewrite [m in m <= _]c|rewrite [u in _ <= u]c];
    by apply: ler_add; apply: ler_wpmul2l.
by split=> //; rewrite /w /mode iterS -/(mode _ _ _ _ _); apply: one.
Qed.

Theorem mode_distance t : `|w t - r| <= (1 - eta * (N%:R * m ^+ (n + n))) ^+ t * `|1 - r|.
Proof.
elim: t => [|t IH]; first by rewrite mul1r.
have [_ step] := modes_contract t; apply: le_trans step _; rewrite exprS -mulrA ler_wpmul2l //.
have v1 : m <= 1 <= u by rewrite m1.
by have [f /andP [f0 f1] _] := contraction_step v1; apply: le_trans f0 f1.
Qed.

(* The mode's part of the loss: |w^N - lambda| <= N u^{N-1} q^t |1 - r|. *)
Theorem mode_error (t : nat) :
  `|w t ^+ N - r ^+ N| <= N%:R * u ^+ n * (1 - eta * (N%:R * m ^+ (n + n))) ^+ t * `|1 - r|.
Proof.
have [inside _] := modes_contract t; rewrite subrXX normrM mulrC -mulrA.
apply: ler_pmul => //; last exact: mode_distance.
have S0 : 0 <= \sum_(i < N) w t ^+ (N.-1 - i) * r ^+ i.
  apply: sumr_ge0 => i _; have /andP [a _] := powers_between inside (ltn_ord i).
  by apply: le_trans a; apply: exprn_ge0.
rewrite ger0_norm // mulr_natl -[in X in _ <= X](card_ord N) -sumr_const; apply: ler_sum => i _.
by case/andP: (powers_between inside (ltn_ord i)).
Qed.
End Contraction.

(* 2, for matrices: Phi = Q diag(r^N) Q^T, Q orthogonal, W(0) = I. *)
Theorem positive_definite_is_learned (R : realFieldType) (n p : nat) (eta m u : R) (Q : 'M[R]_n.+1) (r : 'I_n.+1 -> R)
    (t : nat) : let N := p.+1 in let d := constant_width n in
  Q^T *m Q = 1%:M -> 0 <= m <= 1 -> 1 <= u -> (forall i, m <= r i <= u) ->
  0 < eta -> eta * (N%:R * u ^+ (p + p)) <= 1 ->
  sqnorm (residual (Q *m diag_mx (\row_i r i ^+ N) *m Q^T : 'M[R]_(d N, d 0%N))
            (descent eta (Q *m diag_mx (\row_i r i ^+ N) *m Q^T : 'M[R]_(d N, d 0%N)) (equal_layers 1) t))
  <= (N%:R * u ^+ p * (1 - eta * (N%:R * m ^+ (p + p))) ^+ t) ^+ 2 * (\sum_i (1 - r i) ^+ 2).
Proof.
move=> N d orth /andP [m0 m1] u1 inside eta0 small; set Phi := _ *m Q^T.
have sym : Phi^T = Phi by rewrite /Phi !trmx_mul trmxK tr_diag_mx mulmxA.
have eigen : Phi *m Q = Q *m diag_mx (\row_i r i ^+ N) by rewrite /Phi -mulmxA orth mulmx1.
rewrite /residual end_to_end_power //.
have WQ := eigenvectors_powers N (modes N eta (lambda := fun i => r i ^+ N) t eigen).
have orthT : Q *m Q^T = 1%:M by apply: mulmx1C.
rewrite -[X in X <= _](sqnorm_isometry_right (Q := Q^T)) trmxK // mulmxBl WQ eigen -mulmxBr -raddfB /=.
rewrite sqnorm_isometry // sqnorm_diagonal mulr_sumr; apply: ler_sum => i _.
have /andP [mr ru] := inside i; rewrite !mxE -exprMn -[X in X <= _]real_normK ?num_real //.
rewrite -[X in _ <= X]real_normK ?num_real // ler_sqr ?nnegrE ?normr_ge0 //.
apply: le_trans (mode_error m0 mr ru m1 u1 eta0 small t) _.
rewrite [X in _ <= X]normrM ler_wpmul2r ?normr_ge0 //; exact: ler_norm.
Qed.

(* 3. lambda = 0, N = n + 2: w(t)^{2N-2} <= 1 / (1 + (2N-2) eta t), and w stays positive. *)
Section ZeroEigenvalue.
Variables (R : realFieldType) (n : nat) (eta : R).
Local Notation N := n.+2.
Local Notation k := (n.+1 + n.+1)%N.
Hypotheses (eta_gt0 : 0 < eta) (eta_le : eta * N%:R <= 1).

Lemma bernoulli (x : R) i : 0 <= x <= 1 -> (1 - x) ^+ i * (1 + i%:R * x) <= 1.
Proof.
move=> /andP [x0 x1]; have y0 : 0 <= 1 - x by rewrite subr_ge0.
elim: i => [|i IH]; first by rewrite mul1r mul0r addr0.
apply: le_trans IH; rewrite exprSr -mulrA ler_wpmul2l ?exprn_ge0 //.
have -> : (1 - x) * (1 + i.+1%:R * x) = 1 + i%:R * x - i.+1%:R * x ^+ 2 by rewrite [i.+1%:R]mulrSr; ring.
by rewrite ler_subl_addr ler_addl mulr_ge0 ?ler0n ?sqr_ge0.
Qed.

Lemma zero_step (w : R) : mode_step N eta 0 w = w * (1 - eta * w ^+ k).
Proof.
rewrite /mode_step subr0 /= -exprD [(n.+1 + N)%N]addnS exprS.
by move: (w ^+ k) => x; ring.
Qed.

Theorem zero_eigenvalue (t : nat) : let w := mode N eta 0 1 t in
  [/\ 0 < w, w <= 1 & w ^+ k * (1 + k%:R * eta * t%:R) <= 1].
Proof.
elim: t => [|t [w0 w1 rate]]; first by rewrite /= ltr01 lexx expr1n mulr0 addr0 mulr1.
rewrite /= -/(mode N eta 0 1 t) zero_step; move: (mode N eta 0 1 t) w0 w1 rate => w w0 w1 rate.
have wk0 : 0 < w ^+ k by rewrite exprn_gt0.
have wk1 : w ^+ k <= 1 by rewrite exprn_ile1 // ltW.
have eta1 : eta < 1.
  apply: lt_le_trans eta_le; rewrite -[X in X < _]mulr1 ltr_pmul2l // ltr1n.
  by [].
have x0 : 0 <= eta * w ^+ k by rewrite mulr_ge0 // ltW.
have x1 : eta * w ^+ k < 1.
  by apply: le_lt_trans eta1; rewrite -[X in _ <= X]mulr1 ler_pmul2l.
split.
- by rewrite mulr_gt0 // subr_gt0.
- rewrite -[X in _ <= X]mulr1; apply: ler_pmul => //; rewrite ?subr_ge0 ?(ltW x1) ?(ltW w0) //.
  by rewrite ler_subl_addr ler_addl.
have b := @bernoulli (eta * w ^+ k) k; rewrite x0 (ltW x1) in b; move/(_ isT): b => b.
rewrite exprMn -(ler_pmul2r wk0) mul1r; move: (w ^+ k) wk0 rate b {wk1 x0 x1} => y y0 rate b.
have b0 : 0 <= (1 - eta * y) ^+ k by apply: exprn_even_ge0; rewrite addnn odd_double.
move: ((1 - eta * y) ^+ k) b b0 => z b b0.
apply: le_trans (_ : z * (1 + k%:R * (eta * y)) * y <= _); last by rewrite -[X in _ <= X]mul1r ler_wpmul2r // ltW.
rewrite -subr_ge0; have -> : z * (1 + k%:R * (eta * y)) * y - y * z * (1 + k%:R * eta * t.+1%:R) * y
  = z * y * (1 - y * (1 + k%:R * eta * t%:R)) by rewrite [t.+1%:R]mulrSr; ring.
by rewrite mulr_ge0 ?mulr_ge0 ?subr_ge0 // ltW.
Qed.
End ZeroEigenvalue.

(* 4. lambda < 0, N = n + 2 and eta < 1 / (1 + |lambda|). *)
Section NegativeEigenvalue.
Variables (R : realFieldType) (n : nat) (eta lambda : R).
Local Notation N := n.+2.
Hypotheses (eta_gt0 : 0 < eta) (lambda_lt0 : lambda < 0) (eta_lt : eta * (1 - lambda) < 1).

Lemma negative_step (w : R) : 0 < w <= 1 -> 0 < mode_step N eta lambda w <= w.
Proof.
move=> /andP [w0 w1]; rewrite /mode_step /=.
have wN0 k : 0 < w ^+ k by exact: exprn_gt0.
have wN1 k : w ^+ k <= 1 by rewrite exprn_ile1 // ltW.
have p0 : 0 < w ^+ N - lambda by rewrite addr_gt0 // oppr_gt0.
have -> : w - eta * (w ^+ n.+1 * (w ^+ N - lambda)) = w * (1 - eta * (w ^+ n * (w ^+ N - lambda))).
  by rewrite [w ^+ n.+1]exprS; move: (w ^+ n) (w ^+ N) => x y; ring.
apply/andP; split.
  rewrite pmulr_rgt0 // subr_gt0; apply: le_lt_trans eta_lt; rewrite ler_pmul2l // -[X in _ <= X]mul1r.
  by apply: ler_pmul; rewrite ?ler_add2r // ltW.
rewrite -[X in _ <= X]mulr1 ler_pmul2l // ler_subl_addr ler_addl.
by rewrite mulr_ge0 ?mulr_ge0 // ltW.
Qed.

(* w decreases in (0, 1], and this eigenvalue's part of the loss is above lambda^2 / 2 for ever. *)
Theorem negative_eigenvalue (t : nat) : let w := mode N eta lambda 1 in
  [/\ 0 < w t.+1, w t.+1 <= w t, w t <= 1 & lambda ^+ 2 < (w t ^+ N - lambda) ^+ 2].
Proof.
rewrite /=; have inside s : 0 < mode N eta lambda 1 s <= 1.
  elim: s => [|s IH]; first by rewrite /= ltr01 lexx.
  have /andP [a b] := negative_step IH; rewrite /= a; case/andP: IH => _; exact: le_trans.
have /andP [a b] := negative_step (inside t); have /andP [w0 w1] := inside t; split=> //.
rewrite -[lambda ^+ 2]sqrrN ltr_sqr ?nnegrE ?oppr_ge0 ?(ltW lambda_lt0) //.
  by rewrite ltr_addr exprn_gt0.
by rewrite addr_ge0 ?oppr_ge0 ?(ltW lambda_lt0) // exprn_ge0 // ltW.
Qed.
End NegativeEigenvalue.

(* w -> 0, over an Archimedean field. *)
Theorem negative_eigenvalue_limit (R : archiFieldType) (n : nat) (eta lambda eps : R) :
  0 < eta -> lambda < 0 -> eta * (1 - lambda) < 1 -> 0 < eps ->
  exists T, forall t, (T <= t)%N -> 0 < mode n.+2 eta lambda 1 t < eps.
Proof.
move=> eta0 l0 eta1 eps0; set u := mode n.+2 eta lambda 1.
have C t := negative_eigenvalue n eta0 l0 eta1 t.
have pos t : 0 < u t by have [a b _ _] := C t; exact: lt_le_trans a b.
have mono t s : (t <= s)%N -> u s <= u t.
  elim: s => [|s IH]; first by rewrite leqn0 => /eqP ->.
  rewrite leq_eqVlt => /orP [/eqP -> //|]; rewrite ltnS => /IH; have [_ b _ _] := C s; exact: le_trans.
have a0 : 0 < eta * (eps ^+ n.+1 * - lambda) by rewrite !mulr_gt0 ?exprn_gt0 ?oppr_gt0.
have drop T : u T >= eps -> u T <= 1 - (eta * (eps ^+ n.+1 * - lambda)) *+ T.
  elim: T => [|T IH] big; first by rewrite mulr0n subr0.
  have bigT : eps <= u T by apply: le_trans big _; apply: mono.
  rewrite /u /mode iterS -/(mode _ _ _ _ _) -/(u T) /mode_step /= mulrSr opprD addrA.
  apply: ler_add; first exact: IH.
  rewrite ler_opp2 ler_pmul2l //; apply: ler_pmul; rewrite ?exprn_ge0 ?oppr_ge0 ?(ltW eps0) ?(ltW l0) //.
    by apply: ler_expn2r; rewrite ?nnegrE //; apply: ltW.
  by rewrite ler_addr; apply: exprn_ge0; apply: ltW.
have [T big] : exists T, u T < eps.
  pose T := Num.bound (1 / (eta * (eps ^+ n.+1 * - lambda))); exists T; rewrite ltNge; apply/negP => big.
  have : u T < 0.
    apply: le_lt_trans (drop T big) _; rewrite subr_lt0 -mulr_natl -ltr_pdivr_mulr //.
    by apply: archi_boundP; apply: ltW; apply: divr_gt0 => //; apply: ltr01.
  by rewrite ltNge (ltW (pos T)).
by exists T => t Tt; rewrite pos /=; apply: le_lt_trans (mono _ _ Tt) big.
Qed.

(* 5. The layers I are exactly balanced, and have the margin 1 - 2 ||Phi - I||. *)
Theorem near_the_identity (R : rcfType) (n N : nat) (Phi : 'M[R]_n.+1) : let d := constant_width n in
  norm (Phi - 1) < 1 / 2%:R ->
  [/\ 0 < 1 - norm (Phi - 1) *+ 2,
      has_margin (Phi : 'M[R]_(d N, d 0%N)) (end_to_end N (equal_layers 1)) (1 - norm (Phi - 1) *+ 2) &
      forall j, imbalance (equal_layers (1 : 'M[R]_n.+1)) j = 0].
Proof.
move=> d close; split.
- by rewrite subr_gt0 -mulr_natr -ltr_pdivl_mulr // ltr0n.
- rewrite /has_margin /sigma_min_ge leqnn /end_to_end product_equal // subn0 expr1n.
  rewrite -[Phi in stretches Phi _](subrK 1) addrC; apply: weyl => x.
  have -> : norm (1 - Phi) = norm (Phi - 1) by rewrite -norm_opp opprB.
  have -> : 1 - norm (Phi - 1) *+ 2 + norm (Phi - 1) + norm (Phi - 1) = 1 by rewrite mulr2n; ring.
  by rewrite mul1mx mul1r.
by move=> j; rewrite /imbalance /equal_layers trmx1 subrr.
Qed.

(* The control of 5: at ||Phi - I|| = 1/2 the margin can be 0 (Phi = 1/2, width 1). *)
Theorem half_is_too_far (R : rcfType) (N : nat) (c : R) : let d := constant_width 0 in
  norm ((1 / 2%:R)%:M - 1 : 'M[R]_1) = 1 / 2%:R /\
  (has_margin ((1 / 2%:R)%:M : 'M[R]_(d N, d 0%N)) (end_to_end N (equal_layers 1)) c -> c <= 0).
Proof.
have norm1 (a : R) : norm (a%:M : 'M_1) = `|a|.
  by rewrite /norm /sqnorm !big_ord1 mxE eqxx mulr1n sqrtr_sqr.
have half : `|1 / 2%:R - 1| = 1 / 2%:R :> R.
  rewrite (_ : 1 / 2%:R - 1 = - (1 / 2%:R)); last by field.
  by rewrite normrN ger0_norm // divr_ge0 ?ler01 ?ler0n.
have E : norm ((1 / 2%:R)%:M - 1 : 'M[R]_1) = 1 / 2%:R by rewrite -[X in _ - X]/(1%:M) -raddfB /= norm1.
move=> d; split=> //; rewrite /has_margin /sigma_min_ge leqnn /end_to_end product_equal // subn0 expr1n.
rewrite -[1 - _]opprB norm_opp E => /(_ 1%:M); rewrite mulmx1 !norm1 normr1 mulr1 ger0_norm ?divr_ge0 ?ler01 ?ler0n //.
by rewrite -[X in _ <= X]add0r ler_add2r.
Qed.
