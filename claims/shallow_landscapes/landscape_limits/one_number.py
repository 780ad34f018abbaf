"""Statements 1 and 2: equal layers of width 1: flat at zero, and drawn to an inflection from an open set of starts."""

from dataclasses import dataclass

import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, sampled, symbolic, witness
from solvers import arithmetic, gradient_descent
from solvers.arithmetic import Comparison, compare, rational
from solvers.network import Problem, frobenius_squared, gradient_step, hessian, inertia, layer_gradients, loss
from strategies import diagonal, zero_weights

ONE = arithmetic.exact([[1]])


@dataclass(frozen=True)
class Start:
    """w(0), eta and N."""

    w: fmpq
    rate: fmpq
    depth: int = 3

    def value(self) -> fmpq:
        """f(w) = 1/2 (w^N + 1)^2."""
        found: fmpq = (self.w**self.depth + 1) ** 2 / 2
        return found

    def step(self) -> "Start":
        """w - eta N w^{N-1} (w^N + 1)."""
        slope = self.depth * self.w ** (self.depth - 1) * (self.w**self.depth + 1)
        return Start(self.w - self.rate * slope, self.rate, self.depth)


def promises(before: Start) -> list[Comparison]:
    """Statement 2, over one step."""
    after = before.step()
    rate = Comparison(1 / after.w, ">=", 1 / before.w + 3 * before.rate, "1/w") if after.w > 0 else None
    return [
        Comparison(after.w, ">", fmpq(0), "w(t+1)"),
        Comparison(after.w, "<", before.w, "w(t+1) against w(t)"),
        Comparison(after.value(), ">", fmpq(1, 2), "f after the step"),
        *([rate] if before.depth == 3 and rate else []),
    ]


@st.composite
def starts(draw: st.DrawFn) -> Start:
    """w in (0, 1] and eta in (0, 1/(2N)), for N = 3, 5, 7; ends included where they may be, else approached."""
    depth = draw(st.sampled_from([3, 3, 5, 7]))
    bottom, below = draw(st.integers(1, 50)), draw(st.integers(2, 1000))
    w = fmpq(draw(st.integers(1, bottom)), bottom)
    return Start(w, fmpq(draw(st.integers(1, below - 1)), below * 2 * depth), depth)


@symbolic
def test_the_recurrence_of_one_number_for_every_odd_depth() -> None:
    """f' = N w^{N-1} (w^N + 1) and f - 1/2 = w^N (w^N + 2)/2, N = 2m + 3 symbolic; critical: 0 and w^N = -1."""
    w = sympy.Symbol("w", positive=True)
    depth = 2 * sympy.Symbol("m", integer=True, nonnegative=True) + 3
    f = (w**depth + 1) ** 2 / 2
    assert sympy.simplify(f.diff(w) - depth * w ** (depth - 1) * (w**depth + 1)) == 0
    assert sympy.expand(f - sympy.Rational(1, 2) - w**depth * (w**depth + 2) / 2) == 0
    assert (depth - 1).is_even  # w^{N-1} >= 0: f falls through 0 from right to left, and rises again left of -1
    assert sympy.simplify((-1) ** depth) == -1


@symbolic
@pytest.mark.parametrize("depth", [3, 5, 7, 9])
def test_the_layers_of_a_network_stay_equal_and_move_alike(depth: int) -> None:
    """Every layer's gradient is w^{N-1} (w^N + 1): the network's step with learning rate N eta is f's with eta."""
    w = sympy.Symbol("w", real=True)
    layers = (sympy.Matrix([[w]]),) * depth
    for gradient in layer_gradients(layers, sympy.Matrix([[-1]])):
        assert sympy.expand(gradient[0] - w ** (depth - 1) * (w**depth + 1)) == 0


@symbolic
def test_the_invariant_for_every_depth() -> None:
    """w = exp(-y), y >= 0: 2 - w^{N-2} (w^N + 1) = (1 - w^{N-2}) + (1 - w^{2N-2}) >= 0, so x <= 2 N eta < 1."""
    y = sympy.Symbol("y", nonnegative=True)
    depth = sympy.Symbol("n", integer=True, nonnegative=True) + 3
    w = sympy.exp(-y)
    left = 2 - w ** (depth - 2) * (w**depth + 1)
    assert sympy.simplify(left - (1 - w ** (depth - 2)) - (1 - w ** (2 * depth - 2))) == 0


@symbolic
def test_the_rate_at_depth_three() -> None:
    """1/w' - 1/w - 3 eta = 3 eta (w^3 + x)/(1 - x), x = 3 eta w (w^3 + 1)."""
    w, eta = sympy.symbols("w eta", positive=True)
    x = 3 * eta * w * (w**3 + 1)
    assert sympy.simplify(1 / (w * (1 - x)) - 1 / w - 3 * eta - 3 * eta * (w**3 + x) / (1 - x)) == 0


@exact
@given(starts())
def test_one_step_towards_the_inflection(start: Start) -> None:
    """N = 3, 5, 7, any w in (0, 1], any eta below 1/(2N); the same step by the network with N eta."""
    assert all(compare(comparison).holds for comparison in promises(start))
    layers = (start.w * ONE,) * start.depth
    moved = gradient_step(layers, -ONE, start.depth * start.rate)
    assert {matrix[0, 0] for matrix in moved} == {start.step().w}
    assert loss(layers, -ONE) == start.value()


