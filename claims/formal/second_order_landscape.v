(* Critical points to second order (DL-061): projectors, how the middle of a pivot splits, why a loose pivot has a
   vector on one side, and the loss along a turn and through a loose pivot, to all orders.

   sqnorm is twice the loss, so its term in t^2 is <V, H V>.
   Left out: ranks and singular values, the sum over all pivots, the bound where all are tight. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm bounds.
Import GRing.Theory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* 1. The projectors. *)
Theorem projectors (R : comRingType) (n a b m : nat) (C : 'M[R]_(a, n)) (W : 'M[R]_(b, a)) (A : 'M[R]_(m, b))
    (X : 'M[R]_(n, m)) :
  X *m (A *m W *m C) *m X = X ->
  let before := C *m X *m A *m W in let after := W *m C *m X *m A in
  [/\ before *m before = before, after *m after = after & W *m before = after *m W].
Proof.
move=> XWX before after; rewrite /before /after; split.
- by rewrite -[in RHS]XWX !mulmxA.
- by rewrite -[in RHS]XWX !mulmxA.
- by rewrite !mulmxA.
Qed.

(* 2. The middle M of a pivot i < j: its carried part is a term of dW X dW. *)
Theorem middle_of_a_pivot (R : comRingType) (n a b c e m : nat) (C : 'M[R]_(a, n)) (Wi Vi : 'M[R]_(b, a))
    (M : 'M[R]_(c, b)) (Wj Vj : 'M[R]_(e, c)) (A : 'M[R]_(m, e)) (X : 'M[R]_(n, m)) :
  let Cj := M *m Wi *m C in let Ai := A *m Wj *m M in
  A *m Vj *m M *m Vi *m C = A *m Vj *m (M - Cj *m X *m Ai) *m Vi *m C + (A *m Vj *m Cj) *m X *m (Ai *m Vi *m C).
Proof. by move=> Cj Ai; rewrite mulmxBr !mulmxBl !mulmxA subrK. Qed.

(* 3. A loose pivot. *)
Theorem loose_pivot (R : comRingType) (n a b m : nat) (H : 'M[R]_(a, n)) (T : 'M[R]_(m, a)) (K : 'M[R]_(n, b))
    (L : 'M[R]_(a, m)) (M : 'M[R]_(a, b)) :
  T *m H = 0 -> M = H *m K -> M = L *m (T *m M) -> M = 0.
Proof. by move=> TH MH ML; rewrite ML MH (mulmxA T H K) TH mul0mx mulmx0. Qed.

Section Quadratic.
Variable R : comRingType.

Lemma along m n (G P Q : 'M[R]_(m, n)) (t k : R) :
  sqnorm (G + t *: P + (t ^+ 2 * k) *: Q) =
  sqnorm G + t * (inner G P *+ 2) + t ^+ 2 * (sqnorm P + k * (inner G Q *+ 2)) + t ^+ 3 * k * (inner P Q *+ 2) +
  t ^+ 4 * k ^+ 2 * sqnorm Q.
Proof.
rewrite !sqnorm_inner; set X := G + _ + _.
have right Y : inner Y X = inner Y G + t * inner Y P + t ^+ 2 * k * inner Y Q.
  by rewrite /X !innerDr !innerZr.
rewrite right (inner_sym X G) (inner_sym X P) (inner_sym X Q) !right (inner_sym P G) (inner_sym Q G) (inner_sym Q P).
move: (inner G G) (inner G P) (inner G Q) (inner P P) (inner P Q) (inner Q Q) => *; ring.
Qed.

Lemma inner_outer m n (G : 'M[R]_(m, n)) (x : 'cV[R]_m) (y : 'cV[R]_n) : inner G (x *m y^T) = inner x (G *m y).
Proof. by rewrite inner_sym inner_right trmxK. Qed.

Lemma outer_outer m n (x a : 'cV[R]_m) (y b : 'cV[R]_n) : inner (x *m y^T) (a *m b^T) = inner x a * inner y b.
Proof.
rewrite inner_right trmxK -mulmxA [b^T *m y]mx11_scalar mul_mx_scalar innerZr mulrC; congr (_ * _).
by rewrite -trace_mx11 -/(inner b y) inner_sym.
Qed.
End Quadratic.

(* 3. A turn. *)
Theorem along_a_turn (R : comRingType) (n a b m : nat) (W1 : 'M[R]_(a, n)) (M : 'M[R]_(b, a)) (WN : 'M[R]_(m, b))
    (Phi : 'M[R]_(m, n)) (u w : 'cV[R]_m) (v z : 'cV[R]_n) (s g t : R) :
  let W := WN *m M *m W1 in let G := W - Phi in
  W *m v = s *: u -> W^T *m u = s *: v -> G *m v = 0 -> G *m z = - g *: w ->
  inner u w = 0 -> inner v z = 0 -> sqnorm u = 1 -> sqnorm v = 1 -> sqnorm w = 1 -> sqnorm z = 1 ->
  sqnorm ((WN + t *: (w *m u^T *m WN)) *m M *m (W1 + t *: (W1 *m v *m z^T)) - Phi) =
  sqnorm G - t ^+ 2 * (2%:R * s * (g - s)) + t ^+ 4 * s ^+ 2.
Proof.
move=> W G Wv Wu Gv Gz uw vz u1 v1 w1 z1.
have vv : v^T *m v = 1%:M by rewrite [LHS]mx11_scalar -trace_mx11 -/(inner v v) -sqnorm_inner v1.
have -> : (WN + t *: (w *m u^T *m WN)) *m M *m (W1 + t *: (W1 *m v *m z^T)) - Phi =
    G + t *: (s *: (u *m z^T + w *m v^T)) + (t ^+ 2 * s) *: (w *m z^T).
  have Wz : W *m v *m z^T = s *: (u *m z^T) by rewrite Wv -scalemxAl.
  have wW : w *m u^T *m W = s *: (w *m v^T).
    by rewrite -mulmxA -[u^T *m W]trmxK trmx_mul trmxK Wu linearZ /= -scalemxAr.
  have wWz : w *m u^T *m W *m v *m z^T = s *: (w *m z^T).
    by rewrite wW -!scalemxAl -(mulmxA w) vv mulmx1.
  rewrite !mulmxDl !mulmxDr -!scalemxAl -!scalemxAr !scalerA.
  move: Wz wW wWz; rewrite /G /W !mulmxA => -> -> ->.
  rewrite scalerDr; move: (WN *m M *m W1) (u *m z^T) (w *m v^T) (w *m z^T) => e p q r.
  by apply/matrixP => i j; rewrite !mxE; move: (e i j) (p i j) (q i j) (r i j) (Phi i j) => *; ring.
rewrite along !sqnorm_inner; set P := _ *: (_ + _); set Q := _ *m z^T.
have right Y : inner Y P = s * (inner Y (u *m z^T) + inner Y (w *m v^T)) by rewrite innerZr innerDr.
have left Y : inner P Y = s * (inner Y (u *m z^T) + inner Y (w *m v^T)) by rewrite inner_sym right.
have GA : inner G (u *m z^T) = 0 by rewrite inner_outer Gz innerZr uw mulr0.
have GB : inner G (w *m v^T) = 0 by rewrite inner_outer Gv inner0r.
have GQ : inner G Q = - g by rewrite inner_outer Gz innerZr -sqnorm_inner w1 mulr1.
rewrite !left !right GA GB GQ /Q !outer_outer (inner_sym w u) (inner_sym z v) uw vz -!sqnorm_inner u1 v1 w1 z1.
by rewrite !sqnorm_inner; move: (inner G G) => e; ring.
Qed.

(* 3. Through a loose pivot: w^T M W_i C = 0. *)
Theorem along_a_loose_pivot (R : comRingType) (n a b c e m : nat) (C : 'M[R]_(a, n)) (Wi : 'M[R]_(b, a))
    (M : 'M[R]_(c, b)) (Wj : 'M[R]_(e, c)) (A : 'M[R]_(m, e)) (Phi : 'M[R]_(m, n)) (x : 'cV[R]_b) (y : 'cV[R]_a)
    (z : 'cV[R]_e) (w : 'cV[R]_c) (k t : R) :
  let G := A *m Wj *m M *m Wi *m C - Phi in
  let P := A *m Wj *m M *m x *m y^T *m C in let Q := A *m z *m y^T *m C in
  (A *m Wj *m M)^T *m G *m C^T = 0 -> w^T *m (M *m Wi *m C) = 0 -> w^T *m M *m x = k%:M ->
  sqnorm (A *m (Wj + t *: (z *m w^T)) *m M *m (Wi + t *: (x *m y^T)) *m C - Phi) =
  sqnorm G + t ^+ 2 * (sqnorm P + 2%:R * k * inner G Q) + t ^+ 3 * (2%:R * k * inner P Q) +
  t ^+ 4 * k ^+ 2 * sqnorm Q.
Proof.
move=> G P Q D wC wx.
have -> : A *m (Wj + t *: (z *m w^T)) *m M *m (Wi + t *: (x *m y^T)) *m C - Phi = G + t *: P + (t ^+ 2 * k) *: Q.
  have none : A *m (z *m w^T) *m M *m Wi *m C = 0.
    have -> : A *m (z *m w^T) *m M *m Wi *m C = A *m z *m (w^T *m (M *m Wi *m C)) by rewrite !mulmxA.
    by rewrite wC mulmx0.
  have both : A *m (z *m w^T) *m M *m (x *m y^T) *m C = k *: Q.
    rewrite /Q; have -> : A *m (z *m w^T) *m M *m (x *m y^T) *m C = A *m z *m (w^T *m M *m x) *m y^T *m C.
      by rewrite !mulmxA.
    by rewrite wx mul_mx_scalar -!scalemxAl.
  have one : A *m Wj *m M *m (x *m y^T) *m C = P by rewrite /P !mulmxA.
  have -> : A *m (Wj + t *: (z *m w^T)) *m M = A *m Wj *m M + t *: (A *m (z *m w^T) *m M).
    by rewrite mulmxDr mulmxDl -scalemxAr -scalemxAl.
  have -> : (A *m Wj *m M + t *: (A *m (z *m w^T) *m M)) *m (Wi + t *: (x *m y^T)) *m C =
      A *m Wj *m M *m Wi *m C + t *: P + t *: (A *m (z *m w^T) *m M *m Wi *m C) + (t * t * k) *: Q.
    rewrite mulmxDr !mulmxDl -!scalemxAr -!scalemxAl one both !scalerA.
    by rewrite addrACA !addrA.
  rewrite none scaler0 addr0 /G.
  clear one none both; move: (A *m Wj *m M *m Wi *m C) P Q => E F q.
  by apply/matrixP => i j; rewrite !mxE; move: (E i j) (F i j) (q i j) (Phi i j) => *; ring.
have GP : inner G P = 0.
  have -> : P = (A *m Wj *m M) *m (x *m y^T) *m C by rewrite /P !mulmxA.
  by rewrite inner_sym inner_right inner_left (mulmxA _ G) D /inner mulmx0 mxtrace0.
rewrite along GP; move: (sqnorm G) (sqnorm P) (inner G Q) (inner P Q) (sqnorm Q) => *; ring.
Qed.
