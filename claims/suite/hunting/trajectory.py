"""What a conjecture sees: gradient descent from a problem, in exact rationals while they are short, then in balls."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import Any, NamedTuple, NoReturn

import numpy as np
from flint import arb, fmpq

from claims.suite.hunting.numbers import Number, Undecided
from solvers import Problem, deficiency_margin, end_to_end, frobenius_squared, imbalances, layer_gradients
from solvers import sigma_min as least_singular_value
from solvers.arithmetic import balls, rational, square_root

LONGEST = 4096
"""Bits of a rational beyond which steps go on in balls."""


class Standstill(NamedTuple):
    """Why the loss of a run does not go to zero: an exact critical point (period 0) or an exact cycle, from a step on;
    ``loss`` is the least value that is taken for ever."""

    steps: int
    period: int
    loss: fmpq


class Orbit:
    """The states of a problem, each computed once: in rationals (or float64), then in balls at a precision."""

    def __init__(self, problem: Problem) -> None:
        self._exact = [problem]
        self._balls: dict[int, list[Problem]] = {}

    def state(self, step: int, bits: int) -> Problem:
        """The state at a step, where rationals are long in balls of ``bits`` bits, the precision of ``flint.ctx``."""
        while len(self._exact) <= step and not self._long():
            self._exact.append(self._exact[-1].step())
        if step < len(self._exact):
            return self._exact[step]
        tail = self._balls.setdefault(bits, [_in_balls(self._exact[-1])])
        while len(self._exact) + len(tail) - 1 <= step:
            tail.append(tail[-1].step())
        return tail[step - len(self._exact) + 1]

    def rational(self, step: int) -> bool:
        """Whether the state at a step is known in rationals (or float64)."""
        return step < len(self._exact)

    def _long(self) -> bool:
        entries = itertools.chain.from_iterable(matrix.flat for matrix in self._exact[-1].weights)
        return any(isinstance(entry, fmpq) and entry.height_bits() > LONGEST for entry in entries)


def _in_balls(problem: Problem) -> Problem:
    return Problem(tuple(map(balls, problem.weights)), balls(problem.target), problem.learning_rate)


class Values(Sequence[Any]):
    """One value a step, computed when it is asked for: ``loss[0]``, ``loss[-1]``, ``len(loss)``, ``max(loss)``.

    Taken for one number it says what it is.
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, name: str, steps: int, value: Callable[[int], Any]) -> None:
        self._name, self._steps, self._value = name, steps, value

    def __len__(self) -> int:
        return self._steps + 1

    def __getitem__(self, step: Any) -> Any:
        if isinstance(step, slice):
            return [self._value(t) for t in range(self._steps + 1)[step]]
        if not hasattr(step, "__index__"):
            raise TypeError(f"{self._name}[{step}]: expected a step in the brackets, as in {self._name}[0]")
        t = step.__index__()
        if not -len(self) <= t < len(self):
            raise IndexError(f"{self._name}[{t}] is beyond the run's steps, 0 to {self._steps}; raise --steps")
        return self._value(t % len(self))

    def __iter__(self) -> Iterator[Any]:
        return (self._value(t) for t in range(len(self)))

    def __repr__(self) -> str:
        return f"the series {self._name}"

    def taken_for_one(self, *_: Any, **__: Any) -> NoReturn:
        """TypeError: what every operation on a series comes to."""
        raise TypeError(f"{self._name} is a series: write {self._name}[t]")

    __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __ne__ = __bool__ = __float__ = taken_for_one
    __add__ = __sub__ = __mul__ = __truediv__ = __pow__ = __matmul__ = __neg__ = __pos__ = __abs__ = taken_for_one
    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rpow__ = __rmatmul__ = taken_for_one
    __array__ = taken_for_one  # NumPy asks for it


