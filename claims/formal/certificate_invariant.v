(* Invariant sets of the numbers along a mode, and what grows in them.

   A set is given by polynomials that are >= 0 in it. Each of them, after a step, is a sum of products of them and of
   squares, by an identity of polynomials; so the set is never left. The loss is such a sum, and a number. Variable 0 is
   the learning rate; layers whose variable is the same have the same number for ever. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network rational_numbers certificate certificate_network modes_of_networks certificate_lasting.
From DLC Require Import polynomial_identity certificate_modes.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* coefficient * (product of generators) * (product of generators)^2 *)
Record term := Term { coefficient : Q; factors : seq nat; squared : seq nat }.
Definition of_generators (gens : seq expr) (i : nat) : expr := nth (Const zero) gens i.
Definition term_expr (gens : seq expr) (t : term) : expr :=
  Mul (Const (coefficient t)) (Mul (Prod [seq of_generators gens i | i <- factors t])
                                   (Pow (Prod [seq of_generators gens i | i <- squared t]) 2)).
Definition sum_of_terms (gens : seq expr) (ts : seq term) : expr := Sum [seq term_expr gens t | t <- ts].
(* The first [count] generators are >= 0. *)
Definition good_terms (count : nat) (ts : seq term) : bool :=
  all (fun t => Qle_bool zero (coefficient t) && all (fun i => i < count)%N (factors t)) ts.

Section Terms.
Variables (R : realFieldType) (x : nat -> R) (gens : seq expr) (count : nat).
Hypothesis nonneg : forall i, (i < count)%N -> 0 <= eval x (of_generators gens i).

Lemma sum_ge0 ts : good_terms count ts -> 0 <= eval x (sum_of_terms gens ts).
Proof.
rewrite /sum_of_terms; elim: ts => [|t ts IH] /=; first by rewrite number0.
case/andP => /andP [/(number_ge0 R) q0 small] /IH rest; rewrite addr_ge0 // mulr_ge0 // mulr_ge0 ?sqr_ge0 //.
elim: (factors t) small => [|i more IHf] /=; first by rewrite number1 ler01.
by case/andP => /nonneg i0 /IHf more0; rewrite mulr_ge0.
Qed.
End Terms.

(* The learning rate as an expression, and a polynomial with it. *)
Definition rate_expr (r : rates) : expr := if r is Only q then Const q else Var 0.
Definition with_rate (r : rates) (f : expr) : expr := subst (fun i => if i is i'.+1 then Var i'.+1 else rate_expr r) f.
Fixpoint of_rate_alone (f : expr) : bool :=
  match f with
  | Const _ => true | Var i => i == 0%N | Add a b | Mul a b => of_rate_alone a && of_rate_alone b
  | Pow a _ => of_rate_alone a
  end.

Fixpoint known (names : seq nat) (f : expr) : bool :=
  match f with
  | Const _ => true | Var i => (i == 0%N) || (i \in names) | Add a b | Mul a b => known names a && known names b
  | Pow a _ => known names a
  end.

(* names j is the variable of layer j. After a step it is [moved]. *)
Definition name_of (names : seq nat) (j : nat) : expr := Var (nth 0%N names j).
Definition chain_of (names : seq nat) (i k : nat) : expr := Prod [seq name_of names l | l <- index_iota i k].
Definition gap_of (names : seq nat) (phi : Q) : expr := Sub (chain_of names 0 (size names)) (Const phi).
Definition moved (r : rates) (names : seq nat) (phi : Q) (j : nat) : expr :=
  Sub (name_of names j) (Mul (rate_expr r)
    (Mul (Mul (chain_of names 0 j) (chain_of names j.+1 (size names))) (gap_of names phi))).
Definition after (r : rates) (names : seq nat) (phi : Q) (f : expr) : expr :=
  subst (fun i => if i is i'.+1 then moved r names phi (index i'.+1 names) else Var 0) f.
