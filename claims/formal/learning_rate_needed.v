(* A small learning rate is needed (DL-019): balanced starts with a margin from which descent cycles, stops at a saddle
   or diverges, because the learning rate is too large.

   Widths 1, all layers equal to w: w' = w - eta w^{N-1} (w^N - Phi), mode_step of scalar.v; the margin of w is
   Phi - |w^N - Phi|. 1: cycles of two, N >= 1; 3: to the mirror image, N even; 5: to the saddle, N >= 2; 6: depth 1,
   any dimensions.
   d x d for 1 to 5 is scalar_in_matrices.v.
   Left out: 2 (every eta beyond the inverse curvature has such a cycle), 4 (cycles of four). *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network scalar norm.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* What [mode] is: a layer of gradient descent on matrices, where all layers start equal. *)
Theorem descent_of_equal_layers (R : comRingType) (N : nat) (eta Phi p : R) (t j : nat) : (j < N)%N ->
  descent eta (target N Phi) (scalars (fun _ => p)) t j = (mode N eta Phi p t)%:M.
Proof. by move=> jN; rewrite descent_scalars // equal_layers_stay_equal. Qed.

(* A step that leads from p to q and one that leads from q to p, for ever. *)
Lemma alternates (R : comRingType) (N : nat) (eta phi p q : R) (t : nat) :
  mode_step N eta phi p = q -> mode_step N eta phi q = p -> mode N eta phi p t = if odd t then q else p.
Proof.
move=> pq qp; elim: t => // t IH; rewrite /mode iterS -/(mode _ _ _ _ _) IH /=.
by case: (odd t).
Qed.

(* 1. N = n + 1. *)
Section CyclesOfTwo.
Variables (R : realFieldType) (n : nat).
Local Notation N := n.+1.
Definition cycle_target (p q : R) : R := (p ^+ (n + N) + q ^+ (n + N)) / (p ^+ n + q ^+ n).
Definition cycle_rate (p q : R) : R := (p - q) * (p ^+ n + q ^+ n) / ((p * q) ^+ n * (p ^+ N - q ^+ N)).

Lemma cycle_step (p q : R) : p != 0 -> q != 0 -> p ^+ n + q ^+ n != 0 -> p ^+ N - q ^+ N != 0 ->
  mode_step N (cycle_rate p q) (cycle_target p q) p = q.
Proof.
move=> p1 q1 s1 d1; rewrite /mode_step /cycle_rate /cycle_target !exprD !exprMn !exprS /=.
have x1 : p ^+ n != 0 by rewrite expf_neq0.
have y1 : q ^+ n != 0 by rewrite expf_neq0.
move: d1 s1 x1 y1; rewrite !exprS; move: (p ^+ n) (q ^+ n) => x y d1 s1 x1 y1.
by field; rewrite x1 y1 s1 d1.
Qed.

Lemma cycle_symmetric (p q : R) : cycle_rate p q = cycle_rate q p /\ cycle_target p q = cycle_target q p.
Proof.
rewrite /cycle_rate /cycle_target [p * q]mulrC [q ^+ n + _]addrC [q ^+ (n + N) + _]addrC; split=> //.
by rewrite -[p ^+ N - _]opprB -[p - q]opprB mulrN mulNr invrN mulrNN.
Qed.

Theorem cycles_of_two (p q : R) (t : nat) : let eta := cycle_rate p q in let Phi := cycle_target p q in 0 < q < p ->
  mode N eta Phi p t = (if odd t then q else p) /\
  [/\ 0 < eta, Phi - `|p ^+ N - Phi| = 2%:R * Phi - p ^+ N, 0 < 2%:R * Phi - p ^+ N & Phi - `|q ^+ N - Phi| = q ^+ N].
Proof.
move=> eta Phi /andP [q0 qp]; have p0 := lt_trans q0 qp.
have x0 : 0 < p ^+ n by rewrite exprn_gt0.
have y0 : 0 < q ^+ n by rewrite exprn_gt0.
have yx : q ^+ n <= p ^+ n by apply: ler_expn2r; rewrite ?nnegrE ltW.
have d0 : 0 < p ^+ N - q ^+ N by rewrite subr_gt0 ltr_expn2r // ltW.
have s0 : 0 < p ^+ n + q ^+ n by rewrite addr_gt0.
split.
  apply: alternates; first by apply: cycle_step; rewrite gt_eqF.
  rewrite /eta /Phi; have [-> ->] := cycle_symmetric p q; apply: cycle_step.
  - by rewrite gt_eqF.
  - by rewrite gt_eqF.
  - by rewrite addrC gt_eqF.
  - by rewrite -opprB oppr_eq0 gt_eqF.
