"""Statement 1, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

PAIR_LAW = """
forall (R : comRingType) (eta phi rest u v : R),
let r := u * v * rest - phi in let e := eta * (r * rest) in
let u' := u - eta * (r * (v * rest)) in let v' := v - eta * (r * (u * rest)) in
u' ^+ 2 - v' ^+ 2 = (1 - e ^+ 2) * (u ^+ 2 - v ^+ 2)
"""


@formal
def test_the_pair_law() -> None:
    """Over any commutative ring, for every depth: ``rest`` is the product of the other layers. Leaves out: nothing."""
    proved("edge_of_stability.v", "pair_law", PAIR_LAW)
