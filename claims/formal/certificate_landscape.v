(* Landscapes of shallow models, and local minima of polynomials by their second-order terms.

   A point of n rows and k columns is read row by row: entry (i, c) is variable i k + c. An objective is an expression,
   and [eval R x f] its value where the variables have the values x. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import rational_numbers polynomial_identity certificate.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* The models. U is the point, N = U U^T - M. *)
Section Models.
Variables (n k : nat).
Definition sum_over (m : nat) (f : nat -> expr) : expr := Sum [seq f i | i <- iota 0 m].
Definition place (i c : nat) : expr := Var (i * k + c).
Definition gram (i j : nat) : expr := sum_over k (fun c => Mul (place i c) (place j c)).
Definition multiple (c : Q) (f : expr) : expr := Mul (Const c) f.
Definition quarter (f : expr) : expr := multiple (Qmake 1 4) f.
Definition apart (m : matrix) (i j : nat) : expr := Sub (gram i j) (Const (entry m i j)).
Definition outer (l : nat) (z : matrix) : matrix := mul n l n z (tr n l z).

(* 1/4 ||N||_F^2 *)
Definition factorization (m : matrix) : expr :=
  quarter (sum_over n (fun i => sum_over n (fun j => Pow (apart m i j) 2))).
(* 1/4 of the squares of N's entries that the pattern shows, M = Z Z^T with l columns *)
Definition completion (pattern : matrix) (l : nat) (z : matrix) : expr :=
  quarter (sum_over n (fun i => sum_over n (fun j => multiple (entry pattern i j) (Pow (apart (outer l z) i j) 2)))).
(* 1/4 <N, c N + sum_ab C_ab B_a <B_b, N>> *)
Definition measured (b : matrix) (l : nat) (z : matrix) : expr :=
  sum_over n (fun i => sum_over n (fun j => multiple (entry b i j) (apart (outer l z) i j))).
Definition sensing (c : Q) (bs : seq matrix) (cs : matrix) (l : nat) (z : matrix) : expr :=
  quarter (Add (multiple c (sum_over n (fun i => sum_over n (fun j => Pow (apart (outer l z) i j) 2))))
    (sum_over (size bs) (fun a => sum_over (size bs) (fun b =>
      multiple (entry cs a b) (Mul (measured (nth [::] bs a) l z) (measured (nth [::] bs b) l z)))))).
(* 1/4 sum_l ((a_l . u)^2 - (a_l . x)^2)^2, where u is a column *)
Definition along_row (a : seq Q) : expr := sum_over n (fun i => multiple (nth zero a i) (Var i)).
Definition seen (a : seq Q) (x : matrix) : Q := sumq n (fun i => mulq (nth zero a i) (entry x i 0)).
Definition phase (vectors : matrix) (x : matrix) : expr :=
  quarter (Sum [seq Pow (Sub (Pow (along_row a) 2) (Const (powq (seen a x) 2))) 2 | a <- vectors]).
(* sum_l loss_l(|U^T x_l|^2), loss_l in variable 0 *)
Definition output (x : seq Q) : expr :=
  sum_over k (fun c => Pow (sum_over n (fun i => multiple (nth zero x i) (place i c))) 2).
Definition quadratic (data : seq (seq Q * expr)) : expr := Sum [seq subst (fun _ => output d.1) d.2 | d <- data].
End Models.

(* A point's numbers, and the matrix of n rows that they are. *)
Definition at_point (R : realFieldType) (u : seq Q) (i : nat) : R := number R (nth zero u i).
Definition point_matrix (R : realFieldType) (n k : nat) (y : nat -> R) : 'M[R]_(n, k) := \matrix_(i, c) y (i * k + c)%N.

(* Local minima of f in variables 0 .. n - 1, near a point; strict ones. *)
Definition strict_minimum (R : realFieldType) (n : nat) (f : expr) (u : seq Q) : Prop :=
  exists2 e : R, 0 < e & forall y : nat -> R, (forall i, (i < n)%N -> `|y i - at_point R u i| <= e) ->
  (exists2 i, (i < n)%N & y i != at_point R u i) -> eval (at_point R u) f < eval y f.
Definition negated (f : expr) : expr := multiple (Qmake (-1) 1) f.

(* f(u + v) - f(u) = c |v|^2 + sum_k d_k (l_k . v)^2 + terms of degree 3 and more, c > 0, d_k >= 0. *)
Definition shifted (u : seq Q) (f : expr) : expr := subst (fun i => Add (Const (nth zero u i)) (Var i)) f.
Definition form_of (n : nat) (c : Q) (hs : seq Q) (ls : matrix) : expr :=
  Add (multiple c (sum_over n (fun i => Pow (Var i) 2)))
      (sum_over (size hs) (fun l => multiple (nth zero hs l)
        (Pow (sum_over n (fun i => multiple (entry ls l i) (Var i))) 2))).
Definition small_variables (n : nat) (f : poly) : bool := all (fun t => (2 < size t.1)%N && all (fun i =>
  i < n)%N t.1) f.
Definition check_minimum (n : nat) (f : expr) (u : seq Q) (value c : Q) (hs : seq Q) (ls : matrix) : bool :=
  [&& ltq zero c, all (fun l => Qle_bool zero (nth zero hs l)) (iota 0 (size hs)) &
      small_variables n (normal (Sub (shifted u f) (Add (Const value) (form_of n c hs ls))))].

Section Minimum.
Variables (R : realFieldType) (n : nat).
Implicit Types v y : nat -> R.
Definition length2 v : R := \sum_(i < n) v i ^+ 2.

Lemma eval_over x m (f : nat -> expr) : eval x (sum_over m f) = \sum_(i < m) eval (R := R) x (f i).
Proof. by rewrite /sum_over eval_sum big_map -{1}(subn0 m) -/(index_iota 0 m) big_mkord. Qed.

Lemma entry_le v i : (i < n)%N -> `|v i| ^+ 2 <= length2 v.
Proof.
move=> i_n; rewrite real_normK ?num_real // /length2 (bigD1 (Ordinal i_n)) //= ler_addl.
by apply: sumr_ge0 => j _; apply: sqr_ge0.
Qed.

Lemma two_le v i j : (i < n)%N -> (j < n)%N -> `|v i| * `|v j| <= length2 v.
Proof.
move=> /(entry_le v) a /(entry_le v) b; rewrite -(@ler_pmuln2r _ 2) //.
apply: le_trans (_ : `|v i| ^+ 2 + `|v j| ^+ 2 <= _); last by rewrite mulr2n ler_add.
rewrite -subr_ge0; have -> : `|v i| ^+ 2 + `|v j| ^+ 2 - (`|v i| * `|v j|) *+ 2 = (`|v i| - `|v j|) ^+ 2 by ring.
exact: sqr_ge0.
Qed.

Lemma monomial_le1 e v m : 0 <= e <= 1 -> (forall i, (i < n)%N -> `|v i| <= e) -> all (fun i => i < n)%N m ->
  `|at_monomial v m| <= 1.
Proof.
move=> /andP [e0 e1] small; rewrite /at_monomial; elim: m => [|i m IH] /=; first by rewrite big_nil normr1.
case/andP => i_n /IH rest; rewrite big_cons normrM mulr_ile1 //; exact: le_trans (small i i_n) e1.
Qed.

Lemma monomial_small e v m : 0 <= e <= 1 -> (forall i, (i < n)%N -> `|v i| <= e) -> (2 < size m)%N ->
  all (fun i => i < n)%N m -> `|at_monomial v m| <= e * length2 v.
Proof.
case: m => [//|i [//|j [//|l m]]] e01 small _ /and4P [i_n j_n l_n m_n]; have /andP [e0 e1] := e01.
rewrite /at_monomial !big_cons !normrM mulrA mulrC ler_pmul ?mulr_ge0 ?normr_ge0 ?two_le //.
apply: le_trans (small l l_n); rewrite ler_pimulr ?normr_ge0 //; exact: monomial_le1 e01 small m_n.
Qed.

Definition weight (f : poly) : R := \sum_(t <- f) `|number R t.2|.
Lemma rest_small e v f : 0 <= e <= 1 -> (forall i, (i < n)%N -> `|v i| <= e) -> small_variables n f ->
  `|at_poly v f| <= weight f * (e * length2 v).
Proof.
move=> e01 small; rewrite /at_poly /weight; elim: f => [|t f IH] /=; first by rewrite !big_nil normr0 mul0r.
case/andP => /andP [long below] /IH rest; rewrite !big_cons mulrDl (le_trans (ler_norm_add _ _)) // ler_add //.
by rewrite normrM ler_wpmul2l ?normr_ge0 // monomial_small.
Qed.

Lemma rest_zero f : small_variables n f -> at_poly (R := R) (fun _ => 0) f = 0.
Proof.
rewrite /at_poly; elim: f => [|[m q] f IH] /=; first by rewrite big_nil.
case/andP => /andP [long _] /IH rest; rewrite big_cons rest addr0; case: m long => [//|i m _].
by rewrite /at_monomial big_cons mul0r mulr0.
Qed.

Theorem minimum_shown f u value c hs ls : check_minimum n f u value c hs ls -> strict_minimum R n f u.
Proof.
case/and3P => /(number_gt0 R) c0 /allP heights; set rest := normal _ => rest_far.
pose k := weight rest + number R c; have k0 : 0 < k by rewrite ltr_paddl // sumr_ge0 // => t _; apply: normr_ge0.
have w0 : 0 <= weight rest by apply: sumr_ge0 => t _; apply: normr_ge0.
pose e := number R c / (k + number R c); have e0 : 0 < e by rewrite divr_gt0 // addr_gt0.
have e1 : e <= 1 by rewrite /e ler_pdivr_mulr ?mul1r ?ler_addr ?(ltW k0) // addr_gt0.
have expand v : eval (fun i => at_point R u i + v i) f =
    number R value + number R c * length2 v + \sum_(l < size hs) number R (nth zero hs l) *
      (\sum_(i < n) number R (entry ls l i) * v i) ^+ 2 + at_poly v rest.
  have := at_normal v (Sub (shifted u f) (Add (Const value) (form_of n c hs ls))); rewrite -/rest eval_sub => ->.
  rewrite /shifted eval_subst -[eval _ f]/(eval (fun i => at_point R u i + v i) f).
  have -> : eval v (Add (Const value) (form_of n c hs ls)) = number R value + (number R c * length2 v +
      \sum_(l < size hs) number R (nth zero hs l) * (\sum_(i < n) number R (entry ls l i) * v i) ^+ 2).
    rewrite /= eval_over eval_over /=; congr (_ + (_ + _)); apply: eq_bigr => l _ /=.
    by rewrite eval_over.
  have reorder (a b s F : R) : F = a + b + s + (F - (a + (b + s))) by ring.
  exact: reorder.
have at_u : eval (at_point R u) f = number R value.
  have := expand (fun _ => 0); rewrite /length2 big1 => [|i _]; last by rewrite expr0n.
  rewrite big1 => [|l _]; last by rewrite big1 => [|i _]; rewrite ?mulr0 // expr0n mulr0.
  by rewrite (rest_zero rest_far) mulr0 !addr0 => <-; apply: eval_ext => i; rewrite addr0.
exists e => // y near [i i_n differs]; pose v i := y i - at_point R u i.
have -> : eval y f = eval (fun i => at_point R u i + v i) f by apply: eval_ext => l; rewrite /v addrC subrK.
have long : 0 < length2 v.
  by apply: lt_le_trans (entry_le v i_n); rewrite exprn_gt0 // normr_gt0 subr_eq0.
rewrite at_u expand -!addrA ltr_addl; set squares := \sum_(l < _) _.
have squares0 : 0 <= squares.
  by apply: sumr_ge0 => l _; rewrite mulr_ge0 ?sqr_ge0 // number_ge0 // heights // mem_iota add0n ltn_ord.
have := rest_small (e := e) (v := v) _ near rest_far; rewrite (ltW e0) e1 => /(_ isT) /ler_normlP [below _].
apply: lt_le_trans (_ : 0 < number R c * length2 v - weight rest * (e * length2 v)) _; last first.
  by rewrite ler_add2l -[X in X <= _]add0r ler_add // ler_oppl.
rewrite mulrA -mulrBl; apply: mulr_gt0 long; rewrite subr_gt0 /e mulrA ltr_pdivr_mulr; last exact: addr_gt0.
by rewrite [X in X < _]mulrC ltr_pmul2l // /k -addrA ltr_addl addr_gt0.
Qed.
End Minimum.

Section Values.
Variable R : realFieldType.

Lemma number_neq a b : ~~ Qeq_bool a b -> number R a != number R b.
Proof.
apply: contra => /eqP E; have le x y : number R x = number R y -> Qle_bool x y.
  by move=> xy; apply: contraT => /(@number_lt R); rewrite xy ltxx.
by apply/Qeq_bool_iff; apply: Qle_antisym; apply/Qle_bool_iff; apply: le.
Qed.

(* The value at a point. *)
Definition check_value (f : expr) (u : seq Q) (value : Q) : bool :=
  equal (subst (fun i => Const (nth zero u i)) f) (Const value).
Lemma value_shown f u value : check_value f u value -> eval (at_point R u) f = number R value.
Proof. by move/(identity (at_point R u)); rewrite eval_subst. Qed.

(* U U^T and Z Z^T, of n rows, differ in an entry. *)
Definition products_differ (n k : nat) (u : matrix) (l : nat) (z : matrix) : Prop :=
  exists i j, [/\ (i < n)%N, (j < n)%N & number R (entry (outer n k u) i j) != number R (entry (outer n l z) i j)].
Definition check_differ (n k : nat) (u : matrix) (l : nat) (z : matrix) : bool :=
  has (fun i => has (fun j => ~~ Qeq_bool (entry (outer n k u) i j) (entry (outer n l z) i j)) (iota 0 n)) (iota 0 n).
Lemma differ_shown n k u l z : check_differ n k u l z -> products_differ n k u l z.
Proof.
case/hasP => i; rewrite mem_iota => i_n /hasP [j]; rewrite mem_iota => j_n neq.
by exists i, j; split=> //; apply: number_neq.
Qed.
End Values.
