"""Statements 0, 1, 2 and 5 in part, checked by Coq's kernel over any commutative ring; sqnorm is 4 f."""

from claims.suite import formal
from claims.suite.prover import proved

ALONG_A_LINE = """
forall (R : comRingType) (n k : nat) (M : 'M[R]_n) (U V : 'M[R]_(n, k)) (t : R),
M^T = M ->
sqnorm (defect M (U + t *: V)) =
sqnorm (defect M U) + t * (inner V (gradient M U) *+ 4) + t ^+ 2 * (inner V (hessian M U V) *+ 2) +
t ^+ 3 * (inner (U *m V^T + V *m U^T) (V *m V^T) *+ 2) + t ^+ 4 * sqnorm (V *m V^T)
"""

CRITICAL_POINTS = r"""
forall (R : comRingType) (n k r : nat) (M : 'M[R]_n) (Q : 'M[R]_(n, r)) (P : 'M[R]_(k, r)) (s : 'rV[R]_r),
let S := diag_mx s in let U := Q *m S *m P^T in
M^T = M -> Q^T *m Q = 1%:M -> P^T *m P = 1%:M -> M *m Q = Q *m (S *m S) ->
gradient M U = 0 /\ sqnorm (defect M U) = sqnorm M - \sum_i s 0 i ^+ 4
"""

EIGENVECTORS_OUTSIDE = r"""
forall (R : comRingType) (n k r : nat) (M : 'M[R]_n) (Q : 'M[R]_(n, r)) (P : 'M[R]_(k, r)) (s : 'rV[R]_r)
       (y : 'cV[R]_n) (l : R),
let S := diag_mx s in let U := Q *m S *m P^T in
Q^T *m Q = 1%:M -> P^T *m P = 1%:M -> M *m Q = Q *m (S *m S) -> M *m y = l *: y -> Q^T *m y = 0 ->
(forall i, let V := y *m (col i P)^T in hessian M U V = (s 0 i ^+ 2 - l) *: V) /\
(forall z : 'cV[R]_k, P^T *m z = 0 -> let V := y *m z^T in hessian M U V = - l *: V)
"""

FOURTH_ORDER = """
forall (R : comRingType) (n k : nat) (M : 'M[R]_n) (U V : 'M[R]_(n, k)) (t : R),
U *m U^T = M -> U *m V^T + V *m U^T = 0 -> sqnorm (defect M (U + t *: V)) = t ^+ 4 * sqnorm (V *m V^T)
"""


@formal
def test_along_a_line() -> None:
    """T = id: what gradient and Hessian are, and the rest of f. Leaves out: other T."""
    proved("matrix_factorization.v", "along_a_line", ALONG_A_LINE)


@formal
def test_critical_points() -> None:
    """Critical, and the value; any such Q, P and s. Leaves out: that there are no others."""
    proved("matrix_factorization.v", "critical_points", CRITICAL_POINTS)


@formal
def test_eigenvectors_outside() -> None:
    """The second and third line of 2, at every such point. Leaves out: the first and the last line."""
    proved("matrix_factorization.v", "eigenvectors_outside", EIGENVECTORS_OUTSIDE)


@formal
def test_fourth_order() -> None:
    """Where f is 0. Leaves out: that these directions are Y D R^T and the orbit's."""
    proved("matrix_factorization.v", "fourth_order", FOURTH_ORDER)
