"""Strategies for the shallow models: critical points, maps, masks, real matrices of low rank, pairs of vectors."""

from strategies.shallow.factored_points import FactoredPoint, factorization_points, gaussian_points
from strategies.shallow.maps import MaskGraph, NearIsometry, masks, near_isometries
from strategies.shallow.quadratic_points import QuadraticPoint, quadratic_points
from strategies.shallow.real_matrices import GRAMS, RealGram, real_gram
from strategies.shallow.separable import SEPARABLE, SeparableSamples, leaky_networks, real_separable, separable_samples
from strategies.shallow.sphere_points import TensorPoint, tensor_points, unit_vectors
from strategies.shallow.two_factors import two_factor_starts
from strategies.shallow.vector_pairs import VectorPair, half_angles, vector_pairs

__all__ = [
    "GRAMS",
    "SEPARABLE",
    "FactoredPoint",
    "MaskGraph",
    "NearIsometry",
    "QuadraticPoint",
    "RealGram",
    "SeparableSamples",
    "TensorPoint",
    "VectorPair",
    "factorization_points",
    "gaussian_points",
    "half_angles",
    "leaky_networks",
    "masks",
    "near_isometries",
    "quadratic_points",
    "real_gram",
    "real_separable",
    "separable_samples",
    "tensor_points",
    "two_factor_starts",
    "unit_vectors",
    "vector_pairs",
]
