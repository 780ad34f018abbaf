"""Statements 2 to 4, functions of one number, checked by Coq's kernel over any real field."""

from claims.suite import formal
from claims.suite.prover import proved

NEVER_PAST_ZERO = r"""
forall (R : realFieldType) (n : nat) (eta w : R) (t : nat),
0 < eta -> 2%:R * n.+3%:R * eta < 1 -> 0 < w <= 1 ->
let u t := iter t (odd_step n.+3 eta) w in 0 < u t.+1 < u t /\ 1 < (u t ^+ n.+3 + 1) ^+ 2
"""

HALF_OVER_DEPTH_IS_SHARP = """
forall (R : realFieldType) (n : nat),
odd_step n.+3 (2%:R * n.+3%:R)^-1 (1 : R) = 0
"""

SLOW_AT_DEPTH_THREE = """
forall (R : realFieldType) (eta w : R) (t : nat),
0 < eta -> 6%:R * eta < 1 -> 0 < w <= 1 ->
w^-1 + 3%:R * eta * t%:R <= (iter t (odd_step 3 eta) w)^-1
"""

CYCLE_OF_TWO = """
forall (R : realFieldType) (eta u : R) (t : nat),
0 < eta -> u ^+ 2 = 1 + 2%:R / eta ->
iter t (double_step eta) u = (-1) ^+ t * u
"""

DIVERGENCE_BEYOND = r"""
forall (R : realFieldType) (eta u : R) (t : nat),
0 < eta -> 1 + 2%:R / eta < u ^+ 2 ->
let q := eta * u ^+ 2 - 1 - eta in 1 < q /\ q ^+ t * `|u| <= `|iter t (double_step eta) u|
"""

NEARER_INSIDE = """
forall (R : realFieldType) (eta u : R),
0 < eta -> 1 < u ^+ 2 < 1 + 2%:R / eta ->
`|double_step eta u| < `|u|
"""

NO_LINEAR_RATE = r"""
forall (R : realFieldType) (eta u : R) (t : nat),
0 < eta -> u != 0 -> 2%:R * (eta * u ^+ 2) <= 1 ->
let v := iter t (quartic_step eta) u in
[/\ v != 0, u ^- 2 + 2%:R * eta * t%:R <= v ^- 2 & v ^- 2 <= u ^- 2 + 6%:R * eta * t%:R]
"""


@formal
def test_never_past_zero() -> None:
    """N = n + 3, odd or even; 2 f(w) > 1 for ever. Leaves out: the limit 0, which needs N odd to matter."""
    proved("landscape_limits.v", "never_past_zero", NEVER_PAST_ZERO)


@formal
def test_a_larger_rate_gets_to_zero() -> None:
    """A control, proved: at eta = 1/(2N) the next number is 0. Leaves out: what is beyond it."""
    proved("landscape_limits.v", "half_over_depth_is_sharp", HALF_OVER_DEPTH_IS_SHARP)


@formal
def test_slow_at_depth_three() -> None:
    """1/w(t) >= 1/w(0) + 3 eta t. Leaves out: nothing."""
    proved("landscape_limits.v", "slow_at_depth_three", SLOW_AT_DEPTH_THREE)


@formal
def test_a_cycle_of_two() -> None:
    """At every step. Leaves out: nothing."""
    proved("landscape_limits.v", "cycle_of_two", CYCLE_OF_TWO)


@formal
def test_divergence_beyond_it() -> None:
    """With its factor. Leaves out: nothing."""
    proved("landscape_limits.v", "divergence_beyond", DIVERGENCE_BEYOND)


@formal
def test_nearer_inside_it() -> None:
    """One step. Leaves out: nothing."""
    proved("landscape_limits.v", "nearer_inside", NEARER_INSIDE)


@formal
def test_no_linear_rate() -> None:
    """Both bounds, at every step. Leaves out: that 6, 1/2 and 2 are best possible."""
    proved("landscape_limits.v", "no_linear_rate", NO_LINEAR_RATE)
