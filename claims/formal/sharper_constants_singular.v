(* Singular data (DL-072): descent on them is descent of the network (W_1 V, W_2, ..., W_N) on data that are not.

   S = Q Q^T, and V has orthonormal columns that span its range at least: V V^T Q = Q. [first_turned] puts W_1 V in the
   place of W_1; its data are V^T Q, and its target Phi V. On what is orthogonal to V, W_1 never moves. *)
From mathcomp Require Import all_ssreflect all_algebra.
From DLC Require Import network norm deficiency_margin bounds sharper_constants.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Definition narrowed (d : nat -> nat) (r : nat) (j : nat) : nat := if j is 0%N then r else d j.

Section Singular.
Variables (R : comRingType) (d : nat -> nat) (r p n : nat) (V : 'M[R]_(d 0%N, r)) (Q : 'M[R]_(d 0%N, p)).
Variables (Phi : 'M[R]_(d n.+1, d 0%N)) (eta : R).
Implicit Type W : weights R d.

Definition first_turned W : weights R (narrowed d r) :=
  fun j => match j return 'M[R]_(d j.+1, narrowed d r j) with 0%N => W 0%N *m V | i.+1 => W i.+1 end.

Lemma turned_product W k : product (first_turned W) 0 k.+1 = product W 0 k.+1 *m V.
Proof.
elim: k => [|k IH]; first by rewrite !product_last // !product_nil !mulmx1.
by rewrite product_last // IH [in RHS]product_last // mulmxA.
Qed.

Lemma turned_rest W j k : product (first_turned W) j.+1 k.+1 = product W j.+1 k.+1.
Proof.
elim: k => [|k IH]; first by [].
change ((if (j < k.+1)%N then W k.+1 *m product (first_turned W) j.+1 k.+1 else pid_mx (d j.+1)) =
  (if (j < k.+1)%N then W k.+1 *m product W j.+1 k.+1 else pid_mx (d j.+1))).
by rewrite IH.
Qed.

(* The gradients in the products, of both networks, and their steps. *)
Definition wide_step W : weights R d := gradient_step eta (residual Phi W *m Q *m Q^T) W.
Definition narrow_step (U : weights R (narrowed d r)) : weights R (narrowed d r) :=
  gradient_step eta
    (residual (Phi *m V : 'M[R]_(narrowed d r n.+1, narrowed d r 0%N)) U *m (V^T *m Q) *m (V^T *m Q)^T) U.
Hypothesis range : V *m V^T *m Q = Q.

Lemma turned_residual W :
  residual (Phi *m V : 'M[R]_(narrowed d r n.+1, narrowed d r 0%N)) (first_turned W) = residual Phi W *m V.
Proof. by rewrite /residual /end_to_end turned_product mulmxBl. Qed.

Lemma turned_seen W : residual (Phi *m V : 'M[R]_(narrowed d r n.+1, narrowed d r 0%N)) (first_turned W) *m (V^T *m Q)
  = residual Phi W *m Q.
Proof. by rewrite turned_residual -mulmxA [V *m (V^T *m Q)]mulmxA range. Qed.

Lemma turned_step W j : narrow_step (first_turned W) j = first_turned (wide_step W) j.
Proof.
rewrite /narrow_step turned_seen; case: j => [|j].
  change (first_turned (wide_step W) 0%N) with (wide_step W 0%N *m V).
  rewrite /wide_step /gradient_step /layer_gradient turned_rest !product_nil !trmx1 !mulmx1 [RHS]mulmxBl -scalemxAl.
  by rewrite trmx_mul trmxK !mulmxA.
change (first_turned (wide_step W) j.+1) with (wide_step W j.+1).
rewrite /wide_step /gradient_step /layer_gradient turned_rest turned_product.
have same (P : 'M[R]_(d j.+1, d 0%N)) : (V^T *m Q)^T *m (P *m V)^T = Q^T *m P^T.
  by rewrite -[in RHS]range !trmx_mul !trmxK !mulmxA.
move: (product W 0 j.+1) (product W j.+2 n.+1) (residual Phi W) => P A G; by rewrite -!mulmxA same.
Qed.

Lemma narrow_step_congr U U' j : (forall l, U l = U' l) -> narrow_step U j = narrow_step U' j.
Proof.
move=> same; have E i k : product U i k = product U' i k by apply: product_congr => l _; apply: same.
by rewrite /narrow_step /gradient_step /layer_gradient /residual /end_to_end !E same.
Qed.

Theorem singular_descent W t j : iter t narrow_step (first_turned W) j = first_turned (iter t wide_step W) j.
Proof.
elim: t j => // t IH j; rewrite iterS (narrow_step_congr _ (U' := first_turned (iter t wide_step W))) //.
exact: turned_step.
Qed.

Theorem kernel_stays W t : iter t wide_step W 0%N *m (1%:M - V *m V^T) = W 0%N *m (1%:M - V *m V^T).
Proof.
elim: t => // t <-; rewrite iterS; move: (iter t wide_step W) => U.
rewrite /wide_step /gradient_step /layer_gradient product_nil trmx1 mulmx1 mulmxBl -scalemxAl.
have zero : Q^T *m (1%:M - V *m V^T) = 0.
  have same : (1%:M - V *m V^T)^T = 1%:M - V *m V^T by rewrite linearB /= trmx1 trmx_mul trmxK.
  by rewrite -[LHS]trmxK trmx_mul trmxK same mulmxBl mul1mx range subrr trmx0.
by rewrite -!mulmxA zero !mulmx0 scaler0 subr0.
Qed.
End Singular.

Theorem theorem_data_singular (R : rcfType) (d : nat -> nat) (r p n : nat) (x y eta s1 sd rho : R)
    (V : 'M[R]_(d 0%N, r)) (Q : 'M[R]_(d 0%N, p)) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d) (b : nat -> R) :
  (0 < r)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> 0 <= eta -> 0 < sd -> V *m V^T *m Q = Q ->
  bounded (Phi *m V) ((y ^+ n.+1) ^+ 2) ->
  (forall j : nat, 0 <= b j) ->
  (forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance (first_turned V W0) j) (b j)) ->
  7%:R * (n.+1%:R * \sum_(0 <= j < n) b j) <= x ^+ 2 ->
  15%:R * (n.+1%:R * (eta * s1 * (y ^+ n.+1) ^+ 2)) <= x ^+ 2 -> 0 <= rho ->
  (forall v : 'cV[R]_r, sqnorm ((V^T *m Q)^T *m v) <= s1 * sqnorm v) ->
  (forall v : 'cV[R]_r, sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge (Phi *m V) (x ^+ n.+1 + rho) ->
  let W t := iter t (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0 in forall t : nat,
  [/\ sqnorm (residual Phi (W t.+1) *m Q) <= (1 - eta * sd * x ^+ (n + n)) * sqnorm (residual Phi (W t) *m Q),
      sqnorm (residual Phi (W t) *m Q) <= (1 - eta * sd * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0 *m Q),
      sigma_min_ge (end_to_end n.+1 (W t) *m V) (x ^+ n.+1)
    & W t 0%N *m (1%:M - V *m V^T) = W0 0%N *m (1%:M - V *m V^T)].
Proof.
move=> inputs outputs x0 y0 eta0 sd0 range Phi_le b0 balanced small es rho0 S_le S_ge start margin W t.
have seen u : residual (Phi *m V : 'M[R]_(narrowed d r n.+1, narrowed d r 0%N))
    (run eta (V^T *m Q) (Phi *m V : 'M[R]_(narrowed d r n.+1, narrowed d r 0%N)) (first_turned V W0) u) =
    residual Phi (W u) *m V.
  rewrite -turned_residual // /residual /end_to_end; congr (_ - _); apply: product_congr => l _.
  exact: (singular_descent Phi eta range W0 u l).
have start' : sqnorm (residual (Phi *m V : 'M[R]_(narrowed d r n.+1, narrowed d r 0%N)) (first_turned V W0)
    *m (V^T *m Q)) <= sd * rho ^+ 2 by rewrite turned_seen.
have [] := @theorem_data R (narrowed d r) n x y eta s1 sd rho (Phi *m V) (first_turned V W0) b inputs outputs x0 y0 eta0
  sd0 Phi_le b0 balanced small es rho0 p (V^T *m Q) S_le S_ge start' margin t.
have back (A : 'M[R]_(d n.+1, d 0%N)) : A *m V *m (V^T *m Q) = A *m Q.
  by rewrite -mulmxA [V *m (V^T *m Q)]mulmxA range.
rewrite !seen !back turned_seen // => step rate away _; split=> //; last exact: (kernel_stays Phi eta range W0 t).
have -> // : end_to_end n.+1 (W t) *m V = end_to_end n.+1 (run eta (V^T *m Q)
  (Phi *m V : 'M[R]_(narrowed d r n.+1, narrowed d r 0%N)) (first_turned V W0) t).
transitivity (product (first_turned V (W t)) 0 n.+1); first by rewrite turned_product.
exact: (@product_congr R (narrowed d r) (first_turned V (W t)) _ 0 n.+1
  (fun l _ => esym (singular_descent Phi eta range W0 t l))).
Qed.
