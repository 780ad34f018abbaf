"""Width beyond the residual's reach never moves: a network is a smaller one that learns, and a rest that stays.

Statement. Let R = W_N ... W_1 - Phi be the residual at step 0, and U_j in R^{d_j}, j = 0..N, subspaces that are closed:

    row(R) in U_0,   col(R) in U_N,   W_j U_{j-1} in U_j,   W_j^T U_j in U_{j-1}.

Q_j (d_j x k_j) being orthonormal bases and P_j = Q_j Q_j^T, let V_j = Q_j^T W_j Q_{j-1} and
C_j = (I - P_j) W_j (I - P_{j-1}).

1. W_j = Q_j V_j Q_{j-1}^T + C_j, at every step of gradient descent and at every time of gradient flow, with the same
   Q_j and the same C_j. V does what descent (flow) does from V(0) on the target Q_N^T Phi Q_0: the same learning rate
   gives the same loss, step by step.
2. At every step the imbalances satisfy ||B_j(W)||_F^2 = ||B_j(V)||_F^2 + ||B_j(C)||_F^2, and the singular values of
   W_N ... W_1 are those of V_N ... V_1 and those of C_N ... C_1 outside U_0 and U_N.
3. There are smallest closed subspaces: what row(R) and col(R) reach through the layers and their transposes. Any
   others contain them, and nothing smaller is closed.
4. The smallest are all {0} if and only if R = 0. If one U_j is {0} no layer ever moves.

Proof. In bases that begin with Q_j, W_j = diag(V_j, C_j) and R = diag(S, 0), S = V_N ... V_1 - Q_N^T Phi Q_0. Products
of such blocks are such blocks, so D_j = W_{j+1:N}^T R W_{1:j-1}^T = diag(D_j(V), 0): a step changes V_j alone, by its
own gradient, and R keeps its form because C does. Induction over the steps does 1 (a derivative in place of a step
for the flow). B_j and the Gram matrix of W are block diagonal, which is 2. For 3, intersections of closed subspaces are
closed. If U_j = {0} every D_i has the factor W_{j+1:N}^T R = 0 or R W_{1:j}^T = 0, which is 4.

Hypotheses. None: every depth, every width, any weights, target and learning rate.
Source. This project; ``solvers/descent/compress.py`` is the same in float64.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
import sympy
from flint import arb, fmpq, fmpq_mat
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import DLC, Claim, Status, control, exact, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare, rational, square_root
from solvers.descent import gradient_descent, weight_error_bound
from solvers.network import (
    Matrix,
    Problem,
    Weights,
    backpropagate,
    characteristic_polynomial,
    end_to_end,
    frobenius_squared,
    gradient_step,
    imbalances,
    layer_gradients,
    loss,
    transpose,
)
from strategies import DATASETS, dimensions, dyadic_matrices, generic_weights, orthogonal_matrices, problems, regression

CLAIM = Claim(
    uid="DL-008",
    title="Width beyond reach never moves",
    statement=__doc__,
    sources=(DLC.at("DL-008"),),
    items=(),
    status=Status.THEOREM,
)

# Subspaces of rationals, as matrices whose rows are a basis (none for {0}).


def span(*rows: ObjectArray) -> ObjectArray:
    """The reduced basis of the span of all rows."""
    stacked = np.vstack(rows)
    count, size = stacked.shape
    reduced, rank = fmpq_mat(count, size, [rational(entry) for entry in stacked.ravel()]).rref()
    return np.array(reduced.entries(), dtype=object).reshape(count, size)[:rank]


def closure(
    weights: Weights,
    residual: Matrix,
    *,
    rows: bool = True,
    columns: bool = True,
    forward: bool = True,
    backward: bool = True,
) -> list[ObjectArray]:
    """The smallest U_0..U_N that are closed, over the rationals; each condition can be dropped, for the controls."""
    spaces = [span(0 * matrix[:1]) for matrix in (*weights, residual.T)]
    spaces[0] = span(residual) if rows else spaces[0]
    spaces[-1] = span(spaces[-1], residual.T) if columns else spaces[-1]
    before: list[int] = []
    while (dims := [len(space) for space in spaces]) != before:
        before = dims
        for j, matrix in enumerate(weights if forward else ()):
            spaces[j + 1] = span(spaces[j + 1], spaces[j] @ matrix.T)
        for j in reversed(range(len(weights) if backward else 0)):
            spaces[j] = span(spaces[j], spaces[j + 1] @ weights[j])
    return spaces


def is_inside(inner: ObjectArray, outer: ObjectArray) -> bool:
    """Whether one subspace is inside another."""
    return len(span(outer, inner)) == len(outer)


def is_closed(spaces: Sequence[ObjectArray], weights: Weights, residual: Matrix) -> bool:
    """Whether all four conditions hold."""
    pairs = list(zip(weights, pairwise(spaces), strict=True))
    return (
        is_inside(residual, spaces[0])
        and is_inside(residual.T, spaces[-1])
        and all(is_inside(before @ matrix.T, after) for matrix, (before, after) in pairs)
        and all(is_inside(after @ matrix, before) for matrix, (before, after) in pairs)
    )


def projection(space: ObjectArray) -> ObjectArray:
    """P = A^T (A A^T)^{-1} A, rational for a rational basis though no orthonormal one need be."""
    count, size = space.shape
    basis = fmpq_mat(count, size, [rational(entry) for entry in space.ravel()])
    if count == 0:
        return arithmetic.exact(np.zeros((size, size)))
    projected = basis.transpose() * (basis * basis.transpose()).inv() * basis
    return np.array(projected.entries(), dtype=object).reshape(size, size)


def outer_parts(matrices: Sequence[Matrix], spaces: Sequence[ObjectArray]) -> list[Matrix]:
    """A_j - P_j A_j P_{j-1}: for layers this is C_j, says the claim, and for their gradients zero."""
    projections = [projection(space) for space in spaces]
    return [
        matrix - after @ matrix @ before
        for matrix, (before, after) in zip(matrices, pairwise(projections), strict=True)
    ]


def is_zero(matrices: Sequence[Matrix]) -> bool:
    return all((matrix == 0 * matrix).all() for matrix in matrices)


def equal(left: Sequence[Matrix], right: Sequence[Matrix]) -> bool:
    return is_zero([a - b for a, b in zip(left, right, strict=True)])


def gradients_stay_inside(problem: Problem, spaces: Sequence[ObjectArray]) -> bool:
    """Whether every D_j = P_j D_j P_{j-1}."""
    return is_zero(outer_parts(layer_gradients(problem.weights, problem.target), spaces))


def residual_of(problem: Problem) -> Matrix:
    return end_to_end(problem.weights) - problem.target


# Networks with a known closed family: W_j = O_j diag(V_j, C_j) O_{j-1}^T, with the first k_j columns of O_j for Q_j.


@dataclass(frozen=True)
class Planted:
    """A whole problem, the compressed one V, the rest C (blocks; None where a side is empty) and the bases O_j."""

    problem: Problem
    inner: Problem
    rest: tuple[ObjectArray | None, ...]
    bases: tuple[ObjectArray, ...]

    def blocks(self, weights: Sequence[Matrix]) -> tuple[ObjectArray, ...]:
        """O_j diag(V_j, C_j) O_{j-1}^T for other V."""
        return tuple(
            after @ block_diagonal(matrix, rest, (len(after), len(before))) @ before.T
            for matrix, rest, (before, after) in zip(weights, self.rest, pairwise(self.bases), strict=True)
        )


def block_diagonal(first: Matrix, second: Matrix | None, shape: tuple[int, int]) -> ObjectArray:
    """diag(A, B), padded with zeros to ``shape`` where B is missing."""
    result = arithmetic.exact(np.zeros(shape))
    rows, columns = first.shape
    result[:rows, :columns] = first
    if second is not None:
        result[rows:, columns:] = second
    return result


def plant(inner: Problem, rest: Sequence[ObjectArray | None], bases: Sequence[ObjectArray]) -> Planted:
    """The whole problem of V, C and bases: Phi = O_N diag(Phi_V, C_N ... C_1) O_0^T, so R = O_N diag(S, 0) O_0^T."""
    whole = Planted(inner, inner, tuple(rest), tuple(bases))
    weights = whole.blocks(inner.weights)
    residual = block_diagonal(residual_of(inner), None, (len(bases[-1]), len(bases[0])))
    target = end_to_end(weights) - bases[-1] @ residual @ bases[0].T
    return Planted(Problem(weights, target, inner.learning_rate), inner, tuple(rest), tuple(bases))


@st.composite
def dyadic_bases(draw: st.DrawFn, size: int) -> ObjectArray:
    """Orthogonal matrices of dyadic entries: a permutation, and I - v v^T / 2 with v of four signs where they fit."""
    result = arithmetic.exact(np.eye(size))[draw(st.permutations(range(size)))]
    if size >= 4:
        signs = draw(st.lists(st.sampled_from([-1, 1]), min_size=4, max_size=4))
        v = np.array([fmpq(sign) for sign in signs] + [fmpq(0)] * (size - 4), dtype=object)
        result = result - np.outer(v, v @ result) / 2
    return result


@st.composite
def planted_problems(
    draw: st.DrawFn, *, max_depth: int = 3, max_width: int = 4, dyadic: bool = False, scale: int = 1
) -> Planted:
    """Planted networks, entries of V, C and Phi_V divided by ``scale``; bases rational, or dyadic."""
    widths = draw(dimensions(max_depth=max_depth, max_width=max_width))
    inner_widths = tuple(draw(st.integers(1, width)) for width in widths)
    small = fmpq(1, scale)
    layers = tuple(small * arithmetic.exact(matrix) for matrix in draw(generic_weights(inner_widths)))
    target = small * arithmetic.exact(draw(dyadic_matrices(inner_widths[-1], inner_widths[0])))
    gaps = [width - inner for width, inner in zip(widths, inner_widths, strict=True)]
    rest = [
        small * arithmetic.exact(draw(dyadic_matrices(rows, columns))) if rows and columns else None
        for columns, rows in pairwise(gaps)
    ]
    bases = [draw(dyadic_bases(width) if dyadic else orthogonal_matrices(width)) for width in widths]
    return plant(Problem(layers, target, fmpq(1, 2 ** draw(st.integers(0, 6)))), rest, bases)


# Symbolic: blocks of any size. S = W_{1:j-1}, A = W_j, P = W_{j+1:N} are block diagonal products of any length.


def _blocks(names: str) -> tuple[tuple[sympy.Expr, ...], tuple[sympy.Expr, ...], tuple[sympy.Expr, ...]]:
    """(diag(V_j, C_j) for each name, the V_j, the C_j), all sizes symbols."""
    count = len(names) + 1
    inner, outer = (sympy.symbols(f"{letter}:{count}", integer=True, positive=True) for letter in "kc")
    first, second = (
        tuple(sympy.MatrixSymbol(name + part, sizes[j + 1], sizes[j]) for j, name in enumerate(names))
        for part, sizes in (("V", inner), ("C", outer))
    )
    return tuple(sympy.BlockDiagMatrix(v, c) for v, c in zip(first, second, strict=True)), first, second


def collapsed(expression: sympy.Expr) -> sympy.Expr:
    """Products and sums of blocks, as one matrix of blocks."""
    return sympy.block_collapse(expression.doit()).doit()


def is_block_diagonal(expression: sympy.Expr, first: sympy.Expr, second: sympy.Expr) -> bool:
    """Whether an expression is diag(first, second), block by block."""
    blocks = collapsed(expression).blocks
    expected = [[first, sympy.ZeroMatrix(first.rows, second.cols)], [sympy.ZeroMatrix(second.rows, first.cols), second]]
    return all(
        (blocks[i, j] - expected[i][j]).expand().doit() == sympy.ZeroMatrix(*blocks[i, j].shape)
        for i in range(2)
        for j in range(2)
    )


@symbolic
def test_products_of_blocks_are_blocks_in_any_dimension() -> None:
    """The induction over the layers: diag(V_2, C_2) diag(V_1, C_1) = diag(V_2 V_1, C_2 C_1)."""
    (before, after), inner, outer = _blocks("SA")
    assert is_block_diagonal(after @ before, inner[1] @ inner[0], outer[1] @ outer[0])


@symbolic
@pytest.mark.parametrize("names", ["SAP", "AP", "SA", "A"])
def test_layer_gradients_are_those_of_the_small_network_for_every_depth(names: str) -> None:
    """D_j = diag(D_j(V), 0) for R = diag(S, 0): the prefix and the suffix of layer j are blocks of any length."""
    weights, inner, outer = _blocks(names)
    small = sympy.MatrixSymbol("R", inner[-1].rows, inner[0].cols)
    whole = sympy.BlockDiagMatrix(small, sympy.ZeroMatrix(outer[-1].rows, outer[0].cols))
    j = names.index("A")
    gradient = backpropagate(weights, whole)[j]
    assert is_block_diagonal(gradient, backpropagate(inner, small)[j], sympy.ZeroMatrix(*outer[j].shape))


@symbolic
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_step_keeps_the_form_in_any_dimension(depth: int) -> None:
    """W_j - eta D_j = diag(V_j - eta D_j(V), C_j) with Phi = diag(Phi_V, C_N ... C_1), R's own form included."""
    weights, inner, outer = _blocks("ABC"[:depth])
    eta = sympy.Symbol("eta", positive=True)
    small = sympy.MatrixSymbol("Phi", inner[-1].rows, inner[0].cols)
    residual = collapsed(end_to_end(weights) - sympy.BlockDiagMatrix(small, end_to_end(outer)))
    assert is_block_diagonal(residual, end_to_end(inner) - small, sympy.ZeroMatrix(outer[-1].rows, outer[0].cols))
    whole = sympy.BlockDiagMatrix(end_to_end(inner) - small, sympy.ZeroMatrix(outer[-1].rows, outer[0].cols))
    moved = gradient_step(inner, small, eta)
    for j, (weight, gradient) in enumerate(zip(weights, backpropagate(weights, whole), strict=True)):
        assert is_block_diagonal(weight - eta * collapsed(gradient), moved[j], outer[j])


