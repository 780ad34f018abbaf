"""Statement 3: zero is stationary, and its margin is 0 at best."""

from itertools import pairwise

import numpy as np
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare, rational, square_root
from solvers.network import deficiency_margin, frobenius_squared, gradient_step, loss
from strategies import dimensions, learning_rates, targets

SCALAR = arithmetic.exact([[1]])


@exact
@given(dimensions(min_depth=2), st.data())
def test_zero_is_stationary_without_a_margin(widths: tuple[int, ...], data: st.DataObject) -> None:
    """sigma_min(Phi) <= Phi_F with equality exactly for a row, a column or zero; the step does not move; l stays.

    (For symbolic sizes the gradients at zero are computed in ``saddle_at_zero``.)
    """
    target = data.draw(targets(widths[-1], widths[0]))
    weights = tuple(arithmetic.exact(np.zeros((rows, columns))) for columns, rows in pairwise(widths))
    margin = deficiency_margin(weights, target)
    boundary = 1 in target.shape or frobenius_squared(target) == 0
    assert compare(Comparison(margin, "==" if boundary else "<", fmpq(0), "margin of zero")).holds
    after = gradient_step(weights, target, rational(data.draw(learning_rates())))
    assert all((moved == still).all() for moved, still in zip(after, weights, strict=True))
    assert loss(after, target) == frobenius_squared(target) / 2


@control
@ablates("DL-006", "N >= 2", "dropped", Fate.REFUTED)
def test_refuted_that_zero_is_stationary_at_depth_one() -> None:
    """Statement 3 needs N >= 2."""
    (moved,) = gradient_step((0 * SCALAR,), SCALAR, fmpq(1, 2))
    assert moved == SCALAR / 2


@witness
@ablates("DL-004", "margin", "exactly 0", Fate.REFUTED)
def test_zero_has_margin_exactly_zero_for_a_row() -> None:
    """The boundary of statement 3: Phi = (3 4), sigma_min(Phi) = Phi_F = 5."""
    target = arithmetic.exact(np.array([[3.0, 4.0]]))
    weights = (arithmetic.exact(np.zeros((1, 2))), arithmetic.exact(np.zeros((1, 1))))
    assert square_root(frobenius_squared(target)) == 5
    assert deficiency_margin(weights, target) == 0
