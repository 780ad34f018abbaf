"""Without a deficiency margin gradient descent can fail for all time, even from balanced weights.

Statement. l = 1/2 ||W - Phi||_F^2, depth N, all weights at step 0 exactly balanced.

1. N even, square layers, Phi symmetric with a negative eigenvalue, W_j(0) = I. Under every learning rate, at every
   step, all layers are equal, symmetric and commute with Phi, so W(t) = A(t)^N is positive semidefinite and
   l(t) >= 1/2 sum of the squares of Phi's negative eigenvalues.
2. N >= 2, all widths 1, Phi = -1, w_j(0) = 1, 0 < eta < 1/2. Then 0 < w(t+1) <= w(t) <= 1 for every t, so
   l(t) > 1/2 and l(t) -> 1/2.
3. N >= 2, W_j(0) = 0. The margin is sigma_min(Phi) - Phi_F <= 0, with equality exactly for Phi = 0 and for a single
   row or column; the point is stationary and l = Phi_F^2 / 2 for ever.

Each is an induction over one step, so one step is what is decided, on every state that the invariant allows.
Hypotheses. As stated; they are those of Theorem 1 (``linear_rate``) without the positive margin.
Source. 1: ACGH19 (arXiv:1810.02281), Claim 5, after BHL18 (arXiv:1802.06093), Theorem 4. 2 and 3: this project.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pytest
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import ACGH19, BHL18, Claim, Fate, Status, ablates, control, exact, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, compare, rational, square_root
from solvers.descent import gradient_descent, loss_ball
from solvers.network import (
    Problem,
    deficiency_margin,
    frobenius_squared,
    gradient_step,
    imbalances,
    layer_gradients,
    loss,
)
from strategies import (
    DATASETS,
    diagonal,
    dimensions,
    dyadic_matrices,
    learning_rates,
    orthogonal_matrices,
    real_problem,
    regression,
    targets,
)

CLAIM = Claim(
    uid="DL-006",
    title="The margin is needed",
    statement=__doc__,
    sources=(ACGH19.at("Claim 5"), BHL18.at("Theorem 4")),
    items=("5.1", "5.2", "5.3"),
    status=Status.THEOREM,
    hypotheses=("N even", "start", "eta < 1/2", "N >= 2"),
)

SCALAR = arithmetic.exact(np.array([[1.0]]))


@dataclass(frozen=True)
class SymmetricState:
    """Equal layers A = Q diag(a) Q^T and Phi = Q diag(lambda) Q^T of rationals: any state the invariant of 1 allows."""

    layer: ObjectArray
    target: ObjectArray
    eigenvalues: tuple[fmpq, ...]
    depth: int

    @property
    def weights(self) -> tuple[ObjectArray, ...]:
        return (self.layer,) * self.depth

    @property
    def floor(self) -> fmpq:
        """1/2 sum of squares of the negative eigenvalues."""
        total = fmpq(0)
        for value in self.eigenvalues:
            total = total + (value**2 if value < 0 else fmpq(0))
        return total / 2


@st.composite
def symmetric_states(
    draw: st.DrawFn, *, depths: tuple[int, ...] = (2, 4, 6), at_identity: bool = False
) -> SymmetricState:
    """Sizes 1..4, eigenvalues of Phi and of A multiples of 1/4 in [-3, 3], at least one of Phi's negative."""
    size, depth = draw(st.integers(1, 4)), draw(st.sampled_from(depths))
    quarters = st.integers(-12, 12).map(lambda k: fmpq(k, 4))
    eigenvalues = [
        draw(st.integers(1, 12).map(lambda k: fmpq(-k, 4))),
        *(draw(quarters) for _ in range(size - 1)),
    ]
    own = [fmpq(1)] * size if at_identity else [draw(quarters) for _ in range(size)]
    basis = draw(orthogonal_matrices(size))

    def in_basis(values: list[fmpq]) -> ObjectArray:
        matrix: ObjectArray = basis @ diagonal(size, size, values) @ basis.T
        return matrix

    return SymmetricState(in_basis(own), in_basis(eigenvalues), tuple(eigenvalues), depth)


def keeps_the_symmetric_invariant(weights: tuple[ObjectArray, ...], target: ObjectArray) -> bool:
    """All layers equal, symmetric, and commuting with Phi."""
    first = weights[0]
    return bool(
        all((matrix == first).all() for matrix in weights)
        and (first == first.T).all()
        and (first @ target == target @ first).all()
    )


def above_the_floor(weights: tuple[ObjectArray, ...], state: SymmetricState) -> Comparison:
    """l >= 1/2 sum of squares of Phi's negative eigenvalues."""
    return Comparison(loss(weights, state.target), ">=", state.floor, "loss against Phi's negative part")


