"""Objectives of U U^T: against automatic differentiation, rationals, balls, enclosures and symbols; bad input.

Entries are small whole numbers, so that float64 computes every sum and product here exactly: all comparisons are of
equal numbers, whoever computes them.
"""

from __future__ import annotations

import re

import jax
import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite.symbols import is_zero
from solvers.arithmetic import Comparison, Enclosure, balls, decide, exact, nearest
from solvers.shallow import (
    ConvexObjective,
    FactoredObjective,
    FactoredProblem,
    SymmetricMap,
    combination,
    coordinate_basis,
    coordinate_gram,
    from_form,
    gaussian_mean,
    identity_map,
    inner,
    mask,
    measurements,
    phase_measurements,
    sampled_objective,
)

jax.config.update("jax_enable_x64", True)

N, K = 3, 2
RNG = np.random.default_rng(0)


def whole(*shape):
    """Whole numbers in [-2, 2] as float64."""
    return RNG.integers(-2, 3, shape).astype(np.float64)


def symmetric(*shape):
    """Symmetric matrices of whole numbers."""
    matrix = whole(*shape)
    return matrix + matrix.mT


PATTERN = np.array([[0.0, 1, 1], [1, 1, 0], [1, 0, 0]])
MATRICES, VECTORS = symmetric(4, N, N), whole(5, N)
WEIGHTS, COEFFICIENTS = np.array([1.0, 2, 0, 3, 1]), symmetric(4, 4)
FORM = symmetric(6, 6)
UPPER = np.triu_indices(N)


def entry_form(x):
    """x^T G x with x the entries on and above the diagonal."""
    return x[UPPER] @ FORM @ x[UPPER]


# <X, T X>, written out from the definition of each landscape
FORMS = {
    "identity": (identity_map(), lambda x: (x**2).sum()),
    "Gaussian mean": (gaussian_mean(), lambda x: 2 * (x**2).sum() + x.trace() ** 2),
    "mask": (mask(PATTERN), lambda x: (PATTERN * x**2).sum()),
    "measurements": (measurements(MATRICES), lambda x: sum((a * x).sum() ** 2 for a in MATRICES)),
    "phase": (
        phase_measurements(VECTORS, WEIGHTS),
        lambda x: sum(w * (a @ x @ a) ** 2 for a, w in zip(VECTORS, WEIGHTS, strict=True)),
    ),
    "combination": (
        combination(MATRICES, COEFFICIENTS, identity=3),
        lambda x: (
            3 * (x**2).sum()
            + sum(
                c * (a * x).sum() * (b * x).sum()
                for row, a in zip(COEFFICIENTS, MATRICES, strict=True)
                for c, b in zip(row, MATRICES, strict=True)
            )
        ),
    ),
    "form": (from_form(FORM), entry_form),
}


@pytest.mark.parametrize("name", FORMS)
def test_against_automatic_differentiation(name):
    """Value, gradient, Hessian, its product and its form, of a batch, against JAX on <N, T N> / 4."""
    linear_map, form = FORMS[name]
    target, factors = symmetric(N, N), whole(6, N, K)
    objective = FactoredObjective(target, linear_map)

    def oracle(factor):
        return form(factor @ factor.T - target) / 4

    value, gradient, hessian = (jax.jit(jax.vmap(f)) for f in (oracle, jax.grad(oracle), jax.hessian(oracle)))
    expected = np.asarray(hessian(factors)).reshape(6, N * K, N * K)
    assert np.array_equal(objective.value(factors), value(factors))
    assert np.array_equal(objective.gradient(factors), gradient(factors))
    assert np.array_equal(objective.hessian(factors), expected)
    direction = whole(6, N, K)
    flat = direction.reshape(6, -1, 1)
    product = (expected @ flat).reshape(direction.shape)
    assert np.array_equal(objective.hessian_vector_product(factors, direction), product)
    assert np.array_equal(objective.hessian_form(factors, direction), inner(direction, product))


