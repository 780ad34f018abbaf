"""Statement 1, checked by Coq's kernel, over any ordered field and for all sizes."""

from claims.suite import formal
from claims.suite.prover import proved

# sensed_apart Z U is N, curvature T Z U V is <V, H V>, near_isometry T delta r is the isometry on rank <= r.

EXPANSION = """
forall (R : realFieldType) (n k : nat) (T : {linear 'M[R]_n -> 'M[R]_n}) (Z : 'M[R]_(n, k)),
self_adjoint T -> forall U V : 'M[R]_(n, k), exists a b : R, forall t : R,
sensing_loss T Z (U + t *: V) =
sensing_loss T Z U + t * inner (sensing_gradient T Z U) V + t ^+ 2 / 2%:R * curvature T Z U V + t ^+ 3 * (a + t * b)
"""

CURVATURE = """
forall (R : realFieldType) (n k : nat) (T : {linear 'M[R]_n -> 'M[R]_n}) (Z : 'M[R]_(n, k)),
self_adjoint T -> forall U : 'M[R]_(n, k), let D := U - Z in let N := sensed_apart Z U in
curvature T Z U D = inner (D *m D^T) (T (D *m D^T)) / 2%:R - 3%:R / 2%:R * inner N (T N)
  + 4%:R * inner (sensing_gradient T Z U) D
"""

TWICE = """
forall (R : realFieldType) (n k : nat) (Z U : 'M[R]_(n, k)),
semidefinite (U^T *m Z) -> sqnorm ((U - Z) *m (U - Z)^T) <= 2%:R * sqnorm (sensed_apart Z U)
"""

RESIDUAL = """
forall (R : realFieldType) (n k : nat) (Z U : 'M[R]_(n, k)) (r lambda : R),
0 <= r -> r ^+ 2 = 2%:R -> semidefinite (U^T *m Z) -> semidefinite (Z^T *m Z - lambda%:M) ->
2%:R * (r - 1) * (lambda * sqnorm (U - Z)) <= sqnorm (sensed_apart Z U)
"""

BELOW_ONE_FIFTH = r"""
forall (R : realFieldType) (n k : nat) (T : {linear 'M[R]_n -> 'M[R]_n}) (Z : 'M[R]_(n, k)),
self_adjoint T -> forall (U : 'M[R]_(n, k)) (delta r lambda : R),
0 <= delta -> near_isometry T delta (k + k) -> semidefinite (U^T *m Z) -> sensing_gradient T Z U = 0 ->
[/\ curvature T Z U (U - Z) <= - ((1 - 5%:R * delta) / 2%:R * sqnorm (sensed_apart Z U)),
    delta < 1 / 5%:R -> sensed_apart Z U != 0 -> curvature T Z U (U - Z) < 0 &
    0 <= r -> r ^+ 2 = 2%:R -> semidefinite (Z^T *m Z - lambda%:M) -> delta <= 1 / 5%:R ->
    curvature T Z U (U - Z) <= - ((1 - 5%:R * delta) * (r - 1) * (lambda * sqnorm (U - Z)))]
"""

MET = r"""
forall R : realFieldType, let T := [linear of idfun] : {linear 'M[R]_1 -> 'M[R]_1} in
let Z : 'M[R]_1 := 1 in let U : 'M[R]_1 := 0 in
[/\ self_adjoint T, near_isometry T 0 2, semidefinite (U^T *m Z), sensing_gradient T Z U = 0 & sensed_apart Z U != 0]
"""

ATTAINED = r"""
forall R : realFieldType, let U : 'M[R]_(2, 1) := delta_mx 0 0 in let Z := delta_mx 1 0 in
semidefinite (U^T *m Z) /\ sqnorm ((U - Z) *m (U - Z)^T) = 2%:R * sqnorm (sensed_apart Z U)
"""

CAN_BE_TURNED = r"""
forall (R : rcfType) (n k : nat) (Z U : 'M[R]_(n, k)), (k <= 2)%N -> exists Q : 'M[R]_k,
[/\ Q *m Q^T = 1%:M, Z *m Q *m (Z *m Q)^T = Z *m Z^T & semidefinite (U^T *m (Z *m Q))]
"""

TWO_COLUMNS = r"""
forall (R : rcfType) (n k : nat) (T : {linear 'M[R]_n -> 'M[R]_n}) (Z U : 'M[R]_(n, k)) (delta : R),
(k <= 2)%N -> 0 <= delta -> self_adjoint T -> near_isometry T delta (k + k) -> sensing_gradient T Z U = 0 ->
exists V : 'M[R]_(n, k),
curvature T Z U V <= - ((1 - 5%:R * delta) / 2%:R * sqnorm (sensed_apart Z U)) /\
(delta < 1 / 5%:R -> sensed_apart Z U != 0 -> curvature T Z U V < 0)
"""

NOT_TURNED = """
forall R : realFieldType,
~ forall (n k : nat) (U Z : 'M[R]_(n, k)), sqnorm ((U - Z) *m (U - Z)^T) <= 2%:R * sqnorm (sensed_apart Z U)
"""


@formal
def test_gradient_and_curvature() -> None:
    """What T(N) U and <V, H V> are to f, along every line. Leaves out: nothing."""
    proved("matrix_sensing.v", "sensing_expansion", EXPANSION)


@formal
def test_curvature_along_the_difference() -> None:
    """The identity of the proof, at every U. Leaves out: nothing."""
    proved("matrix_sensing.v", "curvature_along_the_difference", CURVATURE)


@formal
def test_the_difference_is_at_most_twice_the_residual() -> None:
    """|D D^T|^2 <= 2 |N|^2. Leaves out: nothing."""
    proved("matrix_sensing.v", "difference_at_most_twice", TWICE)


@formal
def test_the_residual_is_at_least_the_difference() -> None:
    """The second bound, for any lambda with Z^T Z >= lambda and r = 2^{1/2}. Leaves out: that 2 (2^{1/2} - 1) is best
    possible."""
    proved("matrix_sensing.v", "residual_at_least", RESIDUAL)


@formal
def test_below_one_fifth() -> None:
    """Statement 1: the first bound, strictness, and the bound of the least eigenvalue by <D, H D>. Leaves out: that Z
    can be turned so that U^T Z is psd (below, for k <= 2); that the first bound is best possible as delta -> 1."""
    proved("matrix_sensing.v", "below_one_fifth", BELOW_ONE_FIFTH)


@formal
def test_z_can_be_turned() -> None:
    """So that U^T Z is psd, for k <= 2 over every real closed field: by a rotation or a reflection. Leaves out:
    k >= 3."""
    proved("matrix_sensing_turned.v", "z_can_be_turned", CAN_BE_TURNED)


@formal
def test_below_one_fifth_with_two_columns() -> None:
    """Statement 1 with nothing supposed of U^T Z, for k <= 2. Leaves out: k >= 3; that the bound is best possible as
    delta -> 1."""
    proved("matrix_sensing_turned.v", "below_one_fifth_of_two_columns", TWO_COLUMNS)


@formal
def test_hypotheses_can_be_met() -> None:
    """At a critical point that is no solution. Leaves out: widths above 1."""
    proved("matrix_sensing.v", "one_fifth_met", MET)


@formal
def test_twice_is_attained() -> None:
    """At U = e_1, Z = e_2. Leaves out: nothing."""
    proved("matrix_sensing.v", "twice_is_attained", ATTAINED)


@formal
def test_z_must_be_turned() -> None:
    """A control, proved: without U^T Z psd the bound is false. Leaves out: nothing."""
    proved("matrix_sensing.v", "not_where_it_is_not_turned", NOT_TURNED)
