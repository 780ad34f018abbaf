"""Statement 2 and the smallness of u_0: the order of half-times decided in balls, the turning points, refutations."""

from fractions import Fraction

import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.modes.stage_like_learning.half_times import half, sign_of_slope
from claims.suite import Fate, ablates, control, exact, witness
from solvers.arithmetic import Comparison, Relation, Verdict, compare, power, rational, settle

BITS = 256


def half_times_differ(low: fmpq, more: fmpq, depth: int, relation: Relation) -> Verdict:
    """Whether from u_0 = 1 the half-time of s = low + more is less (or greater) than that of s = low."""
    return settle(
        lambda: Comparison(half(fmpq(1), low + more, depth), relation, half(fmpq(1), low, depth), "two half-times")
    )


SMALL = st.integers(1, 1000).map(lambda k: fmpq(k, 64))


@exact
@given(SMALL, SMALL, st.integers(2, 9))
def test_the_larger_value_is_first_from_a_small_start(low: fmpq, more: fmpq, depth: int) -> None:
    """N = 2..9, s >= 4.592 u_0."""
    verdict = half_times_differ(fmpq(4592, 1000) + low, more, depth, "<")
    assert verdict.holds, verdict


@exact
@given(st.integers(0, 63), st.integers(1, 64), st.integers(1, 9))
def test_the_larger_value_is_last_from_a_start_near_half(low: int, more: int, depth: int) -> None:
    """N = 1..9, 2 u_0 <= s <= 3.5 u_0: the other way round."""
    verdict = half_times_differ(2 + fmpq(low, 64), fmpq(more * 3, 64 * 6), depth, ">")
    assert verdict.holds, verdict


@exact
@pytest.mark.parametrize(("depth", "turn"), [(2, "4.5911"), (3, "4.0807"), (4, "3.9036"), (10, "3.6601")])
def test_turning_points(depth: int, turn: str) -> None:
    """r_N lies between the decimals given and one more in the last place, decided in balls by a rigorous quadrature."""
    low = rational(Fraction(turn))
    for ratio, relation in ((low, ">"), (low + fmpq(1, 10**4), "<")):
        with ctx.workprec(64):
            verdict = compare(Comparison(sign_of_slope(ratio, depth), relation, fmpq(0), "slope of the half-time"))  # type: ignore[arg-type]
            assert verdict.holds, verdict


@control
@ablates("DL-031", "one u_0", "dropped", Fate.REFUTED)
def test_refuted_for_different_starts() -> None:
    """s = 2 from 1/1000 is later than s = 1 from 1/10, though both are small."""
    slow, fast = half(fmpq(1, 1000), fmpq(2)), half(fmpq(1, 10), fmpq(1))
    assert compare(Comparison(slow, "<", fast, "half-time of the larger")).fails


@control
@ablates("DL-031", "u_0 small", "dropped", Fate.REFUTED)
def test_refuted_for_a_start_that_is_not_small() -> None:
    """u_0 = 1, s = 3 and 4, below half of both: the larger is later, ln 3 / 8 > ln 2 / 6, as 27 > 16."""
    assert 3**3 > 2**4
    assert compare(Comparison(half(fmpq(1), fmpq(4)), "<", half(fmpq(1), fmpq(3)), "half-time of the larger")).fails


@control
@ablates("DL-031", "u_0 small", "u_0 <= s_min / 4.59", Fate.REFUTED)
def test_refuted_just_above_the_bound_on_the_start() -> None:
    """N = 2, s_min = 4.59 u_0, where r_2 = 4.5911: s = 4.5905 u_0 is later than s_min."""
    small, large = fmpq(459, 100), fmpq(45905, 10000)
    with ctx.workprec(BITS):
        verdict = compare(Comparison(half(fmpq(1), large), "<", half(fmpq(1), small), "half-time of the larger"))
    assert verdict.fails


@control
@ablates("DL-031", "N >= 2", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("start", [fmpq(1, 4), fmpq(1, 10**9)])
def test_refuted_at_depth_one(start: fmpq) -> None:
    """N = 1: s = 2 is at half after s = 1, however small u_0 > 0."""
    with ctx.workprec(BITS):
        large, small = half(start, fmpq(2), 1), half(start, fmpq(1), 1)
        assert compare(Comparison(large, "<", small, "half-time of the larger")).fails
        assert compare(Comparison(large, "<", arb(2).log(), "half-time below ln 2")).holds


@control
def test_refuted_that_stages_need_no_small_start() -> None:
    """s = (2, 1): when mode 1 is at half, mode 2 has u / s = 0.44 for u_0 = 1/4 and less than 1/40 for u_0 = 10^-4."""
    with ctx.workprec(BITS):
        for start, relation, bound in ((fmpq(1, 4), ">", fmpq(2, 5)), (fmpq(1, 10**4), "<", fmpq(1, 40))):
            g = power(2 / start - 1, Fraction(1, 2))
            verdict = compare(Comparison(g / (g - 1 + 1 / start), relation, bound, "strength of the smaller mode"))  # type: ignore[arg-type]
            assert verdict.holds, verdict


@witness
def test_the_turning_point_at_great_depths_too() -> None:
    """At s = 4.592 u_0 the slope is negative for N = 2, 3, 10, 10^6: and at s = 2 u_0 it is positive.
    For every N it is so by the proof, since r_N falls with N."""
    with ctx.workprec(64):
        for depth in (2, 3, 10, 10**6):
            assert sign_of_slope(fmpq(4592, 1000), depth) < 0
            assert sign_of_slope(fmpq(2), depth) > 0
