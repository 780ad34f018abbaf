"""Problems with a covariance or a mask: their loss, gradients, Hessian, in every arithmetic, against other ways."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

import jax_oracle
import numpy as np
import pytest
import sympy
from containment import all_contain, contains
from every_path import network, stacked
from flint import ctx, fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from solvers import (
    Problem,
    backpropagate,
    end_to_end,
    gradient_step,
    hessian,
    hessian_vector_product,
    inertia,
    layer_gradients,
    loss,
    outer_gradient,
    regression,
    squared_distance,
    transpose,
)
from solvers.arithmetic import balls, exact, gamma, rational
from solvers.guarantees import near_identity, residual, theorem_one, theorem_two
from solvers.network import curvature, inner
from solvers.network.definiteness import SAMPLES
from strategies import covariances, dimensions, dyadic_matrices, generic_weights, problems

SEEN = ("covariance", "mask")
small = dimensions(max_depth=3, max_width=3)


@st.composite
def regressions(draw, widths=small):
    """A network, inputs X (d_0 x m) and outputs Y (d_N x m), dyadic: more features than samples, and fewer."""
    chosen = draw(widths)
    samples = draw(st.integers(1, 5))
    inputs, outputs = (draw(dyadic_matrices(size, samples)) for size in (chosen[0], chosen[-1]))
    return draw(generic_weights(chosen)), inputs, outputs


def fractions(matrix) -> list[list[Fraction]]:
    """A float64 matrix as lists of Python's fractions."""
    return [[Fraction(float(entry)) for entry in row] for row in matrix]


def times(left, right) -> list[list[Fraction]]:
    """A product of lists of lists."""
    return [
        [sum(a * b for a, b in zip(row, column, strict=True)) for column in zip(*right, strict=True)] for row in left
    ]


def fed(weights, column):
    """What every layer puts out for one sample, and the sample first."""
    values = [column]
    for matrix in weights:
        values.append(times(matrix, values[-1]))
    return values


def sample_by_sample(weights, inputs, outputs):
    """Loss and gradients of 1/(2m) sum_n |W_N ... W_1 x_n - y_n|^2, sample after sample, backwards through the layers,
    in Python's fractions."""
    layers, count = [fractions(matrix) for matrix in weights], inputs.shape[1]
    total, gradients = Fraction(0), [np.full(matrix.shape, Fraction(0), dtype=object) for matrix in weights]
    for n in range(count):
        values = fed(layers, fractions(inputs[:, n : n + 1]))
        back = [[a[0] - b[0]] for a, b in zip(values[-1], fractions(outputs[:, n : n + 1]), strict=True)]
        total += sum(row[0] ** 2 for row in back) / (2 * count)
        for j in reversed(range(len(layers))):
            gradients[j] += np.array(times(back, list(zip(*values[j], strict=True))), dtype=object) / count
            back = times(list(zip(*layers[j], strict=True)), back)
    return total, gradients


@given(regressions())
@example(((np.ones((1, 1)),), np.zeros((1, 1)), np.ones((1, 1))))
def test_regression_is_the_loop_over_samples(drawn):
    """Loss and gradients of the problem are those of the data, exactly; the loss up to the constant l_0."""
    weights, inputs, outputs = drawn
    data = regression(exact(inputs), exact(outputs))
    problem = data.problem([exact(matrix) for matrix in weights], fmpq(1))
    total, gradients = sample_by_sample(weights, inputs, outputs)
    assert loss(problem.weights, problem.target, **problem.data) + data.least_loss == rational(total)
    for found, expected in zip(
        layer_gradients(problem.weights, problem.target, **problem.data), gradients, strict=True
    ):
        assert (found == exact(expected)).all()


@given(regressions())
def test_the_regressions_target_is_the_least_of_all(drawn):
    """Phi S = Psi, and the rows of Phi lie in the range of S: orthogonal to all that S does not see."""
    _, inputs, outputs = drawn
    data = regression(exact(inputs), exact(outputs))
    assert (data.target @ data.covariance == data.cross_covariance).all()
    both = np.vstack([data.covariance, data.target])
    assert inertia(both.T @ both)[0] == inertia(data.covariance)[0]


