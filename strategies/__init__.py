"""Hypothesis strategies that build networks, targets and whole problems meeting stated hypotheses, by construction."""

from strategies.critical_points import CriticalPoint, critical_points
from strategies.datasets import DATASETS, real_problem, regression, row_target
from strategies.matrices import diagonal, dyadic_matrices, orthogonal_matrices, singular_value_lists, targets
from strategies.networks import (
    BalancedNetwork,
    approximately_balanced_weights,
    balanced_networks,
    balanced_weights,
    generic_weights,
    zero_weights,
)
from strategies.state_stacks import StateStack, state_stacks
from strategies.whole_problems import (
    MarginProblem,
    descent_states,
    directions,
    fractions,
    learning_rates,
    margin_problems,
    problems,
)
from strategies.widths import dimensions

__all__ = [
    "DATASETS",
    "BalancedNetwork",
    "CriticalPoint",
    "MarginProblem",
    "StateStack",
    "approximately_balanced_weights",
    "balanced_networks",
    "balanced_weights",
    "critical_points",
    "descent_states",
    "diagonal",
    "dimensions",
    "directions",
    "dyadic_matrices",
    "fractions",
    "generic_weights",
    "learning_rates",
    "margin_problems",
    "orthogonal_matrices",
    "problems",
    "real_problem",
    "regression",
    "row_target",
    "singular_value_lists",
    "state_stacks",
    "targets",
    "zero_weights",
]
