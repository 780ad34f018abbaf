(* A network with three layers that are 0: no terms of the first and second order, and yet a way down.

   With t V in the place of the layers that are 0 the product is t^k V_{1:N}, so the loss is exactly
   l(W) - t^k <Phi, V_{1:N}> + t^(2k) ||V_{1:N}||^2 / 2 ([way_down]); and along any U it is l(W) + O(t^3) ([flat]). *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm rational_numbers certificate certificate_network.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Saddle.
Variables (R : realFieldType) (d : nat -> nat).
Implicit Types (W U : weights R d) (z : nat -> bool).

Definition along_line W (t : R) U : weights R d := fun j => W j + t *: U j.

(* How many of the layers below k are 0, by a list of answers that may miss some. *)
Definition zeros (z : nat -> bool) (k : nat) : nat := count z (iota 0 k).

Lemma zeros_next z k : zeros z k.+1 = (zeros z k + z k)%N.
Proof. by rewrite /zeros -addn1 iotaD count_cat /= addn0. Qed.

Lemma product_bounded W U z k : (forall j, (j < k)%N -> z j -> W j = 0) ->
  exists2 C : R, 0 <= C & forall t, `|t| <= 1 -> exists2 Y : 'M[R]_(d k, d 0),
    product (along_line W t U) 0 k = t ^+ zeros z k *: Y & sqnorm Y <= C.
Proof.
elim: k => [|k IH] are_zero.
  exists (sqnorm (1%:M : 'M[R]_(d 0%N))); first exact: sqnorm_ge0.
  by move=> t _; exists 1%:M; rewrite ?product_nil // expr0 scale1r.
have [|C C0 bounded] := IH; first by move=> j jk; apply: are_zero; apply: leqW.
pose D := (sqnorm (W k) + sqnorm (U k)) *+ 2; have D0 : 0 <= D by rewrite mulrn_wge0 // addr_ge0 // sqnorm_ge0.
exists (D * C); first exact: mulr_ge0.
move=> t t1; have [Y E Y_small] := bounded t t1; rewrite product_last // E zeros_next.
have U_small : sqnorm (U k) <= D.
  by rewrite /D -[X in X <= _]add0r mulr2n ler_add ?addr_ge0 ?sqnorm_ge0 // ler_addr sqnorm_ge0.
case zk : (z k).
  exists (U k *m Y); last by apply: le_trans (sqnorm_mul _ _) _; rewrite ler_pmul ?sqnorm_ge0.
  by rewrite /along_line are_zero // add0r addn1 exprSr -scalemxAr -scalemxAl scalerA.
exists ((W k + t *: U k) *m Y); first by rewrite addn0 -scalemxAr.
apply: le_trans (sqnorm_mul _ _) _; rewrite ler_pmul ?sqnorm_ge0 //.
have parallel (a b : R) : (a + t * b) ^+ 2 <= (a ^+ 2 + b ^+ 2) *+ 2.
  have t2 : t ^+ 2 <= 1 by rewrite -real_normK ?num_real // expr_le1.
  apply: le_trans (_ : (a ^+ 2 + t ^+ 2 * b ^+ 2) *+ 2 <= _).
    by rewrite -subr_ge0 (_ : _ - _ = (a - t * b) ^+ 2) ?sqr_ge0 //; ring.
  by rewrite ler_pmuln2r // ler_add2l -[X in _ <= X]mul1r ler_wpmul2r // sqr_ge0.
rewrite /D /sqnorm -big_split -sumrMnl; apply: ler_sum => i _; rewrite -big_split -sumrMnl; apply: ler_sum => j _.
by rewrite !mxE; apply: parallel.
Qed.

Lemma product_scaled W U z k t : (forall j, (j < k)%N -> if z j then W j = 0 else U j = 0) ->
  product (along_line W t U) 0 k = t ^+ zeros z k *: product (along_line W 1 U) 0 k.
Proof.
elim: k => [|k IH] parted; first by rewrite !product_nil expr0 scale1r.
rewrite !product_last // IH => [|j jk]; last by apply: parted; apply: leqW.
rewrite zeros_next -scalemxAr; have := parted k (ltnSn k); rewrite /along_line; case: (z k) => ->.
  by rewrite !add0r addn1 exprSr scale1r -scalemxAl scalerA.
by rewrite !scaler0 !addr0 addn0.
Qed.

Lemma sqnorm_line m n (X Phi : 'M[R]_(m, n)) c :
  sqnorm (c *: X - Phi) = sqnorm Phi - (c * inner Phi X) *+ 2 + c ^+ 2 * sqnorm X.
Proof.
rewrite -scaleN1r addrC sqnormD !sqnorm_scale sqrrN expr1n mul1r -mulNrn; congr (_ + _ *+ 2 + _).
have opposite : (-1 *: Phi)^T = -1 *: Phi^T by apply/matrixP => i j; rewrite !mxE.
by rewrite /inner opposite -scalemxAr -scalemxAl !mxtraceZ mulN1r mulrN.
Qed.

Lemma halves (a b s x : R) : (a - (s * b) *+ 2 + s ^+ 2 * x) / 2%:R = a / 2%:R - b * s + x / 2%:R * s ^+ 2.
Proof. by rewrite !mulrDl mulNr -(mulr_natr (s * b)) mulfK ?pnatr_eq0 //; ring. Qed.

Lemma inner_small m n (X Phi : 'M[R]_(m, n)) : `|inner Phi X| *+ 2 <= sqnorm Phi + sqnorm X.
Proof.
have plus := sqnorm_ge0 (1 *: X - Phi); have minus := sqnorm_ge0 (-1 *: X - Phi); move: plus minus.
rewrite !sqnorm_line sqrrN expr1n !mul1r mulN1r mulNrn opprK => plus minus.
rewrite -normrMn; move: (inner Phi X *+ 2) (sqnorm Phi) (sqnorm X) plus minus => b a e plus minus.
rewrite ler_norml -subr_ge0 -(subr_ge0 b); apply/andP; split.
  by rewrite (_ : b - - (a + e) = a + b + e) //; ring.
by rewrite (_ : a + e - b = a - b + e) //; ring.
Qed.
End Saddle.

Section Networks.
Variables (R : realFieldType) (p : network) (v : seq matrix).
Local Notation N := (depth p).
Local Notation W := (layers R p (start p)).

(* Along every line the loss changes by O(t^3); along v it is l - value t^k + C t^(2k), value > 0. *)
Definition flat_saddle (k : nat) (value : Q) : Prop :=
  [/\ forall U, exists C : R, forall t, `|t| <= 1 -> `|loss (along_line W t U) - loss W| <= C * `|t| ^+ 3,
      0 < number R value, (0 < k)%N &
      exists C : R, forall t, loss (along_line W t (layers R p v)) = loss W - number R value * t ^+ k + C * t ^+ (2 *
        k)].

Definition is_zero (j : nat) : bool := vanishes (width p j.+1) (width p j) (nth [::] (start p) j).
Definition mixed : seq matrix := mkseq (fun j => if is_zero j then nth [::] v j else nth [::] (start p) j) N.
Definition check_saddle (k : nat) (value : Q) : bool :=
  [&& (2 < k)%N, zeros is_zero N == k, ltq zero value,
      all (fun j => is_zero j || vanishes (width p j.+1) (width p j) (nth [::] v j)) (iota 0 N) &
      Qeq_bool value (sumq (width p N) (fun i => sumq (width p 0%N) (fun j =>
        mulq (entry (target p) i j) (entry (chain p mixed 0 N) i j))))].

Theorem saddle_shown k value : check_saddle k value -> flat_saddle k value.
Proof.
case/and5P => k3 /eqP zeros_k /(number_gt0 R) value0 /allP parts /(number_eqb R) is_value.
have parted j : (j < N)%N -> if is_zero j then W j = 0 else layers R p v j = 0.
  move=> jN; have := parts j; rewrite mem_iota => /(_ jN); case zj : (is_zero j) => /=.
    by move=> _; apply: mx_vanishes.
  exact: mx_vanishes.
have zero_layers j : (j < N)%N -> is_zero j -> W j = 0 by move=> /parted; case: (is_zero j).
have no_power : (0 : R) ^+ k = 0 by rewrite expr0n; case: k k3 {zeros_k}.
have at_zero : product W 0 N = 0.
  rewrite (@product_congr _ _ W (along_line W 0 W)) => [|j _]; last by rewrite /along_line scale0r addr0.
  have [C _ bounded] := product_bounded W zero_layers; have [|Y -> _] := bounded 0; first by rewrite normr0 ler01.
  by rewrite zeros_k no_power scale0r.
have loss_W : loss W = sqnorm (goal R p) / 2%:R.
  by rewrite /loss /residual /end_to_end at_zero sub0r -scaleN1r sqnorm_scale sqrrN expr1n mul1r.
split=> //; last 1 first.
- exists (sqnorm (product (along_line W 1 (layers R p v)) 0 N) / 2%:R) => t.
  have is_inner : number R value = inner (goal R p) (product (along_line W 1 (layers R p v)) 0 N).
    rewrite is_value number_sum innerE -(pair_bigA _ (fun i j => goal R p i j * product _ 0 N i j)) /=.
    have <- : mx R (width p N) (width p 0%N) (chain p mixed 0 N) = product (along_line W 1 (layers R p v)) 0 N.
      rewrite chain_product //; apply: product_congr => j /andP [_ jN]; rewrite /layers nth_mkseq // /along_line.
      have := parted j jN; rewrite /layers; case: (is_zero j) => ->; first by rewrite add0r scale1r.
      by rewrite scaler0 addr0.
    apply: eq_bigr => i _; rewrite number_sum; apply: eq_bigr => j _; by rewrite number_mul !mxE.
  rewrite loss_W {1}/loss /residual /end_to_end (product_scaled _ parted) zeros_k sqnorm_line -is_inner.
  by rewrite mulnC exprM; apply: halves.
- move=> U; have [C C0 bounded] := product_bounded U zero_layers; exists (sqnorm (goal R p) + C) => t t1.
  have [Y E Y_small] := bounded t t1; rewrite loss_W /loss /residual /end_to_end E zeros_k sqnorm_line halves.
  set b := inner _ _; set a := sqnorm (goal R p); set y := sqnorm Y in Y_small *; set s := t ^+ k.
  have -> : a / 2%:R - b * s + y / 2%:R * s ^+ 2 - a / 2%:R = s * (y / 2%:R * s - b) by ring.
  have s3 : `|s| <= `|t| ^+ 3.
    by rewrite normrX -(subnKC k3) exprD ler_pimulr ?exprn_ge0 ?normr_ge0 // exprn_ile1 ?normr_ge0.
  have s1 : `|s| <= 1 by rewrite normrX exprn_ile1 ?normr_ge0.
  rewrite normrM [X in _ <= X]mulrC ler_pmul ?normr_ge0 //; apply: le_trans (ler_norm_sub _ _) _.
  have y0 : 0 <= y by apply: sqnorm_ge0.
  have half0 : 0 <= y / 2%:R by rewrite mulr_ge0 // invr_ge0 ler0n.
  rewrite normrM (ger0_norm half0) -(@ler_pmuln2r _ 2) // mulrnDl.
  have small := inner_small Y (goal R p); rewrite -/b -/a -/y in small.
  apply: le_trans (ler_add (_ : _ <= y) small) _.
    by rewrite -(mulr_natr (_ * _)) mulrAC divfK ?pnatr_eq0 // ler_pimulr.
  have a0 : 0 <= a by apply: sqnorm_ge0.
  by rewrite mulr2n [X in _ <= X]addrACA [X in X <= _]addrCA ler_add ?ler_addl // ler_add.
- exact: ltnW (ltnW k3).
Qed.
End Networks.
