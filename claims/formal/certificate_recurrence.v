(* Gradient descent on a polynomial that comes back to where it was, and so for ever. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm rational_numbers polynomial_identity certificate certificate_network.
From DLC Require Import certificate_landscape polynomial_derivative matrix_factorization.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Definition descent_on (R : realFieldType) (f : expr) (rate : R) (y : nat -> R) (i : nat) : R :=
  y i - rate * eval y (partial i f).

(* From u in variables below n it returns after the period and no sooner; its least value is as said. *)
Definition keeps_returning (R : realFieldType) (n : nat) (f : expr) (rate : Q) (u : seq Q) (period : nat) (least : Q) :
  Prop := let y t := iter t (descent_on f (number R rate)) (at_point R u) in
  [/\ 0 < number R rate, (1 < period)%N /\ forall t i, y (t + period)%N i = y t i,
      forall s, (0 < s < period)%N -> exists2 i, (i < n)%N & y s i != at_point R u i,
      forall t, number R least <= eval (y t) f & exists t, eval (y t) f = number R least].

Definition next_point (n : nat) (f : expr) (rate : Q) (u : seq Q) : seq Q :=
  mkseq (fun i => subq (nth zero u i) (mulq rate (value_at u (partial i f)))) n.
Definition check_recurrence (n : nat) (f : expr) (rate : Q) (u : seq Q) (period : nat) (least : Q) : bool :=
  let ys := [seq iter t (next_point n f rate) u | t <- iota 0 period.+1] in
  let equal_at y i := Qeq_bool (nth zero y i) (nth zero u i) in
  [&& variables_below n f && (size u == n), ltq zero rate && (1 < period)%N,
      all (equal_at (nth [::] ys period)) (iota 0 n),
      all (fun s => has (fun i => ~~ equal_at (nth [::] ys s) i) (iota 0 n)) (iota 1 period.-1),
      all (fun t => Qle_bool least (value_at (nth [::] ys t) f)) (iota 0 period) &
      has (fun t => Qeq_bool (value_at (nth [::] ys t) f) least) (iota 0 period)].

Section Returns.
Variables (R : realFieldType) (f : expr).

Lemma descent_ext (rate : R) (y z : nat -> R) t : y =1 z ->
  iter t (descent_on f rate) y =1 iter t (descent_on f rate) z.
Proof.
move=> yz; elim: t => [|t IH] i; first exact: yz.
by rewrite !iterS /descent_on IH (eval_ext _ IH).
Qed.

Lemma next_size n rate u t : size u = n -> size (iter t (next_point n f rate) u) = n.
Proof. by case: t => // t _; rewrite iterS size_mkseq. Qed.

Lemma next_shown n rate u t : variables_below n f -> size u = n ->
  iter t (descent_on f (number R rate)) (at_point R u) =1 at_point R (iter t (next_point n f rate) u).
Proof.
move=> inside size_u; elim: t => [//|t IH] i; rewrite !iterS {1}/descent_on IH (eval_ext _ IH).
rewrite /at_point; have [ni|i_n] := leqP n i.
  rewrite (partial_beyond _ inside ni) mulr0 subr0 !nth_default ?size_mkseq //.
  by rewrite next_size.
by rewrite nth_mkseq // number_sub number_mul number_value.
Qed.

Theorem recurrence_shown n rate u period least :
  check_recurrence n f rate u period least -> keeps_returning R n f rate u period least.
Proof.
rewrite /check_recurrence; set ys := map _ _; pose y t := iter t (descent_on f (number R rate)) (at_point R u).
case/and5P => /andP [inside /eqP size_u] /andP [/(number_gt0 R) rate0 period1] /allP back /allP away.
case/andP => [/allP above /hasP attained].
have at_y t : (t <= period)%N -> y t =1 at_point R (nth [::] ys t).
  by move=> le i; rewrite /y (next_shown _ _ inside) // /ys (nth_map 0%N) ?size_iota // nth_iota.
have returns : y period =1 y 0%N.
  move=> i; rewrite at_y // /y /=; have [ni|i_n] := leqP n i; last first.
    by apply: number_eqb; apply: back; rewrite mem_iota.
  rewrite /at_point [nth zero u i]nth_default ?size_u //; congr number; apply: nth_default.
  by rewrite /ys (nth_map 0%N) ?size_iota // nth_iota // next_size.
have again t : y (t + period)%N =1 y t by move=> i; rewrite /y iterD; apply: descent_ext.
have reduced t : y t =1 y (t %% period)%N.
  rewrite {1}(divn_eq t period); elim: (t %/ period)%N => [//|k IH] i.
  by rewrite mulSn -addnA addnC again IH.
have period0 : (0 < period)%N by apply: ltnW.
split; [exact: rate0|by split; last exact: again| | |].
- move=> s /andP [s0 s_lt]; have := away s; rewrite mem_iota add1n prednK // s0 => /(_ s_lt) /hasP [i].
  rewrite mem_iota add0n => i_n differs; exists i => //.
  by rewrite -/(y s) at_y ?(ltnW s_lt) //; apply: number_neq.
- move=> t; rewrite -/(y t) (eval_ext _ (reduced t)) (eval_ext _ (at_y _ (ltnW (ltn_pmod t period0)))) -number_value.
  by apply: number_le; apply: above; rewrite mem_iota add0n ltn_pmod.
case: attained => t; rewrite mem_iota add0n => t_lt is_least; exists t.
by rewrite -/(y t) (eval_ext _ (at_y _ (ltnW t_lt))) -number_value; apply: number_eqb.
Qed.
End Returns.

(* DL-035: descent on the entries of U is U - rate (U U^T - M) U, and 4 f is ||U U^T - M||^2. *)
Definition factors (R : realFieldType) (n k : nat) (m : matrix) (f : expr) : Prop :=
  forall (rate : R) (y : nat -> R), let M := mx R n n m in let U := point_matrix n k y in
  eval y f *+ 4 = sqnorm (defect M U) /\ point_matrix n k (descent_on f rate y) = U - rate *: gradient M U.
Definition check_symmetric (n : nat) (m : matrix) : bool := same n n m (tr n n m).

Section Factorization.
Variables (R : realFieldType) (n k : nat) (m : matrix).
Implicit Type y : nat -> R.

Lemma eval_gram y (i j : 'I_n) :
  eval y (gram k i j) = \sum_(c < k) point_matrix n k y i c * point_matrix n k y j c.
Proof. by rewrite eval_over; apply: eq_bigr => c _; rewrite !mxE. Qed.

Lemma eval_apart y (i j : 'I_n) : eval y (apart k m i j) = defect (mx R n n m) (point_matrix n k y) i j.
Proof.
rewrite /apart eval_sub eval_gram !mxE /=; congr (_ - _).
by apply: eq_bigr => c _; rewrite !mxE.
Qed.

Lemma partial_over y l r (F : nat -> expr) : eval y (partial l (sum_over r F)) = \sum_(i < r) eval y (partial l (F i)).
Proof.
have all_of fs : eval y (partial l (Sum fs)) = \sum_(g <- fs) eval y (partial l g).
  by elim: fs => [|g fs IH] /=; rewrite ?big_nil ?number0 // big_cons IH.
by rewrite /sum_over all_of big_map -{1}(subn0 r) -/(index_iota 0 r) big_mkord.
Qed.

Lemma partial_multiple y l q g : eval y (partial l (multiple q g)) = number R q * eval y (partial l g).
Proof. by rewrite /= number0 mul0r add0r. Qed.

Lemma same_place (i a : nat) (c b : 'I_k) : (a * k + b == i * k + c)%N = (i == a) && (c == b).
Proof.
apply/eqP/andP => [E|[/eqP -> /eqP -> //]]; have k0 : (0 < k)%N by apply: leq_ltn_trans (leq0n b) _.
have := congr1 (divn^~ k) E; rewrite !divnMDl // !divn_small ?ltn_ord // !addn0 => ->; split=> //.
by rewrite -val_eqE /=; have := congr1 (modn^~ k) E; rewrite !modnMDl !modn_small ?ltn_ord // => ->.
Qed.

Lemma partial_gram y (i j a : 'I_n) (b : 'I_k) : eval y (partial (a * k + b) (gram k i j)) =
  (if i == a then point_matrix n k y j b else 0) + (if j == a then point_matrix n k y i b else 0).
Proof.
have pick (g : 'I_k -> R) s : \sum_(c < k) (if s && (c == b) then g c else 0) = if s then g b else 0.
  by case: s => /=; [rewrite -big_mkcond big_pred1_eq|rewrite big1].
rewrite -(pick (point_matrix n k y j)) -(pick (point_matrix n k y i)) partial_over -big_split.
apply: eq_bigr => c _ /=; rewrite !same_place !mxE -!val_eqE /=.
by do 2![case: ifP => _]; rewrite ?number1 ?number0 ?mul1r ?mulr1 ?mul0r ?mulr0.
Qed.

Lemma partial_factorization y (a : 'I_n) (b : 'I_k) : same n n m (tr n n m) ->
  eval y (partial (a * k + b) (factorization n k m)) = gradient (mx R n n m) (point_matrix n k y) a b.
Proof.
move/(@mx_same R); rewrite mx_tr; set M := mx R n n m; set U := point_matrix n k y => symM.
have NT : (defect M U)^T = defect M U by rewrite /defect linearB /= trmx_mul trmxK -symM.
have N_sym i j : defect M U i j = defect M U j i by rewrite -[in LHS]NT mxE.
have square (i j : 'I_n) : eval y (partial (a * k + b) (Pow (apart k m i j) 2)) =
    2%:R * defect M U i j * ((if i == a then U j b else 0) + (if j == a then U i b else 0)).
  rewrite -partial_gram /= expr1 -/(eval y (Sub _ _)) -[X in _ * X * _]/(eval y (apart k m i j)) eval_apart.
  congr (_ * _ * _); first by rewrite /number divr1.
  by rewrite !number0 mul0r mulr0 !addr0.
rewrite partial_multiple partial_over; under eq_bigr => i _ do rewrite partial_over.
under eq_bigr => i _ do under eq_bigr => j _ do rewrite square mulrDr.
rewrite /gradient mxE; under eq_bigr => i _ do rewrite big_split /=.
have sum_left : \sum_(i < n) \sum_(j < n) 2%:R * defect M U i j * (if i == a then U j b else 0) =
    2%:R * \sum_j defect M U a j * U j b.
  rewrite (bigD1 a) //= eqxx [X in _ + X]big1 => [|i /negPf ->]; last by rewrite big1 // => j _; rewrite mulr0.
  by rewrite addr0 mulr_sumr; apply: eq_bigr => j _; rewrite mulrA.
have sum_right : \sum_(i < n) \sum_(j < n) 2%:R * defect M U i j * (if j == a then U i b else 0) =
    2%:R * \sum_j defect M U a j * U j b.
  by rewrite exchange_big -sum_left /=; apply: eq_bigr => j _; apply: eq_bigr => i _; rewrite N_sym.
rewrite big_split /= sum_left sum_right -mulrDl -natrD mulrA -[RHS]mul1r; congr (_ * _).
by rewrite /number /= mul1r mulVf // pnatr_eq0.
Qed.

Theorem factorization_shown f : check_symmetric n m -> f = factorization n k m -> factors R n k m f.
Proof.
move=> sym -> rate y M U; split.
  rewrite /factorization /quarter /multiple [eval _ _]/= eval_over /sqnorm.
  have -> : number R (Qmake 1 4) = 4%:R^-1 by rewrite /number /= mul1r.
  rewrite -mulrnAl -[_ *+ 4]mulr_natr mulVf ?pnatr_eq0 // mul1r; apply: eq_bigr => i _.
  by rewrite eval_over; apply: eq_bigr => j _; rewrite -eval_apart.
by apply/matrixP => a b; rewrite [LHS]mxE /descent_on (partial_factorization _ _ _ sym) !mxE.
Qed.
End Factorization.
