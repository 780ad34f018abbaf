(* Statements about every step that a counterexample refutes at one step.

   c is the deficiency margin at the start, N the depth. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm rational_numbers certificate certificate_network.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Statements.
Variables (R : realFieldType) (p : network) (rate : Q) (t : nat).
Local Notation N := (depth p).
Definition weights_at (s : nat) : weights R (width p) := descent (number R rate) (goal R p) (layers R p (start p)) s.

(* The loss rises in step t. *)
Definition loss_rises : Prop := 0 < number R rate /\ exists2 s, t = s.+1 & loss (weights_at s) < loss (weights_at t).

(* Exact balance at the start, and none at step t. *)
Definition balance_is_lost : Prop :=
  [/\ 0 < number R rate, forall j, (j.+1 < N)%N -> imbalance (weights_at 0%N) j = 0 &
      exists2 j, (j.+1 < N)%N & imbalance (weights_at t) j != 0].

(* delta-balanced at the start, and not 2 delta-balanced at step t, for the delta of Theorem 1 of ACGH19:
   delta^(2N) = c^(4N) / ((256 N^3)^(2N) ||Phi||_F^(4N - 4)). *)
Definition delta_power (c : R) : R :=
  c ^+ (4 * N) / ((256%:R * N%:R ^+ 3) ^+ (2 * N) * sqnorm (goal R p) ^+ (2 * N - 2)).
Definition imbalance_doubles (c : Q) : Prop :=
  [/\ 0 < number R rate, 0 < number R c,
      forall j, (j.+1 < N)%N -> sqnorm (imbalance (weights_at 0%N) j) ^+ N <= delta_power (number R c) &
      exists2 j, (j.+1 < N)%N & 4%:R ^+ N * delta_power (number R c) < sqnorm (imbalance (weights_at t) j) ^+ N].

(* Layers of width 1 with 2 <= b <= |w_j| <= C and eta b^(2N-1) >= 20 C,
   one of which is beyond eta C^(2N-1) after a step. *)
Definition weights_leave (b most : Q) : Prop :=
  [/\ t = 1%N, all (pred1 1%N) (widths p), 0 < number R rate /\ 2%:R <= number R b,
      forall j, (j < N)%N -> number R b ^+ 2 <= sqnorm (weights_at 0%N j) <= number R most ^+ 2 &
      20%:R * number R most <= number R rate * number R b ^+ (2 * N - 1) /\
      exists2 j, (j < N)%N & (number R rate * number R most ^+ (2 * N - 1)) ^+ 2 < sqnorm (weights_at t j)].

(* 0 < x <= eta c^(2(N-1)/N) t, and still l(t) (1 + x + ... + x^24/24!) > l(0): so l(t) > e^(-x) l(0). *)
Definition partial_exp (x : R) : R := \sum_(k < 25) x ^+ k / (k`!)%:R.
Definition guarantee_is_missed (c x : Q) : Prop :=
  [/\ 0 < number R rate, 0 < number R c, 0 < number R x,
      (number R x / t%:R) ^+ N <= number R rate ^+ N * number R c ^+ (2 * N - 2) &
      (0 < t)%N /\ loss (weights_at 0%N) < loss (weights_at t) * partial_exp (number R x)].
End Statements.

(* A natural number, and the partial sum of the exponential. *)
Definition natq (n : nat) : Q := Qmake (Z.of_nat n) 1.
Definition quotient (a b : Q) : Q := mulq a (Qinv b).
Fixpoint exp_terms (x last : Q) (k n : nat) : Q :=
  if n is m.+1 then addq last (exp_terms x (mulq last (mulq x (Qinv (natq k.+1)))) k.+1 m) else zero.

Section Checks.
Variables (p : network) (rate : Q) (t : nat).
Local Notation d := (width p).
Local Notation N := (depth p).
Let now := run p rate t (start p).
Let inner_layers := iota 0 N.-1.

Definition check_rises : bool :=
  if t is s.+1 then ltq zero rate && ltq (loss_of p (run p rate s (start p))) (loss_of p now) else false.
Definition check_lost : bool :=
  [&& ltq zero rate, all (fun j => vanishes (d j.+1) (d j.+1) (balance p (start p) j)) inner_layers &
      has (fun j => ltq zero (balance_square p now j)) inner_layers].
Definition delta_power_of (c : Q) : Q :=
  quotient (powq c (4 * N)) (mulq (powq (mulq (natq 256) (powq (natq N) 3)) (2 * N))
                                  (powq (square (d N) (d 0%N) (target p)) (2 * N - 2))).
Definition check_doubles (c : Q) : bool :=
  [&& ltq zero rate, ltq zero c,
      all (fun j => Qle_bool (powq (balance_square p (start p) j) N) (delta_power_of c)) inner_layers &
      has (fun j => ltq (mulq (powq (natq 4) N) (delta_power_of c)) (powq (balance_square p now j) N)) inner_layers].
Definition layer_square (ws : seq matrix) (j : nat) : Q := square (d j.+1) (d j) (nth [::] ws j).
Definition check_leave (b most : Q) : bool :=
  [&& t == 1%N, all (pred1 1%N) (widths p), ltq zero rate && Qle_bool (natq 2) b,
      all (fun j => Qle_bool (powq b 2) (layer_square (start p) j) && Qle_bool (layer_square (start p) j) (powq most 2))
        (iota 0 N) &
      Qle_bool (mulq (natq 20) most) (mulq rate (powq b (2 * N - 1))) &&
      has (fun j => ltq (powq (mulq rate (powq most (2 * N - 1))) 2) (layer_square now j)) (iota 0 N)].
Definition check_missed (c x : Q) : bool :=
  [&& ltq zero rate, ltq zero c, ltq zero x,
      Qle_bool (powq (quotient x (natq t)) N) (mulq (powq rate N) (powq c (2 * N - 2))) &
      (0 < t)%N && ltq (loss_of p (start p)) (mulq (loss_of p now) (exp_terms x one 0 25))].
End Checks.

Section Proofs.
Variables (R : realFieldType) (p : network) (rate : Q) (t : nat).
Local Notation N := (depth p).
Local Notation at_ := (weights_at R p rate).

Lemma number_nat n : number R (natq n) = n%:R.
Proof. by case: n => [|n]; rewrite /number /= ?mul0r // divr1 SuccNat2Pos.id_succ. Qed.

Lemma number_inv q : number R (Qinv q) = (number R q)^-1.
Proof.
case: q => [[|a|a] b]; rewrite /number /= ?mul0r ?invr0 //; first by rewrite invf_div.
by rewrite invrM ?unitfE ?oppr_eq0 ?invr_eq0 ?positive_neq0 // invrK invrN mulrN mulNr.
Qed.

Lemma number_quotient a b : number R (quotient a b) = number R a / number R b.
Proof. by rewrite number_mul number_inv. Qed.

Lemma number_exp x n : number R (exp_terms x one 0 n) = \sum_(k < n) number R x ^+ k / (k`!)%:R.
Proof.
have shifted k last : number R last = number R x ^+ k / (k`!)%:R ->
    number R (exp_terms x last k n) = \sum_(i < n) number R x ^+ (k + i) / ((k + i)`!)%:R.
  elim: n k last => [|n IH] k last E; first by rewrite big_ord0 number0.
  rewrite /= number_add E big_ord_recl addn0; congr (_ + _); rewrite (IH k.+1).
    by apply: eq_bigr => i _; rewrite addSnnS.
  rewrite 2!number_mul number_inv (number_nat k.+1) E factS natrM invfM exprSr mulrACA.
  by congr (_ * _); rewrite mulrC.
by rewrite (shifted 0%N) // number1 expr0 divr1.
Qed.

Lemma in_range j : (j \in iota 0 N.-1) = (j.+1 < N)%N.
Proof. by rewrite mem_iota add0n leq0n /=; case: N. Qed.

Lemma start_balance j : number R (balance_square p (start p) j) = sqnorm (imbalance (at_ 0%N) j).
Proof. exact: number_balance. Qed.

Lemma later_balance j : (j.+1 < N)%N ->
  number R (balance_square p (run p rate t (start p)) j) = sqnorm (imbalance (at_ t) j).
Proof.
by move=> jN; rewrite number_balance // /imbalance /weights_at -!(run_descent R rate t (start p)) // ltnW.
Qed.

Lemma later_layer j : (j < N)%N ->
  number R (layer_square p (run p rate t (start p)) j) = sqnorm (at_ t j).
Proof. by move=> jN; rewrite number_square /weights_at -run_descent. Qed.

Theorem rises_shown : check_rises p rate t -> loss_rises R p rate t.
Proof.
rewrite /check_rises /loss_rises; case: t => // s /andP [/(number_gt0 R) r0 /(number_lt R)]; rewrite !loss_run => less.
by split=> //; exists s.
Qed.

Theorem lost_shown : check_lost p rate t -> balance_is_lost R p rate t.
Proof.
case/and3P => /(number_gt0 R) r0 /allP balanced /hasP [j]; rewrite in_range => jN /(number_gt0 R) out; split=> //.
  move=> l lN; have := balanced l; rewrite in_range => /(_ lN) /(mx_vanishes R).
  by rewrite mx_less !mx_mul !mx_tr number1 scale1r.
exists j => //; apply: contraTneq out => E; rewrite later_balance // E.
by rewrite /sqnorm big1 ?ltxx // => i _; rewrite big1 // => k _; rewrite mxE expr0n.
Qed.

Lemma number_delta c : number R (delta_power_of p c) = delta_power p (number R c).
Proof.
have general k e f g q : number R (quotient (powq c e) (mulq (powq (mulq (natq k) (powq (natq N) 3)) f) (powq q g))) =
    number R c ^+ e / ((k%:R * N%:R ^+ 3) ^+ f * number R q ^+ g).
  by rewrite number_quotient number_mul !number_pow number_mul number_pow !number_nat.
by rewrite /delta_power_of general number_square.
Qed.

Theorem doubles_shown c : check_doubles p rate t c -> imbalance_doubles R p rate t c.
Proof.
case/and4P => /(number_gt0 R) r0 /(number_gt0 R) c0 /allP within /hasP [j]; rewrite in_range => jN /(number_lt R) out.
split=> // [l lN|].
  by rewrite -start_balance // -number_pow -number_delta; apply: number_le; apply: within; rewrite in_range.
by exists j => //; move: out; rewrite number_mul !number_pow number_delta number_nat later_balance.
Qed.

Theorem leave_shown b most : check_leave p rate t b most -> weights_leave R p rate t b most.
Proof.
case/and5P => /eqP t1 ones /andP [/(number_gt0 R) r0 /(number_le R) b2] /allP within /andP [/(number_le R) large].
case/hasP => j; rewrite mem_iota => jN /(number_lt R) out; move: b2 large;
  rewrite !number_mul number_pow 2!number_nat => b2 large.
split=> // [l lN|].
  have := within l; rewrite mem_iota => /(_ lN) /andP [/(number_le R) low /(number_le R) high].
  by move: low high; rewrite !number_pow number_square => -> ->.
by split=> //; exists j => //; rewrite -later_layer //; move: out; rewrite !number_pow number_mul number_pow.
Qed.

Theorem missed_shown c x : check_missed p rate t c x -> guarantee_is_missed R p rate t c x.
Proof.
case/and5P => /(number_gt0 R) r0 /(number_gt0 R) c0 /(number_gt0 R) x0 /(number_le R) within /andP [t0 /(number_lt R)
  out].
move: within out; rewrite number_mul !number_pow number_quotient number_nat number_mul number_exp number_loss loss_run.
by move=> within out; split.
Qed.
End Proofs.
