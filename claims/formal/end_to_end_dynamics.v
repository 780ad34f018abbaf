(* Depth preconditions the flow (DL-026): what exactly balanced layers make of a gradient G in their product.

   power A k is A^k. H = W_N W_N^T is the N-th root of W W^T, K = W_1^T W_1 that of W^T W, so no root is written.
   velocity is minus dW/dt: by first_order_of_the_product it is the first-order part of a step of all layers.
   Left out: that these are the positive semidefinite roots, and that there are eigenvectors. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm scalar bounds balanced_spectrum.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

(* sum_j W_{j+1:N} D_j W_{1:j-1} *)
Definition velocity (R : comRingType) (d : nat -> nat) (N : nat) (G : 'M[R]_(d N, d 0%N)) (W : weights R d) :
    'M[R]_(d N, d 0%N) :=
  \sum_(0 <= j < N) product W j.+1 N *m layer_gradient G W j *m product W 0 j.

(* sum_j H^{N-j} G K^{j-1} *)
Definition powers_flow (R : comRingType) (m n N : nat) (H : 'M[R]_m) (K : 'M[R]_n) (G : 'M[R]_(m, n)) : 'M[R]_(m, n) :=
  \sum_(0 <= j < N) power H (N - j.+1)%N *m G *m power K j.

(* A matrix of polynomials at a number. *)
Definition at_number (R : comRingType) m n (Q : 'M[{poly R}]_(m, n)) (t : R) : 'M[R]_(m, n) := map_mx (horner^~ t) Q.

Section FirstOrder.
Variables (R : comRingType) (d : nat -> nat) (W D : weights R d).

Lemma moved_product k : exists Q : 'M[{poly R}]_(d k, d 0%N), forall t,
  product (fun j => W j - t *: D j) 0 k =
  product W 0 k - t *: (\sum_(0 <= j < k) product W j.+1 k *m D j *m product W 0 j) + t ^+ 2 *: at_number Q t.
Proof.
elim: k => [|k [Q IH]].
  exists 0 => t; rewrite big_geq // !product_nil scaler0 subr0 /at_number.
  by have -> : map_mx (horner^~ t) (0 : 'M[{poly R}]_(d 0%N)) = 0; [apply/matrixP => i j; rewrite !mxE horner0
    |rewrite scaler0 addr0].
set S := \sum_(0 <= j < k) _ in IH.
exists (map_mx polyC (D k *m S) + map_mx polyC (W k) *m Q - 'X *: (map_mx polyC (D k) *m Q)) => t.
have at_mul m n (A : 'M[R]_(m, n)) p (X : 'M[{poly R}]_(n, p)) :
    at_number (map_mx polyC A *m X) t = A *m at_number X t.
  apply/matrixP => i j; rewrite !mxE horner_sum; apply: eq_bigr => l _; by rewrite !mxE hornerM hornerC.
have -> : at_number (map_mx polyC (D k *m S) + map_mx polyC (W k) *m Q - 'X *: (map_mx polyC (D k) *m Q)) t =
    D k *m S + W k *m at_number Q t - t *: (D k *m at_number Q t).
  rewrite -!at_mul; apply/matrixP => i j; rewrite !mxE !hornerE.
  by congr (_ + _ - _ * _); rewrite mxE.
have -> : \sum_(0 <= j < k.+1) product W j.+1 k.+1 *m D j *m product W 0 j = W k *m S + D k *m product W 0 k.
  rewrite big_nat_recr // product_nil mul1mx; congr (_ + _); rewrite /S mulmx_sumr.
  by apply: eq_big_nat => j /andP [_ jk]; rewrite product_last // !mulmxA.
rewrite !product_last // IH mulmxBl !mulmxDr !mulmxN -!scalemxAl -!scalemxAr.
by apply/matrixP => i j; rewrite !mxE; ring.
Qed.
End FirstOrder.

(* The product after a step of size t along any D_j, up to the square of t. *)
Theorem first_order_of_the_product (R : comRingType) (d : nat -> nat) (N : nat) (G : 'M[R]_(d N, d 0%N))
    (W : weights R d) : exists Q : 'M[{poly R}]_(d N, d 0%N), forall t,
  end_to_end N (gradient_step t G W) = end_to_end N W - t *: velocity G W + t ^+ 2 *: at_number Q t.
Proof. exact: moved_product. Qed.

Section Balanced.
Variables (R : comRingType) (d : nat -> nat) (M : nat) (W : weights R d).
Let N := M.+1.
Hypothesis balanced : forall j, (j.+1 < N)%N -> imbalance W j = 0.
Let H := W M *m (W M)^T.
Let K := (W 0%N)^T *m W 0%N.

Let balance j : (j.+1 < N)%N -> W j *m (W j)^T = (W j.+1)^T *m W j.+1.
Proof. by move=> jN; apply/eqP; rewrite eq_sym -subr_eq0; apply/eqP; apply: balanced. Qed.

Lemma powerSr n (A : 'M[R]_n) k : power A k.+1 = power A k *m A.
Proof. by elim: k => [|k IH]; rewrite /power /= ?mulmx1 ?mul1mx // -mulmxA -IH. Qed.

(* W_{j+1:N} (W_j W_j^T)^k W_{j+1:N}^T = (W_N W_N^T)^{k + N - j} *)
Lemma above k i : (i <= M)%N ->
  product W (M - i)%N.+1 N *m power (W (M - i)%N *m (W (M - i)%N)^T) k *m (product W (M - i)%N.+1 N)^T =
  power H (k + i)%N.
Proof.
elim: i k => [|i IH] k iM; first by rewrite subn0 product_nil mul1mx trmx1 mulmx1 addn0.
have e : (M - i)%N = (M - i.+1).+1 by rewrite subnSK.
have jN : ((M - i.+1).+1 < N)%N by rewrite -e /N ltnS leq_subr.
have := IH k.+1 (ltnW iM); rewrite e addSnnS => <-.
rewrite balance // (product_first W jN) trmx_mul.
have sw := power_swap (W (M - i.+1).+1) (W (M - i.+1).+1)^T k.
by rewrite powerSr -!mulmxA; congr (_ *m _); rewrite [LHS]mulmxA sw !mulmxA.
Qed.

Lemma upper_gram j : (j < N)%N -> product W j.+1 N *m (product W j.+1 N)^T = power H (N - j.+1)%N.
Proof.
move=> jN; have := above 0 (leq_subr j M); rewrite subKn // mulmx1 add0n => ->.
by rewrite /N subSS.
Qed.

Lemma lower_gram j : (j < N)%N -> (product W 0 j)^T *m product W 0 j = power K j.
Proof. by move=> jN; apply: (powers_of_the_first_layer balanced); apply: ltnW. Qed.
End Balanced.

(* 1. The flow of the product, in which the layers no longer occur; and the roots. N = M + 1. *)
Theorem end_to_end_dynamics (R : comRingType) (d : nat -> nat) (M : nat) (W : weights R d)
    (G : 'M[R]_(d M.+1, d 0%N)) : (forall j, (j < M)%N -> imbalance W j = 0) ->
  let H := W M *m (W M)^T in let K := (W 0%N)^T *m W 0%N in let A := end_to_end M.+1 W in
  [/\ velocity G W = powers_flow M.+1 H K G, A *m A^T = power H M.+1 & A^T *m A = power K M.+1].
Proof.
move=> balanced; split.
- apply: eq_big_nat => j /andP [_ jN]; rewrite /layer_gradient -(lower_gram balanced) // -(upper_gram balanced) //.
  by rewrite !mulmxA.
- have := above balanced 1 (leqnn M); rewrite /end_to_end (product_first W (ltn0Sn M)) trmx_mul subnn.
  by rewrite /power /= mulmx1 !mulmxA.
exact: (powers_of_the_first_layer (N := M.+1) balanced (leqnn _)).
Qed.

(* 2. G -> powers_flow G is symmetric; *)
Theorem preconditioner_symmetric (R : comRingType) (m n N : nat) (H : 'M[R]_m) (K : 'M[R]_n) (G F : 'M[R]_(m, n)) :
  H^T = H -> K^T = K -> inner F (powers_flow N H K G) = inner (powers_flow N H K F) G.
Proof.
move=> symH symK.
have sym k (A : 'M[R]_k) i : A^T = A -> (power A i)^T = power A i.
  move=> symA; elim: i => [|i IH]; first by rewrite /power /= trmx1.
  by rewrite {1}powerSr trmx_mul IH symA.
have inner_sum I r (X : I -> 'M[R]_(m, n)) Y : inner Y (\sum_(i <- r) X i) = \sum_(i <- r) inner Y (X i).
  by rewrite /inner mulmx_sumr raddf_sum.
rewrite /powers_flow inner_sum [RHS]inner_sym inner_sum; apply: eq_bigr => j _.
by rewrite [RHS]inner_sym [RHS]inner_right [RHS]inner_left !sym // -mulmxA.
Qed.

(* 3. positive semidefinite, for any layers: it makes the loss fall by the squares of the gradients; *)
Theorem rate_of_descent (R : comRingType) (d : nat -> nat) (N : nat) (G : 'M[R]_(d N, d 0%N)) (W : weights R d) :
  inner G (velocity G W) = \sum_(0 <= j < N) sqnorm (layer_gradient G W j).
Proof.
rewrite /velocity /inner mulmx_sumr raddf_sum /=; apply: eq_bigr => j _.
set D := layer_gradient G W j; have DT : D^T = product W 0 j *m G^T *m product W j.+1 N.
  by rewrite /D /layer_gradient !trmx_mul !trmxK mulmxA.
by rewrite sqnorm_inner /inner DT !mulmxA mxtrace_mulC !mulmxA.
Qed.

(* and u v^T is an eigenvector of it, for eigenvectors u of H and v of K (0^0 = 1). *)
Theorem preconditioner_eigenvalues (R : comRingType) (m n N : nat) (H : 'M[R]_m) (K : 'M[R]_n) (u : 'cV[R]_m)
    (v : 'cV[R]_n) (s r : R) : K^T = K -> H *m u = s *: u -> K *m v = r *: v ->
  powers_flow N H K (u *m v^T) = (\sum_(0 <= j < N) s ^+ (N - j.+1) * r ^+ j) *: (u *m v^T).
Proof.
move=> symK Hu Kv; rewrite /powers_flow scaler_suml; apply: eq_bigr => j _.
have up k : power H k *m u = s ^+ k *: u.
  by elim: k => [|k IH]; rewrite ?mul1mx ?scale1r // -mulmxA IH -scalemxAr Hu scalerA -exprSr.
have low k : v^T *m power K k = r ^+ k *: v^T.
  elim: k => [|k IH]; first by rewrite mulmx1 scale1r.
  by rewrite mulmxA -{1}symK -trmx_mul Kv linearZ /= -scalemxAl IH scalerA -exprS.
by rewrite !mulmxA up -mulmxA low -scalemxAl -scalemxAr scalerA.
Qed.

(* 4. One output. Each W_j^T W_j is its square divided by h = |W_N|^2. *)
Section OneOutput.
Variables (R : realFieldType) (d : nat -> nat) (M : nat) (W : weights R d).
Hypothesis one : d M.+1 = 1%N.
Hypothesis balanced : forall j, (j < M)%N -> imbalance W j = 0.
Let h := sqnorm (W M).

Lemma of_size_one n (A : 'M[R]_n) : n = 1%N -> A = (\tr A)%:M.
Proof. by move=> n1; subst n; rewrite {1}[A]mx11_scalar trace_mx11. Qed.

Lemma square_of_gram j : (j <= M)%N ->
  (W j)^T *m W j *m ((W j)^T *m W j) = h *: ((W j)^T *m W j).
Proof.
move=> jM; rewrite -(subKn jM); move: (M - j)%N (leq_subr j M) => i; elim: i => [_|i IH iM].
  rewrite subn0 mulmxA -[_ *m (W M)^T]mulmxA (of_size_one (W M *m (W M)^T)) //.
  by rewrite mxtrace_mulC -/(inner _ _) -sqnorm_inner -/h mul_mx_scalar -scalemxAl.
have kM : (M - i.+1 < M)%N by rewrite ltn_subrL (leq_ltn_trans _ iM).
set k := (M - i.+1)%N in kM *; have ki : (M - i)%N = k.+1 by rewrite /k subnSK.
have e : W k *m (W k)^T = (W k.+1)^T *m W k.+1.
  by apply/eqP; rewrite eq_sym -subr_eq0; apply/eqP; apply: balanced.
have := IH (ltnW iM); rewrite ki -e => sq.
set B := (W k)^T *m W k; apply/eqP; rewrite -subr_eq0; apply/eqP/sqnorm_eq0.
have X0 : W k *m (B *m B - h *: B) = 0.
  have -> : W k *m (B *m B - h *: B) = (W k *m (W k)^T *m (W k *m (W k)^T) - h *: (W k *m (W k)^T)) *m W k.
    by rewrite mulmxBr mulmxBl -scalemxAr -scalemxAl /B !mulmxA.
  by rewrite sq subrr mul0mx.
have E : B *m B - h *: B = (W k)^T *m (W k *m B - h *: W k) by rewrite mulmxBr mulmxA -/B -scalemxAr.
by rewrite sqnorm_inner /inner {1}E trmx_mul trmxK -mulmxA X0 mulmx0 mxtrace0.
Qed.

Lemma gram_powers j : (0 < j)%N -> power ((W 0%N)^T *m W 0%N) j = h ^+ j.-1 *: ((W 0%N)^T *m W 0%N).
Proof.
case: j => // j _; elim: j => [|j IH]; first by rewrite /power /= mulmx1 scale1r.
by rewrite powerSr IH -scalemxAl square_of_gram // scalerA -exprSr.
Qed.
End OneOutput.

Theorem one_output (R : realFieldType) (d : nat -> nat) (M : nat) (W : weights R d) (G : 'M[R]_(d M.+1, d 0%N)) :
  d M.+1 = 1%N -> (forall j, (j < M)%N -> imbalance W j = 0) ->
  let A := end_to_end M.+1 W in let h := sqnorm (W M) in
  h ^+ M.+1 = sqnorm A /\ velocity G W = h ^+ M *: (G + (M%:R * (inner G A / sqnorm A)) *: A).
Proof.
move=> one balanced A h; have [flow AA' A'A] := end_to_end_dynamics G balanced.
have Hh k : power (W M *m (W M)^T) k = (h ^+ k)%:M.
  have -> : W M *m (W M)^T = h%:M.
    by rewrite {1}(of_size_one (W M *m (W M)^T) one) mxtrace_mulC -/(inner _ _) -sqnorm_inner.
  by elim: k => [|k IH]; rewrite /power //= -/(power _ _) IH -scalar_mxM -exprS.
have hA : h ^+ M.+1 = sqnorm A.
  by rewrite sqnorm_inner /inner mxtrace_mulC AA' Hh mxtrace_scalar one mulr1n.
split=> //; rewrite flow /powers_flow big_nat_recl // Hh subn1 /= mulmx1 mul_scalar_mx scalerDr; congr (_ + _).
set K := (W 0%N)^T *m W 0%N in A'A *.
have -> : \sum_(0 <= j < M) power (W M *m (W M)^T) (M.+1 - j.+2) *m G *m power K j.+1 =
    (M%:R * h ^+ M.-1) *: (G *m K).
  rewrite (eq_big_nat _ _ (F2 := fun _ => h ^+ M.-1 *: (G *m K))) => [|j /andP [_ jM]].
    by rewrite sumr_const_nat subn0 -scaler_nat scalerA.
  rewrite Hh (gram_powers one balanced) // mul_scalar_mx -scalemxAl -scalemxAr scalerA -exprD; congr (_ ^+ _ *: _).
  by rewrite subSS /= -[in RHS](subnK jM) addnS /= subnS.
have GA : inner G A *: A = h ^+ M *: (G *m K).
  have -> : inner G A *: A = G *m (A^T *m A).
    by rewrite mulmxA (of_size_one (G *m A^T) one) mul_scalar_mx inner_sym /inner mxtrace_mulC.
  by rewrite A'A (gram_powers one balanced) // -scalemxAr.
have [M0|M0] := posnP M; first by rewrite (_ : M%:R = 0 :> R) ?M0 // !mul0r !scale0r scaler0.
have -> : (M%:R * (inner G A / sqnorm A)) *: A = (M%:R / sqnorm A * h ^+ M) *: (G *m K).
  by rewrite -[RHS]scalerA -GA scalerA mulrAC mulrA.
rewrite scalerA; have [h0|h0] := eqVneq h 0; last first.
  congr (_ *: _); rewrite -hA; move: (h) h0 => x x0; case: (M) M0 => // M' _; rewrite /= !exprS.
  have p0 : x ^+ M' != 0 by rewrite expf_neq0.
  by field; rewrite x0 p0.
suff -> : K = 0 by rewrite mulmx0 !scaler0.
apply: sqnorm_eq0; rewrite sqnorm_inner /inner.
have -> : K^T = K by rewrite /K trmx_mul trmxK.
by rewrite (square_of_gram one balanced) // -/h h0 scale0r mxtrace0.
Qed.


(* A control: 1 is false of the layers 1, 1, 2, where the velocity is 9 and the powers give 21. *)
Theorem balance_is_needed (R : realFieldType) : let W := scalars (fun j => if j == 2%N then 2%:R else 1 : R) in
  velocity (1%:M : 'M[R]_(ones 3, ones 0)) W = 9%:R%:M /\
  powers_flow 3 (W 2%N *m (W 2%N)^T) ((W 0%N)^T *m W 0%N) (1%:M : 'M[R]_(ones 3, ones 0)) = 21%:R%:M.
Proof.
move=> W; have E : index_iota 0 3 = [:: 0; 1; 2]%N by [].
split.
  rewrite /velocity E !big_cons big_nil /layer_gradient !product_scalars // !tr_scalar_mx mulmx1 -!scalar_mxM addr0.
  rewrite /index_iota /= !big_cons !big_nil -!raddfD /=; congr (_%:M); rewrite /=; ring.
rewrite /powers_flow E !big_cons big_nil /power /W /scalars /= !tr_scalar_mx -!scalar_mxM addr0 -!raddfD /=.
by congr (_%:M); ring.
Qed.
