"""A proof as a ledger: rows are lemmas of a single step, each with its constant and the rows that its proof uses.

A row says of a state what must hold of it, as comparisons. A state is whatever the claim reads off a problem and a
margin, in rationals, in float64 with a rounding bound, or of a stack of thousands at once; :func:`check` and
:func:`check_stack` assert rows of it. Floats propose, exact arithmetic decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any, Protocol

import numpy as np
from flint import fmpq

from solvers.arithmetic import Comparison, Interval, decide_all, rational
from solvers.network import Problem
from strategies import MarginProblem, StateStack


class ReadOff(Protocol):
    """What a claim's rows speak of."""

    @property
    def depth(self) -> int: ...


Reader = Callable[[Problem, Any], ReadOff]
"""From a problem and c, in one arithmetic, to the state that rows speak of."""


@dataclass(frozen=True)
class Row:
    """A lemma of one step. ``uses`` are the rows its proof needs, ``hypotheses`` those of the theorem it needs itself.

    ``statement`` takes a state and the constant to what must hold. Below ``least_depth`` the lemma is an equality that
    a symbolic check covers, and rounding could not decide.
    """

    name: str
    statement: Callable[[Any, fmpq], list[Comparison]]
    constant: fmpq
    uses: tuple[str, ...] = ()
    hypotheses: tuple[str, ...] = ()
    least_depth: int = 1

    def says(self, state: ReadOff) -> list[Comparison]:
        """What the row says of a state."""
        return self.statement(state, self.constant) if state.depth >= self.least_depth else []


def check(drawn: MarginProblem, rows: tuple[Row, ...], read: Reader) -> None:
    """Assert rows of one state."""
    margin = rational(drawn.margin)

    def said(posed: Problem) -> list[Comparison]:
        state = read(posed, margin)
        return [comparison for row in rows for comparison in row.says(state)]

    for verdict in decide_all(said, drawn.problem):
        assert verdict.holds, verdict


def check_stack(stack: StateStack, rows: tuple[Row, ...], read: Reader) -> None:
    """Assert rows of every state of a stack, all at once; what rounding bounds leave open goes to :func:`check`."""
    state = read(stack.enclosed(), Interval.of(stack.margin))
    for row in rows:
        with np.errstate(all="ignore"):  # what overflows decides nothing
            open_ones = reduce(np.logical_or, map(undecided, row.says(state)), np.zeros(len(stack), dtype=bool))
        for k in np.flatnonzero(open_ones):
            check(stack[int(k)], (row,), read)


def undecided(comparison: Comparison) -> Any:
    """Where a comparison of intervals does not certainly hold."""
    left, relation, right, _ = comparison
    small, large = (left, right) if relation == "<=" else (right, left)
    return ~(Interval.of(small).high <= Interval.of(large).low)