@given(regressions())
def test_the_float_regression_is_near_the_exact_one(drawn):
    """The covariance within gamma_m of the exact one, symmetric; the loss of Phi within LAPACK's backward error.

    Phi is the exact solution for inputs that differ by at most p(d, m) u ||X|| with a modest p, here 10 (d + m): the
    least loss then moves by at most the square of ||Y - Phi X|| + ||dX|| ||Phi||.
    """
    _, inputs, outputs = drawn
    found, truth = regression(inputs, outputs), regression(exact(inputs), exact(outputs))
    assert (found.covariance == found.covariance.T).all()
    gap = abs(found.covariance - np.array(truth.covariance, dtype=np.float64))
    assert (gap <= 2 * gamma(inputs.shape[1] + 3) * (abs(inputs) @ abs(inputs.T))).all()
    moved = 10 * sum(inputs.shape) * 2.0**-53 * np.linalg.norm(inputs) * (np.linalg.norm(found.target) + 1)
    least = np.sqrt(2 * float(truth.least_loss))
    assert found.least_loss <= ((least + moved) * (1 + 2.0**-40)) ** 2 / 2


def entry_by_entry(weights, target, mask):
    """Loss and gradients of 1/2 sum over observed (i, k) of (W_ik - Phi_ik)^2, entry after entry, in fractions."""
    layers = [fractions(matrix) for matrix in weights]
    identity = fractions(np.eye(weights[0].shape[1]))
    values = fed(layers, identity)
    total, gradients = Fraction(0), [np.full(matrix.shape, Fraction(0), dtype=object) for matrix in weights]
    for i, k in np.argwhere(mask):
        gap = values[-1][i][k] - Fraction(float(target[i, k]))
        total += gap**2 / 2
        row = [[Fraction(int(a == i)) for a in range(len(target))]]
        for j in reversed(range(len(layers))):
            column = [[entry[k]] for entry in values[j]]
            gradients[j] += gap * np.array(times(list(zip(*row, strict=True)), list(zip(*column, strict=True))))
            row = times(row, layers[j])
    return total, gradients


@given(problems(dimensions=small, data="mask"))
def test_a_mask_is_the_loop_over_its_entries(problem):
    """Loss and gradients, exactly."""
    posed = problem.exact()
    total, gradients = entry_by_entry(problem.weights, problem.target, problem.mask)
    assert loss(posed.weights, posed.target, **posed.data) == rational(total)
    for found, expected in zip(layer_gradients(posed.weights, posed.target, **posed.data), gradients, strict=True):
        assert (found == exact(expected)).all()


@given(problems(data=SEEN))
def test_gradients_agree_with_automatic_differentiation(problem):
    """Within the rounding of two evaluations."""
    weights, target = tuple(matrix / 3 for matrix in problem.weights), problem.target / 3
    found = layer_gradients(weights, target, **problem.data)
    expected = jax_oracle.data_gradients(weights, target, **problem.data)
    allowed = jax_oracle.data_gradient_tolerance(weights, target, **problem.data)
    for mine, theirs, tolerance in zip(found, expected, allowed, strict=True):
        assert (abs(mine - theirs) <= tolerance).all()


@given(problems(dimensions=dimensions(max_depth=3), data=SEEN))
def test_hessian_agrees_with_automatic_differentiation(problem):
    """Within the rounding of two evaluations."""
    weights, target = tuple(matrix / 3 for matrix in problem.weights), problem.target / 3
    found = hessian(weights, target, **problem.data)
    expected = jax_oracle.data_hessian(weights, target, **problem.data)
    assert (abs(found - expected) <= jax_oracle.data_hessian_tolerance(weights, target, **problem.data)).all()


@given(problems(dimensions=small, data=SEEN), st.data())
def test_curvature_is_what_the_hessian_says(problem, data):
    """<V, H V>, exactly."""
    posed = problem.exact()
    direction = [exact(matrix) for matrix in data.draw(generic_weights(problem.dimensions))]
    flat = np.concatenate([matrix.ravel() for matrix in direction])
    whole = hessian(posed.weights, posed.target, **posed.data)
    assert curvature(posed.weights, posed.target, direction, **posed.data) == flat @ whole @ flat


