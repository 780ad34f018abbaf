"""Parameters of a diagnosis, read off a trainer's steps: by least squares in rationals, or off one number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from flint import fmpq, fmpq_mat

from claims.conformance import rules
from claims.conformance.cases import Case
from claims.conformance.rules import Array, Layers, Rule
from solvers.arithmetic import exact, nearest


class Terms(NamedTuple):
    """s, lambda and beta in W' = W - eta s D - eta lambda W + beta (W - W before)."""

    scale: float
    decay: float
    momentum: float


def terms(case: Case) -> list[Terms]:
    """For each step those that explain it, as far as there are such: the fewest that do."""
    found = []
    for step in case.steps:
        each = _terms(case, step)
        if each is None:
            break
        found.append(each)
    return found


def _terms(case: Case, step: int) -> Terms | None:
    before, rate = case.iterates[step - 1], case.probe.learning_rate
    move = _difference(before, case.iterates[step])
    basis = {"scale": [rate * each for each in gradients(case, step)], "decay": [rate * each for each in before]}
    if step > 1:
        basis["momentum"] = _difference(before, case.iterates[step - 2])
    for chosen in (["scale"], ["scale", "decay"], ["scale", "momentum"], list(basis)):
        if not set(chosen) <= set(basis):
            continue
        solution = coefficients(move, [basis[name] for name in chosen])
        if solution is not None and _small(case, step, move, [basis[name] for name in chosen], solution):
            values = dict(zip(chosen, solution, strict=True))
            return Terms(values["scale"], values.get("decay", 0.0), -values.get("momentum", 0.0))
    return None


def _small(case: Case, step: int, move: Layers, basis: list[Layers], solution: list[float]) -> bool:
    """Whether what is left is rounding, by the measure of :mod:`claims.conformance.cases`."""
    rest = [
        each - sum(value * term[layer] for value, term in zip(solution, basis, strict=True))
        for layer, each in enumerate(move)
    ]
    off, rounding = max(float(abs(matrix).max()) for matrix in rest), case.roundings[step]
    return off * off <= rounding * max(case.deviations[step], rounding)


def coefficients(target: Sequence[Array], basis: Sequence[Sequence[Array]]) -> list[float] | None:
    """The least squares solution of target = sum c_i basis_i, solved in rationals; None where it is not unique."""
    columns = [[number for matrix in layers for number in exact(matrix).ravel()] for layers in (*basis, target)]
    products = [
        [sum((a * b for a, b in zip(one, other, strict=True)), fmpq(0)) for other in columns] for one in columns
    ]
    size = len(basis)
    left = fmpq_mat(size, size, [products[i][j] for i in range(size) for j in range(size)])
    try:
        solution = left.solve(fmpq_mat(size, 1, [products[i][size] for i in range(size)]))
    except ZeroDivisionError:
        return None
    return [float(solution[i, 0]) for i in range(size)]


def _inner(one: list[fmpq], other: list[fmpq]) -> fmpq:
    return sum((a * b for a, b in zip(one, other, strict=True)), fmpq(0))


def gradients(case: Case, step: int) -> Layers:
    """D_j at the trainer's iterate before a step, kappa included."""
    return [nearest(each) for each in case.posed(step).gradients]


def _difference(one: Layers, other: Layers) -> Layers:
    return [a - b for a, b in zip(one, other, strict=True)]


def parameters(made: Callable[[float], Rule], cases: Sequence[Case]) -> Iterator[float]:
    """Of a rule with one parameter, from the first step of each probe on which that is wrong."""
    for case in cases:
        if 1 in case.wrong:
            value = READ[made](case)
            if value is not None and np.isfinite(value) and value > 0:
                yield value
                return


def _moves(case: Case) -> Layers:
    """(W(0) - W(1)) / eta."""
    return [each / case.probe.learning_rate for each in _difference(case.iterates[0], case.iterates[1])]


def _norm(layers: Sequence[Array]) -> float:
    return float(np.sqrt(sum(float((each**2).sum()) for each in layers)))


def _clipped_layer(case: Case) -> float | None:
    """The norm of the layer that moves least by its gradient."""
    norms = [(_norm([move]), _norm([each])) for move, each in zip(_moves(case), gradients(case, 1), strict=True)]
    return min(((mine / its, mine) for mine, its in norms if its), default=(0.0, 0.0))[1]


def _clipped_with_room(case: Case) -> float | None:
    """limit = s (|D| + 10^-6), s = |move| / |D|."""
    mine, its = _norm(_moves(case)), _norm(gradients(case, 1))
    return mine * (its + 1e-6) / its if its else None


def _extra_scale(case: Case) -> float | None:
    solution = coefficients(_moves(case), [gradients(case, 1)])
    return None if solution is None else solution[0] - 1


def _sign_decay(case: Case) -> float | None:
    rest = _difference(_moves(case), gradients(case, 1))
    solution = coefficients(rest, [[np.sign(matrix) for matrix in case.iterates[0]]])
    return None if solution is None else solution[0]


READ: dict[Callable[[float], Rule], Callable[[Case], float | None]] = {
    rules.clipped: lambda case: _norm(_moves(case)),
    rules.clipped_with_room: _clipped_with_room,
    rules.clipped_layers: _clipped_layer,
    rules.clipped_entries: lambda case: max(float(abs(each).max()) for each in _moves(case)),
    rules.clamped: lambda case: max(float(abs(each).max()) for each in case.iterates[1]),
    rules.nesterov: _extra_scale,
    rules.shrinking: _sign_decay,
}
"""How the parameter of each rule is read off the first step."""


def by_layer(case: Case) -> list[float]:
    """The factor of each layer's learning rate in the first step."""
    solutions = [coefficients([move], [[each]]) for move, each in zip(_moves(case), gradients(case, 1), strict=True)]
    return [solution[0] for solution in solutions if solution is not None]


def by_sample(case: Case) -> list[float]:
    """The weight of each sample in the first step."""
    probe, root = case.probe, np.sqrt(float(case.posed(1).scale))
    basis = [
        rules.gradients(case.iterates[0], root * probe.inputs[:, k : k + 1], root * probe.outputs[:, k : k + 1])
        for k in range(probe.inputs.shape[1])
    ]
    return coefficients(_moves(case), basis) or []
