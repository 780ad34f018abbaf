"""Statement 1 word for word, that it stops, and the order of its second and third term, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

FINITELY_MANY_UPDATES = r"""
forall (R : rcfType) (k d : nat) (al eta : R) (x : nat -> 'I_d -> R) (y : nat -> R) (kink : nat -> 'I_k + 'I_k -> R)
       (hinge_kink : nat -> R) (W0 : 'I_k + 'I_k -> 'I_d -> R) (b : 'I_d -> R) (rho : R),
(0 < k)%N -> 0 < al -> 0 < eta ->
(forall t i, al <= kink t i <= 1) -> (forall t, 0 <= hinge_kink t <= 1) -> (forall t, y t = 1 \/ y t = -1) ->
(forall t, length (x t) <= rho) -> (forall t, 1 <= y t * dot b (x t)) ->
forall n, (updates al eta x y kink hinge_kink W0 n)%:R <=
  length b ^+ 2 * rho ^+ 2 / al + 2%:R * length b ^+ 2 / (eta * al ^+ 2)
  + 2%:R * frobenius W0 * length b / (eta * al)
"""

COUNTED_UPDATES_MOVE = """
forall (R : rcfType) (k d : nat) (al eta : R) (x : nat -> 'I_d -> R) (y : nat -> R) (kink : nat -> 'I_k + 'I_k -> R)
       (hinge_kink : nat -> R) (W0 : 'I_k + 'I_k -> 'I_d -> R) (b : 'I_d -> R),
(0 < k)%N -> 0 < al -> 0 < eta -> (forall t i, al <= kink t i <= 1) -> (forall t, 0 <= hinge_kink t <= 1) ->
(forall t, 1 <= y t * dot b (x t)) ->
forall t, hinge_kink t = 0 ->
let W := sgd al eta x y kink hinge_kink W0 in
y t * output al (W t) (x t) < 1 <-> ~ (forall i j, W t.+1 i j = W t i j)
"""

PASSES_STOP = r"""
forall (R : realFieldType) (I J : finType) (sign : I -> R) (al v eta : R),
0 < al -> 0 < eta -> (forall i : I, sign i ^+ 2 = 1) -> v ^+ 2 * #|I|%:R = 1 ->
forall (m : nat) (X : nat -> J -> R) (Y : nat -> R), (0 < m)%N ->
forall (W : nat -> I -> J -> R) (s : nat -> I -> R),
let x t := X (t %% m)%N in let y t := Y (t %% m)%N in
(forall c, (c < m)%N -> Y c ^+ 2 = 1) -> (forall t i, is_slope al (dot (W t i) (x t)) (s t i)) ->
(forall t i j, W t.+1 i j =
  W t i j + eta * ((y t * net al sign v (W t) (x t) < 1)%R%:R * y t * (v * sign i) * s t i * x t j)) ->
forall (b : J -> R) (B rho R0 : R), 0 <= B -> 0 <= R0 ->
(forall c, (c < m)%N -> 1 <= Y c * dot b (X c)) -> dot b b <= B ^+ 2 ->
(forall c, (c < m)%N -> dot (X c) (X c) <= rho ^+ 2) -> sqnorm2 (W 0%N) <= R0 ^+ 2 ->
forall K : nat, separable_bound al eta B rho R0 < K%:R ->
exists c : nat, [/\ (c < K)%N, forall l, (l < m)%N -> 1 <= Y l * net al sign v (W (c * m)%N) (X l) &
                    forall t, (c * m <= t)%N -> forall i j, W t i j = W (c * m)%N i j]
"""

ORDER_IS_ATTAINED = """
forall (R : rcfType) (k : nat) (al eta : R) (kink : nat -> 'I_k + 'I_k -> R) (hinge_kink : nat -> R),
(0 < k)%N -> 0 < al -> 0 < eta -> forall n : nat, eta * al ^+ 2 * n%:R < 1 ->
updates al eta (fun _ (_ : 'I_1) => 1) (fun _ => 1) kink hinge_kink (fun _ _ => - (second_layer R k / al)) n.+1 = n.+1
"""

ITS_START = """
forall (R : rcfType) (k : nat) (al : R), (0 < k)%N -> 0 < al ->
frobenius (fun (_ : 'I_k + 'I_k) (_ : 'I_1) => - (second_layer R k / al)) = 1 / al
"""


@formal
def test_finitely_many_updates() -> None:
    """k units of each sign, any order, slopes at kinks chosen anew each time. Leaves out: another v;
    of the updates those that may be made at y N(x) = 1 move the weights, but are not counted."""
    proved("separable_data_network.v", "separable_data", FINITELY_MANY_UPDATES)


@formal
def test_the_updates_that_are_counted_move_the_weights() -> None:
    """And no others do, where none are made at y N(x) = 1. Leaves out: nothing."""
    proved("separable_data_network.v", "moves", COUNTED_UPDATES_MOVE)


@formal
def test_passes_stop() -> None:
    """m samples again and again: pass c < K is clean, and all after it. Leaves out: updates at y N(x) = 1."""
    proved("separable_data.v", "cyclic_stops", PASSES_STOP)


@formal
def test_the_order_is_attained() -> None:
    """x = y = 1: n + 1 updates while eta al^2 n < 1, so 1 / (eta al^2) of them at least. Leaves out: nothing."""
    proved("separable_data_attained.v", "attained", ORDER_IS_ATTAINED)


@formal
def test_start_of_the_order_that_is_attained() -> None:
    """R_0 = 1 / al there. Leaves out: nothing."""
    proved("separable_data_attained.v", "frobenius_start", ITS_START)
