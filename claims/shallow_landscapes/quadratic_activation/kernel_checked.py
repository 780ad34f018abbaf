"""Statement 1, checked by Coq's kernel over any real field; of a convex F only its tangent at Y is used."""

from claims.suite import formal
from claims.suite.prover import proved

IDLE_DIRECTION_IS_GLOBAL = r"""
forall (R : realFieldType) (d k : nat) (F : 'M[R]_d -> R) (G : 'M[R]_d) (W : 'M[R]_(d, k)),
G^T = G -> lies_above F (W *m W^T) G -> G *m W = 0 -> second_order G W -> (\rank W < k)%N ->
forall (m : nat) (A : 'M[R]_(d, m)), F (W *m W^T) <= F (A *m A^T)
"""

ENOUGH_UNITS_ARE_GLOBAL = """
forall (R : realFieldType) (d : nat) (F : 'M[R]_d -> R) (G W : 'M[R]_d),
G^T = G -> lies_above F (W *m W^T) G -> G *m W = 0 -> second_order G W ->
forall (m : nat) (A : 'M[R]_(d, m)), F (W *m W^T) <= F (A *m A^T)
"""


@formal
def test_an_idle_direction() -> None:
    """rank W < k: Y is the best of all A A^T. Leaves out: that 2 <G, V V^T> is the Hessian's form there."""
    proved("quadratic_activation.v", "idle_direction_is_global", IDLE_DIRECTION_IS_GLOBAL)


@formal
def test_enough_units() -> None:
    """k = d. Leaves out: k > d, which is the other theorem's; that 2 <G, V V^T> is the Hessian's form."""
    proved("quadratic_activation.v", "enough_units_are_global", ENOUGH_UNITS_ARE_GLOBAL)
