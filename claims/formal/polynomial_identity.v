(* Identities between polynomials with rational coefficients, decided by the kernel.

   A polynomial is an expression; [eval R x f] is its value at numbers x 0, x 1, ... of an ordered field R. Where the
   normal form of f - g is 0, f and g have equal values everywhere ([identity]). *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import rational_numbers.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Inductive expr := Const of Q | Var of nat | Add of expr & expr | Mul of expr & expr | Pow of expr & nat.
Definition Sub (f g : expr) := Add f (Mul (Const (Qmake (Zneg xH) 1)) g).
Fixpoint Sum (fs : seq expr) : expr := if fs is f :: more then Add f (Sum more) else Const zero.
Fixpoint Prod (fs : seq expr) : expr := if fs is f :: more then Mul f (Prod more) else Const one.
Fixpoint subst (s : nat -> expr) (f : expr) : expr :=
  match f with
  | Const q => Const q | Var i => s i | Add a b => Add (subst s a) (subst s b)
  | Mul a b => Mul (subst s a) (subst s b) | Pow a n => Pow (subst s a) n
  end.

(* Normal forms: sums of a number times a product of variables, in an order of these. *)
Definition monomial := seq nat.
Definition poly := seq (monomial * Q).
Fixpoint lexical (a b : monomial) : comparison :=
  match a, b with
  | [::], [::] => Eq | [::], _ => Lt | _, [::] => Gt
  | i :: a', j :: b' => match Nat.compare i j with Eq => lexical a' b' | c => c end
  end.
(* By degree first: so products with a monomial stay in order. *)
Definition below (a b : monomial) : comparison :=
  match Nat.compare (size a) (size b) with Eq => lexical a b | c => c end.
Fixpoint join (a : monomial) : monomial -> monomial :=
  fix inner b := match a, b with
  | [::], _ => b | _, [::] => a
  | i :: a', j :: b' => if Nat.leb i j then i :: join a' b else j :: inner b'
  end.
Fixpoint plus (p : poly) : poly -> poly :=
  fix inner q := match p, q with
  | [::], _ => q | _, [::] => p
  | (a, x) :: p', (b, y) :: q' =>
      if a == b then let z := addq x y in if Qeq_bool z zero then plus p' q' else (a, z) :: plus p' q'
      else if below a b is Gt then (b, y) :: inner q' else (a, x) :: plus p' q
  end.
Definition scaled (a : monomial) (x : Q) (q : poly) : poly := [seq (join a t.1, mulq x t.2) | t <- q].
Fixpoint times (p q : poly) : poly := if p is (a, x) :: p' then plus (scaled a x q) (times p' q) else [::].
Fixpoint power (p : poly) (n : nat) : poly := if n is m.+1 then times p (power p m) else [:: ([::], one)].
Fixpoint normal (f : expr) : poly :=
  match f with
  | Const q => if Qeq_bool q zero then [::] else [:: ([::], q)]
  | Var i => [:: ([:: i], one)]
  | Add a b => plus (normal a) (normal b)
  | Mul a b => times (normal a) (normal b)
  | Pow a n => power (normal a) n
  end.
Definition equal (f g : expr) : bool := nilp (normal (Sub f g)).

Section Values.
Variable R : realFieldType.
Implicit Type x : nat -> R.

Fixpoint eval x (f : expr) : R :=
  match f with
  | Const q => number R q | Var i => x i | Add a b => eval x a + eval x b
  | Mul a b => eval x a * eval x b | Pow a n => eval x a ^+ n
  end.

