"""Statements 1 to 4 and their controls, checked by Coq's kernel; N = n + 2 or n + 3, so every depth is meant."""

from claims.suite import formal
from claims.suite.prover import proved

ONE_STEP_ONTO_A_SADDLE_NETWORK = r"""
forall (R : realFieldType) (n : nat) (eta e : R) (w : nat -> R) (t : nat),
0 < eta -> 0 < e < 1 -> w 1%N = w 0%N -> w 0%N ^+ 2 = eta * e * (1 + e) ->
\prod_(2 <= l < n.+3) w l = (eta * e)^-1 ->
[/\ 1 - `|scalar_residual n.+3 1 w| > 0,
    residual (target n.+3 1) (descent eta (target n.+3 1) (scalars w) t.+1) = (-1)%:M &
    forall j, (j < n.+3)%N ->
      descent eta (target n.+3 1) (scalars w) t.+1 j = descent eta (target n.+3 1) (scalars w) 1 j]
"""

SADDLE_HYPOTHESES_MET = r"""
forall (R : rcfType) (n : nat) (eta e : R),
0 < eta -> 0 < e ->
exists w : nat -> R, [/\ w 1%N = w 0%N, w 0%N ^+ 2 = eta * e * (1 + e) &
                         \prod_(2 <= l < n.+3) w l = (eta * e)^-1]
"""

RATIONAL_SADDLES = r"""
forall (R : realFieldType) (n : nat) (f m : R) (w : nat -> R) (t : nat),
let eta := m ^+ 2 * f in let e := f / (1 - f) in
0 < f < 1 / 2%:R -> 0 < m -> w 0%N = m * e -> w 1%N = m * e -> \prod_(2 <= l < n.+3) w l = (eta * e)^-1 ->
[/\ 1 - `|scalar_residual n.+3 1 w| = 1 - e, 0 < 1 - e,
    scalar_residual n.+3 1 (scalar_descent n.+3 eta 1 w t.+1) = -1 &
    forall j, scalar_descent n.+3 eta 1 w t.+1 j = scalar_descent n.+3 eta 1 w 1 j]
"""

NO_SADDLE_FROM_TWO_LAYERS = r"""
forall (R : realFieldType) (eta : R) (w : nat -> R),
0 < eta <= 1 -> 0 < 1 - `|scalar_residual 2 1 w| ->
~ (scalar_step 2 eta 1 w 0 = 0 /\ scalar_step 2 eta 1 w 1 = 0)
"""

NEXT_BOX = r"""
forall (R : realFieldType) (n : nat) (eta phi : R),
0 < eta -> `|phi| <= 1 ->
forall (B C : R) (w : nat -> R),
large n eta B C -> box n B C w ->
(forall j, (j < n.+2)%N -> Num.sg (scalar_step n.+2 eta phi w j) = - Num.sg (w j)) /\
box n (14%:R * C) (5%:R / 4%:R * (eta * C ^+ (n.+1 + n.+2))) (scalar_step n.+2 eta phi w)
"""

LARGE_AGAIN = """
forall (R : realFieldType) (n : nat) (eta : R),
0 < eta ->
forall (B C : R),
B <= C -> large n eta B C -> large n eta (14%:R * C) (5%:R / 4%:R * (eta * C ^+ (n.+1 + n.+2)))
"""

RESIDUAL_DIVERGES = """
forall (R : realFieldType) (n : nat) (eta phi : R),
0 < eta -> `|phi| <= 1 ->
forall (B C : R) (w : nat -> R) (t : nat),
large n eta B C -> box n B C w ->
(14%:R ^+ t * B) ^+ n.+2 - 1 <= `|scalar_residual n.+2 phi (scalar_descent n.+2 eta phi w t)|
"""

FROM_A_MARGIN = r"""
forall (R : realFieldType) (n : nat) (eta c r a : R) (w : nat -> R),
let N := n.+2 in
0 < eta -> 0 < c < 1 -> 0 < r -> r <= c -> r <= eta * c * (1 - c) ->
0 < a -> a <= r / 2%:R -> 20%:R * (1 + eta) * a <= eta * r ^+ (n.+1 + N) ->
w 0%N = c / a ^+ n.+1 -> (forall j, (0 < j)%N -> w j = a) ->
[/\ 1 - `|scalar_residual N 1 w| = c,
    large n eta (r / a) ((1 + eta) / a ^+ n.+1) &
    box n (r / a) ((1 + eta) / a ^+ n.+1) (scalar_step N eta 1 w)]
"""

DIVERGENCE_FROM_EVERY_MARGIN = r"""
forall (R : realFieldType) (n : nat) (eta c : R),
0 < eta -> 0 < c < 1 ->
exists w : nat -> R, 1 - `|scalar_residual n.+2 1 w| = c /\
  forall t, (14%:R ^+ t * 2%:R) ^+ n.+2 - 1 <= `|scalar_residual n.+2 1 (scalar_descent n.+2 eta 1 w t.+1)|
"""

FOURTEEN_IS_ATTAINED = r"""
forall (R : realFieldType),
large 0 (5%:R : R) 2%:R 2%:R /\
scalar_step 2 (5%:R : R) 1 (fun _ => 2%:R) 0 = - (14%:R * 2%:R)
"""

