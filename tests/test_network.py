"""The algebra of a network: against automatic differentiation, written-out formulas, and itself in each arithmetic."""

from __future__ import annotations

from itertools import pairwise
from itertools import product as grid

import jax_oracle
import numpy as np
import pytest
import sympy
from containment import all_contain, contains
from flint import ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from solvers import (
    Problem,
    backpropagate,
    end_to_end,
    frobenius_squared,
    gradient_step,
    imbalances,
    layer_gradients,
    loss,
    transpose,
)
from solvers.arithmetic import balls, exact, rational
from strategies import dimensions, problems


def thirds(problem: Problem) -> Problem:
    """A problem whose float64 entries use all 53 bits, so that its arithmetic rounds."""
    return Problem(tuple(matrix / 3 for matrix in problem.weights), problem.target / 3, problem.learning_rate / 3)


def same(left, right) -> bool:
    """Whether two tuples of matrices have the same shapes and, as exact numbers, the same entries."""
    return all(a.shape == b.shape and (exact(a) == exact(b)).all() for a, b in zip(left, right, strict=True))


def everything(weights, target, learning_rate):
    """All matrices that the algebra gives for one problem."""
    return (
        end_to_end(weights),
        *layer_gradients(weights, target),
        *gradient_step(weights, target, learning_rate),
        *imbalances(weights),
    )


def triple_loop(left, right):
    """A matrix product in plain loops."""
    return [
        [sum(left[i][k] * right[k][j] for k in range(len(right))) for j in range(len(right[0]))]
        for i in range(len(left))
    ]


def flipped(matrix):
    """A transpose in plain loops."""
    return [list(row) for row in zip(*matrix, strict=True)]


@given(problems().map(thirds))
def test_gradients_agree_with_automatic_differentiation(problem):
    """layer_gradients is the derivative of the loss, within the rounding of two evaluations."""
    found = layer_gradients(problem.weights, problem.target)
    expected = jax_oracle.gradients(problem.weights, problem.target)
    allowed = jax_oracle.gradient_tolerance(problem.weights, problem.target)
    for ours, theirs, tolerance in zip(found, expected, allowed, strict=True):
        assert ours.shape == theirs.shape
        assert (abs(ours - theirs) <= tolerance).all()


@given(problems(dimensions=dimensions(max_depth=4)))
def test_dyadic_gradients_agree_with_automatic_differentiation_exactly(problem):
    """Up to depth 4, with entries k/8 in [-2, 2] and widths up to 8, no gradient needs more than 47 bits."""
    assert same(
        layer_gradients(problem.weights, problem.target),
        jax_oracle.gradients(problem.weights, problem.target),
    )


@given(problems(dimensions=dimensions(max_depth=4)))
def test_one_step_goes_down_the_gradient(problem):
    """W_j - eta D_j for all layers at once, D_j by automatic differentiation, in rationals."""
    rationals = problem.exact()
    gradients = map(exact, jax_oracle.gradients(problem.weights, problem.target))
    expected = [
        matrix - rationals.learning_rate * gradient
        for matrix, gradient in zip(rationals.weights, gradients, strict=True)
    ]
    assert same(gradient_step(rationals.weights, rationals.target, rationals.learning_rate), expected)


@given(problems(dimensions=dimensions(max_depth=4)))
def test_float64_is_exact_on_dyadic_networks(problem):
    """Up to depth 4 float64 gives the rational result, since no entry needs more than 53 bits."""
    rationals = problem.exact()
    assert same(
        everything(problem.weights, problem.target, problem.learning_rate),
        everything(rationals.weights, rationals.target, rationals.learning_rate),
    )


@given(problems(dimensions=dimensions(max_depth=3)))
def test_dyadic_loss_is_exact(problem):
    """Up to depth 3 the loss of a dyadic network is half the exact sum of squares, in float64 and in rationals."""
    rationals = problem.exact()
    residual = end_to_end(rationals.weights) - rationals.target
    expected = sum(entry * entry for entry in residual.ravel()) / 2
    assert loss(rationals.weights, rationals.target) == expected
    assert rational(float(loss(problem.weights, problem.target))) == expected


