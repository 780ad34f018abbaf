"""Statement 4: what rises across the truth in a network of quadratic units, between two bounds."""

import numpy as np
import pytest
import sympy
from flint import arb, ctx, fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, sampled, symbolic, witness
from solvers import arithmetic, shallow
from solvers.arithmetic import Comparison, ObjectArray, compare
from solvers.guarantees.small_initialization import peak
from solvers.shallow import ModeSquares
from strategies import diagonal, orthogonal_matrices

Posed = tuple[tuple[int, int], ObjectArray, ObjectArray]

SHAPES = [(1, 2), (1, 10), (2, 5), (4, 5)]
"""r and d."""


def log_peak(alpha: float, rank: int, size: int, step: float) -> float:
    """ln of the largest w on the flow from s = w = alpha^2, sigma = 1: Runge and Kutta's method on (ln s, ln w). Where
    w' = 0, tau = 2 w > 0, so that s rises and tau falls: w rises no more after its first fall."""

    def velocity(logs: np.ndarray) -> np.ndarray:
        return np.array(shallow.activation_velocity(ModeSquares(*np.exp(logs)), 1.0, rank, size))

    logs, highest = np.full(2, 2 * np.log(alpha)), -np.inf
    while logs[1] > highest:
        highest = float(logs[1])
        first = velocity(logs)
        second = velocity(logs + step / 2 * first)
        third = velocity(logs + step / 2 * second)
        logs = logs + step / 6 * (first + 2 * second + 2 * third + velocity(logs + step * third))
    return highest


@symbolic
def test_the_law_for_every_rank_and_size() -> None:
    """r, d, s, w, sigma symbols: (r + 2) (log w)' - r (log s)' = -4 (d + 2) w; s' < 0 at s = sigma; and while
    sigma - s >= (d - r) w the quotient (log s)' is at least 2 (r + 1)(sigma - s)."""
    r, d, s, w, sigma = sympy.symbols("r d s w sigma", positive=True)
    signal, null = shallow.activation_velocity(ModeSquares(s, w), sigma, r, d)
    assert sympy.expand((r + 2) * null - r * signal + 4 * (d + 2) * w) == 0
    assert sympy.expand(signal.subs(s, sigma) + 2 * (d - r) * w) == 0
    assert sympy.expand(signal - 2 * (r + 1) * (sigma - s) - 2 * (sigma - s - (d - r) * w)) == 0
    assert sympy.expand(signal - null - 4 * (sigma - s) - 4 * w) == 0  # > 0, so that s rises where w rests


@symbolic
def test_the_integral_for_every_rank() -> None:
    """4 (d+2) w dt is at most (2 (d+2)/(r+1)) (p/sigma) x^{-2/(r+2)}/(1 - x) dx with s = sigma x, and that is at most
    x^{-2/(r+2)} + 1/(1 - x), whose integral to 1 - h is at most (r+2)/r + ln(1/h)."""
    r, x, h = sympy.symbols("r x h", positive=True)
    power = x ** (-2 / (r + 2))
    assert sympy.simplify(power / (1 - x) - power - x * power / (1 - x)) == 0
    assert sympy.simplify(x * power - x ** (r / (r + 2))) == 0  # at most 1, so that the rest is at most 1/(1 - x)
    whole = x ** (r / (r + 2)) * (r + 2) / r
    assert sympy.simplify(sympy.diff(whole, x) - power) == 0
    assert sympy.diff(-sympy.log(1 - x), x) == 1 / (1 - x)
    assert (-sympy.log(1 - x)).subs(x, 1 - h) == -sympy.log(h)


@exact
@given(
    st.sampled_from([(1, 1), (1, 2), (1, 3), (2, 3), (2, 4)]).flatmap(
        lambda shape: st.tuples(st.just(shape), orthogonal_matrices(shape[1]), orthogonal_matrices(shape[1]))
    ),
    st.sampled_from([fmpq(1), fmpq(1, 3), fmpq(1, 100)]),
    st.sampled_from([fmpq(1, 4), fmpq(1, 50)]),
)
def test_two_numbers_are_the_whole_dynamics(
    posed: tuple[tuple[int, int], ObjectArray, ObjectArray], scale: fmpq, rate: fmpq
) -> None:
    """Two steps of descent on the whole factor, in rationals: X = s P + w (I - P) with the solver's two numbers, whose
    velocity is that of descent as eta -> 0."""
    (rank, size), basis, turn = posed
    projection = basis[:, :rank] @ basis[:, :rank].T
    objective = shallow.FactoredObjective(projection * fmpq(7, 5), shallow.gaussian_mean())
    factor, squares = scale * turn, ModeSquares(scale**2, scale**2)
    for _ in range(2):
        factor = factor - objective.gradient(factor) * rate
        squares = shallow.activation_descent(squares, fmpq(7, 5), rate, rank=rank, size=size)
    expected = projection * squares.signal + (arithmetic.exact(np.eye(size)) - projection) * squares.null
    assert (factor @ factor.T == expected).all()


