"""Singular data; checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import CLASSICAL, proved

# N = n + 1. Roots stand for real powers: c = x^N, F = y^N; exp_fun a x is a^x. S = Q Q^T is the data's covariance and V
# has V V^T Q = Q. (W_1 V, W_2, ..) has data V^T Q, of covariance V^T S V, which is between s_d and s_1.

SINGULAR = r"""
forall (R : rcfType) (d : nat -> nat) (r p n : nat) (x y eta s1 sd rho : R) (V : 'M[R]_(d 0%N, r))
       (Q : 'M[R]_(d 0%N, p)) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d) (b : nat -> R),
(0 < r)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> 0 <= eta -> 0 < sd -> V *m V^T *m Q = Q ->
bounded (Phi *m V) ((y ^+ n.+1) ^+ 2) -> (forall j : nat, 0 <= b j) ->
(forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance (first_turned V W0) j) (b j)) ->
7%:R * (n.+1%:R * \sum_(0 <= j < n) b j) <= x ^+ 2 ->
15%:R * (n.+1%:R * (eta * s1 * (y ^+ n.+1) ^+ 2)) <= x ^+ 2 -> 0 <= rho ->
(forall v : 'cV[R]_r, sqnorm ((V^T *m Q)^T *m v) <= s1 * sqnorm v) ->
(forall v : 'cV[R]_r, sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v)) ->
sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge (Phi *m V) (x ^+ n.+1 + rho) ->
let W t := iter t (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0 in forall t : nat,
[/\ sqnorm (residual Phi (W t.+1) *m Q) <= (1 - eta * sd * x ^+ (n + n)) * sqnorm (residual Phi (W t) *m Q),
    sqnorm (residual Phi (W t) *m Q) <= (1 - eta * sd * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0 *m Q),
    sigma_min_ge (end_to_end n.+1 (W t) *m V) (x ^+ n.+1)
  & W t 0%N *m (1%:M - V *m V^T) = W0 0%N *m (1%:M - V *m V^T)]
"""

SINGULAR_II = r"""
forall (R : rcfType) (d : nat -> nat) (r n : nat) (x y eta s sd rho : R) (V Q : 'M[R]_(d 0%N, r))
       (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d) (b : nat -> R),
(0 < r)%N -> 0 < x -> 0 <= y -> 0 <= eta -> 0 < s -> 0 < sd -> V *m V^T *m Q = Q ->
bounded (Phi *m V) ((y ^+ n.+1) ^+ 2) ->
(forall j : nat, 0 <= b j) ->
(forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance (first_turned V W0) j) (b j)) ->
7%:R * (n.+1%:R * \sum_(0 <= j < n) b j) <= x ^+ 2 ->
15%:R * (n.+1%:R * (eta * s ^+ 2 * (y ^+ n.+1) ^+ 2)) <= x ^+ 2 -> 0 <= rho ->
(forall v : 'cV[R]_r, sqnorm ((V^T *m Q)^T *m v) <= s ^+ 2 * sqnorm v) ->
(forall v : 'cV[R]_r, sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v)) ->
sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> x ^+ n.+1 + rho <= y ^+ n.+1 -> V^T *m Q \in unitmx ->
sigma_min_ge (Phi *m Q) (x ^+ n.+1 * s + norm (residual Phi W0 *m Q)) ->
let W t := iter t (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0 in forall t : nat,
[/\ sqnorm (residual Phi (W t.+1) *m Q) <= (1 - eta * sd * x ^+ (n + n)) * sqnorm (residual Phi (W t) *m Q),
    sqnorm (residual Phi (W t) *m Q) <= (1 - eta * sd * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0 *m Q),
    sigma_min_ge (end_to_end n.+1 (W t) *m V) (x ^+ n.+1)
  & W t 0%N *m (1%:M - V *m V^T) = W0 0%N *m (1%:M - V *m V^T)]
"""

STEPS = r"""
forall (R : realType) (d : nat -> nat) (N r p : nat) (V : 'M[R]_(d 0%N, r)) (Q : 'M[R]_(d 0%N, p))
       (Phi : 'M[R]_(d N, d 0%N)) (W0 : weights R d) (b : nat -> R) (c F eta s1 sd rho eps : R) (T : nat),
let E W := sqnorm (residual Phi W *m Q) / 2%:R in
let W t := iter t (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0 in
(0 < N)%N -> (0 < r)%N -> (0 < d N)%N -> 0 < c -> 0 < F -> 0 < eta -> 0 < sd -> 0 <= rho -> 0 < eps ->
V *m V^T *m Q = Q -> bounded (Phi *m V) (F ^+ 2) ->
(forall j : nat, 0 <= b j) -> (forall j : nat, (j.+1 < N)%N -> form_bounded (imbalance (first_turned V W0) j) (b j)) ->
N%:R * (\sum_(0 <= j < N.-1) b j) <= exp_fun c (2%:R / N%:R) / 7%:R ->
eta <= exp_fun c (2%:R / N%:R) / (15%:R * N%:R * s1 * F ^+ 2) ->
(forall v : 'cV[R]_r, sqnorm ((V^T *m Q)^T *m v) <= s1 * sqnorm v) ->
(forall v : 'cV[R]_r, sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v)) ->
sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge (Phi *m V) (c + rho) ->
ln (E W0 / eps) / (eta * sd * exp_fun c ((2 * (N - 1))%:R / N%:R)) <= T%:R -> E (W T) <= eps
"""

STEPS_II = r"""
forall (R : realType) (d : nat -> nat) (N r : nat) (V Q : 'M[R]_(d 0%N, r)) (Phi : 'M[R]_(d N, d 0%N))
       (W0 : weights R d) (b : nat -> R) (c F eta s sd rho eps : R) (T : nat),
let E W := sqnorm (residual Phi W *m Q) / 2%:R in
let W t := iter t (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0 in
(0 < N)%N -> (0 < r)%N -> 0 < c -> 0 < F -> 0 < eta -> 0 < s -> 0 < sd -> 0 <= rho -> 0 < eps ->
V *m V^T *m Q = Q -> bounded (Phi *m V) (F ^+ 2) ->
(forall j : nat, 0 <= b j) -> (forall j : nat, (j.+1 < N)%N -> form_bounded (imbalance (first_turned V W0) j) (b j)) ->
N%:R * (\sum_(0 <= j < N.-1) b j) <= exp_fun c (2%:R / N%:R) / 7%:R ->
eta <= exp_fun c (2%:R / N%:R) / (15%:R * N%:R * s ^+ 2 * F ^+ 2) ->
(forall v : 'cV[R]_r, sqnorm ((V^T *m Q)^T *m v) <= s ^+ 2 * sqnorm v) ->
(forall v : 'cV[R]_r, sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v)) ->
sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> c + rho <= F -> V^T *m Q \in unitmx ->
sigma_min_ge (Phi *m Q) (c * s + norm (residual Phi W0 *m Q)) ->
ln (E W0 / eps) / (eta * sd * exp_fun c ((2 * (N - 1))%:R / N%:R)) <= T%:R -> E (W T) <= eps
"""

BASIS = r"""
forall (R : rcfType) (m p : nat) (Q : 'M[R]_(m, p)), Q != 0 ->
exists (V : 'M[R]_(m, \rank Q)) (U : 'M[R]_(p, \rank Q)) (s1 sd : R),
[/\ (0 < \rank Q)%N /\ V^T *m V = 1%:M, V *m V^T *m Q = Q,
    Q *m U *m (Q *m U)^T = Q *m Q^T /\ V^T *m (Q *m U) \in unitmx, 0 < sd
  & forall v : 'cV[R]_(\rank Q), sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v) <= s1 * sqnorm v /\
    sqnorm ((V^T *m (Q *m U))^T *m v) = sqnorm ((V^T *m Q)^T *m v)]
"""

MET = r"""
forall (R : rcfType) (n : nat), let V := seen_input R in
exists (x eta rho : R) (Phi : 'M[R]_(two_inputs n.+1, two_inputs 0)) (W0 : weights R two_inputs),
[/\ [/\ 0 < x, 0 < eta, 0 <= rho & x ^+ n.+1 + rho <= 1 ^+ n.+1],
    [/\ V *m V^T *m V = V, V *m V^T \notin unitmx, V^T *m V \in unitmx
      & forall v : 'cV[R]_1, sqnorm ((V^T *m V)^T *m v) = 1 * sqnorm v],
    [/\ bounded (Phi *m V) ((1 ^+ n.+1) ^+ 2), 15%:R * (n.+1%:R * (eta * 1 * (1 ^+ n.+1) ^+ 2)) = x ^+ 2
      & forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance (first_turned V W0) j) 0],
    [/\ 0 < sqnorm (residual Phi W0 *m V), sqnorm (residual Phi W0 *m V) <= 1 * rho ^+ 2,
        sigma_min_ge (Phi *m V) (x ^+ n.+1 + rho)
      & sigma_min_ge (Phi *m V) (x ^+ n.+1 * 1 + norm (residual Phi W0 *m V))]
  & W0 0%N *m (1%:M - V *m V^T) != 0]
"""


@formal
def test_singular_data() -> None:
    """(B) with margin (i), asked as the balance is of (W_1 V, W_2, ..): its rate, and W_1 never moves on the kernel.
    Leaves out: T in logarithms (below); sigma_min as a number."""
    proved("sharper_constants_singular.v", "theorem_data_singular", SINGULAR)


@formal
def test_singular_data_with_the_margin_in_the_metric_of_the_data() -> None:
    """(B) with margin (ii), s = s_1^{1/2} and Q of as many columns as S has rank. Leaves out: as above."""
    proved("sharper_constants_singular.v", "theorem_data_singular_ii", SINGULAR_II)


@formal
def test_steps_on_singular_data() -> None:
    """T of (B) with margin (i), word for word. Leaves out: sigma_min as a number."""
    proved("general_data_complete.v", "enough_steps_singular", STEPS, CLASSICAL)


@formal
def test_steps_on_singular_data_with_the_margin_in_the_metric_of_the_data() -> None:
    """T of (B) with margin (ii). Leaves out: as above."""
    proved("general_data_complete.v", "enough_steps_singular_ii", STEPS_II, CLASSICAL)


@formal
def test_singular_data_have_such_a_basis() -> None:
    """Every S that is not 0 has V, s_d and s_1 as these theorems ask, and for margin (ii) a root Q U. Leaves out: s_d
    and s_1 as eigenvalues."""
    proved("singular_data_range.v", "singular_data_have_a_basis", BASIS)


@formal
def test_hypotheses_on_singular_data_can_be_met() -> None:
    """With either margin, at every depth and the largest learning rate: of two inputs one is not seen, W_1 is not 0 on
    it, and there is a loss. Leaves out: data of more inputs."""
    proved("sharper_constants_singular.v", "hypotheses_met_singular", MET)