@pytest.mark.parametrize("name", FORMS)
def test_one_formula_in_every_arithmetic(name):
    """float64, rationals and balls agree exactly where float64 is exact; one factor alone as in a batch."""
    objective = FactoredObjective(symmetric(N, N), FORMS[name][0])
    factor, direction = whole(N, K), whole(N, K)
    for other, convert in ((objective.exact(), exact), (objective.balls(), balls)):
        u, v = convert(factor), convert(direction)
        assert float(other.value(u)) == objective.value(factor) == objective.value(factor[None])[0]
        assert np.array_equal(nearest(other.gradient(u)), objective.gradient(factor))
        assert np.array_equal(nearest(other.hessian(u)), objective.hessian(factor))
        assert float(other.hessian_form(u, v)) == objective.hessian_form(factor, direction)
        assert np.array_equal(other.nearest().gradient(factor), objective.gradient(factor))
    u, v = exact(factor) / 3, exact(direction) / 7  # where float64 is not
    exactly, enclosing = objective.exact(), objective.balls()
    assert enclosing.value(balls(u)).overlaps(arb(exactly.value(u)))
    form = exactly.hessian_form(u, v)
    assert enclosing.hessian_form(balls(u), balls(v)).overlaps(arb(form))
    assert v.ravel() @ exactly.hessian(u) @ v.ravel() == form


@pytest.mark.parametrize("linear_map", [identity_map(), mask(PATTERN)], ids=["identity", "mask"])
@given(st.data())
def test_enclosures_hold_the_exact_numbers(linear_map, data):
    """Value, gradient and Hessian form of float64 factors whose products round."""
    entries = st.integers(-1000, 1000).map(lambda k: k / 7)
    draw = lambda: np.array(data.draw(st.lists(entries, min_size=N * K, max_size=N * K))).reshape(N, K)  # noqa: E731
    objective = FactoredObjective(symmetric(N, N) / 3, linear_map)
    factor, direction = draw(), draw()
    enclosed, exactly = objective.enclosed(), objective.exact()
    u, v = Enclosure.of(factor), Enclosure.of(direction)
    assert enclosed.value(u).contains(arb(exactly.value(exact(factor))))
    assert enclosed.hessian_form(u, v).contains(arb(exactly.hessian_form(exact(factor), exact(direction))))
    gradient = enclosed.gradient(u).entries()
    for ball, number in zip(gradient.ravel(), exactly.gradient(exact(factor)).ravel(), strict=True):
        assert ball.contains(arb(number))
        assert float(ball.rad()) < 1e-6


def test_symbols_of_every_size():
    """T = identity: grad f = U U^T U - M U and H V, for symbolic n and k; both maps give f as a trace."""
    n, k = sympy.symbols("n k", integer=True, positive=True)
    u, v = sympy.MatrixSymbol("U", n, k), sympy.MatrixSymbol("V", n, k)
    m = sympy.MatrixSymbol("M", n, n)
    objective = FactoredObjective(m)
    assert is_zero(objective.gradient(u) - (u * u.T * u - m * u))
    hessian = (u * v.T + v * u.T) * u + (u * u.T - m) * v
    assert is_zero(objective.hessian_vector_product(u, v) - hessian)
    column, square = sympy.MatrixSymbol("U", 2, 1), sympy.MatrixSymbol("M", 2, 2)
    value = FactoredObjective(square).value(column)
    found = value.subs({column: sympy.Matrix([1, 2]), square: sympy.Matrix([[3, 1], [1, 0]])}).doit()
    expected = FactoredObjective(exact(np.array([[3.0, 1], [1, 0]]))).value(exact(np.array([[1.0], [2]])))
    assert found == sympy.Rational(int(expected.p), int(expected.q)) == sympy.Rational(11, 2)
    x = sympy.MatrixSymbol("X", 2, 2)
    (a, b), (c, d) = x.as_explicit().tolist()
    expected = sympy.Matrix([[3 * a + d, 2 * b], [2 * c, a + 3 * d]])
    assert (gaussian_mean()(x).as_explicit().subs(sympy.trace(x), a + d) - expected).expand() == sympy.zeros(2, 2)
    assert gaussian_mean()(m) == 2 * m + sympy.trace(m) * sympy.Identity(n)


@pytest.mark.parametrize("name", FORMS)
def test_maps_are_self_adjoint_and_their_form_is_theirs(name):
    """<X, T Y> = <T X, Y> over a basis, and the form gives T back."""
    linear_map, form = FORMS[name]
    matrix = linear_map.form(N)
    assert (matrix == matrix.T).all()
    x = symmetric(N, N)
    assert float(exact(x)[UPPER] @ matrix @ exact(x)[UPPER]) == float(form(x))
    again = from_form(matrix)
    assert np.array_equal(nearest(again(exact(x))), linear_map(x))


