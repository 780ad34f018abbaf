"""Descent, perturbed descent and ascent, one start or many: recurrences, records, stops, overflow, Ctrl-C, errors."""

from __future__ import annotations

import pickle
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from claims.suite import fewer
from solvers import DivergenceError, InterruptedRun, Problem, perturbed_gradient_descent
from solvers.arithmetic import exact
from solvers.shallow import (
    FactoredObjective,
    factored_descent,
    gaussian_mean,
    identity_map,
    mask,
    perturbed_factored_descent,
    phase_measurements,
    sphere_ascent,
    spin_glass,
    sum_of_powers,
)
from solvers.shallow import descent as module
from strategies import GRAMS, real_gram

RNG = np.random.default_rng(1)
N, K, B = 4, 2, 30
M = RNG.standard_normal((N, N))
M = (M + M.T) / 2
STARTS = RNG.standard_normal((B, N, K)) / 2
PATTERN = np.minimum(np.eye(N) + (abs(M) > 0.5), 1.0)
MAPS = {
    "identity": identity_map(),
    "Gaussian mean": gaussian_mean(),
    "mask": mask(PATTERN),
    "phase": phase_measurements(RNG.standard_normal((7, N)) / 2, np.full(7, 0.5)),
}
OBJECTIVES = {name: FactoredObjective(M, linear_map) for name, linear_map in MAPS.items()}
OBJECTIVES["rank 1"] = FactoredObjective(np.outer(M[0], M[0]))
OBJECTIVES["rank 0"] = FactoredObjective(0 * M)
PLAIN = OBJECTIVES["identity"]
QUIET = {"radius": 0.0, "gradient_threshold": 0.0, "wait": 1, "seed": 0}


def iterate(objective, start, rate, steps):
    """U - eta grad f(U), ``steps`` times."""
    for _ in range(steps):
        start = start - rate * objective.gradient(start)
    return start


@pytest.mark.parametrize("name", OBJECTIVES)
def test_one_start_is_the_iterated_gradient_step(name):
    """Bit for bit, and its values are those of the points then."""
    objective = OBJECTIVES[name]
    found = factored_descent(objective, STARTS[0], learning_rate=0.03, steps=40, record=range(0, 40, 7))
    assert np.array_equal(found.point, iterate(objective, STARTS[:1], 0.03, 40)[0])
    assert (found.steps, found.converged, found.diverged) == (40, False, False)
    assert found.recorded.tolist() == [*range(0, 40, 7), 40]
    for step, value, norm in zip(found.recorded, found.value, found.gradient_norm, strict=True):
        then = iterate(objective, STARTS[:1], 0.03, int(step))
        assert value == objective.value(then)[0]
        assert abs(norm - np.linalg.norm(objective.gradient(then))) <= 1e-14 * (1 + norm)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_a_batch_is_its_starts_one_by_one(name):
    """Steps, records and points; within 1e-9, where 100 steps without instability leave rounding below 1e-12."""
    options = {"learning_rate": 0.03, "steps": 100, "record": [0, 3, 50], "stop_at_gradient": 0.05}
    found = factored_descent(OBJECTIVES[name], STARTS, **options)
    for b in range(B):
        alone = factored_descent(OBJECTIVES[name], STARTS[b], **options)
        assert (found.steps[b], found.converged[b]) == (alone.steps, alone.converged)
        columns = len(alone.recorded)
        assert found.recorded[b, :columns].tolist() == alone.recorded.tolist()
        assert (found.recorded[b, columns:] == alone.steps).all()
        np.testing.assert_allclose(found.point[b], alone.point, rtol=0, atol=1e-9)
        for field in ("value", "gradient_norm"):
            np.testing.assert_allclose(getattr(found, field)[b, :columns], getattr(alone, field), rtol=0, atol=1e-9)
            assert (getattr(found, field)[b, columns:] == getattr(found, field)[b, columns - 1]).all()


