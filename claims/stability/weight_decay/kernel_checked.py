"""Statement 1's identity, balance at critical points and the law of a step, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

IDENTITY = """
forall (R : comRingType) (d : nat -> nat) (N : nat) (W : weights R d) (G : 'M[R]_(d N, d 0%N)) (lambda : R) (j : nat),
(j.+1 < N)%N ->
lambda *: imbalance W j = (W j.+1)^T *m (layer_gradient G W j.+1 + lambda *: W j.+1)
                          - (layer_gradient G W j + lambda *: W j) *m (W j)^T
"""

BALANCED = """
forall (R : fieldType) (d : nat -> nat) (N : nat) (W : weights R d) (G : 'M[R]_(d N, d 0%N)) (lambda : R),
lambda != 0 ->
(forall i : nat, (i < N)%N -> layer_gradient G W i + lambda *: W i = 0) ->
forall j : nat, (j.+1 < N)%N -> imbalance W j = 0
"""

LAW = """
forall (R : comRingType) (d : nat -> nat) (N : nat) (W : weights R d) (G : 'M[R]_(d N, d 0%N)) (lambda eta : R)
       (j : nat),
(j.+1 < N)%N ->
imbalance (fun i => W i - eta *: (layer_gradient G W i + lambda *: W i)) j =
(1 - eta * lambda) ^+ 2 *: imbalance W j
+ eta ^+ 2 *: ((layer_gradient G W j.+1)^T *m layer_gradient G W j.+1
               - layer_gradient G W j *m (layer_gradient G W j)^T)
"""


@formal
def test_the_identity() -> None:
    """Over any commutative ring, for every depth and width and any loss. Leaves out: nothing."""
    proved("weight_decay.v", "decayed_identity", IDENTITY)


@formal
def test_critical_points_are_balanced() -> None:
    """Over any field, lambda of any sign. Leaves out: that D_j + lambda W_j is the gradient of F."""
    proved("weight_decay.v", "critical_points_are_balanced", BALANCED)


@formal
def test_the_law() -> None:
    """Over any commutative ring, for every depth and width and any loss. Leaves out: the flow."""
    proved("weight_decay.v", "decayed_law", LAW)
