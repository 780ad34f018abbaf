"""The proof's identities: the loss in one layer, the chain, the lift and the swap, for matrices of symbolic sizes.

Layers before and after the one that is looked at, any number of them, enter as one matrix on each side, or none.
"""

import pytest
import sympy

from claims.suite import Fate, ablates, symbolic
from claims.suite.relations import trace_vanishes
from claims.suite.symbols import is_zero
from solvers.network import end_to_end, layer_gradients

WIDTHS = sympy.symbols("d:4", integer=True, positive=True)


@symbolic
@pytest.mark.parametrize("names", ["PAQ", "AQ", "PA", "A"])
def test_in_one_layer_the_loss_is_quadratic_for_every_depth_and_dimension(names: str) -> None:
    """W moves by t Q_k V P_{k-1}, and <Q_k V P_{k-1}, G> is <V, D_k> as trace(V^T D_k): for symbolic sizes."""
    weights = tuple(sympy.MatrixSymbol(name, WIDTHS[k + 1], WIDTHS[k]) for k, name in enumerate(names))
    target, layer = sympy.MatrixSymbol("Phi", weights[-1].rows, WIDTHS[0]), names.index("A")
    t, v = sympy.Symbol("t"), sympy.MatrixSymbol("V", *weights[layer].shape)
    moved = (*weights[:layer], weights[layer] + t * v, *weights[layer + 1 :])
    bent = end_to_end((*weights[:layer], v, *weights[layer + 1 :]))
    assert is_zero(end_to_end(moved) - end_to_end(weights) - t * bent)
    gradient = layer_gradients(weights, target)[layer]
    after = end_to_end(weights[layer + 1 :]) if layer + 1 < len(names) else sympy.Identity(target.rows)
    before = end_to_end(weights[:layer]) if layer else sympy.Identity(target.cols)
    assert is_zero(gradient - after.T * (end_to_end(weights) - target) * before.T)


@symbolic
@ablates("DL-023", "square loss", "dropped", Fate.TRUE)
def test_the_chain_keeps_the_product_and_wakes_a_gradient_for_every_depth_and_dimension() -> None:
    """2 (a), any G (statement 3), a chain of any length, a layer at a time: P the product before a layer that moves by
    s v' v^T keeps its own, since v^T P = 0. Of the products after, s^m (w v^T) is the term of the highest power and the
    letter L stands for all that is lower: one layer more, W + s u w^T, gives s^{m+1} |w|^2 (u v^T) and powers s^k with
    k <= m of what there was before, or s L. At the end u^T (u v^T) = |u|^2 v^T."""
    s, m = sympy.Symbol("s"), sympy.Symbol("m", integer=True, positive=True)
    layer = sympy.MatrixSymbol("W", WIDTHS[2], WIDTHS[1])
    before, lower = (sympy.MatrixSymbol(name, WIDTHS[1], WIDTHS[0]) for name in "PL")
    v, w, u = (sympy.MatrixSymbol(name, WIDTHS[k], 1) for name, k in (("v", 0), ("w", 1), ("u", 2)))
    bent = layer + s * u * w.T
    assert is_zero(bent * before - layer * before - s * u * (w.T * before))
    highest = s ** (m + 1) * u * (w.T * w) * v.T
    kept = s**m * layer * w * v.T + layer * lower + s * u * (w.T * lower)
    assert is_zero(bent * (s**m * w * v.T + lower) - highest - kept)
    assert is_zero(u.T * (u * v.T) - (u.T * u) * v.T)


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
def test_the_swap_has_negative_curvature_in_any_dimension() -> None:
    """2 (c): W + t (a y^T + b x^T) + t^2 b y^T, a = Phi x, b = Phi y. The second derivative of l is
    ||a y^T + b x^T||_F^2 + 2 <G, b y^T> with x^T y = 0 and G y = W y - Phi y = -b: |a|^2 |y|^2 + |b|^2 |x|^2 - 2 |b|^2,
    which for unit vectors is |a|^2 - |b|^2."""
    columns, rows, *_ = WIDTHS
    a, b = (sympy.MatrixSymbol(name, rows, 1) for name in "ab")
    x, y = (sympy.MatrixSymbol(name, columns, 1) for name in "xy")
    residual = sympy.MatrixSymbol("G", rows, columns)
    first = a * y.T + b * x.T
    orthogonal = [(x.T * y, sympy.ZeroMatrix(1, 1)), (y.T * x, sympy.ZeroMatrix(1, 1))]
    square = a * (y.T * y) * a.T + b * (x.T * x) * b.T
    assert trace_vanishes(first * first.T - square, orthogonal)
    assert not trace_vanishes(first * first.T - square)
    assert trace_vanishes(residual.T * b * y.T + b.T * b, [(residual * y, -b), (y.T * residual.T, -b.T)])
    norm_a, norm_b = sympy.symbols("A B", positive=True)
    assert sympy.expand(norm_a**2 + norm_b**2 - 2 * norm_b**2 - (norm_a - norm_b) * (norm_a + norm_b)) == 0
