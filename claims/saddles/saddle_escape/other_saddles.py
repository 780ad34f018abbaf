"""Statement 5: away from zero noise leaves a strict saddle at the rate 1 + eta c, at depths 2 to 4."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.saddles.saddle_escape.any_function import BITS, escaping
from claims.saddles.saddle_escape.escape_times import in_balls
from claims.saddles.saddle_escape.third_derivative import largest_norm, lipschitz
from claims.suite import exact, fewer, sampled
from solvers import Problem, arithmetic, network, perturbed_gradient_descent
from solvers.arithmetic import Comparison, ObjectArray, compare
from strategies import diagonal, generic_weights, orthogonal_matrices


@dataclass(frozen=True)
class Saddle:
    """b^N carried by all layers, s left, and a unit that two layers let idle; ``unstable`` is q, times 2^{1/2}."""

    weights: tuple[ObjectArray, ...]
    target: ObjectArray
    unstable: tuple[ObjectArray, ...]
    carried: fmpq
    left: fmpq

    @property
    def largest_rate(self) -> fmpq:
        """At most 2 / |H|_2: |H|_2 <= N b^{2N-2} + (N-1) s b^{N-2}."""
        depth, b = len(self.weights), self.carried
        return 2 / (depth * b ** (2 * depth - 2) + (depth - 1) * self.left * b ** (depth - 2))


@st.composite
def saddles(draw: st.DrawFn, shapes: tuple[tuple[int, ...], ...] = ((2, 2, 2),)) -> Saddle:
    """Any two layers idle in the second mode, where the others are 1; b is 1, 2 or 3 at depth 2 and 1 beyond;
    s / b^2 in eighths from a half on; any rational bases. The least eigenvalue is -s."""
    widths = draw(st.sampled_from(shapes))
    depth = len(widths) - 1
    b = fmpq(draw(st.integers(1, 3))) if depth == 2 else fmpq(1)
    s = fmpq(draw(st.integers(4, 8)), 8) * b**2
    idle = draw(st.lists(st.integers(0, depth - 1), min_size=2, max_size=2, unique=True))
    bases = [draw(orthogonal_matrices(width)) for width in widths]
    pairs = list(enumerate(pairwise(bases)))

    def placed(carrier: fmpq, other: list[fmpq]) -> tuple[ObjectArray, ...]:
        return tuple(
            after @ diagonal(len(after), len(before), [carrier, other[j]]) @ before.T for j, (before, after) in pairs
        )

    weights = placed(b, [fmpq(j not in idle) for j in range(depth)])
    unstable = placed(fmpq(0), [fmpq(j in idle) for j in range(depth)])
    target = bases[-1] @ diagonal(widths[-1], widths[0], [b**depth, s]) @ bases[0].T
    return Saddle(weights, target, unstable, b, s)


def flat(weights: network.Weights) -> ObjectArray:
    """All entries, layer by layer."""
    return np.concatenate([matrix.ravel() for matrix in weights])


NEAR = fmpq(1, 4)
"""No start is followed farther from its saddle."""


def check_growth(saddle: Saddle, noise: network.Weights, rate: fmpq) -> None:
    """5 from a start beside a saddle, with L for the weights within NEAR of it."""
    depth = len(saddle.weights)
    with ctx.workprec(BITS):
        root = arb(2).sqrt()
        q, start = (flat(in_balls(each)) for each in (saddle.unstable, noise))
        norm = largest_norm(saddle.weights) + NEAR
        gap = saddle.left + depth * norm ** (depth - 1) * NEAR
        escape = escaping(start, q / root, lipschitz(depth, norm, gap), saddle.left, rate)
        assert fmpq(8, 7) * (escape.part * saddle.left / (4 * escape.lipschitz) + escape.size) < NEAR
        ball_target = in_balls((saddle.target,))[0]

        def run() -> Iterator[ObjectArray]:
            origin = in_balls(saddle.weights)
            current = tuple(matrix + v for matrix, v in zip(origin, in_balls(noise), strict=True))
            while True:
                yield flat(current) - flat(origin)
                current = network.gradient_step(current, ball_target, arb(rate))

        assert escape.check(run(), q / root) > 1


SHAPES = ((2, 2, 2), (3, 2, 2), (2, 3, 2), (2, 2, 2, 2), (2, 2, 2, 2, 2))


@exact
@fewer(3)
@given(saddles(SHAPES), st.integers(16, 30), st.sampled_from([1, -1]), st.integers(4, 8), st.data())
def test_escape_from_other_strict_saddles(
    saddle: Saddle, halvings: int, sign: int, eighths: int, data: st.DataObject
) -> None:
    """5 at depths 2 to 4: -s is the least eigenvalue, by inertia, with eigenvector q. Both bounds at every step while
    v <= K / 8, from noise near q and -q; eta up to 2 / |H|_2."""
    q, s = saddle.unstable, saddle.left
    hessian = network.hessian(saddle.weights, saddle.target)
    _, negative, zero = network.inertia(hessian + s * arithmetic.exact(np.eye(len(hessian))))
    assert negative == 0 < zero
    product = network.hessian_vector_product(saddle.weights, saddle.target, q)
    assert all((h == -s * v).all() for h, v in zip(product, q, strict=True))
    any_way = data.draw(generic_weights((len(q[0].T), *(len(matrix) for matrix in q))))
    noise = tuple((sign * v + arithmetic.exact(w) / 8) / fmpq(2) ** halvings for v, w in zip(q, any_way, strict=True))
    check_growth(saddle, noise, fmpq(eighths, 8) * saddle.largest_rate)


@sampled
@fewer(5)
@given(saddles(), st.integers(0, 99))
def test_noisy_runs_leave_other_saddles(saddle: Saddle, seed: int) -> None:
    """In float64: noise of 2^-10, then at most 2000 steps of 1 / (2 (2 b^2 + s)), in which q grows by at least
    (1 + 1/34)^2000: the loss, s^2 / 2 at the saddle and 0 at the least, falls to s^2 / 4."""
    rate = saddle.largest_rate / 4
    run = perturbed_gradient_descent(
        Problem(saddle.weights, saddle.target, rate).nearest(),
        steps=2000,
        radius=2.0**-10,
        gradient_threshold=1e-9,
        wait=2000,
        seed=seed,
        stop_at_loss=float(saddle.left**2 / 5),
    )
    assert run.perturbed.tolist() == [0]
    last = tuple(arithmetic.exact(matrix) for matrix in run.trajectory.weights)
    assert compare(Comparison(network.loss(last, saddle.target), "<=", saddle.left**2 / 4, "loss at the end")).holds
