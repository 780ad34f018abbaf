"""Statement 2: near zero no start leaves faster than its largest layer can grow."""

from fractions import Fraction
from typing import Any

import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.saddles.saddle_escape.escape_times import HALF, largest_squared
from claims.saddles.saddle_escape.starts import near_zero, scalars
from claims.suite import Fate, ablates, control, exact, symbolic, witness
from claims.suite.symbols import is_zero, network_symbols
from solvers.arithmetic import Comparison, Scalar, compare, power, settle
from solvers.network import end_to_end, gradient_step, layer_gradients
from strategies import diagonal, dimensions


def largest_rate(depth: int, square: Any) -> Any:
    """2's condition for m^2 or R^2, eta m^{2N-2} <= 2: the largest learning rate."""
    return 2 / square ** (depth - 1)


def no_faster(depth: int, steps: int, start: Scalar, radius: Scalar, rate: fmpq, norm: Scalar) -> Comparison:
    """2 for T = ``steps``."""
    if depth == 2:
        return Comparison((1 + rate * norm) ** steps * start, ">=", arb(radius), "m after T steps against R")
    return Comparison(fmpq(steps), ">=", least_steps(depth - 2, start, radius, rate * norm), "T, its lower bound")


def least_steps(k: int, start: Any, radius: Any, pace: Any) -> Any:
    """2 for N = k + 2 >= 3: (r^{-k} - R^{-k}) / (k pace), in any arithmetic."""
    return (start**-k - radius**-k) / (k * pace)


@symbolic
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_gradient_is_a_contraction_and_a_pull_for_every_depth_and_dimension(depth: int) -> None:
    """2: D_j = A^T A W_j C C^T - A^T Phi C^T, symbolic sizes; the layers before and after are one matrix each, or
    none."""
    weights, target = network_symbols(depth)
    for j, gradient in enumerate(layer_gradients(weights, target)):
        a = end_to_end(weights[j + 1 :]) if j + 1 < depth else sympy.Identity(target.rows)
        c = end_to_end(weights[:j]) if j else sympy.Identity(target.cols)
        assert is_zero(gradient - a.T * a * weights[j] * c * c.T + a.T * target * c.T)


@exact
@given(dimensions(min_depth=2, max_depth=4, max_width=3), st.data(), st.integers(0, 64).map(lambda k: fmpq(k, 64)))
def test_no_start_near_zero_grows_faster(widths: tuple[int, ...], data: st.DataObject, part: fmpq) -> None:
    """2, one step from any weights, eta up to 2 / m^{2N-2}, that included; Phi = 0 too."""
    weights, target, _, _, s = data.draw(near_zero(widths))
    depth, square = len(weights), largest_squared(weights)
    rate = part * largest_rate(depth, square) if square > 0 else part
    after = largest_squared(gradient_step(weights, target, rate))

    def bound() -> Comparison:
        factor = 1 + rate * s * power(square, Fraction(depth - 2, 2)) if s > 0 else fmpq(1)
        return Comparison(after, "<=", square * factor**2, "m'^2 against the bound")

    verdict = settle(bound)
    assert verdict.holds, verdict


@control
@ablates("DL-025", "learning rate", "dropped", Fate.REFUTED)
def test_refuted_at_a_large_learning_rate() -> None:
    """2 at N = 2, w = (3, 3), Phi = 1, eta = 1, eta m^2 = 9: m' = 21 is more than m (1 + eta s) = 6."""
    after = largest_squared(gradient_step(scalars([fmpq(3)] * 2), diagonal(1, 1, [1]), fmpq(1)))
    assert after == 21**2
    assert compare(Comparison(after, "<=", fmpq(6) ** 2, "m'^2 against the bound")).fails


@control
@pytest.mark.parametrize("depth", [2, 3, 4])
def test_refuted_beyond_the_largest_learning_rate(depth: int) -> None:
    """2 with Phi = 0, w_j = 1: at the largest learning rate m' = m, at a hundredth more m' > m. And with R = 1,
    s = 10^-6 and a quarter more than the largest rate, w_j = 19/20 or 99/100 is beyond R after one step."""
    for times in (fmpq(1), fmpq(101, 100)):
        rate = times * largest_rate(depth, fmpq(1))
        after = largest_squared(gradient_step(scalars([fmpq(1)] * depth), diagonal(1, 1, [0]), rate))
        assert compare(Comparison(after, "<=", fmpq(1), "m'^2 against m^2")).holds == (times == 1)
    radius, start, norm = fmpq(1), fmpq(19, 20) if depth == 2 else fmpq(99, 100), fmpq(1, 10**6)
    rate = fmpq(5, 4) * largest_rate(depth, radius**2)
    after = largest_squared(gradient_step(scalars([start] * depth), diagonal(1, 1, [norm]), rate))
    assert after > radius**2
    assert compare(no_faster(depth, 1, start, radius, rate, norm)).fails


@control
def test_refuted_that_half_the_rate_is_all() -> None:
    """w = (a, a), a = 1/16, Phi = 1, eta = 1/2: m' > m (1 + eta s / 2)."""
    a = fmpq(1, 16)
    after = largest_squared(gradient_step(scalars([a, a]), diagonal(1, 1, [1]), HALF))
    assert compare(Comparison(after, "<=", (a * fmpq(5, 4)) ** 2, "m'^2 against half the rate")).fails


@witness
def test_the_pull_is_the_whole_step_where_the_product_is_small() -> None:
    """2's factor is attained in the limit: w = (a, a), Phi = 1: m' / m = 1 + eta (1 - a^2)."""
    for k in (1, 8, 30):
        a = fmpq(1, 2**k)
        after = gradient_step(scalars([a, a]), diagonal(1, 1, [1]), HALF)[0][0, 0]
        assert after / a == 1 + HALF * (1 - a**2)
