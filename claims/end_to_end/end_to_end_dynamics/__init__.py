"""Under gradient flow the product of balanced layers moves as if its gradient had been preconditioned.

Notation. W = W_N ... W_1; L(W) is any differentiable loss and G = dL/dW; the layers follow its gradient flow, and all
imbalances B_j = W_{j+1}^T W_{j+1} - W_j W_j^T are zero. s_1 >= s_2 >= ... are the singular values of W, with s_r = 0
beyond min(d_0, d_N). Powers have A^0 = I and 0^0 = 1.

Statement.

1. The flow of the product. W follows an equation of its own, in which the layers no longer occur:

       dW/dt = - sum_{j=1}^N [W W^T]^{(N-j)/N} G [W^T W]^{(j-1)/N}.

   A^0 = I also where A is singular (it is not the projector on the range of A): the term j = N is
   G [W^T W]^{(N-1)/N}, because no layer stands to the left of W_N.

2. A preconditioner. vec(dW/dt) = -P_W vec(G), where P_W is symmetric and positive semidefinite. It has an eigenvalue
   for each pair r = 1..d_N, q = 1..d_0, namely

       sum_{j=1}^N s_r^{2(N-j)/N} s_q^{2(j-1)/N}.

3. The rate of descent. So -dL/dt = <vec G, P_W vec G>, and the least eigenvalue of P_W is

       sigma_min(W)^{2(N-1)/N}      where d_0 != d_N,
       N sigma_min(W)^{2(N-1)/N}    where d_0 = d_N.

4. One output, or one input. W is a row or a column, and

       dW/dt = -||W||^{2-2/N} (G + (N-1) (<G, W> / ||W||^2) W),    0 at W = 0 if N >= 2.

5. Rank. If N >= 2, no layer changes its rank, and so neither does W: each column of D_1 = -dW_1/dt is in the range
   of W_1.

Proof of 1. D_j = W_{j+1:N}^T G W_{1:j-1}^T, so by the product rule

    dW/dt = - sum_j W_{j+1:N} W_{j+1:N}^T G W_{1:j-1}^T W_{1:j-1}.

By balance (``balanced_spectrum``, DL-009) the outer factors are powers of the last and of the first layer,

    W_{j+1:N} W_{j+1:N}^T = (W_N W_N^T)^{N-j},
    W_{1:j-1}^T W_{1:j-1} = (W_1^T W_1)^{j-1},

and by the same W W^T = (W_N W_N^T)^N and W^T W = (W_1^T W_1)^N. The positive semidefinite root is unique.

Proof of 2. The map X -> A X B takes u_r v_q^T to a_r b_q u_r v_q^T, for singular vectors u_r, v_q of W.

Proof of 3. Each term of an eigenvalue grows with s_r and with s_q, so the least one is at the least of both. Where
d_0 = d_N no s is zero for want of a partner; elsewhere one of the two is.

Proof of 4. W^T W is ||W||^2 times a projector, and so are its powers times theirs.

Proof of 5. D_1 = W_{2:N}^T G, and W_{2:N}^T W_{2:N} = (W_1 W_1^T)^{N-1} has the range of W_1. So D_1 = W_1 X with X
bounded on bounded sets (s^{N-2} times G), which makes W_1(t) = W_1(0) Z(t) with Z invertible. The layers stay balanced
(``balancedness``, DL-002), so that W^T W = (W_1^T W_1)^N has the same rank.

Hypotheses. Exact balance (none is needed at N = 1); one output or one input in 4. Every width, bottlenecks too, every
rank, zero included, every loss: G is arbitrary.

Not covered. Sampled flows are integrated numerically, at two tolerances: agreement within what these differ by is no
proof.

Source. ACH18 (arXiv:1802.06509), Theorem 1, Claims 1 and 2.

Differs from the source. 5, and the factor N in 3, are this project's.
"""

from claims.suite import ACH18, DLC, Claim, Status

CLAIM = Claim(
    uid="DL-026",
    title="Depth preconditions the flow",
    statement=__doc__,
    sources=(ACH18.at("Theorem 1, Claims 1 and 2"), DLC.at("DL-026")),
    items=("8.1", "8.2", "8.3", "4.1"),
    status=Status.THEOREM,
    hypotheses=("balance", "one output"),
    uses=("DL-002", "DL-009"),
)
