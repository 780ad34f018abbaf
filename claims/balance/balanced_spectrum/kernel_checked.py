"""The powers of the first layer, for every depth and width, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

POWERS = """
forall (R : comRingType) (d : nat -> nat) (N : nat) (W : weights R d),
(forall j : nat, (j.+1 < N)%N -> imbalance W j = 0) -> forall k : nat, (k <= N)%N ->
(product W 0 k)^T *m product W 0 k = iter k (mulmx ((W 0%N)^T *m W 0%N)) 1%:M
"""


@formal
def test_powers_of_the_first_layer() -> None:
    """Statement 1 over any commutative ring. Leaves out: the mirror image, for the last layer."""
    proved("balanced_spectrum.v", "powers_of_the_first_layer", POWERS)
