"""The proof: both inner products in every dimension, Euler's identity, and whole networks of symbols."""

from itertools import pairwise

import numpy as np
import pytest
import sympy

from claims.balance.homogeneous_layers.units import flow_derivatives, unit_imbalances
from claims.suite import symbolic
from claims.suite.symbols import is_zero
from solvers.arithmetic import ObjectArray
from solvers.network import Activation, network_gradients, piecewise_linear


def letters(name: str, *shape: int) -> ObjectArray:
    return np.array(sympy.symbols(f"{name}:{shape[0] * shape[1]}", real=True), dtype=object).reshape(shape)


def linear_pieces(slopes: ObjectArray) -> Activation:
    """phi(z) = s z on the piece where each unit and sample is."""
    return Activation(lambda z: slopes * z, lambda _: slopes)


@symbolic
def test_both_sides_for_every_depth_width_loss_and_number_of_samples() -> None:
    """[D_j W_j^T]_ii = sum_n U phi' Z and [W_{j+1}^T D_{j+1}]_ii = sum_n U phi(Z), with phi(Z) = S * Z for slopes S of
    symbols: layer j is A, layer j+1 is V, fed H by any layers before, sent G by any layers after; sizes are symbols."""
    d = sympy.symbols("d:4", integer=True, positive=True)  # widths of layers j-1, j, j+1 and the number of samples
    a, v = sympy.MatrixSymbol("A", d[1], d[0]), sympy.MatrixSymbol("V", d[2], d[1])
    fed, sent = sympy.MatrixSymbol("H", d[0], d[3]), sympy.MatrixSymbol("G", d[2], d[3])
    gated, after = sympy.MatrixSymbol("SU", d[1], d[3]), sympy.MatrixSymbol("SZ", d[1], d[3])
    assert is_zero((gated @ fed.T) @ a.T - gated @ (a @ fed).T)  # D_j = (S * U) H^T and Z = A H
    assert is_zero(v.T @ (sent @ after.T) - (v.T @ sent) @ after.T)  # D_{j+1} = G (S * Z)^T and U = V^T G
    s, u, z = (sympy.MatrixSymbol(name, d[1], d[3]) for name in "SUZ")
    i = sympy.Symbol("i", integer=True, nonnegative=True)
    left = (sympy.hadamard_product(s, u) @ z.T)[i, i].doit()
    right = (u @ sympy.hadamard_product(s, z).T)[i, i].doit()
    assert left.has(sympy.Sum)
    assert left.dummy_eq(right)


@symbolic
def test_euler_identity_on_both_sides_of_the_kink_and_on_it() -> None:
    """z phi'(z) = phi(z) for symbolic slopes, and at z = 0 for any number as phi'(0)."""
    a, b, chosen = sympy.symbols("a b g", real=True)
    for z in (sympy.Symbol("z", positive=True), sympy.Symbol("z", negative=True)):
        phi = sympy.Piecewise((a * z, z > 0), (b * z, True))
        assert sympy.simplify(z * sympy.diff(phi, z) - phi) == 0
    activation = piecewise_linear(a, b, chosen)
    z = np.array([[3, 0, -2]], dtype=object)
    assert (activation.derivative(z) == [[a, chosen, b]]).all()
    assert (activation.value(z) == [[3 * a, 0, -2 * b]]).all()


@symbolic
@pytest.mark.parametrize("widths", [(2, 2, 1), (1, 2, 2, 1), (1, 1, 2, 1, 1)])
def test_networks_of_symbols(widths: tuple[int, ...]) -> None:
    """The gradients as computed here, depths 2 to 4, two samples, any signal; a slope for each unit and sample stands
    for every pattern of active units, kinks included."""
    weights = tuple(letters(f"w{j}_", rows, columns) for j, (columns, rows) in enumerate(pairwise(widths)))
    slopes = [letters(f"s{j}_", width, 2) for j, width in enumerate(widths[1:-1])]
    activations = [linear_pieces(s) for s in slopes]
    signal = letters("g", widths[-1], 2)
    gradients = network_gradients(weights, letters("x", widths[0], 2), activations, lambda _: signal)
    found = flow_derivatives(weights, gradients)
    assert all(sympy.expand(entry) == 0 for vector in found for entry in vector)


@symbolic
def test_a_step_of_descent_moves_a_unit_by_the_flow_and_a_square() -> None:
    """c(W - eta D) - c(W) = eta dc/dt + eta^2 (||D_j[i,:]||^2 - ||D_{j+1}[:,i]||^2) for any D: with 1 this is 3."""
    eta = sympy.Symbol("eta", positive=True)
    weights, gradients = (
        [letters(f"{name}1_", 2, 3), letters(f"{name}2_", 3, 2), letters(f"{name}3_", 1, 3)] for name in "wd"
    )
    moved = unit_imbalances([w - eta * d for w, d in zip(weights, gradients, strict=True)][:2])
    flow = flow_derivatives(weights[:2], gradients[:2])
    square = unit_imbalances(gradients[:2])
    for after, before, first, second in zip(moved, unit_imbalances(weights[:2]), flow, square, strict=True):
        assert all(sympy.expand(entry) == 0 for entry in after - before - eta * first - eta**2 * second)
