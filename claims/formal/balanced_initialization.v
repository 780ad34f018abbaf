(* Procedure 1 factors a matrix into layers that are exactly balanced (DL-016), and only equal powers do.

   Layer j is E_{j+1} diag(p_j) E_j^T with E_j of k orthonormal columns; in Procedure 1 p_j = S^{1/N} for every j, so
   no roots are taken. Over any commutative ring. Left out: that every matrix has a singular value decomposition, and
   what floating point makes of it (4). *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm orthogonal bottleneck width_compression.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Definition factored (R : comRingType) (d : nat -> nat) (k : nat) (E : forall j, 'M[R]_(d j, k)) (p : nat -> 'rV[R]_k) :
  weights R d := fun j => E j.+1 *m diag_mx (p j) *m (E j)^T.

Section Factored.
Variables (R : comRingType) (d : nat -> nat) (k N : nat) (E : forall j, 'M[R]_(d j, k)) (p : nat -> 'rV[R]_k).
Hypothesis orth : forall j, (E j)^T *m E j = 1%:M.
Let c : nat -> nat := fun _ => k.
Let Q : forall j, 'M[R]_(d j, c j) := E.
Let D : weights R c := fun j => diag_mx (p j).

Lemma factored_product i l : (i < l <= N)%N ->
  product (factored E p) i l = E l *m diag_mx (\row_r \prod_(i <= j < l) p j 0 r) *m (E i)^T.
Proof.
elim: l => // l IH; rewrite ltnS leq_eqVlt => /andP [/orP [/eqP ->|il] lN].
  rewrite product_last // product_nil mulmx1 /factored; congr (_ *m diag_mx _ *m _).
  by apply/rowP => r; rewrite mxE big_nat1.
rewrite product_last ?(ltnW il) // IH ?il ?(ltnW lN) // /factored -!mulmxA; congr (_ *m _).
rewrite [(E l)^T *m (E l *m _)]mulmxA orth mul1mx mulmxA; congr (_ *m _).
rewrite mulmx_diag; congr diag_mx; apply/rowP => r; rewrite !mxE big_nat_recr ?(ltnW il) //=.
by rewrite mulrC.
Qed.

Lemma factored_imbalance j : imbalance (factored E p) j =
  E j.+1 *m diag_mx (\row_r (p j.+1 0 r ^+ 2 - p j 0 r ^+ 2)) *m (E j.+1)^T.
Proof.
rewrite /imbalance /factored !trmx_mul !trmxK !tr_diag_mx -!mulmxA.
rewrite [(E j.+2)^T *m (E j.+2 *m _)]mulmxA orth mul1mx [(E j)^T *m (E j *m _)]mulmxA orth mul1mx.
rewrite ![diag_mx _ *m (diag_mx _ *m _)]mulmxA !mulmx_diag -mulmxBr -mulmxBl -raddfB /=; congr (_ *m (diag_mx _ *m _)).
by apply/rowP => r; rewrite !mxE.
Qed.
End Factored.

(* 1. The product is E_N S E_0^T and the layers are balanced: S = diag(q^N). N = n + 1. *)
Theorem procedure_one (R : comRingType) (d : nat -> nat) (k n : nat) (E : forall j, 'M[R]_(d j, k)) (q : 'rV[R]_k) :
  (forall j, (E j)^T *m E j = 1%:M) -> let W := factored E (fun _ => q) in
  end_to_end n.+1 W = E n.+1 *m diag_mx (\row_r q 0 r ^+ n.+1) *m (E 0%N)^T /\ (forall j, imbalance W j = 0).
Proof.
move=> orth W; split=> [|j].
  rewrite /end_to_end (factored_product (N := n.+1)) ?leqnn //.
  have -> : \row_r \prod_(0 <= j < n.+1) q 0 r = \row_r q 0 r ^+ n.+1 :> 'rV[R]_k; last by [].
  by apply/rowP => r; rewrite !mxE prodr_const_nat subn0.
rewrite factored_imbalance //; have -> : \row_r (q 0 r ^+ 2 - q 0 r ^+ 2) = 0.
  by apply/rowP => r; rewrite !mxE subrr.
by rewrite linear0 mulmx0 mul0mx.
Qed.

(* 2. Other factors of S: the product is the same, *)
Theorem any_factors (R : comRingType) (d : nat -> nat) (k n : nat) (E : forall j, 'M[R]_(d j, k)) (p : nat -> 'rV[R]_k)
    (s : 'rV[R]_k) : (forall j, (E j)^T *m E j = 1%:M) -> (forall r, \prod_(0 <= j < n.+1) p j 0 r = s 0 r) ->
  end_to_end n.+1 (factored E p) = E n.+1 *m diag_mx s *m (E 0%N)^T.
Proof.
move=> orth ps; rewrite /end_to_end (factored_product (N := n.+1)) ?leqnn //.
have -> : \row_r \prod_(0 <= j < n.+1) p j 0 r = s; last by [].
by apply/rowP => r; rewrite !mxE.
Qed.

(* but the imbalances are of this size, *)
Theorem size_of_imbalance (R : comRingType) (d : nat -> nat) (k j : nat) (E : forall j, 'M[R]_(d j, k))
    (p : nat -> 'rV[R]_k) : (forall j, (E j)^T *m E j = 1%:M) ->
  sqnorm (imbalance (factored E p) j) = \sum_r (p j.+1 0 r ^+ 2 - p j 0 r ^+ 2) ^+ 2.
Proof.
move=> orth; rewrite factored_imbalance // sqnorm_isometry_right // sqnorm_isometry // sqnorm_diagonal.
by apply: eq_bigr => r _; rewrite mxE.
Qed.

(* so that factors which are not negative are balanced only if they are the same in all layers. *)
Theorem only_equal_factors (R : realFieldType) (d : nat -> nat) (k N : nat) (E : forall j, 'M[R]_(d j, k))
    (p : nat -> 'rV[R]_k) : (forall j, (E j)^T *m E j = 1%:M) -> (forall j r, 0 <= p j 0 r) ->
  (forall j, (j.+1 < N)%N -> imbalance (factored E p) j = 0) -> forall j, (j < N)%N -> p j = p 0%N.
Proof.
move=> orth p0 balanced; elim=> // j IH jN; rewrite -IH ?(ltnW jN) //; apply/rowP => r.
have : sqnorm (imbalance (factored E p) j) = 0.
  rewrite balanced // /sqnorm big1 // => i _; rewrite big1 // => l _; by rewrite mxE expr0n.
rewrite size_of_imbalance // => /eqP; rewrite psumr_eq0 => [/allP/(_ r)|i _]; last exact: sqr_ge0.
rewrite mem_index_enum sqrf_eq0 subr_eq0 => /(_ isT) /eqP e.
by apply/eqP; rewrite -(@eqr_expn2 _ 2) ?p0 // e.
Qed.

(* 3. No hidden width is below the rank of the product. *)
Theorem least_widths (F : fieldType) (d : nat -> nat) (N : nat) (A : 'M[F]_(d N, d 0%N)) (W : weights F d) :
  end_to_end N W = A -> forall j, (j <= N)%N -> (\rank A <= d j)%N.
Proof. by move=> <- j jN; apply: rank_of_product. Qed.
