(* Escape from saddles (DL-025): descent never leaves a critical point; and the step of scalar layers near zero.

   Left out: 2, 3 and 5, and the escape times. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network scalar.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* 1. From a critical point no layer ever moves, at any learning rate. *)
Theorem no_motion (R : comRingType) (d : nat -> nat) (N : nat) (eta : R) (Phi : 'M[R]_(d N, d 0%N)) (W : weights R d)
    (t j : nat) : (forall j, (j < N)%N -> layer_gradient (residual Phi W) W j = 0) -> (j < N)%N ->
  descent eta Phi W t j = W j.
Proof.
move=> crit; elim: t j => // t IH j jN.
rewrite /descent iterS -/(descent _ _ _ _) (descent_step_congr _ _ (W' := W)) //.
by rewrite /descent_step /gradient_step crit // scaler0 subr0.
Qed.

(* 4. All layers in (0, R] with R^N <= Phi: a step multiplies the least of them by 1 + a m^{N-2} at least. N = n + 2. *)
Theorem one_step_of_scalars (R : realFieldType) (n : nat) (eta phi r m : R) (w : nat -> R) (j : nat) :
  0 <= eta -> 0 < m -> r ^+ n.+2 <= phi -> (forall l, (l < n.+2)%N -> m <= w l <= r) -> (j < n.+2)%N ->
  m * (1 + eta * (phi - r ^+ n.+2) * m ^+ n) <= scalar_step n.+2 eta phi w j.
Proof.
move=> eta0 m0 small inside jN.
have low a b : (a <= b <= n.+2)%N -> m ^+ (b - a) <= \prod_(a <= l < b) w l.
  move=> /andP [ab bN]; rewrite -prodr_const_nat big_nat [X in _ <= X]big_nat.
  by apply: ler_prod => l /andP [_ lb]; rewrite (ltW m0) /=; case/andP: (inside l (leq_trans lb bN)).
have high : \prod_(0 <= l < n.+2) w l <= r ^+ n.+2.
  have {2}-> : n.+2 = (n.+2 - 0)%N by rewrite subn0.
  rewrite -prodr_const_nat big_nat [X in _ <= X]big_nat.
  apply: ler_prod => l /andP [_ lb]; have /andP [a ->] := inside l lb; by rewrite (le_trans (ltW m0)).
rewrite /scalar_step /scalar_gradient /scalar_residual.
have -> : w j - eta * (\prod_(j.+1 <= l < n.+2) w l * (\prod_(0 <= l < n.+2) w l - phi) * \prod_(0 <= l < j) w l) =
    w j + eta * ((phi - \prod_(0 <= l < n.+2) w l) * (\prod_(j.+1 <= l < n.+2) w l * \prod_(0 <= l < j) w l)).
  by move: (\prod_(j.+1 <= l < n.+2) w l) (\prod_(0 <= l < n.+2) w l) (\prod_(0 <= l < j) w l) (w j) => *; ring.
rewrite mulrDr mulr1; apply: ler_add; first by case/andP: (inside j jN).
have -> : m * (eta * (phi - r ^+ n.+2) * m ^+ n) = eta * ((phi - r ^+ n.+2) * m ^+ n.+1).
  by rewrite [m ^+ n.+1]exprS; move: (r ^+ n.+2) (m ^+ n) => *; ring.
apply: ler_wpmul2l => //; apply: ler_pmul; rewrite ?subr_ge0 ?exprn_ge0 ?(ltW m0) //.
  by rewrite ler_add2l ler_opp2.
have -> : m ^+ n.+1 = m ^+ (n.+2 - j.+1) * m ^+ (j - 0) by rewrite -exprD subn0 subSS subnK.
apply: ler_pmul; rewrite ?exprn_ge0 ?(ltW m0) //.
  by apply: low; rewrite jN leqnn.
by apply: low; rewrite (ltnW jN).
Qed.

(* A control: the sign of the layers is needed; from 1, -1, phi = 1 a step of size 1 leads to 1 - 2 = -1, 1. *)
Theorem one_sign_is_needed (R : realFieldType) :
  let w : nat -> R := fun j => if j == 0%N then 1 else -1 in
  scalar_step 2 1 1 w 0 = -1 /\ scalar_step 2 1 1 w 1 = 1.
Proof.
move=> w; rewrite /scalar_step /scalar_gradient /scalar_residual /index_iota /= !big_cons !big_nil /w /=.
by split; ring.
Qed.
