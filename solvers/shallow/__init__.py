"""Shallow models: objectives of U U^T, homogeneous polynomials on the sphere, ReLU units.

:mod:`~solvers.shallow.symmetric_maps` has the maps T that tell factorisation, sensing, completion and phase retrieval
apart, :mod:`~solvers.shallow.factored` the objectives, :mod:`~solvers.shallow.sphere` polynomials on |u| = 1.
:mod:`~solvers.shallow.descent` and :mod:`~solvers.shallow.perturbed` move one start or many,
:mod:`~solvers.shallow.landscape` lists every critical point of a polynomial in two or three variables, with proof, and
:mod:`~solvers.shallow.plane` and :mod:`~solvers.shallow.plane_lines` those of an objective of u u^T for u in the plane;
:mod:`~solvers.shallow.stacks` descends on many objectives at once, and :mod:`~solvers.shallow.sensing` has what becomes
of a small start. :mod:`~solvers.shallow.wishart` has linear regression on random data: moments, limits and learning
curves. Of ReLU units of Gaussian data, :mod:`~solvers.shallow.arc_cosine` has the expectations,
:mod:`~solvers.shallow.teacher_student` the loss and its derivatives, :mod:`~solvers.shallow.convolution` those of one
filter on patches, and :mod:`~solvers.shallow.relu_descent` moves one unit or filter;
:mod:`~solvers.shallow.patch_samples` has samples of patches. :mod:`~solvers.shallow.perceptron` is stochastic descent
on a layer of leaky units with separable data. :mod:`~solvers.shallow.two_factors` is descent on u v -> m, and the flow
of one column times one row.
"""

from solvers.shallow.arc_cosine import (
    Angle,
    angle_between,
    gated_covariance,
    gated_eigenvalues,
    half_space_probability,
    mean_relu,
    relu_kernel,
    relu_kernel_gradient,
    relu_kernel_hessian,
    squared_relu_kernel,
    unit_kernel,
)
from solvers.shallow.convolution import (
    filter_gradient,
    filter_hessian,
    filter_loss,
    opposite_filter,
    patch_maps,
    sliding_gradient,
    sliding_hessian,
    sliding_loss,
)
from solvers.shallow.critical_lines import UncertifiedLandscape, count_critical_lines
from solvers.shallow.descent import factored_descent, sphere_ascent
from solvers.shallow.factored import ConvexObjective, FactoredObjective, inner, sampled_objective, symmetric_product
from solvers.shallow.interpolation import Interpolation, nearest_to_identity
from solvers.shallow.landscape import Landscape, SpherePoint, certify_landscape
from solvers.shallow.patch_samples import PatchSamples
from solvers.shallow.perceptron import (
    HingeRun,
    LeakyNetwork,
    UpdateBound,
    cyclic_descent,
    hinge_descent,
    hinge_step,
    update_bound,
)
from solvers.shallow.perturbed import PerturbedRun, perturbed_factored_descent
from solvers.shallow.plane import PlanePoint, plane_landscape
from solvers.shallow.plane_lines import is_strict, plane_critical_points
from solvers.shallow.problem import FactoredProblem
from solvers.shallow.quadratic_networks import SignedObjective, tilted
from solvers.shallow.relu_descent import (
    UnitTrajectory,
    plane_coordinates,
    plane_descent,
    step_coefficients,
    unit_descent,
)
from solvers.shallow.rotated_blocks import (
    BlockState,
    block_distance_squared,
    block_gradient,
    block_inner,
    block_layer,
    block_length_squared,
    block_potential,
    block_step,
    rotated_blocks,
)
from solvers.shallow.sensing import (
    ModeSquares,
    activation_descent,
    activation_velocity,
    commuting_limit,
    commuting_step,
    descent_exponent,
    factored_mode_step,
    flow_parts,
    riccati_flow,
)
from solvers.shallow.sphere import (
    HomogeneousPolynomial,
    all_exponents,
    log_ratio_velocity,
    multinomial,
    polynomial_from_text,
    power_map,
    sphere_flow,
    spin_glass,
    sum_of_powers,
)
from solvers.shallow.stacks import MaskStack, PhaseStack, SensingStack, stacked_descent
from solvers.shallow.symmetric_maps import (
    SymmetricMap,
    combination,
    coordinate_basis,
    coordinate_gram,
    from_form,
    gaussian_mean,
    identity_map,
    mask,
    measurements,
    phase_measurements,
)
from solvers.shallow.symmetric_units import (
    UnitCoordinates,
    symmetric_angles,
    symmetric_gradient,
    symmetric_layer,
    symmetric_saddle,
    symmetric_step,
)
from solvers.shallow.teacher_student import LeakySamples, population_gradient, population_hessian, population_loss
from solvers.shallow.trajectory import ShallowTrajectory
from solvers.shallow.two_factors import TwoFactors, growing_steps, rank_one_flow
from solvers.shallow.wishart import (
    classification_limit,
    finite_size_term,
    limit_risk,
    mean_moment,
    regression_flow,
    risk,
    spectral_density_integral,
    spectral_integral,
    spiked_density_integral,
    spiked_integral,
    wishart_moment,
)