def everything(problem):
    """All that the algebra says of a problem and of a direction."""
    weights, target, data = problem.weights, problem.target, problem.data
    objective = squared_distance(target, **data)
    return [
        np.array(loss(weights, target, **data)),
        *layer_gradients(weights, target, **data),
        *gradient_step(weights, target, problem.learning_rate, **data),
        *problem.step().weights,
        *hessian_vector_product(weights, target, weights, **data),
        hessian(weights, target, **data),
        np.array(objective.value(end_to_end(weights))),
        objective.gradient(end_to_end(weights)),
    ]


@given(problems(dimensions=dimensions(max_depth=4)))
@example(network(3, 2, 4, 5, seed=1))
def test_the_white_loss_is_a_special_case(problem):
    """S = I and M = 1 give the very same numbers."""
    weights, target, rate = problem.weights, problem.target, problem.learning_rate
    expected = everything(problem)
    for data in ({"covariance": np.eye(target.shape[1])}, {"mask": np.ones(target.shape)}):
        found = everything(Problem(weights, target, rate, **data))
        assert all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))


@given(problems(dimensions=small, data=SEEN), st.data())
def test_what_is_not_seen_of_the_target_plays_no_part(problem, data):
    """Phi + Z with Z S = 0 or M * Z = 0: the same loss and gradients, exactly; Z from the projections of a draw."""
    posed, move = problem.exact(), exact(data.draw(dyadic_matrices(*problem.target.shape)))
    if problem.mask is not None:
        hidden = np.where(problem.mask, fmpq(0), move)
    else:
        fit = regression(posed.covariance, move)  # X = S: the part of each row of Z that S does not see
        hidden = move - fit.target @ posed.covariance
        assert (hidden @ posed.covariance == fmpq(0)).all()
    other = Problem(posed.weights, posed.target + hidden, posed.learning_rate, **posed.data)
    assert loss(posed.weights, posed.target, **posed.data) == loss(other.weights, other.target, **other.data)
    assert all((a == b).all() for a, b in zip(posed.step().weights, other.step().weights, strict=True))


@given(problems(dimensions=small, data=SEEN))
def test_enclosures_and_balls_contain_the_exact_numbers(problem):
    """Loss and one step, in float64 that bounds its rounding and in balls of 12 bits."""
    third = Problem(tuple(m / 3 for m in problem.weights), problem.target / 3, 0.125, **problem.data)
    posed, enclosed = third.exact(), third.enclosed()
    truth = loss(posed.weights, posed.target, **posed.data)
    assert contains(loss(enclosed.weights, enclosed.target, **enclosed.data), truth)
    for mine, exact_one in zip(enclosed.step().weights, posed.step().weights, strict=True):
        assert all_contain(mine.entries(), exact_one)
    with ctx.workprec(12):
        data = {"covariance": None if posed.covariance is None else balls(posed.covariance), "mask": posed.mask}
        found = layer_gradients([balls(m) for m in third.weights], balls(third.target), **data)
    for mine, exact_one in zip(found, layer_gradients(posed.weights, posed.target, **posed.data), strict=True):
        assert all_contain(mine, exact_one)


def test_the_inner_product_of_enclosures_contains_the_exact_one():
    """Products that cancel, of entries that are not exact."""
    left, right = network(4, 3, seed=2), network(4, 3, seed=3)
    a, b = left.enclosed().weights[0], right.enclosed().weights[0]
    wide = (1 / 3) * a
    truth = (exact(left.weights[0]) * rational(1 / 3) * exact(right.weights[0])).sum()
    assert contains(inner(wide, b), truth)
    assert not contains(inner(wide, b), truth + fmpq(1, 2**40))


def test_symbols():
    """Of symbolic size: the gradient is W_2^T (W_2 W_1 - Phi) S; of four entries: the derivative of the loss."""
    sizes = a, b, c = sympy.symbols("a b c", integer=True, positive=True)
    first, second = sympy.MatrixSymbol("A", b, a), sympy.MatrixSymbol("B", c, b)
    target, seconds = sympy.MatrixSymbol("Phi", c, a), sympy.MatrixSymbol("S", a, a)
    found = layer_gradients((first, second), target, covariance=seconds)[0]
    assert (found - second.T @ (second @ first - target) @ seconds).expand().doit() == sympy.ZeroMatrix(b, a)
    assert layer_gradients((first, second), target, mask=sympy.MatrixSymbol("M", c, a))[0].shape == (b, a)
    assert len(sizes) == 3
    entries = sympy.symbols("w:4")
    weights, point = (sympy.Matrix(2, 2, entries),), sympy.Matrix(2, 2, [1, 2, 3, 4])
    p, q, r = sympy.symbols("p q r")
    for data in ({"covariance": sympy.Matrix([[p, q], [q, r]])}, {"mask": np.array([[True, False], [True, True]])}):
        value = loss(weights, point, **data)
        derivative = [sympy.diff(value, entry) for entry in entries]
        assert sympy.expand(sympy.Matrix(2, 2, derivative) - layer_gradients(weights, point, **data)[0]).is_zero_matrix