@symbolic
def test_imbalances_and_gram_matrices_are_block_diagonal_in_any_dimension() -> None:
    """B_j(W) = diag(B_j(V), B_j(C)) and W^T W = diag(V^T V, C^T C): squared norms add, singular values unite."""
    weights, inner, outer = _blocks("AB")
    assert is_block_diagonal(imbalances(weights)[0], imbalances(inner)[0], imbalances(outer)[0])
    (single,), (small,), (rest,) = _blocks("A")
    assert is_block_diagonal(transpose(single) @ single, transpose(small) @ small, transpose(rest) @ rest)


@exact
@given(planted_problems())
def test_what_is_outside_the_closure_never_moves(planted: Planted) -> None:
    """Two steps, over the rationals: with the smallest subspaces of step 0, W_j - P_j W_j P_{j-1} stays C_j."""
    problem = planted.problem
    spaces = closure(problem.weights, residual_of(problem))
    rest = outer_parts(problem.weights, spaces)
    projections = [projection(space) for space in spaces]
    for matrix, (before, after) in zip(rest, pairwise(projections), strict=True):
        assert is_zero([after @ matrix, matrix @ before])
    for _ in range(2):
        assert gradients_stay_inside(problem, spaces)
        problem = problem.step()
        assert equal(outer_parts(problem.weights, spaces), rest)


