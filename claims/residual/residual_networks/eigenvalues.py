"""Statement 1: all layers stay equal and commute with the target, and each of its eigenvalues moves apart."""

import sympy
from flint import fmpq
from hypothesis import given

from claims.necessity.margin_needed.symmetric_layers import keeps_the_symmetric_invariant
from claims.suite import Fate, ablates, control, exact, symbolic, witness
from solvers import arithmetic
from solvers.guarantees import residual
from solvers.network import gradient_step, layer_gradients, loss
from strategies import SymmetricState, learning_rates, symmetric_states

W, LAMBDA = sympy.symbols("w lambda", positive=True)
N = sympy.Symbol("N", integer=True, positive=True)
IDENTITY = arithmetic.exact([[1, 0], [0, 1]])
SHEAR = arithmetic.exact([[0, 1], [0, 0]])


@symbolic
def test_layers_stay_equal_for_every_depth_and_dimension() -> None:
    """Statement 1. A and Phi symmetric with A Phi = Phi A generate commutative symmetric matrices, where transposes
    are the matrices themselves, so that D_j = A^{N-j} (A^N - Phi) A^{j-1} can be computed as if they were numbers: it
    is A^{N-1} (A^N - Phi) for every j, N and j symbolic, symmetric and commuting with Phi; and an eigenvector of A and
    Phi is one of A - eta D_j. The network's own gradients for N = 1..6."""
    j = sympy.Symbol("j", integer=True, positive=True)
    gradient = W ** (N - j) * (W**N - LAMBDA) * W ** (j - 1)
    assert sympy.powsimp(gradient / (W**N - LAMBDA)) == W ** (N - 1)
    for depth in range(1, 7):
        gradients = layer_gradients((sympy.Matrix([[W]]),) * depth, sympy.Matrix([[LAMBDA]]))
        assert all(sympy.expand(d[0] - gradient.subs(N, depth).subs(j, 1)) == 0 for d in gradients)


@exact
@given(symmetric_states(depths=(1, 2, 3, 4, 5), at_identity=True), learning_rates())
def test_layers_and_eigenvalues_in_rationals(state: SymmetricState, rate: float) -> None:
    """Statement 1, any symmetric target and any eta: two steps; the loss and the trace of a layer are those of the
    scalar recurrences."""
    weights, eta = state.weights, arithmetic.rational(rate)
    own = [fmpq(1)] * len(state.eigenvalues)
    for _ in range(2):
        weights = gradient_step(weights, state.target, eta)
        assert keeps_the_symmetric_invariant(weights, state.target)
        own = [residual.moved(w, value, state.depth, eta) for w, value in zip(own, state.eigenvalues, strict=True)]
        distance = sum((w**state.depth - value) ** 2 for w, value in zip(own, state.eigenvalues, strict=True))
        assert loss(weights, state.target) == distance / 2
        assert sum(weights[0].diagonal()) == sum(own)


@control
@ablates("DL-032", "Phi symmetric", "dropped", Fate.REFUTED)
def test_refuted_for_a_target_that_is_not_symmetric() -> None:
    """Phi = e_1 e_2^T, N = 2, eta = 1/2: after one step the layers are not symmetric, after two not equal."""
    once = gradient_step((IDENTITY,) * 2, SHEAR, fmpq(1, 2))
    assert (once[0] == once[1]).all()
    assert (once[0] != once[0].T).any()
    twice = gradient_step(once, SHEAR, fmpq(1, 2))
    assert (twice[0] != twice[1]).any()


@witness
def test_the_identity_itself() -> None:
    """Phi = I: w = r = 1 never moves, at the largest eta."""
    assert all((a == IDENTITY).all() for a in gradient_step((IDENTITY,) * 3, IDENTITY, fmpq(1, 3)))
