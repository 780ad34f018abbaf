(* What the limit on the learning rate in DL-013 and in DL-072's balance (A) is enough for: its own constant 2.

   Let a^N + r^N = 2 y^N, N = n+1 >= 2 and e = 3 (N-1) / (2 N^2). Then 5 a^2 r^{2N-2} (1 + e)^{N-1} <= 4 N y^{2N}, which
   is z <= 2/5 in data_fall.v. The two means of a^N and r^N bound a r^{N-1}; what is left is an inequality between whole
   numbers for each N. Up to N = 23 it is computed; from 24 on a <= r and (1 + e)^{N-1} <= 125/27 are enough. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import bounds step rational_numbers.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* N^N u v^n <= n^n (u + v)^N: the geometric mean of u and n times v / n is at most the arithmetic one *)
Theorem two_means (R : realFieldType) (n : nat) (u v : R) : 0 <= u -> 0 <= v ->
  n.+1%:R ^+ n.+1 * (u * v ^+ n) <= n%:R ^+ n * (u + v) ^+ n.+1.
Proof.
case: n => [|n] u0 v0; first by rewrite !expr0 !expr1 mulr1 !mul1r ler_addl.
set K : R := n.+2%:R; set k : R := n.+1%:R; have k0 : 0 < k by rewrite ltr0n.
have Kk : K = k + 1 by rewrite /K mulrSr.
have uv0 : 0 <= u + v by apply: addr_ge0.
move: uv0; rewrite le_eqVlt => /orP [/eqP zero|m0].
  have v1 : v = 0 by apply/eqP; rewrite eq_le v0 andbT zero ler_addr.
  by rewrite v1 expr0n !mulr0 mulr_ge0 ?exprn_ge0 ?ler0n // addr0.
pose s := (K * v - k * (u + v)) / (k * (u + v)).
have e1 : K * v = k * (u + v) * (1 + s).
  by rewrite /s; field; rewrite !gt_eqF.
have e2 : K * u = (u + v) * (1 - k * s).
  by rewrite /s Kk; field; rewrite !gt_eqF.
have s_ge : 0 <= 1 + s by rewrite -(pmulr_rge0 _ (mulr_gt0 k0 m0)) -e1 mulr_ge0 ?ler0n.
have ks : 0 <= 1 - k * s by rewrite -(pmulr_rge0 _ m0) -e2 mulr_ge0 ?ler0n.
have s_le : -1 <= - s.
  rewrite ler_opp2 -(ler_pmul2l k0) mulr1; apply: le_trans (_ : 1 <= _); last by rewrite ler1n.
  by rewrite -subr_ge0.
have s1 : 0 <= 1 - s by rewrite addrC -(opprK 1) subr_ge0.
have small : (1 - k * s) * (1 + s) ^+ n.+1 <= 1.
  have b : 1 - k * s <= (1 - s) ^+ n.+1 by rewrite -mulrN; apply: bernoulli.
  apply: le_trans (ler_wpmul2r (exprn_ge0 _ s_ge) b) _; rewrite -exprMn.
  have -> : (1 - s) * (1 + s) = 1 - s ^+ 2 by ring.
  apply: exprn_ile1; last by rewrite ler_subl_addr ler_addl sqr_ge0.
  have -> : 1 - s ^+ 2 = (1 - s) * (1 + s) by ring.
  exact: mulr_ge0.
have -> : K ^+ n.+2 * (u * v ^+ n.+1) = K * u * (K * v) ^+ n.+1.
  by rewrite exprS exprMn; move: (K ^+ n.+1) (v ^+ n.+1) => *; ring.
rewrite e1 e2 !exprMn.
have -> : (u + v) * (1 - k * s) * (k ^+ n.+1 * (u + v) ^+ n.+1 * (1 + s) ^+ n.+1)
  = k ^+ n.+1 * (u + v) ^+ n.+2 * ((1 - k * s) * (1 + s) ^+ n.+1).
  by rewrite [(u + v) ^+ n.+2]exprS; move: (k ^+ _) ((u + v) ^+ n.+1) ((1 + s) ^+ _) => *; ring.
