(* DL-012, rows 4 to 6 of the ledger: preconditioner, remainder, descent; and DL-003's derivative of the loss.

   Depth N = n+1, all widths. m bounds every |W_j|_2, g bounds |G|_2, and y >= eta m^{N-2} g, which is written
   eta m^n g <= m y so that N = 1 is no exception. With D_j the layers' gradients and S = sum ||D_j||_F^2

       P = sum_j W_{j+1:N} D_j W_{1:j-1},   Rem = W(t+1) - W + eta P,   tau = (N-1)/2 y (1 + y)^{N-2}.

   Rem is eta^2 times the sum, over pairs i < k of layers, of W_{k+1:N} D_k W_{i+1:k-1} D_i W(t+1)_{1:i-1}: telescoping
   twice, in place of the expansion over all sets of layers. G is any matrix of its shape: the gradient of any loss. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm balancedness bounds.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.
Local Arguments product : simpl never.

(* Twice the loss. Layer j+1 moved by H: the loss is a quadratic with gradient layer_gradient. *)
Section Derivative.
Variables (R : realDomainType) (d : nat -> nat) (N : nat) (Phi : 'M[R]_(d N, d 0)) (W : weights R d).
Definition twice_loss (W : weights R d) : R := sqnorm (residual Phi W).

Theorem derivative_of_the_loss j (W' : weights R d) : (j < N)%N -> (forall l, l != j -> W' l = W l) ->
  twice_loss W' = twice_loss W + inner (layer_gradient (residual Phi W) W j) (W' j - W j) *+ 2
    + sqnorm (product W j.+1 N *m (W' j - W j) *m product W 0 j).
Proof.
move=> jN others.
have up : product W' j.+1 N = product W j.+1 N.
  by apply: product_congr => l /andP [jl _]; apply: others; rewrite gtn_eqF.
have low : product W' 0 j = product W 0 j.
  by apply: product_congr => l /andP [_ lj]; apply: others; rewrite ltn_eqF.
have split (V : weights R d) : end_to_end N V = product V j.+1 N *m V j *m product V 0 j.
  by rewrite /end_to_end (product_cat V (i := 0) (j := j.+1)) // product_last // mulmxA.
rewrite /twice_loss.
have -> : residual Phi W' = residual Phi W + product W j.+1 N *m (W' j - W j) *m product W 0 j.
  rewrite /residual (split W') up low (split W) mulmxBr mulmxBl.
  by rewrite [RHS]addrC addrA subrK.
rewrite sqnormD; congr (_ + _ *+ 2 + _).
by rewrite inner_sym inner_right inner_left inner_sym /layer_gradient mulmxA.
Qed.
End Derivative.

Section Pairs.
Variable R : realFieldType.

Lemma sum_of_pairs (f : nat -> R) n :
  \sum_(0 <= k < n.+1) \sum_(0 <= i < k) (f i + f k) = n%:R * \sum_(0 <= k < n.+1) f k.
Proof.
elim: n => [|n IH]; first by rewrite big_nat1 big_geq // mul0r.
rewrite big_nat_recr //= IH big_split /= sumr_const_nat subn0 [in RHS]big_nat_recr //=.
move: (\sum_(0 <= k < n.+1) f k) (f n.+1) => a b; rewrite -[b *+ _]mulr_natl.
have -> : n.+1%:R = n%:R + 1 :> R by rewrite mulrSr.
by move: (n%:R : R) => k; ring.
Qed.

(* (1 + y)^k <= 1 + a + 2/3 a^2 where a = k y <= 1/2, which is at most 5/3 *)
Lemma power_near_one (y : R) k : 0 <= y -> 2%:R * (k%:R * y) <= 1 ->
  (1 + y) ^+ k <= 1 + k%:R * y + 2%:R / 3%:R * (k%:R * y) ^+ 2.
Proof.
move=> y0; elim: k => [|k IH] small; first by rewrite !mul0r expr0n /= mulr0 !addr0.
have ky : k%:R * y <= k.+1%:R * y by rewrite ler_wpmul2r // ler_nat leqnSn.
have k2 : 2%:R * (k%:R * y) <= 1 by apply: le_trans small; rewrite ler_wpmul2l ?ler0n.
rewrite exprS; apply: le_trans (ler_wpmul2l _ (IH k2)) _; first by rewrite addr_ge0 ?ler01.
have a0 : 0 <= k%:R * y by rewrite mulr_ge0 ?ler0n.
have -> : k.+1%:R * y = k%:R * y + y by rewrite mulrSr mulrDl mul1r.
move: (k%:R * y) a0 k2 => a a0 a2; rewrite -subr_ge0.
have -> : 1 + (a + y) + 2%:R / 3%:R * (a + y) ^+ 2 - (1 + y) * (1 + a + 2%:R / 3%:R * a ^+ 2)
  = y * (a * (1 - 2%:R * a) + 2%:R * y) / 3%:R by field.
by rewrite divr_ge0 ?ler0n // mulr_ge0 // addr_ge0 ?mulr_ge0 ?ler0n // subr_ge0.
Qed.
End Pairs.

(* Row 4, first half, over any commutative ring: <G, P> = S *)
Definition preconditioned (R : comRingType) (d : nat -> nat) (N : nat) (G : 'M[R]_(d N, d 0%N)) (W : weights R d) :
  'M[R]_(d N, d 0%N) := \sum_(0 <= j < N) product W j.+1 N *m layer_gradient G W j *m product W 0 j.

Theorem preconditioner_inner (R : comRingType) (d : nat -> nat) (N : nat) (G : 'M[R]_(d N, d 0%N)) (W : weights R d) :
  inner G (preconditioned G W) = \sum_(0 <= j < N) sqnorm (layer_gradient G W j).
Proof.
rewrite /preconditioned; have push k : inner G (\sum_(0 <= j < k)
  product W j.+1 N *m layer_gradient G W j *m product W 0 j)
    = \sum_(0 <= j < k) inner G (product W j.+1 N *m layer_gradient G W j *m product W 0 j).
  by elim: k => [|k IH]; [rewrite !big_geq // inner0r|rewrite !big_nat_recr //= innerDr IH].
rewrite push; apply: eq_bigr => j _.
by rewrite inner_sym inner_right inner_left sqnorm_inner /layer_gradient !mulmxA.
Qed.

Section Step.
Variables (R : rcfType) (d : nat -> nat) (n : nat) (eta m g y : R).
Let N := n.+1.
Variables (G : 'M[R]_(d N, d 0)) (W : weights R d).
Let W' : weights R d := gradient_step eta G W.
Hypotheses (eta_ge0 : 0 <= eta) (m_gt0 : 0 < m) (g_ge0 : 0 <= g) (y_ge0 : 0 <= y).
Hypothesis before : forall j, (j < N)%N -> bounded (W j) (m ^+ 2).
Hypotheses (G_le : bounded G (g ^+ 2)) (y_is : eta * m ^+ n * g <= m * y).
Let D j := layer_gradient G W j.
Let dist j := norm (D j).
Let T := \sum_(0 <= i < N) dist i.
Let S := \sum_(0 <= i < N) sqnorm (D i).
Let P := preconditioned G W.
Let Rem := end_to_end N W' - end_to_end N W + eta *: P.
Let q := (1 + y) ^+ n.-1.
Let tau := n%:R / 2%:R * (y * q).

Let m_ge0 : 0 <= m. Proof. exact: ltW. Qed.
Let mk_ge0 k : 0 <= m ^+ k. Proof. exact: exprn_ge0. Qed.
Let y1_ge1 : 1 <= 1 + y. Proof. by rewrite ler_addl. Qed.
Let y1_ge0 : 0 <= 1 + y. Proof. exact: le_trans y1_ge1. Qed.
Let q_ge0 : 0 <= q. Proof. exact: exprn_ge0. Qed.
Let tau_ge0 : 0 <= tau. Proof. by rewrite !mulr_ge0 ?invr_ge0 ?ler0n. Qed.
Let dist_ge0 j : 0 <= dist j. Proof. exact: norm_ge0. Qed.
Let T_ge0 : 0 <= T. Proof. by apply: sumr_ge0. Qed.
Let S_ge0 : 0 <= S. Proof. by apply: sumr_ge0 => *; apply: sqnorm_ge0. Qed.

Lemma T_square : T ^+ 2 <= N%:R * S.
Proof.
rewrite /T /S !big_mkord.
have := @cauchy_schwarz_sum R (ordinal_finType N) (fun _ => 1) (fun i => dist i).
under eq_bigr do rewrite mul1r.
rewrite [\sum_(i < N) 1 ^+ 2](eq_bigr (fun _ => 1)); last by move=> i _; rewrite expr1n.
rewrite sumr_const card_ord.
by under [X in _ <= _ * X]eq_bigr do rewrite /dist sqr_norm.
Qed.

Let product_le i k : (i <= k <= N)%N -> bounded (product W i k) ((m ^+ (k - i)) ^+ 2).
Proof.
case/andP=> ik kN; rewrite -exprM mulnC exprM; apply: bounded_product => //.
by move=> l /andP [_ lk]; apply: before; apply: leq_trans kN.
Qed.

(* |D_j|_2 <= m^{N-1} g *)
Lemma gradient_le j : (j < N)%N -> bounded (D j) ((m ^+ n * g) ^+ 2).
Proof.
move=> jN; have jn : (j <= n)%N by [].
have -> : (m ^+ n * g) ^+ 2 = (m ^+ (n - j)) ^+ 2 * g ^+ 2 * (m ^+ j) ^+ 2.
  by rewrite -!exprMn -[in m ^+ n](subnK jn) exprD mulrAC.
apply: bounded_mul; first by rewrite mulr_ge0 ?sqr_ge0.
  apply: bounded_mul; rewrite ?sqr_ge0 //; apply: bounded_tr; first exact: sqr_ge0.
  by rewrite -subSS; apply: product_le; rewrite jN leqnn.
by apply: bounded_tr; [exact: sqr_ge0|rewrite -[j in m ^+ j]subn0; apply: product_le; rewrite leq0n ltnW].
Qed.

(* |W_j(t+1)|_2 <= m (1 + y) *)
Lemma after j : (j < N)%N -> bounded (W' j) ((m * (1 + y)) ^+ 2).
Proof.
move=> jN; rewrite /W' /gradient_step -scaleNr mulrDr mulr1; apply: boundedD => //; first exact: mulr_ge0.
  exact: before.
move=> x; rewrite -scalemxAl sqnorm_scale sqrrN.
apply: le_trans (ler_wpmul2l (sqr_ge0 _) (gradient_le jN x)) _; rewrite mulrA -exprMn.
apply: ler_wpmul2r; first exact: sqnorm_ge0.
by apply: ler_expn2r; rewrite ?nnegrE ?mulr_ge0 // mulrA.
Qed.

Let product_after i k : (i <= k <= N)%N -> bounded (product W' i k) (((m * (1 + y)) ^+ (k - i)) ^+ 2).
Proof.
case/andP=> ik kN; rewrite -exprM mulnC exprM; apply: bounded_product => //; first by rewrite sqr_ge0.
by move=> l /andP [_ lk]; apply: after; apply: leq_trans kN.
Qed.

(* Telescoping: the product changes by the layers one after another ... *)
Let E k := product W' 0 k - product W 0 k.
Lemma moved k : (k <= N)%N -> E k = - (eta *: \sum_(0 <= i < k) product W i.+1 k *m D i *m product W' 0 i).
Proof.
elim: k => [|k IH] kN; first by rewrite /E !product_nil subrr big_geq // scaler0 oppr0.
have next : E k.+1 = W k *m E k - eta *: (D k *m product W' 0 k).
  by rewrite /E !product_last // [W' k]/(W k - eta *: D k) mulmxBl mulmxBr -scalemxAl addrAC.
rewrite next IH 1?ltnW // big_nat_recr //= product_nil mul1mx scalerDr opprD; congr (_ - _).
rewrite mulmxN -scalemxAr; congr (- (_ *: _)); rewrite mulmx_sumr; apply: eq_big_nat => i /andP [_ ik].
by rewrite product_last // !mulmxA.
Qed.

(* ... and so does what it changes by: pairs of layers i < k. *)
Let term k i := product W k.+1 N *m D k *m (product W i.+1 k *m D i *m product W' 0 i).
Lemma remainder_is : Rem = eta ^+ 2 *: \sum_(0 <= k < N) \sum_(0 <= i < k) term k i.
Proof.
rewrite /Rem -[end_to_end N W' - _]/(E N) moved // addrC -scalerBr expr2 -scalerA; congr (_ *: _).
rewrite /P /preconditioned -sumrB scaler_sumr; apply: eq_big_nat => k /andP [_ kN].
rewrite -mulmxBr -opprB -/(E k) moved 1?ltnW // opprK -scalemxAr; congr (_ *: _).
by rewrite mulmx_sumr.
Qed.

Let inside k i : (i < k < N)%N -> norm (product W i.+1 k *m D i *m product W' 0 i) <= m ^+ k.-1 * (1 + y) ^+ i * dist i
  /\ bounded (product W i.+1 k *m D i *m product W' 0 i) ((m ^+ k.-1 * (1 + y) ^+ i * (m ^+ n * g)) ^+ 2).
Proof.
case/andP=> ik kN; have iN : (i < N)%N by apply: ltn_trans kN.
have A := product_le (i := i.+1) (k := k); rewrite ik (ltnW kN) in A; have {A} A := A isT.
have B := product_after (i := 0) (k := i); rewrite (ltnW iN) in B; have {B} B := B isT.
have e : m ^+ k.-1 * (1 + y) ^+ i = m ^+ (k - i.+1) * (m * (1 + y)) ^+ (i - 0).
  rewrite subn0 exprMn mulrA -exprD; congr (m ^+ _ * _); case: (k) ik => // l; rewrite ltnS subSS => il.
  by rewrite subnK.
have z0 : 0 <= (m * (1 + y)) ^+ (i - 0) by rewrite exprn_ge0 // mulr_ge0.
rewrite e; split.
  apply: le_trans (norm_right _ z0 B) _.
  apply: le_trans (ler_wpmul2l z0 (norm_left (D i) (mk_ge0 _) A)) _; apply: eqle.
  by rewrite mulrA [_ * m ^+ _]mulrC.
have -> : (m ^+ (k - i.+1) * (m * (1 + y)) ^+ (i - 0) * (m ^+ n * g)) ^+ 2
   = (m ^+ (k - i.+1)) ^+ 2 * (m ^+ n * g) ^+ 2 * ((m * (1 + y)) ^+ (i - 0)) ^+ 2 by rewrite -!exprMn mulrAC.
by apply: bounded_mul => //; [rewrite mulr_ge0 ?sqr_ge0|apply: bounded_mul; rewrite ?sqr_ge0 //; exact: gradient_le].
Qed.

Let power_le i k : (i < k < N)%N -> (1 + y) ^+ i <= q.
Proof.
case/andP=> ik; rewrite ltnS => kn; apply: ler_weexpn2l => //.
by rewrite -ltnS; apply: leq_trans ik _; rewrite (leq_trans kn) // leqSpred.
Qed.

Let join k : (0 < k < N)%N -> m * (m ^+ (n - k) * m ^+ k.-1) = m ^+ n.
Proof.
case/andP=> k0; rewrite ltnS => kn; rewrite mulrCA -exprS prednK // -exprD subnK //.
Qed.

(* |<G, term>| and ||term||_F for a pair of layers *)
Lemma term_inner k i : (i < k < N)%N -> m * `|inner G (term k i)| <= m ^+ n * g * q * (dist i * dist k).
Proof.
move=> ikN; case/andP: (ikN) => ik kN; have kn : (k <= n)%N by [].
have [near _] := inside ikN; move: near; rewrite /term; set Y := _ *m product W' 0 i => near.
have A := product_le (i := k.+1) (k := N); rewrite kN leqnn subSS in A; have {A} A := A isT.
have X_le : bounded ((product W k.+1 N)^T *m G) ((m ^+ (n - k) * g) ^+ 2).
  by rewrite exprMn; apply: bounded_mul; rewrite ?sqr_ge0 //; apply: bounded_tr; rewrite ?sqr_ge0.
have -> : inner G (product W k.+1 N *m D k *m Y) = inner (((product W k.+1 N)^T *m G) *m Y^T) (D k).
  by rewrite -mulmxA inner_sym inner_left inner_right inner_sym.
apply: le_trans (ler_wpmul2l m_ge0 (inner_le _ _)) _.
have X0 : 0 <= m ^+ (n - k) * g by rewrite mulr_ge0.
have XY := norm_left Y^T X0 X_le; rewrite norm_tr in XY.
have XY' := le_trans XY (ler_wpmul2l X0 near).
apply: le_trans (ler_wpmul2l m_ge0 (ler_wpmul2r (dist_ge0 k) XY')) _.
have k0 : (0 < k < N)%N by rewrite (leq_ltn_trans (leq0n i) ik).
rewrite -(join k0).
have -> : m * (m ^+ (n - k) * g * (m ^+ k.-1 * (1 + y) ^+ i * dist i) * dist k)
  = m * (m ^+ (n - k) * m ^+ k.-1) * g * (1 + y) ^+ i * (dist i * dist k).
  by move: (m ^+ _) (m ^+ _) ((1 + y) ^+ i) (dist i) (dist k) => *; ring.
apply: ler_wpmul2r; first exact: mulr_ge0.
by apply: ler_wpmul2l; [rewrite !mulr_ge0|exact: power_le ikN].
Qed.

Lemma term_norm k i : (i < k < N)%N -> m * norm (term k i) <= m ^+ n * (m ^+ n * g) * q * ((dist i + dist k) / 2%:R).
Proof.
move=> ikN; case/andP: (ikN) => ik kN; have kn : (k <= n)%N by [].
have [near wide] := inside ikN; move: near wide; rewrite /term; set Y := _ *m product W' 0 i => near wide.
have A := product_le (i := k.+1) (k := N); rewrite kN leqnn subSS in A; have {A} A := A isT.
have k0 : (0 < k < N)%N by rewrite (leq_ltn_trans (leq0n i) ik).
have mg0 : 0 <= m ^+ n * g by exact: mulr_ge0.
have c0 : 0 <= m ^+ k.-1 * (1 + y) ^+ i by rewrite mulr_ge0 // exprn_ge0.
have one : norm (D k *m Y) <= m ^+ k.-1 * (1 + y) ^+ i * (m ^+ n * g) * dist i.
  apply: le_trans (norm_left Y mg0 (gradient_le kN)) _; apply: le_trans (ler_wpmul2l mg0 near) _; apply: eqle.
  by rewrite [in RHS]mulrAC [RHS]mulrC.
have two : norm (D k *m Y) <= m ^+ k.-1 * (1 + y) ^+ i * (m ^+ n * g) * dist k.
  by apply: norm_right wide; exact: mulr_ge0.
have both : norm (D k *m Y) <= m ^+ k.-1 * (1 + y) ^+ i * (m ^+ n * g) * ((dist i + dist k) / 2%:R).
  rewrite mulrA ler_pdivl_mulr ?ltr0n // mulr_natr mulr2n mulrDr; exact: ler_add.
rewrite -mulmxA; apply: le_trans (ler_wpmul2l m_ge0 (norm_left _ (mk_ge0 _) A)) _.
apply: le_trans (ler_wpmul2l m_ge0 (ler_wpmul2l (mk_ge0 _) both)) _.
have h0 : 0 <= (dist i + dist k) / 2%:R by rewrite divr_ge0 ?ler0n // addr_ge0.
move: ((dist i + dist k) / 2%:R) h0 => h h0.
have -> : m * (m ^+ (n - k) * (m ^+ k.-1 * (1 + y) ^+ i * (m ^+ n * g) * h))
  = m * (m ^+ (n - k) * m ^+ k.-1) * (m ^+ n * g) * (1 + y) ^+ i * h.
  by move: (m ^+ (n - k)) (m ^+ k.-1) (m ^+ n) ((1 + y) ^+ i) => *; ring.
rewrite (join k0); apply: ler_wpmul2r => //; apply: ler_wpmul2l; first by rewrite !mulr_ge0.
exact: power_le ikN.
Qed.

(* Row 4, second half: ||P||_F <= m^{N-1} sum ||D_j||_F, so ||P||_F^2 <= N m^{2N-2} S *)
Lemma preconditioner_le : norm P <= m ^+ n * T.
Proof.
rewrite /P /preconditioned; apply: le_trans (norm_sum _ _) _; rewrite /T mulr_sumr; apply: ler_sum_nat =>
  j /andP [_ jN].
have jn : (j <= n)%N by [].
have A := product_le (i := j.+1) (k := N); rewrite jN leqnn subSS in A; have {A} A := A isT.
have B := product_le (i := 0) (k := j); rewrite (ltnW jN) subn0 in B; have {B} B := B isT.
apply: le_trans (norm_right _ (mk_ge0 _) B) _.
apply: le_trans (ler_wpmul2l (mk_ge0 _) (norm_left _ (mk_ge0 _) A)) _.
by rewrite mulrA -exprD addnC subnK.
Qed.

Theorem preconditioner_norm : sqnorm P <= N%:R * m ^+ (n + n) * S.
Proof.
rewrite -sqr_norm; apply: le_trans (_ : (m ^+ n * T) ^+ 2 <= _).
  by apply: ler_expn2r; rewrite ?nnegrE ?norm_ge0 ?mulr_ge0 // preconditioner_le.
rewrite exprMn; apply: le_trans (ler_wpmul2l (sqr_ge0 _) T_square) _; apply: eqle.
by rewrite exprD; move: (m ^+ n) (N%:R : R) => *; ring.
Qed.

(* Row 5: <G, Rem> <= eta tau S *)
Theorem remainder_inner : inner G Rem <= eta * tau * S.
Proof.
rewrite -(ler_pmul2l m_gt0).
have bound : m * inner G Rem <= eta ^+ 2 * (m ^+ n * g * q) * (n%:R / 2%:R * S).
  have push (F : nat -> 'M[R]_(d N, d 0)) k : inner G (\sum_(0 <= j < k) F j) = \sum_(0 <= j < k) inner G (F j).
    by elim: k => [|k IH]; [rewrite !big_geq // inner0r|rewrite !big_nat_recr //= innerDr IH].
  rewrite remainder_is innerZr mulrCA -mulrA; apply: ler_wpmul2l; first exact: sqr_ge0.
  rewrite push mulr_sumr.
  have -> : n%:R / 2%:R * S = \sum_(0 <= k < N) \sum_(0 <= i < k) (sqnorm (D i) + sqnorm (D k)) / 2%:R.
    rewrite mulrAC -sum_of_pairs mulr_suml; apply: eq_bigr => k _; exact: mulr_suml.
  rewrite mulr_sumr; apply: ler_sum_nat => k /andP [_ kN]; rewrite push !mulr_sumr.
  apply: ler_sum_nat => i /andP [_ ik]; have ikN : (i < k < N)%N by rewrite ik.
  apply: le_trans (ler_wpmul2l m_ge0 (ler_norm _)) _; apply: le_trans (term_inner ikN) _.
  apply: ler_wpmul2l; first by rewrite !mulr_ge0.
  rewrite ler_pdivl_mulr ?ltr0n // -!sqr_norm -subr_ge0 -/(dist i) -/(dist k).
  move: (dist i) (dist k) => a c; have -> : a ^+ 2 + c ^+ 2 - a * c * 2%:R = (a - c) ^+ 2 by ring.
  exact: sqr_ge0.
apply: le_trans bound _.
have -> : eta ^+ 2 * (m ^+ n * g * q) * (n%:R / 2%:R * S) = eta * m ^+ n * g * (eta * q * (n%:R / 2%:R) * S).
  by move: (m ^+ n) (n%:R / 2%:R) => *; ring.
have -> : m * (eta * tau * S) = m * y * (eta * q * (n%:R / 2%:R) * S).
  by rewrite /tau; move: (n%:R / 2%:R) => *; ring.
by apply: ler_wpmul2r => //; rewrite !mulr_ge0 ?invr_ge0 ?ler0n.
Qed.

Lemma remainder_sum : m * norm Rem <= eta ^+ 2 * (m ^+ n * (m ^+ n * g) * q) * (n%:R / 2%:R * T).
Proof.
rewrite remainder_is norm_scale ger0_norm ?sqr_ge0 // mulrCA -[X in _ <= X]mulrA.
apply: ler_wpmul2l; first exact: sqr_ge0.
have -> : n%:R / 2%:R * T = \sum_(0 <= k < N) \sum_(0 <= i < k) (dist i + dist k) / 2%:R.
  rewrite mulrAC -sum_of_pairs mulr_suml; apply: eq_bigr => k _; exact: mulr_suml.
apply: le_trans (ler_wpmul2l m_ge0 (norm_sum _ _)) _; rewrite !mulr_sumr; apply: ler_sum_nat => k /andP [_ kN].
apply: le_trans (ler_wpmul2l m_ge0 (norm_sum _ _)) _; rewrite !mulr_sumr; apply: ler_sum_nat => i /andP [_ ik].
by apply: term_norm; rewrite ik.
Qed.

Lemma remainder_le : norm Rem <= eta * m ^+ n * tau * T.
Proof.
rewrite -(ler_pmul2l m_gt0); apply: le_trans remainder_sum _.
have -> : eta ^+ 2 * (m ^+ n * (m ^+ n * g) * q) * (n%:R / 2%:R * T)
   = eta * m ^+ n * g * (eta * m ^+ n * q * (n%:R / 2%:R) * T) by move: (m ^+ n) (n%:R / 2%:R) => *; ring.
have -> : m * (eta * m ^+ n * tau * T) = m * y * (eta * m ^+ n * q * (n%:R / 2%:R) * T).
  by rewrite /tau; move: (n%:R / 2%:R) (m ^+ n) => *; ring.
by apply: ler_wpmul2r => //; rewrite !mulr_ge0 ?invr_ge0 ?ler0n.
Qed.

(* Row 5: ||Rem||_F <= tau eta m^{N-1} sqrt(N S) *)
Theorem remainder_norm : sqnorm Rem <= (tau * eta * m ^+ n) ^+ 2 * (N%:R * S).
Proof.
rewrite -sqr_norm; apply: le_trans (_ : (eta * m ^+ n * tau * T) ^+ 2 <= _).
  have pos : 0 <= eta * m ^+ n * tau * T by rewrite mulr_ge0 // mulr_ge0 // mulr_ge0.
  by apply: ler_expn2r; rewrite ?nnegrE ?norm_ge0 //; exact: remainder_le.
rewrite exprMn (_ : eta * m ^+ n * tau = tau * eta * m ^+ n); last by rewrite mulrC mulrA.
by apply: ler_wpmul2l; [exact: sqr_ge0|exact: T_square].
Qed.

(* What the product moves by: along G, and in size *)
Lemma step_inner : inner G (end_to_end N W' - end_to_end N W) <= - (eta * (1 - tau) * S).
Proof.
have -> : end_to_end N W' - end_to_end N W = Rem - eta *: P by rewrite /Rem addrK.
rewrite innerBr innerZr preconditioner_inner -/S.
apply: le_trans (ler_add remainder_inner (lexx _)) _; apply: eqle; ring.
Qed.

Lemma step_square : sqnorm (end_to_end N W' - end_to_end N W) <= eta ^+ 2 * N%:R * m ^+ (n + n) * (1 + tau) ^+ 2 * S.
Proof.
have -> : end_to_end N W' - end_to_end N W = Rem - eta *: P by rewrite /Rem addrK.
have le : norm (Rem - eta *: P) <= eta * m ^+ n * (1 + tau) * T.
  apply: le_trans (norm_triangle _ _) _; rewrite norm_opp norm_scale ger0_norm //.
  apply: le_trans (ler_add remainder_le (ler_wpmul2l eta_ge0 preconditioner_le)) _; apply: eqle.
  by move: (m ^+ n) => *; ring.
rewrite -sqr_norm; apply: le_trans (_ : (eta * m ^+ n * (1 + tau) * T) ^+ 2 <= _).
  have pos : 0 <= eta * m ^+ n * (1 + tau) * T.
    by apply: mulr_ge0 => //; apply: mulr_ge0; [exact: mulr_ge0|rewrite addr_ge0 ?ler01].
  by apply: ler_expn2r; rewrite ?nnegrE ?norm_ge0.
rewrite exprMn; apply: le_trans (ler_wpmul2l (sqr_ge0 _) T_square) _; apply: eqle.
by rewrite exprD; move: (m ^+ n) (N%:R : R) => *; ring.
Qed.
End Step.

(* 4.6 and row 5: ||Rem||_F <= 5/6 N^2 eta^2 m^{3N-4} ||G||_F^2 where N eta m^{N-2} ||G||_F <= 1/2. (A factor m on both
   sides, so that N = 1 is no exception.) *)
Theorem second_order_remainder (R : rcfType) (d : nat -> nat) (n : nat) (eta m : R) (G : 'M[R]_(d n.+1, d 0%N))
    (W : weights R d) : 0 <= eta -> 0 < m -> (forall j, (j < n.+1)%N -> bounded (W j) (m ^+ 2)) ->
  2%:R * (n.+1%:R * (eta * m ^+ n * norm G)) <= m ->
  m * norm (end_to_end n.+1 (gradient_step eta G W) - end_to_end n.+1 W + eta *: preconditioned G W)
  <= 5%:R / 6%:R * n.+1%:R ^+ 2 * (eta ^+ 2 * m ^+ (3 * n) * norm G ^+ 2).
Proof.
move=> eta0 m0 before small; pose y := eta * m ^+ n * norm G / m.
have mk k : 0 <= m ^+ k by rewrite exprn_ge0 // ltW.
have y0 : 0 <= y by rewrite divr_ge0 ?(ltW m0) // !mulr_ge0 ?norm_ge0.
have my : eta * m ^+ n * norm G <= m * y by rewrite /y [m * _]mulrC divfK ?lexx // gt_eqF.
have Gle : bounded G (norm G ^+ 2) by rewrite sqr_norm; apply: bounded_sqnorm.
have := remainder_sum eta0 m0 (norm_ge0 G) y0 before Gle my; set T := \sum_(0 <= i < _) _ => H.
apply: le_trans H _.
have T_le : T <= n.+1%:R * (m ^+ n * norm G).
  have one j : (j < n.+1)%N -> norm (layer_gradient G W j) <= m ^+ n * norm G.
    move=> jN; have jn : (j <= n)%N by []; rewrite /layer_gradient -mulmxA.
    have H1 := norm_product_tr m0 (G *m (product W 0 j)^T) before (_ : (j.+1 <= n.+1 <= n.+1)%N).
    apply: le_trans (H1 _) _; first by rewrite jN leqnn.
    have H2 : norm (G *m (product W 0 j)^T) <= m ^+ j * norm G.
      rewrite -(norm_tr (G *m _)) -(norm_tr G) trmx_mul trmxK -[j in m ^+ j]subn0.
      by apply: (norm_product (n := n) m0 _ before); rewrite leq0n ltnW.
    rewrite subSS; apply: le_trans (ler_wpmul2l (mk _) H2) _.
    by rewrite mulrA -exprD subnK.
  by rewrite /T mulr_natl -[X in _ *+ X]subn0 -sumr_const_nat; apply: ler_sum_nat => j /andP [_ jN]; apply: one.
have Ny : 2%:R * (n.+1%:R * y) <= 1.
  by rewrite /y [n.+1%:R * _]mulrA [2%:R * _]mulrA ler_pdivr_mulr // mul1r.
have q_le : (1 + y) ^+ n.-1 <= 5%:R / 3%:R.
  have ky : n.-1%:R * y <= n.+1%:R * y by rewrite ler_wpmul2r // ler_nat (leq_trans (leq_pred n)).
  have small' : 2%:R * (n.-1%:R * y) <= 1 by apply: le_trans Ny; rewrite ler_wpmul2l ?ler0n.
  apply: le_trans (power_near_one y0 small') _.
  have a0 : 0 <= n.-1%:R * y by rewrite mulr_ge0 ?ler0n.
  move: (n.-1%:R * y) a0 small' => a a0 a1; rewrite -subr_ge0.
  have -> : 5%:R / 3%:R - (1 + a + 2%:R / 3%:R * a ^+ 2) = (1 - 2%:R * a) * (2%:R + a) / 3%:R by field.
  by rewrite divr_ge0 ?ler0n // mulr_ge0 ?subr_ge0 // addr_ge0 ?ler0n.
have ge0 : 0 <= eta ^+ 2 * (m ^+ n * (m ^+ n * norm G)) by rewrite !mulr_ge0 ?norm_ge0 ?sqr_ge0.
have n0 : 0 <= n%:R / 2%:R :> R by rewrite divr_ge0 ?ler0n.
have T0 : 0 <= T by apply: sumr_ge0 => *; apply: norm_ge0.
apply: le_trans (_ : eta ^+ 2 * (m ^+ n * (m ^+ n * norm G)) * (5%:R / 3%:R)
    * (n.+1%:R / 2%:R * (n.+1%:R * (m ^+ n * norm G))) <= _); last first.
  apply: eqle; rewrite (_ : (3 * n = n + n + n)%N) ?exprD; last by rewrite !mulSn addn0 addnA.
  by move: (m ^+ n) (norm G) (n.+1%:R : R) => *; field.
have q0 : 0 <= (1 + y) ^+ n.-1 by rewrite exprn_ge0 // addr_ge0 ?ler01.
rewrite [eta ^+ 2 * _]mulrA; apply: ler_pmul; [exact: mulr_ge0|exact: mulr_ge0|exact: ler_wpmul2l|].
apply: ler_pmul => //; apply: ler_wpmul2r; first by rewrite invr_ge0 ler0n.
by rewrite ler_nat.
Qed.
