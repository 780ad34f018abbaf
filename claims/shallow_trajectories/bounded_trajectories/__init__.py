"""The imbalance bounds the layers by their product, so that gradient flow of a deep linear network stays bounded.

Notation. W_j the layers, W = W_N ... W_1, B_j = W_{j+1}^T W_{j+1} - W_j W_j^T the imbalance, b_j = |B_j|_2,
b = sum_j b_j. ||.||_F is Frobenius's norm, |.|_2 the spectral one.

Statement.
1. Depth 2. For any W_1, W_2, with B = B_1,

       max(||W_1 W_1^T||_F, ||W_2^T W_2||_F) <= (||B||_F + sqrt(||B||_F^2 + 4 ||W||_F^2)) / 2.

   Equality at width 1, always.

2. Every depth. For j = 1, ..., N

       |W_j|_2^2 <= |W|_2^{2/N} + b + min(sum_{k<j} b_k, sum_{k>=j} b_k) <= |W|_2^{2/N} + 3/2 b.

   Equality for balanced layers; and in layer 1 of every depth, with W = 0.

3. Flow. Under gradient flow of l = 1/2 ||W - Phi||_F^2, for all t >= 0, 1 holds with the B of time 0 and
   ||Phi||_F + sqrt(2 l(0)) for ||W||_F; so does 2, with |Phi|_2 + sqrt(2 l(0)) for |W|_2.

4. Convergence (cited from memory). A bounded trajectory of an analytic loss converges to a critical point
   (Lojasiewicz). So gradient flow converges from every start, at every depth; at depth 2 to a global minimum from
   almost every start.

Proof of 1. P = W_2^T W_2 and Q = W_1 W_1^T are of one size, P = Q + B and tr P Q = ||W||_F^2. So

    ||W||_F^2 = ||Q||_F^2 + tr B Q >= ||Q||_F^2 - ||B||_F ||Q||_F,

a quadratic inequality in ||Q||_F; and ||W||_F^2 = ||P||_F^2 - tr B P is one in ||P||_F.

Proof of 2. For a vector x let r_k = |W_k ... W_1 x|^2 / |W_{k-1} ... W_1 x|^2. With y = W_k z, z = W_{k-1} ... W_1 x,

    |W_{k+1} y|^2 = |W_k^T y|^2 + <y, B_k y> >= |W_k^T y|^2 - b_k |y|^2   and   |W_k^T W_k z| >= |W_k z|^2 / |z|,

so that r_{k+1} >= r_k - b_k. From x with r_1 = |W_1|_2^2 every factor is at least |W_1|_2^2 - b, which is at most
|W|_2^{2/N}. The transposed network says it of W_N; and | |W_{k+1}|_2^2 - |W_k|_2^2 | <= b_k leads from the nearer end
to layer j.

Proof of 3. The flow keeps every B_j (DL-002), and the loss does not rise: ||W - Phi||_F <= sqrt(2 l(0)).

Hypotheses. "flow", in 3: descent keeps B_j to second order only, and can diverge. "a loss that bounds W", in 3 and 4.
Open. Whether the last term of 2 is needed: none is known of a layer with |W_j|_2^2 > |W|_2^{2/N} + b.

Source. CLC18 (arXiv:1811.03568) for 4 and that trajectories are bounded.

Differs from the source. The bounds with their constants are this project's: the source's proof gives none.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import CLC18

CLAIM = Claim(
    uid="DL-057",
    title="Trajectories are bounded",
    statement=__doc__,
    sources=(CLC18, DLC.at("DL-057")),
    items=("12.10.1",),
    status=Status.THEOREM,
    hypotheses=("flow", "a loss that bounds W"),
    uses=("DL-002",),
)
