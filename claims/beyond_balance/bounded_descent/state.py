"""What the rows speak of: a state on data of any covariance, with the least C and M^2 that it leaves open."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flint import fmpq

from claims.beyond_balance.general_data.state import DataState
from claims.convergence.proof_ledger.state import HALF
from solvers.arithmetic import square_root
from solvers.guarantees.theorem_one import tau
from strategies.start_stacks import least_bound


@dataclass(frozen=True)
class AnyState(DataState):
    """C = |Phi|_2 + |G|_2, and M^2 for the least b(0) from which b may have come, b - 2 C^{2/N} / (3N) or 0."""

    @cached_property
    def _least(self) -> tuple[Any, Any, Any]:
        return least_bound(self.depth, self.target_size, self.distance, self.total_imbalance)

    @property
    def product_bound(self) -> Any:
        """C."""
        return self._least[0]

    @property
    def bound_squared(self) -> Any:
        """M^2."""
        return self._least[1]

    @property
    def start_imbalance(self) -> Any:
        """b(0)."""
        return self._least[2]

    @cached_property
    def most_tau(self) -> Any:
        """(N-1)/2 y (1+y)^{N-2} with y = eta M^{N-2} |H|_2, for M as it is bounded."""
        if self.depth == 1:
            return fmpq(0)
        return tau(self.rate * square_root(self.bound_squared) ** (self.depth - 2) * self.reach, self.depth)

    def most_lost(self, half: fmpq = HALF) -> Any:
        """1 - kept = tau + half eta s_1 N M^{2N-2} (1 + tau)^2, for M as it is bounded."""
        size = self.rate * self.most * self.depth * self.bound_squared ** (self.depth - 1)
        return self.most_tau + half * size * (1 + self.most_tau) ** 2
