(* Networks and their gradient descent on lists of rationals, for the kernel to compute with.

   Every matrix is read with its shape: [fill] builds one of m x n, [entry] reads one, and nothing is cut short in
   silence. [well_shaped] refuses lists of another shape than the widths say. The layers stand input side first. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect.
From DLC Require Import rational_numbers.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Local Open Scope nat_scope.

Definition matrix := seq (seq Q).
Definition entry (a : matrix) (i j : nat) : Q := nth zero (nth [::] a i) j.
Definition fill (m n : nat) (f : nat -> nat -> Q) : matrix := mkseq (fun i => mkseq (f i) n) m.
Definition mul (m n p : nat) (a b : matrix) := fill m p (fun i k => sumq n (fun j => mulq (entry a i j) (entry b j k))).
Definition tr (m n : nat) (a : matrix) := fill n m (fun i j => entry a j i).
Definition less (m n : nat) (b : matrix) (c : Q) (a : matrix) :=     (* b - c a *)
  fill m n (fun i j => subq (entry b i j) (mulq c (entry a i j))).
Definition unit (n : nat) := fill n n (fun i j => if i == j then one else zero).
Definition square (m n : nat) (a : matrix) := sumq m (fun i => sumq n (fun j => mulq (entry a i j) (entry a i j))).
Definition every_entry (m n : nat) (f : nat -> nat -> bool) := all (fun i => all (f i) (iota 0 n)) (iota 0 m).
Definition same (m n : nat) (a b : matrix) := every_entry m n (fun i j => Qeq_bool (entry a i j) (entry b i j)).
Definition vanishes (m n : nat) (a : matrix) := every_entry m n (fun i j => Qeq_bool (entry a i j) zero).
Definition shaped (m n : nat) (a : matrix) := (size a == m) && all (fun row => size row == n) a.

Record network := Network { widths : seq nat; start : seq matrix; target : matrix }.
Definition depth (p : network) := (size (widths p)).-1.
Definition width (p : network) (j : nat) := nth 0 (widths p) j.

Definition well_shaped (p : network) : bool :=
  [&& 2 <= size (widths p), all (leq 1) (widths p), size (start p) == depth p,
      all (fun j => shaped (width p j.+1) (width p j) (nth [::] (start p) j)) (iota 0 (depth p)) &
      shaped (width p (depth p)) (width p 0) (target p)].

Section Descent.
Variable p : network.
Implicit Type ws : seq matrix.
Local Notation d := (width p).
Local Notation N := (depth p).

(* W_k ... W_{i+1}; the residual; the gradient D_{j+1} for a residual g; a step of gradient descent *)
Fixpoint chain ws (i k : nat) : matrix :=
  if k is l.+1 then if i <= l then mul (d k) (d l) (d i) (nth [::] ws l) (chain ws i l) else unit (d i) else unit (d i).
Definition rest ws : matrix := less (d N) (d 0) (chain ws 0 N) one (target p).
Definition slope (g : matrix) ws (j : nat) : matrix :=
  mul (d j.+1) (d 0) (d j)
    (mul (d j.+1) (d N) (d 0) (tr (d N) (d j.+1) (chain ws j.+1 N)) g) (tr (d j) (d 0) (chain ws 0 j)).
Definition move (rate : Q) ws : seq matrix :=
  let g := rest ws in mkseq (fun j => less (d j.+1) (d j) (nth [::] ws j) rate (slope g ws j)) N.
Definition run (rate : Q) (t : nat) ws : seq matrix := iter t (move rate) ws.

Definition loss_of ws : Q := mulq (Qmake 1 2) (square (d N) (d 0) (rest ws)).
Definition balance ws (j : nat) : matrix :=
  let w := nth [::] ws j in let w' := nth [::] ws j.+1 in
  less (d j.+1) (d j.+1) (mul (d j.+1) (d j.+2) (d j.+1) (tr (d j.+2) (d j.+1) w') w') one
    (mul (d j.+1) (d j) (d j.+1) w (tr (d j.+1) (d j) w)).
Definition balance_square ws (j : nat) : Q := square (d j.+1) (d j.+1) (balance ws j).
Definition same_layers ws ws' := all (fun j => same (d j.+1) (d j) (nth [::] ws j) (nth [::] ws' j)) (iota 0 N).
Definition no_slope ws := let g := rest ws in all (fun j => vanishes (d j.+1) (d j) (slope g ws j)) (iota 0 N).
End Descent.
