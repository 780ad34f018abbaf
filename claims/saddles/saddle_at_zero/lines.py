"""Lines through zero, the Hessian there in any dimension and in rationals, and what descent does from zero."""

import numpy as np
import pytest
import sympy
from flint import fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

import strategies
from claims.suite import Fate, ablates, control, exact, sampled, symbolic, witness
from claims.suite.symbols import is_zero, network_symbols
from solvers import arithmetic, gradient_descent, network
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare, decide, rational
from solvers.network import Problem, curvature, end_to_end, frobenius_squared, hessian, inertia, layer_gradients, loss
from strategies import diagonal, dimensions, zero_weights


def loss_on_line(direction: tuple[ObjectArray, ...], target: ObjectArray, t: Scalar) -> Scalar:
    """Statement 1's polynomial in t."""
    product, depth = end_to_end(direction), len(direction)
    along = (target * product).sum()
    value: Scalar = frobenius_squared(target) / 2 - t**depth * along + t ** (2 * depth) * frobenius_squared(product) / 2
    return value


def route(widths: tuple[int, ...], target: ObjectArray) -> tuple[ObjectArray, ...]:
    """A direction V whose end-to-end matrix is the largest entry of Phi alone: one path of unit entries."""
    row, column = max(np.ndindex(target.shape), key=lambda place: abs(target[place]))
    direction = zero_weights(widths)
    for j, matrix in enumerate(direction):
        matrix[row if j == len(direction) - 1 else 0, column if j == 0 else 0] = fmpq(1)
    direction[-1][row, 0 if len(direction) > 1 else column] = target[row, column]
    return direction


@symbolic
@pytest.mark.parametrize("depth", [2, 3])
def test_critical_for_every_depth_and_dimension(depth: int) -> None:
    """Every layer gradient at zero is the zero matrix, for symbolic sizes: beside a layer there is another one at
    least, and the layers before it and after it, any number of them, have the product zero."""
    layers, target = network_symbols(depth)
    weights = tuple(sympy.ZeroMatrix(*layer.shape) for layer in layers)
    for gradient, weight in zip(layer_gradients(weights, target), weights, strict=True):
        assert gradient.doit() == weight


@symbolic
def test_end_to_end_matrix_is_homogeneous_for_every_depth_and_dimension() -> None:
    """The product of t V_j is t^N V_{1:N}, for symbolic sizes, by induction: a layer t V after t^n V_{1:n}, n a symbol.
    Statement 1 expands the square of t^N V_{1:N} - Phi."""
    t, n = sympy.Symbol("t", real=True), sympy.Symbol("n", integer=True, positive=True)
    (before, layer), _ = network_symbols(2)
    assert is_zero(end_to_end((t**n * before, t * layer)) - t ** (n + 1) * end_to_end((before, layer)))


@symbolic
def test_curvature_along_every_line_for_every_depth() -> None:
    """The second derivative of statement 1 is t times a bounded factor for N = n + 3, n symbolic, so 0 at t = 0;
    for N = 2 it is -2 <Phi, V_2 V_1> there. A quadratic form that vanishes on every V is a zero Hessian."""
    t, constant, along, square = sympy.symbols("t a b c", real=True)

    def second_derivative(depth: sympy.Expr) -> sympy.Expr:
        return sympy.diff(constant - t**depth * along + t ** (2 * depth) * square / 2, t, 2)

    n = sympy.Symbol("n", integer=True, nonnegative=True)
    depth = n + 3
    factor = depth * (2 * depth - 1) * square * t**depth - depth * (depth - 1) * along
    assert sympy.simplify(second_derivative(depth) - t * t**n * factor) == 0
    assert (t * t**n).subs(t, 0) == 0
    assert second_derivative(sympy.Integer(2)).subs(t, 0) == -2 * along


@symbolic
def test_depth_two_eigenvectors_in_any_dimension() -> None:
    """At zero H (V_1, V_2) = (-V_2^T Phi, -Phi V_1^T). With Phi v = s u, Phi^T u = s v and any x, the direction
    (x v^T, -+ u x^T) is an eigenvector for +-s: written out for symbolic sizes."""
    inputs, hidden, outputs = sympy.symbols("d_0 h d_2", integer=True, positive=True)
    target = sympy.MatrixSymbol("Phi", outputs, inputs)
    u, v, x = (
        sympy.MatrixSymbol("u", outputs, 1),
        sympy.MatrixSymbol("v", inputs, 1),
        sympy.MatrixSymbol("x", hidden, 1),
    )
    s = sympy.Symbol("s", positive=True)
    weights = (sympy.ZeroMatrix(hidden, inputs), sympy.ZeroMatrix(outputs, hidden))
    for sign in (1, -1):
        direction = (x * v.T, -sign * u * x.T)
        first, second = (part.doit() for part in network.hessian_vector_product(weights, target, direction))
        assert is_zero(first - sign * x * (u.T * target))
        assert is_zero(second + (target * v) * x.T)
        assert is_zero(first.subs(u.T * target, s * v.T) - sign * s * direction[0])
        assert is_zero(-(s * u) * x.T - sign * s * direction[1])


