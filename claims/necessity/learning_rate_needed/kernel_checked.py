"""Statements 1, 3, 5 and 6, and what they are in d x d, checked by Coq's kernel, for every depth that they name."""

from claims.suite import formal
from claims.suite.prover import proved

MODE = """
forall (R : comRingType) (N : nat) (eta Phi p : R) (t j : nat), (j < N)%N ->
descent eta (target N Phi) (scalars (fun _ : nat => p)) t j = (mode N eta Phi p t)%:M
"""

CYCLES_OF_TWO = r"""
forall (R : realFieldType) (n : nat) (p q : R) (t : nat),
let eta := cycle_rate n p q in let Phi := cycle_target n p q in 0 < q < p ->
mode n.+1 eta Phi p t = (if odd t then q else p) /\
[/\ 0 < eta, Phi - `|p ^+ n.+1 - Phi| = 2%:R * Phi - p ^+ n.+1, 0 < 2%:R * Phi - p ^+ n.+1 & Phi - `|q ^+ n.+1 - Phi|
  = q ^+ n.+1]
"""

ALTERNATING_MEANS_THIS = r"""
forall (R : realFieldType) (n : nat) (p q eta Phi : R),
p != 0 -> q != 0 -> p ^+ n + q ^+ n != 0 -> p ^+ n.+1 != q ^+ n.+1 -> eta != 0 ->
mode_step n.+1 eta Phi p = q -> mode_step n.+1 eta Phi q = p -> Phi = cycle_target n p q /\ eta = cycle_rate n p q
"""

TO_THE_MIRROR_IMAGE = """
forall (R : comRingType) (n : nat) (eta Phi p : R) (t : nat),
let N := n.+2 in ~~ odd N ->
eta * (p ^+ n * (p ^+ N - Phi)) = 2%:R -> mode N eta Phi p t = (-1) ^+ t * p
"""

TWO_LAYERS_TO_THE_MIRROR_IMAGE = r"""
forall (R : realFieldType) (phi eta w : R) (t j : nat),
eta != 0 -> w ^+ 2 = phi + 2%:R / eta -> (j < 2)%N ->
[/\ scalar_descent 2 eta phi (fun _ => w) t j = (-1) ^+ t * w,
    scalar_residual 2 phi (scalar_descent 2 eta phi (fun _ => w) t) ^+ 2 / 2%:R = 2%:R / eta ^+ 2 &
    0 < eta -> phi - `|w ^+ 2 - phi| = phi - 2%:R / eta /\ (0 < phi - 2%:R / eta) = (2%:R < eta * phi)]
"""

TO_THE_SADDLE = r"""
forall (R : comRingType) (n : nat) (eta Phi p : R) (t : nat),
let N := n.+2 in
eta * (p ^+ n * (p ^+ N - Phi)) = 1 ->
mode N eta Phi p t.+1 = 0 /\ scalar_residual N Phi (scalar_descent N eta Phi (fun _ => p) t.+1) = - Phi
"""

DEPTH_ONE_RUN = """
forall (R : comRingType) (d : nat -> nat) (eta : R) (Phi : 'M[R]_(d 1%N, d 0%N)) (W : weights R d) (t : nat),
residual Phi (descent eta Phi W t) = (1 - eta) ^+ t *: residual Phi W
"""

DEPTH_ONE_LOSS = """
forall (R : realDomainType) (d : nat -> nat) (eta : R) (Phi : 'M[R]_(d 1%N, d 0%N)) (W : weights R d) (t : nat),
sqnorm (residual Phi (descent eta Phi W t)) = ((1 - eta) ^+ t) ^+ 2 * sqnorm (residual Phi W)
"""

RATIONAL_CYCLE = """
forall (t : nat),
let loss (w : nat -> rat) := scalar_residual 2 4%:R w ^+ 2 / 2%:R in
loss (scalar_descent 2 (8%:R / 9%:R) 4%:R (fun _ => 5%:R / 2%:R) t) = 81%:R / 32%:R
"""

MARGINS = r"""
forall (R : realFieldType) (n : nat) (eta Phi p excess : R), let N := n.+2 in
0 < eta -> 0 < excess -> ~~ odd n || (0 < p) -> eta * (p ^+ n * (p ^+ N - Phi)) = excess ->
let margin := Phi - `|p ^+ N - Phi| in
[/\ margin = 2%:R * Phi - p ^+ N, margin = Phi - excess / (eta * p ^+ n) &
    (0 < margin) = (excess < eta * p ^+ n * Phi)]
"""

