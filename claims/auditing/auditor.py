"""``audit``: from a network, its target and a learning rate to a report."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from flint import arb

from claims.auditing.judging import judge
from claims.auditing.known import GUARANTEES
from claims.auditing.mode_times import mode_times
from claims.auditing.rates import rates
from claims.auditing.regressions import of_data
from claims.auditing.report import (
    AuditReport,
    CertifiedFrom,
    Finding,
    FloatArray,
    Judgement,
    Rebalanced,
    Rigour,
    Run,
    largest,
)
from claims.auditing.running import at_rate, certified_from, descend, run_of
from claims.auditing.saddles import saddles
from claims.auditing.structure import loss_at_most, structure
from solvers import (
    Problem,
    balanced_factors,
    end_to_end,
    frobenius_squared,
    imbalances,
    sigma_min,
)
from solvers.arithmetic import Enclosure, lower_float, rational, square_root, upper_float
from solvers.guarantees import sharper_constants
from solvers.network.checks import check_float_network, check_number, check_steps

SHARE = 1e-3
"""The wanted loss, where none is given, as a part of the loss at the start."""
MOST_STEPS = 1_000_000


def audit(
    weights: Sequence[Any],
    target: Any = None,
    learning_rate: float | None = None,
    *,
    covariance: Any = None,
    inputs: Any = None,
    outputs: Any = None,
    to_loss: float | None = None,
    most_steps: int = MOST_STEPS,
) -> AuditReport:
    """Which guarantees apply to gradient descent on 1/2 ||W_N ... W_1 - Phi||_F^2 from here, and what they promise.

    ``weights`` are matrices of shape (d_{j+1}, d_j), input side first, as PyTorch's ``Linear`` has them; ``target`` is
    Phi, of shape (d_N, d_0). Data are given in its place as ``inputs`` X (d_0 x m) and ``outputs`` Y (d_N x m), a
    column a sample, for the loss 1/(2m) ||W X - Y||_F^2 less its least value, or as a ``covariance`` S = X X^T / m
    beside the target, for 1/2 tr((W - Phi) S (W - Phi)^T). S and Phi of data are rounded to float64; the report says by
    how much. Arrays of any floating-point or integer type will do, and count as the numbers that they are.

    ``to_loss`` is the loss that is wanted, a thousandth of the loss at the start where it is not given. Without a
    ``learning_rate`` the run has the largest that a guarantee certainly allows; where none applies, the one that DL-013
    allows once the margin is half of sigma_min(Phi). ``most_steps`` bounds the run; 0 leaves it out.

    The arrays passed in are not changed. Raises TypeError or ValueError for what is no network, naming the argument.
    """
    data = _data(target, covariance, inputs, outputs)
    problem = _problem(weights, data, learning_rate)
    steps = check_steps(most_steps, "most_steps")
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is told, or decides nothing
        return _audited(problem, data.findings, learning_rate, to_loss, steps)


def rebalanced_weights(weights: Sequence[FloatArray]) -> tuple[FloatArray, ...]:
    """Balanced layers of the same shapes whose product is that of ``weights``, both up to rounding. ValueError where a
    hidden width is below min(d_0, d_N), which leaves no room for the factors of every product, and for a product that
    is not finite."""
    dimensions = (weights[0].shape[1], *(matrix.shape[0] for matrix in weights))
    return balanced_factors(end_to_end(tuple(weights)), dimensions)


def _audited(
    problem: Problem, known: tuple[Finding, ...], learning_rate: float | None, to_loss: float | None, steps: int
) -> AuditReport:
    wanted = _wanted(to_loss, problem)
    judgements = _judged(problem, learning_rate is not None, wanted)
    rate, chosen = _rate(problem, learning_rate, judgements)
    findings = [*known, *structure(problem), *rates(problem), *saddles(problem, rate)]
    run, later = None, None
    if stays := _stays_above(findings, wanted):
        findings.append(stays)
    elif rate is None:
        findings.append(Finding("no_run", Rigour.ESTIMATE, f"no run without a learning rate that is given: {chosen}"))
    elif loss_at_most(problem) > rational(wanted):
        moving = at_rate(problem, rate)
        findings += mode_times(moving, rate, steps) if problem.is_white else ()
        run, later = _run(moving, chosen, judgements, wanted, steps) if steps else (None, None)
    rebalanced = _rebalanced(problem, learning_rate, wanted, steps)
    given = None if learning_rate is None else float(learning_rate)
    return AuditReport(problem.dimensions, given, wanted, tuple(findings), judgements, run, later, rebalanced)


class _Data(NamedTuple):
    """Phi and S, None for white data, with what there is to say of how they were formed."""

    target: FloatArray
    covariance: FloatArray | None
    findings: tuple[Finding, ...] = ()


def _data(target: Any, covariance: Any, inputs: Any, outputs: Any) -> _Data:
    if (inputs is None) != (outputs is None):
        missing = "outputs" if outputs is None else "inputs"
        raise TypeError(f"{missing} is None; expected inputs and outputs, or neither")
    if (target is None) == (inputs is None):
        given = "target is None, and so are inputs" if target is None else "target is given, and so are inputs"
        raise TypeError(f"{given}; expected a target, or inputs and outputs")
    if inputs is not None:
        if covariance is not None:
            raise TypeError("covariance is given beside inputs; expected it beside a target")
        return _Data(*of_data(widened(inputs, "inputs"), widened(outputs, "outputs")))
    second = None if covariance is None else widened(covariance, "covariance")
    white = second is not None and second.shape[0] == second.shape[-1] and (second == np.eye(len(second))).all()
    return _Data(widened(target, "target"), None if white else second)


def _problem(weights: Any, data: _Data, learning_rate: Any) -> Problem:
    if isinstance(weights, np.ndarray) or not isinstance(weights, Sequence):
        raise TypeError(f"weights is a {type(weights).__name__}; expected a list of matrices, input side first")
    layers = tuple(widened(matrix, f"weights[{j}]") for j, matrix in enumerate(weights))
    rate = 0.0 if learning_rate is None else _positive(learning_rate, "learning_rate", "or None")
    problem = Problem(layers, data.target, rate, covariance=data.covariance)
    check_float_network(problem.weights, problem.target, rate)
    return problem


def widened(array: Any, name: str) -> FloatArray:
    """An array of numbers in float64, each the number that it was. TypeError for other kinds, ValueError for integers
    and long doubles that float64 has not."""
    found = np.asarray(array.detach().cpu() if hasattr(array, "detach") else array)
    if found.dtype.kind not in "fiu" or found.dtype == np.dtype(object):
        raise TypeError(f"{name} has dtype {found.dtype}; expected real numbers, as in float32 or float64")
    wide = found.astype(np.float64)
    if (wide.astype(found.dtype) != found)[np.isfinite(wide)].any():
        raise ValueError(f"{name} has an entry of {found.dtype} that is no float64; expected .astype(np.float64)")
    return wide


def _wanted(to_loss: Any, problem: Problem) -> float:
    if to_loss is None:
        most = upper_float(loss_at_most(problem))
        if not np.isfinite(most):
            raise ValueError("to_loss is None, and the loss at the start is beyond float64; expected a number > 0")
        return max(SHARE * most, sys.float_info.min)
    return _positive(to_loss, "to_loss", "which descent reaches in so many steps")


def _positive(value: Any, name: str, aside: str) -> float:
    try:
        number = check_number(value, name)
    except ValueError:
        number = 0.0
    if number == 0:
        raise ValueError(f"{name} is {value!r}; expected a finite number > 0, {aside}")
    return number


def _judged(problem: Problem, given: bool, wanted: float) -> tuple[Judgement, ...]:
    most = loss_at_most(problem)
    return tuple(judge(each, problem, given, most, wanted) for each in GUARANTEES)


def _rate(problem: Problem, given: float | None, judgements: tuple[Judgement, ...]) -> tuple[float | None, str]:
    """The learning rate of the run, and where it is from."""
    if given is not None:
        return float(given), "given"
    allowed = largest(judgements)
    if allowed is not None:
        return allowed, "the largest that is certified"
    half = sigma_min(problem.enclosed().target) / 2
    if not half > 0:
        return None, "none is derived where Phi has no full rank, or is too near to that to tell"
    norm = square_root(frobenius_squared(problem.enclosed().target))
    limit = sharper_constants.learning_rate_limit(problem.depth, arb(half.lower()), norm)
    if not limit.is_finite() or not lower_float(limit) > 0:
        return None, "what DL-013 allows is beyond float64"
    return lower_float(limit), "what DL-013 allows once the margin is half of sigma_min(Phi)"


def _stays_above(findings: Sequence[Finding], wanted: float) -> Finding | None:
    """That the wanted loss is never reached, where that is certain whatever the learning rate."""
    named = {each.name: each for each in findings}
    if "critical" in named and named["loss"].values["loss"][0] > wanted:
        reason = "descent never moves"
    elif named["bottleneck"].values["floor"] > wanted:
        reason = "the bottleneck's floor is higher"
    elif "sign" in named and "below" not in named["sign"].values and named["sign"].values["floor"] > wanted:
        reason = "what negative eigenvalues leave is more"
    else:
        return None
    return Finding("unreachable", Rigour.CERTIFIED, f"a loss of {wanted:.4g} is never reached: {reason}")


def _run(
    problem: Problem, chosen: str, judgements: tuple[Judgement, ...], wanted: float, steps: int
) -> tuple[Run, CertifiedFrom | None]:
    trajectory = descend(problem, wanted, steps)
    holds = any(each.counts and each.learning_rate == problem.learning_rate for each in judgements)
    later, not_met = (None, "") if holds else certified_from(problem, trajectory, wanted)
    return run_of(trajectory, chosen, wanted, not_met), later


def _rebalanced(problem: Problem, learning_rate: float | None, wanted: float, steps: int) -> Rebalanced | None:
    """None where there are no two layers, a bottleneck, or no finite product. A run only where a guarantee holds."""
    narrow = min(problem.dimensions[1:-1], default=0) < min(problem.target.shape)
    if narrow or not np.isfinite(end_to_end(problem.weights)).all():
        return None
    other = replace(problem, weights=rebalanced_weights(problem.weights))
    before, after = ([Enclosure.of(matrix) for matrix in each.weights] for each in (problem, other))
    change = upper_float(square_root(frobenius_squared(end_to_end(after) - end_to_end(before))))
    imbalance = max(upper_float(square_root(frobenius_squared(b))) for b in imbalances(after))
    judgements = _judged(other, learning_rate is not None, wanted)
    rate = learning_rate if learning_rate is not None else largest(judgements)
    run = None
    held = rate is not None and any(each.counts and each.learning_rate == rate for each in judgements)
    if rate is not None and held and steps and loss_at_most(other) > rational(wanted):
        chosen = "the largest that is certified" if learning_rate is None else "given"
        run = run_of(descend(at_rate(other, rate), wanted, steps), chosen, wanted)
    return Rebalanced(other.weights, change, imbalance, judgements, run)
