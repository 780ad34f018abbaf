"""Statement 4: every step in balls, at the boundary of the ball and of the learning rate; and runs in float64."""

from functools import partial
from typing import Any

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.shallow_trajectories.relu_teachers.orthonormal import largest_eigenvalue, teachers, top_matrix
from claims.suite import Fate, ablates, control, exact, fewer, sampled, symbolic, witness
from solvers import arithmetic, network, shallow
from solvers.arithmetic import Comparison, ObjectArray, compare, elementary, settle
from solvers.guarantees.relu_teachers import learning_rate_limit, radius
from strategies.shallow import unit_vectors


def nearer(start: ObjectArray, rate: fmpq, twenty: int = 20) -> Comparison:
    """||W' - W*||_F^2 <= (1 - eta/20)^2 ||W - W*||_F^2 for one step."""
    truth = teachers(*start.shape)
    after = start - shallow.population_gradient(start, truth) * rate
    bound = (1 - rate / twenty) ** 2 * network.frobenius_squared(start - truth)
    return Comparison(network.frobenius_squared(after - truth), "<=", bound, "the squared distance after a step")


@st.composite
def near_the_truth(draw: st.DrawFn, units: int, size: int) -> ObjectArray:
    """W with ||W - W*||_F = 1/(25K), half of it or a millionth; no entry of W - W* is 0."""
    move = draw(unit_vectors(units * size)).reshape(units, size)
    found: ObjectArray = teachers(units, size) + move * radius(units) * draw(
        st.sampled_from([fmpq(1), fmpq(1, 2), fmpq(1, 10**6)])
    )
    return found


SHAPES = [(1, 1), (1, 3), (2, 2), (2, 3), (3, 3), (4, 4)]


@symbolic
def test_the_limits_of_the_learning_rate_for_every_k() -> None:
    """8/(K+4) (K/4 + 9/10 + 1/20) <= 2 for every K; lambda_max > K/4 + 3/4, so that 8/(K+3) lambda_max > 2, for every
    K >= 40: (K/4 + 3/4 - a)(K/4 + 3/4 - c) - b^2 is linear in K, negative at 40, and falls."""
    k = sympy.Symbol("K", positive=True)
    length = k / 4 + sympy.Rational(19, 20)
    assert sympy.cancel(2 - 8 / (k + 4) * length - sympy.Rational(2, 5) / (k + 4)) == 0
    a, b, c = top_matrix(k)
    middle = k / 4 + sympy.Rational(3, 4)
    determinant = sympy.Poly(sympy.expand((middle - a) * (middle - c) - b**2), k)
    assert determinant.degree() == 1
    assert determinant.coeff_monomial(k).is_negative
    assert determinant.eval(40).is_negative
    assert determinant.eval(30).is_positive
    assert sympy.cancel(8 / (k + 3) * middle) == 2


@exact
@fewer(2)
@given(
    st.sampled_from(SHAPES).flatmap(lambda shape: near_the_truth(*shape)),
    st.sampled_from([fmpq(1), fmpq(1, 2), fmpq(1, 100)]),
)
def test_every_step_comes_nearer(start: ObjectArray, part: fmpq) -> None:
    """K = 1 to 4, d <= 4; the ball and the learning rate up to their boundaries."""
    assert settle(lambda: nearer(start, part * learning_rate_limit(len(start)))).holds


@sampled
@pytest.mark.parametrize(("units", "size"), [(3, 5), (6, 6)])
def test_runs_from_the_boundary(units: int, size: int) -> None:
    """40 starts on the boundary of the ball, 100 steps at the largest rate: the ends, taken exactly, are as near as the
    bound says, which is 10^8 roundings away."""
    random, truth = np.random.default_rng(49), np.eye(units, size)
    moves = random.standard_normal((40, units, size))
    w = truth + moves / np.linalg.norm(moves, axis=(1, 2), keepdims=True) / (25 * units) * (1 - 2.0**-40)
    assert all(network.frobenius_squared(arithmetic.exact(start - truth)) <= radius(units) ** 2 for start in w)
    rate = learning_rate_limit(units)
    for _ in range(100):
        w = w - float(rate) * shallow.population_gradient(w, truth)
    far = max((network.frobenius_squared(arithmetic.exact(end) - arithmetic.exact(truth)) for end in w), key=float)
    bound = ((1 - rate / 20) ** 100 * radius(units)) ** 2
    assert compare(Comparison(far, "<=", bound, "the largest squared distance at the end")).holds


