(* What landscapes do not explain (DL-042): descent on functions of one number, over any real field.

   Left out: 1 and 3 (a), which are DL-007's and DL-006's; 5; and the limit of 2, for which see DL-006. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* A step on f(w) = 1/2 (w^N + 1)^2, on f(u) = 1/4 (u^2 - 1)^2, and on f(u) = u^4/4. *)
Definition odd_step (R : comRingType) (N : nat) (eta w : R) : R := w - eta * (N%:R * w ^+ N.-1 * (w ^+ N + 1)).
Definition double_step (R : comRingType) (eta u : R) : R := u - eta * (u ^+ 3 - u).
Definition quartic_step (R : comRingType) (eta u : R) : R := u - eta * u ^+ 3.

Section Odd.
Variables (R : realFieldType) (n : nat) (eta : R).
Hypotheses (eta0 : 0 < eta) (small : 2%:R * n.+3%:R * eta < 1).

Lemma odd_step_shrinks v : 0 < v <= 1 -> 0 < odd_step n.+3 eta v < v.
Proof.
move=> /andP [v0 v1]; pose x := n.+3%:R * eta * (v ^+ n.+1 * (v ^+ n.+3 + 1)).
have -> : odd_step n.+3 eta v = v * (1 - x).
  rewrite /odd_step /x /= [v ^+ n.+2]exprS; move: (v ^+ n.+1) (v ^+ n.+3) (n.+3%:R) => *; ring.
have p0 : 0 < n.+3%:R * eta by rewrite mulr_gt0 ?ltr0n.
have f0 : 0 < v ^+ n.+1 * (v ^+ n.+3 + 1) by rewrite mulr_gt0 ?exprn_gt0 // addr_gt0 ?exprn_gt0.
have f2 : v ^+ n.+1 * (v ^+ n.+3 + 1) <= 2%:R.
  have -> : (2%:R : R) = 1 * (1 + 1) by rewrite mul1r.
  apply: ler_pmul; rewrite ?exprn_ge0 ?addr_ge0 ?exprn_ge0 ?(ltW v0) //.
    by rewrite exprn_ile1 // ltW.
  by rewrite ler_add2r exprn_ile1 // ltW.
have x0 : 0 < x by rewrite mulr_gt0.
have x1 : x < 1 by apply: le_lt_trans small; rewrite -mulrA [2%:R * _]mulrC ler_pmul2l.
by rewrite pmulr_rgt0 // subr_gt0 x1 /= gtr_pmulr // ltr_subl_addr ltr_addl.
Qed.
End Odd.

(* 2. It shrinks for ever and stays positive, so that f stays above 1/2; N = n + 3. *)
Theorem never_past_zero (R : realFieldType) (n : nat) (eta w : R) (t : nat) :
  0 < eta -> 2%:R * n.+3%:R * eta < 1 -> 0 < w <= 1 ->
  let u t := iter t (odd_step n.+3 eta) w in 0 < u t.+1 < u t /\ 1 < (u t ^+ n.+3 + 1) ^+ 2.
Proof.
move=> eta0 small w01 u; have all s : 0 < u s <= 1.
  elim: s => // s IH; have /andP [a b] := odd_step_shrinks eta0 small IH.
  by rewrite /u iterS a /=; apply: ltW; apply: lt_le_trans b _; case/andP: IH.
have /andP [u0 _] := all t; split; first by rewrite /u iterS odd_step_shrinks ?all.
have p0 : 0 < u t ^+ n.+3 by rewrite exprn_gt0.
by rewrite sqrrD expr1n mulr1 ltr_addr addr_gt0 ?exprn_gt0 // mulrn_wgt0.
Qed.

(* 1/(2N) is best possible: there 1 goes to 0. *)
Theorem half_over_depth_is_sharp (R : realFieldType) (n : nat) : odd_step n.+3 (2%:R * n.+3%:R)^-1 (1 : R) = 0.
Proof.
rewrite /odd_step !expr1n; have n0 : n.+3%:R != 0 :> R by rewrite pnatr_eq0.
by move: (n.+3%:R : R) n0 => x x0; field.
Qed.

(* N = 3: 1/w grows by 3 eta a step at least. *)
Theorem slow_at_depth_three (R : realFieldType) (eta w : R) (t : nat) :
  0 < eta -> 6%:R * eta < 1 -> 0 < w <= 1 ->
  w^-1 + 3%:R * eta * t%:R <= (iter t (odd_step 3 eta) w)^-1.
Proof.
move=> eta0 small w01; have small' : 2%:R * 0.+3%:R * eta < 1 by rewrite -natrM.
have all s : 0 < iter s (odd_step 3 eta) w <= 1.
  elim: s => // s IH; have /andP [a b] := odd_step_shrinks (n := 0) eta0 small' IH.
  by rewrite iterS a /=; apply: ltW; apply: lt_le_trans b _; case/andP: IH.
