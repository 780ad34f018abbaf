(* The imbalance bounds the layers by their product (DL-057), at depth 2: W_1 is h x n, W_2 is m x h, any sizes.
   Left out: deeper networks, and gradient flow. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm bounds.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* ||W||^2 = ||Q||^2 + <B, Q> = ||P||^2 - <B, P> for Q = W_1 W_1^T, P = W_2^T W_2, B = P - Q. *)
Theorem product_and_imbalance (R : comRingType) (m n h : nat) (W1 : 'M[R]_(h, n)) (W2 : 'M[R]_(m, h)) :
  let Q := W1 *m W1^T in let P := W2^T *m W2 in
  sqnorm (W2 *m W1) = sqnorm Q + inner (P - Q) Q /\ sqnorm (W2 *m W1) = sqnorm P - inner (P - Q) P.
Proof.
move=> Q P; have QT : Q^T = Q by rewrite /Q trmx_mul trmxK.
have PT : P^T = P by rewrite /P trmx_mul trmxK.
have W : sqnorm (W2 *m W1) = inner P Q.
  by rewrite sqnorm_inner /inner PT trmx_mul -mulmxA mxtrace_mulC /P /Q !mulmxA.
have sub X Y Z : inner (X - Y) Z = inner X Z - inner Y Z :> R.
  by rewrite inner_sym -scaleN1r innerDr innerZr mulN1r !(inner_sym Z).
split; rewrite sub W sqnorm_inner; first by rewrite addrC subrK.
by rewrite opprB addrCA subrr addr0 inner_sym.
Qed.

(* 1. Both norms are at most (||B|| + sqrt(||B||^2 + 4 ||W||^2)) / 2. *)
Theorem layers_are_bounded (R : rcfType) (m n h : nat) (W1 : 'M[R]_(h, n)) (W2 : 'M[R]_(m, h)) :
  let Q := W1 *m W1^T in let P := W2^T *m W2 in
  let bound := (norm (P - Q) + Num.sqrt (norm (P - Q) ^+ 2 + 4%:R * norm (W2 *m W1) ^+ 2)) / 2%:R in
  norm Q <= bound /\ norm P <= bound.
Proof.
move=> Q P bound; have [WQ WP] := product_and_imbalance W1 W2; rewrite -/Q -/P in WQ WP.
have cs (A B : 'M[R]_h) : `|inner A B| <= norm A * norm B.
  rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?mulr_ge0 ?norm_ge0 //.
  by rewrite real_normK ?num_real // exprMn !sqr_norm cauchy_schwarz.
have solve (b w x : R) : 0 <= b -> 0 <= x -> x ^+ 2 - b * x <= w ^+ 2 ->
    x <= (b + Num.sqrt (b ^+ 2 + 4%:R * w ^+ 2)) / 2%:R.
  move=> b0 x0 le; rewrite ler_pdivl_mulr ?ltr0n // -ler_subl_addl.
  have [neg|pos] := lerP (x * 2%:R - b) 0; first by apply: le_trans neg (sqrtr_ge0 _).
  rewrite -ler_sqr ?nnegrE ?sqrtr_ge0 ?(ltW pos) //.
  have w4 : 0 <= 4%:R * w ^+ 2 by apply: mulr_ge0; [exact: ler0n|exact: sqr_ge0].
  rewrite sqr_sqrtr; last by rewrite addr_ge0 ?sqr_ge0.
  rewrite -subr_ge0.
  have -> : b ^+ 2 + 4%:R * w ^+ 2 - (x * 2%:R - b) ^+ 2 = 4%:R * (w ^+ 2 - (x ^+ 2 - b * x)) by ring.
  by apply: mulr_ge0; [exact: ler0n|rewrite subr_ge0].
split; apply: solve; rewrite ?norm_ge0 // !sqr_norm.
  by rewrite WQ ler_add2l ler_oppl; apply: le_trans (cs _ _); rewrite -normrN ler_norm.
by rewrite WP ler_add2l ler_opp2; apply: le_trans (cs _ _); exact: ler_norm.
Qed.

(* Equality at width 1. *)
Theorem attained_at_width_one (R : rcfType) (a b : R) : a ^+ 2 <= b ^+ 2 ->
  b ^+ 2 = (`|b ^+ 2 - a ^+ 2| + Num.sqrt (`|b ^+ 2 - a ^+ 2| ^+ 2 + 4%:R * (b * a) ^+ 2)) / 2%:R.
Proof.
move=> ab; rewrite ger0_norm ?subr_ge0 //.
have -> : (b ^+ 2 - a ^+ 2) ^+ 2 + 4%:R * (b * a) ^+ 2 = (b ^+ 2 + a ^+ 2) ^+ 2 by ring.
rewrite sqrtr_sqr ger0_norm ?addr_ge0 ?sqr_ge0 //; by field.
Qed.
