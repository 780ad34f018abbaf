"""From the first step to the last: what is recorded, who stops, who overflows, whatever the path that moves them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from solvers.descent.observe import Values, observe
from solvers.descent.paths.stack import FloatArray, IndexArray, Looks, Path, Stack
from solvers.network.network import frobenius_squared

SNAPSHOT_BYTES = 2**23
"""Snapshots are observed together once they take this much memory."""
LOOKS = 2**18
"""Looks at single steps that one block may hold."""
BLOCK_SECONDS = 0.05
"""A block of steps takes about this long: how often progress is told and an interrupt heard."""
ONE_BY_ONE = 16
"""A block with an overflow is halved until it has at most so many steps, which are then taken one by one."""


@dataclass(frozen=True)
class Plan:
    """What every network of a run has in common."""

    steps: int
    record: NDArray[np.int64]  # sorted, the first is 0, all below steps
    stop_at_loss: float
    certify: bool

    @property
    def looks(self) -> bool:
        """Whether every step is looked at."""
        return self.certify or self.stop_at_loss > -np.inf


@dataclass(frozen=True)
class Course:
    """What one stack of B networks did, filled in as it happens.

    ``weights`` are the last ones, ``steps`` (B,) the steps taken, ``diverged`` (B,) whether one more would overflow.
    The columns of ``values`` are the recorded steps, then the end. ``residual_sum`` and ``largest_squared`` (B,) are
    sum_{t < steps} (2 l(t))^{1/2} and max_{t, j} ||W_j(t)||_F^2, kept where the plan says certify.
    """

    weights: tuple[FloatArray, ...]
    steps: NDArray[np.int64]
    diverged: NDArray[np.bool_]
    values: Values
    residual_sum: FloatArray
    largest_squared: FloatArray

    @classmethod
    def of(cls, stack: Stack, plan: Plan) -> Course:
        """The course before the first step; values not known yet are not a number."""
        count, columns, depth = len(stack), len(plan.record) + 1, len(stack.weights)
        certified = count if plan.certify else 0
        return cls(
            tuple(matrix.copy() for matrix in stack.weights),
            np.zeros(count, dtype=np.int64),
            np.zeros(count, dtype=bool),
            Values(*(np.full((count, columns, *more), np.nan) for more in ((), (depth - 1,), ()))),
            np.zeros(certified),
            np.zeros(certified),
        )

    def take(self, which: slice) -> Course:
        """The same arrays for some of the networks."""
        return Course(
            tuple(matrix[which] for matrix in self.weights),
            self.steps[which],
            self.diverged[which],
            Values(*(array[which] for array in self.values)),
            self.residual_sum[which],
            self.largest_squared[which],
        )


def march(
    make: Callable[[Sequence[Stack]], Path],
    stacks: Sequence[Stack],
    courses: Sequence[Course],
    plan: Plan,
    progress: Callable[[int], None],
) -> None:
    """Run all networks of ``stacks`` on the path that ``make`` builds, and write into ``courses`` what they did.

    ``progress`` is told network-steps as they are done. Overflow warnings are the caller's to silence. After a
    KeyboardInterrupt, which goes on to the caller, ``courses`` end where the last whole block of steps left them.
    """
    run = _March(make, stacks, courses, plan, progress)
    try:
        run.go()
    except KeyboardInterrupt:
        run.back_to_the_checkpoint()
        raise
    finally:
        run.conclude()


class _March:
    def __init__(
        self,
        make: Callable[[Sequence[Stack]], Path],
        stacks: Sequence[Stack],
        courses: Sequence[Course],
        plan: Plan,
        progress: Callable[[int], None],
    ) -> None:
        self.make, self.plan, self.progress = make, plan, progress
        self.stacks, self.courses = stacks, courses
        self.path = make(stacks)
        self.members = [np.arange(len(stack)) for stack in stacks]  # of each stack, those that the path moves
        self.live = np.ones(sum(map(len, stacks)), dtype=bool)  # of those that the path moves, in its order
        self.step = 0
        self.checkpoint: tuple[int, FloatArray, int] | None = None  # where to go back to from the middle of a block
        self.snapshots: list[FloatArray] = []
        self.seen = 0  # columns before the snapshots
        self.stop_losses = [np.full(len(stack), np.nan) for stack in stacks]

    def go(self) -> None:
        length = ONE_BY_ONE
        while self.step < self.plan.steps and self.live.any():
            count = min(length, self.most())
            moving = int(self.live.sum())
            started = time.perf_counter()
            self.block(count)
            if len(self.snapshots) * self.path.state.nbytes >= SNAPSHOT_BYTES:
                self.flush()
            if time.perf_counter() - started < BLOCK_SECONDS:
                length = max(length, 2 * count)
            elif count == length:
                length = max(1, length // 2)
            self.progress(count * moving)
            if self.path.closes_ranks and 1 < len(self.live) >= 2 * self.live.sum():
                self.close_ranks()
        self.flush(last=bool(self.live.any()))

    def most(self) -> int:
        """Steps that one block may have: to the end, and not more looks and snapshots than memory is set aside for."""
        most = self.plan.steps - self.step
        if self.plan.looks:
            most = min(most, max(1, LOOKS // len(self.live)))
        beyond = self.seen + max(len(self.snapshots) + 1, SNAPSHOT_BYTES // self.path.state.nbytes)
        if beyond < len(self.plan.record):
            most = min(most, int(self.plan.record[beyond]) - self.step)
        return most

    def block(self, count: int) -> None:
        """``count`` steps; where they overflow, again in halves, in the end one by one."""
        before = self.path.state.copy()
        taken = len(self.snapshots)
        self.checkpoint = (self.step, before, taken)
        looks = self.advance(count)
        if np.isfinite(self.path.state).all():
            self.account(count, looks, before)
            self.step, self.checkpoint = self.step + count, None
            return
        del self.snapshots[taken:]
        if count > 1:
            self.path.state[...] = before
            half = count // 2 if count > ONE_BY_ONE else 1
            self.block(half)
            self.block(count - half)
        else:
            broken = self.path.overflowed(before)
            self.path.state[...] = before
            self.finish(broken, before, self.step, diverged=True)
            self.path.clear(broken)
            self.block(1)

    def advance(self, count: int) -> Looks | None:
        """``count`` steps, with snapshots at those to record."""
        shape = (count, len(self.live))
        looks = (np.empty(shape), np.empty(shape)) if self.plan.looks else None
        done = 0
        while done < count:
            due = self.plan.record[self.seen + len(self.snapshots) :][:2] - self.step
            if len(due) and due[0] == done:
                self.snapshots.append(self.path.state.copy())
                due = due[1:]
            until = min(count, int(due[0])) if len(due) else count
            self.path.advance(until - done, looks and (looks[0][done:until], looks[1][done:until]))
            done = until
        return looks

    def account(self, count: int, looks: Looks | None, before: FloatArray) -> None:
        """Add up what the looks saw, and finish the networks whose loss was small enough, each at its own step."""
        if looks is None:
            return
        losses = np.maximum(looks[0], 0.0) / 2  # with a covariance rounding may take them below
        reached = (losses <= self.plan.stop_at_loss) & self.live
        stops = np.where(reached.any(axis=0), reached.argmax(axis=0), count)
        if self.plan.certify:
            self.certify(looks, stops)
        if (stops < count).any():
            self.stop(stops, losses, before)

    def certify(self, looks: Looks, stops: IndexArray) -> None:
        """Add the residuals before each network's stop, and the norms up to it, to what is known of the live ones."""
        at = np.arange(len(looks[0]))[:, None]
        sums = np.sqrt(np.maximum(looks[0], 0.0), where=at < stops, out=np.zeros_like(looks[0])).sum(axis=0)
        largest = np.max(looks[1], where=at <= stops, initial=0.0, axis=0)
        for course, members, mine in self.spans():
            live = self.live[mine]
            who = members[live]
            course.residual_sum[who] += sums[mine][live]
            course.largest_squared[who] = np.maximum(course.largest_squared[who], largest[mine][live])

    def stop(self, stops: IndexArray, losses: FloatArray, before: FloatArray) -> None:
        """Run the block again up to each stop, take the weights there, and go on to the block's end."""
        count, now = len(losses), 0
        for known, (_, members, mine) in zip(self.stop_losses, self.spans(), strict=True):
            here = np.flatnonzero(stops[mine] < count)
            known[members[here]] = losses[stops[mine][here], mine.start + here]
        self.path.state[...] = before
        for stop in np.unique(stops[stops < count]):
            self.path.advance(int(stop) - now)
            now = int(stop)
            self.finish(np.flatnonzero(stops == stop), self.path.state, self.step + now)
        self.path.advance(count - now)
        self.path.clear(np.flatnonzero(stops < count))

    def spans(self) -> Iterator[tuple[Course, IndexArray, slice]]:
        """For each stack its course, the members that the path moves, and their span in the path's numbering."""
        first = 0
        for course, members in zip(self.courses, self.members, strict=True):
            yield course, members, slice(first, first + len(members))
            first += len(members)

    def finish(self, networks: IndexArray, state: FloatArray, step: int, *, diverged: bool = False) -> None:
        """Take the weights of ``networks`` out of ``state`` as their last, at ``step``."""
        if len(networks):
            stacks = self.path.weights(state[None])
            self.end(networks, [tuple(w[0] for w in weights) for weights in stacks], step, diverged=diverged)

    def end(
        self, networks: IndexArray, stacks: Sequence[Sequence[FloatArray]], step: int, *, diverged: bool = False
    ) -> None:
        """Take the last weights of ``networks`` out of all weights of each stack."""
        chosen = np.zeros(len(self.live), dtype=bool)
        chosen[networks] = True
        self.live &= ~chosen
        for (course, members, mine), weights in zip(self.spans(), stacks, strict=True):
            who = members[chosen[mine]]
            for last, matrix in zip(course.weights, weights, strict=True):
                last[who] = matrix[chosen[mine]]
                if self.plan.certify:
                    squared = frobenius_squared(last[who])
                    course.largest_squared[who] = np.maximum(course.largest_squared[who], squared)
            course.steps[who] = step
            course.diverged[who] = diverged

    def flush(self, *, last: bool = False) -> None:
        """Observe the snapshots, and the state as that of the last step, where those still live end."""
        if last:
            self.snapshots.append(self.path.state.copy())
        if not self.snapshots:
            return
        columns = np.arange(self.seen, self.seen + len(self.snapshots))
        stacks = self.path.weights(np.stack(self.snapshots))
        if last:
            self.end(np.flatnonzero(self.live), [tuple(w[-1] for w in weights) for weights in stacks], self.step)
        for k, weights in enumerate(stacks):
            members = self.members[k]
            known = self.stacks[k].take(members)
            values = observe(weights, known.target, **known.data)
            for kept, seen in zip(self.courses[k].values, values, strict=True):
                kept[members[:, None], columns] = seen.swapaxes(0, 1)
        self.seen, self.snapshots = self.seen + len(self.snapshots), []

    def close_ranks(self) -> None:
        """Build the path anew for those that go on, if any do."""
        self.flush()
        if not self.live.any():
            return
        members, stacks = [], []
        for (_, old, mine), stack, weights in zip(
            self.spans(), self.stacks, self.path.weights(self.path.state[None]), strict=True
        ):
            live = self.live[mine]
            members.append(old[live])
            going = tuple(matrix[0][live] for matrix in weights)
            stacks.append(replace(stack.take(members[-1]), weights=going))
        path, live = self.make(stacks), self.live[self.live]
        self.members, self.live, self.path = members, live, path

    def back_to_the_checkpoint(self) -> None:
        """After an interrupt: what the last whole block left is the end for all that were going on."""
        if self.checkpoint is not None:
            self.step, self.path.state[...], taken = self.checkpoint
            del self.snapshots[taken:]
        self.flush()
        self.finish(np.flatnonzero(self.live), self.path.state, self.step)

    def conclude(self) -> None:
        """Observe the last weights of those that ended early; a loss that ended a run is the one that was looked at."""
        for stack, course, stop_loss in zip(self.stacks, self.courses, self.stop_losses, strict=True):
            stopped = ~np.isnan(stop_loss)
            early = np.flatnonzero((course.steps < self.plan.steps) | stopped)
            if len(early) == 0:
                continue
            known = stack.take(early)
            last = observe(tuple(matrix[early] for matrix in course.weights), known.target, **known.data)
            for kept, seen in zip(course.values, last, strict=True):
                kept[early, -1] = seen
            course.values.loss[stopped, -1] = stop_loss[stopped]
