"""Statements 3 and 4: how fast a value can fall, and how little one grows while another grows more."""

from fractions import Fraction

import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.end_to_end.end_to_end_dynamics.law import velocity
from claims.suite import Fate, ablates, control, exact, symbolic, witness
from claims.suite.agreement import agree
from solvers.arithmetic import Comparison, Scalar, compare, power, settle
from solvers.flow import value_velocity
from solvers.guarantees.rank_bias import at_effort, ceiling, effort, least_value, smaller_mode
from solvers.network import backpropagate
from strategies import diagonal

RATIOS = st.sampled_from([fmpq(2), fmpq(3, 2), fmpq(5), fmpq(1), fmpq(1, 2), fmpq(101, 100)])

STARTS = st.sampled_from([fmpq(1, 1000), fmpq(1, 8), fmpq(1), fmpq(3)])


@symbolic
def test_effort_is_the_integral_for_every_depth() -> None:
    """d tau / d sigma = 1 / (N sigma^{2-2/N}): N = 1, N = 2, and N = nu + 2 with nu > 0 a symbol. So with 1
    (ln sigma)' = -2 h and (sigma^{-p})' = (N-2) h."""
    sigma, start, nu, h = sympy.symbols("sigma sigma_0 nu h", positive=True)
    n = nu + 2
    p = 1 - 2 / n
    for depth, tau in ((1, sigma - start), (2, sympy.log(sigma / start) / 2), (n, (start**-p - sigma**-p) / nu)):
        slope = sympy.diff(tau, sigma) * depth * sigma ** (2 - sympy.Integer(2) / depth)
        assert sympy.simplify(sympy.powsimp(slope)) == 1
    rate = -n * sigma ** (2 - 2 / n) * h
    assert sympy.simplify(sympy.powsimp(sympy.diff(sigma**-p, sigma) * rate) - nu * h) == 0
    assert sympy.diff(sympy.log(sigma), sigma) * value_velocity(sympy.sqrt(sigma), h, 2) == -2 * h


@symbolic
def test_the_bounds_are_one_inequality_solved_for_the_smaller_mode() -> None:
    """tau(sigma_0, sigma_1) = k tau(sigma_0, sigma_2) is each of the three equalities; N = nu + 2 a symbol."""
    first, second, start, k, nu = sympy.symbols("sigma_1 sigma_2 sigma_0 k nu", positive=True)
    p = nu / (nu + 2)
    gap = (start**-p - first**-p) / nu - k * (start**-p - second**-p) / nu
    told = second**-p - (1 - 1 / k) * start**-p - first**-p / k
    assert sympy.simplify(gap - k * told / nu) == 0
    two = sympy.log(first / start) - k * sympy.log(second / start)
    equal = two.subs(second, start * (first / start) ** (1 / k))
    assert sympy.simplify(sympy.expand_log(equal, force=True)) == 0


def rates(least: int) -> st.SearchStrategy[list[tuple[fmpq, fmpq, fmpq]]]:
    """Pieces of time, each with -h_22 and with how much -h_11 is above k times that."""
    quarter = st.integers(least, 4).map(lambda x: fmpq(x, 64))
    piece = st.tuples(
        quarter, st.integers(0, 4).map(lambda x: fmpq(x, 32)), st.integers(1, 4).map(lambda x: fmpq(x, 16))
    )
    return st.lists(piece, min_size=1, max_size=4)


@exact
@given(rates(-2), RATIOS, st.integers(1, 6))
def test_any_slopes_of_that_ratio(pieces: list[tuple[fmpq, fmpq, fmpq]], ratio: fmpq, depth: int) -> None:
    """4, N up to 6: -h constant on pieces of time, of either sign for the second mode, -h_11 >= -k h_22 on each; from
    sigma_0 = 1/8. Where -h_11 = -k h_22 throughout, both sides agree."""
    start, first, second, slack = fmpq(1, 8), fmpq(0), fmpq(0), fmpq(0)
    for slope, above, time in pieces:
        first, second = first + time * (ratio * slope + above), second + time * slope
        slack += time * above

    def larger() -> Scalar:
        return at_effort(start, first, depth)

    def smaller() -> Scalar:
        return at_effort(start, second, depth)

    if slack == 0:
        assert agree(smaller, lambda: smaller_mode(larger(), start, ratio, depth)).holds
        return
    assert settle(
        lambda: Comparison(smaller(), "<", smaller_mode(larger(), start, ratio, depth), "sigma_2 against its bound")
    ).holds


