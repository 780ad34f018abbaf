"""Statements 1 and 2, checked by Coq's kernel: which cycles of two there are, and what balance excludes."""

from claims.suite import formal
from claims.suite.prover import proved

ALL_CYCLES_OF_TWO = r"""
forall (R : realFieldType) (m eta : R), 0 < m -> 0 < eta -> forall w : factors R,
let w' := factor_step m eta w in factor_step m eta w' = w -> w' <> w ->
[\/ [/\ w.1 = w.2, w'.1 = w'.2, eta * (w.1 * w'.1) = 1 & eta * (w.1 ^+ 2 + w'.1 ^+ 2) = 1 + eta * m],
    [/\ w.1 = w.2, w' = (- w.1, - w.2) & eta * w.1 ^+ 2 = 2%:R + eta * m] |
    [/\ w.1 = - w.2, w' = (- w.1, - w.2) & eta * w.1 ^+ 2 = 2%:R - eta * m]]
"""

FIRST_CYCLE = r"""
forall (R : realFieldType) (m eta x y : R),
eta * (x * y) = 1 -> eta * (x ^+ 2 + y ^+ 2) = 1 + eta * m -> factor_step m eta (x, x) = (y, y)
"""

SECOND_CYCLE = r"""
forall (R : realFieldType) (m eta x : R), eta * x ^+ 2 = 2%:R + eta * m -> factor_step m eta (x, x) = (- x, - x)
"""

THIRD_CYCLE = r"""
forall (R : realFieldType) (m eta x : R), eta * x ^+ 2 = 2%:R - eta * m -> factor_step m eta (x, - x) = (- x, x)
"""

NO_UNBALANCED_CYCLE = r"""
forall (R : realFieldType) (m eta : R) (w : factors R) (t : nat),
(0 < t)%N -> factor_descent m eta w t = w ->
(forall s, (s < t)%N -> 0 < (eta * residual m (factor_descent m eta w s)) ^+ 2 < 2%:R) -> w.1 ^+ 2 = w.2 ^+ 2
"""


@formal
def test_every_cycle_of_two() -> None:
    """1, over any ordered field, unscaled: x and y are w.1 and w'.1. Leaves out: multipliers."""
    proved("edge_of_stability.v", "all_cycles_of_two", ALL_CYCLES_OF_TWO)


@formal
def test_the_first_cycle() -> None:
    """1 (a): from x to y, and as x and y are alike in it, back. Leaves out: that there are such x, y for mu > 1."""
    proved("edge_of_stability.v", "first_cycle", FIRST_CYCLE)


@formal
def test_the_second_cycle() -> None:
    """1 (b): to the negative, and so back. Leaves out: the root."""
    proved("edge_of_stability.v", "second_cycle", SECOND_CYCLE)


@formal
def test_the_third_cycle() -> None:
    """1 (c): to the negative, and so back. Leaves out: the root."""
    proved("edge_of_stability.v", "third_cycle", THIRD_CYCLE)


@formal
def test_no_unbalanced_cycle() -> None:
    """2, of every period. Leaves out: the cycles of four at the root of two."""
    proved("edge_of_stability.v", "no_unbalanced_cycle", NO_UNBALANCED_CYCLE)