def test_starts_that_end_leave_the_batch_and_the_others_go_on():
    """Some starts stop early, some never: each at the first step with ||grad f||_F <= stop, and not before."""
    found = factored_descent(PLAIN, STARTS, learning_rate=0.05, steps=150, stop_at_gradient=0.02)
    assert 0 < found.converged.sum() < B
    assert len(set(found.steps.tolist())) > 5
    for b in range(B):
        norms = [
            np.linalg.norm(PLAIN.gradient(iterate(PLAIN, STARTS[b : b + 1], 0.05, int(t))))
            for t in range(max(0, found.steps[b] - 3), found.steps[b] + 1)
        ]
        assert all(norm > 0.02 for norm in norms[:-1])
        assert (norms[-1] <= 0.02) == found.converged[b]
        assert found.converged[b] or found.steps[b] == 150


def test_descent_stops_at_a_value():
    """The first step whose value is <= the wanted one; at step 0 where the start has it."""
    found = factored_descent(PLAIN, STARTS[0], learning_rate=0.05, steps=500, record=range(500), stop_at_value=1.0)
    assert found.converged
    assert found.value[-1] <= 1.0 < found.value[-2]
    assert found.recorded.tolist() == list(range(found.steps + 1))
    at_once = factored_descent(PLAIN, STARTS, learning_rate=0.05, steps=500, stop_at_value=1e9)
    assert not at_once.steps.any()
    assert at_once.converged.all()
    assert at_once.recorded.tolist() == [[0, 0]] * B


@pytest.mark.parametrize("name", GRAMS)
def test_many_starts_reach_a_real_matrix(name):
    """k = rank M: every random start ends at f = 0, within what ||grad f|| <= 1e-7 leaves."""
    gram = real_gram(name)
    starts = np.random.default_rng(0).standard_normal((8, len(gram.matrix), gram.rank)) / 8
    options = {"learning_rate": 0.3, "steps": 20_000, "stop_at_value": 1e-8}
    found = factored_descent(FactoredObjective(gram.matrix), starts, **options)
    assert found.converged.all()


def test_a_start_that_overflows_leaves_the_others_alone():
    """One start of a batch diverges: flagged, with its last finite point; the others are as without it."""
    far = STARTS.copy()
    far[3] = 100.0
    for objective in (PLAIN, OBJECTIVES["rank 1"], OBJECTIVES["mask"]):
        options = {"learning_rate": 0.05, "steps": 60, "record": [5]}
        found = factored_descent(objective, far, **options)
        without = factored_descent(objective, STARTS, **options)
        assert found.diverged.tolist() == [b == 3 for b in range(B)]
        assert np.isfinite(found.point).all()
        others = [b for b in range(B) if b != 3]
        np.testing.assert_allclose(found.point[others], without.point[others], rtol=0, atol=1e-12)
        assert found.steps[3] < 10
        with np.errstate(over="ignore", invalid="ignore"):
            last = iterate(objective, far[3:4], 0.05, int(found.steps[3]))
            assert np.isfinite(last).all()
            assert not np.isfinite(iterate(objective, last, 0.05, 1)).all()


def test_divergence_of_one_start_is_an_error_that_brings_the_trajectory():
    """The step, the sentence, and pickling."""
    with pytest.raises(DivergenceError, match="left the range of float64 at step") as found:
        factored_descent(PLAIN, 100 * STARTS[0], learning_rate=1.0, steps=50)
    again = pickle.loads(pickle.dumps(found.value))
    assert again.trajectory.steps == found.value.step - 1
    assert again.trajectory.diverged
    assert np.isfinite(again.trajectory.point).all()


