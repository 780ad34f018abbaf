"""Statement 1 in any dimension, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

ALONG_A_LINE = """
forall (R : comRingType) (n : nat) (x z v : 'cV[R]_n) (t : R),
mean_loss x (z + t *: v) =
mean_loss x z + t * (4%:R * inner v (mean_gradient x z)) + t ^+ 2 * (2%:R * inner v (mean_hessian x z v)) +
t ^+ 3 * (12%:R * (inner z v * inner v v)) + t ^+ 4 * (3%:R * inner v v ^+ 2)
"""

CRITICAL_POINTS = r"""
forall (R : realFieldType) (n : nat) (x z : 'cV[R]_n),
x != 0 ->
mean_gradient x z = 0 <->
[\/ z = 0, z = x, z = - x | inner x z = 0 /\ 3%:R * inner z z = inner x x]
"""

VALUES_AND_CURVATURES = r"""
forall (R : comRingType) (n : nat) (x z v : 'cV[R]_n),
[/\ mean_loss x 0 = 3%:R * inner x x ^+ 2, mean_loss x x = 0,
    inner v (mean_hessian x 0 v) = - (inner x x * inner v v + 2%:R * inner x v ^+ 2),
    inner v (mean_hessian x x v) = 2%:R * inner x x * inner v v + 4%:R * inner x v ^+ 2 &
    inner x z = 0 -> 3%:R * inner z z = inner x x ->
      3%:R * mean_loss x z = 8%:R * inner x x ^+ 2 /\ mean_hessian x z x = - (2%:R * inner x x) *: x]
"""


@formal
def test_along_a_line() -> None:
    """What gradient and Hessian are, over any commutative ring. Leaves out: that f is the mean."""
    proved("phase_retrieval.v", "along_a_line", ALONG_A_LINE)


@formal
def test_critical_points() -> None:
    """Every one, and no others, over any real field. Leaves out: nothing."""
    proved("phase_retrieval.v", "critical_points", CRITICAL_POINTS)


@formal
def test_values_and_curvatures() -> None:
    """The forms, from which the eigenvalues are read. Leaves out: the eigenvalues' multiplicities."""
    proved("phase_retrieval.v", "values_and_curvatures", VALUES_AND_CURVATURES)
