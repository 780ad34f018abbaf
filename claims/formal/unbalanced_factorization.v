(* Unbalanced factorisation of a number m (DL-056): gradient descent on 1/2 (u v - m)^2, exact laws and convergence.

   In the theorem T1 is any number of steps with p_0^2 (1 + eta m/2)^{2 T1} >= 4m, p = u + v: the least one is
   ceil(ln(4m / p_0^2) / (2 ln(1 + eta m/2))), or 0. Left out: these logarithms, learning rates from 1/(5m) to
   1/(2m + q_0^2), q = u - v, and starts with q_0^2 > 2m. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Laws.
Variables (R : comRingType) (m eta : R).
Definition factors := (R * R)%type.
Definition residual (w : factors) : R := w.1 * w.2 - m.
Definition factor_step (w : factors) : factors := (w.1 - eta * (residual w * w.2), w.2 - eta * (residual w * w.1)).
Definition factor_descent (w : factors) (t : nat) : factors := iter t factor_step w.

Theorem sum_law w : let w' := factor_step w in w'.1 + w'.2 = (w.1 + w.2) * (1 - eta * residual w).
Proof. by rewrite /factor_step /residual /=; case: w => u v /=; ring. Qed.

Theorem difference_law w : let w' := factor_step w in w'.1 - w'.2 = (w.1 - w.2) * (1 + eta * residual w).
Proof. by rewrite /factor_step /residual /=; case: w => u v /=; ring. Qed.

Theorem imbalance_law w : let w' := factor_step w in
  w'.1 ^+ 2 - w'.2 ^+ 2 = (w.1 ^+ 2 - w.2 ^+ 2) * (1 - eta ^+ 2 * residual w ^+ 2).
Proof. by rewrite /factor_step /residual /=; case: w => u v /=; ring. Qed.

Theorem residual_law w : residual (factor_step w) =
  residual w * (1 - eta * (w.1 ^+ 2 + w.2 ^+ 2) + eta ^+ 2 * (residual w * (w.1 * w.2))).
Proof. by rewrite /factor_step /residual /=; case: w => u v /=; ring. Qed.

(* The control: u = -v is kept for ever. *)
Theorem antisymmetry_is_kept w t : w.1 + w.2 = 0 -> (factor_descent w t).1 + (factor_descent w t).2 = 0.
Proof. by move=> p0; elim: t => // t IH; rewrite /factor_descent iterS sum_law -/(factor_descent _ _) IH mul0r. Qed.
End Laws.

(* Over the whole run the imbalance is the product of the factors. *)
Theorem imbalance_of_iterate (R : comRingType) (m eta : R) w t : let w' := factor_descent m eta w t in
  w'.1 ^+ 2 - w'.2 ^+ 2 =
  (w.1 ^+ 2 - w.2 ^+ 2) * \prod_(0 <= s < t) (1 - eta ^+ 2 * residual m (factor_descent m eta w s) ^+ 2).
Proof.
rewrite /=; elim: t => [|t IH]; first by rewrite big_geq // mulr1.
rewrite big_nat_recr // mulrA -IH; exact: (imbalance_law m eta (factor_descent m eta w t)).
Qed.

Section Control.
Variables (R : realFieldType) (m eta : R).
Theorem loss_of_antisymmetric_start w t : 0 <= m -> w.1 + w.2 = 0 ->
  m ^+ 2 / 2%:R <= residual m (factor_descent m eta w t) ^+ 2 / 2%:R.
Proof.
move=> m0 /(antisymmetry_is_kept m eta t); move: (factor_descent _ _ _ _) => [u v] /= /eqP.
rewrite addr_eq0 => /eqP ->; rewrite ler_pmul2r ?invr_gt0 ?ltr0n // /residual /=.
have -> : - v * v - m = - (m + v ^+ 2) by ring.
rewrite sqrrN ler_sqr ?nnegrE ?addr_ge0 ?sqr_ge0 //.
by rewrite ler_addl sqr_ge0.
Qed.
End Control.

(* The theorem: T1 is any number of steps with p_0^2 (1 + eta m/2)^{2 T1} >= 4m, such as the least one,
   ceil(ln(4m/p_0^2) / (2 ln(1 + eta m/2))), or 0. *)
Section Convergence.
Variables (R : realFieldType) (m eta : R).
Hypotheses (m0 : 0 < m) (eta0 : 0 < eta) (small : 5%:R * m * eta <= 1).
Local Notation r := (residual m).
Local Notation half := (m / 2%:R).

Definition good (w : factors R) : Prop := (w.1 - w.2) ^+ 2 <= 2%:R * m /\ w.1 * w.2 <= m.

Lemma product_low w : good w -> - half <= w.1 * w.2.
Proof.
case: w => u v [/= q _]; have : 0 <= (u + v) ^+ 2 by exact: sqr_ge0.
have -> : (u + v) ^+ 2 = (u - v) ^+ 2 + 4%:R * (u * v) by ring.
move=> p; rewrite -(ler_pmul2l (_ : 0 < 4%:R)) ?ltr0n // mulrN ler_oppl -subr_ge0 opprK.
apply: le_trans p _; rewrite ler_add2r.
by have -> : 4%:R * half = 2%:R * m by field.
Qed.

(* e = - eta r lies in [0, 1]. *)
Lemma e_range w : good w -> 0 <= - (eta * r w) <= 1.
Proof.
move=> g; have lo := product_low g; case: g => q hi; rewrite -mulrN /residual opprB; apply/andP; split.
  by rewrite mulr_ge0 ?(ltW eta0) // subr_ge0.
apply: le_trans small; rewrite [eta * _]mulrC ler_pmul2r //.
apply: le_trans (_ : m + half <= _); first by rewrite ler_add2l ler_oppl.
rewrite -subr_ge0; have -> : 5%:R * m - (m + half) = 7%:R * half by field.
by rewrite mulr_ge0 ?ler0n // divr_ge0 ?ler0n // ltW.
Qed.

Let factor w : R := 1 - eta * ((w.1 - w.2) ^+ 2 + w.1 * w.2 * (2%:R - eta * r w)).

Lemma residual_factor w : r (factor_step m eta w) = r w * factor w.
Proof. by rewrite residual_law /factor; case: w => u v /=; move: (r _) => z; ring. Qed.

Lemma factor_range w : good w -> 0 <= factor w <= 1.
Proof.
move=> g; have /andP [e0 e1] := e_range g; case: g => q hi; rewrite /factor.
move: (- (eta * r w)) e0 e1 => e e0 e1.
have e20 : 0 <= 2%:R + e by rewrite addr_ge0 ?ler0n.
have e23 : 2%:R + e <= 3%:R by rewrite (_ : 3%:R = 2%:R + 1) ?ler_add2l //; ring.
rewrite subr_ge0 ler_subl_addr ler_addl; apply/andP; split.
  apply: le_trans small; rewrite [eta * _]mulrC ler_pmul2r //.
  have -> : 5%:R * m = 2%:R * m + m * 3%:R by ring.
  apply: ler_add => //; apply: le_trans (_ : m * (2%:R + e) <= _); first by rewrite ler_wpmul2r.
  by rewrite ler_pmul2l.
apply: mulr_ge0; first exact: ltW.
have [z0|z0] := lerP 0 (w.1 * w.2); first by rewrite addr_ge0 ?sqr_ge0 // mulr_ge0.
apply: le_trans (sqr_ge0 (w.1 + w.2)) _.
have -> : (w.1 + w.2) ^+ 2 = (w.1 - w.2) ^+ 2 + w.1 * w.2 * 4%:R by ring.
by rewrite ler_add2l ler_nmul2l // (le_trans e23) // ler_nat.
Qed.

Lemma good_step w : good w ->
  good (factor_step m eta w) /\ w.1 * w.2 <= (factor_step m eta w).1 * (factor_step m eta w).2.
Proof.
move=> g; have /andP [e0 e1] := e_range g; have /andP [f0 f1] := factor_range g; have [q hi] := g.
have r0 : r w <= 0 by rewrite /residual subr_le0.
have eq := residual_factor w; split; [split|].
- rewrite difference_law exprMn; apply: le_trans q; rewrite ler_pimulr ?sqr_ge0 //.
  apply: exprn_ile1; first by rewrite -[eta * _]opprK subr_ge0.
  by rewrite -[eta * _]opprK ler_subl_addr ler_addl.
- by rewrite -subr_le0 -/(residual m _) eq mulr_le0_ge0.
by rewrite -(ler_add2r (- m)) -!/(residual m _) eq -{1}[r w]mulr1 ler_wnmul2l.
Qed.

Lemma sum_grows w : good w -> w.1 * w.2 <= half ->
  (w.1 + w.2) ^+ 2 * (1 + eta * half) ^+ 2 <= ((factor_step m eta w).1 + (factor_step m eta w).2) ^+ 2.
Proof.
move=> g far; rewrite sum_law exprMn ler_wpmul2l ?sqr_ge0 //.
have h0 : 0 <= eta * half by rewrite mulr_ge0 ?divr_ge0 ?ler0n ?ltW.
have le : eta * half <= - (eta * r w).
  rewrite -mulrN ler_pmul2l // /residual opprB ler_subr_addr.
  have {2}-> : m = half + half by field.
  by rewrite ler_add2l.
apply: ler_expn2r; rewrite ?nnegrE ?addr_ge0 ?ler01 ?(le_trans h0 le) //.
by rewrite ler_add2l.
Qed.

Lemma contracts w : good w -> half <= w.1 * w.2 -> factor w <= 1 - eta * m.
Proof.
move=> g near; have /andP [e0 _] := e_range g; rewrite /factor ler_add2l ler_opp2 ler_pmul2l //.
move: (- (eta * r w)) e0 => e e0.
have h0 : 0 <= half by rewrite divr_ge0 ?ler0n ?ltW.
rewrite -[X in X <= _]add0r; apply: ler_add; first exact: sqr_ge0.
have -> : m = half * 2%:R by field.
by apply: ler_pmul; rewrite ?ler0n // ler_addl.
Qed.

Section Run.
Variable w : factors R.
Hypothesis start : good w.
Let W t := factor_descent m eta w t.
Let z t := (W t).1 * (W t).2.

Lemma all_good t : good (W t).
Proof. by elim: t => // t IH; rewrite /W /factor_descent iterS; case: (good_step IH). Qed.

Lemma product_grows t : z t <= z t.+1.
Proof. by case: (good_step (all_good t)). Qed.

Lemma first_phase t : half <= z t \/ (w.1 + w.2) ^+ 2 * (1 + eta * half) ^+ (2 * t) <= ((W t).1 + (W t).2) ^+ 2.
Proof.
elim: t => [|t IH]; first by right; rewrite muln0 mulr1.
have [near|far] := lerP half (z t); first by left; apply: le_trans near (product_grows t).
case: IH => [near|grown]; first by left; apply: le_trans near (product_grows t).
right; apply: le_trans (sum_grows (all_good t) (ltW far)).
move: (1 + eta * half) grown => c grown.
by rewrite mulnS addnC exprD [(w.1 + w.2) ^+ 2 * _]mulrA ler_wpmul2r ?sqr_ge0.
Qed.

Theorem unbalanced_convergence T1 t : 4%:R * m <= (w.1 + w.2) ^+ 2 * (1 + eta * half) ^+ (2 * T1) ->
  `|(W (T1 + t)).1 * (W (T1 + t)).2 - m| <= half * (1 - eta * m) ^+ t.
Proof.
move=> long.
have near : half <= z T1.
  case: (first_phase T1) => // grown; have [q _] := all_good T1.
  rewrite -(ler_pmul2l (_ : 0 < 4%:R)) ?ltr0n //.
  have -> : 4%:R * z T1 = ((W T1).1 + (W T1).2) ^+ 2 - ((W T1).1 - (W T1).2) ^+ 2 by rewrite /z; ring.
  have -> : 4%:R * half = 4%:R * m - 2%:R * m by field.
  by apply: ler_sub => //; apply: le_trans long grown.
have stay s : half <= z (T1 + s)%N.
  by elim: s => [|s IH]; rewrite ?addn0 // addnS; apply: le_trans IH (product_grows _).
have neg s : r (W s) <= 0 by rewrite /residual subr_le0; case: (all_good s).
rewrite -/(residual m _) ler0_norm //.
elim: t => [|t IH].
  rewrite addn0 mulr1 /residual opprB ler_subl_addr -[X in X <= _](_ : half + half = m); last by field.
  by rewrite ler_add2l.
rewrite addnS [W _]iterS -/(factor_descent _ _ _ _) -/(W _) residual_factor exprSr [half * (_ * _)]mulrA.
rewrite (_ : - (r (W (T1 + t)) * _) = - r (W (T1 + t)) * factor (W (T1 + t))); last by rewrite mulNr.
have /andP [f0 _] := factor_range (all_good (T1 + t)).
by apply: ler_pmul => //; [rewrite oppr_ge0|apply: contracts; [exact: all_good|exact: stay]].
Qed.
End Run.
End Convergence.
