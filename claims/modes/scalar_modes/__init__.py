"""Layers diagonal in matching bases stay so, under descent and under flow: each mode is a scalar network of its own.

Notation. Let Q_0, ..., Q_N be orthogonal (Q_j is d_j x d_j), let S_1, ..., S_N (S_j is d_j x d_{j-1}) and S (d_N x d_0)
be diagonal: rectangular, with entries of either sign or 0. The network and its target are

    W_j = Q_j S_j Q_{j-1}^T for j = 1..N,    Phi = Q_N S Q_0^T.

So Q_N and Q_0 are singular bases of Phi, and layer j ends in the basis that layer j + 1 begins with.

Statement. For every N >= 1, all widths and every learning rate eta:

1. The form stays. Gradient descent keeps it, with the same Q_j, for ever; so does gradient flow.

2. Modes. Let i <= min(d_0, ..., d_N), let a_1, ..., a_N be the i-th entries of S_1, ..., S_N and s that of S. They move
   as the scalar network of depth N whose target is s:

       a_j <- a_j - eta (prod_{k != j} a_k) (a_1 ... a_N - s).

   All other entries never move.

3. The loss l is the sum of the scalar networks' losses, and of s^2 / 2 over the modes beyond the narrowest width.

Proof. D_j = Q_j E_j Q_{j-1}^T, with E_j the layer gradients of S_1, ..., S_N on S, since the Q_k^T Q_k inside cancel.
Of diagonal matrices products, transposes and differences are diagonal, and entry i of a product through a width below i
is 0.

For descent, induction on t. For flow: solutions of the scalar equations give weights that solve dW_j/dt = -D_j, and
the field is a polynomial, so there is no other solution.

Hypotheses. As stated.

Source. SMG14 (arXiv:1312.6120): Section 1 for two layers, Section 2 for depth N.

Differs from the source. Rectangular layers and modes that a width cuts off are this project's.
"""

from claims.suite import SMG14, Claim, Status

CLAIM = Claim(
    uid="DL-029",
    title="Modes learn apart",
    statement=__doc__,
    sources=(SMG14.at("Sections 1 and 2"),),
    items=("9.1",),
    status=Status.THEOREM,
    hypotheses=("singular bases of the target", "shared hidden bases"),
)