@exact
@given(st.integers(3, 5), st.integers(1, 2), st.integers(1, 60))
def test_depth_three_is_not_strict(depth: int, size: int, halvings: int) -> None:
    """Statement 1: zero is critical with a zero Hessian, and l is lower at t (e_1 e_1^T, ..., e_1 e_1^T), t = 2^-k."""
    target = diagonal(size, size, [1] * size)
    zero = zero_weights((size,) * (depth + 1))
    assert all(frobenius_squared(d) == 0 for d in layer_gradients(zero, target))
    assert inertia(hessian(zero, target)) == (0, 0, depth * size**2)
    near = (diagonal(size, size, [fmpq(1, 2**halvings)] + [0] * (size - 1)),) * depth
    assert compare(Comparison(loss(near, target), "<", loss(zero, target), "loss next to zero")).holds


@sampled
@pytest.mark.parametrize(("w", "rate"), [(1.0, 0.16), (0.5, 0.125), (1.0, 0.0625), (0.03125, 0.15)])
def test_long_descent_ends_near_the_inflection(w: float, rate: float) -> None:
    """2000 float64 steps of the one number: it is positive, so f > 1/2 exactly, and below the bound of the rate.

    (Three layers moved one by one in float64 do not stay equal: rounding parts them, and they leave for -1.)
    """
    end = w
    for _ in range(2000):
        end = end - rate * 3 * end**2 * (end**3 + 1)
    last = Start(rational(end), rational(rate))
    assert compare(Comparison(last.value(), ">", fmpq(1, 2), "f after 2000 steps")).holds
    bound = 1 / (1 / rational(w) + 3 * last.rate * 2000)
    assert compare(Comparison(last.w, "<=", bound, "w after 2000 steps")).holds


@control
@ablates("DL-042", "learning rate", "2: eta = 1/(2N)", Fate.REFUTED)
@pytest.mark.parametrize("depth", [3, 5, 7])
def test_refuted_at_the_limit_of_the_learning_rate(depth: int) -> None:
    """eta = 1/(2N), w = 1: w(1) = 0 and f = 1/2; at 999/1000 of it the statement holds."""
    limit = fmpq(1, 2 * depth)
    assert all(compare(c).holds for c in promises(Start(fmpq(1), limit * fmpq(999, 1000), depth)))
    above, _, higher, *_ = promises(Start(fmpq(1), limit, depth))
    assert compare(above).fails
    assert compare(higher).fails


@control
@ablates("DL-042", "learning rate", "dropped", Fate.REFUTED)
def test_refuted_at_one_fifth() -> None:
    """N = 3, eta = 1/5, w = 1: w(1) = -1/5, and from there descent goes to -1: f < 1/4 after 40 steps."""
    start = Start(fmpq(1), fmpq(1, 5))
    assert compare(promises(start)[0]).fails
    assert start.step().w == fmpq(-1, 5)
    layers = tuple(arithmetic.nearest(ONE) for _ in range(3))
    run = gradient_descent(Problem(layers, arithmetic.nearest(-ONE), 0.6), steps=40)
    end = Start(rational(float(run.weights[0][0, 0])), fmpq(1, 5))
    assert compare(Comparison(end.value(), "<", fmpq(1, 4), "f after 40 steps")).holds


@control
def test_refuted_that_no_poor_minima_lead_every_start_to_a_minimum() -> None:
    """f is 0 at -1, the only local minimum: 0 is none, as f(-h) < 1/2; and from 1/2 descent stays above 1/2."""
    assert Start(fmpq(-1), fmpq(1, 10)).value() == 0
    assert Start(fmpq(0), fmpq(1, 10)).step().w == 0
    assert all(Start(fmpq(-1, 2**k), fmpq(1, 10)).value() < fmpq(1, 2) for k in range(1, 61))
    above = promises(Start(fmpq(1, 2), fmpq(1, 10)))[2]
    assert compare(above._replace(relation="<=")).fails


@control
def test_refuted_for_even_depth() -> None:
    """N = 4: f = 1/2 (w^4 + 1)^2 is least at 0, which is then a minimum and no trap: f(-h) < 1/2 fails."""
    assert compare(Comparison(Start(fmpq(-1, 8), fmpq(1, 10), 4).value(), "<", fmpq(1, 2), "f left of 0")).fails


@control
def test_refuted_beyond_one() -> None:
    """w = 2 at N = 3, eta = 3/20: w(1) is negative."""
    assert compare(promises(Start(fmpq(2), fmpq(3, 20)))[0]).fails


@control
def test_refuted_for_a_larger_rate() -> None:
    """1/w' >= 1/w + 3.01 eta at small w: the 3 of 3 eta is attained as w -> 0."""
    before = Start(fmpq(1, 1000), fmpq(1, 10))
    rate = promises(before)[3]
    assert compare(rate).holds
    assert compare(rate._replace(right=rate.right + before.rate / 100)).fails


@control
def test_refuted_that_depth_two_has_a_zero_hessian() -> None:
    """N = 2, Phi = 1: one negative eigenvalue at zero."""
    assert inertia(hessian(zero_weights((1, 1, 1)), ONE)) == (1, 1, 0)


@witness
def test_one_is_a_start() -> None:
    """w(0) = 1, the end of the interval, N = 3, eta = 1/10: w(1) = 2/5."""
    assert Start(fmpq(1), fmpq(1, 10)).step().w == fmpq(2, 5)
