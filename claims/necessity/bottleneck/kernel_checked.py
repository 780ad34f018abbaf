"""Statements 1 and 2, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

RANK_OF_PRODUCT = r"""
forall (F : fieldType) (d : nat -> nat) (N j : nat) (W : weights F d),
(j <= N)%N -> (\rank (end_to_end N W) <= d j)%N
"""

ECKART_YOUNG = r"""
forall (R : realFieldType) (m n k : nat) (Phi W : 'M[R]_(m, n)) (Q : 'M[R]_n) (a : nat -> R),
Phi^T *m Phi = Q *m diag_mx (\row_i a i) *m Q^T -> Q^T *m Q = 1%:M ->
(forall i j, (i <= j)%N -> a j <= a i) -> (forall i, 0 <= a i) -> (\rank W <= k <= n)%N ->
\sum_(k <= i < n) a i <= sqnorm (W - Phi)
"""

LOSS_ABOVE_THE_TAIL = r"""
forall (R : realFieldType) (d : nat -> nat) (N j k : nat) (Phi : 'M[R]_(d N, d 0%N)) (W : weights R d)
       (Q : 'M[R]_(d 0%N)) (a : nat -> R),
(j <= N)%N -> (d j <= k <= d 0)%N ->
Phi^T *m Phi = Q *m diag_mx (\row_i a i) *m Q^T -> Q^T *m Q = 1%:M ->
(forall i j, (i <= j)%N -> a j <= a i) -> (forall i, 0 <= a i) ->
\sum_(k <= i < d 0%N) a i <= sqnorm (residual Phi W)
"""

TRUNCATION = r"""
forall (R : realFieldType) (m n k : nat) (Phi : 'M[R]_(m, n)) (Q : 'M[R]_n) (a : nat -> R),
Phi^T *m Phi = Q *m diag_mx (\row_i a i) *m Q^T -> Q^T *m Q = 1%:M -> (k <= n)%N ->
let W := Phi *m Q *m pid_mx k *m Q^T in (\rank W <= k)%N /\ sqnorm (W - Phi) = \sum_(k <= i < n) a i
"""


@formal
def test_rank_of_a_product() -> None:
    """Over any field. Leaves out: nothing."""
    proved("bottleneck.v", "rank_of_product", RANK_OF_PRODUCT)


@formal
def test_eckart_and_young() -> None:
    """Of matrices, over any real field; a_i are the squared singular values. Leaves out: that there is a Q."""
    proved("bottleneck.v", "eckart_young", ECKART_YOUNG)


@formal
def test_loss_above_the_tail() -> None:
    """Of networks of every depth; sqnorm is twice the loss. Leaves out: that there is a Q; k > d_0."""
    proved("bottleneck.v", "loss_above_the_tail", LOSS_ABOVE_THE_TAIL)


@formal
def test_attained_by_truncation() -> None:
    """Of matrices. Leaves out: that these are products of balanced layers."""
    proved("bottleneck.v", "truncation", TRUNCATION)
