"""The models of counterexamples about landscapes as the solvers' objectives, and the facts that a file states."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import sympy
from flint import fmpq, fmpq_mat, fmpq_poly

from claims.counterexamples.catalogue import exact_matrix, exact_number
from claims.counterexamples.invariants import expression
from claims.counterexamples.landscape_files import LandscapeCounterexample
from claims.counterexamples.trajectories import require
from solvers import arithmetic, inertia
from solvers.arithmetic import ObjectArray
from solvers.network.spectrum import characteristic_polynomial
from solvers.shallow import (
    ConvexObjective,
    FactoredObjective,
    HomogeneousPolynomial,
    combination,
    coordinate_gram,
    mask,
    phase_measurements,
    sampled_objective,
    sum_of_powers,
)

Objective = FactoredObjective | ConvexObjective | HomogeneousPolynomial


def objective(entry: LandscapeCounterexample, size: int, columns: int) -> Objective:
    """The objective by the solvers, for points of ``size`` rows and as many ``columns``; its facts are decided."""
    found: Objective = MODELS[entry.landscape["model"]](entry.landscape, columns)
    dimension = found.dimension if isinstance(found, HomogeneousPolynomial) else found.size
    require(dimension == size, f"the point has {size} rows; expected {dimension}")
    require(columns == 1 or not isinstance(found, HomogeneousPolynomial), "expected a single column")
    return found


def _square(said: dict[str, Any], columns: int) -> ObjectArray:
    signal = exact_matrix(said["signal"])
    require(signal.shape[1] <= columns, "the signal has too many columns")
    found: ObjectArray = signal @ signal.T
    return found


def _factorization(said: dict[str, Any], _: int) -> FactoredObjective:
    return FactoredObjective(exact_matrix(said["target"]))


def _completion(said: dict[str, Any], columns: int) -> FactoredObjective:
    return FactoredObjective(_square(said, columns), mask(exact_matrix(said["pattern"])))


def _sensing(said: dict[str, Any], columns: int) -> FactoredObjective:
    """T is psd on all symmetric matrices, and delta^2 the largest eigenvalue of (T - I)^2."""
    matrices = np.array([exact_matrix(rows) for rows in said["matrices"]], dtype=object)
    weights, scalar = exact_matrix(said["coefficients"]), exact_number(said["identity"])
    linear_map = combination(matrices, weights, identity=scalar)
    size = matrices.shape[1]
    form, gram = linear_map.form(size), coordinate_gram(size)
    require(inertia(form)[1] == 0, "T has a negative eigenvalue")
    away = np.array([row / g for row, g in zip(form - gram, np.diagonal(gram), strict=True)], dtype=object)
    root, _, text = said["delta"].rpartition(" ")
    square = exact_number(text) if root else exact_number(text) ** 2
    shifted = characteristic_polynomial(away @ away)(fmpq_poly([square, 1]))  # all of its roots are real
    require(shifted[0] == 0 and all(c >= 0 for c in shifted.coeffs()) and text[0] != "-", "delta is another")
    require(square < 1, "delta is at least 1")
    return FactoredObjective(_square(said, columns), linear_map)


def _phase(said: dict[str, Any], columns: int) -> FactoredObjective:
    vectors = exact_matrix(said["vectors"])
    size = vectors.shape[1]
    minors = [matrix_of(vectors[list(rows)]).det() for rows in combinations(range(len(vectors)), size)]
    require(said["full_spark"] == (bool(minors) and 0 not in minors), "full_spark is another")
    require(columns == 1 and len(said["signal"][0]) == 1, "expected vectors for signal and point")
    return FactoredObjective(_square(said, columns), phase_measurements(vectors))


def _quadratic(said: dict[str, Any], columns: int) -> ConvexObjective:
    inputs = exact_matrix(said["inputs"])
    s, count = sympy.Symbol("s"), len(inputs)
    losses = [fmpq_poly(_coefficients(sympy.Poly(expression(text, {"s"}), s))) for text in said["losses"]]
    require(len(losses) == count, "expected a loss for each input")
    convex = all(loss.degree() <= 2 and loss[2] >= 0 for loss in losses)
    require(convex or columns >= inputs.shape[1], "a loss is not convex")

    def sums(order: int) -> Any:
        """The sum of the losses' derivatives in place of their mean."""
        parts = [loss * count for loss in losses]
        for _ in range(order):
            parts = [loss.derivative() for loss in parts]

        def entrywise(outputs: ObjectArray) -> ObjectArray:
            found = np.empty(outputs.shape, dtype=object)
            for place in np.ndindex(found.shape):
                found[place] = parts[place[-1]](outputs.item(place))
            return found

        return entrywise

    return sampled_objective(inputs, sums(0), sums(1), sums(2))


def _tensor(said: dict[str, Any], _: int) -> HomogeneousPolynomial:
    vectors, weights = exact_matrix(said["components"]), [exact_number(text) for text in said["coefficients"]]
    unit = arithmetic.exact(np.eye(len(vectors)))
    require(bool((vectors @ vectors.T == unit).all()), "the components are not orthonormal")
    require(min(weights) > 0 and 3 <= said["order"] <= 9, "expected positive coefficients and an order of 3 to 9")
    return sum_of_powers(weights, vectors, said["order"])


def _form(said: dict[str, Any], _: int) -> HomogeneousPolynomial:
    symbols = [sympy.Symbol(name) for name in said["names"]]
    require(len(set(symbols)) == len(symbols), "a name stands twice")
    terms = sympy.Poly(expression(said["polynomial"], set(said["names"])), *symbols).terms()
    return HomogeneousPolynomial({powers: fmpq(int(c.p), int(c.q)) for powers, c in terms})


MODELS: dict[str, Any] = {
    "factorization": _factorization,
    "completion": _completion,
    "sensing": _sensing,
    "phase": _phase,
    "quadratic": _quadratic,
    "tensor": _tensor,
    "form": _form,
}


def _coefficients(polynomial: Any) -> list[fmpq]:
    return [fmpq(int(c.p), int(c.q)) for c in reversed(polynomial.all_coeffs())]


def matrix_of(rows: ObjectArray) -> fmpq_mat:
    """FLINT's matrix of rationals."""
    height, width = rows.shape
    return fmpq_mat(height, width, [arithmetic.rational(x) for x in rows.ravel()])
