"""Layers diagonal in matching bases stay so, under descent and under flow: each mode is a scalar network of its own.

Statement. Let W_j = Q_j S_j Q_{j-1}^T for j = 1..N and Phi = Q_N S Q_0^T, with orthogonal Q_j (d_j x d_j) and with S_j
(d_j x d_{j-1}) and S (d_N x d_0) diagonal: rectangular, entries of either sign or 0. So Q_N and Q_0 are singular bases
of Phi, and layer j ends in the basis that layer j + 1 begins with. Then, for every N >= 1, all widths and every eta:

1. Gradient descent keeps the form, with the same Q_j, for ever; so does gradient flow.
2. Mode i <= min(d_0, ..., d_N), the i-th entries a_1, ..., a_N of S_1, ..., S_N, moves as the scalar network of depth N
   whose target is s, the i-th entry of S: a_j <- a_j - eta (prod_{k != j} a_k) (a_1 ... a_N - s); all other entries
   never move.
3. l is the sum of the scalar networks' losses and of s^2 / 2 over the modes beyond the narrowest width.

Proof. D_j = Q_j E_j Q_{j-1}^T, with E_j the layer gradients of S_1, ..., S_N on S, since the Q_k^T Q_k inside cancel.
Of diagonal matrices products, transposes and differences are diagonal, and entry i of a product through a width
below i is 0. Descent: induction on t. Flow: solutions of the scalar equations give weights that solve
dW_j/dt = -D_j, and the field is a polynomial, so there is no other solution.

Hypotheses. As stated.
Source. SMG14 (arXiv:1312.6120), Section 1; rectangular layers and modes that a width cuts off are this project's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import mul

import numpy as np
import pytest
import sympy
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import SMG14, Claim, Fate, Status, ablates, control, exact, fewer, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare, rational
from solvers.descent import gradient_descent, weight_error_bound
from solvers.flow import gradient_flow, mode_gradients, mode_step, two_layer_flow
from solvers.network import Problem, frobenius_squared, gradient_step, layer_gradients, loss, singular_values
from strategies import DATASETS, diagonal, dimensions, dyadic_matrices, learning_rates, orthogonal_matrices, regression

CLAIM = Claim(
    uid="DL-029",
    title="Modes learn apart",
    statement=__doc__,
    sources=(SMG14.at("Section 1"),),
    items=("9.1",),
    status=Status.THEOREM,
    hypotheses=("singular bases of the target", "shared hidden bases"),
)


@dataclass(frozen=True)
class AlignedNetwork:
    """S_1, ..., S_N (rectangular, diagonal) and S, bases Q_0, ..., Q_N and a learning rate, all of rationals."""

    layers: tuple[ObjectArray, ...]
    target: ObjectArray
    bases: tuple[ObjectArray, ...]
    learning_rate: fmpq

    @property
    def modes(self) -> int:
        """How many modes pass through every width."""
        return min(len(basis) for basis in self.bases)

    def problem(self) -> Problem:
        """W_j = Q_j S_j Q_{j-1}^T, Phi = Q_N S Q_0^T."""
        target = self.bases[-1] @ self.target @ self.bases[0].T
        return Problem(self.in_bases(self.layers), target, self.learning_rate)

    def in_bases(self, layers: tuple[ObjectArray, ...]) -> tuple[ObjectArray, ...]:
        """Q_j S_j Q_{j-1}^T."""
        return tuple(
            after @ matrix @ before.T for matrix, (before, after) in zip(layers, pairwise(self.bases), strict=True)
        )

    def predicted(self, steps: int) -> tuple[ObjectArray, ...]:
        """S_1, ..., S_N after so many steps by statement 2."""
        moving = [matrix.diagonal()[: self.modes].copy() for matrix in self.layers]
        for _ in range(steps):
            moving = mode_step(moving, self.target.diagonal()[: self.modes], self.learning_rate)
        layers = tuple(matrix.copy() for matrix in self.layers)
        for matrix, entries in zip(layers, moving, strict=True):
            for i, entry in enumerate(entries):
                matrix[i, i] = entry
        return layers


@st.composite
def aligned_networks(draw: st.DrawFn) -> AlignedNetwork:
    """Depths 1..6, widths 1..4, rectangular both ways, bottlenecks too; entries multiples of 1/4 in [-2, 2]."""
    widths = draw(dimensions(max_width=4))
    quarters = st.integers(-8, 8).map(lambda k: fmpq(k, 4))

    def drawn(rows: int, columns: int) -> ObjectArray:
        count = min(rows, columns)
        return diagonal(rows, columns, draw(st.lists(quarters, min_size=count, max_size=count)))

    layers = tuple(drawn(rows, columns) for columns, rows in pairwise(widths))
    bases = tuple(draw(orthogonal_matrices(width)) for width in widths)
    return AlignedNetwork(layers, drawn(widths[-1], widths[0]), bases, rational(draw(learning_rates())))


def in_the_form(weights: tuple[ObjectArray, ...], bases: tuple[ObjectArray, ...]) -> bool:
    """Whether every Q_j^T W_j Q_{j-1} is diagonal."""
    return all(
        entry == 0
        for matrix, (before, after) in zip(weights, pairwise(bases), strict=True)
        for (i, k), entry in np.ndenumerate(after.T @ matrix @ before)
        if i != k
    )


def in_no_form(weights: tuple[ObjectArray, ...]) -> bool:
    """Whether no orthogonal bases make two layers diagonal: they would make W_1 W_1^T and W_2^T W_2 commute."""
    first, second = weights[0] @ weights[0].T, weights[1].T @ weights[1]
    return bool((first @ second != second @ first).any())


SIZES = sympy.symbols("d:6", integer=True, positive=True)
BASES = [sympy.MatrixSymbol(f"Q{j}", size, size) for j, size in enumerate(SIZES)]


def cancelled(expression: sympy.MatrixExpr) -> sympy.MatrixExpr:
    """The expression, expanded, with I for every Q_j^T Q_j."""
    total = []
    for term in sympy.MatAdd.make_args(expression.expand().doit()):
        coefficient, factors = term.as_coeff_matrices()
        left: list[sympy.MatrixExpr] = []
        for factor in factors:
            if factor in BASES and left and left[-1] == factor.T:
                left.pop()
            else:
                left.append(factor)
        total.append(coefficient * sympy.MatMul(*left))
    return sympy.MatAdd(*total).doit()


@symbolic
@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5])
def test_gradients_keep_the_bases_in_any_dimension(depth: int) -> None:
    """D_j = Q_j E_j Q_{j-1}^T for symbolic sizes and any S_j; so W_j - eta D_j is Q_j (S_j - eta E_j) Q_{j-1}^T."""
    inner = tuple(sympy.MatrixSymbol(f"S{j}", SIZES[j], SIZES[j - 1]) for j in range(1, depth + 1))
    target = sympy.MatrixSymbol("S", SIZES[depth], SIZES[0])
    weights = tuple(BASES[j + 1] * matrix * BASES[j].T for j, matrix in enumerate(inner))
    gradients = layer_gradients(weights, BASES[depth] * target * BASES[0].T)
    for j, (found, own) in enumerate(zip(gradients, layer_gradients(inner, target), strict=True)):
        expected = (BASES[j + 1] * own * BASES[j].T).expand().doit()
        assert (cancelled(found) - expected).doit() == sympy.ZeroMatrix(*found.shape)


@symbolic
def test_products_of_diagonal_matrices_are_diagonal_in_any_dimension() -> None:
    """(A B)_{ik} for A = diag(a) (m x n) and B = diag(b) (n x p), sizes symbolic: a_i b_i where i = k < n, else 0. So
    by induction entry i of a product is the product of entries i, and 0 where a width inside is at most i."""
    i, k, middle = sympy.symbols("i k j", integer=True, nonnegative=True)
    inner = sympy.Symbol("n", integer=True, positive=True)
    a, b = sympy.Function("a"), sympy.Function("b")
    delta = sympy.KroneckerDelta
    total = sympy.Sum(a(i) * delta(i, middle) * b(middle) * delta(middle, k), (middle, 0, inner - 1)).doit()
    expected = sympy.Piecewise((a(i) * b(i) * delta(i, k), i <= inner - 1), (0, True))
    assert sympy.simplify(total - expected) == 0
    assert (a(i) * delta(i, k)).subs(i, k) == (a(k) * delta(i, k)).subs(i, k)  # the transpose is diagonal, with a


@symbolic
@pytest.mark.parametrize("depth", range(1, 8))
def test_the_scalar_recurrence_is_the_gradient_of_a_modes_loss(depth: int) -> None:
    """dl/da_j of l = (a_1 ... a_N - s)^2 / 2; and the network's own gradients of width 1."""
    layers, s = sympy.symbols(f"a1:{depth + 1}", real=True), sympy.Symbol("s", real=True)
    value = (reduce(mul, layers) - s) ** 2 / 2
    network = layer_gradients(tuple(sympy.Matrix([[a]]) for a in layers), sympy.Matrix([[s]]))
    for a, found, matrix in zip(layers, mode_gradients(layers, s), network, strict=True):
        assert sympy.expand(found - sympy.diff(value, a)) == 0
        assert sympy.expand(found - matrix[0]) == 0


