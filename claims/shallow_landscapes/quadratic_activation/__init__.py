"""Quadratic activation: second order is global with enough units or both signs, few samples, in the Gaussian mean.

Statement. Let W be d x k, Y = W W^T, and L(W) = F(Y) with F convex and twice differentiable on symmetric matrices. Let
G be the gradient of F at Y. So a network of k units (w_j . x)^2 with a convex loss has F(Y) = mean of
loss_l(x_l^T Y x_l) + <C, Y>, C = c I being weight decay. W is critical if G W = 0, second-order if also the Hessian H
of L is positive semidefinite; global if F(Y) is least among all positive semidefinite matrices, that is, for every
number of units.

1. Enough units. Let W be second-order. If rank W < k, or k >= d, then W is global.

2. Both signs. Let Y = sum_j s_j w_j w_j^T with s_j = +-1, at least d of each sign. Then at a second-order point G = 0,
   and F(Y) is least among all symmetric matrices. For every d >= 2 it fails where one sign has d, the other d - 1.

3. What is needed. For k = 1 < d = 2 and for F not convex at d = k = 1 there are poor strict minima:

       L(z) = 1/4 sum_l ((a_l . z)^2 - (a_l . x)^2)^2,   a = (2,0), (0,2), (1,1),   x = (1,1),   z = (1,-1),   L = 4;
       L(w) = (s - 1)^2 ((s - 3)^2 + 1/10),   s = w^2,   at s = 5/2 + 5^{-1/2}.

   At k = 2, W = [z, 0] has curvature -8 along (1,1)/2^{1/2} in the second unit.

4. The Gaussian mean. Let F(Y) = 1/4 <N, T N>, N = Y - M, T X = 2 X + tr(X) I, which is 1/4 of the mean of
   (x^T N x)^2 over Gaussian x. M is symmetric with eigenvalues lambda_a and eigenvectors q_a. Critical are

       W = sum_{i in I} s_i^{1/2} q_i p_i^T,   r = |I| <= min(k, d),   p_i orthonormal,   s_i = lambda_i - tau/2 > 0,
       tau = -2t/(2 + r),   t = sum_{a not in I} lambda_a,

   and no others (lambda_i <= 0 is allowed). There L = 1/2 (sum_{a not in I} lambda_a^2 + t^2/(2 + r)), and H has

       2 (lambda_i - lambda_a)    for i in I, a not in I,
       tau - 2 lambda_a           for a not in I,   k - r times each,
       2 (s_i + s_j)              for i < j in I,
       the r eigenvalues of 4 diag(s) + 2 s^{1/2} (s^{1/2})^T,
       0                          r (k - r) + r (r - 1) / 2 times.

   L is benign at every k: a critical point with no negative eigenvalue has the least value of L, and these are the
   points where r < k and 2 lambda_a <= tau for all a not in I, or r = k and I has the k largest eigenvalues. For M
   positive semidefinite: where t = 0, or r = k and I has the k largest.

5. Few samples. Let F(Y) = sum_{l <= n} loss_l(x_l^T Y x_l) + <C, Y>, each loss_l convex and twice differentiable.

       Generic C.  If n < k (k + 1) / 2 then, for all C but a set of measure zero, every critical W has rank < k, so
                   that every second-order point is global (DL18 with its own perturbation, cited from its abstract).
       Every C.    If n < 2k then every second-order point is global, for all data, losses and C.
       Sharp.      For n = 2k, every k, some data, squared losses and C have a poor local minimum; from k = 2 on even
                   some C = c I, c > 0. At k = 4 that is 8 < k (k + 1) / 2 samples, so that "generic" is needed there.

   A least value need not be attained: loss log(1 + exp(-s)), C = 0.

Hypotheses. "width" (k >= d or rank W < k) and "convexity", asked for by 1; "both signs", by 2; "samples" and "generic",
by the first part of 5. "semidefinite" (M, in 4) is not needed.

Source. DL18 (arXiv:1803.01206) for 1 and 5; SJL17 (arXiv:1707.04926), Theorem 2.1, cited from memory, for 2.

Differs from the source. The instances of 2 and 3, 4, and in 5 the proof, the bound 2k and its sharpness are this
project's.

Proof of 1. <V, H V> = <S, F''(Y) S> + 2 <G, V V^T> with S = W V^T + V W^T. Where W p = 0, p != 0, take V = v p^T. Then
S = 0, so v^T G v >= 0. With G W = 0, F(Y') >= F(Y) + <G, Y' - Y> = F(Y) + <G, Y'> >= F(Y) for every Y' >= 0. If
rank W = k >= d then k = d, W is invertible and G = 0.

Proof of 2. If one of the two parts of W has rank d, G = 0. Else both have a kernel: G >= 0 by the first, <= 0 by the
second. Where it fails, t = 9/16: F(Y) = 1/4 <N, T N>, N = Y + e_2 e_2^T + ... + e_d e_d^T, T = [[1, t], [t, 1]] on X_11
and X_22, 1 + t on all other entries. The negative units are 3/4 e_1, e_3, ..., e_d, the positive ones zero. Then
G = (1 - t^2)/2 e_2 e_2^T. In <V, H V> the second coordinates have the coefficients (1 + t)(2t - 1) > 0 for 3/4 e_1,
t (1 + t) for the other negative units and 1 - t^2 for the positive ones; the other coordinates have a form that is zero
only along the orbit of the group that keeps Y: a local minimum. F = 0 with e_2 for 3/4 e_1.

Proof of 4. Critical points as for DL-035, from T(N) W = 0. In the bases completed by Y, R as there, M Y = Y Lambda,
S = diag(s)^{1/2}, H maps

    Q A P^T to Q (2 (S A^T + A S) S + 2 tr(S A) S) P^T,    Y C P^T to Y (C (2 S^2 + tau) - 2 Lambda C) P^T,
    Y D R^T to Y (tau - 2 Lambda) D R^T,                    Q B R^T to 0.

If r < k a point with no negative eigenvalue is global by 1. Let r = k, I top, and suppose L is lower elsewhere. Where
it is least r' < k, since L is the same at all points such as ours. There 2 lambda_a <= tau' outside I', so that
I' = {lambda > tau'/2}, the r' largest, is in I. From -(2 + r') tau'/2 = t' and
-(2 + k) tau/2 = t = t' - sum_{I - I'} lambda_i follow

    sum_{I - I'} s_i  =  (2 + r') (tau - tau') / 2,
    (2 + k) (tau - tau') / 2  =  sum_{I - I'} (lambda_i - tau'/2)  <=  0.

The s_i > 0 make the first positive, and the second makes it not.

Proof of 5, generic. G = C + sum_l rho_l x_l x_l^T has nullity >= rank W = k. Symmetric matrices of nullity >= k form
manifolds of codimension k (k + 1) / 2 and less dimension; adding the span of n matrices leaves measure zero.

Proof of 5, every C. By 1 let rank W = k, and v^T G v < 0. Let y_l = W^T x_l and V = v c^T + W B, B symmetric. Then

    <V, H V> = sum_l loss_l'' (x_l^T S x_l)^2 + 2 |c|^2 v^T G v,    x_l^T S x_l = 2 ((x_l . v)(y_l . c) + y_l^T B y_l).

If the y_l do not span R^k, some c != 0 with B = 0 makes all n numbers zero. If they do, the matrices y_l y_l^T span a
space of dimension >= k, so that the numbers y_l^T B y_l fill a subspace E of R^n of dimension >= k. As n < 2k, R^n / E
has dimension < k: for some c != 0 the numbers (x_l . v)(y_l . c) are in E, and some B cancels them. Then <V, H V> < 0.

Proof of 5, sharp. d = k + 1, x = e_i + e_{k+1} and e_i - e_{k+1} for i <= k, loss_l(u) = (u - y)^2 / 2. Let w_i be the
rows of W and z the last one. With C = c I, q^2 = y - c/2 > 0 and g = (k - 1) c, up to a constant

    L = sum_i (|w_i|^2 + |z|^2 - q^2)^2 + 4 sum_i (w_i . z)^2 - g |z|^2.

At w_i = q e_i, z = 0 this is 0, and near it not less if g < 4 q^2, as sum_i (w_i . z)^2 >= sigma_min^2 |z|^2 for the
smallest singular value of the w_i. At w_i = 0, |z| = q it is -g q^2. For k = 1 take C = -g e_2 e_2^T.

Open here. For generic C either bound is enough; n < 2k allows more at k = 2 (n = 3), n < k (k + 1) / 2 from k = 4 on
(n = 9). Whether still larger n are allowed for generic C, k >= 2.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import DL18, SJL17

CLAIM = Claim(
    uid="DL-039",
    title="Quadratic activation",
    statement=__doc__,
    sources=(DL18, SJL17.at("Theorem 2.1"), DLC.at("DL-039")),
    items=("11.5.1", "11.5.2", "11.5.3", "11.5.4", "11.5.5"),
    status=Status.THEOREM,
    hypotheses=("width", "convexity", "both signs", "semidefinite", "samples", "generic"),
    uses=("DL-035",),
)
