"""Statement 5: away from zero noise leaves a strict saddle at the rate 1 + eta c, bounded from both sides."""

from dataclasses import dataclass

import numpy as np
import sympy
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.saddles.saddle_escape.escape_times import BITS, in_balls
from claims.suite import exact, fewer, sampled, symbolic
from solvers import arithmetic, network, perturbed_gradient_descent
from solvers.arithmetic import Comparison, ObjectArray, compare, rational, square_root
from solvers.network import Problem, Weights, frobenius_squared
from strategies import diagonal, generic_weights, orthogonal_matrices


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

    weights: tuple[ObjectArray, ...]
    target: ObjectArray
    unstable: tuple[ObjectArray, ...]
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


def check_growth(weights: Weights, target: ObjectArray, q: Weights, noise: Weights, rate: fmpq, c: fmpq) -> None:
    """5 with q of squared norm 2 and M + 1 for the weights within the distance, which is below 1."""
    with ctx.workprec(BITS):
        root = arb(2).sqrt()
        norm = square_root(sum((frobenius_squared(v) for v in noise), start=fmpq(0)))
        component = abs(arb(sum((v * w).sum() for v, w in zip(q, noise, strict=True)))) / root
        part = rational(float(arb(component / norm)) * (1 - 2.0**-40))  # K
        assert 0 < part * norm <= component
        lipschitz = 3 * root * (max(arb(network.spectral_norm(matrix)) for matrix in weights) + 1)
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
            current = network.gradient_step(current, ball_target, arb(rate))
            steps, scale = steps + 1, scale * growth
    assert steps > 0


@exact
@fewer(5)
@given(saddles(), st.integers(20, 60), st.sampled_from([1, -1]), generic_weights((2, 2, 2)), st.integers(1, 8))
def test_escape_from_other_strict_saddles(
    saddle: Saddle, halvings: int, sign: int, any_way: tuple[np.ndarray, ...], eighths: int
) -> None:
    """5 at depth 2: -s is the least eigenvalue, by inertia, with eigenvector q. Both bounds at every step while
    2 r g^t <= K c / (2 L), from noise near q and -q; eta up to 2 / (2 b^2 + s) <= 2 / |H|_2."""
    q, s = saddle.unstable, saddle.left
    hessian = network.hessian(saddle.weights, saddle.target)
    _, negative, zero = network.inertia(hessian + s * arithmetic.exact(np.eye(8)))
    assert negative == 0 < zero
    product = network.hessian_vector_product(saddle.weights, saddle.target, q)
    assert all((h == -s * v).all() for h, v in zip(product, q, strict=True))
    noise = tuple((sign * v + arithmetic.exact(w) / 8) / fmpq(2) ** halvings for v, w in zip(q, any_way, strict=True))
    rate = fmpq(eighths, 4) / (2 * saddle.carried**2 + s)
    check_growth(saddle.weights, saddle.target, q, noise, rate, s)


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
    assert compare(Comparison(network.loss(last, saddle.target), "<=", saddle.left**2 / 4, "loss at the end")).holds
