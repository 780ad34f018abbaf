"""What the rows speak of: a state on data of any covariance, with the least C and M^2 that it leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from claims.beyond_balance.general_data.state import DataState
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

    @property
    def at_the_bound(self) -> AnyState:
        """The same state with what bounds its layers for the largest of them: of what is lost for M as it is proved."""
        return AtTheBound(self.problem, self.margin)


@dataclass(frozen=True)
class AtTheBound(AnyState):
    """M is what bounds it."""

    @property
    def layer_norm_squared(self) -> Any:
        return self.bound_squared
