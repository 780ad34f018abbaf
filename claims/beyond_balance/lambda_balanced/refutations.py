"""What is false: another imbalance, other signs and factors, one layer more."""

import numpy as np
import pytest
import sympy
from flint import fmpq

from claims.beyond_balance.lambda_balanced import series
from claims.suite import Fate, ablates, control
from solvers import arithmetic, backpropagate
from solvers.arithmetic import Comparison, compare
from solvers.flow import common_imbalance

TARGET = arithmetic.exact([[1, 2], [0, 1]])


def agrees(one: list[object], other: list[object]) -> bool:
    """Whether two series of matrices are the same."""
    return all((a == b).all() for a, b in zip(one, other, strict=True))  # type: ignore[attr-defined]


@control
@ablates("DL-070", "D = c I", "dropped", Fate.REFUTED)
def test_refuted_for_two_imbalances() -> None:
    """W_1 = diag(1, 1), W_2 = diag(2, 1), D = diag(3, 0), against Phi = [[1, 2], [0, 1]]: the coefficient of t^2 of the
    closed form is a polynomial in c in every entry, and no c makes all of them those of the flow."""
    weights = (arithmetic.exact(np.eye(2)), arithmetic.exact(np.diag([2.0, 1.0])))
    with pytest.raises(ValueError, match="is no multiple of I"):
        common_imbalance(weights)
    flow = series.flow_of_layers(weights, TARGET, 3)[2]
    points = [fmpq(k) for k in range(4)]
    stated = [series.riccati_solution(weights, TARGET, c, 3)[2] for c in points]
    c = sympy.Symbol("c")
    common = sympy.Integer(0)
    for place in np.ndindex(flow.shape):
        data = [
            (sympy.Rational(str(k)), sympy.Rational(str(each[place] - flow[place]))) for k, each in enumerate(stated)
        ]
        polynomial = sympy.interpolate(data, c)
        assert sympy.degree(polynomial, c) <= 2
        common = sympy.gcd(common, polynomial)
    assert common.is_number
    assert common != 0


@control
@ablates("DL-070", "two layers", "dropped", Fate.REFUTED)
def test_refuted_for_three_layers() -> None:
    """Three layers of width 1, all 1: W' = 3 (f - W) at the start, not 2 (f - W)."""
    one = arithmetic.exact([[1]])
    gradients = backpropagate((one, one, one), one - 2 * one)
    flow = -sum(gradient[0, 0] for gradient in gradients)
    stated = series.riccati_solution((one, one), 2 * one, fmpq(0), 2)[1][0, 0]
    assert compare(Comparison(flow, "==", stated, "W' at 0")).fails
    with pytest.raises(ValueError, match="weights has 3 layers; expected 2"):
        common_imbalance((one, one, one))


@control
@pytest.mark.parametrize("changed", [{"square": 2}, {"square": fmpq(1, 2)}, {"turn": -1}, {"turn": 0}, {"turn": 2}])
def test_refuted_with_other_factors(changed: dict[str, int | fmpq]) -> None:
    """2 or 1/2 for 1 before Gamma; + c E / 2, none or c E for - c E / 2: at c = 3/4 the series differ, though all are
    diagonal."""
    weights = (arithmetic.exact(np.eye(2) / 2), arithmetic.exact(np.eye(2)))
    target = arithmetic.exact([[2, 0], [0, 3]])
    c = common_imbalance(weights)
    flow = series.flow_of_layers(weights, target, 6)
    assert agrees(flow, series.riccati_solution(weights, target, c, 6))
    assert not agrees(flow, series.riccati_solution(weights, target, c, 6, **changed))  # type: ignore[arg-type]


@control
@pytest.mark.parametrize("doubled", [1, 3, fmpq(199, 100)])
def test_refuted_with_other_ends(doubled: int | fmpq) -> None:
    """f, 3 f or 199/100 f for 2 f in v_+-: Delta = 3/4, f = 1/2, r = 5/4, v_0 = 1/2."""
    weights = (arithmetic.exact([[fmpq(1, 2)]]), arithmetic.exact([[1]]))
    flow = [each[0, 0] for each in series.flow_of_layers(weights, arithmetic.exact([[fmpq(1, 2)]]), 5)]
    parts = (fmpq(3, 4), fmpq(1, 2), fmpq(5, 4), fmpq(1, 2))
    assert flow == series.scalar_solution(*parts, 5)
    assert flow != series.scalar_solution(*parts, 5, doubled=doubled)
