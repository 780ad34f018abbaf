"""What can be said of a network before it moves: loss, bottleneck, margin, imbalance, sharpness, signs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from flint import arb, fmpq, fmpq_mat
from scipy.sparse.linalg import ArpackError, LinearOperator, eigsh

from claims.auditing.deciding import decided, ends, is_small, measured
from claims.auditing.report import Finding, FloatArray, Rigour
from solvers import (
    Enclosure,
    Problem,
    deficiency_margin,
    end_to_end,
    frobenius_squared,
    hessian_vector_product,
    imbalances,
    inertia,
    loss,
    singular_values,
    spectral_norm,
    transpose,
)
from solvers.arithmetic import Comparison, ObjectArray, Scalar, exact, lower_float, square_root, upper_float
from solvers.network.spectrum import symmetric_eigenvalues

MOST_WEIGHTS = 5_000
"""Of a network whose curvature is estimated."""
MOST_PRODUCTS = 400
"""With the Hessian, where Lanczos finds no end."""


def structure(problem: Problem) -> Iterator[Finding]:
    """The findings about a float64 problem, one by one."""
    yield _loss(problem)
    if problem.covariance is not None:
        yield _covariance(problem)
    yield from _bottleneck(problem)
    if problem.is_white:
        yield _margin(problem)
    if problem.depth > 1:
        yield _imbalance(problem)
    yield from _curvature(problem)
    if problem.is_white:
        yield from _signs(problem)


def loss_at_most(problem: Problem) -> Scalar:
    """The loss of a float64 problem, or what it is certainly at most."""
    value, _ = measured(_loss_of, problem)
    return value if isinstance(value, fmpq) else arb(value.upper())


def shown(value: Scalar) -> str:
    """A number to four digits, or the ends between which it certainly is where these differ."""
    low, high = (f"{end:.4g}" for end in ends(value))
    return low if low == high else f"between {low} and {high}"


def _loss_of(posed: Problem) -> Scalar:
    value: Scalar = loss(posed.weights, posed.target, **posed.data)
    return value


def _loss(problem: Problem) -> Finding:
    value, rigour = measured(_loss_of, problem)
    formula = "1/2 ||W - Phi||_F^2" if problem.is_white else "1/2 tr((W - Phi) S (W - Phi)^T)"
    return Finding("loss", rigour, f"loss {formula} = {shown(value)}", values={"loss": list(ends(value))})


def _covariance(problem: Problem) -> Finding:
    """Its extreme eigenvalues, and how far it is from white."""
    covariance: Any = problem.enclosed().covariance
    values = symmetric_eigenvalues(covariance)
    most, least = values[0], values[-1]
    off = square_root(frobenius_squared(covariance - Enclosure.of(np.eye(len(values)))))
    size = f"condition {float(most / least):.4g}" if least > 0 else "singular, or too near to it to tell"
    return Finding(
        "covariance",
        Rigour.CERTIFIED,
        f"covariance S with eigenvalues from {shown(least)} to {shown(most)}, {size}; ||S - I||_F = {shown(off)}",
        "",
        {"least": list(ends(least)), "most": list(ends(most)), "off_white": list(ends(off))},
    )


def _bottleneck(problem: Problem) -> Iterator[Finding]:
    inner, least = problem.dimensions[1:-1], min(problem.target.shape)
    if not inner or min(inner) >= least:
        sentence = f"no bottleneck: no hidden width is below {least}"
        yield Finding("bottleneck", Rigour.EXACT, sentence, "DL-020", {"width": None, "floor": 0.0})
        return
    width = min(inner)
    tail, rigour = measured(lambda posed: _tail(posed, width), problem)
    floor = max(0.0, ends(tail)[0])
    yield Finding(
        "bottleneck",
        rigour,
        f"a bottleneck of width {width}: no weights have a loss below {shown(tail)}",
        "DL-020",
        {"width": width, "floor": floor},
    )


def _tail(problem: Problem, width: int) -> Scalar:
    """1/2 sum of s_i^2 over i > k; with a covariance times its least eigenvalue, since |A|_S^2 >= s_d ||A||_F^2."""
    total: Scalar = fmpq(0)
    for value in singular_values(problem.target)[width:]:
        total = total + value * value
    least = fmpq(1) if problem.covariance is None else symmetric_eigenvalues(problem.covariance)[-1]
    return least * total / 2


def _margin(problem: Problem) -> Finding:
    margin, rigour = measured(lambda posed: deficiency_margin(posed.weights, posed.target), problem)
    (verdict,) = decided(
        lambda posed: [Comparison(deficiency_margin(posed.weights, posed.target), ">", fmpq(0), "margin")], problem
    )
    said = {"holds": "positive", "fails": "not positive", "undecided": "undecided whether positive"}
    return Finding(
        "margin",
        rigour,
        f"deficiency margin sigma_min(Phi) - ||W - Phi||_F = {shown(margin)}, {said[verdict.outcome.value]}",
        "DL-005",
        {"margin": list(ends(margin)), "positive": verdict.outcome.value},
    )


def _imbalance(problem: Problem) -> Finding:
    norms = [measured(_norm_of_imbalance(j), problem) for j in range(problem.depth - 1)]
    rigour = Rigour.EXACT if all(each is Rigour.EXACT for _, each in norms) else Rigour.CERTIFIED
    listed = ", ".join(shown(value) for value, _ in norms)
    return Finding(
        "imbalance",
        rigour,
        f"imbalance ||W_{{j+1}}^T W_{{j+1}} - W_j W_j^T||_F = {listed}; the flow keeps it for ever",
        "DL-002",
        {"imbalance": [list(ends(value)) for value, _ in norms]},
    )


def _norm_of_imbalance(j: int) -> Callable[[Problem], Scalar]:
    return lambda posed: square_root(frobenius_squared(imbalances(posed.weights[j : j + 2])[0]))


def _curvature(problem: Problem) -> Iterator[Finding]:
    extremes = curvatures(problem)
    if extremes is None:
        return
    least, most = extremes
    rate = f"; 2/{most:.4g} = {2 / most:.4g} is no safe learning rate" if most > 0 else ""
    yield Finding(
        "curvature",
        Rigour.ESTIMATE,
        f"eigenvalues of the Hessian from {least:.4g} to {most:.4g}{rate}",
        "",
        {"least": least, "most": most},
    )


def curvatures(problem: Problem) -> tuple[float, float] | None:
    """The least and the largest eigenvalue of the Hessian, by Lanczos; None where that is too large, or fails."""
    sizes = [matrix.size for matrix in problem.weights]
    total, cuts = sum(sizes), np.cumsum(sizes)[:-1]
    if total > MOST_WEIGHTS:
        return None

    def product(vector: FloatArray) -> FloatArray:
        pieces = zip(np.split(vector.ravel(), cuts), problem.weights, strict=True)
        direction = [piece.reshape(matrix.shape) for piece, matrix in pieces]
        found = hessian_vector_product(problem.weights, problem.target, direction, **problem.data)
        return np.concatenate([matrix.ravel() for matrix in found])

    if total <= 60:
        matrix = np.array([product(unit) for unit in np.eye(total)])
        if not np.isfinite(matrix).all():
            return None
        values = np.linalg.eigvalsh(matrix)
    else:
        operator = LinearOperator((total, total), matvec=product, dtype=np.float64)
        start = np.random.default_rng(0).normal(size=total)
        try:
            values = eigsh(operator, 2, which="BE", v0=start, tol=1e-4, maxiter=MOST_PRODUCTS // 20)[0]
        except ArpackError:  # without an end, or of numbers that are not finite
            return None
    return float(min(values)), float(max(values))


def _signs(problem: Problem) -> Iterator[Finding]:
    """What no learning, or no flow, gets past: negative eigenvalues from equal layers, and determinants."""
    outputs, inputs = problem.target.shape
    if outputs != inputs or not is_small(problem):
        return
    posed = problem.exact()
    symmetric = bool((posed.target == posed.target.T).all())
    if symmetric and problem.depth > 1 and _equal_and_commuting(posed):
        _, negative, _ = inertia(posed.target)
        if negative and problem.depth % 2 == 0:
            floor = _negative_part(problem)
            yield Finding(
                "sign",
                Rigour.EXACT,
                f"equal symmetric layers that commute with Phi, an even number of them, and {negative} negative "
                f"eigenvalues of Phi: under every learning rate the loss stays at least {floor:.4g}",
                "DL-006",
                {"negative": negative, "floor": floor},
            )
        elif negative and all((matrix == exact(np.eye(inputs))).all() for matrix in posed.weights):
            norm = upper_float(spectral_norm(problem.enclosed().target))
            yield Finding(
                "sign",
                Rigour.EXACT,
                f"from the identity {negative} negative eigenvalues of Phi are never learned under learning rates "
                f"below {1 / (1 + norm):.4g}: the loss stays above {_negative_part(problem):.4g}",
                "DL-032",
                {"negative": negative, "floor": _negative_part(problem), "below": 1 / (1 + norm)},
            )
    here, there = (_determinant_sign(matrix) for matrix in (end_to_end(posed.weights), posed.target))
    if here * there < 0:
        yield Finding(
            "determinant",
            Rigour.EXACT,
            "det W and det Phi have opposite signs: whatever path leads from W to Phi crosses a singular matrix, so "
            "that no margin is positive here",
            "DL-005",
            {"network": here, "target": there},
        )


def _equal_and_commuting(posed: Problem) -> bool:
    first, *others = posed.weights
    if any(matrix.shape != first.shape or not (matrix == first).all() for matrix in others):
        return False
    if first.shape != posed.target.shape or not (first == transpose(first)).all():
        return False
    return bool((first @ posed.target == posed.target @ first).all())


def _negative_part(problem: Problem) -> float:
    """Certainly at most half the sum of the squares of Phi's negative eigenvalues: LAPACK proposes V and D, and with
    ||V^T V - I||_F <= b and ||V D V^T - Phi||_F <= r an eigenvalue d < 0 is at most d (1 - b) + r (Ostrowski, Weyl)."""
    values, vectors = np.linalg.eigh(problem.target)
    posed = exact(vectors)
    defect = posed @ exact(np.diag(values)) @ posed.T - exact(problem.target)
    skew = posed.T @ posed - exact(np.eye(len(values)))
    off, bent = arb(frobenius_squared(defect)).sqrt(), arb(frobenius_squared(skew)).sqrt()
    total = arb(0)
    for value in values[values < 0]:
        total += ((-arb(value)) * (1 - bent) - off).nonnegative_part() ** 2
    return max(0.0, lower_float(total / 2))


def _determinant_sign(matrix: ObjectArray) -> int:
    size = len(matrix)
    value = fmpq_mat(size, size, list(matrix.ravel())).det()
    return (value > 0) - (value < 0)
