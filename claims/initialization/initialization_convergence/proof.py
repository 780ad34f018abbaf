"""From Theorem 1 to Theorem 2, for every depth: learning rates, the two phases, every accuracy."""

from typing import Any

import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given

from claims.suite import Fate, ablates, exact, fewer, symbolic
from claims.suite.symbols import is_one, is_zero
from solvers.guarantees import theorem_two
from solvers.network import Problem, gradient_step, imbalances, layer_gradients, loss
from strategies import problems

SPREAD, NORM, RATE, ACCURACY, DEPTH = sympy.symbols("v Phi eta epsilon N", positive=True)
MARGIN, EXPONENT = SPREAD / (2 * NORM), 2 - 2 / DEPTH
LIMIT = SPREAD ** (4 - 2 / DEPTH) / (10**5 * DEPTH**3 * NORM ** (10 - 6 / DEPTH))
SHARPER_LIMIT = MARGIN ** (2 / DEPTH) / (2 * DEPTH**2 * NORM**2)
FIRST, SECOND = (NORM / SPREAD) ** EXPONENT, NORM ** (-EXPONENT)


@symbolic
@ablates("DL-033", "learning rate", "(v / 2 Phi)^{2/N} / (2 N^2 Phi^2)", Fate.TRUE)
def test_learning_rates_meet_the_theorems_of_descent() -> None:
    """At c = v / (2 ||Phi||) eta's limit over that of Theorem 1 is 6144 * 2^{4-2/N} / 10^5 < 1; that of statement 3 is
    DL-013's c^{2/N} / (2 N^2 ||Phi||^2), and 10^5 N / 2 * 2^{-2/N} (||Phi||^2 / v)^{4-4/N} >= 12500 N times the
    former."""
    theorem_one = MARGIN ** (4 - 2 / DEPTH) / (6144 * DEPTH**3 * NORM ** (6 - 4 / DEPTH))
    assert is_one(LIMIT / theorem_one / (2 ** (4 - 2 / DEPTH) * sympy.Rational(6144, 10**5)))
    assert 2**4 * 6144 < 10**5  # and 2^{4-2/N} < 2^4
    gain = 10**5 * DEPTH / 2 * 2 ** (-2 / DEPTH) * (NORM**2 / SPREAD) ** (4 - 4 / DEPTH)
    assert is_one(SHARPER_LIMIT / LIMIT / gain)
    assert gain.subs({SPREAD: NORM**2, DEPTH: 1}) == 12500  # 2^{-2/N} rises with N, and v <= ||Phi||^2


@symbolic
def test_both_phases_fit_into_the_time() -> None:
    """Up to ||Phi||^2 / 8 at the rate eta c^{2-2/N}, then at eta (||Phi|| / 2)^{2-2/N}: k = 2^{2-2/N} for the 4 of T.

    With X = (||Phi|| / v)^{2-2/N} that leaves at least (4 - k) ln 4 X / eta >= 3 ln 4 X / (N eta), as 1 - 4^{-u} is
    concave in u = 1/N, 0 at u = 0 and 3/4 at u = 1. It is above 1, what rounding up the first phase costs, as
    X / eta >= 10^5 N^3, and >= 2 N^2 in statement 3, for v <= ||Phi||^2.
    """
    k = 2**EXPONENT
    assert is_one(1 / (RATE * MARGIN**EXPONENT) / (k / RATE * FIRST))
    assert is_one(1 / (RATE * (NORM / 2) ** EXPONENT) / (k / RATE * SECOND))
    u = sympy.Symbol("u", positive=True)
    above = 1 - 4 ** (-u) - 3 * u / 4
    assert (above.subs(u, 0), above.subs(u, 1)) == (0, 0)
    assert sympy.diff(above, u, 2) == -(sympy.log(4) ** 2) * 4 ** (-u)
    assert is_one(k / (4 * 4 ** (-1 / DEPTH)))
    ratio = NORM**2 / SPREAD  # at least 1, and so is 2^{2/N}
    for limit, least, rest in (
        (LIMIT, 10**5 * DEPTH**3, ratio ** (6 - 4 / DEPTH)),
        (SHARPER_LIMIT, 2 * DEPTH**2, 2 ** (2 / DEPTH) * ratio**2),
    ):
        assert is_one(FIRST / limit / (least * rest))
        assert sympy.diff(least / DEPTH, DEPTH).is_positive
        assert 3 * sympy.log(4) * (least / DEPTH).subs(DEPTH, 1) > 1


