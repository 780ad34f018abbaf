(* The end-to-end field of balanced layers is no gradient (DL-027): its curl at a W with ||W|| = 1, over real closed
   fields, where ||W||^{2-2/N} is a power of the N-th root of ||W||^2. *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm bounds end_to_end_dynamics rational_numbers certificate certificate_network.
From DLC Require Import certificate_landscape slopes.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* The root of degree n + 1 that is not negative. *)
Lemma root_exists (R : rcfType) (n : nat) (x : R) : exists y : R, (0 <= x) ==> (0 <= y) && (y ^+ n.+1 == x).
Proof.
have [x0|x0] := boolP (0 <= x); last by exists 0.
have [||y /andP [y0 _] y_root] := @poly_ivt R ('X^n.+1 - x%:P) 0 (1 + x).
- by rewrite addr_ge0 ?ler01.
- rewrite !hornerE !hornerXn expr0n /= sub0r oppr_le0 x0 subr_ge0 exprS.
  apply: le_trans (_ : x * 1 <= _); first by rewrite mulr1.
  by rewrite ler_pmul ?ler01 // ?ler_addr ?ler01 // exprn_ege1 // ler_addl.
by exists y; rewrite y0 /=; move: y_root; rewrite /root !hornerE !hornerXn subr_eq0.
Qed.
Definition nth_root (R : rcfType) (n : nat) (x : R) : R := xchoose (root_exists n x).

(* ||A||^{2-2/N} (G + (N-1) <G, A> / ||A||^2 A) for G = A - Phi and N = n + 1 layers. *)
Definition flow_field (R : rcfType) (n a b : nat) (Phi A : 'M[R]_(a, b)) : 'M[R]_(a, b) :=
  nth_root n (sqnorm A) ^+ n *: (A - Phi + (n%:R * (inner (A - Phi) A / sqnorm A)) *: A).

(* It is what the product of balanced layers of these widths follows; and at the start's product there are an output i
   and inputs j, k with dF_ij/dA_ik - dF_ik/dA_ij as said. *)
Definition is_flow (R : rcfType) (p : network) : Prop :=
  forall W : weights R (width p), (forall j, (j.+1 < depth p)%N -> imbalance W j = 0) ->
  velocity (residual (goal R p) W) W = flow_field (depth p).-1 (goal R p) (end_to_end (depth p) W).
Definition has_curl (R : rcfType) (p : network) (value : Q) : Prop :=
  let A := end_to_end (depth p) (layers R p (start p)) in let F := flow_field (depth p).-1 (goal R p) in
  exists i j k (a b : R),
  [/\ near_line (fun t => F (A + t *: delta_mx i k) i j) (F A i j) a,
      near_line (fun t => F (A + t *: delta_mx i j) i k) (F A i k) b, a - b = number R value & a != b].

(* n (1 - n) (A_k G_j - A_j G_k) / (n + 1), for j = 0 and k = 1. *)
Definition check_product_flow (p : network) : bool := (0 < depth p)%N && (width p (depth p) == 1)%N.
Definition natural (n : nat) : Q := Qmake (Z.of_nat n) 1.
Definition check_curl (p : network) (value : Q) : bool :=
  let n := (depth p).-1 in let a := chain p (start p) 0 (depth p) in let g := rest p (start p) in
  [&& check_product_flow p && (1 < width p 0)%N, ~~ Qeq_bool value zero,
      Qeq_bool (square (width p (depth p)) (width p 0) a) one &
      Qeq_bool (mulq (natural n.+1) value) (mulq (mulq (natural n) (subq one (natural n)))
        (subq (mulq (entry a 0 1) (entry g 0 0)) (mulq (entry a 0 0) (entry g 0 1))))].

Section Roots.
Variable R : rcfType.

Lemma nth_rootP n (x : R) : 0 <= x -> 0 <= nth_root n x /\ nth_root n x ^+ n.+1 = x.
Proof. by move=> x0; have /implyP/(_ x0)/andP [y0 /eqP yn] := xchooseP (root_exists n x). Qed.

Lemma nth_root_unique n (x y : R) : 0 <= y -> y ^+ n.+1 = x -> y = nth_root n x.
Proof.
move=> y0 yn; have [|r0 rn] := @nth_rootP n x; first by rewrite -yn exprn_ge0.
by apply: (pexpIrn (ltn0Sn n)); rewrite ?nnegrE // yn rn.
Qed.

Lemma field_of_balanced_layers (d : nat -> nat) (N : nat) (Phi : 'M[R]_(d N, d 0%N)) (W : weights R d) :
  (0 < N)%N -> d N = 1%N -> (forall j, (j.+1 < N)%N -> imbalance W j = 0) ->
  velocity (residual Phi W) W = flow_field N.-1 Phi (end_to_end N W).
Proof.
case: N Phi => // n Phi _ one balanced; have [hn ->] := one_output (residual Phi W) one balanced.
by rewrite (nth_root_unique (sqnorm_ge0 _) hn).
Qed.

Theorem product_flow_shown p : check_product_flow p -> is_flow R p.
Proof. by case/andP => N0 /eqP one W balanced; apply: field_of_balanced_layers. Qed.
End Roots.

Section Curl.
Variables (R : rcfType) (n a b : nat) (Phi A : 'M[R]_(a, b)).
Hypothesis A1 : sqnorm A = 1.
Let G := A - Phi.
Let c := inner G A.

Lemma inner_delta (B : 'M[R]_(a, b)) i k : inner B (delta_mx i k) = B i k.
Proof.
rewrite innerE (bigD1 (i, k)) //= mxE !eqxx mulr1 big1 ?addr0 // => -[l m]; rewrite xpair_eqE mxE => /negPf ->.
by rewrite mulr0.
Qed.

Lemma slope_shown i j k : j != k -> near_line (fun t => flow_field n Phi (A + t *: delta_mx i k) i j)
  (flow_field n Phi A i j)
  ((n%:R * (2%:R * A i k / n.+1%:R)) * (G i j + n%:R * c * A i j) +
   n%:R * (A i k + G i k - c * (2%:R * A i k)) * A i j).
Proof.
move=> jk; pose At t := A + t *: delta_mx i k.
have square t : sqnorm (At t) = 1 + 2%:R * A i k * t + 1 * t ^+ 2.
  rewrite /At sqnormD A1 innerZr inner_delta sqnorm_scale [sqnorm (delta_mx _ _)]sqnorm_inner inner_delta mxE !eqxx.
  by rewrite /=; move: (A i k) => x; ring.
have inside t : inner (At t - Phi) (At t) = c + (A i k + G i k) * t + 1 * t ^+ 2.
  have -> : At t - Phi = G + t *: delta_mx i k by rewrite /At /G addrAC.
  rewrite /At !innerDr innerZr inner_delta (inner_sym _ A) innerDr innerZr inner_delta (inner_sym A G) -/c.
  by rewrite /G !mxE !eqxx /=; move: (A i k) (Phi i k) => x y; ring.
have entry_j t : At t i j = A i j by rewrite !mxE (negPf jk) andbF mulr0 addr0.
have S := near_line_quadratic square; have I := near_line_quadratic inside.
have root : near_line (fun t => nth_root n (sqnorm (At t))) 1 (2%:R * A i k / n.+1%:R).
  by apply: near_line_root S _ => t; apply: nth_rootP.
have ratio := near_line_mul (near_line_constant n%:R) (near_line_div I S).
have field_at_0 : flow_field n Phi A i j = G i j + n%:R * c * A i j.
  have root1 : nth_root n 1 = 1 :> R by rewrite -(nth_root_unique (@ler01 R) (expr1n _ _)).
  by rewrite /flow_field A1 divr1 root1 expr1n scale1r [LHS]mxE [X in _ + X]mxE.
have whole_field := near_line_mul (near_line_power n root)
  (near_line_add (near_line_constant (G i j)) (near_line_mul ratio (near_line_constant (A i j)))).
apply: near_line_ext whole_field => [t||]; last 1 first.
- by move: (n.+1%:R^-1) (n%:R) (A i j) (A i k) (G i j) (G i k) c => *; ring.
- rewrite /flow_field -/(At t) [RHS]mxE [X in _ = _ * X]mxE [X in _ = _ * (_ + X)]mxE entry_j.
  by congr (_ * (_ + _)); rewrite /G [RHS]mxE entry_j mxE.
by rewrite mul1r field_at_0.
Qed.

Lemma curl_of_field i j k (f1 := flow_field n Phi) : j != k -> exists x y : R,
  [/\ near_line (fun t => f1 (A + t *: delta_mx i k) i j) (f1 A i j) x,
      near_line (fun t => f1 (A + t *: delta_mx i j) i k) (f1 A i k) y &
      n.+1%:R * (x - y) = n%:R * (1 - n%:R) * (A i k * G i j - A i j * G i k)].
Proof.
move=> jk; have kj : k != j by rewrite eq_sym.
move: (slope_shown i jk) (slope_shown i kj); set x := _ + _ => sx; set y := _ + _ => sy.
exists x, y; split=> //; rewrite /x /y; have n0 : n.+1%:R != 0 :> R by rewrite pnatr_eq0.
have nn : n%:R = n.+1%:R - 1 :> R by rewrite -[n.+1]addn1 natrD addrK.
by rewrite nn; move: (n.+1%:R) n0 (A i j) (A i k) (G i j) (G i k) c => m m0 *; field.
Qed.
End Curl.

Theorem curl_shown (R : rcfType) p value : check_curl p value -> has_curl R p value.
Proof.
case/and4P => /andP [/andP [N0 /eqP one] inputs] /(number_neq R) nonzero /(number_eqb R) norm1 /(number_eqb R).
rewrite number_square chain_product // number1 in norm1.
have i0 : (0 < width p (depth p))%N by rewrite one.
pose i := Ordinal i0; pose j := Ordinal (ltnW inputs); pose k := Ordinal inputs.
have [x [y [sx sy xy]]] := @curl_of_field R (depth p).-1 _ _ (goal R p) _ norm1 i j k isT.
have natural_number m : number R (natural m) = m%:R.
  by rewrite /number /natural /= divr1; case: m => // m; rewrite /= SuccNat2Pos.id_succ.
rewrite [number R (mulq (natural _) value)]number_mul !natural_number => E.
suff is_value : x - y = number R value.
  by exists i, j, k, x, y; split=> //; rewrite -subr_eq0 is_value -(number0 R).
apply: (mulfI (_ : (depth p).-1.+1%:R != 0)); first by rewrite pnatr_eq0.
have entry_A l : end_to_end (depth p) (layers R p (start p)) i l = number R (entry (chain p (start p) 0 (depth p)) 0 l).
  by rewrite /end_to_end -chain_product // mxE.
have entry_G l : (end_to_end (depth p) (layers R p (start p)) - goal R p) i l = number R (entry (rest p (start p)) 0 l).
  by rewrite -[_ - _]/(residual (goal R p) (layers R p (start p))) -rest_residual mxE.
rewrite xy E !entry_A !entry_G ![number R (mulq (mulq _ _) _)]number_mul number_mul number_sub number_sub !number_mul.
by rewrite !natural_number number1.
Qed.
