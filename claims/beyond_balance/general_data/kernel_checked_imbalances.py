"""With every imbalance small, on data of any covariance; checked by Coq's kernel, at every step."""

from claims.suite import formal
from claims.suite.prover import CLASSICAL, proved

# N = n + 1. Roots stand for real powers: c = x^N, F = y^N; exp_fun a x is a^x. S = Q Q^T is the data's covariance, and
# s_d <= S <= s_1; of singular data s_d <= V^T S V <= s_1, as in ``kernel_checked_singular``.

BALANCE_A = r"""
forall (R : rcfType) (d : nat -> nat) (n p : nat) (x y eta s1 sd rho delta : R) (Q : 'M[R]_(d 0%N, p))
       (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d),
(0 < d 0%N)%N -> 0 < x -> 0 <= y -> 0 <= eta -> 0 < sd -> 0 <= rho -> bounded Phi ((y ^+ n.+1) ^+ 2) ->
(forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta) ->
2%:R * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 -> eta * s1 * (y ^+ n.+1) ^+ 2 <= delta ->
(forall v : 'cV[R]_(d 0%N), sqnorm (Q^T *m v) <= s1 * sqnorm v) ->
(forall v : 'cV[R]_(d 0%N), sd * sqnorm v <= sqnorm (Q^T *m v)) -> (0 < d n.+1)%N ->
sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge Phi (x ^+ n.+1 + rho) ->
let W t := iter t (fun V => gradient_step eta (residual Phi V *m Q *m Q^T) V) W0 in forall t : nat,
[/\ sqnorm (residual Phi (W t.+1) *m Q) <= (1 - eta * sd * x ^+ (n + n)) * sqnorm (residual Phi (W t) *m Q),
    sqnorm (residual Phi (W t) *m Q) <= (1 - eta * sd * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0 *m Q),
    forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance (W t) j) <= (1 + sd / s1) * delta
  & sigma_min_ge (end_to_end n.+1 (W t)) (x ^+ n.+1)]
"""

BALANCE_A_II = r"""
forall (R : rcfType) (d : nat -> nat) (n : nat) (x y eta s sd rho delta : R) (Q : 'M[R]_(d 0%N))
       (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d),
(0 < d 0%N)%N -> 0 < x -> 0 <= y -> 0 <= eta -> 0 < sd -> 0 <= rho -> bounded Phi ((y ^+ n.+1) ^+ 2) ->
(forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W0 j) <= delta) ->
2%:R * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 -> eta * s ^+ 2 * (y ^+ n.+1) ^+ 2 <= delta ->
(forall v : 'cV[R]_(d 0%N), sqnorm (Q^T *m v) <= s ^+ 2 * sqnorm v) ->
(forall v : 'cV[R]_(d 0%N), sd * sqnorm v <= sqnorm (Q^T *m v)) -> 0 < s ->
sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> x ^+ n.+1 + rho <= y ^+ n.+1 -> Q \in unitmx ->
sigma_min_ge (Phi *m Q) (x ^+ n.+1 * s + norm (residual Phi W0 *m Q)) ->
let W t := iter t (fun V => gradient_step eta (residual Phi V *m Q *m Q^T) V) W0 in forall t : nat,
[/\ sqnorm (residual Phi (W t.+1) *m Q) <= (1 - eta * sd * x ^+ (n + n)) * sqnorm (residual Phi (W t) *m Q),
    sqnorm (residual Phi (W t) *m Q) <= (1 - eta * sd * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0 *m Q),
    forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance (W t) j) <= (1 + sd / s ^+ 2) * delta
  & sigma_min_ge (end_to_end n.+1 (W t)) (x ^+ n.+1)]
"""

