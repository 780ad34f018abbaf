"""The ledger of a proof: a network before a step, and what lemmas of a single step say of it.

A :class:`State` reads off what the lemmas speak of, in rationals, enclosures, or stacks of those; a :class:`Row` is a
lemma with its constant, the rows that its proof uses and the hypotheses that it needs itself. They are stated and
proved in ``proof_ledger``; ``sharper_constants`` runs them with other limits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, reduce
from operator import add
from typing import Any

import numpy as np
from flint import fmpq

from solvers import arithmetic
from solvers.arithmetic import Comparison, Enclosure, Interval, decide_all, power, rational, square_root
from solvers.guarantees import theorem_one
from solvers.network import Matrix, Problem, backpropagate, end_to_end, imbalances, transpose
from strategies import MarginProblem, StateStack
from strategies.state_stacks import Limit, extreme_singular_values, frobenius_squared, inner, largest, times

HALF = fmpq(1, 2)


@dataclass(frozen=True)
class State:
    """A network before a step, and what the ledger reads off it; in rationals, enclosures, or stacks of those.

    ``problem`` has weights and target in the arithmetic, ``rate`` is eta as a scalar, ``margin`` is c.
    """

    problem: Problem
    margin: Any
    imbalance_limit: Limit = theorem_one.imbalance_limit

    @property
    def depth(self) -> int:
        return self.problem.depth

    @cached_property
    def rate(self) -> Any:
        rate = self.problem.learning_rate
        return Interval.of(rate) if isinstance(rate, np.ndarray) else rational(rate)

    @cached_property
    def target_norm(self) -> Any:
        return square_root(frobenius_squared(self.problem.target))

    @cached_property
    def delta(self) -> Any:
        return self.imbalance_limit(self.depth, self.margin, self.target_norm)

    @cached_property
    def residual(self) -> Matrix:
        return end_to_end(self.problem.weights) - self.problem.target

    @cached_property
    def gap(self) -> Any:
        """||G||_F^2."""
        return frobenius_squared(self.residual)

    @cached_property
    def reach(self) -> Any:
        """|G|_2."""
        return extreme_singular_values(self.residual)[1]

    @cached_property
    def gradients(self) -> tuple[Matrix, ...]:
        return backpropagate(self.problem.weights, self.residual)

    @cached_property
    def squares(self) -> list[Any]:
        """||D_j||_F^2."""
        return [frobenius_squared(gradient) for gradient in self.gradients]

    @cached_property
    def total(self) -> Any:
        """S."""
        return reduce(add, self.squares)

    @cached_property
    def _product(self) -> tuple[Any, Any]:
        return extreme_singular_values(end_to_end(self.problem.weights))

    @property
    def sigma(self) -> Any:
        return self._product[0]

    @property
    def norm(self) -> Any:
        """|W|_2."""
        return self._product[1]

    @cached_property
    def layer_norm(self) -> Any:
        """M = max_j |W_j|_2."""
        return largest([extreme_singular_values(matrix)[1] for matrix in self.problem.weights])

    @cached_property
    def imbalance(self) -> Any:
        """D = max_j ||B_j||_F; 0 at depth 1."""
        squares = [frobenius_squared(b) for b in imbalances(self.problem.weights)]
        return square_root(largest(squares)) if squares else fmpq(0)

    @cached_property
    def end(self) -> Any:
        """sigma_min^2 of W_{2:N} where d_N <= d_0, of W_{1:N-1} where not; 1 at depth 1."""
        weights = self.problem.weights
        wide = weights[-1].shape[-2] <= weights[0].shape[-1]
        rest = weights[1:] if wide else weights[:-1]
        return extreme_singular_values(end_to_end(rest))[0] ** 2 if rest else fmpq(1)

    @cached_property
    def moves(self) -> tuple[Matrix, ...]:
        """eta D_j."""
        return tuple(times(self.problem.learning_rate, gradient) for gradient in self.gradients)

    @cached_property
    def _step(self) -> tuple[Matrix, Matrix]:
        """eta P and R, layer by layer and without cancellation: prod (W_j - eta D_j) = W - eta P + R."""
        weights, moves = self.problem.weights, self.moves
        product, first, second = weights[0], moves[0], times(0 * self.problem.learning_rate, moves[0])
        for matrix, move in zip(weights[1:], moves[1:], strict=True):
            second = (matrix - move) @ second + move @ first
            first = matrix @ first + move @ product
            product = matrix @ product
        return first, second

    @property
    def preconditioned(self) -> Matrix:
        """eta P."""
        return self._step[0]

    @property
    def remainder(self) -> Matrix:
        """R."""
        return self._step[1]

    @cached_property
    def lost(self) -> Any:
        """eta S - (L(t) - L(t+1)) = <G, R> + 1/2 ||eta P - R||_F^2."""
        change = frobenius_squared(self.preconditioned - self.remainder)
        return inner(self.residual, self.remainder) + change / 2

    @property
    def fall(self) -> Any:
        """L(t) - L(t+1)."""
        return self.rate * self.total - self.lost

    @cached_property
    def tau(self) -> Any:
        """(N-1)/2 y (1+y)^{N-2} with y = eta M^{N-2} |G|_2."""
        if self.depth == 1:
            return fmpq(0)
        y = self.rate * self.layer_norm ** (self.depth - 2) * self.reach
        return fmpq(self.depth - 1, 2) * y * (1 + y) ** (self.depth - 2)

    def share_lost(self, half: fmpq = HALF) -> Any:
        """1 - kept = tau + half eta N M^{2N-2} (1 + tau)^2."""
        size = self.rate * self.depth * self.layer_norm ** (2 * self.depth - 2)
        return self.tau + half * size * (1 + self.tau) ** 2

    def root(self, value: Any, numerator: int) -> Any:
        """value^{numerator / N}."""
        return power(value, Fraction(numerator, self.depth))


Statement = Callable[[State, fmpq], list[Comparison]]
"""From a state and the row's constant to what must hold of it."""