by rewrite ler_pimulr // mulr_ge0 ?exprn_ge0 // ltW.
Qed.

(* n^{2n} 5^N (1 + e)^{nN} <= N^{3N}, multiplied by (2 N^2)^{nN}, N = n + 1 *)
Definition enough (n N : nat) : bool :=
  let whole m := Qmake (Z.of_nat m) 1 in let k := (n * N)%N in
  Qle_bool (mulq (mulq (powq (whole n) (n + n)) (powq (whole 5%N) N)) (powq (whole (2 * N ^ 2 + 3 * n)%N) k))
    (mulq (mulq (powq (whole N) N) (powq (whole N) (N + N))) (powq (whole (2 * N ^ 2)%N) k)).

Lemma enough_below (n : nat) : (0 < n < 23)%N -> enough n n.+1.
Proof.
move=> n_in; have each : {in iota 1 22, forall m, enough m m.+1} by apply/allP; vm_compute.
by apply: each; rewrite mem_iota; exact: n_in.
Qed.

Section Limit.
Variable R : realFieldType.

Lemma number_whole m : number R (Qmake (Z.of_nat m) 1) = m%:R.
Proof. by case: m => [|m]; rewrite /number /= ?mul0r // SuccNat2Pos.id_succ divr1. Qed.

Lemma number_enough (n N : nat) : enough n N -> n%:R ^+ (n + n) * 5%:R ^+ N * (2 * N ^ 2 + 3 * n)%:R ^+ (n * N)
  <= N%:R ^+ N * N%:R ^+ (N + N) * (2 * N ^ 2)%:R ^+ (n * N) :> R.
Proof. by move/(number_le R); rewrite !number_mul !number_pow !number_whole. Qed.

Variable n : nat.
Let N := n.+1.
Let K : R := N%:R.
Let g : R := 1 + 3%:R * n%:R / (2%:R * K ^+ 2).
Let K_gt0 : 0 < K. Proof. by rewrite ltr0n. Qed.
Let K2 : 0 < 2%:R * K ^+ 2. Proof. by rewrite mulr_gt0 ?ltr0n ?exprn_gt0. Qed.
Let g_ge1 : 1 <= g. Proof. by rewrite ler_addl divr_ge0 ?mulr_ge0 ?ler0n // ltW. Qed.
Let g_ge0 : 0 <= g. Proof. exact: le_trans ler01 g_ge1. Qed.

Lemma whole_numbers : (0 < n < 23)%N ->
  n%:R ^+ (n + n) * 5%:R ^+ N * g ^+ (n * N) <= K ^+ N * K ^+ (N + N).
Proof.
move=> /enough_below/number_enough; rewrite -/N -/K.
have gK : (2 * N ^ 2 + 3 * n)%:R = g * (2%:R * K ^+ 2).
  by rewrite /g mulrDl mul1r (divfK (lt0r_neq0 K2)) natrD natrM natrX natrM -/K.
have KK : (2 * N ^ 2)%:R = 2%:R * K ^+ 2 by rewrite natrM natrX -/K.
have pos : 0 < (2%:R * K ^+ 2) ^+ (n * N) by apply: exprn_gt0.
by rewrite gK KK [(g * _) ^+ _]exprMn mulrA ler_pmul2r.
Qed.

Lemma power_is_small : 27%:R * g ^+ n <= 125%:R.
Proof.
pose h : R := n%:R / (2%:R * K ^+ 2); have h0 : 0 <= h by rewrite divr_ge0 ?ler0n // ltW.
have gh : g <= (1 + h) ^+ 3.
  have -> : g = 1 + 3%:R * h by rewrite /g /h [3%:R * (_ / _)]mulrA.
  by apply: bernoulli; apply: le_trans h0; rewrite oppr_le0 ler01.
have nh : 2%:R * (n%:R * h) <= 1.
  have -> : 2%:R * (n%:R * h) = n%:R * n%:R / K ^+ 2 by rewrite /h; field; rewrite gt_eqF.
  by rewrite ler_pdivr_mulr ?exprn_gt0 // mul1r expr2; apply: ler_pmul; rewrite ?ler0n // ler_nat leqnSn.