@exact
@given(problems(dimensions=dimensions(max_depth=3, max_width=4)))
def test_gradients_stay_inside_the_closure_of_any_network(problem: Problem) -> None:
    """Nothing planted: entries k/8, any target."""
    posed = problem.exact()
    assert gradients_stay_inside(posed, closure(posed.weights, residual_of(posed)))


@exact
@given(planted_problems())
def test_the_small_network_descends_as_if_alone(planted: Planted) -> None:
    """Two steps, over the rationals: weights, loss, squared imbalances and singular values."""
    whole, inner = planted.problem, planted.inner
    for _ in range(2):
        whole, inner = whole.step(), inner.step()
        assert equal(whole.weights, planted.blocks(inner.weights))
        verdict = compare(
            Comparison(
                loss(whole.weights, whole.target),
                "==",
                loss(inner.weights, inner.target),
                "loss of the whole and of the small network",
            )
        )
        assert verdict.holds
    still = planted.blocks([0 * matrix for matrix in inner.weights])
    for parts in zip(imbalances(whole.weights), imbalances(inner.weights), imbalances(still), strict=True):
        total, moving, resting = (frobenius_squared(b) for b in parts)
        assert compare(Comparison(total, "==", moving + resting, "squared imbalance")).holds
    products = [end_to_end(weights) for weights in (whole.weights, inner.weights, still)]
    total, moving, resting = (characteristic_polynomial(product.T @ product) for product in products)
    zeros = characteristic_polynomial(arithmetic.exact(np.zeros((inner.dimensions[0],) * 2)))
    assert total * zeros == moving * resting  # C is written with k_0 more zeros


