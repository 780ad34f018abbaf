"""Statements 1 to 3 for gradient descent, checked by Coq's kernel."""

from claims.suite import formal
from claims.suite.prover import proved

THE_FORM_STAYS = r"""
forall (R : comRingType) (d : nat -> nat) (N : nat) (Q : forall j, 'M[R]_(d j)) (S : weights R d)
       (Phi : 'M[R]_(d N, d 0%N)) (eta : R) (t : nat),
(forall j, (Q j)^T *m Q j = 1%:M) ->
(forall j, (j < N)%N ->
  descent eta (Q N *m Phi *m (Q 0%N)^T) (turned Q S) t j = turned Q (descent eta Phi S t) j) /\
sqnorm (residual (Q N *m Phi *m (Q 0%N)^T) (descent eta (Q N *m Phi *m (Q 0%N)^T) (turned Q S) t))
= sqnorm (residual Phi (descent eta Phi S t))
"""

MODES_LEARN_APART = """
forall (R : comRingType) (d : nat -> nat) (N : nat) (a : nat -> nat -> R) (s : nat -> R) (eta : R) (t j : nat),
(j < N)%N ->
descent eta (diagonal (d N) (d 0%N) s) (diagonals d a) t j =
diagonal (d j.+1) (d j) (fun i => if passes d 0 N i then scalar_descent N eta (s i) (fun r => a r i) t j else a j i)
"""

LOSS_OF_MODES = r"""
forall (R : comRingType) (d : nat -> nat) (N : nat) (a : nat -> nat -> R) (s : nat -> R),
sqnorm (residual (diagonal (d N) (d 0%N) s) (diagonals d a)) =
\sum_(0 <= i < minn (d N) (d 0%N))
  (if passes d 0 N i then scalar_residual N (s i) (fun r => a r i) ^+ 2 else s i ^+ 2)
"""


@formal
def test_the_form_stays() -> None:
    """Over any commutative ring, at every step, with the loss. Leaves out: gradient flow."""
    proved("scalar_modes.v", "the_form_stays", THE_FORM_STAYS)


@formal
def test_modes_learn_apart() -> None:
    """Entries of matrices of any shapes; a mode moves if it is below every width. Leaves out: gradient flow."""
    proved("scalar_modes.v", "modes_learn_apart", MODES_LEARN_APART)


@formal
def test_loss_of_modes() -> None:
    """Twice the loss. Leaves out: nothing."""
    proved("scalar_modes.v", "loss_of_modes", LOSS_OF_MODES)