SINGULAR_A = r"""
forall (R : rcfType) (d : nat -> nat) (r p n : nat) (x y eta s1 sd rho delta : R) (V : 'M[R]_(d 0%N, r))
       (Q : 'M[R]_(d 0%N, p)) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d),
(0 < r)%N -> (0 < d n.+1)%N -> 0 < x -> 0 <= y -> 0 <= eta -> 0 < sd -> 0 <= rho -> V *m V^T *m Q = Q ->
bounded (Phi *m V) ((y ^+ n.+1) ^+ 2) ->
(forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance (first_turned V W0) j) <= delta) ->
2%:R * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 -> eta * s1 * (y ^+ n.+1) ^+ 2 <= delta ->
(forall v : 'cV[R]_r, sqnorm ((V^T *m Q)^T *m v) <= s1 * sqnorm v) ->
(forall v : 'cV[R]_r, sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v)) ->
sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge (Phi *m V) (x ^+ n.+1 + rho) ->
let W t := iter t (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0 in forall t : nat,
[/\ sqnorm (residual Phi (W t) *m Q) <= (1 - eta * sd * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0 *m Q),
    forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance (first_turned V (W t)) j) <= (1 + sd / s1) * delta,
    sigma_min_ge (end_to_end n.+1 (W t) *m V) (x ^+ n.+1)
  & W t 0%N *m (1%:M - V *m V^T) = W0 0%N *m (1%:M - V *m V^T)]
"""

SINGULAR_A_II = r"""
forall (R : rcfType) (d : nat -> nat) (r n : nat) (x y eta s sd rho delta : R) (V Q : 'M[R]_(d 0%N, r))
       (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d),
(0 < r)%N -> 0 < x -> 0 <= y -> 0 <= eta -> 0 < s -> 0 < sd -> 0 <= rho -> V *m V^T *m Q = Q ->
bounded (Phi *m V) ((y ^+ n.+1) ^+ 2) ->
(forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance (first_turned V W0) j) <= delta) ->
2%:R * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 -> eta * s ^+ 2 * (y ^+ n.+1) ^+ 2 <= delta ->
(forall v : 'cV[R]_r, sqnorm ((V^T *m Q)^T *m v) <= s ^+ 2 * sqnorm v) ->
(forall v : 'cV[R]_r, sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v)) ->
sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> x ^+ n.+1 + rho <= y ^+ n.+1 -> V^T *m Q \in unitmx ->
sigma_min_ge (Phi *m Q) (x ^+ n.+1 * s + norm (residual Phi W0 *m Q)) ->
let W t := iter t (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0 in forall t : nat,
[/\ sqnorm (residual Phi (W t) *m Q) <= (1 - eta * sd * x ^+ (n + n)) ^+ t * sqnorm (residual Phi W0 *m Q),
    forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance (first_turned V (W t)) j) <= (1 + sd / s ^+ 2) * delta,
    sigma_min_ge (end_to_end n.+1 (W t) *m V) (x ^+ n.+1)
  & W t 0%N *m (1%:M - V *m V^T) = W0 0%N *m (1%:M - V *m V^T)]
"""

STEPS_A = r"""
forall (R : realType) (d : nat -> nat) (N r p : nat) (V : 'M[R]_(d 0%N, r)) (Q : 'M[R]_(d 0%N, p))
       (Phi : 'M[R]_(d N, d 0%N)) (W0 : weights R d) (c F eta s1 sd rho delta eps : R) (T : nat),
let E W := sqnorm (residual Phi W *m Q) / 2%:R in
let W t := iter t (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0 in
(0 < N)%N -> (0 < r)%N -> (0 < d N)%N -> 0 < c -> 0 < F -> 0 < eta -> 0 < sd -> 0 <= rho -> 0 < eps ->
V *m V^T *m Q = Q -> bounded (Phi *m V) (F ^+ 2) -> delta = exp_fun c (2%:R / N%:R) / (2%:R * N%:R ^+ 2) ->
(forall j : nat, (j.+1 < N)%N -> norm (imbalance (first_turned V W0) j) <= delta) -> eta <= delta / (s1 * F ^+ 2) ->
(forall v : 'cV[R]_r, sqnorm ((V^T *m Q)^T *m v) <= s1 * sqnorm v) ->
(forall v : 'cV[R]_r, sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v)) ->
sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge (Phi *m V) (c + rho) ->
ln (E W0 / eps) / (eta * sd * exp_fun c ((2 * (N - 1))%:R / N%:R)) <= T%:R -> E (W T) <= eps
"""