def test_the_coordinate_basis_has_the_gram_matrix_it_names():
    """Inner products of E_ii and E_ij + E_ji."""
    basis = coordinate_basis(N)
    assert (inner(basis[:, None], basis[None, :]) == coordinate_gram(N)).all()


def test_rational_and_boolean_data():
    """Weights of rationals, an identity part of a rational, and a boolean mask."""
    x = exact(symmetric(N, N))
    third = phase_measurements(exact(VECTORS), [fmpq(1, 3)] * 5)
    assert (third(x) * 3 == phase_measurements(exact(VECTORS))(x)).all()
    half = combination(exact(MATRICES), exact(np.zeros((4, 4))), identity=fmpq(1, 2))
    assert (half(x) * 2 == x).all()
    assert np.array_equal(mask(PATTERN == 1)(nearest(x)), mask(PATTERN)(nearest(x)))


def test_convex_objectives_against_automatic_differentiation():
    """F(Y) = mean s^2 (s - 3) + 2 tr Y of the outputs s = x^T Y x, and the squared distance as an F."""
    vectors, factors, direction = whole(4, N), whole(6, N, K), whole(6, N, K)
    objective = sampled_objective(
        vectors, lambda s: s**2 * (s - 3), lambda s: 3 * s**2 - 6 * s, lambda s: 6 * s - 6, ridge=2
    )

    def oracle(factor):
        s = ((vectors @ factor) ** 2).sum(axis=1)
        return (s**2 * (s - 3)).mean() + 2 * (factor**2).sum()

    value, gradient, hessian = (jax.jit(jax.vmap(f)) for f in (oracle, jax.grad(oracle), jax.hessian(oracle)))
    expected = np.asarray(hessian(factors)).reshape(6, N * K, N * K)
    assert np.array_equal(objective.value(factors), value(factors))
    assert np.array_equal(objective.gradient(factors), gradient(factors))
    assert np.array_equal(objective.hessian(factors), expected)
    flat = direction.reshape(6, -1, 1)
    form = (flat.mT @ expected @ flat).ravel()
    assert np.array_equal(objective.hessian_form(factors, direction), form)
    exactly = sampled_objective(
        exact(vectors), lambda s: s**2 * (s - 3), lambda s: 3 * s**2 - 6 * s, lambda s: 6 * s - 6, ridge=fmpq(2)
    )
    assert float(exactly.value(exact(factors[0]))) == objective.value(factors[0])
    assert np.array_equal(nearest(exactly.hessian(exact(factors[0]))), expected[0])


def test_the_squared_distance_is_a_convex_objective():
    """F(Y) = 1/4 |Y - M|^2 gives f again, in rationals."""
    target, u, v = exact(symmetric(N, N)), exact(whole(N, K)), exact(whole(N, K))
    convex = ConvexObjective(
        N, lambda y: inner(y - target, y - target) / 4, lambda y: (y - target) / 2, lambda y, s: s / 2
    )
    plain = FactoredObjective(target)
    assert convex.value(u) == plain.value(u)
    assert (convex.gradient(u) == plain.gradient(u)).all()
    assert (convex.hessian(u) == plain.hessian(u)).all()
    assert convex.hessian_form(u, v) == plain.hessian_form(u, v)