Definition names_agree (r : rates) (names : seq nat) (phi : Q) : bool :=
  all (fun j => (nth 0%N names j != 0%N) && equal (moved r names phi j) (moved r names phi (index (nth 0%N names j)
    names)))
    (iota 0 (size names)).

(* >= 0 at the start, for every learning rate that is meant: a polynomial of degree 1 in it. *)
Definition start_at (names : seq nat) (now : seq Q) (f : expr) : expr :=
  subst (fun i => if i is i'.+1 then Const (nth zero now (index i'.+1 names)) else Var 0) f.
Fixpoint linear_part (f : poly) : option (Q * Q) :=
  match f with
  | [::] => Some (zero, zero)
  | ([::], q) :: more => if linear_part more is Some (a, b) then Some (addq q a, b) else None
  | ([:: 0%N], q) :: more => if linear_part more is Some (a, b) then Some (a, addq q b) else None
  | _ => None
  end.
Definition nonneg_at (r : rates) (f : expr) : bool :=
  if linear_part (normal f) is Some (a, b) then
    match r with
    | Only q => Qle_bool zero (addq a (mulq b q)) | Every => Qle_bool zero a && Qle_bool zero b
    | Up_to q => Qle_bool zero a && Qle_bool zero (addq a (mulq b q))
    end
  else false.

Record invariant := Invariant {
  names : seq nat;
  members : seq (expr * option (seq term));     (* polynomials >= 0, and why they are after a step;
    or of the rate alone *)
  more_squares : seq expr;                      (* further polynomials, of which squares are used *)
  loss_terms : seq term;
  growth : seq (expr * Q * seq term)            (* f > 0, a factor, and why f after a step is at least factor * f *)
}.
Definition generators (r : rates) (s : invariant) : seq expr :=
  [seq with_rate r f | f <- [seq m.1 | m <- members s] ++ more_squares s].

Section Checks.
Variables (p : network) (v : mode) (r : rates) (steps : nat) (s : invariant).
Definition now : option (seq Q) :=
  if r is Only rate then Some (slides (depth p) rate (aim v) steps (numbers v)) else
  if steps is O then Some (numbers v) else None.
Definition shows (f : expr) (ts : seq term) : bool :=
  good_terms (size (members s)) ts && equal f (sum_of_terms (generators r s) ts).
Definition member_stays (m : expr * option (seq term)) : bool :=
  if m.2 is Some ts then shows (after r (names s) (aim v) (with_rate r m.1)) ts else of_rate_alone m.1.
Definition loss_expr : expr := Mul (Const (Qmake 1 2)) (Pow (gap_of (names s) (aim v)) 2).
Definition grows_more (g : expr * Q * seq term) : bool :=
  let f := with_rate r g.1.1 in
  ltq one g.1.2 && shows (Sub (after r (names s) (aim v) f) (Mul (Const g.1.2) f)) g.2.
Definition positive_at (ws : seq Q) (g : expr * Q * seq term) : bool :=
  if normal (start_at (names s) ws (with_rate r g.1.1)) is [:: ([::], q)] then ltq zero q else false.

Definition check_invariant (least : Q) : bool :=
  if now is Some ws then
    [&& is_a_mode p v, size (names s) == depth p, names_agree r (names s) (aim v),
        all (fun j => Qeq_bool (nth zero ws j) (nth zero ws (index (nth 0%N (names s) j) (names s)))) (iota 0 (depth
          p)),
        all (fun m => known (names s) m.1 && nonneg_at r (start_at (names s) ws (with_rate r m.1))) (members s),
        all member_stays (members s), all (fun g => known (names s) g.1.1) (growth s),
        shows (Sub loss_expr (Const least)) (loss_terms s) & all (fun g => positive_at ws g && grows_more g) (growth s)]
  else false.
End Checks.

(* The variables' values where the layers have the numbers w. *)
Definition values (R : realFieldType) (eta : R) (names : seq nat) (w : nat -> R) (i : nat) : R :=
  if i is i'.+1 then w (index i'.+1 names) else eta.

