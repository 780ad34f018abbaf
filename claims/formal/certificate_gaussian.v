(* Certificates about sums of ReLU units on Gaussian inputs, at points c z with z rational and c a number with pi.

   A number is a quotient of two polynomials in pi (variable 0) and the root of 3 (variable 1). The angles between units
   must be multiples of pi/6, so that all is such a number; it is shown by polynomials that are 0 where root^2 is 3, or
   positive where pi > 3 and root > 1. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network rational_numbers polynomial_identity certificate certificate_landscape.
From DLC Require Import certificate_network certificate_returns gaussian_units.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Definition constants (R : rcfType) (pi : R) (i : nat) : R := if i is 0%N then pi else Num.sqrt 3%:R.
Definition real_value (R : rcfType) (pi : R) (x : expr * expr) : R := eval (constants pi) x.1 / eval (constants pi) x.2.

(* root^2 = 3 *)
Definition lowered (m : monomial) : monomial := filter (predC1 1%N) m ++ nseq (odd (count_mem 1%N m)) 1%N.
Fixpoint reduced (f : poly) : poly :=
  if f is t :: more then plus [:: (lowered t.1, mulq t.2 (powq (Qmake 3 1) (count_mem 1%N t.1)./2))] (reduced more)
  else [::].
Definition is_nought (f : expr) : bool := nilp (reduced (normal f)).
(* pi = 3 + x, root = 1 + y *)
Definition beyond (i : nat) : expr := Add (Const (if i is 0%N then Qmake 3 1 else one)) (Var i).
Definition has_only_pluses (f : poly) : bool :=
  all (fun t => Qle_bool zero t.2) f && has (fun t => nilp t.1 && ltq zero t.2) f.
Definition as_expr (f : poly) : expr := Sum [seq Mul (Const t.2) (Prod [seq Var i | i <- t.1]) | t <- f].
Definition is_positive (f : expr) : bool := has_only_pluses (normal (subst beyond (as_expr (reduced (normal f))))).

Section Signs.
Variables (R : rcfType) (pi : R).
Hypothesis pi3 : 3%:R < pi.
Local Notation at_constants := (eval (constants pi)).

Lemma root_square : constants pi 1 ^+ 2 = 3%:R. Proof. by rewrite sqr_sqrtr ?ler0n. Qed.

Lemma apart_from_roots (x : nat -> R) m :
  at_monomial x m = at_monomial x (filter (predC1 1%N) m) * x 1%N ^+ count_mem 1%N m.
Proof.
rewrite /at_monomial; elim: m => [|i m IH] /=; first by rewrite !big_nil mulr1.
by case: eqP => [->|_]; rewrite /= !big_cons IH ?add0n ?add1n ?exprS; [exact: mulrCA | exact: mulrA].
Qed.

Lemma at_lowered m : at_monomial (constants pi) m =
  at_monomial (constants pi) (lowered m) * 3%:R ^+ (count_mem 1%N m)./2.
Proof.
rewrite apart_from_roots /at_monomial big_cat /= -mulrA; congr (_ * _); rewrite big_nseq iter_mulr_1.
have -> : 3%:R ^+ (count_mem 1%N m)./2 = constants pi 1 ^+ (2 * (count_mem 1%N m)./2) by rewrite exprM root_square.
by rewrite -exprD mul2n odd_double_half.
Qed.

Lemma at_reduced f : at_poly (constants pi) (reduced f) = at_poly (constants pi) f.
Proof.
elim: f => [//|t f IH].
rewrite -[reduced _]/(plus [:: (lowered t.1, mulq t.2 (powq (Qmake 3 1) (count_mem 1%N t.1)./2))] (reduced f)).
rewrite at_plus IH /at_poly big_seq1 [in RHS]big_cons; congr (_ + _).
have three : number R (Qmake 3 1) = 3%:R by rewrite /number /= divr1.
by rewrite number_mul number_pow three (at_lowered t.1) -mulrA; congr (_ * _); apply: mulrC.
Qed.

Lemma zero_shown f : is_nought f -> at_constants f = 0.
Proof. by move/nilP => E; rewrite -at_normal -at_reduced E /at_poly big_nil. Qed.

Lemma eval_as_expr (x : nat -> R) f : eval x (as_expr f) = at_poly x f.
Proof. by rewrite /as_expr eval_sum big_map; apply: eq_bigr => t _; rewrite /= eval_prod big_map. Qed.

Lemma positive_shown f : is_positive f -> 0 < at_constants f.
Proof.
pose x i := constants pi i - (if i is 0%N then 3%:R else 1).
have x0 i : 0 <= x i.
  rewrite /x /constants subr_ge0; case: i => [|i]; first exact: ltW.
  by rewrite -sqrtr1; have := ler_wsqrtr (ler1n R 3); rewrite sqrtr1.
have shift g : at_constants g = eval x (subst beyond g).
  rewrite eval_subst; apply: eval_ext => -[|i]; rewrite /beyond /x /=.
    by rewrite /number /= divr1 addrC subrK.
  by rewrite number1 addrC subrK.
rewrite -at_normal -at_reduced -eval_as_expr shift -at_normal /is_positive /has_only_pluses.
move: (normal (subst _ _)) => p /andP [].
have nonneg q : all (fun t => Qle_bool zero t.2) q -> 0 <= at_poly x q.
  rewrite /at_poly; elim: q => [|t q IH] /=; first by rewrite big_nil.
  case/andP => /(number_ge0 R) t0 /IH rest; rewrite big_cons addr_ge0 // mulr_ge0 //.
  by rewrite /at_monomial; apply: prodr_ge0.
elim: p => [|t p IH] //= /andP [t0 rest]; rewrite /at_poly big_cons -/(at_poly x p).
case/orP => [/andP [/nilP -> /(number_gt0 R) positive_t]|/(IH rest) more].
  by rewrite /at_monomial big_nil mulr1 ltr_paddr ?nonneg.
by rewrite ltr_paddl // mulr_ge0 ?number_ge0 // /at_monomial; apply: prodr_ge0.
Qed.
End Signs.

(* Two rational vectors: what they are in pi and root, times 2 pi. *)
Section Pair.
Variables (m : nat) (u v : matrix).
Definition dotq (a b : matrix) : Q := sumq m (fun i => mulq (entry a i 0) (entry b i 0)).
Local Notation uu := (dotq u u).
Local Notation vv := (dotq v v).
Local Notation uv := (dotq u v).
Definition square_rootq (q : Q) : Q := Qmake (Z.sqrt (Qnum q)) (Pos.sqrt (Qden q)).
Definition area_square : Q := subq (mulq uu vv) (mulq uv uv).
Definition area_plain : Q := square_rootq area_square.
Definition area_root : Q := square_rootq (mulq area_square (Qmake 1 3)).
Definition plain_area : bool := Qle_bool zero area_plain && Qeq_bool (mulq area_plain area_plain) area_square.
Definition root_area : bool :=
  Qle_bool zero area_root && Qeq_bool (mulq (Qmake 3 1) (mulq area_root area_root)) area_square.
Definition area_in : expr := if plain_area then Const area_plain else multiple area_root (Var 1).
Definition inverse_area : expr := multiple (Qinv area_square) area_in.
(* The square of the cosine, the angle as a part of pi where the cosine is >= 0, and twice (pi - th) / 2 pi. *)
Definition cosine_square : Q := mulq (mulq uv uv) (Qinv (mulq uu vv)).
Definition angle_part : Q :=
  if Qeq_bool cosine_square one then zero else if Qeq_bool cosine_square (Qmake 3 4) then Qmake 1 6
  else if Qeq_bool cosine_square (Qmake 1 4) then Qmake 1 3 else Qmake 1 2.
Definition two_turns : Q := if Qle_bool zero uv then subq one angle_part else angle_part.
Definition good_pair : bool :=
  [&& ltq zero uu, ltq zero vv, plain_area || root_area &
      has (Qeq_bool cosine_square) [:: one; Qmake 3 4; Qmake 1 4; zero]].

Definition value_in : expr := Add area_in (multiple (mulq two_turns uv) (Var 0)).
Definition slope_in (i : nat) : expr :=
  Add (multiple (mulq (entry u i 0) (Qinv uu)) area_in) (multiple (mulq two_turns (entry v i 0)) (Var 0)).
Definition unit_entry (i j : nat) : Q := if i == j then one else zero.
Definition outerq (a b : matrix) (i j : nat) : Q := mulq (entry a i 0) (entry b j 0).
Definition acrossq (i : nat) : Q := subq (entry v i 0) (mulq (mulq uv (Qinv uu)) (entry u i 0)).
Definition bend_in (i j : nat) : expr :=
  Add (multiple (mulq (Qinv uu) (subq (unit_entry i j) (mulq (Qinv uu) (outerq u u i j)))) area_in)
    (multiple (mulq (acrossq i) (acrossq j)) inverse_area).
Definition gate_in (i j : nat) : expr :=
  Add (multiple (mulq two_turns (unit_entry i j)) (Var 0))
    (multiple (subq (addq (outerq u v i j) (outerq v u i j))
      (mulq uv (addq (mulq (Qinv uu) (outerq u u i j)) (mulq (Qinv vv) (outerq v v i j))))) inverse_area).
End Pair.

Section PairValues.
Variables (R : rcfType) (pi : R) (angle : R -> R).
Hypothesis angles : is_angle pi angle.
Variables (m : nat) (u v : matrix).
Hypothesis good : good_pair m u v.
Local Notation at_constants := (eval (constants pi)).
Local Notation column a := (mx R m 1 a).

Let pi3 : 3%:R < pi. Proof. by case: angles. Qed.
Let pi0 : 0 < pi. Proof. by apply: lt_trans pi3; rewrite ltr0n. Qed.

Lemma number_inverted q : number R (Qinv q) = (number R q)^-1.
Proof.
case: q => [[|p|p] d]; rewrite /number /Qinv /= ?mul0r ?invr0 // ?invf_div //.
by rewrite invrN mulrN mulNr.
Qed.

Lemma number_dotq a b : number R (dotq m a b) = dot (column a) (column b).
Proof. by rewrite /dotq number_sum; apply: eq_bigr => i _; rewrite number_mul !mxE. Qed.

Lemma long_u : 0 < dot (column u) (column u).
Proof. by rewrite -number_dotq; apply: number_gt0; case/and4P: good. Qed.
Lemma long_v : 0 < dot (column v) (column v).
Proof. by rewrite -number_dotq; apply: number_gt0; case/and4P: good. Qed.

Lemma area_square_shown : number R (area_square m u v) =
  dot (column u) (column u) * dot (column v) (column v) - dot (column u) (column v) ^+ 2.
Proof. by rewrite number_sub !number_mul !number_dotq -expr2. Qed.

Lemma area_square_ge0 : 0 <= number R (area_square m u v).
Proof.
case/and4P: good => _ _ /orP [] /andP [_ /(number_eqb R) <-] _; rewrite !number_mul -expr2 ?sqr_ge0 //.
by rewrite mulr_ge0 ?sqr_ge0 // number_ge0.
Qed.

Lemma area_shown : area (column u) (column v) = at_constants (area_in m u v).
Proof.
case/and4P: good => _ _ roots _; rewrite /area -area_square_shown /area_in.
move: roots; case: ifP => [/andP [a0 /(number_eqb R) <-] _|_ /=].
  by rewrite number_mul -expr2 sqrtr_sqr ger0_norm ?number_ge0.
case/andP => b0 /(number_eqb R) <-; rewrite !number_mul -expr2 mulrC sqrtrM ?sqr_ge0 // sqrtr_sqr.
by rewrite ger0_norm ?number_ge0 //; congr (_ * Num.sqrt _); rewrite /number /= divr1.
Qed.

Lemma inverse_area_shown : (area (column u) (column v))^-1 = at_constants (inverse_area m u v).
Proof.
rewrite /inverse_area -[RHS]/(number R (Qinv (area_square m u v)) * at_constants (area_in m u v)).
rewrite -area_shown number_inverted.
have -> : number R (area_square m u v) = area (column u) (column v) ^+ 2.
  by rewrite /area -area_square_shown sqr_sqrtr ?area_square_ge0.
case: (eqVneq (area (column u) (column v)) 0) => [->|a0]; first by rewrite invr0 mulr0.
by rewrite expr2 invfM -mulrA mulVf // mulr1.
Qed.

Lemma turn_shown : 2%:R * pi * turn pi angle (column u) (column v) = number R (two_turns m u v) * pi.
Proof.
have [_ [angle1 angle0] angle34 angle14 negated] := angles.
set x := cosine (column u) (column v).
have -> : 2%:R * pi * turn pi angle (column u) (column v) = pi - angle x.
  by rewrite /turn mulrC divfK // mulf_neq0 ?pnatr_eq0 ?lt0r_neq0.
have square : x ^+ 2 = number R (cosine_square m u v).
  rewrite /x /cosine expr_div_n exprMn !sqr_sqrtr ?ltW ?long_u ?long_v //.
  by rewrite !number_mul number_inverted number_mul !number_dotq -expr2.
have sign : (0 <= x) = Qle_bool zero (dotq m u v).
  rewrite /x /cosine pmulr_lge0 ?invr_gt0 ?mulr_gt0 ?sqrtr_gt0 ?long_u ?long_v // -number_dotq.
  apply/idP/idP => [|/(number_ge0 R) //]; apply: contraTT => neg; rewrite -ltNge -(number0 R).
  exact: number_lt.
have known r tau : 0 <= r <= 1 -> angle r = tau * pi -> r ^+ 2 = x ^+ 2 ->
    pi - angle x = (if 0 <= x then 1 - tau else tau) * pi.
  move=> /andP [r0 r1] is_tau same; case: ifPn => [x_ge0|].
    have -> : x = r by apply/eqP; rewrite -(eqr_expn2 (n := 2)) ?same.
    by rewrite is_tau mulrBl mul1r.
  rewrite -ltNge => x_lt0; have -> : x = - r.
    by apply: oppr_inj; rewrite opprK; apply/eqP; rewrite -(eqr_expn2 (n := 2)) ?oppr_ge0 ?(ltW x_lt0) // sqrrN same.
  by rewrite negated ?r0 // is_tau opprB addrC subrK.
rewrite /two_turns -sign; have push tau : number R (if 0 <= x then subq one tau else tau) =
    if 0 <= x then 1 - number R tau else number R tau by case: ifP; rewrite ?number_sub ?number1.
rewrite push /angle_part; case/and4P: good => _ _ _ among_them.
have quarter3 : number R (Qmake 3 4) = 3%:R / 4%:R by [].
have root2 : (Num.sqrt 3%:R / 2%:R) ^+ 2 = 3%:R / 4%:R :> R.
  by rewrite expr_div_n sqr_sqrtr ?ler0n // -natrX.
have small r : 0 <= r -> r ^+ 2 = x ^+ 2 -> x ^+ 2 <= 1 -> 0 <= r <= 1.
  by move=> r0 same le1; rewrite r0 /= -(@expr_le1 _ 2) // same.
case E1: (Qeq_bool _ one).
  apply: (@known 1); rewrite ?ler01 ?lexx ?angle1 ?number0 ?mul0r //.
  by rewrite square (number_eqb R E1) number1 expr1n.
case E34: (Qeq_bool _ _).
  have same : (Num.sqrt 3%:R / 2%:R) ^+ 2 = x ^+ 2 by rewrite square (number_eqb R E34) root2.
  apply: known (same) => //; last by rewrite angle34 mulrC; congr (_ * _); rewrite /number /= mul1r.
  apply: small => //; first by rewrite divr_ge0 ?sqrtr_ge0 ?ler0n.
  by rewrite -same root2 ler_pdivr_mulr ?ltr0n // mul1r ler_nat.
case E14: (Qeq_bool _ _).
  have same : 2%:R^-1 ^+ 2 = x ^+ 2.
    by rewrite square (number_eqb R E14) exprVn -natrX /number /= mul1r.
  apply: known (same) => //; last by rewrite angle14 mulrC; congr (_ * _); rewrite /number /= mul1r.
  apply: small => //; first by rewrite invr_ge0 ler0n.
  by rewrite -same exprVn invf_le1 ?exprn_gt0 ?ltr0n // -natrX ler1n.
have same : 0 ^+ 2 = x ^+ 2.
  by move: among_them; rewrite /= E1 E34 E14 !orFb orbF => /(number_eqb R); rewrite square number0 expr0n.
apply: known (same) => //; first by rewrite lexx ler01.
by rewrite angle0 mulrC; congr (_ * _); rewrite /number /= mul1r.
Qed.

Local Notation T := (2%:R * pi).
Let T0 : T != 0. Proof. by rewrite mulf_neq0 ?pnatr_eq0 ?lt0r_neq0. Qed.

Lemma number_unit (i j : 'I_m) : number R (unit_entry i j) = (i == j)%:R.
Proof. by rewrite /unit_entry -val_eqE /=; case: eqP; rewrite ?number1 ?number0. Qed.

Lemma pair_value_shown : T * pair_value pi angle (column u) (column v) = at_constants (value_in m u v).
Proof.
rewrite /pair_value mulrDr [T * (turn _ _ _ _ * _)]mulrA turn_shown [T * (_ / _)]mulrC divfK //.
by rewrite area_shown /= number_mul number_dotq mulrAC.
Qed.

Lemma pair_slope_shown i : T * pair_slope pi angle (column u) (column v) i 0 = at_constants (slope_in m u v i).
Proof.
have apart (s A d x t y : R) : s != 0 -> s * (A / (s * d) * x + t * y) = x * d^-1 * A + s * t * y.
  by move=> s0; rewrite invfM; move: d^-1 => e; field.
rewrite !mxE apart // turn_shown area_shown /= !number_mul number_inverted number_dotq.
by congr (_ + _); rewrite mulrAC.
Qed.

Lemma pair_bend_shown i j : T * pair_bend pi (column u) (column v) i j = at_constants (bend_in m u v i j).
Proof.
rewrite !mxE !big_ord1 !mxE mulVKf // inverse_area_shown area_shown /= !number_mul !number_sub !number_mul number_unit.
rewrite !number_inverted !number_dotq; congr (_ + _); last exact: mulrC.
exact: etrans (esym (mulrA _ _ _)) (mulrC _ _).
Qed.

Lemma pair_gate_shown i j : T * pair_gate pi angle (column u) (column v) i j = at_constants (gate_in m u v i j).
Proof.
have apart (s t D A x : R) : s != 0 -> s * (t * D + (s * A)^-1 * x) = s * t * D + A^-1 * x.
  by move=> s0; rewrite invfM; move: A^-1 => e; field.
rewrite !mxE apart // !big_ord1 !mxE turn_shown inverse_area_shown /= number_sub !number_mul number_unit !number_add.
by rewrite !number_mul !number_inverted !number_dotq; congr (_ + _); [exact: mulrAC | exact: mulrC].
Qed.
End PairValues.
