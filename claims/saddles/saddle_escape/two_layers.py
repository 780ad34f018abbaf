"""Statement 3, the escape time at depth 2: logarithmic in the noise, between the bounds of 2 and of 3."""

import numpy as np
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.saddles.saddle_escape.escape_times import BITS, beyond, escape_time, largest_squared
from claims.saddles.saddle_escape.slow_escape import no_faster
from claims.saddles.saddle_escape.starts import scalars
from claims.saddles.saddle_escape.unstable_direction import least_growth
from claims.suite import exact, fewer, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare, rational, square_root
from solvers.network import Weights, frobenius_squared
from strategies import diagonal, generic_weights, orthogonal_matrices


def in_time(steps: int, size: Scalar, rate: fmpq, s: Scalar, cone: Scalar, radius: fmpq) -> Comparison:
    """3: g^{T-1} |e_0| <= 2 R, in any arithmetic."""
    growth = least_growth(rate, s, cone, radius**2)
    return Comparison(growth ** (steps - 1) * size, "<=", 2 * radius, "g^(T-1) e against 2 R")


def e_and_f(weights: Weights, u: ObjectArray, v: ObjectArray) -> tuple[Scalar, Scalar]:
    """|e| and |f|, e and f being W_1 v +- W_2^T u."""
    first, second = weights
    e, f = (square_root(frobenius_squared(first @ v + sign * second.T @ u)) for sign in (1, -1))
    return e, f


def narrowest(e: Scalar, f: Scalar) -> fmpq:
    """A K with K >= 1/2 and |f| <= K |e|, nearly the least."""
    return rational(max(1 / 2, float(arb(f / e)) * (1 + 2.0**-40)))


@witness
def test_the_cone_in_numbers() -> None:
    """w = (3, 1): |e| = 4 and |f| = 2, so that K = 1/2 will do; at w = (1, 0) it is 1, nearly."""
    one = diagonal(1, 1, [1])
    assert e_and_f(scalars([fmpq(3), fmpq(1)]), one, one) == (fmpq(4), fmpq(2))
    assert narrowest(fmpq(5), fmpq(2)) == fmpq(1, 2)
    assert 1 < narrowest(*e_and_f(scalars([fmpq(1), fmpq(0)]), one, one)) < 1 + fmpq(1, 2**39)


def check_two_sided(
    weights: Weights, target: ObjectArray, u: ObjectArray, v: ObjectArray, s: Scalar, rate: fmpq, radius: fmpq
) -> int:
    """Statements 2 and 3 at their T, which is returned."""
    steps = escape_time(weights, target, rate, beyond(radius))
    with ctx.workprec(BITS):
        e, f = e_and_f(weights, u, v)
        cone = narrowest(e, f)
        assert f <= cone * e
        assert (1 + cone) ** 2 * radius**2 <= s
        assert rate * s <= 1
        start = square_root(largest_squared(weights))
        slow = compare(no_faster(len(weights), steps, start, radius, rate, s))
        assert slow.holds, slow
        fast = compare(in_time(steps, e, rate, arb(s), cone, radius))
        assert fast.holds, fast
    return steps


@exact
@fewer(5)
@given(st.sampled_from([(2, 1, 2), (3, 2, 2), (2, 3, 3)]), st.integers(5, 120), st.data())
def test_escape_times_between_both_bounds_at_depth_two(
    widths: tuple[int, ...], halvings: int, data: st.DataObject
) -> None:
    """2 and 3 with R = 1/16, eta = 1/4, s = 2 and other modes below it: T from weights of size 2^-k, k up to 120."""
    left, right = (data.draw(orthogonal_matrices(width)) for width in (widths[2], widths[0]))
    target = left @ diagonal(widths[2], widths[0], [2, 1]) @ right.T
    u, v = left[:, :1], right[:, :1]
    weights = data.draw(generic_weights(widths))
    first, second = (arithmetic.exact(matrix) / fmpq(2) ** halvings for matrix in weights)
    if largest_squared((first @ v - second.T @ u,)) > largest_squared((first @ v + second.T @ u,)):
        first = -first  # swaps e and f
    if frobenius_squared(first @ v + second.T @ u) == 0:
        first = first + arithmetic.exact(np.eye(widths[1]))[:, :1] @ v.T / fmpq(2) ** halvings
    check_two_sided((first, second), target, u, v, fmpq(2), fmpq(1, 4), fmpq(1, 16))


@witness
def test_the_last_step_of_the_escape_is_attained() -> None:
    """3 from w_j = R = 1/2, s = 1, K = 1, the largest R: T = 1, and |e_0| = 2 R; with T = 2 it would be false."""
    rate, one, radius = fmpq(1, 4), fmpq(1), fmpq(1, 2)
    assert escape_time(scalars([radius] * 2), diagonal(1, 1, [1]), rate, beyond(radius)) == 1
    attained = in_time(1, 2 * radius, rate, one, one, radius)
    assert attained.left == attained.right
    assert compare(attained).holds
    assert compare(in_time(2, 2 * radius, rate, one, one, radius)).fails


@witness
def test_the_time_is_within_two_steps() -> None:
    """3 from w_j = 2^-40 with R = 1/16, s = 2, K = 1/2, eta = 1/4: T + 2 in place of T is too much."""
    rate, cone, radius, start = fmpq(1, 4), fmpq(1, 2), fmpq(1, 16), fmpq(1, 2**40)
    steps = escape_time(scalars([start] * 2), diagonal(1, 1, [2]), rate, beyond(radius))
    assert compare(in_time(steps, 2 * start, rate, fmpq(2), cone, radius)).holds
    assert compare(in_time(steps + 2, 2 * start, rate, fmpq(2), cone, radius)).fails
