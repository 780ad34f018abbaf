"""Rows of the ledger with their own constants, for every depth and width, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

# N = n + 1. Roots stand for real powers: t = |W|_2^{2/N}, s = sigma^{2/N}. bounded A k is |A|_2^2 <= k.

LAYER_NORMS = """
forall (R : rcfType) (d : nat -> nat) (n : nat) (W : weights R d) (D : R),
0 <= D -> (forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W j) <= D) ->
forall t : R, 0 <= t -> bounded (end_to_end n.+1 W) (t ^+ n.+1) ->
forall j : nat, (j < n.+1)%N -> bounded (W j) (t + 3%:R / 2%:R * (n%:R * D))
"""

END_LAYERS_WIDE = r"""
forall (R : rcfType) (d : nat -> nat) (n : nat) (W : weights R d) (D : nat -> R) (b : R),
(forall j : nat, 0 <= D j) -> (forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance W j) (D j)) ->
\sum_(0 <= j < n) D j <= b -> forall s : R, 0 < s ->
(forall w : 'cV[R]_(d n.+1), s ^+ n.+1 * sqnorm w <= sqnorm ((end_to_end n.+1 W)^T *m w)) ->
forall v : 'cV[R]_(d n.+1), s ^+ n.+1 * sqnorm v <= (s + b) * sqnorm ((product W 1 n.+1)^T *m v)
"""

END_LAYERS_TALL = r"""
forall (R : rcfType) (d : nat -> nat) (n : nat) (W : weights R d) (D : nat -> R) (b : R),
(forall j : nat, 0 <= D j) -> (forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance W j) (D j)) ->
\sum_(0 <= j < n) D j <= b -> forall s : R, 0 < s ->
(forall w : 'cV[R]_(d 0%N), s ^+ n.+1 * sqnorm w <= sqnorm (end_to_end n.+1 W *m w)) ->
forall v : 'cV[R]_(d 0%N), s ^+ n.+1 * sqnorm v <= (s + b) * sqnorm (product W 0 n *m v)
"""

FIRST_ORDER = r"""
forall (R : rcfType) (d : nat -> nat) (n : nat) (W : weights R d) (D : R),
0 <= D -> (forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W j) <= D) ->
forall (s c : R) (G : 'M[R]_(d n.+1, d 0%N)), 0 < s -> 0 <= c -> c ^+ 2 = s ^+ n.+1 ->
sigma_min_ge (end_to_end n.+1 W) c ->
s ^+ n.+1 * sqnorm G <= (s + n%:R * D) * \sum_(0 <= j < n.+1) sqnorm (layer_gradient G W j)
"""

PRECONDITIONER_INNER = r"""
forall (R : comRingType) (d : nat -> nat) (N : nat) (G : 'M[R]_(d N, d 0%N)) (W : weights R d),
inner G (\sum_(0 <= j < N) product W j.+1 N *m layer_gradient G W j *m product W 0 j)
= \sum_(0 <= j < N) sqnorm (layer_gradient G W j)
"""

PRECONDITIONER_NORM = r"""
forall (R : rcfType) (d : nat -> nat) (n : nat) (m : R) (G : 'M[R]_(d n.+1, d 0%N)) (W : weights R d),
0 < m -> (forall j : nat, (j < n.+1)%N -> bounded (W j) (m ^+ 2)) ->
sqnorm (preconditioned G W) <= n.+1%:R * m ^+ (n + n) * \sum_(0 <= i < n.+1) sqnorm (layer_gradient G W i)
"""

REMAINDER_INNER = r"""
forall (R : rcfType) (d : nat -> nat) (n : nat) (eta m g y : R) (G : 'M[R]_(d n.+1, d 0%N)) (W : weights R d),
0 <= eta -> 0 < m -> 0 <= g -> 0 <= y -> (forall j : nat, (j < n.+1)%N -> bounded (W j) (m ^+ 2)) ->
bounded G (g ^+ 2) -> eta * m ^+ n * g <= m * y ->
inner G (end_to_end n.+1 (gradient_step eta G W) - end_to_end n.+1 W + eta *: preconditioned G W)
<= eta * (n%:R / 2%:R * (y * (1 + y) ^+ n.-1)) * \sum_(0 <= i < n.+1) sqnorm (layer_gradient G W i)
"""

REMAINDER_NORM = r"""
forall (R : rcfType) (d : nat -> nat) (n : nat) (eta m g y : R) (G : 'M[R]_(d n.+1, d 0%N)) (W : weights R d),
0 <= eta -> 0 < m -> 0 <= g -> 0 <= y -> (forall j : nat, (j < n.+1)%N -> bounded (W j) (m ^+ 2)) ->
bounded G (g ^+ 2) -> eta * m ^+ n * g <= m * y ->
sqnorm (end_to_end n.+1 (gradient_step eta G W) - end_to_end n.+1 W + eta *: preconditioned G W)
<= (n%:R / 2%:R * (y * (1 + y) ^+ n.-1) * eta * m ^+ n) ^+ 2
   * (n.+1%:R * \sum_(0 <= i < n.+1) sqnorm (layer_gradient G W i))
"""

SECOND_ORDER_REMAINDER = """
forall (R : rcfType) (d : nat -> nat) (n : nat) (eta m : R) (G : 'M[R]_(d n.+1, d 0%N)) (W : weights R d),
0 <= eta -> 0 < m -> (forall j : nat, (j < n.+1)%N -> bounded (W j) (m ^+ 2)) ->
2%:R * (n.+1%:R * (eta * m ^+ n * norm G)) <= m ->
m * norm (end_to_end n.+1 (gradient_step eta G W) - end_to_end n.+1 W + eta *: preconditioned G W)
<= 5%:R / 6%:R * n.+1%:R ^+ 2 * (eta ^+ 2 * m ^+ (3 * n) * norm G ^+ 2)
"""

FALL = r"""
forall (R : rcfType) (d : nat -> nat) (n : nat) (x y eta delta kd ke : R),
0 < x -> x <= y -> 0 <= eta -> 0 <= delta -> 16%:R <= kd -> 27%:R <= ke ->
kd * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 -> ke * (eta * n.+1%:R * y ^+ (n + n)) <= 1 ->
forall (Phi : 'M[R]_(d n.+1, d 0%N)) (W : weights R d),
norm Phi <= y ^+ n.+1 -> norm (residual Phi W) <= y ^+ n.+1 ->
(forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W j) <= 2%:R * delta) ->
sqnorm (residual Phi (descent_step eta Phi W)) <= sqnorm (residual Phi W)
  - eta * (2%:R - 27%:R / ke) * \sum_(0 <= i < n.+1) sqnorm (layer_gradient (residual Phi W) W i)
"""

POTENTIAL = """
forall (R : rcfType) (d : nat -> nat) (n : nat) (x y eta delta kd ke : R),
0 < x -> x <= y -> 0 <= eta -> 0 <= delta -> 16%:R <= kd -> 27%:R <= ke ->
kd * (n.+1%:R ^+ 2 * delta) <= x ^+ 2 -> ke * (eta * n.+1%:R * y ^+ (n + n)) <= 1 ->
forall (Phi : 'M[R]_(d n.+1, d 0%N)) (W : weights R d),
norm Phi <= y ^+ n.+1 -> norm (residual Phi W) <= y ^+ n.+1 ->
(forall j : nat, (j.+1 < n.+1)%N -> norm (imbalance W j) <= 2%:R * delta) ->
forall j : nat, (j.+1 < n.+1)%N ->
norm (imbalance (descent_step eta Phi W) j) + eta * sqnorm (residual Phi (descent_step eta Phi W))
<= norm (imbalance W j) + eta * sqnorm (residual Phi W)
"""

TOTAL_DRIFT = """
forall (R : realFieldType) (n : nat) (x y h mu eta delta : R),
0 < x -> x <= y -> 1 <= mu -> h = mu ^+ 2 -> h ^+ n.+1 = 8%:R -> 0 <= eta ->
eta * (6144%:R * n.+1%:R ^+ 3 * y ^+ (6 * n + 2)) <= x ^+ (4 * n + 2) ->
delta * (256%:R * n.+1%:R ^+ 3 * y ^+ (2 * n)) = x ^+ (2 * n + 2) ->
4%:R * eta * (h ^+ n * y ^+ (2 * n)) * (y ^+ (2 * n + 2) / 2%:R) <= delta * x ^+ (2 * n)
"""

LEARNING_RATE = """
forall (R : realFieldType) (n : nat) (x y eta delta : R), 0 < x -> x <= y -> 0 <= eta ->
eta * (6144%:R * n.+1%:R ^+ 3 * y ^+ (6 * n + 2)) <= x ^+ (4 * n + 2) ->
delta * (256%:R * n.+1%:R ^+ 3 * y ^+ (2 * n)) = x ^+ (2 * n + 2) -> eta * (y ^+ n.+1) ^+ 2 <= delta
"""

REMAINDER_RANGE = """
forall (R : realFieldType) (n : nat) (x y h mu eta : R),
0 < x -> x <= y -> 1 <= mu -> h = mu ^+ 2 -> h ^+ n.+1 = 8%:R -> 0 <= eta ->
eta * (6144%:R * n.+1%:R ^+ 3 * y ^+ (6 * n + 2)) <= x ^+ (4 * n + 2) ->
n.+1%:R * eta * mu ^+ n.+1 * y ^+ (2 * n) <= 1 / 2%:R
"""

NORM_BOUND = """
forall (R : realFieldType) (n : nat) (x y delta : R), 0 < x -> x <= y ->
delta * (256%:R * n.+1%:R ^+ 3 * y ^+ (2 * n)) = x ^+ (2 * n + 2) -> 2%:R * delta * (30%:R * n.+1%:R ^+ 2) <= y ^+ 2
"""


@formal
def test_layer_norms() -> None:
    """Row 1 with its own 3/2. Leaves out: the root t = |W|_2^{2/N} as a real power."""
    proved("end_layers.v", "layer_norms", LAYER_NORMS)


@formal
def test_end_layers_where_outputs_are_fewer() -> None:
    """Row 2, d_N <= d_0, with b = sum_j |B_j|_2 <= (N-1) D. Leaves out: sigma_min as a number."""
    proved("end_layers.v", "end_layers_wide", END_LAYERS_WIDE)


@formal
def test_end_layers_where_inputs_are_fewer() -> None:
    """Row 2, d_0 <= d_N. Leaves out: sigma_min as a number."""
    proved("end_layers.v", "end_layers_tall", END_LAYERS_TALL)


@formal
def test_first_order() -> None:
    """Row 3, for any G. Leaves out: sigma_min as a number."""
    proved("end_layers.v", "first_order_frobenius", FIRST_ORDER)


@formal
def test_preconditioner_along_the_gradient() -> None:
    """Row 4, <G, P> = S, over any commutative ring. Leaves out: nothing."""
    proved("step.v", "preconditioner_inner", PRECONDITIONER_INNER)


@formal
def test_preconditioner_in_size() -> None:
    """Row 4, ||P||_F^2 <= N M^{2N-2} S. Leaves out: nothing."""
    proved("step.v", "preconditioner_norm", PRECONDITIONER_NORM)


@formal
def test_remainder_along_the_gradient() -> None:
    """Row 5, <G, R> <= eta tau S with its own tau; y >= eta M^{N-2} |G|_2. Leaves out: nothing."""
    proved("step.v", "remainder_inner", REMAINDER_INNER)


@formal
def test_remainder_in_size() -> None:
    """Row 5, ||R||_F <= tau eta M^{N-1} sqrt(N S), squared. Leaves out: nothing."""
    proved("step.v", "remainder_norm", REMAINDER_NORM)


@formal
def test_second_order_remainder() -> None:
    """Row 5, ||R||_F <= 5/6 N^2 eta^2 M^{3N-4} ||G||_F^2; M on both sides, so that N = 1 is no exception. Leaves out:
    nothing."""
    proved("step.v", "second_order_remainder", SECOND_ORDER_REMAINDER)


@formal
def test_fall_of_the_loss() -> None:
    """Rows 6 and 10 with kept = 1 - 27/(2 ke): at Theorem 1's ke = 6144, above .997. Leaves out: row 6 outside of
    the set; c > Phi_F; residuals bounded in the spectral norm only; the roots x, y as real powers."""
    proved("one_step.v", "fall_of_the_loss", FALL)


@formal
def test_potential() -> None:
    """Row 14. Leaves out: c > Phi_F; residuals bounded in the spectral norm only; the roots as real powers."""
    proved("one_step.v", "potential", POTENTIAL)


@formal
def test_total_drift() -> None:
    """Row 15, its first half; h = 8^{1/N}. Leaves out: the roots as real powers."""
    proved("proof_ledger.v", "total_drift_closes", TOTAL_DRIFT)


@formal
def test_learning_rate() -> None:
    """Row 15, its second half. Leaves out: the roots as real powers."""
    proved("proof_ledger.v", "learning_rate_closes", LEARNING_RATE)


@formal
def test_range_of_the_remainder() -> None:
    """Row 5's range at Theorem 1's eta, with M^N for M^{N-2} Phi_F, so that N = 1 is no exception. Leaves out: the
    roots as real powers."""
    proved("proof_ledger.v", "remainder_range_closes", REMAINDER_RANGE)


@formal
def test_range_of_the_norms() -> None:
    """What the source's Lemma 6 asks of 2 delta. Leaves out: the roots as real powers."""
    proved("proof_ledger.v", "norm_bound_applies", NORM_BOUND)
