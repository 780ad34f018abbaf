"""What a theorem's limit is: a formula in N, c and Phi_F, in whatever arithmetic these come.

The same formula gives a rational or a ball for exact numbers, an interval for a stack of them, and an expression for
SymPy's symbols, N among them; so that what is proved of it for every depth is what problems are held to.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.arithmetic import Interval, power

Limit = Callable[[int, Any, Any], Any]
"""(N, c, Phi_F) to a limit, in the arithmetic of c and Phi_F."""


def root(number: Any, numerator: Any, depth: Any) -> Any:
    """x^{k/N}; for a symbol N the expression."""
    return power(number, Fraction(numerator, depth)) if isinstance(depth, int) else number ** (numerator / depth)


def at_most(limit: Limit, depth: int, margin: NDArray[np.float64], norm: NDArray[np.float64]) -> NDArray[np.float64]:
    """Numbers certainly at most a limit, for float64 c and Phi_F that are themselves exact."""
    found: NDArray[np.float64] = limit(depth, Interval.of(margin), Interval.of(norm)).low
    return found
