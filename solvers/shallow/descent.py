"""Gradient descent on objectives of U U^T and gradient ascent on the sphere, for one start or many at once.

    U_{t+1} = U_t - eta grad f(U_t),        u_{t+1} = (u_t + eta g_t) / |u_t + eta g_t|,  g_t = P Df(u_t).

A batch moves in one sweep of array operations a step; starts that have ended leave it. For f = 1/4 ||U U^T - M||_F^2
the sweep works in an eigenbasis of M, where the gradient is U (U^T U) - Lambda U: descent commutes with that rotation,
so its points agree with those of single starts up to rounding. Sources: as :mod:`solvers.shallow.factored` and
:mod:`solvers.shallow.sphere`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from solvers.shallow.factored import ConvexObjective, FactoredObjective
from solvers.shallow.sphere import HomogeneousPolynomial
from solvers.shallow.trajectory import Book, Plan, ShallowTrajectory, checked_plan, checked_start

FloatArray = NDArray[np.float64]
Rows = NDArray[np.bool_]

FAR = 1e290
"""No entry overflows in a step from a finite state whose gradient, and whose step, are shorter than this."""

SLOW = 2.0**-200
"""Rates below this are not taken into the states, whose squares would lose digits to underflow."""

EPSILON = 2.0**-52


class Sweep(Protocol):
    """What a march needs: the live states, (L, ...), their gradients' norms, and the next states."""

    states: FloatArray

    def prepare(self) -> FloatArray:
        """Compute the gradients at ``states`` and return their norms, (L,)."""

    def values(self, rows: Rows) -> FloatArray:
        """The objective at the states of ``rows``."""

    def points(self, rows: Rows) -> FloatArray:
        """These states as the user knows them."""

    def moved(self) -> FloatArray:
        """The states after one step with the gradients of :meth:`prepare`."""

    def keep(self, rows: Rows) -> None:
        """Leave out all other states, and their gradients."""


def factored_descent(
    objective: FactoredObjective | ConvexObjective,
    start: FloatArray,
    *,
    learning_rate: float,
    steps: int,
    record: Iterable[int] = (),
    stop_at_value: float | None = None,
    stop_at_gradient: float | None = None,
) -> ShallowTrajectory:
    """Run ``steps`` steps of gradient descent on f from ``start`` (n, k), or a batch of starts (B, n, k).

    Values are recorded at step 0, at the last step, and at each step named in ``record``. A run ends early at the first
    step whose value is <= ``stop_at_value`` or whose gradient has a Frobenius norm <= ``stop_at_gradient``.

    The arrays passed in are not changed. Raises TypeError or ValueError for bad input, and for one start
    :class:`solvers.DivergenceError` at the first step at which an entry is not finite; in a batch such a start stops
    there, with ``diverged`` set, and the others go on. Ctrl-C raises :class:`solvers.InterruptedRun` with what was
    done.
    """
    plan = checked_plan(learning_rate, steps, record, stop_at_value, stop_at_gradient)
    states = checked_factors(objective, start)
    book = Book(states, plan)
    sweep = _factored_sweep(objective, states, plan.learning_rate)
    interrupted = march(sweep, book, descending=True)
    book.close(objective.value)
    return book.result(single=start.ndim == 2, interrupted=interrupted)


def sphere_ascent(
    polynomial: HomogeneousPolynomial,
    start: FloatArray,
    *,
    learning_rate: float,
    steps: int,
    record: Iterable[int] = (),
    stop_at_value: float | None = None,
    stop_at_gradient: float | None = None,
) -> ShallowTrajectory:
    """Run ``steps`` steps of Riemannian gradient ascent on |u| = 1 from ``start`` (d,), or a batch of starts (B, d).

    Starts are normalised first, and each step is followed by normalisation. A run ends early at the first step whose
    value is >= ``stop_at_value`` or whose Riemannian gradient has a norm <= ``stop_at_gradient``. Records and errors as
    in :func:`factored_descent`; ValueError for a start that is zero.
    """
    if not isinstance(polynomial, HomogeneousPolynomial):
        raise TypeError(f"polynomial is a {type(polynomial).__name__}; expected a HomogeneousPolynomial")
    plan = checked_plan(learning_rate, steps, record, stop_at_value, stop_at_gradient)
    states = checked_start(start, (polynomial.dimension,), f"({polynomial.dimension},)")
    lengths = np.linalg.norm(states, axis=-1, keepdims=True)
    if not lengths.all():
        where = "start" if start.ndim == 1 else f"start[{int(np.argmin(lengths))}]"
        raise ValueError(f"{where} is zero; expected a direction")
    states = states / lengths
    book = Book(states, plan)
    sweep = _Ascent(polynomial, states, plan.learning_rate)
    interrupted = march(sweep, book, descending=False)
    book.close(polynomial.value)
    return book.result(single=start.ndim == 1, interrupted=interrupted)