SQUARE, LOPSIDED = np.eye(N), np.triu(np.ones((N, N)))
NAN = np.full((N, N), np.nan)
F = FactoredObjective(SQUARE)
BAD = {
    "list": (lambda: FactoredObjective([[1.0]]), TypeError, "target is a list; expected a matrix"),
    "oblong": (lambda: FactoredObjective(np.ones((2, 3))), ValueError, "target has shape (2, 3); expected a square"),
    "lopsided": (lambda: FactoredObjective(LOPSIDED), ValueError, "target is not symmetric; expected A = A^T"),
    "nan": (lambda: FactoredObjective(NAN), ValueError, "target has the entry nan at (0, 0); expected finite"),
    "integers": (lambda: FactoredObjective(np.eye(2, dtype=int)), TypeError, "target has dtype int64; expected"),
    "stack": (lambda: FactoredObjective(SQUARE[None]), ValueError, "target has shape (1, 3, 3); expected two axes"),
    "function": (lambda: FactoredObjective(SQUARE, abs), TypeError, "linear_map is a builtin_function_or_method"),
    "other size": (
        lambda: FactoredObjective(np.eye(2), mask(SQUARE)),
        ValueError,
        "linear_map acts on 3 x 3 matrices but target has shape (2, 2); expected the same size",
    ),
    "factor rows": (lambda: F.value(np.ones((2, 2))), ValueError, "factor has shape (2, 2); expected 3 rows"),
    "factor columns": (lambda: F.gradient(np.ones((3, 0))), ValueError, "factor has shape (3, 0); expected 3 rows"),
    "factor vector": (lambda: F.hessian(np.ones(3)), ValueError, "factor has shape (3,); expected (n, k)"),
    "factor list": (lambda: F.value([[1.0]]), TypeError, "factor is a list; expected a matrix of 3 rows"),
    "factor integers": (lambda: F.value(np.ones((3, 1), dtype=int)), TypeError, "factor has dtype int64; expected"),
    "pattern": (lambda: mask(2 * SQUARE), ValueError, "pattern has an entry other than 0 and 1; expected"),
    "pattern lopsided": (lambda: mask(LOPSIDED), ValueError, "pattern is not symmetric; expected A = A^T"),
    "one measurement": (lambda: measurements(SQUARE), ValueError, "matrices has shape (3, 3); expected (m, n, n)"),
    "no measurement": (lambda: measurements(MATRICES[:0]), ValueError, "matrices has shape (0, 3, 3); expected"),
    "one vector": (lambda: phase_measurements(np.ones(3)), ValueError, "vectors has shape (3,); expected (m, n)"),
    "weights": (lambda: phase_measurements(VECTORS, [1.0]), ValueError, "weights has shape (1,); expected (5,), one"),
    "negative": (lambda: phase_measurements(VECTORS, -WEIGHTS), ValueError, "weights has a negative entry; expected"),
    "coefficients": (lambda: combination(MATRICES, SQUARE), ValueError, "coefficients has shape (3, 3) but"),
    "form": (lambda: from_form(np.eye(4)), ValueError, "form has shape (4, 4); expected n (n + 1) / 2 rows"),
    "form lopsided": (lambda: from_form(LOPSIDED), ValueError, "form is not symmetric; expected A = A^T"),
    "samples": (lambda: sampled_objective(np.ones(3), abs, abs, abs), ValueError, "vectors has shape (3,); expected"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_by_name(case):
    """The argument, what was wrong with it, and what would be right."""
    call, error, sentence = BAD[case]
    with pytest.raises(error, match=re.escape(sentence)):
        call()


@pytest.mark.parametrize("name", [name for name in FORMS if name != "form"])
def test_statements_are_decided_on_problems(name):
    """f after a step is <= 1 + f before it, decided first in float64 with bounds, and f = f in rationals."""
    objective = FactoredObjective(symmetric(N, N) / 7, FORMS[name][0])
    problem = FactoredProblem(objective, whole(N, K) / 7, 0.001)
    assert problem.is_float64
    assert not problem.exact().is_float64

    def descends(posed):
        value, after = posed.objective.value(posed.factor), posed.step()
        return Comparison(after.objective.value(after.factor), "<=", value + 1, "f after a step")

    def same(posed):
        return Comparison(posed.objective.value(posed.factor), "==", posed.objective.value(posed.factor), "f")

    assert decide(descends, problem).holds
    assert decide(same, problem).holds
    stepped = nearest(problem.exact().step().factor)
    assert np.abs(problem.step().factor - stepped).max() < 1e-12  # under 100 roundings of numbers below 100
    assert np.array_equal(problem.exact().nearest().factor, problem.factor)


def test_a_problem_that_does_not_fit_is_refused():
    """By the argument's name."""
    with pytest.raises(ValueError, match=r"factor has shape \(2, 2\); expected 3 rows"):
        FactoredProblem(F, np.ones((2, 2)))
    with pytest.raises(TypeError, match="objective is a ndarray; expected a FactoredObjective"):
        FactoredProblem(SQUARE, np.ones((3, 2)))


def test_a_map_of_ones_own():
    """Any rule will do: T X = 5 X."""
    five = SymmetricMap("five", (np.array(5.0),), lambda arrays, x: x * arrays[0])
    factor = whole(N, K)
    assert np.array_equal(FactoredObjective(SQUARE, five).gradient(factor), 5 * F.gradient(factor))