@pytest.mark.parametrize("call", [3, 10])
def test_an_interrupt_brings_what_was_done(monkeypatch, call):
    """Ctrl-C in a gradient: the steps done so far are in the error's trajectory."""
    calls = []
    whole = FactoredObjective.gradient

    def interrupted(self, factor):
        calls.append(1)
        if len(calls) == call:
            raise KeyboardInterrupt
        return whole(self, factor)

    monkeypatch.setattr(FactoredObjective, "gradient", interrupted)
    with pytest.raises(InterruptedRun) as found:
        factored_descent(PLAIN, STARTS[0], learning_rate=0.05, steps=50, record=range(50))
    trajectory = found.value.trajectory
    assert trajectory.steps == call - 1
    assert trajectory.recorded.tolist() == list(range(call))
    assert np.array_equal(trajectory.point, iterate(PLAIN, STARTS[:1], 0.05, call - 1)[0])
    calls.clear()
    with pytest.raises(InterruptedRun) as found:
        perturbed_factored_descent(PLAIN, STARTS[:2], learning_rate=0.05, steps=50, **QUIET)
    assert not found.value.trajectory.trajectory.diverged.any()
    assert (found.value.trajectory.trajectory.steps == call - 1).all()


def test_an_interrupt_in_a_rotated_batch(monkeypatch):
    """The same where a batch moves in M's eigenbasis."""
    calls = []
    moved = module._Rotated.moved

    def interrupted(self):
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return moved(self)

    monkeypatch.setattr(module._Rotated, "moved", interrupted)
    with pytest.raises(InterruptedRun) as found:
        factored_descent(PLAIN, STARTS, learning_rate=0.05, steps=50)
    assert (found.value.trajectory.steps == 3).all()
    np.testing.assert_allclose(found.value.trajectory.point, iterate(PLAIN, STARTS, 0.05, 3), rtol=0, atol=1e-12)


def test_the_arguments_are_not_changed():
    """Neither starts nor target, and the result shares no memory with them."""
    starts, target = STARTS.copy(), M.copy()
    for steps in (0, 5):
        found = factored_descent(PLAIN, starts, learning_rate=0.05, steps=steps)
        found.point[...] = 99.0
        alone = factored_descent(PLAIN, starts[0], learning_rate=0.05, steps=steps)
        alone.point[...] = 99.0
        noisy = perturbed_factored_descent(PLAIN, starts, learning_rate=0.05, steps=steps, **(QUIET | {"radius": 1.0}))
        noisy.trajectory.point[...] = 99.0
    assert np.array_equal(starts, STARTS)
    assert np.array_equal(target, PLAIN.target)


def test_no_learning_rate_and_tiny_ones():
    """At 0 nothing moves; at 2^-300 nothing is lost to underflow in a batch."""
    for rate in (0.0, 2.0**-300):
        found = factored_descent(PLAIN, STARTS, learning_rate=rate, steps=3)
        assert np.array_equal(found.point, STARTS)
        np.testing.assert_allclose(
            found.gradient_norm[:, 0], np.linalg.norm(PLAIN.gradient(STARTS), axis=(1, 2)), rtol=1e-12
        )


# perturbed descent


def test_without_noise_it_is_descent():
    """Radius 0: points, records and stops of descent, from one start and from many."""
    options = {"learning_rate": 0.05, "steps": 80, "record": range(0, 80, 9), "stop_at_value": 1.5}
    plain = FactoredObjective(M, gaussian_mean())
    noisy = perturbed_factored_descent(plain, STARTS, **options, **QUIET)
    expected = factored_descent(plain, STARTS, **options)
    for field in ("point", "steps", "recorded", "value", "converged"):
        assert np.array_equal(getattr(noisy.trajectory, field), getattr(expected, field)), field
    alone = perturbed_factored_descent(plain, STARTS[4], **options, **QUIET)
    assert np.array_equal(alone.trajectory.point, expected.point[4])
    assert alone.trajectory.recorded.tolist() == sorted(set(expected.recorded[4].tolist()))
    assert not noisy.settled.any()
    assert all(len(steps) == 0 for steps in noisy.perturbed)


