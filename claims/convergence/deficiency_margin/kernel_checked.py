"""The four statements, for every shape, depth and width, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

MARGIN_IS_KEPT = """
forall (R : rcfType) (m n : nat) (Phi W W' : 'M[R]_(m, n)) (c : R),
has_margin Phi W c -> norm (W' - Phi) <= norm (W - Phi) -> sigma_min_ge W' c
"""

SIGMA_MIN_NEAR = """
forall (R : rcfType) (m n : nat) (Phi W : 'M[R]_(m, n)) (c rho : R),
sigma_min_ge Phi (c + rho) -> norm (W - Phi) <= rho -> sigma_min_ge W c
"""

MARGIN_IS_ATTAINED = r"""
forall (R : rcfType) (m n : nat) (Phi : 'M[R]_(m, n)) (v : 'cV[R]_n) (s c : R),
(n <= m)%N -> stretches Phi s -> norm v = 1 -> norm (Phi *m v) = s -> 0 <= c <= s ->
exists W : 'M[R]_(m, n), [/\ norm (W - Phi) = s - c, has_margin Phi W c & norm (W *m v) = c * norm v]
"""

CRITICAL_POINTS = """
forall (R : rcfType) (d : nat -> nat) (n : nat) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 W : weights R d) (c : R),
0 < c -> has_margin Phi (end_to_end n.+1 W0) c -> norm (residual Phi W) <= norm (residual Phi W0) ->
(forall j : nat, (j < n.+1)%N -> layer_gradient (residual Phi W) W j = 0) -> residual Phi W = 0
"""

FULL_RANK = r"""
forall (R : rcfType) (m n : nat) (Phi W : 'M[R]_(m, n)) (c : R),
0 < c -> has_margin Phi W c -> \rank Phi = minn m n
"""

WIDTH = """
forall (R : rcfType) (d : nat -> nat) (N : nat) (Phi : 'M[R]_(d N, d 0%N)) (W : weights R d) (c : R) (j : nat),
0 < c -> has_margin Phi (end_to_end N W) c -> (j <= N)%N -> (minn (d N) (d 0%N) <= d j)%N
"""

SIZE = """
forall (R : rcfType) (m n : nat) (Phi W : 'M[R]_(m, n)) (c : R),
(0 < m)%N -> (0 < n)%N -> has_margin Phi W c -> c + norm (W - Phi) <= norm Phi
"""

WITHOUT_A_MARGIN = r"""
forall (R : rcfType) (n : nat), let Phi := target n.+2 (1 : R) in let W := scalars (fun _ => 0 : R) in
[/\ has_margin Phi (end_to_end n.+2 W) 0, forall j : nat, (j < n.+2)%N -> layer_gradient (residual Phi W) W j = 0
  & residual Phi W != 0]
"""

HALF_OF_THE_DISTANCE = """
forall R : rcfType,
~ forall (m n : nat) (Phi W W' : 'M[R]_(m, n)) (c : R),
  sigma_min_ge Phi (c + norm (W - Phi) / 2%:R) -> norm (W' - Phi) <= norm (W - Phi) -> sigma_min_ge W' c
"""

FARTHER = """
forall R : rcfType,
~ forall (m n : nat) (Phi W W' : 'M[R]_(m, n)) (c : R),
  has_margin Phi W c -> sigma_min_ge W' c
"""

DISTANCE = r"""
forall (R : rcfType) (m n : nat) (Phi : 'M[R]_(m, n)) (v : 'cV[R]_n) (s c : R),
(n <= m)%N -> stretches Phi s -> norm v = 1 -> norm (Phi *m v) = s -> 0 <= c ->
(forall A : 'M[R]_(m, n), (forall r : R, sigma_min_ge A r -> r <= c) -> Num.max 0 (s - c) <= norm (A - Phi)) /\
exists A : 'M[R]_(m, n), (forall r : R, sigma_min_ge A r -> r <= c) /\ norm (A - Phi) = Num.max 0 (s - c)
"""

DISTANCE_WIDE = r"""
forall (R : rcfType) (m n : nat) (Phi : 'M[R]_(m, n)) (v : 'cV[R]_m) (s c : R),
(m < n)%N -> stretches Phi^T s -> norm v = 1 -> norm (Phi^T *m v) = s -> 0 <= c ->
(forall A : 'M[R]_(m, n), (forall r : R, sigma_min_ge A r -> r <= c) -> Num.max 0 (s - c) <= norm (A - Phi)) /\
exists A : 'M[R]_(m, n), (forall r : R, sigma_min_ge A r -> r <= c) /\ norm (A - Phi) = Num.max 0 (s - c)
"""

SINGULAR_VALUES = r"""
forall (R : rcfType) (m n : nat) (U : 'M[R]_m) (V : 'M[R]_n) (f : nat -> R) (s : R),
U^T *m U = 1%:M -> V^T *m V = 1%:M ->
sigma_min_ge (U *m diagonal m n f *m V^T) s <-> forall i : nat, (i < minn m n)%N -> s <= `|f i|
"""


@formal
def test_what_sigma_min_is() -> None:
    """Of A = U D V^T, with orthogonal U and V and a D that is diagonal, of any shape: sigma_min(A) >= s is that the
    singular values, which are the |D_ii|, are at least s. Leaves out: that every A is such a product."""
    proved("singular_values.v", "least_singular_value", SINGULAR_VALUES)


@formal
def test_margin_is_kept() -> None:
    """Statement 1. Leaves out: sigma_min as a number; sigma_min(A) >= s is s |x| <= |A x|, of A^T where A is wide."""
    proved("deficiency_margin.v", "margin_is_kept", MARGIN_IS_KEPT)


@formal
def test_no_matrix_is_nearer_to_deficiency() -> None:
    """The lower bound of statement 2. Leaves out: sigma_min as a number."""
    proved("deficiency_margin.v", "sigma_min_near", SIGMA_MIN_NEAR)


@formal
def test_distance_is_attained() -> None:
    """Equality in statements 1 and 2. Leaves out: wide Phi (the mirror image); that a vector is stretched least."""
    proved("deficiency_margin.v", "margin_is_attained", MARGIN_IS_ATTAINED)


@formal
def test_critical_points_are_global() -> None:
    """Statement 3, for every depth and width. Leaves out: sigma_min as a number."""
    proved("deficiency_margin.v", "critical_points_are_global", CRITICAL_POINTS)


@formal
def test_margin_needs_full_rank() -> None:
    """Statement 4, the target. Leaves out: sigma_min as a number."""
    proved("deficiency_margin.v", "margin_needs_full_rank", FULL_RANK)


@formal
def test_margin_needs_width() -> None:
    """Statement 4, no bottleneck. Leaves out: sigma_min as a number."""
    proved("deficiency_margin.v", "margin_needs_width", WIDTH)


@formal
def test_margin_is_at_most_the_targets_norm() -> None:
    """c + ||W - Phi||_F <= ||Phi||_F, so that Theorem 1 need not assume c <= Phi_F. Leaves out: nothing."""
    proved("deficiency_margin.v", "margin_size", SIZE)


@formal
def test_statement_three_fails_at_margin_zero() -> None:
    """A control, proved: W_j = 0 is critical, of margin 0 and not global, at every depth from 2 on. Leaves out:
    nothing."""
    proved("deficiency_margin.v", "critical_without_a_margin", WITHOUT_A_MARGIN)


@formal
def test_margin_counts_the_whole_distance() -> None:
    """A control, proved: with half of ||W - Phi||_F in the margin statement 1 is false. Leaves out: nothing."""
    proved("without_a_hypothesis.v", "half_of_the_distance", HALF_OF_THE_DISTANCE)


@formal
def test_a_farther_matrix_may_be_deficient() -> None:
    """A control, proved: statement 1 without its "no farther" is false. Leaves out: nothing."""
    proved("without_a_hypothesis.v", "margin_and_farther", FARTHER)


@formal
def test_distance_to_deficiency() -> None:
    """Statement 2, bound and minimum, where Phi is tall or square. Leaves out: sigma_min as a number, so that Phi comes
    with a vector v that it stretches least; sigma_min(A) <= c is that no r > c has r |x| <= |A x| for every x."""
    proved("deficiency_margin.v", "distance_to_deficiency", DISTANCE)


@formal
def test_distance_to_deficiency_where_the_target_is_wide() -> None:
    """Statement 2 where Phi is wide. Leaves out: as above."""
    proved("deficiency_margin.v", "distance_to_deficiency_wide", DISTANCE_WIDE)
