(* Two numbers u v -> m at the edge of stability (DL-064): every cycle of two of gradient descent on 1/2 (u v - m)^2,
   and why no cycle is unbalanced; and the law of a pair of layers of a scalar network of any depth (DL-063). *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import unbalanced_factorization.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* Two layers u, v of a scalar network, rest being the product of the others: the step, and the law. *)
Theorem pair_law (R : comRingType) (eta phi rest u v : R) :
  let r := u * v * rest - phi in let e := eta * (r * rest) in
  let u' := u - eta * (r * (v * rest)) in let v' := v - eta * (r * (u * rest)) in
  u' ^+ 2 - v' ^+ 2 = (1 - e ^+ 2) * (u ^+ 2 - v ^+ 2).
Proof. by move=> /=; ring. Qed.

Section Cycles.
Variables (R : realFieldType) (m eta : R).
Hypotheses (m0 : 0 < m) (eta0 : 0 < eta).
Local Notation step := (factor_step m eta).

Lemma on_the_line s x : s ^+ 2 = 1 ->
  step (x, s * x) = (x - eta * ((x ^+ 2 - s * m) * x), s * (x - eta * ((x ^+ 2 - s * m) * x))).
Proof.
move=> s1; rewrite /factor_step /residual /=; congr pair.
  have -> : (x * (s * x) - m) * (s * x) = (s ^+ 2 * x ^+ 2 - s * m) * x by ring.
  by rewrite s1 mul1r.
have -> : s * (x - eta * ((x ^+ 2 - s * m) * x)) = s * x - eta * ((s * x ^+ 2 - s ^+ 2 * m) * x) by ring.
rewrite s1 mul1r; congr (_ - _ * (_ * _)); ring.
Qed.

Lemma on_a_line s x : s ^+ 2 = 1 -> step (step (x, s * x)) = (x, s * x) -> step (x, s * x) <> (x, s * x) ->
  let y := (step (x, s * x)).1 in
  (x + y == 0) || (x ^+ 2 - x * y + y ^+ 2 == s * m) /\ eta * (x ^+ 2 + x * y + y ^+ 2 - s * m) = 2%:R.
Proof.
move=> s1 back moves; move: back; rewrite on_the_line //=; set y := x - _ => back.
have Ey : y = x - eta * ((x ^+ 2 - s * m) * x) by [].
have Ex : x = y - eta * ((y ^+ 2 - s * m) * y).
  by move: back; rewrite on_the_line // => -[E _]; rewrite {1}E.
have xy : x != y.
  by apply/eqP => E; apply: moves; rewrite on_the_line // -/y -E.
have sum : eta * ((x + y) * (x ^+ 2 - x * y + y ^+ 2 - s * m)) = 0.
  have -> : eta * ((x + y) * (x ^+ 2 - x * y + y ^+ 2 - s * m)) =
    (x - (x - eta * ((x ^+ 2 - s * m) * x))) + (y - (y - eta * ((y ^+ 2 - s * m) * y))) by ring.
  by rewrite -Ey -Ex; ring.
have diff : (x - y) * (2%:R - eta * (x ^+ 2 + x * y + y ^+ 2 - s * m)) = 0.
  have -> : (x - y) * (2%:R - eta * (x ^+ 2 + x * y + y ^+ 2 - s * m)) =
    (x - eta * ((x ^+ 2 - s * m) * x)) - (y - eta * ((y ^+ 2 - s * m) * y)) + (x - y) by ring.
  by rewrite -Ey -Ex; ring.
split; last first.
  move/eqP: diff; rewrite mulf_eq0 subr_eq0 (negbTE xy) /= subr_eq0 => /eqP <- //.
move/eqP: sum; rewrite !mulf_eq0 gt_eqF //= => /orP [->//|]; rewrite subr_eq0 => ->; exact: orbT.
Qed.

