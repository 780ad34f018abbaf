"""Every critical point: a global minimum, a strict saddle, or a saddle without negative curvature, and which it is.

Statement. Let l = 1/2 ||W_N ... W_1 - Phi||_F^2 with N >= 2, any widths, p the least of them, d_0 and d_N included, and
any Phi. Let A_j = W_{j+1:N}, C_j = W_{1:j-1}, G = W - Phi. Take a critical point: every A_j^T G C_j^T is zero. Let

    r = rank W,   g = |G|_2,   s = sigma_r(W) if r >= 1,
    R_ij = W_{i+1:j-1} - C_j W^+ A_i   for layers i < j, which are called a pivot.

1. Normal form. W^T G = 0 and G W^T = 0: W is r singular modes of Phi, and -G all the others (in a tie some choice of
   them). The matrices Pi_j = W_{1:j} W^+ W_{j+1:N} are projectors of rank r, with W_j Pi_{j-1} = Pi_j W_j. In bases of
   their ranges and kernels

       W_j = diag(S_j, Z_j),   S_j invertible,   Z_{1:N} = 0,   Z_{j+1:N}^T Phi' Z_{1:j-1}^T = 0,

   with Phi' = -G on the kernels. All weights of this form are critical points.

2. Hessian. For every direction V, with dW = sum_j A_j V_j C_j,

       <V, H V> = ||dW||_F^2 + 2 <G, dW W^+ dW> + 2 sum_{i < j} <G, A_j V_j R_ij V_i C_i>.

3. Kinds. Call a pivot tight if R_ij = 0 or C_i G^T A_j = 0, which is to say: rank W_{i+1:j-1} = r (d_i = r for
   j = i + 1) or rank C_i Phi^T A_j = r. Call it loose otherwise. The critical point is

       a global minimum      iff  G = 0,  or  r = p and g <= s,
       else a strict saddle  iff  r >= 1 and g > s,  or some pivot is loose,
       else a saddle at which H has no negative eigenvalue.

   Where all pivots are tight, and r = 0 or g <= s, let P and P' be the projections on the range and the row space of
   W, B = P dW (I - P') and C = (I - P) dW P'. Then, with the last term 0 for r = 0,

       <V, H V>  >=  ||P dW P'||_F^2 + (1 - g/s) (||B||_F^2 + ||C||_F^2).

Hypotheses. "critical", asked for by 2 and 3. "distinct" singular values and "full rank" of Phi, AMG21's as recalled,
are not needed.

Source. AMG21 (arXiv:2107.13289), cited from memory.

Differs from the source. The source has 3 with distinct singular values and Phi of full rank. 1, 2, the pivots as they
are here, ties and targets of any rank are this project's.

Proof of 1. D_N = 0 times A^T gives G W^T = 0, D_1 = 0 gives W^T G = 0. Hence Phi^T W = W^T W and Phi W^T = W W^T.
Pi_j^2 = W_{1:j} W^+ W W^+ W_{j+1:N} = Pi_j, and both sides of W_j Pi_{j-1} = Pi_j W_j are W_{1:j} W^+ W_{j:N}. The
product of the S_j is invertible, and Z_{1:N} is W on the kernel of Pi_0 = W^+ W. On the ranges G is zero, so D_j = 0 is
the condition on the Z_j.

Proof of 2. <V, H V> = ||dW||_F^2 + 2 <G, d2W> with d2W = sum_{i < j} A_j V_j W_{i+1:j-1} V_i C_i. Write
W_{i+1:j-1} = R_ij + C_j W^+ A_i. The terms A_j V_j C_j W^+ A_i V_i C_i over all i and j, not i < j alone, are
dW W^+ dW. Those with i >= j add nothing: A_j^T G C_i^T = W_{j+1:i}^T D_i = 0.

Proof of 3, ranks. W_{i+1:j-1} is diag(invertible, R_ij) in the bases of 1, and C_i Phi^T A_j is
diag(invertible, -C_i G^T A_j).

Proof of 3, a turn. Let g > s, W v = s u, G b = -g a with unit vectors. V_1 = W_1 v b^T, V_N = a u^T W_N has
dW = s u b^T + s a v^T and d2W = s a b^T, so

    <V, H V> = 2 s^2 - 2 s g = -2 s (g - s) < 0.

Proof of 3, a loose pivot. Write R for Z_{i+1:j-1} != 0. Some w has w^T Z_{1:j-1} = 0 and w^T R != 0, or some x has
Z_{i+1:N} x = 0 and R x != 0. Else R = Z_{1:j-1} K = L Z_{i+1:N} for some K and L, and with Z_{i+1:N} = Z_{j:N} R

    R = L Z_{j:N} R = L Z_{j:N} Z_{1:j-1} K = L Z_{1:N} K = 0.

In the first case let V_i = x y^T and V_j = t z w^T with w^T R x != 0 and z^T A_j^T G C_i^T y != 0. Then w^T C_j = 0,
and

    <V, H V> = ||A_i x y^T C_i||_F^2 + 2 t (w^T R x) (z^T A_j^T G C_i^T y),

which is negative for some t. The second case is its transpose.

Proof of 3, the bound. If all pivots are tight the sum in 2 is zero. As G = (I - P) G (I - P'),
|<G, dW W^+ dW>| = |<G, C W^+ B>| <= (g/s) ||B||_F ||C||_F, and ||dW||_F^2 >= ||P dW P'||_F^2 + ||B||_F^2 + ||C||_F^2.

Proof of 3, minima. If r = p and g <= s, l is the tail that no weights are below (DL-020). If l is the tail, either it
is 0, or r = p and W carries the largest modes. That all else is a saddle is DL-023.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import AMG21

CLAIM = Claim(
    uid="DL-061",
    title="Every critical point to second order",
    statement=__doc__,
    sources=(AMG21, DLC.at("DL-061")),
    items=("13.1.1", "13.1.2", "13.1.3"),
    status=Status.THEOREM,
    hypotheses=("critical", "distinct", "full rank"),
    uses=("DL-020", "DL-023"),
)
