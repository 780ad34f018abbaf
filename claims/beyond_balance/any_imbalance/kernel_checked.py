"""One step of two layers, and their rate at every step; checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

# Descent from W_0 with C = p + ||G(0)||_F = y^2, p bounding |Phi|_2, and b bounding |D(0)|_2.

TWO_LAYERS = r"""
forall (R : rcfType) (d : nat -> nat) (a b g eta : R) (Phi : 'M[R]_(d 2%N, d 0%N)) (W : weights R d),
0 <= a -> 0 <= b -> 0 <= g -> 0 <= eta -> bounded (W 0%N) (a ^+ 2) -> bounded (W 1%N) (b ^+ 2) ->
bounded (residual Phi W) (g ^+ 2) -> eta * (a ^+ 2 + b ^+ 2 + g) <= 1 ->
sqnorm (residual Phi (descent_step eta Phi W))
+ 2%:R / 3%:R * (eta * (\sum_(0 <= j < 2) sqnorm (layer_gradient (residual Phi W) W j))) <= sqnorm (residual Phi W)
"""

LARGE_IMBALANCE = r"""
forall (R : rcfType) (d : nat -> nat) (p y M eta b mu : R) (Phi : 'M[R]_(d 2%N, d 0%N)) (W0 : weights R d)
       (V : 'M[R]_(d 1%N, d 2%N)),
0 <= p -> bounded Phi (p ^+ 2) -> 0 <= y -> p + norm (residual Phi W0) <= y ^+ 2 ->
0 <= b -> form_bounded (imbalance W0 0) b -> 0 < M -> 3%:R / 2%:R * (y ^+ 2 + b) <= M ^+ 2 ->
0 <= eta -> 6%:R * (eta * M ^+ 2) <= 1 -> 0 < mu -> V^T *m V = 1%:M ->
(forall z : 'cV[R]_(d 2%N), mu * sqnorm z <= inner (V *m z) (imbalance W0 0 *m (V *m z))) ->
2%:R * (eta * sqnorm (residual Phi W0)) <= mu ->
forall t : nat, let L s := sqnorm (residual Phi (descent eta Phi W0 s)) in
L t.+1 <= (1 - eta * mu / 2%:R) * L t /\ L t <= (1 - eta * mu / 2%:R) ^+ t * sqnorm (residual Phi W0)
"""

LARGE_IMBALANCE_MET = r"""
forall R : rcfType, exists (y M eta : R) (W0 : weights R ones) (V : 'M[R]_1),
[/\ bounded (target 2 (1 : R)) (1 ^+ 2), 0 <= y, 1 + norm (residual (target 2 1) W0) = y ^+ 2,
    form_bounded (imbalance W0 0) 1 &
[/\ 0 < M, 3%:R / 2%:R * (y ^+ 2 + 1) = M ^+ 2, 0 < eta, 6%:R * (eta * M ^+ 2) = 1 &
[/\ V^T *m V = 1%:M, forall z : 'cV[R]_1, 1 * sqnorm z <= inner (V *m z) (imbalance W0 0 *m (V *m z)),
    2%:R * (eta * sqnorm (residual (target 2 1) W0)) <= 1 & 0 < sqnorm (residual (target 2 1) W0)]]]
"""


@formal
def test_a_step_of_two_layers() -> None:
    """Statement 5's first inequality, from any state of any widths. Leaves out: norms as numbers."""
    proved("any_start.v", "two_layers", TWO_LAYERS)


@formal
def test_two_layers_of_large_imbalance() -> None:
    """Statement 6's last form at every step: mu |z|^2 <= <z, D(0) z> on the range of V, whose columns are orthonormal.
    Leaves out: eigenvalues and norms as numbers."""
    proved("any_start_rate.v", "two_layers_rate", LARGE_IMBALANCE)


@formal
def test_a_start_of_large_imbalance() -> None:
    """A start that meets all that, with a loss > 0: W_1 = 0, W_2 = 1, Phi = 1 and mu = 1. Leaves out: nothing."""
    proved("any_start_rate.v", "rate_met", LARGE_IMBALANCE_MET)