Theorem all_cycles_of_two (w : factors R) : let w' := step w in step w' = w -> w' <> w ->
  [\/ [/\ w.1 = w.2, w'.1 = w'.2, eta * (w.1 * w'.1) = 1 & eta * (w.1 ^+ 2 + w'.1 ^+ 2) = 1 + eta * m],
      [/\ w.1 = w.2, w' = (- w.1, - w.2) & eta * w.1 ^+ 2 = 2%:R + eta * m] |
      [/\ w.1 = - w.2, w' = (- w.1, - w.2) & eta * w.1 ^+ 2 = 2%:R - eta * m]].
Proof.
move=> w' back moves; have back' : step (step w) = w by [].
have S v : (step v).1 + (step v).2 = (v.1 + v.2) * (1 - eta * residual m v) := sum_law m eta v.
have D v : (step v).1 - (step v).2 = (v.1 - v.2) * (1 + eta * residual m v) := difference_law m eta v.
have P : (w.1 + w.2) * ((1 - eta * residual m w) * (1 - eta * residual m w') - 1) = 0.
  have -> : (w.1 + w.2) * ((1 - eta * residual m w) * (1 - eta * residual m w') - 1) =
    (w.1 + w.2) * (1 - eta * residual m w) * (1 - eta * residual m w') - (w.1 + w.2) by ring.
  by rewrite -S -S back' subrr.
have Q : (w.1 - w.2) * ((1 + eta * residual m w) * (1 + eta * residual m w') - 1) = 0.
  have -> : (w.1 - w.2) * ((1 + eta * residual m w) * (1 + eta * residual m w') - 1) =
    (w.1 - w.2) * (1 + eta * residual m w) * (1 + eta * residual m w') - (w.1 - w.2) by ring.
  by rewrite -D -D back' subrr.
have [p0|p0] := eqVneq (w.1 + w.2) 0.
  have E : w = (w.1, (- 1) * w.1) by case: (w) p0 => u v /= /eqP; rewrite addrC addr_eq0 => /eqP ->; rewrite mulN1r.
  have s1 : (- 1) ^+ 2 = 1 :> R by rewrite sqrrN expr1n.
  have := on_a_line s1; move/(_ w.1); rewrite -E => /(_ back moves); lazy zeta; rewrite -/w'.
  set x := w.1; set y := w'.1.
  case=> /orP [xy0|/eqP bad] two; last first.
    suff : 0 < x ^+ 2 - x * y + y ^+ 2 + m by rewrite bad mulN1r addNr ltxx.
    rewrite ltr_spaddr // -(pmulr_rge0 _ (ltr0n R 2)).
    have -> : 2%:R * (x ^+ 2 - x * y + y ^+ 2) = (x - y) ^+ 2 + x ^+ 2 + y ^+ 2 by ring.
    by rewrite !addr_ge0 ?sqr_ge0.
  have yx : y = - x by apply/eqP; rewrite -addr_eq0 addrC.
  apply: Or33; split.
  - by move/eqP: p0; rewrite addr_eq0 => /eqP.
  - have := on_the_line w.1 s1; rewrite -E -/w' => W; move: (W); rewrite -/x => W2.
    move: yx; rewrite /y W2 /= => ->; rewrite E /=; congr pair; rewrite -/x; ring.
  move: two; rewrite yx => <-; ring.
have [q0|q0] := eqVneq (w.1 - w.2) 0.
  have E : w = (w.1, 1 * w.1) by case: (w) q0 => u v /= /eqP; rewrite subr_eq0 => /eqP ->; rewrite mul1r.
  have s1 : 1 ^+ 2 = 1 :> R by rewrite expr1n.
  have := on_a_line s1; move/(_ w.1); rewrite -E => /(_ back moves); lazy zeta; rewrite -/w'.
  set x := w.1; set y := w'.1.
  have W : w' = (y, y).
    have := on_the_line w.1 s1; rewrite -E -/w' => W; rewrite /y W /=; congr pair; ring.
  have wx : w.1 = w.2 by move/eqP: q0; rewrite subr_eq0 => /eqP.
  case=> /orP [xy0|/eqP one] two.
    have yx : y = - x by apply/eqP; rewrite -addr_eq0 addrC.
    apply: Or32; split=> //; first by rewrite W yx -wx.
    move: two; rewrite yx mul1r => <-; ring.
  have xy1 : eta * (x * y) = 1.
    apply: (mulfI (_ : 2%:R != 0 :> R)); first by rewrite pnatr_eq0.
    have -> : 2%:R * (eta * (x * y)) = eta * (x ^+ 2 + x * y + y ^+ 2 - (x ^+ 2 - x * y + y ^+ 2)) by ring.
    by rewrite one two mulr1.
  apply: Or31; split=> //; first by rewrite W.
  have -> : eta * (x ^+ 2 + y ^+ 2) = eta * (x * y) + eta * (x ^+ 2 - x * y + y ^+ 2) by ring.
  by rewrite xy1 one mul1r.
exfalso; apply: moves.
move/eqP: P; rewrite mulf_eq0 (negbTE p0) subr_eq0 => /eqP P.
move/eqP: Q; rewrite mulf_eq0 (negbTE q0) subr_eq0 => /eqP Q.
move: P Q; set a := eta * residual m w; set b := eta * residual m w' => P Q.
have ab : a + b = 0.
  apply: (mulfI (_ : 2%:R != 0 :> R)); first by rewrite pnatr_eq0.
  have -> : 2%:R * (a + b) = (1 + a) * (1 + b) - (1 - a) * (1 - b) by ring.
  by rewrite P Q subrr mulr0.
have a2 : a * b = 0.
  apply: (mulfI (_ : 2%:R != 0 :> R)); first by rewrite pnatr_eq0.
  have -> : 2%:R * (a * b) = (1 + a) * (1 + b) + (1 - a) * (1 - b) - 2%:R by ring.
  rewrite P Q mulr0; ring.
have a0 : a == 0.
  have ba : b = - a by apply/eqP; rewrite -addr_eq0 addrC ab.
  by move/eqP: a2; rewrite ba mulrN oppr_eq0 mulf_eq0 orbb.
have r0 : residual m w = 0 by move: a0; rewrite mulf_eq0 gt_eqF //= => /eqP.
by rewrite /w' /factor_step r0 !mul0r mulr0 !subr0; case: (w).
Qed.

Theorem first_cycle (x y : R) : eta * (x * y) = 1 -> eta * (x ^+ 2 + y ^+ 2) = 1 + eta * m -> step (x, x) = (y, y).
Proof.
move=> one two; have E : x - eta * ((x ^+ 2 - 1 * m) * x) = y.
  have -> : x - eta * ((x ^+ 2 - 1 * m) * x) =
    x * (1 + eta * m) - x * (eta * (x ^+ 2 + y ^+ 2)) + y * (eta * (x * y)) by ring.
  by rewrite one two mulr1 subrr add0r.
by have := on_the_line x (expr1n R 2); rewrite !mul1r in E *; rewrite E.
Qed.

Theorem second_cycle (x : R) : eta * x ^+ 2 = 2%:R + eta * m -> step (x, x) = (- x, - x).
Proof.
move=> two; have E : x - eta * ((x ^+ 2 - m) * x) = - x.
  have -> : x - eta * ((x ^+ 2 - m) * x) = x - (eta * x ^+ 2 - eta * m) * x by ring.
  rewrite two; ring.
by have := on_the_line x (expr1n R 2); rewrite !mul1r E.
Qed.

Theorem third_cycle (x : R) : eta * x ^+ 2 = 2%:R - eta * m -> step (x, - x) = (- x, x).
Proof.
move=> two; have s1 : (- 1) ^+ 2 = 1 :> R by rewrite sqrrN expr1n.
have E : x - eta * ((x ^+ 2 - - 1 * m) * x) = - x.
  have -> : x - eta * ((x ^+ 2 - - 1 * m) * x) = x - (eta * x ^+ 2 + eta * m) * x by ring.
  rewrite two; ring.
by have := on_the_line x s1; rewrite E !mulN1r opprK.
Qed.
End Cycles.

(* A product of t > 0 numbers of absolute value below 1. *)
Lemma small_product (R : realFieldType) (f : nat -> R) t :
  (0 < t)%N -> (forall s, (s < t)%N -> `|f s| < 1) -> `|\prod_(0 <= s < t) f s| < 1.
Proof.
case: t => // t _; elim: t => [|t IH] small; first by rewrite big_nat1 small.
have low : `|\prod_(0 <= s < t.+1) f s| < 1 by apply: IH => s st; apply: small; apply: ltnW.
rewrite big_nat_recr //= normrM; apply: le_lt_trans low.
by rewrite ler_pimulr ?normr_ge0 // ltW // small.
Qed.

Theorem no_unbalanced_cycle (R : realFieldType) (m eta : R) (w : factors R) (t : nat) :
  (0 < t)%N -> factor_descent m eta w t = w ->
  (forall s, (s < t)%N -> 0 < (eta * residual m (factor_descent m eta w s)) ^+ 2 < 2%:R) -> w.1 ^+ 2 = w.2 ^+ 2.
Proof.
move=> t0 back small; apply/eqP; rewrite -subr_eq0; apply/negPn/negP => b0.
have := imbalance_of_iterate m eta w t; rewrite back /=.
set p := \prod_(0 <= s < t) _ => E.
have p1 : p = 1 by apply: (mulfI b0); rewrite -E mulr1.
have : `|p| < 1.
  apply: small_product => // s st; have /andP [low high] := small _ st.
  rewrite -exprMn ltr_norml; apply/andP; split; last by rewrite ltr_subl_addr ltr_addl.
  by rewrite -subr_gt0 opprK addrAC -[1 + 1]/(2%:R : R) subr_gt0.
by rewrite p1 normr1 ltxx.
Qed.
