"""Statements 1 and 2: the equations of one simple value and its vectors, from the velocity of the layers' product."""

import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.end_to_end.end_to_end_dynamics.law import velocity
from claims.suite import Fate, ablates, control, exact, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare, square_root
from solvers.flow import multipliers, value_velocity, vector_velocities
from solvers.network import end_to_end, singular_values
from strategies import AlignedNetwork, aligned_networks, diagonal, dimensions, dyadic_matrices, scalar_weights


def holds(network: AlignedNetwork, gradient: ObjectArray, of: int, moved: ObjectArray, slopes: ObjectArray) -> bool:
    """W' v_s + W v_s' = sigma_s' u_s + sigma_s u_s' and the same of W^T, exactly: they have one solution with u_s'
    orthogonal to u_s, v_s' to v_s. W' is ``moved``, and h is ``slopes`` in the stated velocities."""
    a, depth, left, right = network.values, network.depth, network.left, network.right
    u, v, sigma, product = left[:, of], right[:, of], a[of] ** depth, end_to_end(network.weights)
    rate = value_velocity(a[of], slopes[of, of], depth)
    turn, back = vector_velocities(a, slopes, depth, of)
    assert turn[of] == back[of] == 0
    u_moved = sum((x * left[:, r] for r, x in enumerate(turn)), start=0 * u)
    v_moved = sum((x * right[:, q] for q, x in enumerate(back)), start=0 * v)
    forward = moved @ v + product @ v_moved - rate * u - sigma * u_moved
    backward = moved.T @ u + product.T @ u_moved - rate * v - sigma * v_moved
    return not forward.any() and not backward.any()


@st.composite
def states(draw: st.DrawFn) -> tuple[AlignedNetwork, ObjectArray]:
    """A balanced network, and dL/dW of some loss there: any matrix."""
    network = draw(dimensions(max_depth=5, max_width=4).flatmap(aligned_networks))
    gradient = draw(dyadic_matrices(len(network.left), len(network.right)))
    return network, arithmetic.exact(gradient)


@exact
@given(states())
def test_the_equations_of_a_simple_value(drawn: tuple[AlignedNetwork, ObjectArray]) -> None:
    """1 and 2, in rationals: depths 1 to 5, widths 1 to 4, bottlenecks, other values equal or zero; W' by the product
    rule from the layers."""
    network, gradient = drawn
    slopes = network.left.T @ gradient @ network.right
    assert holds(network, gradient, 0, velocity(network.weights, gradient), slopes)


@exact
@given(states())
def test_the_velocity_in_the_bases_of_the_product(drawn: tuple[AlignedNetwork, ObjectArray]) -> None:
    """The proof's first line: entry (r, q) of U^T W' V is -h_rq times the quotient of differences."""
    network, gradient = drawn
    a, n = network.values, network.depth
    moved = network.left.T @ velocity(network.weights, gradient) @ network.right
    slopes = network.left.T @ gradient @ network.right
    for r in range(len(a)):
        for q in range(len(a)):
            apart = a[r] ** 2 - a[q] ** 2
            factor = (a[r] ** (2 * n) - a[q] ** (2 * n)) / apart if apart != 0 else n * a[r] ** (2 * n - 2)
            assert moved[r, q] == -slopes[r, q] * factor


@symbolic
def test_the_sum_of_powers_for_every_depth() -> None:
    """sum_{j<=N} a^{N-j} b^{j-1} = (a^N - b^N) / (a - b) by induction, N a symbol; and term by term up to N = 8."""
    a, b, n = sympy.symbols("a b N", positive=True)
    quotient = (a**n - b**n) / (a - b)
    assert sympy.simplify(quotient.subs(n, 1)) == 1
    assert sympy.simplify(sympy.expand((a * quotient + b**n - quotient.subs(n, n + 1)) * (a - b))) == 0
    for depth in range(1, 9):
        assert sympy.simplify(multipliers([a], [b], depth)[0][0] - quotient.subs(n, depth)) == 0
        assert sympy.expand(multipliers([a], [a], depth)[0][0] - depth * a ** (depth - 1)) == 0


@symbolic
def test_the_two_equations_for_every_depth() -> None:
    """a = -h_rs K, b = -h_sr K, K = (x^{2N} - y^{2N}) / (x^2 - y^2), sigma_r = x^N, sigma_s = y^N, N a symbol: the
    stated velocities solve both equations."""
    x, y, n = sympy.symbols("x y N", positive=True)
    h_rs, h_sr = sympy.symbols("h_rs h_sr")
    factor = (x ** (2 * n) - y ** (2 * n)) / (x**2 - y**2)
    left = (y**n * h_rs + x**n * h_sr) / (x**2 - y**2)
    right = (y**n * h_sr + x**n * h_rs) / (x**2 - y**2)
    assert sympy.simplify(sympy.expand((-h_rs * factor + x**n * right - y**n * left) * (x**2 - y**2))) == 0
    assert sympy.simplify(sympy.expand((-h_sr * factor + x**n * left - y**n * right) * (x**2 - y**2))) == 0
    for depth in (1, 2, 3, 5):
        slopes = np.array([[0, h_sr], [h_rs, 0]], dtype=object)
        (_, turn), (_, back) = vector_velocities((y, x), slopes, depth, 0)
        assert sympy.simplify(turn - left.subs(n, depth)) == sympy.simplify(back - right.subs(n, depth)) == 0


