"""How long descent takes to leave a neighbourhood of zero: counted in balls, and from one step's growth (2 and 4)."""

from collections.abc import Callable

import numpy as np
import sympy
from flint import arb, ctx, fmpq

from claims.suite import symbolic
from solvers.arithmetic import ObjectArray, Scalar
from solvers.network import Weights, frobenius_squared, gradient_step
from solvers.network.stacks import largest

BITS = 1024


HALF = fmpq(1, 2)


def largest_squared(weights: Weights) -> Scalar:
    """m^2 = max_j ||W_j||_F^2."""
    found: Scalar = largest([frobenius_squared(matrix) for matrix in weights])
    return found


def in_balls(weights: Weights) -> tuple[ObjectArray, ...]:
    """The same matrices, of rationals or balls, at the current precision."""
    return tuple(np.asarray(np.frompyfunc(arb, 1, 1)(matrix), dtype=object) for matrix in weights)


def escape_time(weights: Weights, target: ObjectArray, rate: fmpq, left: Callable[[Weights], bool | None]) -> int:
    """The first step of exact descent at which ``left`` is true, in balls of BITS bits; ArithmeticError where the balls
    do not tell, or no step up to 20000 is it."""
    with ctx.workprec(BITS):
        current, ball_target = in_balls(weights), in_balls((target,))[0]
        for step in range(20000):
            outside = left(current)
            if outside is None:
                raise ArithmeticError(f"the balls do not tell on which side step {step} is; expected more bits")
            if outside:
                return step
            current = gradient_step(current, ball_target, arb(rate))
    raise ArithmeticError("no escape in 20000 steps; expected a nearer boundary or a larger start")


def beyond(radius: fmpq) -> Callable[[Weights], bool | None]:
    """Whether m > R, None where that is not certain."""

    def left(weights: Weights) -> bool | None:
        square = largest_squared(weights)
        return True if square > radius**2 else False if square <= radius**2 else None

    return left


@symbolic
def test_both_inequalities_of_powers_for_every_depth() -> None:
    """(1 + x)^k (1 - k x) falls from 1 and (1 + x)^k / (1 + k x) rises from 1, k >= 1 symbolic, x >= 0: the derivatives
    are -k (k+1) x (1 + x)^{k-1} and k (k - 1) x (1 + x)^{k-1} / (1 + k x)^2."""
    x = sympy.Symbol("x", nonnegative=True)
    k = sympy.Symbol("n", integer=True, nonnegative=True) + 1
    down, up = (1 + x) ** k * (1 - k * x), (1 + x) ** k / (1 + k * x)
    for function, slope in (
        (down, -k * (k + 1) * x * (1 + x) ** (k - 1)),
        (up, k * (k - 1) * x * (1 + x) ** (k - 1) / (1 + k * x) ** 2),
    ):
        assert sympy.simplify(sympy.diff(function, x) / (1 + x) ** (k - 1) - slope / (1 + x) ** (k - 1)) == 0
        assert function.subs(x, 0) == 1
    assert (k * (k + 1) * x * (1 + x) ** (k - 1)).is_nonnegative
    assert (k * (k - 1) * x * (1 + x) ** (k - 1)).is_nonnegative


@symbolic
def test_the_powers_of_the_size_fall_at_a_bounded_pace_for_every_depth() -> None:
    """With x = b m^k, m' = m (1 + x): m'^{-k} = m^{-k} (1 + x)^{-k} is at least m^{-k} - k b, and at most
    m^{-k} - k b / (1 + k x)."""
    m, b = sympy.symbols("m b", positive=True)
    k = sympy.Symbol("n", integer=True, nonnegative=True) + 1
    x = b * m**k
    assert sympy.simplify(m**-k * (1 - k * x) - (m**-k - k * b)) == 0
    assert sympy.simplify(m**-k / (1 + k * x) - (m**-k - k * b / (1 + k * x))) == 0
