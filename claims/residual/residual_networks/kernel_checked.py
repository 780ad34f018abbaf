"""Statements 1 to 5, checked by Coq's kernel; an eigenvalue is lambda = r^N there, so no roots are taken."""

from claims.suite import formal
from claims.suite.prover import proved

LAYERS_STAY_EQUAL = """
forall (R : comRingType) (n N : nat) (eta : R) (Phi : 'M[R]_n.+1),
Phi^T = Phi ->
forall (t j : nat),
(j < N)%N ->
descent eta (Phi : 'M[R]_(constant_width n N, constant_width n 0%N)) (equal_layers 1) t j = layer N eta Phi t
"""

LAYER_SYMMETRIC_COMMUTES = r"""
forall (R : comRingType) (n N : nat) (eta : R) (Phi : 'M[R]_n.+1),
Phi^T = Phi ->
forall (t : nat),
(layer N eta Phi t)^T = layer N eta Phi t /\ GRing.comm (layer N eta Phi t) Phi
"""

END_TO_END_POWER = """
forall (R : comRingType) (n N : nat) (eta : R) (Phi : 'M[R]_n.+1),
Phi^T = Phi ->
forall (t : nat),
end_to_end N (descent eta (Phi : 'M[R]_(constant_width n N, constant_width n 0%N)) (equal_layers 1) t) = layer N eta
  Phi t ^+ N
"""

MODES = r"""
forall (R : comRingType) (n N : nat) (eta : R) (Phi : 'M[R]_n.+1) (k : nat) (V : 'M[R]_(n.+1, k)) (lambda : 'I_k -> R)
       (t : nat),
Phi *m V = V *m diag_mx (\row_i lambda i) ->
layer N eta Phi t *m V = V *m diag_mx (\row_i mode N eta (lambda i) 1 t)
"""

MODES_CONTRACT = r"""
forall (R : realFieldType) (n : nat) (r m u eta : R),
0 <= m -> m <= r -> r <= u -> m <= 1 -> 1 <= u -> 0 < eta -> eta * (n.+1%:R * u ^+ (n + n)) <= 1 ->
forall (t : nat),
m <= mode n.+1 eta (r ^+ n.+1) 1 t <= u /\ `|mode n.+1 eta (r ^+ n.+1) 1 t.+1 - r| <= (1 - eta * (n.+1%:R * m ^+ (n +
  n))) * `|mode n.+1 eta (r ^+ n.+1) 1 t - r|
"""

MODE_ERROR = """
forall (R : realFieldType) (n : nat) (r m u eta : R),
0 <= m -> m <= r -> r <= u -> m <= 1 -> 1 <= u -> 0 < eta -> eta * (n.+1%:R * u ^+ (n + n)) <= 1 ->
forall (t : nat),
`|mode n.+1 eta (r ^+ n.+1) 1 t ^+ n.+1 - r ^+ n.+1| <= n.+1%:R * u ^+ n * (1 - eta * (n.+1%:R * m ^+ (n + n))) ^+ t *
  `|1 - r|
"""

POSITIVE_DEFINITE_IS_LEARNED = r"""
forall (R : realFieldType) (n p : nat) (eta m u : R) (Q : 'M[R]_n.+1) (r : 'I_n.+1 -> R) (t : nat),
let N := p.+1 in let d := constant_width n in
Q^T *m Q = 1%:M -> 0 <= m <= 1 -> 1 <= u -> (forall i, m <= r i <= u) ->
0 < eta -> eta * (N%:R * u ^+ (p + p)) <= 1 ->
sqnorm (residual (Q *m diag_mx (\row_i r i ^+ N) *m Q^T : 'M[R]_(d N, d 0%N))
          (descent eta (Q *m diag_mx (\row_i r i ^+ N) *m Q^T : 'M[R]_(d N, d 0%N)) (equal_layers 1) t))
<= (N%:R * u ^+ p * (1 - eta * (N%:R * m ^+ (p + p))) ^+ t) ^+ 2 * (\sum_i (1 - r i) ^+ 2)
"""

ZERO_EIGENVALUE = r"""
forall (R : realFieldType) (n : nat) (eta : R),
0 < eta -> eta * n.+2%:R <= 1 ->
forall (t : nat),
let w := mode n.+2 eta 0 1 t in
[/\ 0 < w, w <= 1 & w ^+ (n.+1 + n.+1) * (1 + (n.+1 + n.+1)%:R * eta * t%:R) <= 1]
"""