def layer_norms(s: State, constant: fmpq) -> list[Comparison]:
    bound = s.root(s.norm, 2) + constant * (s.depth - 1) * s.imbalance
    return [Comparison(s.layer_norm**2, "<=", bound, "max |W_j|_2^2 against |W|_2^(2/N) and the imbalance")]


def end_layers(s: State, constant: fmpq) -> list[Comparison]:
    right = s.end * (s.root(s.sigma, 2) + constant * (s.depth - 1) * s.imbalance)
    return [Comparison(s.sigma**2, "<=", right, "sigma_min of all layers but one end")]


def first_order(s: State, constant: fmpq) -> list[Comparison]:
    right = s.total * (s.root(s.sigma, 2) + constant * (s.depth - 1) * s.imbalance)
    return [Comparison(s.sigma**2 * s.gap, "<=", right, "sum of ||D_j||^2 from below")]


def preconditioner(s: State, constant: fmpq) -> list[Comparison]:
    bound = constant * s.rate**2 * s.depth * s.layer_norm ** (2 * s.depth - 2) * s.total
    return [Comparison(frobenius_squared(s.preconditioned), "<=", bound, "||eta P||_F^2")]


def remainder(s: State, constant: fmpq) -> list[Comparison]:
    size = s.rate * s.tau * constant
    bound = size**2 * s.depth * s.total * s.layer_norm ** (2 * s.depth - 2)
    return [
        Comparison(inner(s.residual, s.remainder), "<=", size * s.total, "<G, R>"),
        Comparison(frobenius_squared(s.remainder), "<=", bound, "||R||_F^2"),
    ]


def crude_remainder(s: State, constant: fmpq) -> list[Comparison]:
    bound = constant * s.depth**2 * s.rate**2 * s.layer_norm ** (3 * s.depth - 4) * s.gap
    return [Comparison(frobenius_squared(s.remainder), "<=", bound**2, "||R||_F^2 as 4.6 has it")]


