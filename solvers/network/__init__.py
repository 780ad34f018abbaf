"""The algebra of a deep linear network, written once for float64, exact rationals, balls and symbols.

Start with :mod:`~solvers.network.network`: the end-to-end matrix, the loss, the layers' gradients, one step of gradient
descent, the imbalances; for the white loss, and for that of a covariance or a mask. Beside it the spectrum and the
deficiency margin, the Hessian and its largest eigenvalue, other objectives, weight decay, homogeneous layers, saddles,
kinds of critical points, balanced factors, regression data as they are and whitened.
:mod:`~solvers.network.stacks` measures thousands of matrices at once.
"""

from solvers.network.hessian import curvature, hessian, hessian_vector_product
from solvers.network.homogeneous import Activation, forward, network_gradients, piecewise_linear
from solvers.network.initialization import balanced_factors
from solvers.network.network import (
    Matrix,
    Weights,
    backpropagate,
    end_to_end,
    frobenius_squared,
    gradient_step,
    imbalances,
    inner,
    layer_gradients,
    loss,
    outer_gradient,
    transpose,
)
from solvers.network.objective import Objective, power_regression, squared_distance
from solvers.network.pivots import least_pivot, positive_direction
from solvers.network.problem import Problem
from solvers.network.regression import Regression, regression
from solvers.network.saddles import higher_nearby, lower_nearby, null_space, rank
from solvers.network.second_order import (
    CriticalKind,
    critical_kind,
    leaves_out_a_larger_mode,
    loose_pivots,
    negative_curvature,
    pseudo_inverse,
)
from solvers.network.sharpness import TopCurvature, fitted_kernel, fitted_sharpness, sharpness, top_curvature
from solvers.network.spectrum import (
    characteristic_polynomial,
    deficiency_margin,
    inertia,
    sigma_min,
    sigma_min_at_most,
    singular_values,
    spectral_norm,
    squared_singular_values,
    symmetric_eigenvalues,
)
from solvers.network.weight_decay import (
    decayed_gradients,
    decayed_hessian,
    decayed_hessian_vector_product,
    decayed_loss,
    decayed_step,
)
from solvers.network.whitening import WhitenedRegression, whiten, whitened_regression

__all__ = [
    "Activation",
    "CriticalKind",
    "Matrix",
    "Objective",
    "Problem",
    "Regression",
    "TopCurvature",
    "Weights",
    "WhitenedRegression",
    "backpropagate",
    "balanced_factors",
    "characteristic_polynomial",
    "critical_kind",
    "curvature",
    "decayed_gradients",
    "decayed_hessian",
    "decayed_hessian_vector_product",
    "decayed_loss",
    "decayed_step",
    "deficiency_margin",
    "end_to_end",
    "fitted_kernel",
    "fitted_sharpness",
    "forward",
    "frobenius_squared",
    "gradient_step",
    "hessian",
    "hessian_vector_product",
    "higher_nearby",
    "imbalances",
    "inertia",
    "inner",
    "layer_gradients",
    "least_pivot",
    "leaves_out_a_larger_mode",
    "loose_pivots",
    "loss",
    "lower_nearby",
    "negative_curvature",
    "network_gradients",
    "null_space",
    "outer_gradient",
    "piecewise_linear",
    "positive_direction",
    "power_regression",
    "pseudo_inverse",
    "rank",
    "regression",
    "sharpness",
    "sigma_min",
    "sigma_min_at_most",
    "singular_values",
    "spectral_norm",
    "squared_distance",
    "squared_singular_values",
    "symmetric_eigenvalues",
    "top_curvature",
    "transpose",
    "whiten",
    "whitened_regression",
]
