"""Saddles near by: is the start critical, which one is near, how flat is it, and how long does descent stay?"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from flint import arb, fmpq

from claims.auditing.deciding import is_small
from claims.auditing.report import Finding, Rigour
from solvers import Problem, end_to_end, frobenius_squared, layer_gradients, spectral_norm
from solvers.arithmetic import lower_float, rational, square_root, upper_float
from solvers.network.hessian import curvature
from solvers.network.second_order import critical_kind, negative_curvature


def saddles(problem: Problem, learning_rate: float | None) -> Iterator[Finding]:
    """The findings about saddles, for a float64 problem; of those that need the white loss none for another."""
    if is_small(problem) and _is_critical(problem):
        yield _critical(problem)
    elif problem.is_white:
        yield from _nearest(problem)
        if learning_rate is not None and problem.depth > 1:
            yield from _small_start(problem, learning_rate)


def _is_critical(problem: Problem) -> bool:
    """In rationals, where float64 does not see at once that it is not."""
    found = layer_gradients(problem.weights, problem.target, **problem.data)
    if max(abs(matrix).max() for matrix in found) > 1e-6 * (1 + abs(problem.target).max()):
        return False
    posed = problem.exact()
    found = layer_gradients(posed.weights, posed.target, **posed.data)
    return all((matrix == 0 * matrix).all() for matrix in found)


def _critical(problem: Problem) -> Finding:
    posed = problem.exact()
    stays = "the start is critical, and descent never moves"
    if not problem.is_white:
        return Finding("critical", Rigour.EXACT, stays, "DL-025", {"kind": None})
    kind = critical_kind(posed.weights, posed.target)
    values: dict[str, float | str] = {"kind": kind.value}
    direction = negative_curvature(posed.weights, posed.target)
    slope = ""
    if direction is not None:
        square = sum((frobenius_squared(matrix) for matrix in direction), start=fmpq(0))
        values["curvature"] = upper_float(curvature(posed.weights, posed.target, direction) / square)
        slope = f", with a direction of curvature {values['curvature']:.4g}"
    return Finding("critical", Rigour.EXACT, f"{stays}: a {kind.value}{slope}", "DL-061", values)


def _nearest(problem: Problem) -> Iterator[Finding]:
    """Which of the critical values Phi_r, Phi's r largest modes, W is nearest to; told where that is not Phi."""
    left, values, right = np.linalg.svd(problem.target, full_matrices=False)
    product = end_to_end(problem.weights)
    distances = [
        float(np.linalg.norm(product - (left[:, :r] * values[:r]) @ right[:r])) for r in range(len(values) + 1)
    ]
    modes = int(np.argmin(distances))
    if modes == len(values) or problem.depth == 1 or not distances[modes] < values[modes] / 2:
        return
    flat = modes == 0 and problem.depth > 2
    kind = f"where all layers are 0 it is flat to order {problem.depth - 1}" if flat else "where balanced it is strict"
    yield Finding(
        "saddle",
        Rigour.ESTIMATE,
        f"W is near a saddle's, with {modes} of {len(values)} modes: ||W - Phi_{modes}||_F = {distances[modes]:.4g}; "
        f"{kind}",
        "DL-007" if modes == 0 else "DL-024",
        {"modes": modes, "distance": distances[modes]},
    )


def _small_start(problem: Problem, learning_rate: float) -> Iterator[Finding]:
    """DL-025, 2: the step before which no layer is larger than R = |Phi|_2^{1/N} / 2, for a start within R / 2."""
    depth, eta = problem.depth, rational(learning_rate)
    enclosed = problem.enclosed()
    norms = [square_root(frobenius_squared(matrix)) for matrix in enclosed.weights]
    strength = arb(spectral_norm(enclosed.target).upper())
    if not all(arb(each).is_finite() for each in (*norms, strength)):
        return
    start = arb(max(map(upper_float, norms)))
    radius = arb(math.ldexp(float(strength) ** (1 / depth), -1))
    if not (start > 0 and 2 * start < radius and eta * radius ** (2 * depth - 2) <= 2):
        return
    if depth == 2:
        steps = (radius / start).log() / (1 + eta * strength).log()
    else:
        steps = (start ** (2 - depth) - radius ** (2 - depth)) / ((depth - 2) * eta * strength)
    if not steps.is_finite():
        return
    least = math.floor(lower_float(steps))
    yield Finding(
        "escape",
        Rigour.CERTIFIED,
        f"no layer's norm, now at most {float(start):.4g}, is above {float(radius):.4g} before step {least:,}",
        "DL-025",
        {"from": upper_float(start), "to": float(radius), "steps": least},
    )
    yield from _latest_escape(problem, eta, float(strength))


def _latest_escape(problem: Problem, eta: fmpq, strength: float) -> Iterator[Finding]:
    """DL-025, 3: at depth 2 the step at which some layer is larger than R, by singular vectors of float64."""
    if problem.depth != 2 or eta * rational(strength) > 1:
        return
    left, _, right = np.linalg.svd(problem.target)
    u, v = left[:, 0], right[0]
    grows, shrinks = (problem.weights[0] @ v + sign * problem.weights[1].T @ u for sign in (1, -1))
    size = float(np.linalg.norm(grows))
    if size == 0:
        return
    k = max(1.0, float(np.linalg.norm(shrinks)) / size)
    radius = math.sqrt(strength / 2) / (1 + k)
    rate = math.log1p(float(eta) * (strength - (1 + k) * radius**2))
    if 2 * radius > size:
        steps = math.ceil(1 + math.log(2 * radius / size) / rate)
        yield Finding(
            "leaves",
            Rigour.ESTIMATE,
            f"some layer's norm is above {radius:.4g} at step {steps:,}",
            "DL-025",
            {"to": radius, "steps": steps},
        )
