"""Matrix sensing: near-isometric measurements leave no poor minimum; how near they must be, from both sides.

Statement. Let M = Z Z^T with Z in R^{n x k}, and let T be a self-adjoint linear map on symmetric matrices, such as
X -> sum_l A_l <A_l, X>. It is scaled, and near to an isometry: for some 0 <= delta < 1,

    (1 - delta) |X|^2  <=  <X, T X>  <=  (1 + delta) |X|^2   for symmetric X of rank <= 2k.

For U in R^{n x k} let N = U U^T - M and f(U) = 1/4 <N, T N>, so that grad f = T(N) U. A critical point is strict if
the Hessian H has a negative eigenvalue there, poor if it is a local minimum and f > 0.

1. Any k. With Z turned so that U^T Z is psd, and D = U - Z,

       <D, H D> <= -(1 - 5 delta)/2 |N|^2  at critical U,   |N|^2 >= 2 (2^{1/2} - 1) lambda_k(M) |D|^2  at every U.

   If delta < 1/5, every critical U with N != 0 is strict, then, and the least eigenvalue is at most
   -(1 - 5 delta)(2^{1/2} - 1) lambda_k(M). The 2 (2^{1/2} - 1) is best possible, and so is the first bound as
   delta -> 1. That of the eigenvalue is not: for delta = 0 and M of rank k it is at most -lambda_k(M) (DL-035). Nor is
   1/5, for strictness: see 2 and 5.

2. k = 1, M = z z^T. If delta < 1/2, every critical u != +-z is strict. If delta = 1/2, there is no poor local minimum.

3. k = 1, no more is true. For every delta in (1/2, 1) there is a T with a poor strict minimum. n = 2, z = e_2, T is
   [[1, t], [t, 1]] on (X_11, X_22) and 1 + t on X_12: delta = t, and at u = (t^{1/2}, 0)

       H = diag(2t, 2t^2 + t - 1),   f = (1 - t^2)/4.

   It is rational at t = 9/16, with nine critical points, and at t = p^2/q^2 = 1/2 + 1/(2 q^2) for 2 p^2 - q^2 = 1.
   Turned by 45 degrees these are weights K : 1 : K, K = (1 + t)/(1 - t), on the entries 11, 12, 22 of the all-ones
   matrix; for K > 0 there is a poor minimum if and only if K > 3.

4. At delta = 1/2 exactly there can be a second-order critical point u != +-z. In R^3 let z = (1, 1, 0), u = e_3,
   F_1 = u u^T, F_2 = z z^T / 2, Y = (u z^T + z u^T)/2 and T = id + (F_1 <F_2, .> + F_2 <F_1, .> + Y <Y, .>)/2.
   H has the eigenvalues 0, 1, 2 at u, and f = 3/4 - 3 t^4 + 4 t^8 along (t, t, 1 - 2 t^2): no local minimum.

5. Any k, rank M = k. For every t in (1/2, 1) there is a T with delta = t and a minimum that is poor, and strict but for
   rotations: on 3's u and z let U = u (+) I_{k-1}, M = z z^T (+) I_{k-1}, T as in 3 on their entries, 1 + t elsewhere.
   That delta < 1/2 is enough is Z21's; it is not checked here.

6. More columns than rank M = 1 < k. delta < 1/(1 + k^{-1/2}) is enough (Z21; not checked here) and no more is. Let
   n = k + 1, F = M = e_n e_n^T, I_k the projection on the others, U = s^{1/2} [I_k; 0], delta = s k^{1/2} < 1,

       T = id + s (I_k <F, .> + F <I_k, .>) on span(I_k, F),  c elsewhere,  |c - 1| <= delta:

   U is critical; it is poor, and strict but for rotations, if and only if c s > 1 - k s^2. That can be met if and only
   if delta > 1/(1 + k^{-1/2}). With k >= n columns no psd T has a poor minimum (DL-039; in short below).

7. Gaussian A_l. With enough of them f has no poor minimum, with high probability (BNS16). Open here: the source's
   constant is hidden; what descent does is sampled.

Hypotheses. "isometry": delta as above, in 1 and 2. "rank 2k": it is asked of X of rank 2k, not of rank k only.

Sources. 1: BNS16 (arXiv:1605.07221), Theorem 3.1; its second bound is cited from memory to Tu et al. 2016. 2: ZSL19
(arXiv:1901.01631). 3: ZJSL18 (arXiv:1805.10251). 5 and 6: Z21, where it is named.

Differs from the source. The proof of 2 and its case 1/2, the family in 3 with u, H and K : 1 : K, all of 4, the
instances of 5 and 6, and the proof of 1's second bound are this project's. ZJSL18's abstract speaks of a poor local
minimum at delta = 1/2; if delta is 1/2 exactly, 2 says that there is none, and 4 what there is.

Proof of 1. U D^T + D U^T = N + D D^T gives, for any U and Z,

    <D, H D> = 1/2 <D D^T, T D D^T> - 3/2 <N, T N> + 4 <grad f, D>.

Let A = U^T U, B = Z^T Z, C = U^T Z, which is psd, E = D^T D = A + B - 2C. Then 2 |N|^2 - |D D^T|^2 =
|A - B|^2 + 4 tr C E >= 0, which gives the first bound, and the second follows from tr E B >= lambda_k(M) |D|^2 and

    |N|^2 = |E + 2^{1/2} (C - B)|^2 + (4 - 2^{3/2}) tr E C + 2 (2^{1/2} - 1) tr E B.

Proof of 2. u = 0: V = z has <V, H V> <= -(1 - delta)|z|^4. u parallel to z: <N, T N> = 0, so N = 0. Else every matrix
on span(u, z) has rank <= 2. Scale so that u = a e_1, z = b e_1 + e_2, and let F = e_2 e_2^T, x = a^2, y = b^2.

- T(N) u = 0: T(N), compressed to the span, is -g F. For V = e_2, <V, H V> <= (1 + delta) x - g.
- |T(N) - N| <= delta |N|:  q = g^2 - 2g + (1 - delta^2) P <= 0, where P = |N|^2 = (x - y)^2 + 2y + 1.

Not strict means g <= h = (1 + delta) x. With delta <= 1/2 all terms below are >= 0, w being h - g:

- x >= 1:         q = (g-1)^2 + (1 - delta^2)((x-y-1)^2 + 2(x-1)) + 1 - 2 delta^2 > 0.
- x < 1, h > 1:   q = (g-1)^2 + (1 - delta^2)(y^2 + 2y(1-x) + 1 + x^2) - 1 > 0, as x > 1/(1 + delta) and
                  delta + delta^2 + delta^3 < 1.
- x < 1, h <= 1:  q = (1 - delta^2)(y^2 + 2y(1-x)) + w^2 + 2w(1-h) + (1 + delta)(2(x - 1/2)^2 + 1/2 - delta).

So q > 0 for delta < 1/2; for delta = 1/2, q = 0 only at x = 1/2, y = 0, g = 3/4, where <V, H V> = 0 too. There T's
compression is determined, T - id having the norm 1/2 and attaining it: it is that of 4, along whose curve f falls.

Proof of 5 and 6. V has the blocks of U. In 5, with first columns (v_1, v_2), c and others w_1, w_2 (rows), Q,
<V, H V> = 2t v_1^2 + (1+t)((2t-1) v_2^2 + |t^{1/2} c + w_1|^2 + t |w_2|^2 + |Q + Q^T|^2 / 2). In 6, T(N) =
-(1 - k s^2) F and, V = [A; v^T], <V, H V> is (cs - (1 - k s^2)) |v|^2 plus a form in A + A^T that is positive definite.
With c = 1 + delta, cs - (1 - k s^2) = (1 + delta)(s - 1 + delta).
k >= n: if U p = 0, then V = v p^T has <V, H V> = <v, T(N) v> |p|^2, so T(N) is psd and <N, T N> = -<M, T N> <= 0. Else
U U^T is invertible and T(N) = 0.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import BNS16, Z21, ZJSL18, ZSL19

CLAIM = Claim(
    uid="DL-041",
    title="Matrix sensing",
    statement=__doc__,
    sources=(BNS16, ZSL19, ZJSL18, Z21, DLC.at("DL-041")),
    items=("11.7.1", "11.7.2", "11.7.3", "11.7.4", "11.7.5", "11.7.6", "11.7.7"),
    status=Status.THEOREM,
    hypotheses=("isometry", "rank 2k"),
)
