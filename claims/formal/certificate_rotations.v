(* Local minima of functions of the product U U^T: strict ones, up to rotations of U's columns.

   Where f(U) = F(U U^T), a rotation of the columns changes nothing, and no minimum is strict. But near a point u of
   independent columns there are polynomials a of the step v such that the product is u u^T + p(a, v), with a factor a
   in each term of p. So F(u u^T + p) is F(u u^T), a quadratic form in a, and terms of higher order with two factors a:
   where the form is definite, f grows with |a|^2, and where a = 0 the product is as it was. No gauge is fixed. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm rational_numbers polynomial_identity certificate certificate_landscape.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* Near u the function is larger, but at points u Q with Q Q^T = 1. *)
Definition minimum_up_to_rotations (R : realFieldType) (n k : nat) (f : expr) (u : seq Q) : Prop :=
  exists2 e : R, 0 < e & forall y : nat -> R, (forall i, (i < n * k)%N -> `|y i - at_point R u i| <= e) ->
  eval (at_point R u) f < eval y f \/
  eval y f = eval (at_point R u) f /\
  exists2 q : 'M[R]_k, q *m q^T = 1%:M & point_matrix n k y = point_matrix n k (at_point R u) *m q.

(* Variables 0 .. m - 1 are a, the others v. *)
Definition at_entries (n : nat) (entries : nat -> nat -> expr) (f : expr) : expr :=
  subst (fun l => if (l < n * n)%N then entries (l %/ n)%N (l %% n)%N else Const zero) f.
Definition product_at (n k : nat) (u : seq Q) (i j : nat) : Q :=
  sumq k (fun c => mulq (nth zero u (i * k + c)) (nth zero u (j * k + c))).
Definition moved (moves : seq expr) (i : nat) : expr :=
  if (i < size moves)%N then nth (Const zero) moves i else Var (i - size moves).
Definition known (n k : nat) (u : seq Q) (ps : seq (seq expr)) (i j : nat) : expr :=
  Add (Const (product_at n k u i j)) (nth (Const zero) (nth [::] ps i) j).
Definition led (r m N : nat) (f : poly) : bool :=
  all (fun t => [&& (r <= size t.1)%N, all (fun i => i < m)%N (take r t.1) & all (fun i => i < N)%N t.1]) f.
Definition check_rotations (n k : nat) (f : expr) (u : seq Q) (value : Q) (product : expr) (moves : seq expr)
    (ps : seq (seq expr)) (left : matrix) (c : Q) (hs : seq Q) (ls : matrix) : bool :=
  let m := size moves in let N := (m + n * k)%N in
  let rest := normal (Sub (at_entries n (known n k u ps) product) (Add (Const value) (form_of m c hs ls))) in
  [&& equal f (at_entries n (gram k) product), check_value f u value, ltq zero c,
      all (fun l => Qle_bool zero (nth zero hs l)) (iota 0 (size hs)),
      all (fun a => led 1 (n * k) (n * k) (normal a)) moves,
      led 2 m N rest && all (fun t => 2 < size t.1)%N rest,
      every_entry n n (fun i j => led 1 m N (normal (nth (Const zero) (nth [::] ps i) j)) &&
        equal (shifted u (gram k i j)) (subst (moved moves) (known n k u ps i j))) &
      every_entry k k (fun b c => Qeq_bool (sumq n (fun i => mulq (entry left b i) (nth zero u (i * k + c))))
                                           (if b == c then one else zero))].

Section Rotations.
Variables (R : realFieldType).
Implicit Types (v y z : nat -> R).

Lemma led_small r m N e z p : (0 < r)%N -> 0 <= e <= 1 -> (forall i, (i < N)%N -> `|z i| <= e) -> led r m N p ->
  `|at_poly z p| <= weight R p * e.
Proof.
move=> r0 e01 small; rewrite /at_poly /weight; elim: p => [|t p IH] /=; first by rewrite !big_nil normr0 mul0r.
case/andP => /and3P [long _ below] /IH rest; rewrite !big_cons mulrDl (le_trans (ler_norm_add _ _)) // ler_add //.
rewrite normrM ler_wpmul2l ?normr_ge0 //; case: t.1 long below => [|i a _ /= /andP [iN aN]].
  by rewrite leqNgt r0.
rewrite /at_monomial big_cons normrM -[X in _ <= X]mulr1 ler_pmul ?normr_ge0 ?small //.
exact: monomial_le1 e01 small aN.
Qed.

Lemma led_zero m N z p : (forall i, (i < m)%N -> z i = 0) -> led 1 m N p -> at_poly z p = 0.
Proof.
move=> z0; rewrite /at_poly; elim: p => [|[[|i a] q] p IH]; rewrite ?big_nil //.
case/andP => /and3P [_ /andP [/z0 zi _] _] /IH rest.
by rewrite big_cons rest /at_monomial big_cons zi mul0r mulr0 addr0.
Qed.

Lemma pairs_small m N e z p : (m <= N)%N -> 0 <= e <= 1 -> (forall i, (i < N)%N -> `|z i| <= e) -> led 2 m N p ->
  all (fun t => 2 < size t.1)%N p -> `|at_poly z p| <= weight R p * (e * length2 m z).
Proof.
move=> mN e01 small; have /andP [e0 e1] := e01; rewrite /at_poly /weight.
elim: p => [|[[|i [|j [|l a]]] q] p IH] //=; first by rewrite !big_nil normr0 mul0r.
case/andP => /andP [/and3P [i_m j_m _] /and4P [_ _ l_N a_N]] led_p long_p; have rest := IH led_p long_p.
rewrite !big_cons mulrDl (le_trans (ler_norm_add _ _)) // ler_add // normrM ler_wpmul2l ?normr_ge0 //.
rewrite /at_monomial !big_cons !normrM mulrA mulrC ler_pmul ?mulr_ge0 ?normr_ge0 ?two_le //.
apply: le_trans (small l l_N); rewrite ler_pimulr ?normr_ge0 //; exact: monomial_le1 e01 small a_N.
Qed.

(* Points of one product are rotations of each other, where the columns of one have a left inverse. *)
Lemma rotated n k (a b : 'M[R]_(n, k)) (left : 'M[R]_(k, n)) : left *m a = 1%:M -> b *m b^T = a *m a^T ->
  exists2 q : 'M[R]_k, q *m q^T = 1%:M & b = a *m q.
Proof.
move=> left_a same; have left_aT : a^T *m left^T = 1%:M by rewrite -trmx_mul left_a trmx1.
exists (left *m b); first by rewrite trmx_mul mulmxA -(mulmxA left) same mulmxA left_a mul1mx left_aT.
have b_left : (b - a *m (left *m b)) *m (b - a *m (left *m b))^T = 0.
  have -> : b - a *m (left *m b) = (1%:M - a *m left) *m b by rewrite mulmxBl mul1mx mulmxA.
  rewrite trmx_mul mulmxA -(mulmxA _ b) same mulmxA mulmxBl mul1mx -(mulmxA a) left_a mulmx1 subrr.
  by rewrite !mul0mx.
have /sqnorm_eq0/(congr1 trmx) : sqnorm (b - a *m (left *m b))^T = 0.
  by rewrite sqnorm_inner /inner trmxK b_left mxtrace0.
by rewrite trmxK trmx0 => /eqP; rewrite subr_eq0 => /eqP.
Qed.

Theorem minimum_up_to_rotations_shown n k f u value product moves ps left c hs ls :
  check_rotations n k f u value product moves ps left c hs ls -> minimum_up_to_rotations R n k f u.
Proof.
set m := size moves; pose N := (m + n * k)%N; case/and5P => of_product /(value_shown R) at_u /(number_gt0 R) c0.
set rest := normal _; move=> /allP heights /and4P [] /(all_nthP (Const zero)) small_moves.
case/andP => rest_pairs rest_long /allP moved_products /allP inverse.
have weight0 p : 0 <= weight R p by apply: sumr_ge0 => t _; apply: normr_ge0.
pose b := weight R rest + number R c; have b0 : 0 < b by rewrite ltr_paddl.
pose e := number R c / (b + number R c); have e0 : 0 < e by rewrite divr_gt0 // addr_gt0.
have e1 : e <= 1 by rewrite /e ler_pdivr_mulr ?mul1r ?ler_addr ?(ltW b0) // addr_gt0.
pose w := 1 + \sum_(i < m) weight R (normal (nth (Const zero) moves i)).
have w1 : 1 <= w by rewrite ler_addl sumr_ge0.
have w0 : 0 < w by apply: lt_le_trans w1.
have ew : e / w <= e by rewrite ler_pdivr_mulr // ler_pmulr.
exists (e / w) => [|y near]; first by rewrite divr_gt0.
pose v i := y i - at_point R u i; pose z i := eval v (moved moves i).
have e01 : 0 <= e <= 1 by rewrite (ltW e0).
have z_small i : (i < N)%N -> `|z i| <= e.
  rewrite /z /moved -/m; case: (ltnP i m) => [i_m _|m_i iN]; last first.
    by apply: le_trans ew; apply: near; rewrite ltn_subLR.
  rewrite -at_normal; apply: le_trans (led_small (isT : 0 < 1)%N _ near (small_moves i i_m)) _.
    by rewrite divr_ge0 ?(ltW e0) ?(ltW w0) // (le_trans ew).
  rewrite mulrA ler_pdivr_mulr // mulrC ler_pmul2l //.
  by rewrite /w (bigD1 (Ordinal i_m)) //= addrCA ler_addl addr_ge0 ?ler01 // sumr_ge0.
