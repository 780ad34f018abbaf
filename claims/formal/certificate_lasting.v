(* Certificates that speak of every step: cycles, and gradients that vanish.

   Each theorem takes Booleans that the kernel computes on lists and returns what is so of the network of network.v. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm rational_numbers certificate certificate_network modes_of_networks.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* The learning rates that a certificate speaks of: one, every positive one, or every one up to a number. *)
Inductive rates := Only of Q | Every | Up_to of Q.
Definition meant (R : realFieldType) (r : rates) (eta : R) : Prop :=
  match r with Only q => eta = number R q | Every => 0 < eta | Up_to q => 0 < eta <= number R q end.
Definition good_rates (r : rates) : bool := match r with Only q => ltq zero q | Every => true | Up_to q =>
  ltq zero q end.

(* From step s on the loss is at least a number, of gradient descent from the start. *)
Definition lasts (R : realFieldType) (p : network) (r : rates) (s : nat) (least : Q) : Prop :=
  forall eta : R, meant r eta -> forall t, (s <= t)%N ->
  number R least <= loss (descent eta (goal R p) (layers R p (start p)) t).

Section Recurrence.
Variables (T : Type) (E : T -> T -> Prop) (f : T -> T).
Hypotheses (E_refl : forall x, E x x) (E_trans : forall x y z, E x y -> E y z -> E x z).
Hypothesis f_E : forall x y, E x y -> E (f x) (f y).

Lemma iter_E t x y : E x y -> E (iter t f x) (iter t f y).
Proof. by move=> xy; elim: t => // t IH; apply: f_E. Qed.

Lemma recurs s q x : E (iter (q + s) f x) (iter s f x) -> forall t, (s <= t)%N -> E (iter (q + t) f x) (iter t f x).
Proof.
move=> again t st; have -> : (q + t = (t - s) + (q + s))%N by rewrite addnCA subnK.
by rewrite -{2}(subnK st) [X in E _ X]iterD iterD; apply: iter_E.
Qed.

Lemma among s q x : (0 < q)%N -> E (iter (q + s) f x) (iter s f x) ->
  forall t, (s <= t)%N -> exists2 r, (r < q)%N & E (iter t f x) (iter (r + s) f x).
Proof.
move=> q0 again t; elim/ltn_ind: t => t IH st; case: (ltnP (t - s) q) => [small|large].
  by exists (t - s)%N => //; rewrite subnK.
have st' : (s <= t - q)%N by rewrite leq_subRL ?(leq_trans large) ?leq_subr // addnC -leq_subRL.
have qt : (q <= t)%N by apply: leq_trans large (leq_subr _ _).
have lt : (t - q < t)%N by rewrite ltn_subrL q0 (leq_trans q0 qt).
have [r rq near] := IH _ lt st'; exists r => //; apply: E_trans near.
by have := recurs again st'; rewrite subnKC.
Qed.
End Recurrence.

Section Networks.
Variables (R : realFieldType) (p : network).
Local Notation N := (depth p).
Implicit Type W : weights R (width p).
Let alike W W' := forall j, (j < N)%N -> W j = W' j.
Let alike_trans W W' W'' : alike W W' -> alike W' W'' -> alike W W''.
Proof. by move=> a b j jN; rewrite a ?b. Qed.

Definition recurs_after (rate : Q) (s q : nat) ws := same_layers p (run p rate (q + s) ws) (run p rate s ws).
Definition loss_at (rate : Q) (s : nat) ws (r : nat) : Q := loss_of p (run p rate (r + s) ws).

Let same_run rate s q ws : recurs_after rate s q ws ->
  alike (descent (number R rate) (goal R p) (layers R p ws) (q + s)) (descent (number R rate) (goal R p) (layers R p
    ws) s).
Proof. by move=> /(same_layers_eq R) same j jN; rewrite -!run_descent // same. Qed.

(* What recurs once recurs for ever; the least loss of a period is the least for all time. *)
Theorem cycle_lasts rate s q least ws : (0 < q)%N -> recurs_after rate s q ws ->
  all (fun r => Qle_bool least (loss_at rate s ws r)) (iota 0 q) ->
  forall t, (s <= t)%N -> number R least <= loss (descent (number R rate) (goal R p) (layers R p ws) t).
