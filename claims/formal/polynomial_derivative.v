(* Partial derivatives of polynomials, and values at rational points. *)
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
End Values.
