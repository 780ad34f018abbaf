(* A layer of ReLU units: the identity for <grad l, U - U*> (DL-052), of any finite sample with any weights.

   s_jn is the slope of unit j on sample n: where the unit is s(z) = max(z, 0) any number in [0, 1] with
   s z = max(z, 0); D is what the patterns differ by. The loss is l = 1/2 sum_n p_n (f - f* )^2.
   Left out: that the gradient is the derivative of l; distributions that are not finite; statement 2. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Definition dot (R : comRingType) d (a b : 'I_d -> R) : R := \sum_i a i * b i.

Section Sample.
Variables (R : comRingType) (d K m : nat) (p : 'I_m -> R) (x : 'I_m -> 'I_d -> R).
Variables (u w : 'I_K -> 'I_d -> R) (s t : 'I_K -> 'I_m -> R).
(* f and f*, of slopes s and t. *)
Definition units (v : 'I_K -> 'I_d -> R) (s : 'I_K -> 'I_m -> R) (n : 'I_m) : R := \sum_j s j n * dot (v j) (x n).
(* f* less what the teachers would give with the pattern of the units. *)
Definition difference (n : 'I_m) : R := \sum_j (t j n - s j n) * dot (w j) (x n).
Definition gradient (j : 'I_K) (i : 'I_d) : R := \sum_n p n * ((units u s n - units w t n) * s j n * x n i).
End Sample.

(* 1. <grad l, U - U*> = 2 l + E (f - f* ) D. *)
Theorem one_point_identity (R : comRingType) (d K m : nat) (p : 'I_m -> R) (x : 'I_m -> 'I_d -> R)
    (u w : 'I_K -> 'I_d -> R) (s t : 'I_K -> 'I_m -> R) :
  let e n := units x u s n - units x w t n in
  \sum_j dot (gradient p x u w s t j) (fun i => u j i - w j i) =
  \sum_n p n * e n ^+ 2 + \sum_n p n * (e n * difference x w s t n).
Proof.
move=> e; rewrite -big_split /=.
transitivity (\sum_j \sum_n p n * (e n * (s j n * (dot (u j) (x n) - dot (w j) (x n))))).
  apply: eq_bigr => j _; rewrite /dot /gradient.
  transitivity (\sum_i \sum_n p n * (e n * (s j n * ((u j i - w j i) * x n i)))).
    apply: eq_bigr => i _; rewrite mulr_suml; apply: eq_bigr => n _; rewrite /e.
    by move: (units _ _ _ _) (units _ _ _ _) (p n) (s j n) (x n i) (u j i) (w j i) => *; ring.
  rewrite exchange_big /=; apply: eq_bigr => n _; rewrite -sumrB -!mulr_sumr; congr (_ * (_ * (_ * _))).
  by apply: eq_bigr => i _; rewrite mulrBl.
rewrite exchange_big /=; apply: eq_bigr => n _; rewrite -!mulr_sumr -mulrDr; congr (_ * _).
rewrite expr2 -mulrDr; congr (_ * _); rewrite /e /units /difference -sumrB -big_split /=.
by apply: eq_bigr => j _; move: (s j n) (t j n) (dot _ _) (dot _ _) => *; ring.
Qed.

(* D is a sum of |u*.x| over the units whose pattern differs, so D >= 0: of slopes in [0, 1] of ReLU units. *)
Theorem difference_is_positive (R : realDomainType) (d K m : nat) (x : 'I_m -> 'I_d -> R) (w : 'I_K -> 'I_d -> R)
    (s t : 'I_K -> 'I_m -> R) (n : 'I_m) :
  (forall j, 0 <= s j n <= 1) ->
  (forall j, t j n * dot (w j) (x n) = Num.max (dot (w j) (x n)) 0) -> 0 <= difference x w s t n.
Proof.
move=> s01 relu; apply: sumr_ge0 => j _; rewrite mulrBl relu; have /andP [s0 s1] := s01 j.
move: (dot _ _) (s j n) s0 s1 => z a a0 a1; rewrite subr_ge0.
have [z0|z0] := lerP z 0; first by rewrite mulr_ge0_le0.
by rewrite -[X in _ <= X]mul1r ler_wpmul2r // ltW.
Qed.

(* <grad l, U - U*> >= 2 l - (2 l E D^2)^{1/2}: whatever E D^2 is. *)
Theorem one_point_bound (R : rcfType) (d K m : nat) (p : 'I_m -> R) (x : 'I_m -> 'I_d -> R)
    (u w : 'I_K -> 'I_d -> R) (s t : 'I_K -> 'I_m -> R) : (forall n, 0 <= p n) ->
  let twice := \sum_n p n * (units x u s n - units x w t n) ^+ 2 in
  twice - Num.sqrt (twice * \sum_n p n * difference x w s t n ^+ 2) <=
  \sum_j dot (gradient p x u w s t j) (fun i => u j i - w j i).
Proof.
move=> p0 /=; rewrite one_point_identity; set twice := \sum_n p n * _ ^+ 2; rewrite ler_add2l.
set e := fun n => units x u s n - units x w t n; set D := difference x w s t.
have cs : (\sum_n p n * (e n * D n)) ^+ 2 <= twice * \sum_n p n * D n ^+ 2.
  have q n : p n = Num.sqrt (p n) ^+ 2 by rewrite sqr_sqrtr.
  have -> : \sum_n p n * (e n * D n) = \sum_n (Num.sqrt (p n) * e n) * (Num.sqrt (p n) * D n).
    by apply: eq_bigr => n _; rewrite {1}q; ring.
  have -> : twice = \sum_n (Num.sqrt (p n) * e n) ^+ 2 by apply: eq_bigr => n _; rewrite exprMn -q.
  have -> : \sum_n p n * D n ^+ 2 = \sum_n (Num.sqrt (p n) * D n) ^+ 2.
    by apply: eq_bigr => n _; rewrite exprMn -q.
  exact: cauchy_schwarz_sum.
rewrite ler_oppl; apply: le_trans (ler_norm _) _; rewrite normrN -sqrtr_sqr; exact: ler_wsqrtr.
Qed.
