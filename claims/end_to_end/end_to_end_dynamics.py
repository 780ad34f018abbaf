"""Under gradient flow the product of balanced layers moves as if its gradient had been preconditioned.

Statement. W = W_N ... W_1 with all imbalances zero, gradient flow of any differentiable loss L(W), G = dL/dW.

1. dW/dt = - sum_{j=1}^N [W W^T]^{(N-j)/N} G [W^T W]^{(j-1)/N}. Here A^0 = I also where A is singular (not the projector
   on its range): the term j = N is G [W^T W]^{(N-1)/N} because no layer stands to the left of W_N.
2. vec(dW/dt) = -P_W vec(G), where P_W is positive semidefinite with an eigenvalue
   sum_{j=1}^N s_r^{2(N-j)/N} s_q^{2(j-1)/N} for each pair r = 1..d_N, q = 1..d_0 (s = 0 beyond min(d_0, d_N), 0^0 = 1).
3. So -dL/dt = <vec G, P_W vec G>, and the least eigenvalue of P_W is sigma_min(W)^{2(N-1)/N} where d_0 != d_N and
   N sigma_min(W)^{2(N-1)/N} where d_0 = d_N.
4. One output, or one input: dW/dt = -||W||^{2-2/N} (G + (N-1) (<G, W> / ||W||^2) W), and 0 at W = 0 if N >= 2.
5. If N >= 2, no layer and so neither W changes its rank: each column of D_1 = -dW_1/dt is in the range of W_1.

Proof. D_j = W_{j+1:N}^T G W_{1:j-1}^T, so dW/dt = - sum_j W_{j+1:N} W_{j+1:N}^T G W_{1:j-1}^T W_{1:j-1}. By balance
(``balanced_spectrum``) W_{j+1:N} W_{j+1:N}^T = (W_N W_N^T)^{N-j} and W_{1:j-1}^T W_{1:j-1} =
(W_1^T W_1)^{j-1}; by the same W W^T = (W_N W_N^T)^N, W^T W = (W_1^T W_1)^N, and the positive semidefinite root is
unique. 2: A X B takes u_r v_q^T to a_r b_q u_r v_q^T for singular bases. 3: each term grows with s_r and with s_q;
where d_0 = d_N no s is zero for want of a partner. 4: W^T W = ||W||^2 times a projector. 5: D_1 = W_{2:N}^T G, and
W_{2:N}^T W_{2:N} = (W_1 W_1^T)^{N-1} has the range of W_1. D_1 = W_1 X with X bounded on bounded sets (s^{N-2} times G)
makes W_1(t) = W_1(0) Z(t), Z invertible; W^T W = (W_1^T W_1)^N has the same rank.

Hypotheses. Exact balance (none is needed at N = 1); one output or one input in 4. Every width, bottlenecks too, every
rank, zero included, every loss: G is arbitrary.
Sampled flows are integrated numerically, at two tolerances: agreement within what these differ by is no proof.
Source. ACH18 (arXiv:1802.06509), Theorem 1, Claims 1 and 2. 5, and the factor N in 3, are this project's.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from itertools import product

import numpy as np
import pytest
import sympy
from flint import fmpq, fmpq_mat, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from claims.balance.balanced_spectrum import is_zero, matrix_power, there_and_back
from claims.suite import ACH18, DLC, Claim, Fate, Status, ablates, control, exact, fewer, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare, power
from solvers.flow import end_to_end_flow, fractional_powers, gradient_flow, multipliers, one_output_velocity
from solvers.network import (
    Matrix,
    Objective,
    Problem,
    Weights,
    backpropagate,
    balanced_factors,
    characteristic_polynomial,
    end_to_end,
    frobenius_squared,
    gradient_step,
    power_regression,
    squared_distance,
)
from strategies import (
    DATASETS,
    BalancedNetwork,
    balanced_networks,
    diagonal,
    dimensions,
    dyadic_matrices,
    real_problem,
    regression,
)

CLAIM = Claim(
    uid="DL-026",
    title="Depth preconditions the flow",
    statement=__doc__,
    sources=(ACH18.at("Theorem 1, Claims 1 and 2"), DLC.at("DL-026")),
    items=("8.1", "8.2", "8.3", "4.1"),
    status=Status.THEOREM,
    hypotheses=("balance", "one output"),
)

small = dimensions(max_depth=5, max_width=4)
smaller = dimensions(max_depth=5, max_width=3)


def product_velocity(weights: Weights, gradient: Matrix) -> Matrix:
    """dW/dt = - sum_j W_{j+1:N} D_j W_{1:j-1}, the product rule, in any arithmetic."""
    terms = []
    for j, layer in enumerate(backpropagate(weights, gradient)):
        term = end_to_end([*weights[:j], layer]) if j else layer
        terms.append(end_to_end([term, *weights[j + 1 :]]))
    return -reduce(lambda x, y: x + y, terms)


def powers(network: BalancedNetwork) -> tuple[list[ObjectArray], list[ObjectArray]]:
    """[W W^T]^{(N-j)/N} and [W^T W]^{(j-1)/N} for j = 1..N: from W alone and its known singular values s^N."""
    matrix, depth = end_to_end(network.weights), len(network.weights)
    known = [fmpq(0), *(s ** (2 * depth) for s in network.layer_singular_values)]
    rising = [Fraction(k, depth) for k in range(depth)]
    left = fractional_powers(matrix @ matrix.T, rising[::-1], known)
    return left, fractional_powers(matrix.T @ matrix, rising, known)


def preconditioned(left: list[ObjectArray], right: list[ObjectArray], gradient: ObjectArray) -> ObjectArray:
    """The right side of statement 1."""
    total: ObjectArray = -reduce(lambda x, y: x + y, [a @ gradient @ b for a, b in zip(left, right, strict=True)])
    return total


def preconditioner(left: list[ObjectArray], right: list[ObjectArray]) -> ObjectArray:
    """P_W over the columns of G laid one after another: vec(A G B) = (B^T x A) vec(G)."""
    total: ObjectArray = reduce(lambda x, y: x + y, [np.kron(b, a) for a, b in zip(left, right, strict=True)])
    return total


def padded(network: BalancedNetwork) -> tuple[list[fmpq], list[fmpq]]:
    """s_r^{2/N}, r = 1..d_N, and s_q^{2/N}, q = 1..d_0: the squared singular values of the layers, and zeros."""
    squares = [s * s for s in network.layer_singular_values]
    outputs, inputs = end_to_end(network.weights).shape
    return squares + [fmpq(0)] * (outputs - len(squares)), squares + [fmpq(0)] * (inputs - len(squares))


def eigenvalues(network: BalancedNetwork) -> list[fmpq]:
    """Those of P_W as statement 2 has them."""
    return [value for row in multipliers(*padded(network), len(network.weights)) for value in row]


def rank(matrix: ObjectArray) -> int:
    rows, columns = matrix.shape
    return int(fmpq_mat(rows, columns, list(matrix.ravel())).rank())


# Symbolic. Blocks stand for every depth: S = W_{1:j-1}, A = W_j, P = W_{j+1:N}, each of any size.

SIZES = sympy.symbols("d:4", integer=True, positive=True)
DEPTH, J = sympy.symbols("N j", integer=True, positive=True)


@symbolic
@pytest.mark.parametrize("names", ["SAP", "SA", "AP", "A"])
def test_each_term_of_the_product_rule_for_every_depth_and_width(names: str) -> None:
    """P D_j S = P P^T G S^T S for any G; at the ends P or S is missing, and its power is the identity."""
    weights = [sympy.MatrixSymbol(name, SIZES[k + 1], SIZES[k]) for k, name in enumerate(names)]
    gradient = sympy.MatrixSymbol("G", weights[-1].rows, weights[0].cols)
    j = names.index("A")
    term, expected = backpropagate(weights, gradient)[j], gradient
    if "S" in names:
        term, expected = term @ weights[0], expected @ weights[0].T @ weights[0]
    if "P" in names:
        term, expected = weights[-1] @ term, weights[-1] @ weights[-1].T @ expected
    assert is_zero(term - expected)


@symbolic
def test_products_of_layers_are_powers_of_the_last_for_every_depth_and_width() -> None:
    """V = W_{j+1:N-1} with V V^T = Q = (B^T B)^n, by balance, gives (B V)(B V)^T = (B B^T)^{n+1}, B = W_N, since
    P = (B B^T)^n has P B = B Q. The first layers are the transposed network."""
    b, v = sympy.MatrixSymbol("B", SIZES[2], SIZES[1]), sympy.MatrixSymbol("V", SIZES[1], SIZES[0])
    p, q = sympy.MatrixSymbol("P", SIZES[2], SIZES[2]), sympy.MatrixSymbol("Q", SIZES[1], SIZES[1])
    pushed, assumed = b @ q - p @ b, v @ v.T - q
    assert is_zero((b @ v) @ (b @ v).T - p @ b @ b.T - b @ assumed @ b.T - pushed @ b.T)
    assert is_zero(b @ (b.T @ b @ q) - (b @ b.T @ p) @ b - b @ b.T @ pushed)


@symbolic
def test_the_roots_of_the_spectrum_for_every_depth() -> None:
    """A layer's s^2 to the N - j is the (N - j)/N-th power of s^{2N}, an eigenvalue of W W^T; for s = 0 too where
    N > j, and at j = N both are 1 for every s."""
    s = sympy.Symbol("s", positive=True)
    assert sympy.simplify((s ** (2 * DEPTH)) ** ((DEPTH - J) / DEPTH) - s ** (2 * (DEPTH - J))) == 0
    k = sympy.Symbol("k", integer=True, positive=True)
    assert sympy.Integer(0) ** (2 * k) == sympy.Integer(0) ** (k / DEPTH) == 0
    assert ((s**DEPTH) ** ((DEPTH - J) / DEPTH)).subs(J, DEPTH) == sympy.Integer(0) ** sympy.Integer(0) == 1


@symbolic
def test_eigenvalues_in_closed_form_for_every_depth() -> None:
    """(a - b) sum_j a^{N-j} b^{j-1} telescopes to a^N - b^N, a = s_r^{2/N}, b = s_q^{2/N}; N a^{N-1} for a = b."""
    a, b = sympy.symbols("a b", positive=True)
    term = a ** (DEPTH - J) * b ** (J - 1)
    before = a ** (DEPTH - J + 1) * b ** (J - 1)
    assert sympy.expand((a - b) * term - (before - before.subs(J, J + 1))) == 0
    assert sympy.expand((before.subs(J, 1) - before.subs(J, DEPTH + 1)) - (a**DEPTH - b**DEPTH)) == 0
    assert (
        sympy.simplify(sympy.summation(sympy.powsimp(term.subs(b, a)), (J, 1, DEPTH)) - DEPTH * a ** (DEPTH - 1)) == 0
    )


@symbolic
def test_eigenvalues_grow_with_the_singular_values_for_every_depth() -> None:
    """The derivative of each term, (N - j) a^{N-j-1} b^{j-1}, is >= 0 for j <= N, and the sum is symmetric under
    a <-> b, j <-> N + 1 - j. So the least eigenvalue is at the least a and b that occur: 0 and sigma_min^{2/N}, or
    sigma_min^{2/N} twice, which by the closed form are statement 3."""
    a, b = sympy.symbols("a b", positive=True)
    below = sympy.Symbol("k", integer=True, nonnegative=True)  # N - j
    slope = sympy.diff(a**below * b ** (J - 1), a)
    assert sympy.simplify(slope - below * a ** (below - 1) * b ** (J - 1)) == 0
    assert slope.is_nonnegative
    term = a ** (DEPTH - J) * b ** (J - 1)
    flipped = term.subs(J, DEPTH + 1 - J).subs({a: b, b: a}, simultaneous=True)
    assert sympy.simplify(flipped - term) == 0


@symbolic
def test_one_output_for_every_depth() -> None:
    """C = n^{2k/N - 2} W^T W with n = ||W||, k = j - 1 >= 1, has C^N = (W^T W)^k, as (W^T W)^m = n^{2(m-1)} W^T W. So
    each of the N - 1 terms j >= 2 is n^{2(N-j)/N} G C = n^{-2/N} <G, W> W, and the first one n^{2-2/N} G."""
    n = sympy.Symbol("n", positive=True)
    k = J - 1
    root = n ** (2 * k / DEPTH - 2)
    assert sympy.simplify(root**DEPTH * n ** (2 * (DEPTH - 1)) - n ** (2 * (k - 1))) == 0
    assert sympy.simplify(n ** (2 * (DEPTH - J) / DEPTH) * root - n ** (-2 / DEPTH)) == 0
    row = sympy.MatrixSymbol("w", 1, SIZES[0])
    gram = row.T @ row
    assert is_zero(gram @ gram - row.T @ (row @ row.T) @ row)  # the scalar n^2 in the middle


def networks(*, outputs: int | None = None) -> st.SearchStrategy[BalancedNetwork]:
    """Balanced networks, of that many outputs where a number is given."""
    widths = small if outputs is None else smaller.map(lambda found: (*found[:-1], outputs))
    return widths.flatmap(balanced_networks)


def gradients(weights: Weights) -> st.SearchStrategy[ObjectArray]:
    """dL/dW of some loss at some point: any matrix."""
    return dyadic_matrices(len(weights[-1]), weights[0].shape[1]).map(arithmetic.exact)


@exact
@given(networks(), st.data())
def test_the_product_moves_as_stated(network: BalancedNetwork, data: st.DataObject) -> None:
    """Statement 1, in rationals: rectangular, narrow, singular and zero networks, depths 1 to 5."""
    gradient = data.draw(gradients(network.weights))
    assert (product_velocity(network.weights, gradient) == preconditioned(*powers(network), gradient)).all()


@exact
@given(there_and_back(), st.data())
def test_the_product_moves_as_stated_for_irrational_singular_values(
    weights: tuple[ObjectArray, ...], data: st.DataObject
) -> None:
    """The fractional powers are rational all the same: X = (W_N W_N^T)^{N-j}, a Gram matrix or the identity, is the
    (N - j)/N-th power of W W^T because X^N = (W W^T)^{N-j}."""
    gradient, depth, matrix = data.draw(gradients(weights)), len(weights), end_to_end(weights)

    def root(whole: ObjectArray, layer: ObjectArray, k: int) -> ObjectArray:
        identity = arithmetic.exact(np.eye(len(whole)))
        found = matrix_power(layer, k) if k else identity
        assert (matrix_power(found, depth) == (matrix_power(whole, k) if k else identity)).all()
        return found

    last, first = weights[-1] @ weights[-1].T, weights[0].T @ weights[0]
    left = [root(matrix @ matrix.T, last, depth - j) for j in range(1, depth + 1)]
    right = [root(matrix.T @ matrix, first, j - 1) for j in range(1, depth + 1)]
    assert (product_velocity(weights, gradient) == preconditioned(left, right, gradient)).all()


@exact
@given(smaller.flatmap(balanced_networks))
def test_the_spectrum_of_the_preconditioner(network: BalancedNetwork) -> None:
    """Statement 2: the characteristic polynomial of P_W has the stated roots, each as often as stated."""
    matrix = preconditioner(*powers(network))
    assert (matrix == matrix.T).all()
    expected = fmpq_poly([1])
    for value in eigenvalues(network):
        expected *= fmpq_poly([-value, 1])
    assert characteristic_polynomial(matrix) == expected


@exact
@given(smaller.flatmap(balanced_networks), st.data())
def test_the_loss_falls_by_the_preconditioned_square(network: BalancedNetwork, data: st.DataObject) -> None:
    """Statement 3: sum_j ||D_j||^2 = <vec G, P_W vec G>, and the least of all eigenvalues is the stated one."""
    weights, gradient = network.weights, data.draw(gradients(network.weights))
    descent = sum((frobenius_squared(layer) for layer in backpropagate(weights, gradient)), start=fmpq(0))
    assert descent == -(gradient * preconditioned(*powers(network), gradient)).sum()
    outputs, inputs = gradient.shape
    known = [*network.layer_singular_values] + [fmpq(0)] * (min(gradient.shape) - len(network.layer_singular_values))
    least = known[-1] ** (2 * (len(weights) - 1)) * (len(weights) if outputs == inputs else 1)
    assert min(eigenvalues(network)) == least


@exact
@given(networks(outputs=1), st.booleans(), st.data())
def test_one_output_or_one_input(network: BalancedNetwork, flipped: bool, data: st.DataObject) -> None:
    """Statement 4 in rationals, ||W|| = s^N; the transposed network has one input. W = 0 is among them."""
    weights = network.weights
    if flipped:
        weights = tuple(matrix.T for matrix in reversed(weights))
    gradient, depth = data.draw(gradients(weights)), len(weights)
    norm = network.layer_singular_values[0] ** depth
    stated = one_output_velocity(end_to_end(weights), gradient, depth=depth, norm=norm)
    assert (product_velocity(weights, gradient) == stated).all()


@exact
@given(dimensions(min_depth=2, max_depth=5, max_width=4).flatmap(balanced_networks), st.data())
def test_the_rank_is_kept(network: BalancedNetwork, data: st.DataObject) -> None:
    """Statement 5: rank (W_1 | D_1) = rank W_1, for every G."""
    weights = network.weights
    first = backpropagate(weights, data.draw(gradients(weights)))[0]
    assert rank(np.hstack([weights[0], first])) == rank(weights[0]) == rank(end_to_end(weights))


COARSE, FINE = (1e-7, 1e-9), (1e-10, 1e-12)
"""(rtol, atol) of the two integrations."""


def flows_apart(problem: Problem, objective: Objective, times: list[float], *, depth: int) -> tuple[float, float]:
    """How far the flow of the layers and the flow of W alone are apart, and how far numerical error may bring them.

    The latter is what each flow's two integrations differ by, and what the finer ones ask of themselves: rtol times
    the largest product of layers' norms, and atol, an evaluation. An estimate, not a bound.
    """
    start = end_to_end(problem.weights)
    layers, products = [], []
    for rtol, atol in (COARSE, FINE):
        layers.append(gradient_flow(problem, objective=objective, times=times, rtol=rtol, atol=atol))
        products.append(end_to_end_flow(start, objective, depth=depth, times=times, rtol=rtol, atol=atol))
    (coarse, fine), (coarse_alone, fine_alone) = layers, products

    def gap(one: np.ndarray, other: np.ndarray) -> float:
        return float(np.linalg.norm(one - other, axis=(1, 2)).max())

    norms = np.prod([np.linalg.norm(matrix, axis=(1, 2)).max() for matrix in fine.weights])
    asked = (fine.evaluations + fine_alone.evaluations) * (FINE[0] * float(norms) + FINE[1])
    allowed = gap(coarse.end_to_end, fine.end_to_end) + gap(coarse_alone.end_to_end, fine_alone.end_to_end) + asked
    return gap(fine.end_to_end, fine_alone.end_to_end), allowed


@st.composite
def flows(draw: st.DrawFn) -> tuple[Problem, Objective, list[float]]:
    """A balanced network rounded to float64, a loss, and times up to four over the curvature at the start."""
    network = draw(dimensions(max_depth=4, max_width=4).flatmap(balanced_networks))
    weights = tuple(arithmetic.nearest(matrix) for matrix in network.weights)
    outputs, inputs = len(weights[-1]), weights[0].shape[1]
    target = draw(dyadic_matrices(outputs, inputs))
    largest, curvature = max(1.0, float(network.layer_singular_values[0])), 1.0
    objective = squared_distance(target)
    if draw(st.booleans()):
        samples = draw(dyadic_matrices(inputs, 3))
        objective = power_regression(samples, target @ samples, power=4)
        worst = float(np.abs((end_to_end(weights) - target) @ samples).max()) * float(np.linalg.norm(samples))
        curvature = max(1.0, worst**2)
    scale = len(weights) * largest ** (2 * len(weights) - 2) * curvature
    return Problem(weights, target, 0.0), objective, [0.25 / scale, 1 / scale, 4 / scale]


@sampled
@fewer(4)
@given(flows())
def test_both_flows_agree(drawn: tuple[Problem, Objective, list[float]]) -> None:
    """The layers' flow and W's own, integrated apart, for the squared and the l_4 loss; singular W included."""
    problem, objective, times = drawn
    apart, allowed = flows_apart(problem, objective, times, depth=problem.depth)
    assert apart <= allowed


def real_flows(name: str, hidden: tuple[int, ...]) -> tuple[Problem, list[float]]:
    """From a quarter of a real target, until nearly all is learnt."""
    return real_problem(name, hidden, start=0.25, learning_rate=0.0), [0.5, 2.0, 8.0]


@sampled
@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("hidden", [(), (3,), (4, 3), (3, 3, 3)])
def test_real_data(name: str, hidden: tuple[int, ...]) -> None:
    """Depths 1 to 4 on real data with the squared loss, up to time 8, and W starts in a general direction."""
    problem, times = real_flows(name, hidden)
    start = problem.target / 4 + np.full(problem.target.shape, 1 / 16)
    posed = Problem(balanced_factors(start, problem.dimensions), problem.target, 0.0)
    apart, allowed = flows_apart(posed, squared_distance(posed.target), times, depth=posed.depth)
    assert apart <= allowed < 2.0**-13


@sampled
def test_real_data_with_the_fourth_power() -> None:
    """l_4 regression on the whitened diabetes data, depth 3."""
    data = regression("diabetes")
    problem, times = real_flows("diabetes", (2, 2))
    objective = power_regression(data.inputs, data.outputs, power=4)
    apart, allowed = flows_apart(problem, objective, times, depth=3)
    assert apart <= allowed < 2.0**-13


@control
@ablates("DL-026", "balance", "dropped", Fate.REFUTED)
def test_refuted_without_balance() -> None:
    """Scalars 1 and 2: dW/dt = -(1 + 4) G, where the statement has -2 |W| G = -4 G."""
    one = diagonal(1, 1, [1])
    moved = product_velocity((one, 2 * one), one)[0, 0]
    stated = -multipliers([fmpq(2)], [fmpq(2)], 2)[0][0]
    assert compare(Comparison(moved, "==", stated, "dW/dt")).fails


def singular() -> BalancedNetwork:
    """W = diag(1, 0) at depth 2."""
    layer = diagonal(2, 2, [1, 0])
    return BalancedNetwork((layer, layer), (fmpq(1), fmpq(0)))


@control
def test_refuted_with_the_projector_for_the_power_zero() -> None:
    """W = diag(1, 0), G = e_2 e_1^T moves entry (2, 1) by G [W^T W]^{1/2}; the projector W W^T would keep it at 0."""
    network, gradient = singular(), arithmetic.exact(np.array([[0.0, 0.0], [1.0, 0.0]]))
    moved = product_velocity(network.weights, gradient)
    left, right = powers(network)
    projector = end_to_end(network.weights)
    assert (moved == preconditioned(left, right, gradient)).all()
    assert moved[1, 0] == -1
    assert preconditioned([left[0], projector], [projector, right[1]], gradient)[1, 0] == 0


@control
def test_refuted_with_the_powers_in_the_other_order() -> None:
    """Layers 2, 2, 2 e_1, so W = 8 e_1, and G = e_2: [W W^T]^{(j-1)/N} on the left gives another speed."""
    weights = (diagonal(1, 1, [2]), diagonal(1, 1, [2]), diagonal(2, 1, [2]))
    network = BalancedNetwork(weights, (fmpq(2),))
    left, right = powers(network)
    gradient = arithmetic.exact(np.array([[0.0], [1.0]]))
    assert (product_velocity(weights, gradient) == preconditioned(left, right, gradient)).all()
    assert not (product_velocity(weights, gradient) == preconditioned(left[::-1], right, gradient)).all()


@control
def test_refuted_that_the_preconditioner_is_definite() -> None:
    """At W = diag(1, 0), depth 2, it has the eigenvalue 0, of e_2 e_2^T."""
    assert min(eigenvalues(singular())) == 0
    gradient = diagonal(2, 2, [0, 1])
    moved = product_velocity(singular().weights, gradient)
    assert compare(Comparison(frobenius_squared(moved), ">", fmpq(0), "squared speed")).fails


@control
def test_refuted_with_the_factor_n_where_widths_differ() -> None:
    """One output, two inputs, W = (1, 0), N = 2, G = (0, 1): -dL/dt = 1, below 2 sigma_min(W) ||G||^2 = 2."""
    weights = (diagonal(1, 2, [1]), diagonal(1, 1, [1]))
    gradient = arithmetic.exact(np.array([[0.0, 1.0]]))
    descent = sum((frobenius_squared(layer) for layer in backpropagate(weights, gradient)), start=fmpq(0))
    assert compare(Comparison(descent, ">=", fmpq(2), "-dL/dt against N sigma_min^{2-2/N} ||G||^2")).fails


@control
@ablates("DL-026", "one output", "dropped", Fate.REFUTED)
def test_refuted_for_two_outputs_and_inputs() -> None:
    """W = diag(16, 9), ||W||_F^2 = 337, depth 2, G = e_1 e_2^T: 4 does not hold with the Frobenius norm of a matrix.

    The layers diag(4, 3) give 16 + 9 in that entry; ||W||_F = sqrt(337) < 19, and <G, W> = 0."""
    layer, gradient = diagonal(2, 2, [4, 3]), arithmetic.exact(np.array([[0.0, 1.0], [0.0, 0.0]]))
    moved = product_velocity((layer, layer), gradient)
    stated = power(frobenius_squared(layer @ layer), Fraction(1, 2))
    assert compare(Comparison(-moved[0, 1], "==", stated, "speed of the entry (1, 2)")).fails


@control
def test_refuted_with_n_in_place_of_n_minus_one() -> None:
    """W = (1), depth 2, G = 1: the speed is 2, not 3."""
    one = diagonal(1, 1, [1])
    stated = one_output_velocity(one, one, depth=2, norm=fmpq(1))
    assert (product_velocity((one, one), one) == stated).all()
    assert compare(Comparison(stated[0, 0], "==", fmpq(-3), "dW/dt")).fails


@control
def test_refuted_that_depth_one_keeps_the_rank() -> None:
    """W = 0, N = 1, G = 1: it leaves zero."""
    zero, one = diagonal(1, 1, [0]), diagonal(1, 1, [1])
    assert rank(np.hstack([zero, backpropagate((zero,), one)[0]])) == 1


@control
def test_refuted_that_a_step_of_descent_does_the_same() -> None:
    """Layers 1, 1, Phi = 2, eta = 1/2: the product goes to (3/2)^2 = 9/4, not to 1 + eta 2 = 2."""
    one = diagonal(1, 1, [1])
    stepped = end_to_end(gradient_step((one, one), 2 * one, fmpq(1, 2)))[0, 0]
    stated = 1 + fmpq(1, 2) * one_output_velocity(one, -one, depth=2, norm=fmpq(1))[0, 0]
    assert compare(Comparison(stepped, "==", stated, "W after a step")).fails


@control
@pytest.mark.parametrize("name", DATASETS)
def test_refuted_for_another_depth_on_real_data(name: str) -> None:
    """The comparison of flows sees that the preconditioner of depth 3 is not that of two layers."""
    problem, times = real_flows(name, (3,))
    apart, allowed = flows_apart(problem, squared_distance(problem.target), times, depth=3)
    assert apart > 1000 * allowed


@witness
def test_two_layers_by_hand() -> None:
    """W = diag(16, 9): dW/dt = -(|W| G + G |W|), entries 32, 25, 25, 18 times those of G."""
    layer, gradient = diagonal(2, 2, [4, 3]), arithmetic.exact(np.ones((2, 2)))
    assert product_velocity((layer, layer), gradient).tolist() == [[-32, -25], [-25, -18]]


@witness
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_zero_weights(depth: int) -> None:
    """W = 0: at depth 1 P_W is the identity, from depth 2 on it is zero."""
    network = BalancedNetwork((diagonal(2, 2, [0, 0]),) * depth, (fmpq(0), fmpq(0)))
    identity = arithmetic.exact(np.eye(4))
    assert (preconditioner(*powers(network)) == (identity if depth == 1 else 0 * identity)).all()


@witness
def test_depth_one_needs_no_hypothesis() -> None:
    """Any W: dW/dt = -G, and all eigenvalues are 1."""
    weights = (arithmetic.exact(np.array([[1.0, 2.0, 0.0]])),)
    gradient = arithmetic.exact(np.array([[5.0, -1.0, 2.0]]))
    assert (product_velocity(weights, gradient) == -gradient).all()
    assert list(product([1], repeat=3)) == [tuple(multipliers([fmpq(5)], [fmpq(5), fmpq(0), fmpq(0)], 1)[0])]
