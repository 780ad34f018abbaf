"""The powers of the first and the last layers, the common spectrum and the bases, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

POWERS = """
forall (R : comRingType) (d : nat -> nat) (N : nat) (W : weights R d),
(forall j : nat, (j.+1 < N)%N -> imbalance W j = 0) -> forall k : nat, (k <= N)%N ->
(product W 0 k)^T *m product W 0 k = iter k (mulmx ((W 0%N)^T *m W 0%N)) 1%:M
"""

LAST_POWERS = """
forall (R : comRingType) (d : nat -> nat) (N : nat) (W : weights R d),
(forall j : nat, (j.+1 < N)%N -> imbalance W j = 0) -> forall n i : nat, N = n.+1 -> (i <= n)%N ->
product W i n.+1 *m (product W i n.+1)^T = iter (n.+1 - i) (mulmx (W n *m (W n)^T)) 1%:M
"""

SPECTRUM = """
forall (R : comRingType) (d : nat -> nat) (N : nat) (W : weights R d),
(forall j : nat, (j.+1 < N)%N -> imbalance W j = 0) -> forall j k : nat, (j < N)%N -> (k < N)%N ->
'X ^+ d k * char_poly ((W j)^T *m W j) = 'X ^+ d j * char_poly ((W k)^T *m W k)
"""

BASES = """
forall (R : fieldType) (d : nat -> nat) (N : nat) (W : weights R d) (j : nat) (a : R),
(forall i : nat, (i.+1 < N)%N -> imbalance W i = 0) -> (j.+1 < N)%N ->
eigenspace (W j *m (W j)^T) a = eigenspace ((W j.+1)^T *m W j.+1) a
"""

WITHOUT_BALANCE = """
~ forall (R : comRingType) (d : nat -> nat) (N : nat) (W : weights R d) (k : nat),
  (k <= N)%N -> (product W 0 k)^T *m product W 0 k = iter k (mulmx ((W 0%N)^T *m W 0%N)) 1%:M
"""

ONE_PAIR = """
~ forall (R : comRingType) (d : nat -> nat) (N : nat) (W : weights R d),
  imbalance W 0 = 0 -> (product W 0 N)^T *m product W 0 N = iter N (mulmx ((W 0%N)^T *m W 0%N)) 1%:M
"""

ONE_POWER_LESS = """
~ forall (R : comRingType) (d : nat -> nat) (N : nat) (W : weights R d) (k : nat),
  (forall j : nat, (j.+1 < N)%N -> imbalance W j = 0) -> (k <= N)%N ->
  (product W 0 k)^T *m product W 0 k = iter k.-1 (mulmx ((W 0%N)^T *m W 0%N)) 1%:M
"""

MET = r"""
forall (R : comRingType) (d : nat -> nat) (n : nat), (forall j, (0 < d j)%N) ->
exists W : weights R d, (forall j, imbalance W j = 0) /\ end_to_end n.+1 W != 0
"""


@formal
def test_powers_of_the_first_layer() -> None:
    """Statement 1 over any commutative ring. Leaves out: the mirror image, which follows."""
    proved("balanced_spectrum.v", "powers_of_the_first_layer", POWERS)


@formal
def test_powers_of_the_last_layer() -> None:
    """The mirror image in statement 1. Leaves out: nothing."""
    proved("balanced_spectrum.v", "powers_of_the_last_layer", LAST_POWERS)


@formal
def test_same_nonzero_spectrum() -> None:
    """Statement 2, by characteristic polynomials, for any two layers. Leaves out: singular values as numbers; that the
    eigenvalues of A^N are the N-th powers of A's."""
    proved("balanced_spectrum.v", "same_nonzero_spectrum", SPECTRUM)


@formal
def test_shared_bases() -> None:
    """Statement 3: the singular spaces are these eigenspaces, a = s^2. Leaves out: nothing."""
    proved("balanced_spectrum.v", "shared_bases", BASES)


@formal
def test_powers_need_balance() -> None:
    """A control, proved: statement 1 without its hypothesis is false. Leaves out: nothing."""
    proved("balanced_spectrum.v", "powers_need_balance", WITHOUT_BALANCE)


@formal
def test_powers_need_every_pair_in_balance() -> None:
    """A control, proved: balance of the first pair alone is not enough. Leaves out: nothing."""
    proved("balanced_spectrum.v", "powers_need_every_pair", ONE_PAIR)


@formal
def test_one_power_less_is_wrong() -> None:
    """A control, proved: with k - 1 for k statement 1 is false. Leaves out: nothing."""
    proved("balanced_spectrum.v", "powers_are_of_order_k", ONE_POWER_LESS)


@formal
def test_hypotheses_can_be_met() -> None:
    """At every depth, for all widths, by layers with a product. Leaves out: that every product has such layers."""
    proved("statements_met.v", "balanced_met", MET)
