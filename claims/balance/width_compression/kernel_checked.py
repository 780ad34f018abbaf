"""Statements 1 and 2 for gradient descent, checked by Coq's kernel, over any commutative ring."""

from claims.suite import formal
from claims.suite.prover import proved

SMALL_LEARNS_REST_STAYS = r"""
forall (R : comRingType) (d k : nat -> nat) (N : nat) (Q : forall j, 'M[R]_(d j, k j)) (W : weights R d)
       (Phi : 'M[R]_(d N, d 0%N)) (eta : R) (t : nat),
(forall j, (Q j)^T *m Q j = 1%:M) -> closed Q W Phi ->
let V := descent eta (small_target Q Phi) (small Q W) t in
(forall j, (j < N)%N -> descent eta Phi W t j = Q j.+1 *m V j *m (Q j)^T + rest Q W j) /\
residual Phi (descent eta Phi W t) = Q N *m residual (small_target Q Phi) V *m (Q 0%N)^T
"""

SAME_LOSS = """
forall (R : comRingType) (d k : nat -> nat) (N : nat) (Q : forall j, 'M[R]_(d j, k j)) (W : weights R d)
       (Phi : 'M[R]_(d N, d 0%N)) (eta : R) (t : nat),
(forall j, (Q j)^T *m Q j = 1%:M) -> closed Q W Phi ->
sqnorm (residual Phi (descent eta Phi W t)) =
sqnorm (residual (small_target Q Phi) (descent eta (small_target Q Phi) (small Q W) t))
"""

IMBALANCES_ADD_UP = """
forall (R : comRingType) (d k : nat -> nat) (N : nat) (Q : forall j, 'M[R]_(d j, k j)) (V : weights R k)
       (C : weights R d) (j : nat),
(forall j, (Q j)^T *m Q j = 1%:M) ->
(j.+1 < N)%N -> apart N Q C ->
imbalance (assembled Q V C) j = Q j.+1 *m imbalance V j *m (Q j.+1)^T + imbalance C j
"""


@formal
def test_small_learns_and_the_rest_stays() -> None:
    """At every step, at any learning rate. Leaves out: gradient flow."""
    proved("width_compression.v", "small_learns_rest_stays", SMALL_LEARNS_REST_STAYS)


@formal
def test_same_loss() -> None:
    """Twice the loss, step by step. Leaves out: gradient flow."""
    proved("width_compression.v", "same_loss", SAME_LOSS)


@formal
def test_imbalances_add_up() -> None:
    """Of any layers of this form. Leaves out: the norm of the sum, and the singular values."""
    proved("width_compression.v", "imbalances_add_up", IMBALANCES_ADD_UP)
