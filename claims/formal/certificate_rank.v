(* A narrow layer keeps a part of the target: no weights of the network have a loss below it.

   Through a layer of width k the product has a rank of at most k. With the projector P onto the kernel of its lower
     part,
   ||W - Phi||_F^2 >= ||(W - Phi) P||_F^2 = ||Phi P||_F^2 >= s tr P >= s (n - k) where |Phi x|^2 >= s |x|^2 for all x.
     *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From DLC Require Import network norm rational_numbers certificate certificate_network certificate_start.
Import GRing.Theory Num.Theory Order.TTheory.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope ring_scope.

Section Projector.
Variable R : realFieldType.

(* C^T (C C^T)^-1 C for a C of full row rank. *)
Lemma gram_unit r n (C : 'M[R]_(r, n)) : row_free C -> C *m C^T \in unitmx.
Proof.
move=> free; rewrite -row_free_unit; apply/inj_row_free => x E.
have : sqnorm (x *m C) = 0.
  rewrite -sqnorm_tr sqnorm_inner /inner trmxK trmx_mul.
  by rewrite mulmxA -(mulmxA x) E mul0mx mxtrace0.
by move/sqnorm_eq0 => xC0; apply: (row_free_inj free); rewrite xC0 mul0mx.
Qed.

Lemma sqnorm_trace m n (A : 'M[R]_(m, n)) : sqnorm A = \tr (A *m A^T).
Proof. by rewrite -sqnorm_tr sqnorm_inner /inner trmxK. Qed.

(* Eckart and Young: a product through width k stays away from Phi. *)
Theorem narrow_product m n k (A : 'M[R]_(m, k)) (B : 'M[R]_(k, n)) (Phi : 'M[R]_(m, n)) (s : R) :
  0 <= s -> singular_ge Phi s -> s * (n - k)%N%:R <= sqnorm (A *m B - Phi).
Proof.
move=> s0 least; have [C [free eqC]] : exists C : 'M_(\rank B, n), row_free C /\ (B <= C)%MS.
  by exists (row_base B); split; rewrite ?row_base_free ?eq_row_base.
pose G := invmx (C *m C^T); pose Q := C^T *m G *m C.
have unit : C *m C^T \in unitmx by apply: gram_unit.
have G_sym : G^T = G by rewrite /G trmx_inv trmx_mul trmxK.
have Q_sym : Q^T = Q by rewrite /Q !trmx_mul trmxK G_sym mulmxA.
have CQ : C *m Q = C by rewrite /Q !mulmxA mulmxV // mul1mx.
have QQ : Q *m Q = Q by rewrite {1}/Q -!mulmxA CQ /Q !mulmxA.
have trace_Q : \tr Q = (\rank B)%:R by rewrite /Q -mulmxA mxtrace_mulC -mulmxA mulVmx // mxtrace1.
clearbody Q; have BQ : B *m Q = B.
  have /submxP [D ->] := eqC.
  by rewrite -mulmxA CQ.
pose P := 1%:M - Q; have P_sym : P^T = P by rewrite /P linearB /= trmx1 Q_sym.
have PP : P *m P = P by rewrite /P mulmxBl mul1mx mulmxBr mulmx1 QQ subrr subr0.
have BP : B *m P = 0 by rewrite /P mulmxBr mulmx1 BQ subrr.
have PQ : P + Q = 1%:M by rewrite /P subrK.
have trace_P : \tr P = (n - \rank B)%N%:R by rewrite /P linearB /= mxtrace1 trace_Q natrB // rank_leq_col.
clearbody P; pose M := A *m B - Phi; rewrite -/M.
have split_M : sqnorm M = sqnorm (M *m P) + sqnorm (M *m Q).
  rewrite !sqnorm_trace !trmx_mul P_sym Q_sym !mulmxA -(mulmxA M P P) PP -(mulmxA M Q Q) QQ.
  by rewrite -mxtraceD -mulmxDl -mulmxDr PQ mulmx1.
have MP : M *m P = - (Phi *m P) by rewrite /M mulmxBl -mulmxA BP mulmx0 sub0r.
clearbody M.
have columns_P : sqnorm P = \tr P by rewrite sqnorm_trace P_sym PP.
have below : s * sqnorm P <= sqnorm (Phi *m P).
  rewrite -(sqnorm_tr P) -(sqnorm_tr (Phi *m P)) /sqnorm mulr_sumr; apply: ler_sum => j _.
  have := least (col j P); have -> : Phi *m col j P = col j (Phi *m P) by rewrite !colE mulmxA.
  rewrite /sqnorm.
  have column p (X : 'M[R]_(p, n)) : \sum_i \sum_(l < 1) col j X i l ^+ 2 = \sum_i X^T j i ^+ 2.
    by apply: eq_bigr => i _; rewrite big_ord1 !mxE.
  by rewrite !column.
rewrite split_M MP -[sqnorm (- _)]/(sqnorm (- (Phi *m P))) -scaleN1r sqnorm_scale sqrrN expr1n mul1r.
apply: le_trans (_ : s * sqnorm P <= _); last by rewrite (le_trans below) // ler_addl sqnorm_ge0.
rewrite columns_P trace_P ler_wpmul2l // ler_nat leq_sub2l //; exact: rank_leq_row.
Qed.
End Projector.

(* Whatever the weights of these widths are, the loss is at least a number. *)
Definition never_less (R : realFieldType) (p : network) (least : Q) : Prop :=
  forall W : weights R (width p), number R least <= loss W.

(* s is at most the least squared singular value of the target, and n - k of them are kept. *)
Definition check_rank (p : network) (w : shown) (s : Q) (layer : nat) (least : Q) : bool :=
  [&& (layer <= depth p)%N, Qle_bool zero s, squares_show p w s &
      Qle_bool least (mulq (Qmake 1 2) (mulq s (Qmake (Z.of_nat (columns p - width p layer)) 1)))].

Theorem rank_shown (R : realFieldType) p w s layer least : check_rank p w s layer least -> never_less R p least.
Proof.
case/and4P => layerN /(number_ge0 R) s0 /andP [positive same] /(number_le R) is_least W.
have least_ge : singular_ge (mx R (rows p) (columns p) (upright p)) (number R s).
  exact: squares_singular positive same.
apply: le_trans is_least _.
have count n : number R (Qmake (Z.of_nat n) 1) = n%:R.
  by case: n => [|n]; rewrite /number /= ?mul0r // divr1 SuccNat2Pos.id_succ.
rewrite !number_mul number_half count mulrC /loss ler_pmul2r ?invr_gt0 ?ltr0n // /residual /end_to_end.
rewrite (@product_cat _ _ W 0%N layer (depth p)) ?leq0n //; move: least_ge; rewrite /columns /rows /upright /narrow.
case: ifP => _ least_ge; last exact: narrow_product.
rewrite -sqnorm_tr linearB /= trmx_mul; apply: narrow_product => //.
by move: least_ge; rewrite mx_tr.
Qed.
