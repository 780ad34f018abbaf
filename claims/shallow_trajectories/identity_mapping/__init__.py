"""Identity mapping: a stub.

Statement. Later.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import LY17

CLAIM = Claim(
    uid="DL-051",
    title="Residual ReLU layers: the potential and two phases",
    statement=__doc__,
    sources=(LY17.at("Theorem 3.1"), DLC.at("DL-051")),
    items=("12.6.1",),
    status=Status.THEOREM,
    hypotheses=(),
    uses=(),
)
