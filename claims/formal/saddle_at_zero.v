(* The saddle at zero (DL-007): the loss along every line through zero, the gradient at and near it, and lines along
   which the loss falls and rises.

   sqnorm (residual ..) is twice the loss, inner is tr(A^T B). Left out: that the eigenvectors of 3 span all directions.
   (For N >= 3 the second derivative along every line is 0, which makes the Hessian's quadratic form 0.) *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm orthogonal.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Definition scaled (R : comRingType) (d : nat -> nat) (t : R) (V : weights R d) : weights R d := fun j => t *: V j.

Section Lines.
Variables (R : comRingType) (d : nat -> nat).

Lemma product_scaled (V : weights R d) t i k : (i <= k)%N -> product (scaled t V) i k = t ^+ (k - i) *: product V i k.
Proof.
elim: k => [|k IH]; first by rewrite leqn0 => /eqP ->; rewrite !product_nil scale1r.
rewrite leq_eqVlt => /orP [/eqP ->|]; first by rewrite !product_nil subnn scale1r.
rewrite ltnS => ik; rewrite !product_last // IH // /scaled -scalemxAl -scalemxAr scalerA.
by rewrite subSn // exprS.
Qed.

(* ||a P - Phi||^2 = ||Phi||^2 - 2 a <Phi, P> + a^2 ||P||^2 *)
Lemma sqnorm_line m n (Phi P : 'M[R]_(m, n)) (a : R) :
  sqnorm (a *: P - Phi) = sqnorm Phi - (a * inner Phi P) *+ 2 + a ^+ 2 * sqnorm P.
Proof.
transitivity (sqnorm (Phi - a *: P)).
  by rewrite /sqnorm; apply: eq_bigr => i _; apply: eq_bigr => j _; rewrite !mxE -sqrrN opprB.
rewrite !sqnorm_trace trmx_step mulmx_step /inner.
rewrite linearD linearB /= !linearZ /= linearD /=.
have -> : \tr (P^T *m Phi) = \tr (Phi^T *m P) by rewrite -mxtrace_tr trmx_mul trmxK.
by move: (\tr _) (\tr _) (\tr _) => x y z; ring.
Qed.
End Lines.

(* 1. *)
Theorem loss_on_lines (R : comRingType) (d : nat -> nat) (N : nat) (Phi : 'M[R]_(d N, d 0%N))
    (V : weights R d) (t : R) :
  sqnorm (residual Phi (scaled t V)) =
  sqnorm Phi - (t ^+ N * inner Phi (end_to_end N V)) *+ 2 + (t ^+ N) ^+ 2 * sqnorm (end_to_end N V).
Proof. by rewrite /residual /end_to_end product_scaled // subn0 sqnorm_line. Qed.

(* Zero is critical for any loss of W. *)
Theorem zero_is_critical (R : comRingType) (d : nat -> nat) (N : nat) (G : 'M[R]_(d N, d 0%N)) (j : nat) :
  (1 < N)%N -> layer_gradient G (fun j => 0) j = 0.
Proof.
move=> N2; have p0 i k : (i < k)%N -> product (fun j => 0 : 'M[R]_(d j.+1, d j)) i k = 0.
  by case: k => // k; rewrite ltnS => ik; rewrite product_last // mul0mx.
rewrite /layer_gradient; have [j1|j1] := ltnP j.+1 N; first by rewrite (p0 _ _ j1) trmx0 !mul0mx.
by rewrite [product _ 0 j](p0 _ _) ?trmx0 ?mulmx0 // -ltnS (leq_trans N2).
Qed.

(* 2. N = n + 3: along every line the loss has no term of first or second order. *)
Theorem flat (R : comRingType) (d : nat -> nat) (n : nat) (Phi : 'M[R]_(d n.+3, d 0%N)) (V : weights R d) :
  exists q : {poly R}, forall t, sqnorm (residual Phi (scaled t V)) = sqnorm Phi + t ^+ 3 * q.[t].
Proof.
exists (- ((inner Phi (end_to_end n.+3 V)) *+ 2)%:P * 'X^n + (sqnorm (end_to_end n.+3 V))%:P * 'X^(n + n.+3)) => t.
rewrite loss_on_lines !hornerE !hornerXn -exprM muln2 -addnn.
have -> : t ^+ n.+3 = t ^+ 3 * t ^+ n by rewrite -exprD.
have -> : t ^+ (n.+3 + n.+3) = t ^+ 3 * t ^+ (n + n.+3) by rewrite -exprD.
by move: (t ^+ n) (t ^+ 3) (t ^+ (n + n.+3)) (inner _ _) (sqnorm _) (sqnorm _) => *; ring.
Qed.

(* 2 and 3, N = 2: the gradient near zero is linear up to third order, W -> (- W_2^T Phi, - Phi W_1^T). *)
Theorem gradient_near_zero (R : comRingType) (d : nat -> nat) (Phi : 'M[R]_(d 2%N, d 0%N)) (V : weights R d) (t : R) :
  layer_gradient (residual Phi (scaled t V)) (scaled t V) 0
    = t *: - ((V 1%N)^T *m Phi) + t ^+ 3 *: ((V 1%N)^T *m (V 1%N *m V 0%N)) /\
  layer_gradient (residual Phi (scaled t V)) (scaled t V) 1
    = t *: - (Phi *m (V 0%N)^T) + t ^+ 3 *: (V 1%N *m V 0%N *m (V 0%N)^T).
Proof.
have W2 : end_to_end 2 (scaled t V) = t ^+ 2 *: (V 1%N *m V 0%N).
  by rewrite /end_to_end product_scaled // !product_last // product_nil mulmx1.
have one i : product (scaled t V) i i.+1 = t *: V i by rewrite product_last // product_nil mulmx1.
rewrite /layer_gradient /residual W2 !one !product_nil !trmx1 mul1mx mulmx1 !linearZ /=.
split; rewrite -?scalemxAl -?scalemxAr ?mulmxBr ?mulmxBl -?scalemxAl -?scalemxAr scalerBr scalerA -exprS addrC.
  by rewrite scalerN.
by rewrite scalerN.
Qed.

(* 3. Its eigenvectors: s and -s for every singular pair, and every x. *)
Theorem eigenvectors_at_zero (R : comRingType) (m n h : nat) (Phi : 'M[R]_(m, n)) (u : 'cV[R]_m) (v : 'cV[R]_n)
    (x : 'cV[R]_h) (s e : R) : Phi *m v = s *: u -> Phi^T *m u = s *: v -> e ^+ 2 = 1 ->
  let V1 := x *m v^T in let V2 := - (e *: (u *m x^T)) in
  - (V2^T *m Phi) = (e * s) *: V1 /\ - (Phi *m V1^T) = (e * s) *: V2.
Proof.
move=> Pv Pu e2 V1 V2; have uP : u^T *m Phi = s *: v^T by rewrite -[LHS]trmxK trmx_mul trmxK Pu linearZ.
rewrite /V1 /V2; split.
  by rewrite linearN /= mulNmx opprK linearZ /= trmx_mul trmxK -scalemxAl -mulmxA uP -scalemxAr scalerA.
rewrite trmx_mul trmxK mulmxA Pv -scalemxAl scalerN scalerA -[e * s * e]mulrA [s * e]mulrC mulrA -expr2 e2 mul1r.
by [].
Qed.

(* 4. A path of single entries, from entry c of the input to entry r of the output. *)
Section Path.
Variables (R : comRingType) (d : nat -> nat) (N : nat) (r c : nat).
Definition stop (j : nat) : nat := if j == 0%N then c else if j == N then r else 0%N.
Definition path_layers : weights R d := fun j => \matrix_(i, k) ((i == stop j.+1 :> nat) && (k == stop j :> nat))%:R.

Lemma path_product i k : (i < k)%N -> (k <= N)%N -> (forall j, (i < j < k)%N -> (stop j < d j)%N) ->
  product path_layers i k = \matrix_(a, b) ((a == stop k :> nat) && (b == stop i :> nat))%:R.
Proof.
elim: k => // k IH; rewrite ltnS leq_eqVlt => /orP [/eqP <-|ik] kN inside.
  by rewrite product_last // product_nil mulmx1.
rewrite product_last ?(ltnW ik) // IH ?(ltnW kN) // => [|j /andP [ij jk]]; last by apply: inside; rewrite ij ltnW.
have sk : (stop k < d k)%N by apply: inside; rewrite ik /=.
apply/matrixP => a b; rewrite !mxE (bigD1 (Ordinal sk)) //= big1 ?addr0 => [|l lk]; rewrite !mxE /= ?eqxx ?andbT /=.
  by rewrite -natrM mulnb.
have -> : (l == stop k :> nat) = false by apply/negbTE; move: lk; rewrite -val_eqE.
by rewrite andbF mul0r.
Qed.
End Path.

(* N >= 1, Phi != 0, no hidden width 0: from zero the loss falls along a line, and rises along another. *)
Theorem falls_and_rises (R : realFieldType) (d : nat -> nat) (n : nat) (Phi : 'M[R]_(d n.+1, d 0%N)) :
  Phi != 0 -> (forall j, (0 < j < n.+1)%N -> (0 < d j)%N) ->
  exists V U : weights R d, forall t : R, 0 < t <= 1 ->
    sqnorm (residual Phi (scaled t V)) < sqnorm Phi < sqnorm (residual Phi (scaled t U)).
Proof.
move=> /matrix0Pn [r [c rc]] wide; set a := Phi r c in rc.
pose P := path_layers R d n.+1 r c; pose V b : weights R d := fun j => (if j == 0%N then b else 1) *: P j.
have VP b : end_to_end n.+1 (V b) = b *: delta_mx r c.
  rewrite /end_to_end product_first // (product_congr (W' := P)) => [|[|l] // _]; last by rewrite /V scale1r.
  rewrite -scalemxAr -product_first // path_product // => [|[|j] /andP [_ jN]//]; last first.
    by rewrite /stop /= (ltn_eqF jN); apply: wide.
  congr (_ *: _); apply/matrixP => i k; rewrite !mxE /stop eqxx /= -!val_eqE /=.
  by case: eqP; case: eqP.
have inner_delta b : inner Phi (b *: delta_mx r c) = b * a.
  rewrite /inner -scalemxAr linearZ /=; congr (_ * _); rewrite /mxtrace (bigD1 c) //= big1 ?addr0 => [|k kc].
    rewrite mxE (bigD1 r) //= big1 ?addr0 => [|k kr]; first by rewrite !mxE !eqxx mulr1.
    by rewrite !mxE (negPf kr) mulr0.
  by rewrite mxE big1 // => l _; rewrite !mxE (negPf kc) andbF mulr0.
have sq b : sqnorm (b *: (delta_mx r c : 'M[R]_(d n.+1, d 0%N))) = b ^+ 2.
  rewrite sqnorm_scale /sqnorm (bigD1 r) //= [X in _ + X]big1 ?addr0 => [|k kr].
    rewrite (bigD1 c) //= big1 ?addr0 => [|k kc]; first by rewrite mxE !eqxx expr1n mulr1.
    by rewrite mxE (negPf kc) andbF expr0n.
  by rewrite big1 // => l _; rewrite mxE (negPf kr) expr0n.
have a2 : 0 < a ^+ 2 by rewrite lt_def sqrf_eq0 rc sqr_ge0.
exists (V a), (V (- a)) => t /andP [t0 t1]; rewrite !loss_on_lines !VP !inner_delta !sq.
have x0 : 0 < t ^+ n.+1 by exact: exprn_gt0.
have x1 : t ^+ n.+1 <= 1 by rewrite exprn_ile1 // ltW.
move: (t ^+ n.+1) x0 x1 => x x0 x1; rewrite -subr_gt0 -[X in _ && X]subr_gt0; apply/andP; split.
  rewrite (_ : _ - _ = x * a ^+ 2 * (1 + (1 - x))); last by ring.
  apply: mulr_gt0; first exact: mulr_gt0.
  by apply: lt_le_trans ltr01 _; rewrite ler_addl subr_ge0.
rewrite (_ : _ - _ = x * a ^+ 2 * (2%:R + x)); last by ring.
by apply: mulr_gt0; [exact: mulr_gt0|rewrite addr_gt0 ?ltr0n].
Qed.
