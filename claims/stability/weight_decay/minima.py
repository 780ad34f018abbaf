"""Statement 5: which critical points are local minima, what they cost, and that all others have lower points nearby."""

import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.stability.weight_decay.second_order import EPSILON, POINTS, WIDE, is_semidefinite, simple
from claims.suite import Fate, ablates, control, exact, symbolic, witness
from solvers.arithmetic import Comparison, Scalar, compare
from solvers.guarantees.weight_decay import carried, cost, least_cost, roots, slope_sign
from solvers.network import Weights, decayed_hessian, decayed_loss, inertia
from strategies import DecayPoint, decay_points, diagonal, dimensions, scalar_weights


def value(point: DecayPoint) -> fmpq:
    """F."""
    result: fmpq = decayed_loss(point.weights, point.target, point.decay)
    return result


def modes_cost(point: DecayPoint) -> fmpq:
    """What F is to be at a critical point: the modes' costs."""
    parts = [cost(s, sigma, point.decay, point.depth) for s, sigma in zip(point.roots, point.caught, strict=True)]
    return sum([*parts, *(b**2 / 2 for b in point.left_out)], start=fmpq(0))


def global_value(point: DecayPoint) -> Scalar:
    """The least F: what each of the p largest modes must cost, and all of the others."""
    values, p = sorted([*point.caught, *point.left_out], reverse=True), min(point.dimensions)
    least = [least_cost(sigma, point.decay, point.depth) for sigma in values[:p]]
    return sum([*least, *(sigma**2 / 2 for sigma in values[p:])], start=fmpq(0))


def is_minimum(point: DecayPoint) -> bool:
    """The condition of 5."""
    return is_semidefinite(point) and all(slope_sign(s, point.decay, point.depth) > 0 for s in point.roots)


def shrunk(point: DecayPoint, mode: int, share: fmpq) -> Weights:
    """The weights with s_i of one mode replaced by s_i (1 - share) in every layer: a part of q q^T taken off."""
    last, first = point.left[:, [mode]], point.right[:, [mode]]
    moved, q = [], first
    for matrix in point.weights:
        after = matrix @ q / point.roots[mode]
        moved.append(matrix - after @ q.T * (share * point.roots[mode]))
        q = after
    assert (q == last).all()
    return tuple(moved)


@exact
@given(POINTS, st.integers(2, 40))
def test_every_critical_point_is_a_minimum_or_has_lower_points_nearby(point: DecayPoint, bits: int) -> None:
    """5: F is the sum of the modes' costs; minima have what 5 says, all others a negative eigenvalue or a double root,
    where s_i (1 - 2^-bits) costs less. N = 2: a minimum has the least value."""
    assert value(point) == modes_cost(point)
    negative = inertia(decayed_hessian(point.weights, point.target, point.decay))[1]
    double = [i for i, s in enumerate(point.roots) if slope_sign(s, point.decay, point.depth) == 0]
    assert is_minimum(point) == (negative == 0 and not double)
    for mode in double:
        lower = decayed_loss(shrunk(point, mode, fmpq(1, 2**bits)), point.target, point.decay)
        assert compare(Comparison(lower, "<", value(point), "F with s_i a little smaller")).holds
    if is_minimum(point) and point.depth == 2:
        assert compare(Comparison(value(point), "==", global_value(point), "F at a minimum, N = 2")).holds


MINIMA = decay_points(dimensions=st.one_of(WIDE, dimensions(min_depth=3, max_depth=5, max_width=3)), minima=True)


@exact
@given(MINIMA, st.integers(2, 30))
def test_each_mode_of_a_minimum_costs_least_where_it_is(point: DecayPoint, bits: int) -> None:
    """5's proof, N >= 3: by 4 it is enough that a = s_i^N, or a = 0 where a mode is left out, is a strict local minimum
    of g_i. With a = s^N: g_i(s^N) is cost(s). For a mode carried, any s up to the other root or s (1 - share) and
    s (1 + share) if there is none nearer; for one left out, any 0 < s^{N-2} <= N lambda / (2 sigma)."""
    assert is_minimum(point)
    depth, lam, share = point.depth, point.decay, fmpq(1, 2**bits)
    for s, sigma in zip(point.roots, point.caught, strict=True):
        here, smaller = cost(s, sigma, lam, depth), [t for t in roots(sigma, lam, depth) if t < s]
        below = s * (1 - share)
        if all(t < below for t in smaller):
            assert compare(Comparison(cost(below, sigma, lam, depth), ">", here, "cost of a smaller s")).holds
        assert compare(Comparison(cost(s * (1 + share), sigma, lam, depth), ">", here, "cost of a larger s")).holds
    for sigma in point.left_out if depth > 2 else ():
        largest = min(depth * lam / (2 * sigma), fmpq(1)) if sigma > 0 else fmpq(1)  # s^{N-2} <= s
        assert compare(
            Comparison(cost(largest * share, sigma, lam, depth), ">", sigma**2 / 2, "cost of a small s")
        ).holds


