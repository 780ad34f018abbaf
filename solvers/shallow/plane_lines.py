"""Every critical point of f(u) = 1/4 <N, T N>, N = u u^T - M, for u in the plane, with proof.

u = r w is critical iff r = 0 or r^2 T(w w^T) w = T(M) w. So the line of w is a root of the binary quartic

    det [T(w w^T) w, T(M) w],   and then   r^2 = <w, T(M) w> / <w, T(w w^T) w>:

at most four lines, nine points. Roots are isolated by FLINT with certainty. Degenerate points are no hindrance, while T
must not lose any w w^T; :func:`solvers.shallow.plane_landscape` has it the other way round, and the two are oracles for
each other.
"""

from __future__ import annotations

import numpy as np
from flint import arb, ctx, fmpq, fmpq_poly, fmpz_poly

from solvers.arithmetic import ObjectArray
from solvers.shallow.critical_lines import UncertifiedLandscape
from solvers.shallow.factored import FactoredObjective
from solvers.shallow.real_roots import real_roots

BITS = 256


def plane_critical_points(objective: FactoredObjective) -> list[ObjectArray]:
    """0 and all other critical points, each a (2, 1) array of balls of 256 bits; u and -u stand side by side.

    n = 2 and k = 1; float64 entries are taken as the rationals that they are. UncertifiedLandscape where two lines
    coincide, as they do at a w w^T that T does not see, or r^2 is too near 0 to tell; ValueError for another n.
    """
    if objective.size != 2:
        raise ValueError(f"objective has n = {objective.size}; expected n = 2, a factor in the plane")
    exactly = objective.exact()
    seen = exactly.linear_map(exactly.target)
    at_zero = int(seen[0, 0] * seen[1, 1] == seen[0, 1] * seen[1, 0])  # the line T(M) w = 0, if any, has r = 0
    with ctx.workprec(BITS):
        found = [np.array([[arb(0)], [arb(0)]])]
        lines = [(line, _squared_length(exactly.balls(), line)) for line in _lines(exactly)]
        for line, square in lines:
            if square > 0:
                found += [line * square.sqrt(), line * -square.sqrt()]
        if sum(not (square > 0 or square < 0) for _, square in lines) != at_zero:
            raise UncertifiedLandscape("objective has a line whose r^2 is within rounding of 0; expected r^2 != 0")
    return found


def _lines(objective: FactoredObjective) -> list[ObjectArray]:
    """One w in each line; (x, 1), or (1, 0)."""
    quartic = _quartic(objective)
    lines = []
    if quartic.degree() < 4:  # (1, 0) is a root, as often as the degree is short of 4
        if quartic.degree() < 3:
            raise UncertifiedLandscape("objective has two critical lines that coincide; expected distinct ones")
        lines.append(np.array([[arb(1)], [arb(0)]]))
    simple, repeated = real_roots(fmpz_poly(quartic.numer()))
    if repeated:
        raise UncertifiedLandscape("objective has two critical lines that coincide; expected distinct ones")
    return lines + [np.array([[root], [arb(1)]]) for root in simple]


def _quartic(objective: FactoredObjective) -> fmpq_poly:
    """The determinant at w = (x, 1), from its values at five x."""
    places = [fmpq(place) for place in range(-2, 3)]
    found = fmpq_poly([])
    for place in places:
        term = fmpq_poly([_determinant(objective, np.array([[place], [fmpq(1)]]))])
        for other in places:
            if other != place:
                term *= fmpq_poly([-other, 1]) / (place - other)
        found += term
    return found


def _determinant(objective: FactoredObjective, w: ObjectArray) -> fmpq:
    left, right = objective.linear_map(w @ w.T) @ w, objective.linear_map(objective.target) @ w
    value: fmpq = left[0, 0] * right[1, 0] - left[1, 0] * right[0, 0]
    return value


def _squared_length(objective: FactoredObjective, w: ObjectArray) -> arb:
    seen: arb = (w * (objective.linear_map(w @ w.T) @ w)).sum()
    if not seen > 0:
        raise UncertifiedLandscape("objective has a line w on which <w w^T, T w w^T> is not positive; expected T psd")
    length: arb = (w * (objective.linear_map(objective.target) @ w)).sum() / seen
    return length


def is_strict(hessian: ObjectArray) -> bool:
    """Whether a symmetric 2 x 2 matrix of balls has a negative eigenvalue; ArithmeticError where that is undecided."""
    determinant = hessian[0, 0] * hessian[1, 1] - hessian[0, 1] * hessian[1, 0]
    trace = hessian[0, 0] + hessian[1, 1]
    if determinant < 0 or trace < 0:
        return True
    if determinant > 0 and trace > 0:
        return False
    raise ArithmeticError(f"the sign of an eigenvalue is undecided: trace {trace}, determinant {determinant}")
