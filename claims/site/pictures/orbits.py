"""Where gradient descent goes from a counterexample's start, in exact rationals where these stay short, and the numbers
that move.

A cycle that repels is followed for ever in rationals alone: a rounding would leave it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from claims.counterexamples.catalogue import Counterexample
from claims.counterexamples.trajectories import along_the_mode, largest_rate
from solvers import Problem, loss
from solvers.arithmetic import ObjectArray, nearest

FloatArray = NDArray[np.float64]
SHORT = 1_000
"""Bits that exact steps may have above and below the line, so that float64 reaches them; beyond, the steps are those of
float64."""
SHOWN_RATE = fmpq(1, 10)
"""Of descent, where a counterexample is one at every learning rate."""
STEPS = {"cycle": 8, "stationary": 5, "finite": 6}
"""After those that the certificate counts; of other kinds ``LASTING`` all in all."""
LASTING = 40
HUGE = 1e30
"""A loss beyond which steps in float64 are not shown."""


@dataclass(frozen=True)
class Orbit:
    """Networks, one a step, and their losses; ``exact`` in rationals, else in float64."""

    networks: tuple[Problem, ...]
    losses: tuple[fmpq | float, ...]

    @property
    def exact(self) -> bool:
        return not self.networks[0].is_float64

    def numbers(self) -> FloatArray:
        """All entries of all weights in float64, a row a step."""
        return np.array([np.concatenate([_floats(w).ravel() for w in each.weights]) for each in self.networks])


def _floats(matrix: Any) -> FloatArray:
    found: FloatArray = matrix if matrix.dtype == np.float64 else nearest(matrix)
    return found


def shown(entry: Counterexample) -> Problem:
    """The network whose steps are shown: that along the certificate's mode where it names one, at the learning rate of
    the file; where every one will do at 1/10, or at the largest that is allowed."""
    most = largest_rate(entry)
    problem = entry.problem(None if most is None else min(SHOWN_RATE, most))
    return along_the_mode(entry, problem) if entry.certificate.get("mode") else problem


def orbit(entry: Counterexample) -> Orbit:
    """The steps that the picture shows: so many as the kind asks for; where they leave float64, those that are short
    in rationals."""
    after = STEPS.get(entry.kind)
    period = int(entry.certificate.get("period", 0))
    steps = LASTING if after is None else int(entry.certificate["steps"]) + max(after, 2 * period)
    exact = exact_orbit(shown(entry), steps)
    if len(exact.networks) > steps:
        return exact
    return float_orbit(shown(entry).nearest(), steps) or exact


def exact_orbit(problem: Problem, steps: int) -> Orbit:
    """So many steps in rationals, or as many as have no long number."""
    networks = [problem]
    while len(networks) <= steps and _bits(later := networks[-1].step()) <= SHORT:
        networks.append(later)
    return Orbit(tuple(networks), tuple(loss(each.weights, each.target) for each in networks))


def _bits(problem: Problem) -> int:
    return max(int(part).bit_length() for w in problem.weights for x in w.ravel() for part in (x.p, x.q))


def float_orbit(problem: Problem, steps: int) -> Orbit | None:
    """So many steps in float64; None where a loss is huge."""
    networks = [problem]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            networks.append(networks[-1].step())
        losses = tuple(float(loss(each.weights, each.target)) for each in networks)
    return Orbit(tuple(networks), losses) if max(losses) < HUGE else None


# The numbers that move


@dataclass(frozen=True)
class Chart:
    """A line or a plane among all weights, origin + coordinates @ directions, with a name for each coordinate;
    ``course`` are the coordinates of an orbit, a row a step."""

    names: tuple[str, ...]
    origin: FloatArray
    directions: FloatArray
    course: FloatArray

    def hardly_moves(self) -> bool:
        """Whether a coordinate moves by less than a thousandth of itself, so that an axis would say nothing."""
        moves = np.ptp(self.course, axis=0)
        return bool((moves < np.abs(self.course).max(axis=0) / 1000).any())


def chart(found: Orbit) -> Chart | None:
    """The line or plane that an orbit does not leave, if there is one: entries that move, where at most two differ;
    else the line or plane through its first steps."""
    rows, names = found.numbers(), _names(found.networks[0])
    groups = [[0], [1]][: len(names)] if len(names) <= 2 else moving_together(found.networks[0])
    if 1 <= len(groups) <= 2:
        directions = np.zeros((len(groups), len(names)))
        for direction, places in zip(directions, groups, strict=True):
            direction[places] = 1
        fixed = rows[0] * (directions.sum(axis=0) == 0)
        called = tuple(_together([names[place] for place in places]) for places in groups)
        named = Chart(called, fixed, directions, rows[:, [places[0] for places in groups]])
        if not named.hardly_moves() or not found.exact:
            return named
    return _through(found) if found.exact and groups else None


def moving_together(problem: Problem) -> list[list[int]]:
    """The places of the entries that move in two exact steps; those that stay equal are a group."""
    exact = problem.exact() if problem.is_float64 else problem
    steps = [exact, exact.step(), exact.step().step()]
    courses: dict[tuple[str, ...], list[int]] = {}
    for place, course in enumerate(zip(*map(_entries, steps), strict=True)):
        if len(set(course)) > 1:
            courses.setdefault(course, []).append(place)
    return list(courses.values())


def _entries(problem: Problem) -> list[str]:
    return [str(entry) for weight in problem.weights for entry in weight.ravel()]


def _through(found: Orbit) -> Chart | None:
    """The line through the first two points of an exact orbit, or the plane through three, if no other leaves it."""
    rows = found.numbers()
    exact = [np.concatenate([weight.ravel() for weight in each.weights]) for each in found.networks]
    moves = rows - rows[0]
    for size in (1, 2):
        independent, all_of_them = (_rank([row - exact[0] for row in some]) for some in (exact[: size + 1], exact))
        if independent == all_of_them == size:
            directions = moves[1 : size + 1]
            course, *_ = np.linalg.lstsq(directions.T, moves.T)
            names = ("s (0: the start, 1: a step later)", "t (1: two steps later)")[:size]
            return Chart(names, rows[0], directions, course.T)
    return None


def _rank(rows: list[ObjectArray]) -> int:
    return int(fmpq_mat(len(rows), len(rows[0]), [entry for row in rows for entry in row]).rank())


def _names(problem: Problem) -> list[str]:
    """W₁, or W₁[1,2] of a matrix."""
    subscripts = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
    return [
        f"W{str(j).translate(subscripts)}" + (f"[{row + 1},{column + 1}]" if weight.size > 1 else "")
        for j, weight in enumerate(problem.weights, start=1)
        for row, column in np.ndindex(weight.shape)
    ]


def _together(names: list[str]) -> str:
    return " = ".join(names if len(names) <= 3 else [names[0], "…", names[-1]])


def losses_at(problem: Problem, rows: FloatArray) -> FloatArray:
    """The loss in float64 where all entries of all weights are those of a row, for each row."""
    sizes = [weight.size for weight in problem.weights]
    parts = np.split(rows, np.cumsum(sizes)[:-1], axis=1)
    weights = [part.reshape(-1, *weight.shape) for part, weight in zip(parts, problem.weights, strict=True)]
    target = _floats(problem.target)
    found: FloatArray = loss(weights, np.broadcast_to(target, (len(rows), *target.shape)))
    return found
