"""Statement 1: one step onto a saddle, under every learning rate."""

import math
from dataclasses import replace

import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.necessity.balance_needed.scalar_networks import UNIT, UNITS, in_d_dimensions, posed, values
from claims.suite import Fate, ablates, control, exact, symbolic, witness
from solvers.arithmetic import Comparison, compare
from solvers.guarantees import theorem_one
from solvers.network import Problem, deficiency_margin, frobenius_squared, layer_gradients, loss

HALF = fmpq(1, 2)
ETA, M, F, R = sympy.symbols("eta m f R", positive=True)


def onto_the_saddle(f: fmpq, m: fmpq, rest: list[fmpq]) -> Problem:
    """Statement 1: ``rest`` is w_3, ..., w_{N-1}; w_N makes their product 1 / (eta e)."""
    rate, residual = m**2 * f, f / (1 - f)
    last = 1 / (rate * residual * math.prod(rest, start=UNIT))
    return posed([m * residual, m * residual, *rest, last], rate)


@symbolic
@ablates("DL-004", "balance", "dropped", Fate.REFUTED)
def test_one_step_lands_on_the_saddle_for_every_depth_and_learning_rate() -> None:
    """w_3 ... w_N enters as one symbol R. After the step the network's own gradients vanish: those of w_1, w_2 and any
    other layer, with whatever layers there are before it and after it as one number each, or none."""
    rate, e = M**2 * F, F / (1 - F)
    a, product = M * e, 1 / (rate * e)
    assert sympy.simplify(a**2 * product - (1 + e)) == 0
    assert sympy.simplify(a - rate * a * product * (a**2 * product - 1)) == 0
    small = sympy.Symbol("s", positive=True)  # f = 1 / (2 + s) < 1/2: 0 < e < 1
    assert sympy.simplify((1 - e).subs(F, 1 / (2 + small)) - small / (1 + small)) == 0
    zero, one = sympy.zeros(1, 1), sympy.ones(1, 1)
    before, w, after = (sympy.Matrix([[letter]]) for letter in sympy.symbols("p w q", real=True))
    for others in ((w,), (before, w), (w, after), (before, w, after)):
        assert layer_gradients((zero, zero, *others), one) == (zero,) * (2 + len(others))
    assert loss((zero, zero, before), one) == sympy.Rational(1, 2)


@symbolic
def test_the_parametrisation_is_complete() -> None:
    """A step that zeroes w_1 = w_2 = a has R = 1 / (eta e), so a^2 = eta e (1 + e); m = a/e gives f = eta / m^2."""
    e, a = sympy.symbols("e a", positive=True)
    (zeroing,) = sympy.solve(a - ETA * a * R * e, R)
    assert sympy.simplify(zeroing - 1 / (ETA * e)) == 0
    on_the_conic = ETA * e * (1 + e)
    f = ETA / (on_the_conic / e**2)
    assert sympy.simplify(f / (1 - f) - e) == 0


@exact
@given(UNITS.map(lambda f: f / 2), st.integers(28, 34), st.lists(UNITS, max_size=3), st.data())
@ablates("DL-004", "balance", "dropped", Fate.REFUTED)
def test_onto_the_saddle(f: fmpq, power: int, rest: list[fmpq], data: st.DataObject) -> None:
    """N = 3..6, 1 x 1 to 3 x 3, in rationals: only balance fails, at learning rates that Theorem 1 allows."""
    problem = data.draw(in_d_dimensions(onto_the_saddle(f, fmpq(1, 2**power), rest)))
    margin = 1 - f / (1 - f)
    assert {sentence[:3] for sentence in theorem_one.violated(problem, margin)} == {"||B"}
    assert compare(Comparison(deficiency_margin(problem.weights, problem.target), "==", margin, "margin")).holds
    after = problem.step()
    assert all(frobenius_squared(d) == 0 for d in layer_gradients(after.weights, after.target))
    assert loss(after.weights, after.target) == HALF


@control
def test_refuted_saddle_with_half_the_learning_rate() -> None:
    """Half the step of statement 1 leaves w_1 = w_2 = a/2, and not a critical point."""
    problem = onto_the_saddle(fmpq(1, 4), fmpq(1, 100), [])
    after = replace(problem, learning_rate=problem.learning_rate / 2).step()
    assert values(after)[0] == values(problem)[0] / 2
    assert any(frobenius_squared(d) > 0 for d in layer_gradients(after.weights, after.target))


@witness
def test_the_saddle_in_small_numbers() -> None:
    """eta = 1/10000, e = 1/3: f = 1/4, m = 1/50, w = (1/150, 1/150, 30000), margin 2/3, then (0, 0, w_3) for ever."""
    problem = onto_the_saddle(fmpq(1, 4), fmpq(1, 50), [])
    assert problem.learning_rate == fmpq(1, 10000)
    assert values(problem) == [fmpq(1, 150), fmpq(1, 150), 30000]
    assert values(problem.step())[:2] == [0, 0]
    assert values(problem.step().step()) == values(problem.step())
