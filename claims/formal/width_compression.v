(* Width beyond reach never moves (DL-008): for closed subspaces, of orthonormal bases Q j, a small network learns,
   and a rest stays, at every step of descent, at any learning rate.

   Over any commutative ring, for every depth and all widths, 0 included. sqnorm (residual ..) is twice the loss.
   Left out: gradient flow, the singular values of 2, that there are smallest closed subspaces (3). *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network orthogonal.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Definitions.
Variables (R : comRingType) (d k : nat -> nat) (N : nat).
Variables (Q : forall j, 'M[R]_(d j, k j)) (W : weights R d) (Phi : 'M[R]_(d N, d 0%N)).

(* The subspaces of the columns of Q j hold row(R) and col(R), and the layers and their transposes lead into them. *)
Definition closed : Prop :=
  [/\ Q N *m (Q N)^T *m residual Phi W *m (Q 0%N *m (Q 0%N)^T) = residual Phi W,
      forall j, (j < N)%N -> Q j.+1 *m (Q j.+1)^T *m (W j *m Q j) = W j *m Q j &
      forall j, (j < N)%N -> Q j *m (Q j)^T *m ((W j)^T *m Q j.+1) = (W j)^T *m Q j.+1].

Definition small : weights R k := fun j => (Q j.+1)^T *m W j *m Q j.
Definition small_target : 'M[R]_(k N, k 0%N) := (Q N)^T *m Phi *m Q 0%N.
Definition rest : weights R d := fun j => W j - Q j.+1 *m small j *m (Q j)^T.
End Definitions.

Section Compression.
Variables (R : comRingType) (d k : nat -> nat) (N : nat) (Q : forall j, 'M[R]_(d j, k j)).
Hypothesis orth : forall j, (Q j)^T *m Q j = 1%:M.

(* Layers Q V Q^T + C, where C vanishes on both subspaces. *)
Definition assembled (V : weights R k) (C : weights R d) : weights R d := fun j => Q j.+1 *m V j *m (Q j)^T + C j.
Definition apart (C : weights R d) : Prop :=
  (forall j, (j < N)%N -> C j *m Q j = 0) /\ (forall j, (j < N)%N -> (Q j.+1)^T *m C j = 0).

Lemma product_on V C i l : apart C -> (i <= l <= N)%N ->
  product (assembled V C) i l *m Q i = Q l *m product V i l /\
  (Q l)^T *m product (assembled V C) i l = product V i l *m (Q i)^T.
Proof.
move=> [right left]; elim: l => [|l IH].
  by rewrite leqn0 => /andP [/eqP -> _]; rewrite !product_nil !mulmx1 !mul1mx.
case/andP; rewrite leq_eqVlt => /orP [/eqP -> _|]; first by rewrite !product_nil !mulmx1 !mul1mx.
rewrite ltnS => il lN; have [on off] := IH (introT andP (conj il (ltnW lN))).
rewrite !product_last //; split.
  rewrite -mulmxA on /assembled mulmxDl [C l *m _]mulmxA right // mul0mx addr0 -!mulmxA; congr (_ *m (_ *m _)).
  by rewrite mulmxA orth mul1mx.
rewrite mulmxA /assembled mulmxDr left // addr0 !mulmxA orth mul1mx -!mulmxA; congr (_ *m _).
exact: off.
Qed.

(* Where the residual is Q S Q^T, the gradients are those of the small network. *)
Lemma gradient_assembled V C (S : 'M[R]_(k N, k 0%N)) j : apart C -> (j < N)%N ->
  layer_gradient (Q N *m S *m (Q 0%N)^T) (assembled V C) j = Q j.+1 *m layer_gradient S V j *m (Q j)^T.
Proof.
move=> C0 jN; rewrite /layer_gradient.
have [_ up] := product_on V C0 (introT andP (conj jN (leqnn N))).
have [down _] := product_on V C0 (introT andP (conj (leq0n j) (ltnW jN))).
have up' : (product (assembled V C) j.+1 N)^T *m Q N = Q j.+1 *m (product V j.+1 N)^T.
  by rewrite -[LHS]trmxK trmx_mul trmxK up trmx_mul trmxK.
have down' : (Q 0%N)^T *m (product (assembled V C) 0 j)^T = (product V 0 j)^T *m (Q j)^T.
  by rewrite -trmx_mul down trmx_mul.
by rewrite !mulmxA up' -!mulmxA down' !mulmxA.
Qed.

(* What the layers C add to the product does not depend on V. *)
Lemma product_rest V U C i l : apart C -> (i <= l <= N)%N ->
  product (assembled V C) i l - Q l *m product V i l *m (Q i)^T =
  product (assembled U C) i l - Q l *m product U i l *m (Q i)^T.
Proof.
move=> C0; elim: l => [|l IH].
  by rewrite leqn0 => /andP [/eqP -> _]; rewrite !product_nil.
case/andP; rewrite leq_eqVlt => /orP [/eqP -> _|]; first by rewrite !product_nil.
rewrite ltnS => il lN; have il' := introT andP (conj il (ltnW lN)).
have next X : product (assembled X C) i l.+1 - Q l.+1 *m product X i l.+1 *m (Q i)^T =
    C l *m (product (assembled X C) i l - Q l *m product X i l *m (Q i)^T).
  have [_ off] := product_on X C0 il'; have [right _] := C0.
  rewrite !product_last // {1}/assembled mulmxDl -!mulmxA off !mulmxA.
  by rewrite mulmxBr !mulmxA right // !mul0mx subr0 addrAC subrr add0r.
by rewrite !next IH.
Qed.
End Compression.

(* 1. The small network learns, the rest stays; and the residual is Q (that of the small network) Q^T. *)
Theorem small_learns_rest_stays (R : comRingType) (d k : nat -> nat) (N : nat) (Q : forall j, 'M[R]_(d j, k j))
    (W : weights R d) (Phi : 'M[R]_(d N, d 0%N)) (eta : R) (t : nat) :
  (forall j, (Q j)^T *m Q j = 1%:M) -> closed Q W Phi ->
  let V := descent eta (small_target Q Phi) (small Q W) t in
  (forall j, (j < N)%N -> descent eta Phi W t j = Q j.+1 *m V j *m (Q j)^T + rest Q W j) /\
  residual Phi (descent eta Phi W t) = Q N *m residual (small_target Q Phi) V *m (Q 0%N)^T.
Proof.
move=> orth [inside right left] /=; pose C := rest Q W; pose P := small_target Q Phi.
have C0 : apart N Q C.
  split=> j jN; rewrite /C /rest /small.
    rewrite mulmxBl -!mulmxA orth mulmx1; apply/eqP; rewrite subr_eq0; apply/eqP.
    by rewrite -{1}(right j jN) !mulmxA.
  rewrite mulmxBr !mulmxA orth mul1mx; apply/eqP; rewrite subr_eq0; apply/eqP.
  rewrite -[LHS]trmxK trmx_mul trmxK -(left j jN) !trmx_mul !trmxK !mulmxA //.
have start j : W j = assembled Q (small Q W) C j by rewrite /assembled /C /rest addrC subrK.
have next s (V : weights R k) (U : weights R d) : (forall j, (j < N)%N -> U j = assembled Q V C j) ->
    residual Phi U = Q N *m residual P V *m (Q 0%N)^T ->
    (forall j, (j < N)%N -> descent_step eta Phi U j = assembled Q (descent_step eta P V) C j).
  move=> UV RU j jN; rewrite /descent_step /gradient_step RU.
  have -> : layer_gradient (Q N *m residual P V *m (Q 0%N)^T) U j =
            layer_gradient (Q N *m residual P V *m (Q 0%N)^T) (assembled Q V C) j.
    have E a b : (b <= N)%N -> product U a b = product (assembled Q V C) a b.
      by move=> bN; apply: product_congr => l /andP [_ lb]; apply: UV; apply: leq_trans lb bN.
    by rewrite /layer_gradient !E // ltnW.
  rewrite gradient_assembled // UV // /assembled mulmxBr mulmxBl -scalemxAr -scalemxAl.
  by rewrite addrAC.
have residual_of V : residual Phi (assembled Q V C) = Q N *m residual P V *m (Q 0%N)^T.
  have W_on : (Q N)^T *m residual Phi W *m Q 0%N = residual P (small Q W).
    rewrite /residual mulmxBr mulmxBl; congr (_ - _); rewrite /end_to_end.
    rewrite (product_congr (W' := assembled Q (small Q W) C)) => [|l _]; last exact: start.
    by have [_ ->] := product_on orth (small Q W) C0 (introT andP (conj (leq0n N) (leqnn N)));
       rewrite -mulmxA orth mulmx1.
  have same := product_rest orth V (small Q W) C0 (introT andP (conj (leq0n N) (leqnn N))).
  have W_is : product W 0 N = product (assembled Q (small Q W) C) 0 N by apply: product_congr => l _; exact: start.
  have base : residual Phi W = Q N *m residual P (small Q W) *m (Q 0%N)^T by rewrite -{1}inside -W_on !mulmxA.
  move: base; rewrite /residual /end_to_end W_is !mulmxBr !mulmxBl.
  move: same; rewrite -/P.
  move: (product (assembled Q (small Q W) C) 0 N) (product (assembled Q V C) 0 N) => a0 a.
  move: (Q N *m product V 0 N *m _) (Q N *m product (small Q W) 0 N *m _) (Q N *m P *m _) => b b0 p same base.
  have entries (x y x0 y0 f z : R) : x - y = x0 - y0 -> x0 - f = y0 - z -> x - f = y - z.
    move=> e1 e2; have -> : x - f = (x - y) - (x0 - y0) + ((x0 - f) - (y0 - z)) + (y - z) by ring.
    by rewrite e1 e2 !subrr !add0r.
  apply/matrixP => i l; have := congr1 (fun M : 'M_(_, _) => M i l) same.
  by have := congr1 (fun M : 'M_(_, _) => M i l) base; rewrite !mxE => e2 e1; exact: entries e1 e2.
have form s j : (j < N)%N -> descent eta Phi W s j = assembled Q (descent eta P (small Q W) s) C j.
  elim: s j => [|s IH] j jN; first exact: start.
  rewrite /descent !iterS -!/(descent _ _ _ _); apply: next => //.
  rewrite -residual_of /residual /end_to_end; congr (_ - _); apply: product_congr => l /andP [_ lN]; exact: IH.
split=> [j jN|]; first exact: form.
rewrite -residual_of /residual /end_to_end; congr (_ - _); apply: product_congr => l /andP [_ lN]; exact: form.
Qed.

(* So the loss is the same, step by step. *)
Theorem same_loss (R : comRingType) (d k : nat -> nat) (N : nat) (Q : forall j, 'M[R]_(d j, k j))
    (W : weights R d) (Phi : 'M[R]_(d N, d 0%N)) (eta : R) (t : nat) :
  (forall j, (Q j)^T *m Q j = 1%:M) -> closed Q W Phi ->
  sqnorm (residual Phi (descent eta Phi W t)) =
  sqnorm (residual (small_target Q Phi) (descent eta (small_target Q Phi) (small Q W) t)).
Proof.
move=> orth reach; have [_ ->] := small_learns_rest_stays eta t orth reach.
by rewrite sqnorm_isometry_right // sqnorm_isometry.
Qed.

(* 2. The imbalances of both parts add up. *)
Theorem imbalances_add_up (R : comRingType) (d k : nat -> nat) (N : nat) (Q : forall j, 'M[R]_(d j, k j))
    (V : weights R k) (C : weights R d) (j : nat) : (forall j, (Q j)^T *m Q j = 1%:M) ->
  (j.+1 < N)%N -> apart N Q C ->
  imbalance (assembled Q V C) j = Q j.+1 *m imbalance V j *m (Q j.+1)^T + imbalance C j.
Proof.
move=> orth jN [right left]; rewrite /imbalance /assembled.
have CQ : C j.+1 *m Q j.+1 = 0 by apply: right.
have QC : (Q j.+2)^T *m C j.+1 = 0 by apply: left.
have DQ : C j *m Q j = 0 by apply: right; apply: ltnW.
have QC' : (C j.+1)^T *m Q j.+2 = 0 by rewrite -[LHS]trmxK trmx_mul trmxK QC trmx0.
have DQ' : (Q j)^T *m (C j)^T = 0 by rewrite -trmx_mul DQ trmx0.
rewrite !linearD /= !trmx_mul !trmxK !(mulmxDl, mulmxDr).
have -> : Q j.+1 *m ((V j.+1)^T *m (Q j.+2)^T) *m (Q j.+2 *m V j.+1 *m (Q j.+1)^T) =
          Q j.+1 *m ((V j.+1)^T *m V j.+1) *m (Q j.+1)^T.
  by rewrite -!mulmxA [(Q j.+2)^T *m (Q j.+2 *m _)]mulmxA orth mul1mx.
have -> : Q j.+1 *m ((V j.+1)^T *m (Q j.+2)^T) *m C j.+1 = 0 by rewrite -!mulmxA QC !mulmx0.
have -> : (C j.+1)^T *m (Q j.+2 *m V j.+1 *m (Q j.+1)^T) = 0 by rewrite !mulmxA QC' !mul0mx.
have -> : Q j.+1 *m V j *m (Q j)^T *m (Q j *m ((V j)^T *m (Q j.+1)^T)) =
          Q j.+1 *m (V j *m (V j)^T) *m (Q j.+1)^T.
  by rewrite -!mulmxA [(Q j)^T *m (Q j *m _)]mulmxA orth mul1mx.
have -> : Q j.+1 *m V j *m (Q j)^T *m (C j)^T = 0 by rewrite -!mulmxA DQ' !mulmx0.
have -> : C j *m (Q j *m ((V j)^T *m (Q j.+1)^T)) = 0 by rewrite !mulmxA DQ !mul0mx.
by rewrite !addr0 !add0r mulmxN mulNmx addrACA.
Qed.