@symbolic
@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5])
def test_the_flow_of_the_modes_solves_the_networks_equation(depth: int) -> None:
    """For any functions with a_j' = -(prod of the others) (u - s) the S_j(t) = diag(a_j(t)) have dS_j/dt = -E_j;
    so W_j(t) = Q_j S_j(t) Q_{j-1}^T, Q_j constant, has dW_j/dt = -Q_j E_j Q_{j-1}^T = -D_j by the test above."""
    t, targets = sympy.Symbol("t", real=True), sympy.symbols("s1:3", real=True)
    modes = [[sympy.Function(f"a{j}{i}")(t) for j in range(depth)] for i in range(2)]
    law = {
        a.diff(t): -gradient
        for mode, s in zip(modes, targets, strict=True)
        for a, gradient in zip(mode, mode_gradients(mode, s), strict=True)
    }
    layers = tuple(sympy.diag(modes[0][j], modes[1][j]) for j in range(depth))
    for matrix, gradient in zip(layers, layer_gradients(layers, sympy.diag(*targets)), strict=True):
        assert (matrix.diff(t).subs(law) + gradient).expand() == sympy.zeros(2, 2)


@exact
@given(aligned_networks())
def test_several_steps_in_rationals(drawn: AlignedNetwork) -> None:
    """Statements 1 to 3, entry by entry, at every step: four steps at depths 1 and 2, three at 3, two beyond."""
    problem, depth = drawn.problem(), len(drawn.layers)
    for step in range({1: 5, 2: 5, 3: 4}.get(depth, 3)):
        layers = drawn.predicted(step)
        assert in_the_form(problem.weights, drawn.bases)
        assert all((a == b).all() for a, b in zip(problem.weights, drawn.in_bases(layers), strict=True))
        own = fmpq(0)
        for i, s in enumerate(drawn.target.diagonal()):
            through = reduce(mul, (matrix[i, i] for matrix in layers)) if i < drawn.modes else fmpq(0)
            own += (through - s) ** 2 / 2
        assert loss(problem.weights, problem.target) == own
        problem = problem.step()


