"""Projectors, pivots and the loss along the two ways down, checked by Coq's kernel over any commutative ring."""

from claims.suite import formal
from claims.suite.prover import proved

PROJECTORS = r"""
forall (R : comRingType) (n a b m : nat) (C : 'M[R]_(a, n)) (W : 'M[R]_(b, a)) (A : 'M[R]_(m, b)) (X : 'M[R]_(n, m)),
X *m (A *m W *m C) *m X = X ->
let before := C *m X *m A *m W in let after := W *m C *m X *m A in
[/\ before *m before = before, after *m after = after & W *m before = after *m W]
"""

MIDDLE_OF_A_PIVOT = """
forall (R : comRingType) (n a b c e m : nat) (C : 'M[R]_(a, n)) (Wi Vi : 'M[R]_(b, a)) (M : 'M[R]_(c, b))
       (Wj Vj : 'M[R]_(e, c)) (A : 'M[R]_(m, e)) (X : 'M[R]_(n, m)),
let Cj := M *m Wi *m C in let Ai := A *m Wj *m M in
A *m Vj *m M *m Vi *m C = A *m Vj *m (M - Cj *m X *m Ai) *m Vi *m C + (A *m Vj *m Cj) *m X *m (Ai *m Vi *m C)
"""

LOOSE_PIVOT = """
forall (R : comRingType) (n a b m : nat) (H : 'M[R]_(a, n)) (T : 'M[R]_(m, a)) (K : 'M[R]_(n, b)) (L : 'M[R]_(a, m))
       (M : 'M[R]_(a, b)),
T *m H = 0 -> M = H *m K -> M = L *m (T *m M) -> M = 0
"""

ALONG_A_TURN = """
forall (R : comRingType) (n a b m : nat) (W1 : 'M[R]_(a, n)) (M : 'M[R]_(b, a)) (WN : 'M[R]_(m, b)) (Phi : 'M[R]_(m, n))
       (u w : 'cV[R]_m) (v z : 'cV[R]_n) (s g t : R),
let W := WN *m M *m W1 in let G := W - Phi in
W *m v = s *: u -> W^T *m u = s *: v -> G *m v = 0 -> G *m z = - g *: w ->
inner u w = 0 -> inner v z = 0 -> sqnorm u = 1 -> sqnorm v = 1 -> sqnorm w = 1 -> sqnorm z = 1 ->
sqnorm ((WN + t *: (w *m u^T *m WN)) *m M *m (W1 + t *: (W1 *m v *m z^T)) - Phi) =
sqnorm G - t ^+ 2 * (2%:R * s * (g - s)) + t ^+ 4 * s ^+ 2
"""

ALONG_A_LOOSE_PIVOT = """
forall (R : comRingType) (n a b c e m : nat) (C : 'M[R]_(a, n)) (Wi : 'M[R]_(b, a)) (M : 'M[R]_(c, b))
       (Wj : 'M[R]_(e, c)) (A : 'M[R]_(m, e)) (Phi : 'M[R]_(m, n)) (x : 'cV[R]_b) (y : 'cV[R]_a) (z : 'cV[R]_e)
       (w : 'cV[R]_c) (k t : R),
let G := A *m Wj *m M *m Wi *m C - Phi in
let P := A *m Wj *m M *m x *m y^T *m C in let Q := A *m z *m y^T *m C in
(A *m Wj *m M)^T *m G *m C^T = 0 -> w^T *m (M *m Wi *m C) = 0 -> w^T *m M *m x = k%:M ->
sqnorm (A *m (Wj + t *: (z *m w^T)) *m M *m (Wi + t *: (x *m y^T)) *m C - Phi) =
sqnorm G + t ^+ 2 * (sqnorm P + 2%:R * k * inner G Q) + t ^+ 3 * (2%:R * k * inner P Q) + t ^+ 4 * k ^+ 2 * sqnorm Q
"""


@formal
def test_projectors() -> None:
    """1: Pi_{j-1} and Pi_j of neighbouring layers, X for W^+. Leaves out: ranks, and that blocks are invertible."""
    proved("second_order_landscape.v", "projectors", PROJECTORS)


@formal
def test_middle_of_a_pivot() -> None:
    """2: the carried part of a pivot is a term of dW X dW. Leaves out: the sum over all pivots."""
    proved("second_order_landscape.v", "middle_of_a_pivot", MIDDLE_OF_A_PIVOT)


@formal
def test_loose_pivot() -> None:
    """3: ranges and rows of Z cannot both hold those of R != 0. Leaves out: how K and L come from the ranges."""
    proved("second_order_landscape.v", "loose_pivot", LOOSE_PIVOT)


@formal
def test_along_a_turn() -> None:
    """3: twice the loss along a turn, to all orders, for every N >= 2 with M between the ends: -2 s (g - s) in t^2.
    Leaves out: that such vectors exist, which is the singular value decomposition."""
    proved("second_order_landscape.v", "along_a_turn", ALONG_A_TURN)


@formal
def test_along_a_loose_pivot() -> None:
    """3: twice the loss through a loose pivot, to all orders, w^T C_j = 0. Leaves out: the second case, by
    transposition."""
    proved("second_order_landscape.v", "along_a_loose_pivot", ALONG_A_LOOSE_PIVOT)
