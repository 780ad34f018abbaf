"""Descent never leaves a saddle by itself; noise r away it does, in log(1/r) steps at depth 2 and r^{2-N} beyond.

Statement. l = 1/2 ||W_N ... W_1 - Phi||_F^2, N >= 2, s = |Phi|_2 > 0, learning rate eta > 0.

1. From a critical point gradient descent never moves.
2. Near zero no start leaves faster than this. With m = max_j ||W_j||_F and eta m^{2N-2} <= 2 one step has
   m' <= m (1 + eta s m^{N-2}). So if T is the first step with m > R, from m = r, and eta R^{2N-2} <= 2:
   (1 + eta s)^T >= R / r at N = 2, and T >= (r^{2-N} - R^{2-N}) / ((N-2) eta s) at N >= 3.
3. N = 2, where eigenvalue -s is the least at zero, any widths. Let u, v be the largest singular pair of Phi,
   e = W_1 v + W_2^T u, f = W_1 v - W_2^T u. If eta s <= 1, K >= 1, (1 + K)^2 R^2 <= s, m <= R and |f| <= K |e|, then
   |e'| >= g |e| and |f'| <= K |e'|, g = 1 + eta (s - (1 + K) R^2). So g^{T-1} |e_0| <= 2 R, T as in 2: the rate of
   escape is 1 + eta s in the limit of small R.
4. N >= 3, widths 1 (or any widths along one singular pair), Phi > 0, all w_j in (0, R], R^N < Phi. With
   a = eta (Phi - R^N) and m = min_j w_j one step has m' >= m (1 + a m^{N-2}). So with k = N - 2 some w_j > R at a step
   T <= 1 + (r^{-k} - R^{-k}) (1 + k a R^k) / (k a), from m = r: with 2, T r^{N-2} stays between constants as r -> 0.
5. At any strict saddle of any function with an L-Lipschitz Hessian H, eta |H|_2 <= 2 there: let -c < 0 be the least
   eigenvalue, q a unit eigenvector, g = 1 + eta c, y the distance vector, |y_0| = r, |<q, y_0>| >= K r, K > 0. While
   2 r g^t <= K c / (2 L):  K r g^t / 2 <= |<q, y_t>| <= |y_t| <= 2 r g^t. For N = 2, L = 3 * 2^{1/2} max_j |W_j|_2, the
   largest within that distance.

Proof. 2: D_j = A^T A W_j C C^T - A^T Phi C^T with A = W_{j+1:N}, C = W_{1:j-1}; X - eta A^T A X C C^T is no longer than
X, its components in the singular bases being multiplied by 1 - eta x, 0 <= x <= m^{2N-2}. And m^{-k}, k = N - 2, falls
by at most k eta s, since (1 + x)^{-k} >= 1 - k x.
3: e' = (1 + eta s) e - eta h, f' = (1 - eta s) f + eta h', where |h|, |h'| <= R^2 (|W_2^T u| + |W_1 v|)
<= R^2 (1 + K) |e|; the cone is kept since R^2 (1 + K)^2 <= 2 K s, and |e| <= 2 R inside.
4: W <= R^N, and a product of others is at least m^{N-1}; m^{-k} falls by at least k a / (1 + k a R^k), since
(1 + x)^{-k} <= 1 / (1 + k x).
5: |y'| <= (g + eta L |y| / 2) |y|, and the product of 1 + eta L |y_s| / (2 g), s <= t, is at most exp(K / 4) < 2 as the
|y_s| grow geometrically; <q, y> loses at most the sum of g^{t-1-s} eta L |y_s|^2 / 2 to the remainder, half of it.
The third derivative of l at N = 2 along a unit V is 6 <dW, V_2 V_1> <= 6 (2^{1/2} max_j |W_j|_2) / 2.

Hypotheses. "noise": r > 0. "start": e_0 != 0, or w_j of one sign: else a start may be drawn to the saddle. "learning
rate": the bounds on eta.
Source. JGNKJ17 (arXiv:1703.00887) for the algorithm and the log; the two-sided bounds are this project's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
import sympy
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.saddles.poor_minima import is_zero
from claims.saddles.strict_saddles import real_modes
from claims.suite import DLC, JGNKJ17, Claim, Fate, Status, ablates, control, exact, fewer, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare, power, rational, settle, square_root
from solvers.descent import perturbed_gradient_descent
from solvers.network import (
    Problem,
    end_to_end,
    frobenius_squared,
    gradient_step,
    hessian,
    hessian_vector_product,
    inertia,
    layer_gradients,
    loss,
    spectral_norm,
)
from strategies import (
    DATASETS,
    CriticalPoint,
    critical_points,
    diagonal,
    dimensions,
    generic_weights,
    learning_rates,
    orthogonal_matrices,
    regression,
    singular_value_lists,
    zero_weights,
)

CLAIM = Claim(
    uid="DL-025",
    title="Escape from saddles",
    statement=__doc__,
    sources=(JGNKJ17.at("Algorithm 2, Theorem 3"), DLC.at("DL-025")),
    items=("7.4",),
    status=Status.THEOREM,
    hypotheses=("noise", "start", "learning rate"),
)

Layers = tuple[ObjectArray, ...]

BITS = 1024
HALF = fmpq(1, 2)


def scalars(values: Sequence[Scalar]) -> Layers:
    """A network of width 1."""
    return tuple(np.array([[value]], dtype=object) for value in values)


def largest_squared(weights: Layers) -> Scalar:
    """m^2 = max_j ||W_j||_F^2."""
    squares: list[Scalar] = [frobenius_squared(matrix) for matrix in weights]
    best = squares[0]
    for square in squares[1:]:
        best = max(best, square) if isinstance(best, fmpq) and isinstance(square, fmpq) else arb(best).max(arb(square))
    return best


def in_balls(weights: Layers) -> Layers:
    """The same matrices, of rationals or balls, at the current precision."""
    return tuple(np.asarray(np.frompyfunc(arb, 1, 1)(matrix), dtype=object) for matrix in weights)


def escape_time(weights: Layers, target: ObjectArray, rate: fmpq, left: Callable[[Layers], bool | None]) -> int:
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


def beyond(radius: fmpq) -> Callable[[Layers], bool | None]:
    """Whether m > R, None where that is not certain."""

    def left(weights: Layers) -> bool | None:
        square = largest_squared(weights)
        return True if square > radius**2 else False if square <= radius**2 else None

    return left


def no_faster(depth: int, steps: int, start: Scalar, radius: Scalar, rate: fmpq, norm: Scalar) -> Comparison:
    """2 for T = ``steps``."""
    if depth == 2:
        return Comparison((1 + rate * norm) ** steps * start, ">=", arb(radius), "m after T steps against R")
    k = depth - 2
    least = (power(start, -k) - power(radius, -k)) / (k * rate * norm)
    return Comparison(fmpq(steps), ">=", least, "T against its lower bound")


@symbolic
def test_a_critical_point_is_a_fixed_point_of_descent_in_any_dimension() -> None:
    """1: W_j - eta D_j - W_j = -eta D_j, so where D_j = 0 nothing moves, whatever eta."""
    sizes = sympy.symbols("d_0:4", integer=True, positive=True)
    weights = tuple(sympy.MatrixSymbol(f"W_{j + 1}", sizes[j + 1], sizes[j]) for j in range(3))
    target, eta = sympy.MatrixSymbol("Phi", sizes[-1], sizes[0]), sympy.Symbol("eta")
    moved, gradients = gradient_step(weights, target, eta), layer_gradients(weights, target)
    assert all(is_zero(after - before + eta * d) for after, before, d in zip(moved, weights, gradients, strict=True))


@symbolic
@pytest.mark.parametrize("depth", [2, 3, 4])
def test_the_gradient_is_a_contraction_and_a_pull_in_any_dimension(depth: int) -> None:
    """2: D_j = A^T A W_j C C^T - A^T Phi C^T, symbolic sizes."""
    sizes = sympy.symbols(f"d_0:{depth + 1}", integer=True, positive=True)
    weights = tuple(sympy.MatrixSymbol(f"W_{j + 1}", sizes[j + 1], sizes[j]) for j in range(depth))
    target = sympy.MatrixSymbol("Phi", sizes[-1], sizes[0])
    for j, gradient in enumerate(layer_gradients(weights, target)):
        a = end_to_end(weights[j + 1 :]) if j + 1 < depth else sympy.Identity(sizes[-1])
        c = end_to_end(weights[:j]) if j else sympy.Identity(sizes[0])
        assert is_zero(gradient - a.T * a * weights[j] * c * c.T + a.T * target * c.T)


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


@symbolic
def test_the_unstable_direction_at_depth_two_in_any_dimension() -> None:
    """3: e' - (1 + eta s) e and f' - (1 - eta s) f are -eta times W_2^T W_2 W_1 v +- W_1 W_1^T W_2^T u, once
    Phi v = s u and Phi^T u = s v; symbolic sizes."""
    inputs, width, outputs = sympy.symbols("d_0 h d_2", integer=True, positive=True)
    first, second = sympy.MatrixSymbol("W_1", width, inputs), sympy.MatrixSymbol("W_2", outputs, width)
    target = sympy.MatrixSymbol("Phi", outputs, inputs)
    u, v = sympy.MatrixSymbol("u", outputs, 1), sympy.MatrixSymbol("v", inputs, 1)
    eta, s = sympy.symbols("eta s")
    new_first, new_second = gradient_step((first, second), target, eta)
    left, right = target * v - s * u, target.T * u - s * v  # zero
    cubic_first, cubic_second = second.T * second * first * v, first * first.T * second.T * u
    for sign in (1, -1):
        now, then = first * v + sign * second.T * u, new_first * v + sign * new_second.T * u
        pulled = eta * second.T * left + sign * eta * first * right
        rest = then - (1 + sign * eta * s) * now - pulled + eta * (cubic_first + sign * cubic_second)
        assert is_zero(rest)


@symbolic
def test_the_cone_is_kept_and_the_norm_grows() -> None:
    """3: with sigma = eta s, b = eta R^2, K (1 + sigma - b (1+K)) - K (1 - sigma) - b (1+K) = 2 K sigma - b (1+K)^2,
    which, with b (1+K)^2 = sigma - d, is (2K - 1) sigma + d; g - 1 is at least sigma K / (1+K)."""
    sigma, d, more = sympy.symbols("sigma d k", nonnegative=True)
    big = 1 + more
    b = (sigma - d) / (1 + big) ** 2
    room = big * (1 + sigma - b * (1 + big)) - big * (1 - sigma) - b * (1 + big)
    assert sympy.simplify(room - (2 * big - 1) * sigma - d) == 0
    assert sympy.expand((2 * big - 1) * sigma + d).is_nonnegative
    assert sympy.simplify(sigma - b * (1 + big) - (sigma * big + d) / (1 + big)) == 0
    x, y = sympy.symbols("x y", real=True)  # (|x| + |y|)^2 <= 2 x^2 + 2 y^2 = |x+y|^2 + |x-y|^2
    assert sympy.expand((x + y) ** 2 + (x - y) ** 2 - 2 * x**2 - 2 * y**2) == 0


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


@symbolic
def test_sums_of_the_growth_at_any_strict_saddle() -> None:
    """5: with sum_{s<=t} g^s = (g^{t+1} - 1) / (g - 1) < g^{t+1} / (eta c), the exponent eta L / (2 g) sum |y_s| is
    below L r g^t / c <= K / 4, e^{1/4} < 2; and what <q, y_t> / g^t loses, sum_{s<t} g^{-1-s} eta L (2 r g^s)^2 / 2, is
    below 2 L r^2 g^{t-1} / c <= K r / 2."""
    eta, c, r, big = sympy.symbols("eta c r L", positive=True)
    t, s = sympy.Symbol("t", integer=True, positive=True), sympy.Symbol("s", integer=True)
    g = sympy.Symbol("g", positive=True)  # 1 + eta c
    total = (g ** (t + 1) - 1) / (g - 1)  # the sum, by induction
    assert total.subs(t, 0) == 1
    assert sympy.simplify(total.subs(t, t + 1) - total - g ** (t + 1)) == 0
    room = g ** (t + 1) / (g - 1) - total
    assert sympy.simplify(room - 1 / (g - 1)) == 0
    exponent = eta * big / (2 * g) * 2 * r * g ** (t + 1) / (eta * c)
    assert sympy.simplify(exponent - big * r * g**t / c) == 0
    assert sympy.exp(sympy.Rational(1, 4)) < 2
    term = g ** (-1 - s) * eta * big * (2 * r * g**s) ** 2 / 2
    assert sympy.simplify(term - 2 * eta * big * r**2 * g ** (s - 1)) == 0
    bound = 2 * eta * big * r**2 / g * (g**t / (eta * c))
    k = sympy.Symbol("K", positive=True)
    most = k * c / (2 * big) / 2  # r g^t at the end
    assert sympy.simplify(bound.subs(g**t, most / r) - k * r / (2 * g)) == 0  # <= K r / 2, since g > 1


@exact
@fewer(2)
@given(critical_points(dimensions=dimensions(max_depth=4, max_width=3)), learning_rates())
def test_descent_never_leaves_a_critical_point(point: CriticalPoint, rate: float) -> None:
    """1, exactly, for every kind of critical point."""
    problem = Problem(point.weights, point.target, rational(rate))
    assert all((after == before).all() for after, before in zip(problem.step().weights, point.weights, strict=True))


@st.composite
def near_zero(draw: st.DrawFn, widths: tuple[int, ...]) -> tuple[Layers, ObjectArray, ObjectArray, ObjectArray, fmpq]:
    """Weights of any size down to 2^-12, Phi with a known largest singular pair: (weights, Phi, u, v, s)."""
    left, right = draw(orthogonal_matrices(widths[-1])), draw(orthogonal_matrices(widths[0]))
    values = [rational(s) for s in draw(singular_value_lists(min(widths[0], widths[-1])))]
    target = left @ diagonal(widths[-1], widths[0], values) @ right.T
    scale = fmpq(1, 2 ** draw(st.integers(0, 12)))
    weights = tuple(scale * arithmetic.exact(matrix) for matrix in draw(generic_weights(widths)))
    return weights, target, left[:, :1], right[:, :1], values[0]


@exact
@given(dimensions(min_depth=2, max_depth=4, max_width=3), st.data(), st.integers(0, 64).map(lambda k: fmpq(k, 64)))
def test_no_start_near_zero_grows_faster(widths: tuple[int, ...], data: st.DataObject, part: fmpq) -> None:
    """2, one step from any weights, eta up to 2 / m^{2N-2}, that included; Phi = 0 too."""
    weights, target, _, _, s = data.draw(near_zero(widths))
    depth, square = len(weights), largest_squared(weights)
    rate = part * 2 / square ** (depth - 1) if square > 0 else part
    after = largest_squared(gradient_step(weights, target, rate))

    def bound() -> Comparison:
        factor = 1 + rate * s * power(square, Fraction(depth - 2, 2)) if s > 0 else fmpq(1)
        return Comparison(after, "<=", square * factor**2, "m'^2 against the bound")

    verdict = settle(bound)
    assert verdict.holds, verdict


@exact
@fewer(2)
@given(st.tuples(*[st.integers(1, 3)] * 3), st.data(), st.integers(0, 63).map(lambda k: fmpq(64 - k, 64)))
def test_the_unstable_direction_grows_at_depth_two(widths: tuple[int, ...], data: st.DataObject, part: fmpq) -> None:
    """3, one step in rationals from any weights with e != 0, K >= |f| / |e|, scaled into the ball of radius R."""
    weights, target, u, v, s = data.draw(near_zero(widths))
    s = s if s > 0 else fmpq(1)
    target = target if target.any() else s * u @ v.T
    first, second = weights
    if frobenius_squared(first @ v + second.T @ u) == 0:
        first = first + arithmetic.exact(np.eye(widths[1]))[:, :1] @ v.T
    ratio = frobenius_squared(first @ v - second.T @ u) / frobenius_squared(first @ v + second.T @ u)
    cone = 1 + ratio  # at least 1 and |f| / |e|
    square = s / (1 + cone) ** 2  # R^2
    shrink = fmpq(1)
    while largest_squared((shrink * first, shrink * second)) > square:
        shrink /= 2
    first, second = shrink * first, shrink * second
    rate = part / s
    growth = 1 + rate * (s - (1 + cone) * square)
    new_first, new_second = gradient_step((first, second), target, rate)
    e, new_e = (frobenius_squared(a @ v + b.T @ u) for a, b in ((first, second), (new_first, new_second)))
    new_f = frobenius_squared(new_first @ v - new_second.T @ u)
    assert compare(Comparison(new_e, ">=", growth**2 * e, "|e'|^2 against g^2 |e|^2")).holds
    assert compare(Comparison(new_f, "<=", cone**2 * new_e, "|f'|^2 against K^2 |e'|^2")).holds
    assert growth > 1


SIZES = st.integers(1, 16).map(lambda k: fmpq(k, 16))


@exact
@given(st.lists(SIZES, min_size=3, max_size=6), st.integers(1, 8), st.integers(1, 64).map(lambda k: fmpq(k, 16)))
def test_the_least_scalar_layer_grows_by_the_bound(sizes: list[fmpq], halvings: int, rate: fmpq) -> None:
    """4, one step, N = 3..6, Phi = 1, R = 7/8 and any eta up to 4."""
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
    pace, least = rate * (1 - radius**depth), min(values)
    most = 1 + (least**-k - radius**-k) * (1 + k * pace * radius**k) / (k * pace)
    assert compare(Comparison(fmpq(steps), "<=", most, "T against its upper bound")).holds


@exact
@fewer(5)
@given(st.sampled_from([(2, 1, 2), (3, 2, 2), (2, 3, 3)]), st.integers(5, 120), st.data())
def test_escape_times_between_both_bounds_at_depth_two(
    widths: tuple[int, ...], halvings: int, data: st.DataObject
) -> None:
    """2 and 3 with R = 1/16, eta = 1/4, s = 2 and other modes below it: T from weights of size 2^-k, k up to 120."""
    left, right = data.draw(orthogonal_matrices(widths[2])), data.draw(orthogonal_matrices(widths[0]))
    target = left @ diagonal(widths[2], widths[0], [2, 1]) @ right.T
    u, v = left[:, :1], right[:, :1]
    weights = data.draw(generic_weights(widths))
    first, second = (arithmetic.exact(matrix) / fmpq(2) ** halvings for matrix in weights)
    if largest_squared((first @ v - second.T @ u,)) > largest_squared((first @ v + second.T @ u,)):
        first = -first  # swaps e and f
    if frobenius_squared(first @ v + second.T @ u) == 0:
        first = first + arithmetic.exact(np.eye(widths[1]))[:, :1] @ v.T / fmpq(2) ** halvings
    check_two_sided((first, second), target, u, v, fmpq(2), fmpq(1, 4), fmpq(1, 16))


def check_two_sided(
    weights: Layers, target: ObjectArray, u: ObjectArray, v: ObjectArray, s: Scalar, rate: fmpq, radius: fmpq
) -> int:
    """Statements 2 and 3 at their T, which is returned."""
    steps = escape_time(weights, target, rate, beyond(radius))
    first, second = weights
    with ctx.workprec(BITS):
        e, f = (square_root(frobenius_squared(first @ v + sign * second.T @ u)) for sign in (1, -1))
        cone = rational(max(1, float(arb(f / e)) * (1 + 2.0**-40)))
        assert f <= cone * e
        assert (1 + cone) ** 2 * radius**2 <= s
        assert rate * s <= 1
        start = square_root(largest_squared(weights))
        slow = compare(no_faster(2, steps, start, radius, rate, s))
        assert slow.holds, slow
        growth = 1 + rate * (s - (1 + cone) * radius**2)
        fast = compare(Comparison(arb(growth) ** (steps - 1) * e, "<=", 2 * arb(radius), "g^(T-1) e against 2 R"))
        assert fast.holds, fast
    return steps


@symbolic
def test_the_third_derivative_at_depth_two() -> None:
    """5: l(W + t V) = ||G + t X + t^2 Y||^2 / 2, X = dW, Y = V_2 V_1, has third derivative 6 <X, Y> at t = 0."""
    t = sympy.Symbol("t", real=True)
    g, x, y = (sympy.Matrix(sympy.symbols(f"{name}:4", real=True)) for name in "gxy")
    moved = g + t * x + t**2 * y
    assert sympy.expand(sympy.diff(moved.dot(moved) / 2, t, 3).subs(t, 0) - 6 * x.dot(y)) == 0
    a, b = sympy.symbols("a b", nonnegative=True)  # |V_1|, |V_2|, a^2 + b^2 = 1: a b <= 1/2, (a + b)^2 <= 2
    assert sympy.expand((a**2 + b**2) / 2 - a * b - (a - b) ** 2 / 2) == 0
    assert sympy.expand(2 * (a**2 + b**2) - (a + b) ** 2 - (a - b) ** 2) == 0


@dataclass(frozen=True)
class Saddle:
    """b^2 carried by two layers b, s <= b^2 left, an idle unit; ``unstable`` is q of eigenvalue -s, times 2^{1/2}."""

    weights: Layers
    target: ObjectArray
    unstable: Layers
    carried: fmpq
    left: fmpq


@st.composite
def saddles(draw: st.DrawFn) -> Saddle:
    """Widths 2-2-2, b in {1, 2, 3}, s / b^2 in eighths, in any rational bases."""
    b = fmpq(draw(st.integers(1, 3)))
    s = fmpq(draw(st.integers(1, 8)), 8) * b**2
    left, hidden, right = (draw(orthogonal_matrices(2)) for _ in range(3))
    carrier = diagonal(2, 2, [b, 0])
    weights = (hidden @ carrier @ right.T, left @ carrier @ hidden.T)
    unstable = (hidden[:, 1:] @ right[:, 1:].T, left[:, 1:] @ hidden[:, 1:].T)
    return Saddle(weights, left @ diagonal(2, 2, [b**2, s]) @ right.T, unstable, b, s)


@exact
@fewer(5)
@given(saddles(), st.integers(20, 60), st.sampled_from([1, -1]), generic_weights((2, 2, 2)), st.integers(1, 8))
def test_escape_from_other_strict_saddles(
    saddle: Saddle, halvings: int, sign: int, any_way: tuple[np.ndarray, ...], eighths: int
) -> None:
    """5 at depth 2: -s is the least eigenvalue, by inertia, with eigenvector q. Both bounds at every step while
    2 r g^t <= K c / (2 L), from noise near q and -q; eta up to 2 / (2 b^2 + s) <= 2 / |H|_2."""
    q, s = saddle.unstable, saddle.left
    _, negative, zero = inertia(hessian(saddle.weights, saddle.target) + s * arithmetic.exact(np.eye(8)))
    assert negative == 0 < zero
    product = hessian_vector_product(saddle.weights, saddle.target, q)
    assert all((h == -s * v).all() for h, v in zip(product, q, strict=True))
    noise = tuple((sign * v + arithmetic.exact(w) / 8) / fmpq(2) ** halvings for v, w in zip(q, any_way, strict=True))
    rate = fmpq(eighths, 4) / (2 * saddle.carried**2 + s)
    check_growth(saddle.weights, saddle.target, q, noise, rate, s)


def check_growth(weights: Layers, target: ObjectArray, q: Layers, noise: Layers, rate: fmpq, c: fmpq) -> None:
    """5 with q of squared norm 2 and M + 1 for the weights within the distance, which is below 1."""
    with ctx.workprec(BITS):
        root = arb(2).sqrt()
        norm = square_root(sum((frobenius_squared(v) for v in noise), start=fmpq(0)))
        component = abs(arb(sum((v * w).sum() for v, w in zip(q, noise, strict=True)))) / root
        part = rational(float(arb(component / norm)) * (1 - 2.0**-40))  # K
        assert 0 < part * norm <= component
        lipschitz = 3 * root * (max(arb(spectral_norm(matrix)) for matrix in weights) + 1)
        reach, growth = part * c / (2 * lipschitz), 1 + rate * c
        assert reach < 1
        saddle, ball_target = in_balls(weights), in_balls((target,))[0]
        current = tuple(matrix + v for matrix, v in zip(saddle, noise, strict=True))
        steps, scale = 0, arb(norm)
        while 2 * scale <= reach:
            moved = tuple(now - before for now, before in zip(current, saddle, strict=True))
            distance = sum(frobenius_squared(y) for y in moved).sqrt()
            component = abs(sum((v * y).sum() for v, y in zip(q, moved, strict=True))) / root
            assert part * scale / 2 <= component
            assert distance <= 2 * scale
            current = gradient_step(current, ball_target, arb(rate))
            steps, scale = steps + 1, scale * growth
    assert steps > 0


def noisy(start: Problem, radius: float, seed: int) -> Layers:
    """The weights that one perturbed step from a saddle leaves, exactly as floats have them."""
    run = perturbed_gradient_descent(start, steps=1, radius=radius, gradient_threshold=0.0, wait=1, seed=seed)
    assert run.perturbed.tolist() == [0]
    return tuple(arithmetic.exact(matrix) for matrix in run.trajectory.weights)


def at_zero(name: str, hidden: tuple[int, ...], rate: float) -> Problem:
    """Zero weights towards a real target."""
    target = regression(name).target
    widths = (target.shape[1], *hidden, target.shape[0])
    return Problem(tuple(arithmetic.nearest(matrix) for matrix in zero_weights(widths)), target, rate)


@sampled
@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", DATASETS)
def test_real_escape_at_depth_two(name: str, seed: int) -> None:
    """Noise of 2^-k at zero, hidden width 2, eta = 1/4, R = 2^-7: T between both bounds at k = 20 and k = 40."""
    start = at_zero(name, (2,), 0.25)
    with ctx.workprec(BITS):
        values, vectors, target = real_modes(name)
        v = target.T @ vectors[0] / values[0]
    for k in (20, 40):
        check_two_sided(noisy(start, 2.0**-k, seed), target, vectors[0], v, values[0], fmpq(1, 4), fmpq(1, 2**7))


@sampled
@pytest.mark.parametrize("name", DATASETS)
def test_real_escape_at_depth_three_is_no_faster(name: str) -> None:
    """Noise at zero, hidden widths 2 and 2, eta = 1/4: T is at least its lower bound for r = 1/4 and 1/8, R = 1/2."""
    start = at_zero(name, (2, 2), 0.25)
    target = arithmetic.exact(start.target)
    for radius in (1 / 4, 1 / 8):
        weights = noisy(start, radius, seed=3)
        steps = escape_time(weights, target, fmpq(1, 4), beyond(HALF))

        def slow(steps: int = steps, weights: Layers = weights) -> Comparison:
            size = square_root(largest_squared(weights))
            return no_faster(3, steps, size, HALF, fmpq(1, 4), spectral_norm(target))

        verdict = settle(slow)
        assert verdict.holds, verdict


@sampled
@fewer(5)
@given(saddles(), st.integers(0, 99))
def test_noisy_runs_leave_other_saddles(saddle: Saddle, seed: int) -> None:
    """In float64: noise of 2^-10, then at most 2000 steps of 1 / (2 (2 b^2 + s)), in which q grows by at least
    (1 + 1/34)^2000: the loss, s^2 / 2 at the saddle and 0 at the least, falls to s^2 / 4."""
    rate = 1 / (2 * (2 * saddle.carried**2 + saddle.left))
    run = perturbed_gradient_descent(
        Problem(saddle.weights, saddle.target, rate).nearest(),
        steps=2000,
        radius=2.0**-10,
        gradient_threshold=1e-9,
        wait=2000,
        seed=seed,
        stop_at_loss=float(saddle.left**2 / 5),
    )
    assert run.perturbed.tolist() == [0]
    last = tuple(arithmetic.exact(matrix) for matrix in run.trajectory.weights)
    assert compare(Comparison(loss(last, saddle.target), "<=", saddle.left**2 / 4, "loss at the end")).holds


@control
@pytest.mark.parametrize("depth", [2, 3])
@pytest.mark.parametrize("name", DATASETS)
@ablates("DL-025", "noise", "dropped", Fate.REFUTED)
def test_refuted_without_noise(name: str, depth: int) -> None:
    """1 on real targets: radius 0, a hundred steps, every weight still zero."""
    run = perturbed_gradient_descent(
        at_zero(name, (2,) * (depth - 1), 0.25), steps=100, radius=0.0, gradient_threshold=0.0, wait=1, seed=0
    )
    assert all((matrix == 0).all() for matrix in run.trajectory.weights)
    assert len(run.perturbed) == 50


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
@ablates("DL-025", "learning rate", "dropped", Fate.REFUTED)
def test_refuted_at_a_large_learning_rate() -> None:
    """2 at N = 2, w = (3, 3), Phi = 1, eta = 1, eta m^2 = 9: m' = 21 is more than m (1 + eta s) = 6."""
    after = largest_squared(gradient_step(scalars([fmpq(3)] * 2), diagonal(1, 1, [1]), fmpq(1)))
    assert after == 21**2
    assert compare(Comparison(after, "<=", fmpq(6) ** 2, "m'^2 against the bound")).fails


@control
def test_refuted_that_half_the_rate_is_all() -> None:
    """w = (a, a), a = 1/16, Phi = 1, eta = 1/2: m' > m (1 + eta s / 2)."""
    a = fmpq(1, 16)
    after = largest_squared(gradient_step(scalars([a, a]), diagonal(1, 1, [1]), HALF))
    assert compare(Comparison(after, "<=", (a * fmpq(5, 4)) ** 2, "m'^2 against half the rate")).fails


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
    low = (r**-k - radius**-k) / (k * rate)
    high = 1 + (r**-k - radius**-k) * (1 + k * pace * radius**k) / (k * pace)
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


@witness
def test_the_pull_is_the_whole_step_where_the_product_is_small() -> None:
    """2's factor is attained in the limit: w = (a, a), Phi = 1: m' / m = 1 + eta (1 - a^2)."""
    for k in (1, 8, 30):
        a = fmpq(1, 2**k)
        after = gradient_step(scalars([a, a]), diagonal(1, 1, [1]), HALF)[0][0, 0]
        assert after / a == 1 + HALF * (1 - a**2)
