"""Statement 3: the flow in closed form, for matrices of every size, in rationals, and beside descent in small steps."""

from fractions import Fraction

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import control, exact, sampled, symbolic, witness
from claims.suite.agreement import all_agree
from claims.suite.symbols import is_zero
from solvers import arithmetic, shallow
from solvers.arithmetic import ObjectArray
from strategies import diagonal, orthogonal_matrices

ENTRIES = st.fractions(-2, 2, max_denominator=4)


def moved(basis: ObjectArray, values: list[int], doublings: int, start: ObjectArray, two: int = 2) -> ObjectArray:
    """X(t) for M = B diag(m) B^T with whole numbers m != 0 and t = k ln 2, where e^{mt} = 2^{km} is rational; ``two``
    stands for the 2 in G's exponent."""
    size = len(values)
    powers = [fmpq(2) ** (doublings * m) for m in values]
    integrals = [(power**two - 1) / (two * fmpq(m)) for power, m in zip(powers, values, strict=True)]
    parts = [basis @ diagonal(size, size, part) @ basis.T for part in (powers, integrals)]
    return np.asarray(shallow.riccati_flow(parts[0], parts[1], start))


@st.composite
def flows(draw: st.DrawFn) -> tuple[ObjectArray, list[int], ObjectArray]:
    """A basis, the eigenvalues of M, of either sign, and a start d x d; d from 1 to 3."""
    size = draw(st.integers(1, 3))
    values = draw(st.lists(st.sampled_from([1, 2, -1, 1]), min_size=size, max_size=size))
    entries = draw(st.lists(ENTRIES, min_size=size * size, max_size=size * size))
    return draw(orthogonal_matrices(size)), values, arithmetic.exact(np.array(entries).reshape(size, size))


def derivative(two: int) -> sympy.Expr:
    """X' - (M X + X M - 2 X^2) for X = E U S U^T E, S = (I + 2 U^T G U)^{-1}, from E' = M E = E M and G' = E^2, so that
    S' = -S (2 U^T E^2 U) S; ``two`` stands for the last 2."""
    d, k = sympy.symbols("d k", integer=True, positive=True)
    m, e, s = (sympy.MatrixSymbol(name, n, n) for name, n in (("M", d), ("E", d), ("S", k)))
    u = sympy.MatrixSymbol("U", d, k)
    x = e * u * s * u.T * e
    change = m * x + x * m - 2 * e * u * s * (u.T * e * e * u) * s * u.T * e
    return change - (m * x + x * m - two * x * x)


@symbolic
def test_the_derivative_for_every_size() -> None:
    """d and k symbols; E commutes with M, and at t = 0 X = U_0 U_0^T."""
    assert is_zero(derivative(2))
    assert not is_zero(derivative(1))


@symbolic
def test_the_equation_is_that_of_the_flow() -> None:
    """(U U^T)' = U' U^T + U U'^T with U' = -grad f of the solver: for every size."""
    d, k = sympy.symbols("d k", integer=True, positive=True)
    u, m = sympy.MatrixSymbol("U", d, k), sympy.MatrixSymbol("M", d, d)
    velocity = -shallow.FactoredObjective(m).gradient(u)
    x = u * u.T
    change = velocity * u.T + u * (u.T * (m - x))  # the transpose of the velocity, M = M^T
    assert is_zero(change - (m * x + x * m - 2 * x * x))
    assert is_zero(velocity - (m - x) * u)