class Layers(tuple[Any, ...]):
    """(W_1, ..., W_N) at a step; taken for one matrix it says what it is."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return tuple(self)[place]
        try:
            return super().__getitem__(place)
        except IndexError:
            place = int(place)
            raise IndexError(
                f"weights[t][{place}] is W_{place + 1}, of a network of depth {len(self)}; --depth says how many layers"
            ) from None

    def taken_for_one(self, *_: Any, **__: Any) -> NoReturn:
        """TypeError: what every comparison of layers comes to."""
        raise TypeError("weights[t] is (W_1, ..., W_N): write weights[t][0] for W_1")

    __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __ne__ = __array__ = taken_for_one


class Trajectory:
    """Gradient descent from a problem; its public properties are the names that an expression may use, and what each
    means stands in :data:`~claims.suite.hunting.names.NAMES`."""

    def __init__(self, orbit: Orbit, steps: int, bits: int) -> None:
        self._orbit, self._bits = orbit, bits
        self._steps = steps
        self._seen: dict[tuple[str, int], Any] = {}
        self.standstill: Standstill | None = None

    @property
    def depth(self) -> Number:
        return Number(fmpq(self._start.depth), "depth")

    @property
    def widths(self) -> tuple[Number, ...]:
        return tuple(Number(fmpq(d), f"width[{j}]") for j, d in enumerate(self._start.dimensions))

    @property
    def steps(self) -> Number:
        return Number.of(self._steps)

    @property
    def learning_rate(self) -> Number:
        rate = self._start.learning_rate
        return Number(rate if isinstance(rate, fmpq | float) else rational(rate), "learning_rate")

    @property
    def target(self) -> Any:
        return _named(self._start.target, "target")

    @property
    def weights(self) -> Values:
        return self._values("weights", self._weights)

    @property
    def end_to_end(self) -> Values:
        return self._values("end_to_end", lambda t: _named(self._whole(t), f"end_to_end[{t}]"))

    @property
    def loss(self) -> Values:
        return self._numbers("loss", lambda t: frobenius_squared(self._whole(t) - self._state(t).target) / 2)

    @property
    def imbalance(self) -> Values:
        return self._numbers("imbalance", lambda t: _root(_largest_imbalance_squared(self._state(t))))

    @property
    def sigma_min(self) -> Values:
        return self._numbers("sigma_min", lambda t: least_singular_value(self._whole(t)))

    @property
    def gradient_norm(self) -> Values:
        return self._numbers("gradient_norm", lambda t: _root(_gradient_squared(self._state(t))))

    @property
    def margin(self) -> Number:
        return Number(_plain(deficiency_margin(self._start.weights, self._start.target)), "margin")

    @property
    def target_norm(self) -> Number:
        return Number(_root(frobenius_squared(self._start.target)), "target_norm")

    @property
    def target_sigma_min(self) -> Number:
        return Number(_plain(least_singular_value(self._start.target)), "target_sigma_min")

    @property
    def converges(self) -> bool:
        states: list[Problem] = []
        for t in range(self._steps + 1):
            state = self._state(t)
            if not self._orbit.rational(t):
                break
            if _loss(state) == 0:
                return bool(self.loss[t] == 0)  # asked once more, so that it is among the facts
            if _gradient_squared(state) == 0:
                self.standstill = Standstill(t, 0, _loss(state))
                return False
            for s, before in enumerate(states):
                if _same(before, state):
                    self.standstill = Standstill(s, t - s, min(map(_loss, states[s:])))
                    return False
            states.append(state)
        raise Undecided

    @property
    def _start(self) -> Problem:
        return self._orbit.state(0, self._bits)

    def _state(self, step: int) -> Problem:
        return self._orbit.state(step, self._bits)

    def _whole(self, step: int) -> Any:
        return self._kept("whole", step, lambda t: end_to_end(self._state(t).weights))

    def _weights(self, step: int) -> tuple[Any, ...]:
        layers = self._state(step).weights
        return Layers(_named(matrix, f"weights[{step}][{j}]") for j, matrix in enumerate(layers))

    def _values(self, name: str, value: Callable[[int], Any]) -> Values:
        return Values(name, self._steps, lambda t: self._kept(name, t, value))

    def _numbers(self, name: str, value: Callable[[int], Any]) -> Values:
        return self._values(name, lambda t: Number(_plain(value(t)), f"{name}[{t}]"))

    def _kept(self, name: str, step: int, value: Callable[[int], Any]) -> Any:
        if (name, step) not in self._seen:
            self._seen[name, step] = value(step)
        return self._seen[name, step]

    @property
    def last_step(self) -> int:
        """The last step that was looked at."""
        return max((step for _, step in self._seen), default=0)

    def problem(self) -> Problem:
        """The start, with entries that a conjecture may compute with."""
        return Problem(self._weights(0), self.target, self.learning_rate)


def norm(matrix: Any) -> Number:
    """||A||_F of a matrix of the run."""
    return Number.of(frobenius_squared(np.asarray(matrix, dtype=object))).sqrt()


def identity(size: Any) -> Any:
    """The identity matrix."""
    count = size.__index__()
    result = np.empty((count, count), dtype=object)
    for place in np.ndindex(result.shape):
        result[place] = Number.of(int(place[0] == place[1]))
    return result


def determinant(matrix: Any) -> Number:
    """The determinant of a square matrix of the run, expanded along its first row."""
    rows = np.asarray(matrix, dtype=object)
    if rows.ndim != 2 or rows.shape[0] != rows.shape[1]:
        raise ValueError(f"determinant of a matrix of shape {rows.shape}; expected a square one")
    if len(rows) == 1:
        return Number.of(rows[0, 0])
    minors = (np.delete(rows[1:], k, axis=1) for k in range(len(rows)))
    terms = [(-1) ** k * rows[0, k] * determinant(minor) for k, minor in enumerate(minors)]
    return Number.of(reduce(lambda total, term: total + term, terms))


def _named(matrix: Any, name: str) -> Any:
    result = np.empty(matrix.shape, dtype=object)
    for row, column in np.ndindex(matrix.shape):
        result[row, column] = Number(_plain(matrix[row, column]), f"{name}[{row}][{column}]")
    return result


def _plain(value: Any) -> Any:
    """NumPy's float64 is Python's; exact scalars are themselves."""
    return float(value) if isinstance(value, np.floating) else value


def _root(square: Any) -> Any:
    return math.sqrt(square) if isinstance(square, float) else square_root(square)


def _loss(state: Problem) -> Any:
    return frobenius_squared(end_to_end(state.weights) - state.target) / 2


def _gradient_squared(state: Problem) -> Any:
    squares = map(frobenius_squared, layer_gradients(state.weights, state.target))
    return reduce(lambda total, square: total + square, squares)


def _largest_imbalance_squared(state: Problem) -> Any:
    squares = [frobenius_squared(b) for b in imbalances(state.weights)]
    if not squares:
        return fmpq(0)
    if any(isinstance(square, arb) for square in squares):
        return reduce(lambda a, b: arb(a).max(arb(b)), squares)
    return max(squares)


def _same(one: Problem, two: Problem) -> bool:
    return all(bool((a == b).all()) for a, b in zip(one.weights, two.weights, strict=True))
