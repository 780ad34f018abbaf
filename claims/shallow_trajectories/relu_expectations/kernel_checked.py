"""The angles of the catalogue's theorems about these units, checked by Coq's kernel.

Those of DLX-051 to DLX-055 hold for all numbers pi and angle x that satisfy ``is_angle``: there are such, and pi and
arccos are.
"""

from claims.suite import formal
from claims.suite.prover import CLASSICAL, proved

MET = """
forall (R : rcfType) (pi : R), 3%:R < pi -> exists angle : R -> R, is_angle pi angle
"""

REAL = """
forall R : realType, is_angle (pi : R) (@acos R)
"""


@formal
def test_angles_can_be_met() -> None:
    """Over every real closed field, by pi = 4 say and an angle that is no arccos elsewhere. Leaves out: the kernels."""
    proved("gaussian_angles.v", "is_angle_met", MET)


@formal
def test_pi_and_arccos_are_such() -> None:
    """Those of MathComp-Analysis, over its real numbers. Leaves out: the kernels."""
    proved("gaussian_angles_real.v", "pi_and_acos", REAL, CLASSICAL)
