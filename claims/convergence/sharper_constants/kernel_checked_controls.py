"""The theorem without a hypothesis is false: negations, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

# N = n + 1. Roots stand for real powers: c = x^N, F = y^N.

WITHOUT_MARGIN = """
forall R : rcfType,
~ forall (d : nat -> nat) (n : nat) (x y eta delta : R) (Phi : 'M[R]_(d n.+1, d 0%N))
    (W0 : weights R d),
  (0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
  (forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta) ->
  2%:R * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 -> eta * (y ^+ n.+1) ^+ 2 <= delta ->
  forall t : nat, sqnorm (residual Phi (descent eta Phi W0 t))
    <= (1 - eta * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0)
"""

WITHOUT_BALANCE = """
forall R : rcfType,
~ forall (d : nat -> nat) (n : nat) (x y eta delta : R) (Phi : 'M[R]_(d n.+1, d 0%N))
    (W0 : weights R d),
  (0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
  has_margin Phi (end_to_end n.+1 W0) (x ^+ n.+1) ->
  2%:R * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 -> eta * (y ^+ n.+1) ^+ 2 <= delta ->
  forall t : nat, sqnorm (residual Phi (descent eta Phi W0 t))
    <= (1 - eta * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0)
"""

ANY_RATE = """
forall R : rcfType,
~ forall (d : nat -> nat) (n : nat) (x y eta delta : R)
    (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d),
  (0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
  has_margin Phi (end_to_end n.+1 W0) (x ^+ n.+1) ->
  (forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta) ->
  2%:R * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 ->
  forall t : nat, sqnorm (residual Phi (descent eta Phi W0 t))
    <= (1 - eta * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0)
"""


@formal
def test_the_margin_is_needed() -> None:
    """A control, proved: layers 0 and 0 stay where they are. Leaves out: nothing."""
    proved("without_a_hypothesis.v", "sharper_without_margin", WITHOUT_MARGIN)


@formal
def test_balance_is_needed() -> None:
    """A control, proved: one step onto a saddle, at the learning rate delta / Phi_F^2. Leaves out: nothing."""
    proved("without_a_hypothesis.v", "sharper_without_balance", WITHOUT_BALANCE)


@formal
def test_the_limit_on_the_learning_rate_is_needed() -> None:
    """A control, proved: at depth 1 and eta = 3 a step makes the loss four times as large. Leaves out: nothing."""
    proved("without_a_hypothesis.v", "sharper_at_any_learning_rate", ANY_RATE)