def march(sweep: Sweep, book: Book, *, descending: bool) -> bool:
    """Move every state of ``sweep`` to its end and enter it in ``book``; True where Ctrl-C came before that."""
    rows, step = np.arange(len(book.points)), 0
    live = np.ones(len(rows), dtype=bool)
    longest = FAR / max(book.plan.learning_rate, 1.0)
    try:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            while True:
                norms = sweep.prepare()
                done = _done(sweep, norms, book.plan, descending)
                if done is not None and (done := done & live).any():
                    _end(book, sweep, rows, done, step, norms)
                    book.converged[rows[done]] = True
                    live = live & ~done
                if step == book.plan.steps:
                    _end(book, sweep, rows, live, step, norms)
                    return False
                if not live.any():
                    return False
                if step in book.wanted:
                    book.look(rows[live], step, sweep.values(live), norms[live])
                if 16 * np.count_nonzero(live) <= 15 * len(live):
                    sweep.keep(live)
                    rows, norms, live = rows[live], norms[live], live[live]
                states = sweep.moved()
                if not norms.max() < longest:
                    broken = ~np.isfinite(states).reshape(len(states), -1).all(axis=1)
                    book.diverged[rows[broken & live]] = True
                    _end(book, sweep, rows, broken & live, step, norms)
                    states[broken] = 0.0  # a state that has ended, like those that have converged
                    live = live & ~broken
                sweep.states, step = states, step + 1
    except KeyboardInterrupt:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            _end(book, sweep, rows, live, step, sweep.prepare())
        return True


def _done(sweep: Sweep, norms: FloatArray, plan: Plan, descending: bool) -> Rows | None:
    """Which states meet a stop, or None where nothing can."""
    done = norms <= plan.stop_at_gradient if plan.stop_at_gradient >= 0 else None
    if not math.isnan(plan.stop_at_value):
        values = sweep.values(np.ones(len(norms), dtype=bool))
        met = values <= plan.stop_at_value if descending else values >= plan.stop_at_value
        done = met if done is None else done | met
    return done


def _end(book: Book, sweep: Sweep, rows: Any, ended: Rows, step: int, norms: FloatArray) -> None:
    """Enter the end of the states that ``ended``."""
    book.finish(rows[ended], step, sweep.points(ended), norms[ended])


def checked_factors(objective: Any, start: Any) -> FloatArray:
    """A batch of float64 starts for a float64 objective."""
    if not isinstance(objective, FactoredObjective | ConvexObjective):
        raise TypeError(f"objective is a {type(objective).__name__}; expected a FactoredObjective or a ConvexObjective")
    if isinstance(objective, FactoredObjective):
        for array in (objective.target, *objective.linear_map.arrays):
            if getattr(array, "dtype", None) != np.dtype(np.float64):
                raise TypeError("objective is not in float64; expected float64 entries (convert with .nearest())")
    return checked_start(start, (objective.size, None), f"({objective.size}, k)")


def _factored_sweep(objective: Any, states: FloatArray, rate: float) -> Sweep:
    plain = isinstance(objective, FactoredObjective) and objective.linear_map.name == "identity"
    if plain and len(states) > 1 and rate > SLOW:
        return _Rotated(objective, states, rate)
    return _Descent(objective, states, rate)


class _Descent:
    """U - eta grad f(U), whatever f is."""

    def __init__(self, objective: FactoredObjective | ConvexObjective, states: FloatArray, rate: float) -> None:
        self.objective, self.states, self.rate = objective, states, rate
        self.gradients = states

    def prepare(self) -> FloatArray:
        self.gradients = self.objective.gradient(self.states)
        return norms_of(self.gradients)

    def values(self, rows: Rows) -> FloatArray:
        found: FloatArray = self.objective.value(self.states[rows])
        return found

    def points(self, rows: Rows) -> FloatArray:
        return self.states[rows]

    def moved(self) -> FloatArray:
        return self.states - self.rate * self.gradients

    def keep(self, rows: Rows) -> None:
        self.states, self.gradients = self.states[rows], self.gradients[rows]