# Starts that are aligned with any target at all, without its singular vectors: W_j = a_j I and W_N = a_N Phi


def scaled_start(target: np.ndarray, scales: list[float], learning_rate: float) -> Problem:
    """Mode i begins with (a_1, ..., a_{N-1}, a_N s_i): exact in float64 for powers of two."""
    identity = np.eye(target.shape[1])
    weights = (*(a * identity for a in scales[:-1]), scales[-1] * target)
    return Problem(weights, target, learning_rate)


BITS = 512


def ball_modes(problem: Problem, scales: list[float], steps: int) -> list[ObjectArray]:
    """The d_0 entries of every layer after so many steps, in balls; where Phi has fewer singular values, zeros."""
    values = singular_values(arithmetic.exact(problem.target))
    targets = np.array([arb(0)] * problem.target.shape[1], dtype=object)
    targets[: len(values)] = [arb(value) for value in values]
    layers = [np.array([arb(a)] * len(targets), dtype=object) for a in scales]
    layers[-1] = layers[-1] * targets
    for _ in range(steps):
        layers = mode_step(layers, targets, arb(problem.learning_rate))
    return layers


def check_a_long_run(problem: Problem, scales: list[float], steps: int) -> None:
    """The singular values of every layer that a certified float64 run ends with are the modes' entries, within the
    bound on its distance from the exact descent (Weyl's inequality)."""
    trajectory = gradient_descent(problem, steps=steps, certify=True)
    bound = weight_error_bound(trajectory)
    assert bound.is_finite()
    with ctx.workprec(BITS):
        for matrix, layer in zip(trajectory.weights, ball_modes(problem, scales, steps), strict=True):
            expected = sorted((abs(entry) for entry in layer), key=float, reverse=True)
            for value, own in zip(singular_values(arithmetic.exact(matrix)), expected, strict=False):
                verdict = compare(Comparison(abs(arb(value) - own), "<=", bound, "a singular value and its mode"))
                assert verdict.holds, verdict


