"""Factorisation of a symmetric matrix: every critical point, its Hessian's spectrum, and which are global.

Statement. Let U be n x k, k >= 1, M symmetric, N = U U^T - M, and for a direction V let S = U V^T + V U^T.

0. The common form of this chapter. Let T be linear and self-adjoint on symmetric matrices, f(U) = 1/4 <N, T N>. Then

       grad f(U) = T(N) U,      <V, H V> = 1/2 <S, T S> + <T(N), V V^T>.

From here on T is the identity, so f(U) = 1/4 ||U U^T - M||_F^2, and M is any symmetric matrix with orthonormal
eigenvectors q_a and eigenvalues lambda_a, in any order. No rank and no sign is asked for.

1. Every critical point. U is critical if and only if for some set I of r <= k eigenvectors with lambda_i > 0 (of some
   such basis q_a) and orthonormal p_i in R^k

       U = sum_{i in I} lambda_i^{1/2} q_i p_i^T.      Then  f(U) = 1/4 sum_{a not in I} lambda_a^2.

2. The Hessian's eigenvalues there, n k of them, are

       lambda_i + lambda_j   for i <= j in I,
       lambda_i - lambda_a   for i in I and a not in I,
       -lambda_a             for a not in I,   k - r times each,
       0                     r (k - r) + r (r - 1) / 2 times.

3. Global or strict. U is a global minimum if and only if its lambda_i are the largest min(k, p) eigenvalues, where p is
   the number of positive ones. Every other critical point is strict: the least eigenvalue of its Hessian is

       - max_{a not in I} lambda_a          if r < k,
       min_{i in I, a not in I} (lambda_i - lambda_a)    if r = k.

   If p <= k, let lambda_p be the least positive eigenvalue: then it is at most -lambda_p, with equality where I has
   all positive eigenvalues but lambda_p. (For M positive semidefinite of rank k that is BNS16's -lambda_k.)

4. Local maxima. U = 0 is a local maximum if and only if M is positive definite. No other critical point is one.

5. Columns beyond the rank. Let M be positive semidefinite of rank r <= k. The minimisers form a manifold of dimension
   r (k - r) + r (r - 1) / 2, and at each of them the Hessian has (n - r)(k - r) zeros more than that. In those
   directions f grows like the fourth power: f(U + t V) = f(U) + t^4/4 ||V V^T||_F^2.

6. Asymmetric factors. For U (m x k), V (n x k), M (m x n) let Z = [U; V] and K = [[0, M], [M^T, 0]]. Then

       1/2 ||U V^T - M||_F^2 + 1/8 ||U^T U - V^T V||_F^2  =  1/8 ||Z Z^T - 2K||_F^2 - 1/2 ||M||_F^2.

   So 1 to 4 hold for the left side (with half the Hessian), the eigenvalues of 2K being +-2 sigma_i(M) and zeros. Its
   critical points have U^T U = V^T V. Without the second term it is a network of two layers: DL-023 and DL-024.

Hypotheses. "self-adjoint", asked for by 0; "few positive eigenvalues" (p <= k), asked for by the end of 3; "definite",
by 4; "semidefinite" and "columns" (k >= rank M), by 5; "balancing" (the second term), by the last sentence but one
of 6. The rest asks for nothing.

Source. BNS16 (arXiv:1605.07221), for 1, 3 and 6.

Differs from the source. In the source M is positive semidefinite of rank k; any M, and 2, 4 and 5, are this project's.

Proof of 0. Along U + t V, N becomes N + t S + t^2 V V^T. Expand the bilinear form; <S, T N> = 2 <T(N) U, V>.

Proof of 1. Let U = Q S P^T be a thin singular value decomposition, S > 0. Then N U = (Q S^2 - M Q) S P^T, which is zero
if and only if M Q = Q S^2. And N = -sum_{a not in I} lambda_a q_a q_a^T.

Proof of 2. Let Y and R complete Q and P to orthogonal matrices, M Y = Y L. The Hessian maps

    Q A P^T to Q (S A^T + A S) S P^T,   Y C P^T to Y (C S^2 - L C) P^T,   Y D R^T to -Y L D R^T,   Q B R^T to 0.

The first couples A_ij and A_ji by [[lambda_j, s_i s_j], [s_i s_j, lambda_i]], of eigenvalues lambda_i + lambda_j and 0,
and takes A_ii to 2 lambda_i A_ii.

Proof of 3. By 2. If r < k and U is not as said, some positive eigenvalue is left out; if r = k, a larger one than some
lambda_i. At those that are as said f has the same value, the least since f has a minimum.
If p <= k and r = k, all positive eigenvalues are in I. So at every other point r < k, and I lacks one of the p.

Proof of 4. <U, H U> = 2 ||U U^T||_F^2 at a critical point. At U = 0, f(t q p^T) = f(0) - t^2 lambda/2 + t^4/4 for
M q = lambda q and unit vectors; and the Hessian there has the eigenvalues -lambda_a.

Proof of 5. They are Q S P^T with P in a Stiefel manifold, of dimension k r - r (r + 1) / 2. The zeros are the -lambda_a
of 2. For V = Y D R^T, S = 0 and N V = 0.

Proof of 6. Expand; ||U V^T||_F^2 = <U^T U, V^T V>. (u, v) / 2^{1/2} and (u, -v) / 2^{1/2} are eigenvectors of K for
singular pairs; I takes positive eigenvalues only, so the columns of U and V have equal inner products.

Not covered. How many steps descent takes: the sampled checks show where it ends.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import BNS16

CLAIM = Claim(
    uid="DL-035",
    title="Factorisation of a symmetric matrix",
    statement=__doc__,
    sources=(BNS16, DLC.at("DL-035")),
    items=("11.0", "11.1.1", "11.1.2", "11.1.3", "11.1.4", "11.1.5", "11.1.6"),
    status=Status.THEOREM,
    hypotheses=("self-adjoint", "few positive eigenvalues", "definite", "semidefinite", "columns", "balancing"),
    uses=("DL-023", "DL-024"),
)
