"""Statement 4: beyond depth 2 scalar layers of one sign leave in a time of the order r^{2-N}; others may not leave."""

from typing import Any

import pytest
import sympy
from flint import fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from claims.saddles.saddle_escape.escape_times import HALF, beyond, escape_time
from claims.saddles.saddle_escape.slow_escape import least_steps, no_faster
from claims.saddles.saddle_escape.starts import scalars
from claims.suite import Fate, ablates, control, exact, fewer, symbolic, witness
from solvers.arithmetic import Comparison, compare
from solvers.network import gradient_step
from strategies import diagonal


@symbolic
@pytest.mark.parametrize("depth", [2, 3, 4, 5])
def test_the_least_scalar_layer_grows(depth: int) -> None:
    """4: w_j' = w_j + eta (Phi - W) prod_{i != j} w_i, and with w_i = m + x_i the product is m^{N-1} plus terms with
    coefficients >= 0."""
    w = sympy.symbols(f"w1:{depth + 1}", positive=True)
    m, phi, eta = sympy.symbols("m Phi eta", positive=True)
    x = sympy.symbols(f"x1:{depth + 1}", nonnegative=True)
    moved = gradient_step(tuple(sympy.Matrix([[value]]) for value in w), sympy.Matrix([[phi]]), eta)
    for j in range(depth):
        others = sympy.prod([w[i] for i in range(depth) if i != j])
        assert sympy.expand(moved[j][0] - w[j] - eta * (phi - sympy.prod(w)) * others) == 0
        more = sympy.expand(others.subs({w[i]: m + x[i] for i in range(depth)}) - m ** (depth - 1))
        assert more == 0 or all(coefficient > 0 for coefficient in sympy.Poly(more, m, *x).coeffs())


def most_steps(k: int, start: Any, radius: Any, pace: Any, *, share: Any = 1) -> Any:
    """4 for N = k + 2 >= 3, in any arithmetic, with a share of k a R^k."""
    return 1 + least_steps(k, start, radius, pace) * (1 + share * k * pace * radius**k)


SIZES = st.integers(1, 16).map(lambda k: fmpq(k, 16))


@exact
@example([fmpq(1)] * 3, 0, fmpq(1))
@given(st.lists(SIZES, min_size=3, max_size=6), st.integers(0, 8), st.integers(1, 64).map(lambda k: fmpq(k, 16)))
def test_the_least_scalar_layer_grows_by_the_bound(sizes: list[fmpq], halvings: int, rate: fmpq) -> None:
    """4, one step, N = 3..6, Phi = 1, R = 7/8 and any eta up to 4; at w_j = R an equality."""
    radius, depth = fmpq(7, 8), len(sizes)
    values = [radius * size / 2**halvings for size in sizes]
    least = min(values)
    after = gradient_step(scalars(values), diagonal(1, 1, [1]), rate)
    growth = 1 + rate * (1 - radius**depth) * least ** (depth - 2)
    assert min(matrix[0, 0] for matrix in after) >= least * growth


@exact
@fewer(3)
@given(st.sampled_from([3, 4, 5]), st.integers(1, 3), st.data())
def test_escape_times_between_both_bounds_beyond_depth_two(depth: int, halvings: int, data: st.DataObject) -> None:
    """2 and 4, Phi = 1, eta = 1/4, R = 1/2: T counted in balls, from weights r 2^x, 0 <= x <= 1, r down to 1/16, 1/8
    and 1/8 at N = 3, 4, 5."""
    rate, radius, k = fmpq(1, 4), HALF, depth - 2
    start = radius / 2 ** min(halvings, 2 if depth > 3 else 3)
    factors = data.draw(st.lists(st.integers(0, 16), min_size=depth, max_size=depth))
    values = [start * (1 + fmpq(x, 16)) for x in factors]
    steps = escape_time(scalars(values), diagonal(1, 1, [1]), rate, beyond(radius))
    verdict = compare(no_faster(depth, steps, max(values), radius, rate, fmpq(1)))
    assert verdict.holds, verdict
    most = most_steps(k, min(values), radius, rate * (1 - radius**depth))
    assert compare(Comparison(fmpq(steps), "<=", most, "T against its upper bound")).holds


