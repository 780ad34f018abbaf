"""Statements 3 and 5: one step to the mirror image, or to the saddle at zero."""

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.necessity.learning_rate_needed import scalar_networks as scalars
from claims.necessity.learning_rate_needed.scalar_networks import ETA, PHI, N, P, equal_layers, moved, orbit, vanishes
from claims.suite import Fate, ablates, control, exact, symbolic
from solvers.arithmetic import Comparison, compare
from solvers.network import deficiency_margin, frobenius_squared, layer_gradients, loss


def times(depth: int, p: fmpq, target: fmpq, multiple: int) -> fmpq:
    """The eta with eta p^{N-2} (p^N - Phi) = multiple: 1 leads to the saddle, 2 to -p."""
    return multiple / (p ** (depth - 2) * (p**depth - target))


@symbolic
@pytest.mark.parametrize("multiple", [1, 2])
@ablates("DL-004", "learning rate", "dropped", Fate.REFUTED)
def test_steps_to_the_saddle_and_to_the_mirror_image_for_every_depth(multiple: int) -> None:
    """Statements 3 and 5: p' = (1 - multiple) p; for even N the mirror image comes back."""
    depth = N if multiple == 1 else 2 * N
    rate = multiple / (P ** (depth - 2) * (P**depth - PHI))
    assert vanishes(moved(P, depth, PHI, rate) - (1 - multiple) * P)
    assert vanishes(moved(-P, 2 * N, PHI, ETA) + moved(P, 2 * N, PHI, ETA))
    assert vanishes((PHI + 2 / ETA - PHI) ** 2 / 2 - 2 / ETA**2)  # N = 2, the loss at p^2 = Phi + 2/eta
    assert vanishes(2 * PHI - (PHI + 2 / ETA) - (PHI - 2 / ETA))


@exact
@given(st.integers(2, 6), scalars.SIZES, st.integers(33, 63), st.integers(1, 2), st.data())
@ablates("DL-004", "learning rate", "dropped", Fate.REFUTED)
def test_to_the_saddle_or_to_the_mirror_image(
    depth: int, p: fmpq, part: int, multiple: int, data: st.DataObject
) -> None:
    """Statements 3 and 5 with Phi = part/64 p^N; in d x d too."""
    depth = depth + depth % 2 if multiple == 2 else depth
    target = p**depth * fmpq(part, 64)
    scalar = equal_layers(depth, p, target, times(depth, p, target, multiple))
    assert orbit(scalar, 2) == ([p, 0, 0] if multiple == 1 else [p, -p, p])
    problem, margin = data.draw(scalars.in_d_dimensions(scalar))
    assert scalars.only_the_learning_rate_fails(problem, margin)
    stuck = problem.step()
    if multiple == 1:
        assert all(frobenius_squared(d) == 0 for d in layer_gradients(stuck.weights, stuck.target))
        assert loss(stuck.weights, stuck.target) == target**2 / 2
    else:
        assert all((a == b).all() for a, b in zip(stuck.step().weights, problem.weights, strict=True))


@control
def test_refuted_mirror_image_for_odd_depth() -> None:
    """Statement 3 needs N even: N = 3, p = 1, Phi = 3/4, eta = 8 goes to -1, and not back."""
    problem = equal_layers(3, fmpq(1), fmpq(3, 4), times(3, fmpq(1), fmpq(3, 4), 2))
    assert orbit(problem, 2)[:2] == [1, -1]
    assert orbit(problem, 2)[2] != 1


@control
def test_refuted_margin_of_the_mirror_image_at_eta_phi_two() -> None:
    """N = 2, eta Phi = 2: p^2 = 2 Phi, and the margin is exactly 0."""
    problem = equal_layers(2, fmpq(2), fmpq(2), fmpq(1))
    assert orbit(problem, 2) == [2, -2, 2]
    margin = deficiency_margin(problem.weights, problem.target)
    assert compare(Comparison(margin, ">", fmpq(0), "margin")).fails
