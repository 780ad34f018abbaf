"""Statement 5, of any function: the two bounds, the sequence that they come from, and functions with cubic terms."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
import pytest
import sympy
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, symbolic, witness
from solvers.arithmetic import ObjectArray
from strategies import orthogonal_matrices

BITS = 256


@dataclass(frozen=True)
class Escape:
    """The numbers of statement 5: |y_0| = r, |<q, y_0>| >= K r, L, c and eta."""

    size: Any
    part: Any
    lipschitz: Any
    least: fmpq
    rate: fmpq

    def grown(self, steps: int) -> Any:
        """r g^t."""
        return self.size * (1 + self.rate * self.least) ** steps

    def used(self, steps: int) -> Any:
        """v = L r (g^t - 1) / (2 c)."""
        return self.lipschitz * (self.grown(steps) - self.size) / (2 * self.least)

    def so_far(self, steps: int) -> bool:
        """Whether v <= K / 8."""
        return bool(self.used(steps) <= self.part / 8)

    def above(self, steps: int) -> Any:
        """What |y_t| is at most."""
        return self.grown(steps) / (1 - self.used(steps))

    def below(self, steps: int) -> Any:
        """What |<q, y_t>| is at least."""
        return (1 + self.part) * self.grown(steps) - self.above(steps)

    def check(self, run: Iterator[ObjectArray], q: ObjectArray) -> int:
        """Both bounds along a run y_0, y_1, ..., and those of 6/7 and 8/7, while v <= K / 8; the steps up to there."""
        for steps, y in enumerate(run):
            if not self.so_far(steps):
                return steps
            component, distance = abs((q * y).sum()), (y * y).sum().sqrt()
            assert self.below(steps) <= component
            assert distance <= self.above(steps)
            assert 6 * self.part * self.grown(steps) <= 7 * component
            assert 7 * distance <= 8 * self.grown(steps)
        raise ArithmeticError("the run has an end; expected one that goes on")


ROOM = 1 + fmpq(1, 2**40)


def escaping(start: ObjectArray, q: ObjectArray, lipschitz: Any, least: fmpq, rate: fmpq) -> Escape:
    """Of a start in balls: r a little larger and K a little smaller than they are, so that no bound is an equality."""
    size = arb((start * start).sum()).sqrt() * ROOM
    part = abs((q * start).sum()) / size / ROOM
    return Escape(size, part, arb(lipschitz), least, rate)


def descent(gradient: Callable[[ObjectArray], ObjectArray], start: ObjectArray, rate: fmpq) -> Iterator[ObjectArray]:
    """y_0, y_1, ..., in the arithmetic of the start."""
    current = start
    while True:
        yield current
        current = current - rate * gradient(current)


@symbolic
def test_the_upper_bound_grows_as_fast_as_any_step_allows() -> None:
    """Y_t = r g^t / (1 - v_t) has Y_{t+1} = g Y_t / (1 - x) with x = eta L Y_t / 2; and with g = 1 + a the difference
    g Y / (1 - x) - g Y - x Y is x Y (a + x) / (1 - x). So Y_{t+1} >= g Y_t + eta L Y_t^2 / 2."""
    r, eta, c, big, power = sympy.symbols("r eta c L power", positive=True)  # power is g^t

    def bound(power: sympy.Expr) -> sympy.Expr:
        return r * power / (1 - big * r * (power - 1) / (2 * c))

    now, then = bound(power), bound((1 + eta * c) * power)
    assert sympy.simplify(then - (1 + eta * c) * now / (1 - eta * big * now / 2)) == 0
    a, y, x, rest = sympy.symbols("a Y x rest", positive=True)  # rest is 1 - x
    gap = (1 + a) * y / (1 - x) - (1 + a) * y - x * y
    assert sympy.simplify(gap - x * y * (a + x) / (1 - x)) == 0
    assert (x * y * (a + x) / rest).is_positive


@symbolic
def test_an_eighth_of_the_way() -> None:
    """v <= K/8 <= 1/8: 1/(1-v) rises to 8/7, and 1/(1-v) - 1 = v/(1-v) is at most K/8 * 8/7."""
    v, room = sympy.symbols("v room", nonnegative=True)  # v = 1/8 - room
    assert sympy.simplify((sympy.Rational(8, 7) - 1 / (1 - v)).subs(v, sympy.Rational(1, 8) - room)) == sympy.simplify(
        sympy.Rational(64, 7) * room / (7 + 8 * room)
    )
    assert sympy.simplify(1 / (1 - v) - 1 - v / (1 - v)) == 0
    assert fmpq(1, 8) * fmpq(8, 7) == 1 - fmpq(6, 7)


@dataclass(frozen=True)
class Cubic:
    """x^T A x / 2 + sum_k b_k (u_k . x)^3 / 6 with |u_k| = 1, so that L = sum_k |b_k|; q is A's least eigenvector."""

    curvature: ObjectArray
    cubes: tuple[tuple[fmpq, ObjectArray], ...]

    @property
    def lipschitz(self) -> fmpq:
        return sum((abs(b) for b, _ in self.cubes), start=fmpq(0))

    def gradient(self, x: ObjectArray) -> ObjectArray:
        cubic = sum(b * (u * x).sum() ** 2 / 2 * u for b, u in self.cubes)
        return np.asarray(self.curvature @ x + cubic, dtype=object)


@witness
def test_the_gradient_of_a_cubic_in_numbers() -> None:
    """A = diag(1, -1), b = 2, u = (3/5, 4/5), x = (1, 2): u . x = 11/5, and A x + b/2 (u . x)^2 u."""
    x, u = (np.array(pair, dtype=object) for pair in ((fmpq(1), fmpq(2)), (fmpq(3, 5), fmpq(4, 5))))
    function = Cubic(np.array([[fmpq(1), fmpq(0)], [fmpq(0), fmpq(-1)]], dtype=object), ((fmpq(2), u),))
    assert list(function.gradient(x)) == [1 + fmpq(363, 125), fmpq(484, 125) - 2]


