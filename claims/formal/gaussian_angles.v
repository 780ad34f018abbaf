(* What theorems about Gaussian units ask of the numbers pi and angle x can be met over every real closed field: by any
   pi > 3, and by an angle that is chosen where something is asked of it. *)
From mathcomp Require Import all_ssreflect all_algebra.
From DLC Require Import gaussian_units.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Chosen.
Variable R : rcfType.
Local Notation half_root := (Num.sqrt 3%:R / 2%:R : R).

(* Of x >= 0, and of any x; pi / 2 where nothing is asked. *)
Definition acute_angle (pi x : R) : R :=
  if x == 1 then 0 else if x == half_root then pi / 6%:R else if x == 2%:R^-1 then pi / 3%:R else pi / 2%:R.
Definition chosen_angle (pi x : R) : R := if x < 0 then pi - acute_angle pi (- x) else acute_angle pi x.

Lemma half_root_between : 2%:R^-1 < half_root < 1.
Proof.
have two : (0 : R) < 2%:R by rewrite ltr0n.
rewrite -[X in X < _]mul1r -[X in X / _ < _]sqrtr1 ltr_pmul2r ?invr_gt0 // ltr_sqrt ?ltr0n // ltr1n /=.
by rewrite ltr_pdivr_mulr // mul1r -[X in _ < X]ger0_norm ?ler0n // -sqrtr_sqr -natrX ltr_sqrt ?ltr0n // ltr_nat.
Qed.
End Chosen.

Theorem is_angle_met (R : rcfType) (pi : R) : 3%:R < pi -> exists angle : R -> R, is_angle pi angle.
Proof.
move=> pi3; exists (chosen_angle pi).
have /andP [half_h h_one] := half_root_between R; have half0 : (0 : R) < 2%:R^-1 by rewrite invr_gt0 ltr0n.
have h0 := lt_trans half0 half_h.
have angle_ge0 x : 0 <= x -> chosen_angle pi x = acute_angle pi x by rewrite /chosen_angle leNgt => /negbTE ->.
have at0 : acute_angle pi 0 = pi / 2%:R.
  by rewrite /acute_angle eq_sym oner_eq0 (lt_eqF h0) (lt_eqF half0).
split=> //.
- by rewrite !angle_ge0 // ?ler01 // at0 /acute_angle eqxx.
- by rewrite angle_ge0 ?ltW // /acute_angle (lt_eqF h_one) eqxx.
- by rewrite angle_ge0 ?ltW // /acute_angle (lt_eqF (lt_trans half_h h_one)) (lt_eqF half_h) eqxx.
move=> x /andP [x0 _]; rewrite [chosen_angle pi x]angle_ge0 //; move: x0; rewrite le_eqVlt => /orP [/eqP <-|x0].
  by rewrite oppr0 angle_ge0 // at0 {2}(splitr pi) addrK.
by rewrite /chosen_angle oppr_lt0 x0 opprK.
Qed.