Lemma eval_sub x f g : eval x (Sub f g) = eval x f - eval x g.
Proof. by rewrite /= /number /= divr1 mulN1r. Qed.
Lemma eval_sum x fs : eval x (Sum fs) = \sum_(f <- fs) eval x f.
Proof. by elim: fs => [|f fs IH]; rewrite ?big_nil ?big_cons -?IH //= number0. Qed.
Lemma eval_prod x fs : eval x (Prod fs) = \prod_(f <- fs) eval x f.
Proof. by elim: fs => [|f fs IH]; rewrite ?big_nil ?big_cons -?IH //= number1. Qed.
Lemma eval_subst x s f : eval x (subst s f) = eval (fun i => eval x (s i)) f.
Proof. by elim: f => //= [a -> b ->|a -> b ->|a -> n]. Qed.
Lemma eval_ext x y f : x =1 y -> eval x f = eval y f.
Proof. by move=> xy; elim: f => //= [a -> b ->|a -> b ->|a -> n]. Qed.

Definition at_monomial x (a : monomial) : R := \prod_(i <- a) x i.
Definition at_poly x (p : poly) : R := \sum_(t <- p) number R t.2 * at_monomial x t.1.

Lemma at_join x a b : at_monomial x (join a b) = at_monomial x a * at_monomial x b.
Proof.
rewrite /at_monomial; elim: a b => [|i a IH] b; first by case: b => *; rewrite big_nil mul1r.
elim: b => [|j b IHb]; first by rewrite big_nil mulr1.
rewrite /=; case: ifP => _; rewrite big_cons; first by rewrite IH [in RHS]big_cons mulrA.
by rewrite [X in _ * X = _]IHb [X in _ = _ * X]big_cons mulrCA.
Qed.

Lemma at_plus x p q : at_poly x (plus p q) = at_poly x p + at_poly x q.
Proof.
rewrite /at_poly; elim: p q => [|[a k] p IH] q; first by case: q => *; rewrite big_nil add0r.
elim: q => [|[b l] q IHq]; first by rewrite big_nil addr0.
have cons t (r : poly) : \sum_(t <- t :: r) number R t.2 * at_monomial x t.1 =
  number R t.2 * at_monomial x t.1 + \sum_(t <- r) number R t.2 * at_monomial x t.1 by rewrite big_cons.
rewrite /=; case: eqP => [->|_].
  have sum : number R (addq k l) = number R k + number R l by apply: number_add.
  case: ifP => [/number_eqb z|_]; rewrite ?cons /= ?IH ?sum; last by rewrite mulrDl addrACA.
  by move: (z R); rewrite sum number0 addrACA -mulrDl => ->; rewrite mul0r add0r.
case: (below a b); rewrite ?cons /= ?IH ?cons /= -?addrA //.
by rewrite [X in _ + X = _]IHq !cons /= addrCA -addrA.
Qed.

Lemma at_times x p q : at_poly x (times p q) = at_poly x p * at_poly x q.
Proof.
elim: p => [|[a k] p IH] /=; first by rewrite /at_poly big_nil mul0r.
rewrite at_plus IH [in RHS]/at_poly big_cons /= mulrDl; congr (_ + _).
rewrite /at_poly big_map mulr_sumr; apply: eq_bigr => t _ /=.
by rewrite number_mul at_join mulrACA.
Qed.

Lemma at_normal x f : at_poly x (normal f) = eval x f.
Proof.
have single a k : at_poly x [:: (a, k)] = number R k * at_monomial x a by rewrite /at_poly big_seq1.
elim: f => [q|i|a IHa b IHb|a IHa b IHb|a IHa n] /=; rewrite ?at_plus ?at_times ?IHa ?IHb //.
- case: ifP => [/number_eqb z|_]; first by rewrite /at_poly big_nil z number0.
  by rewrite single /at_monomial big_nil mulr1.
- by rewrite single /at_monomial big_seq1 number1 mul1r.
elim: n => [|n IH] /=; first by rewrite single /at_monomial big_nil mulr1 number1.
by rewrite at_times IH IHa exprS.
Qed.

Theorem identity x f g : equal f g -> eval x f = eval x g.
Proof.
move/nilP => E; apply/eqP; rewrite -subr_eq0 -eval_sub -at_normal E.
by rewrite /at_poly big_nil.
Qed.

End Values.