@given(st.lists(problems(dimensions=st.just((3, 2, 2)), data="covariance"), min_size=1, max_size=3))
def test_a_stack_is_its_networks(batch):
    """Loss and a step with a covariance for each network, and one for all."""
    stack = stacked(batch)
    covariance = np.stack([problem.covariance for problem in batch])
    for data in ({"covariance": covariance}, {"covariance": covariance[0]}, {"mask": np.eye(2, 3)}):
        whole = Problem(stack.weights, stack.target, stack.learning_rate, **data)
        values, moved = loss(whole.weights, whole.target, **whole.data), whole.step().weights
        for k, problem in enumerate(batch):
            own = {name: part[k] if part.ndim == 3 else part for name, part in data.items()}
            alone = Problem(problem.weights, problem.target, problem.learning_rate, **own)
            assert values[k] == loss(alone.weights, alone.target, **alone.data)
            assert all(np.array_equal(a[k], b) for a, b in zip(moved, alone.step().weights, strict=True))


@given(problems(data=SEEN))
def test_conversions_keep_the_data(problem):
    """Exact and back, enclosed, after a step: S and M are what they were."""
    back, enclosed, moved = problem.exact().nearest(), problem.enclosed(), problem.step()
    if problem.mask is not None:
        assert all(np.array_equal(each.mask, problem.mask) for each in (back, enclosed, moved))
        assert problem.mask.dtype == np.bool_
        return
    assert np.array_equal(back.covariance, problem.covariance)
    assert np.array_equal(enclosed.covariance.value, problem.covariance)
    assert not enclosed.covariance.radius.any()
    assert moved.covariance is problem.covariance
    assert (problem.exact().covariance == exact(problem.covariance)).all()


def test_what_is_white():
    """Neither covariance nor mask."""
    plain = network(2, 3, seed=0)
    assert plain.is_white
    assert plain.data == {"covariance": None, "mask": None}
    for data in ({"covariance": np.eye(2)}, {"mask": np.ones((3, 2))}):
        assert not Problem(plain.weights, plain.target, 0.1, **data).is_white


@given(st.integers(1, 4).flatmap(covariances))
def test_drawn_covariances_are_exactly_that(covariance):
    """Symmetric, no negative eigenvalue, in rationals."""
    assert (covariance == covariance.T).all()
    assert inertia(exact(covariance))[1] == 0


@pytest.mark.parametrize("samples", [1, 3, 8, 1000])
def test_what_forming_a_covariance_rounds_is_let_pass(samples):
    """X X^T / m of eight features of 53 bits, four of them copies: LAPACK finds eigenvalues below 0."""
    generator, lowest = np.random.default_rng(samples), []
    for _ in range(20):
        features = generator.standard_normal((4, samples))
        inputs = np.vstack([features, generator.standard_normal((4, 4)) @ features])
        data = regression(inputs, inputs[:1])
        data.problem((np.ones((1, 8)),), 0.1)
        lowest.append(np.linalg.eigvalsh(data.covariance)[0])
    assert min(lowest) < 0


@pytest.mark.parametrize("scale", [2.0**-900, 1.0, 2.0**900])
def test_what_falls_short_by_more_is_refused(scale):
    """diag(1, -e): the level is gamma_n tr S with n = SAMPLES + 1, decided exactly just at both sides of it."""
    limit = Fraction(gamma(SAMPLES + 1)) / (1 + Fraction(gamma(SAMPLES + 1)))  # e = level (1 - e)
    below = np.nextafter(float(limit), 0.0)
    for short, refused in ((0.9 * below, False), (below, False), (np.nextafter(float(limit), 1.0), True), (1e-9, True)):
        covariance = scale * np.diag([1.0, -short])
        if refused:
            with pytest.raises(ValueError, match="covariance is not positive semidefinite: it has the eigenvalue -"):
                Problem((np.ones((1, 2)),), np.ones((1, 2)), 0.1, covariance=covariance)
        else:
            Problem((np.ones((1, 2)),), np.ones((1, 2)), 0.1, covariance=covariance)


