"""The tail of the target's spectrum as a bound, where it is attained, and what a bottleneck does to Theorem 1."""

from itertools import combinations, pairwise

import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

import strategies
from claims.suite import Fate, ablates, control, exact, fewer, sampled, symbolic, witness
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare
from solvers.descent import gradient_descent

HALF = fmpq(1, 2)
BOTTLENECKS = strategies.dimensions(bottleneck=True, max_width=5)


def tail(values: list[fmpq], width: int) -> fmpq:
    """1/2 sum_{i > width} s_i^2 for singular values s, largest first."""
    return sum((value**2 for value in values[width:]), start=fmpq(0)) / 2


def above(weights: tuple[ObjectArray, ...], target: ObjectArray, floor: Scalar) -> Comparison:
    """l >= floor."""
    return Comparison(network.loss(weights, target), ">=", floor, "loss against the tail of the target's spectrum")


@st.composite
def spectra(draw: st.DrawFn, widths: tuple[int, ...]) -> tuple[list[ObjectArray], list[fmpq], ObjectArray]:
    """One orthogonal matrix a layer of units; the singular values of Phi; and Phi in the first and the last."""
    bases = [draw(strategies.orthogonal_matrices(width)) for width in widths]
    values = [arithmetic.rational(s) for s in draw(strategies.singular_value_lists(min(widths[0], widths[-1])))]
    return bases, values, bases[-1] @ strategies.diagonal(widths[-1], widths[0], values) @ bases[0].T


def through(bases: list[ObjectArray], values: list[fmpq]) -> tuple[ObjectArray, ...]:
    """W_N carries ``values``, the other layers carry ones: the target's singular pairs, as many as there are."""
    ones = [fmpq(1)] * len(values)
    carried = [*([ones] * (len(bases) - 2)), values]
    return tuple(
        after @ strategies.diagonal(len(after), len(before), layer) @ before.T
        for (before, after), layer in zip(pairwise(bases), carried, strict=True)
    )


@symbolic
@pytest.mark.parametrize(("size", "width"), [(2, 1), (3, 1), (3, 2), (4, 2)])
def test_a_product_through_a_bottleneck_has_its_rank(size: int, width: int) -> None:
    """Every minor of size width + 1 of A B vanishes, A of width columns, all entries symbols."""
    a = sympy.Matrix(size, width, sympy.symbols(f"a:{size * width}"))
    b = sympy.Matrix(width, size, sympy.symbols(f"b:{size * width}"))
    product, order = network.end_to_end((b, a)), width + 1
    rows = list(combinations(range(size), order))[:2]  # by symmetry of the symbols, any minor stands for all
    for chosen in rows:
        minor = product.extract(list(chosen), list(range(order)))
        assert sympy.expand(minor.det(method="berkowitz")) == 0


@symbolic
def test_columns_of_the_kernel_see_no_more_than_the_whole_in_any_dimension() -> None:
    """||E||^2 - ||E X||^2 = ||E - E X X^T||^2 where X^T X = I, so that X X^T is a projection; symbolic sizes."""
    rows, columns, count = sympy.symbols("m n r", integer=True, positive=True)
    e, x = sympy.MatrixSymbol("E", rows, columns), sympy.MatrixSymbol("X", columns, count)
    part, defect = e - e * x * x.T, x.T * x - sympy.Identity(count)
    gap = part * part.T - (e * e.T - e * x * x.T * e.T) - e * x * defect * x.T * e.T
    assert gap.expand().doit() == sympy.ZeroMatrix(rows, rows)


@symbolic
@pytest.mark.parametrize(("size", "width"), [(2, 1), (3, 1), (3, 2), (5, 1), (5, 3), (8, 4)])
def test_weights_of_a_fixed_sum_fall_on_the_smallest_values(size: int, width: int) -> None:
    """sum_i s_i^2 t_i - sum_{i > k} s_i^2 = sum_i (s_i^2 - s_{k+1}^2) (t_i - [i > k]); every term is a product of two
    numbers of one sign: s_i^2 = s_{k+1}^2 + g_i with t_i >= 0 above, s_{k+1}^2 - g_i with t_i = 1 - u_i <= 1 below."""
    gaps = sympy.symbols(f"g:{size}", nonnegative=True)
    parts = sympy.symbols(f"u:{size}", nonnegative=True)  # t_i, or 1 - t_i
    pivot = sympy.Symbol("pivot", nonnegative=True)
    squares = [pivot + g if i < width else pivot - g for i, g in enumerate(gaps)]
    shares = [u if i < width else 1 - u for i, u in enumerate(parts)]
    excess = sum(s * t for s, t in zip(squares, shares, strict=True)) - sum(squares[width:])
    total = sum(shares) - (size - width)  # 0, as X has n - k orthonormal columns
    terms = [g * u for g, u in zip(gaps, parts, strict=True)]
    assert sympy.expand(excess - pivot * total - sum(terms)) == 0
    assert all(term.is_nonnegative for term in terms)