@fewer(2)
@given(st.integers(0, 5), st.integers(0, 40))
def test_one_start_is_a_symmetric_network_of_depth_two(seed, steps):
    """f(U) is half the loss of the layers (U^T, U), whose descent keeps them transposes: the same noise schedule."""
    start = np.random.default_rng(seed).standard_normal((N, K)) / 2
    options = {"steps": steps, "wait": 5, "seed": 0, "radius": 0.0, "least_decrease": 1e-3}
    network = Problem((start.T.copy(), start.copy()), M, 0.05)
    expected = perturbed_gradient_descent(network, gradient_threshold=0.4 * np.sqrt(2), **options)
    options["least_decrease"] /= 2
    found = perturbed_factored_descent(PLAIN, start, learning_rate=0.05, gradient_threshold=0.4, **options)
    assert found.perturbed.tolist() == expected.perturbed.tolist()
    assert found.settled == expected.settled
    assert found.trajectory.steps == expected.trajectory.steps
    np.testing.assert_allclose(found.trajectory.point, expected.trajectory.weights[1], rtol=0, atol=1e-12)
    np.testing.assert_allclose(2 * found.trajectory.value, expected.trajectory.loss, rtol=1e-11)


def test_noise_leaves_the_saddle_at_zero_and_settles_at_a_minimum():
    """From U = 0 every start ends where f is the tail of M's spectrum, with the point before its last noise."""
    values = np.linalg.eigvalsh(M)[::-1]
    least = (np.sum(values**2) - np.sum(np.maximum(values[:K], 0) ** 2)) / 4
    options = {"radius": 1e-3, "gradient_threshold": 1e-6, "wait": 200, "seed": 3, "least_decrease": 1e-4}
    found = perturbed_factored_descent(
        PLAIN, np.zeros((12, N, K)), learning_rate=0.1, steps=4000, record=[0], **options
    )
    assert found.settled.all()
    np.testing.assert_allclose(found.trajectory.value[:, -1], least, rtol=0, atol=1e-9)
    for steps, last in zip(found.perturbed, found.trajectory.steps, strict=True):
        assert steps[0] == 0
        assert steps[-1] == last > 200
    assert (found.trajectory.recorded[:, -1] == found.trajectory.steps).all()


def test_noise_is_uniform_in_the_ball_and_does_not_depend_on_the_batch():
    """(|xi| / r)^D is uniform, at a level of 1e-4; a start of a batch has its noise whoever else is there."""
    zero = np.zeros((600, N, K))
    options = {"radius": 3.0, "gradient_threshold": 1e9, "wait": 1, "seed": 8}
    found = perturbed_factored_descent(PLAIN, zero, learning_rate=0.0, steps=1, **options).trajectory.point
    lengths = np.linalg.norm(found, axis=(1, 2))
    assert (lengths <= 3 * (1 + 1e-12)).all()
    assert kstest((lengths / 3) ** (N * K), "uniform").pvalue > 1e-4
    assert kstest((found / lengths[:, None, None])[:, 0, 0] ** 2, "beta", args=(0.5, (N * K - 1) / 2)).pvalue > 1e-4
    fewer_starts = perturbed_factored_descent(PLAIN, zero[:5], learning_rate=0.0, steps=1, **options).trajectory.point
    assert np.array_equal(fewer_starts, found[:5])
    generator = np.random.default_rng(8)
    runs = [
        perturbed_factored_descent(PLAIN, zero[0], learning_rate=0.0, steps=1, **(options | {"seed": seed}))
        for seed in (8, generator, generator)
    ]
    first, same, other = (run.trajectory.point for run in runs)
    assert np.array_equal(first, same)
    assert not np.array_equal(same, other)


