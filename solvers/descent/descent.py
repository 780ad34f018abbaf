"""Gradient descent, W_j(t+1) = W_j(t) - eta D_j(t), all layers at once, with what was seen on the way.

One network, a stack of networks of one shape, or a batch of networks of any shapes, depths and learning rates. What
moves them is chosen by shape (:mod:`solvers.descent.dispatch`) and agrees with :func:`solvers.network.gradient_step`,
step by step, up to rounding. Source: ACGH19 (arXiv:1810.02281), equation (4), with the losses of
:mod:`solvers.network.network`.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from solvers.arithmetic import check_floats
from solvers.descent.dispatch import check_path, check_path_takes, choose, run
from solvers.descent.march import Course, Plan
from solvers.descent.observe import Values
from solvers.descent.paths.stack import Stack
from solvers.network.checks import (
    MOST_RECORDS,
    check_float_network,
    check_float_stack,
    check_record,
    check_steps,
    check_stop_at_loss,
)
from solvers.network.data_checks import check_float_data
from solvers.network.problem import Problem

FloatArray = NDArray[np.float64]

TELL_SECONDS = 0.1


@dataclass(frozen=True)
class Trajectory:
    """What gradient descent did.

    ``recorded`` holds the steps at which ``loss``, ``imbalance`` (||B_1||_F, ..., ||B_{N-1}||_F, one row a step) and
    ``sigma_min`` (of the end-to-end matrix) were taken; the first is 0 and the last is ``steps``. ``diverged`` tells
    that the weights overflow in step ``steps + 1``; ``path`` names what moved them (:mod:`solvers.descent.dispatch`).
    ``residual_sum`` is sum_{t < steps} (2 l(t))^{1/2}, for the white loss the sum of ||W(t) - Phi||_F, and
    ``largest_norm`` is max_{t,j} ||W_j(t)||_F; both bound rounding errors (:mod:`solvers.descent.error_bound`) and are
    None unless asked for with ``certify``. ``covariance`` and ``mask`` are the problem's.

    For a stack of B networks every field but ``path`` has a leading axis of length B, ``target``, ``learning_rate``,
    ``covariance`` and ``mask`` where they had it; a network that ended before the others keeps its last values in the
    columns that are left.
    """

    weights: tuple[FloatArray, ...]
    target: FloatArray
    learning_rate: Any
    steps: Any
    recorded: NDArray[np.int64]
    loss: FloatArray
    imbalance: FloatArray
    sigma_min: FloatArray
    diverged: Any
    path: str
    residual_sum: Any = None
    largest_norm: Any = None
    covariance: FloatArray | None = None
    mask: NDArray[np.bool_] | None = None


class DivergenceError(ArithmeticError):
    """The weights overflowed: ``step`` is the first step at which an entry is not finite, ``trajectory`` what came
    before it."""

    def __init__(self, step: int, trajectory: Any) -> None:
        self.step = step
        self.trajectory = trajectory
        super().__init__(
            f"gradient descent left the range of float64 at step {step} (learning_rate "
            f"{trajectory.learning_rate:g}); a smaller learning_rate may converge; the error's .trajectory holds "
            f"the {step} steps before it"
        )

    def __reduce__(self) -> tuple[type[DivergenceError], tuple[int, Any]]:
        return (DivergenceError, (self.step, self.trajectory))


class InterruptedRun(KeyboardInterrupt):
    """Ctrl-C: ``trajectory`` is what :func:`gradient_descent` would have returned for the steps done so far.

    In a batch, networks whose turn had not come have steps 0, and values that are not a number.
    """

    def __init__(self, trajectory: Any) -> None:
        self.trajectory = trajectory
        super().__init__("gradient descent was interrupted; the error's .trajectory holds the steps done so far")


@overload
def gradient_descent(
    problem: Problem,
    *,
    steps: int,
    record: Iterable[int] = (),
    stop_at_loss: float | None = None,
    certify: bool = False,
    path: str | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Trajectory: ...


@overload
def gradient_descent(
    problem: Sequence[Problem],
    *,
    steps: int,
    record: Iterable[int] = (),
    stop_at_loss: float | None = None,
    certify: bool = False,
    path: str | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> list[Trajectory]: ...


def gradient_descent(
    problem: Problem | Sequence[Problem],
    *,
    steps: int,
    record: Iterable[int] = (),
    stop_at_loss: float | None = None,
    certify: bool = False,
    path: str | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Trajectory | list[Trajectory]:
    """Run ``steps`` steps of gradient descent on 1/2 ||W_N ... W_1 - target||_F^2, or on the loss of the problem's
    covariance or mask (:class:`solvers.Problem`).

    ``problem`` is one of

    - a float64 Problem, ``weights[j]`` of shape (d_{j+1}, d_j), ``target`` (d_N, d_0): the result is its Trajectory;
    - a stack of B of them, ``weights[j]`` (B, d_{j+1}, d_j), ``target`` (d_N, d_0) or (B, d_N, d_0), a covariance or
      mask likewise, the learning rate a number or a float64 array (B,): the result is one Trajectory with leading axes;
    - a sequence of single ones, of any shapes, depths and losses: the result is a list of Trajectories in the same
      order.

    Values are recorded at step 0, at the last step, and at each step named in ``record``, for example ``range(0, steps,
    100)`` or :func:`geometric_steps`. ``steps`` are 10^12 at most. A run ends early at the first step whose loss is <=
    ``stop_at_loss``; a negative one is reached by none and stops nothing. ``certify`` also keeps what
    :mod:`solvers.descent.error_bound` needs; in a thread whose float64 does not round to nearest it raises
    FloatingPointError. ``path`` names a path of :mod:`solvers.descent.dispatch` instead of the fastest.
    ``progress(done, total)`` is called about ten times a second, in steps of one network.

    The arrays passed in are not changed. Raises TypeError or ValueError for bad input, and for one network
    :class:`DivergenceError` at the first step at which an entry of its weights is not finite. In a stack or sequence
    such a network stops there, with ``diverged`` set, and the others go on as if it had not. Results do not depend
    on what else is in the batch, beyond the rounding that :mod:`solvers.descent.error_bound` bounds for every path.
    Ctrl-C is heard between blocks of steps of about 0.05 s, and raises :class:`InterruptedRun` with what was done.
    """
    single = isinstance(problem, Problem)
    problems = [problem] if isinstance(problem, Problem) else _checked_sequence(problem)
    for k, each in enumerate(problems):
        _check(each, "" if single else f"problem[{k}]: ", stacked=single)
    plan = _plan(steps, record, stop_at_loss, certify)
    if path is not None:
        check_path(path)
    if progress is not None and not callable(progress):
        raise TypeError(f"progress is {progress!r}; expected a function of (done, total), or None")
    groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for k, each in enumerate(problems):
        groups[*each.dimensions, each.covariance is None, each.mask is None].append(k)
    stacks = [_gathered([problems[k] for k in group]) for group in groups.values()]
    alone = len(problems) == 1 and len(stacks[0]) == 1
    names = [
        choose(stack, plan, alone=alone) if path is None else check_path_takes(path, stack, plan) for stack in stacks
    ]
    courses = [Course.of(stack, plan) for stack in stacks]
    interrupted = False
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            run(stacks, courses, names, plan, _teller(progress, plan.steps * sum(map(len, stacks))))
    except KeyboardInterrupt:
        interrupted = True
    result: Trajectory | list[Trajectory]
    if single:
        result = _trajectory(problems[0], courses[0], plan, names[0])
    else:
        result = _scattered(problems, list(groups.values()), courses, plan, names)
    if interrupted:
        raise InterruptedRun(result)
    if isinstance(result, Trajectory) and result.diverged is True:
        raise DivergenceError(result.steps + 1, result)
    return result


def geometric_steps(steps: int, *, each_decade: int = 10) -> list[int]:
    """0, 1, 2, ... up to ``steps``, about ``each_decade`` of them in every factor of ten."""
    last = check_steps(steps)
    if check_steps(each_decade, "each_decade") == 0:
        raise ValueError("each_decade is 0; expected at least 1")
    count = int(np.ceil(each_decade * np.log10(max(last, 1)))) + 1
    if count > MOST_RECORDS:
        raise ValueError(f"each_decade is {each_decade}; expected at most {MOST_RECORDS} steps in all")
    powers = np.rint(10.0 ** (np.arange(count) / each_decade)).astype(np.int64)
    return sorted({0, last, *(int(step) for step in powers if step < last)})


def _checked_sequence(problems: Any) -> list[Problem]:
    if not isinstance(problems, Sequence):
        raise TypeError(f"problem is a {type(problems).__name__}; expected a Problem or a sequence of them")
    for k, each in enumerate(problems):
        if not isinstance(each, Problem):
            raise TypeError(f"problem[{k}] is a {type(each).__name__}; expected a Problem")
    return list(problems)


def _check(problem: Problem, where: str, *, stacked: bool) -> None:
    try:
        count = None
        if stacked and np.ndim(problem.weights[0]) > 2:
            check_float_stack(problem.weights, problem.target, problem.learning_rate)
            count = len(problem.weights[0])
        else:
            check_float_network(problem.weights, problem.target, problem.learning_rate)
        check_float_data(problem.covariance, problem.mask, count)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{where}{error}") from None


def _plan(steps: int, record: Iterable[int], stop_at_loss: float | None, certify: bool) -> Plan:
    last = check_steps(steps)
    before = check_record(record, last)
    if not isinstance(certify, bool):
        raise TypeError(f"certify is {certify!r}; expected True or False")
    if certify:
        check_floats()
    return Plan(last, np.array(before, dtype=np.int64), check_stop_at_loss(stop_at_loss), certify)


def _gathered(problems: Sequence[Problem]) -> Stack:
    """Problems of one shape, their losses of one form, as a stack."""
    if len(problems) == 1:
        return Stack.of(problems[0])
    return Stack(
        tuple(np.stack(layers) for layers in zip(*(problem.weights for problem in problems), strict=True)),
        np.stack([problem.target for problem in problems]),
        np.array([problem.learning_rate for problem in problems], dtype=np.float64),
        *(
            None if parts[0] is None else np.stack(parts)
            for parts in zip(*(problem.data.values() for problem in problems), strict=True)
        ),
    )


def _scattered(
    problems: Sequence[Problem],
    groups: Sequence[Sequence[int]],
    courses: Sequence[Course],
    plan: Plan,
    names: Sequence[str],
) -> list[Trajectory]:
    """One trajectory for each problem, in the order of the problems."""
    found = {
        k: _trajectory(problems[k], course.take(slice(i, i + 1)), plan, name)
        for group, course, name in zip(groups, courses, names, strict=True)
        for i, k in enumerate(group)
    }
    return [found[k] for k in range(len(problems))]


def _trajectory(problem: Problem, course: Course, plan: Plan, path: str) -> Trajectory:
    """What the course of one network, or of a stack, says of it."""
    norm = np.sqrt(course.largest_squared)
    if problem.weights[0].ndim > 2:
        return Trajectory(
            course.weights,
            problem.target.copy(),
            np.array(problem.learning_rate, dtype=np.float64),
            course.steps,
            _last_values_kept(course, plan),
            *course.values,
            course.diverged,
            path,
            course.residual_sum if plan.certify else None,
            norm if plan.certify else None,
            *_copies(problem),
        )
    steps = int(course.steps[0])
    before = plan.record[plan.record < steps]
    columns = [*range(len(before)), -1] if len(before) < len(plan.record) else slice(None)
    return Trajectory(
        tuple(matrix[0].copy() for matrix in course.weights),
        problem.target.copy(),
        float(problem.learning_rate),
        steps,
        np.append(before, steps),
        *Values(*(values[0, columns] for values in course.values)),
        bool(course.diverged[0]),
        path,
        float(course.residual_sum[0]) if plan.certify else None,
        float(norm[0]) if plan.certify else None,
        *_copies(problem),
    )


def _copies(problem: Problem) -> list[Any]:
    return [None if part is None else part.copy() for part in problem.data.values()]


def _last_values_kept(course: Course, plan: Plan) -> NDArray[np.int64]:
    """The recorded steps of each network of a stack; from its end on, steps and values are those of the end."""
    ended = plan.record >= course.steps[:, None]
    for values in course.values:
        values[:, :-1][ended] = np.broadcast_to(values[:, -1:], values[:, :-1].shape)[ended]
    recorded = np.where(ended, course.steps[:, None], plan.record)
    return np.append(recorded, course.steps[:, None], axis=1)


def _teller(progress: Callable[[int, int], object] | None, total: int) -> Callable[[int], None]:
    """Adds up what is done and tells it now and then, and at the end."""
    done, told = 0, time.monotonic()

    def tell(more: int) -> None:
        nonlocal done, told
        done += more
        if progress is not None and (done >= total or time.monotonic() - told >= TELL_SECONDS):
            told = time.monotonic()
            progress(done, total)

    return tell
