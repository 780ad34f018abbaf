(* What a counterexample says of its start, and of a finite number of steps.

   The start: its loss, the largest squared imbalance, and the deficiency margin sigma_min(Phi) - ||W - Phi||_F, where
   sigma_min(Phi)^2 is the least of |Phi x|^2 / |x|^2, or of |Phi^T x|^2 / |x|^2 where Phi has fewer rows than
     columns. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm rational_numbers certificate certificate_network.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Margins.
Variable R : realFieldType.

(* The squares of all singular values (of a tall or square A) are at least q; one of them is; one is less. *)
Definition singular_ge m n (A : 'M[R]_(m, n)) (q : R) : Prop := forall x : 'cV_n, q * sqnorm x <= sqnorm (A *m x).
Definition singular_at m n (A : 'M[R]_(m, n)) (q : R) : Prop :=
  exists2 x : 'cV_n, 0 < sqnorm x & sqnorm (A *m x) = q * sqnorm x.
Definition singular_below m n (A : 'M[R]_(m, n)) (q : R) : Prop := exists x : 'cV_n, sqnorm (A *m x) < q * sqnorm x.

(* Of the target, or of its transpose where it has fewer rows than columns. *)
Definition of_target (p : network) (P : forall m n, 'M[R]_(m, n) -> R -> Prop) (q : R) : Prop :=
  if (width p (depth p) < width p 0)%N then P _ _ (goal R p)^T q else P _ _ (goal R p) q.
End Margins.

Inductive margin := Exactly of Q | At_least of Q | Negative.
Definition has_margin (R : realFieldType) (p : network) (c : margin) : Prop :=
  let square := sqnorm (residual (goal R p) (layers R p (start p))) in
  match c with
  | Exactly c => exists r : R, [/\ 0 <= r, r ^+ 2 = square, 0 <= number R c + r,
      of_target p (@singular_ge R) ((number R c + r) ^+ 2) & of_target p (@singular_at R) ((number R c + r) ^+ 2)]
  | At_least c => exists r : R, [/\ 0 <= r, square <= r ^+ 2, 0 <= number R c + r &
      of_target p (@singular_ge R) ((number R c + r) ^+ 2)]
  | Negative => of_target p (@singular_below R) square
  end.

(* The largest of the squared imbalances; 0 where there is a single layer. *)
Definition largest_imbalance (R : realFieldType) (p : network) (W : weights R (width p)) (most : R) : Prop :=
  (forall j, (j.+1 < depth p)%N -> sqnorm (imbalance W j) <= most) /\
  ((depth p <= 1)%N /\ most = 0 \/ exists2 j, (j.+1 < depth p)%N & sqnorm (imbalance W j) = most).

Definition begins (R : realFieldType) (p : network) (first imbalance_squared : Q) (c : margin) : Prop :=
  [/\ well_shaped p, loss (layers R p (start p)) = number R first,
      largest_imbalance (layers R p (start p)) (number R imbalance_squared) & has_margin R p c].

(* ||W - Phi||_F or a number above it; squares for |A x|^2 - q |x|^2 = sum_k d_k (l_k x)^2; and a vector. *)
Record shown := Shown { root : Q; heights : seq Q; forms : matrix; vector : matrix }.

Section Checks.
Variables (p : network) (w : shown).
Local Notation d := (width p).
Local Notation N := (depth p).
Definition narrow : bool := (d N < d 0%N)%N.
Definition rows : nat := if narrow then d 0%N else d N.
Definition columns : nat := if narrow then d N else d 0%N.
Definition upright : matrix := if narrow then tr (d N) (d 0%N) (target p) else target p.

Definition squares_show (q : Q) : bool :=
  let k := size (heights w) in
  all (fun i => Qle_bool zero (nth zero (heights w) i)) (iota 0 k) &&
  same columns columns (mul columns rows columns (tr rows columns upright) upright)
    (fill columns columns (fun i j => addq (if i == j then q else zero)
      (sumq k (fun l => mulq (nth zero (heights w) l) (mulq (entry (forms w) l i) (entry (forms w) l j)))))).
Definition image : Q := square rows 1 (mul rows columns 1 upright (vector w)).
Definition length : Q := square columns 1 (vector w).

Definition check_margin (c : margin) : bool :=
  let first := square (d N) (d 0%N) (rest p (start p)) in
  match c with
  | Exactly c => let q := mulq (addq c (root w)) (addq c (root w)) in
      [&& Qle_bool zero (root w), Qeq_bool (mulq (root w) (root w)) first, Qle_bool zero (addq c (root w)),
        squares_show q,
          ltq zero length & Qeq_bool image (mulq q length)]
  | At_least c => let q := mulq (addq c (root w)) (addq c (root w)) in
      [&& Qle_bool zero (root w), Qle_bool first (mulq (root w) (root w)),
        Qle_bool zero (addq c (root w)) & squares_show q]
  | Negative => ltq image (mulq first length)
  end.

Definition check_imbalance (ws : seq matrix) (most : Q) : bool :=
  all (fun j => Qle_bool (balance_square p ws j) most) (iota 0 N.-1) &&
  (((N <= 1)%N && Qeq_bool most zero) || has (fun j => Qeq_bool (balance_square p ws j) most) (iota 0 N.-1)).

Definition check_start (first imbalance_squared : Q) (c : margin) : bool :=
  [&& well_shaped p, Qeq_bool (loss_of p (start p)) first, check_imbalance (start p) imbalance_squared & check_margin
    c].
End Checks.

Section Proofs.
Variables (R : realFieldType) (p : network).
Local Notation N := (depth p).

Lemma squares_singular m n a q k hs ls :
  all (fun i => Qle_bool zero (nth zero hs i)) (iota 0 k) ->
  same n n (mul n m n (tr m n a) a) (fill n n (fun i j => addq (if i == j then q else zero)
      (sumq k (fun l => mulq (nth zero hs l) (mulq (entry ls l i) (entry ls l j)))))) ->
  singular_ge (mx R m n a) (number R q).
Proof.
move=> /allP positive /(mx_same R); rewrite mx_mul mx_tr => E x.
have -> : sqnorm (mx R m n a *m x) = \tr (x^T *m ((mx R m n a)^T *m mx R m n a *m x)).
  by rewrite sqnorm_inner /inner trmx_mul !mulmxA.
have -> : (mx R m n a)^T *m mx R m n a = number R q *: 1%:M +
    (mx R k n ls)^T *m diag_mx (\row_l number R (nth zero hs l)) *m mx R k n ls.
  rewrite E mx_fill; apply/matrixP => i j; rewrite !mxE number_add number_sum; congr (_ + _).
    by rewrite val_eqE; case: eqP => _; rewrite ?mulr1 // number0 mulr0.
  by apply: eq_bigr => l _; rewrite mul_mx_diag !mxE !number_mul mulrCA mulrA.
rewrite mulmxDl mulmxDr mxtraceD -scalemxAl mul1mx -scalemxAr mxtraceZ -[\tr (x^T *m x)]/(inner x x) -sqnorm_inner.
rewrite ler_addl; set L := mx R k n ls; set D := diag_mx _; set y := L *m x.
have -> : x^T *m (L^T *m D *m L *m x) = y^T *m (D *m y) by rewrite /y trmx_mul !mulmxA.
move: y => y; rewrite /mxtrace big_ord1 mxE sumr_ge0 // => l _; rewrite mul_diag_mx !mxE mulrCA -expr2.
by rewrite mulr_ge0 ?sqr_ge0 // number_ge0 // positive // mem_iota add0n ltn_ord.
Qed.

Lemma imbalance_shown ws most : check_imbalance p ws most -> largest_imbalance (layers R p ws) (number R most).
Proof.
have in_range j : (j \in iota 0 N.-1) = (j.+1 < N)%N by rewrite mem_iota add0n leq0n /=; case: N.
case/andP => /allP small /orP met; split.
  by move=> j jN; rewrite -number_balance //; apply: number_le; apply: small; rewrite in_range.
case: met => [/andP [N1 /(number_eqb R) ->]|/hasP [j]]; first by left; rewrite number0.
by rewrite in_range => jN /(number_eqb R) is_most; right; exists j => //; rewrite -number_balance.
Qed.

Section Target.
Variable w : shown.
Local Notation A := (mx R (rows p) (columns p) (upright p)).

Lemma of_target_upright (P : forall m n, 'M[R]_(m, n) -> R -> Prop) q : P _ _ A q -> of_target p P q.
Proof. by rewrite /of_target /rows /columns /upright /narrow; case: ifP => _; rewrite ?mx_tr. Qed.

Lemma number_image : number R (image p w) = sqnorm (A *m mx R (columns p) 1 (vector w)).
Proof. by rewrite /image number_square mx_mul. Qed.
Lemma number_length : number R (length p w) = sqnorm (mx R (columns p) 1 (vector w)).
Proof. exact: number_square. Qed.

Lemma margin_shown c : check_margin p w c -> has_margin R p c.
Proof.
have first : number R (square (width p N) (width p 0%N) (rest p (start p))) =
    sqnorm (residual (goal R p) (layers R p (start p))) by rewrite number_square rest_residual.
case: c => [c|c|] /=.
- case/and5P => /(number_ge0 R) r0 /(number_eqb R) is_root /(number_ge0 R) c0 squares /andP [pos at_it].
  exists (number R (root w)); move: is_root c0; rewrite number_mul number_add first -expr2 => is_root c0; split=> //.
    apply: of_target_upright; rewrite expr2 -number_add -number_mul.
    by case/andP: squares => a b; apply: squares_singular a b.
  apply: of_target_upright; exists (mx R (columns p) 1 (vector w)); first by rewrite -number_length; apply: number_gt0.
  by rewrite -number_image (number_eqb R at_it) !number_mul !number_add number_length expr2.
- case/and4P => /(number_ge0 R) r0 /(number_le R) is_root /(number_ge0 R) c0 squares.
  exists (number R (root w)); move: is_root c0; rewrite number_mul number_add first -expr2 => is_root c0; split=> //.
  apply: of_target_upright; rewrite expr2 -number_add -number_mul.
  by case/andP: squares => a b; apply: squares_singular a b.
move=> /(number_lt R); rewrite number_mul number_image number_length first => below.
by apply: of_target_upright; exists (mx R (columns p) 1 (vector w)).
Qed.

Theorem start_shown first imbalance_squared c : check_start p w first imbalance_squared c ->
  begins R p first imbalance_squared c.
Proof.
case/and4P => shape /(number_eqb R) is_first is_imbalance is_margin; split=> //.
- by rewrite -number_loss.
- exact: imbalance_shown.
exact: margin_shown.
Qed.
End Target.
End Proofs.
