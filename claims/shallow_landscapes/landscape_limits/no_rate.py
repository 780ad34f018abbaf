"""Statement 4: descent on u^4/4 falls like 1/t^2: both bounds over one step, all constants from both sides."""

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare, rational, settle
from solvers.shallow import FactoredObjective, factored_descent

ZERO = FactoredObjective(arithmetic.exact([[0]]))


def moved(u: fmpq, rate: fmpq) -> fmpq:
    """u - eta u^3, by the gradient of 1/4 ||u u^T - 0||^2."""
    found: fmpq = u - rate * ZERO.gradient(arithmetic.exact([[u]]))[0, 0]
    return found


def bounds(u: fmpq, rate: fmpq, most: fmpq | int = 6, least: fmpq | int = 2) -> list[Comparison]:
    """u^{-2} + 2 eta <= u'^{-2} <= u^{-2} + 6 eta."""
    after = 1 / moved(u, rate) ** 2
    return [
        Comparison(after, "<=", 1 / u**2 + most * rate, "u(1)^-2 from above"),
        Comparison(after, ">=", 1 / u**2 + least * rate, "u(1)^-2 from below"),
    ]


@symbolic
def test_the_two_bounds() -> None:
    """(1 + 6x)(1 - x)^2 - 1 = x (1 - 2x)(4 - 3x); 1 - (1 + 2x)(1 - x)^2 = x^2 (3 - 2x); u' = u (1 - eta u^2)."""
    x, u, eta = sympy.symbols("x u eta", real=True)
    assert sympy.expand((1 + 6 * x) * (1 - x) ** 2 - 1 - x * (1 - 2 * x) * (4 - 3 * x)) == 0
    assert sympy.expand(1 - (1 + 2 * x) * (1 - x) ** 2 - x**2 * (3 - 2 * x)) == 0
    assert sympy.expand(u - eta * (u**4 / 4).diff(u) - u * (1 - eta * u**2)) == 0


STARTS = st.tuples(st.integers(1, 40), st.integers(1, 20), st.one_of(st.just(60), st.integers(1, 60))).map(
    lambda drawn: (fmpq(drawn[0], drawn[1]), fmpq(drawn[2], 120) * fmpq(drawn[1], drawn[0]) ** 2)
)
"""(u, eta) with eta u^2 = k/120 <= 1/2, the end included."""


@exact
@given(STARTS, st.sampled_from([1, -1]))
def test_both_bounds_over_one_step(start: tuple[fmpq, fmpq], sign: int) -> None:
    """And eta u^2 <= 1/2 is kept."""
    u, rate = sign * start[0], start[1]
    assert all(compare(bound).holds for bound in bounds(u, rate))
    assert compare(Comparison(rate * moved(u, rate) ** 2, "<=", fmpq(1, 2), "eta u(1)^2")).holds


@exact
@given(STARTS)
def test_a_column_beyond_the_rank_of_a_larger_matrix(start: tuple[fmpq, fmpq]) -> None:
    """M = diag(1, 0), U = diag(1, u): the step is that of u^4/4, and so is f."""
    u, rate = start
    objective = FactoredObjective(arithmetic.exact([[1, 0], [0, 0]]))
    factor = arithmetic.exact([[1, 0], [0, u]])
    assert (factor - rate * objective.gradient(factor)).tolist() == [[1, 0], [0, moved(u, rate)]]
    assert objective.value(factor) == u**4 / 4


@sampled
@pytest.mark.parametrize("steps", [10, 4000])
def test_long_descent_keeps_to_the_bounds(steps: int) -> None:
    """Eight float64 starts with eta u^2 up to 1/2, compared exactly at their ends."""
    starts = np.array([0.125, 0.25, 0.5, 0.75, 1.0, 1.25, 1.375, 1.4]).reshape(-1, 1, 1)
    run = factored_descent(ZERO.nearest(), starts, learning_rate=0.25, steps=steps)
    for start, end in zip(starts.ravel(), run.point.ravel(), strict=True):
        first, last = 1 / rational(float(start)) ** 2, 1 / rational(float(end)) ** 2
        assert compare(Comparison(last, "<=", first + 6 * fmpq(1, 4) * steps, "u(t)^-2 from above")).holds
        assert compare(Comparison(last, ">=", first + 2 * fmpq(1, 4) * steps, "u(t)^-2 from below")).holds


@control
@ablates("DL-042", "learning rate", "4: eta u(0)^2 <= 51/100", Fate.REFUTED)
def test_refuted_beyond_one_half() -> None:
    """u = 1, eta = 51/100."""
    assert compare(bounds(fmpq(1), fmpq(51, 100))[0]).fails


@control
def test_refuted_for_less_than_six() -> None:
    """u = 1, eta = 1/2: u(1)^2 = 1/4 = 1/(1 + 6 eta), with equality; 5.99 fails."""
    assert moved(fmpq(1), fmpq(1, 2)) == fmpq(1, 2)
    above = bounds(fmpq(1), fmpq(1, 2))[0]
    assert above.left == above.right
    assert compare(bounds(fmpq(1), fmpq(1, 2), most=fmpq(599, 100))[0]).fails


@control
def test_refuted_for_more_than_two() -> None:
    """u = 1, eta = 1/1000: u(1)^{-2} is below 1 + 2.01 eta."""
    below = bounds(fmpq(1), fmpq(1, 1000))[1]
    assert compare(below).holds
    assert compare(below._replace(right=below.right + fmpq(1, 100) * fmpq(1, 1000))).fails


@control
@pytest.mark.parametrize("ratio", [fmpq(9, 10), fmpq(999, 1000), fmpq(99999, 100000)])
def test_refuted_that_the_rate_is_linear(ratio: fmpq) -> None:
    """u(t)^2 <= 10^6 rho^t fails at t = 40/(1 - rho), where the lower bound from u(0) = 1, eta = 1/2 is above it."""
    steps = int(40 / (1 - ratio))

    def linear() -> Comparison:
        return Comparison(1 / arb(1 + 3 * steps), "<=", 10**6 * arb(ratio) ** steps, "u(t)^2 against C rho^t")

    assert settle(linear).fails


@witness
def test_it_is_degenerate_and_has_one_critical_point() -> None:
    """The Hessian at 0 is 0, f > 0 elsewhere, and the gradient u^3 vanishes at 0 alone."""
    assert ZERO.hessian(arithmetic.exact([[0]])).tolist() == [[0]]
    assert moved(fmpq(0), fmpq(1)) == 0
    assert ZERO.value(arithmetic.exact([[fmpq(1, 1000)]])) > 0
