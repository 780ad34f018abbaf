"""The proof's identities: the loss in one layer, the chain, the lift and the swap, for matrices of symbolic sizes."""

import itertools

import pytest
import sympy

from claims.suite import Fate, ablates, symbolic
from claims.suite.symbols import is_zero, network_symbols
from solvers.network import end_to_end, layer_gradients


@symbolic
@pytest.mark.parametrize(("depth", "layer"), [(n, k) for n in (1, 2, 3, 4) for k in range(n)])
def test_in_one_layer_the_loss_is_quadratic_in_any_dimension(depth: int, layer: int) -> None:
    """W moves by t Q_k V P_{k-1}, and <Q_k V P_{k-1}, G> is <V, D_k> as trace(V^T D_k): for symbolic sizes."""
    weights, target = network_symbols(depth)
    t, v = sympy.Symbol("t"), sympy.MatrixSymbol("V", *weights[layer].shape)
    moved = (*weights[:layer], weights[layer] + t * v, *weights[layer + 1 :])
    bent = end_to_end((*weights[:layer], v, *weights[layer + 1 :]))
    assert is_zero(end_to_end(moved) - end_to_end(weights) - t * bent)
    gradient = layer_gradients(weights, target)[layer]
    after = end_to_end(weights[layer + 1 :]) if layer + 1 < depth else sympy.Identity(target.rows)
    before = end_to_end(weights[:layer]) if layer else sympy.Identity(target.cols)
    assert is_zero(gradient - after.T * (end_to_end(weights) - target) * before.T)


@symbolic
@pytest.mark.parametrize("depth", [2, 3, 4])
@ablates("DL-023", "square loss", "dropped", Fate.TRUE)
def test_the_chain_keeps_the_product_and_wakes_a_gradient_in_any_dimension(depth: int) -> None:
    """2 (a) with the longest chain, k = 0, any G (statement 3), X_i = v_i v_{i-1}^T, symbolic sizes: P_i changes by
    nothing but v_{i-1}^T P_{i-1} = 0, and Q_1' is sum_S s^|S| times the product with X_i for i in S, so its highest
    coefficient is X_N ... X_2 = u v_{N-1}^T v_{N-1} ... v_1^T."""
    weights, _ = network_symbols(depth)
    s = sympy.Symbol("s")
    v = [sympy.MatrixSymbol(f"v{i}", weight.rows, 1) for i, weight in enumerate(weights, 1)]  # the last is u
    before = weights[0]
    for i in range(1, depth):
        bent = v[i] * v[i - 1].T
        assert is_zero((weights[i] + s * bent) * before - weights[i] * before - s * v[i] * (v[i - 1].T * before))
        before = weights[i] * before
    x = [sympy.MatrixSymbol(f"X{i}", *weight.shape) for i, weight in enumerate(weights[1:], 2)]
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
