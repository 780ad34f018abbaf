(* Matrix sensing (DL-041), statement 1 for at most two columns: there Z can be turned so that U^T Z is psd, and below
   delta = 1/5 every critical point that is no solution has a direction of negative curvature.

   For a C of size 2 the turn is a rotation or a reflection, in closed form: with det C >= 0 that by the angle of
   (C_11 + C_22, C_12 - C_21), and else that of (C_11 - C_22, C_12 + C_21).
   Left out: more columns, for which it is the orthogonal factor of a polar decomposition. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm matrix_sensing.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Turned.
Variable R : rcfType.

(* A unit vector along (x, y). *)
Lemma unit_along (x y : R) : exists c s : R, [/\ c ^+ 2 + s ^+ 2 = 1, c * y = s * x & 0 <= c * x + s * y].
Proof.
have [sum0|sum0] := eqVneq (x ^+ 2 + y ^+ 2) 0.
  exists 1, 0; move: sum0 => /eqP; rewrite paddr_eq0 ?sqr_ge0 // !sqrf_eq0 => /andP [/eqP -> /eqP ->].
  by rewrite expr1n expr0n /= addr0 !mulr0 addr0 lexx.
pose h := Num.sqrt (x ^+ 2 + y ^+ 2); have pos : 0 < x ^+ 2 + y ^+ 2.
  by rewrite lt_neqAle eq_sym sum0 addr_ge0 ?sqr_ge0.
have h0 : 0 < h by rewrite sqrtr_gt0.
have h2 : h ^+ 2 = x ^+ 2 + y ^+ 2 by rewrite sqr_sqrtr // ltW.
exists (x / h), (y / h); split.
- by rewrite !expr_div_n -mulrDl -h2 divff // expf_neq0 // gt_eqF.
- by rewrite mulrAC [RHS]mulrAC (mulrC y).
by rewrite mulrAC (mulrAC y) -mulrDl divr_ge0 ?(ltW h0) // -!expr2 ltW.
Qed.

(* A form p y^2 + 2 q y z + r z^2 with p + r >= 0 and p r >= q^2. *)
Lemma form_of_two (p q r y z : R) : 0 <= p + r -> q ^+ 2 <= p * r -> 0 <= p * y ^+ 2 + 2%:R * q * y * z + r * z ^+ 2.
Proof.
move=> trace det; have [p0|p0] := ltrP 0 p.
  rewrite -(pmulr_rge0 _ p0).
  have -> : p * (p * y ^+ 2 + 2%:R * q * y * z + r * z ^+ 2) = (p * y + q * z) ^+ 2 + (p * r - q ^+ 2) * z ^+ 2.
    by ring.
  by rewrite addr_ge0 ?sqr_ge0 // mulr_ge0 ?sqr_ge0 // subr_ge0.
have r0 : 0 <= r by apply: le_trans trace _; rewrite ger_addr.
have q0 : q = 0.
  apply/eqP; rewrite -sqrf_eq0 eq_le sqr_ge0 andbT; apply: le_trans det _; exact: mulr_le0_ge0.
have p_r : p * r = 0 by apply/eqP; rewrite eq_le mulr_le0_ge0 //=; apply: le_trans det; apply: sqr_ge0.
rewrite q0 mulr0 !mul0r addr0; move/eqP: p_r; rewrite mulf_eq0 => /orP [] /eqP zero.
  by rewrite zero mul0r add0r mulr_ge0 ?sqr_ge0.
have -> : p = 0 by apply/eqP; rewrite eq_le p0 -(addr0 p) -[X in _ + X]zero.
by rewrite zero !mul0r addr0.
Qed.

Definition two (a b c d : R) : 'M[R]_2 :=
  \matrix_(i, j) (if i == 0 then if j == 0 then a else b else if j == 0 then c else d).

Lemma two_of (C : 'M[R]_2) : C = two (C 0 0) (C 0 1) (C 1 0) (C 1 1).
Proof.
by apply/matrixP => -[[|[|//]] i2] -[[|[|//]] j2]; rewrite mxE /=; congr (C _ _); apply: val_inj.
Qed.

Lemma two_mul a b c d a' b' c' d' : two a b c d *m two a' b' c' d' =
  two (a * a' + b * c') (a * b' + b * d') (c * a' + d * c') (c * b' + d * d').
Proof.
by apply/matrixP => i j; rewrite !mxE !big_ord_recl big_ord0 !mxE /= addr0; case: (i == 0); case: (j == 0).
Qed.

Lemma two_tr a b c d : (two a b c d)^T = two a c b d.
Proof. by apply/matrixP => i j; rewrite !mxE; case: (i == 0); case: (j == 0). Qed.

Lemma two_one : two 1 0 0 1 = 1%:M.
Proof. by apply/matrixP => -[[|[|//]] i2] -[[|[|//]] j2]; rewrite !mxE. Qed.

Lemma two_semidefinite a b d : 0 <= a + d -> b ^+ 2 <= a * d -> semidefinite (two a b b d).
Proof.
move=> trace det; split=> [|v]; first exact: two_tr.
have -> : (v^T *m two a b b d *m v) 0 0 = a * v 0 0 ^+ 2 + 2%:R * b * v 0 0 * v 1 0 + d * v 1 0 ^+ 2.
  rewrite !mxE !big_ord_recl big_ord0 !mxE !big_ord_recl !big_ord0 !mxE /= !addr0.
  have -> : lift 0 0 = 1 :> 'I_2 by apply: val_inj.
  by move: (v 0 0) (v 1 0) => y z; ring.
exact: form_of_two.
Qed.

Lemma turned_to_psd (k : nat) (C : 'M[R]_k) : (k <= 2)%N ->
  exists2 Q : 'M[R]_k, Q *m Q^T = 1%:M & semidefinite (C *m Q).
Proof.
case: k C => [|[|[|//]]] C _.
- exists 1%:M; first by rewrite trmx1 mulmx1.
  by split=> [|v]; [apply/matrixP => -[] | rewrite mxE big_ord0].
- exists (if 0 <= C 0 0 then 1 else -1)%:M.
    by rewrite tr_scalar_mx -scalar_mxM; case: ifP; rewrite ?mulrNN mulr1.
  split=> [|v]; first by apply/matrixP => i j; rewrite !ord1 mxE.
  rewrite mul_mx_scalar !mxE big_ord1 !mxE big_ord1 !mxE mulrAC -expr2 mulr_ge0 ?sqr_ge0 //.
  by case: ifP => [C0|/negbT]; rewrite ?mul1r // -ltNge => /ltW C0; rewrite mulN1r oppr_ge0.
rewrite (two_of C); move: (C 0 0) (C 0 1) (C 1 0) (C 1 1) => p q r t.
(* e is 1 for a rotation and -1 for a reflection. *)
pose e : R := if 0 <= p * t - q * r then 1 else -1.
have e2 : e ^+ 2 = 1 by rewrite /e; case: ifP; rewrite ?sqrrN expr1n.
have det : 0 <= e * (p * t - q * r).
  by rewrite /e; case: ifP => [|/negbT]; rewrite ?mul1r // -ltNge mulN1r oppr_ge0 => /ltW.
have [c [s [unit along ahead]]] := unit_along (p + e * t) (q - e * r).
move: (e) e2 det along ahead => {}e e2 det along ahead.
exists (two c (- (e * s)) s (e * c)).
  rewrite two_tr two_mul -two_one; congr (two _ _ _ _).
  - by rewrite mulrNN mulrACA -!expr2 e2 mul1r.
  - have -> : c * s + - (e * s) * (e * c) = c * s * (1 - e ^+ 2) by ring.
    by rewrite e2 subrr mulr0.
  - have -> : s * c + e * c * - (e * s) = c * s * (1 - e ^+ 2) by ring.
    by rewrite e2 subrr mulr0.
  by rewrite mulrACA -!expr2 e2 mul1r addrC.
have same : p * - (e * s) + q * (e * c) = r * c + t * s.
  have : e * (c * (q - e * r)) = e * (s * (p + e * t)) by rewrite along.
  have -> : e * (c * (q - e * r)) = e * q * c - e ^+ 2 * (r * c) by ring.
  have -> : e * (s * (p + e * t)) = e * p * s + e ^+ 2 * (t * s) by ring.
  rewrite e2 !mul1r => /eqP; rewrite subr_eq => /eqP shifted.
  have -> : p * - (e * s) + q * (e * c) = e * q * c - e * p * s by ring.
  by rewrite shifted; ring.
rewrite two_mul same; apply: two_semidefinite.
  have -> : p * c + q * s + (r * - (e * s) + t * (e * c)) = c * (p + e * t) + s * (q - e * r) by ring.
  by [].
rewrite -subr_ge0 expr2 -{1}same.
have -> : (p * c + q * s) * (r * - (e * s) + t * (e * c)) -
    (p * - (e * s) + q * (e * c)) * (r * c + t * s) =
  e * (p * t - q * r) * (c ^+ 2 + s ^+ 2) by ring.
by rewrite unit mulr1.
Qed.

Variables (n k : nat) (T : {linear 'M[R]_n -> 'M[R]_n}) (Z U : 'M[R]_(n, k)).

Theorem z_can_be_turned : (k <= 2)%N -> exists Q : 'M[R]_k,
  [/\ Q *m Q^T = 1%:M, Z *m Q *m (Z *m Q)^T = Z *m Z^T & semidefinite (U^T *m (Z *m Q))].
Proof.
move=> k2; have [Q orth psd] := turned_to_psd (U^T *m Z) k2; exists Q; split=> //; last by rewrite mulmxA.
by rewrite trmx_mul mulmxA -(mulmxA Z) orth mulmx1.
Qed.

Theorem below_one_fifth_of_two_columns (delta : R) : (k <= 2)%N -> 0 <= delta -> self_adjoint T ->
  near_isometry T delta (k + k) -> sensing_gradient T Z U = 0 -> exists V : 'M[R]_(n, k),
  curvature T Z U V <= - ((1 - 5%:R * delta) / 2%:R * sqnorm (sensed_apart Z U)) /\
  (delta < 1 / 5%:R -> sensed_apart Z U != 0 -> curvature T Z U V < 0).
Proof.
move=> k2 delta0 self near critical; have [Q [_ same psd]] := z_can_be_turned k2.
have apart : sensed_apart (Z *m Q) U = sensed_apart Z U by rewrite /sensed_apart same.
have at_turned : sensing_gradient T (Z *m Q) U = 0 by rewrite /sensing_gradient apart.
exists (U - Z *m Q); have [bound strict _] := below_one_fifth self 0 0 delta0 near psd at_turned.
have same_curvature V : curvature T (Z *m Q) U V = curvature T Z U V by rewrite /curvature apart.
by rewrite apart !same_curvature in bound strict.
Qed.
End Turned.
