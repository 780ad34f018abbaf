"""What is false: steps beyond two, entries not normal, two outputs, p above one half, other factors of the same A."""

from dataclasses import replace

import numpy as np
import pytest
import sympy
from flint import fmpq

from claims.initialization.initialization_convergence import CLAIM
from claims.initialization.initialization_convergence.proof import DEPTH, LIMIT, NORM, SPREAD
from claims.initialization.initialization_convergence.starts import Setting, count_at_the_end
from claims.suite import Fate, ablates, control, witness
from claims.suite.statistics import consistent, gaussian_networks, generator
from solvers import arithmetic
from solvers.guarantees.theorem_two import TWENTIETH, learning_rate_limit, sharper_learning_rate_limit
from solvers.network import Problem, balanced_factors, frobenius_squared, gradient_step, loss
from strategies import row_target, scalar_weights


@control
@ablates("DL-033", "learning rate", "dropped", Fate.REFUTED)
@ablates("DL-033", "small entries", "dropped", Fate.REFUTED)
def test_refuted_with_steps_beyond_two() -> None:
    """At depth 1 every step multiplies l by (1 - eta)^2, exactly: it grows for ever, from every A but Phi, for eta = 3;
    and for the largest eta that s = 40 ||Phi|| allows, 1600^2 d_0^2 / 10^5 > 25 for every d_0."""
    inputs, norm = sympy.symbols("d_0 Phi", positive=True)
    allowed = LIMIT.subs({SPREAD: 1600 * norm**2 * inputs, NORM: norm, DEPTH: 1})
    assert sympy.cancel(allowed / inputs**2) == sympy.Rational(1600**2, 10**5) > 25
    (start,) = Setting.of((10, 1), learning_rate_limit).draw(1, "beyond two")
    for rate in (fmpq(3), fmpq(1600 * 10) ** 2 / 10**5):
        posed = replace(start.exact(), learning_rate=rate)
        before, after = loss(posed.weights, posed.target), loss(posed.step().weights, posed.target)
        assert after == (1 - rate) ** 2 * before > before > 0


@control
@ablates("DL-033", "normal entries", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("hidden", [(3,), (2, 4)], ids=str)
def test_refuted_for_entries_that_share_mean_and_variance(hidden: tuple[int, ...]) -> None:
    """Entries 0 or +-s / sqrt(q) of probabilities 1 - q, q/2, q/2 with q = 1 / (100 d_0): A = 0 with probability above
    1 - q d_0 = 99/100, whatever s is; Procedure 1 then gives W_j = 0, where nothing moves at depth 2 and more."""
    target = arithmetic.exact(row_target(10))
    q = fmpq(1, 100 * 10)
    assert (1 - q) ** 10 >= 1 - 10 * q == fmpq(99, 100)
    weights = tuple(arithmetic.exact(layer) for layer in balanced_factors(np.zeros((1, 10)), (10, *hidden, 1)))
    after = gradient_step(weights, target, fmpq(1, 10))
    assert all((now == then).all() for now, then in zip(after, weights, strict=True))
    assert loss(weights, target) == frobenius_squared(target) / 2 > 0


@control
@ablates("DL-033", "one output", "dropped", Fate.REFUTED)
def test_refuted_with_two_outputs() -> None:
    """Statement 3 at widths 2-2-2, Phi = diag(1, 2^-9), eps = 2^-28 (a thousandth of the smaller value squared): T
    knows nothing of the smaller value, and too few of 500 random starts are at eps after T steps for p = 1/20."""
    setting = Setting.of((2, 2, 2), sharper_learning_rate_limit, np.diag([1.0, 2.0**-9]))
    found = count_at_the_end(setting, 500, fmpq(1, 2**28))
    assert consistent(found, 500, ">=", TWENTIETH, "two outputs at eps after T").fails


@control
@ablates("DL-033", "p < 1/2", "dropped", Fate.REFUTED)
def test_refuted_for_probabilities_above_one_half() -> None:
    """d_0 = 1, N = 2, for every s and eta: Procedure 1 gives w_1 = -w_2 for A < 0, which every step keeps, so that
    W = -w_2^2 <= 0 and l >= 1/2 for ever (Phi = 1), with probability 1/2."""
    w, eta = sympy.symbols("w eta", positive=True)
    one = sympy.ones(1, 1)
    first, second = gradient_step((-w * one, w * one), one, eta)
    assert sympy.expand(first[0] + second[0]) == 0
    first, second = balanced_factors(np.array([[-0.25]]), (1, 1, 1))
    assert first == -second != 0


def escapes(problem: Problem) -> bool:
    """Depth 2, W_1 = x a row, W_2 = y a number: whether eta y^2 >= 8, eta |x|^2 >= 8 and |x| |y| >= 2 ||Phi||.

    Then |x'| >= (eta y^2 - 1) |x| - eta |y| ||Phi|| >= (eta y^2 / 2 - 1) |x| >= 3 |x| and likewise |y'| >= 3 |y|, so
    that the three hold at every later step, and l grows for ever.
    """
    x, y = (frobenius_squared(layer) for layer in problem.weights)
    eta = problem.learning_rate
    return bool(eta * y >= 8 and eta * x >= 8 and x * y >= 4 * frobenius_squared(problem.target))


@witness
def test_each_condition_of_an_escape_is_asked_for() -> None:
    """eta = 1/2: layers of squares 16 meet all three with equality for Phi = 8, and grow threefold; a little less for
    one of them, or a little more for Phi, is refused."""
    met = Problem(scalar_weights(4, 4), arithmetic.exact([[8]]), fmpq(1, 2))
    assert escapes(met)
    assert escapes(met.step())
    assert [frobenius_squared(weight) for weight in met.step().weights] == [9 * 16, 9 * 16]
    less, more = fmpq(399, 100), fmpq(801, 100)
    for first, second, target in ((less, 5, 8), (5, less, 8), (4, 4, more)):
        assert not escapes(Problem(scalar_weights(first, second), arithmetic.exact([[target]]), fmpq(1, 2)))


@control
@ablates("DL-033", "balance", "dropped", Fate.REFUTED)
def test_refuted_for_other_factors_of_the_same_matrix() -> None:
    """W_1 = 2^70 A, W_2 = 2^-70, real target, a = 1, eta at its limit: the same W(0) and margins; after a step all but
    a few of 500 random starts run away, too many for p = 1/20. On the way each layer grows threefold a step."""
    setting = Setting.of((10, 1, 1), learning_rate_limit)
    (matrices,) = gaussian_networks((10, 1), setting.scale, 500, generator(CLAIM.uid, "far"))
    factors = [(2.0**70 * matrix, np.array([[2.0**-70]])) for matrix in matrices]
    moved = [Problem(weights, setting.target, setting.rate).exact().step() for weights in factors]
    away = [problem for problem in moved if escapes(problem)]
    assert consistent(500 - len(away), 500, ">=", TWENTIETH, "starts that may converge").fails
    for problem in away[:5]:
        after = problem.step()
        assert escapes(after)
        for now, then in zip(after.weights, problem.weights, strict=True):
            assert frobenius_squared(now) >= 9 * frobenius_squared(then)
