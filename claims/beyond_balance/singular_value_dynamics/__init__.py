"""What the flow does to each singular value and vector, for any loss, and why deep networks prefer low rank.

Setting. W = W_N ... W_1, N >= 1, follows the gradient flow of its layers for a continuously differentiable loss L(W),
H = dL/dW, and all imbalances B_j = W_{j+1}^T W_{j+1} - W_j W_j^T are zero. W = sum_r sigma_r u_r v_r^T with complete
orthonormal bases, sigma_r = 0 beyond min(d_0, d_N), and h_rq = u_r^T H v_q. A value is simple if no other equals it.

Statement.

1. Values. Where sigma_s > 0 is simple,

       sigma_s' = -N sigma_s^{2-2/N} h_ss.

2. Vectors. There, for every other r and q, of values equal among themselves or zero too,

       <u_r, u_s'> = (sigma_s h_rs + sigma_r h_sr) / (sigma_r^{2/N} - sigma_s^{2/N}),
       <v_q, v_s'> = (sigma_s h_sq + sigma_q h_qs) / (sigma_q^{2/N} - sigma_s^{2/N}),

   where a term with sigma = 0 is zero, whether there is such an h or not.

3. Rank. Let N >= 2 and p = 1 - 2/N. Where sigma_s > 0 is simple,

       (ln sigma_s)' = -2 h_ss,    N = 2,
       (sigma_s^{-p})' = (N-2) h_ss,    N >= 3.

   So while |H|_2 <= M the r-th largest value, simple or not, has

       sigma_r(t) >= sigma_r(0) e^{-2 M t},    N = 2,
       sigma_r(t)^{-p} <= sigma_r(0)^{-p} + (N-2) M t,    N >= 3,

   and the rank of W never changes. For L = 1/2 ||W - Phi||_F^2 one may take M = (2 L(0))^{1/2}. For N = 1 a value may
   reach zero.

4. Bias to low rank. Let the values sigma_1 and sigma_2 start from sigma_0 > 0, be simple for t > 0, and -h_11 >=
   -k h_22 all along, k > 0. Then

       sigma_1 - sigma_0 >= k (sigma_2 - sigma_0),                             N = 1,
       sigma_2 <= sigma_0 (sigma_1 / sigma_0)^{1/k},                           N = 2,
       sigma_2^{-p} >= (1 - 1/k) sigma_0^{-p} + (1/k) sigma_1^{-p},            N >= 3.

   So, if k > 1 and N >= 3,

       sigma_2 < (1 - 1/k)^{-N/(N-2)} sigma_0,    however large sigma_1.

   When sigma_1 is of order 1, sigma_2 is at most of order 1, sigma_0^{1-1/k}, sigma_0 for N = 1, N = 2 and N >= 3. All
   of these are equalities for L = -<diag(k, 1), W> and W(0) = sigma_0 I, where sigma_1 grows beyond all bounds: no
   smaller constant will do.

Proof of 1 and 2. By DL-026, in the bases of W,

    u_r^T W' v_q = -h_rq sum_j sigma_r^{2(N-j)/N} sigma_q^{2(j-1)/N}
                 = -h_rq (sigma_r^2 - sigma_q^2) / (sigma_r^{2/N} - sigma_q^{2/N}),

N sigma^{2-2/N} where both are equal. A simple value and its vectors are continuously differentiable, and the derivative
of W v_s = sigma_s u_s and of W^T u_s = sigma_s v_s is sigma_s' = u_s^T W' v_s and, with a = u_r^T W' v_s and
b = u_s^T W' v_r,

    a + sigma_r <v_r, v_s'> = sigma_s <u_r, u_s'>,    b + sigma_r <u_r, u_s'> = sigma_s <v_r, v_s'>,

of determinant sigma_s^2 - sigma_r^2 != 0.

Proof of 3. 1 divided by powers of sigma. Within a group of m equal values the velocity is -N sigma^{2-2/N} times an
m x m block of H, of norm <= M: no value falls faster than N sigma^{2-2/N} M. For the squared loss |H|_2 <= ||H||_F =
(2L)^{1/2}, which does not grow.

Proof of 4. Let tau(a, b) = int_a^b dx / (N x^{2-2/N}): b - a, ln(b/a)/2 and (a^{-p} - b^{-p})/(N-2). By 1 the integral
of -h_rr over time is tau(sigma_0, sigma_r), so that tau(sigma_0, sigma_1) >= k tau(sigma_0, sigma_2). (From different
starts it is the same with these in tau.)

Hypotheses. "balance", all B_j = 0 (none is needed at N = 1); "simple values"; "depth", N >= 2 in 3 and N >= 3 in the
last part of 4; "ratio", k > 1 there. Any widths and any rank, any loss: at one time H is arbitrary.

Source. ACHL19 (arXiv:1905.13655), Theorem 3, cited from memory: 1, for a loss that is analytic.

Differs from the source. Simple values instead of an analytic loss, 2 for values that are zero or equal among
themselves, 3's bounds and all of 4 are this project's.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import ACHL19

CLAIM = Claim(
    uid="DL-067",
    title="Singular values under any loss",
    statement=__doc__,
    sources=(ACHL19.at("Theorem 3"), DLC.at("DL-067")),
    items=("13.6.1", "13.6.2"),
    status=Status.THEOREM,
    hypotheses=("balance", "simple values", "depth", "ratio"),
    uses=("DL-026",),
)
