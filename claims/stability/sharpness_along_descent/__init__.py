"""When a step of gradient descent lowers the sharpness at which the flow would end.

Notation. Scalar networks: l(w) = (w_1 ... w_N - Phi)^2 / 2, N >= 2, Phi > 0, any real w. A step has learning rate
eta > 0, r = w_1 ... w_N - Phi, and w' is w after it. For i != j let

    e_ij = eta r prod_{k != i, j} w_k,

which is eta r w_1 ... w_N / (w_i w_j) where no weight is 0. The flow keeps all w_i^2 - w_j^2. Let x_i > 0 be the
numbers with

    x_i - x_j = w_i^2 - w_j^2,    x_1 ... x_N = Phi^2,    and    phi(w) = Phi^2 sum_i 1/x_i.

There is one such x for every w, and phi is the sharpness, the Hessian's largest eigenvalue, of the minimum with
w_i^2 = x_i. The flow from w ends there if w_1 ... w_N > 0, or if one |w_i| is smaller than all others.

Statement.
1. Pair law.     w_i'^2 - w_j'^2 = (1 - e_ij^2) (w_i^2 - w_j^2)    for all i != j.

2. Two layers.   phi = (b^2 + 4 Phi^2)^{1/2}, b = w_1^2 - w_2^2, and
                 phi(w') <= phi(w)    if and only if    b = 0 or eta |r| <= 2^{1/2}.

3. Every depth.  Let i and j be the places of the two smallest |w|. Then
                 |e_ij| <= 1    implies    phi(w') <= phi(w),
                 with equality only where no w_k^2 - w_l^2 changes.

4. 1 is sharp.   For every N >= 3 and every e > 1 there is a w, with Phi = 1 and e_ij = e at the two smallest |w|, whose
                 phi rises: for q > 1, c = q^2 - 1 and any a with a^2 > 2N/c^3 and a^2 >= 1/c (2N is not the least),
                 w = (a, ..., a, q a),  e_ij = q^2    gives    w' = (-c a, ..., -c a, 0),  phi(w') > phi(w).

Proof of 1. w_i' = w_i - e_ij w_j and w_j' = w_j - e_ij w_i.

Proof of 2. x_1 - x_2 = b and x_1 x_2 = Phi^2 give (x_1 + x_2)^2 = b^2 + 4 Phi^2, and phi = x_1 + x_2. By 1,
b' = (1 - eta^2 r^2) b, and |1 - y| <= 1 for y >= 0 exactly where y <= 2.

Proof of 3.
    All pairs.    |e_kl| <= |e_ij| <= 1 for all k, l: the product over the others is largest where the two smallest
                  are left out.
    Order.        By 1 every difference of squares is multiplied by a number in [0, 1]: the order of the w_k^2 stays,
                  and each gap between neighbours in it shrinks.
    Growth.       phi grows with every gap. Let y_k = 1/x_k, and let the gap below the set K of the largest x grow by
                  dg. From sum_k y_k dx_k = 0 and Y = sum y_k follows

                      Y dphi/dg  =  Phi^2 sum_{k in K, l not in K} y_k y_l (y_l - y_k)  >=  0,

                  which is 0 only where all gaps are.

Proof of 4. Phi = 1, so that for offsets d_i = w_i^2 - min w^2 and s = min x, prod (s + d_i) = 1. After the step one
offset is 0 and N - 1 are g' = c^2 a^2, so phi(w') >= 1/s = (s + g')^{N-1} >= g'^{N-1}. Before it N - 1 are 0 and one is
g = c a^2; as s <= 1, s^{N-1} (1 + g) >= 1 and phi(w) <= N/s <= N (1 + g)^{1/(N-1)}. As g >= 1 and g' >= 1
(for c <= 1 by the first bound on a),    g'^{N-1} >= g'^2 = (c^3 a^2) g > 2N g >= N (1 + g).

Proof of where the flow ends. d(w_1 ... w_N)/dt = -r sum_i prod_{k != i} w_k^2. A positive product stays so and tends to
Phi, as r does not change its sign. A product that is not positive rises while r < 0; if one |w_i| is the smallest only
w_i can reach 0, and it passes. Ties do not: from w_1 = -w_2 the flow stays there, N = 2, and ends at 0.

Hypotheses. "eta |r| at most sqrt 2", of 2; "|e| at most 1" and "the two smallest", of 3; "one smallest", of where the
flow ends.

Open. For 0 < w_1 ... w_N <= Phi no rise was seen with 1 < |e_ij| <= 2^{1/2}, N >= 3; none is possible at N = 2, by 2.
In 4 the product is above Phi.

Source. KNSC23 (arXiv:2305.13064), cited from memory.

Differs from the source. The source introduced phi and proved that it falls along descent on a set of its own, which was
not compared. 1 to 4 in this form are this project's.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import KNSC23

CLAIM = Claim(
    uid="DL-063",
    title="Sharpness along descent",
    statement=__doc__,
    sources=(KNSC23, DLC.at("DL-063")),
    items=("13.3.1", "13.3.2"),
    status=Status.THEOREM,
    hypotheses=("eta |r| at most sqrt 2", "|e| at most 1", "the two smallest", "one smallest"),
)