@sampled
@fewer(3)
@given(dimensions(max_depth=1, max_width=3), st.integers(1, 4), st.data())
def test_long_runs_follow_their_modes(shape: tuple[int, ...], depth: int, data: st.DataObject) -> None:
    """200 float64 steps towards any dyadic target, every layer's singular values against modes run in balls."""
    target = data.draw(dyadic_matrices(shape[1], shape[0])) / 4
    sizes, rate = ([0.5, 0.25, -0.5, 1.0], 1 / 32) if depth < 3 else ([0.5, 0.25, -0.5], 1 / 128)
    scales = data.draw(st.lists(st.sampled_from(sizes), min_size=depth, max_size=depth))
    check_a_long_run(scaled_start(target, scales, rate), scales, 200)  # at this rate the rounding bound is finite


@sampled
@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("depth", [2, 3])
def test_real_data(name: str, depth: int) -> None:
    """20 and 1000 steps towards a real target, whose singular values are balls."""
    scales = [0.5] * depth
    for steps in (20, 1000):
        check_a_long_run(scaled_start(regression(name).target, scales, 1 / 32), scales, steps)


@sampled
@pytest.mark.parametrize("name", DATASETS)
def test_the_flow_of_a_network_is_that_of_its_modes(name: str) -> None:
    """W_1 = I / 4, W_2 = Phi, integrated to time 20 by SciPy, whose error is not bounded: at two tolerances. The
    finer run is nearer to the modes' closed form than to the coarser run."""
    target, times = regression(name).target, np.linspace(0.0, 20.0, 21)
    problem = scaled_start(target, [0.25, 1.0], 0.0)
    left, values, right = np.linalg.svd(target, full_matrices=False)
    modes = two_layer_flow(np.stack([np.full(len(values), 0.25), values]), values, times)
    closed = left @ (modes.prod(axis=1)[:, :, None] * right)
    coarse, fine = (gradient_flow(problem, times=times, rtol=rtol, atol=rtol).end_to_end for rtol in (1e-10, 1e-12))
    assert abs(fine - closed).max() < abs(fine - coarse).max()


IDENTITY = diagonal(2, 2, [1, 1])
TURN = arithmetic.exact(np.array([[3, -4], [4, 3]])) / 5
SHEAR = arithmetic.exact(np.array([[0, 1], [0, 0]]))


@control
@ablates("DL-029", "singular bases of the target", "dropped", Fate.REFUTED)
def test_refuted_for_bases_that_are_not_the_targets() -> None:
    """W_1 = W_2 = I, diagonal in every basis, and Phi = e_1 e_2^T, for which Q_0 = Q_2 never are: after one step of 1/2
    no bases at all make both layers diagonal."""
    assert not in_no_form((IDENTITY, IDENTITY))
    assert in_no_form(gradient_step((IDENTITY, IDENTITY), SHEAR, fmpq(1, 2)))