@given(problems(dimensions=dimensions(max_depth=4, max_width=3)))
def test_rational_algebra_is_the_written_out_formula(problem):
    """W, D_j = (W_N ... W_{j+1})^T G (W_{j-1} ... W_1)^T and B_j agree with plain loops over rationals."""
    weights = [exact(matrix).tolist() for matrix in problem.weights]
    depth, gradient = problem.depth, exact(problem.target).tolist()
    whole = weights[0]
    for matrix in weights[1:]:
        whole = triple_loop(matrix, whole)
    assert end_to_end(problem.exact().weights).tolist() == whole
    found = backpropagate(problem.exact().weights, exact(problem.target))
    for j in range(depth):
        expected = gradient
        for matrix in reversed(weights[j + 1 :]):
            expected = triple_loop(flipped(matrix), expected)
        for matrix in weights[:j]:  # times (W_{j-1} ... W_1)^T = W_1^T ... W_{j-1}^T
            expected = triple_loop(expected, flipped(matrix))
        assert found[j].tolist() == expected
    for j, found_imbalance in enumerate(imbalances(problem.exact().weights)):
        after = exact(np.array(triple_loop(flipped(weights[j + 1]), weights[j + 1]), dtype=object))
        before = exact(np.array(triple_loop(weights[j], flipped(weights[j])), dtype=object))
        assert (found_imbalance == after - before).all()


@given(problems(dimensions=dimensions(max_width=4)).map(thirds))
def test_enclosures_contain_the_rational_result(problem):
    """|exact - value| <= radius, in rationals, for all that the algebra gives."""
    rationals, enclosed = problem.exact(), problem.enclosed()
    results = everything(enclosed.weights, enclosed.target, enclosed.learning_rate)
    truths = everything(rationals.weights, rationals.target, rationals.learning_rate)
    for result, truth in zip(results, truths, strict=True):
        assert (abs(exact(result.value) - truth) <= exact(result.radius)).all()
    assert contains(loss(enclosed.weights, enclosed.target), loss(rationals.weights, rationals.target))


@given(problems(dimensions=dimensions(max_width=4)).map(thirds), st.sampled_from([10, 53, 200]))
def test_balls_contain_the_rational_result(problem, precision):
    """Arb balls contain every rational entry, at any precision."""
    rationals = problem.exact()
    truths = everything(rationals.weights, rationals.target, rationals.learning_rate)
    with ctx.workprec(precision):
        weights, target = tuple(map(balls, problem.weights)), balls(problem.target)
        results = everything(weights, target, rationals.learning_rate)
        assert contains(loss(weights, target), loss(rationals.weights, rationals.target))
    for result, truth in zip(results, truths, strict=True):
        assert all_contain(result, truth)


def as_sympy(matrix) -> sympy.Matrix:
    """A float64 matrix, exactly, as one of SymPy's rationals."""
    return sympy.Matrix([[sympy.Rational(*entry.as_integer_ratio()) for entry in row] for row in matrix])


def from_sympy(matrix):
    """A SymPy matrix of rationals as an object array of them."""
    entries = [fmpq(int(entry.p), int(entry.q)) for entry in sympy.Matrix(matrix)]
    return np.array(entries, dtype=object).reshape(matrix.shape)


@given(problems(dimensions=dimensions(max_depth=4, max_width=3)))
def test_sympy_matrices_give_the_rational_result(problem):
    """The same lines run on explicit SymPy matrices."""
    rationals, rate = problem.exact(), sympy.Rational(*problem.learning_rate.as_integer_ratio())
    weights, target = tuple(map(as_sympy, problem.weights)), as_sympy(problem.target)
    found = tuple(map(from_sympy, everything(weights, target, rate)))
    assert same(found, everything(rationals.weights, rationals.target, rationals.learning_rate))
    value = loss(weights, target)
    assert fmpq(int(value.p), int(value.q)) == loss(rationals.weights, rationals.target)


