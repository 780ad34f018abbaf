"""Gradient flow: of the layers, of the end-to-end matrix, of its singular values, of one mode and of two layers of
equal imbalances in closed form; and the sharpness it ends at."""

from solvers.flow.flow import FlowError, FlowTrajectory, gradient_flow
from solvers.flow.lambda_balanced import common_imbalance, lambda_balanced_ball, lambda_balanced_flow
from solvers.flow.limit_sharpness import limit_sharpness, limit_squares, pair_factor, sharpness_change
from solvers.flow.modes import balanced_flow, half_time, mode_gradients, mode_step, two_layer_flow
from solvers.flow.product_flow import (
    EndToEndTrajectory,
    end_to_end_flow,
    end_to_end_velocity,
    fractional_powers,
    multipliers,
    one_output_velocity,
)
from solvers.flow.singular_values import SingularTrajectory, singular_value_flow, value_velocity, vector_velocities

__all__ = [
    "EndToEndTrajectory",
    "FlowError",
    "FlowTrajectory",
    "SingularTrajectory",
    "balanced_flow",
    "common_imbalance",
    "end_to_end_flow",
    "end_to_end_velocity",
    "fractional_powers",
    "gradient_flow",
    "half_time",
    "lambda_balanced_ball",
    "lambda_balanced_flow",
    "limit_sharpness",
    "limit_squares",
    "mode_gradients",
    "mode_step",
    "multipliers",
    "one_output_velocity",
    "pair_factor",
    "sharpness_change",
    "singular_value_flow",
    "two_layer_flow",
    "value_velocity",
    "vector_velocities",
]
