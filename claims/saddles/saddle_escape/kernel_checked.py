"""Statement 1 and a step of 4, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

NO_MOTION = """
forall (R : comRingType) (d : nat -> nat) (N : nat) (eta : R) (Phi : 'M[R]_(d N, d 0%N)) (W : weights R d)
       (t j : nat),
(forall j, (j < N)%N -> layer_gradient (residual Phi W) W j = 0) -> (j < N)%N ->
descent eta Phi W t j = W j
"""

ONE_STEP_OF_SCALARS = """
forall (R : realFieldType) (n : nat) (eta phi r m : R) (w : nat -> R) (j : nat),
0 <= eta -> 0 < m -> r ^+ n.+2 <= phi -> (forall l, (l < n.+2)%N -> m <= w l <= r) -> (j < n.+2)%N ->
m * (1 + eta * (phi - r ^+ n.+2) * m ^+ n) <= scalar_step n.+2 eta phi w j
"""

ONE_SIGN_IS_NEEDED = r"""
forall (R : realFieldType),
let w : nat -> R := fun j => if j == 0%N then 1 else -1 in
scalar_step 2 1 1 w 0 = -1 /\ scalar_step 2 1 1 w 1 = 1
"""


@formal
def test_no_motion() -> None:
    """Over any commutative ring, at every step. Leaves out: nothing."""
    proved("saddle_escape.v", "no_motion", NO_MOTION)


@formal
def test_one_step_of_scalars() -> None:
    """N = n + 2, R^N = Phi too. Leaves out: layers along one singular pair, which are these (DL-029)."""
    proved("saddle_escape.v", "one_step_of_scalars", ONE_STEP_OF_SCALARS)


@formal
def test_one_sign_is_needed() -> None:
    """A control, proved: with two signs both layers change theirs. Leaves out: small layers."""
    proved("saddle_escape.v", "one_sign_is_needed", ONE_SIGN_IS_NEEDED)