@exact
@given(st.sampled_from(SHAPES), st.integers(1, 40), st.sampled_from([fmpq(1), fmpq(1, 3), fmpq(100)]))
@example((1, 2), 40, fmpq(1))
def test_the_bounds_have_the_units_of_an_eigenvalue(shape: tuple[int, int], halvings: int, size: fmpq) -> None:
    """(alpha^2, sigma) -> (c alpha^2, c sigma) takes both bounds to c times them; the lower is below the upper."""
    square = fmpq(1, 2 ** (20 + halvings))
    with ctx.workprec(128):
        plain, scaled = peak(square, fmpq(1), *shape), peak(size * square, size, *shape)
        for one, other in zip(plain, scaled, strict=True):
            assert compare(Comparison(abs(arb(size * one / other) - 1), "<", fmpq(1, 2**60), "the quotient")).holds
        assert compare(Comparison(plain[0], "<", plain[1], "the bounds")).holds


@sampled
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("exponent", [3, 5])
def test_the_peak_is_between_its_bounds(shape: tuple[int, int], exponent: int) -> None:
    """sigma = 1, alpha = 10^-3 and 10^-5, at two step sizes: both peaks are farther from the bounds than from each
    other."""
    coarse, fine = (log_peak(10.0**-exponent, *shape, step) for step in (1 / 64, 1 / 128))
    low, high = (arb(bound).log() for bound in peak(fmpq(1, 10 ** (2 * exponent)), fmpq(1), *shape))
    apart = abs(arb(coarse) - arb(fine))
    for found in (coarse, fine):
        assert compare(Comparison(arb(found) + apart, "<", high, "ln of the peak")).holds
        assert compare(Comparison(arb(found) - apart, ">", low, "ln of the peak")).holds


@sampled
def test_the_number_of_the_source() -> None:
    """r = 1, d = 10, alpha = 10^-5: the peak is 0.9999 alpha^{4/3} and more."""
    found = arb(log_peak(1e-5, 1, 10, 1 / 64)) - fmpq(4, 3) * arb(fmpq(1, 10**5)).log()
    assert compare(Comparison(found.exp(), ">", fmpq(9999, 10000), "the quotient")).holds


@control
def test_refuted_with_other_exponents() -> None:
    """alpha^2 and alpha^{4/(r+2) + 1/20} are below the lower bound, alpha^{4/(r+2) - 1/20} is above the upper one, at
    alpha = 10^-20: so no other exponent would do, nor for r = 2 that of r = 1."""
    for shape in SHAPES:
        low, high = peak(fmpq(1, 10**40), fmpq(1), *shape)
        alpha, exponent = arb(fmpq(1, 10**20)), fmpq(4, shape[0] + 2)
        assert compare(Comparison(alpha**2, ">=", low, "alpha^2")).fails
        assert compare(Comparison(alpha ** arb(exponent + fmpq(1, 20)), ">=", low, "a larger exponent")).fails
        assert compare(Comparison(alpha ** arb(exponent - fmpq(1, 20)), "<=", high, "a smaller exponent")).fails


@control
def test_refuted_without_the_trace() -> None:
    """T = identity: w falls from the start, so that its peak is alpha^2, far below the lower bound."""
    square = fmpq(1, 10**8)
    objective = shallow.FactoredObjective(diagonal(2, 2, [1, 0]))
    factor = diagonal(2, 2, [fmpq(1, 10**4)] * 2)
    moved = factor - objective.gradient(factor) / 8
    assert moved[1, 1] ** 2 < square
    assert compare(Comparison(square, ">=", peak(square, fmpq(1), 1, 2)[0], "its peak")).fails


@control
@ablates("DL-054", "flow", "dropped", Fate.REFUTED)
def test_refuted_for_descent() -> None:
    """eta = 1/6, r = 1, d = 2, alpha = 10^-6: w passes alpha^{4/3}; its exponent is 2 - 2 ln(7/6)/ln(3/2), about 1.24,
    as long as s is small: (1 + eta)^2 a step for w, (1 + 3 eta)^2 for s."""
    square, steps = fmpq(1, 10**12), 40
    with ctx.workprec(512):
        squares = ModeSquares(arb(square), arb(square))
        highest = arb(0)
        for _ in range(steps):
            squares = shallow.activation_descent(squares, 1, fmpq(1, 6), rank=1, size=2)
            highest = highest.max(squares.null)
        assert compare(Comparison(highest, "<=", peak(square, fmpq(1), 1, 2)[1], "the peak of descent")).fails


@witness
def test_two_equal_eigenvalues() -> None:
    """r = 2: alpha itself. alpha = 10^-3, sigma = 1, d = 3: p = 1/1000."""
    assert peak(fmpq(1, 10**6), fmpq(1), 2, 3)[1] == fmpq(1, 1000)
    with pytest.raises(ValueError, match="expected less than 1, a smaller start"):
        peak(fmpq(1), fmpq(1), 2, 3)
