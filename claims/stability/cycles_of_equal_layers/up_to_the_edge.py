"""Statement 3: convergence up to a = 2/N, how slow it is there, and what is lost beyond."""

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.stability.cycles_of_equal_layers.one_cycle import step
from claims.suite import Fate, ablates, control, exact, sampled, symbolic, witness
from solvers.arithmetic import Scalar
from solvers.descent.two_cycles import cycle_of_equal_layers, root_between
from solvers.flow import mode_step

N = sympy.Symbol("N", integer=True, positive=True)

SHARES = st.sampled_from([fmpq(1), fmpq(1, 2), fmpq(99, 100), fmpq(1, 10), fmpq(999999, 1000000)])
"""a N/2, 1 among them."""


def beyond(depth: int, a: fmpq) -> arb:
    """Z: the zero of a z^{N-2} (z^N - 1) = 1 beyond 1."""
    high = fmpq(2)
    while not a * high ** (depth - 2) * (high**depth - 1) > 1:
        high = 2 * high
    return root_between(lambda z: a * z ** (depth - 2) * (z**depth - 1) - 1, fmpq(1), high)


def nears(z: Scalar, depth: int, a: fmpq) -> bool:
    """What convergence to 1 of a map of an interval without cycles of two comes to: f(z) > 0, f(f(z)) > 0, and two
    steps lead towards 1: (f(f(z)) - z)(1 - z) > 0."""
    once = step(z, depth, a)
    twice = step(once, depth, a)
    return bool(once > 0 and twice > 0 and (twice - z) * (1 - z) > 0)


@symbolic
def test_the_interval_is_kept_for_every_depth() -> None:
    """1 - z^N <= N (1-z), as the difference falls to 0 at z = 1; s (2 e^{-s} - 1) is concave for s < 2, its derivative
    changes sign inside [.31, .32] and the tangent at .31 bounds it by .145; 2 * .145 < ln 2; and
    N/2 >= 2 - 2^{(N-2)/(2N-2)}, an equality at N = 2: the right side falls, as (N-2)/(2N-2) rises, and N/2 rises."""
    z, s = sympy.symbols("z s", positive=True)
    gap = N * (1 - z) - (1 - z**N)  # 0 at z = 1, and falls
    assert gap.subs(z, 1) == 0
    assert sympy.simplify(sympy.diff(gap, z) + N * (1 - z ** (N - 1))) == 0
    bound = z - 1 + 2 / N * z ** (N - 1) * (1 - z**N) + 2 / N * z ** (N - 1) * gap
    assert sympy.simplify(bound - (1 - z) * (2 * z ** (N - 1) - 1)) == 0
    height = s * (2 * sympy.exp(-s) - 1)
    slope = sympy.diff(height, s)
    assert sympy.simplify(sympy.diff(slope, s) - 2 * (s - 2) * sympy.exp(-s)) == 0  # < 0 for s < 2
    low, high = arb(fmpq(31, 100)), arb(fmpq(32, 100))
    slopes = [2 * (1 - x) * (-x).exp() - 1 for x in (low, high)]
    assert slopes[0] > 0 > slopes[1]
    assert low * (2 * (-low).exp() - 1) + slopes[0] * fmpq(1, 100) < fmpq(145, 1000)
    assert 2 * fmpq(145, 1000) < arb(2).log()
    assert sympy.simplify(sympy.diff((N - 2) / (2 * N - 2), N) - 1 / (2 * (N - 1) ** 2)) == 0
    assert 2 - sympy.Integer(2) ** 0 == sympy.Integer(2) / 2


@symbolic
def test_the_third_order_at_the_edge_for_every_depth() -> None:
    """f'(1) = 1 - a N, -1 at a = 2/N; S = f''^2/2 + f'''/3 = 8(N-1)(5N-4)/3; two steps move e to e - S e^3 + .."""
    z, a = sympy.symbols("z a", positive=True)
    f = z - a * z ** (N - 1) * (z**N - 1)
    first, second, third = (sympy.simplify(sympy.diff(f, z, k).subs(z, 1)) for k in (1, 2, 3))
    assert sympy.simplify(first - (1 - a * N)) == 0
    assert sympy.simplify((second**2 / 2 + third / 3).subs(a, 2 / N) - 8 * (N - 1) * (5 * N - 4) / 3) == 0
    e, b, c = sympy.symbols("e b c")

    def expansion(x: sympy.Expr) -> sympy.Expr:
        return -x + b * x**2 / 2 + c * x**3 / 6

    twice = sympy.series(sympy.expand(expansion(expansion(e))), e, 0, 4).removeO()
    assert sympy.expand(twice - (e - (b**2 / 2 + c / 3) * e**3)) == 0


@exact
@given(st.integers(2, 6), SHARES, st.integers(1, 63))
def test_two_steps_lead_towards_one(depth: int, share: fmpq, place: int) -> None:
    """z from Z/64 to 63/64 Z, a up to the edge and at it: the interval is kept, and no cycle of two is met."""
    a = share * fmpq(2, depth)
    z = fmpq(int(float(beyond(depth, a)) * 2**20), 2**20) * fmpq(place, 64)
    assert z == 1 or nears(z, depth, a)
    assert step(z, depth, a) < beyond(depth, a)


