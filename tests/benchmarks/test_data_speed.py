"""What a covariance or a mask costs: network-steps a second beside those of the white loss, on the same path.

Stacks of 1024 networks and single ones, by the compiled kernel and by NumPy alone. Before anything is entered the path
must arrive at the weights of the loop below, which is the definition.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import speed_report
from instances import near_identity

from solvers import Problem, gradient_descent

CHECKED, AGREEMENT = 30, 1e-9
SHAPES = {"4-4-4-4": (4,) * 4, "8-8-8-8-8": (8,) * 5}
RUNS = {
    ("4-4-4-4", 1024, "kernel"): 2000,
    ("4-4-4-4", 1024, "lanes"): 200,
    ("8-8-8-8-8", 1024, "kernel"): 300,
    ("8-8-8-8-8", 1024, "tiles"): 30,
    ("4-4-4-4", 1, "kernel"): 300_000,
    ("4-4-4-4", 1, "dots"): 10_000,
    ("8-8-8-8-8", 1, "kernel"): 50_000,
    ("8-8-8-8-8", 1, "dots"): 10_000,
}
"""Shape, networks and path, and the steps to time."""
FORMS = ("white", "covariance", "mask")


@cache
def posed(shape: str, count: int, form: str) -> Problem:
    """Networks near the identity; a covariance of norm 1 of twice as many samples as inputs, half of the entries."""
    generator, size = np.random.default_rng(0), SHAPES[shape][0]
    inputs = generator.standard_normal((size, 2 * size))
    covariance = inputs @ inputs.T
    mask = generator.random((size, size)) < 0.5
    data = {
        "white": {},
        "covariance": {"covariance": covariance / np.linalg.norm(covariance, 2)},
        "mask": {"mask": mask},
    }
    return Problem(*near_identity(SHAPES[shape], stack=(count,) if count > 1 else ()), **data[form])


def looped(problem: Problem) -> list[np.ndarray]:
    """NumPy as one writes it."""
    weights = list(problem.weights)
    for _ in range(CHECKED):
        below, above = [np.eye(weights[0].shape[-1])], [np.eye(weights[-1].shape[-2])]
        for matrix in weights:
            below.append(matrix @ below[-1])
        for matrix in reversed(weights):
            above.append(above[-1] @ matrix)
        gap = below[-1] - problem.target
        gap = gap @ problem.covariance if problem.covariance is not None else gap
        gap = np.where(problem.mask, gap, 0) if problem.mask is not None else gap
        weights = [
            matrix - problem.learning_rate * above[-2 - j].mT @ gap @ below[j].mT for j, matrix in enumerate(weights)
        ]
    return weights


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("shape", "count", "path"), RUNS)
def test_covariances_and_masks(benchmark: Any, shape: str, count: int, path: str, form: str) -> None:
    """Check the path, time it, and enter network-steps a second: the white ones as the peer of the others."""
    problem, steps = posed(shape, count, form), RUNS[shape, count, path]
    for found, expected in zip(
        gradient_descent(problem, steps=CHECKED, path=path).weights, looped(problem), strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=0, atol=AGREEMENT)
    row = f"{count} x {shape}, {path}"
    benchmark.group = row
    benchmark.extra_info.update(form=form, steps=steps)
    benchmark.pedantic(lambda: gradient_descent(problem, steps=steps, path=path), rounds=7, iterations=1)
    rate = count * steps / benchmark.stats.stats.min
    if form == "white":
        for other in FORMS[1:]:
            speed_report.rates[f"{row}, {other}", "white"] = rate
    else:
        speed_report.rates[f"{row}, {form}", "ours"] = rate