FIVE_QUARTERS_IS_NEEDED = r"""
forall (R : realFieldType),
let eta : R := 5%:R / 4%:R in
[/\ large 1 eta 2%:R 2%:R, box 1 2%:R 2%:R (fun _ => - 2%:R : R) &
    eta * 2%:R ^+ (2 + 3) < `|scalar_step 3 eta 1 (fun _ => - 2%:R) 0|]
"""

SADDLE_IN_MATRICES = r"""
forall (R : rcfType) (m n : nat) (eta e : R) (w : nat -> R) (Q : forall j, 'M[R]_(square_widths m j)) (t : nat),
let N := n.+3 in let W0 := layers_inside Q w 1 in let Phi := Q N *m (Q 0%N)^T in
(forall j, (Q j)^T *m Q j = 1%:M) -> 0 < eta -> 0 < e < 1 -> w 1%N = w 0%N -> w 0%N ^+ 2 = eta * e * (1 + e) ->
\prod_(2 <= l < N) w l = (eta * e)^-1 ->
[/\ 0 < 1 - e, has_margin Phi (end_to_end N W0) (1 - e) & sqnorm (residual Phi (descent eta Phi W0 t.+1)) = 1]
"""

DIVERGENCE_IN_MATRICES = r"""
forall (R : rcfType) (n : nat) (eta c : R), 0 < eta -> 0 < c < 1 -> let N := n.+2 in
exists w : nat -> R, forall (m : nat) (Q : forall j, 'M[R]_(square_widths m j)),
(forall j, (Q j)^T *m Q j = 1%:M) -> let W0 := layers_inside Q w 1 in let Phi := Q N *m (Q 0%N)^T in
has_margin Phi (end_to_end N W0) c /\
forall t, (14%:R ^+ t * 2%:R) ^+ N - 1 <= norm (residual Phi (descent eta Phi W0 t.+1))
"""


@formal
def test_onto_a_saddle() -> None:
    """Of matrices of size 1, at every step: a margin, the loss and standstill. Leaves out: that the margin is 1 - e,
    and that the two equal layers are 0 (the rational form has the first)."""
    proved("balance_needed.v", "one_step_onto_a_saddle_network", ONE_STEP_ONTO_A_SADDLE_NETWORK)


@formal
def test_onto_a_saddle_from_every_learning_rate() -> None:
    """Every depth N >= 3, eta > 0 and residual e > 0 have such a start. Leaves out: nothing."""
    proved("balance_needed.v", "saddle_hypotheses_met", SADDLE_HYPOTHESES_MET)


@formal
def test_rational_saddles() -> None:
    """The claim's own parameters f and m. Leaves out: that all rational instances are these."""
    proved("balance_needed.v", "rational_saddles", RATIONAL_SADDLES)


@formal
def test_false_for_two_layers() -> None:
    """A control: statement 1 is false at N = 2, for eta <= 1. Leaves out: nothing."""
    proved("balance_needed.v", "no_saddle_from_two_layers", NO_SADDLE_FROM_TWO_LAYERS)


@formal
def test_the_set_of_divergence() -> None:
    """Signs flip and sizes are in [14 C, 5/4 eta C^{2N-1}], for |Phi| <= 1. Leaves out: nothing."""
    proved("balance_needed.v", "next_box", NEXT_BOX)


@formal
def test_the_condition_holds_again() -> None:
    """These bounds meet the same condition. Leaves out: nothing."""
    proved("balance_needed.v", "large_again", LARGE_AGAIN)


@formal
def test_the_loss_grows_for_ever() -> None:
    """A lower bound of the residual that grows without end. Leaves out: that the loss grows in each single step."""
    proved("balance_needed.v", "residual_diverges", RESIDUAL_DIVERGES)


@formal
def test_from_a_margin_to_divergence() -> None:
    """The explicit start of 3, for every r. Leaves out: nothing."""
    proved("balance_needed.v", "from_a_margin", FROM_A_MARGIN)


@formal
def test_divergence_from_every_margin() -> None:
    """Every depth N >= 2, eta > 0 and margin 0 < c < 1 have a start that diverges. Leaves out: nothing."""
    proved("balance_needed.v", "divergence_from_every_margin", DIVERGENCE_FROM_EVERY_MARGIN)


@formal
def test_fourteen_is_attained() -> None:
    """A control: 14 cannot be more. Leaves out: nothing."""
    proved("balance_needed.v", "fourteen_is_attained", FOURTEEN_IS_ATTAINED)


@formal
def test_five_quarters_is_needed() -> None:
    """A control: eta C^{2N-1} is no upper bound at N = 3 for negative weights. Leaves out: nothing."""
    proved("balance_needed.v", "five_quarters_is_needed", FIVE_QUARTERS_IS_NEEDED)


@formal
def test_onto_a_saddle_in_matrices() -> None:
    """Statement 4 for 1, in every dimension d = m + 1: margin, and the loss at every step. Leaves out: sigma_min as a
    number."""
    proved("balance_needed_in_matrices.v", "onto_a_saddle_in_matrices", SADDLE_IN_MATRICES)


@formal
def test_divergence_in_matrices() -> None:
    """Statement 4 for 3: one start for all dimensions and orthogonal Q_j. Leaves out: sigma_min as a number."""
    proved("balance_needed_in_matrices.v", "divergence_in_matrices", DIVERGENCE_IN_MATRICES)