@control
def test_refuted_with_a_smaller_upper_bound() -> None:
    """4 at N = 3, Phi = 1, r = 10^-6, eta = 10^5, R hardly more than the size after a step: T = 2, and as eta r is
    1/10 a share of 9/10 of k a R^k is too little. From r = R on T = 1: the 1 before the product is needed, too."""
    start, rate = fmpq(1, 10**6), fmpq(10**5)
    once = gradient_step(scalars([start] * 3), diagonal(1, 1, [1]), rate)
    radius = once[0][0, 0] * (1 + fmpq(1, 10**9))
    assert escape_time(scalars([start] * 3), diagonal(1, 1, [1]), rate, beyond(radius)) == 2
    pace = rate * (1 - radius**3)
    for share, enough in ((fmpq(1), True), (fmpq(9, 10), False), (fmpq(0), False)):
        bound = most_steps(1, start, radius, pace, share=share)
        assert compare(Comparison(fmpq(2), "<=", bound, "T against its upper bound")).holds == enough
    assert escape_time(scalars([HALF] * 3), diagonal(1, 1, [1]), rate, beyond(HALF)) == 1
    assert most_steps(1, HALF, HALF, rate * (1 - HALF**3)) == 1


@control
@pytest.mark.parametrize("depth", [2, 3, 5])
@ablates("DL-025", "start", "dropped", Fate.REFUTED)
def test_refuted_from_every_start(depth: int) -> None:
    """Phi = 1, w = -a in all layers (N odd), or (-a, a) at N = 2, where e_0 = 0: one step has
    a' = a - eta a^{N-1} (1 + a^N), in [0, a) for 0 < a <= 1 and eta <= 1/2 since a^{N-2} (1 + a^N) <= 2: no weight ever
    grows. Here in rationals at a few a."""
    for a in (fmpq(1), HALF, fmpq(1, 1000)):
        values = [-a] * depth if depth > 2 else [-a, a]
        after = [matrix[0, 0] for matrix in gradient_step(scalars(values), diagonal(1, 1, [1]), HALF)]
        moved = a - HALF * a ** (depth - 1) * (1 + a**depth)
        assert 0 <= moved < a
        assert after == ([-moved] * depth if depth > 2 else [-moved, moved])


@control
@pytest.mark.parametrize("depth", [3, 4])
def test_refuted_that_escape_beyond_depth_two_takes_logarithmic_time(depth: int) -> None:
    """Phi = 1, eta = 1/4, R = 1/2: T from r = 1/16 is more than four times that from r = 1/4, which ln(R / r) is only
    three times; and by 2 it is beyond any multiple of the log: r^{-k} / ln(1/r) has no bound."""
    ratio = 3
    early, late = (
        escape_time(scalars([fmpq(1, 4**power)] * depth), diagonal(1, 1, [1]), fmpq(1, 4), beyond(HALF))
        for power in (1, 2)
    )
    assert compare(Comparison(fmpq(late), "<=", fmpq(ratio * early), "T against the multiple of the log")).fails
    r = sympy.Symbol("r", positive=True)
    assert sympy.limit(r ** (2 - depth) / sympy.log(1 / r), r, 0, "+") == sympy.oo


@control
@pytest.mark.parametrize("shift", [1, -1])
def test_refuted_with_another_power_of_the_noise(shift: int) -> None:
    """N = 4: by 2 and 4 T r^2 is between constants, so T r^3 tends to 0 and T r to infinity: with R = 1/2, Phi = 1,
    eta = 1/4, for r -> 0."""
    r, k = sympy.Symbol("r", positive=True), 2
    rate, radius = sympy.Rational(1, 4), sympy.Rational(1, 2)
    pace = rate * (1 - radius**4)
    low, high = least_steps(k, r, radius, rate), most_steps(k, r, radius, pace)
    assert sympy.limit(low * r**k, r, 0, "+") == 2
    assert sympy.limit(high * r**k, r, 0, "+") == (1 + k * pace / 4) / (k * pace)
    wrong = (high if shift > 0 else low) * r ** (k + shift)
    assert sympy.limit(wrong, r, 0, "+") == (0 if shift > 0 else sympy.oo)


@witness
def test_the_bounds_enclose_the_escape_time_in_the_smallest_cases() -> None:
    """Phi = 1, eta = 1/4, R = 1/2: from r = 1/64 the lower bounds at N = 2 and 3 are 16 and 248 steps; T is 16 and 252,
    and the upper bound at N = 3, with a = 7/32, below 316."""
    one = diagonal(1, 1, [1])
    times = [escape_time(scalars([fmpq(1, 64)] * depth), one, fmpq(1, 4), beyond(HALF)) for depth in (2, 3)]
    assert fmpq(5, 4) ** 15 < 32 <= fmpq(5, 4) ** 16
    assert (64 - 2) * 4 == 248
    assert times == [16, 252]
    assert 1 + (64 - 2) * (1 + fmpq(7, 64)) / fmpq(7, 32) < 316
