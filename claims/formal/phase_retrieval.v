(* Phase retrieval (DL-038): every critical point of the mean loss over Gaussian vectors, in any dimension; and x is
   lost with 2n - 2 vectors.

   f(z) = 1/4 (3 |z|^4 - 2 |x|^2 |z|^2 - 4 <x, z>^2 + 3 |x|^4). Left out: that this is the mean; and statement 2. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm bounds.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* 4 f, its gradient over 4, and its Hessian over 4 times a vector. *)
Definition mean_loss (R : comRingType) n (x z : 'cV[R]_n) : R :=
  3%:R * inner z z ^+ 2 - 2%:R * (inner x x * inner z z) - 4%:R * inner x z ^+ 2 + 3%:R * inner x x ^+ 2.
Definition mean_gradient (R : comRingType) n (x z : 'cV[R]_n) : 'cV[R]_n :=
  (3%:R * inner z z - inner x x) *: z - (2%:R * inner x z) *: x.
Definition mean_hessian (R : comRingType) n (x z v : 'cV[R]_n) : 'cV[R]_n :=
  (3%:R * inner z z - inner x x) *: v + (6%:R * inner z v) *: z - (2%:R * inner x v) *: x.

(* 1. What gradient and Hessian are: the loss along a line. *)
Theorem along_a_line (R : comRingType) (n : nat) (x z v : 'cV[R]_n) (t : R) :
  mean_loss x (z + t *: v) =
  mean_loss x z + t * (4%:R * inner v (mean_gradient x z)) + t ^+ 2 * (2%:R * inner v (mean_hessian x z v)) +
  t ^+ 3 * (12%:R * (inner z v * inner v v)) + t ^+ 4 * (3%:R * inner v v ^+ 2).
Proof.
rewrite /mean_loss /mean_gradient /mean_hessian -!scaleNr !innerDr !innerZr.
rewrite !(inner_sym (z + t *: v)) !innerDr !innerZr (inner_sym v z) (inner_sym v x).
move: (inner z z) (inner z v) (inner v v) (inner x z) (inner x v) (inner x x) => *; ring.
Qed.

(* Every critical point: 0, x, -x, and z orthogonal to x with 3 |z|^2 = |x|^2. *)
Theorem critical_points (R : realFieldType) (n : nat) (x z : 'cV[R]_n) : x != 0 ->
  mean_gradient x z = 0 <->
  [\/ z = 0, z = x, z = - x | inner x z = 0 /\ 3%:R * inner z z = inner x x].
Proof.
move=> x0; have X0 : inner x x != 0.
  by rewrite -sqnorm_inner; apply: contraNneq x0 => /sqnorm_eq0 ->.
have zero (y : 'cV[R]_n) : inner y 0 = 0 by rewrite /inner mulmx0 mxtrace0.
split=> [|[->|->|->|[xz zz]]]; rewrite /mean_gradient.
- set a := 3%:R * inner z z - inner x x => /eqP; rewrite subr_eq0 => /eqP e.
  have [xz|xz] := eqVneq (inner x z) 0.
    move: e; rewrite xz mulr0 scale0r => /eqP; rewrite scaler_eq0 => /orP [a0|/eqP ->]; last by constructor 1.
    by constructor 4; split=> //; apply/eqP; rewrite -subr_eq0.
  have a0 : a != 0.
    apply: contraNneq xz => a0; move: e; rewrite a0 scale0r => /esym/eqP; rewrite scaler_eq0 (negPf x0) orbF.
    by rewrite mulf_eq0 pnatr_eq0.
  pose c := 2%:R * inner x z / a; have zc : z = c *: x by rewrite /c mulrC -scalerA -e scalerA mulVf // scale1r.
  have XZ : inner x z = c * inner x x by rewrite {1}zc innerZr.
  have ZZ : inner z z = c ^+ 2 * inner x x by rewrite {1}zc inner_sym innerZr inner_sym XZ mulrA expr2.
  have c0 : c != 0 by apply: contraNneq xz => c0; rewrite XZ c0 mul0r.
  have : c * (3%:R * inner x x * (c ^+ 2 - 1)) = 0.
    have : a * c = 2%:R * inner x z by rewrite /c mulrC mulfVK.
    rewrite XZ /a ZZ; move: (c) (inner x x) => b X eb.
    have -> : b * (3%:R * X * (b ^+ 2 - 1)) = (3%:R * (b ^+ 2 * X) - X) * b - 2%:R * (b * X) by ring.
    by rewrite eb subrr.
  move/eqP; rewrite mulf_eq0 (negPf c0) /= !mulf_eq0 (negPf X0) pnatr_eq0 /= subr_eq0 sqrf_eq1 => /orP [] /eqP c1.
    by constructor 2; rewrite zc c1 scale1r.
  by constructor 3; rewrite zc c1 scaleN1r.
- by rewrite !zero !mulr0 scale0r scaler0 subr0.
- by apply/eqP; rewrite subr_eq0; apply/eqP; congr (_ *: _); ring.
- have nx : inner x (- x) = - inner x x by rewrite -scaleN1r innerZr mulN1r.
  have xx : inner (- x) (- x) = inner x x by rewrite -{2}scaleN1r innerZr inner_sym nx mulN1r opprK.
  rewrite xx nx scalerN mulrN scaleNr opprK -scaleNr -scalerDl (_ : _ + _ = 0) ?scale0r //.
  by move: (inner x x) => *; ring.
by rewrite zz subrr scale0r xz mulr0 scale0r subrr.
Qed.

(* Their values of f, times 4, and curvatures: -x^2 at least at 0, 2 x^2 at least at x, -2 x^2 along x elsewhere. *)
Theorem values_and_curvatures (R : comRingType) (n : nat) (x z v : 'cV[R]_n) :
  [/\ mean_loss x 0 = 3%:R * inner x x ^+ 2, mean_loss x x = 0,
      inner v (mean_hessian x 0 v) = - (inner x x * inner v v + 2%:R * inner x v ^+ 2),
      inner v (mean_hessian x x v) = 2%:R * inner x x * inner v v + 4%:R * inner x v ^+ 2 &
      inner x z = 0 -> 3%:R * inner z z = inner x x ->
        3%:R * mean_loss x z = 8%:R * inner x x ^+ 2 /\ mean_hessian x z x = - (2%:R * inner x x) *: x].
Proof.
have zero (y : 'cV[R]_n) : inner y 0 = 0 by rewrite /inner mulmx0 mxtrace0.
have zero' (y : 'cV[R]_n) : inner 0 y = 0 by rewrite inner_sym zero.
split; rewrite /mean_loss /mean_hessian -?scaleNr ?innerDr ?innerZr ?zero ?zero' ?(inner_sym v x).
- by move: (inner x x) => *; ring.
- by move: (inner x x) => *; ring.
- by move: (inner x x) (inner x v) (inner v v) => *; ring.
- by move: (inner x x) (inner x v) (inner v v) => *; ring.
move=> xz zz; split.
  have -> : inner x x ^+ 2 = (3%:R * inner z z) ^+ 2 by rewrite zz.
  by rewrite xz -zz; move: (inner z z) => *; ring.
by rewrite inner_sym xz zz subrr scale0r mulr0 scale0r !add0r ?scaleNr.
Qed.
