"""Statement 1 for weighted samples, checked by Coq's kernel; w are the teachers U*, s and t the slopes of both."""

from claims.suite import formal
from claims.suite.prover import proved

ONE_POINT_IDENTITY = r"""
forall (R : comRingType) (d K m : nat) (p : 'I_m -> R) (x : 'I_m -> 'I_d -> R) (u w : 'I_K -> 'I_d -> R)
       (s t : 'I_K -> 'I_m -> R),
let e n := units x u s n - units x w t n in
\sum_j dot (gradient p x u w s t j) (fun i => u j i - w j i) =
\sum_n p n * e n ^+ 2 + \sum_n p n * (e n * difference x w s t n)
"""

DIFFERENCE_IS_POSITIVE = """
forall (R : realDomainType) (d K m : nat) (x : 'I_m -> 'I_d -> R) (w : 'I_K -> 'I_d -> R) (s t : 'I_K -> 'I_m -> R)
       (n : 'I_m),
(forall j, 0 <= s j n <= 1) ->
(forall j, t j n * dot (w j) (x n) = Num.max (dot (w j) (x n)) 0) -> 0 <= difference x w s t n
"""

ONE_POINT_BOUND = r"""
forall (R : rcfType) (d K m : nat) (p : 'I_m -> R) (x : 'I_m -> 'I_d -> R) (u w : 'I_K -> 'I_d -> R)
       (s t : 'I_K -> 'I_m -> R),
(forall n, 0 <= p n) ->
let twice := \sum_n p n * (units x u s n - units x w t n) ^+ 2 in
twice - Num.sqrt (twice * \sum_n p n * difference x w s t n ^+ 2) <=
\sum_j dot (gradient p x u w s t j) (fun i => u j i - w j i)
"""


@formal
def test_the_identity() -> None:
    """Over any commutative ring, whatever the slopes are. Leaves out: that the gradient is a derivative."""
    proved("one_point_convexity.v", "one_point_identity", ONE_POINT_IDENTITY)


@formal
def test_the_difference_is_positive() -> None:
    """D >= 0 for ReLU units, with any slope at 0. Leaves out: nothing."""
    proved("one_point_convexity.v", "difference_is_positive", DIFFERENCE_IS_POSITIVE)


@formal
def test_the_bound() -> None:
    """Over any real closed field. Leaves out: where it is attained."""
    proved("one_point_convexity.v", "one_point_bound", ONE_POINT_BOUND)
