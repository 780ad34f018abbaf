"""Theorem 1 word for word, its real powers, its logarithm and its T, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import CLASSICAL, proved

THEOREM_ONE = """
forall (R : realType) (d : nat -> nat) (N : nat) (Phi : 'M[R]_(d N, d 0%N)) (W0 : weights R d) (c eta eps : R)
       (T : nat),
let loss W := sqnorm (residual Phi W) / 2%:R in
(0 < N)%N -> (0 < d 0%N)%N -> (0 < d N)%N -> 0 < c -> has_margin Phi (end_to_end N W0) c ->
(forall j : nat, (j.+1 < N)%N ->
 norm (imbalance W0 j) <= c ^+ 2 / (256%:R * N%:R ^+ 3 * exp_fun (norm Phi) ((2 * (N - 1))%:R / N%:R))) ->
0 < eta ->
eta <= exp_fun c ((4 * N - 2)%:R / N%:R) / (6144%:R * N%:R ^+ 3 * exp_fun (norm Phi) ((6 * N - 4)%:R / N%:R)) ->
0 < eps -> ln (loss W0 / eps) / (eta * exp_fun c ((2 * (N - 1))%:R / N%:R)) <= T%:R ->
loss (descent eta Phi W0 T) <= eps
"""

NEARLY_HALF = """
forall (R : realType) (d : nat -> nat) (N : nat) (Phi : 'M[R]_(d N, d 0%N)) (W0 : weights R d) (c eta eps : R)
       (T : nat),
let loss W := sqnorm (residual Phi W) / 2%:R in
(0 < N)%N -> (0 < d 0%N)%N -> (0 < d N)%N -> 0 < c -> has_margin Phi (end_to_end N W0) c ->
(forall j : nat, (j.+1 < N)%N ->
 norm (imbalance W0 j) <= c ^+ 2 / (256%:R * N%:R ^+ 3 * exp_fun (norm Phi) ((2 * (N - 1))%:R / N%:R))) ->
0 < eta ->
eta <= exp_fun c ((4 * N - 2)%:R / N%:R) / (6144%:R * N%:R ^+ 3 * exp_fun (norm Phi) ((6 * N - 4)%:R / N%:R)) ->
0 < eps -> ln (loss W0 / eps) / (63%:R / 32%:R * (eta * exp_fun c ((2 * (N - 1))%:R / N%:R))) <= T%:R ->
loss (descent eta Phi W0 T) <= eps
"""


@formal
def test_theorem_one() -> None:
    """Over the real numbers; exp_fun a x is a^x. Leaves out: sigma_min as a number."""
    proved("linear_rate_complete.v", "theorem_one_of_ACGH19", THEOREM_ONE, CLASSICAL)


@formal
def test_nearly_half_the_steps() -> None:
    """At Theorem 1's own constants T / (63/32) steps suffice. Leaves out: sigma_min as a number."""
    proved("linear_rate_complete.v", "nearly_half_the_steps", NEARLY_HALF, CLASSICAL)
