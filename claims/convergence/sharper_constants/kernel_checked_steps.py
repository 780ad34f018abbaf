"""The number of steps in real powers and logarithms, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import CLASSICAL, proved

# exp_fun a x is a^x.

OWN_POWERS = r"""
forall (R : realType) (d : nat -> nat) (N : nat) (Phi : 'M[R]_(d N, d 0%N)) (W0 : weights R d) (c eta delta eps : R)
       (T : nat),
let loss W := sqnorm (residual Phi W) / 2%:R in
(0 < N)%N -> (0 < d 0%N)%N -> (0 < d N)%N -> 0 < c -> 0 < eta -> 0 < eps -> has_margin Phi (end_to_end N W0) c ->
delta = exp_fun c (2%:R / N%:R) / (2%:R * N%:R ^+ 2) ->
(forall j : nat, (j.+1 < N)%N -> norm (imbalance W0 j) <= delta) -> eta <= delta / norm Phi ^+ 2 ->
ln (loss W0 / eps) / (eta * exp_fun c ((2 * (N - 1))%:R / N%:R)) <= T%:R -> loss (descent eta Phi W0 T) <= eps
"""


@formal
def test_steps_of_the_claim() -> None:
    """The claim's theorem word for word. Leaves out: sigma_min as a number."""
    proved("sharper_constants_complete.v", "enough_steps_own_powers", OWN_POWERS, CLASSICAL)
