"""One point and one step, from bounds of the gated covariances, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

# The expectation is that of finitely many samples with weights p_n. For x ~ N(0, I) the two bounds are M(w, w) = I/2
# and M(w, v) >= kappa I; apart u v is |u - v|^2, v the teacher.

ONE_POINT = r"""
forall (R : realFieldType) (d m : nat) (x : 'I_m -> 'I_d -> R) (p : 'I_m -> R),
(forall n, 0 <= p n) -> forall (kappa : R) (w v : 'I_d -> R),
bounded_samples x (gated x p w) (1 / 2%:R) -> both_gates x p kappa w v ->
let along := dot (relu_gradient x p w v) (fun i => w i - v i) in
let rho := \sum_n gated x p w n * gap x 0 w v n ^+ 2 in
[/\ rho <= along, 2%:R * dot (relu_gradient x p w v) (relu_gradient x p w v) <= rho & kappa * apart w v <= along]
"""

ONE_STEP = """
forall (R : realFieldType) (d m : nat) (x : 'I_m -> 'I_d -> R) (p : 'I_m -> R),
(forall n, 0 <= p n) -> forall (kappa eta : R) (w v : 'I_d -> R),
bounded_samples x (gated x p w) (1 / 2%:R) -> both_gates x p kappa w v -> 0 <= eta <= 4%:R ->
apart (relu_step x p eta v w) v <= (1 - eta * (2%:R - eta / 2%:R) * kappa) * apart w v
"""

RATE = r"""
forall (R : realFieldType) (d m : nat) (x : 'I_m -> 'I_d -> R) (p : 'I_m -> R),
(forall n, 0 <= p n) -> forall (kappa eta : R) (w v : 'I_d -> R) (T : nat),
let W t := iter t (relu_step x p eta v) w in
(forall t, (t < T)%N -> bounded_samples x (gated x p (W t)) (1 / 2%:R) /\ both_gates x p kappa (W t) v) ->
0 <= eta <= 4%:R -> eta * (2%:R - eta / 2%:R) * kappa <= 1 ->
apart (W T) v <= (1 - eta * (2%:R - eta / 2%:R) * kappa) ^+ T * apart w v
"""

ATTAINED = r"""
forall (R : realFieldType) (eta r : R), 0 < r ->
[/\ bounded_samples (one_sample R) (gated (one_sample R) (half_weight R) (only r)) (1 / 2%:R),
    both_gates (one_sample R) (half_weight R) (1 / 2%:R) (only r) (only 1) &
    apart (relu_step (one_sample R) (half_weight R) eta (only 1) (only r)) (only 1) =
    (1 - eta * (2%:R - eta / 2%:R) * (1 / 2%:R)) * apart (only r) (only 1)]
"""


@formal
def test_one_point() -> None:
    """All three bounds, given those of M. Leaves out: the Gaussian and its kappa (DL-044); that the gradient is a
    derivative."""
    proved("relu_teacher.v", "relu_one_point", ONE_POINT)


@formal
def test_one_step() -> None:
    """Given the bounds of M, for 0 <= eta <= 4. Leaves out: as above, and that the angle falls."""
    proved("relu_teacher.v", "relu_one_step", ONE_STEP)


@formal
def test_rate() -> None:
    """While the bounds of M hold, with one kappa. Leaves out: as above: that kappa(th_0) is such a one."""
    proved("relu_teacher.v", "relu_rate", RATE)


@formal
def test_the_step_is_attained() -> None:
    """One sample with the weight 1/2, kappa = 1/2 as at th = 0, for every eta; so the bounds of M can hold. Leaves out:
    nothing."""
    proved("relu_teacher.v", "relu_step_attained", ATTAINED)