have small : (1 + h) ^+ n <= 5%:R / 3%:R.
  apply: le_trans (power_near_one h0 nh) _; move: (n%:R * h) (mulr_ge0 (ler0n R n) h0) nh => a a0 a1.
  rewrite -subr_ge0; have -> : 5%:R / 3%:R - (1 + a + 2%:R / 3%:R * a ^+ 2) = (1 - 2%:R * a) * (2%:R + a) / 3%:R.
    by field.
  by rewrite divr_ge0 ?ler0n // mulr_ge0 ?subr_ge0 // addr_ge0 ?ler0n.
have h1 : 0 <= 1 + h by rewrite addr_ge0 ?ler01.
apply: le_trans (_ : 27%:R * ((1 + h) ^+ n) ^+ 3 <= _).
  by rewrite ler_wpmul2l ?ler0n // exprAC ler_expn2r ?nnegrE ?exprn_ge0.
apply: le_trans (_ : 27%:R * (5%:R / 3%:R) ^+ 3 <= _); last by apply: eqle; field.
by rewrite ler_wpmul2l ?ler0n // ler_expn2r ?nnegrE ?exprn_ge0 ?divr_ge0 ?ler0n.
Qed.

Theorem enough_of_the_limit (a r y : R) : (0 < n)%N -> 0 <= a -> a <= r -> 0 <= y -> a ^+ N + r ^+ N = 2%:R * y ^+ N ->
  5%:R * (a ^+ 2 * r ^+ (n + n) * g ^+ n) <= 4%:R * K * (y ^+ N) ^+ 2.
Proof.
move=> n0 a0 ar y0 sum; have r0 : 0 <= r by apply: le_trans ar.
set u := a ^+ N in sum *; set w := r ^+ N in sum; set Y := y ^+ N in sum *.
have u0 : 0 <= u by apply: exprn_ge0.
have w0 : 0 <= w by apply: exprn_ge0.
have Y0 : 0 <= Y by apply: exprn_ge0.
have gk k : 0 <= g ^+ k by apply: exprn_ge0.
have [n23|n23] := ltnP n 23.
  have both : 0 <= 5%:R * (a ^+ 2 * r ^+ (n + n) * g ^+ n) by rewrite !mulr_ge0 ?ler0n ?exprn_ge0.
  have right0 : 0 <= 4%:R * K * Y ^+ 2 by rewrite !mulr_ge0 ?ler0n ?exprn_ge0.
  have k0 : 0 < K ^+ (N + N) by apply: exprn_gt0.
  rewrite -(@ler_pexpn2r _ N) ?nnegrE // -(ler_pmul2l k0).
  have means : K ^+ (N + N) * (u * w ^+ n) ^+ 2 <= n%:R ^+ (n + n) * (4%:R ^+ N * (Y ^+ N) ^+ 2).
    have -> : K ^+ (N + N) * (u * w ^+ n) ^+ 2 = (K ^+ N * (u * w ^+ n)) ^+ 2.
      by rewrite [RHS]exprMn -[(K ^+ N) ^+ 2]exprM muln2 addnn.
    have -> : n%:R ^+ (n + n) * (4%:R ^+ N * (Y ^+ N) ^+ 2) = (n%:R ^+ n * (2%:R * Y) ^+ N) ^+ 2.
      have four : 4%:R = 2%:R ^+ 2 :> R by rewrite -natrX.
      rewrite four [RHS]exprMn [(2%:R * Y) ^+ N]exprMn [(2%:R ^+ N * _) ^+ 2]exprMn.
      by rewrite -[(n%:R ^+ n) ^+ 2]exprM muln2 addnn [(2%:R ^+ N) ^+ 2]exprAC.
    by rewrite -sum ler_expn2r ?nnegrE ?mulr_ge0 ?exprn_ge0 ?ler0n ?addr_ge0 // two_means.
  have -> : K ^+ (N + N) * (5%:R * (a ^+ 2 * r ^+ (n + n) * g ^+ n)) ^+ N
    = 5%:R ^+ N * g ^+ (n * N) * (K ^+ (N + N) * (u * w ^+ n) ^+ 2).
    have -> : (u * w ^+ n) ^+ 2 = (a ^+ 2) ^+ N * (r ^+ (n + n)) ^+ N.
      rewrite exprMn /u /w -!exprM; congr (a ^+ _ * r ^+ _); first by rewrite mulnC.
      by rewrite -mulnA muln2 addnn mulnC.
    by rewrite !exprMn exprM; move: ((a ^+ 2) ^+ N) ((r ^+ _) ^+ N) ((g ^+ n) ^+ N) (K ^+ _) (5%:R ^+ N) => *; ring.
  have five : 0 <= 5%:R ^+ N * g ^+ (n * N) by rewrite mulr_ge0 ?exprn_ge0 ?ler0n.
  apply: le_trans (ler_wpmul2l five means) _.
  have wn := whole_numbers; rewrite n0 n23 in wn; have {wn} wn := wn isT.
  have pos : 0 <= 4%:R ^+ N * (Y ^+ N) ^+ 2 by rewrite mulr_ge0 ?exprn_ge0 ?ler0n.
  have -> : 5%:R ^+ N * g ^+ (n * N) * (n%:R ^+ (n + n) * (4%:R ^+ N * (Y ^+ N) ^+ 2))
    = n%:R ^+ (n + n) * 5%:R ^+ N * g ^+ (n * N) * (4%:R ^+ N * (Y ^+ N) ^+ 2).
    by move: (5%:R ^+ N) (g ^+ _) (n%:R ^+ _) (4%:R ^+ N * _) => *; ring.
  apply: le_trans (ler_wpmul2r pos wn) _; apply: eqle.
  rewrite [(_ * Y ^+ 2) ^+ N]exprMn [(4%:R * K) ^+ N]exprMn [(Y ^+ 2) ^+ N]exprAC.
  by move: (K ^+ N) (K ^+ _) (4%:R ^+ N) ((Y ^+ N) ^+ 2) => *; ring.