@exact
@given(st.integers(2, 9), SHARES)
def test_the_chain_of_bounds(depth: int, share: fmpq) -> None:
    """Z >= 2^{1/(2N-2)}, and the largest f on 64 points of [0, 1] is at most 1 + .145/(N-1) <= Z."""
    a = share * fmpq(2, depth)
    least = arb(2) ** (arb(1) / (2 * depth - 2))
    assert beyond(depth, a) * fmpq(1000001, 1000000) > least
    bound = 1 + fmpq(145, 1000) / (depth - 1)
    assert bound < least
    assert all(step(fmpq(k, 64), depth, a) <= bound for k in range(65))


@sampled
@pytest.mark.parametrize("depth", [2, 3, 5])
def test_how_slow_it_is_at_the_edge(depth: int) -> None:
    """Float64, a = 2/N, five starts, d_t = (z_t - z_{t+1})/2, the mean of two distances on both sides of 1:
    8(N-1)(5N-4)/3 t d_t^2 is nearer to 1 after 20000 steps than after 2000, by a factor of 4 or more (it nears 1 like
    ln t / t), and with a coefficient a tenth larger or smaller it is not."""
    z, gaps = np.array([0.2, 0.5, 0.9, 1.05, 1.1]), {}
    coefficient = 8 * (depth - 1) * (5 * depth - 4) / 3
    for t in range(1, 20001):
        before, z = z, mode_step([z] * depth, 1.0, 2 / depth)[0]
        if t in (2000, 20000):
            gaps[t] = coefficient * t * (z - before) ** 2 / 4
    assert (4 * abs(gaps[20000] - 1) < abs(gaps[2000] - 1)).all()
    for factor in (0.9, 1.1):
        assert not (4 * abs(factor * gaps[20000] - 1) < abs(factor * gaps[2000] - 1)).any()


@sampled
@pytest.mark.parametrize("depth", [2, 4, 7])
def test_runs_below_the_edge_end_at_one(depth: int) -> None:
    """Float64, a N/2 = .97, forty starts from 1/2 to where f is 1/2 again: a step multiplies z - 1 by -.94 near
    0 and errs by at most 4 units of 2^-53 (its product by N - 1, times a < 2/N; z by 1), so 4 / (1 - .94) < 67 are left
    after 2000. (From near 0 descent needs more steps, of order z_0^{2-N}.)"""
    a = fmpq(97, 50 * depth)
    high = root_between(lambda z: step(z, depth, a) - fmpq(1, 2), fmpq(1), fmpq(3, 2))
    z = np.linspace(0.5, float(high), 40)
    for _ in range(2000):
        z = mode_step([z] * depth, 1.0, float(a))[0]
    assert (abs(z - 1) < 67 * 2.0**-53).all()


@control
@ablates("DL-065", "a at most 2/N", "a <= 101/100 of 2/N", Fate.REFUTED)
@ablates("DL-065", "a at most 2/N", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("depth", [2, 3, 6])
@pytest.mark.parametrize("excess", [fmpq(101, 100), fmpq(3, 2)])
def test_refuted_beyond_the_edge(depth: int, excess: fmpq) -> None:
    """From a point of the cycle descent comes no nearer to 1; and two steps lead a start near 1 away from it."""
    a = excess * fmpq(2, depth)
    cycle = cycle_of_equal_layers(depth, a)
    assert cycle is not None
    here = cycle.points[0][0]
    assert 1 < here < beyond(depth, a)
    assert not nears(here, depth, a)
    assert not nears(1 + fmpq(1, 10**4), depth, a)
    assert nears(1 + fmpq(1, 10**4), depth, a / excess)


@control
@ablates("DL-065", "below Z", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("depth", [2, 3])
def test_refuted_from_the_zero_of_f(depth: int) -> None:
    """Z is rational at N = 2, a = 9/16 (Z = 5/3), and N = 3, a = 4/15 (a Z (Z^3 - 1) = 1 has no such Z: Z as a ball):
    the next z is 0, and stays."""
    if depth == 2:
        assert step(fmpq(5, 3), 2, fmpq(9, 16)) == 0
        assert step(fmpq(0), 2, fmpq(9, 16)) == 0
    a = fmpq(9, 16) if depth == 2 else fmpq(4, 15)
    edge = beyond(depth, a)
    assert arb(step(edge, depth, a)).overlaps(arb(0))
    assert not nears(edge + fmpq(1, 1000), depth, a)
    assert nears(edge.mid() * fmpq(999, 1000), depth, a)


@witness
def test_the_smallest_depth_at_the_edge() -> None:
    """N = 2, a = 1: Z = sqrt 2, and f(z) = z (2 - z^2) is at most its value at z = sqrt(2/3), 1.0887 < sqrt 2."""
    assert beyond(2, fmpq(1)).overlaps(arb(2).sqrt())
    top = arb(fmpq(2, 3)).sqrt()
    assert fmpq(10886, 10000) < arb(step(top, 2, fmpq(1))) < fmpq(10888, 10000)