class _Ascent:
    """u + eta P Df(u), normalised."""

    def __init__(self, polynomial: HomogeneousPolynomial, states: FloatArray, rate: float) -> None:
        self.polynomial, self.states, self.rate = polynomial, states, rate
        self.gradients = states

    def prepare(self) -> FloatArray:
        self.gradients = self.polynomial.riemannian_gradient(self.states)
        return norms_of(self.gradients)

    def values(self, rows: Rows) -> FloatArray:
        found: FloatArray = self.polynomial.value(self.states[rows])
        return found

    def points(self, rows: Rows) -> FloatArray:
        return self.states[rows]

    def moved(self) -> FloatArray:
        ahead = self.states + self.rate * self.gradients
        found: FloatArray = ahead / np.linalg.norm(ahead, axis=-1, keepdims=True)
        return found

    def keep(self, rows: Rows) -> None:
        self.states, self.gradients = self.states[rows], self.gradients[rows]


class _Rotated:
    """Descent on 1/4 ||U U^T - M||_F^2 for many U: states are W = eta^{1/2} Q^T U, M = Q Lambda Q^T, and

        W <- W - D,   D = W (W^T W) - eta Lambda W = eta^{3/2} Q^T grad f,

    two products of n x k and k x k matrices a start instead of two of n x n and n x k. Rows of W in the kernel of M
    (eigenvalues within the rounding of the largest) are multiplied by the same k x k matrices as time goes on: where
    there are more than k of them they are written as Y R, Y^T Y = I, and R alone moves. W^T W is the product of W^T
    with a copy of W: where NumPy sees a matrix times its own transpose it takes a way that is slower for small ones.
    """

    def __init__(self, objective: FactoredObjective, states: FloatArray, rate: float) -> None:
        self.rate, (count, size, width) = rate, states.shape
        self.objective, self.rows = objective, np.arange(count)
        eigenvalues, basis = np.linalg.eigh(objective.target)
        kernel = np.abs(eigenvalues) <= size * EPSILON * np.abs(eigenvalues).max()
        self.outer, self.frames = basis, np.empty((count, 0, width))
        turned = math.sqrt(rate) * (basis.T @ states)
        if kernel.sum() > width:
            self.outer, self.kernel = basis[:, ~kernel], basis[:, kernel]
            self.frames, rest = np.linalg.qr(turned[:, kernel])
            turned = np.concatenate([turned[:, ~kernel], rest], axis=1)
            eigenvalues = np.concatenate([eigenvalues[~kernel], np.zeros(width)])
        self.states = np.ascontiguousarray(turned)
        self.scaled, self.change, self.product, self.spare = (np.empty_like(self.states) for _ in range(4))
        self.scaled[...] = rate * eigenvalues[:, None]
        self.gram = np.empty((count, width, width))

    def prepare(self) -> FloatArray:
        np.copyto(self.product, self.states)
        np.matmul(self.states.mT, self.product, out=self.gram)
        np.matmul(self.states, self.gram, out=self.change)
        np.multiply(self.states, self.scaled, out=self.product)
        np.subtract(self.change, self.product, out=self.change)
        return norms_of(self.change) * np.float64(self.rate**-1.5)

    def values(self, rows: Rows) -> FloatArray:
        found: FloatArray = self.objective.value(self.points(rows))
        return found

    def points(self, rows: Rows) -> FloatArray:
        states = self.states[rows] / math.sqrt(self.rate)
        moving = self.outer.shape[1]
        found: FloatArray = self.outer @ states[:, :moving]
        if self.frames.size:
            found = found + self.kernel @ (self.frames[self.rows[rows]] @ states[:, moving:])
        return found

    def moved(self) -> FloatArray:
        np.subtract(self.states, self.change, out=self.spare)
        ahead, self.spare = self.spare, self.states  # the states before the step, until the next one overwrites them
        return ahead

    def keep(self, rows: Rows) -> None:
        self.states, self.change, self.rows = self.states[rows], self.change[rows], self.rows[rows]
        count = len(self.states)
        self.scaled, self.product = self.scaled[:count], self.product[:count]
        self.spare, self.gram = self.spare[:count], self.gram[:count]


def norms_of(gradients: FloatArray) -> FloatArray:
    """The Frobenius norm of each of a batch."""
    flat = gradients.reshape(len(gradients), math.prod(gradients.shape[1:]))
    found: FloatArray = np.sqrt(np.vecdot(flat, flat))
    return found