def test_divergence_in_a_perturbed_batch():
    """Flagged in a batch, an error for one start."""
    far = STARTS.copy()
    far[0] = 100.0
    found = perturbed_factored_descent(PLAIN, far, learning_rate=0.05, steps=60, **QUIET)
    assert found.trajectory.diverged.tolist() == [b == 0 for b in range(B)]
    assert np.isfinite(found.trajectory.point).all()
    with pytest.raises(DivergenceError):
        perturbed_factored_descent(PLAIN, far[0], learning_rate=0.05, steps=60, **QUIET)


# ascent on the sphere


def test_ascent_is_the_iterated_step_from_one_start_and_from_many():
    """u + eta P Df(u), normalised; starts are normalised first; |u| = 1 within rounding."""
    f = spin_glass(3, 4, 0)
    starts = RNG.standard_normal((20, 3))
    options = {"learning_rate": 0.05, "steps": 30, "record": [10]}
    found = sphere_ascent(f, starts, **options)
    points = starts / np.linalg.norm(starts, axis=1, keepdims=True)
    for _ in range(30):
        ahead = points + 0.05 * f.riemannian_gradient(points)
        points = ahead / np.linalg.norm(ahead, axis=1, keepdims=True)
    np.testing.assert_allclose(found.point, points, rtol=0, atol=1e-12)
    assert (found.value[:, -1] >= found.value[:, 0]).all()
    assert np.abs(np.linalg.norm(found.point, axis=1) - 1).max() < 1e-15
    for b in range(3):
        alone = sphere_ascent(f, starts[b], **options)
        np.testing.assert_allclose(alone.point, found.point[b], rtol=0, atol=1e-12)
        assert alone.recorded.tolist() == [0, 10, 30]
        np.testing.assert_allclose(alone.value, found.value[b], rtol=0, atol=1e-12)


def test_ascent_finds_the_components_of_an_orthogonal_tensor():
    """p = 4, lambda = (1, 2): every start ends at +-e_i, the argmax of lambda_i^{1/2} |u_i| at the start."""
    f = sum_of_powers([1, 2], np.eye(2), 4)
    starts = RNG.standard_normal((50, 2))
    found = sphere_ascent(f, starts, learning_rate=0.05, steps=5000, stop_at_gradient=1e-9)
    assert found.converged.all()
    winner = np.argmax(np.sqrt([1, 2]) * np.abs(starts), axis=1)
    assert set(winner) == {0, 1}
    assert np.array_equal(np.argmax(np.abs(found.point), axis=1), winner)
    np.testing.assert_allclose(found.value[:, -1], np.array([1.0, 2.0])[winner], rtol=1e-12)
    higher = sphere_ascent(f, np.array([1.0, 0.8]), learning_rate=0.01, steps=99, record=range(99), stop_at_value=0.9)
    assert higher.converged
    assert higher.value[-1] >= 0.9 > higher.value[-2]


def test_ascent_that_overflows():
    """Coefficients near the end of float64 and a large rate: an error for one start, a flag in a batch."""
    f = sum_of_powers([1e300, 2e300], np.eye(2), 4)
    with pytest.raises(DivergenceError):
        sphere_ascent(f, np.array([1.0, 2.0]), learning_rate=1e300, steps=3)
    found = sphere_ascent(f, np.array([[1.0, 2.0], [1.0, 0.0]]), learning_rate=1e300, steps=3)
    assert found.diverged.tolist() == [True, False]


U, NUMBER, WHOLE = STARTS[0], "expected a finite number >= 0", "expected a whole number >= 0"
F = sum_of_powers([1, 1], np.eye(2), 3)


def descend(objective=PLAIN, start=U, **options):
    """Descent with one argument wrong."""
    return factored_descent(objective, start, **({"learning_rate": 0.1, "steps": 3} | options))


def perturb(objective=PLAIN, start=U, **options):
    """Perturbed descent with one argument wrong."""
    return perturbed_factored_descent(objective, start, **({"learning_rate": 0.1, "steps": 3} | QUIET | options))


