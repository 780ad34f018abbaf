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

ANGLE_FALLS = r"""
forall (R : rcfType) (pi : R) (angle : R -> R) (m : nat), 0 < pi ->
forall (eta : R) (v : 'cV[R]_m), 0 < eta <= 2%:R -> forall w : 'cV[R]_m,
decreasing_angle pi angle -> 0 < gram_of_two w v ->
0 < gram_of_two (teacher_step pi angle eta v w) v /\
angle (cosine (teacher_step pi angle eta v w) v) < angle (cosine w v)
"""

ANGLES_FALL = r"""
forall (R : rcfType) (pi : R) (angle : R -> R) (m : nat), 0 < pi ->
forall (eta : R) (v : 'cV[R]_m), 0 < eta <= 2%:R -> forall (w : 'cV[R]_m) (t : nat),
decreasing_angle pi angle -> 0 < gram_of_two w v ->
let W s := iter s (teacher_step pi angle eta v) w in
0 < gram_of_two (W t) v /\ angle (cosine (W t.+1) v) < angle (cosine (W t) v)
"""

ANGLE_NEED_NOT_FALL = """
forall (R : rcfType) (pi : R) (angle : R -> R) (m : nat) (eta : R) (v : 'cV[R]_m),
0 < pi -> decreasing_angle pi angle -> 0 < eta <= 2%:R -> 0 < dot v v ->
~ forall w : 'cV[R]_m, angle (cosine (teacher_step pi angle eta v w) v) < angle (cosine w v)
"""

ANGLE_MET = """
forall (R : rcfType) (pi : R), 0 < pi -> decreasing_angle pi (fun c => pi * ((1 - c) / 2%:R))
"""


@formal
def test_one_point() -> None:
    """All three bounds, given those of M. Leaves out: the Gaussian and its kappa (DL-044); that the gradient is a
    derivative."""
    proved("relu_teacher.v", "relu_one_point", ONE_POINT)


@formal
def test_one_step() -> None:
    """Given the bounds of M, for 0 <= eta <= 4. Leaves out: as above."""
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


@formal
def test_the_angle_falls() -> None:
    """One step w - eta (w/2 - K(w, w*)): th' < th where 0 < eta <= 2 and 0 < th < pi, th any decreasing function of the
    cosine that is at most pi, as arccos is. Leaves out: that w/2 - K is the gradient."""
    proved("relu_teacher_angles.v", "angle_falls", ANGLE_FALLS)


@formal
def test_the_angles_fall() -> None:
    """At every step of a run, so that th_t <= th_0. Leaves out: as above."""
    proved("relu_teacher_angles.v", "angles_fall", ANGLES_FALL)


@formal
def test_on_the_ray_the_angle_need_not_fall() -> None:
    """A control, proved: from w = w* it does not, so that independence is needed. Leaves out: nothing."""
    proved("relu_teacher_angles.v", "angle_need_not_fall", ANGLE_NEED_NOT_FALL)


@formal
def test_an_angle_can_be_met() -> None:
    """By a decreasing function over every real closed field. Leaves out: that arccos is one."""
    proved("relu_teacher_angles.v", "decreasing_angle_met", ANGLE_MET)