@exact
@given(st.data())
def test_spectrum_of_the_hessian_at_depth_two(data: st.DataObject) -> None:
    """The characteristic polynomial is that of +-sigma_i, h times each, and zeros, over the rationals."""
    rows, columns, hidden = (data.draw(st.integers(1, 3)) for _ in range(3))
    values = data.draw(strategies.singular_value_lists(min(rows, columns)))
    left, right = data.draw(strategies.orthogonal_matrices(rows)), data.draw(strategies.orthogonal_matrices(columns))
    target = left @ diagonal(rows, columns, values) @ right.T
    matrix = hessian(zero_weights((columns, hidden, rows)), target)
    expected = fmpq_poly([1])
    for value in values:
        expected *= fmpq_poly([-(rational(value) ** 2), 0, 1]) ** hidden
    missing = len(matrix) - expected.degree()
    assert network.characteristic_polynomial(matrix) == expected * fmpq_poly([0, 1]) ** missing
    rank = sum(value > 0 for value in values)
    assert inertia(matrix) == (hidden * rank, hidden * rank, len(matrix) - 2 * hidden * rank)


@exact
@given(dimensions(min_depth=3, max_width=3), st.data())
def test_hessian_is_zero_from_depth_three(widths: tuple[int, ...], data: st.DataObject) -> None:
    """Every entry, in rationals, for any target: depths 3-6, widths 1-3."""
    target = data.draw(strategies.targets(widths[-1], widths[0]))
    matrix = hessian(zero_weights(widths), target)
    assert (matrix == 0 * matrix).all()


@exact
@given(dimensions(min_depth=2), st.data(), st.integers(1, 60))
def test_loss_falls_and_rises_arbitrarily_near(widths: tuple[int, ...], data: st.DataObject, halvings: int) -> None:
    """At t = 2^-k on the line through the largest entry of Phi l is below Phi_F^2 / 2, and above with a sign flipped;
    for Phi = 0 it is never below."""
    target = data.draw(strategies.targets(widths[-1], widths[0]))
    t, at_zero = fmpq(1, 2**halvings), frobenius_squared(target) / 2
    down = tuple(t * v for v in route(widths, target))
    up = (-down[0], *down[1:])
    if at_zero == 0:
        assert compare(Comparison(loss(down, target), ">=", fmpq(0), "loss near zero for Phi = 0")).holds
        return
    assert compare(Comparison(loss(down, target), "<", at_zero, "loss down the line")).holds
    assert compare(Comparison(loss(up, target), ">", at_zero, "loss up the line")).holds


def line_law(problem: Problem, t: float) -> Comparison:
    """l(t V) against statement 1's polynomial, with V the problem's weights."""
    scale = rational(t)
    weights = tuple(matrix * scale for matrix in problem.weights)
    return Comparison(
        loss(weights, problem.target),
        "==",
        loss_on_line(problem.weights, problem.target, scale),
        f"loss at {t} V",
    )


@sampled
@given(strategies.problems(), st.sampled_from([1.0, -1.0, 0.5, -0.125, 2.0**-30, 3.0]))
def test_loss_along_lines(problem: Problem, t: float) -> None:
    """Statement 1 for any direction, target and t: an equality, decided in rationals (depth 1 included)."""
    assert compare(line_law(problem.exact(), t)).holds


@sampled
@given(strategies.problems(dimensions=dimensions(min_depth=2)))
def test_descent_from_zero_never_moves(problem: Problem) -> None:
    """20 float64 steps at any learning rate leave every weight exactly zero and the loss exactly Phi_F^2 / 2."""
    start = tuple(0 * matrix for matrix in problem.weights)
    trajectory = gradient_descent(Problem(start, problem.target, problem.learning_rate), steps=20)
    assert all((matrix == 0).all() for matrix in trajectory.weights)
    assert trajectory.steps == 20
    still = Problem(trajectory.weights, problem.target, problem.learning_rate)
    verdict = decide(
        lambda posed: Comparison(
            loss(posed.weights, posed.target),
            "==",
            frobenius_squared(posed.target) / 2,
            "loss after 20 steps",
        ),
        still,
    )
    assert verdict.holds


@sampled
@given(dimensions(min_depth=3, max_depth=4, max_width=3), st.data())
def test_curvature_near_zero_vanishes_with_the_distance(widths: tuple[int, ...], data: st.DataObject) -> None:
    """<V, H(tV) V> = t^{N-2} (N (2N-1) t^N ||P||_F^2 - N (N-1) <Phi, P>), P = V_{1:N}, by Hessian-vector products."""
    direction = data.draw(strategies.generic_weights(widths))
    target = arithmetic.exact(data.draw(strategies.generic_weights((widths[0], widths[-1])))[0])
    v = [arithmetic.exact(matrix) for matrix in direction]
    t, depth = fmpq(1, 1024), len(v)
    form = curvature([t * matrix for matrix in v], target, v)
    p = end_to_end(v)
    along, square = (target * p).sum(), frobenius_squared(p)
    second = t ** (depth - 2) * (depth * (2 * depth - 1) * t**depth * square - depth * (depth - 1) * along)
    assert compare(Comparison(form, "==", second, "curvature along V at tV")).holds


