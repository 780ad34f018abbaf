"""How far a float64 run of gradient descent is from the exact one, from a bound that is derived, not tuned.

Let E(t) bound the Frobenius distance, over all layers together, between the exact weights and the computed ones. One
step multiplies it by the Lipschitz constant of W -> W - eta grad l(W) between them, and adds that step's rounding:

    E(t+1) <= (1 + eta (N-1) M^{N-2} g(t)) E(t) + rho.

The loss is 1/2 <R, A R> with R = W - Phi and G = A R, where A is the identity, R -> M * R for a mask, or R -> R S for a
covariance; its norm is a = 1, 1 or |S|_2, of which |S|_inf and ||S||_F are bounds. With S from rounded data A may have
negative eigenvalues, none below -b (:mod:`solvers.network.definiteness`); b = 0 otherwise.

The factor: along a direction V the second derivative of l is <dW, A dW> + 2 <G, sum_{j<k} (product with V_j and V_k)>,
whose first part is at least -b N M^{2N-2} sum_j ||V_j||_F^2 and whose second is at least
-(N-1) M^{N-2} ||G||_F sum_j ||V_j||_F^2, where M bounds every |W_j|_2 on the way. So no eigenvalue of the Hessian is
below -b N M^{2N-2} - (N-1) M^{N-2} ||G||_F, and none is above a N M^{2N-2} + (N-1) M^{N-2} ||G||_F; where eta times the
latter is at most 2, the factor follows, for b = 0, and with b N M^{2N-2} beside the other term for others. It is what
makes long runs certifiable: sum_t ||G(t)||_F stays bounded as the loss decays, and so does the product of the factors.
The runs keep (2 l)^{1/2} = <R, A R>^{1/2}, and ||A R||_F <= a^{1/2} (<R, A R> + b ||R||_F^2)^{1/2} + b ||R||_F.

rho: a product of matrices with inner dimensions adding up to n is computed within gamma_n times the product of
their Frobenius norms (Higham, Accuracy and Stability of Numerical Algorithms, Section 3.5), in whatever order, with
or without fused multiply-adds. Underflow adds at most the smallest subnormal for each scalar product, carried
through the products that follow. So the bound holds for every path of :mod:`solvers.descent.dispatch` that takes single
steps, which are those that ``gradient_descent(..., certify=True)`` takes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from flint import arb

from solvers.arithmetic import TINY, UNIT, exact, gamma, rational, upper_float
from solvers.descent.descent import Trajectory
from solvers.network.definiteness import shortfall
from solvers.network.network import end_to_end, frobenius_squared, loss_of


def weight_error_bound(trajectory: Trajectory) -> arb:
    """E(T): certainly at least sqrt(sum_j ||W_j(T) - computed W_j(T)||_F^2), for the exact descent from the same start.

    Infinite where the derivation's conditions (learning rate times curvature at most 2, error at most 2^-10 of the
    largest layer's norm, or, where all weights stay 0, of |Phi|^{1/N}) are not met. Raises TypeError for what is no
    Trajectory, ValueError for one that was run without ``certify``.
    """
    check_trajectory(trajectory)
    if trajectory.residual_sum is None or not isinstance(trajectory.steps, int):
        raise ValueError("trajectory lacks what certifies it; expected that of one network, run with certify=True")
    bound = _bound_within(trajectory, _norm(trajectory) / 1024)
    if bound.is_finite() or trajectory.largest_norm > 0:
        return bound
    return _bound_within(trajectory, _target_norm(trajectory).root(len(trajectory.weights)) / 1024)


def _bound_within(trajectory: Trajectory, assumed: arb) -> arb:
    """The bound where it, and what it rests on, is met by an error of at most ``assumed``; else infinite."""
    depth, rate, steps = len(trajectory.weights), arb(trajectory.learning_rate), trajectory.steps
    seen = _Seen.of(trajectory)
    largest = _norm(trajectory) + assumed
    drift = _residual_rounding(trajectory, largest) + _residual_drift(depth, largest, assumed)
    greatest = largest**depth + _target_norm(trajectory)
    slack = (seen.norm + seen.short).sqrt() * drift + _underflow_of_norm(trajectory)
    slack += seen.rounding_of_root(_entries(trajectory), greatest + drift)
    root_sum = arb(trajectory.residual_sum) * (1 + gamma(2 * steps + _entries(trajectory))) + steps * slack
    gradient_sum = seen.norm.sqrt() * root_sum + steps * seen.short * (greatest + drift)
    quadratic, bilinear = depth * largest ** (2 * depth - 2), _bilinear(depth, largest)
    if not rate * seen.norm * (quadratic + bilinear * (greatest + drift)) <= 2:
        return arb.pos_inf()
    amplification = (rate * (bilinear * gradient_sum + steps * seen.short * quadratic)).exp()
    bound = amplification * steps * _step_rounding(trajectory, seen, largest, greatest)
    return arb(upper_float(bound)) if bound <= assumed else arb.pos_inf()


def loss_ball(trajectory: Trajectory) -> arb:
    """A ball that certainly contains l(T) of the exact descent, T = ``trajectory.steps``: unbounded, and so undecided
    in every comparison, where :func:`weight_error_bound` is infinite."""
    error = weight_error_bound(trajectory)
    depth = len(trajectory.weights)
    if not error.is_finite():
        return arb.nan()
    largest, seen = _norm(trajectory) + error, _Seen.of(trajectory)
    residual = end_to_end([exact(matrix) for matrix in trajectory.weights]) - exact(trajectory.target)
    covariance = None if trajectory.covariance is None else exact(trajectory.covariance)
    doubled = 2 * loss_of(residual, covariance=covariance, mask=trajectory.mask)
    length, moved = arb(frobenius_squared(residual)).sqrt(), _residual_drift(depth, largest, error)
    root = (arb(doubled) + seen.short * length * length).nonnegative_part().sqrt()  # of <R, (A + b) R>, a norm of R
    drift = (seen.norm + seen.short).sqrt() * moved
    ball = (root - drift).nonnegative_part().union(root + drift)
    below = seen.short * (length + moved) * (length + moved)
    return (ball * ball - below * arb(0.5, 0.5)) / 2  # a product: a power of a ball around 0 may be no number


@dataclass(frozen=True)
class _Seen:
    """Bounds on A: ``norm`` a >= |A|, ``short`` b with A >= -b, and ``size`` ||S||_F, 0 without a covariance."""

    norm: arb
    short: arb
    size: arb

    @classmethod
    def of(cls, trajectory: Trajectory) -> _Seen:
        covariance = trajectory.covariance
        if covariance is None:
            return cls(arb(1), arb(0), arb(0))
        entries = exact(covariance)
        size = arb(frobenius_squared(entries)).sqrt()
        rows = max(sum(abs(entry) for entry in row) for row in entries)
        return cls(arb(rows).min(size).upper(), shortfall(covariance), size)

    def rounding_of_root(self, entries: int, residual: arb) -> arb:
        """What (<R, A R> + b ||R||_F^2)^{1/2} may be beyond the root of the computed <R, A R>, for an R of at most this
        norm. Without a covariance <R, A R> is a sum of squares, whose rounding is relative."""
        underflow = entries * arb(TINY) * (1 + residual) if self.size > 0 else arb(0)
        return ((gamma(entries) * self.size + self.short) * residual * residual + underflow).sqrt()


def check_trajectory(trajectory: Any) -> None:
    """A Trajectory, as :func:`solvers.gradient_descent` returns for one network."""
    if not isinstance(trajectory, Trajectory):
        raise TypeError(f"trajectory is a {type(trajectory).__name__}; expected a Trajectory of gradient_descent")


def _entries(trajectory: Trajectory) -> int:
    return sum(matrix.size for matrix in (*trajectory.weights, trajectory.target)) + 8


def _norm(trajectory: Trajectory) -> arb:
    """At least ||W_j||_F for every layer of the computed weights, at every step."""
    computed = arb(trajectory.largest_norm) * (1 + gamma(_entries(trajectory)))
    return computed + _underflow_of_norm(trajectory)


def _underflow_of_norm(trajectory: Trajectory) -> arb:
    """What the square root of a sum of squares loses where the squares underflow."""
    return (_entries(trajectory) * arb(TINY)).sqrt()


def _underflow(trajectory: Trajectory, largest: arb) -> arb:
    """What underflow in the products of one sweep can add to a matrix in ||.||_F, through all later products."""
    inner = sum(sum(matrix.shape) for matrix in trajectory.weights)
    return inner * _entries(trajectory) * arb(TINY) * (1 + largest) ** (2 * len(trajectory.weights))


def _target_norm(trajectory: Trajectory) -> arb:
    return arb(frobenius_squared(exact(trajectory.target))).sqrt()


def _bilinear(depth: int, largest: arb) -> arb:
    """(N-1) M^{N-2}, and 0 at depth 1."""
    return (depth - 1) * largest ** (depth - 2) if depth > 1 else arb(0)


def _residual_drift(depth: int, largest: arb, error: arb) -> arb:
    """||W - W'||_F <= N M^{N-1} E for two networks E apart, with layers of norm at most M."""
    return depth * largest ** (depth - 1) * error


