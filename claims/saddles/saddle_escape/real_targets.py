"""Descent from zero towards real targets: with noise it leaves in the time stated, without it never."""

import pytest
from flint import ctx, fmpq

from claims.saddles.saddle_escape.escape_times import BITS, HALF, beyond, escape_time, largest_squared
from claims.saddles.saddle_escape.slow_escape import no_faster
from claims.saddles.saddle_escape.two_layers import check_two_sided
from claims.suite import Fate, ablates, control, sampled
from solvers import arithmetic, perturbed_gradient_descent
from solvers.arithmetic import Comparison, ObjectArray, settle, square_root
from solvers.network import Problem, Weights, spectral_norm
from strategies import DATASETS, real_modes, regression, zero_weights


def at_zero(name: str, hidden: tuple[int, ...], rate: float) -> Problem:
    """Zero weights towards a real target."""
    target = regression(name).target
    widths = (target.shape[1], *hidden, target.shape[0])
    return Problem(tuple(arithmetic.nearest(matrix) for matrix in zero_weights(widths)), target, rate)


def noisy(start: Problem, radius: float, seed: int) -> tuple[ObjectArray, ...]:
    """The weights that one perturbed step from a saddle leaves, exactly as floats have them."""
    run = perturbed_gradient_descent(start, steps=1, radius=radius, gradient_threshold=0.0, wait=1, seed=seed)
    assert run.perturbed.tolist() == [0]
    return tuple(arithmetic.exact(matrix) for matrix in run.trajectory.weights)


@sampled
@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", DATASETS)
def test_real_escape_at_depth_two(name: str, seed: int) -> None:
    """Noise of 2^-k at zero, hidden width 2, eta = 1/4, R = 2^-7: T between both bounds at k = 20 and k = 40."""
    start = at_zero(name, (2,), 0.25)
    with ctx.workprec(BITS):
        values, vectors, target = real_modes(name)
        v = target.T @ vectors[0] / values[0]
    for k in (20, 40):
        check_two_sided(noisy(start, 2.0**-k, seed), target, vectors[0], v, values[0], fmpq(1, 4), fmpq(1, 2**7))


@sampled
@pytest.mark.parametrize("name", DATASETS)
def test_real_escape_at_depth_three_is_no_faster(name: str) -> None:
    """Noise at zero, hidden widths 2 and 2, eta = 1/4: T is at least its lower bound for r = 1/4 and 1/8, R = 1/2."""
    start = at_zero(name, (2, 2), 0.25)
    target = arithmetic.exact(start.target)
    for radius in (1 / 4, 1 / 8):
        weights = noisy(start, radius, seed=3)
        steps = escape_time(weights, target, fmpq(1, 4), beyond(HALF))

        def slow(steps: int = steps, weights: Weights = weights) -> Comparison:
            size = square_root(largest_squared(weights))
            return no_faster(3, steps, size, HALF, fmpq(1, 4), spectral_norm(target))

        verdict = settle(slow)
        assert verdict.holds, verdict


@control
@pytest.mark.parametrize("depth", [2, 3])
@pytest.mark.parametrize("name", DATASETS)
@ablates("DL-025", "noise", "dropped", Fate.REFUTED)
def test_refuted_without_noise(name: str, depth: int) -> None:
    """1 on real targets: radius 0, a hundred steps, every weight still zero."""
    run = perturbed_gradient_descent(
        at_zero(name, (2,) * (depth - 1), 0.25), steps=100, radius=0.0, gradient_threshold=0.0, wait=1, seed=0
    )
    assert all((matrix == 0).all() for matrix in run.trajectory.weights)
    assert len(run.perturbed) == 50
