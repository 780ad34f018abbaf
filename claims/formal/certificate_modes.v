(* Certificates along a mode: vectors v_0, ..., v_N that the layers of a network map to each other, up to numbers.

   The numbers move as a network of width 1 does, and its loss is at most that of the whole network ([along_a_mode]).
   So what a certificate says of the loss of that network it says of the whole one ([lasts_along]). *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm rational_numbers certificate certificate_network modes_of_networks
  certificate_lasting.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* A mode: its vectors, each a column, the layers' numbers, and the target's. *)
Record mode := Mode { vectors : seq (seq Q); numbers : seq Q; aim : Q }.
Definition column (v : mode) (j : nat) : matrix := [seq [:: q] | q <- nth [::] (vectors v) j].
Definition of_layer (v : mode) (j : nat) : Q := nth zero (numbers v) j.

(* a x = k y and a^T y = k x *)
Definition maps (m n : nat) (a : matrix) (x y : matrix) (k : Q) : bool :=
  same m 1 (mul m n 1 a x) (fill m 1 (fun i l => mulq k (entry y i l))) &&
  same n 1 (mul n m 1 (tr m n a) y) (fill n 1 (fun i l => mulq k (entry x i l))).

Definition is_a_mode (p : network) (v : mode) : bool :=
  let d := width p in let N := depth p in let size_of j := square (d j) 1 (column v j) in
  [&& size (vectors v) == N.+1, all (fun j => size (nth [::] (vectors v) j) == d j) (iota 0 N.+1),
    size (numbers v) == N,
      all (fun j => maps (d j.+1) (d j) (nth [::] (start p) j) (column v j) (column v j.+1) (of_layer v j)) (iota 0 N),
      maps (d N) (d 0%N) (target p) (column v 0%N) (column v N) (aim v),
      all (fun j => Qeq_bool (size_of 0%N) (size_of j)) (iota 0 N.+1) & ltq zero (size_of 0%N)].

