"""Elementary functions on float64 arrays, on object arrays of rationals and balls, and on SymPy expressions.

One name for each, whatever the arithmetic, so that a formula with a sine in it is written once. Rationals become balls
where a function leaves the rationals, at the precision of ``flint.ctx``; a root stays rational where it can.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from flint import arb, fmpq

from solvers.arithmetic.scalars import square_root


def is_float64(number: Any) -> bool:
    """Whether these are float64 numbers, in an array or alone."""
    return isinstance(number, float) or (isinstance(number, np.ndarray) and number.dtype == np.dtype(np.float64))


def is_symbolic(number: Any) -> bool:
    """Whether this is a SymPy expression, or an array of which an entry is one."""
    entries = number.ravel() if isinstance(number, np.ndarray) and number.dtype == object else [number]
    return any(hasattr(entry, "free_symbols") for entry in entries)


def _function(name: str, float64: Any, ball: Callable[..., Any], *, described: str) -> Callable[..., Any]:
    def of_entry(*entries: Any) -> Any:
        if any(hasattr(entry, "free_symbols") for entry in entries):
            import sympy  # only those who bring symbols pay for the import

            return getattr(sympy, name)(*entries)
        return ball(*entries)

    entrywise = np.frompyfunc(of_entry, float64.nin, 1)

    def function(*numbers: Any) -> Any:
        return float64(*numbers) if all(map(is_float64, numbers)) else entrywise(*numbers)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{described}, entry by entry."
    return function


sin = _function("sin", np.sin, lambda x: arb(x).sin(), described="sin(x)")
"""sin(x), entry by entry."""
cos = _function("cos", np.cos, lambda x: arb(x).cos(), described="cos(x)")
"""cos(x), entry by entry."""
atan2 = _function("atan2", np.arctan2, lambda y, x: arb.atan2(arb(y), arb(x)), described="The angle of (x, y)")
"""atan2(y, x): the angle of the point (x, y), entry by entry."""
sqrt = _function("sqrt", np.sqrt, lambda x: square_root(fmpq(x) if isinstance(x, int) else x), described="x^{1/2}")
"""x^{1/2} of x >= 0, entry by entry; a ball is cut at zero first."""


def pi(like: Any) -> Any:
    """pi in the arithmetic of ``like``: a float, a ball, or SymPy's."""
    if is_float64(like):
        return math.pi
    if is_symbolic(like):
        import sympy  # as above

        return sympy.pi
    return arb.pi()


def direction(vectors: Any, lengths: Any) -> Any:
    """Vectors (..., d) over their lengths (...,): unit vectors, and zero for a vector of length 0.

    Where a ball leaves open whether a length is 0, all that is known of the entries is that they are in [-1, 1].
    """
    lengths = np.asarray(lengths)[..., None]
    if is_float64(vectors):
        return np.divide(vectors, lengths, out=np.zeros(vectors.shape), where=lengths > 0)
    return np.frompyfunc(_quotient, 2, 1)(vectors, lengths)


def _quotient(entry: Any, length: Any) -> Any:
    if hasattr(length, "free_symbols"):
        return entry * 0 if length == 0 else entry / length
    if length > 0:
        return entry / length
    return fmpq(0) if length == 0 else arb(0, 1)
