"""Procedure 1 factors any matrix into layers that are exactly balanced.

Setting. A = U S V^T is a singular value decomposition of a d_N x d_0 matrix: S is diagonal of size k = min(d_0, d_N), U
and V have k orthonormal columns. All hidden widths d_1, ..., d_{N-1} are at least k. Let E_0 = V, E_N = U, and let
E_1, ..., E_{N-1} have k orthonormal columns, E_j of length d_j: in ACGH19 the first k of the identity ("up to zero
padding"). Procedure 1 is

    W_j = E_j S^{1/N} E_{j-1}^T,   j = 1, ..., N.

Statement.
1. Exact factors, exactly balanced. For every A (rectangular both ways, rank deficient, zero)

       W_N ... W_1 = A   and   B_j = W_{j+1}^T W_{j+1} - W_j W_j^T = 0 for every j.

   At depth 1, W_1 = A.
2. Only equal powers balance. With S^{a_j} in place of S^{1/N}, all a_j > 0, a_1 + ... + a_N = 1, the product is A
   still, but

       ||B_j||_F^2 = sum_i (s_i^{2 a_{j+1}} - s_i^{2 a_j})^2.

   So, unless every singular value s_i is 0 or 1, balance needs all a_j = 1/N.
3. The least widths. Hidden widths of at least rank A are enough, the columns that belong to zeros left out. No smaller
   width is.
4. In float64. ``solvers.balanced_factors`` keeps 1 up to LAPACK's errors and rounding, as bounded in
   ``bounds.Bounds``.

Proof of 1. E_j^T E_j = I, so the product telescopes to U (S^{1/N})^N V^T, and both parts of B_j are E_j S^{2/N} E_j^T.

Proof of 2. B_j = E_j (S^{2 a_{j+1}} - S^{2 a_j}) E_j^T by the same rule, and s^a is one-to-one in a where s is neither
0 nor 1.

Proof of 3. A = U_r S_r V_r^T with r = rank A columns each; the rank of a product is at most every width.

Hypotheses. As stated; nothing is assumed of how A is drawn.
Source. ACGH19 (arXiv:1810.02281), Procedure 1.
Differs from the source. 2 to 4 are this project's.
"""

from claims.suite import ACGH19, DLC, Claim, Status

CLAIM = Claim(
    uid="DL-016",
    title="Balanced initialisation",
    statement=__doc__,
    sources=(ACGH19.at("Procedure 1"), DLC.at("DL-016")),
    items=("6.3",),
    status=Status.THEOREM,
    hypotheses=("width", "orthonormal columns", "equal exponents"),
)
