(* Modes learn apart (DL-029): layers that are diagonal in matching bases stay so, and each mode is a scalar network.

   Q j are the bases of the layers of units (orthogonal), S j the layers in them; diagonals a has the entry a j i at
   place (i, i) of layer j, whatever its shape. A mode reaches the end if i is below every width.
   Left out: gradient flow. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network scalar orthogonal.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* W_j = Q_{j+1} S_j Q_j^T *)
Definition turned (R : comRingType) (d : nat -> nat) (Q : forall j, 'M[R]_(d j)) (S : weights R d) : weights R d :=
  fun j => Q j.+1 *m S j *m (Q j)^T.

Section Turned.
Variables (R : comRingType) (d : nat -> nat) (N : nat) (Q : forall j, 'M[R]_(d j)).
Hypothesis orthogonal : forall j, (Q j)^T *m Q j = 1%:M.

Lemma product_turned S i k : (i <= k)%N -> product (turned Q S) i k = Q k *m product S i k *m (Q i)^T.
Proof.
elim: k => [|k IH].
  by rewrite leqn0 => /eqP ->; rewrite !product_nil mulmx1 (mulmx1C (orthogonal 0)).
rewrite leq_eqVlt => /orP [/eqP ->|]; first by rewrite !product_nil mulmx1 (mulmx1C (orthogonal _)).
rewrite ltnS => ik; rewrite !product_last // IH // /turned -!mulmxA; congr (_ *m (_ *m _)).
by rewrite !mulmxA orthogonal mul1mx.
Qed.

Lemma residual_turned (Phi : 'M[R]_(d N, d 0%N)) S :
  residual (Q N *m Phi *m (Q 0%N)^T) (turned Q S) = Q N *m residual Phi S *m (Q 0%N)^T.
Proof. by rewrite /residual /end_to_end product_turned // mulmxBr mulmxBl. Qed.

Lemma step_turned eta (Phi : 'M[R]_(d N, d 0%N)) S j : (j < N)%N ->
  descent_step eta (Q N *m Phi *m (Q 0%N)^T) (turned Q S) j = turned Q (descent_step eta Phi S) j.
Proof.
move=> jN; rewrite /descent_step /gradient_step /turned mulmxBr mulmxBl; congr (_ - _).
rewrite -scalemxAr -scalemxAl; congr (_ *: _); rewrite /layer_gradient residual_turned !product_turned ?(ltnW jN) //.
move: (residual Phi S) (product S j.+1 N) (product S 0 j) => G A B.
rewrite !trmx_mul !trmxK -!mulmxA; congr (_ *m (_ *m _)).
rewrite [(Q N)^T *m (Q N *m _)]mulmxA orthogonal mul1mx; congr (_ *m _).
by rewrite [(Q 0%N)^T *m (Q 0%N *m _)]mulmxA orthogonal mul1mx.
Qed.
End Turned.

(* 1. Descent keeps the form, with the same bases, and does in them what it does without them; so for the loss. *)
Theorem the_form_stays (R : comRingType) (d : nat -> nat) (N : nat) (Q : forall j, 'M[R]_(d j)) (S : weights R d)
    (Phi : 'M[R]_(d N, d 0%N)) (eta : R) (t : nat) : (forall j, (Q j)^T *m Q j = 1%:M) ->
  (forall j, (j < N)%N ->
    descent eta (Q N *m Phi *m (Q 0%N)^T) (turned Q S) t j = turned Q (descent eta Phi S t) j) /\
  sqnorm (residual (Q N *m Phi *m (Q 0%N)^T) (descent eta (Q N *m Phi *m (Q 0%N)^T) (turned Q S) t))
  = sqnorm (residual Phi (descent eta Phi S t)).
Proof.
move=> orth; have form j : (j < N)%N ->
    descent eta (Q N *m Phi *m (Q 0%N)^T) (turned Q S) t j = turned Q (descent eta Phi S t) j.
  elim: t j => // t IH j jN; rewrite /descent !iterS -!/(descent _ _ _ _).
  by rewrite (descent_step_congr _ _ (W' := turned Q (descent eta Phi S t))) // step_turned.
split=> //; rewrite /residual /end_to_end (product_congr (W' := turned Q (descent eta Phi S t))); last first.
  by move=> l /andP [_ lN]; apply: form.
rewrite product_turned // -mulmxBl -mulmxBr sqnorm_isometry_right // sqnorm_isometry //.
Qed.

(* A rectangular diagonal matrix, and layers of such matrices. *)
Definition diagonal (R : comRingType) (m n : nat) (f : nat -> R) : 'M[R]_(m, n) :=
  \matrix_(i, k) (f i *+ (i == k :> nat)).
Definition diagonals (R : comRingType) (d : nat -> nat) (a : nat -> nat -> R) : weights R d :=
  fun j => diagonal (d j.+1) (d j) (a j).
(* i is below every width from place j to place k. *)
Definition passes (d : nat -> nat) (j k i : nat) : bool := all (fun l => i < d l)%N (index_iota j k.+1).

Section Diagonal.
Variables (R : comRingType) (d : nat -> nat) (N : nat).

Lemma passesP (j k i : nat) : reflect (forall l, (j <= l <= k)%N -> (i < d l)%N) (passes d j k i).
Proof.
apply: (iffP allP) => inside l; first by move=> jlk; apply: inside; rewrite mem_index_iota ltnS.
by rewrite mem_index_iota ltnS; apply: inside.
Qed.

Lemma diagonal_congr m n (f g : nat -> R) : (forall i, (i < m)%N -> (i < n)%N -> f i = g i) ->
  diagonal m n f = diagonal m n g.
Proof.
move=> fg; apply/matrixP => i k; rewrite !mxE; case: eqP => // ik; congr (_ *+ _).
by apply: fg; rewrite ?ltn_ord // ik ltn_ord.
Qed.

Lemma diagonal_tr m n (f : nat -> R) : (diagonal m n f)^T = diagonal n m f.
Proof. by apply/matrixP => i k; rewrite !mxE eq_sym; case: eqP => // ->. Qed.

Lemma diagonal_mul m n p (f g : nat -> R) :
  diagonal m n f *m diagonal n p g = diagonal m p (fun i => if (i < n)%N then f i * g i else 0).
Proof.
apply/matrixP => i k; rewrite !mxE; case: ltnP => i_n; last first.
  rewrite mul0rn big1 // => l _; rewrite !mxE; have -> : (i == l :> nat) = false; last by rewrite mul0r.
  by rewrite gtn_eqF // (leq_trans (ltn_ord l)).
rewrite (bigD1 (Ordinal i_n)) //= big1 ?addr0 => [|l li]; first by rewrite !mxE /= eqxx mulr1n mulrnAr.
rewrite !mxE; have -> : (i == l :> nat) = false; last by rewrite mul0r.
by apply/negbTE; apply: contraNneq li => e; apply/eqP/val_inj.
Qed.

Lemma diagonal_sub m n (f g : nat -> R) : diagonal m n f - diagonal m n g = diagonal m n (fun i => f i - g i).
Proof. by apply/matrixP => i k; rewrite !mxE mulrnBl. Qed.

Lemma diagonal_scale m n c (f : nat -> R) : c *: diagonal m n f = diagonal m n (fun i => c * f i).
Proof. by apply/matrixP => i k; rewrite !mxE mulrnAr. Qed.

Lemma product_diagonals (a : nat -> nat -> R) j k : (j <= k)%N -> product (@diagonals R d a) j k =
  diagonal (d k) (d j) (fun i => if passes d j k i then \prod_(j <= r < k) a r i else 0).
Proof.
have one l : 1%:M = diagonal (d l) (d l) (fun i => if passes d l l i then \prod_(l <= r < l) a r i else 0).
  apply/matrixP => i m; rewrite !mxE big_geq // (_ : passes d l l i); first by rewrite -val_eqE.
  by apply/passesP => r; rewrite -eqn_leq => /eqP <-; exact: ltn_ord.
elim: k => [|k IH]; first by rewrite leqn0 => /eqP ->; rewrite product_nil one.
rewrite leq_eqVlt => /orP [/eqP ->|]; first by rewrite product_nil one.
rewrite ltnS => jk; rewrite product_last // IH // /(diagonals _ _) diagonal_mul; apply: diagonal_congr => i ik ij.
have -> : passes d j k.+1 i = (i < d k)%N && passes d j k i.
  apply/passesP/andP => [inside|[_ /passesP inside] l /andP [jl]].
    by split; [apply: inside; rewrite jk leqnSn|apply/passesP => l /andP [jl lk]; apply: inside; rewrite jl leqW].
  by rewrite leq_eqVlt => /orP [/eqP ->|lk]; [exact: ik|apply: inside; rewrite jl -ltnS].
by case: ltnP => //= _; case: ifP => _; rewrite ?mulr0 // big_nat_recr //= mulrC.
Qed.

(* 2. In a step each mode that reaches the end takes the step of its scalar network; no other entry moves. *)
Lemma step_diagonals (a : nat -> nat -> R) (s : nat -> R) (eta : R) (j : nat) : (j < N)%N ->
  descent_step eta (diagonal (d N) (d 0%N) s) (diagonals d a) j =
  diagonals d (fun j i => if passes d 0 N i then scalar_step N eta (s i) (fun r => a r i) j else a j i) j.
Proof.
move=> jN; rewrite /descent_step /gradient_step /layer_gradient /residual /end_to_end.
rewrite !product_diagonals ?(ltnW jN) // !diagonal_tr diagonal_sub !diagonal_mul diagonal_scale.
rewrite /(diagonals _ _) diagonal_sub.
apply: diagonal_congr => i i1 i0.
have split_passes : passes d 0 N i = passes d j.+1 N i && passes d 0 j i.
  apply/passesP/andP => [inside|[/passesP after /passesP before] l /andP [_ lN]].
    by split; apply/passesP => l /andP [jl lN]; apply: inside; rewrite ?lN //= (leq_trans lN) // ltnW.
  by have [lj|lj] := leqP l j; [apply: before|apply: after; rewrite lj].
have ends : passes d 0 N i -> (i < d 0%N)%N /\ (i < d N)%N.
  by move/passesP => inside; split; apply: inside; rewrite // leqnn.
case reach: (passes d 0 N i).
  have [in0 inN] := ends reach; rewrite in0 inN; move: reach; rewrite split_passes => /andP [-> ->].
  by rewrite /scalar_step /scalar_gradient /scalar_residual.
move: reach; rewrite split_passes => /negbT; rewrite negb_and => /orP [] /negbTE ->.
  by rewrite !(mul0r, if_same, mulr0, subr0).
by rewrite !(mul0r, if_same, mulr0, subr0).
Qed.
End Diagonal.

Theorem modes_learn_apart (R : comRingType) (d : nat -> nat) (N : nat) (a : nat -> nat -> R) (s : nat -> R) (eta : R)
    (t j : nat) : (j < N)%N ->
  descent eta (diagonal (d N) (d 0%N) s) (diagonals d a) t j =
  diagonal (d j.+1) (d j) (fun i => if passes d 0 N i then scalar_descent N eta (s i) (fun r => a r i) t j else a j i).
Proof.
elim: t j => [|t IH] j jN; first by apply: diagonal_congr => i _ _; case: ifP.
pose b j i := if passes d 0 N i then scalar_descent N eta (s i) (fun r => a r i) t j else a j i.
rewrite /descent iterS -/(descent _ _ _ _) (descent_step_congr _ _ (W' := diagonals d b)) // step_diagonals //.
apply: diagonal_congr => i _ _; rewrite /b; case: (passes d 0 N i) => //; by rewrite scalar_descentS.
Qed.

(* 3. The loss is the sum of the modes' losses, and of s^2 over the modes that do not reach the end. *)
Theorem loss_of_modes (R : comRingType) (d : nat -> nat) (N : nat) (a : nat -> nat -> R) (s : nat -> R) :
  sqnorm (residual (diagonal (d N) (d 0%N) s) (diagonals d a)) =
  \sum_(0 <= i < minn (d N) (d 0%N))
    (if passes d 0 N i then scalar_residual N (s i) (fun r => a r i) ^+ 2 else s i ^+ 2).
Proof.
rewrite /residual /end_to_end product_diagonals // diagonal_sub.
have sq m n (f : nat -> R) : sqnorm (diagonal m n f) = \sum_(0 <= i < minn m n) f i ^+ 2.
  have row (i : 'I_m) : \sum_j diagonal m n f i j ^+ 2 = if (i < n)%N then f i ^+ 2 else 0.
    case: ltnP => i_n.
      rewrite (bigD1 (Ordinal i_n)) //= big1 ?addr0 => [|l li]; first by rewrite mxE /= eqxx.
      rewrite mxE; have -> : (i == l :> nat) = false; last by rewrite expr0n.
      by apply/negbTE; apply: contraNneq li => e; apply/eqP/val_inj.
    rewrite big1 // => l _; rewrite mxE; have -> : (i == l :> nat) = false; last by rewrite expr0n.
    by rewrite gtn_eqF // (leq_trans (ltn_ord l)).
  rewrite /sqnorm (eq_bigr _ (fun i _ => row i)) -(big_mkord xpredT (fun i => if (i < n)%N then f i ^+ 2 else 0)).
  rewrite -big_mkcond /= (big_nat_widen 0 (minn m n) m) ?geq_minl //.
  rewrite big_nat_cond [RHS]big_nat_cond; apply: eq_bigl => i.
  by rewrite leq_min; case: (i < m)%N; rewrite ?andbF.
rewrite sq; apply: eq_bigr => i _; case: ifP => // _; by rewrite sub0r sqrrN.
Qed.
