"""Shallow models: objectives of U U^T, and homogeneous polynomials on the sphere.

:mod:`~solvers.shallow.symmetric_maps` has the maps T that tell factorisation, sensing, completion and phase retrieval
apart, :mod:`~solvers.shallow.factored` the objectives, :mod:`~solvers.shallow.sphere` polynomials on |u| = 1.
:mod:`~solvers.shallow.descent` and :mod:`~solvers.shallow.perturbed` move one start or many,
:mod:`~solvers.shallow.landscape` lists every critical point of a polynomial in two or three variables, with proof, and
:mod:`~solvers.shallow.plane` and :mod:`~solvers.shallow.plane_lines` those of an objective of u u^T for u in the plane;
:mod:`~solvers.shallow.stacks` descends on many objectives at once. :mod:`~solvers.shallow.perceptron` is stochastic
descent on a layer of leaky units with separable data.
"""

from solvers.shallow.critical_lines import UncertifiedLandscape, count_critical_lines
from solvers.shallow.descent import factored_descent, sphere_ascent
from solvers.shallow.factored import ConvexObjective, FactoredObjective, inner, sampled_objective, symmetric_product
from solvers.shallow.interpolation import Interpolation, nearest_to_identity
from solvers.shallow.landscape import Landscape, SpherePoint, certify_landscape
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
from solvers.shallow.trajectory import ShallowTrajectory

__all__ = [
    "ConvexObjective",
    "FactoredObjective",
    "FactoredProblem",
    "HingeRun",
    "HomogeneousPolynomial",
    "Interpolation",
    "Landscape",
    "LeakyNetwork",
    "MaskStack",
    "PerturbedRun",
    "PhaseStack",
    "PlanePoint",
    "SensingStack",
    "ShallowTrajectory",
    "SignedObjective",
    "SpherePoint",
    "SymmetricMap",
    "UncertifiedLandscape",
    "UpdateBound",
    "all_exponents",
    "certify_landscape",
    "combination",
    "coordinate_basis",
    "coordinate_gram",
    "count_critical_lines",
    "cyclic_descent",
    "factored_descent",
    "from_form",
    "gaussian_mean",
    "hinge_descent",
    "hinge_step",
    "identity_map",
    "inner",
    "is_strict",
    "log_ratio_velocity",
    "mask",
    "measurements",
    "multinomial",
    "nearest_to_identity",
    "perturbed_factored_descent",
    "phase_measurements",
    "plane_critical_points",
    "plane_landscape",
    "polynomial_from_text",
    "power_map",
    "sampled_objective",
    "sphere_ascent",
    "sphere_flow",
    "spin_glass",
    "stacked_descent",
    "sum_of_powers",
    "symmetric_product",
    "tilted",
    "update_bound",
]