__all__ = [
    "Angle",
    "BlockState",
    "ConvexObjective",
    "FactoredObjective",
    "FactoredProblem",
    "HingeRun",
    "HomogeneousPolynomial",
    "Interpolation",
    "Landscape",
    "LeakyNetwork",
    "LeakySamples",
    "MaskStack",
    "ModeSquares",
    "PatchSamples",
    "PerturbedRun",
    "PhaseStack",
    "PlanePoint",
    "SensingStack",
    "ShallowTrajectory",
    "SignedObjective",
    "SpherePoint",
    "SymmetricMap",
    "TwoFactors",
    "UncertifiedLandscape",
    "UnitCoordinates",
    "UnitTrajectory",
    "UpdateBound",
    "activation_descent",
    "activation_velocity",
    "all_exponents",
    "angle_between",
    "block_distance_squared",
    "block_gradient",
    "block_inner",
    "block_layer",
    "block_length_squared",
    "block_potential",
    "block_step",
    "certify_landscape",
    "classification_limit",
    "combination",
    "commuting_limit",
    "commuting_step",
    "coordinate_basis",
    "coordinate_gram",
    "count_critical_lines",
    "cyclic_descent",
    "descent_exponent",
    "factored_descent",
    "factored_mode_step",
    "filter_gradient",
    "filter_hessian",
    "filter_loss",
    "finite_size_term",
    "flow_parts",
    "from_form",
    "gated_covariance",
    "gated_eigenvalues",
    "gaussian_mean",
    "growing_steps",
    "half_space_probability",
    "hinge_descent",
    "hinge_step",
    "identity_map",
    "inner",
    "is_strict",
    "limit_risk",
    "log_ratio_velocity",
    "mask",
    "mean_moment",
    "mean_relu",
    "measurements",
    "multinomial",
    "nearest_to_identity",
    "opposite_filter",
    "patch_maps",
    "perturbed_factored_descent",
    "phase_measurements",
    "plane_coordinates",
    "plane_critical_points",
    "plane_descent",
    "plane_landscape",
    "polynomial_from_text",
    "population_gradient",
    "population_hessian",
    "population_loss",
    "power_map",
    "rank_one_flow",
    "regression_flow",
    "relu_kernel",
    "relu_kernel_gradient",
    "relu_kernel_hessian",
    "riccati_flow",
    "risk",
    "rotated_blocks",
    "sampled_objective",
    "sliding_gradient",
    "sliding_hessian",
    "sliding_loss",
    "spectral_density_integral",
    "spectral_integral",
    "sphere_ascent",
    "sphere_flow",
    "spiked_density_integral",
    "spiked_integral",
    "spin_glass",
    "squared_relu_kernel",
    "stacked_descent",
    "step_coefficients",
    "sum_of_powers",
    "symmetric_angles",
    "symmetric_gradient",
    "symmetric_layer",
    "symmetric_product",
    "symmetric_saddle",
    "symmetric_step",
    "tilted",
    "unit_descent",
    "unit_kernel",
    "update_bound",
    "wishart_moment",
]