@exact
@given(flows(), st.integers(0, 2), st.integers(1, 2))
def test_it_is_a_flow(posed: tuple[ObjectArray, list[int], ObjectArray], first: int, second: int) -> None:
    """In rationals: X(0) = U_0 U_0^T, and X(s + t) is X(t) from any root of X(s), as its inverse form
    E (X^{-1} + 2 G)^{-1} E says: compared as (X(s+t) - E X E) = -2 E X G E^{-1} X(s+t), without roots."""
    basis, values, start = posed
    assert (moved(basis, values, 0, start) == start @ start.T).all()
    before, end = moved(basis, values, first, start), moved(basis, values, first + second, start)
    size = len(values)
    powers = [fmpq(2) ** (second * m) for m in values]
    parts = {
        "E": powers,
        "1/E": [1 / power for power in powers],
        "G": [(power**2 - 1) / (2 * fmpq(m)) for power, m in zip(powers, values, strict=True)],
    }
    e, back, g = (basis @ diagonal(size, size, part) @ basis.T for part in parts.values())
    assert (end - e @ before @ e == -2 * e @ before @ g @ back @ end).all()


@exact
@pytest.mark.parametrize("values", [[fmpq(0)], [fmpq(1), fmpq(0)], [fmpq(2), fmpq(1), fmpq(0)]])
def test_balls_and_zero_eigenvalues(values: list[fmpq]) -> None:
    """From alpha Q the eigenvalues of X(t) are alpha^2 e^{2mt} / (1 + 2 alpha^2 g), g = (e^{2mt} - 1)/(2m) or t."""
    size, square, time = len(values), fmpq(1, 9), fmpq(3, 2)

    def found() -> ObjectArray:
        pairs = [shallow.flow_parts(value, time) for value in values]
        parts = []
        for part in zip(*pairs, strict=True):
            matrix = arithmetic.balls(np.zeros((size, size)))
            matrix[np.arange(size), np.arange(size)] = part
            parts.append(matrix)
        return np.asarray(shallow.riccati_flow(parts[0], parts[1], arithmetic.exact(np.eye(size)) / 3))

    def expected() -> ObjectArray:
        matrix = arithmetic.balls(np.zeros((size, size)))
        for place, value in enumerate(values):
            growth = (2 * value * arb(time)).exp()
            integral = (growth - 1) / (2 * value) if value else arb(time)
            matrix[place, place] = square * growth / (1 + 2 * square * integral)
        return matrix

    assert all_agree(found, expected).holds


@sampled
def test_descent_with_small_steps_follows_it() -> None:
    """d = 4, k = 3, t = 2, eta = 2^-k for k = 10, 11: the distance from X(t) halves, within a tenth of it."""
    random = np.random.default_rng(54)
    drawn, start = random.standard_normal((4, 4)), random.standard_normal((4, 3)) / 2
    target = (drawn + drawn.T) / 2
    values, basis = np.linalg.eigh(target)
    parts = (basis * part @ basis.T for part in shallow.flow_parts(values, 2.0))
    exponential, integral = ((part + part.T) / 2 for part in parts)
    expected = shallow.riccati_flow(exponential, integral, start)
    gaps = []
    for halvings in (10, 11):
        run = shallow.factored_descent(
            shallow.FactoredObjective(target), start, learning_rate=2.0**-halvings, steps=2 * 2**halvings
        )
        gaps.append(arithmetic.rational(float(np.linalg.norm(run.point @ run.point.T - expected))))
    assert gaps[1] > 0
    assert arithmetic.rational(Fraction(9, 5)) < gaps[0] / gaps[1] < arithmetic.rational(Fraction(11, 5))


@control
def test_refuted_with_another_integral() -> None:
    """int e^{m tau} in place of int e^{2 m tau}: M = U_0 = 1 rests, and would not."""
    one = arithmetic.exact(np.eye(1))
    assert moved(one, [1], 1, one)[0, 0] == 1
    assert moved(one, [1], 1, one, 1)[0, 0] != 1


@witness
def test_one_number() -> None:
    """M = 1, U_0^2 = 1/4, t = ln 2: 4/4 / (1 + 1/2 (4 - 1)/2) = 4/7, on the way to 1."""
    half = arithmetic.exact(np.eye(1)) / 2
    assert moved(arithmetic.exact(np.eye(1)), [1], 1, half)[0, 0] == fmpq(4, 7)
