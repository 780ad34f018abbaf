"""The law of descent, the cancellation behind it and the drift over many steps, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

FIRST_ORDER = """
forall (R : comRingType) (d : nat -> nat) (N : nat) (W : weights R d) (G : 'M[R]_(d N, d 0%N)) (j : nat),
(j.+1 < N)%N ->
(layer_gradient G W j.+1)^T *m W j.+1 = W j *m (layer_gradient G W j)^T
"""

DISCRETE_LAW = """
forall (R : comRingType) (d : nat -> nat) (N : nat) (W : weights R d) (G : 'M[R]_(d N, d 0%N)) (eta : R) (j : nat),
(j.+1 < N)%N ->
imbalance (gradient_step eta G W) j =
imbalance W j + eta ^+ 2 *: ((layer_gradient G W j.+1)^T *m layer_gradient G W j.+1
                             - layer_gradient G W j *m (layer_gradient G W j)^T)
"""

DRIFT = r"""
forall (R : rcfType) (d : nat -> nat) (N : nat) (eta : R) (G : weights R d -> 'M[R]_(d N, d 0%N)) (W0 : weights R d)
       (j T : nat),
let W t := iter t (fun V => gradient_step eta (G V) V) W0 in
let D t j := layer_gradient (G (W t)) (W t) j in
(j.+1 < N)%N ->
norm (imbalance (W T) j - imbalance W0 j) <= eta ^+ 2 * \sum_(0 <= t < T) (norm (D t j.+1) ^+ 2 + norm (D t j) ^+ 2)
"""


@formal
def test_terms_of_first_order_cancel() -> None:
    """Over any commutative ring. Leaves out: the flow, of which this is the derivative of B_j."""
    proved("balancedness.v", "first_order_terms_agree", FIRST_ORDER)


@formal
def test_discrete_law() -> None:
    """Over any commutative ring, for every depth and width and any loss. Leaves out: nothing."""
    proved("balancedness.v", "discrete_balancedness_law", DISCRETE_LAW)


@formal
def test_drift() -> None:
    """Over any real closed field, for any loss and any number of steps. Leaves out: nothing."""
    proved("balancedness.v", "drift", DRIFT)