WEIGHTS, PHI = (np.ones((3, 2)), np.ones((4, 3))), np.ones((4, 2))
STACK = (np.ones((5, 3, 2)), np.ones((5, 4, 3)))
BAD_DATA = {
    "both": (
        {"covariance": np.eye(2), "mask": np.ones((4, 2))},
        ValueError,
        "mask is given beside covariance; expected",
    ),
    "a list": ({"covariance": [[1.0]]}, TypeError, "covariance is a list; expected a matrix"),
    "a number": ({"covariance": 1.0}, TypeError, "covariance is a float; expected a matrix"),
    "of the outputs": (
        {"covariance": np.eye(4)},
        ValueError,
        "covariance has shape (4, 4) but the network takes inputs from R^2; expected (2, 2)",
    ),
    "the variances": ({"covariance": np.ones(2)}, ValueError, "covariance has shape (2,); expected two axes"),
    "a stack for one": ({"covariance": np.ones((3, 2, 2))}, ValueError, "covariance has shape (3, 2, 2); expected two"),
    "integers": ({"covariance": np.eye(2, dtype=int)}, TypeError, "covariance has dtype int64; expected float64"),
    "nan": (
        {"covariance": np.diag([1, np.nan])},
        ValueError,
        "covariance has the entry nan at (1, 1); expected finite",
    ),
    "not symmetric": (
        {"covariance": np.array([[1.0, 0.5], [0.25, 1.0]])},
        ValueError,
        "covariance is not symmetric: its entry at (0, 1) is not the one across the diagonal; expected S = S^T",
    ),
    "a list for a mask": ({"mask": [[1]]}, TypeError, "mask is a list; expected an array of 0 and 1, of the target's"),
    "a masked array": ({"mask": np.ma.masked_array(PHI, PHI > 0)}, TypeError, "mask is a masked array; expected one"),
    "a mask transposed": ({"mask": PHI.T}, ValueError, "mask has shape (2, 4); expected that of the target, (4, 2)"),
    "a mask of one axis": ({"mask": PHI[0]}, ValueError, "mask has shape (2,); expected that of the target, (4, 2)"),
    "a mask that would broadcast": (
        {"mask": PHI[:1]},
        ValueError,
        "mask has shape (1, 2); expected that of the target",
    ),
    "weights for a mask": ({"mask": PHI / 2}, ValueError, "mask has the entry 0.5 at (0, 0); expected 0 or 1, 1 where"),
    "nan in a mask": ({"mask": PHI * np.nan}, ValueError, "mask has the entry nan at (0, 0); expected 0 or 1"),
}
OF_DATA = {
    "loss": lambda data: loss(WEIGHTS, PHI, **data),
    "layer_gradients": lambda data: layer_gradients(WEIGHTS, PHI, **data),
    "gradient_step": lambda data: gradient_step(WEIGHTS, PHI, 0.1, **data),
    "hessian": lambda data: hessian(WEIGHTS, PHI, **data),
    "hessian_vector_product": lambda data: hessian_vector_product(WEIGHTS, PHI, WEIGHTS, **data),
    "squared_distance": lambda data: squared_distance(PHI, **data),
    "Problem": lambda data: Problem(WEIGHTS, PHI, 0.1, **data),
}


@pytest.mark.parametrize("case", BAD_DATA)
@pytest.mark.parametrize("function", OF_DATA)
def test_data_that_do_not_fit(function, case):
    """Every function that takes them refuses the same mistakes with the same sentence."""
    data, error, sentence = BAD_DATA[case]
    with pytest.raises(error, match=re.escape(sentence)):
        OF_DATA[function](data)


NOT_DEFINITE = {
    "float64": (
        WEIGHTS,
        np.array([[1.0, 2.0], [2.0, 1.0]]),
        "covariance is not positive semidefinite: it has the eige",
    ),
    "rationals": (
        tuple(map(exact, WEIGHTS)),
        exact(np.diag([1.0, -(2.0**-60)])),
        "covariance is not positive semidefinite: it has 1 negative eigenvalue(s); expected none below 0",
    ),
    "a stack": (
        STACK,
        np.stack([*[np.eye(2)] * 4, -np.eye(2)]),
        "covariance[4] is not positive semidefinite: it has the eigenvalue -1; expected none below 0",
    ),
}


