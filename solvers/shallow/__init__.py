"""Shallow models: objectives of U U^T, and homogeneous polynomials on the sphere.

:mod:`~solvers.shallow.symmetric_maps` has the maps T that tell factorisation, sensing, completion and phase retrieval
apart, :mod:`~solvers.shallow.factored` the objectives, :mod:`~solvers.shallow.sphere` polynomials on |u| = 1.
"""

from solvers.shallow.factored import ConvexObjective, FactoredObjective, inner, sampled_objective, symmetric_product
from solvers.shallow.sphere import (
    HomogeneousPolynomial,
    all_exponents,
    log_ratio_velocity,
    multinomial,
    power_map,
    sphere_flow,
    spin_glass,
    sum_of_powers,
)
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

__all__ = [
    "ConvexObjective",
    "FactoredObjective",
    "HomogeneousPolynomial",
    "SymmetricMap",
    "all_exponents",
    "combination",
    "coordinate_basis",
    "coordinate_gram",
    "from_form",
    "gaussian_mean",
    "identity_map",
    "inner",
    "log_ratio_velocity",
    "mask",
    "measurements",
    "multinomial",
    "phase_measurements",
    "power_map",
    "sampled_objective",
    "sphere_flow",
    "spin_glass",
    "sum_of_powers",
    "symmetric_product",
]
