"""Hypothesis strategies that build networks, targets and whole problems meeting stated hypotheses, by construction."""

from strategies.critical_points import CriticalPoint, critical_points, real_saddles
from strategies.datasets import DATASETS, real_modes, real_problem, regression
from strategies.matrices import diagonal, dyadic_matrices, orthogonal_matrices, singular_value_lists, targets
from strategies.networks import (
    BalancedNetwork,
    approximately_balanced_weights,
    balanced_networks,
    balanced_weights,
    generic_weights,
    there_and_back,
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
    "real_modes",
    "real_problem",
    "real_saddles",
    "regression",
    "singular_value_lists",
    "state_stacks",
    "targets",
    "there_and_back",
    "zero_weights",
]
