(* One rectified linear unit on points of a line: local minima that are best lines where it is on, best numbers where
   it is off.

   A point is (w_1, b_1, w_2, b_2), the unit's weight and bias and the output's; data are pairs of an input and what is
   wanted of it. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import rational_numbers polynomial_identity certificate certificate_landscape.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Definition unit_output (R : realFieldType) (y : nat -> R) (x : R) : R := y 2%N * Num.max 0 (y 0%N * x + y 1%N) + y 3%N.
Definition unit_loss (R : realFieldType) (data : seq (Q * Q)) (y : nat -> R) : R :=
  (\sum_(d <- data) (unit_output y (number R d.1) - number R d.2) ^+ 2) / 2%:R.
Definition unit_minimum (R : realFieldType) (data : seq (Q * Q)) (u : seq Q) : Prop :=
  exists2 e : R, 0 < e & forall y : nat -> R, (forall i, (i < 4)%N -> `|y i - at_point R u i| <= e) ->
  unit_loss data (at_point R u) <= unit_loss data y.

Definition sum_of (T : Type) (data : seq T) (f : T -> Q) : Q := foldr (fun d => addq (f d)) zero data.
Definition absolute (q : Q) : Q := if Qle_bool zero q then q else subq zero q.
Definition activation (u : seq Q) (x : Q) : Q := addq (mulq (nth zero u 0) x) (nth zero u 1).
Definition output_at (u : seq Q) (x : Q) : Q :=
  addq (mulq (nth zero u 2) (if Qle_bool zero (activation u x) then activation u x else zero)) (nth zero u 3).
Definition gap_at (u : seq Q) (d : Q * Q) : Q := subq (output_at u d.1) d.2.
Definition check_unit_loss (data : seq (Q * Q)) (u : seq Q) (value : Q) : bool :=
  Qeq_bool (mulq (Qmake 1 2) (sum_of data (fun d => powq (gap_at u d) 2))) value.
(* Within e no unit turns on or off; where it is on the residuals are orthogonal to x and 1, where it is off to 1. *)
Definition check_unit_minimum (data : seq (Q * Q)) (u : seq Q) (e : Q) : bool :=
  let on d := Qle_bool zero (activation u d.1) in let sum f := Qeq_bool (sum_of data f) zero in
  [&& ltq zero e, all (fun d => ltq (mulq e (addq (absolute d.1) one)) (absolute (activation u d.1))) data,
      sum (fun d => if on d then mulq (gap_at u d) d.1 else zero),
      sum (fun d => if on d then gap_at u d else zero) & sum (fun d => if on d then zero else gap_at u d)].

Section Unit.
Variables (R : realFieldType) (data : seq (Q * Q)) (u : seq Q).
Local Notation y0 := (at_point R u).

Lemma number_sum_of (T : Type) (s : seq T) f : number R (sum_of s f) = \sum_(d <- s) number R (f d).
Proof. by elim: s => [|d s IH]; rewrite ?big_nil ?number0 // big_cons -IH -number_add. Qed.

Lemma number_absolute q : number R (absolute q) = `|number R q|.
Proof.
rewrite /absolute; case: ifP => [/(number_ge0 R) q0|/negbT q0]; first by rewrite ger0_norm.
by rewrite number_sub number0 sub0r ltr0_norm // -(number0 R); apply: number_lt.
Qed.

Lemma number_activation x : number R (activation u x) = y0 0%N * number R x + y0 1%N.
Proof. by rewrite number_add number_mul. Qed.

Lemma number_gap d : number R (gap_at u d) = unit_output y0 (number R d.1) - number R d.2.
Proof.
rewrite number_sub number_add number_mul /unit_output -number_activation; congr (_ * _ + _ - _).
case: ifP => [/(number_ge0 R) q0|/negbT q0]; first by rewrite max_r.
by rewrite number0 max_l // -(number0 R) ltW // number_lt.
Qed.

Lemma unit_loss_shown value : check_unit_loss data u value -> unit_loss data y0 = number R value.
Proof.
move/(number_eqb R) <-; rewrite number_mul number_sum_of number_half mulrC; congr (_ * _).
by apply: eq_bigr => d _; rewrite number_pow number_gap.
Qed.

Lemma sum_where (T : Type) (a : pred T) (s : seq T) (f g : T -> R) :
  all a s -> (forall d, a d -> f d = g d) -> \sum_(d <- s) f d = \sum_(d <- s) g d.
Proof. by move=> + fg; elim: s => [|d s IH] /=; rewrite ?big_nil // !big_cons => /andP [/fg -> /IH ->]. Qed.

(* Orthogonal corrections to residuals only lengthen them. *)
Lemma only_longer (T : Type) (s : seq T) (r h : T -> R) :
  \sum_(d <- s) r d * h d = 0 -> \sum_(d <- s) r d ^+ 2 <= \sum_(d <- s) (r d + h d) ^+ 2.
Proof.
move=> rh; rewrite -subr_ge0 -sumrB.
have -> : \sum_(d <- s) ((r d + h d) ^+ 2 - r d ^+ 2) = \sum_(d <- s) h d ^+ 2 + 2%:R * \sum_(d <- s) r d * h d.
  by rewrite mulr_sumr -big_split; apply: eq_bigr => d _ /=; move: (r d) (h d) => a b; ring.
by rewrite rh mulr0 addr0; apply: sumr_ge0 => d _; apply: sqr_ge0.
Qed.

Theorem unit_minimum_shown e : check_unit_minimum data u e -> unit_minimum R data u.
Proof.
case/and5P => /(number_gt0 R) e0 steady slopes ons offs; exists (number R e) => // y near.
move: slopes ons offs => /(number_eqb R) slopes /(number_eqb R) ons /(number_eqb R) offs.
rewrite !number_sum_of number0 in slopes ons offs.
pose on (d : Q * Q) := Qle_bool zero (activation u d.1); pose r d := number R (gap_at u d).
pose a := y 2%N * y 0%N - y0 2%N * y0 0%N; pose b := y 2%N * y 1%N + y 3%N - (y0 2%N * y0 1%N + y0 3%N).
pose c := y 3%N - y0 3%N; pose h d := if on d then a * number R d.1 + b else c.
have moved d : ltq (mulq e (addq (absolute d.1) one)) (absolute (activation u d.1)) ->
    unit_output y (number R d.1) - number R d.2 = r d + h d.
  move/(number_lt R); rewrite number_mul number_add number1 !number_absolute => far.
  have off_by : `|(y 0%N * number R d.1 + y 1%N) - number R (activation u d.1)| < `|number R (activation u d.1)|.
    apply: le_lt_trans far; rewrite number_activation mulrDr mulr1.
    have -> (k l m p q : R) : k * p + l - (m * p + q) = (k - m) * p + (l - q) by ring.
    rewrite (le_trans (ler_norm_add _ _)) // ler_add ?near // normrM ler_wpmul2r // near //.
  rewrite /r /h /a /b /c number_sub /output_at number_add number_mul /on /unit_output.
  case: ifP off_by => [/(number_ge0 R) q0|/negbT q0].
    rewrite [X in _ < X]ger0_norm // ltr_norml => /andP [low _]; rewrite max_r; last first.
      by rewrite ltW // -(ltr_add2r (- number R (activation u d.1))) sub0r.
    rewrite number_activation /at_point; move: (number R d.1) (number R d.2) (y 0%N) (y 1%N) (y 2%N) (y 3%N) => *; ring.
  have neg : number R (activation u d.1) < 0 by rewrite -(number0 R); apply: number_lt.
  rewrite [X in _ < X]ltr0_norm // ltr_norml => /andP [_ high]; rewrite max_l; last first.
    by rewrite ltW // -(ltr_add2r (- number R (activation u d.1))) sub0r.
  by rewrite number0 !mulr0 !add0r /at_point; move: (number R d.2) (y 3%N) => *; ring.
rewrite /unit_loss ler_pmul2r ?invr_gt0 ?ltr0n //.
rewrite [X in X <= _](eq_bigr (fun d => r d ^+ 2)) => [|d _]; last by rewrite /r number_gap.
rewrite [X in _ <= X](sum_where (g := fun d => (r d + h d) ^+ 2) steady) => [|d /moved -> //]; apply: only_longer.
have := congr2 +%R (congr2 +%R (congr1 ( *%R a) slopes) (congr1 ( *%R b) ons)) (congr1 ( *%R c) offs).
rewrite !mulr0 !addr0 !mulr_sumr -!big_split => zeros; rewrite -[RHS]zeros.
apply: eq_bigr => d _; rewrite /h /r /on /=.
case: ifP => _; rewrite ?number_mul number0; last by rewrite !mulr0 !add0r mulrC.
by rewrite mulr0 addr0; move: (number R (gap_at u d)) (number R d.1) => *; ring.
Qed.
End Unit.