@exact
@given(STARTS, st.integers(1, 7), st.sampled_from([fmpq(2), fmpq(3), fmpq(5, 4)]), st.integers(0, 7))
def test_the_linear_loss_attains_all_bounds(start: fmpq, depth: int, ratio: fmpq, eighths: int) -> None:
    """4: L = -<diag(k, 1), W>, layers diag(a_1, a_2). At time t, ``eighths`` / 8 of the time that sigma_1 has before it
    is infinite (N >= 3), a_1 and a_2 are those of tau = k t and t; the bound is an equality, and for N >= 3 the ceiling
    is above."""
    time = fmpq(eighths, 8)
    if depth > 2:  # of a rational at most the time that there is
        time = time * fmpq(int(float(power(start, Fraction(2, depth) - 1)) * 1024), 1024) / (ratio * (depth - 2))

    def larger() -> Scalar:
        return at_effort(start, ratio * time, depth)

    def smaller() -> Scalar:
        return at_effort(start, time, depth)

    assert agree(smaller, lambda: smaller_mode(larger(), start, ratio, depth)).holds
    assert agree(lambda: effort(start, smaller(), depth), lambda: time).holds
    if depth > 2:
        assert compare(Comparison(smaller(), "<", ceiling(start, ratio, depth), "sigma_2 against the ceiling")).holds


@symbolic
@pytest.mark.parametrize("depth", [1, 2, 3, 5])
def test_the_layers_of_the_linear_loss(depth: int) -> None:
    """a(t) of tau = c t satisfies a' = -D for H = -c: a = a_0 + c t, a_0 e^{ct}, (a_0^{2-N} - (N-2) c t)^{1/(2-N)}; and
    a^N is the value of that tau."""
    start, c, t = sympy.symbols("a_0 c t", positive=True)
    a = {1: start + c * t, 2: start * sympy.exp(c * t)}.get(depth)
    if a is None:
        a = (start ** (2 - depth) - (depth - 2) * c * t) ** sympy.Rational(1, 2 - depth)
    layers = (sympy.Matrix([[a]]),) * depth
    gradient = backpropagate(layers, sympy.Matrix([[-c]]))[0][0]
    assert sympy.simplify(sympy.diff(a, t) + gradient) == 0
    assert sympy.simplify(velocity(layers, sympy.Matrix([[-c]]))[0] - sympy.diff(a**depth, t)) == 0


# What is false nearby, and the smallest cases.


@control
@pytest.mark.parametrize("depth", [3, 4, 6])
def test_refuted_with_a_ceiling_one_per_cent_lower(depth: int) -> None:
    """sigma_0 = 1/1000, k = 2, the linear loss at sigma_1 = 10^60: sigma_2 is above 99/100 of the ceiling."""
    start, ratio = fmpq(1, 1000), fmpq(2)

    def attained(share: fmpq) -> Comparison:
        limit = share * ceiling(start, ratio, depth)
        return Comparison(smaller_mode(fmpq(10) ** 60, start, ratio, depth), "<", limit, "sigma_2 against the ceiling")

    assert settle(lambda: attained(fmpq(1))).holds
    assert settle(lambda: attained(fmpq(99, 100))).fails


@control
@pytest.mark.parametrize("depth", [1, 2, 3, 5])
@pytest.mark.parametrize("share", [fmpq(101, 100), fmpq(11, 10)])
def test_refuted_with_a_larger_ratio_in_the_bound(depth: int, share: fmpq) -> None:
    """The linear loss of ratio k = 2 breaks the bounds for 1.01 k and 1.1 k, at sigma_1 = 1 from 1/1000."""
    start, larger = fmpq(1, 1000), fmpq(1)
    smaller = at_effort(start, effort(start, larger, depth) / 2, depth)
    told = smaller_mode(larger, start, 2 * share, depth)
    assert compare(Comparison(smaller, "<=", told, "sigma_2 against the bound")).fails


