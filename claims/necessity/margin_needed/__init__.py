"""Without a deficiency margin gradient descent can fail for all time, even from balanced weights.

Statement. l = 1/2 ||W - Phi||_F^2 is the loss, N the depth; the weights at step 0 are exactly balanced. Three starts
without a positive margin, from each of which l stays away from 0 for ever, but for Phi = 0 in the third:

1. Symmetric layers. Let N be even, the layers and Phi square, Phi symmetric with a negative eigenvalue, and
   W_1(0) = ... = W_N(0) = I. Then, under every learning rate and at every step t,

       all layers are equal, symmetric and commute with Phi,
       W(t) = A(t)^N, for A(t) the layer, is positive semidefinite,
       l(t) >= 1/2 sum of the squares of Phi's negative eigenvalues.

2. The wrong sign. Let N >= 2, all widths be 1, Phi = -1, w_1(0) = ... = w_N(0) = 1 and 0 < eta < 1/2. Then all layers
   stay equal, to w(t) say, and for every t

       0 < w(t+1) <= w(t) <= 1,  l(t) > 1/2,  and  l(t) -> 1/2.

3. Zero. Let N >= 2 and W_1(0) = ... = W_N(0) = 0, Phi any matrix. The margin is sigma_min(Phi) - Phi_F <= 0, with
   equality exactly for Phi = 0 and for a single row or column. The point is stationary: l(t) = Phi_F^2 / 2 for ever.

Each proof is an induction over one step, so one step is what is decided, on every state that the invariant allows.

Proof of 1. For equal layers A, symmetric and commuting with Phi, every D_j is A^{N-1} (A^N - Phi): the same for all j,
symmetric, and commuting with Phi. So a step keeps all three. In a basis of common eigenvectors, w of A and lambda of
Phi, the loss is 1/2 sum (w^N - lambda)^2, and w^N >= 0 as N is even: (w^N - lambda)^2 >= lambda^2 where lambda < 0.

Proof of 2. w' = w - eta w w^{N-2} (w^N + 1), and w^{N-2} (w^N + 1) <= 2 for 0 < w <= 1: 0 < (1 - 2 eta) w <= w' <= w.
The limit of w(t) is a fixed point, w^{N-1} (w^N + 1) = 0, which is 0; and l - 1/2 = w^N (w^N + 2) / 2 > 0.

Proof of 3. In every D_j there is a product of N - 1 >= 1 layers that are 0. sigma_min(Phi)^2 is one of the
min(rows, columns) squares whose sum is Phi_F^2.

Hypotheses. As stated; they are those of Theorem 1 (``linear_rate``, DL-004) without the positive margin.
Source. 1: ACGH19 (arXiv:1810.02281), Claim 5, after BHL18 (arXiv:1802.06093), Theorem 4. 2 and 3: this project.
Differs from the source. 2 and 3 are this project's; 1 in wording alone, as far as is meant.
"""

from claims.suite import ACGH19, BHL18, Claim, Status

CLAIM = Claim(
    uid="DL-006",
    title="The margin is needed",
    statement=__doc__,
    sources=(ACGH19.at("Claim 5"), BHL18.at("Theorem 4")),
    items=("5.1", "5.2", "5.3"),
    status=Status.THEOREM,
    hypotheses=("N even", "start", "eta < 1/2", "N >= 2"),
)
