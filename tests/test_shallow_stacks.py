"""Descent on many objectives at once: each as it goes alone, and what is refused."""

from __future__ import annotations

import re

import numpy as np
import pytest

from solvers.shallow import (
    FactoredObjective,
    MaskStack,
    PhaseStack,
    SensingStack,
    factored_descent,
    mask,
    measurements,
    phase_measurements,
    stacked_descent,
)

COUNT, SIZE, NUMBER = 5, 4, 7


def drawn(kind):
    """A stack of that kind, and the objectives that are in it."""
    random = np.random.default_rng(1)
    truths = random.standard_normal((COUNT, SIZE, 2))
    targets = truths @ truths.mT.copy()
    if kind == "mask":
        upper = np.triu(random.random((COUNT, SIZE, SIZE)) < 0.6)
        patterns = (upper | upper.mT).astype(float)
        alone = [FactoredObjective(m, mask(p)) for m, p in zip(targets, patterns, strict=True)]
        return MaskStack(targets, patterns), alone
    weights = np.full(NUMBER, 1 / NUMBER)
    if kind == "phase":
        vectors = random.standard_normal((COUNT, NUMBER, SIZE))
        alone = [FactoredObjective(m, phase_measurements(v, weights)) for m, v in zip(targets, vectors, strict=True)]
        return PhaseStack(vectors, np.einsum("bli,bij,blj->bl", vectors, targets, vectors)), alone
    raw = random.standard_normal((COUNT, NUMBER, SIZE, SIZE))
    matrices = raw + raw.mT
    alone = [FactoredObjective(m, measurements(a, weights)) for m, a in zip(targets, matrices, strict=True)]
    return SensingStack.of(matrices, np.einsum("blij,bij->bl", matrices, targets)), alone


@pytest.mark.parametrize("kind", ["mask", "phase", "sensing"])
def test_each_goes_as_it_goes_alone(kind):
    """Values, gradients and the end of 50 steps, up to rounding."""
    stack, alone = drawn(kind)
    start = np.random.default_rng(2).standard_normal((COUNT, SIZE, 3)) / 2
    run = stacked_descent(stack, start, learning_rate=2e-3, steps=50, record=[0, 20])
    for b, objective in enumerate(alone):
        found = factored_descent(objective, start[b], learning_rate=2e-3, steps=50, record=[0, 20])
        np.testing.assert_allclose(run.point[b], found.point, rtol=0, atol=1e-12)
        np.testing.assert_allclose(run.value[b], found.value, rtol=1e-11)
        np.testing.assert_allclose(run.gradient_norm[b], found.gradient_norm, rtol=1e-10)
        np.testing.assert_allclose(stack.gradient(start)[b], objective.gradient(start[b]), rtol=0, atol=1e-12)


def test_those_that_end_leave_the_others():
    """A stop at a value: each has the point that it has alone, and as many steps."""
    stack, alone = drawn("phase")
    start = np.random.default_rng(3).standard_normal((COUNT, SIZE, 2))
    options = {"learning_rate": 3e-3, "steps": 4000, "stop_at_value": 0.1}
    run = stacked_descent(stack, start, **options)
    assert len(set(run.steps)) > 1
    for b, objective in enumerate(alone):
        found = factored_descent(objective, start[b], **options)
        assert (run.steps[b], run.converged[b]) == (found.steps, found.converged)
        np.testing.assert_allclose(run.point[b], found.point, rtol=0, atol=1e-9)


def test_one_that_overflows_stops_alone():
    """The start 100 times too large; the others go on."""
    stack, _ = drawn("mask")
    start = np.random.default_rng(4).standard_normal((COUNT, SIZE, 2)) / 4
    start[1] *= 100
    run = stacked_descent(stack, start, learning_rate=0.02, steps=300)
    assert run.diverged.tolist() == [False, True, False, False, False]
    assert run.steps[0] == 300
    assert run.value[0, -1] < run.value[0, 0]


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        (np.ones((4, SIZE, 1)), "start has shape (4, 4, 1); expected (5, 4, k), one start for each objective"),
        (np.ones((SIZE, 1)), "start has shape (4, 1); expected (5, 4, k), one start for each objective"),
        (np.ones((COUNT, 3, 1)), "start has shape (5, 3, 1); expected (5, 4, k)"),
    ],
)
def test_starts_that_do_not_fit_are_refused(start, sentence):
    """The error has the shapes."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        stacked_descent(drawn("mask")[0], start, learning_rate=0.1, steps=1)


def test_stacks_whose_parts_do_not_fit_are_refused():
    """The error names the argument."""
    cube = np.ones((2, 3, 3))
    with pytest.raises(ValueError, match=re.escape("patterns has shape (1, 3, 3); expected (2, 3, 3)")):
        MaskStack(cube, cube[:1])
    with pytest.raises(ValueError, match=re.escape("seen has shape (2, 4); expected (2, 3)")):
        PhaseStack(cube, np.ones((2, 4)))
    with pytest.raises(ValueError, match=re.escape("seen has shape (2, 4); expected (2, 3)")):
        SensingStack.of(np.ones((2, 3, 3, 3)), np.ones((2, 4)))
    with pytest.raises(ValueError, match="matrices is not symmetric"):
        SensingStack.of(np.arange(8.0).reshape(1, 2, 2, 2), np.ones((1, 2)))
