"""Balance (DL-002): what a step does to the imbalances, and to nothing else."""

from __future__ import annotations

from claims.balance.balancedness.laws import predicted_imbalances
from claims.conformance.laws.iterates import OwnStep, agreement
from claims.conformance.laws.law import Verdicts, law
from claims.conformance.laws.starts import networks
from solvers.network import imbalances


@law(
    "DL-002",
    "2.2",
    networks(least=2),
    says="B_j(t+1) = B_j(t) + eta^2 (D_{j+1}^T D_{j+1} - D_j D_j^T), B_j = W_{j+1}^T W_{j+1} - W_j W_j^T",
    means="layers leave balance by more than eta^2: no theorem that starts from balanced layers speaks of this trainer",
)
def imbalance_moves_by_the_square_of_eta(step: OwnStep) -> Verdicts:
    """Entry by entry, on any network."""
    posed = step.exact()
    after = imbalances(step.moved)
    for j, (ball, number, still) in enumerate(
        zip(after, predicted_imbalances(posed), imbalances(posed.weights), strict=True)
    ):
        yield agreement(ball, number, still, f"B_{j + 1}")