@symbolic
@pytest.mark.parametrize("depth", [2, 3])
def test_symmetric_layers_stay_equal_symmetric_and_commuting(depth: int) -> None:
    """A = p I + q Phi, the general symmetric matrix commuting with a generic Phi, of size 2: one step in symbols."""
    a, b, c, p, q, eta = sympy.symbols("a b c p q eta", real=True)
    target = sympy.Matrix([[a, b], [b, c]])
    layer = p * sympy.eye(2) + q * target
    moved = gradient_step((layer,) * depth, target, eta)
    assert all(sympy.expand(matrix - moved[0]) == sympy.zeros(2, 2) for matrix in moved)
    assert sympy.expand(moved[0] - moved[0].T) == sympy.zeros(2, 2)
    assert sympy.expand(moved[0] * target - target * moved[0]) == sympy.zeros(2, 2)


@symbolic
def test_even_powers_stay_on_the_wrong_side_for_every_even_depth() -> None:
    """(w^N - lambda)^2 - lambda^2 = w^N (w^N - 2 lambda) >= 0 for lambda < 0 and N = 2k, k symbolic, w any real."""
    w = sympy.Symbol("w", real=True)
    half = sympy.Symbol("k", integer=True, positive=True)
    eigenvalue = sympy.Symbol("lambda", negative=True)
    power = w ** (2 * half)
    assert sympy.expand((power - eigenvalue) ** 2 - eigenvalue**2 - power * (power - 2 * eigenvalue)) == 0
    assert power.is_nonnegative
    assert (power - 2 * eigenvalue).is_nonnegative


@symbolic
def test_scalar_recurrence_of_the_network_for_many_depths() -> None:
    """Equal scalar layers w have D_j = w^{N-1} (w^N - Phi) for every j, from the network's own gradient code."""
    w, target = sympy.symbols("w Phi", real=True)
    for depth in range(1, 9):
        gradients = layer_gradients((sympy.Matrix([[w]]),) * depth, sympy.Matrix([[target]]))
        assert all(sympy.expand(d[0] - w ** (depth - 1) * (w**depth - target)) == 0 for d in gradients)


@symbolic
def test_scalar_invariant_for_every_depth() -> None:
    """w' = w - eta w^{N-1} (w^N + 1) lies in [(1 - 2 eta) w, w] for 0 < w <= 1, N >= 2 symbolic.

    w = exp(-x), x >= 0. Then w - w' = eta w w^{N-2} (w^N + 1) >= 0, and 2 - w^{N-2} (w^N + 1) is
    (1 - w^{N-2}) + (1 - w^{2N-2}), two terms 1 - exp(-k x) with k x >= 0.
    """
    x = sympy.Symbol("x", nonnegative=True)
    eta = sympy.Symbol("eta", positive=True)
    depth = sympy.Symbol("n", integer=True, nonnegative=True) + 2
    w = sympy.exp(-x)
    factor = w ** (depth - 2) * (w**depth + 1)
    moved = w - eta * w ** (depth - 1) * (w**depth + 1)
    assert (eta * w * factor).is_nonnegative
    assert sympy.simplify(w - moved - eta * w * factor) == 0
    assert sympy.simplify(2 - factor - (1 - w ** (depth - 2)) - (1 - w ** (2 * depth - 2))) == 0
    for exponent in (depth - 2, 2 * depth - 2):
        assert sympy.expand(exponent * x).is_nonnegative
        assert sympy.simplify(w**exponent - sympy.exp(-exponent * x)) == 0


@symbolic
@ablates("DL-004", "margin", "dropped", Fate.REFUTED)
def test_the_loss_exceeds_one_half_and_tends_to_it_for_every_depth() -> None:
    """l - 1/2 = w^N (w^N + 2) / 2 > 0 for w > 0. A decreasing sequence in (0, 1] converges to a fixed point, where
    w^{N-1} (w^N + 1) = 0; the second factor is positive, so the limit is w = 0, where l = 1/2."""
    w = sympy.Symbol("w", positive=True)
    depth = sympy.Symbol("N", integer=True, positive=True)
    value = (w**depth + 1) ** 2 / 2
    assert sympy.expand(value - sympy.Rational(1, 2) - w**depth * (w**depth + 2) / 2) == 0
    assert (w**depth * (w**depth + 2)).is_positive
    assert (sympy.Symbol("u", nonnegative=True) ** depth + 1).is_positive
    assert sympy.expand(value).subs(w**depth, 0).subs(w ** (2 * depth), 0) == sympy.Rational(1, 2)


