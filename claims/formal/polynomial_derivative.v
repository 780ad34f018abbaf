(* Derivatives of polynomials, and values at rational points.

   [partial i f] is the derivative by variable i. A direction w is a row of as many numbers as f has variables, n. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import rational_numbers polynomial_identity certificate certificate_landscape.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Fixpoint partial (i : nat) (f : expr) : expr :=
  match f with
  | Const _ => Const zero
  | Var j => Const (if i == j then one else zero)
  | Add a b => Add (partial i a) (partial i b)
  | Mul a b => Add (Mul (partial i a) b) (Mul a (partial i b))
  | Pow a m => Mul (Mul (Const (Qmake (Z.of_nat m) 1)) (Pow a m.-1)) (partial i a)
  end.

(* <Df(y), w> and <w, D^2 f(y) w>. *)
Definition gradient_along (R : realFieldType) (n : nat) (f : expr) (y : nat -> R) (w : 'rV[R]_n) : R :=
  \sum_i w 0 i * eval y (partial i f).
Definition hessian_along (R : realFieldType) (n : nat) (f : expr) (y : nat -> R) (w : 'rV[R]_n) : R :=
  \sum_i \sum_j w 0 i * w 0 j * eval y (partial i (partial j f)).

(* Values in the kernel's rationals. *)
Fixpoint value_at (u : seq Q) (f : expr) : Q :=
  match f with
  | Const q => q | Var i => nth zero u i | Add a b => addq (value_at u a) (value_at u b)
  | Mul a b => mulq (value_at u a) (value_at u b) | Pow a m => powq (value_at u a) m
  end.
(* Only variables below n. *)
Fixpoint variables_below (n : nat) (f : expr) : bool :=
  match f with
  | Const _ => true | Var i => (i < n)%N | Pow a _ => variables_below n a
  | Add a b | Mul a b => variables_below n a && variables_below n b
  end.
(* Every term is of degree d. *)
Definition homogeneous (d : nat) (f : expr) : bool := all (fun t => size t.1 == d) (normal f).

Section Values.
Variable R : realFieldType.
Implicit Type y : nat -> R.

Lemma number_value u f : number R (value_at u f) = eval (at_point R u) f.
Proof.
by elim: f => //= [a <- b <-|a <- b <-|a <- m]; rewrite ?number_add ?number_mul ?number_pow.
Qed.

Lemma partial_beyond n y i f : variables_below n f -> (n <= i)%N -> eval y (partial i f) = 0.
Proof.
move=> + ni; elim: f => /= [q _|j jn|a IHa b IHb /andP [ia ib]|a IHa b IHb /andP [ia ib]|a IH m ia].
- exact: number0.
- by rewrite ifN ?number0 // gtn_eqF // (leq_trans jn).
- by rewrite IHa // IHb // addr0.
- by rewrite IHa // IHb // mul0r mulr0 addr0.
by rewrite IH // mulr0.
Qed.

Lemma eval_homogeneous c d y f : homogeneous d f -> eval (fun i => c * y i) f = c ^+ d * eval y f.
Proof.
have scale a : at_monomial (fun i => c * y i) a = c ^+ size a * at_monomial y a.
  rewrite /at_monomial; elim: a => [|i a IH]; first by rewrite !big_nil mulr1.
  by rewrite !big_cons IH exprS mulrACA.
rewrite /homogeneous -!at_normal /at_poly; elim: normal => [|t p IH] /=; first by rewrite !big_nil mulr0.
by case/andP => /eqP deg /IH rest; rewrite !big_cons rest scale deg mulrDr; congr (_ + _); rewrite mulrCA.
Qed.
End Values.
