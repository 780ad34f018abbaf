"""Statement 5: how fast the Hessian of N layers can change, from both sides."""

from typing import Any

import numpy as np
import pytest
import sympy
from flint import arb, fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from claims.saddles.saddle_escape.any_function import ROOM
from claims.suite import exact, symbolic, witness
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, ObjectArray, compare, rational, settle, square_root
from solvers.network import Weights, frobenius_squared
from solvers.network.stacks import largest
from strategies import diagonal, dimensions, dyadic_matrices, generic_weights

ONE = diagonal(1, 1, [1])


def lipschitz(depth: int, norm: Any, gap: Any) -> Any:
    """5's L for M = ``norm`` >= |W_j|_2 and ``gap`` >= ||W - Phi||_F, in any arithmetic."""
    root = square_root(rational(depth))
    mixed = 3 * root * (depth - 1) * norm ** (2 * depth - 3) if depth > 1 else 0 * root
    return mixed + (depth - 1) * (depth - 2) / root * gap * norm ** (depth - 3) if depth > 2 else mixed


def largest_norm(weights: Weights) -> Any:
    """max_j |W_j|_2, in balls."""
    return arb(largest([network.spectral_norm(matrix) for matrix in weights]))


def third_derivative(weights: Weights, target: ObjectArray, way: Weights) -> fmpq:
    """Of l along V at t = 0: six times the coefficient of t^3 in l(W + t V)."""
    line = np.frompyfunc(lambda w, v: fmpq_poly([w, v]), 2, 1)
    moved = tuple(line(matrix, v) for matrix, v in zip(weights, way, strict=True))
    residual = network.end_to_end(moved) - target
    return fmpq(3) * fmpq_poly((residual * residual).sum())[3]


@symbolic
def test_the_third_derivative_for_every_depth() -> None:
    """5: the third derivative of ||G + t X + t^2 Y / 2 + t^3 Z / 6 + ..||^2 / 2 at t = 0 is 3 <X, Y> + <G, Z>. With
    v_j = |V_j| and sum v_j^2 = 1 Maclaurin's inequalities bound three sums: sum v_j <= N^{1/2},
    2 sum_{i<j} v_i v_j <= N - 1 and 6 sum_{i<j<k} v_i v_j v_k <= N^{-1/2} (N-1) (N-2), attained at v_j = N^{-1/2}."""
    t, depth = sympy.Symbol("t", real=True), sympy.Symbol("N", positive=True)
    g, x, y, z = (sympy.Matrix(sympy.symbols(f"{name}:4", real=True)) for name in "gxyz")
    moved = g + t * x + t**2 * y / 2 + t**3 * z / 6
    assert sympy.expand(sympy.diff(moved.dot(moved) / 2, t, 3).subs(t, 0) - 3 * x.dot(y) - g.dot(z)) == 0
    for k, bound in ((1, sympy.sqrt(depth)), (2, depth - 1), (3, (depth - 1) * (depth - 2) / sympy.sqrt(depth))):
        falling = sympy.prod([depth - i for i in range(k)])  # k! C(N, k)
        assert sympy.simplify(falling * depth ** (-sympy.Rational(k, 2)) - bound) == 0


@exact
@given(dimensions(max_depth=4, max_width=3), st.data())
def test_no_third_derivative_is_larger(widths: tuple[int, ...], data: st.DataObject) -> None:
    """5's L at any weights, along any direction, depths 1 to 4; up to the 2^-40th part, as equality is drawn too."""
    weights, way = (tuple(map(arithmetic.exact, data.draw(generic_weights(widths)))) for _ in range(2))
    target = arithmetic.exact(data.draw(dyadic_matrices(widths[-1], widths[0])))
    found = third_derivative(weights, target, way)
    length = sum((frobenius_squared(v) for v in way), start=fmpq(0))

    def bound() -> Comparison:
        norm = largest_norm(weights)
        gap = square_root(frobenius_squared(network.end_to_end(weights) - target))
        largest = lipschitz(len(weights), norm, gap) ** 2 * length**3
        return Comparison(found**2, "<=", ROOM * largest if length > 0 else fmpq(0), "squared third derivative")

    assert length == 0 or settle(bound).holds


@witness
@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5])
def test_equal_scalar_layers_attain_the_constant(depth: int) -> None:
    """w_j = 3/2, Phi = 1, V_j = 1: the third derivative squared is L^2 N^3; and six times less than L is too little."""
    weights, way = ((fmpq(w) * ONE,) * depth for w in (fmpq(3, 2), fmpq(1)))
    found = third_derivative(weights, ONE, way) ** 2
    largest = lipschitz(depth, fmpq(3, 2), fmpq(3, 2) ** depth - 1) ** 2 * depth**3
    assert compare(Comparison(found, "<=", largest * ROOM, "squared third derivative")).holds
    assert compare(Comparison(found * ROOM, ">=", largest, "squared third derivative")).holds
    assert (depth == 1) == (found == 0)
    assert lipschitz(1, fmpq(0), fmpq(1)) == 0
