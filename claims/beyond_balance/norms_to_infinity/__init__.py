"""Completing a matrix, every norm of which goes to infinity as the loss goes to 0.

Setting. W is 2 x 2 and three entries of it are observed: with the mask M of ones but for M_11 = 0,

    L(W) = 1/2 ((W_12 - 1)^2 + (W_21 - 1)^2 + W_22^2),    H = dL/dW = M * (W - Phi),    Phi = [[0, 1], [1, 0]].

Statement. Let rho = ((1 + 8 L)^{1/2} - 1)/2.

1. Pointwise. If det W >= 0 and 0 < L <= 3/8, then

       |W_11| >= (1 - rho)^{3/2} rho^{-1/2},
       sigma_2(W) < |W_22| <= (2 L)^{1/2}.

   The first is attained for every such L, and behaves as (2L)^{-1/2} as L -> 0: so every norm of W goes to infinity,
   and W comes near to rank one. 3/8 is sharp: at every L in (3/8, 1/2) some W has a smaller |W_11|.

2. Gradient flow. Let N >= 2, all imbalances 0. With W = U S V^T, S of the singular values, for any C^1 loss

       d/dt det W = -N det W tr (V S^{1-2/N} U^T H),

   so that det W keeps its sign, and 1 holds from det W(0) > 0 on, whenever L <= 3/8. That L -> 0 is not claimed.

3. Gradient descent, N = 2, W_2(0) = W_1(0)^T = U. Then W_2 = W_1^T for ever, U <- (I - eta H) U, and
   det W = (det U)^2 >= 0 whatever the learning rate: 1 holds whenever 0 < L <= 3/8.

4. Gradient descent, one step. If eta |D_j|_2 < sigma_min(W_j) for every j, every det W_j keeps its sign. From W_j = I

       det W(1) = (1 - eta - eta^2)^N,

   which is negative exactly where N is odd and eta > (5^{1/2} - 1)/2.

Proof of 1. With u = W_12, v = W_21, z = W_22: |1 - u|, |1 - v| <= (2L)^{1/2} < 1, so u, v > 0, W_11 z >= u v > 0 and
|W_11| >= u v / |z|. Let g = (u v)^{1/2}; 2L = rho (1 + rho), and

    z^2 = 2L - (1 - u)^2 - (1 - v)^2 = 2L - 1 + 2 g^2 - (u + v - 1)^2,    u + v >= 2 g.

Where g >= 1/2, z^2 <= 2L - 2 (1 - g)^2, and

    rho g^4 - (1 - rho)^3 (2L - 2 (1 - g)^2)
        = (g - 1 + rho)^2 (rho g^2 + 2 rho (1 - rho) g + (1 - rho)^2 (2 + rho)) >= 0.

Where g < 1/2, z^2 <= 2L - 1 + 2 g^2, and rho g^4 - 2 (1 - rho)^3 g^2 decreases in g^2 up to (1 - rho)^3/rho, which is
at least 1/4 as rho <= 1/2: it is at least its value at g = 1/2, where both bounds on z^2 are one. Attained at
u = v = 1 - rho. And putting u v / W_11 for z makes W of rank one, at a distance |z - u v / W_11| < |z|.

Beyond 3/8, rho > 1/2: with u, v = 1/2 +- h, u + v = 1, near u v = (1 - rho)^2 < 1/4 the bound on z^2 of the second case
is attained, and the difference above is negative.

Proof of 2. W' = -sum_j A_j A_j^T H C_j^T C_j with A_j A_j^T = U S^{2(N-j)/N} U^T, C_j^T C_j = V S^{2(j-1)/N} V^T
(DL-009); where W is invertible d/dt det W = det W tr (W^{-1} W'), whose exponents add up to 1 - 2/N. Both sides are
continuous in W, and det W solves a linear equation with bounded coefficient.

Proof of 4. W_j - s eta D_j is invertible for 0 <= s <= 1.

Hypotheses. Each is needed: det W >= 0, L <= 3/8, N >= 2 and balance for the flow, W_2 = W_1^T for descent, and that up
to the last bit: from W_1 = I, W_2 = I but for one entry 2^{-52}, eta = 1/2, det W is negative after 300 steps. So layer
by layer floating point need not show 3; the iteration of U does.
Source. RC20 (arXiv:2005.06398) has the example and the flow's part; cited from memory.
Differs from the source. The source has other constants. Those here, their sharpness and the statements of descent are
this project's.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import RC20

CLAIM = Claim(
    uid="DL-068",
    title="Norms that go to infinity",
    statement=__doc__,
    sources=(RC20, DLC.at("DL-068")),
    items=("13.7.1", "13.7.2"),
    status=Status.THEOREM,
    hypotheses=("det W >= 0", "L <= 3/8", "depth two or more", "balance of the flow", "W_2 = W_1^T"),
    uses=("DL-009",),
)