have wY : w <= 2%:R * Y by rewrite -sum ler_addr.
have square : a ^+ 2 * r ^+ (n + n) <= 4%:R * Y ^+ 2.
  apply: le_trans (_ : w ^+ 2 <= _).
    have -> : w ^+ 2 = r ^+ 2 * r ^+ (n + n) by rewrite /w -exprD -exprM /N muln2 -addnn addSn addnS.
    by rewrite ler_wpmul2r ?exprn_ge0 // ler_expn2r ?nnegrE.
  have -> : 4%:R * Y ^+ 2 = (2%:R * Y) ^+ 2 by ring.
  by rewrite ler_expn2r ?nnegrE ?mulr_ge0 ?ler0n.
have left0 : 0 <= a ^+ 2 * r ^+ (n + n) by rewrite mulr_ge0 ?exprn_ge0.
rewrite -(@ler_pmul2l _ 27%:R) ?ltr0n //.
apply: le_trans (_ : 5%:R * (4%:R * Y ^+ 2) * 125%:R <= _).
  have -> : 27%:R * (5%:R * (a ^+ 2 * r ^+ (n + n) * g ^+ n)) = 5%:R * (a ^+ 2 * r ^+ (n + n)) * (27%:R * g ^+ n).
    by move: (a ^+ 2) (r ^+ _) (g ^+ n) => *; ring.
  apply: ler_pmul power_is_small; [by rewrite mulr_ge0 ?ler0n|by rewrite mulr_ge0 ?ler0n|].
  by rewrite ler_wpmul2l ?ler0n.
have -> : 5%:R * (4%:R * Y ^+ 2) * 125%:R = 4%:R * (625%:R * Y ^+ 2) by ring.
have -> : 27%:R * (4%:R * K * Y ^+ 2) = 4%:R * (27%:R * K * Y ^+ 2) by move: (K) => *; ring.
rewrite ler_wpmul2l ?ler0n // ler_wpmul2r ?exprn_ge0 // /K -natrM ler_nat.
by apply: (@leq_trans (27 * 24)); rewrite // leq_mul2l.
Qed.
End Limit.
