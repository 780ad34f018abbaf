"""Arithmetics that decide: exact rationals, balls, float64 that bounds its own rounding; and the verdicts they reach.

Floats propose, these decide. :mod:`~solvers.arithmetic.scalars` has the numbers (``fmpq``, ``arb``, the roots between
them), :mod:`~solvers.arithmetic.algebraic` algebraic numbers, whose ties are decided,
:mod:`~solvers.arithmetic.enclosure` float64 matrices with a radius, :mod:`~solvers.arithmetic.interval` arrays of
float64 intervals, :mod:`~solvers.arithmetic.verdict` what a statement comes to: holds, fails or undecided.
"""

from solvers.arithmetic.algebraic import Algebraic, algebraic_numbers
from solvers.arithmetic.ball_powers import whole_power
from solvers.arithmetic.enclosure import Enclosure
from solvers.arithmetic.interval import Interval
from solvers.arithmetic.rounding import TINY, UNIT, check_floats, floats_decide, gamma
from solvers.arithmetic.scalars import (
    ObjectArray,
    Scalar,
    balls,
    exact,
    lower_float,
    nearest,
    power,
    rational,
    square_root,
    upper_float,
)
from solvers.arithmetic.verdict import (
    Comparison,
    Outcome,
    Relation,
    Verdict,
    attained,
    compare,
    decide,
    decide_all,
    settle,
    violated_by,
)

__all__ = [
    "TINY",
    "UNIT",
    "Algebraic",
    "Comparison",
    "Enclosure",
    "Interval",
    "ObjectArray",
    "Outcome",
    "Relation",
    "Scalar",
    "Verdict",
    "algebraic_numbers",
    "attained",
    "balls",
    "check_floats",
    "compare",
    "decide",
    "decide_all",
    "exact",
    "floats_decide",
    "gamma",
    "lower_float",
    "nearest",
    "power",
    "rational",
    "settle",
    "square_root",
    "upper_float",
    "violated_by",
    "whole_power",
]
