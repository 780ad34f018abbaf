(* Critical points of forms on the unit sphere, and the signs of the curvature there. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm rational_numbers polynomial_identity certificate certificate_network.
From DLC Require Import certificate_landscape polynomial_derivative certificate_descent certificate_sphere.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Curvature.
Variables (R : rcfType) (n : nat).
Implicit Types (f : expr) (y : nat -> R) (w : 'rV[R]_n).

Definition tangent y w : Prop := \sum_i w 0 i * y i = 0.
(* The second derivative along the great circle that leaves y along w, |w| = 1. *)
Definition curvature_on_sphere f y w : R :=
  hessian_along f y w - gradient_along f y (\row_(i < n) y i) * (\sum_i w 0 i ^+ 2).
Definition critical_on_sphere f y : Prop := forall w, tangent y w -> gradient_along f y w = 0.
Definition second_order_on_sphere f y : Prop :=
  critical_on_sphere f y /\ forall w, tangent y w -> 0 <= curvature_on_sphere f y w.
(* Critical, with k directions of negative curvature and n - 1 - k of positive curvature: no others are tangent. *)
Definition critical_of_index f y (k : nat) : Prop :=
  critical_on_sphere f y /\ exists (V : 'M[R]_(k, n)) (W : 'M[R]_(n.-1 - k, n)),
  [/\ forall c, tangent y (c *m V), forall c, tangent y (c *m W),
      forall c, c != 0 -> curvature_on_sphere f y (c *m V) < 0 &
      forall c, c != 0 -> 0 < curvature_on_sphere f y (c *m W)].
End Curvature.

(* Df(u) = m u, where f's derivatives are forms of degrees p - 1 and p - 2; |u|^2 = s. *)
Definition check_critical (n p : nat) (f : expr) (u : seq Q) (s m : Q) : bool :=
  [&& (1 < p)%N, all (fun i => homogeneous p.-1 (partial i f)) (iota 0 n),
      every_entry n n (fun i j => homogeneous p.-2 (partial i (partial j f))), check_length n u s &
      all (fun i => Qeq_bool (value_at u (partial i f)) (mulq m (nth zero u i))) (iota 0 n)].
Definition check_second_order_on_sphere (n p : nat) (f : expr) (u : seq Q) (s m k : Q) (ds : seq Q) (ls : matrix) :=
  check_critical n p f u s m && check_squares n (hessian_at n f u m) u k ds ls.
(* Vectors orthogonal to u, and to each other by H, with <v, H v> of the sign of c. *)
Definition check_signs (k n : nat) (h : matrix) (u : seq Q) (c : Q) (v : matrix) : bool :=
  all (fun l => Qeq_bool (sumq n (fun i => mulq (entry v l i) (nth zero u i))) zero) (iota 0 k) &&
  every_entry k k (fun l m => let x := entry (mul k n k (mul k n n v h) (tr k n v)) l m in
    if l == m then ltq zero (mulq c x) else Qeq_bool x zero).
Definition check_index (n p : nat) (f : expr) (u : seq Q) (s m : Q) (k : nat) (v w : matrix) : bool :=
  let h := hessian_at n f u m in
  [&& check_critical n p f u s m, check_signs k n h u (Qmake (-1) 1) v & check_signs (n.-1 - k) n h u one w].

Section Shown.
Variables (R : rcfType) (n p : nat) (f : expr) (u : seq Q) (s m : Q).
Hypothesis critical : check_critical n p f u s m.
Implicit Type w : 'rV[R]_n.
Local Notation y := (direction R n u).
Local Notation r := (length_of n (at_point R u)).
Local Notation H := (mx R n n (hessian_at n f u m)).

Let r0 : 0 < r.
Proof. by case/and5P: critical => _ _ _ /(length_shown R) [r0 _] _. Qed.

Let u_y i : at_point R u i = r * y i.
Proof. by rewrite /direction mulrA divff ?mul1r // gt_eqF. Qed.

Lemma form_sum w : (w *m H *m w^T) 0 0 = \sum_i \sum_j w 0 i * w 0 j * number R (entry (hessian_at n f u m) i j).
Proof.
rewrite mxE exchange_big /=; apply: eq_bigr => j _; rewrite !mxE mulr_suml; apply: eq_bigr => i _.
by rewrite !mxE mulrAC.
Qed.

Lemma gradient_shown w : gradient_along f y w = r^-1 ^+ p.-2 * number R m * (\sum_i w 0 i * y i).
Proof.
case/and5P: critical => p1 /allP forms _ _ /allP slopes.
rewrite /gradient_along mulr_sumr; apply: eq_bigr => i _; have i_n : (i : nat) \in iota 0 n by rewrite mem_iota ltn_ord.
rewrite (direction_value R n u (forms i i_n)) -number_value (number_eqb R (slopes i i_n)) number_mul.
rewrite -[number R (nth zero u i)]/(at_point R u i) u_y.
have pred : p.-1 = p.-2.+1 by case: (p) p1 => [|[|]].
rewrite [in LHS]pred exprSr; have e : r^-1 * r = 1 by rewrite mulVf // gt_eqF.
rewrite -[RHS]mul1r -{}e; move: (r^-1 ^+ p.-2) (r^-1) (r) (number R m) (y i) (w 0 i) => *; ring.
Qed.

Theorem critical_shown : critical_on_sphere n f y.
Proof. by move=> w tangent_w; rewrite gradient_shown tangent_w mulr0. Qed.

Lemma curvature_shown w : curvature_on_sphere f y w = r^-1 ^+ p.-2 * (w *m H *m w^T) 0 0.
Proof.
case/and5P: critical => p1 _ /every_entryP forms /(direction_on_sphere R) y1 _.
rewrite form_sum -hessian_shown mulrBr /curvature_on_sphere gradient_shown; congr (_ - _); last first.
  have -> : \sum_(i < n) (\row_(i < n) y i) 0 i * y i = 1 by rewrite -[RHS]y1; apply: eq_bigr => i _; rewrite mxE expr2.
  by rewrite mulr1 -mulrA.
rewrite /hessian_along mulr_sumr; apply: eq_bigr => i _; rewrite mulr_sumr; apply: eq_bigr => j _.
by rewrite (direction_value R n u (forms i j)) mulrCA.
Qed.

Lemma sign_shown w : (0 < curvature_on_sphere f y w) = (0 < (w *m H *m w^T) 0 0) /\
  (curvature_on_sphere f y w < 0) = ((w *m H *m w^T) 0 0 < 0).
Proof. by rewrite curvature_shown pmulr_rgt0 ?pmulr_rlt0 // exprn_gt0 // invr_gt0. Qed.

Lemma tangent_shown w : tangent y w <-> \sum_i w 0 i * at_point R u i = 0.
Proof.
have -> : \sum_i w 0 i * at_point R u i = r * \sum_i w 0 i * y i.
  by rewrite mulr_sumr; apply: eq_bigr => i _; rewrite u_y mulrCA.
by split=> [-> | /eqP]; rewrite ?mulr0 // mulf_eq0 gt_eqF //= => /eqP.
Qed.

Lemma signs_shown k (c : Q) (v : matrix) (V := mx R k n v) (e : 'rV[R]_k) :
  check_signs k n (hessian_at n f u m) u c v ->
  tangent y (e *m V) /\ (e != 0 -> 0 < number R c * ((e *m V) *m H *m (e *m V)^T) 0 0).
Proof.
case/andP => /allP orth /every_entryP diagonal; split.
  apply/tangent_shown; under eq_bigr => i _ do rewrite mxE mulr_suml.
  rewrite exchange_big big1 // => l _; have l_k : (l : nat) \in iota 0 k by rewrite mem_iota ltn_ord.
  transitivity (e 0 l * number R (sumq n (fun i => mulq (entry v l i) (nth zero u i)))).
    by rewrite number_sum mulr_sumr; apply: eq_bigr => i _; rewrite /V mxE number_mul -mulrA.
  by rewrite (number_eqb R (orth l l_k)) number0 mulr0.
have G : V *m H *m V^T = mx R k k (mul k n k (mul k n n v (hessian_at n f u m)) (tr k n v)) by rewrite !mx_mul mx_tr.
move=> e0; rewrite trmx_mul !mulmxA -(mulmxA e) -(mulmxA e) {}G; set g := mul _ _ _ _ _ in diagonal *.
have -> : (e *m mx R k k g *m e^T) 0 0 = \sum_(l < k) number R (entry g l l) * e 0 l ^+ 2.
  rewrite mxE; apply: eq_bigr => l _; rewrite !mxE (bigD1 l) //= big1 ?addr0 => [|j jl].
    by rewrite mxE; move: (number R (entry g l l)) (e 0 l) => a b; ring.
  have := diagonal j l; rewrite /= (val_eqE j l) (negPf jl) => /(number_eqb R) zero_entry.
  by rewrite mxE zero_entry number0 mulr0.
rewrite mulr_sumr; have [l el] : exists l, e 0 l != 0.
  by apply/existsP; apply: contraR e0 => /existsPn none; apply/eqP/rowP => l; rewrite mxE; apply/eqP/negPn/none.
have positive_there (j : 'I_k) : 0 < number R c * number R (entry g j j).
  by have := diagonal j j; rewrite /= eqxx -number_mul => /(number_gt0 R).
rewrite (bigD1 l) //= ltr_paddr //.
  by apply: sumr_ge0 => j _; rewrite mulrA mulr_ge0 ?sqr_ge0 // ltW.
by rewrite mulrA pmulr_rgt0 // lt_def sqr_ge0 sqrf_eq0 el.
Qed.
End Shown.

Theorem second_order_on_sphere_shown (R : rcfType) n p f u s m k ds ls :
  check_second_order_on_sphere n p f u s m k ds ls -> second_order_on_sphere n f (direction R n u).
Proof.
case/andP => critical squares; split; first exact: critical_shown critical.
move=> w tangent_w; rewrite leNgt (sign_shown critical _).2 -leNgt.
rewrite form_sum; apply: squares_shown squares _.
by move/(tangent_shown critical): tangent_w => ->; rewrite expr0n mulr0.
Qed.

Theorem index_shown (R : rcfType) n p f u s m k v w :
  check_index n p f u s m k v w -> critical_of_index n f (direction R n u) k.
Proof.
case/and3P => critical below_zero above; split; first exact: critical_shown critical.
exists (mx R k n v), (mx R (n.-1 - k) n w); split=> e.
- by case: (signs_shown critical e below_zero).
- by case: (signs_shown critical e above).
- case: (signs_shown critical e below_zero) => _ negative /negative.
  by rewrite (sign_shown critical _).2 (_ : number R _ = -1) ?mulN1r ?oppr_gt0 // /number /= divr1.
case: (signs_shown critical e above) => _ positive /positive.
by rewrite (sign_shown critical _).1 number1 mul1r.
Qed.
