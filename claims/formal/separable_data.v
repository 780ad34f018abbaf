(* Separable data (DL-053): SGD on the hinge loss of a two-layer leaky-ReLU network with a fixed second layer makes
   finitely many updates, whatever the order of the samples and the learning rate.

   Any finite set I of hidden units with signs +-1, any finite set J of coordinates, any sequence of samples, any
   eta > 0; the slope of a unit at 0 and of the hinge at 1 are chosen anew at every step. separable_data_network.v says
   it word for word, with k units of each sign and v = 1 / sqrt(2k); separable_data_attained.v has the instance in which
   the order of the bound is attained. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Model.
Variables (R : realFieldType) (J : finType) (al : R).

Definition dot (a b : J -> R) : R := \sum_j a j * b j.
Definition leaky (z : R) : R := if 0 <= z then z else al * z.

(* s is an element of the subdifferential of leaky at z: any value of [al, 1] at the kink. *)
Definition is_slope (z s : R) : Prop := [/\ al <= s, s <= 1, 0 < z -> s = 1 & z < 0 -> s = al].

(* h is minus an element of the subdifferential of max(0, 1 - m) at m: any value of [0, 1] at the kink. *)
Definition is_hinge_slope (m h : R) : Prop := [/\ 0 <= h, h <= 1, m < 1 -> h = 1 & 1 < m -> h = 0].

Variables (I : finType) (sign : I -> R) (v : R).
Definition net (W : I -> J -> R) (x : J -> R) : R := v * \sum_i sign i * leaky (dot (W i) x).
Definition sqnorm2 (W : I -> J -> R) : R := \sum_i \sum_j W i j ^+ 2.
End Model.

Section Squares.
Variable R : realFieldType.
Lemma square_le (x y : R) : 0 <= x -> 0 <= y -> x ^+ 2 <= y ^+ 2 -> x <= y.
Proof. by move=> x0 y0; rewrite ler_sqr. Qed.
End Squares.

(* The last step of the proof: elementary, no division. *)
Section Algebra.
Variables (R : realFieldType) (al eta B rho R0 P T S M : R).
Hypotheses (al0 : 0 < al) (eta0 : 0 < eta) (B0 : 0 <= B) (R00 : 0 <= R0).
Hypotheses (few : al * T <= P)
  (S_big : eta * P - R0 * B <= S) (S_small : S ^+ 2 <= M * B ^+ 2)
  (M_small : M <= R0 ^+ 2 + 2%:R * eta * T + eta ^+ 2 * rho ^+ 2 * P).

(* The inequality of the proof: (eta P - R0 B)^2 <= B^2 (R0^2 + 2 eta P / al + eta^2 rho^2 P), times al. *)
Lemma squared_form : R0 * B <= eta * P ->
  al * (eta * P - R0 * B) ^+ 2 <= B ^+ 2 * (al * R0 ^+ 2 + 2%:R * eta * P + al * (eta ^+ 2 * rho ^+ 2 * P)).
Proof.
move=> big; have a0 : 0 <= eta * P - R0 * B by rewrite subr_ge0.
apply: le_trans (_ : al * (M * B ^+ 2) <= _).
  rewrite ler_pmul2l //; apply: le_trans S_small.
  by rewrite ler_sqr ?nnegrE // (le_trans a0).
have -> : al * (M * B ^+ 2) = B ^+ 2 * (al * M) by ring.
rewrite ler_wpmul2l ?sqr_ge0 //.
apply: le_trans (_ : al * (R0 ^+ 2 + 2%:R * eta * T + eta ^+ 2 * rho ^+ 2 * P) <= _); first by rewrite ler_pmul2l.
rewrite !mulrDr ler_add2r ler_add2l.
have -> : al * (2%:R * eta * T) = 2%:R * eta * (al * T) by ring.
by rewrite ler_pmul2l // mulr_gt0 // ltr0n.
Qed.

Lemma bound_of_P : al * (eta * P) <= B ^+ 2 * (2%:R + al * (eta * rho ^+ 2)) + al * (2%:R * (R0 * B)).
Proof.
have RB0 : 0 <= R0 * B by rewrite mulr_ge0.
have rest : 0 <= B ^+ 2 * (2%:R + al * (eta * rho ^+ 2)).
  apply: mulr_ge0; first exact: sqr_ge0.
  apply: addr_ge0; first exact: ler0n.
  apply: mulr_ge0; first exact: ltW.
  by apply: mulr_ge0; [exact: ltW|exact: sqr_ge0].
have [small|big] := lerP (eta * P) (R0 * B).
  rewrite -[X in X <= _]add0r; apply: ler_add => //; rewrite ler_pmul2l //; apply: le_trans small _.
  by rewrite -[2%:R]/(1 + 1) mulrDl mul1r ler_addl.
have P0 : 0 < eta * P by exact: le_lt_trans RB0 big.
rewrite -ler_subl_addr -(ler_pmul2l P0).
have := squared_form (ltW big).
have -> : al * (eta * P - R0 * B) ^+ 2 =
  eta * P * (al * (eta * P) - al * (2%:R * (R0 * B))) + B ^+ 2 * (al * R0 ^+ 2) by ring.
have -> : B ^+ 2 * (al * R0 ^+ 2 + 2%:R * eta * P + al * (eta ^+ 2 * rho ^+ 2 * P)) =
  eta * P * (B ^+ 2 * (2%:R + al * (eta * rho ^+ 2))) + B ^+ 2 * (al * R0 ^+ 2) by ring.
by rewrite ler_add2r.
Qed.

Lemma bound_of_T : T <= B ^+ 2 * rho ^+ 2 / al + 2%:R * B ^+ 2 / (eta * al ^+ 2) + 2%:R * R0 * B / (eta * al).
Proof.
have k0 : 0 < eta * al ^+ 2 by rewrite mulr_gt0 ?exprn_gt0.
rewrite -(ler_pmul2l k0).
have eta1 : eta != 0 by rewrite gt_eqF.
have al1 : al != 0 by rewrite gt_eqF.
have -> : eta * al ^+ 2 * (B ^+ 2 * rho ^+ 2 / al + 2%:R * B ^+ 2 / (eta * al ^+ 2) + 2%:R * R0 * B / (eta * al)) =
  B ^+ 2 * (2%:R + al * (eta * rho ^+ 2)) + al * (2%:R * (R0 * B)).
  by field; rewrite eta1 al1.
apply: le_trans bound_of_P.
have -> : eta * al ^+ 2 * T = al * (eta * (al * T)) by ring.
by rewrite !ler_pmul2l.
Qed.
End Algebra.

Section Trajectory.
Variables (R : realFieldType) (I J : finType) (sign : I -> R) (al v eta : R).
Hypotheses (al0 : 0 < al) (eta0 : 0 < eta).
Hypotheses (signs : forall i, sign i ^+ 2 = 1) (v_units : v ^+ 2 * #|I|%:R = 1).
(* Samples x t with labels y t in any order; weights W t; slopes of the hidden units and of the hinge. *)
Variables (x : nat -> J -> R) (y : nat -> R) (W : nat -> I -> J -> R) (s : nat -> I -> R) (h : nat -> R).
Hypotheses (labels : forall t, y t ^+ 2 = 1)
  (s_slope : forall t i, is_slope al (dot (W t i) (x t)) (s t i))
  (h_slope : forall t, is_hinge_slope (y t * net al sign v (W t) (x t)) (h t))
  (descent : forall t i j, W t.+1 i j = W t i j + eta * (h t * y t * (v * sign i) * s t i * x t j)).
(* The data are separable by b with margin 1. *)
Variables (b : J -> R) (B rho R0 : R).
Hypotheses (B0 : 0 <= B) (R00 : 0 <= R0)
  (separable : forall t, 1 <= y t * dot b (x t))
  (b_norm : dot b b <= B ^+ 2) (x_norm : forall t, dot (x t) (x t) <= rho ^+ 2)
  (W_norm : sqnorm2 (W 0%N) <= R0 ^+ 2).

Let p t := v ^+ 2 * \sum_i s t i.
Let q t := v ^+ 2 * \sum_i s t i ^+ 2.
Let S t := \sum_i v * sign i * dot (W t i) b.

Lemma v2_ge0 : 0 <= v ^+ 2. Proof. exact: sqr_ge0. Qed.

Lemma s_ge t i : al <= s t i. Proof. by case: (s_slope t i). Qed.
Lemma s_le t i : s t i <= 1. Proof. by case: (s_slope t i). Qed.
Lemma s_ge0 t i : 0 <= s t i. Proof. exact: le_trans (ltW al0) (s_ge t i). Qed.

Lemma p_ge t : al <= p t.
Proof.
rewrite /p -[X in X <= _]mul1r -v_units -mulrA ler_wpmul2l ?v2_ge0 // -sum1_card natr_sum mulr_suml.
by apply: ler_sum => i _; rewrite mul1r; exact: s_ge.
Qed.

Lemma p_ge0 t : 0 <= p t. Proof. exact: le_trans (ltW al0) (p_ge t). Qed.

Lemma q_le t : q t <= p t.
Proof.
rewrite ler_wpmul2l ?v2_ge0 //; apply: ler_sum => i _.
by rewrite expr2 ler_pimulr ?s_ge0 ?s_le.
Qed.

Lemma q_ge0 t : 0 <= q t.
Proof. by rewrite mulr_ge0 ?v2_ge0 //; apply: sumr_ge0 => i _; exact: sqr_ge0. Qed.

Lemma slope_leaky t i : s t i * dot (W t i) (x t) = leaky al (dot (W t i) (x t)).
Proof.
case: (s_slope t i) => _ _; move: (dot _ _) => z; rewrite /leaky; case: ltrgtP => [z0|z0|<-] E1 E2.
- by rewrite E1 // mul1r.
- by rewrite E2.
- by rewrite mulr0.
Qed.

Lemma dot_update t i (a : J -> R) :
  dot (W t.+1 i) a = dot (W t i) a + eta * (h t * y t * (v * sign i) * s t i) * dot (x t) a.
Proof.
rewrite /dot mulr_sumr -big_split /=; apply: eq_bigr => j _; rewrite descent.
by move: (W t i j) (x t j) (a j) => *; ring.
Qed.

Lemma dotC (a c : J -> R) : dot a c = dot c a.
Proof. by apply: eq_bigr => j _; rewrite mulrC. Qed.

(* <W, V> gains eta p y <b, x>. *)
Lemma S_step t : S t.+1 = S t + eta * h t * p t * (y t * dot b (x t)).
Proof.
have -> : eta * h t * p t * (y t * dot b (x t)) = \sum_i eta * h t * (v ^+ 2 * s t i) * (y t * dot b (x t)).
  by rewrite /p; move: (y t * _) => z; rewrite !(mulr_sumr, mulr_suml).
rewrite /S -big_split /=; apply: eq_bigr => i _; rewrite dot_update (dotC (x t)).
have := signs i; move: (dot (W t i) b) (dot b (x t)) (sign i) (s t i) => D E e f e2.
have -> : v * e * (D + eta * (h t * y t * (v * e) * f) * E) =
  v * e * D + eta * h t * (v ^+ 2 * f) * (y t * E) * e ^+ 2 by ring.
by rewrite e2 mulr1.
Qed.

(* ||W||^2 gains 2 eta y N(x) + eta^2 q |x|^2, since sg'(z) z = sg(z). *)
Lemma norm_step t : sqnorm2 (W t.+1) =
  sqnorm2 (W t) + 2%:R * eta * (h t * (y t * net al sign v (W t) (x t)))
  + eta ^+ 2 * h t ^+ 2 * (q t * dot (x t) (x t)).
Proof.
have -> : 2%:R * eta * (h t * (y t * net al sign v (W t) (x t))) =
  \sum_i 2%:R * eta * (h t * (y t * (v * (sign i * (s t i * dot (W t i) (x t)))))).
  rewrite /net !mulr_sumr; apply: eq_bigr => i _; rewrite slope_leaky //.
have -> : eta ^+ 2 * h t ^+ 2 * (q t * dot (x t) (x t)) =
  \sum_i eta ^+ 2 * h t ^+ 2 * (v ^+ 2 * s t i ^+ 2 * dot (x t) (x t)).
  by rewrite /q; move: (dot (x t) (x t)) => z; rewrite !(mulr_sumr, mulr_suml).
rewrite /sqnorm2 -!big_split /=; apply: eq_bigr => i _.
transitivity (\sum_j (W t i j ^+ 2 + 2%:R * eta * (h t * (y t * (v * (sign i * s t i)))) * (W t i j * x t j)
   + eta ^+ 2 * h t ^+ 2 * (v ^+ 2 * s t i ^+ 2) * (x t j * x t j))).
  apply: eq_bigr => j _; rewrite descent.
  have := signs i; have := labels t; move: (W t i j) (x t j) (sign i) (s t i) (y t) (h t) => w z e f l k l2 e2.
  have -> : (w + eta * (k * l * (v * e) * f * z)) ^+ 2 =
    w ^+ 2 + 2%:R * eta * (k * (l * (v * (e * f)))) * (w * z)
    + eta ^+ 2 * k ^+ 2 * (v ^+ 2 * f ^+ 2) * (z * z) * l ^+ 2 * e ^+ 2 by ring.
  by rewrite l2 e2 !mulr1.
rewrite !big_split /= -!mulr_sumr -/(dot (W t i) (x t)) -/(dot (x t) (x t)).
by move: (dot _ _) (dot _ _) (\sum_j _) => *; ring.
Qed.

Lemma h_ge0 t : 0 <= h t. Proof. by case: (h_slope t). Qed.
Lemma h_le1 t : h t <= 1. Proof. by case: (h_slope t). Qed.

Lemma h_margin t : h t * (y t * net al sign v (W t) (x t)) <= h t.
Proof.
case: (h_slope t) => h0 h1 below above; move: (y t * _) below above => m below above.
have [m1|m1] := lerP m 1; first by rewrite ler_pimulr.
by rewrite above // mul0r.
Qed.

Lemma norm_step_le t : sqnorm2 (W t.+1) <= sqnorm2 (W t) + 2%:R * eta * h t + eta ^+ 2 * rho ^+ 2 * (h t * p t).
Proof.
rewrite norm_step -!addrA ler_add2l; apply: ler_add.
  by rewrite ler_pmul2l ?h_margin // mulr_gt0 // ltr0n.
rewrite -[X in X <= _]mulrA -[X in _ <= X]mulrA; apply: ler_wpmul2l; first exact: sqr_ge0.
apply: le_trans (_ : h t ^+ 2 * (p t * rho ^+ 2) <= _).
  apply: ler_wpmul2l; first exact: sqr_ge0.
  apply: ler_pmul; [exact: q_ge0| |exact: q_le|exact: x_norm].
  by apply: sumr_ge0 => j _; rewrite -expr2 sqr_ge0.
have -> : h t ^+ 2 * (p t * rho ^+ 2) = (rho ^+ 2 * (h t * p t)) * h t by ring.
apply: ler_pimulr (h_le1 t); apply: mulr_ge0; first exact: sqr_ge0.
exact: mulr_ge0 (h_ge0 t) (p_ge0 t).
Qed.

Lemma S_step_ge t : S t + eta * (h t * p t) <= S t.+1.
Proof.
have -> : eta * (h t * p t) = eta * h t * p t by rewrite mulrA.
rewrite S_step ler_add2l; apply: ler_pemulr (separable t).
by rewrite mulr_ge0 ?p_ge0 // mulr_ge0 ?h_ge0 // ltW.
Qed.

Lemma S_cauchy t : S t ^+ 2 <= sqnorm2 (W t) * B ^+ 2.
Proof.
have -> : S t = \sum_(ij : I * J) W t ij.1 ij.2 * (v * sign ij.1 * b ij.2).
  rewrite /S -(pair_bigA _ (fun i j => W t i j * (v * sign i * b j))) /=; apply: eq_bigr => i _.
  by rewrite /dot mulr_sumr; apply: eq_bigr => j _; rewrite mulrCA.
apply: le_trans (cauchy_schwarz_sum _ _) _.
rewrite -(pair_bigA _ (fun i j => W t i j ^+ 2)) /= -/(sqnorm2 (W t)).
apply: ler_wpmul2l; first by apply: sumr_ge0 => i _; apply: sumr_ge0 => j _; exact: sqr_ge0.
rewrite -(pair_bigA _ (fun i j => (v * sign i * b j) ^+ 2)) /=.
apply: le_trans b_norm.
have -> : \sum_i \sum_j (v * sign i * b j) ^+ 2 = \sum_(i : I) v ^+ 2 * dot b b.
  apply: eq_bigr => i _; rewrite /dot mulr_sumr; apply: eq_bigr => j _.
  by rewrite !exprMn signs mulr1 -expr2.
by rewrite sumr_const -mulr_natr mulrAC v_units mul1r.
Qed.

Let T n := \sum_(0 <= t < n) h t.
Let P n := \sum_(0 <= t < n) h t * p t.

Lemma S_total n : eta * P n - R0 * B <= S n.
Proof.
elim: n => [|n IH].
  rewrite /P big_geq // mulr0 sub0r.
  have sq : S 0%N ^+ 2 <= (R0 * B) ^+ 2.
    by apply: le_trans (S_cauchy 0) _; rewrite exprMn ler_wpmul2r ?sqr_ge0.
  have [pos|neg] := lerP 0 (S 0%N); first by rewrite (le_trans _ pos) // oppr_le0 mulr_ge0.
  rewrite ler_oppl; apply: square_le; rewrite ?mulr_ge0 ?oppr_ge0 ?(ltW neg) //.
  by rewrite sqrrN.
apply: le_trans (S_step_ge n); rewrite /P big_nat_recr //= mulrDr addrAC.
by rewrite ler_add2r.
Qed.

Lemma norm_total n : sqnorm2 (W n) <= R0 ^+ 2 + 2%:R * eta * T n + eta ^+ 2 * rho ^+ 2 * P n.
Proof.
elim: n => [|n IH]; first by rewrite /T /P !big_geq // !mulr0 !addr0.
apply: le_trans (norm_step_le n) _; rewrite /T /P !big_nat_recr //= -/(T n) -/(P n).
have -> : R0 ^+ 2 + 2%:R * eta * (T n + h n) + eta ^+ 2 * rho ^+ 2 * (P n + h n * p n) =
  R0 ^+ 2 + 2%:R * eta * T n + eta ^+ 2 * rho ^+ 2 * P n + 2%:R * eta * h n + eta ^+ 2 * rho ^+ 2 * (h n * p n) by ring.
by rewrite !ler_add2r.
Qed.

Lemma few_updates n : al * T n <= P n.
Proof.
rewrite /T /P mulr_sumr; apply: ler_sum => t _.
by rewrite mulrC ler_wpmul2l ?h_ge0 ?p_ge.
Qed.

Definition separable_bound : R := B ^+ 2 * rho ^+ 2 / al + 2%:R * B ^+ 2 / (eta * al ^+ 2) + 2%:R * R0 * B / (eta * al).

(* The sum of the hinge's slopes, over any number of steps. *)
Theorem sum_of_hinge_slopes n : \sum_(0 <= t < n) h t <= separable_bound.
Proof. exact: bound_of_T al0 eta0 B0 R00 (few_updates n) (S_total n) (S_cauchy n) (norm_total n). Qed.

(* 12.7: the number of samples seen with y N(x) < 1, over any number of steps. *)
Theorem updates_bounded n :
  (\sum_(0 <= t < n) (y t * net al sign v (W t) (x t) < 1)%R)%:R <= separable_bound.
Proof.
apply: le_trans (sum_of_hinge_slopes n); rewrite natr_sum; apply: ler_sum => t _.
case: (h_slope t) => h0 _ below _; case: ltP => m1 /=; last exact: h0.
by rewrite below.
Qed.

(* Where y N(x) < 1 the step does move the weights, so updates_bounded counts the non-zero updates. *)
Theorem update_is_nonzero t : y t * net al sign v (W t) (x t) < 1 -> ~ (forall i j, W t.+1 i j = W t i j).
Proof.
move=> m1 same; have h1 : h t = 1 by case: (h_slope t) => _ _ /(_ m1).
have : S t < S t.+1.
  apply: lt_le_trans (S_step_ge t); rewrite ltr_addl h1 mul1r mulr_gt0 //.
  exact: lt_le_trans al0 (p_ge t).
have -> : S t.+1 = S t.
  by apply: eq_bigr => i _; congr (_ * _); apply: eq_bigr => j _; rewrite same.
by rewrite ltxx.
Qed.
End Trajectory.

Lemma count_by_passes (f : nat -> nat) m K :
  (forall c, (c < K)%N -> (0 < \sum_(c * m <= t < c.+1 * m) f t)%N) -> (K <= \sum_(0 <= t < K * m) f t)%N.
Proof.
elim: K => // K IH busy; rewrite (@big_cat_nat _ _ _ (K * m)) //=; last by rewrite leq_mul2r leqnSn orbT.
rewrite -[X in (X <= _)%N]addn1; apply: leq_add; last exact: (busy K).
by apply: IH => c cK; apply: busy; apply: ltnW.
Qed.

(* Cyclic SGD over m samples, hinge'(1) = 0: one of the first K passes is clean if K exceeds the bound; at its start
   y N >= 1 on all the data and the weights never move again. *)
Section Cyclic.
Variables (R : realFieldType) (I J : finType) (sign : I -> R) (al v eta : R).
Hypotheses (al0 : 0 < al) (eta0 : 0 < eta).
Hypotheses (signs : forall i, sign i ^+ 2 = 1) (v_units : v ^+ 2 * #|I|%:R = 1).
Variables (m : nat) (X : nat -> J -> R) (Y : nat -> R).
Hypothesis m0 : (0 < m)%N.
Let x t := X (t %% m)%N.
Let y t := Y (t %% m)%N.
Variables (W : nat -> I -> J -> R) (s : nat -> I -> R).
Let low t := (y t * net al sign v (W t) (x t) < 1)%R.
Hypotheses (labels : forall c, (c < m)%N -> Y c ^+ 2 = 1)
  (s_slope : forall t i, is_slope al (dot (W t i) (x t)) (s t i))
  (descent : forall t i j, W t.+1 i j = W t i j + eta * ((low t)%:R * y t * (v * sign i) * s t i * x t j)).
Variables (b : J -> R) (B rho R0 : R).
Hypotheses (B0 : 0 <= B) (R00 : 0 <= R0)
  (separable : forall c, (c < m)%N -> 1 <= Y c * dot b (X c))
  (b_norm : dot b b <= B ^+ 2) (x_norm : forall c, (c < m)%N -> dot (X c) (X c) <= rho ^+ 2)
  (W_norm : sqnorm2 (W 0%N) <= R0 ^+ 2).

Lemma low_slope t : is_hinge_slope (y t * net al sign v (W t) (x t)) (low t)%:R.
Proof.
by rewrite /low; split; case: ltgtP => // *; rewrite ?ler0n ?lexx ?ler01 // ?ltxx.
Qed.

Lemma cyclic_updates n : (\sum_(0 <= t < n) low t)%:R <= separable_bound al eta B rho R0.
Proof.
have lt_m t : (t %% m < m)%N by rewrite ltn_mod.
exact: (@updates_bounded R I J sign al v eta al0 eta0 signs v_units x y W s (fun t => (low t)%:R)
  (fun t => labels (lt_m t)) s_slope low_slope descent b B rho R0 B0 R00 (fun t => separable (lt_m t)) b_norm
  (fun t => x_norm (lt_m t)) W_norm n).
Qed.

Lemma still t : ~~ low t -> forall i j, W t.+1 i j = W t i j.
Proof. by move=> /negbTE clean i j; rewrite descent clean !mul0r mulr0 addr0. Qed.

Lemma net_congr (W1 W2 : I -> J -> R) a : (forall i j, W1 i j = W2 i j) -> net al sign v W1 a = net al sign v W2 a.
Proof.
move=> same; rewrite /net; congr (_ * _); apply: eq_bigr => i _; congr (_ * leaky _ _).
by apply: eq_bigr => j _; rewrite same.
Qed.

Theorem cyclic_stops K : separable_bound al eta B rho R0 < K%:R ->
  exists c, [/\ (c < K)%N, forall l, (l < m)%N -> 1 <= Y l * net al sign v (W (c * m)%N) (X l)
    & forall t, (c * m <= t)%N -> forall i j, W t i j = W (c * m)%N i j].
Proof.
move=> many.
have [c cK clean] : exists2 c, (c < K)%N & (\sum_(c * m <= t < c.+1 * m) low t = 0)%N.
  have [/existsP [c /eqP clean]|] := boolP [exists c : 'I_K, \sum_(c * m <= t < c.+1 * m) low t == 0]%N.
    by exists c.
  rewrite negb_exists => /forallP busy; have := count_by_passes (K := K) (m := m) (f := low).
  have pos c : (c < K)%N -> (0 < \sum_(c * m <= t < c.+1 * m) low t)%N.
    move=> cK; rewrite lt0n. exact: (busy (Ordinal cK)).
  move=> /(_ pos); rewrite -(ler_nat R) => /le_trans /(_ (cyclic_updates _)).
  by rewrite leNgt many.
have quiet l : (l < m)%N -> ~~ low (c * m + l).
  move=> lm; have := clean; rewrite (bigD1_seq (c * m + l)%N) ?iota_uniq //=; first by case: (low _).
  by rewrite mem_index_iota leq_addr mulSn addnC ltn_add2r.
have same l : (l <= m)%N -> forall i j, W (c * m + l)%N i j = W (c * m)%N i j.
  elim: l => [|l IH] lm i j; first by rewrite addn0.
  by rewrite addnS still ?quiet // IH // ltnW.
have good l : (l < m)%N -> 1 <= Y l * net al sign v (W (c * m)%N) (X l).
  move=> lm; have := quiet l lm; rewrite /low -leNgt /y /x modnMDl modn_small //.
  by rewrite (net_congr _ (same l (ltnW lm))).
exists c; split=> // t le_t; rewrite -(subnKC le_t); elim: (t - c * m)%N => [|l IH] i j; first by rewrite addn0.
rewrite addnS still // /low -leNgt (net_congr _ IH); apply: good; exact: ltn_pmod.
Qed.
End Cyclic.
