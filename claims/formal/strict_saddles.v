(* Strict saddles (DL-024), two layers: at a critical point with an idle unit and G y = s u, s > 0, a way down, and how
   steep it is.

   V = (v y^T, -a u v^T). sqnorm is twice the loss, so its term in t^2 is <V, H V>.
   Left out: the second case of 1, 2 and 3. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm bounds.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* 1. An idle unit, v^T W_1 = 0: the loss along (v y^T, -a u v^T), exactly. *)
Theorem along_an_idle_unit (R : comRingType) (m n h : nat) (W1 : 'M[R]_(h, n)) (W2 : 'M[R]_(m, h)) (Phi : 'M[R]_(m, n))
    (u : 'cV[R]_m) (y : 'cV[R]_n) (v : 'cV[R]_h) (s a t : R) : let G := W2 *m W1 - Phi in
  W2^T *m G = 0 -> v^T *m W1 = 0 -> G *m y = s *: u -> sqnorm u = 1 -> sqnorm y = 1 -> sqnorm v = 1 ->
  let c := sqnorm (W2 *m v) in
  sqnorm ((W2 - t *: (a *: (u *m v^T))) *m (W1 + t *: (v *m y^T)) - Phi) =
  sqnorm G + t ^+ 2 * (c - 2%:R * a * s) - t ^+ 3 * (2%:R * a * inner (W2 *m v) u) + t ^+ 4 * a ^+ 2.
Proof.
move=> G D1 vW Gy u1 y1 v1 c.
have vv : v^T *m v = 1%:M by rewrite [LHS]mx11_scalar -trace_mx11 -/(inner v v) -sqnorm_inner v1.
have yy : y^T *m y = 1%:M by rewrite [LHS]mx11_scalar -trace_mx11 -/(inner y y) -sqnorm_inner y1.
have -> : (W2 - t *: (a *: (u *m v^T))) *m (W1 + t *: (v *m y^T)) - Phi =
    G + t *: (W2 *m v *m y^T) - (t ^+ 2 * a) *: (u *m y^T).
  rewrite mulmxBl !mulmxDr -!scalemxAl -!scalemxAr -[u *m v^T *m W1]mulmxA vW mulmx0 !scaler0 add0r.
  rewrite [u *m v^T *m (v *m _)]mulmxA -[u *m v^T *m v]mulmxA vv mulmx1 mulmxA /G.
  move: (W2 *m W1) (W2 *m v *m y^T) (u *m y^T) => e p q; apply/matrixP => i j; rewrite !mxE.
  by move: (e i j) (p i j) (q i j) (Phi i j) => *; ring.
set P := W2 *m v *m y^T; set Q := u *m y^T.
have GP : inner G P = 0.
  by rewrite inner_sym /P -mulmxA inner_left D1 /inner mulmx0 mxtrace0.
have outer (w : 'cV[R]_m) X : inner (w *m y^T) X = inner w (X *m y) by rewrite inner_right trmxK.
have GQ : inner G Q = s by rewrite inner_sym outer Gy innerZr -sqnorm_inner u1 mulr1.
have PQ : inner P Q = inner (W2 *m v) u by rewrite outer /Q -mulmxA yy mulmx1.
have PP : inner P P = c by rewrite outer /P -mulmxA yy mulmx1 -sqnorm_inner.
have QQ : inner Q Q = 1 by rewrite outer /Q -mulmxA yy mulmx1 -sqnorm_inner.
rewrite !sqnorm_inner; set X := G + _ - _.
have right Y : inner Y X = inner Y G + t * inner Y P - t ^+ 2 * a * inner Y Q.
  by rewrite /X innerDr -scaleNr innerZr innerDr innerZr mulNr.
rewrite right (inner_sym X G) (inner_sym X P) (inner_sym X Q) !right GP (inner_sym P G) GP (inner_sym Q G) GQ.
rewrite (inner_sym Q P) PQ PP QQ; move: (inner G G) (inner _ u) => g k; ring.
Qed.

(* The size of the direction. *)
Theorem size_of_the_direction (R : comRingType) (m n h : nat) (u : 'cV[R]_m) (y : 'cV[R]_n) (v : 'cV[R]_h) (a : R) :
  sqnorm u = 1 -> sqnorm y = 1 -> sqnorm v = 1 ->
  sqnorm (v *m y^T) + sqnorm (a *: (u *m v^T)) = 1 + a ^+ 2.
Proof.
move=> u1 y1 v1; have outer p q (x : 'cV[R]_p) (z : 'cV[R]_q) : sqnorm (x *m z^T) = sqnorm x * sqnorm z.
  rewrite /sqnorm mulr_suml; apply: eq_bigr => i _; rewrite big_ord1 mulr_sumr; apply: eq_bigr => j _.
  by rewrite mxE !big_ord1 mxE exprMn.
have scale p q (A : 'M[R]_(p, q)) : sqnorm (a *: A) = a ^+ 2 * sqnorm A.
  by rewrite !sqnorm_inner innerZr inner_sym innerZr mulrA expr2.
by rewrite scale !outer u1 y1 v1 !mulr1.
Qed.

(* The bound of 1 on the least eigenvalue: the quotient is z = (c - (c^2 + 4 s^2)^{1/2}) / 2 for a = - s / z. *)
Theorem steepness (R : rcfType) (c s : R) : 0 <= c -> 0 < s ->
  let z := (c - Num.sqrt (c ^+ 2 + 4%:R * s ^+ 2)) / 2%:R in let a := - s / z in
  [/\ 0 < a, c - 2%:R * a * s = z * (1 + a ^+ 2) & z <= - s ^+ 2 / (c + s)].
Proof.
move=> c0 s0 z a; set q := Num.sqrt _ in z a *.
have q2 : q ^+ 2 = c ^+ 2 + 4%:R * s ^+ 2 by rewrite sqr_sqrtr // addr_ge0 ?sqr_ge0 // mulr_ge0 ?ler0n ?sqr_ge0.
have q0 : 0 <= q by exact: sqrtr_ge0.
have quadratic : z ^+ 2 = c * z + s ^+ 2.
  have -> : s ^+ 2 = (q ^+ 2 - c ^+ 2) / 4%:R by rewrite q2; field.
  by rewrite /z; field.
have s2 : 0 < s ^+ 2 by exact: exprn_gt0.
have cq : c < q.
  by rewrite -ltr_sqr ?nnegrE // q2 ltr_addl mulr_gt0 ?ltr0n.
have z0 : z < 0 by rewrite /z pmulr_llt0 ?invr_gt0 ?ltr0n // subr_lt0.
split.
- by rewrite /a mulNr oppr_gt0 pmulr_rlt0 // invr_lt0.
- have zn : z != 0 by rewrite lt_eqF.
  have -> : 1 + a ^+ 2 = (z ^+ 2 + s ^+ 2) / z ^+ 2 by rewrite /a; field.
  have -> : c - 2%:R * a * s = (c * z + 2%:R * s ^+ 2) / z by rewrite /a; field.
  have -> : c * z + 2%:R * s ^+ 2 = z ^+ 2 + s ^+ 2 by rewrite quadratic; ring.
  by field.
have cs : 0 < c + s by rewrite ltr_paddl.
rewrite ler_pdivl_mulr //.
have qcs : q <= c + 2%:R * s.
  rewrite -ler_sqr ?nnegrE ?addr_ge0 ?mulr_ge0 ?ler0n ?(ltW s0) // q2 -subr_ge0.
  have -> : (c + 2%:R * s) ^+ 2 - (c ^+ 2 + 4%:R * s ^+ 2) = 4%:R * (c * s) by ring.
  by rewrite !mulr_ge0 ?ler0n // ltW.
have zs : 0 <= s + z.
  have -> : s + z = (c + 2%:R * s - q) / 2%:R by rewrite /z; field.
  by rewrite divr_ge0 ?ler0n // subr_ge0.
rewrite -subr_ge0 (_ : - s ^+ 2 - z * (c + s) = (- z) * (s + z)).
  by rewrite mulr_ge0 // oppr_ge0 ltW.
have -> : (- z) * (s + z) = - (z * s) - z ^+ 2 by ring.
by rewrite quadratic; ring.
Qed.
