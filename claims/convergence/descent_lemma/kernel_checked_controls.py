"""The descent lemma without a hypothesis is false: negations, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

# N = n + 1. Roots stand for real powers: c = x^N, Phi_F = y^N, sigma = s^N.

WITHOUT_SIGMA = r"""
forall R : rcfType,
~ forall (d : nat -> nat) (n : nat) (W : weights R d) (s c : R)
    (G : 'M[R]_(d n.+1, d 0%N)),
  (forall j : nat, (j.+1 < n.+1)%N -> imbalance W j = 0) -> 0 < s -> 0 <= c -> c ^+ 2 = s ^+ n.+1 ->
  s ^+ n * sqnorm G <= \sum_(0 <= j < n.+1) sqnorm (layer_gradient G W j)
"""

ANY_RATE = """
forall R : rcfType,
~ forall (d : nat -> nat) (n : nat) (x y s eta delta : R)
    (Phi : 'M[R]_(d n.+1, d 0%N)) (W : weights R d),
  0 < x -> x <= y -> 0 <= eta -> delta * (256%:R * n.+1%:R ^+ 3 * y ^+ (2 * n)) = x ^+ (2 * n + 2) ->
  norm Phi <= y ^+ n.+1 -> norm (residual Phi W) <= y ^+ n.+1 ->
  (forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W j) <= 2%:R * delta) ->
  x <= s -> sigma_min_ge (end_to_end n.+1 W) (s ^+ n.+1) ->
  sqnorm (residual Phi (descent_step eta Phi W))
  <= sqnorm (residual Phi W) - 63%:R / 32%:R * (eta * s ^+ (2 * n)) * sqnorm (residual Phi W)
"""


@formal
def test_flow_needs_sigma_min() -> None:
    """A control, proved: at layers 0 the inequality of statement 1 fails if sigma may be any number. Leaves out:
    nothing."""
    proved("without_a_hypothesis.v", "flow_without_sigma", WITHOUT_SIGMA)


@formal
def test_lemma_seven_needs_its_limit() -> None:
    """A control, proved: statement 2 at depth 1 and eta = 3. Leaves out: nothing."""
    proved("without_a_hypothesis.v", "lemma_seven_at_any_learning_rate", ANY_RATE)
