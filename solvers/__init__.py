"""The algebra of a deep linear network and what moves its weights, in float64, exact rationals and balls."""

from solvers.descent import DivergenceError, InterruptedRun, Trajectory, geometric_steps, gradient_descent
from solvers.enclosure import Enclosure
from solvers.hessian import hessian, hessian_vector_product
from solvers.initialization import balanced_factors
from solvers.network import (
    backpropagate,
    end_to_end,
    frobenius_squared,
    gradient_step,
    imbalances,
    layer_gradients,
    loss,
    transpose,
)
from solvers.paths.kernel import kernel
from solvers.problem import Problem
from solvers.rounding import loss_ball, weight_error_bound
from solvers.spectrum import deficiency_margin, inertia, sigma_min, singular_values, spectral_norm
from solvers.whitening import WhitenedRegression, whiten, whitened_regression

__all__ = [
    "DivergenceError",
    "Enclosure",
    "InterruptedRun",
    "Problem",
    "Trajectory",
    "WhitenedRegression",
    "backpropagate",
    "balanced_factors",
    "deficiency_margin",
    "end_to_end",
    "frobenius_squared",
    "geometric_steps",
    "gradient_descent",
    "gradient_step",
    "hessian",
    "hessian_vector_product",
    "imbalances",
    "inertia",
    "kernel",
    "layer_gradients",
    "loss",
    "loss_ball",
    "sigma_min",
    "singular_values",
    "spectral_norm",
    "transpose",
    "weight_error_bound",
    "whiten",
    "whitened_regression",
]
