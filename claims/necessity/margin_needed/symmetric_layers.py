"""Statement 1: from the identity, an even power stays on the wrong side of a negative eigenvalue."""

import pytest
import sympy
from flint import fmpq
from hypothesis import given

from claims.suite import Fate, ablates, control, exact, sampled, symbolic, witness
from solvers import arithmetic, network
from solvers.arithmetic import Comparison, ObjectArray, compare, rational
from solvers.descent import gradient_descent, loss_ball
from strategies import SymmetricState, diagonal, learning_rates, symmetric_states

SCALAR = arithmetic.exact([[1]])


def negative_part(eigenvalues: tuple[fmpq, ...]) -> fmpq:
    """1/2 sum of squares of the negative ones."""
    return sum((value**2 for value in eigenvalues if value < 0), start=fmpq(0)) / 2


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
    return Comparison(
        network.loss(weights, state.target), ">=", negative_part(state.eigenvalues), "loss against Phi's negative part"
    )


@control
def test_refuted_where_one_entry_is_another() -> None:
    """Of two equal layers diag(1, 2) and Phi = diag(3, 4): one entry of a layer, of both, or of Phi moved."""
    layer, target = diagonal(2, 2, [1, 2]), diagonal(2, 2, [3, 4])
    beside, corner = arithmetic.exact([[0, 1], [0, 0]]), diagonal(2, 2, [1, 0])
    assert keeps_the_symmetric_invariant((layer, layer), target)
    assert not keeps_the_symmetric_invariant((layer, layer + corner), target)
    assert not keeps_the_symmetric_invariant((layer + beside,) * 2, 0 * target)
    assert not keeps_the_symmetric_invariant((layer, layer), target + beside + beside.T)


@witness
def test_the_negative_part_is_of_negative_eigenvalues_alone() -> None:
    """-2 among 0, 1/2 and 3: 2; none among the last three."""
    assert negative_part((fmpq(1, 2), fmpq(-2), fmpq(0), fmpq(3))) == 2
    assert negative_part((fmpq(1, 2), fmpq(0), fmpq(3))) == 0


@symbolic
@pytest.mark.parametrize("depth", [2, 3])
def test_symmetric_layers_stay_equal_symmetric_and_commuting(depth: int) -> None:
    """A = p I + q Phi, the general symmetric matrix commuting with a generic Phi, of size 2: one step in symbols."""
    a, b, c, p, q, eta = sympy.symbols("a b c p q eta", real=True)
    target = sympy.Matrix([[a, b], [b, c]])
    layer = p * sympy.eye(2) + q * target
    moved = network.gradient_step((layer,) * depth, target, eta)
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


@exact
@given(symmetric_states(), learning_rates())
def test_one_step_keeps_the_invariant_under_any_learning_rate(state: SymmetricState, learning_rate: float) -> None:
    """From any state of the invariant, in rationals, eta from 2^-20 to 8: so for all time, by induction."""
    assert keeps_the_symmetric_invariant(state.weights, state.target)
    assert compare(above_the_floor(state.weights, state)).holds
    after = network.gradient_step(state.weights, state.target, rational(learning_rate))
    assert keeps_the_symmetric_invariant(after, state.target)
    assert compare(above_the_floor(after, state)).holds


@exact
@ablates("DL-004", "margin", "sigma_min(W(0)) >= c", Fate.REFUTED)
@given(symmetric_states(at_identity=True), learning_rates())
def test_from_the_identity(state: SymmetricState, learning_rate: float) -> None:
    """W_j(0) = I is in the invariant, exactly balanced, not stationary, without a margin; two steps in rationals."""
    weights = state.weights
    assert keeps_the_symmetric_invariant(weights, state.target)
    assert all(network.frobenius_squared(b) == 0 for b in network.imbalances(weights))
    assert any(network.frobenius_squared(gradient) > 0 for gradient in network.layer_gradients(weights, state.target))
    assert compare(Comparison(network.deficiency_margin(weights, state.target), "<=", fmpq(0), "margin of I")).holds
    for _ in range(2):
        weights = network.gradient_step(weights, state.target, rational(learning_rate))
        assert keeps_the_symmetric_invariant(weights, state.target)
        assert compare(above_the_floor(weights, state)).holds


@sampled
@given(symmetric_states(depths=(2, 4), at_identity=True))
def test_long_float_runs_never_pass_the_floor(state: SymmetricState) -> None:
    """300 float64 steps from the identity at eta = 2^-12, the rounding counted: l is still at or above the floor."""
    problem = network.Problem(state.weights, state.target, fmpq(1, 4096)).nearest()
    trajectory = gradient_descent(problem, steps=300, certify=True)
    floor = Comparison(
        loss_ball(trajectory), ">=", negative_part(state.eigenvalues), "loss after 300 steps against the floor"
    )
    assert compare(floor).holds


@control
@ablates("DL-006", "N even", "dropped", Fate.REFUTED)
def test_refuted_for_odd_depth() -> None:
    """Statement 1 needs N even: at N = 1 one step of eta = 1 from I reaches Phi = -1 itself."""
    after = network.gradient_step((SCALAR,), -SCALAR, fmpq(1))
    assert compare(Comparison(network.loss(after, -SCALAR), ">=", fmpq(1, 2), "loss")).fails


@control
@ablates("DL-006", "start", "dropped", Fate.REFUTED)
def test_refuted_for_layers_that_do_not_commute() -> None:
    """From layers outside the invariant, W_1 = -1/2 and W_2 = 1, depth 2 reaches below the floor: l = 1/8 < 1/2."""
    weights = (SCALAR * fmpq(-1, 2), SCALAR)
    assert not keeps_the_symmetric_invariant(weights, -SCALAR)
    assert compare(Comparison(network.loss(weights, -SCALAR), ">=", fmpq(1, 2), "loss")).fails


@control
def test_refuted_floor_with_a_positive_eigenvalue_counted() -> None:
    """Counting all eigenvalues is too much: Phi = diag(-1, 4) at A = diag(0, 2), N = 2, has l = 1/2 < 17/2."""
    target = diagonal(2, 2, [-1, 4])
    weights = (diagonal(2, 2, [0, 2]),) * 2
    whole = network.frobenius_squared(target) / 2
    assert compare(Comparison(network.loss(weights, target), ">=", whole, "loss against all of Phi")).fails


@witness
def test_the_floor_is_attained() -> None:
    """In the same state the floor 1/2 itself is met with equality: the boundary of statement 1."""
    state = SymmetricState(diagonal(2, 2, [0, 2]), diagonal(2, 2, [-1, 4]), (fmpq(-1), fmpq(4)), 2)
    assert network.loss(state.weights, state.target) == negative_part(state.eigenvalues) == fmpq(1, 2)
