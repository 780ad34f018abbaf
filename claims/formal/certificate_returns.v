(* Gradient descent that returns to where it was: points that it goes through in their order for ever.

   The gradient may depend on the step, as where each step is for one sample. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From DLC Require Import network rational_numbers certificate certificate_network.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Returns.
Variables (R : realFieldType) (m n : nat) (gradient : nat -> 'M[R]_(m, n) -> 'M[R]_(m, n)) (loss : 'M[R]_(m, n) -> R).

(* W_(t+1) = W_t - eta gradient_t(W_t) *)
Fixpoint descent_from (eta : R) (W : 'M[R]_(m, n)) (t : nat) : 'M[R]_(m, n) :=
  if t is s.+1 then descent_from eta W s - eta *: gradient s (descent_from eta W s) else W.

(* From the first of q points, at every allowed learning rate: the points in turn, no shorter period, and a loss that is
   never less than a number > 0, which it meets. *)
Definition returns (allowed : R -> Prop) (q : nat) (points : nat -> 'M[R]_(m, n)) (least : R) : Prop :=
  forall eta, allowed eta -> let at_step := descent_from eta (points 0%N) in
  [/\ forall t, at_step t = points (t %% q)%N /\ at_step (t + q)%N = at_step t,
      forall r, (0 < r < q)%N -> at_step r != at_step 0%N,
      forall t, least <= loss (at_step t), exists t, loss (at_step t) = least & 0 < eta /\ 0 < least].

Theorem returns_shown (allowed : R -> Prop) q points least : (0 < q)%N ->
  (forall eta, allowed eta -> 0 < eta /\ forall t,
    points (t %% q)%N - eta *: gradient t (points (t %% q)%N) = points (t.+1 %% q)%N) ->
  (forall r, (0 < r < q)%N -> points r != points 0%N) ->
  (forall r, (r < q)%N -> least <= loss (points r)) -> (exists2 r, (r < q)%N & loss (points r) = least) -> 0 < least ->
  returns allowed q points least.
Proof.
move=> q0 moves shorter above [s sq met] least0 eta allows /=; have [eta0 next] := moves eta allows.
have at_step t : descent_from eta (points 0%N) t = points (t %% q)%N.
  by elim: t => [|t IH]; rewrite ?mod0n //= IH next.
split=> // [t|r rq|t|]; rewrite ?at_step ?mod0n //.
- by rewrite modnDr.
- by case/andP: rq => r0 rq; rewrite modn_small // shorter // r0.
- by apply: above; rewrite ltn_mod.
by exists s; rewrite at_step modn_small.
Qed.
End Returns.

(* On lists of rationals, at which the gradient depends on the step modulo k. *)
Definition only_rate (R : realFieldType) (q : Q) (eta : R) : Prop := eta = number R q.
Definition every_rate (R : realFieldType) (eta : R) : Prop := 0 < eta.
Definition allowed_rates (R : realFieldType) (rate : option Q) : R -> Prop :=
  if rate is Some q then only_rate q else @every_rate R.
Definition list_moves (m n : nat) (rate : option Q) (g w w' : matrix) : bool :=
  if rate is Some q then same m n (less m n w q g) w' else vanishes m n g && same m n w w'.
Definition good_rate (rate : option Q) : bool := if rate is Some q then ltq zero q else true.
Definition check_returns (m n k : nat) (gradient : nat -> matrix -> matrix) (loss : matrix -> Q)
    (smooth : matrix -> bool) (rate : option Q) (points : seq matrix) (least : Q) : bool :=
  let q := size points in let at_point r := nth [::] points r in
  [&& (0 < q * k)%N && all (shaped m n) points && good_rate rate,
      all (fun r => smooth (at_point r) && Qle_bool least (loss (at_point r))) (iota 0 q),
      all (fun t => list_moves m n rate (gradient (t %% k)%N (at_point (t %% q)%N)) (at_point (t %% q)%N)
        (at_point (t.+1 %% q)%N)) (iota 0 (q * k)),
      has (fun r => Qeq_bool (loss (at_point r)) least) (iota 0 q) && ltq zero least &
      all (fun r => ~~ same m n (at_point r) (at_point 0%N)) (iota 1 q.-1)].

Section Lists.
Variables (R : realFieldType) (m n k : nat) (gradient : nat -> matrix -> matrix) (loss : matrix -> Q).
Variables (smooth : matrix -> bool) (G : nat -> 'M[R]_(m, n) -> 'M[R]_(m, n)) (L : 'M[R]_(m, n) -> R).
Hypothesis reads_gradient : forall t w, smooth w -> G t (mx R m n w) = mx R m n (gradient (t %% k)%N w).
Hypothesis reads_loss : forall w, L (mx R m n w) = number R (loss w).

Lemma mx_differ a b : ~~ same m n a b -> mx R m n a != mx R m n b.
Proof.
case/allPn => i; rewrite mem_iota => im /allPn [j]; rewrite mem_iota => jn; apply: contra => /eqP /matrixP E.
have := E (Ordinal im) (Ordinal jn); rewrite !mxE /= => {}E.
have le x y : number R x = number R y -> Qle_bool x y.
  by move=> xy; apply: contraT => /(@number_lt R); rewrite xy ltxx.
by apply/Qeq_bool_iff; apply: Qle_antisym; apply/Qle_bool_iff; apply: le.
Qed.

Theorem list_returns rate points least : check_returns m n k gradient loss smooth rate points least ->
  returns G L (allowed_rates rate) (size points) (fun r => mx R m n (nth [::] points r)) (number R least).
Proof.
case/and5P => /andP [/andP [qk0 _] good] /allP each /allP moves /andP [/hasP [s sq met] positive] /allP shorter.
set q := size points in qk0 each moves sq shorter *.
have [q0 k0] : (0 < q)%N /\ (0 < k)%N by apply/andP; rewrite -muln_gt0.
have {}each r : (r < q)%N -> smooth (nth [::] points r) && Qle_bool least (loss (nth [::] points r)).
  by move=> rq; apply: each; rewrite mem_iota.
apply: returns_shown => // [eta allows|r /andP [r0 rq]|r /each /andP [_ above]||].
- split=> [|t]; first by case: rate good allows {moves} => [c /(number_gt0 R) c0 ->|].
  have at_q : (t %% q < q)%N by rewrite ltn_mod.
  have := moves (t %% (q * k))%N; rewrite mem_iota ltn_mod qk0 => /(_ isT).
  rewrite modn_dvdm ?dvdn_mull // modn_dvdm ?dvdn_mulr // -addn1 -(modnDml _ 1 q) modn_dvdm ?dvdn_mulr // modnDml addn1.
  have /andP [is_smooth _] := each _ at_q; rewrite reads_gradient //.
  case: rate allows {good moves} => [c ->|_]; first by move/(mx_same R); rewrite mx_less.
  by case/andP => /(mx_vanishes R) -> /(mx_same R) <-; rewrite scaler0 subr0.
- by apply: mx_differ; apply: shorter; rewrite mem_iota r0 add1n prednK.
- by rewrite reads_loss number_le.
- by exists s; rewrite ?reads_loss ?(number_eqb R met) //; move: sq; rewrite mem_iota.
exact: number_gt0.
Qed.
End Lists.
