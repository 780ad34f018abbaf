"""The number of steps in real powers and logarithms, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import CLASSICAL, proved

# exp_fun a x is a^x. S = Q Q^T is the data's covariance, s_d <= S <= s_1.

DATA = r"""
forall (R : realType) (d : nat -> nat) (N p : nat) (Q : 'M[R]_(d 0%N, p)) (Phi : 'M[R]_(d N, d 0%N))
       (W0 : weights R d) (b : nat -> R) (c F eta s1 sd rho eps : R) (T : nat),
let E W := sqnorm (residual Phi W *m Q) / 2%:R in
let W t := iter t (fun V => gradient_step eta (residual Phi V *m Q *m Q^T) V) W0 in
(0 < N)%N -> (0 < d 0%N)%N -> (0 < d N)%N -> 0 < c -> 0 < F -> 0 < eta -> 0 < sd -> 0 <= rho -> 0 < eps ->
bounded Phi (F ^+ 2) -> (forall j : nat, 0 <= b j) ->
(forall j : nat, (j.+1 < N)%N -> form_bounded (imbalance W0 j) (b j)) ->
N%:R * (\sum_(0 <= j < N.-1) b j) <= exp_fun c (2%:R / N%:R) / 7%:R ->
eta <= exp_fun c (2%:R / N%:R) / (15%:R * N%:R * s1 * F ^+ 2) ->
(forall v : 'cV[R]_(d 0%N), sqnorm (Q^T *m v) <= s1 * sqnorm v) ->
(forall v : 'cV[R]_(d 0%N), sd * sqnorm v <= sqnorm (Q^T *m v)) ->
sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge Phi (c + rho) ->
ln (E W0 / eps) / (eta * sd * exp_fun c ((2 * (N - 1))%:R / N%:R)) <= T%:R -> E (W T) <= eps
"""

DATA_II = r"""
forall (R : realType) (d : nat -> nat) (N : nat) (Q : 'M[R]_(d 0%N)) (Phi : 'M[R]_(d N, d 0%N))
       (W0 : weights R d) (b : nat -> R) (c F eta s sd rho eps : R) (T : nat),
let E W := sqnorm (residual Phi W *m Q) / 2%:R in
let W t := iter t (fun V => gradient_step eta (residual Phi V *m Q *m Q^T) V) W0 in
(0 < N)%N -> (0 < d 0%N)%N -> 0 < c -> 0 < F -> 0 < eta -> 0 < s -> 0 < sd -> 0 <= rho -> 0 < eps ->
bounded Phi (F ^+ 2) -> (forall j : nat, 0 <= b j) ->
(forall j : nat, (j.+1 < N)%N -> form_bounded (imbalance W0 j) (b j)) ->
N%:R * (\sum_(0 <= j < N.-1) b j) <= exp_fun c (2%:R / N%:R) / 7%:R ->
eta <= exp_fun c (2%:R / N%:R) / (15%:R * N%:R * s ^+ 2 * F ^+ 2) ->
(forall v : 'cV[R]_(d 0%N), sqnorm (Q^T *m v) <= s ^+ 2 * sqnorm v) ->
(forall v : 'cV[R]_(d 0%N), sd * sqnorm v <= sqnorm (Q^T *m v)) ->
sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> c + rho <= F -> Q \in unitmx ->
sigma_min_ge (Phi *m Q) (c * s + norm (residual Phi W0 *m Q)) ->
ln (E W0 / eps) / (eta * sd * exp_fun c ((2 * (N - 1))%:R / N%:R)) <= T%:R -> E (W T) <= eps
"""

BALANCE_A = r"""
forall (R : realType) (d : nat -> nat) (N p : nat) (Q : 'M[R]_(d 0%N, p)) (Phi : 'M[R]_(d N, d 0%N))
       (W0 : weights R d) (c F eta s1 sd rho delta eps : R) (T : nat),
let E W := sqnorm (residual Phi W *m Q) / 2%:R in
let W t := iter t (fun V => gradient_step eta (residual Phi V *m Q *m Q^T) V) W0 in
(0 < N)%N -> (0 < d 0%N)%N -> (0 < d N)%N -> 0 < c -> 0 < F -> 0 < eta -> 0 < sd -> 0 <= rho -> 0 < eps ->
bounded Phi (F ^+ 2) -> delta = exp_fun c (2%:R / N%:R) / (2%:R * N%:R ^+ 2) ->
(forall j : nat, (j.+1 < N)%N -> norm (imbalance W0 j) <= delta) -> eta <= delta / (s1 * F ^+ 2) ->
(forall v : 'cV[R]_(d 0%N), sqnorm (Q^T *m v) <= s1 * sqnorm v) ->
(forall v : 'cV[R]_(d 0%N), sd * sqnorm v <= sqnorm (Q^T *m v)) ->
sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> sigma_min_ge Phi (c + rho) ->
ln (E W0 / eps) / (eta * sd * exp_fun c ((2 * (N - 1))%:R / N%:R)) <= T%:R -> E (W T) <= eps
"""

BALANCE_A_II = r"""
forall (R : realType) (d : nat -> nat) (N : nat) (Q : 'M[R]_(d 0%N)) (Phi : 'M[R]_(d N, d 0%N)) (W0 : weights R d)
       (c F eta s sd rho delta eps : R) (T : nat),
let E W := sqnorm (residual Phi W *m Q) / 2%:R in
let W t := iter t (fun V => gradient_step eta (residual Phi V *m Q *m Q^T) V) W0 in
(0 < N)%N -> (0 < d 0%N)%N -> 0 < c -> 0 < F -> 0 < eta -> 0 < s -> 0 < sd -> 0 <= rho -> 0 < eps ->
bounded Phi (F ^+ 2) -> delta = exp_fun c (2%:R / N%:R) / (2%:R * N%:R ^+ 2) ->
(forall j : nat, (j.+1 < N)%N -> norm (imbalance W0 j) <= delta) -> eta <= delta / (s ^+ 2 * F ^+ 2) ->
(forall v : 'cV[R]_(d 0%N), sqnorm (Q^T *m v) <= s ^+ 2 * sqnorm v) ->
(forall v : 'cV[R]_(d 0%N), sd * sqnorm v <= sqnorm (Q^T *m v)) ->
sqnorm (residual Phi W0 *m Q) <= sd * rho ^+ 2 -> c + rho <= F -> Q \in unitmx ->
sigma_min_ge (Phi *m Q) (c * s + norm (residual Phi W0 *m Q)) ->
ln (E W0 / eps) / (eta * sd * exp_fun c ((2 * (N - 1))%:R / N%:R)) <= T%:R -> E (W T) <= eps
"""


@formal
def test_steps_on_data() -> None:
    """(B) with margin (i), word for word. Leaves out: sigma_min as a number; singular S."""
    proved("sharper_constants_complete.v", "enough_steps_data", DATA, CLASSICAL)


@formal
def test_steps_on_data_with_the_margin_in_the_metric_of_the_data() -> None:
    """(B) with margin (ii), s = s_1^{1/2}. Leaves out: sigma_min as a number; singular S."""
    proved("sharper_constants_complete.v", "enough_steps_data_ii", DATA_II, CLASSICAL)


@formal
def test_steps_with_the_other_balance() -> None:
    """(A) with margin (i), word for word. Leaves out: sigma_min as a number; singular S."""
    proved("general_data_complete.v", "enough_steps_a", BALANCE_A, CLASSICAL)


@formal
def test_steps_with_the_other_balance_and_margin() -> None:
    """(A) with margin (ii), s = s_1^{1/2}. Leaves out: sigma_min as a number; singular S."""
    proved("general_data_complete.v", "enough_steps_a_ii", BALANCE_A_II, CLASSICAL)