Section Rates.
Variables (R : realFieldType) (r : rates) (eta : R).
Hypothesis is_meant : meant r eta.

Lemma eval_rate (x : nat -> R) : x 0%N = eta -> eval x (rate_expr r) = eta.
Proof. by move=> x0; move: is_meant; rewrite /meant; case: r => [q ->||q]. Qed.

Lemma eval_with_rate (x : nat -> R) f : x 0%N = eta -> eval x (with_rate r f) = eval x f.
Proof. by move=> x0; rewrite eval_subst; apply: eval_ext; case=> // ; rewrite eval_rate. Qed.

Lemma known_with_rate names f : known names f -> known names (with_rate r f).
Proof.
elim: f => //= [i|a IHa b IHb /andP [/IHa -> /IHb ->] //|a IHa b IHb /andP [/IHa -> /IHb ->] //].
by case: i => [|i] //= _; case: r.
Qed.

Lemma eval_known names (x y : nat -> R) f : (forall i, (i == 0%N) || (i \in names) -> x i = y i) -> known names f ->
  eval x f = eval y f.
Proof.
move=> xy; elim: f => //= [a IHa b IHb /andP [/IHa -> /IHb ->] //|a IHa b IHb /andP [/IHa -> /IHb ->] //|].
by move=> a IHa n /IHa ->.
Qed.

Lemma eval_rate_alone (x y : nat -> R) f : x 0%N = y 0%N -> of_rate_alone f -> eval x f = eval y f.
Proof.
move=> xy; elim: f => //= [i /eqP -> //|a IHa b IHb /andP [/IHa -> /IHb ->] //|a IHa b IHb /andP [/IHa -> /IHb ->] //|].
by move=> a IHa n /IHa ->.
Qed.

Lemma linear_value (x : nat -> R) f a b : linear_part f = Some (a, b) -> at_poly x f = number R a + number R b * x 0%N.
Proof.
elim: f a b => [|[m q] f IH] a b /=; first by case=> <- <-; rewrite /at_poly big_nil number0 mul0r addr0.
have cons : at_poly x ((m, q) :: f) = number R q * at_monomial x m + at_poly x f by rewrite /at_poly big_cons.
rewrite cons; case: m {cons} => [|[|i] [|j m]] //; case E : (linear_part f) => [[a' b']|//] [<- <-];
  rewrite (IH _ _ E) number_add.
  by rewrite /at_monomial big_nil mulr1 addrA.
by rewrite /at_monomial big_seq1 mulrDl addrCA.
Qed.

