"""Statement 1 where a unit is idle, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

ALONG_AN_IDLE_UNIT = """
forall (R : comRingType) (m n h : nat) (W1 : 'M[R]_(h, n)) (W2 : 'M[R]_(m, h)) (Phi : 'M[R]_(m, n)) (u : 'cV[R]_m)
       (y : 'cV[R]_n) (v : 'cV[R]_h) (s a t : R),
let G := W2 *m W1 - Phi in
W2^T *m G = 0 -> v^T *m W1 = 0 -> G *m y = s *: u -> sqnorm u = 1 -> sqnorm y = 1 -> sqnorm v = 1 ->
let c := sqnorm (W2 *m v) in
sqnorm ((W2 - t *: (a *: (u *m v^T))) *m (W1 + t *: (v *m y^T)) - Phi) =
sqnorm G + t ^+ 2 * (c - 2%:R * a * s) - t ^+ 3 * (2%:R * a * inner (W2 *m v) u) + t ^+ 4 * a ^+ 2
"""

SIZE_OF_THE_DIRECTION = """
forall (R : comRingType) (m n h : nat) (u : 'cV[R]_m) (y : 'cV[R]_n) (v : 'cV[R]_h) (a : R),
sqnorm u = 1 -> sqnorm y = 1 -> sqnorm v = 1 ->
sqnorm (v *m y^T) + sqnorm (a *: (u *m v^T)) = 1 + a ^+ 2
"""

STEEPNESS = r"""
forall (R : rcfType) (c s : R),
0 <= c -> 0 < s ->
let z := (c - Num.sqrt (c ^+ 2 + 4%:R * s ^+ 2)) / 2%:R in let a := - s / z in
[/\ 0 < a, c - 2%:R * a * s = z * (1 + a ^+ 2) & z <= - s ^+ 2 / (c + s)]
"""


@formal
def test_along_an_idle_unit() -> None:
    """v^T W_1 = 0: twice the loss along V, to all orders. Leaves out: W_2 v = 0, by transposition."""
    proved("strict_saddles.v", "along_an_idle_unit", ALONG_AN_IDLE_UNIT)


@formal
def test_size_of_the_direction() -> None:
    """||V||^2 = 1 + a^2. Leaves out: nothing."""
    proved("strict_saddles.v", "size_of_the_direction", SIZE_OF_THE_DIRECTION)


@formal
def test_steepness() -> None:
    """The best a, for which <V, H V> / ||V||^2 is the bound; c = 0 too. Leaves out: that no a is better."""
    proved("strict_saddles.v", "steepness", STEEPNESS)
