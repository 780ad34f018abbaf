"""One step and the interpolation, for any weighted samples, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

# apart u v is |u - v|^2, seen rho, slope_of a s that s is s' with any s'(0) in [a, 1]; lambda is a bound of S.

ONE_STEP = """
forall (R : realFieldType) (d m : nat) (x : 'I_m -> 'I_d -> R) (p : 'I_m -> R) (a : R) (s : R -> R) (eta lambda : R)
       (w v : 'I_d -> R),
(forall n, 0 <= p n) -> 0 <= a <= 1 -> slope_of a s -> 0 <= eta -> 0 < lambda -> bounded_samples x p lambda ->
apart (unit_step x p a s eta v w) v <= apart w v - eta * (2%:R - eta * lambda) * seen x p a s w v
"""

INTERPOLATION = r"""
forall (R : realFieldType) (d m : nat) (x : 'I_m -> 'I_d -> R) (p : 'I_m -> R) (a : R) (s : R -> R) (eta lambda : R)
       (w v : 'I_d -> R) (T : nat),
(forall n, 0 <= p n) -> 0 <= a <= 1 -> slope_of a s -> 0 < eta -> 0 < lambda -> eta * lambda < 2%:R ->
bounded_samples x p lambda ->
let W t := iter t (unit_step x p a s eta v) w in let loss u := (\sum_n p n * gap x a u v n ^+ 2) / 2%:R in
\sum_(0 <= t < T) seen x p a s (W t) v <= apart w v / (eta * (2%:R - eta * lambda)) /\
(0 < a -> \sum_(0 <= t < T) loss (W t) <= apart w v / (2%:R * a * eta * (2%:R - eta * lambda)))
"""

ATTAINED = r"""
forall (R : realFieldType) (eta : R) (w v : 'I_1 -> R), let s (_ : R) := 1 : R in
[/\ slope_of 1 s, bounded_samples (one_sample R) (unit_weights R) 1 &
    apart (unit_step (one_sample R) (unit_weights R) 1 s eta v w) v =
    apart w v - eta * (2%:R - eta * 1) * seen (one_sample R) (unit_weights R) 1 s w v]
"""

THREE = """
forall R : realFieldType,
~ forall (d m : nat) (x : 'I_m -> 'I_d -> R) (p : 'I_m -> R) (a : R) (s : R -> R) (eta lambda : R)
    (w v : 'I_d -> R),
  (forall n, 0 <= p n) -> 0 <= a <= 1 -> slope_of a s -> 0 <= eta -> 0 < lambda -> bounded_samples x p lambda ->
  apart (unit_step x p a s eta v w) v <= apart w v - eta * (3%:R - eta * lambda) * seen x p a s w v
"""


@formal
def test_one_step() -> None:
    """Over any ordered field, p_n for 1/n and any lambda > 0 that bounds S. Leaves out: that the gradient is a
    derivative; samples that are all 0."""
    proved("leaky_unit.v", "leaky_step", ONE_STEP)


@formal
def test_interpolation() -> None:
    """Both sums, for every T. Leaves out: that l(w_t) -> 0 and the best of the first losses, which follow."""
    proved("leaky_unit.v", "interpolation", INTERPOLATION)


@formal
def test_the_step_is_attained() -> None:
    """One sample and alpha = 1, for every eta; so the hypotheses can be met. Leaves out: nothing."""
    proved("leaky_unit.v", "leaky_step_attained", ATTAINED)


@formal
def test_two_is_not_three() -> None:
    """A control, proved: with 3 for 2 in the step it is false. Leaves out: nothing."""
    proved("leaky_unit.v", "leaky_step_not_three", THREE)