@exact
@given(symmetric_states(), learning_rates())
def test_one_step_keeps_the_invariant_under_any_learning_rate(state: SymmetricState, learning_rate: float) -> None:
    """From any state of the invariant, in rationals, eta from 2^-20 to 8: so for all time, by induction."""
    assert keeps_the_symmetric_invariant(state.weights, state.target)
    assert compare(above_the_floor(state.weights, state)).holds
    after = gradient_step(state.weights, state.target, rational(learning_rate))
    assert keeps_the_symmetric_invariant(after, state.target)
    assert compare(above_the_floor(after, state)).holds


@exact
@ablates("DL-004", "margin", "sigma_min(W(0)) >= c", Fate.REFUTED)
@given(symmetric_states(at_identity=True), learning_rates())
def test_from_the_identity(state: SymmetricState, learning_rate: float) -> None:
    """W_j(0) = I is in the invariant, exactly balanced, not stationary, without a margin; two steps in rationals."""
    weights = state.weights
    assert keeps_the_symmetric_invariant(weights, state.target)
    assert all(frobenius_squared(b) == 0 for b in imbalances(weights))
    assert any(frobenius_squared(gradient) > 0 for gradient in layer_gradients(weights, state.target))
    assert compare(Comparison(deficiency_margin(weights, state.target), "<=", fmpq(0), "margin of I")).holds
    for _ in range(2):
        weights = gradient_step(weights, state.target, rational(learning_rate))
        assert keeps_the_symmetric_invariant(weights, state.target)
        assert compare(above_the_floor(weights, state)).holds


@exact
@given(st.integers(2, 8), st.integers(1, 64), st.integers(1, 63))
def test_one_scalar_step_stays_in_the_unit_interval(depth: int, weight: int, rate: int) -> None:
    """From any w in (0, 1] with any eta in (0, 1/2): all layers stay equal, 0 < w' <= w, and l > 1/2."""
    w, eta = fmpq(weight, 64) * SCALAR, fmpq(rate, 128)
    moved = gradient_step((w,) * depth, -SCALAR, eta)
    assert all(matrix == moved[0] for matrix in moved)
    assert 0 < moved[0][0, 0] <= w[0, 0]
    assert compare(Comparison(loss(moved, -SCALAR), ">", fmpq(1, 2), "loss after a step")).holds


@exact
@given(dimensions(min_depth=2), st.data())
def test_zero_is_stationary_without_a_margin(widths: tuple[int, ...], data: st.DataObject) -> None:
    """sigma_min(Phi) <= Phi_F with equality exactly for a row, a column or zero; the step does not move; l stays.

    (For symbolic sizes the gradients at zero are computed in ``saddle_at_zero``.)
    """
    target = data.draw(targets(widths[-1], widths[0]))
    weights = tuple(arithmetic.exact(np.zeros((rows, columns))) for columns, rows in itertools.pairwise(widths))
    margin = deficiency_margin(weights, target)
    boundary = 1 in target.shape or frobenius_squared(target) == 0
    assert compare(Comparison(margin, "==" if boundary else "<", fmpq(0), "margin of zero")).holds
    after = gradient_step(weights, target, rational(data.draw(learning_rates())))
    assert all((moved == still).all() for moved, still in zip(after, weights, strict=True))
    assert loss(after, target) == frobenius_squared(target) / 2


@sampled
@given(symmetric_states(depths=(2, 4), at_identity=True))
def test_long_float_runs_never_pass_the_floor(state: SymmetricState) -> None:
    """300 float64 steps from the identity at eta = 2^-12, the rounding counted: l is still at or above the floor."""
    problem = Problem(state.weights, state.target, fmpq(1, 4096)).nearest()
    trajectory = gradient_descent(problem, steps=300, certify=True)
    floor = Comparison(loss_ball(trajectory), ">=", state.floor, "loss after 300 steps against the floor")
    assert compare(floor).holds


@sampled
@pytest.mark.parametrize("name", DATASETS)
def test_real_data_from_the_wrong_side(name: str) -> None:
    """From W(0) = -Phi/2, balanced and without margin: 300 steps of 1/100 leave the loss above that of W = 0."""
    problem = real_problem(name, (4,), start=-1 / 2, learning_rate=0.01)
    posed = problem.exact()
    assert compare(Comparison(deficiency_margin(posed.weights, posed.target), "<=", fmpq(0), "margin")).holds
    trajectory = gradient_descent(problem, steps=300, certify=True)
    at_zero = frobenius_squared(arithmetic.exact(regression(name).target)) / 2
    assert compare(Comparison(loss_ball(trajectory), ">", at_zero, "loss after 300 steps")).holds