Proof.
move=> q0 again /allP all_least t st.
have congr W W' : alike W W' -> alike (descent_step (number R rate) (goal R p) W) (descent_step (number R rate) (goal
  R p) W').
  by move=> same j jN; apply: descent_step_congr.
have [r rq near] := among (E := alike) (fun _ _ _ => erefl) alike_trans congr q0 (same_run again) st.
rewrite /descent (loss_congr near) -/(descent _ _ _ _) -loss_run; apply: number_le.
by apply: (all_least r); rewrite mem_iota.
Qed.

Theorem cycle_returns rate s q ws : recurs_after rate s q ws -> forall t, (s <= t)%N -> forall j, (j < N)%N ->
  descent (number R rate) (goal R p) (layers R p ws) (q + t) j = descent (number R rate) (goal R p) (layers R p ws) t j.
Proof.
move=> again t st; have congr W W' : alike W W' ->
    alike (descent_step (number R rate) (goal R p) W) (descent_step (number R rate) (goal R p) W').
  by move=> same j jN; apply: descent_step_congr.
exact: (recurs (E := alike) congr (same_run again) st).
Qed.

End Networks.

(* A cycle of the start's network: the loss for all time, that its least value is met, and that the weights return. *)
Definition cycles (R : realFieldType) (p : network) (rate : Q) (s q : nat) (least : Q) : Prop :=
  let at_step := descent (number R rate) (goal R p) (layers R p (start p)) in
  [/\ lasts R p (Only rate) s least,
      exists2 t, (s <= t)%N & loss (at_step t) = number R least,
      forall t, (s <= t)%N -> forall j, (j < depth p)%N -> at_step (q + t)%N j = at_step t j &
      forall r, (0 < r < q)%N -> exists2 j, (j < depth p)%N & at_step (r + s)%N j != at_step s j].

Definition check_cycle (p : network) (rate : Q) (s q : nat) (least : Q) : bool :=
  let at_step := loss_at p rate s (start p) in
  [&& (0 < q)%N, recurs_after p rate s q (start p),
      all (fun r => Qle_bool least (at_step r)) (iota 0 q), has (fun r => Qeq_bool least (at_step r)) (iota 0 q) &
      all (fun r => ~~ recurs_after p rate s r (start p)) (iota 1 q.-1)].

Lemma different (R : realFieldType) p ws ws' : ~~ same_layers p ws ws' ->
  exists2 j, (j < depth p)%N & layers R p ws j != layers R p ws' j.
Proof.
move/allPn => [j]; rewrite mem_iota => jN /allPn [i]; rewrite mem_iota => im /allPn [k]; rewrite mem_iota => kn neq.
exists j => //; apply: contra neq => /eqP /matrixP /(_ (Ordinal im) (Ordinal kn)); rewrite !mxE /= => E.
move: E; set a := entry _ _ _; set b := entry _ _ _ => E.
have le x y : number R x = number R y -> Qle_bool x y.
  by move=> xy; apply: contraT => /(@number_lt R); rewrite xy ltxx.
by apply/Qeq_bool_iff; apply: Qle_antisym; apply/Qle_bool_iff; apply: le.
Qed.

Theorem cycle (R : realFieldType) p rate s q least : check_cycle p rate s q least -> cycles R p rate s q least.
Proof.
case/and5P => q0 again least_of met shorter; split.
- by move=> eta -> t; apply: (cycle_lasts R q0 again least_of).
- case/hasP: met => r _ /(number_eqb R) ->.
  by exists (r + s)%N; rewrite ?leq_addl // loss_run.
- exact: (cycle_returns R again).
move=> r /andP [r0 rq]; have mem : r \in iota 1 q.-1 by rewrite mem_iota r0 add1n prednK.
have [j jN neq] := different R (allP shorter r mem); exists j => //.
by rewrite -!run_descent.
Qed.

(* Gradients that vanish: the loss stays for ever, whatever the learning rate from there on. *)
Definition stays (R : realFieldType) (p : network) (r : rates) (s : nat) (least : Q) : Prop :=
  forall eta : R, meant r eta -> forall t, (s <= t)%N ->
  let W := descent eta (goal R p) (layers R p (start p)) t in
  loss W = number R least /\ (forall j, (j < depth p)%N -> layer_gradient (residual (goal R p) W) W j = 0).
Definition there (p : network) (r : rates) (s : nat) : option (seq matrix) :=
  match r, s with Only q, _ => Some (run p q s (start p)) | _, O => Some (start p) | _, _ => None end.
Definition check_stationary (p : network) (r : rates) (s : nat) (least : Q) : bool :=
  if there p r s is Some ws then no_slope p ws && Qeq_bool (loss_of p ws) least else false.

Theorem stationary (R : realFieldType) p r s least : check_stationary p r s least -> stays R p r s least.
Proof.
rewrite /check_stationary; case at_s : (there p r s) => [ws|//] /andP [none /(number_eqb R) is_least] eta is_meant t st.
have from j : (j < depth p)%N -> descent eta (goal R p) (layers R p (start p)) s j = layers R p ws j.
  move: r at_s is_meant => [q||q]; last 2 first; try by case: s {st} => [|s] // [<-].
  by move=> [<-] -> jN; rewrite run_descent.
have from_t j : (j < depth p)%N -> descent eta (goal R p) (layers R p (start p)) t j = layers R p ws j.
  move: t st j; elim=> [|t IH] st j jN; first by move: from st; case: s at_s => // at_s from _; apply: from.
  move: st; rewrite leq_eqVlt => /orP [/eqP <-|st]; first exact: from.
  rewrite /descent iterS -/(descent _ _ _ _) (descent_step_congr _ _ (W' := layers R p ws)) //; last exact: IH.
  by rewrite /descent_step /gradient_step (no_slope_gradient R none) // scaler0 subr0.
split; first by rewrite (loss_congr from_t) -number_loss.
move=> j jN; have E i k : (k <= depth p)%N -> product (descent eta (goal R p) (layers R p (start p)) t) i k = product
  (layers R p ws) i k.
  by move=> kN; apply: product_congr => l /andP [_ lk]; apply: from_t; apply: leq_trans lk kN.
rewrite /layer_gradient /residual /end_to_end !E ?(ltnW jN) //; exact: (no_slope_gradient R none jN).
Qed.
