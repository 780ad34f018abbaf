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

COMMON_FORM = r"""
forall (R : rcfType) (d : nat -> nat) (n : nat) (x y eta delta kd ke rho : R) (Phi : 'M[R]_(d n.+1, d 0%N))
       (W0 : weights R d),
(0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
16%:R <= kd -> 27%:R <= ke -> 0 <= rho -> rho * (1 + 2%:R / kd) <= 2%:R - 27%:R / ke ->
kd * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 -> ke * (eta * n.+1%:R * y ^+ (n + n)) <= 1 ->
eta * (y ^+ n.+1) ^+ 2 <= delta -> has_margin Phi (end_to_end n.+1 W0) (x ^+ n.+1) ->
(forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta) ->
forall t : nat, let W := descent eta Phi W0 t in
[/\ sqnorm (residual Phi W) <= (1 - rho * (eta * x ^+ (n + n))) ^+ t * sqnorm (residual Phi W0),
    forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W j) <= 2%:R * delta
  & sigma_min_ge (end_to_end n.+1 W) (x ^+ n.+1)]
"""

ROOTS = """
forall (R : rcfType) (n : nat) (a : R), 0 <= a -> exists2 r : R, 0 <= r & r ^+ n.+1 = a
"""


@formal
def test_theorem_one() -> None:
    """Over the real numbers; exp_fun a x is a^x. Leaves out: sigma_min as a number."""
    proved("linear_rate_complete.v", "theorem_one_of_ACGH19", THEOREM_ONE, CLASSICAL)


@formal
def test_nearly_half_the_steps() -> None:
    """At Theorem 1's own constants T / (63/32) steps suffice. Leaves out: sigma_min as a number."""
    proved("linear_rate_complete.v", "nearly_half_the_steps", NEARLY_HALF, CLASSICAL)


@formal
def test_common_form() -> None:
    """Every step, with the constants kd of delta, ke of eta and rho of the rate kept open, at every depth and width.
    Leaves out: the roots x = c^{1/N} and y = Phi_F^{1/N} as real powers; sigma_min as a number."""
    proved("linear_rate.v", "whole_run", COMMON_FORM)


@formal
def test_roots_exist() -> None:
    """So that x and y stand for c^{1/N} and Phi_F^{1/N} in any real closed field. Leaves out: nothing."""
    proved("bounds.v", "roots_exist", ROOTS)
