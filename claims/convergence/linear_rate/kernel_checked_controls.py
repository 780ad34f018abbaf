"""Theorem 1 without any one of its hypotheses is false: negations of its rate, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

# N = n + 1. Roots stand for real powers: c = x^N, Phi_F = y^N.

WITHOUT_MARGIN = """
forall R : rcfType,
~ forall (d : nat -> nat) (n : nat) (x y eta delta : R) (Phi : 'M[R]_(d n.+1, d 0%N))
    (W0 : weights R d),
  (0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
  (forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta) ->
  delta * (256%:R * n.+1%:R ^+ 3 * y ^+ (2 * n)) = x ^+ (2 * n + 2) ->
  eta * (6144%:R * n.+1%:R ^+ 3 * y ^+ (6 * n + 2)) <= x ^+ (4 * n + 2) ->
  forall t : nat, sqnorm (residual Phi (descent eta Phi W0 t))
            <= (1 - 63%:R / 32%:R * (eta * x ^+ (n + n))) ^+ t * sqnorm (residual Phi W0)
"""

WITHOUT_BALANCE = """
forall R : rcfType,
~ forall (d : nat -> nat) (n : nat) (x y eta delta : R) (Phi : 'M[R]_(d n.+1, d 0%N))
    (W0 : weights R d),
  (0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
  has_margin Phi (end_to_end n.+1 W0) (x ^+ n.+1) ->
  delta * (256%:R * n.+1%:R ^+ 3 * y ^+ (2 * n)) = x ^+ (2 * n + 2) ->
  eta * (6144%:R * n.+1%:R ^+ 3 * y ^+ (6 * n + 2)) <= x ^+ (4 * n + 2) ->
  forall t : nat, sqnorm (residual Phi (descent eta Phi W0 t))
            <= (1 - 63%:R / 32%:R * (eta * x ^+ (n + n))) ^+ t * sqnorm (residual Phi W0)
"""

ANY_RATE = """
forall R : rcfType,
~ forall (d : nat -> nat) (n : nat) (x y eta delta : R)
    (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d),
  (0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
  has_margin Phi (end_to_end n.+1 W0) (x ^+ n.+1) ->
  (forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta) ->
  delta * (256%:R * n.+1%:R ^+ 3 * y ^+ (2 * n)) = x ^+ (2 * n + 2) ->
  forall t : nat, sqnorm (residual Phi (descent eta Phi W0 t))
            <= (1 - 63%:R / 32%:R * (eta * x ^+ (n + n))) ^+ t * sqnorm (residual Phi W0)
"""


@formal
def test_the_margin_is_needed() -> None:
    """A control, proved: layers 0 and 0 stay. Leaves out: balance and sigma_min; the rate alone fails."""
    proved("without_a_hypothesis.v", "rate_without_margin", WITHOUT_MARGIN)


@formal
def test_balance_is_needed() -> None:
    """A control, proved: at Theorem 1's learning rate a step of three layers leads onto a saddle. Leaves out: that
    balance and sigma_min stay; the rate alone fails."""
    proved("without_a_hypothesis.v", "rate_without_balance", WITHOUT_BALANCE)


@formal
def test_the_limit_on_the_learning_rate_is_needed() -> None:
    """A control, proved: at depth 1 and eta = 3 a step makes the loss four times as large. Leaves out: as above."""
    proved("without_a_hypothesis.v", "rate_at_any_learning_rate", ANY_RATE)
