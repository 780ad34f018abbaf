"""The experiment's bands: they narrow with depth, balance alone does not widen them, and no run beats the bound."""

import math
from functools import cache

import numpy as np
import pytest
from flint import fmpq

from claims.initialization.experiments import trade_off_runs as trade_off
from claims.initialization.experiments.trade_off_runs import BALANCED, EQUAL_SIZE, LAYER_WISE, REDUCED, Cell, Curve
from claims.initialization.initialization_trade_off.bound import least_steps
from claims.suite import control, exact, sampled, witness
from claims.suite.profiles import is_thorough
from solvers import arithmetic
from solvers.arithmetic import Comparison, Scalar, compare, rational
from solvers.network import layer_gradients

FULL = trade_off.Setting()


@cache
def experiment() -> tuple[trade_off.Setting, list[Cell], dict[tuple[str, int], Curve]]:
    """The whole experiment under the profile ``claims-thorough`` (minutes), else its reduced form (seconds)."""
    setting = FULL if is_thorough() else REDUCED
    cells = list(trade_off.run(setting))
    found = {(curve.initialization, curve.depth): curve for curve in trade_off.curves(setting, cells)}
    return setting, cells, found


def decades(initialization: str, depth: int) -> list[float]:
    """The band's width for each budget."""
    setting, _, found = experiment()
    return [found[initialization, depth].decades(budget) for budget in setting.budgets]


STEP = 1e-9  # of a decade: widths are logarithms in float64, of multiples of a sixth of a decade


@exact
@pytest.mark.parametrize("seed", FULL.seeds)
def test_depth_eight_needs_more_than_the_budget_below_one_two_hundredth(seed: int) -> None:
    """The draws of the experiment, every learning rate up to 1, exact descent; so the largest s <= 1/200 of the grid,
    and all below it, as the layers are proportional to s. For depth 3 the bound stays below 10^4 on all of the grid."""
    largest = max(s for s in FULL.deviations if s <= 1 / 200)
    assert compare(Comparison(steps_of(8, largest, seed), ">", fmpq(FULL.steps), "steps at depth 8")).holds
    assert compare(Comparison(steps_of(3, FULL.deviations[0], seed), "<", fmpq(10**4), "bound at depth 3")).holds


def steps_of(depth: int, deviation: float, seed: int) -> Scalar:
    """The bound of part 2 for the experiment's layer-wise network with its largest learning rate, 1."""
    weights = trade_off.initial_weights(LAYER_WISE, depth, FULL.width, deviation, seed)
    exact_weights = tuple(arithmetic.exact(matrix) for matrix in weights)
    rate, accuracy = rational(max(FULL.rates)), rational(FULL.accuracy)
    return least_steps(exact_weights, arithmetic.exact(trade_off.target()), rate, accuracy)


@sampled
def test_layer_wise_the_band_narrows_with_depth() -> None:
    """By 2 decades at least, for every budget."""
    for shallow, deep in zip(decades(LAYER_WISE, 3), decades(LAYER_WISE, 8), strict=True):
        assert shallow >= deep + 2 - STEP


@sampled
def test_balanced_initialisation_keeps_it_wide() -> None:
    """At depth 8 by 2 decades at least, for every budget; and there is a layer-wise band to compare with."""
    setting, _, found = experiment()
    assert all(found[LAYER_WISE, 8].band(budget) for budget in setting.budgets)
    for balanced, layer_wise in zip(decades(BALANCED, 8), decades(LAYER_WISE, 8), strict=True):
        assert balanced >= layer_wise + 2 - STEP


@sampled
def test_no_run_is_faster_than_the_bound() -> None:
    """Every network that converged, at the learning rate at which it was fastest. The runs are in float64, and carry no
    bound of their rounding; they took 2.7 times the bound and more, where it is above one step."""
    setting, cells, _ = experiment()
    phi, accuracy = arithmetic.exact(trade_off.target()), rational(setting.accuracy)
    for cell in cells:
        for k in np.flatnonzero(np.isfinite(cell.fastest)):
            s = setting.deviations[k]
            weights = trade_off.initial_weights(cell.initialization, cell.depth, setting.width, s, cell.seed)
            rate = rational(setting.rates[int(cell.iterations[k].argmin())])
            bound = least_steps(tuple(arithmetic.exact(matrix) for matrix in weights), phi, rate, accuracy)
            assert compare(Comparison(fmpq(int(cell.fastest[k])), ">=", bound, "iterations against the bound")).holds


@control
@pytest.mark.parametrize("depth", FULL.depths)
def test_refuted_that_balance_widens_the_band_at_equal_size(depth: int) -> None:
    """With W(0) as large as the layer-wise one: nowhere more than 1/3 of a decade wider, and the grid cuts none off."""
    setting, _, found = experiment()
    for budget in setting.budgets:
        band = found[EQUAL_SIZE, depth].band(budget)
        assert band is not None
        assert setting.deviations[0] < band[0] <= band[1] < setting.deviations[-1]
    for equal, layer_wise in zip(decades(EQUAL_SIZE, depth), decades(LAYER_WISE, depth), strict=True):
        assert equal <= layer_wise + 1 / 3 + STEP


@control
def test_refuted_that_balanced_bands_do_not_depend_on_depth() -> None:
    """Within 10^3 iterations the balanced band ends at a smaller s at depth 8 than at depth 3, by a third of a decade
    or more. Upper ends are compared, as the grid cuts both bands off below; where it cuts that of depth 3 off above,
    more is true."""
    setting, _, found = experiment()
    shallow, deep = (found[BALANCED, depth].band(setting.budgets[0]) for depth in (3, 8))
    assert shallow is not None
    assert deep is not None
    assert deep[1] < setting.deviations[-1]
    assert math.log10(shallow[1] / deep[1]) >= 1 / 3 - STEP


@witness
def test_zero_never_moves() -> None:
    """The boundary m = 0 of part 2, where its bound is infinite."""
    drawn = trade_off.initial_weights(LAYER_WISE, 8, FULL.width, 1.0, 0)
    zeros = tuple(arithmetic.exact(0 * matrix) for matrix in drawn)
    gradients = layer_gradients(zeros, arithmetic.exact(trade_off.target()))
    assert all((gradient == 0).all() for gradient in gradients)


@witness
@pytest.mark.parametrize("depth", FULL.depths)
@pytest.mark.parametrize("initialization", [LAYER_WISE, BALANCED])
def test_some_deviation_is_good(initialization: str, depth: int) -> None:
    """All four bands are there, and the layer-wise ones end inside the grid at large s."""
    setting, _, found = experiment()
    for budget in setting.budgets:
        band = found[initialization, depth].band(budget)
        assert band is not None
        assert initialization == BALANCED or band[1] < setting.deviations[-1]
