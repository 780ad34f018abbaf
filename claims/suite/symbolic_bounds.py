"""Where F - c bounds |G|_2: what eta N M^{2N-2} and N y are at most by a row "norms", and so what is kept of a step.

Shared by ledgers whose state of symbols (:mod:`~claims.suite.symbolic_states`) has PHI for F. C = 2F - c, x = c / F,
r = C / F = 2 - x, and "norms" says M^2 <= C^{2/N} q. ``most`` is s_1, the largest eigenvalue of the data's covariance,
and 1 where there is none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy

from claims.suite.entailment import DEEP, Gap, N, Premises, assert_equal, follows, worst
from claims.suite.symbolic_states import ETA, PHI, REACH, TAU, M, k, tau_is_small

C, Q, X, R = sympy.symbols("C q x r", positive=True)
"""As above."""
Number = Any
"""A number or an expression of SymPy's."""


@dataclass(frozen=True)
class Bounds:
    """Of z = eta s_1 N M^{2N-2}: by "norms" M^2 <= C^{2/N} q, and at that and at eta's limit z is ``formula`` of N, x,
    r and q, which is at most ``largest``; q^{-N/2} is at most ``shrink``, and so N y at most half of both."""

    q: Number
    formula: Callable[[Number, Number, Number, Number], Number]
    largest: Number
    shrink: Number

    @property
    def y(self) -> Number:
        """Of N y = N eta M^{N-2} |G|_2."""
        return self.largest * self.shrink / 2


def in_reach(gap: Gap) -> Gap:
    """The same with C: F = (C + c) / 2."""
    return gap.subs(PHI, (C + k ** (N / 2)) / 2)


def margin_is_at_most_reach(given: Premises, distance: Number = REACH) -> Gap:
    """C - c >= 0: c <= F - |G|_2, for |G|_2 = ``distance``."""
    found = C - k ** (N / 2)
    follows(found, [(2, in_reach(given.hypothesis("margin", 1)))], 2 * distance)
    return found


def bound_of_layers(given: Premises, bounds: Bounds) -> Gap:
    """The row "norms", with q for the number in it."""
    found = C ** (2 / N) * Q - M**2
    assert_equal(in_reach(given.row("norms")), found.subs(Q, bounds.q))
    return found


def in_x(expression: Number) -> Number:
    """The same for c = x F and C = r F."""
    return sympy.powdenest(expression.subs({C: R * PHI, k: (X * PHI) ** (2 / N)}), force=True)


def second_of_two(given: Premises, bounds: Bounds, most: Number = 1) -> Gap:
    """z for N >= 2: at the bounds of eta and M it is the formula."""
    found = bounds.largest - ETA * most * N * M ** (2 * N - 2)
    at = worst(found, (given.hypothesis("learning rate"), ETA), (bound_of_layers(given, bounds), M), sizes=DEEP)
    assert_equal(in_x(at), bounds.largest - bounds.formula(N, X, R, Q))
    return found


def first_of_two(given: Premises, bounds: Bounds, reach: Gap) -> None:
    """N y for N >= 2: at the bounds of eta, M and |G|_2, of which ``reach`` is the gap, it is half of the formula times
    q^{-N/2}."""
    found = bounds.y - N * ETA * M ** (N - 2) * REACH
    limits = (given.hypothesis("learning rate"), ETA), (bound_of_layers(given, bounds), M), (reach, REACH)
    z, power = sympy.symbols("z power", positive=True)
    assert_equal(in_x(worst(found, *limits, sizes=DEEP)), bounds.y - bounds.formula(N, X, R, Q) * Q ** (-N / 2) / 2)
    follows(worst(bounds.y - z * power / 2, (bounds.largest - z, z), (bounds.shrink - power, power)), [])


def most_is_kept(given: Premises, bounds: Bounds, reach: Gap, margin: Gap, most: Number = 1) -> None:
    """1 - kept is most where z and tau are; at depth 1, where tau is 0, at eta's limit for c = C. ``reach`` is the gap
    of |G|_2 and s_1 C / 2, ``margin`` that of c and C."""
    (shown,) = given.shown("kept")
    first_of_two(given, bounds, reach)
    at = worst(shown, (second_of_two(given, bounds, most), ETA), (tau_is_small(bounds.y), TAU))
    follows(at, [], at)
    alone = worst(shown.subs({N: 1, TAU: 0}), (given.hypothesis("learning rate").subs(N, 1), ETA))
    at = worst(in_reach(alone).subs(N, 1), (margin.subs(N, 1), C))
    follows(at, [], at)
