"""Where strictness fails in the smallest networks, and where its bounds are attained."""

import numpy as np
import pytest
from flint import fmpq

from claims.saddles.strict_saddles.inertias import least_hidden_width, middle_rank
from claims.suite import Fate, ablates, control, witness
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, compare, square_root
from solvers.network import curvature, frobenius_squared, hessian, inertia, layer_gradients, loss, lower_nearby
from strategies import diagonal

ONE = arithmetic.exact([[1]])


NOTHING = 0 * ONE


@control
def test_refuted_that_depth_three_is_always_strict() -> None:
    """Widths 1, Phi = 1, all layers 0: the Hessian is 0, the loss 1/2 is not the least."""
    weights = (NOTHING,) * 3
    assert inertia(hessian(weights, ONE)) == (0, 0, 3)
    assert compare(Comparison(loss(weights, ONE), "<=", fmpq(0), "loss against the least")).fails


@control
@pytest.mark.parametrize("depth", [3, 4, 5])
@ablates("DL-024", "middle rank", "one less", Fate.REFUTED)
def test_refuted_with_a_middle_of_one_rank_less(depth: int) -> None:
    """Widths 2, Phi = I, all layers diag(1, 0): the middle has rank 1 = p - 1, no eigenvalue is negative, l = 1/2."""
    weights = (diagonal(2, 2, [1, 0]),) * depth
    target = diagonal(2, 2, [1, 1])
    assert all(frobenius_squared(d) == 0 for d in layer_gradients(weights, target))
    assert middle_rank(weights) == 1
    assert inertia(hessian(weights, target))[1] == 0
    low = lower_nearby(weights, target, within=fmpq(1, 1000))
    assert low is not None
    assert compare(Comparison(loss(weights, target), "<=", loss(low, target), "loss against one nearby")).fails


@control
@pytest.mark.parametrize("place", [0, 1, 2])
def test_refuted_that_a_full_middle_is_needed(place: int) -> None:
    """4: widths 1, Phi = 1, two layers 0 and one 1: strict, the middle's rank being 1 or 0."""
    weights = tuple(ONE if j == place else NOTHING for j in range(3))
    assert inertia(hessian(weights, ONE)) == (1, 1, 1)
    assert middle_rank(weights) == (place == 1)


@control
def test_refuted_that_any_modes_carried_leave_no_negative_eigenvalue() -> None:
    """3 needs the largest: Phi = diag(1, 2), all layers diag(1, 0) at depth 3, has a negative one."""
    weights = (diagonal(2, 2, [1, 0]),) * 3
    target = diagonal(2, 2, [1, 2])
    assert all(frobenius_squared(d) == 0 for d in layer_gradients(weights, target))
    assert inertia(hessian(weights, target))[1] > 0


@control
def test_refuted_that_a_global_minimum_is_strict() -> None:
    """Phi = diag(2, 1) through width 1 at diag(2, 0), loss 1/2: no negative eigenvalue, at depth 2."""
    weights, target = (diagonal(1, 2, [1]), diagonal(2, 1, [2])), diagonal(2, 2, [2, 1])
    assert all(frobenius_squared(d) == 0 for d in layer_gradients(weights, target))
    assert inertia(hessian(weights, target))[1] == 0
    assert network.negative_curvature(weights, target) is None


@witness
@pytest.mark.parametrize("depth", [2, 3, 5])
@pytest.mark.parametrize(("root", "s", "least"), [(0, 2, -2), (3, 20, -16), (4, 15, -9)])
def test_the_bound_is_an_eigenvalue_in_the_smallest_case(root: int, s: int, least: int, depth: int) -> None:
    """Widths 1-1-2, W_1 = 0, W_2 = (0, c^{1/2}), Phi = (s, 0): the form [[c, -s], [-s, 0]] and a zero, with the
    eigenvalue (c - (c^2 + 4 s^2)^{1/2}) / 2, an integer here. The same, and more zeros, with layers of 1 between them:
    2 with c > 0."""
    c, weights = root**2, (NOTHING, *[ONE] * (depth - 2), arithmetic.exact([[0], [root]]))
    target = diagonal(2, 1, [s])
    assert all(frobenius_squared(d) == 0 for d in layer_gradients(weights, target))
    assert middle_rank(weights) == least_hidden_width(weights) == 1
    matrix = hessian(weights, target)
    ends = [0, *range(depth - 1, depth + 1)]
    assert matrix[np.ix_(ends, ends)].tolist() == [[c, -s, 0], [-s, 0, 0], [0, 0, 0]]
    assert c - square_root(fmpq(c**2 + 4 * s**2)) == 2 * least
    assert inertia(matrix - diagonal(depth + 1, depth + 1, [least] * (depth + 1))) == (depth, 0, 1)


@witness
@pytest.mark.parametrize("depth", [2, 3])
def test_the_swap_attains_its_curvature(depth: int) -> None:
    """1's last case: Phi = diag(2, 1) through width 1 at diag(0, 1): V = (e_1^T / 2, 2 e_1) has 1 - 4 = -3."""
    small = arithmetic.exact([[0, 1]])
    target = diagonal(2, 2, [2, 1])
    weights = (small, *((ONE,) * (depth - 2)), small.T)
    direction = (diagonal(1, 2, [1]), *((NOTHING,) * (depth - 2)), diagonal(2, 1, [2]))
    assert curvature(weights, target, direction) == -3


@witness
@pytest.mark.parametrize(("width", "r"), [(1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (3, 2)])
def test_every_smaller_rank_has_strict_and_other_saddles(width: int, r: int) -> None:
    """3 and 4: depth 3, Phi = diag(3, 2, 1, 1), hidden widths p = width > r. The r largest modes and nothing else: not
    strict. With W_1 reading one more mode, and nothing else: strict, with the same middle."""
    target = diagonal(4, 4, [3, 2, 1, 1])
    ones, values = [fmpq(1)] * r, [fmpq(3), fmpq(2)][:r]
    weights = (diagonal(width, 4, values), diagonal(width, width, ones), diagonal(4, width, ones))
    more = weights[0].copy()
    more[r, r] = fmpq(1)
    for chosen, negative in ((weights, False), ((more, *weights[1:]), True)):
        assert all(frobenius_squared(d) == 0 for d in layer_gradients(chosen, target))
        assert middle_rank(chosen) == r < least_hidden_width(chosen)
        assert (inertia(hessian(chosen, target))[1] > 0) is negative