def _residual_rounding(trajectory: Trajectory, largest: arb) -> arb:
    depth = len(trajectory.weights)
    inner = sum(matrix.shape[1] for matrix in trajectory.weights)
    product = largest**depth
    rounding = gamma(inner) * product + arb(UNIT) * ((1 + gamma(inner)) * product + _target_norm(trajectory))
    return rounding + _underflow(trajectory, largest)


def _step_rounding(trajectory: Trajectory, seen: _Seen, largest: arb, greatest: arb) -> arb:
    """rho: the rounding of one step, over all layers."""
    depth, rate = len(trajectory.weights), rational(trajectory.learning_rate)
    inner = sum(sum(matrix.shape) for matrix in trajectory.weights)
    sweep = largest ** (depth - 1)
    residual_error = _residual_rounding(trajectory, largest)
    inputs, underflow = trajectory.target.shape[1], _underflow(trajectory, largest) * (1 + 2 * seen.size)
    outer_error = seen.norm * residual_error + gamma(inputs) * seen.size * (greatest + residual_error)
    gradient = sweep * (seen.norm * greatest + outer_error) * (1 + gamma(inner))
    gradient_error = sweep * outer_error + gamma(inner) * gradient + underflow
    update = rate * gradient
    layer = rate * gradient_error + arb(UNIT) * (3 * update + largest) + underflow
    return layer * math.sqrt(depth) * (1 + 4 * UNIT)