elim: t => [|t IH]; first by rewrite mulr0 addr0.
have := all t.+1; rewrite iterS; move: (iter t _ w) (all t) IH => v /andP [v0 v1] IH /andP [v'0 _].
pose x := 3%:R * eta * (v * (v ^+ 3 + 1)).
have E : odd_step 3 eta v = v * (1 - x) by rewrite /odd_step /x /=; ring.
have x0 : 0 <= x by rewrite !mulr_ge0 ?ler0n ?addr_ge0 ?exprn_ge0 ?ler01 // ltW.
have x1 : 0 < 1 - x by move: v'0; rewrite E pmulr_rgt0.
rewrite -[t.+1]addn1 natrD mulrDr mulr1 addrA; apply: le_trans (_ : v^-1 + 3%:R * eta <= _); first by rewrite ler_add2r.
rewrite E invfM; apply: le_trans (_ : v^-1 * (1 + x) <= _).
  rewrite mulrDr mulr1 ler_add2l /x; have -> : v^-1 * (3%:R * eta * (v * (v ^+ 3 + 1))) = 3%:R * eta * (v ^+ 3 + 1).
    by field; rewrite gt_eqF.
  by rewrite ler_pmulr ?mulr_gt0 ?ltr0n // ler_addr exprn_ge0 // ltW.
rewrite ler_pmul2l ?invr_gt0 // -[X in _ <= X]mul1r ler_pdivl_mulr //.
by rewrite (_ : (1 + x) * (1 - x) = 1 - x ^+ 2) ?ler_subl_addr ?ler_addl ?sqr_ge0 //; ring.
Qed.

(* 3 (b). A cycle of two, *)
Theorem cycle_of_two (R : realFieldType) (eta u : R) (t : nat) : 0 < eta -> u ^+ 2 = 1 + 2%:R / eta ->
  iter t (double_step eta) u = (-1) ^+ t * u.
Proof.
move=> eta0 uu; have e0 : eta != 0 by rewrite gt_eqF.
have step s : (s = u) \/ (s = - u) -> double_step eta s = - s.
  move=> su; have ss : s ^+ 2 = 1 + 2%:R / eta by case: su => ->; rewrite ?sqrrN.
  rewrite /double_step exprSr ss; by field.
elim: t => [|t IH]; first by rewrite mul1r.
rewrite iterS IH step; first by rewrite exprS mulN1r mulNr.
by rewrite -signr_odd; case: odd; rewrite ?mulN1r ?mul1r; [right|left].
Qed.

(* divergence beyond it, by the first factor at least, *)
Theorem divergence_beyond (R : realFieldType) (eta u : R) (t : nat) : 0 < eta -> 1 + 2%:R / eta < u ^+ 2 ->
  let q := eta * u ^+ 2 - 1 - eta in 1 < q /\ q ^+ t * `|u| <= `|iter t (double_step eta) u|.
Proof.
move=> eta0 big q; have e0 : eta != 0 by rewrite gt_eqF.
have q1 : 1 < q.
  rewrite /q ltr_subr_addr ltr_subr_addr; apply: le_lt_trans (_ : eta * (1 + 2%:R / eta) < _).
    by rewrite (_ : eta * _ = 1 + eta + 1) //; field.
  by rewrite ltr_pmul2l.
split=> //; have q0 : 0 <= q by rewrite ltW // (lt_trans ltr01).
suff both : `|u| <= `|iter t (double_step eta) u| /\ q ^+ t * `|u| <= `|iter t (double_step eta) u| by case: both.
elim: t => [|t [IH1 IH2]]; first by rewrite mul1r.
rewrite iterS; move: (iter t _ u) IH1 IH2 => v IH1 IH2.
have factor : q * `|v| <= `|double_step eta v|.
  have -> : double_step eta v = - (v * (eta * v ^+ 2 - 1 - eta)) by rewrite /double_step; ring.
  rewrite normrN normrM mulrC ler_wpmul2l //; apply: le_trans (ler_norm _).
  rewrite /q !ler_add2r ler_pmul2l // -(real_normK (num_real u)) -(real_normK (num_real v)).
  by rewrite ler_sqr ?nnegrE.
split; last by rewrite exprS -mulrA; apply: le_trans factor; rewrite ler_wpmul2l.
apply: le_trans factor; apply: le_trans IH1 _; by rewrite ler_pemull // ltW.
Qed.

(* and nearer steps. *)
Theorem nearer_inside (R : realFieldType) (eta u : R) : 0 < eta -> 1 < u ^+ 2 < 1 + 2%:R / eta ->
  `|double_step eta u| < `|u|.
Proof.
move=> eta0 /andP [u1 u2]; have e0 : eta != 0 by rewrite gt_eqF.
have -> : double_step eta u = u * (1 + eta - eta * u ^+ 2) by rewrite /double_step; ring.
have un0 : 0 < `|u| by rewrite normr_gt0; apply/eqP => u0; move: u1; rewrite u0 expr0n ltr10.
rewrite normrM gtr_pmulr // ltr_norml; apply/andP; split.
  rewrite ltr_subr_addr addrC -ltr_subr_addr opprK; apply: lt_le_trans (_ : eta * (1 + 2%:R / eta) <= _).
    by rewrite ltr_pmul2l.
  by rewrite (_ : eta * _ = 1 + eta + 1) //; field.
by rewrite ltr_subl_addr ltr_add2l -[X in X < _]mulr1 ltr_pmul2l.
Qed.

(* 4. Between c = 2 and c = 6: 1/(u^{-2} + 6 eta t) <= u(t)^2 <= 1/(u^{-2} + 2 eta t). *)
Theorem no_linear_rate (R : realFieldType) (eta u : R) (t : nat) : 0 < eta -> u != 0 -> 2%:R * (eta * u ^+ 2) <= 1 ->
  let v := iter t (quartic_step eta) u in
  [/\ v != 0, u ^- 2 + 2%:R * eta * t%:R <= v ^- 2 & v ^- 2 <= u ^- 2 + 6%:R * eta * t%:R].
Proof.
move=> eta0 u0 small /=.
suff : [/\ iter t (quartic_step eta) u != 0, 2%:R * (eta * iter t (quartic_step eta) u ^+ 2) <= 1,
    u ^- 2 + 2%:R * eta * t%:R <= iter t (quartic_step eta) u ^- 2 &
    iter t (quartic_step eta) u ^- 2 <= u ^- 2 + 6%:R * eta * t%:R] by case.
elim: t => [|t [v0 vs lo hi]]; first by rewrite !mulr0 !addr0.
rewrite iterS; move: (iter t _ u) v0 vs lo hi => v v0 vs lo hi.
pose x := eta * v ^+ 2.
have v2 : 0 < v ^+ 2 by rewrite lt_def sqrf_eq0 v0 sqr_ge0.
have x0 : 0 < x by rewrite mulr_gt0.
have x1 : 0 < 1 - x.
  by rewrite subr_gt0; apply: lt_le_trans vs; rewrite -[X in X < _]mul1r ltr_pmul2r // ltr1n.
have -> : quartic_step eta v = v * (1 - x) by rewrite /quartic_step /x; ring.
have w0 : v * (1 - x) != 0 by rewrite mulf_neq0 // gt_eqF.
have x1' : 1 - x <= 1 by rewrite ler_subl_addr ler_addl ltW.
have inv : (v * (1 - x)) ^- 2 = v ^- 2 * (1 - x) ^- 2 by rewrite exprMn invfM.
have E c : v ^- 2 + c * eta = v ^- 2 * (1 + c * x) by rewrite /x; field; rewrite v0.
have iv0 : 0 < v ^- 2 by rewrite invr_gt0.
have sq0 : 0 < (1 - x) ^+ 2 by rewrite exprn_gt0.
split=> //.
- apply: le_trans vs; rewrite ler_pmul2l ?ltr0n // ler_pmul2l // exprMn ler_pimulr ?sqr_ge0 //.
  by rewrite exprn_ile1 // ltW.
- rewrite -[t.+1]addn1 natrD mulrDr mulr1 addrA.
  apply: le_trans (_ : v ^- 2 + 2%:R * eta <= _); first by rewrite ler_add2r.
  rewrite inv E ler_pmul2l // -[X in _ <= X]mul1r ler_pdivl_mulr // -subr_ge0.
  have -> : 1 - (1 + 2%:R * x) * (1 - x) ^+ 2 = x ^+ 2 * (1 + 2%:R * (1 - x)) by ring.
  by rewrite mulr_ge0 ?sqr_ge0 // addr_ge0 ?ler01 // mulr_ge0 ?ler0n // ltW.
rewrite -[t.+1]addn1 natrD [_ * (_%:R + _)]mulrDr mulr1 addrA.
apply: le_trans (_ : v ^- 2 + 6%:R * eta <= _); last by rewrite ler_add2r.
rewrite inv E ler_pmul2l // -[X in X <= _]mul1r ler_pdivr_mulr // -subr_ge0.
have -> : (1 + 6%:R * x) * (1 - x) ^+ 2 - 1 = x * (1 - 2%:R * x) * (1 + 3%:R * (1 - x)) by ring.
apply: mulr_ge0; first by apply: mulr_ge0; [exact: ltW|rewrite subr_ge0].
by rewrite addr_ge0 ?ler01 // mulr_ge0 ?ler0n // ltW.
Qed.
