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

FIRST_POWER = """
~ forall (R : comRingType) (d : nat -> nat) (N : nat) (W : weights R d)
    (G : 'M[R]_(d N, d 0%N)) (eta : R) (j : nat), (j.+1 < N)%N ->
  imbalance (gradient_step eta G W) j =
  imbalance W j + eta *: ((layer_gradient G W j.+1)^T *m layer_gradient G W j.+1
                          - layer_gradient G W j *m (layer_gradient G W j)^T)
"""

ONE_AFTER_ANOTHER = """
~ forall (R : comRingType) (d : nat -> nat) (N : nat) (W W' : weights R d) (G : 'M[R]_(d N, d 0%N)) (eta : R) (j : nat),
  (forall i : nat, (i < N)%N -> W' i = W i - eta *: ((product W i.+1 N)^T *m G *m (product W' 0 i)^T)) ->
  (j.+1 < N)%N ->
  imbalance W' j =
  imbalance W j + eta ^+ 2 *: ((layer_gradient G W j.+1)^T *m layer_gradient G W j.+1
                               - layer_gradient G W j *m (layer_gradient G W j)^T)
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


@formal
def test_the_law_is_not_of_first_order() -> None:
    """A control, proved: with eta for eta^2 the law is false. Leaves out: nothing."""
    proved("balance_broken.v", "not_of_first_order", FIRST_POWER)


@formal
def test_the_law_needs_all_layers_at_once() -> None:
    """A control, proved: of layers W' that are updated one after another the law is false. Leaves out: nothing."""
    proved("balance_broken.v", "not_one_after_another", ONE_AFTER_ANOTHER)
