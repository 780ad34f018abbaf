"""The theorem, and one with N for N^2; checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

# N = n + 1. Roots stand for real powers: c = x^N, F = y^N.

OWN_POWERS = r"""
forall (R : rcfType) (d : nat -> nat) (n : nat) (x y eta delta : R) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d),
(0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
has_margin Phi (end_to_end n.+1 W0) (x ^+ n.+1) ->
(forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta) ->
2%:R * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 -> eta * (y ^+ n.+1) ^+ 2 <= delta ->
forall t : nat, let W := descent eta Phi W0 t in
[/\ sqnorm (residual Phi W) <= (1 - eta * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0),
    forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W j) <= 2%:R * delta
  & sigma_min_ge (end_to_end n.+1 W) (x ^+ n.+1)]
"""

WHITENED = r"""
forall (R : rcfType) (d : nat -> nat) (n : nat) (x y eta : R) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d),
(0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> 0 <= eta -> bounded Phi ((y ^+ n.+1) ^+ 2) ->
has_margin Phi (end_to_end n.+1 W0) (x ^+ n.+1) -> 15%:R * (n.+1%:R * (eta * (y ^+ n.+1) ^+ 2)) <= x ^+ 2 ->
7%:R * (n.+1%:R * \sum_(0 <= j < n) norm (imbalance W0 j)) <= x ^+ 2 ->
let W t := descent eta Phi W0 t in forall t : nat,
[/\ sqnorm (residual Phi (W t.+1)) <= (1 - eta * x ^+ (n + n)) * sqnorm (residual Phi (W t)),
    sqnorm (residual Phi (W t)) <= (1 - eta * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0)
  & sigma_min_ge (end_to_end n.+1 (W t)) (x ^+ n.+1)]
"""

WHITENED_SPECTRAL = r"""
forall (R : rcfType) (d : nat -> nat) (n : nat) (x y eta : R) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d),
(0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> 0 <= eta -> bounded Phi ((y ^+ n.+1) ^+ 2) ->
has_margin Phi (end_to_end n.+1 W0) (x ^+ n.+1) -> 15%:R * (n.+1%:R * (eta * (y ^+ n.+1) ^+ 2)) <= x ^+ 2 ->
forall b : nat -> R, (forall j : nat, 0 <= b j) ->
(forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance W0 j) (b j)) ->
7%:R * (n.+1%:R * \sum_(0 <= j < n) b j) <= x ^+ 2 ->
let W t := descent eta Phi W0 t in forall t : nat,
[/\ sqnorm (residual Phi (W t.+1)) <= (1 - eta * x ^+ (n + n)) * sqnorm (residual Phi (W t)),
    sqnorm (residual Phi (W t)) <= (1 - eta * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0),
    sigma_min_ge (end_to_end n.+1 (W t)) (x ^+ n.+1)
  & exists D : nat -> R, [/\ forall j : nat, 0 <= D j,
      forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance (W t) j) (D j)
    & 4%:R * (n.+1%:R * \sum_(0 <= j < n) D j) <= x ^+ 2]]
"""

MET = r"""
forall (R : rcfType) (n : nat), exists (x eta : R) (W0 : weights R ones),
[/\ 0 < x, 0 < eta, bounded (target n.+1 (1 : R)) ((1 ^+ n.+1) ^+ 2),
    has_margin (target n.+1 1) (end_to_end n.+1 W0) (x ^+ n.+1)
  & [/\ 15%:R * (n.+1%:R * (eta * (1 ^+ n.+1) ^+ 2)) = x ^+ 2,
        7%:R * (n.+1%:R * \sum_(0 <= j < n) norm (imbalance W0 j)) <= x ^+ 2
      & 0 < sqnorm (residual (target n.+1 1) W0)]]
"""

OWN_MET = r"""
forall (R : rcfType) (n : nat), exists (x eta delta : R) (W0 : weights R ones),
[/\ [/\ 0 < x, 0 < eta & norm (target n.+1 (1 : R)) = 1 ^+ n.+1],
    has_margin (target n.+1 1) (end_to_end n.+1 W0) (x ^+ n.+1),
    forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta,
    2%:R * (n.+1%:R ^+ 2 * delta) = x ^+ 2 /\ eta * (1 ^+ n.+1) ^+ 2 = delta
  & 0 < sqnorm (residual (target n.+1 1) W0)]
"""


@formal
def test_own_powers() -> None:
    """Every step of the claim's own theorem. Leaves out: T in logarithms (``kernel_checked_steps``); sigma_min as a
    number."""
    proved("sharper_powers.v", "sharper_powers", OWN_POWERS)


@formal
def test_hypotheses_of_the_claim_can_be_met() -> None:
    """At every depth by a start with a loss, at the largest learning rate and delta. Leaves out: nothing."""
    proved("sharper_powers.v", "hypotheses_met_powers", OWN_MET)


@formal
def test_whitened_data() -> None:
    """Stronger than the claim but for the constants: N for N^2 in eta, N times the sum of all ||B_j||_F for N^2 times
    the largest, |Phi|_2 for Phi_F. Leaves out: T in logarithms; sigma_min as a number."""
    proved("sharper_constants.v", "whitened_frobenius", WHITENED)


@formal
def test_whitened_data_in_spectral_norms() -> None:
    """The same with bounds b_j of |B_j(0)|_2, and what becomes of them. Leaves out: the two as numbers."""
    proved("sharper_constants.v", "whitened", WHITENED_SPECTRAL)


@formal
def test_hypotheses_can_be_met() -> None:
    """Those of the theorem with N: at every depth by a start with a loss, at the largest learning rate. Leaves out:
    nothing."""
    proved("sharper_constants.v", "hypotheses_met_data", MET)