@control
@ablates("DL-029", "shared hidden bases", "dropped", Fate.REFUTED)
def test_refuted_for_hidden_bases_that_differ() -> None:
    """Q_0 = Q_2 = I, Phi diagonal, and layer 1 ends in the basis I, layer 2 begins in a turned one: after a step
    layer 1 is diagonal in neither."""
    first, second, target = diagonal(2, 2, [1, 2]), diagonal(2, 2, [2, 1]), diagonal(2, 2, [3, 1])
    own = (IDENTITY, TURN)
    moved, _ = gradient_step((first, second @ TURN.T), target, fmpq(1, 2))
    assert not any(in_the_form((moved,), (IDENTITY, basis)) for basis in own)


@control
def test_refuted_that_a_mode_learns_the_absolute_value() -> None:
    """s = -1 is a target like any other: a = (1, 1) goes down, where |s| = 1 would hold it still."""
    ones = [np.array([fmpq(1)], dtype=object)] * 2
    moved = gradient_step((IDENTITY[:1, :1],) * 2, -IDENTITY[:1, :1], fmpq(1, 4))
    for sign, agrees in ((-1, True), (1, False)):
        predicted = mode_step(ones, np.array([fmpq(sign)], dtype=object), fmpq(1, 4))
        assert all((a[0, 0] == b[0]) is agrees for a, b in zip(moved, predicted, strict=True))


@control
def test_refuted_that_modes_move_beyond_the_narrowest_width() -> None:
    """Widths (2, 1, 2) with W_1 = (1 0): the equation of mode 2 with zeros for the entries that are not there would
    hold at depth 1, but a layer of zeros beside a wide one is stuck, and l >= s_2^2 / 2."""
    weights = (diagonal(1, 2, [1]), diagonal(2, 1, [1]))
    target = diagonal(2, 2, [1, 2])
    assert all((a == b).all() for a, b in zip(gradient_step(weights, target, fmpq(1)), weights, strict=True))
    assert compare(Comparison(loss(weights, target), "<", fmpq(2), "loss of a mode cut off")).fails


@control
def test_refuted_that_layers_off_the_diagonal_decouple() -> None:
    """One entry off the diagonal couples the modes: W_1 = I + e_1 e_2^T / 2 moves W_2's second row."""
    weights, target = (IDENTITY + SHEAR / 2, IDENTITY), diagonal(2, 2, [2, 1])
    apart = gradient_step((IDENTITY, IDENTITY), target, fmpq(1, 2))[1]
    assert (gradient_step(weights, target, fmpq(1, 2))[1].diagonal() != apart.diagonal()).any()


@witness
def test_depth_one_width_one() -> None:
    """The smallest case: one number, a <- a - eta (a - s); and eta = 0 moves nothing."""
    one = AlignedNetwork((diagonal(1, 1, [3]),), diagonal(1, 1, [1]), (diagonal(1, 1, [-1]),) * 2, fmpq(1, 4))
    assert one.problem().step().weights[0] == one.predicted(1)[0] == fmpq(5, 2)
    still = AlignedNetwork(one.layers, one.target, one.bases, fmpq(0))
    assert still.problem().step().weights[0] == 3


@witness
def test_one_mode_learns_while_another_waits_at_its_saddle() -> None:
    """Depth 2: mode 2 with both entries 0 never moves, mode 1 is at its target: a critical point of loss s_2^2 / 2."""
    layer = diagonal(2, 2, [2, 0])
    drawn = AlignedNetwork((layer, layer), diagonal(2, 2, [4, 1]), (TURN, IDENTITY, TURN), fmpq(1))
    problem = drawn.problem()
    assert all(frobenius_squared(d) == 0 for d in layer_gradients(problem.weights, problem.target))
    assert loss(problem.weights, problem.target) == fmpq(1, 2)


@witness
def test_any_bases_serve_where_the_target_is_a_multiple_of_the_identity() -> None:
    """Singular bases need not be unique: the identity is diagonal in Q_0 = Q_N = any Q."""
    for basis in (IDENTITY, TURN):
        drawn = AlignedNetwork((diagonal(2, 2, [1, 3]),), IDENTITY, (basis, basis), fmpq(1, 2))
        assert (drawn.problem().target == IDENTITY).all()
        assert in_the_form(drawn.problem().step().weights, drawn.bases)
