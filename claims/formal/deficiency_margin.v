(* DL-005 The deficiency margin, over any real closed field and for every shape.

   sigma_min(A) >= s is said without singular values: s |x| <= |A x| for every x where A is tall or square, and the
   same of A^T where it is wide. W has margin c with respect to Phi if sigma_min(Phi) >= c + ||W - Phi||_F.
   Left out: that the infimum of 3.2 is a minimum for every Phi (here: for every Phi whose sigma_min is attained by
   some vector, as it always is over the real numbers). *)
From mathcomp Require Import all_ssreflect all_algebra.
From DLC Require Import network norm scalar.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Margin.
Variable R : rcfType.
Definition stretches m n (A : 'M[R]_(m, n)) (s : R) := forall x : 'cV[R]_n, s * norm x <= norm (A *m x).
Definition sigma_min_ge m n (A : 'M[R]_(m, n)) (s : R) := if (n <= m)%N then stretches A s else stretches A^T s.
Definition has_margin m n (Phi W : 'M[R]_(m, n)) (c : R) := sigma_min_ge Phi (c + norm (W - Phi)).

(* Weyl's inequality for the least singular value *)
Lemma weyl m n (A E : 'M[R]_(m, n)) s : stretches A (s + norm E) -> stretches (A + E) s.
Proof.
move=> sA x; have := sA x; rewrite mulrDl => le_sA.
rewrite -(ler_add2r (norm E * norm x)); apply: le_trans le_sA _.
have -> : A *m x = (A + E) *m x + (- (E *m x)) by rewrite mulmxDl addrK.
by apply: le_trans (norm_triangle _ _) _; rewrite norm_opp ler_add2l norm_mul.
Qed.

Lemma stretches_le m n (A : 'M[R]_(m, n)) s r : r <= s -> stretches A s -> stretches A r.
Proof. by move=> rs sA x; apply: le_trans (sA x); rewrite ler_wpmul2r ?norm_ge0. Qed.

(* 3.2, the lower bound: no A is closer to Phi than sigma_min(Phi) - sigma_min(A) *)
Theorem sigma_min_near m n (Phi W : 'M[R]_(m, n)) c rho :
  sigma_min_ge Phi (c + rho) -> norm (W - Phi) <= rho -> sigma_min_ge W c.
Proof.
rewrite /sigma_min_ge => big close.
have le : c + norm (W - Phi) <= c + rho by rewrite ler_add2l.
case: ifP big => _ big.
  have -> : W = Phi + (W - Phi) by rewrite addrC subrK.
  by apply: weyl; apply: stretches_le big.
have -> : W^T = Phi^T + (W - Phi)^T by rewrite -linearD /= addrC subrK.
by apply: weyl; rewrite norm_tr; apply: stretches_le big.
Qed.

(* 3.1 *)
Theorem margin_is_kept m n (Phi W W' : 'M[R]_(m, n)) c :
  has_margin Phi W c -> norm (W' - Phi) <= norm (W - Phi) -> sigma_min_ge W' c.
Proof. exact: sigma_min_near. Qed.

(* Equality in 3.1, and the upper bound of 3.2, where v is a vector that Phi stretches least: the tall case *)
Theorem margin_is_attained m n (Phi : 'M[R]_(m, n)) (v : 'cV[R]_n) s c :
  (n <= m)%N -> stretches Phi s -> norm v = 1 -> norm (Phi *m v) = s -> 0 <= c <= s ->
  exists W : 'M[R]_(m, n), [/\ norm (W - Phi) = s - c, has_margin Phi W c & norm (W *m v) = c * norm v].
Proof.
move=> nm big v1 Phiv /andP [c0 cs].
have s0 : 0 <= s by apply: le_trans cs.
pose q := (s - c) / s; exists (Phi - q *: (Phi *m v *m v^T)).
have rank_one : norm (Phi *m v *m v^T) = s.
  rewrite -Phiv /norm; congr Num.sqrt; rewrite /sqnorm.
  have vv : \sum_j v j 0 ^+ 2 = 1.
    by have := sqr_norm v; rewrite v1 expr1n /sqnorm => ->; apply: eq_bigr => j _; rewrite big_ord1.
  apply: eq_bigr => i _; rewrite big_ord1 -[RHS]mulr1 -vv mulr_sumr; apply: eq_bigr => j _.
  by rewrite mxE big_ord1 [v^T _ _]mxE exprMn.
have [s_zero|s_pos] : s = 0 \/ 0 < s by move: s0; rewrite le_eqVlt => /orP [/eqP <-|]; [left|right].
  have c_zero : c = 0 by apply/eqP; rewrite eq_le c0 -[X in _ <= X]s_zero cs.
  have q0 : q = 0 by rewrite /q s_zero invr0 mulr0.
  have n0 : norm (0 : 'M[R]_(m, n)) = 0 by rewrite -(scale0r (0 : 'M[R]_(m, n))) norm_scale normr0 mul0r.
  rewrite q0 scale0r subr0 subrr s_zero c_zero subrr mul0r Phiv s_zero.
  by split; rewrite // /has_margin subrr n0 addr0 /sigma_min_ge nm -s_zero.
have q_ge0 : 0 <= q by rewrite divr_ge0 // subr_ge0.
have near : norm (Phi - q *: (Phi *m v *m v^T) - Phi) = s - c.
  rewrite addrAC subrr add0r norm_opp norm_scale rank_one ger0_norm // /q divfK //.
  by rewrite gt_eqF.
split=> //; first by rewrite /has_margin near addrC subrK /sigma_min_ge nm.
have vtv : v^T *m v = 1.
  apply/matrixP => i j; rewrite !ord1 !mxE eqxx /=.
  have := sqr_norm v; rewrite v1 expr1n /sqnorm => ->.
  by apply: eq_bigr => k _; rewrite big_ord1 !mxE expr2.
rewrite mulmxBl -scalemxAl -mulmxA vtv mulmx1 -{1}[Phi *m v]scale1r -scalerBl norm_scale Phiv v1 mulr1.
have -> : 1 - q = c / s by rewrite /q mulrBl divff ?gt_eqF // opprB addrC subrK.
by rewrite ger0_norm ?divr_ge0 // divfK // gt_eqF.
Qed.

(* Statement 2 where Phi is tall: sigma_min(A) <= c if no r > c has sigma_min_ge A r *)
Theorem distance_to_deficiency m n (Phi : 'M[R]_(m, n)) (v : 'cV[R]_n) s c :
  (n <= m)%N -> stretches Phi s -> norm v = 1 -> norm (Phi *m v) = s -> 0 <= c ->
  (forall A : 'M[R]_(m, n), (forall r, sigma_min_ge A r -> r <= c) -> Num.max 0 (s - c) <= norm (A - Phi)) /\
  exists A : 'M[R]_(m, n), (forall r, sigma_min_ge A r -> r <= c) /\ norm (A - Phi) = Num.max 0 (s - c).
Proof.
move=> nm big v1 Phiv c0; split=> [A deficient|].
  rewrite le_maxl norm_ge0 /= ler_subl_addl -ler_subl_addr; apply: deficient.
  by apply: (@sigma_min_near _ _ Phi A _ (norm (A - Phi))); rewrite // subrK /sigma_min_ge nm.
have [sc|cs] := leP s c.
  exists Phi; split; last by rewrite subrr max_l ?subr_le0 // -(scale0r Phi) norm_scale normr0 mul0r.
  by move=> r; rewrite /sigma_min_ge nm => /(_ v); rewrite v1 mulr1 Phiv => rs; apply: le_trans sc.
have [|W [dist _ least]] := margin_is_attained nm big v1 Phiv (c := c); first by rewrite c0 ltW.
exists W; split; last by rewrite dist max_r // subr_ge0 ltW.
by move=> r; rewrite /sigma_min_ge nm => /(_ v); rewrite least v1 !mulr1.
Qed.

Lemma sigma_min_ge_tr m n (A : 'M[R]_(m, n)) r : (m < n)%N -> sigma_min_ge A r <-> sigma_min_ge A^T r.
Proof. by move=> mn; rewrite /sigma_min_ge leqNgt mn (ltnW mn). Qed.

(* and where it is wide *)
Theorem distance_to_deficiency_wide m n (Phi : 'M[R]_(m, n)) (v : 'cV[R]_m) s c :
  (m < n)%N -> stretches Phi^T s -> norm v = 1 -> norm (Phi^T *m v) = s -> 0 <= c ->
  (forall A : 'M[R]_(m, n), (forall r, sigma_min_ge A r -> r <= c) -> Num.max 0 (s - c) <= norm (A - Phi)) /\
  exists A : 'M[R]_(m, n), (forall r, sigma_min_ge A r -> r <= c) /\ norm (A - Phi) = Num.max 0 (s - c).
Proof.
move=> mn big v1 Phiv c0; have [low [A [least dist]]] := distance_to_deficiency (ltnW mn) big v1 Phiv c0; split.
  move=> B deficient; rewrite -norm_tr raddfB /=; apply: low => r rB; apply: deficient.
  by apply/(sigma_min_ge_tr _ _ mn).
exists A^T; split; last by rewrite -norm_tr raddfB /= trmxK.
by move=> r /(sigma_min_ge_tr _ _ mn); rewrite trmxK; apply: least.
Qed.

(* A positive sigma_min is full rank *)
Lemma stretches_rank m n (A : 'M[R]_(m, n)) s : 0 < s -> stretches A s -> \rank A = n.
Proof.
move=> s0 H; rewrite -mxrank_tr; apply/eqP; rewrite -/(row_free A^T) -kermx_eq0.
apply/rowV0P => u /sub_kermxP uA; have Au : A *m u^T = 0 by rewrite -[A]trmxK -trmx_mul uA trmx0.
have := H u^T; rewrite Au.
have -> : norm (0 : 'cV[R]_m) = 0 by rewrite -(scale0r (0 : 'cV[R]_m)) norm_scale normr0 mul0r.
rewrite pmulr_rle0 // => u0; have : norm u^T = 0 by apply/eqP; rewrite eq_le u0 norm_ge0.
move/(congr1 (fun a => a ^+ 2)); rewrite sqr_norm expr0n /= => /sqnorm_eq0 ut.
by rewrite -[u]trmxK ut trmx0.
Qed.

Lemma sigma_min_rank m n (A : 'M[R]_(m, n)) s : 0 < s -> sigma_min_ge A s -> \rank A = minn m n.
Proof.
move=> s0; rewrite /sigma_min_ge; case: (leqP n m) => nm /(stretches_rank s0) r; rewrite -?r //.
by rewrite -mxrank_tr.
Qed.

(* 3.4, the target *)
Theorem margin_needs_full_rank m n (Phi W : 'M[R]_(m, n)) c : 0 < c -> has_margin Phi W c -> \rank Phi = minn m n.
Proof. by move=> c0; apply: sigma_min_rank; apply: lt_le_trans c0 _; rewrite ler_addl norm_ge0. Qed.

(* 3.4, the widths *)
Theorem margin_needs_width (d : nat -> nat) (N : nat) (Phi : 'M[R]_(d N, d 0%N)) (W : weights R d) c j :
  0 < c -> has_margin Phi (end_to_end N W) c -> (j <= N)%N -> (minn (d N) (d 0%N) <= d j)%N.
Proof.
move=> c0 margin jN; have := margin_is_kept margin (lexx _) => /(sigma_min_rank c0) <-.
rewrite /end_to_end (product_cat W (i := 0) (j := j)) //; apply: leq_trans (mxrankM_maxl _ _) _.
exact: rank_leq_col.
Qed.

(* 3.3: D_N W_N^T = G W^T and W_1^T D_1 = W^T G *)
Theorem critical_points_are_global (d : nat -> nat) (n : nat) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 W : weights R d) c :
  0 < c -> has_margin Phi (end_to_end n.+1 W0) c -> norm (residual Phi W) <= norm (residual Phi W0) ->
  (forall j, (j < n.+1)%N -> layer_gradient (residual Phi W) W j = 0) -> residual Phi W = 0.
Proof.
move=> c0 margin below critical; have := margin_is_kept margin below.
have kill p q (A : 'M[R]_(p, q)) r (X : 'M[R]_(q, r)) : stretches A c -> A *m X = 0 -> X = 0.
  move=> /(stretches_rank c0) rA AX; apply: trmx_inj; rewrite trmx0.
  have free : row_free A^T by rewrite /row_free mxrank_tr rA.
  by apply: (row_free_inj free); rewrite -trmx_mul AX trmx0 mul0mx.
set G := residual Phi W in critical *; rewrite /sigma_min_ge; case: ifP => _ H.
  apply: trmx_inj; rewrite trmx0; apply: (kill _ _ _ _ _ H).
  have := critical n (leqnn _); rewrite /layer_gradient product_nil trmx1 mul1mx => D0.
  rewrite /end_to_end product_last // -mulmxA -[product W 0 n]trmxK -trmx_mul D0 trmx0 mulmx0 //.
apply: (kill _ _ _ _ _ H).
have := critical 0%N (ltn0Sn _); rewrite /layer_gradient product_nil trmx1 mulmx1 => D0.
by rewrite /end_to_end product_first // trmx_mul -mulmxA D0 mulmx0.
Qed.

(* The size of a margin: c + ||W - Phi||_F <= ||Phi||_F, so c <= ||Phi||_F is no hypothesis of Theorem 1 *)
Lemma stretches_norm m n (A : 'M[R]_(m, n)) s : (0 < n)%N -> stretches A s -> s <= norm A.
Proof.
case: n A => // n A _ /(_ (delta_mx 0 0)) H.
have one : norm (delta_mx 0 0 : 'cV[R]_n.+1) = 1.
  rewrite /norm /sqnorm (bigD1 0) //= big_ord1 !mxE !eqxx expr1n big1 ?addr0 ?sqrtr1 // => i /negbTE i0.
  by rewrite big_ord1 mxE i0 expr0n.
rewrite one mulr1 in H; apply: le_trans H _; apply: le_trans (norm_mul _ _) _.
by rewrite one mulr1.
Qed.

Theorem margin_size m n (Phi W : 'M[R]_(m, n)) c :
  (0 < m)%N -> (0 < n)%N -> has_margin Phi W c -> c + norm (W - Phi) <= norm Phi.
Proof.
rewrite /has_margin /sigma_min_ge => m0 n0; case: ifP => _; first exact: stretches_norm.
by rewrite -[norm Phi]norm_tr; apply: stretches_norm.
Qed.

(* Control: with margin 0 in 3.3, W_j = 0 is a critical point that is not global. *)
Theorem critical_without_a_margin (n : nat) : let Phi := target n.+2 (1 : R) in let W := scalars (fun _ => 0 : R) in
  [/\ has_margin Phi (end_to_end n.+2 W) 0, forall j, (j < n.+2)%N -> layer_gradient (residual Phi W) W j = 0
    & residual Phi W != 0].
Proof.
move=> Phi W; have zero i k : (i < k)%N -> product W i k = 0.
  by move=> ik; rewrite /W product_scalars 1?ltnW // big_ltn // mul0r raddf0.
have res : residual Phi W = - Phi by rewrite /residual /end_to_end zero // sub0r.
have one : norm (- Phi) = 1.
  by rewrite norm_opp /norm /sqnorm /= !big_ord1 mxE eqxx /= expr1n sqrtr1.
split; last first.
- rewrite res oppr_eq0; apply/eqP => /matrixP /(_ 0 0); rewrite !mxE eqxx /= => /eqP.
  by rewrite oner_eq0.
- move=> j jn; rewrite /layer_gradient; have [j0|j0] := posnP j.
    by rewrite j0 (zero 1%N) // trmx0 !mul0mx.
  by rewrite (zero 0%N) // trmx0 mulmx0.
by rewrite /has_margin /end_to_end zero // sub0r one add0r /sigma_min_ge /= => x; rewrite mul1mx mul1r.
Qed.
End Margin.
