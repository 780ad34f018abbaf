"""The theorem with s_1 left out of the learning rate, or in the rate, is false, and that of singular data with a V that
does not span their range: negations, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

# N = n + 1. Roots stand for real powers: c = x^N, F = y^N. S = Q Q^T is the data's covariance; the steps are single
# ones.

WHITE_RATE = r"""
forall R : rcfType,
~ forall (d : nat -> nat) (n : nat) (x y eta s1 sd rho : R)
    (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d) (b : nat -> R),
  (0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> 0 <= eta -> 0 < sd -> bounded Phi ((y ^+ n.+1) ^+ 2) ->
  (forall j : nat, 0 <= b j) -> (forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance W0 j) (b j)) ->
  7%:R * (n.+1%:R * \sum_(0 <= j < n) b j) <= x ^+ 2 ->
  15%:R * (n.+1%:R * (eta * (y ^+ n.+1) ^+ 2)) <= x ^+ 2 -> 0 <= rho ->
  forall (p : nat) (Q : 'M[R]_(d 0%N, p)),
  (forall v : 'cV[R]_(d 0%N), sqnorm (Q^T *m v) <= s1 * sqnorm v) ->
  (forall v : 'cV[R]_(d 0%N), sd * sqnorm v <= sqnorm (Q^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge Phi (x ^+ n.+1 + rho) ->
  sqnorm (residual Phi (gradient_step eta (residual Phi W0 *m Q *m Q^T) W0) *m Q)
  <= (1 - eta * sd * x ^+ (n + n)) * sqnorm (residual Phi W0 *m Q)
"""

LARGEST = r"""
forall R : rcfType,
~ forall (d : nat -> nat) (n : nat) (x y eta s1 sd rho : R)
    (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d) (b : nat -> R),
  (0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> 0 <= eta -> 0 < sd -> bounded Phi ((y ^+ n.+1) ^+ 2) ->
  (forall j : nat, 0 <= b j) -> (forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance W0 j) (b j)) ->
  7%:R * (n.+1%:R * \sum_(0 <= j < n) b j) <= x ^+ 2 ->
  15%:R * (n.+1%:R * (eta * s1 * (y ^+ n.+1) ^+ 2)) <= x ^+ 2 -> 0 <= rho ->
  forall (p : nat) (Q : 'M[R]_(d 0%N, p)),
  (forall v : 'cV[R]_(d 0%N), sqnorm (Q^T *m v) <= s1 * sqnorm v) ->
  (forall v : 'cV[R]_(d 0%N), sd * sqnorm v <= sqnorm (Q^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge Phi (x ^+ n.+1 + rho) ->
  sqnorm (residual Phi (gradient_step eta (residual Phi W0 *m Q *m Q^T) W0) *m Q)
  <= (1 - eta * s1 * x ^+ (n + n)) * sqnorm (residual Phi W0 *m Q)
"""

OUTSIDE = r"""
forall R : rcfType,
~ forall (d : nat -> nat) (r p n : nat) (x y eta s1 sd rho : R)
    (V : 'M[R]_(d 0%N, r)) (Q : 'M[R]_(d 0%N, p)) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d) (b : nat -> R),
  (0 < r)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> 0 <= eta -> 0 < sd ->
  bounded (Phi *m V) ((y ^+ n.+1) ^+ 2) -> (forall j : nat, 0 <= b j) ->
  (forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance (first_turned V W0) j) (b j)) ->
  7%:R * (n.+1%:R * \sum_(0 <= j < n) b j) <= x ^+ 2 ->
  15%:R * (n.+1%:R * (eta * s1 * (y ^+ n.+1) ^+ 2)) <= x ^+ 2 -> 0 <= rho ->
  (forall v : 'cV[R]_r, sqnorm ((V^T *m Q)^T *m v) <= s1 * sqnorm v) ->
  (forall v : 'cV[R]_r, sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v)) ->
  sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge (Phi *m V) (x ^+ n.+1 + rho) ->
  let W t := iter t (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0 in forall t : nat,
  W t 0%N *m (1%:M - V *m V^T) = W0 0%N *m (1%:M - V *m V^T)
"""


@formal
def test_the_learning_rate_needs_the_largest_eigenvalue() -> None:
    """A control, proved: without s_1 in the limit on eta one step at depth 1 makes the loss four times as large.
    Leaves out: nothing."""
    proved("without_a_hypothesis.v", "data_at_the_learning_rate_of_white_data", WHITE_RATE)


@formal
def test_the_rate_is_that_of_the_smallest_eigenvalue() -> None:
    """A control, proved: with s_1 for s_d in the rate one step at depth 1 falls short. Leaves out: nothing."""
    proved("without_a_hypothesis.v", "data_at_the_rate_of_the_largest_eigenvalue", LARGEST)


@formal
def test_the_kernel_of_singular_data_is_off_their_range() -> None:
    """A control, proved: where V does not span the range, one step of depth 1 moves W_1 off V. Leaves out: nothing."""
    proved("sharper_constants_singular.v", "singular_without_range", OUTSIDE)
