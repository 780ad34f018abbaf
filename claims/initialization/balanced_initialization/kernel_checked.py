"""Statements 1 to 3, checked by Coq's kernel, from the factors that a decomposition gives."""

from claims.suite import formal
from claims.suite.prover import proved

PROCEDURE_ONE = r"""
forall (R : comRingType) (d : nat -> nat) (k n : nat) (E : forall j, 'M[R]_(d j, k)) (q : 'rV[R]_k),
(forall j, (E j)^T *m E j = 1%:M) -> let W := factored E (fun _ => q) in
end_to_end n.+1 W = E n.+1 *m diag_mx (\row_r q 0 r ^+ n.+1) *m (E 0%N)^T /\ (forall j, imbalance W j = 0)
"""

ANY_FACTORS = r"""
forall (R : comRingType) (d : nat -> nat) (k n : nat) (E : forall j, 'M[R]_(d j, k)) (p : nat -> 'rV[R]_k)
       (s : 'rV[R]_k),
(forall j, (E j)^T *m E j = 1%:M) -> (forall r, \prod_(0 <= j < n.+1) p j 0 r = s 0 r) ->
end_to_end n.+1 (factored E p) = E n.+1 *m diag_mx s *m (E 0%N)^T
"""

SIZE_OF_IMBALANCE = r"""
forall (R : comRingType) (d : nat -> nat) (k j : nat) (E : forall j, 'M[R]_(d j, k)) (p : nat -> 'rV[R]_k),
(forall j, (E j)^T *m E j = 1%:M) ->
sqnorm (imbalance (factored E p) j) = \sum_r (p j.+1 0 r ^+ 2 - p j 0 r ^+ 2) ^+ 2
"""

ONLY_EQUAL_FACTORS = """
forall (R : realFieldType) (d : nat -> nat) (k N : nat) (E : forall j, 'M[R]_(d j, k)) (p : nat -> 'rV[R]_k),
(forall j, (E j)^T *m E j = 1%:M) -> (forall j r, 0 <= p j 0 r) ->
(forall j, (j.+1 < N)%N -> imbalance (factored E p) j = 0) -> forall j, (j < N)%N -> p j = p 0%N
"""

LEAST_WIDTHS = r"""
forall (F : fieldType) (d : nat -> nat) (N : nat) (A : 'M[F]_(d N, d 0%N)) (W : weights F d),
end_to_end N W = A -> forall j, (j <= N)%N -> (\rank A <= d j)%N
"""


@formal
def test_procedure_one() -> None:
    """Over any commutative ring, q = S^{1/N}. Leaves out: that every A is E_N S E_0^T."""
    proved("balanced_initialization.v", "procedure_one", PROCEDURE_ONE)


@formal
def test_other_factors_have_the_same_product() -> None:
    """S^{a_j} or any other factors of S. Leaves out: nothing."""
    proved("balanced_initialization.v", "any_factors", ANY_FACTORS)


@formal
def test_size_of_the_imbalance() -> None:
    """Over any commutative ring. Leaves out: nothing."""
    proved("balanced_initialization.v", "size_of_imbalance", SIZE_OF_IMBALANCE)


@formal
def test_only_equal_factors_balance() -> None:
    """Over any real field. Leaves out: that powers s^a differ where a does, unless s is 0 or 1."""
    proved("balanced_initialization.v", "only_equal_factors", ONLY_EQUAL_FACTORS)


@formal
def test_least_widths() -> None:
    """Over any field. Leaves out: that widths of the rank are enough."""
    proved("balanced_initialization.v", "least_widths", LEAST_WIDTHS)