EIGHTHS = st.integers(4, 8).map(lambda k: fmpq(k, 8))


@st.composite
def cubics(draw: st.DrawFn) -> tuple[Cubic, ObjectArray, ObjectArray, fmpq, fmpq]:
    """In dimensions 1 to 4, eigenvalues from -c to 2 / eta + c, both included: (function, q, y_0, c, eta)."""
    size, c, rate = draw(st.integers(1, 4)), draw(EIGHTHS), draw(EIGHTHS)
    basis = draw(orthogonal_matrices(size))
    others = [-c + draw(st.integers(0, 8)) * fmpq(1, 8) * (2 / rate + 2 * c) for _ in range(size - 1)]
    curvature = basis @ np.diag(np.array([-c, *others], dtype=object)) @ basis.T
    units = [draw(orthogonal_matrices(size))[:, 0] for _ in range(draw(st.integers(1, 3)))]
    unit = fmpq(2) ** draw(st.integers(-30, 30))  # of length: c and eta have none of it, b has one over it
    cubes = tuple((draw(st.sampled_from([-1, 1])) * draw(EIGHTHS) / unit, u) for u in units)
    across = np.array([fmpq(1), *(fmpq(draw(st.integers(-3, 3))) for _ in range(size - 1))], dtype=object)
    return Cubic(curvature, cubes), basis[:, 0], unit * (basis @ across), c, rate


@exact
@given(cubics(), st.integers(12, 40), st.sampled_from([1, -1]))
def test_growth_at_a_saddle_of_any_cubic(
    drawn: tuple[Cubic, ObjectArray, ObjectArray, fmpq, fmpq], halvings: int, sign: int
) -> None:
    """5 at every step while v <= K / 8, ties of the least eigenvalue and the largest learning rate included."""
    function, q, direction, c, rate = drawn
    with ctx.workprec(BITS):
        start = np.array([arb(sign * entry) / 2**halvings for entry in direction], dtype=object)
        escape = escaping(start, q, function.lipschitz, c, rate)
        assert escape.check(descent(function.gradient, start, rate), q) > 1


def along(cube: int, halvings: int = 4) -> tuple[Escape, list[Any]]:
    """f = -x^2/2 + b x^3/6 from x = 1/16, eta = 1/1000: the numbers of 5, and y_t while v <= 1/8."""
    function = Cubic(np.array([[fmpq(-1)]], dtype=object), ((fmpq(cube), np.array([fmpq(1)], dtype=object)),))
    start, rate = np.array([arb(1) / 2**halvings], dtype=object), fmpq(1, 1000)
    escape = Escape(start[0], arb(1), arb(1), fmpq(1), rate)
    run: list[Any] = []
    for steps, y in enumerate(descent(function.gradient, start, rate)):
        if not escape.so_far(steps):
            return escape, run
        run.append(y[0])
    raise ArithmeticError("the run has an end; expected one that goes on")


@witness
def test_the_upper_bound_is_approached_by_one_cubic() -> None:
    """b = -1, that is L: at the last step y_t is above 999/1000 of the bound, and above 998/1000 of 8/7 r g^t."""
    with ctx.workprec(BITS):
        escape, run = along(-1)
        last = len(run) - 1
        assert escape.above(last) * fmpq(999, 1000) < run[-1] <= escape.above(last)
        assert run[-1] > fmpq(998, 1000) * fmpq(8, 7) * escape.grown(last)


@control
@pytest.mark.parametrize("times", [fmpq(1, 6), fmpq(9, 10)])
def test_refuted_with_a_smaller_constant_of_lipschitz(times: fmpq) -> None:
    """The same function with L a tenth smaller than it is, or six times: y_t passes the upper bound."""
    with ctx.workprec(BITS):
        escape, run = along(-1)
        assert run[-1] > replace(escape, lipschitz=times * escape.lipschitz).above(len(run) - 1)


@control
def test_refuted_that_noise_grows_at_the_whole_rate() -> None:
    """b = 1: y_t is below 9/10 r g^t, and above the lower bound by less than a twentieth."""
    with ctx.workprec(BITS):
        escape, run = along(1)
        last = len(run) - 1
        assert run[-1] < fmpq(9, 10) * escape.grown(last)
        assert escape.below(last) <= run[-1] <= fmpq(21, 20) * escape.below(last)


@control
@ablates("DL-025", "learning rate", "dropped", Fate.REFUTED)
def test_refuted_at_a_large_learning_rate_beside_the_saddle() -> None:
    """Eigenvalues -1/4 and h, eta = 1, so that g = 5/4: at h = 9/4 the bound holds, at h = 23/10 a start across
    q grows faster."""
    q = np.array([fmpq(1), fmpq(0)], dtype=object)
    for h, allowed in ((fmpq(9, 4), True), (fmpq(23, 10), False)):
        function = Cubic(np.diag(np.array([fmpq(-1, 4), h], dtype=object)), ((fmpq(1, 2**20), q),))
        with ctx.workprec(BITS):
            start = np.array([arb(1) / 2**10, arb(3) / 2**10], dtype=object)
            escape = escaping(start, q, function.lipschitz, fmpq(1, 4), fmpq(1))
            run = descent(function.gradient, start, fmpq(1))
            distances = [(y * y).sum().sqrt() for y in islice(run, 20)]
            assert all(d <= escape.above(t) for t, d in enumerate(distances)) == allowed
            assert allowed or distances[-1] > escape.above(19)