@pytest.mark.parametrize("case", NOT_DEFINITE)
def test_covariances_with_negative_eigenvalues(case):
    """A problem is refused, and a stack says which network's."""
    weights, covariance, sentence = NOT_DEFINITE[case]
    target = weights[1][..., :2] * 0
    with pytest.raises(ValueError, match=re.escape(sentence)):
        Problem(weights, target, 0.1, covariance=covariance)


def test_squared_distance_of_no_covariance():
    """An objective is refused as a problem is."""
    with pytest.raises(ValueError, match="covariance is not positive semidefinite"):
        squared_distance(PHI, covariance=-np.eye(2))
    with pytest.raises(TypeError, match="covariance is not a float64 array"):
        squared_distance(PHI, covariance=exact(np.eye(2)))


BAD_REGRESSIONS = {
    "lists": (([[1.0]], np.ones((1, 1))), TypeError, "inputs is a list; expected a matrix"),
    "a vector": ((np.ones((2, 3)), np.ones(3)), ValueError, "outputs has shape (3,); expected two axes"),
    "nan": ((np.full((2, 3), np.nan), PHI), ValueError, "inputs has the entry nan at (0, 0); expected finite entries"),
    "samples": ((np.ones((2, 3)), np.ones((1, 4))), ValueError, "outputs has 4 samples but inputs has 3; expected one"),
    "both kinds": ((exact(PHI), PHI), TypeError, "outputs is of another arithmetic than inputs; expected both"),
    "balls": ((balls(PHI), balls(PHI)), TypeError, "inputs is not a matrix of rationals; expected fmpq entries"),
}


@pytest.mark.parametrize("case", BAD_REGRESSIONS)
def test_regressions_that_are_none(case):
    """Errors name the argument."""
    arguments, error, sentence = BAD_REGRESSIONS[case]
    with pytest.raises(error, match=re.escape(sentence)):
        regression(*arguments)


ABOUT_THE_WHITE_LOSS = {
    "theorem one": lambda problem: theorem_one.hypotheses(problem, 0.5),
    "theorem one, violated": lambda problem: theorem_one.violated(problem, 0.5),
    "theorem one's step": lambda problem: theorem_one.after_one_step(problem, 0.5),
    "theorem two": lambda problem: theorem_two.hypotheses(problem, fmpq(1), fmpq(1)),
    "residual": residual.hypotheses,
    "near the identity": near_identity.hypotheses,
}


@pytest.mark.parametrize("data", [{"covariance": np.eye(2)}, {"mask": np.ones((2, 2))}], ids=SEEN)
@pytest.mark.parametrize("theorem", ABOUT_THE_WHITE_LOSS)
def test_theorems_on_the_white_loss_refuse_others(theorem, data):
    """They speak of 1/2 ||W - Phi||_F^2, and say so."""
    problem = Problem((np.eye(2), np.eye(2)), np.eye(2), 0.1, **data)
    with pytest.raises(ValueError, match=rf"problem has a {next(iter(data))}; expected none, since .* is about 1/2"):
        ABOUT_THE_WHITE_LOSS[theorem](problem)


@given(problems(dimensions=small, data=SEEN))
def test_layers_gradients_are_those_of_the_outer_gradient(problem):
    """D_j = W_{j+1:N}^T G W_{1:j-1}^T with G = (W - Phi) S or M * (W - Phi), in rationals, and W_j^T D_j = D_{j-1}
    W_{j-1}^T: both are what a change of basis between the layers does."""
    posed = problem.exact()
    gradient = outer_gradient(end_to_end(posed.weights) - posed.target, **posed.data)
    found = layer_gradients(posed.weights, posed.target, **posed.data)
    assert all((a == b).all() for a, b in zip(found, backpropagate(posed.weights, gradient), strict=True))
    for (w, d), (before, d_before) in pairwise(zip(reversed(posed.weights), reversed(found), strict=True)):
        assert (transpose(w) @ d == d_before @ transpose(before)).all()
