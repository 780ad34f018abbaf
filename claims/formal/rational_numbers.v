(* The rationals that the kernel computes with, read as numbers of any ordered field.

   Coq's Q is a pair of binary integers: fast to compute with. [number R q] is the element of R that it stands for. *)
From Coq Require Import QArith Qreduction.
From mathcomp Require Import all_ssreflect all_algebra.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* Sums and products in lowest terms, so that numbers stay short. *)
Definition addq (a b : Q) : Q := Qred (Qplus a b).
Definition mulq (a b : Q) : Q := Qred (Qmult a b).
Definition subq (a b : Q) : Q := Qred (Qminus a b).
Definition zero : Q := Qmake 0 1.
Definition one : Q := Qmake 1 1.
Fixpoint powq (a : Q) (n : nat) : Q := if n is m.+1 then mulq a (powq a m) else one.
(* f 0 + ... + f (n - 1) *)
Fixpoint sumq (n : nat) (f : nat -> Q) : Q := if n is m.+1 then addq (sumq m f) (f m) else zero.

Section Number.
Variable R : realFieldType.

Definition whole (z : Z) : R :=
  match z with Z0 => 0 | Zpos p => (Pos.to_nat p)%:R | Zneg p => - (Pos.to_nat p)%:R end.
Definition number (q : Q) : R := whole (Qnum q) / (Pos.to_nat (Qden q))%:R.

Lemma positive p : 0 < (Pos.to_nat p)%:R :> R.
Proof. by rewrite ltr0n; apply/ssrnat.ltP; apply: Pos2Nat.is_pos. Qed.

Lemma positive_neq0 p : (Pos.to_nat p)%:R != 0 :> R.
Proof. by rewrite lt0r_neq0 ?positive. Qed.

Lemma whole_sub p q : whole (Z.pos_sub p q) = (Pos.to_nat p)%:R - (Pos.to_nat q)%:R.
Proof.
rewrite Z.pos_sub_spec; case: Pos.compare_spec => [->|lt_pq|lt_qp]; rewrite ?subrr //=.
  rewrite Pos2Nat.inj_sub // natrB ?opprB //; apply/ssrnat.leP.
  by apply: Nat.lt_le_incl; apply/Pos2Nat.inj_lt.
rewrite Pos2Nat.inj_sub // natrB //; apply/ssrnat.leP.
by apply: Nat.lt_le_incl; apply/Pos2Nat.inj_lt.
Qed.

Lemma whole_add x y : whole (Z.add x y) = whole x + whole y.
Proof.
case: x y => [|p|p] [|q|q] //=; rewrite ?add0r ?addr0 // ?whole_sub ?Pos2Nat.inj_add ?natrD ?opprD //.
by rewrite addrC.
Qed.

Lemma whole_mul x y : whole (Z.mul x y) = whole x * whole y.
Proof.
by case: x y => [|p|p] [|q|q] //=; rewrite ?mul0r ?mulr0 // Pos2Nat.inj_mul natrM ?mulrN ?mulNr ?opprK.
Qed.

Lemma whole_opp x : whole (Z.opp x) = - whole x.
Proof. by case: x => [|p|p] /=; rewrite ?oppr0 ?opprK. Qed.

Lemma whole_ge0 x : Z.le 0 x -> 0 <= whole x.
Proof. by case: x => [|p|p] //= _; rewrite ler0n. Qed.

Lemma whole_gt0 x : Z.lt 0 x -> 0 < whole x.
Proof. by case: x => [|p|p] //= _; apply: positive. Qed.

(* Equal rationals are equal numbers, and the order is the same. *)
Lemma number_eq p q : Qeq p q -> number p = number q.
Proof.
move=> E; apply/eqP; rewrite /number eqr_div ?positive_neq0 //; apply/eqP.
by move: E; rewrite /Qeq => /(congr1 whole); rewrite !whole_mul.
Qed.

Lemma number_red q : number (Qred q) = number q.
Proof. exact: number_eq (Qred_correct q). Qed.

Lemma number_add p q : number (addq p q) = number p + number q.
Proof.
rewrite /addq number_red /number /Qplus /= whole_add !whole_mul /= addf_div ?positive_neq0 //.
by rewrite Pos2Nat.inj_mul natrM.
Qed.

Lemma number_mul p q : number (mulq p q) = number p * number q.
Proof. by rewrite /mulq number_red /number /Qmult /= whole_mul Pos2Nat.inj_mul natrM mulf_div. Qed.

Lemma number_opp q : number (Qopp q) = - number q.
Proof. by rewrite /number /= whole_opp mulNr. Qed.

Lemma number_sub p q : number (subq p q) = number p - number q.
Proof. by rewrite -number_opp -number_add /subq /addq. Qed.

Lemma number0 : number zero = 0. Proof. by rewrite /number mul0r. Qed.
Lemma number1 : number one = 1. Proof. by rewrite /number divrr ?unitfE ?positive_neq0. Qed.

Lemma number_half : number (Qmake 1 2) = 2%:R^-1. Proof. by rewrite /number /= mul1r. Qed.

Lemma number_pow p n : number (powq p n) = number p ^+ n.
Proof. by elim: n => [|n IH]; rewrite ?expr0 ?number1 // exprS -IH -number_mul. Qed.

Lemma number_sum n f : number (sumq n f) = \sum_(i < n) number (f i).
Proof. by elim: n => [|n IH]; rewrite ?big_ord0 ?number0 // big_ord_recr /= -IH -number_add. Qed.

Lemma number_ge0 q : Qle_bool zero q -> 0 <= number q.
Proof.
move/Qle_bool_iff; rewrite /Qle /= Z.mul_1_r => q0.
by rewrite divr_ge0 ?whole_ge0 ?ltW ?positive.
Qed.

Lemma number_le p q : Qle_bool p q -> number p <= number q.
Proof.
move/Qle_bool_iff => le_pq; rewrite -subr_ge0 -number_sub; apply: number_ge0.
by apply/Qle_bool_iff; rewrite /subq Qred_correct; apply/(Qle_minus_iff p q).
Qed.

Definition ltq (p q : Q) := ~~ Qle_bool q p.
Lemma number_gt0 q : ltq zero q -> 0 < number q.
Proof.
move/negP => nle; have: Z.lt 0 (Qnum q).
  apply: Znot_ge_lt => ge; apply: nle; apply/Qle_bool_iff; rewrite /Qle /= Z.mul_1_r.
  exact: Z.ge_le ge.
by move=> q0; rewrite divr_gt0 ?whole_gt0 ?positive.
Qed.

Lemma number_lt p q : ltq p q -> number p < number q.
Proof.
move=> lt_pq; rewrite -subr_gt0 -number_sub; apply: number_gt0.
apply: contra lt_pq => /Qle_bool_iff; rewrite /subq Qred_correct => le; apply/Qle_bool_iff.
by apply/Qle_minus_iff; move: le; rewrite /Qminus => /Qopp_le_compat; rewrite Qopp_plus Qopp_involutive Qplus_comm.
Qed.

Lemma number_eqb p q : Qeq_bool p q -> number p = number q.
Proof. by move/Qeq_bool_iff; apply: number_eq. Qed.
End Number.
