"""Statement 1, checked by Coq's kernel, for all sizes."""

from claims.suite import formal
from claims.suite.prover import proved

PRODUCT_AND_IMBALANCE = r"""
forall (R : comRingType) (m n h : nat) (W1 : 'M[R]_(h, n)) (W2 : 'M[R]_(m, h)),
let Q := W1 *m W1^T in let P := W2^T *m W2 in
sqnorm (W2 *m W1) = sqnorm Q + inner (P - Q) Q /\ sqnorm (W2 *m W1) = sqnorm P - inner (P - Q) P
"""

LAYERS_ARE_BOUNDED = r"""
forall (R : rcfType) (m n h : nat) (W1 : 'M[R]_(h, n)) (W2 : 'M[R]_(m, h)),
let Q := W1 *m W1^T in let P := W2^T *m W2 in
let bound := (norm (P - Q) + Num.sqrt (norm (P - Q) ^+ 2 + 4%:R * norm (W2 *m W1) ^+ 2)) / 2%:R in
norm Q <= bound /\ norm P <= bound
"""

ATTAINED_AT_WIDTH_ONE = """
forall (R : rcfType) (a b : R),
a ^+ 2 <= b ^+ 2 ->
b ^+ 2 = (`|b ^+ 2 - a ^+ 2| + Num.sqrt (`|b ^+ 2 - a ^+ 2| ^+ 2 + 4%:R * (b * a) ^+ 2)) / 2%:R
"""


@formal
def test_product_and_imbalance() -> None:
    """The two equations of the proof, over any commutative ring. Leaves out: nothing."""
    proved("bounded_trajectories.v", "product_and_imbalance", PRODUCT_AND_IMBALANCE)


@formal
def test_layers_are_bounded() -> None:
    """Over any real closed field. Leaves out: nothing."""
    proved("bounded_trajectories.v", "layers_are_bounded", LAYERS_ARE_BOUNDED)


@formal
def test_attained_at_width_one() -> None:
    """The larger of the two is the bound. Leaves out: nothing."""
    proved("bounded_trajectories.v", "attained_at_width_one", ATTAINED_AT_WIDTH_ONE)