have product_y i j : (i < n)%N -> (j < n)%N -> eval y (gram k i j) = eval z (known n k u ps i j).
  move=> i_n j_n; have := moved_products i; rewrite mem_iota => /(_ i_n)/allP/(_ j); rewrite mem_iota => /(_ j_n).
  case/andP => _ /(identity v); rewrite /shifted !eval_subst -/z => <-.
  by apply: eval_ext => l; rewrite /= /v addrC subrK.
have squares0 : 0 <= \sum_(l < size hs) number R (nth zero hs l) * (\sum_(i < m) number R (entry ls l i) * z i) ^+ 2.
  by apply: sumr_ge0 => l _; rewrite mulr_ge0 ?sqr_ge0 // number_ge0 // heights // mem_iota add0n ltn_ord.
set squares := \sum_(l < size hs) _ in squares0.
have expand : eval y f = number R value + number R c * length2 m z + squares + at_poly z rest.
  have := at_normal z (Sub (at_entries n (known n k u ps) product) (Add (Const value) (form_of m c hs ls))).
  rewrite -/rest eval_sub => ->; rewrite /= !eval_over /=.
  have -> : eval y f = eval z (at_entries n (known n k u ps) product).
    rewrite (identity y of_product) /at_entries !eval_subst; apply: eval_ext => l; case: ifP => // l_n.
    have n0 : (0 < n)%N by move: l_n; case: (n).
    by rewrite product_y ?ltn_mod // ltn_divLR.
  have -> : \sum_(l < size hs) number R (nth zero hs l) *
      eval z (sum_over m (fun i => multiple (entry ls l i) (Var i))) ^+ 2 = squares.
    by apply: eq_bigr => l _; rewrite eval_over.
  have reorder (p q r t : R) : t = p + q + r + (t - (p + (q + r))) by ring.
  exact: reorder.