have PhiE : Phi * (p ^+ n + q ^+ n) = p ^+ n * p ^+ N + q ^+ n * q ^+ N.
  by rewrite /Phi /cycle_target divfK ?gt_eqF // !exprD.
have hi : Phi < p ^+ N.
  rewrite -(ltr_pmul2r s0) PhiE -subr_gt0.
  by have -> : p ^+ N * (p ^+ n + q ^+ n) - (p ^+ n * p ^+ N + q ^+ n * q ^+ N) = q ^+ n * (p ^+ N - q ^+ N);
    [ring|rewrite mulr_gt0].
have lo : q ^+ N < Phi.
  rewrite -(ltr_pmul2r s0) PhiE -subr_gt0.
  by have -> : p ^+ n * p ^+ N + q ^+ n * q ^+ N - q ^+ N * (p ^+ n + q ^+ n) = p ^+ n * (p ^+ N - q ^+ N);
    [ring|rewrite mulr_gt0].
split.
- by rewrite /eta /cycle_rate; apply: divr_gt0; rewrite mulr_gt0 ?subr_gt0 ?exprn_gt0 ?mulr_gt0 // -subr_gt0.
- by rewrite ger0_norm ?subr_ge0 ?ltW //; ring.
- rewrite -(pmulr_lgt0 _ s0) mulrBl -mulrA PhiE.
  have -> : 2%:R * (p ^+ n * p ^+ N + q ^+ n * q ^+ N) - p ^+ N * (p ^+ n + q ^+ n) =
    p ^+ N * (p ^+ n - q ^+ n) + 2%:R * (q ^+ n * q ^+ N) by ring.
  rewrite ltr_spaddr //; first by rewrite !mulr_gt0 ?exprn_gt0 ?ltr0n.
  by rewrite mulr_ge0 ?subr_ge0 // ltW // exprn_gt0.
- by rewrite ler0_norm ?subr_le0 ?ltW //; ring.
Qed.

(* Conversely, p and q that alternate satisfy the two equations. *)
Theorem alternating_means_this (p q eta Phi : R) :
  p != 0 -> q != 0 -> p ^+ n + q ^+ n != 0 -> p ^+ N != q ^+ N -> eta != 0 ->
  mode_step N eta Phi p = q -> mode_step N eta Phi q = p -> Phi = cycle_target p q /\ eta = cycle_rate p q.
Proof.
move=> p1 q1 s1 d1 e1 pq qp.
have pq' : p - q = eta * (p ^+ n * (p ^+ N - Phi)) by rewrite -{1}pq /mode_step opprB addrCA subrr addr0.
have qp' : q - p = eta * (q ^+ n * (q ^+ N - Phi)) by rewrite -{1}qp /mode_step opprB addrCA subrr addr0.
have PhiE : Phi = cycle_target p q.
  apply: (mulIf s1); rewrite /cycle_target divfK // !exprD; apply/eqP; rewrite eq_sym -subr_eq0; apply/eqP.
  apply: (mulfI e1); rewrite mulr0.
  transitivity (eta * (p ^+ n * (p ^+ N - Phi)) + eta * (q ^+ n * (q ^+ N - Phi))); first by ring.
  by rewrite -pq' -qp'; ring.
split=> //; have x1 : p ^+ n != 0 by rewrite expf_neq0.
have y1 : q ^+ n != 0 by rewrite expf_neq0.
have d2 : p ^+ N - q ^+ N != 0 by rewrite subr_eq0.
have E : eta * (p ^+ n * q ^+ n * (p ^+ N - q ^+ N)) = (p - q) * (p ^+ n + q ^+ n).
  rewrite pq' PhiE /cycle_target !exprD; move: (p ^+ n) (q ^+ n) (p ^+ N) (q ^+ N) s1 => x y a b s1.
  by field.
rewrite /cycle_rate -E exprMn mulfK // mulf_neq0 // mulf_neq0 //.
Qed.
End CyclesOfTwo.

(* 3. N = n + 2 even. For N = 2: the loss is 2 / eta^2 for ever, and the margin positive exactly for eta Phi > 2. *)
Theorem to_the_mirror_image (R : comRingType) (n : nat) (eta Phi p : R) (t : nat) : let N := n.+2 in ~~ odd N ->
  eta * (p ^+ n * (p ^+ N - Phi)) = 2%:R -> mode N eta Phi p t = (-1) ^+ t * p.