@symbolic
def test_accuracies_above_an_eighth() -> None:
    """eps = exp(L) ||Phi||^2 / 8 with 0 <= L <= ln 4: eta T minus Theorem 1's k X (ln 4 - L) is linear in L, and
    non-negative at both ends, as k <= 4 and X / Y = (||Phi||^2 / v)^{2-2/N} >= 1. Above, l(0) <= ||Phi||^2 / 2 does."""
    k, x, y, log = sympy.symbols("k X Y L")
    spare = 4 * (sympy.log(4) * x - y * log) - k * x * (sympy.log(4) - log)
    assert sympy.diff(spare, log, 2) == 0
    assert sympy.expand(spare.subs(log, 0) - (4 - k) * x * sympy.log(4)) == 0
    assert sympy.expand(spare.subs(log, sympy.log(4)) - 4 * (x - y) * sympy.log(4)) == 0
    assert is_one(FIRST / SECOND / (NORM**2 / SPREAD) ** EXPONENT)


@symbolic
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_runs_use_these_formulas(depth: int) -> None:
    """Those of the guarantee against the symbols, at v = 1/4, ||Phi|| = 2, eta = 1/999, eps = 1/7."""
    at = dict(zip((SPREAD, NORM, RATE, ACCURACY), (sympy.Rational(1, n) for n in (4, 1, 999, 7)), strict=True))
    at |= {NORM: 2, DEPTH: depth}
    time = 4 / RATE * (sympy.log(4) * FIRST + SECOND * sympy.log(NORM**2 / (8 * ACCURACY)))
    assert theorem_two.steps_to(depth, fmpq(1, 999), fmpq(1, 4), fmpq(2), fmpq(1, 7)) == sympy.ceiling(time.subs(at))
    limits = (theorem_two.learning_rate_limit, LIMIT), (theorem_two.sharper_learning_rate_limit, SHARPER_LIMIT)
    for function, formula in limits:
        found = arb(function(depth, fmpq(1, 4), fmpq(2)))
        assert abs(found / arb(str(formula.subs(at).evalf(30))) - 1) < arb(10) ** -14


@symbolic
@ablates("DL-033", "one output", "one input in its place", Fate.TRUE)
@pytest.mark.parametrize("names", ["PAQ", "AQ", "PA", "A"])
def test_gradients_of_the_transposed_network_for_every_depth_and_width(names: str) -> None:
    """W_j -> W_{N+1-j}^T, Phi -> Phi^T turns D_j into its transpose, and so every step: layers before and after are one
    matrix each, or none, of symbolic sizes. Imbalances change their sign."""
    sizes = sympy.symbols(f"d:{len(names) + 1}", integer=True, positive=True)
    weights = tuple(sympy.MatrixSymbol(name, sizes[k + 1], sizes[k]) for k, name in enumerate(names))
    target = sympy.MatrixSymbol("Phi", sizes[-1], sizes[0])
    turned = tuple(layer.T for layer in reversed(weights))
    found, expected = layer_gradients(turned, target.T)[::-1], layer_gradients(weights, target)
    assert all(is_zero(one.T - two) for one, two in zip(found, expected, strict=True))
    assert all(is_zero(one + two) for one, two in zip(imbalances(turned)[::-1], imbalances(weights), strict=True))


@exact
@fewer(3)
@given(problems())
def test_transposition_commutes_with_descent(problem: Problem) -> None:
    """W_j -> W_{N+1-j}^T, Phi -> Phi^T: the same steps, losses and norms of B_j; so one input will do, d_N for d_0."""
    posed = problem.exact()

    def turned(weights: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(layer.T for layer in reversed(weights))

    after = gradient_step(posed.weights, posed.target, posed.learning_rate)
    other = gradient_step(turned(posed.weights), posed.target.T, posed.learning_rate)
    assert all((one == two).all() for one, two in zip(turned(after), other, strict=True))
    assert loss(other, posed.target.T) == loss(after, posed.target)
    assert all((one == -two).all() for one, two in zip(imbalances(other)[::-1], imbalances(after), strict=True))
