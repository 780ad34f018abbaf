"""The theorem with 32 for its 2, and one with N for N^2 in eta, on data of any covariance; checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

# N = n + 1. Roots stand for real powers: c = x^N, F = y^N. S = Q Q^T is the data's covariance.

OWN_POWERS = r"""
forall (R : rcfType) (d : nat -> nat) (n : nat) (x y eta delta : R) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d),
(0 < d 0%N)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> norm Phi = y ^+ n.+1 -> 0 <= eta ->
has_margin Phi (end_to_end n.+1 W0) (x ^+ n.+1) ->
(forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta) ->
32%:R * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 -> eta * (y ^+ n.+1) ^+ 2 <= delta ->
forall t : nat, let W := descent eta Phi W0 t in
[/\ sqnorm (residual Phi W) <= (1 - eta * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0),
    forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W j) <= 2%:R * delta
  & sigma_min_ge (end_to_end n.+1 W) (x ^+ n.+1)]
"""

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


@formal
def test_own_powers() -> None:
    """Every step of the claim's own theorem, with delta = c^{2/N} / (32 N^2). Leaves out: the constant 2, for which 32
    stands here; T in logarithms (``kernel_checked_steps``); sigma_min as a number."""
    proved("sharper_powers.v", "sharper_powers", OWN_POWERS)


@formal
def test_loss_of_data() -> None:
    """What E is: the regression loss less its minimum. Leaves out: nothing."""
    proved("sharper_constants.v", "loss_of_data", LOSS_OF_DATA)


@formal
def test_data() -> None:
    """Stronger than the claim but for the constants: N for N^2 in eta, N times the sum of all |B_j|_2 for N^2 times the
    largest ||B_j||_F, any covariance s_d <= S <= s_1. Leaves out: 2 delta for each layer later; T in logarithms
    (``kernel_checked_steps``); singular S; sigma_min as a number."""
    proved("sharper_constants.v", "theorem_data", DATA)


@formal
def test_data_with_the_margin_in_the_metric_of_the_data() -> None:
    """The same where sigma_min(Phi S^{1/2}) >= c sqrt(s_1) + |G(0)|_S. Leaves out: as above."""
    proved("sharper_constants.v", "theorem_data_ii", DATA_II)


@formal
def test_whitened_data() -> None:
    """S = 1, Frobenius' norms, gradient descent as in Theorem 1. Leaves out: as above."""
    proved("sharper_constants.v", "whitened_frobenius", WHITENED)


@formal
def test_whitened_data_in_spectral_norms() -> None:
    """S = 1, with bounds b_j of |B_j(0)|_2, and what becomes of them. Leaves out: sigma_min and |B_j|_2 as numbers."""
    proved("sharper_constants.v", "whitened", WHITENED_SPECTRAL)


@formal
def test_hypotheses_can_be_met() -> None:
    """At every depth by a start with a loss, at the largest learning rate. Leaves out: nothing."""
    proved("sharper_constants.v", "hypotheses_met_data", MET)