Lemma nonneg_value (x : nat -> R) f : x 0%N = eta -> nonneg_at r f -> 0 <= eval x f.
Proof.
rewrite /nonneg_at => x0; case E : linear_part => [[a b]|//]; rewrite -at_normal (linear_value x E) x0.
move: is_meant; case: r => [q ->|eta0|q /andP [eta0 small]].
- by move/(number_ge0 R); rewrite number_add number_mul.
- by case/andP => /(number_ge0 R) a0 /(number_ge0 R) b0; rewrite addr_ge0 // mulr_ge0 // ltW.
case/andP => /(number_ge0 R) a0 /(number_ge0 R); rewrite number_add number_mul => ab0.
case: (lerP 0 (number R b)) => b0; first by rewrite addr_ge0 // mulr_ge0 // ltW.
by apply: le_trans ab0 _; rewrite ler_add2l ler_nmul2l.
Qed.
End Rates.

Section Invariant.
Variables (R : realFieldType) (p : network) (v : mode) (r : rates) (steps : nat) (s : invariant) (least : Q).
Hypothesis checked : check_invariant p v r steps s least.
Variable eta : R.
Hypothesis is_meant : meant r eta.
Local Notation N := (depth p).
Local Notation w := (numbers_at p v eta).
Local Notation x := (fun t => values eta (names s) (w t)).

Let checks : exists2 ws, now p v r steps = Some ws &
  [/\ is_a_mode p v, size (names s) = N,
      forall j, (j < N)%N -> (nth 0%N (names s) j != 0%N) &&
        equal (moved r (names s) (aim v) j) (moved r (names s) (aim v) (index (nth 0%N (names s) j) (names s))) &
      forall j, (j < N)%N -> Qeq_bool (nth zero ws j) (nth zero ws (index (nth 0%N (names s) j) (names s)))] /\
  [/\ all (fun m => known (names s) m.1 && nonneg_at r (start_at (names s) ws (with_rate r m.1))) (members s),
      all (member_stays v r s) (members s), all (fun g => known (names s) g.1.1) (growth s),
      shows r s (Sub (loss_expr v s) (Const least)) (loss_terms s) &
      all (fun g => positive_at r s ws g && grows_more v r s g) (growth s)].
Proof.
move: checked; rewrite /check_invariant; case: now => // ws.
case/and5P => mode size_n /allP agree /allP equal_start /and5P [start stay growth_known shows_loss grow].
exists ws => //; split; split=> // [|j jN|j jN]; first exact/eqP.
  by apply: agree; rewrite mem_iota (eqP size_n).
by apply: equal_start; rewrite mem_iota.
Qed.
Let size_names : size (names s) = N. Proof. by case: checks => ws _ [[]]. Qed.
Let is_mode : is_a_mode p v. Proof. by case: checks => ws _ [[]]. Qed.

Let index_small i : i \in names s -> (index i (names s) < N)%N.
Proof. by rewrite -size_names index_mem. Qed.

(* Each layer has the value of its variable. *)
Definition fits (t : nat) := forall j, (j < N)%N -> x t (nth 0%N (names s) j) = w t j.

Lemma value_name t j : (j < N)%N -> x t (nth 0%N (names s) j) = w t (index (nth 0%N (names s) j) (names s)).
Proof. by case: checks => ws _ [[_ _ agree _] _] /agree /andP [nonzero _]; move: nonzero; case: nth. Qed.

Lemma eval_chain t i k : fits t -> (k <= N)%N -> eval (x t) (chain_of (names s) i k) = \prod_(i <= l < k) w t l.
Proof.
move=> fit kN; rewrite /chain_of eval_prod big_map; apply: eq_big_nat => l /andP [_ lk].
by apply: fit; apply: leq_trans lk kN.
Qed.

Lemma eval_gap t : fits t -> eval (x t) (gap_of (names s) (aim v)) = whole_product N (w t) - number R (aim v).
Proof. by move=> fit; rewrite /gap_of eval_sub eval_chain ?size_names. Qed.

Lemma eval_moved t j : fits t -> (j < N)%N -> eval (x t) (moved r (names s) (aim v) j) = w t.+1 j.
Proof.
move=> fit jN; rewrite /moved eval_sub.
have -> (a b c : expr) : eval (x t) (Mul a (Mul b c)) = eval (x t) a * (eval (x t) b * eval (x t) c) by [].
have -> (a b : expr) : eval (x t) (Mul a b) = eval (x t) a * eval (x t) b by [].
rewrite (eval_rate is_meant) // eval_gap // !eval_chain ?size_names // ?(ltnW jN) //.
have -> : eval (x t) (name_of (names s) j) = w t j by apply: fit.
by [].
Qed.

Lemma fits_next t : fits t -> fits t.+1.
Proof.
move=> fit j jN; rewrite value_name //; have iN : (index (nth 0%N (names s) j) (names s) < N)%N.
  by apply: index_small; rewrite mem_nth ?size_names.
rewrite -!eval_moved //; case: checks => ws _ [[_ _ agree _] _].
by case/andP: (agree j jN) => _ /(identity (x t)) ->.
Qed.

Lemma eval_after t f : fits t -> known (names s) f -> eval (x t) (after r (names s) (aim v) f) = eval (x t.+1) f.
Proof.
move=> fit f_known; rewrite eval_subst; apply: eval_known f_known => -[//|i] in_names.
by rewrite -[LHS]/(eval (x t) (moved r (names s) (aim v) (index i.+1 (names s)))) eval_moved // index_small.
Qed.

Let at_start ws : now p v r steps = Some ws -> forall l, (l < N)%N -> w steps l = read R ws l.
Proof.
move=> now_ws l lN; move: is_meant now_ws; rewrite /now /numbers_at; case: r => [q -> [<-]||q];
  first by rewrite read_slides.
  by case: steps => // _ [<-].
by case: steps => // _ [<-].
Qed.

Lemma start_fits : fits steps.
Proof.
case: checks => ws now_ws [[_ _ _ equal_start] _] j jN; rewrite value_name //.
have iN : (index (nth 0%N (names s) j) (names s) < N)%N by apply: index_small; rewrite mem_nth ?size_names.
by rewrite !(at_start now_ws) //; apply/esym/number_eqb; apply: equal_start.
Qed.

Lemma eval_start ws f : now p v r steps = Some ws -> known (names s) f ->
  eval (x steps) (start_at (names s) ws f) = eval (x steps) f.
Proof.
move=> now_ws f_known; rewrite eval_subst; apply: eval_known f_known => -[//|i] in_names.
by rewrite /= (at_start now_ws) // index_small.
Qed.

(* The set at a step. *)
Let member i := nth (Const zero, None) (members s) i.
Definition inside (t : nat) := fits t /\ forall i, (i < size (members s))%N -> 0 <= eval (x t) (member i).1.

Lemma shows_ge0 t f ts : inside t -> shows r s f ts -> 0 <= eval (x t) f.
Proof.
move=> [_ in_set] /andP [good /(identity (x t)) ->]; apply: sum_ge0 good => i i_small.
rewrite /of_generators /generators (nth_map (Const zero)) ?size_cat ?size_map ?ltn_addr //.
rewrite nth_cat size_map i_small (nth_map (Const zero, None)) // (eval_with_rate is_meant) //.
exact: in_set.
Qed.

Lemma always_inside t : (steps <= t)%N -> inside t.
Proof.
case: checks => ws now_ws [_ [/(all_nthP (Const zero, None)) start /(all_nthP (Const zero, None)) stay _ _ _]].
have known_member i : (i < size (members s))%N -> known (names s) (with_rate r (member i).1).
  by move=> /start /andP [i_known _]; apply: known_with_rate.
move=> st; rewrite -(subnK st); elim: (t - steps)%N => [|u IH].
  split; first exact: start_fits.
  move=> i i_small; case/andP: (start i i_small) => _ /(@nonneg_value _ _ _ is_meant (x steps) _ erefl).
  by rewrite (eval_start now_ws) ?known_member // (eval_with_rate is_meant).
case: (IH) => fit in_set; rewrite addSn; split; first exact: fits_next.
move=> i i_small; move: (stay i i_small); rewrite /member_stays; case: (nth _ _ _).2 => [ts|alone].
  move=> /(shows_ge0 IH); rewrite eval_after ?known_member // (eval_with_rate is_meant) //.
by rewrite (@eval_rate_alone _ (x (u + steps)%N.+1) (x (u + steps)%N)) //; apply: in_set.
Qed.

Lemma invariant_loss t : (steps <= t)%N -> number R least <= numbers_loss N (number R (aim v)) (w t).
Proof.
move=> st; have in_set := always_inside st; case: (in_set) => fit _.
case: checks => ws _ [_ [_ _ _ /(shows_ge0 in_set) enough _]]; move: enough.
have -> : eval (x t) (Sub (loss_expr v s) (Const least)) =
    2%:R^-1 * eval (x t) (gap_of (names s) (aim v)) ^+ 2 - number R least.
  by rewrite eval_sub -number_half.
by rewrite eval_gap // subr_ge0 mulrC.
Qed.

Lemma invariant_growth i : (i < size (growth s))%N -> let g := nth (Const zero, zero, [::]) (growth s) i in
  0 < eval (x steps) g.1.1 /\
  forall t, (steps <= t)%N -> number R g.1.2 ^+ (t - steps) * eval (x steps) g.1.1 <= eval (x t) g.1.1.
Proof.
move=> i_small g; case: checks => ws now_ws [_ [_ _ /(all_nthP (Const zero, zero, [::])) growth_known _]].
move: (growth_known i i_small) => g_known /(all_nthP (Const zero, zero, [::])) /(_ i i_small); rewrite -/g in g_known *.
case/andP => positive /andP [more grow]; have g_known' := known_with_rate r g_known; split.
  move: positive; rewrite /positive_at; case E : (normal _) => [|[[|//] q] [|//]] // /(number_gt0 R) q0.
  have := at_normal (x steps) (start_at (names s) ws (with_rate r g.1.1)).
  by rewrite E /at_poly big_seq1 /at_monomial big_nil mulr1 (eval_start now_ws) // (eval_with_rate is_meant) // => <-.
move=> t st; rewrite -{2}(subnK st); elim: (t - steps)%N => [|u IH]; first by rewrite mul1r.
have in_set := always_inside (leq_addl u steps); case: (in_set) => fit _.
have := shows_ge0 in_set grow; rewrite eval_sub subr_ge0 eval_after // addSn !(eval_with_rate is_meant) //=.
rewrite (eval_with_rate is_meant) // => step; apply: le_trans step; rewrite exprS -mulrA ler_wpmul2l //.
by apply: ltW; apply: lt_trans (number_lt R more); rewrite number1 ltr01.
Qed.
End Invariant.

(* From a step on a polynomial in the network's numbers along the mode is so many times itself in each step,
   at least. *)
Definition grows (R : realFieldType) (p : network) (v : mode) (r : rates) (steps : nat) (names : seq nat) (f : expr)
    (factor : Q) : Prop :=
  forall eta : R, meant r eta ->
  let at_step t := eval (values eta names (along v (descent eta (goal R p) (layers R p (start p)) t))) f in
  [/\ 1 < number R factor, 0 < at_step steps &
      forall t, (steps <= t)%N -> number R factor ^+ (t - steps) * at_step steps <= at_step t].

Section Theorems.
Variables (R : realFieldType) (p : network) (v : mode) (r : rates) (steps : nat) (s : invariant) (least : Q).
Hypothesis checked : check_invariant p v r steps s least.

Let is_mode : is_a_mode p v.
Proof. by move: checked; rewrite /check_invariant; case: now => // ws /and4P []. Qed.
Let size_names : size (names s) = depth p.
Proof. by move: checked; rewrite /check_invariant; case: now => // ws /and4P [_ /eqP]. Qed.

Theorem invariant_lasts : lasts R p r steps least.
Proof. by apply: (@lasts_along _ _ v) => // eta is_meant t st; apply: (invariant_loss checked is_meant). Qed.

Theorem invariant_grows i : (i < size (growth s))%N -> let g := nth (Const zero, zero, [::]) (growth s) i in
  grows R p v r steps (names s) g.1.1 g.1.2.
Proof.
move=> i_small g eta is_meant at_step; have [positive growing] := invariant_growth checked is_meant i_small.
have [g_known more] : known (names s) g.1.1 /\ ltq one g.1.2.
  move: checked; rewrite /check_invariant; case: now => // ws /and5P [_ _ _ _ /and5P [_ _ all_known _ all_grow]].
  split; first by move/(all_nthP (Const zero, zero, [::])): all_known => /(_ i i_small).
  by move/(all_nthP (Const zero, zero, [::])): all_grow => /(_ i i_small) /andP [_ /andP []].
have E t : at_step t = eval (values eta (names s) (numbers_at p v eta t)) g.1.1.
  apply: eval_known g_known => -[//|l] in_names /=; apply: along_start => //.
  by rewrite -size_names index_mem.
by split; rewrite ?E // -?(number1 R) ?number_lt // => t st; rewrite !E; apply: growing.
Qed.
End Theorems.