def along_the_top(units: int, four: int) -> Comparison:
    """``nearer`` in two numbers: from W* along the eigenvector p I + q (J - I) of lambda_max, 10^-6 away."""
    k, rate = fmpq(units), learning_rate_limit(units, four)
    a, b, _ = top_matrix(k)
    ratio = (largest_eigenvalue(k) - a) / (b * elementary.sqrt(k - 1))
    move = fmpq(1, 10**6)
    after = shallow.symmetric_step(shallow.UnitCoordinates(1 + move, move * ratio), k, rate)

    def squared(x: Any, y: Any) -> Any:
        return x * x + (k - 1) * y * y

    bound = (1 - rate / 20) ** 2 * squared(move, move * ratio)
    return Comparison(squared(after.own - 1, after.others), "<=", bound, "the squared distance after a step, over K")


@control
@ablates("DL-049", "learning rate", "8/(K+3) for 8/(K+4)", Fate.RATE)
def test_refuted_for_a_larger_learning_rate() -> None:
    """K = 40 and 1000: along the top eigenvector a step with 8/(K+3) leads away; with 8/(K+4) it comes nearer."""
    for units in (40, 1000):
        assert settle(partial(along_the_top, units, 4)).holds
        assert settle(partial(along_the_top, units, 3)).fails


@control
@ablates("DL-049", "learning rate", "dropped", Fate.RATE)
def test_refuted_without_a_limit_of_the_learning_rate() -> None:
    """eta = 4 for K = d = 1, at the boundary of the ball."""
    start = arithmetic.exact([[fmpq(26, 25)]])
    assert settle(lambda: nearer(start, learning_rate_limit(1))).holds
    assert settle(lambda: nearer(start, fmpq(4))).fails


@control
def test_refuted_with_twice_the_rate() -> None:
    """1/10 for 1/20: K = 2 along the antisymmetric direction, where only 0.0908... of the distance is lost."""
    start = teachers(2, 2) + arithmetic.exact([[1, 1], [-1, -1]]) * fmpq(1, 100)
    assert settle(lambda: nearer(start, learning_rate_limit(2))).holds
    assert nearer(start, learning_rate_limit(2)).right == fmpq(14, 15) ** 2 * 4 / 100**2
    assert settle(lambda: nearer(start, learning_rate_limit(2), twenty=10)).fails


@control
@ablates("DL-049", "orthonormal teachers", "dropped", Fate.RATE)
def test_refuted_for_equal_teachers() -> None:
    """K = 2, both teachers e_1: W = W* + (a, -a) is as far after a step as before, up to a third power."""
    truth, move = arithmetic.exact([[1, 0], [1, 0]]), arithmetic.exact([[1, 0], [-1, 0]]) / 100
    slope = shallow.population_gradient(truth + move, truth)
    after = network.frobenius_squared(move - learning_rate_limit(2) * slope)
    bound = (1 - learning_rate_limit(2) / 20) ** 2 * network.frobenius_squared(move)
    assert compare(Comparison(after, "<=", bound, "the squared distance after a step")).fails


@control
@ablates("DL-049", "ball", "dropped for descent", Fate.REFUTED)
def test_refuted_for_descent_from_anywhere() -> None:
    """Two units that have exchanged their teachers are at rest, at the distance 2 from the truth."""
    start = teachers(3, 3)[[1, 0, 2]]
    assert all(arb(entry).contains(0) for entry in shallow.population_gradient(start, teachers(3, 3)).ravel())
    assert settle(lambda: nearer(start, learning_rate_limit(3))).fails


@witness
def test_the_truth_is_at_rest() -> None:
    """V = 0, K = 1 and 3."""
    for units in (1, 3):
        truth = teachers(units, 3)
        assert all(arb(entry).contains(0) for entry in shallow.population_gradient(truth, truth).ravel())
