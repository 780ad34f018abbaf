"""Theorem 1 at every step, depth one, and a start that meets the hypotheses, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

THEOREM_ONE = r"""
forall (R : rcfType) (d : nat -> nat) (n : nat) (x y eta delta : R) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d),
(0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
has_margin Phi (end_to_end n.+1 W0) (x ^+ n.+1) ->
(forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta) ->
delta * (256%:R * n.+1%:R ^+ 3 * y ^+ (2 * n)) = x ^+ (2 * n + 2) ->
eta * (6144%:R * n.+1%:R ^+ 3 * y ^+ (6 * n + 2)) <= x ^+ (4 * n + 2) ->
forall t : nat, let W := descent eta Phi W0 t in
[/\ sqnorm (residual Phi W) <= (1 - 63%:R / 32%:R * (eta * x ^+ (n + n))) ^+ t * sqnorm (residual Phi W0),
    forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W j) <= 2%:R * delta
  & sigma_min_ge (end_to_end n.+1 W) (x ^+ n.+1)]
"""

DEPTH_ONE = """
forall (R : comRingType) (d : nat -> nat) (eta : R) (Phi : 'M[R]_(d 1%N, d 0%N)) (W0 : weights R d) (t : nat),
sqnorm (residual Phi (descent eta Phi W0 t)) = (1 - eta) ^+ (2 * t) * sqnorm (residual Phi W0)
"""

MET = r"""
forall (R : rcfType) (n : nat), exists (x eta delta : R) (W0 : weights R ones), let Phi := target n.+1 (1 : R) in
[/\ 0 < x, 0 < eta, norm Phi = 1 ^+ n.+1, has_margin Phi (end_to_end n.+1 W0) (x ^+ n.+1)
  & [/\ forall j : nat, norm (imbalance W0 j) <= delta,
        delta * (256%:R * n.+1%:R ^+ 3 * 1 ^+ (2 * n)) = x ^+ (2 * n + 2),
        eta * (6144%:R * n.+1%:R ^+ 3 * 1 ^+ (6 * n + 2)) <= x ^+ (4 * n + 2)
      & 0 < sqnorm (residual Phi W0)]]
"""


@formal
def test_theorem_one() -> None:
    """Every step, c = x^N, Phi_F = y^N; T and real powers: linear_rate_complete. Leaves out: sigma_min as a number."""
    proved("linear_rate.v", "theorem_one", THEOREM_ONE)


@formal
def test_depth_one() -> None:
    """Over any commutative ring, at every step. Leaves out: nothing."""
    proved("linear_rate.v", "depth_one", DEPTH_ONE)


@formal
def test_hypotheses_can_be_met_at_every_depth() -> None:
    """By equal scalar layers with a loss. Leaves out: nothing."""
    proved("linear_rate.v", "hypotheses_met", MET)
