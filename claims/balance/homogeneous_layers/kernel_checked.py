"""Statements 1 to 3 at one hidden layer of any network, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

SAME_PRODUCTS = """
forall (R : comRingType) (m n p q : nat) (H : 'M[R]_(m, q)) (W : 'M[R]_(n, m)) (S : 'M[R]_(n, q)) (V : 'M[R]_(p, n))
       (Gn : 'M[R]_(p, q)) (i : 'I_n),
let A := times (W *m H) S in row_inner W (in_gradient H S V Gn) i = column_inner V (out_gradient A Gn) i
"""

LEAKY_UNITS = """
forall (R : realDomainType) (a b s z : R),
(z != 0 -> s = if 0 < z then a else b) -> (if 0 < z then a else b) * z = z * s
"""

DIFFERENCE_OF_PRODUCTS = r"""
forall (R : comRingType) (m n p q : nat) (H : 'M[R]_(m, q)) (W : 'M[R]_(n, m)) (A S : 'M[R]_(n, q)) (V : 'M[R]_(p, n))
       (Gn : 'M[R]_(p, q)) (i : 'I_n),
column_inner V (out_gradient A Gn) i - row_inner W (in_gradient H S V Gn) i =
\sum_k (V^T *m Gn) i k * (A i k - (W *m H) i k * S i k)
"""

NOTHING_ELSE = """
forall (R : comRingType) (m n q : nat) (H : 'M[R]_(m, q)) (W : 'M[R]_(n, m)) (A S : 'M[R]_(n, q)),
(forall (V : 'M[R]_n) (Gn : 'M[R]_(n, q)) (i : 'I_n),
  row_inner W (in_gradient H S V Gn) i = column_inner V (out_gradient A Gn) i) ->
forall i k, A i k = (W *m H) i k * S i k
"""

UNIT_LAW_OF_DESCENT = """
forall (R : comRingType) (m n p q : nat) (eta : R) (H : 'M[R]_(m, q)) (W : 'M[R]_(n, m)) (S : 'M[R]_(n, q))
       (V : 'M[R]_(p, n)) (Gn : 'M[R]_(p, q)) (i : 'I_n),
let A := times (W *m H) S in let D := in_gradient H S V Gn in let E := out_gradient A Gn in
unit_imbalance (W - eta *: D) (V - eta *: E) i = unit_imbalance W V i + eta ^+ 2 * unit_imbalance D E i
"""


@formal
def test_same_products() -> None:
    """Over any commutative ring, with any numbers for slopes. Leaves out: that these are the gradients; flow."""
    proved("homogeneous_layers.v", "same_products", SAME_PRODUCTS)


@formal
def test_leaky_units() -> None:
    """Euler's identity for slopes a and b, and any slope at 0. Leaves out: nothing."""
    proved("homogeneous_layers.v", "leaky_units", LEAKY_UNITS)


@formal
def test_any_activation() -> None:
    """For any outputs and slopes. Leaves out: gradient flow, whose dc/dt is twice this."""
    proved("homogeneous_layers.v", "difference_of_products", DIFFERENCE_OF_PRODUCTS)


@formal
def test_nothing_else_conserves() -> None:
    """The converse, for any data and weights. Leaves out: nothing."""
    proved("homogeneous_layers.v", "nothing_else", NOTHING_ELSE)


@formal
def test_law_of_descent() -> None:
    """Over any commutative ring, exactly. Leaves out: that these are the gradients."""
    proved("homogeneous_layers.v", "unit_law_of_descent", UNIT_LAW_OF_DESCENT)
