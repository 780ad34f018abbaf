"""Modes (DL-029): layers that are diagonal in matching bases stay so, and each mode moves as a scalar network."""

from __future__ import annotations

from itertools import pairwise

from claims.conformance.laws.iterates import OwnStep, agreement
from claims.conformance.laws.law import Verdicts, law
from claims.conformance.laws.starts import Aligned, aligned
from claims.modes.scalar_modes.aligned import AlignedNetwork, in_the_form


@law(
    "DL-029",
    "9.1",
    aligned(),
    says="layers diagonal in matching bases stay so; a mode moves by a_j - eta (prod_{k != j} a_k) (a_1 ... a_N - s)",
    means="modes are not learned apart: no solution of the modes' equations describes this trainer",
)
def modes_move_apart(step: OwnStep) -> Verdicts:
    """Every entry of every layer, in bases that are signed permutations."""
    if not isinstance(step.start, Aligned):
        raise TypeError(f"start is a {type(step.start).__name__}; expected one whose bases are known")
    bases, posed = step.start.bases, step.exact()
    if not in_the_form(posed.weights, bases):
        return
    layers = tuple(
        after.T @ matrix @ before for matrix, (before, after) in zip(posed.weights, pairwise(bases), strict=True)
    )
    target = bases[-1].T @ posed.target @ bases[0]
    network = AlignedNetwork(layers, target, bases, step.learning_rate)
    for j, (ball, number, still) in enumerate(
        zip(step.moved, network.in_bases(network.predicted(1)), posed.weights, strict=True)
    ):
        yield agreement(ball, number, still, f"W_{j + 1}(t+1)")
