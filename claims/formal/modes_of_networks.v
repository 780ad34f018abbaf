(* A network along one mode: vectors v_0, ..., v_N with W_j v_j = w_j v_(j+1) and W_j^T v_(j+1) = w_j v_j.

   A step of gradient descent keeps the vectors and moves the w_j as it moves a network of width 1 ([mode_step]); the
   loss is at least that of this network of numbers ([mode_loss]). Layers are counted from 0 here, as in network.v. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* The network of numbers w_0, ..., w_(N-1) with the number phi as its target. *)
Section Numbers.
Variables (R : comRingType) (N : nat) (eta phi : R).
Definition whole_product (w : nat -> R) : R := \prod_(0 <= i < N) w i.
Definition number_step (w : nat -> R) (j : nat) : R :=
  w j - eta * ((\prod_(0 <= i < j) w i) * (\prod_(j.+1 <= i < N) w i) * (whole_product w - phi)).
Definition number_descent (w : nat -> R) (t : nat) : nat -> R := iter t number_step w.

Lemma number_step_congr w w' : (forall j, (j < N)%N -> w j = w' j) ->
  forall j, (j < N)%N -> number_step w j = number_step w' j.
Proof.
move=> E j jN; have prod m n : (n <= N)%N -> \prod_(m <= i < n) w i = \prod_(m <= i < n) w' i.
  by move=> nN; apply: eq_big_nat => i /andP [_ i_n]; apply: E; apply: leq_trans i_n nN.
by rewrite /number_step /whole_product E // !prod // ltnW.
Qed.
End Numbers.

Section Mode.
Variables (R : realFieldType) (d : nat -> nat) (N : nat) (v : forall j, 'cV[R]_(d j)).
Variables (Phi : 'M[R]_(d N, d 0)) (phi : R).
Implicit Types (W : weights R d) (w : nat -> R).

Definition is_mode W w := forall j, (j < N)%N -> W j *m v j = w j *: v j.+1 /\ (W j)^T *m v j.+1 = w j *: v j.
Hypothesis target_mode : Phi *m v 0%N = phi *: v N /\ Phi^T *m v N = phi *: v 0%N.

Lemma product_mode W w i k : is_mode W w -> (i <= k <= N)%N ->
  product W i k *m v i = (\prod_(i <= l < k) w l) *: v k /\
  (product W i k)^T *m v k = (\prod_(i <= l < k) w l) *: v i.
Proof.
move=> mode; elim: k => [|k IH].
  by case/andP; rewrite leqn0 => /eqP -> _; rewrite product_nil trmx1 !mul1mx big_geq // !scale1r.
case/andP; rewrite leq_eqVlt => /orP [/eqP -> _|].
  by rewrite product_nil trmx1 !mul1mx big_geq // !scale1r.
rewrite ltnS => ik kN; have [ahead back] := IH (introT andP (conj ik (ltnW kN))); have [a b] := mode _ kN.
rewrite product_last // big_nat_recr //= trmx_mul -!mulmxA ahead b -!scalemxAr a back !scalerA.
by split=> //; rewrite mulrC.
Qed.

Lemma residual_mode W w : is_mode W w ->
  residual Phi W *m v 0%N = (whole_product N w - phi) *: v N /\
  (residual Phi W)^T *m v N = (whole_product N w - phi) *: v 0%N.
Proof.
move=> mode; have [a b] := product_mode mode (leqnn N : (0 <= N <= N)%N); case: target_mode => e f.
by rewrite /residual /end_to_end linearB /= !mulmxBl a b e f -!scalerBl.
Qed.

Theorem mode_step eta W w : is_mode W w -> is_mode (descent_step eta Phi W) (number_step N eta phi w).
Proof.
move=> mode j jN; have [r r'] := residual_mode mode; have [a b] := mode _ jN.
have [_ c] := product_mode mode (ltnW jN : (0 <= j <= N)%N).
have [c' _] := product_mode mode (ltnW jN : (0 <= j <= N)%N).
have in1 : (j.+1 <= N <= N)%N by rewrite jN leqnn.
have [e e'] := product_mode mode in1.
set s := (\prod_(0 <= l < j) w l) * (\prod_(j.+1 <= l < N) w l) * (whole_product N w - phi).
have D : layer_gradient (residual Phi W) W j *m v j = s *: v j.+1.
  rewrite /layer_gradient -!mulmxA c -!scalemxAr r -!scalemxAr e' !scalerA; congr (_ *: _).
  by rewrite /s; ring.
have D' : (layer_gradient (residual Phi W) W j)^T *m v j.+1 = s *: v j.
  rewrite /layer_gradient !trmx_mul !trmxK -!mulmxA e -!scalemxAr r' -!scalemxAr c' !scalerA; congr (_ *: _).
  by rewrite /s; ring.
rewrite /descent_step /gradient_step trmx_step !mulmxBl -!scalemxAl D D' a b !scalerA -!scalerBl.
by split.
Qed.

Theorem mode_descent eta W w : is_mode W w ->
  forall t, is_mode (descent eta Phi W t) (number_descent N eta phi w t).
Proof. by move=> mode; elim=> // t IH; rewrite /descent /number_descent !iterS; apply: mode_step. Qed.

Theorem mode_loss W w : is_mode W w -> sqnorm (v 0%N) = sqnorm (v N) -> 0 < sqnorm (v 0%N) ->
  (whole_product N w - phi) ^+ 2 <= sqnorm (residual Phi W).
Proof.
move=> mode same pos; have [r _] := residual_mode mode.
have := sqnorm_mul (residual Phi W) (v 0%N); rewrite r sqnorm_scale -same.
by rewrite ler_pmul2r.
Qed.
End Mode.
