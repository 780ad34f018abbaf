"""Statement 1: all layers stay equal and commute with the target, and each of its eigenvalues moves apart."""

import sympy
from flint import fmpq
from hypothesis import given

from claims.necessity.margin_needed.symmetric_layers import keeps_the_symmetric_invariant
from claims.suite import Fate, ablates, control, exact, symbolic, witness
from claims.suite.relations import rewritten
from solvers import arithmetic
from solvers.guarantees import residual
from solvers.network import gradient_step, layer_gradients, loss
from strategies import SymmetricState, learning_rates, symmetric_states

W, LAMBDA = sympy.symbols("w lambda", positive=True)
N = sympy.Symbol("N", integer=True, positive=True)
IDENTITY = arithmetic.exact([[1, 0], [0, 1]])
SHEAR = arithmetic.exact([[0, 1], [0, 0]])


def letters(names: str) -> tuple[sympy.Symbol, ...]:
    """Symbols that do not commute."""
    found: tuple[sympy.Symbol, ...] = sympy.symbols(names, commutative=False)
    return found


def zero(difference: sympy.Expr) -> bool:
    """Whether a polynomial in letters is 0, powers of one letter side by side being one power."""
    return bool(sympy.powsimp(sympy.expand(difference)) == 0)


@symbolic
def test_powers_of_a_layer_commute_with_the_target_for_every_depth_and_dimension() -> None:
    """The induction over k, in letters that do not commute: if A^k Phi = Phi A^k, the same for k + 1; and if
    A^k x = w^k x, the same for k + 1. Each difference is a combination of those that are 0."""
    a, phi, power, x = letters("A Phi P x")
    apart = a * phi - phi * a
    assert sympy.expand(a * power * phi - phi * a * power - a * (power * phi - phi * power) - apart * power) == 0
    number = sympy.Symbol("w_k")
    own, assumed = a * x - W * x, power * x - number * x
    assert sympy.expand(a * power * x - W * number * x - a * assumed - number * own) == 0


@symbolic
def test_layers_stay_equal_for_every_depth_and_dimension() -> None:
    """Statement 1, N and j symbols, A and Phi letters that do not commute: A^{N-j} (A^N - Phi) A^{j-1} less
    A^{N-1} (A^N - Phi) is A^{N-j} times a commutator, 0 by the induction. So D_j is the same for every j; it is
    symmetric and commutes with Phi, and x is an eigenvector of it, each up to commutators and what A x = w x and
    Phi x = lambda x leave. The network's own code gives this D_j for A symmetric of any size, N = 1..6."""
    a, phi, x = letters("A Phi x")
    j = sympy.Symbol("j", integer=True, positive=True)
    gradient, same = a ** (N - j) * (a**N - phi) * a ** (j - 1), a ** (N - 1) * (a**N - phi)
    apart = a ** (j - 1) * phi - phi * a ** (j - 1)
    assert zero(gradient - same - a ** (N - j) * apart)
    last, whole = a ** (N - 1) * phi - phi * a ** (N - 1), a**N * phi - phi * a**N
    assert zero((a**N - phi) * a ** (N - 1) - same - last)  # its transpose
    assert zero(same * phi - phi * same - last * (a**N - phi) - a ** (N - 1) * whole)
    assert zero(
        same * x
        - W ** (N - 1) * (W**N - LAMBDA) * x
        - a ** (N - 1) * ((a**N * x - W**N * x) - (phi * x - LAMBDA * x))
        - (W**N - LAMBDA) * (a ** (N - 1) * x - W ** (N - 1) * x)
    )
    size = sympy.Symbol("d", integer=True, positive=True)
    layer, target = (sympy.MatrixSymbol(name, size, size) for name in ("A", "Phi"))
    for depth in range(1, 7):
        for place, found in enumerate(layer_gradients((layer,) * depth, target), 1):
            stated = a ** (depth - place) * (a**depth - phi) * a ** (place - 1)
            assert sympy.expand(rewritten(found, [(layer.T, layer)]) - stated) == 0


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