def descent(s: State, constant: fmpq) -> list[Comparison]:
    return [Comparison(s.lost, "<=", s.share_lost(constant) * s.rate * s.total, "eta S - (L(t) - L(t+1))")]


def drifts(s: State) -> list[Any]:
    """||B_j(t+1) - B_j(t)||_F^2, from the exact law: no cancellation."""
    pairs = zip(s.moves, s.moves[1:], strict=False)
    return [frobenius_squared(transpose(after) @ after - before @ transpose(before)) for before, after in pairs]


def drift(s: State, constant: fmpq) -> list[Comparison]:
    sums = [s.rate**2 * (before + after) for before, after in zip(s.squares, s.squares[1:], strict=False)]
    return [
        Comparison(moved, "<=", (constant * bound) ** 2, "squared drift of a B_j")
        for moved, bound in zip(drifts(s), sums, strict=True)
    ]


def small_imbalance(s: State, constant: fmpq) -> list[Comparison]:
    return [Comparison((s.depth - 1) * 2 * s.delta, "<=", constant * s.root(s.sigma, 2), "(N-1) 2 delta")]


def norms(s: State, constant: fmpq) -> list[Comparison]:
    return [Comparison(s.layer_norm ** (2 * s.depth), "<=", constant * s.target_norm**2, "max |W_j|_2^(2N)")]


def kept(s: State, constant: fmpq) -> list[Comparison]:
    return [Comparison(s.share_lost(), "<=", 1 - constant + 0 * s.rate, "1 - kept")]


def lemma_seven(s: State, constant: fmpq) -> list[Comparison]:
    gain = constant * s.rate * s.root(s.sigma, 2 * s.depth - 2) * s.gap
    return [Comparison(s.fall, ">=", gain, "L(t) - L(t+1), in the set")]


def norms_after(s: State, constant: fmpq) -> list[Comparison]:
    moved = [matrix - move for matrix, move in zip(s.problem.weights, s.moves, strict=True)]
    found = largest([extreme_singular_values(matrix)[1] for matrix in moved])
    return [Comparison(found**s.depth, "<=", constant * s.target_norm, "max |W_j(t+1)|_2^N")]


def drift_in_the_set(s: State, constant: fmpq) -> list[Comparison]:
    bound = constant * s.rate**2 * s.root(8 * s.target_norm**2, s.depth - 1) * s.gap
    return [Comparison(moved, "<=", bound**2, "squared drift of a B_j, in the set") for moved in drifts(s)]


def potential(s: State, constant: fmpq) -> list[Comparison]:
    """||B_j||_F rises by at most its drift, so this says more than that ||B_j||_F + 2 eta L does not rise."""
    bound = constant * s.rate * s.fall
    return [
        Comparison(square_root(moved), "<=", bound, "drift of a B_j against 2 eta times the fall")
        for moved in drifts(s)
    ]


def total_drift(s: State, constant: fmpq) -> list[Comparison]:
    by_the_rate = 2 * s.rate * s.root(8 * s.target_norm**2, s.depth - 1) * s.target_norm**2
    return [
        Comparison(by_the_rate / s.root(s.margin, 2 * s.depth - 2), "<=", constant * s.delta, "4.5"),
        Comparison(s.rate * s.target_norm**2, "<=", constant * s.delta, "eta Phi_F^2"),
    ]


def theorem_step(s: State, constant: fmpq) -> list[Comparison]:
    gain = constant * s.rate * s.root(s.margin, 2 * s.depth - 2) * s.gap / 2
    return [Comparison(s.fall, ">=", gain, "L(t) - L(t+1) against the rate of Theorem 1")]


@dataclass(frozen=True)
class Row:
    """A lemma of one step. ``uses`` are the rows its proof needs, ``hypotheses`` those of Theorem 1 it needs itself.

    Below ``least_depth`` it is an equality that a symbolic check covers, and rounding could not decide.
    """

    name: str
    statement: Statement
    constant: fmpq
    uses: tuple[str, ...] = ()
    hypotheses: tuple[str, ...] = ()
    least_depth: int = 1

    def says(self, state: State) -> list[Comparison]:
        """What the row says of a state."""
        return self.statement(state, self.constant) if state.depth >= self.least_depth else []