NEGATIVE_EIGENVALUE = r"""
forall (R : realFieldType) (n : nat) (eta lambda : R),
0 < eta -> lambda < 0 -> eta * (1 - lambda) < 1 ->
forall (t : nat),
let w := mode n.+2 eta lambda 1 in
[/\ 0 < w t.+1, w t.+1 <= w t, w t <= 1 & lambda ^+ 2 < (w t ^+ n.+2 - lambda) ^+ 2]
"""

NEGATIVE_EIGENVALUE_LIMIT = """
forall (R : archiFieldType) (n : nat) (eta lambda eps : R),
0 < eta -> lambda < 0 -> eta * (1 - lambda) < 1 -> 0 < eps ->
exists T : nat, forall t, (T <= t)%N -> 0 < mode n.+2 eta lambda 1 t < eps
"""

NEAR_THE_IDENTITY = r"""
forall (R : rcfType) (n N : nat) (Phi : 'M[R]_n.+1),
let d := constant_width n in
norm (Phi - 1) < 1 / 2%:R ->
[/\ 0 < 1 - norm (Phi - 1) *+ 2,
    has_margin (Phi : 'M[R]_(d N, d 0%N)) (end_to_end N (equal_layers 1)) (1 - norm (Phi - 1) *+ 2) &
    forall j, imbalance (equal_layers (1 : 'M[R]_n.+1)) j = 0]
"""

HALF_IS_TOO_FAR = r"""
forall (R : rcfType) (N : nat) (c : R),
let d := constant_width 0 in
norm ((1 / 2%:R)%:M - 1 : 'M[R]_1) = 1 / 2%:R /\
(has_margin ((1 / 2%:R)%:M : 'M[R]_(d N, d 0%N)) (end_to_end N (equal_layers 1)) c -> c <= 0)
"""


@formal
def test_layers_stay_equal() -> None:
    """Over any commutative ring, for every depth and width, at every step. Leaves out: nothing."""
    proved("residual_networks.v", "layers_stay_equal", LAYERS_STAY_EQUAL)


@formal
def test_layers_are_symmetric_and_commute() -> None:
    """Over any commutative ring: the layer is symmetric and commutes with Phi, at every step. Leaves out: nothing."""
    proved("residual_networks.v", "layer_symmetric_commutes", LAYER_SYMMETRIC_COMMUTES)


@formal
def test_product_is_a_power() -> None:
    """W(t) = A(t)^N. Leaves out: nothing."""
    proved("residual_networks.v", "end_to_end_power", END_TO_END_POWER)


@formal
def test_eigenvalues_move_apart() -> None:
    """On eigenvectors, as many as are given, each mode follows the scalar network. Leaves out: that a symmetric matrix
    has them."""
    proved("residual_networks.v", "modes", MODES)


@formal
def test_modes_contract() -> None:
    """One mode of a positive semidefinite target, for every depth. Leaves out: nothing."""
    proved("residual_networks.v", "modes_contract", MODES_CONTRACT)


@formal
def test_mode_error() -> None:
    """|w^N - lambda| after t steps. Leaves out: nothing."""
    proved("residual_networks.v", "mode_error", MODE_ERROR)


@formal
def test_positive_semidefinite_targets_are_learned() -> None:
    """The bound on the loss (sqnorm is twice it). Leaves out: that a psd target is Q diag(r^N) Q^T; the rate's
    sharpness."""
    proved("residual_networks.v", "positive_definite_is_learned", POSITIVE_DEFINITE_IS_LEARNED)


@formal
def test_an_eigenvalue_zero() -> None:
    """At every depth N >= 2. Leaves out: that w(t+1) / w(t) tends to 1."""
    proved("residual_networks.v", "zero_eigenvalue", ZERO_EIGENVALUE)


@formal
def test_a_negative_eigenvalue() -> None:
    """At every depth N >= 2. Leaves out: the limit, which is the next."""
    proved("residual_networks.v", "negative_eigenvalue", NEGATIVE_EIGENVALUE)


@formal
def test_a_negative_eigenvalue_in_the_limit() -> None:
    """w -> 0 over any Archimedean field. Leaves out: nothing."""
    proved("residual_networks.v", "negative_eigenvalue_limit", NEGATIVE_EIGENVALUE_LIMIT)


@formal
def test_near_the_identity() -> None:
    """Margin and balance, for every depth. Leaves out: sigma_min as a number; here s |x| <= |A x|."""
    proved("residual_networks.v", "near_the_identity", NEAR_THE_IDENTITY)


@formal
def test_one_half_is_too_far() -> None:
    """The control: at ||Phi - I|| = 1/2 the margin can be 0. Leaves out: widths above 1."""
    proved("residual_networks.v", "half_is_too_far", HALF_IS_TOO_FAR)