@exact
@given(planted_problems(), st.data())
def test_the_closure_is_the_smallest(planted: Planted, data: st.DataObject) -> None:
    """It is closed, inside the planted family, and no longer closed when one subspace loses a direction, any."""
    weights, residual = planted.problem.weights, residual_of(planted.problem)
    spaces = closure(weights, residual)
    assert is_closed(spaces, weights, residual)
    for space, basis, inner in zip(spaces, planted.bases, planted.inner.dimensions, strict=True):
        assert is_inside(space, basis.T[:inner])
    large = [j for j, space in enumerate(spaces) if len(space) > 0]
    if not large:
        assert is_zero([residual])
        return
    j = data.draw(st.sampled_from(large))
    mixed = data.draw(orthogonal_matrices(len(spaces[j]))) @ spaces[j]
    smaller = [*spaces[:j], mixed[1:], *spaces[j + 1 :]]
    assert not is_closed(smaller, weights, residual)


def slowed(problem: Problem) -> Problem:
    """A float64 problem with the largest power of two for a learning rate that the curvature allows."""
    norm = math.hypot(1.0, *(float(np.linalg.norm(matrix)) for matrix in problem.weights))
    residual = norm**problem.depth + float(np.linalg.norm(problem.target))
    curvature = problem.depth * norm ** (2 * problem.depth) + problem.depth * norm**problem.depth * residual
    return Problem(problem.weights, problem.target, 2.0 ** -math.ceil(math.log2(curvature)))