(* The numbers' own descent, in rationals. *)
Definition product_of (ws : seq Q) (i k : nat) : Q := foldr mulq one [seq nth zero ws l | l <- index_iota i k].
Definition pull (n : nat) (phi : Q) (ws : seq Q) (j : nat) : Q :=
  mulq (mulq (product_of ws 0%N j) (product_of ws j.+1 n)) (subq (product_of ws 0%N n) phi).
Definition slide (n : nat) (rate phi : Q) (ws : seq Q) : seq Q :=
  mkseq (fun j => subq (nth zero ws j) (mulq rate (pull n phi ws j))) n.
Definition slides (n : nat) (rate phi : Q) (t : nat) (ws : seq Q) : seq Q := iter t (slide n rate phi) ws.
Definition loss_of_numbers (n : nat) (phi : Q) (ws : seq Q) : Q :=
  mulq (Qmake 1 2) (mulq (subq (product_of ws 0%N n) phi) (subq (product_of ws 0%N n) phi)).
Definition alike (n : nat) (ws ws' : seq Q) : bool := all (fun j =>
  Qeq_bool (nth zero ws j) (nth zero ws' j)) (iota 0%N n).

Section Along.
Variable R : realFieldType.

Lemma mx_maps m n a x y k : maps m n a x y k ->
  mx R m n a *m mx R n 1 x = number R k *: mx R m 1 y /\ (mx R m n a)^T *m mx R m 1 y = number R k *: mx R n 1 x.
Proof.
have scaled r b : mx R r 1 (fill r 1 (fun i l => mulq k (entry b i l))) = number R k *: mx R r 1 b.
  by rewrite mx_fill; apply/matrixP => i l; rewrite !mxE number_mul.
by move=> /andP [/(mx_same R) ahead /(mx_same R) back]; split; rewrite -?mx_tr -mx_mul ?ahead ?back scaled.
Qed.

Variables (p : network) (v : mode).
Local Notation N := (depth p).
Definition vector (j : nat) : 'cV[R]_(width p j) := mx R (width p j) 1 (column v j).
Definition first_numbers (j : nat) : R := number R (of_layer v j).

(* The number of a layer along the mode, whatever the weights. *)
Definition along (W : weights R (width p)) (j : nat) : R :=
  ((vector j.+1)^T *m W j *m vector j) 0 0 / sqnorm (vector 0%N).

Hypothesis mode_of_p : is_a_mode p v.

Lemma target_maps : goal R p *m vector 0%N = number R (aim v) *: vector N /\
  (goal R p)^T *m vector N = number R (aim v) *: vector 0%N.
Proof. by case/and5P: mode_of_p => _ _ _ _ /and3P [/mx_maps target _ _]; apply: target. Qed.

Lemma layers_map : is_mode N vector (layers R p (start p)) first_numbers.
Proof.
case/and5P: mode_of_p => _ _ _ /allP maps_all _ j jN.
by apply: mx_maps; apply: maps_all; rewrite mem_iota.
Qed.

Lemma vectors_size j : (j <= N)%N -> sqnorm (vector j) = sqnorm (vector 0%N).
Proof.
case/and5P: mode_of_p => _ _ _ _ /and3P [_ /allP all_same _] jN.
by rewrite -!number_square; apply/esym/number_eqb; apply: all_same; rewrite mem_iota.
Qed.

Lemma vector_positive : 0 < sqnorm (vector 0%N).
Proof. by case/and5P: mode_of_p => _ _ _ _ /and3P [_ _ /(@number_gt0 R)]; rewrite number_square. Qed.

Let at_step eta t := descent eta (goal R p) (layers R p (start p)) t.
Let numbers_at eta t := number_descent N eta (number R (aim v)) first_numbers t.

Lemma along_start eta t j : (j < N)%N -> along (at_step eta t) j = numbers_at eta t j.
Proof.
move=> jN; have [ahead _] := mode_descent target_maps eta layers_map t jN.
rewrite /along -mulmxA ahead -scalemxAr mxE; have -> : ((vector j.+1)^T *m vector j.+1) 0 0 = sqnorm (vector j.+1).
  by rewrite sqnorm_inner /inner /mxtrace big_ord1.
by rewrite vectors_size // mulfK // lt0r_neq0 // vector_positive.
Qed.

Theorem along_a_mode eta t :
  (whole_product N (numbers_at eta t) - number R (aim v)) ^+ 2 / 2%:R <= loss (at_step eta t).
Proof.
rewrite /loss ler_pmul2r ?invr_gt0 ?ltr0n //; apply: (mode_loss target_maps).
- exact: (mode_descent target_maps eta layers_map).
- by rewrite vectors_size.
exact: vector_positive.
Qed.
End Along.

(* What is said of the numbers is said of the network. *)
Section Numbers.
Variable R : realFieldType.
Definition read (ws : seq Q) (j : nat) : R := number R (nth zero ws j).
Definition numbers_loss (n : nat) (phi : R) (w : nat -> R) : R := (whole_product n w - phi) ^+ 2 / 2%:R.

Lemma number_product ws i k : number R (product_of ws i k) = \prod_(i <= l < k) read ws l.
Proof.
rewrite /product_of; elim: (index_iota i k) => [|l more IH] /=; first by rewrite big_nil number1.
by rewrite number_mul IH big_cons.
Qed.

Lemma read_slide n rate phi ws j : (j < n)%N ->
  read (slide n rate phi ws) j = number_step n (number R rate) (number R phi) (read ws) j.
Proof.
move=> jn; rewrite /read nth_mkseq // number_sub 2!number_mul number_mul number_sub !number_product.
by rewrite /number_step.
Qed.

Lemma read_slides n rate phi t ws j : (j < n)%N ->
  read (slides n rate phi t ws) j = number_descent n (number R rate) (number R phi) (read ws) t j.
Proof.
elim: t j => // t IH j jn; rewrite /slides /number_descent !iterS read_slide //.
by apply: number_step_congr.
Qed.

Lemma whole_congr n (w w' : nat -> R) : (forall j, (j < n)%N -> w j = w' j) -> whole_product n w = whole_product n w'.
Proof. by move=> E; apply: eq_big_nat => j /andP [_ /E]. Qed.

Lemma numbers_loss_congr n phi (w w' : nat -> R) : (forall j, (j < n)%N -> w j = w' j) ->
  numbers_loss n phi w = numbers_loss n phi w'.
Proof. by move=> E; rewrite /numbers_loss (whole_congr E). Qed.

Lemma read_loss n phi ws : number R (loss_of_numbers n phi ws) = numbers_loss n (number R phi) (read ws).
Proof.
rewrite /loss_of_numbers !number_mul !number_sub !number_product /numbers_loss number_half -expr2 mulrC.
by [].
Qed.

Lemma alike_read n ws ws' : alike n ws ws' -> forall j, (j < n)%N -> read ws j = read ws' j.
Proof. by move=> /allP E j jn; apply: number_eqb; apply: E; rewrite mem_iota. Qed.
End Numbers.

Section Lasting.
Variables (R : realFieldType) (p : network) (v : mode).
Local Notation N := (depth p).

(* The network's numbers along the mode, step by step. *)
Definition numbers_at (eta : R) (t : nat) := number_descent N eta (number R (aim v)) (read R (numbers v)) t.

Theorem lasts_along r s least : is_a_mode p v ->
  (forall eta, meant r eta -> forall t, (s <= t)%N -> number R least <= numbers_loss N (number R (aim v)) (numbers_at
    eta t)) ->
  lasts R p r s least.
Proof.
by move=> is_mode enough eta is_meant t st; apply: le_trans (enough _ is_meant _ st) (along_a_mode is_mode eta t).
Qed.

Definition cycles_along (rate : Q) (s q : nat) (least : Q) : bool :=
  let at_step r := slides N rate (aim v) (r + s) (numbers v) in
  [&& is_a_mode p v, (0 < q)%N, alike N (at_step q) (at_step 0%N) &
      all (fun r => Qle_bool least (loss_of_numbers N (aim v) (at_step r))) (iota 0 q)].

Theorem cycle_along rate s q least : cycles_along rate s q least -> lasts R p (Only rate) s least.
Proof.
case/and4P => is_mode q0 again /allP all_least; apply: lasts_along => // eta -> t st.
pose same (w w' : nat -> R) := forall j, (j < N)%N -> w j = w' j.
have trans w w' w'' : same w w' -> same w' w'' -> same w w'' by move=> a b j jN; rewrite a ?b.
have [|r rq near] := among (E := same) (fun _ _ _ => erefl) trans (f :=
  number_step N (number R rate) (number R (aim v)))
  (fun _ _ => @number_step_congr _ _ _ _ _ _) (x := read R (numbers v)) q0 (s := s) _ st.
  by move=> j jN; have := alike_read R again jN; rewrite !read_slides.
rewrite (numbers_loss_congr _ near); apply: le_trans (number_le R (all_least r _)) _; first by rewrite mem_iota.
rewrite read_loss le_eqVlt; apply/orP; left; apply/eqP; apply: numbers_loss_congr => j jN.
by rewrite read_slides.
Qed.

Definition rests_along (r : rates) (s : nat) (least : Q) : bool :=
  let ws := if r is Only rate then Some (slides N rate (aim v) s (numbers v)) else
            if s is O then Some (numbers v) else None in
  if ws is Some now then
    [&& is_a_mode p v, all (fun j => Qeq_bool (pull N (aim v) now j) zero) (iota 0 N) &
        Qle_bool least (loss_of_numbers N (aim v) now)]
  else false.

Theorem rest_along r s least : rests_along r s least -> lasts R p r s least.
Proof.
rewrite /rests_along; set ws := if r is Only _ then _ else _; case at_s : ws => [now|//].
case/and3P => is_mode /allP none is_least; apply: lasts_along => // eta is_meant t st.
have here j : (j < N)%N -> numbers_at eta s j = read R now j.
  rewrite /numbers_at; move: at_s is_meant st; rewrite /ws; case: r {ws} => [rate||most].
  - by move=> [<-] -> _ jN; rewrite read_slides.
  - by case: s => [|//] [<-].
  by case: s => [|//] [<-].
have stays_here u j : (j < N)%N -> numbers_at eta (u + s) j = read R now j.
  elim: u j => [|u IH] j jN; first exact: here.
  rewrite /numbers_at addSn /number_descent iterS -/(number_descent _ _ _ _ _).
  rewrite (@number_step_congr _ N eta _ _ (read R now)) // /number_step.
  have := number_eqb R (none j _); rewrite mem_iota /pull 2!number_mul number_sub !number_product number0 => /(_ jN) ->.
  by rewrite mulr0 subr0.
rewrite -(subnK st) (numbers_loss_congr _ (stays_here _)) -read_loss.
exact: number_le.
Qed.

(* Equal numbers, an even depth and a negative target: the product stays >= 0, and 0 is nearer to the target. *)
Definition stays_equal (least : Q) : bool :=
  [&& is_a_mode p v, ~~ odd N, all (fun j => Qeq_bool (nth zero (numbers v) 0%N) (nth zero (numbers v) j)) (iota 0 N),
    ltq (aim v) zero &
      Qle_bool least (mulq (Qmake 1 2) (mulq (aim v) (aim v)))].

Theorem equal_along r least : stays_equal least -> lasts R p r 0%N least.
Proof.
case/and5P => is_mode even /allP all_equal negative is_least; apply: lasts_along => // eta _ t _.
have equal : exists x, forall j, (j < N)%N -> numbers_at eta t j = x.
  elim: t => [|t [x IH]].
    exists (read R (numbers v) 0%N) => j jN; by apply/esym/number_eqb; apply: all_equal; rewrite mem_iota.
  exists (x - eta * (x ^+ N.-1 * (x ^+ N - number R (aim v)))) => j jN.
  rewrite /numbers_at /number_descent iterS -/(number_descent _ _ _ _ _) -/(numbers_at _ _).
  rewrite /number_step IH // /whole_product.
  have const i k : (k <= N)%N -> \prod_(i <= l < k) numbers_at eta t l = x ^+ (k - i).
    move=> kN; rewrite -prodr_const_nat; apply: eq_big_nat => l /andP [_ lk]; apply: IH; exact: leq_trans lk kN.
  have exponent : (j + (N - j.+1))%N = N.-1 by rewrite -[N in RHS](subnKC jN).
  by rewrite !const // ?(ltnW jN) // !subn0 -exprD exponent.
have [x all_x] := equal; have -> : numbers_loss N (number R (aim v)) (numbers_at eta t) = (x ^+ N - number R (aim v))
  ^+ 2 / 2%:R.
  rewrite /numbers_loss /whole_product; congr ((_ - _) ^+ 2 / _); rewrite -[N in X in x ^+ X]subn0 -prodr_const_nat.
  by apply: eq_big_nat => j /andP [_ /all_x].
apply: le_trans (number_le R is_least) _; rewrite !number_mul number_half mulrC ler_pmul2l ?invr_gt0 ?ltr0n // -expr2.
have neg := number_lt R negative; rewrite number0 in neg; have pos : 0 <= x ^+ N by apply: exprn_even_ge0.
rewrite -[X in X <= _]sqrrN ler_sqr ?nnegrE ?subr_ge0 ?oppr_ge0 ?(ltW neg) ?(le_trans (ltW neg)) //.
by rewrite ler_subr_addr addNr.
Qed.
End Lasting.
