(* Factorisation of a symmetric matrix (DL-035): f(U) = 1/4 ||U U^T - M||^2, its critical points and its Hessian there.

   sqnorm (defect M U) is 4 f. Over any commutative ring but where said otherwise. Left out: that there are no other
   critical points, and that the eigenvectors that are named are all. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm bounds.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* N = U U^T - M; the gradient N U; and the Hessian's H V = N V + (U V^T + V U^T) U. *)
Definition defect (R : comRingType) n k (M : 'M[R]_n) (U : 'M[R]_(n, k)) : 'M[R]_n := U *m U^T - M.
Definition gradient (R : comRingType) n k (M : 'M[R]_n) (U : 'M[R]_(n, k)) : 'M[R]_(n, k) := defect M U *m U.
Definition hessian (R : comRingType) n k (M : 'M[R]_n) (U V : 'M[R]_(n, k)) : 'M[R]_(n, k) :=
  defect M U *m V + (U *m V^T + V *m U^T) *m U.

Section Lines.
Variable R : comRingType.

Lemma inner_symmetric n k (A : 'M[R]_n) (U V : 'M[R]_(n, k)) :
  A^T = A -> inner A (U *m V^T + V *m U^T) = inner V (A *m U) *+ 2.
Proof.
move=> symA; rewrite innerDr mulr2n; congr (_ + _).
  by rewrite /inner symA mulmxA [LHS]mxtrace_mulC.
rewrite /inner symA -mxtrace_tr !trmx_mul trmxK symA mxtrace_mulC mulmxA [LHS]mxtrace_mulC //.
Qed.

Lemma sqnorm_quadratic m n (A B C : 'M[R]_(m, n)) (t : R) : sqnorm (A + t *: B + t ^+ 2 *: C) =
  sqnorm A + t * (inner A B *+ 2) + t ^+ 2 * (sqnorm B + inner A C *+ 2) + t ^+ 3 * (inner B C *+ 2) +
  t ^+ 4 * sqnorm C.
Proof.
rewrite !sqnorm_inner; set X := A + _ + _.
rewrite {2}/X !innerDr !innerZr (inner_sym X A) (inner_sym X B) (inner_sym X C) /X !innerDr !innerZr.
rewrite (inner_sym B A) (inner_sym C A) (inner_sym C B).
move: (inner A A) (inner A B) (inner A C) (inner B B) (inner B C) (inner C C) => *; ring.
Qed.

Lemma sqnorm_sub m n (A B : 'M[R]_(m, n)) : sqnorm (A - B) = sqnorm A - inner A B *+ 2 + sqnorm B.
Proof.
have := sqnorm_quadratic A B 0 (-1); rewrite scaleN1r scaler0 addr0 => ->.
have z m' n' (C : 'M[R]_(m', n')) : inner C 0 = 0 by rewrite /inner mulmx0 mxtrace0.
by rewrite !sqnorm_inner !z; move: (inner A A) (inner A B) (inner B B) => *; ring.
Qed.
End Lines.

(* 0. Along any line 4 f is this polynomial, whose coefficients say what gradient and Hessian are. *)
Theorem along_a_line (R : comRingType) (n k : nat) (M : 'M[R]_n) (U V : 'M[R]_(n, k)) (t : R) : M^T = M ->
  sqnorm (defect M (U + t *: V)) =
  sqnorm (defect M U) + t * (inner V (gradient M U) *+ 4) + t ^+ 2 * (inner V (hessian M U V) *+ 2) +
  t ^+ 3 * (inner (U *m V^T + V *m U^T) (V *m V^T) *+ 2) + t ^+ 4 * sqnorm (V *m V^T).
Proof.
move=> symM; set S := U *m V^T + V *m U^T; set N := defect M U.
have NT : N^T = N by rewrite /N /defect linearB /= trmx_mul trmxK symM.
have ST : S^T = S by rewrite /S linearD /= !trmx_mul !trmxK addrC.
have -> : defect M (U + t *: V) = N + t *: S + t ^+ 2 *: (V *m V^T).
  rewrite /N /S /defect linearD linearZ /= mulmxDl !mulmxDr -!scalemxAl -!scalemxAr scalerA -expr2 scalerDr.
  move: (U *m U^T) (U *m V^T) (V *m U^T) (V *m V^T) => a b c e; apply/matrixP => i j; rewrite !mxE.
  by move: (a i j) (b i j) (c i j) (e i j) (M i j) => *; ring.
have NS : inner N S = inner V (gradient M U) *+ 2 by exact: inner_symmetric.
have SS : sqnorm S = inner V (S *m U) *+ 2 by rewrite sqnorm_inner {2}/S inner_symmetric.
have NQ : inner N (V *m V^T) = inner V (N *m V).
  by rewrite /inner NT mulmxA [LHS]mxtrace_mulC.
rewrite sqnorm_quadratic NS SS NQ /hessian -/N -/S innerDr.
move: (inner V (gradient M U)) (inner V (S *m U)) (inner V (N *m V)) (sqnorm N) (sqnorm _) (inner S _) => *; ring.
Qed.

(* 1. U = Q diag(s) P^T for eigenvectors Q of M with eigenvalues s^2: critical, and 4 f is what is left of ||M||^2. *)
Section Critical.
Variables (R : comRingType) (n k r : nat) (M : 'M[R]_n) (Q : 'M[R]_(n, r)) (P : 'M[R]_(k, r)) (s : 'rV[R]_r).
Hypotheses (orthQ : Q^T *m Q = 1%:M) (orthP : P^T *m P = 1%:M).
Let S := diag_mx s.
Let U := Q *m S *m P^T.
Hypothesis eigen : M *m Q = Q *m (S *m S).

Let UU : U *m U^T = Q *m (S *m S) *m Q^T.
Proof. by rewrite /U !trmx_mul trmxK tr_diag_mx -!mulmxA [P^T *m (P *m _)]mulmxA orthP mul1mx. Qed.

Let NQ : defect M U *m Q = 0.
Proof. by rewrite /defect UU mulmxBl -mulmxA orthQ mulmx1 eigen subrr. Qed.

Lemma critical_U : gradient M U = 0.
Proof. by rewrite /gradient {2}/U !mulmxA NQ !mul0mx. Qed.

Lemma value_U : M^T = M -> sqnorm (defect M U) = sqnorm M - \sum_i s 0 i ^+ 4.
Proof.
move=> symM; have NT : (defect M U)^T = defect M U by rewrite /defect linearB /= trmx_mul trmxK symM.
have QN : Q^T *m defect M U = 0 by rewrite -[LHS]trmxK trmx_mul trmxK NT NQ trmx0.
have NUU : inner (defect M U) (U *m U^T) = 0.
  by rewrite /inner NT UU !mulmxA NQ !mul0mx mxtrace0.
have -> : sqnorm M = sqnorm (defect M U) + sqnorm (U *m U^T).
  have e : M = U *m U^T - defect M U by rewrite /defect opprB addrC subrK.
  by rewrite {1}e sqnorm_sub inner_sym NUU mul0rn subr0 addrC.
suff -> : sqnorm (U *m U^T) = \sum_i s 0 i ^+ 4 by rewrite addrK.
rewrite UU sqnorm_inner /inner !trmx_mul trmxK !tr_diag_mx -!mulmxA [Q^T *m (Q *m _)]mulmxA orthQ mul1mx.
rewrite mxtrace_mulC -!mulmxA orthQ mulmx1 !mulmx_diag mxtrace_diag; apply: eq_bigr => i _; rewrite !mxE.
by move: (s 0 i) => x; ring.
Qed.

(* 2. *)
Lemma hessian_U V : Q^T *m V = 0 -> hessian M U V = Q *m (S *m S) *m Q^T *m V - M *m V + V *m P *m (S *m S) *m P^T.
Proof.
move=> QV; have VQ : V^T *m Q = 0 by rewrite -[LHS]trmxK trmx_mul trmxK QV trmx0.
rewrite /hessian /defect UU mulmxBl mulmxDl; congr (_ + _).
have VU : V^T *m U = 0 by rewrite /U !mulmxA VQ !mul0mx.
have UTU : U^T *m U = P *m (S *m S) *m P^T.
  by rewrite /U !trmx_mul trmxK tr_diag_mx -!mulmxA [Q^T *m (Q *m _)]mulmxA orthQ mul1mx.
by rewrite -[U *m V^T *m U]mulmxA VU mulmx0 add0r -mulmxA UTU !mulmxA.
Qed.
End Critical.

Theorem critical_points (R : comRingType) (n k r : nat) (M : 'M[R]_n) (Q : 'M[R]_(n, r)) (P : 'M[R]_(k, r))
    (s : 'rV[R]_r) : let S := diag_mx s in let U := Q *m S *m P^T in
  M^T = M -> Q^T *m Q = 1%:M -> P^T *m P = 1%:M -> M *m Q = Q *m (S *m S) ->
  gradient M U = 0 /\ sqnorm (defect M U) = sqnorm M - \sum_i s 0 i ^+ 4.
Proof. by move=> S U symM orthQ orthP eigen; split; [exact: critical_U|exact: value_U]. Qed.

(* 2. Eigenvectors there: y p_i^T has s_i^2 - l, and y z^T has -l, for M y = l y orthogonal to Q and z to P; *)
Theorem eigenvectors_outside (R : comRingType) (n k r : nat) (M : 'M[R]_n) (Q : 'M[R]_(n, r)) (P : 'M[R]_(k, r))
    (s : 'rV[R]_r) (y : 'cV[R]_n) (l : R) : let S := diag_mx s in let U := Q *m S *m P^T in
  Q^T *m Q = 1%:M -> P^T *m P = 1%:M -> M *m Q = Q *m (S *m S) -> M *m y = l *: y -> Q^T *m y = 0 ->
  (forall i, let V := y *m (col i P)^T in hessian M U V = (s 0 i ^+ 2 - l) *: V) /\
  (forall z : 'cV[R]_k, P^T *m z = 0 -> let V := y *m z^T in hessian M U V = - l *: V).
Proof.
move=> S U orthQ orthP eigen My Qy; split=> [i|z Pz] V.
  have QV : Q^T *m V = 0 by rewrite /V mulmxA Qy mul0mx.
  rewrite (hessian_U M s orthQ orthP) // -[_ *m Q^T *m V]mulmxA QV mulmx0 sub0r /V [M *m _]mulmxA My -scalemxAl.
  rewrite scalerBl addrC; congr (_ - _); rewrite -!mulmxA [RHS]scalemxAr; congr (_ *m _).
  rewrite [S *m (S *m _)]mulmxA [(col i P)^T *m (P *m _)]mulmxA.
  have -> : (col i P)^T *m P = delta_mx 0 i by rewrite colE trmx_mul trmx_delta -mulmxA orthP mulmx1.
  rewrite mulmxA -[delta_mx 0 i *m _]rowE.
  have -> : row i (S *m S) = s 0 i ^+ 2 *: delta_mx 0 i.
    rewrite mulmx_diag; apply/rowP => j; rewrite !mxE -expr2 eqxx /=.
    by case: (eqVneq i j) => _; rewrite ?mulr1n ?mulr1 ?mulr0n ?mulr0.
  by rewrite -scalemxAl colE trmx_mul trmx_delta scalemxAr.
have QV : Q^T *m V = 0 by rewrite /V mulmxA Qy mul0mx.
rewrite (hessian_U M s orthQ orthP) // -[_ *m Q^T *m V]mulmxA QV mulmx0 sub0r /V [M *m _]mulmxA My -scalemxAl.
have zP : z^T *m P = 0 by rewrite -[LHS]trmxK trmx_mul trmxK Pz trmx0.
by rewrite -[y *m z^T *m P]mulmxA zP mulmx0 !mul0mx addr0 scaleNr.
Qed.

(* 5. At a minimum with value 0 the function is of fourth order where U V^T + V U^T = 0. *)
Theorem fourth_order (R : comRingType) (n k : nat) (M : 'M[R]_n) (U V : 'M[R]_(n, k)) (t : R) :
  U *m U^T = M -> U *m V^T + V *m U^T = 0 -> sqnorm (defect M (U + t *: V)) = t ^+ 4 * sqnorm (V *m V^T).
Proof.
move=> UM S0; have symM : M^T = M by rewrite -UM trmx_mul trmxK.
have N0 : defect M U = 0 by rewrite /defect UM subrr.
rewrite along_a_line // S0 /gradient /hessian N0 S0 !mul0mx addr0.
have z m p (A : 'M[R]_(m, p)) : inner A 0 = 0 by rewrite /inner mulmx0 mxtrace0.
have z' m p (A : 'M[R]_(m, p)) : inner 0 A = 0 by rewrite inner_sym z.
by rewrite sqnorm_inner !z z' !mul0rn !mulr0 !add0r.
Qed.
