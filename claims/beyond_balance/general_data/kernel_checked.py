"""With the sum of the imbalances small, on data of any covariance; checked by Coq's kernel, at every step."""

from claims.suite import formal
from claims.suite.prover import proved

# N = n + 1. Roots stand for real powers: c = x^N, F = y^N. S = Q Q^T is the data's covariance, s_d <= S <= s_1.

LOSS_OF_DATA = """
forall (R : realDomainType) (m n k : nat) (V Phi : 'M[R]_(m, n)) (X : 'M[R]_(n, k)) (Y : 'M[R]_(m, k)),
Phi *m X *m X^T = Y *m X^T -> sqnorm (V *m X - Y) = sqnorm ((V - Phi) *m X) + sqnorm (Phi *m X - Y)
"""

DATA = r"""
forall (R : rcfType) (d : nat -> nat) (n : nat) (x y eta s1 sd rho : R) (Phi : 'M[R]_(d n.+1, d 0%N))
       (W0 : weights R d) (b : nat -> R),
(0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> 0 <= eta -> 0 < sd -> bounded Phi ((y ^+ n.+1) ^+ 2) ->
(forall j : nat, 0 <= b j) -> (forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance W0 j) (b j)) ->
7%:R * (n.+1%:R * \sum_(0 <= j < n) b j) <= x ^+ 2 ->
15%:R * (n.+1%:R * (eta * s1 * (y ^+ n.+1) ^+ 2)) <= x ^+ 2 -> 0 <= rho ->
forall (p : nat) (Q : 'M[R]_(d 0%N, p)),
(forall v : 'cV[R]_(d 0%N), sqnorm (Q^T *m v) <= s1 * sqnorm v) ->
(forall v : 'cV[R]_(d 0%N), sd * sqnorm v <= sqnorm (Q^T *m v)) ->
sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge Phi (x ^+ n.+1 + rho) ->
let W t := iter t (fun V => gradient_step eta (residual Phi V *m Q *m Q^T) V) W0 in forall t : nat,
[/\ sqnorm (residual Phi (W t.+1) *m Q) <= (1 - eta * sd * x ^+ (n + n)) * sqnorm (residual Phi (W t) *m Q),
    sqnorm (residual Phi (W t) *m Q) <= (1 - eta * sd * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0 *m Q),
    sigma_min_ge (end_to_end n.+1 (W t)) (x ^+ n.+1)
  & exists D : nat -> R, [/\ forall j : nat, 0 <= D j,
      forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance (W t) j) (D j)
    & 4%:R * (n.+1%:R * \sum_(0 <= j < n) D j) <= x ^+ 2]]
"""

DATA_II = r"""
forall (R : rcfType) (d : nat -> nat) (n : nat) (x y eta s1 sd rho : R) (Phi : 'M[R]_(d n.+1, d 0%N))
       (W0 : weights R d) (b : nat -> R),
(0 < d 0%N)%N -> 0 < x -> 0 <= y -> 0 <= eta -> 0 < sd -> bounded Phi ((y ^+ n.+1) ^+ 2) ->
(forall j : nat, 0 <= b j) -> (forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance W0 j) (b j)) ->
7%:R * (n.+1%:R * \sum_(0 <= j < n) b j) <= x ^+ 2 ->
15%:R * (n.+1%:R * (eta * s1 * (y ^+ n.+1) ^+ 2)) <= x ^+ 2 -> 0 <= rho ->
forall (Q : 'M[R]_(d 0%N)) (s : R), 0 < s -> s ^+ 2 = s1 ->
(forall v : 'cV[R]_(d 0%N), sqnorm (Q^T *m v) <= s1 * sqnorm v) ->
(forall v : 'cV[R]_(d 0%N), sd * sqnorm v <= sqnorm (Q^T *m v)) ->
sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> x ^+ n.+1 + rho <= y ^+ n.+1 -> Q \in unitmx ->
sigma_min_ge (Phi *m Q) (x ^+ n.+1 * s + norm (residual Phi W0 *m Q)) ->
let W t := iter t (fun V => gradient_step eta (residual Phi V *m Q *m Q^T) V) W0 in forall t : nat,
[/\ sqnorm (residual Phi (W t.+1) *m Q) <= (1 - eta * sd * x ^+ (n + n)) * sqnorm (residual Phi (W t) *m Q),
    sqnorm (residual Phi (W t) *m Q) <= (1 - eta * sd * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0 *m Q),
    sigma_min_ge (end_to_end n.+1 (W t)) (x ^+ n.+1)
  & exists D : nat -> R, [/\ forall j : nat, 0 <= D j,
      forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance (W t) j) (D j)
    & 4%:R * (n.+1%:R * \sum_(0 <= j < n) D j) <= x ^+ 2]]
"""


@formal
def test_loss_of_data() -> None:
    """What E is: the regression loss less its minimum, times 2 m. Leaves out: nothing."""
    proved("sharper_constants.v", "loss_of_data", LOSS_OF_DATA)


@formal
def test_data() -> None:
    """(B) with margin (i), at every step, for bounds b_j of |B_j(0)|_2: the rate, sigma_min(W) >= c and what becomes of
    the b_j. Leaves out: T in logarithms (``kernel_checked_steps``); sigma_min as a number."""
    proved("sharper_constants.v", "theorem_data", DATA)


@formal
def test_data_with_the_margin_in_the_metric_of_the_data() -> None:
    """(B) with margin (ii), Q any square root of S. Leaves out: as above."""
    proved("sharper_constants.v", "theorem_data_ii", DATA_II)
