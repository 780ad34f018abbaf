"""The audit: which theorem applies to this network, and what does it promise?

    from claims import audit
    print(audit(weights, target, learning_rate=0.01))

or ``python -m claims audit FILE``. Weights are matrices of shape (d_{j+1}, d_j), input side first, and the loss is
1/2 ||W_N ... W_1 - Phi||_F^2. A report has

- *findings*: loss, bottleneck, margin, imbalance, curvature, signs, saddles near by, times of modes;
- *guarantees*: the hypotheses of each theorem, with the factor by which those fail that do, the largest learning rate
  that it certainly allows, and the steps that it guarantees to a wanted loss;
- *a run* to that loss, whose distance from the exact descent is bounded, and the step from which a guarantee holds
  along it, though none may hold at the start;
- *the rebalanced network*: balanced layers with the same product, to which guarantees may apply that do not here.

Each line says how far it can be trusted: exact (rational numbers), certified (balls, or float64 with its rounding
bounded) or estimate (float64). "Undecided" is an answer, and neither yes nor no.

Data that are not white are given as X and Y, or as a covariance beside the target.

Read :mod:`~claims.auditing.known` for the theorems that are asked, and :mod:`~claims.auditing.guarantees` for what one
is; :mod:`~claims.auditing.judging` for how; :mod:`~claims.auditing.running` for what is certified along a run;
:mod:`~claims.auditing.formats` and :mod:`~claims.auditing.networks` for files.
"""

from claims.auditing.auditor import audit, rebalanced_weights
from claims.auditing.guarantees import Chosen, Guarantee
from claims.auditing.known import GUARANTEES
from claims.auditing.report import (
    Answer,
    AuditReport,
    CertifiedFrom,
    Finding,
    Hypothesis,
    Judgement,
    Rebalanced,
    Rigour,
    Run,
)

__all__ = [
    "GUARANTEES",
    "Answer",
    "AuditReport",
    "CertifiedFrom",
    "Chosen",
    "Finding",
    "Guarantee",
    "Hypothesis",
    "Judgement",
    "Rebalanced",
    "Rigour",
    "Run",
    "audit",
    "rebalanced_weights",
]