# What is false nearby.

ONE = diagonal(1, 1, [1])


def simple(depth: int, values: list[fmpq]) -> AlignedNetwork:
    """Diagonal layers."""
    size = len(values)
    layer, axes = diagonal(size, size, values), diagonal(size, size, [1] * size)
    return AlignedNetwork((layer,) * depth, axes, axes, tuple(values))


@control
@pytest.mark.parametrize("depth", [2, 3, 4])
def test_refuted_with_the_exponent_1_minus_1_over_n(depth: int) -> None:
    """sigma = 4^N, H = 1: a in a^{2N-2} replaced by its root makes it a^{N-1} = sigma^{1-1/N}."""
    network = simple(depth, [fmpq(4)])
    moved = velocity(network.weights, ONE)[0, 0]
    assert moved == value_velocity(fmpq(4), fmpq(1), depth)
    told = value_velocity(square_root(fmpq(4)), fmpq(1), depth)
    assert compare(Comparison(moved, "==", told, "sigma'")).fails


@control
@ablates("DL-067", "balance", "dropped", Fate.REFUTED)
def test_refuted_without_balance() -> None:
    """Widths 1, w = (1, 4), H = 1: W' = -(w_1^2 + w_2^2) = -17, and -N W^{2-2/N} = -8."""
    moved = velocity(scalar_weights(1, 4), ONE)[0, 0]
    told = value_velocity(square_root(fmpq(4)), fmpq(1), 2)
    assert (moved, told) == (-17, -8)
    assert compare(Comparison(moved, "==", told, "sigma'")).fails


@control
@ablates("DL-067", "simple values", "dropped", Fate.REFUTED)
def test_refuted_where_two_values_meet() -> None:
    """W = I, N = 2, H = [[0, 1], [1, 0]]: h_11 = h_22 = 0, and W + t W' has the values 1 + 2t and 1 - 2t."""
    network, gradient, t = simple(2, [fmpq(1)] * 2), arithmetic.exact([[0, 1], [1, 0]]), fmpq(1, 1000)
    moved = velocity(network.weights, gradient)
    told = value_velocity(fmpq(1), gradient[0, 0], 2)
    largest = singular_values(end_to_end(network.weights) + t * moved)[0]
    assert (told, largest) == (0, 1 + 2 * t)
    with pytest.raises(ValueError, match="expected a value > 0 that no other has"):
        vector_velocities(network.values, gradient, 2, 0)


@control
def test_refuted_with_h_and_its_transpose_exchanged() -> None:
    """W = diag(8, 1), N = 3, H = e_1 e_2^T."""
    network, gradient = simple(3, [fmpq(2), fmpq(1)]), arithmetic.exact([[0, 1], [0, 0]])
    moved = velocity(network.weights, gradient)
    for of in (0, 1):
        assert holds(network, gradient, of, moved, gradient)
        assert not holds(network, gradient, of, moved, gradient.T)


@control
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_refuted_with_the_velocity_of_another_depth(depth: int) -> None:
    """W = diag(64, 1): as a product of ``depth`` layers and of one more, H of ones; both depths have rational layers
    for 64 = 8^2 = 4^3."""
    gradient = arithmetic.exact([[1, 1], [1, 1]])
    network = simple(depth, [fmpq(64 ** (12 // depth)), fmpq(1)])
    other = velocity((*network.weights, diagonal(2, 2, [1, 1])), gradient)
    assert holds(network, gradient, 0, velocity(network.weights, gradient), gradient)
    assert not holds(network, gradient, 0, other, gradient)


# The smallest cases.


@witness
def test_two_layers_by_hand() -> None:
    """W = diag(4, 1), N = 2, H = [[1, 2], [3, 5]]: sigma' = -8, -10; <u_2, u_1'> = (4 3 + 1 2) / (1 - 4) = -14/3 and
    <v_2, v_1'> = (4 2 + 1 3) / (1 - 4) = -11/3."""
    slopes, values = arithmetic.exact([[1, 2], [3, 5]]), (fmpq(2), fmpq(1))
    assert [value_velocity(a, slopes[s, s], 2) for s, a in enumerate(values)] == [-8, -10]
    assert vector_velocities(values, slopes, 2, 0) == ([0, fmpq(-14, 3)], [0, fmpq(-11, 3)])


@witness
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_a_vector_turns_towards_the_kernel(depth: int) -> None:
    """W = 2^N e_1 in R^2, one input, H = e_2: sigma stays, <u_2, u_1'> = -sigma^{1-2/N}; at N = 1 that is -1/2."""
    slopes = arithmetic.exact([[0], [1]])
    assert value_velocity(fmpq(2), slopes[0, 0], depth) == 0
    assert vector_velocities((fmpq(2),), slopes, depth, 0) == ([0, -(fmpq(2) ** (depth - 2))], [0])