@symbolic
def test_the_slope_of_the_cost_for_every_depth() -> None:
    """cost'(s) = N s^{N-1} (s^N + lambda s^{2-N} - sigma), so that it has the sign of carried(s) - sigma; which is
    strictly convex for N >= 3, N a symbol; its slope is slope_sign(s) / s^{N-1}."""
    n, s, lam, sigma = sympy.symbols("N s lambda sigma", positive=True)
    sigma_of_s = s**n + lam * s ** (2 - n)
    price = (s**n - sigma) ** 2 / 2 + n * lam * s**2 / 2
    assert sympy.simplify(sympy.diff(price, s) - n * s ** (n - 1) * (sigma_of_s - sigma)) == 0
    slope = n * s ** (2 * n - 2) - (n - 2) * lam
    assert sympy.simplify(sympy.diff(sigma_of_s, s) - slope / s ** (n - 1)) == 0
    bend = n * (n - 1) * s ** (n - 2) + lam * (n - 2) * (n - 1) * s ** (-n)
    assert sympy.simplify(sympy.diff(sigma_of_s, s, 2) - bend) == 0
    for depth in (2, 3, 6):
        values = {n: depth}
        assert sympy.simplify(carried(s, lam, depth) - sigma_of_s.subs(values)) == 0
        assert sympy.simplify(cost(s, sigma, lam, depth) - price.subs(values)) == 0
        assert sympy.simplify(slope_sign(s, lam, depth) - slope.subs(values)) == 0


# What is false nearby, and the smallest cases.


@control
@pytest.mark.parametrize("depth", [3, 4, 5])
@ablates("DL-066", "strict root", ">= for >", Fate.REFUTED)
def test_refuted_at_double_roots(depth: int) -> None:
    """s = 1, lambda = N/(N-2), widths 1: the Hessian is positive semidefinite, and s (1 - 2^-20) costs less."""
    point = simple(depth, fmpq(depth, depth - 2), [], hidden=1)
    assert is_semidefinite(point)
    lower = decayed_loss(shrunk(point, 0, fmpq(1, 2**20)), point.target, point.decay)
    assert compare(Comparison(lower, ">=", value(point), "F nearby")).fails


@control
@ablates("DL-066", "strict root", "dropped", Fate.REFUTED)
def test_refuted_at_smaller_roots() -> None:
    """N = 3, lambda = 1/2, sigma = 9/8, s = 1/2: the smaller root, a saddle."""
    s, sigma, one = fmpq(1, 2), fmpq(9, 8), diagonal(1, 1, [1])
    point = DecayPoint(scalar_weights(s, s, s), sigma * one, fmpq(1, 2), one, one, (s,), (sigma,), ())
    assert carried(fmpq(1, 2), fmpq(1, 2), 3) == fmpq(9, 8)
    assert inertia(decayed_hessian(point.weights, point.target, point.decay)) == (2, 1, 0)
    assert not is_minimum(point)


@control
@ablates("DL-066", "depth", "dropped", Fate.REFUTED)
def test_refuted_at_two_layers_that_every_prefix_is_a_minimum() -> None:
    """N = 2, sigma = 5/4 > lambda = 1/4: zero is a saddle. At N = 3 it is a minimum, with lambda I."""
    two, three = simple(2, fmpq(1, 4), [fmpq(5, 4)], carry=False), simple(3, fmpq(1, 4), [fmpq(5, 4)], carry=False)
    assert inertia(decayed_hessian(two.weights, two.target, two.decay))[1] > 0
    matrix = decayed_hessian(three.weights, three.target, three.decay)
    assert (matrix == np.diag([fmpq(1, 4)] * len(matrix))).all()


@witness
@pytest.mark.parametrize(
    ("decay", "poor"), [(fmpq(1, 2), "zero"), (1 - EPSILON, "zero"), (fmpq(1), ""), (1 + EPSILON, "s"), (fmpq(2), "s")]
)
def test_poor_minima_of_three_layers(decay: fmpq, poor: str) -> None:
    """Widths 1, s = 1, sigma = 1 + lambda: zero and s are minima for all lambda < 3, and one is poor but at lambda = 1.
    With lambda = 1/2: 7/8 against 9/8; with lambda = 2: 5 against 9/2."""
    carrying = simple(3, decay, [], hidden=1)
    zero = simple(3, decay, [1 + decay], hidden=1, carry=False)
    assert is_minimum(carrying)
    assert is_minimum(zero)
    assert (value(carrying), value(zero)) == (decay**2 / 2 + 3 * decay / 2, (1 + decay) ** 2 / 2)
    better = min(value(carrying), value(zero))
    assert global_value(carrying) == global_value(zero) == better
    assert (value(zero) > better, value(carrying) > better) == (poor == "zero", poor == "s")


@witness
def test_a_poor_minimum_at_the_switch_of_the_largest_mode() -> None:
    """N = 3, lambda = 1 = lambda*(2), and sigma_2 = carried(9/10) = 16561/9000, lambda*(sigma_2) < 1 <
    lambda_c(sigma_2): carrying both is a minimum, and poor."""
    s = fmpq(9, 10)
    sigma = carried(s, fmpq(1), 3)
    layers, target, axes = (diagonal(2, 2, [1, s]),) * 3, diagonal(2, 2, [2, sigma]), diagonal(2, 2, [1, 1])
    point = DecayPoint(layers, target, fmpq(1), axes, axes, (fmpq(1), s), (fmpq(2), sigma), ())
    assert is_minimum(point)
    assert value(point) == modes_cost(point)
    assert compare(Comparison(value(point), ">", 2 + sigma**2 / 2, "F against carrying one mode, or none")).holds
    assert global_value(point) == 2 + sigma**2 / 2
