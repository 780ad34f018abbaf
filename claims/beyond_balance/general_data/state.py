"""What the rows speak of: a state of the ledger with the data's covariance; H = G S stands where the ledger has G."""

from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add
from typing import Any

from flint import fmpq

from claims.convergence.proof_ledger.state import HALF, State
from solvers.guarantees.general_data import Balance, imbalance_limit
from solvers.network import Matrix, end_to_end, imbalances, stacks, transpose


@dataclass(frozen=True)
class DataState(State):
    """A network before a step on data of covariance S; ``residual`` is H, the gradient of the loss in W."""

    balance: Balance = "each"

    @cached_property
    def gap_in_weights(self) -> Matrix:
        """G = W - Phi."""
        return end_to_end(self.problem.weights) - self.problem.target

    @cached_property
    def residual(self) -> Matrix:
        """H = G S."""
        return self.gap_in_weights @ self.problem.covariance

    @cached_property
    def energy(self) -> Any:
        """E = 1/2 |G|_S^2."""
        return stacks.inner(self.residual, self.gap_in_weights) / 2

    @cached_property
    def eigenvalues(self) -> tuple[Any, Any]:
        """s_d and s_1."""
        return stacks.extreme_singular_values(self.problem.covariance)

    @property
    def least(self) -> Any:
        """s_d."""
        return self.eigenvalues[0]

    @property
    def most(self) -> Any:
        """s_1."""
        return self.eigenvalues[1]

    @cached_property
    def distance(self) -> Any:
        """|G|_2."""
        return stacks.extreme_singular_values(self.gap_in_weights)[1]

    @cached_property
    def target_size(self) -> Any:
        """|Phi|_2."""
        return stacks.extreme_singular_values(self.problem.target)[1]

    @cached_property
    def target_norm(self) -> Any:
        """F, the least that the target and the state allow: max(|Phi|_2, c + |G|_2)."""
        return stacks.largest([self.target_size, self.margin + self.distance])

    @cached_property
    def delta(self) -> Any:
        """The limit on the imbalance at the start."""
        return imbalance_limit(self.depth, self.margin, self.balance)

    @cached_property
    def imbalance_sizes(self) -> list[Any]:
        """|B_j|_2."""
        return [stacks.extreme_singular_values(b)[1] for b in imbalances(self.problem.weights)]

    @property
    def total_imbalance(self) -> Any:
        """b = sum_j |B_j|_2; 0 at depth 1."""
        return reduce(add, self.imbalance_sizes) if self.imbalance_sizes else fmpq(0)

    @cached_property
    def total_drift(self) -> Any:
        """sum_j |B_j(t+1) - B_j(t)|_2, from the exact law; 0 at depth 1."""
        pairs = zip(self.moves, self.moves[1:], strict=False)
        laws = [transpose(after) @ after - before @ transpose(before) for before, after in pairs]
        return reduce(add, [stacks.extreme_singular_values(law)[1] for law in laws], fmpq(0))

    @cached_property
    def lost(self) -> Any:
        """eta S_t - (E(t) - E(t+1)) = <H, R> + 1/2 |eta P - R|_S^2."""
        change = self.preconditioned - self.remainder
        square = stacks.inner(change @ self.problem.covariance, change)
        return stacks.inner(self.residual, self.remainder) + square / 2

    def share_lost(self, half: fmpq = HALF) -> Any:
        """1 - kept = tau + half eta s_1 N M^{2N-2} (1 + tau)^2."""
        size = self.rate * self.most * self.depth * self.layer_norm_squared ** (self.depth - 1)
        return self.tau + half * size * (1 + self.tau) ** 2
