"""The powers of nearly balanced layers, both halves of statement 3, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

# 'C(k, 2) is k(k-1)/2; bounded A k is |A|_2^2 <= k; iter k (mulmx A) 1 is A^k; N = n + 1.

FIRST = """
forall (R : rcfType) (d : nat -> nat) (n : nat) (W : weights R d) (m delta : R), 0 <= m ->
(forall j : nat, (j < n.+1)%N -> bounded (W j) (m ^+ 2)) ->
(forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W j) <= delta) -> forall k : nat, (k <= n.+1)%N ->
norm ((product W 0 k)^T *m product W 0 k - iter k (mulmx ((W 0%N)^T *m W 0%N)) 1%:M)
<= 'C(k, 2)%:R * (delta * m ^+ (2 * k.-1))
"""

LAST = """
forall (R : rcfType) (d : nat -> nat) (n : nat) (W : weights R d) (m delta : R), 0 <= m ->
(forall j : nat, (j < n.+1)%N -> bounded (W j) (m ^+ 2)) ->
(forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W j) <= delta) -> forall i : nat, (i <= n)%N ->
norm (product W i n.+1 *m (product W i n.+1)^T - iter (n.+1 - i) (mulmx (W n *m (W n)^T)) 1%:M)
<= 'C(n.+1 - i, 2)%:R * (delta * m ^+ (2 * (n - i)))
"""

ATTAINED = """
forall (R : rcfType) (a m : R), let W := scalars (fun j => if j is 0%N then m else a) in
norm ((product W 0 2)^T *m product W 0 2 - iter 2 (mulmx ((W 0%N)^T *m W 0%N)) 1%:M)
= 'C(2, 2)%:R * (norm (imbalance W 0) * m ^+ (2 * 2.-1))
"""

MET = r"""
forall (R : rcfType) (a m : R), let W := scalars (fun j => if j is 0%N then m else a) in
let delta := `|a ^+ 2 - m ^+ 2| in `|a| <= m ->
[/\ forall j, (j < 2)%N -> bounded (W j) (m ^+ 2), forall j, (j.+1 < 2)%N -> norm (imbalance W j) <= delta &
    norm ((product W 0 2)^T *m product W 0 2 - iter 2 (mulmx ((W 0%N)^T *m W 0%N)) 1%:M) =
    'C(2, 2)%:R * (delta * m ^+ 2)]
"""


@formal
def test_powers_of_the_first_layer() -> None:
    """Statement 3, for every depth and width. Leaves out: that no smaller constant does for k >= 3."""
    proved("approximately_balanced_spectrum.v", "powers_of_the_first_layer_nearly", FIRST)


@formal
def test_powers_of_the_last_layer() -> None:
    """Statement 3, the mirror image, k = N - i. Leaves out: as above."""
    proved("approximately_balanced_spectrum.v", "powers_of_the_last_layer_nearly", LAST)


@formal
def test_powers_are_attained_at_two() -> None:
    """Equality at k = 2 by scalar layers, M = |m|. Leaves out: that |a| <= |m|, which M asks for and this does not."""
    proved("approximately_balanced_spectrum.v", "powers_attained", ATTAINED)


@formal
def test_hypotheses_can_be_met() -> None:
    """By the same layers where |a| <= m, with equality, and delta > 0 where |a| < m. Leaves out: nothing."""
    proved("statements_met.v", "nearly_balanced_met", MET)