MARGINS_MET = r"""
forall (R : realFieldType) (n : nat) (excess : R), 0 < excess ->
let eta := 4%:R * excess in let Phi : R := 3%:R / 4%:R in
[/\ 0 < eta, eta * (1 ^+ n * (1 ^+ n.+2 - Phi)) = excess & Phi - `|1 ^+ n.+2 - Phi| = 1 / 2%:R]
"""

LOSS_IN_MATRICES = """
forall (R : rcfType) (m N : nat) (Q : forall j : nat, 'M[R]_(square_widths m j)) (w : nat -> R) (phi s : R),
(forall j, (Q j)^T *m Q j = 1%:M) -> forall (eta : R) (t : nat),
sqnorm (residual (target_inside N Q phi s) (descent eta (target_inside N Q phi s) (layers_inside Q w s) t)) =
scalar_residual N phi (scalar_descent N eta phi w t) ^+ 2
"""

MARGIN_IN_MATRICES = """
forall (R : rcfType) (m N : nat) (Q : forall j : nat, 'M[R]_(square_widths m j)) (w : nat -> R) (phi s : R),
(forall j, (Q j)^T *m Q j = 1%:M) -> forall c : R,
c + `|scalar_residual N phi w| <= phi -> c + `|scalar_residual N phi w| <= s ^+ N ->
has_margin (target_inside N Q phi s) (end_to_end N (layers_inside Q w s)) c
"""


@formal
def test_what_a_mode_is() -> None:
    """Gradient descent on matrices of size 1 with equal layers: each is the number w of 1, 3 and 5 after every step.
    Leaves out: nothing."""
    proved("learning_rate_needed.v", "descent_of_equal_layers", MODE)


@formal
def test_cycles_of_two() -> None:
    """Cycle and margins, for every N >= 1, of equal layers in one number. Leaves out: nothing else."""
    proved("learning_rate_needed.v", "cycles_of_two", CYCLES_OF_TWO)


@formal
def test_alternating_means_this() -> None:
    """Conversely, where p^{N-1} + q^{N-1} != 0 and p^N != q^N. Leaves out: nothing."""
    proved("learning_rate_needed.v", "alternating_means_this", ALTERNATING_MEANS_THIS)


@formal
def test_to_the_mirror_image() -> None:
    """Over any commutative ring, for every even N >= 2. Leaves out: the margin (``test_margins``)."""
    proved("learning_rate_needed.v", "to_the_mirror_image", TO_THE_MIRROR_IMAGE)


@formal
def test_two_layers_to_the_mirror_image() -> None:
    """The layers of N = 2, their loss and their margin. Leaves out: nothing."""
    proved("learning_rate_needed.v", "two_layers_to_the_mirror_image", TWO_LAYERS_TO_THE_MIRROR_IMAGE)


@formal
def test_to_the_saddle() -> None:
    """Over any commutative ring, for every N >= 2. Leaves out: the margin (``test_margins``)."""
    proved("learning_rate_needed.v", "to_the_saddle", TO_THE_SADDLE)


@formal
def test_depth_one_run() -> None:
    """Over any commutative ring, of any dimensions. Leaves out: nothing."""
    proved("learning_rate_needed.v", "depth_one_run", DEPTH_ONE_RUN)


@formal
def test_depth_one_loss() -> None:
    """The loss is multiplied by (1 - eta)^2 in a step: 1 at eta = 2, and above it more. Leaves out: nothing."""
    proved("learning_rate_needed.v", "depth_one_loss", DEPTH_ONE_LOSS)


@formal
def test_a_rational_cycle() -> None:
    """DLX-015 for ever. Leaves out: nothing."""
    proved("learning_rate_needed.v", "rational_cycle", RATIONAL_CYCLE)


@formal
def test_margins() -> None:
    """Those of 3 (excess = 2) and 5 (excess = 1), for every N, and when they are positive. Leaves out: negative p for
    odd N."""
    proved("learning_rate_needed.v", "margin_of_equal_layers", MARGINS)


@formal
def test_margins_can_be_positive() -> None:
    """At every depth N >= 2, for both. Leaves out: nothing."""
    proved("learning_rate_needed.v", "margin_met", MARGINS_MET)


@formal
def test_in_matrices() -> None:
    """In d x d: the loss of any scalar network, at every step. Leaves out: nothing."""
    proved("scalar_in_matrices.v", "loss_inside", LOSS_IN_MATRICES)


@formal
def test_margin_in_matrices() -> None:
    """In d x d: its margin, where s^N leaves room. Leaves out: sigma_min as a number."""
    proved("scalar_in_matrices.v", "margin_inside", MARGIN_IN_MATRICES)