@symbolic
def test_two_by_two_through_width_one_with_every_entry_a_symbol() -> None:
    """Phi = diag(s_1, s_2), W = a b^T: with x = (-b_2, b_1) in W's kernel, ||W - Phi||^2 |b|^2 - s_2^2 |b|^2 is
    |(W - Phi) b|^2 + (s_1^2 - s_2^2) b_2^2 >= 0."""
    a, b = (sympy.Matrix(sympy.symbols(f"{name}:2", real=True)) for name in "ab")
    small, gap = sympy.symbols("s g", nonnegative=True)  # s_2 and s_1^2 - s_2^2
    large = sympy.sqrt(small**2 + gap)
    residual = a * b.T - sympy.diag(large, small)
    size, along = b.dot(b), residual * b
    whole = network.frobenius_squared(residual) * size
    assert sympy.expand(whole - small**2 * size - along.dot(along) - gap * b[1] ** 2) == 0


@exact
@given(BOTTLENECKS, st.data())
def test_no_network_is_below_the_tail(widths: tuple[int, ...], data: st.DataObject) -> None:
    """Rational Phi of known spectrum, W anywhere or near the truncated decomposition: decided in rationals."""
    bases, values, target = data.draw(spectra(widths))
    weights = tuple(arithmetic.exact(matrix) for matrix in data.draw(strategies.generic_weights(widths)))
    near = data.draw(st.sampled_from([0, 4, 16]))
    if near:
        best = through(bases, values[: min(widths)])
        weights = tuple(a + b / fmpq(2) ** near for a, b in zip(best, weights, strict=True))
    assert compare(above(weights, target, tail(values, min(widths)))).holds


@exact
@given(st.integers(2, 4), st.integers(0, 4), st.data())
def test_any_target_through_one_width_less(size: int, extra: int, data: st.DataObject) -> None:
    """k = n - 1 and any dyadic Phi: some eigenvalue of the Gram matrix is at most 2 l, by its characteristic
    polynomial's signs, though the singular values are irrational."""
    weights = [
        arithmetic.exact(matrix) for matrix in data.draw(strategies.generic_weights((size + extra, size - 1, size)))
    ]
    target = arithmetic.exact(data.draw(strategies.dyadic_matrices(size, size + extra)))
    assert network.sigma_min_at_most(target, 2 * network.loss(weights, target))


def float_problem(target: np.ndarray, width: int, learning_rate: float) -> network.Problem:
    """Two layers of ones on their diagonals, halved, through a width."""
    rows, columns = target.shape
    return network.Problem((np.eye(width, columns) / 2, np.eye(rows, width) / 2), target, learning_rate)


def irrational_tail(target: ObjectArray, width: int) -> Scalar:
    """1/2 sum_{i > width} s_i^2 from the roots of the characteristic polynomial of the Gram matrix."""
    found = network.singular_values(target)[width:]
    total: Scalar = fmpq(0)
    for value in found:
        total = total + value**2
    return total / 2


@sampled
@pytest.mark.parametrize("width", [1, 2])
def test_real_data_through_a_bottleneck(width: int) -> None:
    """linnerud (3 x 3, whitened) through width 1 and 2: after 10^5 steps of 1/10 the loss is above the tail, and
    within a millionth of it: gradient descent finds the bound, and stops there."""
    target = strategies.regression("linnerud").target
    trajectory = gradient_descent(float_problem(target, width, 0.1), steps=10**5)
    posed = arithmetic.exact(target)
    weights = tuple(arithmetic.exact(matrix) for matrix in trajectory.weights)
    reached = network.loss(weights, posed)
    verdict = arithmetic.settle(lambda: above(weights, posed, irrational_tail(posed, width)))
    assert verdict.holds, verdict
    near = arithmetic.settle(
        lambda: Comparison(reached, "<=", irrational_tail(posed, width) * (1 + fmpq(1, 10**6)), "loss against the tail")
    )
    assert near.holds, near


RUNS = BOTTLENECKS.flatmap(lambda widths: st.tuples(spectra(widths), strategies.generic_weights(widths)))