STEPS_A_II = r"""
forall (R : realType) (d : nat -> nat) (N r : nat) (V Q : 'M[R]_(d 0%N, r)) (Phi : 'M[R]_(d N, d 0%N))
       (W0 : weights R d) (c F eta s sd rho delta eps : R) (T : nat),
let E W := sqnorm (residual Phi W *m Q) / 2%:R in
let W t := iter t (fun U => gradient_step eta (residual Phi U *m Q *m Q^T) U) W0 in
(0 < N)%N -> (0 < r)%N -> 0 < c -> 0 < F -> 0 < eta -> 0 < s -> 0 < sd -> 0 <= rho -> 0 < eps ->
V *m V^T *m Q = Q -> bounded (Phi *m V) (F ^+ 2) -> delta = exp_fun c (2%:R / N%:R) / (2%:R * N%:R ^+ 2) ->
(forall j : nat, (j.+1 < N)%N -> norm (imbalance (first_turned V W0) j) <= delta) -> eta <= delta / (s ^+ 2 * F ^+ 2) ->
(forall v : 'cV[R]_r, sqnorm ((V^T *m Q)^T *m v) <= s ^+ 2 * sqnorm v) ->
(forall v : 'cV[R]_r, sd * sqnorm v <= sqnorm ((V^T *m Q)^T *m v)) ->
sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> c + rho <= F -> V^T *m Q \in unitmx ->
sigma_min_ge (Phi *m Q) (c * s + norm (residual Phi W0 *m Q)) ->
ln (E W0 / eps) / (eta * sd * exp_fun c ((2 * (N - 1))%:R / N%:R)) <= T%:R -> E (W T) <= eps
"""

LIMIT = r"""
forall (R : realFieldType) (n : nat) (a r y : R), (0 < n)%N -> 0 <= a -> a <= r -> 0 <= y ->
a ^+ n.+1 + r ^+ n.+1 = 2%:R * y ^+ n.+1 ->
5%:R * (a ^+ 2 * r ^+ (n + n) * (1 + 3%:R * n%:R / (2%:R * n.+1%:R ^+ 2)) ^+ n)
<= 4%:R * n.+1%:R * (y ^+ n.+1) ^+ 2
"""


@formal
def test_data_with_the_other_balance() -> None:
    """(A) with margin (i), at every depth and step: the rate, each ||B_j(t)||_F, sigma_min(W) >= c. Leaves out: T in
    logarithms (``kernel_checked_steps``); sigma_min as a number."""
    proved("sharper_powers_data.v", "theorem_data_a", BALANCE_A)


@formal
def test_data_with_the_other_balance_and_margin() -> None:
    """(A) with margin (ii), Q any square root of S, s = s_1^{1/2}. Leaves out: as above."""
    proved("sharper_powers_data.v", "theorem_data_a_ii", BALANCE_A_II)


@formal
def test_singular_data_with_the_other_balance() -> None:
    """(A) with margin (i) of (W_1 V, W_2, ..), as in ``kernel_checked_singular``. Leaves out: T in logarithms (below);
    sigma_min as a number."""
    proved("singular_data_imbalances.v", "theorem_data_a_singular", SINGULAR_A)


@formal
def test_singular_data_with_the_other_balance_and_margin() -> None:
    """(A) with margin (ii). Leaves out: as above."""
    proved("singular_data_imbalances.v", "theorem_data_a_singular_ii", SINGULAR_A_II)


@formal
def test_steps_on_singular_data_with_the_other_balance() -> None:
    """T of (A) with margin (i). Leaves out: sigma_min as a number."""
    proved("general_data_complete.v", "enough_steps_a_singular", STEPS_A, CLASSICAL)


@formal
def test_steps_on_singular_data_with_the_other_balance_and_margin() -> None:
    """T of (A) with margin (ii). Leaves out: sigma_min as a number."""
    proved("general_data_complete.v", "enough_steps_a_singular_ii", STEPS_A_II, CLASSICAL)


@formal
def test_the_limit_of_the_learning_rate() -> None:
    """Row 8 in (A): eta s_1 N M^{2N-2} <= 2/5 from N = 2 on, for a^N = c, r^N = 2F - c and y^N = F. Leaves out:
    nothing."""
    proved("sharper_limits.v", "enough_of_the_limit", LIMIT)