@pytest.mark.parametrize("widths", [(2, 3), (3, 2, 1), (2, 1, 3, 2)])
def test_symbolic_matrices_give_the_rational_result(widths):
    """MatrixSymbol expressions become the rational result once numbers are put in."""
    generator = np.random.default_rng(len(widths))
    shapes = [(rows, columns) for columns, rows in pairwise(widths)]
    numbers = [generator.integers(-5, 6, shape) / 4.0 for shape in (*shapes, (widths[-1], widths[0]))]
    symbols = [sympy.MatrixSymbol(f"M{k}", *matrix.shape) for k, matrix in enumerate(numbers)]
    rate = sympy.Symbol("eta")
    values = dict(zip(symbols, map(as_sympy, numbers), strict=True)) | {rate: sympy.Rational(1, 3)}
    found = everything(symbols[:-1], symbols[-1], rate)
    evaluated = tuple(from_sympy(expression.subs(values).doit()) for expression in found)
    *weights, target = map(exact, numbers)
    assert same(evaluated, everything(weights, target, fmpq(1, 3)))
    value = loss(symbols[:-1], symbols[-1]).subs(values).doit()
    assert fmpq(int(value.p), int(value.q)) == loss(weights, target)


def test_symbolic_sizes_keep_their_shapes():
    """Networks of symbolic width have gradients of the layers' shapes, and refuse layers that do not fit."""
    n, m, k = sympy.symbols("n m k", positive=True, integer=True)
    first, second = sympy.MatrixSymbol("A", m, n), sympy.MatrixSymbol("B", k, m)
    gradients = layer_gradients((first, second), sympy.MatrixSymbol("P", k, n))
    assert [gradient.shape for gradient in gradients] == [(m, n), (k, m)]
    with pytest.raises(ValueError, match=r"weights\[1\].*expected"):
        end_to_end((second, second))


@given(
    dimensions(max_depth=4, max_width=5).flatmap(
        lambda widths: st.lists(problems(dimensions=st.just(widths)), min_size=6, max_size=6)
    )
)
def test_each_element_of_a_batch_is_the_single_computation(several):
    """Leading axes (2, 3) give what each of the six networks gives alone, exactly, on dyadic entries."""

    def batch(matrices):
        return np.stack(matrices).reshape(2, 3, *matrices[0].shape)

    weights = tuple(batch(layer) for layer in zip(*(problem.weights for problem in several), strict=True))
    target, rate = batch([problem.target for problem in several]), several[0].learning_rate
    found, values = everything(weights, target, rate), frobenius_squared(end_to_end(weights) - target)
    for (i, j), problem in zip(grid(range(2), range(3)), several, strict=True):
        alone = everything(problem.weights, problem.target, rate)
        assert same([matrix[i, j] for matrix in found], alone)
        assert values.shape == (2, 3)
    shallow = [matrix[:, :, :1, :1] for matrix in weights]
    assert loss(shallow[:1], target[:, :, :1, :1]).tolist() == [
        [float((shallow[0][i, j, 0, 0] - target[i, j, 0, 0]) ** 2 / 2) for j in range(3)] for i in range(2)
    ]


def test_transpose_swaps_the_last_two_axes_only():
    """A batch keeps its leading axes."""
    batch = np.arange(24.0).reshape(2, 3, 4)
    assert transpose(batch).shape == (2, 4, 3)
    assert (transpose(batch)[1] == batch[1].T).all()


def test_one_target_serves_a_batch_of_networks():
    """Leading axes broadcast as ``@`` broadcasts them."""
    weights = (np.arange(12.0).reshape(3, 2, 2), np.ones((2, 2)))
    target = np.eye(2)
    values = loss(weights, target)
    assert values.tolist() == [loss((weights[0][k], weights[1]), target) for k in range(3)]


@given(problems().map(thirds))
def test_gradient_step_leaves_its_arguments_alone(problem):
    """The arrays passed in keep their entries."""
    copies = tuple(matrix.copy() for matrix in problem.weights)
    gradient_step(problem.weights, problem.target, problem.learning_rate)
    assert same(problem.weights, copies)


def test_depth_one_has_no_imbalance_and_the_residual_for_gradient():
    """For a single layer D_1 = W - Phi, and there is no pair of layers to balance."""
    weights, target = (np.array([[1.0, 2.0]]),), np.array([[4.0, 1.0]])
    assert imbalances(weights) == ()
    assert layer_gradients(weights, target)[0].tolist() == [[-3.0, 1.0]]
