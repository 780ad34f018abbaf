"""Matrix completion: which entries determine M, and why neither that nor incoherence makes its landscape benign.

Statement. Let Omega be a symmetric set of places (i, j) of an n x n matrix: a graph on n vertices, (i, i) being a loop.
Let T keep the entries in Omega and set the others to zero, let M be symmetric and N = U U^T - M for U in R^{n x k}, and

    f(U) = 1/4 <N, T N> = 1/4 ||T N||_F^2,   the squared error on the observed entries.

1. No restricted isometry. If an entry (i, j) is not observed, and 0 <= delta < 1, then for every scale c

        (1 - delta) ||X||_F^2 <= c <X, T X> <= (1 + delta) ||X||_F^2   fails at  X = E_ij + E_ji,

   whose rank is at most 2. With delta = 1 and c = 1 it holds for every X. If Omega is everything it holds with
   delta = 0.

2. What the entries determine. Let M = z z^T and k = 1. f(u) = 0 iff T(u u^T - z z^T) = 0. M is identifiable if that
   holds at u = +-z only.

        No z_i is 0.  Identifiable iff the graph is connected and not bipartite (a loop is an odd cycle).
        z = e_1.      Identifiable iff (1, 1) is observed and, for each j > 1, (1, j) or (j, j) is.

   If each entry i <= j is observed independently with probability p, the latter has probability

        p (1 - (1 - p)^2)^{n-1},   which tends to 0 for n -> infinity and every p < 1.

   So incoherence is needed: M must not have its weight in few entries.

3. Incoherent and identifiable is not enough. n = 3, z = (1, 1, 1), Omega = {12, 13, 22, 33}: M is identifiable, and
   u = (0, -1, 1) is a strict local minimum with f = 1 > 0, with the Hessian

        [[2, -1, -1], [-1, 2, 0], [-1, 0, 2]],   of eigenvalues 2 and 2 +- 2^{1/2}.

   n = 2 is too small: for z = (a, b) with a b != 0 and each of the 8 graphs, every local minimum has f = 0.
   For Omega = {11, 12} the critical points are 0, where det H = -a^2 b^2, and +-z, where det H = 2 a^4.
   But for b = 0, a != 0 and the same Omega, M is identifiable and each (0, y) with |y| > |a| is a local minimum, not
   strict, with f = a^4 / 4: incoherence is needed for the landscape too, beyond identifiability.

4. At random. Let M be incoherent, of rank k, and p >= C / n with C polynomial in the condition number, the incoherence,
   k and log n (cited from memory). Then with high probability every local minimum of f(U) + lambda sum_i (|U_i| -
   alpha)_+^4, U_i the rows and alpha, lambda chosen to suit, has U U^T = M.
   Open here: the constants are hidden in the source, so that no instance can refute this; it is sampled only.
   Seen, n = 20, k = 2, Gaussian M, 1000 steps of descent from one Gaussian start, 120 draws each, with the extra term:
   recovery in 0, 70, 117 and 120 of 120 at p = .2, .4, .6, .9. M with all its weight in two rows: 0 of 120 at .6.

Hypotheses. "no zero entry" of z, "connected" and "not bipartite", in the first line of 2.

Real data. The Gram matrix of 20 men's exercises (linnerud, rank 6, k = 6). At p = .9 descent without the extra term
recovers it from each of 12 starts. At p = .3 it fits the observed entries to within ||M||_F / 500 from each of them,
and misses M by more than ||M||_F / 2: with 61 of 210 entries and 105 degrees of freedom other matrices fit too, and
what fails is identifiability rather than the landscape.

Source. 1 and 4: GLM16 (arXiv:1605.07272).

Differs from the source. 2 and 3 are this project's; in 4 the source's constants are hidden.

Proof of 1. T X = 0 there. The form <X, T X> is a part of the sum of squares ||X||_F^2, or the whole.

Proof of 2, no z_i is 0. Let v_i = u_i / z_i; then T(N) = 0 says v_i v_j = 1 for each edge.

- Along a walk v, 1/v, v, ... alternate. A closed walk of odd length gives v = 1/v, so v = +-1.
- If the graph is connected this sign is everyone's: u = +-z.
- If it is not connected, the signs of one component can be turned alone.
- If it is bipartite, v = 2 on one side and 1/2 on the other is one more solution.

Proof of 2, z = e_1. If (1, 1) is not observed, u = 0 fits. If it is, u_1 = +-1; then (1, j) says u_1 u_j = 0 and (j, j)
says u_j^2 = 0. If neither is observed, u = e_1 + e_j fits: all other products u_i u_j are 0. The entries (1, 1), (1, j)
and (j, j) are different ones for different j, which gives the probability.

Proof of 3, n = 2. For each graph the gradient factors; the module ``two_by_two`` lists the critical points.
"""

from claims.suite import DLC, Claim, Status
from claims.suite.sources import GLM16

CLAIM = Claim(
    uid="DL-036",
    title="Matrix completion",
    statement=__doc__,
    sources=(GLM16, DLC.at("DL-036")),
    items=("11.2.1", "11.2.2", "11.2.3", "11.2.4"),
    status=Status.THEOREM,
    hypotheses=("no zero entry", "connected", "not bipartite"),
    uses=("DL-035",),
)
