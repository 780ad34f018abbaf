"""Hypothesis strategies that build networks, targets and whole problems meeting stated hypotheses, by construction."""

from strategies.critical_points import CriticalPoint, critical_points
from strategies.datasets import DATASETS, covariance, real_problem, regression
from strategies.matrices import diagonal, dyadic_matrices, orthogonal_matrices, singular_value_lists, targets
from strategies.networks import (
    BalancedNetwork,
    approximately_balanced_weights,
    balanced_networks,
    balanced_weights,
    generic_weights,
    scalar_weights,
    there_and_back,
    zero_weights,
)
from strategies.shallow import (
    GRAMS,
    FactoredPoint,
    MaskGraph,
    NearIsometry,
    RealGram,
    TensorPoint,
    factorization_points,
    gaussian_points,
    masks,
    near_isometries,
    real_gram,
    tensor_points,
    unit_vectors,
)
from strategies.state_stacks import StateStack, state_stacks
from strategies.symmetric_states import SymmetricState, symmetric_states
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
    "GRAMS",
    "BalancedNetwork",
    "CriticalPoint",
    "FactoredPoint",
    "MarginProblem",
    "MaskGraph",
    "NearIsometry",
    "RealGram",
    "StateStack",
    "SymmetricState",
    "TensorPoint",
    "approximately_balanced_weights",
    "balanced_networks",
    "balanced_weights",
    "covariance",
    "critical_points",
    "descent_states",
    "diagonal",
    "dimensions",
    "directions",
    "dyadic_matrices",
    "factorization_points",
    "fractions",
    "gaussian_points",
    "generic_weights",
    "learning_rates",
    "margin_problems",
    "masks",
    "near_isometries",
    "orthogonal_matrices",
    "problems",
    "real_gram",
    "real_problem",
    "regression",
    "scalar_weights",
    "singular_value_lists",
    "state_stacks",
    "symmetric_states",
    "targets",
    "tensor_points",
    "there_and_back",
    "unit_vectors",
    "zero_weights",
]
