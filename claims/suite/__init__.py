"""The machinery of the claims: what a claim is, how a verdict is reached, how evidence is counted."""

from claims.suite.ablation import Fate, ablates
from claims.suite.claim import Claim, Source, Status, control, exact, formal, sampled, symbolic, witness
from claims.suite.profiles import fewer
from claims.suite.sources import ACGH19, ACH18, BHL18, DHL18, DLC, JGNKJ17, K16, LB18, SMG14

__all__ = [
    "ACGH19",
    "ACH18",
    "BHL18",
    "DHL18",
    "DLC",
    "JGNKJ17",
    "K16",
    "LB18",
    "SMG14",
    "Claim",
    "Fate",
    "Source",
    "Status",
    "ablates",
    "control",
    "exact",
    "fewer",
    "formal",
    "sampled",
    "symbolic",
    "witness",
]