rewrite at_u expand; have length0 : 0 <= length2 m z by apply: sumr_ge0 => i _; apply: sqr_ge0.
have := pairs_small (leq_addr _ _) e01 z_small rest_pairs rest_long.
move: length0; rewrite le_eqVlt => /orP [/eqP none|long] small; last first.
  left; rewrite -!addrA ltr_addl; move: small => /ler_normlP [below _].
  apply: lt_le_trans (_ : 0 < number R c * length2 m z - weight R rest * (e * length2 m z)) _; last first.
    by rewrite ler_add2l -[X in X <= _]add0r ler_add // ler_oppl.
  rewrite mulrA -mulrBl; apply: mulr_gt0 long; rewrite subr_gt0 /e mulrA ltr_pdivr_mulr; last exact: addr_gt0.
  by rewrite [X in X < _]mulrC ltr_pmul2l // /b -addrA ltr_addl addr_gt0.
have z0 i : (i < m)%N -> z i = 0.
  move=> i_m; apply/eqP; rewrite -normr_eq0 -sqrf_eq0 eq_le sqr_ge0 andbT none; exact: entry_le.
right; split.
  rewrite -none mulr0 addr0 /squares big1 => [|l _]; last first.
    by rewrite big1 => [|i _]; rewrite ?z0 ?mulr0 // expr0n mulr0.
  rewrite addr0; move: small; rewrite -none !mulr0 normr_le0 => /eqP ->; exact: addr0.
apply: (rotated (left := \matrix_(b, i) number R (entry left b i))).
  apply/matrixP => r s; rewrite !mxE; have := inverse r; rewrite mem_iota => /(_ (ltn_ord r))/allP/(_ s).
  rewrite mem_iota => /(_ (ltn_ord s))/(number_eqb R); rewrite number_sum => left_u.
  transitivity (number R (if (r : nat) == s then one else zero)); last first.
    by rewrite -[r == s]val_eqE /=; case: ifP; rewrite ?number1 ?number0.
  by rewrite -left_u; apply: eq_bigr => i _; rewrite !mxE number_mul.
apply/matrixP => i j; have := product_y i j (ltn_ord i) (ltn_ord j); rewrite eval_over /= !mxE.
have := moved_products i; rewrite mem_iota => /(_ (ltn_ord i))/allP/(_ j); rewrite mem_iota => /(_ (ltn_ord j)).
case/andP => led_p _; rewrite -at_normal (led_zero z0 led_p) addr0 number_sum => same.
transitivity (\sum_(c < k) y (i * k + c)%N * y (j * k + c)%N); first by apply: eq_bigr => l _; rewrite !mxE.
by rewrite same; apply: eq_bigr => l _; rewrite !mxE number_mul.
Qed.
End Rotations.