@sampled
@pytest.mark.parametrize("name", strategies.DATASETS)
def test_real_data(name: str) -> None:
    """On real targets: strict at depth 2 (exact inertia h r, h r), zero Hessian at depth 3, descent stuck at both."""
    target = arithmetic.exact(strategies.regression(name).target)
    outputs, inputs = target.shape
    matrix = hessian(zero_weights((inputs, 2, outputs)), target)
    rank = min(outputs, inputs)
    assert inertia(matrix) == (2 * rank, 2 * rank, len(matrix) - 4 * rank)
    deep = hessian(zero_weights((inputs, 1, 1, outputs)), target)
    assert (deep == 0 * deep).all()
    for widths in ((inputs, 2, outputs), (inputs, 1, 1, outputs)):
        start = tuple(arithmetic.nearest(weight) for weight in zero_weights(widths))
        trajectory = gradient_descent(Problem(start, strategies.regression(name).target, 0.1), steps=50)
        assert all((weight == 0).all() for weight in trajectory.weights)


ONE = arithmetic.exact([[1]])


@control
@ablates("DL-007", "N >= 3", "dropped", Fate.REFUTED)
def test_refuted_that_the_hessian_is_zero_at_depth_two() -> None:
    """The smallest case, widths 1 and Phi = 1: the Hessian is -[[0, 1], [1, 0]], with a negative eigenvalue."""
    matrix = hessian(zero_weights((1, 1, 1)), ONE)
    assert matrix.tolist() == [[0, -1], [-1, 0]]
    assert inertia(matrix) == (1, 1, 0)


@control
def test_refuted_that_zero_is_strict_at_depth_three() -> None:
    """Widths 1 and Phi = 1: the Hessian has no negative eigenvalue."""
    assert inertia(hessian(zero_weights((1, 1, 1, 1)), ONE)) == (0, 0, 3)


@control
def test_refuted_that_zero_is_a_local_minimum_at_depth_three() -> None:
    """w = (t, t, t) at t = 1/1000 is below l(0) = 1/2."""
    weights = (ONE / 1000,) * 3
    assert compare(Comparison(loss(weights, ONE), ">=", fmpq(1, 2), "loss next to zero")).fails


@control
@ablates("DL-007", "N >= 2", "dropped", Fate.REFUTED)
def test_refuted_that_zero_is_critical_at_depth_one() -> None:
    """The gradient at zero is -Phi there."""
    (gradient,) = layer_gradients(zero_weights((1, 1)), ONE)
    assert compare(Comparison(frobenius_squared(gradient), "==", fmpq(0), "squared gradient")).fails


@control
@ablates("DL-007", "Phi not zero", "dropped", Fate.REFUTED)
def test_refuted_that_the_loss_falls_from_zero_where_the_target_is_zero() -> None:
    """Phi = 0, any N: l(0) = 0 is the least, and l(t V) = t^{2N} ||V_{1:N}||^2 / 2 is above it for both signs of t."""
    direction, nothing = (ONE, 2 * ONE, ONE), 0 * ONE
    assert loss(zero_weights((1, 1, 1, 1)), nothing) == 0
    for t in (fmpq(1, 1000), fmpq(-1, 1000)):
        assert compare(Comparison(loss_on_line(direction, nothing, t), "<", fmpq(0), "loss next to zero")).fails
        assert loss(tuple(t * v for v in direction), nothing) == loss_on_line(direction, nothing, t) == 2 * t**6


@control
def test_refuted_line_law_with_the_wrong_power() -> None:
    """t^{N-1} in place of t^N is wrong at t = 1/2 and at -1/2, depth 2: more than the loss, and less."""
    for t, above in ((0.5, False), (-0.5, True)):
        law, wrong = line_law(Problem((ONE, ONE), ONE, fmpq(1)), t), loss_on_line((ONE,), ONE, rational(t))
        assert compare(law).holds
        assert (wrong > law.left) == above
        assert compare(law._replace(right=wrong)).fails


@witness
def test_zero_target_makes_zero_a_global_minimum() -> None:
    """Phi = 0, depth 2: the Hessian is zero and so is the loss, the boundary of statements 2 and 3."""
    matrix = hessian(zero_weights((2, 1, 2)), 0 * diagonal(2, 2, [1, 1]))
    assert inertia(matrix) == (0, 0, 4)
    assert loss(zero_weights((2, 1, 2)), 0 * diagonal(2, 2, [1, 1])) == 0


@witness
def test_negative_curvature_is_attained_along_the_leading_mode() -> None:
    """Phi = diag(3, 1), V = (e_1 e_1^T, e_1 e_1^T) has <V, H V> / ||V||^2 = -3 = -sigma_1(Phi)."""
    target, unit = diagonal(2, 2, [3, 1]), diagonal(2, 2, [1, 0])
    assert curvature(zero_weights((2, 2, 2)), target, (unit, unit)) / 2 == -3
