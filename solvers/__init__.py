"""The algebra of a deep linear network and what moves its weights, in float64, exact rationals and balls."""

from solvers.arithmetic import Enclosure
from solvers.descent.descent import DivergenceError, InterruptedRun, Trajectory, geometric_steps, gradient_descent
from solvers.descent.error_bound import loss_ball, weight_error_bound
from solvers.descent.paths.kernel import kernel
from solvers.descent.perturbed import PerturbedTrajectory, perturbed_gradient_descent
from solvers.flow.flow import FlowError, FlowTrajectory, gradient_flow
from solvers.flow.product_flow import EndToEndTrajectory, end_to_end_flow, end_to_end_velocity
from solvers.network.hessian import hessian, hessian_vector_product
from solvers.network.initialization import balanced_factors
from solvers.network.network import (
    backpropagate,
    end_to_end,
    frobenius_squared,
    gradient_step,
    imbalances,
    layer_gradients,
    loss,
    outer_gradient,
    transpose,
)
from solvers.network.objective import Objective, power_regression, squared_distance
from solvers.network.problem import Problem
from solvers.network.regression import Regression, regression
from solvers.network.saddles import higher_nearby, lower_nearby
from solvers.network.second_order import CriticalKind, critical_kind, negative_curvature
from solvers.network.sharpness import sharpness, top_curvature
from solvers.network.spectrum import (
    deficiency_margin,
    inertia,
    sigma_min,
    singular_values,
    spectral_norm,
    symmetric_eigenvalues,
)
from solvers.network.whitening import WhitenedRegression, whiten, whitened_regression

__all__ = [
    "CriticalKind",
    "DivergenceError",
    "Enclosure",
    "EndToEndTrajectory",
    "FlowError",
    "FlowTrajectory",
    "InterruptedRun",
    "Objective",
    "PerturbedTrajectory",
    "Problem",
    "Regression",
    "Trajectory",
    "WhitenedRegression",
    "backpropagate",
    "balanced_factors",
    "critical_kind",
    "deficiency_margin",
    "end_to_end",
    "end_to_end_flow",
    "end_to_end_velocity",
    "frobenius_squared",
    "geometric_steps",
    "gradient_descent",
    "gradient_flow",
    "gradient_step",
    "hessian",
    "hessian_vector_product",
    "higher_nearby",
    "imbalances",
    "inertia",
    "kernel",
    "layer_gradients",
    "loss",
    "loss_ball",
    "lower_nearby",
    "negative_curvature",
    "outer_gradient",
    "perturbed_gradient_descent",
    "power_regression",
    "regression",
    "sharpness",
    "sigma_min",
    "singular_values",
    "spectral_norm",
    "squared_distance",
    "symmetric_eigenvalues",
    "top_curvature",
    "transpose",
    "weight_error_bound",
    "whiten",
    "whitened_regression",
]
