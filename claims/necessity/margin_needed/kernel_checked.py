"""Statements 1 to 3 and their controls, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

END_TO_END_PSD = """
forall (R : realFieldType) (n m : nat) (eta : R) (Phi : 'M[R]_n.+1),
Phi^T = Phi ->
forall (t k : nat) (X : 'M[R]_(n.+1, k)) (i : 'I_k),
0 <= (X^T *m (end_to_end (m + m) (descent eta (Phi : 'M[R]_(constant_width n (m + m), constant_width n 0%N))
  (equal_layers 1) t) : 'M[R]_n.+1) *m X) i i
"""

LOSS_STAYS_ABOVE = r"""
forall (R : realFieldType) (n m : nat) (eta : R) (Phi : 'M[R]_n.+1),
Phi^T = Phi ->
forall (k : nat) (V : 'M[R]_(n.+1, k)) (lambda : 'I_k -> R) (t : nat),
V^T *m V = 1%:M -> (forall i, lambda i <= 0) -> Phi *m V = V *m diag_mx (\row_i lambda i) ->
\sum_i lambda i ^+ 2 <= sqnorm (residual (Phi : 'M[R]_(constant_width n (m + m), constant_width n 0%N))
                           (descent eta (Phi : 'M[R]_(constant_width n (m + m), constant_width n 0%N)) (equal_layers
  1) t))
"""

ODD_DEPTH_LEARNS = """
forall (R : comRingType) (m : nat),
let N := (m + m).+1 in
scalar_residual N (-1 : R) (scalar_descent N 1 (-1) (fun _ => 1) 1) = 0
"""

WRONG_SIGN = r"""
forall (R : realFieldType) (n : nat) (eta : R) (t j : nat),
let N := n.+2 in
let w := scalar_descent N eta (-1) (fun _ => 1) in
0 < eta < 1 / 2%:R -> (j < N)%N ->
[/\ w t j = w t 0%N, 0 < w t.+1 j, w t.+1 j <= w t j, w t j <= 1 &
    1 / 2%:R < scalar_residual N (-1) (w t) ^+ 2 / 2%:R]
"""

WRONG_SIGN_LIMIT = """
forall (R : archiFieldType) (n : nat) (eta eps : R),
0 < eta < 1 / 2%:R -> 0 < eps ->
exists T : nat, forall t, (T <= t)%N -> 0 < scalar_descent n.+2 eta (-1) (fun _ => 1) t 0 < eps
"""

ONE_HALF_IS_TOO_LARGE = """
forall (R : realFieldType) (n : nat),
scalar_descent n.+2 (1 / 2%:R : R) (-1) (fun _ => 1) 1 0 = 0
"""

ONE_LAYER_LEARNS = """
forall (R : realFieldType) (eta : R) (t : nat),
scalar_residual 1 (-1) (scalar_descent 1 eta (-1) (fun _ => 1) t) = (1 - eta) ^+ t * 2%:R
"""

ZERO_IS_STATIONARY = """
forall (R : comRingType) (d : nat -> nat) (N : nat) (eta : R) (Phi : 'M[R]_(d N, d 0%N)) (t j : nat),
(1 < N)%N -> descent eta Phi (fun j => 0) t j = 0
"""

ZERO_HAS_NO_MARGIN = """
forall (R : rcfType) (m n : nat) (Phi : 'M[R]_(m.+1, n.+1)) (c : R),
has_margin Phi 0 c -> c <= 0
"""


@formal
def test_product_is_positive_semidefinite() -> None:
    """For even N, any eta and any vectors X, x^T W(t) x >= 0. Leaves out: nothing."""
    proved("margin_needed.v", "end_to_end_psd", END_TO_END_PSD)


@formal
def test_loss_stays_above_the_negative_eigenvalues() -> None:
    """For even N and any eta (sqnorm is twice the loss). Leaves out: that there are eigenvectors."""
    proved("margin_needed.v", "loss_stays_above", LOSS_STAYS_ABOVE)


@formal
def test_odd_depth_learns() -> None:
    """The control of 1: at any odd depth a target -1 is learned, so N even is needed. Leaves out: widths above 1."""
    proved("margin_needed.v", "odd_depth_learns", ODD_DEPTH_LEARNS)


@formal
def test_the_wrong_sign() -> None:
    """At every depth N >= 2. Leaves out: the limit, which is the next."""
    proved("margin_needed.v", "wrong_sign", WRONG_SIGN)


@formal
def test_the_wrong_sign_in_the_limit() -> None:
    """w -> 0 over any Archimedean field, so l -> 1/2. Leaves out: nothing."""
    proved("margin_needed.v", "wrong_sign_limit", WRONG_SIGN_LIMIT)


@formal
def test_one_half_is_too_large() -> None:
    """The control of 2: eta = 1/2 leads to 0, so eta < 1/2 is needed. Leaves out: nothing."""
    proved("margin_needed.v", "one_half_is_too_large", ONE_HALF_IS_TOO_LARGE)


@formal
def test_one_layer_learns() -> None:
    """The control of 2: one layer learns -1 for 0 < eta < 2, so N >= 2 is needed. Leaves out: nothing."""
    proved("margin_needed.v", "one_layer_learns", ONE_LAYER_LEARNS)


@formal
def test_zero_is_stationary() -> None:
    """Over any commutative ring, for any depth N >= 2, widths, target and eta. Leaves out: nothing."""
    proved("margin_needed.v", "zero_is_stationary", ZERO_IS_STATIONARY)


@formal
def test_zero_has_no_margin() -> None:
    """For every shape. Leaves out: which targets have exactly the margin 0; sigma_min as a number."""
    proved("margin_needed.v", "zero_has_no_margin", ZERO_HAS_NO_MARGIN)
