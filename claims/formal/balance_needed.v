(* Balance is needed (DL-018): scalar networks with a positive margin and as small a learning rate as one likes.

   1. Onto a saddle: N >= 3. One step sets two layers to 0, and nothing ever moves again, at loss 1/2.
   2. The set of divergence: N >= 2, |Phi| <= 1. A step flips every sign; sizes grow by 14 a step at least.
   3. From a margin to divergence: N >= 2, any margin 0 < c < 1, any eta > 0.

   Controls: at N = 2, for 0 < eta <= 1, no start with a margin meets the saddle in one step; 14 C is attained; the
   upper bound without its 5/4 fails. 2N - 1 is written n.+1 + N for N = n.+2.
   4, of matrices, is balance_needed_in_matrices.v.
   Left out: how much balance is enough. Weights are w 0, w 1, ...; the paper's w_1 is w 0. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network scalar.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Saddle.
Variables (R : realFieldType) (n : nat) (eta e : R) (w : nat -> R).
Local Notation N := n.+3.
Hypotheses (eta_gt0 : 0 < eta) (e_gt0 : 0 < e) (e_lt1 : e < 1).
Hypotheses (equal : w 1%N = w 0%N) (first : w 0%N ^+ 2 = eta * e * (1 + e)).
Hypothesis others : \prod_(2 <= l < N) w l = (eta * e)^-1.

Lemma unit_eta_e : eta * e != 0. Proof. by rewrite mulf_neq0 // gt_eqF. Qed.

Lemma residual_is_e : scalar_residual N 1 w = e.
Proof.
rewrite /scalar_residual big_ltn // big_ltn // others equal mulrA -expr2 first.
by rewrite mulrAC divff ?unit_eta_e // mul1r addrC addKr.
Qed.

(* sigma_min(Phi) - ||W - Phi||_F = 1 - |e| > 0 *)
Lemma margin_positive : 1 - `|scalar_residual N 1 w| > 0.
Proof. by rewrite residual_is_e gtr0_norm // subr_gt0. Qed.

Lemma cancels (a : R) : a - eta * (a * (eta * e)^-1 * e) = 0.
Proof.
have [u v] : eta != 0 /\ e != 0 by rewrite !gt_eqF.
by apply/eqP; rewrite subr_eq0; apply/eqP; field; rewrite u v.
Qed.

Lemma first_two_vanish j : (j < 2)%N -> scalar_step N eta 1 w j = 0.
Proof.
case: j => [|[|//]] _; rewrite /scalar_step /scalar_gradient residual_is_e -[RHS](cancels (w 0%N)).
  by rewrite big_ltn // others [\prod_(0 <= l < 0) _]big_geq // equal mulr1.
by rewrite others big_nat1 equal; congr (_ - _ * _); rewrite mulrAC [_^-1 * _]mulrC.
Qed.

Lemma zero_gradient (v : nat -> R) : v 0%N = 0 -> v 1%N = 0 -> forall j, scalar_gradient N 1 v j = 0.
Proof.
move=> v0 v1 [|j]; rewrite /scalar_gradient.
  by rewrite big_ltn // v1 !mul0r.
by rewrite [\prod_(0 <= l < j.+1) _]big_ltn // v0 mul0r mulr0.
Qed.

(* From step 1 on nothing moves: two layers are zero, every gradient is zero and the loss is 1/2 for ever. *)
Lemma one_step_onto_a_saddle t :
  [/\ scalar_descent N eta 1 w t.+1 0%N = 0, scalar_descent N eta 1 w t.+1 1%N = 0,
      (forall j, scalar_descent N eta 1 w t.+1 j = scalar_step N eta 1 w j),
      (forall j, scalar_gradient N 1 (scalar_descent N eta 1 w t.+1) j = 0) &
      scalar_residual N 1 (scalar_descent N eta 1 w t.+1) ^+ 2 / 2%:R = 1 / 2%:R].
Proof.
have still s : (forall j, scalar_descent N eta 1 w s.+1 j = scalar_step N eta 1 w j) ->
    forall j, scalar_gradient N 1 (scalar_descent N eta 1 w s.+1) j = 0.
  by move=> E j; apply: zero_gradient; rewrite E first_two_vanish.
have at_ s j : scalar_descent N eta 1 w s.+1 j = scalar_step N eta 1 w j.
  elim: s j => [//|s IH] j; rewrite scalar_descentS {1}/scalar_step (still s IH) IH.
  by rewrite mulr0 subr0.
have v0 : scalar_descent N eta 1 w t.+1 0%N = 0 by rewrite at_ first_two_vanish.
have v1 : scalar_descent N eta 1 w t.+1 1%N = 0 by rewrite at_ first_two_vanish.
split=> //; first exact: still (at_ t).
by rewrite /scalar_residual big_ltn // v0 mul0r sub0r sqrrN expr1n.
Qed.
End Saddle.

(* The hypotheses can be met for every N >= 3, every eta > 0 and every 0 < e < 1. *)
Theorem saddle_hypotheses_met (R : rcfType) (n : nat) (eta e : R) : 0 < eta -> 0 < e ->
  exists w : nat -> R, [/\ w 1%N = w 0%N, w 0%N ^+ 2 = eta * e * (1 + e) &
                           \prod_(2 <= l < n.+3) w l = (eta * e)^-1].
Proof.
move=> eta0 e0.
exists (fun l => if (l < 2)%N then Num.sqrt (eta * e * (1 + e)) else if l == 2%N then (eta * e)^-1 else 1).
split=> //=; first by rewrite sqr_sqrtr // ltW // !mulr_gt0 // addr_gt0 ?ltr01.
rewrite big_ltn //= big_nat big1 ?mulr1 // => l /andP [l3 _].
by rewrite ltnNge (ltnW l3) /= gtn_eqF.
Qed.

(* The same of gradient descent in network.v, with layers of size 1 x 1. *)
Theorem one_step_onto_a_saddle_network (R : realFieldType) (n : nat) (eta e : R) (w : nat -> R) (t : nat) :
  0 < eta -> 0 < e < 1 -> w 1%N = w 0%N -> w 0%N ^+ 2 = eta * e * (1 + e) ->
  \prod_(2 <= l < n.+3) w l = (eta * e)^-1 ->
  [/\ 1 - `|scalar_residual n.+3 1 w| > 0,
      residual (target n.+3 1) (descent eta (target n.+3 1) (scalars w) t.+1) = (-1)%:M &
      forall j, (j < n.+3)%N ->
        descent eta (target n.+3 1) (scalars w) t.+1 j = descent eta (target n.+3 1) (scalars w) 1 j].
