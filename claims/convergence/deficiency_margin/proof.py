"""The proofs: no vector is moved farther than by the norm, a bottleneck's kernel, and the gradients at both ends."""

import pytest
import sympy

from claims.suite import Fate, ablates, symbolic
from claims.suite.relations import trace_vanishes, vanishes
from solvers import network
from solvers.network import end_to_end, layer_gradients


@symbolic
@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 4), (4, 1), (2, 3), (3, 3)])
def test_perturbation_moves_no_vector_farther_than_its_norm(rows: int, columns: int) -> None:
    """||E||_F^2 |x|^2 - |E x|^2 is a sum of squares (Lagrange), so |W' x| >= |Phi x| - ||W' - Phi||_F for |x| = 1, and
    the minimum over x is statement 1 and the lower bound of statement 2."""
    e = sympy.Matrix(rows, columns, sympy.symbols(f"e:{rows * columns}", real=True))
    x = sympy.Matrix(sympy.symbols(f"x:{columns}", real=True))
    minors = [e[i, j] * x[k] - e[i, k] * x[j] for i in range(rows) for j in range(columns) for k in range(j)]
    norm, moved = sum(entry**2 for entry in e), sum(entry**2 for entry in e * x)
    assert sympy.expand(norm * sum(entry**2 for entry in x) - moved - sum(minor**2 for minor in minors)) == 0


@symbolic
@pytest.mark.parametrize("names", ["A", "AB", "ABC"])
def test_first_and_last_gradients_determine_the_residual(names: str) -> None:
    """W_1^T D_1 = W^T G and D_N W_N^T = G W^T for symbolic sizes: with W of full rank one of them gives G = 0.

    (W_1 stands for the first layer, W_N for the last; the others in between are one matrix of any size, or none.)
    """
    sizes = sympy.symbols(f"d:{len(names) + 1}", integer=True, positive=True)
    weights = tuple(sympy.MatrixSymbol(name, sizes[j + 1], sizes[j]) for j, name in enumerate(names))
    target = sympy.MatrixSymbol("Phi", sizes[-1], sizes[0])
    gradients, product = layer_gradients(weights, target), end_to_end(weights)
    for gap in (
        network.transpose(weights[0]) @ gradients[0] - network.transpose(product) @ (product - target),
        gradients[-1] @ network.transpose(weights[-1]) - (product - target) @ network.transpose(product),
    ):
        assert gap.expand().doit() == sympy.ZeroMatrix(*gap.shape)


@symbolic
@ablates("DL-004", "width", "dropped", Fate.TRUE)
def test_a_bottleneck_leaves_no_margin_for_every_depth_and_dimension() -> None:
    """Statement 4: W = V U, U of fewer rows than columns, has a unit vector x with U x = 0. So |Phi x| = |(W - Phi) x|,
    which is at most ||W - Phi||_F, as ||E||_F^2 - |E x|^2 = ||E - E x x^T||_F^2: sigma_min(Phi) <= ||W - Phi||_F, no
    margin is positive, and Theorem 1 asks for nothing where its width fails. (Where U^T V^T is meant, transposes.)"""
    inputs, width, outputs = sympy.symbols("d_0 k d_N", integer=True, positive=True)
    late, early = sympy.MatrixSymbol("V", outputs, width), sympy.MatrixSymbol("U", width, inputs)
    target, x = sympy.MatrixSymbol("Phi", outputs, inputs), sympy.MatrixSymbol("x", inputs, 1)
    kernel = [(early * x, sympy.ZeroMatrix(width, 1))]
    assert vanishes((end_to_end((early, late)) - target) * x + target * x, kernel)
    e, unit = sympy.MatrixSymbol("E", outputs, inputs), [(x.T * x, sympy.Identity(1))]
    across = e - e * x * x.T
    assert trace_vanishes(e.T * e - (e * x).T * (e * x) - across.T * across, unit)