def ascend(polynomial=F, start=np.ones(2), **options):  # noqa: B008
    """Ascent with one argument wrong."""
    return sphere_ascent(polynomial, start, **({"learning_rate": 0.1, "steps": 3} | options))


BAD = {
    "objective": (lambda: descend(M), TypeError, "objective is a ndarray; expected a FactoredObjective or a Convex"),
    "rationals": (lambda: descend(PLAIN.exact()), TypeError, "objective is not in float64; expected float64 entries"),
    "rational map": (
        lambda: perturb(FactoredObjective(M, mask(exact(PATTERN)))),
        TypeError,
        "objective is not in float64; expected float64 entries (convert with .nearest())",
    ),
    "start list": (lambda: descend(start=[[1.0]]), TypeError, "start is a list; expected float64 of shape (4, k)"),
    "start exact": (lambda: descend(start=exact(U)), TypeError, "start is an array of dtype object; expected float64"),
    "start rows": (lambda: descend(start=U.T), ValueError, "start has shape (2, 4); expected (4, k), or a batch"),
    "start axes": (lambda: perturb(start=U[None, None]), ValueError, "start has shape (1, 1, 4, 2); expected (4, k)"),
    "no starts": (lambda: descend(start=STARTS[:0]), ValueError, "start has shape (0, 4, 2); expected (4, k), or a"),
    "no columns": (lambda: descend(start=U[:, :0]), ValueError, "start has shape (4, 0); expected (4, k), or a batch"),
    "nan": (lambda: descend(start=U * np.nan), ValueError, "start has the entry nan at (0, 0); expected finite"),
    "rate": (lambda: descend(learning_rate=-1.0), ValueError, f"learning_rate is -1.0; {NUMBER}"),
    "steps": (lambda: descend(steps=1.5), TypeError, f"steps is 1.5; {WHOLE}"),
    "record": (lambda: descend(record=[4]), ValueError, "record asks for step 4; expected none beyond steps = 3"),
    "no record": (lambda: perturb(record=3), TypeError, "record is 3; expected the steps to record"),
    "value": (lambda: descend(stop_at_value=np.nan), ValueError, "stop_at_value is nan; expected a number, or None"),
    "value text": (lambda: ascend(stop_at_value="0"), TypeError, "stop_at_value is '0'; expected a number, or None"),
    "gradient": (lambda: descend(stop_at_gradient=-1), ValueError, f"stop_at_gradient is -1.0; {NUMBER}"),
    "wait": (lambda: perturb(wait=0), ValueError, "wait is 0; expected at least 1"),
    "radius": (lambda: perturb(radius=-1.0), ValueError, f"radius is -1.0; {NUMBER}"),
    "threshold": (lambda: perturb(gradient_threshold=None), TypeError, f"gradient_threshold is None; {NUMBER}"),
    "decrease": (lambda: perturb(least_decrease=np.inf), ValueError, f"least_decrease is inf; {NUMBER}"),
    "seed": (lambda: perturb(seed=-1), ValueError, f"seed is -1; {WHOLE}, or a numpy.random.Generator"),
    "seed text": (lambda: perturb(seed="a"), TypeError, f"seed is 'a'; {WHOLE}, or a numpy.random.Generator"),
    "polynomial": (lambda: ascend({(1,): 1}), TypeError, "polynomial is a dict; expected a HomogeneousPolynomial"),
    "ascent start": (lambda: ascend(start=np.ones(3)), ValueError, "start has shape (3,); expected (2,), or a batch"),
    "zero": (lambda: ascend(start=np.zeros(2)), ValueError, "start is zero; expected a direction"),
    "one zero": (lambda: ascend(start=np.eye(3)[:, :2]), ValueError, "start[2] is zero; expected a direction"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_by_name(case):
    """The argument, what was wrong with it, and what would be right."""
    call, error, sentence = BAD[case]
    with pytest.raises(error, match=re.escape(sentence)):
        call()