ONE = fmpq(1)
ANYWHERE = (
    Row("layer norms", layer_norms, fmpq(3, 2), least_depth=2),
    Row("end layers", end_layers, ONE, least_depth=2),
    Row("first order", first_order, ONE, ("end layers",), least_depth=2),
    Row("preconditioner", preconditioner, ONE, least_depth=2),
    Row("remainder", remainder, ONE, ("preconditioner",), least_depth=2),
    Row("descent", descent, HALF, ("preconditioner", "remainder"), least_depth=2),
    Row("drift", drift, ONE),
)
IN_THE_SET = (
    Row("small imbalance", small_imbalance, fmpq(1, 216), (), ("margin",)),
    Row("norms", norms, fmpq(5), ("layer norms", "small imbalance"), ("balance",)),
    Row("kept", kept, fmpq(3, 4), ("norms",), ("learning rate",)),
    Row("lemma 7", lemma_seven, HALF, ("first order", "descent", "small imbalance", "kept"), ("balance",)),
    Row("remainder of 4.6", crude_remainder, fmpq(5, 6), ("remainder", "kept")),
    Row("norms after a step", norms_after, fmpq(4), ("norms", "kept"), ("learning rate",)),
    Row("drift in the set", drift_in_the_set, fmpq(2), ("drift", "norms")),
    Row("potential", potential, fmpq(2), ("drift", "descent", "kept")),
    Row("total drift", total_drift, ONE, (), ("learning rate",)),
    Row("theorem", theorem_step, ONE, ("lemma 7", "potential", "total drift"), ("margin",)),
)
LEDGER = (*ANYWHERE, *IN_THE_SET)
CONSTANTS = {row.name: row.constant for row in LEDGER}


def comparisons(
    problem: Problem, rows: tuple[Row, ...], margin: Any, limit: Limit = theorem_one.imbalance_limit
) -> list[Comparison]:
    """What rows say of a problem, in its arithmetic."""
    state = State(problem, margin, limit)
    return [found for row in rows for found in row.says(state)]


def check(drawn: MarginProblem, rows: tuple[Row, ...], limit: Limit = theorem_one.imbalance_limit) -> None:
    """Assert rows of one state: floats propose, exact arithmetic decides."""
    margin = rational(drawn.margin)
    for verdict in decide_all(lambda posed: comparisons(posed, rows, margin, limit), drawn.problem):
        assert verdict.holds, verdict


def check_stack(stack: StateStack, rows: tuple[Row, ...], limit: Limit = theorem_one.imbalance_limit) -> None:
    """Assert rows of every state of a stack, all at once; what rounding bounds leave open goes to :func:`check`."""
    weights = tuple(Enclosure.of(matrix) for matrix in stack.problem.weights)
    problem = Problem(weights, Enclosure.of(stack.problem.target), stack.problem.learning_rate)
    state = State(problem, Interval.of(stack.margin), limit)
    for row in rows:
        with np.errstate(all="ignore"):  # what overflows decides nothing
            open_ones = reduce(np.logical_or, map(undecided, row.says(state)), np.zeros(len(stack), dtype=bool))
        for k in np.flatnonzero(open_ones):
            check(stack[int(k)], (row,), limit)


def undecided(comparison: Comparison) -> Any:
    """Where a comparison of intervals does not certainly hold."""
    left, relation, right, _ = comparison
    small, large = (left, right) if relation == "<=" else (right, left)
    return ~(Interval.of(small).high <= Interval.of(large).low)


def posed(weights: list[Any], target: Any, rate: Any, margin: Any = 1) -> State:
    """A state of rationals: layers are numbers, or matrices as lists."""

    def matrix(value: Any) -> Any:
        return arithmetic.exact(np.array(value if isinstance(value, list) else [[value]]))

    return State(Problem(tuple(map(matrix, weights)), matrix(target), rational(rate)), rational(margin))