@control
@pytest.mark.parametrize("depth", [2, 3, 4])
def test_refuted_with_the_bound_of_one_layer_more(depth: int) -> None:
    """sigma_0 = 1/1000, k = 2, sigma_1 = 1: sigma_2 at N layers is above the bound for N + 1, and N = 1 above N = 2."""
    start, larger, ratio = fmpq(1, 1000), fmpq(1), fmpq(2)
    smaller = smaller_mode(larger, start, ratio, depth - 1)
    told = smaller_mode(larger, start, ratio, depth)
    assert compare(Comparison(smaller, "<=", told, "sigma_2 against the bound of one layer more")).fails


@control
@pytest.mark.parametrize("depth", [1, 2])
@ablates("DL-067", "depth", "two layers, in the last part of 4", Fate.REFUTED)
def test_refuted_that_one_or_two_layers_have_a_ceiling(depth: int) -> None:
    """k = 2, sigma_0 = 1: sigma_2 exceeds 10^6 at sigma_1 = 10^13."""
    attained = smaller_mode(fmpq(10) ** 13, fmpq(1), fmpq(2), depth)
    assert compare(Comparison(attained, "<=", fmpq(10) ** 6, "sigma_2")).fails
    with pytest.raises(ValueError, match="expected at least 3"):
        ceiling(fmpq(1), fmpq(2), depth)


@control
@pytest.mark.parametrize("depth", [3, 4])
@ablates("DL-067", "ratio", "dropped", Fate.REFUTED)
def test_refuted_for_equal_slopes(depth: int) -> None:
    """k = 1: sigma_2 = sigma_1, beyond all bounds. With k < 1 it is infinite before sigma_1 is."""
    attained = smaller_mode(fmpq(10) ** 6, fmpq(1), fmpq(1), depth)
    assert agree(lambda: attained, lambda: fmpq(10) ** 6).holds
    with pytest.raises(ValueError, match="where sigma is infinite"):
        smaller_mode(fmpq(10) ** 6, fmpq(1), fmpq(1, 2), depth)


@control
@ablates("DL-067", "depth", "dropped", Fate.REFUTED)
def test_refuted_at_one_layer_that_a_value_stays_positive() -> None:
    """N = 1, W = 1, H = 1: W = 1 - t is 0 at t = 1. From two layers on it is positive for ever."""
    assert at_effort(fmpq(1), fmpq(-1), 1) == 0
    for depth in (2, 3, 4):
        assert compare(Comparison(least_value(fmpq(1), fmpq(1), fmpq(1), depth), ">", fmpq(0), "sigma")).holds


@witness
@pytest.mark.parametrize("depth", [2, 3, 4])
def test_the_fall_is_attained_and_no_faster(depth: int) -> None:
    """3: L = <M I, W>, layers a I: sigma is least_value, and (sigma - sigma_0) / t tends to -N sigma_0^{2-2/N} M; with
    101/100 M the value is less."""
    start, steepest, time = fmpq(4), fmpq(3), fmpq(1, 8)
    least = least_value(start, steepest, time, depth)
    assert agree(
        lambda: effort(start, least_value(start, steepest, time, depth), depth), lambda: -steepest * time
    ).holds
    faster = least_value(start, steepest * fmpq(101, 100), time, depth)
    assert compare(Comparison(faster, "<", least, "sigma for a steeper loss")).holds
    layers = (diagonal(1, 1, [fmpq(2)]),) * depth
    moved = velocity(layers, diagonal(1, 1, [steepest]))[0, 0]
    assert moved == value_velocity(fmpq(2), steepest, depth)


@witness
def test_what_is_left_of_the_second_mode() -> None:
    """sigma_0 = 1/1000, k = 2, sigma_1 = 1: 1001/2000, 0.0316..., 8/1331, 0.0037... for N = 1, 2, 3, 4."""
    found = [smaller_mode(fmpq(1), fmpq(1, 1000), fmpq(2), depth) for depth in (1, 2, 3, 4)]
    assert found[0] == fmpq(1001, 2000)
    assert found[2] == fmpq(8, 1331)
    for value, digits in zip(found, (5005, 316, 60, 37), strict=True):
        assert compare(Comparison(value, ">=", fmpq(digits, 10000), "sigma_2")).holds
        assert compare(Comparison(value, "<", fmpq(digits + 1, 10000), "sigma_2")).holds
    assert ceiling(fmpq(1, 1000), fmpq(2), 3) == fmpq(8, 1000)
    assert ceiling(fmpq(1, 1000), fmpq(2), 4) == fmpq(4, 1000)
