"""A deep linear network has no poor local minimum: where the loss is not the least it is lower arbitrarily near.

Statement. l = 1/2 ||W_N ... W_1 - Phi||_F^2, any N >= 1, any Phi, p = min_j d_j, s_1 >= s_2 >= ... the singular values
of Phi; the least loss of any weights is the tail 1/2 sum_{i > p} s_i^2.

1. At any weights whatever l is higher arbitrarily near: there is no local maximum.
2. At a critical point above the tail l is lower arbitrarily near. So every local minimum is global, and every other
   critical point is a saddle. A local minimum has W = Phi if no width is below min(d_0, d_N).
3. With L any differentiable convex function of W in place of 1/2 ||W - Phi||_F^2 every local minimum is global too, if
   no width is below min(d_0, d_N).

Proof. P_i = W_{1:i}, Q_i = W_{i+1:N}, G = dL/dW, so D_j = Q_j^T G P_{j-1}^T.
1. In one layer l(W_k + t V) = l + t <D_k, V> + t^2/2 ||Q_k V P_{k-1}||_F^2. If W_{1:N-1} != 0 take k = N. Else W = 0;
   let k be least with W_{1:k} = 0; moving the later layers changes nothing, and makes Q_k != 0; t of one sign will do.
2. A step against a gradient D_j != 0 lowers l. At a critical point with G != 0 let k be the largest with
   M = G P_k^T != 0: it is at most N - 2, and G P_i^T = 0 for i > k. A move that keeps W, and so l and G, and makes some
   D_j != 0, is enough.
   (a) If no P_i, k < i < N, has full row rank there are v_i != 0, v_i^T P_i = 0. W_i' = W_i + s v_i v_{i-1}^T for
   k + 2 <= i <= N, with v_N = u a non-zero column of M, keeps every P_i, and u^T Q_{k+1}' is a polynomial in s with
   leading coefficient |u|^2 |v_{N-1}|^2 ... v_{k+1}^T. So D_{k+1}' = Q_{k+1}'^T M != 0 for small s != 0.
   (b) If P_i has full row rank and Q_i z = 0, z != 0: so has B = W_{2:i}; W_1' = W_1 + s B^+ z y^T with G y != 0 has
   P_i' = P_i + s z y^T, keeps W, and G P_i'^T = s G y z^T != 0. So k has grown to i at least; begin again: at a
   critical point it is never above N - 2.
   (c) If P_i has full row rank and Q_i full column rank: G P_i^T = 0 and, by D_1 = 0 and B's full rank, Q_i^T G = 0. So
   W = Phi Pi = Pi' Phi, with Pi and Pi' the projections on P_i's rows and Q_i's columns, both of rank d_i = rank W = p.
   W^T Phi = Pi Phi^T Phi = Phi^T Pi' Phi is symmetric, so Pi commutes with Phi^T Phi: W is the sum of p modes. They are
   the largest (l is the tail), or a left-out mode is larger than one of W: unit vectors x in the range of Pi, y in its
   kernel with |Phi y| > |Phi x|. Along V_1 = B^+ P_i x y^T, V_N = Phi y x^T P_{N-1}^+ the product moves by
   t (Phi x y^T + Phi y x^T) + t^2 Phi y y^T, so the second derivative of l is |Phi x|^2 - |Phi y|^2 < 0.
   With all widths >= d_0 only (a) occurs, since G P_i^T = 0 and G != 0 leave P_i a rank below d_0; with all >= d_N take
   transposes. The tail is then 0.
3. (a) uses nothing of L but G, and G = 0 is the least L, by convexity.

Hypotheses. "width": none below min(d_0, d_N), asked for by 3 alone. "square loss": asked for by 2 where a width is
below. K16's own (Phi of full rank, distinct singular values) are not needed.
Source. K16 (arXiv:1605.07110), Theorem 2.3 (i)-(iii); 3: LB18 (arXiv:1712.01473). The curves of 2 are this project's.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import DLC, K16, LB18, Claim, Fate, Status, ablates, control, exact, fewer, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare, rational
from solvers.descent import gradient_descent, perturbed_gradient_descent
from solvers.network import (
    Problem,
    backpropagate,
    end_to_end,
    frobenius_squared,
    higher_nearby,
    layer_gradients,
    loss,
    lower_nearby,
)
from strategies import (
    DATASETS,
    CriticalPoint,
    critical_points,
    diagonal,
    dimensions,
    dyadic_matrices,
    generic_weights,
    regression,
    zero_weights,
)

CLAIM = Claim(
    uid="DL-023",
    title="No poor local minima",
    statement=__doc__,
    sources=(K16.at("Theorem 2.3"), LB18.at("Theorem 1"), DLC.at("DL-023")),
    items=("7.2",),
    status=Status.THEOREM,
    hypotheses=("width", "square loss"),
)

Layers = tuple[ObjectArray, ...]

NEAR = st.integers(0, 60).map(lambda k: fmpq(1, 2**k))
ANY = critical_points(dimensions=dimensions(max_depth=4, max_width=3))
BOTTLENECKS = critical_points(dimensions=dimensions(bottleneck=True, max_depth=4, max_width=3))


def is_within(weights: Layers, others: Layers, distance: fmpq) -> bool:
    """Whether the distance over all layers together is at most ``distance``."""
    return bool(sum(frobenius_squared(a - b) for a, b in zip(weights, others, strict=True)) <= distance**2)


def is_zero(matrix: sympy.MatrixExpr) -> bool:
    """Whether a matrix expression is the zero matrix once multiplied out."""
    return bool(sympy.expand(matrix.expand().doit()).doit() == sympy.ZeroMatrix(*matrix.shape))


def symbols(depth: int) -> tuple[tuple[sympy.Symbol, ...], tuple[sympy.MatrixSymbol, ...], sympy.MatrixSymbol]:
    """Symbolic widths, weights of those sizes, and a target."""
    sizes = sympy.symbols(f"d:{depth + 1}", integer=True, positive=True)
    weights = tuple(sympy.MatrixSymbol(f"W{j + 1}", sizes[j + 1], sizes[j]) for j in range(depth))
    return sizes, weights, sympy.MatrixSymbol("Phi", sizes[-1], sizes[0])


@symbolic
@pytest.mark.parametrize(("depth", "layer"), [(n, k) for n in (1, 2, 3, 4) for k in range(n)])
def test_in_one_layer_the_loss_is_quadratic_in_any_dimension(depth: int, layer: int) -> None:
    """W moves by t Q_k V P_{k-1}, and <Q_k V P_{k-1}, G> is <V, D_k> as trace(V^T D_k): for symbolic sizes."""
    sizes, weights, target = symbols(depth)
    t, v = sympy.Symbol("t"), sympy.MatrixSymbol("V", sizes[layer + 1], sizes[layer])
    moved = (*weights[:layer], weights[layer] + t * v, *weights[layer + 1 :])
    bent = end_to_end((*weights[:layer], v, *weights[layer + 1 :]))
    assert is_zero(end_to_end(moved) - end_to_end(weights) - t * bent)
    gradient = layer_gradients(weights, target)[layer]
    after = end_to_end(weights[layer + 1 :]) if layer + 1 < depth else sympy.Identity(sizes[-1])
    before = end_to_end(weights[:layer]) if layer else sympy.Identity(sizes[0])
    assert is_zero(gradient - after.T * (end_to_end(weights) - target) * before.T)


@symbolic
@pytest.mark.parametrize("depth", [2, 3, 4])
@ablates("DL-023", "square loss", "dropped", Fate.TRUE)
def test_the_chain_keeps_the_product_and_wakes_a_gradient_in_any_dimension(depth: int) -> None:
    """2 (a) with the longest chain, k = 0, any G (statement 3), X_i = v_i v_{i-1}^T, symbolic sizes: P_i changes by
    nothing but v_{i-1}^T P_{i-1} = 0, and Q_1' is sum_S s^|S| times the product with X_i for i in S, so its highest
    coefficient is X_N ... X_2 = u v_{N-1}^T v_{N-1} ... v_1^T."""
    sizes, weights, _ = symbols(depth)
    s = sympy.Symbol("s")
    v = [sympy.MatrixSymbol(f"v{i}", sizes[i], 1) for i in range(1, depth + 1)]  # the last is u
    before = weights[0]
    for i in range(1, depth):
        bent = v[i] * v[i - 1].T
        assert is_zero((weights[i] + s * bent) * before - weights[i] * before - s * v[i] * (v[i - 1].T * before))
        before = weights[i] * before
    x = [sympy.MatrixSymbol(f"X{i + 1}", sizes[i + 1], sizes[i]) for i in range(1, depth)]
    moved = end_to_end(tuple(w + s * move for w, move in zip(weights[1:], x, strict=True)))
    chosen = list(itertools.product([0, 1], repeat=depth - 1))
    terms = [
        s ** sum(which) * end_to_end(tuple(b if c else a for a, b, c in zip(weights[1:], x, which, strict=True)))
        for which in chosen
    ]
    assert is_zero(moved - sum(terms[1:], start=terms[0]))
    assert [sum(which) for which in chosen].count(depth - 1) == 1
    columns = [sympy.Matrix(sympy.symbols(f"{name}:2", real=True)) for name in "abcd"[:depth]]
    top = end_to_end(tuple(after * before.T for before, after in itertools.pairwise(columns)))
    inner = sympy.prod([column.dot(column) for column in columns[1:]])
    assert (columns[-1].T * top - inner * columns[0].T).expand() == sympy.zeros(1, 2)


@symbolic
def test_the_lift_keeps_the_product_in_any_dimension() -> None:
    """2 (b): with B C = I, C = B^+, W_1 + s C z y^T moves P_i by s z y^T and W by s Q z y^T = 0, symbolic sizes."""
    inputs, first, width, outputs = sympy.symbols("d_0 d_1 d_i d_N", integer=True, positive=True)
    w, b, q = (
        sympy.MatrixSymbol("W_1", first, inputs),
        sympy.MatrixSymbol("B", width, first),
        sympy.MatrixSymbol("Q", outputs, width),
    )
    c, z, y = (
        sympy.MatrixSymbol("C", first, width),
        sympy.MatrixSymbol("z", width, 1),
        sympy.MatrixSymbol("y", inputs, 1),
    )
    s, defect = sympy.Symbol("s"), b * c - sympy.Identity(width)
    lifted = w + s * c * z * y.T
    assert is_zero(b * lifted - b * w - s * z * y.T - s * defect * z * y.T)
    assert is_zero(q * b * lifted - q * b * w - s * (q * z) * y.T - s * q * defect * z * y.T)


@symbolic
@ablates("DL-023", "width", "dropped", Fate.TRUE)
def test_the_swap_has_negative_curvature() -> None:
    """2 (c): W + t (a y^T + b x^T) + t^2 b y^T, a = Phi x, b = Phi y. The second derivative of l is
    ||a y^T + b x^T||^2 + 2 <G, b y^T> with G y = W y - Phi y = -b: |a|^2 |y|^2 - |b|^2 (2 - |x|^2) up to a multiple of
    <x, y> = 0; unit vectors x, y."""
    a, b, x, y = (sympy.Matrix(sympy.symbols(f"{name}:3", real=True)) for name in "abxy")
    first = a * y.T + b * x.T
    square = (first.T * first).trace()
    expected = a.dot(a) * y.dot(y) + b.dot(b) * x.dot(x) + 2 * a.dot(b) * x.dot(y)
    assert sympy.expand(square - expected) == 0
    residual = sympy.Matrix(3, 3, sympy.symbols("g:9", real=True))
    along = (residual.T * b * y.T).trace()
    assert sympy.expand(along - b.dot(residual * y)) == 0  # = -|b|^2
    norm_a, norm_b = sympy.symbols("A B", positive=True)
    assert sympy.expand(norm_a**2 + norm_b**2 - 2 * norm_b**2 - (norm_a - norm_b) * (norm_a + norm_b)) == 0


def decided(point: CriticalPoint, distance: fmpq) -> None:
    """Statements 1 and 2 at one point: higher weights within the distance; lower ones, or the least loss there is."""
    high = higher_nearby(point.weights, point.target, within=distance)
    assert is_within(high, point.weights, distance)
    assert compare(Comparison(loss(high, point.target), ">", point.loss, "loss nearby")).holds
    low = lower_nearby(point.weights, point.target, within=distance)
    if point.is_global:
        assert low is None
        return
    assert low is not None
    assert is_within(low, point.weights, distance)
    assert compare(Comparison(loss(low, point.target), "<", point.loss, "loss nearby")).holds


@exact
@given(ANY, NEAR)
def test_every_critical_point_is_global_or_a_saddle(point: CriticalPoint, distance: fmpq) -> None:
    """Any widths of 1-3, N = 1..4, any subset of modes, any rank of Phi, down to a distance of 2^-60."""
    assert loss(point.weights, point.target) == point.loss
    assert all(frobenius_squared(d) == 0 for d in layer_gradients(point.weights, point.target))
    decided(point, distance)


@exact
@fewer(2)
@ablates("DL-023", "width", "dropped", Fate.TRUE)
@given(BOTTLENECKS, NEAR)
def test_every_critical_point_across_a_bottleneck_is_global_or_a_saddle(point: CriticalPoint, distance: fmpq) -> None:
    """The same with some width below min(d_0, d_N): "global" is then the tail."""
    decided(point, distance)


@exact
@fewer(2)
@given(st.data(), dimensions(max_depth=4, max_width=3))
def test_nothing_is_a_local_maximum(data: st.DataObject, widths: tuple[int, ...]) -> None:
    """Statement 1 at weights that are not critical."""
    weights = tuple(arithmetic.exact(matrix) for matrix in data.draw(generic_weights(widths)))
    target, distance = arithmetic.exact(data.draw(dyadic_matrices(widths[-1], widths[0]))), data.draw(NEAR)
    high = higher_nearby(weights, target, within=distance)
    assert is_within(high, weights, distance)
    assert loss(high, target) > loss(weights, target)


def weighted_loss(weights: Layers, target: ObjectArray, importance: ObjectArray) -> fmpq:
    """1/2 sum_ij k_ij (W_ij - Phi_ij)^2, convex in W."""
    difference = end_to_end(weights) - target
    value: fmpq = (importance * difference * difference).sum() / 2
    return value


@exact
@fewer(2)
@ablates("DL-023", "square loss", "dropped", Fate.TRUE)
@given(st.data(), dimensions(bottleneck=False, min_depth=2, max_depth=4, max_width=3), NEAR)
def test_another_convex_loss_without_a_bottleneck(data: st.DataObject, widths: tuple[int, ...], distance: fmpq) -> None:
    """Statement 3 with entries weighted by k_ij <= 1 and a target of the same G at the point: what lowers the square
    loss by -<G, E> - ||E||^2 / 2 > 0 lowers this one by at least as much."""
    point = data.draw(critical_points(dimensions=st.just(widths)))
    residual = end_to_end(point.weights) - point.target
    powers = data.draw(st.lists(st.integers(0, 3), min_size=residual.size, max_size=residual.size))
    importance = np.array([fmpq(1, 2**k) for k in powers], dtype=object).reshape(residual.shape)
    target = end_to_end(point.weights) - residual / importance
    gradient = importance * (end_to_end(point.weights) - target)
    assert all(frobenius_squared(d) == 0 for d in backpropagate(point.weights, gradient))
    low = lower_nearby(point.weights, point.target, within=distance)
    now = weighted_loss(point.weights, target, importance)
    if low is None:
        assert now == 0
        return
    assert is_within(low, point.weights, distance)
    assert compare(Comparison(weighted_loss(low, target, importance), "<", now, "weighted loss nearby")).holds


def real_saddles(name: str, depth: int) -> tuple[list[Layers], ObjectArray]:
    """Critical points with W = 0 of a real target: zeros, and a first layer that reads what Phi does not, or that
    reads anything where two others vanish."""
    target = arithmetic.exact(regression(name).target)
    outputs, inputs = target.shape
    zeros = zero_weights((inputs, *([outputs] * (depth - 1)), outputs))
    first = zeros[0].copy()
    if outputs == 1:
        first[0, :2] = [target[0, 1], -target[0, 0]]
    elif depth > 2:
        first[0, 0] = fmpq(1)
    return [zeros, (first, *zeros[1:])], target


@sampled
@pytest.mark.parametrize("depth", [2, 3])
@pytest.mark.parametrize("name", DATASETS)
def test_real_data(name: str, depth: int) -> None:
    """Saddles of real targets with W = 0: lower and higher weights within 2^-20, exactly."""
    points, target = real_saddles(name, depth)
    for weights in points:
        assert all(frobenius_squared(d) == 0 for d in layer_gradients(weights, target))
        distance, here = fmpq(1, 2**20), loss(weights, target)
        low = lower_nearby(weights, target, within=distance)
        assert low is not None
        assert is_within(low, weights, distance)
        assert compare(Comparison(loss(low, target), "<", here, "loss nearby")).holds
        high = higher_nearby(weights, target, within=distance)
        assert compare(Comparison(loss(high, target), ">", here, "loss nearby")).holds


@sampled
@pytest.mark.parametrize(("name", "width"), [("diabetes", 1), ("linnerud", 3), ("linnerud", 2)])
def test_real_runs_from_the_saddle_end_at_the_least_loss(name: str, width: int) -> None:
    """Noise of radius 1/8 once, then descent: within a hundredth of Phi_F^2 / 2 above the tail, the last one
    across a bottleneck."""
    target = regression(name).target
    outputs, inputs = target.shape
    start = tuple(arithmetic.nearest(matrix) for matrix in zero_weights((inputs, width, outputs)))
    run = perturbed_gradient_descent(
        Problem(start, target, 1 / 8), steps=3000, radius=1 / 8, gradient_threshold=1e-3, wait=3000, seed=7
    )
    assert run.perturbed.tolist() == [0]
    values = np.linalg.svd(target, compute_uv=False)
    assert run.trajectory.loss[-1] <= np.sum(values[width:] ** 2) / 2 + np.sum(values**2) / 200


@sampled
@fewer(6)
@given(
    critical_points(dimensions=dimensions(min_depth=2, max_depth=2, max_width=3), rank_left=True), st.integers(0, 99)
)
def test_runs_from_the_saddle_end_at_the_least_loss(point: CriticalPoint, seed: int) -> None:
    """Depth 2, with bottlenecks and without: noise at zero, then 2000 steps of 1/16: the exact loss of the last weights
    is at most the tail plus a hundredth of Phi_F^2 / 2."""
    start = Problem(tuple(0 * matrix for matrix in point.weights), point.target, fmpq(1, 16)).nearest()
    run = perturbed_gradient_descent(start, steps=2000, radius=1 / 8, gradient_threshold=1e-9, wait=2000, seed=seed)
    last = tuple(arithmetic.exact(matrix) for matrix in run.trajectory.weights)
    most = point.least_loss + frobenius_squared(point.target) / 200
    assert compare(Comparison(loss(last, point.target), "<=", most, "loss at the end")).holds


ONE = arithmetic.exact(np.array([[1.0]]))
TWO_AND_ONE = diagonal(2, 2, [2, 1])


@control
def test_refuted_that_every_critical_point_is_global() -> None:
    """Widths 1, Phi = 1: (0, 0) is critical, with loss 1/2, and (1, 1) has loss 0."""
    point = (0 * ONE, 0 * ONE)
    assert all(frobenius_squared(d) == 0 for d in layer_gradients(point, ONE))
    assert compare(Comparison(loss(point, ONE), "<=", loss((ONE, ONE), ONE), "loss at the critical point")).fails


@control
def test_refuted_that_the_loss_is_convex() -> None:
    """(1, 1) and (-1, -1) have loss 0, half way between it is 1/2."""
    assert loss((ONE, ONE), ONE) == loss((-ONE, -ONE), ONE) == 0
    assert compare(Comparison(loss((0 * ONE, 0 * ONE), ONE), "<=", fmpq(0), "loss half way")).fails


@control
def test_refuted_that_a_local_minimum_across_a_bottleneck_has_zero_loss() -> None:
    """Phi = diag(2, 1) through width 1: l = 1/2 at W = diag(2, 0), and DL-020 bounds it by 1/2 everywhere."""
    weights = (diagonal(1, 2, [1]), diagonal(2, 1, [2]))
    assert lower_nearby(weights, TWO_AND_ONE, within=fmpq(1)) is None
    assert compare(Comparison(loss(weights, TWO_AND_ONE), "<=", fmpq(0), "loss at the least")).fails


@control
@given(critical_points(dimensions=dimensions(min_depth=2, max_depth=3, max_width=3), rank_left=True), st.data())
def test_refuted_that_one_layer_alone_leads_down(point: CriticalPoint, data: st.DataObject) -> None:
    """At a critical point the loss is nowhere lower if all layers but one stay, since it is convex in one: what is the
    least in each layer need not be the least."""
    layer = data.draw(st.integers(0, len(point.weights) - 1))
    move = arithmetic.exact(data.draw(dyadic_matrices(*point.weights[layer].shape)))
    moved = (*point.weights[:layer], point.weights[layer] + move, *point.weights[layer + 1 :])
    assert not point.is_global
    assert compare(Comparison(loss(moved, point.target), "<", point.loss, "loss with one layer moved")).fails


IMPORTANCE = arithmetic.exact(np.array([[1.0, 4.0], [4.0, 1.0]]))
UNEVEN = diagonal(2, 2, [1, fmpq(1, 2)])


@control
@ablates("DL-023", "square loss", "dropped together with the width", Fate.REFUTED)
def test_refuted_for_a_weighted_square_loss_across_a_bottleneck() -> None:
    """Widths 2-1-2, Phi = diag(1, 1/2), off-diagonal entries with weight 4, W = a b^T. At a = (0, 1/2), b = (0, 1) the
    loss is 1/2, at a = b = (1, 0) it is 1/8. With z = a_1 b_1, w = a_2 b_2 it is 1/2 plus
    z^2/2 + z (4 w - 1) + 2 (a_1 b_2 - a_2 b_1)^2 + (w - 1/2)^2 / 2, or z^2/2 - z + 2 (a_1 b_2)^2 + 2 (a_2 b_1)^2 + ...:
    for w >= 1/4 one of them is a sum of squares and non-negative terms, whatever the sign of z: a local minimum."""
    a1, a2, b1, b2 = sympy.symbols("a1 a2 b1 b2", real=True)
    product = sympy.Matrix([a1, a2]) * sympy.Matrix([[b1, b2]])
    z, w, half = a1 * b1, a2 * b2, sympy.Rational(1, 2)
    difference = product - sympy.diag(1, half)
    value = sum(int(IMPORTANCE[i, j].p) * difference[i, j] ** 2 for i in (0, 1) for j in (0, 1)) / 2
    common = half + z**2 / 2 + (w - half) ** 2 / 2
    assert sympy.expand(value - common - z * (4 * w - 1) - 2 * (a1 * b2 - a2 * b1) ** 2) == 0
    assert sympy.expand(value - common + z - 2 * (a1 * b2) ** 2 - 2 * (a2 * b1) ** 2) == 0
    poor = (arithmetic.exact(np.array([[0.0, 1.0]])), arithmetic.exact(np.array([[0.0], [0.5]])))
    better = (diagonal(1, 2, [1]), diagonal(2, 1, [1]))
    assert end_to_end(poor)[1, 1] > fmpq(1, 4)  # so it is in a neighbourhood where w >= 1/4
    verdict = compare(
        Comparison(
            weighted_loss(poor, UNEVEN, IMPORTANCE),
            "<=",
            weighted_loss(better, UNEVEN, IMPORTANCE),
            "loss at the local minimum",
        )
    )
    assert verdict.fails


@witness
def test_a_chain_in_the_smallest_case() -> None:
    """2 (a): zero at widths 1-1-1, Phi = 1: P_1 = 0 has no full row rank, and (s, s') is lower."""
    low = lower_nearby((0 * ONE, 0 * ONE), ONE, within=fmpq(1))
    assert low is not None
    assert all(matrix[0, 0] != 0 for matrix in low)


@witness
def test_a_lift_in_the_smallest_case() -> None:
    """2 (b): Phi = (1, 0), W_1 = (0, 1), W_2 = W_3 = 0: P_1 has full row rank, G P_1^T = 0, and Q_1 = 0."""
    target, first = diagonal(1, 2, [1]), arithmetic.exact(np.array([[0.0, 1.0]]))
    weights = (first, 0 * ONE, 0 * ONE)
    assert all(frobenius_squared(d) == 0 for d in layer_gradients(weights, target))
    low = lower_nearby(weights, target, within=fmpq(1))
    assert low is not None
    assert low[0][0, 0] != 0
    assert loss(low, target) < fmpq(1, 2)


@witness
@pytest.mark.parametrize("depth", [2, 3, 5])
def test_a_swap_in_the_smallest_case(depth: int) -> None:
    """2 (c): Phi = diag(2, 1) through width 1 at W = diag(0, 1), the smaller mode: only W_1 and W_N move."""
    small = arithmetic.exact(np.array([[0.0, 1.0]]))
    weights = (small, *([ONE] * (depth - 2)), small.T)
    assert loss(weights, TWO_AND_ONE) == 2
    low = lower_nearby(weights, TWO_AND_ONE, within=fmpq(1, 100))
    assert low is not None
    assert loss(low, TWO_AND_ONE) < 2
    assert all((a == b).all() for a, b in zip(low[1:-1], weights[1:-1], strict=True))


@witness
@pytest.mark.parametrize("x", [(fmpq(1), fmpq(0)), (fmpq(3, 5), fmpq(4, 5)), (fmpq(-5, 13), fmpq(12, 13))])
def test_equal_singular_values_make_every_choice_global(x: tuple[fmpq, fmpq]) -> None:
    """Phi = I through width 1: W = x x^T is global for every unit x, a case that K16 leaves out."""
    column = np.array([[x[0]], [x[1]]], dtype=object)
    weights, target = (column.T, column), diagonal(2, 2, [1, 1])
    assert loss(weights, target) == fmpq(1, 2)
    assert lower_nearby(weights, target, within=fmpq(1)) is None
    assert loss(higher_nearby(weights, target, within=fmpq(1)), target) > fmpq(1, 2)


@witness
def test_depth_one_has_one_critical_point() -> None:
    """D_1 = W - Phi: no saddle, and the descent that a step of 1 makes is to Phi."""
    problem = Problem((diagonal(2, 2, [5, 0]),), TWO_AND_ONE, fmpq(1))
    assert (problem.step().weights[0] == TWO_AND_ONE).all()
    assert gradient_descent(replace(problem.nearest(), learning_rate=1.0), steps=1).loss[-1] == 0
    assert lower_nearby(problem.step().weights, TWO_AND_ONE, within=rational(1.0)) is None
