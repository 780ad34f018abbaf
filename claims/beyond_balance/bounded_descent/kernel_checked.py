"""From any start the loss falls, at an explicit learning rate; checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

# N = n + 1. Roots stand for real powers: C = y^N. p bounds |Phi|_2, and b j bounds |B_j(0)|_2.

EVERY_START = r"""
forall (R : rcfType) (d : nat -> nat) (n : nat) (p y M eta : R) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d)
       (b : nat -> R),
0 <= p -> bounded Phi (p ^+ 2) -> 0 <= y -> p + norm (residual Phi W0) <= y ^+ n.+1 ->
(forall j : nat, 0 <= b j) -> (forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance W0 j) (b j)) ->
0 < M -> (1 + 1 / n.+1%:R) * y ^+ 2 + 3%:R / 2%:R * (\sum_(0 <= j < n) b j) <= M ^+ 2 ->
0 <= eta -> 3%:R * (n.+1%:R * (eta * M ^+ (n + n))) <= 1 ->
forall t : nat, let W := descent eta Phi W0 t in
[/\ sqnorm (residual Phi (descent eta Phi W0 t.+1))
    + eta * (\sum_(0 <= j < n.+1) sqnorm (layer_gradient (residual Phi W) W j)) <= sqnorm (residual Phi W),
    forall j : nat, (j < n.+1)%N -> bounded (W j) (M ^+ 2)
  & exists D : nat -> R, [/\ forall j : nat, 0 <= D j,
      forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance W j) (D j)
    & \sum_(0 <= j < n) D j <= \sum_(0 <= j < n) b j + 2%:R / (3%:R * n.+1%:R) * y ^+ 2]]
"""

SMALL_GRADIENT = r"""
forall (R : rcfType) (d : nat -> nat) (n : nat) (p y M eta : R) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d)
       (b : nat -> R),
0 <= p -> bounded Phi (p ^+ 2) -> 0 <= y -> p + norm (residual Phi W0) <= y ^+ n.+1 ->
(forall j : nat, 0 <= b j) -> (forall j : nat, (j.+1 < n.+1)%N -> form_bounded (imbalance W0 j) (b j)) ->
0 < M -> (1 + 1 / n.+1%:R) * y ^+ 2 + 3%:R / 2%:R * (\sum_(0 <= j < n) b j) <= M ^+ 2 ->
0 <= eta -> 3%:R * (n.+1%:R * (eta * M ^+ (n + n))) <= 1 ->
forall T : nat, (0 < T)%N -> exists2 t : nat, (t < T)%N & let W := descent eta Phi W0 t in
eta * T%:R * (\sum_(0 <= j < n.+1) sqnorm (layer_gradient (residual Phi W) W j)) <= sqnorm (residual Phi W0)
"""

SOME_RATE = r"""
forall (R : rcfType) (d : nat -> nat) (n : nat) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d),
exists2 eta : R, 0 < eta & forall t : nat, let W := descent eta Phi W0 t in
sqnorm (residual Phi (descent eta Phi W0 t.+1))
+ eta * (\sum_(0 <= j < n.+1) sqnorm (layer_gradient (residual Phi W) W j)) <= sqnorm (residual Phi W)
"""

WITHOUT_IMBALANCE = """
forall R : rcfType,
~ forall (d : nat -> nat) (n : nat) (p y M eta : R) (Phi : 'M[R]_(d n.+1, d 0%N)) (W0 : weights R d),
  0 <= p -> bounded Phi (p ^+ 2) -> 0 <= y -> p + norm (residual Phi W0) <= y ^+ n.+1 ->
  0 < M -> (1 + 1 / n.+1%:R) * y ^+ 2 <= M ^+ 2 ->
  0 <= eta -> 3%:R * (n.+1%:R * (eta * M ^+ (n + n))) <= 1 ->
  sqnorm (residual Phi (descent eta Phi W0 1)) <= sqnorm (residual Phi W0)
"""


@formal
def test_every_start() -> None:
    """Statement 2, at every step, for bounds p of |Phi|_2 and b_j of |B_j(0)|_2; as bounds of forms. Leaves out: roots
    as real powers; norms as numbers."""
    proved("any_start.v", "every_start", EVERY_START)


@formal
def test_the_gradients_do_not_stay_large() -> None:
    """Statement 2's eta T S_t <= 2 L(0) for some t < T. Leaves out: roots as real powers; |Phi|_2 and |B_j(0)|_2 as
    numbers."""
    proved("any_start.v", "small_gradient", SMALL_GRADIENT)


@formal
def test_every_start_has_a_learning_rate() -> None:
    """No hypothesis at all: those of statement 2 can be met from any start, whatever the target, so some eta > 0 will
    do for all time. Leaves out: how large it is."""
    proved("any_start.v", "some_rate", SOME_RATE)


@formal
def test_the_imbalance_is_needed_in_the_rate() -> None:
    """A control, proved: without b in M^2 the loss of W_1 = 100, W_2 = 0 grows at eta = 1/18. Leaves out: nothing."""
    proved("any_start.v", "imbalance_needed", WITHOUT_IMBALANCE)