@control
@ablates("DL-006", "N even", "dropped", Fate.REFUTED)
def test_refuted_for_odd_depth() -> None:
    """Statement 1 needs N even: at N = 1 one step of eta = 1 from I reaches Phi = -1 itself."""
    after = gradient_step((SCALAR,), -SCALAR, fmpq(1))
    assert compare(Comparison(loss(after, -SCALAR), ">=", fmpq(1, 2), "loss")).fails


@control
@ablates("DL-006", "start", "dropped", Fate.REFUTED)
def test_refuted_for_layers_that_do_not_commute() -> None:
    """From layers outside the invariant, W_1 = -1/2 and W_2 = 1, depth 2 reaches below the floor: l = 1/8 < 1/2."""
    weights = (SCALAR * fmpq(-1, 2), SCALAR)
    assert not keeps_the_symmetric_invariant(weights, -SCALAR)
    assert compare(Comparison(loss(weights, -SCALAR), ">=", fmpq(1, 2), "loss")).fails


@control
@ablates("DL-006", "eta < 1/2", "dropped", Fate.REFUTED)
def test_refuted_for_a_learning_rate_above_one_half() -> None:
    """Statement 2 needs eta < 1/2: at eta = 1, N = 2, w = 1 jumps to -1; at N = 3, eta = 1, it lands on Phi."""
    (moved, _) = gradient_step((SCALAR, SCALAR), -SCALAR, fmpq(1))
    assert moved == -SCALAR
    cubic = gradient_step((SCALAR,) * 3, -SCALAR, fmpq(1))
    assert compare(Comparison(loss(cubic, -SCALAR), ">", fmpq(1, 2), "loss")).fails


@control
@ablates("DL-006", "eta < 1/2", "eta <= 1/2", Fate.REFUTED)
@pytest.mark.parametrize("depth", [2, 3, 6])
def test_refuted_at_a_learning_rate_of_one_half(depth: int) -> None:
    """At eta = 1/2 exactly, w = 1 goes to 0, where l is 1/2 and not above."""
    moved = gradient_step((SCALAR,) * depth, -SCALAR, fmpq(1, 2))
    assert all(matrix == 0 for matrix in moved)
    assert compare(Comparison(loss(moved, -SCALAR), ">", fmpq(1, 2), "loss")).fails


@control
@ablates("DL-006", "N >= 2", "dropped", Fate.REFUTED)
def test_refuted_that_zero_is_stationary_at_depth_one() -> None:
    """Statement 3 needs N >= 2."""
    (moved,) = gradient_step((0 * SCALAR,), SCALAR, fmpq(1, 2))
    assert moved == SCALAR / 2


@control
def test_refuted_floor_with_a_positive_eigenvalue_counted() -> None:
    """Counting all eigenvalues is too much: Phi = diag(-1, 4) at A = diag(0, 2), N = 2, has l = 1/2 < 17/2."""
    target = diagonal(2, 2, [-1, 4])
    weights = (diagonal(2, 2, [0, 2]),) * 2
    whole = frobenius_squared(target) / 2
    assert compare(Comparison(loss(weights, target), ">=", whole, "loss against all of Phi")).fails


@witness
def test_the_floor_is_attained() -> None:
    """In the same state the floor 1/2 itself is met with equality: the boundary of statement 1."""
    state = SymmetricState(diagonal(2, 2, [0, 2]), diagonal(2, 2, [-1, 4]), (fmpq(-1), fmpq(4)), 2)
    assert loss(state.weights, state.target) == state.floor == fmpq(1, 2)


@witness
@ablates("DL-004", "margin", "exactly 0", Fate.REFUTED)
def test_zero_has_margin_exactly_zero_for_a_row() -> None:
    """The boundary of statement 3: Phi = (3 4), sigma_min(Phi) = Phi_F = 5."""
    target = arithmetic.exact(np.array([[3.0, 4.0]]))
    weights = (arithmetic.exact(np.zeros((1, 2))), arithmetic.exact(np.zeros((1, 1))))
    assert square_root(frobenius_squared(target)) == 5
    assert deficiency_margin(weights, target) == 0


@witness
@given(st.integers(2, 6), dyadic_matrices(1, 1))
def test_hypotheses_of_statement_two_hold_at_the_start(depth: int, rate: np.ndarray) -> None:
    """w_j(0) = 1 is balanced, in the invariant and has margin -1; depth 2 is the smallest."""
    weights = (SCALAR,) * depth
    assert all(b == 0 for b in imbalances(weights))
    assert deficiency_margin(weights, -SCALAR) == -1
