(* No potential from three layers on (DL-027): the curl of the preconditioned field, in any differential field.

   Two derivations d_1, d_2 of a field stand for the partial derivatives: additive, with the product rule. w_1, w_2 are
   the two inputs; n2 = w_1^2 + w_2^2 and q is ||W||^p: all that is asked of it is d_i q = p q w_i / n2. g is constant.
   Left out: that ||W||^p is such a q, which is calculus; more inputs; 2 and 3. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Definition derivation (R : ringType) (D : R -> R) : Prop :=
  (forall a b, D (a + b) = D a + D b) /\ (forall a b, D (a * b) = D a * b + a * D b).

(* F_i = ||W||^p (g_i + (N-1) <g, W> / ||W||^2 w_i), with m = N - 1. *)
Definition field_at (F : fieldType) (q m g1 g2 w1 w2 wi gi : F) : F :=
  q * (gi + m * ((g1 * w1 + g2 * w2) / (w1 ^+ 2 + w2 ^+ 2)) * wi).

Section Curl.
Variables (F : fieldType) (D : F -> F).
Hypothesis der : derivation D.

Lemma derivation1 : D 1 = 0.
Proof. by case: der => _ mul; apply: (@addrI _ (D 1)); rewrite addr0 -[in RHS](mulr1 1) mul mulr1 mul1r. Qed.
Lemma derivationV a : a != 0 -> D a^-1 = - D a / a ^+ 2.
Proof.
move=> a0; case: der => _ mul; have := mul a a^-1; rewrite mulfV // derivation1 => /esym/eqP.
rewrite addr_eq0 => /eqP e; apply: (mulfI a0); apply: oppr_inj; rewrite -e; by field.
Qed.
Lemma derivation_sqr a : D (a ^+ 2) = 2%:R * a * D a.
Proof. by case: der => _ mul; rewrite expr2 mul; ring. Qed.

Lemma derivation_field q m g1 g2 w1 w2 wi gi p wk : w1 ^+ 2 + w2 ^+ 2 != 0 ->
  D m = 0 -> D g1 = 0 -> D g2 = 0 -> D gi = 0 -> D q = p * q * wk / (w1 ^+ 2 + w2 ^+ 2) ->
  D (field_at q m g1 g2 w1 w2 wi gi) =
  p * q * wk / (w1 ^+ 2 + w2 ^+ 2) * (gi + m * ((g1 * w1 + g2 * w2) / (w1 ^+ 2 + w2 ^+ 2)) * wi) +
  q * (m * ((g1 * D w1 + g2 * D w2) / (w1 ^+ 2 + w2 ^+ 2)
            - (g1 * w1 + g2 * w2) * (2%:R * w1 * D w1 + 2%:R * w2 * D w2) / (w1 ^+ 2 + w2 ^+ 2) ^+ 2) * wi
       + m * ((g1 * w1 + g2 * w2) / (w1 ^+ 2 + w2 ^+ 2)) * D wi).
Proof.
move=> n0 m0 g10 g20 gi0 Dq; have [add mul] := der.
rewrite /field_at mul Dq add gi0 add0r mul mul m0 mul0r add0r mul add !mul g10 g20 !mul0r !add0r.
by rewrite derivationV // add !derivation_sqr; congr (_ + _ * _); field.
Qed.
End Curl.

(* 1. Constant g: the curl, which vanishes for p = m only, where w_2 g_1 != w_1 g_2. *)
Theorem curl_of_constant_gradient (F : fieldType) (D1 D2 : F -> F) (q p m g1 g2 w1 w2 : F) :
  derivation D1 -> derivation D2 -> w1 ^+ 2 + w2 ^+ 2 != 0 ->
  D1 w1 = 1 -> D1 w2 = 0 -> D2 w1 = 0 -> D2 w2 = 1 ->
  [/\ D1 m = 0, D1 g1 = 0 & D1 g2 = 0] -> [/\ D2 m = 0, D2 g1 = 0 & D2 g2 = 0] ->
  D1 q = p * q * w1 / (w1 ^+ 2 + w2 ^+ 2) -> D2 q = p * q * w2 / (w1 ^+ 2 + w2 ^+ 2) ->
  D2 (field_at q m g1 g2 w1 w2 w1 g1) - D1 (field_at q m g1 g2 w1 w2 w2 g2) =
  q / (w1 ^+ 2 + w2 ^+ 2) * (p - m) * (w2 * g1 - w1 * g2).
Proof.
move=> d1 d2 n0 d11 d12 d21 d22 [m1 a1 b1] [m2 a2 b2] q1 q2.
rewrite (derivation_field d2 w1 n0 m2 a2 b2 a2 q2) (derivation_field d1 w2 n0 m1 a1 b1 b1 q1) d11 d12 d21 d22.
by field.
Qed.

(* p - (N-1) for p = 2 - 2/N. *)
Theorem zero_for_two_layers_at_most (F : realFieldType) (N : nat) : (0 < N)%N ->
  2%:R - 2%:R / N%:R - (N%:R - 1) = - ((N%:R - 1) * (N%:R - 2%:R) / N%:R) :> F /\
  (2%:R - 2%:R / N%:R - (N%:R - 1) = 0 :> F <-> (N <= 2)%N).
Proof.
move=> N0; have n0 : N%:R != 0 :> F by rewrite pnatr_eq0 -lt0n.
have e : 2%:R - 2%:R / N%:R - (N%:R - 1) = - ((N%:R - 1) * (N%:R - 2%:R) / N%:R) :> F.
  by move: (N%:R : F) n0 => x x0; field.
split=> //; rewrite e; split=> [/eqP|N2].
  rewrite oppr_eq0 !mulf_eq0 invr_eq0 (negPf n0) orbF !subr_eq0 -[1]/(1%:R) !eqr_nat.
  by case/orP => /eqP ->.
have : (N == 1)%N || (N == 2)%N by move: N0 N2 {n0 e}; case: N => [|[|[|]]].
by case/orP => /eqP ->; rewrite subrr ?mul0r ?mulr0 ?mul0r oppr0.
Qed.
