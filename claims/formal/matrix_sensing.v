(* Matrix sensing (DL-041), statement 1: below delta = 1/5 every critical point that is no solution is strict.

   f(U) = 1/4 <N, T N>, N = U U^T - Z Z^T, for T linear and self-adjoint; D = U - Z, where Z is turned so that C = U^T Z
   is symmetric and psd. [curvature] is <V, H V>, twice the second-order term of f(U + t V) ([sensing_expansion]).
   Left out: that Z can be turned; statements 2 to 7. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Sensing.
Variables (R : realFieldType) (n k : nat) (T : {linear 'M[R]_n -> 'M[R]_n}) (Z : 'M[R]_(n, k)).
Implicit Types (U V D : 'M[R]_(n, k)) (X Y : 'M[R]_n).

Definition sensed_apart U : 'M[R]_n := U *m U^T - Z *m Z^T.
Definition sensing_loss U : R := inner (sensed_apart U) (T (sensed_apart U)) / 4%:R.
Definition sensing_gradient U : 'M[R]_(n, k) := T (sensed_apart U) *m U.
Definition curvature U V : R :=
  inner (U *m V^T + V *m U^T) (T (U *m V^T + V *m U^T)) / 2%:R + inner (T (sensed_apart U)) (V *m V^T).

(* Self-adjoint on symmetric matrices, and these go to such. *)
Definition self_adjoint : Prop := forall X Y, X^T = X -> Y^T = Y -> (T X)^T = T X /\ inner X (T Y) = inner (T X) Y.
Definition near_isometry (delta : R) (r : nat) : Prop := forall X, X^T = X -> (\rank X <= r)%N ->
  (1 - delta) * sqnorm X <= inner X (T X) <= (1 + delta) * sqnorm X.
Definition semidefinite m (C : 'M[R]_m) : Prop := C^T = C /\ forall v : 'cV[R]_m, 0 <= (v^T *m C *m v) 0 0.

Lemma innerDl m p (A B C : 'M[R]_(m, p)) : inner (A + B) C = inner A C + inner B C.
Proof. by rewrite /inner linearD /= mulmxDl mxtraceD. Qed.
Lemma innerC m p (A B : 'M[R]_(m, p)) : inner A B = inner B A.
Proof. by rewrite /inner -mxtrace_tr trmx_mul trmxK. Qed.
Lemma innerDr m p (A B C : 'M[R]_(m, p)) : inner C (A + B) = inner C A + inner C B.
Proof. by rewrite innerC innerDl !(innerC C). Qed.
Lemma innerZl m p a (A B : 'M[R]_(m, p)) : inner (a *: A) B = a * inner A B.
Proof. by rewrite /inner linearZ /= -scalemxAl mxtraceZ. Qed.
Lemma innerZr m p a (A B : 'M[R]_(m, p)) : inner A (a *: B) = a * inner A B.
Proof. by rewrite innerC innerZl innerC. Qed.
Lemma innerBl m p (A B C : 'M[R]_(m, p)) : inner (A - B) C = inner A C - inner B C.
Proof. by rewrite innerDl -scaleN1r innerZl mulN1r. Qed.
Lemma innerBr m p (A B C : 'M[R]_(m, p)) : inner C (A - B) = inner C A - inner C B.
Proof. by rewrite innerC innerBl !(innerC C). Qed.

Definition inner_expand := (innerBl, innerBr, innerDl, innerDr, innerZl, innerZr).

Lemma gram_sym U : (U *m U^T)^T = U *m U^T. Proof. by rewrite trmx_mul trmxK. Qed.
Lemma sensed_sym U : (sensed_apart U)^T = sensed_apart U. Proof. by rewrite /sensed_apart linearB /= !gram_sym. Qed.
Lemma mixed_sym U V : (U *m V^T + V *m U^T)^T = U *m V^T + V *m U^T.
Proof. by rewrite linearD /= !trmx_mul !trmxK addrC. Qed.

(* <S, U V^T + V U^T> = 2 <S U, V> for symmetric S. *)
Lemma inner_mixed X U V : X^T = X -> inner X (U *m V^T + V *m U^T) = 2%:R * inner (X *m U) V.
Proof.
move=> sym; rewrite innerDr /inner sym trmx_mul sym mulr_natl mulr2n; congr (_ + _).
  by rewrite -mxtrace_tr !trmx_mul trmxK sym -mulmxA mxtrace_mulC.
by rewrite mulmxA mxtrace_mulC mulmxA.
Qed.

(* tr C D^T D >= 0 for psd C. *)
Lemma trace_semidefinite (C : 'M[R]_k) D : semidefinite C -> 0 <= inner C (D^T *m D).
Proof.
case=> sym psd; rewrite /inner sym mulmxA mxtrace_mulC mulmxA; apply: sumr_ge0 => i _.
have := psd (row i D)^T; rewrite trmxK; suff -> : (row i D *m C *m (row i D)^T) 0 0 = (D *m C *m D^T) i i by [].
by rewrite -row_mul !mxE; apply: eq_bigr => j _; rewrite !mxE.
Qed.

Lemma inner_gram U V : inner (U *m U^T) (V *m V^T) = inner (U^T *m V) (U^T *m V).
Proof. by rewrite /inner gram_sym mulmxA mxtrace_mulC trmx_mul trmxK !mulmxA. Qed.

(* N and E = D^T D in A = U^T U, B = Z^T Z, C = U^T Z. *)
Lemma sensed_square U : let A := U^T *m U in let B := Z^T *m Z in let C := U^T *m Z in
  sqnorm (sensed_apart U) = inner A A - 2%:R * inner C C + inner B B.
Proof.
move=> A B C; rewrite sqnorm_inner /sensed_apart !innerBl !innerBr !inner_gram -/A -/B -/C.
have -> : inner (Z^T *m U) (Z^T *m U) = inner C C.
  by rewrite -!sqnorm_inner -sqnorm_tr trmx_mul trmxK.
by move: (inner A A) (inner B B) (inner C C) => *; ring.
Qed.

Lemma difference_gram U : (U^T *m Z)^T = U^T *m Z ->
  (U - Z)^T *m (U - Z) = U^T *m U + Z^T *m Z - 2%:R *: (U^T *m Z).
Proof.
move=> sym; have back : Z^T *m U = U^T *m Z by rewrite -sym trmx_mul trmxK.
have -> : (U - Z)^T = U^T - Z^T by rewrite linearB.
rewrite mulmxBl !mulmxBr back; move: (U^T *m U) (U^T *m Z) (Z^T *m Z) => A C B.
by apply/matrixP => i j; rewrite !mxE; move: (A i j) (B i j) (C i j) => *; ring.
Qed.

(* |D D^T|^2 <= 2 |N|^2 *)
Theorem difference_at_most_twice U : semidefinite (U^T *m Z) ->
  sqnorm ((U - Z) *m (U - Z)^T) <= 2%:R * sqnorm (sensed_apart U).
Proof.
move=> psd; have [sym _] := psd; rewrite sqnorm_inner inner_gram.
have := trace_semidefinite (U - Z) psd; rewrite difference_gram // sensed_square.
move: (U^T *m U) (Z^T *m Z) (U^T *m Z) => A B C trace; have := sqnorm_ge0 (A - B); rewrite sqnorm_inner => square.
rewrite -subr_ge0; apply: le_trans (addr_ge0 square (mulr_ge0 (ler0n R 4) trace)) _.
rewrite le_eqVlt; apply/orP; left; apply/eqP; rewrite !inner_expand (innerC B A) (innerC C A) (innerC C B).
by move: (inner A A) (inner A B) (inner A C) (inner B B) (inner B C) (inner C C) => *; ring.
Qed.

(* |N|^2 >= 2 (2^{1/2} - 1) lambda |D|^2, where Z^T Z >= lambda. *)
Theorem residual_at_least U (r lambda : R) : 0 <= r -> r ^+ 2 = 2%:R -> semidefinite (U^T *m Z) ->
  semidefinite (Z^T *m Z - lambda%:M) -> 2%:R * (r - 1) * (lambda * sqnorm (U - Z)) <= sqnorm (sensed_apart U).
Proof.
move=> r0 r2 psd above; have [sym _] := psd; have r1 : 0 <= r - 1.
  by rewrite subr_ge0 -(@ler_pexpn2r _ 2) ?nnegrE ?ler01 // r2 expr1n ler1n.
have r_le : 0 <= 2%:R - r by rewrite subr_ge0 -(@ler_pexpn2r _ 2) ?nnegrE ?ler0n // r2 -natrX ler_nat.
have := trace_semidefinite (U - Z) above; rewrite innerBl.
have -> : inner lambda%:M ((U - Z)^T *m (U - Z)) = lambda * sqnorm (U - Z).
  by rewrite -scalemx1 innerZl sqnorm_inner /inner trmx1 mul1mx.
rewrite subr_ge0 => le; apply: le_trans (ler_wpmul2l (mulr_ge0 (ler0n R 2) r1) le) _.
have := trace_semidefinite (U - Z) psd; rewrite difference_gram // sensed_square {le}.
move: (U^T *m U) (Z^T *m Z) (U^T *m Z) => A B C trace.
have := sqnorm_ge0 (A + B - 2%:R *: C + r *: (C - B)); rewrite sqnorm_inner => square.
rewrite -subr_ge0; apply: le_trans (addr_ge0 square (mulr_ge0 (mulr_ge0 (ler0n R 2) r_le) trace)) _.
rewrite le_eqVlt; apply/orP; left; rewrite -subr_eq0 !inner_expand (innerC B A) (innerC C A) (innerC C B).
move: (inner A A) (inner A B) (inner A C) (inner B B) (inner B C) (inner C C) => a b c e f g; apply/eqP.
transitivity ((r ^+ 2 - 2%:R) * (g - 2%:R * f + e)); first by ring.
by rewrite r2 subrr mul0r.
Qed.

Hypothesis adjoint : self_adjoint.

(* The form is bilinear. *)
Lemma adjointC X Y : X^T = X -> Y^T = Y -> inner Y (T X) = inner X (T Y).
Proof. by move=> symX symY; have [_ ->] := adjoint symX symY; rewrite innerC. Qed.

Lemma form_expansion X L S (t : R) : X^T = X -> L^T = L -> S^T = S ->
  inner (X + t *: L + t ^+ 2 *: S) (T (X + t *: L + t ^+ 2 *: S)) =
  inner X (T X) + 2%:R * t * inner X (T L) + t ^+ 2 * (2%:R * inner X (T S) + inner L (T L)) +
    t ^+ 3 * (2%:R * inner L (T S) + t * inner S (T S)).
Proof.
move=> symX symL symS; rewrite !linearD !linearZ /= !innerDl !innerDr !innerZl !innerZr.
rewrite (adjointC symX symL) (adjointC symX symS) (adjointC symL symS).
by move: (inner X _) (inner X _) (inner X _) (inner L _) (inner L _) (inner S _) => *; ring.
Qed.

Lemma form_sum X S : X^T = X -> S^T = S ->
  inner (X + S) (T (X + S)) = inner X (T X) + 2%:R * inner X (T S) + inner S (T S).
Proof.
move=> symX symS; rewrite linearD /= !innerDl !innerDr (adjointC symX symS).
by move: (inner X _) (inner X _) (inner S _) => *; ring.
Qed.

Theorem sensing_expansion U V : exists a b : R, forall t : R,
  sensing_loss (U + t *: V) =
  sensing_loss U + t * inner (sensing_gradient U) V + t ^+ 2 / 2%:R * curvature U V + t ^+ 3 * (a + t * b).
Proof.
set L := U *m V^T + V *m U^T; set S := V *m V^T; set N := sensed_apart U.
exists (inner L (T S) / 2%:R), (inner S (T S) / 4%:R) => t.
have [symN symL symS] : [/\ N^T = N, L^T = L & S^T = S] by rewrite sensed_sym mixed_sym gram_sym.
have -> : sensing_loss (U + t *: V) = inner (N + t *: L + t ^+ 2 *: S) (T (N + t *: L + t ^+ 2 *: S)) / 4%:R.
  rewrite /sensing_loss; suff -> : sensed_apart (U + t *: V) = N + t *: L + t ^+ 2 *: S by [].
  rewrite /sensed_apart linearD linearZ /= mulmxDl !mulmxDr -!scalemxAl -!scalemxAr scalerA -expr2 /N /L /S.
  rewrite /sensed_apart; move: (U *m U^T) (U *m V^T) (V *m U^T) (V *m V^T) (Z *m Z^T) => A B C E F.
  by apply/matrixP => i j; rewrite !mxE; move: (A i j) (B i j) (C i j) (E i j) (F i j) => *; ring.
rewrite form_expansion //; have -> : inner (sensing_gradient U) V = inner N (T L) / 2%:R.
  by have [symT ->] := adjoint symN symL; rewrite inner_mixed // mulrC mulrA mulVf ?pnatr_eq0 // mul1r.
rewrite /curvature -/N -/L -/S; have [_ <-] := adjoint symN symS; rewrite /sensing_loss -/N.
by move: (inner N _) (inner N _) (inner N _) (inner L _) (inner L _) (inner S _) => *; field.
Qed.

(* With D = U - Z the curvature is in N and D D^T, wherever U is. *)
Theorem curvature_along_the_difference U : let D := U - Z in let N := sensed_apart U in
  curvature U D = inner (D *m D^T) (T (D *m D^T)) / 2%:R - 3%:R / 2%:R * inner N (T N)
    + 4%:R * inner (sensing_gradient U) D.
Proof.
move=> D N; have [symN symS] : N^T = N /\ (D *m D^T)^T = D *m D^T by rewrite sensed_sym gram_sym.
have mixed : U *m D^T + D *m U^T = N + D *m D^T.
  rewrite /N /sensed_apart /D linearB /= !mulmxBl !mulmxBr.
  move: (U *m U^T) (U *m Z^T) (Z *m U^T) (Z *m Z^T) => A B C E; apply/matrixP => i j; rewrite !mxE.
  by move: (A i j) (B i j) (C i j) (E i j) => *; ring.
have gradient : 4%:R * inner (sensing_gradient U) D = 2%:R * (inner N (T N) + inner N (T (D *m D^T))).
  have [symT adj] := adjoint symN symN; have [_ adjS] := adjoint symN symS.
  rewrite adj adjS -innerDr -mixed inner_mixed // mulrA -natrM //.
rewrite /curvature gradient mixed form_sum // -/N; have [_ <-] := adjoint symN symS.
by move: (inner N (T N)) (inner N (T (D *m D^T))) (inner (D *m D^T) (T (D *m D^T))) => *; field.
Qed.

(* Statement 1; r stands for the root of 2. *)
Theorem below_one_fifth U (delta r lambda : R) : 0 <= delta -> near_isometry delta (k + k) ->
  semidefinite (U^T *m Z) -> sensing_gradient U = 0 ->
  [/\ curvature U (U - Z) <= - ((1 - 5%:R * delta) / 2%:R * sqnorm (sensed_apart U)),
      delta < 1 / 5%:R -> sensed_apart U != 0 -> curvature U (U - Z) < 0 &
      0 <= r -> r ^+ 2 = 2%:R -> semidefinite (Z^T *m Z - lambda%:M) -> delta <= 1 / 5%:R ->
      curvature U (U - Z) <= - ((1 - 5%:R * delta) * (r - 1) * (lambda * sqnorm (U - Z)))].
Proof.
move=> delta0 near psd critical; set N := sensed_apart U; set S := (U - Z) *m (U - Z)^T.
have low_rank (X Y : 'M[R]_(n, k)) : (\rank (X *m Y^T) <= k)%N.
  by apply: leq_trans (mxrankM_maxl _ _) _; apply: rank_leq_col.
have /andP [_ above] : (1 - delta) * sqnorm S <= inner S (T S) <= (1 + delta) * sqnorm S.
  by apply: near; rewrite ?gram_sym // (leq_trans (low_rank _ _)) ?leq_addr.
have /andP [below _] : (1 - delta) * sqnorm N <= inner N (T N) <= (1 + delta) * sqnorm N.
  apply: near; rewrite ?sensed_sym // /N /sensed_apart -scaleN1r.
  by apply: leq_trans (mxrank_add _ _) _; rewrite leq_add ?low_rank // (leq_trans (mxrank_scale _ _)) ?low_rank.
have twice : sqnorm S <= 2%:R * sqnorm N := difference_at_most_twice psd.
have first : curvature U (U - Z) <= - ((1 - 5%:R * delta) / 2%:R * sqnorm N).
  rewrite curvature_along_the_difference critical -/N -/S.
  have -> : inner (0 : 'M[R]_(n, k)) (U - Z) = 0 by rewrite /inner trmx0 mul0mx mxtrace0.
  rewrite mulr0 addr0.
  apply: le_trans (_ : (1 + delta) * (2%:R * sqnorm N) / 2%:R - 3%:R / 2%:R * ((1 - delta) * sqnorm N) <= _).
    rewrite ler_sub // ?ler_wpmul2l ?divr_ge0 ?ler0n // ler_wpmul2r ?invr_ge0 ?ler0n //.
    by apply: le_trans above _; rewrite ler_wpmul2l // addr_ge0 ?ler01.
  by rewrite le_eqVlt; apply/orP; left; apply/eqP; field.
split=> // [small differs|r0 r2 below_Z small].
  apply: le_lt_trans first _; rewrite oppr_lt0 mulr_gt0 //.
    by rewrite divr_gt0 ?ltr0n // subr_gt0 mulrC -ltr_pdivl_mulr ?ltr0n.
  rewrite lt_def sqnorm_ge0 andbT; apply: contra differs => /eqP/sqnorm_eq0 ->; exact: eqxx.
apply: le_trans first _; rewrite ler_opp2.
have c0 : 0 <= (1 - 5%:R * delta) / 2%:R.
  by rewrite divr_ge0 ?ler0n // subr_ge0 mulrC -ler_pdivl_mulr ?ltr0n.
apply: le_trans (ler_wpmul2l c0 (residual_at_least r0 r2 psd below_Z)).
by rewrite le_eqVlt; apply/orP; left; apply/eqP; field.
Qed.
End Sensing.

(* All that it asks for can be met: U = 0 where Z = 1 and T is the identity. *)
Theorem one_fifth_met (R : realFieldType) : let T := [linear of idfun] : {linear 'M[R]_1 -> 'M[R]_1} in
  let Z : 'M[R]_1 := 1 in let U : 'M[R]_1 := 0 in
  [/\ self_adjoint T, near_isometry T 0 2, semidefinite (U^T *m Z), sensing_gradient T Z U = 0 & sensed_apart Z U != 0].
Proof.
move=> T Z U; split.
- by move=> X Y symX symY.
- by move=> X _ _; rewrite subr0 addr0 mul1r sqnorm_inner lexx.
- by rewrite /U trmx0 mul0mx; split=> [|v]; rewrite ?trmx0 // mulmx0 mul0mx mxE.
- by rewrite /sensing_gradient mulmx0.
by rewrite /sensed_apart /U /Z mul0mx sub0r oppr_eq0 trmx1 mul1mx oner_neq0.
Qed.

(* The factor 2 is attained at U = e_1, Z = e_2. *)
Theorem twice_is_attained (R : realFieldType) : let U : 'M[R]_(2, 1) := delta_mx 0 0 in let Z := delta_mx 1 0 in
  semidefinite (U^T *m Z) /\ sqnorm ((U - Z) *m (U - Z)^T) = 2%:R * sqnorm (sensed_apart Z U).
Proof.
move=> U Z; have one : delta_mx 0 0 = 1 :> 'M[R]_1 by apply/matrixP => i j; rewrite !ord1 !mxE.
have [a b c] : [/\ U^T *m U = 1, Z^T *m Z = 1 & U^T *m Z = 0].
  by rewrite /U /Z !trmx_delta !mul_delta_mx_cond one.
split; first by rewrite c; split=> [|v]; rewrite ?trmx0 // mulmx0 mul0mx mxE.
rewrite sqnorm_inner inner_gram difference_gram c ?trmx0 // sensed_square a b c scaler0 subr0.
have inner1 x y : inner (x%:M : 'M[R]_1) y%:M = x * y by rewrite /inner tr_scalar_mx -scalar_mxM mxtrace_scalar.
have -> : inner (0 : 'M[R]_1) 0 = 0 by rewrite /inner mulmx0 mxtrace0.
by rewrite -[1]/(1%:M : 'M[R]_1) -raddfD /= !inner1; ring.
Qed.

(* Where Z is not turned, as for Z = - U, N = 0 while D is not. *)
Theorem not_where_it_is_not_turned (R : realFieldType) : ~ forall (n k : nat) (U Z : 'M[R]_(n, k)),
  sqnorm ((U - Z) *m (U - Z)^T) <= 2%:R * sqnorm (sensed_apart Z U).
Proof.
move=> all; have := all 1%N 1%N 1 (- 1); rewrite /sensed_apart opprK linearN /= mulNmx mulmxN opprK subrr.
have -> : sqnorm (0 : 'M[R]_1) = 0 by rewrite /sqnorm big_ord1 big_ord1 mxE expr0n.
rewrite mulr0; have -> : sqnorm ((1 + 1) *m (1 + 1)^T : 'M[R]_1) = 16%:R.
  by rewrite /sqnorm !big_ord1 !mxE big_ord1 !mxE -natrD -natrM -natrX.
by rewrite lern0.
Qed.
