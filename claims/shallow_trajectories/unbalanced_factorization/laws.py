"""Statement 1: the exact laws of one step."""

from collections.abc import Callable

import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import control, exact, symbolic, witness
from solvers.arithmetic import Comparison, compare
from solvers.shallow import TwoFactors

NUMBERS = st.fractions(-4, 4, max_denominator=8).map(lambda number: fmpq(number.numerator, number.denominator))

STATES = st.builds(TwoFactors, NUMBERS, NUMBERS, NUMBERS, NUMBERS)
"""Any u, v, m and eta, of both signs and zero."""

Law = Callable[[TwoFactors, TwoFactors], object]


def imbalance(state: TwoFactors) -> fmpq:
    """u^2 - v^2 = p q."""
    product: fmpq = state.total * state.gap
    return product


def laws(second: int = 1, squares: int = 1, product: int = 1) -> dict[str, Law]:
    """What is 0 by each law; the coefficients of eta^2 r^2, of eta (u^2 + v^2) and of eta^2 r u v are 1."""

    def defect_of_residual(old: TwoFactors, new: TwoFactors) -> object:
        eta, r = old.learning_rate, old.residual
        lengths = squares * eta * (old.left**2 + old.right**2)
        return new.residual - r * (1 - lengths + product * eta**2 * r * old.left * old.right)

    return {
        "p": lambda old, new: new.total - (1 - old.learning_rate * old.residual) * old.total,
        "q": lambda old, new: new.gap - (1 + old.learning_rate * old.residual) * old.gap,
        "imbalance": lambda old, new: (
            imbalance(new) - (1 - second * (old.learning_rate * old.residual) ** 2) * imbalance(old)
        ),
        "residual": defect_of_residual,
    }


@symbolic
def test_the_laws_hold_for_all_numbers() -> None:
    """u, v, m, eta as symbols; the step is the gradient's; p q = u^2 - v^2 and p^2 - q^2 = 4 u v."""
    u, v, m, eta = sympy.symbols("u v m eta", real=True)
    state = TwoFactors(u, v, m, eta)
    moved = state.step()
    value = (u * v - m) ** 2 / 2
    assert sympy.expand(moved.left - u + eta * sympy.diff(value, u)) == 0
    assert sympy.expand(moved.right - v + eta * sympy.diff(value, v)) == 0
    for defect in laws().values():
        assert sympy.expand(defect(state, moved)) == 0
    assert sympy.expand(state.total * state.gap - u**2 + v**2) == 0
    assert sympy.expand(state.total**2 - state.gap**2 - 4 * u * v) == 0


@exact
@given(STATES)
def test_the_laws_hold_for_rational_steps(state: TwoFactors) -> None:
    """Two steps each."""
    for _ in range(2):
        moved = state.step()
        for defect in laws().values():
            assert defect(state, moved) == 0
        state = moved


def grows(state: TwoFactors) -> bool:
    """Whether |u^2 - v^2| is larger after the step."""
    return bool(abs(imbalance(state.step())) > abs(imbalance(state)))


@exact
@given(STATES, st.sampled_from([fmpq(7, 5), fmpq(141421, 100000), fmpq(141422, 100000), fmpq(3, 2), fmpq(0)]))
def test_the_imbalance_grows_beyond_the_root_of_two(state: TwoFactors, size: fmpq) -> None:
    """With eta = size / |r|, and as drawn: it grows if and only if eta |r| > sqrt 2 and u^2 != v^2."""
    rates = [state.learning_rate] if state.residual == 0 else [state.learning_rate, size / abs(state.residual)]
    for rate in rates:
        posed = TwoFactors(state.left, state.right, state.target, rate)
        beyond = compare(Comparison(abs(rate * posed.residual), ">", arb(2).sqrt(), "eta |r| against sqrt 2"))
        assert beyond.holds or beyond.fails
        assert grows(posed) == (beyond.holds and imbalance(posed) != 0)


@control
def test_refuted_with_other_coefficients() -> None:
    """u = 2, v = 1, m = 1/2, eta = 1/3: 2 for each 1 in turn, and 0 for the second-order ones."""
    state = TwoFactors(fmpq(2), fmpq(1), fmpq(1, 2), fmpq(1, 3))
    moved = state.step()
    assert all(defect(state, moved) == 0 for defect in laws().values())
    for second in (0, 2):
        assert laws(second=second)["imbalance"](state, moved) != 0
    for squares in (0, 2):
        assert laws(squares=squares)["residual"](state, moved) != 0
    for product in (0, 2):
        assert laws(product=product)["residual"](state, moved) != 0


@control
def test_refuted_when_the_factors_move_one_after_the_other() -> None:
    """v moved with the new u: none of the laws is left."""
    state = TwoFactors(fmpq(2), fmpq(1), fmpq(1, 2), fmpq(1, 3))
    first = TwoFactors(state.step().left, state.right, state.target, state.learning_rate)
    both = TwoFactors(first.left, first.step().right, state.target, state.learning_rate)
    for defect in laws().values():
        assert defect(state, both) != 0


@witness
def test_the_imbalance_on_both_sides_of_the_root_of_two() -> None:
    """u = 2, v = 1, r = 1: |u^2 - v^2| falls with eta = 7/5 and rises with eta = 3/2."""
    assert not grows(TwoFactors(fmpq(2), fmpq(1), fmpq(1), fmpq(7, 5)))
    assert grows(TwoFactors(fmpq(2), fmpq(1), fmpq(1), fmpq(3, 2)))
