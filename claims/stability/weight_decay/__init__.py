"""Weight decay: every critical point is balanced and known, which of them are minima, and when zero is the best.

Setting. N >= 2 layers of any widths d_0, ..., d_N, any target Phi with singular values sigma_1 >= ... >= sigma_n,
n = min(d_0, d_N), and p = min_j d_j. With lambda > 0

    F = l + lambda/2 sum_j ||W_j||_F^2,   l = 1/2 ||W_N ... W_1 - Phi||_F^2,   F_j = D_j + lambda W_j = dF/dW_j.

Statement.

1. Balance. For all weights, and for any loss of W in place of l,

       lambda B_j = W_{j+1}^T F_{j+1} - F_j W_j^T,   B_j = W_{j+1}^T W_{j+1} - W_j W_j^T,

   so that critical points are exactly balanced. Under the flow B_j' = -2 lambda B_j; a step of descent has

       B_j(t+1) = (1 - eta lambda)^2 B_j(t) + eta^2 (D_{j+1}^T D_{j+1} - D_j D_j^T).

2. Every critical point. It is zero, or for some r <= p, orthonormal systems q_1^{(j)}, ..., q_r^{(j)} in each R^{d_j},
   and modes sigma_i of Phi, with (q_i^{(N)}, q_i^{(0)}) singular pairs,

       W_j = sum_i s_i q_i^{(j)} q_i^{(j-1)T},   s_i > 0,   s_i^N + lambda s_i^{2-N} = sigma_i;

   and all of these are critical. (At N = 1 only W = Phi / (1 + lambda) is: no mode can be left out.)

3. The Hessian there. Let i, k be modes carried, b one left out of the n, and sigma_b may be 0. Its eigenvalues are

       2 lambda                                         N - 1 times for each i,
       N s_i^{2N-2} - (N-2) lambda                      for each i,
       s_i^{N-2} (sigma_i + sigma_b), s_i^{N-2} (sigma_i - sigma_b)                       for each i and b,
       s_i^{N-2} sigma_i                                |d_N - d_0| times for each i,
       0 and 2 lambda                                   r (d_j - r) times each, j = 1..N-1,
       lambda + sigma_b, lambda - sigma_b               N = 2: d_1 - r times for each b,
       lambda                                           on all that is left of entries from rest to rest,

   and those of a form of 2N variables for each pair i < k, with N - 1 zeros, N - 1 positive ones, and two more of the
   signs of

       (sigma_i + sigma_k) / (s_i^N + s_k^N) > 0,   (sigma_i - sigma_k) / (s_i^N - s_k^N),

   where s_i = s_k means the derivative, (N s^{2N-2} - (N-2) lambda) / (N s^{2N-2}). So it is positive semidefinite iff
   every N s_i^{2N-2} >= (N-2) lambda (s_i is the larger root), no mode left out is above one carried, nor, if N = 2 and
   r < p, above lambda. The zeros that no rotation of a hidden layer accounts for are the cases of equality.

4. A bound. For all weights, sigma_i(W) being the singular values of W,

       F >= sum_i g_i(sigma_i(W)),   g_i(a) = 1/2 (a - sigma_i)^2 + (N lambda / 2) a^{2/N},   i = 1..n,

   with equality at the points of 2 where the larger mode is carried with the larger s.

5. Local minima. N >= 3: these are the points of 2 with N s_i^{2N-2} > (N-2) lambda at which no mode left out is above
   one carried: a prefix of the modes in their order, zero included, where the Hessian is lambda I. Any other critical
   point has a negative eigenvalue or a double root, and F is lower arbitrarily near. N = 2: none is poor, and they have
   W = sum_{i <= p} (sigma_i - lambda)_+ u_i v_i^T.

6. Thresholds.

       lambda*(sigma) = (N-2)^{1-2/N} (sigma/(N-1))^{2-2/N},               sigma for N = 2,
       lambda_c(sigma) = N/(N-2) (sigma (N-2)/(2N-2))^{2-2/N},             N >= 3.

   Zero is a global minimum iff lambda >= lambda*(sigma_1). There are other critical points iff
   lambda <= lambda_c(sigma_1) (N = 2: lambda < sigma_1). Global minima carry each mode i <= p with lambda <
   lambda*(sigma_i), none with lambda > lambda*(sigma_i); at equality either is global, and s^N falls from
   sigma_i (N-2)/(N-1) to 0. For N >= 3 some local minimum is poor iff lambda < lambda_c(sigma_i) and
   lambda != lambda*(sigma_i) for some i <= p: so for all lambda < lambda_c(sigma_1) but lambda*(sigma_1). There DL-023
   has no counterpart with decay.

Proof of 1. W_{j+1}^T D_{j+1} = D_j W_j^T (DL-002). Of the terms of first order in eta the law keeps -2 eta lambda B_j,
of the second eta^2 lambda^2 B_j and the gradients' own. Coq's kernel has checked all but the flow, in
``claims/formal/weight_decay.v``.

Proof of 2. Let q_i^{(0)} be right singular vectors of W_1 with values s_i > 0, and q_i^{(j)} = W_j q_i^{(j-1)} / s_i.
As W_{j+1}^T W_{j+1} = W_j W_j^T, these are orthonormal eigenvectors of it, and all of those with a positive value: W_j
is as stated. F_1 = 0 reads W_{2:N}^T (W - Phi) = -lambda W_1; its row of q_i^{(1)} is s_i^{N-1} (s_i^N q_i^{(0)} -
Phi^T q_i^{(N)}) = -lambda s_i q_i^{(0)}, so Phi^T q_i^{(N)} = (s_i^N + lambda s_i^{2-N}) q_i^{(0)}, and F_N = 0 gives
the same of Phi. Conversely D_j = sum_i s_i^{N-1} (s_i^N - sigma_i) q_i^{(j)} q_i^{(j-1)T} = -lambda W_j, as N >= 2.

Proof of 3. In these bases, <V, H V> = ||dW||^2 + 2 <G, d2W> + lambda ||V||^2, with dW and d2W the sums of the products
with one layer and with two replaced by V's. G is diagonal, -lambda s_i^{2-N} on modes carried, -sigma_b on others; so
entries of V interact in the blocks above, as s^{2N-2} + lambda = s^{N-2} sigma. For a pair let x_j, y_j be the entries
(i, k) and (k, i) of V_j. On the directions with dW = 0, W_j -> g_j W_j g_{j-1}^{-1} with g_j = exp(t(P_j + K_j)), P_j
symmetric and K_j skew, the form is 2 lambda ||P W - W P||^2: zero for the N - 1 rotations alone. What is left is the
second derivative of F minimised over the factors of W, which is 1/2 ||W - Phi||^2 + (N lambda / 2) sum sigma(W)^{2/N}:
1/2 (u + v)^2 and 1/2 (u - v)^2 times the two quotients, u and v the entries of dW. (Haynsworth adds the inertias.)

Proof of 4. ||W - Phi||_F^2 >= sum_i (sigma_i(W) - sigma_i)^2 (DL-010, Mirsky). By Horn's inequalities for products and
by the means, sum_i sigma_i(W)^{2/N} <= sum_i prod_j sigma_i(W_j)^{2/N} <= 1/N sum_j ||W_j||_F^2.

Proof of 5, N >= 3. Such a point has F = sum_i g_i(sigma_i(W)), each sigma_i(W) a strict local minimum of g_i (zero is
one since 2/N < 1); singular values move little, so 4 gives F >= that nearby. At a point with a double root g_i' has
one sign about s_i^N, and scaling s_i down lowers F. N = 2: g_i is convex, with the minimum (sigma_i - lambda)_+.

Proof of 6. g_i'(a) = 0 means lambda = (sigma - a) a^{1-2/N}, largest at a = sigma (N-2)/(2N-2). With g_i(a) = g_i(0)
too a = sigma (N-2)/(N-1). The prefixes' values differ by the sums of g_i(s_i^N) - g_i(0).

Hypotheses. "equal decay" (one lambda for all layers) and "decay" (lambda > 0; != 0 is enough for balance), asked for by
1; "strict root" (N s^{2N-2} > (N-2) lambda) and "depth" (N >= 3), by the first part of 5. Any widths, any Phi.

Source. ZLM22 (arXiv:2202.04777), cited from memory.

Differs from the source. The source treats one output, where zero is a minimum, and thresholds. The statements for any
widths and targets, 3 to 5 and the values of 6 are this project's.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import ZLM22

CLAIM = Claim(
    uid="DL-066",
    title="Weight decay",
    statement=__doc__,
    sources=(ZLM22, DLC.at("DL-066")),
    items=("13.5.1", "13.5.2", "13.5.3"),
    status=Status.THEOREM,
    hypotheses=("equal decay", "decay", "strict root", "depth"),
    uses=("DL-002", "DL-010"),
)