@sampled
@fewer(5)
@given(st.lists(RUNS, min_size=2))
def test_runs_stay_above_the_tail(
    batch: list[tuple[tuple[list[ObjectArray], list[fmpq], ObjectArray], tuple[np.ndarray, ...]]],
) -> None:
    """200 steps from starts that are drawn: the last weights, exactly as floats left them, are above the tail."""
    runs = [
        network.Problem(tuple(w / 4 for w in weights), arithmetic.nearest(target), 2.0**-8)
        for (_, _, target), weights in batch
    ]
    for ((bases, values, target), _), trajectory in zip(batch, gradient_descent(runs, steps=200), strict=True):
        last = tuple(arithmetic.exact(matrix) for matrix in trajectory.weights)
        assert compare(above(last, target, tail(values, min(len(basis) for basis in bases)))).holds


@control
@ablates("DL-020", "bottleneck", "dropped", Fate.REFUTED)
@given(st.integers(1, 4), st.integers(0, 2), st.data())
def test_refuted_without_a_bottleneck(size: int, extra: int, data: st.DataObject) -> None:
    """d_1 = n: the loss 0 is reached, and the tail of one width less is not a bound where s_n > 0."""
    bases, values, target = data.draw(spectra((size, size + extra, size)))
    weights = through(bases, values)
    assert network.loss(weights, target) == 0
    verdict = compare(above(weights, target, tail(values, size - 1)))
    assert verdict.fails if values[-1] > 0 else verdict.holds


@control
@given(BOTTLENECKS, st.data())
def test_refuted_with_one_more_singular_value(widths: tuple[int, ...], data: st.DataObject) -> None:
    """The sum from i = k on is too large where s_k > 0, at the truncated decomposition."""
    bases, values, target = data.draw(spectra(widths))
    weights = through(bases, values[: min(widths)])
    verdict = compare(above(weights, target, tail(values, min(widths) - 1)))
    assert verdict.fails if values[min(widths) - 1] > 0 else verdict.holds


@control
def test_refuted_with_the_strict_inequality() -> None:
    """Phi = diag(2, 1) through width 1: l = 1/2 at W = diag(2, 0)."""
    weights = (strategies.diagonal(1, 2, [1]), strategies.diagonal(2, 1, [2]))
    verdict = compare(Comparison(network.loss(weights, strategies.diagonal(2, 2, [2, 1])), ">", HALF, "loss"))
    assert verdict.fails


@control
def test_refuted_that_the_largest_values_are_what_is_lost() -> None:
    """With the s_i in rising order: Phi = diag(2, 1) through width 1 would lose 2."""
    weights = (strategies.diagonal(1, 2, [1]), strategies.diagonal(2, 1, [2]))
    assert compare(above(weights, strategies.diagonal(2, 2, [2, 1]), tail([fmpq(1), fmpq(2)], 1))).fails


@witness
@given(BOTTLENECKS, st.data())
def test_the_truncated_decomposition_attains_it(widths: tuple[int, ...], data: st.DataObject) -> None:
    """Exactly, in rationals."""
    bases, values, target = data.draw(spectra(widths))
    assert network.loss(through(bases, values[: min(widths)]), target) == tail(values, min(widths))


@witness
@ablates("DL-004", "width", "one less, margin exactly 0", Fate.REFUTED)
@given(st.integers(2, 4), st.integers(1, 3), st.integers(1, 8), st.data())
def test_margin_zero_balanced_and_stuck(size: int, depth: int, root: int, data: st.DataObject) -> None:
    """Statement 3: s = root^N, k = n - 1: margin exactly 0, balanced, stationary, l = s^2 / 2, the least there is."""
    depth, s = depth + 1, fmpq(root) ** (depth + 1)
    widths = (size, *([size - 1] * (depth - 1)), size)
    bases = [data.draw(strategies.orthogonal_matrices(width)) for width in widths]
    layers = tuple(
        after @ strategies.diagonal(len(after), len(before), [fmpq(root)] * (size - 1)) @ before.T
        for before, after in pairwise(bases)
    )
    target = bases[-1] @ strategies.diagonal(size, size, [s] * size) @ bases[0].T
    assert all(network.frobenius_squared(b) == 0 for b in network.imbalances(layers))
    assert network.deficiency_margin(layers, target) == 0
    assert all(network.frobenius_squared(d) == 0 for d in network.layer_gradients(layers, target))
    assert network.loss(layers, target) == tail([s] * size, size - 1) == s**2 / 2