def float_run_stays_near(planted: Planted, steps: int) -> None:
    """Float64 runs of the whole and of the small network, from the same numbers: what exact descent keeps equal is
    at most both runs' error bounds apart, and C has moved by no more than the first."""
    whole = slowed(planted.problem.nearest())
    inner = Problem(planted.inner.nearest().weights, planted.inner.nearest().target, whole.learning_rate)
    assert equal(whole.exact().weights, planted.problem.weights)  # dyadic: no rounding at step 0
    runs = [gradient_descent(problem, steps=steps, certify=True) for problem in (whole, inner)]
    errors = [weight_error_bound(trajectory) for trajectory in runs]
    assert all(error.is_finite() for error in errors)
    found, small = ([arithmetic.exact(matrix) for matrix in trajectory.weights] for trajectory in runs)
    gaps = [a - b for a, b in zip(found, planted.blocks(small), strict=True)]
    for j, gap in enumerate(gaps):
        distance = square_root(frobenius_squared(gap))
        assert compare(Comparison(distance, "<=", arb(sum(errors)), f"gap of layer {j + 1} after {steps} steps")).holds
        after, before = (planted.bases[i].T[planted.inner.dimensions[i] :] for i in (j + 1, j))
        if len(after) and len(before):
            moved = square_root(frobenius_squared(after @ gap @ before.T))
            assert compare(Comparison(moved, "<=", errors[0], f"motion of C_{j + 1} after {steps} steps")).holds


@sampled
@given(planted_problems(max_depth=4, max_width=8, dyadic=True, scale=4))
def test_float_runs_of_both_networks_agree(planted: Planted) -> None:
    """100 steps in dyadic bases, where the float64 networks are planted exactly; derived rounding bounds decide."""
    float_run_stays_near(planted, 100)


@sampled
@pytest.mark.parametrize("name", DATASETS)
def test_real_data(name: str) -> None:
    """A real target behind two hidden layers of width 8, of which at most 4 and 5 are in reach: 500 steps."""
    target = arithmetic.exact(regression(name).target)
    widths = (target.shape[1], 4, 5, target.shape[0])
    layers = tuple(arithmetic.exact(np.eye(rows, columns)) / 2 for columns, rows in pairwise(widths))
    rest = (None, arithmetic.exact(np.arange(12.0).reshape(3, 4) - 4) / 8, None)
    identity, v = arithmetic.exact(np.eye(8)), arithmetic.exact(np.array([1, -1, 0, 1, 0, 0, 0, 1]))
    hidden = identity - np.outer(v, v) / 2
    ends = [arithmetic.exact(np.eye(width)) for width in (widths[0], widths[-1])]
    planted = plant(Problem(layers, target, fmpq(1)), rest, [ends[0], hidden, hidden[::-1], ends[1]])
    float_run_stays_near(planted, 500)


def scalars(*weights: int, target: int) -> Problem:
    """A network of width 1, over the rationals."""
    return Problem(tuple(matrix([weight]) for weight in weights), matrix([target]), fmpq(1, 2))


def matrix(*rows: list[int]) -> ObjectArray:
    return arithmetic.exact(np.array(rows))


@control
@pytest.mark.parametrize(
    ("dropped", "problem"),
    [
        ("rows", scalars(0, target=1)),
        ("columns", scalars(0, target=1)),
        ("forward", scalars(1, 0, target=1)),
        ("backward", scalars(0, 1, target=1)),
    ],
)
def test_refuted_without_one_of_the_conditions(dropped: str, problem: Problem) -> None:
    """The smallest subspaces that meet three of the four do not hold the gradients, already for width 1."""
    conditions = {"rows": True, "columns": True, "forward": True, "backward": True}
    residual = residual_of(problem)
    assert gradients_stay_inside(problem, closure(problem.weights, residual, **conditions))
    spaces = closure(problem.weights, residual, **conditions | {dropped: False})
    assert not is_closed(spaces, problem.weights, residual)
    assert not gradients_stay_inside(problem, spaces)