Proof.
move=> N even_N two.
have step s : s ^+ 2 = 1 -> mode_step N eta Phi (s * p) = - (s * p).
  move=> s2; have s_even k : ~~ odd k -> s ^+ k = 1.
    by move=> ek; rewrite -(odd_double_half k) (negPf ek) add0n -mul2n exprM s2 expr1n.
  rewrite /mode_step /= [(s * p) ^+ N]exprMn (s_even N) // mul1r exprS exprMn (s_even n) ?mul1r; last first.
    by move: even_N; rewrite /N /= negbK.
  have -> : s * p - eta * (s * p * p ^+ n * (p ^+ N - Phi)) = s * p - s * p * (eta * (p ^+ n * (p ^+ N - Phi))).
    by move: (p ^+ n) (p ^+ N) => x y; ring.
  by rewrite two; ring.
elim: t => [|t IH]; first by rewrite /= mul1r.
rewrite /mode iterS -/(mode _ _ _ _ _) IH step; last exact: sqrr_sign.
by rewrite exprS mulN1r mulNr.
Qed.

Theorem two_layers_to_the_mirror_image (R : realFieldType) (phi eta w : R) (t j : nat) :
  eta != 0 -> w ^+ 2 = phi + 2%:R / eta -> (j < 2)%N ->
  [/\ scalar_descent 2 eta phi (fun _ => w) t j = (-1) ^+ t * w,
      scalar_residual 2 phi (scalar_descent 2 eta phi (fun _ => w) t) ^+ 2 / 2%:R = 2%:R / eta ^+ 2 &
      0 < eta -> phi - `|w ^+ 2 - phi| = phi - 2%:R / eta /\ (0 < phi - 2%:R / eta) = (2%:R < eta * phi)].
Proof.
move=> u square j2.
have two : eta * (w ^+ 0 * (w ^+ 2 - phi)) = 2%:R by rewrite square mul1r addrC addKr mulrCA divff // mulr1.
have cycle s : mode 2 eta phi w s = (-1) ^+ s * w := @to_the_mirror_image R 0 eta phi w s isT two.
split.
- by rewrite equal_layers_stay_equal // cycle.
- rewrite /scalar_residual !big_nat_recl // big_geq // mulr1 !equal_layers_stay_equal // cycle -expr2.
  rewrite exprMn -exprM mulnC exprM sqrrN !expr1n mul1r square addrC addKr.
  by field.
move=> eta0; rewrite square [_ - phi]addrAC subrr add0r ger0_norm ?divr_ge0 ?ler0n ?(ltW eta0) //; split=> //.
by rewrite subr_gt0 ltr_pdivr_mulr // mulrC.
Qed.

(* 5. N = n + 2: one step to the saddle at 0; the loss is Phi^2 / 2 from then on. *)
Theorem to_the_saddle (R : comRingType) (n : nat) (eta Phi p : R) (t : nat) : let N := n.+2 in
  eta * (p ^+ n * (p ^+ N - Phi)) = 1 ->
  mode N eta Phi p t.+1 = 0 /\ scalar_residual N Phi (scalar_descent N eta Phi (fun _ => p) t.+1) = - Phi.
Proof.
move=> N one; have zero : mode N eta Phi p t.+1 = 0.
  elim: t => [|t IH].
    rewrite /mode /= /mode_step /= exprS.
    have -> : p - eta * (p * p ^+ n * (p ^+ N - Phi)) = p - p * (eta * (p ^+ n * (p ^+ N - Phi))).
      by move: (p ^+ n) (p ^+ N) => x y; ring.
    by rewrite one mulr1 subrr.
  by rewrite /mode iterS -/(mode _ _ _ _ _) IH /mode_step /= exprS !mul0r mulr0 subrr.
split=> //; rewrite /scalar_residual big_ltn // equal_layers_stay_equal // zero mul0r sub0r //.
Qed.

(* The margins of 3 (excess = 2) and 5 (excess = 1), for every N = n + 2. *)
Theorem margin_of_equal_layers (R : realFieldType) (n : nat) (eta Phi p excess : R) : let N := n.+2 in
  0 < eta -> 0 < excess -> ~~ odd n || (0 < p) -> eta * (p ^+ n * (p ^+ N - Phi)) = excess ->
  let margin := Phi - `|p ^+ N - Phi| in
  [/\ margin = 2%:R * Phi - p ^+ N, margin = Phi - excess / (eta * p ^+ n) &
      (0 < margin) = (excess < eta * p ^+ n * Phi)].
Proof.
move=> N eta0 excess0 sign equation margin; have pn0 : 0 < p ^+ n.
  rewrite lt_def; apply/andP; split; last first.
    by case/orP: sign => [even|p0]; [exact: exprn_even_ge0|rewrite exprn_ge0 // ltW].
  by apply/eqP => z; move: excess0; rewrite -equation z mul0r mulr0 ltxx.
have u : 0 < eta * p ^+ n by rewrite mulr_gt0.
have above : p ^+ N - Phi = excess / (eta * p ^+ n) by rewrite -equation mulrA mulrAC mulfV ?gt_eqF // mul1r.
have value : margin = Phi - excess / (eta * p ^+ n) by rewrite /margin above ger0_norm // divr_ge0 ?ltW.
split=> //; first by rewrite value -above; ring.
by rewrite value subr_gt0 ltr_pdivr_mulr // mulrC.
Qed.

(* Every depth N = n + 2 has such starts with a margin: w = 1, of excess 1 and 2. *)
Theorem margin_met (R : realFieldType) (n : nat) (excess : R) : 0 < excess ->
  let eta := 4%:R * excess in let Phi : R := 3%:R / 4%:R in
  [/\ 0 < eta, eta * (1 ^+ n * (1 ^+ n.+2 - Phi)) = excess & Phi - `|1 ^+ n.+2 - Phi| = 1 / 2%:R].
Proof.
move=> excess0 eta Phi; have quarter : 1 - Phi = 1 / 4%:R by rewrite /Phi; field.
split; first by rewrite mulr_gt0 ?ltr0n.
  by rewrite !expr1n mul1r quarter /eta; field.
by rewrite expr1n quarter ger0_norm ?divr_ge0 ?ler01 ?ler0n // /Phi; field.
Qed.

(* 6. Depth 1, any dimensions: W(t) - Phi = (1 - eta)^t (W(0) - Phi). *)
Theorem depth_one_run (R : comRingType) (d : nat -> nat) (eta : R) (Phi : 'M[R]_(d 1%N, d 0%N))
    (W : weights R d) (t : nat) :
  residual Phi (descent eta Phi W t) = (1 - eta) ^+ t *: residual Phi W.
Proof.
elim: t => [|t IH]; first by rewrite scale1r.
rewrite exprS -scalerA -IH /descent iterS -/(descent _ _ _ _); move: (descent _ _ _ _) => V.
have one (U : weights R d) : end_to_end 1 U = U 0%N by rewrite /end_to_end product_last // product_nil mulmx1.
rewrite /residual !one /descent_step /gradient_step /layer_gradient !product_nil !trmx1 mulmx1 mul1mx.
by rewrite /residual one scalerBl scale1r addrAC.
Qed.

(* So the loss is multiplied by (1 - eta)^2 in a step, which is 1 at eta = 2 and above 1 beyond. *)
Theorem depth_one_loss (R : realDomainType) (d : nat -> nat) (eta : R) (Phi : 'M[R]_(d 1%N, d 0%N))
    (W : weights R d) (t : nat) :
  sqnorm (residual Phi (descent eta Phi W t)) = ((1 - eta) ^+ t) ^+ 2 * sqnorm (residual Phi W).
Proof. by rewrite depth_one_run sqnorm_scale. Qed.

(* The catalogue's DLX-015: Phi = 4, eta = 8/9, w = 5/2, the loss 81/32 for ever, the margin 7/4. *)
Theorem rational_cycle (t : nat) : let loss (w : nat -> rat) := scalar_residual 2 4%:R w ^+ 2 / 2%:R in
  loss (scalar_descent 2 (8%:R / 9%:R) 4%:R (fun _ => 5%:R / 2%:R) t) = 81%:R / 32%:R.
Proof.
have e0 : 8%:R / 9%:R != 0 :> rat by [].
have sq : (5%:R / 2%:R) ^+ 2 = 4%:R + 2%:R / (8%:R / 9%:R) :> rat by apply/eqP.
by have [_ E _] := two_layers_to_the_mirror_image t e0 sq (isT : (0 < 2)%N); rewrite /= E; apply/eqP.
Qed.
