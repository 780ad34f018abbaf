(* The numbers pi and arccos are such as theorems about Gaussian units ask for.

   Over the real numbers of MathComp-Analysis, whose three axioms it rests on: propositional and functional
   extensionality, and constructive indefinite description. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From mathcomp Require Import boolp classical_sets reals topology normedtype derive sequences realfun exp trigo.
From DLC Require Import gaussian_units.
Import GRing.Theory Num.Theory Order.TTheory.
Import numFieldNormedType.Exports.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope classical_set_scope.
Local Open Scope ring_scope.

Section Sixth.
Variable R : realType.
Local Notation th := (pi / 6%:R : R).

Lemma sixth_of_pi : 0 < th /\ th < pi / 2%:R.
Proof.
have pi0 := pi_gt0 R; split; first by rewrite divr_gt0 ?ltr0n.
by rewrite ltr_pmul2l // ltf_pinv ?posrE ?ltr0n // ltr_nat.
Qed.

Lemma cos_sixth_gt0 : 0 < cos th.
Proof.
have [th0 th_half] := sixth_of_pi; apply: cos_gt0_pihalf.
by rewrite th_half andbT (lt_trans _ th0) // oppr_lt0 (lt_trans th0).
Qed.

(* cos 3 th = (4 cos^2 th - 3) cos th *)
Lemma cos_sixth_square : cos th ^+ 2 = 3%:R / 4%:R.
Proof.
have : cos (th *+ 2 + th) = 0 by rewrite -cos_pihalf; congr cos; by field.
rewrite cosD cos_mulr2n sin_mulr2n => zero.
have {zero} : cos th * (4%:R * cos th ^+ 2 - 3%:R) = 0.
  have := sin2cos2 th; move: zero; move: (cos th) (sin th) => c s zero s2.
  have -> : c * (4%:R * c ^+ 2 - 3%:R) =
    (c ^+ 2 *+ 2 - 1) * c - (c * s) *+ 2 * s + 2%:R * c * (s ^+ 2 - (1 - c ^+ 2)) by ring.
  by rewrite zero s2 subrr mulr0 addr0.
move/eqP; rewrite mulf_eq0 (gt_eqF cos_sixth_gt0) /= subr_eq0 => /eqP <-.
by field.
Qed.

Lemma cos_sixth : cos th = Num.sqrt 3%:R / 2%:R.
Proof.
rewrite -[LHS]ger0_norm ?(ltW cos_sixth_gt0) // -sqrtr_sqr cos_sixth_square sqrtrM ?ler0n // sqrtrV ?ler0n //.
have -> : 4%:R = 2%:R ^+ 2 :> R by rewrite -natrX.
by rewrite sqrtr_sqr ger0_norm ?ler0n.
Qed.

Lemma cos_third : cos (pi / 3%:R : R) = 2%:R^-1.
Proof.
have -> : pi / 3%:R = th *+ 2 :> R by field.
by rewrite cos_mulr2n cos_sixth_square; field.
Qed.

Lemma sin_below (x : R) : 0 < x <= pi -> sin x < x.
Proof.
case/andP => x0 x_pi.
have [|c] := MVT x0 (fun y _ => is_derive_sin y).
  by apply/continuous_subspaceT => ?; apply: continuous_sin.
rewrite in_itv /= sin0 !subr0 => /andP [c0 cx] ->; rewrite gtr_pmull // -[X in _ < X]cos0.
by rewrite ltr_cos ?in_itv /= ?lexx ?pi_ge0 // (ltW c0) (le_trans (ltW cx)).
Qed.

Lemma three_below_pi : 3%:R < pi :> R.
Proof.
have [th0 th_half] := sixth_of_pi.
have th_pi : th <= pi by rewrite (le_trans (ltW th_half)) // ler_pdivr_mulr ?ltr0n // ler_pmulr ?pi_gt0 // ler1n.
have := sin_below (introT andP (conj th0 th_pi)).
have s0 : 0 <= sin th by rewrite sin_ge0_pi // ltW.
have -> : sin th = 2%:R^-1.
  rewrite -[LHS]ger0_norm // -sqrtr_sqr sin2cos2 cos_sixth_square.
  have -> : 1 - 3%:R / 4%:R = 2%:R^-1 ^+ 2 :> R by field.
  by rewrite sqrtr_sqr ger0_norm ?invr_ge0 ?ler0n.
rewrite ltr_pdivl_mulr ?ltr0n // (_ : 2%:R^-1 * 6%:R = 3%:R) //; by field.
Qed.
End Sixth.

(* acos x is arccos x for x in [-1, 1]. *)
Theorem pi_and_acos (R : realType) : is_angle (pi : R) (@acos R).
Proof.
have pi0 := pi_ge0 R.
have part n : (0 < n)%N -> (pi / n%:R : R) \in `[0, pi].
  by move=> n0; rewrite in_itv /= divr_ge0 ?ler0n //= ler_pdivr_mulr ?ltr0n // ler_pemulr // ler1n.
split.
- exact: three_below_pi.
- by rewrite acos1 acos0.
- by rewrite -cos_sixth cosK ?part.
- by rewrite -cos_third cosK ?part.
by move=> x /andP [x0 x1]; rewrite acosN // x1 (le_trans _ x0) // lerN10.
Qed.
