"""Laws: what the claims say of a step of gradient descent, held to the steps of a trainer of your own.

The probes of :mod:`claims.conformance` ask whether a trainer is gradient descent, on a dozen networks. The laws ask
what it keeps of the theory, on networks that the claims' own strategies draw, and say what is lost where it does not:

    imbalance_moves_by_the_square_of_eta   DL-002   B_j(t+1) = B_j(t) + eta^2 (D_{j+1}^T D_{j+1} - D_j D_j^T)
    balance_is_kept                        DL-002   Theorem 1's starts stay within (1 + 1/243) delta
    loss_falls_from_anywhere               DL-003   L(t+1) <= L(t) - eta/2 sum_j ||D_j||_F^2
    descent_lemma                          DL-003   Lemma 7
    one_layer_contracts                    DL-004   L(t+1) = (1 - eta)^2 L(t) at depth 1
    linear_rate                            DL-004   l(t+1) <= l(t) exp(-eta c^{2(N-1)/N})
    margin_is_kept                         DL-005   sigma_min(W(t+1)) >= c
    negative_eigenvalues_are_not_learned   DL-006   L >= 1/2 sum of the squares of Phi's negative eigenvalues
    wrong_sign_is_never_left               DL-006   0 < w(t+1) <= w(t), L > 1/2
    zero_is_stationary                     DL-006   W_1 = ... = W_N = 0 stays
    modes_move_apart                       DL-029   each mode is a scalar network of its own
    residual_layers_contract               DL-032   |w(t+1) - r| <= q |w(t) - r|

Every law is of one step, from the trainer's own W(t), as it returned it, to its W(t+1), for t = 0, 1, 2: what holds of
every step holds of every run, by induction over the trainer's own iterates. An honest trainer's W(t+1) is the exact
step from W(t) up to the bound of DL-060. So a law

- holds at a step if it holds of all weights within that bound of W(t+1);
- is broken if it holds of none of them, which no rounding in the trainer's format explains;
- is undecided otherwise, and that is no pass: it is counted, and told.

A law that is an equality is undecided, too, where rounding could hide that anything has moved. Iterates outside of a
law's hypotheses are counted apart, and so are starts that were left out for want of time (30 seconds a law).

What a law is made of is the claim's own code: the statement that the claim decides of the project's solvers is decided
of the trainer's step.
"""

from claims.conformance.laws.balance import imbalance_moves_by_the_square_of_eta
from claims.conformance.laws.descent import descent_lemma, loss_falls_from_anywhere, one_layer_contracts
from claims.conformance.laws.fixed_points import (
    negative_eigenvalues_are_not_learned,
    residual_layers_contract,
    wrong_sign_is_never_left,
    zero_is_stationary,
)
from claims.conformance.laws.holding import BrokenLawError, Held
from claims.conformance.laws.law import Law
from claims.conformance.laws.modes import modes_move_apart
from claims.conformance.laws.near_targets import balance_is_kept, linear_rate, margin_is_kept
from claims.conformance.laws.trainers import HeldTrainer, UnusableTrainerError

LAWS: tuple[Law, ...] = (
    imbalance_moves_by_the_square_of_eta,
    balance_is_kept,
    loss_falls_from_anywhere,
    descent_lemma,
    one_layer_contracts,
    linear_rate,
    margin_is_kept,
    negative_eigenvalues_are_not_learned,
    wrong_sign_is_never_left,
    zero_is_stationary,
    modes_move_apart,
    residual_layers_contract,
)
"""By claim."""

__all__ = ["LAWS", "BrokenLawError", "Held", "HeldTrainer", "Law", "UnusableTrainerError"]
