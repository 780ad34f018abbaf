(* Quadratic activation (DL-039): with an idle direction, or with d units, a second-order point is global.

   L(W) = F(Y), Y = W W^T. Of F convex and differentiable only this is used: F(Z) >= F(Y) + <G, Z - Y> for Z = A A^T,
   where G is its gradient at Y, symmetric. W is critical if G W = 0; of the Hessian only its part along V with
   W V^T + V W^T = 0 is used, where it is 2 <G, V V^T>. Left out: statements 2 to 5. *)
From mathcomp Require Import all_ssreflect all_algebra.
From DLC Require Import network norm bounds.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Definition lies_above (R : numDomainType) d (F : 'M[R]_d -> R) (Y G : 'M[R]_d) : Prop :=
  forall m (A : 'M[R]_(d, m)), F Y + inner G (A *m A^T - Y) <= F (A *m A^T).
(* V = v p^T with W p = 0 leaves Y as it is in first order. *)
Definition second_order (R : numDomainType) d k (G : 'M[R]_d) (W : 'M[R]_(d, k)) : Prop :=
  forall V : 'M[R]_(d, k), W *m V^T + V *m W^T = 0 -> 0 <= inner G (V *m V^T).

(* At a critical point <G, Y> = 0, so that it is global if G is positive semidefinite. *)
Lemma global_if_psd (R : realFieldType) d k (F : 'M[R]_d -> R) (G : 'M[R]_d) (W : 'M[R]_(d, k)) :
  G^T = G -> lies_above F (W *m W^T) G -> G *m W = 0 -> (forall v : 'cV[R]_d, 0 <= inner v (G *m v)) ->
  forall m (A : 'M[R]_(d, m)), F (W *m W^T) <= F (A *m A^T).
Proof.
move=> symG above crit psd m A; apply: le_trans (above m A); rewrite ler_addl.
have -> : inner G (A *m A^T - W *m W^T) = inner A (G *m A).
  rewrite /inner symG mulmxBr [G *m (W *m W^T)]mulmxA crit mul0mx subr0 mulmxA mxtrace_mulC //.
rewrite /inner /mxtrace; apply: sumr_ge0 => j _.
have := psd (col j A); rewrite /inner; set x := _ *m _.
rewrite (_ : \tr x = (A^T *m (G *m A)) j j) //.
rewrite [x]mx11_scalar mxtrace_scalar mulr1n /x !mxE; apply: eq_bigr => i _; rewrite !mxE; congr (_ * _).
by apply: eq_bigr => l _; rewrite !mxE.
Qed.

(* 1. Where W has less than full column rank. *)
Theorem idle_direction_is_global (R : realFieldType) (d k : nat) (F : 'M[R]_d -> R) (G : 'M[R]_d) (W : 'M[R]_(d, k)) :
  G^T = G -> lies_above F (W *m W^T) G -> G *m W = 0 -> second_order G W -> (\rank W < k)%N ->
  forall (m : nat) (A : 'M[R]_(d, m)), F (W *m W^T) <= F (A *m A^T).
Proof.
move=> symG above crit second rank; apply: (global_if_psd symG above crit) => v.
have [p p0 Wp] : exists2 p : 'cV[R]_k, p != 0 & W *m p = 0.
  have : kermx W^T != 0 by rewrite -mxrank_eq0 mxrank_ker mxrank_tr -lt0n subn_gt0.
  case/rowV0Pn => q /sub_kermxP qW q0; exists q^T; first by rewrite -[0]trmx0 (inj_eq (@trmx_inj _ _ _)).
  by rewrite -[LHS]trmxK trmx_mul trmxK qW trmx0.
have pp : 0 < sqnorm p.
  by rewrite lt_def sqnorm_ge0 andbT; apply: contraNneq p0 => /sqnorm_eq0 ->.
have V0 : W *m (v *m p^T)^T + v *m p^T *m W^T = 0.
  rewrite trmx_mul trmxK mulmxA Wp mul0mx add0r -mulmxA -trmx_mul Wp trmx0 mulmx0 //.
have := second _ V0; rewrite trmx_mul trmxK -mulmxA [p^T *m _]mulmxA [p^T *m p]mx11_scalar -trace_mx11.
rewrite -/(inner p p) -sqnorm_inner mul_scalar_mx -scalemxAr innerZr pmulr_rge0 //.
by rewrite /inner symG mulmxA mxtrace_mulC.
Qed.

(* 1. Where there are d units. *)
Theorem enough_units_are_global (R : realFieldType) (d : nat) (F : 'M[R]_d -> R) (G W : 'M[R]_d) :
  G^T = G -> lies_above F (W *m W^T) G -> G *m W = 0 -> second_order G W ->
  forall (m : nat) (A : 'M[R]_(d, m)), F (W *m W^T) <= F (A *m A^T).
Proof.
move=> symG above crit second; have [full|rank] := leqP d (\rank W).
  apply: (global_if_psd symG above crit) => v; suff -> : G = 0 by rewrite mul0mx /inner mulmx0 mxtrace0.
  have U : W \in unitmx by rewrite -row_full_unit /row_full eqn_leq rank_leq_row.
  by rewrite -[G](mulmxK U) crit mul0mx.
exact: (idle_direction_is_global symG above crit second rank).
Qed.