Proof.
move=> eta0 /andP [e0 e1] eq01 w0 rest; have [v0 _ at1 _ _] := one_step_onto_a_saddle eta0 e0 eq01 w0 rest t.
split=> [||j jN]; first exact: (margin_positive eta0 e0 e1 eq01 w0 rest).
  by rewrite residual_scalars /scalar_residual big_ltn // v0 mul0r sub0r.
by rewrite !descent_scalars // at1.
Qed.

(* The claim's own parameters, all rational for rational f and m: eta = m^2 f, e = f / (1 - f), w_1 = w_2 = m e. *)
Theorem rational_saddles (R : realFieldType) (n : nat) (f m : R) (w : nat -> R) (t : nat) :
  let eta := m ^+ 2 * f in let e := f / (1 - f) in
  0 < f < 1 / 2%:R -> 0 < m -> w 0%N = m * e -> w 1%N = m * e -> \prod_(2 <= l < n.+3) w l = (eta * e)^-1 ->
  [/\ 1 - `|scalar_residual n.+3 1 w| = 1 - e, 0 < 1 - e,
      scalar_residual n.+3 1 (scalar_descent n.+3 eta 1 w t.+1) = -1 &
      forall j, scalar_descent n.+3 eta 1 w t.+1 j = scalar_descent n.+3 eta 1 w 1 j].
Proof.
move=> eta e /andP [f0 f1] m0 w0 w1 rest.
have g0 : 0 < 1 - f.
  by rewrite subr_gt0; apply: lt_trans f1 _; rewrite ltr_pdivr_mulr ?ltr0n // mul1r ltr1n.
have e0 : 0 < e by rewrite divr_gt0.
have e1 : e < 1.
  rewrite ltr_pdivr_mulr // mul1r ltr_subr_addr; have -> : f + f = f * 2%:R by ring.
  by rewrite -ltr_pdivl_mulr // ltr0n.
have eta0 : 0 < eta by rewrite mulr_gt0 // exprn_gt0.
have eq01 : w 1%N = w 0%N by rewrite w0 w1.
have sq : w 0%N ^+ 2 = eta * e * (1 + e).
  rewrite w0 /eta /e; have g1 : 1 - f != 0 by rewrite gt_eqF.
  by field.
have [v0 _ at1 _ _] := one_step_onto_a_saddle eta0 e0 eq01 sq rest t.
split=> //; last by rewrite /scalar_residual big_ltn // v0 mul0r sub0r.
- by rewrite (residual_is_e eta0 e0 eq01 sq rest) gtr0_norm.
- by rewrite subr_gt0.
Qed.

(* At N = 2 it is false: with a margin and 0 < eta <= 1 one step never leads to the saddle. *)
Theorem no_saddle_from_two_layers (R : realFieldType) (eta : R) (w : nat -> R) :
  0 < eta <= 1 -> 0 < 1 - `|scalar_residual 2 1 w| ->
  ~ (scalar_step 2 eta 1 w 0 = 0 /\ scalar_step 2 eta 1 w 1 = 0).
Proof.
move=> /andP [eta0 eta1]; rewrite /scalar_step /scalar_gradient /scalar_residual.
rewrite unlock /= !mulr1 mul1r; move: (w 0%N) (w 1%N) => u v.
rewrite subr_gt0 ltr_norml => /andP [r0 r1] [/eqP]; rewrite subr_eq0 => /eqP eu /eqP; rewrite subr_eq0 => /eqP ev.
have uv0 : 0 < u * v by move: r0; rewrite ltr_subr_addl addrN.
have rs : `|eta * (u * v - 1)| < 1.
  rewrite normrM gtr0_norm //; apply: le_lt_trans (_ : `|u * v - 1| < 1); last by rewrite ltr_norml r0.
  by rewrite -[X in _ <= X]mul1r ler_wpmul2r.
have E : u * v = (eta * (u * v - 1)) ^+ 2 * (u * v).
  by rewrite {1}eu {1}ev; ring.
have one : (eta * (u * v - 1)) ^+ 2 = 1.
  by apply: (mulIf (lt0r_neq0 uv0)); rewrite mul1r -E.
have := exprn_ilt1; move: rs; rewrite -(@ltr_pexpn2r _ 2) ?nnegrE ?normr_ge0 ?ler01 //.
by rewrite real_normK ?num_real // one expr1n ltxx.
Qed.

Section Products.
Variable R : realFieldType.
Lemma prod_bounds (a : nat -> R) (B C : R) i k : 0 <= B -> (forall l, (i <= l < k)%N -> B <= a l <= C) ->
  B ^+ (k - i) <= \prod_(i <= l < k) a l <= C ^+ (k - i).
Proof.
move=> B0; elim: k => [|k IH] box; first by rewrite big_geq // !expr0 !lexx.
have [ik|ki] := leqP i k; last by rewrite big_geq // (eqP (_ : (k.+1 - i == 0)%N)) ?subn_eq0 // !expr0 !lexx.
rewrite big_nat_recr //= subSn // !exprSr.
have /andP [lo hi] : B ^+ (k - i) <= \prod_(i <= l < k) a l <= C ^+ (k - i).
  by apply: IH => l /andP [il lk]; apply: box; rewrite il /= ltnW.
have /andP [lo1 hi1] : B <= a k <= C by apply: box; rewrite ik leqnn.
have p0 : 0 <= B ^+ (k - i) by exact: exprn_ge0.
by apply/andP; split; apply: ler_pmul => //; [exact: le_trans lo|exact: le_trans lo1].
Qed.
End Products.

Section Divergence.
Variables (R : realFieldType) (n : nat) (eta phi : R).
Local Notation N := n.+2.
Hypotheses (eta0 : 0 < eta) (phi1 : `|phi| <= 1).

(* All weights have a size in [B, C], whatever their signs. *)
Definition box (B C : R) (w : nat -> R) : Prop := forall j, (j < N)%N -> B <= `|w j| <= C.
(* The condition on the sizes: B >= 2 and eta B^{2N-1} >= 20 C. *)
Definition large (B C : R) : Prop := 2%:R <= B /\ 20%:R * C <= eta * B ^+ (n.+1 + N).

Lemma step_form (s w : nat -> R) j : (forall l, s l ^+ 2 = 1) -> (j < N)%N ->
  - s j * scalar_step N eta phi w j =
  eta * ((\prod_(j.+1 <= l < N) (s l * w l)) * (\prod_(0 <= l < j) (s l * w l)) *
         (\prod_(0 <= l < N) (s l * w l) - (\prod_(0 <= l < N) s l) * phi)) - s j * w j.
Proof.
move=> s2 jN; rewrite /scalar_step /scalar_gradient /scalar_residual !big_split /=.
have sq i k : (\prod_(i <= l < k) s l) ^+ 2 = 1.
  by rewrite -prodrXl big_nat big1 // => l _; exact: s2.
have S : \prod_(0 <= l < N) s l = (\prod_(j.+1 <= l < N) s l) * (\prod_(0 <= l < j) s l) * s j.
  rewrite (@big_cat_nat _ _ _ j) //= ?(ltnW jN) // [\prod_(j <= l < N) s l]big_ltn //.
  by move: (\prod_(_ <= l < j) _) (s j) (\prod_(_ <= l < _) _) => *; ring.
rewrite S; move: (sq j.+1 N) (sq 0%N j) (s2 j).
move: (\prod_(j.+1 <= l < N) s l) (\prod_(0 <= l < j) s l) (s j) => a b c a2 b2 c2.
move: (\prod_(j.+1 <= l < N) w l) (\prod_(0 <= l < N) w l) (\prod_(0 <= l < j) w l) => X Z Y.
have -> : a * X * (b * Y) * (a * b * c * Z - a * b * c * phi) = a ^+ 2 * b ^+ 2 * c * (X * Y * (Z - phi)) by ring.
by rewrite a2 b2; ring.
Qed.

Lemma sign_product (s : nat -> R) k : (forall l, s l ^+ 2 = 1) -> `|\prod_(0 <= l < k) s l| = 1.
Proof.
move=> s2; rewrite normr_prod big_nat big1 // => l _; apply/eqP.
by rewrite -sqrp_eq1 ?normr_ge0 // real_normK ?num_real // s2.
Qed.

Lemma next_size (s : nat -> R) B C w j : (forall l, s l ^+ 2 = 1) -> large B C ->
  (forall l, (l < N)%N -> B <= s l * w l <= C) -> (j < N)%N ->
  14%:R * C <= - s j * scalar_step N eta phi w j <= 5%:R / 4%:R * (eta * C ^+ (n.+1 + N)).
Proof.
move=> s2 [B2 big] inside jN; rewrite step_form //.
have B0 : 0 <= B by apply: le_trans B2; rewrite ler0n.
have /andP [w1 w2] := inside j jN.
have C0 : 0 <= C by exact: le_trans (le_trans w1 w2).
have range i k : (k <= N)%N -> forall l, (i <= l < k)%N -> B <= s l * w l <= C.
  by move=> kN l /andP [_ lk]; apply: inside; apply: leq_trans kN.
have /andP [X1 X2] := prod_bounds B0 (range j.+1 N (leqnn N)).
have /andP [Y1 Y2] := prod_bounds B0 (range 0%N j (ltnW jN)).
have /andP [Z1 Z2] := prod_bounds B0 (range 0%N N (leqnn N)).
have f1 : `|(\prod_(0 <= l < N) s l) * phi| <= 1 by rewrite normrM sign_product // mul1r.
move: X1 X2 Y1 Y2 Z1 Z2; rewrite !subn0.
move: (\prod_(j.+1 <= l < N) _) (\prod_(0 <= l < j) _) (\prod_(0 <= l < N) (_ * _)) => X Y Z X1 X2 Y1 Y2 Z1 Z2.
have b0 k : 0 <= B ^+ k by exact: exprn_ge0.
have XY1 : B ^+ n.+1 <= X * Y.
  have -> : n.+1 = (N - j.+1 + j)%N by rewrite subSS subnK.
  by rewrite exprD; apply: ler_pmul.
have XY2 : X * Y <= C ^+ n.+1.
  have -> : n.+1 = (N - j.+1 + j)%N by rewrite subSS subnK.
  by rewrite exprD; apply: ler_pmul => //; [exact: le_trans X1|exact: le_trans Y1].
move: (X * Y) XY1 XY2 => Q Q1 Q2 {X Y X1 X2 Y1 Y2}.
have BN4 : 4%:R <= B ^+ N.
  have -> : 4%:R = 2%:R ^+ 2 :> R by rewrite -natrX.
  apply: le_trans (_ : B ^+ 2 <= _); first by apply: ler_expn2r; rewrite ?nnegrE ?ler0n.
  by apply: ler_weexpn2l => //; apply: le_trans B2; rewrite ler1n.
have quarter : 1 <= Z / 4%:R by rewrite ler_pdivl_mulr ?ltr0n // mul1r (le_trans BN4).
move: (_ * phi) f1 => f; rewrite ler_norml => /andP [f_lo f_hi].
have z0 : Z = Z / 4%:R * 4%:R by rewrite divfK // pnatr_eq0.
have D1 : 3%:R / 4%:R * Z <= Z - f.
  have -> : 3%:R / 4%:R * Z = Z - Z / 4%:R by rewrite {2}z0; field.
  by rewrite ler_add2l ler_opp2 (le_trans f_hi).
have D2 : Z - f <= 5%:R / 4%:R * Z.
  have -> : 5%:R / 4%:R * Z = Z + Z / 4%:R by field.
  by rewrite ler_add2l ler_oppl (le_trans _ f_lo) // ler_opp2.
have Z0 : 0 <= Z by exact: le_trans Z1.
have Q0 : 0 <= Q by exact: le_trans Q1.
have q34 : 0 <= 3%:R / 4%:R :> R by rewrite divr_ge0 ?ler0n.
have q54 : 0 <= 5%:R / 4%:R :> R by rewrite divr_ge0 ?ler0n.
apply/andP; split.
  rewrite ler_subr_addr; apply: le_trans (_ : 3%:R / 4%:R * (eta * B ^+ (n.+1 + N)) <= _).
    apply: le_trans (_ : 3%:R / 4%:R * (20%:R * C) <= _); last by rewrite ler_wpmul2l.
    apply: le_trans (_ : 14%:R * C + C <= _); first by rewrite ler_add2l.
    have -> : 3%:R / 4%:R * (20%:R * C) = 15%:R * C by field.
    have -> : 14%:R * C + C = 15%:R * C by ring.
    by rewrite ler_wpmul2r // ler_nat.
  have -> : 3%:R / 4%:R * (eta * B ^+ (n.+1 + N)) = eta * (B ^+ n.+1 * (3%:R / 4%:R * B ^+ N)).
    by rewrite exprD; move: (B ^+ n.+1) (B ^+ N) => c e; ring.
  rewrite ler_pmul2l //; apply: ler_pmul => //; first by rewrite mulr_ge0.
  by apply: le_trans D1; rewrite ler_wpmul2l.
rewrite ler_subl_addr; apply: le_trans (_ : 5%:R / 4%:R * (eta * C ^+ (n.+1 + N)) <= _); last first.
  by rewrite ler_addl (le_trans B0).
have -> : 5%:R / 4%:R * (eta * C ^+ (n.+1 + N)) = eta * (C ^+ n.+1 * (5%:R / 4%:R * C ^+ N)).
  by rewrite exprD; move: (C ^+ n.+1) (C ^+ N) => c e; ring.
rewrite ler_pmul2l //; apply: ler_pmul => //; first by apply: le_trans D1; rewrite mulr_ge0.
by apply: le_trans D2 _; rewrite ler_wpmul2l.
Qed.


(* Signs as numbers s l, in the statement: Num.sg. *)
Lemma box_signs B C (w : nat -> R) : 2%:R <= B -> box B C w ->
  let s := fun l => if (l < N)%N then Num.sg (w l) else 1 in
  (forall l, s l ^+ 2 = 1) /\ (forall l, (l < N)%N -> s l * w l = `|w l|).
Proof.
move=> B2 inside s; split=> l; rewrite /s; last by move=> ->; rewrite -normrEsg.
case: ifP => lN; last by rewrite expr1n.
have /andP [a _] := inside l lN; rewrite sqr_sg.
have -> : w l != 0; last by [].
rewrite -normr_gt0; apply: lt_le_trans a; apply: lt_le_trans B2; exact: ltr0n.
Qed.

Theorem next_box (B C : R) (w : nat -> R) : large B C -> box B C w ->
  (forall j, (j < N)%N -> Num.sg (scalar_step N eta phi w j) = - Num.sg (w j)) /\
  box (14%:R * C) (5%:R / 4%:R * (eta * C ^+ (n.+1 + N))) (scalar_step N eta phi w).
Proof.
move=> big inside; have [B2 _] := big.
pose s l := if (l < N)%N then Num.sg (w l) else 1.
have [s2 sw] : (forall l, s l ^+ 2 = 1) /\ (forall l, (l < N)%N -> s l * w l = `|w l|) := box_signs B2 inside.
have inside' l : (l < N)%N -> B <= s l * w l <= C by move=> lN; rewrite sw // inside.
have size j (jN : (j < N)%N) := next_size s2 big inside' jN.
have C0 : 0 < C.
  by have /andP [a b] := inside 0%N isT; apply: lt_le_trans (le_trans a b); apply: lt_le_trans B2; exact: ltr0n.
have sj j : (j < N)%N -> s j = Num.sg (w j) by rewrite /s => ->.
have pos j : (j < N)%N -> 0 < - s j * scalar_step N eta phi w j.
  by move=> jN; have /andP [a _] := size j jN; apply: lt_le_trans a; rewrite mulr_gt0 // ltr0n.
have norm_s j : `|- s j| = 1.
  by apply/eqP; rewrite normrN -sqrp_eq1 ?normr_ge0 // real_normK ?num_real // s2.
split=> j jN.
  have E : Num.sg (- s j * scalar_step N eta phi w j) = 1 by rewrite gtr0_sg // pos.
  move: E; rewrite sgrM sgrN sj // sgr_id => E.
  have s2j : Num.sg (w j) ^+ 2 = 1 by rewrite -sj.
  rewrite -[LHS]mul1r -s2j; move: (Num.sg (w j)) (Num.sg (scalar_step _ _ _ _ _)) E => x y E.
  by have -> : x ^+ 2 * y = - x * (- x * y) by [ring]; rewrite E mulr1.
by have := size j jN; rewrite -[X in _ <= X <= _]gtr0_norm ?pos // normrM norm_s mul1r.
Qed.

Theorem large_again (B C : R) : B <= C -> large B C -> large (14%:R * C) (5%:R / 4%:R * (eta * C ^+ (n.+1 + N))).
Proof.
move=> BC [B2 big]; have C2 : 2%:R <= C by exact: le_trans BC.
have C0 : 0 <= C by apply: le_trans C2; rewrite ler0n.
split; first by apply: le_trans C2 _; rewrite ler_pemull // ler1n.
have -> : 20%:R * (5%:R / 4%:R * (eta * C ^+ (n.+1 + N))) = eta * (25%:R * C ^+ (n.+1 + N)).
  by move: (C ^+ _) => c; field.
rewrite ler_pmul2l // exprMn ler_wpmul2r ?exprn_ge0 //.
apply: le_trans (_ : 14%:R ^+ 2 <= _); first by rewrite -natrX ler_nat.
by apply: ler_weexpn2l; rewrite ?ler1n // addSn addnS.
Qed.

(* By induction: signs alternate and sizes are at least 14^t B, for ever. *)
Theorem divergence (B C : R) (w : nat -> R) (t j : nat) : large B C -> box B C w -> (j < N)%N ->
  Num.sg (scalar_descent N eta phi w t j) = (-1) ^+ t * Num.sg (w j) /\
  14%:R ^+ t * B <= `|scalar_descent N eta phi w t j|.
Proof.
move=> large0 box0 jN.
have BC : B <= C by have /andP [a b] := box0 0%N isT; exact: le_trans b.
have [Bt [Ct [sizes [le_t [large_t [box_t signs]]]]]] : exists Bt Ct,
  14%:R ^+ t * B <= Bt /\ Bt <= Ct /\ large Bt Ct /\ box Bt Ct (scalar_descent N eta phi w t) /\
  forall j, (j < N)%N -> Num.sg (scalar_descent N eta phi w t j) = (-1) ^+ t * Num.sg (w j).
  elim: t => [|t [Bt [Ct [sizes [le_t [large_t [box_t signs]]]]]]].
    by exists B, C; rewrite !mul1r; do 4!split=> //; move=> l _; rewrite mul1r.
  have [flip next] := next_box large_t box_t.
  exists (14%:R * Ct), (5%:R / 4%:R * (eta * Ct ^+ (n.+1 + N))); split.
    by rewrite exprS -mulrA ler_pmul2l ?ltr0n //; exact: le_trans sizes le_t.
  split; first by have /andP [a b] := next 0%N isT; exact: le_trans b.
  split; first exact: large_again le_t large_t.
  by split=> [|l lN]; [exact: next|rewrite scalar_descentS flip // signs // exprS mulN1r mulNr].
by split; [exact: signs|apply: le_trans sizes _; case/andP: (box_t j jN)].
Qed.

(* The loss grows without bound: |w_1 ... w_N - phi| >= (14^t B)^N - 1. *)
Theorem residual_diverges (B C : R) (w : nat -> R) (t : nat) : large B C -> box B C w ->
  (14%:R ^+ t * B) ^+ N - 1 <= `|scalar_residual N phi (scalar_descent N eta phi w t)|.
Proof.
move=> large0 box0.
have B0 : 0 <= B by case: large0 => B2 _; apply: le_trans B2; rewrite ler0n.
have G0 : 0 <= 14%:R ^+ t * B by rewrite mulr_ge0 // exprn_ge0 // ler0n.
rewrite /scalar_residual; apply: le_trans (ler_sub_dist _ _); apply: ler_sub => //.
rewrite normr_prod -[N in _ ^+ N]subn0 -prodr_const_nat !big_mkord; apply: ler_prod => l _; rewrite G0 /=.
by have [_ size] := divergence t large0 box0 (ltn_ord l).
Qed.
End Divergence.

(* 3. From a margin to divergence: w = c, so that the margin is c, and one step leads into the set of 2. *)
Theorem from_a_margin (R : realFieldType) (n : nat) (eta c r a : R) (w : nat -> R) : let N := n.+2 in
  0 < eta -> 0 < c < 1 -> 0 < r -> r <= c -> r <= eta * c * (1 - c) ->
  0 < a -> a <= r / 2%:R -> 20%:R * (1 + eta) * a <= eta * r ^+ (n.+1 + N) ->
  w 0%N = c / a ^+ n.+1 -> (forall j, (0 < j)%N -> w j = a) ->
  [/\ 1 - `|scalar_residual N 1 w| = c,
      large n eta (r / a) ((1 + eta) / a ^+ n.+1) &
      box n (r / a) ((1 + eta) / a ^+ n.+1) (scalar_step N eta 1 w)].
Proof.
move=> N eta0 /andP [c0 c1] r0 rc rk a0 ar small w0 wj.
have a1 : a < 1.
  apply: le_lt_trans ar _; rewrite ltr_pdivr_mulr ?ltr0n // mul1r; apply: le_lt_trans rc _.
  by apply: lt_trans c1 _; rewrite ltr1n.
have an0 k : 0 < a ^+ k by rewrite exprn_gt0.
have an1 k : a ^+ k <= 1 by rewrite exprn_ile1 // ltW.
have anz k : a ^+ k != 0 by rewrite gt_eqF.
have a_neq0 : a != 0 by rewrite gt_eqF.
have prods i k : (0 < i)%N -> (i <= k)%N -> \prod_(i <= l < k) w l = a ^+ (k - i).
  move=> i0 _; rewrite -prodr_const_nat; apply: eq_big_nat => l /andP [il _].
  by apply: wj; apply: leq_trans il.
have whole : \prod_(0 <= l < N) w l = c by rewrite big_ltn // prods // w0 divfK.
have res : scalar_residual N 1 w = - (1 - c) by rewrite /scalar_residual whole opprB.
have c10 : 0 < 1 - c by rewrite subr_gt0.
have eta10 : 0 < 1 + eta by rewrite addr_gt0 // ltr01.
split.
- by rewrite res normrN gtr0_norm // opprB addrC subrK.
- split; first by rewrite ler_pdivl_mulr // mulrC -ler_pdivl_mulr // ltr0n.
  rewrite expr_div_n [eta * (_ / _)]mulrA ler_pdivl_mulr //; apply: le_trans small.
  have -> : 20%:R * ((1 + eta) / a ^+ n.+1) * a ^+ (n.+1 + N) = 20%:R * (1 + eta) * (a ^+ n.+1 * a).
    by rewrite exprD [a ^+ N]exprSr; move: (a ^+ n.+1) (anz n.+1) => x xz; field.
  rewrite ler_pmul2l ?mulr_gt0 ?ltr0n // -[X in _ <= X]mul1r ler_pmul2r //.
case=> [|j] jN.
  have -> : scalar_step N eta 1 w 0 = c / a ^+ n.+1 + eta * ((1 - c) * a ^+ n.+1).
    by rewrite /scalar_step /scalar_gradient res prods // [\prod_(0 <= l < 0) _]big_geq // w0 subn1 /=; ring.
  have p0 : 0 <= eta * ((1 - c) * a ^+ n.+1) by rewrite !mulr_ge0 // ltW.
  have q0 : 0 <= c / a ^+ n.+1 by rewrite divr_ge0 // ltW.
  rewrite ger0_norm ?addr_ge0 //; apply/andP; split.
    apply: le_trans (_ : c / a ^+ n.+1 <= _); last by rewrite ler_addl.
    rewrite ler_pdivl_mulr // mulrAC ler_pdivr_mulr //; apply: ler_pmul; rewrite ?(ltW r0) ?(ltW (an0 _)) //.
    by rewrite exprS -[X in _ <= X]mulr1 ler_pmul2l.
  rewrite [(1 + eta) / _]mulrDl; apply: ler_add; first by rewrite ler_pmul2r ?invr_gt0 // ltW.
  rewrite ler_pmul2l //; apply: le_trans (_ : 1 <= _); last by rewrite invf_ge1.
  rewrite -[X in _ <= X]mul1r; apply: ler_pmul; rewrite ?(ltW c10) ?(ltW (an0 _)) //.
  by rewrite ler_subl_addr ler_addl ltW.
have -> : scalar_step N eta 1 w j.+1 = a + eta * c * (1 - c) / a.
  rewrite /scalar_step /scalar_gradient res wj // prods // [\prod_(0 <= l < j.+1) _]big_ltn // prods // w0.
  have -> : a ^+ n.+1 = a ^+ (N - j.+2) * a ^+ (j.+1 - 1) * a.
    by rewrite -exprD -exprSr; congr (_ ^+ _); rewrite subn1 /= subSS addnC subnKC // -ltnS -ltnS.
  move: (a ^+ _) (anz (N - j.+2)%N) (a ^+ _) (anz (j.+1 - 1)%N) => x xz y yz; field.
  by rewrite a_neq0 xz yz.
have k0 : 0 <= eta * c * (1 - c) / a by rewrite !mulr_ge0 ?invr_ge0 // ltW.
rewrite ger0_norm ?addr_ge0 ?(ltW a0) //; apply/andP; split.
  apply: le_trans (_ : eta * c * (1 - c) / a <= _); last by rewrite ler_addr ltW.
  by rewrite ler_pmul2r ?invr_gt0.
apply: le_trans (_ : (1 + eta) / a <= _); last first.
  rewrite ler_pmul2l // lef_pinv ?posrE //; rewrite exprS -[X in _ <= X]mulr1 ler_pmul2l //.
rewrite [(1 + eta) / _]mulrDl; apply: ler_add.
  by rewrite ler_pdivl_mulr // mulr_ile1 // ltW.
rewrite ler_pmul2r ?invr_gt0 // -mulrA -[X in _ <= X]mulr1 ler_pmul2l //.
by rewrite mulr_ile1 ?(ltW c0) ?(ltW c1) ?(ltW c10) // ler_subl_addr ler_addl ltW.
Qed.

(* So every margin below 1 and every learning rate have a start from which descent diverges, at every depth N >= 2. *)
Theorem divergence_from_every_margin (R : realFieldType) (n : nat) (eta c : R) : 0 < eta -> 0 < c < 1 ->
  exists w : nat -> R, 1 - `|scalar_residual n.+2 1 w| = c /\
    forall t, (14%:R ^+ t * 2%:R) ^+ n.+2 - 1 <= `|scalar_residual n.+2 1 (scalar_descent n.+2 eta 1 w t.+1)|.
Proof.
move=> eta0 c01; have /andP [c0 c1] := c01; pose k := eta * c * (1 - c); pose r := Num.min c k.
have k0 : 0 < k by rewrite !mulr_gt0 // subr_gt0.
have r0 : 0 < r by rewrite lt_minr c0.
pose a := Num.min (r / 2%:R) (eta * r ^+ (n.+1 + n.+2) / (20%:R * (1 + eta))).
have e0 : 0 < 20%:R * (1 + eta) by rewrite mulr_gt0 ?ltr0n // addr_gt0 // ltr01.
have a0 : 0 < a by rewrite lt_minr !divr_gt0 ?ltr0n // mulr_gt0 // exprn_gt0.
pose w j : R := if j is 0%N then c / a ^+ n.+1 else a.
exists w; have rc : r <= c by rewrite le_minl lexx.
have rk : r <= k by rewrite le_minl lexx orbT.
have ar : a <= r / 2%:R by rewrite le_minl lexx.
have small : 20%:R * (1 + eta) * a <= eta * r ^+ (n.+1 + n.+2).
  by rewrite mulrC -ler_pdivl_mulr // le_minl lexx orbT.
have wj j : (0 < j)%N -> w j = a by case: j.
have [margin big inside] := from_a_margin eta0 c01 r0 rc rk a0 ar small (erefl _) wj.
split=> // t; have one : `|1 : R| <= 1 by rewrite normr1.
have -> : scalar_descent n.+2 eta 1 w t.+1 = scalar_descent n.+2 eta 1 (scalar_step n.+2 eta 1 w) t.
  by rewrite /scalar_descent iterSr.
apply: le_trans _ (residual_diverges eta0 one t big inside); rewrite ler_add2r.
have p0 : 0 <= 14%:R ^+ t :> R by rewrite exprn_ge0 // ler0n.
have q0 : 0 <= r / a by rewrite divr_ge0 // ltW.
apply: ler_expn2r; [by rewrite nnegrE mulr_ge0 ?ler0n|by rewrite nnegrE mulr_ge0|].
by rewrite ler_wpmul2l //; case: big.
Qed.

(* 14 C is attained: N = 2, w = (2, 2), eta = 5. Without its 5/4 the upper bound fails: N = 3, w_j = -2, eta = 5/4. *)
Theorem fourteen_is_attained (R : realFieldType) : large 0 (5%:R : R) 2%:R 2%:R /\
  scalar_step 2 (5%:R : R) 1 (fun _ => 2%:R) 0 = - (14%:R * 2%:R).
Proof.
split; first by split=> //; rewrite -natrX -!natrM ler_nat.
by rewrite /scalar_step /scalar_gradient /scalar_residual unlock /=; ring.
Qed.

Theorem five_quarters_is_needed (R : realFieldType) : let eta : R := 5%:R / 4%:R in
  [/\ large 1 eta 2%:R 2%:R, box 1 2%:R 2%:R (fun _ => - 2%:R : R) &
      eta * 2%:R ^+ (2 + 3) < `|scalar_step 3 eta 1 (fun _ => - 2%:R) 0|].
Proof.
rewrite /=; split.
- split=> //; rewrite (_ : 5%:R / 4%:R * _ = 20%:R * 2%:R) //.
  by field.
- by move=> j _; rewrite normrN ger0_norm ?ler0n // lexx.
rewrite /scalar_step /scalar_gradient /scalar_residual unlock /=.
rewrite (_ : - 2%:R - _ = 43%:R); last by field.
rewrite ger0_norm ?ler0n // (_ : 5%:R / 4%:R * _ = 40%:R); last by field.
by rewrite ltr_nat.
Qed.