IDENTITY, UNIT = matrix([1, 0], [0, 1]), matrix([1, 0], [0, 0])


@control
def test_refuted_with_weight_decay() -> None:
    """The gradient of l + 1/2 sum ||W_j||_F^2 moves C as well: W_1 = W_2 = I and Phi = I + e_1 e_1^T."""
    problem = Problem((IDENTITY, IDENTITY), IDENTITY + UNIT, fmpq(1, 2))
    spaces = closure(problem.weights, residual_of(problem))
    rest = outer_parts(problem.weights, spaces)
    assert equal(outer_parts(problem.step().weights, spaces), rest)
    decayed = [
        moved - problem.learning_rate * before
        for moved, before in zip(problem.step().weights, problem.weights, strict=True)
    ]
    assert not equal(outer_parts(decayed, spaces), rest)


@control
def test_refuted_that_a_low_rank_residual_is_enough() -> None:
    """R = e_1 e_1^T of rank one reaches all of R^2 through W_1 = [[1, 1], [0, 1]] and its transpose."""
    weights = (matrix([1, 1], [0, 1]), IDENTITY)
    assert [len(space) for space in closure(weights, UNIT)] == [2, 2, 2]


@control
def test_refuted_that_balance_alone_puts_width_out_of_reach() -> None:
    """W_1 = W_2 = I is balanced, and with a residual of full rank it moves outside the line of e_1."""
    problem = Problem((IDENTITY, IDENTITY), 2 * IDENTITY, fmpq(1, 2))
    assert is_zero(imbalances(problem.weights))
    spaces = [span(UNIT)] * 3
    assert not gradients_stay_inside(problem, spaces)


@witness
def test_a_balanced_network_with_a_low_rank_residual_is_compressed_to_its_rank() -> None:
    """W_1 = W_2 = W_3 = I of size 2 and Phi = I + e_1 e_1^T: every U_j is the line of e_1, and C_j = e_2 e_2^T."""
    problem = Problem((IDENTITY,) * 3, IDENTITY + UNIT, fmpq(1, 2))
    spaces = closure(problem.weights, residual_of(problem))
    assert all(equal([space], [UNIT[:1]]) for space in spaces)
    assert equal(outer_parts(problem.weights, spaces), [IDENTITY - UNIT] * 3)
    assert not equal(problem.step().weights, problem.weights)


@witness
def test_the_whole_network_can_be_in_reach() -> None:
    """k_j = d_j: a residual of full rank leaves no complement, and the small network is the whole."""
    problem = Problem((IDENTITY, IDENTITY), 2 * IDENTITY, fmpq(1, 2))
    spaces = closure(problem.weights, residual_of(problem))
    assert [len(space) for space in spaces] == [2, 2, 2]
    assert is_zero(outer_parts(problem.weights, spaces))


@witness
def test_without_a_residual_nothing_is_in_reach_and_nothing_moves() -> None:
    """R = 0: every U_j is {0}, C_j = W_j, and a step changes nothing."""
    problem = Problem((IDENTITY, UNIT), UNIT, fmpq(1, 2))
    spaces = closure(problem.weights, residual_of(problem))
    assert [len(space) for space in spaces] == [0, 0, 0]
    assert equal(outer_parts(problem.weights, spaces), problem.weights)
    assert equal(problem.step().weights, problem.weights)


@witness
def test_one_subspace_without_a_direction_stops_the_network() -> None:
    """The saddle at zero: R = -Phi reaches U_0 and U_2, not U_1 = {0}, and no layer moves."""
    problem = scalars(0, 0, target=1)
    assert [len(space) for space in closure(problem.weights, residual_of(problem))] == [1, 0, 1]
    assert equal(problem.step().weights, problem.weights)


@witness
def test_the_smallest_subspaces_can_be_smaller_than_others_that_are_closed() -> None:
    """All of R^2 is closed, and so is the line of e_1."""
    weights = (IDENTITY, IDENTITY)
    assert is_closed([span(IDENTITY)] * 3, weights, UNIT)
    assert is_closed([span(UNIT)] * 3, weights, UNIT)
