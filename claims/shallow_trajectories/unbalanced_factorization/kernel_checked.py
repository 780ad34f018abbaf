"""Statement 1, and 2 for q_0^2 <= 2m and eta <= 1/(5m), checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

SUM_LAW = """
forall (R : comRingType) (m eta : R) (w : factors R),
let w' := factor_step m eta w in w'.1 + w'.2 = (w.1 + w.2) * (1 - eta * residual m w)
"""

DIFFERENCE_LAW = """
forall (R : comRingType) (m eta : R) (w : factors R),
let w' := factor_step m eta w in w'.1 - w'.2 = (w.1 - w.2) * (1 + eta * residual m w)
"""

IMBALANCE_LAW = """
forall (R : comRingType) (m eta : R) (w : factors R),
let w' := factor_step m eta w in
w'.1 ^+ 2 - w'.2 ^+ 2 = (w.1 ^+ 2 - w.2 ^+ 2) * (1 - eta ^+ 2 * residual m w ^+ 2)
"""

IMBALANCE_OF_ITERATE = r"""
forall (R : comRingType) (m eta : R) (w : factors R) (t : nat),
let w' := factor_descent m eta w t in
w'.1 ^+ 2 - w'.2 ^+ 2 =
(w.1 ^+ 2 - w.2 ^+ 2) * \prod_(0 <= s < t) (1 - eta ^+ 2 * residual m (factor_descent m eta w s) ^+ 2)
"""

RESIDUAL_LAW = """
forall (R : comRingType) (m eta : R) (w : factors R),
residual m (factor_step m eta w) =
residual m w * (1 - eta * (w.1 ^+ 2 + w.2 ^+ 2) + eta ^+ 2 * (residual m w * (w.1 * w.2)))
"""

UNBALANCED_CONVERGENCE = """
forall (R : realFieldType) (m eta : R), 0 < m -> 0 < eta -> 5%:R * m * eta <= 1 ->
forall w : factors R, good m w -> forall T1 t : nat,
4%:R * m <= (w.1 + w.2) ^+ 2 * (1 + eta * (m / 2%:R)) ^+ (2 * T1) ->
let v := factor_descent m eta w (T1 + t) in `|v.1 * v.2 - m| <= m / 2%:R * (1 - eta * m) ^+ t
"""

ANTISYMMETRY_IS_KEPT = """
forall (R : comRingType) (m eta : R) (w : factors R) (t : nat),
w.1 + w.2 = 0 -> (factor_descent m eta w t).1 + (factor_descent m eta w t).2 = 0
"""

LOSS_OF_ANTISYMMETRIC_START = """
forall (R : realFieldType) (m eta : R) (w : factors R) (t : nat), 0 <= m -> w.1 + w.2 = 0 ->
m ^+ 2 / 2%:R <= residual m (factor_descent m eta w t) ^+ 2 / 2%:R
"""


@formal
def test_law_of_the_sum() -> None:
    """p = u + v. Over any commutative ring. Leaves out: nothing."""
    proved("unbalanced_factorization.v", "sum_law", SUM_LAW)


@formal
def test_law_of_the_difference() -> None:
    """q = u - v. Leaves out: nothing."""
    proved("unbalanced_factorization.v", "difference_law", DIFFERENCE_LAW)


@formal
def test_law_of_the_imbalance() -> None:
    """One step. Leaves out: nothing."""
    proved("unbalanced_factorization.v", "imbalance_law", IMBALANCE_LAW)


@formal
def test_imbalance_after_any_steps() -> None:
    """Any number of steps. Leaves out: nothing."""
    proved("unbalanced_factorization.v", "imbalance_of_iterate", IMBALANCE_OF_ITERATE)


@formal
def test_law_of_the_residual() -> None:
    """One step. Leaves out: nothing."""
    proved("unbalanced_factorization.v", "residual_law", RESIDUAL_LAW)


@formal
def test_convergence() -> None:
    """Of 2, where q_0^2 <= 2m and uv <= m (good), for any T1 with p_0^2 (1 + eta m/2)^(2 T1) >= 4m.

    Leaves out: eta from 1/(5m) to 1/(2m + q_0^2), larger q_0, and the logarithm in T.
    """
    proved("unbalanced_factorization.v", "unbalanced_convergence", UNBALANCED_CONVERGENCE)


@formal
def test_antisymmetry_is_kept() -> None:
    """A control, proved: from p = 0 nothing leads away. Leaves out: nothing."""
    proved("unbalanced_factorization.v", "antisymmetry_is_kept", ANTISYMMETRY_IS_KEPT)


@formal
def test_antisymmetric_starts_do_not_converge() -> None:
    """A control, proved: the loss stays at m^2/2 at least. Leaves out: nothing."""
    proved("unbalanced_factorization.v", "loss_of_antisymmetric_start", LOSS_OF_ANTISYMMETRIC_START)
